//! `lift fmt`.

use super::output::{Exit, Failure, Output};
use super::source;
use lift_core::syntax::format_document;
use serde::Serialize;
use std::path::PathBuf;

#[derive(Serialize)]
struct Report {
    schema: &'static str,
    files: Vec<File>,
}

#[derive(Serialize)]
struct File {
    path: String,
    changed: bool,
    /// Lines of fences that were left alone because they do not parse.
    left_alone: Vec<u32>,
}

pub(super) fn run(files: &[PathBuf], check: bool, output: &Output) -> Result<Exit, Failure> {
    let mut report = Report { schema: "lift.fmt/1", files: Vec::new() };
    let mut exit = Exit::Fine;
    for file in files {
        let source = source::read(file)?;
        let formatted = format_document(&source.text);
        let changed = formatted.text != source.text;
        let lines = lift_core::syntax::span::LineIndex::new(&source.text);
        let left_alone: Vec<u32> =
            formatted.untouched.iter().map(|span| lines.position(&source.text, span.start).line).collect();
        if source.path == "-" && !check {
            output.line(formatted.text.trim_end());
        } else if changed && !check {
            source::write(file, &formatted.text)?;
        }
        if changed && check {
            exit = Exit::Findings;
        }
        if !output.is_json() && source.path != "-" {
            let what = match (changed, check) {
                (false, _) => "already canonical",
                (true, true) => "would change",
                (true, false) => "rewritten",
            };
            output.line(&format!("{}: {what}", source.path));
        }
        for line in &left_alone {
            output.say(&format!("{}:{line}: this block does not parse and was left as it is", source.path));
        }
        report.files.push(File { path: source.path, changed, left_alone });
    }
    if output.is_json() {
        output.json(&report)?;
    }
    Ok(exit)
}
