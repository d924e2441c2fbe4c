//! What several words say together: bounds, conditions, separators, what to answer otherwise.
//!
//! A [`Mention`] is a reading of some tokens; readings may overlap (`between 0 and 150` is a range and a
//! condition), and it is up to the idiom that is placed which one it uses. Promises: every mention covers the
//! tokens it read and no others. Must not: decide which task is asked for.

mod condition;
mod otherwise;

use self::condition::{LESS, MORE};
use super::lexicon::{Meaning, Unit};
use super::predicate::{Predicate, literal};
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
