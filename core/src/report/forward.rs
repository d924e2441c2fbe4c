//! `lift.forward/1`: from words to a document, verdicts and code.

use super::check::HoleReport;
use super::eval::ExampleReport;
use super::verify::{ObligationReport, VerdictReport};
use crate::draft::{Assumption, Placed, Provenance, Question, Unused};
use serde::{Deserialize, Serialize};

/// The report of `lift forward`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForwardReport {
    /// `lift.forward/1`
    pub schema: String,
    /// The request as given.
    pub words: String,
    /// The document.
    pub document: String,
    /// The idiom it was made from; `None` when the request could not be placed.
    pub idiom: Option<Placed>,
    /// Every hole of the document.
    pub holes: Vec<HoleReport>,
    /// Holes with a default.
    pub assumptions: Vec<Assumption>,
    /// Holes that must be decided.
    pub questions: Vec<Question>,
    /// Where each part came from.
    pub provenance: Vec<Provenance>,
    /// Words the document does not use.
    pub unused_words: Vec<Unused>,
    /// Remarks on the request.
    pub notes: Vec<String>,
    /// What is owed and how it stands.
    pub obligations: Vec<ObligationReport>,
    /// The verdict of each declaration.
    pub declarations: Vec<VerdictReport>,
    /// The code, where definitions are complete; empty otherwise.
    pub code: String,
    /// Definitions that got no code, and why.
    pub left_out: Vec<LeftOut>,
    /// Files that were written, or would be with `--out`.
    pub files: Vec<FileReport>,
    /// The document's examples, run.
    pub examples: Vec<ExampleReport>,
    /// What ran them: `python 3.11.7`, or `evaluator` with the reason.
    pub ran: String,
}

/// A definition without code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Its name.
    pub name: String,
    /// Why.
    pub why: String,
}

/// A file of the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileReport {
    /// Its path.
    pub path: String,
    /// What it is.
    pub kind: FileKind,
}

/// Kinds of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// The Spec-IR document.
    Document,
    /// The module.
    Code,
    /// Its tests.
    Test,
}
