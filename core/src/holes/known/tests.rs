//! What is known of a hole, document by document, in the words that people read.

use crate::check::{Checked, check};
use crate::logic::{Discharge, Options, Verdict};
use crate::report::{HoleStatus, known_holes};

fn document(declarations: &str) -> Checked {
    let checked = check(&format!("```spec-ir\n{declarations}\n```\n"));
    assert_eq!(checked.diagnostics, Vec::new(), "{declarations}");
    checked
}

/// What is said of the holes, a line each.
fn said(declarations: &str) -> String {
    let mut lines = Vec::new();
    for hole in known_holes(&document(declarations)) {
        lines.extend(hole.solved.map(|it| format!("?{} is {}", hole.name, it.sentence())));
        lines.extend(hole.known.iter().map(|it| format!("?{}: {}", hole.name, it.sentence())));
    }
    lines.join("\n")
}

const ABOVE: &str = "def above(k: {k: Int | k > 0}): {r: Int | r > k} = k + 1\n";

#[test]
fn a_condition_comes_with_what_asks_for_it() {
    assert_eq!(
        said(&format!("{ABOVE}def one(): Int = above(?n)")),
        "?n: `{k: Int | k > 0}`, because `above` takes it for `k` (2:14)\n\
         ?n: `?n > 0`, because `above` asks for it of `k` (2:14); because it is given to `above` (3:24)"
    );
}

#[test]
fn what_a_call_must_give_is_asked_of_what_it_is_given() {
    let says = said(&format!(
        "{ABOVE}def small(m: Int): Int\n  requires under: m < 10\n= m\ndef two(): Int = small(above(?n))"
    ));
    assert!(
        says.ends_with(
            "?n: `above(?n) < 10`, because `small` requires `under` (4:19); \
             because it is owed of `small(above(?n))` (6:18); because `m` is `above(?n)` (6:24)"
        ),
        "{says}"
    );
}

#[test]
fn conditions_are_followed_through_names_branches_and_parts() {
    let says = said(&format!(
        "{ABOVE}def named(): Int = let y = ?named in above(y)\n\
         def under(x: Int): Int = let z = ?under in if x > z then above(z + 1) else 0\n\
         def part(): Int = match ?part {{ Some(v) => above(v), None => 1 }}\n\
         def chosen(b: Bool): Int = above(if b then ?chosen else 3)"
    ));
    let expected = [
        "?named: `Int`, because `above` takes it for `k` (2:14); because `y` is `?named` (3:28)",
        "?named: `?named > 0`, because `above` asks for it of `k` (2:14); because `y` is given to `above` (3:44); because `y` is `?named` (3:28)",
        "?under: `Int`, because it stands in `x > z` (4:47); because `z` is `?under` (4:34)",
        "?under: `?under + 1 > 0` when `x > ?under`, because `above` asks for it of `k` (2:14); because `z + 1` is given to `above` (4:64); because `z` is `?under` (4:34)",
        "?part: `Option Int`, because it is matched with `Some(v)` (5:33)",
        "?part: `v > 0` when `?part` is `Some(v)`, because `above` asks for it of `k` (2:14); because `v` is given to `above` (5:50); because `v` is a part of `?part` (5:33)",
        "?chosen: `{k: Int | k > 0}`, because `above` takes it for `k` (2:14)",
        "?chosen: `?chosen > 0`, because `above` asks for it of `k` (2:14); because `if b then ?chosen else 3` is given to `above` (6:34)",
    ];
    assert_eq!(says, expected.join("\n"));
}

#[test]
fn a_branch_of_a_result_is_asked_what_the_result_must_be() {
    let says = said(
        "def larger(x: Int, y: Int): Int\n  ensures first: result >= x\n  ensures result >= y\n= if x > y then x else ?other",
    );
    let expected = [
        "?other: `Int`, because the result of `larger` is declared so (2:29)",
        "?other: `?other >= x`, because `larger` ensures `first` (3:18); because `result` is `?other` (5:24)",
        "?other: `?other >= y`, because `larger` ensures it (4:11); because `result` is `?other` (5:24)",
    ];
    assert_eq!(says, expected.join("\n"));
}

#[test]
fn a_declared_hole_is_one_value_under_every_condition_it_is_used_under() {
    let says = said(&format!(
        "{ABOVE}hole ?rate: term {{x: Int | x <= 9}}\n\
         def with_rate(x: Int): Int requires x > 5 = if x > 7 then above(?rate) else 0"
    ));
    let expected = [
        "?rate: `{x: Int | x <= 9}`, because it is declared so (3:18)",
        "?rate: `?rate > 0` when `x > 5` and `x > 7`, because `above` asks for it of `k` (2:14); because it is given to `above` (4:65)",
    ];
    assert_eq!(says, expected.join("\n"));
}

#[test]
fn a_hole_in_a_body_is_asked_what_its_callers_need() {
    let says =
        said(&format!("{ABOVE}def used(): Int = above(carried(3))\ndef carried(x: Int): Int = x + ?carry"));
    let expected = [
        "?carry: `Int`, because it stands in `x + ?carry` (4:28)",
        "?carry: `carried(3) > 0`, because `above` asks for it of `k` (2:14); because `carried(3)` is given to `above` (3:25); because `?carry` stands in what `carried` results in (4:32)",
    ];
    assert_eq!(says, expected.join("\n"));
}

