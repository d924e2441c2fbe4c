//! The machine: terms in environments, with an explicit stack of what waits for a value.
//!
//! It is a CEK machine (Felleisen and Friedman 1986) for a call-by-value language; `&&`, `||`, `==>` and `if` are
//! lazy from the left. It recurses on nothing of the user's: depth is a number in the [`Meter`]. An operation
//! whose operand is stuck becomes a stuck value and the rest goes on (the `Indet` rules of Hazel).

use super::contracts::{Check, Then};
use super::error::{EvalError, EvalErrorKind, Undecided, Violation};
use super::evidence::Log;
use super::limits::Meter;
use super::matching::{Choice, choose};
use super::natives::{self, Refusal};
use super::operators;
use super::quantify::Search;
use super::shortcuts::Shortcuts;
use super::value::{Closure, Data, Env, Head, Partial, Stuck, TypeClosure, Value};
use super::{Contracts, Limits};
use crate::ir::{DeclId, HoleId, Literal, Op, Program, Term, TermKind};
use crate::syntax::span::Span;
use num_bigint::BigInt;
use std::collections::HashMap;
use std::sync::Arc;

/// The machine's next move.
pub(super) enum Control {
    /// Evaluate a term.
    Eval(Term, Env),
    /// Give a value to what waits on top of the stack.
    Return(Value),
}

/// What waits for a value.
pub(super) enum Frame {
    /// The function of a spine; its arguments follow.
    Callee(Term, Env),
    /// One of several operands: the whole term, the head of a spine, which operand, those before it.
    Operands { term: Term, callee: Option<Callee>, next: usize, done: Vec<Value>, env: Env },
    /// More arguments for the function that is being worked out.
    Apply { args: Vec<Value>, span: Span, trusted: bool },
    /// The value of a `let`; the term is the whole of it.
    Let(Term, Env),
    /// The condition of an `if`.
    If(Term, Env),
    /// The scrutinee of a `match`.
    Match(Term, Env),
    /// The left side of a lazy operator.
    Lazy(Op, Term, Env),
    /// An entity whose field is wanted.
    Field(DeclId, usize),
    /// A contract's condition: what it is worth, the checks after it, what comes then.
    Check { violation: Violation, span: Span, pending: Vec<Check>, then: Then },
    /// The measure of a call.
    Measure { decl: DeclId, span: Span, pending: Vec<Check>, then: Then },
    /// The body of a definition whose result is still to be checked.
    Leave { decl: DeclId, env: Env, span: Span, outermost: bool },
    /// A term on which the domain of a quantifier depends.
    Domain(Box<Search>),
    /// One instance of a quantifier's body.
    Instance(Box<Search>),
}

/// The head of a spine.
pub(super) enum Callee {
    Head(Head),
    Value(Value),
}

/// One run.
pub(super) struct Machine<'p> {
    pub(super) program: &'p Program,
    pub(super) contracts: Contracts,
    pub(super) meter: Meter,
    pub(super) log: Log,
    pub(super) shortcuts: Shortcuts,
    pub(super) stack: Vec<Frame>,
    /// How many contract conditions are being evaluated: nothing is checked inside one.
    pub(super) conditions: usize,
    /// The measures of the calls that are running, by definition; `None` for one that is stuck.
    pub(super) measures: HashMap<DeclId, Vec<Option<BigInt>>>,
    pub(super) undecided: Vec<Undecided>,
    /// Data types already looked at: whether a value of theirs can be outside its type.
    pub(super) refined: HashMap<DeclId, bool>,
    /// No call has been entered yet.
    pub(super) outermost: bool,
}

type Step = Result<Control, EvalError>;

impl<'p> Machine<'p> {
    pub(super) fn new(program: &'p Program, limits: Limits, contracts: Contracts) -> Self {
        Machine {
            program,
            contracts,
            meter: Meter::new(limits),
            log: Log::default(),
            shortcuts: Shortcuts::of(program),
            stack: Vec::new(),
            conditions: 0,
            measures: HashMap::new(),
            undecided: Vec::new(),
            refined: HashMap::new(),
            outermost: true,
        }
    }

