//! The tree back to text, in the one canonical form: ASCII spellings, as few parentheses as the grammar allows,
//! lines of at most 100 columns where possible.
//!
//! Promises: parsing what was printed gives the tree back, and printing that gives the same text. Must not:
//! depend on spans, except to keep the author's order of clauses and the comments between them.
//!
//! * [`layout`]: choices about lines;
//! * [`term`], [`declaration`]: what the grammar says, in reverse;
//! * [`comments`]: where comments go.

mod comments;
mod declaration;
mod layout;
mod term;

use crate::syntax::span::Span;
use crate::syntax::tree::{Decl, Expr, Pattern};
use comments::Comments;
use layout::{Doc, Page, WIDTH};

/// A term on one line.
///
/// ```
/// let (term, _) = lift_core::syntax::parse_term("((1)+(2*x)) ≤ 3");
/// assert_eq!(lift_core::syntax::print_expr(&term), "1 + 2 * x <= 3");
/// ```
pub fn print_expr(expr: &Expr) -> String {
    Printer::default().term(expr).render(Page::OneLine)
}

/// A type on one line.
///
/// ```
/// let (ty, _) = lift_core::syntax::parse_type("(List  Int) × Str → Bool");
/// assert_eq!(lift_core::syntax::print_type(&ty), "List Int * Str -> Bool");
/// ```
pub fn print_type(ty: &Expr) -> String {
    Printer::default().ty(ty).render(Page::OneLine)
}

/// A pattern on one line.
pub fn print_pattern(pattern: &Pattern) -> String {
    Printer::default().whole_pattern(pattern).render(Page::OneLine)
}

/// A declaration as it stands in a document, without a line break at its end.
pub fn print_decl(decl: &Decl) -> String {
    Printer::default().declaration(decl).render(Page::Columns(WIDTH))
}

/// A declaration of `text` with the comments that lie within it, in order, and those that found no place in it
/// because nothing but closing brackets comes after them.
pub(in crate::syntax) fn print_with_comments(
    decl: &Decl,
    text: &str,
    comments: &[Span],
) -> (String, Vec<Span>) {
    let mut printer = Printer { comments: Comments::new(text, comments.iter().copied()) };
    let doc = printer.declaration(decl);
    (doc.render(Page::Columns(WIDTH)), printer.comments.rest())
}

/// Builds layouts; holds the comments that wait for their place.
#[derive(Default)]
struct Printer<'a> {
    comments: Comments<'a>,
}

/// Whether the items of a block may share a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lines {
    /// One item a line.
    Always,
    /// On one line if they fit.
    IfLong,
}

/// An item of a block.
struct Item {
    /// The comments before it.
    before: Doc,
    /// Its text.
    doc: Doc,
    /// The comment behind it.
    behind: Doc,
    /// Whether a comma must stand between it and the next in any case.
    comma: bool,
}

impl Printer<'_> {
    /// `head item item }`, where `head` ends with the opening brace; `end` is the end of the block in the text.
    fn block(&mut self, head: Doc, items: Vec<Item>, end: u32, lines: Lines) -> Doc {
        let line = || match lines {
            Lines::Always => Doc::HardLine(" "),
            Lines::IfLong => Doc::Line,
        };
        let left = self.comments.at_end(end);
        if items.is_empty() && left.is_nothing() {
            return head.then_text("}");
        }
        let mut inner = Doc::nothing();
        let mut items = items.into_iter().peekable();
        while let Some(item) = items.next() {
            inner = inner.then(line()).then(item.before).then(item.doc);
            if let Some(next) = items.peek() {
                // Such a beginning would read as going on with this item.
                let needed = item.comma || matches!(next.doc.first_char(), Some('(' | '[' | '-'));
                inner = inner.then(if needed { Doc::text(",") } else { Doc::IfFlat(",") });
            }
            inner = inner.then(item.behind);
        }
        head.then(inner.then(left).indent()).then(line()).then_text("}").group()
    }
}
