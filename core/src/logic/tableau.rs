//! The first tier: a small decision procedure that needs no solver, so that the browser has proofs of its own.
//!
//! It shows that formulas contradict each other, by substituting what is known into everything else (the smart
//! constructors do the rest), by Fourier-Motzkin elimination over the linear bounds, and by trying both sides of
//! a condition a bounded number of times. It answers *contradiction* or *don't know*; each step replaces
//! formulas by ones that follow from them, so a contradiction is real.

use crate::logic::formula::{Formulas, Id, Node, StrOp};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Conditions tried in all.
const MOST_SPLITS: usize = 60;
/// Nodes looked at in all: what this costs at most.
const MOST_WORK: usize = 150_000;
/// Linear bounds before and during elimination.
const MOST_BOUNDS: usize = 250;

/// Whether `goal` follows from `hypotheses`; `false` also when that could not be found out.
pub fn follows(formulas: &mut Formulas, hypotheses: &[Id], goal: Id) -> bool {
    let denied = formulas.not(goal);
    let all: Vec<Id> = hypotheses.iter().copied().chain([denied]).collect();
    contradict(formulas, &all)
}

/// Whether the formulas contradict each other; `false` also when that could not be found out.
pub fn contradict(formulas: &mut Formulas, assertions: &[Id]) -> bool {
    let mut budget = Budget { splits: MOST_SPLITS, work: MOST_WORK };
    let mut branch = Branch::default();
    branch.open.extend(assertions.iter().copied());
    branch.closes(formulas, &mut budget)
}

struct Budget {
    splits: usize,
    work: usize,
}

impl Budget {
    fn spend(&mut self, work: usize) -> bool {
        self.work = self.work.saturating_sub(work);
        self.work > 0
    }
}

/// Formulas that all hold: those not yet looked at, and those that are kept.
#[derive(Clone, Default)]
struct Branch {
    open: BTreeSet<Id>,
    /// Bounds (`Le`), equations that define nothing, disjunctions, choices.
    kept: BTreeSet<Id>,
}

impl Branch {
    /// Whether there is a contradiction on every side.
    fn closes(mut self, formulas: &mut Formulas, budget: &mut Budget) -> bool {
        if !self.settle(formulas, budget) {
            return true;
        }
        if budget.work == 0 {
            return false;
        }
        if infeasible(formulas, &self.kept) || crate::logic::reals::infeasible(formulas, &self.kept) {
            return true;
        }
        if budget.splits == 0 {
            return false;
        }
        let Some(condition) = self.condition(formulas) else { return false };
        budget.splits -= 1;
        [true, false].into_iter().all(|value| {
            let mut side = self.clone();
            side.decide(formulas, budget, condition, value);
            let known = if value { condition } else { formulas.not(condition) };
            side.open.insert(known);
            side.closes(formulas, budget)
        })
    }

    /// Uses every unit until there is none left. `false` when a contradiction turned up.
    fn settle(&mut self, formulas: &mut Formulas, budget: &mut Budget) -> bool {
        while let Some(next) = self.open.pop_first() {
            if budget.work == 0 {
                // Out of budget: whatever is left is not used, which loses nothing but proofs.
                return true;
            }
            match formulas.node(next).clone() {
                Node::Bool(true) => {}
                Node::Bool(false) => return false,
                Node::And(items) => self.open.extend(items),
                Node::Or(_) | Node::Ite(..) | Node::Iff(..) => {
                    self.kept.insert(next);
                }
                Node::Le(_) | Node::RealLe(_) => {
                    self.decide(formulas, budget, next, true);
                    self.kept.insert(next);
                }
                Node::RealZero(term) => match formulas.real_solved(term) {
                    Some((unknown, value)) => self.substitute(formulas, budget, &[(unknown, value)]),
                    None => {
                        self.decide(formulas, budget, next, true);
                        self.kept.insert(next);
                    }
                },
                Node::Zero(term) => match solved(formulas, term) {
                    Some((unknown, value)) => self.substitute(formulas, budget, &[(unknown, value)]),
                    None => {
                        self.decide(formulas, budget, next, true);
                        self.kept.insert(next);
                    }
                },
                Node::Eq(a, b) => {
                    let (from, to) = oriented(formulas, a, b);
                    if formulas.reachable([to]).contains(&from) {
                        self.decide(formulas, budget, next, true);
                    } else {
                        self.substitute(formulas, budget, &[(from, to)]);
                    }
                }
                Node::Not(atom) => {
                    self.decide(formulas, budget, atom, false);
                    // Between fractions, not at most is above.
                    if let Node::RealLe(_) = formulas.node(atom) {
                        self.kept.insert(next);
                    }
                    if let Node::RealZero(term) = *formulas.node(atom) {
                        let negated = formulas.real_neg(term);
                        let (below, above) =
                            (formulas.real_at_most_zero(negated), formulas.real_at_most_zero(term));
                        let (below, above) = (formulas.not(below), formulas.not(above));
                        let either = formulas.or(vec![above, below]);
                        self.kept.insert(either);
                    }
                    // A number that is not 0 is above or below it.
                    if let Node::Zero(term) = formulas.node(atom).clone() {
                        let one = formulas.int(1);
                        let above = formulas.le(one, term);
                        let negated = formulas.neg(term);
                        let below = formulas.le(one, negated);
                        let either = formulas.or(vec![above, below]);
                        self.kept.insert(either);
                    }
                }
                Node::Is(ctor, value) => {
                    self.decide(formulas, budget, next, true);
                    let sort = formulas.sort_of(value);
                    if formulas.fields(sort).and_then(|ctors| ctors.get(ctor)).is_some_and(Vec::is_empty) {
                        let whole = formulas.construct(sort, ctor, Vec::new());
                        self.substitute(formulas, budget, &[(value, whole)]);
                        continue;
                    }
                    let others = formulas.constructors(formulas.sort_of(value));
                    for other in (0..others).filter(|other| *other != ctor) {
                        let made = formulas.is(other, value);
                        self.decide(formulas, budget, made, false);
                    }
                }
                _ => self.decide(formulas, budget, next, true),
            }
        }
        true
    }

