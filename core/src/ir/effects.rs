//! Effects: what running a definition may do to the world.
//!
//! ```text
//!   E(f) = declared(f)                      when `f`, or the spec it implements, says so
//!   E(f) = ⋃ { E(g) | g mentioned in body } otherwise
//!   f is in order when  ⋃ { E(g) | g mentioned in body } ⊆ declared(f)
//! ```
//!
//! Mentioning counts, not calling: a definition that is passed on, stored or returned may be called by whoever gets
//! it, so the sets are upper bounds. The least sets are found by propagation along mentions. Conditions must be
//! pure: whether a postcondition holds cannot depend on what asking does. An effect covers those it contains:
//! `fs` covers `fs.read`.

use crate::ir::{Clause, DeclId, DeclKind, DefDecl, HoleId, Name, Param, Program, Term, TermKind};
use crate::syntax::span::Span;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The effects of a program's definitions, and where they are not as declared.
#[derive(Debug, Clone, Default)]
pub struct Effects {
    of: BTreeMap<DeclId, BTreeSet<Name>>,
    breaches: Vec<Breach>,
}

/// A place where effects are not as declared.
#[derive(Debug, Clone)]
pub struct Breach {
    /// The declaration it belongs to.
    pub declaration: DeclId,
    /// The effect.
    pub effect: Name,
    /// What brings it, and where it is mentioned.
    pub kind: BreachKind,
}

/// What is wrong about an effect.
#[derive(Debug, Clone)]
pub enum BreachKind {
    /// A definition declares its effects and mentions something that has another: `def f(): Int effects pure = now()`.
    Undeclared {
        /// What has the effect.
        source: DeclId,
        /// Where it is mentioned.
        span: Span,
    },
    /// A definition declares an effect that its spec does not allow.
    BeyondSpec {
        /// The spec.
        spec: DeclId,
    },
    /// A condition or a type mentions something with effects.
    InCondition {
        /// What has the effect.
        source: DeclId,
        /// Where it is mentioned.
        span: Span,
    },
}

impl Effects {
    /// Reads the program once.
    pub fn new(program: &Program) -> Self {
        let declares = |id: DeclId| program.def(id).is_some_and(|def| declared(program, def).is_some());
        let ids = || (0..program.decls.len()).map(|index| DeclId(index as u32));
        if !ids().any(declares) {
            return Effects::default();
        }
        let of = least(program);
        let mut effects = Effects { of, breaches: Vec::new() };
        for id in ids() {
            effects.look(program, id);
        }
        effects
    }

    /// What a definition may do, as its callers see it; in order of name.
    pub fn of(&self, id: DeclId) -> impl Iterator<Item = &Name> {
        self.of.get(&id).into_iter().flatten()
    }

    /// Everything that is not as declared, by declaration.
    pub fn breaches(&self) -> &[Breach] {
        &self.breaches
    }

    fn look(&mut self, program: &Program, id: DeclId) {
        let Some(decl) = program.decl(id) else { return };
        match &decl.kind {
            DeclKind::Def(def) => {
                self.body(program, id, def);
                self.pure_params(program, id, &def.params);
                self.pure(program, id, [&def.result].into_iter().chain(&def.decreases));
                self.pure_clauses(program, id, &def.requires);
                self.pure_clauses(program, id, &def.ensures);
            }
            DeclKind::Spec(spec) => {
                self.pure_params(program, id, &spec.params);
                self.pure(program, id, [&spec.result]);
                self.pure_clauses(program, id, &spec.requires);
                self.pure_clauses(program, id, &spec.ensures);
            }
            DeclKind::Data(data) => {
                self.pure_params(program, id, &data.params);
                self.pure(program, id, data.ctors.iter().flat_map(|ctor| &ctor.fields).map(|(_, ty)| ty));
                self.pure_clauses(program, id, &data.invariants);
            }
            DeclKind::Alias(params, body) => {
                self.pure_params(program, id, params);
                self.pure(program, id, [body]);
            }
            DeclKind::Intent(_) => {}
        }
    }

