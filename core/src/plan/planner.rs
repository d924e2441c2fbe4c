//! The plan of a document: its open holes in the order in which to decide them, and a way through.

use super::clauses::{Choices, Literal, Origin, Settled};
use super::judge::Judgement;
use crate::check::Checked;
use crate::holes::{FitOptions, FitSource, fits, graph};
use crate::ir::HoleId;
use crate::syntax::tree::HoleKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// How many reasons a chain of reasons has at most.
const LONGEST_CHAIN: usize = 3;

/// What is planned with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanOptions {
    /// How many candidates each hole has at most.
    pub candidates: usize,
    /// How candidates are looked for.
    pub fits: FitOptions,
}

impl Default for PlanOptions {
    fn default() -> Self {
        PlanOptions { candidates: 6, fits: FitOptions::default() }
    }
}

/// Something a hole can become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// What `fill` takes.
    pub term: String,
    /// Where it comes from; `None` when the author named it.
    pub source: Option<FitSource>,
}

/// An open hole with its candidates, best first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Its name, without question mark.
    pub hole: String,
    /// Its type, as an author would write it.
    #[serde(rename = "type")]
    pub ty: String,
    /// What it can become.
    pub candidates: Vec<Candidate>,
    /// Holes that are to be decided before it.
    pub waits_for: Vec<String>,
    /// Whether it has been decided.
    pub done: bool,
}

/// An open hole that there is no choosing for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undecided {
    /// Its name, without question mark.
    pub hole: String,
    /// Why, in words.
    pub because: String,
}

/// A hole and what it becomes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The hole, without question mark.
    pub hole: String,
    /// What it becomes.
    pub term: String,
}

impl fmt::Display for Choice {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "`{}` for ?{}", self.term, self.hole)
    }
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "next")]
pub enum Proposal {
    /// Decide this hole.
    Decide {
        /// How.
        choice: Choice,
        /// Why, at most three reasons, the nearest first.
        because: Vec<String>,
    },
    /// Everything that can be chosen has been.
    Finished,
    /// No combination of the candidates is left.
    Exhausted {
        /// What failed, so that nothing is left: each combination with its reason.
        failures: Vec<String>,
        /// What the author fixed that has a part in it.
        fixed: Vec<Choice>,
    },
}

/// Candidates that a choice elsewhere leaves no room for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuledOut {
    /// Whose, without question mark.
    pub hole: String,
    /// Which.
    pub terms: Vec<String>,
}

/// How a search ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "found")]
pub enum Found {
    /// The plan's choices stand together.
    Plan,
    /// No combination of the candidates does.
    Nothing,
    /// The document fails without any choice.
    Broken {
        /// Why, in words.
        reason: String,
    },
    /// So many combinations were judged, and there was no time for more.
    OutOfBudget {
        /// How many.
        judged: usize,
    },
}

/// What the plan was asked for is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanError {
    /// No decision of that name; the names there are.
    NoSuchDecision {
        /// As asked.
        hole: String,
        /// The plan's holes.
        known: Vec<String>,
    },
    /// The decision has no such candidate.
    NoSuchCandidate {
        /// As asked.
        choice: Choice,
    },
}

impl fmt::Display for PlanError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hole, known) = match self {
            PlanError::NoSuchDecision { hole, known } => (hole, known),
            PlanError::NoSuchCandidate { choice } => {
                return write!(out, "{choice} is not among its candidates");
            }
        };
        let known: Vec<String> = known.iter().map(|name| format!("`?{name}`")).collect();
        match known.is_empty() {
            true => write!(out, "there is nothing to decide for `?{hole}`: the plan has no decisions"),
            false => write!(out, "there is nothing to decide for `?{hole}`; there are {}", known.join(", ")),
        }
    }
}

impl std::error::Error for PlanError {}

/// A way through the open holes of a document. Serialises; knows nothing of the document but what it was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// In the order in which to decide.
    decisions: Vec<Decision>,
    undecided: Vec<Undecided>,
    choices: Choices,
}

