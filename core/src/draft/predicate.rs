//! Conditions the words state on one value: *even*, *greater than 10*, *longer than 3 characters*.
//!
//! A predicate is data, so that it can be written for any variable, said in words, used as part of a name, and
//! tried on values: the drafter picks the examples of a draft with it. Must not: exist half understood; what
//! could not be read as one of these forms is an open hole instead.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::Zero;

/// A condition on an `Int` or a `Str`.
#[derive(Debug, Clone, PartialEq)]
pub enum Predicate {
    /// `n % d == 0`
    Divides(BigInt),
    /// `n < 10`
    Compare(Comparison, BigInt),
    /// `length(s) < 10`
    Length(Comparison, BigInt),
    /// `starts_with(s, "a")`
    Starts(String),
    /// `ends_with(s, "a")`
    Ends(String),
    /// `contains(s, "a")`
    Contains(String),
    /// Not that.
    Not(Box<Predicate>),
    /// All of these; two or more.
    All(Vec<Predicate>),
    /// Any of these; two or more.
    Any(Vec<Predicate>),
}

/// How two numbers compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Comparison {
    Less,
    AtMost,
    Equal,
    Unequal,
    AtLeast,
    Greater,
}

/// A value a predicate can be tried on.
#[derive(Debug, Clone, PartialEq)]
pub enum Subject {
    /// An `Int`.
    Number(BigInt),
    /// A `Str`.
    Text(String),
}

impl Comparison {
    fn symbol(self) -> &'static str {
        match self {
            Comparison::Less => "<",
            Comparison::AtMost => "<=",
            Comparison::Equal => "==",
            Comparison::Unequal => "!=",
            Comparison::AtLeast => ">=",
            Comparison::Greater => ">",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Comparison::Less => "less than",
            Comparison::AtMost => "at most",
            Comparison::Equal => "equal to",
            Comparison::Unequal => "different from",
            Comparison::AtLeast => "at least",
            Comparison::Greater => "greater than",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Comparison::Less => "below",
            Comparison::AtMost => "at_most",
            Comparison::Equal => "equal_to",
            Comparison::Unequal => "other_than",
            Comparison::AtLeast => "at_least",
            Comparison::Greater => "over",
        }
    }

    fn holds(self, left: &BigInt, right: &BigInt) -> bool {
        match self {
            Comparison::Less => left < right,
            Comparison::AtMost => left <= right,
            Comparison::Equal => left == right,
            Comparison::Unequal => left != right,
            Comparison::AtLeast => left >= right,
            Comparison::Greater => left > right,
        }
    }
}

impl Predicate {
    /// Even numbers.
    pub fn even() -> Predicate {
        Predicate::Divides(2.into())
    }

    /// `low <= n && n <= high`
    pub fn between(low: BigInt, high: BigInt) -> Predicate {
        Predicate::All(vec![
            Predicate::Compare(Comparison::AtLeast, low),
            Predicate::Compare(Comparison::AtMost, high),
        ])
    }

    /// The opposite, without a double negation.
    pub fn negated(self) -> Predicate {
        match self {
            Predicate::Not(inner) => *inner,
            Predicate::Compare(Comparison::Equal, n) => Predicate::Compare(Comparison::Unequal, n),
            Predicate::Compare(Comparison::Unequal, n) => Predicate::Compare(Comparison::Equal, n),
            other => Predicate::Not(Box::new(other)),
        }
    }

    /// Both, flat.
    pub fn and(self, other: Predicate) -> Predicate {
        Predicate::All(
            [self, other]
                .into_iter()
                .flat_map(|p| match p {
                    Predicate::All(parts) => parts,
                    single => vec![single],
                })
                .collect(),
        )
    }

    /// Either, flat.
    pub fn or(self, other: Predicate) -> Predicate {
        Predicate::Any(
            [self, other]
                .into_iter()
                .flat_map(|p| match p {
                    Predicate::Any(parts) => parts,
                    single => vec![single],
                })
                .collect(),
        )
    }

    /// Whether it is a condition on texts.
    pub fn is_of_texts(&self) -> bool {
        match self {
            Predicate::Divides(_) | Predicate::Compare(..) => false,
            Predicate::Length(..) | Predicate::Starts(_) | Predicate::Ends(_) | Predicate::Contains(_) => {
                true
            }
            Predicate::Not(inner) => inner.is_of_texts(),
            Predicate::All(parts) | Predicate::Any(parts) => parts.iter().any(Predicate::is_of_texts),
        }
    }

