//! What is asked of a solver, and what it says.

use std::time::Duration;

/// One self-contained question: are these assertions satisfiable together?
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Query {
    /// SMT-LIB 2.6 declarations, definitions and assertions, nothing else: no
    /// `check-sat`, no options, no logic. The worker refuses anything more.
    pub script: String,
    /// What to bring back besides the verdict.
    pub want: Want,
    /// How much may be spent.
    pub budget: Budget,
}

/// What a query asks for besides the verdict.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Want {
    /// If satisfiable, the value of each of these terms (SMT-LIB text over the
    /// script's declarations) in the model found.
    Values(Vec<String>),
    /// If unsatisfiable, the names (`:named`) of assertions that suffice.
    Core,
}

/// Resource units first, a wall clock behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Budget {
    /// Solver resource units (Z3's `rlimit`); deterministic for one engine.
    pub units: u32,
    /// Time after which the worker is killed.
    pub wall: Duration,
}

/// A solver's reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The verdict, with the evidence that was asked for.
    pub verdict: Verdict,
    /// Engine and version, as in `Z3 5.4.0.0`; `None` when none was reached.
    pub engine: Option<String>,
    /// Resource units spent.
    pub units: u64,
    /// Time spent, as the caller saw it.
    pub time: Duration,
}

/// Three verdicts, never two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No assignment satisfies the assertions.
    Unsat {
        /// Names that suffice, when a core was asked for.
        core: Vec<String>,
    },
    /// An assignment satisfies them.
    Sat {
        /// The value of each term asked for, in order, as SMT-LIB text.
        values: Vec<String>,
    },
    /// Undecided.
    Unknown {
        /// Why, in one line.
        reason: String,
    },
}
