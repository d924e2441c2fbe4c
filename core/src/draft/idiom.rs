//! Idioms: Spec-IR documents that say when they apply.
//!
//! An idiom is a checked document with one fence tagged `idiom`, which the language ignores. The fence lists the
//! words that ask for it and the places of the document that words may fill; every such place is a *declared
//! hole*, so adapting an idiom is editing a valid document. `library/README.md` describes the format. Promises:
//! reading is bounded and total; what cannot be read is a problem that names the line. Must not: hold code in
//! templates.

use super::lexicon::{Lexicon, Sort};
use crate::syntax::parse;
use crate::syntax::tree::{DeclKind, Document, Expr, ExprKind, HoleDecl};

/// An idiom before it is read: where it is from and its text.
#[derive(Debug, Clone)]
pub struct IdiomSource {
    /// Path for people, such as `lists/sum.spec.md`.
    pub path: String,
    /// The whole document.
    pub text: String,
}

/// An idiom, read.
#[derive(Debug, Clone)]
pub struct Idiom {
    /// Its path without the ending: `lists/sum`.
    pub path: String,
    /// Its first heading.
    pub title: String,
    /// The document.
    pub text: String,
    /// Where the `idiom` fence stands, fence lines included.
    pub fence: (usize, usize),
    /// Ways to ask for it.
    pub says: Vec<Saying>,
    /// What it explains wherever it appears, besides the kinds of values it takes.
    pub also: Vec<Need>,
    /// Holes that words may fill.
    pub slots: Vec<Slot>,
    /// Parameters of its main definition that words may fix.
    pub fixes: Vec<Fix>,
    /// Words that decide a hole or fix a parameter.
    pub choices: Vec<Choice>,
    /// Names that follow the nouns of a request.
    pub nouns: Vec<NounSlot>,
    /// What it takes for granted, in words.
    pub notes: Vec<String>,
    /// Why the proof is not demanded, for idioms that are tested only.
    pub tested: Option<String>,
    /// The kinds of values that its main definition takes and gives.
    pub kinds: Kinds,
    /// The name of its main definition: the last one.
    pub main: String,
    /// The names of the parameters of its main definition.
    pub parameters: Vec<String>,
}

/// One way to ask.
#[derive(Debug, Clone, PartialEq)]
pub struct Saying {
    /// What must be there, in any order unless [`Item::after`] says otherwise.
    pub items: Vec<Item>,
}

/// One part of a [`Saying`].
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Any of these.
    pub any: Vec<Need>,
    /// Explained when there, not missed when absent.
    pub optional: bool,
    /// Must stand after the item before it.
    pub after: bool,
}

/// What an item asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Need {
    /// A concept, or a silent word by itself.
    Word(String),
    /// Exactly this number.
    Number(i64),
    /// Several values: a list, or things in the plural.
    Many,
    /// What a slot of that kind reads.
    Feature(SlotKind),
}

/// A hole that words may fill.
#[derive(Debug, Clone, PartialEq)]
pub struct Slot {
    /// The hole's name.
    pub hole: String,
    /// What fills it.
    pub kind: SlotKind,
}

/// What may fill a hole.
#[derive(Debug, Clone, PartialEq)]
pub enum SlotKind {
    /// A whole number said in the request.
    Number,
    /// The lower of two bounds.
    Low,
    /// The upper of two bounds.
    High,
    /// The least number of characters.
    Shortest,
    /// The greatest number of characters.
    Longest,
    /// A percentage.
    Percent,
    /// A text said in quotes.
    Text,
    /// A separator, by name or in quotes.
    Separator,
    /// A condition on a number.
    Predicate,
    /// A condition on a text.
    TextPredicate,
    /// What to answer otherwise: a number.
    Otherwise,
    /// What to answer otherwise: a text.
    OtherwiseText,
    /// What to answer otherwise: nothing.
    Nothing,
    /// A value that satisfies the condition in another slot.
    Satisfies(String),
    /// A value that does not.
    Fails(String),
}

