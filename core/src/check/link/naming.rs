//! Names: what each import of a document lets it mention, and by what name.
//!
//! A chosen declaration keeps its name, and a type brings its constructors. Everything else of an imported document has
//! a qualified name, `ages.Age`: one that the document may use if it gave the other a name, and otherwise only a way to
//! speak of what it leans on.

use super::{Ground, Linked, Source, findings};
use crate::check::prelude;
use crate::check::suggest::closest;
use crate::ir::{DeclId, DeclKind, Declaration, HoleInfo, Name, Program};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;
use crate::syntax::tree::{self, ImportDecl, ImportFrom, ImportTake};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Which names the imports of one document give to what.
pub(super) struct Naming<'l> {
    linked: &'l Linked,
    base: &'static Program,
    names: HashMap<Name, DeclId>,
    ctors: HashMap<Name, (DeclId, usize)>,
    /// Chosen names: where, and from which document.
    chosen: HashMap<Name, (DeclId, Span, usize)>,
    chosen_ctors: HashMap<Name, (DeclId, Span)>,
    /// The names of documents, in the order given.
    documents: Vec<(Name, usize, Span)>,
    missing: HashSet<Name>,
    open: HashMap<Name, Name>,
    open_at: Vec<(Name, Span)>,
    named_at: HashMap<DeclId, Span>,
    pub(super) findings: Vec<Diagnostic>,
}

impl<'l> Naming<'l> {
    pub(super) fn new(linked: &'l Linked) -> Self {
        let base = prelude();
        Naming {
            linked,
            base,
            names: base.names.clone(),
            ctors: base.ctors.clone(),
            chosen: HashMap::new(),
            chosen_ctors: HashMap::new(),
            documents: Vec::new(),
            missing: HashSet::new(),
            open: HashMap::new(),
            open_at: Vec::new(),
            named_at: HashMap::new(),
            findings: Vec::new(),
        }
    }

