//! Small inputs, run: what a predicate must be true of, and what it must keep out.

use super::Role;
use super::qualifiers::Qualifier;
use super::site::Site;
use crate::check::Checked;
use crate::eval::{Env, Value};
use crate::ir::{DeclId, Icit, Program, Term, TermKind};
use crate::logic::replay::{Runner, some_type};
use crate::logic::search::{Hints, small_values};
use std::cmp::Reverse;
use std::sync::Arc;

/// Steps of evaluation for one definition.
const STEPS: u64 = 2_000_000;
/// Inputs run for one definition.
const MOST_RUNS: usize = 160;
/// Values of a parameter, when there are 0, 1, 2, ... of them.
const WIDTHS: [usize; 5] = [1, 24, 11, 5, 3];
/// Inputs, and outcomes for each, that qualifiers are compared on.
const MOST_INPUTS: usize = 30;
const MOST_OUTCOMES: usize = 16;
/// How many conditions are put together.
const MOST_PARTS: usize = 4;

/// Values of the variables in scope.
pub(super) struct Samples {
    program: Arc<Program>,
    /// Runs that gave an outcome.
    pub good: Vec<Env>,
    /// Runs that ran into an error.
    pub bad: Vec<Env>,
}

/// The inputs of the judges, with which they give an outcome or fail.
pub(super) fn inputs(open: &Checked, site: &Site) -> Samples {
    collect(open, site, false)
}

/// The same, with the outcome.
pub(super) fn inputs_and_outcomes(open: &Checked, site: &Site) -> Samples {
    collect(open, site, true)
}

/// Inputs with outcomes that need not be theirs.
pub(super) fn anything(open: &Checked, site: &Site) -> Samples {
    let mut samples = inputs(open, site);
    let mut runner = Runner::new(&open.program);
    let Some((_, ty)) = site.context.last() else { return samples };
    let inputs: Vec<Env> = samples.good.drain(..).collect();
    let hints = open.program.lookup(&site.owner).and_then(|id| open.program.decl(id));
    let hints = hints.map(|decl| Hints::of(&open.program, &decl.kind)).unwrap_or_default();
    for env in inputs.into_iter().take(MOST_INPUTS) {
        let outcomes = small_values(&mut runner, &hints, ty, &env, MOST_OUTCOMES);
        samples.good.extend(outcomes.into_iter().map(|outcome| env.with(outcome)));
    }
    samples
}

fn collect(open: &Checked, site: &Site, with_outcome: bool) -> Samples {
    let program = &*open.program;
    let mut samples = Samples { program: Arc::clone(&open.program), good: Vec::new(), bad: Vec::new() };
    for judge in site.judges.iter().filter_map(|name| program.lookup(name)) {
        let Some(decl) = program.decl(judge) else { continue };
        let explicit = program
            .def(judge)
            .map_or(0, |def| def.params.iter().filter(|param| param.icit == Icit::Explicit).count());
        let mut walk = Walk {
            runner: Runner::new(program),
            hints: Hints::of(program, &decl.kind),
            width: WIDTHS.get(explicit).copied().unwrap_or(2),
            judge,
            runs: Vec::new(),
        };
        walk.from(0, &Env::new(), &mut Vec::new());
        for (input, outcome) in walk.runs {
            let is_good = outcome.is_some();
            let values = input.into_iter().chain(outcome.filter(|_| with_outcome));
            let Some(env) = scope(site, values, with_outcome) else { continue };
            if is_good { samples.good.push(env) } else { samples.bad.push(env) }
        }
    }
    samples
}

/// The variables in scope at the site with these values.
fn scope(site: &Site, mut values: impl Iterator<Item = Value>, with_outcome: bool) -> Option<Env> {
    let inputs = match (site.role, with_outcome) {
        (Role::Postcondition, false) => site.context.split_last()?.1,
        _ => &site.context,
    };
    inputs.iter().try_fold(Env::new(), |env, (_, ty)| match &*ty.kind {
        TermKind::Universe => Some(env.with(some_type())),
        _ => Some(env.with(values.next()?)),
    })
}

struct Walk<'p> {
    runner: Runner<'p>,
    hints: Hints,
    width: usize,
    judge: DeclId,
    runs: Vec<(Vec<Value>, Option<Value>)>,
}

