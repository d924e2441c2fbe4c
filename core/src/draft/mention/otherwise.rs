//! What to answer otherwise: `or -1`, `or None if it is not there`, `if the list is empty return 0`.

use super::{Fallback, Feature, Mention, Reader};
use crate::draft::sentence::TokenKind;

/// Words of a condition under which the answer is another one.
const CIRCUMSTANCES: &[&str] = &[
    "if",
    "when",
    "it",
    "is",
    "are",
    "not",
    "found",
    "missing",
    "absent",
    "present",
    "there",
    "does",
    "do",
    "exist",
    "exists",
    "occur",
    "occurs",
    "appear",
    "appears",
    "the",
    "a",
    "list",
    "value",
    "element",
    "item",
    "empty",
    "no",
    "none",
    "such",
    "in",
    "at",
    "all",
    "nothing",
    "one",
    "cannot",
    "be",
    "divisor",
    "zero",
    "denominator",
    "that",
    "case",
    "array",
    "isn",
    "was",
    "in",
    "t",
    "otherwise",
    "second",
    "by",
    "division",
    "dividing",
    "divide",
    "string",
    "text",
    "can",
    "unavailable",
    "character",
    "match",
    "matches",
    "any",
];

impl Reader<'_> {
    /// What to answer otherwise: `or -1`, `or None if it is not there`, `if the list is empty return 0`.
    pub(super) fn otherwise(&self) -> Vec<Mention> {
        let mut found = Vec::new();
        for at in 0..self.tokens.len() {
            let value = match (self.tokens.get(at).map(|token| &token.kind), self.text(at)) {
                (Some(TokenKind::Number(number)), _) => Fallback::Number(number.clone()),
                (Some(TokenKind::Quoted), text) => Fallback::Text(text.to_owned()),
                (_, "zero") => Fallback::Number(0.into()),
                (_, "none" | "nothing" | "null") => Fallback::Nothing,
                (_, "false") => Fallback::Truth(false),
                (_, "true") => Fallback::Truth(true),
                _ => continue,
            };
            let mut start = at;
            let mut joint = false;
            let mut verb = false;
            while let Some(before) = start.checked_sub(1) {
                match self.text(before) {
                    "or" | "otherwise" | "else" => joint = true,
                    "return" | "returns" | "returning" | "give" | "gives" | "giving" | "get" | "answer"
                    | "use" | "yield" | "yields" | "be" | "as" => verb = true,
                    "and" | "then" | "just" | "a" | "an" | "should" | "it" | "," | "with" | "to"
                        if !joint => {}
                    _ => break,
                }
                start = before;
            }
            let mut end = at + 1;
            let otherwise_after = matches!(self.text(end), "otherwise" | "instead");
            if otherwise_after {
                end += 1;
            }
            let condition_after = self.circumstance_end(end);
            let condition_before = self.circumstance_start(start);
            if !(joint
                || otherwise_after
                || (verb || condition_after.is_some())
                    && (condition_after.is_some() || condition_before.is_some()))
            {
                continue;
            }
            let numbers_after_or = joint && self.joins_conditions(start, at);
            if numbers_after_or {
                continue;
            }
            end = condition_after.unwrap_or(end);
            start = if condition_after.is_none() { condition_before.unwrap_or(start) } else { start };
            found.push(Mention { feature: Feature::Otherwise(value), tokens: (start..end).collect() });
        }
        found
    }

    /// `divisible by 3 or 5`, `3 or more`: this `or` joins conditions.
    fn joins_conditions(&self, start: usize, at: usize) -> bool {
        let number_before = start.checked_sub(1).is_some_and(|before| self.number(before).is_some());
        number_before && at == start + 1
    }

    fn circumstance_end(&self, from: usize) -> Option<usize> {
        let from = if self.text(from) == "," { from + 1 } else { from };
        if !matches!(self.text(from), "if" | "when" | "for" | "on" | "in")
            || self.text(from) == "in" && self.text(from + 1) != "case"
        {
            return None;
        }
        let run = (from + 1..self.tokens.len())
            .take_while(|at| {
                CIRCUMSTANCES.contains(&self.text(*at)) || matches!(self.text(*at), "an" | "input")
            })
            .count();
        let telling = (from + 1..from + 1 + run).any(|at| {
            matches!(
                self.text(at),
                "empty"
                    | "not"
                    | "missing"
                    | "absent"
                    | "none"
                    | "no"
                    | "zero"
                    | "nothing"
                    | "unavailable"
                    | "cannot"
            )
        });
        telling.then_some(from + 1 + run)
    }

    fn circumstance_start(&self, end: usize) -> Option<usize> {
        let mut start = end;
        let mut telling = false;
        while let Some(before) = start.checked_sub(1) {
            let text = self.text(before);
            if !(CIRCUMSTANCES.contains(&text) || matches!(text, "," | "then" | "and")) {
                break;
            }
            telling |=
                matches!(text, "empty" | "not" | "missing" | "absent" | "no" | "zero" | "nothing" | "never");
            start = before;
            if matches!(text, "if" | "when") {
                return telling.then_some(start);
            }
        }
        None
    }
}
