//! The solver worker.
fn main() {}
