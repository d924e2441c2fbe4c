//! The rules of the house that a compiler does not check: rooms look one way, and the engine touches nothing outside.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms of `core/src` in the order they may look at each other: a room may use itself and those before its own
/// row, never one beside or after it.
const ROOMS: &[&[&str]] = &[
    &["syntax"],
    // Compares words and names, not meanings: it needs the tree alone, and `check` reports what it finds.
    &["align"],
    &["ir"],
    &["eval"],
    &["logic"],
    &["check"],
    &["holes", "constrain", "generate"],
    // Fills holes and asks for verdicts.
    &["plan", "infer"],
    &["draft"],
    // Spells text from outside the way drafts do; asks what drafts leave open.
    &["convert", "ask"],
    &["report"],
];

/// What the engine must not name: each is a way to the outside (files, network, clock, threads, randomness).
const OUTSIDE: &[&str] = &[
    "std::env",
    "std::fs",
    "std::io::stdin",
    "std::io::stdout",
    "std::net",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "println!",
    "eprintln!",
];

#[test]
fn every_room_has_its_place() {
    for room in rooms() {
        assert!(place(&room).is_some(), "core/src/{room} is not in ROOMS: say what it may look at");
    }
}

#[test]
fn rooms_look_one_way() {
    let mut breaches = Vec::new();
    for room in rooms() {
        each_line_of_code(&source().join(&room), &mut |file, number, line| {
            for used in line.split("crate::").skip(1).map(name_at_start) {
                if used != room && place(used).is_some() && place(used) >= place(&room) {
                    breaches.push(format!("{}:{number}: {room} looks at {used}", file.display()));
                }
            }
        });
    }
    assert!(breaches.is_empty(), "what needs to look back up is in the wrong room:\n{}", breaches.join("\n"));
}

#[test]
fn the_engine_touches_nothing_outside() {
    let mut breaches = Vec::new();
    each_line_of_code(&source(), &mut |file, number, line| {
        for way in OUTSIDE.iter().filter(|way| line.contains(**way)) {
            breaches.push(format!("{}:{number}: {way}", file.display()));
        }
    });
    assert!(breaches.is_empty(), "take it as an argument instead:\n{}", breaches.join("\n"));
}

fn place(room: &str) -> Option<usize> {
    ROOMS.iter().position(|row| row.contains(&room))
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn rooms() -> Vec<String> {
    entries(&source())
        .into_iter()
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect()
}

/// Every line that is not a comment, up to the unit tests at a file's end; a file called `tests.rs` is one.
fn each_line_of_code(folder: &Path, visit: &mut impl FnMut(&Path, usize, &str)) {
    for path in entries(folder) {
        if path.is_dir() {
            if !path.ends_with("tests") {
                each_line_of_code(&path, visit);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
            for (number, line) in code.lines().enumerate() {
                if !line.trim_start().starts_with("//") {
                    visit(&path, number + 1, line);
                }
            }
        }
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn name_at_start(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    end.map_or(text, |end| &text[..end])
}
