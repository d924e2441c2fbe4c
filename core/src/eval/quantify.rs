//! Quantifiers while running.
//!
//! `forall x: A. p` is decided by trying every candidate when the guards of `p` leave finitely many: `A` is
//! `Bool`, `Unit` or an enumeration; `lo <= x && x < hi` (also through other quantified variables, as in
//! `i < j && j < n`); `x` is an element of a known list; or an equation such as `parse(s) == Some(x)` names it.
//! Outside the candidates the guard is false, so nothing is lost. Otherwise values that occur nearby are tried:
//! one that fails refutes a `forall` (one that holds proves an `exists`), and the rest is *undecided*, never true.

use super::domain::{Domain, Part, Source, domain_of, part, with_refinement};
use super::error::EvalError;
use super::machine::{Control, Frame, Machine};
use super::value::{Env, Stuck, Value};
use crate::ir::{Program, Term};
use crate::syntax::tree::Quantifier;
use num_bigint::BigInt;
use std::collections::BTreeSet;

/// Candidates beyond which enumeration is not tried.
const MOST_CANDIDATES: usize = 100_000;
/// Nearby values tried where there is no enumeration.
const SAMPLES: usize = 64;
/// How many values of the environment are looked at for samples.
const HARVESTED: usize = 2_000;

/// A quantifier being decided.
pub(super) struct Search {
    quantifier: Quantifier,
    /// The whole quantifier, for the report when it stays undecided.
    term: Term,
    /// The body, with the refinement of the variable's type made part of it.
    body: Term,
    env: Env,
    domain: Domain,
    /// Values of `domain.terms` so far.
    known: Vec<Value>,
    /// What is still to be tried, last first.
    candidates: Vec<Value>,
    /// Candidates are samples: they can refute a `forall` but not prove it.
    sampling: bool,
    /// Why it will stay undecided unless a candidate decides it.
    open: Option<String>,
}

type Next = Result<Control, EvalError>;

impl Machine<'_> {
    /// Starts deciding a quantifier.
    pub(super) fn quantify(
        &mut self,
        quantifier: Quantifier,
        term: &Term,
        ty: &Term,
        body: &Term,
        env: Env,
    ) -> Next {
        let (domain, body) = match with_refinement(self.program, quantifier, ty, body) {
            Some((base, body)) => (domain_of(self.program, quantifier, &base, &body), body),
            // Nobody can tell which values are of the type.
            None => (Domain { terms: Vec::new(), source: Source::Nothing }, body.clone()),
        };
        let search = Search {
            quantifier,
            term: term.clone(),
            body,
            env,
            domain,
            known: Vec::new(),
            candidates: Vec::new(),
            sampling: false,
            open: None,
        };
        self.next_domain_term(Box::new(search))
    }

    /// A term of the domain has a value.
    pub(super) fn domain_known(&mut self, mut search: Box<Search>, value: Value) -> Next {
        search.known.push(value);
        self.next_domain_term(search)
    }

    /// An instance of the body has a value.
    pub(super) fn instance_known(&mut self, mut search: Box<Search>, value: Value) -> Next {
        let decisive = search.quantifier == Quantifier::Exists;
        match value {
            Value::Bool(found) if found == decisive => return Ok(Control::Return(Value::Bool(decisive))),
            Value::Bool(_) => {}
            other => search.open = Some(super::print::why_stuck(self.program, &other)),
        }
        self.next_candidate(search)
    }

    /// An error inside: while the domain is worked out, or for a sample that no guard protects, the quantifier
    /// stays undecided; otherwise the error stands. Gives the error back when nobody takes it.
    pub(super) fn recover(&mut self, error: EvalError) -> Next {
        while let Some(frame) = self.stack.pop() {
            match frame {
                Frame::Domain(mut search) if !error.is_limit() => {
                    search.domain.source = Source::Nothing;
                    search.open = Some(format!("its bounds cannot be worked out: {error}"));
                    return Ok(Control::Return(search.undecided()));
                }
                Frame::Instance(mut search) if search.sampling && !error.is_limit() => {
                    search.open.get_or_insert_with(|| error.to_string());
                    return self.next_candidate(search);
                }
                frame => self.undo(&frame),
            }
        }
        Err(error)
    }

    fn next_domain_term(&mut self, mut search: Box<Search>) -> Next {
        if let Some(term) = search.domain.terms.get(search.known.len()) {
            let (term, env) = (term.clone(), search.env.clone());
            self.stack.push(Frame::Domain(search));
            return Ok(Control::Eval(term, env));
        }
        search.find_candidates(self.program);
        self.next_candidate(search)
    }

    fn next_candidate(&mut self, mut search: Box<Search>) -> Next {
        match search.candidates.pop() {
            Some(candidate) => {
                let (body, env) = (search.body.clone(), search.env.with(candidate));
                self.take(64, search.term.span)?;
                self.stack.push(Frame::Instance(search));
                Ok(Control::Eval(body, env))
            }
            None if search.open.is_some() => Ok(Control::Return(search.undecided())),
            None => Ok(Control::Return(Value::Bool(search.quantifier == Quantifier::Forall))),
        }
    }
}

