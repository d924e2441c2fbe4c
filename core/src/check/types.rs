//! Formation of types.

use super::elaborator::{Elaborator, Scope};
use super::mismatch;
use super::value::{Value, prim};
use crate::ir::{Arg, DeclKind, Name, Param, PrimType, Term, TermKind, distill};
use crate::syntax::span::Span;
use crate::syntax::tree::{Expr, ExprKind};
use std::rc::Rc;

impl Elaborator {
    /// ```text
    ///   Γ ⊢ A type
    /// ```
    pub(super) fn ty(&mut self, scope: &Scope, expr: &Expr) -> Term {
        let span = expr.span;
        if let Some(term) = self.family(scope, expr) {
            return term;
        }
        match &expr.kind {
            ExprKind::Name(name) => self.type_application(scope, span, span, name, &[]),
            ExprKind::TypeApp(head, args) => match &head.kind {
                ExprKind::Name(name) => self.type_application(scope, span, head.span, name, args),
                _ => {
                    self.report(mismatch::not_a_type(head.span, "this"));
                    Term::new(span, TermKind::Error)
                }
            },
            ExprKind::Hole(name) => self.hole(scope, span, name, Some(&Rc::new(Value::Universe))).0,
            ExprKind::HoleHere(hole) => self.hole_here(scope, span, hole, Some(&Rc::new(Value::Universe))).0,
            ExprKind::Infer => self.fresh(scope, span, "this type"),
            ExprKind::Unit => Term::new(span, TermKind::Prim(PrimType::Unit)),
            ExprKind::Product(items) => {
                Term::new(span, TermKind::Product(items.iter().map(|item| self.ty(scope, item)).collect()))
            }
            ExprKind::Arrow(name, domain, codomain) => {
                let domain = self.ty(scope, domain);
                let name: Name = name.as_ref().map_or_else(|| "_".into(), |name| name.name.as_str().into());
                let inner = scope.bind(&name, self.eval(&scope.env, &domain));
                let codomain = match &codomain.kind {
                    ExprKind::Eff(names, ty) => {
                        let names = names.as_ref().map(|names| {
                            names.iter().map(|name| name.name.as_str().into()).collect::<Vec<Name>>()
                        });
                        Term::new(codomain.span, TermKind::Eff(names, self.ty(&inner, ty)))
                    }
                    _ => self.ty(&inner, codomain),
                };
                Term::new(span, TermKind::Pi(self.laws.icit(&name), name, domain, codomain))
            }
            ExprKind::Refine(name, base, predicate) => {
                let base = self.ty(scope, base);
                let name: Name = name.name.as_str().into();
                let inner = scope.bind(&name, self.eval(&scope.env, &base));
                let predicate = self.check(&inner, predicate, &prim(PrimType::Bool));
                Term::new(span, TermKind::Refine(name, base, predicate))
            }
            ExprKind::Eff(_, ty) => {
                self.report(super::effects::misplaced(span));
                self.ty(scope, ty)
            }
            ExprKind::Error => Term::new(span, TermKind::Error),
            ExprKind::Tuple(_) => {
                self.report(mismatch::not_a_type(span, "a tuple").hint("a type of pairs is written `A * B`"));
                Term::new(span, TermKind::Error)
            }
            ExprKind::List(_) => {
                self.report(mismatch::not_a_type(span, "a list").hint("a type of lists is written `List A`"));
                Term::new(span, TermKind::Error)
            }
            _ => {
                self.report(mismatch::not_a_type(span, "a value"));
                Term::new(span, TermKind::Error)
            }
        }
    }

