//! Fractions in normal form: a constant plus multiples of terms that are not themselves sums, so that equal linear
//! terms are one node; and what follows from bounds on them.
//!
//! Nothing here is tightened: between two fractions there is always another. A bound on whole numbers alone is handed
//! over to `arithmetic`, where they are.

use crate::ir::Rational;
use crate::logic::formula::{Formulas, Id, Node};
use crate::logic::sort::Sort;
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::One;
use std::collections::{BTreeMap, BTreeSet};

/// Products with more terms than this stay as they are.
const WIDEST_PRODUCT: usize = 64;
/// Numbers with more bits than this are not multiplied out.
const LONGEST: u64 = 4_096;
/// Bounds before and during elimination.
const MOST_BOUNDS: usize = 250;

/// A sum: its multiples, and its constant.
type Sum = (BTreeMap<Id, Rational>, Rational);

impl Formulas {
    /// A fraction.
    pub fn real(&mut self, value: impl Into<Rational>) -> Id {
        self.intern(Node::RealSum(value.into(), Vec::new()), Sort::REAL)
    }

    /// The value of a literal fraction.
    pub fn as_real(&self, id: Id) -> Option<&Rational> {
        match self.node(id) {
            Node::RealSum(value, terms) if terms.is_empty() => Some(value),
            _ => None,
        }
    }

    /// Constant and multiples: every term of this sort has them.
    fn real_parts(&self, id: Id) -> (Rational, Vec<(Id, Rational)>) {
        match self.node(id) {
            Node::RealSum(constant, terms) => (constant.clone(), terms.clone()),
            _ => (0.into(), vec![(id, 1.into())]),
        }
    }

    /// `constant + sum of multiples`; multiples of one term are added up.
    pub(super) fn real_sum(
        &mut self,
        constant: Rational,
        terms: impl IntoIterator<Item = (Id, Rational)>,
    ) -> Id {
        let mut sum: BTreeMap<Id, Rational> = BTreeMap::new();
        for (id, factor) in terms {
            let before = sum.entry(id).or_insert_with(|| 0.into());
            *before = before.plus(&factor);
        }
        let terms: Vec<(Id, Rational)> = sum.into_iter().filter(|(_, factor)| !factor.is_zero()).collect();
        match terms.as_slice() {
            [(id, factor)] if constant.is_zero() && *factor == 1.into() => *id,
            _ => self.intern(Node::RealSum(constant, terms), Sort::REAL),
        }
    }

    /// `a + b`
    pub fn real_add(&mut self, a: Id, b: Id) -> Id {
        let (constant, mut terms) = self.real_parts(a);
        let (more, others) = self.real_parts(b);
        terms.extend(others);
        self.real_sum(constant.plus(&more), terms)
    }

    /// `factor * a`
    pub fn real_scale(&mut self, a: Id, factor: &Rational) -> Id {
        let (constant, terms) = self.real_parts(a);
        self.real_sum(constant.times(factor), terms.into_iter().map(|(id, times)| (id, times.times(factor))))
    }

    /// `-a`
    pub fn real_neg(&mut self, a: Id) -> Id {
        self.real_scale(a, &(-1).into())
    }

    /// `a - b`
    pub fn real_sub(&mut self, a: Id, b: Id) -> Id {
        let minus = self.real_neg(b);
        self.real_add(a, minus)
    }

    /// `a * b`, multiplied out.
    pub fn real_mul(&mut self, a: Id, b: Id) -> Id {
        for (number, other) in [(a, b), (b, a)] {
            if let Some(factor) = self.as_real(number).cloned() {
                return self.real_scale(other, &factor);
            }
        }
        let ((a_constant, a_terms), (b_constant, b_terms)) = (self.real_parts(a), self.real_parts(b));
        let long = |terms: &[(Id, Rational)]| terms.iter().any(|(_, factor)| factor.bits() > LONGEST);
        if (a_terms.len() + 1) * (b_terms.len() + 1) > WIDEST_PRODUCT || long(&a_terms) || long(&b_terms) {
            return self.real_product(vec![a, b]);
        }
        let mut terms: Vec<(Id, Rational)> = Vec::new();
        for (x, times) in &a_terms {
            terms.push((*x, times.times(&b_constant)));
            for (y, other) in &b_terms {
                let product = self.real_product(vec![*x, *y]);
                terms.push((product, times.times(other)));
            }
        }
        terms.extend(b_terms.into_iter().map(|(y, other)| (y, other.times(&a_constant))));
        self.real_sum(a_constant.times(&b_constant), terms)
    }

