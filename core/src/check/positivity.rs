//! Strict positivity: a data type may not stand left of an arrow in its own definition.
//!
//! Without this a value could hold a function that takes that very value, and a definition without any recursion
//! could run forever; unfolding it in a proof would prove anything.

use super::declarations::Fresh;
use super::elaborator::Elaborator;
use super::mismatch;
use crate::ir::{DeclId, DeclKind, Term, TermKind};
use std::collections::{HashMap, HashSet};

impl Elaborator {
    /// Looks at the data types among `fresh`; `ids` are all of the document.
    pub(super) fn check_positivity(&mut self, ids: &[Option<DeclId>], fresh: &[Fresh<'_>]) {
        let is_data = |id: &DeclId| matches!(self.kind(*id), Some(DeclKind::Data(_)));
        let asked: Vec<DeclId> = fresh.iter().filter_map(|fresh| fresh.id).filter(is_data).collect();
        if asked.is_empty() {
            return;
        }
        let data: Vec<DeclId> = ids.iter().flatten().copied().filter(is_data).collect();
        let mentions: HashMap<DeclId, HashSet<DeclId>> =
            data.iter().map(|id| (*id, self.mentioned(*id, false))).collect();
        let negative: HashMap<DeclId, HashSet<DeclId>> =
            asked.iter().map(|id| (*id, self.mentioned(*id, true))).collect();
        for id in asked {
            // Everything that stands left of an arrow, there or below, must not lead back here.
            let from = negative.get(&id).cloned().unwrap_or_default();
            if reaches(&mentions, from, id)
                && let Some(span) = self.span_of(id)
            {
                let name = self.name_of(id);
                self.report(mismatch::negative_occurrence(span, &name));
                self.set_slot(id, super::elaborator::Slot::Broken);
            }
        }
    }

    /// The data types its fields mention; with `left`, only those left of an arrow. An argument of another data
    /// type counts as left when that type has functions of its own: it may use its parameter there.
    fn mentioned(&self, id: DeclId, left: bool) -> HashSet<DeclId> {
        let mut found = HashSet::new();
        if let Some(DeclKind::Data(data)) = self.kind(id) {
            for (_, ty) in data.ctors.iter().flat_map(|ctor| &ctor.fields) {
                self.collect(ty, !left, &mut found, &mut HashSet::new());
            }
        }
        found
    }

    fn collect(&self, ty: &Term, counts: bool, found: &mut HashSet<DeclId>, seen: &mut HashSet<DeclId>) {
        let (head, args) = ty.spine();
        match &*head.kind {
            TermKind::Data(id) => {
                if counts {
                    found.insert(*id);
                }
                let inside = counts || self.holds_functions(*id);
                args.iter().for_each(|arg| self.collect(&arg.term, inside, found, seen));
            }
            TermKind::Global(id) => {
                args.iter().for_each(|arg| self.collect(&arg.term, counts, found, seen));
                if let Some(DeclKind::Alias(_, body)) = self.kind(*id)
                    && seen.insert(*id)
                {
                    // Its parameters may stand left of an arrow inside: count its arguments if it has any arrow.
                    if self.has_arrow(body) {
                        args.iter().for_each(|arg| self.collect(&arg.term, true, found, seen));
                    }
                    self.collect(body, counts, found, seen);
                    seen.remove(id);
                }
            }
            TermKind::Pi(_, _, domain, codomain) => {
                self.collect(domain, true, found, seen);
                self.collect(codomain, counts, found, seen);
            }
            TermKind::Product(items) => items.iter().for_each(|item| self.collect(item, counts, found, seen)),
            TermKind::Refine(_, base, _) => self.collect(base, counts, found, seen),
            _ => {}
        }
    }

    /// Whether a type has an arrow anywhere, abbreviations included.
    fn has_arrow(&self, ty: &Term) -> bool {
        match &*ty.kind {
            TermKind::Pi(..) => true,
            TermKind::App(head, args) => {
                self.has_arrow(head) || args.iter().any(|arg| self.has_arrow(&arg.term))
            }
            TermKind::Product(items) => items.iter().any(|item| self.has_arrow(item)),
            TermKind::Refine(_, base, _) => self.has_arrow(base),
            TermKind::Global(id) => match self.kind(*id) {
                Some(DeclKind::Alias(_, body)) => self.has_arrow(body),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether a data type, or one that its fields mention, holds a function.
    fn holds_functions(&self, id: DeclId) -> bool {
        let (mut seen, mut todo) = (HashSet::new(), vec![id]);
        while let Some(id) = todo.pop() {
            let Some(DeclKind::Data(data)) = self.kind(id) else { continue };
            if !seen.insert(id) {
                continue;
            }
            for (_, ty) in data.ctors.iter().flat_map(|ctor| &ctor.fields) {
                if self.has_arrow(ty) {
                    return true;
                }
                let (mut below, mut aliases) = (HashSet::new(), HashSet::new());
                self.collect(ty, true, &mut below, &mut aliases);
                todo.extend(below);
            }
        }
        false
    }
}

fn reaches(mentions: &HashMap<DeclId, HashSet<DeclId>>, from: HashSet<DeclId>, target: DeclId) -> bool {
    let (mut seen, mut work) = (HashSet::new(), Vec::from_iter(from));
    while let Some(id) = work.pop() {
        if id == target {
            return true;
        }
        if seen.insert(id) {
            work.extend(mentions.get(&id).into_iter().flatten().copied());
        }
    }
    false
}
