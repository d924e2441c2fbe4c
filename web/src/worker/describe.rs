//! The engine's answers as messages: text made by the engine's own reports, places as the editor counts.

use crate::places::Places;
use lift_core::check::Checked;
use lift_core::draft::{Draft, Source};
use lift_core::eval::{Evaluation, Evidence, ExampleOutcome, ExampleResult, Outcome, print_value};
use lift_core::explain::Explanation;
use lift_core::holes::{DecisionError, Fit, FitSource};
use lift_core::ir::distill::show_type;
use lift_core::ir::overload::surface_name;
use lift_core::ir::{DeclKind, Declaration, HoleInfo, Program, subst};
use lift_core::logic::{DeclarationVerdict, Report, Settled, Tier, Verdict as CoreVerdict, Warning};
use lift_core::report::{self, HoleReport, HoleStatus};
use lift_core::syntax::diagnostic::{Diagnostic, Severity as Weight};
use lift_core::syntax::span::Span;
use lift_web::protocol::{
    self, Counterexample, Drafted, Evaluated, Example, Explained, Finding, Generated, Hole, Known, Named,
    Obligation, Place, Revision, Seen, Severity, Standing, Standings, Verified,
};
use std::collections::HashSet;

/// What to do about an import that is not there.
const MISSING: &str = "open that file here, or give one of your documents that name under Documents: this browser keeps \
                       documents by name, and imports find those";

/// What checking says.
pub fn checked(checked: &Checked, places: &Places) -> protocol::Checked {
    let at = |span| places.place(&checked.text, span);
    let mut own: Vec<&Declaration> =
        checked.program.own().filter_map(|id| checked.program.decl(id)).map(|it| &**it).collect();
    own.retain(|declaration| declaration.span != Span::default());
    own.sort_by_key(|declaration| declaration.span);
    let declaration =
        |(report, declaration): (report::DeclarationReport, &Declaration)| protocol::Declaration {
            name: report.name,
            kind: report.kind,
            ty: report.ty,
            place: at(declaration.name_span),
            whole: at(declaration.span),
        };
    protocol::Checked {
        findings: checked.diagnostics.iter().map(|found| finding(checked, found, &at)).collect(),
        declarations: report::declaration_reports(checked).into_iter().zip(own).map(declaration).collect(),
        // One report for each hole, in the same order.
        holes: checked
            .program
            .own_holes()
            .filter_map(|id| checked.program.hole(id))
            .zip(report::hole_reports(checked))
            .map(|(info, report)| hole(info, report, &at))
            .collect(),
        ..protocol::Checked::default()
    }
}

/// The names every document can use, each once, with the type an author would write.
pub fn prelude(program: &Program) -> Vec<Named> {
    let named = program.decls.iter().filter_map(|declaration| {
        let (kind, ty) = match &declaration.kind {
            DeclKind::Def(def) => {
                ("def", show_type(program, &[], &subst::function_type(&def.params, &def.result)))
            }
            DeclKind::Alias(..) | DeclKind::Data(_) => ("type", "Type".to_owned()),
            DeclKind::Spec(_) | DeclKind::Intent(_) => return None,
        };
        Some(Named { name: surface_name(&declaration.name).to_string(), kind: kind.to_owned(), ty })
    });
    let mut known = HashSet::new();
    named.filter(|it| known.insert(it.name.clone())).collect()
}

fn finding(checked: &Checked, found: &Diagnostic, at: &impl Fn(Span) -> Place) -> Finding {
    // A place in another document is not on the page: it is said with the rest.
    let (mut message, mut labels) = (found.message.clone(), Vec::new());
    for label in &found.labels {
        match checked.linked.locate(label.span) {
            Some((source, span)) => {
                let line = source.lines.position(&source.text, span.start).line;
                message += &format!(": line {line}, {}", label.message);
            }
            None => labels.push((at(label.span), label.message.clone())),
        }
    }
    let hint = match found.code.as_str() {
        "E0142" => Some(MISSING.to_owned()),
        _ => found.hint.clone(),
    };
    Finding {
        code: found.code.clone(),
        severity: match found.severity {
            Weight::Error => Severity::Error,
            Weight::Warning => Severity::Warning,
            Weight::Info => Severity::Info,
        },
        message,
        place: at(found.span),
        labels,
        hint,
    }
}

