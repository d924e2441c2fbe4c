//! A placed request becomes a document: the idiom with its holes filled, its names changed, and an account of
//! where each part came from.

use super::adapt::{Changes, Fill, Value, adapt};
use super::idiom::{Decides, Idiom, SlotKind};
use super::lexicon::Meaning;
use super::library::Library;
use super::mention::{Fallback, Feature, Mention};
use super::place::Placement;
use super::predicate::literal;
use super::prose::{escaped, name_from, one_line, plural, quotation, text_literal};
use super::reading::Reading;
use super::specialise::{Fixed, specialise};
use super::{Provenance, Source};

/// A part of the request that no idiom covers, to stay a hole.
#[derive(Debug, Clone)]
pub struct Leftover {
    /// First token.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

/// A document and the account of it.
#[derive(Debug, Clone)]
pub struct Composed {
    /// The document.
    pub document: String,
    /// Where each part came from.
    pub provenance: Vec<Provenance>,
    /// What could not be done as asked.
    pub notes: Vec<String>,
}

/// Writes the document of a placed request. `taken` are names that mean something already.
pub fn compose(
    reading: &Reading,
    library: &Library,
    placement: &Placement,
    leftovers: &[Leftover],
    taken: &dyn Fn(&str) -> bool,
) -> Option<Composed> {
    let idiom = library.idioms.get(placement.idiom)?;
    let mut composer = Composer {
        reading,
        idiom,
        changes: Changes::default(),
        provenance: Vec::new(),
        accounts: Vec::new(),
        notes: Vec::new(),
        fixed: Vec::new(),
        asked_name: None,
    };
    composer.task(placement);
    composer.slots(placement);
    composer.fixes(placement);
    composer.choices(placement);
    composer.nouns(placement);
    composer.name(taken);
    composer.given(placement);
    for note in &idiom.notes {
        composer.provenance.push(Provenance { part: note.clone(), from: Source::Idiom(idiom.path.clone()) });
    }
    let (start, end) = idiom.fence;
    let before = idiom.text.get(..start)?;
    let after = idiom.text.get(end..)?;
    let adapted = adapt(&format!("{before}{after}"), &composer.changes, taken);
    let (title, rest) = match adapted.strip_prefix("# ").and_then(|text| text.split_once('\n')) {
        Some((title, rest)) => (title.to_owned(), rest.to_owned()),
        None => (escaped(&idiom.title), adapted),
    };
    let rest = specialise(&rest, &composer.fixed, composer.asked_name.as_deref(), taken);
    let mut document = format!("# {title}\n\n{}\n\n", quotation(&reading.words));
    document.push_str(rest.trim());
    document.push('\n');
    document.push_str(&holes_for(reading, leftovers, &mut composer.provenance));
    document.push_str(&composer.account());
    Some(Composed { document, provenance: composer.provenance, notes: composer.notes })
}

/// Function holes for what is asked besides.
fn holes_for(reading: &Reading, leftovers: &[Leftover], provenance: &mut Vec<Provenance>) -> String {
    let mut text = String::new();
    let mut names: Vec<String> = Vec::new();
    for leftover in leftovers {
        let span = reading.span(leftover.start, leftover.end);
        let words = one_line(span.slice(&reading.words));
        let words = words.trim_matches(|c: char| c.is_ascii_punctuation() || c.is_whitespace());
        let mut name = name_from(words).unwrap_or_else(|| "the_rest".to_owned());
        while names.contains(&name) {
            name.push_str("_too");
        }
        let hint =
            format!("The words \"{words}\" ask for more than the definition above does. What should happen?");
        if text.is_empty() {
            text.push_str("\nAsked for as well, and not covered:\n\n```spec-ir\n");
        } else {
            text.push('\n');
        }
        text.push_str(&format!("hole ?{name}: function\n  hint {}\n", text_literal(&hint)));
        provenance.push(Provenance {
            part: format!("?{name}"),
            from: Source::Words { text: words.to_owned(), span },
        });
        names.push(name);
    }
    if !text.is_empty() {
        text.push_str("```\n");
    }
    text
}

struct Composer<'a> {
    reading: &'a Reading,
    idiom: &'a Idiom,
    changes: Changes,
    provenance: Vec<Provenance>,
    accounts: Vec<String>,
    notes: Vec<String>,
    fixed: Vec<Fixed>,
    /// The name asked for, when the words give one.
    asked_name: Option<String>,
}

