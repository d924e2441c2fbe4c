//! The `lift` binary.
fn main() {}
