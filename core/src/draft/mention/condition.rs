//! Conditions: comparisons, ranges, divisibility, what a text starts with; joined where the words join them.

use super::{Feature, Mention, Reader, is_letters};
use crate::draft::predicate::{Comparison, Predicate};
use num_bigint::BigInt;

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

pub(super) const MORE: [&str; 9] =
    ["more", "greater", "larger", "bigger", "higher", "older", "longer", "later", "above"];
pub(super) const LESS: [&str; 8] =
    ["less", "fewer", "smaller", "lower", "younger", "shorter", "earlier", "below"];
/// Words that may stand between two conditions on the same thing, besides one `and`, `or` or `but`.
const BETWEEN_CONDITIONS: [&str; 15] = [
    "that", "which", "are", "is", "also", "both", "numbers", "integers", "values", "number", "integer",
    "ones", "elements", "who", "be",
];

impl Reader<'_> {
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

    /// Conditions, joined where the words join them.
    pub(super) fn predicates(&self) -> Vec<Mention> {
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
        let article = matches!(before(1), "a" | "an" | "any" | "given" | "of" | "the");
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
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Joint {
    And,
    Or,
}
