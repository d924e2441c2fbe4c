//! The words sent with a constraint.
//!
//! What is known to help most is the expected type with the definitions it mentions (Blinn et al., *Statically
//! Contextualizing LLMs with Typed Holes*, OOPSLA 2024), so the prompt is the declaration's own text and that of
//! every type it leads to, the words the author wrote about it, and what the grammar could not say.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use lift_core::check::Checked;
use lift_core::constrain::{Constraint, Dialect};
use lift_core::ir::{DeclId, DeclKind, Declaration, HoleInfo, Program, TermKind, distill};

/// The most that an answer is given room for.
const MOST_TOKENS: u32 = 2048;

/// The prompt for a target under a constraint.
pub fn prompt(checked: &Checked, target: &str, constraint: &Constraint) -> String {
    let program = &checked.program;
    let hole =
        target.strip_prefix('?').and_then(|name| program.holes.iter().find(|hole| &*hole.name == name));
    let owner = match hole {
        Some(hole) => hole.owner,
        None => program.lookup(target),
    };
    let mut text = String::new();
    let declarations = declarations(program, owner, hole);
    for prose in declarations.iter().filter_map(|decl| decl.prose.as_deref()) {
        let _ = writeln!(text, "{prose}\n");
    }
    // The document's own first, then those of each document it leans on, under the names they have there.
    for group in declarations.chunk_by(|a, b| source(checked, a) == source(checked, b)) {
        if let Some(path) = group.first().and_then(|decl| source(checked, decl)) {
            let _ = writeln!(text, "From `{path}`:\n");
        }
        let _ = writeln!(text, "```spec-ir");
        for decl in group {
            let written = match checked.linked.locate(decl.span) {
                Some((source, span)) => span.slice(&source.text),
                None => decl.span.slice(&checked.text),
            };
            let _ = writeln!(text, "{written}");
        }
        let _ = writeln!(text, "```\n");
    }
    let ask = match hole {
        Some(hole) => {
            let names: Vec<_> = hole.context.iter().map(|(name, _)| name.clone()).collect();
            let ty = distill::show_type(&**program, &names, &hole.ty);
            let hint = hole.hint.as_deref().map(|hint| format!(" ({hint})")).unwrap_or_default();
            format!("Give a value of type `{ty}` for `{target}`{hint}.")
        }
        None => match owner.and_then(|id| program.decl(id)).map(|decl| &decl.kind) {
            Some(DeclKind::Def(_) | DeclKind::Spec(_)) => {
                format!("Give one set of arguments for `{target}`.")
            }
            _ => format!("Give one value of `{target}`."),
        },
    };
    let _ = writeln!(text, "{ask}");
    let form = match constraint.dialect {
        Dialect::JsonSchema => "Answer with JSON that fits the schema, and nothing else.",
        _ => "Answer with the term alone, on one line.",
    };
    let _ = writeln!(text, "{form}");
    if !constraint.residuals.is_empty() {
        let _ = writeln!(text, "\nIt must also hold:");
        for residual in &constraint.residuals {
            let of =
                if residual.path.is_empty() { String::new() } else { format!(" (of `{}`)", residual.path) };
            let _ = writeln!(text, "- {}{of}", residual.predicate);
        }
    }
    text
}

/// The path of the document that a declaration stands in, when it is another one.
fn source<'c>(checked: &'c Checked, decl: &Declaration) -> Option<&'c str> {
    checked.linked.locate(decl.span).map(|(source, _)| source.path.as_str())
}

/// The declarations that the target leads to, in the order of the document. The prelude is known.
fn declarations<'p>(
    program: &'p Program,
    owner: Option<DeclId>,
    hole: Option<&HoleInfo>,
) -> Vec<&'p Declaration> {
    let mut reached = BTreeSet::new();
    let mut rest: Vec<DeclId> = owner.into_iter().collect();
    if let Some(hole) = hole {
        hole.ty.walk(&mut |term| rest.extend(mentioned(&term.kind)));
        hole.context.iter().for_each(|(_, ty)| ty.walk(&mut |term| rest.extend(mentioned(&term.kind))));
    }
    while let Some(id) = rest.pop() {
        let Some(decl) = program.decl(id).filter(|_| program.is_declared(id)) else { continue };
        if reached.insert(id) {
            signature(decl, &mut |kind| rest.extend(mentioned(kind)));
        }
    }
    let mut declarations: Vec<&Declaration> =
        reached.iter().filter_map(|id| program.decl(*id)).map(|decl| &**decl).collect();
    declarations.sort_by_key(|decl| decl.span);
    declarations
}

/// Every term of a declaration that is not a body.
fn signature(decl: &Declaration, visit: &mut dyn FnMut(&TermKind)) {
    let mut walk = |term: &lift_core::ir::Term| term.walk(&mut |term| visit(&term.kind));
    match &decl.kind {
        DeclKind::Alias(_, body) => walk(body),
        DeclKind::Data(data) => {
            data.ctors.iter().flat_map(|ctor| &ctor.fields).for_each(|(_, ty)| walk(ty));
            data.invariants.iter().for_each(|clause| walk(&clause.body));
        }
        DeclKind::Spec(spec) => {
            spec.params.iter().for_each(|param| walk(&param.ty));
            spec.requires.iter().for_each(|clause| walk(&clause.body));
        }
        DeclKind::Def(def) => {
            def.params.iter().for_each(|param| walk(&param.ty));
            walk(&def.result);
            def.requires.iter().for_each(|clause| walk(&clause.body));
        }
        DeclKind::Intent(_) => {}
    }
}

fn mentioned(kind: &TermKind) -> Option<DeclId> {
    match kind {
        TermKind::Global(id) | TermKind::Data(id) | TermKind::Con(id, _) => Some(*id),
        _ => None,
    }
}

/// Room for an answer: about as many tokens as the grammar has characters, within bounds. A truncated answer is a
/// failure, so it errs on the large side.
pub fn max_tokens(constraint: &Constraint) -> u32 {
    u32::try_from(constraint.text.len()).unwrap_or(MOST_TOKENS).clamp(64, MOST_TOKENS)
}
