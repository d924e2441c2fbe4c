//! Terms that bind: `let`, functions, quantifiers, and matches.

use crate::check::elaborator::{Elaborator, Scope};
use crate::check::mismatch;
use crate::check::value::{V, Value, prim};
use crate::ir::{Arg, Arm, Icit, Name, PrimType, Term, TermKind};
use crate::syntax::span::Span;
use crate::syntax::tree::{Expr, Ident, Param, Quantifier};
use std::rc::Rc;

impl Elaborator {
    pub(super) fn infer_let(
        &mut self,
        scope: &Scope,
        span: Span,
        name: &Ident,
        ty: Option<&Expr>,
        value: &Expr,
        body: &Expr,
    ) -> (Term, V) {
        let (inner, build) = self.let_binding(scope, name, ty, value);
        let (body, result) = self.infer(&inner, body);
        (build(span, body), result)
    }

    /// The variable of a `let`, and how to finish the term once the body is known.
    pub(super) fn let_binding(
        &mut self,
        scope: &Scope,
        name: &Ident,
        ty: Option<&Expr>,
        value: &Expr,
    ) -> (Scope, impl FnOnce(Span, Term) -> Term + use<>) {
        let (ty_term, ty, value) = match ty {
            Some(ty) => {
                let term = self.ty(scope, ty);
                let ty = self.eval(&scope.env, &term);
                let value = self.check(scope, value, &ty);
                (term, ty, value)
            }
            None => {
                let (value, ty) = self.infer(scope, value);
                // What a refinement promised is known of the value itself; the variable's type promises nothing.
                let ty = self.stripped(&ty);
                let term = self.reify(scope.level(), &ty);
                if self.effort.was_too_much() {
                    self.too_large(name.span);
                    (TermKind::Error.into_term(), Rc::new(Value::Error), value)
                } else {
                    (term, ty, value)
                }
            }
        };
        let binder: Name = name.name.as_str().into();
        let inner = scope.define(&binder, ty, self.eval(&scope.env, &value));
        (inner, move |span, body| Term::new(span, TermKind::Let(binder, ty_term, value, body)))
    }

    pub(super) fn check_lambda(
        &mut self,
        scope: &Scope,
        span: Span,
        params: &[Param],
        body: &Expr,
        expected: &V,
    ) -> Term {
        let Some((param, rest)) = params.split_first() else { return self.check(scope, body, expected) };
        let mut forced = self.erase(expected);
        if matches!(&*forced, Value::Flex(..)) {
            forced = self.arrow_from_unknown(scope, span, &forced);
        }
        let Value::Pi(Icit::Explicit, _, domain, codomain) = &*forced else {
            if !matches!(&*forced, Value::Error) {
                let shown = self.show(scope, expected);
                self.report(mismatch::mismatch(span, &shown, "a function"));
            }
            return Term::new(span, TermKind::Error);
        };
        let domain = match &param.ty {
            None => domain.clone(),
            Some(ty) => {
                let term = self.ty(scope, ty);
                let written = self.eval(&scope.env, &term);
                self.agree(scope, ty.span, domain, &written);
                written
            }
        };
        let name: Name = param.name.name.as_str().into();
        let inner = scope.bind(&name, domain.clone());
        let codomain = self.enter(codomain, crate::check::value::rigid(scope.level()));
        let body = self.check_lambda(&inner, span, rest, body, &codomain);
        Term::new(span, TermKind::Lam(Icit::Explicit, name, self.reify(scope.level(), &domain), body))
    }

    pub(super) fn infer_lambda(
        &mut self,
        scope: &Scope,
        span: Span,
        params: &[Param],
        body: &Expr,
    ) -> (Term, V) {
        let Some((param, rest)) = params.split_first() else { return self.infer(scope, body) };
        let domain = match &param.ty {
            Some(ty) => self.ty(scope, ty),
            None => self.fresh(scope, param.name.span, format!("the type of `{}`", param.name.name)),
        };
        let name: Name = param.name.name.as_str().into();
        let inner = scope.bind(&name, self.eval(&scope.env, &domain));
        let (body, result) = self.infer_lambda(&inner, span, rest, body);
        let codomain = self.reify(inner.level(), &result);
        let ty = TermKind::Pi(Icit::Explicit, name.clone(), domain.clone(), codomain).into_term();
        (Term::new(span, TermKind::Lam(Icit::Explicit, name, domain, body)), self.eval(&scope.env, &ty))
    }

