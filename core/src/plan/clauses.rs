//! Choices under clauses: each decision takes exactly one of its options, and every clause holds.
//!
//! [`Choices`] is always settled: either every decision has an option that contradicts nothing, or there is a proof
//! that nothing is left, as the clauses it takes. Adding a clause settles it again.
//!
//! Promises: every learned clause follows from the others; the same clauses in the same order give the same
//! result; it ends, because a learned clause rules out the assignment that taught it. Must not: forget what the
//! author fixed, or fix anything by itself.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, VecDeque};

/// How many events are kept; the oldest go.
const MOST_EVENTS: usize = 2_000;

/// A plan that comes from outside has no more decisions than this,
const MOST_DECISIONS: usize = 2_000;
/// and none of them more options.
const MOST_OPTIONS: usize = 100;

/// A statement about one decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Literal {
    /// Which decision, counted from 0.
    pub decision: usize,
    /// Which of its options, counted from 0.
    pub option: usize,
    /// Whether it says that the option is taken, or that it is not.
    pub taken: bool,
}

impl Literal {
    /// The decision takes this option.
    pub fn takes(decision: usize, option: usize) -> Literal {
        Literal { decision, option, taken: true }
    }

    /// The decision takes another option.
    pub fn avoids(decision: usize, option: usize) -> Literal {
        Literal { decision, option, taken: false }
    }
}

impl std::ops::Not for Literal {
    type Output = Literal;

    fn not(self) -> Literal {
        Literal { taken: !self.taken, ..self }
    }
}

/// At least one of its literals is true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    /// Each once, in order.
    pub literals: Vec<Literal>,
    /// Where it is from.
    pub origin: Origin,
}

/// Where a clause is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A decision takes one option, and one only.
    OneOf {
        /// Which.
        decision: usize,
    },
    /// Something was tried and failed.
    Failure {
        /// Why, in words.
        reason: String,
    },
    /// It follows from others.
    Learned {
        /// Their numbers.
        from: Vec<usize>,
    },
}

/// What happened, for whoever watches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// An option was tried.
    Decided {
        /// What.
        literal: Literal,
        /// How many choices were open before it, itself included.
        level: usize,
    },
    /// A clause left no other way.
    Propagated {
        /// What.
        literal: Literal,
        /// The clause.
        clause: usize,
    },
    /// A clause has no true literal left.
    Conflict {
        /// The clause.
        clause: usize,
    },
    /// A clause was found that follows from others.
    Learned {
        /// Its number.
        clause: usize,
    },
    /// Choices were taken back.
    Backjumped {
        /// From this level,
        from: usize,
        /// to this one.
        to: usize,
    },
    /// Nothing is left.
    Exhausted,
}

/// An assignment on the trail, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// What is true.
    pub literal: Literal,
    /// Under how many choices.
    pub level: usize,
    /// The clause that left no other way; `None` for a choice.
    pub reason: Option<usize>,
}

/// Whether there is a way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// Every decision has an option.
    Open,
    /// No combination is left.
    Exhausted {
        /// The failures that rule all of them out, by clause.
        failures: Vec<usize>,
        /// What the author fixed that has a part in it.
        fixed: Vec<Literal>,
    },
}

/// Decisions, what restricts them, and a way through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Saved", into = "Saved")]
pub struct Choices {
    saved: Saved,
    /// Of each option of each decision, where on the trail it was assigned.
    places: Vec<Vec<Option<usize>>>,
}

/// What is written down of [`Choices`]; the rest is worked out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Saved {
    /// How many options each decision has.
    options: Vec<usize>,
    clauses: Vec<Clause>,
    /// Chosen by the author, in order.
    fixed: Vec<Literal>,
    trail: Vec<Assigned>,
    settled: Settled,
    events: VecDeque<Event>,
    /// How many events there were before the first that is kept.
    forgotten: usize,
}

impl From<Choices> for Saved {
    fn from(choices: Choices) -> Saved {
        choices.saved
    }
}