    fn declaration(&self, id: DeclId) -> Option<&'l Arc<Declaration>> {
        self.linked.decls.get((id.0 as usize).checked_sub(self.base.decls.len())?)
    }

    pub(super) fn take(&mut self, import: &ImportDecl, number: usize) {
        let linked = self.linked;
        let Some(source) = linked.sources.get(number) else { return };
        let span = import.from.span();
        if let Some((place, message)) = &source.trouble {
            // A circle is the same news from every document in it.
            self.findings.push(match source.circle.is_empty() {
                true => findings::broken(span, &source.path, *place, message),
                false => findings::circle(span, &source.circle, ""),
            });
        }
        match &import.take {
            ImportTake::As(name) => {
                if let Some((_, _, first)) = self.documents.iter().find(|(known, ..)| **known == *name.name) {
                    self.findings.push(findings::clash(name.span, &name.name, *first));
                    return;
                }
                self.documents.push((name.name.as_str().into(), number, name.span));
                for (export, id) in &source.exports {
                    let qualified: Name = format!("{}.{export}", name.name).into();
                    for (index, ctor) in self.constructors(*id) {
                        self.ctors.insert(format!("{}.{ctor}", name.name).into(), (*id, index));
                    }
                    self.names.insert(qualified, *id);
                    self.named_at.entry(*id).or_insert(name.span);
                }
            }
            ImportTake::Names(names) => {
                for name in names {
                    self.choose(name, number, source);
                }
            }
        }
    }

    /// The document is still a hole: what is named of it is one as well.
    pub(super) fn leave_open(&mut self, import: &ImportDecl) {
        let ImportFrom::Hole(hole) = &import.from else { return };
        let name = Name::from(hole.name.as_str());
        self.open_at.push((name.clone(), hole.span));
        let names = match &import.take {
            ImportTake::As(document) => std::slice::from_ref(document),
            ImportTake::Names(names) => names.as_slice(),
        };
        self.open.extend(names.iter().map(|taken| (Name::from(taken.name.as_str()), name.clone())));
    }

    /// Nothing is there to be taken.
    pub(super) fn miss(&mut self, import: &ImportDecl) {
        match &import.take {
            ImportTake::As(name) => self.missing.extend([Name::from(name.name.as_str())]),
            ImportTake::Names(names) => {
                self.missing.extend(names.iter().map(|name| Name::from(name.name.as_str())))
            }
        }
    }

    fn choose(&mut self, name: &tree::Ident, number: usize, source: &Source) {
        let Some(id) = source.exports.get(name.name.as_str()).copied() else {
            self.missing.insert(name.name.as_str().into());
            if source.circle.is_empty() {
                let close = closest(&name.name, source.exports.keys().map(|name| &**name));
                // Constructors come with their type.
                let of = source
                    .exports
                    .iter()
                    .find(|(_, id)| self.constructors(**id).any(|(_, ctor)| **ctor == *name.name));
                let of = of.map(|(ty, _)| &**ty);
                self.findings.push(findings::unknown(name.span, &name.name, &source.path, close, of));
            }
            return;
        };
        if let Some((other, first, from)) = self.chosen.get(name.name.as_str()).copied() {
            if other != id || from == number {
                self.findings.push(findings::clash(name.span, &name.name, first));
            }
            return;
        }
        self.chosen.insert(name.name.as_str().into(), (id, name.span, number));
        for (index, ctor) in self.constructors(id) {
            if let Some((other, first)) = self.chosen_ctors.get(ctor).copied()
                && other != id
            {
                self.findings.push(findings::clash(name.span, ctor, first));
                continue;
            }
            self.chosen_ctors.insert(ctor.clone(), (id, name.span));
            self.ctors.insert(ctor.clone(), (id, index));
        }
        self.names.insert(name.name.as_str().into(), id);
        self.named_at.insert(id, name.span);
    }

    fn constructors(&self, id: DeclId) -> impl Iterator<Item = (usize, &'l Name)> + use<'l> {
        let data = match self.declaration(id).map(|decl| &decl.kind) {
            Some(DeclKind::Data(data)) => data.ctors.as_slice(),
            _ => &[],
        };
        data.iter().map(|ctor| &ctor.name).enumerate()
    }

    /// What stands before the names of a document where they were not chosen: the name it was given, or one made from
    /// its path.
    fn qualifiers(&self) -> Vec<String> {
        let mut taken: HashSet<String> = self.documents.iter().map(|(name, ..)| name.to_string()).collect();
        let mut qualifiers = Vec::new();
        for (number, source) in self.linked.sources.iter().enumerate() {
            if let Some((name, ..)) = self.documents.iter().find(|(_, of, _)| *of == number) {
                qualifiers.push(name.to_string());
                continue;
            }
            let file = source.path.rsplit('/').next().unwrap_or("");
            let stem = file.strip_suffix(".spec.md").unwrap_or(file);
            let letter =
                |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' };
            let stem: String = stem.chars().take(40).map(letter).collect();
            let stem = if stem.starts_with(|first: char| first.is_ascii_lowercase()) {
                stem
            } else {
                format!("in_{stem}")
            };
            let mut candidates = std::iter::once(stem.clone()).chain((2..).map(|n| format!("{stem}{n}")));
            let free = candidates.find(|candidate| !taken.contains(candidate)).unwrap_or(stem);
            taken.insert(free.clone());
            qualifiers.push(free);
        }
        qualifiers
    }

    pub(super) fn ground(self) -> Ground {
        let qualifiers = self.qualifiers();
        let mut program = self.base.clone();
        let mut holes = Vec::with_capacity(self.linked.holes.len());
        for (source, qualifier) in self.linked.sources.iter().zip(&qualifiers) {
            for (offset, decl) in
                self.linked.decls.get(source.decls.clone()).unwrap_or_default().iter().enumerate()
            {
                let id = DeclId((self.base.decls.len() + source.decls.start + offset) as u32);
                let chosen = self.chosen.get(&decl.name).is_some_and(|(of, ..)| *of == id);
                let is_broken = decl.span == Span::default();
                program.decls.push(match chosen || is_broken || matches!(decl.kind, DeclKind::Intent(_)) {
                    true => Arc::clone(decl),
                    false => Arc::new(qualified(decl, qualifier)),
                });
            }
            for hole in self.linked.holes.get(source.holes.clone()).unwrap_or_default() {
                holes.push(HoleInfo { name: format!("{qualifier}.{}", hole.name).into(), ..hole.clone() });
            }
        }
        program.names = self.names;
        program.ctors = self.ctors;
        program.holes = holes;
        Ground {
            program,
            named_at: self.named_at,
            documents: self.documents.into_iter().map(|(name, _, span)| (name, span)).collect(),
            missing: self.missing,
            open: self.open,
            open_at: self.open_at,
            findings: findings::bounded(self.findings),
        }
    }
}

/// A declaration as a document mentions it that did not choose it: `ages.Age`, its constructors too.
fn qualified(decl: &Declaration, qualifier: &str) -> Declaration {
    let under = |name: &Name| Name::from(format!("{qualifier}.{name}"));
    let mut renamed = Declaration { name: under(&decl.name), ..decl.clone() };
    if let DeclKind::Data(data) = &mut renamed.kind {
        for ctor in &mut data.ctors {
            ctor.name = under(&ctor.name);
        }
    }
    renamed
}
