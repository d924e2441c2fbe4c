//! Evaluation: from terms to values, and as far into a value as a question needs.
//!
//! A machine with a stack of its own, so that how deep a computation nests is a matter of memory and effort, never of
//! the thread's stack. Evaluating applies functions and nothing else: abbreviations and solved unknowns are unfolded
//! by whoever asks ([`Elaborator::unfold`]), and remember the answer.

use super::elaborator::Elaborator;
use super::value::{Closure, Const, Env, Spine, V, Value};
use crate::ir::{Arg, DeclId, DeclKind, Icit, Term, TermKind};
use std::cell::OnceCell;
use std::rc::Rc;

/// What goes on once the value being computed is there.
#[derive(Debug)]
enum Frame {
    /// The next argument to the left of an application in its environment, of which those above `base` are done;
    /// the head comes last.
    Argument { env: Env, call: Term, base: usize },
    /// The value is a function of the arguments above `base`.
    Call { base: usize },
    /// The value is that of the variable of a `let`.
    Let { env: Env, term: Term },
    /// The value is the domain of a function type, or the base of a refinement.
    Domain { env: Env, term: Term },
    /// The value is the next part of a product.
    Product { env: Env, term: Term, done: Vec<V> },
}

/// What is on the way. Kept between questions for its memory.
#[derive(Debug, Default)]
pub(super) struct Machine {
    frames: Vec<Frame>,
    /// Arguments of the calls on the way; of each call, the first on top.
    arguments: Vec<(Icit, V)>,
}

/// What a step leads to.
enum Next {
    Value(V),
    Term(Env, Term),
}

impl Elaborator {
    /// Evaluates `term` where its variables have the values in `env`.
    pub(super) fn eval(&self, env: &Env, term: &Term) -> V {
        if let Some(value) = self.immediate(env, term) {
            return value;
        }
        self.computed(|this, machine| this.run(machine, Next::Term(env.clone(), term.clone())))
    }

    /// `closure` with its variable set to `argument`.
    pub(super) fn enter(&self, closure: &Closure, argument: V) -> V {
        self.eval(&closure.env.push(argument), &closure.body)
    }

    /// A function value applied to one argument.
    pub(super) fn apply(&self, function: &V, icit: Icit, argument: V) -> V {
        self.applied(function, std::iter::once((icit, argument)))
    }

    /// A function value applied to arguments.
    fn applied(&self, function: &V, arguments: impl DoubleEndedIterator<Item = (Icit, V)>) -> V {
        self.computed(|this, machine| {
            let base = machine.arguments.len();
            machine.arguments.extend(arguments.rev());
            let next = this.beta(machine, function.clone(), base);
            this.run(machine, next)
        })
    }

    /// Computes with the machine, as part of the question that is running.
    fn computed(&self, compute: impl FnOnce(&Self, &mut Machine) -> V) -> V {
        if !self.effort.enter() {
            return Rc::new(Value::Error);
        }
        let mut machine = self.machine.take();
        let value = compute(self, &mut machine);
        machine.frames.clear();
        machine.arguments.clear();
        self.machine.replace(machine);
        self.effort.leave();
        value
    }

    /// The value of a term that has one without computing.
    #[inline]
    fn immediate(&self, env: &Env, term: &Term) -> Option<V> {
        Some(match &*term.kind {
            TermKind::Var(index) => {
                return Some(env.get(*index).cloned().unwrap_or_else(|| Rc::new(Value::Error)));
            }
            TermKind::Lam(..) => Rc::new(Value::Lam(env.clone(), term.clone())),
            TermKind::Global(id) => self.global(*id),
            TermKind::Meta(id) => self.unknown(*id),
            TermKind::Data(id) => Rc::new(Value::Const(Const::Data(*id), Spine::Empty)),
            TermKind::Con(id, index) => Rc::new(Value::Const(Const::Con(*id, *index), Spine::Empty)),
            TermKind::Hole(id) => Rc::new(Value::Const(Const::Hole(*id), Spine::Empty)),
            TermKind::Universe => Rc::new(Value::Universe),
            TermKind::Prim(ty) => Rc::new(Value::Prim(*ty)),
            TermKind::Lit(literal) => Rc::new(Value::Lit(literal.clone())),
            TermKind::Error => Rc::new(Value::Error),
            TermKind::Tuple(_)
            | TermKind::List(..)
            | TermKind::Field(..)
            | TermKind::Op(..)
            | TermKind::If(..)
            | TermKind::Match(..)
            | TermKind::Quant(..) => Rc::new(Value::Suspended(env.clone(), term.clone())),
            // Types agree up to effects, as they do up to refinements.
            TermKind::Eff(_, ty) => return self.immediate(env, ty),
            TermKind::App(..)
            | TermKind::Let(..)
            | TermKind::Pi(..)
            | TermKind::Refine(..)
            | TermKind::Product(_) => return None,
        })
    }

