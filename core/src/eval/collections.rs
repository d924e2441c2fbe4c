//! Sets and maps: their elements and entries in order, each once. Bytes: numbers in a row.
//!
//! A set is a value of the prelude's `Set` whose fields are its elements; a map is one of `Map` whose fields are pairs
//! of a key and what is stored there. Both are kept in the order of [`order`], so equal ones have the same fields,
//! whatever was put in when. What is told apart by a function waits as if for a hole: functions have no order.

use super::error::EvalErrorKind;
use super::limits::Meter;
use super::natives::Refusal;
use super::value::Value;
use crate::ir::{DeclId, Native, Program};
use num_traits::ToPrimitive;
use std::cmp::Ordering;

/// About what a field takes.
const CELL: usize = 32;

/// The order of two values of one type: numbers by size, texts by code points, truth values `false` first, data by
/// constructor and then field by field. `None` where a function or something open would decide.
pub(crate) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    let mut todo = vec![(left, right)];
    while let Some(pair) = todo.pop() {
        let found = match pair {
            (Value::Int(a), Value::Int(b)) => a.cmp(b),
            (Value::Real(a), Value::Real(b)) => a.cmp(b),
            (Value::Float(a), Value::Float(b)) => a.order(*b),
            (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
            (Value::Str(a), Value::Str(b)) => a.cmp(b),
            (Value::Unit, Value::Unit) => Ordering::Equal,
            (Value::Tuple(a), Value::Tuple(b)) => {
                todo.extend(a.items.iter().zip(&b.items).rev());
                Ordering::Equal
            }
            (Value::Data(a), Value::Data(b)) if a.ctor == b.ctor => {
                // Of sets and maps the shorter one comes first where it is the beginning of the other.
                if a.fields.len() != b.fields.len() {
                    let common = a.fields.len().min(b.fields.len());
                    let longer = a.fields.len().cmp(&b.fields.len());
                    for (left, right) in a.fields.iter().zip(&b.fields).take(common) {
                        match order(left, right)? {
                            Ordering::Equal => {}
                            decided => return Some(decided),
                        }
                    }
                    return Some(longer);
                }
                todo.extend(a.fields.iter().zip(&b.fields).rev());
                Ordering::Equal
            }
            (Value::Data(a), Value::Data(b)) => a.ctor.cmp(&b.ctor),
            _ => return None,
        };
        if found != Ordering::Equal {
            return Some(found);
        }
    }
    Some(Ordering::Equal)
}

/// Runs an operation on sets, maps or bytes; `None` when it is another native.
pub(super) fn run(
    program: &Program,
    native: Native,
    args: &[Value],
    meter: &mut Meter,
) -> Result<Option<Value>, Refusal> {
    let ill_typed = || Refusal::Error(EvalErrorKind::IllTyped);
    let (set, map) = (program.set().ok_or_else(ill_typed)?, program.map().ok_or_else(ill_typed)?);
    let bytes = program.bytes().ok_or_else(ill_typed)?;
    let (list, option) = (program.list().ok_or_else(ill_typed)?, program.option().ok_or_else(ill_typed)?);
    let fields = |value: &Value| match value {
        Value::Data(data) => Ok(data.fields.clone()),
        _ => Err(ill_typed()),
    };
    let elements = |value: &Value| {
        let found = value.elements(list).map(|found| found.into_iter().cloned().collect::<Vec<Value>>());
        found.ok_or_else(ill_typed)
    };
    let mut cells = Cells { meter };
    let made = |of: DeclId, fields: Vec<Value>| Value::data(of, 0, fields);
    Ok(Some(match (native, args) {
        (Native::SetOf, [items]) => made(set, cells.sorted(elements(items)?, whole)?),
        (Native::Elements, [items]) => cells.listed(list, fields(items)?)?,
        (Native::SetHas, [items, item]) => Value::Bool(cells.find(&fields(items)?, item, whole)?.is_ok()),
        (Native::SetSize | Native::MapSize, [items]) => Value::int(fields(items)?.len()),
        (Native::SetAdd, [items, item]) => made(set, cells.with(fields(items)?, item, item.clone(), whole)?),
        (Native::SetRemove, [items, item]) => made(set, cells.without(fields(items)?, item, whole)?),
        (Native::Union, [a, b]) => {
            let both = fields(a)?.into_iter().chain(fields(b)?).collect();
            made(set, cells.sorted(both, whole)?)
        }
        (Native::Intersection, [a, b]) => made(set, cells.kept(fields(a)?, &fields(b)?, true)?),
        (Native::Difference, [a, b]) => made(set, cells.kept(fields(a)?, &fields(b)?, false)?),
        (Native::MapOf, [entries]) => made(map, cells.sorted(elements(entries)?, key)?),
        (Native::Entries, [entries]) => cells.listed(list, fields(entries)?)?,
        (Native::Keys, [entries]) => {
            let keys = fields(entries)?.iter().filter_map(key).cloned().collect();
            cells.listed(list, keys)?
        }
        (Native::MapValues, [entries]) => {
            let stored = fields(entries)?.iter().filter_map(stored).cloned().collect();
            cells.listed(list, stored)?
        }
        (Native::MapGet, [entries, wanted]) => {
            let entries = fields(entries)?;
            let found = cells.find(&entries, wanted, key)?.ok().and_then(|at| stored(entries.get(at)?));
            Value::option(option, found.cloned())
        }
        (Native::MapPut, [entries, wanted, value]) => {
            let entry = Value::tuple(vec![wanted.clone(), value.clone()]);
            made(map, cells.with(fields(entries)?, wanted, entry, key)?)
        }
        (Native::MapRemove, [entries, wanted]) => made(map, cells.without(fields(entries)?, wanted, key)?),
        (Native::BytesOf, [numbers]) => {
            let numbers = elements(numbers)?;
            if numbers.iter().any(|number| as_byte(number).is_none()) {
                return Err(Refusal::Precondition);
            }
            cells.meter.take(CELL * (numbers.len() + 1))?;
            made(bytes, numbers)
        }
        (Native::ByteList, [bytes]) => cells.listed(list, fields(bytes)?)?,
        (Native::Utf8, [Value::Str(text)]) => {
            cells.meter.take(CELL * (text.len() + 1))?;
            made(bytes, text.bytes().map(Value::int).collect())
        }
        (Native::TextOf, [bytes]) => {
            let bytes: Option<Vec<u8>> = fields(bytes)?.iter().map(as_byte).collect();
            let bytes = bytes.ok_or_else(ill_typed)?;
            cells.meter.text(bytes.len())?;
            Value::option(option, String::from_utf8(bytes).ok().map(|text| Value::text(&text)))
        }
        _ => return Ok(None),
    }))
}

