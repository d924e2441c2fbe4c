//! Calls: arguments against parameters, one after the other, with what a caller left implicit.

use crate::check::elaborator::{Elaborator, Scope};
use crate::check::mismatch;
use crate::check::value::{Const, V, Value};
use crate::ir::overload;
use crate::ir::{Arg, DeclId, DeclKind, Icit, PrimType, Term, TermKind};
use crate::syntax::span::Span;
use crate::syntax::tree::{Expr, ExprKind};
use std::rc::Rc;

impl Elaborator {
    /// Fills the implicit arguments at the front of `ty` with unknowns.
    pub(in crate::check) fn insert_implicit(&mut self, scope: &Scope, term: Term, ty: V) -> (Term, V) {
        let (mut args, mut ty) = (Vec::new(), ty);
        loop {
            let forced = self.unfold(&ty);
            let Value::Pi(Icit::Implicit, name, domain, codomain) = &*forced else { break };
            let arg = self.fresh_argument(scope, term.span, format!("the type `{name}` of this"), domain);
            ty = self.enter(codomain, self.eval(&scope.env, &arg));
            args.push(Arg::implicit(arg));
        }
        let span = term.span;
        (term.apply(span, args), ty)
    }

    /// ```text
    ///   Γ ⊢ f ⇒ (x1: A1) -> ... -> B    Γ ⊢ ei ⇐ Ai[e1...]
    ///   ──────────────────────────────────────────────────
    ///   Γ ⊢ f(e1, ..., en) ⇒ B[e1...en]
    /// ```
    pub(in crate::check) fn call(
        &mut self,
        scope: &Scope,
        span: Span,
        head: &Expr,
        args: &[Expr],
        expected: Option<&V>,
    ) -> (Term, V) {
        let (first, mut rest) = match &head.kind {
            ExprKind::Name(name) if scope.find(name).is_none() => match self.overloaded(scope, name, args) {
                Some((resolved, first)) => {
                    let (term, ty) = self.name(scope, head.span, resolved);
                    (Some((term, ty)), first)
                }
                None => (None, None),
            },
            _ => (None, None),
        };
        let (mut term, mut ty) = match (first, &head.kind) {
            (Some(resolved), _) => resolved,
            (None, ExprKind::Name(name)) => self.name(scope, head.span, name),
            (None, _) => self.infer(scope, head),
        };
        if matches!(&*term.kind, TermKind::Error) {
            // Arguments may hold mistakes and holes of their own.
            for arg in args {
                self.infer(scope, arg);
            }
            return self.error(span);
        }
        let exact = match &*term.kind {
            TermKind::Global(id) => self.declared_parameters(*id) == Some(args.len()),
            TermKind::Con(id, index) => {
                self.ctor(*id, *index).is_some_and(|ctor| ctor.fields.len() == args.len())
            }
            _ => self.takes_at_least(&ty, args.len()),
        };
        let takes = if exact { None } else { self.arity(&ty) };
        // What a definition or constructor declares comes all at once; a function that it results in may be called
        // in the same breath or later: `adder(1, 2)`, `adder(1)(2)`, `map(xs, adder(1))`.
        let declared = match &*term.kind {
            TermKind::Global(id) => self.declared_parameters(*id),
            TermKind::Con(..) => takes,
            _ => None,
        };
        if let Some(takes) = takes
            && (args.len() > takes || declared.is_some_and(|declared| args.len() < declared))
        {
            let takes = declared.unwrap_or(takes);
            self.report(if takes == 0 && !args.is_empty() && !matches!(&*term.kind, TermKind::Con(..)) {
                let shown = self.show(scope, &ty);
                mismatch::not_a_function(head.span, &shown)
            } else {
                let names = match &*term.kind {
                    TermKind::Con(id, index) => self.field_names(*id, *index),
                    TermKind::Global(id) => self.parameter_names(*id),
                    _ => Vec::new(),
                };
                let callee = self.callee(&term, head);
                mismatch::wrong_count(span, &callee, takes, args.len(), &names)
            });
            for arg in args {
                self.infer(scope, arg);
            }
            return self.error(span);
        }
        let mut spine = Vec::new();
        (term, ty) = self.insert_implicit(scope, term, ty);
        // What the call is expected to be decides type arguments before the arguments are looked at, when it can.
        if let Some(expected) = expected {
            self.try_result(scope, &ty, args.len(), expected);
        }
        for arg in args {
            let mut forced = self.erase(&ty);
            if matches!(&*forced, Value::Flex(..)) {
                forced = self.arrow_from_unknown(scope, arg.span, &forced);
            }
            let Value::Pi(_, _, domain, codomain) = &*forced else {
                if !matches!(&*forced, Value::Error) {
                    let shown = self.show(scope, &ty);
                    self.report(mismatch::not_a_function(head.span, &shown));
                }
                return self.error(span);
            };
            let value = match rest.take() {
                Some((done, found)) => {
                    if self.agree(scope, arg.span, domain, &found) {
                        done
                    } else {
                        Term::new(arg.span, TermKind::Error)
                    }
                }
                None => {
                    let mark = self.diagnostics.len();
                    let value = self.check(scope, arg, domain);
                    if self.diagnostics.len() > mark
                        && let Some(declared) = self.declared_at(&term, spine.len())
                        && let Some(found) = self.diagnostics.get_mut(mark..)
                    {
                        mismatch::explain(found, &[arg.span], declared, "the parameter it stands for");
                    }
                    value
                }
            };
            ty = self.enter(codomain, self.eval(&scope.env, &value));
            spine.push(Arg::explicit(value));
        }
        (term.apply(span, spine), ty)
    }

