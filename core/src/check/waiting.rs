//! Problems that only later answers can decide.
//!
//! `?f(x + 1)` against `Int` has more than one solution; once `?f` is known from elsewhere it has none to be found, and
//! only has to be looked at. Such a problem waits, with its place, until what blocks it is solved. What still waits
//! when a document ends is reported, and so is what turns out wrong; the declaration it stands in is then not
//! believed: nothing is said of it as if it had been checked.

use super::elaborator::{Elaborator, Scope};
use super::unify::{Mismatch, Problem};
use crate::ir::DeclId;
use crate::syntax::span::Span;

/// What waits, in the order it came.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    entries: Vec<Entry>,
    /// How many unknowns were solved when the entries were last looked at.
    looked_at: u64,
    /// Declarations in which something that waited went wrong.
    pub doubted: Vec<DeclId>,
}

/// A problem and where it comes from.
#[derive(Debug)]
struct Entry {
    problem: Problem,
    scope: Scope,
    span: Span,
    place: Option<usize>,
    declaration: Option<DeclId>,
}

impl Waiting {
    /// What waits, with its scope and place.
    pub fn places(&self) -> impl Iterator<Item = (Scope, Span, &Problem)> {
        let entries = self.entries.iter();
        entries.map(|entry| (below(&entry.scope, entry.problem.level), entry.span, &entry.problem))
    }
}

/// A problem may stand under more binders than the place it comes from.
fn below(scope: &Scope, level: usize) -> Scope {
    (scope.level()..level).fold(scope.clone(), |scope, _| {
        let unknown = std::rc::Rc::new(super::value::Value::Error);
        scope.bind(&"_".into(), unknown)
    })
}

impl Elaborator {
    /// Keeps what is left of a comparison in `scope` for later.
    pub(super) fn wait(&mut self, scope: &Scope, span: Span, problems: Vec<Problem>) {
        let (place, declaration) = (self.place, self.current);
        let entry = |problem| Entry { problem, scope: scope.clone(), span, place, declaration };
        self.waiting.entries.extend(problems.into_iter().map(entry));
    }

    /// Looks again at what waits, if anything was solved since.
    pub(super) fn wake(&mut self) {
        while !self.waiting.entries.is_empty() && self.waiting.looked_at != self.solved() {
            self.waiting.looked_at = self.solved();
            for entry in std::mem::take(&mut self.waiting.entries) {
                self.at = Some(entry.span);
                match self.settle(entry.problem.clone()) {
                    Ok(left) => {
                        let with = |problem| Entry {
                            problem,
                            scope: entry.scope.clone(),
                            span: entry.span,
                            place: entry.place,
                            declaration: entry.declaration,
                        };
                        self.waiting.entries.extend(left.into_iter().map(with));
                    }
                    Err(reason) => self.refuse(entry, reason),
                }
            }
            self.at = None;
        }
    }

    /// Nothing more will be solved: what waits is undecided.
    pub(super) fn give_up_waiting(&mut self) {
        self.wake();
        for entry in std::mem::take(&mut self.waiting.entries) {
            self.refuse(entry, Mismatch::Ambiguous);
        }
    }

    fn refuse(&mut self, entry: Entry, reason: Mismatch) {
        let Entry { problem, scope, span, place, declaration } = entry;
        self.waiting.doubted.extend(declaration);
        let here = std::mem::replace(&mut self.place, place);
        let scope = below(&scope, problem.level);
        self.disagree(&scope, span, &problem.left, &problem.right, reason);
        self.place = here;
    }
}
