//! The constraint store: what checking a document had to make agree, what it worked out, and what is left.
//!
//! Nothing is recorded unless it is asked for: an ordinary check pays a test of one field for each comparison. What is
//! recorded are the comparisons themselves; how they ended, and what the unknowns in them became, is read off when
//! everything that can be solved is, which is the fixpoint that [`super::waiting`] works towards.
//!
//! Promises: the same document gives the same lists, in the order of the text. Must not: change what is checked.

use super::elaborator::{Elaborator, Scope};
use super::unify::Problem;
use super::value::{V, Value};
use crate::ir::distill;
use crate::ir::{Name, Term, TermKind};
use crate::syntax::span::Span;

/// How a comparison ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ended {
    /// Both sides agree.
    Agreed,
    /// Both sides cannot agree, which is reported.
    Disagreed,
    /// Nothing decides whether they agree.
    Blocked,
}

/// Two types that had to agree: what stands at a place, and what is wanted there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Where.
    pub span: Span,
    /// What is wanted.
    pub wanted: String,
    /// What stands there.
    pub found: String,
    /// How it ended.
    pub ended: Ended,
}

/// A condition that a value must meet because of the type wanted at its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refinement {
    /// Where the value stands.
    pub span: Span,
    /// The type that is wanted.
    pub wanted: String,
    /// The condition, about the variable that the type names.
    pub condition: String,
}

/// An unknown of inference, and what it turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// What asked for it.
    pub span: Span,
    /// What it stands for, in words.
    pub unknown: String,
    /// Its value; `None` when nothing decided it.
    pub value: Option<String>,
    /// The comparison that decided it.
    pub decided_at: Option<Span>,
}

/// A comparison that nothing decides, and what it waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// Where.
    pub span: Span,
    /// What is wanted.
    pub wanted: String,
    /// What stands there.
    pub found: String,
    /// The unknowns it waits for: what they stand for, and what asked for them.
    pub waits_for: Vec<(String, Span)>,
}

/// What checking one document rested on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Constraints {
    /// Types that must be the same.
    pub equalities: Vec<Comparison>,
    /// Types of which one may allow more than the other: what is missing is owed.
    pub subtypings: Vec<Comparison>,
    /// Conditions that come with them.
    pub refinements: Vec<Refinement>,
    /// What was worked out.
    pub assignments: Vec<Assignment>,
    /// What is left.
    pub blocked: Vec<Blocked>,
}

/// What is written down during a check.
#[derive(Debug, Default)]
pub(super) struct Record {
    compared: Vec<Compared>,
    /// Which comparison solved an unknown.
    solved_at: std::collections::HashMap<u32, Span>,
}

#[derive(Debug)]
struct Compared {
    scope: Scope,
    span: Span,
    wanted: V,
    found: V,
    agreed: bool,
}

impl Record {
    pub fn compares(&mut self, scope: &Scope, span: Span, wanted: &V, found: &V) {
        let (wanted, found) = (wanted.clone(), found.clone());
        self.compared.push(Compared { scope: scope.clone(), span, wanted, found, agreed: true });
    }

    /// The comparison begun last did not agree.
    pub fn disagreed(&mut self) {
        if let Some(last) = self.compared.last_mut() {
            last.agreed = false;
        }
    }

    pub fn solves(&mut self, meta: u32, at: Option<Span>) {
        self.solved_at.extend(at.map(|at| (meta, at)));
    }
}

