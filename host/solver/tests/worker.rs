//! The worker alone, spoken to in frames: what it says of scripts, and what it gives up.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use lift_solver_protocol::{
    Core, Hello, LONGEST_REPLY, LONGEST_REQUEST, Outcome, PROTOCOL, Reply, Request, Why, read_frame,
    write_frame,
};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

struct Worker {
    child: Child,
    requests: ChildStdin,
    replies: ChildStdout,
    asked: u64,
}

impl Worker {
    fn start() -> Worker {
        Worker::start_with(&[])
    }

    fn start_with(arguments: &[&str]) -> Worker {
        let mut child = Command::new(env!("CARGO_BIN_EXE_lift-solver"))
            .args(arguments)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let requests = child.stdin.take().unwrap();
        let mut replies = child.stdout.take().unwrap();
        let hello: Hello = read_frame(&mut replies, LONGEST_REPLY).unwrap();
        assert_eq!((hello.protocol, hello.engine.as_str()), (PROTOCOL, "z3"));
        assert!(hello.version.split('.').count() >= 3, "{hello:?}");
        Worker { child, requests, replies, asked: 0 }
    }

    fn ask(&mut self, script: &str, values: &[&str], core: Core, units: u32) -> Reply {
        self.asked += 1;
        let request = Request {
            id: self.asked,
            script: script.into(),
            values: values.iter().map(|&term| term.to_owned()).collect(),
            core,
            units,
            processor_s: 10,
        };
        write_frame(&mut self.requests, &request, LONGEST_REQUEST).unwrap();
        let reply: Reply = read_frame(&mut self.replies, LONGEST_REPLY).unwrap();
        assert_eq!(reply.id, self.asked);
        reply
    }

    fn outcome(&mut self, script: &str) -> Outcome {
        self.ask(script, &[], Core::Skip, 10_000_000).outcome
    }

    /// The values of `terms`, in a script that has only one model as far as they go.
    fn values(&mut self, script: &str, terms: &[&str]) -> Vec<String> {
        match self.ask(script, terms, Core::Skip, 10_000_000).outcome {
            Outcome::Sat { values } => values,
            other => panic!("{script}: {other:?}"),
        }
    }

    fn core(&mut self, script: &str) -> Vec<String> {
        match self.ask(script, &[], Core::Names, 10_000_000).outcome {
            Outcome::Unsat { core } => core,
            other => panic!("{script}: {other:?}"),
        }
    }

    fn malformed(&mut self, script: &str) -> String {
        match self.ask(script, &[], Core::Skip, 10_000_000).outcome {
            Outcome::Unknown { why: Why::Malformed { detail } } => detail,
            other => panic!("{script}: {other:?}"),
        }
    }
}

fn unsat() -> Outcome {
    Outcome::Unsat { core: vec![] }
}

fn sat() -> Outcome {
    Outcome::Sat { values: vec![] }
}

const LIST: &str = "(declare-datatypes ((List 1)) ((par (T) ((nil) (cons (head T) (tail (List T)))))))\n";

#[test]
fn integers_reals_and_functions() {
    let mut worker = Worker::start();
    assert_eq!(worker.outcome("(declare-const x Int)(assert (> x 3))(assert (< x 4))"), unsat());
    assert_eq!(worker.outcome("(declare-const x Int)(assert (> x 3))(assert (< x 5))"), sat());
    assert_eq!(
        worker.values(
            "(declare-const x Int)(assert (> x 3))(assert (< x 5))",
            &["x", "(* x x)", "(> x 9)", "(- x)"]
        ),
        ["4", "16", "false", "(- 4)"]
    );
    assert_eq!(
        worker.values("(declare-const y Real)(assert (= (* 3.0 y) (- 1.0)))", &["y", "(* 6 y)"]),
        ["(- (/ 1.0 3.0))", "(- 2.0)"]
    );
    assert_eq!(
        worker.values(
            "(declare-fun f (Int Int) Int)(assert (= (f 1 2) 3))(assert (= (f 2 1) 4))",
            &["(f 2 1)"]
        ),
        ["4"]
    );
    // A quotient by zero has some value in the theory; the model says which was meant.
    assert_eq!(worker.values("(declare-const x Int)(assert (= (div x 0) 2))", &["(div x 0)"]), ["2"]);
}

#[test]
fn strings_are_code_points() {
    let mut worker = Worker::start();
    let two = "(declare-const s String)(assert (= (str.len s) 1))(assert (= s \"\\u{1F600}\"))";
    assert_eq!(
        worker.values(two, &["s", "(str.len s)", "(str.to_code s)"]),
        ["\"\\u{1f600}\"", "1", "128512"]
    );
    let escaped = "(declare-const s String)(assert (= s (str.++ \"a\"\"b\" \"\\u{e9}\" \" ) ; (\")))";
    assert_eq!(worker.values(escaped, &["(str.at s 1)", "(str.len s)"]), ["\"\"\"\"", "10"]);
    let contradiction = "(declare-const s String)(assert (str.prefixof \"ab\" s))(assert (< (str.len s) 2))";
    assert_eq!(worker.outcome(contradiction), unsat());
}

