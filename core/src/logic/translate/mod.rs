//! From core terms to formulas; on the way, when asked, everything that is owed.
//!
//! One walk does both, so that what is owed at a place and what is known there cannot drift apart. The walk is a
//! cursor: the path of hypotheses and the frames for the evaluator grow and shrink with the binders and
//! conditions that are passed. Clauses, contracts and bodies that are only *used* are translated quietly.
//!
//! What has no encoding becomes an opaque value of everything in scope: nothing can be proved about it, and
//! nothing false follows from it.

mod constructions;
mod demand;
mod functions;
mod range;

use crate::ir::{Arg, DeclId, DefDecl, Icit, Literal, Name, Op, Param, PrimType, Program, Term, TermKind};
use crate::logic::dependencies::{Dependencies, each_subterm};
use crate::logic::formula::{Calls, FloatOp, Formulas, Id, StrOp, Symbol};
use crate::logic::meaning::{Binding, Env, Meaning};
use crate::logic::obligation::{Call, Claim, Frame, Obligation, Reached, Reason};
use crate::logic::sort::{Abstract, Sort, SortKind};
use crate::syntax::span::Span;
use crate::syntax::tree::Quantifier;
use functions::Expected;
use std::collections::HashMap;
use std::sync::Arc;

/// Terms nested deeper than this are opaque: the stack of a browser is small.
const DEEPEST: usize = 120;
/// Bodies of at most this many subterms are written out where they are called.
const SMALL: usize = 60;
/// Definitions are written out inside written-out definitions at most this deep.
const DEEPEST_INLINE: usize = 6;

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
    /// Whether what is translated is the body of the declaration under proof: the functions given to it may do
    /// anything. Where a body is unfolded they are known to do nothing.
    pub rooted: bool,
    /// The call that comes next has effects.
    running: bool,
    /// Calls with effects so far: each is another run.
    runs: u32,
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
    /// Calls of the document's own definitions so far, whether or not anything is made of their outcome: what they
    /// promise is known, which makes a call of a lemma a step of a proof.
    pub noticed: Vec<Id>,
}

