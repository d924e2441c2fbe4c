//! Clauses that no outcome satisfies together, proved.
//!
//! What is proved is a definition beside the document: whatever the input and the outcome, the clauses do not all hold.

use super::behaviour::Tried;
use super::contract::Contract;
use super::{Doubt, Question};
use crate::check::Checked;
use crate::eval::print_value;
use crate::logic::{Report, Verdict};
use crate::syntax::tree::Clause;

/// The question which of the fewest clauses that conflict is not meant. `left` is how often verdicts may still be asked
/// for.
pub(super) fn question(
    checked: &Checked,
    contract: &Contract<'_>,
    tried: &[Tried],
    left: &mut usize,
    verify: &mut dyn FnMut(&Checked) -> Report,
) -> Option<Question> {
    let mut conflict = |required: &[usize], ensured: &[usize], given: &[(&str, String)]| {
        let asked = left.checked_sub(1);
        *left = asked.unwrap_or(0);
        asked.is_some() && cannot_hold(checked, contract, required, ensured, given, verify)
    };
    let required: Vec<usize> = (0..contract.required.len()).collect();
    let ensured: Vec<usize> = (0..contract.ensured.len()).collect();
    if tried.is_empty() {
        // Nothing small is allowed: perhaps nothing at all is.
        if required.is_empty() || !conflict(&required, &[], &[]) {
            return None;
        }
        let fewest = fewest(&required, &mut |kept| conflict(kept, &[], &[]));
        let clauses = shown(checked, contract.required, &fewest);
        return Some(asking(contract, &clauses, "no input of its types satisfies", 100));
    }
    let stuck = || tried.iter().filter(|one| one.allowed.is_empty());
    let first = stuck().next()?;
    let (given, share) = match stuck().count() == tried.len() && conflict(&required, &ensured, &[]) {
        true => (Vec::new(), 100),
        false => {
            let values = first.input.iter().map(|value| print_value(&checked.program, value));
            let given: Vec<(&str, String)> = contract.names().zip(values).collect();
            if !conflict(&required, &ensured, &given) {
                return None;
            }
            (given, 100 * stuck().count() / tried.len())
        }
    };
    let ensured = fewest(&ensured, &mut |kept| conflict(&required, kept, &given));
    // For an input that is given, the preconditions have been met.
    let required = match given.is_empty() {
        true => fewest(&required, &mut |kept| conflict(kept, &ensured, &given)),
        false => Vec::new(),
    };
    let mut clauses = shown(checked, contract.required, &required);
    clauses.extend(shown(checked, contract.ensured, &ensured));
    let given: Vec<String> = given.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let when = match given.is_empty() {
        true => "no outcome of its type satisfies".to_owned(),
        false => format!("for {} no outcome of its type satisfies", given.join(", ")),
    };
    Some(asking(contract, &clauses, &when, u8::try_from(share).unwrap_or(100)))
}

fn asking(contract: &Contract<'_>, clauses: &[String], when: &str, share: u8) -> Question {
    let text = match clauses {
        [] => format!("{}: {when} anything: its types leave nothing. What is meant?", contract.name),
        [one] => format!("{}: {when} {one}. What is meant?", contract.name),
        several => format!(
            "{}: {when} {} together. Which of them is not meant?",
            contract.name,
            several.join(" and ")
        ),
    };
    Question {
        about: contract.name.to_owned(),
        doubt: Doubt::Contradiction,
        text,
        span: contract.span,
        answers: Vec::new(),
        share,
    }
}

fn shown(checked: &Checked, clauses: &[Clause], places: &[usize]) -> Vec<String> {
    let clauses = places.iter().filter_map(|place| clauses.get(*place)).map(|clause| {
        let words: Vec<&str> = clause.body.span.slice(&checked.text).split_whitespace().collect();
        match &clause.label {
            Some(label) => format!("`{}: {}`", label.name, words.join(" ")),
            None => format!("`{}`", words.join(" ")),
        }
    });
    clauses.collect()
}

/// What is left when everything is left out that is not needed for `conflict`.
fn fewest(all: &[usize], conflict: &mut dyn FnMut(&[usize]) -> bool) -> Vec<usize> {
    let mut kept = all.to_vec();
    for place in all {
        let without: Vec<usize> = kept.iter().copied().filter(|other| other != place).collect();
        if conflict(&without) {
            kept = without;
        }
    }
    kept
}

/// Whether it is proved that these clauses do not hold together, for whatever input there is that fits what is given.
fn cannot_hold(
    checked: &Checked,
    contract: &Contract<'_>,
    required: &[usize],
    ensured: &[usize],
    given: &[(&str, String)],
    verify: &mut dyn FnMut(&Checked) -> Report,
) -> bool {
    let text = |clause: Option<&Clause>| {
        clause.map(|clause| clause.body.span.slice(&checked.text).to_owned()).unwrap_or_default()
    };
    let taken =
        |name: &str| checked.program.lookup(name).is_some() || contract.names().any(|other| other == name);
    let fresh = |name: &str| {
        let mut name = name.to_owned();
        while taken(&name) {
            name.push('_');
        }
        name
    };
    let (name, outcome) = (fresh("never_together"), fresh("some_outcome"));
    let types = match contract.type_params.is_empty() {
        true => String::new(),
        false => format!("[{}]", contract.type_params.join(", ")),
    };
    let mut heads: Vec<String> = contract.heads.iter().map(|(name, ty)| format!("{name}: {ty}")).collect();
    heads.push(format!("{outcome}: {}", contract.outcome));
    let requires: Vec<String> = required
        .iter()
        .map(|place| text(contract.required.get(*place)))
        .chain(given.iter().map(|(name, value)| format!("{name} == {value}")))
        .map(|condition| format!("  requires ({condition})\n"))
        .collect();
    let all: Vec<String> =
        ensured.iter().map(|place| format!("({})", text(contract.ensured.get(*place)))).collect();
    let all = if all.is_empty() { "true".to_owned() } else { all.join("\n    && ") };
    let trial = format!(
        "{}\n\n```spec-ir\ndef {name}{types}({}): Bool\n{}  ensures !result\n= let result = {outcome} in\n    {all}\n```\n",
        checked.text,
        heads.join(", "),
        requires.concat()
    );
    let trial = checked.again(&trial);
    if trial.has_errors() {
        return false;
    }
    let report = verify(&trial);
    report.declarations.iter().any(|declared| *declared.name == *name && declared.verdict == Verdict::Proved)
}
