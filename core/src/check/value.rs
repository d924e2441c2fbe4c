//! Semantic values of the checker.
//!
//! Terms use de Bruijn indices, values use levels, so a value never has to be shifted. Abbreviations and solved
//! unknowns keep their name and unfold on demand, once (glued evaluation, as in Kovács' *smalltt*), so a type is
//! printed as the author wrote it and compared by what it stands for. Forms that types are never built from (`if`,
//! `match`, operators...) stay suspended with their environment and are compared after reading them back.
//!
//! Values nest as deep as what they stand for, which may be far deeper than any text: nothing here recurses on that
//! depth, not even giving a value up.

use crate::ir::{DeclId, HoleId, Icit, Literal, Name, PrimType, Term};
use std::cell::OnceCell;
use std::ops::Deref;
use std::rc::Rc;

/// A shared value.
pub(super) type V = Rc<Value>;

/// What a closed-under-its-environment term evaluates to.
#[derive(Debug)]
pub(super) enum Value {
    /// A bound variable, by level, and its arguments.
    Rigid(usize, Spine),
    /// A metavariable, its arguments, and what it turned out to be once somebody asked.
    Flex(u32, Spine, OnceCell<V>),
    /// A constant: definition, data type, constructor or hole, with its arguments.
    Const(Const, Spine),
    /// An abbreviation, at most as many arguments as it takes, and what it stands for once somebody asked.
    Alias(DeclId, Spine, OnceCell<V>),
    /// An abbreviation with all it takes, what it is applied to besides, and what comes of that once somebody asked.
    /// The first is shared by all that apply it to something, so that it is unfolded once for all of them.
    Further(V, Spine, OnceCell<V>),
    Universe,
    Prim(PrimType),
    Pi(Icit, Name, V, Closure),
    /// A function: the whole `\x: A. e` in its environment.
    Lam(Env, Term),
    Refine(Name, V, Closure),
    Product(Vec<V>),
    Lit(Literal),
    /// Any other form, waiting in its environment.
    Suspended(Env, Term),
    /// What could not be checked: agrees with everything, so that one mistake is reported once.
    Error,
}

/// Heads that never reduce during checking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Const {
    Def(DeclId),
    Data(DeclId),
    Con(DeclId, usize),
    Hole(HoleId),
}

impl Const {
    /// The declaration it comes from; nothing for a hole.
    pub fn decl(self) -> Option<DeclId> {
        match self {
            Const::Def(id) | Const::Data(id) | Const::Con(id, _) => Some(id),
            Const::Hole(_) => None,
        }
    }
}

/// A term under one binder, with the values of everything else.
#[derive(Debug, Clone)]
pub(super) struct Closure {
    pub env: Env,
    pub body: Term,
}

/// Arguments of a neutral value. Most have none or one, which need no memory of their own.
#[derive(Debug, Clone, Default)]
pub(super) enum Spine {
    #[default]
    Empty,
    One([(Icit, V); 1]),
    Many(Box<[(Icit, V)]>),
}

impl Spine {
    /// One argument.
    pub fn one(icit: Icit, value: V) -> Self {
        Spine::One([(icit, value)])
    }

    /// These arguments and then others.
    pub fn extended(&self, more: impl ExactSizeIterator<Item = (Icit, V)>) -> Self {
        let mut more = more;
        match (self.len(), more.len()) {
            (_, 0) => self.clone(),
            (0, 1) => more.next().map_or(Spine::Empty, |(icit, value)| Spine::one(icit, value)),
            (own, others) => {
                let mut all = Vec::with_capacity(own + others);
                all.extend(self.iter().cloned());
                all.extend(more);
                Spine::Many(all.into_boxed_slice())
            }
        }
    }

    /// The arguments of both, side by side, the last pair first.
    pub fn pairs(self, other: Spine, mut each: impl FnMut(V, V)) {
        match (self, other) {
            (Spine::One([(_, x)]), Spine::One([(_, y)])) => each(x, y),
            (Spine::Many(xs), Spine::Many(ys)) => {
                let (xs, ys) = (xs.into_vec().into_iter(), ys.into_vec().into_iter());
                xs.zip(ys).rev().for_each(|((_, x), (_, y))| each(x, y));
            }
            _ => {}
        }
    }

