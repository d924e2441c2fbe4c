//! Conditions that run: quantifiers over what can be enumerated, and what refinements ask of a value.

use super::lower::{Beyond, Lowered, Lowerer, Slot};
use super::outline::OptionStyle;
use super::syntax::{Binary, Block, Brackets, Comprehension, Expr, For};
use crate::eval::domain::{Source, Step, Sum, domain_of, is_bound, names_variable, with_refinement};
use crate::eval::value::SOME;
use crate::ir::{Name, Op, PrimType, Term, TermKind};
use crate::syntax::tree::Quantifier;

impl Lowerer<'_> {
    /// `all(... for ...)` or `any(... for ...)`, when the guards leave finitely many candidates.
    pub(super) fn quantifier(
        &mut self,
        quantifier: Quantifier,
        name: &Name,
        ty: &Term,
        body: &Term,
        out: &mut Block,
    ) -> Lowered<Expr> {
        let program = self.outline.program;
        let (base, body) = with_refinement(program, quantifier, ty, body).ok_or_else(endless)?;
        let domain = domain_of(program, quantifier, &base, &body);
        let (iter, body) = match domain.source {
            Source::Listed(values) => match &*base.spine().0.kind {
                TermKind::Prim(PrimType::Bool) => {
                    (Expr::Tuple(vec![Expr::Bool(false), Expr::Bool(true)]), body)
                }
                TermKind::Data(decl) => {
                    let class = self.outline.classes.get(decl);
                    let class = class.ok_or_else(|| Beyond("its type is left out".to_owned()))?;
                    (Expr::name(class.name.clone()), body)
                }
                _ => (Expr::Tuple(values.iter().map(|_| Expr::None).collect()), body),
            },
            Source::Between { lows, highs } => {
                let terms = self.exprs(&domain.terms, out)?;
                let low = extreme("max", lows.iter().map(|sum| sum_expr(sum, &terms, 0)).collect());
                let high = extreme("min", highs.iter().map(|sum| sum_expr(sum, &terms, 1)).collect());
                let args = if low == Expr::int(0) { vec![high] } else { vec![low, high] };
                (Expr::call("range", args), without_guard(quantifier, &body, &mut is_bound))
            }
            Source::Elements => {
                let list = domain.terms.first().ok_or_else(endless)?;
                let body =
                    without_guard(quantifier, &body, &mut once(|guard| names_variable(program, guard)));
                (self.iterable(list, out)?, body)
            }
            Source::Part(path) => {
                return self.named_by_equation(quantifier, &domain.terms, &path, &body, out);
            }
            Source::NearbyNumbers | Source::NearbyTexts | Source::Nothing => return Err(endless()),
        };
        let target = self.locals.fresh(name);
        let mut block = Block::new();
        let slot = Slot::Value(Expr::name(target.clone()));
        let condition = self.under([slot], |this| this.expr(&body, &mut block))?;
        self.locals.release(&target);
        let condition = if block.is_empty() {
            condition
        } else {
            let holds = self.local_function("holds", vec![target.clone()], block, condition, out);
            holds.called(vec![Expr::name(target.clone())])
        };
        let clause = For { target: Expr::Name(target), iter, conditions: Vec::new() };
        let instances =
            Comprehension { brackets: Brackets::Generator, element: condition, clauses: vec![clause] };
        let function = if quantifier == Quantifier::Forall { "all" } else { "any" };
        Ok(Expr::call(function, vec![Expr::Comprehension(Box::new(instances))]))
    }

    /// `forall n: Int. parse_int(text) == Some(n) ==> p` speaks of one `n` at most.
    fn named_by_equation(
        &mut self,
        quantifier: Quantifier,
        terms: &[Term],
        path: &[Step],
        body: &Term,
        out: &mut Block,
    ) -> Lowered<Expr> {
        let ([term], [Step::Field(decl, SOME, 0)]) = (terms, path) else { return Err(endless()) };
        if Some(*decl) != self.outline.program.option() {
            return Err(endless());
        }
        let program = self.outline.program;
        let found = self.expr(term, out)?;
        let found = self.atom(found, "found", out);
        let value = match self.outline.option_style {
            OptionStyle::Bare => found.clone(),
            OptionStyle::Boxed => found.clone().attribute("value"),
        };
        let mut block = Block::new();
        // The equation that names the value holds of it.
        let body = without_guard(quantifier, body, &mut once(|guard| names_variable(program, guard)));
        let condition = self.under([Slot::Value(value)], |this| this.expr(&body, &mut block))?;
        if !block.is_empty() {
            return Err(endless());
        }
        Ok(match quantifier {
            Quantifier::Forall => found.absent().or(condition),
            Quantifier::Exists => found.present().and(condition),
        })
    }

    /// What a type's refinements ask of a value beyond its Python type; `None` when nothing. Values of declared
    /// types were checked when they were made.
    pub(super) fn refinement(&mut self, ty: &Term, value: &Expr, out: &mut Block) -> Lowered<Option<Expr>> {
        let program = self.outline.program;
        let ty = ty.unfold(program);
        let (head, args) = ty.spine();
        match &*head.kind {
            TermKind::Refine(_, base, pred) => {
                let base = self.refinement(base, value, out)?;
                let own = self.under([Slot::Value(value.clone())], |this| this.expr(pred, out))?;
                Ok(Some(match base {
                    Some(base) => base.and(own),
                    None => own,
                }))
            }
            TermKind::Data(decl) if Some(*decl) == program.list() => {
                let Some(element) = args.first() else { return Ok(None) };
                let target = self.locals.fresh("item");
                let mut block = Block::new();
                let condition = self.refinement(&element.term, &Expr::name(target.clone()), &mut block)?;
                self.locals.release(&target);
                let Some(condition) = condition else { return Ok(None) };
                if !block.is_empty() {
                    return Err(Beyond("the condition on its elements needs statements".to_owned()));
                }
                let clause = For { target: Expr::Name(target), iter: value.clone(), conditions: Vec::new() };
                let each = Comprehension {
                    brackets: Brackets::Generator,
                    element: condition,
                    clauses: vec![clause],
                };
                Ok(Some(Expr::call("all", vec![Expr::Comprehension(Box::new(each))])))
            }
            TermKind::Data(decl) if Some(*decl) == program.option() => {
                let Some(inside) = args.first() else { return Ok(None) };
                let inner = match self.outline.option_style {
                    OptionStyle::Bare => value.clone(),
                    OptionStyle::Boxed => value.clone().attribute("value"),
                };
                let mut block = Block::new();
                let condition = self.refinement(&inside.term, &inner, &mut block)?;
                if !block.is_empty() {
                    return Err(Beyond("the condition on its value needs statements".to_owned()));
                }
                Ok(condition.map(|condition| value.clone().absent().or(condition)))
            }
            TermKind::Product(types) => {
                let mut all: Option<Expr> = None;
                for (position, ty) in types.iter().enumerate() {
                    let part = value.clone().index(Expr::int(position));
                    if let Some(condition) = self.refinement(ty, &part, out)? {
                        all = Some(match all {
                            Some(earlier) => earlier.and(condition),
                            None => condition,
                        });
                    }
                }
                Ok(all)
            }
            _ => Ok(None),
        }
    }
}

