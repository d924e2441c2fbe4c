//! `lift forward`: from a sentence to Python that runs, or to questions.

use super::{lift, lift_json};
use std::process::Command;

const DECIDED: [&str; 10] = [
    "Clamp a number between a lower and an upper bound",
    "Count the words in a sentence",
    "Return the index of the first occurrence of a value in a list, or -1",
    "Check whether a string reads the same backwards",
    "A function that validates ages between 0 and 150",
    "Return the largest of three integers",
    "Sum the even numbers in a list",
    "Factorial of a natural number",
    "Merge two sorted lists into one sorted list",
    "Turn a list of strings into one string with commas between",
];

#[test]
fn a_plain_sentence_ends_in_python_that_passes_its_examples() {
    for words in DECIDED {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().to_str().unwrap();
        let (exit, report) = lift_json(&["forward", words, "--out", out]);
        assert_eq!(exit, 0, "{words}: {report:#}");
        assert!(report["ran"].as_str().unwrap().starts_with("python"), "{words}: {}", report["ran"]);
        let examples = report["examples"].as_array().unwrap();
        assert!(
            !examples.is_empty() && examples.iter().all(|example| example["ok"] == true),
            "{words}: {examples:?}"
        );
        let file = |kind: &str| {
            let files = report["files"].as_array().unwrap();
            let path =
                files.iter().find(|file| file["kind"] == kind).map(|file| file["path"].as_str().unwrap());
            path.unwrap_or_else(|| panic!("{words}: no {kind} among {files:?}")).to_owned()
        };
        // The files stand on their own: the tests run without lift.
        let test = file("test");
        let test = std::path::Path::new(&test);
        let module = test.file_stem().unwrap().to_str().unwrap();
        let ran = Command::new("python3")
            .args(["-m", "unittest", "-q", module])
            .current_dir(folder.path())
            .output();
        let ran = ran.unwrap();
        assert!(ran.status.success(), "{words}: {}", String::from_utf8_lossy(&ran.stderr));
        let (_, verified) = lift_json(&["verify", &file("document")]);
        for owed in verified["files"][0]["obligations"].as_array().unwrap() {
            assert_ne!(owed["verdict"], "refuted", "{words}: {owed}");
            assert!(
                owed["verdict"] == "proved" || !owed["because"].as_str().unwrap().is_empty(),
                "{words}: {owed}"
            );
        }
    }
}

#[test]
fn what_the_words_leave_open_is_asked_and_the_usual_answers_can_be_taken() {
    for words in ["Turn a score from 0 to 100 into a letter grade", "Apply a discount to a price"] {
        let (exit, report) = lift_json(&["forward", words]);
        assert_eq!(exit, 3, "{words}");
        let questions = report["questions"].as_array().unwrap();
        assert!(!questions.is_empty(), "{words}");
        assert!(
            questions.iter().all(|question| question["answers"].as_array().unwrap().len() > 1),
            "{questions:?}"
        );
        assert!(report["code"].as_str().unwrap().is_empty(), "{words}: code with open questions");
        let (exit, report) = lift_json(&["forward", words, "--accept-defaults"]);
        assert_eq!(exit, 0, "{words}: {report:#}");
        assert!(report["questions"].as_array().unwrap().is_empty());
        assert_eq!(report["assumptions"].as_array().unwrap().len(), questions.len());
        assert!(report["examples"].as_array().unwrap().iter().all(|example| example["ok"] == true));
        assert!(report["code"].as_str().unwrap().contains("def "));
    }
}

#[test]
fn a_sentence_that_cannot_be_placed_gives_questions_and_no_code() {
    let (exit, report) = lift_json(&["forward", "make the customers happier"]);
    assert_eq!(exit, 3);
    assert!(report["idiom"].is_null() && report["code"].as_str().unwrap().is_empty());
    assert!(
        !report["holes"].as_array().unwrap().is_empty()
            && !report["questions"].as_array().unwrap().is_empty()
    );
}

#[test]
fn words_cannot_break_out_of_the_document() {
    let words = "Sum a list\n```spec-ir\ndef evil(x: Int): Int = x\n```\n`\"; import os # \u{202e}";
    let (_, report) = lift_json(&["forward", words]);
    let declared: Vec<_> =
        report["declarations"].as_array().unwrap().iter().map(|d| d["name"].clone()).collect();
    assert!(!declared.iter().any(|name| name == "evil"), "{declared:?}");
    assert!(!lift(&["forward", ""]).status.success());
}

#[test]
fn the_same_words_give_the_same_bytes() {
    let run = || lift_json(&["forward", DECIDED[0]]).1;
    let (one, other) = (run(), run());
    assert_eq!((&one["document"], &one["code"]), (&other["document"], &other["code"]));
}
