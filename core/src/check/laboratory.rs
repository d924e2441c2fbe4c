//! Measuring the checker on what no document may say.
//!
//! The published stress tests of elaborators are Church encodings in a calculus where `Type` belongs to itself. That
//! calculus proves anything, so it is no part of the language: documents are checked under [`Laws::default`], and
//! there is no text, option or argument that changes it. What is elaborated here gives figures and findings and
//! nothing else; no program comes out that somebody could run, prove or generate code from.
//!
//! The text is Spec-IR. In it, and only here:
//!
//! * `Type` is a type among others, and types are terms: `id(Type)`, `tree(Tree, ...)`;
//! * a variable may be a family of types: `(p: A -> Type) -> p x -> p y`;
//! * a parameter or bound variable of a type whose name begins with `_` is implicit;
//! * definitions are unfolded when types are compared, as if they were abbreviations.

use super::effort::Effort;
use super::elaborator::{Elaborator, Scope};
use super::prelude;
use super::unify::{Mismatch, Problem};
use super::value::{V, Value, rigid};
use crate::ir::distill;
use crate::ir::{DeclKind, Icit, Name, Term, TermKind};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;
use crate::syntax::tree::{Document, Expr, ExprKind};
use std::rc::Rc;

/// What holds where something is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Laws {
    /// Those of the language.
    #[default]
    Language,
    /// Those of the language, for texts in which variables are families of types and types are terms.
    Families,
    /// Those of the stress tests.
    Laboratory,
}

impl Laws {
    /// Whether `Type` belongs to itself.
    pub fn has_type_in_type(self) -> bool {
        self == Laws::Laboratory
    }

    /// Whether a variable may be a family of types, and types may stand where terms do.
    pub fn has_families(self) -> bool {
        self != Laws::Language
    }

    /// Whether definitions are unfolded when types are compared. In the language their bodies are nobody's business.
    pub fn unfolds_definitions(self) -> bool {
        self == Laws::Laboratory
    }

    /// How an argument of that name is passed.
    pub fn icit(self, name: &str) -> Icit {
        match self.has_families() && name.len() > 1 && name.starts_with('_') {
            true => Icit::Implicit,
            false => Icit::Explicit,
        }
    }
}

/// What came of an elaboration.
#[derive(Debug)]
pub struct Elaborated {
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
    /// How many declarations there are.
    pub declarations: usize,
    elaborator: Elaborator,
}

/// Elaborates a text under the laws of the laboratory, with as many steps as it takes. The text is one fence, which may
/// be longer than a document.
pub fn elaborate(text: &str) -> Elaborated {
    let from = text.find('\n').map_or(0, |end| end + 1);
    let to = text.rfind("```").unwrap_or(text.len()).max(from);
    let (decls, diagnostics) = crate::syntax::parse_fence(text, Span::new(from as u32, to as u32));
    let document = Document { decls, fences: Vec::new(), diagnostics };
    let mut elaborator = Elaborator::extending(prelude());
    elaborator.laws = Laws::Laboratory;
    elaborator.effort = Effort::unbounded();
    let ids = elaborator.announce_all(&document);
    elaborator.document(text, &document, &ids, &Default::default());
    elaborator.report_open();
    let mut diagnostics = document.diagnostics;
    diagnostics.append(&mut elaborator.diagnostics);
    Elaborated { diagnostics, declarations: document.decls.len(), elaborator }
}

impl Elaborated {
    /// Reads the normal form of a definition without parameters back, and returns how many parts it has written out.
    pub fn normal_form(&self, name: &str) -> Option<u64> {
        let id = self.elaborator.names.get(name).copied()?;
        let value = self.elaborator.eval(&Default::default(), &TermKind::Global(id).into_term());
        Some(self.elaborator.normal_form(&value).1)
    }
}

/// What the unifier makes of problems.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Unified {
    /// What unknowns turned out to be, applied to `a`, `b`... when they take arguments: `m a := List a`.
    pub solved: Vec<String>,
    /// Why a problem has no solution: the first that has none ends the matter.
    pub failure: Option<&'static str>,
    /// The unknowns that what could not be decided waits for.
    pub waits_for: Vec<String>,
    /// What does not make sense before any problem is looked at.
    pub diagnostics: Vec<String>,
}

