//! The engine as the host runs it: the pure core with a solver, Python and the library behind it.
//!
//! Every face (command line, server) calls these functions and adds nothing to what they say.

use crate::caches;
use crate::solver::{PoolConfig, Program, SolverHealth, SolverPool, diagnose};
use lift_core::check::Checked;
use lift_core::draft::{IdiomSource, Library};
use lift_core::ir::DeclId;
use lift_core::logic::dependencies::Dependencies;
use lift_core::logic::{Answer, Discharge, Options, Query, Report};
use std::time::Duration;

/// How the engine is set up.
#[derive(Debug)]
pub struct EngineConfig {
    /// How long the verdicts on one document may take.
    pub within: Duration,
    /// The solver's pool.
    pub solver: PoolConfig,
    /// Idioms of the user's own, tried before the built-in ones.
    pub idioms: Vec<IdiomSource>,
}

impl Default for EngineConfig {
    fn default() -> Self {
        EngineConfig { within: Duration::from_secs(120), solver: PoolConfig::default(), idioms: Vec::new() }
    }
}

impl EngineConfig {
    /// As the user's machine has it: the solver that is found there, and its answers of earlier runs.
    ///
    /// A solver that the environment names is for trying out: what it says is not kept.
    pub fn of_user() -> Self {
        let archive = match Program::is_overridden() {
            true => None,
            false => caches::of_user("solver").map(|folder| folder.join("answers.sqlite")),
        };
        EngineConfig { solver: PoolConfig { archive, ..PoolConfig::default() }, ..EngineConfig::default() }
    }
}

/// A running engine. Cheap to make: workers start when they are first needed.
#[derive(Debug)]
pub struct Engine {
    within: Duration,
    solver: SolverPool,
    library: Library,
}

impl Engine {
    /// An engine; nothing is started yet.
    pub fn new(config: EngineConfig) -> Self {
        Engine {
            within: config.within,
            solver: SolverPool::new(config.solver),
            library: Library::with(&config.idioms),
        }
    }

    /// The idioms drafting draws on.
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// The verdicts over everything a document owes; unknown, where the time for the document was used up.
    pub fn verify(&self, checked: &Checked) -> Report {
        self.verify_with(checked, Options::default())
    }

    /// The verdicts over what these declarations owe, and all that they lean on.
    pub fn verify_only(&self, checked: &Checked, only: &[DeclId]) -> Report {
        let needed = Dependencies::new(&checked.program).needed(only);
        self.verify_with(checked, Options { only: Some(needed), ..Options::default() })
    }

    fn verify_with(&self, checked: &Checked, options: Options) -> Report {
        let mut discharge = Discharge::new(&checked.program, options);
        match self.solver.discharge_within(&mut discharge, self.within) {
            true => discharge.report(),
            false => {
                let seconds = self.within.as_secs();
                discharge.cut_short(&format!("the {seconds} s for the document were used up before"))
            }
        }
    }

    /// Asks the solver one question. Dropping the future abandons it.
    pub async fn solve_async(&self, query: &Query) -> Answer {
        self.solver.solve_async(query).await
    }

    /// Whether there is a solver; starts a worker to find out.
    pub fn solver_health(&self) -> SolverHealth {
        let config = self.solver.config();
        diagnose(&config.program, config.memory_mib)
    }
}
