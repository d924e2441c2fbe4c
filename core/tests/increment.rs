//! Checking after an edit gives what checking from scratch gives, to the last span, and looks only at what the edit
//! can have changed.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use lift_core::check::{Checked, Session, check, check_with};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeMap;
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
    // Its own declarations, and those it stands on.
    let own: Vec<_> = (program.prelude_len..program.decls.len())
        .map(|place| format!("{place} {:?}", program.decls.get(place)))
        .collect();
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

/// Documents that lean on each other in every way: chosen and qualified names, constructors, specs that are implemented
/// elsewhere, one document by two ways.
const TOGETHER: [(&str, &str); 5] = [
    (
        "main.spec.md",
        "import \"people.spec.md\" as people\nimport \"ages.spec.md\" { Age, Older }\nimport \"ways/ways.spec.md\" as w\n\
         def older(age: Age): Age implements Older = age + 1\n\
         def birthday(p: people.Person): people.Person = people.Person { name = p.name, age = older(p.age) }\n\
         def turn(way: w.Way): w.Way = match way { w.Left(n) => w.Right(n)  w.Right(n) => w.Left(n) }\n\
         def plain(x: Int): Int = people.count(x) + ?rest\n\
         def other(): Str = \"é\"\n\
         examples { other() == \"é\"  older(3) == 4 }",
    ),
    (
        "people.spec.md",
        "import \"ages.spec.md\" as ages\nentity Person { name: Str, age: ages.Age, invariant old: age >= ages.least() }\n\
         def count(x: Int): Int = if x > 0 then count(x - 1) else 0\n\
         def eldest(a: Person, b: Person): Person = if a.age > b.age then a else b",
    ),
    (
        "ages.spec.md",
        "type Age = {x: Int | 0 <= x && x <= limit()}\ndef limit(): Int = 150\n\
         spec Older(age: Age, result: Age) {\n  requires age < 150\n  ensures more: result > age\n}\n\
         def least(): Int = 0\nhole ?slack: term Int\ndef open(): Int = ?slack",
    ),
    (
        "ways/ways.spec.md",
        "import \"../ages.spec.md\" { Age }\ntype Way = Left(Age) | Right(Age)\ndef none(): Option Way = None",
    ),
    ("unused.spec.md", "type Unused = Int"),
];

type Together = BTreeMap<String, Arc<str>>;

fn together() -> Together {
    let document = |text: &str| format!("# Title\n\n```spec-ir\n{text}\n```\n").into();
    TOGETHER.iter().map(|(path, text)| ((*path).to_owned(), document(text))).collect()
}

#[test]
fn incremental_check_of_several_documents_is_check_from_scratch() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(150);
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 100,
        ..Config::default()
    });
    let import = prop::sample::select(vec![
        "import \"unused.spec.md\" { Unused }\n",
        "import \"main.spec.md\" as circle\n",
        "import \"missing.spec.md\" as ages\n",
        "import ?later as later\n",
    ]);
    let import = (any::<usize>(), import).prop_map(|(at, text)| Edit::Type(at, text.to_owned()));
    let edit = prop_oneof![9 => edits().prop_map(|mut edits| edits.remove(0)), 1 => import];
    let steps = prop::collection::vec((0..TOGETHER.len(), edit), 1..12);
    let law = |steps: Vec<(usize, Edit)>| {
        let mut session = Session::new();
        let mut states = vec![together()];
        session.check_with("main.spec.md", &states[0]["main.spec.md"], &states[0]);
        for (number, edit) in &steps {
            let mut next = states.last().unwrap().clone();
            match edit {
                Edit::Undo if states.len() > 1 => {
                    states.pop();
                    next = states.last().unwrap().clone();
                }
                _ => {
                    let text = next.get_mut(TOGETHER[*number].0).unwrap();
                    *text = edited(text, edit).into();
                    states.push(next.clone());
                }
            }
            let main = &next["main.spec.md"];
            let by_increment = session.check_with("main.spec.md", main, &next);
            let from_scratch = check_with("main.spec.md", main, &next);
            if let Some(difference) = difference(&everything(&by_increment), &everything(&from_scratch)) {
                return Err(TestCaseError::fail(format!(
                    "after {edit:?} in {number}:\n{difference}\n\nin\n{next:#?}"
                )));
            }
        }
        Ok(())
    };
    runner.run(&steps, law).unwrap();
}

/// What is checked anew after an edit: `from` becomes `to` in one document.
fn anew(path: &str, from: &str, to: &str) -> Vec<String> {
    let (before, mut after) = (together(), together());
    let text = after.get_mut(path).unwrap();
    assert!(text.contains(from), "{from}");
    *text = text.replacen(from, to, 1).into();
    let mut session = Session::new();
    assert!(!session.check_with("main.spec.md", &before["main.spec.md"], &before).has_errors());
    assert_eq!(session.checked_anew().len(), 15);
    let by_increment = session.check_with("main.spec.md", &after["main.spec.md"], &after);
    let from_scratch = check_with("main.spec.md", &after["main.spec.md"], &after);
    assert_eq!(difference(&everything(&by_increment), &everything(&from_scratch)), None);
    // What holds a hole, or reads one that does, is checked every time.
    session.checked_anew().into_iter().filter(|name| name != "plain" && !name.ends_with("open")).collect()
}

#[test]
fn an_edit_of_an_imported_body_leaves_every_other_declaration_alone() {
    assert_eq!(anew("ages.spec.md", "= 0\n", "= 0 + 1_000 - 1_000\n"), ["ages.spec.md least"]);
    assert_eq!(anew("people.spec.md", "then a else b", "then b else a"), ["people.spec.md eldest"]);
    // The prose before a declaration is its own.
    assert_eq!(anew("ages.spec.md", "# Title", "# Another title"), ["ages.spec.md Age"]);
}

#[test]
fn an_edit_of_an_imported_signature_reaches_those_that_read_it_and_no_others() {
    assert_eq!(
        anew("ages.spec.md", "def least(): Int", "def least(): Nat"),
        ["birthday", "ages.spec.md least", "people.spec.md Person", "people.spec.md eldest"]
            .into_iter()
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect::<Vec<_>>()
    );
    assert_eq!(anew("people.spec.md", "count(x: Int): Int", "count(x: Int): Nat"), ["people.spec.md count"]);
    // A spec is part of whoever implements it.
    assert_eq!(anew("ages.spec.md", "result > age", "result >= age"), ["ages.spec.md Older", "older"]);
}
