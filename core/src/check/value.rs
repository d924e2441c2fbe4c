//! Semantic values of the checker: normalisation by evaluation.
//!
//! Terms use de Bruijn indices, values use levels, so a value never has to be shifted. Abbreviations keep their
//! name and unfold on demand (glued evaluation), so a type is printed as the author wrote it and compared by what
//! it stands for. Forms that types are never built from (`if`, `match`, operators...) stay suspended with their
//! environment and are compared after reading them back.

use crate::ir::{
    Arg, Arm, DeclId, DeclKind, HoleId, Icit, Literal, Name, Pattern, PatternKind, PrimType, Term, TermKind,
};
use crate::syntax::span::Span;
use std::cell::OnceCell;
use std::rc::Rc;

use super::elaborator::Elaborator;

/// A shared value.
pub(super) type V = Rc<Value>;

/// Arguments of a neutral value.
pub(super) type Spine = Vec<(Icit, V)>;

/// What a closed-under-its-environment term evaluates to.
#[derive(Debug)]
pub(super) enum Value {
    /// A bound variable, by level, and its arguments.
    Rigid(usize, Spine),
    /// An unsolved metavariable and its arguments.
    Flex(u32, Spine),
    /// A constant: definition, data type, constructor or hole, with its arguments.
    Const(Const, Spine),
    /// An abbreviation, its arguments, and what it stands for once somebody asked.
    Alias(DeclId, Spine, OnceCell<V>),
    Universe,
    Prim(PrimType),
    Pi(Icit, Name, V, Closure),
    Lam(Icit, Name, V, Closure),
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

/// A term under one binder, with the values of everything else.
#[derive(Debug, Clone)]
pub(super) struct Closure {
    pub env: Env,
    pub body: Term,
}

/// Whether a term that is read back remembers where its text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Places {
    Kept,
    Dropped,
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
        Env(Some(Rc::new(EnvNode { value, rest: self.clone() })))
    }

    pub fn get(&self, mut index: usize) -> Option<&V> {
        let mut node = self.0.as_deref()?;
        while index > 0 {
            node = node.rest.0.as_deref()?;
            index -= 1;
        }
        Some(&node.value)
    }
}

pub(super) fn rigid(level: usize) -> V {
    Rc::new(Value::Rigid(level, Vec::new()))
}

pub(super) fn prim(ty: PrimType) -> V {
    Rc::new(Value::Prim(ty))
}

impl Elaborator {
    /// Evaluates `term` where its variables have the values in `env`.
    pub(super) fn eval(&self, env: &Env, term: &Term) -> V {
        if let TermKind::Var(index) = &*term.kind {
            return env.get(*index).cloned().unwrap_or_else(|| Rc::new(Value::Error));
        }
        if !self.effort.enter() {
            return Rc::new(Value::Error);
        }
        let value = self.eval_inside(env, term);
        self.effort.leave();
        value
    }

    fn eval_inside(&self, env: &Env, term: &Term) -> V {
        let value = match &*term.kind {
            TermKind::Global(id) => match self.kind(*id) {
                Some(DeclKind::Alias(..)) => Value::Alias(*id, Vec::new(), OnceCell::new()),
                _ => Value::Const(Const::Def(*id), Vec::new()),
            },
            TermKind::Data(id) => Value::Const(Const::Data(*id), Vec::new()),
            TermKind::Con(id, index) => Value::Const(Const::Con(*id, *index), Vec::new()),
            TermKind::Hole(id) => Value::Const(Const::Hole(*id), Vec::new()),
            TermKind::Meta(id) => match self.solution(*id) {
                Some(solution) => return solution,
                None => Value::Flex(*id, Vec::new()),
            },
            TermKind::Universe => Value::Universe,
            TermKind::Prim(ty) => Value::Prim(*ty),
            TermKind::Lit(literal) => Value::Lit(literal.clone()),
            TermKind::Pi(icit, name, dom, cod) => Value::Pi(
                *icit,
                name.clone(),
                self.eval(env, dom),
                Closure { env: env.clone(), body: cod.clone() },
            ),
            TermKind::Lam(icit, name, dom, body) => Value::Lam(
                *icit,
                name.clone(),
                self.eval(env, dom),
                Closure { env: env.clone(), body: body.clone() },
            ),
            TermKind::Refine(name, base, pred) => Value::Refine(
                name.clone(),
                self.eval(env, base),
                Closure { env: env.clone(), body: pred.clone() },
            ),
            TermKind::Product(items) => {
                Value::Product(items.iter().map(|item| self.eval(env, item)).collect())
            }
            TermKind::Let(_, _, value, body) => {
                let value = self.eval(env, value);
                return self.eval(&env.push(value), body);
            }
            TermKind::App(head, args) => {
                let mut value = self.eval(env, head);
                for arg in args {
                    value = self.apply(value, arg.icit, self.eval(env, &arg.term));
                }
                return value;
            }
            // Types agree up to effects, as they do up to refinements.
            TermKind::Eff(_, ty) => return self.eval(env, ty),
            TermKind::Var(_) | TermKind::Error => Value::Error,
            TermKind::Tuple(_)
            | TermKind::List(..)
            | TermKind::Field(..)
            | TermKind::Op(..)
            | TermKind::If(..)
            | TermKind::Match(..)
            | TermKind::Quant(..) => Value::Suspended(env.clone(), term.clone()),
        };
        Rc::new(value)
    }

