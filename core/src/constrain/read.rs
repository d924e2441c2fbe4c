//! Reading an answer: text that a model wrote under a constraint becomes a term in surface syntax.
//!
//! Whatever a server promised, the answer is read against the shape that the constraint was printed from: every
//! range, length and choice is checked again here. Complaints are sentences that can be sent back to the model.
//! Residuals are not checked here; they need the evaluator or a proof.

use num_bigint::BigInt;
use num_traits::Signed;

use super::dialect::Dialect;
use super::error::ConstrainError;
use super::grammar::quoted;
use super::intset::{IntSet, Interval};
use super::json::Json;
use super::place::Place;
use super::refine::{TextSet, code_points};
use super::schema::field_key;
use super::shape::{CtorShape, DataShape, Shape, Shapes, Subject, shapes};
use crate::ir::{Name, Program};
use crate::syntax::parse_term;
use crate::syntax::tree::{Expr, ExprKind, UnaryOp};

/// How many complaints are made before the rest is left out.
const MOST_COMPLAINTS: usize = 20;
/// The largest power of ten that a JSON number may be written with.
const LARGEST_EXPONENT: usize = 400;

/// Why an answer is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// There was nothing to read it against.
    NoConstraint(ConstrainError),
    /// What is wrong with it, each a sentence; never empty.
    Complaints(Vec<String>),
}

/// Reads `text`, written under the constraint for `target` in `dialect`, as a term.
///
/// # Errors
/// When the target has no constraint, or the text is not one of its sentences.
pub fn read(program: &Program, target: &str, dialect: Dialect, text: &str) -> Result<String, Unread> {
    let shapes = shapes(program, target).map_err(Unread::NoConstraint)?;
    let mut reader = Reader { shapes: &shapes, complaints: Vec::new() };
    let term = match dialect {
        Dialect::JsonSchema => match Json::parse(text) {
            Ok(value) => reader.json_subject(&value),
            Err(what) => reader.complain(&Place::root(), &what),
        },
        Dialect::Lark | Dialect::Ebnf | Dialect::Gbnf | Dialect::Regex => {
            let (expr, diagnostics) = parse_term(text);
            match diagnostics.first() {
                None => reader.term_subject(&expr),
                Some(diagnostic) => reader.complain(&Place::root(), &diagnostic.message),
            }
        }
    };
    if reader.complaints.is_empty() { Ok(term) } else { Err(Unread::Complaints(reader.complaints)) }
}

struct Reader<'a> {
    shapes: &'a Shapes,
    complaints: Vec<String>,
}

impl Reader<'_> {
    /// Notes a complaint; what is returned stands in for the term that could not be made.
    fn complain(&mut self, place: &Place, what: &str) -> String {
        if self.complaints.len() < MOST_COMPLAINTS {
            let place = place.to_string();
            let subject = if place.is_empty() { "the answer".to_owned() } else { format!("`{place}`") };
            self.complaints.push(format!("{subject}: {what}"));
        }
        String::new()
    }

    fn int(&mut self, n: &BigInt, set: &IntSet, place: &Place) -> String {
        if set.contains(n) {
            n.to_string()
        } else {
            self.complain(place, &format!("{n} is not {}", describe(set)))
        }
    }

    fn bool(&mut self, truth: bool, allowed: bool, place: &Place) -> String {
        if allowed { truth.to_string() } else { self.complain(place, &format!("it must not be {truth}")) }
    }

    fn text(&mut self, text: &str, set: &TextSet, place: &Place) -> String {
        match set {
            TextSet::Choice(texts) if !texts.contains(text) => {
                let choice: Vec<_> = texts.iter().map(|text| quoted(text)).collect();
                self.complain(place, &format!("{} is not one of {}", quoted(text), choice.join(", ")))
            }
            TextSet::Length(lengths) => {
                self.count(code_points(text), lengths, "code points", place);
                quoted(text)
            }
            TextSet::Choice(_) => quoted(text),
        }
    }

    fn count(&mut self, count: BigInt, lengths: &IntSet, of: &str, place: &Place) {
        if !lengths.contains(&count) {
            self.complain(place, &format!("it has {count} {of}; there must be {}", describe(lengths)));
        }
    }

    fn all<T>(&mut self, items: &[T], mut one: impl FnMut(&mut Self, usize, &T) -> String) -> String {
        let items: Vec<_> = items.iter().enumerate().map(|(index, item)| one(self, index, item)).collect();
        items.join(", ")
    }
}

