//! Markdown to fences and prose, after the rules of CommonMark for fenced code blocks.
//!
//! Promises: spans are byte offsets into the whole document; every `spec-ir` fence is found, also an unclosed
//! one, which is reported and ends at the end of the document or where the next `spec-ir` fence opens. Must not:
//! look inside a fence for anything but the line that ends it.

use crate::syntax::codes;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;
use crate::syntax::tree::Fence;

/// Documents longer than this, in bytes, are not read.
pub const LONGEST_DOCUMENT: usize = 4 * 1024 * 1024;

/// The tags whose fences hold declarations.
const TAGS: [&str; 8] = ["spec-ir", "type", "entity", "intent", "spec", "def", "hole", "examples"];

/// A fence and the prose before it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Section {
    /// Everything between the previous fence of declarations and this one, trimmed; `None` when blank.
    pub prose: Option<Span>,
    /// The fence.
    pub fence: Fence,
}

/// The fences of declarations in `text`, in order, and what is wrong with fences.
pub(crate) fn cut(text: &str) -> (Vec<Section>, Vec<Diagnostic>) {
    let mut cutter = Cutter { text, sections: Vec::new(), diagnostics: Vec::new(), prose_from: 0 };
    if text.len() > LONGEST_DOCUMENT {
        let message = format!(
            "this document has {} bytes; the longest that can be read has {LONGEST_DOCUMENT}",
            text.len()
        );
        cutter.diagnostics.push(
            Diagnostic::error(codes::DOCUMENT_TOO_LONG, Span::new(0, 0), message)
                .hint("split it into several documents"),
        );
    } else {
        cutter.cut();
    }
    (cutter.sections, cutter.diagnostics)
}

struct Cutter<'a> {
    text: &'a str,
    sections: Vec<Section>,
    diagnostics: Vec<Diagnostic>,
    prose_from: u32,
}

/// The line that opens a fence.
#[derive(Debug, Clone, Copy)]
struct Opening<'a> {
    line: Span,
    mark: char,
    length: usize,
    tag: &'a str,
}

impl<'a> Cutter<'a> {
    fn cut(&mut self) {
        let mut open: Option<Opening<'a>> = None;
        let mut at = if self.text.starts_with('\u{feff}') { 3 } else { 0 };
        self.prose_from = at;
        let mut outside = None;
        while (at as usize) < self.text.len() {
            let rest = self.text.get(at as usize..).unwrap_or("");
            let length = rest.find('\n').map_or(rest.len(), |newline| newline + 1) as u32;
            let span = Span::new(at, at + length);
            let line = span.slice(self.text).trim_end_matches(['\n', '\r']);
            at += length;
            match open {
                None => {
                    open = opening(line, span);
                    if open.is_none() && outside.is_none() && looks_like_declaration(line) {
                        outside = Some(Span::new(span.start, span.start + line.len() as u32));
                    }
                }
                Some(opened) if closes(line, opened) => {
                    self.close(opened, span.start, span.start + line.len() as u32);
                    open = None;
                }
                Some(opened) => {
                    // Strictly this line belongs to the open fence; but then its declarations would vanish.
                    let next = opening(line, span).filter(|next| interrupts(*next, opened));
                    if let Some(next) = next {
                        self.report_unclosed(opened, Some(next));
                        self.close(opened, span.start, span.start);
                        open = Some(next);
                    }
                }
            }
        }
        if let Some(opened) = open.filter(|opened| holds_declarations(opened.tag)) {
            self.report_unclosed(opened, None);
            self.close(opened, self.text.len() as u32, self.text.len() as u32);
        }
        if let (Some(line), true) = (outside, self.sections.is_empty()) {
            self.diagnostics.push(
                Diagnostic::warning(
                    codes::OUTSIDE_FENCE,
                    line,
                    "this looks like a declaration, but it stands in the prose and is not read",
                )
                .hint("put it between a line ```spec-ir and a line ```"),
            );
        }
    }

