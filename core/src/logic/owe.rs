//! What each declaration owes.
//!
//! ```text
//!   parameters have their types, preconditions hold
//!   ────────────────────────────────────────────────────────────
//!   the body owes what its parts owe; its value has the result
//!   type and meets every postcondition; recursion ends
//! ```
//!
//! A clause that is written must also make sense: what divides or indexes in it is owed under what stands before it.

use crate::ir::{
    Clause, DataDecl, DeclId, DeclKind, DefDecl, Icit, Literal, Name, Op, Param, Program, SpecDecl, Term,
    TermKind,
};
use crate::logic::dependencies::Dependencies;
use crate::logic::formula::Id;
use crate::logic::meaning::Env;
use crate::logic::obligation::{Call, Claim, Frame, Obligation, Reason};
use crate::logic::sort::{Abstract, SortKind};
use crate::logic::termination::{Orders, Why};
use crate::logic::translate::{Cursor, Translator};
use crate::syntax::span::Span;
use std::sync::Arc;

/// A declaration that has been walked: what it owes, and the arena the formulas live in.
pub struct Owed<'p> {
    /// The arena and what belongs to it.
    pub translator: Translator<'p>,
    /// What is owed, in the order of the text.
    pub obligations: Vec<Obligation>,
    /// The value parameters as constants.
    pub params: Vec<Id>,
    /// The environment of the parameters.
    pub env: Env,
    /// The hypotheses that the parameters' types and the preconditions are.
    pub assumed: Vec<Id>,
    /// The way past parameters and preconditions.
    pub frames: Vec<Arc<Frame>>,
    /// Why the recursion might not end; empty when it is known to end or a measure is owed.
    pub endless: Option<Why>,
}

/// Walks a declaration of the program.
pub fn owed<'p>(
    program: &'p Program,
    dependencies: &Arc<Dependencies>,
    orders: &Orders,
    id: DeclId,
) -> Owed<'p> {
    let mut translator = Translator::new(program, dependencies);
    translator.current = Some(id);
    translator.cursor = Some(Cursor::default());
    let mut walk =
        Walk { translator, env: Env::default(), params: Vec::new(), endless: None, assumed: (0, 0) };
    if dependencies.is_broken(id) {
        let span = program.decl(id).map(|decl| decl.name_span).unwrap_or_default();
        walk.translator.owe(Reason::Sense, span, None, Id::FALSE, Claim::Silent);
    } else {
        match program.decl(id).map(|decl| &decl.kind) {
            Some(DeclKind::Def(def)) => walk.def(id, def, orders),
            Some(DeclKind::Spec(spec)) => walk.spec(spec),
            Some(DeclKind::Data(data)) => walk.data(data),
            Some(DeclKind::Alias(params, body)) => {
                walk.params(params);
                walk.translator.owe_types_inside(&walk.env, body);
            }
            Some(DeclKind::Intent(_)) | None => {}
        }
    }
    let cursor = walk.translator.cursor.take().unwrap_or_default();
    let (path, frames) = walk.assumed;
    Owed {
        obligations: cursor.owed,
        params: walk.params,
        env: walk.env,
        assumed: cursor.path.into_iter().take(path).collect(),
        frames: cursor.frames.into_iter().take(frames).collect(),
        endless: walk.endless,
        translator: walk.translator,
    }
}

struct Walk<'p> {
    translator: Translator<'p>,
    env: Env,
    params: Vec<Id>,
    endless: Option<Why>,
    /// How much of path and frames are parameters and preconditions.
    assumed: (usize, usize),
}

impl<'p> Walk<'p> {
    /// Goes on under more hypotheses and frames, for good.
    fn assume(&mut self, hypothesis: Id, frame: Option<Frame>) {
        if let Some(cursor) = &mut self.translator.cursor {
            if hypothesis != Id::TRUE {
                cursor.path.push(hypothesis);
            }
            cursor.frames.extend(frame.map(Arc::new));
        }
    }

    fn params(&mut self, params: &[Param]) {
        for (number, param) in params.iter().enumerate() {
            if param.icit == Icit::Implicit || matches!(&*param.ty.kind, TermKind::Universe) {
                let sort = self.translator.formulas.sort(SortKind::Abstract(Abstract::Param(number)));
                let meaning = self.translator.every(sort);
                self.env = self.env.with_type(meaning);
                self.assume(Id::TRUE, Some(Frame::Type(param.name.clone())));
            } else {
                self.value(&param.name.clone(), &param.ty);
            }
        }
    }