/// Values in JSON, as [`super::schema`] describes them.
impl Reader<'_> {
    fn json_subject(&mut self, json: &Json) -> String {
        match &self.shapes.subject {
            Subject::Value(shape) => self.json(json, shape, &Place::root()),
            Subject::Arguments(callee, params) => {
                let params: Vec<_> = params.iter().map(|(name, shape)| (name.to_string(), shape)).collect();
                let arguments = self.json_object(json, &params, &Place::root()).join(", ");
                match callee {
                    None if params.len() == 1 => arguments,
                    callee => format!("{}({arguments})", callee.as_deref().unwrap_or_default()),
                }
            }
        }
    }

    fn json(&mut self, json: &Json, shape: &Shape, place: &Place) -> String {
        match (shape, json) {
            (Shape::Int(set), Json::Number(digits)) => match integer(digits) {
                Some(n) => self.int(&n, set, place),
                None => self.complain(place, &format!("{digits} is not a whole number")),
            },
            (Shape::Bool(set), Json::Bool(truth)) => {
                self.bool(*truth, if *truth { set.with_true } else { set.with_false }, place)
            }
            (Shape::Text(set), Json::Text(text)) => self.text(text, set, place),
            (Shape::Unit, Json::Array(items)) if items.is_empty() => "()".to_owned(),
            (Shape::List(element, lengths), Json::Array(items)) => {
                self.count(items.len().into(), lengths, "elements", place);
                let place = place.elements();
                format!("[{}]", self.all(items, |reader, _, item| reader.json(item, element, &place)))
            }
            (Shape::Made(maker, element, lengths), Json::Array(items)) => {
                self.count(items.len().into(), lengths, "elements", place);
                let place = place.elements();
                let items = self.all(items, |reader, _, item| reader.json(item, element, &place));
                format!("{maker}([{items}])")
            }
            (Shape::Option { none: true, .. }, Json::Null) => "None".to_owned(),
            (Shape::Option { some: Some(some), .. }, json) => {
                let place = place.some();
                let content = match (Shapes::may_be_null(some), json) {
                    (false, json) => Some(json),
                    (true, Json::Object(members)) => match members.as_slice() {
                        [(tag, content)] if tag == "Some" => Some(content),
                        _ => None,
                    },
                    _ => None,
                };
                match content {
                    Some(content) => format!("Some({})", self.json(content, some, &place)),
                    None => self.complain(&place, "expected null or an object with the one key `Some`"),
                }
            }
            (Shape::Tuple(shapes), Json::Array(items)) => self.json_tuple(items, shapes, place),
            (Shape::Data(number), json) => match self.shapes.data.get(*number) {
                Some(data) => self.json_data(json, data, place),
                None => self.complain(place, "this type has no values"),
            },
            (shape, json) => {
                self.complain(place, &format!("expected {}, got {}", expected(shape), json.kind()))
            }
        }
    }

    fn json_tuple(&mut self, items: &[Json], shapes: &[Shape], place: &Place) -> String {
        if items.len() != shapes.len() {
            let what = format!("expected an array of {}, got one of {}", shapes.len(), items.len());
            return self.complain(place, &what);
        }
        let shapes: Vec<_> = items.iter().zip(shapes).collect();
        let content = self
            .all(&shapes, |reader, index, (item, shape)| reader.json(item, shape, &place.component(index)));
        format!("({content})")
    }

    fn json_data(&mut self, json: &Json, data: &DataShape, place: &Place) -> String {
        let place = if data.entity { Place::of_type(&data.name) } else { place.clone() };
        if let (true, [entity]) = (data.entity, data.ctors.as_slice()) {
            let fields = self.json_object(json, &keyed(entity), &place);
            return record(entity, &fields);
        }
        let (tag, content) = match json {
            Json::Text(tag) => (tag.as_str(), None),
            Json::Object(members) => match members.as_slice() {
                [(tag, content)] => (tag.as_str(), Some(content)),
                _ => return self.complain(&place, "expected an object with one key, the constructor's name"),
            },
            json => return self.complain(&place, &format!("expected {}, got {}", named(data), json.kind())),
        };
        let Some(ctor) = data.ctors.iter().find(|ctor| &*ctor.name == tag) else {
            return self.complain(&place, &format!("expected {}, got `{tag}`", named(data)));
        };
        let place = Place::of_type(&data.name).constructor(&ctor.name, false);
        match (content, ctor.fields.as_slice()) {
            (None, []) => ctor.name.to_string(),
            (Some(content), [(None, only)]) => {
                format!("{}({})", ctor.name, self.json(content, only, &place.component(0)))
            }
            (Some(content), fields) if fields.iter().any(|(name, _)| name.is_some()) => {
                let fields = self.json_object(content, &keyed(ctor), &place);
                format!("{}({})", ctor.name, fields.join(", "))
            }
            (Some(Json::Array(items)), [_, ..]) => {
                let shapes: Vec<Shape> = ctor.fields.iter().map(|(_, shape)| shape.clone()).collect();
                format!("{}{}", ctor.name, self.json_tuple(items, &shapes, &place))
            }
            _ => self.complain(&place, &format!("`{tag}` has {} fields", ctor.fields.len())),
        }
    }

    /// An object of exactly these members; their values in the order of the shapes.
    fn json_object(&mut self, json: &Json, fields: &[(String, &Shape)], place: &Place) -> Vec<String> {
        let Json::Object(members) = json else {
            self.complain(place, &format!("expected an object, got {}", json.kind()));
            return Vec::new();
        };
        for (key, _) in members.iter().filter(|(key, _)| !fields.iter().any(|(known, _)| known == key)) {
            self.complain(place, &format!("there is no `{key}` here"));
        }
        let mut values = Vec::new();
        for (key, shape) in fields {
            let place = place.field(key);
            values.push(match members.iter().find(|(given, _)| given == key) {
                Some((_, value)) => self.json(value, shape, &place),
                None => self.complain(&place, "it is missing"),
            });
        }
        values
    }
}