impl TryFrom<Saved> for Choices {
    type Error = String;

    /// What comes from outside is believed in nothing but what failed: what was learned has to follow from it, and the
    /// way through is found again.
    fn try_from(saved: Saved) -> Result<Choices, String> {
        if saved.options.len() > MOST_DECISIONS || saved.options.iter().any(|count| *count > MOST_OPTIONS) {
            return Err(format!("a plan has at most {MOST_DECISIONS} decisions of {MOST_OPTIONS} options"));
        }
        let known = |literal: &Literal| {
            saved.options.get(literal.decision).is_some_and(|count| literal.option < *count)
        };
        let clauses = saved.clauses.iter().enumerate();
        let sound = |(number, clause): (usize, &Clause)| {
            clause.literals.iter().all(known)
                && match &clause.origin {
                    Origin::Learned { from } => {
                        from.iter().all(|earlier| *earlier < number)
                            && follows(clause, from.iter().filter_map(|earlier| saved.clauses.get(*earlier)))
                    }
                    Origin::OneOf { .. } | Origin::Failure { .. } => true,
                }
        };
        if !clauses.into_iter().all(sound) || !saved.fixed.iter().all(known) {
            return Err(
                "a clause speaks of what is not in the plan, or does not follow from the others".to_owned()
            );
        }
        let mut choices = Choices::new(saved.options);
        // Every decision's own clauses come first, and are the same.
        let own = choices.saved.clauses.len();
        if saved.clauses.len() < own || saved.clauses.iter().zip(&choices.saved.clauses).any(|(a, b)| a != b)
        {
            return Err("the plan lacks the clauses of its decisions".to_owned());
        }
        choices.saved.clauses.extend(saved.clauses.into_iter().skip(own));
        choices.saved.fixed = saved.fixed;
        choices.start_over();
        choices.saved.events = saved.events;
        choices.saved.forgotten = saved.forgotten;
        Ok(choices)
    }
}

/// Whether a clause follows from others: with all of its literals false, one after the other of theirs is forced until
/// nothing is left of one of them. What [`Choices`] learns follows this way.
fn follows<'c>(clause: &Clause, from: impl Iterator<Item = &'c Clause>) -> bool {
    let mut holds: BTreeSet<Literal> = clause.literals.iter().map(|literal| !*literal).collect();
    let mut from: Vec<&Clause> = from.collect();
    loop {
        let before = from.len();
        let mut contradicts = false;
        from.retain(|clause| {
            let mut open = clause.literals.iter().filter(|literal| !holds.contains(&!**literal));
            match (open.next().copied(), open.next()) {
                (None, _) => contradicts = true,
                (Some(forced), None) => {
                    holds.insert(forced);
                }
                _ => return true,
            }
            false
        });
        if contradicts || from.len() == before {
            return contradicts;
        }
    }
}

impl Choices {
    /// Decisions with so many options each, taken in this order, the first option first. A decision without options
    /// leaves nothing.
    pub fn new(options: Vec<usize>) -> Choices {
        let mut clauses = Vec::new();
        for (decision, count) in options.iter().copied().enumerate() {
            let origin = Origin::OneOf { decision };
            let any = (0..count).map(|option| Literal::takes(decision, option)).collect();
            clauses.push(Clause { literals: any, origin: origin.clone() });
            for first in 0..count {
                for second in first + 1..count {
                    let both = vec![Literal::avoids(decision, first), Literal::avoids(decision, second)];
                    clauses.push(Clause { literals: both, origin: origin.clone() });
                }
            }
        }
        let places = options.iter().map(|count| vec![None; *count]).collect();
        let saved = Saved {
            options,
            clauses,
            fixed: Vec::new(),
            trail: Vec::new(),
            settled: Settled::Open,
            events: VecDeque::new(),
            forgotten: 0,
        };
        let mut choices = Choices { saved, places };
        choices.settle();
        choices
    }

