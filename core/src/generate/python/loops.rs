//! Recursion as loops, so that a list of five thousand elements does not end in Python's `RecursionError`.
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

use super::lower::{Beyond, Dest, Lowered, Lowerer, OwnCall, Slot, plus};
use super::matching::{assignment, mentions, names_only, push_if, walks_list};
use super::prelude::has_escaping_function;
use super::reading::names_read;
use super::syntax::{Binary, Block, Case, Expr, Pattern as CasePattern, Stmt};
use crate::eval::domain::lift_out;
use crate::eval::value::{CONS, NIL};
use crate::ir::{Arm, DeclId, Icit, Op, Pattern, PatternKind, Program, Term, TermKind};
use std::cell::RefCell;
use std::rc::Rc;

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

/// A loop that stands for tail calls.
#[derive(Debug)]
pub(super) struct Loop {
    decl: DeclId,
    params: Vec<State>,
    monoid: Option<Monoid>,
    /// What has been gathered to the left (and to the right) of the recursive call.
    before: Option<String>,
    after: Option<String>,
    /// Where the outcome goes.
    dest: Dest,
    /// A `break` is needed to leave: not after the loop.
    inside: bool,
}

/// A parameter of the loop.
#[derive(Debug, Clone)]
enum State {
    Fixed,
    Assigned(String),
    Cursor { index: String },
    Each,
}

