//! How deep and how far the checker may go to answer one question about a value.
//!
//! A short text can stand for a huge type: thirty `let`s that pair the last with itself have one of a thousand
//! million parts, and a numeral applied to a numeral takes a tower of steps. Evaluating, reading back, comparing and
//! solving go through here, so that each ends, on the stack a browser has. What is given up becomes
//! [`super::value::Value::Error`] and is reported once, as too large to be checked.
//!
//! Steps are counted as if nothing were shared: a term that is read back once and used twice counts twice, because
//! later stages will meet it twice. So the same document is refused on every machine, however clever the checker is.

use std::cell::Cell;

/// How deep a term that is made may be: a little more than the deepest tree that can be written, on top of the walk
/// over that tree.
const DEEPEST: u32 = 320;

/// Steps for one question, such as whether two types agree.
const MOST_STEPS: u64 = 50_000;

/// What the question being answered has used.
#[derive(Debug)]
pub(super) struct Effort {
    most: u64,
    depth: Cell<u32>,
    steps: Cell<u64>,
    given_up: Cell<bool>,
}

impl Default for Effort {
    fn default() -> Self {
        Effort { most: MOST_STEPS, depth: Cell::default(), steps: Cell::default(), given_up: Cell::default() }
    }
}

impl Effort {
    /// As much as it takes. For measuring: what someone else wrote must never be checked with it.
    pub fn unbounded() -> Self {
        Effort { most: u64::MAX, ..Effort::default() }
    }

    /// Begins a part inside the one that is running, or a new question when none is. False when that is too much:
    /// then the part must not be looked at, otherwise it ends with [`Effort::leave`].
    #[must_use]
    pub fn enter(&self) -> bool {
        let depth = self.depth.get();
        if depth == 0 {
            self.steps.set(0);
        }
        if depth >= DEEPEST {
            self.given_up.set(true);
            return false;
        }
        self.depth.set(depth + 1);
        if !self.step() {
            self.leave();
            return false;
        }
        true
    }

    /// Ends a part that [`Effort::enter`] began.
    pub fn leave(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }

    /// One step of the question that is running. False when that is too much.
    #[must_use]
    #[inline]
    pub fn step(&self) -> bool {
        self.charge(1)
    }

    /// As many steps as something took before that is used again. False when that is too much.
    #[must_use]
    #[inline]
    pub fn charge(&self, steps: u64) -> bool {
        let used = self.steps.get().saturating_add(steps);
        self.steps.set(used);
        if used > self.most {
            self.given_up.set(true);
            return false;
        }
        true
    }

    /// Steps the running question has used; none when none is running.
    pub fn used(&self) -> u64 {
        if self.depth.get() == 0 { 0 } else { self.steps.get() }
    }

    /// Whether a question was given up since this was last asked.
    pub fn was_too_much(&self) -> bool {
        self.given_up.take()
    }
}
