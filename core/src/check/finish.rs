//! From the state of a check to a [`Program`]: unknowns are replaced by their solutions, broken declarations are
//! left out, and the few things that can only be seen in finished terms are looked at.

use super::declarations::Found;
use super::elaborator::{Elaborator, Slot};
use super::mismatch;
use super::quote::Places;
use super::value::{Env, V, Value, rigid};
use crate::ir::distill::{self, Names};
use crate::ir::{
    Clause, Ctor, DataDecl, DeclId, DeclKind, Declaration, DefDecl, Example, IntentDecl, Name, Op, Param,
    Program, SpecDecl, Term, TermKind,
};
use crate::syntax::span::Span;
use std::sync::Arc;

use super::elaborator::Scope;

impl Names for Elaborator {
    fn decl_name(&self, id: DeclId) -> Name {
        self.name_of(id)
    }

    fn decl_kind(&self, id: DeclId) -> Option<&DeclKind> {
        self.kind(id)
    }

    fn hole_name(&self, id: crate::ir::HoleId) -> Name {
        self.holes.get(id.0 as usize).map_or_else(|| "?".into(), |hole| hole.name.clone())
    }
}

/// The environment in which the `level` variables of a context stand for themselves.
fn identity(level: usize) -> Env {
    (0..level).fold(Env::default(), |env, l| env.push(rigid(l)))
}

impl Elaborator {
    /// A type as its author would write it.
    pub(super) fn show(&self, scope: &Scope, ty: &V) -> String {
        let context: Vec<Name> = scope.vars.iter().map(|(name, _)| name.clone()).collect();
        distill::show_type(self, &context, &self.quote(scope.level(), ty))
    }

    /// A type with every abbreviation unfolded and refinements kept, to compare two of them to the letter.
    pub(super) fn unfolded(&self, level: usize, ty: &V) -> Term {
        if !self.effort.enter() {
            return TermKind::Error.into_term();
        }
        let term = self.unfolded_inside(level, ty);
        self.effort.leave();
        term
    }

    fn unfolded_inside(&self, level: usize, ty: &V) -> Term {
        let value = self.unfold(ty);
        let under =
            |closure: &super::value::Closure| self.unfolded(level + 1, &self.enter(closure, rigid(level)));
        let kind = match &*value {
            Value::Refine(name, base, predicate) => TermKind::Refine(
                name.clone(),
                self.unfolded(level, base),
                self.quote(level + 1, &self.enter(predicate, rigid(level))),
            ),
            Value::Pi(icit, name, domain, codomain) => {
                TermKind::Pi(*icit, name.clone(), self.unfolded(level, domain), under(codomain))
            }
            Value::Product(items) => {
                TermKind::Product(items.iter().map(|item| self.unfolded(level, item)).collect())
            }
            Value::Const(super::value::Const::Data(id), args) => {
                let args = args
                    .iter()
                    .map(|(icit, arg)| crate::ir::Arg { icit: *icit, term: self.unfolded(level, arg) });
                return TermKind::Data(*id).into_term().apply(Default::default(), args.collect::<Vec<_>>());
            }
            _ => return self.quote(level, &value),
        };
        kind.into_term()
    }

    /// Replaces unknowns in a term under `level` variables.
    pub(super) fn zonk(&self, level: usize, term: &Term) -> Term {
        self.resolve(level, &identity(level), term, Places::Kept)
    }

    /// Ends the check. Whatever unknown is still open is reported where it came from.
    pub(super) fn finish(
        mut self,
        examples: Vec<Found>,
    ) -> (Program, Vec<crate::syntax::diagnostic::Diagnostic>) {
        self.report_open();
        self.settle_type_holes();
        let mut decls = Vec::with_capacity(self.slots.len());
        for index in 0..self.slots.len() {
            let finished = match self.slots.get(index) {
                Some(Slot::Ready(decl)) => Arc::clone(decl),
                Some(Slot::Signed(decl)) => {
                    let mut finished = self.finish_declaration(decl);
                    if self.waiting.doubted.contains(&DeclId(index as u32)) {
                        disbelieve(&mut finished);
                    }
                    Arc::new(finished)
                }
                // Ids are places: a broken declaration keeps its place, opaque and nameless.
                _ => Arc::new(Declaration {
                    name: "_".into(),
                    name_span: Default::default(),
                    span: Default::default(),
                    prose: None,
                    kind: DeclKind::Alias(Vec::new(), TermKind::Error.into_term()),
                    faulty: true,
                }),
            };
            decls.push(finished);
        }
        let holes = self.holes.clone().into_iter().map(|mut hole| {
            let context = hole.context.iter().enumerate();
            hole.context = context.map(|(level, (name, ty))| (name.clone(), self.zonk(level, ty))).collect();
            let level = hole.context.len();
            hole.ty = self.zonk(level, &hole.ty);
            hole.default = hole.default.map(|term| self.zonk(level, &term));
            hole.answers = hole.answers.iter().map(|term| self.zonk(level, term)).collect();
            hole
        });
        let holes: Vec<_> = holes.collect();
        let mut fresh = Vec::new();
        let examples = examples.into_iter().map(|found| match found {
            Found::Before(example) => example,
            Found::Now(example) => {
                let term = self.zonk(0, &example.term);
                fresh.push(term.clone());
                Example { term, ..example }
            }
        });
        let examples: Vec<_> = examples.collect();
        let broken =
            |id: &DeclId| matches!(self.slots.get(id.0 as usize), Some(Slot::Broken | Slot::Announced));
        let names =
            self.names.iter().filter(|(_, id)| !broken(id)).map(|(name, id)| (name.clone(), *id)).collect();
        let ctors = self.ctors.iter().filter(|(_, (id, _))| !broken(id));
        let ctors = ctors.map(|(name, place)| (name.clone(), *place)).collect();
        let program = Program {
            decls,
            names,
            ctors,
            holes,
            prelude_len: self.prelude_len,
            first_own: self.first_own,
            first_own_hole: self.first_own_hole,
            examples,
        };
        self.report_comparisons(&program, &fresh);
        (program, self.diagnostics)
    }