/// Unifies pairs of types, one after the other, under the laws of the language. `declarations` are Spec-IR;
/// `unknowns` and `variables` have a name and a type, each in scope of those before it, unknowns first.
pub fn unify(
    declarations: &str,
    unknowns: &[(String, String)],
    variables: &[(String, String)],
    problems: &[(String, String)],
) -> Unified {
    let text = format!("```spec-ir\n{declarations}\n```\n");
    let document = crate::syntax::parse(&text);
    let mut elaborator = Elaborator::extending(prelude());
    elaborator.laws = Laws::Families;
    let ids = elaborator.announce_all(&document);
    elaborator.document(&text, &document, &ids, &Default::default());
    elaborator.diagnostics.extend(document.diagnostics);
    let mut scope = Scope::default();
    let mut named: Vec<(u32, String, usize)> = Vec::new();
    for (name, ty) in unknowns {
        let ty = elaborator.read_type(&scope, ty);
        let (arity, result) = elaborator.telescope_of(&ty);
        let unknown = elaborator.fresh_argument(&Scope::default(), Span::default(), name.as_str(), &result);
        let value = elaborator.eval(&scope.env, &unknown);
        if let Value::Flex(meta, ..) = &*value {
            named.push((*meta, name.clone(), arity));
        }
        scope = scope.define(&name.as_str().into(), ty, value);
    }
    for (name, ty) in variables {
        let ty = elaborator.read_type(&scope, ty);
        scope = scope.bind(&name.as_str().into(), ty);
    }
    let mut outcome = Unified::default();
    let sides: Vec<(V, V)> = problems
        .iter()
        .map(|(left, right)| (elaborator.read_type(&scope, left), elaborator.read_type(&scope, right)))
        .collect();
    outcome.diagnostics = elaborator.diagnostics.iter().map(|finding| finding.message.clone()).collect();
    if !outcome.diagnostics.is_empty() {
        return outcome;
    }
    let mut waiting: Vec<Problem> = Vec::new();
    for (left, right) in &sides {
        waiting.push(Problem::new(scope.level(), left, right));
        let mut solved = None;
        while solved != Some(elaborator.solved()) && outcome.failure.is_none() {
            solved = Some(elaborator.solved());
            for problem in std::mem::take(&mut waiting) {
                match elaborator.settle(problem) {
                    Ok(left) => waiting.extend(left),
                    Err(failure) => {
                        outcome.failure = Some(match failure {
                            Mismatch::Different => "different",
                            Mismatch::Occurs => "occurs",
                            Mismatch::Escapes => "escapes",
                            Mismatch::Ambiguous => "ambiguous",
                            Mismatch::Sort => "sort",
                            Mismatch::TooLarge => "too large",
                        });
                        break;
                    }
                }
            }
        }
    }
    for (meta, name, arity) in &named {
        if elaborator.solution(*meta).is_some() {
            outcome.solved.push(elaborator.show_solution(*meta, name, *arity));
        }
        let mentions = |problem: &Problem| {
            let mut found = false;
            for side in [&problem.left, &problem.right] {
                elaborator.quote(problem.level, side).walk(&mut |part| {
                    found = found || matches!(&*part.kind, TermKind::Meta(other) if other == meta);
                });
            }
            found
        };
        if outcome.failure.is_none() && waiting.iter().any(mentions) {
            outcome.waits_for.push(name.clone());
        }
    }
    outcome
}

impl Elaborator {
    fn read_type(&mut self, scope: &Scope, text: &str) -> V {
        let (expr, findings) = crate::syntax::parse_type(text);
        self.diagnostics.extend(findings);
        let term = self.ty(scope, &expr);
        self.eval(&scope.env, &term)
    }

    /// How many arguments a function of this type takes, and what comes of it.
    fn telescope_of(&self, ty: &V) -> (usize, V) {
        let (mut level, mut ty) = (0, self.unfold(ty));
        while let Value::Pi(_, _, _, codomain) = &*ty {
            let inside = self.enter(codomain, rigid(level));
            level += 1;
            ty = self.unfold(&inside);
        }
        (level, ty)
    }

    fn show_solution(&self, meta: u32, name: &str, arity: usize) -> String {
        let names: Vec<Name> = ('a'..='z').take(arity).map(|letter| letter.to_string().into()).collect();
        let value = (0..arity)
            .fold(self.unknown(meta), |value, level| self.apply(&value, Icit::Explicit, rigid(level)));
        let shown = distill::show_type(self, &names, &self.quote(arity, &value));
        let left: Vec<&str> = std::iter::once(name).chain(names.iter().map(|name| &**name)).collect();
        format!("{} := {shown}", left.join(" "))
    }

    /// Whether a term is meant as a type here: then it is one of type `Type`.
    pub(super) fn is_type_as_term(&self, scope: &Scope, expr: &Expr) -> bool {
        self.laws.has_families()
            && match &expr.kind {
                ExprKind::Name(name) => {
                    scope.find(name).is_none()
                        && (matches!(name.as_str(), "Type" | "Int" | "Bool" | "Str" | "Unit")
                            || self.names.get(name.as_str()).is_some_and(|id| {
                                matches!(self.kind(*id), Some(DeclKind::Alias(..) | DeclKind::Data(_)))
                            }))
                }
                ExprKind::Arrow(..) | ExprKind::Product(_) => true,
                _ => false,
            }
    }

    /// A family of types applied, or a term that results in a type. Nothing when it is a type as in documents.
    pub(super) fn family(&mut self, scope: &Scope, expr: &Expr) -> Option<Term> {
        if !self.laws.has_families() {
            return None;
        }
        let (head, args) = match &expr.kind {
            ExprKind::TypeApp(head, args) | ExprKind::Call(head, args) => (head, args),
            _ => return None,
        };
        let ExprKind::Name(name) = &head.kind else { return None };
        let is_value = scope.find(name).is_some()
            || self
                .names
                .get(name.as_str())
                .is_some_and(|id| matches!(self.kind(*id), Some(DeclKind::Def(_))));
        if !is_value {
            return None;
        }
        let (term, ty) = self.call(scope, expr.span, head, args, None);
        self.agree(scope, expr.span, &Rc::new(Value::Universe), &ty);
        Some(term)
    }

    /// ```text
    ///   Γ, {x: A} ⊢ e ⇐ B
    ///   ────────────────────────────
    ///   Γ ⊢ \{x}. e ⇐ {x: A} -> B
    /// ```
    ///
    /// The binder is not written. Nothing when `expected` is no such type.
    pub(super) fn check_implicit(&mut self, scope: &Scope, expr: &Expr, expected: &V) -> Option<Term> {
        if !self.laws.has_families() {
            return None;
        }
        let unfolded = self.unfold(expected);
        let Value::Pi(Icit::Implicit, name, domain, codomain) = &*unfolded else { return None };
        let inner = scope.bind(name, domain.clone());
        let codomain = self.enter(codomain, rigid(scope.level()));
        let body = self.check(&inner, expr, &codomain);
        let domain = self.reify(scope.level(), domain);
        Some(Term::new(expr.span, TermKind::Lam(Icit::Implicit, name.clone(), domain, body)))
    }
}
