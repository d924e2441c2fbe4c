//! The long form of every code that a diagnostic can have: what `lift explain E0010` prints.
//!
//! Promises: every code that is constructed anywhere has an entry, every example shows what it says; both are
//! tested. Each room keeps the entries of its own codes; this is where they are found.

use crate::{align, check, syntax};

/// The long form of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Explanation {
    /// The code, as `E0010`.
    pub code: &'static str,
    /// What it means, in a few words.
    pub title: &'static str,
    /// Why it is a mistake and what to do, in a few sentences.
    pub text: &'static str,
    /// What it looks like; `None` where an example would fill pages.
    pub example: Option<Example>,
}

/// A mistake and its repair, as declarations, or as whole documents where the mistake is in the prose or fences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Example {
    /// What is reported.
    pub wrong: &'static str,
    /// What to write instead.
    pub right: &'static str,
}

impl Explanation {
    /// An entry with an example.
    pub(crate) const fn new(
        code: &'static str,
        title: &'static str,
        text: &'static str,
        wrong: &'static str,
        right: &'static str,
    ) -> Self {
        Explanation { code, title, text, example: Some(Example { wrong, right }) }
    }

    /// An entry without one.
    pub(crate) const fn plain(code: &'static str, title: &'static str, text: &'static str) -> Self {
        Explanation { code, title, text, example: None }
    }
}

/// The entry of a code; upper and lower case are the same.
///
/// ```
/// assert_eq!(lift_core::explain::explain("e0010").unwrap().title, "`=` where values are compared");
/// assert!(lift_core::explain::explain("E9999").is_none());
/// ```
pub fn explain(code: &str) -> Option<&'static Explanation> {
    all().find(|entry| entry.code.eq_ignore_ascii_case(code.trim()))
}

/// All entries, by room.
pub fn all() -> impl Iterator<Item = &'static Explanation> {
    [syntax::EXPLANATIONS, align::EXPLANATIONS, check::EXPLANATIONS, check::IMPORT_EXPLANATIONS]
        .into_iter()
        .flatten()
}
