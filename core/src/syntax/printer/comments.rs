//! Keeping comments while a declaration is laid out anew.
//!
//! Comments are taken in order of the text. One on a line of its own goes before the first node that starts after
//! it; one at the end of a line stays at the end of the line of the item before it. None is ever dropped.

use super::layout::Doc;
use crate::syntax::span::Span;

/// The comments of a declaration that were not yet printed.
#[derive(Debug, Default)]
pub(super) struct Comments<'a> {
    text: &'a str,
    waiting: std::collections::VecDeque<Span>,
}

impl<'a> Comments<'a> {
    /// `spans` of `text`, in order.
    pub(super) fn new(text: &'a str, spans: impl IntoIterator<Item = Span>) -> Self {
        Comments { text, waiting: spans.into_iter().collect() }
    }

    /// What stands before a node that starts at `start`.
    pub(super) fn before(&mut self, start: u32) -> Doc {
        let mut doc = Doc::nothing();
        while let Some(comment) = self.take_if(|comment| comment.end <= start) {
            let words = comment.slice(self.text);
            doc = if self.ends_line_of_code(comment) {
                doc.then(Doc::LineEnd(words.to_owned()))
            } else {
                doc.then_text(words).then(Doc::HardLine(""))
            };
        }
        doc
    }

    /// What ends the line of an opening brace, when the first item in it starts at `start`.
    pub(super) fn behind_opening(&mut self, start: u32) -> Doc {
        let mut doc = Doc::nothing();
        while let Some(comment) = self.waiting.front().copied().filter(|comment| comment.end <= start) {
            if !self.ends_line_of_code(comment) {
                break;
            }
            self.waiting.pop_front();
            doc = doc.then(Doc::LineEnd(comment.slice(self.text).to_owned()));
        }
        doc
    }

    /// What stands behind an item that ends at `end`, on its line.
    pub(super) fn after(&mut self, end: u32) -> Doc {
        self.behind(end, |letter| matches!(letter, ' ' | '\t' | ',' | ';'))
    }

    /// The same for an item whose closing bracket comes after `end`.
    pub(super) fn after_closing(&mut self, end: u32) -> Doc {
        self.behind(end, |letter| matches!(letter, ' ' | '\t' | ',' | ';' | ')' | '}'))
    }

    fn behind(&mut self, end: u32, may_stand_between: fn(char) -> bool) -> Doc {
        let text = self.text;
        let behind = |comment: &Span| {
            comment.start >= end && Span::new(end, comment.start).slice(text).chars().all(may_stand_between)
        };
        match self.take_if(behind) {
            Some(comment) => Doc::LineEnd(comment.slice(self.text).to_owned()),
            None => Doc::nothing(),
        }
    }

    /// What is left before `end`, the end of a block: each on a line of its own.
    pub(super) fn at_end(&mut self, end: u32) -> Doc {
        let mut doc = Doc::nothing();
        while let Some(comment) = self.take_if(|comment| comment.end <= end) {
            let words = comment.slice(self.text);
            doc = if self.ends_line_of_code(comment) {
                doc.then(Doc::LineEnd(words.to_owned()))
            } else {
                doc.then(Doc::HardLine("")).then_text(words)
            };
        }
        doc
    }

    /// What was never asked for.
    pub(super) fn rest(self) -> Vec<Span> {
        self.waiting.into()
    }

    fn take_if(&mut self, wanted: impl Fn(&Span) -> bool) -> Option<Span> {
        self.waiting.front().is_some_and(wanted).then(|| self.waiting.pop_front()).flatten()
    }

    fn ends_line_of_code(&self, comment: Span) -> bool {
        let before = Span::new(0, comment.start).slice(self.text);
        let line = before.rsplit('\n').next().unwrap_or("");
        !line.trim().is_empty()
    }
}
