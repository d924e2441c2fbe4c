//! The library: every idiom can be read, checks without a finding, and passes its own examples.

use lift_core::check::check;
use lift_core::draft::{IdiomSource, Library, accept_defaults, draft};
use lift_core::eval::{ExampleOutcome, Options, run_examples};
use lift_core::syntax::diagnostic::Severity;

#[test]
fn every_idiom_and_every_word_can_be_read() {
    let library = Library::built_in();
    let problems: Vec<String> = library
        .problems
        .iter()
        .map(|problem| format!("{}:{}: {}", problem.path, problem.line, problem.message))
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_idiom_checks_without_a_finding() {
    let mut findings = Vec::new();
    for (path, text) in Library::built_in_sources() {
        let (decided, _) = accept_defaults(text);
        for document in [text, &decided] {
            let checked = check(document);
            for diagnostic in checked.diagnostics.iter().filter(|found| found.severity != Severity::Info) {
                let line = checked.lines.position(document, diagnostic.span.start).line;
                findings.push(format!(
                    "{path}:{line}: {} {} `{}`",
                    diagnostic.code,
                    diagnostic.message,
                    diagnostic.span.slice(document)
                ));
            }
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn every_idiom_passes_its_examples_under_contracts() {
    let mut failures = Vec::new();
    for (path, text) in Library::built_in_sources() {
        let (decided, _) = accept_defaults(text);
        let checked = check(&decided);
        let results = run_examples(&checked.program, &Options::checking());
        if results.is_empty() {
            failures.push(format!("{path}: there are no examples"));
        }
        for result in results.iter().filter(|result| result.outcome != ExampleOutcome::Passed) {
            failures.push(format!("{path}: `{}`: {:?}", result.span.slice(&decided), result.outcome));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What the guide shows works as it is shown.
#[test]
fn the_idiom_of_the_guide_is_one() {
    let guide = include_str!("../../library/README.md");
    let idiom = guide.split("````markdown\n").nth(1).and_then(|rest| rest.split("````").next());
    let text = idiom.expect("the guide shows an idiom").to_owned();
    let source = IdiomSource { path: "guide.spec.md".into(), text };
    let library = Library::with(std::slice::from_ref(&source));
    assert!(
        library.problems.is_empty(),
        "{:?}",
        library.problems.iter().map(|it| &it.message).collect::<Vec<_>>()
    );
    let drafted = draft("the price with a fee of 7", &library);
    assert_eq!(drafted.idiom.as_ref().map(|idiom| idiom.path.as_str()), Some("guide"));
    let checked = check(&drafted.document);
    assert!(
        checked.diagnostics.iter().all(|found| found.severity == Severity::Info),
        "{:?}",
        checked.diagnostics
    );
    assert!(drafted.document.contains("ensures result == price + 7"), "{}", drafted.document);
    let results = run_examples(&checked.program, &Options::checking());
    assert!(!results.is_empty() && results.iter().all(|result| result.outcome == ExampleOutcome::Passed));
}
