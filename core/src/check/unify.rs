//! Unification of types, up to refinements.
//!
//! Two types agree when their erasures do: refinements are obligations, settled later by [`crate::logic`]. A
//! metavariable applied to distinct variables is solved by abstracting over them (the pattern fragment); the
//! solution is checked for scope and occurrence, and keeps no refinement, so that an inferred type argument never
//! promises more than every use of it delivers.

use super::elaborator::Elaborator;
use super::value::{Const, Spine, V, Value, rigid};
use crate::ir::{Icit, Term, TermKind};
use std::collections::HashMap;
use std::rc::Rc;

/// Why two types do not agree. The caller knows both sides; this names the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mismatch {
    /// Different heads: `Int` and `Str`, `List Int` and `Option Int`.
    Different,
    /// An unknown would have to contain itself: `?t` and `List ?t`.
    Occurs,
    /// An unknown would have to mention a variable that is not in its scope.
    Escapes,
    /// An unknown applied to something other than distinct variables: more than one solution may exist.
    Ambiguous,
    /// Telling takes more than one question may.
    TooLarge,
}

/// A partial renaming from the levels of one context to those of a solution.
struct Renaming {
    meta: u32,
    /// Number of binders of the solution passed so far, including the spine's.
    codomain: usize,
    /// Next level of the source context.
    domain: usize,
    map: HashMap<usize, usize>,
}

impl Elaborator {
    /// Makes `left` and `right` equal up to refinements in a context of `level` variables, solving unknowns.
    pub(super) fn unify(&mut self, level: usize, left: &V, right: &V) -> Result<(), Mismatch> {
        if !self.effort.enter() {
            return Err(Mismatch::TooLarge);
        }
        let outcome = self.unify_inside(level, left, right);
        self.effort.leave();
        outcome
    }

    fn unify_inside(&mut self, level: usize, left: &V, right: &V) -> Result<(), Mismatch> {
        let (left, right) = (self.force(left), self.force(right));
        if Rc::ptr_eq(&left, &right) {
            return Ok(());
        }
        // Same abbreviation, same arguments: no need to look inside. Arguments that differ prove nothing yet.
        if let (Value::Alias(a, xs, _), Value::Alias(b, ys, _)) = (&*left, &*right)
            && a == b
            && xs.is_empty()
            && ys.is_empty()
        {
            return Ok(());
        }
        let (left, right) = (self.erase(&left), self.erase(&right));
        match (&*left, &*right) {
            (Value::Error, _) | (_, Value::Error) => Ok(()),
            (Value::Universe, Value::Universe) => Ok(()),
            (Value::Prim(a), Value::Prim(b)) if a == b => Ok(()),
            (Value::Lit(a), Value::Lit(b)) if a == b => Ok(()),
            (Value::Pi(i, _, a, b), Value::Pi(j, _, c, d)) if i == j => {
                self.unify(level, a, c)?;
                let (b, d) = (self.enter(b, rigid(level)), self.enter(d, rigid(level)));
                self.unify(level + 1, &b, &d)
            }
            (Value::Lam(_, _, _, b), Value::Lam(_, _, _, d)) => {
                let (b, d) = (self.enter(b, rigid(level)), self.enter(d, rigid(level)));
                self.unify(level + 1, &b, &d)
            }
            (Value::Product(xs), Value::Product(ys)) if xs.len() == ys.len() => {
                xs.iter().zip(ys).try_for_each(|(x, y)| self.unify(level, x, y))
            }
            (Value::Flex(a, xs), Value::Flex(b, ys)) if a == b && xs.len() == ys.len() => {
                self.unify_spines(level, xs, ys)
            }
            (Value::Flex(meta, spine), _) => self.solve(level, *meta, spine, &right),
            (_, Value::Flex(meta, spine)) => self.solve(level, *meta, spine, &left),
            (Value::Rigid(a, xs), Value::Rigid(b, ys)) if a == b && xs.len() == ys.len() => {
                self.unify_spines(level, xs, ys)
            }
            (Value::Const(a, xs), Value::Const(b, ys)) if a == b && xs.len() == ys.len() => {
                self.unify_spines(level, xs, ys)
            }
            // A hole in a type is undecided: it agrees with anything, and remembers what it was asked to be.
            (Value::Const(Const::Hole(hole), _), _) => {
                self.demand(*hole, level, &right);
                Ok(())
            }
            (_, Value::Const(Const::Hole(hole), _)) => {
                self.demand(*hole, level, &left);
                Ok(())
            }
            (Value::Suspended(..), _) | (_, Value::Suspended(..)) => {
                if self.quote(level, &left).same(&self.quote(level, &right)) {
                    Ok(())
                } else {
                    Err(Mismatch::Different)
                }
            }
            _ => Err(Mismatch::Different),
        }
    }

