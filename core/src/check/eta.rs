//! Pairs, records and `()` are what their parts are.
//!
//! ```text
//!   Point { x = p.x, y = p.y }  =  p
//!   (match p { (x, _) => x }, match p { (_, y) => y })  =  p
//!   ()  =  u
//! ```
//!
//! And the part of what is written out is what stands there: `Point { x = a, y = b }.x` is `a`.
//!
//! Whatever is compared has one type on both sides if everything before it agrees, so that the form of one side says
//! what the other is: no type has to be known. Of two variables neither says it; there the declaration whose arguments
//! they are does.

use super::elaborator::Elaborator;
use super::unify::Problem;
use super::value::{Const, Env, V, Value};
use crate::ir::{DeclId, DeclKind, Literal, Param, Pattern, PatternKind, PrimType, Term, TermKind};
use std::rc::Rc;

/// A value that is written out.
enum Written {
    Unit,
    Tuple(Vec<V>),
    /// An entity and its fields.
    Record(DeclId, Vec<V>),
}

impl Elaborator {
    /// What a suspended form comes to that takes apart what is written out; nothing when it waits for a variable.
    pub(super) fn taken_apart(&self, value: &Value) -> Option<V> {
        let Value::Suspended(env, term) = value else { return None };
        if !self.effort.enter() {
            return None;
        }
        let part = match &*term.kind {
            TermKind::Field(id, place, whole) => match self.written_out_as(&self.eval(env, whole)) {
                Some(Written::Record(other, fields)) if other == *id => fields.get(*place).cloned(),
                _ => None,
            },
            TermKind::Match(whole, _, arms) => match arms.as_slice() {
                [only] => self
                    .bound(env.clone(), &only.pattern, &self.eval(env, whole))
                    .map(|env| self.eval(&env, &only.body)),
                _ => None,
            },
            _ => None,
        };
        self.effort.leave();
        part
    }

    /// The environment in which the variables of a pattern are the parts of a value, when those are written out.
    fn bound(&self, env: Env, pattern: &Pattern, value: &V) -> Option<Env> {
        let (patterns, parts) = match &pattern.kind {
            PatternKind::Wildcard => return Some(env),
            PatternKind::Var(..) => return Some(env.push(value.clone())),
            PatternKind::Lit(_) => return None,
            PatternKind::Tuple(patterns) => match self.written_out_as(value)? {
                Written::Tuple(parts) => (patterns, parts),
                _ => return None,
            },
            PatternKind::Con(id, 0, patterns) => match self.written_out_as(value)? {
                Written::Record(other, parts) if other == *id => (patterns, parts),
                _ => return None,
            },
            PatternKind::Con(..) => return None,
        };
        let mut pairs = patterns.iter().zip(&parts);
        pairs.try_fold(env, |env, (pattern, part)| self.bound(env, pattern, part))
    }

    fn written_out_as(&self, value: &V) -> Option<Written> {
        let mut value = self.erase(value);
        while let Some(part) = self.taken_apart(&value) {
            value = self.erase(&part);
        }
        match &*value {
            Value::Lit(Literal::Unit) => Some(Written::Unit),
            Value::Suspended(env, term) => match &*term.kind {
                TermKind::Tuple(items) => {
                    Some(Written::Tuple(items.iter().map(|item| self.eval(env, item)).collect()))
                }
                _ => None,
            },
            Value::Const(Const::Con(id, 0), spine) => {
                let DeclKind::Data(data) = self.kind(*id)? else { return None };
                let fields = data.ctors.first().filter(|_| data.entity)?.fields.len();
                let fields = spine.get(data.params.len()..).filter(|given| given.len() == fields)?;
                Some(Written::Record(*id, fields.iter().map(|(_, field)| field.clone()).collect()))
            }
            _ => None,
        }
    }

