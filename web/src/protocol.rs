//! The messages between the page and the engine in its worker: plain data, sent as JSON text.
//!
//! The page holds the document; the worker holds a copy and what it made of it. Every answer names the revision of
//! the document it is about, so that the page can drop what has been overtaken. Offsets are UTF-16 code units, as
//! editors in browsers count; names of things are those of the command line's JSON.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The number of an edit, counted by the page. Later documents have larger ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Revision(pub u32);

/// What the page asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// This is the document now; say what is wrong with it and what is open. Later requests are about it.
    Check {
        /// Its number.
        revision: Revision,
        /// All of it.
        text: String,
        /// Its name among the documents of this browser; empty when it has none.
        path: String,
        /// Those of them that it may import, by name.
        beside: BTreeMap<String, String>,
    },
    /// Are you there? Answered as soon as what came before has been looked at.
    Ping(u32),
    /// Prove what can be proved; a newer `Check` or `Verify` ends it.
    Verify {
        /// Whether a server that can ask Z3 is there. What Z3 said before is remembered without one.
        solver: bool,
    },
    /// What could stand in this hole.
    Fits {
        /// The hole's name without the question mark.
        hole: String,
    },
    /// The edits that decide a hole: a declared one takes the term as its answer and stays listed, any other is
    /// replaced by it.
    Decide {
        /// The hole's name without the question mark.
        hole: String,
        /// The term, in surface syntax.
        term: String,
    },
    /// The edits that make an assumption a question again.
    Reopen {
        /// The hole's name without the question mark.
        hole: String,
    },
    /// The value of an expression in the document.
    Evaluate {
        /// The expression, in surface syntax.
        expression: String,
    },
    /// Run the examples of the document.
    Examples,
    /// The document as Python.
    Python,
    /// The long form of a code.
    Explain {
        /// As `E0201`.
        code: String,
    },
    /// A document for these words.
    Draft {
        /// What is wanted.
        words: String,
    },
}

impl Request {
    /// Whether a newer document makes the answer worthless.
    pub fn is_about_document(&self) -> bool {
        match self {
            Request::Check { .. }
            | Request::Verify { .. }
            | Request::Fits { .. }
            | Request::Decide { .. }
            | Request::Reopen { .. }
            | Request::Examples
            | Request::Python => true,
            Request::Ping(_) | Request::Evaluate { .. } | Request::Explain { .. } | Request::Draft { .. } => {
                false
            }
        }
    }
}

/// What the worker says. `Ready` comes once, before anything else; `Lost` comes last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// The engine runs.
    Ready {
        /// Its version.
        version: String,
        /// What every document can use.
        prelude: Vec<Named>,
    },
    /// To `Ping`, with its number.
    Pong(u32),
    /// To `Check`.
    Checked(Checked),
    /// On the way to `Verified`.
    Proving(Proving),
    /// To `Verify`.
    Verified(Verified),
    /// To `Fits`.
    Fitted(Fitted),
    /// To `Decide` and `Reopen`.
    Edited(Edited),
    /// To `Evaluate`.
    Evaluated(Evaluated),
    /// To `Examples`.
    Ran(Ran),
    /// To `Python`.
    Generated(Generated),
    /// To `Explain`.
    Explained(Explained),
    /// To `Draft`.
    Drafted(Drafted),
    /// What was asked cannot be done; why, in words.
    Unable(String),
    /// The engine broke down and must be started again; in words.
    Lost(String),
}

/// A range of the document, half open, in UTF-16 code units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Place {
    /// Its first unit.
    pub from: u32,
    /// One past its last unit.
    pub to: u32,
    /// The line it starts on, from 1.
    pub line: u32,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Severity {
    Error,
    Warning,
    Info,
}

/// Something found in the text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Finding {
    /// A key of `lift explain`; empty for a refuted claim.
    pub code: String,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub place: Place,
    /// Other places, and why they matter.
    pub labels: Vec<(Place, String)>,
    /// What to do.
    pub hint: Option<String>,
}