#[test]
fn datatypes_plain_recursive_and_parametric() {
    let mut worker = Worker::start();
    let script =
        format!("{LIST}(declare-const l (List Int))(assert (= l (cons 1 (cons 2 (as nil (List Int))))))");
    assert_eq!(
        worker.values(&script, &["l", "(tail (tail l))", "(head (tail l))"]),
        ["(cons 1 (cons 2 nil))", "nil", "2"]
    );
    let different_instances = format!(
        "{LIST}(declare-const a (List Int))(declare-const b (List (List Bool)))
         (assert ((_ is (cons (Int (List Int)) (List Int))) a))(assert (= b (cons (cons true (as nil (List Bool))) (as nil (List (List Bool))))))"
    );
    assert_eq!(
        worker.values(&different_instances, &["b", "(is-cons a)"]),
        ["(cons (cons true nil) nil)", "true"]
    );
    let no_loop = format!("{LIST}(declare-const l (List Int))(assert (= l (cons 1 l)))");
    assert_eq!(worker.outcome(&no_loop), unsat());
    let mutual = "(declare-datatypes ((Tree 0) (Forest 0)) (((node (label Int) (below Forest))) ((none) (some (first Tree) (rest Forest)))))
         (declare-const t Tree)(assert (= (below t) (some (node 3 none) none)))(assert (= (label t) 7))";
    assert_eq!(worker.values(mutual, &["t"]), ["(node 7 (some (node 3 none) none))"]);
}

#[test]
fn quantifiers_arrays_and_recursive_definitions() {
    let mut worker = Worker::start();
    let triggered = "(declare-fun f (Int) Int)(assert (forall ((x Int)) (! (> (f x) x) :pattern ((f x)))))
         (assert (< (f 3) 3))";
    assert_eq!(worker.outcome(triggered), unsat());
    let arrays = "(declare-const a (Array Int Int))(declare-const b (Array Int Int))
         (assert (= b (store a 1 5)))(assert (not (= (select b 1) 5)))";
    assert_eq!(worker.outcome(arrays), unsat());
    let factorial = "(define-fun-rec fac ((n Int)) Int (ite (<= n 0) 1 (* n (fac (- n 1)))))
         (declare-const x Int)(assert (= x (fac 4)))";
    assert_eq!(worker.values(factorial, &["x", "(fac 3)"]), ["24", "6"]);
}

#[test]
fn long_values_come_without_abbreviations_or_ellipsis() {
    let mut worker = Worker::start();
    let mut list = String::from("(as nil (List Int))");
    let mut printed = String::from("nil");
    for number in 1..=60 {
        list = format!("(cons {number} {list})");
        printed = format!("(cons {number} {printed})");
    }
    let pair = "(declare-datatypes ((Pair 2)) ((par (A B) ((pair (one A) (two B))))))";
    let script = format!(
        "{LIST}{pair}(declare-const p (Pair (List Int) (List Int)))(assert (= p (pair {list} {list})))"
    );
    let values = worker.values(&script, &["p"]);
    let flat = values[0].split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(flat, format!("(pair {printed} {printed})"));
}

#[test]
fn a_core_names_what_conflicts_and_nothing_else() {
    let mut worker = Worker::start();
    let script = "(declare-const x Int)(declare-const y Int)
        (assert (! (> x 3) :named a0))(assert (! (> y 3) :named a1))(assert (! (< x 2) :named |a 2|))(assert (< y 9))";
    assert_eq!(worker.core(script), ["a0", "|a 2|"]);
    // The same formula under two names, and an assertion without a name that takes part.
    let twice =
        "(declare-const x Int)(assert (! (> x 3) :named p))(assert (! (> x 3) :named q))(assert (< x 2))";
    let core = worker.core(twice);
    assert!(core == ["p"] || core == ["q"], "{core:?}");
    // Names may be used as the formulas they name.
    let reused = "(declare-const x Int)(assert (! (> x 3) :named p))(assert (! (not p) :named q))";
    assert_eq!(worker.core(reused), ["p", "q"]);
    assert_eq!(worker.outcome(reused), unsat());
    // Without a core, the same verdicts.
    assert_eq!(worker.outcome(script), unsat());
    let named_sat = "(declare-const x Int)(assert (! (= x 5) :named a0))";
    assert_eq!(worker.values(named_sat, &["x", "a0"]), ["5", "true"]);
}

