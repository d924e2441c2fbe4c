//! From core terms to formulas; on the way, when asked, everything that is owed.
//!
//! One walk does both, so that what is owed at a place and what is known there cannot drift apart. The walk is a
//! cursor: the path of hypotheses and the frames for the evaluator grow and shrink with the binders and
//! conditions that are passed. Clauses, contracts and bodies that are only *used* are translated quietly.
//!
//! What has no encoding becomes an opaque value of everything in scope: nothing can be proved about it, and
//! nothing false follows from it.

use crate::ir::{
    Arg, Arm, DeclId, DefDecl, Icit, Literal, Name, Op, Param, Pattern, PatternKind, PrimType, Program, Term,
    TermKind,
};
use crate::logic::data::CONS;
use crate::logic::dependencies::{Dependencies, each_subterm};
use crate::logic::formula::{Calls, Formulas, Id, StrOp, Symbol};
use crate::logic::meaning::{Binding, Env, Meaning};
use crate::logic::obligation::{Call, Claim, Frame, Obligation, Reached, Reason};
use crate::logic::sort::{Sort, SortKind};
use crate::syntax::span::Span;
use crate::syntax::tree::Quantifier;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Terms nested deeper than this are opaque: the stack of a browser is small.
const DEEPEST: usize = 300;
/// Bodies of at most this many subterms are written out where they are called.
const SMALL: usize = 60;
/// Definitions are written out inside written-out definitions at most this deep.
const DEEPEST_INLINE: usize = 6;
/// Functions inside functions are asked what they owe at most this deep.
const DEEPEST_APPLIED: usize = 4;
/// A clause is cut into at most this many parts.
const MOST_PARTS: usize = 40;

/// Translates the terms of one program into one arena.
pub struct Translator<'p> {
    /// The arena.
    pub formulas: Formulas,
    /// Where declarations are looked up.
    pub program: &'p Program,
    /// Who mentions whom.
    pub dependencies: Arc<Dependencies>,
    /// What is known of the value of each hole that was met outside binders.
    pub hole_facts: HashMap<Id, Id>,
    /// The definition whose recursive calls are written down.
    pub current: Option<DeclId>,
    pub(super) cursor: Option<Cursor>,
    depth: usize,
    inlined: usize,
    /// How many functions are being asked what they owe when they are applied.
    applying: usize,
    /// How many bound variables are open: what is built is not ground.
    pub(super) open: usize,
    /// What meanings say of function values.
    pub(super) calls: Calls,
    /// Calls of generic definitions at types that say more than their sorts do.
    pub instances: HashMap<Id, Vec<Vec<Meaning>>>,
    /// Calls whose declared element types are being looked at.
    pub(super) looking: usize,
    /// Types inside each other whose meaning is being written.
    pub(super) nesting: usize,
    sizes: HashMap<DeclId, usize>,
}

/// A type that a function written in place is expected to have.
struct Expected {
    /// Where the type is read, in formulas.
    env: Env,
    /// The type.
    ty: Term,
    /// The type as a term of the place where the function stands, for the evaluator; `None` when there is none.
    claim: Option<Term>,
    reason: Reason,
    source: Option<Span>,
}

/// Where a walk stands and what it has found.
#[derive(Debug, Default)]
pub struct Cursor {
    /// Hypotheses.
    pub path: Vec<Id>,
    /// The way for the evaluator.
    pub frames: Vec<Arc<Frame>>,
    /// Which promise the obligations are for.
    pub promise: Option<usize>,
    /// What is owed so far.
    pub owed: Vec<Obligation>,
    /// Recursive calls so far.
    pub calls: Vec<Call>,
    /// Places where the definition is used as a value inside its own recursion.
    pub escapes: Vec<Span>,
    /// How many functions written in place the walk is inside of.
    pub functions: usize,
}