/// A name that every document can use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The name.
    pub name: String,
    /// `def`, `spec`, `type`, `entity`.
    pub kind: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: String,
}

/// A declaration of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declaration {
    /// Its name.
    pub name: String,
    /// `def`, `spec`, `type`, `entity`, `intent`.
    pub kind: String,
    /// Its type; empty for what has none.
    #[serde(rename = "type")]
    pub ty: String,
    /// Where its name stands.
    pub place: Place,
    /// All of it.
    pub whole: Place,
}

/// What a hole asks of the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Standing {
    /// It must be decided, and there are usual answers.
    Question,
    /// It must be decided.
    Open,
    /// It has a default and blocks nothing.
    Assumption,
}

/// A hole of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hole {
    /// Its name without the question mark.
    pub name: String,
    /// `term`, `type`, `spec`, `entity`, `function` or `module`.
    pub kind: String,
    /// Its type, in surface syntax.
    #[serde(rename = "type")]
    pub ty: String,
    /// What it asks of the reader.
    pub standing: Standing,
    /// What to ask, in words.
    pub hint: Option<String>,
    /// The default, in surface syntax.
    pub default: Option<String>,
    /// Why the default.
    pub because: Option<String>,
    /// The usual answers, best first.
    pub answers: Vec<String>,
    /// Names in scope and their types, outermost first.
    pub context: Vec<(String, String)>,
    /// `uses` or `blocks`, and the other hole's name.
    pub links: Vec<(String, String)>,
    /// The declaration it stands in.
    pub declaration: Option<String>,
    /// Where it is written.
    pub uses: Vec<Place>,
    /// Where it is declared.
    pub declared: Option<Place>,
}

/// What checking says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Checked {
    /// Of which document.
    pub revision: Revision,
    /// What is wrong, by place.
    pub findings: Vec<Finding>,
    /// What is declared, in order.
    pub declarations: Vec<Declaration>,
    /// What is open, in order.
    pub holes: Vec<Hole>,
    /// How long it took in the worker, in microseconds.
    pub micros: u32,
}

/// How something owed stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It holds for all inputs.
    Proved,
    /// It fails for an input that was run.
    Refuted,
    /// Neither is known.
    Unknown,
}

/// Inputs under which something owed fails.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Counterexample {
    /// Names and values, in surface syntax.
    pub values: Vec<(String, String)>,
    /// Whether the evaluator ran it and saw the failure.
    pub confirmed: bool,
}

/// One thing owed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Obligation {
    /// Who owes it.
    pub declaration: String,
    /// What is owed, in words.
    pub reason: String,
    /// Where it is owed.
    pub place: Place,
    /// Where the condition is written, when that is elsewhere.
    pub source: Option<Place>,
    /// How it stands.
    pub verdict: Verdict,
    /// Why, in words; may be empty.
    pub because: String,
    /// Inputs under which it fails.
    pub counterexample: Option<Counterexample>,
    /// Which tier settled it, in words.
    pub tier: String,
    /// The engine that was asked.
    pub engine: Option<String>,
    /// Resource units the solver used.
    pub units: u64,
}

/// How a declaration stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standings {
    /// Its name.
    pub name: String,
    /// Over all it owes.
    pub verdict: Verdict,
    /// How many things it owes.
    pub owed: u32,
    /// Why it is not proved; empty when it is.
    pub because: String,
    /// Where its name stands.
    pub place: Place,
}

/// How far a proof is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proving {
    /// Of which document.
    pub revision: Revision,
    /// Declarations looked at.
    pub done: usize,
    /// Declarations to look at.
    pub all: usize,
}

/// What verification says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Verified {
    /// Of which document.
    pub revision: Revision,
    /// What is owed, in order of the document.
    pub obligations: Vec<Obligation>,
    /// Per declaration.
    pub declarations: Vec<Standings>,
    /// What is worth knowing and changes no verdict.
    pub warnings: Vec<Finding>,
}

