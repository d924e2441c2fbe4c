//! Whatever the text, nothing panics, nothing hangs, and nothing outgrows the stack of a browser: not the parser, and
//! none of the stages that are given what it read.
//!
//! Two searches: bytes that nobody wrote, and token soups near to documents that somebody did. They go a few rounds.
//! `LIFT_FUZZ_SECONDS=1800` makes each go on that long, which is what `make fuzz` does; `LIFT_FUZZ_SEED` starts
//! elsewhere. What fails is made smaller and shown; the text that was being tried when the process itself ended, as an
//! overflow ends it, stands in the file that is named at the start. `LIFT_FUZZ_TRY=file` tries one text.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod chain;
mod dice;
mod soup;
#[path = "../common/words.rs"]
mod words;

use chain::Broken;
use dice::{Dice, rounds, seed};
use soup::Corpus;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Longer than this for one small text is a hang.
const PATIENCE: Duration = Duration::from_secs(240);

#[test]
fn no_bytes_break_anything() {
    search("bytes", 80, Corpus::bytes);
}

#[test]
fn no_tokens_break_anything() {
    search("tokens", 80, Corpus::tokens);
}

/// One document for each thing that a search found.
#[test]
fn what_was_found_stays_mended() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/found");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        if let Err(Broken { stage, why }) = chain::holds(&text, PATIENCE) {
            panic!("{}: {stage}: {why}", file.display());
        }
    }
}

fn search(name: &str, few: usize, make: fn(&Corpus, &mut Dice) -> String) {
    if let Ok(file) = std::env::var("LIFT_FUZZ_TRY") {
        let text = std::fs::read_to_string(file).unwrap();
        if let Err(broken) = chain::holds(&text, PATIENCE) {
            panic!("{broken:?}");
        }
        return;
    }
    let corpus = Corpus::new();
    let last = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{name}-{}.spec.md", seed(1)));
    eprintln!("{name}: the text being tried stands in {}", last.display());
    let (from, start) = (seed(1), Instant::now());
    let (mut tried, mut slowest) = (0, (Duration::ZERO, 0));
    for round in rounds(few) {
        let number = from + round as u64;
        let text = make(&corpus, &mut Dice(number));
        std::fs::write(&last, &text).unwrap();
        let began = Instant::now();
        if let Err(Broken { stage, why }) = chain::holds(&text, PATIENCE) {
            let small = if why == chain::HANGS { text } else { smaller(text, stage) };
            std::fs::write(&last, &small).unwrap();
            panic!("{name}, seed {number}: {stage}: {why}\n{small}");
        }
        if began.elapsed() > slowest.0 {
            slowest = (began.elapsed(), number);
            std::fs::copy(&last, last.with_extension("slowest.md")).unwrap();
        }
        tried += 1;
    }
    let (time, number) = slowest;
    eprintln!(
        "{name}: {tried} texts from seed {from} in {:.0?}; slowest {time:.1?}, seed {number}",
        start.elapsed()
    );
}

/// The text with everything taken out that the failure does without, as far as a minute goes.
fn smaller(text: String, stage: &'static str) -> String {
    let until = Instant::now() + Duration::from_secs(60);
    let mut tokens: Vec<String> = soup::tokens(&text).into_iter().map(str::to_owned).collect();
    let mut size = tokens.len().div_ceil(2);
    while size > 0 {
        let mut at = 0;
        while at < tokens.len() && Instant::now() < until {
            let without: Vec<String> = tokens
                .iter()
                .enumerate()
                .filter(|(i, _)| *i < at || *i >= at + size)
                .map(|(_, t)| t.clone())
                .collect();
            match chain::holds(&without.concat(), PATIENCE) {
                Err(broken) if broken.stage == stage => tokens = without,
                _ => at += size,
            }
        }
        size /= 2;
    }
    tokens.concat()
}
