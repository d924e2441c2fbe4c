//! The host of lift: everything outside the pure engine.
//!
//! One module per room. A room may use `lift-core` and the rooms named in its
//! own documentation; the `lift` binary (`main.rs`) only calls in here.

pub mod caches;
pub mod cli;
pub mod engine;
pub mod forward;
pub mod plugin;
pub mod python;
pub mod server;
pub mod solver;
pub mod store;
