//! From a program to verdicts, as a state machine that does nothing by itself: whoever drives it asks it for
//! queries, has them answered (by Z3 in a process, by Z3 in a web worker, by nobody), and gives the answers back.
//!
//! ```
//! use lift_core::{check::check, logic::{Discharge, Options}};
//! let document = "```spec-ir\ndef double(n: Int): Int ensures result == n + n = 2 * n\n```";
//! let checked = check(document);
//! let mut discharge = Discharge::new(&checked.program, Options::default());
//! while let Some(query) = discharge.next_query() {
//!     // Nobody to ask here:
//!     let nobody = lift_core::logic::Answer::unknown("none", "there is no solver");
//!     discharge.answer(&query.key, &nobody);
//! }
//! let report = discharge.report();
//! assert_eq!(report.declarations[0].verdict, lift_core::logic::Verdict::Proved);
//! ```
//!
//! Each obligation goes through the tiers until one settles it: the simplifier; a glance at small inputs; the
//! solver, with more and more unfolding; a proper look at small inputs. A claimed proof that the evaluator
//! contradicts is refuted: what runs is right.

use crate::eval::{Value, print_value};
use crate::ir::{DeclId, DeclKind, HoleId, Literal, Name, Program, TermKind};
use crate::logic::dependencies::Dependencies;
use crate::logic::formula::{Id, Node, Symbol};
use crate::logic::model;
use crate::logic::obligation::{Claim, Frame, Obligation, Reached, Reason};
use crate::logic::owe::{Owed, owed};
use crate::logic::query::{Answer, Query, Satisfiability};
use crate::logic::replay::{Runner, Seen};
use crate::logic::report::{Counterexample, Report, Tier};
use crate::logic::search::{self, Fixed, Hints, Inputs};
use crate::logic::smtlib::{Quantifiers, Script, script};
use crate::logic::sort::Sort;
use crate::logic::tableau;
use crate::logic::termination::Orders;
use crate::logic::theory::{Fact, Facts, Rest, Theory};
use crate::logic::verdict;
use crate::syntax::span::Span;
use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

/// How to discharge.
#[derive(Debug, Clone)]
pub struct Options {
    /// Resource units for each query.
    pub rlimit: u64,
    /// Wall clock for each query, in milliseconds.
    pub wall_ms: u64,
    /// Whether there is somebody to answer queries; without, the other tiers do what they can.
    pub solver: bool,
    /// Whether small inputs are tried. Without, nothing is refuted but by a solver's model, and no claim of a prover
    /// is checked against the evaluator: the soundness tests want to see the claim.
    pub search: bool,
    /// Whether the declarations of the prelude are discharged too. Otherwise they count as proved: a test of this
    /// crate's host discharges them.
    pub prelude: bool,
    /// Only these declarations, and nothing else; all when `None`.
    pub only: Option<Vec<DeclId>>,
}

impl Default for Options {
    fn default() -> Self {
        Options { rlimit: 4_000_000, wall_ms: 8_000, solver: true, search: true, prelude: false, only: None }
    }
}

/// How much is unfolded, and what becomes of quantifiers, from try to try.
const TRIES: [(usize, Quantifiers); 5] = [
    (1, Quantifiers::Opaque),
    (2, Quantifiers::Opaque),
    (3, Quantifiers::Opaque),
    (5, Quantifiers::Opaque),
    (3, Quantifiers::Written),
];

/// How many of the things a proof may lean on are tried for whether it needs them.
const MOST_TRIALS: usize = 8;

/// How an obligation was settled, before anyone looked at what the proof leans on.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It follows.
    Proved {
        /// What must stand for it.
        rests: BTreeSet<Rest>,
    },
    /// The evaluator saw it fail.
    Refuted {
        /// Under these inputs.
        counterexample: Counterexample,
        /// A prover had claimed the opposite: a defect of lift.
        contradicted: bool,
    },
    /// Neither.
    Unknown {
        /// Why, in words.
        because: String,
        /// A model that running did not confirm.
        candidate: Option<Counterexample>,
    },
}

/// One obligation with how it was settled.
#[derive(Debug, Clone)]
pub struct Judged {
    /// What was owed.
    pub obligation: Obligation,
    /// How it was settled.
    pub outcome: Outcome,
    /// Who settled it.
    pub tier: Tier,
    /// The engine that answered.
    pub engine: Option<String>,
    /// Units the solver used.
    pub units: u64,
}