/// True for the first guard of which `holds` is true.
fn once(mut holds: impl FnMut(&Term) -> bool) -> impl FnMut(&Term) -> bool {
    let mut done = false;
    move |guard| {
        let now = !done && holds(guard);
        done |= now;
        now
    }
}

fn endless() -> Beyond {
    Beyond("it ranges over endlessly many values".to_owned())
}

/// The body without the guards that hold of every candidate. Naming guards are left away once: a second equation
/// says something new.
fn without_guard(quantifier: Quantifier, body: &Term, holds: &mut dyn FnMut(&Term) -> bool) -> Term {
    let op = if quantifier == Quantifier::Forall { Op::Implies } else { Op::And };
    let TermKind::Op(found, sides) = &*body.kind else { return body.clone() };
    let [guard, rest] = sides.as_slice() else { return body.clone() };
    if *found != op {
        return body.clone();
    }
    let guard = weaker(guard, holds);
    let rest = without_guard(quantifier, rest, holds);
    match guard {
        None => rest,
        Some(guard) => Term::new(body.span, TermKind::Op(op, vec![guard, rest])),
    }
}

/// The conjuncts that do not hold anyway; `None` when none is left.
fn weaker(guard: &Term, holds: &mut dyn FnMut(&Term) -> bool) -> Option<Term> {
    match &*guard.kind {
        TermKind::Op(Op::And, sides) => {
            let [left, right] = sides.as_slice() else { return Some(guard.clone()) };
            match (weaker(left, holds), weaker(right, holds)) {
                (Some(left), Some(right)) => {
                    Some(Term::new(guard.span, TermKind::Op(Op::And, vec![left, right])))
                }
                (left, right) => left.or(right),
            }
        }
        _ => (!holds(guard)).then(|| guard.clone()),
    }
}

/// A bound plus `more`.
fn sum_expr(sum: &Sum, terms: &[Expr], more: i32) -> Expr {
    let mut expr: Option<Expr> = None;
    let mut negative = Vec::new();
    for (plus, index) in &sum.terms {
        let term = terms.get(*index).cloned().unwrap_or(Expr::None);
        if *plus {
            expr = Some(match expr {
                Some(earlier) => Expr::binary(Binary::Add, earlier, term),
                None => term,
            });
        } else {
            negative.push(term);
        }
    }
    let constant = &sum.constant + more;
    let start = match expr {
        Some(expr) if constant.sign() == num_bigint::Sign::Plus => {
            Expr::binary(Binary::Add, expr, Expr::Int(constant))
        }
        Some(expr) if constant.sign() == num_bigint::Sign::Minus => {
            Expr::binary(Binary::Sub, expr, Expr::Int(-constant))
        }
        Some(expr) => expr,
        None => Expr::Int(constant),
    };
    negative.into_iter().fold(start, |expr, term| Expr::binary(Binary::Sub, expr, term))
}

fn extreme(function: &str, mut bounds: Vec<Expr>) -> Expr {
    bounds.dedup();
    if bounds.len() == 1 { bounds.remove(0) } else { Expr::call(function, bounds) }
}
