//! Laws of the arena and of the first tier, on random formulas: normal forms mean what was built, and a
//! contradiction has no model.

use crate::dice::Dice;
use crate::logic::formula::{Formulas, Id, Node, Symbol};
use crate::logic::sort::Sort;
use crate::logic::tableau;
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, Zero};
use std::collections::HashMap;

/// What is built, before any normal form.
#[derive(Debug, Clone)]
enum Raw {
    Number(i64),
    Unknown(usize),
    Add(Box<Raw>, Box<Raw>),
    Sub(Box<Raw>, Box<Raw>),
    Mul(Box<Raw>, Box<Raw>),
    Div(Box<Raw>, Box<Raw>),
    Mod(Box<Raw>, Box<Raw>),
    Choice(Box<Truth>, Box<Raw>, Box<Raw>),
}

#[derive(Debug, Clone)]
enum Truth {
    Flag(usize),
    Le(Raw, Raw),
    Lt(Raw, Raw),
    Eq(Raw, Raw),
    Not(Box<Truth>),
    And(Box<Truth>, Box<Truth>),
    Or(Box<Truth>, Box<Truth>),
    Implies(Box<Truth>, Box<Truth>),
    Iff(Box<Truth>, Box<Truth>),
    Choice(Box<Truth>, Box<Truth>, Box<Truth>),
}

const UNKNOWNS: usize = 3;
const FLAGS: usize = 2;

fn raw(dice: &mut Dice, depth: usize) -> Raw {
    let inner = |dice: &mut Dice| Box::new(raw(dice, depth - 1));
    match if depth == 0 { dice.roll(2) } else { dice.roll(9) } {
        0 => Raw::Number(dice.roll(9) as i64 - 4),
        1 | 2 => Raw::Unknown(dice.roll(UNKNOWNS)),
        3 => Raw::Add(inner(dice), inner(dice)),
        4 => Raw::Sub(inner(dice), inner(dice)),
        5 => Raw::Mul(inner(dice), inner(dice)),
        6 => Raw::Div(inner(dice), inner(dice)),
        7 => Raw::Mod(inner(dice), inner(dice)),
        _ => Raw::Choice(Box::new(truth(dice, depth - 1)), inner(dice), inner(dice)),
    }
}

fn truth(dice: &mut Dice, depth: usize) -> Truth {
    let inner = |dice: &mut Dice| Box::new(truth(dice, depth - 1));
    match if depth == 0 { dice.roll(4) } else { dice.roll(10) } {
        0 => Truth::Flag(dice.roll(FLAGS)),
        1 => Truth::Le(raw(dice, depth.min(2)), raw(dice, depth.min(2))),
        2 => Truth::Lt(raw(dice, depth.min(2)), raw(dice, depth.min(2))),
        3 => Truth::Eq(raw(dice, depth.min(2)), raw(dice, depth.min(2))),
        4 => Truth::Not(inner(dice)),
        5 => Truth::And(inner(dice), inner(dice)),
        6 => Truth::Or(inner(dice), inner(dice)),
        7 => Truth::Implies(inner(dice), inner(dice)),
        8 => Truth::Iff(inner(dice), inner(dice)),
        _ => Truth::Choice(inner(dice), inner(dice), inner(dice)),
    }
}

type Values = (Vec<i64>, Vec<bool>);

/// The meaning; `None` where something is divided by 0.
fn number(raw: &Raw, values: &Values) -> Option<BigInt> {
    let of = |raw: &Raw| number(raw, values);
    Some(match raw {
        Raw::Number(value) => BigInt::from(*value),
        Raw::Unknown(place) => BigInt::from(values.0[*place]),
        Raw::Add(a, b) => of(a)? + of(b)?,
        Raw::Sub(a, b) => of(a)? - of(b)?,
        Raw::Mul(a, b) => of(a)? * of(b)?,
        Raw::Div(a, b) => {
            let (a, b) = (of(a)?, of(b)?);
            if b.is_zero() {
                return None;
            }
            a.div_floor(&b)
        }
        Raw::Mod(a, b) => {
            let (a, b) = (of(a)?, of(b)?);
            if b.is_zero() {
                return None;
            }
            a.mod_floor(&b)
        }
        Raw::Choice(c, a, b) => {
            // Both sides must mean something: formulas have no order of evaluation.
            let (a, b) = (of(a)?, of(b)?);
            if holds(c, values)? { a } else { b }
        }
    })
}

fn holds(truth: &Truth, values: &Values) -> Option<bool> {
    let of = |truth: &Truth| holds(truth, values);
    let n = |raw: &Raw| number(raw, values);
    Some(match truth {
        Truth::Flag(place) => values.1[*place],
        Truth::Le(a, b) => n(a)? <= n(b)?,
        Truth::Lt(a, b) => n(a)? < n(b)?,
        Truth::Eq(a, b) => n(a)? == n(b)?,
        Truth::Not(a) => !of(a)?,
        Truth::And(a, b) => of(a)? & of(b)?,
        Truth::Or(a, b) => of(a)? | of(b)?,
        Truth::Implies(a, b) => !of(a)? | of(b)?,
        Truth::Iff(a, b) => of(a)? == of(b)?,
        Truth::Choice(c, a, b) => {
            let (a, b) = (of(a)?, of(b)?);
            if of(c)? { a } else { b }
        }
    })
}

