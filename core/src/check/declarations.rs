//! Declarations: announced, then signed in the order they need each other, then completed.

use super::elaborator::{Elaborator, Scope, Slot};
use super::order::{self, Node};
use super::session::Reuse;
use super::value::prim;
use super::{link, mismatch};
use crate::ir::{
    Ctor, DataDecl, DeclId, DeclKind, Declaration, Example, Icit, Name, Param, PrimType, Term, TermKind,
};
use crate::syntax::span::Span;
use crate::syntax::tree::{self, Decl, Document};
use std::sync::Arc;

/// A declaration that is checked now: its place in the document, its text, its number when it has a name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fresh<'d> {
    pub place: usize,
    pub decl: &'d Decl,
    pub id: Option<DeclId>,
}

/// An example, checked now or taken over as it was.
#[derive(Debug, Clone)]
pub(super) enum Found {
    /// May still hold unknowns of inference.
    Now(Example),
    /// Finished.
    Before(Example),
}

impl Elaborator {
    /// Reserves the names of a document.
    pub(super) fn announce_all(&mut self, document: &Document) -> Vec<Option<DeclId>> {
        let announce = |(place, decl)| {
            self.place = Some(place);
            self.announce(decl)
        };
        document.decls.iter().enumerate().map(announce).collect()
    }

    /// Takes every declaration of a document in, whose names have been announced under `ids`: those that are taken
    /// over as they are, the others by their rules. What makes no sense is reported and left out.
    pub(super) fn document(
        &mut self,
        text: &str,
        document: &Document,
        ids: &[Option<DeclId>],
        reuse: &Reuse,
    ) -> Vec<Found> {
        for (place, id) in ids.iter().enumerate() {
            if let (Some(id), Some(part)) = (id, reuse.part(place))
                && let Some(declaration) = &part.declaration
            {
                self.set_slot(*id, Slot::Ready(Arc::clone(declaration)));
            }
        }
        // A declaration that was refused its name is nothing that others could mean.
        let counts = |place: usize| {
            let is_hole =
                matches!(document.decls.get(place), Some(Decl { kind: tree::DeclKind::Hole(_), .. }));
            reuse.is_fresh(place) && (is_hole || ids.get(place).is_some_and(Option::is_some))
        };
        for group in order::order(&document.decls, counts) {
            self.group(text, document, ids, &group);
        }
        let places = document.decls.iter().zip(ids).enumerate();
        let fresh: Vec<Fresh<'_>> = places
            .filter(|(place, _)| reuse.is_fresh(*place))
            .map(|(place, (decl, id))| Fresh { place, decl, id: *id })
            .collect();
        self.check_positivity(ids, &fresh);
        for Fresh { place, decl, id } in &fresh {
            (self.place, self.current) = (Some(*place), *id);
            match (&decl.kind, *id) {
                (tree::DeclKind::Spec(spec), Some(id)) => self.spec(text, id, decl, spec),
                (tree::DeclKind::Intent(intent), Some(id)) => self.intent(text, id, decl, intent),
                (tree::DeclKind::Entity(entity), Some(id)) => self.invariants(id, entity),
                _ => {}
            }
            self.settle_effort(decl.span);
        }
        for Fresh { place, decl, .. } in &fresh {
            if let tree::DeclKind::Hole(hole) = &decl.kind {
                (self.place, self.current) = (Some(*place), None);
                self.hole_values(hole);
                self.settle_effort(hole.name.span);
            }
        }
        for Fresh { place, decl, id } in &fresh {
            if let (tree::DeclKind::Def(def), Some(id)) = (&decl.kind, *id) {
                (self.place, self.current) = (Some(*place), Some(id));
                self.def_clauses(id, def);
                self.settle_effort(def.name.span);
            }
        }
        let mut examples = Vec::new();
        for (place, (decl, id)) in document.decls.iter().zip(ids).enumerate() {
            if let Some(part) = reuse.part(place) {
                examples.extend(part.examples.iter().cloned().map(Found::Before));
                continue;
            }
            (self.place, self.current) = (Some(place), *id);
            match (&decl.kind, id) {
                (tree::DeclKind::Def(def), Some(id)) => self.def_body(*id, def),
                (tree::DeclKind::Examples(block), _) => {
                    for example in &block.examples {
                        let term = self.check(&Scope::default(), example, &prim(PrimType::Bool));
                        examples.push(Found::Now(Example { term, span: example.span }));
                    }
                }
                _ => {}
            }
            self.settle_effort(decl.span);
        }
        self.current = None;
        for Fresh { place, decl, .. } in &fresh {
            self.place = Some(*place);
            if let tree::DeclKind::Hole(hole) = &decl.kind {
                self.links(hole.links.iter().map(|(_, target)| target));
                self.unused(hole);
            }
        }
        self.place = None;
        let here = std::mem::take(&mut self.links_here);
        self.links(&here);
        let holes = document.decls.iter().filter_map(|decl| match &decl.kind {
            tree::DeclKind::Hole(hole) => Some(hole),
            _ => None,
        });
        self.circles(&holes.collect::<Vec<_>>());
        examples
    }

