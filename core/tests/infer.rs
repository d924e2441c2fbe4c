//! Predicates that nobody wrote: what is found must be proved, and what cannot be found must say why.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use lift_core::check::{Checked, check};
use lift_core::infer::{Inference, Role, infer};
use lift_core::ir::DeclId;
use lift_core::logic::dependencies::Dependencies;
use lift_core::logic::{Discharge, Options, Report, Verdict};

/// Verdicts of the built-in tiers.
fn verify(checked: &Checked, only: &[DeclId]) -> Report {
    let only = Some(Dependencies::new(&checked.program).needed(only));
    let mut discharge =
        Discharge::new(&checked.program, Options { solver: false, only, ..Options::default() });
    while discharge.advance() {}
    discharge.report()
}

fn inferred(declarations: &str) -> (Checked, Inference) {
    let checked = check(&format!("```spec-ir\n{declarations}\n```\n"));
    assert!(!checked.has_errors(), "{declarations}\n{:?}", checked.diagnostics);
    let found = infer(&checked, &mut verify);
    (checked, found)
}

/// What is open, what it must be, and of which declarations that makes a proof.
#[test]
fn what_is_left_open_is_found_and_proves_what_it_was_looked_for() {
    for (open, about, role, predicate, proves) in [
        ("def inc(x: Int): {r: Int | ?p} = x + 1", "?p", Role::Postcondition, "r == x + 1", "inc"),
        (
            "def ratio(a: Int, b: Int): Int\n  requires ?safe\n= a / b",
            "?safe",
            Role::Precondition,
            "b != 0",
            "ratio",
        ),
        (
            "def ratio(a: Int, b: {n: Int | ?safe}): Int = a / b",
            "?safe",
            Role::Precondition,
            "n != 0",
            "ratio",
        ),
        ("def ratio(a: Int, b: Int): Int = a / b", "ratio", Role::Precondition, "b != 0", "ratio"),
        (
            "def find(xs: List Int, x: Int): Option Int\n  ensures ?found\n= if contains(xs, x) then Some(x) else None",
            "?found",
            Role::Postcondition,
            "",
            "find",
        ),
        (
            "def larger(a: Int, b: Int): Int\n  ensures ?bounds\n= if a > b then a else b",
            "?bounds",
            Role::Postcondition,
            "result >= a && result >= b && (result == a || result == b)",
            "larger",
        ),
        (
            "def clamp(x: Int, lo: Int, hi: Int): Int\n  ensures lo <= result && result <= hi\n\
             = if x < lo then lo else if x > hi then hi else x",
            "clamp",
            Role::Precondition,
            "lo <= hi",
            "clamp",
        ),
        ("def gap(a: Int, b: Int): Int = 100 / (a - b)", "gap", Role::Precondition, "a != b", "gap"),
        (
            "def pick(xs: List Int, i: Int): Int = xs[i]",
            "pick",
            Role::Precondition,
            "0 <= i && i < length(xs)",
            "pick",
        ),
        (
            "def total(xs: List Nat): Int = match xs { [] => 0, h :: t => h + total(t) }\n\
             def use(xs: List Nat): Nat = total(xs)",
            "total",
            Role::Postcondition,
            "result >= 0",
            "use",
        ),
        (
            "spec Twice(a: Int, result: Int) { ensures ?twice }\n\
             def twice(a: Int): Int implements Twice = a + a",
            "?twice",
            Role::Postcondition,
            "result == 2 * a",
            "twice",
        ),
        (
            "hole ?limit: spec\n\
             def root(n: Int): Int\n  requires ?limit\n= if n > 10 then 1 / (n - 12) else n",
            "?limit",
            Role::Precondition,
            "n != 12",
            "root",
        ),
    ] {
        let (checked, found) = inferred(open);
        let it = found.found.iter().find(|found| found.about == about);
        let Some(it) = it else { unreachable!("{open}\n{found:#?}") };
        assert_eq!(it.role, role, "{open}");
        assert!(predicate.is_empty() || it.predicate == predicate, "{open}\n{it:#?}");
        let after = checked.again(&it.document);
        assert!(!after.has_errors(), "{}", it.document);
        let id = after.program.lookup(proves).unwrap();
        let report = verify(&after, &[id]);
        let verdict = report.declarations.iter().find(|declared| declared.declaration == id).unwrap();
        assert_eq!(verdict.verdict, Verdict::Proved, "{}\n{}", it.document, verdict.because);
    }
}

/// What cannot be found says why; nothing is looked for where nothing is missing.
#[test]
fn what_is_not_found_says_why() {
    for (open, about, why) in [
        ("spec Any(x: Int, result: Int) { ensures ?what }", "?what", "no definition with a body"),
        ("type Small = {n: Int | ?small}", "?small", "only what a `requires`"),
        ("def never(x: Int): Int = 1 / (x - x)", "never", "fails for every input"),
    ] {
        let (_, found) = inferred(open);
        assert!(found.found.is_empty(), "{open}\n{found:#?}");
        assert!(
            found.unsolved.iter().any(|it| it.about == about && it.why.contains(why)),
            "{open}\n{found:#?}"
        );
    }
    let (_, found) = inferred("def twice(x: Int): Int ensures result == 2 * x = x + x");
    assert_eq!(found, Inference::default());
}
