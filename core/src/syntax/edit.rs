//! Changes to a document, as data.
//!
//! Filling a hole, accepting a fit, a model's answer and a person's typing are the same thing: an edit with a
//! reason. Promises: bytes outside the edits never change; edits that cannot be applied change nothing.

use crate::syntax::span::Span;
use crate::syntax::tree::{Decl, DeclKind, DefDecl};
use serde::{Deserialize, Serialize};

/// Replace the text of `span` by `replacement`. An empty span inserts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// What is replaced, in byte offsets of the document before all edits.
    pub span: Span,
    /// What stands there afterwards.
    pub replacement: String,
    /// Why, in words for the history.
    pub reason: String,
}

/// Why edits could not be applied. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditError {
    /// The span does not lie within the document, or its end comes before its start.
    OutOfBounds(Span),
    /// An end of the span falls into the middle of a character.
    InsideCharacter(Span),
    /// Two edits replace the same text, or insert at the same place, so that their order would matter.
    Overlap(Span, Span),
}

impl std::fmt::Display for EditError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            EditError::OutOfBounds(span) => {
                write!(out, "bytes {} to {} are not part of the document", span.start, span.end)
            }
            EditError::InsideCharacter(span) => {
                write!(out, "bytes {} to {} begin or end inside a character", span.start, span.end)
            }
            EditError::Overlap(one, other) => {
                write!(
                    out,
                    "the edit of bytes {} to {} overlaps the one of bytes {} to {}",
                    one.start, one.end, other.start, other.end
                )
            }
        }
    }
}

impl std::error::Error for EditError {}

/// The edit that puts a clause more into a spec or a definition, behind those it has. `None` for other declarations.
pub fn clause_more(text: &str, decl: &Decl, clause: &str, reason: String) -> Option<Edit> {
    let empty = |at| Span::new(at, at);
    let (span, replacement) = match &decl.kind {
        // Before the brace that closes it.
        DeclKind::Spec(_) if decl.span.slice(text).contains('\n') => {
            (empty(decl.span.end.checked_sub(1)?), format!("  {clause}\n"))
        }
        DeclKind::Spec(_) => (empty(decl.span.end.checked_sub(1)?), format!("{clause} ")),
        DeclKind::Def(DefDecl { body: None, .. }) => (empty(decl.span.end), format!("\n  {clause}")),
        DeclKind::Def(def) => {
            let clauses = def.ensures.iter().chain(&def.requires).map(|clause| clause.span.end);
            let implements = def.implements.iter().map(|spec| spec.span.end);
            let head = def.result.iter().map(|result| result.span.end);
            let end = clauses.chain(implements).chain(head).max()?;
            let rest = text.get(end as usize..)?;
            let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            // What stood on the same line begins one of its own.
            let line = if rest.get(blank..)?.starts_with(['\n', '\r']) { "" } else { "\n" };
            (Span::new(end, end + blank as u32), format!("\n  {clause}{line}"))
        }
        _ => return None,
    };
    Some(Edit { span, replacement, reason })
}

/// `text` with all `edits` made at once. Their order does not matter.
///
/// ```
/// use lift_core::syntax::edit::{Edit, apply};
/// use lift_core::syntax::span::Span;
/// let fill = Edit { span: Span::new(4, 6), replacement: "1".into(), reason: "fill ?x".into() };
/// assert_eq!(apply("2 + ?x", &[fill]).unwrap(), "2 + 1");
/// ```
pub fn apply(text: &str, edits: &[Edit]) -> Result<String, EditError> {
    let mut ordered: Vec<&Edit> = edits.iter().collect();
    ordered.sort_by_key(|edit| edit.span);
    let grown: usize = ordered.iter().map(|edit| edit.replacement.len()).sum();
    let mut out = String::with_capacity(text.len() + grown);
    let mut done = 0;
    let mut before: Option<Span> = None;
    for edit in ordered {
        let span = edit.span;
        if span.end < span.start || span.end as usize > text.len() {
            return Err(EditError::OutOfBounds(span));
        }
        if let Some(before) = before.filter(|before| before.end > span.start || *before == span) {
            return Err(EditError::Overlap(before, span));
        }
        let kept = text.get(done..span.start as usize).filter(|_| text.is_char_boundary(span.end as usize));
        out.push_str(kept.ok_or(EditError::InsideCharacter(span))?);
        out.push_str(&edit.replacement);
        done = span.end as usize;
        before = Some(span);
    }
    out.push_str(text.get(done..).unwrap_or(""));
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: u32, end: u32, replacement: &str) -> Edit {
        Edit { span: Span::new(start, end), replacement: replacement.to_owned(), reason: String::new() }
    }

    #[test]
    fn edits_apply_in_any_order_and_keep_the_rest() {
        let edits = [edit(6, 9, "-"), edit(0, 1, ""), edit(4, 4, "+")];
        assert_eq!(apply("a é b–c", &edits), Ok(" é+ b-c".to_owned()));
    }

    #[test]
    fn what_cannot_be_applied_says_why() {
        let cases = [
            (vec![edit(0, 9, "")], EditError::OutOfBounds(Span::new(0, 9))),
            (vec![edit(2, 1, "")], EditError::OutOfBounds(Span::new(2, 1))),
            (vec![edit(1, 2, "")], EditError::InsideCharacter(Span::new(1, 2))),
            (vec![edit(0, 2, ""), edit(1, 3, "")], EditError::Overlap(Span::new(0, 2), Span::new(1, 3))),
            (vec![edit(1, 1, "x"), edit(1, 1, "y")], EditError::Overlap(Span::new(1, 1), Span::new(1, 1))),
        ];
        for (edits, expected) in cases {
            let text = if matches!(expected, EditError::InsideCharacter(_)) { "é." } else { "abc" };
            assert_eq!(apply(text, &edits), Err(expected));
        }
    }

    #[test]
    fn touching_edits_are_fine() {
        assert_eq!(apply("abc", &[edit(0, 1, "x"), edit(1, 1, "-"), edit(1, 2, "y")]), Ok("x-yc".to_owned()));
    }
}