    fn close(&mut self, opened: Opening<'_>, body_end: u32, end: u32) {
        if !holds_declarations(opened.tag) {
            self.warn_of_similar_tag(opened);
            return;
        }
        let prose = trimmed(self.text, Span::new(self.prose_from, opened.line.start));
        let fence = Fence {
            tag: opened.tag.to_owned(),
            body: Span::new(opened.line.end, body_end.max(opened.line.end)),
            span: Span::new(opened.line.start, end.max(opened.line.end)),
        };
        self.prose_from = end;
        self.sections.push(Section { prose, fence });
    }

    fn report_unclosed(&mut self, opened: Opening<'_>, next: Option<Opening<'_>>) {
        let marks: String = std::iter::repeat_n(opened.mark, opened.length).collect();
        let message = match opened.tag {
            "" => "this block is never closed".to_owned(),
            tag => format!("this `{tag}` block is never closed"),
        };
        let line = trimmed(self.text, opened.line).unwrap_or(opened.line);
        let mut diagnostic = Diagnostic::error(codes::UNCLOSED_FENCE, line, message)
            .hint(format!("put a line {marks} where it ends"));
        if let Some(next) = next {
            let line = trimmed(self.text, next.line).unwrap_or(next.line);
            diagnostic = diagnostic.label(line, "the next block opens here");
        }
        self.diagnostics.push(diagnostic);
    }

    fn warn_of_similar_tag(&mut self, opened: Opening<'_>) {
        let plain: String =
            opened.tag.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect();
        let mut letters: Vec<char> = plain.chars().collect();
        letters.sort_unstable();
        let misspelt =
            plain.len() <= 7 && plain.starts_with("spec") || letters == ['c', 'e', 'i', 'p', 'r', 's'];
        if misspelt || holds_declarations(&plain) {
            let line = trimmed(self.text, opened.line).unwrap_or(opened.line);
            let message = format!("a block tagged `{}` is prose and is not read", opened.tag);
            self.diagnostics.push(
                Diagnostic::warning(codes::SIMILAR_TAG, line, message)
                    .hint("write the tag `spec-ir` if it holds declarations"),
            );
        }
    }
}

/// Whether `next` shows that the fence `opened` before it was never closed. A fence of more marks, or of prose in
/// other marks, may quote one of declarations.
fn interrupts(next: Opening<'_>, opened: Opening<'_>) -> bool {
    let closing_marks = next.mark == opened.mark && next.length >= opened.length;
    holds_declarations(next.tag) && (holds_declarations(opened.tag) || closing_marks)
}

fn holds_declarations(tag: &str) -> bool {
    TAGS.contains(&tag)
}

/// Reads a line as the opening of a fence: at most three spaces, three or more backquotes or tildes, a tag.
fn opening(line: &str, span: Span) -> Option<Opening<'_>> {
    let (mark, length, rest) = fence_marks(line)?;
    if mark == '`' && rest.contains('`') {
        return None;
    }
    Some(Opening { line: span, mark, length, tag: rest.split_whitespace().next().unwrap_or("") })
}

fn closes(line: &str, opened: Opening<'_>) -> bool {
    fence_marks(line).is_some_and(|(mark, length, rest)| {
        mark == opened.mark && length >= opened.length && rest.trim().is_empty()
    })
}

fn fence_marks(line: &str) -> Option<(char, usize, &str)> {
    let unindented = line.trim_start_matches(' ');
    let mark = unindented.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let rest = unindented.trim_start_matches(mark);
    let length = unindented.len() - rest.len();
    (line.len() - unindented.len() <= 3 && length >= 3).then_some((mark, length, rest))
}

/// Whether a line of prose was probably meant as a declaration: `def f(`, `type T =`, `spec S(`, `entity E {`.
fn looks_like_declaration(line: &str) -> bool {
    let mut words = line.splitn(2, ' ');
    let (first, rest) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let name_end =
        rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(rest.len());
    let after = rest.get(name_end..).unwrap_or("").trim_start();
    match first {
        "def" | "spec" => name_end > 0 && after.starts_with(['(', '[']),
        "type" => name_end > 0 && after.starts_with('='),
        "entity" => name_end > 0 && after.starts_with('{'),
        _ => false,
    }
}

