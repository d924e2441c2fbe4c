//! The order in which to decide, and what to decide: a plan through the holes of a document.
//!
//! Each open hole is a [`Decision`] among candidates. A [`Plan`] always holds a next proposal, or says that no
//! combination is left and which failures rule all of them out. What fails teaches: a step that fails rules out
//! exactly the *combination* of choices responsible, never a step as such. Consistent choices are found by
//! conflict-driven clause learning ([`clauses`]): first-UIP clauses and backjumping (Marques-Silva & Sakallah, GRASP,
//! 1999; Eén & Sörensson, MiniSat, 2003).
//!
//! Everything here is a function of a state that serialises. Whether a combination stands is judged by whoever drives
//! the plan: [`judge`] asks the checker, the evaluator and the provers it is given.

pub mod clauses;
mod judge;
mod planner;

#[cfg(test)]
mod tests;

pub use clauses::{Clause, Event, Literal, Origin};
pub use judge::{Judgement, judge, taken};
pub use planner::{
    Candidate, Choice, Decision, Found, Plan, PlanError, PlanOptions, Proposal, Responsible, RuledOut,
    Undecided, responsible,
};