/// A declaration with everything it owes, judged.
#[derive(Debug, Clone)]
pub struct JudgedDeclaration {
    /// Which.
    pub id: DeclId,
    /// What it owed.
    pub judged: Vec<Judged>,
    /// No input that was tried meets the preconditions, and the solver agrees that none does.
    pub vacuous: bool,
}

/// The state machine.
pub struct Discharge<'p> {
    program: &'p Program,
    dependencies: Arc<Dependencies>,
    orders: Arc<Orders>,
    options: Options,
    waiting: VecDeque<DeclId>,
    /// The declaration whose obligations are being gone through for the first time.
    begun: Option<Open<'p>>,
    open: Vec<Open<'p>>,
    ready: VecDeque<Query>,
    asked: HashMap<String, Query>,
    done: Vec<JudgedDeclaration>,
}

/// A declaration some of whose obligations wait for an answer.
struct Open<'p> {
    id: DeclId,
    owed: Owed<'p>,
    theory: Theory,
    runner: Runner<'p>,
    hints: Hints,
    /// How many obligations have been begun; all and one more when that is over.
    begun: usize,
    items: Vec<Item>,
    judged: Vec<Option<Judged>>,
    /// Waits for whether the preconditions can be met.
    vacuity: Option<String>,
    vacuous: bool,
    /// What a search for a failing run found, once there was one.
    failing: OnceCell<Option<Inputs>>,
}

/// An obligation on its way through the tiers.
struct Item {
    place: usize,
    attempt: usize,
    key: String,
    script: Script,
    /// What the assertions of the script lean on, in order.
    rests: Vec<Option<Rest>>,
    constants: Vec<Id>,
    sorts: Vec<Sort>,
    /// Nothing was left out of the script: a model is a model.
    complete: bool,
    units: u64,
    because: String,
    candidate: Option<Counterexample>,
    engine: Option<String>,
}

impl<'p> Discharge<'p> {
    /// Prepares to discharge what a program owes. Work is done by [`Discharge::next_query`], a declaration at a
    /// time.
    pub fn new(program: &'p Program, options: Options) -> Self {
        let dependencies = Arc::new(Dependencies::new(program));
        let orders = Arc::new(Orders::new(program, &dependencies));
        // A proof that leans on an imported definition stands or falls with that one's own.
        let prelude = if options.prelude { program.prelude_len } else { 0 };
        let waiting = (0..prelude)
            .map(|index| DeclId(index as u32))
            .chain(program.reached())
            .filter(|id| options.only.as_ref().is_none_or(|only| only.contains(id)))
            .collect();
        Discharge {
            program,
            dependencies,
            orders,
            options,
            waiting,
            begun: None,
            open: Vec::new(),
            ready: VecDeque::new(),
            asked: HashMap::new(),
            done: Vec::new(),
        }
    }

    /// The next question. `None` when everything waits for answers, or nothing is left.
    pub fn next_query(&mut self) -> Option<Query> {
        loop {
            let query = self.ready_query();
            if query.is_some() || !self.advance() {
                return query;
            }
        }
    }

    /// A question that needs no work to be found.
    pub fn ready_query(&mut self) -> Option<Query> {
        while let Some(query) = self.ready.pop_front() {
            if !self.asked.contains_key(&query.key) {
                self.asked.insert(query.key.clone(), query.clone());
                return Some(query);
            }
        }
        None
    }

    /// Works on one obligation, for a driver that must not be kept long; `false` when none waits any more. What it
    /// wants to ask comes from [`Discharge::ready_query`].
    pub fn advance(&mut self) -> bool {
        let begun = self.begun.take();
        let Some(mut open) = begun.or_else(|| self.waiting.pop_front().map(|id| self.begin(id))) else {
            return false;
        };
        let place = open.begun;
        open.begun += 1;
        if place < open.judged.len() {
            open.first_tiers(place, &self.options, &mut self.ready);
        } else {
            open.ask_whether_vacuous(&self.options, &mut self.ready);
        }
        self.close_or_keep(open);
        true
    }

    /// Works on one declaration, as [`Discharge::advance`] does on an obligation.
    pub fn step(&mut self) -> bool {
        let worked = self.advance();
        while self.begun.is_some() {
            self.advance();
        }
        worked
    }

