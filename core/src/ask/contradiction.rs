//! Clauses that no outcome satisfies together, proved.
//!
//! What is proved is a definition beside the document: whatever the input and the outcome, the clauses do not all hold.

use super::behaviour::Tried;
use super::contract::Contract;
use super::{Doubt, Question};
use crate::check::Checked;
use crate::eval::print_value;
use crate::logic::{Report, Verdict};

/// How often a contract asks for verdicts at most.
const MOST_ASKED: usize = 12;

/// The question which of the fewest clauses that conflict is not meant.
pub(super) fn question(
    checked: &Checked,
    contract: &Contract<'_>,
    tried: &[Tried],
    verify: &mut dyn FnMut(&Checked) -> Report,
) -> Option<Question> {
    let mut asked = 0;
    let mut conflict = |required: &[usize], ensured: &[usize], given: &[String]| {
        asked += 1;
        asked <= MOST_ASKED && cannot_hold(checked, contract, required, ensured, given, verify)
    };
    let required: Vec<usize> = (0..contract.required.len()).collect();
    let ensured: Vec<usize> = (0..contract.ensured.len()).collect();
    if tried.is_empty() {
        // Nothing small is allowed: perhaps nothing at all is.
        if required.is_empty() || !conflict(&required, &[], &[]) {
            return None;
        }
        let fewest = fewest(&required, &mut |kept| conflict(kept, &[], &[]));
        let clauses: Vec<String> =
            fewest.iter().filter_map(|place| shown(checked, contract.required.get(*place)?)).collect();
        return Some(asking(contract, &clauses, "no input is allowed", 100));
    }
    let stuck = || tried.iter().filter(|one| one.allowed.is_empty());
    let first = stuck().next()?;
    let (given, share) = match stuck().count() == tried.len() && conflict(&required, &ensured, &[]) {
        true => (Vec::new(), 100),
        false => {
            let values = first.input.iter().map(|value| print_value(&checked.program, value));
            let given: Vec<String> =
                contract.names().zip(values).map(|(name, value)| format!("{name} == {value}")).collect();
            if !conflict(&required, &ensured, &given) {
                return None;
            }
            (given, 100 * stuck().count() / tried.len())
        }
    };
    let fewest = fewest(&ensured, &mut |kept| conflict(&required, kept, &given));
    let clauses: Vec<String> =
        fewest.iter().filter_map(|place| shown(checked, contract.ensured.get(*place)?)).collect();
    let when = match given.is_empty() {
        true => "no outcome satisfies".to_owned(),
        false => format!("for {} no outcome satisfies", given.join(", ").replace(" == ", " = ")),
    };
    Some(asking(contract, &clauses, &when, u8::try_from(share).unwrap_or(100)))
}

fn asking(contract: &Contract<'_>, clauses: &[String], when: &str, share: u8) -> Question {
    let text = match clauses {
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

fn shown(checked: &Checked, clause: &crate::syntax::tree::Clause) -> Option<String> {
    let words: Vec<&str> = clause.body.span.slice(&checked.text).split_whitespace().collect();
    Some(match &clause.label {
        Some(label) => format!("`{}: {}`", label.name, words.join(" ")),
        None => format!("`{}`", words.join(" ")),
    })
}

/// What is left when everything is left out that is not needed for `conflict`.
fn fewest(all: &[usize], conflict: &mut dyn FnMut(&[usize]) -> bool) -> Vec<usize> {
    let mut kept = all.to_vec();
    for place in all {
        let without: Vec<usize> = kept.iter().copied().filter(|other| other != place).collect();
        if !without.is_empty() && conflict(&without) {
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
    given: &[String],
    verify: &mut dyn FnMut(&Checked) -> Report,
) -> bool {
    let text = |clause: Option<&crate::syntax::tree::Clause>| {
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
        .chain(given.iter().cloned())
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
