//! `lift holes`, `lift fits`, `lift fill`.

use super::output::{Exit, Failure, Output};
use super::{check, snippet, source};
use lift_core::check::Checked;
use lift_core::holes::{DecisionError, FitOptions, FitSource, fits};
use lift_core::ir::HoleId;
use lift_core::report::{HoleStatus, fill_report, fits_report, holes_report};
use std::path::Path;

/// `lift holes FILE`.
pub(super) fn list(file: &Path, output: &Output) -> Result<Exit, Failure> {
    let source = source::read(file)?;
    let checked = source.checked();
    let report = holes_report(&source.path, &checked);
    if output.is_json() {
        output.json(&report)?;
        return Ok(Exit::Fine);
    }
    check::print_findings(&source.path, &checked, output);
    if report.holes.is_empty() {
        output.line(&format!("{}: nothing is open", source.path));
    }
    for (hole, node) in report.holes.iter().zip(&report.graph.holes) {
        let state = match hole.status {
            HoleStatus::Assumption => format!("assumed {}", hole.default.as_deref().unwrap_or("")),
            HoleStatus::Question => format!("usual answers: {}", hole.answers.join(", ")),
            HoleStatus::Solved => {
                format!("solved: {}", hole.solved.as_ref().map_or("", |it| it.says.as_str()))
            }
            HoleStatus::Open => "open".to_owned(),
        };
        output.line(&format!("?{}: {}  ({state})", output.paint("1", &hole.name), hole.ty));
        for words in hole.hint.iter().chain(&hole.because) {
            output.line(&format!("    {words}"));
        }
        if let Some(solved) = &hole.solved {
            output.line(&format!("    it can only be {}", solved.sentence()));
        }
        for known in &hole.known {
            output.line(&format!("    {}", known.sentence()));
        }
        if !node.waits_for.is_empty() {
            let names: Vec<String> = node.waits_for.iter().map(|(name, _)| format!("?{name}")).collect();
            output.line(&format!("    waits for {}", names.join(", ")));
        }
    }
    if report.critical_path.len() > 1 {
        let path: Vec<String> = report.critical_path.iter().map(|name| format!("?{name}")).collect();
        output.line(&format!("longest chain of decisions: {}", path.join(" -> ")));
    }
    Ok(Exit::Fine)
}

/// `lift fits FILE ?HOLE`.
pub(super) fn suggest(file: &Path, hole: &str, limit: usize, output: &Output) -> Result<Exit, Failure> {
    let source = source::read(file)?;
    let checked = source.checked();
    let id = find(&checked, hole)?;
    let found = fits(&checked, id, &FitOptions { limit, ..FitOptions::default() });
    let report = fits_report(&source.path, &checked, id, found)
        .ok_or_else(|| Failure::internal("the hole went missing"))?;
    if output.is_json() {
        output.json(&report)?;
        return Ok(Exit::Fine);
    }
    output.line(&format!("?{}: {}", report.hole.name, report.hole.ty));
    if report.fits.is_empty() {
        output.line("  nothing in scope fits; the library has nothing either");
    }
    for (position, fit) in report.fits.iter().enumerate() {
        let effect = &fit.effect;
        let mut notes = vec![from(fit.source).to_owned()];
        let run = effect.examples_passed + effect.examples_failed + effect.examples_open;
        if run > 0 {
            notes.push(format!("{} of {} examples hold", effect.examples_passed, run));
        }
        if !effect.opens.is_empty() {
            let opens: Vec<String> = effect.opens.iter().map(|name| format!("?{name}")).collect();
            notes.push(format!("leaves {}", opens.join(", ")));
        }
        output.line(&format!(
            "  {}. {}   ({})",
            position + 1,
            output.paint("1", &fit.term),
            notes.join("; ")
        ));
    }
    Ok(Exit::Fine)
}