#[test]
fn what_is_divided_by_indexed_with_or_kept_invariant_is_known() {
    let says = said(
        "entity Account { owner: Str, invariant named: length(owner) > 0 }\n\
         def opened(): Account = Account { owner = ?owner }\n\
         def quotient(x: Int): Int = x / ?divisor\n\
         def at(xs: List Int): Int = xs[?place]\n\
         type High = {x: Int | x > ?low}\nhole ?low: term Int\ndef five(): High = 5",
    );
    for part in [
        "?owner: `length(?owner) > 0`, because every `Account` keeps `named` (2:47)",
        "?divisor: `?divisor != 0`, because nothing can be divided by 0 (4:29)",
        "?place: `0 <= ?place && ?place < length(xs)`, because an index lies inside (5:29)",
        "?low: `5 > ?low`, because the result of `five` is `High` (8:13)",
    ] {
        assert!(says.contains(part), "{part} not in\n{says}");
    }
}

#[test]
fn a_hole_with_one_answer_left_is_solved_and_the_answer_can_be_taken() {
    for (declarations, hole, answer, why) in [
        ("def next(x: Int): Int\n  ensures result == x + 1\n= ?step", "step", "x + 1", "`next` ensures it"),
        (
            "def is_high(x: Int): Bool ensures x > 7 <=> result = ?high",
            "high",
            "x > 7",
            "`is_high` ensures it",
        ),
        (
            "type Vec (n: Nat) T = {xs: List T | length(xs) == n}\nhole ?size: term Nat\ndef three(): Vec ?size Int = [1, 2, 3]",
            "size",
            "3",
            "the result of `three` is `Vec ?size Int`",
        ),
        ("def sum_of(x: Int): ?Result = let y = ?h in x + y", "Result", "Int", "it is the type of `x + y`"),
        ("def choose(b: ?Flag): Int = if b then 1 else 2", "Flag", "Bool", "it is the type of `b`"),
    ] {
        let checked = document(declarations);
        let report = known_holes(&checked).into_iter().find(|it| it.name == hole).unwrap();
        let solved = report.solved.unwrap_or_else(|| panic!("{declarations}"));
        assert_eq!((solved.says.as_str(), report.status), (answer, HoleStatus::Solved), "{declarations}");
        assert!(solved.because[0].what.contains(why), "{solved:?}");
        let id =
            checked.program.own_holes().find(|id| &*checked.program.hole(*id).unwrap().name == hole).unwrap();
        let fits = crate::holes::fits(&checked, id, &crate::holes::FitOptions::default());
        assert_eq!(fits.first().map(|fit| fit.term.as_str()), Some(answer), "{declarations}");
        let after = check(&crate::holes::fill(&checked, hole, answer).unwrap().text);
        assert!(known_holes(&after).iter().all(|it| it.name != hole), "{declarations}");
    }
}

#[test]
fn two_answers_or_a_condition_are_no_solution() {
    for declarations in [
        "def f(x: Int): Int\n  ensures result == x + 1\n  ensures result == x + 2\n= ?h",
        "def f(x: Int): Int ensures x > 0 ==> result == x = ?h",
        "def f(x: Int): Int ensures forall y: Int. y == result = ?h",
        "def f(x: Int): Int ensures result == result + x = ?h",
        "hole ?h: term Int\ndef f(x: Int): Int ensures result == x = ?h",
        "hole ?h: term Int = 3\ndef f(): Int ensures result == 4 = ?h",
    ] {
        assert!(known_holes(&document(declarations)).iter().all(|it| it.solved.is_none()), "{declarations}");
    }
}

/// Conditions are necessary: with an answer that breaks one, the document is not proved.
#[test]
fn an_answer_that_is_proved_meets_every_known_condition() {
    let mut broken = 0;
    for declarations in [
        "def f(k: {k: Int | k > 0}): Int = k\ndef g(): Int = f(?h)",
        "def f(k: Int): Int\n  requires k > 0 && k < 4\n= k\ndef g(): Int = let y = ?h + 1 in f(y)",
        "def g(): {r: Int | r < 3} = ?h + ?h",
        "def f(k: {k: Int | k > 2}): {r: Int | r > k} = k + 1\ndef g(): {r: Int | r > 5} = f(?h)",
        "hole ?h: term Int\ndef g(): Int\n  ensures result < 2 || result == 3\n= if true then ?h else ?h",
        "def g(): Int\n  ensures result == 2\n= match (?h, 1) { (a, b) => a + b }",
    ] {
        let checked = document(declarations);
        let facts = super::known(&checked).remove(0).facts;
        assert!(!facts.is_empty(), "{declarations}");
        for answer in -2..=7 {
            let filled = check(&crate::holes::fill(&checked, "h", &format!("({answer})")).unwrap().text);
            let mut discharge =
                Discharge::new(&filled.program, Options { solver: false, ..Options::default() });
            while discharge.next_query().is_some() {}
            let proved = discharge.report().declarations.iter().all(|it| it.verdict == Verdict::Proved);
            for fact in facts.iter().filter(|fact| fact.when.is_empty()) {
                let says = fact.says.replace("?h", &format!("({answer})"));
                let tried = check(&format!("```spec-ir\n{declarations}\nexamples {{ {says} }}\n```\n"));
                let ran = crate::eval::run_examples(&tried.program, &crate::eval::Options::checking());
                let Some(ran) = ran.first() else { continue };
                let holds = ran.outcome != crate::eval::ExampleOutcome::Failed;
                broken += usize::from(!holds);
                assert!(holds || !proved, "{declarations}\n?h = {answer} is proved and breaks {}", fact.says);
            }
        }
    }
    assert!(broken > 20, "only {broken} answers broke a condition");
}