    /// The bounds it states on a number or on a length, both inclusive, when bounds are all it states.
    pub fn bounds(&self) -> Option<(Option<BigInt>, Option<BigInt>)> {
        match self {
            Predicate::Compare(comparison, n) | Predicate::Length(comparison, n) => match comparison {
                Comparison::AtLeast => Some((Some(n.clone()), None)),
                Comparison::Greater => Some((Some(n + 1), None)),
                Comparison::AtMost => Some((None, Some(n.clone()))),
                Comparison::Less => Some((None, Some(n - 1))),
                Comparison::Equal => Some((Some(n.clone()), Some(n.clone()))),
                Comparison::Unequal => None,
            },
            Predicate::All(parts) => parts.iter().try_fold((None, None), |(low, high), part| {
                let (more_low, more_high) = part.bounds()?;
                (low.is_none() || more_low.is_none()).then_some(())?;
                (high.is_none() || more_high.is_none()).then_some(())?;
                Some((low.or(more_low), high.or(more_high)))
            }),
            _ => None,
        }
    }

    /// Whether `subject` satisfies it; a number never satisfies a condition on texts, and the reverse.
    pub fn holds(&self, subject: &Subject) -> bool {
        match (self, subject) {
            (Predicate::Divides(d), Subject::Number(n)) => !d.is_zero() && n.mod_floor(d).is_zero(),
            (Predicate::Compare(comparison, bound), Subject::Number(n)) => comparison.holds(n, bound),
            (Predicate::Length(comparison, bound), Subject::Text(text)) => {
                comparison.holds(&text.chars().count().into(), bound)
            }
            (Predicate::Starts(part), Subject::Text(text)) => text.starts_with(part.as_str()),
            (Predicate::Ends(part), Subject::Text(text)) => text.ends_with(part.as_str()),
            (Predicate::Contains(part), Subject::Text(text)) => text.contains(part.as_str()),
            (Predicate::Not(inner), _) => !inner.holds(subject),
            (Predicate::All(parts), _) => parts.iter().all(|part| part.holds(subject)),
            (Predicate::Any(parts), _) => parts.iter().any(|part| part.holds(subject)),
            _ => false,
        }
    }

    /// As a term over the variable `name`.
    pub fn term(&self, name: &str) -> String {
        match self {
            Predicate::Divides(d) => format!("{name} % {d} == 0"),
            Predicate::Compare(comparison, n) => format!("{name} {} {n}", comparison.symbol()),
            Predicate::Length(comparison, n) => format!("length({name}) {} {n}", comparison.symbol()),
            Predicate::Starts(part) => format!("starts_with({name}, {})", literal(part)),
            Predicate::Ends(part) => format!("ends_with({name}, {})", literal(part)),
            Predicate::Contains(part) => format!("contains({name}, {})", literal(part)),
            Predicate::Not(inner) => match &**inner {
                Predicate::Divides(d) => format!("{name} % {d} != 0"),
                other => format!("!({})", other.term(name)),
            },
            Predicate::All(parts) => match parts.as_slice() {
                // `0 <= n && n <= 150` reads better than `n >= 0 && n <= 150`.
                [
                    Predicate::Compare(Comparison::AtLeast, low),
                    Predicate::Compare(Comparison::AtMost, high),
                ] => {
                    format!("{low} <= {name} && {name} <= {high}")
                }
                _ => joined(parts, " && ", |part| match part {
                    Predicate::Any(_) => format!("({})", part.term(name)),
                    _ => part.term(name),
                }),
            },
            Predicate::Any(parts) => joined(parts, " || ", |part| part.term(name)),
        }
    }

    /// In words, to stand after "that are" or before a noun.
    pub fn words(&self) -> String {
        match self {
            Predicate::Divides(d) if *d == 2.into() => "even".to_owned(),
            Predicate::Divides(d) => format!("divisible by {d}"),
            Predicate::Compare(Comparison::Greater, n) if n.is_zero() => "positive".to_owned(),
            Predicate::Compare(Comparison::Less, n) if n.is_zero() => "negative".to_owned(),
            Predicate::Compare(Comparison::AtLeast, n) if n.is_zero() => "not negative".to_owned(),
            Predicate::Compare(Comparison::Unequal, n) if n.is_zero() => "not zero".to_owned(),
            Predicate::Compare(comparison, n) => format!("{} {n}", comparison.words()),
            Predicate::Length(Comparison::Greater, n) if n.is_zero() => "not empty".to_owned(),
            Predicate::Length(Comparison::Equal, n) if n.is_zero() => "empty".to_owned(),
            Predicate::Length(Comparison::Greater, n) => format!("longer than {n} characters"),
            Predicate::Length(Comparison::Less, n) => format!("shorter than {n} characters"),
            Predicate::Length(comparison, n) => format!("{} {n} characters long", comparison.words()),
            Predicate::Starts(part) => format!("starting with {}", literal(part)),
            Predicate::Ends(part) => format!("ending with {}", literal(part)),
            Predicate::Contains(part) => format!("containing {}", literal(part)),
            Predicate::Not(inner) => match &**inner {
                Predicate::Divides(d) if *d == 2.into() => "odd".to_owned(),
                other => format!("not {}", other.words()),
            },
            Predicate::All(parts) => match parts.as_slice() {
                [
                    Predicate::Compare(Comparison::AtLeast, low),
                    Predicate::Compare(Comparison::AtMost, high),
                ] => {
                    format!("between {low} and {high}")
                }
                [
                    Predicate::Length(Comparison::AtLeast, low),
                    Predicate::Length(Comparison::AtMost, high),
                ] => {
                    format!("{low} to {high} characters long")
                }
                _ => joined(parts, " and ", Predicate::words),
            },
            Predicate::Any(parts) => joined(parts, " or ", Predicate::words),
        }
    }

