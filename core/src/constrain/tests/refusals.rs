//! Targets for which there is no constraint.

use super::*;

#[track_caller]
fn refused(declarations: &str, target: &str) -> ConstrainError {
    constrain(&program(declarations), target, Dialect::Regex).unwrap_err()
}

#[test]
fn each_says_why() {
    assert!(matches!(refused("def f(): Int = ?h", "?g"), ConstrainError::UnknownTarget { known, .. }
        if known == ["`?h`", "`f`"]));
    assert!(matches!(
        refused("intent \"Wish\" { goals { g: \"x\" } }\ndef f(): Int = 1", "g"),
        ConstrainError::UnknownTarget { .. }
    ));
    assert!(matches!(refused("def f[A](x: A): A = x", "f"), ConstrainError::Parametric { parameter, .. }
        if parameter == "A"));
    assert!(matches!(refused("type Pair A = A * A", "Pair"), ConstrainError::Parametric { .. }));
    assert!(matches!(refused("def f(g: Int -> Int): Int = g(1)", "f"), ConstrainError::Function { path }
        if path == "g"));
    assert!(
        matches!(refused("def f(x: ?t): Int = 1", "f"), ConstrainError::OpenType { hole: Some(hole), .. }
        if hole == "t")
    );
    assert!(matches!(refused("type T = A | B(T)", "T"), ConstrainError::Recursive { .. }));
    assert!(matches!(
        refused("type Odd A = Stop | Go(Odd (A * A))\ntype T = Odd Int", "T"),
        ConstrainError::TooLarge { .. }
    ));
}

#[test]
fn a_small_document_cannot_ask_for_a_huge_grammar() {
    let entities: String =
        (1..30).map(|n| format!("entity E{n} {{ a: E{}, b: E{} }}\n", n - 1, n - 1)).collect();
    let document = format!("entity E0 {{ a: Int }}\n{entities}");
    assert!(matches!(refused(&document, "E29"), ConstrainError::TooLarge { .. }));
    // Dialects with names write each type once.
    let program = program(&document);
    for dialect in [Dialect::JsonSchema, Dialect::Lark, Dialect::Ebnf, Dialect::Gbnf] {
        assert!(constrain(&program, "E29", dialect).unwrap().text.len() < 20_000);
    }
}