    /// A declaration without arguments: always the same value, so that it is unfolded once.
    fn global(&self, id: DeclId) -> V {
        if let Some(known) = self.globals.borrow().get(id.0 as usize).and_then(Option::as_ref) {
            return known.clone();
        }
        let value = Rc::new(match self.kind(id) {
            Some(DeclKind::Alias(..)) => Value::Alias(id, Spine::Empty, OnceCell::new()),
            _ if self.laws.unfolds_definitions() => Value::Alias(id, Spine::Empty, OnceCell::new()),
            Some(_) => Value::Const(Const::Def(id), Spine::Empty),
            // Not known yet: what it is may still change.
            None => return Rc::new(Value::Const(Const::Def(id), Spine::Empty)),
        });
        let mut globals = self.globals.borrow_mut();
        let place = id.0 as usize;
        if globals.len() <= place {
            globals.resize(place + 1, None);
        }
        if let Some(slot) = globals.get_mut(place) {
            *slot = Some(value.clone());
        }
        value
    }

    /// Goes on until nothing is left to do.
    fn run(&self, machine: &mut Machine, next: Next) -> V {
        let mut next = next;
        loop {
            let value = match next {
                Next::Value(value) => value,
                Next::Term(env, term) => {
                    if !self.effort.step() {
                        return Rc::new(Value::Error);
                    }
                    match self.begin(machine, env, term) {
                        Next::Value(value) => value,
                        other => {
                            next = other;
                            continue;
                        }
                    }
                }
            };
            let Some(frame) = machine.frames.pop() else { return value };
            next = self.resume(machine, frame, value);
        }
    }

    /// Begins with a term: its value, or the term inside it that comes first.
    fn begin(&self, machine: &mut Machine, env: Env, term: Term) -> Next {
        if let Some(value) = self.immediate(&env, &term) {
            return Next::Value(value);
        }
        match &*term.kind {
            TermKind::App(..) => {
                let base = machine.arguments.len();
                self.evaluate_arguments(machine, env, term, base)
            }
            TermKind::Eff(_, ty) => Next::Term(env, ty.clone()),
            TermKind::Let(_, _, value, _) => {
                let value = value.clone();
                machine.frames.push(Frame::Let { env: env.clone(), term });
                Next::Term(env, value)
            }
            TermKind::Pi(_, _, domain, _) | TermKind::Refine(_, domain, _) => {
                match self.immediate(&env, domain) {
                    Some(domain) => Next::Value(binder(env, &term, domain)),
                    None => {
                        let domain = domain.clone();
                        machine.frames.push(Frame::Domain { env: env.clone(), term });
                        Next::Term(env, domain)
                    }
                }
            }
            TermKind::Product(items) => {
                let done = Vec::with_capacity(items.len());
                self.evaluate_product(machine, env, term, done)
            }
            _ => Next::Value(Rc::new(Value::Error)),
        }
    }

    /// Goes on with the value that a frame waited for.
    fn resume(&self, machine: &mut Machine, frame: Frame, value: V) -> Next {
        match frame {
            Frame::Argument { env, call, base } => {
                let TermKind::App(_, args) = &*call.kind else { return Next::Value(value) };
                let Some(place) = args.len().checked_sub(machine.arguments.len() - base + 1) else {
                    return self.beta(machine, value, base);
                };
                let icit = args.get(place).map_or(Icit::Explicit, |arg| arg.icit);
                machine.arguments.push((icit, value));
                self.evaluate_arguments(machine, env, call, base)
            }
            Frame::Call { base } => self.beta(machine, value, base),
            Frame::Let { env, term } => match &*term.kind {
                TermKind::Let(_, _, _, body) => Next::Term(env.with(value), body.clone()),
                _ => Next::Value(value),
            },
            Frame::Domain { env, term } => Next::Value(binder(env, &term, value)),
            Frame::Product { env, term, mut done } => {
                done.push(value);
                self.evaluate_product(machine, env, term, done)
            }
        }
    }

