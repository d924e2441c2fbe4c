//! `lift constrain` and `lift plugin`, through the binary and the shipped controller. Needs `make plugins` before
//! the build, as `make test` does.

// A test may stop at the first surprise, in its helpers too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "plugin/wat.rs"]
#[allow(dead_code)] // The other test uses the rest.
mod wat;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use wat::Controller;

const DOCUMENT: &str = r#"
How old somebody is.

```spec-ir
type Age = {x: Int | 0 <= x && x <= 150}
entity Person { name: Str, age: Age, invariant adult: age >= 18, invariant short: length(name) < age }
def older(who: Person, by: {n: Nat | n < 10}): Person = ?older
def next(age: Age): Int ensures result > age = ?next
```
"#;

struct Run {
    status: i32,
    out: String,
    err: String,
}

impl Run {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {} {}", self.out, self.err))
    }
}

/// Runs lift in a folder that holds the document as `people.spec.md`.
fn lift(folder: &Path, arguments: &[&str], input: &str) -> Run {
    std::fs::write(folder.join("people.spec.md"), DOCUMENT).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_lift"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("LIFT_PLUGINS")
        .env("XDG_CACHE_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/cache"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { status: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

fn here(arguments: &[&str]) -> Run {
    lift(tempfile::tempdir().unwrap().path(), arguments, "")
}

#[test]
fn a_constraint_comes_from_the_shipped_controller() {
    let run = here(&["constrain", "people.spec.md", "Age", "--dialect", "lark"]);
    assert_eq!(run.status, 0, "{}", run.err);
    assert_eq!(run.out, "start: T0\nT0: /0|[1-9][0-9]?|1([0-4][0-9]|50)/\n");
}

#[test]
fn the_report_holds_the_constraint_and_everything_it_leaves_unsaid() {
    let run = here(&[
        "constrain",
        "people.spec.md",
        "older",
        "--dialect",
        "json-schema",
        "--dialect",
        "lark",
        "--format",
        "json",
    ]);
    assert_eq!(run.status, 0, "{}", run.err);
    let report = run.json();
    assert_eq!(report["schema"], "lift.constrain/1");
    let file = &report["files"][0];
    assert_eq!(file["path"], "people.spec.md");
    assert_eq!(file["dialect"], "json-schema");
    let schema: Value = serde_json::from_str(file["constraint"].as_str().unwrap()).unwrap();
    assert_eq!(
        schema["properties"]["by"],
        serde_json::json!({"type": "integer", "minimum": 0, "maximum": 9})
    );
    assert_eq!(schema["properties"]["who"]["properties"]["age"]["minimum"], 18);
    assert_eq!(file["residuals"][0]["path"], "Person");
    assert_eq!(file["residuals"][0]["predicate"], "length(name) < age");
    assert_eq!(file["fallbacks"][0]["dialect"], "lark");
    assert_eq!(file["plugin"]["name"], "signature");
    let prompt = file["prompt"].as_str().unwrap();
    for part in ["How old somebody is.", "entity Person", "type Age", "length(name) < age"] {
        assert!(prompt.contains(part), "{prompt}");
    }
}

#[test]
fn a_hole_is_constrained_by_its_type() {
    let run = here(&["constrain", "people.spec.md", "?next", "--dialect", "ebnf", "--format", "json"]);
    let file = &run.json()["files"][0];
    assert!(file["constraint"].as_str().unwrap().starts_with("root ::= "));
    assert_eq!(file["narrowed"][0]["what"], "only values, no terms over what is in scope");
}

#[test]
fn what_cannot_be_constrained_is_a_wrong_use_that_names_itself() {
    let run = here(&["constrain", "people.spec.md", "?nex"]);
    assert_eq!((run.status, run.out.as_str()), (2, ""));
    assert!(run.err.contains("`?nex`") && run.err.contains("`?next`"), "{}", run.err);
    let run = here(&["constrain", "people.spec.md", "Age", "--dialect", "yaml"]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("`yaml` is not a dialect"), "{}", run.err);
    let run = here(&["constrain", "people.spec.md", "Age", "--plugin", "signatur"]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("`signatur`") && run.err.contains("there are signature"), "{}", run.err);
}

#[test]
fn an_answer_is_read_back_or_refused_with_places() {
    let folder = tempfile::tempdir().unwrap();
    let read = ["constrain", "people.spec.md", "older", "--read", "-"];
    let good = lift(folder.path(), &read, r#"{"who": {"name": "Ada", "age": 36}, "by": 3}"#);
    assert_eq!((good.status, good.out.as_str()), (0, "older(Person { name = \"Ada\", age = 36 }, 3)\n"));
    let bad = lift(folder.path(), &read, r#"{"who": {"name": "Ada", "age": 12}, "by": 10}"#);
    assert_eq!((bad.status, bad.out.as_str()), (1, ""));
    assert_eq!(bad.err, "`Person.age`: 12 is not from 18 to 150\n`by`: 10 is not from 0 to 9\n");
    let cut = lift(folder.path(), &read, r#"{"who": {"name": "Ad"#);
    assert_eq!(cut.status, 1);
    assert!(cut.err.contains("not JSON"), "{}", cut.err);
}

#[test]
fn a_document_at_the_parsers_depth_is_no_trouble_for_the_guest() {
    let folder = tempfile::tempdir().unwrap();
    let deep = |levels: usize| {
        let body = format!("{}1{}", "(".repeat(levels), ")".repeat(levels));
        format!("```spec-ir\ntype Age = {{x: Int | x < 9}}\ndef f(): Int = {body}\n```\n")
    };
    for levels in [50, 190, 10_000] {
        let run = lift(folder.path(), &["constrain", "-", "Age", "--dialect", "regex"], &deep(levels));
        assert_eq!((run.status, run.out.as_str()), (0, "-[1-9][0-9]*|0|[1-8]\n"), "{}", run.err);
    }
}

#[test]
fn a_plugin_that_loops_is_named_and_the_next_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let looping =
        Controller { compile: "(loop $again (br $again)) unreachable".into(), ..Controller::default() };
    std::fs::write(folder.path().join("loops.wasm"), looping.component()).unwrap();
    std::fs::write(folder.path().join("fine.wasm"), Controller::default().component()).unwrap();
    let asked = |plugin| {
        let arguments = ["constrain", "people.spec.md", "Age", "--plugins", ".", "--plugin", plugin];
        lift(folder.path(), &arguments, "")
    };
    let run = asked("loops");
    assert_eq!((run.status, run.out.as_str()), (1, ""));
    assert!(run.err.contains("plugin `loops`") && run.err.contains("no answer after 1000 ms"), "{}", run.err);
    let run = asked("fine");
    assert_eq!((run.status, run.out.as_str()), (0, "{\"type\":\"integer\"}\n"), "{}", run.err);
}

#[test]
fn plugins_are_listed_with_what_could_not_be_taken() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("mine.wasm"), Controller::default().component()).unwrap();
    std::fs::write(folder.path().join("Odd Name.wasm"), "").unwrap();
    let run = lift(folder.path(), &["plugin", "list", "--plugins", ".", "--format", "json"], "");
    assert_eq!(run.status, 1);
    let report = run.json();
    let names: Vec<_> = report["plugins"].as_array().unwrap().iter().map(|it| it["name"].clone()).collect();
    assert_eq!(names, ["mine", "signature"]);
    assert_eq!(report["problems"][0]["code"], "bad-name");
}

#[test]
fn a_plugin_is_checked_by_name_or_by_file() {
    let run = here(&["plugin", "check", "signature", "--format", "json"]);
    assert_eq!(run.status, 0, "{} {}", run.out, run.err);
    let report = run.json();
    let steps: Vec<_> = report["steps"].as_array().unwrap().iter().map(|it| it["step"].clone()).collect();
    assert_eq!(steps, ["load", "instantiate", "engine", "compile", "post-process"]);
    let folder = tempfile::tempdir().unwrap();
    let greedy = Controller {
        compile: "(loop $again (drop (memory.grow (i32.const 16))) (br $again)) unreachable".into(),
        ..Controller::default()
    };
    std::fs::write(folder.path().join("greedy.wasm"), greedy.component()).unwrap();
    let run = lift(folder.path(), &["plugin", "check", "greedy.wasm", "--format", "json"], "");
    assert_eq!(run.status, 1);
    let report = run.json();
    let compile = report["steps"].as_array().unwrap().iter().find(|it| it["step"] == "compile").unwrap();
    assert_eq!(compile["ok"], false, "{report}");
    assert!(compile["said"].as_str().unwrap().contains("`greedy`"), "{report}");
    let run = lift(folder.path(), &["plugin", "check", "people.spec.wasm"], "");
    assert_eq!(run.status, 2, "{}", run.err);
}

#[test]
fn documents_that_are_imported_are_handed_over() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), format!("```spec-ir\n{text}\n```\n")).unwrap();
    };
    at("colors.spec.md", "type Color = Red | Green");
    at("cars.spec.md", "import \"colors.spec.md\" { Color }\nentity Car { color: Color }");
    at(
        "main.spec.md",
        "import \"cars.spec.md\" as cars\nimport \"colors.spec.md\" as c\ndef car(): Set cars.Car = ?car",
    );
    let run = lift(folder.path(), &["constrain", "main.spec.md", "?car", "--dialect", "regex"], "");
    assert_eq!(run.status, 0, "{}", run.err);
    let car = r"cars\.Car \{ color = (c\.Red|c\.Green) \}";
    assert_eq!(run.out.trim(), format!(r"set_of\((\[\]|\[{car}(, {car})*\])\)"));
    let run = lift(folder.path(), &["constrain", "main.spec.md", "?car", "--format", "json"], "");
    let report = run.json();
    let prompt = report["files"][0]["prompt"].as_str().unwrap();
    for part in ["From `cars.spec.md`:", "entity Car", "From `colors.spec.md`:", "type Color"] {
        assert!(prompt.contains(part), "{prompt}");
    }
    assert_eq!(
        report["files"][0]["plugin"]["other_engine"],
        Value::Null,
        "the shipped one is stale: `make plugins`"
    );
    let answer = r#"[{"color": "c.Red"}]"#;
    let run = lift(folder.path(), &["constrain", "main.spec.md", "?car", "--read", "-"], answer);
    assert_eq!(run.out.trim(), "set_of([cars.Car { color = c.Red }])", "{}", run.err);
}