    fn body(&mut self, program: &Program, id: DeclId, def: &DefDecl) {
        let Some(allowed) = declared(program, def) else { return };
        let mut found = Vec::new();
        for (source, span) in def.body.iter().flat_map(|body| mentions(program, body)) {
            for effect in self.of(source).filter(|effect| !covered(allowed, effect)) {
                found.push(Breach {
                    declaration: id,
                    effect: effect.clone(),
                    kind: BreachKind::Undeclared { source, span },
                });
            }
        }
        let spec = def.implements.filter(|_| def.effects.is_some());
        if let Some(spec) = spec
            && let Some(DeclKind::Spec(promised)) = program.decl(spec).map(|decl| &decl.kind)
            && let Some(promised) = &promised.effects
        {
            let beyond = allowed.iter().filter(|effect| !covered(promised, effect));
            found.extend(beyond.map(|effect| Breach {
                declaration: id,
                effect: effect.clone(),
                kind: BreachKind::BeyondSpec { spec },
            }));
        }
        self.breaches.extend(found);
    }

    fn pure_params(&mut self, program: &Program, id: DeclId, params: &[Param]) {
        self.pure(program, id, params.iter().map(|param| &param.ty));
    }

    fn pure_clauses(&mut self, program: &Program, id: DeclId, clauses: &[Clause]) {
        self.pure(program, id, clauses.iter().map(|clause| &clause.body));
    }

    fn pure<'t>(&mut self, program: &Program, id: DeclId, terms: impl IntoIterator<Item = &'t Term>) {
        for term in terms {
            for (source, span) in mentions(program, term) {
                let kind = BreachKind::InCondition { source, span };
                let found = self.of(source).map(|effect| Breach {
                    declaration: id,
                    effect: effect.clone(),
                    kind: kind.clone(),
                });
                let found: Vec<Breach> = found.collect();
                self.breaches.extend(found);
            }
        }
    }
}

/// What a definition says it does: its own clause, or else that of the spec it implements.
fn declared<'p>(program: &'p Program, def: &'p DefDecl) -> Option<&'p [Name]> {
    let own = def.effects.as_deref();
    own.or_else(|| match def.implements.and_then(|id| program.decl(id)).map(|decl| &decl.kind) {
        Some(DeclKind::Spec(spec)) => spec.effects.as_deref(),
        _ => None,
    })
}

fn covered(allowed: &[Name], effect: &str) -> bool {
    let contains = |outer: &str| effect.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'));
    allowed.iter().any(|one| &**one == effect || contains(one))
}

/// The least sets that satisfy the equations above.
fn least(program: &Program) -> BTreeMap<DeclId, BTreeSet<Name>> {
    let mut of: BTreeMap<DeclId, BTreeSet<Name>> = BTreeMap::new();
    let mut users: BTreeMap<DeclId, Vec<DeclId>> = BTreeMap::new();
    let mut todo: Vec<(DeclId, Name)> = Vec::new();
    for index in 0..program.decls.len() {
        let id = DeclId(index as u32);
        let Some(def) = program.def(id) else { continue };
        match declared(program, def) {
            Some(names) => todo.extend(names.iter().map(|name| (id, name.clone()))),
            None => {
                for (source, _) in def.body.iter().flat_map(|body| mentions(program, body)) {
                    users.entry(source).or_default().push(id);
                }
            }
        }
    }
    while let Some((id, effect)) = todo.pop() {
        if of.entry(id).or_default().insert(effect.clone()) {
            let above = users.get(&id).into_iter().flatten();
            todo.extend(above.map(|user| (*user, effect.clone())));
        }
    }
    of
}

/// The definitions a term mentions and where, each once; what stands for a hole is part of the term.
fn mentions(program: &Program, term: &Term) -> Vec<(DeclId, Span)> {
    let (mut found, mut seen): (Vec<(DeclId, Span)>, HashSet<DeclId>) = (Vec::new(), HashSet::new());
    let mut known: HashSet<HoleId> = HashSet::new();
    // What stands for a hole is mentioned where the hole is.
    let mut todo: Vec<(&Term, Option<Span>)> = vec![(term, None)];
    while let Some((term, place)) = todo.pop() {
        let mut holes = Vec::new();
        term.walk(&mut |part| match &*part.kind {
            TermKind::Global(id) if seen.insert(*id) => found.push((*id, place.unwrap_or(part.span))),
            TermKind::Hole(id) if known.insert(*id) => holes.push((*id, place.unwrap_or(part.span))),
            _ => {}
        });
        todo.extend(holes.into_iter().filter_map(|(id, place)| {
            program.hole(id).and_then(|hole| hole.default.as_ref()).map(|default| (default, Some(place)))
        }));
    }
    found
}
