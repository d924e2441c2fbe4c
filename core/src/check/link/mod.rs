//! Documents that import documents: found, checked once each, and laid under the one that imports them.
//!
//! An imported document is checked by itself, on the prelude and on what it imports, so it means the same to everyone.
//! Its finished declarations then stand below those of the importing document in one [`Program`], under the names by
//! which that document may mention them: `Age` where it was chosen, `ages.Age` otherwise. Places of all documents share
//! one space: the document that is looked at begins at 0, every other where [`Source::start`] says.
//!
//! Promises: a document is read and checked once however often it is imported; circles end; number, depth and size are
//! bounded. Must not: let a document see what it did not import, or pass on what it did.

mod documents;
mod findings;
mod naming;

use super::order;
use crate::ir::relocate::Relocation;
use crate::ir::{DeclId, Declaration, HoleInfo, Name, Program};
use crate::syntax::LONGEST_DOCUMENT;
use crate::syntax::diagnostic::{Diagnostic, Severity};
use crate::syntax::span::{LineIndex, Span};
use crate::syntax::tree::{self, Document, ImportDecl, ImportFrom};
use naming::Naming;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

pub use documents::{Alone, Documents, Unavailable, resolve};
pub(crate) use findings::EXPLANATIONS;
pub(super) use findings::clash_with_import;

/// The most documents that one document may lean on.
const MOST_DOCUMENTS: usize = 64;

/// The longest chain of imports.
const LONGEST_CHAIN: usize = 16;

/// The most bytes that imported documents may have together.
const MOST_BYTES: usize = 16 << 20;

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
    /// What became of the imports of the document itself, by place of the declaration.
    imports: Vec<(usize, Result<usize, Refusal>)>,
}

/// Why an import is not followed.
#[derive(Debug, Clone)]
enum Refusal {
    /// The path means nothing.
    Path(&'static str),
    /// There is no text.
    Unavailable(Unavailable),
    /// The document imports itself by way of these.
    Circle(Vec<String>),
    /// A bound was reached.
    TooMuch(&'static str),
    /// A hole stands for the document.
    Open,
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
        let mut linker = Linker { documents, linked: Linked::default(), found: HashMap::new(), bytes: 0 };
        let imports = linker.imports(&mut vec![path.to_owned()], document);
        Linked { imports, ..linker.linked }
    }

    /// Whether the documents say what they said when they were linked.
    pub(super) fn is_current(&self, documents: &dyn Documents) -> bool {
        self.asked.iter().all(|(path, found)| documents.text(path) == *found)
    }

    /// What the document is checked on.
    pub(super) fn ground(&self, document: &Document) -> Ground {
        self.ground_for(document, &self.imports)
    }

    fn ground_for(&self, document: &Document, imports: &[(usize, Result<usize, Refusal>)]) -> Ground {
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
                    names.findings.extend(refusal.finding(import));
                    names.miss(import);
                }
            }
        }
        names.ground()
    }
}

/// The places of the imports of a document.
fn imports(document: &Document) -> impl Iterator<Item = (usize, &ImportDecl)> {
    document.decls.iter().enumerate().filter_map(|(place, decl)| match &decl.kind {
        tree::DeclKind::Import(import) => Some((place, import)),
        _ => None,
    })
}

struct Linker<'d> {
    documents: &'d dyn Documents,
    linked: Linked,
    found: HashMap<String, Result<usize, Refusal>>,
    bytes: usize,
}

