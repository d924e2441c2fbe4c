//! Constraints made from documents, held against what the checker and a second opinion say of their sentences.

mod holes;
mod json;
mod ranges;
mod refusals;
mod sentences;
mod shapes;

use std::sync::Arc;

use num_bigint::BigInt;

use super::intset::{IntSet, Interval};
use super::read::{Unread, read};
use super::refine::TextSet;
use super::shape::{Shape, Shapes, Subject, shapes};
use super::{ConstrainError, Dialect, constrain};
use crate::check::check;
use crate::ir::Program;

fn program(declarations: &str) -> Arc<Program> {
    let checked = check(&format!("```spec-ir\n{declarations}\n```\n"));
    assert!(!checked.has_errors(), "{:#?}", checked.diagnostics);
    checked.program
}

/// The shape of `T`, which must leave these residuals.
fn shape_of(declarations: &str, residuals: &[&str]) -> Shape {
    let shapes = shapes(&program(declarations), "T").unwrap();
    let left: Vec<_> = shapes.residuals.iter().map(|residual| residual.predicate.as_str()).collect();
    assert_eq!(left, residuals);
    match shapes.subject {
        Subject::Value(shape) => shape,
        Subject::Arguments(..) => panic!("`T` is a type"),
    }
}

/// Types and a call that use every shape.
const RICH: &str = r#"
type Age = {x: Int | 0 <= x && x <= 150}
type Tree = Leaf | Node(left: Tree, value: Age, right: Tree)
type Form = Circle(radius: Nat) | Box(Int, {n: Int | n < -5 || n > 5}) | Just(Str) | Dot
type Color = {s: Str | s == "red" || s == "a \"b\" \\c" || s == ""}
entity Person {
  name: {s: Str | 1 <= length(s) && length(s) <= 4}
  age: Age
  tags: {t: List Color | length(t) <= 3 && length(t) != 2}
  boss: Option Age
  invariant adult: age >= 18
}
type Ages = {s: Set Age | set_size(s) <= 4}
type Phones = Map {k: Str | 1 <= length(k) && length(k) <= 2} (Option (Set Color))
type Raw = {b: Bytes | bytes_length(b) != 1 && bytes_length(b) < 5}
type Wide = Grows(Set Wide) | Keyed(Map Bool Wide) | Raw(Raw)
type Deep = List (Option (Option (Int * Bool * Unit)))
def pay(who: Person, amount: Nat, tree: Tree, forms: List Form, deep: Deep, yes: {b: Bool | b}, made: Ages * Phones): Int
  requires amount <= 1000 && amount != 13
  = amount
"#;
const TARGETS: [&str; 11] =
    ["Age", "Tree", "Form", "Color", "Person", "Deep", "Ages", "Phones", "Raw", "Wide", "pay"];

/// A small generator (xorshift), so that every run draws the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % n
    }

    fn char(&mut self, from: char, to: char) -> char {
        // Mostly near the low end, sometimes anywhere.
        let width = u32::from(to) - u32::from(from) + 1;
        let width = if self.below(4) > 0 { width.min(90) } else { width };
        let offset = u32::try_from(self.below(usize::try_from(width).unwrap())).unwrap();
        char::from_u32(u32::from(from) + offset).unwrap_or(from)
    }
}