    /// The arguments of a neutral value that is given up.
    pub fn of(value: V) -> Spine {
        match Rc::try_unwrap(value) {
            Ok(mut value) => match &mut value {
                Value::Rigid(_, spine)
                | Value::Flex(_, spine, _)
                | Value::Const(_, spine)
                | Value::Alias(_, spine, _)
                | Value::Further(_, spine, _) => std::mem::take(spine),
                _ => Spine::Empty,
            },
            Err(value) => match &*value {
                Value::Rigid(_, spine)
                | Value::Flex(_, spine, _)
                | Value::Const(_, spine)
                | Value::Alias(_, spine, _)
                | Value::Further(_, spine, _) => spine.clone(),
                _ => Spine::Empty,
            },
        }
    }

    /// Whether all are variables: then what is applied to them is as short as it was written.
    pub fn is_short(&self) -> bool {
        self.iter().all(|(_, arg)| matches!(&**arg, Value::Rigid(_, Spine::Empty)))
    }

    /// Whether both hold the same values, not merely equal ones.
    pub fn is(&self, other: &Spine) -> bool {
        self.len() == other.len() && self.iter().zip(other.iter()).all(|((_, x), (_, y))| Rc::ptr_eq(x, y))
    }
}

impl Deref for Spine {
    type Target = [(Icit, V)];

    fn deref(&self) -> &[(Icit, V)] {
        match self {
            Spine::Empty => &[],
            Spine::One(one) => one,
            Spine::Many(many) => many,
        }
    }
}

impl FromIterator<(Icit, V)> for Spine {
    fn from_iter<I: IntoIterator<Item = (Icit, V)>>(items: I) -> Self {
        Spine::Empty.extended(items.into_iter().collect::<Vec<_>>().into_iter())
    }
}

/// Values of the variables in scope, innermost first; extending is constant time and shares the rest.
#[derive(Debug, Clone, Default)]
pub(super) struct Env(Option<Rc<EnvNode>>);

#[derive(Debug)]
struct EnvNode {
    value: V,
    rest: Env,
}

impl Env {
    pub fn push(&self, value: V) -> Env {
        self.clone().with(value)
    }

    /// [`Env::push`], of an environment nobody else wants.
    pub fn with(self, value: V) -> Env {
        Env(Some(Rc::new(EnvNode { value, rest: self })))
    }

    pub fn get(&self, mut index: usize) -> Option<&V> {
        let mut node = self.0.as_deref()?;
        while index > 0 {
            node = node.rest.0.as_deref()?;
            index -= 1;
        }
        Some(&node.value)
    }

    /// Whether both are the same environment, not merely an equal one.
    pub fn is(&self, other: &Env) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Rc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        }
    }
}

pub(super) fn rigid(level: usize) -> V {
    Rc::new(Value::Rigid(level, Spine::Empty))
}

pub(super) fn prim(ty: PrimType) -> V {
    Rc::new(Value::Prim(ty))
}

/// A part of a value that is being given up.
enum Part {
    Value(V),
    Env(Rc<EnvNode>),
}

/// Parts that nobody else holds, waiting to be given up in their turn.
#[derive(Default)]
struct Remains {
    /// Most values have one such part: then nothing is allocated.
    next: Option<Part>,
    others: Vec<Part>,
}

impl Remains {
    fn add(&mut self, part: Part) {
        match &self.next {
            None => self.next = Some(part),
            Some(_) => self.others.push(part),
        }
    }

    fn value(&mut self, value: &mut V) {
        // Leaves end where they are.
        let leaf = matches!(&**value, Value::Rigid(_, Spine::Empty) | Value::Prim(_) | Value::Error);
        if Rc::strong_count(value) == 1 && !leaf {
            self.add(Part::Value(std::mem::replace(value, Rc::new(Value::Error))));
        }
    }

    fn env(&mut self, env: &mut Env) {
        if env.0.as_ref().is_some_and(|node| Rc::strong_count(node) == 1)
            && let Some(node) = env.0.take()
        {
            self.add(Part::Env(node));
        }
    }

