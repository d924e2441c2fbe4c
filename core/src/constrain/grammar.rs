//! The grammar of a shape's values in surface syntax: productions with regular terminals.
//!
//! Layout is fixed (one space after a comma, none inside brackets), every number and text has exactly one
//! spelling, and every terminal is followed by a character it cannot contain. The last is what makes a greedy
//! lexer (llguidance) and a scannerless automaton (XGrammar, llama.cpp) read the same language.

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use super::Deviation;
use super::intset::{IntSet, Interval};
use super::place::Place;
use super::refine::TextSet;
use super::regular::Regular;
use super::shape::{CtorShape, DataShape, Shape, Shapes, Subject};
use crate::ir::Name;

/// The most repetitions that every engine counts: llama.cpp takes more than 2000 for "without end".
const COUNTABLE: u32 = 1999;

/// How large a regular expression may become, in nodes.
pub(super) const LARGEST: usize = 20_000;

/// Why a grammar is not written as one regular expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotRegular {
    /// A rule leads back to itself.
    Recursive,
    /// Written out, it would be too large.
    TooLarge,
}

/// Productions; the first is where sentences start.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grammar {
    pub(super) rules: Vec<Rule>,
}

/// One production.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rule {
    /// Lower-case letters, digits and hyphens, a letter first; no two rules share one.
    pub(super) name: String,
    pub(super) body: Expr,
}

/// The right side of a production.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    Terminal(Regular),
    /// A rule, by its place.
    Rule(usize),
    Seq(Vec<Expr>),
    /// Never an empty list.
    Alt(Vec<Expr>),
    Repeat(Box<Expr>, u32, Option<u32>),
}

/// The grammar of a shape, and where it accepts more than the shape.
pub(super) fn grammar(shapes: &Shapes) -> (Grammar, Vec<Deviation>) {
    // The start, then one rule for each declared type, then those made on the way.
    let named = shapes.data.iter().enumerate().map(|(number, data)| rule_name(&data.name, number));
    let rules = std::iter::once("start".to_owned()).chain(named);
    let rules = rules.map(|name| Rule { name, body: literal("") }).collect();
    let mut builder = Builder { rules, relaxed: Vec::new() };
    let start = match &shapes.subject {
        Subject::Value(shape) => builder.value(shape, &Place::root()),
        Subject::Arguments(callee, fields) => builder.arguments(callee.as_deref(), fields),
    };
    let bodies: Vec<Expr> =
        std::iter::once(start).chain(shapes.data.iter().map(|it| builder.data(it))).collect();
    for (rule, body) in builder.rules.iter_mut().zip(bodies) {
        rule.body = body;
    }
    (reachable(Grammar { rules: builder.rules }), builder.relaxed)
}

struct Builder {
    rules: Vec<Rule>,
    relaxed: Vec<Deviation>,
}

impl Builder {
    /// What will be repeated in the text becomes a rule, unless it is short.
    fn shared(&mut self, expr: Expr) -> Expr {
        if matches!(expr, Expr::Rule(_) | Expr::Terminal(Regular::Text(_))) {
            return expr;
        }
        let number = self.rules.len();
        self.rules.push(Rule { name: format!("item-{number}"), body: expr });
        Expr::Rule(number)
    }

    fn arguments(&mut self, callee: Option<&str>, fields: &[(Name, Shape)]) -> Expr {
        if let (None, [(name, only)]) = (callee, fields) {
            return self.value(only, &Place::root().field(name));
        }
        let mut parts = vec![literal(format!("{}(", callee.unwrap_or_default()))];
        for (index, (field, shape)) in fields.iter().enumerate() {
            parts.extend((index > 0).then(|| literal(", ")));
            parts.push(self.value(shape, &Place::root().field(field)));
        }
        parts.push(literal(")"));
        seq(parts)
    }

    fn data(&mut self, data: &DataShape) -> Expr {
        let place = Place::of_type(&data.name);
        alt(data.ctors.iter().map(|ctor| self.ctor(ctor, data.entity, &place)).collect())
    }

    fn ctor(&mut self, ctor: &CtorShape, entity: bool, place: &Place) -> Expr {
        let place = place.constructor(&ctor.name, entity);
        if ctor.fields.is_empty() {
            return literal(ctor.name.to_string());
        }
        let (open, close) = if entity { (" { ", " }") } else { ("(", ")") };
        let mut parts = vec![literal(format!("{}{open}", ctor.name))];
        for (index, (name, shape)) in ctor.fields.iter().enumerate() {
            parts.extend((index > 0).then(|| literal(", ")));
            let place = match name {
                Some(name) => place.field(name),
                None => place.component(index),
            };
            parts.extend(name.as_ref().filter(|_| entity).map(|name| literal(format!("{name} = "))));
            parts.push(self.value(shape, &place));
        }
        parts.push(literal(close));
        seq(parts)
    }

