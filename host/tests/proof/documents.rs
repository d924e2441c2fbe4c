//! The documents of `tests/spec`: each definition says `//! proved`, `//! refuted` or `//! unknown` on its first
//! line.

use crate::judge::{MOST_INPUTS, violation};
use crate::{pool, verify};
use lift_core::check::{Checked, check};
use lift_core::logic::{Options, Report, Verdict};
use std::path::{Path, PathBuf};

fn documents() -> Vec<PathBuf> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/spec");
    let (mut found, mut folders) = (Vec::new(), vec![top]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.to_string_lossy().ends_with(".spec.md") {
                found.push(entry);
            }
        }
    }
    found.sort();
    found
}

/// Name and expected verdict of each definition that says one.
fn expected(text: &str) -> Vec<(String, &str)> {
    text.lines()
        .filter_map(|line| {
            let (head, verdict) = line.split_once("//! ")?;
            let name: String =
                head.strip_prefix("def ")?.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            matches!(verdict.trim(), "proved" | "refuted" | "unknown").then(|| (name, verdict.trim()))
        })
        .collect()
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Proved => "proved",
        Verdict::Refuted => "refuted",
        Verdict::Unknown => "unknown",
    }
}

/// What holds of every report whatever the document: refuted means seen to fail, unknown says why.
fn is_honest(place: &str, report: &Report) {
    for settled in &report.obligations {
        match settled.verdict {
            Verdict::Refuted => {
                let shown = settled.counterexample.as_ref().is_some_and(|example| example.confirmed);
                assert!(shown, "{place}: refuted without a counterexample: {settled:?}");
            }
            Verdict::Unknown => assert!(!settled.because.is_empty(), "{place}: {settled:?}"),
            Verdict::Proved => assert!(settled.counterexample.is_none(), "{place}: {settled:?}"),
        }
        assert!(
            !settled.because.contains("defect of lift"),
            "{place}: a prover claimed what running contradicts: {settled:?}"
        );
        assert!(!settled.because.contains("malformed"), "{place}: {settled:?}");
    }
}

#[test]
fn every_document_has_the_verdicts_it_says() {
    let pool = pool();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for path in documents() {
        let text = std::fs::read_to_string(&path).unwrap();
        let place = path.file_name().unwrap().to_string_lossy().into_owned();
        let checked: Checked = check(&text);
        let wanted = expected(&text);
        if wanted.is_empty() {
            continue;
        }
        let report = verify(&pool, &checked, Options::default());
        is_honest(&place, &report);
        for (name, verdict) in wanted {
            count += 1;
            let found = report.declarations.iter().find(|declared| *declared.name == *name);
            let found = found.unwrap_or_else(|| panic!("{place}: no verdict on {name}"));
            if word(found.verdict) != verdict {
                let open = report.obligations.iter().filter(|settled| *settled.name == *name);
                let open: Vec<_> = open.filter(|settled| settled.verdict != Verdict::Proved).collect();
                wrong.push(format!("{place}: {name} is {:?}, not {verdict}: {open:#?}", found.verdict));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 200, "only {count} verdicts were looked at");
}

#[test]
fn the_prelude_keeps_its_promises() {
    let checked = check("");
    for index in 0..checked.program.prelude_len {
        let id = lift_core::ir::DeclId(index as u32);
        assert_eq!(
            violation(&checked.program, id, MOST_INPUTS),
            None,
            "{}",
            checked.program.decls[index].name
        );
    }
    let options = Options { prelude: true, ..Options::default() };
    let report = verify(&pool(), &checked, options);
    is_honest("the prelude", &report);
    let open: Vec<_> =
        report.obligations.iter().filter(|settled| settled.verdict != Verdict::Proved).collect();
    assert!(open.is_empty(), "{open:#?}");
    let fallen: Vec<_> =
        report.declarations.iter().filter(|declared| declared.verdict != Verdict::Proved).collect();
    assert!(fallen.is_empty(), "{fallen:#?}");
    assert!(report.obligations.len() > 60);
}
