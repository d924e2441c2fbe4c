//! What a document leaves open, as questions with concrete answers.
//!
//! A contract is *open* when two outcomes for the same input both satisfy it and no definition chooses: the question
//! names that input and both outcomes. It is *contradictory* when no outcome does; then the fewest clauses are named
//! that conflict. A wish of an intent that nothing checks is *vague*, and a declared hole asks for itself.
//!
//! Promises: both outcomes of a question were run and satisfy every clause; a contradiction was proved; every answer is
//! an edit after which the document checks. A contract that is settled on every input that was tried gets no question.
//! What is open and gets no question, or may be open because running decided too little, is listed with the reason.
//! Must not: answer for the author.

mod behaviour;
mod contract;
mod contradiction;

use crate::check::Checked;
use crate::draft::open_parts;
use crate::holes::{FitOptions, assume, fill, fits};
use crate::logic::Report;
use crate::syntax::diagnostic::Severity;
use crate::syntax::edit::{apply, clause_more};
use crate::syntax::span::Span;
use crate::syntax::tree::HoleKind;
use contract::{Contract, contracts};
use serde::{Deserialize, Serialize};

/// How often verdicts are asked for at most, for one document.
const MOST_ASKED: usize = 40;

/// What is open about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Doubt {
    /// No outcome, or no input, satisfies these clauses.
    Contradiction,
    /// Two outcomes satisfy every clause.
    Behaviour,
    /// A declared hole, or a type that a signature leaves open.
    Hole,
    /// Words that nothing checks.
    Vague,
}

/// A question to the author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The contract, hole or intent it is about.
    pub about: String,
    /// What is open.
    pub doubt: Doubt,
    /// The question.
    pub text: String,
    /// Where it is open.
    pub span: Span,
    /// Answers to choose from; none where only the author's own words help.
    pub answers: Vec<Answer>,
    /// How many in a hundred of the inputs that were tried it is open for.
    pub share: u8,
}

/// Something that may be open, with no question about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unasked {
    /// The contract or hole.
    pub about: String,
    /// Where it is.
    pub span: Span,
    /// Why there is no question about it.
    pub why: String,
}

/// All that a document leaves open, as far as can be seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inquiry {
    /// Those first that decide most.
    pub questions: Vec<Question>,
    /// In the order of the document.
    pub unasked: Vec<Unasked>,
}

impl Inquiry {
    /// Whether all was looked at and nothing is open.
    pub fn is_settled(&self) -> bool {
        self.questions.is_empty() && self.unasked.is_empty()
    }
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What it says.
    pub text: String,
    /// The document with it.
    pub document: String,
}

/// What a document leaves open. `verify` gives verdicts; without a solver fewer contradictions are seen.
pub fn inquire(checked: &Checked, verify: &mut dyn FnMut(&Checked) -> Report) -> Inquiry {
    let Inquiry { mut questions, mut unasked } = Inquiry::default();
    if checked.has_errors() {
        return Inquiry { questions, unasked };
    }
    let mut left = MOST_ASKED;
    for contract in contracts(checked) {
        let contract = match contract {
            Ok(contract) => contract,
            Err(silent) => {
                unasked.push(silent);
                continue;
            }
        };
        let looked = behaviour::look(checked, &contract);
        let found = contradiction::question(checked, &contract, &looked.tried, &mut left, verify)
            .or_else(|| behaviour::question(checked, &contract, &looked.tried));
        match found {
            Some(question) => questions.push(question),
            None => unasked.extend(looked.silent(&contract, left == 0)),
        }
    }
    questions.extend(holes(checked).chain(signatures(checked)).chain(vague(checked)));
    unasked.extend(silent_holes(checked, &questions));
    questions.sort_by_key(|question| (question.doubt, std::cmp::Reverse(question.share), question.span));
    unasked.sort_by_key(|silent| silent.span);
    Inquiry { questions, unasked }
}

/// Holes that nothing asks about. What a definition without a body lacks is for its contract to say.
fn silent_holes(checked: &Checked, questions: &[Question]) -> Vec<Unasked> {
    let all = checked.program.own_holes().filter_map(|id| checked.program.hole(id));
    let named = all.map(|hole| (format!("?{}", hole.name), hole));
    named
        .filter(|(about, _)| questions.iter().all(|question| question.about != *about))
        .filter_map(|(about, hole)| {
            let span = hole.declared.or_else(|| hole.uses.first().copied())?;
            Some(Unasked { about, span, why: "is a hole: `lift fits` shows what would fit".to_owned() })
        })
        .collect()
}

fn holes(checked: &Checked) -> impl Iterator<Item = Question> {
    open_parts(&checked.text).1.into_iter().map(|asked| {
        let answers = asked.answers.iter().filter_map(|term| {
            let decided = assume(checked, &asked.hole, term, "answered").ok()?;
            Some(Answer { text: term.clone(), document: decided.text })
        });
        let declared = checked.program.holes.iter().find(|hole| *hole.name == *asked.hole);
        Question {
            about: format!("?{}", asked.hole),
            doubt: Doubt::Hole,
            text: asked.text,
            span: declared.and_then(|hole| hole.declared).unwrap_or_default(),
            answers: answers.collect(),
            share: 100,
        }
    })
}

/// Types that a signature leaves open, without a declaration that asks for them.
fn signatures(checked: &Checked) -> impl Iterator<Item = Question> {
    let all = checked.program.own_holes().filter_map(|id| Some((id, checked.program.hole(id)?)));
    let open = all.filter(|(_, hole)| hole.kind == HoleKind::Type && hole.declared.is_none());
    open.map(|(id, hole)| {
        let options = FitOptions { limit: 2, ..FitOptions::default() };
        let answers = fits(checked, id, &options).into_iter().filter_map(|fit| {
            let filled = fill(checked, &hole.name, &fit.term).ok()?;
            Some(Answer { text: fit.term, document: filled.text })
        });
        Question {
            about: format!("?{}", hole.name),
            doubt: Doubt::Hole,
            text: format!("What type is ?{}?", hole.name),
            span: hole.uses.first().copied().unwrap_or_default(),
            answers: answers.collect(),
            share: 100,
        }
    })
}

/// Wishes that no clause answers, measures without a bound.
fn vague(checked: &Checked) -> impl Iterator<Item = Question> {
    let drift = checked.diagnostics.iter().filter(|found| {
        found.severity == Severity::Warning && matches!(&*found.code, "W0401" | "W0403" | "W0405")
    });
    drift.map(|found| Question {
        about: "the intent".to_owned(),
        doubt: Doubt::Vague,
        text: match &found.hint {
            Some(hint) => format!("{}: {hint}", found.message),
            None => found.message.clone(),
        },
        span: found.span,
        answers: Vec::new(),
        share: 0,
    })
}

/// The document with a clause more, if it still checks.
fn with_clause(checked: &Checked, contract: &Contract<'_>, clause: &str) -> Option<String> {
    let reason = format!("answered about {}", contract.name);
    let edit = clause_more(&checked.text, contract.decl, clause, reason)?;
    let text = apply(&checked.text, &[edit]).ok()?;
    (!checked.again(&text).has_errors()).then_some(text)
}