impl Walk<'_> {
    fn from(&mut self, place: usize, env: &Env, input: &mut Vec<Value>) {
        let Some(def) = self.runner.program.def(self.judge) else { return };
        let Some(param) = def.params.get(place) else {
            if let Some(outcome) = self.runner.outcome(self.judge, input) {
                self.runs.push((input.clone(), outcome));
            }
            return;
        };
        if param.icit == Icit::Implicit {
            return self.from(place + 1, &env.with(some_type()), input);
        }
        for value in small_values(&mut self.runner, &self.hints, &param.ty, env, self.width) {
            if self.runner.steps >= STEPS || self.runs.len() >= MOST_RUNS {
                return;
            }
            input.push(value.clone());
            self.from(place + 1, &env.with(value), input);
            input.pop();
        }
    }
}

impl Samples {
    /// Those that hold in every run that gave an outcome.
    pub fn always(&self, mut qualifiers: Vec<Qualifier>) -> Vec<Qualifier> {
        let mut runner = Runner::new(&self.program);
        qualifiers
            .retain(|qualifier| self.good.iter().all(|env| runner.truth(&qualifier.term, env) == Some(true)));
        qualifiers
    }

    /// Of which of the runs that gave an outcome a condition holds.
    pub fn holds(&self, term: &Term) -> Vec<bool> {
        let mut runner = Runner::new(&self.program);
        self.good.iter().map(|env| runner.truth(term, env) == Some(true)).collect()
    }

    /// Predicates that keep out whatever fails, those first that keep out the least of what does not.
    pub fn separating(&self, qualifiers: Vec<Qualifier>) -> Vec<String> {
        let mut runner = Runner::new(&self.program);
        let mut kept: Vec<Part> = Vec::new();
        for (place, qualifier) in qualifiers.into_iter().enumerate() {
            let mut keeps = |envs: &[Env], otherwise: bool| -> Option<Vec<bool>> {
                envs.iter().map(|env| runner.truth(&qualifier.term, env).or(Some(otherwise))).collect()
            };
            // What running does not decide is no reason to let something in, nor to keep it out.
            let (Some(good), Some(bad)) = (keeps(&self.good, true), keeps(&self.bad, true)) else { continue };
            let lets_in = good.iter().filter(|keeps| **keeps).count();
            if lets_in > 0 || self.good.is_empty() {
                kept.push(Part { place, text: qualifier.text, good, bad, lets_in });
            }
        }
        kept.sort_by_key(|part| (Reverse(part.lets_in), part.text.len()));
        if self.bad.is_empty() {
            // Nothing failed: whatever narrows the inputs at all may be what a proof lacks.
            let narrow = kept.iter().filter(|part| part.lets_in < self.good.len());
            let all = kept.iter().filter(|part| part.lets_in == self.good.len());
            return narrow.chain(all).map(|part| part.text.clone()).collect();
        }
        let alone = kept.iter().filter(|part| part.bad.iter().all(|keeps| !keeps));
        let mut offers: Vec<(usize, usize, String)> =
            alone.map(|part| (part.lets_in, part.text.len(), part.text.clone())).collect();
        offers.extend(self.together(&kept));
        offers.sort_by_key(|(lets_in, length, _)| (Reverse(*lets_in), *length));
        offers.into_iter().map(|(_, _, text)| text).collect()
    }

    /// Several conditions that keep out together what fails: each time the one that keeps out most of what is left,
    /// for the least of what is good.
    fn together(&self, parts: &[Part]) -> Option<(usize, usize, String)> {
        let mut left: Vec<usize> = (0..self.bad.len()).collect();
        let mut good: Vec<bool> = vec![true; self.good.len()];
        let mut chosen: Vec<&Part> = Vec::new();
        let loses = |part: &Part, good: &[bool]| {
            good.iter().zip(&part.good).filter(|(was, is)| **was && !**is).count()
        };
        let out = |part: &Part, left: &[usize]| {
            left.iter().filter(|place| part.bad.get(**place) == Some(&false)).count()
        };
        while !left.is_empty() && chosen.len() < MOST_PARTS {
            let best = parts
                .iter()
                .filter(|part| out(part, &left) > 0)
                .min_by_key(|part| (loses(part, &good), Reverse(out(part, &left)), part.text.len()))?;
            left.retain(|place| best.bad.get(*place) != Some(&false));
            good.iter_mut().zip(&best.good).for_each(|(was, is)| *was = *was && *is);
            chosen.push(best);
        }
        let lets_in = good.iter().filter(|good| **good).count();
        if chosen.len() < 2 || !left.is_empty() || lets_in == 0 {
            return None;
        }
        chosen.sort_by_key(|part| part.place);
        let text = super::conjunction(chosen.iter().map(|part| part.text.as_str()));
        Some((lets_in, text.len(), text))
    }
}

/// A condition with what it lets in.
struct Part {
    /// Among those that were tried.
    place: usize,
    text: String,
    good: Vec<bool>,
    bad: Vec<bool>,
    lets_in: usize,
}