/// One thing that could stand in a hole.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Fit {
    /// It, in surface syntax.
    pub term: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: String,
    /// Where it comes from, in words.
    pub source: String,
    /// What taking it changes, in words; may be empty.
    pub effect: String,
}

/// What could stand in a hole, best first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fitted {
    /// Of which document.
    pub revision: Revision,
    /// Which hole.
    pub hole: String,
    /// Best first.
    pub fits: Vec<Fit>,
}

/// One change of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What is replaced, from.
    pub from: u32,
    /// What is replaced, to.
    pub to: u32,
    /// By what.
    pub insert: String,
}

/// Edits that do what was asked, or why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    /// Of which document.
    pub revision: Revision,
    /// The hole it is about.
    pub hole: String,
    /// What to change, all at once.
    pub outcome: Result<Vec<Change>, String>,
}

/// The value of an expression.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluated {
    /// Of which document.
    pub revision: Revision,
    /// What was asked.
    pub expression: String,
    /// How it ended.
    pub status: Outcome,
    /// The value, what is left of the expression, or what went wrong.
    pub result: String,
    /// The values that reached holes on the way.
    pub seen: Vec<Seen>,
}

/// How an evaluation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// With a value.
    Value,
    /// At a hole.
    Indeterminate,
    /// It could not be evaluated.
    Error,
}

/// Python, and what is missing from it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Generated {
    /// Of which document.
    pub revision: Revision,
    /// The module; empty when nothing is complete.
    pub text: String,
    /// Declarations left out, each with the reason.
    pub left_out: Vec<(String, String)>,
    /// Declarations and the functions they became.
    pub functions: Vec<(String, String)>,
}

/// How one example went.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Example {
    /// What was run.
    pub call: String,
    /// What it should give.
    pub expected: String,
    /// What it gave.
    pub got: String,
    /// `Some(true)` when it holds, `None` when a hole keeps it open.
    pub holds: Option<bool>,
    /// Where it is written.
    pub place: Place,
}

/// The examples of a document, run by the engine.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ran {
    /// Of which document.
    pub revision: Revision,
    /// In order of the document.
    pub examples: Vec<Example>,
    /// The values that reached holes on the way.
    pub seen: Vec<Seen>,
    /// What is known of holes without running anything.
    pub known: Vec<Known>,
}

/// What is known of a hole, in sentences with what is written in the language between backticks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Which hole.
    pub hole: String,
    /// Its type and what it must meet, each with the reasons.
    pub says: Vec<String>,
    /// The one answer its uses leave, and that answer with the reasons.
    pub solved: Option<(String, String)>,
}

/// The examples of a document, run by the server as Python.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Tested {
    /// In order of the document.
    pub examples: Vec<TestedExample>,
    /// What ran them: `python 3.11.2`, or `evaluator` and why not Python.
    pub ran: String,
}

/// How one example went in Python.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
pub struct TestedExample {
    /// What was run.
    pub call: String,
    /// What it should give.
    pub expected: String,
    /// What it gave.
    pub got: String,
    /// Whether it holds; `None` while a hole keeps it open.
    pub ok: Option<bool>,
}

/// Values that reached a hole.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Seen {
    /// The hole's name without the question mark.
    pub hole: String,
    /// Names in its scope and their values, in surface syntax.
    pub values: Vec<(String, String)>,
}

/// The long form of a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explained {
    /// As `E0201`.
    pub code: String,
    /// What it means, in a few words.
    pub title: String,
    /// Why it is a mistake and what to do.
    pub text: String,
    /// What is reported, and what to write instead.
    pub example: Option<(String, String)>,
}

/// A document made from words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafted {
    /// From these.
    pub words: String,
    /// The document.
    pub document: String,
    /// Its parts and where each came from, in words.
    pub provenance: Vec<(String, String)>,
    /// Remarks, such as words that were not used.
    pub notes: Vec<String>,
}
