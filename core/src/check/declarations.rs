//! Declarations: announced, then signed in the order they need each other, then completed.

use super::elaborator::{Elaborator, Scope, Slot};
use super::mismatch;
use super::order::{self, Node};
use super::session::Reuse;
use super::value::{Value, prim};
use crate::ir::{
    Bound, Clause, Ctor, DataDecl, DeclId, DeclKind, Declaration, DefDecl, Example, HoleInfo, Icit,
    IntentDecl, Name, Native, Param, PrimType, SpecDecl, Term, TermKind,
};
use crate::syntax::span::Span;
use crate::syntax::tree::{self, Decl, Document, HoleKind};
use std::rc::Rc;
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
                self.links(hole);
                self.unused(hole);
            }
        }
        self.place = None;
        examples
    }

    /// A function or condition that is only planned has no type yet, and that is no mistake.
    fn unused(&mut self, hole: &tree::HoleDecl) {
        let Some(id) = self.hole_names.get(hole.name.name.as_str()).copied() else { return };
        let planned = matches!(hole.kind, HoleKind::Function | HoleKind::Spec)
            && self.holes.get(id.0 as usize).is_some_and(|info| info.uses.is_empty());
        if let Some(ty) = self.hole_types.get(id.0 as usize).filter(|_| planned).cloned()
            && let Value::Flex(meta, _) = &*self.force(&ty)
        {
            self.set_solution(*meta, Rc::new(Value::Universe));
        }
    }

    /// Every hole a link names exists.
    fn links(&mut self, hole: &tree::HoleDecl) {
        for (_, target) in &hole.links {
            if !self.hole_names.contains_key(target.name.as_str()) {
                let close = mismatch::closest(&target.name, self.hole_names.keys().map(|name| &**name));
                let close = close.map(|name| format!("?{name}"));
                let found = mismatch::unknown_name(
                    target.span,
                    "hole",
                    &format!("?{}", target.name),
                    close.as_deref(),
                );
                self.report(found);
            }
        }
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
            tree::DeclKind::Hole(_) | tree::DeclKind::Examples(_) | tree::DeclKind::Error => return None,
        };
        if matches!(name.name.as_str(), "Int" | "Bool" | "Str" | "Unit" | "Type") {
            self.report(mismatch::duplicate(name.span, &name.name, None));
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
                let place = self.announced_at.get(&first).copied().or_else(|| self.span_of(first));
                self.report(mismatch::duplicate(name.span, &name.name, place));
                return None;
            }
        }
        self.names.insert(name.name.as_str().into(), id);
        self.announced_at.insert(id, name.span);
        self.slots.push(Slot::Announced);
        let ctors: Vec<&tree::Ident> = match &decl.kind {
            tree::DeclKind::Sum(sum) => sum.ctors.iter().map(|ctor| &ctor.name).collect(),
            tree::DeclKind::Entity(entity) => vec![&entity.name],
            _ => Vec::new(),
        };
        for (index, ctor) in ctors.into_iter().enumerate() {
            if let Some((first, _)) = self.ctors.get(ctor.name.as_str()).copied() {
                let place = self.announced_at.get(&first).copied().or_else(|| self.span_of(first));
                self.report(mismatch::duplicate(ctor.span, &ctor.name, place));
            } else {
                self.ctors.insert(ctor.name.as_str().into(), (id, index));
            }
        }
        Some(id)
    }

    fn group(&mut self, text: &str, document: &Document, ids: &[Option<DeclId>], group: &[Node]) {
        let circle = group.len() > 1;
        let mut reported = false;
        for node in group {
            let (Node::Signature(place) | Node::Constructors(place)) = *node;
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
                    self.complete_data(id, ctors);
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

    fn sign(&mut self, text: &str, id: DeclId, decl: &Decl, name: &tree::Ident, kind: DeclKind) {
        self.sign_named(text, id, decl, name.name.as_str().into(), name.span, kind);
    }

    fn sign_named(
        &mut self,
        text: &str,
        id: DeclId,
        decl: &Decl,
        name: Name,
        name_span: Span,
        kind: DeclKind,
    ) {
        let prose = decl.prose.map(|span| span.slice(text).trim()).filter(|prose| !prose.is_empty());
        let declaration =
            Declaration { name, name_span, span: decl.span, prose: prose.map(Into::into), kind };
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
                Some(ty) => (self.ty(&scope, ty), Icit::Explicit),
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
    fn parameters(&mut self, types: &[tree::Param], values: &[tree::Param]) -> (Scope, Vec<Param>) {
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

    fn clauses(&mut self, scope: &Scope, clauses: &[tree::Clause]) -> Vec<Clause> {
        clauses
            .iter()
            .map(|clause| Clause {
                label: clause.label.as_ref().map(|label| label.name.as_str().into()),
                body: self.check(scope, &clause.body, &prim(PrimType::Bool)),
                span: clause.span,
            })
            .collect()
    }

    fn effects(effects: &Option<Vec<tree::Ident>>) -> Option<Vec<Name>> {
        effects.as_ref().map(|names| names.iter().map(|name| name.name.as_str().into()).collect())
    }

    fn spec(&mut self, text: &str, id: DeclId, decl: &Decl, spec: &tree::SpecDecl) {
        let Some((result, values)) = spec.params.split_last().filter(|(last, _)| last.name.name == "result")
        else {
            self.report(mismatch::result_last(spec.name.span, &spec.name.name));
            self.set_slot(id, Slot::Broken);
            return;
        };
        let (scope, params) = self.parameters(&spec.type_params, values);
        let result_type = match &result.ty {
            Some(ty) => self.ty(&scope, ty),
            None => {
                self.report(mismatch::missing_type(result.name.span, "`result`"));
                Term::new(result.name.span, TermKind::Error)
            }
        };
        let requires = self.requires(&scope, &spec.requires);
        let after = scope.bind(&"result".into(), self.eval(&scope.env, &result_type));
        let ensures = self.clauses(&after, &spec.ensures);
        let effects = Self::effects(&spec.effects);
        let bounds = spec.bounds.iter().map(|bound| Bound {
            text: bound.span.slice(text).split_whitespace().collect::<Vec<_>>().join(" ").into(),
            span: bound.span,
        });
        let bounds = bounds.collect();
        let kind =
            DeclKind::Spec(SpecDecl { params, result: result_type, requires, ensures, effects, bounds });
        self.sign(text, id, decl, &spec.name, kind);
    }

    /// Preconditions; `result` in one of them gets its own explanation.
    fn requires(&mut self, scope: &Scope, clauses: &[tree::Clause]) -> Vec<Clause> {
        let mark = self.diagnostics.len();
        let checked = self.clauses(scope, clauses);
        if scope.find("result").is_none() {
            for finding in self.diagnostics.iter_mut().skip(mark) {
                if finding.code == "E0102" && finding.message.ends_with("`result`") {
                    *finding = mismatch::refinement_hidden(finding.span);
                }
            }
        }
        checked
    }

    fn intent(&mut self, text: &str, id: DeclId, decl: &Decl, intent: &tree::IntentDecl) {
        let mut types = |items: &[(tree::Ident, tree::Expr)]| -> Vec<(Name, Term)> {
            items
                .iter()
                .map(|(name, ty)| (Name::from(name.name.as_str()), self.ty(&Scope::default(), ty)))
                .collect()
        };
        let inputs = types(&intent.inputs);
        let outputs = types(&intent.outputs);
        let goals = intent
            .goals
            .iter()
            .map(|(name, words, span)| (name.name.as_str().into(), words.as_str().into(), *span));
        let kind = DeclKind::Intent(IntentDecl { inputs, outputs, goals: goals.collect() });
        self.sign_named(text, id, decl, intent.title.as_str().into(), intent.title_span, kind);
    }

    fn def_signature(&mut self, text: &str, id: DeclId, decl: &Decl, def: &tree::DefDecl) {
        let (scope, params) = self.parameters(&def.type_params, &def.params);
        let result = match &def.result {
            Some(ty) => self.ty(&scope, ty),
            None => {
                let what = format!("the result of `{}`", def.name.name);
                self.report(mismatch::missing_type(def.name.span, &what).hint(format!(
                    "write it after the parameters: `def {}(...): Type = ...`",
                    def.name.name
                )));
                Term::new(def.name.span, TermKind::Error)
            }
        };
        let native = if self.prelude_len == 0 { native(&def.name.name) } else { None };
        let kind = DeclKind::Def(DefDecl {
            params,
            result,
            implements: None,
            requires: Vec::new(),
            ensures: Vec::new(),
            decreases: None,
            effects: Self::effects(&def.effects),
            body: None,
            native,
        });
        self.sign(text, id, decl, &def.name, kind);
    }

    /// The scope of a definition's parameters, from its signature.
    fn scope_of(&self, params: &[Param]) -> Scope {
        params.iter().fold(Scope::default(), |scope, param| {
            let ty = self.eval(&scope.env, &param.ty);
            scope.bind(&param.name, ty)
        })
    }

    fn def_clauses(&mut self, id: DeclId, def: &tree::DefDecl) {
        let Some(DeclKind::Def(signature)) = self.kind(id).cloned() else { return };
        let scope = self.scope_of(&signature.params);
        let after = scope.bind(&"result".into(), self.eval(&scope.env, &signature.result));
        let (mut requires, mut ensures, mut implements) = (Vec::new(), Vec::new(), None);
        if let Some(name) = &def.implements
            && let Some((spec_id, spec)) = self.spec_named(name)
            && let Some(args) = self.implements(&scope, name, &signature, &spec, def)
        {
            implements = Some(spec_id);
            let with_result: Vec<Term> =
                args.iter().map(|arg| arg.shift(1)).chain([TermKind::Var(0).into_term()]).collect();
            let (before, after) = (spec.params.len(), spec.params.len() + 1);
            // What the spec's own unknowns stand for keeps the places it has in the spec.
            let moved = |this: &Self, level: usize, clause: &Clause, args: &[Term]| Clause {
                label: clause.label.clone(),
                body: this.zonk(level, &clause.body).instantiate(args),
                span: clause.span,
            };
            requires.extend(spec.requires.iter().map(|clause| moved(self, before, clause, &args)));
            ensures.extend(spec.ensures.iter().map(|clause| moved(self, after, clause, &with_result)));
        }
        requires.extend(self.requires(&scope, &def.requires));
        ensures.extend(self.clauses(&after, &def.ensures));
        if let (Some(name), None) = (&def.implements, implements) {
            // What it promises to meet is not known: nothing may be said of it, least of all that it is proved.
            let body = Term::new(name.span, TermKind::Error);
            ensures.push(Clause { label: None, body, span: name.span });
        }
        let decreases =
            def.decreases.as_ref().map(|measure| self.check(&scope, measure, &prim(PrimType::Int)));
        if let Some(Declaration { kind: DeclKind::Def(def), .. }) = self.signed(id) {
            (def.requires, def.ensures, def.decreases, def.implements) =
                (requires, ensures, decreases, implements);
        }
    }

    fn spec_named(&mut self, name: &tree::Ident) -> Option<(DeclId, SpecDecl)> {
        let Some(id) = self.names.get(name.name.as_str()).copied() else {
            let known: Vec<Name> = self.names.keys().cloned().collect();
            let close = mismatch::closest(&name.name, known.iter().map(|n| &**n)).map(str::to_owned);
            self.report(mismatch::unknown_name(name.span, "spec", &name.name, close.as_deref()));
            return None;
        };
        match self.kind(id) {
            Some(DeclKind::Spec(spec)) => Some((id, spec.clone())),
            Some(_) => {
                self.report(mismatch::not_a_spec(name.span, &name.name));
                None
            }
            None => None,
        }
    }

    /// Matches a definition with the spec it implements: what stands for each of the spec's parameters, in the
    /// scope of the definition's.
    fn implements(
        &mut self,
        scope: &Scope,
        name: &tree::Ident,
        signature: &DefDecl,
        spec: &SpecDecl,
        def: &tree::DefDecl,
    ) -> Option<Vec<Term>> {
        let explicit = |params: &[Param]| params.iter().filter(|param| param.icit == Icit::Explicit).count();
        let (wants, has) = (explicit(&spec.params), explicit(&signature.params));
        if wants != has {
            self.report(mismatch::implements_count(name.span, &name.name, wants, has));
            return None;
        }
        let level = scope.level();
        let mut args: Vec<Term> = Vec::new();
        let mut own = signature.params.iter().enumerate().filter(|(_, param)| param.icit == Icit::Explicit);
        let mut agreed = true;
        for param in &spec.params {
            if param.icit == Icit::Implicit {
                args.push(self.fresh(scope, name.span, format!("the type `{}` of the spec", param.name)));
                continue;
            }
            let (position, mine) = own.next()?;
            let here = self.eval(&scope.env, &mine.ty.shift(level - position));
            let there = self.eval(&scope.env, &param.ty.instantiate(&args));
            agreed &= self.same_in_spec(
                scope,
                mine.span,
                &format!("the parameter `{}`", mine.name),
                &here,
                &there,
                name,
            );
            args.push(TermKind::Var(level - 1 - position).into_term());
        }
        let here = self.eval(&scope.env, &signature.result);
        let there = self.eval(&scope.env, &spec.result.instantiate(&args));
        let at = def.result.as_ref().map_or(def.name.span, |ty| ty.span);
        agreed &= self.same_in_spec(scope, at, "the result", &here, &there, name);
        agreed.then_some(args)
    }

    /// A definition and its spec speak of the same type, refinements included: clauses of the one are then
    /// meaningful for the other as they stand.
    fn same_in_spec(
        &mut self,
        scope: &Scope,
        span: Span,
        what: &str,
        here: &super::value::V,
        there: &super::value::V,
        spec: &tree::Ident,
    ) -> bool {
        let unified = self.unify(scope.level(), here, there).is_ok();
        let plain = |this: &Self, ty| this.unfolded(scope.level(), ty);
        if unified && plain(self, here).same(&plain(self, there)) {
            return true;
        }
        let (here, there) = (self.show(scope, here), self.show(scope, there));
        self.report(mismatch::implements_type(span, what, &here, &spec.name, &there));
        false
    }

    fn def_body(&mut self, id: DeclId, def: &tree::DefDecl) {
        let Some(DeclKind::Def(signature)) = self.kind(id).cloned() else { return };
        let scope = self.scope_of(&signature.params);
        let result = self.eval(&scope.env, &signature.result);
        let body = match &def.body {
            Some(body) => Some(self.check(&scope, body, &result)),
            None if signature.native.is_some() => None,
            None => Some(self.open_definition(&scope, def, &signature)),
        };
        if let Some(Declaration { kind: DeclKind::Def(def), .. }) = self.signed(id) {
            def.body = body;
        }
    }

    /// A definition without a body is a hole of its name.
    fn open_definition(&mut self, scope: &Scope, def: &tree::DefDecl, signature: &DefDecl) -> Term {
        let ty = self.eval(&scope.env, &signature.result);
        let context = signature.params.iter().map(|param| (param.name.clone(), param.ty.clone())).collect();
        let hole = self.new_hole(
            HoleInfo {
                name: def.name.name.as_str().into(),
                kind: HoleKind::Function,
                context,
                ty: signature.result.clone(),
                default: None,
                because: None,
                hint: None,
                answers: Vec::new(),
                links: Vec::new(),
                owner: self.current,
                demands: Vec::new(),
                declared: None,
                uses: Vec::new(),
            },
            ty,
        );
        Term::new(def.name.span, TermKind::Hole(hole))
    }

    fn hole_signature(&mut self, decl: &Decl, hole: &tree::HoleDecl) {
        let name = &hole.name;
        if let Some(first) = self.hole_names.get(name.name.as_str()).copied() {
            let place = self.holes.get(first.0 as usize).and_then(|hole| hole.declared);
            self.report(mismatch::duplicate(name.span, &format!("?{}", name.name), place));
            return;
        }
        let scope = Scope::default();
        let ty = match (&hole.ty, hole.kind) {
            (Some(ty), _) => self.ty(&scope, ty),
            // What is unknown here is found by use; what nobody uses needs no type.
            (None, HoleKind::Term | HoleKind::Function | HoleKind::Spec) => {
                self.fresh(&scope, name.span, format!("the type of `?{}`", name.name))
            }
            (None, _) => TermKind::Universe.into_term(),
        };
        let value = self.eval(&scope.env, &ty);
        self.new_hole(
            HoleInfo {
                name: name.name.as_str().into(),
                kind: hole.kind,
                context: Vec::new(),
                ty,
                default: None,
                because: hole.because.as_deref().map(Into::into),
                hint: hole.hint.as_deref().map(Into::into),
                answers: Vec::new(),
                links: hole.links.iter().map(|(kind, target)| (*kind, target.name.as_str().into())).collect(),
                owner: None,
                demands: Vec::new(),
                declared: Some(decl.span),
                uses: Vec::new(),
            },
            value,
        );
    }

    /// The default and the answers of a declared hole, once every signature is known.
    fn hole_values(&mut self, hole: &tree::HoleDecl) {
        let Some(id) = self.hole_names.get(hole.name.name.as_str()).copied() else { return };
        let index = id.0 as usize;
        if self.holes.get(index).is_none_or(|info| info.default.is_some() || !info.answers.is_empty()) {
            return;
        }
        let scope = Scope::default();
        let ty = self.hole_types.get(index).cloned().unwrap_or_else(|| Rc::new(Value::Error));
        let value = |this: &mut Self, expr: &tree::Expr| match hole.kind {
            HoleKind::Type | HoleKind::Entity => this.ty(&scope, expr),
            _ => this.check(&scope, expr, &ty),
        };
        let default = hole.default.as_ref().map(|default| value(self, default));
        let answers = hole.answers.iter().map(|answer| value(self, answer)).collect();
        if let Some(info) = self.holes.get_mut(index) {
            info.default = default;
            info.answers = answers;
        }
    }
}

fn mentions_itself(expr: &tree::Expr, name: &str) -> bool {
    let mut found = matches!(&expr.kind, tree::ExprKind::Name(other) if other == name);
    expr.for_each_child(&mut |child| found = found || mentions_itself(child, name));
    found
}

/// The prelude's definitions that the stages know by name.
fn native(name: &str) -> Option<Native> {
    Some(match name {
        "str_length" => Native::StrLength,
        "str_contains" => Native::StrContains,
        "starts_with" => Native::StartsWith,
        "ends_with" => Native::EndsWith,
        "substring" => Native::Substring,
        "str_index_of" => Native::StrIndexOf,
        "replace" => Native::Replace,
        "to_str" => Native::ToStr,
        "parse_int" => Native::ParseInt,
        "split" => Native::Split,
        "words" => Native::Words,
        "trim" => Native::Trim,
        "upper" => Native::Upper,
        "lower" => Native::Lower,
        "chars" => Native::Chars,
        "join" => Native::Join,
        _ => return None,
    })
}