/// A parameter that words may fix: `fix count: number`.
#[derive(Debug, Clone, PartialEq)]
pub struct Fix {
    /// The parameter of the main definition.
    pub parameter: String,
    /// What fixes it.
    pub kind: SlotKind,
}

/// `when ignoring case: ?case_matters = false`
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// Concepts that must all be there; one after `>` stands later than the one before it.
    pub items: Vec<Item>,
    /// What they decide.
    pub decides: Decides,
    /// The decision, a term.
    pub term: String,
}

/// What words may decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decides {
    /// `?hole = term`
    Hole(String),
    /// `parameter = term`
    Parameter(String),
}

/// A name in the document that follows a noun of the request.
#[derive(Debug, Clone, PartialEq)]
pub struct NounSlot {
    /// The piece of a name that is replaced.
    pub stem: String,
    /// Whether it stands for many.
    pub many: bool,
}

/// The kinds of values a definition takes and gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kinds {
    /// A whole number.
    pub number: bool,
    /// A text.
    pub text: bool,
    /// A list of numbers.
    pub numbers: bool,
    /// A list of texts.
    pub texts: bool,
    /// A list of anything.
    pub anything: bool,
    /// It gives true or false.
    pub truth: bool,
}

impl Kinds {
    /// Whether a value of that sort can be meant.
    pub fn accepts(self, sort: Sort) -> bool {
        self.anything
            || match sort {
                Sort::Number => self.number || self.numbers,
                Sort::Text => self.text || self.texts,
            }
    }

    /// The concepts a request may use for these kinds of values.
    pub fn explains(self, concept: &str) -> bool {
        let list = self.numbers || self.texts || self.anything;
        match concept {
            "list" | "lists" => list,
            "element" => list || self.number || self.text,
            "minute" | "hour" | "day" | "week" | "month" | "year" | "second_of_time" | "percentage" => {
                self.number || self.numbers
            }
            "number" => self.number || self.numbers || self.anything,
            "numbers" => self.number || self.numbers || self.anything,
            "text" => self.text || self.texts || self.anything,
            "texts" => self.texts || self.text || self.anything,
            "word" => self.texts || self.anything,
            "boolean" | "check" => self.truth,
            _ => false,
        }
    }

    fn add(&mut self, ty: &Expr, aliases: &[(&str, &Expr)]) {
        match &ty.kind {
            ExprKind::Name(name) => match name.as_str() {
                "Int" | "Nat" => self.number = true,
                "Str" => self.text = true,
                "Bool" => self.truth = true,
                other => {
                    if let Some((_, body)) = aliases.iter().find(|(alias, _)| *alias == other) {
                        self.add(body, &[]);
                    } else if other.len() == 1 {
                        self.anything = true;
                    }
                }
            },
            ExprKind::Refine(_, base, _) => self.add(base, aliases),
            ExprKind::Product(parts) => parts.iter().for_each(|part| self.add(part, aliases)),
            ExprKind::TypeApp(head, arguments) => {
                let list = matches!(&head.kind, ExprKind::Name(name) if name == "List");
                for argument in arguments {
                    let mut inner = Kinds::default();
                    inner.add(argument, aliases);
                    if list {
                        self.numbers |= inner.number || inner.numbers;
                        self.texts |= inner.text || inner.texts;
                        self.anything |= inner.anything;
                    } else {
                        self.number |= inner.number;
                        self.text |= inner.text;
                        self.numbers |= inner.numbers;
                        self.texts |= inner.texts;
                        self.anything |= inner.anything;
                    }
                }
            }
            _ => {}
        }
    }
}

/// What is wrong with an idiom: the file is skipped and the rest goes on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct IdiomProblem {
    /// The file.
    pub path: String,
    /// The line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// What is wrong and what was expected.
    pub message: String,
}

