//! The older textual IR (`ir name { intent: ... signature: ... effects: ... assert: ... }` with holes
//! `<?name: type = "text" @kind?>`) becomes a document of this language.
//!
//! Promises: the document parses and checks without an error whatever the input; every part of the older text is in it
//! or in the list of what was left out or read in another way, with its line; text from outside stays text. Must not:
//! guess. A condition is taken over only when it type-checks; otherwise its words become a goal that no clause answers,
//! which `check` then reports.

mod read;
mod spell;

use crate::check::{check, prelude};
use crate::draft::prose::{escaped, heading, one_line, text_literal};
use crate::syntax::diagnostic::Severity;
use crate::syntax::{format_document, parse_term};
use read::{Item, Old, OldHole, Signature};
use serde::{Deserialize, Serialize};
use spell::Type;
use std::collections::{BTreeMap, BTreeSet};

/// What came of an older text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// The document.
    pub document: String,
    /// What is not in it, or not as it was, in order of line.
    pub notes: Vec<Note>,
}

/// Something that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Note {
    /// The line of the older text, from 1.
    pub line: u32,
    /// How much of it is left.
    pub kind: NoteKind,
    /// What it was and what became of it.
    pub message: String,
}

/// How much is left of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NoteKind {
    /// Nothing that is checked: at most its words.
    Lost,
    /// It means the same, or what the older text most likely meant, in another form.
    Changed,
}

/// Why nothing could be converted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unconvertible {
    /// It is longer than this many bytes.
    TooLong(usize),
    /// There is no `ir name { ... }` in it.
    NoBlock,
}

/// Converts a text.
pub fn convert(text: &str) -> Result<Converted, Unconvertible> {
    if text.len() > read::LONGEST {
        return Err(Unconvertible::TooLong(read::LONGEST));
    }
    let (blocks, unread) = read::read(text);
    if blocks.is_empty() {
        return Err(Unconvertible::NoBlock);
    }
    // Definitions of the prelude keep their names: a condition that uses them means them.
    let known = prelude().names.keys().chain(prelude().ctors.keys()).map(|name| name.to_string());
    let primitive = ["Int", "Real", "Float", "Bool", "Str", "Unit", "Type"].map(str::to_owned);
    let mut conversion = Conversion { taken: known.chain(primitive).collect(), ..Conversion::default() };
    for unread in unread {
        conversion.note(unread.line, NoteKind::Lost, unread.message);
    }
    for block in &blocks {
        conversion.block(block);
    }
    Ok(conversion.finish(&blocks))
}

#[derive(Default)]
struct Conversion {
    notes: Vec<Note>,
    /// Every name that is taken, of declarations and holes.
    taken: BTreeSet<String>,
    /// Holes by name: their declaration.
    holes: BTreeMap<String, String>,
    /// Declarations in order.
    parts: Vec<String>,
}

impl Conversion {
    fn note(&mut self, line: u32, kind: NoteKind, message: impl AsRef<str>) {
        self.notes.push(Note { line, kind, message: one_line(message.as_ref()) });
    }

    /// A name nobody has yet.
    fn fresh(&mut self, name: String) -> String {
        let mut free = name.clone();
        for number in 2.. {
            if self.taken.insert(free.clone()) {
                break;
            }
            free = format!("{name}_{number}");
        }
        free
    }

    fn block(&mut self, old: &Old) {
        let title = old.intent.as_ref().map(|item| one_line(&item.text)).unwrap_or_default();
        let title = if title.is_empty() { one_line(&old.name) } else { title };
        let mut holes: Vec<String> = Vec::new();
        let mut goals: Vec<(String, String)> = Vec::new();
        let of_intent = old.intent.iter().flat_map(|item| &item.holes);
        let of_signature = old.signature.iter().flat_map(|signature| &signature.holes);
        let items = || old.effects.iter().chain(&old.assertions);
        for hole in of_intent.chain(of_signature).chain(items().flat_map(|item| &item.holes)) {
            holes.push(self.hole(hole));
        }
        let function = old.signature.as_ref().map(|signature| self.signature(signature));
        let effects = self.effects(&old.effects, &mut goals);
        let mut clauses = Vec::new();
        for (number, item) in old.assertions.iter().enumerate() {
            let label = format!("a{}", number + 1);
            let clause = match &function {
                Some(function) => self.assertion(item, &label, function),
                None => Err(String::new()),
            };
            match clause {
                Ok(clause) => clauses.push(clause),
                Err(why) => {
                    let text = &item.text;
                    let lost = format!(
                        "the condition `{text}` is no condition here{why}; its words are the goal `{label}`"
                    );
                    self.note(item.line, NoteKind::Lost, lost);
                    goals.push((label, item.text.clone()));
                }
            }
        }
        self.parts.push(intent(&title, function.as_ref(), &goals));
        let Some(function) = function else {
            self.note(
                1,
                NoteKind::Lost,
                format!("`{}` has no signature: there is nothing to define", old.name),
            );
            return;
        };
        self.parts.push(function.spec(&clauses, effects.as_deref()));
        self.parts.push(function.def(&holes, &mut self.taken));
    }

