//! The library, proved: every definition of every idiom keeps its promises, or the idiom says why it is only tested.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "common/worker.rs"]
mod worker;

use lift::solver::{PoolConfig, Program, SolverPool};
use lift_core::check::check;
use lift_core::draft::{Library, accept_defaults};
use lift_core::logic::{Discharge, Options, Verdict};
use std::collections::BTreeMap;
use worker::worker_program;

/// What is not proved of a document: declaration, verdict, obligation and reason.
fn unproved(pool: &SolverPool, document: &str) -> Vec<String> {
    let checked = check(document);
    let mut discharge = Discharge::new(&checked.program, Options::default());
    pool.discharge(&mut discharge);
    let report = discharge.report();
    report
        .obligations
        .iter()
        .filter(|settled| settled.verdict != Verdict::Proved)
        .map(|settled| {
            format!(
                "{} {:?}: {} `{}`: {}",
                settled.name,
                settled.verdict,
                settled.reason,
                settled.source.unwrap_or(settled.span).slice(document),
                settled.because
            )
        })
        .chain(report.declarations.iter().filter(|declaration| declaration.verdict != Verdict::Proved).map(
            |declaration| format!("{} {:?}: {}", declaration.name, declaration.verdict, declaration.because),
        ))
        .collect()
}

#[test]
fn every_idiom_is_proved_or_says_why_it_is_tested() {
    let library = Library::built_in();
    let pool = SolverPool::new(PoolConfig {
        program: Program::At(worker_program()),
        workers: 2,
        ..PoolConfig::default()
    });
    let only = std::env::var("LIFT_IDIOM").ok();
    let mut tested = BTreeMap::new();
    let mut failures = Vec::new();
    let mut proved = 0;
    for idiom in
        library.idioms.iter().filter(|idiom| only.as_ref().is_none_or(|only| idiom.path.contains(only)))
    {
        let (decided, _) = accept_defaults(&idiom.text);
        let open = unproved(&pool, &decided);
        match (&idiom.tested, open.is_empty()) {
            (None, true) => proved += 1,
            (Some(reason), false) => {
                // A reason to test is no licence to be wrong.
                failures.extend(
                    open.iter()
                        .filter(|line| line.contains("Refuted"))
                        .map(|line| format!("{}: {line}", idiom.path)),
                );
                tested.insert(idiom.path.clone(), reason.clone());
            }
            (Some(_), true) => {
                failures.push(format!("{}: is proved; take the `tested` line out", idiom.path))
            }
            (None, false) => failures.extend(open.iter().map(|line| format!("{}: {line}", idiom.path))),
        }
    }
    println!("{proved} idioms proved, {} tested only:", tested.len());
    tested.iter().for_each(|(path, reason)| println!("  {path}: {reason}"));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(only.is_some() || proved >= 200, "{proved} idioms are not the library");
}
