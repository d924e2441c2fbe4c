//! Renaming and substitution of de Bruijn terms, and unfolding of type abbreviations.
//!
//! Every stage uses these and no other way of moving a term between contexts.

use crate::ir::program::{DeclKind, Param, Program};
use crate::ir::term::{Arg, Arm, Pattern, PatternKind, Term, TermKind};
use std::sync::Arc;

impl Term {
    /// `self` moved under `by` more binders: variables at or above `cutoff` grow by `by`.
    pub fn shift_above(&self, by: usize, cutoff: usize) -> Term {
        if by == 0 {
            return self.clone();
        }
        self.map_vars(cutoff, &|index, depth| {
            TermKind::Var(if index >= depth { index + by } else { index }).into_term()
        })
    }

    /// `self` moved under `by` more binders.
    pub fn shift(&self, by: usize) -> Term {
        self.shift_above(by, 0)
    }

    /// Replaces the innermost `args.len()` variables: the last argument is variable 0. The arguments live in the
    /// context outside those variables.
    ///
    /// For a telescope `(x, y)` and a body under it, `body.instantiate(&[a, b])` puts `a` for `x` and `b` for `y`.
    pub fn instantiate(&self, args: &[Term]) -> Term {
        if args.is_empty() {
            return self.clone();
        }
        let count = args.len();
        self.map_vars(0, &|index, depth| match index.checked_sub(depth) {
            None => TermKind::Var(index).into_term(),
            Some(free) => match count.checked_sub(free + 1).and_then(|position| args.get(position)) {
                Some(arg) => arg.shift(depth),
                None => TermKind::Var(index - count).into_term(),
            },
        })
    }

    /// Rebuilds the term, replacing each variable by `f(index, binders passed)`; `depth` is where counting starts.
    pub fn map_vars(&self, depth: usize, f: &dyn Fn(usize, usize) -> Term) -> Term {
        let at = |term: &Term, under: usize| term.map_vars(depth + under, f);
        let all = |terms: &[Term]| terms.iter().map(|term| at(term, 0)).collect::<Vec<_>>();
        let kind = match &*self.kind {
            TermKind::Var(index) => {
                let replaced = f(*index, depth);
                // A variable that stays a variable keeps its place; a substituted term brings its own.
                return match &*replaced.kind {
                    TermKind::Var(_) => replaced.at(self.span),
                    _ => replaced,
                };
            }
            TermKind::Global(_)
            | TermKind::Hole(_)
            | TermKind::Meta(_)
            | TermKind::Universe
            | TermKind::Prim(_)
            | TermKind::Data(_)
            | TermKind::Con(_, _)
            | TermKind::Lit(_)
            | TermKind::Error => return self.clone(),
            TermKind::Pi(icit, name, dom, cod) => TermKind::Pi(*icit, name.clone(), at(dom, 0), at(cod, 1)),
            TermKind::Lam(icit, name, dom, body) => {
                TermKind::Lam(*icit, name.clone(), at(dom, 0), at(body, 1))
            }
            TermKind::App(head, args) => {
                let args = map_args(args, depth, f);
                return at(head, 0).apply(self.span, args);
            }
            TermKind::Let(name, ty, value, body) => {
                TermKind::Let(name.clone(), at(ty, 0), at(value, 0), at(body, 1))
            }
            TermKind::Refine(name, base, pred) => TermKind::Refine(name.clone(), at(base, 0), at(pred, 1)),
            TermKind::Product(items) => TermKind::Product(all(items)),
            TermKind::Tuple(items) => TermKind::Tuple(all(items)),
            TermKind::List(element, items) => TermKind::List(at(element, 0), all(items)),
            TermKind::Field(decl, index, value) => TermKind::Field(*decl, *index, at(value, 0)),
            TermKind::Eff(names, ty) => TermKind::Eff(names.clone(), at(ty, 0)),
            TermKind::Op(op, args) => TermKind::Op(*op, all(args)),
            TermKind::If(cond, yes, no) => TermKind::If(at(cond, 0), at(yes, 0), at(no, 0)),
            TermKind::Match(scrutinee, ty, arms) => {
                let arms = arms.iter().map(|arm| {
                    let mut bound = 0;
                    let pattern = map_pattern(&arm.pattern, &mut bound, &|ty, under| at(ty, under));
                    Arm { pattern, body: at(&arm.body, bound) }
                });
                TermKind::Match(at(scrutinee, 0), at(ty, 0), arms.collect())
            }
            TermKind::Quant(quantifier, name, ty, body) => {
                TermKind::Quant(*quantifier, name.clone(), at(ty, 0), at(body, 1))
            }
        };
        Term { span: self.span, kind: Arc::new(kind) }
    }