/// How many calls are kept for what they promise.
const MOST_NOTICED: usize = 40;

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
            rooted: false,
            running: false,
            runs: 0,
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
            TermKind::Op(op @ (Op::Run | Op::RunGiven), inner) => match inner.first() {
                Some(inner) => self.run(env, *op, inner),
                None => self.unknown(env),
            },
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
                let ranges = self.ranges(env, *quantifier, ty, body);
                let body = self.under([known], [frame], |this| this.condition(&inner, body));
                self.open -= 1;
                match quantifier {
                    // What it says depends on what the type parameter is given.
                    _ if !ranges => self.opaque(env, Sort::BOOL),
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
            | TermKind::Eff(..)
            | TermKind::Product(_)
            | TermKind::Data(_)
            | TermKind::Error => self.unknown(env),
        }
    }

    /// Whether values of a sort can be compared: no functions are in them.
    fn compares(&self, sort: Sort) -> bool {
        match self.formulas.kind(sort) {
            SortKind::Fun(..) => false,
            SortKind::Tuple(items) => items.iter().all(|item| self.compares(*item)),
            SortKind::Data(decl, sorts) => {
                !self.dependencies.holds_functions(*decl) && sorts.iter().all(|sort| self.compares(*sort))
            }
            SortKind::Int | SortKind::Bool | SortKind::Str | SortKind::Real | SortKind::Float => true,
            // Of a data type it knows nothing of the arguments.
            SortKind::Abstract(Abstract::Data(_) | Abstract::Unknown(_)) => false,
            SortKind::Abstract(Abstract::Param(_) | Abstract::Hole(_)) => true,
        }
    }

    fn literal(&mut self, literal: &Literal) -> Id {
        match literal {
            Literal::Int(value) => self.formulas.int(value.clone()),
            Literal::Real(value) => self.formulas.real((**value).clone()),
            Literal::Float(value) => self.formulas.float(*value),
            Literal::Bool(value) => Formulas::truth(*value),
            Literal::Str(text) => self.formulas.text(text),
            Literal::Unit => self.formulas.unit(),
        }
    }

    fn hole(&mut self, env: &Env, term: &Term, id: crate::ir::HoleId) -> Id {
        let Some(info) = self.program.hole(id) else { return self.unknown(env) };
        // Declared holes are closed; others are over the whole context of their place.
        let inner = env.innermost(info.context.len());
        if let Some(default) = &info.default {
            let value = self.term(&inner, default);
            if self.cursor.is_some() {
                self.owe_types_inside(&inner, &info.ty);
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

    /// The arguments for type parameters.
    fn type_args(&mut self, env: &Env, args: &[Arg]) -> Vec<Meaning> {
        let implicit: Vec<Term> =
            args.iter().filter(|arg| arg.icit == Icit::Implicit).map(|arg| arg.term.clone()).collect();
        implicit.iter().map(|ty| self.quietly(|this| this.meaning(env, ty))).collect()
    }

    /// A term with effects: another value each time, of which nothing is known but what its definition promises.
    fn run(&mut self, env: &Env, op: Op, term: &Term) -> Id {
        if op == Op::RunGiven && !self.rooted {
            return self.term(env, term);
        }
        let (head, args) = term.spine();
        let before = self.runs;
        self.running = match &*head.kind {
            TermKind::Global(id) => self.program.def(*id).is_some_and(|def| def.params.len() == args.len()),
            _ => false,
        };
        let value = self.term(env, term);
        self.running = false;
        // Only a run that began here: what a function gives was translated with it, once for all its calls.
        if let Some((Symbol::Run(_, _, number), _)) = self.formulas.as_app(value)
            && *number > before
            && matches!(&*head.kind, TermKind::Global(_))
        {
            return value;
        }
        let sort = self.formulas.sort_of(value);
        self.opaque(env, sort)
    }

    fn one_run(&mut self, env: &Env, id: DeclId, def: &DefDecl, types: &[Meaning], args: Vec<Id>) -> Id {
        let callee = args.iter().fold(Env::of_types(types), |env, arg| env.with(*arg));
        let result = self.sort(&callee, &def.result);
        let sorts = types.iter().map(|ty| ty.sort).collect();
        self.runs += 1;
        let symbol = Symbol::Run(id, sorts, self.runs);
        // Under a binder it runs anew for every value of the variable.
        let args = args.into_iter().chain(env.values()).collect();
        self.formulas.app(symbol, args, result)
    }

    fn global(&mut self, env: &Env, term: &Term, id: DeclId, def: &'p DefDecl, args: &[Arg]) -> Id {
        let running = std::mem::take(&mut self.running);
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
        // Functions cannot be told apart, so nobody can run this.
        let first = types.first().map(|ty| ty.sort);
        if def.native.is_some_and(crate::ir::Native::is_of_collections)
            && first.is_some_and(|sort| !self.compares(sort))
        {
            return self.unknown(env);
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
        let noticed = values.clone();
        let result = match running {
            true => self.one_run(env, id, def, &plain, values),
            false => self.quietly(|this| this.call(id, def, &plain, values)),
        };
        if !running {
            self.notice(id, def, &plain, result, noticed);
        }
        if types != plain
            && matches!(self.formulas.as_app(result), Some((Symbol::Def(..) | Symbol::Run(..), _)))
        {
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

    /// Keeps a call whose definition promises something.
    fn notice(&mut self, id: DeclId, def: &'p DefDecl, types: &[Meaning], result: Id, args: Vec<Id>) {
        let promises =
            !def.ensures.is_empty() || matches!(&*def.result.unfold(self.program).kind, TermKind::Refine(..));
        let room = self.cursor.as_ref().is_some_and(|cursor| cursor.noticed.len() < MOST_NOTICED);
        if !promises || !room || (id.0 as usize) < self.program.prelude_len {
            return;
        }
        // A call that was written out promises what its symbol does.
        let call = match self.formulas.as_app(result) {
            Some((Symbol::Def(called, _), _)) if *called == id => result,
            _ => {
                let sorts = types.iter().map(|ty| ty.sort).collect();
                let sort = self.formulas.sort_of(result);
                self.formulas.app(Symbol::Def(id, sorts), args, sort)
            }
        };
        if let Some(cursor) = &mut self.cursor
            && !cursor.noticed.contains(&call)
        {
            cursor.noticed.push(call);
        }
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
            let rooted = std::mem::take(&mut self.rooted);
            let result = self.quietly(|this| this.term(&env, body));
            (self.depth, self.rooted) = (depth, rooted);
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
                let equal = match self.compares(self.formulas.sort_of(a)) {
                    true => self.formulas.eq(a, b),
                    // Nobody can run it to an end, so it says nothing.
                    false => self.opaque(env, Sort::BOOL),
                };
                if op == Op::Eq { equal } else { self.formulas.not(equal) }
            }
            (Op::Neg, [a]) => {
                let a = self.term_of(env, a, Sort::INT);
                self.formulas.neg(a)
            }
            (
                Op::RealLt | Op::RealLe | Op::RealAdd | Op::RealSub | Op::RealMul | Op::RealDiv | Op::RealNeg,
                [first, rest @ ..],
            ) => self.fractions(env, term, op, first, rest.first()),
            (
                Op::FloatEq
                | Op::FloatLt
                | Op::FloatLe
                | Op::FloatAdd
                | Op::FloatSub
                | Op::FloatMul
                | Op::FloatDiv
                | Op::FloatNeg,
                args,
            ) => {
                let args = args.iter().map(|arg| self.term_of(env, arg, Sort::FLOAT)).collect();
                let op = match op {
                    Op::FloatEq => FloatOp::Equal,
                    Op::FloatLt => FloatOp::Less,
                    Op::FloatLe => FloatOp::AtMost,
                    Op::FloatAdd => FloatOp::Add,
                    Op::FloatSub => FloatOp::Sub,
                    Op::FloatMul => FloatOp::Mul,
                    Op::FloatDiv => FloatOp::Div,
                    _ => FloatOp::Neg,
                };
                self.formulas.float_op(op, args)
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

    /// Operators on fractions; division owes a divisor that is not 0.
    fn fractions(&mut self, env: &Env, term: &Term, op: Op, a: &Term, b: Option<&Term>) -> Id {
        let left = self.term_of(env, a, Sort::REAL);
        let Some(b) = b else { return self.formulas.real_neg(left) };
        let right = self.term_of(env, b, Sort::REAL);
        if op == Op::RealDiv && self.cursor.is_some() {
            let zero = self.formulas.real_is_zero(right);
            let goal = self.formulas.not(zero);
            let real = TermKind::Prim(PrimType::Real).into_term();
            let nothing = TermKind::Lit(Literal::Real(Arc::new(0.into()))).into_term();
            let claim = TermKind::Op(Op::Ne, vec![real, b.clone(), nothing]).into_term();
            self.owe(Reason::Division, b.span, Some(term.span), goal, Claim::Holds(claim));
        }
        match op {
            Op::RealAdd => self.formulas.real_add(left, right),
            Op::RealSub => self.formulas.real_sub(left, right),
            Op::RealMul => self.formulas.real_mul(left, right),
            Op::RealDiv => self.formulas.real_div(left, right),
            Op::RealLt => self.formulas.real_lt(left, right),
            _ => self.formulas.real_le(left, right),
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
}

/// Whether a type holds a hole, which means something only where it is written.
pub(super) fn holds_hole(ty: &Term) -> bool {
    let mut found = false;
    each_subterm(ty, &mut |part| found |= matches!(&*part.kind, TermKind::Hole(_)));
    found
}
