//! `lift check`.

use super::output::{Exit, Failure, Output};
use super::{snippet, source};
use lift_core::check::Checked;
use lift_core::report::{CheckReport, HoleReport, HoleStatus, check_file};
use lift_core::syntax::diagnostic::Severity;
use std::path::PathBuf;

pub(super) fn run(files: &[PathBuf], strict: bool, output: &Output) -> Result<Exit, Failure> {
    let mut report = CheckReport { schema: "lift.check/1".to_owned(), files: Vec::new() };
    let mut exit = Exit::Fine;
    for file in files {
        let source = source::read(file)?;
        let checked = source.checked();
        let found = check_file(&source.path, &checked);
        if checked.has_errors() {
            exit = Exit::Findings;
        } else if strict
            && exit == Exit::Fine
            && found.holes.iter().any(|hole| hole.status != HoleStatus::Assumption)
        {
            exit = Exit::Undecided;
        }
        if !output.is_json() {
            print_findings(&source.path, &checked, output);
            print_summary(&source.path, &checked, &found.holes, output);
        }
        report.files.push(found);
    }
    if output.is_json() {
        output.json(&report)?;
    }
    Ok(exit)
}

/// The diagnostics of a document, on stderr.
pub(super) fn print_findings(path: &str, checked: &Checked, output: &Output) {
    for found in &checked.diagnostics {
        output.say(&snippet::render_in(path, checked, found, output));
        output.say("");
    }
}

fn print_summary(path: &str, checked: &Checked, holes: &[HoleReport], output: &Output) {
    let count = |severity| checked.diagnostics.iter().filter(|found| found.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let verdict = match (errors, warnings) {
        (0, 0) => output.paint("32", "fine"),
        (0, n) => output.paint("33", &plural(n, "warning")),
        (n, 0) => output.paint("31", &plural(n, "error")),
        (n, m) => output.paint("31", &format!("{}, {}", plural(n, "error"), plural(m, "warning"))),
    };
    let declared = checked.program.own().count();
    output.line(&format!(
        "{path}: {verdict}, {}, {}",
        plural(declared, "declaration"),
        plural(holes.len(), "hole")
    ));
    for hole in holes {
        let place = hole.span.start;
        let state = match hole.status {
            HoleStatus::Open => "open".to_owned(),
            HoleStatus::Solved => {
                format!("solved: {}", hole.solved.as_ref().map_or("", |it| it.says.as_str()))
            }
            HoleStatus::Question => format!("usual answers: {}", hole.answers.join(", ")),
            HoleStatus::Assumption => format!("assumed {}", hole.default.as_deref().unwrap_or("")),
        };
        output.line(&format!(
            "  ?{}: {}  ({state})  {path}:{}:{}",
            hole.name, hole.ty, place.line, place.column
        ));
        if let Some(hint) = &hole.hint {
            output.line(&format!("      {hint}"));
        }
        if !hole.context.is_empty() {
            let context: Vec<String> =
                hole.context.iter().map(|var| format!("{}: {}", var.name, var.ty)).collect();
            output.line(&format!("      in scope: {}", context.join(", ")));
        }
    }
}

/// `1 hole`, `2 holes`.
pub(super) fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