    /// As a piece of a name: `even`, `over_10`, `from_0_to_150`.
    pub fn label(&self) -> String {
        let number = |n: &BigInt| n.to_string().replace('-', "minus_");
        let label = match self {
            Predicate::Divides(d) if *d == 2.into() => "even".to_owned(),
            Predicate::Divides(d) => format!("divisible_by_{}", number(d)),
            Predicate::Compare(Comparison::Greater, n) if n.is_zero() => "positive".to_owned(),
            Predicate::Compare(Comparison::Less, n) if n.is_zero() => "negative".to_owned(),
            Predicate::Compare(Comparison::AtLeast, n) if n.is_zero() => "non_negative".to_owned(),
            Predicate::Compare(Comparison::Equal, n) if n.is_zero() => "zero".to_owned(),
            Predicate::Compare(Comparison::Unequal, n) if n.is_zero() => "nonzero".to_owned(),
            Predicate::Compare(comparison, n) => format!("{}_{}", comparison.label(), number(n)),
            Predicate::Length(Comparison::Greater, n) if n.is_zero() => "non_empty".to_owned(),
            Predicate::Length(Comparison::Equal, n) if n.is_zero() => "empty".to_owned(),
            Predicate::Length(Comparison::Greater, n) => format!("longer_than_{n}"),
            Predicate::Length(Comparison::Less, n) => format!("shorter_than_{n}"),
            Predicate::Length(comparison, n) => format!("length_{}_{n}", comparison.label()),
            Predicate::Starts(part) => format!("starting_{}", word_in(part)),
            Predicate::Ends(part) => format!("ending_{}", word_in(part)),
            Predicate::Contains(part) => format!("containing_{}", word_in(part)),
            Predicate::Not(inner) => match &**inner {
                Predicate::Divides(d) if *d == 2.into() => "odd".to_owned(),
                other => format!("not_{}", other.label()),
            },
            Predicate::All(parts) => match parts.as_slice() {
                [
                    Predicate::Compare(Comparison::AtLeast, low),
                    Predicate::Compare(Comparison::AtMost, high),
                ] => {
                    format!("from_{}_to_{}", number(low), number(high))
                }
                _ => joined(parts, "_", Predicate::label),
            },
            Predicate::Any(parts) => joined(parts, "_or_", Predicate::label),
        };
        if label.len() > 32 { "matching".to_owned() } else { label }
    }

    /// Values that satisfy it and values that do not, telling ones first: around its bounds, then small ones.
    pub fn witnesses(&self) -> (Vec<Subject>, Vec<Subject>) {
        let mut candidates = Vec::new();
        if self.is_of_texts() {
            self.near_texts(&mut candidates);
            let usual = ["apple", "kiwi", "a", "banana", "", "strawberry", "zoo", "pear", "blackcurrants"];
            candidates.extend(usual.iter().map(|text| Subject::Text((*text).to_owned())));
        } else {
            let bounds = self.bound_numbers();
            // The bounds themselves tell most, then what is just beside them.
            for offset in [0, 1, -1, 2, -2, 10] {
                candidates.extend(bounds.iter().map(|bound| Subject::Number(bound + offset)));
            }
            self.near_numbers(&mut candidates);
            candidates
                .extend([2, 4, 6, 3, 5, 7, 1, 0, 10, 12, -1, -2, -3, 100].map(|n| Subject::Number(n.into())));
        }
        let mut hits = Vec::new();
        let mut misses = Vec::new();
        for candidate in candidates {
            let side = if self.holds(&candidate) { &mut hits } else { &mut misses };
            if !side.contains(&candidate) {
                side.push(candidate);
            }
        }
        (hits, misses)
    }

