//! Evidence: which values reached which hole.

use super::print;
use super::value::Value;
use crate::ir::{HoleId, Name, Program};
use std::collections::HashMap;

/// One environment in which a hole was reached.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The hole.
    pub hole: HoleId,
    /// The variables in its scope and their values as text, outermost first, without types; long values are cut.
    pub environment: Vec<(Name, String)>,
    /// The same as values, one for each entry of the hole's context.
    pub values: Vec<Value>,
    /// How often it was reached with these.
    pub times: u64,
}

/// Different environments kept for one hole; beyond these, evidence repeats itself.
const KEPT: usize = 64;

/// What is being gathered.
#[derive(Default)]
pub(super) struct Log {
    entries: Vec<Evidence>,
    places: HashMap<HoleId, HashMap<Vec<String>, usize>>,
}

impl Log {
    /// Notes that a hole was reached with these values of its context.
    pub(super) fn record(&mut self, program: &Program, hole: HoleId, values: &[Value]) {
        let Some(info) = program.hole(hole) else { return };
        let environment: Vec<(Name, String)> = info
            .context
            .iter()
            .zip(values)
            .filter(|(_, value)| !matches!(value, Value::Type(_)))
            .map(|((name, _), value)| (name.clone(), print::brief(program, value)))
            .collect();
        let key = environment.iter().map(|(_, text)| text.clone()).collect();
        let places = self.places.entry(hole).or_default();
        if let Some(entry) = places.get(&key).and_then(|place| self.entries.get_mut(*place)) {
            entry.times += 1;
        } else if places.len() < KEPT {
            places.insert(key, self.entries.len());
            self.entries.push(Evidence { hole, environment, values: values.to_vec(), times: 1 });
        }
    }

    /// Everything, in order of first appearance.
    pub(super) fn into_evidence(self) -> Vec<Evidence> {
        self.entries
    }
}
