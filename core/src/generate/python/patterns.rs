//! Patterns: as Python's own, as assignments, and whether some of them cover every value.

use super::lower::{Beyond, Lowered, Lowerer, Slot};
use super::outline::{OptionStyle, Shape};
use super::syntax::{Block, Expr, Pattern, Stmt};
use crate::eval::value::{CONS, SOME};
use crate::ir::Pattern as IrPattern;
use crate::ir::{Arm, Literal, PatternKind, Term, TermKind};
use std::cell::Cell;

/// What the pattern of an arm binds so far.
pub(super) struct Bound {
    pub names: Vec<Expr>,
    pub guards: Vec<Expr>,
}

impl Lowerer<'_> {
    pub(super) fn is_irrefutable(&self, pattern: &IrPattern) -> bool {
        match &pattern.kind {
            PatternKind::Wildcard | PatternKind::Var(..) => true,
            PatternKind::Lit(literal) => *literal == Literal::Unit,
            PatternKind::Tuple(items) => items.iter().all(|item| self.is_irrefutable(item)),
            PatternKind::Con(decl, _, fields) => {
                let single = self.outline.program.data(*decl).is_some_and(|data| data.ctors.len() == 1);
                single && fields.iter().all(|field| self.is_irrefutable(field))
            }
        }
    }

    /// Binds the variables of an irrefutable pattern, left to right.
    pub(super) fn take_apart(
        &mut self,
        pattern: &IrPattern,
        value: Expr,
        body: &Term,
        out: &mut Block,
    ) -> Vec<Slot> {
        let mut left = pattern.binders();
        self.take_apart_inner(pattern, value, body, &mut left, out)
    }

    pub(super) fn take_apart_inner(
        &mut self,
        pattern: &IrPattern,
        value: Expr,
        body: &Term,
        left: &mut usize,
        out: &mut Block,
    ) -> Vec<Slot> {
        match &pattern.kind {
            PatternKind::Wildcard | PatternKind::Lit(_) => Vec::new(),
            PatternKind::Var(name, _) => {
                *left -= 1;
                vec![Slot::Value(self.atom(value, name, out))]
            }
            PatternKind::Tuple(items) => {
                let simple =
                    |item: &IrPattern| matches!(item.kind, PatternKind::Var(..) | PatternKind::Wildcard);
                if items.iter().all(simple) {
                    let mut slots = Vec::new();
                    let mut targets = Vec::new();
                    for item in items {
                        match &item.kind {
                            PatternKind::Var(name, _) => {
                                *left -= 1;
                                let name = if mentions(body, *left) {
                                    Expr::Name(self.locals.fresh(name))
                                } else {
                                    Expr::name("_")
                                };
                                slots.push(Slot::Value(name.clone()));
                                targets.push(name);
                            }
                            _ => targets.push(Expr::name("_")),
                        }
                    }
                    if targets.iter().any(|target| *target != Expr::name("_")) {
                        out.push(Stmt::Assign(Expr::Tuple(targets), value));
                    }
                    return slots;
                }
                let value = self.atom(value, "pair", out);
                let parts = items.iter().enumerate();
                parts
                    .flat_map(|(position, item)| {
                        let part = value.clone().index(Expr::int(position));
                        self.take_apart_inner(item, part, body, left, out)
                    })
                    .collect()
            }
            PatternKind::Con(decl, ctor, fields) => {
                let names = self.outline.classes.get(decl).and_then(|class| class.ctors.get(*ctor));
                let names = names.map(|ctor| ctor.fields.clone()).unwrap_or_default();
                let value = self.atom(value, "item", out);
                let parts = fields.iter().zip(names);
                parts
                    .flat_map(|(field, name)| {
                        let part = value.clone().attribute(&name);
                        self.take_apart_inner(field, part, body, left, out)
                    })
                    .collect()
            }
        }
    }

    /// A pattern with the variables it binds. `left` counts the variables from here on: the next one is variable
    /// `left - 1` of the body.
    pub(super) fn pattern(
        &mut self,
        pattern: &IrPattern,
        body: &Term,
        left: usize,
        bound: &mut Bound,
    ) -> Lowered<Pattern> {
        let program = self.outline.program;
        match &pattern.kind {
            PatternKind::Wildcard => Ok(Pattern::Wildcard),
            PatternKind::Lit(Literal::Unit) => Ok(Pattern::Wildcard),
            PatternKind::Lit(Literal::Int(n)) => Ok(Pattern::Value(Expr::Int(n.clone()))),
            PatternKind::Lit(Literal::Bool(b)) => Ok(Pattern::Value(Expr::Bool(*b))),
            PatternKind::Lit(Literal::Real(_) | Literal::Float(_)) => {
                Err(Beyond("no pattern is a number that is not whole".to_owned()))
            }
            PatternKind::Lit(Literal::Str(s)) => Ok(Pattern::Value(Expr::Str(s.to_string()))),
            PatternKind::Var(name, _) => {
                let index = left - bound.names.len() - 1;
                if mentions(body, index) {
                    let name = self.locals.fresh(name);
                    bound.names.push(Expr::name(name.clone()));
                    Ok(Pattern::Capture(name))
                } else {
                    bound.names.push(Expr::None);
                    Ok(Pattern::Wildcard)
                }
            }
            PatternKind::Tuple(items) => {
                let items: Lowered<Vec<_>> =
                    items.iter().map(|item| self.pattern(item, body, left, bound)).collect();
                Ok(Pattern::Tuple(items?))
            }
            PatternKind::Con(decl, ctor, fields) if Some(*decl) == program.list() => {
                let mut items = Vec::new();
                let (mut ctor, mut fields) = (*ctor, fields.as_slice());
                loop {
                    let (CONS, [head, tail]) = (ctor, fields) else { return Ok(Pattern::List(items)) };
                    items.push(self.pattern(head, body, left, bound)?);
                    match &tail.kind {
                        PatternKind::Con(_, next, more) => (ctor, fields) = (*next, more.as_slice()),
                        _ => {
                            let rest = match self.pattern(tail, body, left, bound)? {
                                Pattern::Capture(name) => Some(name),
                                _ => None,
                            };
                            items.push(Pattern::Star(rest));
                            return Ok(Pattern::List(items));
                        }
                    }
                }
            }
            PatternKind::Con(decl, ctor, fields) if Some(*decl) == program.option() => {
                let (SOME, [field]) = (*ctor, fields.as_slice()) else {
                    return Ok(Pattern::Value(Expr::None));
                };
                let inner = self.pattern(field, body, left, bound)?;
                match (self.outline.option_style, inner) {
                    (OptionStyle::Boxed, inner) => {
                        Ok(Pattern::Class("Some".to_owned(), vec![inner], Vec::new()))
                    }
                    (OptionStyle::Bare, Pattern::Wildcard) => {
                        let name = self.locals.fresh("found");
                        bound.guards.push(Expr::name(name.clone()).present());
                        Ok(Pattern::Capture(name))
                    }
                    (OptionStyle::Bare, Pattern::Capture(name)) => {
                        bound.guards.push(Expr::name(name.clone()).present());
                        Ok(Pattern::Capture(name))
                    }
                    // These match no `None`.
                    (OptionStyle::Bare, inner) => Ok(inner),
                }
            }
            PatternKind::Con(decl, ctor, fields) => {
                let class = self.outline.classes.get(decl);
                let class = class.ok_or_else(|| Beyond("its type is left out".to_owned()))?;
                let shape = class.shape;
                let type_name = class.name.clone();
                let Some(constructor) = class.ctors.get(*ctor).cloned() else {
                    return Err(Beyond("no such constructor".to_owned()));
                };
                let fields: Lowered<Vec<_>> =
                    fields.iter().map(|field| self.pattern(field, body, left, bound)).collect();
                let fields = fields?;
                Ok(match shape {
                    Shape::Enumeration => Pattern::Value(Expr::name(type_name).attribute(&constructor.name)),
                    Shape::Entity => {
                        let named = constructor.fields.into_iter().zip(fields);
                        let named = named.filter(|(_, pattern)| *pattern != Pattern::Wildcard).collect();
                        Pattern::Class(constructor.name, Vec::new(), named)
                    }
                    Shape::Sum if fields.iter().all(|field| *field == Pattern::Wildcard) => {
                        Pattern::Class(constructor.name, Vec::new(), Vec::new())
                    }
                    Shape::Sum => Pattern::Class(constructor.name, fields, Vec::new()),
                })
            }
        }
    }

    /// Whether the arms match every value.
    pub(super) fn covers(&self, arms: &[Arm]) -> bool {
        let rows = arms.iter().map(|arm| vec![&arm.pattern]).collect();
        self.rows_cover(rows, 1, &Cell::new(10_000))
    }

    /// Maranget's test for exhaustiveness: columns are values, rows are patterns for all of them. Gives up (with
    /// "no") when it takes too long.
    fn rows_cover(&self, rows: Vec<Vec<&IrPattern>>, columns: usize, fuel: &Cell<usize>) -> bool {
        let Some(left) = fuel.get().checked_sub(1) else { return false };
        fuel.set(left);
        if columns == 0 {
            return !rows.is_empty();
        }
        let any = |pattern: &IrPattern| matches!(pattern.kind, PatternKind::Wildcard | PatternKind::Var(..));
        let firsts: Vec<&IrPattern> = rows.iter().filter_map(|row| row.last().copied()).collect();
        let first = firsts.iter().find(|pattern| !any(pattern));
        // What the first column can be: constructor number and arity, for each of them.
        let heads: Option<Vec<(usize, usize)>> = match first.map(|pattern| &pattern.kind) {
            None => None,
            Some(PatternKind::Con(decl, ..)) => self.outline.program.data(*decl).map(|data| {
                data.ctors.iter().enumerate().map(|(ctor, shape)| (ctor, shape.fields.len())).collect()
            }),
            Some(PatternKind::Tuple(items)) => Some(vec![(0, items.len())]),
            Some(PatternKind::Lit(Literal::Bool(_))) => Some(vec![(0, 0), (1, 0)]),
            Some(PatternKind::Lit(Literal::Unit)) => Some(vec![(0, 0)]),
            Some(_) => None,
        };
        let Some(heads) = heads else {
            let rest = rows.into_iter().filter(|row| row.last().is_some_and(|pattern| any(pattern)));
            let rest = rest.map(|mut row| {
                row.pop();
                row
            });
            return self.rows_cover(rest.collect(), columns - 1, fuel);
        };
        const WILDCARD: &IrPattern =
            &IrPattern { span: crate::syntax::span::Span::new(0, 0), kind: PatternKind::Wildcard };
        heads.into_iter().all(|(head, arity)| {
            let specialised = rows.iter().filter_map(|row| {
                let (first, rest) = row.split_last()?;
                let inner: Vec<&IrPattern> = match &first.kind {
                    PatternKind::Wildcard | PatternKind::Var(..) => vec![WILDCARD; arity],
                    PatternKind::Con(_, ctor, fields) if *ctor == head => fields.iter().collect(),
                    PatternKind::Tuple(items) => items.iter().collect(),
                    PatternKind::Lit(Literal::Bool(b)) if usize::from(*b) == head => Vec::new(),
                    PatternKind::Lit(Literal::Unit) => Vec::new(),
                    _ => return None,
                };
                Some(rest.iter().copied().chain(inner.into_iter().rev()).collect())
            });
            self.rows_cover(specialised.collect(), columns - 1 + arity, fuel)
        })
    }
}

