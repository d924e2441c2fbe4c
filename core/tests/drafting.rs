//! The drafter on requests as people type them.

use lift_core::check::check;
use lift_core::draft::{Draft, Library, accept_defaults, draft};
use std::fmt::Write as _;

/// A request and what it asks for.
struct Case<'a> {
    words: &'a str,
    /// Paths of which any is right; empty when no idiom must be chosen.
    paths: Vec<&'a str>,
    partly: bool,
}

fn cases(text: &str) -> Vec<Case<'_>> {
    let mut cases = Vec::new();
    let mut heading = "";
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(inner) => heading = inner,
            None => {
                let partly = heading.starts_with("partly ");
                let paths =
                    heading.trim_start_matches("partly ").split(' ').filter(|path| *path != "none").collect();
                cases.push(Case { words: line, paths, partly });
            }
        }
    }
    cases
}

/// How a request was placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Placing {
    Right,
    /// An idiom was chosen that the request does not ask for.
    Wrong,
    /// None was chosen though one would have been right.
    Missed,
}

fn judge(case: &Case<'_>, draft: &Draft) -> Placing {
    match &draft.idiom {
        None if case.paths.is_empty() => Placing::Right,
        None => Placing::Missed,
        Some(idiom)
            if case.paths.contains(&idiom.path.as_str()) && case.partly != draft.unused_words.is_empty() =>
        {
            Placing::Right
        }
        Some(_) => Placing::Wrong,
    }
}

struct Tally {
    total: usize,
    right: usize,
    wrong: usize,
    report: String,
}

fn tally(text: &str, library: &Library) -> Tally {
    let mut tally = Tally { total: 0, right: 0, wrong: 0, report: String::new() };
    for case in cases(text) {
        let drafted = draft(case.words, library);
        let placing = judge(&case, &drafted);
        tally.total += 1;
        tally.right += usize::from(placing == Placing::Right);
        tally.wrong += usize::from(placing == Placing::Wrong);
        if placing != Placing::Right {
            let got = drafted.idiom.as_ref().map_or("none", |idiom| idiom.path.as_str());
            let unused: Vec<&str> = drafted.unused_words.iter().map(|unused| unused.text.as_str()).collect();
            let _ = writeln!(
                tally.report,
                "{placing:?}: {:?} wants {:?}, got {got}, unused {unused:?}",
                case.words, case.paths
            );
        }
    }
    let _ = writeln!(
        tally.report,
        "{} requests: {} right ({:.1}%), {} wrong, {} missed",
        tally.total,
        tally.right,
        100.0 * tally.right as f64 / tally.total as f64,
        tally.wrong,
        tally.total - tally.right - tally.wrong
    );
    tally
}

#[test]
fn requests_are_placed_where_they_belong() {
    let library = Library::built_in();
    let tally = tally(include_str!("drafting/sentences.txt"), &library);
    println!("{}", tally.report);
    assert!(tally.wrong * 100 <= tally.total, "too many wrong placements:\n{}", tally.report);
    assert!(tally.right * 100 >= tally.total * 95, "too few right placements:\n{}", tally.report);
}

#[test]
fn every_draft_checks_without_a_finding() {
    let library = Library::built_in();
    let mut findings = Vec::new();
    for case in cases(include_str!("drafting/sentences.txt")) {
        let drafted = draft(case.words, &library);
        let (decided, _) = accept_defaults(&drafted.document);
        for document in [&drafted.document, &decided] {
            for diagnostic in check(document).diagnostics {
                let place = diagnostic.span.slice(document);
                findings
                    .push(format!("{:?}: {} {} `{place}`", case.words, diagnostic.code, diagnostic.message));
            }
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

/// The honest figure: requests that nothing was tuned on. Wrong placements are held to a floor; the accuracy is
/// printed.
#[test]
fn requests_nobody_tuned_for_are_rarely_placed_wrongly() {
    let library = Library::built_in();
    let tally = tally(include_str!("drafting/heldout.txt"), &library);
    println!("{}", tally.report);
    assert!(tally.wrong * 100 <= 5 * tally.total, "too many wrong placements:\n{}", tally.report);
}
