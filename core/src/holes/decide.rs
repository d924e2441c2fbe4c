//! The edits that decide holes.

use crate::check::{self, Checked, Documents};
use crate::ir::distill::show_type;
use crate::ir::{HoleId, HoleInfo, Name};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::edit::{self, Edit};
use crate::syntax::lexer::{Kind, lex};
use crate::syntax::span::Span;
use crate::syntax::tree::{DeclKind, Expr, ExprKind, HoleDecl, HoleKind, Ident};
use crate::syntax::{parse, parse_term, parse_type, print_decl, print_expr, print_type};

/// A decision as an edit, and the document after it.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The edits, in order of place.
    pub edits: Vec<Edit>,
    /// The whole document after them.
    pub text: String,
}

/// Why a hole could not be decided this way. The document is untouched.
#[derive(Debug, Clone, PartialEq)]
pub enum DecisionError {
    /// There is no hole of that name; the names there are.
    NoSuchHole {
        /// As asked.
        name: String,
        /// The document's holes.
        known: Vec<String>,
    },
    /// The term does not parse or does not fit; spans are in the term's text.
    DoesNotFit {
        /// The hole's type, as an author would write it.
        ty: String,
        /// What is wrong with the term.
        diagnostics: Vec<Diagnostic>,
    },
    /// The edit would break the document elsewhere; spans are in the document after the edit.
    Breaks {
        /// What would be wrong.
        diagnostics: Vec<Diagnostic>,
    },
    /// Only a hole with a declaration of its own can have a default.
    NotDeclared {
        /// Its name.
        name: String,
    },
    /// It has no default to take back.
    NoDefault {
        /// Its name.
        name: String,
    },
}

/// Puts `term` where the hole stands, everywhere it stands, and takes its declaration out.
pub fn fill(checked: &Checked, name: &str, term: &str) -> Result<Decision, DecisionError> {
    fill_beside(checked, name, term, &*checked.linked)
}

/// The same with the documents that lie beside this one: a hole of kind `module` is filled with the path of one.
pub fn fill_beside(
    checked: &Checked,
    name: &str,
    term: &str,
    documents: &dyn Documents,
) -> Result<Decision, DecisionError> {
    let (id, hole) = find(checked, name)?;
    let name = &*hole.name;
    if hole.kind == HoleKind::Module {
        return choose_document(checked, hole, term, documents);
    }
    let expr = fitting(checked, id, hole, term)?;
    // A comment in the term would hide what follows the hole on its line: then the canonical text is used.
    let printed = if is_type(hole) { print_type(&expr) } else { print_expr(&expr) };
    let text = if term.contains("//") { printed.as_str() } else { term.trim() };
    if hole.uses.is_empty() {
        return match (hole.declared, hole.owner.and_then(|owner| checked.program.decl(owner))) {
            // Nobody uses it yet: the decision is kept with the declaration.
            (Some(_), _) => redeclare(checked, hole, |decl| decl.default = Some(expr)),
            (None, Some(owner)) => {
                let end = owner.span.end;
                finish(checked, vec![insertion(end, format!(" =\n  {text}"), name)])
            }
            (None, None) => Err(DecisionError::NotDeclared { name: name.to_owned() }),
        };
    }
    let mut edits: Vec<Edit> = hole
        .uses
        .iter()
        .map(|span| Edit { span: *span, replacement: text.to_owned(), reason: format!("fill ?{name}") })
        .collect();
    if !is_closed(&expr) && !reads_the_same(checked, &edits, text) {
        edits.iter_mut().for_each(|edit| edit.replacement = format!("({text})"));
    }
    edits.extend(undeclared(checked, hole));
    edits.sort_by_key(|edit| edit.span);
    finish(checked, edits)
}

