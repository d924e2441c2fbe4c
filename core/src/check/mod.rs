//! Scope and types: from the tree to a [`Program`].
//!
//! Bidirectional checking over normalisation by evaluation and pattern unification. Types are compared up to
//! refinements here; what refinements owe becomes obligations in [`crate::logic`], and only of declarations that
//! type-check. Checking never fails: it returns the program it could make and what is wrong with the rest.
//!
//! Rooms: [`elaborator`] holds the state, `declarations` drives it in the order `order` finds, `definitions` and
//! `declared_holes` hold what it does with those, `types`, `terms` and `patterns` hold the rules, `evaluate` makes
//! [`value`]s of terms and `quote` terms of values, `unify` decides equality, with `injective` for names and `eta` for
//! records, pairs and `()`, `solve` what unknowns stand for, `waiting` keeps what only a later answer decides, `finish`
//! makes the program, and [`session`] takes over from one state of a document to the next what an edit cannot have
//! changed.

mod consequences;
mod coverage;
mod declarations;
mod declared_holes;
mod definitions;
mod effects;
mod effort;
mod elaborator;
mod eta;
mod evaluate;
mod explanations;
mod extent;
mod finish;
mod injective;
#[doc(hidden)]
pub mod laboratory;
mod link;
mod mismatch;
mod order;
mod patterns;
mod positivity;
mod quote;
mod session;
mod solve;
mod store;
mod suggest;
mod terms;
mod types;
mod unify;
mod value;
mod waiting;

#[cfg(test)]
mod tests;

use crate::ir::{DeclId, HoleId, Name, Program, Term, TermKind};
use crate::syntax::diagnostic::{Diagnostic, Severity};
use crate::syntax::span::{LineIndex, Span};
use crate::syntax::tree::{Document, Expr};
use elaborator::{Elaborator, Scope};
use link::Ground;
use session::{Increment, Key, Reuse};
use std::sync::{Arc, OnceLock};

pub use explanations::EXPLANATIONS;
pub(crate) use link::EXPLANATIONS as IMPORT_EXPLANATIONS;
pub use link::{Alone, Documents, Linked, Source, Unavailable, resolve};
pub use session::Session;
pub use store::{Assignment, Blocked, Comparison, Constraints, Ended, Refinement, constraints};

/// The prelude, in Spec-IR.
pub const PRELUDE: &str = include_str!("../prelude.spec.md");

/// A checked document: text, tree, program, findings.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Its path among the documents it was checked with; empty when nobody said one.
    pub path: Arc<str>,
    /// The text as given.
    pub text: Arc<str>,
    /// Its tree.
    pub tree: Arc<Document>,
    /// What made sense of it, on top of the prelude and what it imports.
    pub program: Arc<Program>,
    /// Findings of parser and checker, in order of place.
    pub diagnostics: Vec<Diagnostic>,
    /// Lines of the text.
    pub lines: LineIndex,
    /// The documents that it leans on. Places in them follow those of the text, see [`Linked::locate`].
    pub linked: Arc<Linked>,
}

impl Checked {
    /// Whether anything is wrong with the document itself. Open holes are not.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Checks another state of the document, with the same documents beside it.
    pub fn again(&self, text: &str) -> Checked {
        check_with(&self.path, text, &*self.linked)
    }
}

/// Parses and checks a document that stands alone.
pub fn check(text: &str) -> Checked {
    check_with("", text, &Alone)
}

/// Parses and checks the document at `path` of `documents`, with those it imports.
///
/// ```
/// use lift_core::check::check_with;
/// use std::{collections::BTreeMap, sync::Arc};
/// let ages: Arc<str> = "```spec-ir\ntype Age = {x: Int | 0 <= x}\n```\n".into();
/// let documents = BTreeMap::from([("ages.spec.md".to_owned(), ages)]);
/// let text = "```spec-ir\nimport \"ages.spec.md\" { Age }\ndef next(age: Age): Age = age + 1\n```\n";
/// let checked = check_with("people.spec.md", text, &documents);
/// assert_eq!(checked.diagnostics, []);
/// assert_eq!(checked.program.own().count(), 1);
/// ```
pub fn check_with(path: &str, text: &str, documents: &dyn Documents) -> Checked {
    let tree = crate::syntax::parse(text);
    let linked = Arc::new(Linked::of(path, &tree, documents));
    finished(path, text, tree, linked, None)
}

/// Checks a parsed document on what it imports.
fn finished(
    path: &str,
    text: &str,
    tree: Document,
    linked: Arc<Linked>,
    known: Option<(&mut Session, &Linked)>,
) -> Checked {
    let increment = known.map(|(session, before)| Increment { session, before, now: &linked });
    let (program, _, diagnostics, _) = check_tree(linked.ground(&tree), text, &tree, increment);
    Checked {
        path: path.into(),
        text: text.into(),
        tree: Arc::new(tree),
        program: Arc::new(program),
        diagnostics,
        lines: LineIndex::new(text),
        linked,
    }
}

/// The checked prelude, made once.
pub fn prelude() -> &'static Program {
    static PROGRAM: OnceLock<Program> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let tree = crate::syntax::parse(PRELUDE);
        let (mut program, ..) = check_tree(Ground::default(), PRELUDE, &tree, None);
        program.prelude_len = program.decls.len();
        program.first_own = program.decls.len();
        program.examples.clear();
        program
    })
}

