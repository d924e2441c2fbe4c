//! Proofs from documents, with Z3: what is right is proved, what is wrong is refuted, and nothing false is ever
//! proved.
//!
//! The searches for lies go a few rounds. `LIFT_SOUNDNESS_SECONDS=900` makes each go on that long, which is what
//! `make soundness` does; `LIFT_SOUNDNESS_SEED` starts elsewhere, and `LIFT_SOUNDNESS_KEEP` names a folder for
//! the documents in which a lie was found.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

mod dice;
mod documents;
mod encodings;
mod judge;
mod mutants;
mod programs;
mod stability;

#[path = "../common/worker.rs"]
mod worker;

use lift::solver::{PoolConfig, Program, SolverPool};
use lift_core::check::Checked;
use lift_core::logic::{Discharge, Options, Report};
use worker::worker_program;

fn pool() -> SolverPool {
    SolverPool::new(PoolConfig {
        program: Program::At(worker_program()),
        workers: 2,
        ..PoolConfig::default()
    })
}

fn verify(pool: &SolverPool, checked: &Checked, options: Options) -> Report {
    let mut discharge = Discharge::new(&checked.program, options);
    pool.discharge(&mut discharge);
    discharge.report()
}
