//! Plugins found in a folder.

use std::fs;
use std::path::{Path, PathBuf};

use lift::plugin::{Origin, Plugins, Reason};

use crate::wat::Controller;
use crate::{compile, sandbox};

/// An empty folder of this test's own, taken away at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("lift-plugin-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn find(&self) -> Plugins {
        Plugins::find(sandbox().clone(), std::slice::from_ref(&self.0))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[track_caller]
fn problem(plugins: &Plugins, name: &str) -> Reason {
    let found = plugins.problems().iter().find(|it| it.plugin == name);
    found.unwrap_or_else(|| panic!("{:?}", plugins.problems())).reason.clone()
}

#[test]
fn a_component_in_a_folder_is_found_by_its_file_name() {
    let folder = Folder::new("found");
    let path = folder.put("mine.wasm", Controller::default().component());
    folder.put("notes.txt", "not a plugin");
    folder.put("mine.json", r#"{"about": "Asks for a number."}"#);
    let plugins = folder.find();
    assert!(plugins.problems().is_empty(), "{:?}", plugins.problems());
    let mine = plugins.list().into_iter().find(|it| it.name == "mine").unwrap();
    assert_eq!((mine.about.as_str(), mine.origin), ("Asks for a number.", Origin::File(path)));
    assert!(compile(plugins.get("mine").unwrap()).is_ok());
}

#[test]
fn a_pinned_component_must_have_its_hash() {
    let folder = Folder::new("pinned");
    let component = Controller::default().component();
    folder.put("good.wasm", &component);
    folder.put("good.json", format!(r#"{{"blake3": "{}"}}"#, blake3::hash(&component)));
    folder.put("changed.wasm", &component);
    folder.put("changed.json", format!(r#"{{"blake3": "{}"}}"#, blake3::hash(b"another")));
    let plugins = folder.find();
    assert!(plugins.get("good").is_ok());
    assert!(matches!(problem(&plugins, "changed"), Reason::HashMismatch { .. }));
    assert!(matches!(plugins.get("changed").unwrap_err().reason, Reason::Unknown { .. }));
}

#[test]
fn one_bad_file_does_not_hide_the_others() {
    let folder = Folder::new("mixed");
    folder.put("broken.wasm", "not wasm");
    folder.put("Bad Name.wasm", Controller::default().component());
    folder.put("odd.wasm", Controller::default().component());
    folder.put("odd.json", r#"{"capabilities": ["net"]}"#);
    folder.put("works.wasm", Controller::default().component());
    let plugins = folder.find();
    assert!(matches!(plugins.get("broken").unwrap_err().reason, Reason::NotAComponent { .. }));
    assert_eq!(problem(&plugins, "Bad Name"), Reason::BadName);
    assert!(matches!(problem(&plugins, "odd"), Reason::BadManifest { .. }));
    assert!(compile(plugins.get("works").unwrap()).is_ok());
}

#[test]
fn the_first_of_two_of_the_same_name_stands_and_the_other_is_told() {
    let (one, two) = (Folder::new("one"), Folder::new("two"));
    let first = one.put("mine.wasm", Controller::default().component());
    two.put("mine.wasm", "another");
    let plugins = Plugins::find(sandbox().clone(), &[one.0.clone(), two.0.clone()]);
    assert_eq!(problem(&plugins, "mine"), Reason::NameTaken { by: first.display().to_string() });
    assert!(plugins.get("mine").is_ok());
}

#[test]
fn a_file_that_changes_after_it_was_read_changes_nothing() {
    let folder = Folder::new("race");
    let path = folder.put("mine.wasm", Controller::default().component());
    let plugins = folder.find();
    fs::write(path, "something else").unwrap();
    assert!(compile(plugins.get("mine").unwrap()).is_ok());
}

#[test]
fn a_missing_folder_is_told() {
    let nowhere = Path::new("/nowhere/at/all").to_path_buf();
    let plugins = Plugins::find(sandbox().clone(), &[nowhere]);
    assert!(matches!(problem(&plugins, "/nowhere/at/all"), Reason::Unreadable { .. }));
}
