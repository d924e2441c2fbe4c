//! What cannot matter does not: names, the order of declarations, and a definition that has nothing to do with the
//! others never change a verdict.

use crate::{pool, verify};
use lift_core::check::check;
use lift_core::ir::DeclKind;
use lift_core::logic::{Options, Report, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The documents of the proof suite.
fn documents() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/spec/proof");
    let mut found: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap())
        })
        .collect();
    found.sort();
    found
}

/// The declarations of all fences, as they are written: paragraphs that begin with a word of their own.
fn declarations(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("```") {
            inside = !inside;
            continue;
        }
        let starts = ["def ", "type ", "entity ", "spec ", "hole "].iter().any(|word| line.starts_with(word));
        if inside && starts {
            found.push(String::new());
        }
        if inside && let Some(last) = found.last_mut() {
            last.push_str(line.split("//").next().unwrap_or(line));
            last.push('\n');
        }
    }
    found
}

fn document(declarations: &[String]) -> String {
    format!("```spec-ir\n{}```\n", declarations.concat())
}

/// Every name that a document gives: whatever is no word of the language and no name of the prelude.
fn renamed(text: &str) -> String {
    const WORDS: &[&str] = &[
        "def",
        "type",
        "entity",
        "spec",
        "hole",
        "let",
        "in",
        "if",
        "then",
        "else",
        "match",
        "forall",
        "exists",
        "requires",
        "ensures",
        "decreases",
        "implements",
        "invariant",
        "effects",
        "because",
        "answers",
        "term",
        "true",
        "false",
        "result",
        "Int",
        "Bool",
        "Str",
        "Unit",
        "Type",
        "_",
        // The tag of a fence.
        "ir",
    ];
    let prelude = check("").program;
    let mut kept: BTreeSet<String> = WORDS.iter().map(|word| (*word).to_owned()).collect();
    for decl in prelude.decls.iter().take(prelude.prelude_len) {
        kept.insert(lift_core::ir::overload::surface_name(&decl.name).to_owned());
        if let DeclKind::Data(data) = &decl.kind {
            for ctor in &data.ctors {
                kept.insert(ctor.name.to_string());
                kept.extend(
                    ctor.fields.iter().filter_map(|(name, _)| name.as_ref().map(ToString::to_string)),
                );
            }
        }
    }
    let (mut out, mut word, mut quoted) = (String::new(), String::new(), false);
    let close = |word: &mut String, out: &mut String| {
        let starts = word.starts_with(|c: char| c.is_alphabetic() || c == '_');
        out.push_str(word);
        if starts && !kept.contains(word.as_str()) {
            out.push_str("_else");
        }
        word.clear();
    };
    for c in text.chars() {
        if !quoted && (c.is_alphanumeric() || c == '_') {
            word.push(c);
            continue;
        }
        close(&mut word, &mut out);
        quoted ^= c == '"';
        out.push(c);
    }
    close(&mut word, &mut out);
    out
}

/// Verdicts by name, and how many obligations of each name have which verdict.
fn verdicts(report: &Report) -> BTreeMap<String, (Verdict, usize, usize)> {
    let mut found: BTreeMap<String, (Verdict, usize, usize)> = report
        .declarations
        .iter()
        .map(|declared| {
            let name = declared.name.strip_suffix("_else").unwrap_or(&declared.name).to_owned();
            let own = report.obligations.iter().filter(|settled| settled.declaration == declared.declaration);
            let proved = own.clone().filter(|settled| settled.verdict == Verdict::Proved).count();
            (name, (declared.verdict, own.count(), proved))
        })
        .collect();
    found.retain(|name, _| !name.starts_with("unrelated"));
    found
}

const BEFORE: &str =
    "def unrelated_before(apples: Nat, pears: Nat): Nat\n  ensures result >= apples\n= apples + pears\n";
const BEHIND: &str = "type Unrelated = Unrelated(fruit: List Int)\ndef unrelated_behind(xs: List Int): Int\n  ensures result >= 1\n= match xs { [] => 1, x :: rest => 1 + unrelated_behind(rest) }\n";

fn nothing_changes(options: &Options, documents: &[(String, String)]) {
    let pool = pool();
    let judged = |text: &str| verdicts(&verify(&pool, &check(text), options.clone()));
    let (mut changes, mut count) = (Vec::new(), 0);
    for (name, text) in documents {
        let own = declarations(text);
        let plain = document(&own);
        let before = judged(&plain);
        count += before.len();
        let reversed: Vec<String> = own.iter().rev().cloned().collect();
        let mut among = own.clone();
        among.insert(0, BEFORE.to_owned());
        among.insert(among.len() / 2, BEHIND.to_owned());
        for (what, changed) in [
            ("renaming", renamed(&plain)),
            ("another order", document(&reversed)),
            ("an unrelated definition", document(&among)),
        ] {
            let after = judged(&changed);
            for definition in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
                let (first, found) = (before.get(definition), after.get(definition));
                if first != found {
                    changes.push(format!("{name}: {what} made {definition} {found:?}, it was {first:?}"));
                }
            }
        }
    }
    assert!(changes.is_empty(), "{}", changes.join("\n"));
    assert!(count > 20, "only {count} definitions");
}

/// All documents take a while: those with these names, unless the run is to be a long one.
fn some(names: &[&str]) -> Vec<(String, String)> {
    let long = std::env::var_os("LIFT_SOUNDNESS_SECONDS").is_some();
    documents()
        .into_iter()
        .filter(|(name, _)| long || names.iter().any(|one| name.split('.').next() == Some(one)))
        .collect()
}

#[test]
fn without_a_solver_no_verdict_depends_on_names_order_or_neighbours() {
    nothing_changes(&Options { solver: false, ..Options::default() }, &some(&["functions", "lies", "open"]));
}

#[test]
fn with_a_solver_no_verdict_depends_on_names_order_or_neighbours() {
    nothing_changes(&Options::default(), &some(&["records"]));
}
