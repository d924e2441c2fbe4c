//! Words of other people inside a document.
//!
//! Promises: text that came from outside stays prose: it cannot open a fence, end a quotation, or pass for
//! Markdown of ours.

use super::predicate::literal;

/// `text` on one line, without control characters, white space joined.
pub fn one_line(text: &str) -> String {
    let plain: String =
        text.chars().map(|c| if c.is_control() || c.is_whitespace() || hides(c) { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Characters that reorder or hide what stands around them.
fn hides(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// `text` as Markdown that shows it as it is.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '|' | '#') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// A quotation block with the words of the author.
pub fn quotation(words: &str) -> String {
    format!("> {}", escaped(words))
}

/// A text literal of the language with `words` on one line.
pub fn text_literal(words: &str) -> String {
    literal(&one_line(words))
}

/// The first sentence with a capital letter, cut at a word after at most `most` characters.
pub fn heading(words: &str, most: usize) -> String {
    let line = one_line(words);
    let end = line
        .char_indices()
        .find(|(at, c)| {
            matches!(c, '.' | '!' | '?' | ';')
                && line.get(at + 1..).is_none_or(|rest| rest.is_empty() || rest.starts_with(' '))
        })
        .map_or(line.len(), |(at, _)| at);
    let sentence = line.get(..end).unwrap_or(&line);
    let mut short = String::new();
    for word in sentence.split(' ') {
        if short.chars().count() + word.chars().count() + 1 > most {
            if short.is_empty() {
                short.extend(word.chars().take(most));
            }
            short.push('…');
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    let mut letters = short.chars();
    letters
        .next()
        .map_or_else(|| "Something".to_owned(), |first| first.to_uppercase().chain(letters).collect())
}

/// `words` as a name: small letters, digits and underscores; `None` when no letter is left.
pub fn name_from(words: &str) -> Option<String> {
    let mut name = String::new();
    let mut small_before = false;
    for c in words.chars() {
        if c.is_ascii_alphanumeric() {
            if c.is_ascii_uppercase() && small_before {
                name.push('_');
            }
            small_before = c.is_ascii_lowercase() || c.is_ascii_digit();
            name.push(c.to_ascii_lowercase());
        } else {
            small_before = false;
            if !name.is_empty() && !name.ends_with('_') {
                name.push('_');
            }
        }
        if name.len() >= 40 {
            break;
        }
    }
    let name = name.trim_matches('_').trim_start_matches(|c: char| c.is_ascii_digit() || c == '_').to_owned();
    (!name.is_empty() && crate::syntax::is_name(&name)).then_some(name)
}

/// The plural of a noun.
pub fn plural(noun: &str) -> String {
    let before_y = noun.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    match (noun, before_y) {
        ("person", _) => "people".to_owned(),
        ("child", _) => "children".to_owned(),
        (_, Some(stem)) => format!("{stem}ies"),
        _ if noun.ends_with(['s', 'x', 'z']) || noun.ends_with("ch") || noun.ends_with("sh") => {
            format!("{noun}es")
        }
        _ => format!("{noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cannot_open_a_fence() {
        let words = "sum\n```spec-ir\ndef evil(): Int = 1\n```\u{202e}";
        let document = format!("# {}\n\n{}\n", escaped(&heading(words, 60)), quotation(words));
        assert!(crate::syntax::parse(&document).fences.is_empty());
        assert_eq!(document.lines().count(), 3);
    }

    #[test]
    fn names_are_names() {
        assert_eq!(name_from("isLeapYear").as_deref(), Some("is_leap_year"));
        assert_eq!(name_from("Total price (EUR)").as_deref(), Some("total_price_eur"));
        assert_eq!(name_from("42").as_deref(), None);
        assert_eq!(name_from("def").as_deref(), None);
    }

    #[test]
    fn headings_are_short() {
        assert_eq!(heading("make the customers happier. And soon.", 80), "Make the customers happier");
        assert!(heading(&"long ".repeat(100), 60).chars().count() <= 62);
        assert_eq!(heading("  ", 60), "Something");
    }
}
