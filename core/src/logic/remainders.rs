//! What solvers do not find by themselves about quotients and remainders.

use crate::logic::formula::{Formulas, Id, Node};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};
use std::collections::{BTreeMap, BTreeSet};

/// By dividend: the numbers it is divided by.
pub(super) type Divided = BTreeMap<Id, BTreeSet<BigInt>>;

/// Remainders of products are worked out for divisors up to this.
const LARGEST_DIVISOR: u32 = 12;
/// And for products of at most so many different unknowns.
const MOST_UNKNOWNS: usize = 2;

/// What holds of `dividend / divisor` and `dividend % divisor`, given what else has been divided.
pub(super) fn facts(f: &mut Formulas, dividend: Id, divisor: Id, divided: &mut Divided) -> Vec<Id> {
    let Some(number) = f.as_int(divisor).cloned() else { return vec![by_unknown(f, dividend, divisor)] };
    if !number.is_positive() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let others = divided.entry(dividend).or_default();
    if others.insert(number.clone()) {
        for other in others.clone() {
            let (small, large) = if other < number { (&other, &number) } else { (&number, &other) };
            if small != large && large.is_multiple_of(small) {
                found.push(coarser(f, dividend, small, large));
            }
        }
        found.extend(of_product(f, dividend, divisor, &number));
    }
    found
}

/// For a divisor above 0, the dividend is the quotient times the divisor and a rest below it.
fn by_unknown(f: &mut Formulas, dividend: Id, divisor: Id) -> Id {
    let (quotient, rest) = (f.floor_div_positive(dividend, divisor), f.floor_mod_positive(dividend, divisor));
    let zero = f.int(0);
    let positive = f.lt(zero, divisor);
    let multiple = f.mul(divisor, quotient);
    let whole = f.add(multiple, rest);
    let (sum, low, high) = (f.eq(dividend, whole), f.le(zero, rest), f.lt(rest, divisor));
    let all = f.and(vec![sum, low, high]);
    f.implies(positive, all)
}

/// If `small` divides `large`, then `x % small` is `(x % large) % small`.
fn coarser(f: &mut Formulas, dividend: Id, small: &BigInt, large: &BigInt) -> Id {
    let (small, large) = (f.int(small.clone()), f.int(large.clone()));
    let (coarse, fine) = (f.floor_mod_positive(dividend, small), f.floor_mod_positive(dividend, large));
    let again = f.floor_mod_positive(fine, small);
    f.eq(coarse, again)
}

/// The remainder of a polynomial follows from the remainders of its unknowns: one case for each.
fn of_product(f: &mut Formulas, dividend: Id, divisor: Id, number: &BigInt) -> Vec<Id> {
    let (constant, terms) = f.linear_parts(dividend);
    let is_product = |f: &Formulas, id: Id| matches!(f.node(id), Node::Mul(_));
    if !terms.iter().any(|(id, _)| is_product(f, *id)) {
        return Vec::new();
    }
    let Some(cases) = number.to_u32().filter(|number| *number <= LARGEST_DIVISOR) else { return Vec::new() };
    let factors = |f: &Formulas, id: Id| match f.node(id) {
        Node::Mul(factors) => factors.clone(),
        _ => vec![id],
    };
    let unknowns: BTreeSet<Id> = terms.iter().flat_map(|(id, _)| factors(f, *id)).collect();
    if unknowns.len() > MOST_UNKNOWNS {
        return Vec::new();
    }
    let unknowns: Vec<Id> = unknowns.into_iter().collect();
    let rest = f.floor_mod_positive(dividend, divisor);
    let quotient = f.floor_div_positive(dividend, divisor);
    let multiple = f.scale(quotient, number);
    let whole = f.add(multiple, rest);
    let mut found = vec![f.eq(dividend, whole)];
    let mut total: Vec<Vec<u32>> = vec![Vec::new()];
    for _ in &unknowns {
        total =
            total.iter().flat_map(|row| (0..cases).map(|rest| [row.as_slice(), &[rest]].concat())).collect();
    }
    for row in total {
        let mut value = constant.clone();
        for (id, factor) in &terms {
            let product = factors(f, *id).into_iter().fold(BigInt::one(), |product, unknown| {
                let place = unknowns.iter().position(|other| *other == unknown);
                product * place.and_then(|place| row.get(place)).copied().unwrap_or(0)
            });
            value += factor * product;
        }
        let mut case = Vec::new();
        for (unknown, rest) in unknowns.iter().zip(&row) {
            let own = f.floor_mod_positive(*unknown, divisor);
            let rest = f.int(*rest);
            case.push(f.eq(own, rest));
        }
        let case = f.and(case);
        let value = f.int(value.mod_floor(number));
        let outcome = f.eq(rest, value);
        found.push(f.implies(case, outcome));
    }
    // One of the cases is the case.
    for unknown in unknowns {
        let own = f.floor_mod_positive(unknown, divisor);
        let mut cases_of_one = Vec::new();
        for rest in 0..cases {
            let rest = f.int(rest);
            cases_of_one.push(f.eq(own, rest));
        }
        found.push(f.or(cases_of_one));
    }
    debug_assert!(!number.is_zero());
    found
}
