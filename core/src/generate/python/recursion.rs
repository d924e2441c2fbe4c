//! Which recursion can be a loop, so that a list of five thousand elements does not end in Python's
//! `RecursionError`.
//!
//! In the order they are tried:
//!
//! 1. *Tail calls, also under an operator.* Every recursive call is the last thing that happens, or only `e + f(..)`,
//!    `e * f(..)`, `text ++ f(..)`, `list ++ f(..)`, `x :: f(..)` stands around it (one operator for all; tail
//!    recursion modulo a monoid): a `while` loop with an accumulator. A list that only gets shorter is walked by a
//!    `for` loop or by an index, never copied.
//! 2. *Right fold.* `match xs { [] => z  x :: rest => E }` where every recursive call in `E` is the same call on
//!    `rest`: a loop over the reversed list.
//! 3. *One recursive call* in each branch: one loop goes down and notes what the way back needs, a second one comes
//!    back up.
//!
//! Everything else stays a recursion. All three need every recursive call to be certain: none may stand in a branch
//! that might not run, or inside a function value. Functions that capture variables of the loop rule them out.

use super::lower::Lowerer;
use super::matching::walks_list;
use super::patterns::{mentions, names_only};
use super::prelude::has_escaping_function;
use crate::eval::value::{CONS, NIL};
use crate::ir::{Arm, DeclId, Icit, Op, Pattern, PatternKind, Program, Term, TermKind};

/// How a definition's body is generated.
#[derive(Debug, Clone)]
pub(super) enum Plan {
    /// As it stands.
    Plain { recursive: bool },
    /// Tail calls, perhaps under an operator, with how each parameter moves.
    Tail { monoid: Option<Monoid>, params: Vec<Movement> },
    /// A fold of this list parameter from the right.
    Fold { param: usize },
    /// Down and up again.
    DownUp,
}

/// An associative operator with a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Monoid {
    Sum,
    Product,
    Text,
    List,
}

/// What recursive calls do with a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Movement {
    /// Every call passes it on as it is.
    Fixed,
    /// It is given a new value.
    Assigned,
    /// A list of which calls pass on a rest: walked by index.
    Cursor,
    /// A list of which every call passes on the rest after one element: walked by `for`.
    Each,
}

/// One way a recursive call is wrapped: operator, what stands to its left, to its right, the call.
pub(super) struct Wrapped<'t> {
    pub left: Option<&'t Term>,
    pub right: Option<&'t Term>,
    pub inner: &'t Term,
}

impl Lowerer<'_> {
    /// Finds the way to generate the body of a definition.
    pub(super) fn plan(&self, decl: DeclId, body: &Term, params: usize) -> Plan {
        let recursion = Recursion { program: self.outline.program, decl, params };
        if !recursion.occurs(body) {
            return Plan::Plain { recursive: false };
        }
        if has_escaping_function(body, self) {
            return Plan::Plain { recursive: true };
        }
        let mut monoid = None;
        if recursion.is_tail(body, &mut monoid) {
            return Plan::Tail { monoid, params: recursion.movements(body) };
        }
        if let Some(param) = recursion.right_fold(body) {
            return Plan::Fold { param };
        }
        if recursion.is_linear(body) {
            return Plan::DownUp;
        }
        Plan::Plain { recursive: true }
    }
}

/// What is known of the recursion of a definition with `params` explicit parameters.
pub(super) struct Recursion<'p> {
    pub program: &'p Program,
    pub decl: DeclId,
    pub params: usize,
}

