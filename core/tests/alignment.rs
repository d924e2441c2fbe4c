//! Intent and spec side by side: who is paired with whom, and why.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use lift_core::check::check;
use lift_core::report::check_file;
use lift_core::syntax::diagnostic::Severity;

fn pairs(text: &str) -> Vec<String> {
    let document = format!("```spec-ir\n{text}\n```\n");
    let report = check_file("x.spec.md", &check(&document));
    let pairs = report.alignments.iter().flat_map(|alignment| &alignment.pairs);
    pairs.map(|pair| format!("{} ~ {} {:?} {}", pair.atom, pair.clause, pair.how, pair.confidence)).collect()
}

const INTENT: &str = "intent \"Cut a text\" {\n  inputs { text: Str, n: Nat }\n  outputs { short: Str }\n  \
    goals { most: \"at most n signs\", start: \"begins as the text does\" }\n  constraints { latency <= 5 ms }\n}\n";

#[test]
fn pairs_say_how_they_were_found() {
    let spec = "spec CutText(text: Str, n: Nat, result: Str) {\n  ensures most: length(result) <= n\n  \
        ensures starts_with(text, result)\n  latency <= 2 ms\n}";
    assert_eq!(
        pairs(&format!("{INTENT}{spec}")),
        [
            "Cut a text.goals.most ~ CutText.most Name 100",
            "Cut a text.goals.start ~ CutText.starts_with(text, result) Suggested 33",
            "Cut a text.constraints.latency ~ CutText.latency Name 100",
        ]
    );
}

/// What merely mentions something does not answer it.
#[test]
fn drift_is_not_hidden_by_what_merely_mentions_it() {
    let found = |text: &str| {
        let found = check(&format!("```spec-ir\n{text}\n```\n")).diagnostics;
        let kept = found.into_iter().filter(|found| found.code != "W0402");
        kept.map(|found| (found.severity, found.message)).collect::<Vec<_>>()
    };
    let intent = |goals: &str, rest: &str| {
        format!(
            "intent \"Rate it\" {{ inputs {{ x: Int, rating: Int }} outputs {{ y: Int }} goals {{ {goals} }} {rest} }}\n"
        )
    };
    let spec = |clauses: &str| format!("spec RateIt(x: Int, rating: Int, result: Int) {{ {clauses} }}");
    let cases = [
        // One equation is not the answer to everything.
        (intent("a: \"secure storage\", b: \"fast lookup\"", ""), spec("ensures result == x + 1"), 2),
        (intent("a: \"one more\"", ""), spec("ensures result == x + 1"), 0),
        // What the caller owes is no answer, unless the author says so.
        (intent("good: \"x and rating are good\"", ""), spec("requires x > rating"), 1),
        (intent("good: \"x and rating are good\"", ""), spec("requires good: x > rating"), 0),
        // A bound is a bound on that, and as tight.
        (intent("", "metrics { rating >= 5 }"), spec("ensures result == rating"), 1),
        (intent("", "metrics { rating >= 5 }"), spec("ensures result > 0 && rating >= 4"), 1),
        (intent("", "metrics { rating >= 5 }"), spec("ensures result > 0 && rating >= 6"), 0),
        (intent("", "constraints { latency <= 5 ms }"), spec("latency <= x ms"), 1),
        (intent("", "constraints { latency <= x ms }"), spec("latency <= x ms"), 0),
    ];
    for (intent, spec, expected) in cases {
        let found = found(&format!("{intent}{spec}"));
        assert_eq!(found.len(), expected, "{found:?} in\n{intent}{spec}");
        let outcome = found.iter().filter(|(_, message)| message.contains("rests on a clause"));
        assert!(outcome.clone().all(|(severity, _)| *severity == Severity::Info), "{found:?}");
        assert_eq!(outcome.count(), if expected == 2 { 2 } else { 0 }, "{found:?}");
    }
}

#[test]
fn names_survive_edits_elsewhere() {
    let spec = |more: &str| {
        format!(
            "{INTENT}spec CutText(text: Str, n: Nat, result: Str) {{\n  {more}\n  ensures   length(result)\n <= n\n}}"
        )
    };
    let names = |text: &str| {
        let document = format!("```spec-ir\n{text}\n```\n");
        let report = check_file("x.spec.md", &check(&document));
        report.alignments[0].clauses.iter().map(|clause| clause.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(&spec("")), ["CutText.length(result) <= n"]);
    assert!(names(&spec("ensures x: true")).contains(&"CutText.length(result) <= n".to_owned()));
}

#[test]
fn each_intent_finds_its_own_spec() {
    let document = "```spec-ir\n\
        intent \"Halve a number\" { inputs { x: Int } goals { half: \"half of it\" } }\n\
        intent \"Double a number\" { inputs { x: Int } goals { twice: \"two of it\" } }\n\
        spec Double(x: Int, result: Int) { ensures twice: result == 2 * x }\n\
        spec Halve(x: Int, result: Int) { ensures half: result == x / 2 }\n```\n";
    let report = check_file("x.spec.md", &check(document));
    let found: Vec<_> = report.alignments.iter().map(|it| (it.intent.as_str(), it.spec.as_deref())).collect();
    assert_eq!(found, [("Halve a number", Some("Halve")), ("Double a number", Some("Double"))]);
    assert!(report.diagnostics.is_empty(), "{:?}", report.diagnostics);
}

#[test]
fn a_broken_document_is_aligned_as_far_as_it_goes() {
    for cut in 0..INTENT.len() {
        let Some(part) = INTENT.get(..cut) else { continue };
        let _ = pairs(&format!("{part}\nspec CutText(text: Str, result: Str) {{ ensures most: "));
    }
}

/// Many intents, goals and clauses: comparing each with each would take minutes.
#[test]
fn crowds_are_paired_by_name() {
    let goals: Vec<String> = (0..2_000).map(|n| format!("g{n}: \"the number {n} of many\"")).collect();
    let clauses: Vec<String> = (0..2_000).rev().map(|n| format!("ensures g{n}: result >= {n}")).collect();
    let many = |n: usize| {
        format!(
            "intent \"Task {n}\" {{ goals {{ a{n}: \"x\" }} }}\nspec Answer{n}(x: Int, result: Int) {{ ensures a{n}: result > x }}"
        )
    };
    let crowd: Vec<String> = (0..1_000).map(many).collect();
    let text = format!(
        "```spec-ir\nintent \"Crowd\" {{ goals {{ {} }} }}\nspec Crowd(result: Int) {{ {} }}\n{}\n```\n",
        goals.join(", "),
        clauses.join("\n"),
        crowd.join("\n")
    );
    let document = lift_core::syntax::parse(&text);
    let (alignments, found) = lift_core::align::align(&text, &document);
    assert_eq!(alignments.len(), 1_001);
    assert_eq!(alignments[0].pairs.len(), 2_000);
    assert!(found.is_empty(), "{:?}", found.first());
}
