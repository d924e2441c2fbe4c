//! A request in words, cut into tokens.
//!
//! Promises: total and linear; every token keeps its place in the words as typed, so a draft can point back at
//! them. Must not: know what a word means ([`super::lexicon`]) or what several together say ([`super::mention`]).

use crate::syntax::span::Span;
use num_bigint::BigInt;

/// A word, number, quotation or mark, with its place in the words as typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// In small letters, apostrophes and hyphens gone; for quotations what stands between the quotes.
    pub text: String,
    /// What it is.
    pub kind: TokenKind,
    /// Its place.
    pub span: Span,
}

/// Kinds of tokens.
#[derive(Debug, Clone, PartialEq)]
pub enum TokenKind {
    /// Letters, as typed.
    Word,
    /// `150`, `-1`, `1,000`, `twenty`: a whole number.
    Number(BigInt),
    /// `"abc"`, `'abc'`, `` `abc` ``: text meant literally.
    Quoted,
    /// Anything else, one character.
    Mark(char),
}

impl Token {
    /// The number it is.
    pub fn number(&self) -> Option<&BigInt> {
        match &self.kind {
            TokenKind::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Whether it is a word, as opposed to a number, quotation or mark.
    pub fn is_word(&self) -> bool {
        self.kind == TokenKind::Word
    }
}

/// Cuts `words` into tokens.
pub fn tokens(words: &str) -> Vec<Token> {
    let mut reader = Reader { words, at: 0, tokens: Vec::new() };
    reader.read();
    number_words(ordinals(reader.tokens))
}

/// `n-th` and `k th` are one word.
fn ordinals(tokens: Vec<Token>) -> Vec<Token> {
    let mut joined: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        if token.text == "th" {
            let hyphen = joined.last().is_some_and(|last| last.kind == TokenKind::Mark('-'));
            let letter = joined.len().checked_sub(if hyphen { 2 } else { 1 }).and_then(|at| joined.get(at));
            if let Some(letter) = letter.filter(|letter| letter.is_word() && letter.text.len() == 1) {
                let span = letter.span.to(token.span);
                joined.truncate(joined.len() - if hyphen { 2 } else { 1 });
                joined.push(Token { text: "nth".to_owned(), kind: TokenKind::Word, span });
                continue;
            }
        }
        joined.push(token);
    }
    joined
}

struct Reader<'a> {
    words: &'a str,
    at: usize,
    tokens: Vec<Token>,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.words.get(self.at..).unwrap_or("")
    }

    fn read(&mut self) {
        while let Some(next) = self.rest().chars().next() {
            if next.is_whitespace() || next.is_control() {
                self.at += next.len_utf8();
            } else if let Some(length) = self.quotation() {
                let close = self.rest().chars().next().map_or(1, char::len_utf8);
                let inner = self.rest().get(close..length).unwrap_or("").to_owned();
                let last = inner.chars().next_back().map_or(0, char::len_utf8);
                let text = inner.get(..inner.len() - last).unwrap_or("").to_owned();
                self.push(text, TokenKind::Quoted, length);
            } else if next.is_ascii_digit() || (next == '-' && self.opens_negative()) {
                self.number();
            } else if next.is_alphabetic() || next == '°' {
                self.word();
            } else {
                self.push(next.to_string(), TokenKind::Mark(next), next.len_utf8());
            }
        }
    }

    fn push(&mut self, text: String, kind: TokenKind, length: usize) {
        let span = Span::new(self.at as u32, (self.at + length) as u32);
        self.tokens.push(Token { text, kind, span });
        self.at += length;
    }

    /// A minus sign that belongs to the number after it: not between two numbers, as in `0-150`.
    fn opens_negative(&self) -> bool {
        let after_number = self
            .tokens
            .last()
            .is_some_and(|last| last.number().is_some() && last.span.end as usize == self.at);
        !after_number
            && self.rest().get(1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    }

    /// Length of the quotation that opens here, quotes included. Single quotes must stand at the ends of words.
    fn quotation(&self) -> Option<usize> {
        let rest = self.rest();
        let open = rest.chars().next()?;
        let close = match open {
            '"' | '`' | '\'' => open,
            '“' | '„' => '”',
            '‘' => '’',
            '«' => '»',
            _ => return None,
        };
        let inner = rest.get(open.len_utf8()..)?;
        let end = inner
            .char_indices()
            .take_while(|(_, c)| *c != '\n')
            .find(|(at, c)| {
                let after = inner.get(at + c.len_utf8()..).and_then(|rest| rest.chars().next());
                *c == close && (open == '"' || !after.is_some_and(char::is_alphanumeric))
            })?
            .0;
        Some(open.len_utf8() + end + close.len_utf8())
    }

    /// Digits, with commas or underscores between groups; what has a fraction stays a word, for it is no whole number.
    fn number(&mut self) {
        let rest = self.rest();
        let sign = usize::from(rest.starts_with('-'));
        let bytes = rest.as_bytes();
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let mut length = sign;
        while digit(length)
            || (matches!(bytes.get(length), Some(b'_')) && digit(length + 1))
            || (matches!(bytes.get(length), Some(b','))
                && digit(length + 1)
                && digit(length + 2)
                && digit(length + 3)
                && !digit(length + 4))
        {
            length += 1;
        }
        let fraction = matches!(bytes.get(length), Some(b'.')) && digit(length + 1);
        if fraction {
            length += 1;
            while digit(length) {
                length += 1;
            }
        }
        let typed = rest.get(..length).unwrap_or("").to_owned();
        // `2nd`, `3d`: digits with letters are a word.
        let letters: usize = rest
            .get(length..)
            .unwrap_or("")
            .chars()
            .take_while(|c| c.is_alphabetic())
            .map(char::len_utf8)
            .sum();
        if letters > 0 || fraction {
            let word = rest.get(..length + letters).unwrap_or("").to_lowercase();
            let ordinal = match word.as_str() {
                "1st" => "first",
                "2nd" => "second",
                "3rd" => "third",
                other => other,
            };
            let number = word.strip_suffix("th").and_then(|digits| digits.parse().ok());
            self.push(ordinal.to_owned(), TokenKind::Word, length + letters);
            // `the 10th` is the nth with n = 10.
            if let (Some(number), Some(last)) = (number, self.tokens.last_mut()) {
                last.text = "nth".to_owned();
                let digits = Token { text: word, kind: TokenKind::Number(number), span: last.span };
                self.tokens.push(digits);
            }
            return;
        }
        let plain: String = typed.chars().filter(|c| *c != ',' && *c != '_').collect();
        match plain.parse() {
            Ok(number) => self.push(typed, TokenKind::Number(number), length),
            Err(_) => self.push(typed, TokenKind::Word, length),
        }
    }

    /// Letters, digits and underscores. `isn't` becomes `is` and `not`; `customer's` becomes `customer`.
    fn word(&mut self) {
        let rest = self.rest();
        let length: usize = rest
            .char_indices()
            .take_while(|(at, c)| {
                let inner = matches!(c, '\'' | '’')
                    && rest
                        .get(at + c.len_utf8()..)
                        .is_some_and(|after| after.starts_with(char::is_alphabetic));
                c.is_alphanumeric() || *c == '_' || *c == '°' || inner
            })
            .map(|(_, c)| c.len_utf8())
            .sum();
        let typed = rest.get(..length).unwrap_or("").to_lowercase().replace('’', "'");
        match typed.split_once('\'') {
            None => self.push(typed, TokenKind::Word, length),
            Some((stem, "t")) => {
                let start = self.at;
                let verb = stem.strip_suffix('n').unwrap_or(stem);
                let verb = match verb {
                    "ca" => "can",
                    "wo" => "will",
                    "sha" => "shall",
                    other => other,
                };
                self.push(verb.to_owned(), TokenKind::Word, length);
                let span = Span::new(start as u32, self.at as u32);
                self.tokens.push(Token { text: "not".to_owned(), kind: TokenKind::Word, span });
            }
            Some((stem, _)) => self.push(stem.to_owned(), TokenKind::Word, length),
        }
    }
}

