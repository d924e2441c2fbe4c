//! Finding: which documents a document leans on, and what becomes of each import.
//!
//! Promises: what is found depends on the documents alone, not on the order of imports. A document is read once; its
//! imports are refused for what it is, whoever asks for it. Bounds are on what a document leans on as a whole: past them
//! nothing is followed. Must not: recurse along imports.

use super::{Documents, Unavailable, resolve};
use crate::check::order::components;
use crate::syntax::tree::{self, Document, ImportDecl, ImportFrom};
use std::collections::HashMap;
use std::sync::Arc;

/// The most documents that one document may lean on.
const MOST_DOCUMENTS: usize = 64;

/// The longest chain of imports.
const LONGEST_CHAIN: usize = 16;

/// The most bytes that imported documents may have together.
const MOST_BYTES: usize = 16 << 20;

/// Why an import is not followed.
#[derive(Debug, Clone)]
pub(super) enum Refusal {
    /// The path means nothing.
    Path(&'static str),
    /// There is no text.
    Unavailable(Unavailable),
    /// The documents import each other.
    Circle(Vec<String>),
    /// The document begins too long a chain of imports.
    Chain,
    /// The document that is looked at leans on too many others.
    Many,
    /// It leans on too long others.
    Long,
    /// Said of another import already.
    Said,
    /// A hole stands for the document.
    Open,
}

/// The imports of a document, by place of the declaration, and what became of each: a document, by number.
pub(super) type Imports = Vec<(usize, Result<usize, Refusal>)>;

/// A document that is leaned on.
pub(super) struct Found {
    pub(super) path: String,
    pub(super) text: Arc<str>,
    pub(super) tree: Document,
    /// Its imports, by numbers in [`Reach::found`].
    pub(super) imports: Imports,
    /// When it takes part in a circle of imports: the documents of the circle.
    pub(super) circle: Vec<String>,
}

/// Everything that a document leans on.
#[derive(Default)]
pub(super) struct Reach {
    /// Each before those that import it.
    pub(super) found: Vec<Found>,
    /// The imports of the document itself.
    pub(super) imports: Imports,
    /// Everything that was asked for, with the answer.
    pub(super) asked: Vec<(String, Result<Arc<str>, Unavailable>)>,
}

/// The imports in a document, each with its place among the declarations.
pub(super) fn imports(document: &Document) -> impl Iterator<Item = (usize, &ImportDecl)> {
    document.decls.iter().enumerate().filter_map(|(place, decl)| match &decl.kind {
        tree::DeclKind::Import(import) => Some((place, import)),
        _ => None,
    })
}

/// The paths of the imports as they are written, where no hole stands for one.
fn written(document: &Document) -> Vec<(usize, Option<String>)> {
    let path = |import: &ImportDecl| match &import.from {
        ImportFrom::Hole(_) => None,
        ImportFrom::Document(written, _) => Some(written.clone()),
    };
    imports(document).map(|(place, import)| (place, path(import))).collect()
}

/// Reads what the document at `path` leans on. `parse` makes a tree of the text at a path.
pub(super) fn find(
    path: &str,
    document: &Document,
    documents: &dyn Documents,
    parse: &mut dyn FnMut(&str, &str) -> Document,
) -> Reach {
    let mut search = Search {
        documents,
        parse,
        numbers: HashMap::from([(path.to_owned(), Ok(0))]),
        read: Vec::new(),
        imports: Vec::new(),
        asked: Vec::new(),
        bytes: 0,
    };
    match search.all(path, document) {
        Ok(()) => search.reach(path),
        Err(bound) => {
            Reach { imports: refused(path, document, bound), asked: search.asked, ..Reach::default() }
        }
    }
}

/// Past a bound nothing is followed; the first import says so.
fn refused(path: &str, document: &Document, bound: Refusal) -> Imports {
    let mut bound = Some(bound);
    let mut refusal = |written: Option<String>| match written.map(|written| resolve(path, &written)) {
        None => Refusal::Open,
        Some(Err(why)) => Refusal::Path(why),
        Some(Ok(_)) => bound.take().unwrap_or(Refusal::Said),
    };
    written(document).into_iter().map(|(place, written)| (place, Err(refusal(written)))).collect()
}

struct Search<'d> {
    documents: &'d dyn Documents,
    parse: &'d mut dyn FnMut(&str, &str) -> Document,
    /// By path: 0 is the document itself, the others are one more than their place in `read`.
    numbers: HashMap<String, Result<usize, Unavailable>>,
    read: Vec<(String, Arc<str>, Document)>,
    /// The imports of each number.
    imports: Vec<Imports>,
    asked: Vec<(String, Result<Arc<str>, Unavailable>)>,
    bytes: usize,
}

