//! Unification of types, up to refinements.
//!
//! Two types agree when their erasures do: refinements are obligations, settled later by [`crate::logic`]. What has to
//! agree is a list of problems, worked off from the front; what only a later answer can decide waits (see
//! [`super::waiting`]), and unknowns are solved by [`super::solve`].
//!
//! Where both sides are abbreviations a glance comes first: no unknown is solved by it, and if it fails it proves nothing;
//! both sides are unfolded then. How many steps the glances of one question take together is bounded, so that guessing
//! never costs more than a little (*smalltt* guesses once on each path instead). What is shared is compared once.

use super::elaborator::Elaborator;
use super::value::{Closure, Const, Spine, V, Value, rigid};
use crate::ir::{DeclId, DeclKind, Icit, Literal, Param, PrimType, Term, TermKind};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// Why two types do not agree. The caller knows both sides; this names the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mismatch {
    /// Different heads: `Int` and `Str`, `List Int` and `Option Int`.
    Different,
    /// An unknown would have to contain itself: `?t` and `List ?t`.
    Occurs,
    /// An unknown would have to mention a variable that is not in its scope.
    Escapes,
    /// More than one solution may exist, and nothing decides: an unknown is applied to something other than distinct
    /// variables.
    Ambiguous,
    /// An unknown stands for a type, and would have to be the type of types, or a function that results in types.
    Sort,
    /// Telling takes more than one question may.
    TooLarge,
}

/// Two values that have to agree, in a context of `level` variables.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    pub level: usize,
    pub left: V,
    pub right: V,
}

/// Steps that glances may take for one question.
const LONGEST_GLANCE: usize = 4_096;

/// Names inside names that a glance follows: it calls itself for each.
const DEEPEST_GLANCE: usize = 40;

/// Steps after which pairs of shared values begin to be remembered: most questions are over by then.
const WORTH_REMEMBERING: u64 = 256;

/// What one question has found out. Values are kept with what is known of them, so that an address stays theirs.
#[derive(Default)]
struct Memory {
    /// Pairs of shared values that agree if everything on the list does.
    agreed: HashMap<(*const Value, *const Value), (V, V)>,
    glance: Glance,
}

/// What glances have found out, and the steps they have left.
struct Glance {
    steps: usize,
    known: HashMap<(*const Value, *const Value), (V, V, bool)>,
}

impl Default for Glance {
    fn default() -> Self {
        Glance { steps: LONGEST_GLANCE, known: HashMap::new() }
    }
}

impl Problem {
    pub fn new(level: usize, left: &V, right: &V) -> Self {
        Problem { level, left: left.clone(), right: right.clone() }
    }
}

impl Elaborator {
    /// Makes `left` and `right` equal up to refinements in a context of `level` variables, solving unknowns. What
    /// cannot be decided now is an error.
    pub(super) fn unify(&mut self, level: usize, left: &V, right: &V) -> Result<(), Mismatch> {
        match self.settle(Problem::new(level, left, right))?.is_empty() {
            true => Ok(()),
            false => Err(Mismatch::Ambiguous),
        }
    }

    /// Makes both sides of a problem agree, solving unknowns. Returns what is left: they agree if that does.
    pub(super) fn settle(&mut self, problem: Problem) -> Result<Vec<Problem>, Mismatch> {
        if !self.effort.enter() {
            return Err(Mismatch::TooLarge);
        }
        let outcome = self.work_off(problem);
        self.effort.leave();
        outcome
    }

    fn work_off(&mut self, problem: Problem) -> Result<Vec<Problem>, Mismatch> {
        let (mut todo, mut waiting, mut memory) = (vec![problem], Vec::new(), Memory::default());
        loop {
            let solved = self.solved();
            while let Some(problem) = todo.pop() {
                if !self.effort.step() {
                    return Err(Mismatch::TooLarge);
                }
                self.compare(problem, &mut todo, &mut waiting, &mut memory)?;
            }
            if waiting.is_empty() || self.solved() == solved {
                return Ok(waiting);
            }
            todo.append(&mut waiting);
            todo.reverse();
            // What waits may be among them.
            memory.agreed.clear();
        }
    }

