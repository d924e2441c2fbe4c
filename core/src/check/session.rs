//! Checking again after an edit: only what the edit can have changed is looked at anew.
//!
//! Every declaration has a key: the hash of its own text, and of the *signatures* its words can mean, each with all
//! that its own words can mean, and so on. What a declaration can read is at most what it names, so two declarations
//! with the same key check alike, wherever they stand. One that was in order is taken over as it is, at its new place
//! and with the new numbers of the declarations it mentions; everything else is checked as if for the first time. An
//! edit inside a body changes no signature, so that body alone is checked.
//!
//! Promises: the outcome is that of [`super::check`], to the last span (`core/tests/increment.rs`). Must not: keep a
//! declaration in which anything was found, that holds or reads a hole, or whose signature leaves something to be
//! worked out: what becomes of those depends on more than their text.

use super::Checked;
use super::elaborator::Elaborator;
use super::link::{Alone, Documents, Linked};
use super::order::{components, name};

use crate::ir::relocate::Relocation;
use crate::ir::{DeclId, DeclKind, Declaration, Example, Name, Program, TermKind};
use crate::syntax::Memory;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;
use crate::syntax::tree::{self, Document};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What was learnt of a document and those it leans on, to check the next state of it faster.
///
/// ```
/// let mut session = lift_core::check::Session::new();
/// let before = session.check("```spec-ir\ndef f(): Int = 1\ndef g(): Int = f()\n```\n");
/// let after = session.check("```spec-ir\ndef f(): Int = 2\ndef g(): Int = f()\n```\n");
/// // `g` was taken over: it is the same value, not an equal one.
/// let g = |checked: &lift_core::check::Checked| checked.program.decls.last().cloned().unwrap();
/// assert!(std::sync::Arc::ptr_eq(&g(&before), &g(&after)));
/// ```
#[derive(Debug, Default)]
pub struct Session {
    kept: HashMap<Key, Kept>,
    /// The declarations of the last state, by number, those of the prelude left out: name and text.
    declared: Vec<(Name, Span)>,
    /// The number of the first of them.
    first: usize,
    /// The names that its imports gave without saying what they are.
    vague: Option<Key>,
    /// Its tokens.
    memory: Memory,
    /// Its path, and its imports as written.
    imports: Vec<String>,
    /// What it was checked on.
    linked: Arc<Linked>,
    /// What was learnt of the documents it leans on, by path.
    beside: HashMap<String, Session>,
    /// What was checked and not taken over.
    fresh: Vec<Name>,
}

/// What decides how a declaration checks, or what it means to those that name it.
pub(super) type Key = [u8; 32];

/// From one state of a document to the next.
pub(super) struct Increment<'s> {
    /// What is known of the document.
    pub session: &'s mut Session,
    /// What it was checked on.
    pub before: &'s Linked,
    /// What it is checked on now.
    pub now: &'s Linked,
}

/// A declaration in order.
#[derive(Debug)]
struct Kept {
    span: Span,
    declaration: Option<Arc<Declaration>>,
    examples: Vec<Example>,
}

/// What is taken over, by place in the document.
#[derive(Debug, Default)]
pub(super) struct Reuse {
    keys: Vec<Option<Key>>,
    parts: Vec<Option<Part>>,
    /// Places whose signatures mention each other.
    circles: Vec<Vec<usize>>,
    /// What decides what the declaration at a place means to others.
    signatures: Vec<Option<Key>>,
    vague: Option<Key>,
}

/// One declaration that is taken over, where it stands now.
#[derive(Debug)]
pub(super) struct Part {
    pub declaration: Option<Arc<Declaration>>,
    pub examples: Vec<Example>,
}