    /// A hole in a type takes the one thing its uses ask of it as its first suggestion; two things are a conflict.
    fn settle_type_holes(&mut self) {
        for demand in std::mem::take(&mut self.demands) {
            let Some(ty) = demand.ty.map(|ty| self.zonk(0, &ty).at(demand.span)) else { continue };
            let Some(hole) = self.holes.get_mut(demand.hole.0 as usize) else { continue };
            if matches!(&*ty.kind, TermKind::Error | TermKind::Hole(_)) {
                continue;
            }
            if let Some(known) = hole.demands.iter_mut().find(|known| known.same(&ty)) {
                if known.span == Span::default() {
                    known.span = demand.span;
                }
                continue;
            }
            hole.demands.push(ty);
            if let [one, other] = hole.demands.as_slice() {
                let (one, other) = (one.clone(), other.clone());
                let (name, span) = (hole.name.clone(), hole.uses.first().copied().unwrap_or_default());
                let (one, other) =
                    (distill::show_type(self, &[], &one), distill::show_type(self, &[], &other));
                self.report(mismatch::hole_demands(span, &name, &one, &other));
            }
        }
    }

    /// `==` on functions can hide in a type that was only decided later.
    /// Looks at what was checked now: what was taken over is in order.
    fn report_comparisons(&mut self, program: &Program, examples: &[Term]) {
        let mut found = Vec::new();
        let mut look = |term: &Term| {
            let compared = match &*term.kind {
                TermKind::Op(Op::Eq | Op::Ne, args) => args.first(),
                TermKind::App(head, args) => {
                    told_apart(program, head).then(|| args.first().map(|arg| &arg.term)).flatten()
                }
                _ => None,
            };
            if let Some(ty) = compared
                && (contains_function(program, ty) || program.holds_floats(ty))
            {
                let shown = distill::show_type(program, &[], ty);
                found.push(match contains_function(program, ty) {
                    true => mismatch::not_comparable(term.span, &shown),
                    false => mismatch::floats_inside(term.span, &shown),
                });
            }
        };
        let fresh = |id: &DeclId| matches!(self.slots.get(id.0 as usize), Some(Slot::Signed(_)));
        for id in program.own().filter(fresh) {
            match program.decl(id).map(|decl| &decl.kind) {
                Some(DeclKind::Def(def)) => {
                    let clauses = def.requires.iter().chain(&def.ensures).map(|clause| &clause.body);
                    let types = def.params.iter().map(|param| &param.ty).chain([&def.result]);
                    let terms = def.body.iter().chain(&def.decreases).chain(clauses).chain(types);
                    terms.for_each(|term| term.walk(&mut look));
                }
                Some(DeclKind::Data(data)) => {
                    let types = data.ctors.iter().flat_map(|ctor| &ctor.fields).map(|(_, ty)| ty);
                    types.for_each(|ty| ty.walk(&mut look));
                }
                Some(DeclKind::Alias(_, body)) => body.walk(&mut look),
                Some(DeclKind::Spec(spec)) => {
                    let types = spec.params.iter().map(|param| &param.ty).chain([&spec.result]);
                    let clauses = spec.requires.iter().chain(&spec.ensures).map(|clause| &clause.body);
                    types.chain(clauses).for_each(|term| term.walk(&mut look));
                }
                Some(DeclKind::Intent(_)) | None => {}
            }
        }
        examples.iter().for_each(|example| example.walk(&mut look));
        found.dedup();
        found.into_iter().for_each(|finding| self.report(finding));
    }

