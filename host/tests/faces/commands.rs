//! The other commands: exit status, data on stdout, errors that say what to do.

use super::{lift, lift_json};

fn document(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.spec.md");
    std::fs::write(&path, format!("# Title\n\n```spec-ir\n{text}\n```\n")).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

#[test]
fn check_reports_places_that_count_from_one() {
    let (_folder, path) = document("def f(x: Int): Int = x + \"é\" + y");
    let (exit, report) = lift_json(&["check", &path]);
    assert_eq!((exit, report["schema"].as_str().unwrap()), (1, "lift.check/1"));
    let found = report["files"][0]["diagnostics"].as_array().unwrap();
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[1]["code"], "E0102");
    assert_eq!(found[1]["span"]["start"], serde_json::json!({ "line": 4, "column": 32 }));
}

#[test]
fn open_holes_are_normal_unless_check_is_strict() {
    let (_folder, path) = document("def f(x: Int): Int = x + ?h");
    assert_eq!(lift(&["check", &path]).status.code(), Some(0));
    assert_eq!(lift(&["check", "--strict", &path]).status.code(), Some(3));
    let (_, report) = lift_json(&["check", &path]);
    let hole = &report["files"][0]["holes"][0];
    assert_eq!((hole["name"].as_str(), hole["type"].as_str()), (Some("h"), Some("Int")));
    assert_eq!(hole["context"][0], serde_json::json!({ "name": "x", "type": "Int" }));
}

#[test]
fn the_older_form_becomes_a_document_that_checks() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let old = "ir half {\n  intent: Half of an even number\n  signature: half(n: int) -> int\n  assert:\n    - n % 2 == 0\n    - result * 2 == n\n";
    std::fs::write(at("a.ir"), format!("{old}}}\n")).unwrap();
    let out = at("half.spec.md");
    assert_eq!(lift(&["convert", &at("a.ir"), "--out", &out]).status.code(), Some(0));
    assert_eq!(lift(&["check", &out]).status.code(), Some(0));
    assert_eq!(
        lift(&["convert", &at("a.ir"), "--out", &out]).status.code(),
        Some(2),
        "nothing is overwritten"
    );
    std::fs::write(at("b.ir"), format!("{old}    - it is quick\n}}\n")).unwrap();
    let (exit, report) = lift_json(&["convert", &at("b.ir")]);
    assert_eq!((exit, report["schema"].as_str()), (3, Some("lift.convert/1")));
    let lost: Vec<_> = report["notes"].as_array().unwrap().iter().filter(|n| n["kind"] == "lost").collect();
    assert_eq!((lost.len(), lost[0]["line"].as_u64()), (1, Some(7)));
    assert_eq!(lift(&["convert", &out]).status.code(), Some(2), "a document is not the older form");
}

#[test]
fn a_fit_can_be_taken_and_the_document_verifies() {
    let (_folder, path) = document(
        "def larger(x: Int, y: Int): Int\n  ensures result >= x && result >= y\n= if x > y then x else ?other\n\nexamples { larger(1, 2) == 2 }",
    );
    assert_eq!(lift(&["verify", &path]).status.code(), Some(3));
    let (_, report) = lift_json(&["fits", &path, "?other"]);
    assert_eq!(report["fits"][0]["term"], "y");
    assert_eq!(lift(&["fill", &path, "?other", "\"text\""]).status.code(), Some(1));
    assert_eq!(lift(&["fill", &path, "?missing", "y"]).status.code(), Some(2));
    assert_eq!(lift(&["fill", &path, "?other", "y"]).status.code(), Some(0));
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("= if x > y then x else y\n\nexamples { larger(1, 2) == 2 }\n```\n"), "{text}");
    let (exit, report) = lift_json(&["verify", &path]);
    assert_eq!(exit, 0, "{report:#}");
}

#[test]
fn eval_goes_around_holes() {
    let (_folder, path) = document("def f(x: Int): Int * Int = (x + 1, ?h)");
    let (exit, report) = lift_json(&["eval", &path, "f(2)"]);
    assert_eq!((exit, report["status"].as_str()), (3, Some("indeterminate")));
    assert!(report["result"].as_str().unwrap().starts_with("(3, "), "{report}");
    assert_eq!(report["evidence"][0]["environment"]["x"], "2");
    let (exit, report) = lift_json(&["eval", &path, "sum(map([1, 2, 3], \\x. x * x))"]);
    assert_eq!((exit, report["result"].as_str()), (0, Some("14")));
    assert_eq!(lift(&["eval", &path, "1 / 0"]).status.code(), Some(1));
}

