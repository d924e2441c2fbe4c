//! The words of the checker's findings. One function per sentence a reader may meet.
//!
//! Types arrive printed, as the author would write them; nothing here knows a term. What was meant by an unknown name
//! is for [`super::suggest`].

use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;
use crate::syntax::tree::HoleKind;

fn quoted(name: &str) -> String {
    format!("`{name}`")
}

pub(super) fn duplicate(span: Span, name: &str, first: Option<Span>) -> Diagnostic {
    match first {
        Some(first) => Diagnostic::error("E0101", span, format!("{} is declared twice", quoted(name)))
            .label(first, "the first declaration is here")
            .hint("rename one of them"),
        None => Diagnostic::error("E0101", span, format!("{} is part of the language", quoted(name)))
            .hint("choose another name"),
    }
}

pub(super) fn unknown_name(span: Span, what: &str, name: &str) -> Diagnostic {
    Diagnostic::error("E0102", span, format!("there is no {what} called {}", quoted(name)))
}

pub(super) fn not_a_type(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error("E0103", span, format!("{what} stands where a type is expected"))
}

pub(super) fn not_a_term(span: Span, what: &str) -> Diagnostic {
    let finding = Diagnostic::error("E0104", span, format!("{what} stands where a value is expected"));
    match what {
        "a spec" => finding.hint("a spec says what must hold; what is run is a `def` that `implements` it"),
        "an intent" => finding.hint("an intent says what is wished for; what is run is a `def`"),
        "a type" => {
            finding.hint("a value is made by a constructor, as in `Some(1)`, or by `Name { field = 1 }`")
        }
        _ => finding,
    }
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

pub(super) fn hole_in_two_places(span: Span, first: Span, name: &str, kind: HoleKind) -> Diagnostic {
    let declared = if kind == HoleKind::Type { "type" } else { "term T" };
    Diagnostic::error("E0107", span, format!("`?{name}` stands in two places that see different variables"))
        .label(first, "the other place")
        .hint(format!("give them two names, or declare what is open for both: `hole ?{name}: {declared}`"))
}

/// A function to types: nothing here could apply it.
pub(super) fn type_function(span: Span) -> Diagnostic {
    Diagnostic::error("E0222", span, "a function that results in a type cannot be passed around").hint(
        "take the type that it would make, as in `(T: Type)` or `def f[T](...)`, and give `List Int` for it",
    )
}

pub(super) fn hole_kind(span: Span, name: &str, kind: HoleKind) -> Diagnostic {
    let (word, place) = match kind {
        HoleKind::Term => ("term", "where a value is needed"),
        HoleKind::Function => ("function", "where a function is needed, and is called like one"),
        HoleKind::Spec => ("spec", "where a condition is needed"),
        HoleKind::Type => ("type", "where a type is needed"),
        HoleKind::Entity => ("entity", "where a type is needed"),
        HoleKind::Module => ("module", "in an import, as in `import ?name as name`"),
    };
    Diagnostic::error("E0108", span, format!("`?{name}` is a hole of kind `{word}` and cannot stand here"))
        .hint(format!("a hole of this kind stands {place}"))
}

pub(super) fn circle_of_holes(span: Span, names: &[String], others: Vec<Span>) -> Diagnostic {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let message = match names.as_slice() {
        [only] => format!("{} waits for itself", quoted(only)),
        _ => format!("{} wait for each other", super::suggest::listed(&names)),
    };
    let finding = Diagnostic::warning("W0101", span, message)
        .hint("take out one of the links, so that one can be decided first");
    others.into_iter().fold(finding, |finding, other| finding.label(other, "is in the circle"))
}

pub(super) fn mismatch(span: Span, expected: &str, found: &str) -> Diagnostic {
    let message = format!("expected {}, found {}", described(expected), described(found));
    let finding = Diagnostic::error("E0201", span, message);
    match conversion(expected, found) {
        Some(hint) => finding.hint(hint),
        None => finding,
    }
}

/// A type in a sentence: what is not known of it is left out.
fn described(ty: &str) -> String {
    match ty {
        "a function" => ty.to_owned(),
        "List _" => "a list".to_owned(),
        "Option _" => "an `Option`".to_owned(),
        "_ -> _" => "a function".to_owned(),
        _ if ty.starts_with("_ -> ") => "a function".to_owned(),
        _ => quoted(ty),
    }
}

/// How people get from the one type to the other.
fn conversion(expected: &str, found: &str) -> Option<String> {
    let holds = |outer: &str, whole: &str, inner: &str| {
        let held = whole.strip_prefix(outer).and_then(|rest| rest.strip_prefix(' '));
        held.is_some_and(|held| {
            held == inner || held.strip_prefix('(').and_then(|h| h.strip_suffix(')')) == Some(inner)
        })
    };
    let function = |ty: &str| ty == "a function" || ty.contains(" -> ");
    let hint = match (expected, found) {
        ("Str", "Int" | "Nat") => "`to_str(n)` makes a text of a number",
        ("Real", "Int" | "Nat") => {
            "`to_real(n)` makes a fraction of a whole number; the literal is written `1.0`"
        }
        ("Int" | "Nat", "Real") => "`floor(x)` is the greatest whole number not above `x`",
        ("Float", "Real") => {
            "`to_float(x)` is the nearest floating-point number; the literal is written `1.5f`"
        }
        ("Float", "Int" | "Nat") => {
            "`to_float(to_real(n))` is the nearest floating-point number; the literal is written `1.0f`"
        }
        ("Real", "Float") => {
            "`real_of(x)` is the fraction that it is, as an `Option Real`; the literal is written `1.5`"
        }
        ("Int" | "Nat", "Str") => "`parse_int(s)` reads the number in a text, as an `Option Int`",
        (_, "Type") => "a type stands here where a value is needed",
        _ if holds("Option", found, expected) => {
            "it may be missing: take it apart with `match`, or say what stands for nothing with `get_or(x, 0)`"
        }
        _ if holds("Option", expected, found) => "a value that is there is written `Some(x)`",
        _ if holds("List", expected, found) => "a list of one element is written `[x]`",
        _ if holds("List", found, expected) => "one element of a list is written `xs[0]`",
        _ if expected.starts_with("List ") && function(found) => {
            "the list comes first, then the function: `map(xs, \\x. x + 1)`"
        }
        _ if !function(expected) && function(found) && found.ends_with(&format!("-> {expected}")) => {
            "a function is called with parentheses: `f(x)`"
        }
        _ if function(expected) && !function(found) => {
            "a function is needed: the name of one, or one without a name, `\\x. x + 1`"
        }
        ("Bool", _) if !function(found) => "a condition is needed, as in `x > 0`",
        _ => return None,
    };
    Some(hint.to_owned())
}

pub(super) fn sum_of_texts(span: Span) -> Diagnostic {
    Diagnostic::error("E0201", span, "`+` adds numbers, and this is none")
        .hint("`++` joins texts and lists; `to_str(n)` makes a text of a number")
}

/// Says where the other side of a disagreement comes from.
pub(super) fn explain(findings: &mut [Diagnostic], at: &[Span], other: Span, why: &str) {
    for finding in findings {
        if finding.code == "E0201" && finding.labels.is_empty() && at.contains(&finding.span) {
            finding.labels.push(crate::syntax::diagnostic::Label { span: other, message: why.to_owned() });
        }
    }
}

pub(super) fn undecided(span: Span, what: &str) -> Diagnostic {
    let finding = Diagnostic::error("E0202", span, format!("nothing here decides {what}"));
    match what.strip_prefix("the type of `?").and_then(|rest| rest.strip_suffix('`')) {
        Some(hole) => {
            finding.hint(format!("say the type: `hole ?{hole}: term Int`, or use it where one is expected"))
        }
        None => finding.hint("say the type: `(e : T)`, or `let x: T = e in ...`"),
    }
}

pub(super) fn too_large(span: Span) -> Diagnostic {
    Diagnostic::error("E0221", span, "the type of this is too large to be worked out")
        .hint("give the parts that are repeated a type of their own, with `entity` or `type T = |Name(...)`")
}

pub(super) fn endless_type(span: Span, ty: &str) -> Diagnostic {
    let message = "this would need a type that contains itself".to_owned();
    let message = if ty.contains('_') { message } else { format!("{message}: {}", quoted(ty)) };
    Diagnostic::error("E0203", span, message)
}

pub(super) fn not_a_function(span: Span, ty: &str) -> Diagnostic {
    Diagnostic::error("E0204", span, format!("this is called like a function, but it is {}", quoted(ty)))
}

/// `names` are those of the parameters, as far as they have any.
pub(super) fn wrong_count(
    span: Span,
    callee: &str,
    takes: usize,
    given: usize,
    names: &[String],
) -> Diagnostic {
    let plural = if takes == 1 { "" } else { "s" };
    let subject = if callee == "this function" { callee.to_owned() } else { quoted(callee) };
    let message = match takes {
        0 => format!("{subject} takes no arguments, {given} given"),
        _ => format!("{subject} takes {takes} argument{plural}, {given} given"),
    };
    let finding = Diagnostic::error("E0205", span, message);
    match takes {
        0 if names.is_empty() => finding.hint(format!("write `{callee}`")),
        _ if names.is_empty() || names.len() != takes || takes > 8 => finding,
        _ => finding.hint(format!("write `{callee}({})`", names.join(", "))),
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
        None => finding.hint(format!("its fields are {}", super::suggest::listed(fields))),
    }
}

pub(super) fn missing_fields(span: Span, entity: &str, missing: &[&str]) -> Diagnostic {
    let missing = super::suggest::listed(missing);
    Diagnostic::error("E0209", span, format!("{} needs a value for {missing}", quoted(entity)))
}

pub(super) fn pattern_type(span: Span, pattern: &str, ty: &str) -> Diagnostic {
    Diagnostic::error("E0210", span, format!("{pattern} can never match a value of type {}", quoted(ty)))
}

pub(super) fn not_comparable(span: Span, ty: &str) -> Diagnostic {
    Diagnostic::error("E0211", span, format!("values of type {} cannot be compared", quoted(ty)))
        .hint("`==` works on numbers, texts, booleans, and on lists, options, tuples and records of them")
}

/// A `Float` inside of something: two of them can be equal without being the same.
pub(super) fn floats_inside(span: Span, ty: &str) -> Diagnostic {
    let what = if ty == "Float" {
        "the values compared here".to_owned()
    } else {
        format!("values of type {}", quoted(ty))
    };
    Diagnostic::error("E0211", span, format!("{what} hold a `Float`, and cannot be compared as a whole"))
        .hint("`==` between two `Float` follows IEEE 754, where NaN equals nothing: compare the numbers themselves")
}

pub(super) fn not_ordered(span: Span, ty: &str) -> Diagnostic {
    Diagnostic::error("E0212", span, format!("values of type {} have no order", quoted(ty)))
        .hint("`<`, `<=`, `>` and `>=` work on numbers and on texts")
}

pub(super) fn no_remainder(span: Span, ty: &str) -> Diagnostic {
    Diagnostic::error("E0201", span, format!("`%` is not defined on {}", quoted(ty)))
        .hint("`%` is the remainder of whole numbers")
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
    let finding = match takes {
        0 => format!("{} takes no type arguments, {given} given", quoted(name)),
        _ => format!("{} takes {takes} type argument{plural}, {given} given", quoted(name)),
    };
    let finding = Diagnostic::error("E0216", span, finding);
    match (name, takes, given) {
        ("List" | "Option" | "Set", _, 0) => finding.hint(format!("say what it holds, as in `{name} Int`")),
        (_, 0, _) => finding.hint(format!("write `{name}`")),
        _ => finding,
    }
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
