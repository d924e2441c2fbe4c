//! What checking a document rested on can be looked at, and looking changes nothing.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use lift_core::check::{Checked, Constraints, Ended, check, constraints};
use lift_core::report::constraints_file;
use lift_core::syntax::span::Span;

fn store(source: &str) -> (Checked, Constraints) {
    let checked = check(&format!("```spec-ir\n{source}\n```\n"));
    let store = constraints(&checked);
    (checked, store)
}

fn text(checked: &Checked, span: Span) -> &str {
    span.slice(&checked.text)
}

#[test]
fn what_inference_worked_out_is_there_with_what_decided_it() {
    let (checked, store) = store("def f(xs: List Str): Int = length(xs)");
    let [assigned] = store.assignments.as_slice() else { panic!("{store:#?}") };
    assert_eq!((assigned.unknown.as_str(), assigned.value.as_deref()), ("the type `T` of this", Some("Str")));
    assert_eq!(text(&checked, assigned.span), "length");
    assert_eq!(text(&checked, assigned.decided_at.unwrap()), "xs");
}

#[test]
fn a_type_that_allows_more_is_told_from_the_same_type() {
    let (checked, store) =
        store("type Age = {n: Int | 0 <= n && n <= 150}\ndef f(n: Int, a: Age): Age * Age = (n, a)");
    let [wider] = store.subtypings.as_slice() else { panic!("{store:#?}") };
    assert_eq!(
        (text(&checked, wider.span), wider.found.as_str(), wider.wanted.as_str()),
        ("n", "Int", "Age")
    );
    let [condition] = store.refinements.as_slice() else { panic!("{store:#?}") };
    assert_eq!(condition.condition, "0 <= n && n <= 150");
    assert!(
        store.equalities.iter().any(|same| text(&checked, same.span) == "a" && same.ended == Ended::Agreed)
    );
}

#[test]
fn what_disagrees_and_what_waits_is_said() {
    let (_, wrong) = store("def f(x: Int): Str = x");
    assert_eq!(wrong.equalities.iter().map(|it| it.ended).collect::<Vec<_>>(), [Ended::Disagreed]);
    let (checked, waits) = store("def f(x: Int): Int = (\\g. g(x + 1) + g(\"a\"))(\\y. 1)");
    assert!(!checked.diagnostics.is_empty());
    assert!(waits.assignments.iter().all(|it| it.span.end as usize <= checked.text.len()));
    let (_, open) = store("def f(): Bool = [] == []");
    assert!(open.assignments.iter().any(|it| it.value.is_none()), "{open:#?}");
}

#[test]
fn what_is_owed_is_listed_with_what_needs_no_solver() {
    let checked = check("```spec-ir\ndef f(n: Int): Int = 100 / n\ndef g(): Int = 100 / 5\n```\n");
    let file = constraints_file("test.spec.md", &checked);
    let owed: Vec<_> = file.obligations.iter().map(|it| (it.declaration.as_str(), it.settled)).collect();
    assert_eq!(owed, [("f", false), ("g", true)]);
}

/// The lists are those of the documents, every time, and the check is what it was.
#[test]
fn looking_changes_nothing_and_finds_the_same_twice() {
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/spec/types")).unwrap() {
        let written = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let checked = check(&written);
        let first = constraints(&checked);
        assert_eq!(first, constraints(&checked));
        assert_eq!(check(&written).diagnostics, checked.diagnostics);
        let starts: Vec<u32> = first.equalities.iter().map(|it| it.span.start).collect();
        assert!(starts.is_sorted());
    }
}
