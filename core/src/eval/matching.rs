//! Pattern matching on values that may be open.

use super::value::Value;
use crate::ir::{Arm, Literal, Pattern, PatternKind};

/// What trying one pattern finds.
pub(crate) enum Match {
    /// It matches and binds these, left to right.
    Yes(Vec<Value>),
    /// It cannot match, whatever the holes become.
    No,
    /// It depends on a hole.
    Unknown,
}

/// What trying the arms from the top finds.
pub(super) enum Choice<'a> {
    /// The first arm that matches, with its variables.
    Arm(&'a Arm, Vec<Value>),
    /// No arm matches.
    NoArm,
    /// An arm before the first match depends on a hole.
    Unknown,
}

/// The first arm that matches.
pub(super) fn choose<'a>(arms: &'a [Arm], value: &Value) -> Choice<'a> {
    for arm in arms {
        match matches(&arm.pattern, value) {
            Match::Yes(bound) => return Choice::Arm(arm, bound),
            Match::No => {}
            Match::Unknown => return Choice::Unknown,
        }
    }
    Choice::NoArm
}

/// Tries one pattern; a known mismatch anywhere wins over what is open.
pub(crate) fn matches(pattern: &Pattern, value: &Value) -> Match {
    let mut bound = Vec::new();
    let mut unknown = false;
    let mut todo = vec![(pattern, value)];
    while let Some((pattern, value)) = todo.pop() {
        match (&pattern.kind, value) {
            (PatternKind::Wildcard, _) => {}
            (PatternKind::Var(..), _) => bound.push(value.clone()),
            (_, Value::Stuck(_)) => unknown = true,
            (PatternKind::Lit(literal), _) => {
                if !is_literal(literal, value) {
                    return Match::No;
                }
            }
            (PatternKind::Con(decl, ctor, patterns), Value::Data(data)) => {
                if (data.decl, data.ctor) != (*decl, *ctor) || data.fields.len() != patterns.len() {
                    return Match::No;
                }
                todo.extend(patterns.iter().zip(&data.fields).rev());
            }
            (PatternKind::Tuple(patterns), Value::Tuple(tuple)) => {
                if patterns.len() != tuple.items.len() {
                    return Match::No;
                }
                todo.extend(patterns.iter().zip(&tuple.items).rev());
            }
            (PatternKind::Con(..) | PatternKind::Tuple(_), _) => return Match::No,
        }
    }
    if unknown { Match::Unknown } else { Match::Yes(bound) }
}

fn is_literal(literal: &Literal, value: &Value) -> bool {
    match (literal, value) {
        (Literal::Int(a), Value::Int(b)) => a == b,
        (Literal::Real(a), Value::Real(b)) => a == b,
        (Literal::Float(a), Value::Float(b)) => a == b,
        (Literal::Bool(a), Value::Bool(b)) => a == b,
        (Literal::Str(a), Value::Str(b)) => a == b,
        (Literal::Unit, Value::Unit) => true,
        _ => false,
    }
}
