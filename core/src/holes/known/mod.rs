//! What is known of a hole, and why: the type it has, the conditions that what stands there must meet, and the one
//! answer that is left when there is only one.
//!
//! Nothing is guessed and nothing is filled in. Conditions are what the program owes with the hole in it
//! ([`crate::logic::owe`]), followed back from where they are owed to where the hole stands: through `let`, through the
//! branches of a result, into the parts a `match` takes out. What is owed of a call of the definition around the hole
//! counts too.
//!
//! Promises: the same program gives the same list, in the order of the text; a chain has at most [`LONGEST_CHAIN`]
//! steps and a hole at most [`MOST_FACTS`] conditions. Must not: say that a condition is met, which only a proof can.

mod conditions;
mod solved;
mod typed;
mod way;

#[cfg(test)]
mod tests;

use crate::check::Checked;
use crate::ir::{DeclId, DeclKind, HoleId, Program, Term, TermKind};
use crate::logic::dependencies::Dependencies;
use crate::logic::owe::owed;
use crate::logic::termination::Orders;
use crate::syntax::span::Span;
use std::collections::HashSet;
use std::sync::Arc;

/// How many reasons a chain gives at most.
pub const LONGEST_CHAIN: usize = 3;
/// How many conditions are kept of one hole.
pub const MOST_FACTS: usize = 8;
/// A condition larger than this says nothing to anyone.
const LARGEST: usize = 120;
/// What an author wrote is quoted up to this many characters.
const LONGEST_QUOTE: usize = 48;

/// One reason: what, in words, and where. The place may lie in an imported document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// In words, names and terms in backquotes: "`f` asks for it of `k`".
    pub what: String,
    /// Where that is written.
    pub span: Span,
}

/// A condition that whatever stands in the hole must meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The condition, as an author would write it: `?n > 0`.
    pub says: String,
    /// Only where all of these hold.
    pub when: Vec<String>,
    /// Why, what asks for it first.
    pub because: Vec<Step>,
}

/// The one thing that can stand in a hole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// Its text: what [`super::fill`] takes.
    pub term: String,
    /// Why.
    pub because: Vec<Step>,
}

/// Everything known of one hole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Why it has the type it has; empty when nothing says so.
    pub typed: Vec<Step>,
    /// What it must meet, in the order of the text.
    pub facts: Vec<Fact>,
    /// What it must be, when its uses leave one answer.
    pub solution: Option<Solution>,
}

/// What is known of each of the document's own holes, in their order.
pub fn known(checked: &Checked) -> Vec<Known> {
    let program = &*checked.program;
    let first = program.first_own_hole;
    let mut found = vec![Known::default(); program.holes.len().saturating_sub(first)];
    if found.is_empty() {
        return found;
    }
    let dependencies = Arc::new(Dependencies::new(program));
    let carriers = carriers(program, &dependencies);
    let quote = |span: Span| quoted(checked, span);
    typed::why(checked, &carriers, &quote, &mut found);
    let mut solutions: Vec<Vec<_>> = found.iter().map(|_| Vec::new()).collect();
    let orders = Orders::default();
    for id in program.own().filter(|id| reads(&dependencies, &carriers, *id)) {
        let owed = owed(program, &dependencies, &orders, id);
        for obligation in &owed.obligations {
            for demand in conditions::demands(program, &carriers, &quote, obligation) {
                let Some(place) = (demand.hole.0 as usize).checked_sub(first) else { continue };
                if let Some(solutions) = solutions.get_mut(place) {
                    solutions.extend(demand.solution);
                }
                if let Some(known) = found.get_mut(place)
                    && known.facts.len() < MOST_FACTS
                    && !known
                        .facts
                        .iter()
                        .any(|fact| fact.says == demand.fact.says && fact.when == demand.fact.when)
                {
                    known.facts.push(demand.fact);
                }
            }
        }
    }
    for ((known, solutions), id) in found.iter_mut().zip(solutions).zip(program.own_holes()) {
        known.solution = solved::solution(program, id, solutions, &quote);
    }
    found
}

/// What is known of one hole.
pub fn known_of(checked: &Checked, hole: HoleId) -> Known {
    let place = (hole.0 as usize).checked_sub(checked.program.first_own_hole);
    place.and_then(|place| known(checked).into_iter().nth(place)).unwrap_or_default()
}

/// The holes that a term mentions.
fn holes_in(term: &Term) -> Vec<HoleId> {
    let mut found = Vec::new();
    term.walk(&mut |part| {
        if let TermKind::Hole(id) = &*part.kind
            && !found.contains(id)
        {
            found.push(*id);
        }
    });
    found
}

/// Declarations in which a hole stands: which, and for definitions whether it is in the body alone. An abbreviation
/// that mentions such an abbreviation is one too.
#[derive(Debug, Default)]
struct Carriers {
    holes: std::collections::HashMap<DeclId, Vec<HoleId>>,
}

impl Carriers {
    fn holes(&self, id: DeclId) -> &[HoleId] {
        self.holes.get(&id).map(Vec::as_slice).unwrap_or_default()
    }
}

fn carriers(program: &Program, dependencies: &Dependencies) -> Carriers {
    let mut carriers = Carriers::default();
    for id in program.own() {
        let Some(decl) = program.decl(id) else { continue };
        let mut holes: Vec<HoleId> = Vec::new();
        decl.each_term(&mut |term| {
            holes.extend(holes_in(term).into_iter().filter(|hole| hole.0 as usize >= program.first_own_hole));
        });
        if matches!(decl.kind, DeclKind::Alias(..)) {
            for other in dependencies.mentions(id) {
                holes.extend_from_slice(carriers.holes(*other));
            }
        }
        let mut seen = HashSet::new();
        holes.retain(|hole| seen.insert(*hole));
        if !holes.is_empty() {
            carriers.holes.insert(id, holes);
        }
    }
    carriers
}

/// Whether what a declaration owes may be about a hole.
fn reads(dependencies: &Dependencies, carriers: &Carriers, id: DeclId) -> bool {
    !carriers.holes(id).is_empty()
        || dependencies.mentions(id).iter().any(|other| !carriers.holes(*other).is_empty())
}

/// What stands at a place of the document, when it is short enough to be quoted.
fn quoted(checked: &Checked, span: Span) -> Option<String> {
    let text = span.slice(&checked.text);
    let plain = !text.is_empty() && !text.contains(['\n', '`']) && text.chars().count() <= LONGEST_QUOTE;
    plain.then(|| text.to_owned())
}
