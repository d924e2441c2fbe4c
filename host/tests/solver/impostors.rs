//! Programs that are not the worker, and workers that lie. None of them ever produces a verdict.

use crate::{config, is_running, query, reason, unsat, wait_for, worker_program};
use lift::solver::{PoolConfig, Program, SolverHealth, SolverPool, diagnose};
use lift_core::logic::Query;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// A program written in Python, in `folder`.
fn program(folder: &Path, name: &str, code: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, format!("#!{}\n{PRELUDE}\n{code}\n", python().display())).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// An impostor starts with an empty environment, so its interpreter is named in full.
fn python() -> PathBuf {
    let found = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output().unwrap();
    PathBuf::from(String::from_utf8(found.stdout).unwrap().trim())
}

/// The protocol as an impostor would write it. `honest_twins` answers the two questions at the start.
const PRELUDE: &str = r#"
import json, struct, sys, time, os
def send(message):
    data = message if isinstance(message, bytes) else json.dumps(message).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(data)) + data)
    sys.stdout.buffer.flush()
def raw(data):
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
def receive():
    length = struct.unpack(">I", sys.stdin.buffer.read(4))[0]
    return json.loads(sys.stdin.buffer.read(length))
def hello(protocol=1, engine="z3", version="5.4.0.0"):
    send({"protocol": protocol, "engine": engine, "version": version})
def reply(id, outcome):
    send({"id": id, "outcome": outcome, "units": 1, "micros": 1})
def honest_twins():
    reply(receive()["id"], {"answer": "unsat", "core": []})
    reply(receive()["id"], {"answer": "sat", "values": ["3"]})
"#;

fn with(program: PathBuf) -> PoolConfig {
    PoolConfig { program: Program::At(program), ..config(1) }
}

fn falsehood() -> Query {
    query("(assert true)")
}

#[test]
fn a_program_that_does_not_greet_as_it_should_is_no_solver() {
    let folder = tempfile::tempdir().unwrap();
    for (name, code, says) in [
        ("unsat", "print('unsat')", "too long"),
        ("silent-end", "", "exit status: 0"),
        ("failing", "sys.exit('libz3.so is gone')", "libz3.so is gone"),
        ("other-protocol", "hello(protocol=2); time.sleep(60)", "version 2 of the protocol"),
        ("other-engine", "hello(engine='z4'); time.sleep(60)", "not Z3"),
        ("old", "hello(version='4.8.12.0'); time.sleep(60)", "4.13.3 or newer"),
        ("extra", "send({'protocol': 1, 'engine': 'z3', 'version': '5.4.0.0', 'trust': 'me'})", "trust"),
        ("endless", "raw(b'\\xff' * (1 << 20)); time.sleep(60)", "too long"),
        ("half", "raw(b'\\x00\\x00\\x00\\x40{\"pro'); sys.exit(3)", "exit status: 3"),
    ] {
        let impostor = program(folder.path(), name, code);
        let pool = SolverPool::new(with(impostor.clone()));
        let answer = pool.solve(&falsehood());
        let reason = reason(&answer);
        assert!(reason.starts_with("no solver: ") && reason.contains(says), "{name}: {reason}");
        assert!(!reason.contains('\n'), "{name}: {reason}");
        assert_eq!(answer.engine, "none");
        assert!(matches!(diagnose(&Program::At(impostor), 256), SolverHealth::Missing { .. }), "{name}");
    }
}

#[test]
fn a_solver_that_gets_a_known_answer_wrong_is_not_asked() {
    let folder = tempfile::tempdir().unwrap();
    for (name, code) in [
        ("always-unsat", "hello()\nwhile True: reply(receive()['id'], {'answer': 'unsat', 'core': []})"),
        ("always-sat", "hello()\nwhile True: reply(receive()['id'], {'answer': 'sat', 'values': ['3']})"),
        (
            "always-unknown",
            "hello()\nwhile True: reply(receive()['id'], {'answer': 'unknown', 'why': {'stopped': 'units'}})",
        ),
        (
            "swapped",
            "hello()\nreceive(); reply(1, {'answer': 'sat', 'values': ['3']}); receive(); reply(2, {'answer': 'unsat', 'core': []}); time.sleep(60)",
        ),
    ] {
        let pool = SolverPool::new(with(program(folder.path(), name, code)));
        let answer = pool.solve(&falsehood());
        assert!(reason(&answer).contains("cannot be trusted"), "{name}: {answer:?}");
    }
}