    /// Runs to the end.
    pub(super) fn run(&mut self, start: Control) -> Result<Value, EvalError> {
        let mut control = start;
        loop {
            let step = match control {
                Control::Eval(term, env) => match self.tick(term.span) {
                    Ok(()) => self.eval(term, env),
                    Err(error) => Err(error),
                },
                Control::Return(value) => match self.stack.pop() {
                    None => return Ok(value),
                    Some(frame) => self.resume(frame, value),
                },
            };
            control = match step {
                Ok(control) => control,
                Err(error) => self.recover(error)?,
            };
        }
    }

    fn tick(&mut self, span: Span) -> Result<(), EvalError> {
        let depth = self.stack.len();
        self.meter.step().and_then(|()| self.meter.depth(depth)).map_err(|kind| EvalError::new(kind, span))
    }

    fn eval(&mut self, term: Term, env: Env) -> Step {
        if let Some(value) = self.immediate(&term, &env)? {
            return Ok(Control::Return(value));
        }
        match &*term.kind {
            TermKind::Global(id) => {
                self.apply(Callee::Head(Head::Def(*id)), Vec::new(), term.span, env.is_trusted())
            }
            TermKind::Con(decl, ctor) => {
                self.apply(Callee::Head(Head::Con(*decl, *ctor)), Vec::new(), term.span, env.is_trusted())
            }
            TermKind::Hole(id) => self.hole(*id, env),
            TermKind::App(head, _) => match &*head.kind {
                TermKind::Global(id) => {
                    self.operands(term.clone(), Some(Callee::Head(Head::Def(*id))), 0, env)
                }
                TermKind::Con(decl, ctor) => {
                    self.operands(term.clone(), Some(Callee::Head(Head::Con(*decl, *ctor))), 0, env)
                }
                _ => {
                    let head = head.clone();
                    self.stack.push(Frame::Callee(term, env.clone()));
                    Ok(Control::Eval(head, env))
                }
            },
            TermKind::Tuple(_) | TermKind::List(..) => self.operands(term, None, 0, env),
            TermKind::Op(op @ (Op::And | Op::Or | Op::Implies), sides) => {
                let [left, right] = sides.as_slice() else { return Err(ill_typed(term.span)) };
                self.stack.push(Frame::Lazy(*op, right.clone(), env.clone()));
                Ok(Control::Eval(left.clone(), env))
            }
            // What is run here is run.
            TermKind::Op(Op::Run | Op::RunGiven, inner) => match inner.first() {
                Some(inner) => Ok(Control::Eval(inner.clone(), env)),
                None => Err(ill_typed(term.span)),
            },
            // The first argument of these is a type.
            TermKind::Op(Op::Eq | Op::Ne | Op::ListAt, _) => self.operands(term, None, 1, env),
            TermKind::Op(..) => self.operands(term, None, 0, env),
            TermKind::Let(_, _, value, _) => {
                let value = value.clone();
                self.stack.push(Frame::Let(term, env.clone()));
                Ok(Control::Eval(value, env))
            }
            TermKind::If(cond, _, _) => {
                let cond = cond.clone();
                self.stack.push(Frame::If(term, env.clone()));
                Ok(Control::Eval(cond, env))
            }
            TermKind::Match(scrutinee, _, _) => {
                let scrutinee = scrutinee.clone();
                self.stack.push(Frame::Match(term, env.clone()));
                Ok(Control::Eval(scrutinee, env))
            }
            TermKind::Field(decl, field, value) => {
                self.stack.push(Frame::Field(*decl, *field));
                Ok(Control::Eval(value.clone(), env))
            }
            TermKind::Quant(quantifier, _, ty, body) => {
                self.quantify(*quantifier, &term, ty, body, env.clone())
            }
            _ => Err(ill_typed(term.span)),
        }
    }