    /// Questions that have been given out and not answered.
    pub fn pending(&self) -> impl Iterator<Item = &Query> {
        self.asked.values()
    }

    /// Whether every obligation is settled.
    pub fn is_done(&self) -> bool {
        self.waiting.is_empty() && self.begun.is_none() && self.open.is_empty()
    }

    /// Takes the answer to a question. Answers to questions that nobody asked are ignored.
    pub fn answer(&mut self, key: &str, answer: &Answer) {
        if self.asked.remove(key).is_none() {
            return;
        }
        for mut open in std::mem::take(&mut self.open).into_iter().chain(self.begun.take()) {
            if open.vacuity.as_deref() == Some(key) {
                open.vacuity = None;
                open.vacuous = matches!(answer.verdict, Satisfiability::Unsat { .. });
            }
            let (affected, rest): (Vec<Item>, Vec<Item>) =
                std::mem::take(&mut open.items).into_iter().partition(|item| item.key == key);
            open.items = rest;
            for item in affected {
                open.answered(item, answer, &self.options, &mut self.ready);
            }
            self.close_or_keep(open);
        }
    }

    /// The verdicts. What still waits for an answer is unknown.
    pub fn report(mut self) -> Report {
        self.options.solver = false;
        while self.advance() {}
        self.settle_open("the solver has not answered");
        self.done.sort_by_key(|declaration| declaration.id);
        verdict::report(self.program, &self.dependencies, &self.orders, self.options.prelude, self.done)
    }

    /// The verdicts so far: whatever is not settled is unknown for this reason, what nobody has looked at yet too.
    pub fn cut_short(mut self, because: &str) -> Report {
        self.settle_open(because);
        for id in std::mem::take(&mut self.waiting) {
            let span = self.program.decl(id).map(|decl| decl.name_span).unwrap_or_default();
            let obligation = silent(id, Reason::Everything, span);
            let outcome = Outcome::Unknown { because: because.to_owned(), candidate: None };
            let judged = Judged { obligation, outcome, tier: Tier::None, engine: None, units: 0 };
            self.done.push(JudgedDeclaration { id, judged: vec![judged], vacuous: false });
        }
        self.report()
    }

    /// Settles as unknown what waits for an answer or for its turn.
    fn settle_open(&mut self, because: &str) {
        for mut open in std::mem::take(&mut self.open).into_iter().chain(self.begun.take()) {
            for item in std::mem::take(&mut open.items) {
                let outcome = Outcome::Unknown { because: because.to_owned(), candidate: item.candidate };
                open.settle(item.place, outcome, Tier::None, None, item.units);
            }
            for place in open.begun..open.judged.len() {
                let outcome = Outcome::Unknown { because: because.to_owned(), candidate: None };
                open.settle(place, outcome, Tier::None, None, 0);
            }
            self.done.push(open.finish());
        }
    }

    fn begin(&self, id: DeclId) -> Open<'p> {
        let owed = owed(self.program, &self.dependencies, &self.orders, id);
        let theory = Theory::new(self.orders.clone(), id, owed.params.clone(), owed.env.clone());
        let hints = self.program.decl(id).map(|decl| Hints::of(self.program, &decl.kind)).unwrap_or_default();
        let count = owed.obligations.len();
        Open {
            id,
            owed,
            theory,
            runner: Runner::new(self.program),
            hints,
            begun: 0,
            items: Vec::new(),
            judged: vec![None; count],
            vacuity: None,
            vacuous: false,
            failing: OnceCell::new(),
        }
    }

    fn close_or_keep(&mut self, open: Open<'p>) {
        if open.begun <= open.judged.len() {
            self.begun = Some(open);
        } else if open.items.is_empty() && open.vacuity.is_none() {
            self.done.push(open.finish());
        } else {
            self.open.push(open);
        }
    }
}

