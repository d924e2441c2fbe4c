//! Solving an unknown: the pattern fragment, with pruning.
//!
//! A metavariable applied to distinct variables is solved by abstracting over them. The solution is checked for scope
//! and occurrence, and keeps no refinement, so that an inferred type argument never promises more than every use of
//! it delivers. Abbreviations and other solved unknowns stay named in it where that is the same, so that a solution
//! is as small as what was written.

use super::elaborator::Elaborator;
use super::unify::Mismatch;
use super::value::{Const, Spine, V, Value, rigid};
use crate::ir::{Arg, DeclId, DeclKind, Icit, Term, TermKind};
use std::rc::Rc;

/// Where a variable of the problem stands in a solution.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// The solution cannot see it.
    Hidden,
    At(usize),
    /// It is an argument twice: which one is meant cannot be told.
    Twice,
}

/// A partial renaming from the levels of a problem to those of a solution.
struct Renaming {
    meta: u32,
    /// Number of binders of the solution passed so far, including the spine's.
    codomain: usize,
    /// Of each variable of the problem.
    places: Vec<Place>,
    /// Whether this is an attempt to keep a name, which may fail without harm.
    attempt: bool,
    /// Whether all this stands among the arguments of an unknown, which may not use it in the end.
    doubtful: bool,
    /// The unknowns the solution mentions.
    mentions: Vec<u32>,
}

impl Renaming {
    fn failure(&self, failure: Mismatch) -> Mismatch {
        if self.doubtful { Mismatch::Ambiguous } else { failure }
    }
}

impl Elaborator {
    /// ```text
    ///   x1 ... xn distinct variables    fv(A) ⊆ {x1 ... xn}    ?m ∉ A
    ///   ─────────────────────────────────────────────────────────────
    ///   ?m x1 ... xn = A   ⟹   ?m := λ x1 ... xn. |A|
    /// ```
    ///
    /// A variable among the arguments twice may not be in `A` at all.
    pub(super) fn solve(
        &mut self,
        level: usize,
        meta: u32,
        spine: &Spine,
        value: &V,
    ) -> Result<(), Mismatch> {
        if let Some((spine, value)) = self.contracted(spine, value) {
            return self.solve(level, meta, &spine, &value);
        }
        let mut places = vec![Place::Hidden; level];
        for (position, (_, arg)) in spine.iter().enumerate() {
            match &*self.force(arg) {
                Value::Rigid(l, Spine::Empty) => {
                    if let Some(place) = places.get_mut(*l) {
                        *place = match place {
                            Place::Hidden => Place::At(position),
                            _ => Place::Twice,
                        };
                    }
                }
                _ => return Err(Mismatch::Ambiguous),
            }
        }
        if self.is_small(meta) {
            self.keep_small(level, value)?;
        }
        let codomain = spine.len();
        let mut renaming =
            Renaming { meta, codomain, places, attempt: false, doubtful: false, mentions: Vec::new() };
        let body = self.rename(&mut renaming, value)?;
        self.assign(meta, codomain, body, renaming.mentions);
        Ok(())
    }

    /// ```text
    ///   y not among x1 ... xm, z1 ... zn
    ///   ───────────────────────────────────────────────────
    ///   ?m x1 ... xm y = f z1 ... zn y   ⟹   ?m x1 ... xm = f z1 ... zn
    /// ```
    ///
    /// A function is what it does: the shorter solution is the same one. All such arguments are taken away at once;
    /// nothing when there are none.
    fn contracted(&self, spine: &Spine, value: &V) -> Option<(Spine, V)> {
        let Value::Rigid(head, arguments) = &**value else { return None };
        let variable = |(_, arg): &(Icit, V)| match &**arg {
            Value::Rigid(level, Spine::Empty) => Some(*level),
            _ => None,
        };
        let own: Vec<usize> = spine.iter().map(variable).collect::<Option<_>>()?;
        let others: Vec<usize> = arguments.iter().map(variable).collect::<Option<_>>()?;
        let (mut own, mut others) = (own.as_slice(), others.as_slice());
        let longest = own.len();
        while let (Some((last, before)), Some((same, rest))) = (own.split_last(), others.split_last())
            && last == same
            && last != head
            && !before.contains(last)
            && !rest.contains(last)
        {
            (own, others) = (before, rest);
        }
        if own.len() == longest {
            return None;
        }
        let shorter = |spine: &Spine, count: usize| spine.iter().take(count).cloned().collect::<Spine>();
        let value = Value::Rigid(*head, shorter(arguments, others.len()));
        Some((shorter(spine, own.len()), Rc::new(value)))
    }

    /// `?m := λ x1 ... xn. body`
    fn assign(&mut self, meta: u32, arguments: usize, body: Term, mentions: Vec<u32>) {
        let unknown = TermKind::Error.into_term();
        let solution = (0..arguments).fold(body, |body, _| {
            TermKind::Lam(Icit::Explicit, "x".into(), unknown.clone(), body).into_term()
        });
        let value = self.eval(&Default::default(), &solution);
        self.set_solution(meta, value, mentions);
    }