    /// Whether there is a way.
    pub fn settled(&self) -> &Settled {
        &self.saved.settled
    }

    /// The option a decision has, while there is a way.
    pub fn option(&self, decision: usize) -> Option<usize> {
        let options = 0..self.saved.options.get(decision).copied().unwrap_or(0);
        options.into_iter().find(|option| self.value(Literal::takes(decision, *option)) == Some(true))
    }

    /// All clauses, by number.
    pub fn clauses(&self) -> &[Clause] {
        &self.saved.clauses
    }

    /// What was assigned, in order.
    pub fn trail(&self) -> &[Assigned] {
        &self.saved.trail
    }

    /// What the author fixed, in order.
    pub fn fixed(&self) -> &[Literal] {
        &self.saved.fixed
    }

    /// What happened, the last two thousand events.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.saved.events.iter()
    }

    /// How many events happened before those.
    pub fn forgotten_events(&self) -> usize {
        self.saved.forgotten
    }

    /// Rules out every way in which all these options are taken. Nothing changes when nothing is given: what fails
    /// by itself is no choice's fault.
    pub fn fail(&mut self, combination: &[Literal], reason: impl Into<String>) {
        let literals: BTreeSet<Literal> = combination.iter().map(|literal| !*literal).collect();
        if !literals.is_empty() {
            self.add(literals.into_iter().collect(), Origin::Failure { reason: reason.into() });
        }
    }

    /// Adds a clause and finds a way again.
    fn add(&mut self, literals: Vec<Literal>, origin: Origin) {
        let broken = literals.iter().all(|literal| self.value(*literal) == Some(false));
        let levels = literals.iter().filter_map(|literal| self.assigned(*literal)).map(|found| found.level);
        let mut levels: Vec<usize> = levels.collect();
        levels.sort_unstable_by(|a, b| b.cmp(a));
        self.saved.clauses.push(Clause { literals, origin });
        if self.saved.settled != Settled::Open {
            return;
        }
        if broken {
            // With one literal under the last of its choices, the clause leaves one way under those before; with
            // more, the conflict has something to teach.
            let level = match levels.as_slice() {
                [last, before, ..] if last == before => *last,
                [_, before, ..] => *before,
                _ => 0,
            };
            self.back_to(level);
        }
        self.settle();
    }

    /// Fixes an option: it is taken in every way from now on. Replaces what was fixed for the decision before.
    pub fn fix(&mut self, decision: usize, option: usize) {
        self.saved.fixed.retain(|literal| literal.decision != decision);
        self.saved.fixed.push(Literal::takes(decision, option));
        self.start_over();
    }

    /// Takes back what was fixed.
    pub fn release(&mut self, decision: usize) {
        self.saved.fixed.retain(|literal| literal.decision != decision);
        self.start_over();
    }

    fn start_over(&mut self) {
        self.saved.settled = Settled::Open;
        self.back_to(0);
        self.settle();
    }

    /// Whether a literal is true, where that is known.
    pub fn value(&self, literal: Literal) -> Option<bool> {
        self.assigned(literal).map(|found| found.literal == literal)
    }

    fn assigned(&self, literal: Literal) -> Option<&Assigned> {
        let place = (*self.places.get(literal.decision)?.get(literal.option)?)?;
        self.saved.trail.get(place)
    }

    /// What would be left of each decision's options if these were taken too: what propagation alone rules out is
    /// gone. `None` when it contradicts what is known.
    pub fn left_with(&self, taken: &[Literal]) -> Option<Vec<Vec<usize>>> {
        let mut trial = self.clone();
        trial.back_to(0);
        for literal in self.saved.fixed.iter().chain(taken) {
            match trial.value(*literal) {
                Some(true) => {}
                Some(false) => return None,
                None => trial.assign(*literal, 1, None),
            }
            if trial.propagate(1).is_some() {
                return None;
            }
        }
        let left = |(decision, count): (usize, &usize)| {
            (0..*count)
                .filter(|option| trial.value(Literal::takes(decision, *option)) != Some(false))
                .collect()
        };
        Some(self.saved.options.iter().enumerate().map(left).collect())
    }

    fn say(&mut self, event: Event) {
        if self.saved.events.len() == MOST_EVENTS {
            self.saved.events.pop_front();
            self.saved.forgotten += 1;
        }
        self.saved.events.push_back(event);
    }

    fn assign(&mut self, literal: Literal, level: usize, reason: Option<usize>) {
        let place = self.saved.trail.len();
        if let Some(slot) = self.slot(literal) {
            *slot = Some(place);
            self.saved.trail.push(Assigned { literal, level, reason });
        }
    }

    fn slot(&mut self, literal: Literal) -> Option<&mut Option<usize>> {
        self.places.get_mut(literal.decision)?.get_mut(literal.option)
    }

    fn level(&self) -> usize {
        self.saved.trail.last().map_or(0, |last| last.level)
    }

    fn back_to(&mut self, level: usize) {
        let from = self.level();
        if from <= level {
            return;
        }
        while let Some(last) = self.saved.trail.pop_if(|last| last.level > level) {
            if let Some(slot) = self.slot(last.literal) {
                *slot = None;
            }
        }
        self.say(Event::Backjumped { from, to: level });
    }

    /// Propagates, decides and learns until every decision has an option or nothing is left.
    fn settle(&mut self) {
        loop {
            let level = self.level();
            if let Some(conflict) = self.propagate(level) {
                self.say(Event::Conflict { clause: conflict });
                if level == 0 {
                    let literals = self.clause(conflict).literals.clone();
                    return self.exhaust(&literals, vec![conflict]);
                }
                self.learn(conflict);
                continue;
            }
            let Some(next) = self.next_choice() else { return };
            if self.value(next).is_some() {
                // Only what was fixed can be known to be false here.
                return self.exhaust(&[next], Vec::new());
            }
            self.say(Event::Decided { literal: next, level: level + 1 });
            self.assign(next, level + 1, None);
        }
    }

    /// What is to be chosen next: what the author fixed, then each decision's first option that is left.
    fn next_choice(&self) -> Option<Literal> {
        let fixed = self.saved.fixed.iter().copied().find(|literal| self.value(*literal) != Some(true));
        fixed.or_else(|| {
            let open = (0..self.saved.options.len()).find(|decision| self.option(*decision).is_none())?;
            let options = 0..self.saved.options.get(open).copied().unwrap_or(0);
            let mut options = options.map(|option| Literal::takes(open, option));
            options.find(|literal| self.value(*literal).is_none())
        })
    }

    /// Assigns what clauses leave no other way for; the number of a clause without a true or open literal, if there
    /// is one. What comes out does not depend on the order of the clauses.
    fn propagate(&mut self, level: usize) -> Option<usize> {
        loop {
            let mut found = false;
            for number in 0..self.saved.clauses.len() {
                match self.look_at(number) {
                    Look::Holds | Look::Open => {}
                    Look::Broken => return Some(number),
                    Look::Unit(literal) => {
                        self.say(Event::Propagated { literal, clause: number });
                        self.assign(literal, level, Some(number));
                        found = true;
                    }
                }
            }
            if !found {
                return None;
            }
        }
    }

    fn look_at(&self, number: usize) -> Look {
        let mut open = None;
        for literal in &self.clause(number).literals {
            match self.value(*literal) {
                Some(true) => return Look::Holds,
                Some(false) => {}
                None if open.is_some() => return Look::Open,
                None => open = Some(*literal),
            }
        }
        open.map_or(Look::Broken, Look::Unit)
    }

    fn clause(&self, number: usize) -> &Clause {
        const NONE: &Clause = &Clause { literals: Vec::new(), origin: Origin::Learned { from: Vec::new() } };
        self.saved.clauses.get(number).unwrap_or(NONE)
    }

    /// Learns the clause of the first unique implication point, and goes back to where it leaves no other way.
    fn learn(&mut self, conflict: usize) {
        let level = self.level();
        let mut from = vec![conflict];
        let mut clause: BTreeSet<Literal> = self.clause(conflict).literals.iter().copied().collect();
        let at =
            |choices: &Choices, literal: &Literal| choices.assigned(*literal).map_or(0, |found| found.level);
        for assigned in self.saved.trail.clone().into_iter().rev() {
            if clause.iter().filter(|literal| at(self, literal) == level).count() <= 1 {
                break;
            }
            let falsified = !assigned.literal;
            if let (true, Some(reason)) = (clause.contains(&falsified), assigned.reason) {
                clause.remove(&falsified);
                let others = self.clause(reason).literals.iter().copied();
                clause.extend(others.filter(|literal| *literal != assigned.literal));
                from.push(reason);
            }
        }
        // What is false under no choice at all needs no mention, only its reasons a place in the derivation.
        let known: Vec<Literal> = clause.iter().copied().filter(|literal| at(self, literal) == 0).collect();
        for literal in known {
            clause.remove(&literal);
            from.extend(self.reasons(literal));
        }
        let back = clause.iter().map(|literal| at(self, literal)).filter(|other| *other < level).max();
        from.sort_unstable();
        from.dedup();
        self.saved
            .clauses
            .push(Clause { literals: clause.into_iter().collect(), origin: Origin::Learned { from } });
        self.say(Event::Learned { clause: self.saved.clauses.len() - 1 });
        self.back_to(back.unwrap_or(0));
    }

    /// The clauses by which a literal is false, as far back as choices.
    fn reasons(&self, literal: Literal) -> Vec<usize> {
        let mut found = BTreeSet::new();
        let mut wanted = BTreeSet::from([!literal]);
        for assigned in self.saved.trail.iter().rev() {
            if let (true, Some(reason)) = (wanted.contains(&assigned.literal), assigned.reason) {
                found.insert(reason);
                let others = self.clause(reason).literals.iter();
                wanted
                    .extend(others.filter(|literal| **literal != assigned.literal).map(|literal| !*literal));
            }
        }
        found.into_iter().collect()
    }

    /// Says that nothing is left, and by what.
    fn exhaust(&mut self, literals: &[Literal], mut clauses: Vec<usize>) {
        let mut fixed = BTreeSet::new();
        let mut wanted: BTreeSet<Literal> = literals.iter().map(|literal| !*literal).collect();
        fixed.extend(self.saved.fixed.iter().copied().filter(|fixed| wanted.contains(&!*fixed)));
        for assigned in self.saved.trail.iter().rev() {
            if !wanted.contains(&assigned.literal) {
                continue;
            }
            match assigned.reason {
                Some(reason) => {
                    clauses.push(reason);
                    let others = self.clause(reason).literals.iter();
                    wanted.extend(
                        others.filter(|literal| **literal != assigned.literal).map(|literal| !*literal),
                    );
                }
                None => {
                    fixed.insert(assigned.literal);
                }
            }
        }
        let failures = self.failures_behind(clauses);
        self.saved.settled = Settled::Exhausted { failures, fixed: fixed.into_iter().collect() };
        self.say(Event::Exhausted);
    }

    /// The failures from which clauses follow.
    pub fn failures_behind(&self, clauses: Vec<usize>) -> Vec<usize> {
        let (mut seen, mut rest, mut failures) = (BTreeSet::new(), clauses, BTreeSet::new());
        while let Some(number) = rest.pop() {
            if !seen.insert(number) {
                continue;
            }
            match &self.clause(number).origin {
                Origin::OneOf { .. } => {}
                Origin::Failure { .. } => {
                    failures.insert(number);
                }
                Origin::Learned { from } => rest.extend(from),
            }
        }
        failures.into_iter().collect()
    }
}

/// A clause under what is assigned.
enum Look {
    Holds,
    Open,
    Unit(Literal),
    Broken,
}
