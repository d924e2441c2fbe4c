//! `hole` declarations: what they say of a hole, and whether what they name is there.

use super::elaborator::{Elaborator, Scope};
use super::mismatch;
use super::order::components;
use super::value::Value;
use crate::ir::{HoleInfo, TermKind};
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
    pub(super) fn links(&mut self, hole: &tree::HoleDecl) {
        for (_, target) in &hole.links {
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

    pub(super) fn hole_signature(&mut self, decl: &Decl, hole: &tree::HoleDecl) {
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
