//! Patterns: checked against the type of what they match, they extend the scope.

use super::elaborator::{Elaborator, Scope};
use super::mismatch;
use super::value::{Const, Spine, V, Value, prim};
use crate::ir::{Icit, Literal, Name, Pattern, PatternKind, PrimType, TermKind};
use crate::syntax::span::Span;
use crate::syntax::tree;
use std::rc::Rc;

impl Elaborator {
    /// The checked pattern and the scope of its arm.
    pub(super) fn pattern(&mut self, scope: &Scope, pattern: &tree::Pattern, ty: &V) -> (Pattern, Scope) {
        let mut inner = scope.clone();
        let checked = self.pattern_in(&mut inner, scope.level(), pattern, ty);
        (checked, inner)
    }

    fn pattern_in(&mut self, scope: &mut Scope, outer: usize, pattern: &tree::Pattern, ty: &V) -> Pattern {
        let span = pattern.span;
        let wildcard = Pattern { span, kind: PatternKind::Wildcard };
        let kind = match &pattern.kind {
            tree::PatternKind::Wildcard | tree::PatternKind::Error => PatternKind::Wildcard,
            tree::PatternKind::Var(name) => {
                if scope.vars.iter().skip(outer).any(|(other, _)| **other == **name) {
                    self.report(mismatch::duplicate_binder(span, name, "pattern"));
                }
                let name: Name = name.as_str().into();
                let ty_term = self.reify(scope.level(), ty);
                *scope = scope.bind(&name, ty.clone());
                PatternKind::Var(name, ty_term)
            }
            tree::PatternKind::Int(value) => {
                let literal = Literal::Int(value.clone());
                return self.literal_pattern(scope, span, literal, PrimType::Int, "a number", ty);
            }
            tree::PatternKind::Str(text) => {
                let literal = Literal::Str(text.as_str().into());
                return self.literal_pattern(scope, span, literal, PrimType::Str, "a text", ty);
            }
            tree::PatternKind::Bool(value) => {
                return self.literal_pattern(
                    scope,
                    span,
                    Literal::Bool(*value),
                    PrimType::Bool,
                    "a boolean",
                    ty,
                );
            }
            tree::PatternKind::Unit => {
                return self.literal_pattern(scope, span, Literal::Unit, PrimType::Unit, "`()`", ty);
            }
            tree::PatternKind::Tuple(items) => {
                let mut erased = self.erase(ty);
                if matches!(&*erased, Value::Flex(..)) {
                    let types =
                        items.iter().map(|item| self.fresh_type(scope, item.span, "a type")).collect();
                    let product = Rc::new(Value::Product(types));
                    let _ = self.unify(scope.level(), &erased, &product);
                    erased = product;
                }
                match &*erased {
                    Value::Product(types) if types.len() == items.len() => PatternKind::Tuple(
                        items
                            .iter()
                            .zip(types)
                            .map(|(item, ty)| self.pattern_in(scope, outer, item, ty))
                            .collect(),
                    ),
                    _ => {
                        self.impossible(scope, span, "a tuple of this size", ty);
                        self.bind_rest(scope, outer, items);
                        return wildcard;
                    }
                }
            }
            tree::PatternKind::List(items) => {
                let end = Span::new(span.end.saturating_sub(1), span.end);
                let nil = tree::Pattern {
                    span: if items.is_empty() { span } else { end },
                    kind: tree::PatternKind::Ctor(tree::Ident { name: "Nil".into(), span }, Vec::new()),
                };
                let chain = items.iter().rev().fold(nil, |tail, head| tree::Pattern {
                    span: head.span.to(span),
                    kind: tree::PatternKind::Cons(Box::new(head.clone()), Box::new(tail)),
                });
                return Pattern { span, ..self.pattern_in(scope, outer, &chain, ty) };
            }
            tree::PatternKind::Cons(head, tail) => {
                let ctor = tree::Ident { name: "Cons".into(), span };
                return self.ctor_pattern(
                    scope,
                    outer,
                    span,
                    &ctor,
                    &[(**head).clone(), (**tail).clone()],
                    ty,
                );
            }
            tree::PatternKind::Ctor(name, fields) => {
                return self.ctor_pattern(scope, outer, span, name, fields, ty);
            }
        };
        Pattern { span, kind }
    }

