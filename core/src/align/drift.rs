//! Where intent and spec have drifted apart, in words.
//!
//! A wish without a clause is a warning: something was asked for that nobody checks. A clause without a wish is worth
//! knowing and no more: a spec may well say more than was asked for.

use super::contract::{Contract, ContractClause};
use super::measure::{Bound, Bounded, Relation, bound_on, relation};
use super::{Alignment, ClauseKind, How, Pair};
use crate::explain::Explanation;
use crate::syntax::diagnostic::{Diagnostic, Severity};
use crate::syntax::span::Span;
use crate::syntax::tree::{IntentDecl, Measure};
use std::collections::BTreeMap;

/// What has no partner, and bounds that allow more than was asked for.
pub(super) fn drift(
    text: &str,
    intent: &IntentDecl,
    contract: &Contract<'_>,
    alignment: &Alignment,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (atom, (label, words, span)) in intent.goals.iter().enumerate() {
        if alignment.met_by(atom).next().is_none() {
            found.push(unmet_goal(
                &label.name,
                words,
                label.span.to(*span),
                contract,
                alignment.suggestion(atom),
            ));
        }
    }
    for (number, measure) in intent.constraints.iter().chain(&intent.metrics).enumerate() {
        let atom = intent.goals.len() + number;
        found.extend(measured(&Bounded::read(text, measure), measure, contract, alignment, atom));
    }
    if !intent.goals.is_empty() {
        for (place, clause) in contract.clauses.iter().enumerate() {
            if clause.kind == ClauseKind::Ensures && !alignment.is_asked_for(place) {
                found.push(unasked(clause, intent));
            }
        }
    }
    found
}

fn unmet_goal(
    label: &str,
    words: &str,
    span: Span,
    contract: &Contract<'_>,
    suggestion: Option<&Pair>,
) -> Diagnostic {
    let message = format!("no clause of `{}` answers the goal `{label}`", contract.name);
    let found = Diagnostic::warning("W0401", span, message).label(contract.name_span, "the clauses are here");
    let suggested =
        suggestion.and_then(|pair| contract.clauses.get(pair.clause).map(|clause| (pair, clause)));
    match suggested {
        Some((pair, clause)) if pair.how == How::Outcome => {
            let message = format!("the goal `{label}` rests on a clause that says all of the outcome");
            Diagnostic { severity: Severity::Info, ..Diagnostic::warning("W0401", span, message) }
                .label(
                    clause.span,
                    "this one: nothing about the outcome is open, and nothing says why it is this goal",
                )
                .hint(format!("to have it proved, say it as well: `ensures {label}: ...` for “{words}”"))
        }
        Some((pair, clause)) if clause.label.is_none() => found
            .label(clause.span, format!("perhaps this one: {}", pair.because))
            .hint(format!("if it is, call it so: `{} {label}: ...`", keyword(clause))),
        Some((pair, clause)) => found
            .label(clause.label_span.unwrap_or(clause.span), format!("perhaps this one: {}", pair.because))
            .hint("if it is, give both the same name"),
        None => found.hint(format!("say it as a condition: `ensures {label}: ...` for “{words}”")),
    }
}