struct Built {
    formulas: Formulas,
    unknowns: Vec<Id>,
    flags: Vec<Id>,
}

impl Built {
    fn new() -> Self {
        let mut formulas = Formulas::new();
        let unknowns = (0..UNKNOWNS).map(|_| formulas.fresh(Sort::INT)).collect();
        let flags = (0..FLAGS).map(|_| formulas.fresh(Sort::BOOL)).collect();
        Built { formulas, unknowns, flags }
    }

    fn number(&mut self, raw: &Raw) -> Id {
        let two = |this: &mut Self, a: &Raw, b: &Raw| (this.number(a), this.number(b));
        match raw {
            Raw::Number(value) => self.formulas.int(*value),
            Raw::Unknown(place) => self.unknowns[*place],
            Raw::Add(a, b) => {
                let (a, b) = two(self, a, b);
                self.formulas.add(a, b)
            }
            Raw::Sub(a, b) => {
                let (a, b) = two(self, a, b);
                self.formulas.sub(a, b)
            }
            Raw::Mul(a, b) => {
                let (a, b) = two(self, a, b);
                self.formulas.mul(a, b)
            }
            Raw::Div(a, b) => {
                let (a, b) = two(self, a, b);
                self.formulas.floor_div(a, b)
            }
            Raw::Mod(a, b) => {
                let (a, b) = two(self, a, b);
                self.formulas.floor_mod(a, b)
            }
            Raw::Choice(c, a, b) => {
                let c = self.truth(c);
                let (a, b) = two(self, a, b);
                self.formulas.ite(c, a, b)
            }
        }
    }

    fn truth(&mut self, truth: &Truth) -> Id {
        match truth {
            Truth::Flag(place) => self.flags[*place],
            Truth::Le(a, b) => {
                let (a, b) = (self.number(a), self.number(b));
                self.formulas.le(a, b)
            }
            Truth::Lt(a, b) => {
                let (a, b) = (self.number(a), self.number(b));
                self.formulas.lt(a, b)
            }
            Truth::Eq(a, b) => {
                let (a, b) = (self.number(a), self.number(b));
                self.formulas.eq(a, b)
            }
            Truth::Not(a) => {
                let a = self.truth(a);
                self.formulas.not(a)
            }
            Truth::And(a, b) => {
                let (a, b) = (self.truth(a), self.truth(b));
                self.formulas.and2(a, b)
            }
            Truth::Or(a, b) => {
                let (a, b) = (self.truth(a), self.truth(b));
                self.formulas.or(vec![a, b])
            }
            Truth::Implies(a, b) => {
                let (a, b) = (self.truth(a), self.truth(b));
                self.formulas.implies(a, b)
            }
            Truth::Iff(a, b) => {
                let (a, b) = (self.truth(a), self.truth(b));
                self.formulas.iff(a, b)
            }
            Truth::Choice(c, a, b) => {
                let (c, a, b) = (self.truth(c), self.truth(a), self.truth(b));
                self.formulas.ite(c, a, b)
            }
        }
    }

    /// With numbers and truth values for the unknowns, what is left must be a literal.
    fn put(&mut self, root: Id, values: &Values) -> Id {
        let mut map: HashMap<Id, Id> = HashMap::new();
        for (unknown, value) in self.unknowns.clone().into_iter().zip(&values.0) {
            map.insert(unknown, self.formulas.int(*value));
        }
        for (flag, value) in self.flags.clone().into_iter().zip(&values.1) {
            map.insert(flag, Formulas::truth(*value));
        }
        self.formulas.replace(root, &map)
    }
}

fn some_values(dice: &mut Dice) -> Values {
    let numbers = (0..UNKNOWNS).map(|_| dice.roll(13) as i64 - 6).collect();
    (numbers, (0..FLAGS).map(|_| dice.roll(2) == 0).collect())
}

#[test]
fn a_normal_form_means_what_was_built() {
    let mut dice = Dice(1);
    let mut compared = 0;
    for _ in 0..4_000 {
        let mut built = Built::new();
        let claim = truth(&mut dice, 3);
        let formula = built.truth(&claim);
        for _ in 0..4 {
            let values = some_values(&mut dice);
            let Some(expected) = holds(&claim, &values) else { continue };
            let found = built.put(formula, &values);
            assert_eq!(found, Formulas::truth(expected), "{claim:?} at {values:?}");
            compared += 1;
        }
    }
    assert!(compared > 8_000, "{compared}");
}

#[test]
fn numbers_in_normal_form_are_the_numbers_built() {
    let mut dice = Dice(2);
    for _ in 0..4_000 {
        let mut built = Built::new();
        let term = raw(&mut dice, 4);
        let formula = built.number(&term);
        let values = some_values(&mut dice);
        if let Some(expected) = number(&term, &values) {
            let found = built.put(formula, &values);
            assert_eq!(built.formulas.as_int(found), Some(&expected), "{term:?} at {values:?}");
        }
    }
}

