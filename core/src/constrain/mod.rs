//! Types and holes become decoding grammars.
//!
//! [`constrain`] promises that every sentence of its grammar is a value of the type it was asked for, except for
//! what the constraint lists: conditions that no grammar of the dialect can say become *residuals*, which whoever
//! accepts an answer must check. Nothing is dropped without a line in that list, and refinements that are
//! understood (ranges, lengths, choices) are exact.
//!
//! A type becomes a shape once; every dialect is printed from the shape, so all of them mean the same values:
//!
//! ```text
//! ir -> shape -> schema            JSON Schema
//!            \-> grammar -> spell  Lark, EBNF, GBNF, regular expression
//! ```
//!
//! [`read`] reads an answer back against the same shape.

mod demands;
mod dialect;
mod error;
mod grammar;
mod intset;
mod json;
mod place;
mod read;
mod refine;
mod regular;
mod schema;
mod shape;
mod spell;
#[cfg(test)]
mod tests;

pub use dialect::{Dialect, UnknownDialect};
pub use error::ConstrainError;
pub use read::{Unread, read};

use crate::ir::Program;
use grammar::NotRegular;
use serde::{Deserialize, Serialize};

/// A grammar in one dialect, and everything it leaves unsaid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    /// The language of `text`.
    pub dialect: Dialect,
    /// The grammar.
    pub text: String,
    /// Conditions that the grammar does not enforce.
    pub residuals: Vec<Residual>,
    /// Where the grammar accepts more than the type has. The answer must be type-checked.
    pub relaxed: Vec<Deviation>,
    /// Where the grammar accepts less than the type has. Safe, and worth telling.
    pub narrowed: Vec<Deviation>,
}

/// A condition on an answer that its grammar does not enforce.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Residual {
    /// Where it applies, as `order.lines[]`; empty for the whole value.
    pub path: String,
    /// The condition, in surface syntax.
    pub predicate: String,
    /// Why the grammar could not say it.
    pub because: String,
}

/// A difference between a grammar and its type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deviation {
    /// Where, as `order.lines[]`; empty for the whole value.
    pub path: String,
    /// What differs, as a sentence.
    pub what: String,
    /// Why.
    pub because: String,
}

/// The constraint for what `target` names: a hole (`?name`: a value to put there), a type (one of its values), or
/// a definition (a call of it, with arguments that satisfy what it requires) or a spec (such arguments, as a tuple
/// when there are several). In JSON, arguments are an object.
///
/// # Errors
/// When the target is not there, or has no values that a grammar could write.
pub fn constrain(program: &Program, target: &str, dialect: Dialect) -> Result<Constraint, ConstrainError> {
    let shapes = shape::shapes(program, target)?;
    let (text, relaxed) = match dialect {
        Dialect::JsonSchema => {
            let (schema, relaxed) = schema::schema(&shapes);
            (schema.to_string(), relaxed)
        }
        Dialect::Lark | Dialect::Ebnf | Dialect::Gbnf | Dialect::Regex => {
            let (grammar, relaxed) = grammar::grammar(&shapes);
            let text = match dialect {
                Dialect::Lark => spell::lark(&grammar),
                Dialect::Regex => spell::regex(&grammar.regular().map_err(|why| match why {
                    NotRegular::Recursive => ConstrainError::Recursive { name: target.to_owned(), dialect },
                    NotRegular::TooLarge => {
                        ConstrainError::TooLarge { path: String::new(), cap: grammar::LARGEST }
                    }
                })?),
                _ => spell::ebnf(&grammar),
            };
            (text, relaxed)
        }
    };
    let values = shapes.hole.then(|| Deviation {
        path: String::new(),
        what: "only values, no terms over what is in scope".to_owned(),
        because: "it is made from the hole's type and what its places ask of it".to_owned(),
    });
    Ok(Constraint {
        dialect,
        text,
        residuals: shapes.residuals,
        relaxed,
        narrowed: values.into_iter().chain(shapes.narrowed).collect(),
    })
}