    fn type_application(&mut self, scope: &Scope, span: Span, at: Span, name: &str, args: &[Expr]) -> Term {
        let error = Term::new(span, TermKind::Error);
        if let Some((index, ty)) = scope.find(name) {
            if !matches!(&*self.unfold(&ty), Value::Universe | Value::Error) {
                let shown = self.show(scope, &ty);
                self.report(mismatch::not_a_type(at, &format!("the value `{name}` of type `{shown}`")));
                return error;
            }
            if !args.is_empty() {
                self.report(mismatch::type_arguments(span, name, 0, args.len()));
                return error;
            }
            return Term::new(span, TermKind::Var(index));
        }
        let primitive = match name {
            "Int" => Some(TermKind::Prim(PrimType::Int)),
            "Bool" => Some(TermKind::Prim(PrimType::Bool)),
            "Str" => Some(TermKind::Prim(PrimType::Str)),
            "Unit" => Some(TermKind::Prim(PrimType::Unit)),
            "Type" => Some(TermKind::Universe),
            _ => None,
        };
        if let Some(primitive) = primitive {
            if !args.is_empty() {
                self.report(mismatch::type_arguments(span, name, 0, args.len()));
                return error;
            }
            return Term::new(span, primitive);
        }
        let Some(id) = self.names.get(name).copied() else {
            if let Some((open, _)) =
                self.open_name(at, name, crate::syntax::tree::HoleKind::Type).filter(|_| args.is_empty())
            {
                return open;
            }
            if self.is_missing(name) {
                return error;
            }
            self.report(self.unknown_type(scope, at, name));
            return error;
        };
        let (head, params) = match self.kind(id) {
            Some(DeclKind::Alias(params, _)) => (TermKind::Global(id), params.clone()),
            Some(DeclKind::Data(data)) => (TermKind::Data(id), data.params.clone()),
            Some(DeclKind::Def(_)) => {
                self.report(mismatch::not_a_type(at, &format!("the definition `{name}`")));
                return error;
            }
            Some(DeclKind::Spec(_) | DeclKind::Intent(_)) => {
                self.report(mismatch::not_a_type(at, &format!("the spec `{name}`")));
                return error;
            }
            None if self.specs.contains(&id) => {
                self.report(mismatch::not_a_type(at, &format!("the spec `{name}`")));
                return error;
            }
            None => {
                self.report_circle(at, id);
                return error;
            }
        };
        if params.len() != args.len() {
            let finding = mismatch::type_arguments(span, name, params.len(), args.len());
            self.report(match finding.hint {
                None if params.iter().any(|param| !is_type(param)) => {
                    finding.hint(self.written(name, &params))
                }
                _ => finding,
            });
            return error;
        }
        let mut env = super::value::Env::default();
        let mut spine = Vec::new();
        for (param, arg) in params.iter().zip(args) {
            let expected = self.eval(&env, &param.ty);
            let mark = self.diagnostics.len();
            let value = match &*self.unfold(&expected) {
                Value::Universe => self.ty(scope, arg),
                _ => self.check(scope, arg, &expected),
            };
            self.say_sorts(mark, arg.span, name, &params);
            env = env.push(self.eval(&scope.env, &value));
            spine.push(Arg::explicit(value));
        }
        let written = Term::new(at, head).apply(span, spine);
        if !args.is_empty() && !self.fits_written_out(&written) {
            self.too_large(span);
            return error;
        }
        written
    }

    /// A value for a type, or a type for a value: what is found in an argument since `mark` says how the type is
    /// written.
    fn say_sorts(&mut self, mark: usize, arg: Span, name: &str, params: &[Param]) {
        let written = self.written(name, params);
        for finding in self.diagnostics.iter_mut().skip(mark) {
            if matches!(finding.code.as_str(), "E0103" | "E0104" | "E0201") && finding.span == arg {
                finding.hint = Some(written.clone());
            }
        }
    }

    /// How a type is written: `Vec (n: Nat) T`.
    fn written(&self, name: &str, params: &[Param]) -> String {
        let mut context: Vec<Name> = Vec::new();
        let mut written = name.to_owned();
        for param in params {
            written.push_str(&match is_type(param) {
                true => format!(" {}", param.name),
                false => format!(" ({}: {})", param.name, distill::show_type(self, &context, &param.ty)),
            });
            context.push(param.name.clone());
        }
        let kind = match params.iter().any(|param| !is_type(param)) {
            true => "parameters with a type are values, the others are types",
            false => "its parameters are types",
        };
        format!("it is `{written}`: {kind}")
    }
}

/// Whether a parameter stands for a type.
fn is_type(param: &Param) -> bool {
    matches!(&*param.ty.kind, TermKind::Universe)
}