impl Linker<'_> {
    /// What becomes of each import of the document at the end of `chain`.
    fn imports(
        &mut self,
        chain: &mut Vec<String>,
        document: &Document,
    ) -> Vec<(usize, Result<usize, Refusal>)> {
        let from = chain.last().cloned().unwrap_or_default();
        let mut found = Vec::new();
        for (place, import) in imports(document) {
            found.push((
                place,
                match &import.from {
                    ImportFrom::Hole(_) => Err(Refusal::Open),
                    ImportFrom::Document(written, _) => match resolve(&from, written) {
                        Ok(path) => self.link(chain, &path),
                        Err(why) => Err(Refusal::Path(why)),
                    },
                },
            ));
        }
        found
    }

    fn link(&mut self, chain: &mut Vec<String>, path: &str) -> Result<usize, Refusal> {
        if let Some(begun) = chain.iter().position(|open| open == path) {
            let circle = chain.get(begun..).unwrap_or_default();
            return Err(Refusal::Circle(circle.to_vec()));
        }
        if let Some(known) = self.found.get(path) {
            return known.clone();
        }
        if chain.len() > LONGEST_CHAIN {
            return Err(Refusal::TooMuch("the chain of imports that leads here is too long"));
        }
        let found = self.read(chain, path);
        self.found.insert(path.to_owned(), found.clone());
        found
    }

    fn read(&mut self, chain: &mut Vec<String>, path: &str) -> Result<usize, Refusal> {
        if self.linked.asked.len() >= MOST_DOCUMENTS {
            return Err(Refusal::TooMuch("more documents are imported than can be read together"));
        }
        let answer = self.documents.text(path);
        self.linked.asked.push((path.to_owned(), answer.clone()));
        let text = answer.map_err(Refusal::Unavailable)?;
        self.bytes += text.len();
        if self.bytes > MOST_BYTES {
            return Err(Refusal::TooMuch("the imported documents are too long together"));
        }
        let document = crate::syntax::parse(&text);
        chain.push(path.to_owned());
        let imports = self.imports(chain, &document);
        chain.pop();
        let circle = imports.iter().find_map(|(_, found)| match found {
            Err(Refusal::Circle(circle)) => Some(circle.clone()),
            Ok(source) => {
                self.linked.sources.get(*source).map(|source| source.circle.clone()).filter(|c| !c.is_empty())
            }
            _ => None,
        });
        let ground = self.linked.ground_for(&document, &imports);
        let (first, first_hole) = (ground.program.decls.len(), ground.program.holes.len());
        let (program, ids, diagnostics) = super::check_tree(ground, &text, &document, None);
        let exports = document.decls.iter().zip(&ids).filter_map(|(decl, id)| {
            let name = order::name(decl);
            if name.is_empty() { None } else { Some((Name::from(name), (*id)?)) }
        });
        let exports = exports.collect();
        let after = self
            .linked
            .sources
            .last()
            .map_or(LONGEST_DOCUMENT + 1, |source| source.start as usize + source.text.len() + 1);
        let start =
            u32::try_from(after).map_err(|_| Refusal::TooMuch("the imported documents are too long"))?;
        let shift = Shift { start, length: text.len() as u32 };
        let trouble = diagnostics.iter().find(|found| found.severity == Severity::Error);
        let trouble = trouble.map(|found| (shift.span(found.span), found.message.clone()));
        let (decls, holes) = (self.linked.decls.len(), self.linked.holes.len());
        let own = program.decls.iter().skip(first);
        self.linked.decls.extend(own.map(|decl| Arc::new(decl.relocated(&shift))));
        let own = program.holes.iter().skip(first_hole);
        self.linked.holes.extend(own.map(|hole| hole.relocated(&shift)));
        self.linked.sources.push(Source {
            path: path.to_owned(),
            lines: LineIndex::new(&text),
            text,
            start,
            exports,
            decls: decls..self.linked.decls.len(),
            holes: holes..self.linked.holes.len(),
            trouble,
            circle: circle.unwrap_or_default(),
        });
        Ok(self.linked.sources.len() - 1)
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
    fn finding(&self, import: &ImportDecl) -> Option<Diagnostic> {
        let ImportFrom::Document(written, span) = &import.from else { return None };
        Some(match self {
            Refusal::Path(why) => findings::path(*span, why),
            Refusal::Unavailable(why) => findings::unavailable(*span, written, why),
            Refusal::Circle(circle) => findings::circle(*span, circle),
            Refusal::TooMuch(why) => findings::too_much(*span, why),
            Refusal::Open => return None,
        })
    }
}
