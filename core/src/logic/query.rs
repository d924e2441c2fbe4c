//! What is asked of a solver, and what comes back: plain data that crosses processes and workers.
//!
//! A [`Query`] is closed and canonical: its symbols are `v0`, `f1`, ... in order of appearance, never a name from
//! the document, so that renaming changes neither its key nor the solver's mood. It is asked in a fresh context.
//! The claim behind it holds exactly when the script is **unsatisfiable**.
//!
//! Whoever runs it must fail closed: only a reply that is exactly `unsat` becomes [`Satisfiability::Unsat`];
//! an error line, a trap, a kill or a time-out is [`Satisfiability::Unknown`] with the reason in words.

use serde::{Deserialize, Serialize};

/// A question for an SMT solver.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Query {
    /// Hex BLAKE3 of the script, the values and the limits: the same key is the same question, for caches.
    pub key: String,
    /// SMT-LIB 2.6: declarations and assertions, each assertion `(assert (! p :named aN))`. It sets no option
    /// and no logic and does not contain `check-sat`; the runner adds those.
    pub script: String,
    /// Terms to read back with one `get-value` when the script is satisfiable; may be empty.
    pub values: Vec<String>,
    /// The names of the assertions in order, for `get-unsat-core`.
    pub names: Vec<String>,
    /// Resource units the solver may use (Z3's `rlimit`); the budget that counts.
    pub rlimit: u64,
    /// Wall clock behind it, in milliseconds; only stops what `rlimit` fails to stop.
    pub wall_ms: u64,
}

/// A solver's reply to a [`Query`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What it found.
    pub verdict: Satisfiability,
    /// Resource units used, as the solver counts them.
    pub units: u64,
    /// Who answered, with version, e.g. `z3 5.4.0`; stored with every verdict.
    pub engine: String,
}

/// The three things a solver can say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "is")]
pub enum Satisfiability {
    /// The script has no model: the claim is proved.
    Unsat {
        /// Names of assertions that conflict, when the runner asked; may be empty.
        core: Vec<String>,
    },
    /// The script has a model.
    Sat {
        /// The reply to `(get-value (...))` as the solver printed it; empty when nothing was asked.
        values: String,
    },
    /// Neither was found.
    Unknown {
        /// Why: which limit, which error.
        reason: String,
    },
}

impl Query {
    /// A query with its key worked out.
    pub fn new(script: String, values: Vec<String>, names: Vec<String>, rlimit: u64, wall_ms: u64) -> Self {
        let mut hasher = blake3::Hasher::new();
        let mut field = |text: &str| {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        };
        field(&script);
        values.iter().for_each(|term| field(term));
        field(&rlimit.to_string());
        field(&wall_ms.to_string());
        let key = hasher.finalize().to_hex().to_string();
        Query { key, script, values, names, rlimit, wall_ms }
    }
}

impl Answer {
    /// The answer of a runner that got none.
    pub fn unknown(engine: impl Into<String>, reason: impl Into<String>) -> Self {
        Answer { verdict: Satisfiability::Unknown { reason: reason.into() }, units: 0, engine: engine.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_depends_on_every_part_that_changes_the_question() {
        let base = Query::new("(assert true)".into(), vec!["v0".into()], vec![], 1, 2);
        let same = Query::new("(assert true)".into(), vec!["v0".into()], vec![], 1, 2);
        assert_eq!(base.key, same.key);
        for other in [
            Query::new("(assert false)".into(), vec!["v0".into()], vec![], 1, 2),
            Query::new("(assert true)".into(), vec!["v1".into()], vec![], 1, 2),
            Query::new("(assert true)v0".into(), vec![], vec![], 1, 2),
            Query::new("(assert true)".into(), vec!["v0".into()], vec![], 2, 2),
            Query::new("(assert true)".into(), vec!["v0".into()], vec![], 1, 3),
        ] {
            assert_ne!(base.key, other.key);
        }
    }
}