    fn literal_pattern(
        &mut self,
        scope: &Scope,
        span: Span,
        literal: Literal,
        of: PrimType,
        what: &str,
        ty: &V,
    ) -> Pattern {
        if self.unify(scope.level(), ty, &prim(of)).is_err() {
            self.impossible(scope, span, what, ty);
            return Pattern { span, kind: PatternKind::Wildcard };
        }
        Pattern { span, kind: PatternKind::Lit(literal) }
    }

    fn ctor_pattern(
        &mut self,
        scope: &mut Scope,
        outer: usize,
        span: Span,
        name: &tree::Ident,
        fields: &[tree::Pattern],
        ty: &V,
    ) -> Pattern {
        let wildcard = Pattern { span, kind: PatternKind::Wildcard };
        let found = self.ctors.get(name.name.as_str()).copied();
        let Some((id, index)) = found else {
            if self.is_missing(&name.name) {
                self.bind_rest(scope, outer, fields);
                return wildcard;
            }
            self.report(self.unknown_constructor(name, ty));
            self.bind_rest(scope, outer, fields);
            return wildcard;
        };
        let Some(ctor_type) = self.ctor_type(id, index) else {
            self.bind_rest(scope, outer, fields);
            return wildcard;
        };
        let takes = self.ctor(id, index).map_or(0, |ctor| ctor.fields.len());
        if takes != fields.len() {
            let names = self.field_names(id, index);
            self.report(mismatch::wrong_count(span, &name.name, takes, fields.len(), &names));
            self.bind_rest(scope, outer, fields);
            return wildcard;
        }
        // The parameters of the data type come from the type that is matched.
        let erased = self.erase(ty);
        let params = match &*erased {
            Value::Const(Const::Data(other), args) if *other == id => args.clone(),
            Value::Error => Spine::Empty,
            Value::Flex(..) | Value::Const(Const::Hole(_), _) => {
                let (head, whole) =
                    self.insert_implicit(scope, TermKind::Con(id, index).into_term(), ctor_type.clone());
                let mut result = whole;
                for _ in 0..takes {
                    let forced = self.erase(&result);
                    let Value::Pi(_, _, _, codomain) = &*forced else { break };
                    result = self.enter(codomain, Rc::new(Value::Error));
                }
                let _ = self.unify(scope.level(), &erased, &result);
                let args =
                    head.spine().1.iter().map(|arg| (Icit::Explicit, self.eval(&scope.env, &arg.term)));
                args.collect()
            }
            _ => {
                self.impossible(scope, span, &format!("`{}`", name.name), ty);
                self.bind_rest(scope, outer, fields);
                return wildcard;
            }
        };
        let mut rest = ctor_type;
        for (_, param) in params.iter() {
            let forced = self.erase(&rest);
            let Value::Pi(Icit::Implicit, _, _, codomain) = &*forced else { break };
            rest = self.enter(codomain, param.clone());
        }
        let mut checked = Vec::new();
        for field in fields {
            let forced = self.erase(&rest);
            let Value::Pi(_, _, domain, codomain) = &*forced else {
                checked.push(self.pattern_in(scope, outer, field, &Rc::new(Value::Error)));
                continue;
            };
            let before = scope.level();
            checked.push(self.pattern_in(scope, outer, field, domain));
            // A later field's type may mention this one when it was given a name.
            let value = match scope.level() == before + 1 && matches!(field.kind, tree::PatternKind::Var(_)) {
                true => super::value::rigid(before),
                false => Rc::new(Value::Error),
            };
            rest = self.enter(codomain, value);
        }
        Pattern { span, kind: PatternKind::Con(id, index, checked) }
    }

    fn impossible(&mut self, scope: &Scope, span: Span, what: &str, ty: &V) {
        if !matches!(&*self.erase(ty), Value::Error) {
            let shown = self.show(scope, ty);
            let finding = mismatch::pattern_type(span, what, &shown);
            let made_by = self.made_by(ty).filter(|_| what.starts_with('`'));
            self.report(match made_by {
                Some(names) => finding.hint(format!("what is matched here is made by {names}")),
                None => finding,
            });
        }
    }

    /// Brings the variables of broken patterns into scope, so that the arm is still checked.
    fn bind_rest(&mut self, scope: &mut Scope, outer: usize, patterns: &[tree::Pattern]) {
        for pattern in patterns {
            self.pattern_in(scope, outer, pattern, &Rc::new(Value::Error));
        }
    }
}
