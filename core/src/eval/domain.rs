//! What the guards of a quantifier say about where its variable can be.
//!
//! Reads terms only, runs nothing: the outcome is a [`Domain`], the terms to evaluate first and how their values
//! become candidates.

use super::value::Value;
use crate::ir::{
    Arg, Arm, DeclId, Icit, Literal, Name, Op, Pattern, PatternKind, PrimType, Program, Term, TermKind,
};
use crate::syntax::span::Span;
use crate::syntax::tree::Quantifier;
use num_bigint::BigInt;
use std::cell::Cell;

/// Where candidates come from.
#[derive(Default)]
pub(crate) struct Domain {
    /// Terms to evaluate first, in the quantifier's environment.
    pub(crate) terms: Vec<Term>,
    pub(crate) source: Source,
}

#[derive(Default)]
pub(crate) enum Source {
    /// All of them.
    Listed(Vec<Value>),
    /// Whole numbers between bounds.
    Between { lows: Vec<Sum>, highs: Vec<Sum> },
    /// The elements of the list that is term 0.
    Elements,
    /// The part of term 0 at the end of this path.
    Part(Vec<Step>),
    /// Unknown: try integers that occur nearby.
    #[default]
    NearbyNumbers,
    /// Unknown: try texts that occur nearby.
    NearbyTexts,
    /// Unknown, and nothing to try.
    Nothing,
}

/// One step into a value.
#[derive(Clone)]
pub(crate) enum Step {
    Field(DeclId, usize, usize),
    Item(usize),
}

/// `constant + sum of (sign * terms[i])`.
#[derive(Clone, Default)]
pub(crate) struct Sum {
    pub(crate) constant: BigInt,
    pub(crate) terms: Vec<(bool, usize)>,
}

impl Sum {
    pub(crate) fn value(&self, known: &[Value]) -> Option<BigInt> {
        self.terms.iter().try_fold(self.constant.clone(), |sum, (plus, index)| match known.get(*index) {
            Some(Value::Int(n)) if *plus => Some(sum + n),
            Some(Value::Int(n)) => Some(sum - n),
            _ => None,
        })
    }

    fn plus(mut self, other: &Sum) -> Sum {
        self.constant += &other.constant;
        self.terms.extend(other.terms.iter().copied());
        self
    }

    fn minus(mut self, other: &Sum) -> Sum {
        self.constant -= &other.constant;
        self.terms.extend(other.terms.iter().map(|(plus, index)| (!plus, *index)));
        self
    }
}

pub(crate) enum Part {
    Found(Value),
    /// The value has another shape: no `x` satisfies the equation.
    Absent,
    Open,
}

pub(crate) fn part(value: &Value, path: &[Step]) -> Part {
    let mut current = value;
    for step in path {
        let next = match (step, current) {
            (_, Value::Stuck(_)) => return Part::Open,
            (Step::Field(decl, ctor, field), Value::Data(data))
                if (data.decl, data.ctor) == (*decl, *ctor) =>
            {
                data.fields.get(*field)
            }
            (Step::Item(item), Value::Tuple(tuple)) => tuple.items.get(*item),
            _ => None,
        };
        match next {
            Some(value) => current = value,
            None => return Part::Absent,
        }
    }
    match current {
        Value::Stuck(_) => Part::Open,
        value => Part::Found(value.clone()),
    }
}

/// The type without its refinements, which become a guard (`forall`) or a conjunct (`exists`) of the body: those at its
/// head, and what its arguments ask of what is inside a value. `None` where that cannot be said.
pub(crate) fn with_refinement(
    program: &Program,
    quantifier: Quantifier,
    ty: &Term,
    body: &Term,
) -> Option<(Term, Term)> {
    let mut base = ty.unfold(program);
    let mut body = body.clone();
    let op = if quantifier == Quantifier::Forall { Op::Implies } else { Op::And };
    let mut given = |condition: Term| {
        body = Term::new(body.span, TermKind::Op(op, vec![condition, body.clone()]));
    };
    while let TermKind::Refine(_, inner, pred) = &*base.kind {
        given(pred.clone());
        base = inner.unfold(program);
    }
    if let Inside::Asks(condition) = asked_inside(program, &base, &mut Vec::new())? {
        given(condition);
    }
    Some((base, body))
}

/// What a type asks of what is inside its values.
enum Inside {
    /// Nothing: every value made like this belongs to it.
    Anything,
    /// This, of variable 0.
    Asks(Term),
}

