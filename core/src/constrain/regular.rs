//! Regular sets of texts: the terminals of our grammars.
//!
//! Only what every engine reads alike: literal text, classes of ranges, sequence, alternatives, counted
//! repetition. The printers of the dialects spell them; [`Regular::integers`] makes exact integer ranges.

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use super::intset::{IntSet, Interval};

/// A regular set of texts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Regular {
    /// One text; the empty one too.
    Text(String),
    /// One character out of inclusive ranges, in ascending order, not empty.
    Class(Vec<(char, char)>),
    /// One after the other.
    Seq(Vec<Regular>),
    /// One of these; never an empty list.
    Alt(Vec<Regular>),
    /// `min` to `max` times; without end for `None`.
    Repeat(Box<Regular>, u32, Option<u32>),
}

impl Regular {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Regular::Text(text.into())
    }

    /// In sequence, without needless nesting.
    pub fn seq(parts: impl IntoIterator<Item = Regular>) -> Self {
        let mut flat: Vec<Regular> = Vec::new();
        for part in parts {
            match (flat.last_mut(), part) {
                (_, Regular::Seq(inner)) => flat.extend(inner),
                (_, Regular::Text(text)) if text.is_empty() => {}
                (Some(Regular::Text(before)), Regular::Text(text)) => before.push_str(&text),
                (_, part) => flat.push(part),
            }
        }
        match flat.len() {
            0 => Regular::text(""),
            1 => flat.remove(0),
            _ => Regular::Seq(flat),
        }
    }

    /// Either of several, without needless nesting; `None` when there is nothing to choose from.
    pub fn alt(choices: impl IntoIterator<Item = Regular>) -> Option<Self> {
        let mut flat: Vec<Regular> = Vec::new();
        for choice in choices {
            match choice {
                Regular::Alt(inner) => flat.extend(inner),
                choice => flat.push(choice),
            }
        }
        match flat.len() {
            0 => None,
            1 => Some(flat.remove(0)),
            _ => Some(Regular::Alt(flat)),
        }
    }

    /// Counted repetition.
    pub fn repeat(self, min: u32, max: Option<u32>) -> Self {
        match (min, max) {
            (1, Some(1)) => self,
            (_, Some(0)) => Regular::text(""),
            _ => Regular::Repeat(Box::new(self), min, max),
        }
    }

    /// The decimal spellings of the set's elements, each exactly once: no leading zero, no `+`, no `-0`.
    /// `None` for the empty set.
    pub fn integers(set: &IntSet) -> Option<Self> {
        let mut choices = Vec::new();
        for Interval { low, high } in set.intervals() {
            if low.as_ref().is_none_or(Signed::is_negative) {
                let least = match high {
                    Some(high) if high.is_negative() => -high,
                    _ => BigInt::from(1),
                };
                let magnitude = magnitudes(&least, low.as_ref().map(|low| -low).as_ref());
                choices.push(Regular::seq([Regular::text("-"), magnitude]));
            }
            let zero = BigInt::zero();
            if IntSet::range(low.clone(), high.clone()).contains(&zero) {
                choices.push(Regular::text("0"));
            }
            if high.as_ref().is_none_or(Signed::is_positive) {
                let least = match low {
                    Some(low) if low.is_positive() => low.clone(),
                    _ => BigInt::from(1),
                };
                choices.push(magnitudes(&least, high.as_ref()));
            }
        }
        Regular::alt(choices)
    }

    /// How many nodes it has; what a printer will print is about as long.
    pub fn size(&self) -> usize {
        match self {
            Regular::Text(text) => 1 + text.len(),
            Regular::Class(ranges) => 1 + ranges.len(),
            Regular::Seq(parts) | Regular::Alt(parts) => 1 + parts.iter().map(Regular::size).sum::<usize>(),
            Regular::Repeat(inner, ..) => 1 + inner.size(),
        }
    }
}

