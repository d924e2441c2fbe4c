//! Questions: two outcomes that both satisfy a contract, clauses that conflict, and none where nothing is open.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use lift_core::ask::{Doubt, Inquiry, Question, inquire};
use lift_core::check::{Checked, check, check_with};
use lift_core::logic::{Discharge, Options, Report};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Verdicts of the built-in tiers.
fn verify(checked: &Checked) -> Report {
    let mut discharge = Discharge::new(&checked.program, Options { solver: false, ..Options::default() });
    while discharge.advance() {}
    discharge.report()
}

fn questions(checked: &Checked, verify: &mut dyn FnMut(&Checked) -> Report) -> Vec<Question> {
    inquire(checked, verify).questions
}

fn inquired(declarations: &str) -> Inquiry {
    let checked = check(&format!("```spec-ir\n{declarations}\n```\n"));
    assert!(!checked.has_errors(), "{:?}", checked.diagnostics);
    inquire(&checked, &mut verify)
}

fn asked(declarations: &str) -> Vec<Question> {
    inquired(declarations).questions
}

/// Contracts that say all there is to say, or that somebody has decided.
#[test]
fn what_is_settled_gets_no_question() {
    for settled in [
        "spec Twice(x: Int, result: Int) { ensures result == 2 * x }",
        "spec Larger(a: Int, b: Int, result: Int) { ensures result >= a && result >= b ensures result == a || result == b }",
        "spec Size(x: Int, result: Int) { ensures result >= 0 ensures result == x || result == -x }",
        "spec Half(x: Int, result: Option Int) { ensures x % 2 == 0 ==> result == Some(x / 2) ensures x % 2 == 1 ==> result == None }",
        "spec Sorted(xs: List Int, result: List Int) { ensures result == sort(xs) }",
        "def same[T](x: T): T ensures result == x",
        "spec Loose(x: Int, result: Int) { ensures result >= x }\ndef chosen(x: Int): Int implements Loose = x",
        "def chosen(x: Int): Int ensures result >= x = x + 1",
        "spec Loose(x: Int, result: Int) { ensures result >= x }\ndef chosen(x: Int): Int implements Loose = x + ?step",
        "def at_zero(x: {n: Int | n == 0}): Int ensures result >= 0\nexamples { at_zero(0) == 3 }",
        "def odd(result: Int): Int ensures result > 1",
        "type Light = Red | Green\nspec Next(light: Light, result: Light) { ensures result != light }",
    ] {
        let found = inquired(settled);
        assert!(found.questions.is_empty(), "{settled}\n{found:#?}");
        // A hole in a body that somebody chose, and a parameter of a name that clauses cannot use, are listed.
        let listed = settled.contains('?') || settled.contains("odd(result");
        assert_eq!(found.unasked.len(), usize::from(listed), "{settled}\n{found:#?}");
    }
}

#[test]
fn a_loose_contract_is_asked_about_with_two_outcomes_that_satisfy_it() {
    for (loose, text) in [
        (
            "spec Larger(a: Int, b: Int, result: Int) { ensures result >= a && result >= b }",
            "Larger, for a = 0, b = 0: `0` or `1`? Both satisfy every clause.",
        ),
        (
            "spec Half(x: Int, result: Option Int) { requires x >= 0 ensures x % 2 == 0 ==> result == Some(x / 2) }",
            "Half, for x = 1: `None` or `Some(0)`? Both satisfy every clause.",
        ),
        (
            "spec Loose(x: Int, result: Int) { ensures result >= x }\ndef open(x: Int): Int implements Loose = ?body",
            "Loose, for x = 0: `0` or `1`? Both satisfy every clause.",
        ),
        (
            "def sign(x: Int): {n: Int | -1 <= n && n <= 1}\n  ensures x > 0 ==> result == 1\n  ensures x < 0 ==> result == -1",
            "sign, for x = 0: `0` or `1`? Both satisfy every clause.",
        ),
        (
            "type Light = Red | Amber | Green\nspec Next(light: Light, result: Light) { ensures result != light }",
            "Next, for light = Red: `Amber` or `Green`? Both satisfy every clause.",
        ),
    ] {
        let found = asked(loose);
        assert_eq!(found.len(), 1, "{loose}\n{found:#?}");
        assert_eq!((found[0].doubt, found[0].text.as_str()), (Doubt::Behaviour, text), "{loose}");
        assert_eq!(found[0].answers.len(), 2);
    }
}

