//! Every code has an explanation, and every explanation tells the truth.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use lift_core::check::check_with;
use lift_core::explain::{all, explain};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[test]
fn every_code_in_the_sources_is_explained() {
    let mut missing = BTreeSet::new();
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for folder in ["core/src", "host/src", "plugins", "web/src"] {
        for file in rust_files(&workspace.join(folder)) {
            let text = fs::read_to_string(&file).unwrap();
            for code in codes(&text).filter(|code| explain(code).is_none()) {
                missing.insert(format!("{code} in {}", file.strip_prefix(workspace).unwrap().display()));
            }
        }
    }
    assert!(missing.is_empty(), "`lift explain` knows nothing of {missing:#?}");
}

#[test]
fn codes_are_explained_once() {
    let codes: Vec<_> = all().map(|entry| entry.code).collect();
    let distinct: BTreeSet<_> = codes.iter().copied().collect();
    assert_eq!(codes.len(), distinct.len());
}

#[test]
fn wrong_examples_are_found_and_right_ones_are_clean() {
    let mut lies = Vec::new();
    let block = |declarations: &str| Arc::from(format!("```spec-ir\n{declarations}\n```\n"));
    // What the examples of imports stand beside.
    let documents = BTreeMap::from([
        ("ages.spec.md".to_owned(), block("type Age = {x: Int | 0 <= x && x <= 150}")),
        ("broken.spec.md".to_owned(), block("def f(): Int = \"one\"")),
        ("archive.spec.md".to_owned(), block(&"// what was said long ago\n".repeat(700_000))),
        ("circle.spec.md".to_owned(), block("import \"circle.spec.md\" as circle")),
    ]);
    for entry in all() {
        let Some(example) = entry.example else { continue };
        let found = |text: &str| {
            let document =
                if text.contains("```") { text.to_owned() } else { format!("```spec-ir\n{text}\n```\n") };
            let findings = check_with("example.spec.md", &document, &documents).diagnostics;
            findings
                .into_iter()
                .map(|finding| format!("{} {}", finding.code, finding.message))
                .collect::<Vec<_>>()
        };
        let wrong = found(example.wrong);
        if wrong.len() != 1 || !wrong.iter().all(|finding| finding.starts_with(entry.code)) {
            lies.push(format!("{} {:?} gives {wrong:#?}", entry.code, example.wrong));
        }
        let right = found(example.right);
        if !right.is_empty() {
            lies.push(format!("{} {:?} gives {right:#?}", entry.code, example.right));
        }
    }
    assert!(lies.is_empty(), "{}", lies.join("\n"));
}

/// Text literals of the form `"E0201"`, outside comments.
fn codes(text: &str) -> impl Iterator<Item = &str> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| line.split('"')).filter(|literal| {
        literal.len() == 5
            && literal.starts_with(['E', 'W'])
            && literal.get(1..).is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()))
    })
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return files };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() && !path.ends_with("target") {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}