/// Takes the declaration of a hole out, and it out of the links of others.
fn undeclared(checked: &Checked, hole: &HoleInfo) -> Vec<Edit> {
    let Some(declared) = hole.declared else { return Vec::new() };
    let span = with_line(&checked.text, declared);
    let gone = Edit { span, replacement: String::new(), reason: format!("?{} is decided", hole.name) };
    std::iter::once(gone).chain(unlinked(checked, &hole.name)).collect()
}

/// Puts the path of a document where a hole stands for one: in its imports.
fn choose_document(
    checked: &Checked,
    hole: &HoleInfo,
    path: &str,
    documents: &dyn Documents,
) -> Result<Decision, DecisionError> {
    let name = &hole.name;
    if hole.uses.is_empty() {
        let why = format!("nothing is imported from `?{name}` yet");
        let hint = format!("write `import ?{name} as name`, or import the document by its path");
        let span = hole.declared.unwrap_or_default();
        return Err(DecisionError::Breaks {
            diagnostics: vec![Diagnostic::error("E0108", span, why).hint(hint)],
        });
    }
    let path = path.trim();
    let path = path.strip_prefix('"').and_then(|path| path.strip_suffix('"')).unwrap_or(path);
    let text = print_expr(&Expr { span: Span::default(), kind: ExprKind::Str(path.to_owned()) });
    let reason = format!("fill ?{name}");
    let put = |span: &Span| Edit { span: *span, replacement: text.clone(), reason: reason.clone() };
    let mut edits: Vec<Edit> = hole.uses.iter().map(put).collect();
    // What was open of it waits for it no longer.
    edits.extend(undeclared(checked, hole));
    edits.sort_by_key(|edit| edit.span);
    finish_beside(checked, edits, documents)
}

/// Makes a declared hole an assumption: it takes `term` as its default, with the reason.
pub fn assume(checked: &Checked, name: &str, term: &str, because: &str) -> Result<Decision, DecisionError> {
    let (id, hole) = find(checked, name)?;
    let expr = fitting(checked, id, hole, term)?;
    redeclare(checked, hole, |decl| {
        decl.default = Some(expr);
        decl.because = Some(because.to_owned());
    })
}

/// Takes the default of an assumption back; it becomes the first of the usual answers.
pub fn reopen(checked: &Checked, name: &str) -> Result<Decision, DecisionError> {
    let (_, hole) = find(checked, name)?;
    if hole.default.is_none() {
        return Err(DecisionError::NoDefault { name: name.to_owned() });
    }
    redeclare(checked, hole, |decl| {
        decl.because = None;
        if let Some(default) = decl.default.take() {
            let text = print_expr(&default);
            decl.answers.retain(|answer| print_expr(answer) != text);
            decl.answers.insert(0, default);
        }
    })
}

/// The hole of that name.
fn find<'a>(checked: &'a Checked, name: &str) -> Result<(HoleId, &'a HoleInfo), DecisionError> {
    let name = name.strip_prefix('?').unwrap_or(name);
    let found = checked.program.holes.iter().position(|hole| &*hole.name == name);
    found
        .and_then(|index| checked.program.holes.get(index).map(|hole| (HoleId(index as u32), hole)))
        .ok_or_else(|| DecisionError::NoSuchHole {
            name: name.to_owned(),
            known: checked
                .program
                .own_holes()
                .filter_map(|id| Some(checked.program.hole(id)?.name.to_string()))
                .collect(),
        })
}

/// The term's tree, once it has been checked against the hole.
fn fitting(checked: &Checked, id: HoleId, hole: &HoleInfo, term: &str) -> Result<Expr, DecisionError> {
    let names: Vec<Name> = hole.context.iter().map(|(name, _)| name.clone()).collect();
    let refuse = |diagnostics| DecisionError::DoesNotFit {
        ty: show_type(&*checked.program, &names, &hole.ty),
        diagnostics,
    };
    let (expr, diagnostics) = if is_type(hole) { parse_type(term) } else { parse_term(term) };
    if !diagnostics.is_empty() {
        return Err(refuse(diagnostics));
    }
    check::check_for_hole(&checked.program, id, &expr).map_err(refuse)?;
    Ok(expr)
}

