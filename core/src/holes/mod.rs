//! Holes that live: what is open, what depends on it, what fits, and the edits that decide it.
//!
//! Deciding is always a text edit of the document, checked before it is handed out: [`fill`] puts a term where the
//! hole stands, [`assume`] gives a declared hole a default, [`reopen`] takes the default back. Nothing outside the
//! edit changes. What is [`known`] of a hole comes with the reasons.

mod decide;
mod fits;
mod graph;
mod known;

#[cfg(test)]
mod tests;

pub use decide::{Decision, DecisionError, assume, fill, fill_beside, reopen};
pub use fits::{Effect, Fit, FitOptions, FitSource, fits};
pub use graph::{HoleGraph, HoleNode, LinkOrigin, graph};
pub use known::{Fact, Known, LONGEST_CHAIN, MOST_FACTS, Solution, Step, known, known_of};