impl Recursion<'_> {
    /// Whether the definition is mentioned.
    pub(super) fn occurs(&self, term: &Term) -> bool {
        let mut found = false;
        term.walk(&mut |inner| found |= matches!(&*inner.kind, TermKind::Global(id) if *id == self.decl));
        found
    }

    /// The explicit arguments of a recursive call that contain no other one.
    pub(super) fn call(&self, term: &Term) -> Option<Vec<Term>> {
        let (head, args) = term.spine();
        if !matches!(&*head.kind, TermKind::Global(id) if *id == self.decl) {
            return None;
        }
        let explicit: Vec<Term> =
            args.iter().filter(|arg| arg.icit == Icit::Explicit).map(|arg| arg.term.clone()).collect();
        (explicit.len() == self.params && !explicit.iter().any(|arg| self.occurs(arg))).then_some(explicit)
    }

    /// `e op f(..)` or `f(..) op e`.
    pub(super) fn wrapped<'t>(&self, term: &'t Term) -> Option<(Monoid, Wrapped<'t>)> {
        let (monoid, left, right) = match &*term.kind {
            TermKind::Op(op, sides) => {
                let monoid = match op {
                    Op::Add => Monoid::Sum,
                    Op::Mul => Monoid::Product,
                    Op::StrAppend => Monoid::Text,
                    _ => return None,
                };
                let [left, right] = sides.as_slice() else { return None };
                (monoid, left, right)
            }
            TermKind::App(head, args) => {
                let is_append = match &*head.kind {
                    TermKind::Con(decl, CONS) => Some(*decl) == self.program.list(),
                    TermKind::Global(id) => {
                        (id.0 as usize) < self.program.prelude_len
                            && self.program.decl(*id).is_some_and(|decl| &*decl.name == "append")
                    }
                    _ => false,
                };
                let mut explicit = args.iter().filter(|arg| arg.icit == Icit::Explicit);
                let (Some(left), Some(right), None) = (explicit.next(), explicit.next(), explicit.next())
                else {
                    return None;
                };
                if !is_append {
                    return None;
                }
                // In `x :: f(..)` the element is no list: it can only stand on the left.
                let is_cons = matches!(&*head.kind, TermKind::Con(..));
                if is_cons && self.occurs(&left.term) {
                    return None;
                }
                (Monoid::List, &left.term, &right.term)
            }
            _ => return None,
        };
        match (self.occurs(left), self.occurs(right)) {
            (false, true) => {
                // The whole of `x :: f(..)` stands for its element.
                let is_cons = matches!(&*term.spine().0.kind, TermKind::Con(..));
                let outside = if is_cons { term } else { left };
                Some((monoid, Wrapped { left: Some(outside), right: None, inner: right }))
            }
            (true, false) => Some((monoid, Wrapped { left: None, right: Some(right), inner: left })),
            _ => None,
        }
    }

    /// The element that a term adds to a list: of `x :: ..` and of `[x]`.
    pub(super) fn single(&self, term: &Term) -> Option<Term> {
        let (head, args) = term.spine();
        if !matches!(&*head.kind, TermKind::Con(decl, CONS) if Some(*decl) == self.program.list()) {
            return None;
        }
        let mut explicit = args.iter().filter(|arg| arg.icit == Icit::Explicit).map(|arg| &arg.term);
        let (element, rest) = (explicit.next()?, explicit.next()?);
        let is_nil =
            matches!(&*rest.spine().0.kind, TermKind::Con(decl, NIL) if Some(*decl) == self.program.list());
        (is_nil || self.occurs(rest)).then(|| element.clone())
    }

    /// Whether every recursive call is a tail call under at most one kind of operator.
    fn is_tail(&self, term: &Term, monoid: &mut Option<Monoid>) -> bool {
        if !self.occurs(term) || self.call(term).is_some() {
            return true;
        }
        match &*term.kind {
            TermKind::If(cond, yes, no) => {
                !self.occurs(cond) && self.is_tail(yes, monoid) && self.is_tail(no, monoid)
            }
            TermKind::Let(_, _, value, body) => !self.occurs(value) && self.is_tail(body, monoid),
            TermKind::Match(scrutinee, _, arms) => {
                !self.occurs(scrutinee) && arms.iter().all(|arm| self.is_tail(&arm.body, monoid))
            }
            TermKind::Op(Op::And | Op::Or | Op::Implies, sides) => match sides.as_slice() {
                [left, right] => !self.occurs(left) && self.is_tail(right, monoid),
                _ => false,
            },
            _ => match self.wrapped(term) {
                Some((found, wrapped)) => {
                    monoid.replace(found).is_none_or(|earlier| earlier == found)
                        && self.is_tail(wrapped.inner, monoid)
                }
                None => false,
            },
        }
    }

    /// Whether something stands to the left, and to the right, of recursive calls.
    pub(super) fn sides(&self, term: &Term) -> (bool, bool) {
        let mut sides = (false, false);
        let mut todo = vec![term];
        while let Some(term) = todo.pop() {
            match &*term.kind {
                TermKind::If(_, yes, no) => todo.extend([yes, no]),
                TermKind::Let(_, _, _, body) => todo.push(body),
                TermKind::Match(_, _, arms) => todo.extend(arms.iter().map(|arm| &arm.body)),
                TermKind::Op(Op::And | Op::Or | Op::Implies, sides) => todo.extend(sides.last()),
                _ => {
                    if let Some((_, wrapped)) = self.wrapped(term) {
                        sides.0 |= wrapped.left.is_some();
                        sides.1 |= wrapped.right.is_some();
                        todo.push(wrapped.inner);
                    }
                }
            }
        }
        sides
    }

    /// What the tail calls of a body do with each explicit parameter.
    pub(super) fn movements(&self, body: &Term) -> Vec<Movement> {
        let mut walk = Walk { recursion: self, seen: vec![Seen::default(); self.params] };
        let implicit = walk.implicit_params();
        let mut scope: Vec<Known> = vec![Known::Other; implicit];
        scope.extend((0..self.params).map(Known::Param));
        walk.term(body, &mut scope);
        let each = self.each_param(body, implicit);
        walk.seen
            .iter()
            .enumerate()
            .map(|(param, seen)| match seen {
                Seen { rest: true, other: false, odd_match: false, same, .. } => {
                    if !same && each == Some(param) { Movement::Each } else { Movement::Cursor }
                }
                Seen { rest: false, other: false, .. } => Movement::Fixed,
                _ => Movement::Assigned,
            })
            .collect()
    }

    /// The parameter whose list the body takes apart first, when nothing else looks at it or at its rest.
    fn each_param(&self, body: &Term, implicit: usize) -> Option<usize> {
        let TermKind::Match(scrutinee, _, arms) = &*body.kind else { return None };
        let TermKind::Var(index) = &*scrutinee.kind else { return None };
        let param = (implicit + self.params).checked_sub(index + 1)?.checked_sub(implicit)?;
        let (_, _, cons) = list_arms(arms)?;
        let binders = cons.pattern.binders();
        let PatternKind::Con(_, _, fields) = &cons.pattern.kind else { return None };
        if mentions(&cons.body, index + binders) {
            return None;
        }
        // The rest, when it has a name, is the innermost variable.
        let has_rest = matches!(fields.get(1).map(|rest| &rest.kind), Some(PatternKind::Var(..)));
        (has_rest && self.only_passed_on(&cons.body, 0, param)).then_some(param)
    }

    /// Whether variable `index` is only ever the argument `param` of recursive calls.
    fn only_passed_on(&self, term: &Term, index: usize, param: usize) -> bool {
        if let Some(args) = self.call(term) {
            let passed = args.iter().enumerate();
            return passed.filter(|(position, _)| *position != param).all(|(_, arg)| !mentions(arg, index))
                && args
                    .get(param)
                    .is_some_and(|arg| matches!(&*arg.kind, TermKind::Var(found) if *found == index));
        }
        match &*term.kind {
            TermKind::Var(found) => *found != index,
            TermKind::Lam(..) | TermKind::Quant(..) | TermKind::Refine(..) | TermKind::Pi(..) => {
                !mentions(term, index)
            }
            TermKind::Let(_, _, value, body) => {
                self.only_passed_on(value, index, param) && self.only_passed_on(body, index + 1, param)
            }
            TermKind::Match(scrutinee, _, arms) => {
                self.only_passed_on(scrutinee, index, param)
                    && arms
                        .iter()
                        .all(|arm| self.only_passed_on(&arm.body, index + arm.pattern.binders(), param))
            }
            _ => {
                let mut fine = true;
                term.each_child(&mut |child| fine = fine && self.only_passed_on(child, index, param));
                fine
            }
        }
    }

    /// The list parameter of `match xs { [] => z  x :: rest => E }` when every recursive call in `E` is the same
    /// one, on `rest`, and certain to happen.
    fn right_fold(&self, body: &Term) -> Option<usize> {
        let TermKind::Match(_, _, arms) = &*body.kind else { return None };
        let implicit = self.implicit_params();
        let param = self.each_param(body, implicit)?;
        let (nil, _, cons) = list_arms(arms)?;
        let binders = cons.pattern.binders();
        let same = self.passes_others_on(&cons.body, binders, param);
        (!self.occurs(&nil.body) && same && self.is_certain(&cons.body)).then_some(param)
    }

    /// Whether every recursive call passes the parameters other than `param` on, `depth` binders deep.
    fn passes_others_on(&self, term: &Term, depth: usize, param: usize) -> bool {
        if let Some(args) = self.call(term) {
            return args.iter().enumerate().all(|(position, arg)| {
                position == param
                    || matches!(&*arg.kind, TermKind::Var(index) if *index == depth + self.params - 1 - position)
            });
        }
        match &*term.kind {
            TermKind::Global(id) => *id != self.decl,
            TermKind::Let(_, _, value, body) => {
                self.passes_others_on(value, depth, param) && self.passes_others_on(body, depth + 1, param)
            }
            TermKind::Lam(..) | TermKind::Quant(..) => !self.occurs(term),
            TermKind::Match(scrutinee, _, arms) => {
                self.passes_others_on(scrutinee, depth, param)
                    && arms
                        .iter()
                        .all(|arm| self.passes_others_on(&arm.body, depth + arm.pattern.binders(), param))
            }
            _ => {
                let mut fine = true;
                term.each_child(&mut |child| fine = fine && self.passes_others_on(child, depth, param));
                fine
            }
        }
    }

    /// Whether evaluating the term is certain to evaluate a recursive call.
    fn is_certain(&self, term: &Term) -> bool {
        if self.call(term).is_some() {
            return true;
        }
        match &*term.kind {
            TermKind::If(cond, yes, no) => {
                self.is_certain(cond) || (self.is_certain(yes) && self.is_certain(no))
            }
            TermKind::Match(scrutinee, _, arms) => {
                self.is_certain(scrutinee) || arms.iter().all(|arm| self.is_certain(&arm.body))
            }
            TermKind::Let(_, _, value, body) => self.is_certain(value) || self.is_certain(body),
            TermKind::Op(Op::And | Op::Or | Op::Implies, sides) => {
                sides.first().is_some_and(|left| self.is_certain(left))
            }
            TermKind::Lam(..) | TermKind::Quant(..) => false,
            _ => {
                let mut found = false;
                term.each_child(&mut |child| found = found || self.is_certain(child));
                found
            }
        }
    }

    /// Whether every leaf of the body has at most one recursive call, and that one is certain.
    fn is_linear(&self, term: &Term) -> bool {
        match &*term.kind {
            _ if !self.occurs(term) => true,
            TermKind::If(cond, yes, no) if !self.occurs(cond) => self.is_linear(yes) && self.is_linear(no),
            TermKind::Let(_, _, value, body) if !self.occurs(value) => self.is_linear(body),
            TermKind::Match(scrutinee, _, arms) if !self.occurs(scrutinee) => {
                arms.iter().all(|arm| self.is_linear(&arm.body))
            }
            _ => {
                let mut calls = 0;
                term.walk(&mut |inner| {
                    calls += usize::from(matches!(&*inner.kind, TermKind::Global(id) if *id == self.decl));
                });
                calls == 1 && self.is_certain(term)
            }
        }
    }

    /// Whether a branching that [`Self::is_linear`] looks into.
    pub(super) fn is_inner_node(&self, term: &Term) -> bool {
        match &*term.kind {
            TermKind::If(cond, _, _) => !self.occurs(cond),
            TermKind::Let(_, _, value, _) => !self.occurs(value),
            TermKind::Match(scrutinee, _, _) => !self.occurs(scrutinee),
            _ => false,
        }
    }

    /// How many branches have a recursive call.
    pub(super) fn branches(&self, term: &Term) -> usize {
        match &*term.kind {
            _ if !self.occurs(term) => 0,
            TermKind::If(_, yes, no) if self.is_inner_node(term) => self.branches(yes) + self.branches(no),
            TermKind::Let(_, _, _, body) if self.is_inner_node(term) => self.branches(body),
            TermKind::Match(_, _, arms) if self.is_inner_node(term) => {
                arms.iter().map(|arm| self.branches(&arm.body)).sum()
            }
            _ => 1,
        }
    }

    /// The arguments of the one recursive call inside, and under how many binders it stands.
    pub(super) fn only_call(&self, term: &Term) -> Option<(Vec<Term>, usize)> {
        if let Some(args) = self.call(term) {
            return Some((args, 0));
        }
        match &*term.kind {
            TermKind::Let(_, _, value, body) => self
                .only_call(value)
                .or_else(|| self.only_call(body).map(|(args, binders)| (args, binders + 1))),
            TermKind::Match(scrutinee, _, arms) => self.only_call(scrutinee).or_else(|| {
                arms.iter().find_map(|arm| {
                    let (args, binders) = self.only_call(&arm.body)?;
                    Some((args, binders + arm.pattern.binders()))
                })
            }),
            TermKind::Lam(..) | TermKind::Quant(..) | TermKind::Pi(..) | TermKind::Refine(..) => None,
            _ => {
                let mut found = None;
                term.each_child(&mut |child| {
                    if found.is_none() {
                        found = self.only_call(child);
                    }
                });
                found
            }
        }
    }

    fn implicit_params(&self) -> usize {
        let def = self.program.def(self.decl);
        def.map_or(0, |def| def.params.len() - self.params)
    }
}

