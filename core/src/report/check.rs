//! `lift.check/1`: diagnostics, declarations and holes of documents.

use crate::align::{Alignment, ClauseKind, How, Section, align};
use crate::check::Checked;
use crate::holes::{Known, known, known_of};
use crate::ir::distill::{show, show_type};
use crate::ir::effects::Effects;
use crate::ir::{DeclKind, HoleId, HoleInfo, Name, Program, Term, TermKind, subst};
use crate::syntax::diagnostic::{Diagnostic, Severity};
use crate::syntax::span::{LineIndex, Position, Span};
use crate::syntax::tree::{HoleKind, LinkKind};
use serde::{Deserialize, Serialize};

/// The report of `lift check`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    /// `lift.check/1`
    pub schema: String,
    /// One for each file, in the order given.
    pub files: Vec<CheckFile>,
}

/// One checked document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckFile {
    /// The path as given.
    pub path: String,
    /// Findings in order of place.
    pub diagnostics: Vec<DiagnosticReport>,
    /// What the document declares, in its order.
    pub declarations: Vec<DeclarationReport>,
    /// Its holes, open ones and assumptions, in order of first appearance.
    pub holes: Vec<HoleReport>,
    /// Its intents beside the specs that answer them.
    #[serde(default)]
    pub alignments: Vec<AlignmentReport>,
}

/// An intent beside what answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlignmentReport {
    /// The title of the intent.
    pub intent: String,
    /// The spec, or the definition with clauses of its own, that answers it.
    pub spec: Option<String>,
    /// What is wished for.
    pub atoms: Vec<AtomReport>,
    /// What is stated.
    pub clauses: Vec<ClauseReport>,
    /// Who belongs to whom, best first for each atom.
    pub pairs: Vec<PairReport>,
}

/// One wish of an intent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtomReport {
    /// Its stable name: `Read an age.goals.g1`.
    pub name: String,
    /// Where in the intent it stands.
    pub section: Section,
    /// Its words, or its condition.
    pub text: String,
    /// Its place.
    pub span: SpanReport,
}

/// One clause of a spec or definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClauseReport {
    /// Its stable name: `ReadAge.g1`.
    pub name: String,
    /// What it does.
    pub kind: ClauseKind,
    /// Its condition.
    pub text: String,
    /// Its place.
    pub span: SpanReport,
}

/// A wish and a clause that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairReport {
    /// The name of the wish.
    pub atom: String,
    /// The name of the clause.
    pub clause: String,
    /// How it was found; a suggestion closes nothing.
    pub how: How,
    /// From 0 to 100.
    pub confidence: u8,
    /// Why, in words.
    pub because: String,
}

/// A stretch of text: from the first character to one past the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpanReport {
    /// Where it starts.
    pub start: Position,
    /// Where it ends.
    pub end: Position,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiagnosticReport {
    /// Stable code, a key of `lift explain`.
    pub code: String,
    /// Its weight.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub span: SpanReport,
    /// Other places involved.
    pub labels: Vec<LabelReport>,
    /// What to do.
    pub hint: Option<String>,
}

/// Another place involved in a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelReport {
    /// The imported document in which it lies, from the folder of all documents; absent for the document itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Where.
    pub span: SpanReport,
    /// Why it matters.
    pub message: String,
}

/// One declaration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclarationReport {
    /// Its name; an intent's title.
    pub name: String,
    /// `type`, `entity`, `intent`, `spec` or `def`.
    pub kind: String,
    /// Its type, as an author would write it.
    #[serde(rename = "type")]
    pub ty: String,
    /// Where its name stands.
    pub span: SpanReport,
    /// What running a definition may do, declared or found by what it uses; empty for everything else.
    #[serde(default)]
    pub effects: Vec<String>,
}

/// What has been decided about a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HoleStatus {
    /// Nothing: it must be decided.
    Open,
    /// Nothing, and the usual answers are known.
    Question,
    /// It has a default, which can be reopened.
    Assumption,
    /// Nothing, but its uses leave one answer: see [`HoleReport::solved`].
    Solved,
}

/// One hole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoleReport {
    /// Its name, without the question mark.
    pub name: String,
    /// Its kind.
    pub kind: HoleKind,
    /// Its type, as an author would write it.
    #[serde(rename = "type")]
    pub ty: String,
    /// Open, a question or an assumption.
    pub status: HoleStatus,
    /// What is in scope, innermost last.
    pub context: Vec<ContextReport>,
    /// Declared links.
    pub links: Vec<LinkReport>,
    /// The declaration that uses it first.
    pub declaration: Option<String>,
    /// Where it is declared, or else used first.
    pub span: SpanReport,
    /// What to ask.
    pub hint: Option<String>,
    /// What it is assumed to be.
    pub default: Option<String>,
    /// Why.
    pub because: Option<String>,
    /// The usual answers, best first.
    pub answers: Vec<String>,
    /// What is known of it, in the order of the text: its type first, where there is a reason for it.
    #[serde(default)]
    pub known: Vec<KnownReport>,
    /// The one answer that its uses leave. Nobody has taken it yet.
    #[serde(default)]
    pub solved: Option<KnownReport>,
}