impl Elaborator {
    /// What was recorded, as it stands when nothing more can be solved.
    pub(super) fn constraints(&mut self) -> Constraints {
        self.wake();
        let Some(record) = self.record.take() else { return Constraints::default() };
        let mut store = Constraints { blocked: self.blocked(), ..Constraints::default() };
        for Compared { scope, span, wanted, found, agreed } in &record.compared {
            let (wanted_term, found_term) =
                (self.unfolded(scope.level(), wanted), self.unfolded(scope.level(), found));
            let waits = store.blocked.iter().any(|blocked| blocked.span == *span);
            let comparison = Comparison {
                span: *span,
                wanted: self.show(scope, wanted),
                found: self.show(scope, found),
                ended: match (agreed, waits) {
                    (false, _) => Ended::Disagreed,
                    (true, true) => Ended::Blocked,
                    (true, false) => Ended::Agreed,
                },
            };
            let refined = is_refined(&wanted_term) || is_refined(&found_term);
            if !refined || wanted_term.same(&found_term) {
                store.equalities.push(comparison);
                continue;
            }
            let names: Vec<Name> = scope.vars.iter().map(|(name, _)| name.clone()).collect();
            let mut inside = &wanted_term;
            while let TermKind::Refine(name, base, predicate) = &*inside.kind {
                let below: Vec<Name> = names.iter().cloned().chain([name.clone()]).collect();
                let condition = distill::show(self, &below, predicate);
                store.refinements.push(Refinement {
                    span: *span,
                    wanted: comparison.wanted.clone(),
                    condition,
                });
                inside = base;
            }
            store.subtypings.push(comparison);
        }
        store.assignments = self.assignments(&record);
        for comparisons in [&mut store.equalities, &mut store.subtypings] {
            comparisons.sort_by_key(|it| (it.span.start, it.span.end));
            comparisons.dedup();
        }
        store.refinements.sort();
        store.refinements.dedup();
        store.blocked.sort_by_key(|it| (it.span.start, it.span.end));
        store
    }

    fn assignments(&self, record: &Record) -> Vec<Assignment> {
        let mut found: Vec<Assignment> = (0..self.unknowns())
            .filter_map(|meta| {
                let (span, what, value) = self.origin(meta)?;
                // Of unknowns under variables only what they come to in the end is of use.
                let value = value.map(|value| self.show(&Scope::default(), &self.result_of(&value)));
                let decided_at = record.solved_at.get(&meta).copied();
                Some(Assignment { span, unknown: what, value, decided_at })
            })
            .collect();
        found.sort_by_key(|it| (it.span.start, it.span.end));
        found.dedup();
        found
    }

    fn blocked(&self) -> Vec<Blocked> {
        let blocked = |(scope, span, problem): (Scope, Span, &Problem)| Blocked {
            span,
            wanted: self.show(&scope, &problem.left),
            found: self.show(&scope, &problem.right),
            waits_for: self
                .unsolved_in(&scope, problem)
                .into_iter()
                .filter_map(|meta| self.origin(meta).map(|(span, what, _)| (what, span)))
                .collect(),
        };
        self.waiting.places().map(blocked).collect()
    }

    /// The unknowns on both sides of a problem that nothing has decided.
    fn unsolved_in(&self, scope: &Scope, problem: &Problem) -> Vec<u32> {
        let mut found = Vec::new();
        for side in [&problem.left, &problem.right] {
            self.quote(scope.level(), side).walk(&mut |part| {
                if let TermKind::Meta(meta) = &*part.kind
                    && !found.contains(meta)
                {
                    found.push(*meta);
                }
            });
        }
        found
    }

    /// A solution below the variables it is abstracted over.
    fn result_of(&self, value: &V) -> V {
        let mut value = value.clone();
        while let Value::Lam(env, lambda) = &*self.force(&value) {
            let TermKind::Lam(_, _, _, body) = &*lambda.kind else { break };
            value = self.eval(&env.push(std::rc::Rc::new(Value::Error)), body);
        }
        value
    }
}

fn is_refined(ty: &Term) -> bool {
    let mut refined = false;
    ty.walk(&mut |part| refined = refined || matches!(&*part.kind, TermKind::Refine(..)));
    refined
}

/// Checks a document and gives back what that rested on, too.
pub fn constraints(checked: &super::Checked) -> Constraints {
    let mut elaborator = Elaborator::on(checked.linked.ground(&checked.tree));
    elaborator.record = Some(Box::default());
    let ids = elaborator.announce_all(&checked.tree);
    elaborator.document(&checked.text, &checked.tree, &ids, &super::session::Reuse::default());
    elaborator.constraints()
}
