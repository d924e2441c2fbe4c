//! The table of unification problems, row by row (`core/tests/unification/table.md`).
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use lift_core::check::laboratory::{Unified, unify};

const TABLE: &str = include_str!("unification/table.md");

/// `name: type, name: type`
fn bindings(cell: &str) -> Vec<(String, String)> {
    let cell = cell.trim().trim_matches('`');
    let binding = |text: &str| text.split_once(':').map(|(name, ty)| (name.trim().into(), ty.trim().into()));
    cell.split(", ").filter_map(binding).collect()
}

/// `` `left` = `right`; `left` = `right` ``
fn problems(cell: &str) -> Vec<(String, String)> {
    let quoted: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
    assert!(quoted.len().is_multiple_of(2), "{cell}");
    quoted.chunks(2).map(|pair| (pair[0].to_owned(), pair[1].to_owned())).collect()
}

fn outcome(unified: &Unified) -> String {
    let waits =
        || (!unified.waits_for.is_empty()).then(|| format!("waits for {}", unified.waits_for.join(", ")));
    let found = (!unified.diagnostics.is_empty()).then(|| unified.diagnostics.join(" | "));
    let solved = (!unified.solved.is_empty()).then(|| unified.solved.join(", "));
    let parts: Vec<String> =
        found.into_iter().chain(solved).chain(unified.failure.map(str::to_owned)).chain(waits()).collect();
    if parts.is_empty() { "ok".to_owned() } else { parts.join("; ") }
}

#[test]
fn every_problem_of_the_table_comes_out_as_it_says() {
    let declarations = TABLE.split("```").nth(1).unwrap().trim_start_matches("spec-ir");
    let (mut rows, mut wrong) = (0, Vec::new());
    for line in TABLE.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [unknowns, variables, asked, expected] = cells[..] else { panic!("{line}") };
        if unknowns == "unknowns" || unknowns.starts_with("---") {
            continue;
        }
        rows += 1;
        let got = outcome(&unify(declarations, &bindings(unknowns), &bindings(variables), &problems(asked)));
        if got != expected {
            wrong.push(format!("{line}\n  comes out as: {got}"));
        }
    }
    assert!(rows >= 40, "{rows} rows");
    assert!(wrong.is_empty(), "{} of {rows}:\n{}", wrong.len(), wrong.join("\n"));
}