/// A variable, a wildcard, or a tuple of them.
pub(super) fn names_only(pattern: &IrPattern) -> bool {
    match &pattern.kind {
        PatternKind::Wildcard | PatternKind::Var(..) => true,
        PatternKind::Tuple(items) => items.iter().all(names_only),
        _ => false,
    }
}

/// Whether a term mentions variable `index`. Does not recurse: lists are chains.
pub(super) fn mentions(term: &Term, index: usize) -> bool {
    let mut todo = vec![(term.clone(), index)];
    while let Some((term, index)) = todo.pop() {
        match &*term.kind {
            TermKind::Var(found) if *found == index => return true,
            TermKind::Pi(_, _, ty, body)
            | TermKind::Lam(_, _, ty, body)
            | TermKind::Refine(_, ty, body)
            | TermKind::Quant(_, _, ty, body) => {
                todo.extend([(ty.clone(), index), (body.clone(), index + 1)]);
            }
            TermKind::Let(_, ty, value, body) => {
                todo.extend([(ty.clone(), index), (value.clone(), index), (body.clone(), index + 1)]);
            }
            TermKind::Match(scrutinee, ty, arms) => {
                todo.extend([(scrutinee.clone(), index), (ty.clone(), index)]);
                todo.extend(arms.iter().map(|arm| (arm.body.clone(), index + arm.pattern.binders())));
            }
            // A hole with a default is declared, and declared holes are closed.
            TermKind::Hole(_) => {}
            _ => term.each_child(&mut |child| todo.push((child.clone(), index))),
        }
    }
    false
}
