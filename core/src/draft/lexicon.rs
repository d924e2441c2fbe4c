//! What words mean to the drafter: plain forms, synonyms, everyday nouns.
//!
//! The words are data (`library/lexicon.txt`, and the `word` lines of idioms); this file reads them and looks
//! sentences up. Promises: looking up is deterministic, the longest entry wins, then the form as typed. Must not:
//! guess at a word it does not know; that stays [`Meaning::Unknown`] and is somebody else's decision.

use super::sentence::Token;
use std::collections::HashMap;

/// What an entry says a word is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// Carries nothing.
    Silent,
    /// About how, not what: dropped with a remark.
    Noted,
    /// A concept, by its canonical word.
    Concept(String),
    /// An everyday noun and the kind of value it stands for.
    Noun(Sort),
    /// Picks some things out of many.
    Modifier,
    /// Not in the lexicon.
    Unknown,
    /// A number, quotation or mark.
    Literal,
}

/// The kind of value a noun stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A whole number.
    Number,
    /// A text.
    Text,
}

/// One or more tokens read as one word.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// The first token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
    /// What it means.
    pub meaning: Meaning,
    /// The plain form: singular, without verb endings.
    pub plain: String,
    /// Whether the form typed was a plural.
    pub plural: bool,
}

impl Unit {
    /// The concept it stands for.
    pub fn concept(&self) -> Option<&str> {
        match &self.meaning {
            Meaning::Concept(name) => Some(name),
            _ => None,
        }
    }
}

#[derive(Debug, Clone)]
struct Entry {
    words: Vec<String>,
    meaning: Meaning,
}

/// The words known, by first word.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    entries: HashMap<String, Vec<Entry>>,
}

impl Lexicon {
    /// Reads the format that `library/lexicon.txt` describes. Lines it cannot read are returned with their number.
    pub fn parse(text: &str) -> (Lexicon, Vec<(usize, String)>) {
        let mut lexicon = Lexicon::default();
        let mut problems = Vec::new();
        let mut section = "";
        for (number, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or("").trim();
            if line.is_empty() {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = name;
                continue;
            }
            let result = match section {
                "silent" => lexicon.add_all(line, &Meaning::Silent),
                "noted" => lexicon.add_all(line, &Meaning::Noted),
                "nouns number" => lexicon.add_all(line, &Meaning::Noun(Sort::Number)),
                "nouns text" => lexicon.add_all(line, &Meaning::Noun(Sort::Text)),
                "modifiers" => lexicon.add_all(line, &Meaning::Modifier),
                "same" => lexicon.add_concept(line),
                other => Err(format!("there is no section [{other}]")),
            };
            if let Err(problem) = result {
                problems.push((number + 1, problem));
            }
        }
        (lexicon, problems)
    }

    /// Adds `concept: synonym, synonym`.
    pub fn add_concept(&mut self, line: &str) -> Result<(), String> {
        let (concept, synonyms) = line.split_once(':').unwrap_or((line, ""));
        let concept = concept.trim();
        let meaning = Meaning::Concept(concept.to_owned());
        self.add(concept, &meaning)?;
        self.add_all(synonyms, &meaning)
    }

