//! `lift explain`.

use super::output::{Exit, Failure, Output};
use lift_core::explain;
use serde::Serialize;

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    #[serde(flatten)]
    entry: &'a explain::Explanation,
}

pub(super) fn run(code: &str, output: &Output) -> Result<Exit, Failure> {
    let Some(entry) = explain::explain(code) else {
        return Err(Failure::usage(format!("there is no diagnostic with the code {code}"))
            .hint("codes look like E0201 and stand in brackets before a finding"));
    };
    if output.is_json() {
        output.json(&Report { schema: "lift.explain/1", entry })?;
        return Ok(Exit::Fine);
    }
    output.line(&format!("{}: {}\n\n{}", output.paint("1", entry.code), entry.title, entry.text));
    if let Some(example) = &entry.example {
        output.line(&format!(
            "\nInstead of\n\n{}\n\nwrite\n\n{}",
            indented(example.wrong),
            indented(example.right)
        ));
    }
    Ok(Exit::Fine)
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}
