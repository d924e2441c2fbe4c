//! Answers that were given before.
//!
//! What decides is content: the key is a hash of the script, the terms to evaluate, whether a core was wanted, the
//! engine with its version, and the worker that asks it. A verdict is true under any budget; an *unknown* is kept only if it comes again, and
//! then for the same units alone. Nothing else invalidates an entry; the oldest go when the memory is used up. Behind the
//! memory there may be an archive, which outlives the process.

use super::archive::Archive;
use super::stopped::Stopped;
use lift_core::logic::{Answer, Query, Satisfiability};
use std::collections::{HashMap, VecDeque};

/// What a question hashes to.
pub(super) type Key = [u8; 32];

/// A bounded memory of answers.
#[derive(Debug)]
pub(super) struct Cache {
    answers: HashMap<Key, Answer>,
    /// Oldest first.
    order: VecDeque<(Key, usize)>,
    bytes: usize,
    most_bytes: usize,
    archive: Option<Archive>,
}

impl Cache {
    /// Keeps about this many bytes of answers, and all of them in the archive.
    pub(super) fn new(most_bytes: usize, archive: Option<Archive>) -> Self {
        Cache { answers: HashMap::new(), order: VecDeque::new(), bytes: 0, most_bytes, archive }
    }

    /// What this engine said to this query before.
    pub(super) fn get(&mut self, query: &Query, engine: &str) -> Option<Answer> {
        let question = question(query, engine);
        let keys = [question, within_units(&question, query.rlimit)];
        if let Some(answer) = keys.iter().find_map(|key| self.answers.get(key)) {
            return Some(answer.clone());
        }
        let archive = self.archive.as_ref()?;
        let (key, answer) = keys.iter().find_map(|key| Some((*key, archive.get(key)?)))?;
        // The key says so already; a verdict is worth a second look.
        if answer.engine != engine {
            return None;
        }
        self.keep(key, &answer);
        Some(answer)
    }

    /// Remembers an answer, if it would be given again. `stopped` is why it is *unknown*, if it is.
    pub(super) fn put(&mut self, query: &Query, answer: &Answer, stopped: Option<&Stopped>) {
        let question = question(query, &answer.engine);
        let key = match (&answer.verdict, stopped) {
            (Satisfiability::Unsat { .. } | Satisfiability::Sat { .. }, None) => question,
            (Satisfiability::Unknown { .. }, Some(stopped)) if stopped.repeats() => {
                within_units(&question, query.rlimit)
            }
            _ => return,
        };
        if self.keep(key, answer)
            && let Some(archive) = &self.archive
        {
            archive.put(&key, answer);
        }
    }

    /// Keeps an answer in memory; `false` when it was there.
    fn keep(&mut self, key: Key, answer: &Answer) -> bool {
        let size = size(answer);
        if size > self.most_bytes {
            return true;
        }
        if self.answers.insert(key, answer.clone()).is_some() {
            return false;
        }
        self.order.push_back((key, size));
        self.bytes += size;
        while self.bytes > self.most_bytes {
            let Some((oldest, size)) = self.order.pop_front() else { break };
            self.answers.remove(&oldest);
            self.bytes -= size;
        }
        true
    }
}

fn question(query: &Query, engine: &str) -> Key {
    let mut hasher = blake3::Hasher::new();
    let mut field = |text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    field(engine);
    // Another worker may ask the same engine in another way.
    field(env!("CARGO_PKG_VERSION"));
    field(&lift_solver_protocol::PROTOCOL.to_string());
    field(&query.script);
    field(if query.names.is_empty() { "" } else { "core" });
    query.values.iter().for_each(|term| field(term));
    *hasher.finalize().as_bytes()
}

fn within_units(question: &Key, units: u64) -> Key {
    *blake3::keyed_hash(question, &units.to_le_bytes()).as_bytes()
}

fn size(answer: &Answer) -> usize {
    // The key is held twice; the rest is a guess at what the maps cost.
    let entry = 2 * size_of::<Key>() + size_of::<Answer>() + 64;
    let text = match &answer.verdict {
        Satisfiability::Unsat { core } => core.iter().map(|name| name.len() + size_of::<String>()).sum(),
        Satisfiability::Sat { values } => values.len(),
        Satisfiability::Unknown { reason } => reason.len(),
    };
    entry + text + answer.engine.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(script: &str, units: u64) -> Query {
        Query::new(script.into(), vec!["v0".into()], vec![], units, 1000)
    }

    fn answer(verdict: Satisfiability) -> Answer {
        Answer { verdict, units: 5, engine: "z3 5.4.0.0".into() }
    }

    fn sat(values: &str) -> Answer {
        answer(Satisfiability::Sat { values: values.into() })
    }

    #[test]
    fn a_verdict_holds_under_any_budget_and_one_engine() {
        let mut cache = Cache::new(10_000, None);
        cache.put(&query("(assert true)", 10), &sat("((v0 1))"), None);
        assert_eq!(cache.get(&query("(assert true)", 99), "z3 5.4.0.0"), Some(sat("((v0 1))")));
        assert_eq!(cache.get(&query("(assert true)", 10), "z3 5.5.0.0"), None);
        assert_eq!(cache.get(&query("(assert true )", 10), "z3 5.4.0.0"), None);
        let mut other = query("(assert true)", 10);
        other.values.push("v1".into());
        assert_eq!(cache.get(&other, "z3 5.4.0.0"), None);
        let mut with_core = query("(assert true)", 10);
        with_core.names.push("a0".into());
        assert_eq!(cache.get(&with_core, "z3 5.4.0.0"), None);
    }

    #[test]
    fn an_unknown_is_kept_only_if_it_comes_again_and_for_its_units() {
        let mut cache = Cache::new(10_000, None);
        let unknown = answer(Satisfiability::Unknown { reason: "".into() });
        cache.put(&query("(assert p)", 10), &unknown, Some(&Stopped::Units { allowed: 10 }));
        assert_eq!(cache.get(&query("(assert p)", 10), "z3 5.4.0.0"), Some(unknown.clone()));
        assert_eq!(cache.get(&query("(assert p)", 11), "z3 5.4.0.0"), None);
        for passing in [Stopped::Time { allowed: 1 }, Stopped::Signal(9), Stopped::Memory { allowed: 1 }] {
            cache.put(&query("(assert q)", 10), &unknown, Some(&passing));
            assert_eq!(cache.get(&query("(assert q)", 10), "z3 5.4.0.0"), None, "{passing:?}");
        }
    }

    #[test]
    fn a_forged_key_in_the_query_finds_nothing() {
        let mut cache = Cache::new(10_000, None);
        cache.put(&query("(assert false)", 10), &answer(Satisfiability::Unsat { core: vec![] }), None);
        let mut forged = query("(assert true)", 10);
        forged.key = query("(assert false)", 10).key;
        assert_eq!(cache.get(&forged, "z3 5.4.0.0"), None);
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_go_first() {
        let mut cache = Cache::new(20_000, None);
        for number in 0..1000 {
            cache.put(&query(&format!("(assert a{number})"), 10), &sat(&"x".repeat(100)), None);
            assert!(cache.bytes <= 20_000);
        }
        assert!(cache.get(&query("(assert a0)", 10), "z3 5.4.0.0").is_none());
        assert!(cache.get(&query("(assert a999)", 10), "z3 5.4.0.0").is_some());
        assert_eq!(cache.order.len(), cache.answers.len());
        cache.put(&query("(assert huge)", 10), &sat(&"x".repeat(30_000)), None);
        assert!(cache.get(&query("(assert a999)", 10), "z3 5.4.0.0").is_some());
    }
}