fn from(source: FitSource) -> &'static str {
    match source {
        FitSource::Answer => "usual answer",
        FitSource::Use => "asked for by its uses",
        FitSource::Local => "in scope",
        FitSource::Constructor => "constructor",
        FitSource::Module => "this document",
        FitSource::Operator => "operator",
        FitSource::Library => "prelude",
    }
}

/// Whether `fill` writes, shows, or does neither.
#[derive(Debug, Clone, Copy)]
pub(super) struct Writing {
    pub dry_run: bool,
    pub diff: bool,
}

/// `lift fill FILE ?HOLE TERM`.
pub(super) fn decide(
    file: &Path,
    hole: &str,
    term: &str,
    writing: Writing,
    output: &Output,
) -> Result<Exit, Failure> {
    let source = source::read(file)?;
    let checked = source.checked();
    let decision = match source.filled(&checked, hole, term) {
        Ok(decision) => decision,
        Err(error) => return Err(refused(&source.path, term, error, output)),
    };
    let writes = !writing.dry_run && !writing.diff && source.path != "-";
    if writes {
        source::write(file, &decision.text)?;
    }
    if output.is_json() {
        output.json(&fill_report(&source.path, &checked, hole, &decision, writes))?;
    } else if writing.diff {
        output.line(
            similar::TextDiff::from_lines(&source.text, &decision.text)
                .unified_diff()
                .header(&source.path, &source.path)
                .to_string()
                .trim_end(),
        );
    } else if source.path == "-" {
        output.line(decision.text.trim_end());
    } else {
        for edit in fill_report(&source.path, &checked, hole, &decision, writes).edits {
            let place = edit.span.start;
            let what = if edit.replacement.is_empty() { "removed" } else { edit.replacement.as_str() };
            output.line(&format!(
                "{}:{}:{}: {} ({})",
                source.path, place.line, place.column, what, edit.reason
            ));
        }
        if !writes {
            output.say("nothing was written (--dry-run)");
        }
    }
    Ok(Exit::Fine)
}

fn find(checked: &Checked, hole: &str) -> Result<HoleId, Failure> {
    let name = hole.trim_start_matches('?');
    let position = checked.program.holes.iter().position(|known| &*known.name == name);
    position.map(|index| HoleId(index as u32)).ok_or_else(|| {
        no_such_hole(
            name,
            &checked.program.holes.iter().map(|hole| hole.name.to_string()).collect::<Vec<_>>(),
        )
    })
}

fn no_such_hole(name: &str, known: &[String]) -> Failure {
    let failure = Failure::usage(format!("there is no hole ?{name}"));
    if known.is_empty() {
        failure.hint("the document has no holes")
    } else {
        let names: Vec<String> = known.iter().map(|name| format!("?{name}")).collect();
        failure.hint(format!("its holes are {}", names.join(", ")))
    }
}

fn refused(path: &str, term: &str, error: DecisionError, output: &Output) -> Failure {
    let findings = |failure: Failure| Failure { exit: Exit::Findings, ..failure };
    match error {
        DecisionError::NoSuchHole { name, known } => no_such_hole(&name, &known),
        DecisionError::DoesNotFit { ty, diagnostics } => {
            for found in &diagnostics {
                output.say(&snippet::render("the term", term, found, output));
                output.say("");
            }
            findings(Failure::usage(format!("{path}: the term does not fit a hole of type `{ty}`")))
        }
        DecisionError::Breaks { diagnostics } => {
            let first = diagnostics.first().map(|found| found.message.clone()).unwrap_or_default();
            findings(Failure::usage(format!("{path}: with this term the document would not check: {first}")))
        }
        DecisionError::NotDeclared { name } => {
            Failure::usage(format!("?{name} has no declaration of its own"))
                .hint(format!("declare it: `hole ?{name}: term T`"))
        }
        DecisionError::NoDefault { name } => Failure::usage(format!("?{name} has no default to take back")),
    }
}
