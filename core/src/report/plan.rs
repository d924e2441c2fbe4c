//! `lift.plan/1`: what to decide next, and why.

use crate::logic::{Report, Verdict};
use crate::plan::{Choice, Event, Found, Literal, Origin, Plan, Proposal, Undecided};
use serde::{Deserialize, Serialize};

/// The report of `lift plan`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanReport {
    /// `lift.plan/1`
    pub schema: String,
    /// The path as given.
    pub path: String,
    /// How the search ended.
    #[serde(flatten)]
    pub found: Found,
    /// In the order in which to take them; empty when nothing is left.
    pub steps: Vec<StepReport>,
    /// Open holes that there is no choosing for.
    pub undecided: Vec<Undecided>,
    /// What is neither proved nor refuted with the choices taken, each with its reason; empty unless a plan was found.
    pub unknown: Vec<String>,
    /// What each hole can become.
    pub decisions: Vec<crate::plan::Decision>,
    /// What failed and what follows from it, in the order in which it was found.
    pub clauses: Vec<ClauseReport>,
    /// What to do next.
    #[serde(flatten)]
    pub next: Proposal,
    /// What happened on the way, oldest first.
    pub events: Vec<Event>,
    /// How many events there were before those.
    pub forgotten_events: usize,
}

/// One step of the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepReport {
    /// What to decide, and how.
    #[serde(flatten)]
    pub choice: Choice,
    /// Why so, the nearest reason first.
    pub because: Vec<String>,
    /// Holes that are to be decided before.
    pub waits_for: Vec<String>,
    /// Other candidates that are not ruled out.
    pub alternatives: Vec<String>,
}

/// A clause the plan works under; those that say that a hole is decided one way are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClauseReport {
    /// Its number, as in `events`.
    pub number: usize,
    /// As a sentence.
    pub words: String,
    /// Whether it was found by trying (`failure`) or follows from others (`learned`).
    pub origin: String,
    /// Literals, one of which holds.
    pub literals: Vec<Literal>,
}

/// The report of a plan; `outcome` holds the verdicts on the document with its choices taken, if it was found.
pub fn plan_report(path: &str, plan: &Plan, found: Found, outcome: Option<&Report>) -> PlanReport {
    let left = plan.choices().left_with(&[]).unwrap_or_default();
    let steps = plan.way().into_iter().zip(plan.decisions()).zip(left).map(|((choice, decision), left)| {
        let others = left.iter().filter_map(|option| decision.candidates.get(*option));
        StepReport {
            because: plan.why(&choice.hole).unwrap_or_default(),
            waits_for: decision.waits_for.clone(),
            alternatives: others.map(|it| it.term.clone()).filter(|term| *term != choice.term).collect(),
            choice,
        }
    });
    let clauses = plan.choices().clauses().iter().enumerate().filter_map(|(number, clause)| {
        let origin = match clause.origin {
            Origin::OneOf { .. } => return None,
            Origin::Failure { .. } => "failure",
            Origin::Learned { .. } => "learned",
        };
        Some(ClauseReport {
            number,
            words: plan.clause_in_words(number),
            origin: origin.to_owned(),
            literals: clause.literals.clone(),
        })
    });
    PlanReport {
        schema: "lift.plan/1".to_owned(),
        path: path.to_owned(),
        found,
        steps: steps.collect(),
        undecided: plan.undecided().to_vec(),
        unknown: outcome.into_iter().flat_map(unknown).collect(),
        decisions: plan.decisions().to_vec(),
        clauses: clauses.collect(),
        next: plan.next(),
        events: plan.choices().events().cloned().collect(),
        forgotten_events: plan.choices().forgotten_events(),
    }
}

/// What a report has no verdict on, in words.
fn unknown(report: &Report) -> impl Iterator<Item = String> {
    let unknown = report.obligations.iter().filter(|owed| owed.verdict == Verdict::Unknown);
    unknown.map(|owed| format!("in `{}`, {}: {}", owed.name, owed.reason, owed.because))
}
