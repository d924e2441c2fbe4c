//! The words of the checker's findings. One function per sentence a reader may meet.
//!
//! Types arrive printed, as the author would write them; nothing here knows a term.

use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;

fn quoted(name: &str) -> String {
    format!("`{name}`")
}

/// The closest of `candidates`, when it is close enough to be a slip.
pub(super) fn closest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = match name.chars().count() {
        0..=2 => 1,
        3..=5 => 2,
        _ => 3,
    };
    candidates
        .map(|candidate| (distance(name, candidate, limit), candidate))
        .filter(|(distance, candidate)| {
            *distance <= limit && *distance < name.chars().count().max(candidate.len())
        })
        .min_by_key(|(distance, candidate)| (*distance, *candidate))
        .map(|(_, candidate)| candidate)
}

/// Damerau-Levenshtein with a limit: anything beyond it is `limit + 1`.
fn distance(left: &str, right: &str, limit: usize) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    if left.len().abs_diff(right.len()) > limit || left.len() > 64 || right.len() > 64 {
        return limit + 1;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let at = |cells: &[usize], index: usize| cells.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&row, j + 1) + 1).min(at(&next, j) + 1).min(at(&row, j) + usize::from(a != b));
            let swapped = i > 0 && j > 0 && left.get(i - 1) == Some(b) && right.get(j - 1) == Some(a);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}

pub(super) fn duplicate(span: Span, name: &str, first: Option<Span>) -> Diagnostic {
    let finding = Diagnostic::error("E0101", span, format!("{} is declared twice", quoted(name)));
    match first {
        Some(first) => finding.label(first, "the first declaration is here").hint("rename one of them"),
        None => finding.hint("this name belongs to the prelude; choose another"),
    }
}

pub(super) fn unknown_name(span: Span, what: &str, name: &str, close: Option<&str>) -> Diagnostic {
    let finding = Diagnostic::error("E0102", span, format!("there is no {what} called {}", quoted(name)));
    match close {
        Some(close) => finding.hint(format!("did you mean {}?", quoted(close))),
        None if what == "type" => {
            finding.hint(format!("declare it with `type {name} = ...`, or leave it open as `?{name}`"))
        }
        None if what == "hole" => {
            finding.hint(format!("write `hole {name}: term T`, or use it in a definition"))
        }
        None => finding.hint(format!("declare it, or leave it open as `?{name}`")),
    }
}

pub(super) fn not_a_type(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error("E0103", span, format!("{what} stands where a type is expected"))
}

pub(super) fn not_a_term(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error("E0104", span, format!("{what} stands where a value is expected"))
}

pub(super) fn cyclic(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error("E0105", span, format!("{} is defined by itself", quoted(name))).hint(
        "a type that contains itself is written as a sum: `type Tree = Leaf | Node(left: Tree, right: Tree)`",
    )
}

pub(super) fn duplicate_binder(span: Span, name: &str, what: &str) -> Diagnostic {
    Diagnostic::error("E0106", span, format!("this {what} has two {} in it", quoted(name)))
        .hint("rename one of them")
}

pub(super) fn hole_in_two_places(span: Span, first: Span, name: &str) -> Diagnostic {
    Diagnostic::error("E0107", span, format!("`?{name}` stands in two places that see different variables"))
        .label(first, "the other place")
        .hint(format!("give them two names, or declare one open value for both: `hole ?{name}: term T`"))
}

pub(super) fn mismatch(span: Span, expected: &str, found: &str) -> Diagnostic {
    Diagnostic::error("E0201", span, format!("expected {}, found {}", quoted(expected), quoted(found)))
}

pub(super) fn undecided(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error("E0202", span, format!("nothing here decides {what}"))
        .hint("say the type: `(e : T)`, or `let x: T = e in ...`")
}

pub(super) fn too_large(span: Span) -> Diagnostic {
    Diagnostic::error("E0221", span, "the type of this is too large to be worked out")
        .hint("give the parts that are repeated a type of their own, with `entity` or `type T = |Name(...)`")
}

pub(super) fn endless_type(span: Span, ty: &str) -> Diagnostic {
    Diagnostic::error("E0203", span, format!("this would need a type that contains itself: {}", quoted(ty)))
}

pub(super) fn not_a_function(span: Span, ty: &str) -> Diagnostic {
    Diagnostic::error("E0204", span, format!("this is called like a function, but it is {}", quoted(ty)))
}