impl<'p> Translator<'p> {
    /// A translator with an arena of its own.
    pub fn new(program: &'p Program, dependencies: &Arc<Dependencies>) -> Self {
        Translator {
            formulas: Formulas::new(),
            program,
            dependencies: Arc::clone(dependencies),
            hole_facts: HashMap::new(),
            current: None,
            cursor: None,
            depth: 0,
            inlined: 0,
            applying: 0,
            open: 0,
            calls: Calls::Allowed,
            instances: HashMap::new(),
            looking: 0,
            nesting: 0,
            sizes: HashMap::new(),
        }
    }

    /// Runs `f` without writing down what is owed.
    pub fn quietly<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> T {
        let cursor = self.cursor.take();
        let result = f(self);
        self.cursor = cursor;
        result
    }

    /// Runs `f` one step further: under hypotheses and frames that are gone afterwards.
    pub fn under<T>(
        &mut self,
        hypotheses: impl IntoIterator<Item = Id>,
        frames: impl IntoIterator<Item = Frame>,
        f: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let Some(cursor) = &mut self.cursor else { return f(self) };
        let marks = (cursor.path.len(), cursor.frames.len());
        cursor.path.extend(hypotheses.into_iter().filter(|id| *id != Id::TRUE));
        cursor.frames.extend(frames.into_iter().map(Arc::new));
        let result = f(self);
        if let Some(cursor) = &mut self.cursor {
            cursor.path.truncate(marks.0);
            cursor.frames.truncate(marks.1);
        }
        result
    }

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

