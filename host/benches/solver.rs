//! What an SMT query costs: from nothing, from a warm worker, from memory.
//!
//! Prints figures beside the budgets of the design; asserts nothing about time. It needs the worker beside it:
//! `cargo build --release -p lift-solver && cargo bench -p lift --bench solver`, which is what `make bench` does.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark is a test with figures"
)]

use lift::solver::{PoolConfig, Program, SolverHealth, SolverPool, diagnose};
use lift_core::logic::{Query, Satisfiability};
use std::time::{Duration, Instant};

/// Ten linear facts and a goal, as an obligation over integers looks; `number` makes it a new query each time.
fn obligation(number: u64, names: bool) -> Query {
    let mut script = String::new();
    for variable in 0..6 {
        script += &format!("(declare-const v{variable} Int)\n");
    }
    let facts = [
        "(<= 0 v0)".to_owned(),
        "(< v0 v1)".to_owned(),
        "(<= v1 150)".to_owned(),
        "(= v2 (+ v0 v1))".to_owned(),
        "(<= v3 v2)".to_owned(),
        format!("(>= v3 (- {number}))"),
        "(= v4 (ite (< v3 v0) v0 v3))".to_owned(),
        "(<= v5 (* 2 v4))".to_owned(),
        "(or (= v5 v4) (< v5 v4))".to_owned(),
        "(not (= v1 v2))".to_owned(),
        // The goal, denied.
        "(not (and (<= v5 300) (<= v0 v4)))".to_owned(),
    ];
    let mut labels = Vec::new();
    for (index, fact) in facts.iter().enumerate() {
        script += &format!("(assert (! {fact} :named a{index}))\n");
        labels.push(format!("a{index}"));
    }
    let values = (0..6).map(|variable| format!("v{variable}")).collect();
    Query::new(script, values, if names { labels } else { Vec::new() }, 5_000_000, 5_000)
}

fn measure(what: &str, budget: &str, count: u64, mut once: impl FnMut(u64)) {
    let mut times: Vec<Duration> = (0..count)
        .map(|number| {
            let began = Instant::now();
            once(number);
            began.elapsed()
        })
        .collect();
    times.sort_unstable();
    let at = |share: usize| {
        let micros = times.get((times.len() - 1) * share / 100).map_or(0.0, |time| time.as_secs_f64() * 1e6);
        format!("{micros:.0} µs")
    };
    println!("{what:<44} {:>12} {:>12} {:>14}", at(50), at(95), budget);
}

fn proved(pool: &SolverPool, query: &Query) {
    let answer = pool.solve(query);
    assert!(matches!(answer.verdict, Satisfiability::Unsat { .. }), "{answer:?}");
}

fn main() {
    if let SolverHealth::Missing { reason, .. } = diagnose(&Program::Search, 1024) {
        println!("solver: nothing measured: {reason}");
        return;
    }
    let config = PoolConfig { workers: 1, program: Program::Search, ..PoolConfig::default() };
    println!("{:<44} {:>12} {:>12} {:>14}", "", "p50", "p95", "budget (p50)");
    measure("first query: spawn, load Z3, two checks, ask", "", 30, |number| {
        proved(&SolverPool::new(config.clone()), &obligation(number, false));
    });
    let pool = SolverPool::new(config.clone());
    proved(&pool, &obligation(1 << 40, false));
    measure("ten linear facts, warm worker", "5000 µs", 500, |number| {
        proved(&pool, &obligation(number, false))
    });
    measure("ten linear facts with a core, warm worker", "", 500, |number| {
        proved(&pool, &obligation(number, true));
    });
    measure("the same again, from memory", "50 µs", 500, |number| proved(&pool, &obligation(number, false)));
    let pool = SolverPool::new(PoolConfig { workers: 2, ..config });
    pool.warm_up();
    let began = Instant::now();
    std::thread::scope(|scope| {
        for caller in 0..2 {
            let pool = &pool;
            scope.spawn(move || {
                (0..500).for_each(|number| proved(pool, &obligation(caller + 2 * number, false)))
            });
        }
    });
    println!("1000 obligations, two workers: {:.0} a second", 1000.0 / began.elapsed().as_secs_f64());
    println!("{:?}", pool.counters());
}