    /// `closure` with its variable set to `argument`.
    pub(super) fn enter(&self, closure: &Closure, argument: V) -> V {
        self.eval(&closure.env.push(argument), &closure.body)
    }

    /// A function value applied to one argument.
    pub(super) fn apply(&self, function: V, icit: Icit, argument: V) -> V {
        let extended = |spine: &Spine| {
            let mut spine = spine.clone();
            spine.push((icit, argument.clone()));
            spine
        };
        Rc::new(match &*function {
            Value::Lam(_, _, _, closure) => return self.enter(closure, argument),
            Value::Rigid(level, spine) => Value::Rigid(*level, extended(spine)),
            Value::Flex(meta, spine) => Value::Flex(*meta, extended(spine)),
            Value::Const(head, spine) => Value::Const(*head, extended(spine)),
            Value::Alias(id, spine, _) => Value::Alias(*id, extended(spine), OnceCell::new()),
            Value::Suspended(env, term) => {
                let call = term.shift(1).apply(term.span, [Arg { icit, term: TermKind::Var(0).into_term() }]);
                Value::Suspended(env.push(argument), call)
            }
            _ => Value::Error,
        })
    }

    /// The value with solved metavariables at its head replaced by their solutions.
    pub(super) fn force(&self, value: &V) -> V {
        let mut current = value.clone();
        while let Value::Flex(meta, spine) = &*current {
            let Some(solution) = self.solution(*meta) else { break };
            let applied =
                spine.iter().fold(solution, |function, (icit, arg)| self.apply(function, *icit, arg.clone()));
            current = applied;
        }
        current
    }

    /// The value with abbreviations at its head unfolded as well.
    pub(super) fn unfold(&self, value: &V) -> V {
        let mut current = self.force(value);
        while let Value::Alias(id, spine, cell) = &*current {
            let unfolded = match cell.get() {
                Some(known) => known.clone(),
                None => {
                    let Some(DeclKind::Alias(params, body)) = self.kind(*id) else { break };
                    if params.len() != spine.len() {
                        break;
                    }
                    let env = spine.iter().fold(Env::default(), |env, (_, arg)| env.push(arg.clone()));
                    let value = self.eval(&env, body);
                    cell.get_or_init(|| value).clone()
                }
            };
            current = self.force(&unfolded);
        }
        current
    }

    /// The value without abbreviations and refinements at its head: what decides whether types agree.
    pub(super) fn erase(&self, value: &V) -> V {
        let mut current = self.unfold(value);
        while let Value::Refine(_, base, _) = &*current {
            current = self.unfold(base);
        }
        current
    }

    /// Reads a value back as a term under `level` binders.
    pub(super) fn quote(&self, level: usize, value: &V) -> Term {
        if !self.effort.enter() {
            return TermKind::Error.into_term();
        }
        let term = self.quote_inside(level, value);
        self.effort.leave();
        term
    }

    fn quote_inside(&self, level: usize, value: &V) -> Term {
        let value = self.force(value);
        let under = |closure: &Closure| self.quote(level + 1, &self.enter(closure, rigid(level)));
        let kind = match &*value {
            Value::Rigid(l, spine) => {
                let head = TermKind::Var(level.saturating_sub(l + 1)).into_term();
                return self.quote_spine(level, head, spine);
            }
            Value::Flex(meta, spine) => {
                return self.quote_spine(level, TermKind::Meta(*meta).into_term(), spine);
            }
            Value::Const(head, spine) => {
                let head = match head {
                    Const::Def(id) => TermKind::Global(*id),
                    Const::Data(id) => TermKind::Data(*id),
                    Const::Con(id, index) => TermKind::Con(*id, *index),
                    Const::Hole(id) => TermKind::Hole(*id),
                };
                return self.quote_spine(level, head.into_term(), spine);
            }
            Value::Alias(id, spine, _) => {
                return self.quote_spine(level, TermKind::Global(*id).into_term(), spine);
            }
            Value::Universe => TermKind::Universe,
            Value::Prim(ty) => TermKind::Prim(*ty),
            Value::Lit(literal) => TermKind::Lit(literal.clone()),
            Value::Pi(icit, name, dom, cod) => {
                TermKind::Pi(*icit, name.clone(), self.quote(level, dom), under(cod))
            }
            Value::Lam(icit, name, dom, body) => {
                TermKind::Lam(*icit, name.clone(), self.quote(level, dom), under(body))
            }
            Value::Refine(name, base, pred) => {
                TermKind::Refine(name.clone(), self.quote(level, base), under(pred))
            }
            Value::Product(items) => {
                TermKind::Product(items.iter().map(|item| self.quote(level, item)).collect())
            }
            Value::Suspended(env, term) => return self.resolve(level, env, term, Places::Dropped),
            Value::Error => TermKind::Error,
        };
        kind.into_term()
    }

