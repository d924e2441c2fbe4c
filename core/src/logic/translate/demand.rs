//! What is owed at a place: conditions cut into the parts that can fail by themselves, and types.

use super::{DEEPEST, Translator};
use crate::ir::{Arg, DeclId, DeclKind, Icit, Literal, Name, Op, Term, TermKind};
use crate::logic::formula::{Id, Symbol};
use crate::logic::meaning::{Env, Meaning};
use crate::logic::obligation::{Claim, Frame, Obligation, Reached, Reason};
use crate::logic::sort::{Sort, SortKind};
use crate::syntax::span::Span;
use crate::syntax::tree::Quantifier;

/// A clause is cut into at most this many parts.
const MOST_PARTS: usize = 40;

impl<'p> Translator<'p> {
    /// Writes down that `goal` is owed here.
    pub fn owe(&mut self, reason: Reason, span: Span, source: Option<Span>, goal: Id, claim: Claim) {
        let declaration = self.current.unwrap_or(DeclId(u32::MAX));
        let Some(cursor) = &mut self.cursor else { return };
        cursor.owed.push(Obligation {
            declaration,
            reason,
            span,
            source,
            promise: cursor.promise,
            hypotheses: cursor.path.clone(),
            noticed: cursor.noticed.clone(),
            goal,
            frames: cursor.frames.clone(),
            claim,
            reached: if cursor.functions > 0 { Reached::WhenApplied } else { Reached::Always },
        });
    }

    /// Owes that a term is true, part by part: conjunctions, conclusions and universally quantified bodies are
    /// owed each for itself, so that what fails has a place of its own.
    pub fn owe_condition(&mut self, env: &Env, term: &Term, reason: &Reason, span: Option<Span>) {
        let mut parts = MOST_PARTS;
        self.owe_part(env, term, reason, span, &mut parts);
    }

    pub(super) fn owe_part(
        &mut self,
        env: &Env,
        term: &Term,
        reason: &Reason,
        span: Option<Span>,
        parts: &mut usize,
    ) {
        if self.cursor.is_none() {
            return;
        }
        if *parts > 0 && self.depth < DEEPEST {
            self.depth += 1;
            let done = self.owe_inside(env, term, reason, span, parts);
            self.depth -= 1;
            if done {
                return;
            }
        }
        *parts = parts.saturating_sub(1);
        let goal = self.quietly(|this| this.condition(env, term));
        let own = (term.span != Span::default()).then_some(term.span);
        let (place, source) = match span {
            Some(span) => (span, own),
            None => (own.unwrap_or_default(), None),
        };
        self.owe(reason.clone(), place, source, goal, Claim::Holds(term.clone()));
    }

    pub(super) fn owe_inside(
        &mut self,
        env: &Env,
        term: &Term,
        reason: &Reason,
        span: Option<Span>,
        parts: &mut usize,
    ) -> bool {
        match &*term.kind {
            TermKind::Op(Op::And, items) => {
                items.iter().for_each(|item| self.owe_part(env, item, reason, span, parts));
            }
            TermKind::Op(Op::Implies, items) => {
                let [premise, conclusion] = items.as_slice() else { return false };
                let known = self.quietly(|this| this.condition(env, premise));
                self.under([known], [Frame::When(premise.clone())], |this| {
                    this.owe_part(env, conclusion, reason, span, parts);
                });
            }
            TermKind::Quant(Quantifier::Forall, name, ty, body)
                if self.ranges(env, Quantifier::Forall, ty, body) =>
            {
                let (value, known) = self.quietly(|this| this.any(env, ty));
                let frame = Frame::Any(name.clone(), ty.clone(), value);
                let inner = env.with(value);
                self.under([known], [frame], |this| this.owe_part(&inner, body, reason, span, parts));
            }
            TermKind::Let(name, _, value, body) => {
                let id = self.quietly(|this| this.term(env, value));
                let (inner, frame) = (env.with(id), Frame::Let(name.clone(), value.clone()));
                self.under([], [frame], |this| this.owe_part(&inner, body, reason, span, parts));
            }
            TermKind::If(condition, yes, no) => {
                let known = self.quietly(|this| this.condition(env, condition));
                let not = self.formulas.not(known);
                let (when, unless) = (Frame::When(condition.clone()), Frame::Unless(condition.clone()));
                self.under([known], [when], |this| this.owe_part(env, yes, reason, span, parts));
                self.under([not], [unless], |this| this.owe_part(env, no, reason, span, parts));
            }
            _ => return false,
        }
        true
    }

    /// Owes that a value has a type, unless every value of its sort has it.
    pub fn owe_type(&mut self, env: &Env, reason: Reason, span: Span, value: Id, term: &Term, ty: &Term) {
        let meaning = self.quietly(|this| this.meaning(env, ty));
        self.owe_meaning(&meaning, reason, span, value, term, ty, Some(ty));
    }