/// What the arguments of a type ask of what is inside a value. What a declared type asks of its own fields holds of
/// every value of it that was made. `None` where it cannot be said in a condition.
fn asked_inside(program: &Program, ty: &Term, around: &mut Vec<DeclId>) -> Option<Inside> {
    let ty = ty.unfold(program);
    let (head, args) = ty.spine();
    match &*head.kind {
        TermKind::Prim(_) | TermKind::Var(_) | TermKind::Universe => Some(Inside::Anything),
        TermKind::Refine(_, base, pred) => {
            let own = pred.clone();
            Some(Inside::Asks(match asked_inside(program, base, around)? {
                Inside::Anything => own,
                Inside::Asks(inner) => both(inner, own),
            }))
        }
        TermKind::Product(items) => {
            let binders = items.len();
            let patterns: Vec<(Name, Term)> =
                items.iter().enumerate().map(|(place, item)| ("item".into(), item.shift(place))).collect();
            let types = items.iter().map(|item| item.shift(1 + binders)).collect();
            let pattern = PatternKind::Tuple(variables(patterns));
            let arm = parts(program, pattern, types, around)?;
            Some(in_arms(&ty, vec![arm]))
        }
        TermKind::Data(decl) => {
            let mut types = args.iter().filter(|arg| is_type(program, &arg.term));
            if types.all(|arg| matches!(asked_inside(program, &arg.term, around), Some(Inside::Anything))) {
                return Some(Inside::Anything);
            }
            if program.list() == Some(*decl) {
                return of_elements(program, &args.first()?.term, around);
            }
            if around.contains(decl) || program.is_collection(*decl) {
                return None;
            }
            around.push(*decl);
            let data = program.data(*decl)?;
            let mut arms = Vec::new();
            for (number, ctor) in data.ctors.iter().enumerate() {
                let binders = ctor.fields.len();
                let type_of = |place: usize, binders: usize| {
                    let args = args.iter().map(|arg| arg.term.shift(1 + binders));
                    let earlier = (0..place).map(|earlier| TermKind::Var(binders - 1 - earlier).into_term());
                    let all: Vec<Term> = args.chain(earlier).collect();
                    Some(ctor.fields.get(place)?.1.instantiate(&all))
                };
                let patterns: Option<Vec<(Name, Term)>> =
                    (0..binders).map(|place| Some(("field".into(), type_of(place, place)?))).collect();
                let types: Option<Vec<Term>> = (0..binders).map(|place| type_of(place, binders)).collect();
                let pattern = PatternKind::Con(*decl, number, variables(patterns?));
                arms.push(parts(program, pattern, types?, around)?);
            }
            around.pop();
            Some(in_arms(&ty, arms))
        }
        TermKind::Pi(_, _, domain, codomain) => {
            let plain = |ty: &Term, around: &mut Vec<DeclId>| {
                matches!(asked_inside(program, ty, around), Some(Inside::Anything))
            };
            (plain(domain, around) && plain(codomain, around)).then_some(Inside::Anything)
        }
        _ => None,
    }
}

fn is_type(program: &Program, term: &Term) -> bool {
    let term = term.unfold(program);
    matches!(
        &*term.spine().0.kind,
        TermKind::Prim(_)
            | TermKind::Refine(..)
            | TermKind::Product(_)
            | TermKind::Data(_)
            | TermKind::Pi(..)
            | TermKind::Universe
    )
}

fn both(one: Term, other: Term) -> Term {
    Term::synthetic(TermKind::Op(Op::And, vec![one, other]))
}

fn variables(patterns: Vec<(Name, Term)>) -> Vec<Pattern> {
    let pattern = |(name, ty)| Pattern { span: Span::default(), kind: PatternKind::Var(name, ty) };
    patterns.into_iter().map(pattern).collect()
}

/// An arm that says what is asked of the parts; their types stand under the value and all of them.
fn parts(program: &Program, pattern: PatternKind, types: Vec<Term>, around: &mut Vec<DeclId>) -> Option<Arm> {
    let mut asked: Option<Term> = None;
    let count = types.len();
    for (place, ty) in types.iter().enumerate() {
        if let Inside::Asks(condition) = asked_inside(program, ty, around)? {
            let condition = condition.instantiate(&[TermKind::Var(count - 1 - place).into_term()]);
            asked = Some(match asked {
                Some(earlier) => both(earlier, condition),
                None => condition,
            });
        }
    }
    let body = asked.unwrap_or_else(|| TermKind::Lit(Literal::Bool(true)).into_term());
    Some(Arm { pattern: Pattern { span: Span::default(), kind: pattern }, body })
}

