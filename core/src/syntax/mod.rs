//! Spec-IR text to a tree and back.
//!
//! A document is Markdown. Its `spec-ir` fences (also `intent`, `entity`, `spec`, `def`, `type`, `hole`) hold
//! declarations; fences are cut first and each is parsed alone, and within a fence each declaration alone, so a
//! mistake stays where it is. Parsing never fails: it returns the tree it could make and diagnostics.
//!
//! Nothing here knows what a name means: that is [`crate::check`].

pub mod codes;
pub mod diagnostic;
mod document;
pub mod edit;
pub mod expectation;
mod explanations;
mod format;
pub(crate) mod lexer;
mod memory;
mod parser;
mod printer;
pub mod span;
pub mod tree;
pub mod utf16;

pub use document::LONGEST_DOCUMENT;
pub use explanations::EXPLANATIONS;
pub use format::{Formatted, format_document};
pub use lexer::is_name;
pub use memory::Memory;
pub(crate) use parser::parse_fence;
pub use parser::{DEEPEST, parse, parse_again, parse_term, parse_type};
pub use printer::{print_decl, print_expr, print_pattern, print_type};