/// Longest document read as an idiom, in bytes.
pub const LONGEST_IDIOM: usize = 64 * 1024;
/// Most lines in an `idiom` fence.
const MOST_LINES: usize = 200;

impl Idiom {
    /// Adds the words an idiom defines, as far as they can be read; [`Idiom::read`] reports the others.
    pub fn define_words(source: &IdiomSource, lexicon: &mut Lexicon) {
        let Some(fence) = Fence::find(&source.text) else { return };
        for line in fence.body.lines().take(MOST_LINES) {
            if let Some(words) = line.strip_prefix("word:") {
                let _ = lexicon.add_concept(words.trim());
            }
        }
    }

    /// Reads an idiom; words it defines go into `lexicon`.
    pub fn read(source: &IdiomSource, lexicon: &mut Lexicon) -> Result<Idiom, IdiomProblem> {
        let problem =
            |line: usize, message: String| IdiomProblem { path: source.path.clone(), line, message };
        if source.text.len() > LONGEST_IDIOM {
            let message =
                format!("the file has {} bytes; an idiom has at most {LONGEST_IDIOM}", source.text.len());
            return Err(problem(0, message));
        }
        let Some(fence) = Fence::find(&source.text) else {
            let message = "there is no fence tagged `idiom`; it lists the words that ask for this document";
            return Err(problem(0, message.to_owned()));
        };
        let document = parse(&source.text);
        if let Some(first) = document.diagnostics.first() {
            let line = source.text.get(..first.span.start as usize).unwrap_or("").matches('\n').count() + 1;
            return Err(problem(line, format!("{} ({})", first.message, first.code)));
        }
        let mut idiom =
            Idiom::of_document(source, &document, &fence).map_err(|message| problem(0, message))?;
        let lines: Vec<(usize, &str)> = fence.body.lines().enumerate().take(MOST_LINES + 1).collect();
        if lines.len() > MOST_LINES {
            return Err(problem(fence.line, format!("the idiom fence has more than {MOST_LINES} lines")));
        }
        let entries = lines.iter().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        // Words first: sayings are read with them.
        for words in [true, false] {
            for (offset, line) in entries.clone() {
                let number = fence.line + 1 + offset;
                let Some((key, value)) = line.split_once(':') else {
                    return Err(problem(number, format!("expected `key: value`, found `{}`", line.trim())));
                };
                if (key.trim() == "word") != words {
                    continue;
                }
                idiom.entry(key.trim(), value.trim(), lexicon).map_err(|message| problem(number, message))?;
            }
        }
        if idiom.says.is_empty() {
            return Err(problem(
                fence.line,
                "the idiom has no `says` line, so nothing asks for it".to_owned(),
            ));
        }
        idiom.agrees_with(&document).map_err(|message| problem(fence.line, message))?;
        Ok(idiom)
    }

    fn of_document(source: &IdiomSource, document: &Document, fence: &Fence<'_>) -> Result<Idiom, String> {
        let aliases: Vec<(&str, &Expr)> = document
            .decls
            .iter()
            .filter_map(|decl| match &decl.kind {
                DeclKind::Alias(alias) => Some((alias.name.name.as_str(), &alias.body)),
                _ => None,
            })
            .collect();
        let main = document.decls.iter().rev().find_map(|decl| match &decl.kind {
            DeclKind::Def(def) => Some(def),
            _ => None,
        });
        let Some(main) = main else { return Err("there is no `def` to draft".to_owned()) };
        let mut kinds = Kinds::default();
        for param in &main.params {
            if let Some(ty) = &param.ty {
                kinds.add(ty, &aliases);
            }
        }
        if let Some(result) = &main.result {
            kinds.add(result, &aliases);
        }
        let title = source.text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or(&source.path);
        Ok(Idiom {
            path: source.path.trim_end_matches(".spec.md").to_owned(),
            title: title.trim().to_owned(),
            text: source.text.clone(),
            fence: fence.range,
            says: Vec::new(),
            also: Vec::new(),
            slots: Vec::new(),
            fixes: Vec::new(),
            choices: Vec::new(),
            nouns: Vec::new(),
            notes: Vec::new(),
            tested: None,
            kinds,
            main: main.name.name.clone(),
            parameters: main.params.iter().map(|param| param.name.name.clone()).collect(),
        })
    }

