//! `lift plan`: holes that hang together are decided together.

use crate::{lift, lift_json};
use std::fs;

const GRADES: &str = r#"```spec-ir
def grade(score: {n: Int | 0 <= n && n <= 100}): Str
= if score >= ?high then "A" else if score >= ?middle then ?second else "C"

hole ?high: term Int answers { 100, 90, 80 }
hole ?middle: term Int answers { 95, 85, 70 } links { uses ?high }
hole ?second: term Str answers { "D", "B" }

examples { grade(90) == "A", grade(89) == "B", grade(69) == "C" }
```
"#;

#[test]
fn a_plan_is_found_told_and_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("grades.spec.md");
    fs::write(&file, GRADES).unwrap();
    let path = file.to_str().unwrap();
    let (status, plan) = lift_json(&["plan", path]);
    assert_eq!(
        (status, plan["schema"].as_str(), plan["found"].as_str()),
        (0, Some("lift.plan/1"), Some("plan"))
    );
    let steps: Vec<&str> =
        plan["steps"].as_array().unwrap().iter().map(|it| it["term"].as_str().unwrap()).collect();
    assert_eq!(steps[0], "90");
    assert_eq!(steps[2], "\"B\"");
    assert!(
        plan["clauses"].as_array().unwrap().iter().any(|it| it["words"].as_str().unwrap().contains("grade("))
    );
    assert!(plan["next"].as_str() == Some("decide"));
    assert_eq!(fs::read_to_string(&file).unwrap(), GRADES);
    assert!(lift(&["plan", path, "--apply"]).status.success());
    let (status, verdicts) = lift_json(&["verify", path]);
    assert_eq!((status, verdicts["files"][0]["declarations"][0]["verdict"].as_str()), (0, Some("proved")));
}

#[test]
fn a_choice_that_cannot_stand_is_named_with_what_fails() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("grades.spec.md");
    fs::write(&file, GRADES).unwrap();
    let output = lift(&["plan", file.to_str().unwrap(), "--choose", "?high=100"]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(told.contains("you chose `100` for ?high") && told.contains("grade(90) == \"A\""), "{told}");
}
