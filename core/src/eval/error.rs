//! What can go wrong while running, as data; [`std::fmt::Display`] is the one place that puts it into words.

use crate::ir::{DeclId, INDICES, Name};
use crate::syntax::span::Span;
use num_bigint::BigInt;
use std::fmt;

/// A run that ended without a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvalError {
    /// What went wrong.
    pub kind: EvalErrorKind,
    /// The operation, call or match at fault.
    pub span: Span,
}

/// What can go wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EvalErrorKind {
    /// `a / 0` or `a % 0`.
    DivisionByZero,
    /// `xs[i]` with `i` outside `0 .. length`.
    IndexOutOfRange {
        /// The index.
        index: BigInt,
        /// How many elements or code points there are.
        length: usize,
    },
    /// A `match` without an arm for this value (printed, perhaps cut short).
    NoArmMatches(String),
    /// It took more steps than allowed: it may run forever.
    OutOfFuel {
        /// How many steps were allowed.
        steps: u64,
    },
    /// Calls nested deeper than allowed: it may run forever.
    TooDeep {
        /// How many nested operations were allowed.
        depth: usize,
    },
    /// One number or text grew beyond what is allowed.
    TooLarge {
        /// What grew.
        what: Large,
        /// How much was allowed: bits of a number, bytes of a text.
        limit: u64,
    },
    /// All values together took more memory than allowed.
    OutOfMemory {
        /// How many bytes were allowed.
        bytes: u64,
    },
    /// A contract does not hold.
    Contract(Violation),
    /// The term makes no sense here; checked programs never get this far.
    IllTyped,
}

/// Kinds of values that can grow too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Large {
    Number,
    Text,
}

/// Which promise was broken, whose it is, and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What kind of promise.
    pub clause: ClauseKind,
    /// The definition or data type that makes it; `None` for the type of a `let` or of a lambda's parameter.
    pub declaration: Option<DeclId>,
    /// Its label, or the name of the parameter, field or variable whose type it belongs to.
    pub label: Option<Name>,
    /// Where it is written.
    pub clause_span: Span,
    /// The promise belongs to the call the run was started with, not to one inside.
    pub outermost: bool,
}

/// Kinds of promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClauseKind {
    /// `requires` of a definition.
    Requires,
    /// `ensures` of a definition.
    Ensures,
    /// The refinement in a parameter's type.
    Parameter,
    /// The refinement in the result's type.
    Result,
    /// The refinement in a field's type.
    Field,
    /// An entity's invariant.
    Invariant,
    /// The refinement in the type of a `let`.
    Let,
    /// `decreases`: the measure is negative or did not shrink.
    Decreases,
}

/// A condition that could not be decided because something in it is open, or its domain is endless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecided {
    /// The promise.
    pub violation: Violation,
    /// Where it was owed.
    pub span: Span,
    /// Why it could not be decided.
    pub because: String,
}

impl EvalError {
    /// An error at a place.
    pub fn new(kind: EvalErrorKind, span: Span) -> Self {
        EvalError { kind, span }
    }

    /// Whether more fuel or memory could change the outcome.
    pub fn is_limit(&self) -> bool {
        use EvalErrorKind::{OutOfFuel, OutOfMemory, TooDeep, TooLarge};
        matches!(self.kind, OutOfFuel { .. } | OutOfMemory { .. } | TooDeep { .. } | TooLarge { .. })
    }
}

impl fmt::Display for EvalErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EvalErrorKind::DivisionByZero => f.write_str("division by zero"),
            EvalErrorKind::IndexOutOfRange { index, length } => {
                write!(f, "the index {index} is out of range: there are {length} elements, counted from 0")
            }
            EvalErrorKind::NoArmMatches(value) => write!(f, "no arm of this match fits the value {value}"),
            EvalErrorKind::OutOfFuel { steps } => {
                write!(f, "stopped after {steps} steps: it may run forever")
            }
            EvalErrorKind::TooDeep { depth } => {
                write!(f, "stopped at {depth} nested calls: it may run forever")
            }
            EvalErrorKind::TooLarge { what: Large::Number, limit } => {
                write!(f, "a number grew beyond {limit} bits")
            }
            EvalErrorKind::TooLarge { what: Large::Text, limit } => {
                write!(f, "a text grew beyond {limit} bytes")
            }
            EvalErrorKind::OutOfMemory { bytes } => {
                write!(f, "stopped: the values took more than {} MiB", bytes >> 20)
            }
            EvalErrorKind::Contract(violation) => write!(f, "{violation}"),
            EvalErrorKind::IllTyped => f.write_str("this does not type-check, so it cannot be run"),
        }
    }
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl std::error::Error for EvalError {}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let label = self.label.as_deref().map(|label| format!(" `{label}`")).unwrap_or_default();
        match self.clause {
            ClauseKind::Requires => write!(f, "the precondition{label} does not hold"),
            ClauseKind::Ensures => write!(f, "the postcondition{label} does not hold"),
            ClauseKind::Parameter => write!(f, "the argument{label} is outside its type"),
            ClauseKind::Result => f.write_str("the result is outside its type"),
            ClauseKind::Field => write!(f, "the field{label} is outside its type"),
            ClauseKind::Invariant => write!(f, "the invariant{label} does not hold"),
            ClauseKind::Let if self.label.as_deref() == Some(INDICES) => {
                f.write_str("the indices of the two types differ")
            }
            ClauseKind::Let => write!(f, "the value of{label} is outside its type"),
            ClauseKind::Decreases => f.write_str("the measure does not shrink, or is negative"),
        }
    }
}
