//! Where a predicate that is looked for stands, and what that says about it.

use super::Role;
use crate::check::Checked;
use crate::ir::{Clause, DeclId, DeclKind, HoleId, Name, Param, Term, TermKind};
use crate::syntax::span::Span;

/// A place in a contract.
#[derive(Debug, Clone)]
pub(super) struct Site {
    /// The hole that stands there.
    pub hole: String,
    /// Where it stands.
    pub span: Span,
    /// Who owes what is looked for.
    pub role: Role,
    /// The definition or spec whose contract it is.
    pub owner: String,
    /// The definitions with bodies that must keep the contract.
    pub judges: Vec<String>,
    /// The variables in scope, outermost first; of a postcondition the outcome is the last.
    pub context: Vec<(Name, Term)>,
}

impl Site {
    /// The names of the variables in scope.
    pub fn names(&self) -> Vec<Name> {
        self.context.iter().map(|(name, _)| name.clone()).collect()
    }
}

/// The place of the hole of that name, or why nothing can be said there.
pub(super) fn site(checked: &Checked, name: &str) -> Result<Site, String> {
    let program = &checked.program;
    let found =
        program.own_holes().find_map(|id| Some((id, program.hole(id).filter(|hole| &*hole.name == name)?)));
    let Some((id, hole)) = found else { return Err("there is no such hole".to_owned()) };
    let places: Vec<(DeclId, Role)> =
        program.own().filter_map(|decl| Some((decl, role(checked, decl, id)?))).collect();
    let [(owner, role)] = places.as_slice() else {
        return Err(match places.len() {
            0 => "only what a `requires`, an `ensures`, the type of a parameter or a result leaves open is looked for",
            _ => "it stands in more than one contract",
        }
        .to_owned());
    };
    let implements = |def: &DeclId| program.def(*def).is_some_and(|def| def.implements == Some(*owner));
    let judges: Vec<DeclId> = match program.def(*owner) {
        Some(_) => vec![*owner],
        None => program.own().filter(implements).collect(),
    };
    let with_body = |def: &DeclId| {
        let body = program.def(*def).and_then(|def| def.body.as_ref());
        body.is_some_and(|body| !matches!(&*body.kind, TermKind::Hole(..)))
    };
    let name_of = |id: DeclId| program.decl(id).map(|decl| decl.name.to_string()).unwrap_or_default();
    Ok(Site {
        hole: name.to_owned(),
        span: hole.uses.first().copied().unwrap_or_default(),
        role: *role,
        owner: name_of(*owner),
        judges: judges.into_iter().filter(with_body).map(name_of).collect(),
        context: hole.context.clone(),
    })
}

/// What the hole is in the contract of a declaration, if it stands in it.
fn role(checked: &Checked, decl: DeclId, hole: HoleId) -> Option<Role> {
    let (params, result, requires, ensures): (&[Param], &Term, &[Clause], &[Clause]) =
        match &checked.program.decl(decl)?.kind {
            DeclKind::Def(def) => {
                // Those of the spec stand there.
                let spec = def.implements.and_then(|spec| match &checked.program.decl(spec)?.kind {
                    DeclKind::Spec(spec) => Some(spec),
                    _ => None,
                });
                let (theirs, promised) =
                    spec.map_or((0, 0), |spec| (spec.requires.len(), spec.ensures.len()));
                (
                    &def.params,
                    &def.result,
                    def.requires.get(theirs..).unwrap_or_default(),
                    def.ensures.get(promised..).unwrap_or_default(),
                )
            }
            DeclKind::Spec(spec) => (&spec.params, &spec.result, &spec.requires, &spec.ensures),
            _ => return None,
        };
    let is_it = |term: &Term| is_part(term, hole);
    let refined = |ty: &Term| matches!(&*ty.kind, TermKind::Refine(_, _, predicate) if is_it(predicate));
    if requires.iter().any(|clause| is_it(&clause.body)) || params.iter().any(|param| refined(&param.ty)) {
        return Some(Role::Precondition);
    }
    (ensures.iter().any(|clause| is_it(&clause.body)) || refined(result)).then_some(Role::Postcondition)
}

/// Whether a condition is the hole, or holds only where the hole does.
fn is_part(term: &Term, hole: HoleId) -> bool {
    match &*term.kind {
        TermKind::Hole(id, ..) => *id == hole,
        TermKind::Op(crate::ir::Op::And, parts) => parts.iter().any(|part| is_part(part, hole)),
        _ => false,
    }
}