    /// Evaluates the arguments of an application, from the last to the first, then its head.
    fn evaluate_arguments(&self, machine: &mut Machine, env: Env, call: Term, base: usize) -> Next {
        let TermKind::App(head, args) = &*call.kind else { return Next::Value(Rc::new(Value::Error)) };
        let left = args.len() - (machine.arguments.len() - base);
        let mut computed = None;
        for arg in args.get(..left).unwrap_or_default().iter().rev() {
            match self.immediate(&env, &arg.term) {
                Some(value) => machine.arguments.push((arg.icit, value)),
                None => {
                    computed = Some(arg.term.clone());
                    break;
                }
            }
        }
        if let Some(inner) = computed {
            machine.frames.push(Frame::Argument { env: env.clone(), call, base });
            return Next::Term(env, inner);
        }
        match self.immediate(&env, head) {
            Some(function) => self.beta(machine, function, base),
            None => {
                let head = head.clone();
                machine.frames.push(Frame::Call { base });
                Next::Term(env, head)
            }
        }
    }

    fn evaluate_product(&self, machine: &mut Machine, env: Env, term: Term, mut done: Vec<V>) -> Next {
        let TermKind::Product(items) = &*term.kind else { return Next::Value(Rc::new(Value::Error)) };
        for item in items.get(done.len()..).unwrap_or_default() {
            match self.immediate(&env, item) {
                Some(value) => done.push(value),
                None => {
                    let item = item.clone();
                    machine.frames.push(Frame::Product { env: env.clone(), term: term.clone(), done });
                    return Next::Term(env, item);
                }
            }
        }
        Next::Value(Rc::new(Value::Product(done)))
    }

    /// A function value and the arguments above `base`.
    fn beta(&self, machine: &mut Machine, function: V, base: usize) -> Next {
        let extended = |spine: &Spine, machine: &mut Machine| match machine.arguments.len() - base {
            1 if spine.is_empty() => machine.arguments.pop().map_or(Spine::Empty, |only| Spine::One([only])),
            _ => spine.extended(machine.arguments.drain(base..).rev()),
        };
        // An argument to the right is often the same call once more: `node(t(a), t(a))`.
        let sibling = |machine: &Machine, call: Value| match machine.arguments.last() {
            Some((_, sibling)) if sibling.is_call(&call) => sibling.clone(),
            _ => Rc::new(call),
        };
        Next::Value(Rc::new(match &*function {
            Value::Lam(env, lambda) => {
                let (mut env, mut term) = (env.clone(), lambda);
                while let TermKind::Lam(_, _, _, body) = &*term.kind
                    && machine.arguments.len() > base
                    && let Some((_, argument)) = machine.arguments.pop()
                {
                    env = env.with(argument);
                    term = body;
                }
                if machine.arguments.len() > base {
                    machine.frames.push(Frame::Call { base });
                }
                return Next::Term(env, term.clone());
            }
            Value::Alias(id, spine, _) if spine.len() < self.takes(*id) => {
                let lacks = self.takes(*id) - spine.len();
                let further = machine.arguments.len().saturating_sub(lacks).max(base);
                let spine = spine.extended(machine.arguments.drain(further..).rev());
                let call = sibling(machine, Value::Alias(*id, spine, OnceCell::new()));
                if further == base {
                    return Next::Value(call);
                }
                Value::Further(call, extended(&Spine::Empty, machine), OnceCell::new())
            }
            Value::Alias(..) | Value::Further(..) => {
                let arguments = extended(&Spine::Empty, machine);
                let call = Value::Further(function.clone(), arguments, OnceCell::new());
                return Next::Value(sibling(machine, call));
            }
            Value::Rigid(level, spine) => Value::Rigid(*level, extended(spine, machine)),
            Value::Flex(meta, spine, _) => Value::Flex(*meta, extended(spine, machine), OnceCell::new()),
            Value::Const(head, spine) => Value::Const(*head, extended(spine, machine)),
            Value::Suspended(env, term) => {
                let (mut env, mut call) = (env.clone(), term.clone());
                for (icit, argument) in machine.arguments.drain(base..).rev() {
                    let arg = Arg { icit, term: TermKind::Var(0).into_term() };
                    call = call.shift(1).apply(term.span, [arg]);
                    env = env.with(argument);
                }
                Value::Suspended(env, call)
            }
            _ => {
                machine.arguments.truncate(base);
                Value::Error
            }
        }))
    }