fn hole(info: &HoleInfo, report: HoleReport, at: &impl Fn(Span) -> Place) -> Hole {
    let word = |value: serde_json::Result<serde_json::Value>| match value {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    };
    Hole {
        name: report.name,
        kind: word(serde_json::to_value(report.kind)),
        ty: report.ty,
        standing: match report.status {
            HoleStatus::Question => Standing::Question,
            HoleStatus::Open | HoleStatus::Solved => Standing::Open,
            HoleStatus::Assumption => Standing::Assumption,
        },
        hint: report.hint,
        default: report.default,
        because: report.because,
        answers: report.answers,
        context: report.context.into_iter().map(|variable| (variable.name, variable.ty)).collect(),
        links: report
            .links
            .into_iter()
            .map(|link| (word(serde_json::to_value(link.kind)), link.hole))
            .collect(),
        declaration: report.declaration,
        uses: info.uses.iter().map(|span| at(*span)).collect(),
        declared: info.declared.map(at),
    }
}

/// A fit, with its source and what it changes in words.
pub fn fit(fit: Fit) -> protocol::Fit {
    let source = match fit.source {
        FitSource::Answer => "usual answer",
        FitSource::Use => "from its use",
        FitSource::Local => "in scope",
        FitSource::Constructor => "constructor",
        FitSource::Module => "this document",
        FitSource::Operator => "operator",
        FitSource::Library => "library",
    };
    let count = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 example {one}")),
        _ => Some(format!("{count} examples {many}")),
    };
    let effect = &fit.effect;
    let opens = (!effect.opens.is_empty()).then(|| format!("leaves ?{}", effect.opens.join(", ?")));
    let parts = [
        count(effect.examples_passed, "holds", "hold"),
        count(effect.examples_failed, "fails", "fail"),
        count(effect.examples_open, "stays open", "stay open"),
        opens,
    ];
    let effect = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    protocol::Fit { term: fit.term, ty: fit.ty, source: source.to_owned(), effect }
}

/// Why a hole was not decided, in words.
pub fn refusal(hole: &str, error: &DecisionError) -> String {
    let first = |found: &[Diagnostic]| found.first().map(|it| it.message.clone()).unwrap_or_default();
    match error {
        DecisionError::NoSuchHole { .. } => format!("There is no ?{hole} any more."),
        DecisionError::DoesNotFit { ty, diagnostics } => {
            format!("That does not fit ?{hole}, which has type {ty}: {}", first(diagnostics))
        }
        DecisionError::Breaks { diagnostics } => {
            format!("With that in ?{hole} the document would not check: {}", first(diagnostics))
        }
        DecisionError::NotDeclared { .. } => {
            format!("?{hole} has no declaration of its own. Declare it: hole ?{hole}: term T")
        }
        DecisionError::NoDefault { .. } => format!("?{hole} has no answer to take back."),
    }
}

/// How an evaluation went.
pub fn evaluated(revision: Revision, expression: String, program: &Program, run: &Evaluation) -> Evaluated {
    let (status, result) = match &run.outcome {
        Outcome::Value(value) => (protocol::Outcome::Value, print_value(program, value)),
        Outcome::Indeterminate(value) => (protocol::Outcome::Indeterminate, print_value(program, value)),
        Outcome::Error(error) => (protocol::Outcome::Error, error.to_string()),
    };
    Evaluated { revision, expression, status, result, seen: seen(program, &run.evidence) }
}

/// What is known of holes, and why.
pub fn known(checked: &Checked) -> Vec<Known> {
    let holes = report::known_holes(checked).into_iter();
    let known = holes.map(|hole| Known {
        says: hole.known.iter().map(report::KnownReport::sentence).collect(),
        solved: hole.solved.map(|solved| (solved.says.clone(), solved.sentence())),
        hole: hole.name,
    });
    known.filter(|known| known.solved.is_some() || !known.says.is_empty()).collect()
}

/// The values that reached holes.
pub fn seen(program: &Program, evidence: &[Evidence]) -> Vec<Seen> {
    let seen = evidence.iter().filter_map(|seen| {
        let hole = program.hole(seen.hole)?.name.to_string();
        let values = seen.environment.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
        Some(Seen { hole, values })
    });
    seen.collect()
}

