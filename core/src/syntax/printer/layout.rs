//! Laying out text in lines: a small printer after Wadler ("A prettier printer", 2003) with the strict, iterative
//! rendering of Lindig ("Strictly pretty", 2000).
//!
//! A [`Group`](Doc::Group) goes on one line when it fits and breaks at all its own lines when it does not.
//! Comments at the end of a line wait until that line ends, wherever that is.

/// Columns a line should not pass.
pub(super) const WIDTH: usize = 100;

/// Columns of one level of indentation.
const INDENT: usize = 2;

/// A text with choices about its lines.
#[derive(Debug, Clone)]
pub(super) enum Doc {
    /// Text without line breaks.
    Text(String),
    /// A space, or a line break in a broken group.
    Line,
    /// Nothing, or a line break in a broken group.
    SoftLine,
    /// A line break; when everything is on one line, this text instead.
    HardLine(&'static str),
    /// Text that is there only on one line.
    IfFlat(&'static str),
    /// Text that is there only in a broken group.
    IfBroken(&'static str),
    /// A comment, put at the end of the line it falls on.
    LineEnd(String),
    /// One level further in.
    Indent(Box<Doc>),
    /// On one line if it fits.
    Group(Box<Doc>),
    /// One after the other.
    Concat(Vec<Doc>),
}

/// How wide the page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    /// One line, however long.
    OneLine,
    /// Lines of at most so many columns where possible.
    Columns(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Flat,
    Broken,
}

impl Doc {
    pub(super) fn nothing() -> Doc {
        Doc::Concat(Vec::new())
    }

    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Doc::Concat(docs) if docs.is_empty())
    }

    pub(super) fn text(text: impl Into<String>) -> Doc {
        Doc::Text(text.into())
    }

    pub(super) fn indent(self) -> Doc {
        Doc::Indent(Box::new(self))
    }

    pub(super) fn group(self) -> Doc {
        Doc::Group(Box::new(self))
    }

    /// This and then `next`.
    pub(super) fn then(self, next: Doc) -> Doc {
        match self {
            Doc::Concat(mut docs) => {
                docs.push(next);
                Doc::Concat(docs)
            }
            first => Doc::Concat(vec![first, next]),
        }
    }

    /// This and then `text`.
    pub(super) fn then_text(self, text: impl Into<String>) -> Doc {
        self.then(Doc::text(text))
    }

    /// The first character of its text on one line.
    pub(super) fn first_char(&self) -> Option<char> {
        let mut stack = vec![self];
        while let Some(doc) = stack.pop() {
            match doc {
                Doc::Text(text) if !text.is_empty() => return text.chars().next(),
                Doc::IfFlat(text) => return text.chars().next(),
                Doc::Indent(inner) | Doc::Group(inner) => stack.push(inner),
                Doc::Concat(docs) => stack.extend(docs.iter().rev()),
                _ => {}
            }
        }
        None
    }

    /// The text, without white space at the ends of lines.
    pub(super) fn render(&self, page: Page) -> String {
        let mut out = String::new();
        let mut waiting = String::new();
        let mut column = 0;
        let first = if page == Page::OneLine { Mode::Flat } else { Mode::Broken };
        let mut stack = vec![(0usize, first, self)];
        while let Some((indent, mode, doc)) = stack.pop() {
            let broken = mode == Mode::Broken;
            match doc {
                Doc::Text(text) => {
                    out.push_str(text);
                    column += text.chars().count();
                }
                Doc::IfFlat(text) if !broken => {
                    out.push_str(text);
                    column += text.len();
                }
                Doc::IfBroken(text) if broken => {
                    out.push_str(text);
                    column += text.len();
                }
                Doc::IfFlat(_) | Doc::IfBroken(_) => {}
                Doc::LineEnd(comment) => {
                    waiting.push(' ');
                    waiting.push_str(comment);
                }
                Doc::Line if !broken => {
                    out.push(' ');
                    column += 1;
                }
                Doc::SoftLine if !broken => {}
                Doc::HardLine(instead) if page == Page::OneLine => out.push_str(instead),
                Doc::Line | Doc::SoftLine | Doc::HardLine(_) => {
                    end_line(&mut out, &mut waiting);
                    out.push('\n');
                    out.extend(std::iter::repeat_n(' ', indent));
                    column = indent;
                }
                Doc::Indent(inner) => stack.push((indent + INDENT, mode, inner)),
                Doc::Group(inner) => {
                    let flat = match page {
                        Page::OneLine => true,
                        Page::Columns(width) => fits(inner, width.saturating_sub(column), &stack),
                    };
                    stack.push((indent, if flat { Mode::Flat } else { Mode::Broken }, inner));
                }
                Doc::Concat(docs) => stack.extend(docs.iter().rev().map(|doc| (indent, mode, doc))),
            }
        }
        end_line(&mut out, &mut waiting);
        out
    }
}

fn end_line(out: &mut String, waiting: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
    out.push_str(waiting);
    waiting.clear();
}

/// Whether `doc` on one line, and what follows up to the next possible line break, fits into `room` columns.
fn fits(doc: &Doc, room: usize, after: &[(usize, Mode, &Doc)]) -> bool {
    let mut room = room;
    let mut after = after.iter().rev();
    let mut stack = vec![(Mode::Flat, doc)];
    // Behind a comment nothing but a comma may come on its line: it would jump before the comment.
    let mut commented = false;
    loop {
        let Some((mode, doc)) = stack.pop().or_else(|| after.next().map(|(_, mode, doc)| (*mode, *doc)))
        else {
            return true;
        };
        let width = match doc {
            Doc::Text(text) if commented && text != "," && !text.is_empty() => return false,
            Doc::Text(text) => text.chars().count(),
            Doc::LineEnd(_) if commented => return false,
            Doc::LineEnd(_) => {
                commented = true;
                0
            }
            Doc::IfFlat(text) if mode == Mode::Flat => text.len(),
            Doc::IfBroken(text) if mode == Mode::Broken => text.len(),
            Doc::Line if mode == Mode::Flat => 1,
            Doc::Line | Doc::SoftLine if mode == Mode::Broken => return true,
            // Inside the group it forces a break, after it it ends the line.
            Doc::HardLine(_) => return mode == Mode::Broken,
            Doc::Indent(inner) | Doc::Group(inner) => {
                stack.push((mode, inner));
                0
            }
            Doc::Concat(docs) => {
                stack.extend(docs.iter().rev().map(|doc| (mode, doc)));
                0
            }
            Doc::IfFlat(_) | Doc::IfBroken(_) | Doc::Line | Doc::SoftLine => 0,
        };
        match room.checked_sub(width) {
            Some(left) => room = left,
            None => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(args: &[&str]) -> Doc {
        let mut inner = Doc::SoftLine;
        for (number, arg) in args.iter().enumerate() {
            if number > 0 {
                inner = inner.then_text(",").then(Doc::Line);
            }
            inner = inner.then_text(*arg);
        }
        Doc::text("f(").then(inner.indent()).then(Doc::SoftLine).then_text(")").group()
    }

    #[test]
    fn a_group_that_fits_stays_on_its_line() {
        assert_eq!(call(&["a", "b"]).render(Page::Columns(7)), "f(a, b)");
    }

    #[test]
    fn a_group_that_does_not_fit_breaks_at_all_its_lines() {
        assert_eq!(call(&["a", "b"]).render(Page::Columns(6)), "f(\n  a,\n  b\n)");
    }

    #[test]
    fn what_follows_a_group_counts_until_the_next_line_break() {
        assert_eq!(call(&["a"]).then_text("xyz").render(Page::Columns(6)), "f(\n  a\n)xyz");
        assert_eq!(
            call(&["a"]).then(Doc::HardLine("")).then_text("xyz").render(Page::Columns(6)),
            "f(a)\nxyz"
        );
    }

    #[test]
    fn comments_wait_for_the_end_of_their_line() {
        let doc = Doc::text("a")
            .then(Doc::LineEnd("// c".into()))
            .then_text(" b")
            .then(Doc::HardLine(""))
            .then_text("d");
        assert_eq!(doc.render(Page::Columns(80)), "a b // c\nd");
    }
}