    fn add_all(&mut self, line: &str, meaning: &Meaning) -> Result<(), String> {
        let mut first = Ok(());
        for entry in line.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            first = first.and(self.add(entry, meaning));
        }
        first
    }

    fn add(&mut self, entry: &str, meaning: &Meaning) -> Result<(), String> {
        let words: Vec<String> = entry.split_whitespace().map(str::to_lowercase).collect();
        let Some(first) = words.first().cloned() else { return Err("an entry is empty".to_owned()) };
        let entries = self.entries.entry(first).or_default();
        if let Some(known) = entries.iter().find(|known| known.words == words) {
            if known.meaning != *meaning {
                return Err(format!("`{entry}` already means something else ({:?})", known.meaning));
            }
            return Ok(());
        }
        entries.push(Entry { words, meaning: meaning.clone() });
        Ok(())
    }

    /// Whether the lexicon has `word` as it stands.
    pub fn knows(&self, word: &str) -> bool {
        self.entries.get(word).is_some_and(|entries| entries.iter().any(|entry| entry.words.len() == 1))
    }

    /// The concept that `word` (one or more words, as an idiom would write it) stands for: its own name if none.
    pub fn concept_of(&self, word: &str) -> String {
        let words: Vec<&str> = word.split('_').collect();
        let entries = words.first().and_then(|first| self.entries.get(*first));
        let found =
            entries.into_iter().flatten().find(|entry| entry.words == words).or_else(|| {
                self.entries.get(word).into_iter().flatten().find(|entry| entry.words.len() == 1)
            });
        match found.map(|entry| &entry.meaning) {
            Some(Meaning::Concept(concept)) => concept.clone(),
            _ => word.to_owned(),
        }
    }

    /// Reads tokens as units, from the left, the longest entry first.
    pub fn units(&self, tokens: &[Token]) -> Vec<Unit> {
        let forms: Vec<Vec<Form>> = tokens.iter().map(|token| forms(token, self)).collect();
        let mut units: Vec<Unit> = Vec::new();
        let mut at = 0;
        while let Some(own) = forms.get(at) {
            let unit = self.longest(&forms, at, units.last()).unwrap_or_else(|| {
                let token = tokens.get(at);
                let literal = token.is_some_and(|token| !token.is_word());
                let typed = own.first().map(|form| form.word.clone()).unwrap_or_default();
                let singular = own.iter().find(|form| form.plural);
                Unit {
                    start: at,
                    end: at + 1,
                    meaning: if literal { Meaning::Literal } else { Meaning::Unknown },
                    plain: singular.map_or(typed, |form| form.word.clone()),
                    plural: singular.is_some(),
                }
            });
            at = unit.end;
            units.push(unit);
        }
        units
    }

    /// The longest entry at `at`; of several, the one whose words stand as typed.
    fn longest(&self, forms: &[Vec<Form>], at: usize, before: Option<&Unit>) -> Option<Unit> {
        let mut best: Option<(usize, usize, Unit)> = None;
        for (rank, form) in forms.get(at)?.iter().enumerate() {
            for entry in self.entries.get(&form.word).into_iter().flatten() {
                let length = entry.words.len();
                // Neither `the numbers of a list` nor `the largest number of a list` says `number of`.
                let of = entry.words.get(1).is_some_and(|word| word == "of");
                if length > 1 && (form.plural || of && before.is_some_and(picks_one)) {
                    continue;
                }
                let mut plural = form.plural;
                let mut derived = rank;
                let fits = entry.words.iter().enumerate().skip(1).all(|(offset, word)| {
                    let found = forms
                        .get(at + offset)
                        .and_then(|forms| forms.iter().enumerate().find(|(_, form)| form.word == *word));
                    plural = found.is_some_and(|(_, form)| form.plural);
                    derived += found.map_or(0, |(rank, _)| rank);
                    found.is_some()
                });
                let better = best.as_ref().is_none_or(|(longest, least, _)| {
                    length > *longest || (length == *longest && derived < *least)
                });
                if fits && better {
                    let unit = Unit {
                        start: at,
                        end: at + length,
                        meaning: entry.meaning.clone(),
                        plain: entry.words.join("_"),
                        plural,
                    };
                    best = Some((length, derived, unit));
                }
            }
        }
        best.map(|(_, _, unit)| unit)
    }
}

/// Whether a word picks one of many, so that `number` after it is a thing and no count.
fn picks_one(unit: &Unit) -> bool {
    unit.concept().is_some_and(|concept| {
        matches!(
            concept,
            "largest"
                | "smallest"
                | "first"
                | "last"
                | "second"
                | "third"
                | "nth"
                | "even"
                | "odd"
                | "middle"
        )
    })
}

/// One way to read a word: as typed, or with an ending taken off.
#[derive(Debug, Clone, PartialEq)]
struct Form {
    word: String,
    plural: bool,
}

/// Forms no rule gives.
const IRREGULAR: [(&str, &str, bool); 44] = [
    ("children", "child", true),
    ("people", "person", true),
    ("men", "man", true),
    ("women", "woman", true),
    ("indices", "index", true),
    ("indexes", "index", true),
    ("vertices", "vertex", true),
    ("criteria", "criterion", true),
    ("maxima", "maximum", true),
    ("minima", "minimum", true),
    ("halves", "half", true),
    ("leaves", "leaf", true),
    ("feet", "foot", true),
    ("series", "series", false),
    ("is", "is", false),
    ("was", "was", false),
    ("has", "has", false),
    ("does", "does", false),
    ("its", "its", false),
    ("this", "this", false),
    ("plus", "plus", false),
    ("minus", "minus", false),
    ("across", "across", false),
    ("less", "less", false),
    ("unless", "unless", false),
    ("as", "as", false),
    ("us", "us", false),
    ("modulus", "modulus", false),
    ("bonus", "bonus", false),
    ("celsius", "celsius", false),
    ("radius", "radius", false),
    ("always", "always", false),
    ("found", "find", false),
    ("given", "give", false),
    ("taken", "take", false),
    ("written", "write", false),
    ("chosen", "choose", false),
    ("kept", "keep", false),
    ("held", "hold", false),
    ("began", "begin", false),
    ("made", "make", false),
    ("built", "build", false),
    ("got", "get", false),
    ("left", "left", false),
];

