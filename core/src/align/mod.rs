//! Intent and spec side by side: which wish is met by which clause, and where the two have drifted apart.
//!
//! An [`Alignment`] is one intent with the spec that answers it: the wishes (*atoms*) of the one, the *clauses* of the
//! other, each with a name that survives edits elsewhere, and the pairs between them with how they were found:
//! by name (a goal and a clause share a label), by structure (the goal speaks of what the clause states), or merely
//! suggested. What stays without a partner is reported by [`drift`]; a suggestion closes nothing, it is only a hint.
//!
//! Promises: a pure function of the tree, so it also serves documents that do not type-check; a document in which
//! every goal has its clause and every bound its match gets no warning. Must not: guess what words mean.
//!
//! It looks at [`crate::syntax`] alone and stands below `check`, which reports what it finds with everything else.

mod contract;
mod drift;
mod goals;
mod measure;
mod words;

use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;
use crate::syntax::tree::{DeclKind, Document, HoleKind, IntentDecl, Measure};
use contract::Contract;
use measure::Bounded;
use serde::{Deserialize, Serialize};

pub use drift::EXPLANATIONS;

/// The most pairs of one intent that are compared by what they speak of; beyond it, names alone decide.
const MOST_COMPARED: usize = 20_000;

/// An intent beside what answers it.
#[derive(Debug, Clone, PartialEq)]
pub struct Alignment {
    /// The title of the intent.
    pub intent: String,
    /// The spec, or the definition with clauses of its own, that answers it.
    pub spec: Option<String>,
    /// What is wished for.
    pub atoms: Vec<Atom>,
    /// What is stated.
    pub clauses: Vec<ClauseAtom>,
    /// Who belongs to whom, best first for each atom.
    pub pairs: Vec<Pair>,
}

/// One wish of an intent.
#[derive(Debug, Clone, PartialEq)]
pub struct Atom {
    /// Stable: the title, the section and the label (or what is measured), as `Read an age.goals.g1`.
    pub name: String,
    /// Where in the intent it stands.
    pub section: Section,
    /// Its words, or its condition as written.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// The sections of an intent that ask for something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Section {
    Goals,
    Constraints,
    Metrics,
}

/// One clause of a spec or definition.
#[derive(Debug, Clone, PartialEq)]
pub struct ClauseAtom {
    /// Stable: whose it is and its label, or its condition where it has none, as `ReadAge.g1`.
    pub name: String,
    /// What it does.
    pub kind: ClauseKind,
    /// Its condition as written, on one line.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// What a clause does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum ClauseKind {
    Requires,
    Ensures,
    /// Cost or latency.
    Bound,
}

/// A wish and a clause that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Place in [`Alignment::atoms`].
    pub atom: usize,
    /// Place in [`Alignment::clauses`].
    pub clause: usize,
    /// How it was found.
    pub how: How,
    /// From 0 to 100.
    pub confidence: u8,
    /// Why, in words.
    pub because: String,
}

/// How a pair was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// Both carry the same label.
    Name,
    /// The one speaks of what the other states.
    Structure,
    /// The one is a wish among several, the other says all of the outcome: that the wish comes true with it is for a
    /// reader to see.
    Outcome,
    /// Perhaps; it closes nothing.
    Suggested,
}

/// The alignments of a document, one for each intent, and the drift in them.
pub fn align(text: &str, document: &Document) -> (Vec<Alignment>, Vec<Diagnostic>) {
    let intents: Vec<&IntentDecl> = document
        .decls
        .iter()
        .filter_map(|decl| match &decl.kind {
            DeclKind::Intent(intent) => Some(intent),
            _ => None,
        })
        .collect();
    if intents.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let contracts = contract::contracts(text, document);
    let partners = contract::partners(text, &intents, &contracts);
    // A document that leaves the spec open says itself that it is not there yet.
    let open_spec = document
        .decls
        .iter()
        .any(|decl| matches!(&decl.kind, DeclKind::Hole(hole) if hole.kind == HoleKind::Spec));
    let (mut alignments, mut findings) = (Vec::new(), Vec::new());
    for (intent, partner) in intents.into_iter().zip(partners) {
        let contract = partner.and_then(|place| contracts.get(place));
        let alignment = of_intent(text, intent, contract);
        findings.extend(drift::duplicates(intent, contract));
        match contract {
            Some(contract) => findings.extend(drift::drift(text, intent, contract, &alignment)),
            None if open_spec => {}
            None => findings.extend(drift::unanswered(intent)),
        }
        alignments.push(alignment);
    }
    (alignments, findings)
}

fn of_intent(text: &str, intent: &IntentDecl, contract: Option<&Contract<'_>>) -> Alignment {
    let mut atoms: Vec<Atom> = intent
        .goals
        .iter()
        .map(|(label, words, span)| Atom {
            name: format!("{}.goals.{}", intent.title, label.name),
            section: Section::Goals,
            text: words.clone(),
            span: label.span.to(*span),
        })
        .collect();
    let measured = |section, word: &str, measure: &Measure| Atom {
        name: format!("{}.{word}.{}", intent.title, Bounded::read(text, measure).subject),
        section,
        text: one_line(text, measure.span),
        span: measure.span,
    };
    atoms.extend(intent.constraints.iter().map(|one| measured(Section::Constraints, "constraints", one)));
    atoms.extend(intent.metrics.iter().map(|one| measured(Section::Metrics, "metrics", one)));
    let mut pairs = Vec::new();
    if let Some(contract) = contract {
        pairs.extend(goals::pairs(intent, contract));
        pairs.extend(measure::pairs(text, intent, contract));
        pairs.sort_by_key(|pair: &Pair| (pair.atom, pair.how, 100 - pair.confidence, pair.clause));
    }
    Alignment {
        intent: intent.title.clone(),
        spec: contract.map(|contract| contract.name.to_owned()),
        atoms,
        clauses: contract.map(Contract::atoms).unwrap_or_default(),
        pairs,
    }
}

impl Alignment {
    /// The clauses an atom is aligned with for certain: suggestions do not count.
    pub fn met_by(&self, atom: usize) -> impl Iterator<Item = &Pair> {
        self.pairs.iter().filter(move |pair| pair.atom == atom && pair.how <= How::Structure)
    }

    /// Whether something asks for a clause.
    pub fn is_asked_for(&self, clause: usize) -> bool {
        self.pairs.iter().any(|pair| pair.clause == clause && pair.how != How::Suggested)
    }

    /// The best of what is not certain for an atom.
    pub fn suggestion(&self, atom: usize) -> Option<&Pair> {
        self.pairs.iter().find(|pair| pair.atom == atom && pair.how > How::Structure)
    }
}

/// The text of a span with every run of white space as one blank.
fn one_line(text: &str, span: Span) -> String {
    span.slice(text).split_whitespace().collect::<Vec<_>>().join(" ")
}