    fn bound_numbers(&self) -> Vec<BigInt> {
        match self {
            Predicate::Compare(_, n) => vec![n.clone()],
            Predicate::Not(inner) => inner.bound_numbers(),
            Predicate::All(parts) | Predicate::Any(parts) => {
                parts.iter().flat_map(Predicate::bound_numbers).collect()
            }
            _ => Vec::new(),
        }
    }

    fn near_numbers(&self, found: &mut Vec<Subject>) {
        match self {
            Predicate::Divides(d) => {
                let near = [d.clone(), d * 2, d + 1, d * 2 + 1, BigInt::zero(), d * 3, d + 2];
                found.extend(near.map(Subject::Number));
            }
            Predicate::Not(inner) => inner.near_numbers(found),
            Predicate::All(parts) | Predicate::Any(parts) => {
                parts.iter().for_each(|part| part.near_numbers(found));
            }
            _ => {}
        }
    }

    fn near_texts(&self, found: &mut Vec<Subject>) {
        let mut push = |text: String| found.push(Subject::Text(text));
        match self {
            Predicate::Length(_, n) => {
                let n = usize::try_from(n).unwrap_or(0).min(64);
                push("abcdefghij".chars().cycle().take(n).collect());
                push("abcdefghij".chars().cycle().take(n + 1).collect());
                push("abcdefghij".chars().cycle().take(n.saturating_sub(1)).collect());
            }
            Predicate::Starts(part) => {
                push(format!("{part}pple"));
                push(part.clone());
                push(format!("{part}nother"));
            }
            Predicate::Ends(part) => {
                push(format!("bo{part}"));
                push(part.clone());
                push(format!("la{part}"));
            }
            Predicate::Contains(part) => {
                push(format!("b{part}d"));
                push(part.clone());
                push(format!("ma{part}ny"));
            }
            Predicate::Not(inner) => inner.near_texts(found),
            Predicate::All(parts) | Predicate::Any(parts) => {
                parts.iter().for_each(|part| part.near_texts(found))
            }
            _ => {}
        }
    }
}

fn joined(parts: &[Predicate], between: &str, each: impl Fn(&Predicate) -> String) -> String {
    parts.iter().map(each).collect::<Vec<_>>().join(between)
}

/// The letters of a text that may stand in a name.
fn word_in(text: &str) -> String {
    let word: String = text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    if word.is_empty() { "mark".to_owned() } else { word }
}

/// A text as Spec-IR writes it.
pub fn literal(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    for c in text.chars() {
        match c {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            '\0' => written.push_str("\\0"),
            c if c.is_control()
                || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') =>
            {
                written.push_str(&format!("\\u{{{:x}}}", c as u32));
            }
            c => written.push(c),
        }
    }
    written.push('"');
    written
}

impl Subject {
    /// As a Spec-IR literal.
    pub fn literal(&self) -> String {
        match self {
            Subject::Number(n) => n.to_string(),
            Subject::Text(text) => literal(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn witnesses_are_on_the_side_they_claim() {
        let over = Predicate::Compare(Comparison::Greater, 10.into());
        let predicates = [
            Predicate::even(),
            Predicate::even().negated(),
            over.clone(),
            Predicate::even().and(over),
            Predicate::between(0.into(), 150.into()),
            Predicate::Divides(3.into()).or(Predicate::Divides(5.into())),
            Predicate::Starts("a".into()),
            Predicate::Length(Comparison::Greater, 3.into()),
            Predicate::Length(Comparison::Equal, 0.into()).negated(),
        ];
        for predicate in predicates {
            let (hits, misses) = predicate.witnesses();
            assert!(hits.len() >= 2 && !misses.is_empty(), "{predicate:?}");
            assert!(hits.iter().all(|hit| predicate.holds(hit)));
            assert!(!misses.iter().any(|miss| predicate.holds(miss)));
        }
    }

    #[test]
    fn terms_group_as_they_mean() {
        let either = Predicate::Divides(3.into()).or(Predicate::Divides(5.into()));
        assert_eq!(
            either.clone().and(Predicate::even()).term("n"),
            "(n % 3 == 0 || n % 5 == 0) && n % 2 == 0"
        );
        assert_eq!(either.negated().term("n"), "!(n % 3 == 0 || n % 5 == 0)");
        assert_eq!(Predicate::between(0.into(), 9.into()).term("n"), "0 <= n && n <= 9");
        assert_eq!(literal("a\"b\u{202e}"), "\"a\\\"b\\u{202e}\"");
    }
}