    /// Unifies the result of a call with what is expected of it, when the result does not depend on arguments;
    /// a disagreement is left for later, where both sides are known better.
    pub(super) fn try_result(&mut self, scope: &Scope, ty: &V, args: usize, expected: &V) {
        let mut result = ty.clone();
        for _ in 0..args {
            let forced = self.erase(&result);
            let Value::Pi(_, _, _, codomain) = &*forced else { return };
            result = self.enter(codomain, Rc::new(Value::Error));
        }
        let decided = matches!(
            &*self.erase(expected),
            Value::Const(Const::Data(_), _) | Value::Product(_) | Value::Pi(..)
        );
        if decided && matches!(&*self.erase(&result), Value::Const(Const::Data(_), _) | Value::Product(_)) {
            let _ = self.unify(scope.level(), expected, &result);
        }
    }

    /// A function of unknown type is called: it becomes `?a -> ?b`.
    pub(super) fn arrow_from_unknown(&mut self, scope: &Scope, span: Span, unknown: &V) -> V {
        let domain = self.fresh(scope, span, "the type of this argument");
        let codomain = self.fresh(scope, span, "the type of this call");
        let arrow = TermKind::Pi(Icit::Explicit, "_".into(), domain, codomain.shift(1)).into_term();
        let arrow = self.eval(&scope.env, &arrow);
        match self.unify(scope.level(), unknown, &arrow) {
            Ok(()) => arrow,
            Err(_) => unknown.clone(),
        }
    }

    /// Where the document declares parameter number `position` of what is called.
    fn declared_at(&self, term: &Term, position: usize) -> Option<Span> {
        let (TermKind::Global(id), _) = (&*term.spine().0.kind, ()) else { return None };
        self.span_of(*id)?;
        let Some(DeclKind::Def(def)) = self.kind(*id) else { return None };
        let mut explicit = def.params.iter().filter(|param| param.icit == Icit::Explicit);
        explicit.nth(position).map(|param| param.span)
    }

