//! Documents that carry the verdicts they expect: `//! proved` on the first line of a definition.

use super::{lift_json, repository};
use std::collections::BTreeMap;

#[test]
fn documents_get_the_verdicts_they_expect() {
    let mut documents: Vec<_> = ["tests/spec/verdicts", "tests/spec/rfc"]
        .into_iter()
        .flat_map(|folder| std::fs::read_dir(repository(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".spec.md"))
        .collect();
    documents.sort();
    assert!(documents.len() >= 6, "the documents are gone: {documents:?}");
    let mut wrong = Vec::new();
    for path in documents {
        let expected = expectations(&std::fs::read_to_string(&path).unwrap());
        let everyday = path.to_string_lossy().contains("verdicts");
        assert!(!(everyday && expected.is_empty()), "{} expects nothing", path.display());
        let (_, report) = lift_json(&["verify", path.to_str().unwrap()]);
        let file = &report["files"][0];
        assert_eq!(file["path"], path.to_str().unwrap());
        let mut found: BTreeMap<String, String> = BTreeMap::new();
        for declared in file["declarations"].as_array().unwrap() {
            found.insert(
                declared["name"].as_str().unwrap().into(),
                declared["verdict"].as_str().unwrap().into(),
            );
        }
        for (name, verdict) in expected {
            if found.get(&name) != Some(&verdict) {
                wrong.push(format!(
                    "{}: {name} should be {verdict}, is {:?}",
                    path.display(),
                    found.get(&name)
                ));
            }
        }
        for owed in file["obligations"].as_array().unwrap() {
            let counterexample = &owed["counterexample"];
            match owed["verdict"].as_str().unwrap() {
                "refuted" => assert_eq!(counterexample["confirmed"], true, "{owed}"),
                "unknown" => assert!(!owed["because"].as_str().unwrap().is_empty(), "{owed}"),
                _ => assert!(counterexample.is_null(), "{owed}"),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Definition to expected verdict.
fn expectations(text: &str) -> BTreeMap<String, String> {
    let mut expected = BTreeMap::new();
    for line in text.lines() {
        let Some((before, said)) = line.split_once("//! ") else { continue };
        let mut said = said.split(';').map(str::trim);
        let Some(verdict) = said.find(|word| matches!(*word, "proved" | "refuted" | "unknown")) else {
            continue;
        };
        let Some(rest) = before.trim_start().strip_prefix("def ") else { continue };
        let name = rest.split(['(', '[']).next().unwrap().trim();
        expected.insert(name.to_owned(), verdict.to_owned());
    }
    expected
}
