//! Contracts while running: preconditions, postconditions, refinements, invariants and measures, checked where a
//! value crosses them.
//!
//! The prelude is proved, so its calls of itself are not checked again; nothing is checked while a condition is
//! being evaluated, as in Eiffel, so a postcondition may mention its own function. A condition that a hole or an
//! endless quantifier keeps open is no violation: it is reported as undecided.

use super::Contracts;
use super::error::{ClauseKind, EvalError, EvalErrorKind, Undecided, Violation};
use super::limits::{Limits, Meter};
use super::machine::{Control, Frame, Machine, ill_typed};
use super::operators;
use super::value::{Env, TypeClosure, Value};
use crate::ir::{Clause, DeclId, DeclKind, Name, Op, Program, Term, TermKind};
use crate::syntax::span::Span;
use num_bigint::{BigInt, Sign};
use std::sync::Arc;

/// One thing to check; they are kept with the next one last.
pub(super) enum Check {
    /// A value against a type read in an environment.
    Type { value: Value, ty: Term, env: Env, violation: Violation },
    /// A condition that must be true.
    Condition { term: Term, env: Env, violation: Violation },
    /// The measure of a call.
    Measure { decl: DeclId, term: Term, env: Env },
}

/// What happens when the checks are through.
pub(super) enum Then {
    /// Go on with a term.
    Eval(Term, Env),
    /// Run a definition.
    Enter { decl: DeclId, args: Vec<Value>, outermost: bool },
    /// Build a constructor.
    Build { decl: DeclId, ctor: usize, args: Vec<Value> },
    /// Give a value back.
    Return(Value),
}

/// Undecided conditions that are kept: enough to explain, bounded for loops.
const UNDECIDED_KEPT: usize = 100;

type Step = Result<Control, EvalError>;