/// One way a recursive call is wrapped: operator, what stands to its left, to its right, the call.
struct Wrapped<'t> {
    left: Option<&'t Term>,
    right: Option<&'t Term>,
    inner: &'t Term,
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

    /// The statements of a body whose plan is tail calls. `names` are the explicit parameters' names; `slots` the
    /// whole scope of the body, in which those are replaced by the loop's variables.
    pub(super) fn tail_loop(
        &mut self,
        decl: DeclId,
        body: &Term,
        names: &[(usize, String)],
        (monoid, movements): (Option<Monoid>, &[Movement]),
        (dest, keep): (Dest, bool),
        out: &mut Block,
    ) -> Lowered<()> {
        let (params, each) = self.states(names, movements, keep, out);
        let recursion = Recursion { program: self.outline.program, decl, params: names.len() };
        let (before, after) = match monoid {
            None => (None, None),
            Some(monoid) => {
                let sides = recursion.sides(body);
                let commutes = matches!(monoid, Monoid::Sum | Monoid::Product);
                let before = (commutes || sides.0).then(|| self.locals.fresh(monoid.variable()));
                let after = (!commutes && sides.1).then(|| self.locals.fresh("ending"));
                for name in before.iter().chain(&after) {
                    out.push(Stmt::Assign(Expr::name(name.clone()), monoid.unit()));
                }
                (before, after)
            }
        };
        let turn = Rc::new(Loop { decl, params, monoid, before, after, dest, inside: true });
        let mut inside = Block::new();
        match each {
            Some((position, list)) => self.for_loop(body, position, &list, &turn, &mut inside)?,
            None => {
                self.tail(body, &Dest::Loop(turn.clone()), &mut inside)?;
                drop_last_continue(&mut inside);
                inside = while_loop(inside, &turn.dest);
            }
        }
        out.extend(inside);
        Ok(())
    }

    /// The variables of a loop, one for each explicit parameter, and the list that a `for` walks.
    fn states(
        &mut self,
        names: &[(usize, String)],
        movements: &[Movement],
        keep: bool,
        out: &mut Block,
    ) -> (Vec<State>, Option<(usize, String)>) {
        let mut params = Vec::new();
        let mut each = None;
        for ((position, name), movement) in names.iter().zip(movements) {
            let state = match movement {
                Movement::Fixed => State::Fixed,
                Movement::Each => {
                    each = Some((*position, name.clone()));
                    State::Each
                }
                Movement::Cursor => {
                    let earlier = params.iter().filter(|state| matches!(state, State::Cursor { .. })).count();
                    let index = self.locals.fresh(index_name(earlier));
                    out.push(Stmt::Assign(Expr::name(index.clone()), Expr::int(0)));
                    let slot = Slot::Cursor { list: name.clone(), index: index.clone(), offset: 0 };
                    self.scope.splice(position..=position, [slot]);
                    State::Cursor { index }
                }
                Movement::Assigned if keep => {
                    let copy = self.locals.fresh(name);
                    out.push(Stmt::Assign(Expr::name(copy.clone()), Expr::name(name.clone())));
                    self.scope.splice(position..=position, [Slot::Value(Expr::name(copy.clone()))]);
                    State::Assigned(copy)
                }
                Movement::Assigned => State::Assigned(name.clone()),
            };
            params.push(state);
        }
        (params, each)
    }

    /// `for x in list: ...`, then what the empty list gives.
    fn for_loop(
        &mut self,
        body: &Term,
        position: usize,
        list: &str,
        turn: &Rc<Loop>,
        out: &mut Block,
    ) -> Lowered<()> {
        let TermKind::Match(_, _, arms) = &*body.kind else {
            return self.tail(body, &Dest::Loop(turn.clone()), out);
        };
        let Some((nil, head, cons)) = list_arms(arms) else {
            return self.tail(body, &Dest::Loop(turn.clone()), out);
        };
        let mut inside = Block::new();
        let (target, slots) = self.loop_target(head, cons, &mut inside);
        let dest = Dest::Loop(turn.clone());
        self.under(slots, |this| this.tail(&cons.body, &dest, &mut inside))?;
        drop_last_continue(&mut inside);
        let breaks = has_break(&inside);
        let mut after = Block::new();
        let empty = Slot::Value(Expr::List(Vec::new()));
        self.scope.splice(position..=position, [empty]);
        let slots = match &nil.pattern.kind {
            PatternKind::Var(..) => vec![Slot::Value(Expr::List(Vec::new()))],
            _ => Vec::new(),
        };
        let outside = Dest::Loop(Rc::new(turn.outside()));
        self.under(slots, |this| this.tail(&nil.body, &outside, &mut after))?;
        if breaks {
            out.push(Stmt::For(target, Expr::name(list), inside, after));
        } else {
            out.push(Stmt::For(target, Expr::name(list), inside, Block::new()));
            out.extend(after);
        }
        Ok(())
    }

    /// The target of a loop over a list's elements, and the slots of the arm's variables: the head's and the rest's.
    fn loop_target(&mut self, head: &Pattern, arm: &Arm, out: &mut Block) -> (Expr, Vec<Slot>) {
        let binders = arm.pattern.binders();
        let bound = head.binders();
        let rest = binders - bound;
        let mut slots = Vec::new();
        let mut number = 0;
        let target = self.target_of(head, &mut |this, name| {
            number += 1;
            let used = mentions(&arm.body, binders - number);
            let name = if used { this.locals.fresh(name) } else { "_".to_owned() };
            slots.push(Slot::Value(Expr::name(name.clone())));
            name
        });
        let _ = out;
        slots.extend((0..rest).map(|_| Slot::Value(Expr::None)));
        (target, slots)
    }

    fn target_of(&mut self, pattern: &Pattern, name: &mut dyn FnMut(&mut Self, &str) -> String) -> Expr {
        match &pattern.kind {
            PatternKind::Var(wanted, _) => Expr::Name(name(self, wanted)),
            PatternKind::Tuple(items) => {
                Expr::Tuple(items.iter().map(|item| self.target_of(item, name)).collect())
            }
            _ => Expr::name("_"),
        }
    }

    /// One step of a loop: the cases that only exist there. `None` when the term is none of them.
    pub(super) fn turn(
        &mut self,
        term: &Term,
        turn: &Rc<Loop>,
        dest: &Dest,
        out: &mut Block,
    ) -> Lowered<Option<()>> {
        let recursion =
            Recursion { program: self.outline.program, decl: turn.decl, params: turn.params.len() };
        if !recursion.occurs(term) {
            return Ok(None);
        }
        if let Some(args) = recursion.call(term) {
            self.next_turn(&args, turn, out)?;
            return Ok(Some(()));
        }
        if let TermKind::Op(op @ (Op::And | Op::Or | Op::Implies), sides) = &*term.kind
            && let [left, right] = sides.as_slice()
        {
            let left = self.expr(left, out)?;
            let (decided, outcome) = match op {
                Op::And => (left.negated(), false),
                Op::Or => (left, true),
                _ => (left.negated(), true),
            };
            let mut stop = Block::new();
            turn.finish(Expr::Bool(outcome), &mut stop);
            let mut go_on = Block::new();
            self.tail(right, dest, &mut go_on)?;
            push_if(decided, stop, go_on, out);
            return Ok(Some(()));
        }
        let Some((monoid, wrapped)) = recursion.wrapped(term) else { return Ok(None) };
        for (side, gathered) in [(wrapped.left, turn.before.as_ref()), (wrapped.right, turn.after.as_ref())] {
            let (Some(side), Some(name)) = (side, gathered.or(turn.before.as_ref())) else { continue };
            let at_end = wrapped.left.is_some_and(|left| std::ptr::eq(left, side));
            let target = Expr::name(name.clone());
            // What comes after the call is gathered backwards.
            if monoid == Monoid::List {
                let statement = match recursion.single(side) {
                    Some(item) => target.method("append", vec![self.expr(&item, out)?]),
                    None if at_end => target.method("extend", vec![self.expr(side, out)?]),
                    None => {
                        let backwards = Expr::call("reversed", vec![self.expr(side, out)?]);
                        target.method("extend", vec![backwards])
                    }
                };
                out.push(Stmt::Expr(statement));
                continue;
            }
            let value = self.expr(side, out)?;
            out.push(match (monoid, at_end) {
                (Monoid::Text, false) => {
                    Stmt::Assign(target.clone(), Expr::binary(Binary::Add, value, target))
                }
                (Monoid::Product, _) => Stmt::Augment(target, Binary::Mul, value),
                _ => Stmt::Augment(target, Binary::Add, value),
            });
        }
        self.tail(wrapped.inner, dest, out)?;
        Ok(Some(()))
    }

    /// Gives the parameters the values of a recursive call and goes on.
    fn next_turn(&mut self, args: &[Term], turn: &Rc<Loop>, out: &mut Block) -> Lowered<()> {
        self.next_values(args, &turn.params, out)
    }

    fn next_values(&mut self, args: &[Term], params: &[State], out: &mut Block) -> Lowered<()> {
        let (mut targets, mut values) = (Vec::new(), Vec::new());
        for (arg, state) in args.iter().zip(params) {
            match state {
                State::Fixed | State::Each => {}
                State::Assigned(name) => {
                    let value = self.expr(arg, out)?;
                    if value != Expr::name(name.clone()) {
                        targets.push(Expr::name(name.clone()));
                        values.push(value);
                    }
                }
                State::Cursor { index } => {
                    let TermKind::Var(variable) = &*arg.kind else { continue };
                    if let Some(Slot::Cursor { offset, .. }) = self.slot(*variable).cloned()
                        && offset > 0
                    {
                        targets.push(Expr::name(index.clone()));
                        values.push(plus(Expr::name(index.clone()), offset));
                    }
                }
            }
        }
        match (targets.as_slice(), values.as_slice()) {
            ([Expr::Name(name)], [value]) => out.extend(assignment(name, value.clone())),
            ([], []) => {}
            _ => out.push(Stmt::Assign(Expr::Tuple(targets), Expr::Tuple(values))),
        }
        out.push(Stmt::Continue);
        Ok(())
    }

    /// The statements of a body that is a fold from the right.
    pub(super) fn fold_loop(
        &mut self,
        decl: DeclId,
        body: &Term,
        (position, list): (usize, &str),
        dest: &Dest,
        out: &mut Block,
    ) -> Lowered<()> {
        let arms = match &*body.kind {
            TermKind::Match(_, _, arms) => list_arms(arms),
            _ => None,
        };
        let Some((nil, head, cons)) = arms else { return self.tail(body, dest, out) };
        let result = match dest {
            Dest::Assign(name) => name.clone(),
            _ => self.locals.fresh("result"),
        };
        let keep = Dest::Assign(result.clone());
        let whole = self.scope.get(position).cloned();
        self.scope.splice(position..=position, [Slot::Value(Expr::List(Vec::new()))]);
        let slots = match &nil.pattern.kind {
            PatternKind::Var(..) => vec![Slot::Value(Expr::List(Vec::new()))],
            _ => Vec::new(),
        };
        self.under(slots, |this| this.tail(&nil.body, &keep, out))?;
        self.scope.splice(position..=position, whole);
        let mut inside = Block::new();
        let (target, slots) = self.loop_target(head, cons, &mut inside);
        let outer = self.own.replace((decl, OwnCall::Variable(result.clone())));
        let lowered = self.under(slots, |this| this.tail(&cons.body, &keep, &mut inside));
        self.own = outer;
        lowered?;
        let reversed = Expr::call("reversed", vec![Expr::name(list)]);
        out.push(Stmt::For(target, reversed, inside, Block::new()));
        if matches!(dest, Dest::Return) {
            out.push(Stmt::Return(Expr::Name(result)));
        }
        Ok(())
    }
}