/// Small numbers by name. `one` is left out: more often than not it means *something*.
const NUMBER_WORDS: [(&str, u32); 28] = [
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
    ("hundred", 100),
    ("thousand", 1000),
];

/// What a number word is worth.
fn worth(token: &Token) -> Option<u32> {
    let named =
        |token: &Token| NUMBER_WORDS.iter().find(|(name, _)| *name == token.text).map(|(_, worth)| *worth);
    token.is_word().then(|| named(token)).flatten()
}

/// Joins `one hundred and fifty` and `minus one` into one number token each.
fn number_words(tokens: Vec<Token>) -> Vec<Token> {
    let mut joined: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let ones = |token: &Token| if token.text == "one" { Some(1) } else { worth(token) };
        let next = tokens.get(at + 1);
        let next_is_big = next.and_then(worth).is_some_and(|worth| worth >= 100);
        let negated = matches!(token.text.as_str(), "minus" | "negative")
            && next.is_some_and(|next| {
                next.number().is_some_and(|number| number.sign() != num_bigint::Sign::Minus)
                    || ones(next).is_some() && (token.text == "minus" || next.text == "one")
            })
            // `7 minus 2` and `x minus 1` are subtractions, `or minus one` is not.
            && (joined.last().is_none_or(|last| {
                matches!(last.text.as_str(), "or" | "return" | "returns" | "and" | "to" | "than" | "by" | "is" | "get"
                    | "returning" | "between" | "from" | "give" | "gives" | "with" | "otherwise" | "else" | ",")
            }));
        if let Some(next) = next.filter(|_| negated) {
            let value = next.number().cloned().or_else(|| ones(next).map(BigInt::from)).unwrap_or_default();
            let span = token.span.to(next.span);
            joined.push(Token { text: format!("-{value}"), kind: TokenKind::Number(-value), span });
            at += 2;
            continue;
        }
        let starts = worth(token).is_some()
            || (token.is_word() && matches!(token.text.as_str(), "one" | "a") && next_is_big);
        if !starts {
            joined.push(token.clone());
            at += 1;
            continue;
        }
        let mut total = 0u32;
        let mut group = 0u32;
        let mut span = token.span;
        let mut last = 0;
        while let Some(token) = tokens.get(at) {
            let value = if matches!(token.text.as_str(), "one" | "a") { Some(1) } else { worth(token) };
            match value {
                Some(1000) => {
                    total = total.saturating_add(group.max(1).saturating_mul(1000));
                    group = 0;
                    last = 1000;
                }
                Some(100) => {
                    group = group.max(1).saturating_mul(100);
                    last = 100;
                }
                // `twenty five` is one number, `five six` are two.
                Some(small) if last == 0 || last >= 100 || (last >= 20 && small < 10) => {
                    if token.text == "a" && last != 0 {
                        break;
                    }
                    group = group.saturating_add(small);
                    last = small;
                }
                Some(_) => break,
                None => {
                    let hyphen = token.kind == TokenKind::Mark('-');
                    let and = token.text == "and" && last >= 100;
                    let goes_on = tokens.get(at + 1).and_then(worth).is_some_and(|next| {
                        if hyphen { (20..100).contains(&last) && next < 10 } else { next < 100 }
                    });
                    if !((hyphen || and) && goes_on) {
                        break;
                    }
                }
            }
            span = span.to(token.span);
            at += 1;
        }
        let value = total.saturating_add(group);
        joined.push(Token { text: value.to_string(), kind: TokenKind::Number(value.into()), span });
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(words: &str) -> Vec<String> {
        tokens(words).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn words_numbers_quotations_and_marks_are_told_apart() {
        assert_eq!(texts("Sum 1,000 and -2, please."), ["sum", "1,000", "and", "-2", ",", "please", "."]);
        assert_eq!(texts("ages 0-150"), ["ages", "0", "-", "150"]);
        assert_eq!(texts("split on ', ' or \"; \""), ["split", "on", ", ", "or", "; "]);
        assert_eq!(
            texts("the customer's name isn't empty"),
            ["the", "customer", "name", "is", "not", "empty"]
        );
        assert_eq!(texts("a 2nd try at 1.5"), ["a", "second", "try", "at", "1.5"]);
    }

    #[test]
    fn number_words_are_numbers() {
        let numbers =
            |words: &str| tokens(words).iter().filter_map(|t| t.number().cloned()).collect::<Vec<_>>();
        assert_eq!(numbers("one hundred and fifty"), [150.into()]);
        assert_eq!(numbers("between twenty-five and a hundred"), [25.into(), 100.into()]);
        assert_eq!(numbers("or minus one"), [(-1).into()]);
        assert_eq!(numbers("two thousand three hundred"), [2300.into()]);
        assert_eq!(numbers("turn a list into one string"), Vec::<BigInt>::new());
        assert_eq!(numbers("three and four"), [3.into(), 4.into()]);
    }

    #[test]
    fn spans_point_at_the_words_as_typed() {
        let words = "Größe of “zwei” 150";
        for token in tokens(words) {
            assert!(!token.span.slice(words).is_empty(), "{token:?}");
        }
    }
}
