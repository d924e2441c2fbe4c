//! Everything that is done with a text, by its faces, with bounded effort and on the stack of a browser.

use lift_core::check::{Checked, Session, check};
use lift_core::constrain::{Dialect, constrain};
use lift_core::convert::convert;
use lift_core::draft::{Library, draft, open_parts};
use lift_core::eval::{self, Limits};
use lift_core::holes::{FitOptions, fill, fits, graph};
use lift_core::ir::HoleId;
use lift_core::logic::{self, Discharge};
use lift_core::plan::{Plan, PlanOptions};
use lift_core::syntax::{format_document, parse, parse_term, parse_type};
use lift_core::{generate, report};
use std::panic;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

/// The stack of a browser's thread. Unoptimised code takes several times what it takes there.
const BROWSER_STACK: usize = 1024 * 1024;

static LIBRARY: OnceLock<Library> = OnceLock::new();

pub const HANGS: &str = "it goes on and on";

/// A stage that did not end as it should.
#[derive(Debug)]
pub struct Broken {
    pub stage: &'static str,
    pub why: String,
}

/// Runs everything on a small stack, for as long as `patience` lasts.
pub fn holds(text: &str, patience: Duration) -> Result<(), Broken> {
    let stage = Arc::new(Mutex::new("start"));
    let (done, waiting) = channel();
    let (inside, text) = (Arc::clone(&stage), text.to_owned());
    let work = move || {
        let (told, began) = (std::env::var_os("LIFT_FUZZ_TRY").is_some(), Instant::now());
        let stage = |name| {
            *inside.lock().unwrap() = name;
            if told {
                eprintln!("{:>8.1?} {name}", began.elapsed());
            }
        };
        let outcome = panic::catch_unwind(panic::AssertUnwindSafe(|| everything(&text, &stage)));
        // What is left of the work is dropped here, on the same stack.
        let _ = done.send(outcome.map_err(|panicked| message(&*panicked)));
    };
    let thread = std::thread::Builder::new().stack_size(BROWSER_STACK).spawn(work).unwrap();
    let why = match waiting.recv_timeout(patience) {
        Ok(Ok(())) => None,
        Ok(Err(why)) => Some(why),
        Err(RecvTimeoutError::Timeout) => Some(HANGS.to_owned()),
        Err(RecvTimeoutError::Disconnected) => Some("the thread ended".to_owned()),
    };
    match why {
        Some(why) => Err(Broken { stage: *stage.lock().unwrap(), why }),
        None => {
            thread.join().unwrap();
            Ok(())
        }
    }
}

fn message(panicked: &(dyn std::any::Any + Send)) -> String {
    let text = panicked.downcast_ref::<String>().cloned();
    text.or_else(|| panicked.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

fn everything(text: &str, stage: &dyn Fn(&'static str)) {
    stage("parse");
    let document = parse(text);
    for finding in &document.diagnostics {
        assert!(finding.span.start as usize <= finding.span.end as usize, "{finding:?}");
        assert!(text.get(finding.span.start as usize..finding.span.end as usize).is_some(), "{finding:?}");
    }
    parse_term(text);
    parse_type(text);
    stage("print");
    let printed = format_document(text);
    if document.diagnostics.is_empty() {
        assert_eq!(format_document(&printed.text).text, printed.text, "printing settles");
    }
    stage("check");
    let checked = check(text);
    for finding in &checked.diagnostics {
        let labels = finding.labels.iter().map(|label| label.span);
        for span in labels.chain([finding.span]) {
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{finding:?}");
        }
    }
    report::check_file("test.spec.md", &checked);
    stage("check what is printed");
    if document.diagnostics.is_empty() {
        let codes = |checked: &Checked| {
            let mut codes: Vec<String> =
                checked.diagnostics.iter().map(|found| format!("{} {}", found.code, found.message)).collect();
            codes.sort();
            codes
        };
        assert_eq!(codes(&check(&printed.text)), codes(&checked), "printing changes nothing");
    }
    stage("check again");
    let mut session = Session::new();
    session.check(&printed.text);
    assert_eq!(session.check(text).diagnostics, checked.diagnostics, "again is from scratch");
    stage("examples");
    let limits = Limits { steps: 20_000, ..Limits::default() };
    eval::run_examples(&checked.program, &eval::Options { limits, ..eval::Options::checking() });
    stage("holes");
    holes(&checked, stage);
    stage("verify");
    let options = logic::Options { solver: false, ..logic::Options::default() };
    let mut discharge = Discharge::new(&checked.program, options);
    let mut steps = 0;
    while steps < 40 && discharge.step() {
        steps += 1;
    }
    report::verify_file("test.spec.md", &checked, &discharge.report());
    stage("generate");
    generate::python::python(
        &checked.program,
        &generate::Options { stubs: true, ..generate::Options::default() },
    );
    stage("convert");
    let _ = convert(text);
    stage("draft");
    let words: Vec<&str> = text.split_whitespace().take(40).collect();
    draft(&words.join(" "), LIBRARY.get_or_init(Library::built_in));
    open_parts(text);
    stage("end");
}

fn holes(checked: &Checked, stage: &dyn Fn(&'static str)) {
    graph(&checked.program);
    report::holes_report("test.spec.md", checked);
    let few = FitOptions { limit: 3, trials: 40, evaluated: 3, steps: 2_000 };
    let count = checked.program.holes.len();
    for number in 0..count.min(3) {
        let name = checked.program.holes[number].name.to_string();
        stage("fits");
        let found = fits(checked, HoleId(number as u32), &few);
        stage("fill");
        if let Some(fit) = found.first() {
            let _ = fill(checked, &name, &fit.term);
        }
        stage("constrain");
        for dialect in [Dialect::JsonSchema, Dialect::Lark, Dialect::Ebnf, Dialect::Gbnf, Dialect::Regex] {
            let _ = constrain(&checked.program, &name, dialect);
        }
    }
    if count > 0 {
        stage("plan");
        Plan::new(checked, &PlanOptions { candidates: 2, fits: few });
    }
}