    /// One step: from a problem to those inside it.
    fn compare(
        &mut self,
        problem: Problem,
        todo: &mut Vec<Problem>,
        waiting: &mut Vec<Problem>,
        memory: &mut Memory,
    ) -> Result<(), Mismatch> {
        let Problem { level, left, right } = problem;
        if Rc::ptr_eq(&left, &right) {
            return Ok(());
        }
        if self.effort.used() > WORTH_REMEMBERING
            && Rc::strong_count(&left) > 1
            && Rc::strong_count(&right) > 1
            && is_composed(&left)
        {
            let pair = (Rc::as_ptr(&left), Rc::as_ptr(&right));
            if memory.agreed.insert(pair, (left.clone(), right.clone())).is_some() {
                return Ok(());
            }
        }
        let (left, right) = (self.unknowns_replaced(left), self.unknowns_replaced(right));
        match (&*left, &*right) {
            // An unknown takes what it is compared with as it is written.
            (Value::Flex(a, xs, _), Value::Flex(b, ys, _)) => {
                let (a, b) = (*a, *b);
                return if self.both_unknown(level, (a, xs), (b, ys), (&left, &right), memory)? {
                    Ok(())
                } else {
                    waiting.push(Problem { level, left, right });
                    Ok(())
                };
            }
            (Value::Flex(meta, spine, _), other) | (other, Value::Flex(meta, spine, _))
                if !matches!(other, Value::Error) =>
            {
                let value = if matches!(&*left, Value::Flex(..)) { &right } else { &left };
                return match self.solve(level, *meta, spine, value) {
                    Err(Mismatch::Ambiguous) => {
                        waiting.push(Problem { level, left, right });
                        Ok(())
                    }
                    outcome => outcome,
                };
            }
            (Value::Alias(a, xs, _), Value::Alias(b, ys, _))
                if a == b
                    && xs.len() == ys.len()
                    && let Some(told) = self.told(*a, xs.len()) =>
            {
                let at = |place: &usize| Some(Problem::new(level, &xs.get(*place)?.1, &ys.get(*place)?.1));
                todo.extend(told.iter().rev().filter_map(at));
                return Ok(());
            }
            (Value::Alias(..) | Value::Further(..), Value::Alias(..) | Value::Further(..))
                if memory.glance.steps > 0
                    && self.alike(&mut memory.glance, 0, vec![(level, left.clone(), right.clone())]) =>
            {
                return Ok(());
            }
            _ => {}
        }
        let (left, right) = (self.erased(left), self.erased(right));
        let problem = |level: usize, left: V, right: V| Problem { level, left, right };
        match (&*left, &*right) {
            (Value::Error, _) | (_, Value::Error) => Ok(()),
            // What an abbreviation stood for.
            (Value::Flex(..), _) | (_, Value::Flex(..)) => {
                todo.push(problem(level, left, right));
                Ok(())
            }
            (Value::Universe, Value::Universe) => Ok(()),
            (Value::Prim(a), Value::Prim(b)) if a == b => Ok(()),
            (Value::Lit(a), Value::Lit(b)) if a == b => Ok(()),
            (Value::Pi(i, _, a, b), Value::Pi(j, _, c, d)) if i == j => {
                let (b, d) = (self.enter(b, rigid(level)), self.enter(d, rigid(level)));
                todo.push(problem(level + 1, b, d));
                todo.push(problem(level, a.clone(), c.clone()));
                Ok(())
            }
            // A function is what it does: `\x. f(x)` is `f`.
            (Value::Lam(..), _) | (_, Value::Lam(..)) if is_function(&left) && is_function(&right) => {
                let icit = lambda_icit(&left).or(lambda_icit(&right)).unwrap_or(Icit::Explicit);
                let argument = rigid(level);
                let (b, d) = (self.apply(&left, icit, argument.clone()), self.apply(&right, icit, argument));
                todo.push(problem(level + 1, b, d));
                Ok(())
            }
            (Value::Product(xs), Value::Product(ys)) if xs.len() == ys.len() => {
                let pairs = xs.iter().zip(ys).rev();
                todo.extend(pairs.map(|(x, y)| problem(level, x.clone(), y.clone())));
                Ok(())
            }
            (Value::Rigid(a, xs), Value::Rigid(b, ys)) if a == b && xs.len() == ys.len() => {
                Spine::of(left).pairs(Spine::of(right), |x, y| todo.push(problem(level, x, y)));
                Ok(())
            }
            (Value::Const(a, xs), Value::Const(b, ys))
                if a == b
                    && xs.len() == ys.len()
                    && let Some(params) = self.with_units(*a, xs.len()) =>
            {
                for (param, ((_, x), (_, y))) in params.iter().zip(xs.iter().zip(ys.iter())).rev() {
                    match self.is_unit(&param.ty) {
                        true => todo.extend(self.units(level, x, y)),
                        false => todo.push(problem(level, x.clone(), y.clone())),
                    }
                }
                Ok(())
            }
            (Value::Const(Const::Data(a), xs), Value::Const(Const::Data(b), ys))
                if a == b && xs.len() == ys.len() && self.equations.is_some() =>
            {
                // Of a type that is still being declared nothing is known of its parameters.
                let sorts = self.index_sorts(*a).into_iter().chain(std::iter::repeat(None));
                for (((_, x), (_, y)), sort) in xs.iter().zip(ys.iter()).zip(sorts) {
                    match sort {
                        Some(ty) if self.is_equation(level, ty, x, y)? => {}
                        _ => todo.push(problem(level, x.clone(), y.clone())),
                    }
                }
                Ok(())
            }
            (Value::Const(a, xs), Value::Const(b, ys)) if a == b && xs.len() == ys.len() => {
                Spine::of(left).pairs(Spine::of(right), |x, y| todo.push(problem(level, x, y)));
                Ok(())
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
            (Value::Suspended(..), _) if let Some(part) = self.taken_apart(&left) => {
                todo.push(problem(level, part, right));
                Ok(())
            }
            (_, Value::Suspended(..)) if let Some(part) = self.taken_apart(&right) => {
                todo.push(problem(level, left, part));
                Ok(())
            }
            (Value::Suspended(..) | Value::Const(Const::Con(..), _) | Value::Lit(Literal::Unit), _)
            | (_, Value::Suspended(..) | Value::Const(Const::Con(..), _) | Value::Lit(Literal::Unit))
                if let Some(parts) = self.by_parts(level, &left, &right) =>
            {
                todo.extend(parts.into_iter().rev());
                Ok(())
            }
            (Value::Suspended(..), _) | (_, Value::Suspended(..)) => {
                let (one, other) = (self.quote(level, &left), self.quote(level, &right));
                if one.same(&other) {
                    return Ok(());
                }
                if has_unknowns(&one) || has_unknowns(&other) {
                    waiting.push(problem(level, left, right));
                    return Ok(());
                }
                Err(Mismatch::Different)
            }
            _ => Err(Mismatch::Different),
        }
    }

    /// Of each parameter of a declared type, what values it takes when they are numbers, texts or truth values.
    fn index_sorts(&self, id: DeclId) -> Vec<Option<PrimType>> {
        let Some(DeclKind::Data(data)) = self.kind(id) else { return Vec::new() };
        let sort = |param: &Param| {
            let mut ty = &param.ty;
            loop {
                ty = match &*ty.kind {
                    TermKind::Refine(_, base, _) => base,
                    TermKind::Global(id) => match self.kind(*id) {
                        Some(DeclKind::Alias(params, body)) if params.is_empty() => body,
                        _ => return None,
                    },
                    // Of floating-point numbers `==` is no equality.
                    TermKind::Prim(ty) => return Some(*ty).filter(|ty| *ty != PrimType::Float),
                    _ => return None,
                };
            }
        };
        data.params.iter().map(sort).collect()
    }

    /// Whether two indices that differ as they are written may be equal all the same: then that is owed.
    ///
    /// ```text
    ///   D a  where  D b  is wanted    a, b first-order, not both literals
    ///   ─────────────────────────────────────────────────────────────────
    ///   owed: a == b
    /// ```
    fn is_equation(&mut self, level: usize, ty: PrimType, left: &V, right: &V) -> Result<bool, Mismatch> {
        let (one, other) = (self.quote(level, left), self.quote(level, right));
        if one.same(&other) || !is_first_order(&one) || !is_first_order(&other) {
            return Ok(false);
        }
        // Nothing is unknown in them, so that comparing them solves nothing.
        let Some(equations) = self.equations.take() else { return Ok(false) };
        let agree = self.settle(Problem::new(level, left, right));
        let literals = matches!((&*one.kind, &*other.kind), (TermKind::Lit(_), TermKind::Lit(_)));
        let owed = equations.level == level && !literals;
        let equations = self.equations.insert(equations);
        match agree {
            Ok(_) => Ok(true),
            Err(Mismatch::TooLarge) => Err(Mismatch::TooLarge),
            Err(_) if owed => {
                equations.found.push((ty, left.clone(), right.clone()));
                Ok(true)
            }
            Err(reason) => Err(reason),
        }
    }

    /// [`Elaborator::force`], of a value nobody else may want.
    fn unknowns_replaced(&self, value: V) -> V {
        if matches!(&*value, Value::Flex(..)) { self.force(&value) } else { value }
    }

    /// [`Elaborator::erase`], of a value nobody else may want.
    fn erased(&self, value: V) -> V {
        let mut current = value;
        loop {
            current = self.unfold_passing(current);
            let base = match &*current {
                Value::Refine(_, base, _) => base.clone(),
                _ => return current,
            };
            current = base;
        }
    }

    /// Whether two values are the same, as far as a glance tells: what is named alike has its arguments compared before
    /// it is unfolded, one name at a time, and no unknown is solved. A no says nothing.
    ///
    /// Two numbers computed from the same parts are the same because the parts are; nobody counts them.
    fn alike(&self, glance: &mut Glance, depth: usize, mut todo: Vec<(usize, V, V)>) -> bool {
        let add = |todo: &mut Vec<(usize, V, V)>, level: usize, left: &Spine, right: &Spine| {
            let pairs = left.iter().zip(right.iter()).rev();
            todo.extend(pairs.map(|((_, x), (_, y))| (level, x.clone(), y.clone())));
            left.len() == right.len()
        };
        while let Some((level, left, right)) = todo.pop() {
            if glance.steps == 0 || !self.effort.step() {
                return false;
            }
            glance.steps -= 1;
            let (left, right) = (self.unknowns_replaced(left), self.unknowns_replaced(right));
            if Rc::ptr_eq(&left, &right) {
                continue;
            }
            let mut inside = |b: &Closure, d: &Closure| {
                let (b, d) = (self.enter(b, rigid(level)), self.enter(d, rigid(level)));
                todo.push((level + 1, b, d));
            };
            let same = match (&*left, &*right) {
                (Value::Universe, Value::Universe) => true,
                (Value::Prim(a), Value::Prim(b)) => a == b,
                (Value::Lit(a), Value::Lit(b)) => a == b,
                (Value::Alias(a, xs, _), Value::Alias(b, ys, _))
                    if a == b
                        && xs.len() == ys.len()
                        && let Some(told) = self.told(*a, xs.len()) =>
                {
                    let at =
                        |place: &usize| Some((level, xs.get(*place)?.1.clone(), ys.get(*place)?.1.clone()));
                    todo.extend(told.iter().rev().filter_map(at));
                    true
                }
                (Value::Alias(..), Value::Alias(..)) | (Value::Further(..), Value::Further(..)) => {
                    let pair = (Rc::as_ptr(&left), Rc::as_ptr(&right));
                    match glance.known.get(&pair) {
                        Some((_, _, same)) => *same,
                        None if depth == DEEPEST_GLANCE => false,
                        None => {
                            let mut arguments = Vec::new();
                            let as_written = match (&*left, &*right) {
                                (Value::Alias(a, xs, _), Value::Alias(b, ys, _)) => {
                                    a == b && add(&mut arguments, level, xs, ys)
                                }
                                (Value::Further(f, xs, _), Value::Further(g, ys, _)) => {
                                    let alike = add(&mut arguments, level, xs, ys);
                                    arguments.push((level, f.clone(), g.clone()));
                                    alike
                                }
                                _ => false,
                            } && self.alike(glance, depth + 1, arguments);
                            let same = as_written
                                || match (self.unfold_once(&left), self.unfold_once(&right)) {
                                    (None, None) => false,
                                    (x, y) => {
                                        let (x, y) = (x.unwrap_or(left.clone()), y.unwrap_or(right.clone()));
                                        self.alike(glance, depth + 1, vec![(level, x, y)])
                                    }
                                };
                            glance.known.insert(pair, (left.clone(), right.clone(), same));
                            same
                        }
                    }
                }
                (Value::Alias(..) | Value::Further(..), _) | (_, Value::Alias(..) | Value::Further(..)) => {
                    let (x, y) = (self.unfold_once(&left), self.unfold_once(&right));
                    let unfolds = x.is_some() || y.is_some();
                    todo.push((level, x.unwrap_or(left.clone()), y.unwrap_or(right.clone())));
                    unfolds
                }
                (Value::Lam(..), _) | (_, Value::Lam(..)) if is_function(&left) && is_function(&right) => {
                    let icit = lambda_icit(&left).or(lambda_icit(&right)).unwrap_or(Icit::Explicit);
                    let argument = rigid(level);
                    let left = self.apply(&left, icit, argument.clone());
                    todo.push((level + 1, left, self.apply(&right, icit, argument)));
                    true
                }
                (Value::Rigid(a, xs), Value::Rigid(b, ys)) => a == b && add(&mut todo, level, xs, ys),
                (Value::Const(a, xs), Value::Const(b, ys)) => {
                    a == b && !matches!(a, Const::Hole(_)) && add(&mut todo, level, xs, ys)
                }
                (Value::Flex(a, xs, _), Value::Flex(b, ys, _)) => a == b && add(&mut todo, level, xs, ys),
                (Value::Pi(i, _, a, b), Value::Pi(j, _, c, d)) => {
                    inside(b, d);
                    todo.push((level, a.clone(), c.clone()));
                    i == j
                }
                (Value::Refine(_, a, b), Value::Refine(_, c, d)) => {
                    inside(b, d);
                    todo.push((level, a.clone(), c.clone()));
                    true
                }
                (Value::Suspended(e, f), Value::Suspended(g, h)) => e.is(g) && Arc::ptr_eq(&f.kind, &h.kind),
                (Value::Product(xs), Value::Product(ys)) => {
                    todo.extend(xs.iter().zip(ys).rev().map(|(x, y)| (level, x.clone(), y.clone())));
                    xs.len() == ys.len()
                }
                _ => false,
            };
            if !same {
                return false;
            }
        }
        true
    }

    /// Two unknowns. False when only a later answer can decide.
    fn both_unknown(
        &mut self,
        level: usize,
        (a, xs): (u32, &Spine),
        (b, ys): (u32, &Spine),
        (left, right): (&V, &V),
        memory: &mut Memory,
    ) -> Result<bool, Mismatch> {
        if a == b && xs.len() == ys.len() {
            let pairs = xs.iter().zip(ys.iter()).rev().map(|((_, x), (_, y))| (level, x.clone(), y.clone()));
            return Ok(self.alike(&mut memory.glance, 0, pairs.collect()) || self.intersect(a, xs, ys));
        }
        match self.solve(level, a, xs, right) {
            // The other one may be a pattern where this one is not, or see more variables.
            Err(Mismatch::Ambiguous | Mismatch::Escapes) => match self.solve(level, b, ys, left) {
                Err(Mismatch::Ambiguous) => Ok(false),
                outcome => outcome.map(|()| true),
            },
            outcome => outcome.map(|()| true),
        }
    }
}

/// Whether comparing a value again would cost more than remembering that it was.
fn is_composed(value: &Value) -> bool {
    match value {
        Value::Rigid(_, spine) | Value::Const(_, spine) => !spine.is_empty(),
        Value::Alias(..)
        | Value::Further(..)
        | Value::Pi(..)
        | Value::Lam(..)
        | Value::Product(_)
        | Value::Refine(..) => true,
        Value::Flex(..) | Value::Suspended(..) => false,
        Value::Universe | Value::Prim(_) | Value::Lit(_) | Value::Error => false,
    }
}

/// Whether a value can be applied to something: a function, or one that is not known.
fn is_function(value: &Value) -> bool {
    matches!(
        value,
        Value::Lam(..) | Value::Rigid(..) | Value::Const(Const::Def(_) | Const::Con(..) | Const::Data(_), _)
    )
}

fn lambda_icit(value: &Value) -> Option<Icit> {
    match value {
        Value::Lam(_, lambda) => match &*lambda.kind {
            TermKind::Lam(icit, ..) => Some(*icit),
            _ => None,
        },
        _ => None,
    }
}

/// Whether an index is made of variables, literals, operators and calls alone.
fn is_first_order(term: &Term) -> bool {
    let mut found = true;
    term.walk(&mut |part| {
        found &= matches!(
            &*part.kind,
            TermKind::Var(_)
                | TermKind::Lit(_)
                | TermKind::Global(_)
                | TermKind::App(..)
                | TermKind::Op(..)
                | TermKind::Field(..)
                | TermKind::Prim(_)
                | TermKind::Data(_)
        );
    });
    found
}

fn has_unknowns(term: &Term) -> bool {
    let mut found = false;
    term.walk(&mut |part| found = found || matches!(&*part.kind, TermKind::Meta(_)));
    found
}