    /// Reserves the name of a declaration.
    fn announce(&mut self, decl: &Decl) -> Option<DeclId> {
        let id = DeclId(self.slots.len() as u32);
        let name = match &decl.kind {
            tree::DeclKind::Alias(alias) => &alias.name,
            tree::DeclKind::Sum(sum) => &sum.name,
            tree::DeclKind::Entity(entity) => &entity.name,
            tree::DeclKind::Spec(spec) => &spec.name,
            tree::DeclKind::Def(def) => &def.name,
            tree::DeclKind::Intent(_) => {
                self.slots.push(Slot::Announced);
                return Some(id);
            }
            tree::DeclKind::Hole(_)
            | tree::DeclKind::Examples(_)
            | tree::DeclKind::Import(_)
            | tree::DeclKind::Error => return None,
        };
        if matches!(name.name.as_str(), "Int" | "Real" | "Float" | "Bool" | "Str" | "Unit" | "Type" | "Eff") {
            self.report(mismatch::duplicate(name.span, &name.name, None));
            return None;
        }
        if let Some(import) = self.documents_at.get(name.name.as_str()).copied() {
            self.report(link::clash_with_import(name.span, &name.name, import));
            return None;
        }
        if let Some(first) = self.names.get(name.name.as_str()).copied() {
            // A definition or abbreviation may take the place of one of the prelude, whose own uses stay as they are.
            let own = first.0 as usize >= self.prelude_len && self.prelude_len > 0;
            let replaces = !own
                && match decl.kind {
                    tree::DeclKind::Def(_) => self.def_type(first).is_some(),
                    tree::DeclKind::Alias(_) => matches!(self.kind(first), Some(DeclKind::Alias(..))),
                    _ => false,
                };
            if !replaces {
                let imported = (self.prelude_len..self.first_own).contains(&(first.0 as usize));
                if let Some(import) = self.announced_at.get(&first).copied().filter(|_| imported) {
                    self.report(link::clash_with_import(name.span, &name.name, import));
                    return None;
                }
                let place = self.announced_at.get(&first).copied().or_else(|| self.span_of(first));
                self.report(mismatch::duplicate(name.span, &name.name, place));
                return None;
            }
        }
        self.names.insert(name.name.as_str().into(), id);
        self.announced_at.insert(id, name.span);
        if matches!(decl.kind, tree::DeclKind::Spec(_)) {
            self.specs.insert(id);
        }
        self.slots.push(Slot::Announced);
        let ctors: Vec<&tree::Ident> = match &decl.kind {
            tree::DeclKind::Sum(sum) if self.is_abstract(&sum.name.name) => Vec::new(),
            tree::DeclKind::Sum(sum) => sum.ctors.iter().map(|ctor| &ctor.name).collect(),
            tree::DeclKind::Entity(entity) => vec![&entity.name],
            _ => Vec::new(),
        };
        for (index, ctor) in ctors.into_iter().enumerate() {
            if let Some((first, _)) = self.ctors.get(ctor.name.as_str()).copied() {
                let imported = (self.prelude_len..self.first_own).contains(&(first.0 as usize));
                if let Some(import) = self.announced_at.get(&first).copied().filter(|_| imported) {
                    self.report(link::clash_with_import(ctor.span, &ctor.name, import));
                    continue;
                }
                let place = self.ctors_at.get(ctor.name.as_str()).copied().or_else(|| self.span_of(first));
                self.report(mismatch::duplicate(ctor.span, &ctor.name, place));
            } else {
                self.ctors_at.insert(ctor.name.as_str().into(), ctor.span);
                self.ctors.insert(ctor.name.as_str().into(), (id, index));
            }
        }
        Some(id)
    }

