//! The solver pool against real Z3 processes: verdicts, limits, kills, and workers that lie.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

mod discharge;
mod impostors;
mod kills;
mod limits;
mod verdicts;

#[path = "../common/worker.rs"]
mod worker;

use lift::solver::{PoolConfig, Program, SolverPool};
use lift_core::logic::{Answer, Query, Satisfiability};
use std::thread;
use std::time::{Duration, Instant};
use worker::worker_program;

fn config(workers: usize) -> PoolConfig {
    PoolConfig { program: Program::At(worker_program()), workers, ..PoolConfig::default() }
}

fn pool(workers: usize) -> SolverPool {
    SolverPool::new(config(workers))
}

fn query(script: &str) -> Query {
    Query::new(script.into(), vec![], vec![], 20_000_000, 20_000)
}

fn query_values(script: &str, values: &[&str]) -> Query {
    let values = values.iter().map(|&term| term.to_owned()).collect();
    Query::new(script.into(), values, vec![], 20_000_000, 20_000)
}

fn query_core(script: &str, names: &[&str]) -> Query {
    let names = names.iter().map(|&name| name.to_owned()).collect();
    Query::new(script.into(), vec![], names, 20_000_000, 20_000)
}

/// A query that no worker finishes: only the wall clock or a kill ends it.
fn endless(wall_ms: u64) -> Query {
    Query::new(pigeons(14), vec![], vec![], u64::MAX, wall_ms)
}

/// Whether a process runs, as Linux tells: neither gone nor waiting to be collected.
fn is_running(process: &str) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    !status.is_empty() && !status.contains("State:\tZ")
}

/// Waits for something that comes by itself, however busy the machine.
#[track_caller]
fn wait_for(what: &str, condition: impl Fn() -> bool) {
    let began = Instant::now();
    while !condition() {
        assert!(began.elapsed() < Duration::from_secs(30), "waited in vain for {what}");
        thread::sleep(Duration::from_millis(2));
    }
}

fn unsat() -> Satisfiability {
    Satisfiability::Unsat { core: vec![] }
}

fn sat(values: &str) -> Satisfiability {
    Satisfiability::Sat { values: values.into() }
}

#[track_caller]
fn reason(answer: &Answer) -> &str {
    match &answer.verdict {
        Satisfiability::Unknown { reason } => reason,
        verdict => panic!("a verdict where there is none: {verdict:?}"),
    }
}

/// A small satisfiable script that differs for each number, and the value that makes it so.
fn easy(number: u64) -> (Query, Satisfiability) {
    if number.is_multiple_of(2) {
        let script = format!("(declare-const x Int)(assert (< {number} x))(assert (< x {}))", number + 2);
        (query_values(&script, &["x"]), sat(&format!("((x {}))", number + 1)))
    } else {
        let script = format!("(declare-const x Int)(assert (< {number} x))(assert (< x {}))", number + 1);
        (query_values(&script, &["x"]), unsat())
    }
}

/// `holes + 1` pigeons, each in one of `holes`, no two in the same: unsatisfiable, and hard to see.
fn pigeons(holes: usize) -> String {
    let mut script = String::new();
    for pigeon in 0..=holes {
        for hole in 0..holes {
            script += &format!("(declare-const p{pigeon}_{hole} Bool)");
        }
        let somewhere: Vec<String> = (0..holes).map(|hole| format!("p{pigeon}_{hole}")).collect();
        script += &format!("(assert (or {}))\n", somewhere.join(" "));
    }
    for hole in 0..holes {
        for pigeon in 0..=holes {
            for other in 0..pigeon {
                script += &format!("(assert (not (and p{pigeon}_{hole} p{other}_{hole})))\n");
            }
        }
    }
    script
}
