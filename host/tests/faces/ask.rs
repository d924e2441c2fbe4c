//! `lift ask`: questions with two answers, one of which becomes a clause.

use crate::{lift, lift_json};
use std::fs;

const DISCOUNT: &str = r#"```spec-ir
type Level = Basic | Gold

spec Discount(level: Level, result: {n: Int | 0 <= n && n <= 100}) {
  ensures gold: level == Gold ==> result == 20
}
```
"#;

#[test]
fn a_question_is_asked_answered_and_not_asked_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("discount.spec.md");
    fs::write(&file, DISCOUNT).unwrap();
    let path = file.to_str().unwrap();
    let (status, asked) = lift_json(&["ask", path]);
    assert_eq!((status, asked["schema"].as_str()), (3, Some("lift.ask/1")));
    let questions = asked["questions"].as_array().unwrap();
    assert_eq!(questions.len(), 1, "{asked}");
    assert_eq!(questions[0]["doubt"], "behaviour");
    assert_eq!(questions[0]["answers"], serde_json::json!(["0", "1"]));
    assert_eq!(fs::read_to_string(&file).unwrap(), DISCOUNT);
    assert_eq!(lift(&["ask", path, "--answer", "1=3"]).status.code(), Some(2));
    assert_eq!(lift(&["ask", path, "--answer", "2=1"]).status.code(), Some(2));
    assert!(lift(&["ask", path, "--answer", "1=1"]).status.success());
    let answered = fs::read_to_string(&file).unwrap();
    assert!(answered.contains("  ensures level == Basic ==> result == 0\n}"), "{answered}");
    assert_eq!(lift_json(&["ask", path]).0, 0);
}

/// The solver shows what the built-in tiers do not.
#[test]
fn clauses_that_conflict_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("squares.spec.md");
    fs::write(
        &file,
        "```spec-ir\nspec Square(x: Int, result: Int) {\n  requires x > 1\n  ensures square: result == x * x\n  \
         ensures kept: result >= x\n  ensures small: result < x + x - 1\n}\n```\n",
    )
    .unwrap();
    let (status, asked) = lift_json(&["ask", file.to_str().unwrap()]);
    assert_eq!((status, asked["questions"][0]["doubt"].as_str()), (3, Some("contradiction")), "{asked}");
    let text = asked["questions"][0]["text"].as_str().unwrap();
    assert!(text.contains("square:") && text.contains("small:") && !text.contains("kept:"), "{text}");
}

/// A hole that nobody can be asked about is still open.
#[test]
fn what_is_open_and_gets_no_question_is_listed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fee.spec.md");
    fs::write(&file, "```spec-ir\ndef fee(price: Int): Int = price + ?other\n```\n").unwrap();
    let path = file.to_str().unwrap();
    let (status, asked) = lift_json(&["ask", path]);
    assert_eq!((status, asked["questions"].as_array().map(Vec::len)), (3, Some(0)), "{asked}");
    assert_eq!(asked["unasked"][0]["about"], "?other", "{asked}");
    let said = String::from_utf8(lift(&["ask", path]).stdout).unwrap();
    assert!(said.contains("no question about:") && !said.contains("nothing is open"), "{said}");
}
