//! Recursion as loops: what [`super::recursion`] found possible, done.

use super::lower::{Dest, Lowered, Lowerer, OwnCall, Slot, plus};
use super::matching::{assignment, push_if};
use super::patterns::mentions;
use super::recursion::{Monoid, Movement, Recursion, list_arms};
use super::syntax::{Binary, Block, Expr, Stmt};
use crate::ir::{Arm, DeclId, Op, Pattern, PatternKind, Term, TermKind};
use std::rc::Rc;

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
pub(super) enum State {
    Fixed,
    Assigned(String),
    Cursor { index: String },
    Each,
}

impl Lowerer<'_> {
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
                    out.push(match monoid {
                        Monoid::List => Stmt::Declare(name.clone(), self.result.clone(), monoid.unit()),
                        _ => Stmt::Assign(Expr::name(name.clone()), monoid.unit()),
                    });
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
    pub(super) fn states(
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

    pub(super) fn next_values(&mut self, args: &[Term], params: &[State], out: &mut Block) -> Lowered<()> {
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
        let mut start = Block::new();
        self.under(slots, |this| this.tail(&nil.body, &keep, &mut start))?;
        // Where the first value says less than the type, the type is written.
        if let Some(Stmt::Assign(Expr::Name(name), value)) = start.last()
            && *name == result
            && !matches!(value, Expr::Int(_) | Expr::Str(_) | Expr::Bool(_))
        {
            let declared = Stmt::Declare(result.clone(), self.result.clone(), value.clone());
            start.pop();
            start.push(declared);
        }
        out.extend(start);
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

fn index_name(number: usize) -> &'static str {
    match number {
        0 => "i",
        1 => "j",
        _ => "k",
    }
}

/// `continue` at the end of a turn says nothing; `if c: ...; continue` before the rest is `if`, `else`.
pub(super) fn drop_last_continue(block: &mut Block) {
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
pub(super) fn while_loop(mut turn: Block, dest: &Dest) -> Block {
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