impl Open<'_> {
    /// What was found. Should an obligation have been passed over, it is unknown.
    fn finish(mut self) -> JudgedDeclaration {
        for place in 0..self.judged.len() {
            if self.judged.get(place).is_some_and(Option::is_none) {
                let outcome = Outcome::Unknown { because: "it was passed over".to_owned(), candidate: None };
                self.settle(place, outcome, Tier::None, None, 0);
            }
        }
        JudgedDeclaration {
            id: self.id,
            judged: self.judged.into_iter().flatten().collect(),
            vacuous: self.vacuous,
        }
    }

    fn obligation(&self, place: usize) -> Option<Obligation> {
        self.owed.obligations.get(place).cloned()
    }

    fn settle(&mut self, place: usize, outcome: Outcome, tier: Tier, engine: Option<String>, units: u64) {
        let Some(obligation) = self.obligation(place) else { return };
        if let Some(slot) = self.judged.get_mut(place) {
            *slot = Some(Judged { obligation, outcome, tier, engine, units });
        }
    }

    /// Everything that needs no solver; otherwise the first question.
    fn first_tiers(&mut self, place: usize, options: &Options, ready: &mut VecDeque<Query>) {
        let Some(obligation) = self.obligation(place) else { return };
        if let Some(why) = self.hopeless(&obligation) {
            let outcome = Outcome::Unknown { because: why, candidate: None };
            self.settle(place, outcome, Tier::None, None, 0);
            return;
        }
        let glance = match options.search {
            true => search::search(&mut self.runner, &self.hints, &obligation, search::GLANCE),
            false => None,
        };
        let proof = self.simplified(&obligation);
        if let Some(inputs) = glance {
            // A proof that leans on something wrong contradicts nothing.
            let prelude = self.owed.translator.program.prelude_len;
            let contradicted =
                proof.is_some_and(|rests| rests.iter().all(|rest| (rest.declaration().0 as usize) < prelude));
            let outcome = self.refuted(&obligation, &inputs, contradicted);
            self.settle(place, outcome, Tier::Search, None, 0);
        } else if let Some(rests) = proof {
            self.settle(place, Outcome::Proved { rests }, Tier::Simplifier, None, 0);
        } else if options.solver {
            let item = Item {
                place,
                attempt: 0,
                key: String::new(),
                script: Script::default(),
                rests: Vec::new(),
                constants: Vec::new(),
                sorts: Vec::new(),
                complete: false,
                units: 0,
                because: String::new(),
                candidate: None,
                engine: None,
            };
            self.ask(item, &obligation, options, ready);
        } else {
            self.give_up(place, &obligation, options, String::new(), None, None, 0);
        }
    }

    /// Why there is no point in trying, when the obligation itself says so.
    fn hopeless(&self, obligation: &Obligation) -> Option<String> {
        if obligation.goal != Id::FALSE {
            return None;
        }
        verdict::hopeless(self.owed.translator.program, &obligation.reason, self.owed.endless.as_ref())
    }

    /// The first tier: without facts, then with the facts of little unfolding.
    fn simplified(&mut self, obligation: &Obligation) -> Option<BTreeSet<Rest>> {
        let formulas = &mut self.owed.translator.formulas;
        if tableau::follows(formulas, &obligation.hypotheses, obligation.goal) {
            return Some(BTreeSet::new());
        }
        let denied = formulas.not(obligation.goal);
        let roots: Vec<Id> = obligation.hypotheses.iter().copied().chain([denied]).collect();
        let facts = self.facts(&roots, obligation, 1);
        if facts.facts.is_empty() {
            return None;
        }
        let all: Vec<Id> = roots.iter().copied().chain(facts.facts.iter().map(|fact| fact.formula)).collect();
        if !tableau::contradict(&mut self.owed.translator.formulas, &all) {
            return None;
        }
        let rests: BTreeSet<Rest> = facts.facts.iter().filter_map(|fact| fact.rest).collect();
        Some(self.needed(&roots, &facts.facts, rests))
    }

    /// What is known of everything in these formulas, and of the calls on the way to the obligation.
    fn facts(&mut self, roots: &[Id], obligation: &Obligation, fuel: usize) -> Facts {
        let all: Vec<Id> = roots.iter().chain(&obligation.noticed).copied().collect();
        self.theory.facts(&mut self.owed.translator, &all, fuel)
    }

    /// The proof must not fall with something it never needed: leaves out, one after the other, what the document's
    /// own definitions promise, as long as there is still a proof.
    fn needed(&mut self, roots: &[Id], facts: &[Fact], mut rests: BTreeSet<Rest>) -> BTreeSet<Rest> {
        let prelude = self.owed.translator.program.prelude_len;
        let own: Vec<Rest> =
            rests.iter().copied().filter(|rest| (rest.declaration().0 as usize) >= prelude).collect();
        for rest in own.into_iter().take(MOST_TRIALS) {
            let mut without = rests.clone();
            without.remove(&rest);
            let used = facts.iter().filter(|fact| fact.rest.is_none_or(|rest| without.contains(&rest)));
            let all: Vec<Id> = roots.iter().copied().chain(used.map(|fact| fact.formula)).collect();
            if tableau::contradict(&mut self.owed.translator.formulas, &all) {
                rests = without;
            }
        }
        rests
    }

    /// Puts the question of the item's next try, or gives up when there is none.
    fn ask(
        &mut self,
        mut item: Item,
        obligation: &Obligation,
        options: &Options,
        ready: &mut VecDeque<Query>,
    ) {
        while let Some((fuel, quantifiers)) = TRIES.get(item.attempt).copied() {
            item.attempt += 1;
            let denied = self.owed.translator.formulas.not(obligation.goal);
            let roots: Vec<Id> = obligation.hypotheses.iter().copied().chain([denied]).collect();
            let facts = self.facts(&roots, obligation, fuel);
            if quantifiers == Quantifiers::Written && !facts.partial {
                continue;
            }
            let mut assertions: Vec<Id> = roots.clone();
            let mut rests: Vec<Option<Rest>> = vec![None; roots.len()];
            for fact in &facts.facts {
                assertions.push(fact.formula);
                rests.push(fact.rest);
            }
            let constants: Vec<Id> = self.readable(obligation);
            let formulas = &self.owed.translator.formulas;
            let Some(made) = script(formulas, &assertions, &constants, quantifiers) else {
                item.because = "the question is too large for the solver".to_owned();
                break;
            };
            item.complete = !facts.cut && !facts.partial;
            item.sorts = constants.iter().map(|id| formulas.sort_of(*id)).collect();
            item.constants = constants;
            item.rests = rests;
            let query = Query::new(
                made.text.clone(),
                made.values.clone(),
                made.names.clone(),
                options.rlimit,
                options.wall_ms,
            );
            if query.key == item.key {
                // More fuel found nothing new.
                continue;
            }
            item.script = made;
            item.key = query.key.clone();
            ready.push_back(query);
            self.items.push(item);
            return;
        }
        self.give_up(item.place, obligation, options, item.because, item.candidate, item.engine, item.units);
    }

    /// The constants on the way whose values a solver can tell.
    fn readable(&self, obligation: &Obligation) -> Vec<Id> {
        let constants = obligation.frames.iter().filter_map(|frame| match &**frame {
            Frame::Any(_, _, id) => Some(*id),
            _ => None,
        });
        constants.collect()
    }

    fn answered(&mut self, mut item: Item, answer: &Answer, options: &Options, ready: &mut VecDeque<Query>) {
        let Some(obligation) = self.obligation(item.place) else { return };
        item.units += answer.units;
        item.engine = Some(answer.engine.clone());
        match &answer.verdict {
            Satisfiability::Unsat { core } => {
                let used = |number: usize| {
                    core.is_empty() || item.script.names.get(number).is_some_and(|name| core.contains(name))
                };
                let rests = item.rests.iter().enumerate();
                let rests = rests.filter(|(number, _)| used(*number)).filter_map(|(_, rest)| *rest).collect();
                self.settle(item.place, Outcome::Proved { rests }, Tier::Smt, item.engine, item.units);
                return;
            }
            Satisfiability::Sat { values } => {
                let read = model::values(&self.owed.translator.formulas, &item.script, &item.sorts, values);
                let fixed: Vec<(Id, Value)> = item
                    .constants
                    .iter()
                    .zip(read)
                    .filter_map(|(id, value)| value.map(|value| (*id, value)))
                    .collect();
                if let Some(inputs) = self.confirmed(&obligation, &fixed) {
                    let outcome = self.refuted(&obligation, &inputs, false);
                    self.settle(item.place, outcome, Tier::Smt, item.engine, item.units);
                    return;
                }
                if item.candidate.is_none() || item.complete {
                    item.candidate = self.candidate(&obligation, &fixed);
                }
                item.because = "the solver found no proof".to_owned();
                if item.complete {
                    // Nothing was left out: more unfolding changes nothing.
                    item.attempt = TRIES.len();
                }
            }
            Satisfiability::Unknown { reason } => item.because = format!("the solver gave up: {reason}"),
        }
        self.ask(item, &obligation, options, ready);
    }

    /// The inputs of a model under which the evaluator sees the obligation fail, made smaller where that is easy.
    fn confirmed(&mut self, obligation: &Obligation, fixed: &[(Id, Value)]) -> Option<Inputs> {
        let mut choice = Fixed { values: fixed, given: Vec::new() };
        if self.runner.replay(obligation, &mut choice) != Seen::Fails {
            return None;
        }
        let inputs = choice.given;
        let small = search::search(&mut self.runner, &self.hints, obligation, search::SHRINK);
        Some(small.unwrap_or(inputs))
    }

    fn candidate(&self, obligation: &Obligation, fixed: &[(Id, Value)]) -> Option<Counterexample> {
        let mut inputs: Inputs = Vec::new();
        for frame in &obligation.frames {
            if let Frame::Any(name, _, id) = &**frame
                && let Some((_, value)) = fixed.iter().find(|(other, _)| other == id)
            {
                inputs.push((name.clone(), value.clone()));
            }
        }
        (!inputs.is_empty()).then(|| self.shown(&inputs, false))
    }

    fn shown(&self, inputs: &Inputs, confirmed: bool) -> Counterexample {
        let program = self.owed.translator.program;
        // An argument of a function that is passed on has no name of its own.
        let name = |name: &Name| if &**name == "_" { "the argument".to_owned() } else { name.to_string() };
        let values = inputs.iter().map(|(key, value)| (name(key), print_value(program, value))).collect();
        Counterexample { values, confirmed }
    }

    /// What it means that an obligation fails at these inputs: inside a function, only if running the definition
    /// shows it too.
    fn refuted(&mut self, obligation: &Obligation, inputs: &Inputs, contradicted: bool) -> Outcome {
        if obligation.reached == Reached::Always || contradicted {
            return Outcome::Refuted { counterexample: self.shown(inputs, true), contradicted };
        }
        match self.failing_run() {
            Some(inputs) => Outcome::Refuted { counterexample: self.shown(&inputs, true), contradicted },
            None => {
                let candidate = self.shown(inputs, false);
                let because = "the function it stands in would fail, and no run that was tried applies it to that; \
                               a type that leaves it out, on the function's parameter or on what is handed to it, \
                               would show that none does";
                Outcome::Unknown { because: because.to_owned(), candidate: Some(candidate) }
            }
        }
    }

    /// Parameters with which the whole definition runs into an error; looked for once.
    fn failing_run(&mut self) -> Option<Inputs> {
        if self.failing.get().is_none() {
            let values = |frame: &&Arc<Frame>| matches!(&***frame, Frame::Type(_) | Frame::Any(..));
            let whole = Obligation {
                frames: self.owed.frames.iter().filter(values).cloned().collect(),
                claim: Claim::Whole(self.id),
                ..silent(self.id, Reason::Sense, Span::default())
            };
            let found = search::search(&mut self.runner, &self.hints, &whole, search::LOOK);
            self.failing.get_or_init(|| found);
        }
        self.failing.get().cloned().flatten()
    }

    /// The last tier: a proper look at small inputs.
    #[allow(clippy::too_many_arguments, reason = "what is left of an item")]
    fn give_up(
        &mut self,
        place: usize,
        obligation: &Obligation,
        options: &Options,
        because: String,
        candidate: Option<Counterexample>,
        engine: Option<String>,
        units: u64,
    ) {
        let looked = match options.search {
            true => search::search(&mut self.runner, &self.hints, obligation, search::LOOK),
            false => None,
        };
        if let Some(inputs) = looked {
            let outcome = self.refuted(obligation, &inputs, false);
            self.settle(place, outcome, Tier::Search, engine, units);
            return;
        }
        let holes = self.holes(obligation);
        let program = self.owed.translator.program;
        let because = verdict::why_unknown(program, &holes, &because, candidate.is_some());
        let tier = if engine.is_some() { Tier::Smt } else { Tier::None };
        self.settle(place, Outcome::Unknown { because, candidate }, tier, engine, units);
    }

    /// The open holes an obligation mentions.
    fn holes(&self, obligation: &Obligation) -> Vec<HoleId> {
        let formulas = &self.owed.translator.formulas;
        let roots = obligation.hypotheses.iter().copied().chain([obligation.goal]);
        let found: BTreeSet<HoleId> = formulas
            .reachable(roots)
            .into_iter()
            .filter_map(|id| match formulas.node(id) {
                Node::App(sym, _) => match formulas.symbol(*sym) {
                    Symbol::Hole(hole) => Some(*hole),
                    _ => None,
                },
                _ => None,
            })
            .collect();
        found.into_iter().collect()
    }

    /// When no small input meets the preconditions, the solver is asked whether any does.
    fn ask_whether_vacuous(&mut self, options: &Options, ready: &mut VecDeque<Query>) {
        let program = self.owed.translator.program;
        let Some(DeclKind::Def(def)) = program.decl(self.id).map(|decl| &decl.kind) else { return };
        if def.requires.is_empty() || !options.solver || self.owed.assumed.is_empty() {
            return;
        }
        // "Nothing reaches the body": refuted by any input that does.
        let unreachable = Obligation {
            hypotheses: self.owed.assumed.clone(),
            frames: self.owed.frames.clone(),
            claim: Claim::Holds(TermKind::Lit(Literal::Bool(false)).into_term()),
            ..silent(self.id, Reason::Sense, Span::default())
        };
        if search::search(&mut self.runner, &self.hints, &unreachable, search::LOOK).is_some() {
            return;
        }
        let facts = self.theory.facts(&mut self.owed.translator, &unreachable.hypotheses, 2);
        let assertions: Vec<Id> = unreachable
            .hypotheses
            .iter()
            .copied()
            .chain(facts.facts.iter().map(|fact| fact.formula))
            .collect();
        if tableau::contradict(&mut self.owed.translator.formulas, &assertions) {
            self.vacuous = true;
            return;
        }
        if let Some(made) = script(&self.owed.translator.formulas, &assertions, &[], Quantifiers::Opaque) {
            let query = Query::new(made.text, made.values, made.names, options.rlimit, options.wall_ms);
            self.vacuity = Some(query.key.clone());
            ready.push_back(query);
        }
    }
}