/// `span` without the white space at its ends, `None` when nothing is left.
fn trimmed(text: &str, span: Span) -> Option<Span> {
    let part = span.slice(text);
    let start = span.start + (part.len() - part.trim_start().len()) as u32;
    let length = part.trim().len() as u32;
    (length > 0).then_some(Span::new(start, start + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tags and bodies of the fences, and codes of the findings.
    fn found(text: &str) -> (Vec<(&str, &str)>, Vec<String>) {
        let (sections, findings) = cut(text);
        let fences = sections.iter().map(|section| {
            let tag = TAGS.iter().find(|tag| **tag == section.fence.tag).copied().unwrap_or("");
            (tag, section.fence.body.slice(text))
        });
        (fences.collect(), findings.into_iter().map(|finding| finding.code).collect())
    }

    #[test]
    fn fences_are_found_as_commonmark_finds_them() {
        let cases: &[(&str, &[(&str, &str)])] = &[
            ("```spec-ir\na\n```\n", &[("spec-ir", "a\n")]),
            ("```spec-ir\na\n```", &[("spec-ir", "a\n")]),
            ("~~~~ def  more words\na\n~~~\n~~~~~  \n", &[("def", "a\n~~~\n")]),
            ("   ```spec-ir\n   a\n  ```\n", &[("spec-ir", "   a\n")]),
            ("    ```spec-ir\n    a\n    ```\n", &[]),
            ("````md\n```spec-ir\na\n```\n````\n", &[]),
            ("~~~md\n```spec-ir\na\n```\n~~~\n", &[]),
            ("```python\na\n```\n```spec-ir\nb\n```\n", &[("spec-ir", "b\n")]),
            ("``spec-ir\na\n``\n", &[]),
            ("``` spec-ir `x`\na\n```\n", &[]),
            ("```spec-ir\n```\n```hole\nb\n```\n", &[("spec-ir", ""), ("hole", "b\n")]),
            ("\u{feff}```spec-ir\r\na\r\n```\r\n", &[("spec-ir", "a\r\n")]),
            ("text ```spec-ir\na\n```\n", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(found(text), (expected.to_vec(), vec![]), "{text:?}");
        }
    }

    #[test]
    fn unclosed_fences_are_reported_and_read() {
        let cases: &[(&str, &[(&str, &str)])] = &[
            ("```spec-ir\na\n", &[("spec-ir", "a\n")]),
            ("```spec-ir", &[("spec-ir", "")]),
            ("```spec-ir\na\n```def\nb\n```\n", &[("spec-ir", "a\n"), ("def", "b\n")]),
            ("```\nprose\n```spec-ir\nb\n```\n", &[("spec-ir", "b\n")]),
        ];
        for (text, expected) in cases {
            assert_eq!(found(text), (expected.to_vec(), vec!["E0008".to_owned()]), "{text:?}");
        }
    }

    #[test]
    fn what_looks_like_declarations_but_is_not_read_is_said() {
        assert_eq!(found("```specir\na\n```\n").1, ["W0001"]);
        assert_eq!(found("```Def\na\n```\n").1, ["W0001"]);
        assert_eq!(found("def f(x: Int): Int = 1\n").1, ["W0002"]);
        assert_eq!(found("def f(x: Int): Int = 1\n```spec-ir\n```\n").1, Vec::<String>::new());
        assert_eq!(
            found("type in the name\nspec (draft)\n```rust\ntype A = B;\n```\n").1,
            Vec::<String>::new()
        );
    }

    #[test]
    fn prose_belongs_to_the_fence_after_it() {
        let text =
            "# A\n\n```text\nx\n```\n\n```spec-ir\n```\n\n```spec-ir\n```\n B \n```spec-ir\n```\nend\n";
        let (sections, _) = cut(text);
        let prose: Vec<_> =
            sections.iter().map(|section| section.prose.map(|prose| prose.slice(text))).collect();
        assert_eq!(prose, [Some("# A\n\n```text\nx\n```"), None, Some("B")]);
    }
}
