//! lift-core: the pure engine.
//!
//! You say what you want; the engine writes it as a specification that can be run and proved, shows what is
//! open as typed holes, and turns the finished document into code. It performs no I/O, reads no clock, draws no
//! randomness and spawns no thread: whatever is outside comes in through an argument.
//!
//! The rooms, in the order they may look at each other:
//!
//! ```text
//! syntax -> align -> ir -> check -> eval -> logic -> holes -> plan -> draft
//!                                  generate, constrain stand beside
//! ```
//!
//! * [`syntax`]: Spec-IR text to a tree with spans, and back. Parsing never fails.
//! * [`align`]: intents beside the specs that answer them, and where the two drift apart.
//! * [`ir`]: core terms (de Bruijn), declarations, holes.
//! * [`eval`]: values, and evaluation that goes around holes.
//! * [`logic`]: obligations, formulas, queries for solvers, verdicts.
//! * [`plan`]: which holes to decide, in which order, and how: choices under learned clauses.
//! * [`draft`]: from words to documents, by the idioms of `library/`.
//! * [`ask`]: what is open, as questions with concrete answers.
//! * [`convert`]: the older textual IR becomes a document.
//! * [`explain`]: the long form of every code a diagnostic can have.
//! * [`constrain`]: types and holes become decoding grammars, in the dialects that inference servers take.
//! * [`generate`]: complete definitions become Python.

/// The version of the engine and a number for the state of its sources, such as `0.1.0+9f86d081884c7d65`: two builds
/// with the same one read every document alike.
pub const ENGINE: &str = env!("LIFT_ENGINE");

pub mod align;
pub mod ask;
pub mod check;
pub mod constrain;
pub mod convert;
#[cfg(test)]
mod dice;
pub mod draft;
pub mod eval;
pub mod explain;
pub mod generate;
pub mod holes;
pub mod infer;
pub mod ir;
pub mod logic;
pub mod plan;
pub mod report;
pub mod syntax;