/// Values in surface syntax, as [`super::grammar`] writes them.
impl Reader<'_> {
    fn term_subject(&mut self, expr: &Expr) -> String {
        match &self.shapes.subject {
            Subject::Value(shape) => self.term(expr, shape, &Place::root()),
            Subject::Arguments(callee, params) => self.term_arguments(expr, callee.as_deref(), params),
        }
    }

    fn term_arguments(&mut self, expr: &Expr, callee: Option<&str>, params: &[(Name, Shape)]) -> String {
        let given = match (&expr.kind, callee) {
            (ExprKind::Call(called, given), Some(callee)) if is_name(called, callee) => given.as_slice(),
            (_, Some(callee)) => {
                return self.complain(&Place::root(), &format!("expected a call of `{callee}`"));
            }
            (_, None) if params.len() == 1 => std::slice::from_ref(expr),
            (ExprKind::Tuple(given), None) => given.as_slice(),
            (ExprKind::Unit, None) => &[],
            (_, None) => return self.complain(&Place::root(), "expected a tuple of arguments"),
        };
        if given.len() != params.len() {
            let what = format!("expected {} arguments, got {}", params.len(), given.len());
            return self.complain(&Place::root(), &what);
        }
        let pairs: Vec<_> = given.iter().zip(params).collect();
        let arguments = self.all(&pairs, |reader, _, (argument, (name, shape))| {
            reader.term(argument, shape, &Place::root().field(name))
        });
        match callee {
            None if params.len() == 1 => arguments,
            callee => format!("{}({arguments})", callee.unwrap_or_default()),
        }
    }

    fn term(&mut self, expr: &Expr, shape: &Shape, place: &Place) -> String {
        match (shape, &expr.kind) {
            (Shape::Int(set), ExprKind::Int(n)) => self.int(n, set, place),
            (Shape::Int(set), ExprKind::Unary(UnaryOp::Neg, inner)) => match &inner.kind {
                ExprKind::Int(n) if n.is_positive() => self.int(&-n, set, place),
                _ => self.complain(place, "expected a whole number"),
            },
            (Shape::Bool(set), ExprKind::Bool(truth)) => {
                self.bool(*truth, if *truth { set.with_true } else { set.with_false }, place)
            }
            (Shape::Text(set), ExprKind::Str(text)) => self.text(text, set, place),
            (Shape::Unit, ExprKind::Unit) => "()".to_owned(),
            (Shape::List(element, lengths), ExprKind::List(items)) => {
                self.count(items.len().into(), lengths, "elements", place);
                let place = place.elements();
                format!("[{}]", self.all(items, |reader, _, item| reader.term(item, element, &place)))
            }
            (Shape::Made(maker, element, lengths), ExprKind::Call(callee, arguments))
                if is_name(callee, maker) =>
            {
                match arguments.as_slice() {
                    [Expr { kind: ExprKind::List(items), .. }] => {
                        self.count(items.len().into(), lengths, "elements", place);
                        let place = place.elements();
                        let items = self.all(items, |reader, _, item| reader.term(item, element, &place));
                        format!("{maker}([{items}])")
                    }
                    _ => self.complain(place, &format!("expected `{maker}` of one list")),
                }
            }
            (Shape::Option { none: true, .. }, ExprKind::Name(name)) if name == "None" => name.clone(),
            (Shape::Option { some: Some(some), .. }, ExprKind::Call(callee, arguments))
                if is_name(callee, "Some") && arguments.len() == 1 =>
            {
                let place = place.some();
                let content = self.all(arguments, |reader, _, content| reader.term(content, some, &place));
                format!("Some({content})")
            }
            (Shape::Tuple(shapes), ExprKind::Tuple(items)) if shapes.len() == items.len() => {
                let pairs: Vec<_> = items.iter().zip(shapes).collect();
                let content = self.all(&pairs, |reader, index, (item, shape)| {
                    reader.term(item, shape, &place.component(index))
                });
                format!("({content})")
            }
            (Shape::Data(number), kind) => match self.shapes.data.get(*number) {
                Some(data) => self.term_data(kind, data, place),
                None => self.complain(place, "this type has no values"),
            },
            (shape, _) => self.complain(place, &format!("expected {}", expected(shape))),
        }
    }

    fn term_data(&mut self, kind: &ExprKind, data: &DataShape, place: &Place) -> String {
        let (name, arguments) = match kind {
            ExprKind::Name(name) => (name.as_str(), &[][..]),
            ExprKind::Call(callee, arguments) => match &callee.kind {
                ExprKind::Name(name) => (name.as_str(), arguments.as_slice()),
                _ => return self.complain(place, &format!("expected {}", named(data))),
            },
            ExprKind::Record(name, fields) => return self.term_record(&name.name, fields, data, place),
            _ => return self.complain(place, &format!("expected {}", named(data))),
        };
        let Some(ctor) = data.ctors.iter().find(|it| &*it.name == name && !data.entity) else {
            return self.complain(place, &format!("expected {}, got `{name}`", named(data)));
        };
        if arguments.len() != ctor.fields.len() {
            let what = format!("`{name}` has {} fields, got {}", ctor.fields.len(), arguments.len());
            return self.complain(place, &what);
        }
        if arguments.is_empty() {
            return ctor.name.to_string();
        }
        let place = Place::of_type(&data.name).constructor(&ctor.name, false);
        let pairs: Vec<_> = arguments.iter().zip(&ctor.fields).collect();
        let content = self.all(&pairs, |reader, index, (argument, (field, shape))| {
            reader.term(argument, shape, &place.field(&field_key(field.as_deref(), index)))
        });
        format!("{}({content})", ctor.name)
    }

    fn term_record(
        &mut self,
        name: &str,
        given: &[(crate::syntax::tree::Ident, Expr)],
        data: &DataShape,
        place: &Place,
    ) -> String {
        let Some(entity) = data.ctors.first().filter(|it| data.entity && &*it.name == name) else {
            return self.complain(place, &format!("expected {}, got a `{name}`", named(data)));
        };
        let place = Place::of_type(&data.name);
        for (field, _) in given {
            if !entity.fields.iter().any(|(name, _)| name.as_deref() == Some(&field.name)) {
                self.complain(&place, &format!("there is no `{}` here", field.name));
            }
        }
        let mut values = Vec::new();
        for (index, (field, shape)) in entity.fields.iter().enumerate() {
            let key = field_key(field.as_deref(), index);
            let place = place.field(&key);
            values.push(match given.iter().find(|(given, _)| given.name == key) {
                Some((_, value)) => self.term(value, shape, &place),
                None => self.complain(&place, "it is missing"),
            });
        }
        record(entity, &values)
    }
}