impl Plan {
    /// The plan of a document, as far as looking at each hole alone tells.
    pub fn new(checked: &Checked, options: &PlanOptions) -> Plan {
        let (mut decisions, mut undecided) = (Vec::new(), Vec::new());
        for (hole, waits_for) in in_order(checked) {
            let Some(info) = checked.program.hole(hole) else { continue };
            let name = info.name.to_string();
            let found =
                fits(checked, hole, &FitOptions { limit: options.candidates.max(1) * 2, ..options.fits });
            let ty = found.first().map(|fit| fit.ty.clone()).unwrap_or_default();
            // What leaves new holes decides less; it is for want of anything better.
            let (whole, partial): (Vec<_>, Vec<_>) =
                found.into_iter().partition(|fit| fit.effect.opens.is_empty());
            let candidates = if whole.is_empty() { partial } else { whole };
            let candidates: Vec<Candidate> = candidates
                .into_iter()
                .take(options.candidates)
                .map(|fit| Candidate { term: fit.term, source: Some(fit.source) })
                .collect();
            match candidates.is_empty() {
                true => undecided.push(Undecided { hole: name, because: why_nothing(info.kind).to_owned() }),
                false => decisions.push(Decision { hole: name, ty, candidates, waits_for, done: false }),
            }
        }
        let choices = Choices::new(decisions.iter().map(|decision| decision.candidates.len()).collect());
        Plan { decisions, undecided, choices }
    }