impl Machine<'_> {
    /// Calls a definition with all its arguments. `trusted`: the call is written in the prelude.
    pub(super) fn enter(&mut self, decl: DeclId, args: Vec<Value>, span: Span, trusted: bool) -> Step {
        let outermost = std::mem::take(&mut self.outermost);
        if !self.checking() || (trusted && self.is_prelude(decl)) {
            return self.enter_body(decl, args, span);
        }
        let Some(def) = self.program.def(decl) else { return Err(ill_typed(span)) };
        let promise = |clause, label: Option<Name>, clause_span| Violation {
            clause,
            declaration: Some(decl),
            label,
            clause_span,
            outermost,
        };
        let mut pending = Vec::new();
        let mut env = Env::new();
        for (param, value) in def.params.iter().zip(&args) {
            if self.is_refined(&param.ty, &env) {
                let violation = promise(ClauseKind::Parameter, Some(param.name.clone()), param.ty.span);
                pending.push(Check::Type {
                    value: value.clone(),
                    ty: param.ty.clone(),
                    env: env.clone(),
                    violation,
                });
            }
            env = env.with(value.clone());
        }
        pending.extend(conditions(&def.requires, &env, |clause| {
            promise(ClauseKind::Requires, clause.label.clone(), clause.span)
        }));
        if let (Some(measure), false) = (&def.decreases, self.is_prelude(decl)) {
            pending.push(Check::Measure { decl, term: measure.clone(), env });
        }
        pending.reverse();
        self.run_checks(pending, span, Then::Enter { decl, args, outermost })
    }

    /// A definition of the document has given its result.
    pub(super) fn leave(
        &mut self,
        decl: DeclId,
        env: Env,
        value: Value,
        span: Span,
        outermost: bool,
    ) -> Step {
        let Some(def) = self.program.def(decl) else { return Err(ill_typed(span)) };
        if def.decreases.is_some() {
            self.forget_measure(decl);
        }
        let promise = |clause, label: Option<Name>, clause_span| Violation {
            clause,
            declaration: Some(decl),
            label,
            clause_span,
            outermost,
        };
        let mut pending = vec![Check::Type {
            value: value.clone(),
            ty: def.result.clone(),
            env: env.clone(),
            violation: promise(ClauseKind::Result, None, def.result.span),
        }];
        pending.extend(conditions(&def.ensures, &env.with(value.clone()), |clause| {
            promise(ClauseKind::Ensures, clause.label.clone(), clause.span)
        }));
        pending.reverse();
        self.run_checks(pending, span, Then::Return(value))
    }

    /// Applies a constructor to all its arguments.
    pub(super) fn construct(
        &mut self,
        decl: DeclId,
        ctor: usize,
        args: Vec<Value>,
        span: Span,
        trusted: bool,
    ) -> Step {
        if !self.checking() || trusted || !self.is_data_refined(decl) {
            return self.build(decl, ctor, args, span);
        }
        let Some(data) = self.program.data(decl) else { return Err(ill_typed(span)) };
        let Some(shape) = data.ctors.get(ctor) else { return Err(ill_typed(span)) };
        let mut args_left = args.iter();
        let mut env = Env::of(args_left.by_ref().take(data.params.len()).cloned());
        let mut pending = Vec::new();
        let promise = |clause, label, clause_span| Violation {
            clause,
            declaration: Some(decl),
            label,
            clause_span,
            outermost: false,
        };
        for ((name, ty), value) in shape.fields.iter().zip(args_left) {
            let violation = promise(ClauseKind::Field, name.clone(), ty.span);
            pending.push(Check::Type { value: value.clone(), ty: ty.clone(), env: env.clone(), violation });
            env = env.with(value.clone());
        }
        pending.extend(conditions(&data.invariants, &env, |clause| {
            promise(ClauseKind::Invariant, clause.label.clone(), clause.span)
        }));
        pending.reverse();
        self.run_checks(pending, span, Then::Build { decl, ctor, args })
    }

    /// Checks the value of a variable against its written type, then goes on.
    pub(super) fn check_binding(
        &mut self,
        name: &Name,
        ty: &Term,
        env: &Env,
        value: Value,
        span: Span,
        then: Then,
    ) -> Step {
        if !self.checking() || env.is_trusted() || !self.is_refined(ty, env) {
            return self.proceed(then, span);
        }
        let violation = Violation {
            clause: ClauseKind::Let,
            declaration: None,
            label: Some(name.clone()),
            clause_span: ty.span,
            outermost: false,
        };
        self.run_checks(vec![Check::Type { value, ty: ty.clone(), env: env.clone(), violation }], span, then)
    }

    fn checking(&self) -> bool {
        self.contracts == Contracts::Check && self.conditions == 0
    }

    fn proceed(&mut self, then: Then, span: Span) -> Step {
        match then {
            Then::Eval(term, env) => Ok(Control::Eval(term, env)),
            Then::Return(value) => Ok(Control::Return(value)),
            Then::Build { decl, ctor, args } => self.build(decl, ctor, args, span),
            Then::Enter { decl, args, outermost } => {
                let Some(def) = self.program.def(decl) else { return Err(ill_typed(span)) };
                let env = Env::of(args.iter().cloned());
                let owes = !def.ensures.is_empty() || def.decreases.is_some();
                if !self.is_prelude(decl) && (owes || self.is_refined(&def.result, &env)) {
                    self.stack.push(Frame::Leave { decl, env, span, outermost });
                }
                self.enter_body(decl, args, span)
            }
        }
    }

    fn run_checks(&mut self, mut pending: Vec<Check>, span: Span, then: Then) -> Step {
        while let Some(check) = pending.pop() {
            self.meter.step().map_err(|kind| EvalError::new(kind, span))?;
            match check {
                Check::Type { value, ty, env, violation } => {
                    self.expand(&value, &ty, env, violation, &mut pending);
                }
                Check::Condition { term, env, violation } => {
                    self.conditions += 1;
                    self.stack.push(Frame::Check { violation, span, pending, then });
                    return Ok(Control::Eval(term, env));
                }
                Check::Measure { decl, term, env } => {
                    self.conditions += 1;
                    self.stack.push(Frame::Measure { decl, span, pending, then });
                    return Ok(Control::Eval(term, env));
                }
            }
        }
        self.proceed(then, span)
    }

    /// A condition has been evaluated.
    pub(super) fn decided(
        &mut self,
        value: Value,
        violation: Violation,
        span: Span,
        pending: Vec<Check>,
        then: Then,
    ) -> Step {
        self.conditions -= 1;
        match value {
            Value::Bool(true) => {}
            Value::Bool(false) => return Err(EvalError::new(EvalErrorKind::Contract(violation), span)),
            Value::Stuck(_) => {
                if self.undecided.len() < UNDECIDED_KEPT {
                    let because = super::print::why_stuck(self.program, &value);
                    self.undecided.push(Undecided { violation, span, because });
                }
            }
            _ => return Err(ill_typed(span)),
        }
        self.run_checks(pending, span, then)
    }

    /// The measure of a call has been evaluated: compared with that of the call around it.
    pub(super) fn measured(
        &mut self,
        decl: DeclId,
        value: Value,
        span: Span,
        pending: Vec<Check>,
        then: Then,
    ) -> Step {
        self.conditions -= 1;
        let measure = match value {
            Value::Int(n) => Some(n),
            Value::Stuck(_) => None,
            _ => return Err(ill_typed(span)),
        };
        let running = self.measures.entry(decl).or_default();
        if let (Some(Some(outer)), Some(inner)) = (running.last(), &measure)
            && !shrinks(outer, inner)
        {
            let clause_span = self.program.def(decl).and_then(|def| def.decreases.as_ref()).map(|m| m.span);
            let violation = Violation {
                clause: ClauseKind::Decreases,
                declaration: Some(decl),
                label: None,
                clause_span: clause_span.unwrap_or_default(),
                outermost: false,
            };
            return Err(EvalError::new(EvalErrorKind::Contract(violation), span));
        }
        running.push(measure);
        self.run_checks(pending, span, then)
    }

    /// Takes back what a frame did when the run leaves it by an error.
    pub(super) fn undo(&mut self, frame: &Frame) {
        match frame {
            Frame::Check { .. } | Frame::Measure { .. } => self.conditions -= 1,
            Frame::Leave { decl, .. }
                if self.program.def(*decl).is_some_and(|def| def.decreases.is_some()) =>
            {
                self.forget_measure(*decl);
            }
            _ => {}
        }
    }

    fn forget_measure(&mut self, decl: DeclId) {
        if let Some(running) = self.measures.get_mut(&decl) {
            running.pop();
        }
    }

    /// The violation of a native's own precondition.
    pub(super) fn precondition(&self, decl: DeclId, span: Span) -> EvalError {
        let clause = self.program.def(decl).and_then(|def| def.requires.first());
        let violation = Violation {
            clause: ClauseKind::Requires,
            declaration: Some(decl),
            label: clause.and_then(|clause| clause.label.clone()),
            clause_span: clause.map_or_else(Span::default, |clause| clause.span),
            outermost: false,
        };
        EvalError::new(EvalErrorKind::Contract(violation), span)
    }

    /// Replaces the check of a value against a type by those of its parts and of its refinement.
    fn expand(&mut self, value: &Value, ty: &Term, env: Env, violation: Violation, pending: &mut Vec<Check>) {
        let ty = ty.unfold(self.program);
        let part = |value: &Value, ty: &Term, env: &Env| Check::Type {
            value: value.clone(),
            ty: ty.clone(),
            env: env.clone(),
            violation: violation.clone(),
        };
        let (head, args) = ty.spine();
        match (&*head.kind, value) {
            (TermKind::Refine(_, base, pred), _) => {
                let violation = Violation { clause_span: pred.span, ..violation.clone() };
                pending.push(Check::Condition {
                    term: pred.clone(),
                    env: env.with(value.clone()),
                    violation,
                });
                pending.push(part(value, base, &env));
            }
            (TermKind::Product(types), Value::Tuple(tuple)) => {
                pending.extend(types.iter().zip(&tuple.items).rev().map(|(ty, item)| part(item, ty, &env)));
            }
            (TermKind::Var(index), _) => {
                if let Some(Value::Type(closure)) = env.get(*index) {
                    pending.push(part(value, &closure.term, &closure.env));
                }
            }
            (TermKind::Data(decl), Value::Data(data))
                if data.decl == *decl && self.program.is_collection(*decl) =>
            {
                if !args.iter().any(|arg| self.is_refined(&arg.term, &env)) {
                    return;
                }
                for field in data.fields.iter().rev() {
                    let parts = match (field, args) {
                        (Value::Tuple(pair), [_, _]) => pair.items.iter().collect(),
                        _ => vec![field],
                    };
                    pending.extend(
                        parts.into_iter().zip(args).rev().map(|(value, arg)| part(value, &arg.term, &env)),
                    );
                }
            }
            (TermKind::Data(decl), Value::Data(data)) if data.decl == *decl => {
                let Some(declared) = self.program.data(*decl) else { return };
                let Some(shape) = declared.ctors.get(data.ctor) else { return };
                if !self.is_data_refined(*decl) && !args.iter().any(|arg| self.is_refined(&arg.term, &env)) {
                    return;
                }
                let mut inner =
                    args.iter().fold(Env::new(), |inner, arg| inner.with(type_argument(&arg.term, &env)));
                let from = pending.len();
                for ((_, ty), field) in shape.fields.iter().zip(&data.fields) {
                    pending.push(part(field, ty, &inner));
                    inner = inner.with(field.clone());
                }
                let outermost = violation.outermost;
                pending.extend(conditions(&declared.invariants, &inner, |clause| Violation {
                    clause: ClauseKind::Invariant,
                    declaration: Some(*decl),
                    label: clause.label.clone(),
                    clause_span: clause.span,
                    outermost,
                }));
                if let Some(added) = pending.get_mut(from..) {
                    added.reverse();
                }
            }
            _ => {}
        }
    }

    /// Whether a value of this type could be outside it: whether there is anything to check.
    fn is_refined(&mut self, ty: &Term, env: &Env) -> bool {
        /// Types nest this deep only when a recursion builds them; then checking is the careful answer.
        const DEEPEST: usize = 1_000;
        let mut todo = vec![(ty.clone(), env.clone())];
        let mut seen = 0;
        while let Some((ty, env)) = todo.pop() {
            seen += 1;
            if seen > DEEPEST {
                return true;
            }
            let ty = ty.unfold(self.program);
            let (head, args) = ty.spine();
            match &*head.kind {
                TermKind::Refine(..) => return true,
                TermKind::Product(types) => todo.extend(types.iter().map(|ty| (ty.clone(), env.clone()))),
                TermKind::Data(decl) => {
                    if self.is_data_refined(*decl) {
                        return true;
                    }
                    todo.extend(args.iter().map(|arg| (arg.term.clone(), env.clone())));
                }
                TermKind::Var(index) => {
                    if let Some(Value::Type(closure)) = env.get(*index) {
                        todo.push((closure.term.clone(), closure.env.clone()));
                    }
                }
                _ => {}
            }
        }
        false
    }

    /// Whether a data type, or one it is made of, has a refinement or an invariant of its own.
    fn is_data_refined(&mut self, decl: DeclId) -> bool {
        if let Some(known) = self.refined.get(&decl) {
            return *known;
        }
        let found = reaches_refinement(self.program, decl);
        self.refined.insert(decl, found);
        found
    }
}

