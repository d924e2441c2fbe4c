//! Checking after an edit gives what checking from scratch gives, to the last span, and looks only at what the edit
//! can have changed.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use lift_core::check::{Checked, Session, check};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Everything that a check makes, in a form that two of them can be compared by.
fn everything(checked: &Checked) -> String {
    let program = &checked.program;
    let mut names: Vec<_> = program.names.iter().collect();
    names.sort();
    let mut ctors: Vec<_> = program.ctors.iter().collect();
    ctors.sort();
    let own: Vec<_> = program.own().map(|id| format!("{id:?} {:?}", program.decl(id))).collect();
    format!(
        "{}\n{:#?}\n{:#?}\n{names:?}\n{ctors:?}\n{:#?}",
        own.join("\n"),
        program.holes,
        program.examples,
        checked.diagnostics
    )
}

/// Where two texts part, for the message.
fn difference(left: &str, right: &str) -> Option<String> {
    let at = left.bytes().zip(right.bytes()).position(|(a, b)| a != b);
    let at = at.or((left.len() != right.len()).then(|| left.len().min(right.len())))?;
    let around = |text: &str| {
        let from =
            (0..=at.saturating_sub(300)).rev().find(|place| text.is_char_boundary(*place)).unwrap_or(0);
        text[from..].chars().take(600).collect::<String>()
    };
    Some(format!("by increment: {}\n\nfrom scratch: {}", around(left), around(right)))
}

fn documents(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            documents(&path, found);
        } else if path.to_string_lossy().ends_with(".spec.md") {
            found.push(path);
        }
    }
}

fn texts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    documents(&root.join("tests/spec"), &mut found);
    documents(&root.join("library"), &mut found);
    found.sort();
    found.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// One edit, in numbers that mean something in every text.
#[derive(Debug, Clone)]
enum Edit {
    /// Types this at a place.
    Type(usize, String),
    /// Deletes so many characters at a place.
    Delete(usize, usize),
    /// Writes one word of the text in the place of another.
    Rename(usize, usize),
    /// Takes a line out and puts it elsewhere.
    MoveLine(usize, usize),
    /// Puts a copy of a line elsewhere.
    CopyLine(usize, usize),
    /// Takes back the last edit.
    Undo,
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let typed = prop::sample::select(vec![
        " ",
        "\n",
        "x",
        "1",
        " + 1",
        "(",
        ")",
        "{",
        "}",
        "?",
        "?h",
        "_",
        "def ",
        "type T = Int\n",
        "def f(): Int = 1\n",
        "def length(x: Int): Int = x\n",
        "Nat",
        "Int",
        "Str",
        " -- ",
        "```\n",
        "```spec-ir\n",
        "type Nat = Int\n",
        "type A = |Some(a: Int)\n",
        "hole ?h: term Int\n",
        "ensures true ",
        "é",
        "requires false ",
        "effects { net } ",
    ]);
    let edit = prop_oneof![
        4 => (any::<usize>(), typed).prop_map(|(at, text)| Edit::Type(at, text.to_owned())),
        3 => (any::<usize>(), 1..12usize).prop_map(|(at, count)| Edit::Delete(at, count)),
        2 => (any::<usize>(), any::<usize>()).prop_map(|(at, from)| Edit::Rename(at, from)),
        2 => (any::<usize>(), any::<usize>()).prop_map(|(from, to)| Edit::MoveLine(from, to)),
        1 => (any::<usize>(), any::<usize>()).prop_map(|(from, to)| Edit::CopyLine(from, to)),
        2 => Just(Edit::Undo),
    ];
    prop::collection::vec(edit, 1..12)
}

fn boundary(text: &str, at: usize) -> usize {
    let at = at % (text.len() + 1);
    (0..=at).rev().find(|place| text.is_char_boundary(*place)).unwrap_or(0)
}

fn words(text: &str) -> Vec<(usize, &str)> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut found = Vec::new();
    for (at, part) in text.split(|c| !is_word(c)).scan(0, |at, part| {
        let start = *at;
        let rest = &text[start + part.len()..];
        *at += part.len() + rest.chars().next().map_or(0, char::len_utf8);
        Some((start, part))
    }) {
        if !part.is_empty() {
            found.push((at, part));
        }
    }
    found
}