    /// The decisions, in the order in which to take them.
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }

    /// Open holes that there is no choosing for.
    pub fn undecided(&self) -> &[Undecided] {
        &self.undecided
    }

    /// The clauses, the trail and the events behind the plan.
    pub fn choices(&self) -> &Choices {
        &self.choices
    }

    /// The way through: one choice for each decision, in order; empty when none is left.
    pub fn way(&self) -> Vec<Choice> {
        (0..self.decisions.len()).filter_map(|decision| self.choice(decision)).collect()
    }

    fn choice(&self, decision: usize) -> Option<Choice> {
        if *self.choices.settled() != Settled::Open {
            return None;
        }
        self.literal_choice(Literal::takes(decision, self.choices.option(decision)?))
    }

    fn literal_choice(&self, literal: Literal) -> Option<Choice> {
        let decision = self.decisions.get(literal.decision)?;
        let candidate = decision.candidates.get(literal.option)?;
        Some(Choice { hole: decision.hole.clone(), term: candidate.term.clone() })
    }

    fn place(&self, hole: &str) -> Result<usize, PlanError> {
        let name = hole.trim_start_matches('?');
        self.decisions.iter().position(|decision| decision.hole == name).ok_or_else(|| {
            PlanError::NoSuchDecision {
                hole: name.to_owned(),
                known: self.decisions.iter().map(|decision| decision.hole.clone()).collect(),
            }
        })
    }

    /// What to do next.
    pub fn next(&self) -> Proposal {
        if let Settled::Exhausted { failures, fixed } = self.choices.settled() {
            return Proposal::Exhausted {
                failures: failures.iter().map(|clause| self.clause_in_words(*clause)).collect(),
                fixed: fixed.iter().filter_map(|literal| self.literal_choice(*literal)).collect(),
            };
        }
        let open = self.decisions.iter().enumerate().find(|(_, decision)| !decision.done);
        match open.and_then(|(place, _)| self.choice(place)) {
            Some(choice) => {
                let because = self.why(&choice.hole).unwrap_or_default();
                Proposal::Decide { choice, because }
            }
            None => Proposal::Finished,
        }
    }

    /// Takes a step for done. The other choices stay what they are.
    ///
    /// # Errors
    /// When there is no such decision.
    pub fn succeed(&mut self, hole: &str) -> Result<(), PlanError> {
        let place = self.place(hole)?;
        if let Some(decision) = self.decisions.get_mut(place) {
            decision.done = true;
        }
        Ok(())
    }

    /// Takes a combination for failed: it is not proposed again, and a step of it that was done may be open again.
    ///
    /// # Errors
    /// When a choice is not one of the plan's.
    pub fn fail(&mut self, combination: &[Choice], reason: &str) -> Result<(), PlanError> {
        let before = self.way();
        let literals: Vec<Literal> =
            combination.iter().map(|choice| self.literal(choice)).collect::<Result<_, _>>()?;
        self.choices.fail(&literals, reason);
        for place in 0..self.decisions.len() {
            let now = self.choice(place);
            let same = before.iter().any(|choice| Some(choice) == now.as_ref());
            if let (false, Some(decision)) = (same, self.decisions.get_mut(place)) {
                decision.done = false;
            }
        }
        Ok(())
    }

    fn literal(&self, choice: &Choice) -> Result<Literal, PlanError> {
        let decision = self.place(&choice.hole)?;
        let candidates = self.decisions.get(decision).map(|decision| &decision.candidates);
        let option = candidates.and_then(|them| them.iter().position(|it| it.term == choice.term));
        option
            .map(|option| Literal::takes(decision, option))
            .ok_or_else(|| PlanError::NoSuchCandidate { choice: choice.clone() })
    }

    /// Fixes a choice of the author's. A term that is not among the candidates becomes one, and what was learned
    /// stays.
    ///
    /// # Errors
    /// When there is no such decision.
    pub fn fix(&mut self, choice: &Choice) -> Result<(), PlanError> {
        let decision = self.place(&choice.hole)?;
        let term = choice.term.trim();
        let known = self.decisions.get(decision).map(|it| &it.candidates);
        let option = match known.and_then(|them| them.iter().position(|it| it.term == term)) {
            Some(option) => option,
            None => self.widen(decision, term),
        };
        self.choices.fix(decision, option);
        Ok(())
    }

    /// Adds a candidate. The clauses are made again: those of the decision have another literal now, and what was
    /// learned from them need not follow any more, while failures are what they were.
    fn widen(&mut self, decision: usize, term: &str) -> usize {
        let Some(found) = self.decisions.get_mut(decision) else { return 0 };
        found.candidates.push(Candidate { term: term.to_owned(), source: None });
        let option = found.candidates.len() - 1;
        let failures = self.failures();
        let fixed = self.choices.fixed().to_vec();
        self.choices = Choices::new(self.decisions.iter().map(|it| it.candidates.len()).collect());
        fixed.iter().for_each(|literal| self.choices.fix(literal.decision, literal.option));
        for (combination, reason) in failures {
            self.choices.fail(&combination, reason);
        }
        option
    }

    /// What failed: each combination with its reason.
    fn failures(&self) -> Vec<(Vec<Literal>, String)> {
        let failed = self.choices.clauses().iter().filter_map(|clause| match &clause.origin {
            Origin::Failure { reason } => {
                Some((clause.literals.iter().map(|literal| !*literal).collect(), reason.clone()))
            }
            Origin::OneOf { .. } | Origin::Learned { .. } => None,
        });
        failed.collect()
    }

    /// Looks for a way that `judge` lets stand: judges the whole way, learns what is responsible when it fails, and
    /// goes on with the next. Asks the judge at most `budget` times.
    pub fn find(&mut self, judge: &mut dyn FnMut(&[Choice]) -> Judgement, budget: usize) -> Found {
        let mut judged = 0;
        loop {
            if *self.choices.settled() != Settled::Open {
                return Found::Nothing;
            }
            if judged >= budget {
                return Found::OutOfBudget { judged };
            }
            let (way, left) = (self.way(), budget - judged);
            let mut counting = |choices: &[Choice]| {
                judged += 1;
                judge(choices)
            };
            match responsible(&way, &mut counting, left) {
                None => return Found::Plan,
                Some(Responsible { choices, reason }) if choices.is_empty() => {
                    return Found::Broken { reason };
                }
                Some(Responsible { choices, reason }) => {
                    if self.fail(&choices, &reason).is_err() {
                        return Found::Broken { reason };
                    }
                }
            }
        }
    }

    /// The plan of the document as it is now. What the author fixed stays where it can, and of what failed before
    /// what still fails.
    pub fn renewed(
        &self,
        checked: &Checked,
        options: &PlanOptions,
        judge: &mut dyn FnMut(&[Choice]) -> Judgement,
    ) -> Plan {
        let mut plan = Plan::new(checked, options);
        for literal in self.choices.fixed() {
            if let Some(choice) = self.literal_choice(*literal)
                && plan.place(&choice.hole).is_ok()
            {
                // There is such a decision.
                let _ = plan.fix(&choice);
            }
        }
        for (combination, _) in self.failures() {
            let choices: Vec<Choice> =
                combination.iter().filter_map(|literal| self.literal_choice(*literal)).collect();
            if choices.iter().all(|choice| plan.literal(choice).is_ok())
                && let Judgement::Fails { reason } = judge(&choices)
            {
                // Each choice is one of the plan's.
                let _ = plan.fail(&choices, &reason);
            }
        }
        plan
    }

    /// Why a hole is decided as it is: at most three reasons, the nearest first.
    ///
    /// # Errors
    /// When there is no such decision.
    pub fn why(&self, hole: &str) -> Result<Vec<String>, PlanError> {
        let decision = self.place(hole)?;
        let Some(option) = self.choices.option(decision) else { return Ok(Vec::new()) };
        let literal = Literal::takes(decision, option);
        if self.choices.fixed().contains(&literal) {
            return Ok(vec!["you chose it".to_owned()]);
        }
        let mut reasons = Vec::new();
        let (mut wanted, mut told) = (vec![literal], BTreeSet::new());
        while let Some(literal) = wanted.pop() {
            if reasons.len() == LONGEST_CHAIN || !told.insert(literal) {
                continue;
            }
            let assigned = self.choices.trail().iter().find(|assigned| assigned.literal == literal);
            let Some(clause) = assigned.and_then(|assigned| assigned.reason) else { continue };
            match self.choices.clauses().get(clause).map(|clause| &clause.origin) {
                Some(Origin::OneOf { .. }) => {
                    // Left over: the others are out, and each of them has its reason.
                    let count = self.decisions.get(literal.decision).map_or(0, |it| it.candidates.len());
                    let others = (0..count).rev().map(|other| Literal::avoids(literal.decision, other));
                    if literal.taken {
                        wanted.extend(others.filter(|other| other.option != literal.option));
                    }
                }
                Some(_) => reasons.push(self.clause_in_words(clause)),
                None => {}
            }
        }
        if reasons.is_empty() {
            let first = self.better_ones(decision, option);
            reasons.extend(first);
        }
        Ok(reasons)
    }

    /// Why the candidates before this one are out; that it is the best one, when there are none.
    fn better_ones(&self, decision: usize, option: usize) -> Vec<String> {
        let mut reasons = Vec::new();
        for before in 0..option {
            let out = Literal::avoids(decision, before);
            let assigned = self.choices.trail().iter().find(|assigned| assigned.literal == out);
            if let Some(clause) = assigned.and_then(|assigned| assigned.reason) {
                reasons.push(self.clause_in_words(clause));
            }
        }
        reasons.dedup();
        reasons.truncate(LONGEST_CHAIN);
        if reasons.is_empty() {
            reasons.push("it ranks first among what fits".to_owned());
        }
        reasons
    }

    /// What this choice would rule out elsewhere, as far as is known. `None` when it is ruled out itself.
    ///
    /// # Errors
    /// When the choice is not one of the plan's.
    pub fn assist(&self, choice: &Choice) -> Result<Option<Vec<RuledOut>>, PlanError> {
        let literal = self.literal(choice)?;
        let (before, after) = (self.choices.left_with(&[]), self.choices.left_with(&[literal]));
        let (Some(before), Some(after)) = (before, after) else { return Ok(None) };
        let mut out = Vec::new();
        for (place, decision) in
            self.decisions.iter().enumerate().filter(|(place, _)| *place != literal.decision)
        {
            let left =
                |sets: &[Vec<usize>], option: usize| sets.get(place).is_some_and(|set| set.contains(&option));
            let gone = decision.candidates.iter().enumerate();
            let gone = gone.filter(|(option, _)| left(&before, *option) && !left(&after, *option));
            let gone: Vec<String> = gone.map(|(_, candidate)| candidate.term.clone()).collect();
            if !gone.is_empty() {
                out.push(RuledOut { hole: decision.hole.clone(), terms: gone });
            }
        }
        Ok(Some(out))
    }

    /// A clause as a sentence.
    pub fn clause_in_words(&self, number: usize) -> String {
        let Some(clause) = self.choices.clauses().get(number) else { return String::new() };
        let taken = clause.literals.iter().filter(|literal| !literal.taken);
        let taken: Vec<String> =
            taken.filter_map(|literal| self.literal_choice(!*literal)).map(|it| it.to_string()).collect();
        let instead = clause.literals.iter().filter(|literal| literal.taken);
        let instead: Vec<String> =
            instead.filter_map(|literal| self.literal_choice(*literal)).map(|it| it.to_string()).collect();
        match &clause.origin {
            Origin::OneOf { decision } => {
                let hole = self.decisions.get(*decision).map_or("", |it| it.hole.as_str());
                format!("?{hole} is decided one way")
            }
            Origin::Failure { reason } if taken.len() == 1 => format!("{} fails: {reason}", taken.join("")),
            Origin::Failure { reason } => format!("{} fail together: {reason}", taken.join(" and ")),
            Origin::Learned { .. } => {
                let reasons = self.choices.failures_behind(vec![number]);
                let reasons: Vec<String> =
                    reasons.into_iter().take(LONGEST_CHAIN).map(|it| self.clause_in_words(it)).collect();
                let what = match (taken.is_empty(), instead.is_empty()) {
                    (true, _) => format!("only {} is left", instead.join(" or ")),
                    (_, true) if taken.len() == 1 => format!("{} leads nowhere", taken.join("")),
                    (_, true) => format!("{} lead nowhere together", taken.join(" and ")),
                    _ => format!("{} leave only {}", taken.join(" and "), instead.join(" or ")),
                };
                format!("{what} ({})", reasons.join("; "))
            }
        }
    }
}

