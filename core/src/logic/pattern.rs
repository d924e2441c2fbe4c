//! Where a quantified formula is worth an instance: matching its terms against ground terms.
//!
//! Which instances are taken decides only what can be proved, never whether a proof is right.

use crate::logic::formula::{Formulas, Id, Node, Scope};
use num_traits::{One, Signed};
use std::collections::BTreeMap;

/// One value for each variable, in the scope's order.
pub type Match = Vec<Id>;

/// Matches per formula and round.
const MOST: usize = 60;
/// Ground terms tried for a variable that no term mentions.
const MOST_CANDIDATES: usize = 10;

/// Values for the variables of `scope` for which some of its terms stand among the `ground` terms, which hold no
/// bound variable outside scopes of their own.
pub fn matches(formulas: &mut Formulas, scope: &Scope, ground: &[Id]) -> Vec<Match> {
    let Some(body) = scope.bodies.first().copied() else { return Vec::new() };
    let triggers = triggers(formulas, scope, body);
    let mut partial: Vec<BTreeMap<Id, Id>> = Vec::new();
    let single: Vec<Id> = triggers
        .iter()
        .copied()
        .filter(|trigger| vars_in(formulas, scope, *trigger).len() == scope.vars.len())
        .collect();
    if single.is_empty() {
        // No term mentions every variable: one after the other.
        partial.push(BTreeMap::new());
        for trigger in &triggers {
            let mut next = Vec::new();
            for bound in &partial {
                if vars_in(formulas, scope, *trigger).iter().all(|var| bound.contains_key(var)) {
                    next.push(bound.clone());
                    continue;
                }
                for target in ground {
                    let mut more = bound.clone();
                    if matches_term(formulas, scope, *trigger, *target, &mut more) {
                        next.push(more);
                    }
                    if next.len() >= MOST {
                        break;
                    }
                }
            }
            partial = next;
        }
    } else {
        for trigger in single {
            for target in ground {
                let mut bound = BTreeMap::new();
                if matches_term(formulas, scope, trigger, *target, &mut bound) {
                    partial.push(bound);
                }
                if partial.len() >= MOST {
                    break;
                }
            }
        }
    }
    // Variables that no term mentions take whatever of their sort there is.
    for var in &scope.vars {
        let mut next = Vec::new();
        for bound in partial {
            if bound.contains_key(var) {
                next.push(bound);
                continue;
            }
            let sort = formulas.sort_of(*var);
            let candidates: Vec<Id> = ground
                .iter()
                .copied()
                .filter(|id| formulas.sort_of(*id) == sort)
                .take(MOST_CANDIDATES)
                .collect();
            for candidate in candidates {
                let mut more = bound.clone();
                more.insert(*var, candidate);
                next.push(more);
            }
        }
        next.truncate(MOST);
        partial = next;
    }
    let mut found: Vec<Match> = partial
        .into_iter()
        .filter_map(|bound| scope.vars.iter().map(|var| bound.get(var).copied()).collect())
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The applications in a body that mention variables, smallest first, without those that hold another.
fn triggers(formulas: &Formulas, scope: &Scope, body: Id) -> Vec<Id> {
    let mut found: Vec<Id> = Vec::new();
    for id in formulas.reachable([body]) {
        let applied = matches!(formulas.node(id), Node::App(_, args) if !args.is_empty())
            || matches!(formulas.node(id), Node::Apply(..) | Node::Str(..));
        let vars = vars_in(formulas, scope, id);
        if applied && !vars.is_empty() {
            // A smaller term with the same variables matches more often.
            let covered = found.iter().any(|smaller| {
                formulas.reachable([id]).contains(smaller) && vars_in(formulas, scope, *smaller) == vars
            });
            if !covered {
                found.push(id);
            }
        }
    }
    found
}

fn vars_in(formulas: &Formulas, scope: &Scope, id: Id) -> Vec<Id> {
    let inside = formulas.reachable([id]);
    scope.vars.iter().copied().filter(|var| inside.binary_search(var).is_ok()).collect()
}

/// Extends `bound` so that `pattern` becomes `target`.
fn matches_term(
    formulas: &mut Formulas,
    scope: &Scope,
    pattern: Id,
    target: Id,
    bound: &mut BTreeMap<Id, Id>,
) -> bool {
    let mut todo = vec![(pattern, target)];
    while let Some((pattern, target)) = todo.pop() {
        if pattern == target {
            continue;
        }
        if formulas.height(pattern) == 0 || formulas.sort_of(pattern) != formulas.sort_of(target) {
            return false;
        }
        if scope.vars.contains(&pattern) {
            if *bound.entry(pattern).or_insert(target) != target {
                return false;
            }
            continue;
        }
        match (formulas.node(pattern).clone(), formulas.node(target).clone()) {
            (Node::App(f, xs), Node::App(g, ys)) if f == g => todo.extend(xs.into_iter().zip(ys)),
            (Node::Apply(f, x), Node::Apply(g, y)) => todo.extend([(f, g), (x, y)]),
            (Node::Str(f, xs), Node::Str(g, ys)) if f == g && xs.len() == ys.len() => {
                todo.extend(xs.into_iter().zip(ys));
            }
            (Node::Select(c, i, x), Node::Select(d, j, y)) if (c, i) == (d, j) => todo.push((x, y)),
            (Node::Construct(_, c, xs), Node::Construct(_, d, ys)) if c == d => {
                todo.extend(xs.into_iter().zip(ys))
            }
            (Node::Linear(constant, terms), _) => {
                // One variable plus or minus a number: solve for it.
                let [(var, factor)] = terms.as_slice() else { return false };
                if !factor.abs().is_one() {
                    return false;
                }
                let offset = formulas.int(constant);
                let rest = formulas.sub(target, offset);
                let value = formulas.scale(rest, factor);
                todo.push((*var, value));
            }
            _ => return false,
        }
    }
    true
}

/// The terms of a scope's body that mention every variable: triggers for a solver.
pub fn whole_triggers(formulas: &Formulas, scope: &Scope) -> Vec<Id> {
    let Some(body) = scope.bodies.first() else { return Vec::new() };
    triggers(formulas, scope, *body)
        .into_iter()
        .filter(|trigger| vars_in(formulas, scope, *trigger).len() == scope.vars.len())
        // A trigger is made of symbols alone.
        .filter(|trigger| {
            formulas.reachable([*trigger]).into_iter().all(|id| {
                matches!(
                    formulas.node(id),
                    Node::App(..)
                        | Node::Apply(..)
                        | Node::Bound(..)
                        | Node::Select(..)
                        | Node::Construct(..)
                ) || formulas.height(id) == 0
            })
        })
        .collect()
}