fn keyword(clause: &ContractClause<'_>) -> &'static str {
    match clause.kind {
        ClauseKind::Requires => "requires",
        ClauseKind::Ensures | ClauseKind::Bound => "ensures",
    }
}

fn unasked(clause: &ContractClause<'_>, intent: &IntentDecl) -> Diagnostic {
    let message = match clause.label {
        Some(label) => format!("no goal of the intent asks for the clause `{label}`"),
        None => "no goal of the intent asks for this clause".to_owned(),
    };
    let label = clause.label.unwrap_or("name");
    let found = Diagnostic::warning("W0402", clause.label_span.unwrap_or(clause.span), message)
        .label(intent.title_span, "the goals are here")
        .hint(format!(
            "add `{label}: \"...\"` to the goals, or give the clause the name of the goal it answers"
        ));
    Diagnostic { severity: Severity::Info, ..found }
}

/// A constraint or metric: that it has a bound, that something in the spec bounds it, and not more loosely.
fn measured(
    wished: &Bounded<'_>,
    measure: &Measure,
    contract: &Contract<'_>,
    alignment: &Alignment,
    atom: usize,
) -> Option<Diagnostic> {
    let text = alignment.atoms.get(atom).map_or("", |atom| atom.text.as_str());
    let subject = wished.subject;
    if !wished.conditional {
        let message = format!("`{subject}` is measured and nothing says which values are good");
        return Some(
            Diagnostic::warning("W0403", measure.span, message)
                .hint(format!("give it a bound: `{subject} >= 0.9`, or `{subject} <= 5 ms`")),
        );
    }
    let bounds: Vec<&ContractClause<'_>> =
        alignment.met_by(atom).filter_map(|pair| contract.clauses.get(pair.clause)).collect();
    if bounds.is_empty() {
        let message = format!("nothing in `{}` bounds `{subject}`", contract.name);
        let hint = match subject {
            "cost" | "latency" => format!("add `{text}` to the spec"),
            _ => format!("add a clause that says how it is checked: `ensures {subject}: ...`"),
        };
        return Some(
            Diagnostic::warning("W0403", measure.span, message)
                .label(contract.name_span, "the clauses are here")
                .hint(hint),
        );
    }
    let stated: Vec<(&ContractClause<'_>, Relation)> =
        bounds.into_iter().map(|clause| (clause, how_tight(clause, wished, text))).collect();
    if stated.iter().any(|(_, relation)| *relation == Relation::Implies) {
        return None;
    }
    let (clause, relation) = stated.first()?;
    let message = match relation {
        Relation::Incomparable => {
            format!("`{text}` and the bound of `{}` cannot be compared", contract.name)
        }
        _ => format!("`{}` allows more than `{text}`", contract.name),
    };
    Some(
        Diagnostic::warning("W0404", clause.span, message)
            .label(measure.span, "what is asked for")
            .hint("make both say the same, in units of one kind"),
    )
}

/// How a clause that answers a measure relates to it. One that carries the name of what is measured, and is no bound
/// of the spec's own, is the author's word for how it is checked.
fn how_tight(clause: &ContractClause<'_>, wished: &Bounded<'_>, text: &str) -> Relation {
    let here = match &clause.bound {
        Some(bounded) => bounded.bound.as_ref().map(|bound| compared(bound, wished)),
        None => match bound_on(clause.body, wished.subject) {
            Some(bound) => Some(compared(&bound, wished)),
            None => return Relation::Implies,
        },
    };
    match here {
        Some(relation) => relation,
        // What cannot be read as a number says the same when it is the same.
        None if clause.text == text => Relation::Implies,
        None => Relation::Incomparable,
    }
}

fn compared(stated: &Bound<'_>, wished: &Bounded<'_>) -> Relation {
    wished.bound.as_ref().map_or(Relation::Incomparable, |wished| relation(stated, wished))
}

/// An intent that no spec answers.
pub(super) fn unanswered(intent: &IntentDecl) -> Option<Diagnostic> {
    let asks = !(intent.goals.is_empty() && intent.constraints.is_empty() && intent.metrics.is_empty());
    let message = "no spec answers this intent: nothing it asks for is checked";
    asks.then(|| {
        Diagnostic::warning("W0405", intent.title_span, message).hint(
            "write a `spec` with a clause for each goal, named as the goal; or leave it open: `hole ?done: spec`",
        )
    })
}

/// Names that stand for two goals, or two clauses of one kind.
pub(super) fn duplicates(intent: &IntentDecl, contract: Option<&Contract<'_>>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut goals: BTreeMap<&str, Span> = BTreeMap::new();
    for (label, _, _) in &intent.goals {
        if let Some(first) = goals.insert(&label.name, label.span) {
            found.push(twice("goals", &label.name, label.span, first));
        }
    }
    let mut clauses: BTreeMap<(ClauseKind, &str), Span> = BTreeMap::new();
    for clause in contract.iter().flat_map(|contract| &contract.clauses) {
        if let (Some(label), Some(span)) = (clause.label, clause.label_span)
            && let Some(first) = clauses.insert((clause.kind, label), span)
        {
            found.push(twice("clauses", label, span, first));
        }
    }
    found
}

fn twice(what: &str, label: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::warning("W0406", span, format!("two {what} are called `{label}`"))
        .label(first, "the other one")
        .hint("a name stands for one thing: rename one of them")
}

/// One entry for each code of drift.
pub const EXPLANATIONS: &[Explanation] = &[
    Explanation::new(
        "W0401",
        "a goal that no clause answers",
        "An intent says what is wanted, the spec beside it how that is checked. A goal is answered by the clause of \
         the same name, or by a clause without such a name that speaks of the same things. This goal has neither, so \
         nobody checks it.",
        "intent \"Double a number\" {\n  inputs { x: Int }\n  goals { twice: \"two times the number\", grows: \"never falls below it\" }\n}\n\
         spec Double(x: Int, result: Int) {\n  ensures twice: result == 2 * x\n}",
        "intent \"Double a number\" {\n  inputs { x: Int }\n  goals { twice: \"two times the number\" }\n}\n\
         spec Double(x: Int, result: Int) {\n  ensures twice: result == 2 * x\n}",
    ),
    Explanation::new(
        "W0402",
        "a clause that no goal asks for",
        "The spec states something that the intent beside it does not ask for. That may be fine: then say so in the \
         goals, so that whoever reads only those knows it too.",
        "intent \"Double a number\" {\n  inputs { x: Int }\n  goals { twice: \"two times the number\" }\n}\n\
         spec Double(x: Int, result: Int) {\n  ensures twice: result == 2 * x\n  ensures even: is_even(result)\n}",
        "intent \"Double a number\" {\n  inputs { x: Int }\n  goals { twice: \"two times the number\", even: \"an even number\" }\n}\n\
         spec Double(x: Int, result: Int) {\n  ensures twice: result == 2 * x\n  ensures even: is_even(result)\n}",
    ),
    Explanation::new(
        "W0403",
        "a measure without a bound",
        "A constraint or metric of an intent needs a bound, and something in the spec that answers it: `cost` and \
         `latency` are bounded there directly, anything else by a clause of its name or one that mentions it.",
        "intent \"Double a number\" {\n  inputs { x: Int }\n  constraints { latency <= 5 ms }\n}\n\
         spec Double(x: Int, result: Int) {\n  ensures result == 2 * x\n}",
        "intent \"Double a number\" {\n  inputs { x: Int }\n  constraints { latency <= 5 ms }\n}\n\
         spec Double(x: Int, result: Int) {\n  ensures result == 2 * x\n  latency <= 5 ms\n}",
    ),
    Explanation::new(
        "W0404",
        "a bound that allows more than was asked for",
        "The intent asks for a tighter bound than the spec states, or for one that cannot be compared with it: \
         `<= 5 s` does not give `< 5 s`, and milliseconds say nothing about cents.",
        "intent \"Double a number\" {\n  inputs { x: Int }\n  constraints { latency <= 5 ms }\n}\n\
         spec Double(x: Int, result: Int) {\n  ensures result == 2 * x\n  latency <= 1 s\n}",
        "intent \"Double a number\" {\n  inputs { x: Int }\n  constraints { latency <= 5 ms }\n}\n\
         spec Double(x: Int, result: Int) {\n  ensures result == 2 * x\n  latency <= 4_000 us\n}",
    ),
    Explanation::new(
        "W0405",
        "an intent that no spec answers",
        "Goals are words; only the clauses of a spec are checked. Nothing in the document belongs to this intent. A \
         document that is not that far says so with a hole: `hole ?done: spec`.",
        "intent \"Double a number\" {\n  goals { twice: \"two times the number\" }\n}",
        "intent \"Double a number\" {\n  goals { twice: \"two times the number\" }\n}\nhole ?done: spec hint \"when is it done?\"",
    ),
    Explanation::new(
        "W0406",
        "one name for two",
        "Goals and clauses are paired by their names, so a name stands for one of each.",
        "intent \"Double a number\" {\n  inputs { x: Int }\n  goals { twice: \"two times the number\" }\n}\n\
         spec Double(x: Int, result: Int) {\n  ensures twice: result == 2 * x\n  ensures twice: result == x + x\n}",
        "intent \"Double a number\" {\n  inputs { x: Int }\n  goals { twice: \"two times the number\" }\n}\n\
         spec Double(x: Int, result: Int) {\n  ensures twice: result == 2 * x && result == x + x\n}",
    ),
];