    fn value(&mut self, shape: &Shape, place: &Place) -> Expr {
        match shape {
            // A shape that reaches a grammar has values.
            Shape::Int(set) => Regular::integers(set).map_or_else(|| literal(""), Expr::Terminal),
            Shape::Bool(set) => {
                let truths = [(set.with_true, "true"), (set.with_false, "false")];
                alt(truths.into_iter().filter(|(with, _)| *with).map(|(_, text)| literal(text)).collect())
            }
            Shape::Text(TextSet::Choice(texts)) => {
                alt(texts.iter().map(|text| literal(quoted(text))).collect())
            }
            Shape::Text(TextSet::Length(lengths)) => {
                let counts = self.counts(lengths, "code points", place);
                let choices = counts.into_iter().map(|(min, max)| {
                    Regular::seq([Regular::text("\""), code_point().repeat(min, max), Regular::text("\"")])
                });
                alt(choices.map(Expr::Terminal).collect())
            }
            Shape::Unit => literal("()"),
            Shape::List(element, lengths) => self.list(element, lengths, place),
            Shape::Made(maker, element, lengths) => {
                let list = self.list(element, lengths, place);
                seq(vec![literal(format!("{maker}(")), list, literal(")")])
            }
            Shape::Option { none, some } => {
                let mut choices: Vec<Expr> = none.then(|| literal("None")).into_iter().collect();
                if let Some(some) = some {
                    choices.push(seq(vec![literal("Some("), self.value(some, &place.some()), literal(")")]));
                }
                alt(choices)
            }
            Shape::Tuple(items) => {
                let mut parts = vec![literal("(")];
                for (index, item) in items.iter().enumerate() {
                    parts.extend((index > 0).then(|| literal(", ")));
                    parts.push(self.value(item, &place.component(index)));
                }
                parts.push(literal(")"));
                seq(parts)
            }
            Shape::Data(number) => Expr::Rule(number + 1),
        }
    }

    fn list(&mut self, element: &Shape, lengths: &IntSet, place: &Place) -> Expr {
        let element = self.value(element, &place.elements());
        let element = self.shared(element);
        let counts = self.counts(lengths, "elements", place);
        alt(counts.into_iter().flat_map(|(min, max)| list(&element, min, max)).collect())
    }

    /// The counts in a set of lengths, as every engine can count them. What is beyond is relaxed to "without end".
    fn counts(&mut self, lengths: &IntSet, of: &str, place: &Place) -> Vec<(u32, Option<u32>)> {
        let mut counts = Vec::new();
        for Interval { low, high } in lengths.intervals() {
            let low = low.clone().unwrap_or_default();
            let most = BigInt::from(COUNTABLE);
            let min = low.to_u32().map_or(COUNTABLE, |low| low.min(COUNTABLE));
            let exact = low <= most && high.as_ref().is_none_or(|high| *high <= most);
            let max = high.as_ref().filter(|_| exact).and_then(ToPrimitive::to_u32);
            if exact {
                counts.push((min, max));
                continue;
            }
            counts.push((min, None));
            self.relaxed.push(Deviation {
                path: place.to_string(),
                what: match high {
                    Some(high) => format!("accepts more than {high} {of}"),
                    None => format!("accepts fewer than {low} {of}"),
                },
                because: format!("not every engine counts beyond {COUNTABLE}"),
            });
            break;
        }
        counts
    }
}

/// Lists of `min` to `max` elements.
fn list(element: &Expr, min: u32, max: Option<u32>) -> Vec<Expr> {
    let mut choices = Vec::new();
    if min == 0 {
        choices.push(literal("[]"));
    }
    if max != Some(0) {
        let rest = seq(vec![literal(", "), element.clone()]);
        let rest = repeat(rest, min.saturating_sub(1), max.map(|max| max - 1));
        choices.push(seq(vec![literal("["), element.clone(), rest, literal("]")]));
    }
    choices
}

/// One code point of a text: itself, or its only escape.
fn code_point() -> Regular {
    let plain = Regular::Class(vec![(' ', '!'), ('#', '['), (']', '\u{d7ff}'), ('\u{e000}', '\u{10ffff}')]);
    let named = Regular::Class(['"', '0', '\\', 'n', 'r', 't'].map(|c| (c, c)).to_vec());
    let code = [
        Regular::Class(vec![('1', '8'), ('b', 'c'), ('e', 'f')]),
        Regular::seq([Regular::text("1"), Regular::Class(vec![('0', '9'), ('a', 'f')])]),
    ];
    let alt = |choices: Vec<Regular>| Regular::alt(choices).unwrap_or_else(|| Regular::text(""));
    let control = Regular::seq([Regular::text("u{"), alt(code.to_vec()), Regular::text("}")]);
    alt(vec![plain, Regular::seq([Regular::text("\\"), alt(vec![named, control])])])
}

/// A text as the grammar spells it.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\0' => quoted.push_str("\\0"),
            c if c < ' ' => quoted.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn literal(text: impl Into<String>) -> Expr {
    Expr::Terminal(Regular::text(text))
}

