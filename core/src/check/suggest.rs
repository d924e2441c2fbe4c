//! What was probably meant by a name that nothing has: a slip of the pen, a habit from another language, or
//! something that is still to be declared.
//!
//! What is suggested depends on the names of the document alone, and not on what is known of them so far: the same
//! document is answered the same in whatever order it is checked.

use super::elaborator::{Elaborator, Scope};
use super::mismatch::unknown_name;
use super::value::{Const, V, Value};
use crate::ir::{DeclId, DeclKind};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;
use crate::syntax::tree::Ident;

impl Elaborator {
    /// There is no such variable, definition or constructor.
    pub(super) fn unknown_value(&self, scope: &Scope, span: Span, name: &str) -> Diagnostic {
        let finding = unknown_name(span, "value", name);
        if let Some(ours) = foreign_value(name).filter(|ours| self.names.contains_key(*ours)) {
            return finding.hint(format!("did you mean `{ours}`?"));
        }
        if let Some(hint) = foreign_habit(name) {
            return finding.hint(hint);
        }
        let known = scope.vars.iter().map(|(name, _)| &**name);
        let definitions = self.names.keys().map(|name| &**name).filter(|name| !is_capital(name));
        let close = closest(name, known.chain(definitions).chain(self.ctors.keys().map(|n| &**n)));
        let declare = || match name.starts_with(|c: char| c.is_ascii_uppercase()) {
            true => format!("a constructor is declared with its type: `type T = {name} | ...`"),
            false => format!("declare it, or leave it open as `?{name}`"),
        };
        finding.hint(close.map_or_else(declare, did_you_mean))
    }

    /// There is no such type.
    pub(super) fn unknown_type(&self, scope: &Scope, span: Span, name: &str) -> Diagnostic {
        let finding = unknown_name(span, "type", name);
        let primitive = ["Int", "Real", "Float", "Bool", "Str", "Unit"];
        let exists = |ours: &&str| primitive.contains(ours) || self.names.contains_key(*ours);
        if let Some(ours) = foreign_type(name).filter(exists) {
            return finding.hint(format!("did you mean `{ours}`?"));
        }
        let types = self.names.iter().filter(|(_, id)| !self.specs.contains(id)).map(|(name, _)| &**name);
        let types = types.filter(|name| is_capital(name));
        let parameters = scope.vars.iter().filter(|(_, ty)| matches!(&**ty, Value::Universe));
        let parameters = parameters.map(|(name, _)| &**name);
        let declare = || match name.len() {
            1 => format!("declare it with `type {name} = ...`, or as a parameter: `def f[{name}](...)`"),
            _ => format!("declare it with `type {name} = ...`, or leave it open as `?{name}`"),
        };
        let close = closest(name, primitive.into_iter().chain(types).chain(parameters));
        finding.hint(close.map_or_else(declare, did_you_mean))
    }

    /// There is no such constructor, where a value of type `ty` is matched.
    pub(super) fn unknown_constructor(&self, name: &Ident, ty: &V) -> Diagnostic {
        let finding = unknown_name(name.span, "constructor", &name.name);
        if let Some(ours) = foreign_value(&name.name).filter(|ours| self.ctors.contains_key(*ours)) {
            return finding.hint(format!("did you mean `{ours}`?"));
        }
        let own = self.constructors_of(ty);
        let close = closest(&name.name, own.iter().copied().chain(self.ctors.keys().map(|n| &**n)));
        match close {
            Some(close) => finding.hint(did_you_mean(close)),
            None if own.is_empty() => finding.hint("a name for what is matched starts with a small letter"),
            None => finding.hint(format!("what is matched here is made by {}", listed(&own))),
        }
    }

    /// The constructors that make values of a type, in words.
    pub(super) fn made_by(&self, ty: &V) -> Option<String> {
        let own = self.constructors_of(ty);
        (!own.is_empty()).then(|| listed(&own))
    }

    fn constructors_of(&self, ty: &V) -> Vec<&str> {
        let Value::Const(Const::Data(data), _) = &*self.erase(ty) else { return Vec::new() };
        let mut own: Vec<(usize, &str)> = self
            .ctors
            .iter()
            .filter(|(_, (id, _))| id == data)
            .map(|(name, (_, index))| (*index, &**name))
            .collect();
        own.sort_unstable();
        own.into_iter().map(|(_, name)| name).collect()
    }

    /// There is no such spec.
    pub(super) fn unknown_spec(&self, name: &Ident) -> Diagnostic {
        let finding = unknown_name(name.span, "spec", &name.name);
        let specs = self.names.iter().filter(|(_, id)| self.is_spec(**id)).map(|(name, _)| &**name);
        finding.hint(closest(&name.name, specs).map_or_else(
            || format!("declare it: `spec {}(..., result: Int) {{ ensures ... }}`", name.name),
            did_you_mean,
        ))
    }