    fn group(&mut self, text: &str, document: &Document, ids: &[Option<DeclId>], group: &[Node]) {
        let circle = group.len() > 1;
        let mut reported = false;
        for node in group {
            let place = node.place();
            let Some(decl) = document.decls.get(place) else { continue };
            let id = ids.get(place).copied().flatten();
            (self.place, self.current) = (Some(place), id);
            match (&decl.kind, id, node) {
                (tree::DeclKind::Alias(alias), Some(id), _) => {
                    if circle || mentions_itself(&alias.body, &alias.name.name) {
                        if !std::mem::replace(&mut reported, true) {
                            self.report(mismatch::cyclic(alias.name.span, &alias.name.name));
                        }
                        self.set_slot(id, Slot::Broken);
                    } else {
                        let (scope, params) =
                            self.telescope(&Scope::default(), &alias.params, Icit::Explicit);
                        let body = self.ty(&scope, &alias.body);
                        if !self.fits_as_abbreviation(params.len(), &body) {
                            self.too_large(alias.name.span);
                            self.set_slot(id, Slot::Broken);
                            continue;
                        }
                        self.sign(text, id, decl, &alias.name, DeclKind::Alias(params, body));
                    }
                }
                (tree::DeclKind::Sum(sum), Some(id), Node::Signature(_)) => {
                    let (_, params) = self.telescope(&Scope::default(), &sum.params, Icit::Explicit);
                    let data = DataDecl { params, ctors: Vec::new(), entity: false, invariants: Vec::new() };
                    self.sign(text, id, decl, &sum.name, DeclKind::Data(data));
                }
                (tree::DeclKind::Sum(sum), Some(id), Node::Constructors(_)) => {
                    let (scope, _) = self.silent_telescope(&sum.params);
                    let ctors = sum.ctors.iter().map(|ctor| self.constructor(&scope, ctor)).collect();
                    let hidden = self.is_abstract(&sum.name.name);
                    self.complete_data(id, if hidden { Vec::new() } else { ctors });
                }
                (tree::DeclKind::Entity(entity), Some(id), Node::Signature(_)) => {
                    let (_, params) = self.telescope(&Scope::default(), &entity.params, Icit::Explicit);
                    let data = DataDecl { params, ctors: Vec::new(), entity: true, invariants: Vec::new() };
                    self.sign(text, id, decl, &entity.name, DeclKind::Data(data));
                }
                (tree::DeclKind::Entity(entity), Some(id), Node::Constructors(_)) => {
                    let (scope, _) = self.silent_telescope(&entity.params);
                    let ctor = tree::CtorDecl {
                        name: entity.name.clone(),
                        fields: entity
                            .fields
                            .iter()
                            .map(|(name, ty)| (Some(name.clone()), ty.clone()))
                            .collect(),
                    };
                    let ctor = self.constructor(&scope, &ctor);
                    self.complete_data(id, vec![ctor]);
                }
                (tree::DeclKind::Def(def), Some(id), _) => self.def_signature(text, id, decl, def),
                (tree::DeclKind::Hole(hole), _, _) => self.hole_signature(decl, hole),
                _ => {}
            }
            self.settle_effort(decl.span);
        }
    }

    pub(super) fn set_slot(&mut self, id: DeclId, slot: Slot) {
        if let Some(place) = self.slots.get_mut(id.0 as usize) {
            *place = slot;
        }
    }

    pub(super) fn sign(&mut self, text: &str, id: DeclId, decl: &Decl, name: &tree::Ident, kind: DeclKind) {
        self.sign_named(text, id, decl, name.name.as_str().into(), name.span, kind);
    }

    pub(super) fn sign_named(
        &mut self,
        text: &str,
        id: DeclId,
        decl: &Decl,
        name: Name,
        name_span: Span,
        kind: DeclKind,
    ) {
        let prose = decl.prose.map(|span| span.slice(text).trim()).filter(|prose| !prose.is_empty());
        let mut declaration = Declaration {
            name,
            name_span,
            span: decl.span,
            prose: prose.map(Into::into),
            kind,
            faulty: false,
        };
        if self.has_new_unknowns() {
            // What was worked out in a signature is read by everyone: not each time through its solution.
            declaration = self.finish_declaration(&declaration);
        }
        self.set_slot(id, Slot::Signed(declaration));
    }