/// A recursion on its way down, and what has been noted for the way up.
#[derive(Debug)]
pub(super) struct Descent {
    decl: DeclId,
    params: Vec<State>,
    result: String,
    notes: String,
    /// There is more than one branch to come back to.
    several: bool,
    /// For each branch: the variables it needs and what it does.
    branches: RefCell<Vec<(Vec<String>, Block)>>,
}

impl Lowerer<'_> {
    /// The statements of a body with one recursive call in each branch.
    pub(super) fn down_and_up(
        &mut self,
        decl: DeclId,
        body: &Term,
        names: &[(usize, String)],
        (dest, keep): (Dest, bool),
        out: &mut Block,
    ) -> Lowered<()> {
        let recursion = Recursion { program: self.outline.program, decl, params: names.len() };
        let movements: Vec<Movement> = recursion
            .movements(body)
            .into_iter()
            .map(|movement| if movement == Movement::Each { Movement::Cursor } else { movement })
            .collect();
        let several = recursion.branches(body) > 1;
        let (params, _) = self.states(names, &movements, keep, out);
        let result = match &dest {
            Dest::Assign(name) => name.clone(),
            _ => self.locals.fresh("result"),
        };
        let notes = self.locals.fresh("pending");
        let branches = RefCell::default();
        let descent = Rc::new(Descent {
            decl,
            params,
            result: result.clone(),
            notes: notes.clone(),
            several,
            branches,
        });
        let mut down = Block::new();
        self.tail(body, &Dest::Down(descent.clone()), &mut down)?;
        drop_last_continue(&mut down);
        let counts = descent.branches.borrow().iter().all(|(names, _)| names.is_empty()) && !several;
        let nothing = if counts { Expr::int(0) } else { Expr::List(Vec::new()) };
        out.push(Stmt::Assign(Expr::name(notes), nothing));
        out.extend(while_loop(down, &Dest::Assign(result.clone())));
        out.push(self.way_up(&descent));
        if matches!(dest, Dest::Return) {
            out.push(Stmt::Return(Expr::Name(result)));
        }
        Ok(())
    }

    fn way_up(&mut self, descent: &Descent) -> Stmt {
        let mut branches = descent.branches.take();
        let pending = Expr::call("reversed", vec![Expr::name(descent.notes.clone())]);
        if !descent.several {
            let (names, block) = branches.pop().unwrap_or_default();
            let turns = Expr::call("range", vec![Expr::name(descent.notes.clone())]);
            let iter = if names.is_empty() { turns } else { pending };
            return Stmt::For(noted(&names), iter, block, Vec::new());
        }
        let (branch, saved) = (self.locals.fresh("branch"), self.locals.fresh("saved"));
        let cases = branches.into_iter().enumerate().map(|(number, (names, mut block))| {
            if !names.is_empty() {
                block.insert(0, Stmt::Assign(noted(&names), Expr::name(saved.clone())));
            }
            Case { pattern: CasePattern::Value(Expr::int(number)), guard: None, body: block }
        });
        let body = vec![Stmt::Match(Expr::name(branch.clone()), cases.collect())];
        let target = Expr::Tuple(vec![Expr::Name(branch), Expr::name(saved.clone())]);
        Stmt::For(target, pending, body, Vec::new())
    }

    /// One step down, when the term is a branch with a recursive call.
    pub(super) fn descend(
        &mut self,
        term: &Term,
        descent: &Rc<Descent>,
        out: &mut Block,
    ) -> Lowered<Option<()>> {
        let recursion =
            Recursion { program: self.outline.program, decl: descent.decl, params: descent.params.len() };
        if !recursion.occurs(term) || recursion.is_inner_node(term) {
            return Ok(None);
        }
        let Some((args, binders)) = recursion.only_call(term) else { return Ok(None) };
        let mut up = Block::new();
        let outer = self.own.replace((descent.decl, OwnCall::Variable(descent.result.clone())));
        let lowered = self.tail(term, &Dest::Assign(descent.result.clone()), &mut up);
        self.own = outer;
        lowered?;
        let fixed = descent.params.iter().zip(&args).filter_map(|(state, arg)| match (state, &*arg.kind) {
            (State::Fixed, TermKind::Var(index)) => match self.slot(index.checked_sub(binders)?)? {
                Slot::Value(Expr::Name(name)) => Some(name.clone()),
                _ => None,
            },
            _ => None,
        });
        let fixed: Vec<String> = fixed.collect();
        let mut scoped = Vec::new();
        for slot in &self.scope {
            match slot {
                Slot::Value(expr) => scoped.extend(names_read(&[Stmt::Expr(expr.clone())])),
                Slot::Cursor { index, .. } => scoped.push(index.clone()),
                Slot::Type(_) => {}
            }
        }
        let needed: Vec<String> = names_read(&up)
            .into_iter()
            .filter(|name| scoped.contains(name) && !fixed.contains(name) && *name != descent.result)
            .collect();
        let number = descent.branches.borrow().len();
        let notes = Expr::name(descent.notes.clone());
        let saved = if needed.is_empty() { Expr::None } else { noted(&needed) };
        out.push(if descent.several {
            Stmt::Expr(notes.method("append", vec![Expr::Tuple(vec![Expr::int(number), saved])]))
        } else if needed.is_empty() {
            Stmt::Augment(notes, Binary::Add, Expr::int(1))
        } else {
            Stmt::Expr(notes.method("append", vec![saved]))
        });
        descent.branches.borrow_mut().push((needed, up));
        // The arguments are read outside the binders between the branch and its call, which they do not mention.
        let args: Option<Vec<Term>> = args.iter().map(|arg| lift_out(arg, binders)).collect();
        let Some(args) = args else {
            return Err(Beyond("its recursive call depends on a variable of its own branch".to_owned()));
        };
        self.next_values(&args, &descent.params, out)?;
        Ok(Some(()))
    }
}