/// Something known of a hole, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownReport {
    /// The type, the condition that must hold, or the answer.
    pub says: String,
    /// Only where all of these hold.
    pub when: Vec<String>,
    /// At most three reasons: what asks for it first, where the hole stands last.
    pub because: Vec<ReasonReport>,
}

/// A reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonReport {
    /// In words.
    pub what: String,
    /// The imported document in which it is written; absent for the document itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Where it is written.
    pub span: SpanReport,
}

impl KnownReport {
    /// In one sentence, names and terms in backquotes.
    pub fn sentence(&self) -> String {
        let quoted = |text: &String| if text.contains('`') { text.clone() } else { format!("`{text}`") };
        let mut sentence = quoted(&self.says);
        for (position, when) in self.when.iter().enumerate() {
            sentence += if position == 0 { " when " } else { " and " };
            sentence += &quoted(when);
        }
        for (position, step) in self.because.iter().enumerate() {
            let path = step.path.as_ref().map_or_else(String::new, |path| format!("{path}:"));
            let place = step.span.start;
            let joint = if position == 0 { "," } else { ";" };
            sentence += &format!("{joint} because {} ({path}{}:{})", step.what, place.line, place.column);
        }
        sentence
    }
}

/// A variable in scope of a hole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextReport {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: String,
}

/// A declared link to another hole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkReport {
    /// How.
    pub kind: LinkKind,
    /// To which hole.
    pub hole: String,
}

/// The report of one checked document.
pub fn check_file(path: &str, checked: &Checked) -> CheckFile {
    CheckFile {
        path: path.to_owned(),
        diagnostics: checked.diagnostics.iter().map(|found| with_documents(checked, found)).collect(),
        declarations: declaration_reports(checked),
        holes: known_holes(checked),
        alignments: alignments(checked),
    }
}

fn alignments(checked: &Checked) -> Vec<AlignmentReport> {
    let place = |span| span_report(&checked.text, &checked.lines, span);
    let report = |alignment: Alignment| AlignmentReport {
        pairs: alignment
            .pairs
            .iter()
            .filter_map(|pair| {
                Some(PairReport {
                    atom: alignment.atoms.get(pair.atom)?.name.clone(),
                    clause: alignment.clauses.get(pair.clause)?.name.clone(),
                    how: pair.how,
                    confidence: pair.confidence,
                    because: pair.because.clone(),
                })
            })
            .collect(),
        intent: alignment.intent,
        spec: alignment.spec,
        atoms: alignment
            .atoms
            .into_iter()
            .map(|atom| AtomReport {
                name: atom.name,
                section: atom.section,
                text: atom.text,
                span: place(atom.span),
            })
            .collect(),
        clauses: alignment
            .clauses
            .into_iter()
            .map(|clause| ClauseReport {
                name: clause.name,
                kind: clause.kind,
                text: clause.text,
                span: place(clause.span),
            })
            .collect(),
    };
    align(&checked.text, &checked.tree).0.into_iter().map(report).collect()
}

/// A span of `text` as people count.
pub fn span_report(text: &str, lines: &LineIndex, span: Span) -> SpanReport {
    SpanReport { start: lines.position(text, span.start), end: lines.position(text, span.end) }
}

/// A place that may lie in an imported document: its path, and the place there.
pub fn located(checked: &Checked, span: Span) -> (Option<String>, SpanReport) {
    match checked.linked.locate(span) {
        Some((source, span)) => (Some(source.path.clone()), span_report(&source.text, &source.lines, span)),
        None => (None, span_report(&checked.text, &checked.lines, span)),
    }
}

/// A diagnostic of a document that may point into others.
fn with_documents(checked: &Checked, found: &Diagnostic) -> DiagnosticReport {
    let mut report = diagnostic_report(&checked.text, &checked.lines, found);
    for (label, reported) in found.labels.iter().zip(&mut report.labels) {
        (reported.path, reported.span) = located(checked, label.span);
    }
    report
}

/// A diagnostic of `text`, ready to show.
pub fn diagnostic_report(text: &str, lines: &LineIndex, found: &Diagnostic) -> DiagnosticReport {
    DiagnosticReport {
        code: found.code.clone(),
        severity: found.severity,
        message: found.message.clone(),
        span: span_report(text, lines, found.span),
        labels: found
            .labels
            .iter()
            .map(|label| LabelReport {
                path: None,
                span: span_report(text, lines, label.span),
                message: label.message.clone(),
            })
            .collect(),
        hint: found.hint.clone(),
    }
}

