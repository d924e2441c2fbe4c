//! `lift.constraints/1`: what checking a document rested on, and what it still owes.
//!
//! ```text
//! { "schema": "lift.constraints/1",
//!   "files": [{ "path",
//!     "equalities":  [{ "span", "wanted", "found", "ended": "agreed" | "disagreed" | "blocked" }],
//!     "subtypings":  [{ the same }],
//!     "refinements": [{ "span", "wanted", "condition" }],
//!     "assignments": [{ "span", "unknown", "value" | null, "decided_at": span | null }],
//!     "blocked":     [{ "span", "wanted", "found", "waits_for": [{ "unknown", "span" }] }],
//!     "obligations": [{ "span", "declaration", "reason", "condition" | null, "settled": bool }] }] }
//! ```
//!
//! Every list is in the order of the text. An obligation is settled when no solver is needed to prove it; the others
//! are for `lift verify`.

use super::check::{SpanReport, span_report};
use crate::check::{Checked, Comparison, Ended, constraints};
use crate::logic::{self, Discharge, Verdict};
use serde::{Deserialize, Serialize};

/// The report of `lift check --explain-constraints`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConstraintsReport {
    /// `lift.constraints/1`
    pub schema: String,
    /// One for each file, in the order given.
    pub files: Vec<ConstraintsFile>,
}

/// What one document rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConstraintsFile {
    /// The path as given.
    pub path: String,
    /// Types that must be the same.
    pub equalities: Vec<ComparisonReport>,
    /// Types of which one may allow more than the other.
    pub subtypings: Vec<ComparisonReport>,
    /// Conditions that come with them.
    pub refinements: Vec<RefinementReport>,
    /// What inference worked out.
    pub assignments: Vec<AssignmentReport>,
    /// What nothing decides.
    pub blocked: Vec<BlockedReport>,
    /// What is to be proved.
    pub obligations: Vec<OwedReport>,
}

/// Two types that had to agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparisonReport {
    /// Where.
    pub span: SpanReport,
    /// What is wanted there.
    pub wanted: String,
    /// What stands there.
    pub found: String,
    /// How it ended.
    pub ended: Ended,
}

/// A condition on the value at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefinementReport {
    /// Where the value stands.
    pub span: SpanReport,
    /// The type that asks for it.
    pub wanted: String,
    /// The condition.
    pub condition: String,
}

/// An unknown and what it turned out to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentReport {
    /// What asked for it.
    pub span: SpanReport,
    /// What it stands for, in words.
    pub unknown: String,
    /// Its value.
    pub value: Option<String>,
    /// What decided it.
    pub decided_at: Option<SpanReport>,
}

/// A comparison that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockedReport {
    /// Where.
    pub span: SpanReport,
    /// What is wanted there.
    pub wanted: String,
    /// What stands there.
    pub found: String,
    /// For what.
    pub waits_for: Vec<WaitReport>,
}

/// An unknown that something waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitReport {
    /// What it stands for, in words.
    pub unknown: String,
    /// What asked for it.
    pub span: SpanReport,
}

/// Something to be proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwedReport {
    /// Where.
    pub span: SpanReport,
    /// By whom.
    pub declaration: String,
    /// What, in words.
    pub reason: String,
    /// The condition itself, where it can be written.
    pub condition: Option<String>,
    /// Whether it is proved without a solver.
    pub settled: bool,
}

/// The constraint store of a checked document.
pub fn constraints_file(path: &str, checked: &Checked) -> ConstraintsFile {
    let place = |span| span_report(&checked.text, &checked.lines, span);
    let store = constraints(checked);
    let comparison = |it: Comparison| ComparisonReport {
        span: place(it.span),
        wanted: it.wanted,
        found: it.found,
        ended: it.ended,
    };
    let refinements = store.refinements.into_iter().map(|it| RefinementReport {
        span: place(it.span),
        wanted: it.wanted,
        condition: it.condition,
    });
    let assignments = store.assignments.into_iter().map(|it| AssignmentReport {
        span: place(it.span),
        unknown: it.unknown,
        value: it.value,
        decided_at: it.decided_at.map(place),
    });
    let blocked = store.blocked.into_iter().map(|it| BlockedReport {
        span: place(it.span),
        wanted: it.wanted,
        found: it.found,
        waits_for: it
            .waits_for
            .into_iter()
            .map(|(unknown, span)| WaitReport { unknown, span: place(span) })
            .collect(),
    });
    ConstraintsFile {
        path: path.to_owned(),
        equalities: store.equalities.into_iter().map(comparison).collect(),
        subtypings: store.subtypings.into_iter().map(comparison).collect(),
        refinements: refinements.collect(),
        assignments: assignments.collect(),
        blocked: blocked.collect(),
        obligations: owed(checked),
    }
}

/// What is owed, and whether it is settled at once.
fn owed(checked: &Checked) -> Vec<OwedReport> {
    let place = |span| span_report(&checked.text, &checked.lines, span);
    let options = logic::Options { solver: false, search: false, ..logic::Options::default() };
    let mut discharge = Discharge::new(&checked.program, options);
    while discharge.step() {}
    let owed = discharge.report().obligations.into_iter().map(|it| OwedReport {
        span: place(it.span),
        declaration: it.name.to_string(),
        reason: it.reason,
        condition: it.condition,
        settled: it.verdict == Verdict::Proved,
    });
    owed.collect()
}
