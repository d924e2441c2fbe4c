//! Evaluation around holes.
//!
//! What a hole stops becomes a value that says what it waits for, and the rest goes on (Hazel: *Live Functional
//! Programming with Typed Holes*, POPL 2019).

pub mod value;

pub use value::{Closure, Data, Env, Head, Partial, Sameness, Stuck, Tuple, TypeClosure, Value};