fn edited(text: &str, edit: &Edit) -> String {
    match edit {
        Edit::Type(at, typed) => {
            let at = boundary(text, *at);
            format!("{}{typed}{}", &text[..at], &text[at..])
        }
        Edit::Delete(at, count) => {
            let at = boundary(text, *at);
            let end = text[at..].char_indices().nth(*count).map_or(text.len(), |(offset, _)| at + offset);
            format!("{}{}", &text[..at], &text[end..])
        }
        Edit::Rename(at, from) => {
            let words = words(text);
            if words.is_empty() {
                return text.to_owned();
            }
            let ((at, old), (_, new)) = (words[at % words.len()], words[from % words.len()]);
            format!("{}{new}{}", &text[..at], &text[at + old.len()..])
        }
        Edit::MoveLine(from, to) | Edit::CopyLine(from, to) => {
            let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
            if lines.is_empty() {
                return text.to_owned();
            }
            let from = from % lines.len();
            let line = if matches!(edit, Edit::MoveLine(..)) { lines.remove(from) } else { lines[from] };
            lines.insert(to % (lines.len() + 1), line);
            lines.concat()
        }
        Edit::Undo => text.to_owned(),
    }
}

/// Walks a document through edits, comparing at each state.
fn follow(text: &str, edits: &[Edit]) -> Result<(), TestCaseError> {
    let mut session = Session::new();
    let mut states = vec![text.to_owned()];
    session.check(text);
    for edit in edits {
        let next = match edit {
            Edit::Undo if states.len() > 1 => {
                states.pop();
                states.last().cloned().unwrap()
            }
            _ => {
                let next = edited(states.last().unwrap(), edit);
                states.push(next.clone());
                next
            }
        };
        let (by_increment, from_scratch) = (session.check(&next), check(&next));
        if let Some(difference) = difference(&everything(&by_increment), &everything(&from_scratch)) {
            return Err(TestCaseError::fail(format!("after {edit:?}:\n{difference}\n\nin\n{next}")));
        }
    }
    Ok(())
}

#[test]
fn incremental_check_is_check_from_scratch() {
    let texts = texts();
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(100);
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 100,
        ..Config::default()
    });
    // Two documents in one: declarations that do not know each other.
    let two = (any::<usize>(), any::<usize>(), edits());
    let law = |(one, other, edits): (usize, usize, Vec<Edit>)| {
        follow(&format!("{}\n{}", texts[one % texts.len()], texts[other % texts.len()]), &edits)
    };
    runner.run(&two, law).unwrap();
}

#[test]
fn every_document_is_the_same_the_second_time_and_after_a_line_before_it() {
    for text in texts() {
        let mut session = Session::new();
        for state in [text.clone(), text.clone(), format!("A word.\n\n{text}"), text.clone()] {
            let found = difference(&everything(&session.check(&state)), &everything(&check(&state)));
            assert_eq!(found, None, "{state}");
        }
    }
}

const DOCUMENT: &str = "
```spec-ir
type Age = {x: Int | x >= 0}
entity Person { name: Str, age: Age }
def older(p: Person): Person = Person { name = p.name, age = p.age + 1 }
def twice(p: Person): Person = older(older(p))
def other(): Int = 1
```
";

/// The declarations that were taken over from one state to the next.
fn taken_over(before: &str, after: &str) -> Vec<String> {
    let mut session = Session::new();
    let (before, after) = (session.check(before), session.check(after));
    let own = |checked: &Checked| -> Vec<_> {
        checked.program.own().filter_map(|id| checked.program.decls.get(id.0 as usize).cloned()).collect()
    };
    let before = own(&before);
    let is_kept = |decl: &Arc<_>| before.iter().any(|old| Arc::ptr_eq(old, decl));
    own(&after).iter().filter(|decl| is_kept(decl)).map(|decl| decl.name.to_string()).collect()
}

#[test]
fn an_edit_in_a_body_leaves_everything_else_alone() {
    let after = DOCUMENT.replace("p.age + 1", "p.age + 2");
    assert_eq!(taken_over(DOCUMENT, &after), ["Age", "Person", "twice", "other"]);
}

#[test]
fn an_edit_of_a_signature_reaches_those_that_read_it_and_no_others() {
    let after = DOCUMENT.replace("x >= 0", "x >= 1");
    assert_eq!(taken_over(DOCUMENT, &after), ["other"]);
    let after = DOCUMENT.replace("def other(): Int", "def other(): Nat");
    assert_eq!(taken_over(DOCUMENT, &after), ["Age", "Person", "older", "twice"]);
}

#[test]
fn a_name_of_the_prelude_that_gets_another_meaning_is_noticed() {
    let before = "```spec-ir\ndef f(): Int = abs(1)\ndef g(): Int = 1\n```\n";
    let after = "```spec-ir\ndef f(): Int = abs(1)\ndef g(): Int = 1\ndef abs(x: Int): Str = \"\"\n```\n";
    assert_eq!(taken_over(before, after), ["g"]);
}