    /// An atom has a value now.
    fn decide(&mut self, formulas: &mut Formulas, budget: &mut Budget, atom: Id, value: bool) {
        let negated = formulas.not(atom);
        let map = [(atom, Formulas::truth(value)), (negated, Formulas::truth(!value))];
        self.substitute(formulas, budget, &map);
    }

    /// What is on the left is replaced everywhere; formulas that change are looked at again.
    fn substitute(&mut self, formulas: &mut Formulas, budget: &mut Budget, pairs: &[(Id, Id)]) {
        let map: HashMap<Id, Id> = pairs.iter().copied().collect();
        let all: Vec<Id> = self.open.iter().chain(&self.kept).copied().collect();
        for id in all {
            let before = formulas.len();
            let new = formulas.replace(id, &map);
            if !budget.spend(8 + formulas.len() - before) {
                return;
            }
            if new != id {
                self.open.remove(&id);
                self.kept.remove(&id);
                self.open.insert(new);
            }
        }
    }

    /// A condition worth trying both ways: one inside the smallest thing that is kept.
    fn condition(&self, formulas: &Formulas) -> Option<Id> {
        let choices = self.kept.iter().filter_map(|id| match formulas.node(*id) {
            Node::Or(items) => {
                items.iter().copied().find_map(|item| split_point(formulas, item)).map(|c| (items.len(), c))
            }
            _ => split_point(formulas, *id).map(|condition| (3, condition)),
        });
        choices.min().map(|(_, condition)| condition)
    }
}

/// An atom inside `id` that can be true or false: of a choice first, otherwise of the formula itself.
fn split_point(formulas: &Formulas, id: Id) -> Option<Id> {
    let inside = formulas.reachable([id]);
    let choice = inside.iter().find_map(|part| match formulas.node(*part) {
        Node::Ite(condition, _, _) => Some(*condition),
        _ => None,
    });
    let atom = |id: &Id| match formulas.node(*id) {
        Node::Not(atom) => *atom,
        _ => *id,
    };
    let mut at = choice.or(match formulas.node(id) {
        // A bound that is kept is not a question.
        Node::Le(_) | Node::Zero(_) | Node::RealLe(_) | Node::RealZero(_) if choice.is_none() => None,
        Node::Not(inner) if choice.is_none() && matches!(formulas.node(*inner), Node::RealLe(_)) => None,
        _ => Some(id),
    })?;
    loop {
        at = match formulas.node(at) {
            Node::And(items) | Node::Or(items) => *items.first()?,
            Node::Iff(a, _) => *a,
            Node::Ite(condition, _, _) => *condition,
            _ => return Some(atom(&at)),
        };
    }
}

/// Which side of an equation is replaced by which: what is taken apart stays, otherwise the larger one goes.
fn oriented(formulas: &Formulas, a: Id, b: Id) -> (Id, Id) {
    let made = |id: Id| matches!(formulas.node(id), Node::Construct(..) | Node::Text(_));
    match (made(a), made(b)) {
        (true, false) => (b, a),
        (false, true) => (a, b),
        _ if formulas.reachable([a]).contains(&b) => (a, b),
        _ => (b, a),
    }
}

/// From `term == 0`, an unknown and what it is.
fn solved(formulas: &mut Formulas, term: Id) -> Option<(Id, Id)> {
    let (_, terms) = formulas.linear_parts(term);
    for (unknown, factor) in &terms {
        if !factor.abs().is_one() {
            continue;
        }
        let own = formulas.scale(*unknown, factor);
        let rest = formulas.sub(term, own);
        let value = formulas.scale(rest, &-factor);
        if !formulas.reachable([value]).contains(unknown) {
            return Some((*unknown, value));
        }
    }
    None
}

