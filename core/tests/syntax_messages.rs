//! What the author of a mistake is told: `syntax_messages.txt`, to be read by eye. `LIFT_UPDATE=1` rewrites it.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use lift_core::syntax::diagnostic::Diagnostic;
use lift_core::syntax::parse;
use lift_core::syntax::span::LineIndex;
use std::fmt::Write;
use std::path::Path;

/// Between one mistake and the next.
const RULE: &str = "\n----\n";

#[test]
fn mistakes_are_answered_in_words() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/syntax_messages.txt");
    let written = std::fs::read_to_string(&path).unwrap();
    let blocks = written.trim_end().split(RULE).map(|block| {
        let source: Vec<&str> = block.lines().filter(|line| !line.starts_with("! ")).collect();
        let source = source.join("\n");
        format!("{source}\n{}", answers(&source)).trim_end().to_owned()
    });
    let actual = blocks.collect::<Vec<_>>().join(RULE) + "\n";
    if std::env::var_os("LIFT_UPDATE").is_some() {
        std::fs::write(&path, &actual).unwrap();
    } else {
        let difference = actual.lines().zip(written.lines()).find(|(actual, written)| actual != written);
        assert_eq!(difference, None, "left is what it says now; LIFT_UPDATE=1 accepts it");
        assert_eq!(actual.len(), written.len());
    }
}

#[test]
fn every_mistake_in_the_list_is_one() {
    let written = include_str!("syntax_messages.txt");
    let silent: Vec<&str> = written.split(RULE).filter(|block| !block.contains("\n! ")).collect();
    assert_eq!(silent, Vec::<&str>::new());
    assert!(written.split(RULE).count() >= 60);
}

/// Findings in a fence of declarations, with lines counted from the first in the fence.
fn answers(source: &str) -> String {
    let document = format!("```spec-ir\n{source}\n```\n");
    let lines = LineIndex::new(&document);
    let mut answers = String::new();
    for Diagnostic { code, message, span, labels, hint, .. } in parse(&document).diagnostics {
        let place = |offset| {
            let place = lines.position(&document, offset);
            format!("{}:{}", place.line - 1, place.column)
        };
        writeln!(answers, "! {} {code} {message}", place(span.start)).unwrap();
        for label in labels {
            writeln!(answers, "!     {} {}", place(label.span.start), label.message).unwrap();
        }
        if let Some(hint) = hint {
            writeln!(answers, "!     hint: {hint}").unwrap();
        }
    }
    answers
}
