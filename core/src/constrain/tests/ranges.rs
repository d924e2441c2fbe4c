//! What predicates about integers become, held against the same predicate in Rust.

use super::*;

fn holds_exactly(predicate: &str, meaning: impl Fn(i64) -> bool) {
    let Shape::Int(set) = shape_of(&format!("type T = {{x: Int | {predicate}}}"), &[]) else { panic!() };
    for n in -200..=200 {
        assert_eq!(set.contains(&BigInt::from(n)), meaning(n), "{n} of {predicate}: {set:?}");
    }
}

#[test]
fn comparisons_with_constants_are_exact() {
    holds_exactly("0 <= x && x <= 150", |x| (0..=150).contains(&x));
    holds_exactly("x < -3 || x > 7", |x| !(-3..=7).contains(&x));
    holds_exactly("x != 0", |x| x != 0);
    holds_exactly("!(x == 5)", |x| x != 5);
    holds_exactly("x == 1 || x == 2 || x == 9", |x| [1, 2, 9].contains(&x));
    holds_exactly("x > 3 ==> x > 10", |x| x <= 3 || x > 10);
    holds_exactly("x >= 0 <=> x <= 12", |x| (x >= 0) == (x <= 12));
    holds_exactly("true", |_| true);
    holds_exactly("x <= 100 && (x != 50 && !(x < 0))", |x| (0..=100).contains(&x) && x != 50);
}

#[test]
fn linear_expressions_are_solved_with_exact_rounding() {
    holds_exactly("3 * x + 1 <= 10", |x| 3 * x < 10);
    holds_exactly("3 * x - 1 >= 10", |x| 3 * x > 10);
    holds_exactly("-7 * x < 20", |x| -7 * x < 20);
    holds_exactly("-7 * x > 20", |x| -7 * x > 20);
    holds_exactly("10 - x >= x", |x| 10 - x >= x);
    holds_exactly("2 * x == 7 || x == 1", |x| x == 1);
    holds_exactly("2 * x == -14", |x| x == -7);
    holds_exactly("2 * (x - 3) != 8", |x| x != 7);
    holds_exactly("x * 0 <= 1 - 1", |_| true);
    holds_exactly("5 * 4 < x - 2 * 3", |x| 20 < x - 6);
    holds_exactly("1_000 - 900 > x", |x| x < 100);
}

#[test]
fn nested_and_named_refinements_add_up() {
    let shape = shape_of("type Small = {x: Nat | x < 100}\ntype T = {x: Small | x != 7}", &[]);
    let wanted =
        IntSet::range(Some(0.into()), Some(6.into())).union(&IntSet::range(Some(8.into()), Some(99.into())));
    assert_eq!(shape, Shape::Int(wanted));
}

#[test]
fn what_is_not_understood_is_left_over_word_for_word_and_the_rest_stays_exact() {
    let shape =
        shape_of("type T = {x: Int | 0 <= x && x % 2 == 1 && x * x < 900}", &["x % 2 == 1", "x * x < 900"]);
    assert_eq!(shape, Shape::Int(IntSet::at_least(0)));
    let shape = shape_of("type T = {x: Int | x % 2 == 1 || x < 3}", &["x % 2 == 1 || x < 3"]);
    assert_eq!(shape, Shape::Int(IntSet::all()));
    let shape = shape_of("type T = {x: Int | x >= 3 && is_even(x)}", &["is_even(x)"]);
    assert_eq!(shape, Shape::Int(IntSet::at_least(3)));
}

#[test]
fn numbers_of_hundreds_of_digits_are_left_over_and_not_spelt() {
    let huge = "9".repeat(400);
    let shape = shape_of(&format!("type T = {{x: Int | x < {huge} && x > 0}}"), &[&format!("x < {huge}")]);
    assert_eq!(shape, Shape::Int(IntSet::at_least(1)));
}
