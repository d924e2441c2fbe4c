//! A whole document in canonical form (`lift fmt`).
//!
//! Promises: prose and comments stay byte for byte; the declarations mean the same; formatting twice changes
//! nothing more. A block with mistakes is left as it is.

use crate::syntax::diagnostic::Severity;
use crate::syntax::document;
use crate::syntax::edit::{Edit, apply};
use crate::syntax::lexer::lex;
use crate::syntax::parser::parse_fence;
use crate::syntax::printer::{print_decl, print_with_comments};
use crate::syntax::span::Span;
use crate::syntax::tree::Decl;

/// A document after formatting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formatted {
    /// Its text.
    pub text: String,
    /// Blocks that were left as they are because they have mistakes, as spans of the old text.
    pub untouched: Vec<Span>,
}

/// `text` with every block of declarations in canonical form.
pub fn format_document(text: &str) -> Formatted {
    let (sections, _) = document::cut(text);
    let mut edits = Vec::new();
    let mut untouched = Vec::new();
    for section in sections {
        let body = section.fence.body;
        match format_body(text, body) {
            Some(formatted) if formatted != body.slice(text) => {
                edits.push(Edit { span: body, replacement: formatted, reason: "format".to_owned() });
            }
            Some(_) => {}
            None => untouched.push(section.fence.span),
        }
    }
    match apply(text, &edits) {
        Ok(text) => Formatted { text, untouched },
        // Bodies of different fences cannot overlap; were they to, nothing is touched.
        Err(_) => Formatted { text: text.to_owned(), untouched },
    }
}

/// How often a body is laid out until its comments stay where they are.
const MOST_ROUNDS: usize = 16;

/// The body of a fence in canonical form; `None` when it has mistakes.
///
/// A comment in the middle of a term moves to the end or the beginning of a line, and there it may belong to
/// another node than before; so what holds comments is laid out again until nothing moves.
fn format_body(text: &str, body: Span) -> Option<String> {
    let (decls, comments) = read(text, body)?;
    let mut formatted = lay_out(text, body, &decls, &comments);
    for _ in 0..MOST_ROUNDS {
        let whole = Span::new(0, formatted.len() as u32);
        let (again, kept) = read(&formatted, whole)?;
        // Always true, unless the printer has a mistake: then the author's text stays.
        let same = again.len() == decls.len()
            && again.iter().zip(&decls).all(|(again, decl)| print_decl(again) == print_decl(decl))
            && letters(&formatted, &kept) == letters(text, &comments);
        if !same {
            return None;
        }
        if comments.is_empty() {
            break;
        }
        let settled = lay_out(&formatted, whole, &again, &kept);
        if settled == formatted {
            break;
        }
        formatted = settled;
    }
    let windows = body.slice(text).contains("\r\n");
    Some(if windows { formatted.replace('\n', "\r\n") } else { formatted })
}

/// Declarations and comments of a body without mistakes.
fn read(text: &str, body: Span) -> Option<(Vec<Decl>, Vec<Span>)> {
    let (decls, diagnostics) = parse_fence(text, body);
    let mistaken = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    (!mistaken).then(|| (decls, lex(text, body).comments))
}

fn lay_out(text: &str, body: Span, decls: &[Decl], comments: &[Span]) -> String {
    let mut page = Page { text, out: String::new(), done: body.start, after_block: false };
    let mut comments = comments;
    for decl in decls {
        let before = comments.partition_point(|comment| comment.end <= decl.span.start);
        let within = comments.partition_point(|comment| comment.start < decl.span.end);
        let (outside, inside) =
            (comments.get(..before).unwrap_or(&[]), comments.get(before..within).unwrap_or(&[]));
        comments = comments.get(within..).unwrap_or(&[]);
        outside.iter().for_each(|comment| page.comment(*comment));
        let (printed, homeless) = print_with_comments(decl, text, inside);
        let block = printed.contains('\n');
        page.separate(decl.span.start, block && outside.is_empty());
        page.out.push_str(&printed);
        page.done = decl.span.end;
        page.after_block = block;
        for comment in homeless {
            page.done = comment.start;
            page.separate(comment.start, false);
            page.out.push_str(comment.slice(text));
            page.after_block = false;
        }
        page.done = decl.span.end;
    }
    comments.iter().for_each(|comment| page.comment(*comment));
    if !page.out.is_empty() {
        page.out.push('\n');
    }
    page.out
}

/// Declarations and the comments between them, as they are put below each other.
struct Page<'a> {
    text: &'a str,
    out: String,
    /// Everything of `text` before this is in `out`.
    done: u32,
    /// Whether the declaration above takes several lines: then an empty line follows it.
    after_block: bool,
}

impl Page<'_> {
    /// A comment between declarations; the first may end the line of the declaration above.
    fn comment(&mut self, comment: Span) {
        let gap = Span::new(self.done, comment.start).slice(self.text);
        if !gap.contains('\n') && !self.out.is_empty() {
            self.out.push(' ');
        } else {
            self.separate(comment.start, false);
            self.after_block = false;
        }
        self.out.push_str(comment.slice(self.text));
        self.done = comment.end;
    }

    /// Begins a new line for what stands at `start`, after an empty one where the author left one, after a block,
    /// and when told to.
    fn separate(&mut self, start: u32, apart: bool) {
        let gap = Span::new(self.done, start).slice(self.text);
        let apart = apart || self.after_block || gap.matches('\n').count() > 1;
        if !self.out.is_empty() {
            self.out.push_str(if apart { "\n\n" } else { "\n" });
        }
    }
}

/// All letters of the comments, sorted: two that end the same line may have become one.
fn letters(text: &str, comments: &[Span]) -> Vec<char> {
    let words = comments.iter().flat_map(|comment| comment.slice(text).chars());
    let mut letters: Vec<char> = words.filter(|letter| !letter.is_whitespace()).collect();
    letters.sort_unstable();
    letters
}