    fn owe_part(&mut self, env: &Env, term: &Term, reason: &Reason, span: Option<Span>, parts: &mut usize) {
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

    fn owe_inside(
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
            TermKind::Quant(Quantifier::Forall, name, ty, body) => {
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

    /// A new constant for any value of a type, and what its type says of it.
    pub fn any(&mut self, env: &Env, ty: &Term) -> (Id, Id) {
        let meaning = self.meaning(env, ty);
        let value = self.formulas.fresh(meaning.sort);
        let known = self.meets(&meaning, value);
        (value, known)
    }

    /// A value of which nothing is known.
    pub(super) fn opaque(&mut self, env: &Env, sort: Sort) -> Id {
        let on = env.values();
        self.formulas.opaque(sort, on)
    }

    pub(super) fn unknown(&mut self, env: &Env) -> Id {
        let sort = self.formulas.unknown_sort();
        self.opaque(env, sort)
    }

    /// A term that must be a truth value.
    pub fn condition(&mut self, env: &Env, term: &Term) -> Id {
        self.term_of(env, term, Sort::BOOL)
    }

    /// A term that must have this sort; opaque when it has another.
    pub fn term_of(&mut self, env: &Env, term: &Term, sort: Sort) -> Id {
        let id = self.term(env, term);
        if self.formulas.sort_of(id) == sort { id } else { self.opaque(env, sort) }
    }

    /// A term as a formula.
    pub fn term(&mut self, env: &Env, term: &Term) -> Id {
        if self.depth >= DEEPEST {
            if self.cursor.is_some() {
                // What it owes cannot be seen, so it cannot be shown.
                let goal = self.opaque(env, Sort::BOOL);
                self.owe(Reason::Depth, term.span, None, goal, Claim::Silent);
            }
            return self.unknown(env);
        }
        self.depth += 1;
        let id = self.term_inside(env, term);
        self.depth -= 1;
        id
    }

    fn term_inside(&mut self, env: &Env, term: &Term) -> Id {
        match &*term.kind {
            TermKind::Var(index) => match env.get(*index) {
                Some(Binding::Value(id)) => *id,
                _ => self.unknown(env),
            },
            TermKind::Lit(literal) => self.literal(literal),
            TermKind::Global(_) | TermKind::Con(..) => self.application(env, term, term, &[]),
            TermKind::App(head, args) => self.application(env, term, head, args),
            TermKind::Op(op, args) => self.operation(env, term, *op, args),
            TermKind::If(condition, yes, no) => {
                let known = self.condition(env, condition);
                let not = self.formulas.not(known);
                let yes = self.under([known], [Frame::When(condition.clone())], |this| this.term(env, yes));
                let no = self.under([not], [Frame::Unless(condition.clone())], |this| this.term(env, no));
                self.formulas.ite(known, yes, no)
            }
            TermKind::Match(scrutinee, _, arms) => self.match_term(env, term, scrutinee, arms),
            TermKind::Let(name, ty, value, body) => {
                let id = self.term(env, value);
                if self.cursor.is_some() {
                    self.owe_types_inside(env, ty);
                    self.owe_type(env, Reason::Let(name.clone()), value.span, id, value, ty);
                }
                let inner = env.with(id);
                self.under([], [Frame::Let(name.clone(), value.clone())], |this| this.term(&inner, body))
            }
            TermKind::Lam(..) => self.lambda(env, term, None),
            TermKind::Quant(quantifier, name, ty, body) => {
                self.open += 1;
                if self.cursor.is_some() {
                    self.owe_types_inside(env, ty);
                }
                let (value, known) = self.quietly(|this| this.any(env, ty));
                let inner = env.with(value);
                let frame = Frame::Any(name.clone(), ty.clone(), value);
                let body = self.under([known], [frame], |this| this.condition(&inner, body));
                self.open -= 1;
                match quantifier {
                    Quantifier::Forall => {
                        let body = self.formulas.implies(known, body);
                        self.formulas.forall(&[value], body)
                    }
                    Quantifier::Exists => {
                        let body = self.formulas.and2(known, body);
                        self.formulas.exists(&[value], body)
                    }
                }
            }
            TermKind::Tuple(items) => {
                let items = items.iter().map(|item| self.term(env, item)).collect();
                self.formulas.tuple(items)
            }
            // Too long to be unfolded usefully: its elements owe what they owe, the whole is a value about which
            // only running says more.
            TermKind::List(element, items) => {
                let on = items.iter().map(|item| self.term(env, item)).collect();
                let element = self.sort(env, element);
                let Some(list) = self.program.list() else { return self.unknown(env) };
                let sort = self.data_sort(list, vec![element]);
                self.formulas.opaque(sort, on)
            }
            TermKind::Field(_, field, value) => {
                let value = self.term(env, value);
                self.formulas.select(0, *field, value)
            }
            TermKind::Hole(id) => self.hole(env, term, *id),
            TermKind::Meta(_)
            | TermKind::Universe
            | TermKind::Pi(..)
            | TermKind::Refine(..)
            | TermKind::Prim(_)
            | TermKind::Product(_)
            | TermKind::Data(_)
            | TermKind::Error => self.unknown(env),
        }
    }

    fn literal(&mut self, literal: &Literal) -> Id {
        match literal {
            Literal::Int(value) => self.formulas.int(value.clone()),
            Literal::Bool(value) => Formulas::truth(*value),
            Literal::Str(text) => self.formulas.text(text),
            Literal::Unit => self.formulas.unit(),
        }
    }

    /// A function written in place, and what it owes. Against an expected type, its parameters are at least what
    /// that type gives them, and its body owes the outcome's type.
    fn lambda(&mut self, env: &Env, term: &Term, expected: Option<Expected>) -> Id {
        let value = self.function(env, term);
        // While it is only asked what a function owes when it is applied, one that is merely made owes nothing.
        if self.cursor.is_some() && (expected.is_some() || self.applying == 0) {
            self.lambda_inside(env, term, expected);
        }
        value
    }

    /// The value of a function written in place: the same whatever is owed, asked or known around it.
    pub(super) fn function(&mut self, env: &Env, term: &Term) -> Id {
        let TermKind::Lam(_, _, ty, body) = &*term.kind else {
            return self.quietly(|this| this.term(env, term));
        };
        if self.depth >= DEEPEST {
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
    fn allowed_only<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> T {
        let calls = std::mem::replace(&mut self.calls, Calls::Allowed);
        let result = f(self);
        self.calls = calls;
        result
    }

    /// That `known` holds and under it a term runs into no error: everything it owes, as one formula.
    fn owed_by(&mut self, env: &Env, term: &Term, known: Id) -> Id {
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
    fn owes_nothing(&self, term: &Term) -> bool {
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

    fn lambda_inside(&mut self, env: &Env, term: &Term, expected: Option<Expected>) {
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

    fn hole(&mut self, env: &Env, term: &Term, id: crate::ir::HoleId) -> Id {
        let Some(info) = self.program.hole(id) else { return self.unknown(env) };
        // Declared holes are closed; others are over the whole context of their place.
        let inner = env.innermost(info.context.len());
        if let Some(default) = &info.default {
            let value = self.term(&inner, default);
            if self.cursor.is_some() {
                self.owe_type(&inner, Reason::Default(id), term.span, value, default, &info.ty);
            }
            return value;
        }
        let meaning = self.quietly(|this| this.meaning(&inner, &info.ty));
        let value = self.formulas.app(Symbol::Hole(id), inner.values(), meaning.sort);
        if self.formulas.sort_of(value) != meaning.sort {
            return self.opaque(env, meaning.sort);
        }
        if self.open == 0 || inner.values().is_empty() {
            let known = self.meets(&meaning, value);
            self.hole_facts.insert(value, known);
        }
        value
    }

    // Applications.

    fn application(&mut self, env: &Env, term: &Term, head: &Term, args: &[Arg]) -> Id {
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

    fn apply_all(&mut self, env: &Env, term: &Term, head: &Term, function: Id, args: &[Arg]) -> Id {
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
    fn type_of_variable(&self, term: &Term) -> Option<Term> {
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

    /// The arguments for type parameters.
    fn type_args(&mut self, env: &Env, args: &[Arg]) -> Vec<Meaning> {
        let implicit: Vec<Term> =
            args.iter().filter(|arg| arg.icit == Icit::Implicit).map(|arg| arg.term.clone()).collect();
        implicit.iter().map(|ty| self.quietly(|this| this.meaning(env, ty))).collect()
    }

    fn global(&mut self, env: &Env, term: &Term, id: DeclId, def: &'p DefDecl, args: &[Arg]) -> Id {
        let types = self.type_args(env, args);
        if types.len() != def.params.iter().filter(|param| param.icit == Icit::Implicit).count() {
            return self.unknown(env);
        }
        let arity = def.params.len() - types.len();
        let explicit: Vec<&Arg> = args.iter().filter(|arg| arg.icit == Icit::Explicit).collect();
        let (given, rest) = explicit.split_at(explicit.len().min(arity));
        let written = |arg: &Arg| matches!(&*arg.term.kind, TermKind::Lam(..));
        let mut values: Vec<Id> = Vec::new();
        for arg in given {
            values.push(match written(arg) {
                // What it owes depends on the type it is expected to have: see below.
                true => self.function(env, &arg.term),
                false => self.term(env, &arg.term),
            });
        }
        let plain = types;
        let refined = self.refined_types(env, def, &plain, given, &values);
        let types: Vec<Meaning> = refined.iter().map(|refined| refined.meaning).collect();
        if self.cursor.is_some() {
            let mut callee = Env::of_types(&types);
            let implicit = args.iter().filter(|arg| arg.icit == Icit::Implicit);
            // Where a refined type is no term, no term says what the function is given.
            let vague = refined.iter().any(|refined| refined.changed && refined.term.is_none());
            let mut terms: Vec<Term> = implicit
                .zip(&refined)
                .map(|(arg, refined)| refined.term.clone().unwrap_or_else(|| arg.term.clone()))
                .collect();
            for ((arg, value), param) in given.iter().zip(&values).zip(def.params.iter().skip(types.len())) {
                if written(arg) {
                    let expected = Expected {
                        env: callee.clone(),
                        ty: param.ty.clone(),
                        claim: (!vague && !holds_hole(&param.ty)).then(|| param.ty.instantiate(&terms)),
                        reason: Reason::Argument(self.name_of(id), param.name.clone()),
                        source: ((id.0 as usize) >= self.program.prelude_len).then_some(param.ty.span),
                    };
                    self.lambda_inside(env, &arg.term, Some(expected));
                }
                callee = callee.with(*value);
                terms.push(arg.term.clone());
            }
        }
        let recursive = self.current.is_some_and(|own| self.dependencies.recur_together(own, id));
        if values.len() == arity
            && recursive
            && let Some(cursor) = &mut self.cursor
        {
            cursor.calls.push(Call {
                callee: id,
                args: values.clone(),
                types: types.clone(),
                terms: args.iter().take(def.params.len()).map(|arg| arg.term.clone()).collect(),
                span: term.span,
                hypotheses: cursor.path.clone(),
                frames: cursor.frames.clone(),
                reached: if cursor.functions > 0 { Reached::WhenApplied } else { Reached::Always },
            });
        } else if recursive && let Some(cursor) = &mut self.cursor {
            cursor.escapes.push(term.span);
        }
        let name = self.name_of(id);
        let before = self.cursor.as_ref().map_or(0, |cursor| cursor.owed.len());
        self.stepping_in(env, &def.params, &types, |this, callee| {
            for (number, (arg, param)) in given.iter().zip(def.params.iter().skip(types.len())).enumerate() {
                let meaning = this.quietly(|this| this.meaning(callee, &param.ty));
                let Some(value) = values.get_mut(number) else { break };
                if this.formulas.sort_of(*value) != meaning.sort {
                    *value = this.opaque(env, meaning.sort);
                }
                let term = arg.term.shift(types.len() + number);
                if this.cursor.is_some() && !written(arg) {
                    let reason = Reason::Argument(name.clone(), param.name.clone());
                    let (span, ty) = (arg.term.span, &param.ty);
                    this.owe_meaning(&meaning, reason, span, *value, &term, ty, Some(ty));
                }
                this.step(callee, Frame::Let(param.name.clone(), term), *value);
            }
            if values.len() == arity && this.cursor.is_some() {
                for clause in &def.requires {
                    let reason = Reason::Requires(name.clone(), clause.label.clone());
                    this.owe_condition(callee, &clause.body, &reason, Some(term.span));
                }
            }
        });
        if (id.0 as usize) < self.program.prelude_len {
            // What the prelude asks for is not written in the document.
            let owed = self.cursor.iter_mut().flat_map(|cursor| cursor.owed.iter_mut().skip(before));
            owed.for_each(|obligation| obligation.source = None);
        }
        if values.len() < arity {
            return self.function_value(id, def, &plain, values);
        }
        let result = self.quietly(|this| this.call(id, def, &plain, values));
        if types != plain && matches!(self.formulas.as_app(result), Some((Symbol::Def(..), _))) {
            let known = self.instances.entry(result).or_default();
            if !known.contains(&types) {
                known.push(types);
            }
        }
        if rest.is_empty() {
            return result;
        }
        let rest: Vec<Arg> = rest.iter().map(|arg| (*arg).clone()).collect();
        let before = args.iter().take(args.len() - rest.len()).cloned();
        let head = TermKind::Global(id).into_term().apply(term.span, before);
        self.apply_all(env, term, &head, result, &rest)
    }

    /// Runs `f` in the context of something called from here: the variables of this place, then its type
    /// parameters, then whatever `f` adds with [`Translator::step`]. Terms of the callee mention the innermost
    /// variables only, so they mean the same there.
    fn stepping_in<T>(
        &mut self,
        env: &Env,
        params: &[Param],
        types: &[Meaning],
        f: impl FnOnce(&mut Self, &mut Env) -> T,
    ) -> T {
        let mut callee = types.iter().fold(env.clone(), |env, ty| env.with_type(*ty));
        let names: Vec<Frame> =
            params.iter().take(types.len()).map(|param| Frame::Type(param.name.clone())).collect();
        self.under([], names, |this| f(this, &mut callee))
    }

    /// One more variable for [`Translator::stepping_in`].
    fn step(&mut self, env: &mut Env, frame: Frame, value: Id) {
        *env = env.with(value);
        if let Some(cursor) = &mut self.cursor {
            cursor.frames.push(Arc::new(frame));
        }
    }

    pub(super) fn name_of(&self, id: DeclId) -> Name {
        self.program
            .decl(id)
            .map_or_else(|| "?".into(), |decl| crate::ir::overload::surface_name(&decl.name).into())
    }

    /// A definition applied to all its arguments: a primitive operation, its body, or a symbol.
    pub fn call(&mut self, id: DeclId, def: &'p DefDecl, types: &[Meaning], args: Vec<Id>) -> Id {
        if let Some(native) = def.native
            && let Some(known) = self.native(native, &args)
        {
            return known;
        }
        if self.is_written_out(id, def)
            && let Some(body) = &def.body
        {
            self.inlined += 1;
            let env = args.iter().fold(Env::of_types(types), |env, arg| env.with(*arg));
            let depth = std::mem::take(&mut self.depth);
            let result = self.quietly(|this| this.term(&env, body));
            self.depth = depth;
            self.inlined -= 1;
            return result;
        }
        let env = args.iter().fold(Env::of_types(types), |env, arg| env.with(*arg));
        let result = self.sort(&env, &def.result);
        let sorts = types.iter().map(|ty| ty.sort).collect();
        self.formulas.app(Symbol::Def(id, sorts), args, result)
    }

    /// Whether a call means the body, here and now: never of recursive definitions, and of those with a contract
    /// only where facts about a symbol could not be stated.
    fn is_written_out(&mut self, id: DeclId, def: &DefDecl) -> bool {
        if self.dependencies.is_recursive(id)
            || self.dependencies.is_broken(id)
            || self.inlined >= DEEPEST_INLINE
            || self.current.is_some_and(|own| self.dependencies.recur_together(own, id))
        {
            return false;
        }
        let Some(body) = &def.body else { return false };
        // Where a function that is returned may be applied is part of the contract, not of the body.
        if matches!(&*def.result.unfold(self.program).kind, TermKind::Pi(..)) {
            return false;
        }
        let size = *self.sizes.entry(id).or_insert_with(|| {
            let (mut size, mut holes) = (0, false);
            each_subterm(body, &mut |part| {
                size += 1;
                holes |= matches!(&*part.kind, TermKind::Hole(_));
            });
            if holes { usize::MAX } else { size }
        });
        let simple = def.ensures.is_empty() || (id.0 as usize) < self.program.prelude_len;
        size <= SMALL && (simple || self.open > 0)
    }

    /// A definition as a function value, with the first arguments given.
    fn function_value(&mut self, id: DeclId, def: &'p DefDecl, types: &[Meaning], given: Vec<Id>) -> Id {
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
    fn closed(&mut self, params: Vec<Id>, domain: Id, outcome: Id) -> Id {
        let mut safe = domain;
        params.iter().rev().fold(outcome, |body, param| {
            let safe = std::mem::replace(&mut safe, Id::TRUE);
            self.formulas.closure(*param, body, safe)
        })
    }

    /// What a caller owes: the types of the parameters and the preconditions.
    pub fn domain(&mut self, def: &DefDecl, types: &[Meaning], args: &[Id]) -> Id {
        let mut parts = Vec::new();
        let mut env = Env::of_types(types);
        for (param, arg) in def.params.iter().skip(types.len()).zip(args) {
            let meaning = self.meaning(&env, &param.ty);
            parts.push(self.meets(&meaning, *arg));
            env = env.with(*arg);
        }
        for clause in &def.requires {
            parts.push(self.condition(&env, &clause.body));
        }
        self.formulas.and(parts)
    }

    fn constructor(&mut self, env: &Env, term: &Term, decl: DeclId, ctor: usize, args: &[Arg]) -> Id {
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

    fn construct_one(
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
    fn constructor_value(
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

    // Operators.

    fn operation(&mut self, env: &Env, term: &Term, op: Op, args: &[Term]) -> Id {
        match (op, args) {
            (Op::And, [a, b]) => {
                let known = self.condition(env, a);
                let b = self.under([known], [Frame::When(a.clone())], |this| this.condition(env, b));
                self.formulas.and2(known, b)
            }
            (Op::Implies, [a, b]) => {
                let known = self.condition(env, a);
                let b = self.under([known], [Frame::When(a.clone())], |this| this.condition(env, b));
                self.formulas.implies(known, b)
            }
            (Op::Or, [a, b]) => {
                let first = self.condition(env, a);
                let known = self.formulas.not(first);
                let b = self.under([known], [Frame::Unless(a.clone())], |this| this.condition(env, b));
                self.formulas.or(vec![first, b])
            }
            (Op::Not, [a]) => {
                let a = self.condition(env, a);
                self.formulas.not(a)
            }
            (Op::Iff, [a, b]) => {
                let (a, b) = (self.condition(env, a), self.condition(env, b));
                self.formulas.iff(a, b)
            }
            (Op::Eq | Op::Ne, [_, a, b]) => {
                let (a, b) = (self.term(env, a), self.term(env, b));
                let equal = self.formulas.eq(a, b);
                if op == Op::Eq { equal } else { self.formulas.not(equal) }
            }
            (Op::Neg, [a]) => {
                let a = self.term_of(env, a, Sort::INT);
                self.formulas.neg(a)
            }
            (Op::StrLt | Op::StrLe | Op::StrAppend, [a, b]) => {
                let (a, b) = (self.term_of(env, a, Sort::STR), self.term_of(env, b, Sort::STR));
                let op = match op {
                    Op::StrLt => StrOp::Less,
                    Op::StrLe => StrOp::AtMost,
                    _ => StrOp::Append,
                };
                self.formulas.text_op(op, vec![a, b])
            }
            (Op::StrAt, [text, index]) => {
                self.owe_index(env, term, "str_length", &[], text, index);
                let (text, index) = (self.term_of(env, text, Sort::STR), self.term_of(env, index, Sort::INT));
                self.formulas.text_op(StrOp::At, vec![text, index])
            }
            (Op::ListAt, [element, list, index]) => {
                let implicit = [Arg::implicit(element.clone())];
                self.owe_index(env, term, "length", &implicit, list, index);
                let (list, index) = (self.term(env, list), self.term_of(env, index, Sort::INT));
                self.formulas.list_at(list, index)
            }
            (Op::Div | Op::Mod, [a, b]) => {
                let (a, divisor) = (self.term_of(env, a, Sort::INT), self.term_of(env, b, Sort::INT));
                if self.cursor.is_some() {
                    let zero = self.formulas.is_zero(divisor);
                    let goal = self.formulas.not(zero);
                    let int = TermKind::Prim(PrimType::Int).into_term();
                    let nothing = TermKind::Lit(Literal::Int(0.into())).into_term();
                    let claim = TermKind::Op(Op::Ne, vec![int, b.clone(), nothing]).into_term();
                    self.owe(Reason::Division, b.span, Some(term.span), goal, Claim::Holds(claim));
                }
                match op {
                    Op::Div => self.formulas.floor_div(a, divisor),
                    _ => self.formulas.floor_mod(a, divisor),
                }
            }
            (Op::Add | Op::Sub | Op::Mul | Op::Lt | Op::Le | Op::Gt | Op::Ge, [a, b]) => {
                let (a, b) = (self.term_of(env, a, Sort::INT), self.term_of(env, b, Sort::INT));
                match op {
                    Op::Add => self.formulas.add(a, b),
                    Op::Sub => self.formulas.sub(a, b),
                    Op::Mul => self.formulas.mul(a, b),
                    Op::Lt => self.formulas.lt(a, b),
                    Op::Le => self.formulas.le(a, b),
                    Op::Gt => self.formulas.lt(b, a),
                    _ => self.formulas.le(b, a),
                }
            }
            _ => self.unknown(env),
        }
    }

    /// Owes `0 <= index && index < length(of)`. The operands themselves are walked by the caller.
    fn owe_index(&mut self, env: &Env, term: &Term, length: &str, implicit: &[Arg], of: &Term, index: &Term) {
        if self.cursor.is_none() {
            return;
        }
        let nothing = TermKind::Lit(Literal::Int(0.into())).into_term();
        let low = TermKind::Op(Op::Le, vec![nothing, index.clone()]).into_term();
        let Some(id) = self.prelude_def(length) else {
            let goal = self.opaque(env, Sort::BOOL);
            self.owe(Reason::Index, index.span, Some(term.span), goal, Claim::Silent);
            return;
        };
        let args = implicit.iter().cloned().chain([Arg::explicit(of.clone())]);
        let length = TermKind::Global(id).into_term().apply(Span::default(), args);
        let high = TermKind::Op(Op::Lt, vec![index.clone(), length]).into_term();
        let inside = TermKind::Op(Op::And, vec![low, high]).into_term();
        let goal = self.quietly(|this| this.condition(env, &inside));
        self.owe(Reason::Index, index.span, Some(term.span), goal, Claim::Holds(inside));
    }

    /// A definition of the prelude: a document may have its own by the same name.
    pub(super) fn prelude_def(&self, name: &str) -> Option<DeclId> {
        let prelude = self.program.decls.iter().take(self.program.prelude_len);
        prelude.into_iter().position(|decl| &*decl.name == name).map(|index| DeclId(index as u32))
    }

    // Matches.

    fn match_term(&mut self, env: &Env, term: &Term, scrutinee: &Term, arms: &[Arm]) -> Id {
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
    fn pattern(&mut self, value: Id, pattern: &Pattern, bound: &mut Vec<Id>) -> Id {
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

    /// Owes that a value has a type, unless every value of its sort has it.
    pub fn owe_type(&mut self, env: &Env, reason: Reason, span: Span, value: Id, term: &Term, ty: &Term) {
        let meaning = self.quietly(|this| this.meaning(env, ty));
        self.owe_meaning(&meaning, reason, span, value, term, ty, Some(ty));
    }

    #[allow(clippy::too_many_arguments, reason = "a value and a type, each as formula and as term")]
    fn owe_meaning(
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
        if self.cursor.is_none() || self.depth >= DEEPEST {
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
            TermKind::App(_, args) => args.iter().for_each(|arg| self.owe_types_inside(env, &arg.term)),
            _ => {}
        }
        self.depth -= 1;
    }
}

/// The variable of a function written in place, for the evaluator. When nobody can say what it is given, nobody can
/// run it.
fn argument_frames(name: &Name, own: &Term, given: Option<&Term>, value: Id) -> Vec<Frame> {
    let any = |ty: &Term| Frame::Any(name.clone(), ty.clone(), value);
    match given {
        Some(ty) => vec![any(ty)],
        None => vec![any(own), Frame::When(TermKind::Lit(Literal::Bool(false)).into_term())],
    }
}

/// Whether a type holds a hole, which means something only where it is written.
pub(super) fn holds_hole(ty: &Term) -> bool {
    let mut found = false;
    each_subterm(ty, &mut |part| found |= matches!(&*part.kind, TermKind::Hole(_)));
    found
}