    fn real_product(&mut self, factors: Vec<Id>) -> Id {
        let mut flat = Vec::new();
        for factor in factors {
            match self.node(factor) {
                Node::RealMul(inner) => flat.extend_from_slice(inner),
                _ => flat.push(factor),
            }
        }
        flat.sort_unstable();
        self.intern(Node::RealMul(flat), Sort::REAL)
    }

    /// `a / b`, unspecified for 0.
    pub fn real_div(&mut self, a: Id, b: Id) -> Id {
        match self.as_real(b).and_then(|divisor| Rational::from(1).over(divisor)) {
            Some(factor) => self.real_scale(a, &factor),
            None => self.intern(Node::RealDiv(a, b), Sort::REAL),
        }
    }

    /// A whole number as a fraction.
    pub fn to_real(&mut self, whole: Id) -> Id {
        let (constant, terms) = self.linear_parts(whole);
        let terms: Vec<(Id, Rational)> = terms
            .into_iter()
            .map(|(id, factor)| (self.intern(Node::ToReal(id), Sort::REAL), factor.into()))
            .collect();
        self.real_sum(constant.into(), terms)
    }

    /// The greatest whole number that is not above it.
    pub fn floor(&mut self, a: Id) -> Id {
        let (constant, terms) = self.real_parts(a);
        // Whole multiples of whole numbers come out.
        let (mut whole, mut rest) = (Vec::new(), Vec::new());
        for (id, factor) in terms {
            match self.node(id) {
                Node::ToReal(inner) if factor.denominator().is_one() => {
                    whole.push((*inner, factor.numerator().clone()));
                }
                _ => rest.push((id, factor)),
            }
        }
        let out = constant.floor();
        let constant = constant.minus(&out.clone().into());
        let out = self.linear(out, whole);
        if rest.is_empty() {
            return out;
        }
        let rest = self.real_sum(constant, rest);
        let floor = self.intern(Node::Floor(rest), Sort::INT);
        self.add(out, floor)
    }

    /// `a <= b`
    pub fn real_le(&mut self, a: Id, b: Id) -> Id {
        let difference = self.real_sub(a, b);
        self.real_at_most_zero(difference)
    }

    /// `a < b`
    pub fn real_lt(&mut self, a: Id, b: Id) -> Id {
        let other_way = self.real_le(b, a);
        self.not(other_way)
    }

    /// `term <= 0`
    pub fn real_at_most_zero(&mut self, term: Id) -> Id {
        let (constant, terms) = self.real_parts(term);
        let Some((_, first)) = terms.first() else {
            return Formulas::truth(constant <= 0.into());
        };
        if let Some(whole) = self.all_whole(&constant, &terms) {
            return self.at_most_zero(whole);
        }
        let size = if first.is_negative() { first.negated() } else { first.clone() };
        let normal = self.over(constant, terms, &size);
        self.intern(Node::RealLe(normal), Sort::BOOL)
    }

    /// `term == 0`
    pub fn real_is_zero(&mut self, term: Id) -> Id {
        let (constant, terms) = self.real_parts(term);
        let Some((_, first)) = terms.first().cloned() else {
            return Formulas::truth(constant.is_zero());
        };
        if let Some(whole) = self.all_whole(&constant, &terms) {
            return self.is_zero(whole);
        }
        let normal = self.over(constant, terms, &first);
        self.intern(Node::RealZero(normal), Sort::BOOL)
    }

    /// A sum divided by a number that is not 0.
    fn over(&mut self, constant: Rational, terms: Vec<(Id, Rational)>, by: &Rational) -> Id {
        let Some(factor) = Rational::from(1).over(by) else { return self.real_sum(constant, terms) };
        let terms: Vec<(Id, Rational)> =
            terms.into_iter().map(|(id, times)| (id, times.times(&factor))).collect();
        self.real_sum(constant.times(&factor), terms)
    }

