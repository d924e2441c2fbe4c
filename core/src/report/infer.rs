//! `lift.infer/1`: predicates that nobody wrote.

use crate::check::Checked;
use crate::infer::{Inference, Role};
use crate::syntax::span::{Position, Span};
use serde::{Deserialize, Serialize};

/// The report of `lift infer`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InferReport {
    /// `lift.infer/1`
    pub schema: String,
    /// The path as given.
    pub path: String,
    /// Each on its own: of the document as it is, not with the others.
    pub found: Vec<InferredReport>,
    /// What is still looked for.
    pub unsolved: Vec<UnsolvedReport>,
}

/// A predicate that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InferredReport {
    /// The hole, or the declaration that lacks a clause.
    pub about: String,
    /// Where.
    pub start: Position,
    /// Who owes it.
    pub role: Role,
    /// As an author would write it.
    pub predicate: String,
    /// What it is good for.
    pub because: String,
}

/// A predicate that was not found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnsolvedReport {
    /// The hole or the declaration.
    pub about: String,
    /// Where.
    pub start: Position,
    /// Why.
    pub why: String,
}

/// The report of what was inferred.
pub fn infer_report(path: &str, checked: &Checked, inference: &Inference) -> InferReport {
    let start = |span: Span| checked.lines.position(&checked.text, span.start);
    let found = inference.found.iter().map(|found| InferredReport {
        about: found.about.clone(),
        start: start(found.span),
        role: found.role,
        predicate: found.predicate.clone(),
        because: found.because.clone(),
    });
    let unsolved = inference.unsolved.iter().map(|unsolved| UnsolvedReport {
        about: unsolved.about.clone(),
        start: start(unsolved.span),
        why: unsolved.why.clone(),
    });
    InferReport {
        schema: "lift.infer/1".to_owned(),
        path: path.to_owned(),
        found: found.collect(),
        unsolved: unsolved.collect(),
    }
}
