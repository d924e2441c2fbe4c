//! Effects that are not as declared, in words. The sets themselves are found by [`crate::ir::effects`].

use crate::explain::Explanation;
use crate::ir::effects::{Breach, BreachKind, Effects, Source};
use crate::ir::{DeclId, Program};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;

/// What is wrong with the effects of a program's own declarations.
pub(super) fn findings(program: &Program, effects: &Effects) -> Vec<Diagnostic> {
    let own = |breach: &&Breach| breach.declaration.0 as usize >= program.first_own;
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
    let at = place(breach.declaration);
    let here = |span: Span| if span == Span::default() { at } else { span };
    let effect = breach.effect.as_deref().unwrap_or_default();
    // `now` has the effect `clock`; what is given for `f` may have any.
    let (source, does) = match &breach.source {
        Some(Source::Def(id)) => (format!("`{}`", name(*id)), format!("has the effect `{effect}`")),
        Some(Source::Given(given)) if breach.effect.is_none() => {
            (format!("what is given for `{given}`"), "may have effects".to_owned())
        }
        _ => ("this function".to_owned(), format!("has the effect `{effect}`")),
    };
    let declared = |found: Diagnostic| match &breach.source {
        // The prelude is no part of the document.
        Some(Source::Def(id)) if id.0 as usize >= program.prelude_len => {
            found.label(place(*id), "declared here")
        }
        _ => found,
    };
    match &breach.kind {
        BreachKind::Undeclared { span } => {
            let message = format!("{source} {does}, which `{}` does not declare", name(breach.declaration));
            declared(Diagnostic::error("E0231", here(*span), message))
                .hint(format!("add `{effect}` to the effects, or do without {source}"))
        }
        BreachKind::BeyondSpec { spec } => {
            let message =
                format!("the spec `{}` does not allow the effect `{effect}` declared here", name(*spec));
            Diagnostic::error("E0232", at, message)
                .label(place(*spec), "the spec")
                .hint(format!("take `{effect}` out here, or add it to the effects of the spec"))
        }
        BreachKind::InCondition { span } => {
            let message = format!("{source} {does} and cannot stand in a condition");
            declared(Diagnostic::error("E0233", here(*span), message))
                .hint("conditions only look: use a definition without effects")
        }
        BreachKind::Passed { span } => {
            let message = format!("{source} {does}, and a function with effects may not stand here");
            let written =
                breach.effect.as_ref().map_or("Eff Int".to_owned(), |effect| format!("Eff[{effect}] Int"));
            declared(Diagnostic::error("E0234", here(*span), message)).hint(format!(
                "`Int -> Int` is the type of functions without effects, `Int -> {written}` of those with"
            ))
        }
    }
}

/// A type with effects that is not the result of a function.
pub(super) fn misplaced(span: Span) -> Diagnostic {
    Diagnostic::error("E0235", span, "effects belong to a function, not to a value")
        .hint("`Eff[net] Str` stands behind an arrow or as the result of a definition: `Int -> Eff[net] Str`")
}

/// Effects that are left open where nobody would find out what they are.
pub(super) fn unnamed(span: Span) -> Diagnostic {
    Diagnostic::error("E0235", span, "the effects of a function that is kept must be named").hint(
        "write `Eff[net] Str`; `Eff Str` is for functions that are given to a definition or result from it",
    )
}

/// Effects that a definition names twice.
pub(super) fn said_twice(span: Span) -> Diagnostic {
    Diagnostic::error("E0235", span, "the effects of this definition are said twice")
        .hint("keep `effects { ... }` or the `Eff[...]` of the result")
}

/// The entries of `lift explain`.
pub(super) const UNDECLARED: Explanation = Explanation::new(
    "E0231",
    "an effect that is not declared",
    "A definition that declares its effects, itself or through the spec it implements, may use only what has no \
     other effects. Calling counts, also by a function it is given to. Without a clause the effects are those of what \
     it calls.",
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

/// The entry for functions that have more effects than their place allows.
pub(super) const PASSED: Explanation = Explanation::new(
    "E0234",
    "a function with effects where there must be none",
    "`A -> B` is the type of functions without effects: proofs rely on `f(x) == f(x)`. A function with effects goes \
     where its type says so: `A -> Eff[net] B` for these, `A -> Eff B` for a parameter that takes any function, whose \
     effects are then those of the call.",
    "def now(t: Int): Int effects { clock }\ndef twice(f: Int -> Int): Int = f(1) + f(2)\ndef go(): Int = twice(now)",
    "def now(t: Int): Int effects { clock }\ndef twice(f: Int -> Eff Int): Int = f(1) + f(2)\ndef go(): Int = twice(now)",
);

/// The entry for `Eff` in a wrong place.
pub(super) const MISPLACED: Explanation = Explanation::new(
    "E0235",
    "effects that belong nowhere",
    "There is no type of computations: a value is there or it is not. `Eff[net] Str` says what calling a function \
     does, so it stands behind an arrow or as the result of a definition, and a function that is kept in a field names \
     its effects.",
    "def show(page: Eff[net] Str): Str = page",
    "def show(page: Unit -> Eff[net] Str): Str = page(())",
);