/// What may be open and gets no question is listed, and why.
#[test]
fn nothing_is_passed_over_in_silence() {
    for (silent, about, why) in [
        ("def twice(x: Int): Int = x + ?other", "?other", "is a hole"),
        (
            "spec Far(x: Int, result: Int) { requires x > 10_000 && x < 10_003 && x * x == 100_020_001 * x ensures result == x }",
            "Far",
            "none of the small inputs",
        ),
        (
            "spec Large(x: Int, result: Int) { ensures result > 5_000 && result < 5_015 && result % 7 == 6 }",
            "Large",
            "none of the small outcomes",
        ),
        (
            "spec Least(x: Int, result: Int) { ensures forall n: Int. n >= x ==> n >= result }",
            "Least",
            "running it does not decide",
        ),
    ] {
        let found = inquired(silent);
        let listed: Vec<_> = found.unasked.iter().map(|one| (&*one.about, &*one.why)).collect();
        assert!(found.questions.is_empty(), "{silent}\n{:#?}", found.questions);
        assert!(
            listed.len() == 1 && listed[0].0 == about && listed[0].1.contains(why),
            "{silent}\n{listed:#?}"
        );
    }
}

/// A value of a type parameter cannot be written down.
#[test]
fn what_cannot_be_answered_with_a_clause_is_asked_without_answers() {
    for (open, text, answers) in [
        (
            "def some_of[T](xs: List T): Option T ensures xs == [] ==> result == None",
            "some_of, for xs = [0]: `None` or `Some(0)`? Both satisfy every clause.",
            0,
        ),
        (
            "def best(xs: List Int, good: Int -> Bool): Int ensures xs == [] ==> result == 0",
            "best, for xs = [0], good = \\x. 0 < x: `0` or `1`? Both satisfy every clause.",
            0,
        ),
        (
            "spec Fewer(all: Set Int, result: Set Int) { ensures is_subset(result, all) }",
            "Fewer, for all = set_of([0]): `set_of([])` or `set_of([0])`? Both satisfy every clause.",
            2,
        ),
        (
            "spec Renamed(all: Map Str Int, result: Map Str Int) { ensures size(result) == size(all) }",
            "Renamed, for all = map_of([(\"\", 0)]): `map_of([(\"\", 0)])` or `map_of([(\"\", 1)])`? Both satisfy every clause.",
            2,
        ),
    ] {
        let found = inquired(open);
        assert_eq!(found.questions.len(), 1, "{open}\n{found:#?}");
        let asked = &found.questions[0];
        assert_eq!((asked.text.as_str(), asked.answers.len()), (text, answers), "{open}");
        assert!(found.unasked.is_empty(), "{open}\n{found:#?}");
    }
}

/// Each answer leaves less open, and the same is not asked again.
#[test]
fn an_answer_becomes_a_clause_and_settles_its_question() {
    let mut text = "```spec-ir\ntype Light = Red | Amber | Green\nspec Next(light: Light, result: Light) {\n  ensures result != light\n}\n```\n".to_owned();
    for round in 0..3 {
        let found = questions(&check(&text), &mut verify);
        assert_eq!(found.len(), 1, "round {round}: {found:#?}");
        text = found[0].answers[0].document.clone();
    }
    assert!(questions(&check(&text), &mut verify).is_empty(), "{text}");
    assert!(text.contains("ensures light == Red ==> result == Amber"), "{text}");
}

#[test]
fn clauses_that_conflict_are_named_and_only_those() {
    for (wrong, text) in [
        (
            "spec Both(x: Int, result: Int) {\n  ensures small: result < x\n  ensures fine: result != 7\n  ensures large: result > x\n}",
            "Both: no outcome of its type satisfies `small: result < x` and `large: result > x` together. Which of them is not meant?",
        ),
        (
            "spec Low(x: Int, result: Int) { requires x > 5 ensures result == x ensures result < 5 }",
            "Low: no outcome of its type satisfies `x > 5` and `result == x` and `result < 5` together. Which of them is not meant?",
        ),
        (
            "spec None(x: Int, result: Int) {\n  requires low: x > 3\n  requires high: x < 2\n  ensures result == x\n}",
            "None: no input of its types satisfies `low: x > 3` and `high: x < 2` together. Which of them is not meant?",
        ),
        (
            "spec Some(x: Int, result: Int) {\n  requires x >= 0\n  ensures down: result <= x\n  ensures up: x > 0 ==> result > x\n}",
            "Some: for x = 1 no outcome of its type satisfies `down: result <= x` and `up: x > 0 ==> result > x` together. Which of them is not meant?",
        ),
    ] {
        let found = asked(wrong);
        assert!(!found.is_empty(), "{wrong}");
        assert_eq!((found[0].doubt, found[0].text.as_str()), (Doubt::Contradiction, text), "{wrong}");
    }
}