    /// The type with abbreviations at its head unfolded (`Nat` becomes `{n: Int | 0 <= n}`), refinements kept and
    /// effects left out.
    /// Terms that are not abbreviations come back as they are. Cyclic abbreviations are refused by `check`.
    pub fn unfold(&self, program: &Program) -> Term {
        let mut current = self.clone();
        loop {
            if let TermKind::Eff(_, ty) = &*current.kind {
                current = ty.clone();
                continue;
            }
            let (head, args) = current.spine();
            let TermKind::Global(id) = &*head.kind else { return current };
            let Some(DeclKind::Alias(params, body)) = program.decl(*id).map(|decl| &decl.kind) else {
                return current;
            };
            if params.len() != args.len() {
                return current;
            }
            let values: Vec<Term> = args.iter().map(|arg| arg.term.clone()).collect();
            current = body.instantiate(&values).at(current.span);
        }
    }

    /// The type without refinements at its head, abbreviations unfolded: `Int` for `Nat`, `List Nat` for itself.
    pub fn erase_head(&self, program: &Program) -> Term {
        let mut current = self.unfold(program);
        while let TermKind::Refine(_, base, _) = &*current.kind {
            current = base.unfold(program);
        }
        current
    }

    /// Calls `f` on this term and on every term inside it, types of binders included, outside first. Does not
    /// recurse: a list of thousands of elements is a chain as deep.
    pub fn walk(&self, f: &mut dyn FnMut(&Term)) {
        let mut todo = vec![self.clone()];
        while let Some(term) = todo.pop() {
            f(&term);
            let first = todo.len();
            term.each_child(&mut |child| todo.push(child.clone()));
            if let Some(children) = todo.get_mut(first..) {
                children.reverse();
            }
        }
    }

    /// Whether it has more than `most` nodes. What is shared counts at each use, as it would when written out, and
    /// counting stops early.
    pub fn is_larger_than(&self, most: usize) -> bool {
        fn count(term: &Term, left: &mut usize) -> bool {
            let Some(rest) = left.checked_sub(1) else { return false };
            *left = rest;
            let mut fits = true;
            term.each_child(&mut |child| fits = fits && count(child, left));
            fits
        }
        !count(self, &mut { most })
    }

    /// Calls `f` on the terms directly inside this one, types of binders included.
    pub fn each_child(&self, f: &mut dyn FnMut(&Term)) {
        match &*self.kind {
            TermKind::Var(_)
            | TermKind::Global(_)
            | TermKind::Hole(_)
            | TermKind::Meta(_)
            | TermKind::Universe
            | TermKind::Prim(_)
            | TermKind::Data(_)
            | TermKind::Con(..)
            | TermKind::Lit(_)
            | TermKind::Error => {}
            TermKind::Pi(_, _, a, b)
            | TermKind::Lam(_, _, a, b)
            | TermKind::Refine(_, a, b)
            | TermKind::Quant(_, _, a, b) => {
                f(a);
                f(b);
            }
            TermKind::App(head, args) => {
                f(head);
                args.iter().for_each(|arg| f(&arg.term));
            }
            TermKind::Let(_, a, b, c) | TermKind::If(a, b, c) => {
                f(a);
                f(b);
                f(c);
            }
            TermKind::Product(items) | TermKind::Tuple(items) | TermKind::Op(_, items) => {
                items.iter().for_each(f);
            }
            TermKind::List(element, items) => {
                f(element);
                items.iter().for_each(f);
            }
            TermKind::Field(_, _, value) | TermKind::Eff(_, value) => f(value),
            TermKind::Match(scrutinee, ty, arms) => {
                f(scrutinee);
                f(ty);
                arms.iter().for_each(|Arm { body, .. }| f(body));
            }
        }
    }

