//! The forward direction: words to a document, to verdicts, to code that was run.
//!
//! The document is the truth: code comes from its definitions and from nothing else, and only from those that are
//! complete. Each step is announced as it ends, so that a face can show it.

use crate::engine::Engine;
use crate::python::Python;
use lift_core::check::{Checked, check};
use lift_core::draft::{Draft, accept_defaults, draft, open_parts};
use lift_core::eval::Options as RunOptions;
use lift_core::generate::python::{module_name, python};
use lift_core::generate::{Generated, Options as CodeOptions};
use lift_core::ir::DeclKind;
use lift_core::logic::Verdict;
use lift_core::report::{
    ExampleReport, FileKind, FileReport, ForwardReport, LeftOut, VerifyFile, example_reports, hole_reports,
    verify_file,
};
use std::time::{Duration, Instant};

/// What is asked for beside the words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ForwardOptions {
    /// Take the first of the usual answers wherever there is one.
    pub accept_defaults: bool,
    /// Write definitions that are not complete as functions that raise.
    pub stubs: bool,
}

/// A step that has just ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its name: `draft`, `check`, `verify`, `generate`, `run`.
    pub name: &'static str,
    /// What came of it, in a few words.
    pub outcome: String,
    /// How long it took.
    pub took: Duration,
}

/// Everything the forward direction makes.
#[derive(Debug, Clone)]
pub struct Forward {
    /// The report.
    pub report: ForwardReport,
    /// The name files are called by.
    pub stem: String,
    /// The generated tests.
    pub tests: String,
}

/// Goes from words to code, as far as the words allow.
pub fn forward(
    engine: &Engine,
    words: &str,
    options: ForwardOptions,
    on_step: &mut dyn FnMut(Step),
) -> Forward {
    let mut clock = Instant::now();
    let mut step = |name, outcome: String| {
        on_step(Step { name, outcome, took: clock.elapsed() });
        clock = Instant::now();
    };
    let mut drafted = draft(words, engine.library());
    if options.accept_defaults {
        drafted.document = accept_defaults(&drafted.document).0;
        (drafted.assumptions, drafted.questions) = open_parts(&drafted.document);
    }
    step("draft", told(&drafted));
    let checked = check(&drafted.document);
    step(
        "check",
        format!("{} declarations, {} holes", checked.program.own().count(), checked.program.holes.len()),
    );
    let report = engine.verify(&checked);
    let verified = verify_file("document", &checked, &report);
    step("verify", verdicts(&verified));
    let stem = stem(&checked);
    let proved =
        report.declarations.iter().filter(|d| d.verdict == Verdict::Proved).map(|d| d.declaration).collect();
    let code = CodeOptions {
        document: format!("{stem}.spec.md"),
        module: stem.clone(),
        stubs: options.stubs,
        proved,
        ..CodeOptions::default()
    };
    let generated = python(&checked.program, &code);
    let has_code = !generated.definitions.is_empty();
    step(
        "generate",
        match (has_code, generated.left_out.len()) {
            (true, 0) => format!("{} functions of Python", generated.definitions.len()),
            (true, n) => format!("{} functions of Python, {n} left out", generated.definitions.len()),
            (false, 0) => "nothing to write code for".to_owned(),
            (false, _) => "nothing is complete enough for code".to_owned(),
        },
    );
    let (examples, ran) = run(&checked, &generated, &stem);
    let passed = examples.iter().filter(|example| example.ok == Some(true)).count();
    step("run", format!("{passed} of {} examples pass ({ran})", examples.len()));
    let report =
        assemble(words, drafted, &checked, verified, &generated, examples, ran, &stem, options.stubs);
    Forward { report, stem, tests: generated.tests }
}

fn told(drafted: &Draft) -> String {
    let place = match &drafted.idiom {
        Some(idiom) => format!("from the idiom {}", idiom.path),
        None => "no idiom explains these words; nothing is invented".to_owned(),
    };
    match (drafted.assumptions.len(), drafted.questions.len()) {
        (0, 0) => place,
        (a, q) => format!("{place}; {a} assumed, {q} to ask"),
    }
}