/// Whether the hole stands for a type.
fn is_type(hole: &HoleInfo) -> bool {
    matches!(&*hole.ty.kind, crate::ir::TermKind::Universe)
}

/// Whether an expression means the same whatever stands around it.
fn is_closed(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Name(_)
        | ExprKind::Int(_)
        | ExprKind::Str(_)
        | ExprKind::Bool(_)
        | ExprKind::Unit
        | ExprKind::Tuple(_)
        | ExprKind::List(_)
        | ExprKind::Hole(_)
        | ExprKind::Call(..)
        | ExprKind::Record(..)
        | ExprKind::Field(..)
        | ExprKind::Index(..)
        | ExprKind::Ascribe(..)
        | ExprKind::Refine(..) => true,
        ExprKind::Infer
        | ExprKind::HoleHere(_)
        | ExprKind::TypeApp(..)
        | ExprKind::Eff(..)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::If(..)
        | ExprKind::Match(..)
        | ExprKind::Let(..)
        | ExprKind::Lambda(..)
        | ExprKind::Quantified(..)
        | ExprKind::Bounded(..)
        | ExprKind::Arrow(..)
        | ExprKind::Product(_)
        | ExprKind::Decimal(_)
        | ExprKind::Error => false,
    }
}

/// Whether the document reads the same with `term` put in bare as with parentheses around it.
fn reads_the_same(checked: &Checked, edits: &[Edit], term: &str) -> bool {
    let wrapped: Vec<Edit> =
        edits.iter().map(|edit| Edit { replacement: format!("({term})"), ..edit.clone() }).collect();
    let printed = |edits: &[Edit]| {
        let document = parse(&edit::apply(&checked.text, edits).ok()?);
        let sound = document.diagnostics.len() <= checked.tree.diagnostics.len();
        sound.then(|| document.decls.iter().map(print_decl).collect::<Vec<_>>())
    };
    matches!((printed(edits), printed(&wrapped)), (Some(bare), Some(wrapped)) if bare == wrapped)
}

/// Rewrites the declaration of a hole.
fn redeclare(
    checked: &Checked,
    hole: &HoleInfo,
    change: impl FnOnce(&mut HoleDecl),
) -> Result<Decision, DecisionError> {
    let declared = hole.declared.ok_or_else(|| DecisionError::NotDeclared { name: hole.name.to_string() })?;
    let decl = checked.tree.decls.iter().find(|decl| decl.span == declared);
    let Some((mut decl, DeclKind::Hole(mut content))) = decl.map(|decl| (decl.clone(), decl.kind.clone()))
    else {
        return Err(DecisionError::NotDeclared { name: hole.name.to_string() });
    };
    change(&mut content);
    decl.kind = DeclKind::Hole(content);
    let replacement = print_decl(&decl);
    finish(checked, vec![Edit { span: declared, replacement, reason: format!("decide ?{}", hole.name) }])
}

fn insertion(at: u32, text: String, name: &str) -> Edit {
    Edit { span: Span::new(at, at), replacement: text, reason: format!("fill ?{name}") }
}

