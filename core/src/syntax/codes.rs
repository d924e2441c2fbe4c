//! The codes of syntax errors.
//!
//! A code means the same for ever; a new kind of mistake gets a new one. `lift explain` prints the long form from
//! [`crate::explain`].

/// Something else was expected here.
pub const UNEXPECTED: &str = "E0001";
/// A bracket without its partner.
pub const UNCLOSED_BRACKET: &str = "E0002";
/// A character that belongs to nothing.
pub const STRAY: &str = "E0003";
/// A text that does not end on its line.
pub const OPEN_TEXT: &str = "E0004";
/// An escape in a text that does not exist.
pub const BAD_ESCAPE: &str = "E0005";
/// Nested too deep.
pub const TOO_DEEP: &str = "E0006";
/// A document too long to be read.
pub const DOCUMENT_TOO_LONG: &str = "E0007";
/// A fence that is never closed.
pub const UNCLOSED_FENCE: &str = "E0008";
/// No declaration where one should start.
pub const NO_DECLARATION: &str = "E0009";
/// `=` for `==`.
pub const EQUALS: &str = "E0010";
/// `0 <= x <= 9`.
pub const CHAINED_COMPARISON: &str = "E0011";
/// A symbol or word of another language.
pub const FOREIGN_SPELLING: &str = "E0012";
/// A reserved word used as a name.
pub const RESERVED_WORD: &str = "E0013";
/// A name with the wrong kind of first letter.
pub const NAME_CASE: &str = "E0014";
/// `f x` for `f(x)`.
pub const JUXTAPOSITION: &str = "E0015";
/// A text in other quotes.
pub const QUOTES: &str = "E0016";
/// An `if` or `let` without all its parts.
pub const MISSING_PART: &str = "E0017";
/// A form of another language.
pub const FOREIGN_FORM: &str = "E0018";
/// A number that cannot be read.
pub const BAD_NUMBER: &str = "E0019";
/// A second part of which there can be one.
pub const DUPLICATE: &str = "E0020";
/// A type written the way another language does.
pub const FOREIGN_TYPE: &str = "E0021";
/// A name with letters outside ASCII.
pub const FOREIGN_NAME: &str = "E0022";
/// More mistakes than are listed.
pub const TOO_MANY: &str = "E0023";
/// More parameters, fields or variables than can be read.
pub const TOO_WIDE: &str = "E0024";
/// A fence whose tag is nearly one of ours.
pub const SIMILAR_TAG: &str = "W0001";
/// A declaration in the prose.
pub const OUTSIDE_FENCE: &str = "W0002";
