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
use crate::ir::{DeclId, DeclKind, Declaration, Example, Name, Program};
use crate::syntax::Memory;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;
use crate::syntax::tree::{self, Document};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What was learnt of a document, to check the next state of it faster.
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
    /// Its tokens.
    memory: Memory,
    /// What it imported, as written, and what that was.
    linked: Option<(Vec<String>, Arc<Linked>)>,
}

/// What decides how a declaration checks.
type Key = [u8; 32];

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

    /// [`super::check_with`], faster when the document resembles the one before and those it imports are the same.
    pub fn check_with(&mut self, path: &str, text: &str, documents: &dyn Documents) -> Checked {
        let tree = crate::syntax::parse_again(text, &mut self.memory);
        let imports = imports(path, text, &tree);
        let linked = match &self.linked {
            Some((known, linked)) if *known == imports && linked.is_current(documents) => Arc::clone(linked),
            _ => {
                // What is known was learnt on other ground.
                self.kept.clear();
                self.declared.clear();
                Arc::new(Linked::of(path, &tree, documents))
            }
        };
        self.linked = Some((imports, Arc::clone(&linked)));
        super::finished(path, text, tree, linked, Some(self))
    }

    /// What of the last state can be taken over into this one. Its names have been announced under `ids`.
    pub(super) fn reuse(
        &self,
        text: &str,
        document: &Document,
        elaborator: &Elaborator,
        ids: &[Option<DeclId>],
    ) -> Reuse {
        let (keys, circles) = keys(text, document, elaborator, ids);
        let moved = Moved::new(self, document, elaborator, ids);
        let part = |key: &Option<Key>, decl: &tree::Decl| {
            let kept = self.kept.get(key.as_ref()?)?;
            let to = Here { moved: &moved, from: kept.span, to: decl.span.start };
            let spec = match kept.declaration.as_deref().map(|declaration| &declaration.kind) {
                Some(DeclKind::Def(def)) => def.implements,
                _ => None,
            };
            if moved.numbers_are_kept && to.stays(spec) {
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
        Reuse { keys, parts, circles }
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

    /// Whether the declaration at this place is to be checked.
    pub(super) fn is_fresh(&self, place: usize) -> bool {
        self.part(place).is_none()
    }
}

/// The path of a document and its imports as written, each with its place among the declarations.
fn imports(path: &str, text: &str, document: &Document) -> Vec<String> {
    let imports = document.decls.iter().enumerate();
    let imports = imports.filter(|(_, decl)| matches!(decl.kind, tree::DeclKind::Import(_)));
    let imports = imports.map(|(place, decl)| format!("{place} {}", decl.span.slice(text)));
    std::iter::once(path.to_owned()).chain(imports).collect()
}

/// From the last state to this one: where declarations stood and stand, and their numbers.
struct Moved {
    /// In the order of the document: the text of a declaration, and how far it has moved.
    texts: Vec<(Span, i64)>,
    /// New numbers by old ones, from `first` on.
    numbers: Vec<DeclId>,
    first: usize,
    numbers_are_kept: bool,
}

impl Moved {
    fn new(before: &Session, document: &Document, elaborator: &Elaborator, ids: &[Option<DeclId>]) -> Self {
        let first = elaborator.first_own;
        let places = ids.iter().zip(&document.decls);
        let starts: HashMap<DeclId, u32> =
            places.filter_map(|(id, decl)| Some(((*id)?, decl.span.start))).collect();
        let number = |(old, (name, _)): (usize, &(Name, Span))| {
            let now = elaborator.names.get(name).copied().filter(|id| id.0 as usize >= first);
            now.unwrap_or(DeclId((first + old) as u32))
        };
        let numbers: Vec<DeclId> = before.declared.iter().enumerate().map(number).collect();
        let texts = before.declared.iter().zip(&numbers).map(|((_, span), now)| {
            let start = starts.get(now).copied().unwrap_or(span.start);
            (*span, i64::from(start) - i64::from(span.start))
        });
        let numbers_are_kept = numbers.iter().enumerate().all(|(old, now)| now.0 as usize == first + old);
        Moved { texts: texts.collect(), numbers_are_kept, numbers, first }
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
    from: Span,
    to: u32,
}

impl Here<'_> {
    /// Whether every place in it stays what it is.
    fn stays(&self, spec: Option<DeclId>) -> bool {
        let spec = spec.and_then(|id| self.moved.texts.get((id.0 as usize).checked_sub(self.moved.first)?));
        self.from.start == self.to && spec.is_none_or(|(_, distance)| *distance == 0)
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
        let place = (old.0 as usize).checked_sub(self.moved.first);
        place.and_then(|place| self.moved.numbers.get(place)).copied().unwrap_or(old)
    }
}

/// The key of every declaration that can be kept, and the places whose signatures mention each other.
fn keys(
    text: &str,
    document: &Document,
    elaborator: &Elaborator,
    ids: &[Option<DeclId>],
) -> (Vec<Option<Key>>, Vec<Vec<usize>>) {
    // What is named of a document that is open is a hole, though no question mark says so.
    if !elaborator.open_documents.is_empty() {
        return (vec![None; document.decls.len()], Vec::new());
    }
    let first = elaborator.first_own;
    let mut places: HashMap<DeclId, usize> = HashMap::new();
    for (place, id) in ids.iter().enumerate() {
        if let Some(id) = id {
            places.insert(*id, place);
        }
    }
    let place_of = |id: DeclId| if (id.0 as usize) < first { None } else { places.get(&id).copied() };
    // The declarations that the words of a text can mean, in order and without repetition.
    let meant = |words: &str| -> Vec<usize> {
        let mut meant = Vec::new();
        let mut take = |place: Option<usize>| {
            if let Some(place) = place.filter(|place| !meant.contains(place)) {
                meant.push(place);
            }
        };
        for word in words.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
            if word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
                take(elaborator.names.get(word).and_then(|id| place_of(*id)));
                take(elaborator.ctors.get(word).and_then(|(id, _)| place_of(*id)));
            }
        }
        meant
    };
    let signatures: Vec<&str> = document.decls.iter().map(|decl| signature(text, decl)).collect();
    let reads: Vec<Vec<usize>> = signatures.iter().map(|signature| meant(signature)).collect();
    let mut hashes: Vec<Option<Key>> = vec![None; document.decls.len()];
    let mut circles = Vec::new();
    for mut members in components(&reads) {
        members.sort_unstable();
        let whole = hash_group(&members, &signatures, &reads, &hashes);
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
        let read = meant(own).into_iter().map(|place| hashes.get(place).copied().flatten());
        combine(own, [combine(prose, []), Some(signature)].into_iter().chain(read))
    };
    (document.decls.iter().enumerate().map(key).collect(), circles)
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
    reads: &[Vec<usize>],
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
        let outside = reads.get(*member)?.iter().filter(|read| !members.contains(read));
        let read = outside.map(|read| hashes.get(*read).copied().flatten());
        parts.push(Some(combine(signature, read)?));
    }
    combine("", parts)
}

/// The hash of a text and of other hashes; `None` when one of these is.
fn combine(text: &str, parts: impl IntoIterator<Item = Option<Key>>) -> Option<Key> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&(text.len() as u64).to_le_bytes());
    hasher.update(text.as_bytes());
    for part in parts {
        hasher.update(&part?);
    }
    Some(*hasher.finalize().as_bytes())
}