#[test]
fn a_parse_error_anywhere_is_never_a_verdict() {
    let mut worker = Worker::start();
    for (script, names) in [
        (
            "(declare-const x Int)\n(assert (> x y))\n(assert false)",
            "line 2: Z3 does not accept `(assert (> x y))`",
        ),
        ("(assert false)\n(assert (> x 3))", "line 2"),
        ("(assert false)(declare-const x Imt)", "line 1: Z3 does not accept `(declare-const x Imt)`"),
        ("(declare-const x Int)(declare-const x Int)(assert false)", "(declare-const x Int)"),
        ("(assert false)\n\n(declare-datatypes ((L 0)) (((a (b M)))))", "line 3"),
        ("(assert (! false :named a))(assert (! false :named a))", "`(assert (! false :named a))`"),
        ("(assert 3)", "`(assert 3)`"),
        ("(assert (and false", "line 1: parentheses"),
        ("(assert false))", "line 1: parentheses"),
        ("(assert false)(check-sat)", "`check-sat`"),
        ("(assert false)(exit)", "`exit`"),
        ("(set-option :regular-output-channel \"/tmp/out\")(assert false)", "`set-option`"),
        ("(set-logic QF_LIA)(assert false)", "`set-logic`"),
        ("p cnf 1 2\n1 0\n-1 0\n", "line 1: parentheses"),
        ("(assert (forall ((x Int)) (! (> x 2) :pattern (x))))(assert false)", "line 1"),
        ("(assert \u{feff}false)", "does not belong"),
        ("(assert false)\u{0}", "does not belong"),
        ("unsat", "line 1"),
    ] {
        let detail = worker.malformed(script);
        assert!(detail.contains(names), "{script}: {detail}");
    }
    // And the worker is as good as before.
    assert_eq!(worker.outcome("(assert false)"), unsat());
    assert_eq!(worker.outcome("(assert true)"), sat());
    assert_eq!(worker.outcome(""), sat());
}

#[test]
fn the_first_bad_command_is_found_among_many() {
    let mut worker = Worker::start();
    for bad in [0, 1, 498, 499] {
        let lines: Vec<String> =
            (0..500)
                .map(|line| {
                    if line == bad { "(assert (p q))".into() } else { format!("(declare-const x{line} Int)") }
                })
                .collect();
        let detail = worker.malformed(&lines.join("\n"));
        assert_eq!(detail, format!("line {}: Z3 does not accept `(assert (p q))`", bad + 1));
    }
}

#[test]
fn a_bad_value_is_named_and_cannot_smuggle_commands() {
    let mut worker = Worker::start();
    for value in ["y", "(f x)", "x x", "x))(assert false)(assert (= x x", "", "x ; ", "(reset)", "nil"] {
        let reply = worker.ask("(declare-const x Int)", &["x", value], Core::Skip, 1_000_000);
        match reply.outcome {
            Outcome::Unknown { why: Why::Malformed { detail } } => {
                assert!(detail.contains(value), "{detail}")
            }
            other => panic!("{value}: {other:?}"),
        }
    }
}

#[test]
fn nothing_of_one_query_reaches_the_next() {
    let mut worker = Worker::start();
    let question =
        "(declare-const x Int)(declare-fun f (Int) Int)(assert (> (f x) (f (+ x 1))))(assert (= (f 0) x))";
    let first = worker.ask(question, &["x"], Core::Skip, 1_000_000);
    worker.outcome("(declare-const x Bool)(declare-fun f (Bool) Bool)(assert (f x))(assert (not (f true)))");
    worker.outcome(&format!("{LIST}(declare-const x (List Int))(assert ((_ is cons) x))"));
    worker.outcome("(declare-datatypes ((List 0)) (((nil) (other))))(assert (= nil other))");
    worker.core("(declare-const x Int)(assert (! (> x 3) :named a0))(assert (! (< x 3) :named a1))");
    worker.malformed("(declare-const x Int)(assert (> x y))");
    worker.ask(&pigeons(9), &[], Core::Skip, 50_000);
    for _ in 0..50 {
        let again = worker.ask(question, &["x"], Core::Skip, 1_000_000);
        assert_eq!((&again.outcome, again.units), (&first.outcome, first.units));
    }
    // Undeclared here, whatever was declared before.
    worker.malformed("(assert (f x))");
}

#[test]
fn units_bound_the_work_and_say_the_same_each_time() {
    let mut worker = Worker::start();
    let mut used = Vec::new();
    for _ in 0..3 {
        let reply = worker.ask(&pigeons(10), &[], Core::Skip, 100_000);
        assert_eq!(reply.outcome, Outcome::Unknown { why: Why::Units });
        used.push(reply.units);
    }
    let mut other = Worker::start();
    used.push(other.ask(&pigeons(10), &[], Core::Skip, 100_000).units);
    assert!(used.iter().all(|&units| units == used[0] && (100_000..200_000).contains(&units)), "{used:?}");
    assert_eq!(worker.ask(&pigeons(4), &[], Core::Skip, 10_000_000).outcome, unsat());
    // No units is not "no limit".
    assert_eq!(worker.ask(&pigeons(10), &[], Core::Skip, 0).outcome, Outcome::Unknown { why: Why::Units });
}

