//! Which names tell their arguments: where what a name stands for is the same only if its arguments are.
//!
//! `type Pair A B = A * B` tells both: `Pair x y` and `Pair z w` are the same exactly when `x` is `z` and `y` is `w`,
//! so that whoever compares them need not look at what they stand for. `type Constant T = Int` has none to tell, which
//! is as good. A parameter is told where it stands in a part that nothing can compute away: below function types,
//! products and declared types, or among the arguments of a variable bound there. There it may be applied to distinct
//! variables that are bound there as well: a function is what it does.
//!
//! Types agree up to refinements and effects, so what stands in those is not told.

use super::elaborator::Elaborator;
use crate::ir::{Arg, DeclId, DeclKind, Param, Term, TermKind};
use std::rc::Rc;

/// What is known of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    /// It stands in no part that is compared.
    Nowhere,
    /// It stands where something may be computed from it that others give as well.
    Computed,
    /// It can be told from what the name stands for.
    Told,
}

/// How many arguments a name takes, and the places of those that what it stands for tells; the others do not matter to
/// it. Nothing when it may be the same with other arguments.
pub(super) type Told = Option<(usize, Rc<[usize]>)>;

impl Elaborator {
    /// The places of the arguments that a name with so many of them tells; nothing when it may not tell them all.
    pub(super) fn told(&self, id: DeclId, arguments: usize) -> Option<Rc<[usize]>> {
        if let Some(known) = self.told.borrow().get(&id) {
            return known.clone().filter(|(takes, _)| *takes == arguments).map(|(_, told)| told);
        }
        let (takes, body) = self.stands_for(id)?;
        // Of a name that stands in its own body nothing is known.
        self.told.borrow_mut().insert(id, None);
        let mut uses = vec![Use::Nowhere; takes];
        self.look(body, 0, &mut uses);
        // Of `Unit` there is one value: other arguments are no other values.
        for (found, param) in uses.iter_mut().zip(self.parameters_of(id)) {
            if *found == Use::Told && self.is_unit(&param.ty) {
                *found = Use::Computed;
            }
        }
        let told = uses.iter().all(|it| *it != Use::Computed).then(|| {
            let places = uses.iter().enumerate().filter(|(_, it)| **it == Use::Told);
            (takes, places.map(|(place, _)| place).collect())
        });
        self.told.borrow_mut().insert(id, told);
        self.told(id, arguments)
    }

    /// How many arguments a name takes before it can be unfolded.
    pub(super) fn takes(&self, id: DeclId) -> usize {
        self.parameters_of(id).len()
    }

    fn parameters_of(&self, id: DeclId) -> &[Param] {
        match self.kind(id) {
            Some(DeclKind::Alias(params, _)) => params,
            Some(DeclKind::Def(def)) => &def.params,
            _ => &[],
        }
    }

    /// How many arguments a name takes, and what it is unfolded to.
    pub(super) fn stands_for(&self, id: DeclId) -> Option<(usize, &Term)> {
        match self.kind(id)? {
            DeclKind::Alias(params, body) => Some((params.len(), body)),
            DeclKind::Def(def) if self.laws.unfolds_definitions() => {
                Some((def.params.len(), def.body.as_ref()?))
            }
            _ => None,
        }
    }

    /// Looks for parameters in a part that stays what it is, below `under` binders of the body.
    fn look(&self, term: &Term, under: usize, uses: &mut [Use]) {
        let (head, args) = term.spine();
        let each = |uses: &mut [Use]| args.iter().for_each(|arg| self.look(&arg.term, under, uses));
        match &*head.kind {
            TermKind::Var(index) if *index < under => each(uses),
            TermKind::Var(index) if is_pattern(args, under) => mark(uses, index - under, Use::Told),
            TermKind::Data(_) | TermKind::Con(..) => each(uses),
            TermKind::Global(id) => match self.stands_for(*id) {
                None if matches!(self.kind(*id), Some(DeclKind::Def(_)))
                    && !self.laws.unfolds_definitions() =>
                {
                    each(uses);
                }
                None => computed(term, under, uses),
                Some(_) => match self.told(*id, args.len()) {
                    Some(told) => told
                        .iter()
                        .filter_map(|place| args.get(*place))
                        .for_each(|arg| self.look(&arg.term, under, uses)),
                    None => computed(term, under, uses),
                },
            },
            _ if !args.is_empty() => computed(term, under, uses),
            TermKind::Pi(_, _, domain, codomain) => {
                self.look(domain, under, uses);
                self.look(codomain, under + 1, uses);
            }
            TermKind::Lam(_, _, _, body) => self.look(body, under + 1, uses),
            TermKind::Product(items) => items.iter().for_each(|item| self.look(item, under, uses)),
            TermKind::Refine(_, base, _) | TermKind::Eff(_, base) => self.look(base, under, uses),
            _ => computed(term, under, uses),
        }
    }
}

/// Whether arguments are distinct variables among the innermost `under`.
fn is_pattern(args: &[Arg], under: usize) -> bool {
    let mut seen = Vec::with_capacity(args.len());
    args.iter().all(|arg| match &*arg.term.kind {
        TermKind::Var(index) if *index < under && !seen.contains(index) => {
            seen.push(*index);
            true
        }
        _ => false,
    })
}

/// Notes the use of a parameter, counted from the last one.
fn mark(uses: &mut [Use], from_last: usize, found: Use) {
    if let Some(known) = uses.iter_mut().rev().nth(from_last) {
        *known = found.max(*known);
    }
}

/// Notes all parameters in a part that may be computed away.
fn computed(term: &Term, under: usize, uses: &mut [Use]) {
    let found = std::cell::RefCell::new(uses);
    term.map_vars(under, &|index, depth| {
        if let Some(from_last) = index.checked_sub(depth) {
            mark(&mut found.borrow_mut(), from_last, Use::Computed);
        }
        TermKind::Var(index).into_term()
    });
}