impl Search {
    fn undecided(&self) -> Value {
        let because = self.open.as_deref().unwrap_or_default();
        Value::stuck(Stuck::Undecidable(self.term.clone(), self.env.clone(), because.into()))
    }

    /// Turns the domain into candidates, or says why it stays open.
    fn find_candidates(&mut self, program: &Program) {
        let endless = || Some("it ranges over endlessly many values".to_owned());
        let waiting = || Some("its bounds wait for a hole".to_owned());
        match std::mem::take(&mut self.domain.source) {
            Source::Listed(values) => self.candidates = values,
            Source::Between { lows, highs } => {
                let low = lows.iter().map(|sum| sum.value(&self.known)).max();
                let high = highs.iter().map(|sum| sum.value(&self.known)).min();
                match (low.flatten(), high.flatten()) {
                    (Some(low), Some(high)) if &high - &low >= BigInt::from(MOST_CANDIDATES) => {
                        self.open = Some(format!("it ranges from {low} to {high}, too many to try"));
                    }
                    (Some(low), Some(high)) => {
                        let mut number = low;
                        while number <= high {
                            self.candidates.push(Value::Int(number.clone()));
                            number += 1;
                        }
                    }
                    _ => self.open = waiting(),
                }
            }
            Source::Elements => {
                let spine = self.known.first().zip(program.list()).map(|(value, list)| value.spine(list));
                if let Some((elements, rest)) = spine {
                    self.open = rest.and_then(|_| waiting());
                    self.candidates = elements.into_iter().cloned().collect();
                }
            }
            Source::Part(path) => match self.known.first().map(|value| part(value, &path)) {
                Some(Part::Found(value)) => self.candidates = vec![value],
                Some(Part::Absent) => {}
                Some(Part::Open) | None => self.open = waiting(),
            },
            Source::NearbyNumbers => {
                self.sampling = true;
                self.open = endless();
                self.candidates = nearby_numbers(&self.env);
            }
            Source::NearbyTexts => {
                self.sampling = true;
                self.open = endless();
                self.candidates = nearby_texts(&self.env);
            }
            Source::Nothing => self.open = endless(),
        }
        self.candidates.reverse();
    }
}

/// Values of the environment and their parts, a bounded number of them.
fn harvest(env: &Env) -> Vec<&Value> {
    let mut todo: Vec<&Value> = env.iter().take(HARVESTED).collect();
    let mut found = Vec::new();
    while let Some(value) = todo.pop() {
        if found.len() >= HARVESTED {
            break;
        }
        found.push(value);
        match value {
            Value::Tuple(tuple) => todo.extend(&tuple.items),
            Value::Data(data) => todo.extend(&data.fields),
            _ => {}
        }
    }
    found
}

fn nearby_numbers(env: &Env) -> Vec<Value> {
    let mut numbers: BTreeSet<BigInt> = (-2..=3).map(BigInt::from).collect();
    for value in harvest(env) {
        if let (Value::Int(n), true) = (value, numbers.len() < SAMPLES) {
            numbers.extend([n - 1, n.clone(), n + 1]);
        }
    }
    numbers.into_iter().map(Value::Int).collect()
}

fn nearby_texts(env: &Env) -> Vec<Value> {
    let mut texts: BTreeSet<&str> = ["", "a", " "].into();
    for value in harvest(env) {
        if let (Value::Str(text), true) = (value, texts.len() < SAMPLES) {
            texts.insert(text);
        }
    }
    texts.into_iter().map(Value::text).collect()
}