#[test]
fn holes_and_wishes_ask_for_themselves() {
    let found = asked(
        "intent \"Add a fee\" { inputs { price: Int } goals { fair: \"nobody pays too much\" } }\n\
         spec AddFee(price: Int, result: Int) { ensures result == price + ?fee }\n\
         hole ?fee: term Int hint \"How much is the fee?\" answers { 3, 5 }\n\
         def add_fee(price: Int): Int implements AddFee = price + ?fee",
    );
    let holes: Vec<_> = found.iter().filter(|question| question.doubt == Doubt::Hole).collect();
    assert_eq!(holes[0].text, "How much is the fee?");
    assert_eq!(holes[0].answers.iter().map(|answer| answer.text.as_str()).collect::<Vec<_>>(), ["3", "5"]);
    assert!(holes[0].answers[1].document.contains("= 5"), "{}", holes[0].answers[1].document);
}

/// What is imported counts, and is not asked about.
#[test]
fn a_document_with_imports_is_asked_about_its_own_contracts() {
    let lights: Arc<str> =
        "```spec-ir\ntype Light = Red | Green\nspec Loose(x: Int, result: Int) { ensures result >= x }\n```\n".into();
    let documents = BTreeMap::from([("lights.spec.md".to_owned(), lights)]);
    let text = "```spec-ir\nimport \"lights.spec.md\" { Light }\nspec Other(light: Light, result: Light) {\n  ensures light == Red ==> result != Red\n}\n```\n";
    let checked = check_with("own.spec.md", text, &documents);
    assert!(!checked.has_errors(), "{:?}", checked.diagnostics);
    let found = questions(&checked, &mut verify);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((found[0].about.as_str(), found[0].doubt), ("Other", Doubt::Behaviour));
}

/// `=== title [kind]` and the declarations below it.
fn cases(text: &str) -> Vec<(&str, Option<&str>, String)> {
    let cases = text.split("\n=== ").skip(1).map(|case| {
        let (title, declarations) = case.split_once('\n').unwrap();
        let kind = title.split_once('[').map(|(_, kind)| kind.trim_end_matches(']'));
        (title, kind, declarations.to_owned())
    });
    cases.collect()
}

/// `cargo test --test ask benchmark -- --nocapture` prints the figures: with the built-in tiers alone.
#[test]
fn the_benchmark_of_gaps() {
    let (complete, gaps) = (cases(include_str!("ask/complete.txt")), cases(include_str!("ask/gaps.txt")));
    let mut report = String::new();
    let mut asked_for_nothing = 0;
    for (title, _, declarations) in &complete {
        let found = inquired(declarations);
        for question in found.questions {
            asked_for_nothing += 1;
            report += &format!("asked for nothing, {title}: {}\n", question.text);
        }
        for silent in found.unasked {
            report += &format!("not decided, {title}: {} {}\n", silent.about, silent.why);
        }
    }
    let (mut found, mut beside) = (0, 0);
    for (title, kind, declarations) in &gaps {
        let questions = asked(declarations);
        let is_it =
            |question: &Question| Some(format!("{:?}", question.doubt).to_lowercase().as_str()) == *kind;
        let (hits, others): (Vec<_>, Vec<_>) = questions.into_iter().partition(is_it);
        found += usize::from(!hits.is_empty());
        beside += others.len();
        if hits.is_empty() {
            report += &format!("not seen: {title}\n");
        }
        report.extend(others.iter().map(|question| format!("beside it, {title}: {}\n", question.text)));
    }
    let asked = found + beside + asked_for_nothing;
    let (precision, recall) = (found as f64 / asked as f64, found as f64 / gaps.len() as f64);
    println!(
        "{report}{} complete, {} with a gap: precision {precision:.3}, recall {recall:.3}",
        complete.len(),
        gaps.len()
    );
    assert!(complete.len() >= 30 && gaps.len() >= 30);
    assert!(precision >= 0.95 && recall >= 0.9, "precision {precision:.3}, recall {recall:.3}\n{report}");
}
