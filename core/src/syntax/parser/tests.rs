//! What the parser makes of text, as data: source and canonical form, spans, what survives a mistake.

use super::*;
use crate::syntax::printer::{print_decl, print_expr, print_type};
use crate::syntax::tree::DeclKind;

fn fence(declarations: &str) -> String {
    format!("```spec-ir\n{declarations}\n```\n")
}

#[test]
fn terms_group_as_the_grammar_says() {
    let cases = [
        ("a - b - c", "(a - b) - c"),
        ("a + b * c", "a + (b * c)"),
        ("a ==> b ==> c", "a ==> (b ==> c)"),
        ("a || b && c", "a || (b && c)"),
        ("!a == b && c", "(!(a == b)) && c"),
        ("a :: b ++ c", "a :: (b ++ c)"),
        ("a :: b :: c", "a :: (b :: c)"),
        ("a ++ b ++ c", "a ++ (b ++ c)"),
        ("a ++ b + c", "a ++ (b + c)"),
        ("-a * b", "(-a) * b"),
        ("-f(x).y[0]", "-(((f(x)).y)[0])"),
        ("a <=> b ==> c", "a <=> (b ==> c)"),
        ("p ==> forall x: Int. q && r", "p ==> (forall x: Int. (q && r))"),
        ("a * if c then d else e + f", "a * (if c then d else (e + f))"),
        ("\\x. x == 1 && y", "\\x. ((x == 1) && y)"),
        ("let x = a in b + c", "let x = a in (b + c)"),
        ("forall x in xs. p(x) || q", "forall x in xs. (p(x) || q)"),
        ("forall x in p.items. x > 0", "forall x in (p.items). (x > 0)"),
        ("a == !b", "a == (!b)"),
    ];
    for (loose, explicit) in cases {
        let ((one, wrong), (other, also_wrong)) = (parse_term(loose), parse_term(explicit));
        assert_eq!((wrong, also_wrong), (vec![], vec![]), "{loose}");
        assert_eq!(print_expr(&one), print_expr(&other), "{loose}");
        assert_eq!(one.span.slice(loose).len(), loose.len(), "{loose}");
    }
}

#[test]
fn both_spellings_mean_the_same() {
    let cases = [
        ("∀ x: Int. p ⇒ q", "forall x: Int. p ==> q"),
        ("∃ x ∈ xs. ¬p", "exists x in xs. !p"),
        ("λx. x ≤ 1 ∧ x ≥ 0 ∨ x ≠ 5", "\\x. x <= 1 && x >= 0 || x != 5"),
        ("a ⇔ b", "a <=> b"),
        ("match x { y ↦ 1 }", "match x { y => 1 }"),
        ("(x : Int × Str → Bool)", "(x: Int * Str -> Bool)"),
        ("(x : Π (n: Nat). Vec n Int)", "(x: (n: Nat) -> Vec n Int)"),
        ("(x : Pi (n: Nat). Vec n Int)", "(x: (n: Nat) -> Vec n Int)"),
        ("1_000_000", "1000000"),
        ("\"\\u{e9}\\n\"", "\"é\\n\""),
    ];
    for (written, canonical) in cases {
        let (term, wrong) = parse_term(written);
        assert_eq!(wrong, [], "{written}");
        assert_eq!(print_expr(&term), canonical);
    }
}

#[test]
fn arguments_of_types_are_types_or_terms() {
    for ty in [
        "Vec (n + 1) (List Int)",
        "Vec 3 (A * B)",
        "List (A -> B)",
        "Vec (n * m) T",
        "F ((x: A) -> B) (f(n))",
    ] {
        let (parsed, wrong) = parse_type(ty);
        assert_eq!(wrong, [], "{ty}");
        assert_eq!(print_type(&parsed), ty);
    }
}

#[test]
fn a_line_break_separates_a_term_from_a_bracket_that_follows() {
    let text = fence("examples {\n  f\n  (1)\n  xs\n  [2]\n}");
    let parsed = parse(&text);
    assert_eq!(parsed.diagnostics, []);
    let DeclKind::Examples(examples) = &parsed.decls[0].kind else { panic!("{:?}", parsed.decls) };
    let items: Vec<String> = examples.examples.iter().map(print_expr).collect();
    assert_eq!(items, ["f", "1", "xs", "[2]"]);
}

#[test]
fn units_belong_to_the_condition_before_them() {
    let text = fence("intent \"A\" {\n  constraints { latency <= 5 ms memory <= 3 size > f(1) percent }\n}");
    let parsed = parse(&text);
    assert_eq!(parsed.diagnostics, []);
    let DeclKind::Intent(intent) = &parsed.decls[0].kind else { panic!("{:?}", parsed.decls) };
    let measures = intent.constraints.iter().map(|measure| {
        let unit = measure.unit.as_ref().map_or("", |unit| unit.name.as_str());
        (print_expr(&measure.body), unit)
    });
    let expected = [("latency <= 5", "ms"), ("memory <= 3", ""), ("size > f(1)", "percent")];
    assert!(measures.eq(expected.map(|(body, unit)| (body.to_owned(), unit))));
}