impl Session {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Session::default()
    }

    /// Parses and checks a document that stands alone: [`super::check`], faster when it resembles the one before.
    pub fn check(&mut self, text: &str) -> Checked {
        self.check_with("", text, &Alone)
    }

    /// [`super::check_with`], faster when the document and those it leans on resemble the ones before.
    pub fn check_with(&mut self, path: &str, text: &str, documents: &dyn Documents) -> Checked {
        let tree = self.parse(text);
        let kept = self.turn_to(imports_of(path, text, &tree));
        let before = Arc::clone(&self.linked);
        if !kept || !before.is_current(documents) {
            self.linked = Arc::new(Linked::again(path, &tree, documents, &mut self.beside, &before));
        }
        let linked = Arc::clone(&self.linked);
        super::finished(path, text, tree, linked, Some((self, &before)))
    }

    /// Parses the next state of the document.
    pub(super) fn parse(&mut self, text: &str) -> Document {
        self.fresh.clear();
        crate::syntax::parse_again(text, &mut self.memory)
    }

    /// The document has these imports now. With others, what is known was learnt on other ground and is forgotten;
    /// whether it is kept.
    pub(super) fn turn_to(&mut self, imports: Vec<String>) -> bool {
        let kept = self.imports == imports;
        if !kept {
            self.kept.clear();
            self.declared.clear();
            self.imports = imports;
        }
        kept
    }

    /// What had to be checked for the last state, and could not be taken over: the names of declarations, those of
    /// documents it leans on under the path of each, as `ages.spec.md Age`.
    pub fn checked_anew(&self) -> Vec<String> {
        let mut names: Vec<String> = self.fresh.iter().map(Name::to_string).collect();
        for (path, session) in &self.beside {
            names.extend(session.fresh.iter().map(|name| format!("{path} {name}")));
        }
        names.sort();
        names
    }

    /// What of the last state can be taken over into this one. Its names have been announced under `ids`.
    pub(super) fn reuse(
        &self,
        text: &str,
        document: &Document,
        elaborator: &Elaborator,
        ids: &[Option<DeclId>],
        before: &Linked,
        now: &Linked,
    ) -> Reuse {
        let Keys { own: keys, circles, signatures } = keys(text, document, elaborator, ids, now);
        let moved = Moved::new(self, document, elaborator, ids, before, now);
        let vague = vague(elaborator);
        let part = |key: &Option<Key>, decl: &tree::Decl| {
            let kept = self.kept.get(key.as_ref()?).filter(|_| vague == self.vague)?;
            let to = Here { moved: &moved, declared: &self.declared, from: kept.span, to: decl.span.start };
            let spec = match kept.declaration.as_deref().map(|declaration| &declaration.kind) {
                Some(DeclKind::Def(def)) => def.implements,
                _ => None,
            };
            if moved.ground_is_kept && to.stays(spec) {
                let (declaration, examples) = (kept.declaration.clone(), kept.examples.clone());
                return Some(Part { declaration, examples });
            }
            let example = |example: &Example| Example {
                term: example.term.relocated(&to),
                span: to.span(example.span),
            };
            Some(Part {
                declaration: kept
                    .declaration
                    .as_ref()
                    .map(|declaration| Arc::new(declaration.relocated(&to))),
                examples: kept.examples.iter().map(example).collect(),
            })
        };
        let parts = keys.iter().zip(&document.decls).map(|(key, decl)| part(key, decl)).collect();
        Reuse { keys, parts, circles, signatures, vague }
    }

    /// Keeps what is in order for the next state.
    pub(super) fn remember(
        &mut self,
        document: &Document,
        ids: &[Option<DeclId>],
        reuse: Reuse,
        program: &Program,
        diagnostics: &[Diagnostic],
    ) {
        self.first = program.first_own;
        self.vague = reuse.vague;
        let found = |span: Span| {
            diagnostics.iter().any(|found| found.span.start <= span.end && span.start <= found.span.end)
        };
        // What is found in a circle may lie with any of it, whichever it is said of.
        let at = |place: &usize| document.decls.get(*place).is_some_and(|decl| found(decl.span));
        let circles = reuse.circles.into_iter().filter(|circle| circle.iter().any(at));
        let troubled: HashSet<usize> = circles.flatten().collect();
        self.kept.clear();
        self.declared.clear();
        for (place, ((decl, id), (key, part))) in
            document.decls.iter().zip(ids).zip(reuse.keys.into_iter().zip(reuse.parts)).enumerate()
        {
            let declaration = id.and_then(|id| program.decls.get(id.0 as usize)).cloned();
            if id.is_some() {
                self.declared.push((name(decl).into(), decl.span));
            }
            if part.is_none() && !name(decl).is_empty() {
                self.fresh.push(name(decl).into());
            }
            let Some(key) = key.filter(|_| !troubled.contains(&place)) else { continue };
            if part.is_none() {
                // The clauses of a spec are also those of the definition that implements it.
                let spec = match declaration.as_deref().map(|declaration| &declaration.kind) {
                    Some(DeclKind::Def(def)) => def.implements.and_then(|id| program.decl(id)),
                    _ => None,
                };
                let broken = declaration.as_ref().is_some_and(|declaration| declaration.span != decl.span);
                if broken || found(decl.span) || spec.is_some_and(|spec| found(spec.span)) {
                    continue;
                }
            }
            let inside = |example: &&Example| {
                decl.span.start <= example.span.start && example.span.end <= decl.span.end
            };
            let examples = match decl.kind {
                tree::DeclKind::Examples(_) => program.examples.iter().filter(inside).cloned().collect(),
                _ => Vec::new(),
            };
            self.kept.insert(key, Kept { span: decl.span, declaration, examples });
        }
    }
}

