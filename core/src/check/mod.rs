//! Scope and types: from the tree to a [`Program`].
//!
//! Bidirectional checking over normalisation by evaluation and pattern unification. Types are compared up to
//! refinements here; what refinements owe becomes obligations in [`crate::logic`], and only of declarations that
//! type-check. Checking never fails: it returns the program it could make and what is wrong with the rest.
//!
//! Rooms: [`elaborator`] holds the state, `declarations` drives it in the order `order` finds, `definitions` and
//! `declared_holes` hold what it does with those, `types`, `terms`
//! and `patterns` hold the rules, `unify` decides equality of [`value`]s, `finish` makes the program, and [`session`] takes over
//! from one state of a document to the next what an edit cannot have changed.

mod consequences;
mod coverage;
mod declarations;
mod declared_holes;
mod definitions;
mod effects;
mod effort;
mod elaborator;
mod explanations;
mod extent;
mod finish;
mod mismatch;
mod order;
mod patterns;
mod positivity;
mod session;
mod suggest;
mod terms;
mod types;
mod unify;
mod value;

#[cfg(test)]
mod tests;

use crate::ir::{HoleId, Name, Program, Term, TermKind};
use crate::syntax::diagnostic::{Diagnostic, Severity};
use crate::syntax::span::LineIndex;
use crate::syntax::tree::{Document, Expr};
use elaborator::{Elaborator, Scope};
use session::Reuse;
use std::sync::{Arc, OnceLock};

pub use explanations::EXPLANATIONS;
pub use session::Session;

/// The prelude, in Spec-IR.
pub const PRELUDE: &str = include_str!("../prelude.spec.md");

/// A checked document: text, tree, program, findings.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The text as given.
    pub text: Arc<str>,
    /// Its tree.
    pub tree: Arc<Document>,
    /// What made sense of it, on top of the prelude.
    pub program: Arc<Program>,
    /// Findings of parser and checker, in order of place.
    pub diagnostics: Vec<Diagnostic>,
    /// Lines of the text.
    pub lines: LineIndex,
}

impl Checked {
    /// Whether anything is wrong with the document itself. Open holes are not.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// Parses and checks a document.
pub fn check(text: &str) -> Checked {
    checked(text, None)
}

fn checked(text: &str, session: Option<&mut Session>) -> Checked {
    let (program, tree, diagnostics) = check_on(prelude(), text, session);
    Checked {
        text: text.into(),
        tree: Arc::new(tree),
        program: Arc::new(program),
        diagnostics,
        lines: LineIndex::new(text),
    }
}

/// The checked prelude, made once.
pub fn prelude() -> &'static Program {
    static PROGRAM: OnceLock<Program> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let (mut program, _, _) = check_on(&Program::default(), PRELUDE, None);
        program.prelude_len = program.decls.len();
        program.examples.clear();
        program
    })
}

/// Checks a document on top of `base`, taking over what a session knows.
fn check_on(
    base: &Program,
    text: &str,
    mut session: Option<&mut Session>,
) -> (Program, Document, Vec<Diagnostic>) {
    let document = match &mut session {
        Some(session) => crate::syntax::parse_again(text, &mut session.memory),
        None => crate::syntax::parse(text),
    };
    let mut elaborator = Elaborator::extending(base);
    let ids = elaborator.announce_all(&document);
    let reuse = match &session {
        Some(session) => session.reuse(text, &document, &elaborator, &ids),
        None => Reuse::default(),
    };
    let examples = elaborator.document(text, &document, &ids, &reuse);
    let (mut program, findings) = elaborator.finish(examples);
    let mut diagnostics = document.diagnostics.clone();
    diagnostics.extend(findings);
    if let Some(session) = &mut session {
        session.remember(&document, &ids, reuse, &program, &diagnostics);
    }
    // These look at the whole document, every time.
    let effects = crate::ir::effects::Effects::new(&program);
    effects.mark(&mut program);
    let mut findings = diagnostics.split_off(document.diagnostics.len());
    findings.extend(effects::findings(&program, &effects));
    findings.extend(crate::align::align(text, &document).1);
    diagnostics.extend(consequences::without_consequences(text, &document, findings));
    diagnostics.sort_by_key(|finding| (finding.span.start, finding.span.end));
    diagnostics.dedup();
    (program, document, diagnostics)
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
