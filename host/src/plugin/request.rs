//! What is asked of a plugin: a document with all it leans on, so that the plugin needs nothing else.

use super::world::lift::controller::types as wit;
use lift_core::check::Checked;
use std::sync::Arc;

/// A document and those it leans on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spec {
    /// Where the document lies in the folder that holds all documents; empty when nobody said.
    pub path: String,
    /// The document.
    pub text: Arc<str>,
    /// Every document it leans on.
    pub imports: Vec<Imported>,
}

/// A document that another one leans on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Where it lies in the folder that holds all documents.
    pub path: String,
    /// Its text.
    pub text: Arc<str>,
}

impl Spec {
    /// A document that stands alone.
    pub fn alone(text: &str) -> Self {
        Spec { text: text.into(), ..Spec::default() }
    }

    /// A document with the documents it was checked with.
    pub fn of(checked: &Checked) -> Self {
        let imports = checked.linked.sources().iter();
        let imports = imports.map(|it| Imported { path: it.path.clone(), text: Arc::clone(&it.text) });
        Spec { path: checked.path.to_string(), text: Arc::clone(&checked.text), imports: imports.collect() }
    }

    /// How many bytes of it are handed over.
    pub(super) fn size(&self) -> usize {
        let imports = self.imports.iter().map(|it| it.path.len() + it.text.len());
        self.path.len() + self.text.len() + imports.sum::<usize>()
    }

    /// As it crosses to the plugin.
    pub(super) fn handed(&self) -> wit::Spec {
        let document =
            |path: &str, text: &str| wit::Document { path: path.to_owned(), text: text.to_owned() };
        wit::Spec {
            document: document(&self.path, &self.text),
            imports: self.imports.iter().map(|it| document(&it.path, &it.text)).collect(),
        }
    }
}
