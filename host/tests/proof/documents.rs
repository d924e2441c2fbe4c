//! The documents of `tests/spec`: each definition says `//! proved`, `//! refuted` or `//! unknown` on its first
//! line. `cargo test --test proof every_document -- --nocapture` prints the table of what is proved and refuted.

use crate::judge::{MOST_INPUTS, violation};
use crate::{pool, verify};
use lift_core::check::{Checked, check};
use lift_core::logic::{Options, Report, Verdict};
use lift_core::syntax::expectation::{Expected as Says, read};
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

/// A definition that says what becomes of it.
struct Expected {
    name: String,
    verdict: String,
    /// Whether it is right. One that is refuted is not; of one that stays unknown, `// True` stands in the line above
    /// where it is and only no proof is found.
    right: bool,
}

fn expected(text: &str) -> Vec<Expected> {
    let said = read(text);
    let mut found = Vec::new();
    let mut above = "";
    for (line, number) in text.lines().zip(1..) {
        let verdict = said.get(&number).into_iter().flatten().find_map(|one| match one {
            Says::Verdict(verdict) => Some(verdict.clone()),
            _ => None,
        });
        if let (Some(verdict), Some(head)) = (verdict, line.strip_prefix("def ")) {
            let name = head.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let right = verdict == "proved" || verdict == "unknown" && above.starts_with("// True");
            found.push(Expected { name, verdict, right });
        }
        above = line;
    }
    found
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

/// What was found of the programs of one document: right ones proved and not, wrong ones refuted and unknown.
#[derive(Default, Clone, Copy)]
struct Row {
    proved: usize,
    missed: usize,
    refuted: usize,
    unknown: usize,
}

impl Row {
    fn count(&mut self, right: bool, verdict: Verdict) {
        match (right, verdict) {
            (true, Verdict::Proved) => self.proved += 1,
            (true, _) => self.missed += 1,
            (false, Verdict::Refuted) => self.refuted += 1,
            (false, _) => self.unknown += 1,
        }
    }

    fn shown(&self, name: &str) -> String {
        let Row { proved, missed, refuted, unknown } = *self;
        let share = 100.0 * proved as f64 / (proved + missed).max(1) as f64;
        format!(
            "{name:<34} {:>4} {proved:>7} {share:>5.1}% {:>6} {refuted:>8} {unknown:>8}",
            proved + missed,
            refuted + unknown
        )
    }
}

#[test]
fn every_document_has_the_verdicts_it_says() {
    let pool = pool();
    let (mut wrong, mut total) = (Vec::new(), Row::default());
    println!(
        "{:<34} {:>4} {:>7} {:>6} {:>6} {:>8} {:>8}",
        "", "safe", "proved", "", "unsafe", "refuted", "unknown"
    );
    for path in documents() {
        let text = std::fs::read_to_string(&path).unwrap();
        let place: PathBuf = path.iter().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect();
        let place = place.to_string_lossy().into_owned();
        let wanted = expected(&text);
        if wanted.is_empty() {
            continue;
        }
        let checked: Checked = check(&text);
        let report = verify(&pool, &checked, Options::default());
        is_honest(&place, &report);
        let mut row = Row::default();
        for Expected { name, verdict, right } in wanted {
            let found = report.declarations.iter().find(|declared| *declared.name == *name);
            let found = found.unwrap_or_else(|| panic!("{place}: no verdict on {name}"));
            row.count(right, found.verdict);
            total.count(right, found.verdict);
            if right && let Some(fault) = violation(&checked.program, found.declaration, MOST_INPUTS) {
                wrong.push(format!("{place}: {name} is not right: {fault}"));
            }
            if word(found.verdict) != verdict {
                let open = report.obligations.iter().filter(|settled| *settled.name == *name);
                let open: Vec<_> = open.filter(|settled| settled.verdict != Verdict::Proved).collect();
                wrong.push(format!("{place}: {name} is {:?}, not {verdict}: {open:#?}", found.verdict));
            }
        }
        println!("{}", row.shown(&place));
    }
    println!("{}", total.shown("all"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let (safe, unsafe_) = (total.proved + total.missed, total.refuted + total.unknown);
    assert!(safe >= 100 && unsafe_ >= 100, "{safe} right and {unsafe_} wrong programs are too few");
    assert!(total.proved * 100 >= safe * 97, "{} of {safe} right programs are proved", total.proved);
}

/// The search for counterexamples stands in front of the provers and would hide what they claim.
#[test]
fn no_prover_alone_proves_what_is_wrong() {
    let pool = pool();
    for path in documents().into_iter().filter(|path| path.parent().unwrap().ends_with("proof")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let wrong: Vec<Expected> =
            expected(&text).into_iter().filter(|one| one.verdict == "refuted").collect();
        let checked = check(&text);
        let options = Options { search: false, rlimit: 400_000, wall_ms: 2_000, ..Options::default() };
        let report = match wrong.is_empty() {
            true => continue,
            false => verify(&pool, &checked, options),
        };
        for one in wrong {
            let found = report.declarations.iter().find(|declared| *declared.name == *one.name).unwrap();
            assert_ne!(found.verdict, Verdict::Proved, "{}: {}", path.display(), one.name);
        }
    }
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