    /// A sum of whole numbers alone, times a number above 0 that makes it whole.
    fn all_whole(&mut self, constant: &Rational, terms: &[(Id, Rational)]) -> Option<Id> {
        let mut common = constant.denominator().clone();
        let mut whole: Vec<(Id, &Rational)> = Vec::new();
        for (id, factor) in terms {
            let Node::ToReal(inner) = self.node(*id) else { return None };
            common = common.lcm(factor.denominator());
            whole.push((*inner, factor));
        }
        let times = |number: &Rational| -> BigInt { number.numerator() * (&common / number.denominator()) };
        let terms: Vec<(Id, BigInt)> = whole.into_iter().map(|(id, factor)| (id, times(factor))).collect();
        Some(self.linear(times(constant), terms))
    }

    /// From `term == 0`, an unknown and what it is.
    pub(super) fn real_solved(&mut self, term: Id) -> Option<(Id, Id)> {
        let (_, terms) = self.real_parts(term);
        for (unknown, factor) in &terms {
            let own = self.real_scale(*unknown, factor);
            let rest = self.real_sub(term, own);
            let by = Rational::from(-1).over(factor)?;
            let value = self.real_scale(rest, &by);
            if !self.reachable([value]).contains(unknown) {
                return Some((*unknown, value));
            }
        }
        None
    }
}

/// A bound: the sum is below 0, or at most 0.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Bound {
    sum: Sum,
    strict: bool,
}

/// Whether the bounds on fractions among the formulas have no solution, by Fourier-Motzkin elimination.
pub(super) fn infeasible(formulas: &mut Formulas, kept: &BTreeSet<Id>) -> bool {
    let mut bounds: Vec<Bound> = Vec::new();
    let mut add = |formulas: &mut Formulas, term: Id, strict: bool| {
        let (constant, terms) = formulas.real_parts(term);
        bounds.push(Bound { sum: (terms.into_iter().collect(), constant), strict });
    };
    for id in kept {
        match formulas.node(*id).clone() {
            Node::RealLe(term) => add(formulas, term, false),
            Node::RealZero(term) => {
                let negated = formulas.real_neg(term);
                add(formulas, term, false);
                add(formulas, negated, false);
            }
            Node::Not(inner) => {
                if let Node::RealLe(term) = *formulas.node(inner) {
                    let negated = formulas.real_neg(term);
                    add(formulas, negated, true);
                }
            }
            _ => {}
        }
    }
    if bounds.is_empty() {
        return false;
    }
    // Bounds on whole numbers are bounds on the fractions they are.
    for id in kept {
        if let Node::Le(term) | Node::Zero(term) = *formulas.node(*id) {
            let lifted = formulas.to_real(term);
            let (constant, terms) = formulas.real_parts(lifted);
            let sum: Sum = (terms.into_iter().collect(), constant);
            if let Node::Zero(_) = formulas.node(*id) {
                let minus = |number: &Rational| number.negated();
                let terms = sum.0.iter().map(|(id, factor)| (*id, minus(factor))).collect();
                bounds.push(Bound { sum: (terms, minus(&sum.1)), strict: false });
            }
            bounds.push(Bound { sum, strict: false });
        }
    }
    let squares: BTreeSet<Id> = bounds.iter().flat_map(|bound| bound.sum.0.keys().copied()).collect();
    for id in squares {
        if let Node::RealMul(factors) = formulas.node(id)
            && factors.len() == 2
            && factors.first() == factors.last()
        {
            // A square is not negative.
            bounds.push(Bound { sum: (BTreeMap::from([(id, (-1).into())]), 0.into()), strict: false });
        }
    }
    loop {
        let zero = Rational::from(0);
        let empty = |bound: &&Bound| bound.sum.0.is_empty();
        if bounds.iter().filter(empty).any(|bound| bound.sum.1 > zero || bound.strict && bound.sum.1 == zero)
        {
            return true;
        }
        bounds.retain(|bound| !bound.sum.0.is_empty());
        let long =
            |bound: &Bound| bound.sum.1.bits() > LONGEST || bound.sum.0.values().any(|f| f.bits() > LONGEST);
        if bounds.len() > MOST_BOUNDS || bounds.iter().any(long) {
            return false;
        }
        let Some(unknown) = cheapest(&bounds) else { return false };
        let (with, without): (Vec<Bound>, Vec<Bound>) =
            bounds.into_iter().partition(|bound| bound.sum.0.contains_key(&unknown));
        bounds = without;
        let negative = |bound: &&Bound| bound.sum.0.get(&unknown).is_some_and(|factor| factor.is_negative());
        let (below, above): (Vec<&Bound>, Vec<&Bound>) = with.iter().partition(negative);
        for upper in &above {
            for lower in &below {
                let made = combined(upper, lower, unknown);
                bounds.extend(made.filter(|made| !bounds.contains(made)));
            }
        }
    }
}

