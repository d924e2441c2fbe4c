//! Other documents: where their texts come from, and how an import's path is read.
//!
//! The core reads no files. Whoever has documents hands them over through [`Documents`]: the command line reads them
//! below one folder, a page gives those it holds, a server gives none. Paths are hostile input: they are read here,
//! once, and what is asked of [`Documents`] has no `.`, no `..`, no scheme and no root in it.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Where the texts of other documents come from.
pub trait Documents {
    /// The text of a document. `path` is relative to the folder that holds all documents: names joined by `/`, none
    /// of them empty, `.` or `..`.
    fn text(&self, path: &str) -> Result<Arc<str>, Unavailable>;
}

/// Why there is no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unavailable {
    /// Nobody gave any documents: this one is looked at alone.
    Alone,
    /// There is no such document.
    Missing,
    /// There is one that may not or cannot be read; why, as a sentence goes on after "because".
    Unreadable(String),
}

/// No other documents.
#[derive(Debug, Clone, Copy, Default)]
pub struct Alone;

impl Documents for Alone {
    fn text(&self, _: &str) -> Result<Arc<str>, Unavailable> {
        Err(Unavailable::Alone)
    }
}

/// Documents that are at hand, by path.
impl Documents for BTreeMap<String, Arc<str>> {
    fn text(&self, path: &str) -> Result<Arc<str>, Unavailable> {
        self.get(path).cloned().ok_or(Unavailable::Missing)
    }
}

/// Paths longer than this, in bytes, are not read.
const LONGEST_PATH: usize = 512;

/// What an import written in the document at `from` means, as a path from the folder of all documents; or why it
/// means nothing, in words that go on after "this path".
///
/// ```
/// use lift_core::check::resolve;
/// assert_eq!(resolve("orders/order.spec.md", "../ages.spec.md").unwrap(), "ages.spec.md");
/// assert!(resolve("order.spec.md", "../ages.spec.md").is_err());
/// ```
pub fn resolve(from: &str, written: &str) -> Result<String, &'static str> {
    if written.is_empty() {
        return Err("is empty");
    }
    if written.len() > LONGEST_PATH {
        return Err("is too long");
    }
    if written.chars().any(|letter| letter.is_control() || letter == '\\') {
        return Err("has characters in it that a path cannot have here; folders are separated by `/`");
    }
    if written.contains(':') {
        return Err("names a scheme or a drive; only documents beside this one can be imported");
    }
    if written.starts_with(['/', '~']) {
        return Err("is not relative to this document");
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in written.split('/') {
        match part {
            "" => return Err("has an empty part"),
            "." => {}
            ".." if parts.pop().is_none() => return Err("leads out of the folder that holds the documents"),
            ".." => {}
            _ => parts.push(part),
        }
    }
    if !parts.last().is_some_and(|name| name.len() > ".spec.md".len() && name.ends_with(".spec.md")) {
        return Err("does not end in `.spec.md`, as the name of a document does");
    }
    Ok(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn paths_stay_below_the_folder_of_all_documents() {
        let right = [
            ("a.spec.md", "b.spec.md", "b.spec.md"),
            ("a.spec.md", "./b.spec.md", "b.spec.md"),
            ("x/a.spec.md", "b.spec.md", "x/b.spec.md"),
            ("x/a.spec.md", "../b.spec.md", "b.spec.md"),
            ("x/y/a.spec.md", "../../z/./b.spec.md", "z/b.spec.md"),
            ("a.spec.md", "x/../b.spec.md", "b.spec.md"),
            ("", "b.spec.md", "b.spec.md"),
        ];
        for (from, written, path) in right {
            assert_eq!(resolve(from, written).as_deref(), Ok(path), "{written} in {from}");
        }
        let wrong = [
            "",
            "/etc/passwd.spec.md",
            "//host/a.spec.md",
            "~/a.spec.md",
            "../a.spec.md",
            "x/../../a.spec.md",
            "..",
            "C:/a.spec.md",
            "file:a.spec.md",
            "https://example.org/a.spec.md",
            "x\\a.spec.md",
            "x//a.spec.md",
            "a.spec.md/",
            "a.md",
            ".spec.md",
            "x/.spec.md",
            "a.spec.md\0",
            "a\n.spec.md",
        ];
        for written in wrong {
            assert!(resolve("a.spec.md", written).is_err(), "{written:?}");
        }
    }
}
