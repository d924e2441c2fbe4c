//! A grammar spelt in each dialect that has grammars: Lark, EBNF, GBNF, and one regular expression.
//!
//! Only what all engines read alike is used (see the table of differences in the research notes this room grew
//! from): classes written out, no shorthands, no look-around, no lazy repetition, no ignored white space, strings
//! in double quotes, one rule a line.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::grammar::{Expr, Grammar};
use super::regular::Regular;

/// Lark: rules in lower case, regular terminals in upper case; starts at `start`.
pub(super) fn lark(grammar: &Grammar) -> String {
    let mut lark = Lark { grammar, terminals: HashMap::new(), definitions: String::new() };
    let mut text = String::new();
    for rule in &grammar.rules {
        let body = lark.expr(&rule.body, Tightness::Choice);
        let _ = writeln!(text, "{}: {body}", lark_name(&rule.name));
    }
    text + &lark.definitions
}

/// EBNF as XGrammar reads it, and GBNF as llama.cpp does: what we write means the same in both. Starts at `root`.
pub(super) fn ebnf(grammar: &Grammar) -> String {
    let mut text = String::new();
    for (number, rule) in grammar.rules.iter().enumerate() {
        let name = if number == 0 { "root" } else { &rule.name };
        let _ = writeln!(text, "{name} ::= {}", ebnf_expr(grammar, &rule.body, Tightness::Choice));
    }
    text
}

/// One regular expression, to be matched from end to end.
pub(super) fn regex(set: &Regular) -> String {
    regular(set, Tightness::Choice, &REGEX)
}

/// What stands around an expression: how tightly it must hold together to need no parentheses.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Tightness {
    /// Anything may stand here.
    Choice,
    /// Alternatives need parentheses.
    Sequence,
    /// Only one item may stand here.
    Item,
}

struct Lark<'a> {
    grammar: &'a Grammar,
    terminals: HashMap<Regular, String>,
    definitions: String,
}

impl Lark<'_> {
    fn expr(&mut self, expr: &Expr, around: Tightness) -> String {
        match expr {
            Expr::Terminal(Regular::Text(text)) => string(text),
            Expr::Terminal(set) => self.terminal(set),
            Expr::Rule(number) => {
                lark_name(self.grammar.rules.get(*number).map_or("start", |rule| rule.name.as_str()))
            }
            Expr::Seq(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.expr(part, Tightness::Sequence)).collect();
                grouped(parts.join(" "), around >= Tightness::Item)
            }
            Expr::Alt(choices) => {
                let choices: Vec<_> = choices.iter().map(|it| self.expr(it, Tightness::Choice)).collect();
                grouped(choices.join(" | "), around >= Tightness::Sequence)
            }
            Expr::Repeat(inner, min, max) => self.expr(inner, Tightness::Item) + &times(*min, *max),
        }
    }

    fn terminal(&mut self, set: &Regular) -> String {
        let name = format!("T{}", self.terminals.len());
        if let Some(name) = self.terminals.get(set) {
            return name.clone();
        }
        let _ = writeln!(self.definitions, "{name}: /{}/", regex(set));
        self.terminals.insert(set.clone(), name.clone());
        name
    }
}

fn lark_name(name: &str) -> String {
    name.replace('-', "_")
}

fn ebnf_expr(grammar: &Grammar, expr: &Expr, around: Tightness) -> String {
    match expr {
        Expr::Terminal(set) => regular(set, around, &EBNF),
        Expr::Rule(0) => "root".to_owned(),
        Expr::Rule(number) => {
            grammar.rules.get(*number).map_or_else(|| "root".to_owned(), |rule| rule.name.clone())
        }
        Expr::Seq(parts) => {
            let parts: Vec<_> = parts.iter().map(|it| ebnf_expr(grammar, it, Tightness::Sequence)).collect();
            grouped(parts.join(" "), around >= Tightness::Item)
        }
        Expr::Alt(choices) => {
            let choices: Vec<_> =
                choices.iter().map(|it| ebnf_expr(grammar, it, Tightness::Choice)).collect();
            grouped(choices.join(" | "), around >= Tightness::Sequence)
        }
        Expr::Repeat(inner, min, max) => ebnf_expr(grammar, inner, Tightness::Item) + &times(*min, *max),
    }
}