impl Descent {
    /// The way down ends with this value.
    pub(super) fn finish(&self, value: Expr, out: &mut Block) {
        out.extend(assignment(&self.result, value));
        out.push(Stmt::Break);
    }
}

/// The variables that are noted, as a target and as a value.
fn noted(names: &[String]) -> Expr {
    match names {
        [] => Expr::name("_"),
        [only] => Expr::name(only.clone()),
        names => Expr::Tuple(names.iter().map(|name| Expr::name(name.clone())).collect()),
    }
}

impl Loop {
    /// The same for what stands behind the loop.
    fn outside(&self) -> Loop {
        Loop {
            decl: self.decl,
            params: self.params.clone(),
            monoid: self.monoid,
            before: self.before.clone(),
            after: self.after.clone(),
            dest: self.dest.clone(),
            inside: false,
        }
    }

    /// The loop ends with this value around what has been gathered.
    pub(super) fn finish(&self, value: Expr, out: &mut Block) {
        let value = match self.monoid {
            None => value,
            Some(monoid) => {
                let name = |name: &Option<String>| name.clone().map(Expr::Name);
                monoid.around(name(&self.before), value, name(&self.after))
            }
        };
        match &self.dest {
            Dest::Assign(name) => {
                out.extend(assignment(name, value));
                if self.inside {
                    out.push(Stmt::Break);
                }
            }
            _ => out.push(Stmt::Return(value)),
        }
    }
}