/// Takes a hole that goes away out of the links of the others.
fn unlinked(checked: &Checked, name: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (whole, hole) in linking(checked) {
        if &*hole.name.name == name || hole.links.iter().all(|(_, target)| &*target.name != name) {
            continue;
        }
        let tokens = lex(&checked.text, whole).tokens;
        let at = |place: usize| tokens.get(place).copied();
        let kind = |place: Option<usize>| place.and_then(at).map(|token| token.kind);
        let goes = |(_, target): &&(_, Ident)| &*target.name == name;
        let mut cut = |span: Span| {
            edits.push(Edit { span, replacement: String::new(), reason: format!("?{name} is decided") });
        };
        let links: Vec<usize> = (0..tokens.len())
            .filter(|place| at(*place).is_some_and(|token| token.span.slice(&checked.text) == "links"))
            .filter(|place| kind(Some(place + 1)) == Some(Kind::LeftBrace))
            .collect();
        if let ([links], true) = (links.as_slice(), hole.links.iter().all(|link| goes(&link)))
            && let Some(opening) = at(*links)
            && let Some(closing) = tokens.iter().skip(*links).find(|token| token.kind == Kind::RightBrace)
        {
            let before = checked.text.get(..opening.span.start as usize).unwrap_or("");
            let blank = before.len() - before.trim_end().len();
            cut(Span::new(opening.span.start - blank as u32, closing.span.end));
            continue;
        }
        for (_, target) in hole.links.iter().filter(goes) {
            // `uses ?name`, with the separator that follows it or else the one before.
            let Some(place) = tokens.iter().position(|token| token.span.end == target.span.end) else {
                continue;
            };
            let Some(word) = place.checked_sub(1).and_then(at) else { continue };
            let separates = |kind: Option<Kind>| matches!(kind, Some(Kind::Comma | Kind::Semicolon));
            let after = at(place + 2).filter(|_| separates(kind(Some(place + 1))));
            let before = place.checked_sub(2).filter(|before| separates(kind(Some(*before)))).and_then(at);
            cut(match (after, before) {
                (Some(next), _) => Span::new(word.span.start, next.span.start),
                (None, Some(separator)) => Span::new(separator.span.start, target.span.end),
                (None, None) => Span::new(word.span.start, target.span.end),
            });
        }
    }
    edits
}

/// Everything that may hold links: declarations of holes, and holes that say what is known of them where they stand.
fn linking(checked: &Checked) -> Vec<(Span, &HoleDecl)> {
    let mut found = Vec::new();
    for decl in &checked.tree.decls {
        if let DeclKind::Hole(hole) = &decl.kind {
            found.push((decl.span, hole));
        }
        let mut todo: Vec<&Expr> = Vec::new();
        decl.for_each_expr(&mut |expr| todo.push(expr));
        while let Some(expr) = todo.pop() {
            if let ExprKind::HoleHere(hole) = &expr.kind {
                found.push((expr.span, hole));
            }
            expr.for_each_child(&mut |child| todo.push(child));
        }
    }
    found
}

/// A declaration with the rest of its line when nothing else stands there.
fn with_line(text: &str, span: Span) -> Span {
    let before = text.get(..span.start as usize).unwrap_or("");
    let after = text.get(span.end as usize..).unwrap_or("");
    let starts_line = before.trim_end_matches([' ', '\t']).ends_with('\n') || before.is_empty();
    let blank = after.len() - after.trim_start_matches([' ', '\t']).len();
    let rest = after.get(blank..).unwrap_or("");
    match (starts_line, rest.strip_prefix("\r\n").map(|_| 2).or(rest.strip_prefix('\n').map(|_| 1))) {
        (true, Some(newline)) => {
            let indent = before.len() - before.trim_end_matches([' ', '\t']).len();
            Span::new(span.start - indent as u32, span.end + (blank + newline) as u32)
        }
        _ => span,
    }
}

/// Applies the edits; the document may not get worse by them.
fn finish(checked: &Checked, edits: Vec<Edit>) -> Result<Decision, DecisionError> {
    finish_beside(checked, edits, &*checked.linked)
}

fn finish_beside(
    checked: &Checked,
    edits: Vec<Edit>,
    documents: &dyn Documents,
) -> Result<Decision, DecisionError> {
    let breaks = |diagnostics| DecisionError::Breaks { diagnostics };
    let text = edit::apply(&checked.text, &edits).map_err(|_| breaks(Vec::new()))?;
    let after = check::check_with(&checked.path, &text, documents);
    if after.diagnostics.len() > checked.diagnostics.len() {
        return Err(breaks(after.diagnostics));
    }
    Ok(Decision { edits, text })
}
