//! Names, types and conditions of the older IR in the spelling of this one.

use crate::syntax::is_name;

/// A variable's name: dots and other signs become `_`, the first letter is small, reserved words get a `_`.
pub(super) fn small(name: &str, otherwise: &str) -> String {
    let plain = plain(name);
    let mut letters = plain.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    let name: String = first.into_iter().chain(letters).collect();
    usable(name, otherwise)
}

/// A type's name: `order_line` is `OrderLine`.
pub(super) fn capital(name: &str, otherwise: &str) -> String {
    let plain = plain(name);
    let parts = plain.split('_').filter(|part| !part.is_empty()).map(|part| {
        let mut letters = part.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    usable(parts.collect(), otherwise)
}

fn plain(name: &str) -> String {
    let kept: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(60).collect();
    kept.trim_matches('_').to_owned()
}

fn usable(name: String, otherwise: &str) -> String {
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        return otherwise.to_owned();
    }
    if is_name(&name) { name } else { format!("{name}_") }
}

/// A type, or the names that have none here.
pub(super) enum Type {
    /// As it is written here.
    Known(String),
    /// There is no such type here; the last part of its name.
    Unknown(String),
}

/// The deepest type that is read.
const DEEPEST: usize = 12;

/// A type of the older IR, which writes them as Python does.
pub(super) fn ty(written: &str) -> Type {
    match nested(written.trim(), DEEPEST) {
        Some(known) => Type::Known(known),
        None => {
            let last = written.rsplit('.').next().unwrap_or(written);
            Type::Unknown(capital(last, "Thing"))
        }
    }
}

fn nested(written: &str, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    if let Some(inner) = written.strip_suffix("| None").map(str::trim_end) {
        return nested(inner, depth).map(|inner| format!("Option {}", argument(&inner)));
    }
    if let Some((head, args)) = written.strip_suffix(']').and_then(|open| open.split_once('[')) {
        let args: Option<Vec<String>> = arguments(args).iter().map(|arg| nested(arg.trim(), depth)).collect();
        return match (head.rsplit('.').next()?.to_lowercase().as_str(), args?.as_slice()) {
            ("list" | "sequence" | "iterable", [item]) => Some(format!("List {}", argument(item))),
            ("optional", [item]) => Some(format!("Option {}", argument(item))),
            ("tuple", [one, two, rest @ ..]) => {
                let items = [one, two].into_iter().chain(rest).map(|item| argument(item));
                Some(items.collect::<Vec<_>>().join(" * "))
            }
            _ => None,
        };
    }
    Some(
        match written.to_lowercase().as_str() {
            "int" | "integer" => "Int",
            "nat" | "natural" | "uint" => "Nat",
            "real" | "decimal" | "rational" | "fraction" => "Real",
            "float" | "double" | "number" => "Float",
            "str" | "string" | "text" => "Str",
            "bool" | "boolean" => "Bool",
            "none" | "void" | "unit" => "Unit",
            _ => return None,
        }
        .to_owned(),
    )
}

/// A type that stands as an argument.
fn argument(ty: &str) -> String {
    if ty.contains(' ') { format!("({ty})") } else { ty.to_owned() }
}

/// The parts between the commas that stand in no bracket.
fn arguments(text: &str) -> Vec<&str> {
    let (mut parts, mut open, mut from) = (Vec::new(), 0u32, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '[' => open += 1,
            ']' => open = open.saturating_sub(1),
            ',' if open == 0 => {
                parts.push(text.get(from..at).unwrap_or(""));
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(from..).unwrap_or(""));
    parts
}

/// A condition in the spelling of this language, as far as it is a matter of spelling: words for operators, the names
/// of constants, a chain of comparisons. What it means is for the checker to say; what would check and mean another
/// thing here is refused, with why.
///
/// The older tools wrote Python's operators: `//` rounds down, as `/` does here, where it would begin a comment and
/// leave the condition weaker than it was. Their `/` does not round, and a `\` in a text may stand for anything.
pub(super) fn condition(written: &str) -> Result<String, &'static str> {
    let mut spelled = String::new();
    let mut rest = written.trim();
    while let Some(letter) = rest.chars().next() {
        let (end, here) = if letter == '"' {
            let end = rest.get(1..).and_then(|inside| inside.find('"')).map_or(rest.len(), |end| end + 2);
            if rest.get(..end).is_some_and(|text| text.contains('\\')) {
                return Err("a text with `\\` in it may mean another thing here");
            }
            (end, None)
        } else if letter.is_ascii_alphabetic() || letter == '_' {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            let here = match rest.get(..end) {
                Some("and") => Some("&&"),
                Some("or") => Some("||"),
                Some("not") => Some("!"),
                Some("True") => Some("true"),
                Some("False") => Some("false"),
                Some("len") => Some("length"),
                _ => None,
            };
            (end, here)
        } else if rest.starts_with("//") {
            (2, Some("/"))
        } else if letter == '/' {
            return Err("`/` rounds down here, and did not there (`//` does)");
        } else {
            (letter.len_utf8(), None)
        };
        let (there, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        spelled.push_str(here.unwrap_or(there));
        rest = behind;
    }
    Ok(unchained(&spelled).unwrap_or(spelled))
}

/// `0 <= x <= 9` as `0 <= x && x <= 9`, where nothing else joins conditions.
fn unchained(condition: &str) -> Option<String> {
    if condition.contains(['(', '&', '|', '"', '!']) {
        return None;
    }
    let (mut parts, mut ops, mut from) = (Vec::new(), Vec::new(), 0);
    for (at, op) in condition.match_indices(['<', '>']) {
        let op = if condition.get(at + 1..).is_some_and(|rest| rest.starts_with('=')) {
            condition.get(at..at + 2).unwrap_or(op)
        } else {
            op
        };
        parts.push(condition.get(from..at)?.trim());
        ops.push(op);
        from = at + op.len();
    }
    parts.push(condition.get(from..)?.trim());
    let [a, b, c] = parts.as_slice() else { return None };
    let [first, second] = ops.as_slice() else { return None };
    Some(format!("{a} {first} {b} && {b} {second} {c}"))
}
