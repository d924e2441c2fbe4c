//! What the author of a mistake is told: the files in `messages`, to be read by eye. `LIFT_UPDATE=1` rewrites them.
//!
//! A block is the content of a fence, or a whole document when it has fences of its own. Behind it stands what is
//! found: line and column, the text that is underlined, code, message, other places, hint. In `proofs.txt` the
//! documents are in order, and what is found is what they owe and cannot pay.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use lift_core::check::{Checked, check};
use lift_core::logic::{self, Discharge, Verdict};
use lift_core::syntax::diagnostic::Diagnostic;
use lift_core::syntax::span::Span;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// Between one mistake and the next.
const RULE: &str = "\n----\n";

/// A definition that is found wrong wherever it can be read, and nothing else with it.
const WITNESS: &str = "\n\ndef witness(unused: Int): Str = 5\n";

#[test]
fn mistakes_are_answered_in_words() {
    for file in files() {
        let written = fs::read_to_string(&file).unwrap();
        let in_order = file.ends_with("proofs.txt");
        let answered = sources(&written).map(|source| {
            let found = if in_order { debts(&source) } else { answers(&source) };
            format!("{source}\n{found}").trim_end().to_owned()
        });
        let actual = answered.collect::<Vec<_>>().join(RULE) + "\n";
        if std::env::var_os("LIFT_UPDATE").is_some() {
            fs::write(&file, &actual).unwrap();
            continue;
        }
        let difference = actual.lines().zip(written.lines()).find(|(actual, written)| actual != written);
        let name = file.display();
        assert_eq!(difference, None, "{name}: left is what it says now; LIFT_UPDATE=1 accepts it");
        assert_eq!(actual.len(), written.len(), "{name}");
    }
}

#[test]
fn every_mistake_in_the_list_is_one() {
    let (mut silent, mut count) = (Vec::new(), 0);
    for file in files() {
        let written = fs::read_to_string(&file).unwrap();
        count += written.split(RULE).count();
        silent.extend(written.split(RULE).filter(|block| !block.contains("\n! ")).map(str::to_owned));
    }
    assert_eq!(silent, Vec::<String>::new());
    assert!(count >= 150, "{count}");
}

/// No message speaks of what is inside the checker, and none points at the first column for want of a place.
#[test]
fn messages_are_for_people() {
    let internal =
        ["?m", "DeclId", "HoleId", "TermKind", "Kind::", "<error>", "Error", "tatom", "targ", "meta"];
    for file in files() {
        let written = fs::read_to_string(&file).unwrap();
        for line in written.lines().filter(|line| line.starts_with("! ")) {
            for word in internal {
                assert!(!line.contains(word), "{word}: {line}");
            }
        }
    }
}

/// What is broken leaves its neighbours checked: a definition behind it, wrong in a way that is known, is found
/// wrong in that way, and everything else is found as it was without it.
#[test]
fn a_mistake_leaves_the_next_declaration_checked() {
    // What is missing at the end of the document is missing at the end of its line when something follows.
    let told = |found: &Diagnostic| {
        format!("{} {}", found.code, found.message.replace("the line ends", "nothing follows"))
    };
    let mut spoilt = Vec::new();
    for file in files().into_iter().filter(|file| !file.ends_with("proofs.txt")) {
        let written = fs::read_to_string(&file).unwrap();
        for source in sources(&written).filter(|source| !source.contains("```")) {
            let alone: Vec<String> = checked(&source).diagnostics.iter().map(told).collect();
            let beside = checked(&format!("{source}{WITNESS}")).diagnostics;
            let end = (fence(&source).len() - "\n```\n".len()) as u32;
            let (own, witness): (Vec<_>, Vec<_>) = beside.iter().partition(|found| found.span.start <= end);
            let own: Vec<String> = own.into_iter().map(told).collect();
            let witness: Vec<String> = witness.into_iter().map(told).collect();
            if witness != ["E0201 expected `Str`, found `Int`"] || own != alone {
                spoilt.push(format!("{source}\n{alone:#?}\n{own:#?}\n{witness:#?}"));
            }
        }
    }
    assert!(spoilt.is_empty(), "{}", spoilt.join("\n----\n"));
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn sources(written: &str) -> impl Iterator<Item = String> {
    written.trim_end().split(RULE).map(|block| {
        let lines: Vec<&str> = block.lines().filter(|line| !line.starts_with("! ")).collect();
        lines.join("\n")
    })
}

fn fence(source: &str) -> String {
    if source.contains("```") { format!("{source}\n") } else { format!("```spec-ir\n{source}\n```\n") }
}

fn checked(source: &str) -> Checked {
    check(&fence(source))
}

/// A place, in lines from the first of the block, and the text that is underlined there.
fn place(source: &str, checked: &Checked, span: Span) -> String {
    let position = checked.lines.position(&checked.text, span.start);
    let line = if source.contains("```") { position.line } else { position.line - 1 };
    let text = span.slice(&checked.text);
    let first: String = text.lines().next().unwrap_or_default().chars().take(40).collect();
    let rest = if first.len() < text.len() { "..." } else { "" };
    format!("{line}:{} «{first}{rest}»", position.column)
}

fn answers(source: &str) -> String {
    let checked = checked(source);
    let mut answers = String::new();
    for Diagnostic { code, message, span, labels, hint, .. } in &checked.diagnostics {
        writeln!(answers, "! {} {code} {message}", place(source, &checked, *span)).unwrap();
        for label in labels {
            writeln!(answers, "!     {} {}", place(source, &checked, label.span), label.message).unwrap();
        }
        if let Some(hint) = hint {
            writeln!(answers, "!     hint: {hint}").unwrap();
        }
    }
    answers
}

/// What a document in order owes and is not proved, as far as that is settled without a solver.
fn debts(source: &str) -> String {
    let checked = checked(source);
    assert_eq!(checked.diagnostics, [], "{source}");
    let options = logic::Options { solver: false, ..logic::Options::default() };
    let mut discharge = Discharge::new(&checked.program, options);
    while discharge.step() {}
    let mut debts = String::new();
    let report = discharge.report();
    for debt in report.obligations.iter().filter(|debt| debt.verdict != Verdict::Proved) {
        let verdict = format!("{:?}", debt.verdict).to_lowercase();
        writeln!(debts, "! {} {verdict}: {}", place(source, &checked, debt.span), debt.reason).unwrap();
        if let Some(condition) = &debt.condition {
            writeln!(debts, "!     {condition}").unwrap();
        }
        if let Some(counterexample) = &debt.counterexample {
            let values = counterexample.values.iter().map(|(name, value)| format!("{name} = {value}"));
            writeln!(debts, "!     fails for {}", values.collect::<Vec<_>>().join(", ")).unwrap();
        }
        if !debt.because.is_empty() {
            writeln!(debts, "!     {}", debt.because).unwrap();
        }
    }
    for warning in &report.warnings {
        writeln!(debts, "! {} {}", place(source, &checked, warning.span), warning.message).unwrap();
    }
    debts
}
