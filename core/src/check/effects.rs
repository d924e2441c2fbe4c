//! Effects that are not as declared, in words. The sets themselves are found by [`crate::ir::effects`].

use crate::explain::Explanation;
use crate::ir::effects::{Breach, BreachKind, Effects};
use crate::ir::{DeclId, Program};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;

/// What is wrong with the effects of a program's own declarations.
pub(super) fn findings(program: &Program) -> Vec<Diagnostic> {
    let effects = Effects::new(program);
    let own = |breach: &&Breach| breach.declaration.0 as usize >= program.prelude_len;
    let mut found: Vec<Diagnostic> =
        effects.breaches().iter().filter(own).map(|breach| words(program, breach)).collect();
    // A definition takes over the clauses of its spec: one of them is reported once.
    found.sort_by_key(|finding| (finding.span.start, finding.span.end));
    found.dedup_by(|a, b| a.code == b.code && a.span == b.span);
    found
}

fn words(program: &Program, breach: &Breach) -> Diagnostic {
    let name = |id: DeclId| program.decl(id).map_or("?", |decl| &decl.name);
    let place = |id: DeclId| program.decl(id).map(|decl| decl.name_span).unwrap_or_default();
    let (at, effect) = (place(breach.declaration), &breach.effect);
    let here = |span: Span| if span == Span::default() { at } else { span };
    match &breach.kind {
        BreachKind::Undeclared { source, span } => {
            let message = format!(
                "`{}` has the effect `{effect}`, which `{}` does not declare",
                name(*source),
                name(breach.declaration)
            );
            Diagnostic::error("E0231", here(*span), message)
                .label(place(*source), "declared here")
                .hint(format!("add `{effect}` to the effects, or do without `{}`", name(*source)))
        }
        BreachKind::BeyondSpec { spec } => {
            let message =
                format!("the spec `{}` does not allow the effect `{effect}` declared here", name(*spec));
            Diagnostic::error("E0232", at, message)
                .label(place(*spec), "the spec")
                .hint(format!("take `{effect}` out here, or add it to the effects of the spec"))
        }
        BreachKind::InCondition { source, span } => {
            let message =
                format!("`{}` has the effect `{effect}` and cannot stand in a condition", name(*source));
            Diagnostic::error("E0233", here(*span), message)
                .label(place(*source), "declared here")
                .hint("conditions only look: use a definition without effects")
        }
    }
}

/// The entries of `lift explain`.
pub(super) const UNDECLARED: Explanation = Explanation::new(
    "E0231",
    "an effect that is not declared",
    "A definition that declares its effects, itself or through the spec it implements, may use only what has no \
     other effects. Using counts, also passing it on. Without a clause the effects are those of what it uses.",
    "def now(): Int effects { clock }\ndef today(): Int effects pure = now() / 86400",
    "def now(): Int effects { clock }\ndef today(): Int effects { clock } = now() / 86400",
);

/// The entry for effects beyond a spec's.
pub(super) const BEYOND_SPEC: Explanation = Explanation::new(
    "E0232",
    "an effect that the spec does not allow",
    "A definition may do less than its spec allows, never more: whoever relies on the spec relies on its effects too.",
    "spec Quiet(x: Int, result: Int) { effects pure }\ndef loud(x: Int): Int implements Quiet effects { net } = x",
    "spec Quiet(x: Int, result: Int) { effects { net } }\ndef loud(x: Int): Int implements Quiet effects { net } = x",
);

/// The entry for conditions with effects.
pub(super) const IN_CONDITION: Explanation = Explanation::new(
    "E0233",
    "a condition with an effect",
    "Clauses, invariants, measures and refinements say what is true; asking must change nothing, and the answer must \
     be the same each time. What has effects can therefore not be used in them.",
    "def now(): Int effects { clock }\ndef wait(x: Int): Int ensures result > now() = x",
    "def now(): Int effects { clock }\ndef wait(start: Int, x: Int): Int ensures result > start = start + abs(x) + 1",
);
