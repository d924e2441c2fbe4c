//! Proof: what a checked program owes, the formulas that say so, and the verdicts.
//!
//! The worst that can happen here is a false *proved*. Whatever cannot be expressed makes its obligation
//! *unknown* with the construct's name; nothing is dropped.

mod arithmetic;
mod connective;
mod data;
pub mod dependencies;
pub mod discharge;
mod floats;
pub mod formula;
mod generic;
#[cfg(test)]
mod laws;
pub mod meaning;
mod model;
mod native;
pub mod obligation;
pub mod owe;
mod pattern;
pub mod query;
mod reals;
mod remainders;
mod replace;
pub mod replay;
pub mod report;
pub mod search;
pub mod smtlib;
pub mod sort;
pub mod tableau;
pub mod termination;
mod text;
pub mod theory;
pub mod translate;
mod verdict;

pub use discharge::{Discharge, Options};
pub use query::{Answer, Query, Satisfiability};
pub use report::{Counterexample, DeclarationVerdict, Report, Settled, Tier, Verdict, Warning};