/// What differs between a regular expression and the same set inside a grammar.
struct Spelling {
    /// A text.
    text: fn(&str) -> String,
    /// Whether several characters of text stand together without parentheses.
    text_is_item: bool,
    /// Between the parts of a sequence.
    then: &'static str,
    /// Between alternatives.
    or: &'static str,
}

const REGEX: Spelling = Spelling { text: regex_text, text_is_item: false, then: "", or: "|" };
const EBNF: Spelling = Spelling { text: string, text_is_item: true, then: " ", or: " | " };

fn regular(set: &Regular, around: Tightness, spelling: &Spelling) -> String {
    match set {
        Regular::Text(text) => {
            let one = spelling.text_is_item || text.chars().count() == 1;
            grouped((spelling.text)(text), around >= Tightness::Item && !one)
        }
        Regular::Class(ranges) => class(ranges),
        Regular::Seq(parts) => {
            let parts: Vec<_> = parts.iter().map(|it| regular(it, Tightness::Sequence, spelling)).collect();
            grouped(parts.join(spelling.then), around >= Tightness::Item)
        }
        Regular::Alt(choices) => {
            let choices: Vec<_> = choices.iter().map(|it| regular(it, Tightness::Choice, spelling)).collect();
            grouped(choices.join(spelling.or), around >= Tightness::Sequence)
        }
        Regular::Repeat(inner, min, max) => regular(inner, Tightness::Item, spelling) + &times(*min, *max),
    }
}

fn grouped(text: String, needed: bool) -> String {
    if needed { format!("({text})") } else { text }
}

fn times(min: u32, max: Option<u32>) -> String {
    match (min, max) {
        (0, None) => "*".to_owned(),
        (1, None) => "+".to_owned(),
        (0, Some(1)) => "?".to_owned(),
        (min, None) => format!("{{{min},}}"),
        (min, Some(max)) if min == max => format!("{{{min}}}"),
        (min, Some(max)) => format!("{{{min},{max}}}"),
    }
}

/// A string of a grammar. Escapes are those that JSON and C share; our texts hold no other control characters.
fn string(text: &str) -> String {
    let mut string = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => string.extend(['\\', c]),
            '\n' => string.push_str("\\n"),
            '\r' => string.push_str("\\r"),
            '\t' => string.push_str("\\t"),
            c => string.push(c),
        }
    }
    string.push('"');
    string
}

fn regex_text(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        if r"\.+*?()|[]{}^$/".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// A class, negated when that is how it is shorter: when it reaches the last code point.
fn class(ranges: &[(char, char)]) -> String {
    let negated = ranges.last().is_some_and(|(_, to)| *to == char::MAX);
    let mut text = String::from(if negated { "[^" } else { "[" });
    let mut member = Member { text: &mut text, after_code: false };
    if negated {
        // The gaps between the ranges; surrogates are no characters, so that gap is none.
        let mut next = 0u32;
        for (from, to) in ranges {
            let from = u32::from(*from);
            if let (Some(first), Some(last)) = (char::from_u32(next), char::from_u32(from.wrapping_sub(1)))
                && next < from
            {
                member.range(first, last);
            }
            next = u32::from(*to).saturating_add(1);
            next = if next == 0xd800 { 0xe000 } else { next };
        }
    } else {
        ranges.iter().for_each(|(from, to)| member.range(*from, *to));
    }
    text.push(']');
    text
}

struct Member<'a> {
    text: &'a mut String,
    /// The last thing written was a code in hexadecimal, which a reader may go on with.
    after_code: bool,
}

impl Member<'_> {
    fn range(&mut self, from: char, to: char) {
        self.char(from);
        if from != to {
            self.text.push('-');
            self.after_code = false;
            self.char(to);
        }
    }

    fn char(&mut self, c: char) {
        let code = u32::from(c);
        let safe = c.is_ascii_alphanumeric() && !(self.after_code && c.is_ascii_hexdigit());
        self.after_code = false;
        match c {
            _ if safe => self.text.push(c),
            '\\' | ']' | '[' | '^' | '-' | '/' => self.text.extend(['\\', c]),
            ' '..='~' => self.text.push(c),
            _ => {
                self.after_code = true;
                let _ = match code {
                    0..0x80 => write!(self.text, "\\x{code:02x}"),
                    0x80..0x1_0000 => write!(self.text, "\\u{code:04x}"),
                    _ => write!(self.text, "\\U{code:08x}"),
                };
            }
        }
    }
}
