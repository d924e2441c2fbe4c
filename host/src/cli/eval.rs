//! `lift eval`.

use super::output::{Exit, Failure, Output};
use super::{check, source};
use lift_core::eval::Options;
use lift_core::report::{EvalStatus, eval_report};
use lift_core::syntax::parse_term;
use std::path::Path;

pub(super) fn run(file: &Path, expression: &str, output: &Output) -> Result<Exit, Failure> {
    let source = source::read(file)?;
    let checked = lift_core::check::check(&source.text);
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
    for entry in &report.evidence {
        let values: Vec<String> =
            entry.environment.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let times = if entry.times == 1 { String::new() } else { format!(" ({} times)", entry.times) };
        output.say(&format!("  reached ?{} with {}{times}", entry.hole, values.join(", ")));
    }
    Ok(exit)
}
