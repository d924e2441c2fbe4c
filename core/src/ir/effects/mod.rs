//! Effects: what running a definition may do to the world.
//!
//! ```text
//!   E(f) = declared(f)                 when `f`, or the spec it implements, says so
//!   E(f) = what its body does          otherwise
//!   f is in order when what its body does ⊆ declared(f)
//! ```
//!
//! Calling does something, mentioning does not: a function that is handed on carries its effects in its type, however
//! it travels (through a list, a field, a type parameter, another function), and has them where it is called. A
//! function type without `Eff` is one of functions without effects, and nothing else may stand there. Conditions must
//! be pure: whether a postcondition holds cannot depend on what asking does. An effect covers those it contains:
//! `fs` covers `fs.read`.
//!
//! Rooms: [`shape`] reads types, [`walk`] finds the constraints, [`graph`] their least solution; [`mark`] writes into
//! the terms what was found, for those who reason about them.

mod graph;
mod mark;
mod shape;
mod walk;

pub use mark::unmarked;

use crate::ir::{DeclId, DeclKind, DefDecl, Name, Op, Program, SpecDecl, Term, TermKind};
use crate::syntax::span::Span;
use graph::{Element, Origin};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use walk::{Place, Walk};

/// The effects of a program's definitions, and where they are not as declared.
#[derive(Debug, Clone, Default)]
pub struct Effects {
    of: BTreeMap<DeclId, BTreeSet<Name>>,
    breaches: Vec<Breach>,
    /// Applications with effects, by the address of the term.
    runs: HashMap<usize, Op>,
}

/// A place where effects are not as declared.
#[derive(Debug, Clone)]
pub struct Breach {
    /// The declaration it belongs to.
    pub declaration: DeclId,
    /// The effect; `None` when it is whatever the function given for `source` does.
    pub effect: Option<Name>,
    /// What brings it, as far as that has a name.
    pub source: Option<Source>,
    /// What is wrong.
    pub kind: BreachKind,
}

/// What brings an effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A definition.
    Def(DeclId),
    /// The function that is given for a parameter.
    Given(Name),
}

/// What is wrong about an effect.
#[derive(Debug, Clone)]
pub enum BreachKind {
    /// A definition declares its effects and does something else: `def f(): Int effects pure = now()`.
    Undeclared {
        /// Where.
        span: Span,
    },
    /// A definition declares an effect that its spec does not allow.
    BeyondSpec {
        /// The spec.
        spec: DeclId,
    },
    /// A condition or a type does something.
    InCondition {
        /// Where.
        span: Span,
    },
    /// A function stands where functions with its effects may not: `def f(g: Int -> Int): ...` and `f(fetch)`.
    Passed {
        /// Where.
        span: Span,
    },
}

impl Effects {
    /// Reads the program once.
    pub fn new(program: &Program) -> Self {
        if !program.own().any(|id| speaks_of_effects(program, id)) {
            return Effects::default();
        }
        let mut walk = Walk::new(program);
        let ids = || (0..program.decls.len()).map(|index| DeclId(index as u32));
        ids().for_each(|id| walk.declaration(id));
        let arrivals = walk.graph.solve();
        let mut effects = Effects::default();
        for arrival in arrivals {
            let Some(declaration) = arrival.label.owner else { continue };
            let span = arrival.label.span;
            let kind = match walk.places.get(&arrival.at) {
                Some(Place::Declared) => BreachKind::Undeclared { span },
                Some(Place::Condition) => BreachKind::InCondition { span },
                None => BreachKind::Passed { span },
            };
            let (effect, given) = match &arrival.element {
                Element::Named(name) => (Some(name.clone()), None),
                Element::Given(var) => (None, walk.graph.parameter(*var).map(Source::Given)),
            };
            let source = given.or(match arrival.label.origin {
                Some(Origin::Def(id)) => Some(Source::Def(id)),
                Some(Origin::Given(name)) => Some(Source::Given(name)),
                None => None,
            });
            effects.breaches.push(Breach { declaration, effect, source, kind });
        }
        for id in ids() {
            let Some(own) = walk.effects(id) else { continue };
            for element in walk.graph.elements(own) {
                if let Element::Named(name) = element {
                    effects.of.entry(id).or_default().insert(name.clone());
                }
            }
            effects.beyond_spec(program, id);
        }
        for (address, var) in &walk.calls {
            for element in walk.graph.elements(*var) {
                let op = match element {
                    Element::Named(_) => Op::Run,
                    Element::Given(_) => Op::RunGiven,
                };
                let known = effects.runs.entry(*address).or_insert(op);
                *known = if op == Op::Run { op } else { *known };
            }
        }
        effects
    }

    /// What a definition may do, as its callers see it, besides what is given to it does; in order of name.
    pub fn of(&self, id: DeclId) -> impl Iterator<Item = &Name> {
        self.of.get(&id).into_iter().flatten()
    }

    /// Everything that is not as declared, by declaration.
    pub fn breaches(&self) -> &[Breach] {
        &self.breaches
    }

    fn beyond_spec(&mut self, program: &Program, id: DeclId) {
        let Some(def) = program.def(id) else { return };
        let (Some(own), Some(spec)) = (&def.effects, def.implements) else { return };
        let Some(SpecDecl { effects: Some(promised), .. }) = spec_of(program, spec) else { return };
        let beyond = own.iter().filter(|effect| !covered(promised, effect));
        self.breaches.extend(beyond.map(|effect| Breach {
            declaration: id,
            effect: Some(effect.clone()),
            source: None,
            kind: BreachKind::BeyondSpec { spec },
        }));
    }
}

fn spec_of(program: &Program, id: DeclId) -> Option<&SpecDecl> {
    match program.decl(id).map(|decl| &decl.kind) {
        Some(DeclKind::Spec(spec)) => Some(spec),
        _ => None,
    }
}

/// What a definition says it does: its own clause, or else that of the spec it implements.
fn declared<'p>(program: &'p Program, def: &'p DefDecl) -> Option<&'p [Name]> {
    let own = def.effects.as_deref();
    own.or_else(|| {
        def.implements.and_then(|id| spec_of(program, id)).and_then(|spec| spec.effects.as_deref())
    })
}

fn covered(allowed: &[Name], effect: &str) -> bool {
    let contains = |outer: &str| effect.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'));
    allowed.iter().any(|one| &**one == effect || contains(one))
}

/// Whether a declaration names an effect, or takes or hands out functions that may have some.
fn speaks_of_effects(program: &Program, id: DeclId) -> bool {
    let some = |names: &Option<Vec<Name>>| names.as_ref().is_some_and(|names| !names.is_empty());
    let written = |ty: &Term| {
        let mut found = false;
        ty.walk(&mut |part| found |= matches!(&*part.kind, TermKind::Eff(..)));
        found
    };
    match program.decl(id).map(|decl| &decl.kind) {
        Some(DeclKind::Def(def)) => {
            some(&def.effects) || def.params.iter().any(|param| written(&param.ty)) || written(&def.result)
        }
        Some(DeclKind::Spec(spec)) => {
            some(&spec.effects) || spec.params.iter().any(|param| written(&param.ty)) || written(&spec.result)
        }
        Some(DeclKind::Data(data)) => {
            data.ctors.iter().flat_map(|ctor| &ctor.fields).any(|(_, ty)| written(ty))
        }
        Some(DeclKind::Alias(_, body)) => written(body),
        _ => false,
    }
}

/// What tells one term of a program from another.
fn address(term: &Term) -> usize {
    Arc::as_ptr(&term.kind) as usize
}
