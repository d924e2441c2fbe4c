//! What a document expects of itself, in comments `//! ...` at the ends of its lines.
//!
//! Test documents carry their expected findings, types and verdicts where they arise; who runs them compares, or
//! rewrites the comments. Promises: reading and writing undo each other; other bytes never change. Must not: find
//! out what is true of a document, which is the runner's work.

use std::collections::BTreeMap;

/// One expectation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Expected {
    /// `E0201`: a finding with this code starts on the line.
    Code(String),
    /// `type T`: the definition on the line has this type.
    Type(String),
    /// `proved`, `refuted` or `unknown`: the verdict on the definition that starts on the line.
    Verdict(String),
    /// `fails` or `open`: the example that starts on the line does not hold, or a hole keeps it open.
    Example(String),
    /// Anything else: a slip of the pen, which a runner must not pass over.
    Unknown(String),
}

/// Expectations by line, counted from 1.
pub type Expectations = BTreeMap<u32, Vec<Expected>>;

const MARK: &str = "//!";

/// All expectations of a document. Several on a line are separated by `;`, codes also by spaces.
///
/// ```
/// use lift_core::syntax::expectation::{Expected, read};
/// let found = read("def f(x: Int): Str = x //! E0201; type Int -> Str\n");
/// assert_eq!(found[&1], [Expected::Code("E0201".into()), Expected::Type("Int -> Str".into())]);
/// ```
pub fn read(text: &str) -> Expectations {
    let mut found = Expectations::new();
    for (line, number) in text.lines().zip(1..) {
        let Some((_, words)) = cut(line) else { continue };
        let parts = words.split(';').map(str::trim).filter(|part| !part.is_empty());
        found.insert(number, parts.flat_map(part).collect());
    }
    found
}

/// What stands before the mark and behind it. A mark in backquotes is prose that speaks of marks.
fn cut(line: &str) -> Option<(&str, &str)> {
    line.rsplit_once(MARK).filter(|(code, _)| !code.ends_with('`'))
}

fn part(words: &str) -> Vec<Expected> {
    let word = words.to_owned();
    match words {
        "proved" | "refuted" | "unknown" => vec![Expected::Verdict(word)],
        "fails" | "open" => vec![Expected::Example(word)],
        _ if words.starts_with("type ") => {
            vec![Expected::Type(words.trim_start_matches("type ").trim().to_owned())]
        }
        _ if words.split_whitespace().all(is_code) => {
            words.split_whitespace().map(|code| Expected::Code(code.to_owned())).collect()
        }
        _ => vec![Expected::Unknown(word)],
    }
}

fn is_code(word: &str) -> bool {
    let digits = word.strip_prefix(['E', 'W']).unwrap_or("");
    digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_digit())
}

/// `text` with these expectations and no others.
pub fn write(text: &str, expectations: &Expectations) -> String {
    let mut out = String::with_capacity(text.len());
    for (line, number) in text.split_inclusive('\n').zip(1..) {
        let ending = line.len() - line.trim_end_matches(['\n', '\r']).len();
        let (words, ending) = line.split_at(line.len() - ending);
        let expected = expectations.get(&number).map_or(&[][..], Vec::as_slice);
        let words = cut(words).map_or(words, |(code, _)| code.trim_end());
        out.push_str(words);
        if !expected.is_empty() {
            let space = if words.is_empty() { "" } else { " " };
            out.push_str(&format!("{space}{MARK} {}", in_words(expected)));
        }
        out.push_str(ending);
    }
    out
}

fn in_words(expected: &[Expected]) -> String {
    let mut expected = expected.to_vec();
    expected.sort();
    let mut words = String::new();
    let mut code_before = false;
    for one in expected {
        let is_code = matches!(one, Expected::Code(_));
        if !words.is_empty() {
            words.push_str(if is_code && code_before { " " } else { "; " });
        }
        code_before = is_code;
        match one {
            Expected::Type(ty) => words.push_str(&format!("type {ty}")),
            Expected::Code(word)
            | Expected::Verdict(word)
            | Expected::Example(word)
            | Expected::Unknown(word) => {
                words.push_str(&word);
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_what_was_read_changes_nothing() {
        for text in
            ["a //! E0102 E0201; type Int\nb\r\nc //! proved\r\nd //! fails", "", "x\n", "a // b\n//! open\n"]
        {
            assert_eq!(write(text, &read(text)), text);
        }
    }

    #[test]
    fn expectations_are_added_replaced_and_removed() {
        let wanted = Expectations::from([
            (1, vec![Expected::Code("E0001".into())]),
            (3, vec![Expected::Type("Int".into())]),
        ]);
        assert_eq!(write("a\nb //! proved\nc //! E0002\n", &wanted), "a //! E0001\nb\nc //! type Int\n");
    }

    #[test]
    fn prose_may_speak_of_marks() {
        let text = "* `//! E0201` at the end; `//! open` too\n";
        assert_eq!((read(text).len(), write(text, &Expectations::new())), (0, text.to_owned()));
    }

    #[test]
    fn slips_are_kept_for_the_runner_to_refuse() {
        assert_eq!(read("a //! prooved")[&1], [Expected::Unknown("prooved".into())]);
        assert_eq!(read("a //! E201")[&1], [Expected::Unknown("E201".into())]);
    }
}
