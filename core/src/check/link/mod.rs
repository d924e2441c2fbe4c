//! Documents that import documents: found, checked once each, and laid under the one that imports them.
//!
//! An imported document is checked by itself, on the prelude and on what it imports, so it means the same to everyone.
//! Its finished declarations then stand below those of the importing document in one [`Program`], under the names by
//! which that document may mention them: `Age` where it was chosen, `ages.Age` otherwise. Places of all documents share
//! one space: the document that is looked at begins at 0, every other where [`Source::start`] says.
//!
//! Promises: a document is read and checked once however often it is imported, and means the same whoever asks first;
//! circles end; number, depth and size are bounded, and so is what is said about imports. Must not: let a document see what it did not import, or pass on what it did.

mod documents;
mod find;
mod findings;
mod naming;

use super::order;
use super::session::{Increment, Key, Session, imports_of};
use crate::ir::relocate::Relocation;
use crate::ir::{DeclId, Declaration, HoleInfo, Name, Program};
use crate::syntax::LONGEST_DOCUMENT;
use crate::syntax::diagnostic::{Diagnostic, Severity};
use crate::syntax::span::{LineIndex, Span};
use crate::syntax::tree::{self, Document, ImportDecl, ImportFrom};
use find::{Found, Imports, Reach, Refusal, find};
use naming::Naming;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

pub use documents::{Alone, Documents, Unavailable, resolve};
pub(crate) use findings::EXPLANATIONS;
pub(super) use findings::clash_with_import;

/// A document that others were checked on.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its path from the folder of all documents.
    pub path: String,
    /// Its text.
    pub text: Arc<str>,
    /// Lines of the text.
    pub lines: LineIndex,
    /// Where its first byte is in the space of places.
    pub start: u32,
    /// What it declares, by name, broken declarations among them.
    exports: BTreeMap<Name, DeclId>,
    /// Where its declarations and holes stand among those of all imported documents.
    decls: std::ops::Range<usize>,
    holes: std::ops::Range<usize>,
    /// The first thing that is wrong with it.
    trouble: Option<(Span, String)>,
    /// When it takes part in a circle of imports: the documents of the circle.
    circle: Vec<String>,
}

/// The documents that a document leans on, each before those that import it.
#[derive(Debug, Default)]
pub struct Linked {
    sources: Vec<Source>,
    decls: Vec<Arc<Declaration>>,
    holes: Vec<HoleInfo>,
    /// Everything that was asked for, with the answer.
    asked: Vec<(String, Result<Arc<str>, Unavailable>)>,
    /// What became of the imports of the document itself.
    imports: Imports,
    /// The path of that document.
    path: String,
    /// What decides what each of `decls` means to those that name it, where a session asked for it.
    keys: Vec<Key>,
}

/// What a document is checked on.
#[derive(Debug, Default)]
pub(super) struct Ground {
    /// The prelude and the imported declarations, with the names that the document may use.
    pub program: Program,
    /// Where imported declarations are named in the document.
    pub named_at: HashMap<DeclId, Span>,
    /// The names of documents, and where they are given.
    pub documents: HashMap<Name, Span>,
    /// Names, of declarations and of documents, that an import asks for in vain: that is said where it stands.
    pub missing: HashSet<Name>,
    /// Names, of declarations and of documents, for which a hole stands: that of the document.
    pub open: HashMap<Name, Name>,
    /// The holes that stand for documents, and where.
    pub open_at: Vec<(Name, Span)>,
    /// What is wrong with the imports.
    pub findings: Vec<Diagnostic>,
}

impl Documents for Linked {
    /// What was found when the documents were linked.
    fn text(&self, path: &str) -> Result<Arc<str>, Unavailable> {
        let asked = self.asked.iter().find(|(asked, _)| asked == path);
        asked.map_or(Err(Unavailable::Missing), |(_, found)| found.clone())
    }
}

impl Linked {
    /// The documents that are leaned on, each before those that import it.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The imported document in which a place lies, and the place in it; `None` for the document itself.
    pub fn locate(&self, span: Span) -> Option<(&Source, Span)> {
        let after = self.sources.partition_point(|source| source.start <= span.start);
        let source = self.sources.get(after.checked_sub(1)?)?;
        Some((source, Span::new(span.start - source.start, span.end.saturating_sub(source.start))))
    }

    /// Finds what the document at `path` imports.
    pub(super) fn of(path: &str, document: &Document, documents: &dyn Documents) -> Linked {
        let parse = &mut |_: &str, text: &str| crate::syntax::parse(text);
        Linked::laid(path, find(path, document, documents, parse), None)
    }

    /// [`Linked::of`], checking again only what changed since the state `before` and what reads it.
    pub(super) fn again(
        path: &str,
        document: &Document,
        documents: &dyn Documents,
        sessions: &mut HashMap<String, Session>,
        before: &Linked,
    ) -> Linked {
        let parse = &mut |path: &str, text: &str| sessions.entry(path.to_owned()).or_default().parse(text);
        let reach = find(path, document, documents, parse);
        sessions.retain(|path, _| reach.found.iter().any(|found| found.path == *path));
        Linked::laid(path, reach, Some((sessions, before)))
    }

    fn laid(path: &str, reach: Reach, known: Option<(&mut HashMap<String, Session>, &Linked)>) -> Linked {
        let mut layer = Layer { linked: Linked { path: path.to_owned(), ..Linked::default() }, known };
        reach.found.into_iter().for_each(|found| layer.lay(found));
        Linked { imports: reach.imports, asked: reach.asked, ..layer.linked }
    }

