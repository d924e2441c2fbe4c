//! How much a run may use, and the meter that keeps count.
//!
//! Everything that costs goes through the [`Meter`]: a step of the machine, bytes passed over by an operation on
//! texts or large numbers, and bytes that values take. Memory is counted when it is taken and never given back,
//! so the bound also holds for what is alive at once.

use super::error::{EvalErrorKind, Large};

/// Bounds of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Steps: one for each term visited, and one for each 64 bytes a single operation passes over.
    pub steps: u64,
    /// Operations waiting for another at the same time.
    pub depth: usize,
    /// Bits of one number.
    pub number_bits: u64,
    /// Bytes of one text.
    pub text_bytes: usize,
    /// Bytes all values may take together, counted when they are made.
    pub memory: u64,
}

/// Room for ordinary work on lists of thousands of elements; a runaway recursion ends within about a second.
impl Default for Limits {
    fn default() -> Self {
        Limits {
            steps: 5_000_000,
            depth: 500_000,
            number_bits: 1 << 17,
            text_bytes: 16 << 20,
            memory: 512 << 20,
        }
    }
}

impl Limits {
    /// The default with this many steps.
    pub fn steps(steps: u64) -> Self {
        Limits { steps, ..Limits::default() }
    }
}

/// What a run has used so far.
#[derive(Debug)]
pub(super) struct Meter {
    limits: Limits,
    steps: u64,
    memory: u64,
}

impl Meter {
    pub(super) fn new(limits: Limits) -> Self {
        Meter { limits, steps: 0, memory: 0 }
    }

    /// Steps used.
    pub(super) fn steps(&self) -> u64 {
        self.steps.min(self.limits.steps)
    }

    /// One step of the machine.
    pub(super) fn step(&mut self) -> Result<(), EvalErrorKind> {
        self.steps += 1;
        if self.steps > self.limits.steps {
            return Err(EvalErrorKind::OutOfFuel { steps: self.limits.steps });
        }
        Ok(())
    }

    /// An operation that passes over this many bytes.
    pub(super) fn work(&mut self, bytes: usize) -> Result<(), EvalErrorKind> {
        self.steps = self.steps.saturating_add(bytes as u64 / 64);
        if self.steps > self.limits.steps {
            return Err(EvalErrorKind::OutOfFuel { steps: self.limits.steps });
        }
        Ok(())
    }

    /// Values that take this many bytes.
    pub(super) fn take(&mut self, bytes: usize) -> Result<(), EvalErrorKind> {
        self.memory = self.memory.saturating_add(bytes as u64);
        if self.memory > self.limits.memory {
            return Err(EvalErrorKind::OutOfMemory { bytes: self.limits.memory });
        }
        Ok(())
    }

    /// A number of at most this many bits is about to be made.
    pub(super) fn number(&mut self, bits: u64) -> Result<(), EvalErrorKind> {
        if bits > self.limits.number_bits {
            return Err(EvalErrorKind::TooLarge { what: Large::Number, limit: self.limits.number_bits });
        }
        self.take(8 + bits as usize / 8)
    }

    /// A text of this many bytes is about to be made.
    pub(super) fn text(&mut self, bytes: usize) -> Result<(), EvalErrorKind> {
        if bytes > self.limits.text_bytes {
            return Err(EvalErrorKind::TooLarge { what: Large::Text, limit: self.limits.text_bytes as u64 });
        }
        self.work(bytes)?;
        self.take(32 + bytes)
    }

    /// Whether so many operations may wait at once.
    pub(super) fn depth(&self, depth: usize) -> Result<(), EvalErrorKind> {
        if depth > self.limits.depth {
            return Err(EvalErrorKind::TooDeep { depth: self.limits.depth });
        }
        Ok(())
    }
}