    /// Parameters, each in scope of those before it. `icit` is that of parameters without a type (`T`).
    fn telescope(&mut self, outer: &Scope, params: &[tree::Param], icit: Icit) -> (Scope, Vec<Param>) {
        let (mut scope, mut checked) = (outer.clone(), Vec::new());
        for param in params {
            if scope.vars.iter().any(|(name, _)| **name == *param.name.name) {
                self.report(mismatch::duplicate_binder(
                    param.name.span,
                    &param.name.name,
                    "list of parameters",
                ));
            }
            let (ty, icit) = match &param.ty {
                Some(ty) => (self.ty(&scope, ty), self.laws.icit(&param.name.name)),
                None => (TermKind::Universe.into_term(), icit),
            };
            let name: Name = param.name.name.as_str().into();
            scope = scope.bind(&name, self.eval(&scope.env, &ty));
            checked.push(Param { name, icit, ty, span: param.name.span });
        }
        (scope, checked)
    }

    /// A telescope that has been checked before: its findings are not reported again.
    fn silent_telescope(&mut self, params: &[tree::Param]) -> (Scope, Vec<Param>) {
        let mark = self.diagnostics.len();
        let checked = self.telescope(&Scope::default(), params, Icit::Explicit);
        self.diagnostics.truncate(mark);
        checked
    }

    /// The parameters of a definition or spec: type parameters, then values, which must say their types.
    pub(super) fn parameters(
        &mut self,
        types: &[tree::Param],
        values: &[tree::Param],
    ) -> (Scope, Vec<Param>) {
        let (scope, mut params) = self.telescope(&Scope::default(), types, Icit::Implicit);
        for value in values.iter().filter(|param| param.ty.is_none()) {
            self.report(mismatch::missing_type(
                value.name.span,
                &format!("the parameter `{}`", value.name.name),
            ));
        }
        let typed: Vec<tree::Param> = values
            .iter()
            .map(|param| tree::Param {
                name: param.name.clone(),
                ty: Some(
                    param
                        .ty
                        .clone()
                        .unwrap_or(tree::Expr { span: param.name.span, kind: tree::ExprKind::Error }),
                ),
            })
            .collect();
        let (scope, rest) = self.telescope(&scope, &typed, Icit::Explicit);
        params.extend(rest);
        (scope, params)
    }

    fn constructor(&mut self, scope: &Scope, ctor: &tree::CtorDecl) -> Ctor {
        let (mut scope, mut fields) = (scope.clone(), Vec::new());
        for (name, ty) in &ctor.fields {
            let ty = self.ty(&scope, ty);
            let mut open = None;
            ty.walk(&mut |part| {
                if let TermKind::Eff(None, _) = &*part.kind {
                    open = open.or(Some(part.span));
                }
            });
            open.into_iter().for_each(|span| self.report(super::effects::unnamed(span)));
            let binder: Name = name.as_ref().map_or_else(|| "_".into(), |name| name.name.as_str().into());
            if let Some(name) = name
                && fields
                    .iter()
                    .any(|(other, _): &(Option<Name>, Term)| other.as_deref() == Some(name.name.as_str()))
            {
                self.report(mismatch::duplicate_binder(name.span, &name.name, "list of fields"));
            }
            scope = scope.bind(&binder, self.eval(&scope.env, &ty));
            fields.push((name.as_ref().map(|_| binder), ty));
        }
        Ctor { name: ctor.name.name.as_str().into(), fields, span: ctor.name.span }
    }

    /// Whether a type of the prelude keeps to itself how its values are made.
    fn is_abstract(&self, name: &str) -> bool {
        self.prelude_len == 0 && matches!(name, "Set" | "Map" | "Bytes")
    }

    fn complete_data(&mut self, id: DeclId, ctors: Vec<Ctor>) {
        if let Some(Declaration { kind: DeclKind::Data(data), .. }) = self.signed(id) {
            data.ctors = ctors;
        }
    }

    fn invariants(&mut self, id: DeclId, entity: &tree::EntityDecl) {
        let (mut scope, _) = self.silent_telescope(&entity.params);
        let Some(DeclKind::Data(data)) = self.kind(id) else { return };
        for (name, ty) in data.ctors.first().map(|ctor| ctor.fields.clone()).unwrap_or_default() {
            scope = scope.bind(&name.unwrap_or_else(|| "_".into()), self.eval(&scope.env, &ty));
        }
        let clauses = self.clauses(&scope, &entity.invariants);
        if let Some(Declaration { kind: DeclKind::Data(data), .. }) = self.signed(id) {
            data.invariants = clauses;
        }
    }
}

fn mentions_itself(expr: &tree::Expr, name: &str) -> bool {
    let mut found = matches!(&expr.kind, tree::ExprKind::Name(other) if other == name);
    expr.for_each_child(&mut |child| found = found || mentions_itself(child, name));
    found
}
