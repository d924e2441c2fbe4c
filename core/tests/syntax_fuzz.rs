//! Whatever the text, parsing ends, spans are in bounds, and formatting settles.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

#[path = "common/words.rs"]
mod words;

use lift_core::syntax::span::Span;
use lift_core::syntax::tree::Document;
use lift_core::syntax::{format_document, parse, parse_term, parse_type};
use std::time::{Duration, Instant};
use words::WORDS;

/// A small generator of numbers (SplitMix64), so that a failure can be repeated from its seed.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

fn soup(chance: &mut Chance) -> String {
    let mut text = String::from("Prose.\n\n```spec-ir\n");
    for _ in 0..chance.below(80) {
        text.push_str(WORDS[chance.below(WORDS.len())]);
        if chance.below(4) > 0 {
            text.push(' ');
        }
    }
    text.push_str(["\n```\n", "", "\n"][chance.below(3)]);
    text
}

/// A sound document with a few pieces taken out, doubled or replaced.
fn damaged(chance: &mut Chance, sound: &str) -> String {
    let mut letters: Vec<char> = sound.chars().collect();
    for _ in 0..=chance.below(3) {
        let at = chance.below(letters.len().max(1)).min(letters.len());
        let end = (at + 1 + chance.below(12)).min(letters.len());
        match chance.below(3) {
            0 => drop(letters.drain(at..end)),
            1 => {
                let piece: Vec<char> = letters[at..end].to_vec();
                letters.splice(at..at, piece);
            }
            _ => {
                let piece = WORDS[chance.below(WORDS.len())];
                letters.splice(at..at, piece.chars());
            }
        }
    }
    letters.into_iter().collect()
}

fn noise(chance: &mut Chance) -> String {
    let bytes: Vec<u8> = (0..chance.below(300)).map(|_| chance.next() as u8).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Every span printed in the tree and the findings lies within the text, on boundaries of characters.
fn spans_are_in_bounds(document: &Document, text: &str) {
    let tree = format!("{document:?}");
    for span in tree.split("Span { start: ").skip(1) {
        let numbers = span.split_once(" }").unwrap().0;
        let (start, end) = numbers.split_once(", end: ").unwrap();
        let (start, end): (usize, usize) = (start.parse().unwrap(), end.parse().unwrap());
        assert!(text.get(start..end).is_some(), "{start}..{end} in {text:?}");
    }
    for finding in &document.diagnostics {
        assert!(!finding.message.contains('\n') && finding.message.len() < 400, "{:?}", finding.message);
    }
}

fn try_one(text: &str) {
    let document = parse(text);
    spans_are_in_bounds(&document, text);
    let blocks = document.fences.iter().map(|fence| fence.body);
    assert!(blocks.collect::<Vec<Span>>().is_sorted(), "{text:?}");
    parse_term(text);
    parse_type(text);
    let once = format_document(text);
    if document.diagnostics.is_empty() {
        assert_eq!(once.untouched, [], "{text:?}");
        assert_eq!(parse(&once.text).diagnostics, [], "{text:?}");
        assert_eq!(format_document(&once.text).text, once.text, "{text:?}");
    }
}

fn run(from: u64, enough: impl Fn(u64) -> bool) -> u64 {
    let sound = include_str!("../src/prelude.spec.md");
    let pieces: Vec<&str> = sound.split("\n\n").filter(|piece| !piece.trim().is_empty()).collect();
    let mut seed = from;
    while !enough(seed - from) {
        let mut chance = Chance(seed);
        let text = match seed % 4 {
            0 => soup(&mut chance),
            1 => noise(&mut chance),
            _ => {
                let piece = pieces[chance.below(pieces.len())];
                let piece = damaged(&mut chance, piece);
                if piece.contains("```") { piece } else { format!("```spec-ir\n{piece}\n```\n") }
            }
        };
        try_one(&text);
        seed += 1;
    }
    seed - from
}

#[test]
fn no_text_breaks_the_parser() {
    run(1, |tried| tried >= 4_000);
}

/// `LIFT_FUZZ_SECONDS=600 cargo test -p lift-core --release --test syntax_fuzz -- --ignored --nocapture`
#[test]
#[ignore = "runs as long as it is told to"]
fn no_text_breaks_the_parser_for_long() {
    let seconds = std::env::var("LIFT_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    let from = std::env::var("LIFT_FUZZ_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let start = Instant::now();
    let tried = run(from, |_| start.elapsed() > Duration::from_secs(seconds));
    println!("{tried} texts from seed {from}");
}