    /// What an unknown that stands for a type is compared with is no kind: not `Type`, nor a function to it. An
    /// unknown that it results in stands for a type as well.
    fn keep_small(&mut self, level: usize, value: &V) -> Result<(), Mismatch> {
        let mut todo = vec![(level, value.clone())];
        while let Some((level, value)) = todo.pop() {
            if !self.effort.step() {
                return Err(Mismatch::TooLarge);
            }
            match &*self.erase(&value) {
                Value::Universe => return Err(Mismatch::Sort),
                Value::Pi(_, _, _, codomain) => {
                    todo.push((level + 1, self.enter(codomain, rigid(level))));
                }
                Value::Product(items) => todo.extend(items.iter().map(|item| (level, item.clone()))),
                Value::Flex(meta, _, _) => self.set_small(*meta),
                _ => {}
            }
        }
        Ok(())
    }

    /// Reads `value` back in the scope of a solution, without refinements.
    fn rename(&mut self, renaming: &mut Renaming, value: &V) -> Result<Term, Mismatch> {
        if !self.effort.enter() {
            return Err(Mismatch::TooLarge);
        }
        let term = match self.rename_named(renaming, value) {
            Ok(Some(term)) => Ok(term),
            Ok(None) => self.rename_inside(renaming, value),
            Err(failure) => Err(failure),
        };
        self.effort.leave();
        term
    }

    /// A name that stands for something stays, unless what it stands for has to be looked at.
    fn rename_named(&mut self, renaming: &mut Renaming, value: &V) -> Result<Option<Term>, Mismatch> {
        let none = Spine::Empty;
        let (head, first, further) = match &**value {
            Value::Flex(meta, spine, _)
                if spine.is_short()
                    && self.solution(*meta).is_some()
                    && !self.occurs(renaming.meta, *meta) =>
            {
                (TermKind::Meta(*meta), spine, &none)
            }
            Value::Alias(id, spine, _) if self.is_plain(*id) => (TermKind::Global(*id), spine, &none),
            Value::Further(call, further, _) => match &**call {
                Value::Alias(id, spine, _) if self.is_plain(*id) => (TermKind::Global(*id), spine, further),
                _ => return Ok(None),
            },
            _ => return Ok(None),
        };
        let (mentions, attempt) = (renaming.mentions.len(), std::mem::replace(&mut renaming.attempt, true));
        if let TermKind::Meta(meta) = &head {
            renaming.mentions.push(*meta);
        }
        let renamed = self
            .rename_spine(renaming, head.into_term(), first)
            .and_then(|call| self.rename_spine(renaming, call, further));
        renaming.attempt = attempt;
        match renamed {
            Ok(term) => Ok(Some(term)),
            // Inside another attempt that one has failed: what is looked at twice is looked at twice only once.
            Err(failure) if attempt || failure == Mismatch::TooLarge => Err(failure),
            Err(_) => {
                renaming.mentions.truncate(mentions);
                Ok(None)
            }
        }
    }

