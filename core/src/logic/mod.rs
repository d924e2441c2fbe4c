//! Proof: what a checked program owes, the formulas that say so, and the verdicts.
//!
//! The worst that can happen here is a false *proved*. Whatever cannot be expressed makes its obligation
//! *unknown* with the construct's name; nothing is dropped.

pub mod query;
pub mod report;

pub use query::{Answer, Query, Satisfiability};
pub use report::{Counterexample, DeclarationVerdict, Report, Settled, Tier, Verdict, Warning};