impl Reuse {
    /// What is taken over at this place.
    pub(super) fn part(&self, place: usize) -> Option<&Part> {
        self.parts.get(place)?.as_ref()
    }

    /// What decides what each of the document's declarations means to those that name it, by number. `whole` stands for
    /// what depends on more than its text and what that names.
    pub(super) fn signatures(&self, ids: &[Option<DeclId>], program: &Program, whole: Key) -> Vec<Key> {
        let own = program.decls.get(program.first_own..).unwrap_or_default();
        let mut keys = vec![whole; own.len()];
        for (id, signature) in ids.iter().zip(&self.signatures) {
            let place = id.and_then(|id| (id.0 as usize).checked_sub(program.first_own));
            let (Some(place), Some(signature)) = (place, signature) else { continue };
            let in_order = own.get(place).is_some_and(|decl| decl.span != Span::default());
            if let Some(slot) = keys.get_mut(place).filter(|_| in_order) {
                *slot = *signature;
            }
        }
        keys
    }

    /// Whether the declaration at this place is to be checked.
    pub(super) fn is_fresh(&self, place: usize) -> bool {
        self.part(place).is_none()
    }
}

/// The path of a document and its imports as written, each with its place among the declarations.
pub(super) fn imports_of(path: &str, text: &str, document: &Document) -> Vec<String> {
    let imports = document.decls.iter().enumerate();
    let imports = imports.filter(|(_, decl)| matches!(decl.kind, tree::DeclKind::Import(_)));
    let imports = imports.map(|(place, decl)| format!("{place} {}", decl.span.slice(text)));
    std::iter::once(path.to_owned()).chain(imports).collect()
}

/// The names of which imports say only that they are there: those of documents, those asked for in vain, and holes.
fn vague(elaborator: &Elaborator) -> Option<Key> {
    let mut names: Vec<&Name> = elaborator.documents.iter().chain(&elaborator.missing).collect();
    names.extend(elaborator.open_documents.keys());
    names.sort();
    combine("", names.into_iter().map(|name| combine(name, [])))
}

/// From the last state to this one: where declarations stood and stand, and their numbers.
struct Moved {
    /// In the order of places: the text of a declaration, and how far it has moved.
    texts: Vec<(Span, i64)>,
    /// New numbers by old ones, behind those of the prelude: of imported declarations, then of the document's own.
    numbers: Vec<DeclId>,
    prelude: usize,
    /// The old number of the first of its own.
    first: usize,
    /// Whether every number is what it was, and every imported text where it was.
    ground_is_kept: bool,
}

impl Moved {
    fn new(
        session: &Session,
        document: &Document,
        elaborator: &Elaborator,
        ids: &[Option<DeclId>],
        before: &Linked,
        now: &Linked,
    ) -> Self {
        let (first, prelude) = (elaborator.first_own, elaborator.prelude_len);
        let places = ids.iter().zip(&document.decls);
        let starts: HashMap<DeclId, u32> =
            places.filter_map(|(id, decl)| Some(((*id)?, decl.span.start))).collect();
        let mut numbers = Vec::new();
        let mut texts = Vec::new();
        let mut ground_is_kept = true;
        // A document is laid on those before it: of the last state, it knew so many.
        let imported = before.declared().take(session.first.saturating_sub(prelude));
        for (old, (path, declaration)) in (prelude..).zip(imported) {
            let id = now.exported(path, &declaration.name).unwrap_or(DeclId(old as u32));
            let start = now.declaration(id, prelude).map_or(declaration.span.start, |found| found.span.start);
            let distance = i64::from(start) - i64::from(declaration.span.start);
            ground_is_kept &= id.0 as usize == old && distance == 0;
            texts.push((declaration.span, distance));
            numbers.push(id);
        }
        for (old, (name, span)) in session.declared.iter().enumerate() {
            let now = elaborator.names.get(name).copied().filter(|id| id.0 as usize >= first);
            let now = now.unwrap_or(DeclId((first + old) as u32));
            let start = starts.get(&now).copied().unwrap_or(span.start);
            ground_is_kept &= now.0 as usize == session.first + old;
            texts.push((*span, i64::from(start) - i64::from(span.start)));
            numbers.push(now);
        }
        texts.retain(|(span, _)| *span != Span::default());
        texts.sort_by_key(|(span, _)| *span);
        Moved { texts, numbers, prelude, first: session.first, ground_is_kept }
    }