    fn unify_spines(&mut self, level: usize, left: &Spine, right: &Spine) -> Result<(), Mismatch> {
        left.iter().zip(right).try_for_each(|((_, x), (_, y))| self.unify(level, x, y))
    }

    /// ```text
    ///   x1 ... xn distinct variables    fv(A) ⊆ {x1 ... xn}    ?m ∉ A
    ///   ─────────────────────────────────────────────────────────────
    ///   ?m x1 ... xn = A   ⟹   ?m := λ x1 ... xn. |A|
    /// ```
    fn solve(&mut self, level: usize, meta: u32, spine: &Spine, right: &V) -> Result<(), Mismatch> {
        let mut map = HashMap::new();
        for (position, (_, arg)) in spine.iter().enumerate() {
            match &*self.force(arg) {
                Value::Rigid(l, args) if args.is_empty() && !map.contains_key(l) => map.insert(*l, position),
                _ => return Err(Mismatch::Ambiguous),
            };
        }
        let mut renaming = Renaming { meta, codomain: spine.len(), domain: level, map };
        let body = self.rename(&mut renaming, right)?;
        let unknown = TermKind::Error.into_term();
        let solution = spine.iter().fold(body, |body, _| {
            TermKind::Lam(Icit::Explicit, "x".into(), unknown.clone(), body).into_term()
        });
        let value = self.eval(&Default::default(), &solution);
        self.set_solution(meta, value);
        Ok(())
    }

    /// Reads `value` back in the scope of a solution, without refinements.
    fn rename(&mut self, renaming: &mut Renaming, value: &V) -> Result<Term, Mismatch> {
        if !self.effort.enter() {
            return Err(Mismatch::TooLarge);
        }
        let term = self.rename_inside(renaming, value);
        self.effort.leave();
        term
    }

    fn rename_inside(&mut self, renaming: &mut Renaming, value: &V) -> Result<Term, Mismatch> {
        let value = self.erase(value);
        let kind = match &*value {
            Value::Rigid(level, spine) => {
                let position = renaming.map.get(level).ok_or(Mismatch::Escapes)?;
                let head = TermKind::Var(renaming.codomain.saturating_sub(position + 1)).into_term();
                return self.rename_spine(renaming, head, spine);
            }
            Value::Flex(meta, _) if *meta == renaming.meta => return Err(Mismatch::Occurs),
            Value::Flex(meta, spine) => {
                let (meta, spine) = self.prune(renaming, *meta, spine)?;
                return self.rename_spine(renaming, TermKind::Meta(meta).into_term(), &spine);
            }
            Value::Pi(icit, name, dom, cod) => {
                let dom = self.rename(renaming, dom)?;
                let inner = self.enter(cod, rigid(renaming.domain));
                TermKind::Pi(*icit, name.clone(), dom, self.rename_under(renaming, &inner)?)
            }
            Value::Lam(icit, name, dom, body) => {
                let dom = self.rename(renaming, dom)?;
                let inner = self.enter(body, rigid(renaming.domain));
                TermKind::Lam(*icit, name.clone(), dom, self.rename_under(renaming, &inner)?)
            }
            Value::Product(items) => TermKind::Product(
                items.iter().map(|item| self.rename(renaming, item)).collect::<Result<Vec<_>, _>>()?,
            ),
            Value::Const(_, spine) | Value::Alias(_, spine, _) => {
                let head = match &*value {
                    Value::Const(Const::Def(id), _) | Value::Alias(id, ..) => TermKind::Global(*id),
                    Value::Const(Const::Data(id), _) => TermKind::Data(*id),
                    Value::Const(Const::Con(id, index), _) => TermKind::Con(*id, *index),
                    Value::Const(Const::Hole(id), _) => TermKind::Hole(*id),
                    _ => TermKind::Error,
                };
                return self.rename_spine(renaming, head.into_term(), spine);
            }
            Value::Universe => TermKind::Universe,
            Value::Prim(ty) => TermKind::Prim(*ty),
            Value::Lit(literal) => TermKind::Lit(literal.clone()),
            Value::Refine(..) | Value::Error => TermKind::Error,
            Value::Suspended(..) => {
                // An index such as `n + 1`: read it back, then move its variables into the solution's scope.
                let term = self.quote(renaming.domain, &value);
                return rename_term(&term, renaming);
            }
        };
        Ok(kind.into_term())
    }