    /// One more variable that can have any value of a type.
    fn value(&mut self, name: &crate::ir::Name, ty: &Term) {
        self.translator.owe_types_inside(&self.env, ty);
        let env = self.env.clone();
        let (value, known) = self.translator.quietly(|translator| translator.any(&env, ty));
        self.assume(known, Some(Frame::Any(name.clone(), ty.clone(), value)));
        self.env = env.with(value);
        self.params.push(value);
    }

    /// Conditions that are assumed, each making sense under those before it.
    fn assume_clauses(&mut self, clauses: &[Clause]) {
        for clause in clauses {
            let known = self.translator.condition(&self.env, &clause.body);
            self.assume(known, Some(Frame::When(clause.body.clone())));
        }
    }

    fn mark_assumed(&mut self) {
        if let Some(cursor) = &self.translator.cursor {
            self.assumed = (cursor.path.len(), cursor.frames.len());
        }
    }

    fn spec(&mut self, spec: &SpecDecl) {
        self.params(&spec.params);
        self.assume_clauses(&spec.requires);
        self.mark_assumed();
        self.value(&"result".into(), &spec.result);
        self.assume_clauses(&spec.ensures);
    }

    fn data(&mut self, data: &DataDecl) {
        self.params(&data.params);
        self.mark_assumed();
        let env = self.env.clone();
        for ctor in &data.ctors {
            let marks = self.translator.cursor.as_ref().map_or((0, 0), |c| (c.path.len(), c.frames.len()));
            for (name, ty) in &ctor.fields {
                self.value(&name.clone().unwrap_or_else(|| "_".into()), ty);
            }
            self.assume_clauses(&data.invariants);
            self.env = env.clone();
            if let Some(cursor) = &mut self.translator.cursor {
                cursor.path.truncate(marks.0);
                cursor.frames.truncate(marks.1);
            }
        }
    }

