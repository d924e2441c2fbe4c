//! Bidirectional checking of terms.
//!
//! `infer` finds a type, `check` is given one. Both return a term whatever happens: what makes no sense becomes
//! [`TermKind::Error`], which agrees with every type, so each mistake is reported once.

use super::elaborator::{Elaborator, Scope, Slot};
use super::mismatch;
use super::unify::Mismatch;
use super::value::{Const, V, Value, prim};
use crate::ir::overload;
use crate::ir::{
    Arg, Arm, DeclId, DeclKind, HoleId, HoleInfo, Icit, Literal, Name, Op, PrimType, Term, TermKind,
};
use crate::syntax::span::Span;
use crate::syntax::tree::{BinaryOp, Expr, ExprKind, HoleKind, Ident, Param, Quantifier, UnaryOp};
use std::rc::Rc;

/// List literals become chains of constructors while the chains inside each other are no longer than this together,
/// so that a term is never deeper than its text by more. Others stay flat, as [`TermKind::List`].
const LONGEST_CHAIN: usize = 64;

impl Elaborator {
    /// `List element`.
    pub(super) fn list_of(&self, element: V) -> V {
        match self.builtin("List") {
            Some(id) => Rc::new(Value::Const(Const::Data(id), vec![(Icit::Explicit, element)])),
            None => Rc::new(Value::Error),
        }
    }

    fn error(&self, span: Span) -> (Term, V) {
        (Term::new(span, TermKind::Error), Rc::new(Value::Error))
    }

    /// Reports what was given up as too large, and forgets that it was.
    pub(super) fn too_large(&mut self, span: Span) {
        self.effort.was_too_much();
        self.report(mismatch::too_large(span));
    }

    /// Makes the found type agree with the expected one, or says both.
    pub(super) fn agree(&mut self, scope: &Scope, span: Span, expected: &V, found: &V) -> bool {
        match self.unify(scope.level(), expected, found) {
            Ok(()) => true,
            Err(Mismatch::TooLarge) => {
                self.too_large(span);
                false
            }
            Err(reason) => {
                let expected = self.show(scope, expected);
                let found = self.show(scope, found);
                let finding = match reason {
                    Mismatch::Occurs => mismatch::endless_type(span, &found),
                    Mismatch::Ambiguous | Mismatch::Escapes if expected == found => {
                        mismatch::undecided(span, "a type")
                    }
                    _ => mismatch::mismatch(span, &expected, &found),
                };
                self.report(finding);
                false
            }
        }
    }

