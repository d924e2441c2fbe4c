//! `hole` declarations: what they say of a hole, and whether what they name is there.

use super::elaborator::{Elaborator, Scope};
use super::mismatch;
use super::order::components;
use super::value::{V, Value};
use crate::ir::{HoleId, HoleInfo, Name, Term, TermKind};
use crate::syntax::span::Span;
use crate::syntax::tree::{self, Decl, HoleKind, LinkKind};
use std::collections::HashMap;
use std::rc::Rc;

impl Elaborator {
    /// A function or condition that is only planned has no type yet, and that is no mistake.
    pub(super) fn unused(&mut self, hole: &tree::HoleDecl) {
        let Some(id) = self.hole_names.get(hole.name.name.as_str()).copied() else { return };
        let planned = matches!(hole.kind, HoleKind::Function | HoleKind::Spec)
            && self.holes.get(id.0 as usize).is_some_and(|info| info.uses.is_empty());
        if let Some(ty) = self.hole_types.get(id.0 as usize).filter(|_| planned).cloned()
            && let Value::Flex(meta, ..) = &*self.force(&ty)
        {
            self.set_solution(*meta, Rc::new(Value::Universe), Vec::new());
        }
    }

    /// Every hole a link names exists.
    pub(super) fn links<'h>(&mut self, targets: impl IntoIterator<Item = &'h tree::Ident>) {
        for target in targets {
            if !self.hole_names.contains_key(target.name.as_str()) {
                let found = self.unknown_hole(target);
                self.report(found);
            }
        }
    }

    /// Links lead somewhere: holes that wait for each other cannot be decided one after the other.
    pub(super) fn circles(&mut self, holes: &[&tree::HoleDecl]) {
        let place_of = |name: &str| holes.iter().position(|hole| hole.name.name == name);
        let places: HashMap<&str, usize> =
            holes.iter().enumerate().rev().map(|(place, hole)| (hole.name.name.as_str(), place)).collect();
        let mut waits_for: Vec<Vec<usize>> = vec![Vec::new(); holes.len()];
        for (place, hole) in holes.iter().enumerate() {
            for (kind, target) in &hole.links {
                let Some(target) = places.get(target.name.as_str()).copied() else { continue };
                let (waits, for_what) = match kind {
                    LinkKind::Uses => (place, target),
                    LinkKind::Blocks => (target, place),
                };
                if let Some(edges) = waits_for.get_mut(waits) {
                    edges.push(for_what);
                }
            }
        }
        for mut group in components(&waits_for) {
            group.sort_unstable();
            let alone = |place: usize| !waits_for.get(place).is_some_and(|edges| edges.contains(&place));
            let members: Vec<&&tree::HoleDecl> = group.iter().filter_map(|place| holes.get(*place)).collect();
            let (Some(first), false) =
                (members.first(), group.len() == 1 && group.iter().all(|one| alone(*one)))
            else {
                continue;
            };
            let inside = |target: &str| place_of(target).is_some_and(|place| group.contains(&place));
            let link = first.links.iter().find(|(_, target)| inside(&target.name));
            let span = link.map_or(first.name.span, |(_, target)| target.span);
            let names: Vec<String> = members.iter().map(|hole| format!("?{}", hole.name.name)).collect();
            let others = members.iter().skip(1).take(3).map(|hole| hole.name.span).collect();
            self.diagnostics.push(mismatch::circle_of_holes(span, &names, others));
        }
    }

    /// A hole stands for a document. It may be declared as well, later on.
    pub(super) fn open_document(&mut self, name: &Name, span: Span) {
        self.open_hole(name, HoleKind::Module, TermKind::Universe.into_term(), None, span);
    }

    /// What is named of a document for which a hole stands is a hole itself, one wherever it is named.
    pub(super) fn open_name(&mut self, span: Span, name: &str, kind: HoleKind) -> Option<(Term, V)> {
        let document = self.open_documents.get(name.split('.').next().unwrap_or(name)).cloned()?;
        let id = match self.hole_names.get(name).copied() {
            Some(id) => id,
            None => {
                let ty = match kind {
                    HoleKind::Type => TermKind::Universe.into_term(),
                    _ => self.fresh(&Scope::default(), span, format!("the type of `{name}`")),
                };
                self.open_hole(&name.into(), kind, ty, Some(document), span)
            }
        };
        if let Some(info) = self.holes.get_mut(id.0 as usize)
            && !info.uses.contains(&span)
        {
            info.uses.push(span);
        }
        if self.holes.get(id.0 as usize).is_some_and(|info| info.kind != kind) {
            self.report(mismatch::hole_kind(
                span,
                name,
                if kind == HoleKind::Type { HoleKind::Term } else { HoleKind::Type },
            ));
            return Some((Term::new(span, TermKind::Error), Rc::new(Value::Error)));
        }
        let ty = self.hole_types.get(id.0 as usize).cloned()?;
        Some((Term::new(span, TermKind::Hole(id)), ty))
    }

    fn open_hole(&mut self, name: &Name, kind: HoleKind, ty: Term, uses: Option<Name>, span: Span) -> HoleId {
        let value = self.eval(&Scope::default().env, &ty);
        let hole = HoleInfo {
            name: name.clone(),
            kind,
            context: Vec::new(),
            ty,
            default: None,
            because: None,
            hint: None,
            answers: Vec::new(),
            links: uses.into_iter().map(|document| (LinkKind::Uses, document)).collect(),
            owner: self.current,
            demands: Vec::new(),
            declared: None,
            uses: vec![span],
        };
        self.new_hole(hole, value)
    }

    /// Whether a hole of this kind may stand where something of type `expected` does.
    pub(super) fn kind_fits(&self, kind: HoleKind, expected: Option<&V>) -> bool {
        let is_type = expected.is_some_and(|expected| matches!(&*self.force(expected), Value::Universe));
        match kind {
            HoleKind::Type | HoleKind::Entity => is_type,
            HoleKind::Term | HoleKind::Function | HoleKind::Spec => !is_type,
            HoleKind::Module => false,
        }
    }

    /// A hole with what is said of it where it stands.
    ///
    /// ```text
    ///   Γ ⊢ A : Type    |A| = |B|
    ///   ─────────────────────────
    ///   Γ ⊢ ?h: term A ⇐ B
    /// ```
    pub(super) fn hole_here(
        &mut self,
        scope: &Scope,
        span: Span,
        hole: &tree::HoleDecl,
        expected: Option<&V>,
    ) -> (Term, V) {
        let broken = (Term::new(span, TermKind::Error), Rc::new(Value::Error));
        let name = hole.name.name.as_str();
        if !self.kind_fits(hole.kind, expected) {
            self.report(mismatch::hole_kind(span, name, hole.kind));
            return broken;
        }
        let ty = hole.ty.as_ref().map(|ty| {
            let ty = self.ty(scope, ty);
            self.eval(&scope.env, &ty)
        });
        if let (Some(ty), Some(expected)) = (&ty, expected)
            && !self.agree(scope, span, expected, ty)
        {
            return broken;
        }
        let declared = self.hole_names.get(name).and_then(|id| self.holes.get(id.0 as usize));
        if let Some(declared) = declared.filter(|info| info.kind != hole.kind && info.declared.is_some()) {
            let kind = declared.kind;
            self.report(mismatch::hole_kind(span, name, kind));
            return broken;
        }
        let found = self.hole(scope, span, name, ty.as_ref().or(expected));
        let id = self.hole_names.get(name).copied();
        if let Some(info) = id.and_then(|id| self.holes.get_mut(id.0 as usize)) {
            info.kind = hole.kind;
            info.hint = info.hint.take().or_else(|| hole.hint.as_deref().map(Into::into));
            for (kind, target) in &hole.links {
                let link = (*kind, Name::from(target.name.as_str()));
                if !info.links.contains(&link) {
                    info.links.push(link);
                }
            }
        }
        self.links_here.extend(hole.links.iter().map(|(_, target)| target.clone()));
        found
    }

    pub(super) fn hole_signature(&mut self, decl: &Decl, hole: &tree::HoleDecl) {
        let name = &hole.name;
        if let Some(info) =
            self.hole_names.get(name.name.as_str()).and_then(|id| self.holes.get_mut(id.0 as usize))
            && info.kind == HoleKind::Module
            && info.declared.is_none()
        {
            // An import stands above it.
            info.declared = Some(decl.span);
            info.hint = hole.hint.as_deref().map(Into::into);
            info.links =
                hole.links.iter().map(|(kind, target)| (*kind, target.name.as_str().into())).collect();
            if hole.kind != HoleKind::Module {
                self.report(mismatch::hole_kind(name.span, &name.name, hole.kind));
            }
            return;
        }
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
    pub(super) fn hole_values(&mut self, hole: &tree::HoleDecl) {
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
