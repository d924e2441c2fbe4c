//! `docs/rfc.md`: every construct of the RFC, its spelling, and the document where it stands with its outcome. What the
//! documents say of themselves is looked after by `spec_documents` and, for verdicts, by the tests of the host; here the
//! table is held against them.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use lift_core::syntax::parse;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs")
}

/// A row of the table: spelling, link, outcome.
fn rows(page: &str) -> Vec<(String, String, String)> {
    let cells = |line: &str| -> Option<Vec<String>> {
        let line = line.strip_prefix('|')?.strip_suffix('|')?.replace("\\|", "\u{0}");
        Some(line.split('|').map(|cell| cell.trim().replace('\u{0}', "|")).collect())
    };
    let row = |line: &str| -> Option<(String, String, String)> {
        let cells = cells(line)?;
        let [_, here, stands, outcome] = cells.as_slice() else { return None };
        let link = stands.split_once("](")?.1.strip_suffix(')')?;
        let spelling = here.strip_prefix('`')?.strip_suffix('`')?;
        Some((spelling.to_owned(), link.to_owned(), outcome.clone()))
    };
    page.lines().filter_map(row).collect()
}

#[test]
fn every_row_stands_where_it_says_with_that_outcome() {
    let page = fs::read_to_string(docs().join("rfc.md")).unwrap();
    let rows = rows(&page);
    assert_eq!(rows.len(), page.lines().filter(|line| line.contains("](")).count(), "every row is read");
    assert!(rows.len() >= 80, "{} rows", rows.len());
    let mut wrong = Vec::new();
    for (spelling, link, outcome) in &rows {
        let text = fs::read_to_string(docs().join(link)).unwrap();
        let checked = |line: &str| {
            let offset = line.as_ptr() as usize - text.as_ptr() as usize;
            parse(&text).decls.iter().any(|decl| {
                decl.span.start as usize <= offset + line.len() && offset <= decl.span.end as usize
            })
        };
        let lines: Vec<&str> = text.lines().filter(|line| line.contains(spelling.as_str())).collect();
        if !lines.iter().any(|line| checked(line)) {
            wrong.push(format!("`{spelling}` does not stand in a declaration of {link}"));
            continue;
        }
        let said = |line: &&str| {
            let said = line.split_once("//!").map_or("", |(_, said)| said);
            said.split([';', ' '])
                .map(str::trim)
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let is_code = |word: &String| word.len() == 5 && word.starts_with(['E', 'W']);
        let right = lines.iter().any(|line| match outcome.as_str() {
            "checked" => !said(line).iter().any(is_code),
            outcome => said(line).iter().any(|word| word == outcome),
        });
        if !right {
            wrong.push(format!("`{spelling}` in {link} is not {outcome}: {lines:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_document_of_the_rfc_is_in_the_table() {
    let page = fs::read_to_string(docs().join("rfc.md")).unwrap();
    let linked: BTreeSet<String> = rows(&page).into_iter().map(|(_, link, _)| link).collect();
    for entry in fs::read_dir(docs().join("../tests/spec/rfc")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(linked.contains(&format!("../tests/spec/rfc/{name}")), "{name}");
    }
}
