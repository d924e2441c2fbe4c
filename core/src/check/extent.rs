//! How large an abbreviation is once written out, counted without writing it out.
//!
//! `type B = A * A` is twice as large as `A`; twenty such lines make a type of a million parts. Sizes are computed
//! from the sizes of what is mentioned, in one pass over the text, so that what is too large is refused where it is
//! declared and no later stage ever meets it.

use super::elaborator::Elaborator;
use crate::ir::{DeclId, DeclKind, Term, TermKind};

/// Parts of a type written out. A declared entity or sum type is one.
const MOST_PARTS: u64 = 5_000;

/// Abbreviations that stand for abbreviations that stand for abbreviations...
const DEEPEST: u32 = 50;

/// How large an abbreviation is.
#[derive(Debug, Clone, Default)]
pub(super) struct Extent {
    /// Parts, those of its arguments left out.
    parts: u64,
    /// How often each parameter is written.
    uses: Vec<u64>,
    /// Abbreviations inside each other.
    depth: u32,
}

impl Elaborator {
    /// Whether the abbreviation with these parameters and this body may be declared.
    pub(super) fn fits_as_abbreviation(&self, params: usize, body: &Term) -> bool {
        self.extent(params, body).is_some()
    }

    /// Whether a type that mentions abbreviations may be written.
    pub(super) fn fits_written_out(&self, ty: &Term) -> bool {
        self.extent(0, ty).is_some()
    }

    /// The extent of a type under `params` parameters; `None` when it is too large.
    fn extent(&self, params: usize, body: &Term) -> Option<Extent> {
        let mut extent = Extent { uses: vec![0; params], ..Extent::default() };
        self.measure(body, 1, 0, &mut extent);
        let largest = extent.uses.iter().fold(extent.parts, |sum, uses| sum.saturating_add(*uses));
        (largest <= MOST_PARTS && extent.depth <= DEEPEST).then_some(extent)
    }

    /// Adds `term`, written `times` times under `binders` binders of its own.
    fn measure(&self, term: &Term, times: u64, binders: usize, extent: &mut Extent) {
        extent.parts = extent.parts.saturating_add(times);
        if times == 0 || extent.parts > MOST_PARTS {
            return;
        }
        let (head, args) = term.spine();
        match (&*head.kind, &*term.kind) {
            (TermKind::Global(id), _) if matches!(self.kind(*id), Some(DeclKind::Alias(..))) => {
                let inside = self.abbreviation(*id);
                extent.parts = extent.parts.saturating_add(inside.parts.saturating_mul(times));
                extent.depth = extent.depth.max(inside.depth + 1);
                for (arg, uses) in args.iter().zip(&inside.uses) {
                    self.measure(&arg.term, times.saturating_mul(*uses), binders, extent);
                }
            }
            (_, TermKind::Var(index)) => {
                let place =
                    index.checked_sub(binders).and_then(|free| extent.uses.len().checked_sub(free + 1));
                if let Some(uses) = place.and_then(|place| extent.uses.get_mut(place)) {
                    *uses = uses.saturating_add(times);
                }
            }
            (
                _,
                TermKind::Pi(_, _, ty, body)
                | TermKind::Lam(_, _, ty, body)
                | TermKind::Quant(_, _, ty, body),
            )
            | (_, TermKind::Refine(_, ty, body)) => {
                self.measure(ty, times, binders, extent);
                self.measure(body, times, binders + 1, extent);
            }
            (_, TermKind::Let(_, ty, value, body)) => {
                self.measure(ty, times, binders, extent);
                self.measure(value, times, binders, extent);
                self.measure(body, times, binders + 1, extent);
            }
            (_, TermKind::Match(scrutinee, ty, arms)) => {
                self.measure(scrutinee, times, binders, extent);
                self.measure(ty, times, binders, extent);
                for arm in arms {
                    self.measure(&arm.body, times, binders + arm.pattern.binders(), extent);
                }
            }
            _ => term.each_child(&mut |child| self.measure(child, times, binders, extent)),
        }
    }

    /// The extent of a declared abbreviation, which fits.
    fn abbreviation(&self, id: DeclId) -> Extent {
        if let Some(known) = self.extents.borrow().get(&id) {
            return known.clone();
        }
        let extent = match self.kind(id) {
            Some(DeclKind::Alias(params, body)) => self.extent(params.len(), body).unwrap_or_default(),
            _ => Extent::default(),
        };
        self.extents.borrow_mut().insert(id, extent.clone());
        extent
    }
}
