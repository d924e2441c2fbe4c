//! Running an obligation: with values for its variables, does the evaluator see it fail?
//!
//! Only this makes a counterexample. Whatever cannot be decided by running (a hole, an endless quantifier, another
//! error on the way, a limit) is not one.

use crate::eval::{ClauseKind, Evaluation, TypeClosure};
use crate::eval::{
    Contracts, Env, EvalErrorKind, Limits, Match, Options, Outcome, Value, call, evaluate, matches,
};
use crate::ir::{DeclId, Icit, Name, PrimType, Program, Term, TermKind};
use crate::logic::formula::Id;
use crate::logic::obligation::{Claim, Frame, Obligation};
use std::sync::Arc;

/// What running an obligation shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// It was reached and does not hold.
    Fails,
    /// It was reached and holds.
    Holds,
    /// These values do not lead to it.
    NotReached,
    /// Nothing: it waits for a hole, has no end, or something else went wrong first.
    Undecided,
}

/// Chooses values for the variables on the way. `None` gives up.
pub trait Choose {
    /// A value of type `ty`, read in `env`. The constant is what stands for the variable in formulas.
    fn choose(&mut self, name: &Name, ty: &Term, env: &Env, constant: Id) -> Option<Value>;
}

/// Runs what is owed, within limits, and counts the steps.
pub struct Runner<'p> {
    /// Where declarations are looked up.
    pub program: &'p Program,
    /// Steps used so far, over all runs.
    pub steps: u64,
    options: Options,
    checking: Options,
}

impl<'p> Runner<'p> {
    /// A runner whose every run is kept short.
    pub fn new(program: &'p Program) -> Self {
        let limits = Limits { steps: 20_000, depth: 4_000, memory: 16 << 20, ..Limits::default() };
        Runner {
            program,
            steps: 0,
            options: Options { limits: limits.clone(), contracts: Contracts::Off },
            checking: Options { limits, contracts: Contracts::Check },
        }
    }

    /// A run of a term.
    pub fn run(&mut self, term: &Term, env: &Env) -> Evaluation {
        let evaluation = evaluate(self.program, term, env, &self.options);
        self.steps += evaluation.steps + 20;
        evaluation
    }

    /// The value of a term, when there is one and nothing in it is open.
    pub fn value(&mut self, term: &Term, env: &Env) -> Option<Value> {
        match self.run(term, env).outcome {
            Outcome::Value(value) => Some(value),
            Outcome::Indeterminate(_) | Outcome::Error(_) => None,
        }
    }

    /// The value of a call, or that it runs into an error: an operation that cannot be done, or something that its
    /// own definition does not allow.
    fn runs(&mut self, term: &Term, env: &Env) -> Option<Option<Value>> {
        let evaluation = evaluate(self.program, term, env, &self.checking);
        self.steps += evaluation.steps + 20;
        match evaluation.outcome {
            Outcome::Value(value) => Some(Some(value)),
            Outcome::Indeterminate(_) => None,
            Outcome::Error(error) => match error.kind {
                EvalErrorKind::DivisionByZero
                | EvalErrorKind::IndexOutOfRange { .. }
                | EvalErrorKind::NoArmMatches(_) => Some(None),
                EvalErrorKind::Contract(violation)
                    if matches!(
                        violation.clause,
                        // The parameter of a function written in place has the type of a `let`.
                        ClauseKind::Requires | ClauseKind::Parameter | ClauseKind::Let
                    ) =>
                {
                    Some(None)
                }
                _ => None,
            },
        }
    }

    /// What a definition gives for these arguments: a value, or nothing when it runs into an error. Nothing is said
    /// where it may not be called.
    pub fn outcome(&mut self, id: DeclId, args: &[Value]) -> Option<Option<Value>> {
        let evaluation = call(self.program, id, args, &self.checking);
        self.steps += evaluation.steps + 20;
        match evaluation.outcome {
            Outcome::Value(value) => Some(Some(value)),
            Outcome::Indeterminate(_) => None,
            Outcome::Error(error) if error.is_limit() => None,
            Outcome::Error(error) => match error.kind {
                EvalErrorKind::Contract(found)
                    if found.outermost
                        && matches!(found.clause, ClauseKind::Requires | ClauseKind::Parameter) =>
                {
                    None
                }
                _ => Some(None),
            },
        }
    }

    /// Whether a definition runs into no error, given its parameters.
    fn whole(&mut self, id: DeclId, env: &Env) -> Option<bool> {
        let params = &self.program.def(id)?.params;
        let all = env.innermost(params.len());
        let explicit = all.into_iter().zip(params).filter(|(_, param)| param.icit == Icit::Explicit);
        let args: Vec<Value> = explicit.map(|(value, _)| value).collect();
        self.outcome(id, &args).map(|outcome| outcome.is_some())
    }