fn as_byte(value: &Value) -> Option<u8> {
    match value {
        Value::Int(number) => number.to_u8(),
        _ => None,
    }
}

/// What a field is found by.
type By = fn(&Value) -> Option<&Value>;

fn whole(value: &Value) -> Option<&Value> {
    Some(value)
}

fn key(entry: &Value) -> Option<&Value> {
    match entry {
        Value::Tuple(pair) => pair.items.first(),
        _ => None,
    }
}

fn stored(entry: &Value) -> Option<&Value> {
    match entry {
        Value::Tuple(pair) => pair.items.get(1),
        _ => None,
    }
}

/// Fields in order, and what going over them costs.
struct Cells<'m> {
    meter: &'m mut Meter,
}

impl Cells<'_> {
    /// The place of a field, or where it would stand.
    fn find(&mut self, fields: &[Value], wanted: &Value, by: By) -> Result<Result<usize, usize>, Refusal> {
        self.meter.work(CELL * 8)?;
        let (mut low, mut high) = (0, fields.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let there = fields.get(middle).and_then(by).ok_or(Refusal::Error(EvalErrorKind::IllTyped))?;
            match order(there, wanted).ok_or(Refusal::Stuck)? {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Ok(Ok(middle)),
            }
        }
        // One that cannot be compared is not found in an empty set either.
        match order(wanted, wanted) {
            Some(_) => Ok(Err(low)),
            None => Err(Refusal::Stuck),
        }
    }

    fn with(
        &mut self,
        mut fields: Vec<Value>,
        wanted: &Value,
        new: Value,
        by: By,
    ) -> Result<Vec<Value>, Refusal> {
        self.meter.take(CELL * (fields.len() + 1))?;
        match self.find(&fields, wanted, by)? {
            Ok(at) => {
                if let Some(old) = fields.get_mut(at) {
                    *old = new;
                }
            }
            Err(at) => fields.insert(at, new),
        }
        Ok(fields)
    }

    fn without(&mut self, mut fields: Vec<Value>, wanted: &Value, by: By) -> Result<Vec<Value>, Refusal> {
        self.meter.take(CELL * (fields.len() + 1))?;
        if let Ok(at) = self.find(&fields, wanted, by)? {
            fields.remove(at);
        }
        Ok(fields)
    }

    /// Fields in order; of several that are found by the same, the last one.
    fn sorted(&mut self, fields: Vec<Value>, by: By) -> Result<Vec<Value>, Refusal> {
        self.meter.take(CELL * (fields.len() + 1))?;
        let turns = 1 + fields.len().checked_ilog2().unwrap_or(0) as usize;
        self.meter.work(CELL * 8 * fields.len() * turns)?;
        let of = |value: &Value| by(value).and_then(|own| order(own, own)).is_some();
        if !fields.iter().all(of) {
            return Err(Refusal::Stuck);
        }
        let compared = |a: &Value, b: &Value| match (by(a), by(b)) {
            (Some(a), Some(b)) => order(a, b),
            _ => None,
        };
        let mut undecided = false;
        let mut fields = fields;
        fields.sort_by(|a, b| {
            compared(a, b).unwrap_or_else(|| {
                undecided = true;
                Ordering::Equal
            })
        });
        if undecided {
            return Err(Refusal::Stuck);
        }
        let mut kept: Vec<Value> = Vec::with_capacity(fields.len());
        for field in fields {
            match kept.last_mut() {
                Some(last) if compared(last, &field) == Some(Ordering::Equal) => *last = field,
                _ => kept.push(field),
            }
        }
        Ok(kept)
    }

    /// The fields that others have too, or that they do not.
    fn kept(&mut self, fields: Vec<Value>, others: &[Value], wanted: bool) -> Result<Vec<Value>, Refusal> {
        let mut kept = Vec::new();
        for field in fields {
            if self.find(others, &field, whole)?.is_ok() == wanted {
                kept.push(field);
            }
        }
        self.meter.take(CELL * (kept.len() + 1))?;
        Ok(kept)
    }

    fn listed(&mut self, list: DeclId, fields: Vec<Value>) -> Result<Value, Refusal> {
        self.meter.take(96 * (fields.len() + 1))?;
        Ok(Value::list(list, fields))
    }
}
