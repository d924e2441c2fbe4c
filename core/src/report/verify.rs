//! `lift.verify/1`: what documents owe, and how it stands.

use super::check::{SpanReport, located, span_report};
use crate::check::Checked;
use crate::logic::{Counterexample, Report, Tier, Verdict};
use serde::{Deserialize, Serialize};

/// The report of `lift verify`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyReport {
    /// `lift.verify/1`
    pub schema: String,
    /// One for each file, in the order given.
    pub files: Vec<VerifyFile>,
}

/// One document's debts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyFile {
    /// The path as given.
    pub path: String,
    /// Everything that is owed, in the order of the text.
    pub obligations: Vec<ObligationReport>,
    /// One for each definition, and for whatever else owes something.
    pub declarations: Vec<VerdictReport>,
    /// Things worth knowing that change no verdict.
    pub warnings: Vec<WarningReport>,
}

/// One obligation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObligationReport {
    /// Who owes it.
    pub declaration: String,
    /// What is owed, in words.
    pub reason: String,
    /// The condition itself, as an author would write it, where it can be written.
    pub condition: Option<String>,
    /// The imported document in which that place lies; absent for the document itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Where it is owed.
    pub span: SpanReport,
    /// Where the condition is written, when that is elsewhere.
    pub source: Option<SpanReport>,
    /// The imported document in which the condition is written; absent for the document itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_path: Option<String>,
    /// How it stands.
    pub verdict: Verdict,
    /// Why, in words; empty for a proof.
    pub because: String,
    /// Inputs under which it fails; unconfirmed ones were a solver's idea only.
    pub counterexample: Option<Counterexample>,
    /// Who settled it.
    pub tier: Tier,
    /// The engine that was asked last, with its version.
    pub engine: Option<String>,
    /// Resource units the solver used.
    pub units: u64,
}

/// The verdict on a declaration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictReport {
    /// Its name.
    pub name: String,
    /// Refuted if something it owes is, proved if everything is and whatever it uses is proved too.
    pub verdict: Verdict,
    /// How much it owes; 0 means that there was nothing to prove.
    pub owed: usize,
    /// Whether it is proved to end for every input that its precondition allows.
    pub total: bool,
    /// Why it is not proved; `nothing is owed` where that is so.
    pub because: String,
    /// Where its name stands.
    pub span: SpanReport,
}

/// Something worth knowing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarningReport {
    /// Whom it concerns.
    pub declaration: String,
    /// In words.
    pub message: String,
    /// Where.
    pub span: SpanReport,
}

/// The debts of a checked document, from what [`crate::logic::Discharge`] found.
pub fn verify_file(path: &str, checked: &Checked, report: &Report) -> VerifyFile {
    let place = |span| span_report(&checked.text, &checked.lines, span);
    let obligations = report
        .obligations
        .iter()
        .map(|settled| {
            let (path, span) = located(checked, settled.span);
            let (source_path, source) = settled.source.map(|span| located(checked, span)).unzip();
            (settled, path, span, source_path.flatten(), source)
        })
        .map(|(settled, path, span, source_path, source)| ObligationReport {
            declaration: settled.name.to_string(),
            reason: settled.reason.clone(),
            condition: settled.condition.clone(),
            path,
            span,
            source,
            source_path,
            verdict: settled.verdict,
            because: settled.because.clone(),
            counterexample: settled.counterexample.clone(),
            tier: settled.tier,
            engine: settled.engine.clone(),
            units: settled.units,
        })
        .collect();
    let declarations = report
        .declarations
        .iter()
        .map(|verdict| VerdictReport {
            name: verdict.name.to_string(),
            verdict: verdict.verdict,
            owed: verdict.owed,
            total: verdict.total,
            because: verdict.because.clone(),
            span: place(verdict.span),
        })
        .collect();
    let warnings = report
        .warnings
        .iter()
        .map(|warning| WarningReport {
            declaration: warning.name.to_string(),
            message: warning.message.clone(),
            span: place(warning.span),
        })
        .collect();
    VerifyFile { path: path.to_owned(), obligations, declarations, warnings }
}
