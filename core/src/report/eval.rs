//! `lift.eval/1`: the value of an expression, as far as holes let it be known.

use super::check::{DiagnosticReport, diagnostic_report};
use crate::check::{Checked, check_term};
use crate::eval::{
    Env, EvalError, EvalErrorKind, Evaluation, ExampleOutcome, Options, Outcome, evaluate, print_value,
    run_examples,
};
use crate::ir::overload::surface_name;
use crate::syntax::parse_term;
use crate::syntax::span::LineIndex;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The report of `lift eval`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvalReport {
    /// `lift.eval/1`
    pub schema: String,
    /// The expression as given.
    pub expression: String,
    /// How it ended.
    pub status: EvalStatus,
    /// The value in surface syntax, with holes where it is open; what went wrong, for an error.
    pub result: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: Option<String>,
    /// Which values reached which hole.
    pub evidence: Vec<EvidenceReport>,
    /// Why the expression itself makes no sense; places are in the expression.
    pub diagnostics: Vec<DiagnosticReport>,
    /// Steps used.
    pub steps: u64,
}

/// How an evaluation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EvalStatus {
    /// A value.
    Value,
    /// Open somewhere: a hole is in the way.
    Indeterminate,
    /// No value.
    Error,
}

/// Values that reached a hole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceReport {
    /// The hole, without question mark.
    pub hole: String,
    /// The variables in its scope and their values.
    pub environment: BTreeMap<String, String>,
    /// How often it was reached with these.
    pub times: u64,
}

/// One example and how it went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExampleReport {
    /// The call, or the whole condition.
    pub call: String,
    /// What should come out.
    pub expected: String,
    /// What came out.
    pub got: String,
    /// Whether it holds; `None` while a hole keeps it open.
    pub ok: Option<bool>,
}

/// Evaluates an expression in the scope of a document.
pub fn eval_report(checked: &Checked, expression: &str, options: &Options) -> EvalReport {
    let program = &checked.program;
    let lines = LineIndex::new(expression);
    let mut report = EvalReport {
        schema: "lift.eval/1".to_owned(),
        expression: expression.to_owned(),
        status: EvalStatus::Error,
        result: "the expression makes no sense here".to_owned(),
        ty: None,
        evidence: Vec::new(),
        diagnostics: Vec::new(),
        steps: 0,
    };
    let (expr, found) = parse_term(expression);
    let checked_term = if found.is_empty() { check_term(program, &expr, None) } else { Err(found) };
    let (term, ty) = match checked_term {
        Ok(checked) => checked,
        Err(found) => {
            report.diagnostics = found.iter().map(|one| diagnostic_report(expression, &lines, one)).collect();
            return report;
        }
    };
    let evaluation = evaluate(program, &term, &Env::new(), options);
    report.ty = Some(crate::ir::distill::show_type(&**program, &[], &ty));
    report.steps = evaluation.steps;
    report.evidence = evidence(checked, &evaluation);
    (report.status, report.result) = match &evaluation.outcome {
        Outcome::Value(value) => (EvalStatus::Value, print_value(program, value)),
        Outcome::Indeterminate(value) => (EvalStatus::Indeterminate, print_value(program, value)),
        Outcome::Error(error) => (EvalStatus::Error, said(checked, error)),
    };
    report
}

/// What went wrong; of a broken promise also whose it is, and where it is written.
fn said(checked: &Checked, error: &EvalError) -> String {
    let EvalErrorKind::Contract(violation) = &error.kind else { return error.to_string() };
    let Some(id) = violation.declaration else { return error.to_string() };
    let whose = checked.program.decl(id).map_or("?", |decl| surface_name(&decl.name));
    let words = violation.clause_span.slice(&checked.text).split_whitespace().collect::<Vec<_>>().join(" ");
    // What is imported or of the prelude stands in another text.
    if !checked.program.own().any(|own| own == id) || words.is_empty() {
        return format!("{error}, of `{whose}`");
    }
    let place = checked.lines.position(&checked.text, violation.clause_span.start);
    format!("{error}: `{words}`, of `{whose}` ({}:{})", place.line, place.column)
}

fn evidence(checked: &Checked, evaluation: &Evaluation) -> Vec<EvidenceReport> {
    let entries = evaluation.evidence.iter().filter_map(|entry| {
        let hole = checked.program.hole(entry.hole)?.name.to_string();
        let environment = entry.environment.iter().map(|(name, value)| (name.to_string(), value.clone()));
        Some(EvidenceReport { hole, environment: environment.collect(), times: entry.times })
    });
    entries.collect()
}

/// Runs the examples of a document.
pub fn example_reports(checked: &Checked, options: &Options) -> Vec<ExampleReport> {
    let results = run_examples(&checked.program, options).into_iter().map(|result| ExampleReport {
        ok: match result.outcome {
            ExampleOutcome::Passed => Some(true),
            ExampleOutcome::Failed => Some(false),
            ExampleOutcome::Open => None,
        },
        call: result.call,
        expected: result.expected,
        got: result.got,
    });
    results.collect()
}
