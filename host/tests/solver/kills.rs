//! Workers that die at any moment lose at most the query they were at, and invent nothing.

use crate::{config, easy, endless, is_running, pool, query, reason, unsat, wait_for};
use lift::solver::{PoolConfig, SolverPool};
use lift_core::logic::{Query, Satisfiability};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Sends SIGKILL to one of the pool's workers.
fn kill_worker(process: u32) -> bool {
    kill(Pid::from_raw(process.try_into().unwrap()), Signal::SIGKILL).is_ok()
}

#[test]
fn a_kill_in_the_middle_of_a_query_is_unknown_and_the_next_query_works() {
    let pool = pool(1);
    assert_eq!(pool.solve(&query("(assert false)")).verdict, unsat());
    let victim = pool.processes()[0];
    thread::scope(|scope| {
        let running = scope.spawn(|| pool.solve(&endless(20_000)));
        thread::sleep(Duration::from_millis(200));
        assert!(kill_worker(victim));
        let answer = running.join().unwrap();
        assert_eq!(reason(&answer), "the solver process was killed (signal 9)");
    });
    let (question, expected) = easy(4);
    assert_eq!(pool.solve(&question).verdict, expected);
    assert_ne!(pool.processes(), [victim]);
    let counters = pool.counters();
    assert_eq!((counters.started, counters.lost), (2, 1));
}

#[test]
fn a_kill_between_queries_costs_nothing() {
    let pool = pool(1);
    pool.solve(&query("(assert false)"));
    let victim = pool.processes()[0];
    assert!(kill_worker(victim));
    wait_for("the kill", || !is_running(&victim.to_string()));
    assert_eq!(pool.solve(&easy(6).0).verdict, easy(6).1);
}

#[test]
fn two_hundred_kills_lose_and_invent_nothing() {
    const KILLS: u64 = 200;
    let pool = SolverPool::new(PoolConfig { queries_per_worker: 50, ..config(2) });
    let done = AtomicBool::new(false);
    let (mut verdicts, mut unknown) = (0u64, 0u64);
    let kills = thread::scope(|scope| {
        let killer = scope.spawn(|| {
            let (mut kills, mut last) = (0, None);
            // A fixed sequence that looks random: where in a query a kill falls is up to the machine anyway.
            let mut state = 0x2545_f491_4f6c_dd1d_u64;
            while kills < KILLS {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                // After a few more answers, or none, and then somewhere within a query or a start.
                let (since, few) = (Instant::now(), pool.counters().answered + state % 8);
                while pool.counters().answered < few && since.elapsed() < Duration::from_secs(5) {
                    thread::sleep(Duration::from_micros(200));
                }
                thread::sleep(Duration::from_micros((state >> 8) % 5_000));
                let processes = pool.processes();
                if let Some(&victim) = processes.get(state as usize % processes.len().max(1))
                    && last != Some(victim)
                {
                    kills += u64::from(kill_worker(victim));
                    last = Some(victim);
                }
            }
            done.store(true, Ordering::SeqCst);
            kills
        });
        let askers: Vec<_> = (0..4)
            .map(|asker| {
                let (pool, done) = (&pool, &done);
                scope.spawn(move || {
                    let (mut verdicts, mut unknown) = (0u64, 0u64);
                    let mut number = asker;
                    while !done.load(Ordering::SeqCst) {
                        let (question, expected) = easy(number);
                        let answer = pool.solve(&question);
                        match &answer.verdict {
                            Satisfiability::Unknown { reason } => {
                                unknown += 1;
                                assert!(
                                    reason.contains("killed")
                                        || reason.contains("closed")
                                        || reason.contains("no solver"),
                                    "{reason}"
                                );
                            }
                            verdict => {
                                verdicts += 1;
                                assert_eq!(*verdict, expected, "query {number}");
                                // What was decided once stays decided, whoever is killed meanwhile.
                                assert_eq!(pool.solve(&question), answer);
                            }
                        }
                        number += 4;
                    }
                    (verdicts, unknown)
                })
            })
            .collect();
        for asker in askers {
            let (some_verdicts, some_unknown) = asker.join().unwrap();
            verdicts += some_verdicts;
            unknown += some_unknown;
        }
        killer.join().unwrap()
    });
    println!("{kills} kills: {verdicts} verdicts, {unknown} unknown, {:?}", pool.counters());
    assert_eq!(kills, KILLS);
    assert!(verdicts > KILLS, "{verdicts}");
    assert_eq!(pool.solve(&query("(assert false)")).verdict, unsat());
}

#[test]
fn a_dropped_future_frees_its_worker_at_once() {
    use std::future::Future;
    use std::task::{Context, Waker};
    let pool = pool(1);
    pool.solve(&query("(assert false)"));
    let question = endless(20_000);
    let mut future = Box::pin(pool.solve_async(&question));
    assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    thread::sleep(Duration::from_millis(100));
    drop(future);
    let began = Instant::now();
    assert_eq!(pool.solve(&easy(8).0).verdict, easy(8).1);
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert_eq!(pool.counters().lost, 1);
}

#[test]
fn dropping_the_pool_ends_its_workers_even_in_the_middle() {
    let pool = std::sync::Arc::new(pool(1));
    let asker = {
        let pool = std::sync::Arc::downgrade(&pool);
        let strong = pool.upgrade().unwrap();
        thread::spawn(move || {
            // The asker holds the pool only through this future, which lives on another thread.
            use std::future::Future;
            use std::task::{Context, Waker};
            let question = endless(20_000);
            let mut future = Box::pin(strong.solve_async(&question));
            let _ = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            wait_for("a worker", || !strong.processes().is_empty());
            thread::sleep(Duration::from_millis(100));
            strong.processes()[0]
        })
    };
    let process = asker.join().unwrap();
    let began = Instant::now();
    drop(std::sync::Arc::into_inner(pool).unwrap());
    assert!(began.elapsed() < Duration::from_secs(10));
    assert!(!std::path::Path::new(&format!("/proc/{process}")).exists(), "{process} is still there");
}

/// The worker ends with its host even when the host has no time to say goodbye.
#[test]
fn a_worker_does_not_outlive_a_killed_host() {
    // This test's own binary, as a host that starts a worker, prints its number, and is then killed in a query.
    const ROLE: &str = "LIFT_TEST_HOST";
    if std::env::var_os(ROLE).is_some() {
        let pool = pool(1);
        pool.solve(&query("(assert false)"));
        println!("\nworker {}", pool.processes()[0]);
        pool.solve(&endless(60_000));
        return;
    }
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let mut host = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "kills::a_worker_does_not_outlive_a_killed_host",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(ROLE, "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let worker = BufReader::new(host.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("worker ").map(str::to_owned))
        .unwrap();
    thread::sleep(Duration::from_millis(150));
    assert!(is_running(&worker));
    host.kill().unwrap();
    host.wait().unwrap();
    wait_for("the worker to end", || !is_running(&worker));
}

#[test]
fn verdicts_are_the_same_whatever_was_killed_before() {
    let pool = pool(1);
    let question = Query::new(crate::pigeons(6), vec![], vec![], 50_000_000, 20_000);
    let first = pool.solve(&question);
    assert_eq!(first.verdict, unsat());
    assert!(kill_worker(pool.processes()[0]));
    let other = crate::pool(1);
    assert_eq!(other.solve(&question), first);
}
