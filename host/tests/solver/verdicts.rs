//! What comes back, and in what form.

use crate::{config, easy, pool, query, query_core, query_values, reason, sat, unsat};
use lift::solver::{PoolConfig, SolverHealth, SolverPool, diagnose};
use lift_core::logic::{Query, Satisfiability};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Instant;

#[test]
fn three_verdicts_with_their_evidence() {
    let pool = pool(1);
    let proved = pool.solve(&query("(declare-const v0 Int)(assert (> v0 3))(assert (< v0 4))"));
    assert_eq!(proved.verdict, unsat());
    assert!(proved.engine.starts_with("z3 ") && proved.units > 0, "{proved:?}");

    let script = "(declare-const v0 Int)(declare-const v1 String)(assert (< v0 (- 3)))(assert (> v0 (- 5)))
        (assert (= v1 (str.++ \"a\" \"\\u{1F600}\")))";
    let refuted = pool.solve(&query_values(script, &["v0", "v1", "(str.len v1)"]));
    assert_eq!(refuted.verdict, sat("((v0 (- 4))\n (v1 \"a\\u{1f600}\")\n ((str.len v1) 2))"));

    let script = "(declare-const v0 Int)(assert (! (> v0 3) :named a0))(assert (! (< v0 9) :named a1))
        (assert (! (< v0 2) :named a2))";
    let core = pool.solve(&query_core(script, &["a0", "a1", "a2"]));
    assert_eq!(core.verdict, Satisfiability::Unsat { core: vec!["a0".into(), "a2".into()] });
    // Without names asked for, the same verdict.
    assert_eq!(pool.solve(&query(script)).verdict, unsat());

    let open = "(declare-fun f (Int) Int)(assert (forall ((x Int)) (= (f (f x)) (+ x 1))))";
    let unknown = pool.solve(&Query::new(open.into(), vec![], vec![], 200_000, 20_000));
    assert!(reason(&unknown).starts_with("the solver "), "{unknown:?}");
}

#[test]
fn a_malformed_query_is_unknown_and_says_where() {
    let pool = pool(1);
    let answer = pool.solve(&query("(declare-const v0 Int)\n(assert (> v0 v1))\n(assert false)"));
    assert_eq!(
        reason(&answer),
        "error: the query is malformed: line 2: Z3 does not accept `(assert (> v0 v1))`"
    );
    assert!(reason(&pool.solve(&query("(assert false)(check-sat)"))).contains("`check-sat`"));
    assert!(reason(&pool.solve(&query_values("(declare-const v0 Int)", &["v0 v0"]))).contains("`v0 v0`"));
    let huge = query(&"\n".repeat(33 << 20));
    assert_eq!(reason(&pool.solve(&huge)), "error: the query is malformed: it is longer than 32 MiB");
    // None of this cost a worker.
    assert_eq!(pool.solve(&query("(assert false)")).verdict, unsat());
    assert_eq!((pool.counters().started, pool.counters().lost), (1, 0));
}

#[test]
fn what_the_language_needs_is_understood() {
    let pool = pool(1);
    let parametric = "(declare-datatypes ((Opt 1)) ((par (T) ((none) (some (get T))))))
        (declare-const v0 (Opt Int))(assert ((_ is some) v0))(assert (= (get v0) 3))";
    assert_eq!(pool.solve(&query_values(parametric, &["v0"])).verdict, sat("((v0 (some 3)))"));
    let recursive = "(declare-datatypes ((L 0)) (((nil) (cons (head Int) (tail L)))))
        (declare-fun len (L) Int)
        (assert (forall ((l L)) (! (= (len l) (ite ((_ is nil) l) 0 (+ 1 (len (tail l))))) :pattern ((len l)))))
        (assert (not (= (len (cons 1 (cons 2 nil))) 2)))";
    assert_eq!(pool.solve(&query(recursive)).verdict, unsat());
    let arrays = "(declare-const m (Array String Int))(declare-const n (Array String Int))
        (assert (= n (store m \"k\" 1)))(assert (not (= (select n \"k\") 1)))";
    assert_eq!(pool.solve(&query(arrays)).verdict, unsat());
    let floor_division = "(declare-const a Int)(declare-const q Int)(declare-const r Int)
        (assert (= (- 7) (+ (* q 2) r)))(assert (<= 0 r))(assert (< r 2))";
    assert_eq!(pool.solve(&query_values(floor_division, &["q", "r"])).verdict, sat("((q (- 4))\n (r 1))"));
}

#[test]
fn the_same_query_again_comes_from_memory() {
    let pool = pool(1);
    let (question, expected) = easy(2);
    let first = pool.solve(&question);
    assert_eq!((&first.verdict, pool.counters().cached), (&expected, 0));
    let again = pool.solve(&question);
    assert_eq!((&again, pool.counters().cached), (&first, 1));
    let bigger_budget = Query::new(question.script.clone(), question.values.clone(), vec![], 99_999_999, 1);
    assert_eq!(pool.solve(&bigger_budget), first);
    assert_eq!(pool.counters().cached, 2);
    let other_values = query_values(&question.script, &["(+ x 1)"]);
    assert_eq!(pool.solve(&other_values).verdict, sat("(((+ x 1) 4))"));
    assert_eq!(pool.counters().cached, 2);
}

#[test]
fn async_and_blocking_callers_share_the_workers() {
    let pool = pool(2);
    std::thread::scope(|scope| {
        for caller in 0..8 {
            let pool = &pool;
            scope.spawn(move || {
                for number in (caller * 20)..(caller * 20 + 20) {
                    let (question, expected) = easy(number);
                    let answer = match caller % 2 {
                        0 => pool.solve(&question),
                        _ => block_on(pool.solve_async(&question)),
                    };
                    assert_eq!(answer.verdict, expected);
                }
            });
        }
    });
    assert_eq!((pool.counters().answered, pool.counters().lost), (160, 0));
    assert!(pool.counters().started <= 2);
}

/// Runs a future on this thread; the pool needs no runtime.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(std::thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::park(),
        }
    }
}

#[test]
fn more_callers_than_room_in_the_queue_wait_their_turn() {
    let pool = SolverPool::new(PoolConfig { waiting: 1, ..config(2) });
    std::thread::scope(|scope| {
        for caller in 0..16 {
            let pool = &pool;
            scope.spawn(move || {
                for number in (caller * 20)..(caller * 20 + 20) {
                    let (question, expected) = easy(number);
                    assert_eq!(pool.solve(&question).verdict, expected);
                }
            });
        }
    });
    assert_eq!(pool.counters().answered, 320);
    assert_eq!(pool.counters().lost, 0);
}

#[test]
fn workers_are_replaced_after_enough_queries() {
    let pool = SolverPool::new(PoolConfig { queries_per_worker: 10, ..config(1) });
    for number in 0..35 {
        let (question, expected) = easy(number);
        assert_eq!(pool.solve(&question).verdict, expected);
    }
    let counters = pool.counters();
    assert!(counters.recycled >= 3 && counters.lost == 0, "{counters:?}");
}

#[test]
fn a_warm_pool_has_its_workers_before_the_first_query() {
    let pool = pool(2);
    assert!(pool.processes().is_empty());
    pool.warm_up();
    let began = Instant::now();
    while pool.processes().len() < 2 && began.elapsed().as_secs() < 10 {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert_eq!(pool.processes().len(), 2);
    assert_eq!(pool.solve(&easy(1).0).verdict, easy(1).1);
    assert_eq!(pool.counters().started, 2);
}

#[test]
fn the_doctor_finds_the_solver() {
    match diagnose(&config(1).program, 512) {
        SolverHealth::Ready { engine, program, .. } => {
            assert!(engine.starts_with("z3 "), "{engine}");
            assert!(program.is_absolute());
        }
        missing => panic!("{missing:?}"),
    }
}

#[test]
fn answers_outlive_the_pool_in_its_archive() {
    let folder = tempfile::tempdir().unwrap();
    let config = PoolConfig { archive: Some(folder.path().join("answers.sqlite")), ..config(1) };
    let (question, expected) = easy(2);
    let first = SolverPool::new(config.clone()).solve(&question);
    assert_eq!(first.verdict, expected);
    let later = SolverPool::new(config);
    assert_eq!(later.solve(&question), first);
    assert_eq!(later.counters().cached, 1);
    let (other, expected) = easy(3);
    assert_eq!(later.solve(&other).verdict, expected);
    assert_eq!(later.counters().cached, 1);
}