    fn def(&mut self, id: DeclId, def: &'p DefDecl, orders: &Orders) {
        self.params(&def.params);
        self.preconditions(def);
        self.mark_assumed();
        self.translator.owe_types_inside(&self.env, &def.result);
        let env = self.env.clone();
        // A primitive has no body: its contract is what it means.
        let Some(body) = &def.body else { return };
        if let Some(measure) = &def.decreases {
            self.translator.term(&env, measure);
        }
        let sort = self.translator.sort(&env, &def.result);
        self.translator.rooted = true;
        let value = self.translator.term_of(&env, body, sort);
        self.translator.rooted = false;
        let (calls, escapes) = match &mut self.translator.cursor {
            Some(cursor) => (std::mem::take(&mut cursor.calls), std::mem::take(&mut cursor.escapes)),
            None => Default::default(),
        };
        self.promising(Some(0));
        self.translator.owe_type(&env, Reason::Result, body.span, value, body, &def.result);
        self.promising(None);
        self.result_of_spec(def, &env, value, body);
        let inner = env.with(value);
        self.translator.under([], [Frame::Let("result".into(), body.clone())], |translator| {
            let mut earlier: Vec<(Id, Frame)> = Vec::new();
            for (number, clause) in def.ensures.iter().enumerate() {
                let (known, frames): (Vec<Id>, Vec<Frame>) = earlier.iter().cloned().unzip();
                let condition =
                    translator.under(known, frames, |translator| translator.condition(&inner, &clause.body));
                let reason = Reason::Ensures(clause.label.clone());
                let promising = |translator: &mut Translator<'_>, promise| {
                    translator.cursor.iter_mut().for_each(|cursor| cursor.promise = promise);
                };
                promising(translator, Some(number + 1));
                translator.owe_condition(&inner, &clause.body, &reason, None);
                promising(translator, None);
                earlier.push((condition, Frame::When(clause.body.clone())));
            }
        });
        if let Some(cursor) = &mut self.translator.cursor {
            // Clauses may mention the definition too; only the body recurs.
            cursor.calls.clear();
        }
        self.bounds_of_spec(id, def);
        if self.translator.dependencies.is_recursive(id) {
            self.termination(id, def, orders, &calls, &escapes);
        }
    }

    /// Assumes what may be relied on. Whoever holds the spec owes only what the spec requires, so an implementation
    /// may ask for nothing that does not follow from that.
    fn preconditions(&mut self, def: &DefDecl) {
        let Some((name, spec)) = self.spec_of(def) else { return self.assume_clauses(&def.requires) };
        let (theirs, own) = def.requires.split_at(spec.requires.len().min(def.requires.len()));
        self.assume_clauses(theirs);
        for clause in own {
            let env = self.env.clone();
            let reason = Reason::NoStronger(name.clone(), clause.label.clone());
            self.translator.owe_condition(&env, &clause.body, &reason, None);
            self.assume_clauses(std::slice::from_ref(clause));
        }
    }

    /// The spec a definition implements, and its name.
    fn spec_of(&self, def: &DefDecl) -> Option<(Name, &'p SpecDecl)> {
        let decl = self.translator.program.decl(def.implements?)?;
        match &decl.kind {
            DeclKind::Spec(spec) => Some((decl.name.clone(), spec)),
            _ => None,
        }
    }

    /// What is owed from here on shows this promise.
    fn promising(&mut self, promise: Option<usize>) {
        self.translator.cursor.iter_mut().for_each(|cursor| cursor.promise = promise);
    }

    /// The spec's own result type, where it says something else than the definition's.
    fn result_of_spec(&mut self, def: &DefDecl, env: &Env, value: Id, body: &Term) {
        let Some((_, spec)) = self.spec_of(def) else { return };
        if spec.params.len() == def.params.len() && !spec.result.same(&def.result) {
            self.translator.owe_type(env, Reason::Result, body.span, value, body, &spec.result);
        }
    }

    /// What the spec bounds that only running can tell: owed, and never proved.
    fn bounds_of_spec(&mut self, id: DeclId, def: &DefDecl) {
        let program = self.translator.program;
        let Some((_, spec)) = self.spec_of(def) else { return };
        let span = program.decl(id).map(|decl| decl.name_span).unwrap_or_default();
        for bound in &spec.bounds {
            let reason = Reason::Bound(bound.text.clone());
            self.translator.owe(reason, span, Some(bound.span), Id::FALSE, Claim::Silent);
        }
    }

    fn termination(&mut self, id: DeclId, def: &DefDecl, orders: &Orders, calls: &[Call], escapes: &[Span]) {
        let span = self.translator.program.decl(id).map(|decl| decl.name_span).unwrap_or_default();
        match orders.why_not(id) {
            Some(why) => {
                let span = escapes.first().copied().unwrap_or(span);
                self.endless = Some(why.clone());
                self.translator.owe(Reason::Termination, span, None, Id::FALSE, Claim::Silent);
            }
            None if def.decreases.is_some() => {
                for call in calls {
                    self.measure(def, call);
                }
            }
            None => {}
        }
    }

    /// At a recursive call, the measure is not negative here and smaller there.
    fn measure(&mut self, def: &DefDecl, call: &Call) {
        let program = self.translator.program;
        let Some(callee) = program.def(call.callee) else { return };
        let (Some(own), Some(theirs)) = (&def.decreases, &callee.decreases) else { return };
        let env = self.env.clone();
        let context: usize = call.frames.iter().map(|frame| frame.binders()).sum();
        let beyond = context.saturating_sub(def.params.len());
        let translator = &mut self.translator;
        let here = translator.quietly(|translator| translator.term(&env, own));
        let there = translator.quietly(|translator| {
            let inner = call.args.iter().fold(Env::of_types(&call.types), |env, arg| env.with(*arg));
            translator.term(&inner, theirs)
        });
        let zero = translator.formulas.int(0);
        let not_negative = translator.formulas.le(zero, here);
        let smaller = translator.formulas.lt(there, here);
        let nothing = TermKind::Lit(Literal::Int(0.into())).into_term();
        let claim = TermKind::Op(Op::Le, vec![nothing, own.shift(beyond)]).into_term();
        let frames: Vec<Frame> = callee
            .params
            .iter()
            .zip(&call.terms)
            .enumerate()
            .map(|(number, (param, term))| match param.icit {
                Icit::Implicit => Frame::Type(param.name.clone()),
                Icit::Explicit => Frame::Let(param.name.clone(), term.shift(number)),
            })
            .collect();
        let outer = own.shift(beyond + callee.params.len());
        let decreases = TermKind::Op(Op::Lt, vec![theirs.clone(), outer]).into_term();
        let name = translator.name_of(call.callee);
        if let Some(cursor) = &mut translator.cursor {
            let mut owe = |reason, goal, frames, claim| {
                cursor.owed.push(Obligation {
                    declaration: translator.current.unwrap_or(call.callee),
                    reason,
                    span: call.span,
                    source: Some(own.span),
                    promise: None,
                    hypotheses: call.hypotheses.clone(),
                    noticed: Vec::new(),
                    goal,
                    frames,
                    claim: Claim::Holds(claim),
                    reached: call.reached,
                });
            };
            owe(Reason::MeasureNonNegative, not_negative, call.frames.clone(), claim);
            let all = call.frames.iter().cloned().chain(frames.into_iter().map(Arc::new)).collect();
            owe(Reason::MeasureSmaller(name), smaller, all, decreases);
        }
    }
}