    /// How far the text around `span` has moved.
    fn distance(&self, span: Span) -> i64 {
        let after = self.texts.partition_point(|(text, _)| text.start <= span.start);
        let around = after.checked_sub(1).and_then(|place| self.texts.get(place));
        around.filter(|(text, _)| span.end <= text.end).map_or(0, |(_, distance)| *distance)
    }
}

/// The move of one declaration.
struct Here<'m> {
    moved: &'m Moved,
    /// The declarations of the last state.
    declared: &'m [(Name, Span)],
    from: Span,
    to: u32,
}

impl Here<'_> {
    /// Whether every place in it stays what it is.
    fn stays(&self, spec: Option<DeclId>) -> bool {
        let spec = spec.and_then(|id| self.declared.get((id.0 as usize).checked_sub(self.moved.first)?));
        self.from.start == self.to && spec.is_none_or(|(_, span)| self.moved.distance(*span) == 0)
    }
}

impl Relocation for Here<'_> {
    fn span(&self, old: Span) -> Span {
        if old == Span::default() {
            return old;
        }
        let own = self.from.start <= old.start && old.end <= self.from.end;
        let distance = match own {
            true => i64::from(self.to) - i64::from(self.from.start),
            false => self.moved.distance(old),
        };
        let moved = |offset: u32| u32::try_from(i64::from(offset) + distance).unwrap_or(offset);
        Span::new(moved(old.start), moved(old.end))
    }

    fn decl(&self, old: DeclId) -> DeclId {
        let place = (old.0 as usize).checked_sub(self.moved.prelude);
        place.and_then(|place| self.moved.numbers.get(place)).copied().unwrap_or(old)
    }
}

/// What is worked out of the texts of a document.
struct Keys {
    /// The key of every declaration that can be kept, by place.
    own: Vec<Option<Key>>,
    /// Places whose signatures mention each other.
    circles: Vec<Vec<usize>>,
    /// The hash of every signature and all that it can mean, by place.
    signatures: Vec<Option<Key>>,
}

/// What the words of a text can mean, in order and without repetition.
#[derive(Default)]
struct Meant {
    /// Declarations of the document, by place.
    own: Vec<usize>,
    /// What decides what the others mean.
    imported: Vec<Option<Key>>,
}