pub(super) fn wrong_count(span: Span, callee: &str, takes: usize, given: usize) -> Diagnostic {
    let plural = if takes == 1 { "" } else { "s" };
    let finding = Diagnostic::error(
        "E0205",
        span,
        format!("{} takes {takes} argument{plural}, {given} given", quoted(callee)),
    );
    if given < takes && given > 0 {
        finding.hint(format!("to leave arguments open, write a function: `\\x. {callee}(..., x)`"))
    } else {
        finding
    }
}

pub(super) fn missing_type(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error("E0206", span, format!("{what} has no type")).hint("write `name: Type`")
}

pub(super) fn result_last(span: Span, spec: &str) -> Diagnostic {
    Diagnostic::error(
        "E0207",
        span,
        format!("the last parameter of the spec {} is not `result`", quoted(spec)),
    )
    .hint("a spec names what comes out: `spec S(x: Int, result: Int) { ... }`")
}

pub(super) fn no_field(
    span: Span,
    ty: &str,
    field: &str,
    close: Option<&str>,
    fields: &[&str],
) -> Diagnostic {
    let finding = Diagnostic::error("E0208", span, format!("{} has no field {}", quoted(ty), quoted(field)));
    match close {
        Some(close) => finding.hint(format!("did you mean {}?", quoted(close))),
        None if fields.is_empty() => finding.hint("only entities have fields"),
        None => finding.hint(format!("its fields are {}", fields.join(", "))),
    }
}

pub(super) fn missing_fields(span: Span, entity: &str, missing: &[&str]) -> Diagnostic {
    Diagnostic::error("E0209", span, format!("{} needs a value for {}", quoted(entity), missing.join(", ")))
}

pub(super) fn pattern_type(span: Span, pattern: &str, ty: &str) -> Diagnostic {
    Diagnostic::error("E0210", span, format!("{pattern} can never match a value of type {}", quoted(ty)))
}

pub(super) fn not_comparable(span: Span, ty: &str) -> Diagnostic {
    Diagnostic::error("E0211", span, format!("values of type {} cannot be compared", quoted(ty)))
        .hint("`==` works on numbers, texts, booleans, and on lists, options, tuples and records of them")
}

pub(super) fn not_ordered(span: Span, ty: &str) -> Diagnostic {
    Diagnostic::error("E0212", span, format!("values of type {} have no order", quoted(ty)))
        .hint("`<`, `<=`, `>` and `>=` work on `Int` and on `Str`")
}

pub(super) fn implements_count(span: Span, spec: &str, wants: usize, has: usize) -> Diagnostic {
    let plural = if wants == 1 { "" } else { "s" };
    Diagnostic::error(
        "E0213",
        span,
        format!("the spec {} is about {wants} parameter{plural}, this definition has {has}", quoted(spec)),
    )
}

pub(super) fn implements_type(span: Span, what: &str, here: &str, spec: &str, there: &str) -> Diagnostic {
    Diagnostic::error(
        "E0214",
        span,
        format!("{what} is {} here and {} in the spec {}", quoted(here), quoted(there), quoted(spec)),
    )
    .hint("write the same type in both")
}

pub(super) fn negative_occurrence(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        "E0215",
        span,
        format!("{} stands left of an arrow in its own definition", quoted(name)),
    )
    .hint("such a type lets a function call itself without recursion, and then anything could be proved")
}

pub(super) fn type_arguments(span: Span, name: &str, takes: usize, given: usize) -> Diagnostic {
    let plural = if takes == 1 { "" } else { "s" };
    Diagnostic::error(
        "E0216",
        span,
        format!("{} takes {takes} type argument{plural}, {given} given", quoted(name)),
    )
}

pub(super) fn hole_demands(span: Span, hole: &str, one: &str, other: &str) -> Diagnostic {
    Diagnostic::error(
        "E0217",
        span,
        format!("`?{hole}` cannot be both {} and {}, and it is used as either", quoted(one), quoted(other)),
    )
    .hint("use two holes, or change one of the uses")
}

pub(super) fn signature_circle(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error("E0218", span, format!("the type of {} depends on itself through this", quoted(name)))
        .hint("state what holds of the result in `ensures` instead: clauses may mention any definition")
}

pub(super) fn refinement_hidden(span: Span) -> Diagnostic {
    Diagnostic::error("E0219", span, "`result` has no meaning in a precondition")
        .hint("what the outcome must satisfy belongs to `ensures`")
}

pub(super) fn not_a_spec(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error("E0220", span, format!("{} is not a spec", quoted(name)))
        .hint("declare it with `spec Name(...) { ... }`")
}
