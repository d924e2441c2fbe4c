//! What is known, shown on the text: squiggles, marks of holes, verdicts in the margin.

use super::Workbench;
use crate::editor::{HoleMark, Mark};
use crate::view::word;
use leptos::prelude::*;
use lift_web::protocol::{Checked, Finding, Obligation, Place, Severity, Standings, Verdict, Verified};

impl Workbench {
    pub(super) fn show_on_text(self) {
        // Each with the revision it is about: after a text is replaced as a whole the same list must be shown again.
        let holes = Memo::new(move |_| {
            let chosen = self.chosen.get();
            self.checked.with(|checked| {
                let checked = checked.as_ref()?;
                Some((checked.revision, hole_marks(checked, chosen.as_deref())))
            })
        });
        Effect::new(move |_| {
            holes.with(|it| it.as_ref().map(|(_, marks)| self.with_editor(|editor| editor.set_holes(marks))));
        });
        let findings = Memo::new(move |_| {
            let proof = self.verified.with(|verified| match self.proof_is_current() {
                true => verified.as_ref().map(problems_of_proof).unwrap_or_default(),
                false => Vec::new(),
            });
            self.checked.with(|checked| {
                let checked = checked.as_ref()?;
                Some((checked.revision, checked.findings.iter().cloned().chain(proof).collect::<Vec<_>>()))
            })
        });
        Effect::new(move |_| {
            findings
                .with(|it| it.as_ref().map(|(_, all)| self.with_editor(|editor| editor.set_findings(all))));
        });
        let marks = Memo::new(move |_| {
            self.verified.with(|verified| verified.as_ref().map(|it| (it.revision, verdict_marks(it))))
        });
        Effect::new(move |_| {
            marks.with(|it| {
                it.as_ref().map(|(_, marks)| self.with_editor(|editor| editor.set_verdicts(marks)))
            });
        });
        Effect::new(move |_| {
            let freshness = self.freshness.get();
            self.with_editor(|editor| editor.set_freshness(freshness));
        });
    }
}

fn hole_marks(checked: &Checked, chosen: Option<&str>) -> Vec<HoleMark> {
    let marks = checked.holes.iter().flat_map(|hole| {
        let mark = |place: &Place| HoleMark {
            from: place.from,
            to: place.to,
            name: hole.name.clone(),
            chosen: chosen == Some(hole.name.as_str()),
        };
        hole.uses.iter().map(mark).collect::<Vec<_>>()
    });
    marks.collect()
}

/// What is refuted is a problem like any other: underlined where it is owed, found with F8. So are warnings.
fn problems_of_proof(verified: &Verified) -> Vec<Finding> {
    let refuted = verified.obligations.iter().filter(|owed| owed.verdict == Verdict::Refuted);
    let finding = |owed: &Obligation| {
        let values = owed.counterexample.as_ref().map(|example| {
            let pairs: Vec<_> =
                example.values.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            format!("For example {}.", pairs.join(", "))
        });
        Finding {
            code: String::new(),
            severity: Severity::Error,
            message: format!("Refuted: {}", owed.reason),
            place: owed.place,
            labels: owed.source.iter().map(|place| (*place, "stated here".to_owned())).collect(),
            hint: values,
        }
    };
    refuted.map(finding).chain(verified.warnings.iter().cloned()).collect()
}

fn verdict_marks(verified: &Verified) -> Vec<Mark> {
    let owing = verified.declarations.iter().filter(|declaration| declaration.owed > 0);
    let mark = |declaration: &Standings| {
        let label = word(declaration.verdict);
        let title = match declaration.because.as_str() {
            "" => format!("{}: {label}", declaration.name),
            because => format!("{}: {label}. {because}", declaration.name),
        };
        Mark { line: declaration.place.line, verdict: declaration.verdict, label: label.to_owned(), title }
    };
    owing.map(mark).collect()
}
