//! What several words say together: bounds, conditions, separators, what to answer otherwise.
//!
//! A [`Mention`] is a reading of some tokens; readings may overlap (`between 0 and 150` is a range and a
//! condition), and it is up to the idiom that is placed which one it uses. Promises: every mention covers the
//! tokens it read and no others. Must not: decide which task is asked for.

use super::lexicon::{Meaning, Unit};
use super::predicate::{Comparison, Predicate, literal};
use super::sentence::{Token, TokenKind};
use num_bigint::BigInt;

/// A reading of some tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// What they say.
    pub feature: Feature,
    /// The tokens read, ascending.
    pub tokens: Vec<usize>,
}

/// What can be said with several words.
#[derive(Debug, Clone, PartialEq)]
pub enum Feature {
    /// A condition on a value.
    Predicate(Predicate),
    /// A condition that describes what is handed in (`a list of positive integers`) and asks for nothing.
    Given,
    /// A condition in a word that is not known: *refundable*.
    Undecided(String),
    /// `or -1 if it is not there`
    Otherwise(Fallback),
    /// A text that stands between others, and its name in words.
    Separator(String, String),
    /// Text meant literally.
    Quoted(String),
    /// A whole number.
    Number(BigInt),
    /// `10%`
    Percent(BigInt),
    /// `called leap_year`
    Name(String),
}

/// What to answer when there is no proper answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Fallback {
    /// A number.
    Number(BigInt),
    /// A text.
    Text(String),
    /// Nothing: `None`.
    Nothing,
    /// `true` or `false`.
    Truth(bool),
}

/// Reads every mention in a sentence.
pub fn mentions(words: &str, tokens: &[Token], units: &[Unit]) -> Vec<Mention> {
    let reader = Reader { words, tokens, units };
    let mut mentions = reader.otherwise();
    mentions.extend(reader.predicates());
    mentions.extend(reader.undecided());
    mentions.extend(reader.separators());
    mentions.extend(reader.literals());
    mentions.extend(reader.names());
    mentions
}

struct Reader<'a> {
    words: &'a str,
    tokens: &'a [Token],
    units: &'a [Unit],
}

/// Comparators before a number, longest first where one begins another. `*` is any of more, greater, larger, ...;
/// `/` is any of less, fewer, smaller, ...
const COMPARATORS: [(&[&str], Comparison); 44] = [
    (&["*", "than", "or", "equal", "to"], Comparison::AtLeast),
    (&["*", "or", "equal", "to"], Comparison::AtLeast),
    (&["*", "than", "or", "equals"], Comparison::AtLeast),
    (&["/", "than", "or", "equal", "to"], Comparison::AtMost),
    (&["/", "or", "equal", "to"], Comparison::AtMost),
    (&["not", "equal", "to"], Comparison::Unequal),
    (&["no", "*", "than"], Comparison::AtMost),
    (&["not", "*", "than"], Comparison::AtMost),
    (&["no", "/", "than"], Comparison::AtLeast),
    (&["not", "/", "than"], Comparison::AtLeast),
    (&["a", "minimum", "of"], Comparison::AtLeast),
    (&["a", "maximum", "of"], Comparison::AtMost),
    (&["minimum", "of"], Comparison::AtLeast),
    (&["maximum", "of"], Comparison::AtMost),
    (&["not", "exceeding"], Comparison::AtMost),
    (&["not", "exceed"], Comparison::AtMost),
    (&["not", "above"], Comparison::AtMost),
    (&["not", "over"], Comparison::AtMost),
    (&["not", "below"], Comparison::AtLeast),
    (&["not", "under"], Comparison::AtLeast),
    (&["at", "least"], Comparison::AtLeast),
    (&["at", "most"], Comparison::AtMost),
    (&["up", "to"], Comparison::AtMost),
    (&["*", "than"], Comparison::Greater),
    (&["/", "than"], Comparison::Less),
    (&["different", "from"], Comparison::Unequal),
    (&["other", "than"], Comparison::Unequal),
    (&["equal", "to"], Comparison::Equal),
    (&["equals"], Comparison::Equal),
    (&["exactly"], Comparison::Equal),
    (&["above"], Comparison::Greater),
    (&["over"], Comparison::Greater),
    (&["exceeding"], Comparison::Greater),
    (&["exceeds"], Comparison::Greater),
    (&["exceed"], Comparison::Greater),
    (&["below"], Comparison::Less),
    (&["under"], Comparison::Less),
    (&["beneath"], Comparison::Less),
    (&[">", "="], Comparison::AtLeast),
    (&["<", "="], Comparison::AtMost),
    (&["≥"], Comparison::AtLeast),
    (&["≤"], Comparison::AtMost),
    (&[">"], Comparison::Greater),
    (&["<"], Comparison::Less),
];

