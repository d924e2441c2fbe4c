//! `lift infer`: clauses that a proof lacks, and conditions left open.

use crate::{lift, lift_json};
use std::fs;

const RATIO: &str =
    "```spec-ir\ndef ratio(a: Int, b: Int): Int = a / b\n\ndef next(x: Int): {r: Int | ?more} = x + 1\n```\n";

#[test]
fn what_is_missing_is_found_accepted_and_proved() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ratio.spec.md");
    fs::write(&file, RATIO).unwrap();
    let path = file.to_str().unwrap();
    let (status, inferred) = lift_json(&["infer", path]);
    assert_eq!((status, inferred["schema"].as_str()), (3, Some("lift.infer/1")), "{inferred}");
    let found = inferred["found"].as_array().unwrap();
    let of =
        |place: usize| (found[place]["about"].as_str().unwrap(), found[place]["predicate"].as_str().unwrap());
    assert_eq!((of(0), of(1)), (("?more", "r == x + 1"), ("ratio", "b != 0")), "{inferred}");
    assert_eq!(fs::read_to_string(&file).unwrap(), RATIO);
    assert_eq!(lift(&["infer", path, "--accept", "3"]).status.code(), Some(2));
    assert!(lift(&["infer", path, "--accept", "2"]).status.success());
    assert!(lift(&["infer", path, "--accept", "1"]).status.success());
    let accepted = fs::read_to_string(&file).unwrap();
    assert_eq!(
        accepted,
        "```spec-ir\ndef ratio(a: Int, b: Int): Int\n  requires b != 0\n= a / b\n\ndef next(x: Int): {r: Int | r == x + 1} = x + 1\n```\n"
    );
    assert_eq!(lift_json(&["verify", path]).0, 0);
    assert_eq!(lift_json(&["infer", path]).0, 0);
}

/// The solver shows what the built-in tiers do not.
#[test]
fn a_condition_is_as_weak_as_the_proof_lets_it_be() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("month.spec.md");
    fs::write(
        &file,
        "```spec-ir\ndef month(n: Int): Str = match n { 1 => \"jan\", 2 => \"feb\", 3 => \"mar\" }\n```\n",
    )
    .unwrap();
    let (_, inferred) = lift_json(&["infer", file.to_str().unwrap()]);
    assert_eq!(inferred["found"][0]["predicate"], "n > 0 && n <= 3", "{inferred}");
}
