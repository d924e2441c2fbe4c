//! Whether a combination of choices stands: the checker's word, then that of the examples, then that of the provers.

use super::planner::Choice;
use crate::check::Checked;
use crate::eval::{Env, EvalErrorKind, Limits, Options, Outcome, Value, evaluate};
use crate::holes::{DecisionError, fill};
use crate::ir::distill;
use crate::logic::{Report, Verdict};

/// What is said about a combination of choices, other holes left open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// Nothing contradicts it.
    Stands,
    /// It fails, whatever becomes of the other holes.
    Fails {
        /// Why, in words.
        reason: String,
    },
}

impl Judgement {
    fn fails(reason: impl Into<String>) -> Judgement {
        Judgement::Fails { reason: reason.into() }
    }
}

/// Takes the choices, in order, and looks for what is certainly wrong then: a term that does not fit, a document with
/// errors, an example that does not hold, a promise that is refuted. What runs too long, waits for a hole or is not
/// known is not certain. `verify` gives the verdicts: with a solver or without.
pub fn judge(
    checked: &Checked,
    choices: &[Choice],
    limits: &Limits,
    verify: &mut dyn FnMut(&Checked) -> Report,
) -> Judgement {
    let taken = match taken(checked, choices) {
        Ok(taken) => taken,
        Err((choice, error)) => return Judgement::fails(refused(choice, &error)),
    };
    if let Some(reason) = failing_example(&taken, limits) {
        return Judgement::fails(reason);
    }
    refutation(&verify(&taken)).map_or(Judgement::Stands, Judgement::fails)
}

/// The document with the choices taken, in order.
///
/// # Errors
/// The first choice that cannot be taken, and why.
pub fn taken<'c>(checked: &Checked, choices: &'c [Choice]) -> Result<Checked, (&'c Choice, DecisionError)> {
    let mut taken = checked.clone();
    for choice in choices {
        match fill(&taken, &choice.hole, &choice.term) {
            Ok(decision) => taken = taken.again(&decision.text),
            // An earlier choice settled it: there is nothing left to choose.
            Err(DecisionError::NoSuchHole { .. }) => {}
            Err(error) => return Err((choice, error)),
        }
    }
    Ok(taken)
}

/// The first promise that an input broke when it was run.
fn refutation(report: &Report) -> Option<String> {
    let refuted = report.obligations.iter().find(|owed| owed.verdict == Verdict::Refuted)?;
    let inputs = refuted.counterexample.iter().flat_map(|counterexample| &counterexample.values);
    let inputs: Vec<String> = inputs.map(|(name, value)| format!("{name} = {value}")).collect();
    let inputs = if inputs.is_empty() { String::new() } else { format!(" for {}", inputs.join(", ")) };
    Some(format!("in `{}`, {} fails{inputs}", refuted.name, refuted.reason))
}

fn refused(choice: &Choice, error: &DecisionError) -> String {
    let first = match error {
        DecisionError::DoesNotFit { diagnostics, .. } | DecisionError::Breaks { diagnostics } => {
            diagnostics.first().map(|found| found.message.clone())
        }
        _ => None,
    };
    match (error, first) {
        (DecisionError::DoesNotFit { ty, .. }, Some(first)) => {
            format!("{choice} does not fit its type `{ty}`: {first}")
        }
        (_, Some(first)) => format!("{choice} makes an error elsewhere: {first}"),
        _ => format!("{choice} cannot be taken"),
    }
}

/// The first example that certainly does not hold.
fn failing_example(checked: &Checked, limits: &Limits) -> Option<String> {
    let options = Options { limits: limits.clone(), ..Options::checking() };
    let program = &checked.program;
    program.examples.iter().find_map(|example| {
        let found = match evaluate(program, &example.term, &Env::new(), &options).outcome {
            Outcome::Value(Value::Bool(true)) | Outcome::Indeterminate(_) => return None,
            Outcome::Value(_) => "does not hold".to_owned(),
            Outcome::Error(error) => match error.kind {
                EvalErrorKind::OutOfFuel { .. }
                | EvalErrorKind::TooDeep { .. }
                | EvalErrorKind::TooLarge { .. }
                | EvalErrorKind::OutOfMemory { .. }
                | EvalErrorKind::IllTyped => return None,
                _ => format!("fails: {}", error),
            },
        };
        Some(format!("the example `{}` {found}", distill::show(&**program, &[], &example.term)))
    })
}