#[test]
fn a_model_too_long_to_say_is_unknown() {
    let mut worker = Worker::start();
    let mut script = String::from("(declare-const s0 String)(assert (= s0 \"0123456789abcdef\"))");
    for i in 1..=18 {
        script += &format!("(define-fun s{i} () String (str.++ s{} s{}))", i - 1, i - 1);
    }
    let reply = worker.ask(&script, &["s18"], Core::Skip, u32::MAX);
    assert_eq!(reply.outcome, Outcome::Unknown { why: Why::TooLong });
    assert_eq!(worker.outcome("(assert false)"), unsat());
}

#[test]
fn memory_without_end_is_no_verdict() {
    let mut worker = Worker::start_with(&["--memory-mib", "200"]);
    let request = Request {
        id: 1,
        script: doubling_multiplications(),
        values: vec![],
        core: Core::Skip,
        units: u32::MAX,
        processor_s: 60,
    };
    write_frame(&mut worker.requests, &request, LONGEST_REQUEST).unwrap();
    let reply = read_frame::<Reply>(&mut worker.replies, LONGEST_REPLY);
    match reply {
        Ok(Reply { outcome: Outcome::Unknown { why: Why::Memory }, .. }) => {}
        Ok(reply) => panic!("{reply:?}"),
        Err(_) => {
            let status = worker.child.wait().unwrap();
            assert_eq!(status.code(), Some(lift_solver_protocol::EXIT_OUT_OF_MEMORY), "{status}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn it_gives_up_what_a_solver_does_not_need() {
    let worker = Worker::start_with(&["--memory-mib", "300"]);
    let proc = format!("/proc/{}", worker.child.id());
    let limits = std::fs::read_to_string(format!("{proc}/limits")).unwrap();
    let limit = |name: &str| -> String {
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        line[name.len()..].split_whitespace().next().unwrap().to_owned()
    };
    assert_eq!(limit("Max address space"), ((300 + 512) << 20).to_string());
    assert_eq!(limit("Max core file size"), "0");
    assert_eq!(limit("Max file size"), "0");
    assert_eq!(limit("Max open files"), "16");
    let status = std::fs::read_to_string(format!("{proc}/status")).unwrap();
    assert!(status.contains("NoNewPrivs:\t1"), "{status}");
    assert_eq!(std::fs::read_link(format!("{proc}/cwd")).unwrap(), std::path::Path::new("/"));
    let mut open: Vec<i32> = std::fs::read_dir(format!("{proc}/fd"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_str().unwrap().parse().unwrap())
        .collect();
    open.sort_unstable();
    assert_eq!(open.len(), 5, "standard streams, requests and replies: {open:?}");
}

#[test]
fn it_ends_when_its_input_ends_or_makes_no_sense() {
    let mut worker = Worker::start();
    drop(worker.requests);
    assert!(worker.child.wait().unwrap().success());

    use std::io::Write;
    for nonsense in
        [b"\0\0\0\x05hello".as_slice(), b"\xff\xff\xff\xff", b"GET / HTTP/1.1\r\n\r\n", b"\0\0\0\x02{}"]
    {
        let mut worker = Worker::start();
        worker.requests.write_all(nonsense).unwrap();
        assert!(!worker.child.wait().unwrap().success());
        assert!(read_frame::<Reply>(&mut worker.replies, LONGEST_REPLY).is_err());
    }
}

#[test]
fn by_hand_it_says_what_it_is() {
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_lift-solver")).args(arguments).output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (status, version, _) = run(&["--version"]);
    assert_eq!(status, Some(0));
    assert!(version.starts_with("lift-solver ") && version.contains("(z3 "), "{version}");
    let (status, _, usage) = run(&["--help"]);
    assert_eq!(status, Some(2));
    assert!(usage.contains("usage"), "{usage}");
    assert_eq!(run(&["--memory-mib", "much"]).0, Some(2));
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

/// 2^25 multiplications of bit vectors once the definitions are unfolded.
fn doubling_multiplications() -> String {
    let mut script = String::from("(declare-const a (_ BitVec 64))");
    script += "(define-fun f0 ((x (_ BitVec 64))) (_ BitVec 64) (bvmul x (bvadd x a)))";
    for i in 1..=25 {
        let below = i - 1;
        script += &format!("(define-fun f{i} ((x (_ BitVec 64))) (_ BitVec 64) (f{below} (f{below} x)))");
    }
    script + "(assert (= (f25 a) (_ bv3 64)))"
}
