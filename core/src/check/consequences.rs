//! What only follows from something that could not be read, and is not said beside it.
//!
//! Where a line cannot be read, the tree is a guess: what the rules find on that line of the same declaration, or
//! around it, may be wrong about what the author meant, and goes away or comes back once the line is mended. A part
//! that is missing because reading stopped before it, such as a result type, is not called missing. Findings on
//! other lines stay.

use crate::syntax::diagnostic::{Diagnostic, Severity};
use crate::syntax::span::Span;
use crate::syntax::tree::{DeclKind, Document};
use std::collections::HashSet;

/// A part that stands somewhere in a head: reading may have stopped before it.
const MISSING: [&str; 3] = ["E0202", "E0206", "E0207"];

/// `findings` without those that follow from what the parser reported.
pub(super) fn without_consequences(
    text: &str,
    document: &Document,
    mut findings: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let unread: Vec<Unread> = document
        .diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .map(|found| Unread { at: found.span.start, lines: lines_around(text, found.span) })
        .collect();
    if unread.is_empty() || findings.is_empty() {
        return findings;
    }
    let lost = lost_names(text, document);
    findings.retain(|finding| {
        let lost = finding.code == "E0102" && lost.contains(finding.span.slice(text));
        !lost && !follows(text, document, &unread, finding)
    });
    findings
}

/// Where something could not be read.
struct Unread {
    at: u32,
    /// The whole lines it stands on.
    lines: Span,
}

fn lines_around(text: &str, span: Span) -> Span {
    let before = text.get(..span.start as usize).unwrap_or_default();
    let after = text.get(span.end as usize..).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |newline| newline + 1) as u32;
    Span::new(start, span.end + after.find('\n').unwrap_or(after.len()) as u32)
}

fn follows(text: &str, document: &Document, unread: &[Unread], finding: &Diagnostic) -> bool {
    let behind = document.decls.partition_point(|decl| decl.span.start <= finding.span.start);
    let Some(decl) = behind.checked_sub(1).and_then(|place| document.decls.get(place)) else { return false };
    // Up to the next declaration: what is missing at the end is reported behind the last token.
    let end = document.decls.get(behind).map_or(text.len() as u32, |next| next.span.start);
    let first = unread.partition_point(|unread| unread.at < decl.span.start);
    let last = unread.partition_point(|unread| unread.at < end);
    let own = unread.get(first..last).unwrap_or(&[]);
    if own.is_empty() {
        return false;
    }
    let touches = |span: Span| finding.span.start <= span.end && span.start <= finding.span.end;
    let in_head = || touches(lines_around(text, Span::new(decl.span.start, decl.span.start)));
    let missing = MISSING.contains(&finding.code.as_str()) && in_head();
    missing || finding.code.starts_with("W04") || own.iter().any(|unread| touches(unread.lines))
}

/// Names that somebody tried to declare: the first words of what could not be read as a declaration.
fn lost_names<'t>(text: &'t str, document: &Document) -> HashSet<&'t str> {
    let broken = document.decls.iter().filter(|decl| matches!(decl.kind, DeclKind::Error));
    let words = broken.flat_map(|decl| {
        let head = decl.span.slice(text);
        let head = head.split(['(', '{', '\n', '=']).next().unwrap_or_default();
        head.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty()).take(8)
    });
    words.collect()
}
