//! The documents of `tests/spec`: each definition says `//! proved`, `//! refuted` or `//! unknown` on its first
//! line. `cargo test --test proof every_document -- --nocapture` prints the table of what is proved and refuted.

use crate::judge::{MOST_INPUTS, tried};
use crate::{pool, verify};
use lift_core::check::{Checked, Documents, Unavailable, check, check_with};
use lift_core::logic::{Options, Report, Verdict};
use lift_core::syntax::expectation::{Expected as Says, read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/spec")
}

/// What documents import, from the folder of all of them.
struct Folder;

impl Documents for Folder {
    fn text(&self, path: &str) -> Result<Arc<str>, Unavailable> {
        std::fs::read_to_string(top().join(path)).map(Arc::from).map_err(|_| Unavailable::Missing)
    }
}

fn checked(path: &Path, text: &str) -> Checked {
    check_with(&path.strip_prefix(top()).unwrap().to_string_lossy(), text, &Folder)
}

fn documents() -> Vec<PathBuf> {
    let top = top();
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
    truth: Truth,
}

/// Whether a definition is right. One that is proved is, one that is refuted is not; what one is that stays unknown
/// stands in the line above it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Truth {
    /// `// True`: only no proof is found.
    Right,
    /// `// False`: only no run shows it.
    Wrong,
    /// `// Open`: the document does not say enough for either.
    Open,
    /// Nothing is said, so a run has to show that it is wrong.
    Unsaid,
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
            let said = |word: &str| above.starts_with(word);
            let truth = match verdict.as_str() {
                "proved" => Truth::Right,
                "refuted" => Truth::Wrong,
                _ if said("// True") => Truth::Right,
                _ if said("// False") => Truth::Wrong,
                _ if said("// Open") => Truth::Open,
                _ => Truth::Unsaid,
            };
            found.push(Expected { name, verdict, truth });
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
    fn count(&mut self, truth: Truth, verdict: Verdict) {
        match (truth, verdict) {
            (Truth::Open, _) => {}
            (Truth::Right, Verdict::Proved) => self.proved += 1,
            (Truth::Right, _) => self.missed += 1,
            (_, Verdict::Refuted) => self.refuted += 1,
            (_, _) => self.unknown += 1,
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
    let (mut run, mut not_run) = (0, Vec::new());
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
        let checked: Checked = checked(&path, &text);
        let report = verify(&pool, &checked, Options::default());
        is_honest(&place, &report);
        let mut row = Row::default();
        for Expected { name, verdict, truth } in wanted {
            let found = report.declarations.iter().find(|declared| *declared.name == *name);
            let found = found.unwrap_or_else(|| panic!("{place}: no verdict on {name}"));
            let tried = tried(&checked.program, found.declaration, MOST_INPUTS);
            row.count(truth, found.verdict);
            total.count(truth, found.verdict);
            match (truth, tried.fault) {
                (Truth::Right | Truth::Open, Some(fault)) => {
                    wrong.push(format!("{place}: {name} is wrong: {fault}"));
                }
                (Truth::Unsaid, None) => {
                    wrong.push(format!("{place}: say above {name}: `// True`, `// False` or `// Open`"));
                }
                (Truth::Right, None) if tried.runs > 0 => run += 1,
                (Truth::Right, None) => not_run.push(format!("{place}: {name}")),
                _ => {}
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
    println!("{run} right ones were run; not so {}", not_run.join(", "));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let (safe, unsafe_) = (total.proved + total.missed, total.refuted + total.unknown);
    assert!(run > 4 * not_run.len(), "too many of the right ones could not be run: {}", not_run.join(", "));
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
        let checked = checked(&path, &text);
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
    let mut not_run = Vec::new();
    for index in 0..checked.program.prelude_len {
        let id = lift_core::ir::DeclId(index as u32);
        let name = &checked.program.decls[index].name;
        let tried = tried(&checked.program, id, MOST_INPUTS);
        assert_eq!(tried.fault, None, "{name}");
        if tried.runs == 0 && checked.program.def(id).is_some() {
            not_run.push(name.to_string());
        }
    }
    assert!(not_run.len() * 8 < checked.program.prelude_len, "these were not run: {}", not_run.join(", "));
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