    /// The value of a term that needs no work.
    fn immediate(&mut self, term: &Term, env: &Env) -> Result<Option<Value>, EvalError> {
        let value = match &*term.kind {
            TermKind::Var(index) => env.get(*index).cloned().ok_or_else(|| ill_typed(term.span))?,
            TermKind::Lit(Literal::Int(n)) => Value::Int(n.clone()),
            TermKind::Lit(Literal::Real(n)) => Value::Real(n.clone()),
            TermKind::Lit(Literal::Float(n)) => Value::Float(*n),
            TermKind::Lit(Literal::Bool(b)) => Value::Bool(*b),
            TermKind::Lit(Literal::Str(s)) => Value::Str(s.clone()),
            TermKind::Lit(Literal::Unit) => Value::Unit,
            TermKind::Lam(..) => Value::Closure(Arc::new(Closure { term: term.clone(), env: env.clone() })),
            TermKind::Universe | TermKind::Pi(..) | TermKind::Refine(..) | TermKind::Prim(_) => {
                type_value(term, env)
            }
            TermKind::Product(_) | TermKind::Data(_) | TermKind::Eff(..) => type_value(term, env),
            TermKind::Global(id) if self.program.def(*id).is_none() => type_value(term, env),
            TermKind::App(head, _) => match &*head.kind {
                TermKind::Data(_) => type_value(term, env),
                TermKind::Global(id) if self.program.def(*id).is_none() => type_value(term, env),
                _ => return Ok(None),
            },
            TermKind::Error => Value::stuck(Stuck::Broken(term.span)),
            _ => return Ok(None),
        };
        Ok(Some(value))
    }

    fn operands(&mut self, term: Term, callee: Option<Callee>, first: usize, env: Env) -> Step {
        self.more_operands(term, callee, first, Vec::new(), env)
    }

    /// Evaluates operands from `next` on, then does what the term says.
    fn more_operands(
        &mut self,
        term: Term,
        callee: Option<Callee>,
        mut next: usize,
        mut done: Vec<Value>,
        env: Env,
    ) -> Step {
        while let Some(operand) = operand(&term, next) {
            next += 1;
            match self.immediate(operand, &env)? {
                Some(value) => done.push(value),
                None => {
                    let operand = operand.clone();
                    self.stack.push(Frame::Operands { term, callee, next, done, env: env.clone() });
                    return Ok(Control::Eval(operand, env));
                }
            }
        }
        let span = term.span;
        match (callee, &*term.kind) {
            (Some(callee), _) => self.apply(callee, done, span, env.is_trusted()),
            (None, TermKind::Tuple(_)) => {
                self.take(64 + 32 * done.len(), span)?;
                Ok(Control::Return(Value::tuple(done)))
            }
            (None, TermKind::List(..)) => {
                let list = self.program.list().ok_or_else(|| ill_typed(span))?;
                self.take(96 * (done.len() + 1), span)?;
                Ok(Control::Return(Value::list(list, done)))
            }
            (None, TermKind::Op(op, _)) => operators::apply(*op, done, self.program.list(), &mut self.meter)
                .map(Control::Return)
                .map_err(|kind| EvalError::new(kind, span)),
            _ => Err(ill_typed(span)),
        }
    }

