//! Functions as values: what they give, where they may be applied, and what their bodies owe there.

use super::demand::argument_frames;
use super::{Cursor, DEEPEST, Translator};
use crate::ir::{Arg, DeclId, DefDecl, Icit, Literal, Op, Term, TermKind};
use crate::logic::dependencies::each_subterm;
use crate::logic::formula::{Calls, Id};
use crate::logic::meaning::{Env, Meaning};
use crate::logic::obligation::{Claim, Frame, Reason};
use crate::logic::sort::Sort;
use crate::syntax::span::Span;
use std::collections::HashSet;

/// Functions inside functions are asked what they owe at most this deep.
const DEEPEST_APPLIED: usize = 4;
/// Functions below more bound variables than this are opaque: each binder is another pass over what is in it.
const MOST_OPEN: usize = 6;

impl<'p> Translator<'p> {
    /// A function written in place, and what it owes. Against an expected type, its parameters are at least what
    /// that type gives them, and its body owes the outcome's type.
    pub(super) fn lambda(&mut self, env: &Env, term: &Term, expected: Option<Expected>) -> Id {
        let value = self.function(env, term);
        // While it is only asked what a function owes when it is applied, one that is merely made owes nothing.
        if self.cursor.is_some() && (expected.is_some() || self.applying == 0) {
            self.lambda_inside(env, term, expected);
        }
        value
    }

    /// The value of a function written in place: the same whatever is owed, asked or known around it.
    pub(in crate::logic) fn function(&mut self, env: &Env, term: &Term) -> Id {
        let TermKind::Lam(_, _, ty, body) = &*term.kind else {
            return self.quietly(|this| this.term(env, term));
        };
        if self.depth >= DEEPEST || self.open >= MOST_OPEN {
            return self.unknown(env);
        }
        self.depth += 1;
        self.open += 1;
        let (param, known) = self.allowed_only(|this| this.quietly(|this| this.any(env, ty)));
        let inner = env.with(param);
        let outcome = self.quietly(|this| this.term(&inner, body));
        let safe = self.owed_by(&inner, body, known);
        let value = self.formulas.closure(param, outcome, safe);
        self.open -= 1;
        self.depth -= 1;
        value
    }

    /// Meanings that ask where functions may be applied, whatever is asked outside.
    pub(super) fn allowed_only<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> T {
        let calls = std::mem::replace(&mut self.calls, Calls::Allowed);
        let result = f(self);
        self.calls = calls;
        result
    }

    /// That `known` holds and under it a term runs into no error: everything it owes, as one formula.
    pub(super) fn owed_by(&mut self, env: &Env, term: &Term, known: Id) -> Id {
        if self.owes_nothing(term) {
            return known;
        }
        if self.applying >= DEEPEST_APPLIED {
            return self.opaque(env, Sort::BOOL);
        }
        let outer = self.cursor.replace(Cursor::default());
        self.applying += 1;
        self.allowed_only(|this| this.under([known], [], |this| this.term(env, term)));
        self.applying -= 1;
        let owed = std::mem::replace(&mut self.cursor, outer).map(|cursor| cursor.owed).unwrap_or_default();
        let mut parts = vec![known];
        for obligation in owed {
            let premise = self.formulas.and(obligation.hypotheses);
            let mut part = self.formulas.implies(premise, obligation.goal);
            // Variables on the way stand for anything.
            for frame in obligation.frames.iter().rev() {
                if let Frame::Any(_, _, constant) = &**frame
                    && self.formulas.mentions(part, *constant)
                {
                    part = self.formulas.forall(&[*constant], part);
                }
            }
            parts.push(part);
        }
        self.formulas.and(parts)
    }