/// Works out the keys of a document that stands on `linked`.
fn keys(
    text: &str,
    document: &Document,
    elaborator: &Elaborator,
    ids: &[Option<DeclId>],
    linked: &Linked,
) -> Keys {
    // What is named of a document that is open is a hole, though no question mark says so. And of a type that an
    // imported document leaves open it is known what every use asks it to be, which is read off by checking the uses.
    let imported = elaborator.holes.iter().take(elaborator.first_own_hole);
    let mut asked = imported.filter(|hole| matches!(&*hole.ty.kind, TermKind::Universe));
    if !elaborator.open_documents.is_empty() || asked.next().is_some() {
        let none = vec![None; document.decls.len()];
        return Keys { own: none.clone(), circles: Vec::new(), signatures: none };
    }
    let first = elaborator.first_own;
    let mut places: HashMap<DeclId, usize> = HashMap::new();
    for (place, id) in ids.iter().enumerate() {
        if let Some(id) = id {
            places.insert(*id, place);
        }
    }
    let meant = |words: &str| -> Meant {
        let mut meant = Meant::default();
        let mut known: HashSet<DeclId> = HashSet::new();
        let mut word = |word: &str| {
            let id = elaborator.names.get(word).copied();
            let of = elaborator.ctors.get(word).map(|(id, _)| *id);
            for id in id.into_iter().chain(of) {
                let number = id.0 as usize;
                if number < elaborator.prelude_len || !known.insert(id) {
                    continue;
                }
                match number < first {
                    true => meant.imported.push(linked.key(number - elaborator.prelude_len).copied()),
                    false => meant.own.extend(places.get(&id)),
                }
            }
        };
        for dotted in words.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.') {
            let mut before: Option<&str> = None;
            for part in dotted.split('.').filter(|part| !part.starts_with(|c: char| c.is_ascii_digit())) {
                word(part);
                // `ages.Age`
                if let Some(before) = before.filter(|before| elaborator.documents.contains(*before)) {
                    word(&format!("{before}.{part}"));
                }
                before = Some(part);
            }
        }
        meant
    };
    let signatures: Vec<&str> = document.decls.iter().map(|decl| signature(text, decl)).collect();
    let meanings: Vec<Meant> = signatures.iter().map(|signature| meant(signature)).collect();
    let reads: Vec<Vec<usize>> = meanings.iter().map(|meant| meant.own.clone()).collect();
    let mut hashes: Vec<Option<Key>> = vec![None; document.decls.len()];
    let mut circles = Vec::new();
    for mut members in components(&reads) {
        members.sort_unstable();
        let whole = hash_group(&members, &signatures, &meanings, &hashes);
        for member in &members {
            let own =
                whole.map(|whole| combine(signatures.get(*member).copied().unwrap_or(""), [Some(whole)]));
            if let Some(slot) = hashes.get_mut(*member) {
                *slot = own.flatten();
            }
        }
        if members.len() > 1 {
            circles.push(members);
        }
    }
    let key = |(place, decl): (usize, &tree::Decl)| {
        let own = decl.span.slice(text);
        let whole = match &decl.kind {
            tree::DeclKind::Hole(_) | tree::DeclKind::Import(_) | tree::DeclKind::Error => false,
            tree::DeclKind::Def(def) => def.body.is_some(),
            _ => true,
        };
        let declared = ids.get(place).copied().flatten().is_some();
        if !whole || own.contains('?') || !(declared || matches!(decl.kind, tree::DeclKind::Examples(_))) {
            return None;
        }
        let prose = decl.prose.map_or("", |prose| prose.slice(text));
        let signature = hashes.get(place).copied().flatten()?;
        let meant = meant(own);
        let read = meant.own.iter().map(|place| hashes.get(*place).copied().flatten());
        combine(own, [combine(prose, []), Some(signature)].into_iter().chain(read).chain(meant.imported))
    };
    let own = document.decls.iter().enumerate().map(key).collect();
    Keys { own, circles, signatures: hashes }
}

/// The text of a declaration that others depend on.
fn signature<'t>(text: &'t str, decl: &tree::Decl) -> &'t str {
    match &decl.kind {
        tree::DeclKind::Def(def) => match &def.result {
            Some(result) => Span::new(decl.span.start, result.span.end.min(decl.span.end)).slice(text),
            None => decl.span.slice(text),
        },
        tree::DeclKind::Examples(_) => "",
        _ => decl.span.slice(text),
    }
}

/// The hash of signatures that mention each other, and of all they mention; `None` when one of them leaves something
/// open: a hole, or `_`.
fn hash_group(
    members: &[usize],
    signatures: &[&str],
    meanings: &[Meant],
    hashes: &[Option<Key>],
) -> Option<Key> {
    let mut parts = Vec::new();
    for member in members {
        let signature = signatures.get(*member)?;
        let is_open = |word: &str| word == "_";
        if signature.contains('?')
            || signature.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(is_open)
        {
            return None;
        }
        let meant = meanings.get(*member)?;
        let outside = meant.own.iter().filter(|read| !members.contains(read));
        let read = outside.map(|read| hashes.get(*read).copied().flatten());
        parts.push(Some(combine(signature, read.chain(meant.imported.iter().copied()))?));
    }
    combine("", parts)
}

/// The hash of a text and of other hashes; `None` when one of these is.
pub(super) fn combine(text: &str, parts: impl IntoIterator<Item = Option<Key>>) -> Option<Key> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&(text.len() as u64).to_le_bytes());
    hasher.update(text.as_bytes());
    for part in parts {
        hasher.update(&part?);
    }
    Some(*hasher.finalize().as_bytes())
}
