//! Bidirectional checking of terms.
//!
//! `infer` finds a type, `check` is given one. Both return a term whatever happens: what makes no sense becomes
//! [`TermKind::Error`], which agrees with every type, so each mistake is reported once.

mod binders;
mod calls;
mod operators;

use super::elaborator::{Elaborator, Equations, Scope, Slot};
use super::unify::{Mismatch, Problem};
use super::value::{Const, Spine, V, Value, prim};
use super::{mismatch, suggest};
use crate::ir::{
    Arg, DeclId, DeclKind, Float, HoleId, HoleInfo, INDICES, Icit, Literal, Name, Op, PrimType, Rational,
    Term, TermKind,
};
use crate::syntax::span::Span;
use crate::syntax::tree::{Expr, ExprKind, HoleKind, Ident};
use std::rc::Rc;

/// List literals become chains of constructors while the chains inside each other are no longer than this together,
/// so that a term is never deeper than its text by more. Others stay flat, as [`TermKind::List`].
const LONGEST_CHAIN: usize = 64;

/// A term that owes an equation between indices; see [`INDICES`].
fn owing(span: Span, equation: Term, term: Term) -> Term {
    let unit = TermKind::Prim(PrimType::Unit).into_term();
    let ty = Term::new(span, TermKind::Refine("_".into(), unit, equation.shift(1)));
    let nothing = Term::new(span, TermKind::Lit(Literal::Unit));
    Term::new(span, TermKind::Let(INDICES.into(), ty, nothing, term.shift(1)))
}