#[test]
fn a_reply_that_is_not_exactly_one_is_no_verdict() {
    let folder = tempfile::tempdir().unwrap();
    for (name, code, says) in [
        (
            "other-number",
            "receive(); reply(77, {'answer': 'unsat', 'core': []}); time.sleep(60)",
            "makes no sense",
        ),
        ("text", "receive(); send(b'unsat'); time.sleep(60)", "makes no sense"),
        (
            "spelled",
            "i = receive()['id']; reply(i, {'answer': 'Unsat', 'core': []}); time.sleep(60)",
            "makes no sense",
        ),
        (
            "two-things",
            "i = receive()['id']; reply(i, {'answer': 'unsat', 'core': [], 'values': []}); time.sleep(60)",
            "makes no sense",
        ),
        (
            "invented-core",
            "i = receive()['id']; reply(i, {'answer': 'unsat', 'core': ['a9']}); time.sleep(60)",
            "makes no sense",
        ),
        (
            "values",
            "i = receive()['id']; reply(i, {'answer': 'sat', 'values': ['1']}); time.sleep(60)",
            "makes no sense",
        ),
        ("too-long", "receive(); raw(b'\\x7f\\xff\\xff\\xff'); time.sleep(60)", "makes no sense"),
        ("garbage", "receive(); raw(os.urandom(1 << 16)); time.sleep(60)", ""),
        (
            "cut",
            "i = receive()['id']; raw(b'\\x00\\x00\\x00\\x90{\"id\":3,\"outcome\":{\"answer\":\"unsat\"'); sys.exit(0)",
            "ended",
        ),
        ("silent", "time.sleep(60)", "longer than"),
        ("deaf", "sys.stdin.close(); time.sleep(60)", "longer than"),
        ("hanging-up", "os.close(0); os.close(1); time.sleep(60)", "connection"),
        (
            "dripping",
            "receive()\nraw(b'\\x00\\x00\\x10\\x00')\nwhile True:\n  time.sleep(0.02); raw(b' ')",
            "longer than",
        ),
        ("dying", "receive(); os.kill(os.getpid(), 11)", "signal 11"),
        ("leaving", "receive(); sys.exit(4)", "exit status 4"),
    ] {
        let pool =
            SolverPool::new(with(program(folder.path(), name, &format!("hello()\nhonest_twins()\n{code}"))));
        // A worker that says nothing is waited for; all others are seen through at once.
        let wall_ms = if says == "longer than" { 300 } else { 60_000 };
        let began = Instant::now();
        let answer = pool.solve(&Query::new("(assert true)".into(), vec![], vec![], 1000, wall_ms));
        assert!(reason(&answer).contains(says), "{name}: {answer:?}");
        assert!(began.elapsed() < Duration::from_secs(20), "{name}: {:?}", began.elapsed());
        assert_eq!(pool.counters().lost, 1, "{name}");
        assert_eq!(pool.counters().cached, 0, "{name}");
    }
}

#[test]
fn an_answer_of_an_earlier_query_is_not_taken_for_this_one() {
    // Two replies to one query: the second would be taken for the answer to the next, if numbers were not looked at.
    let folder = tempfile::tempdir().unwrap();
    let code = "hello()\nhonest_twins()\ni = receive()['id']; reply(i, {'answer': 'unknown', 'why': {'stopped': 'units'}})
reply(i, {'answer': 'unsat', 'core': []})\nreceive()\ntime.sleep(60)";
    let pool = SolverPool::new(with(program(folder.path(), "double", code)));
    assert!(reason(&pool.solve(&falsehood())).contains("units"));
    assert!(reason(&pool.solve(&query("(assert (not false))"))).contains("makes no sense"));
}

