//! Running generated Python: the examples, and code that means no good.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use lift::python::{Python, PythonError, RunLimits};
use lift_core::check::check;
use lift_core::generate::python::python;
use lift_core::generate::{Generated, Options};
use std::time::{Duration, Instant};

fn generated(body: &str) -> Generated {
    let checked = check(&format!("```spec-ir\n{body}\n```\n"));
    assert!(!checked.has_errors(), "{:#?}", checked.diagnostics);
    python(&checked.program, &Options { module: "document".to_owned(), ..Options::default() })
}

/// Generated code whose module is replaced by this Python.
fn hostile(module: &str) -> Generated {
    Generated {
        module: module.to_owned(),
        ..generated("def f(n: Int): Int = n  examples { f(1) == 1, f(2) == 2 }")
    }
}

fn limits() -> RunLimits {
    RunLimits { wall: Duration::from_secs(20), processor_seconds: 1, memory_mib: 256, output_bytes: 1 << 20 }
}

#[test]
fn examples_pass_fail_and_raise_as_the_code_does() {
    let body = "def f(n: Int): Int = n * 2
        def sorted_twice(xs: List Int): Bool = sorted(sort(xs))
        def largest(xs: List Int): Int requires xs != [] = get_or(maximum(xs), 0)
        examples {
          f(2) == 4, f(2) == 5, largest([]) == 0, sorted([1, 2]) && sorted_twice([2, 1]),
          fold([1, 2, 3], 0, \\acc x. acc * 10 + f(x)) == 246,
          10 / f(0) == 1
        }";
    let results = Python::find().unwrap().run_examples(&generated(body), "document").unwrap();
    let outcomes: Vec<_> = results.iter().map(|result| result.ok).collect();
    assert_eq!(outcomes, [true, false, false, true, true, false].map(Some));
    assert_eq!(
        (results[1].call.as_str(), results[1].expected.as_str(), results[1].got.as_str()),
        ("f(2)", "5", "4")
    );
    assert!(results[2].got.starts_with("ValueError: largest needs xs != []"), "{}", results[2].got);
    assert_eq!(results[4].got, "246");
    assert!(results[5].got.starts_with("ZeroDivisionError"), "{}", results[5].got);
}

#[test]
fn an_endless_loop_is_stopped() {
    let python = Python::find().unwrap();
    let code = hostile("def f(n):\n    while True:\n        pass\n");
    let began = Instant::now();
    let by_processor_time = python.run_examples_within(&code, "document", &limits());
    assert!(matches!(by_processor_time, Err(PythonError::Ended { .. })), "{by_processor_time:?}");
    let code = hostile("import time\ndef f(n):\n    time.sleep(60)\n");
    let wall = RunLimits { wall: Duration::from_millis(500), ..limits() };
    let by_the_clock = python.run_examples_within(&code, "document", &wall);
    assert_eq!(by_the_clock, Err(PythonError::Deadline(wall.wall)));
    assert!(began.elapsed() < Duration::from_secs(15));
}

#[test]
fn memory_without_end_fails_the_example_alone() {
    let code = hostile("def f(n):\n    return bytes(1 << 40) if n == 1 else n\n");
    let results = Python::find().unwrap().run_examples_within(&code, "document", &limits()).unwrap();
    assert!(results[0].got.starts_with("MemoryError"), "{results:?}");
    assert_eq!((results[0].ok, results[1].ok), (Some(false), Some(true)));
}

#[test]
fn files_cannot_be_written_and_the_environment_is_empty() {
    let code = hostile(
        "import os\ndef f(n):\n    if n == 1:\n        with open('x', 'wb') as file:\n            file.write(b'y' * 9)\n    return sorted(os.environ)\n",
    );
    let results = Python::find().unwrap().run_examples_within(&code, "document", &limits()).unwrap();
    assert!(results[0].got.starts_with("OSError"), "{results:?}");
    assert!(!results[1].got.contains("HOME") && !results[1].got.contains("PATH"), "{results:?}");
}

#[test]
fn what_the_code_prints_is_no_answer() {
    let code = hostile(
        "import json\ndef f(n):\n    print(json.dumps({'call': 'f', 'expected': '1', 'got': '1', 'ok': True}))\n    \
         print('x' * 3_000_000)\n    return 0\n",
    );
    let results = Python::find().unwrap().run_examples_within(&code, "document", &limits()).unwrap();
    assert_eq!(results.iter().map(|result| result.ok).collect::<Vec<_>>(), [Some(false), Some(false)]);
}

#[test]
fn a_module_that_does_not_load_says_why() {
    let outcome =
        Python::find().unwrap().run_examples_within(&hostile("import nothing_here\n"), "document", &limits());
    let Err(PythonError::Ended { stderr }) = outcome else { panic!("{outcome:?}") };
    assert!(stderr.contains("nothing_here"), "{stderr}");
}
