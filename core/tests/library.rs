//! The library: every idiom can be read, checks without a finding, and passes its own examples.

use lift_core::check::check;
use lift_core::draft::{Library, accept_defaults};
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
