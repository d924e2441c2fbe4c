//! The idioms there are: those built in, and a user's own.
//!
//! Promises: a broken idiom is reported and left out, the others stand. Must not: read files; texts come in.

use super::idiom::{Idiom, IdiomProblem, IdiomSource, Need};
use super::lexicon::Lexicon;
use crate::check::check;
use serde::Deserialize;
use std::collections::HashMap;

include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// The folder `library/` as one text (`web/build/library.mjs` writes it).
#[derive(Deserialize)]
struct Shipped {
    lexicon: String,
    idioms: Vec<(String, String)>,
}

/// Idioms and the words that ask for them.
#[derive(Debug, Clone, Default)]
pub struct Library {
    /// Every idiom that could be read, built-in ones first.
    pub idioms: Vec<Idiom>,
    /// The words known.
    pub lexicon: Lexicon,
    /// What could not be read.
    pub problems: Vec<IdiomProblem>,
    weights: HashMap<String, f64>,
}

impl Library {
    /// The idioms of the folder `library/`, which are compiled in.
    pub fn built_in() -> Library {
        Library::with(&[])
    }

    /// The built-in idioms and `own`; an own idiom at the path of a built-in one takes its place.
    pub fn with(own: &[IdiomSource]) -> Library {
        let built_in = Library::built_in_sources();
        let built_in =
            built_in.map(|(path, text)| IdiomSource { path: path.to_owned(), text: text.to_owned() });
        Library::of(LEXICON, built_in.collect(), own)
    }

    /// The built-in idioms for who has none built in and fetches them when they are needed:
    /// `{"lexicon": text, "idioms": [[path, text], ...]}`. `None` when this is something else.
    pub fn fetched(shipped: &str) -> Option<Library> {
        let shipped: Shipped = serde_json::from_str(shipped).ok()?;
        let idioms = shipped.idioms.into_iter().map(|(path, text)| IdiomSource { path, text });
        Some(Library::of(&shipped.lexicon, idioms.collect(), &[]))
    }

    fn of(lexicon: &str, built_in: Vec<IdiomSource>, own: &[IdiomSource]) -> Library {
        let (lexicon, problems) = Lexicon::parse(lexicon);
        let mut library = Library { lexicon, ..Library::default() };
        library.problems.extend(problems.into_iter().map(|(line, message)| IdiomProblem {
            path: "lexicon.txt".to_owned(),
            line,
            message,
        }));
        let mut sources = built_in;
        sources.retain(|source| !own.iter().any(|other| other.path == source.path));
        sources.extend(own.iter().cloned());
        for source in &sources {
            Idiom::define_words(source, &mut library.lexicon);
        }
        for source in &sources {
            let is_own = own.iter().any(|other| other.path == source.path);
            match Idiom::read(source, &mut library.lexicon) {
                // The built-in ones are checked by the tests.
                Ok(idiom) if is_own => match findings(source) {
                    Some(problem) => library.problems.push(problem),
                    None => library.idioms.push(idiom),
                },
                Ok(idiom) => library.idioms.push(idiom),
                Err(problem) => library.problems.push(problem),
            }
        }
        library.weigh();
        library
    }

    /// Paths and texts of the built-in idioms.
    pub fn built_in_sources() -> impl Iterator<Item = (&'static str, &'static str)> {
        IDIOMS.iter().copied()
    }

    /// A word weighs the more the fewer idioms require it.
    fn weigh(&mut self) {
        let mut uses: HashMap<String, usize> = HashMap::new();
        for idiom in &self.idioms {
            let mut words: Vec<&str> = Vec::new();
            for need in idiom
                .says
                .iter()
                .flat_map(|saying| &saying.items)
                .filter(|item| !item.optional)
                .flat_map(|item| &item.any)
            {
                if let Need::Word(word) = need
                    && !words.contains(&word.as_str())
                {
                    words.push(word);
                }
            }
            for word in words {
                *uses.entry(word.to_owned()).or_default() += 1;
            }
        }
        let total = self.idioms.len() as f64;
        self.weights =
            uses.into_iter().map(|(word, uses)| (word, (1.0 + total / uses as f64).ln())).collect();
    }

    /// What it counts that `need` was said.
    pub fn weight(&self, need: &Need) -> f64 {
        match need {
            Need::Word(word) => match word.as_str() {
                "list" | "number" | "numbers" | "text" | "texts" | "element" | "check" => 0.6,
                _ => self.weights.get(word).copied().unwrap_or(1.0),
            },
            Need::Many => 0.3,
            Need::Number(_) => 2.0,
            Need::Feature(_) => 1.5,
        }
    }

    /// Whether some idiom uses the concept.
    pub fn uses(&self, concept: &str) -> bool {
        self.weights.contains_key(concept)
    }
}

/// What checking says against an idiom: the first finding.
fn findings(source: &IdiomSource) -> Option<IdiomProblem> {
    let checked = check(&source.text);
    let first = checked.diagnostics.first()?;
    let line = checked.lines.position(&source.text, first.span.start).line as usize;
    let message = format!("{} ({})", first.message, first.code);
    Some(IdiomProblem { path: source.path.clone(), line, message })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_fetched_is_what_is_built_in() {
        let idioms: Vec<(&str, &str)> = Library::built_in_sources().collect();
        let shipped = serde_json::json!({ "lexicon": LEXICON, "idioms": idioms }).to_string();
        let (fetched, built_in) = (Library::fetched(&shipped).unwrap(), Library::built_in());
        assert!(!fetched.idioms.is_empty());
        assert_eq!(format!("{fetched:?}").len(), format!("{built_in:?}").len());
        assert!(Library::fetched("[]").is_none());
    }
}
