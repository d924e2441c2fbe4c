//! The SMT tier: Z3 in child processes.
//!
//! A [`Query`] is SMT-LIB text and a [`Budget`]; an [`Answer`] is one of three
//! verdicts and what came with it. `lift` itself is not linked to Z3: the
//! `lift-solver` binary is, and it can crash, hang or be killed at any moment
//! without costing more than one *unknown*.

mod query;

pub use query::{Answer, Budget, Query, Verdict, Want};