    /// Whether a condition is true, when that can be seen.
    pub fn truth(&mut self, term: &Term, env: &Env) -> Option<bool> {
        match self.value(term, env)? {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Whether a value belongs to a type, when that can be seen.
    pub fn belongs(&mut self, value: &Value, ty: &Term, env: &Env) -> Option<bool> {
        // `let it: T = v in it`, with contracts checked: the check of the `let` is the question.
        let var = TermKind::Var(0).into_term();
        let question = TermKind::Let("it".into(), ty.shift(1), var.clone(), var).into_term();
        let evaluation = evaluate(self.program, &question, &env.with(value.clone()), &self.checking);
        self.steps += evaluation.steps + 20;
        match evaluation.outcome {
            Outcome::Value(_) if evaluation.undecided.is_empty() => Some(true),
            Outcome::Error(error) => match error.kind {
                EvalErrorKind::Contract(violation)
                    if matches!(
                        violation.clause,
                        ClauseKind::Let | ClauseKind::Invariant | ClauseKind::Field
                    ) =>
                {
                    Some(false)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Follows the way to an obligation with the chosen values and looks at it.
    pub fn replay(&mut self, obligation: &Obligation, choice: &mut dyn Choose) -> Seen {
        let mut env = Env::new();
        for frame in &obligation.frames {
            match self.step(frame, &env, choice) {
                Ok(next) => env = next,
                Err(seen) => return seen,
            }
        }
        self.claim(&obligation.claim, &env)
    }

    /// One step of the way.
    pub fn step(&mut self, frame: &Frame, env: &Env, choice: &mut dyn Choose) -> Result<Env, Seen> {
        match frame {
            Frame::Type(_) => Ok(env.with(some_type())),
            Frame::Any(name, ty, constant) => {
                let value = choice.choose(name, ty, env, *constant).ok_or(Seen::Undecided)?;
                match self.belongs(&value, ty, env) {
                    Some(true) => Ok(env.with(value)),
                    Some(false) => Err(Seen::NotReached),
                    None => Err(Seen::Undecided),
                }
            }
            _ => self.passed(frame, env),
        }
    }

    /// A step that chooses nothing.
    pub fn passed(&mut self, frame: &Frame, env: &Env) -> Result<Env, Seen> {
        match frame {
            Frame::Type(_) => Ok(env.with(some_type())),
            Frame::Any(..) => Err(Seen::Undecided),
            Frame::Let(_, term) => self.value(term, env).map(|value| env.with(value)).ok_or(Seen::Undecided),
            Frame::When(condition) => self.only(condition, env, true),
            Frame::Unless(condition) => self.only(condition, env, false),
            Frame::Arm(scrutinee, arms, number) => {
                let value = self.value(scrutinee, env).ok_or(Seen::Undecided)?;
                for (place, arm) in arms.iter().enumerate() {
                    match matches(&arm.pattern, &value) {
                        Match::Yes(bound) if place == *number => {
                            return Ok(bound.into_iter().fold(env.clone(), |env, value| env.with(value)));
                        }
                        Match::Yes(_) => return Err(Seen::NotReached),
                        Match::No => {}
                        Match::Unknown => return Err(Seen::Undecided),
                    }
                }
                Err(Seen::NotReached)
            }
        }
    }

    fn only(&mut self, condition: &Term, env: &Env, wanted: bool) -> Result<Env, Seen> {
        match self.truth(condition, env) {
            Some(value) if value == wanted => Ok(env.clone()),
            Some(_) => Err(Seen::NotReached),
            None => Err(Seen::Undecided),
        }
    }

    /// Looks at what must hold.
    pub fn claim(&mut self, claim: &Claim, env: &Env) -> Seen {
        let held = match claim {
            Claim::Holds(term) => self.truth(term, env),
            Claim::Has(term, ty) => self.value(term, env).and_then(|value| self.belongs(&value, ty, env)),
            Claim::Whole(id) => self.whole(*id, env),
            Claim::Runs(term, ty) => self.runs(term, env).and_then(|value| match value {
                Some(value) => ty.as_ref().map_or(Some(true), |ty| self.belongs(&value, ty, env)),
                None => Some(false),
            }),
            Claim::Matched(scrutinee, patterns) => self.value(scrutinee, env).and_then(|value| {
                let found: Vec<Match> = patterns.iter().map(|pattern| matches(pattern, &value)).collect();
                if found.iter().any(|found| matches!(found, Match::Yes(_))) {
                    Some(true)
                } else if found.iter().any(|found| matches!(found, Match::Unknown)) {
                    None
                } else {
                    Some(false)
                }
            }),
            Claim::Silent => None,
        };
        match held {
            Some(true) => Seen::Holds,
            Some(false) => Seen::Fails,
            None => Seen::Undecided,
        }
    }
}

/// What type parameters are when something is run: a definition that treats them all alike is as wrong for `Int`
/// as for any other.
pub fn some_type() -> Value {
    Value::Type(Arc::new(TypeClosure { term: TermKind::Prim(PrimType::Int).into_term(), env: Env::new() }))
}