#[test]
fn ten_thousand_parentheses_are_a_diagnostic() {
    let (_folder, path) = document(&format!("def f(): Int = {}1{}", "(".repeat(10_000), ")".repeat(10_000)));
    let (exit, report) = lift_json(&["check", &path]);
    assert_eq!(exit, 1);
    let found = report["files"][0]["diagnostics"].as_array().unwrap();
    assert!(found.iter().any(|one| one["code"] == "E0006"), "{found:?}");
    for command in ["verify", "gen", "holes"] {
        assert!(lift(&[command, &path]).status.code().is_some_and(|code| code != 70), "{command}");
    }
}

#[test]
fn usage_mistakes_exit_with_two_and_say_what_to_do() {
    for arguments in [&["check", "/nowhere/a.spec.md"][..], &["frobnicate"], &["explain", "E9999"]] {
        let output = lift(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty());
    }
    assert_eq!(lift(&["explain", "E0201"]).status.code(), Some(0));
}

#[test]
fn doctor_says_what_is_there_and_what_a_missing_part_costs() {
    let (exit, report) = lift_json(&["doctor"]);
    assert_eq!(exit, 0);
    assert_eq!(report["solver"]["status"], "ready", "{report}");
    assert_eq!(report["python"]["status"], "ready", "{report}");
    let without = std::process::Command::new(super::LIFT)
        .args(["doctor"])
        .env("LIFT_SOLVER", "/nowhere/lift-solver")
        .env("LIFT_PYTHON", "/nowhere/python3")
        .output()
        .unwrap();
    let text = String::from_utf8(without.stdout).unwrap();
    assert!(without.status.success() && text.matches("without it").count() == 2, "{text}");
}

#[test]
fn every_command_reads_the_documents_that_are_imported() {
    let (folder, path) = document(
        "import \"shared/ages.spec.md\" { Age, larger }\nimport \"shared/ages.spec.md\" as ages\n\
         def next(age: Age): Age requires age < 150 = age + 1\n\
         def older(a: Age): Age ensures result >= a = larger(a, a)\n\
         def open(a: Age): Age = ?body\nexamples { next(1) == ages.one() + 1 }",
    );
    let beside = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, format!("```spec-ir\n{text}\n```\n")).unwrap();
    };
    let ages = "type Age = {x: Int | 0 <= x && x <= 150}\ndef one(): Age = 1\n";
    let honest =
        "def larger(x: Int, y: Int): Int ensures result >= x && result >= y = if x > y then x else y";
    beside("shared/ages.spec.md", &format!("{ages}{honest}"));
    assert_eq!(lift(&["check", &path]).status.code(), Some(0));
    assert_eq!(lift(&["fmt", "--check", &path]).status.code(), Some(1));
    assert_eq!(lift(&["fmt", &path]).status.code(), Some(0));
    let (_, value) = lift_json(&["eval", &path, "ages.one() + next(2)"]);
    assert_eq!(value["result"], "4");
    let (_, holes) = lift_json(&["holes", &path]);
    assert_eq!(holes["holes"][0]["name"], "body");
    let (_, fits) = lift_json(&["fits", &path, "?body"]);
    assert!(!fits["fits"].as_array().unwrap().is_empty());
    assert_eq!(lift(&["fill", &path, "?body", "larger(a, ages.one())"]).status.code(), Some(0));
    let verdict = |name: &str| {
        let (_, report) = lift_json(&["verify", &path]);
        let declared = report["files"][0]["declarations"].as_array().unwrap().clone();
        declared.iter().find(|declared| declared["name"] == name).unwrap()["verdict"].clone()
    };
    assert_eq!(verdict("older"), "proved");
    assert!(lift(&["gen", &path]).status.success());

    // The imported document begins to lie: nothing that leans on it is proved any more.
    beside("shared/ages.spec.md", &format!("{ages}{}", honest.replace("if x > y then x else y", "x")));
    assert_eq!(verdict("older"), "unknown");
    assert_eq!(verdict("next"), "proved");

    // It is gone, or leads away.
    std::fs::remove_file(folder.path().join("shared/ages.spec.md")).unwrap();
    let (exit, report) = lift_json(&["check", &path]);
    let codes: Vec<_> =
        report["files"][0]["diagnostics"].as_array().unwrap().iter().map(|f| f["code"].clone()).collect();
    assert_eq!((exit, codes), (1, vec![serde_json::json!("E0142"); 2]));
}

