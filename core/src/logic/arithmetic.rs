//! Integer terms in normal form: a constant plus multiples of products, so that equal polynomials are one node.

use crate::logic::formula::{Formulas, Id, Node};
use crate::logic::sort::Sort;
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};
use std::collections::BTreeMap;

/// Products with more terms than this stay as they are.
const WIDEST_PRODUCT: usize = 64;

impl Formulas {
    /// An integer.
    pub fn int(&mut self, value: impl Into<BigInt>) -> Id {
        self.intern(Node::Linear(value.into(), Vec::new()), Sort::INT)
    }

    /// The value of an integer literal.
    pub fn as_int(&self, id: Id) -> Option<&BigInt> {
        match self.node(id) {
            Node::Linear(value, terms) if terms.is_empty() => Some(value),
            _ => None,
        }
    }

    /// Constant and multiples: every integer term has them.
    pub fn linear_parts(&self, id: Id) -> (BigInt, Vec<(Id, BigInt)>) {
        match self.node(id) {
            Node::Linear(constant, terms) => (constant.clone(), terms.clone()),
            _ => (BigInt::zero(), vec![(id, BigInt::one())]),
        }
    }

    /// `constant + sum of multiples`; multiples of one term are added up.
    pub fn linear(&mut self, constant: BigInt, terms: impl IntoIterator<Item = (Id, BigInt)>) -> Id {
        let mut sum: BTreeMap<Id, BigInt> = BTreeMap::new();
        for (id, factor) in terms {
            *sum.entry(id).or_default() += factor;
        }
        let terms: Vec<(Id, BigInt)> = sum.into_iter().filter(|(_, factor)| !factor.is_zero()).collect();
        match terms.as_slice() {
            [(id, factor)] if constant.is_zero() && factor.is_one() => *id,
            _ => self.intern(Node::Linear(constant, terms), Sort::INT),
        }
    }

    /// `a + b`
    pub fn add(&mut self, a: Id, b: Id) -> Id {
        let (mut constant, mut terms) = self.linear_parts(a);
        let (more, others) = self.linear_parts(b);
        constant += more;
        terms.extend(others);
        self.linear(constant, terms)
    }

    /// `a - b`
    pub fn sub(&mut self, a: Id, b: Id) -> Id {
        let minus = self.neg(b);
        self.add(a, minus)
    }

    /// `-a`
    pub fn neg(&mut self, a: Id) -> Id {
        self.scale(a, &BigInt::from(-1))
    }

    /// `factor * a`
    pub fn scale(&mut self, a: Id, factor: &BigInt) -> Id {
        let (constant, terms) = self.linear_parts(a);
        self.linear(constant * factor, terms.into_iter().map(|(id, times)| (id, times * factor)))
    }

    /// `a * b`, multiplied out.
    pub fn mul(&mut self, a: Id, b: Id) -> Id {
        if let Some(factor) = self.as_int(a).cloned() {
            return self.scale(b, &factor);
        }
        if let Some(factor) = self.as_int(b).cloned() {
            return self.scale(a, &factor);
        }
        let ((a_constant, a_terms), (b_constant, b_terms)) = (self.linear_parts(a), self.linear_parts(b));
        if (a_terms.len() + 1) * (b_terms.len() + 1) > WIDEST_PRODUCT {
            return self.product(vec![a, b]);
        }
        let mut terms: Vec<(Id, BigInt)> = Vec::new();
        for (x, times) in &a_terms {
            terms.push((*x, times * &b_constant));
            for (y, other) in &b_terms {
                let product = self.product(vec![*x, *y]);
                terms.push((product, times * other));
            }
        }
        terms.extend(b_terms.into_iter().map(|(y, other)| (y, other * &a_constant)));
        self.linear(a_constant * b_constant, terms)
    }

    /// A product of terms that are not sums.
    fn product(&mut self, factors: Vec<Id>) -> Id {
        let mut flat = Vec::new();
        for factor in factors {
            match self.node(factor) {
                Node::Mul(inner) => flat.extend_from_slice(inner),
                _ => flat.push(factor),
            }
        }
        flat.sort_unstable();
        self.intern(Node::Mul(flat), Sort::INT)
    }

    /// Floor division, for divisors of either sign. Unspecified for 0.
    pub fn floor_div(&mut self, a: Id, b: Id) -> Id {
        self.by_sign(b, a, |arena, a, b, _| arena.floor_div_positive(a, b))
    }

    /// The remainder of floor division: the divisor's sign. Unspecified for 0.
    pub fn floor_mod(&mut self, a: Id, b: Id) -> Id {
        self.by_sign(b, a, |arena, a, b, negated| {
            let rest = arena.floor_mod_positive(a, b);
            if negated { arena.neg(rest) } else { rest }
        })
    }