#[test]
fn a_contradiction_has_no_model() {
    let mut dice = Dice(3);
    let (mut contradictions, mut satisfiable) = (0, 0);
    for _ in 0..1_500 {
        let mut built = Built::new();
        let claims: Vec<Truth> = (0..1 + dice.roll(4)).map(|_| truth(&mut dice, 2)).collect();
        let formulas: Vec<Id> = claims.iter().map(|claim| built.truth(claim)).collect();
        if !tableau::contradict(&mut built.formulas, &formulas) {
            satisfiable += 1;
            continue;
        }
        contradictions += 1;
        for code in 0..7i64.pow(UNKNOWNS as u32) * (1 << FLAGS) {
            let (mut rest, mut numbers) = (code, Vec::new());
            for _ in 0..UNKNOWNS {
                numbers.push(rest % 7 - 3);
                rest /= 7;
            }
            let values = (numbers, (0..FLAGS).map(|bit| rest >> bit & 1 == 1).collect());
            let all = claims.iter().all(|claim| holds(claim, &values) == Some(true));
            assert!(!all, "{claims:?} has the model {values:?}");
        }
    }
    assert!(contradictions > 100 && satisfiable > 100, "{contradictions} {satisfiable}");
}

/// What follows is found often enough to be of use: every one of these is.
#[test]
fn everyday_arithmetic_needs_no_solver() {
    let mut f = Formulas::new();
    let (x, y, low, high) = (f.fresh(Sort::INT), f.fresh(Sort::INT), f.fresh(Sort::INT), f.fresh(Sort::INT));
    let zero = f.int(0);
    let ordered = f.le(low, high);
    let below = f.lt(x, low);
    let above = f.lt(high, x);
    let inner = f.ite(above, high, x);
    let clamped = f.ite(below, low, inner);
    let (from, to) = (f.le(low, clamped), f.le(clamped, high));
    assert!(tableau::follows(&mut f, &[ordered], from));
    assert!(tableau::follows(&mut f, &[ordered], to));
    assert!(!tableau::follows(&mut f, &[], to));
    let two = f.int(2);
    let half = f.floor_div(x, two);
    let twice = f.add(half, half);
    let at_most = f.le(twice, x);
    assert!(tableau::follows(&mut f, &[], at_most));
    let negative = f.lt(x, zero);
    let minus = f.neg(x);
    let absolute = f.ite(negative, minus, x);
    let not_negative = f.le(zero, absolute);
    assert!(tableau::follows(&mut f, &[], not_negative));
    let product = f.mul(x, y);
    let other = f.mul(y, x);
    assert_eq!(product, other);
    assert!(matches!(f.node(product), Node::Mul(_)));
    assert!(BigInt::from(-7).mod_floor(&BigInt::from(2)).is_positive());
}

/// Binding, opening and substituting: nothing is captured, names do not matter.
#[test]
fn bound_variables_are_never_captured() {
    let mut f = Formulas::new();
    let (x, y, z) = (f.fresh(Sort::INT), f.fresh(Sort::INT), f.fresh(Sort::INT));
    let below = f.lt(x, y);
    let some_y = f.exists(&[y], below);
    let other = f.lt(x, z);
    let some_z = f.exists(&[z], other);
    assert_eq!(some_y, some_z, "a bound variable's name is no part of a formula");
    // (exists y. x < y)[x := y] is not (exists y. y < y).
    let moved = f.replace(some_y, &HashMap::from([(x, y)]));
    let captured = f.lt(y, y);
    let captured = f.exists(&[y], captured);
    assert_ne!(moved, captured);
    let fresh = f.lt(y, z);
    let expected = f.exists(&[z], fresh);
    assert_eq!(moved, expected);
    // A function that returns a quantified formula, applied under a quantifier.
    let function = f.closure(x, some_y, Id::TRUE);
    let w = f.fresh(Sort::INT);
    let applied = f.apply(function, w);
    let all = f.forall(&[w], applied);
    let outer = f.lt(w, z);
    let inner = f.exists(&[z], outer);
    let same = f.forall(&[w], inner);
    assert_eq!(all, same);
}

/// Two formulas that are false somewhere are false at witnesses of their own, also when it is known that both are.
#[test]
fn witnesses_of_different_formulas_are_different() {
    let mut f = Formulas::new();
    let x = f.fresh(Sort::INT);
    let (zero, one) = (f.int(0), f.int(1));
    let mut assertions = Vec::new();
    for body in [f.le(x, zero), f.le(one, x)] {
        let all = f.forall(&[x], body);
        let Node::Forall(scope) = f.node(all).clone() else { panic!("{body:?} is not quantified") };
        let witness = f.app(Symbol::Skolem(scope.clone(), 0), Vec::new(), Sort::INT);
        let there = f.instantiate(&scope, &[witness])[0];
        assertions.push(f.not(all));
        assertions.push(f.implies(there, all));
    }
    assert!(!tableau::contradict(&mut f, &assertions));
}
