//! `lift plan`.

use super::output::{Exit, Failure, Output};
use super::source;
use crate::engine::Engine;
use lift_core::check::Checked;
use lift_core::eval::Limits;
use lift_core::plan::{Choice, Found, Plan, PlanOptions, Proposal, judge, taken};
use lift_core::report::{PlanReport, plan_report};
use std::path::PathBuf;

/// How much an example may do while a plan is made.
const STEPS: u64 = 200_000;

/// What is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Asked {
    /// A document; `-` is standard input.
    pub file: PathBuf,
    /// A choice of your own, as `?hole=term`; may be repeated.
    #[arg(long = "choose", value_name = "?HOLE=TERM", value_parser = choice)]
    pub choices: Vec<Choice>,
    /// How many combinations are judged at most.
    #[arg(long, default_value_t = 300)]
    pub budget: usize,
    /// Write the choices into the document, when they stand together.
    #[arg(long)]
    pub apply: bool,
}

fn choice(text: &str) -> Result<Choice, String> {
    let (hole, term) = text.split_once('=').ok_or("write ?hole=term")?;
    let (hole, term) = (hole.trim().trim_start_matches('?'), term.trim());
    match hole.is_empty() || term.is_empty() {
        true => Err("write ?hole=term".to_owned()),
        false => Ok(Choice { hole: hole.to_owned(), term: term.to_owned() }),
    }
}

/// `lift plan FILE`.
pub(super) fn run(asked: &Asked, engine: &Engine, output: &Output) -> Result<Exit, Failure> {
    let source = source::read(&asked.file)?;
    if asked.apply && source.path == "-" {
        return Err(
            Failure::usage("there is no writing to standard input").hint("name a file, or leave out --apply")
        );
    }
    let checked = source.sound("there is no planning it", output)?;
    let mut plan = Plan::new(&checked, &PlanOptions::default());
    for choice in &asked.choices {
        plan.fix(choice).map_err(|error| Failure::usage(error.to_string()))?;
    }
    let limits = Limits { steps: STEPS, ..Limits::default() };
    let mut verify = |checked: &Checked| engine.verify(checked);
    let found = plan.find(&mut |choices| judge(&checked, choices, &limits, &mut verify), asked.budget);
    let outcome = match found {
        Found::Plan => Some(with_choices(&checked, &plan.way())?),
        _ => None,
    };
    let verdicts = outcome.as_ref().map(|taken| engine.verify(taken));
    let report = plan_report(&source.path, &plan, found, verdicts.as_ref());
    let exit = exit(&report);
    if let (true, Some(taken)) = (asked.apply, &outcome) {
        if source::read(&asked.file)?.text != source.text {
            let failure = Failure::usage(format!("{} was changed while it was planned", source.path));
            return Err(failure.hint("nothing was written; run it again"));
        }
        source::write(&asked.file, &taken.text)?;
    }
    match output.is_json() {
        true => output.json(&report)?,
        false => print(&report, asked, output),
    }
    Ok(exit)
}

/// Refuted is an error in what is there; what is left open, or has no verdict, is undecided.
fn exit(report: &PlanReport) -> Exit {
    match report.found {
        Found::Broken { .. } | Found::Nothing => Exit::Findings,
        Found::OutOfBudget { .. } => Exit::Undecided,
        Found::Plan if report.undecided.is_empty() && report.unknown.is_empty() => Exit::Fine,
        Found::Plan => Exit::Undecided,
    }
}

fn with_choices(checked: &Checked, way: &[Choice]) -> Result<Checked, Failure> {
    taken(checked, way)
        .map_err(|(choice, _)| Failure::internal(format!("the plan stands, but {choice} cannot be taken")))
}

fn print(report: &PlanReport, asked: &Asked, output: &Output) {
    for (number, step) in report.steps.iter().enumerate() {
        let choice = &step.choice;
        output.line(&format!(
            "{}. ?{} = {}",
            number + 1,
            output.paint("1", &choice.hole),
            output.paint("1", &choice.term)
        ));
        step.because.iter().for_each(|because| output.line(&format!("     {because}")));
        if !step.alternatives.is_empty() {
            output.line(&format!("     also possible: {}", step.alternatives.join(", ")));
        }
    }
    for left in &report.undecided {
        output.line(&format!("?{}: {}", output.paint("1", &left.hole), left.because));
    }
    report.unknown.iter().for_each(|unknown| output.line(&format!("not known {unknown}")));
    match (&report.found, &report.next) {
        (Found::Broken { reason }, _) => {
            output.line(&format!("the document fails without any choice: {reason}"));
        }
        (Found::OutOfBudget { judged }, _) => output.line(&format!(
            "{judged} combinations were judged and none stands yet; more with --budget {}",
            judged.saturating_mul(4)
        )),
        (_, Proposal::Exhausted { failures, fixed }) => {
            output.line("no combination of the candidates is left:");
            failures.iter().for_each(|failure| output.line(&format!("  {failure}")));
            for choice in fixed {
                output.line(&format!("  you chose {choice}"));
            }
            output.line("Change what is asked, or give a term of your own with --choose '?hole=term'.");
        }
        (Found::Plan, _) if report.steps.is_empty() => {
            output.line(&format!("{}: there is nothing to choose", report.path));
        }
        (Found::Plan, Proposal::Decide { choice, .. }) if !asked.apply => {
            output.line(&format!("next: lift fill {} '?{}' '{}'", report.path, choice.hole, choice.term));
            output.line("all of them: --apply");
        }
        _ => output.line(&format!("{}: written", report.path)),
    }
}
