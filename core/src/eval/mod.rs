//! Evaluation around holes.
//!
//! What a hole stops becomes a value that says what it waits for, and the rest goes on (Hazel: *Live Functional
//! Programming with Typed Holes*, POPL 2019). A run always ends, within its [`Limits`], in one of three ways: a
//! value, a value that is still open somewhere, or an error with a place. It never recurses natively on the depth
//! of the program or of a value.
//!
//! With [`Contracts::Check`] a run also checks what the types and clauses promise: that is how counterexamples
//! are replayed.

pub(crate) mod collections;
mod contracts;
pub(crate) mod domain;
mod error;
mod evidence;
mod examples;
mod limits;
mod machine;
mod matching;
mod natives;
mod operators;
mod print;
mod quantify;
mod quote;
mod shortcuts;
#[cfg(test)]
mod tests;
pub mod value;

pub use error::{ClauseKind, EvalError, EvalErrorKind, Large, Undecided, Violation};
pub use evidence::Evidence;
pub use examples::{ExampleOutcome, ExampleResult, run_examples};
pub use limits::Limits;
pub(crate) use matching::{Match, matches};
pub use natives::is_space;
pub use print::print_value;
pub use value::{Closure, Data, Env, Head, Partial, Sameness, Stuck, Tuple, TypeClosure, Value};

use crate::ir::{DeclId, Native, Program, Term};
use crate::syntax::span::Span;
use machine::{Callee, Control, Machine};

/// Whether a run checks contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Contracts {
    /// Only what the operations themselves need: divisors, indexes, patterns.
    #[default]
    Off,
    /// Also preconditions, postconditions, refinements, invariants and measures.
    Check,
}

/// How to run.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What the run may use.
    pub limits: Limits,
    /// What it checks.
    pub contracts: Contracts,
}

/// How a run ended.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// A value that no hole keeps open.
    Value(Value),
    /// A value with something stuck inside.
    Indeterminate(Value),
    /// No value.
    Error(EvalError),
}

/// A run, with what was seen on the way.
#[derive(Debug, Clone)]
pub struct Evaluation {
    /// How it ended.
    pub outcome: Outcome,
    /// Which values reached which hole, assumptions included.
    pub evidence: Vec<Evidence>,
    /// Contract conditions that could not be decided; they count neither as kept nor as broken.
    pub undecided: Vec<Undecided>,
    /// Steps used.
    pub steps: u64,
}

impl Options {
    /// Default limits, contracts checked.
    pub fn checking() -> Self {
        Options { contracts: Contracts::Check, ..Options::default() }
    }
}

impl Evaluation {
    /// The value, when there is one and nothing in it is open.
    pub fn value(&self) -> Option<&Value> {
        match &self.outcome {
            Outcome::Value(value) => Some(value),
            Outcome::Indeterminate(_) | Outcome::Error(_) => None,
        }
    }
}

/// Evaluates a term whose free variables have these values.
pub fn evaluate(program: &Program, term: &Term, env: &Env, options: &Options) -> Evaluation {
    let machine = Machine::new(program, options.limits.clone(), options.contracts);
    finish(machine, Control::Eval(term.clone(), env.clone()))
}

/// Calls a definition. `args` are its value arguments; type arguments are supplied as unknown types. Violations of
/// the call's own contract are marked [`Violation::outermost`].
pub fn call(program: &Program, decl: DeclId, args: &[Value], options: &Options) -> Evaluation {
    let mut machine = Machine::new(program, options.limits.clone(), options.contracts);
    machine.outermost = true;
    let mut left = args.iter().cloned();
    let params = program.def(decl).map(|def| def.params.as_slice()).unwrap_or_default();
    let mut all = Vec::new();
    for param in params {
        match param.icit {
            crate::ir::Icit::Implicit => all.push(value::unknown_type()),
            crate::ir::Icit::Explicit => all.extend(left.next()),
        }
    }
    all.extend(left);
    let start = machine.apply(Callee::Head(Head::Def(decl)), all, Span::default(), false);
    match start {
        Ok(control) => finish(machine, control),
        Err(error) => ended(machine, Err(error)),
    }
}

/// What a native gives for known arguments, when it gives something.
pub(crate) fn native(program: &Program, native: Native, args: &[Value]) -> Option<Value> {
    natives::run(program, native, args, &mut limits::Meter::new(Limits::default())).ok()
}

fn finish(mut machine: Machine<'_>, start: Control) -> Evaluation {
    let result = machine.run(start);
    ended(machine, result)
}

fn ended(machine: Machine<'_>, result: Result<Value, EvalError>) -> Evaluation {
    let outcome = match result {
        Ok(value) if value.is_known() => Outcome::Value(value),
        Ok(value) => Outcome::Indeterminate(value),
        Err(error) => Outcome::Error(error),
    };
    let steps = machine.meter.steps();
    Evaluation { outcome, evidence: machine.log.into_evidence(), undecided: machine.undecided, steps }
}