/// How an example went.
pub fn example(ran: ExampleResult, at: impl Fn(Span) -> Place) -> Example {
    Example {
        call: ran.call,
        expected: ran.expected,
        got: ran.got,
        holds: match ran.outcome {
            ExampleOutcome::Passed => Some(true),
            ExampleOutcome::Failed => Some(false),
            ExampleOutcome::Open => None,
        },
        place: at(ran.span),
    }
}

/// A draft and its account.
pub fn drafted(words: String, draft: Draft) -> Drafted {
    let unused =
        draft.unused_words.iter().map(|unused| format!("Not used: \u{201c}{}\u{201d}.", unused.text));
    let notes = unused.chain(draft.notes.iter().cloned()).collect();
    let provenance = draft.provenance.into_iter().map(|part| {
        let from = match part.from {
            Source::Words { text, .. } => format!("your words \u{201c}{text}\u{201d}"),
            Source::Idiom(path) => format!("the library, {path}"),
            Source::Default(why) => format!("the usual answer: {why}"),
            Source::Answer => "your answer".to_owned(),
        };
        (part.part, from)
    });
    Drafted { words, document: draft.document, provenance: provenance.collect(), notes }
}

/// The long form of a code.
pub fn explained(entry: &Explanation) -> Explained {
    Explained {
        code: entry.code.to_owned(),
        title: entry.title.to_owned(),
        text: entry.text.to_owned(),
        example: entry.example.map(|example| (example.wrong.to_owned(), example.right.to_owned())),
    }
}

/// What verification says.
pub fn verified(revision: Revision, checked: &Checked, places: &Places, report: &Report) -> Verified {
    let at = |span| places.place(&checked.text, span);
    let obligation = |settled: &Settled| Obligation {
        declaration: settled.name.to_string(),
        reason: settled.reason.clone(),
        place: at(settled.span),
        source: settled.source.filter(|span| checked.linked.locate(*span).is_none()).map(at),
        verdict: verdict(settled.verdict),
        because: settled.because.clone(),
        counterexample: settled.counterexample.as_ref().map(|example| Counterexample {
            values: example.values.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
            confirmed: example.confirmed,
        }),
        tier: match settled.tier {
            Tier::Simplifier => "by simplification",
            Tier::Search => "by running it on small inputs",
            Tier::Smt => "by an SMT solver",
            Tier::None => "nobody could settle it",
        }
        .to_owned(),
        engine: settled.engine.clone(),
        units: settled.units,
    };
    let standings = |standing: &DeclarationVerdict| {
        let place = checked.program.decl(standing.declaration).map(|decl| decl.name_span).unwrap_or_default();
        Standings {
            name: standing.name.to_string(),
            verdict: verdict(standing.verdict),
            owed: standing.owed as u32,
            because: standing.because.clone(),
            place: at(place),
        }
    };
    let warning = |warning: &Warning| Finding {
        code: String::new(),
        severity: Severity::Warning,
        message: warning.message.clone(),
        place: at(warning.span),
        labels: Vec::new(),
        hint: None,
    };
    Verified {
        revision,
        obligations: report.obligations.iter().map(obligation).collect(),
        declarations: report.declarations.iter().map(standings).collect(),
        warnings: report.warnings.iter().map(warning).collect(),
    }
}

fn verdict(verdict: CoreVerdict) -> protocol::Verdict {
    match verdict {
        CoreVerdict::Proved => protocol::Verdict::Proved,
        CoreVerdict::Refuted => protocol::Verdict::Refuted,
        CoreVerdict::Unknown => protocol::Verdict::Unknown,
    }
}

/// Python, and what is not in it. Where there is no definition there is nothing to show.
pub fn generated(revision: Revision, made: lift_core::generate::Generated) -> Generated {
    let text = if made.definitions.is_empty() { String::new() } else { made.module };
    let left_out = made.left_out.into_iter().map(|(name, why)| (name.to_string(), why)).collect();
    let functions =
        made.definitions.into_iter().map(|(name, function)| (name.to_string(), function)).collect();
    Generated { revision, text, left_out, functions }
}
