//! The shapes of other types.

use super::*;

fn range(low: i32, high: i32) -> IntSet {
    IntSet::range(Some(low.into()), Some(high.into()))
}

#[test]
fn lengths_of_texts_and_lists() {
    let text = |set| Shape::Text(TextSet::Length(set));
    assert_eq!(shape_of("type T = {s: Str | length(s) <= 5 && s != \"\"}", &[]), text(range(1, 5)));
    assert_eq!(shape_of("type T = {s: Str | length(s) < 0 - 1 || length(s) == 3}", &[]), text(range(3, 3)));
    assert_eq!(shape_of("type T = {s: Str | !is_empty(s)}", &[]), text(IntSet::at_least(1)));
    let list = Shape::List(Box::new(Shape::Int(IntSet::all())), range(2, 4));
    assert_eq!(shape_of("type T = {xs: List Int | 2 <= length(xs) && length(xs) < 5}", &[]), list);
}

#[test]
fn choices_of_texts() {
    let choice =
        |texts: &[&str]| Shape::Text(TextSet::Choice(texts.iter().map(|it| it.to_string()).collect()));
    let red = "type T = {s: Str | (s == \"red\" || s == \"blue\" || s == \"\") && length(s) > 0}";
    assert_eq!(shape_of(red, &[]), choice(&["blue", "red"]));
    let not = shape_of("type T = {s: Str | s != \"red\"}", &["s != \"red\""]);
    assert_eq!(not, Shape::Text(TextSet::Length(IntSet::at_least(0))));
    let mixed = shape_of("type T = {s: Str | s == \"red\" || length(s) == 3}", &[]);
    assert_eq!(mixed, Shape::Text(TextSet::Length(range(3, 3))));
}

#[test]
fn truth_values() {
    let yes = "type T = {b: Bool | b}";
    assert!(matches!(shape_of(yes, &[]), Shape::Bool(set) if set.with_true && !set.with_false));
    let no = "type T = {b: Bool | b == false}";
    assert!(matches!(shape_of(no, &[]), Shape::Bool(set) if !set.with_true && set.with_false));
}

#[test]
fn a_requirement_on_one_parameter_is_worked_in_and_one_on_two_is_left_over() {
    let program = program("def f(a: Nat, b: Int): Int requires a < 10 && b != 0 requires a <= b = a");
    let shapes = shapes(&program, "f").unwrap();
    let Subject::Arguments(_, params) = shapes.subject else { panic!() };
    assert_eq!(params[0].1, Shape::Int(range(0, 9)));
    assert_eq!(params[1].1, Shape::Int(IntSet::just(0).complement()));
    assert_eq!(shapes.residuals.len(), 1);
    assert_eq!(shapes.residuals[0].predicate, "a <= b");
}

#[test]
fn an_invariant_on_one_field_is_worked_in_and_one_on_two_is_left_over() {
    let program =
        program("entity T { low: Int, high: Nat, invariant big: high >= 10, invariant order: low <= high }");
    let shapes = shapes(&program, "T").unwrap();
    assert_eq!(shapes.data[0].ctors[0].fields[1].1, Shape::Int(IntSet::at_least(10)));
    let left: Vec<_> = shapes.residuals.iter().map(|it| (it.path.as_str(), it.predicate.as_str())).collect();
    assert_eq!(left, [("T", "low <= high")]);
}

#[test]
fn a_generic_type_is_unfolded_for_each_use() {
    let program = program(
        "type Tree A = Leaf | Node(left: Tree A, value: A, right: Tree A)\n\
         type T = Tree Nat * Tree {s: Str | length(s) == 1} * Tree Nat",
    );
    let shapes = shapes(&program, "T").unwrap();
    let names: Vec<_> = shapes.data.iter().map(|data| data.name.as_str()).collect();
    assert_eq!(names, ["Tree Nat", "Tree {s: Str | length(s) == 1}"]);
    let Subject::Value(Shape::Tuple(items)) = shapes.subject else { panic!() };
    assert_eq!(items, [Shape::Data(0), Shape::Data(1), Shape::Data(0)]);
}

#[test]
fn what_has_no_values_is_left_out_or_refused() {
    let program = program(
        "type Never = {x: Int | x < 0 && x > 0}\n\
         type Endless = | More(Int, Endless)\n\
         type T = A(Never) | B(Option Never) | C(List Never) | D(Endless) | E(Option Endless)\n\
         type Gone = Int * Endless",
    );
    let shapes = shapes(&program, "T").unwrap();
    let names: Vec<_> =
        shapes.data.iter().flat_map(|data| &data.ctors).map(|ctor| ctor.name.to_string()).collect();
    assert_eq!(names, ["B", "C", "E"]);
    for target in ["Never", "Endless", "Gone"] {
        let refused = constrain(&program, target, Dialect::Lark);
        assert!(matches!(refused, Err(ConstrainError::Uninhabited { .. })), "{target}: {refused:?}");
    }
}

#[test]
fn a_hole_that_is_the_outcome_has_to_meet_what_the_definition_ensures() {
    let program = program(
        "def f(a: Int, xs: List Int): Int ensures 0 <= result && result <= 9 ensures result > a =\n\
         match xs { Nil => ?empty  Cons(head, tail) => let twice = head * 2 in if a > 0 then ?more else g(?inner) }\n\
         def g(x: Int): Int = x",
    );
    for target in ["?empty", "?more"] {
        let shapes = shapes(&program, target).unwrap();
        assert!(
            matches!(&shapes.subject, Subject::Value(Shape::Int(set)) if *set == range(0, 9)),
            "{target}"
        );
        let left: Vec<_> = shapes.residuals.iter().map(|it| it.predicate.as_str()).collect();
        assert_eq!(left, [format!("{target} > a")], "{target}");
    }
    let inner = shapes(&program, "?inner").unwrap();
    assert!(matches!(&inner.subject, Subject::Value(Shape::Int(set)) if *set == IntSet::all()));
    let left: Vec<_> = inner.residuals.iter().map(|it| it.predicate.as_str()).collect();
    assert_eq!(left, ["0 <= g(?inner)", "g(?inner) <= 9", "g(?inner) > a"]);
}

#[test]
fn the_arguments_of_a_spec_stand_alone() {
    let program = program(
        "spec One(a: Nat, result: Int) { ensures result > a }\n\
         spec Two(a: Nat, b: Bool, result: Int) { requires b }",
    );
    let text = |target, dialect| constrain(&program, target, dialect).unwrap().text;
    assert_eq!(text("One", Dialect::Regex), "0|[1-9][0-9]*");
    assert_eq!(text("Two", Dialect::Regex), r"\((0|[1-9][0-9]*), true\)");
    assert_eq!(read(&program, "Two", Dialect::Lark, "(3, true)"), Ok("(3, true)".into()));
    assert_eq!(read(&program, "Two", Dialect::JsonSchema, r#"{"b": true, "a": 3}"#), Ok("(3, true)".into()));
    assert_eq!(read(&program, "One", Dialect::JsonSchema, r#"{"a": 3}"#), Ok("3".into()));
}
