//! Compiled components kept between runs.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use lift::plugin::{CompiledCache, Limits, Sandbox};

use crate::compile;
use crate::wat::Controller;

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

/// Loads the controller in a new sandbox and asks it once.
fn works(folder: &Path, controller: &Controller) {
    let cache = CompiledCache::open(folder).unwrap();
    let sandbox = Sandbox::new(Limits::default(), Some(cache)).unwrap();
    assert!(compile(&sandbox.load("cached", &controller.component()).unwrap()).is_ok());
}

#[test]
fn an_entry_is_written_once_and_used_again() {
    let folder = tempfile::tempdir().unwrap();
    works(folder.path(), &Controller::default());
    let first = entries(folder.path());
    assert_eq!(first.len(), 1);
    let written = fs::metadata(&first[0]).unwrap().modified().unwrap();
    works(folder.path(), &Controller::default());
    assert_eq!(entries(folder.path()), first);
    assert_eq!(fs::metadata(&first[0]).unwrap().modified().unwrap(), written);
    works(folder.path(), &Controller { memory_pages: 3, ..Controller::default() });
    assert_eq!(entries(folder.path()).len(), 2);
}

#[test]
fn an_entry_that_was_changed_is_not_run_but_made_again() {
    let folder = tempfile::tempdir().unwrap();
    works(folder.path(), &Controller::default());
    let [path] = entries(folder.path()).try_into().unwrap();
    let whole = fs::read(&path).unwrap();
    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    for damaged in [flipped, whole[..whole.len() / 2].to_vec(), b"no".to_vec(), Vec::new()] {
        fs::write(&path, damaged).unwrap();
        works(folder.path(), &Controller::default());
        assert_eq!(fs::read(&path).unwrap().len(), whole.len());
    }
}

#[test]
fn a_folder_that_others_can_write_to_is_no_cache() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    assert!(CompiledCache::open(folder.path()).is_none());
    let elsewhere = tempfile::tempdir().unwrap();
    let link = elsewhere.path().join("link");
    std::os::unix::fs::symlink(folder.path(), &link).unwrap();
    assert!(CompiledCache::open(&link).is_none());
    let new = elsewhere.path().join("a/b");
    assert!(CompiledCache::open(&new).is_some());
    assert_eq!(fs::metadata(new).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn old_entries_make_room() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..40 {
        fs::write(folder.path().join(format!("{number}.cwasm")), "old").unwrap();
    }
    works(folder.path(), &Controller::default());
    assert_eq!(entries(folder.path()).len(), 24);
    works(folder.path(), &Controller::default());
}
