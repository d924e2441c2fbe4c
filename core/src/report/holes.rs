//! `lift.holes/1`, `lift.fits/1`, `lift.fill/1`: what is open, what fits, what was decided.

use super::check::{HoleReport, SpanReport, hole_report, known_holes, span_report};
use crate::check::Checked;
use crate::holes::{Decision, Fit, HoleGraph, graph};
use crate::ir::HoleId;
use serde::{Deserialize, Serialize};

/// The report of `lift holes`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolesReport {
    /// `lift.holes/1`
    pub schema: String,
    /// The path as given.
    pub path: String,
    /// The holes, in order of first appearance.
    pub holes: Vec<HoleReport>,
    /// What waits for what.
    pub graph: HoleGraph,
    /// Open holes that wait for another one.
    pub blocked: Vec<String>,
    /// The longest chain of holes to decide, first to decide first.
    pub critical_path: Vec<String>,
}

/// The report of `lift fits`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FitsReport {
    /// `lift.fits/1`
    pub schema: String,
    /// The path as given.
    pub path: String,
    /// The hole.
    pub hole: HoleReport,
    /// Its fits, best first.
    pub fits: Vec<Fit>,
}

/// The report of `lift fill`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FillReport {
    /// `lift.fill/1`
    pub schema: String,
    /// The path as given.
    pub path: String,
    /// The hole that was decided, without question mark.
    pub hole: String,
    /// What changed, in places of the text before.
    pub edits: Vec<EditReport>,
    /// Whether the file was written.
    pub written: bool,
    /// The document after it.
    pub document: String,
}

/// One edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditReport {
    /// What was replaced.
    pub span: SpanReport,
    /// By what.
    pub replacement: String,
    /// Why.
    pub reason: String,
}

/// What is open in a document.
pub fn holes_report(path: &str, checked: &Checked) -> HolesReport {
    let graph = graph(&checked.program);
    HolesReport {
        schema: "lift.holes/1".to_owned(),
        path: path.to_owned(),
        holes: known_holes(checked),
        blocked: graph
            .holes
            .iter()
            .filter(|hole| hole.open && !hole.waits_for.is_empty())
            .map(|hole| hole.name.clone())
            .collect(),
        critical_path: graph.critical_path.clone(),
        graph,
    }
}

/// What fits a hole; `None` when there is no such hole.
pub fn fits_report(path: &str, checked: &Checked, hole: HoleId, fits: Vec<Fit>) -> Option<FitsReport> {
    let hole = hole_report(checked, hole)?;
    Some(FitsReport { schema: "lift.fits/1".to_owned(), path: path.to_owned(), hole, fits })
}

/// What a decision changed.
pub fn fill_report(
    path: &str,
    checked: &Checked,
    hole: &str,
    decision: &Decision,
    written: bool,
) -> FillReport {
    let edits = decision.edits.iter().map(|edit| EditReport {
        span: span_report(&checked.text, &checked.lines, edit.span),
        replacement: edit.replacement.clone(),
        reason: edit.reason.clone(),
    });
    FillReport {
        schema: "lift.fill/1".to_owned(),
        path: path.to_owned(),
        hole: hole.trim_start_matches('?').to_owned(),
        edits: edits.collect(),
        written,
        document: decision.text.clone(),
    }
}
