//! `lift.ask/1`: what a document leaves open.

use crate::ask::{Doubt, Inquiry};
use crate::check::Checked;
use crate::syntax::span::{Position, Span};
use serde::{Deserialize, Serialize};

/// The report of `lift ask`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskReport {
    /// `lift.ask/1`
    pub schema: String,
    /// The path as given.
    pub path: String,
    /// Those first that decide most.
    pub questions: Vec<QuestionReport>,
    /// What may be open without a question about it, in the order of the document.
    pub unasked: Vec<UnaskedReport>,
}

/// Something without a question about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnaskedReport {
    /// The contract or hole.
    pub about: String,
    /// Where.
    pub start: Position,
    /// Why there is no question about it.
    pub why: String,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionReport {
    /// The contract, hole or intent it is about.
    pub about: String,
    /// What is open.
    pub doubt: Doubt,
    /// The question.
    pub text: String,
    /// Where.
    pub start: Position,
    /// Answers to choose from.
    pub answers: Vec<String>,
    /// How many in a hundred of the inputs that were tried it is open for.
    pub share: u8,
}

/// The report of what is open.
pub fn ask_report(path: &str, checked: &Checked, inquiry: &Inquiry) -> AskReport {
    let start = |span: Span| checked.lines.position(&checked.text, span.start);
    let questions = inquiry.questions.iter().map(|question| QuestionReport {
        about: question.about.clone(),
        doubt: question.doubt,
        text: question.text.clone(),
        start: start(question.span),
        answers: question.answers.iter().map(|answer| answer.text.clone()).collect(),
        share: question.share,
    });
    let unasked = inquiry.unasked.iter().map(|silent| UnaskedReport {
        about: silent.about.clone(),
        start: start(silent.span),
        why: silent.why.clone(),
    });
    AskReport {
        schema: "lift.ask/1".to_owned(),
        path: path.to_owned(),
        questions: questions.collect(),
        unasked: unasked.collect(),
    }
}