/// The conditions of some clauses in one environment.
fn conditions<'a>(
    clauses: &'a [Clause],
    env: &'a Env,
    violation: impl Fn(&Clause) -> Violation + 'a,
) -> impl Iterator<Item = Check> + 'a {
    clauses.iter().map(move |clause| Check::Condition {
        term: clause.body.clone(),
        env: env.clone(),
        violation: violation(clause),
    })
}

/// `decreases`: well founded below, smaller at each call.
fn shrinks(outer: &BigInt, inner: &BigInt) -> bool {
    inner < outer && outer.sign() != Sign::Minus
}

/// A data type's argument as a value: a variable keeps what it stands for.
fn type_argument(term: &Term, env: &Env) -> Value {
    match &*term.kind {
        TermKind::Var(index) => env.get(*index).cloned().unwrap_or(Value::Unit),
        TermKind::Lit(crate::ir::Literal::Int(n)) => Value::Int(n.clone()),
        TermKind::Op(..) => match index(term, env, 0) {
            Some(value) => value,
            None => Value::Type(Arc::new(TypeClosure { term: term.clone(), env: env.clone() })),
        },
        _ => Value::Type(Arc::new(TypeClosure { term: term.clone(), env: env.clone() })),
    }
}

/// An index that is computed from numbers in scope.
fn index(term: &Term, env: &Env, depth: usize) -> Option<Value> {
    const DEEPEST: usize = 32;
    match &*term.kind {
        TermKind::Var(index) => env.get(*index).filter(|value| matches!(value, Value::Int(_))).cloned(),
        TermKind::Lit(crate::ir::Literal::Int(n)) => Some(Value::Int(n.clone())),
        TermKind::Op(Op::Add | Op::Sub | Op::Mul | Op::Neg, parts) if depth < DEEPEST => {
            let TermKind::Op(op, _) = &*term.kind else { return None };
            let parts: Option<Vec<Value>> = parts.iter().map(|part| index(part, env, depth + 1)).collect();
            operators::apply(*op, parts?, None, &mut Meter::new(Limits::default())).ok()
        }
        _ => None,
    }
}

fn reaches_refinement(program: &Program, decl: DeclId) -> bool {
    let mut seen = vec![decl];
    let mut next = 0;
    while let Some(current) = seen.get(next).copied() {
        next += 1;
        let Some(DeclKind::Data(data)) = program.decl(current).map(|decl| &decl.kind) else { continue };
        if !data.invariants.is_empty() {
            return true;
        }
        let mut todo: Vec<Term> =
            data.ctors.iter().flat_map(|ctor| &ctor.fields).map(|(_, ty)| ty.clone()).collect();
        while let Some(ty) = todo.pop() {
            let ty = ty.unfold(program);
            let (head, args) = ty.spine();
            todo.extend(args.iter().map(|arg| arg.term.clone()));
            match &*head.kind {
                TermKind::Refine(..) => return true,
                TermKind::Product(types) => todo.extend(types.iter().cloned()),
                TermKind::Data(inner) if !seen.contains(inner) => seen.push(*inner),
                _ => {}
            }
        }
    }
    false
}