    fn quote_spine(&self, level: usize, head: Term, spine: &Spine) -> Term {
        let args = spine.iter().map(|(icit, arg)| Arg { icit: *icit, term: self.quote(level, arg) });
        head.apply(Span::default(), args.collect::<Vec<_>>())
    }

    /// Reads a suspended form back: its own constructor stays, its parts are evaluated and read back. This is
    /// also how metavariables are replaced in a finished term: that keeps its places, while what is read back out of
    /// a value has none, wherever it came from.
    pub(super) fn resolve(&self, level: usize, env: &Env, term: &Term, places: Places) -> Term {
        let at = |part: &Term| self.resolve(level, env, part, places);
        let under = |part: &Term| self.resolve(level + 1, &env.push(rigid(level)), part, places);
        let span = match places {
            Places::Kept => term.span,
            Places::Dropped => Span::default(),
        };
        let all = |parts: &[Term]| parts.iter().map(at).collect::<Vec<_>>();
        let kind = match &*term.kind {
            TermKind::Var(index) => {
                let quoted = env.get(*index).map(|value| self.quote(level, value));
                return quoted.unwrap_or_else(|| TermKind::Error.into_term()).at(span);
            }
            TermKind::Meta(_) => return self.quote(level, &self.eval(env, term)).at(span),
            TermKind::App(head, args) => {
                let args: Vec<Arg> =
                    args.iter().map(|arg| Arg { icit: arg.icit, term: at(&arg.term) }).collect();
                if matches!(&*head.kind, TermKind::Meta(_)) {
                    return self.quote(level, &self.eval(env, term)).at(span);
                }
                return at(head).apply(span, args);
            }
            TermKind::Pi(icit, name, dom, cod) => TermKind::Pi(*icit, name.clone(), at(dom), under(cod)),
            TermKind::Lam(icit, name, dom, body) => TermKind::Lam(*icit, name.clone(), at(dom), under(body)),
            TermKind::Refine(name, base, pred) => TermKind::Refine(name.clone(), at(base), under(pred)),
            TermKind::Let(name, ty, value, body) => {
                TermKind::Let(name.clone(), at(ty), at(value), under(body))
            }
            TermKind::Product(items) => TermKind::Product(all(items)),
            TermKind::Tuple(items) => TermKind::Tuple(all(items)),
            TermKind::List(element, items) => TermKind::List(at(element), all(items)),
            TermKind::Field(decl, index, value) => TermKind::Field(*decl, *index, at(value)),
            TermKind::Eff(names, ty) => TermKind::Eff(names.clone(), at(ty)),
            TermKind::Op(op, args) => TermKind::Op(*op, all(args)),
            TermKind::If(cond, yes, no) => TermKind::If(at(cond), at(yes), at(no)),
            TermKind::Match(scrutinee, ty, arms) => {
                let arms = arms.iter().map(|arm| {
                    let (mut inner, mut depth) = (env.clone(), level);
                    let pattern = self.resolve_pattern(&mut depth, &mut inner, &arm.pattern, places);
                    Arm { pattern, body: self.resolve(depth, &inner, &arm.body, places) }
                });
                TermKind::Match(at(scrutinee), at(ty), arms.collect())
            }
            TermKind::Quant(quantifier, name, ty, body) => {
                TermKind::Quant(*quantifier, name.clone(), at(ty), under(body))
            }
            TermKind::Global(_)
            | TermKind::Hole(_)
            | TermKind::Universe
            | TermKind::Prim(_)
            | TermKind::Data(_)
            | TermKind::Con(..)
            | TermKind::Lit(_)
            | TermKind::Error => return term.at(span),
        };
        Term::new(span, kind)
    }

    fn resolve_pattern(
        &self,
        level: &mut usize,
        env: &mut Env,
        pattern: &Pattern,
        places: Places,
    ) -> Pattern {
        let mut all = |patterns: &[Pattern], elaborator: &Self| {
            patterns
                .iter()
                .map(|part| elaborator.resolve_pattern(level, env, part, places))
                .collect::<Vec<_>>()
        };
        let kind = match &pattern.kind {
            PatternKind::Wildcard => PatternKind::Wildcard,
            PatternKind::Lit(literal) => PatternKind::Lit(literal.clone()),
            PatternKind::Con(decl, index, fields) => PatternKind::Con(*decl, *index, all(fields, self)),
            PatternKind::Tuple(items) => PatternKind::Tuple(all(items, self)),
            PatternKind::Var(name, ty) => {
                let ty = self.resolve(*level, env, ty, places);
                *env = env.push(rigid(*level));
                *level += 1;
                PatternKind::Var(name.clone(), ty)
            }
        };
        let span = match places {
            Places::Kept => pattern.span,
            Places::Dropped => Span::default(),
        };
        Pattern { span, kind }
    }
}
