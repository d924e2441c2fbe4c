//! Definitions of the prelude that are run here instead of by their bodies.
//!
//! The bodies are written to be proved, not to be fast: `reverse` and `sort` are quadratic. What stands here gives
//! the same value (a property test runs both) or steps aside: when a spine is open, when elements would have to be
//! compared through a hole, always when something is not as expected.

use super::error::EvalErrorKind;
use super::limits::Meter;
use super::value::{CONS, NIL, Sameness, Value};
use crate::ir::{DeclId, Program};
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};
use std::collections::HashMap;

/// What runs without its body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shortcut {
    Length,
    Append,
    Reverse,
    Contains,
    Count,
    Take,
    Drop,
    Range,
    Replicate,
    Concat,
    Sum,
    Sort,
    Distinct,
}

const NAMES: [(&str, Shortcut); 13] = [
    ("length", Shortcut::Length),
    ("append", Shortcut::Append),
    ("reverse", Shortcut::Reverse),
    ("contains", Shortcut::Contains),
    ("count", Shortcut::Count),
    ("take", Shortcut::Take),
    ("drop", Shortcut::Drop),
    ("range", Shortcut::Range),
    ("replicate", Shortcut::Replicate),
    ("concat", Shortcut::Concat),
    ("sum", Shortcut::Sum),
    ("sort", Shortcut::Sort),
    ("distinct", Shortcut::Distinct),
];

/// The shortcuts of one program.
pub(super) struct Shortcuts {
    list: Option<DeclId>,
    known: HashMap<DeclId, Shortcut>,
}

/// About what a cell of a list takes.
const CELL: usize = 96;

impl Shortcuts {
    pub(super) fn of(program: &Program) -> Self {
        let known = NAMES.iter().filter_map(|(name, shortcut)| {
            let id = program.lookup(name)?;
            ((id.0 as usize) < program.prelude_len).then_some((id, *shortcut))
        });
        Shortcuts { list: program.list(), known: known.collect() }
    }

    /// No shortcuts: everything runs by its body.
    #[cfg(test)]
    pub(super) fn none() -> Self {
        Shortcuts { list: None, known: HashMap::new() }
    }

    /// The result of a call, when there is a shortcut and it applies; type arguments are among `args`.
    pub(super) fn run(
        &self,
        decl: DeclId,
        args: &[Value],
        meter: &mut Meter,
    ) -> Result<Option<Value>, EvalErrorKind> {
        let (Some(shortcut), Some(list)) = (self.known.get(&decl), self.list) else { return Ok(None) };
        let values: Vec<&Value> = args.iter().filter(|arg| !matches!(arg, Value::Type(_))).collect();
        Lists { list, meter }.run(*shortcut, &values)
    }
}

struct Lists<'m> {
    list: DeclId,
    meter: &'m mut Meter,
}

type Outcome = Result<Option<Value>, EvalErrorKind>;

