//! A request, read: tokens, words with their meaning, mentions, and the role of words that are not known.
//!
//! Promises: everything a request says is in here, known or not. Must not: prefer one task over another.

use super::lexicon::{Lexicon, Meaning, Unit};
use super::mention::{self, Feature, Mention};
use super::sentence::{self, Token, TokenKind};
use crate::syntax::span::Span;

/// A request, read.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The words as typed.
    pub words: String,
    /// Cut into tokens.
    pub tokens: Vec<Token>,
    /// Read as words with a meaning.
    pub units: Vec<Unit>,
    /// What several tokens say together.
    pub mentions: Vec<Mention>,
    /// Per unit: whether it is an unknown word that names a thing, and nothing more.
    names_thing: Vec<bool>,
}

/// Words that begin a noun phrase or tie one to the task without changing it.
const OPENS_NOUN: [&str; 24] = [
    "a", "an", "the", "each", "every", "my", "our", "your", "their", "his", "her", "its", "this", "these",
    "those", "of", "in", "from", "for", "at", "all", "some", "any", "given",
];
/// Words after which a thing says how or by what, which the task depends on.
const OPENS_MANNER: [&str; 12] =
    ["by", "with", "using", "via", "per", "into", "to", "as", "without", "than", "like", "through"];

impl Reading {
    /// Reads `words`.
    pub fn of(words: &str, lexicon: &Lexicon) -> Reading {
        let tokens = sentence::tokens(words);
        let units = lexicon.units(&tokens);
        let mentions = mention::mentions(words, &tokens, &units);
        let mut reading =
            Reading { words: words.to_owned(), tokens, units, mentions, names_thing: Vec::new() };
        reading.names_thing = (0..reading.units.len()).map(|index| reading.unit_names_thing(index)).collect();
        reading
    }

    /// The part of the reading from token `start` to before `end`.
    pub fn part(&self, start: usize, end: usize) -> Reading {
        let inside = |at: usize| start <= at && at < end;
        let kept: Vec<usize> = (0..self.units.len())
            .filter(|index| {
                self.units.get(*index).is_some_and(|unit| inside(unit.start) && inside(unit.end - 1))
            })
            .collect();
        Reading {
            words: self.words.clone(),
            tokens: self.tokens.clone(),
            units: kept.iter().filter_map(|index| self.units.get(*index).cloned()).collect(),
            mentions: self
                .mentions
                .iter()
                .filter(|mention| mention.tokens.iter().all(|at| inside(*at)))
                .cloned()
                .collect(),
            names_thing: kept
                .iter()
                .map(|index| self.names_thing.get(*index).copied().unwrap_or(false))
                .collect(),
        }
    }

    /// Whether the unit is an unknown word that names a thing, so that it can name a parameter.
    pub fn names_thing(&self, unit: usize) -> bool {
        self.names_thing.get(unit).copied().unwrap_or(false)
    }

