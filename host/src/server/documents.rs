//! A document over the API, with the documents it imports.
//!
//! The server reads no file for a request: what a document imports comes with it, by path, or is not there. Promises:
//! a path that leads anywhere but below the one folder all of them are in is refused, as on the command line, and named.

use super::Problem;
use lift_core::check::{Checked, check, check_with, resolve};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A document to look at.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    document: String,
    /// Where it lies in the folder of all documents; imports are relative to it.
    path: Option<String>,
    /// The documents it may import, by path from that folder. Without them it stands alone.
    documents: Option<BTreeMap<String, String>>,
}

impl Document {
    /// What to call it in a report.
    pub(super) fn name(&self) -> String {
        self.path.clone().unwrap_or_else(|| "document".to_owned())
    }

    /// Refuses paths that are none.
    pub(super) fn admitted(self) -> Result<Self, Problem> {
        let given = self.documents.iter().flat_map(BTreeMap::keys).map(|path| ("documents", path));
        for (field, path) in self.path.iter().map(|path| ("path", path)).chain(given) {
            match resolve("", path) {
                Ok(plain) if plain == *path => {}
                Ok(plain) => {
                    let detail = format!("`{field}`: write {path:?} as {plain:?}");
                    return Err(Problem::bad_request(detail));
                }
                Err(why) => {
                    let shown: String = path.chars().take(200).collect();
                    return Err(Problem::bad_request(format!("`{field}`: {shown:?} {why}")));
                }
            }
        }
        Ok(self)
    }

    /// The document, checked with those it came with.
    pub(super) fn checked(self) -> Checked {
        match self.documents {
            Some(documents) => {
                let documents: BTreeMap<_, _> =
                    documents.into_iter().map(|(path, text)| (path, text.into())).collect();
                check_with(&self.path.unwrap_or_default(), &self.document, &documents)
            }
            None => check(&self.document),
        }
    }
}