fn seq(parts: Vec<Expr>) -> Expr {
    let mut flat: Vec<Expr> = Vec::new();
    for part in parts {
        match (flat.last_mut(), part) {
            (_, Expr::Seq(inner)) => flat = flat.into_iter().chain(inner).collect(),
            (_, Expr::Terminal(Regular::Text(text))) if text.is_empty() => {}
            (Some(Expr::Terminal(Regular::Text(before))), Expr::Terminal(Regular::Text(text))) => {
                before.push_str(&text);
            }
            (_, part) => flat.push(part),
        }
    }
    match flat.len() {
        0 => literal(""),
        1 => flat.remove(0),
        _ => Expr::Seq(flat),
    }
}

fn alt(mut choices: Vec<Expr>) -> Expr {
    match choices.len() {
        0 => literal(""),
        1 => choices.remove(0),
        _ => Expr::Alt(choices),
    }
}

fn repeat(inner: Expr, min: u32, max: Option<u32>) -> Expr {
    match (min, max) {
        (_, Some(0)) => literal(""),
        (1, Some(1)) => inner,
        _ => Expr::Repeat(Box::new(inner), min, max),
    }
}

/// `Tree Int` becomes `tree-int-3`; the number keeps names apart that differ only in signs.
fn rule_name(name: &str, number: usize) -> String {
    let mut letters = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            letters.push(c.to_ascii_lowercase());
        } else if !letters.ends_with('-') {
            letters.push('-');
        }
    }
    let letters = letters.trim_matches('-');
    let short = letters.get(..letters.len().min(40)).unwrap_or_default();
    format!("t-{short}-{number}")
}

/// The grammar without the rules that nothing leads to.
fn reachable(grammar: Grammar) -> Grammar {
    let mut kept = vec![0];
    let mut next = 0;
    while let Some(&rule) = kept.get(next) {
        if let Some(rule) = grammar.rules.get(rule) {
            rule.body.each_rule(&mut |used| {
                if !kept.contains(&used) {
                    kept.push(used);
                }
            });
        }
        next += 1;
    }
    kept.sort_unstable();
    let renumber = |old: usize| kept.iter().position(|&kept| kept == old).unwrap_or(0);
    let mut rules: Vec<Rule> = kept.iter().filter_map(|&rule| grammar.rules.get(rule)).cloned().collect();
    for rule in &mut rules {
        rule.body.renumber(&renumber);
    }
    Grammar { rules }
}

impl Expr {
    fn children(&self) -> &[Expr] {
        match self {
            Expr::Terminal(_) | Expr::Rule(_) => &[],
            Expr::Seq(parts) | Expr::Alt(parts) => parts,
            Expr::Repeat(inner, ..) => std::slice::from_ref(inner),
        }
    }

    fn each_rule(&self, visit: &mut dyn FnMut(usize)) {
        if let Expr::Rule(rule) = self {
            visit(*rule);
        }
        for child in self.children() {
            child.each_rule(visit);
        }
    }

    fn renumber(&mut self, to: &dyn Fn(usize) -> usize) {
        match self {
            Expr::Terminal(_) => {}
            Expr::Rule(rule) => *rule = to(*rule),
            Expr::Seq(parts) | Expr::Alt(parts) => parts.iter_mut().for_each(|part| part.renumber(to)),
            Expr::Repeat(inner, ..) => inner.renumber(to),
        }
    }
}

impl Grammar {
    /// The whole language as one regular set.
    pub(super) fn regular(&self) -> Result<Regular, NotRegular> {
        let start = self.rules.first().map(|rule| &rule.body);
        start.map_or_else(|| Ok(Regular::text("")), |start| self.inline(start, &mut vec![0], &mut 0))
    }

    fn inline(&self, expr: &Expr, open: &mut Vec<usize>, size: &mut usize) -> Result<Regular, NotRegular> {
        let mut all = |parts: &[Expr]| -> Result<Vec<Regular>, NotRegular> {
            parts.iter().map(|part| self.inline(part, open, size)).collect()
        };
        match expr {
            Expr::Terminal(set) => {
                *size += set.size();
                if *size > LARGEST { Err(NotRegular::TooLarge) } else { Ok(set.clone()) }
            }
            Expr::Seq(parts) => all(parts).map(Regular::seq),
            Expr::Alt(choices) => Ok(Regular::alt(all(choices)?).unwrap_or_else(|| Regular::text(""))),
            Expr::Repeat(inner, min, max) => Ok(self.inline(inner, open, size)?.repeat(*min, *max)),
            Expr::Rule(number) => {
                let Some(rule) = self.rules.get(*number) else { return Ok(Regular::text("")) };
                if open.contains(number) {
                    return Err(NotRegular::Recursive);
                }
                open.push(*number);
                let inlined = self.inline(&rule.body, open, size);
                open.pop();
                inlined
            }
        }
    }
}