/// An obligation that nothing says how to meet.
fn silent(declaration: DeclId, reason: Reason, span: Span) -> Obligation {
    Obligation {
        declaration,
        reason,
        span,
        source: None,
        promise: None,
        hypotheses: Vec::new(),
        noticed: Vec::new(),
        goal: Id::FALSE,
        frames: Vec::new(),
        claim: Claim::Silent,
        reached: Reached::Always,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check;
    use crate::logic::report::{DeclarationVerdict, Verdict};

    const DOCUMENT: &str = "```spec-ir
type Percent = {n: Int | 0 <= n && n <= 100}
def leans(n: Int): Int ensures result > n = above(n)
def counts(n: Nat): Int ensures result >= 0 = down(n)
def double(n: Int): Int ensures result == n + n = 2 * n
def half(n: Int): Int ensures result <= n || n < 0 = n / 2
def free(n: Int): Int = n
def above(n: Int): Int ensures result > n = if n == 123_457 then 0 else n + 1
def down(n: Nat): Int ensures result >= 0 = if n == 0 then 0 else down(n - 1)
```";

    #[test]
    fn cut_short_at_any_moment_nothing_is_passed_over_and_nothing_new_is_proved() {
        let checked = check(DOCUMENT);
        let whole = Discharge::new(&checked.program, Options::default()).report();
        for steps in 0..30 {
            let mut discharge = Discharge::new(&checked.program, Options::default());
            for _ in 0..steps {
                discharge.advance();
            }
            let cut = discharge.cut_short("there was no time");
            let unknown = |verdict: &DeclarationVerdict| {
                verdict.verdict == Verdict::Unknown && verdict.because.contains("there was no time")
            };
            for late in &whole.declarations {
                let early = cut.declarations.iter().find(|early| early.name == late.name).unwrap();
                assert!(early.verdict == late.verdict || unknown(early), "{steps}: {early:?}");
            }
            // A proof that leans on what nobody looked at is none.
            for early in cut.obligations.iter().filter(|owed| owed.verdict == Verdict::Proved) {
                let late = whole.obligations.iter().find(|it| it.span == early.span && it.name == early.name);
                assert_eq!(late.map(|it| it.verdict), Some(Verdict::Proved), "{steps}: {early:?}");
            }
            // Whatever nobody looked at may owe something.
            let more = cut
                .declarations
                .iter()
                .filter(|it| whole.declarations.iter().all(|late| late.name != it.name));
            assert!(more.into_iter().all(unknown));
        }
    }
}
