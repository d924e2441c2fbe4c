//! The documents beside a document, read from disk for its imports.
//!
//! Promises: nothing outside the folder is read, whatever a path or a link says; only files, and only so much of each.
//! That folder is the one the command runs in when the document lies in it, and otherwise the document's own.

use super::source::LONGEST;
use lift_core::check::{Documents, Unavailable};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A folder of documents.
#[derive(Debug)]
pub(super) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The folder around the document at `path`, and the document's path in it; nothing when it is no file.
    pub(super) fn around(path: &Path) -> Option<(Folder, String)> {
        let path = path.canonicalize().ok()?;
        let here = std::env::current_dir().and_then(|here| here.canonicalize()).ok();
        let root = here.filter(|here| path.starts_with(here)).or_else(|| Some(path.parent()?.to_owned()))?;
        let parts = path.strip_prefix(&root).ok()?.components();
        let parts: Option<Vec<&str>> = parts.map(|part| part.as_os_str().to_str()).collect();
        Some((Folder { root }, parts?.join("/")))
    }
}

impl Documents for Folder {
    fn text(&self, path: &str) -> Result<Arc<str>, Unavailable> {
        let unreadable = |why: String| Unavailable::Unreadable(why);
        let failed = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => Unavailable::Missing,
            _ => unreadable(error.to_string()),
        };
        let file = self.root.join(path).canonicalize().map_err(failed)?;
        if !file.starts_with(&self.root) {
            return Err(unreadable("it lies outside the folder that holds the documents".to_owned()));
        }
        // Asked first: opening a pipe waits for whoever writes to it.
        if !std::fs::metadata(&file).map_err(failed)?.is_file() {
            return Err(unreadable("it is not a file".to_owned()));
        }
        let mut bytes = Vec::new();
        std::fs::File::open(&file)
            .and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
            .map_err(failed)?;
        if bytes.len() as u64 > LONGEST {
            return Err(unreadable(format!("it is longer than {} MiB", LONGEST >> 20)));
        }
        String::from_utf8(bytes).map(Arc::from).map_err(|_| unreadable("it is not UTF-8 text".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_folder_is_read() {
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("secret.spec.md"), "secret").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("inside")).unwrap();
        std::fs::create_dir(at("folder.spec.md")).unwrap();
        std::fs::write(at("main.spec.md"), "main").unwrap();
        std::fs::write(at("inside/a.spec.md"), "a").unwrap();
        std::fs::write(at("bytes.spec.md"), [0xff, 0xfe]).unwrap();
        let link = |to: PathBuf, name: &str| std::os::unix::fs::symlink(to, at(name)).unwrap();
        link(outside.path().join("secret.spec.md"), "leaves.spec.md");
        link(outside.path().to_owned(), "leaves");
        link(at("inside/a.spec.md"), "stays.spec.md");
        link(at("turns.spec.md"), "turns.spec.md");
        let (documents, name) = Folder::around(&at("main.spec.md")).unwrap();
        assert_eq!(name, "main.spec.md");
        assert_eq!(documents.text("inside/a.spec.md").as_deref(), Ok("a"));
        assert_eq!(documents.text("stays.spec.md").as_deref(), Ok("a"));
        assert_eq!(documents.text("none.spec.md"), Err(Unavailable::Missing));
        assert_eq!(documents.text("main.spec.md/a.spec.md"), Err(Unavailable::Missing));
        for refused in
            ["leaves.spec.md", "leaves/secret.spec.md", "folder.spec.md", "bytes.spec.md", "turns.spec.md"]
        {
            assert!(matches!(documents.text(refused), Err(Unavailable::Unreadable(_))), "{refused}");
        }
    }

    #[test]
    fn a_pipe_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("main.spec.md"), "main").unwrap();
        assert!(std::process::Command::new("mkfifo").arg(at("pipe.spec.md")).status().unwrap().success());
        let (documents, _) = Folder::around(&at("main.spec.md")).unwrap();
        assert!(matches!(documents.text("pipe.spec.md"), Err(Unavailable::Unreadable(_))));
    }
}
