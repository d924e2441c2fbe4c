//! `lift convert`: the older textual IR becomes a document.

use super::output::{Exit, Failure, Output};
use super::source;
use lift_core::convert::{Note, NoteKind, Unconvertible, convert};
use serde::Serialize;
use std::path::Path;

#[derive(Serialize)]
struct Report {
    schema: &'static str,
    path: String,
    document: String,
    /// What is not in the document, or not as it was.
    notes: Vec<Note>,
}

pub(super) fn run(file: &Path, out: Option<&Path>, output: &Output) -> Result<Exit, Failure> {
    let source = source::read(file)?;
    let converted = convert(&source.text).map_err(|why| match why {
        Unconvertible::TooLong(most) => {
            Failure::usage(format!("{} is longer than {} KiB", source.path, most >> 10)).hint("split it")
        }
        Unconvertible::NoBlock => Failure::usage(format!("there is no older IR in {}", source.path))
            .hint("it looks like `ir name { intent: ... signature: name(x: int) -> int ... }`"),
    })?;
    if let Some(out) = out {
        if out.exists() {
            return Err(Failure::usage(format!("{} is there already", out.display()))
                .hint("choose another name; nothing is overwritten"));
        }
        source::write(out, &converted.document)?;
    }
    let lost = converted.notes.iter().any(|note| note.kind == NoteKind::Lost);
    for note in &converted.notes {
        let what = match note.kind {
            NoteKind::Lost => "not carried over",
            NoteKind::Changed => "changed",
        };
        output.say(&format!("{}:{}: {what}: {}", source.path, note.line, note.message));
    }
    if output.is_json() {
        output.json(&Report {
            schema: "lift.convert/1",
            path: source.path,
            document: converted.document,
            notes: converted.notes,
        })?;
    } else if out.is_none() {
        output.line(converted.document.trim_end());
    }
    Ok(if lost { Exit::Undecided } else { Exit::Fine })
}