impl Lists<'_> {
    fn run(&mut self, shortcut: Shortcut, args: &[&Value]) -> Outcome {
        match (shortcut, args) {
            (Shortcut::Length, [xs]) => match xs.elements(self.list) {
                Some(elements) => {
                    self.meter.work(CELL * elements.len())?;
                    Ok(Some(Value::int(elements.len())))
                }
                None => Ok(None),
            },
            (Shortcut::Append, [xs, ys]) => match xs.elements(self.list) {
                Some(elements) => self.onto(elements.into_iter().cloned(), (*ys).clone()),
                None => Ok(None),
            },
            (Shortcut::Reverse, [xs]) => match xs.elements(self.list) {
                Some(elements) => self.listed(elements.into_iter().rev().cloned()),
                None => Ok(None),
            },
            (Shortcut::Concat, [lists]) => {
                let Some(lists) = lists.elements(self.list) else { return Ok(None) };
                let Some(lists) =
                    lists.into_iter().map(|xs| xs.elements(self.list)).collect::<Option<Vec<_>>>()
                else {
                    return Ok(None);
                };
                self.listed(lists.into_iter().flatten().cloned().collect::<Vec<_>>().into_iter())
            }
            (Shortcut::Contains, [xs, value]) => self.contains(xs, value),
            (Shortcut::Count, [xs, value]) => self.count(xs, value),
            (Shortcut::Take, [xs, Value::Int(n)]) => self.take(xs, n),
            (Shortcut::Drop, [xs, Value::Int(n)]) => self.drop(xs, n),
            (Shortcut::Range, [Value::Int(start), Value::Int(end)]) => {
                let length = self.room(&(end - start))?;
                self.listed((0..length).map(|step| Value::Int(start + step)))
            }
            (Shortcut::Replicate, [Value::Int(n), value]) => {
                let length = self.room(n)?;
                self.listed((0..length).map(|_| (*value).clone()))
            }
            (Shortcut::Sum, [xs]) => {
                let Some(numbers) = self.numbers(xs)? else { return Ok(None) };
                let mut sum = BigInt::zero();
                for number in numbers {
                    self.meter.number(sum.bits().max(number.bits()) + 1)?;
                    sum += number;
                }
                Ok(Some(Value::Int(sum)))
            }
            (Shortcut::Sort, [xs]) => {
                let Some(mut numbers) = self.numbers(xs)? else { return Ok(None) };
                numbers.sort();
                let sorted: Vec<Value> = numbers.into_iter().cloned().map(Value::Int).collect();
                self.listed(sorted.into_iter())
            }
            (Shortcut::Distinct, [xs]) => self.distinct(xs),
            _ => Ok(None),
        }
    }

    /// These elements and no more.
    fn listed(&mut self, elements: impl DoubleEndedIterator<Item = Value> + ExactSizeIterator) -> Outcome {
        let nil = Value::data(self.list, NIL, Vec::new());
        self.onto(elements, nil)
    }

    /// These elements in front of a list.
    fn onto(
        &mut self,
        elements: impl DoubleEndedIterator<Item = Value> + ExactSizeIterator,
        tail: Value,
    ) -> Outcome {
        self.cells(elements.len())?;
        let list = self.list;
        Ok(Some(elements.rev().fold(tail, |tail, head| Value::data(list, CONS, vec![head, tail]))))
    }

    fn cells(&mut self, count: usize) -> Result<(), EvalErrorKind> {
        self.meter.work(count.saturating_mul(CELL))?;
        self.meter.take(count.saturating_mul(CELL))
    }

    /// How many elements are asked for, once it is known that there is room for them.
    fn room(&mut self, length: &BigInt) -> Result<usize, EvalErrorKind> {
        let length = if length.is_negative() { 0 } else { length.to_usize().unwrap_or(usize::MAX) };
        self.cells(length).map(|()| length)
    }

    /// The elements of a list of known integers.
    fn numbers<'v>(&mut self, xs: &'v Value) -> Result<Option<Vec<&'v BigInt>>, EvalErrorKind> {
        let Some(elements) = xs.elements(self.list) else { return Ok(None) };
        self.meter.work(CELL * elements.len())?;
        Ok(elements
            .into_iter()
            .map(|element| match element {
                Value::Int(n) => Some(n),
                _ => None,
            })
            .collect())
    }

    fn contains(&mut self, xs: &Value, value: &Value) -> Outcome {
        let (elements, rest) = xs.spine(self.list);
        for element in elements {
            self.meter.work(CELL)?;
            match element.same(value) {
                Sameness::Same => return Ok(Some(Value::Bool(true))),
                Sameness::Different => {}
                Sameness::Unknown => return Ok(None),
            }
        }
        Ok(rest.is_none().then_some(Value::Bool(false)))
    }

    fn count(&mut self, xs: &Value, value: &Value) -> Outcome {
        let Some(elements) = xs.elements(self.list) else { return Ok(None) };
        let mut count = 0;
        for element in elements {
            self.meter.work(CELL)?;
            match element.same(value) {
                Sameness::Same => count += 1,
                Sameness::Different => {}
                Sameness::Unknown => return Ok(None),
            }
        }
        Ok(Some(Value::int(count)))
    }

    fn take(&mut self, xs: &Value, n: &BigInt) -> Outcome {
        let Some(elements) = xs.elements(self.list) else { return Ok(None) };
        self.meter.work(CELL * elements.len())?;
        let wanted = if n.is_negative() { 0 } else { n.to_usize().unwrap_or(usize::MAX) };
        let kept: Vec<Value> = elements.into_iter().take(wanted).cloned().collect();
        self.listed(kept.into_iter())
    }

    fn drop(&mut self, xs: &Value, n: &BigInt) -> Outcome {
        let mut rest = xs;
        let mut left = n.clone();
        while left.is_positive() {
            self.meter.work(CELL)?;
            match rest {
                Value::Data(data) if data.decl == self.list => match data.fields.as_slice() {
                    [_, tail] => rest = tail,
                    _ => break,
                },
                _ => return Ok(None),
            }
            left -= 1;
        }
        Ok(Some(rest.clone()))
    }

    /// Keeps the first of equal elements.
    fn distinct(&mut self, xs: &Value) -> Outcome {
        let Some(elements) = xs.elements(self.list) else { return Ok(None) };
        let mut kept: Vec<&Value> = Vec::new();
        for element in elements {
            let mut new = true;
            for earlier in &kept {
                self.meter.work(CELL)?;
                match earlier.same(element) {
                    Sameness::Same => {
                        new = false;
                        break;
                    }
                    Sameness::Different => {}
                    Sameness::Unknown => return Ok(None),
                }
            }
            if new {
                kept.push(element);
            }
        }
        let kept: Vec<Value> = kept.into_iter().cloned().collect();
        self.listed(kept.into_iter())
    }
}