/// A bound: the sum of the multiples and the constant is at most 0.
type Bound = (BTreeMap<Id, BigInt>, BigInt);

/// Whether the linear bounds among the formulas have no solution.
fn infeasible(formulas: &mut Formulas, kept: &BTreeSet<Id>) -> bool {
    let mut bounds: BTreeSet<Bound> = BTreeSet::new();
    let mut terms: Vec<Id> = Vec::new();
    for id in kept {
        match formulas.node(*id) {
            Node::Le(term) => terms.push(*term),
            Node::Zero(term) => {
                let term = *term;
                let negated = formulas.neg(term);
                terms.extend([term, negated]);
            }
            _ => {}
        }
    }
    let known = implied_bounds(formulas, &terms);
    terms.extend(known);
    for term in terms {
        let (constant, parts) = formulas.linear_parts(term);
        if let Some(bound) = normal(parts.into_iter().collect(), constant) {
            bounds.insert(bound);
        }
    }
    loop {
        if bounds.iter().any(|(terms, constant)| terms.is_empty() && constant.is_positive()) {
            return true;
        }
        if bounds.len() > MOST_BOUNDS {
            return false;
        }
        let Some(unknown) = cheapest(&bounds) else { return false };
        let (with, without): (BTreeSet<Bound>, BTreeSet<Bound>) =
            bounds.into_iter().partition(|(terms, _)| terms.contains_key(&unknown));
        bounds = without;
        let sign = |bound: &&Bound| bound.0.get(&unknown).is_some_and(Signed::is_positive);
        let (above, below): (Vec<&Bound>, Vec<&Bound>) = with.iter().partition(sign);
        for upper in &above {
            for lower in &below {
                bounds.extend(combined(upper, lower, unknown));
            }
        }
    }
}

/// The unknown whose elimination makes the fewest new bounds.
fn cheapest(bounds: &BTreeSet<Bound>) -> Option<Id> {
    let mut counts: BTreeMap<Id, (usize, usize)> = BTreeMap::new();
    for (terms, _) in bounds {
        for (id, factor) in terms {
            let count = counts.entry(*id).or_default();
            if factor.is_positive() { count.0 += 1 } else { count.1 += 1 }
        }
    }
    counts.into_iter().min_by_key(|(_, (above, below))| above * below).map(|(id, _)| id)
}

/// The sum of two bounds in which `unknown` cancels.
fn combined(upper: &Bound, lower: &Bound, unknown: Id) -> Option<Bound> {
    let (a, b) = (upper.0.get(&unknown)?.abs(), lower.0.get(&unknown)?.abs());
    let mut terms: BTreeMap<Id, BigInt> = BTreeMap::new();
    for (id, factor) in &upper.0 {
        *terms.entry(*id).or_default() += factor * &b;
    }
    for (id, factor) in &lower.0 {
        *terms.entry(*id).or_default() += factor * &a;
    }
    normal(terms, &upper.1 * b + &lower.1 * a)
}

/// Divided by what divides every factor, the constant rounded up: the unknowns are integers. `None` when it says
/// nothing.
fn normal(mut terms: BTreeMap<Id, BigInt>, constant: BigInt) -> Option<Bound> {
    terms.retain(|_, factor| !factor.is_zero());
    match terms.values().map(Signed::abs).reduce(|a, b| a.gcd(&b)) {
        None => constant.is_positive().then_some((terms, constant)),
        Some(divisor) => {
            terms.values_mut().for_each(|factor| *factor /= &divisor);
            Some((terms, -((-constant).div_floor(&divisor))))
        }
    }
}

/// What holds of the terms inside these whatever the unknowns are, each as something at most 0: lengths are not
/// negative, remainders are below divisors, squares are not negative.
fn implied_bounds(formulas: &mut Formulas, terms: &[Id]) -> Vec<Id> {
    let mut bounds = Vec::new();
    for id in formulas.reachable(terms.iter().copied()) {
        match formulas.node(id).clone() {
            Node::Str(StrOp::Length, _) => bounds.push(formulas.neg(id)),
            Node::Mul(factors) if factors.len() == 2 && factors.first() == factors.last() => {
                bounds.push(formulas.neg(id));
            }
            Node::Mod(dividend, divisor) | Node::Div(dividend, divisor) => {
                let Some(number) = formulas.as_int(divisor).filter(|number| number.is_positive()).cloned()
                else {
                    continue;
                };
                // dividend == number * quotient + rest, 0 <= rest < number.
                let quotient = formulas.quotient(dividend, divisor);
                let multiple = formulas.scale(quotient, &number);
                let rest = formulas.sub(dividend, multiple);
                bounds.push(formulas.neg(rest));
                let below = formulas.int(1 - number);
                bounds.push(formulas.add(rest, below));
                if let Node::Mod(..) = formulas.node(id) {
                    let difference = formulas.sub(id, rest);
                    let other = formulas.neg(difference);
                    bounds.extend([difference, other]);
                }
            }
            _ => {}
        }
    }
    bounds
}