fn is_name(expr: &Expr, name: &str) -> bool {
    matches!(&expr.kind, ExprKind::Name(found) if found == name)
}

fn keyed(ctor: &CtorShape) -> Vec<(String, &Shape)> {
    let fields = ctor.fields.iter().enumerate();
    fields.map(|(index, (name, shape))| (field_key(name.as_deref(), index), shape)).collect()
}

fn record(entity: &CtorShape, values: &[String]) -> String {
    if entity.fields.is_empty() {
        return entity.name.to_string();
    }
    let fields: Vec<_> = entity
        .fields
        .iter()
        .zip(values)
        .map(|((name, _), value)| format!("{} = {value}", name.as_deref().unwrap_or("_")))
        .collect();
    format!("{} {{ {} }}", entity.name, fields.join(", "))
}

/// A whole number as JSON may write it: `3`, `3.0`, `3e2`.
fn integer(digits: &str) -> Option<BigInt> {
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let exponent: i64 = exponent.parse().ok()?;
    let zeros = usize::try_from(exponent - i64::try_from(fraction.len()).ok()?).ok()?;
    if zeros > LARGEST_EXPONENT {
        return None;
    }
    format!("{whole}{fraction}{}", "0".repeat(zeros)).parse().ok()
}

fn expected(shape: &Shape) -> &'static str {
    match shape {
        Shape::Int(_) => "a whole number",
        Shape::Bool(_) => "a truth value",
        Shape::Text(_) => "a text",
        Shape::Unit => "the empty tuple",
        Shape::List(..) => "a list",
        Shape::Made("set_of", ..) => "a set",
        Shape::Made("map_of", ..) => "a map",
        Shape::Made(..) => "bytes",
        Shape::Option { .. } => "an option",
        Shape::Tuple(_) => "a tuple",
        Shape::Data(_) => "a value of a declared type",
    }
}

/// A declared type and what its values start with.
fn named(data: &DataShape) -> String {
    let ctors: Vec<_> = data.ctors.iter().take(12).map(|ctor| format!("`{}`", ctor.name)).collect();
    if data.entity {
        format!("a `{}`", data.name)
    } else {
        format!("a `{}` ({})", data.name, ctors.join(", "))
    }
}

/// A set of integers in words: `from 0 to 150`.
fn describe(set: &IntSet) -> String {
    let one = |interval: &Interval| match (&interval.low, &interval.high) {
        (None, None) => "any number".to_owned(),
        (Some(low), None) => format!("at least {low}"),
        (None, Some(high)) => format!("at most {high}"),
        (Some(low), Some(high)) if low == high => low.to_string(),
        (Some(low), Some(high)) => format!("from {low} to {high}"),
    };
    let all: Vec<_> = set.intervals().iter().take(8).map(one).collect();
    let more = if set.intervals().len() > 8 { ", and others" } else { "" };
    all.join(" or ") + more
}