    fn rename_inside(&mut self, renaming: &mut Renaming, value: &V) -> Result<Term, Mismatch> {
        let value = self.erase(value);
        let kind = match &*value {
            Value::Further(call, spine, _) => {
                let call = self.rename(renaming, call)?;
                return self.rename_spine(renaming, call, spine);
            }
            Value::Rigid(level, spine) => {
                let position = match renaming.places.get(*level) {
                    Some(Place::At(position)) => *position,
                    Some(Place::Twice) => return Err(Mismatch::Ambiguous),
                    Some(Place::Hidden) | None => return Err(renaming.failure(Mismatch::Escapes)),
                };
                let head = TermKind::Var(renaming.codomain.saturating_sub(position + 1)).into_term();
                return self.rename_spine(renaming, head, spine);
            }
            Value::Flex(meta, _, _) if *meta == renaming.meta => {
                return Err(renaming.failure(Mismatch::Occurs));
            }
            Value::Flex(meta, spine, _) => {
                let (meta, spine) = self.prune(renaming, *meta, spine);
                renaming.mentions.push(meta);
                let doubtful = std::mem::replace(&mut renaming.doubtful, true);
                let term = self.rename_spine(renaming, TermKind::Meta(meta).into_term(), &spine);
                renaming.doubtful = doubtful;
                return term;
            }
            Value::Pi(icit, name, dom, cod) => {
                let dom = self.rename(renaming, dom)?;
                let inner = self.enter(cod, rigid(renaming.places.len()));
                TermKind::Pi(*icit, name.clone(), dom, self.rename_under(renaming, &inner)?)
            }
            Value::Lam(env, lambda) => match &*lambda.kind {
                TermKind::Lam(icit, name, domain, body) => {
                    let domain = self.eval(env, domain);
                    let domain = self.rename(renaming, &domain)?;
                    let inner = self.eval(&env.push(rigid(renaming.places.len())), body);
                    TermKind::Lam(*icit, name.clone(), domain, self.rename_under(renaming, &inner)?)
                }
                _ => TermKind::Error,
            },
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
                let term = self.quote(renaming.places.len(), &value);
                let mut own = false;
                term.walk(&mut |part| {
                    if let TermKind::Meta(meta) = &*part.kind {
                        own = own || *meta == renaming.meta;
                        renaming.mentions.push(*meta);
                    }
                });
                if own {
                    return Err(renaming.failure(Mismatch::Occurs));
                }
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
    fn prune(&mut self, renaming: &Renaming, meta: u32, spine: &Spine) -> (u32, Spine) {
        let mut kept = Vec::new();
        for (position, (_, arg)) in spine.iter().enumerate() {
            match &*self.force(arg) {
                Value::Rigid(level, Spine::Empty) => {
                    if !matches!(renaming.places.get(*level), Some(Place::Hidden) | None) {
                        kept.push(position);
                    }
                }
                // Not a variable: whether it can be seen is found out when it is renamed.
                _ => return (meta, spine.clone()),
            }
        }
        if kept.len() == spine.len() {
            return (meta, spine.clone());
        }
        let narrower = self.narrow(meta, spine.len(), &kept);
        (narrower, kept.iter().filter_map(|position| spine.get(*position).cloned()).collect())
    }

    /// The same unknown with two lists of variables: it depends on none that differ.
    ///
    /// ```text
    ///   ?m x y = ?m x z   ⟹   ?m := λ x y. ?m' x
    /// ```
    ///
    /// False when the arguments are not variables.
    pub(super) fn intersect(&mut self, meta: u32, left: &Spine, right: &Spine) -> bool {
        let mut kept = Vec::new();
        for (position, ((_, x), (_, y))) in left.iter().zip(right.iter()).enumerate() {
            match (&*self.force(x), &*self.force(y)) {
                (Value::Rigid(a, Spine::Empty), Value::Rigid(b, Spine::Empty)) => {
                    if a == b {
                        kept.push(position);
                    }
                }
                _ => return false,
            }
        }
        self.narrow(meta, left.len(), &kept);
        true
    }

    /// `?m := λ x1 ... xn. ?m' xi ...`: a new unknown of the arguments at the places `kept`.
    fn narrow(&mut self, meta: u32, arguments: usize, kept: &[usize]) -> u32 {
        let narrower = self.narrower(meta);
        let args =
            kept.iter().map(|position| Arg::explicit(TermKind::Var(arguments - 1 - position).into_term()));
        let body = TermKind::Meta(narrower).into_term().apply(Default::default(), args.collect::<Vec<_>>());
        self.assign(meta, arguments, body, vec![narrower]);
        narrower
    }

    fn rename_under(&mut self, renaming: &mut Renaming, value: &V) -> Result<Term, Mismatch> {
        renaming.places.push(Place::At(renaming.codomain));
        renaming.codomain += 1;
        let renamed = self.rename(renaming, value);
        renaming.codomain -= 1;
        renaming.places.pop();
        renamed
    }

    fn rename_spine(&mut self, renaming: &mut Renaming, head: Term, spine: &Spine) -> Result<Term, Mismatch> {
        let args = spine
            .iter()
            .map(|(icit, arg)| Ok(Arg { icit: *icit, term: self.rename(renaming, arg)? }))
            .collect::<Result<Vec<_>, Mismatch>>()?;
        Ok(head.apply(Default::default(), args))
    }

    /// Whether an abbreviation stands for something without refinements and effects, so that its name may stay in a solution.
    fn is_plain(&self, id: DeclId) -> bool {
        if let Some(known) = self.plain.borrow().get(&id) {
            return *known;
        }
        let plain = match self.kind(id) {
            Some(DeclKind::Alias(_, body)) => {
                let mut plain = true;
                body.walk(&mut |part| {
                    plain = plain
                        && match &*part.kind {
                            TermKind::Refine(..) | TermKind::Eff(..) | TermKind::Meta(_) => false,
                            TermKind::Global(other) => self.is_plain(*other),
                            _ => true,
                        };
                });
                plain
            }
            // Terms: in the laboratory they are unfolded like abbreviations.
            _ => true,
        };
        self.plain.borrow_mut().insert(id, plain);
        plain
    }
}

/// Renames the free variables of a term read back in the scope of the problem.
fn rename_term(term: &Term, renaming: &Renaming) -> Result<Term, Mismatch> {
    let failure = std::cell::Cell::new(None);
    let renamed = term.map_vars(0, &|index, depth| {
        let Some(free) = index.checked_sub(depth) else { return TermKind::Var(index).into_term() };
        let level = renaming.places.len().checked_sub(free + 1);
        match level.and_then(|level| renaming.places.get(level)) {
            Some(Place::At(position)) => {
                return TermKind::Var(depth + renaming.codomain.saturating_sub(position + 1)).into_term();
            }
            Some(Place::Twice) => failure.set(Some(Mismatch::Ambiguous)),
            Some(Place::Hidden) | None => failure.set(Some(renaming.failure(Mismatch::Escapes))),
        }
        TermKind::Error.into_term()
    });
    failure.get().map_or(Ok(renamed), Err)
}