/// Marks the document's own declarations in which errors were found.
fn mark_faulty(program: &mut Program, diagnostics: &[Diagnostic]) {
    let errors = diagnostics.iter().filter(|found| found.severity == Severity::Error);
    let places: Vec<u32> = errors.map(|found| found.span.start).collect();
    let first = program.first_own;
    for decl in program.decls.iter_mut().skip(first) {
        let (start, end) = (decl.span.start, decl.span.end);
        // Places are in order.
        let next = places.get(places.partition_point(|place| *place < start));
        let faulty = next.is_some_and(|place| *place < end);
        if faulty != decl.faulty && decl.span != Span::default() {
            Arc::make_mut(decl).faulty = faulty;
        }
    }
    // A default that is wrong decides nothing.
    let first = program.first_own_hole;
    for hole in program.holes.iter_mut().skip(first) {
        let Some(span) = hole.declared else { continue };
        if places.iter().any(|place| span.start <= *place && *place < span.end) {
            hole.default = None;
        }
    }
}

/// Checks a document on its ground, taking over what a session knows. Gives back the numbers of its declarations too,
/// and with a session what decides what they mean to other documents.
fn check_tree(
    ground: Ground,
    text: &str,
    document: &Document,
    increment: Option<Increment<'_>>,
) -> (Program, Vec<Option<DeclId>>, Vec<Diagnostic>, Vec<Key>) {
    let mut elaborator = Elaborator::on(ground);
    let ids = elaborator.announce_all(document);
    let reuse = match &increment {
        Some(Increment { session, before, now }) => {
            session.reuse(text, document, &elaborator, &ids, before, now)
        }
        None => Reuse::default(),
    };
    let examples = elaborator.document(text, document, &ids, &reuse);
    let (mut program, findings) = elaborator.finish(examples);
    let mut diagnostics = document.diagnostics.clone();
    diagnostics.extend(findings);
    let mut keys = Vec::new();
    if let Some(Increment { session, now, .. }) = increment {
        let whole = session::combine(text, now.keys()).unwrap_or_default();
        keys = reuse.signatures(&ids, &program, whole);
        session.remember(document, &ids, reuse, &program, &diagnostics);
    }
    // These look at the whole document, every time.
    let effects = crate::ir::effects::Effects::new(&program);
    effects.mark(&mut program);
    let mut findings = diagnostics.split_off(document.diagnostics.len());
    findings.extend(effects::findings(&program, &effects));
    findings.extend(crate::align::align(text, document).1);
    diagnostics.extend(consequences::without_consequences(text, document, findings));
    diagnostics.sort_by_key(|finding| (finding.span.start, finding.span.end));
    diagnostics.dedup();
    mark_faulty(&mut program, &diagnostics);
    (program, ids, diagnostics, keys)
}

/// Checks an expression in the empty context of a program, against a type when one is given. Returns the term and
/// its type.
pub fn check_term(
    program: &Program,
    expr: &Expr,
    expected: Option<&Term>,
) -> Result<(Term, Term), Vec<Diagnostic>> {
    check_in_context(program, &[], expr, expected)
}

/// Checks an expression where a hole stands: in its context, against its type.
pub fn check_for_hole(program: &Program, hole: HoleId, expr: &Expr) -> Result<Term, Vec<Diagnostic>> {
    let Some(info) = program.hole(hole) else { return Err(Vec::new()) };
    let (context, ty) = (info.context.clone(), info.ty.clone());
    check_in_context(program, &context, expr, Some(&ty)).map(|(term, _)| term)
}

/// Checks an expression in a context: variables outermost first, each type under those before it. `expected`
/// stands under the context. A new hole in the expression is accepted and is not part of the program.
pub fn check_in_context(
    program: &Program,
    context: &[(Name, Term)],
    expr: &Expr,
    expected: Option<&Term>,
) -> Result<(Term, Term), Vec<Diagnostic>> {
    let mut elaborator = Elaborator::extending(program);
    elaborator.adopt_holes();
    let scope = context.iter().fold(Scope::default(), |scope, (name, ty)| {
        let ty = elaborator.eval(&scope.env, ty);
        scope.bind(name, ty)
    });
    let (term, ty) = match expected.map(|ty| (matches!(&*ty.kind, TermKind::Universe), ty)) {
        Some((true, ty)) => (elaborator.ty(&scope, expr), ty.clone()),
        Some((false, ty)) => {
            let value = elaborator.eval(&scope.env, ty);
            (elaborator.check(&scope, expr, &value), ty.clone())
        }
        None => {
            let (term, ty) = elaborator.infer(&scope, expr);
            let (term, ty) = elaborator.insert_implicit(&scope, term, ty);
            (term, elaborator.quote(scope.level(), &ty))
        }
    };
    elaborator.report_open();
    let (term, ty) = (elaborator.zonk(scope.level(), &term), elaborator.zonk(scope.level(), &ty));
    let wrong = elaborator.diagnostics.iter().any(|found| found.severity == Severity::Error);
    if wrong { Err(elaborator.diagnostics) } else { Ok((term, ty)) }
}
