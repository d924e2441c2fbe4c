//! Diagnostics as data: a stable code, the places involved, both sides of a disagreement, what to do.
//!
//! They are rendered once per face (terminal, JSON, page) and never here. `E00..` are errors of syntax, `E01..` of
//! scope, `E02..` of types, `E03..` of refinement and totality; `W0...` are warnings of the same families.

use crate::syntax::span::Span;
use serde::{Deserialize, Serialize};

/// How much a diagnostic weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The declaration cannot be used as it stands.
    Error,
    /// It can, but the author probably meant something else.
    Warning,
    /// Worth knowing.
    Info,
}

/// A second place that explains the first, with a few words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// Why it matters here.
    pub message: String,
}

/// One finding. `code` is a key of `lift explain`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Stable code, as `E0201`.
    pub code: String,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong, in words a colleague understands; never an internal name.
    pub message: String,
    /// The smallest text at fault.
    pub span: Span,
    /// Other places involved, such as the other side of a disagreement.
    pub labels: Vec<Label>,
    /// What to do about it, when there is something sensible to say.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// An error with code, place and message.
    pub fn error(code: &str, span: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            code: code.to_owned(),
            severity: Severity::Error,
            message: message.into(),
            span,
            labels: Vec::new(),
            hint: None,
        }
    }

    /// A warning with code, place and message.
    pub fn warning(code: &str, span: Span, message: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, span, message) }
    }

    /// Adds a second place.
    pub fn label(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    /// Says what to do.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