    /// Whether nothing in a term can be owed, as a glance shows.
    pub(super) fn owes_nothing(&self, term: &Term) -> bool {
        let mut nothing = true;
        each_subterm(term, &mut |part| {
            nothing &= match &*part.kind {
                TermKind::Global(id) => self.program.def(*id).is_some_and(|def| {
                    def.requires.is_empty()
                        && def.params.iter().all(|param| {
                            param.icit == Icit::Implicit || self.is_plain_type(&param.ty, &mut HashSet::new())
                        })
                }),
                TermKind::Con(id, _) => self.is_plain(*id, &mut HashSet::new()),
                TermKind::App(head, _) => matches!(&*head.kind, TermKind::Global(_) | TermKind::Con(..)),
                TermKind::Op(Op::Div | Op::Mod, args) => match args.get(1).map(|divisor| &*divisor.kind) {
                    Some(TermKind::Lit(Literal::Int(number))) => *number != 0.into(),
                    _ => false,
                },
                TermKind::Op(Op::StrAt | Op::ListAt, _)
                | TermKind::Match(..)
                | TermKind::Hole(_)
                | TermKind::Refine(..)
                | TermKind::Pi(..) => false,
                _ => true,
            };
        });
        nothing
    }

    pub(super) fn lambda_inside(&mut self, env: &Env, term: &Term, expected: Option<Expected>) {
        let TermKind::Lam(_, name, ty, body) = &*term.kind else {
            let value = self.term(env, term);
            if let Some(expected) = expected {
                let meaning = self.quietly(|this| this.meaning(&expected.env, &expected.ty));
                let (ty, claim) = (&expected.ty, expected.claim.as_ref());
                self.owe_meaning(&meaning, expected.reason, term.span, value, term, ty, claim);
            }
            return;
        };
        if self.depth >= DEEPEST {
            // Too deep to be looked at: what it owes cannot be shown.
            let goal = self.opaque(env, Sort::BOOL);
            self.owe(Reason::Depth, term.span, None, goal, Claim::Silent);
            return;
        }
        self.depth += 1;
        self.open += 1;
        self.owe_types_inside(env, ty);
        let (value, known) = self.quietly(|this| this.any(env, ty));
        let mut domain = known;
        let mut given = Some(ty.clone());
        let mut inner_expected = None;
        if let Some(expected) = expected
            && let TermKind::Pi(Icit::Explicit, _, from, to) = &*expected.ty.unfold(self.program).kind
        {
            let meaning = self.quietly(|this| this.meaning(&expected.env, from));
            let comes = self.meets(&meaning, value);
            domain = self.formulas.and2(comes, known);
            let claims = expected.claim.as_ref().map(|claim| claim.unfold(self.program));
            let claims = match claims.as_ref().map(|claim| &*claim.kind) {
                Some(TermKind::Pi(Icit::Explicit, _, from, to)) => Some((from.clone(), to.clone())),
                _ => None,
            };
            given = claims.as_ref().map(|(from, _)| from.clone());
            if domain != comes {
                // The parameter's own type asks for more than the expected one gives.
                let frames = argument_frames(name, ty, given.as_ref(), value);
                let claim = Claim::Has(TermKind::Var(0).into_term(), ty.shift(1));
                self.under([comes], frames, |this| {
                    this.owe(expected.reason.clone(), ty.span, expected.source, known, claim);
                });
            }
            inner_expected = Some(Expected {
                env: expected.env.with(value),
                ty: to.clone(),
                claim: claims.map(|(_, to)| to),
                reason: expected.reason,
                source: expected.source,
            });
        }
        let inner = env.with(value);
        let frames = argument_frames(name, ty, given.as_ref(), value);
        self.cursor.iter_mut().for_each(|cursor| cursor.functions += 1);
        self.under([domain], frames, |this| this.lambda_inside(&inner, body, inner_expected));
        self.cursor.iter_mut().for_each(|cursor| cursor.functions -= 1);
        self.open -= 1;
        self.depth -= 1;
    }