impl Monoid {
    fn variable(self) -> &'static str {
        match self {
            Monoid::Sum => "total",
            Monoid::Product => "product",
            Monoid::Text => "text",
            Monoid::List => "gathered",
        }
    }

    fn unit(self) -> Expr {
        match self {
            Monoid::Sum => Expr::int(0),
            Monoid::Product => Expr::int(1),
            Monoid::Text => Expr::Str(String::new()),
            Monoid::List => Expr::List(Vec::new()),
        }
    }

    /// `before op value op after` without units.
    fn around(self, before: Option<Expr>, value: Expr, after: Option<Expr>) -> Expr {
        if self == Monoid::List {
            let mut items = Vec::new();
            for part in before.into_iter().chain([value]) {
                match part {
                    Expr::List(more) => items.extend(more),
                    other => items.push(Expr::Starred(Box::new(other))),
                }
            }
            return match (items.as_slice(), after) {
                ([], Some(after)) => Expr::Slice(Box::new(after), None, None, Some(Box::new(Expr::int(-1)))),
                (_, Some(after)) => {
                    let backwards = Expr::call("reversed", vec![after]);
                    items.push(Expr::Starred(Box::new(backwards)));
                    Expr::List(items)
                }
                // What was gathered belongs to this call alone.
                ([Expr::Starred(only)], None) => (**only).clone(),
                (_, None) => Expr::List(items),
            };
        }
        let unit = self.unit();
        let op = if self == Monoid::Product { Binary::Mul } else { Binary::Add };
        let parts = before.into_iter().chain((value != unit).then_some(value)).chain(after);
        parts.reduce(|left, right| Expr::binary(op, left, right)).unwrap_or(unit)
    }
}