    /// What decides what an imported declaration means, by its place behind the prelude.
    pub(super) fn key(&self, place: usize) -> Option<&Key> {
        self.keys.get(place)
    }

    /// The number of what a document declares under a name.
    pub(super) fn exported(&self, path: &str, name: &str) -> Option<DeclId> {
        let source = self.sources.iter().find(|source| source.path == path)?;
        source.exports.get(name).copied()
    }

    /// The imported declaration of that number; so many are the prelude's.
    pub(super) fn declaration(&self, id: DeclId, prelude: usize) -> Option<&Declaration> {
        self.decls.get((id.0 as usize).checked_sub(prelude)?).map(|decl| &**decl)
    }

    /// What decides what any of the imported declarations means.
    pub(super) fn keys(&self) -> impl Iterator<Item = Option<Key>> {
        self.keys.iter().copied().map(Some)
    }

    /// The imported declarations in order: the document of each, its name there, and its text.
    pub(super) fn declared(&self) -> impl Iterator<Item = (&str, &Declaration)> {
        self.sources.iter().flat_map(|source| {
            let decls = self.decls.get(source.decls.clone()).unwrap_or_default();
            decls.iter().map(|decl| (source.path.as_str(), &**decl))
        })
    }

    /// Whether the documents say what they said when they were linked.
    pub(super) fn is_current(&self, documents: &dyn Documents) -> bool {
        self.asked.iter().all(|(path, found)| documents.text(path) == *found)
    }

    /// What the document is checked on.
    pub(super) fn ground(&self, document: &Document) -> Ground {
        self.ground_for(document, &self.path, &self.imports)
    }

    fn ground_for(&self, document: &Document, path: &str, imports: &Imports) -> Ground {
        let mut names = Naming::new(self);
        for (place, found) in imports {
            let Some(tree::DeclKind::Import(import)) = document.decls.get(*place).map(|decl| &decl.kind)
            else {
                continue;
            };
            match found {
                Ok(source) => names.take(import, *source),
                Err(Refusal::Open) => names.leave_open(import),
                Err(refusal) => {
                    names.findings.extend(refusal.finding(import, path));
                    names.miss(import);
                }
            }
        }
        names.ground()
    }
}

/// Checks what was found, each document on those before it.
struct Layer<'l> {
    linked: Linked,
    /// What is known of the documents from the state before, by path, and that state.
    known: Option<(&'l mut HashMap<String, Session>, &'l Linked)>,
}

impl Layer<'_> {
    fn lay(&mut self, found: Found) {
        let Found { path, text, tree, imports, circle } = found;
        let ground = self.linked.ground_for(&tree, &path, &imports);
        let (first, first_hole) = (ground.program.decls.len(), ground.program.holes.len());
        let now = &self.linked;
        let increment = self.known.as_mut().map(|(sessions, before)| {
            let session = sessions.entry(path.clone()).or_default();
            session.turn_to(imports_of(&path, &text, &tree));
            Increment { session, before, now }
        });
        let (program, ids, diagnostics, keys) = super::check_tree(ground, &text, &tree, increment);
        let exports = tree.decls.iter().zip(&ids).filter_map(|(decl, id)| {
            let name = order::name(decl);
            if name.is_empty() { None } else { Some((Name::from(name), (*id)?)) }
        });
        let exports = exports.collect();
        let last = self.linked.sources.last();
        let after = last.map_or(LONGEST_DOCUMENT + 1, |source| source.start as usize + source.text.len() + 1);
        // All of them together are far from the end of that space.
        let start = u32::try_from(after).unwrap_or(u32::MAX);
        let shift = Shift { start, length: text.len() as u32 };
        let trouble = diagnostics.iter().find(|found| found.severity == Severity::Error);
        let trouble = trouble.map(|found| (shift.span(found.span), found.message.clone()));
        let linked = &mut self.linked;
        let (decls, holes) = (linked.decls.len(), linked.holes.len());
        let own = program.decls.iter().skip(first);
        linked.decls.extend(own.map(|decl| Arc::new(decl.relocated(&shift))));
        let own = program.holes.iter().skip(first_hole);
        linked.holes.extend(own.map(|hole| hole.relocated(&shift)));
        linked.keys.extend(keys);
        linked.sources.push(Source {
            path,
            lines: LineIndex::new(&text),
            text,
            start,
            exports,
            decls: decls..linked.decls.len(),
            holes: holes..linked.holes.len(),
            trouble,
            circle,
        });
    }
}

/// From the places of one document to those of the common space. What it took from other documents stands there
/// already.
struct Shift {
    start: u32,
    length: u32,
}

impl Relocation for Shift {
    fn span(&self, old: Span) -> Span {
        if old == Span::default() || old.end > self.length {
            return old;
        }
        Span::new(old.start + self.start, old.end + self.start)
    }

    fn decl(&self, old: DeclId) -> DeclId {
        old
    }
}

impl Refusal {
    fn finding(&self, import: &ImportDecl, from: &str) -> Option<Diagnostic> {
        let ImportFrom::Document(written, span) = &import.from else { return None };
        Some(match self {
            Refusal::Path(why) => findings::path(*span, why),
            Refusal::Unavailable(why) => {
                let path = resolve(from, written).unwrap_or_else(|_| written.clone());
                findings::unavailable(*span, &path, why)
            }
            Refusal::Circle(circle) => findings::circle(*span, circle, from),
            Refusal::Chain => findings::long_chain(*span, written),
            Refusal::Many => findings::too_many(*span),
            Refusal::Long => findings::too_long(*span),
            Refusal::Open | Refusal::Said => return None,
        })
    }
}
