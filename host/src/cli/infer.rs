//! `lift infer`.

use super::output::{Exit, Failure, Output};
use super::source;
use crate::engine::Engine;
use lift_core::check::Checked;
use lift_core::infer::{Inference, Role, infer};
use lift_core::ir::DeclId;
use lift_core::report::infer_report;
use lift_core::syntax::span::Span;
use std::path::PathBuf;

/// What is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Asked {
    /// A document; `-` is standard input.
    pub file: PathBuf,
    /// Write the predicate of this number into the document.
    #[arg(long, value_name = "NUMBER")]
    pub accept: Option<usize>,
    /// Print the document with it, and write nothing.
    #[arg(long, requires = "accept")]
    pub dry_run: bool,
}

/// `lift infer FILE`.
pub(super) fn run(asked: &Asked, engine: &Engine, output: &Output) -> Result<Exit, Failure> {
    let source = source::read(&asked.file)?;
    let checked = source.sound("nothing is inferred", output)?;
    output.say("trying small inputs, then proving what is left ...");
    let mut verify = |checked: &Checked, only: &[DeclId]| engine.verify_only(checked, only);
    let found = infer(&checked, &mut verify);
    if let Some(number) = asked.accept {
        let taken = number.checked_sub(1).and_then(|place| found.found.get(place));
        let taken = taken.ok_or_else(|| {
            Failure::usage(format!("there is no predicate {number}; there are {}", found.found.len()))
        })?;
        return source::accept(
            &asked.file,
            &source,
            &taken.document,
            asked.dry_run,
            &taken.predicate,
            output,
        );
    }
    let exit = if found.unsolved.is_empty() && found.found.is_empty() { Exit::Fine } else { Exit::Undecided };
    if output.is_json() {
        output.json(&infer_report(&source.path, &checked, &found))?;
    } else {
        print(&found, &source.path, &checked, output);
    }
    Ok(exit)
}

fn print(found: &Inference, path: &str, checked: &Checked, output: &Output) {
    let place = |span: Span| {
        let place = checked.lines.position(&checked.text, span.start);
        format!("({path}:{}:{})", place.line, place.column)
    };
    if found.found.is_empty() && found.unsolved.is_empty() {
        output.line(&format!("{path}: no predicate is missing"));
    }
    for (number, inferred) in (1..).zip(&found.found) {
        let what = match (inferred.about.starts_with('?'), inferred.role) {
            (true, _) => inferred.about.clone(),
            (false, Role::Precondition) => format!("{} requires", inferred.about),
            (false, Role::Postcondition) => format!("{} ensures", inferred.about),
        };
        let number = output.paint("1", &format!("{number}."));
        output.line(&format!("{number} {what}: {}  {}", inferred.predicate, place(inferred.span)));
        output.line(&format!("     {}", inferred.because));
    }
    if !found.found.is_empty() {
        output.line(&format!("accept one: lift infer {path} --accept NUMBER"));
    }
    if !found.unsolved.is_empty() {
        output.line("not found:");
    }
    for unsolved in &found.unsolved {
        output.line(&format!("  {}: {}  {}", unsolved.about, unsolved.why, place(unsolved.span)));
    }
}
