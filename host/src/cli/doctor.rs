//! `lift doctor`.

use super::output::{Exit, Failure, Output};
use crate::engine::Engine;
use crate::python::Python;
use crate::solver::SolverHealth;
use serde::Serialize;

#[derive(Serialize)]
struct Report {
    schema: &'static str,
    version: &'static str,
    solver: SolverHealth,
    python: PythonHealth,
    idioms: usize,
}

#[derive(Serialize)]
#[serde(tag = "status", rename_all = "lowercase")]
enum PythonHealth {
    Ready { version: String },
    Missing { reason: String, cost: &'static str },
}

/// Says what is installed and what is missing; missing parts are not errors, they cost something.
pub(super) fn run(engine: &Engine, output: &Output) -> Result<Exit, Failure> {
    let python = match Python::find() {
        Ok(python) => PythonHealth::Ready { version: python.version },
        Err(error) => PythonHealth::Missing {
            reason: error.to_string(),
            cost: "code is generated but not run; examples run in the evaluator",
        },
    };
    let report = Report {
        schema: "lift.doctor/1",
        version: env!("CARGO_PKG_VERSION"),
        solver: engine.solver_health(),
        python,
        idioms: engine.library().idioms.len(),
    };
    if output.is_json() {
        output.json(&report)?;
        return Ok(Exit::Fine);
    }
    output.line(&format!("lift {}", report.version));
    let (good, bad) = (output.paint("32", "✓"), output.paint("33", "-"));
    match &report.solver {
        SolverHealth::Ready { engine, start_ms, .. } => {
            output.line(&format!("{good} solver: {engine}, starts in {start_ms} ms"));
        }
        SolverHealth::Missing { reason, cost } => {
            output.line(&format!("{bad} solver: {reason}\n    without it {cost}"));
        }
    }
    match &report.python {
        PythonHealth::Ready { version } => output.line(&format!("{good} python: {version}")),
        PythonHealth::Missing { reason, cost } => {
            output.line(&format!("{bad} python: {reason}\n    without it {cost}"));
        }
    }
    output.line(&format!("{good} library: {} idioms to draft from", report.idioms));
    Ok(Exit::Fine)
}
