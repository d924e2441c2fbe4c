//! Values that constructors make, and the patterns that take them apart.

use super::Translator;
use crate::ir::{Arg, Arm, DeclId, Icit, Pattern, PatternKind, Term, TermKind};
use crate::logic::data::CONS;
use crate::logic::formula::Id;
use crate::logic::meaning::{Env, Meaning};
use crate::logic::obligation::{Claim, Frame, Reason};
use crate::logic::sort::Sort;
use std::sync::Arc;

impl<'p> Translator<'p> {
    pub(super) fn constructor(
        &mut self,
        env: &Env,
        term: &Term,
        decl: DeclId,
        ctor: usize,
        args: &[Arg],
    ) -> Id {
        // A long list is a chain of constructors: walk it with a loop.
        let mut chain: Vec<Id> = Vec::new();
        let (mut term, mut ctor, mut args) = (term, ctor, args);
        let is_list = self.program.list() == Some(decl);
        let mut outcome = loop {
            let types = self.type_args(env, args);
            let sorts = types.iter().map(|ty| ty.sort).collect();
            let sort = self.data_sort(decl, sorts);
            let explicit: Vec<&Arg> = args.iter().filter(|arg| arg.icit == Icit::Explicit).collect();
            if let [head, tail] = explicit.as_slice()
                && is_list
                && ctor == CONS
                && let (next, next_args) = tail.term.spine()
                && let TermKind::Con(other, next_ctor) = &*next.kind
                && *other == decl
            {
                chain.push(self.term(env, &head.term));
                (term, ctor, args) = (&tail.term, *next_ctor, next_args);
                continue;
            }
            break self.construct_one(env, term, (decl, ctor, sort), &types, &explicit);
        };
        let sort = self.formulas.sort_of(outcome);
        for head in chain.into_iter().rev() {
            outcome = self.formulas.construct(sort, CONS, vec![head, outcome]);
        }
        outcome
    }

    pub(super) fn construct_one(
        &mut self,
        env: &Env,
        term: &Term,
        (decl, ctor, sort): (DeclId, usize, Sort),
        types: &[Meaning],
        args: &[&Arg],
    ) -> Id {
        let Some(data) = self.program.data(decl) else { return self.unknown(env) };
        let Some(declared) = data.ctors.get(ctor) else { return self.unknown(env) };
        let values: Vec<Id> = args.iter().map(|arg| self.term(env, &arg.term)).collect();
        if self.cursor.is_some() {
            self.stepping_in(env, &data.params, types, |this, inner| {
                let fields = args.iter().zip(&values).zip(&declared.fields);
                for (number, ((arg, value), (field, ty))) in fields.enumerate() {
                    let meaning = this.quietly(|this| this.meaning(inner, ty));
                    let term = arg.term.shift(types.len() + number);
                    let field = field.clone().unwrap_or_else(|| "_".into());
                    let reason = Reason::Field(declared.name.clone(), field.clone());
                    this.owe_meaning(&meaning, reason, arg.term.span, *value, &term, ty, Some(ty));
                    this.step(inner, Frame::Let(field, term), *value);
                }
                if values.len() == declared.fields.len() {
                    for clause in &data.invariants {
                        let reason = Reason::Invariant(declared.name.clone(), clause.label.clone());
                        this.owe_condition(inner, &clause.body, &reason, Some(term.span));
                    }
                }
            });
        }
        if values.len() < declared.fields.len() {
            return self.constructor_value(env, sort, ctor, types, values, decl);
        }
        self.formulas.construct(sort, ctor, values)
    }

    /// A constructor as a function value. It may be applied to what its fields' types and invariants allow.
    pub(super) fn constructor_value(
        &mut self,
        env: &Env,
        sort: Sort,
        ctor: usize,
        types: &[Meaning],
        given: Vec<Id>,
        decl: DeclId,
    ) -> Id {
        let Some(sorts) = self.formulas.fields(sort).and_then(|ctors| ctors.get(ctor)).cloned() else {
            return self.unknown(env);
        };
        self.open += 1;
        let missing: Vec<Id> =
            sorts.iter().skip(given.len()).map(|sort| self.formulas.fresh(*sort)).collect();
        let fields = given.into_iter().chain(missing.iter().copied()).collect();
        let whole = self.formulas.construct(sort, ctor, fields);
        let domain =
            self.allowed_only(|this| this.quietly(|this| this.conforms_unfolded(decl, types, whole)));
        let value = self.closed(missing, domain, whole);
        self.open -= 1;
        value
    }

    pub(super) fn match_term(&mut self, env: &Env, term: &Term, scrutinee: &Term, arms: &[Arm]) -> Id {
        let value = self.term(env, scrutinee);
        let shared = Arc::new(arms.to_vec());
        let mut earlier: Vec<Id> = Vec::new();
        let mut outcomes: Vec<(Id, Id)> = Vec::new();
        for (number, arm) in arms.iter().enumerate() {
            let mut bound = Vec::new();
            let condition = self.pattern(value, &arm.pattern, &mut bound);
            let inner = bound.iter().fold(env.clone(), |env, id| env.with(*id));
            let mut known: Vec<Id> = earlier.iter().map(|id| self.formulas.not(*id)).collect();
            known.push(condition);
            let frame = Frame::Arm(scrutinee.clone(), shared.clone(), number);
            let body = self.under(known, [frame], |this| this.term(&inner, &arm.body));
            outcomes.push((condition, body));
            earlier.push(condition);
        }
        let covered = self.formulas.or(earlier);
        if self.cursor.is_some() && covered != Id::TRUE {
            let patterns = arms.iter().map(|arm| arm.pattern.clone()).collect();
            let claim = Claim::Matched(scrutinee.clone(), patterns);
            self.owe(Reason::Exhaustive, scrutinee.span, Some(term.span), covered, claim);
        }
        let mut outcome = match outcomes.last() {
            Some((_, body)) if covered == Id::TRUE => *body,
            Some((_, body)) => {
                let sort = self.formulas.sort_of(*body);
                self.opaque(env, sort)
            }
            None => return self.unknown(env),
        };
        for (condition, body) in outcomes.into_iter().rev() {
            outcome = self.formulas.ite(condition, body, outcome);
        }
        outcome
    }

    /// When `value` matches, and what the variables stand for, left to right.
    pub(super) fn pattern(&mut self, value: Id, pattern: &Pattern, bound: &mut Vec<Id>) -> Id {
        let mut conditions = Vec::new();
        let mut todo = vec![(value, pattern)];
        while let Some((value, pattern)) = todo.pop() {
            match &pattern.kind {
                PatternKind::Wildcard => {}
                PatternKind::Var(..) => bound.push(value),
                PatternKind::Lit(literal) => {
                    let literal = self.literal(literal);
                    conditions.push(self.formulas.eq(value, literal));
                }
                PatternKind::Con(_, ctor, fields) => {
                    conditions.push(self.formulas.is(*ctor, value));
                    let mut parts = Vec::new();
                    for (number, field) in fields.iter().enumerate() {
                        parts.push((self.formulas.select(*ctor, number, value), field));
                    }
                    todo.extend(parts.into_iter().rev());
                }
                PatternKind::Tuple(items) => {
                    let mut parts = Vec::new();
                    for (number, item) in items.iter().enumerate() {
                        parts.push((self.formulas.select(0, number, value), item));
                    }
                    todo.extend(parts.into_iter().rev());
                }
            }
        }
        self.formulas.and(conditions)
    }
}
