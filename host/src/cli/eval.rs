//! `lift eval`.

use super::output::{Exit, Failure, Output};
use super::{check, source};
use lift_core::eval::Options;
use lift_core::report::{EvalStatus, eval_report};
use lift_core::syntax::parse_term;
use std::path::Path;

/// How many ways of reaching holes are shown.
const MOST_EVIDENCE: usize = 8;

pub(super) fn run(file: &Path, expression: &str, output: &Output) -> Result<Exit, Failure> {
    let source = source::read(file)?;
    let checked = source.checked();
    let report = eval_report(&checked, expression, &Options::checking());
    let exit = match report.status {
        EvalStatus::Value => Exit::Fine,
        EvalStatus::Indeterminate => Exit::Undecided,
        EvalStatus::Error => Exit::Findings,
    };
    if output.is_json() {
        output.json(&report)?;
        return Ok(exit);
    }
    if checked.has_errors() {
        check::print_findings(&source.path, &checked, output);
    }
    if !report.diagnostics.is_empty() {
        let (expr, mut found) = parse_term(expression);
        if found.is_empty() {
            found = lift_core::check::check_term(&checked.program, &expr, None).err().unwrap_or_default();
        }
        for one in &found {
            output.say(&super::snippet::render("the expression", expression, one, output));
        }
        return Ok(exit);
    }
    match report.status {
        EvalStatus::Error => output.say(&format!("lift: {}", report.result)),
        EvalStatus::Value | EvalStatus::Indeterminate => output.line(&report.result),
    }
    // All of it is in the JSON.
    for entry in report.evidence.iter().take(MOST_EVIDENCE) {
        let values: Vec<String> =
            entry.environment.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let times = if entry.times == 1 { String::new() } else { format!(" ({} times)", entry.times) };
        let with = if values.is_empty() { String::new() } else { format!(" with {}", values.join(", ")) };
        output.say(&format!("  reached ?{}{with}{times}", entry.hole));
    }
    let more = report.evidence.len().saturating_sub(MOST_EVIDENCE);
    if more > 0 {
        output.say(&format!("  and {more} more"));
    }
    Ok(exit)
}
