//! Documents from text to verdicts, with Z3 behind them.

use crate::{config, pool};
use lift::solver::{PoolConfig, Program, SolverPool};
use lift_core::check::check;
use lift_core::logic::{Discharge, Options, Report, Tier, Verdict};
use std::path::Path;
use std::time::Duration;

fn verify(pool: &SolverPool, document: &str) -> Report {
    let checked = check(document);
    let mut discharge = Discharge::new(&checked.program, Options::default());
    pool.discharge(&mut discharge);
    discharge.report()
}

fn document(declarations: &str) -> String {
    format!("```spec-ir\n{declarations}\n```\n")
}

fn verdict(report: &Report, name: &str) -> Verdict {
    report.declarations.iter().find(|declaration| declaration.name.as_ref() == name).unwrap().verdict
}

const DECLARATIONS: &str = "
def abs(n: Int): Nat ensures result == n || result == -n = if n < 0 then -n else n

def wrong_abs(n: Int): Nat = if n < 10 then -n else n

def clamp(n: Int, low: Int, high: Int): Int
  requires low <= high
  ensures low <= result && result <= high
  ensures low <= n && n <= high ==> result == n
  = if n < low then low else if n > high then high else n

def wrong_clamp(n: Int, low: Int, high: Int): Int
  requires low <= high
  ensures low <= result && result <= high
  = if n < low then low else n
";

#[test]
fn right_is_proved_and_wrong_refuted() {
    let pool = pool(2);
    let report = verify(&pool, &document(DECLARATIONS));
    for (name, expected) in [
        ("abs", Verdict::Proved),
        ("wrong_abs", Verdict::Refuted),
        ("clamp", Verdict::Proved),
        ("wrong_clamp", Verdict::Refuted),
    ] {
        assert_eq!(verdict(&report, name), expected, "{name}: {:#?}", report.obligations);
    }
    for settled in report.obligations.iter().filter(|settled| settled.verdict == Verdict::Refuted) {
        assert!(settled.counterexample.as_ref().unwrap().confirmed, "{settled:?}");
    }
}

/// Z3 takes every query the engine writes for the prelude and for the idioms of the library.
#[test]
fn no_query_is_malformed() {
    let pool = pool(2);
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../library");
    let mut documents = vec![(String::from("the prelude"), String::new())];
    for topic in
        std::fs::read_dir(library).unwrap().map(|topic| topic.unwrap().path()).filter(|topic| topic.is_dir())
    {
        for idiom in std::fs::read_dir(topic).unwrap().map(|idiom| idiom.unwrap().path()) {
            documents.push((idiom.display().to_string(), std::fs::read_to_string(&idiom).unwrap()));
        }
    }
    assert!(documents.len() > 5);
    let (mut owed, mut by_solver) = (0, 0);
    for (place, text) in documents {
        let checked = check(&text);
        let options = Options { prelude: text.is_empty(), ..Options::default() };
        let mut discharge = Discharge::new(&checked.program, options);
        pool.discharge(&mut discharge);
        let report = discharge.report();
        for settled in &report.obligations {
            assert!(!settled.because.contains("malformed"), "{place}: {settled:?}");
        }
        owed += report.obligations.len();
        by_solver += report.obligations.iter().filter(|settled| settled.tier == Tier::Smt).count();
    }
    println!("{owed} obligations, {by_solver} settled by the solver, {:?}", pool.counters());
    assert!(by_solver > 0);
}

#[test]
fn without_a_solver_the_other_tiers_go_on() {
    let nowhere = Program::At("/nowhere/lift-solver".into());
    let pool =
        SolverPool::new(PoolConfig { program: nowhere, longest_wall: Duration::from_secs(1), ..config(1) });
    let report = verify(&pool, &document(DECLARATIONS));
    assert_eq!(verdict(&report, "wrong_abs"), Verdict::Refuted);
    for settled in &report.obligations {
        assert_ne!(settled.tier, Tier::Smt);
    }
}