    fn spine(&mut self, spine: &mut Spine) {
        match spine {
            Spine::Empty => {}
            Spine::One([(_, value)]) => {
                if Rc::strong_count(value) == 1
                    && let Spine::One([(_, value)]) = std::mem::take(spine)
                {
                    self.add(Part::Value(value));
                }
            }
            Spine::Many(_) => {
                if let Spine::Many(values) = std::mem::take(spine) {
                    let last = values.into_iter().map(|(_, value)| value);
                    last.filter(|value| Rc::strong_count(value) == 1)
                        .for_each(|value| self.add(Part::Value(value)));
                }
            }
        }
    }

    fn known(&mut self, known: &mut OnceCell<V>) {
        if let Some(value) = known.take() {
            self.add(Part::Value(value));
        }
    }

    fn give_up(mut self) {
        while let Some(part) = self.next.take().or_else(|| self.others.pop()) {
            match part {
                Part::Value(value) => {
                    if let Some(mut value) = Rc::into_inner(value) {
                        value.strip(&mut self);
                    }
                }
                Part::Env(node) => {
                    if let Some(EnvNode { value, mut rest }) = Rc::into_inner(node) {
                        self.env(&mut rest);
                        self.add(Part::Value(value));
                    }
                }
            }
        }
    }
}

impl Value {
    /// Where an abbreviation keeps what it stands for.
    pub fn known(&self) -> Option<&OnceCell<V>> {
        match self {
            Value::Alias(_, _, known) | Value::Further(_, _, known) => Some(known),
            _ => None,
        }
    }

    /// Whether both are the same abbreviation of the same values, not merely of equal ones.
    pub fn is_call(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Alias(one, xs, _), Value::Alias(other, ys, _)) => one == other && xs.is(ys),
            (Value::Further(one, xs, _), Value::Further(other, ys, _)) => Rc::ptr_eq(one, other) && xs.is(ys),
            _ => false,
        }
    }

    /// Moves what nobody else holds out of this value.
    fn strip(&mut self, remains: &mut Remains) {
        match self {
            Value::Rigid(_, spine) | Value::Const(_, spine) => remains.spine(spine),
            Value::Flex(_, spine, known) | Value::Alias(_, spine, known) => {
                remains.spine(spine);
                remains.known(known);
            }
            Value::Further(call, spine, known) => {
                remains.value(call);
                remains.spine(spine);
                remains.known(known);
            }
            Value::Pi(_, _, inside, closure) | Value::Refine(_, inside, closure) => {
                remains.value(inside);
                remains.env(&mut closure.env);
            }
            Value::Lam(env, _) | Value::Suspended(env, _) => remains.env(env),
            Value::Product(items) => items.iter_mut().for_each(|item| remains.value(item)),
            Value::Universe | Value::Prim(_) | Value::Lit(_) | Value::Error => {}
        }
    }
}

/// Values and environments hold each other as deep as a computation went, far deeper than a stack.
impl Drop for Value {
    fn drop(&mut self) {
        match self {
            Value::Universe | Value::Prim(_) | Value::Lit(_) | Value::Error => return,
            Value::Rigid(_, Spine::Empty) | Value::Const(_, Spine::Empty) => return,
            Value::Rigid(_, Spine::One([(_, only)])) if Rc::strong_count(only) > 1 => return,
            _ => {}
        }
        let mut remains = Remains::default();
        self.strip(&mut remains);
        remains.give_up();
    }
}

impl Drop for Env {
    fn drop(&mut self) {
        if self.0.as_ref().is_none_or(|node| Rc::strong_count(node) > 1) {
            return;
        }
        let mut remains = Remains::default();
        remains.env(self);
        remains.give_up();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn giving_up_a_value_as_deep_as_a_computation_takes_no_stack() {
        let mut value = rigid(0);
        for _ in 0..1_000_000 {
            value = Rc::new(Value::Rigid(0, Spine::one(Icit::Explicit, value)));
        }
        let mut env = Env::default();
        for _ in 0..1_000_000 {
            let function = Value::Lam(env, crate::ir::TermKind::Error.into_term());
            env = Env::default().with(Rc::new(function));
        }
        drop((value, env));
    }
}