/// What a variable is known to be while looking for movements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Param(usize),
    /// The rest of a list parameter after some elements.
    Rest(usize),
    Other,
}

/// What calls pass for a parameter.
#[derive(Debug, Clone, Default)]
struct Seen {
    same: bool,
    rest: bool,
    other: bool,
    /// It is matched against more than its length.
    odd_match: bool,
}

struct Walk<'r> {
    recursion: &'r Recursion<'r>,
    seen: Vec<Seen>,
}

impl Walk<'_> {
    fn implicit_params(&self) -> usize {
        self.recursion.implicit_params()
    }

    fn known(scope: &[Known], term: &Term) -> Known {
        match &*term.kind {
            TermKind::Var(index) => scope.iter().rev().nth(*index).copied().unwrap_or(Known::Other),
            _ => Known::Other,
        }
    }

    fn term(&mut self, term: &Term, scope: &mut Vec<Known>) {
        if let Some(args) = self.recursion.call(term) {
            for (position, arg) in args.iter().enumerate() {
                let Some(seen) = self.seen.get_mut(position) else { continue };
                match Self::known(scope, arg) {
                    Known::Param(param) if param == position => seen.same = true,
                    Known::Rest(param) if param == position => seen.rest = true,
                    _ => seen.other = true,
                }
            }
        }
        let outer = scope.len();
        match &*term.kind {
            TermKind::Lam(_, _, ty, body)
            | TermKind::Quant(_, _, ty, body)
            | TermKind::Refine(_, ty, body) => {
                self.term(ty, scope);
                scope.push(Known::Other);
                self.term(body, scope);
            }
            TermKind::Pi(_, _, ty, body) => {
                self.term(ty, scope);
                scope.push(Known::Other);
                self.term(body, scope);
            }
            TermKind::Let(_, _, value, body) => {
                self.term(value, scope);
                let known = Self::known(scope, value);
                scope.push(known);
                self.term(body, scope);
            }
            TermKind::Match(scrutinee, _, arms) => {
                self.term(scrutinee, scope);
                let known = Self::known(scope, scrutinee);
                for arm in arms {
                    self.pattern(&arm.pattern, known, scope);
                    self.term(&arm.body, scope);
                    scope.truncate(outer);
                }
            }
            _ => term.each_child(&mut |child| self.term(child, scope)),
        }
        scope.truncate(outer);
    }

    /// Pushes what a pattern binds.
    fn pattern(&mut self, pattern: &Pattern, known: Known, scope: &mut Vec<Known>) {
        let (Known::Param(param) | Known::Rest(param)) = known else {
            scope.extend((0..pattern.binders()).map(|_| Known::Other));
            return;
        };
        let is_list_pattern = match &pattern.kind {
            PatternKind::Con(decl, ..) => Some(*decl) == self.recursion.program.list(),
            _ => true,
        };
        if !is_list_pattern || !walks_list(pattern) {
            if let Some(seen) = self.seen.get_mut(param) {
                seen.odd_match = true;
            }
            scope.extend((0..pattern.binders()).map(|_| Known::Other));
            return;
        }
        let (mut pattern, mut depth) = (pattern, 0);
        loop {
            match &pattern.kind {
                PatternKind::Con(_, CONS, fields) => {
                    let [head, tail] = fields.as_slice() else { return };
                    scope.extend((0..head.binders()).map(|_| Known::Other));
                    (pattern, depth) = (tail, depth + 1);
                }
                PatternKind::Var(..) => {
                    scope.push(if depth == 0 { known } else { Known::Rest(param) });
                    return;
                }
                _ => return,
            }
        }
    }
}

/// The arms of a match that takes a list apart once: what the empty list gives, the head's pattern, the other arm.
pub(super) fn list_arms(arms: &[Arm]) -> Option<(&Arm, &Pattern, &Arm)> {
    let [first, second] = arms else { return None };
    let is_nil = |arm: &Arm| match &arm.pattern.kind {
        PatternKind::Con(_, NIL, fields) => fields.is_empty(),
        _ => false,
    };
    let head = |arm: &'_ Arm| match &arm.pattern.kind {
        PatternKind::Con(_, CONS, fields) => match fields.as_slice() {
            [head, rest] => {
                names_only(head) && matches!(rest.kind, PatternKind::Var(..) | PatternKind::Wildcard)
            }
            _ => false,
        },
        _ => false,
    };
    let (nil, cons) = if is_nil(first) && head(second) {
        (first, second)
    } else if head(first) && (is_nil(second) || matches!(second.pattern.kind, PatternKind::Wildcard)) {
        (second, first)
    } else {
        return None;
    };
    match &cons.pattern.kind {
        PatternKind::Con(_, _, fields) => Some((nil, fields.first()?, cons)),
        _ => None,
    }
}
