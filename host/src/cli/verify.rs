//! `lift verify`.

use super::check::plural;
use super::output::{Exit, Failure, Output};
use super::{check, source};
use crate::engine::Engine;
use lift_core::logic::{Tier, Verdict};
use lift_core::report::{ObligationReport, VerifyFile, VerifyReport, verify_file};
use std::path::PathBuf;

pub(super) fn run(files: &[PathBuf], engine: &Engine, output: &Output) -> Result<Exit, Failure> {
    let mut report = VerifyReport { schema: "lift.verify/1".to_owned(), files: Vec::new() };
    let mut exit = Exit::Fine;
    for file in files {
        let source = source::read(file)?;
        let checked = source.checked();
        let found = verify_file(&source.path, &checked, &engine.verify(&checked));
        exit = exit_of(&found, checked.has_errors(), exit);
        if !output.is_json() {
            check::print_findings(&source.path, &checked, output);
            print(&found, output);
        }
        report.files.push(found);
    }
    if output.is_json() {
        output.json(&report)?;
    }
    Ok(exit)
}

/// The worse of what was found before and what this file adds: errors and refutations, then what is undecided.
pub(super) fn exit_of(found: &VerifyFile, errors: bool, before: Exit) -> Exit {
    let any = |verdict| {
        found.obligations.iter().any(|owed| owed.verdict == verdict)
            || found.declarations.iter().any(|declared| declared.verdict == verdict)
    };
    if errors || any(Verdict::Refuted) || before == Exit::Findings {
        Exit::Findings
    } else if any(Verdict::Unknown) || before == Exit::Undecided {
        Exit::Undecided
    } else {
        before
    }
}

/// Verdicts for people: one line for each declaration, more where something is not proved.
pub(super) fn print(found: &VerifyFile, output: &Output) {
    for declared in &found.declarations {
        let verdict = mark(declared.verdict, output);
        let owed =
            if declared.owed == 0 { "owes nothing".to_owned() } else { plural(declared.owed, "obligation") };
        output.line(&format!("{verdict}  {}  ({owed})", output.paint("1", &declared.name)));
        let open = found.obligations.iter().filter(|owed| owed.declaration == declared.name);
        for owed in open.filter(|owed| owed.verdict != Verdict::Proved) {
            print_obligation(&found.path, owed, output);
        }
        // What the obligations do not say themselves: that the declaration rests on another one.
        let said = found.obligations.iter().any(|owed| {
            owed.declaration == declared.name && owed.verdict == Verdict::Unknown && !owed.because.is_empty()
        });
        if declared.verdict == Verdict::Unknown && !said && !declared.because.is_empty() {
            output.line(&format!("       {}", declared.because));
        }
    }
    for warning in &found.warnings {
        let place = warning.span.start;
        output.line(&format!("{}:{}:{}: {}", found.path, place.line, place.column, warning.message));
    }
    let count = |verdict| found.declarations.iter().filter(|declared| declared.verdict == verdict).count();
    let by = |tier| found.obligations.iter().filter(|owed| owed.tier == tier).count();
    let tiers =
        [(Tier::Simplifier, "simplified"), (Tier::Search, "by running"), (Tier::Smt, "by the solver")];
    let tiers: Vec<String> = tiers
        .into_iter()
        .filter(|(tier, _)| by(*tier) > 0)
        .map(|(tier, how)| format!("{} {how}", by(tier)))
        .collect();
    output.line(&format!(
        "{}: {} proved, {} refuted, {} unknown{}",
        found.path,
        count(Verdict::Proved),
        count(Verdict::Refuted),
        count(Verdict::Unknown),
        if tiers.is_empty() { String::new() } else { format!("  (obligations: {})", tiers.join(", ")) },
    ));
}

fn print_obligation(path: &str, owed: &ObligationReport, output: &Output) {
    let place = owed.span.start;
    let path = owed.path.as_deref().unwrap_or(path);
    output.line(&format!(
        "    {}  {}  {path}:{}:{}",
        mark(owed.verdict, output),
        owed.reason,
        place.line,
        place.column
    ));
    if let Some(condition) = &owed.condition {
        output.line(&format!("       {condition}"));
    }
    if let Some(counterexample) = &owed.counterexample {
        let values: Vec<String> =
            counterexample.values.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let values = if values.is_empty() { "every input".to_owned() } else { values.join(", ") };
        let how = if counterexample.confirmed {
            "fails, as running it shows, for"
        } else {
            "may fail (not confirmed) for"
        };
        output.line(&format!("       {how} {values}"));
    }
    if owed.verdict == Verdict::Unknown && !owed.because.is_empty() {
        output.line(&format!("       {}", owed.because));
    }
}

fn mark(verdict: Verdict, output: &Output) -> String {
    match verdict {
        Verdict::Proved => output.paint("32", "✓ proved "),
        Verdict::Refuted => output.paint("31", "✗ refuted"),
        Verdict::Unknown => output.paint("33", "? unknown"),
    }
}