fn in_arms(ty: &Term, arms: Vec<Arm>) -> Inside {
    if arms.iter().all(|arm| matches!(&*arm.body.kind, TermKind::Lit(Literal::Bool(true)))) {
        return Inside::Anything;
    }
    let value = TermKind::Var(0).into_term();
    Inside::Asks(Term::synthetic(TermKind::Match(value, ty.shift(1), arms)))
}

/// What is asked of each element of a list.
fn of_elements(program: &Program, element: &Term, around: &mut Vec<DeclId>) -> Option<Inside> {
    let Inside::Asks(condition) = asked_inside(program, &element.shift(1), around)? else {
        return Some(Inside::Anything);
    };
    let prelude = program.decls.iter().take(program.prelude_len);
    let contains = prelude.into_iter().position(|decl| &*decl.name == "contains")?;
    let element = element.shift(1).erase_head(program);
    let args = [
        Arg::implicit(element.shift(1)),
        Arg::explicit(TermKind::Var(1).into_term()),
        Arg::explicit(TermKind::Var(0).into_term()),
    ];
    let among = TermKind::Global(DeclId(contains as u32)).into_term().apply(Span::default(), args);
    let body = Term::synthetic(TermKind::Op(Op::Implies, vec![among, condition]));
    Some(Inside::Asks(Term::synthetic(TermKind::Quant(Quantifier::Forall, "each".into(), element, body))))
}

/// What the type and the guards say about where the variable can be.
pub(crate) fn domain_of(program: &Program, quantifier: Quantifier, base: &Term, body: &Term) -> Domain {
    let (head, _) = base.spine();
    match &*head.kind {
        TermKind::Prim(PrimType::Bool) => {
            return Domain::listed(vec![Value::Bool(false), Value::Bool(true)]);
        }
        TermKind::Prim(PrimType::Unit) => return Domain::listed(vec![Value::Unit]),
        TermKind::Data(decl) => {
            if let Some(data) = program.data(*decl)
                // Whether an entity has the one value that it could have is for its invariants to say.
                && !data.entity
                && !data.ctors.is_empty()
                && data.ctors.iter().all(|ctor| ctor.fields.is_empty())
            {
                let values = (0..data.ctors.len()).map(|ctor| Value::data(*decl, ctor, Vec::new()));
                return Domain::listed(values.collect());
            }
        }
        _ => {}
    }
    let guards = guards(program, quantifier, body);
    if let Some(domain) = guards.iter().find_map(|guard| guard.names(program)) {
        return domain;
    }
    match &*head.kind {
        TermKind::Prim(PrimType::Int) => Bounds::of(&guards).into_domain(),
        TermKind::Prim(PrimType::Str) => Domain { terms: Vec::new(), source: Source::NearbyTexts },
        _ => Domain { terms: Vec::new(), source: Source::Nothing },
    }
}

impl Domain {
    fn listed(values: Vec<Value>) -> Self {
        Domain { terms: Vec::new(), source: Source::Listed(values) }
    }
}

/// A condition that must hold for an instance to matter, under `levels` quantified variables; the variable in
/// question is the outermost of them.
struct Guard {
    term: Term,
    levels: usize,
}

/// The guards of a quantifier's body, also of the quantifiers of the same kind inside it.
fn guards(program: &Program, quantifier: Quantifier, body: &Term) -> Vec<Guard> {
    let mut guards = Vec::new();
    let mut levels = 1;
    let mut body = body.clone();
    loop {
        let next = match (&*body.kind, quantifier) {
            (TermKind::Op(Op::Implies, sides), Quantifier::Forall)
            | (TermKind::Op(Op::And, sides), Quantifier::Exists) => match sides.as_slice() {
                [left, right] => {
                    conjuncts(left, levels, &mut guards);
                    right.clone()
                }
                _ => break,
            },
            (TermKind::Quant(inner, _, ty, body), _) if *inner == quantifier => {
                levels += 1;
                match with_refinement(program, quantifier, ty, body) {
                    Some((_, body)) => body,
                    None => break,
                }
            }
            (_, Quantifier::Exists) => {
                guards.push(Guard { term: body.clone(), levels });
                break;
            }
            (_, Quantifier::Forall) => break,
        };
        body = next;
    }
    guards
}