    /// ```text
    ///   Γ ⊢ e ⇐ A
    /// ```
    pub(super) fn check(&mut self, scope: &Scope, expr: &Expr, expected: &V) -> Term {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Lambda(params, body) => self.check_lambda(scope, span, params, body, expected),
            ExprKind::If(cond, yes, no) => {
                let cond = self.check(scope, cond, &prim(PrimType::Bool));
                let yes = self.check(scope, yes, expected);
                let no = self.check(scope, no, expected);
                Term::new(span, TermKind::If(cond, yes, no))
            }
            ExprKind::Match(scrutinee, arms) => self.match_term(scope, span, scrutinee, arms, expected),
            ExprKind::Let(name, ty, value, body) => {
                let (inner, build) = self.let_binding(scope, name, ty.as_deref(), value);
                let body = self.check(&inner, body, expected);
                build(span, body)
            }
            ExprKind::Hole(name) => self.hole(scope, span, name, Some(expected)).0,
            ExprKind::Infer => self.fresh(scope, span, "what stands here"),
            ExprKind::List(items) => self.check_list(scope, span, items, expected),
            ExprKind::Tuple(items) => match &*self.erase(expected) {
                Value::Product(types) if types.len() == items.len() => {
                    let items = items.iter().zip(types).map(|(item, ty)| self.check(scope, item, ty));
                    Term::new(span, TermKind::Tuple(items.collect()))
                }
                _ => self.check_by_inference(scope, expr, expected),
            },
            _ => self.check_by_inference(scope, expr, expected),
        }
    }

    /// ```text
    ///   Γ ⊢ e ⇒ A    |A| = |B|
    ///   ───────────────────────
    ///   Γ ⊢ e ⇐ B
    /// ```
    fn check_by_inference(&mut self, scope: &Scope, expr: &Expr, expected: &V) -> Term {
        let (term, found) = match &expr.kind {
            // A constructor without fields, or a generic function passed on: its unknowns come from `expected`.
            ExprKind::Name(name) => self.name(scope, expr.span, name, Some(expected)),
            ExprKind::Call(head, args) => self.call(scope, expr.span, head, args, Some(expected)),
            _ => self.infer(scope, expr),
        };
        let (term, found) = self.insert_implicit(scope, term, found);
        if self.agree(scope, expr.span, expected, &found) {
            term
        } else {
            Term::new(expr.span, TermKind::Error)
        }
    }

    /// ```text
    ///   Γ ⊢ e ⇒ A
    /// ```
    ///
    /// Only a way to the rules, so that its frame is small: every level of a term passes through here.
    pub(super) fn infer(&mut self, scope: &Scope, expr: &Expr) -> (Term, V) {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Int(value) => self.literal(span, Literal::Int(value.clone()), PrimType::Int),
            ExprKind::Str(text) => self.literal(span, Literal::Str(text.as_str().into()), PrimType::Str),
            ExprKind::Bool(value) => self.literal(span, Literal::Bool(*value), PrimType::Bool),
            ExprKind::Unit => self.literal(span, Literal::Unit, PrimType::Unit),
            ExprKind::Name(name) => self.variable(scope, span, name),
            ExprKind::Call(head, args) => self.call(scope, span, head, args, None),
            ExprKind::Hole(name) => self.hole(scope, span, name, None),
            ExprKind::Infer => self.anything(scope, span),
            ExprKind::Tuple(items) => self.tuple(scope, span, items),
            ExprKind::List(items) => self.infer_list(scope, span, items),
            ExprKind::Record(name, fields) => self.record(scope, span, name, fields),
            ExprKind::Field(value, field) => self.field(scope, span, value, field),
            ExprKind::Index(value, index) => self.index(scope, span, value, index),
            ExprKind::Unary(op, value) => self.unary(scope, span, *op, value),
            ExprKind::Binary(op, left, right) => self.binary(scope, span, *op, left, right),
            ExprKind::If(..) | ExprKind::Match(..) => self.choice(scope, expr),
            ExprKind::Let(name, ty, value, body) => {
                self.infer_let(scope, span, name, ty.as_deref(), value, body)
            }
            ExprKind::Lambda(params, body) => self.infer_lambda(scope, span, params, body),
            ExprKind::Quantified(quantifier, params, body) => {
                (self.quantified(scope, span, *quantifier, params, body), prim(PrimType::Bool))
            }
            ExprKind::Bounded(quantifier, name, list, body) => {
                (self.bounded(scope, span, *quantifier, name, list, body), prim(PrimType::Bool))
            }
            ExprKind::Ascribe(value, ty) => self.ascription(scope, span, value, ty),
            ExprKind::Refine(..) | ExprKind::Arrow(..) | ExprKind::Product(_) | ExprKind::TypeApp(..) => {
                self.report(mismatch::not_a_term(span, "a type"));
                self.error(span)
            }
            // The parser reads decimals only where nothing is checked.
            ExprKind::Error | ExprKind::Decimal(_) => self.error(span),
        }
    }

    fn literal(&self, span: Span, literal: Literal, ty: PrimType) -> (Term, V) {
        (Term::new(span, TermKind::Lit(literal)), prim(ty))
    }

    fn variable(&mut self, scope: &Scope, span: Span, name: &str) -> (Term, V) {
        let (term, ty) = self.name(scope, span, name, None);
        self.insert_implicit(scope, term, ty)
    }

    /// `_`: work it out.
    fn anything(&mut self, scope: &Scope, span: Span) -> (Term, V) {
        let ty = self.fresh_type(scope, span, "a type");
        (self.fresh(scope, span, "what stands here"), ty)
    }

    fn tuple(&mut self, scope: &Scope, span: Span, items: &[Expr]) -> (Term, V) {
        let (items, types): (Vec<_>, Vec<_>) = items.iter().map(|item| self.infer(scope, item)).unzip();
        (Term::new(span, TermKind::Tuple(items)), Rc::new(Value::Product(types)))
    }

    fn infer_list(&mut self, scope: &Scope, span: Span, items: &[Expr]) -> (Term, V) {
        let element = self.fresh_type(scope, span, "what the list holds");
        let expected = self.list_of(element);
        (self.check_list(scope, span, items, &expected), expected)
    }

    fn unary(&mut self, scope: &Scope, span: Span, op: UnaryOp, value: &Expr) -> (Term, V) {
        let (op, ty) = match op {
            UnaryOp::Neg => (Op::Neg, PrimType::Int),
            UnaryOp::Not => (Op::Not, PrimType::Bool),
        };
        let value = self.check(scope, value, &prim(ty));
        let kind = match &*value.kind {
            TermKind::Lit(Literal::Int(number)) if op == Op::Neg => {
                TermKind::Lit(Literal::Int(-number.clone()))
            }
            _ => TermKind::Op(op, vec![value]),
        };
        (Term::new(span, kind), prim(ty))
    }

    /// An `if` or `match` of which nobody says what it should be.
    fn choice(&mut self, scope: &Scope, expr: &Expr) -> (Term, V) {
        let ty = self.fresh_type(scope, expr.span, "the type of this choice");
        (self.check(scope, expr, &ty), ty)
    }

    fn infer_let(
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

    /// `(e : T)` is kept as `let it: T = e in it`, so that a refinement in `T` is owed.
    fn ascription(&mut self, scope: &Scope, span: Span, value: &Expr, ty: &Expr) -> (Term, V) {
        let ty_term = self.ty(scope, ty);
        let ty = self.eval(&scope.env, &ty_term);
        let value = self.check(scope, value, &ty);
        let it = Term::new(span, TermKind::Var(0));
        (Term::new(span, TermKind::Let("it".into(), ty_term, value, it)), ty)
    }

    /// Fills the implicit arguments at the front of `ty` with unknowns.
    pub(super) fn insert_implicit(&mut self, scope: &Scope, term: Term, ty: V) -> (Term, V) {
        let (mut args, mut ty) = (Vec::new(), ty);
        loop {
            let forced = self.unfold(&ty);
            let Value::Pi(Icit::Implicit, name, _, codomain) = &*forced else { break };
            let arg = self.fresh(scope, term.span, format!("the type `{name}` of this"));
            ty = self.enter(codomain, self.eval(&scope.env, &arg));
            args.push(Arg::implicit(arg));
        }
        let span = term.span;
        (term.apply(span, args), ty)
    }

    /// A name in a term: variable, definition, constructor. Implicit arguments are not inserted yet.
    fn name(&mut self, scope: &Scope, span: Span, name: &str, _expected: Option<&V>) -> (Term, V) {
        if let Some((index, ty)) = scope.find(name) {
            return (Term::new(span, TermKind::Var(index)), ty);
        }
        if let Some((id, index)) = self.ctors.get(name).copied()
            && let Some(ty) = self.ctor_type(id, index)
        {
            return (Term::new(span, TermKind::Con(id, index)), ty);
        }
        if matches!(name, "Int" | "Bool" | "Str" | "Unit" | "Type") {
            self.report(mismatch::not_a_term(span, &format!("the type `{name}`")));
            return self.error(span);
        }
        let Some(id) = self.names.get(name).copied() else {
            let known = scope.vars.iter().map(|(name, _)| &**name);
            let known = known.chain(self.names.keys().map(|n| &**n)).chain(self.ctors.keys().map(|n| &**n));
            let close = mismatch::closest(name, known).map(str::to_owned);
            self.report(mismatch::unknown_name(span, "value", name, close.as_deref()));
            return self.error(span);
        };
        match self.def_type(id) {
            Some(ty) => (Term::new(span, TermKind::Global(id)), ty),
            None => {
                let what = match self.kind(id) {
                    Some(DeclKind::Alias(..) | DeclKind::Data(_)) => Some("a type"),
                    Some(DeclKind::Spec(_)) => Some("a spec"),
                    Some(DeclKind::Intent(_)) => Some("an intent"),
                    Some(DeclKind::Def(_)) | None => None,
                };
                match what {
                    Some(what) => self.report(mismatch::not_a_term(span, what)),
                    None => self.report_circle(span, id),
                }
                self.error(span)
            }
        }
    }

    /// A declaration without a known signature is used: it is broken and was reported, or it is in a circle.
    pub(super) fn report_circle(&mut self, span: Span, id: DeclId) {
        if matches!(self.slots.get(id.0 as usize), Some(Slot::Announced)) {
            let name = self.name_of(id);
            self.report(mismatch::signature_circle(span, &name));
        }
    }

    /// ```text
    ///   Γ ⊢ f ⇒ (x1: A1) -> ... -> B    Γ ⊢ ei ⇐ Ai[e1...]
    ///   ──────────────────────────────────────────────────
    ///   Γ ⊢ f(e1, ..., en) ⇒ B[e1...en]
    /// ```
    fn call(
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
                    let (term, ty) = self.name(scope, head.span, resolved, None);
                    (Some((term, ty)), first)
                }
                None => (None, None),
            },
            _ => (None, None),
        };
        let (mut term, mut ty) = match (first, &head.kind) {
            (Some(resolved), _) => resolved,
            (None, ExprKind::Name(name)) => self.name(scope, head.span, name, expected),
            (None, _) => self.infer(scope, head),
        };
        if matches!(&*term.kind, TermKind::Error) {
            // Arguments may hold mistakes and holes of their own.
            for arg in args {
                self.infer(scope, arg);
            }
            return self.error(span);
        }
        let callee = self.callee(&term, head);
        let takes = self.arity(&ty);
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
                mismatch::wrong_count(span, &callee, takes, args.len())
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
                None => self.check(scope, arg, domain),
            };
            ty = self.enter(codomain, self.eval(&scope.env, &value));
            spine.push(Arg::explicit(value));
        }
        (term.apply(span, spine), ty)
    }

    /// Unifies the result of a call with what is expected of it, when the result does not depend on arguments;
    /// a disagreement is left for later, where both sides are known better.
    fn try_result(&mut self, scope: &Scope, ty: &V, args: usize, expected: &V) {
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
    fn arrow_from_unknown(&mut self, scope: &Scope, span: Span, unknown: &V) -> V {
        let domain = self.fresh(scope, span, "the type of this argument");
        let codomain = self.fresh(scope, span, "the type of this call");
        let arrow = TermKind::Pi(Icit::Explicit, "_".into(), domain, codomain.shift(1)).into_term();
        let arrow = self.eval(&scope.env, &arrow);
        match self.unify(scope.level(), unknown, &arrow) {
            Ok(()) => arrow,
            Err(_) => unknown.clone(),
        }
    }

    /// How many arguments a definition names: those that every call of it gives.
    fn declared_parameters(&self, id: DeclId) -> Option<usize> {
        let Some(DeclKind::Def(def)) = self.kind(id) else { return None };
        Some(def.params.iter().filter(|param| param.icit == Icit::Explicit).count())
    }

    /// How many arguments a function of this type takes, when its type says so.
    fn arity(&self, ty: &V) -> Option<usize> {
        let (mut count, mut ty, mut level) = (0, ty.clone(), 1_000_000);
        loop {
            let forced = self.erase(&ty);
            match &*forced {
                Value::Pi(icit, _, _, codomain) => {
                    count += usize::from(*icit == Icit::Explicit);
                    ty = self.enter(codomain, super::value::rigid(level));
                    level += 1;
                }
                Value::Flex(..) | Value::Error | Value::Const(Const::Hole(_), _) => return None,
                // A type parameter may turn out to be a function.
                Value::Rigid(..) if level > 1_000_000 => return if count == 0 { None } else { Some(count) },
                _ => return Some(count),
            }
        }
    }

    fn callee(&self, term: &Term, head: &Expr) -> String {
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
    fn overloaded(
        &mut self,
        scope: &Scope,
        name: &str,
        args: &[Expr],
    ) -> Option<(&'static str, Option<(Term, V)>)> {
        let (list, text) = overload::OVERLOADED.iter().find(|(list, _)| *list == name)?;
        // A document may declare a function of that name itself.
        if self.names.get(name).copied() != self.builtin(name) {
            return None;
        }
        let first = self.infer(scope, args.first()?);
        let resolved = match &*self.erase(&first.1) {
            Value::Prim(PrimType::Str) => text,
            _ => list,
        };
        Some((resolved, Some(first)))
    }

    fn check_list(&mut self, scope: &Scope, span: Span, items: &[Expr], expected: &V) -> Term {
        let Some(list) = self.builtin("List") else { return Term::new(span, TermKind::Error) };
        let element = match &*self.erase(expected) {
            Value::Const(Const::Data(id), args) if *id == list => {
                args.first().map(|(_, element)| element.clone())
            }
            _ => None,
        };
        let element = match element {
            Some(element) => element,
            None => {
                let element = self.fresh_type(scope, span, "what the list holds");
                let found = self.list_of(element.clone());
                if !self.agree(scope, span, expected, &found) {
                    for item in items {
                        self.infer(scope, item);
                    }
                    return Term::new(span, TermKind::Error);
                }
                element
            }
        };
        let chained = self.chained;
        let fits = chained + items.len() <= LONGEST_CHAIN;
        self.chained += if fits { items.len() } else { 0 };
        let items: Vec<Term> = items.iter().map(|item| self.check(scope, item, &element)).collect();
        self.chained = chained;
        let ty = self.quote(scope.level(), &self.stripped(&element));
        if !fits {
            return Term::new(span, TermKind::List(ty, items));
        }
        let nil = Term::new(span, TermKind::Con(list, 0)).apply(span, [Arg::implicit(ty.clone())]);
        items.into_iter().rev().fold(nil, |tail, head| {
            let at = head.span.to(span);
            Term::new(at, TermKind::Con(list, 1))
                .apply(at, [Arg::implicit(ty.clone()), Arg::explicit(head), Arg::explicit(tail)])
        })
    }

    /// A type without refinements at its head: what type arguments are.
    fn stripped(&self, ty: &V) -> V {
        self.erase(ty)
    }

    fn record(&mut self, scope: &Scope, span: Span, name: &Ident, fields: &[(Ident, Expr)]) -> (Term, V) {
        let entity = self.names.get(name.name.as_str()).copied();
        let data = entity.and_then(|id| match self.kind(id) {
            Some(DeclKind::Data(data)) if data.entity => Some((id, data.clone())),
            _ => None,
        });
        let Some((id, data)) = data else {
            if entity.is_none_or(|id| self.kind(id).is_some()) {
                let entities: Vec<Name> = (0..self.slots.len() as u32)
                    .map(DeclId)
                    .filter(|id| matches!(self.kind(*id), Some(DeclKind::Data(data)) if data.entity))
                    .map(|id| self.name_of(id))
                    .collect();
                let close = mismatch::closest(&name.name, entities.iter().map(|n| &**n)).map(str::to_owned);
                self.report(mismatch::unknown_name(name.span, "entity", &name.name, close.as_deref()));
            }
            for (_, value) in fields {
                self.infer(scope, value);
            }
            return self.error(span);
        };
        let names: Vec<Name> = data
            .ctors
            .first()
            .into_iter()
            .flat_map(|ctor| ctor.fields.iter().filter_map(|(n, _)| n.clone()))
            .collect();
        for (position, (field, value)) in fields.iter().enumerate() {
            let earlier = fields.iter().take(position).any(|(other, _)| other.name == field.name);
            let known = names.iter().any(|n| **n == *field.name);
            if earlier {
                self.report(mismatch::duplicate_binder(field.span, &field.name, "record"));
            } else if !known {
                let all: Vec<&str> = names.iter().map(|n| &**n).collect();
                let close = mismatch::closest(&field.name, all.iter().copied()).map(str::to_owned);
                self.report(mismatch::no_field(field.span, &name.name, &field.name, close.as_deref(), &all));
                self.infer(scope, value);
            }
        }
        let missing: Vec<&str> = names
            .iter()
            .map(|n| &**n)
            .filter(|n| !fields.iter().any(|(field, _)| field.name == *n))
            .collect();
        if !missing.is_empty() {
            self.report(mismatch::missing_fields(span, &name.name, &missing));
        }
        let Some(ty) = self.ctor_type(id, 0) else { return self.error(span) };
        let head = Term::new(name.span, TermKind::Con(id, 0));
        let (head, mut ty) = self.insert_implicit(scope, head, ty);
        let mut spine = Vec::new();
        for name in &names {
            let forced = self.unfold(&ty);
            let Value::Pi(_, _, domain, codomain) = &*forced else { return self.error(span) };
            let value = match fields.iter().find(|(field, _)| *field.name == **name) {
                Some((_, value)) => self.check(scope, value, domain),
                None => Term::new(span, TermKind::Error),
            };
            ty = self.enter(codomain, self.eval(&scope.env, &value));
            spine.push(Arg::explicit(value));
        }
        (head.apply(span, spine), ty)
    }

    fn field(&mut self, scope: &Scope, span: Span, value: &Expr, field: &Ident) -> (Term, V) {
        let (term, ty) = self.infer(scope, value);
        let erased = self.erase(&ty);
        let found = match &*erased {
            Value::Const(Const::Data(id), params) => match self.kind(*id) {
                Some(DeclKind::Data(data)) if data.entity => Some((*id, params.clone(), data.clone())),
                _ => None,
            },
            Value::Error => return self.error(span),
            _ => None,
        };
        let shown = self.show(scope, &ty);
        let Some((id, params, data)) = found else {
            self.report(mismatch::no_field(field.span, &shown, &field.name, None, &[]));
            return self.error(span);
        };
        let fields = data.ctors.first().map(|ctor| ctor.fields.as_slice()).unwrap_or_default();
        let position = fields.iter().position(|(name, _)| name.as_deref() == Some(field.name.as_str()));
        let Some(position) = position else {
            let names: Vec<&str> = fields.iter().filter_map(|(name, _)| name.as_deref()).collect();
            let close = mismatch::closest(&field.name, names.iter().copied()).map(str::to_owned);
            self.report(mismatch::no_field(field.span, &shown, &field.name, close.as_deref(), &names));
            return self.error(span);
        };
        // The field's type is under the parameters and the fields before it.
        let mut env = params.iter().fold(super::value::Env::default(), |env, (_, arg)| env.push(arg.clone()));
        for earlier in 0..position {
            let projected = Term::new(span, TermKind::Field(id, earlier, term.clone()));
            env = env.push(self.eval(&scope.env, &projected));
        }
        let ty =
            fields.get(position).map(|(_, ty)| self.eval(&env, ty)).unwrap_or_else(|| Rc::new(Value::Error));
        (Term::new(span, TermKind::Field(id, position, term)), ty)
    }

    fn index(&mut self, scope: &Scope, span: Span, value: &Expr, index: &Expr) -> (Term, V) {
        let (term, ty) = self.infer(scope, value);
        let index = self.check(scope, index, &prim(PrimType::Int));
        if let Value::Prim(PrimType::Str) = &*self.erase(&ty) {
            return (Term::new(span, TermKind::Op(Op::StrAt, vec![term, index])), prim(PrimType::Str));
        }
        let element = self.fresh_type(scope, span, "what the list holds");
        let list = self.list_of(element.clone());
        if !self.agree(scope, value.span, &list, &ty) {
            return self.error(span);
        }
        let element_term = self.quote(scope.level(), &element);
        (Term::new(span, TermKind::Op(Op::ListAt, vec![element_term, term, index])), element)
    }

    fn binary(&mut self, scope: &Scope, span: Span, op: BinaryOp, left: &Expr, right: &Expr) -> (Term, V) {
        let (int, boolean) = (prim(PrimType::Int), prim(PrimType::Bool));
        let mut simple = |core: Op, operands: &V, result: &V| {
            let left = self.check(scope, left, operands);
            let right = self.check(scope, right, operands);
            (Term::new(span, TermKind::Op(core, vec![left, right])), result.clone())
        };
        match op {
            BinaryOp::Add => simple(Op::Add, &int, &int),
            BinaryOp::Sub => simple(Op::Sub, &int, &int),
            BinaryOp::Mul => simple(Op::Mul, &int, &int),
            BinaryOp::Div => simple(Op::Div, &int, &int),
            BinaryOp::Mod => simple(Op::Mod, &int, &int),
            BinaryOp::And => simple(Op::And, &boolean, &boolean),
            BinaryOp::Or => simple(Op::Or, &boolean, &boolean),
            BinaryOp::Implies => simple(Op::Implies, &boolean, &boolean),
            BinaryOp::Iff => simple(Op::Iff, &boolean, &boolean),
            BinaryOp::Eq => self.equation(scope, span, Op::Eq, left, right),
            BinaryOp::Ne => self.equation(scope, span, Op::Ne, left, right),
            BinaryOp::Lt => self.comparison(scope, span, (Op::Lt, Op::StrLt), false, left, right),
            BinaryOp::Le => self.comparison(scope, span, (Op::Le, Op::StrLe), false, left, right),
            BinaryOp::Gt => self.comparison(scope, span, (Op::Gt, Op::StrLt), true, left, right),
            BinaryOp::Ge => self.comparison(scope, span, (Op::Ge, Op::StrLe), true, left, right),
            BinaryOp::Cons => {
                let (head, element) = self.infer(scope, left);
                let list = self.list_of(self.stripped(&element));
                let tail = self.check(scope, right, &list);
                let element = self.quote(scope.level(), &self.stripped(&element));
                let Some(id) = self.builtin("List") else { return self.error(span) };
                let args = [Arg::implicit(element), Arg::explicit(head), Arg::explicit(tail)];
                (Term::new(span, TermKind::Con(id, 1)).apply(span, args), list)
            }
            BinaryOp::Append => self.append(scope, span, left, right),
        }
    }

    /// Both operands have one type. The one that says more is looked at first.
    fn operands(&mut self, scope: &Scope, left: &Expr, right: &Expr) -> (Term, Term, V) {
        let vague = |expr: &Expr| match &expr.kind {
            ExprKind::Hole(_) | ExprKind::Infer => true,
            ExprKind::List(items) => items.is_empty(),
            ExprKind::Name(name) => name == "None" || name == "Nil",
            _ => false,
        };
        if vague(left) && !vague(right) {
            let (right, ty) = self.infer(scope, right);
            let ty = self.stripped(&ty);
            (self.check(scope, left, &ty), right, ty)
        } else {
            let (left, ty) = self.infer(scope, left);
            let ty = self.stripped(&ty);
            (left, self.check(scope, right, &ty), ty)
        }
    }

    fn equation(&mut self, scope: &Scope, span: Span, op: Op, left: &Expr, right: &Expr) -> (Term, V) {
        let (left, right, ty) = self.operands(scope, left, right);
        if matches!(&*self.erase(&ty), Value::Pi(..) | Value::Universe) {
            let shown = self.show(scope, &ty);
            self.report(mismatch::not_comparable(span, &shown));
            return (Term::new(span, TermKind::Error), prim(PrimType::Bool));
        }
        let ty = self.quote(scope.level(), &ty);
        (Term::new(span, TermKind::Op(op, vec![ty, left, right])), prim(PrimType::Bool))
    }

    fn comparison(
        &mut self,
        scope: &Scope,
        span: Span,
        (on_int, on_text): (Op, Op),
        greater: bool,
        left: &Expr,
        right: &Expr,
    ) -> (Term, V) {
        let (left, right, ty) = self.operands(scope, left, right);
        let erased = self.erase(&ty);
        let op = match &*erased {
            Value::Prim(PrimType::Int) | Value::Error => on_int,
            Value::Prim(PrimType::Str) => on_text,
            Value::Flex(..) | Value::Const(Const::Hole(_), _) => {
                let _ = self.unify(scope.level(), &erased, &prim(PrimType::Int));
                on_int
            }
            _ => {
                let shown = self.show(scope, &ty);
                self.report(mismatch::not_ordered(span, &shown));
                return (Term::new(span, TermKind::Error), prim(PrimType::Bool));
            }
        };
        // Texts have `<` and `<=` only: `a > b` is `b < a`.
        let operands =
            if greater && op == on_text && on_text != on_int { vec![right, left] } else { vec![left, right] };
        (Term::new(span, TermKind::Op(op, operands)), prim(PrimType::Bool))
    }

    fn append(&mut self, scope: &Scope, span: Span, left: &Expr, right: &Expr) -> (Term, V) {
        let joins = |this: &Self, ty: &V| match &*this.erase(ty) {
            Value::Prim(PrimType::Str) | Value::Flex(..) | Value::Error | Value::Const(Const::Hole(_), _) => {
                true
            }
            Value::Const(Const::Data(id), _) => Some(*id) == this.builtin("List"),
            _ => false,
        };
        // The left side alone is at fault when it is neither: the right one is not measured by it.
        let mark = self.diagnostics.len();
        let (first, ty) = self.infer(scope, left);
        if !joins(self, &ty) {
            let shown = self.show(scope, &ty);
            self.report(
                mismatch::mismatch(left.span, "Str", &shown).hint("`++` joins two texts or two lists"),
            );
            self.infer(scope, right);
            return self.error(span);
        }
        let (left, right, ty) = match &*self.erase(&ty) {
            Value::Flex(..) => {
                self.diagnostics.truncate(mark);
                self.operands(scope, left, right)
            }
            _ => {
                let ty = self.stripped(&ty);
                (first, self.check(scope, right, &ty), ty)
            }
        };
        let erased = self.erase(&ty);
        if let Value::Prim(PrimType::Str) = &*erased {
            return (Term::new(span, TermKind::Op(Op::StrAppend, vec![left, right])), erased);
        }
        let element = self.fresh(scope, span, "what the lists hold");
        let list = self.list_of(self.eval(&scope.env, &element));
        if self.unify(scope.level(), &list, &erased).is_err() {
            return self.error(span);
        }
        let Some(id) = self.builtin("append") else { return self.error(span) };
        let args = [Arg::implicit(element), Arg::explicit(left), Arg::explicit(right)];
        (Term::new(span, TermKind::Global(id)).apply(span, args), list)
    }

    /// The variable of a `let`, and how to finish the term once the body is known.
    fn let_binding(
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
                let term = self.quote(scope.level(), &ty);
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

    fn check_lambda(
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
        let codomain = self.enter(codomain, super::value::rigid(scope.level()));
        let body = self.check_lambda(&inner, span, rest, body, &codomain);
        Term::new(span, TermKind::Lam(Icit::Explicit, name, self.quote(scope.level(), &domain), body))
    }

    fn infer_lambda(&mut self, scope: &Scope, span: Span, params: &[Param], body: &Expr) -> (Term, V) {
        let Some((param, rest)) = params.split_first() else { return self.infer(scope, body) };
        let domain = match &param.ty {
            Some(ty) => self.ty(scope, ty),
            None => self.fresh(scope, param.name.span, format!("the type of `{}`", param.name.name)),
        };
        let name: Name = param.name.name.as_str().into();
        let inner = scope.bind(&name, self.eval(&scope.env, &domain));
        let (body, result) = self.infer_lambda(&inner, span, rest, body);
        let codomain = self.quote(inner.level(), &result);
        let ty = TermKind::Pi(Icit::Explicit, name.clone(), domain.clone(), codomain).into_term();
        (Term::new(span, TermKind::Lam(Icit::Explicit, name, domain, body)), self.eval(&scope.env, &ty))
    }

    fn quantified(
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
    fn bounded(
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

    fn match_term(
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
        let arms = arms
            .iter()
            .map(|arm| {
                let (pattern, inner) = self.pattern(scope, &arm.pattern, &ty);
                Arm { pattern, body: self.check(&inner, &arm.body, expected) }
            })
            .collect();
        Term::new(span, TermKind::Match(scrutinee, self.quote(scope.level(), &ty), arms))
    }

    /// A hole in a term or a type. A declared one is closed; another one is over the whole scope of its place.
    pub(super) fn hole(&mut self, scope: &Scope, span: Span, name: &str, expected: Option<&V>) -> (Term, V) {
        let known = self.hole_names.get(name).copied();
        if let Some(id) = known {
            let (declared, first) = self
                .holes
                .get(id.0 as usize)
                .map(|hole| (hole.declared.is_some(), hole.uses.first().copied()))
                .unwrap_or((true, None));
            let same_scope = self.holes.get(id.0 as usize).is_some_and(|hole| {
                hole.context.is_empty() && scope.level() == 0
                    || hole.owner == self.current
                        && hole.context.len() == scope.level()
                        && hole.context.iter().zip(&scope.vars).all(|((a, _), (b, _))| a == b)
            });
            if !declared && !same_scope {
                self.report(mismatch::hole_in_two_places(span, first.unwrap_or(span), name));
                return self.error(span);
            }
            let ty = self.hole_types.get(id.0 as usize).cloned().unwrap_or_else(|| Rc::new(Value::Error));
            if let Some(hole) = self.holes.get_mut(id.0 as usize) {
                if !hole.uses.contains(&span) {
                    hole.uses.push(span);
                }
                hole.owner = hole.owner.or(self.current);
            }
            if let Some(expected) = expected
                && !self.agree(scope, span, expected, &ty)
            {
                return self.error(span);
            }
            return (Term::new(span, TermKind::Hole(id)), ty);
        }
        let ty = match expected {
            Some(expected) => expected.clone(),
            None => self.fresh_type(scope, span, format!("the type of `?{name}`")),
        };
        let context = (0..scope.level())
            .filter_map(|level| scope.vars.get(level).map(|(name, ty)| (name.clone(), self.quote(level, ty))))
            .collect();
        let kind = if matches!(&*self.force(&ty), Value::Universe) { HoleKind::Type } else { HoleKind::Term };
        let id = self.new_hole(
            HoleInfo {
                name: name.into(),
                kind,
                context,
                ty: self.quote(scope.level(), &ty),
                default: None,
                because: None,
                hint: None,
                answers: Vec::new(),
                links: Vec::new(),
                owner: self.current,
                demands: Vec::new(),
                declared: None,
                uses: vec![span],
            },
            ty.clone(),
        );
        (Term::new(span, TermKind::Hole(id)), ty)
    }

    pub(super) fn new_hole(&mut self, hole: HoleInfo, ty: V) -> HoleId {
        let id = HoleId(self.holes.len() as u32);
        self.hole_names.insert(hole.name.clone(), id);
        self.holes.push(hole);
        self.hole_types.push(ty);
        id
    }
}