    /// An unknown inside a solution may not use variables the solution cannot see: it is replaced by one that
    /// does not take them.
    ///
    /// ```text
    ///   ?n x y  with y out of scope   ⟹   ?n := λ x y. ?n' x
    /// ```
    fn prune(&mut self, renaming: &Renaming, meta: u32, spine: &Spine) -> Result<(u32, Spine), Mismatch> {
        let mut kept = Vec::new();
        for (position, (_, arg)) in spine.iter().enumerate() {
            match &*self.force(arg) {
                Value::Rigid(level, args) if args.is_empty() && renaming.map.contains_key(level) => {
                    kept.push(position)
                }
                Value::Rigid(_, args) if args.is_empty() => {}
                // Not a variable: whether it can be seen is found out when it is renamed.
                _ => return Ok((meta, spine.clone())),
            }
        }
        if kept.len() == spine.len() {
            return Ok((meta, spine.clone()));
        }
        let narrower = self.narrower(meta);
        let args = kept
            .iter()
            .map(|position| crate::ir::Arg::explicit(TermKind::Var(spine.len() - 1 - position).into_term()));
        let body = TermKind::Meta(narrower).into_term().apply(Default::default(), args.collect::<Vec<_>>());
        let unknown = TermKind::Error.into_term();
        let solution = spine.iter().fold(body, |body, _| {
            TermKind::Lam(Icit::Explicit, "x".into(), unknown.clone(), body).into_term()
        });
        let value = self.eval(&Default::default(), &solution);
        self.set_solution(meta, value);
        Ok((narrower, kept.iter().filter_map(|position| spine.get(*position).cloned()).collect()))
    }

    fn rename_under(&mut self, renaming: &mut Renaming, value: &V) -> Result<Term, Mismatch> {
        renaming.map.insert(renaming.domain, renaming.codomain);
        renaming.domain += 1;
        renaming.codomain += 1;
        let renamed = self.rename(renaming, value);
        renaming.domain -= 1;
        renaming.codomain -= 1;
        renaming.map.remove(&renaming.domain);
        renamed
    }

    fn rename_spine(&mut self, renaming: &mut Renaming, head: Term, spine: &Spine) -> Result<Term, Mismatch> {
        let args = spine
            .iter()
            .map(|(icit, arg)| Ok(crate::ir::Arg { icit: *icit, term: self.rename(renaming, arg)? }))
            .collect::<Result<Vec<_>, Mismatch>>()?;
        Ok(head.apply(Default::default(), args))
    }
}

/// Renames the free variables of a term read back at `renaming.domain`.
fn rename_term(term: &Term, renaming: &Renaming) -> Result<Term, Mismatch> {
    let escaped = std::cell::Cell::new(false);
    let renamed = term.map_vars(0, &|index, depth| {
        let Some(free) = index.checked_sub(depth) else { return TermKind::Var(index).into_term() };
        let target = renaming.domain.checked_sub(free + 1).and_then(|level| renaming.map.get(&level));
        match target {
            Some(position) => {
                TermKind::Var(depth + renaming.codomain.saturating_sub(position + 1)).into_term()
            }
            None => {
                escaped.set(true);
                TermKind::Error.into_term()
            }
        }
    });
    if escaped.get() { Err(Mismatch::Escapes) } else { Ok(renamed) }
}
