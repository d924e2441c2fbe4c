//! How long a keystroke takes in documents of 1,000 and 10,000 lines: `cargo bench -p lift-core --bench keystroke`.
//!
//! Somebody types a `let` into the bodies of definitions all over the document, letter by letter, so that most states
//! are half-typed. The budget is 16 ms at p95 for 1,000 lines in a browser, and 300 ms for a cold check of 10,000.

use lift_core::check::{Session, check};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// What is typed.
const TYPED: &str = "let extra = clamp(index, 0, 10) in extra + ";

/// A document of about this many lines, like those people write: types, entities, a spec with the definition that
/// meets it, recursion, a hole now and then, prose around all of it.
fn document(lines: usize) -> String {
    let part = |n: usize| {
        let hole = if n.is_multiple_of(8) { format!("?undecided{n}") } else { "0".to_owned() };
        format!(
            "## Part {n}\n\nWhat is ordered, and what it costs.\n\n```spec-ir\n\
             type Amount{n} = {{x: Int | 0 <= x && x <= 1000}}\n\n\
             type State{n} = Open{n} | Paid{n}(on: Int) | Closed{n}(on: Int, by: Str)\n\n\
             entity Order{n} {{\n  name: Str,\n  amount: Amount{n},\n  prices: List Int,\n  invariant named: length(name) > 0\n}}\n\n\
             spec Total{n}(order: Order{n}, result: Int) {{\n  requires all(order.prices, \\p. p >= 0)\n  \
             ensures at_least: result >= 0\n}}\n\n\
             def sum{n}(prices: List Int): Int =\n  match prices {{\n    [] => {hole}\n    \
             first :: rest => first + sum{n}(rest)\n  }}\n\n\
             def total{n}(order: Order{n}): Int implements Total{n} =\n  if order.amount > 0 then sum{n}(order.prices) else 0\n\n\
             def is_open{n}(state: State{n}): Bool =\n  match state {{\n    Open{n} => true\n    Paid{n}(on) => on < 0\n    \
             Closed{n}(on, by) => by == \"\" && on < 0\n  }}\n\n\
             def pick{n}(index: Int, order: Order{n}): Int =\n  index + length(order.name) * 2 + sum{n}([1, 2, 3])\n\n\
             examples {{\n  sum{n}([1, 2]) == 3,\n  is_open{n}(Open{n})\n}}\n```\n\n"
        )
    };
    let mut text = String::from("# Orders\n\n");
    let mut number = 0;
    while text.lines().count() < lines {
        text.push_str(&part(number));
        number += 1;
    }
    text
}

/// Every state of the document while [`TYPED`] is typed into some of its definitions, one after the other.
fn keystrokes(text: &str, places: usize) -> Vec<String> {
    let marks: Vec<usize> = text.match_indices("  index + length").map(|(at, _)| at + 2).collect();
    let step = (marks.len() / places).max(1);
    let mut states = Vec::new();
    for at in marks.into_iter().step_by(step).take(places) {
        for end in 1..=TYPED.len() {
            let (before, after) = text.split_at(at);
            states.push(format!("{before}{}{after}", &TYPED[..end]));
        }
    }
    states
}

fn main() {
    for (lines, places) in [(1_000, 10), (10_000, 2)] {
        let text = document(lines);
        let checked = check(&text);
        let own = checked.program.own().count();
        println!("{} lines, {} KB, {own} declarations", text.lines().count(), text.len() / 1024);
        assert!(!checked.has_errors(), "{:?}", checked.diagnostics.first());
        report(
            &format!("{lines} lines, from scratch"),
            (0..21).map(|_| {
                let began = Instant::now();
                black_box(check(black_box(&text)));
                began.elapsed()
            }),
        );
        let states = keystrokes(&text, places);
        report(
            &format!("{lines} lines, a keystroke from scratch"),
            states.iter().map(|state| {
                let began = Instant::now();
                black_box(check(black_box(state)));
                began.elapsed()
            }),
        );
        let mut session = Session::new();
        session.check(&text);
        report(
            &format!("{lines} lines, a keystroke in a session"),
            states.iter().map(|state| {
                let began = Instant::now();
                black_box(session.check(black_box(state)));
                began.elapsed()
            }),
        );
    }
}

/// Prints the median and the 95th percentile of some times.
fn report(what: &str, times: impl Iterator<Item = Duration>) {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    let at = |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1)));
    if let (Some(half), Some(most)) = (at(50), at(95)) {
        println!("{what}: p50 {half:.2?}, p95 {most:.2?} ({} runs)", times.len());
    }
}