fn conjuncts(term: &Term, levels: usize, guards: &mut Vec<Guard>) {
    let mut todo = vec![term];
    while let Some(term) = todo.pop() {
        match &*term.kind {
            TermKind::Op(Op::And, sides) => todo.extend(sides.iter().rev()),
            _ => guards.push(Guard { term: term.clone(), levels }),
        }
    }
}

impl Guard {
    /// A guard that names the variable: an equation with a closed side, or membership of a closed list.
    fn names(&self, program: &Program) -> Option<Domain> {
        match &*self.term.kind {
            TermKind::Op(Op::Eq, parts) => {
                let [_, left, right] = parts.as_slice() else { return None };
                let named = |shape: &Term, closed: &Term| {
                    let path = path_to(program, shape, self.levels - 1)?;
                    let closed = lift_out(closed, self.levels)?;
                    Some(Domain { terms: vec![closed], source: Source::Part(path) })
                };
                named(left, right).or_else(|| named(right, left))
            }
            TermKind::App(head, args) => {
                let TermKind::Global(id) = &*head.kind else { return None };
                let decl = program.decl(*id)?;
                if (id.0 as usize) >= program.prelude_len {
                    return None;
                }
                let [.., list, element] = args.as_slice() else { return None };
                // What is in a set is among its elements, what a map has among its keys.
                let listing = match &*decl.name {
                    "contains" => None,
                    "set_has" => Some("elements"),
                    "has" => Some("keys"),
                    _ => return None,
                };
                let is_variable =
                    matches!(&*element.term.kind, TermKind::Var(index) if *index + 1 == self.levels);
                if !is_variable {
                    return None;
                }
                let mut list = lift_out(&list.term, self.levels)?;
                if let Some(listing) = listing {
                    let prelude = program.decls.iter().take(program.prelude_len);
                    let id = prelude.into_iter().position(|decl| &*decl.name == listing)?;
                    let types = args.iter().filter(|arg| arg.icit == Icit::Implicit);
                    let types: Option<Vec<Arg>> =
                        types.map(|arg| Some(Arg::implicit(lift_out(&arg.term, self.levels)?))).collect();
                    let spine = types?.into_iter().chain([Arg::explicit(list)]);
                    list = TermKind::Global(DeclId(id as u32)).into_term().apply(Span::default(), spine);
                }
                Some(Domain { terms: vec![list], source: Source::Elements })
            }
            _ => None,
        }
    }
}

/// The way to variable `index` through constructors and tuples.
fn path_to(program: &Program, shape: &Term, index: usize) -> Option<Vec<Step>> {
    match &*shape.kind {
        TermKind::Var(found) if *found == index => Some(Vec::new()),
        TermKind::Tuple(items) => items.iter().enumerate().find_map(|(item, term)| {
            let mut path = path_to(program, term, index)?;
            path.insert(0, Step::Item(item));
            Some(path)
        }),
        TermKind::App(head, args) => {
            let TermKind::Con(decl, ctor) = &*head.kind else { return None };
            let params = program.data(*decl)?.params.len();
            args.iter().skip(params).enumerate().find_map(|(field, arg)| {
                let mut path = path_to(program, &arg.term, index)?;
                path.insert(0, Step::Field(*decl, *ctor, field));
                Some(path)
            })
        }
        _ => None,
    }
}

/// The term outside the innermost `levels` variables, when it mentions none of them.
pub(crate) fn lift_out(term: &Term, levels: usize) -> Option<Term> {
    let mentions = Cell::new(false);
    let lifted = term.map_vars(0, &|index, depth| {
        let index = match index.checked_sub(depth) {
            None => index,
            Some(free) if free < levels => {
                mentions.set(true);
                index
            }
            Some(_) => index - levels,
        };
        Term::synthetic(TermKind::Var(index))
    });
    (!mentions.get()).then_some(lifted)
}

/// What `<`, `<=` and `==` between whole numbers say about quantified variables, numbered from the outermost:
/// `left <= right + sum` where a missing side is zero.
#[derive(Default)]
struct Bounds {
    terms: Vec<Term>,
    orders: Vec<Order>,
}

struct Order {
    left: Option<usize>,
    right: Option<usize>,
    sum: Sum,
}