impl Composer<'_> {
    fn words_of(&self, tokens: &[usize]) -> Source {
        let (Some(first), Some(last)) = (tokens.iter().min(), tokens.iter().max()) else {
            return Source::Idiom(self.idiom.path.clone());
        };
        let span = self.reading.span(*first, last + 1);
        Source::Words { text: span.slice(&self.reading.words).to_owned(), span }
    }

    fn from(&mut self, part: String, tokens: &[usize]) {
        let from = self.words_of(tokens);
        if let Source::Words { text, .. } = &from {
            self.accounts.push(format!("* {part}, from “{}”\n", escaped(text)));
        }
        self.provenance.push(Provenance { part, from });
    }

    fn task(&mut self, placement: &Placement) {
        let mut tokens = placement.required.clone();
        tokens.sort_unstable();
        tokens.dedup();
        let from = self.words_of(&tokens);
        self.provenance.push(Provenance { part: "the task".to_owned(), from });
        self.provenance.push(Provenance {
            part: "specification and definition".to_owned(),
            from: Source::Idiom(self.idiom.path.clone()),
        });
    }

    fn slots(&mut self, placement: &Placement) {
        let idiom = self.idiom;
        for (slot, mention) in idiom.slots.iter().zip(&placement.slots) {
            match &slot.kind {
                SlotKind::Satisfies(condition) | SlotKind::Fails(condition) => {
                    let hit = matches!(slot.kind, SlotKind::Satisfies(_));
                    self.witness(placement, &slot.hole, condition, hit);
                }
                kind => {
                    let Some(mention) = mention.and_then(|at| self.reading.mentions.get(at)).cloned() else {
                        continue;
                    };
                    self.slot(&slot.hole, kind, &mention);
                }
            }
        }
    }

    fn slot(&mut self, hole: &str, kind: &SlotKind, mention: &Mention) {
        if let Feature::Undecided(word) = &mention.feature {
            let name = name_from(word).unwrap_or_else(|| hole.to_owned());
            let ask = format!("What makes one of them \"{word}\"? The words do not say.");
            self.from(format!("the open condition `?{name}`"), &mention.tokens);
            self.changes.reopened.push((hole.to_owned(), name, ask));
            return;
        }
        let number = |n: &num_bigint::BigInt| Fill {
            value: Value::Term(n.to_string()),
            words: n.to_string(),
            label: Some(n.to_string().replace('-', "minus_")),
        };
        let text = |text: &str, words: String| Fill {
            value: Value::Term(literal(text)),
            label: name_from(words.trim_start_matches("a ").trim_start_matches("an ")),
            words,
        };
        let (fill, part) = match (kind, &mention.feature) {
            (SlotKind::Number, Feature::Number(n)) | (SlotKind::Percent, Feature::Percent(n)) => {
                (number(n), format!("`{n}`"))
            }
            (SlotKind::Otherwise, Feature::Otherwise(Fallback::Number(n))) => {
                (number(n), format!("`{n}` when there is no answer"))
            }
            (SlotKind::OtherwiseText, Feature::Otherwise(Fallback::Text(t))) => {
                (text(t, literal(t)), format!("{} when there is no answer", code(&literal(t))))
            }
            (SlotKind::Text, Feature::Quoted(t)) => (text(t, literal(t)), code(&literal(t))),
            (SlotKind::Separator, Feature::Separator(t, words)) => {
                (text(t, words.clone()), format!("the separator {}", code(&literal(t))))
            }
            (SlotKind::Low | SlotKind::Shortest, Feature::Predicate(predicate)) => match predicate.bounds() {
                Some((Some(low), _)) => (number(&low), format!("the lower bound `{low}`")),
                _ => return,
            },
            (SlotKind::High | SlotKind::Longest, Feature::Predicate(predicate)) => match predicate.bounds() {
                Some((_, Some(high))) => (number(&high), format!("the upper bound `{high}`")),
                _ => return,
            },
            (SlotKind::Predicate | SlotKind::TextPredicate, Feature::Predicate(predicate)) => {
                let name = if predicate.is_of_texts() { "s" } else { "n" };
                let fill = Fill {
                    words: predicate.words(),
                    label: Some(predicate.label()),
                    value: Value::Condition(predicate.clone()),
                };
                (fill, format!("the condition {}", code(&predicate.term(name))))
            }
            _ => return,
        };
        self.from(part, &mention.tokens);
        self.changes.fills.insert(hole.to_owned(), fill);
    }

    /// Values for the examples: they follow the condition, and go where the condition stays open.
    fn witness(&mut self, placement: &Placement, hole: &str, condition: &str, hit: bool) {
        let position = self.idiom.slots.iter().position(|slot| slot.hole == condition);
        let mention = position
            .and_then(|at| placement.slots.get(at).copied().flatten())
            .and_then(|at| self.reading.mentions.get(at));
        let predicate = match mention.map(|mention| &mention.feature) {
            Some(Feature::Predicate(predicate)) => predicate,
            _ => {
                self.changes.dropped.push(hole.to_owned());
                return;
            }
        };
        let (hits, misses) = predicate.witnesses();
        let same_kind = |slot: &&super::idiom::Slot| match &slot.kind {
            SlotKind::Satisfies(other) => hit && other == condition,
            SlotKind::Fails(other) => !hit && other == condition,
            _ => false,
        };
        let rank = self.idiom.slots.iter().filter(same_kind).position(|slot| slot.hole == hole).unwrap_or(0);
        match if hit { hits.get(rank) } else { misses.get(rank) } {
            Some(value) => {
                let literal = value.literal();
                let fill = Fill { words: literal.clone(), value: Value::Term(literal), label: None };
                self.changes.fills.insert(hole.to_owned(), fill);
            }
            None => self.changes.dropped.push(hole.to_owned()),
        }
    }

    fn choices(&mut self, placement: &Placement) {
        let idiom = self.idiom;
        for (choice, tokens) in &placement.choices {
            let Some(choice) = idiom.choices.get(*choice) else { continue };
            let part = code(&choice.term);
            match &choice.decides {
                Decides::Hole(hole) if !self.changes.fills.contains_key(hole) => {
                    self.from(part, tokens);
                    let fill = Fill {
                        value: Value::Term(choice.term.clone()),
                        words: choice.term.clone(),
                        label: None,
                    };
                    self.changes.fills.insert(hole.clone(), fill);
                }
                Decides::Parameter(name) if !self.is_fixed(name) => {
                    self.from(format!("{part} for `{name}`"), tokens);
                    let label = name_from(&choice.term).unwrap_or_else(|| choice.term.replace('-', "minus_"));
                    self.fix(name, choice.term.clone(), label);
                }
                _ => {}
            }
        }
    }

    /// Parameters that the words fix: the general definition stays, and one for the case at hand is added.
    fn fixes(&mut self, placement: &Placement) {
        let idiom = self.idiom;
        for (fix, mention) in idiom.fixes.iter().zip(&placement.fixes) {
            let Some(mention) = mention.and_then(|at| self.reading.mentions.get(at)).cloned() else {
                continue;
            };
            let (term, label) = match (&fix.kind, &mention.feature) {
                (SlotKind::Number, Feature::Number(n)) | (SlotKind::Percent, Feature::Percent(n)) => {
                    (n.to_string(), n.to_string())
                }
                (SlotKind::Low | SlotKind::Shortest, Feature::Predicate(predicate)) => {
                    match predicate.bounds() {
                        Some((Some(low), _)) => (low.to_string(), low.to_string()),
                        _ => continue,
                    }
                }
                (SlotKind::High | SlotKind::Longest, Feature::Predicate(predicate)) => {
                    match predicate.bounds() {
                        Some((_, Some(high))) => (high.to_string(), high.to_string()),
                        _ => continue,
                    }
                }
                (SlotKind::Text, Feature::Quoted(text)) => {
                    (literal(text), name_from(text).unwrap_or_else(|| "that".to_owned()))
                }
                (SlotKind::Separator, Feature::Separator(text, words)) => {
                    (literal(text), name_from(words).unwrap_or_else(|| "that".to_owned()))
                }
                _ => continue,
            };
            self.from(format!("{} for `{}`", code(&term), fix.parameter), &mention.tokens);
            self.fix(&fix.parameter, term, label.replace('-', "minus_"));
        }
    }

    fn place_of(&self, parameter: &str) -> Option<usize> {
        self.idiom.parameters.iter().position(|name| name == parameter)
    }

    fn is_fixed(&self, parameter: &str) -> bool {
        self.place_of(parameter).is_some_and(|place| self.fixed.iter().any(|fixed| fixed.parameter == place))
    }

    fn fix(&mut self, parameter: &str, term: String, label: String) {
        if let Some(parameter) = self.place_of(parameter) {
            self.fixed.push(Fixed { parameter, term, label });
        }
    }

    fn nouns(&mut self, placement: &Placement) {
        let mut used: Vec<usize> = Vec::new();
        for slot in &self.idiom.nouns {
            // A single letter is no better a name than the idiom's.
            let telling = |at: &&usize| self.reading.units.get(**at).is_some_and(|unit| unit.plain.len() > 1);
            let candidates = placement.things.iter().filter(|at| !used.contains(at)).filter(telling);
            let fitting =
                |at: &&usize| self.reading.units.get(**at).is_some_and(|unit| !slot.many || unit.plural);
            let found = candidates.clone().find(fitting).or_else(|| candidates.clone().next()).copied();
            let (unit, at) = match found.and_then(|at| Some((self.reading.units.get(at)?.clone(), Some(at))))
            {
                Some(found) => found,
                None => match self.text_by_name(slot.many) {
                    Some(unit) => (unit, None),
                    None => continue,
                },
            };
            let Some(singular) = name_from(&unit.plain) else { continue };
            let name = if slot.many { plural(&singular) } else { singular };
            if name == slot.stem {
                continue;
            }
            used.extend(at);
            self.from(format!("the name `{name}`"), &(unit.start..unit.end).collect::<Vec<_>>());
            self.changes.stems.push((slot.stem.clone(), name));
        }
    }

    /// A text may be called what the request calls it: a sentence, a phrase.
    fn text_by_name(&self, many: bool) -> Option<super::lexicon::Unit> {
        let wanted = if many { "texts" } else { "text" };
        let plain = ["text", "string", "str", "texts", "strings"];
        self.reading
            .units
            .iter()
            .find(|unit| {
                unit.meaning == Meaning::Concept(wanted.to_owned())
                    && !plain.contains(&unit.plain.as_str())
                    && !unit.plain.contains('_')
            })
            .cloned()
    }

    fn name(&mut self, taken: &dyn Fn(&str) -> bool) {
        let found = self.reading.mentions.iter().find_map(|mention| match &mention.feature {
            Feature::Name(name) => Some((name.clone(), mention.tokens.clone())),
            _ => None,
        });
        if let Some((typed, tokens)) = found {
            let Some(name) = name_from(&typed).filter(|name| !taken(name)) else {
                self.notes
                    .push(format!("\"{typed}\" means something already or is no name, so it was not used"));
                return;
            };
            self.from(format!("the name `{name}`"), &tokens);
            // `a list called prices` names what comes in, `a function called total` the definition.
            let before =
                tokens.first().and_then(|first| first.checked_sub(1)).map_or("", |at| self.reading.text(at));
            let input = matches!(
                before,
                "list"
                    | "array"
                    | "string"
                    | "text"
                    | "number"
                    | "integer"
                    | "parameter"
                    | "argument"
                    | "input"
            );
            match self.idiom.nouns.first().filter(|_| input) {
                Some(slot) => {
                    self.changes.stems.retain(|(from, _)| *from != slot.stem);
                    self.changes.stems.push((slot.stem.clone(), name));
                }
                None if self.fixed.is_empty() => self.changes.names.push((self.idiom.main.clone(), name)),
                // The definition for the case at hand is the one that was asked for.
                None => self.asked_name = Some(name),
            }
        }
    }

    /// Words that describe what comes in (`a list of positive numbers`) ask for nothing, and are not dropped unsaid.
    fn given(&mut self, placement: &Placement) {
        let used: Vec<&Mention> = placement
            .slots
            .iter()
            .chain(&placement.fixes)
            .flatten()
            .filter_map(|at| self.reading.mentions.get(*at))
            .collect();
        for mention in self.reading.mentions.iter().filter(|mention| mention.feature == Feature::Given) {
            let required = mention.tokens.iter().all(|token| placement.required.contains(token));
            if required || used.iter().any(|used| used.tokens == mention.tokens) {
                continue;
            }
            if let Source::Words { text, .. } = self.words_of(&mention.tokens) {
                let words = one_line(&text);
                self.accounts
                    .push(format!("* “{}” describes what comes in and is not checked\n", escaped(&words)));
                self.notes
                    .push(format!("\"{words}\" was read as describing what comes in; it is not checked"));
            }
        }
    }

    /// Where each part came from, as prose.
    fn account(&self) -> String {
        let mut account =
            format!("\n## Where this comes from\n\n* the idiom `{}`\n", self.idiom.path.replace('`', "'"));
        account.push_str(&self.accounts.concat());
        for note in &self.idiom.notes {
            account.push_str(&format!("* taken for granted: {note}\n"));
        }
        account
    }
}

/// A piece of code in prose; backquotes in it are doubled around.
fn code(text: &str) -> String {
    if text.contains('`') { format!("`` {} ``", one_line(text)) } else { format!("`{}`", one_line(text)) }
}