    fn entry(&mut self, key: &str, value: &str, lexicon: &mut Lexicon) -> Result<(), String> {
        let (key, subject) = key.split_once(' ').unwrap_or((key, ""));
        let subject = subject.trim();
        match key {
            "word" => lexicon.add_concept(value),
            "says" => {
                self.says.push(Saying::read(value, lexicon)?);
                Ok(())
            }
            "also" => {
                let needs: Result<Vec<Need>, String> =
                    value.split_whitespace().map(|word| Need::read(word, lexicon)).collect();
                self.also.extend(needs?);
                Ok(())
            }
            "slot" => {
                let kind = SlotKind::read(value)?;
                self.slots.push(Slot { hole: subject.to_owned(), kind });
                Ok(())
            }
            "fix" => {
                let kind = SlotKind::read(value)?;
                self.fixes.push(Fix { parameter: subject.to_owned(), kind });
                Ok(())
            }
            "when" => {
                let (decided, term) = value.split_once('=').ok_or_else(|| {
                    format!("expected `?hole = term` or `parameter = term`, found `{value}`")
                })?;
                let decides = match decided.trim().strip_prefix('?') {
                    Some(hole) => Decides::Hole(hole.to_owned()),
                    None => Decides::Parameter(decided.trim().to_owned()),
                };
                let items = Saying::read(subject, lexicon)?.items;
                self.choices.push(Choice { items, decides, term: term.trim().to_owned() });
                Ok(())
            }
            "noun" => {
                let many = match value {
                    "many" => true,
                    "one" => false,
                    other => return Err(format!("a noun is `one` or `many`, not `{other}`")),
                };
                self.nouns.push(NounSlot { stem: subject.to_owned(), many });
                Ok(())
            }
            "note" => {
                self.notes.push(value.to_owned());
                Ok(())
            }
            "tested" => {
                self.tested = Some(value.to_owned());
                Ok(())
            }
            other => Err(format!(
                "`{other}` is not a key of an idiom; the keys are says, also, word, slot, fix, when, noun, note, tested"
            )),
        }
    }

    /// Slots and choices must name holes that the document declares, or parameters of the main definition.
    fn agrees_with(&self, document: &Document) -> Result<(), String> {
        let declared = |name: &str| holes(document).any(|hole| hole.name.name == name);
        let mut named: Vec<Decides> =
            self.slots.iter().map(|slot| Decides::Hole(slot.hole.clone())).collect();
        named.extend(self.fixes.iter().map(|fix| Decides::Parameter(fix.parameter.clone())));
        named.extend(self.choices.iter().map(|choice| choice.decides.clone()));
        for decided in &named {
            match decided {
                Decides::Hole(hole) if !declared(hole) => {
                    return Err(format!("the document declares no hole ?{hole}"));
                }
                Decides::Parameter(name) if !self.parameters.contains(name) => {
                    return Err(format!("`{name}` is no parameter of `{}`", self.main));
                }
                _ => {}
            }
        }
        for slot in &self.slots {
            let (SlotKind::Satisfies(other) | SlotKind::Fails(other)) = &slot.kind else { continue };
            let condition = self.slots.iter().any(|slot| {
                slot.hole == *other && matches!(slot.kind, SlotKind::Predicate | SlotKind::TextPredicate)
            });
            if !condition {
                return Err(format!("?{} follows ?{other}, which is no slot with a condition", slot.hole));
            }
        }
        Ok(())
    }