/// A variable and a closed rest.
struct Side {
    variable: Option<usize>,
    rest: Sum,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

impl Bounds {
    fn of(guards: &[Guard]) -> Self {
        let mut bounds = Bounds::default();
        for guard in guards {
            let TermKind::Op(op, parts) = &*guard.term.kind else { continue };
            let (left, right) = match (op, parts.as_slice()) {
                (Op::Lt | Op::Le | Op::Gt | Op::Ge, [left, right]) => (left, right),
                (Op::Eq, [ty, left, right]) if matches!(&*ty.kind, TermKind::Prim(PrimType::Int)) => {
                    (left, right)
                }
                _ => continue,
            };
            match op {
                Op::Lt => bounds.order(left, right, guard.levels, -1),
                Op::Le => bounds.order(left, right, guard.levels, 0),
                Op::Gt => bounds.order(right, left, guard.levels, -1),
                Op::Ge => bounds.order(right, left, guard.levels, 0),
                _ => {
                    bounds.order(left, right, guard.levels, 0);
                    bounds.order(right, left, guard.levels, 0);
                }
            }
        }
        bounds
    }

    /// Notes `left <= right + slack`.
    fn order(&mut self, left: &Term, right: &Term, levels: usize, slack: i32) {
        let (Some(left), Some(right)) = (self.side(left, levels), self.side(right, levels)) else { return };
        let mut sum = right.rest.minus(&left.rest);
        sum.constant += slack;
        self.orders.push(Order { left: left.variable, right: right.variable, sum });
    }

    /// Reads `variable + closed terms`.
    fn side(&mut self, term: &Term, levels: usize) -> Option<Side> {
        let mut side = Side { variable: None, rest: Sum::default() };
        let mut todo = vec![(true, term)];
        while let Some((plus, term)) = todo.pop() {
            match &*term.kind {
                TermKind::Lit(Literal::Int(n)) if plus => side.rest.constant += n,
                TermKind::Lit(Literal::Int(n)) => side.rest.constant -= n,
                TermKind::Var(index) if *index < levels => {
                    if !plus || side.variable.is_some() {
                        return None;
                    }
                    side.variable = Some(levels - 1 - index);
                }
                TermKind::Op(op @ (Op::Add | Op::Sub), sides) => {
                    let [left, right] = sides.as_slice() else { return None };
                    todo.push((plus, left));
                    todo.push((plus == (*op == Op::Add), right));
                }
                TermKind::Op(Op::Neg, inner) => todo.extend(inner.iter().map(|term| (!plus, term))),
                _ => {
                    side.rest.terms.push((plus, self.terms.len()));
                    self.terms.push(lift_out(term, levels)?);
                }
            }
        }
        Some(side)
    }

    fn into_domain(self) -> Domain {
        let lows = self.reach(Direction::Down);
        let highs = self.reach(Direction::Up);
        if lows.is_empty() || highs.is_empty() {
            return Domain::default();
        }
        Domain { terms: self.terms, source: Source::Between { lows, highs } }
    }

    /// Closed bounds of the outermost variable in one direction, also through other variables.
    fn reach(&self, direction: Direction) -> Vec<Sum> {
        const MOST: usize = 16;
        let mut found = Vec::new();
        let mut todo = vec![(vec![0], Sum::default())];
        while let Some((path, so_far)) = todo.pop() {
            for order in &self.orders {
                let (from, to, sum) = match direction {
                    Direction::Up => (order.left, order.right, so_far.clone().plus(&order.sum)),
                    Direction::Down => (order.right, order.left, so_far.clone().minus(&order.sum)),
                };
                match to {
                    _ if from.is_none() || from != path.last().copied() => {}
                    None if found.len() < MOST => found.push(sum),
                    Some(variable) if !path.contains(&variable) && todo.len() < MOST => {
                        todo.push((path.iter().copied().chain([variable]).collect(), sum));
                    }
                    _ => {}
                }
            }
        }
        found
    }
}

/// Whether a guard under one quantified variable is a bound that [`domain_of`] has made part of the range: then it
/// holds of every candidate.
pub(crate) fn is_bound(guard: &Term) -> bool {
    let TermKind::Op(Op::Lt | Op::Le | Op::Gt | Op::Ge, sides) = &*guard.kind else { return false };
    let [left, right] = sides.as_slice() else { return false };
    let mut bounds = Bounds::default();
    match (bounds.side(left, 1), bounds.side(right, 1)) {
        (Some(left), Some(right)) => left.variable.is_some() != right.variable.is_some(),
        _ => false,
    }
}

/// Whether a guard under one quantified variable is of the kind that names it: [`domain_of`] takes the first one.
pub(crate) fn names_variable(program: &Program, guard: &Term) -> bool {
    Guard { term: guard.clone(), levels: 1 }.names(program).is_some()
}
