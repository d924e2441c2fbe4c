//! Formation of types.

use super::elaborator::{Elaborator, Scope};
use super::mismatch;
use super::value::{Value, prim};
use crate::ir::{Arg, DeclKind, Name, Param, PrimType, Term, TermKind, distill};
use crate::syntax::span::Span;
use crate::syntax::tree::{Expr, ExprKind, HoleKind, Ident};
use std::rc::Rc;

impl Elaborator {
    /// ```text
    ///   Γ ⊢ A type
    /// ```
    ///
    /// Only a way to the rules, so that its frame is small: every level of a type passes through here.
    pub(super) fn ty(&mut self, scope: &Scope, expr: &Expr) -> Term {
        if let Some(term) = self.family(scope, expr) {
            return term;
        }
        match &expr.kind {
            ExprKind::Name(name) => self.type_application(scope, expr.span, expr.span, name, &[]),
            ExprKind::TypeApp(head, args) => match &head.kind {
                ExprKind::Name(name) => self.type_application(scope, expr.span, head.span, name, args),
                _ => self.no_type(head.span),
            },
            ExprKind::Product(items) => self.product_type(scope, expr.span, items),
            ExprKind::Arrow(name, domain, codomain) => {
                self.arrow_type(scope, expr.span, name.as_ref(), domain, codomain)
            }
            ExprKind::Refine(name, base, predicate) => {
                self.refinement(scope, expr.span, name, base, predicate)
            }
            ExprKind::Eff(_, ty) => {
                self.report(super::effects::misplaced(expr.span));
                self.ty(scope, ty)
            }
            _ => self.type_atom(scope, expr),
        }
    }

    /// What has no type inside, or is none.
    fn type_atom(&mut self, scope: &Scope, expr: &Expr) -> Term {
        let span = expr.span;
        let finding = match &expr.kind {
            ExprKind::Hole(name) => {
                return self.hole(scope, span, name, Some(&Rc::new(Value::Universe))).0;
            }
            ExprKind::HoleHere(hole) => {
                return self.hole_here(scope, span, hole, Some(&Rc::new(Value::Universe))).0;
            }
            ExprKind::Infer => return self.fresh(scope, span, "this type"),
            ExprKind::Unit => return Term::new(span, TermKind::Prim(PrimType::Unit)),
            ExprKind::Error => return Term::new(span, TermKind::Error),
            ExprKind::Tuple(_) => {
                mismatch::not_a_type(span, "a tuple").hint("a type of pairs is written `A * B`")
            }
            ExprKind::List(_) => {
                mismatch::not_a_type(span, "a list").hint("a type of lists is written `List A`")
            }
            _ => mismatch::not_a_type(span, "a value"),
        };
        self.report(finding);
        Term::new(span, TermKind::Error)
    }

    fn no_type(&mut self, span: Span) -> Term {
        self.report(mismatch::not_a_type(span, "this"));
        Term::new(span, TermKind::Error)
    }

    fn product_type(&mut self, scope: &Scope, span: Span, items: &[Expr]) -> Term {
        Term::new(span, TermKind::Product(items.iter().map(|item| self.ty(scope, item)).collect()))
    }

    fn arrow_type(
        &mut self,
        scope: &Scope,
        span: Span,
        name: Option<&Ident>,
        domain: &Expr,
        codomain: &Expr,
    ) -> Term {
        let domain = self.ty(scope, domain);
        let name: Name = name.map_or_else(|| "_".into(), |name| name.name.as_str().into());
        let inner = scope.bind(&name, self.eval(&scope.env, &domain));
        let codomain = match &codomain.kind {
            ExprKind::Eff(names, ty) => {
                let names = names
                    .as_ref()
                    .map(|names| names.iter().map(|name| name.name.as_str().into()).collect::<Vec<Name>>());
                Term::new(codomain.span, TermKind::Eff(names, self.ty(&inner, ty)))
            }
            _ => self.ty(&inner, codomain),
        };
        if !self.laws.has_families()
            && matches!(&*self.unfold(&self.eval(&inner.env, &codomain)), Value::Universe)
        {
            self.report(mismatch::type_function(span));
            return Term::new(span, TermKind::Error);
        }
        Term::new(span, TermKind::Pi(self.laws.icit(&name), name, domain, codomain))
    }

    fn refinement(&mut self, scope: &Scope, span: Span, name: &Ident, base: &Expr, predicate: &Expr) -> Term {
        let base = self.ty(scope, base);
        let name: Name = name.name.as_str().into();
        let inner = scope.bind(&name, self.eval(&scope.env, &base));
        let predicate = self.check(&inner, predicate, &prim(PrimType::Bool));
        Term::new(span, TermKind::Refine(name, base, predicate))
    }