    /// The term with `f` of each term directly inside it, types of binders included and those of patterns not;
    /// itself when nothing changes.
    pub fn map_children(&self, f: &mut dyn FnMut(&Term) -> Term) -> Term {
        let mut changed = false;
        let mut at = |child: &Term| {
            let made = f(child);
            changed |= !Arc::ptr_eq(&made.kind, &child.kind);
            made
        };
        let kind = match &*self.kind {
            TermKind::Var(_)
            | TermKind::Global(_)
            | TermKind::Hole(_)
            | TermKind::Meta(_)
            | TermKind::Universe
            | TermKind::Prim(_)
            | TermKind::Data(_)
            | TermKind::Con(..)
            | TermKind::Lit(_)
            | TermKind::Error => return self.clone(),
            TermKind::Pi(icit, name, a, b) => TermKind::Pi(*icit, name.clone(), at(a), at(b)),
            TermKind::Lam(icit, name, a, b) => TermKind::Lam(*icit, name.clone(), at(a), at(b)),
            TermKind::Refine(name, a, b) => TermKind::Refine(name.clone(), at(a), at(b)),
            TermKind::Quant(quantifier, name, a, b) => {
                TermKind::Quant(*quantifier, name.clone(), at(a), at(b))
            }
            TermKind::App(head, args) => {
                let head = at(head);
                let args: Vec<Arg> =
                    args.iter().map(|arg| Arg { icit: arg.icit, term: at(&arg.term) }).collect();
                return if changed { head.apply(self.span, args) } else { self.clone() };
            }
            TermKind::Let(name, a, b, c) => TermKind::Let(name.clone(), at(a), at(b), at(c)),
            TermKind::If(a, b, c) => TermKind::If(at(a), at(b), at(c)),
            TermKind::Eff(names, ty) => TermKind::Eff(names.clone(), at(ty)),
            TermKind::Product(items) => TermKind::Product(items.iter().map(&mut at).collect()),
            TermKind::Tuple(items) => TermKind::Tuple(items.iter().map(&mut at).collect()),
            TermKind::Op(op, items) => TermKind::Op(*op, items.iter().map(&mut at).collect()),
            TermKind::List(element, items) => {
                TermKind::List(at(element), items.iter().map(&mut at).collect())
            }
            TermKind::Field(id, index, value) => TermKind::Field(*id, *index, at(value)),
            TermKind::Match(scrutinee, ty, arms) => {
                let (scrutinee, ty) = (at(scrutinee), at(ty));
                let arms = arms.iter().map(|arm| Arm { pattern: arm.pattern.clone(), body: at(&arm.body) });
                TermKind::Match(scrutinee, ty, arms.collect())
            }
        };
        if changed { Term::new(self.span, kind) } else { self.clone() }
    }

    /// Equality up to spans, names of binders, and nothing else.
    pub fn same(&self, other: &Term) -> bool {
        use TermKind::*;
        if Arc::ptr_eq(&self.kind, &other.kind) {
            return true;
        }
        let all = |left: &[Term], right: &[Term]| {
            left.len() == right.len() && left.iter().zip(right).all(|(a, b)| a.same(b))
        };
        match (&*self.kind, &*other.kind) {
            (Var(a), Var(b)) => a == b,
            (Global(a), Global(b)) | (Data(a), Data(b)) => a == b,
            (Hole(a), Hole(b)) => a == b,
            (Meta(a), Meta(b)) => a == b,
            (Universe, Universe) | (Error, Error) => true,
            (Prim(a), Prim(b)) => a == b,
            (Con(a, i), Con(b, j)) => a == b && i == j,
            (Lit(a), Lit(b)) => a == b,
            (Pi(i, _, a, b), Pi(j, _, c, d)) | (Lam(i, _, a, b), Lam(j, _, c, d)) => {
                i == j && a.same(c) && b.same(d)
            }
            (Refine(_, a, b), Refine(_, c, d)) => a.same(c) && b.same(d),
            (App(f, xs), App(g, ys)) => {
                f.same(g)
                    && xs.len() == ys.len()
                    && xs.iter().zip(ys).all(|(x, y)| x.icit == y.icit && x.term.same(&y.term))
            }
            (Let(_, a, b, c), Let(_, d, e, f)) | (If(a, b, c), If(d, e, f)) => {
                a.same(d) && b.same(e) && c.same(f)
            }
            (Product(a), Product(b)) | (Tuple(a), Tuple(b)) => all(a, b),
            (List(a, xs), List(b, ys)) => a.same(b) && all(xs, ys),
            (Eff(a, x), Eff(b, y)) => a == b && x.same(y),
            (Field(a, i, x), Field(b, j, y)) => a == b && i == j && x.same(y),
            (Op(a, xs), Op(b, ys)) => a == b && all(xs, ys),
            (Match(a, t, xs), Match(b, u, ys)) => {
                a.same(b)
                    && t.same(u)
                    && xs.len() == ys.len()
                    && xs
                        .iter()
                        .zip(ys)
                        .all(|(x, y)| same_pattern(&x.pattern, &y.pattern) && x.body.same(&y.body))
            }
            (Quant(q, _, a, b), Quant(r, _, c, d)) => q == r && a.same(c) && b.same(d),
            _ => false,
        }
    }
}

