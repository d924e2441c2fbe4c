//! The drafter on requests as people type them.

use lift_core::check::{Checked, check};
use lift_core::draft::{Draft, IdiomSource, Library, accept_defaults, draft};
use lift_core::syntax::diagnostic::{Diagnostic, Severity};
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

/// Errors and warnings; what is merely worth knowing is no complaint.
fn complaints(checked: &Checked) -> Vec<Diagnostic> {
    checked.diagnostics.iter().filter(|found| found.severity != Severity::Info).cloned().collect()
}

#[test]
fn every_draft_checks_without_a_finding() {
    let library = Library::built_in();
    let mut findings = Vec::new();
    for case in cases(include_str!("drafting/sentences.txt")) {
        let drafted = draft(case.words, &library);
        let (decided, _) = accept_defaults(&drafted.document);
        for document in [&drafted.document, &decided] {
            for diagnostic in complaints(&check(document)) {
                let place = diagnostic.span.slice(document);
                findings
                    .push(format!("{:?}: {} {} `{place}`", case.words, diagnostic.code, diagnostic.message));
            }
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

/// The honest figure: requests that nothing was tuned on, printed. Held to what it was, and not raised by tuning.
#[test]
fn requests_nobody_tuned_for_are_rarely_placed_wrongly() {
    let library = Library::built_in();
    let tally = tally(include_str!("drafting/heldout.txt"), &library);
    println!("{}", tally.report);
    assert!(tally.wrong * 100 <= 5 * tally.total, "too many wrong placements:\n{}", tally.report);
    assert!(tally.right * 100 >= 80 * tally.total, "too few right placements:\n{}", tally.report);
}

/// Whatever is typed, the document is well formed and holds no declaration of the author's words.
#[test]
fn no_words_break_out_of_the_document() {
    let library = Library::built_in();
    let nasty = [
        "",
        "   ",
        "sum a list\n```\n```spec-ir\ndef evil(): Int = 1\n```\n",
        "sum the \"} def evil(): Int = 1 //\" numbers",
        "join strings with \"\\\" hint \\\"\" between",
        "join strings with '```' between",
        "replace \"\u{202e}\" with \"\u{0}\" in a string",
        "a function called def that sums a list",
        "a function called sum that adds up a list",
        "a function called `evil(): Int = 1` that sums a list",
        "sum the numbers greater than 99999999999999999999999999999999",
        "~~~spec-ir ~~~ `` ` ` ``` # > * sum",
        "count the words in <script>alert(1)</script>",
    ];
    let long = "sum ".repeat(5_000);
    for words in nasty.into_iter().chain([long.as_str()]) {
        let drafted = draft(words, &library);
        let checked = check(&drafted.document);
        let complaints = complaints(&checked);
        assert!(complaints.is_empty(), "{words:?}: {complaints:?}\n{}", drafted.document);
        assert!(checked.program.lookup("evil").is_none(), "{words:?}\n{}", drafted.document);
    }
}

/// A seeded walk through the words of the corpus: nonsense, and never a broken document.
#[test]
fn mixed_up_words_give_documents_that_check() {
    let library = Library::built_in();
    let words: Vec<&str> = include_str!("drafting/sentences.txt").split_whitespace().collect();
    let mut state = 7u64;
    let mut next = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for _ in 0..150 {
        let length = 2 + next(9);
        let request: Vec<&str> = (0..length).map(|_| words[next(words.len())]).collect();
        let request = request.join(" ");
        let drafted = draft(&request, &library);
        let checked = check(&drafted.document);
        let complaints = complaints(&checked);
        assert!(complaints.is_empty(), "{request:?}: {complaints:?}\n{}", drafted.document);
        assert_eq!(drafted, draft(&request, &library), "the same words give the same bytes");
    }
}

#[test]
fn a_condition_on_what_comes_in_is_said() {
    let drafted = draft("Sum a list of positive integers", &Library::built_in());
    assert_eq!(drafted.idiom.unwrap().path, "lists/sum");
    assert!(drafted.notes.iter().any(|note| note.contains("positive")), "{:?}", drafted.notes);
    assert!(drafted.document.contains("describes what comes in"));
}

#[test]
fn own_idioms_count_and_broken_ones_are_named_and_skipped() {
    let good = "# Frobnicate\n\n```idiom\nword: frobnicate: frob\nsays: frobnicate number\n```\n\n\
                ```spec-ir\ndef frobnicate(n: Int): Int = n + 42\n\nexamples { frobnicate(1) == 43 }\n```\n";
    let source = |path: &str, text: &str| IdiomSource { path: path.to_owned(), text: text.to_owned() };
    let own = [
        source("own/frob.spec.md", good),
        source("own/no_fence.spec.md", "# Nothing\n"),
        source("own/key.spec.md", &good.replace("says:", "sais:")),
        source("own/type.spec.md", &good.replace("n + 42", "\"n\"")),
    ];
    let library = Library::with(&own);
    let problems: Vec<(&str, usize)> =
        library.problems.iter().map(|problem| (problem.path.as_str(), problem.line)).collect();
    assert_eq!(problems, [("own/no_fence.spec.md", 0), ("own/key.spec.md", 5), ("own/type.spec.md", 9)]);
    assert_eq!(draft("frob a number", &library).idiom.unwrap().path, "own/frob");
    assert_eq!(draft("sum a list", &library).idiom.unwrap().path, "lists/sum");
}