    /// The value with solved metavariables at its head replaced by their solutions.
    pub(super) fn force(&self, value: &V) -> V {
        let mut current = value.clone();
        while let Value::Flex(meta, spine, known) = &*current {
            let next = match known.get() {
                Some(known) => known.clone(),
                None => {
                    let Some(solution) = self.solution(*meta) else { break };
                    let applied = match spine.is_empty() {
                        true => solution,
                        false => self.applied(&solution, spine.iter().cloned()),
                    };
                    known.get_or_init(|| applied).clone()
                }
            };
            current = next;
        }
        current
    }

    /// The value with abbreviations at its head unfolded as well.
    pub(super) fn unfold(&self, value: &V) -> V {
        self.unfolded_keeping(self.force(value), |_| true)
    }

    /// [`Elaborator::unfold`], for a question that goes through a value once and drops what it has passed. What an
    /// abbreviation stands for is kept only where at least two others could ask for it.
    pub(super) fn unfold_passing(&self, value: V) -> V {
        let forced = self.force(&value);
        drop(value);
        self.unfolded_keeping(forced, |call| Rc::strong_count(call) > 2)
    }

    fn unfolded_keeping(&self, value: V, keep: impl Fn(&V) -> bool) -> V {
        let mut current = value;
        // What is to be applied to its further arguments once the value before it is unfolded.
        let mut outer: Vec<V> = Vec::new();
        loop {
            let next = match (&*current, current.known().map(OnceCell::get)) {
                (_, Some(Some(known))) => known.clone(),
                (Value::Further(call, ..), _) => {
                    let call = call.clone();
                    outer.push(current);
                    current = call;
                    continue;
                }
                (Value::Alias(id, spine, known), _) if let Some(unfolded) = self.unfolding(*id, spine) => {
                    if keep(&current) {
                        known.get_or_init(|| unfolded.clone());
                    }
                    unfolded
                }
                _ => loop {
                    let Some(waiting) = outer.pop() else { return current };
                    if let Value::Further(call, arguments, known) = &*waiting
                        && !Rc::ptr_eq(call, &current)
                    {
                        let applied = self.applied(&current, arguments.iter().cloned());
                        if keep(&waiting) {
                            known.get_or_init(|| applied.clone());
                        }
                        break applied;
                    }
                    current = waiting;
                },
            };
            current = self.force(&next);
        }
    }

    /// What an abbreviation stands for, which may be another one. Nothing when it stands for itself.
    pub(super) fn unfold_once(&self, value: &V) -> Option<V> {
        if let Some(known) = value.known()?.get() {
            return Some(known.clone());
        }
        match &**value {
            Value::Alias(id, spine, known) => {
                let unfolded = self.unfolding(*id, spine)?;
                Some(known.get_or_init(|| unfolded).clone())
            }
            // What is applied is unfolded as far as it goes: it may be applied itself, and so on.
            _ => Some(self.unfold(value)).filter(|unfolded| !Rc::ptr_eq(unfolded, value)),
        }
    }

    /// What an abbreviation with these arguments stands for, when it has enough of them.
    fn unfolding(&self, id: DeclId, spine: &Spine) -> Option<V> {
        let (takes, body) = self.stands_for(id)?;
        if spine.len() < takes {
            return None;
        }
        let env = spine.iter().fold(Env::default(), |env, (_, arg)| env.with(arg.clone()));
        Some(self.computed(|this, machine| this.run(machine, Next::Term(env, body.clone()))))
    }

    /// The value without abbreviations and refinements at its head: what decides whether types agree.
    pub(super) fn erase(&self, value: &V) -> V {
        let mut current = self.unfold(value);
        while let Value::Refine(_, base, _) = &*current {
            current = self.unfold(base);
        }
        current
    }
}

/// A function type or refinement with its domain.
fn binder(env: Env, term: &Term, domain: V) -> V {
    Rc::new(match &*term.kind {
        TermKind::Pi(icit, name, _, body) => {
            Value::Pi(*icit, name.clone(), domain, Closure { env, body: body.clone() })
        }
        TermKind::Refine(name, _, body) => {
            Value::Refine(name.clone(), domain, Closure { env, body: body.clone() })
        }
        _ => Value::Error,
    })
}
