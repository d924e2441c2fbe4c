//! Code from a program.
//!
//! Only what is complete becomes code: a definition that rests on an open hole is left out by name, or becomes a
//! stub that raises. The text of a document is never pasted into code: names are mapped, texts are escaped. The
//! same program gives the same bytes.

pub mod python;

use crate::ir::{DeclId, Name};
use crate::syntax::span::Span;
use std::collections::{BTreeMap, HashSet};

/// How to generate.
#[derive(Debug, Clone)]
pub struct Options {
    /// What the document is called, for the module's docstring.
    pub document: String,
    /// The name tests import the module by.
    pub module: String,
    /// What becomes of contracts.
    pub contracts: Contracts,
    /// Definitions that are left out become functions that raise `NotImplementedError`.
    pub stubs: bool,
    /// Definitions whose obligations are all proved: their indexes and exponents are known to be in range and are
    /// written without a check.
    pub proved: HashSet<DeclId>,
}

/// What becomes of preconditions, refinements of parameters and postconditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Contracts {
    /// A broken precondition raises `ValueError`; postconditions are asserted (and go away under `python -O`).
    #[default]
    Raise,
    /// Both are asserted.
    Assert,
    /// They are only written down.
    Comment,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            document: "document".to_owned(),
            module: "module".to_owned(),
            contracts: Contracts::default(),
            stubs: false,
            proved: HashSet::new(),
        }
    }
}

/// Generated code.
#[derive(Debug, Clone)]
pub struct Generated {
    /// The module.
    pub module: String,
    /// The document's examples as tests, with the standard library's `unittest`.
    pub tests: String,
    /// Definitions that got no code, and why.
    pub left_out: Vec<(Name, String)>,
    /// Definition to the name of its function.
    pub definitions: BTreeMap<Name, String>,
    /// The examples that became tests, in the order of the document.
    pub examples: Vec<GeneratedExample>,
}

/// One example as code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedExample {
    /// Its text in the document.
    pub span: Span,
    /// The name of its test method.
    pub test: String,
    /// Statements that the two expressions need first; mostly empty.
    pub setup: String,
    /// For `f(a) == b` the left side, otherwise the whole condition: an expression over the names of the tests.
    pub call: String,
    /// For `f(a) == b` the right side, otherwise `True`.
    pub expected: String,
}
