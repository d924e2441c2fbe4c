//! Goals and clauses: by name, by what they speak of, or perhaps.

use super::contract::{Contract, ContractClause};
use super::words::words;
use super::{ClauseKind, How, MOST_COMPARED, Pair};
use crate::syntax::tree::{BinaryOp, Expr, ExprKind, IntentDecl};
use std::collections::{BTreeMap, BTreeSet};

/// The pairs of an intent's goals. A clause that carries the name of one goal is about that goal only; what is left on
/// both sides is paired by what it speaks of.
pub(super) fn pairs(intent: &IntentDecl, contract: &Contract<'_>) -> Vec<Pair> {
    let mut goals: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (atom, (goal, _, _)) in intent.goals.iter().enumerate() {
        goals.entry(&goal.name).or_default().push(atom);
    }
    let outputs: BTreeSet<String> = intent.outputs.iter().flat_map(|(name, _)| words(&name.name)).collect();
    let (mut pairs, mut free) = (Vec::new(), Vec::new());
    for (clause, stated) in contract.clauses.iter().enumerate() {
        match stated.label.and_then(|label| goals.get(label).map(|atoms| (label, atoms))) {
            Some((label, atoms)) => pairs.extend(atoms.iter().map(|atom| Pair {
                atom: *atom,
                clause,
                how: How::Name,
                confidence: 100,
                because: format!("both are called `{label}`"),
            })),
            None if stated.kind != ClauseKind::Bound => free.push((clause, stated)),
            None => {}
        }
    }
    let met: BTreeSet<usize> = pairs.iter().map(|pair| pair.atom).collect();
    let unmet = || intent.goals.iter().enumerate().filter(|(atom, _)| !met.contains(atom));
    if unmet().count().saturating_mul(free.len()) > MOST_COMPARED {
        return pairs;
    }
    let free: Vec<(usize, &ContractClause<'_>, BTreeSet<String>)> =
        free.into_iter().map(|(clause, stated)| (clause, stated, subjects(stated.body, &outputs))).collect();
    let alone = intent.goals.len() == 1;
    for (atom, (goal, text, _)) in unmet() {
        let wished: BTreeSet<String> = words(text).union(&words(&goal.name)).cloned().collect();
        let found = free.iter().filter_map(|(clause, stated, subjects)| {
            let (how, confidence, because) = by_subject(&wished, stated, subjects, alone)?;
            Some(Pair { atom, clause: *clause, how, confidence, because })
        });
        pairs.extend(found);
    }
    pairs
}

/// Why a clause that shares no name with a goal may be what the goal asks for. A `requires` is only ever suggested: it
/// leaves the goal to the caller, and that is for the author to say, by giving both one name.
fn by_subject(
    wished: &BTreeSet<String>,
    clause: &ContractClause<'_>,
    subjects: &BTreeSet<String>,
    alone: bool,
) -> Option<(How, u8, String)> {
    let structure = if clause.kind == ClauseKind::Ensures { How::Structure } else { How::Suggested };
    if let Some(label) = clause.label {
        let label_words = words(label);
        if !label_words.is_empty() && label_words.is_subset(wished) {
            return Some((structure, 80, format!("the goal speaks of `{label}`")));
        }
    }
    let (shared, all) = (subjects.intersection(wished).count(), subjects.len());
    let list = || {
        let shared: Vec<String> = subjects.intersection(wished).map(|word| format!("`{word}`")).collect();
        shared.join(", ")
    };
    if all >= 2 && shared == all {
        return Some((structure, 70, format!("the goal speaks of all the clause does: {}", list())));
    }
    if clause.kind == ClauseKind::Ensures && settles_result(clause.body) {
        // It leaves nothing about the outcome open, but one equation need not be what each of several goals means.
        let how = if alone || shared > 0 { How::Structure } else { How::Outcome };
        return Some((how, 60, "the clause says what the outcome is, all of it".to_owned()));
    }
    if shared >= 2 || (shared == 1 && all <= 2) {
        let confidence = u8::try_from(shared * 50 / all.max(1)).unwrap_or(50);
        return Some((How::Suggested, confidence, format!("both speak of {}", list())));
    }
    None
}

/// The words of a condition's names and numbers; `result` goes by the names of the outputs.
fn subjects(body: &Expr, outputs: &BTreeSet<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut todo = vec![body];
    while let Some(expr) = todo.pop() {
        match &expr.kind {
            ExprKind::Name(name) if name == "result" => found.extend(outputs.iter().cloned()),
            ExprKind::Name(name) if name != "length" => found.extend(words(name)),
            ExprKind::Int(number) => {
                found.insert(number.to_string());
            }
            _ => {}
        }
        expr.for_each_child(&mut |child| todo.push(child));
    }
    found
}

/// `result == e` where `e` does not speak of the result: nothing about the outcome is left open. It may stand behind a
/// choice that does not depend on the inputs: `?round_up ==> result == e`.
fn settles_result(body: &Expr) -> bool {
    let ExprKind::Binary(op, left, right) = &body.kind else { return false };
    let is_result = |expr: &Expr| matches!(&expr.kind, ExprKind::Name(name) if name == "result");
    let free = |expr: &Expr| !super::measure::mentions(expr, "result");
    match op {
        BinaryOp::Eq | BinaryOp::Iff => is_result(left) && free(right) || is_result(right) && free(left),
        BinaryOp::Implies => !names_anything(left) && settles_result(right),
        _ => false,
    }
}

fn names_anything(expr: &Expr) -> bool {
    let mut todo = vec![expr];
    while let Some(expr) = todo.pop() {
        if matches!(expr.kind, ExprKind::Name(_)) {
            return true;
        }
        expr.for_each_child(&mut |child| todo.push(child));
    }
    false
}