/// The spellings of `least..=greatest`, where `1 <= least`.
fn magnitudes(least: &BigInt, greatest: Option<&BigInt>) -> Regular {
    let low = decimal(least);
    let high = greatest.map(decimal);
    let mut choices = Vec::new();
    // The numbers of digits of which every number is in the range: from `full` to `last`.
    let mut full = low.len();
    let mut last = high.as_ref().map(Vec::len);
    if let Some(high) = &high
        && low.len() == high.len()
        && !(is_least(&low) && is_greatest(high))
    {
        return same_length(&low, high);
    }
    if !is_least(&low) {
        choices.push(same_length(&low, &vec![9; low.len()]));
        full += 1;
    }
    let ragged = high.filter(|high| !is_greatest(high));
    if ragged.is_some() {
        last = last.map(|last| last - 1);
    }
    if last.is_none_or(|last| full <= last) {
        let more = digit(0, 9).repeat(length(full - 1), last.map(|last| length(last - 1)));
        choices.push(Regular::seq([digit(1, 9), more]));
    }
    if let Some(high) = ragged {
        let mut power = vec![0; high.len()];
        if let Some(first) = power.first_mut() {
            *first = 1;
        }
        choices.push(same_length(&power, &high));
    }
    one_of(choices)
}

/// Whether no number of as many digits is smaller: `1000`.
fn is_least(digits: &[u8]) -> bool {
    digits.split_first().is_some_and(|(first, rest)| *first == 1 && rest.iter().all(|&digit| digit == 0))
}

/// Whether no number of as many digits is greater: `999`.
fn is_greatest(digits: &[u8]) -> bool {
    digits.iter().all(|&digit| digit == 9)
}

/// The digit strings from `low` to `high`, which are equally long, in dictionary order.
fn same_length(low: &[u8], high: &[u8]) -> Regular {
    let (Some((&first, low_rest)), Some((&last, high_rest))) = (low.split_first(), high.split_first()) else {
        return Regular::text("");
    };
    if first == last {
        return Regular::seq([digit(first, first), same_length(low_rest, high_rest)]);
    }
    let rest = low_rest.len();
    let (from_zero, to_nine) = (low_rest.iter().all(|&d| d == 0), high_rest.iter().all(|&d| d == 9));
    // The first digits after which anything may follow.
    let (free_from, free_to) = (first + u8::from(!from_zero), last - u8::from(!to_nine));
    let mut choices = Vec::new();
    if !from_zero {
        choices.push(Regular::seq([digit(first, first), same_length(low_rest, &vec![9; rest])]));
    }
    if free_from <= free_to {
        let any = digit(0, 9).repeat(length(rest), Some(length(rest)));
        choices.push(Regular::seq([digit(free_from, free_to), any]));
    }
    if !to_nine {
        choices.push(Regular::seq([digit(last, last), same_length(&vec![0; rest], high_rest)]));
    }
    one_of(choices)
}

/// Digits, most significant first.
fn decimal(n: &BigInt) -> Vec<u8> {
    n.magnitude().to_radix_be(10)
}

fn digit(from: u8, to: u8) -> Regular {
    let char = |digit: u8| char::from(b'0' + digit);
    if from == to { Regular::text(char(from)) } else { Regular::Class(vec![(char(from), char(to))]) }
}

/// The number of digits of a literal; documents are smaller than 4 GiB, so it fits.
fn length(digits: usize) -> u32 {
    u32::try_from(digits).unwrap_or(u32::MAX)
}

