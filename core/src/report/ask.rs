//! `lift.ask/1`: what a document leaves open.

use crate::ask::{Doubt, Question};
use crate::check::Checked;
use crate::syntax::span::Position;
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

/// The report of questions.
pub fn ask_report(path: &str, checked: &Checked, questions: &[Question]) -> AskReport {
    let questions = questions.iter().map(|question| QuestionReport {
        about: question.about.clone(),
        doubt: question.doubt,
        text: question.text.clone(),
        start: checked.lines.position(&checked.text, question.span.start),
        answers: question.answers.iter().map(|answer| answer.text.clone()).collect(),
        share: question.share,
    });
    AskReport { schema: "lift.ask/1".to_owned(), path: path.to_owned(), questions: questions.collect() }
}
