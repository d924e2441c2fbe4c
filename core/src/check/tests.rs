//! The checker, document by document: what is found, and what it says.

use super::*;
use crate::ir::DeclKind;
use crate::ir::distill::show_type;

/// Codes of the findings in a fence of declarations.
fn codes(declarations: &str) -> Vec<String> {
    let checked = check(&format!("```spec-ir\n{declarations}\n```\n"));
    for finding in &checked.diagnostics {
        println!("{}: {} | {:?}", finding.code, finding.message, finding.hint);
    }
    checked.diagnostics.into_iter().map(|finding| finding.code).collect()
}

#[test]
fn the_prelude_has_no_findings() {
    let (_, _, findings, _) = check_tree(Ground::default(), PRELUDE, &crate::syntax::parse(PRELUDE), None);
    assert_eq!(findings, Vec::new());
}

#[test]
fn every_native_of_the_prelude_is_known_by_name() {
    let bodiless: Vec<_> = prelude()
        .decls
        .iter()
        .filter(|decl| matches!(&decl.kind, DeclKind::Def(def) if def.body.is_none() && def.native.is_none()))
        .map(|decl| decl.name.clone())
        .collect();
    assert_eq!(bodiless, Vec::<Name>::new());
    assert!(prelude().holes.is_empty());
}

#[test]
fn documents_that_make_sense_have_no_findings() {
    for declarations in [
        "type Age = {x: Int | 0 <= x && x <= 150}\ndef next(a: Age): Int = a + 1",
        "def f[T](xs: List T): Int = length(xs) + length(\"abc\")",
        "def g(xs: List Int): List Int = map(filter(xs, \\x. x % 2 == 0), \\x. x * x)",
        "def h(xs: List Int): Int = fold(xs, 0, \\acc x. acc + x)",
        "entity Person { name: Str, age: Nat, invariant adult: age >= 18 }\ndef who(p: Person): Str = p.name ++ \"!\"\ndef make(): Person = Person { age = 20, name = \"Ada\" }",
        "type Tree T = Leaf | Node(left: Tree T, value: T, right: Tree T)\ndef size[T](t: Tree T): Int = match t { Leaf => 0  Node(l, _, r) => size(l) + 1 + size(r) }",
        "type Rose = | Rose(children: Forest)\ntype Forest = List Rose",
        "spec Inc(x: Int, result: Int) { requires x >= 0  ensures up: result > x }\ndef inc(x: Int): Int implements Inc = x + 1",
        "spec First[T](xs: List T, result: Option T) { ensures is_none(result) <=> is_empty(xs) }\ndef first(xs: List Int): Option Int implements First = head(xs)\ndef any_first[A](ys: List A): Option A implements First = head(ys)",
        "def pair(x: Int): Int * Str = (x, \"a\")\ndef swap(p: Int * Str): Str * Int = match p { (a, b) => (b, a) }",
        "def hole_here(x: Int): Int = x + ?rest",
        "hole ?sep: term Str = \" \" because \"usual\"\ndef split_it(s: Str): List Str = split(s, ?sep)",
        "hole ?n: term answers { 1, 2 }\ndef f(x: Int): Int = x + ?n",
        "def later(x: Int): Int = earlier(x)\ndef earlier(x: Int): Int = x",
        "def abs(n: Int): Int = if n < 0 then -n else n\ndef f(n: Int): Int = abs(n)",
        "def quantified(xs: List Int): Bool = forall x in xs. exists y: Int. y > x",
        "def text(a: Str, b: Str): Bool = a < b && b >= a",
        "def idx(xs: List Int, s: Str): Str = if xs[0] == 1 then s[0] else to_str(xs[1])",
        "def open_body(x: Int): Int",
        "def make_list(n: Nat): List Nat = [n, n + 1, 200]",
        "def ho(f: Int -> Int -> Int): Int = f(1, 2)",
        "def conv(m: ?Money): Int = 3",
        "def opt(o: Option (List Int)): Bool = o == Some([]) || None == o",
        "examples { abs(-3) == 3, max(1, 2) == 2 }",
        "def f(y: Int): Int = (\\g. g(y))(\\x. x + 1)",
        "def poly(x: Int): Option Int = if x > 0 then Some(x) else None",
        "def last_two(xs: List Int): List Int = match xs { [a, b] => [b, a], [] => []  _ :: r => r }",
        "type Shape = Circle(radius: Nat) | Square(side: Nat)\ndef area(s: Shape): Nat = match s { Circle(r) => 3 * r * r  Square(a) => a * a }",
        "type NonEmpty T = {xs: List T | length(xs) > 0}\ndef first(xs: NonEmpty Int): Int = xs[0]",
    ] {
        println!("--- {declarations}");
        assert_eq!(codes(declarations), Vec::<String>::new(), "{declarations}");
    }
}