    /// The text of token `at`, empty outside.
    pub fn text(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.text.as_str())
    }

    /// The place of tokens `start` to before `end` in the words.
    pub fn span(&self, start: usize, end: usize) -> Span {
        let first = self.tokens.get(start).map_or(Span::default(), |token| token.span);
        let last =
            end.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(first, |token| token.span);
        first.to(last)
    }

    /// Whether a token is a mark that separates and says nothing.
    pub fn is_mark(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| matches!(token.kind, TokenKind::Mark(mark) if !matches!(mark, '%' | '+' | '*' | '/' | '=' | '<' | '>' | '€' | '$')))
    }

    /// Whether a silent word asks a yes-or-no question: `if`, or a verb that begins a sentence.
    pub fn asks(&self, unit: &Unit) -> bool {
        let begins = unit.start == 0 || unit.start.checked_sub(1).is_some_and(|before| self.is_mark(before));
        match self.text(unit.start) {
            "if" | "whether" => true,
            "is" | "are" | "does" | "do" | "can" | "has" | "have" => begins,
            _ => false,
        }
    }

    /// Whether a word stands right after `and` or `then`, where another request would begin.
    pub fn follows_and(&self, unit: &Unit) -> bool {
        unit.start.checked_sub(1).is_some_and(|before| matches!(self.text(before), "and" | "then"))
    }

    /// Whether a noun is used as a verb: `and post the result`, `email it`.
    pub fn acts(&self, index: usize) -> bool {
        let Some(unit) = self.units.get(index).filter(|unit| !unit.plural) else { return false };
        let before = unit.start.checked_sub(1).map_or("", |at| self.text(at));
        let begins = matches!(before, "" | "and" | "then" | "to" | "," | "." | ";" | "also" | "but");
        let object = matches!(
            self.text(unit.end),
            "the" | "a" | "an" | "it" | "them" | "this" | "my" | "our" | "each" | "every" | "all"
        );
        begins && object
    }

    fn unit_names_thing(&self, index: usize) -> bool {
        let Some(unit) = self.units.get(index) else { return false };
        // `n`, `x`: letters name numbers.
        if unit.meaning == Meaning::Unknown && unit.plain.len() == 1 && unit.plain.is_ascii() {
            return true;
        }
        if self.acts(index) {
            return false;
        }
        if unit.meaning != Meaning::Unknown
            || (mention::looks_like_adjective(self.text(unit.start)) && !unit.plural)
        {
            return false;
        }
        let undecided = self.mentions.iter().any(|mention| {
            matches!(mention.feature, Feature::Undecided(_)) && mention.tokens.contains(&unit.start)
        });
        if undecided {
            return false;
        }
        let mut at = unit.start;
        let mut index = index;
        while let Some(before) = at.checked_sub(1) {
            let text = self.text(before);
            if OPENS_MANNER.contains(&text) {
                return false;
            }
            if OPENS_NOUN.contains(&text) {
                // `by the department`: the article hides what ties the noun to the task.
                let tie = before.checked_sub(1).map_or("", |at| self.text(at));
                return !OPENS_MANNER.contains(&tie);
            }
            let Some(previous) = index.checked_sub(1).and_then(|at| self.units.get(at)) else { return false };
            let goes_on = match &previous.meaning {
                Meaning::Unknown => !previous.plural,
                Meaning::Noun(_) => true,
                Meaning::Concept(concept) => {
                    matches!(
                        concept.as_str(),
                        "average" | "largest" | "smallest" | "list" | "number" | "text" | "element"
                    )
                }
                _ => false,
            };
            if !goes_on {
                return false;
            }
            at = previous.start;
            index -= 1;
        }
        false
    }

    /// Cuts at full stops, at `then`, and where `and` or a comma is followed by another request.
    pub fn segments(&self) -> Vec<(usize, usize)> {
        let mut cuts = vec![0];
        for (index, unit) in self.units.iter().enumerate() {
            let at = unit.start;
            let text = self.text(at);
            let next = |skip: usize| self.units.get(index + skip);
            let request_after = next(1).is_some_and(|unit| self.begins_request(unit, next(2)));
            let cut = match text {
                "." | ";" | "?" | "!" => true,
                "then" | "before" | "after" | "afterwards" => true,
                "and" | "," | "but" | "also" => request_after,
                _ => false,
            };
            if cut {
                cuts.push(at + 1);
            }
        }
        cuts.push(self.tokens.len());
        let mut segments = Vec::new();
        for pair in cuts.windows(2) {
            if let [start, end] = pair {
                let says = self.units.iter().any(|unit| {
                    unit.start >= *start
                        && unit.end <= *end
                        && !matches!(unit.meaning, Meaning::Silent | Meaning::Literal)
                });
                if says {
                    segments.push((*start, *end));
                }
            }
        }
        segments
    }

    fn begins_request(&self, unit: &Unit, next: Option<&Unit>) -> bool {
        const VERBS: [&str; 33] = [
            "sum",
            "count",
            "keep",
            "remove",
            "sort",
            "reverse",
            "convert",
            "replace",
            "join",
            "split",
            "check",
            "validate",
            "add",
            "subtract",
            "multiply",
            "divide",
            "double",
            "square",
            "trim",
            "capitalize",
            "insert",
            "append",
            "prepend",
            "concatenate",
            "swap",
            "rotate",
            "merge",
            "round",
            "clamp",
            "truncate",
            "pad",
            "flatten",
            "lookup",
        ];
        match &unit.meaning {
            Meaning::Concept(concept) => {
                let acts_on = next
                    .is_some_and(|next| matches!(self.text(next.start), "it" | "them" | "this" | "these"));
                (VERBS.contains(&concept.as_str()) && !unit.plural) || acts_on
            }
            Meaning::Unknown => {
                !unit.plural
                    && next.is_some_and(|next| {
                        matches!(
                            self.text(next.start),
                            "it" | "them"
                                | "the"
                                | "a"
                                | "an"
                                | "to"
                                | "this"
                                | "that"
                                | "my"
                                | "our"
                                | "each"
                                | "all"
                        )
                    })
            }
            Meaning::Noted => true,
            Meaning::Noun(_) => {
                !unit.plural
                    && next.is_some_and(|next| {
                        matches!(self.text(next.start), "the" | "a" | "an" | "it" | "them")
                    })
            }
            Meaning::Silent => {
                let verb = self.text(unit.start);
                let answers = ["return", "find", "compute", "calculate", "give", "tell", "get"];
                // `write it to a file` asks for an effect.
                let acts = ["write", "use", "pass", "report", "put", "take", "supply", "provide", "read"];
                let on_it = next.is_some_and(|next| matches!(self.text(next.start), "it" | "them"));
                answers.contains(&verb) || (on_it && acts.contains(&verb))
            }
            _ => false,
        }
    }
}