impl Search<'_> {
    /// Follows every import, those of the document first.
    fn all(&mut self, path: &str, document: &Document) -> Result<(), Refusal> {
        let own = self.followed(path, written(document))?;
        self.imports.push(own);
        while let Some((path, _, tree)) = self.read.get(self.imports.len() - 1) {
            let (path, imports) = (path.clone(), written(tree));
            let followed = self.followed(&path, imports)?;
            self.imports.push(followed);
        }
        Ok(())
    }

    fn followed(&mut self, from: &str, imports: Vec<(usize, Option<String>)>) -> Result<Imports, Refusal> {
        let mut followed = Vec::new();
        for (place, written) in imports {
            let outcome = match written.map(|written| resolve(from, &written)) {
                Some(Ok(path)) => self.number(path)?.map_err(Refusal::Unavailable),
                Some(Err(why)) => Err(Refusal::Path(why)),
                None => Err(Refusal::Open),
            };
            followed.push((place, outcome));
        }
        Ok(followed)
    }

    /// The number of the document at a path, which is read the first time.
    fn number(&mut self, path: String) -> Result<Result<usize, Unavailable>, Refusal> {
        if let Some(known) = self.numbers.get(&path) {
            return Ok(known.clone());
        }
        if self.asked.len() == MOST_DOCUMENTS {
            return Err(Refusal::Many);
        }
        let answer = self.documents.text(&path);
        self.asked.push((path.clone(), answer.clone()));
        let number = match answer {
            Ok(text) => {
                self.bytes += text.len();
                if self.bytes > MOST_BYTES {
                    return Err(Refusal::Long);
                }
                let tree = (self.parse)(&path, &text);
                self.read.push((path.clone(), text, tree));
                Ok(self.read.len())
            }
            Err(why) => Err(why),
        };
        self.numbers.insert(path, number.clone());
        Ok(number)
    }

    /// What was found, with circles and chains refused, in an order in which each can be checked.
    fn reach(mut self, path: &str) -> Reach {
        let targets =
            |imports: &Imports| imports.iter().filter_map(|(_, to)| to.as_ref().ok().copied()).collect();
        let edges: Vec<Vec<usize>> = self.imports.iter().map(targets).collect();
        let mut order = Vec::new();
        let mut circles: HashMap<usize, Arc<[usize]>> = HashMap::new();
        for mut group in components(&edges) {
            group.sort_unstable();
            let itself = |number: &usize| edges.get(*number).is_some_and(|edges| edges.contains(number));
            if group.len() > 1 || group.iter().any(itself) {
                let circle: Arc<[usize]> = group.as_slice().into();
                circles.extend(group.iter().map(|number| (*number, Arc::clone(&circle))));
            }
            order.extend(group);
        }
        let mut paths = vec![path.to_owned()];
        paths.extend(self.read.iter().map(|(path, ..)| path.clone()));
        let names = |circle: &Arc<[usize]>| {
            let mut names: Vec<String> =
                circle.iter().filter_map(|number| paths.get(*number).cloned()).collect();
            names.sort();
            names
        };
        // By number: how long a chain it begins, and its place in the order.
        let (mut chains, mut places) = (vec![0; paths.len()], vec![0; paths.len()]);
        for (place, number) in order.iter().filter(|number| **number > 0).enumerate() {
            if let Some(slot) = places.get_mut(*number) {
                *slot = place;
            }
        }
        for number in &order {
            let mut longest = 0;
            for (_, outcome) in self.imports.get_mut(*number).into_iter().flatten() {
                let Ok(to) = outcome else { continue };
                let chain = chains.get(*to).copied().unwrap_or(0);
                *outcome = match circles.get(number) {
                    Some(circle) if circle.contains(to) => Err(Refusal::Circle(names(circle))),
                    _ if chain > LONGEST_CHAIN => Err(Refusal::Chain),
                    _ => {
                        longest = longest.max(chain);
                        Ok(places.get(*to).copied().unwrap_or(0))
                    }
                };
            }
            if let Some(slot) = chains.get_mut(*number) {
                *slot = longest + 1;
            }
        }
        let mut read: Vec<Option<(String, Arc<str>, Document)>> = self.read.into_iter().map(Some).collect();
        let mut found = Vec::new();
        for number in order.iter().filter(|number| **number > 0) {
            let Some((path, text, tree)) = read.get_mut(number - 1).and_then(Option::take) else { continue };
            let imports = self.imports.get_mut(*number).map(std::mem::take).unwrap_or_default();
            let circle = circles.get(number).map(names).unwrap_or_default();
            found.push(Found { path, text, tree, imports, circle });
        }
        let imports = self.imports.first_mut().map(std::mem::take).unwrap_or_default();
        Reach { found, imports, asked: self.asked }
    }
}