    fn resume(&mut self, frame: Frame, value: Value) -> Step {
        match frame {
            Frame::Callee(term, env) => self.operands(term, Some(Callee::Value(value)), 0, env),
            Frame::Operands { term, callee, next, mut done, env } => {
                done.push(value);
                self.more_operands(term, callee, next, done, env)
            }
            Frame::Apply { args, span, trusted } => self.apply(Callee::Value(value), args, span, trusted),
            Frame::Let(term, env) => {
                let TermKind::Let(name, ty, _, body) = &*term.kind else { return Err(ill_typed(term.span)) };
                let then = Then::Eval(body.clone(), env.with(value.clone()));
                self.take(64, term.span)?;
                self.check_binding(name, ty, &env, value, term.span, then)
            }
            Frame::If(term, env) => {
                let TermKind::If(_, yes, no) = &*term.kind else { return Err(ill_typed(term.span)) };
                match value {
                    Value::Bool(true) => Ok(Control::Eval(yes.clone(), env)),
                    Value::Bool(false) => Ok(Control::Eval(no.clone(), env)),
                    Value::Stuck(_) => {
                        Ok(Control::Return(Value::stuck(Stuck::If(value, yes.clone(), no.clone(), env))))
                    }
                    _ => Err(ill_typed(term.span)),
                }
            }
            Frame::Match(term, env) => {
                let TermKind::Match(_, _, arms) = &*term.kind else { return Err(ill_typed(term.span)) };
                match choose(arms, &value) {
                    Choice::Arm(arm, bound) => {
                        self.take(64 * bound.len(), term.span)?;
                        let env = bound.into_iter().fold(env, |env, value| env.with(value));
                        Ok(Control::Eval(arm.body.clone(), env))
                    }
                    Choice::Unknown => Ok(Control::Return(Value::stuck(Stuck::Match(value, term, env)))),
                    Choice::NoArm => {
                        let text = super::print::brief(self.program, &value);
                        Err(EvalError::new(EvalErrorKind::NoArmMatches(text), term.span))
                    }
                }
            }
            Frame::Lazy(op, right, env) => match (op, &value) {
                (Op::And, Value::Bool(false)) => Ok(Control::Return(Value::Bool(false))),
                (Op::Or, Value::Bool(true)) | (Op::Implies, Value::Bool(false)) => {
                    Ok(Control::Return(Value::Bool(true)))
                }
                (_, Value::Bool(_)) => Ok(Control::Eval(right, env)),
                (_, Value::Stuck(_)) => Ok(Control::Return(Value::stuck(Stuck::Lazy(op, value, right, env)))),
                _ => Err(ill_typed(right.span)),
            },
            Frame::Field(decl, field) => match &value {
                Value::Data(data) if data.decl == decl => match data.fields.get(field) {
                    Some(value) => Ok(Control::Return(value.clone())),
                    None => Err(ill_typed(Span::default())),
                },
                Value::Stuck(_) => Ok(Control::Return(Value::stuck(Stuck::Field(decl, field, value)))),
                _ => Err(ill_typed(Span::default())),
            },
            Frame::Check { violation, span, pending, then } => {
                self.decided(value, violation, span, pending, then)
            }
            Frame::Measure { decl, span, pending, then } => self.measured(decl, value, span, pending, then),
            Frame::Leave { decl, env, span, outermost } => self.leave(decl, env, value, span, outermost),
            Frame::Domain(search) => self.domain_known(search, value),
            Frame::Instance(search) => self.instance_known(search, value),
        }
    }

    /// Applies a function to arguments. `trusted`: the call is written in the prelude.
    pub(super) fn apply(&mut self, callee: Callee, mut args: Vec<Value>, span: Span, trusted: bool) -> Step {
        let head = match callee {
            Callee::Head(head) => head,
            Callee::Value(function) if args.is_empty() => return Ok(Control::Return(function)),
            Callee::Value(Value::Partial(partial)) => {
                let mut all = partial.args.clone();
                all.append(&mut args);
                args = all;
                partial.head
            }
            Callee::Value(Value::Closure(closure)) => {
                return self.apply_closure(&closure, args, span, trusted);
            }
            Callee::Value(function @ Value::Stuck(_)) => {
                return Ok(Control::Return(Value::stuck(Stuck::Apply(function, args))));
            }
            Callee::Value(_) => return Err(ill_typed(span)),
        };
        let Some(arity) = self.arity(head) else { return Err(ill_typed(span)) };
        if args.len() < arity {
            self.take(64 + 32 * args.len(), span)?;
            return Ok(Control::Return(Value::Partial(Arc::new(Partial { head, args }))));
        }
        let extra = args.split_off(arity);
        if !extra.is_empty() {
            self.stack.push(Frame::Apply { args: extra, span, trusted });
        }
        match head {
            Head::Def(id) => self.enter(id, args, span, trusted),
            Head::Con(decl, ctor) => self.construct(decl, ctor, args, span, trusted),
        }
    }

    fn arity(&self, head: Head) -> Option<usize> {
        match head {
            Head::Def(id) => Some(self.program.def(id)?.params.len()),
            Head::Con(decl, ctor) => {
                let data = self.program.data(decl)?;
                Some(data.params.len() + data.ctors.get(ctor)?.fields.len())
            }
        }
    }

    fn apply_closure(&mut self, closure: &Closure, mut args: Vec<Value>, span: Span, trusted: bool) -> Step {
        let TermKind::Lam(_, name, ty, body) = &*closure.term.kind else { return Err(ill_typed(span)) };
        let rest = args.split_off(1);
        let Some(argument) = args.pop() else { return Err(ill_typed(span)) };
        if !rest.is_empty() {
            self.stack.push(Frame::Apply { args: rest, span, trusted });
        }
        self.take(64, span)?;
        let then = Then::Eval(body.clone(), closure.env.with(argument.clone()));
        self.check_binding(name, ty, &closure.env, argument, span, then)
    }

