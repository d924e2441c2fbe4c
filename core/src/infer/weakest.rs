//! What the obligations of a body ask of its parameters, read off the way that leads to each of them.

use super::site::Site;
use crate::check::Checked;
use crate::ir::distill::show;
use crate::ir::{Arm, Literal, Op, Pattern, PatternKind, Program, Term, TermKind};
use crate::logic::dependencies::Dependencies;
use crate::logic::obligation::{Claim, Frame, Obligation};
use crate::logic::owe::owed;
use crate::logic::termination::Orders;
use crate::syntax::span::Span;
use std::sync::Arc;

/// The conditions under which the obligations of the judges hold, as an author would write them: for each obligation
/// whose way chooses nothing, exactly its weakest precondition.
pub(super) fn asked_for(open: &Checked, site: &Site) -> Vec<String> {
    let program = &*open.program;
    let dependencies = Arc::new(Dependencies::new(program));
    let orders = Orders::new(program, &dependencies);
    let names = site.names();
    let mut asked = Vec::new();
    for judge in site.judges.iter().filter_map(|name| program.lookup(name)) {
        let owed = owed(program, &dependencies, &orders, judge);
        let params = program.def(judge).map_or(0, |def| def.params.len());
        if params != names.len() {
            continue;
        }
        for obligation in &owed.obligations {
            let way = obligation.frames.get(owed.frames.len()..).unwrap_or_default();
            let Some(condition) = claimed(program, obligation).and_then(|claim| before(way, claim)) else {
                continue;
            };
            asked.extend(parts(&condition).iter().map(|part| show(program, &names, part)));
        }
    }
    asked.sort();
    asked.dedup();
    asked
}

/// What must hold at the end of the way.
fn claimed(program: &Program, obligation: &Obligation) -> Option<Term> {
    match &obligation.claim {
        Claim::Holds(term) => Some(term.clone()),
        Claim::Has(term, ty) => {
            let TermKind::Refine(_, base, predicate) = &*ty.unfold(program).kind else { return None };
            let inner = match &*base.unfold(program).kind {
                TermKind::Refine(_, deeper, predicate)
                    if matches!(&*deeper.unfold(program).kind, TermKind::Prim(_)) =>
                {
                    Some(predicate.instantiate(std::slice::from_ref(term)))
                }
                TermKind::Refine(..) => return None,
                _ => None,
            };
            let own = predicate.instantiate(std::slice::from_ref(term));
            Some(match inner {
                Some(inner) => op(Op::And, vec![inner, own]),
                None => own,
            })
        }
        Claim::Runs(..) | Claim::Matched(..) | Claim::Whole(_) | Claim::Silent => None,
    }
}

/// What must hold where the way begins.
fn before(way: &[Arc<Frame>], claim: Term) -> Option<Term> {
    way.iter().rev().try_fold(claim, |claim, frame| match &**frame {
        Frame::When(condition) => Some(implies(condition.clone(), claim)),
        Frame::Unless(condition) => Some(implies(not(condition), claim)),
        Frame::Let(_, value) => Some(claim.instantiate(std::slice::from_ref(value))),
        Frame::Arm(scrutinee, arms, number) => {
            let arm = arms.get(*number)?;
            let otherwise = Pattern { span: Span::default(), kind: PatternKind::Wildcard };
            let arms = vec![
                Arm { pattern: arm.pattern.clone(), body: claim },
                Arm { pattern: otherwise, body: truth() },
            ];
            // An arm is reached only past those before it: without them more is asked for, never less.
            let ty = TermKind::Error.into_term();
            Some(TermKind::Match(scrutinee.clone(), ty, arms).into_term())
        }
        Frame::Any(..) | Frame::Type(_) => None,
    })
}

/// The parts of a conjunction.
fn parts(term: &Term) -> Vec<Term> {
    match &*term.kind {
        TermKind::Op(Op::And, items) => items.iter().flat_map(parts).collect(),
        _ => vec![term.clone()],
    }
}

fn op(op: Op, args: Vec<Term>) -> Term {
    TermKind::Op(op, args).into_term()
}

fn truth() -> Term {
    TermKind::Lit(Literal::Bool(true)).into_term()
}

fn implies(condition: Term, claim: Term) -> Term {
    match &*claim.kind {
        TermKind::Lit(Literal::Bool(true)) => claim,
        _ => op(Op::Implies, vec![condition, claim]),
    }
}

fn not(condition: &Term) -> Term {
    let flipped = |to: Op, args: &[Term]| op(to, args.to_vec());
    match &*condition.kind {
        TermKind::Op(Op::Not, args) => args.first().cloned().unwrap_or_else(truth),
        TermKind::Op(Op::Lt, args) => flipped(Op::Ge, args),
        TermKind::Op(Op::Le, args) => flipped(Op::Gt, args),
        TermKind::Op(Op::Gt, args) => flipped(Op::Le, args),
        TermKind::Op(Op::Ge, args) => flipped(Op::Lt, args),
        TermKind::Op(Op::Eq, args) => flipped(Op::Ne, args),
        TermKind::Op(Op::Ne, args) => flipped(Op::Eq, args),
        _ => op(Op::Not, vec![condition.clone()]),
    }
}