    /// Declares a hole and gives its name here.
    fn hole(&mut self, old: &OldHole) -> String {
        let words = if old.text.is_empty() { old.name.clone() } else { old.text.clone() };
        let kind = match (spell::ty(&old.ty), old.kind.as_str(), old.ty.to_lowercase().as_str()) {
            (_, _, "type") => "type".to_owned(),
            (_, _, "function" | "callable") => "function".to_owned(),
            (_, _, "predicate" | "spec" | "assertion") => "spec".to_owned(),
            (Type::Known(ty), _, _) => format!("term {ty}"),
            (_, "signature", _) => "type".to_owned(),
            (_, "implementation", _) => "function".to_owned(),
            (_, "intent" | "assertion", _) => "spec".to_owned(),
            _ => "term".to_owned(),
        };
        let name =
            if kind == "type" { spell::capital(&old.name, "Thing") } else { spell::small(&old.name, "open") };
        let name = self.fresh(name);
        if name != old.name {
            self.note(old.line, NoteKind::Changed, format!("the hole `{}` is called `?{name}`", old.name));
        }
        let said = [("kind", old.kind.as_str()), ("type", old.ty.as_str())];
        let missing: Vec<String> = said
            .into_iter()
            .filter(|(what, word)| !(word.is_empty() || *what == "type" && kind.starts_with("term ")))
            .map(|(what, word)| format!("{what} `{word}`"))
            .collect();
        if !missing.is_empty() {
            self.note(
                old.line,
                NoteKind::Changed,
                format!(
                    "`?{name}` is a hole for a {}; it was of {}",
                    kind.split(' ').next().unwrap_or("term"),
                    missing.join(" and ")
                ),
            );
        }
        // A term nobody uses yet needs a type of its own.
        let kind = if kind == "term" { "function".to_owned() } else { kind };
        self.holes.insert(name.clone(), format!("hole ?{name}: {kind}\n  hint {}", text_literal(&words)));
        name
    }

    /// The type here; one that does not exist becomes a hole.
    fn ty(&mut self, line: u32, written: &str) -> String {
        match spell::ty(written) {
            Type::Known(ty) => ty,
            Type::Unknown(name) => {
                let is_type = |hole: &String| hole.starts_with(&format!("hole ?{name}: type"));
                if let Some(other) = self.holes.get(&name)
                    && !is_type(other)
                {
                    return self.ty(line, &format!("{name}Type"));
                }
                if !self.holes.contains_key(&name) {
                    self.taken.insert(name.clone());
                    let said = if written.is_empty() {
                        "no type is said".to_owned()
                    } else {
                        format!("the older text says {written}")
                    };
                    self.note(
                        line,
                        NoteKind::Changed,
                        format!("the type `{written}` is open here: `?{name}`"),
                    );
                    self.holes.insert(
                        name.clone(),
                        format!(
                            "hole ?{name}: type\n  hint {}",
                            text_literal(&format!("What is {name}? ({said})"))
                        ),
                    );
                }
                format!("?{name}")
            }
        }
    }

    fn signature(&mut self, old: &Signature) -> Function {
        let name = self.fresh(spell::small(&old.name, "task"));
        if name != old.name {
            self.note(old.line, NoteKind::Changed, format!("`{}` is called `{name}`", old.name));
        }
        let spec = self.fresh(spell::capital(&old.name, "Task"));
        let mut params: Vec<(String, String)> = Vec::new();
        for (old_name, ty) in &old.params {
            let mut name = spell::small(old_name, "input");
            while name == "result" || params.iter().any(|(other, _)| *other == name) {
                name.push('_');
            }
            if name != *old_name {
                self.note(
                    old.line,
                    NoteKind::Changed,
                    format!("the parameter `{old_name}` is called `{name}`"),
                );
            }
            params.push((name, self.ty(old.line, ty)));
        }
        let result = match &old.returns {
            Some(returns) => self.ty(old.line, returns),
            None => {
                let message = format!("no type of a result is said: `{name}` results in `Unit`");
                self.note(old.line, NoteKind::Changed, message);
                "Unit".to_owned()
            }
        };
        Function { name, spec, params, result }
    }

    /// Effects that are names; the words of all others become goals, and then nothing is declared.
    fn effects(&mut self, old: &[Item], goals: &mut Vec<(String, String)>) -> Option<Vec<String>> {
        let mut names = Vec::new();
        let mut all = true;
        for (number, item) in old.iter().enumerate() {
            let parts: Vec<&str> = item.text.split('.').collect();
            let small = |part: &&str| {
                crate::syntax::is_name(part) && part.starts_with(|c: char| c.is_ascii_lowercase())
            };
            if !item.text.is_empty() && parts.iter().all(small) {
                names.push(item.text.clone());
            } else {
                all = false;
                let label = format!("effect_{}", number + 1);
                self.note(
                    item.line,
                    NoteKind::Lost,
                    format!("the effect `{}` is no name of one; its words are the goal `{label}`", item.text),
                );
                goals.push((label, item.text.clone()));
            }
        }
        // To declare some of several effects would deny the others.
        (all && !names.is_empty()).then_some(names)
    }