    /// Evaluates the body of a definition whose contracts have been seen to.
    pub(super) fn enter_body(&mut self, id: DeclId, args: Vec<Value>, span: Span) -> Step {
        let Some(def) = self.program.def(id) else { return Err(ill_typed(span)) };
        self.take(64 * args.len(), span)?;
        if let Some(native) = def.native {
            if !args.iter().all(Value::is_known) {
                return Ok(Control::Return(Value::stuck(Stuck::Call(id, args))));
            }
            let known: Vec<Value> =
                args.iter().filter(|arg| !matches!(arg, Value::Type(_))).cloned().collect();
            return match natives::run(self.program, native, &known, &mut self.meter) {
                Ok(value) => Ok(Control::Return(value)),
                Err(Refusal::Error(kind)) => Err(EvalError::new(kind, span)),
                Err(Refusal::Precondition) => Err(self.precondition(id, span)),
                Err(Refusal::Stuck) => Ok(Control::Return(Value::stuck(Stuck::Call(id, args)))),
            };
        }
        let found = self.shortcuts.run(id, &args, &mut self.meter);
        if let Some(value) = found.map_err(|kind| EvalError::new(kind, span))? {
            return Ok(Control::Return(value));
        }
        let Some(body) = &def.body else { return Err(ill_typed(span)) };
        // A definition that starts with a match on an open argument is not unfolded: `length(?xs)` says more
        // than the match inside it.
        if let TermKind::Match(scrutinee, _, arms) = &*body.kind
            && let TermKind::Var(index) = &*scrutinee.kind
            && let Some(value @ Value::Stuck(_)) = args.iter().rev().nth(*index)
            && matches!(choose(arms, value), Choice::Unknown)
        {
            return Ok(Control::Return(Value::stuck(Stuck::Call(id, args))));
        }
        let env = if self.is_prelude(id) { Env::trusted() } else { Env::new() };
        Ok(Control::Eval(body.clone(), args.into_iter().fold(env, |env, arg| env.with(arg))))
    }

    /// Builds a constructor from its arguments, the data type's parameters first.
    pub(super) fn build(&mut self, decl: DeclId, ctor: usize, mut args: Vec<Value>, span: Span) -> Step {
        let params = self.program.data(decl).map_or(0, |data| data.params.len());
        let fields = args.split_off(params.min(args.len()));
        self.take(64 + 32 * fields.len(), span)?;
        Ok(Control::Return(Value::Data(Arc::new(Data { decl, ctor, fields }))))
    }

    fn hole(&mut self, id: HoleId, env: Env) -> Step {
        let Some(info) = self.program.hole(id) else { return Err(ill_typed(Span::default())) };
        let values = env.innermost(info.context.len());
        self.log.record(self.program, id, &values);
        match &info.default {
            Some(default) => {
                let env = if info.context.is_empty() { Env::new() } else { env };
                Ok(Control::Eval(default.clone(), env))
            }
            None => Ok(Control::Return(Value::stuck(Stuck::Hole(id, values)))),
        }
    }

    pub(super) fn is_prelude(&self, id: DeclId) -> bool {
        (id.0 as usize) < self.program.prelude_len
    }

    pub(super) fn take(&mut self, bytes: usize, span: Span) -> Result<(), EvalError> {
        self.meter.take(bytes).map_err(|kind| EvalError::new(kind, span))
    }
}

/// The operand number `next` of a spine, tuple or operator.
fn operand(term: &Term, next: usize) -> Option<&Term> {
    match &*term.kind {
        TermKind::App(_, args) => args.get(next).map(|arg| &arg.term),
        TermKind::Tuple(items) | TermKind::List(_, items) | TermKind::Op(_, items) => items.get(next),
        _ => None,
    }
}

fn type_value(term: &Term, env: &Env) -> Value {
    Value::Type(Arc::new(TypeClosure { term: term.clone(), env: env.clone() }))
}

pub(super) fn ill_typed(span: Span) -> EvalError {
    EvalError::new(EvalErrorKind::IllTyped, span)
}
