//! Decisions and fits, document by document.

use super::*;
use crate::check::{Checked, check};
use crate::ir::HoleId;

fn document(declarations: &str) -> Checked {
    let checked =
        check(&format!("# Title\n\nSome prose.\n\n```spec-ir\n{declarations}\n```\n\nMore prose.\n"));
    assert_eq!(checked.diagnostics, Vec::new(), "{declarations}");
    checked
}

fn filled(declarations: &str, hole: &str, term: &str) -> String {
    let decision = fill(&document(declarations), hole, term).unwrap();
    let after = decision.text;
    assert!(
        after.starts_with("# Title\n\nSome prose.\n\n```spec-ir\n")
            && after.ends_with("\n```\n\nMore prose.\n")
    );
    let start = after.find("```spec-ir\n").unwrap() + "```spec-ir\n".len();
    after[start..after.rfind("\n```").unwrap()].to_owned()
}

#[test]
fn a_fill_changes_the_hole_and_nothing_else() {
    for (before, hole, term, after) in [
        ("def f(x: Int): Int = x   +   ?h // why", "h", "1", "def f(x: Int): Int = x   +   1 // why"),
        ("def f(x: Int): Int = x * ?h", "?h", "x + 1", "def f(x: Int): Int = x * (x + 1)"),
        ("def f(x: Int): Int = x + ?h", "h", "x * 2", "def f(x: Int): Int = x + x * 2"),
        (
            "def f(x: Int): Int = ?h",
            "h",
            " if x > 0 then x else 0 ",
            "def f(x: Int): Int = if x > 0 then x else 0",
        ),
        ("hole ?n: term Int\ndef f(x: Int): Int = x + ?n", "n", "2", "def f(x: Int): Int = x + 2"),
        (
            "hole ?n: term Int\nhole ?m: term Int // why\n  links { uses ?n }\ndef f(): Int = ?n + ?m",
            "n",
            "2",
            "hole ?m: term Int // why\ndef f(): Int = 2 + ?m",
        ),
        (
            "hole ?n: term Int\nhole ?m: term Int links { blocks ?o,  uses ?n } hint \"m\"\nhole ?o: term Int\n\
             def f(): Int = ?n + ?m + ?o",
            "n",
            "2",
            "hole ?m: term Int links { blocks ?o } hint \"m\"\nhole ?o: term Int\ndef f(): Int = 2 + ?m + ?o",
        ),
        (
            "hole ?n: term Int\nhole ?m: term Int links { uses ?n, uses ?o }\nhole ?o: term Int\n\
             def f(): Int = ?n + ?m + ?o",
            "n",
            "2",
            "hole ?m: term Int links { uses ?o }\nhole ?o: term Int\ndef f(): Int = 2 + ?m + ?o",
        ),
        (
            "hole ?n: term Int\ndef f(x: Int): Int = ?n + x + ?n",
            "n",
            "1 + 1",
            "def f(x: Int): Int = (1 + 1) + x + (1 + 1)",
        ),
        (
            "def f(x: Int): Int = ?h + x",
            "h",
            "1 // a comment may not hide the rest",
            "def f(x: Int): Int = 1 + x",
        ),
        ("def f(x: ?M): Bool = x == 1", "M", "Int", "def f(x: Int): Bool = x == 1"),
        ("def f(x: List ?M): Bool = true", "M", "List Int", "def f(x: List (List Int)): Bool = true"),
        ("def f(n: Int, x: ?T, y: ?T): ?T = x", "T", "Str", "def f(n: Int, x: Str, y: Str): Str = x"),
        ("def f(x: Int): Int", "f", "x + 1", "def f(x: Int): Int =\n  x + 1"),
        ("def f(x: Int): Int = ?h", "h", "f(?other)", "def f(x: Int): Int = f(?other)"),
    ] {
        assert_eq!(filled(before, hole, term), after, "{before}");
    }
}

#[test]
fn what_does_not_fit_is_refused_with_the_reason() {
    let checked = document("def f(x: Int): Int = x + ?h");
    assert!(
        matches!(fill(&checked, "g", "1"), Err(DecisionError::NoSuchHole { known, .. }) if known == ["h"])
    );
    let Err(DecisionError::DoesNotFit { ty, diagnostics }) = fill(&checked, "h", "\"a\"") else { panic!() };
    assert_eq!((ty.as_str(), diagnostics[0].code.as_str()), ("Int", "E0201"));
    assert!(matches!(fill(&checked, "h", "1 +"), Err(DecisionError::DoesNotFit { .. })));
    assert!(matches!(fill(&checked, "h", "1) + (2"), Err(DecisionError::DoesNotFit { .. })));
    assert!(matches!(assume(&checked, "h", "1", "x"), Err(DecisionError::NotDeclared { .. })));
}

