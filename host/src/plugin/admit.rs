//! What a plugin's answer must look like before anyone acts on it.
//!
//! What comes out of here is the engine's own [`Constraint`]; one exists only for an answer that passed. This is not where a
//! constraint's meaning is judged; the reader that re-reads a model's answer does that.

use lift_core::constrain::{Constraint, Deviation, Dialect, Residual};
use serde::Serialize;

use super::error::Reason;
use super::limits::Limits;
use super::world::lift::controller::types as wit;

/// What to send to a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The words to send.
    pub prompt: String,
    /// The constraint to send with them.
    pub constraint: Constraint,
    /// Others for the same target, best first, for a server that refuses the first.
    pub fallbacks: Vec<Constraint>,
    /// How many tokens to ask for at most.
    pub max_tokens: u32,
}

/// Checks a plan and takes it over.
pub(super) fn plan(plan: wit::Plan, accepts: &[Dialect], limits: &Limits) -> Result<Plan, Reason> {
    let wit::Plan { prompt, constraint: first, fallbacks, max_tokens } = plan;
    within("the prompt", prompt.len(), limits.prompt)?;
    within("the list of fallbacks", fallbacks.len(), limits.items)?;
    if !(1..=limits.max_tokens).contains(&max_tokens) {
        return bad(format!("it asks for {max_tokens} tokens; 1 to {} can be asked for", limits.max_tokens));
    }
    let constraint = constraint(first, accepts, limits)?;
    let fallbacks: Vec<Constraint> =
        fallbacks.into_iter().map(|it| self::constraint(it, accepts, limits)).collect::<Result<_, _>>()?;
    let mut seen = vec![constraint.dialect];
    for fallback in &fallbacks {
        if seen.contains(&fallback.dialect) {
            return bad(format!("it offers {} twice", fallback.dialect));
        }
        seen.push(fallback.dialect);
    }
    Ok(Plan { prompt, constraint, fallbacks, max_tokens })
}

fn constraint(given: wit::Constraint, accepts: &[Dialect], limits: &Limits) -> Result<Constraint, Reason> {
    let (dialect, text) = match given.grammar {
        wit::Grammar::JsonSchema(text) => (Dialect::JsonSchema, text),
        wit::Grammar::Lark(text) => (Dialect::Lark, text),
        wit::Grammar::Ebnf(text) => (Dialect::Ebnf, text),
        wit::Grammar::Gbnf(text) => (Dialect::Gbnf, text),
        wit::Grammar::Regex(text) => (Dialect::Regex, text),
    };
    if !accepts.contains(&dialect) {
        return bad(format!("it answered in {dialect}, which the server does not take"));
    }
    grammar(dialect, &text, limits)?;
    let whole = |list: Vec<wit::Deviation>, name| -> Result<Vec<Deviation>, Reason> {
        within(name, list.len(), limits.items)?;
        list.into_iter().map(|it| deviation(it, limits)).collect()
    };
    within("the list of residuals", given.residuals.len(), limits.items)?;
    Ok(Constraint {
        dialect,
        text,
        residuals: given.residuals.into_iter().map(|it| residual(it, limits)).collect::<Result<_, _>>()?,
        relaxed: whole(given.relaxed, "the list of relaxations")?,
        narrowed: whole(given.narrowed, "the list of narrowings")?,
    })
}

/// The outer form of a grammar: enough to know that a server would be sent one.
fn grammar(dialect: Dialect, text: &str, limits: &Limits) -> Result<(), Reason> {
    within("the grammar", text.len(), limits.grammar)?;
    if let Some(c) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return bad(format!("its {dialect} grammar contains the control character {}", c.escape_default()));
    }
    let starts_a_line = |rule: &str, definition: &str| {
        text.lines()
            .any(|line| line.strip_prefix(rule).is_some_and(|rest| rest.trim_start().starts_with(definition)))
    };
    match dialect {
        Dialect::JsonSchema => schema(text),
        Dialect::Lark if !starts_a_line("start", ":") => bad("its Lark grammar has no rule `start`".into()),
        // Servers tell Lark from EBNF by this sign.
        Dialect::Lark if text.contains("::=") => bad("its Lark grammar contains `::=`".into()),
        Dialect::Ebnf | Dialect::Gbnf if !starts_a_line("root", "::=") => {
            bad(format!("its {dialect} grammar has no rule `root`"))
        }
        Dialect::Regex if text.is_empty() => bad("its regular expression is empty".into()),
        Dialect::Lark | Dialect::Ebnf | Dialect::Gbnf | Dialect::Regex => Ok(()),
    }
}

/// A schema is a JSON object whose references stay inside it: a server that resolves a remote one would fetch
/// whatever address the plugin chose.
fn schema(text: &str) -> Result<(), Reason> {
    let value: serde_json::Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => return bad(format!("its JSON Schema is not JSON: {error}")),
    };
    if !value.is_object() {
        return bad("its JSON Schema is not an object".into());
    }
    let mut rest = vec![&value];
    while let Some(value) = rest.pop() {
        match value {
            serde_json::Value::Object(fields) => {
                for key in ["$ref", "$dynamicRef"] {
                    if let Some(target) = fields.get(key).and_then(serde_json::Value::as_str)
                        && !target.starts_with('#')
                    {
                        return bad(format!(
                            "its JSON Schema refers to something outside itself, `{target}`"
                        ));
                    }
                }
                rest.extend(fields.values());
            }
            serde_json::Value::Array(items) => rest.extend(items),
            _ => {}
        }
    }
    Ok(())
}

fn residual(given: wit::Residual, limits: &Limits) -> Result<Residual, Reason> {
    let wit::Residual { path, predicate, because } = given;
    lines(
        &[
            ("a residual's path", &path),
            ("a residual's predicate", &predicate),
            ("a residual's reason", &because),
        ],
        limits,
    )?;
    if predicate.trim().is_empty() {
        return bad("a residual says nothing".into());
    }
    Ok(Residual { path, predicate, because })
}

fn deviation(given: wit::Deviation, limits: &Limits) -> Result<Deviation, Reason> {
    let wit::Deviation { path, what, because } = given;
    lines(
        &[("a deviation's path", &path), ("a deviation", &what), ("a deviation's reason", &because)],
        limits,
    )?;
    if what.trim().is_empty() {
        return bad("a deviation says nothing".into());
    }
    Ok(Deviation { path, what, because })
}

/// Each is one line of bounded length.
fn lines(parts: &[(&str, &str)], limits: &Limits) -> Result<(), Reason> {
    for (name, text) in parts {
        within(name, text.len(), limits.line)?;
        if text.chars().any(char::is_control) {
            return bad(format!("{name} contains a control character"));
        }
    }
    Ok(())
}

fn within(name: &str, size: usize, cap: usize) -> Result<(), Reason> {
    if size > cap { bad(format!("{name} has size {size}, and {cap} is the most")) } else { Ok(()) }
}

fn bad<T>(what: String) -> Result<T, Reason> {
    Err(Reason::BadAnswer { what })
}
