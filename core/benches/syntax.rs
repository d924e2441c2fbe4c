//! How long it takes to parse and to format documents of 1,000 and 10,000 lines: `cargo bench -p lift-core`.
//!
//! The budget for a cold check of 10,000 lines is 300 ms, of which parsing should take no more than 60 ms; a
//! keystroke in 1,000 lines has 16 ms for everything.

use lift_core::syntax::{format_document, parse};
use std::hint::black_box;
use std::time::{Duration, Instant};

fn main() {
    let piece = lift_core::check::PRELUDE;
    for lines in [1_000, 10_000] {
        let times = lines / piece.lines().count() + 1;
        let text: String = piece.repeat(times).split_inclusive('\n').take(lines).collect();
        report(&format!("parse {lines} lines"), || drop(black_box(parse(black_box(&text)))));
        report(&format!("format {lines} lines"), || drop(black_box(format_document(black_box(&text)))));
    }
}

/// Prints the median of some runs.
fn report(what: &str, mut work: impl FnMut()) {
    let mut times: Vec<Duration> = (0..21)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    if let Some(median) = times.get(times.len() / 2) {
        println!("{what}: {median:.2?} (median of {})", times.len());
    }
}