    pub(super) fn quantified(
        &mut self,
        scope: &Scope,
        span: Span,
        quantifier: Quantifier,
        params: &[Param],
        body: &Expr,
    ) -> Term {
        let Some((param, rest)) = params.split_first() else {
            return self.check(scope, body, &prim(PrimType::Bool));
        };
        let ty = match &param.ty {
            Some(ty) => self.ty(scope, ty),
            None => {
                self.report(mismatch::missing_type(param.name.span, &format!("`{}`", param.name.name)));
                Term::new(param.name.span, TermKind::Error)
            }
        };
        let name: Name = param.name.name.as_str().into();
        let inner = scope.bind(&name, self.eval(&scope.env, &ty));
        let body = self.quantified(&inner, span, quantifier, rest, body);
        Term::new(span, TermKind::Quant(quantifier, name, ty, body))
    }

    /// `forall x in xs. p` is `all(xs, \x. p)`; `exists` is `any`.
    pub(super) fn bounded(
        &mut self,
        scope: &Scope,
        span: Span,
        quantifier: Quantifier,
        name: &Ident,
        list: &Expr,
        body: &Expr,
    ) -> Term {
        let element = self.fresh(scope, list.span, "what the list holds");
        let element_type = self.eval(&scope.env, &element);
        let list_type = self.list_of(element_type.clone());
        let list = self.check(scope, list, &list_type);
        let binder: Name = name.name.as_str().into();
        let inner = scope.bind(&binder, element_type);
        let body = self.check(&inner, body, &prim(PrimType::Bool));
        let callee = match quantifier {
            Quantifier::Forall => "all",
            Quantifier::Exists => "any",
        };
        let Some(id) = self.builtin(callee) else { return Term::new(span, TermKind::Error) };
        let predicate = Term::new(span, TermKind::Lam(Icit::Explicit, binder, element.clone(), body));
        let args = [Arg::implicit(element), Arg::explicit(list), Arg::explicit(predicate)];
        Term::new(span, TermKind::Global(id)).apply(span, args)
    }

    pub(super) fn match_term(
        &mut self,
        scope: &Scope,
        span: Span,
        scrutinee: &Expr,
        arms: &[crate::syntax::tree::Arm],
        expected: &V,
    ) -> Term {
        let (scrutinee, ty) = self.infer(scope, scrutinee);
        // What a refinement says of the scrutinee is known of the scrutinee itself.
        let ty = self.stripped(&ty);
        let mut readable = true;
        let mut read = Vec::with_capacity(arms.len());
        for arm in arms {
            read.push(self.arm(scope, arm, &ty, expected, &mut readable));
        }
        let arms = read;
        if readable {
            self.unreachable_cases(&arms);
        }
        Term::new(span, TermKind::Match(scrutinee, self.reify(scope.level(), &ty), arms))
    }
    /// One case. On its own, for what stands on the stack while its body is checked, which may hold another `match`.
    #[inline(never)]
    fn arm(
        &mut self,
        scope: &Scope,
        arm: &crate::syntax::tree::Arm,
        ty: &V,
        expected: &V,
        readable: &mut bool,
    ) -> Arm {
        let mark = self.diagnostics.len();
        let (pattern, inner) = self.pattern(scope, &arm.pattern, ty);
        let makes_sense = self.diagnostics.len() == mark;
        *readable &= makes_sense;
        let body = self.check(&inner, &arm.body, expected);
        // What a pattern that makes no sense would have let through is anybody's guess.
        let body = if makes_sense { body } else { Term::new(arm.body.span, TermKind::Error) };
        Arm { pattern, body }
    }
}
