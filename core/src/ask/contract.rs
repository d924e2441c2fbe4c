//! The contracts of a document, with what is written and what it means side by side.

use super::Unasked;
use crate::check::Checked;
use crate::ir::{Clause, DeclId, DeclKind as Meaning, Icit, Param, Term, TermKind};
use crate::syntax::span::Span;
use crate::syntax::tree::{self, DeclKind, Expr};

/// A spec, or a definition with clauses of its own.
pub(super) struct Contract<'c> {
    pub id: DeclId,
    pub name: &'c str,
    pub span: Span,
    /// As written.
    pub decl: &'c tree::Decl,
    /// Whether nothing chooses among the outcomes it allows.
    pub open: bool,
    /// Meaning: parameters (types first), the outcome's type, clauses.
    pub params: &'c [Param],
    pub result: &'c Term,
    pub requires: &'c [Clause],
    pub ensures: &'c [Clause],
    /// As written: type parameters, `name: type` of the others, the outcome's type.
    pub type_params: Vec<&'c str>,
    pub heads: Vec<(&'c str, &'c str)>,
    pub outcome: &'c str,
    pub required: &'c [tree::Clause],
    pub ensured: &'c [tree::Clause],
}

impl Contract<'_> {
    /// The names of the parameters that have values.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.params.iter().filter(|param| param.icit == Icit::Explicit).map(|param| &*param.name)
    }
}

/// Every contract that says something, in the order of the document; those that cannot be asked about, with why.
pub(super) fn contracts(checked: &Checked) -> Vec<Result<Contract<'_>, Unasked>> {
    let said = checked.tree.decls.iter().filter_map(|decl| match &decl.kind {
        DeclKind::Spec(spec) => Some((decl, &spec.name, spec.requires.len() + spec.ensures.len())),
        DeclKind::Def(def) if def.implements.is_none() => {
            Some((decl, &def.name, def.requires.len() + def.ensures.len()))
        }
        _ => None,
    });
    said.filter(|(.., clauses)| *clauses > 0)
        .map(|(decl, name, _)| {
            contract(checked, decl).ok_or_else(|| Unasked {
                about: name.name.clone(),
                span: name.span,
                why: "may be open: a clause about single inputs needs a name and a type for each parameter, \
                      none of them `result`, and a type for the outcome"
                    .to_owned(),
            })
        })
        .collect()
}

fn contract<'c>(checked: &'c Checked, decl: &'c tree::Decl) -> Option<Contract<'c>> {
    let program = &checked.program;
    let slice = |expr: &Expr| expr.span.slice(&checked.text);
    let head = |param: &'c tree::Param| Some((param.name.name.as_str(), slice(param.ty.as_ref()?)));
    let type_params =
        |params: &'c [tree::Param]| params.iter().map(|param| param.name.name.as_str()).collect();
    match &decl.kind {
        DeclKind::Spec(spec) => {
            let id = program.lookup(&spec.name.name)?;
            let Meaning::Spec(meaning) = &program.decl(id)?.kind else { return None };
            let (params, result): (Vec<_>, Vec<_>) =
                spec.params.iter().partition(|param| param.name.name != "result");
            Some(Contract {
                id,
                name: &spec.name.name,
                span: spec.name.span,
                decl,
                open: !program.own().any(|def| implements(checked, def, id) && chooses(checked, def)),
                params: &meaning.params,
                result: &meaning.result,
                requires: &meaning.requires,
                ensures: &meaning.ensures,
                type_params: type_params(&spec.type_params),
                heads: params.into_iter().map(head).collect::<Option<_>>()?,
                outcome: slice(result.first()?.ty.as_ref()?),
                required: &spec.requires,
                ensured: &spec.ensures,
            })
        }
        DeclKind::Def(def) if def.implements.is_none() => {
            let id = program.lookup(&def.name.name)?;
            let meaning = program.def(id)?;
            Some(Contract {
                id,
                name: &def.name.name,
                span: def.name.span,
                decl,
                open: !chooses(checked, id),
                params: &meaning.params,
                result: &meaning.result,
                requires: &meaning.requires,
                ensures: &meaning.ensures,
                type_params: type_params(&def.type_params),
                heads: def.params.iter().map(head).collect::<Option<_>>()?,
                outcome: slice(def.result.as_ref()?),
                required: &def.requires,
                ensured: &def.ensures,
            })
        }
        _ => None,
    }
    // A clause could not speak of such a parameter.
    .filter(|contract| contract.names().all(|name| name != "result"))
}

fn implements(checked: &Checked, def: DeclId, spec: DeclId) -> bool {
    checked.program.def(def).is_some_and(|def| def.implements == Some(spec))
}

/// Whether a definition has a body that is more than one hole. What a hole inside leaves open is for whoever fills it.
fn chooses(checked: &Checked, def: DeclId) -> bool {
    let body = checked.program.def(def).and_then(|def| def.body.as_ref());
    body.is_some_and(|body| !matches!(&*body.kind, TermKind::Hole(..)))
}