impl TermKind {
    /// The form without a place.
    pub fn into_term(self) -> Term {
        Term::synthetic(self)
    }
}

/// The type of a function with these parameters and result.
pub fn function_type(params: &[Param], result: &Term) -> Term {
    params.iter().rev().fold(result.clone(), |codomain, param| {
        Term::new(param.span, TermKind::Pi(param.icit, param.name.clone(), param.ty.clone(), codomain))
    })
}

/// The arguments with their variables replaced. A loop of its own: it stands on the stack once for every level.
fn map_args(args: &[Arg], depth: usize, f: &dyn Fn(usize, usize) -> Term) -> Vec<Arg> {
    let mut mapped = Vec::with_capacity(args.len());
    for arg in args {
        mapped.push(Arg { icit: arg.icit, term: arg.term.map_vars(depth, f) });
    }
    mapped
}

fn map_pattern(pattern: &Pattern, bound: &mut usize, f: &dyn Fn(&Term, usize) -> Term) -> Pattern {
    let kind = match &pattern.kind {
        PatternKind::Wildcard => PatternKind::Wildcard,
        PatternKind::Lit(literal) => PatternKind::Lit(literal.clone()),
        PatternKind::Var(name, ty) => {
            let ty = f(ty, *bound);
            *bound += 1;
            PatternKind::Var(name.clone(), ty)
        }
        PatternKind::Con(decl, index, fields) => {
            PatternKind::Con(*decl, *index, fields.iter().map(|field| map_pattern(field, bound, f)).collect())
        }
        PatternKind::Tuple(items) => {
            PatternKind::Tuple(items.iter().map(|item| map_pattern(item, bound, f)).collect())
        }
    };
    Pattern { span: pattern.span, kind }
}

fn same_pattern(left: &Pattern, right: &Pattern) -> bool {
    let all = |xs: &[Pattern], ys: &[Pattern]| {
        xs.len() == ys.len() && xs.iter().zip(ys).all(|(x, y)| same_pattern(x, y))
    };
    match (&left.kind, &right.kind) {
        (PatternKind::Wildcard, PatternKind::Wildcard) => true,
        (PatternKind::Var(..), PatternKind::Var(..)) => true,
        (PatternKind::Lit(a), PatternKind::Lit(b)) => a == b,
        (PatternKind::Con(a, i, xs), PatternKind::Con(b, j, ys)) => a == b && i == j && all(xs, ys),
        (PatternKind::Tuple(xs), PatternKind::Tuple(ys)) => all(xs, ys),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Op, PrimType};

    fn var(index: usize) -> Term {
        TermKind::Var(index).into_term()
    }

    #[test]
    fn instantiating_a_telescope_puts_the_last_argument_for_variable_zero() {
        let body = TermKind::Op(Op::Sub, vec![var(1), var(0)]).into_term();
        let int = TermKind::Prim(PrimType::Int).into_term();
        let got = body.instantiate(&[int.clone(), var(3)]);
        assert!(got.same(&TermKind::Op(Op::Sub, vec![int, var(3)]).into_term()));
    }

    #[test]
    fn arguments_are_moved_under_the_binders_they_pass() {
        let lam = |body| {
            TermKind::Lam(crate::ir::Icit::Explicit, "x".into(), TermKind::Universe.into_term(), body)
                .into_term()
        };
        let got = lam(var(1)).instantiate(&[var(0)]);
        assert!(got.same(&lam(var(1))));
        let outer = lam(var(2)).instantiate(&[var(0)]);
        assert!(outer.same(&lam(var(1))));
    }

    #[test]
    fn size_counts_what_is_shared_at_each_use_and_stops_early() {
        let doubled =
            |n: usize| (0..n).fold(var(0), |term, _| TermKind::Tuple(vec![term.clone(), term]).into_term());
        assert!(!doubled(3).is_larger_than(15));
        assert!(doubled(3).is_larger_than(14));
        assert!(doubled(60).is_larger_than(100_000));
    }
}
