//! Types and holes become decoding grammars.
//!
//! A grammar made here promises that every one of its sentences is a value of the type it was made for, except
//! for what the constraint lists: conditions no grammar of the dialect can say become *residuals*, which whoever
//! accepts an answer must check. Nothing is dropped without a line in that list.

mod dialect;

pub use dialect::{Dialect, UnknownDialect};
