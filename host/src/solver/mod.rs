//! The SMT tier: Z3 in child processes.
//!
//! A [`Query`](lift_core::logic::Query) goes in, an [`Answer`](lift_core::logic::Answer) comes out, and nothing else
//! happens: a worker may crash, hang, answer nonsense or be killed at any moment, and it costs one *unknown* with the
//! reason in words. A verdict is passed on only from a worker that greeted properly, told an unsatisfiable script
//! from its satisfiable twin, and answered this very query in the form agreed; it is never guessed, repeated or made
//! up. `lift` itself is not linked to Z3, starts without it, and says so in one line ([`Unavailable`]).
//!
//! - [`SolverPool`] queues queries to a few workers, and remembers answers, between runs too if it is given a file for
//!   them; [`SolverPool::discharge`] has everything answered that a document owes.
//! - [`diagnose`] says for `lift doctor` what is there.

mod archive;
mod cache;
mod doctor;
mod drive;
mod locate;
mod pool;
mod stopped;
mod worker;

pub use doctor::{SolverHealth, diagnose};
pub use locate::Program;
pub use pool::{Counters, PoolConfig, SolverPool};
pub use stopped::Unavailable;
