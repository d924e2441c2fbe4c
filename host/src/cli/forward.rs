//! `lift forward`.

use super::output::{Exit, Failure, Output};
use super::{source, verify};
use crate::engine::Engine;
use crate::forward::{Forward, ForwardOptions, Step, forward};
use lift_core::logic::Verdict;
use lift_core::report::{FileKind, ForwardReport, VerifyFile};
use std::path::Path;

pub(super) fn run(
    words: &str,
    out: Option<&Path>,
    options: ForwardOptions,
    engine: &Engine,
    output: &Output,
) -> Result<Exit, Failure> {
    if words.trim().is_empty() {
        return Err(
            Failure::usage("say what you want").hint("lift forward \"Count the words in a sentence\"")
        );
    }
    let mut on_step = |step: Step| {
        if !output.is_json() {
            let name = format!("{:<8}", step.name);
            output.say(&format!(
                "{} {}  ({} ms)",
                output.paint("1;36", &name),
                step.outcome,
                step.took.as_millis()
            ));
        }
    };
    let mut made = forward(engine, words, options, &mut on_step);
    if let Some(folder) = out {
        write(folder, &mut made)?;
    }
    let exit = exit_of(&made.report);
    if output.is_json() {
        output.json(&made.report)?;
    } else {
        print(&made.report, out.is_some(), output);
    }
    Ok(exit)
}

/// Something refuted or an example that fails is worse than a question left, a promise without a verdict, an example
/// that did not come to an end, or a definition without code.
fn exit_of(report: &ForwardReport) -> Exit {
    let verdict = |verdict| report.obligations.iter().any(|owed| owed.verdict == verdict);
    let example = |ok| report.examples.iter().any(|example| example.ok == ok);
    let open = !report.questions.is_empty() || !report.left_out.is_empty() || report.idiom.is_none();
    if verdict(Verdict::Refuted) || example(Some(false)) {
        Exit::Findings
    } else if open || verdict(Verdict::Unknown) || example(None) {
        Exit::Undecided
    } else {
        Exit::Fine
    }
}

fn write(folder: &Path, made: &mut Forward) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)
        .map_err(|error| Failure::usage(format!("cannot make {}: {error}", folder.display())))?;
    for file in &mut made.report.files {
        let text = match file.kind {
            FileKind::Document => &made.report.document,
            FileKind::Code => &made.report.code,
            FileKind::Test => &made.tests,
        };
        let path = folder.join(&file.path);
        source::write(&path, text)?;
        file.path = path.display().to_string();
    }
    Ok(())
}

fn print(report: &ForwardReport, written: bool, output: &Output) {
    if !written {
        output.line(report.document.trim_end());
        output.line("");
    }
    let verified = VerifyFile {
        path: "the document".to_owned(),
        obligations: report.obligations.clone(),
        declarations: report.declarations.clone(),
        warnings: Vec::new(),
    };
    if !verified.declarations.is_empty() {
        verify::print(&verified, output);
    }
    if !written && !report.code.is_empty() {
        output.line("");
        output.line(report.code.trim_end());
    }
    if !report.examples.is_empty() {
        output.line("");
    }
    for example in &report.examples {
        let mark = match example.ok {
            Some(true) => output.paint("32", "✓"),
            Some(false) => output.paint("31", "✗"),
            None => output.paint("33", "?"),
        };
        let got = if example.ok == Some(true) { String::new() } else { format!(", got {}", example.got) };
        output.line(&format!("{mark} {} gives {}{got}", example.call, example.expected));
    }
    if report.examples.iter().any(|example| example.ok.is_none()) {
        output.line(&format!("examples that did not come to an end ({})", report.ran));
    }
    for left_out in &report.left_out {
        output.line(&format!("no code for {}: {}", left_out.name, left_out.why));
    }
    if !report.assumptions.is_empty() {
        output.line("\nAssumed, and easy to change:");
        for assumption in &report.assumptions {
            output.line(&format!("  ?{} = {}  ({})", assumption.hole, assumption.default, assumption.why));
        }
    }
    if !report.questions.is_empty() {
        output.line("\nOpen questions:");
        for question in &report.questions {
            output.line(&format!("  ?{}: {}", question.hole, question.text));
            if !question.answers.is_empty() {
                output.line(&format!("      usual answers: {}", question.answers.join(", ")));
            }
        }
        if report.questions.iter().any(|question| !question.answers.is_empty()) {
            output.line(
                "Take the usual answers with --accept-defaults, or decide one: lift fill FILE ?HOLE TERM",
            );
        }
    }
    let unused: Vec<String> = report.unused_words.iter().map(|word| format!("`{}`", word.text)).collect();
    if !unused.is_empty() {
        output.line(&format!("\nNot used: {}", unused.join(", ")));
    }
    for note in &report.notes {
        output.line(note);
    }
    if written {
        for file in &report.files {
            output.line(&format!("wrote {}", file.path));
        }
    }
}