/// The ways to read a token, as typed first. Endings are taken off by rule; a guess that the lexicon does not have
/// is kept only for plurals, where it names a thing.
fn forms(token: &Token, lexicon: &Lexicon) -> Vec<Form> {
    let word = token.text.to_lowercase();
    let mut forms = vec![Form { word: word.clone(), plural: false }];
    if !token.is_word() {
        return forms;
    }
    let mut add = |word: String, plural: bool| {
        let word_known = plural || lexicon.entries.contains_key(&word);
        if word_known && word.len() > 1 && !forms.iter().any(|form| form.word == word) {
            forms.push(Form { word, plural });
        }
    };
    if let Some((_, plain, plural)) = IRREGULAR.iter().find(|(irregular, _, _)| *irregular == word) {
        add((*plain).to_owned(), *plural);
        return forms;
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        add(format!("{stem}y"), true);
    } else if let Some(stem) = word.strip_suffix("es").filter(|stem| {
        stem.ends_with("ss")
            || stem.ends_with('x')
            || stem.ends_with("ch")
            || stem.ends_with("sh")
            || stem.ends_with("zz")
            || stem.ends_with("tus")
            || (stem.ends_with('o') && stem.len() > 3)
    }) {
        add(stem.to_owned(), true);
    } else if let Some(stem) = word.strip_suffix('s').filter(|stem| {
        stem.len() > 2 && !stem.ends_with('s') && !stem.ends_with('u') && !stem.ends_with("si")
    }) {
        add(stem.to_owned(), true);
    }
    for ending in ["ing", "ed", "er"] {
        if let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() > 1) {
            add(stem.to_owned(), false);
            add(format!("{stem}e"), false);
            let mut letters = stem.chars().rev();
            if let (Some(last), Some(before)) = (letters.next(), letters.next())
                && last == before
            {
                add(stem.get(..stem.len() - last.len_utf8()).unwrap_or("").to_owned(), false);
            }
            if let Some(stem) = stem.strip_suffix('i') {
                add(format!("{stem}y"), false);
            }
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::super::sentence::tokens;
    use super::*;

    fn lexicon() -> Lexicon {
        let text = "[silent]\nthe, a\n[same]\nlargest: biggest, max\nsort: order\nsorted\ncount: number of, how many\n\
                    number: integer\nsplit\nremove: get rid of\n[nouns text]\nname\n[modifiers]\nbig";
        let (lexicon, problems) = Lexicon::parse(text);
        assert_eq!(problems, []);
        lexicon
    }

    fn meanings(words: &str) -> Vec<String> {
        let units = lexicon().units(&tokens(words));
        units.iter().map(|unit| format!("{}{}", unit.plain, if unit.plural { "*" } else { "" })).collect()
    }

    #[test]
    fn the_longest_entry_wins_then_the_form_as_typed() {
        assert_eq!(meanings("number of integers"), ["number_of", "integer*"]);
        assert_eq!(meanings("sorting sorted names"), ["sort", "sorted", "name*"]);
        assert_eq!(
            meanings("splitting, getting rid of customers"),
            ["split", ",", "get_rid_of", "customer*"]
        );
        assert_eq!(meanings("get rid of boxes and cities"), ["get_rid_of", "box*", "and", "city*"]);
    }

    #[test]
    fn a_word_with_two_meanings_is_reported() {
        let (_, problems) = Lexicon::parse("[same]\nlargest: max\nlimit: max\n[silent]\nlimit");
        assert_eq!(problems.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 5]);
    }

    #[test]
    fn unknown_words_stay_unknown() {
        let units = lexicon().units(&tokens("frobnicate the bigger"));
        assert_eq!(units[0].meaning, Meaning::Unknown);
        assert_eq!(units[1].meaning, Meaning::Silent);
    }
}