    /// There is no such entity.
    pub(super) fn unknown_entity(&self, name: &Ident) -> Diagnostic {
        let finding = unknown_name(name.span, "entity", &name.name);
        // The constructor of an entity has its name.
        let entities = self.ctors.iter().filter(|(name, (id, _))| self.names.get(*name) == Some(id));
        finding.hint(
            closest(&name.name, entities.map(|(name, _)| &**name))
                .map_or_else(|| format!("declare it: `entity {} {{ name: Str }}`", name.name), did_you_mean),
        )
    }

    /// There is no such hole.
    pub(super) fn unknown_hole(&self, target: &Ident) -> Diagnostic {
        let finding = unknown_name(target.span, "hole", &format!("?{}", target.name));
        finding.hint(closest(&target.name, self.hole_names.keys().map(|name| &**name)).map_or_else(
            || format!("write `hole ?{}: term T`, or use it in a definition", target.name),
            |close| did_you_mean(&format!("?{close}")),
        ))
    }

    pub(super) fn is_spec(&self, id: DeclId) -> bool {
        self.specs.contains(&id) || matches!(self.kind(id), Some(DeclKind::Spec(_)))
    }
}

fn is_capital(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
}

fn did_you_mean(name: &str) -> String {
    format!("did you mean `{name}`?")
}

/// `` `A`, `B` and `C` ``
pub(super) fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().take(8).map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        _ if names.len() > quoted.len() => format!("{} and others", quoted.join(", ")),
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// What people from other languages write for our types.
fn foreign_type(name: &str) -> Option<&'static str> {
    Some(match name {
        "int" | "Integer" | "integer" | "Number" | "number" | "i32" | "i64" | "long" => "Int",
        "bool" | "Boolean" | "boolean" => "Bool",
        "str" | "String" | "string" | "Text" | "text" | "Char" | "char" => "Str",
        "nat" | "Natural" | "uint" | "u32" | "u64" => "Nat",
        "unit" | "void" | "Void" => "Unit",
        "list" | "Array" | "array" | "Vec" | "Seq" | "Vector" => "List",
        "option" | "Optional" | "Maybe" | "Nullable" => "Option",
        "Dict" | "dict" | "HashMap" | "Hash" | "Dictionary" | "map" => "Map",
        "HashSet" | "set" => "Set",
        "float" | "double" | "Double" | "f64" => "Float",
        "decimal" | "Decimal" | "Rational" => "Real",
        "bytes" | "Binary" | "Blob" => "Bytes",
        _ => return None,
    })
}

/// What people from other languages write for our definitions and constructors.
fn foreign_value(name: &str) -> Option<&'static str> {
    Some(match name {
        "len" | "size" | "strlen" | "length_of" => "length",
        "str" | "string" | "String" | "toString" | "to_string" | "show" => "to_str",
        "int" | "parseInt" | "to_int" | "toInt" | "atoi" | "Number" => "parse_int",
        "foldl" | "foldr" | "reduce" | "inject" => "fold",
        "first" | "car" => "head",
        "includes" | "elem" | "has" | "member" => "contains",
        "toUpperCase" | "to_upper" | "uppercase" | "toupper" => "upper",
        "toLowerCase" | "to_lower" | "lowercase" | "tolower" => "lower",
        "strip" => "trim",
        "isEmpty" | "null" | "empty" => "is_empty",
        "find" | "indexOf" => "index_of",
        "every" => "all",
        "exists" | "some" => "any",
        "unique" | "nub" | "uniq" => "distinct",
        "flatten" | "flat" => "concat",
        "repeat" => "replicate",
        "power" | "exp" => "pow",
        "maximum_of" => "maximum",
        "where" | "select" => "filter",
        "substr" | "slice" => "substring",
        "startsWith" | "startswith" | "has_prefix" => "starts_with",
        "endsWith" | "endswith" | "has_suffix" => "ends_with",
        "Just" => "Some",
        "Nothing" | "Null" | "NULL" | "Nil" => "None",
        _ => return None,
    })
}

/// What people from other languages write where there is nothing of the kind.
fn foreign_habit(name: &str) -> Option<&'static str> {
    Some(match name {
        "print" | "println" | "printf" | "puts" | "echo" | "log" | "console" => {
            "a definition results in a value and prints nothing; what it gives is seen with `lift eval`"
        }
        "self" | "this" => "a definition sees its parameters and nothing else: take it as a parameter",
        "Ok" | "Err" | "Left" | "Right" => {
            "what may fail has a type of its own: `type Outcome = Done(value: Int) | Failed(why: Str)`"
        }
        "TRUE" => "write `true`",
        "FALSE" => "write `false`",
        _ => return None,
    })
}

/// The closest of `candidates`, when it is close enough to be a slip.
pub(super) fn closest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = match name.chars().count() {
        0..=5 => 1,
        6..=8 => 2,
        _ => 3,
    };
    let candidates: Vec<&str> = candidates.collect();
    if let Some(same) = candidates.iter().find(|candidate| candidate.eq_ignore_ascii_case(name)) {
        return Some(same);
    }
    candidates
        .into_iter()
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
