//! From words to a document, without a model: understand enough, place, adapt, and leave open what is open.
//!
//! A request is read ([`reading`]), placed on an idiom of the library ([`place`]) and the idiom's document is
//! adapted to it ([`compose`]). Promises: the same words and library give the same bytes; every part of a draft
//! says where it came from; what the words do not decide is a declared hole, as an *assumption* when it has one
//! usual answer and as a *question* when it changes the meaning; a request that cannot be placed becomes an
//! intent and holes ([`open`]). Must not: guess without a mark, drop words that carry meaning, or write code that
//! is not in an idiom.

mod adapt;
mod answer;
mod compose;
pub mod idiom;
pub mod lexicon;
pub mod library;
mod mention;
mod open;
mod place;
mod predicate;
pub(crate) mod prose;
mod reading;
mod sentence;
mod specialise;

pub use answer::{Accepted, accept_defaults, answer};
pub use idiom::{Idiom, IdiomProblem, IdiomSource};
pub use library::Library;

use crate::syntax::parse;
use crate::syntax::span::Span;
use compose::{Composed, Leftover};
use lexicon::Meaning;
use place::{Outcome, Placement};
use reading::Reading;
use serde::{Deserialize, Serialize};

/// The longest request, in characters; what is beyond is reported as unused.
pub const LONGEST_REQUEST: usize = 2_000;

/// A document made from words, and the account of how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The document.
    pub document: String,
    /// The idiom it was made from; `None` when the request could not be placed.
    pub idiom: Option<Placed>,
    /// Holes with a default.
    pub assumptions: Vec<Assumption>,
    /// Holes that must be decided.
    pub questions: Vec<Question>,
    /// Where each part came from.
    pub provenance: Vec<Provenance>,
    /// Words that carry meaning and that the document does not use.
    pub unused_words: Vec<Unused>,
    /// Remarks: words about how, names that could not be used.
    pub notes: Vec<String>,
}

/// The idiom a request was placed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// Its path, such as `lists/sum`.
    pub path: String,
    /// Its title.
    pub title: String,
}

/// A hole with a default: it blocks nothing and can be reopened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assumption {
    /// The hole.
    pub hole: String,
    /// What is assumed, a term.
    pub default: String,
    /// Why.
    pub why: String,
}

/// A hole that must be decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The hole.
    pub hole: String,
    /// What to ask.
    pub text: String,
    /// The usual answers as terms, best first.
    pub answers: Vec<String>,
}

/// A part of a draft and where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The part, in words.
    pub part: String,
    /// Its source.
    pub from: Source,
}

/// Where a part came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The request: the words and their place in it.
    Words {
        /// As typed.
        text: String,
        /// In the request.
        span: Span,
    },
    /// An idiom, by path.
    Idiom(String),
    /// A default, with its reason.
    Default(String),
    /// An answer to a question.
    Answer,
}

/// Words of the request that the document does not use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unused {
    /// As typed.
    pub text: String,
    /// In the request.
    pub span: Span,
}

/// Drafts a document from `words`.
pub fn draft(words: &str, library: &Library) -> Draft {
    let read: String = words.chars().take(LONGEST_REQUEST).collect();
    let reading = Reading::of(&read, &library.lexicon);
    let mut drafted = placed(&reading, library).unwrap_or_else(|near| unplaced(&reading, library, &near));
    if read.len() < words.len() {
        let text = words.get(read.len()..).unwrap_or("").to_owned();
        drafted.unused_words.push(Unused { span: Span::new(read.len() as u32, words.len() as u32), text });
    }
    drafted.notes.extend(remarks(&reading));
    drafted
}

/// Why a request was not placed.
struct Unplaced {
    near: Vec<Placement>,
    tied: bool,
}

