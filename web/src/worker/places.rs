//! From the engine's byte offsets to the editor's places.

use lift_core::syntax::edit::Edit;
use lift_core::syntax::span::{LineIndex, Span};
use lift_core::syntax::utf16::Utf16Index;
use lift_web::protocol::{Change, Place};

/// The places of one text.
pub struct Places {
    lines: LineIndex,
    units: Utf16Index,
}

impl Places {
    /// Reads `text` once.
    pub fn new(text: &str) -> Self {
        Places { lines: LineIndex::new(text), units: Utf16Index::new(text) }
    }

    /// Where `span` stands in `text`, which must be the text these places were made from.
    pub fn place(&self, text: &str, span: Span) -> Place {
        Place {
            from: self.units.units(span.start),
            to: self.units.units(span.end),
            line: self.lines.position(text, span.start).line,
        }
    }

    /// An edit as the editor makes it.
    pub fn change(&self, edit: &Edit) -> Change {
        Change {
            from: self.units.units(edit.span.start),
            to: self.units.units(edit.span.end),
            insert: edit.replacement.clone(),
        }
    }
}