#[test]
fn sums_are_told_from_abbreviations() {
    let sums = [
        "type A = | B",
        "type A = B(x: Int)",
        "type A = B(Int)",
        "type A = B | C",
        "type A = B (x: Int)",
        "type A T = B(T) | C",
    ];
    let aliases = [
        "type A = B",
        "type A = B (n)",
        "type A = B (n + 1) C",
        "type A = Pi (x: B). C",
        "type A = B (n) -> C",
        "type A = B ()",
    ];
    for (declarations, is_sum) in [(sums, true), (aliases, false)] {
        for declaration in declarations {
            let parsed = parse(&fence(declaration));
            assert_eq!(parsed.diagnostics, [], "{declaration}");
            assert_eq!(matches!(parsed.decls[0].kind, DeclKind::Sum(_)), is_sum, "{declaration}");
        }
    }
}

#[test]
fn spans_are_places_in_the_document() {
    let text = "\u{feff}Ä\r\n\r\n```spec-ir\r\n  def f(x: Int): Int = (x + ?y) * 2 // c\r\n```\r\n";
    let parsed = parse(text);
    let decl = &parsed.decls[0];
    assert_eq!(decl.span.slice(text), "def f(x: Int): Int = (x + ?y) * 2");
    assert_eq!(decl.prose.map(|prose| prose.slice(text)), Some("Ä"));
    let DeclKind::Def(def) = &decl.kind else { panic!("{decl:?}") };
    let body = def.body.as_ref().unwrap();
    assert_eq!(body.span.slice(text), "(x + ?y) * 2");
    let ExprKind::Binary(_, left, right) = &body.kind else { panic!("{body:?}") };
    assert_eq!((left.span.slice(text), right.span.slice(text)), ("x + ?y", "2"));
}

#[test]
fn a_mistake_stays_in_its_declaration() {
    let broken = [
        "def broken(x: Int): Int = (x +",
        "def broken(",
        "def",
        "entity Broken { name: Str",
        "spec Broken(x: Int { ensures }",
        "intent \"Broken\" { goals { a: }",
        "type Broken = {x: Int |",
        "hole ?broken: term = [1, 2",
        "examples { f(1 == 2",
        "nonsense } ) ] \" text",
        "type",
        "def broken(x: Int): Int = match x { 1 => ",
        "def broken(x: Int): Int = \"open",
    ];
    for declaration in broken {
        let text = fence(&format!("def before(): Int = 1\n{declaration}\ndef after(): Int = 2"));
        let parsed = parse(&text);
        assert!(!parsed.diagnostics.is_empty(), "{declaration}");
        let printed: Vec<String> = parsed.decls.iter().map(print_decl).collect();
        assert_eq!(printed.first().map(String::as_str), Some("def before(): Int = 1"), "{declaration}");
        assert_eq!(printed.last().map(String::as_str), Some("def after(): Int = 2"), "{declaration}");
    }
}

#[test]
fn what_is_sound_around_a_mistake_is_kept() {
    let cases = [
        (
            "entity P {\n  a: Int\n  b =\n  c: Str\n  invariant a >\n  invariant ok: a > 0\n}",
            "entity P {\n  a: Int\n  b: …\n  c: Str\n  invariant a > …\n  invariant ok: a > 0\n}",
        ),
        (
            "spec S(x: Int, result: Int) {\n  requires )\n  nonsense here\n  ensures result > x\n}",
            "spec S(x: Int, result: Int) {\n  requires …\n  ensures result > x\n}",
        ),
        (
            "def f(x: Int): Int = match x { 1 => , 2 -> 3\n 4 => g x\n _ => 5 }",
            "def f(x: Int): Int =\n  match x {\n    1 => …\n    2 => 3\n    4 => g(x)\n    _ => 5\n  }",
        ),
        (
            "def f(x: Int): Bool = 0 <= x < 10 and not x = 5",
            "def f(x: Int): Bool = 0 <= x && x < 10 && !x == 5",
        ),
        ("def f(xs: List[Int]): (Int, Str) = (1, \"a\"", "def f(xs: List Int): Int * Str = (1, \"a\")"),
        ("def f(): Int = f(1, , 2)", "def f(): Int = f(1, …, 2)"),
    ];
    for (written, kept) in cases {
        let parsed = parse(&fence(written));
        assert!(!parsed.diagnostics.is_empty(), "{written}");
        assert_eq!(print_decl(&parsed.decls[0]), kept);
    }
}

#[test]
fn several_declarations_may_share_a_line() {
    let parsed =
        parse(&fence("type A = Int type B = {x: A | true} def f(): B = 1 hole ?x: type examples { true }"));
    assert_eq!(parsed.diagnostics, []);
    assert_eq!(parsed.decls.len(), 5);
}
