//! What a plugin may use, and the meters that hold it to that.

use std::time::Duration;

use wasmtime::ResourceLimiter;

/// What one call of a plugin may use. A call that asks for more fails with an error that names the plugin; the
/// host and other calls go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Wall-clock time for instantiation and call together.
    pub deadline: Duration,
    /// Bytes of linear memory, over all memories of the instance.
    pub memory: usize,
    /// Entries over all tables of the instance.
    pub table_entries: usize,
    /// Bytes of the guest's call stack.
    pub stack: usize,
    /// Bytes of a component file.
    pub component: usize,
    /// Bytes of the document and other text handed to a plugin.
    pub request: usize,
    /// Bytes that may cross from the plugin in one answer or one log call.
    pub answer: usize,
    /// Bytes of one grammar.
    pub grammar: usize,
    /// Bytes of a prompt.
    pub prompt: usize,
    /// Residuals, relaxations or narrowings of one constraint, and fallbacks of one plan.
    pub items: usize,
    /// Bytes of one path, predicate or sentence.
    pub line: usize,
    /// Lines kept of what a call logs.
    pub log_lines: usize,
    /// Tokens a plan may ask for.
    pub max_tokens: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            deadline: Duration::from_secs(1),
            memory: 64 << 20,
            table_entries: 64 << 10,
            stack: 1 << 20,
            component: 16 << 20,
            request: 4 << 20,
            answer: 8 << 20,
            grammar: 2 << 20,
            prompt: 256 << 10,
            items: 256,
            line: 4 << 10,
            log_lines: 64,
            max_tokens: 32 << 10,
        }
    }
}

/// Counts what an instance has taken and refuses what would pass the cap.
///
/// A refusal ends the call: a guest that sees its allocation fail would only abort with a message less clear than
/// ours.
#[derive(Debug)]
pub(super) struct Meter {
    memory: Allowance,
    table_entries: Allowance,
    /// The refusal that ended the call, if one did. Kept here because a trap passes through the guest on its way.
    pub(super) refused: Option<Refusal>,
}

#[derive(Debug)]
struct Allowance {
    taken: usize,
    cap: usize,
}

/// A demand for more than the cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Memory { cap: usize },
    Table { cap: usize },
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refusal::Memory { cap } => write!(f, "more than {cap} bytes of memory"),
            Refusal::Table { cap } => write!(f, "more than {cap} table entries"),
        }
    }
}

impl std::error::Error for Refusal {}

impl Meter {
    pub(super) fn new(limits: &Limits) -> Self {
        Meter {
            memory: Allowance { taken: 0, cap: limits.memory },
            table_entries: Allowance { taken: 0, cap: limits.table_entries },
            refused: None,
        }
    }

    fn refuse(&mut self, refusal: Refusal) -> wasmtime::Error {
        self.refused.get_or_insert(refusal);
        wasmtime::Error::new(refusal)
    }
}

impl Allowance {
    /// Takes `desired - current` more, or nothing.
    fn grow(&mut self, current: usize, desired: usize) -> bool {
        let taken = self.taken.saturating_add(desired.saturating_sub(current));
        let fits = taken <= self.cap;
        if fits {
            self.taken = taken;
        }
        fits
    }
}

impl ResourceLimiter for Meter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        match self.memory.grow(current, desired) {
            true => Ok(true),
            false => Err(self.refuse(Refusal::Memory { cap: self.memory.cap })),
        }
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        match self.table_entries.grow(current, desired) {
            true => Ok(true),
            false => Err(self.refuse(Refusal::Table { cap: self.table_entries.cap })),
        }
    }

    fn instances(&self) -> usize {
        8
    }

    fn tables(&self) -> usize {
        8
    }

    fn memories(&self) -> usize {
        4
    }
}
