//! What `verify` says, as data: verdicts per obligation and per declaration.
//!
//! Three verdicts, never two. *Proved* means that nothing was skipped; *refuted* always carries a
//! counterexample that the evaluator replayed; *unknown* always says why.

use crate::ir::{DeclId, Name};
use crate::syntax::span::Span;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything that is owed by the declarations of a document, and how each debt stands.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// In document order.
    pub obligations: Vec<Settled>,
    /// One for each own declaration that can owe something, in document order.
    pub declarations: Vec<DeclarationVerdict>,
    /// Things worth knowing that change no verdict, e.g. a `requires` nothing can satisfy.
    pub warnings: Vec<Warning>,
}

/// One obligation with its verdict.
#[derive(Debug, Clone)]
pub struct Settled {
    /// Who owes it.
    pub declaration: DeclId,
    /// Its name.
    pub name: Name,
    /// What is owed, in words: "the postcondition `g1` holds", "the divisor is not 0".
    pub reason: String,
    /// The condition itself in surface syntax, where it is one.
    pub condition: Option<String>,
    /// Where it is owed.
    pub span: Span,
    /// Where the condition itself is written, when that is elsewhere in the document.
    pub source: Option<Span>,
    /// How it stands.
    pub verdict: Verdict,
    /// Why it is refuted or unknown, in words for people; for a proof, what it rests on. May be empty.
    pub because: String,
    /// For *refuted* always; for *unknown* sometimes, then unconfirmed.
    pub counterexample: Option<Counterexample>,
    /// Who settled it.
    pub tier: Tier,
    /// The engine that answered, with version, when one was asked.
    pub engine: Option<String>,
    /// Resource units the solver used, over all queries for this obligation.
    pub units: u64,
}

/// How an obligation or a declaration stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It holds for all inputs.
    Proved,
    /// It fails for an input that was run.
    Refuted,
    /// Neither is known.
    Unknown,
}

/// Which part of lift settled an obligation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Simplification and intervals: no solver was asked.
    Simplifier,
    /// Small inputs were tried in the evaluator.
    Search,
    /// An SMT solver.
    Smt,
    /// Nobody could be asked.
    None,
}

/// Inputs under which an obligation fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counterexample {
    /// Parameter to value, in surface syntax.
    pub values: BTreeMap<String, String>,
    /// Whether the evaluator ran it and saw the failure.
    pub confirmed: bool,
}

/// The verdict over all obligations of a declaration.
#[derive(Debug, Clone)]
pub struct DeclarationVerdict {
    /// Which.
    pub declaration: DeclId,
    /// Its name.
    pub name: Name,
    /// Where its name stands.
    pub span: Span,
    /// Refuted if one obligation is, proved if all are, otherwise unknown.
    pub verdict: Verdict,
    /// How many obligations it has; 0 means that it owes nothing.
    pub owed: usize,
    /// Whether it is proved to end for every input.
    pub total: bool,
    /// Why it is not proved; empty when it is.
    pub because: String,
}

/// Something worth knowing.
#[derive(Debug, Clone)]
pub struct Warning {
    /// Whom it concerns.
    pub declaration: DeclId,
    /// Its name.
    pub name: Name,
    /// Where.
    pub span: Span,
    /// In words.
    pub message: String,
}
