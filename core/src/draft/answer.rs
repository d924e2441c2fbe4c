//! Answers to the questions of a document, as edits on hole declarations.
//!
//! Promises: only the declaration of the hole changes; everything else keeps its bytes. Must not: decide a hole
//! that has no answers.

use super::adapt::{Edit, apply};
use super::idiom::holes;
use super::predicate::literal;
use crate::syntax::lexer::{Kind, lex};
use crate::syntax::span::Span;
use crate::syntax::tree::{DeclKind, HoleDecl};
use crate::syntax::{parse, parse_term};
use serde::{Deserialize, Serialize};

/// A question that was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The hole.
    pub hole: String,
    /// The answer, a term.
    pub answer: String,
}

/// Why an answer could not be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerError {
    /// The document declares no hole of that name; those it does declare.
    NoSuchHole(Vec<String>),
    /// The answer is not a term: what the parser said.
    NotATerm(String),
}

impl std::fmt::Display for AnswerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            AnswerError::NoSuchHole(declared) if declared.is_empty() => {
                write!(f, "the document declares no holes")
            }
            AnswerError::NoSuchHole(declared) => {
                write!(
                    f,
                    "there is no declaration of that hole; the document declares ?{}",
                    declared.join(", ?")
                )
            }
            AnswerError::NotATerm(message) => write!(f, "the answer is not a term: {message}"),
        }
    }
}

/// Takes the first answer of every open question.
///
/// ```
/// let document = "```spec-ir\nhole ?n: term Int\n  answers { 1, 2 }\n```\n";
/// let (decided, accepted) = lift_core::draft::accept_defaults(document);
/// assert!(decided.contains("hole ?n: term Int = 1\n"));
/// assert_eq!(accepted.len(), 1);
/// ```
pub fn accept_defaults(document: &str) -> (String, Vec<Accepted>) {
    let parsed = parse(document);
    let mut edits = Vec::new();
    let mut accepted = Vec::new();
    for hole in holes(&parsed).filter(|hole| hole.default.is_none()) {
        let (Some(first), Some(ty)) = (hole.answers.first(), &hole.ty) else { continue };
        let answer = first.span.slice(document).to_owned();
        let text = format!(" = {answer}\n  because {}", literal("the usual answer, accepted"));
        let at = end_of_type(document, ty.span.end);
        edits.push(Edit { span: Span::new(at, at), text });
        accepted.push(Accepted { hole: hole.name.name.clone(), answer });
    }
    (apply(document, edits), accepted)
}

/// Decides a declared hole, or decides it again.
pub fn answer(document: &str, hole: &str, term: &str) -> Result<String, AnswerError> {
    let (_, diagnostics) = parse_term(term);
    if let Some(first) = diagnostics.first() {
        return Err(AnswerError::NotATerm(first.message.clone()));
    }
    let name = hole.trim_start_matches('?');
    let parsed = parse(document);
    let found = parsed.decls.iter().find_map(|decl| match &decl.kind {
        DeclKind::Hole(declared) if declared.name.name == name => Some((decl.span, declared)),
        _ => None,
    });
    let Some((span, declared)) = found else {
        return Err(AnswerError::NoSuchHole(holes(&parsed).map(|hole| hole.name.name.clone()).collect()));
    };
    let mut edits = Vec::new();
    if let Some(reason) = reason_span(document, span) {
        edits.push(Edit { span: reason, text: literal("answered") });
        edits.push(decision(document, declared, term, ""));
    } else {
        edits.push(decision(document, declared, term, &format!("\n  because {}", literal("answered"))));
    }
    Ok(apply(document, edits))
}

/// The edit that puts `term` where the default is or would be.
fn decision(document: &str, hole: &HoleDecl, term: &str, after: &str) -> Edit {
    match (&hole.default, &hole.ty) {
        (Some(default), _) => Edit { span: default.span, text: format!("{term}{after}") },
        (None, ty) => {
            let at = ty.as_ref().map_or(hole.name.span.end, |ty| end_of_type(document, ty.span.end));
            Edit { span: Span::new(at, at), text: format!(" = {term}{after}") }
        }
    }
}

/// Past the parentheses around a type: they are no part of its span.
fn end_of_type(document: &str, end: u32) -> u32 {
    let rest = document.get(end as usize..).unwrap_or("");
    let closing = rest.char_indices().take_while(|(_, c)| *c == ')' || c.is_whitespace());
    closing.filter(|(_, c)| *c == ')').last().map_or(end, |(at, _)| end + at as u32 + 1)
}

/// The text after `because` in a hole declaration.
fn reason_span(document: &str, declaration: Span) -> Option<Span> {
    let tokens = lex(document, declaration).tokens;
    let because = tokens
        .windows(2)
        .find(|pair| matches!(pair, [word, text] if word.span.slice(document) == "because" && text.kind == Kind::Text))?;
    because.get(1).map(|text| text.span)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "Prose ?n stays.\n\n```spec-ir\nhole ?n: term Int\n  hint \"how many\"\n  answers { 3, 4 }\n\n\
                            hole ?s: term Str = \" \" because \"white space\"\n```\n";

    #[test]
    fn the_first_answer_is_taken_and_nothing_else_changes() {
        let (decided, accepted) = accept_defaults(DOCUMENT);
        assert_eq!(accepted, [Accepted { hole: "n".into(), answer: "3".into() }]);
        let expected = DOCUMENT
            .replace("?n: term Int\n", "?n: term Int = 3\n  because \"the usual answer, accepted\"\n");
        assert_eq!(decided, expected);
        assert_eq!(accept_defaults(&decided), (decided.clone(), vec![]));
        assert_eq!(parse(&decided).diagnostics, []);
    }

    #[test]
    fn an_answer_decides_and_decides_again() {
        let decided = answer(DOCUMENT, "?n", "7").unwrap();
        assert!(decided.contains("hole ?n: term Int = 7\n  because \"answered\""));
        let again = answer(&decided, "n", "8").unwrap();
        assert!(again.contains("hole ?n: term Int = 8\n  because \"answered\""));
        let reopened = answer(DOCUMENT, "s", "\",\"").unwrap();
        assert!(reopened.contains("hole ?s: term Str = \",\" because \"answered\""));
        assert!(matches!(answer(DOCUMENT, "x", "1"), Err(AnswerError::NoSuchHole(_))));
        assert!(matches!(answer(DOCUMENT, "n", "1 +"), Err(AnswerError::NotATerm(_))));
    }
}
