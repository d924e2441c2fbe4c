//! What `lift doctor` says of the solver.

use super::locate::Program;
use super::stopped::Unavailable;
use super::worker::Worker;
use serde::Serialize;
use std::path::PathBuf;
use std::time::Instant;

/// Whether there is a solver, and what it means if not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "lowercase")]
pub enum SolverHealth {
    /// A worker started, greeted, and answered two questions correctly.
    Ready {
        /// The solver and its version: `z3 5.4.0.0`.
        engine: String,
        /// The program that was started.
        program: PathBuf,
        /// How long that took, in milliseconds.
        start_ms: u64,
    },
    /// No solver can be asked.
    Missing {
        /// Why, and what to do, in one line.
        reason: String,
        /// What does not work without it.
        cost: &'static str,
    },
}

/// Starts a worker as a pool would, and ends it.
pub fn diagnose(program: &Program, memory_mib: u64) -> SolverHealth {
    let began = Instant::now();
    match Worker::start(program, memory_mib, &|| false) {
        Ok(worker) => SolverHealth::Ready {
            engine: worker.engine().to_owned(),
            program: worker.program().to_owned(),
            start_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        },
        Err(unavailable) => SolverHealth::missing(&unavailable),
    }
}

impl SolverHealth {
    fn missing(unavailable: &Unavailable) -> SolverHealth {
        SolverHealth::Missing {
            reason: unavailable.to_string(),
            cost: "obligations that simplification and trying small values do not settle stay unknown; \
                   checking, holes, evaluation, drafting and code generation work as ever",
        }
    }
}