/// The choices that make a combination fail, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Responsible {
    /// Without any one of them nothing fails, as far as that was tried; empty when the document fails by itself.
    pub choices: Vec<Choice>,
    /// Why, in words.
    pub reason: String,
}

/// Which of the choices make the judge say that all of them fail: leaves out one after the other what it fails
/// without. `None` when they do not fail. Asks the judge at most `budget` times, and at least once; what it had no time
/// to leave out stays in.
pub fn responsible(
    all: &[Choice],
    judge: &mut dyn FnMut(&[Choice]) -> Judgement,
    budget: usize,
) -> Option<Responsible> {
    let Judgement::Fails { mut reason } = judge(all) else { return None };
    let mut choices = all.to_vec();
    let mut place = 0;
    for _ in 1..budget {
        if place >= choices.len() {
            break;
        }
        let mut without = choices.clone();
        without.remove(place);
        match judge(&without) {
            Judgement::Fails { reason: other } => (choices, reason) = (without, other),
            Judgement::Stands => place += 1,
        }
    }
    Some(Responsible { choices, reason })
}

/// The open holes with the names of those that each waits for: what others wait for first, the longest chains before
/// shorter ones; where holes wait for each other, the first in the document begins.
fn in_order(checked: &Checked) -> Vec<(HoleId, Vec<String>)> {
    let graph = graph(&checked.program);
    let critical: BTreeSet<&String> = graph.critical_path.iter().collect();
    let mut rest: Vec<(usize, &crate::holes::HoleNode)> =
        graph.holes.iter().enumerate().filter(|(_, node)| node.open).collect();
    let (mut order, mut placed) = (Vec::new(), BTreeSet::new());
    while !rest.is_empty() {
        let is_free =
            |node: &crate::holes::HoleNode| node.waits_for.iter().all(|(name, _)| placed.contains(name));
        let best = rest
            .iter()
            .enumerate()
            .min_by_key(|(_, (index, node))| (!is_free(node), !critical.contains(&node.name), *index))
            .map_or(0, |(place, _)| place);
        let (index, node) = rest.remove(best);
        placed.insert(node.name.clone());
        let waits_for = node.waits_for.iter().map(|(name, _)| name.clone()).collect();
        order.push((HoleId(index as u32), waits_for));
    }
    order
}

fn why_nothing(kind: HoleKind) -> &'static str {
    match kind {
        HoleKind::Spec => "what must hold is said in words or clauses; there is nothing to choose from",
        HoleKind::Module => "a module is written, not chosen",
        _ => "nothing in scope or in the library fits; write a term with `lift fill`",
    }
}