    /// A condition as a clause, when it makes sense here; else why not, as far as that can be said.
    fn assertion(&mut self, item: &Item, label: &str, function: &Function) -> Result<String, String> {
        let spelled = spell::condition(&item.text).map_err(|why| format!(": {why}"))?;
        if spelled.is_empty() || !parse_term(&spelled).1.is_empty() {
            return Err(String::new());
        }
        let clause = ["requires", "ensures"].into_iter().find_map(|keyword| {
            let clause = format!("{keyword} {label}: {spelled}");
            let holes: Vec<&str> = self.holes.values().map(String::as_str).collect();
            let spec = function.spec(std::slice::from_ref(&clause), None);
            let trial = format!("```spec-ir\n{}\n{spec}\n```\n", holes.join("\n"));
            let sound = check(&trial).diagnostics.iter().all(|found| found.severity != Severity::Error);
            if sound && keyword == "requires" {
                self.note(
                    item.line,
                    NoteKind::Changed,
                    format!(
                        "the condition `{}` speaks of the inputs only and is read as a precondition",
                        item.text
                    ),
                );
            }
            sound.then_some(clause)
        });
        clause.ok_or_else(String::new)
    }

    fn finish(mut self, blocks: &[Old]) -> Converted {
        let title = blocks.iter().filter_map(|old| old.intent.as_ref()).map(|item| item.text.as_str()).next();
        let title = title.filter(|title| !title.trim().is_empty()).unwrap_or("From the older IR");
        self.notes.sort();
        self.notes.dedup();
        let mut document = format!(
            "# {}\n\nConverted from the older textual IR.\n\n```spec-ir\n",
            escaped(&heading(title, 80))
        );
        let holes: Vec<String> = self.holes.into_values().collect();
        document.push_str(&[holes.join("\n\n"), self.parts.join("\n\n")].join("\n\n"));
        document.push_str("\n```\n");
        if !self.notes.is_empty() {
            document.push_str("\n## What is not as it was\n\n");
            for note in &self.notes {
                let what = match note.kind {
                    NoteKind::Lost => "not carried over",
                    NoteKind::Changed => "changed",
                };
                document.push_str(&format!("* line {}, {what}: {}\n", note.line, escaped(&note.message)));
            }
        }
        Converted { document: format_document(&document).text, notes: self.notes }
    }
}

/// A signature in the spelling of this language.
struct Function {
    name: String,
    spec: String,
    params: Vec<(String, String)>,
    result: String,
}

impl Function {
    fn params(&self) -> Vec<String> {
        self.params.iter().map(|(name, ty)| format!("{name}: {ty}")).collect()
    }

    fn spec(&self, clauses: &[String], effects: Option<&[String]>) -> String {
        let mut params = self.params();
        params.push(format!("result: {}", self.result));
        let effects = effects.map(|names| format!("effects {{ {} }}", names.join(", ")));
        let lines: Vec<String> = clauses.iter().cloned().chain(effects).collect();
        format!("spec {}({}) {{\n{}\n}}", self.spec, params.join(", "), lines.join("\n"))
    }

    /// The definition: open, and waiting for the holes the older text has.
    fn def(&self, holes: &[String], taken: &mut BTreeSet<String>) -> String {
        let head = format!(
            "def {}({}): {} implements {}",
            self.name,
            self.params().join(", "),
            self.result,
            self.spec
        );
        if holes.is_empty() {
            return head;
        }
        let mut body = format!("{}_body", self.name);
        while !taken.insert(body.clone()) {
            body.push('_');
        }
        let links: Vec<String> = holes.iter().map(|hole| format!("uses ?{hole}")).collect();
        format!("{head} = ?{body}\n\nhole ?{body}: term {}\n  links {{ {} }}", self.result, links.join(", "))
    }
}

fn intent(title: &str, function: Option<&Function>, goals: &[(String, String)]) -> String {
    let mut sections = Vec::new();
    if let Some(function) = function {
        if !function.params.is_empty() {
            sections.push(format!("inputs {{ {} }}", function.params().join(", ")));
        }
        sections.push(format!("outputs {{ result: {} }}", function.result));
    }
    if !goals.is_empty() {
        let goals: Vec<String> =
            goals.iter().map(|(label, words)| format!("{label}: {}", text_literal(words))).collect();
        sections.push(format!("goals {{\n{}\n}}", goals.join("\n")));
    }
    format!("intent {} {{\n{}\n}}", text_literal(title), sections.join("\n"))
}