    pub(super) fn finish_declaration(&self, decl: &Declaration) -> Declaration {
        let kind = match &decl.kind {
            DeclKind::Alias(params, body) => {
                DeclKind::Alias(self.finish_params(params), self.zonk(params.len(), body))
            }
            DeclKind::Data(data) => {
                let level = data.params.len();
                let ctors = data.ctors.iter().map(|ctor| Ctor {
                    name: ctor.name.clone(),
                    fields: ctor
                        .fields
                        .iter()
                        .enumerate()
                        .map(|(position, (name, ty))| (name.clone(), self.zonk(level + position, ty)))
                        .collect(),
                    span: ctor.span,
                });
                let ctors: Vec<Ctor> = ctors.collect();
                let inside = level + ctors.first().map_or(0, |ctor| ctor.fields.len());
                DeclKind::Data(DataDecl {
                    params: self.finish_params(&data.params),
                    ctors,
                    entity: data.entity,
                    invariants: self.finish_clauses(inside, &data.invariants),
                })
            }
            DeclKind::Spec(spec) => {
                let level = spec.params.len();
                DeclKind::Spec(SpecDecl {
                    params: self.finish_params(&spec.params),
                    result: self.zonk(level, &spec.result),
                    requires: self.finish_clauses(level, &spec.requires),
                    ensures: self.finish_clauses(level + 1, &spec.ensures),
                    effects: spec.effects.clone(),
                    bounds: spec.bounds.clone(),
                })
            }
            DeclKind::Def(def) => {
                let level = def.params.len();
                DeclKind::Def(DefDecl {
                    params: self.finish_params(&def.params),
                    result: self.zonk(level, &def.result),
                    implements: def.implements,
                    requires: self.finish_clauses(level, &def.requires),
                    ensures: self.finish_clauses(level + 1, &def.ensures),
                    decreases: def.decreases.as_ref().map(|term| self.zonk(level, term)),
                    effects: def.effects.clone(),
                    body: def.body.as_ref().map(|term| self.zonk(level, term)),
                    native: def.native,
                })
            }
            DeclKind::Intent(intent) => {
                let types = |items: &[(Name, Term)]| {
                    items.iter().map(|(name, ty)| (name.clone(), self.zonk(0, ty))).collect()
                };
                DeclKind::Intent(IntentDecl {
                    inputs: types(&intent.inputs),
                    outputs: types(&intent.outputs),
                    goals: intent.goals.clone(),
                })
            }
        };
        Declaration { kind, ..decl.clone() }
    }

    fn finish_params(&self, params: &[Param]) -> Vec<Param> {
        let params = params.iter().enumerate();
        params.map(|(level, param)| Param { ty: self.zonk(level, &param.ty), ..param.clone() }).collect()
    }

    fn finish_clauses(&self, level: usize, clauses: &[Clause]) -> Vec<Clause> {
        clauses
            .iter()
            .map(|clause| Clause { body: self.zonk(level, &clause.body), ..clause.clone() })
            .collect()
    }
}

/// Whether the first type argument of this is told apart by equality: elements of sets and keys of maps.
fn told_apart(program: &Program, head: &Term) -> bool {
    match &*head.kind {
        TermKind::Data(id) => program.is_collection(*id),
        TermKind::Global(id) => {
            program.def(*id).and_then(|def| def.native).is_some_and(|native| native.is_of_collections())
        }
        _ => false,
    }
}

/// Takes out of a declaration what had been accepted before something in it turned out wrong: its conditions and its
/// body say nothing any more, as if each had been found wrong at once.
fn disbelieve(decl: &mut Declaration) {
    let error = |term: &mut Term| *term = Term::new(term.span, TermKind::Error);
    let all = |clauses: &mut Vec<Clause>| clauses.iter_mut().for_each(|clause| error(&mut clause.body));
    match &mut decl.kind {
        DeclKind::Def(def) => {
            all(&mut def.requires);
            all(&mut def.ensures);
            def.decreases.iter_mut().chain(&mut def.body).for_each(error);
        }
        DeclKind::Spec(spec) => {
            all(&mut spec.requires);
            all(&mut spec.ensures);
        }
        DeclKind::Data(data) => all(&mut data.invariants),
        DeclKind::Alias(_, body) => error(body),
        DeclKind::Intent(_) => {}
    }
}

/// Whether values of this type hold functions, as far as the type says so itself.
fn contains_function(program: &Program, ty: &Term) -> bool {
    let ty = ty.erase_head(program);
    match &*ty.kind {
        TermKind::Pi(..) => true,
        TermKind::Product(items) => items.iter().any(|item| contains_function(program, item)),
        TermKind::App(_, args) => args.iter().any(|arg| contains_function(program, &arg.term)),
        _ => false,
    }
}
