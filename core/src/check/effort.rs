//! How deep and how far the checker may go to answer one question about a value.
//!
//! A short text can stand for a huge type: thirty `let`s that pair the last with itself have one of a thousand
//! million parts, and a numeral applied to a numeral takes a tower of steps. Evaluating, reading back, comparing and
//! solving go through here, so that each ends, on the stack a browser has. What is given up becomes
//! [`super::value::Value::Error`] and is reported once, as too large to be checked.

use std::cell::Cell;

/// How deep a question may go: a little more than the deepest tree that can be written, on top of the walk over
/// that tree.
const DEEPEST: u32 = 320;

/// Steps for one question, such as whether two types agree.
const MOST_STEPS: u32 = 50_000;

/// What the question being answered has used.
#[derive(Debug, Default)]
pub(super) struct Effort {
    depth: Cell<u32>,
    steps: Cell<u32>,
    given_up: Cell<bool>,
}

impl Effort {
    /// Begins a step inside the one that is running, or a new question when none is. False when that is too much:
    /// then the step must not be made, otherwise it ends with [`Effort::leave`].
    #[must_use]
    pub fn enter(&self) -> bool {
        let depth = self.depth.get();
        let steps = if depth == 0 { 0 } else { self.steps.get() };
        if depth >= DEEPEST || steps >= MOST_STEPS {
            self.given_up.set(true);
            return false;
        }
        self.steps.set(steps + 1);
        self.depth.set(depth + 1);
        true
    }

    /// Ends a step that [`Effort::enter`] began.
    pub fn leave(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }

    /// Whether a question was given up since this was last asked.
    pub fn was_too_much(&self) -> bool {
        self.given_up.take()
    }
}