/// What a document declares, in its order.
pub fn declaration_reports(checked: &Checked) -> Vec<DeclarationReport> {
    let program = &checked.program;
    let effects = Effects::new(program);
    let mut found: Vec<(Span, DeclarationReport)> = program
        .own()
        .filter_map(|id| program.decl(id).map(|decl| (id, decl)))
        .filter(|(_, decl)| decl.span != Span::default())
        .map(|(id, decl)| {
            let (kind, ty) = match &decl.kind {
                DeclKind::Alias(params, body) => {
                    let context: Vec<Name> = params.iter().map(|param| param.name.clone()).collect();
                    ("type", show_type(&**program, &context, body))
                }
                DeclKind::Data(data) if data.entity => ("entity", "Type".to_owned()),
                DeclKind::Data(_) => ("type", "Type".to_owned()),
                DeclKind::Spec(spec) => ("spec", function_text(program, &spec.params, &spec.result)),
                DeclKind::Def(def) => ("def", function_text(program, &def.params, &def.result)),
                DeclKind::Intent(_) => ("intent", "intent".to_owned()),
            };
            let span = span_report(&checked.text, &checked.lines, decl.name_span);
            let effects = effects.of(id).map(|effect| effect.to_string()).collect();
            let name = decl.name.to_string();
            (decl.span, DeclarationReport { name, kind: kind.to_owned(), ty, span, effects })
        })
        .collect();
    found.sort_by_key(|(span, _)| *span);
    found.into_iter().map(|(_, report)| report).collect()
}

/// The type of a definition, as `(x: Int) -> Int`.
fn function_text(program: &Program, params: &[crate::ir::Param], result: &Term) -> String {
    show_type(program, &[], &subst::function_type(params, result))
}

/// The reports of all holes, in order of first appearance, without what is known of them beyond their types.
pub fn hole_reports(checked: &Checked) -> Vec<HoleReport> {
    checked.program.own_holes().filter_map(|id| with_known(checked, id, Known::default())).collect()
}

/// The same with what is known of them, which takes longer.
pub fn known_holes(checked: &Checked) -> Vec<HoleReport> {
    let known = known(checked).into_iter();
    checked.program.own_holes().zip(known).filter_map(|(id, known)| with_known(checked, id, known)).collect()
}

/// The report of one hole; `None` when there is no such hole.
pub fn hole_report(checked: &Checked, id: HoleId) -> Option<HoleReport> {
    with_known(checked, id, known_of(checked, id))
}

fn with_known(checked: &Checked, id: HoleId, known: Known) -> Option<HoleReport> {
    let program = &checked.program;
    let hole = program.hole(id)?;
    let names: Vec<Name> = hole.context.iter().map(|(name, _)| name.clone()).collect();
    let context = hole.context.iter().enumerate().map(|(position, (name, ty))| ContextReport {
        name: name.to_string(),
        ty: show_type(&**program, names.get(..position).unwrap_or_default(), ty),
    });
    let text = |term: &Term| match &*hole.ty.kind {
        TermKind::Universe => show_type(&**program, &names, term),
        _ => show(&**program, &names, term),
    };
    let owner = hole.owner.and_then(|id| program.decl(id));
    let place =
        hole.declared.or(hole.uses.first().copied()).or(owner.map(|decl| decl.name_span)).unwrap_or_default();
    let ty = show_type(&**program, &names, &hole.ty);
    let steps = |because: Vec<crate::holes::Step>| -> Vec<ReasonReport> {
        let step = |step: crate::holes::Step| {
            let (path, span) = located(checked, step.span);
            ReasonReport { what: step.what, path, span }
        };
        because.into_iter().map(step).collect()
    };
    let typed = KnownReport { says: ty.clone(), when: Vec::new(), because: steps(known.typed) };
    let facts = known.facts.into_iter().map(|fact| KnownReport {
        says: fact.says,
        when: fact.when,
        because: steps(fact.because),
    });
    let solved = known.solution.map(|solution| KnownReport {
        says: solution.term,
        when: Vec::new(),
        because: steps(solution.because),
    });
    Some(HoleReport {
        name: hole.name.to_string(),
        kind: hole.kind,
        status: if solved.is_some() { HoleStatus::Solved } else { status(hole) },
        known: Some(typed).filter(|typed| !typed.because.is_empty()).into_iter().chain(facts).collect(),
        solved,
        ty,
        context: context.collect(),
        links: hole.links.iter().map(|(kind, to)| LinkReport { kind: *kind, hole: to.to_string() }).collect(),
        declaration: owner.map(|decl| decl.name.to_string()),
        span: span_report(&checked.text, &checked.lines, place),
        hint: hole.hint.as_deref().map(str::to_owned),
        default: hole.default.as_ref().map(text),
        because: hole.because.as_deref().map(str::to_owned),
        answers: hole.answers.iter().map(text).collect(),
    })
}

fn status(hole: &HoleInfo) -> HoleStatus {
    if hole.default.is_some() {
        HoleStatus::Assumption
    } else if hole.answers.is_empty() {
        HoleStatus::Open
    } else {
        HoleStatus::Question
    }
}