/// The unknown whose elimination makes the fewest new bounds.
fn cheapest(bounds: &[Bound]) -> Option<Id> {
    let mut counts: BTreeMap<Id, (usize, usize)> = BTreeMap::new();
    for bound in bounds {
        for (id, factor) in &bound.sum.0 {
            let count = counts.entry(*id).or_default();
            if factor.is_negative() { count.1 += 1 } else { count.0 += 1 }
        }
    }
    counts.into_iter().min_by_key(|(_, (above, below))| above * below).map(|(id, _)| id)
}

/// The sum of two bounds, each divided by the size of its factor, in which `unknown` cancels.
fn combined(upper: &Bound, lower: &Bound, unknown: Id) -> Option<Bound> {
    let a = Rational::from(1).over(upper.sum.0.get(&unknown)?)?;
    let b = Rational::from(-1).over(lower.sum.0.get(&unknown)?)?;
    let mut terms: BTreeMap<Id, Rational> = BTreeMap::new();
    for (bound, by) in [(upper, &a), (lower, &b)] {
        for (id, factor) in &bound.sum.0 {
            let before = terms.entry(*id).or_insert_with(|| 0.into());
            *before = before.plus(&factor.times(by));
        }
    }
    terms.retain(|_, factor| !factor.is_zero());
    let constant = upper.sum.1.times(&a).plus(&lower.sum.1.times(&b));
    Some(Bound { sum: (terms, constant), strict: upper.strict || lower.strict })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;
    use crate::logic::tableau;
    use std::collections::HashMap;

    /// What the unknowns are: two fractions and a whole number.
    type Sample = [Rational; 3];

    fn samples(dice: &mut Dice) -> Vec<Sample> {
        let mut small = |below: usize| {
            Rational::new((dice.roll(13) as i64 - 6).into(), (1 + dice.roll(below) as i64).into()).unwrap()
        };
        (0..60).map(|_| [small(3), small(3), small(1)]).collect()
    }

    struct Built {
        f: Formulas,
        unknowns: [Id; 3],
    }

    /// A term and its values; `None` where something is divided by 0.
    type Term = (Id, Vec<Option<Rational>>);

    impl Built {
        fn new() -> Self {
            let mut f = Formulas::new();
            let unknowns = [f.fresh(Sort::REAL), f.fresh(Sort::REAL), f.fresh(Sort::INT)];
            Built { f, unknowns }
        }

        fn term(&mut self, dice: &mut Dice, samples: &[Sample], depth: usize) -> Term {
            let each = |value: &dyn Fn(&Sample) -> Rational| samples.iter().map(|s| Some(value(s))).collect();
            match if depth == 0 { dice.roll(4) } else { dice.roll(9) } {
                0 => {
                    let value =
                        Rational::new((dice.roll(9) as i64 - 4).into(), (1 + dice.roll(3) as i64).into());
                    let value = value.unwrap();
                    (self.f.real(value.clone()), each(&|_| value.clone()))
                }
                place @ (1 | 2) => (self.unknowns[place - 1], each(&|s| s[place - 1].clone())),
                3 => {
                    let whole = self.unknowns[2];
                    (self.f.to_real(whole), each(&|s| s[2].clone()))
                }
                8 => {
                    let (id, values) = self.term(dice, samples, depth - 1);
                    let floor = self.f.floor(id);
                    (self.f.to_real(floor), values.into_iter().map(|v| v.map(|v| v.floor().into())).collect())
                }
                op => {
                    let (a, xs) = self.term(dice, samples, depth - 1);
                    let (b, ys) = self.term(dice, samples, depth - 1);
                    let id = match op {
                        4 => self.f.real_add(a, b),
                        5 => self.f.real_sub(a, b),
                        6 => self.f.real_mul(a, b),
                        _ => self.f.real_div(a, b),
                    };
                    let value = |x: Rational, y: Rational| match op {
                        4 => Some(x.plus(&y)),
                        5 => Some(x.minus(&y)),
                        6 => Some(x.times(&y)),
                        _ => x.over(&y),
                    };
                    (id, xs.into_iter().zip(ys).map(|(x, y)| value(x?, y?)).collect())
                }
            }
        }

        fn truth(&mut self, dice: &mut Dice, samples: &[Sample], depth: usize) -> (Id, Vec<Option<bool>>) {
            let (a, xs) = self.term(dice, samples, depth);
            let (b, ys) = self.term(dice, samples, depth);
            let (op, negated) = (dice.roll(3), dice.roll(2) == 0);
            let id = match op {
                0 => self.f.real_le(a, b),
                1 => self.f.real_lt(a, b),
                _ => self.f.eq(a, b),
            };
            let id = if negated { self.f.not(id) } else { id };
            let value = |x: Rational, y: Rational| match op {
                0 => x <= y,
                1 => x < y,
                _ => x == y,
            };
            let values = xs.into_iter().zip(ys).map(|(x, y)| Some(value(x?, y?) != negated));
            (id, values.collect())
        }

        fn put(&mut self, root: Id, sample: &Sample) -> Id {
            let whole = self.f.int(sample[2].floor());
            let values = [self.f.real(sample[0].clone()), self.f.real(sample[1].clone()), whole];
            self.f.replace(root, &self.unknowns.into_iter().zip(values).collect::<HashMap<Id, Id>>())
        }
    }

    #[test]
    fn a_normal_form_means_what_was_built() {
        let mut dice = Dice(11);
        let mut compared = 0;
        for _ in 0..1_500 {
            let mut built = Built::new();
            let samples = samples(&mut dice);
            let (term, numbers) = built.term(&mut dice, &samples, 3);
            let (claim, truths) = built.truth(&mut dice, &samples, 2);
            for (place, sample) in samples.iter().enumerate().take(6) {
                if let Some(number) = &numbers[place] {
                    let found = built.put(term, sample);
                    assert_eq!(built.f.as_real(found), Some(number));
                }
                if let Some(truth) = truths[place] {
                    assert_eq!(built.put(claim, sample), Formulas::truth(truth));
                    compared += 1;
                }
            }
        }
        assert!(compared > 5_000, "{compared}");
    }

    #[test]
    fn a_contradiction_has_no_model() {
        let mut dice = Dice(12);
        let mut found = 0;
        for _ in 0..6_000 {
            let mut built = Built::new();
            let samples = samples(&mut dice);
            let all: Vec<(Id, Vec<Option<bool>>)> =
                (0..2 + dice.roll(4)).map(|_| built.truth(&mut dice, &samples, 1)).collect();
            let ids: Vec<Id> = all.iter().map(|(id, _)| *id).collect();
            if !tableau::contradict(&mut built.f, &ids) {
                continue;
            }
            found += 1;
            for place in 0..samples.len() {
                let holds = all.iter().all(|(_, truths)| truths[place] == Some(true));
                assert!(!holds, "{:?} is a model", samples[place]);
            }
        }
        assert!(found > 300, "{found}");
    }

    #[test]
    fn fractions_lie_between_whole_numbers_and_bounds_on_whole_numbers_alone_are_tightened() {
        let mut f = Formulas::new();
        let (x, n) = (f.fresh(Sort::REAL), f.fresh(Sort::INT));
        let (zero, one) = (f.real(0), f.real(1));
        let between = [f.real_lt(zero, x), f.real_lt(x, one)];
        assert!(!tableau::contradict(&mut f, &between));
        let n = f.to_real(n);
        let whole = [f.real_lt(zero, n), f.real_lt(n, one)];
        assert!(tableau::contradict(&mut f, &whole));
        let never = [f.real_lt(x, zero), f.real_le(zero, x)];
        assert!(tableau::contradict(&mut f, &never));
        let transitive = [f.real_lt(x, n), f.real_le(n, zero), f.real_le(zero, x)];
        assert!(tableau::contradict(&mut f, &transitive));
    }
}
