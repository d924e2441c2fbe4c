//! The examples of a document, run.

use super::print::{brief, why_stuck};
use super::{Env, Evaluation, Options, Outcome, Value, evaluate};
use crate::ir::{Op, Program, Term, TermKind, distill};
use crate::syntax::span::Span;

/// One example and what running it gave.
#[derive(Debug, Clone)]
pub struct ExampleResult {
    /// For `f(a) == b` the left side, otherwise the whole condition, in surface syntax.
    pub call: String,
    /// For `f(a) == b` the value of the right side, otherwise `true`.
    pub expected: String,
    /// What came out: a value, an open value, or the error in words.
    pub got: String,
    /// How it went.
    pub outcome: ExampleOutcome,
    /// Its text.
    pub span: Span,
}

/// How an example went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExampleOutcome {
    /// It holds.
    Passed,
    /// It does not hold, or its evaluation ended in an error.
    Failed,
    /// A hole or an endless quantifier keeps it open.
    Open,
}

/// Runs every example of the document.
pub fn run_examples(program: &Program, options: &Options) -> Vec<ExampleResult> {
    program.examples.iter().map(|example| run(program, &example.term, example.span, options)).collect()
}

fn run(program: &Program, term: &Term, span: Span, options: &Options) -> ExampleResult {
    let whole = evaluate(program, term, &Env::new(), options);
    let outcome = match &whole.outcome {
        Outcome::Value(Value::Bool(true)) => ExampleOutcome::Passed,
        Outcome::Value(_) | Outcome::Error(_) => ExampleOutcome::Failed,
        Outcome::Indeterminate(_) => ExampleOutcome::Open,
    };
    let text = |term: &Term| distill::show(program, &[], term);
    let side = |term: &Term| told(program, &evaluate(program, term, &Env::new(), options));
    let (call, expected, got) = match &*term.kind {
        TermKind::Op(Op::Eq, parts) => match parts.as_slice() {
            [_, left, right] => (text(left), side(right), side(left)),
            _ => (text(term), "true".to_owned(), told(program, &whole)),
        },
        _ => (text(term), "true".to_owned(), told(program, &whole)),
    };
    ExampleResult { call, expected, got, outcome, span }
}

fn told(program: &Program, evaluation: &Evaluation) -> String {
    match &evaluation.outcome {
        Outcome::Value(value) => brief(program, value),
        Outcome::Indeterminate(value) => {
            format!("{} ({})", brief(program, value), why_stuck(program, value))
        }
        Outcome::Error(error) => error.to_string(),
    }
}
