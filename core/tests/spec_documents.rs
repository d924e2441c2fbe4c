//! `tests/spec/**/*.spec.md`: documents that say themselves what is found in them, what their definitions' types
//! are and how their examples go. `LIFT_UPDATE=1` rewrites what they say. Verdicts need a solver: the tests of the
//! host look after those.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use lift_core::check::{Documents, Unavailable, check_with};
use lift_core::eval::{ExampleOutcome, Options, run_examples};
use lift_core::report::check_file;
use lift_core::syntax::expectation::{Expectations, Expected, read, write};
use lift_core::syntax::{format_document, parse};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("tests/spec")
}

/// Documents of a folder, as imports find them.
struct Folder(PathBuf);

impl Documents for Folder {
    fn text(&self, path: &str) -> Result<Arc<str>, Unavailable> {
        fs::read_to_string(self.0.join(path)).map(Arc::from).map_err(|_| Unavailable::Missing)
    }
}

/// Every document that carries expectations; the reference of the language is one of them.
fn all_documents() -> Vec<PathBuf> {
    let mut found = documents(&root());
    found.push(root().join("../../docs/language.md"));
    found
}

fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
        .into_iter()
        .flat_map(|path| if path.is_dir() { documents(&path) } else { vec![path] })
        .filter(|path| path.to_string_lossy().ends_with(".spec.md"))
        .collect()
}

/// What is true of a document, in the places where it may be expected. Types and verdicts are said only where the
/// document asks for them.
fn actual(path: &str, text: &str) -> Expectations {
    let checked = check_with(path, text, &Folder(root()));
    let expected = read(text);
    let mut actual = Expectations::new();
    let line = |offset| checked.lines.position(text, offset).line;
    for finding in &checked.diagnostics {
        actual.entry(line(finding.span.start)).or_default().push(Expected::Code(finding.code.clone()));
    }
    for example in run_examples(&checked.program, &Options::default()) {
        let word = match example.outcome {
            ExampleOutcome::Passed => continue,
            ExampleOutcome::Failed => "fails",
            ExampleOutcome::Open => "open",
        };
        actual.entry(line(example.span.start)).or_default().push(Expected::Example(word.to_owned()));
    }
    let declarations = check_file(path, &checked).declarations;
    for (number, asked) in expected {
        for one in asked {
            let declared = declarations.iter().find(|declaration| declaration.span.start.line == number);
            let answer = match one {
                Expected::Type(_) => declared.map(|declared| Expected::Type(declared.ty.clone())),
                Expected::Verdict(_) => declared.map(|_| one),
                _ => None,
            };
            actual.entry(number).or_default().extend(answer);
        }
    }
    actual
}

#[test]
fn documents_are_as_they_say() {
    let mut surprises = Vec::new();
    for path in all_documents() {
        let name = path.strip_prefix(root()).unwrap().display().to_string().replace("../../docs/", "");
        let text = fs::read_to_string(&path).unwrap();
        let now = write(&text, &actual(&name, &text));
        if std::env::var_os("LIFT_UPDATE").is_some() {
            fs::write(&path, &now).unwrap();
            continue;
        }
        for (number, (says, is)) in
            (1..).zip(text.lines().zip(now.lines())).filter(|(_, (says, is))| says != is)
        {
            surprises.push(format!("{name}:{number}\n  says {says}\n  is   {is}"));
        }
    }
    assert!(surprises.is_empty(), "LIFT_UPDATE=1 accepts this:\n{}", surprises.join("\n"));
}

#[test]
fn the_language_is_covered() {
    let documents = documents(&root());
    assert!(documents.len() >= 40, "{} documents", documents.len());
}

#[test]
fn formatting_keeps_what_documents_say() {
    for path in all_documents() {
        let text = fs::read_to_string(&path).unwrap();
        let formatted = format_document(&text);
        assert_eq!(format_document(&formatted.text).text, formatted.text, "{}", path.display());
        let before = parse(&text).diagnostics.len();
        assert_eq!(parse(&formatted.text).diagnostics.len(), before, "{}", path.display());
    }
}