#[test]
fn what_an_impostor_started_goes_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let note = folder.path().join("child");
    let code = format!(
        "import subprocess\nc = subprocess.Popen(['/bin/sleep', '300'])\nopen({note:?}, 'w').write(str(c.pid))\nhello()\nhonest_twins()\nreceive()\ntime.sleep(60)"
    );
    let pool = SolverPool::new(with(program(folder.path(), "parent", &code)));
    reason(&pool.solve(&Query::new("(assert true)".into(), vec![], vec![], 1000, 100)));
    drop(pool);
    let child = std::fs::read_to_string(&note).unwrap();
    wait_for("the end of what it started", || !is_running(&child));
}

#[test]
fn the_worker_gets_an_empty_environment_and_a_neutral_folder() {
    let folder = tempfile::tempdir().unwrap();
    let code = "sys.exit('env=' + ','.join(sorted(k for k in os.environ if k not in ('LC_CTYPE', 'LD_LIBRARY_PATH'))) + ' cwd=' + os.getcwd())";
    let pool = SolverPool::new(with(program(folder.path(), "looking", code)));
    let answer = pool.solve(&falsehood());
    assert!(reason(&answer).ends_with("env= cwd=/"), "{answer:?}");
}

#[test]
fn the_environment_can_name_another_program_and_then_no_other_is_taken() {
    // In a process of its own, this test's binary: the environment is everybody's.
    const ROLE: &str = "LIFT_TEST_ASKER";
    if std::env::var_os(ROLE).is_some() {
        let pool = SolverPool::new(PoolConfig { program: Program::Search, ..config(1) });
        println!("\nsays {:?}", pool.solve(&query("(assert false)")).verdict);
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let liar = program(
        folder.path(),
        "liar",
        "hello()\nwhile True: reply(receive()['id'], {'answer': 'unsat', 'core': []})",
    );
    let says = |named: Option<&Path>| {
        let mut asker = Command::new(std::env::current_exe().unwrap());
        asker
            .args([
                "--exact",
                "impostors::the_environment_can_name_another_program_and_then_no_other_is_taken",
            ])
            .args(["--nocapture", "--test-threads=1"])
            .env(ROLE, "1")
            .env_remove("LIFT_SOLVER");
        if let Some(named) = named {
            asker.env("LIFT_SOLVER", named);
        }
        let output = String::from_utf8(asker.output().unwrap().stdout).unwrap();
        output.lines().find_map(|line| line.strip_prefix("says ")).unwrap().to_owned()
    };
    worker_program();
    assert!(says(None).starts_with("Unsat"));
    assert!(says(Some(&liar)).contains("cannot be trusted"));
    assert!(says(Some(Path::new("/nowhere/solver"))).contains("/nowhere/solver"));
    assert!(says(Some(&worker_program())).starts_with("Unsat"));
}

#[test]
fn without_a_solver_every_query_is_unknown_at_once() {
    let missing = Path::new("/nowhere/lift-solver");
    let pool = SolverPool::new(with(missing.into()));
    for _ in 0..3 {
        let began = Instant::now();
        let answer = pool.solve(&falsehood());
        assert!(reason(&answer).contains("/nowhere/lift-solver"), "{answer:?}");
        assert!(began.elapsed() < Duration::from_secs(1));
    }
    match diagnose(&Program::At(missing.into()), 256) {
        SolverHealth::Missing { reason, cost } => {
            assert!(reason.contains("LIFT_SOLVER") && cost.contains("unknown"))
        }
        ready => panic!("{ready:?}"),
    }
}

#[test]
fn a_solver_that_appears_later_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("lift-solver");
    let pool = SolverPool::new(with(place.clone()));
    reason(&pool.solve(&falsehood()));
    std::os::unix::fs::symlink(worker_program(), &place).unwrap();
    wait_for("a verdict", || pool.solve(&query("(assert false)")).verdict == unsat());
}
