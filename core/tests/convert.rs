//! The older textual IR becomes documents that check; what it cannot carry is listed.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use lift_core::check::check;
use lift_core::convert::{Converted, NoteKind, Unconvertible, convert};
use lift_core::syntax::diagnostic::Severity;
use proptest::prelude::*;

/// Converts, and holds every conversion to its promises.
fn sound(text: &str) -> Converted {
    let converted = convert(text).unwrap();
    let checked = check(&converted.document);
    let errors: Vec<_> =
        checked.diagnostics.iter().filter(|found| found.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{}", converted.document);
    let canonical = lift_core::syntax::format_document(&converted.document).text;
    assert_eq!(canonical, converted.document, "the document is canonical");
    let lines = u32::try_from(text.lines().count()).unwrap() + 1;
    assert!(converted.notes.iter().all(|note| 1 <= note.line && note.line <= lines), "{:?}", converted.notes);
    converted
}

const FACTORIAL: &str = "\
# what the older tools wrote
ir factorial {
  intent: Calculate the factorial of n {<?limit: int=\"the largest n\"@intent?>}
  signature: factorial(n: int) -> int
  effects:
    - Logs computation time
  assert:
    - n >= 0
    - result >= 1
    - 0 <= n <= 100 {<?speed: Predicate \"how fast?\" @assertion?>}
    - grows quickly
}
";

#[test]
fn every_part_is_carried_or_listed() {
    let converted = sound(FACTORIAL);
    let document = &converted.document;
    for part in [
        "intent \"Calculate the factorial of n\"",
        "requires a1: n >= 0",
        "ensures a2: result >= 1",
        "requires a3: 0 <= n && n <= 100",
        "a4: \"grows quickly\"",
        "effect_1: \"Logs computation time\"",
        "hole ?limit: term Int",
        "hole ?speed: spec",
        "hint \"how fast?\"",
        "links { uses ?limit, uses ?speed }",
    ] {
        assert!(document.contains(part), "{part} is not in\n{document}");
    }
    let lost: Vec<_> = converted
        .notes
        .iter()
        .filter(|note| note.kind == NoteKind::Lost)
        .map(|note| (note.line, note.message.split('`').nth(1).unwrap()))
        .collect();
    assert_eq!(lost, [(6, "Logs computation time"), (11, "grows quickly")]);
    // What has no clause is drift, and so reported again by whoever checks the document.
    let codes: Vec<_> = check(document).diagnostics.iter().map(|found| found.code.clone()).collect();
    assert_eq!(codes.iter().filter(|code| *code == "W0401").count(), 2, "{codes:?}");
}

#[test]
fn types_and_names_are_spelled_here_or_left_open() {
    let converted = sound(
        "ir x { intent: t\n signature: store.Find_all(match: List[str], ids: Optional[list[int]], where: dict[str, int], at: module.Clock) -> tuple[int, str]\n assert:\n - len(ids) > 0\n - not (len(match) == 0 or len(match) > 9)\n}",
    );
    let document = &converted.document;
    for part in ["match_: List Str", "ids: Option (List Int)", "at: ?Clock", "Int * Str", "hole ?Clock: type"]
    {
        assert!(document.contains(part), "{part} is not in\n{document}");
    }
    assert!(document.contains("requires a2: !(length(match_)") || document.contains("a2: \"not (len(match)"));
    assert!(document.contains("a1: \"len(ids) > 0\""), "an option has no length\n{document}");
}

#[test]
fn names_of_the_prelude_stay_what_they_are() {
    let converted =
        sound("ir s { intent: add\n signature: sum(xs: list[int]) -> int\n assert:\n - result == sum(xs) }");
    assert!(converted.document.contains("def sum_2("), "{}", converted.document);
    assert!(converted.document.contains("ensures a1: result == sum(xs)"), "{}", converted.document);
}

#[test]
fn several_blocks_and_broken_ones() {
    let converted =
        sound("nonsense\nir a { intent: one\n foo: bar\n signature: f(x: int) -> int }\nir b { intent: two");
    let messages: Vec<&str> = converted.notes.iter().map(|note| note.message.as_str()).collect();
    for part in ["nonsense", "foo", "`}`", "no signature"] {
        assert!(messages.iter().any(|message| message.contains(part)), "{part}: {messages:?}");
    }
    assert_eq!(convert("hello"), Err(Unconvertible::NoBlock));
    assert!(matches!(convert(&"ir ".repeat(1 << 20)), Err(Unconvertible::TooLong(_))));
}

#[test]
fn hostile_text_stays_text() {
    for text in [
        "ir x { intent: ``` \u{202e} \"} def evil(): Int = 1\n signature: f() -> int }",
        "ir x { intent: a\n signature: f(x: int) -> int {<?h: int=\"\\\"\\n```\\ndef evil(): Int = 1\"@intent?>}}",
        "ir x { intent: a\n signature: f() -> int\n effects:\n - pure } def evil(): Int = 1 //\n - ```\n assert:\n - result == 1 def evil(): Int = 1\n - true\n - result }",
    ] {
        let converted = sound(text);
        assert!(check(&converted.document).program.lookup("evil").is_none(), "{}", converted.document);
    }
    let wide = format!(
        "ir x {{ intent: a\n signature: f({}) -> int\n assert:\n{} }}",
        "a: int, ".repeat(5_000),
        " - a > 0\n".repeat(5_000)
    );
    sound(&wide);
    let deep = format!(
        "ir x {{ intent: a\n signature: f(a: {}int{}) -> int\n assert:\n - {}a > 0 }}",
        "list[".repeat(5_000),
        "]".repeat(5_000),
        "(".repeat(5_000)
    );
    sound(&deep);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_read_gives_a_document_that_checks(
        parts in proptest::collection::vec(
            prop_oneof![
                Just("ir a {\n"), Just("intent: do it\n"), Just("signature: f(x: int, y: str) -> bool\n"), Just("effects:\n"),
                Just("assert:\n"), Just("- x > 0\n"), Just("- result\n"), Just("- net\n"), Just("{<?a: int=\"t\"@effect?>}\n"),
                Just("{<?X: Foo@signature?>, <?x: Foo?>}"), Just("}\n"), Just("{"), Just("-"), Just("<?"), Just("\""), Just("# c\n"),
                Just("signature: List(a: List, a: Foo) -> Foo\n"), Just("- None == 3\n"), Just(": "), Just("é"), Just("_"),
            ],
            0..40,
        )
    ) {
        let text = format!("ir z {{ {}", parts.concat());
        sound(&text);
    }
}

/// What `check` would take for a comment, for half a condition or for another operation must not become a clause: it
/// would say less than the older text, and be proved.
#[test]
fn no_condition_comes_out_weaker() {
    let long = format!("result > 0 {}", "and result > 0 ".repeat(100));
    let converted = sound(&format!(
        "ir x {{ intent: t\n signature: f(n: int) -> int\n assert:\n - result == n // 2\n - result == n / 2\n - n > 0 /* result < n */\n - {long}\n - result > 1 // and result > 2\n}}"
    ));
    let document = &converted.document;
    assert!(document.contains("ensures a1: result == n / 2"), "{document}");
    for lost in ["a2", "a3", "a4", "a5"] {
        let clauses = [format!("requires {lost}:"), format!("ensures {lost}:")];
        assert!(clauses.iter().all(|clause| !document.contains(clause)), "{lost} is a clause in\n{document}");
        assert!(document.contains(&format!("{lost}: \"")), "{lost} is no goal in\n{document}");
    }
}

#[test]
fn what_is_said_twice_or_not_at_all_is_listed() {
    let holes: Vec<String> = (0..150).map(|n| format!("<?h{n}: int?>")).collect();
    let converted = sound(&format!(
        "ir x {{ intent: one\n intent: two\n signature: f(n: int)\n signature: g(n: int) -> int {{{}}}\n}}",
        holes.join(", ")
    ));
    let listed = |words: &str| converted.notes.iter().any(|note| note.message.contains(words));
    for words in ["second intent, `two`", "second signature, `g`", "`f` results in `Unit`", "the hole `h100`"]
    {
        assert!(listed(words), "{words} is not in {:#?}", converted.notes);
    }
    assert!(converted.document.contains("intent \"one\"") && converted.document.contains("def f("));
}