#[test]
fn each_mistake_is_found_once_under_its_code() {
    for (declarations, expected) in [
        ("def f(x: Int): Int = y", "E0102"),
        ("def f(x: Integer): Int = 1", "E0102"),
        ("def f(x: Int): Str = x", "E0201"),
        ("def f(x: Int): Int = x + \"a\"", "E0201"),
        ("def f(x: Int): Str = x ++ \"a\"", "E0201"),
        ("def f(x: Int): Int = f(x, x)", "E0205"),
        ("def f(x: Int): Int = x(1)", "E0204"),
        ("def f(x: Int): Int = clamp(x)", "E0205"),
        ("def f(x: Int): Int = 1\ndef f(x: Int): Int = 2", "E0101"),
        ("type A = B\ntype B = A", "E0105"),
        ("type A = List A", "E0105"),
        ("def f(x: Int, x: Int): Int = x", "E0106"),
        ("def f(xs: List Int): Int = match xs { None => 1 _ => 2 }", "E0210"),
        ("def f(xs: List Int): Int = match xs { \"a\" => 1 _ => 2 }", "E0210"),
        ("def f(g: Int -> Int): Bool = g == g", "E0211"),
        ("def f(g: List (Int -> Int)): Bool = g == g", "E0211"),
        ("def f(a: Bool): Bool = a < a", "E0212"),
        ("entity P { a: Int }\ndef f(p: P): Int = p.b", "E0208"),
        ("entity P { a: Int, b: Int }\ndef f(): P = P { a = 1 }", "E0209"),
        ("hole ?a: term Int links { uses ?b }", "E0102"),
        ("def f(x): Int = 1", "E0206"),
        ("def f(x: Int) = 1", "E0206"),
        ("spec S(x: Int) { ensures x > 0 }", "E0207"),
        ("spec S(x: Int, result: Int) { ensures result > x }\ndef f(): Int implements S = 1", "E0213"),
        ("spec S(x: Int, result: Int) { ensures result > x }\ndef f(x: Nat): Int implements S = 1", "E0214"),
        ("spec S(x: Int, result: Int) { requires result > x }", "E0219"),
        ("def f(x: Int): Int implements G = 1\ntype G = Int", "E0220"),
        ("type Bad = | Bad(f: Bad -> Int)", "E0215"),
        ("type Neg T = | Neg(f: T -> Int)\ntype Bad = | Bad(x: Neg Bad)", "E0215"),
        ("def f(x: List): Int = 1", "E0216"),
        ("def f(x: Int Int): Int = 1", "E0216"),
        ("def f(x: ?M): Bool = x + 1 == 2 && x == \"a\"", "E0217"),
        ("def f(): Bool = [] == []", "E0202"),
        ("def f(x: Int): Int = Int", "E0104"),
        ("def f(x: f): Int = 1", "E0218"),
        ("def f(x: g): Int = 1\ndef g(): Int = 1", "E0103"),
        ("def f(x: Int): Int = ?h + (\\y. ?h)(1)", "E0107"),
        ("def f(): Int = let g = \\x. x(x) in 1", "E0203"),
    ] {
        println!("--- {declarations}");
        assert_eq!(codes(declarations), vec![expected.to_owned()], "{declarations}");
    }
}

#[test]
fn a_hole_knows_its_context_and_type() {
    let checked = check(
        "```spec-ir\ntype Age = {x: Int | x >= 0}\ndef f(a: Age, s: Str): Option Age =\n  let n = length(s) in if n > 3 then ?when_long else Some(a)\n```\n",
    );
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
    let hole = &checked.program.holes[0];
    let names: Vec<Name> = hole.context.iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(names, ["a", "s", "n"].map(Name::from));
    assert_eq!(show_type(&*checked.program, &names, &hole.ty), "Option Age");
}

#[test]
fn what_waits_and_is_never_decided_is_said_and_nothing_is_said_of_its_definition() {
    // What the list holds may depend on `x`: `?e(3)` against `Int` has more than one solution.
    let checked = check("```spec-ir\ndef f(): List Int = (\\x. [])(3)\n```\n");
    assert!(checked.has_errors());
    let id = checked.program.names["f"];
    let Some(DeclKind::Def(def)) = checked.program.decl(id).map(|decl| &decl.kind) else { panic!("no f") };
    assert!(matches!(def.body.as_ref().map(|body| &*body.kind), Some(crate::ir::TermKind::Error)));
}

#[test]
fn a_type_argument_that_is_worked_out_is_never_the_type_of_types() {
    let kept = "def same[A](x: A): A = x\ndef f(t: Type, x: t): t = same(x)";
    assert_eq!(codes(kept), Vec::<String>::new());
    assert_eq!(codes("def same[A](x: A): A = x\ndef f(t: Type): Type = same(t)"), ["E0201"]);
}