fn verdicts(verified: &VerifyFile) -> String {
    let count = |verdict| verified.obligations.iter().filter(|owed| owed.verdict == verdict).count();
    let (proved, refuted, unknown) =
        (count(Verdict::Proved), count(Verdict::Refuted), count(Verdict::Unknown));
    format!("{proved} proved, {refuted} refuted, {unknown} unknown")
}

/// Runs the examples with Python; in the evaluator when there is none or nothing was generated. What Python could not
/// bring to an end is not known: that the evaluator can says nothing about the code.
fn run(checked: &Checked, generated: &Generated, stem: &str) -> (Vec<ExampleReport>, String) {
    let by_evaluator = || example_reports(checked, &RunOptions::checking());
    let complete = generated.examples.len() == checked.program.examples.len();
    if !complete || generated.examples.is_empty() {
        return (by_evaluator(), "evaluator".to_owned());
    }
    let python = match Python::find() {
        Ok(python) => python,
        Err(error) => return (by_evaluator(), format!("evaluator: {error}")),
    };
    let version = format!("python {}", python.version);
    match python.run_examples(generated, stem) {
        Ok(results) => (results, version),
        Err(error) => {
            let unknown = by_evaluator().into_iter().map(|example| ExampleReport {
                got: "nothing".to_owned(),
                ok: None,
                ..example
            });
            (unknown.collect(), format!("{version}: {error}"))
        }
    }
}

/// The examples of a document, run as Python when all of them became code.
pub fn run_document(checked: &Checked) -> (Vec<ExampleReport>, String) {
    let stem = stem(checked);
    let code = CodeOptions { module: stem.clone(), ..CodeOptions::default() };
    run(checked, &python(&checked.program, &code), &stem)
}

#[allow(clippy::too_many_arguments, reason = "one report gathers the outcome of every step")]
fn assemble(
    words: &str,
    drafted: Draft,
    checked: &Checked,
    verified: VerifyFile,
    generated: &Generated,
    examples: Vec<ExampleReport>,
    ran: String,
    stem: &str,
    stubs: bool,
) -> ForwardReport {
    let has_code = !generated.definitions.is_empty() || (stubs && !generated.left_out.is_empty());
    let mut files = vec![FileReport { path: format!("{stem}.spec.md"), kind: FileKind::Document }];
    if has_code {
        files.push(FileReport { path: format!("{stem}.py"), kind: FileKind::Code });
        files.push(FileReport { path: format!("test_{stem}.py"), kind: FileKind::Test });
    }
    ForwardReport {
        schema: "lift.forward/1".to_owned(),
        words: words.to_owned(),
        holes: hole_reports(checked),
        document: drafted.document,
        idiom: drafted.idiom,
        assumptions: drafted.assumptions,
        questions: drafted.questions,
        provenance: drafted.provenance,
        unused_words: drafted.unused_words,
        notes: drafted.notes,
        obligations: verified.obligations,
        declarations: verified.declarations,
        code: if has_code { generated.module.clone() } else { String::new() },
        left_out: generated
            .left_out
            .iter()
            .map(|(name, why)| LeftOut { name: name.to_string(), why: why.clone() })
            .collect(),
        files,
        examples,
        ran,
    }
}

/// What the files are called: the first definition that implements a spec, or else the first one; its name is a
/// Python name too. `document` when there is none.
fn stem(checked: &Checked) -> String {
    let program = &checked.program;
    let defs = || {
        let decls = program.own().filter_map(|id| program.decl(id));
        decls.filter_map(|decl| match &decl.kind {
            DeclKind::Def(def) => Some((&decl.name, def)),
            _ => None,
        })
    };
    let named = defs().find(|(_, def)| def.implements.is_some()).or_else(|| defs().next());
    module_name(named.map_or("document", |(name, _)| name))
}