    #[allow(clippy::too_many_arguments, reason = "a value and a type, each as formula and as term")]
    pub(super) fn owe_meaning(
        &mut self,
        meaning: &Meaning,
        reason: Reason,
        span: Span,
        value: Id,
        term: &Term,
        ty: &Term,
        claim: Option<&Term>,
    ) {
        let is_data = matches!(self.formulas.kind(meaning.sort), SortKind::Data(..));
        // What every value of a data type meets is owed where values are made, and promised with every result.
        let is_data = is_data && !self.varies(meaning.sort);
        // A name for a function changes nothing: what it may be applied to is asked where it is applied.
        let passed_on = is_data && reason != Reason::Result || matches!(reason, Reason::Let(_));
        let elsewhere = passed_on && self.natural(meaning.sort) == *meaning;
        if meaning.pred == Id::TRUE || elsewhere {
            return;
        }
        let goal = self.meets(meaning, value);
        let Some(claim) = claim else {
            self.owe(reason, span, Some(ty.span), goal, Claim::Silent);
            return;
        };
        let TermKind::Pi(Icit::Explicit, name, domain, codomain) = &*claim.unfold(self.program).kind else {
            self.owe(reason, span, Some(ty.span), goal, Claim::Has(term.clone(), claim.clone()));
            return;
        };
        // A function of any old type needs no mention when it may be applied to everything anyway.
        if goal == Id::TRUE {
            return;
        }
        // To see it fail, look for an argument at which it does.
        let argument = match self.formulas.as_app(goal) {
            Some((Symbol::Respects(calls, scope), args)) => {
                let domain = scope.vars.first().map(|var| self.formulas.sort_of(*var));
                let (witness, args) = (Symbol::Witness(*calls, scope.clone()), args.to_vec());
                domain.map(|domain| self.formulas.app(witness, args, domain))
            }
            _ => None,
        };
        let Some(argument) = argument else {
            self.owe(reason, span, Some(ty.span), goal, Claim::Silent);
            return;
        };
        let applied = term.shift(1).apply(span, [Arg::explicit(TermKind::Var(0).into_term())]);
        let frame = Frame::Any(name.clone(), domain.clone(), argument);
        self.under([], [frame], |this| {
            this.owe(reason, span, Some(ty.span), goal, Claim::Runs(applied, Some(codomain.clone())));
        });
    }

    /// Owes that the conditions written inside a type make sense.
    pub fn owe_types_inside(&mut self, env: &Env, ty: &Term) {
        if self.cursor.is_none() {
            return;
        }
        if self.depth >= DEEPEST {
            // Too deep to be looked at: what it owes cannot be shown.
            let goal = self.opaque(env, Sort::BOOL);
            self.owe(Reason::Depth, ty.span, None, goal, Claim::Silent);
            return;
        }
        self.depth += 1;
        match &*ty.kind {
            TermKind::Refine(name, base, predicate) => {
                self.owe_types_inside(env, base);
                let (value, known) = self.quietly(|this| this.any(env, base));
                let frame = Frame::Any(name.clone(), base.clone(), value);
                let inner = env.with(value);
                self.under([known], [frame], |this| this.condition(&inner, predicate));
            }
            TermKind::Pi(_, name, domain, codomain) => {
                self.owe_types_inside(env, domain);
                let (value, known) = self.quietly(|this| this.any(env, domain));
                let frame = Frame::Any(name.clone(), domain.clone(), value);
                let inner = env.with(value);
                self.under([known], [frame], |this| this.owe_types_inside(&inner, codomain));
            }
            TermKind::Product(items) => items.iter().for_each(|item| self.owe_types_inside(env, item)),
            TermKind::App(head, args) => self.owe_type_arguments(env, head, args),
            TermKind::Eff(_, inner) => self.owe_types_inside(env, inner),
            _ => {}
        }
        self.depth -= 1;
    }

    /// Owes what the arguments of a type owe: types what is inside them, values that they are there and of the type
    /// that the parameter has.
    fn owe_type_arguments(&mut self, env: &Env, head: &Term, args: &[Arg]) {
        let decl = match &*head.kind {
            TermKind::Global(id) | TermKind::Data(id) => self.program.decl(*id),
            _ => None,
        };
        let (name, params) = match decl.map(|decl| (&decl.name, &decl.kind)) {
            Some((name, DeclKind::Alias(params, _))) => (name, params),
            Some((name, DeclKind::Data(data))) => (name, &data.params),
            _ => return args.iter().for_each(|arg| self.owe_types_inside(env, &arg.term)),
        };
        let values: Vec<Term> = args.iter().map(|arg| arg.term.clone()).collect();
        for (place, (arg, param)) in args.iter().zip(params).enumerate() {
            if matches!(&*param.ty.unfold(self.program).kind, TermKind::Universe) {
                self.owe_types_inside(env, &arg.term);
                continue;
            }
            let value = self.term(env, &arg.term);
            let ty = param.ty.instantiate(values.get(..place).unwrap_or_default());
            let reason = Reason::Argument(name.clone(), param.name.clone());
            self.owe_type(env, reason, arg.term.span, value, &arg.term, &ty);
        }
    }
}

/// The variable of a function written in place, for the evaluator. When nobody can say what it is given, nobody can
/// run it.
pub(super) fn argument_frames(name: &Name, own: &Term, given: Option<&Term>, value: Id) -> Vec<Frame> {
    let any = |ty: &Term| Frame::Any(name.clone(), ty.clone(), value);
    match given {
        Some(ty) => vec![any(ty)],
        None => vec![any(own), Frame::When(TermKind::Lit(Literal::Bool(false)).into_term())],
    }
}