impl Elaborator {
    /// `List element`.
    pub(super) fn list_of(&self, element: V) -> V {
        match self.builtin("List") {
            Some(id) => Rc::new(Value::Const(Const::Data(id), Spine::one(Icit::Explicit, element))),
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
        if let Some(record) = &mut self.record {
            record.compares(scope, span, expected, found);
        }
        self.at = Some(span);
        let settled = self.settle(Problem::new(scope.level(), expected, found));
        self.at = None;
        match settled {
            Ok(left) => {
                if !left.is_empty() {
                    self.wait(scope, span, left);
                }
                self.wake();
                true
            }
            Err(reason) => {
                if let Some(record) = &mut self.record {
                    record.disagreed();
                }
                self.disagree(scope, span, expected, found, reason);
                false
            }
        }
    }

    /// Says why two types do not agree.
    pub(super) fn disagree(&mut self, scope: &Scope, span: Span, expected: &V, found: &V, reason: Mismatch) {
        if reason == Mismatch::TooLarge {
            return self.too_large(span);
        }
        let expected = self.show(scope, expected);
        let found = self.show(scope, found);
        let finding = match reason {
            Mismatch::Occurs => mismatch::endless_type(span, &found),
            Mismatch::Ambiguous | Mismatch::Escapes if expected == found => {
                mismatch::undecided(span, "a type")
            }
            Mismatch::Sort => mismatch::mismatch(span, &expected, &found)
                .hint("what is worked out here is a type of values, such as `Int`: `Type` itself is not one"),
            _ => mismatch::mismatch(span, &expected, &found),
        };
        self.report(finding);
    }

    /// ```text
    ///   Γ ⊢ e ⇐ A
    /// ```
    pub(super) fn check(&mut self, scope: &Scope, expr: &Expr, expected: &V) -> Term {
        let span = expr.span;
        if let Some(term) = self.check_implicit(scope, expr, expected) {
            return term;
        }
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
            ExprKind::HoleHere(hole) => self.hole_here(scope, span, hole, Some(expected)).0,
            ExprKind::Infer => self.fresh_argument(scope, span, "what stands here", expected),
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
        let mark = self.diagnostics.len();
        let (term, found) = match &expr.kind {
            // A constructor without fields, or a generic function passed on: its unknowns come from `expected`.
            ExprKind::Name(name) if !self.is_type_as_term(scope, expr) => self.name(scope, expr.span, name),
            ExprKind::Call(head, args) => self.call(scope, expr.span, head, args, Some(expected)),
            _ => self.infer(scope, expr),
        };
        let (term, found) = self.insert_implicit(scope, term, found);
        self.concluded(scope, expr, term, &found, expected, mark)
    }

    /// A term whose type was found must have the expected one; `mark` is where its own findings begin.
    fn concluded(
        &mut self,
        scope: &Scope,
        expr: &Expr,
        term: Term,
        found: &V,
        expected: &V,
        mark: usize,
    ) -> Term {
        // Of what is wrong inside, the whole follows: that alone is said.
        let (agreed, owed) = match self.diagnostics.len() > mark {
            true => (self.unify(scope.level(), expected, found).is_ok(), Vec::new()),
            false => {
                self.equations = Some(Equations { level: scope.level(), found: Vec::new() });
                let agreed = self.agree(scope, expr.span, expected, found);
                (agreed, self.equations.take().map_or_else(Vec::new, |equations| equations.found))
            }
        };
        if !agreed {
            return Term::new(expr.span, TermKind::Error);
        }
        owed.into_iter().fold(term, |term, (ty, left, right)| {
            let sides = [left, right].map(|side| self.reify(scope.level(), &side));
            let ty = TermKind::Prim(ty).into_term();
            let equation = TermKind::Op(Op::Eq, std::iter::once(ty).chain(sides).collect());
            owing(expr.span, Term::new(expr.span, equation), term)
        })
    }

    /// ```text
    ///   Γ ⊢ e ⇒ A
    /// ```
    ///
    /// Only a way to the rules, so that its frame is small: every level of a term passes through here.
    pub(super) fn infer(&mut self, scope: &Scope, expr: &Expr) -> (Term, V) {
        let span = expr.span;
        if self.is_type_as_term(scope, expr) {
            return (self.ty(scope, expr), Rc::new(Value::Universe));
        }
        match &expr.kind {
            ExprKind::Int(value) => self.literal(span, Literal::Int(value.clone()), PrimType::Int),
            ExprKind::Str(text) => self.literal(span, Literal::Str(text.as_str().into()), PrimType::Str),
            ExprKind::Bool(value) => self.literal(span, Literal::Bool(*value), PrimType::Bool),
            ExprKind::Unit => self.literal(span, Literal::Unit, PrimType::Unit),
            ExprKind::Name(name) => self.variable(scope, span, name),
            ExprKind::Call(head, args) => self.call(scope, span, head, args, None),
            ExprKind::Hole(name) => self.hole(scope, span, name, None),
            ExprKind::HoleHere(hole) => self.hole_here(scope, span, hole, None),
            ExprKind::Infer => self.anything(scope, span),
            ExprKind::Tuple(items) => self.tuple(scope, span, items),
            ExprKind::List(items) => self.infer_list(scope, span, items),
            ExprKind::Record(name, fields) => self.record(scope, span, name, fields),
            ExprKind::Field(value, field) => self.field(scope, span, value, field),
            ExprKind::Index(value, index) => self.index(scope, span, value, index),
            ExprKind::Unary(op, value) => self.unary(scope, span, *op, value),
            ExprKind::Binary(op, left, right) => self.joined(scope, span, *op, left, right),
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
            ExprKind::Refine(..)
            | ExprKind::Arrow(..)
            | ExprKind::Product(_)
            | ExprKind::Eff(..)
            | ExprKind::TypeApp(..) => {
                self.report(mismatch::not_a_term(span, "a type"));
                self.error(span)
            }
            ExprKind::Decimal(written) => self.decimal(span, written),
            ExprKind::Error => self.error(span),
        }
    }

    fn literal(&self, span: Span, literal: Literal, ty: PrimType) -> (Term, V) {
        (Term::new(span, TermKind::Lit(literal)), prim(ty))
    }

    /// `1.5` is a fraction, `1.5f` a floating-point number, wherever they stand.
    fn decimal(&self, span: Span, written: &str) -> (Term, V) {
        let read = match written.strip_suffix('f') {
            Some(digits) => Float::read(digits).map(|number| (Literal::Float(number), PrimType::Float)),
            None => Rational::read(written).map(|number| (Literal::Real(number.into()), PrimType::Real)),
        };
        match read {
            Some((literal, ty)) => self.literal(span, literal, ty),
            None => self.error(span),
        }
    }

    fn variable(&mut self, scope: &Scope, span: Span, name: &str) -> (Term, V) {
        let (term, ty) = self.name(scope, span, name);
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

    /// An `if` or `match` of which nobody says what it should be.
    fn choice(&mut self, scope: &Scope, expr: &Expr) -> (Term, V) {
        let ty = self.fresh_type(scope, expr.span, "the type of this choice");
        (self.check(scope, expr, &ty), ty)
    }

    /// `(e : T)` is kept as `let it: T = e in it`, so that a refinement in `T` is owed.
    fn ascription(&mut self, scope: &Scope, span: Span, value: &Expr, ty: &Expr) -> (Term, V) {
        let ty_term = self.ty(scope, ty);
        let ty = self.eval(&scope.env, &ty_term);
        let value = self.check(scope, value, &ty);
        let it = Term::new(span, TermKind::Var(0));
        (Term::new(span, TermKind::Let("it".into(), ty_term, value, it)), ty)
    }

    /// A name in a term: variable, definition, constructor. Implicit arguments are not inserted yet.
    fn name(&mut self, scope: &Scope, span: Span, name: &str) -> (Term, V) {
        if let Some((index, ty)) = scope.find(name) {
            return (Term::new(span, TermKind::Var(index)), ty);
        }
        if let Some((id, index)) = self.ctors.get(name).copied()
            && let Some(ty) = self.ctor_type(id, index)
        {
            return (Term::new(span, TermKind::Con(id, index)), ty);
        }
        if matches!(name, "Int" | "Real" | "Float" | "Bool" | "Str" | "Unit" | "Type" | "Eff") {
            self.report(mismatch::not_a_term(span, &format!("the type `{name}`")));
            return self.error(span);
        }
        let Some(id) = self.names.get(name).copied() else {
            if let Some(open) = self.open_name(span, name, HoleKind::Term) {
                return open;
            }
            if self.is_missing(name) {
                return self.error(span);
            }
            self.report(self.unknown_value(scope, span, name));
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
        let ty = self.reify(scope.level(), &self.stripped(&element));
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
            let missing = entity.is_none() && self.is_missing(&name.name);
            if !missing && entity.is_none_or(|id| self.kind(id).is_some()) {
                self.report(self.unknown_entity(name));
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
        let mut misspelt: Vec<String> = Vec::new();
        for (position, (field, value)) in fields.iter().enumerate() {
            let earlier = fields.iter().take(position).any(|(other, _)| other.name == field.name);
            let known = names.iter().any(|n| **n == *field.name);
            if earlier {
                self.report(mismatch::duplicate_binder(field.span, &field.name, "record"));
            } else if !known {
                let all: Vec<&str> = names.iter().map(|n| &**n).collect();
                let close = suggest::closest(&field.name, all.iter().copied()).map(str::to_owned);
                self.report(mismatch::no_field(field.span, &name.name, &field.name, close.as_deref(), &all));
                misspelt.extend(close);
                self.infer(scope, value);
            }
        }
        let missing: Vec<&str> = names
            .iter()
            .map(|n| &**n)
            .filter(|n| !fields.iter().any(|(field, _)| field.name == *n))
            .filter(|n| !misspelt.iter().any(|meant| meant == n))
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
        // What another document declares.
        if let ExprKind::Name(document) = &value.kind
            && scope.find(document).is_none()
            && self.documents.contains(document.as_str())
        {
            return self.variable(scope, span, &format!("{document}.{}", field.name));
        }
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
            let finding = mismatch::no_field(field.span, &shown, &field.name, None, &[]);
            let is_definition = self.names.contains_key(field.name.as_str());
            self.report(match is_definition {
                true => finding.hint(format!("`{0}` is a function: write `{0}(x)`", field.name)),
                false => finding,
            });
            return self.error(span);
        };
        let fields = data.ctors.first().map(|ctor| ctor.fields.as_slice()).unwrap_or_default();
        let position = fields.iter().position(|(name, _)| name.as_deref() == Some(field.name.as_str()));
        let Some(position) = position else {
            let names: Vec<&str> = fields.iter().filter_map(|(name, _)| name.as_deref()).collect();
            let close = suggest::closest(&field.name, names.iter().copied()).map(str::to_owned);
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
        if let Value::Const(Const::Data(id), _) = &*self.erase(&ty)
            && matches!(self.kind(*id), Some(DeclKind::Data(data)) if data.entity)
        {
            let shown = self.show(scope, &ty);
            self.report(mismatch::mismatch(value.span, "List _", &shown).hint("a field is written `p.name`"));
            self.infer(scope, index);
            return self.error(span);
        }
        let index = self.check(scope, index, &prim(PrimType::Int));
        if let Value::Prim(PrimType::Str) = &*self.erase(&ty) {
            return (Term::new(span, TermKind::Op(Op::StrAt, vec![term, index])), prim(PrimType::Str));
        }
        if self.is_bytes(&ty)
            && let Some(listing) = self.builtin("byte_list")
        {
            // `b[i]` is the number at that place of the list of its bytes.
            let list =
                Term::new(term.span, TermKind::Global(listing)).apply(term.span, [Arg::explicit(term)]);
            let int = TermKind::Prim(PrimType::Int).into_term();
            let at = TermKind::Op(Op::ListAt, vec![int, list, index]);
            return (Term::new(span, at), prim(PrimType::Int));
        }
        let element = self.fresh_type(scope, span, "what the list holds");
        let list = self.list_of(element.clone());
        if !self.agree(scope, value.span, &list, &ty) {
            return self.error(span);
        }
        let element_term = self.reify(scope.level(), &element);
        (Term::new(span, TermKind::Op(Op::ListAt, vec![element_term, term, index])), element)
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
            let same_scope = self.holes.get(id.0 as usize).is_some_and(|hole| self.sees(scope, hole));
            if !declared && !same_scope {
                let is_type = matches!(expected.map(|it| self.force(it)).as_deref(), Some(Value::Universe));
                let kind = if is_type { HoleKind::Type } else { HoleKind::Term };
                self.report(mismatch::hole_in_two_places(span, first.unwrap_or(span), name, kind));
                return self.error(span);
            }
            if let Some(kind) = self.holes.get(id.0 as usize).filter(|_| declared).map(|hole| hole.kind)
                && !self.kind_fits(kind, expected)
            {
                self.report(mismatch::hole_kind(span, name, kind));
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
            .filter_map(|level| scope.vars.get(level).map(|(name, ty)| (name.clone(), self.reify(level, ty))))
            .collect();
        let kind = if matches!(&*self.force(&ty), Value::Universe) { HoleKind::Type } else { HoleKind::Term };
        let id = self.new_hole(
            HoleInfo {
                name: name.into(),
                kind,
                context,
                ty: self.reify(scope.level(), &ty),
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

    /// Whether a hole that stands elsewhere may stand here too: it is one value of what is visible there. A type is
    /// the same where more is visible, so that the types of a signature, each of which sees what comes before it, can
    /// share one.
    fn sees(&self, scope: &Scope, hole: &HoleInfo) -> bool {
        let (there, here) = (hole.context.len(), scope.level());
        let is_type = matches!(hole.kind, HoleKind::Type | HoleKind::Entity);
        let same = there == here || is_type && there <= here;
        let mut names = hole.context.iter().zip(&scope.vars);
        same && (there == 0 || hole.owner == self.current && names.all(|((a, _), (b, _))| a == b))
    }

    pub(super) fn new_hole(&mut self, hole: HoleInfo, ty: V) -> HoleId {
        let id = HoleId(self.holes.len() as u32);
        self.hole_names.insert(hole.name.clone(), id);
        self.holes.push(hole);
        self.hole_types.push(ty);
        id
    }
}