    fn type_application(&mut self, scope: &Scope, span: Span, at: Span, name: &str, args: &[Expr]) -> Term {
        if args.is_empty()
            && let Some(open) = self.open_type(scope, at, name)
        {
            return open;
        }
        let (head, params) = match self.type_head(scope, at, name) {
            Some(found) => found,
            None => return Term::new(span, TermKind::Error),
        };
        if params.len() != args.len() {
            self.wrong_type_arguments(span, name, &params, args.len());
            return Term::new(span, TermKind::Error);
        }
        if args.is_empty() {
            return Term::new(span, head);
        }
        let mut env = super::value::Env::default();
        let mut spine = Vec::with_capacity(args.len());
        for (param, arg) in params.iter().zip(args) {
            let expected = self.eval(&env, &param.ty);
            let mark = self.diagnostics.len();
            let value = match matches!(&*self.unfold(&expected), Value::Universe) {
                true => self.ty(scope, arg),
                false => self.check(scope, arg, &expected),
            };
            self.say_sorts(mark, arg.span, name, &params);
            env = env.push(self.eval(&scope.env, &value));
            spine.push(Arg::explicit(value));
        }
        self.written_out(span, Term::new(at, head).apply(span, spine))
    }

    /// A name that nothing declares and a document left open may declare.
    fn open_type(&mut self, scope: &Scope, at: Span, name: &str) -> Option<Term> {
        let known = matches!(name, "Int" | "Real" | "Float" | "Bool" | "Str" | "Unit" | "Type")
            || scope.find(name).is_some()
            || self.names.contains_key(name);
        if known {
            return None;
        }
        self.open_name(at, name, HoleKind::Type).map(|(open, _)| open)
    }

    /// A type with arguments, unless it is huge once its abbreviations are written out.
    fn written_out(&mut self, span: Span, written: Term) -> Term {
        if self.fits_written_out(&written) {
            return written;
        }
        self.too_large(span);
        Term::new(span, TermKind::Error)
    }

    /// What a name means where a type is expected, and its parameters; nothing when it is none, which is reported.
    fn type_head(&mut self, scope: &Scope, at: Span, name: &str) -> Option<(TermKind, Vec<Param>)> {
        if let Some((index, ty)) = scope.find(name) {
            if matches!(&*self.unfold(&ty), Value::Universe | Value::Error) {
                return Some((TermKind::Var(index), Vec::new()));
            }
            let shown = self.show(scope, &ty);
            self.report(mismatch::not_a_type(at, &format!("the value `{name}` of type `{shown}`")));
            return None;
        }
        let primitive = match name {
            "Int" => Some(TermKind::Prim(PrimType::Int)),
            "Real" => Some(TermKind::Prim(PrimType::Real)),
            "Float" => Some(TermKind::Prim(PrimType::Float)),
            "Bool" => Some(TermKind::Prim(PrimType::Bool)),
            "Str" => Some(TermKind::Prim(PrimType::Str)),
            "Unit" => Some(TermKind::Prim(PrimType::Unit)),
            "Type" => Some(TermKind::Universe),
            _ => None,
        };
        if let Some(primitive) = primitive {
            return Some((primitive, Vec::new()));
        }
        let Some(id) = self.names.get(name).copied() else {
            if !self.is_missing(name) {
                self.report(self.unknown_type(scope, at, name));
            }
            return None;
        };
        match self.kind(id) {
            Some(DeclKind::Alias(params, _)) => return Some((TermKind::Global(id), params.clone())),
            Some(DeclKind::Data(data)) => return Some((TermKind::Data(id), data.params.clone())),
            Some(DeclKind::Def(_)) => {
                self.report(mismatch::not_a_type(at, &format!("the definition `{name}`")));
            }
            Some(DeclKind::Spec(_) | DeclKind::Intent(_)) => {
                self.report(mismatch::not_a_type(at, &format!("the spec `{name}`")));
            }
            None if self.specs.contains(&id) => {
                self.report(mismatch::not_a_type(at, &format!("the spec `{name}`")));
            }
            None => self.report_circle(at, id),
        }
        None
    }

    fn wrong_type_arguments(&mut self, span: Span, name: &str, params: &[Param], given: usize) {
        let finding = mismatch::type_arguments(span, name, params.len(), given);
        self.report(match finding.hint {
            None if params.iter().any(|param| !is_type(param)) => finding.hint(self.written(name, params)),
            _ => finding,
        });
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