const MORE: [&str; 9] =
    ["more", "greater", "larger", "bigger", "higher", "older", "longer", "later", "above"];
const LESS: [&str; 8] = ["less", "fewer", "smaller", "lower", "younger", "shorter", "earlier", "below"];
/// Words that may stand between two conditions on the same thing, besides one `and`, `or` or `but`.
const BETWEEN_CONDITIONS: [&str; 15] = [
    "that", "which", "are", "is", "also", "both", "numbers", "integers", "values", "number", "integer",
    "ones", "elements", "who", "be",
];
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
    fn text(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.text.as_str())
    }

    fn number(&self, at: usize) -> Option<BigInt> {
        let token = self.tokens.get(at)?;
        token.number().cloned().or_else(|| match token.text.as_str() {
            "one" => Some(1.into()),
            "zero" => Some(0.into()),
            _ => None,
        })
    }

    /// The single token's text as the author typed it.
    fn typed(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.span.slice(self.words))
    }

    fn sequence(&self, at: usize, pattern: &[&str]) -> bool {
        pattern.iter().enumerate().all(|(offset, expected)| {
            let text = self.text(at + offset);
            match *expected {
                "*" => MORE.contains(&text),
                "/" => LESS.contains(&text),
                expected => text == expected,
            }
        })
    }

    /// A comparison with a number at `at`: what, the bound, one past it. The verb to be before it is not part.
    fn comparison(&self, at: usize) -> Option<(Comparison, BigInt, usize)> {
        let ahead = COMPARATORS.iter().find(|(pattern, _)| self.sequence(at, pattern)).and_then(
            |(pattern, found)| {
                let next = at + pattern.len();
                Some((*found, self.number(next)?, next + 1))
            },
        );
        ahead.or_else(|| {
            let bound = self.number(at)?;
            let joint = matches!(self.text(at + 1), "or" | "and");
            let word = self.text(at + 2);
            let more = MORE.contains(&word) || matches!(word, "over" | "up" | "upwards" | "upward");
            let less = LESS.contains(&word) || matches!(word, "under" | "down");
            match (joint, more, less) {
                (true, true, _) => Some((Comparison::AtLeast, bound, at + 3)),
                (true, _, true) => Some((Comparison::AtMost, bound, at + 3)),
                _ => None,
            }
        })
    }

    /// Two bounds at `at`: `between 0 and 150`, `from 0 up to 150`, `0 to 150`, `0-150`.
    fn range(&self, at: usize) -> Option<(BigInt, BigInt, usize)> {
        let (first, joints, strict): (usize, &[&str], bool) = match self.text(at) {
            "strictly" if self.text(at + 1) == "between" => (at + 2, &["and"], true),
            "between" => (at + 1, &["and", "to", "-", "–"], false),
            "from" => (at + 1, &["to", "through", "until", "till", "-", "–"], false),
            "[" | "(" => (at + 1, &[",", "-", "–"], false),
            _ => (at, &["to", "through", "-", "–", "…"], false),
        };
        let low = self.number(first)?;
        let mut next = first + 1;
        if self.text(next) == "up" {
            next += 1;
        }
        if self.sequence(next, &[".", "."]) {
            next += 2;
            if self.text(next) == "." {
                next += 1;
            }
        } else if joints.contains(&self.text(next)) {
            next += 1;
        } else {
            return None;
        }
        let high = self.number(next)?;
        next += 1;
        if matches!(self.text(at), "[" | "(") && matches!(self.text(next), "]" | ")") {
            next += 1;
        }
        let exclusive = matches!(self.text(next), "exclusive" | "exclusively");
        let inclusive = matches!(self.text(next), "inclusive" | "inclusively");
        if exclusive || inclusive {
            next += 1;
        }
        let inside = i32::from(exclusive || strict);
        Some((low + inside, high - inside, next))
    }

    /// One condition at `at` and one past it.
    fn atom(&self, at: usize) -> Option<(Predicate, usize)> {
        if let Some(found) = self.text_atom(at) {
            return Some(found);
        }
        if let Some((low, high, next)) = self.range(at) {
            return Some((Predicate::between(low, high), next));
        }
        if let Some((comparison, bound, next)) = self.comparison(at) {
            return Some((Predicate::Compare(comparison, bound), next));
        }
        let compare = |comparison, bound: i32| Predicate::Compare(comparison, bound.into());
        let (positive, negative) = (compare(Comparison::Greater, 0), compare(Comparison::Less, 0));
        match self.text(at) {
            "even" => Some((Predicate::even(), at + 1)),
            "odd" => Some((Predicate::even().negated(), at + 1)),
            "positive" => Some((positive, at + 1)),
            "negative" | "negatives" => Some((negative, at + 1)),
            "positives" => Some((positive, at + 1)),
            "evens" => Some((Predicate::even(), at + 1)),
            "odds" => Some((Predicate::even().negated(), at + 1)),
            "nonnegative" => Some((compare(Comparison::AtLeast, 0), at + 1)),
            "nonzero" => Some((compare(Comparison::Unequal, 0), at + 1)),
            "non" => {
                let after = if self.text(at + 1) == "-" { at + 2 } else { at + 1 };
                match self.text(after) {
                    "negative" => Some((compare(Comparison::AtLeast, 0), after + 1)),
                    "positive" => Some((compare(Comparison::AtMost, 0), after + 1)),
                    "zero" => Some((compare(Comparison::Unequal, 0), after + 1)),
                    "empty" => Some((Predicate::Length(Comparison::Greater, 0.into()), after + 1)),
                    _ => None,
                }
            }
            "zero" | "zeros" | "zeroes" => Some((compare(Comparison::Equal, 0), at + 1)),
            "divisible" | "multiple" | "multiples" => self.divisible(at),
            "evenly" if self.text(at + 1) == "divisible" => self.divisible(at + 1),
            "a" if self.text(at + 1) == "multiple" => self.divisible(at + 1),
            "not" => {
                let article = usize::from(matches!(self.text(at + 1), "a" | "an"));
                self.atom(at + 1 + article).map(|(predicate, next)| (predicate.negated(), next))
            }
            _ => None,
        }
    }

    /// `divisible by 3 and 5`, `multiples of 3 or 5`
    fn divisible(&self, at: usize) -> Option<(Predicate, usize)> {
        let mut next = at + 1;
        if self.text(next) == "evenly" {
            next += 1;
        }
        if !matches!(self.text(next), "by" | "of") {
            return None;
        }
        next += 1;
        if matches!(self.text(next), "both" | "either") {
            next += 1;
        }
        let first = self.number(next)?;
        next += 1;
        let mut predicate = Predicate::Divides(first);
        while let (joint @ ("and" | "or"), Some(number)) = (self.text(next), self.number(next + 1)) {
            // `divisible by 3 and 5 or more`: the second number belongs to what follows.
            let more = Predicate::Divides(number);
            predicate = if joint == "and" { predicate.and(more) } else { predicate.or(more) };
            next += 2;
        }
        Some((predicate, next))
    }

    /// A condition on texts.
    fn text_atom(&self, at: usize) -> Option<(Predicate, usize)> {
        if let Some((low, high, next)) = self.range(at).filter(|(_, _, next)| is_letters(self.text(*next))) {
            let next = if self.text(next + 1) == "long" { next + 2 } else { next + 1 };
            let length = |comparison, bound| Predicate::Length(comparison, bound);
            return Some((length(Comparison::AtLeast, low).and(length(Comparison::AtMost, high)), next));
        }
        let (verb, next) = match self.text(at) {
            "starting" | "start" | "starts" | "begin" | "begins" | "beginning"
                if self.text(at + 1) == "with" =>
            {
                ("start", at + 2)
            }
            "ending" | "end" | "ends" | "finishing" if matches!(self.text(at + 1), "with" | "in") => {
                ("end", at + 2)
            }
            "containing" | "contain" | "contains" | "including" | "include" => ("contain", at + 1),
            _ => {
                let (comparison, bound, next) = match self.text(at) {
                    "longer" | "shorter" => self.comparison(at)?,
                    "of" | "with" if self.text(at + 1) == "length" => {
                        let (comparison, bound, next) = match self.number(at + 2) {
                            Some(bound) => (Comparison::Equal, bound, at + 3),
                            None => self.comparison(at + 2)?,
                        };
                        return Some((Predicate::Length(comparison, bound), next));
                    }
                    _ => self.comparison(at).filter(|(_, _, next)| is_letters(self.text(*next)))?,
                };
                let next = if is_letters(self.text(next)) { next + 1 } else { next };
                let next = if matches!(self.text(next), "long") { next + 1 } else { next };
                return Some((Predicate::Length(comparison, bound), next));
            }
        };
        let (part, next) = self.literal_text(next)?;
        let predicate = match verb {
            "start" => Predicate::Starts(part),
            "end" => Predicate::Ends(part),
            _ => Predicate::Contains(part),
        };
        Some((predicate, next))
    }

    /// A quotation, `the letter x`, or a single capital.
    fn literal_text(&self, at: usize) -> Option<(String, usize)> {
        let mut next = at;
        if self.text(next) == "the" || self.text(next) == "a" && is_letters(self.text(next + 1)) {
            next += 1;
        }
        if is_letters(self.text(next)) || matches!(self.text(next), "word" | "prefix" | "suffix") {
            next += 1;
        }
        let token = self.tokens.get(next)?;
        match &token.kind {
            TokenKind::Quoted if !token.text.is_empty() => Some((token.text.clone(), next + 1)),
            TokenKind::Word if next > at && token.text.chars().count() == 1 => {
                Some((self.typed(next).to_owned(), next + 1))
            }
            TokenKind::Word if token.text.chars().count() == 1 && self.typed(next) != token.text => {
                Some((self.typed(next).to_owned(), next + 1))
            }
            _ => None,
        }
    }

    /// Conditions, joined where the words join them.
    fn predicates(&self) -> Vec<Mention> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            let Some((first, mut end)) = self.atom(at) else {
                at += 1;
                continue;
            };
            let mut predicate = Some(first);
            while let Some((next, more, joint)) = self.further_condition(end) {
                predicate = predicate.and_then(|so_far| {
                    if so_far.is_of_texts() != next.is_of_texts() {
                        return None;
                    }
                    let opposite = so_far == Predicate::even() && next == Predicate::even().negated();
                    match joint {
                        // "even or odd" asks for the parity; it is no condition.
                        Joint::Or if opposite => None,
                        Joint::Or => Some(so_far.or(next)),
                        Joint::And => Some(so_far.and(next)),
                    }
                });
                end = more;
            }
            let tokens = (at..end).collect::<Vec<_>>();
            if let Some(predicate) = predicate {
                if self.describes_input(at, end) {
                    found.push(Mention { feature: Feature::Given, tokens: tokens.clone() });
                }
                found.push(Mention { feature: Feature::Predicate(predicate), tokens });
            }
            at = end;
        }
        found.extend(self.input_adjectives());
        found
    }

    fn further_condition(&self, from: usize) -> Option<(Predicate, usize, Joint)> {
        let mut at = from;
        let mut joint = None;
        while at < from + 5 {
            if let Some((predicate, end)) = self.atom(at) {
                return Some((predicate, end, joint.unwrap_or(Joint::And)));
            }
            match self.text(at) {
                "and" | "but" if joint.is_none() => joint = Some(Joint::And),
                "or" if joint.is_none() => joint = Some(Joint::Or),
                word if BETWEEN_CONDITIONS.contains(&word) => {}
                _ => return None,
            }
            at += 1;
        }
        None
    }

    /// `list of positive integers`, `a positive integer`, `two negative numbers`: says what comes in.
    fn describes_input(&self, start: usize, end: usize) -> bool {
        let before = |back: usize| start.checked_sub(back).map_or("", |at| self.text(at));
        let after = self.text(end);
        let singular = matches!(after, "number" | "integer" | "int" | "whole" | "n");
        let article = matches!(before(1), "a" | "an" | "any" | "given" | "of" | "each" | "every" | "the");
        // `contains a negative number` looks for one.
        let sought = matches!(
            before(2),
            "contain"
                | "contains"
                | "containing"
                | "has"
                | "have"
                | "with"
                | "is"
                | "first"
                | "any"
                | "includes"
        );
        let counted = start.checked_sub(1).is_some_and(|at| self.number(at).is_some()) || before(1) == "both";
        let of_list = before(1) == "of"
            && matches!(before(2), "list" | "array" | "sequence" | "collection" | "lists" | "arrays");
        (singular && article && !sought) || counted || of_list
    }

    /// `non-empty list`, `sorted list`
    fn input_adjectives(&self) -> Vec<Mention> {
        let holder = |at: usize| {
            matches!(self.text(at), "list" | "array" | "sequence" | "collection" | "string" | "text")
        };
        let mut found = Vec::new();
        for at in 0..self.tokens.len() {
            let end = match self.text(at) {
                "nonempty" => at + 1,
                "non" if self.text(at + 1) == "empty" => at + 2,
                "non" if self.text(at + 1) == "-" && self.text(at + 2) == "empty" => at + 3,
                "unsorted" | "sorted" | "ordered" => at + 1,
                _ => continue,
            };
            if holder(end) {
                found.push(Mention { feature: Feature::Given, tokens: (at..end).collect() });
            }
        }
        found
    }

    /// Adjectives that pick some out of many, in words that are not known: `the refundable prices`,
    /// `prices that are refundable`.
    fn undecided(&self) -> Vec<Mention> {
        let mut found = Vec::new();
        for (index, unit) in self.units.iter().enumerate() {
            let picks = match unit.meaning {
                Meaning::Modifier => true,
                Meaning::Unknown => looks_like_adjective(self.text(unit.start)),
                _ => false,
            };
            if !picks || unit.end != unit.start + 1 {
                continue;
            }
            let before_many = self.units.get(index + 1).is_some_and(|next| next.plural);
            let mut back = index;
            let mut relative = false;
            while let Some(previous) = back.checked_sub(1).and_then(|at| self.units.get(at)) {
                match self.text(previous.start) {
                    "are" | "is" | "were" => {}
                    "that" | "which" | "who" => {
                        relative = true;
                        break;
                    }
                    _ => break,
                }
                back -= 1;
            }
            if before_many || relative {
                found.push(Mention {
                    feature: Feature::Undecided(unit.plain.clone()),
                    tokens: vec![unit.start],
                });
            }
        }
        found
    }

    /// What to answer otherwise: `or -1`, `or None if it is not there`, `if the list is empty return 0`.
    fn otherwise(&self) -> Vec<Mention> {
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

    fn separators(&self) -> Vec<Mention> {
        let mut found = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            let named = match token.text.as_str() {
                _ if !token.is_word() => continue,
                "comma" | "commas" => (",", "a comma"),
                "space" | "spaces" => (" ", "a space"),
                "semicolon" | "semicolons" => (";", "a semicolon"),
                "colon" | "colons" => (":", "a colon"),
                "hyphen" | "hyphens" | "dash" | "dashes" => ("-", "a hyphen"),
                "newline" | "newlines" => ("\n", "a line break"),
                "tab" | "tabs" => ("\t", "a tab"),
                "pipe" | "pipes" => ("|", "a vertical bar"),
                "slash" | "slashes" => ("/", "a slash"),
                "underscore" | "underscores" => ("_", "an underscore"),
                "dot" | "dots" | "period" | "periods" => (".", "a dot"),
                "asterisk" | "asterisks" | "star" | "stars" => ("*", "an asterisk"),
                _ => continue,
            };
            let and_space =
                named.0 == "," && self.text(at + 1) == "and" && self.sequence(at + 2, &["a", "space"]);
            let and_spaces = named.0 == ","
                && self.text(at + 1) == "and"
                && matches!(self.text(at + 2), "space" | "spaces");
            let (text, name, end) = match (and_space, and_spaces) {
                (true, _) => (", ", "a comma and a space", at + 4),
                (_, true) => (", ", "a comma and a space", at + 3),
                _ => (named.0, named.1, at + 1),
            };
            let feature = Feature::Separator(text.to_owned(), name.to_owned());
            found.push(Mention { feature, tokens: (at..end).collect() });
        }
        found
    }

    fn literals(&self) -> Vec<Mention> {
        let mut found = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            match &token.kind {
                TokenKind::Number(number) => {
                    if matches!(self.text(at + 1), "%" | "percent") {
                        let feature = Feature::Percent(number.clone());
                        found.push(Mention { feature, tokens: vec![at, at + 1] });
                    }
                    found.push(Mention { feature: Feature::Number(number.clone()), tokens: vec![at] });
                }
                TokenKind::Quoted => {
                    let separator = Feature::Separator(token.text.clone(), literal(&token.text));
                    found.push(Mention { feature: separator, tokens: vec![at] });
                    found.push(Mention { feature: Feature::Quoted(token.text.clone()), tokens: vec![at] });
                }
                _ => {
                    let letter = matches!(token.text.as_str(), "letter" | "character" | "digit");
                    if letter && let Some((text, end)) = self.literal_text(at) {
                        found.push(Mention { feature: Feature::Quoted(text), tokens: (at..end).collect() });
                    }
                }
            }
        }
        found
    }

    /// `called leap_year`, `named isLeap`, `call it total`
    fn names(&self) -> Vec<Mention> {
        let mut found = Vec::new();
        for at in 0..self.tokens.len() {
            let next = match self.text(at) {
                "called" | "named" => at + 1,
                "call" | "name" if self.text(at + 1) == "it" => at + 2,
                _ => continue,
            };
            let name = self.typed(next).trim_matches(['"', '\'', '`']);
            if self.tokens.get(next).is_some_and(|t| t.is_word() || t.kind == TokenKind::Quoted)
                && !name.is_empty()
            {
                let mut end = next + 1;
                if self.text(end) == "(" && self.text(end + 1) == ")" {
                    end += 2;
                }
                found.push(Mention { feature: Feature::Name(name.to_owned()), tokens: (at..end).collect() });
            }
        }
        found
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Joint {
    And,
    Or,
}

fn is_letters(word: &str) -> bool {
    matches!(word, "character" | "characters" | "letter" | "letters" | "chars")
}

/// Whether an unknown word has the ending of an adjective.
pub fn looks_like_adjective(word: &str) -> bool {
    const ENDINGS: [&str; 15] = [
        "able", "ible", "ive", "ous", "ful", "less", "ical", "ial", "ed", "ent", "ant", "ier", "iest", "ish",
        "ic",
    ];
    word.len() > 4 && ENDINGS.iter().any(|ending| word.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::super::lexicon::Lexicon;
    use super::super::sentence::tokens;
    use super::*;

    fn read(words: &str) -> Vec<Mention> {
        let (lexicon, _) = Lexicon::parse(
            "[silent]\nthe, a, that, are, in\n[same]\nsum\nlist\nnumbers\n[nouns number]\nprice",
        );
        let tokens = tokens(words);
        let units = lexicon.units(&tokens);
        mentions(words, &tokens, &units)
    }

    fn predicate(words: &str) -> String {
        let found = read(words).into_iter().filter_map(|mention| match mention.feature {
            Feature::Predicate(predicate) => Some(predicate.term("n")),
            _ => None,
        });
        found.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn conditions_are_read_and_joined() {
        let cases = [
            ("sum the even numbers", "n % 2 == 0"),
            ("numbers greater than 10", "n > 10"),
            ("numbers that are at least 18 and under 65", "n >= 18 && n < 65"),
            ("even numbers that are greater than 10", "n % 2 == 0 && n > 10"),
            ("multiples of 3 or 5", "n % 3 == 0 || n % 5 == 0"),
            ("ages between 0 and 150", "0 <= n && n <= 150"),
            ("a score from 0 to 100", "0 <= n && n <= 100"),
            ("ages 0-150", "0 <= n && n <= 150"),
            ("not divisible by 7", "n % 7 != 0"),
            ("18 or older", "n >= 18"),
            ("no more than 5", "n <= 5"),
            ("strictly between 1 and 5", "2 <= n && n <= 4"),
            ("non-negative numbers", "n >= 0"),
            ("words longer than 3 letters", "length(n) > 3"),
            ("names starting with 'A'", "starts_with(n, \"A\")"),
            ("with at least 8 characters", "length(n) >= 8"),
            ("numbers >= 3", "n >= 3"),
            ("even or odd", ""),
        ];
        for (words, expected) in cases {
            assert_eq!(predicate(words), expected, "{words}");
        }
    }

    #[test]
    fn otherwise_is_told_from_a_joined_condition() {
        let fallback = |words: &str| {
            read(words).into_iter().find_map(|mention| match mention.feature {
                Feature::Otherwise(fallback) => Some(fallback),
                _ => None,
            })
        };
        assert_eq!(fallback("the index of a value in a list, or -1"), Some(Fallback::Number((-1).into())));
        assert_eq!(fallback("or None if it is not there"), Some(Fallback::Nothing));
        assert_eq!(fallback("if the list is empty, return 0"), Some(Fallback::Number(0.into())));
        assert_eq!(fallback("return 0 when the list is empty"), Some(Fallback::Number(0.into())));
        assert_eq!(fallback("multiples of 3 or 5"), None);
        assert_eq!(fallback("between 0 and 150"), None);
    }

    #[test]
    fn an_unknown_adjective_is_undecided() {
        let undecided = |words: &str| {
            read(words).into_iter().find_map(|mention| match mention.feature {
                Feature::Undecided(word) => Some(word),
                _ => None,
            })
        };
        assert_eq!(undecided("sum the refundable prices"), Some("refundable".to_owned()));
        assert_eq!(undecided("prices that are refundable"), Some("refundable".to_owned()));
        assert_eq!(undecided("sum the prices"), None);
    }

    #[test]
    fn a_condition_on_the_input_is_marked() {
        assert!(read("a list of positive integers").iter().any(|mention| mention.feature == Feature::Given));
        assert!(
            !read("the positive integers in a list").iter().any(|mention| mention.feature == Feature::Given)
        );
    }
}