/// What is known of the recursion of a definition with `params` explicit parameters.
struct Recursion<'p> {
    program: &'p Program,
    decl: DeclId,
    params: usize,
}

impl Recursion<'_> {
    /// Whether the definition is mentioned.
    fn occurs(&self, term: &Term) -> bool {
        let mut found = false;
        term.walk(&mut |inner| found |= matches!(&*inner.kind, TermKind::Global(id) if *id == self.decl));
        found
    }

    /// The explicit arguments of a recursive call that contain no other one.
    fn call(&self, term: &Term) -> Option<Vec<Term>> {
        let (head, args) = term.spine();
        if !matches!(&*head.kind, TermKind::Global(id) if *id == self.decl) {
            return None;
        }
        let explicit: Vec<Term> =
            args.iter().filter(|arg| arg.icit == Icit::Explicit).map(|arg| arg.term.clone()).collect();
        (explicit.len() == self.params && !explicit.iter().any(|arg| self.occurs(arg))).then_some(explicit)
    }

    /// `e op f(..)` or `f(..) op e`.
    fn wrapped<'t>(&self, term: &'t Term) -> Option<(Monoid, Wrapped<'t>)> {
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
    fn single(&self, term: &Term) -> Option<Term> {
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
    fn sides(&self, term: &Term) -> (bool, bool) {
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
    fn movements(&self, body: &Term) -> Vec<Movement> {
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
    fn is_inner_node(&self, term: &Term) -> bool {
        match &*term.kind {
            TermKind::If(cond, _, _) => !self.occurs(cond),
            TermKind::Let(_, _, value, _) => !self.occurs(value),
            TermKind::Match(scrutinee, _, _) => !self.occurs(scrutinee),
            _ => false,
        }
    }

    /// How many branches have a recursive call.
    fn branches(&self, term: &Term) -> usize {
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
    fn only_call(&self, term: &Term) -> Option<(Vec<Term>, usize)> {
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
fn list_arms(arms: &[Arm]) -> Option<(&Arm, &Pattern, &Arm)> {
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

fn index_name(number: usize) -> &'static str {
    match number {
        0 => "i",
        1 => "j",
        _ => "k",
    }
}

/// `continue` at the end of a turn says nothing; `if c: ...; continue` before the rest is `if`, `else`.
fn drop_last_continue(block: &mut Block) {
    let jump = block.iter().position(|statement| match statement {
        Stmt::If(_, yes, no) => no.is_empty() && yes.last() == Some(&Stmt::Continue),
        _ => false,
    });
    if let Some(place) = jump {
        let rest = block.split_off(place + 1);
        if let Some(Stmt::If(_, _, no)) = block.last_mut() {
            *no = rest;
        }
    }
    while block.last() == Some(&Stmt::Continue) {
        block.pop();
    }
    match block.last_mut() {
        Some(Stmt::If(_, yes, no)) => {
            drop_last_continue(yes);
            drop_last_continue(no);
            if yes.is_empty()
                && let Some(Stmt::If(cond, yes, no)) = block.pop()
            {
                push_if(cond, yes, no, block);
            }
        }
        Some(Stmt::Match(_, cases)) => cases.iter_mut().for_each(|case| drop_last_continue(&mut case.body)),
        _ => {}
    }
}

fn has_break(block: &[Stmt]) -> bool {
    block.iter().any(|statement| match statement {
        Stmt::Break => true,
        Stmt::If(_, yes, no) => has_break(yes) || has_break(no),
        Stmt::Match(_, cases) => cases.iter().any(|case| has_break(&case.body)),
        _ => false,
    })
}

/// `while True`, or `while not c` when the turn starts with the way out.
fn while_loop(mut turn: Block, dest: &Dest) -> Block {
    let leaves_early = |rest: &[Stmt]| matches!(dest, Dest::Assign(_)) && has_break(rest);
    let starts_with_exit = match turn.split_first() {
        Some((Stmt::If(_, yes, no), rest)) => {
            let last_only = yes.split_last().is_some_and(|(_, before)| !leaves_early(before));
            let exits = matches!(yes.last(), Some(Stmt::Return(_) | Stmt::Raise(..) | Stmt::Break));
            no.is_empty() && exits && last_only && !leaves_early(rest)
        }
        _ => false,
    };
    if starts_with_exit && !turn.is_empty() {
        let first = turn.remove(0);
        if let Stmt::If(cond, mut yes, _) = first {
            if yes.last() == Some(&Stmt::Break) {
                yes.pop();
            }
            let mut out = vec![Stmt::While(cond.negated(), turn)];
            out.extend(yes);
            return out;
        }
    }
    vec![Stmt::While(Expr::Bool(true), turn)]
}