    /// What has to agree for two values to agree of which at least one is written out; nothing when it cannot be told
    /// by their parts.
    pub(super) fn by_parts(&self, level: usize, left: &V, right: &V) -> Option<Vec<Problem>> {
        let (written, other) = match (self.written_out_as(left), self.written_out_as(right)) {
            (Some(Written::Tuple(xs)), Some(Written::Tuple(ys))) if xs.len() == ys.len() => {
                return Some(xs.iter().zip(&ys).map(|(x, y)| Problem::new(level, x, y)).collect());
            }
            (Some(written), None) => (written, right),
            (None, Some(written)) => (written, left),
            _ => return None,
        };
        if !matches!(&**other, Value::Rigid(..) | Value::Const(Const::Def(_), _) | Value::Suspended(..)) {
            return None;
        }
        match written {
            Written::Unit => Some(Vec::new()),
            Written::Record(id, fields) => {
                let env = Env::default().push(other.clone());
                let part = |place| {
                    let variable = TermKind::Var(0).into_term();
                    self.eval(&env, &TermKind::Field(id, place, variable).into_term())
                };
                let pairs = fields.iter().enumerate();
                Some(pairs.map(|(place, field)| Problem::new(level, field, &part(place))).collect())
            }
            Written::Tuple(items) => {
                let count = items.len();
                let wholes = items.iter().enumerate().map(|(place, item)| {
                    self.whole_of(item, place, count).map(|whole| Problem::new(level, &whole, other))
                });
                wholes.collect()
            }
        }
    }

    /// What `value` is the part at `place` of, as in `match p { (x, _) => x }`: tuples have no other way to take one.
    fn whole_of(&self, value: &V, place: usize, count: usize) -> Option<V> {
        let value = self.erase(value);
        let Value::Suspended(env, term) = &*value else { return None };
        let TermKind::Match(whole, _, arms) = &*term.kind else { return None };
        let [only] = arms.as_slice() else { return None };
        let PatternKind::Tuple(patterns) = &only.pattern.kind else { return None };
        let plain = |pattern: &Pattern| matches!(pattern.kind, PatternKind::Var(..) | PatternKind::Wildcard);
        let is_variable = |pattern: &&Pattern| matches!(pattern.kind, PatternKind::Var(..));
        let after = patterns.iter().skip(place + 1).filter(is_variable).count();
        let takes = patterns.len() == count
            && patterns.iter().all(plain)
            && patterns.get(place).as_ref().is_some_and(is_variable)
            && matches!(&*only.body.kind, TermKind::Var(index) if *index == after);
        takes.then(|| self.eval(env, whole))
    }

    /// The parameters that a constant takes so many arguments for, when one of them is a `Unit`: all values of that are
    /// the same.
    pub(super) fn with_units(&self, head: Const, arguments: usize) -> Option<&[Param]> {
        let params = match (head, self.kind(head.decl()?)?) {
            (Const::Data(_), DeclKind::Data(data)) => &data.params,
            (Const::Def(_), DeclKind::Def(def)) => &def.params,
            _ => return None,
        };
        let has_unit = params.len() >= arguments && params.iter().any(|param| self.is_unit(&param.ty));
        has_unit.then_some(params)
    }

    /// Whether a closed type is `Unit`.
    pub(super) fn is_unit(&self, ty: &Term) -> bool {
        match &*ty.kind {
            TermKind::Prim(ty) => *ty == PrimType::Unit,
            TermKind::Global(_) | TermKind::Refine(..) => {
                let ty = self.eval(&Env::default(), ty);
                matches!(&*self.erase(&ty), Value::Prim(PrimType::Unit))
            }
            _ => false,
        }
    }

    /// Two values of one type that has only one.
    pub(super) fn units(&self, level: usize, left: &V, right: &V) -> [Problem; 2] {
        let unit = Rc::new(Value::Lit(Literal::Unit));
        [Problem::new(level, left, &unit), Problem::new(level, right, &unit)]
    }
}