/// Callers push at least one choice.
fn one_of(choices: Vec<Regular>) -> Regular {
    Regular::alt(choices).unwrap_or_else(|| Regular::text(""))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The places at which a match that starts at `start` may end: the meaning of a regular set, spelt out.
    pub(in crate::constrain) fn ends(set: &Regular, text: &[char], start: usize) -> BTreeSet<usize> {
        match set {
            Regular::Text(literal) => {
                let literal: Vec<char> = literal.chars().collect();
                text[start..].starts_with(&literal).then_some(start + literal.len()).into_iter().collect()
            }
            Regular::Class(ranges) => text
                .get(start)
                .filter(|&&c| ranges.iter().any(|&(from, to)| (from..=to).contains(&c)))
                .map(|_| start + 1)
                .into_iter()
                .collect(),
            Regular::Seq(parts) => parts.iter().fold(BTreeSet::from([start]), |at, part| {
                at.into_iter().flat_map(|start| ends(part, text, start)).collect()
            }),
            Regular::Alt(choices) => choices.iter().flat_map(|choice| ends(choice, text, start)).collect(),
            Regular::Repeat(inner, min, max) => {
                let mut found = BTreeSet::new();
                let mut at = BTreeSet::from([start]);
                let mut count = 0;
                while !at.is_empty() && max.is_none_or(|max| count <= max) {
                    if count >= *min {
                        // Beyond `min`, only new places lead anywhere.
                        at.retain(|place| found.insert(*place));
                    }
                    at = at.into_iter().flat_map(|start| ends(inner, text, start)).collect();
                    count += 1;
                }
                found
            }
        }
    }

    pub(in crate::constrain) fn accepts(set: &Regular, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        ends(set, &text, 0).contains(&text.len())
    }

    fn exactly(set: &IntSet, window: impl IntoIterator<Item = BigInt>) {
        let spelt = Regular::integers(set);
        for n in window {
            let accepted = spelt.as_ref().is_some_and(|spelt| accepts(spelt, &n.to_string()));
            assert_eq!(accepted, set.contains(&n), "{n} in {set:?}: {spelt:?}");
        }
    }

    #[test]
    fn every_small_range_is_spelt_exactly() {
        for low in (-125..=125).step_by(9) {
            for high in (low..=125).step_by(7) {
                let set = IntSet::range(Some(low.into()), Some(high.into()));
                exactly(
                    &set,
                    (-130..=130)
                        .filter(|n| n % 3 != 1 || (n - low).abs() < 4 || (n - high).abs() < 4)
                        .map(BigInt::from),
                );
            }
        }
    }

    #[test]
    fn every_half_open_range_and_its_complement_are_spelt_exactly() {
        for end in (-1100..=1100).step_by(7) {
            let near = || (end - 15..=end + 15).chain([-10_000, -999, -1, 0, 1, 99, 5_000]).map(BigInt::from);
            exactly(&IntSet::at_least(end), near());
            exactly(&IntSet::at_most(end), near());
            exactly(&IntSet::just(end).complement(), near());
        }
    }

    #[test]
    fn ends_far_beyond_machine_integers_are_exact() {
        let ten = |n: u32| BigInt::from(10).pow(n);
        for power in [18, 19, 20, 37, 60] {
            let lows: [BigInt; 3] = [-ten(power) + 7, ten(power) - 12, ten(power) + 3];
            for low in lows {
                let widths: [BigInt; 3] = [5.into(), ten(3), ten(power)];
                for width in widths {
                    let high: BigInt = &low + &width;
                    let set = IntSet::range(Some(low.clone()), Some(high.clone()));
                    let near = |n: &BigInt| (-3..=3).map(|by| n + by).collect::<Vec<_>>();
                    let middle = &low + &width / 2u32;
                    exactly(&set, [near(&low), near(&middle), near(&high), near(&BigInt::zero())].concat());
                }
            }
        }
    }

    #[test]
    fn nothing_but_canonical_decimals_is_accepted() {
        let spelt = Regular::integers(&IntSet::all()).unwrap();
        for good in ["0", "7", "-7", "10", "-120", "123456789012345678901234567890"] {
            assert!(accepts(&spelt, good), "{good}");
        }
        for bad in ["", "-", "-0", "00", "01", "-01", "+1", "1.0", "1e3", " 1", "1 ", "1_000", "٣"] {
            assert!(!accepts(&spelt, bad), "{bad}");
        }
    }

    #[test]
    fn a_machine_word_fits_on_a_line() {
        let set = IntSet::range(Some(i64::MIN.into()), Some(i64::MAX.into()));
        assert!(Regular::integers(&set).unwrap().size() < 600);
        exactly(&set, [i64::MIN, i64::MAX, 0, -1].map(BigInt::from));
        exactly(&set, [BigInt::from(i64::MIN) - 1, BigInt::from(i64::MAX) + 1]);
    }
}