    pub(super) fn application(&mut self, env: &Env, term: &Term, head: &Term, args: &[Arg]) -> Id {
        match &*head.kind {
            TermKind::Global(id) => match self.program.def(*id) {
                Some(def) => self.global(env, term, *id, def, args),
                None => self.unknown(env),
            },
            TermKind::Con(decl, ctor) => self.constructor(env, term, *decl, *ctor, args),
            _ => {
                let function = self.term(env, head);
                self.apply_all(env, term, head, function, args)
            }
        }
    }

    pub(super) fn apply_all(
        &mut self,
        env: &Env,
        term: &Term,
        head: &Term,
        function: Id,
        args: &[Arg],
    ) -> Id {
        let mut function = function;
        let mut ty = self.type_of_variable(head);
        for (number, arg) in args.iter().enumerate().filter(|(_, arg)| arg.icit == Icit::Explicit) {
            let value = self.term(env, &arg.term);
            let pi = ty.take().map(|ty| ty.unfold(self.program));
            let (domain, codomain) = match pi.as_ref().map(|ty| &*ty.kind) {
                Some(TermKind::Pi(Icit::Explicit, _, domain, codomain)) => (Some(domain), Some(codomain)),
                _ => (None, None),
            };
            if self.cursor.is_some() {
                let safe = self.formulas.safe(function, value);
                if safe != Id::TRUE {
                    let claim = match domain {
                        Some(ty) => Claim::Has(arg.term.clone(), ty.clone()),
                        None => {
                            let so_far = args.iter().take(number + 1).cloned();
                            Claim::Runs(head.clone().apply(term.span, so_far), None)
                        }
                    };
                    self.owe(Reason::Applicable, arg.term.span, Some(term.span), safe, claim);
                }
            }
            ty = codomain.map(|ty| ty.instantiate(std::slice::from_ref(&arg.term)));
            function = self.formulas.apply(function, value);
        }
        function
    }

    /// The type a variable was introduced with, where the walk stands; of variables that may be anything only.
    pub(super) fn type_of_variable(&self, term: &Term) -> Option<Term> {
        let TermKind::Var(index) = &*term.kind else { return None };
        let mut inside = 0;
        for frame in self.cursor.as_ref()?.frames.iter().rev() {
            inside += frame.binders();
            if *index < inside {
                return match &**frame {
                    Frame::Any(_, ty, _) => Some(ty.shift(index + 1)),
                    _ => None,
                };
            }
        }
        None
    }

    /// A definition as a function value, with the first arguments given.
    pub(super) fn function_value(
        &mut self,
        id: DeclId,
        def: &'p DefDecl,
        types: &[Meaning],
        given: Vec<Id>,
    ) -> Id {
        self.open += 1;
        let value = self.quietly(|this| {
            let mut env = given.iter().fold(Env::of_types(types), |env, arg| env.with(*arg));
            let mut args = given.clone();
            let mut missing = Vec::new();
            for param in def.params.iter().skip(types.len() + given.len()) {
                let sort = this.sort(&env, &param.ty);
                let constant = this.formulas.fresh(sort);
                missing.push(constant);
                args.push(constant);
                env = env.with(constant);
            }
            let domain = this.allowed_only(|this| this.domain(def, types, &args));
            let outcome = this.call(id, def, types, args);
            this.closed(missing, domain, outcome)
        });
        self.open -= 1;
        value
    }

    /// A function of several parameters; whether the last may be given is `domain`.
    pub(super) fn closed(&mut self, params: Vec<Id>, domain: Id, outcome: Id) -> Id {
        let mut safe = domain;
        params.iter().rev().fold(outcome, |body, param| {
            let safe = std::mem::replace(&mut safe, Id::TRUE);
            self.formulas.closure(*param, body, safe)
        })
    }
}

/// A type that a function written in place is expected to have.
pub(super) struct Expected {
    /// Where the type is read, in formulas.
    pub(super) env: Env,
    /// The type.
    pub(super) ty: Term,
    /// The type as a term of the place where the function stands, for the evaluator; `None` when there is none.
    pub(super) claim: Option<Term>,
    pub(super) reason: Reason,
    pub(super) source: Option<Span>,
}