fn placed(reading: &Reading, library: &Library) -> Result<Draft, Unplaced> {
    let whole = match place::place(reading, library) {
        Outcome::Placed(placement) => return drafted(reading, library, &placement, &[]),
        Outcome::Tied(placements) => return Err(Unplaced { near: placements, tied: true }),
        Outcome::None(near) => near,
    };
    let unplaced = || Unplaced { near: whole.clone(), tied: false };
    // Several requests in one: the first that can be placed is drafted, the others stay holes.
    let segments = reading.segments();
    if segments.len() < 2 {
        return Err(unplaced());
    }
    for (at, (start, end)) in segments.iter().enumerate() {
        let Outcome::Placed(placement) = place::place(&reading.part(*start, *end), library) else { continue };
        let leftovers: Vec<Leftover> = segments
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != at)
            .map(|(_, (start, end))| Leftover { start: *start, end: *end })
            .collect();
        return drafted(&reading.part(*start, *end), library, &placement, &leftovers);
    }
    Err(unplaced())
}

fn drafted(
    reading: &Reading,
    library: &Library,
    placement: &Placement,
    leftovers: &[Leftover],
) -> Result<Draft, Unplaced> {
    let composed = compose::compose(reading, library, placement, leftovers, &taken);
    let (Some(composed), Some(idiom)) = (composed, library.idioms.get(placement.idiom)) else {
        return Err(Unplaced { near: vec![placement.clone()], tied: false });
    };
    let Composed { document, mut provenance, notes } = composed;
    let (assumptions, questions) = open_parts(&document);
    provenance.extend(assumptions.iter().map(|assumption| Provenance {
        part: format!("?{} = {}", assumption.hole, assumption.default),
        from: Source::Default(assumption.why.clone()),
    }));
    let unused_words = leftovers
        .iter()
        .map(|leftover| {
            let span = reading.span(leftover.start, leftover.end);
            Unused { text: span.slice(&reading.words).to_owned(), span }
        })
        .collect();
    Ok(Draft {
        document,
        idiom: Some(Placed { path: idiom.path.clone(), title: idiom.title.clone() }),
        assumptions,
        questions,
        provenance,
        unused_words,
        notes,
    })
}

fn unplaced(reading: &Reading, library: &Library, why: &Unplaced) -> Draft {
    let document = open::open_document(reading, library, &why.near, why.tied);
    let (assumptions, questions) = open_parts(&document);
    let unused_words = reading
        .units
        .iter()
        .enumerate()
        .filter(|(_, unit)| !matches!(unit.meaning, Meaning::Silent | Meaning::Noted | Meaning::Literal))
        .filter(|(at, unit)| !matches!(unit.meaning, Meaning::Noun(_)) && !reading.names_thing(*at))
        .map(|(_, unit)| {
            let span = reading.span(unit.start, unit.end);
            Unused { text: span.slice(&reading.words).to_owned(), span }
        })
        .collect();
    let all = Span::new(0, reading.words.len() as u32);
    let from = Source::Words { text: reading.words.clone(), span: all };
    Draft {
        document,
        idiom: None,
        assumptions,
        questions,
        provenance: vec![Provenance { part: "the intent".to_owned(), from }],
        unused_words,
        notes: Vec::new(),
    }
}

/// The declared holes of a document: assumptions and questions.
pub fn open_parts(document: &str) -> (Vec<Assumption>, Vec<Question>) {
    let parsed = parse(document);
    let mut assumptions = Vec::new();
    let mut questions = Vec::new();
    for hole in idiom::holes(&parsed) {
        let name = hole.name.name.clone();
        match &hole.default {
            Some(default) => assumptions.push(Assumption {
                hole: name,
                default: default.span.slice(document).to_owned(),
                why: hole.because.clone().unwrap_or_default(),
            }),
            None => questions.push(Question {
                text: hole.hint.clone().unwrap_or_else(|| format!("What is ?{name}?")),
                hole: name,
                answers: hole.answers.iter().map(|answer| answer.span.slice(document).to_owned()).collect(),
            }),
        }
    }
    (assumptions, questions)
}

/// Names that a draft must not give to its own definitions: they mean something already.
fn taken(name: &str) -> bool {
    let prelude = crate::check::prelude();
    prelude.lookup(name).is_some() || prelude.ctors.contains_key(name)
}

fn remarks(reading: &Reading) -> Vec<String> {
    let noted = reading.units.iter().filter(|unit| unit.meaning == Meaning::Noted);
    noted
        .map(|unit| {
            let words = reading.span(unit.start, unit.end).slice(&reading.words).to_owned();
            format!("\"{words}\" says how, not what; it is not part of the specification")
        })
        .collect()
}