#[test]
fn what_is_known_of_a_hole_is_shown_with_its_reasons() {
    let (_folder, path) = document(
        "def above(k: {k: Int | k > 0}): {r: Int | r > k} = k + 1\ndef named(): Int = let y = ?low in above(y)\n\
         def next(x: Int): Int ensures one: result == x + 1 = ?step",
    );
    let chain = "because `above` asks for it of `k` (4:14); because `y` is given to `above` (5:42); because `y` is `?low` (5:28)";
    let text = String::from_utf8(lift(&["holes", &path]).stdout).unwrap();
    assert!(text.contains(&format!("\n    `?low > 0`, {chain}\n")), "{text}");
    assert!(
        text.contains(
            "?step: Int  (solved: x + 1)\n    it can only be `x + 1`, because `next` ensures `one` (6:36);"
        ),
        "{text}"
    );
    let (_, holes) = lift_json(&["holes", &path]);
    let (_, check) = lift_json(&["check", &path]);
    for holes in [&holes["holes"], &check["files"][0]["holes"]] {
        let known = holes[0]["known"].as_array().unwrap();
        assert_eq!(
            (known.len(), known[0]["says"].as_str(), known[1]["says"].as_str()),
            (2, Some("Int"), Some("?low > 0"))
        );
        assert_eq!(known[1]["because"][0]["span"]["start"], serde_json::json!({ "line": 4, "column": 14 }));
        assert_eq!(known[1]["because"].as_array().unwrap().len(), 3);
        assert_eq!((&holes[1]["status"], &holes[1]["solved"]["says"]), (&"solved".into(), &"x + 1".into()));
    }
    let (_, fits) = lift_json(&["fits", &path, "?step"]);
    assert_eq!((&fits["fits"][0]["term"], &fits["fits"][0]["source"]), (&"x + 1".into(), &"use".into()));
    assert_eq!(lift(&["fill", &path, "?step", "x + 1"]).status.code(), Some(0));
    let (_, holes) = lift_json(&["holes", &path]);
    assert_eq!(holes["holes"].as_array().unwrap().len(), 1);
}

#[test]
fn the_constraint_store_is_shown_as_text_and_as_data() {
    let (_folder, path) = document(
        "type Vec (n: Nat) T = {xs: List T | length(xs) == n}\n\
         def doubled(n: Nat, xs: Vec n Int): Vec (2 * n) Int = map(xs, \\x. x) ++ xs",
    );
    let (exit, report) = lift_json(&["check", "--explain-constraints", &path]);
    assert_eq!((exit, report["schema"].as_str()), (0, Some("lift.constraints/1")));
    let file = &report["files"][0];
    assert_eq!(file["path"].as_str(), Some(path.as_str()));
    let named = |list: &str, field: &str, value: &str| {
        let list = file[list].as_array().unwrap();
        let found = list.iter().find(|it| it[field] == value);
        found.unwrap_or_else(|| panic!("no {field} {value} in {list:#?}")).clone()
    };
    assert_eq!(named("assignments", "unknown", "the type `A` of this")["value"], "Int");
    assert_eq!(named("refinements", "condition", "length(xs) == 2 * n")["span"]["start"]["line"], 5);
    assert_eq!(named("subtypings", "wanted", "Vec (2 * n) Int")["ended"], "agreed");
    let owed = named("obligations", "condition", "map(xs, \\x. x) ++ xs: Vec (2 * n) Int");
    assert_eq!(
        (&owed["declaration"], &owed["reason"]),
        (&"doubled".into(), &"the result has the declared type".into())
    );
    let text = String::from_utf8(lift(&["check", "--explain-constraints", &path]).stdout).unwrap();
    for part in
        ["Vec (2 * n) Int", "the type `A` of this", "length(xs) == 2 * n", "the result has the declared type"]
    {
        assert!(text.contains(part), "{part} not in\n{text}");
    }
    assert_eq!(
        lift(&["check", "--explain-constraints", &path]).stdout,
        text.as_bytes(),
        "the same every time"
    );
    // A document with an error shows what could not agree, and says so with its status.
    let (_folder, path) = document("def f(x: Int): Str = x");
    let (exit, report) = lift_json(&["check", "--explain-constraints", &path]);
    assert_eq!((exit, &report["files"][0]["equalities"][0]["ended"]), (1, &"disagreed".into()));
}