    /// `a / b` is `-a / -b` and `a % b` is `-(-a % -b)`, so one of the two has a divisor above 0.
    fn by_sign(&mut self, b: Id, a: Id, f: impl Fn(&mut Self, Id, Id, bool) -> Id) -> Id {
        let (minus_a, minus_b) = (self.neg(a), self.neg(b));
        match self.as_int(b).map(|value| value.is_positive()) {
            Some(true) => f(self, a, b, false),
            Some(false) => f(self, minus_a, minus_b, true),
            None => {
                let one = self.int(1);
                let short = self.sub(one, b);
                let positive = self.at_most_zero(short);
                let (yes, no) = (f(self, a, b, false), f(self, minus_a, minus_b, true));
                self.ite(positive, yes, no)
            }
        }
    }

    pub(super) fn floor_div_positive(&mut self, a: Id, b: Id) -> Id {
        if let Some(divisor) = self.as_int(b).filter(|divisor| divisor.is_positive()).cloned() {
            let (constant, terms) = self.linear_parts(a);
            // Multiples of the divisor come out: floor((k*x + r) / k) is x + floor(r / k).
            let (mut out, mut rest) = (Vec::new(), Vec::new());
            for (id, factor) in terms {
                let (quotient, remainder) = factor.div_mod_floor(&divisor);
                out.push((id, quotient));
                rest.push((id, remainder));
            }
            let (quotient, remainder) = constant.div_mod_floor(&divisor);
            let rest = self.linear(remainder, rest);
            let inner = match self.as_int(rest) {
                // A remainder below the divisor.
                Some(_) => self.int(0),
                None => self.intern(Node::Div(rest, b), Sort::INT),
            };
            let out = self.linear(quotient, out);
            return self.add(out, inner);
        }
        self.intern(Node::Div(a, b), Sort::INT)
    }

    pub(super) fn floor_mod_positive(&mut self, a: Id, b: Id) -> Id {
        if let Some(divisor) = self.as_int(b).filter(|divisor| divisor.is_positive()).cloned() {
            let (constant, terms) = self.linear_parts(a);
            let reduced = terms.into_iter().map(|(id, factor)| (id, factor.mod_floor(&divisor)));
            let rest = self.linear(constant.mod_floor(&divisor), reduced);
            return match self.as_int(rest) {
                Some(_) => rest,
                None if divisor.is_one() => self.int(0),
                None => self.intern(Node::Mod(rest, b), Sort::INT),
            };
        }
        self.intern(Node::Mod(a, b), Sort::INT)
    }

    /// The quotient that goes with a remainder in normal form.
    pub(super) fn quotient(&mut self, dividend: Id, divisor: Id) -> Id {
        self.intern(Node::Div(dividend, divisor), Sort::INT)
    }

    /// `term <= 0`
    pub fn at_most_zero(&mut self, term: Id) -> Id {
        let (constant, terms) = self.linear_parts(term);
        let Some(divisor) = common_divisor(&terms) else {
            return Formulas::truth(!constant.is_positive());
        };
        // For integers, g*s + k <= 0 says s + ceil(k/g) <= 0.
        let constant = -((-constant).div_floor(&divisor));
        let normal = self.linear(constant, terms.into_iter().map(|(id, factor)| (id, factor / &divisor)));
        self.intern(Node::Le(normal), Sort::BOOL)
    }

    /// `term == 0`
    pub fn is_zero(&mut self, term: Id) -> Id {
        let (constant, terms) = self.linear_parts(term);
        let Some(divisor) = common_divisor(&terms) else {
            return Formulas::truth(constant.is_zero());
        };
        if !constant.is_multiple_of(&divisor) {
            return Id::FALSE;
        }
        let negative = terms.first().is_some_and(|(_, factor)| factor.is_negative());
        let divisor = if negative { -divisor } else { divisor };
        let terms: Vec<(Id, BigInt)> =
            terms.into_iter().map(|(id, factor)| (id, factor / &divisor)).collect();
        let constant = constant / &divisor;
        // A choice between two numbers, compared with a number, is a condition.
        if let [(only, factor)] = terms.as_slice()
            && factor.is_one()
            && let Node::Ite(c, x, y) = self.node(*only).clone()
            && (self.as_int(x).is_some() || self.as_int(y).is_some())
        {
            let offset = self.int(constant);
            let (x, y) = (self.add(x, offset), self.add(y, offset));
            let (x, y) = (self.is_zero(x), self.is_zero(y));
            return self.ite(c, x, y);
        }
        let normal = self.linear(constant, terms);
        self.intern(Node::Zero(normal), Sort::BOOL)
    }

    /// `a <= b`
    pub fn le(&mut self, a: Id, b: Id) -> Id {
        let difference = self.sub(a, b);
        self.at_most_zero(difference)
    }

    /// `a < b`
    pub fn lt(&mut self, a: Id, b: Id) -> Id {
        let one = self.int(1);
        let next = self.add(a, one);
        self.le(next, b)
    }
}

/// The greatest number that divides every factor; `None` when there are no terms.
fn common_divisor(terms: &[(Id, BigInt)]) -> Option<BigInt> {
    terms.iter().map(|(_, factor)| factor.abs()).reduce(|a, b| a.gcd(&b))
}