    /// The names of a constructor's fields; `_` for one without.
    pub(in crate::check) fn field_names(&self, id: DeclId, index: usize) -> Vec<String> {
        let fields = self.ctor(id, index).map(|ctor| ctor.fields.as_slice()).unwrap_or_default();
        let name = |name: &Option<crate::ir::Name>| name.as_deref().unwrap_or("_").to_owned();
        fields.iter().map(|(field, _)| name(field)).collect()
    }

    fn parameter_names(&self, id: DeclId) -> Vec<String> {
        let Some(DeclKind::Def(def)) = self.kind(id) else { return Vec::new() };
        let explicit = def.params.iter().filter(|param| param.icit == Icit::Explicit);
        explicit.map(|param| param.name.to_string()).collect()
    }

    /// How many arguments a definition names: those that every call of it gives.
    pub(super) fn declared_parameters(&self, id: DeclId) -> Option<usize> {
        let Some(DeclKind::Def(def)) = self.kind(id) else { return None };
        Some(def.params.iter().filter(|param| param.icit == Icit::Explicit).count())
    }

    /// Whether a function of this type takes so many arguments, as far as that can be told by its form.
    fn takes_at_least(&self, ty: &V, wanted: usize) -> bool {
        let erased = self.erase(ty);
        let Value::Pi(icit, _, _, codomain) = &*erased else { return false };
        let (mut count, mut rest) = (usize::from(*icit == Icit::Explicit), &codomain.body);
        while let TermKind::Pi(icit, _, _, codomain) = &*rest.kind {
            count += usize::from(*icit == Icit::Explicit);
            rest = codomain;
        }
        count >= wanted && wanted > 0
    }

    /// How many arguments a function of this type takes, when its type says so.
    pub(super) fn arity(&self, ty: &V) -> Option<usize> {
        let (mut count, mut ty, mut level) = (0, ty.clone(), 1_000_000);
        loop {
            let forced = self.erase(&ty);
            match &*forced {
                Value::Pi(icit, _, _, codomain) => {
                    count += usize::from(*icit == Icit::Explicit);
                    ty = self.enter(codomain, crate::check::value::rigid(level));
                    level += 1;
                }
                Value::Flex(..) | Value::Error | Value::Const(Const::Hole(_), _) => return None,
                // A type parameter may turn out to be a function.
                Value::Rigid(..) if level > 1_000_000 => return if count == 0 { None } else { Some(count) },
                _ => return Some(count),
            }
        }
    }

    pub(super) fn callee(&self, term: &Term, head: &Expr) -> String {
        match (&*term.kind, &head.kind) {
            (TermKind::Global(id), _) => overload::surface_name(&self.name_of(*id)).to_owned(),
            (TermKind::Con(id, index), _) => {
                self.ctor(*id, *index).map_or_else(String::new, |ctor| ctor.name.to_string())
            }
            (_, ExprKind::Name(name)) => name.clone(),
            _ => "this function".to_owned(),
        }
    }

    /// For a name that serves lists and texts: which definition the first argument asks for, and that argument
    /// already inferred.
    #[allow(clippy::type_complexity)]
    pub(super) fn overloaded(
        &mut self,
        scope: &Scope,
        name: &str,
        args: &[Expr],
    ) -> Option<(&'static str, Option<(Term, V)>)> {
        let overload = overload::overload(name)?;
        // A document may declare a function of that name itself.
        if self.names.get(name).copied() != self.builtin(name) {
            return None;
        }
        let first = self.infer(scope, args.first()?);
        let ty = match &*self.erase(&first.1) {
            Value::Prim(PrimType::Str) => Some("Str".into()),
            Value::Prim(PrimType::Real) => Some("Real".into()),
            Value::Const(Const::Data(id), _) => Some(self.name_of(*id)),
            _ => None,
        };
        let by_type = overload.by_type.iter().find(|(of, _)| ty.as_deref() == Some(*of));
        Some((by_type.map_or(overload.name, |(_, definition)| definition), Some(first)))
    }
}
