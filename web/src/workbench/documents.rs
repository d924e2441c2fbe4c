//! Several documents: this browser keeps each under its name, and `import "name"` finds it there.
//!
//! Promises: opening one loses none. The one shown is kept under its name with every edit; one without a name gets a
//! name before another takes its place; undo does not lead from one document into another that has a name.

use super::Workbench;
use crate::browser::{self, Kept};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The end of every document's name.
const END: &str = ".spec.md";

impl Workbench {
    /// Takes up what the last visit left.
    pub(super) fn remember_documents(self) {
        self.name.set(browser::kept(Kept::Name).unwrap_or_default());
        self.list_documents();
    }

    fn list_documents(self) {
        self.documents.set(browser::documents());
    }

    /// Keeps the text of the document as it is, under its name if it has one; `false` when the browser does not.
    pub(super) fn keep(self, text: &str) -> bool {
        self.know_again(text);
        let name = self.name.get_untracked();
        let named = name.is_empty() || browser::keep_document(&name, Some(text));
        browser::keep(Kept::Document, Some(text)) && named
    }

    /// The document has this name from now on, or none.
    fn call(self, name: &str) {
        self.name.set(name.to_owned());
        browser::keep(Kept::Name, (!name.is_empty()).then_some(name));
        self.list_documents();
    }

    /// Something without a name takes the place of the document; undo may bring it back.
    pub(super) fn leave(self) {
        let before = (self.name.get_untracked(), self.text.get_untracked());
        self.before.set_value(Some(before).filter(|(name, _)| !name.is_empty()));
        self.call("");
    }

    /// Undo has brought back a document that had a name.
    fn know_again(self, text: &str) {
        let back = self.before.with_value(|before| match before {
            Some((name, old)) if old == text && self.name.with_untracked(String::is_empty) => {
                Some(name.clone())
            }
            _ => None,
        });
        if let Some(name) = back {
            self.before.set_value(None);
            self.call(&name);
        }
    }

    /// A name that no kept document has.
    fn free(self, stem: &str) -> String {
        let taken = browser::documents();
        let mut names =
            std::iter::once(format!("{stem}{END}")).chain((2..).map(|n| format!("{stem}-{n}{END}")));
        names.find(|name| !taken.contains(name)).unwrap_or_default()
    }

    /// Names the document. Whoever imports it writes that name.
    pub fn rename(self, written: &str) {
        let Some(name) = document_name(written) else {
            return self.tell(
                "A name has letters, digits, and . _ - in it, and / between folders, as in ages.spec.md.",
            );
        };
        let before = self.name.get_untracked();
        if name == before {
            return;
        }
        if self.documents.with_untracked(|names| names.contains(&name)) {
            return self.tell(&format!(
                "There is a document called {name} already. Open it, or choose another name."
            ));
        }
        let text = self.text.get_untracked();
        if !browser::keep_document(&name, Some(&text)) {
            return self.tell("This browser does not keep the document.");
        }
        browser::keep_document(&before, None);
        self.call(&name);
        self.tell(&format!("The document is called {name} now."));
        self.check(text);
    }

    /// Shows the document of that name.
    pub fn open_kept(self, name: &str) {
        if self.name.with_untracked(|shown| shown == name) {
            return;
        }
        match browser::document(name) {
            Some(text) => self.turn_to(name, &text),
            None => self.list_documents(),
        }
    }

    /// Shows an empty document.
    pub fn begin(self) {
        self.turn_to("", "");
    }

    /// Shows a file under its own name, where it has one of a document's.
    pub fn open_named(self, name: &str, text: &str) {
        let Some(name) = document_name(name).filter(|_| name.ends_with(END)) else { return self.open(text) };
        if self.name.with_untracked(|shown| *shown == name) {
            return self.replace_shown(text);
        }
        let stem = name.trim_end_matches(END);
        let kept = browser::document(&name).filter(|kept| kept != text);
        let aside = kept.map(|kept| {
            let aside = self.free(stem);
            browser::keep_document(&aside, Some(&kept));
            aside
        });
        if browser::keep_document(&name, Some(text)) {
            self.turn_to(&name, text);
        } else {
            self.open(text);
        }
        if let Some(aside) = aside {
            self.tell(&format!(
                "Opened {name}. What this browser kept under that name is called {aside} now."
            ));
        }
    }

    /// Forgets a kept document; the one shown stays on the page, without a name.
    pub fn discard(self, name: &str) {
        browser::keep_document(name, None);
        match self.name.with_untracked(|shown| shown == name) {
            true => self.call(""),
            false => self.list_documents(),
        }
        self.announcement.set(format!("{name} is removed."));
        self.check(self.text.get_untracked());
    }

    /// Another document, with a history of its own.
    fn turn_to(self, name: &str, text: &str) {
        let shown = self.text.get_untracked();
        if self.name.with_untracked(String::is_empty) && !shown.trim().is_empty() {
            let aside = self.free(&self.file_stem());
            if !browser::keep_document(&aside, Some(&shown)) {
                return self.tell("This browser does not keep the document shown. Download it first.");
            }
            self.tell(&format!("The document before is kept as {aside}."));
        }
        self.before.set_value(None);
        self.origin.set(None);
        self.forget();
        self.call(name);
        self.with_editor(|editor| editor.open(text));
        self.announcement.set(if name.is_empty() {
            "An empty document.".to_owned()
        } else {
            format!("{name} is shown.")
        });
    }

    /// The kept documents that this text, and those it names, may import: all whose file name is in one of them.
    pub(super) fn beside(self, text: &str) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        if !text.contains("import") {
            return found;
        }
        let mut names = browser::documents();
        names.retain(|name| self.name.with_untracked(|shown| shown != name));
        let mut texts = vec![text.to_owned()];
        while let Some(text) = texts.pop() {
            let named = |name: &String| text.contains(name.rsplit('/').next().unwrap_or(name));
            let (more, rest): (Vec<_>, Vec<_>) = names.into_iter().partition(named);
            names = rest;
            for name in more {
                if let Some(text) = browser::document(&name) {
                    texts.push(text.clone());
                    found.insert(name, text);
                }
            }
        }
        // One that imports itself is told so.
        let shown = self.name.get_untracked();
        if !shown.is_empty() {
            found.insert(shown, text.to_owned());
        }
        found
    }
}

/// A name as documents have it, from what somebody wrote; nothing when it is none.
fn document_name(written: &str) -> Option<String> {
    let written = written.trim();
    let stem = written.strip_suffix(END).unwrap_or(written);
    let part = |part: &str| {
        part.starts_with(|first: char| first.is_alphanumeric() || first == '_')
            && part.chars().all(|c| c.is_alphanumeric() || "._-".contains(c))
    };
    (stem.len() <= 200 && stem.split('/').all(part)).then(|| format!("{stem}{END}"))
}
