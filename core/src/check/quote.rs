//! Reading values back as terms.
//!
//! A term that is made here goes into the program or a message and is walked by everyone who meets it, so it is kept
//! within the checker's effort as if it were written out. What is shared is read back once all the same.

use super::elaborator::Elaborator;
use super::value::{Closure, Const, Env, Spine, V, Value, rigid};
use crate::ir::{Arg, Arm, Pattern, PatternKind, Term, TermKind};
use crate::syntax::span::Span;
use std::collections::HashMap;
use std::rc::Rc;

/// Whether a term that is read back remembers where its text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Places {
    Kept,
    Dropped,
}

/// What is named instead of being written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    /// Abbreviations, and unknowns although they are solved: those are replaced when the declaration is finished.
    Unknowns,
    /// Abbreviations.
    Abbreviations,
    /// Nothing: a normal form.
    Nothing,
}

/// Steps after which what is shared begins to be remembered: most readings are over by then.
const WORTH_REMEMBERING: u64 = 256;

/// One reading of a value.
struct Reading<'e> {
    elaborator: &'e Elaborator,
    named: Named,
    /// Steps used before this reading.
    began: u64,
    /// Parts of the term, each counted at each use.
    size: u64,
    /// By value and level: the value (so that its address stays its own), its term, the steps that took, its size.
    known: HashMap<(*const Value, usize), (V, Term, u64, u64)>,
}

impl Elaborator {
    /// Reads a value back as a term under `level` binders.
    pub(super) fn quote(&self, level: usize, value: &V) -> Term {
        Reading::new(self, Named::Abbreviations).term(level, value)
    }

    /// Reads a value back as part of a term that will be finished with its declaration.
    pub(super) fn reify(&self, level: usize, value: &V) -> Term {
        Reading::new(self, Named::Unknowns).term(level, value)
    }

    /// Reads the normal form of a closed value back; the term, and how large it is written out.
    pub(super) fn normal_form(&self, value: &V) -> (Term, u64) {
        if !self.effort.enter() {
            return (TermKind::Error.into_term(), 0);
        }
        let mut reading = Reading::new(self, Named::Nothing);
        let term = reading.term(0, value);
        let size = reading.size;
        self.effort.leave();
        (term, size)
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
            // What a suspended form is made of may have become a function by now.
            TermKind::App(..) if places == Places::Dropped => {
                return self.quote(level, &self.eval(env, term));
            }
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

impl<'e> Reading<'e> {
    fn new(elaborator: &'e Elaborator, named: Named) -> Self {
        Reading { elaborator, named, began: elaborator.effort.used(), size: 0, known: HashMap::new() }
    }

    fn term(&mut self, level: usize, value: &V) -> Term {
        let effort = &self.elaborator.effort;
        if !effort.enter() {
            return TermKind::Error.into_term();
        }
        let before = effort.used();
        let shared = Rc::strong_count(value) > 1
            && before.saturating_sub(self.began) > WORTH_REMEMBERING
            && !matches!(&**value, Value::Rigid(_, Spine::Empty) | Value::Universe | Value::Prim(_));
        let key = (Rc::as_ptr(value), level);
        let term = match self.known.get(&key).filter(|_| shared) {
            Some((_, term, steps, size)) => {
                self.size = self.size.saturating_add(*size);
                if effort.charge(*steps) { term.clone() } else { TermKind::Error.into_term() }
            }
            None => {
                let parts = self.size;
                self.size = parts.saturating_add(1);
                let term = self.inside(level, value);
                if shared {
                    let steps = effort.used().saturating_sub(before);
                    let size = self.size.saturating_sub(parts);
                    self.known.insert(key, (value.clone(), term.clone(), steps, size));
                }
                term
            }
        };
        effort.leave();
        term
    }

    fn inside(&mut self, level: usize, value: &V) -> Term {
        let value = match (self.named, &**value) {
            (Named::Unknowns, Value::Flex(_, spine, _)) if spine.is_short() => value.clone(),
            (Named::Nothing, _) => self.elaborator.unfold(value),
            _ => self.elaborator.force(value),
        };
        let kind = match &*value {
            Value::Rigid(l, spine) => {
                let head = TermKind::Var(level.saturating_sub(l + 1)).into_term();
                return self.spine(level, head, spine);
            }
            Value::Flex(meta, spine, _) => {
                return self.spine(level, TermKind::Meta(*meta).into_term(), spine);
            }
            Value::Const(head, spine) => {
                let head = match head {
                    Const::Def(id) => TermKind::Global(*id),
                    Const::Data(id) => TermKind::Data(*id),
                    Const::Con(id, index) => TermKind::Con(*id, *index),
                    Const::Hole(id) => TermKind::Hole(*id),
                };
                return self.spine(level, head.into_term(), spine);
            }
            Value::Alias(id, spine, _) => {
                return self.spine(level, TermKind::Global(*id).into_term(), spine);
            }
            Value::Further(call, spine, _) => {
                let call = self.term(level, call);
                return self.spine(level, call, spine);
            }
            Value::Universe => TermKind::Universe,
            Value::Prim(ty) => TermKind::Prim(*ty),
            Value::Lit(literal) => TermKind::Lit(literal.clone()),
            Value::Pi(icit, name, domain, codomain) => {
                let domain = self.term(level, domain);
                TermKind::Pi(*icit, name.clone(), domain, self.under(level, codomain))
            }
            Value::Lam(env, lambda) => match &*lambda.kind {
                TermKind::Lam(icit, name, domain, body) => {
                    let domain = self.elaborator.eval(env, domain);
                    let domain = self.term(level, &domain);
                    let closure = Closure { env: env.clone(), body: body.clone() };
                    TermKind::Lam(*icit, name.clone(), domain, self.under(level, &closure))
                }
                _ => TermKind::Error,
            },
            Value::Refine(name, base, predicate) => {
                let base = self.term(level, base);
                TermKind::Refine(name.clone(), base, self.under(level, predicate))
            }
            Value::Product(items) => {
                TermKind::Product(items.iter().map(|item| self.term(level, item)).collect())
            }
            Value::Suspended(env, term) => {
                return self.elaborator.resolve(level, env, term, Places::Dropped);
            }
            Value::Error => TermKind::Error,
        };
        kind.into_term()
    }

    fn under(&mut self, level: usize, closure: &Closure) -> Term {
        let inside = self.elaborator.enter(closure, rigid(level));
        self.term(level + 1, &inside)
    }

    fn spine(&mut self, level: usize, head: Term, spine: &Spine) -> Term {
        let args = spine.iter().map(|(icit, arg)| Arg { icit: *icit, term: self.term(level, arg) });
        head.apply(Span::default(), args.collect::<Vec<_>>())
    }
}
