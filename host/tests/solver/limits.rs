//! Units, time and memory.

use crate::{config, easy, endless, pigeons, pool, query, reason, unsat};
use lift::solver::{PoolConfig, SolverPool};
use lift_core::logic::Query;
use std::time::{Duration, Instant};

#[test]
fn units_run_out_and_are_reported() {
    let pool = pool(1);
    let short = Query::new(pigeons(10), vec![], vec![], 100_000, 20_000);
    let answer = pool.solve(&short);
    assert_eq!(reason(&answer), "the solver used up its 100000 resource units");
    assert!((100_000..200_000).contains(&answer.units), "{answer:?}");
    // It would end the same way, so it is not run again; more units are another question.
    assert_eq!(pool.solve(&short), answer);
    assert_eq!(pool.counters().cached, 1);
    let enough = Query::new(pigeons(6), vec![], vec![], 50_000_000, 20_000);
    assert_eq!(pool.solve(&enough).verdict, unsat());
    assert_eq!(pool.counters().lost, 0);
}

#[test]
fn the_wall_clock_stops_what_units_do_not() {
    let pool = pool(1);
    let began = Instant::now();
    let answer = pool.solve(&endless(300));
    let took = began.elapsed();
    assert_eq!(reason(&answer), "the solver took longer than 300 ms");
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert_eq!(pool.solve(&easy(2).0).verdict, easy(2).1);
    // A time-out is not remembered.
    assert_eq!(reason(&pool.solve(&endless(200))), "the solver took longer than 200 ms");
    assert_eq!(pool.counters().cached, 0);
}

#[test]
fn a_worker_that_does_not_stop_itself_is_killed() {
    // Reading a script and printing a value are not under Z3's clock: 2^25 multiplications, unfolded while reading.
    let pool = pool(1);
    let mut script = String::from("(declare-const a Int)(define-fun f0 ((x Int)) Int (* x (+ x a)))");
    for i in 1..=40 {
        script += &format!("(define-fun f{i} ((x Int)) Int (f{0} (f{0} x)))", i - 1);
    }
    script += "(assert (= (f40 a) 3))";
    let began = Instant::now();
    let answer = pool.solve(&Query::new(script, vec![], vec![], 1_000_000, 400));
    let took = began.elapsed();
    assert!(
        ["the solver took longer than 400 ms", "the solver needed more than 1024 MiB of memory"]
            .contains(&reason(&answer)),
        "{answer:?}"
    );
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert_eq!(pool.counters().lost, 1);
    assert_eq!(pool.solve(&easy(2).0).verdict, easy(2).1);
}

#[test]
fn no_query_gets_more_time_than_the_pool_allows() {
    let pool = SolverPool::new(PoolConfig { longest_wall: Duration::from_millis(200), ..config(1) });
    let began = Instant::now();
    assert_eq!(reason(&pool.solve(&endless(u64::MAX))), "the solver took longer than 200 ms");
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[test]
fn memory_runs_out_in_the_worker_alone() {
    let pool = SolverPool::new(PoolConfig { memory_mib: 128, ..config(1) });
    let mut script = String::from("(declare-const a (_ BitVec 64))");
    script += "(define-fun f0 ((x (_ BitVec 64))) (_ BitVec 64) (bvmul x (bvadd x a)))";
    for i in 1..=25 {
        script += &format!("(define-fun f{i} ((x (_ BitVec 64))) (_ BitVec 64) (f{0} (f{0} x)))", i - 1);
    }
    script += "(assert (= (f25 a) (_ bv3 64)))";
    let answer = pool.solve(&Query::new(script, vec![], vec![], u64::MAX, 60_000));
    assert_eq!(reason(&answer), "the solver needed more than 128 MiB of memory");
    assert_eq!(pool.solve(&easy(2).0).verdict, easy(2).1);
    assert_eq!(pool.counters().lost, 1);
}

#[test]
fn a_term_too_deep_for_any_stack_is_no_verdict() {
    let pool = pool(1);
    let deep = format!(
        "(declare-const x Int)(assert (= x {}x{}))(assert false)",
        "(+ 1 (* 2 ".repeat(300_000),
        "))".repeat(300_000)
    );
    let answer = pool.solve(&Query::new(deep, vec![], vec![], 1_000_000, 5_000));
    // Z3 may manage; what it must not do is take us along.
    if answer.verdict != unsat() {
        reason(&answer);
    }
    assert_eq!(pool.solve(&query("(assert false)")).verdict, unsat());
}