#[test]
fn an_assumption_can_be_made_and_taken_back() {
    let checked =
        document("hole ?n: term Int hint \"how many\" answers { 3, 4 }\ndef f(x: Int): Int = x + ?n");
    let assumed = assume(&checked, "n", "4", "the usual answer").unwrap().text;
    let checked = check(&assumed);
    assert_eq!(checked.diagnostics, Vec::new());
    assert!(checked.program.holes[0].default.is_some());
    assert_eq!(checked.program.holes[0].because.as_deref(), Some("the usual answer"));
    let reopened = check(&reopen(&checked, "n").unwrap().text);
    assert!(reopened.program.holes[0].default.is_none());
    assert_eq!(reopened.program.holes[0].answers.len(), 2);
}

#[test]
fn fits_come_from_answers_scope_constructors_and_library() {
    let terms = |declarations: &str| -> Vec<String> {
        let checked = document(declarations);
        fits(&checked, HoleId(0), &FitOptions::default()).into_iter().map(|fit| fit.term).collect()
    };
    assert_eq!(terms("def f(x: Int, name: Str): Str = ?h")[0], "name");
    assert_eq!(terms("hole ?n: term Int answers { 7, 8 }\ndef f(x: Int): Int = x + ?n")[..2], ["7", "8"]);
    assert!(terms("def f(x: Int): Option Int = ?h").contains(&"Some(x)".to_owned()));
    assert!(terms("def f(xs: List Int): Int = ?h").contains(&"sum(xs)".to_owned()));
    assert_eq!(terms("def f(x: ?M): Bool = x == 1")[0], "Int");
    assert!(terms("entity P { name: Str }\ndef f(p: P): Str = ?h").contains(&"p.name".to_owned()));
    assert!(
        terms("entity P { name: Str, n: Int }\ndef f(s: Str): P = ?h")[0]
            .starts_with("P { name = s, n = ?n }")
    );
}

#[test]
fn every_fit_can_be_taken() {
    for declarations in [
        "def f(x: Int, s: Str): Option Int = ?h",
        "def f(xs: List Int, n: Int): List Int = ?h",
        "def f(x: Int, y: Int): Int = x * ?h",
        "def f(x: ?M): Int = 1",
        "type Shape = Circle(r: Int) | Dot\ndef f(x: Int): Shape = ?h",
    ] {
        let checked = document(declarations);
        let found = fits(&checked, HoleId(0), &FitOptions::default());
        assert!(!found.is_empty(), "{declarations}");
        for fit in found {
            let name = checked.program.holes[0].name.clone();
            let decision =
                fill(&checked, &name, &fit.term).unwrap_or_else(|error| panic!("{}: {error:?}", fit.term));
            assert_eq!(check(&decision.text).diagnostics, Vec::new(), "{}", fit.term);
        }
    }
}

#[test]
fn links_order_holes_and_circles_are_named() {
    let checked = document(
        "hole ?a: term Int\nhole ?b: term Int links { uses ?a }\nhole ?c: term Int links { uses ?b }\nhole ?d: term Int links { blocks ?c }",
    );
    let found = graph(&checked.program);
    assert_eq!(found.critical_path, ["a", "b", "c"]);
    assert!(found.circles.is_empty());
    // A circle is warned of.
    let circle = "hole ?a: term Int links { uses ?b }\nhole ?b: term Int links { uses ?a }";
    let circle = check(&format!("```spec-ir\n{circle}\n```\n"));
    assert_eq!(graph(&circle.program).circles.len(), 1);
}

#[test]
fn what_makes_the_examples_hold_comes_first() {
    let checked = document(
        "def larger(x: Int, y: Int): Int = if x > y then x else ?other\nexamples { larger(1, 5) == 5, larger(2, 3) == 3 }",
    );
    let found = fits(&checked, HoleId(0), &FitOptions::default());
    assert_eq!((found[0].term.as_str(), found[0].effect.examples_passed), ("y", 2));
    let recursive = document(
        "def total(xs: List Int): Int = match xs { [] => 0  x :: rest => ?step }\nexamples { total([1, 2, 3]) == 6, total([]) == 0 }",
    );
    let found = fits(&recursive, HoleId(0), &FitOptions::default());
    println!("{found:#?}");
    assert!(found.iter().any(|fit| fit.effect.examples_passed == 2), "no fit passes both");
}