    /// The slot with that hole.
    pub fn slot(&self, hole: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.hole == hole)
    }
}

/// The hole declarations of a document.
pub fn holes(document: &Document) -> impl Iterator<Item = &HoleDecl> {
    document.decls.iter().filter_map(|decl| match &decl.kind {
        DeclKind::Hole(hole) => Some(hole),
        _ => None,
    })
}

impl Saying {
    fn read(text: &str, lexicon: &Lexicon) -> Result<Saying, String> {
        let mut items = Vec::new();
        let mut after = false;
        for word in text.split_whitespace() {
            if word == ">" {
                after = true;
                continue;
            }
            let inner = word.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
            let any = inner
                .unwrap_or(word)
                .split('/')
                .map(|need| Need::read(need, lexicon))
                .collect::<Result<_, _>>()?;
            items.push(Item { any, optional: inner.is_some(), after });
            after = false;
        }
        if items.iter().all(|item: &Item| item.optional) {
            return Err("a `says` line needs at least one word that is not optional".to_owned());
        }
        Ok(Saying { items })
    }
}

impl Need {
    fn read(word: &str, lexicon: &Lexicon) -> Result<Need, String> {
        if let Some(feature) = word.strip_prefix('#') {
            return match feature {
                "many" => Ok(Need::Many),
                kind => SlotKind::read(kind).map(Need::Feature),
            };
        }
        if let Ok(number) = word.parse() {
            return Ok(Need::Number(number));
        }
        let plain = word.chars().all(|c| c.is_alphanumeric() || c == '_');
        if plain && !word.is_empty() {
            Ok(Need::Word(lexicon.concept_of(word)))
        } else {
            Err(format!("`{word}` is not a word, `[word]`, `one/other`, `#feature`, number or `>`"))
        }
    }
}

impl SlotKind {
    fn read(text: &str) -> Result<SlotKind, String> {
        let (kind, subject) = text.split_once(' ').unwrap_or((text, ""));
        let subject = || subject.trim().trim_start_matches('?').to_owned();
        Ok(match kind {
            "number" => SlotKind::Number,
            "low" => SlotKind::Low,
            "high" => SlotKind::High,
            "shortest" => SlotKind::Shortest,
            "longest" => SlotKind::Longest,
            "percent" => SlotKind::Percent,
            "text" => SlotKind::Text,
            "separator" => SlotKind::Separator,
            "predicate" => SlotKind::Predicate,
            "text-predicate" => SlotKind::TextPredicate,
            "otherwise" => SlotKind::Otherwise,
            "otherwise-text" => SlotKind::OtherwiseText,
            "nothing" => SlotKind::Nothing,
            "satisfies" => SlotKind::Satisfies(subject()),
            "fails" => SlotKind::Fails(subject()),
            other => {
                return Err(format!(
                    "`{other}` is not a kind of slot; the kinds are number, low, high, shortest, longest, percent, text, separator, \
                     predicate, text-predicate, otherwise, otherwise-text, nothing, satisfies, fails"
                ));
            }
        })
    }
}

/// The `idiom` fence of a document.
struct Fence<'a> {
    body: &'a str,
    range: (usize, usize),
    line: usize,
}

impl Fence<'_> {
    fn find(text: &str) -> Option<Fence<'_>> {
        let mut at = 0;
        let mut open: Option<(usize, usize, usize)> = None;
        let mut inside_other = false;
        for (number, line) in text.split_inclusive('\n').enumerate() {
            let next = at + line.len();
            let bare = line.trim_end();
            match open {
                Some((start, body, first)) if bare == "```" => {
                    return Some(Fence { body: text.get(body..at)?, range: (start, next), line: first });
                }
                Some(_) => {}
                None if !inside_other && bare == "```idiom" => open = Some((at, next, number + 1)),
                None if bare.starts_with("```") => inside_other = !inside_other,
                None => {}
            }
            at = next;
        }
        None
    }
}
