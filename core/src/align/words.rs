//! Words, as far as comparing them needs: names taken apart, endings dropped, words without weight left out.

use std::collections::BTreeSet;

/// Words that say nothing about which clause is meant.
const LIGHT: &[&str] = &[
    "a", "all", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "each", "every", "for",
    "from", "has", "have", "if", "in", "into", "is", "it", "its", "must", "never", "no", "not", "of", "on",
    "only", "or", "other", "others", "result", "same", "than", "that", "the", "their", "then", "there",
    "they", "this", "to", "what", "when", "which", "with",
];

/// The words of a phrase or name that carry weight, without their endings: `bullet points` and `bullet_point` agree.
pub(super) fn words(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut word = String::new();
    let mut before_small = false;
    for letter in text.chars().chain([' ']) {
        let begins = letter.is_uppercase() && before_small;
        if (!letter.is_alphanumeric() || begins) && !word.is_empty() {
            let whole = std::mem::take(&mut word).to_lowercase();
            if !LIGHT.contains(&whole.as_str()) {
                found.insert(stem(&whole));
            }
        }
        if letter.is_alphanumeric() {
            word.push(letter);
        }
        before_small = letter.is_lowercase();
    }
    found
}

/// A word without its plural, past or gerund ending, where what stays is still a word's length.
fn stem(word: &str) -> String {
    for ending in ["iest", "ing", "ies", "ied", "est", "ed", "es", "er", "ly", "s", "e", "y"] {
        if let Some(rest) = word.strip_suffix(ending)
            && rest.chars().count() >= 3
            && !(ending == "s" && rest.ends_with('s'))
        {
            return stem_once(rest);
        }
    }
    word.to_owned()
}

/// `stopped` and `stops` agree in `stop`.
fn stem_once(rest: &str) -> String {
    let mut letters = rest.chars().rev();
    match (letters.next(), letters.next()) {
        (Some(a), Some(b)) if a == b && !matches!(a, 'l' | 's' | 'e' | 'o') && rest.chars().count() > 3 => {
            rest.get(..rest.len() - a.len_utf8()).unwrap_or(rest).to_owned()
        }
        _ => rest.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_and_phrases_agree_on_their_words() {
        assert_eq!(words("bullet_points"), words("Bullet points"));
        assert_eq!(words("maxPrice"), words("the max price"));
        assert_eq!(words("bounds"), words("bounded"));
        assert!(words("the of is").is_empty());
        assert_ne!(words("price"), words("discount"));
    }

    #[test]
    fn any_text_has_words() {
        for text in ["", "é", "ß", "日本 語", "aaaa", "ss", "---", "x1y2"] {
            let _ = words(text);
        }
    }
}
