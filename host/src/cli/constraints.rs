//! `lift check --explain-constraints`.

use super::output::{Exit, Failure, Output};
use super::{check, source};
use lift_core::check::Ended;
use lift_core::report::{ComparisonReport, ConstraintsFile, ConstraintsReport, SpanReport, constraints_file};
use std::path::PathBuf;

pub(super) fn run(files: &[PathBuf], output: &Output) -> Result<Exit, Failure> {
    let mut report = ConstraintsReport { schema: "lift.constraints/1".to_owned(), files: Vec::new() };
    let mut exit = Exit::Fine;
    for file in files {
        let source = source::read(file)?;
        let checked = source.checked();
        if checked.has_errors() {
            exit = Exit::Findings;
        }
        let found = constraints_file(&source.path, &checked);
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

fn print(file: &ConstraintsFile, output: &Output) {
    let place = |span: &SpanReport| format!("{}:{}", span.start.line, span.start.column);
    let section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            output.line(&output.paint("1", title));
            lines.iter().for_each(|line| output.line(&format!("  {line}")));
        }
    };
    output.line(&format!("{}: what the check rested on", file.path));
    let compared = |it: &ComparisonReport, joined: &str| {
        let ended = match it.ended {
            Ended::Agreed => "",
            Ended::Disagreed => "  (they disagree)",
            Ended::Blocked => "  (undecided)",
        };
        format!("{:<8} {} {joined} {}{ended}", place(&it.span), it.found, it.wanted)
    };
    section("equal", file.equalities.iter().map(|it| compared(it, "=")).collect());
    section("allowed by", file.subtypings.iter().map(|it| compared(it, "where this is wanted:")).collect());
    let refinements = file.refinements.iter();
    section(
        "conditions",
        refinements
            .map(|it| format!("{:<8} {}  (of {})", place(&it.span), it.condition, it.wanted))
            .collect(),
    );
    let assigned = file.assignments.iter().map(|it| {
        let value = it.value.as_deref().unwrap_or("undecided");
        let by = it.decided_at.as_ref().map_or_else(String::new, |at| format!("  (by {})", place(at)));
        format!("{:<8} {} is {value}{by}", place(&it.span), it.unknown)
    });
    section("worked out", assigned.collect());
    let blocked = file.blocked.iter().map(|it| {
        let waits: Vec<String> =
            it.waits_for.iter().map(|wait| format!("{} ({})", wait.unknown, place(&wait.span))).collect();
        format!("{:<8} {} = {} waits for {}", place(&it.span), it.found, it.wanted, waits.join(" and "))
    });
    section("waiting", blocked.collect());
    let owed = file.obligations.iter().map(|it| {
        let condition = it.condition.as_ref().map_or_else(String::new, |condition| format!(": {condition}"));
        let settled = if it.settled { "settled" } else { "for `lift verify`" };
        format!("{:<8} `{}` owes that {}{condition}  ({settled})", place(&it.span), it.declaration, it.reason)
    });
    section("owed", owed.collect());
}
