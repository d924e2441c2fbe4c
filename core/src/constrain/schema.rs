//! The JSON Schema of a shape's values, draft 2020-12.
//!
//! How values look in JSON: integers, booleans and texts as themselves; `()` as `[]`; tuples and lists as arrays;
//! sets, maps and bytes as the arrays they are made of, maps of arrays of a key and a value;
//! `None` as `null` and `Some(x)` as `x`, or as `{"Some": x}` where `x` may be `null` itself; an entity as an object
//! of its fields; a constructor `C` without fields as `"C"`, with one unnamed field as `{"C": x}`, with several
//! unnamed ones as `{"C": [x, y]}`, with named ones as `{"C": {"name": x}}`; the arguments of a call as an object.
//! [`super::read`] reads exactly this.

use num_bigint::BigInt;

use super::Deviation;
use super::intset::{IntSet, Interval};
use super::json::Json;
use super::place::Place;
use super::refine::TextSet;
use super::shape::{CtorShape, DataShape, Shape, Shapes, Subject};

/// Sets of at most so many integers are listed when they are not one interval.
const LISTED: usize = 32;
/// The integers that a JSON reader with doubles keeps apart: up to 2^53.
const EXACT_BITS: u64 = 53;

/// The schema of a shape, and where servers may accept more than it says.
pub(super) fn schema(shapes: &Shapes) -> (Json, Vec<Deviation>) {
    let mut printer =
        Printer { shapes, shared: shared(shapes), definitions: Vec::new(), relaxed: Vec::new() };
    let root = match &shapes.subject {
        Subject::Value(shape) => printer.value(shape, &Place::root()),
        Subject::Arguments(_, fields) => {
            let fields: Vec<_> = fields.iter().map(|(name, shape)| (name.to_string(), shape)).collect();
            printer.object(&fields, &Place::root())
        }
    };
    let Json::Object(mut members) = root else { return (root, printer.relaxed) };
    members.insert(0, ("$schema".into(), Json::text("https://json-schema.org/draft/2020-12/schema")));
    for (number, data) in shapes.data.iter().enumerate() {
        if printer.shared.contains(&number) {
            let definition = printer.data(data);
            printer.definitions.push((definition_name(data, number), definition));
        }
    }
    if !printer.definitions.is_empty() {
        members.push(("$defs".into(), Json::Object(printer.definitions)));
    }
    (Json::Object(members), printer.relaxed)
}

struct Printer<'a> {
    shapes: &'a Shapes,
    /// The declared types that are written once, under `$defs`, because they are used more than once.
    shared: Vec<usize>,
    definitions: Vec<(String, Json)>,
    relaxed: Vec<Deviation>,
}

impl Printer<'_> {
    fn value(&mut self, shape: &Shape, place: &Place) -> Json {
        match shape {
            Shape::Int(set) => self.integers(set, place),
            Shape::Bool(set) if set.with_true && set.with_false => typed("boolean", []),
            Shape::Bool(set) => Json::object([("const", Json::Bool(set.with_true))]),
            Shape::Text(TextSet::Choice(texts)) => {
                let texts = texts.iter().map(Json::text).collect();
                typed("string", [("enum", Json::Array(texts))])
            }
            Shape::Text(TextSet::Length(lengths)) => {
                any_of(intervals(lengths).map(|it| typed("string", bounds("minLength", "maxLength", it))))
            }
            Shape::Unit => typed("array", [("maxItems", Json::number(0))]),
            Shape::List(element, lengths) | Shape::Made(_, element, lengths) => {
                let mut element = self.value(element, &place.elements());
                if lengths.intervals().len() > 1 {
                    let name = format!("elements_{}", self.definitions.len());
                    let reference = Json::object([("$ref", Json::text(format!("#/$defs/{name}")))]);
                    self.definitions.push((name, std::mem::replace(&mut element, reference)));
                }
                any_of(intervals(lengths).map(|it| {
                    let items = [("items", element.clone())].into_iter();
                    typed("array", items.chain(bounds("minItems", "maxItems", it)))
                }))
            }
            Shape::Option { none, some } => {
                let null = none.then(|| typed("null", []));
                let some = some.as_ref().map(|some| {
                    let inner = self.value(some, &place.some());
                    if Shapes::may_be_null(some) { tagged("Some", inner) } else { inner }
                });
                any_of(some.into_iter().chain(null))
            }
            Shape::Tuple(items) => {
                let items = items.iter().enumerate();
                tuple(items.map(|(index, item)| self.value(item, &place.component(index))).collect())
            }
            Shape::Data(number) => match self.shapes.data.get(*number) {
                Some(data) if self.shared.contains(number) => Json::object([(
                    "$ref",
                    Json::text(format!("#/$defs/{}", definition_name(data, *number))),
                )]),
                Some(data) => self.data(data),
                None => Json::Bool(false),
            },
        }
    }

    fn data(&mut self, data: &DataShape) -> Json {
        let place = Place::of_type(&data.name);
        let bare: Vec<Json> = data
            .ctors
            .iter()
            .filter(|it| it.fields.is_empty() && !data.entity)
            .map(|it| Json::text(&*it.name))
            .collect();
        let bare = (!bare.is_empty()).then(|| typed("string", [("enum", Json::Array(bare))]));
        let full = data.ctors.iter().filter(|it| !it.fields.is_empty() || data.entity);
        let full: Vec<Json> = full.map(|ctor| self.ctor(ctor, data.entity, &place)).collect();
        any_of(bare.into_iter().chain(full))
    }

    fn ctor(&mut self, ctor: &CtorShape, entity: bool, place: &Place) -> Json {
        let place = place.constructor(&ctor.name, entity);
        let content = if ctor.fields.iter().any(|(name, _)| name.is_some()) || entity {
            let fields: Vec<_> = ctor
                .fields
                .iter()
                .enumerate()
                .map(|(index, (name, shape))| (field_key(name.as_deref(), index), shape))
                .collect();
            self.object(&fields, &place)
        } else if let [(_, only)] = ctor.fields.as_slice() {
            self.value(only, &place.component(0))
        } else {
            let fields = ctor.fields.iter().enumerate();
            tuple(fields.map(|(index, (_, it))| self.value(it, &place.component(index))).collect())
        };
        if entity { content } else { tagged(&ctor.name, content) }
    }

    fn object(&mut self, fields: &[(String, &Shape)], place: &Place) -> Json {
        let properties: Vec<_> =
            fields.iter().map(|(key, shape)| (key.clone(), self.value(shape, &place.field(key)))).collect();
        exact_object(properties)
    }

    fn integers(&mut self, set: &IntSet, place: &Place) -> Json {
        let ends = set.intervals().iter().flat_map(|it| [&it.low, &it.high]).flatten();
        if let Some(end) = ends.max_by_key(|end| end.bits()).filter(|end| end.bits() > EXACT_BITS) {
            self.relaxed.push(Deviation {
                path: place.to_string(),
                what: format!("may accept numbers near {end} that are out of range"),
                because: "many JSON readers keep numbers as doubles, exact up to 2^53".into(),
            });
        }
        match set.elements(LISTED) {
            Some(listed) if set.intervals().len() > 1 => {
                typed("integer", [("enum", Json::Array(listed.iter().map(Json::number).collect()))])
            }
            _ => any_of(intervals(set).map(|it| typed("integer", bounds("minimum", "maximum", it)))),
        }
    }
}

impl Shapes {
    /// Whether `null` is how some value of the shape looks.
    pub(super) fn may_be_null(shape: &Shape) -> bool {
        // `Some(None)` is wrapped, so only `None` itself is.
        matches!(shape, Shape::Option { none: true, .. })
    }
}

/// The declared types with more than one use that leads to a value, the one inside themselves included.
fn shared(shapes: &Shapes) -> Vec<usize> {
    let mut uses = vec![0; shapes.data.len()];
    let mut rest = Vec::new();
    let mut visit = |shape: &Shape, rest: &mut Vec<usize>| {
        shape.each_data(&mut |used| {
            if let Some(count) = uses.get_mut(used) {
                *count += 1;
                if *count == 1 {
                    rest.push(used);
                }
            }
        });
    };
    shapes.subject.shapes().for_each(|shape| visit(shape, &mut rest));
    while let Some(next) = rest.pop() {
        let fields = shapes.data.get(next).into_iter().flat_map(|data| &data.ctors).flat_map(|it| &it.fields);
        fields.for_each(|(_, shape)| visit(shape, &mut rest));
    }
    (0..shapes.data.len()).filter(|number| uses.get(*number).is_some_and(|count| *count > 1)).collect()
}

/// The key of a constructor's field: its name, or its place. Names start with a letter, so the two never meet.
pub(super) fn field_key(name: Option<&str>, index: usize) -> String {
    name.map_or_else(|| index.to_string(), str::to_owned)
}

fn definition_name(data: &DataShape, number: usize) -> String {
    let letters: String =
        data.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    format!("{letters}_{number}")
}

fn typed<'k>(name: &str, more: impl IntoIterator<Item = (&'k str, Json)>) -> Json {
    Json::object([("type", Json::text(name))].into_iter().chain(more))
}

fn tagged(tag: &str, content: Json) -> Json {
    exact_object(vec![(tag.to_owned(), content)])
}

/// An object of these members, all required, and no others.
fn exact_object(properties: Vec<(String, Json)>) -> Json {
    let required = properties.iter().map(|(key, _)| Json::text(key)).collect();
    typed(
        "object",
        [
            ("properties", Json::Object(properties)),
            ("required", Json::Array(required)),
            ("additionalProperties", Json::Bool(false)),
        ],
    )
}

fn tuple(items: Vec<Json>) -> Json {
    let count = Json::number(items.len());
    let members = [("prefixItems", Json::Array(items)), ("items", Json::Bool(false))];
    typed("array", members.into_iter().chain([("minItems", count.clone()), ("maxItems", count)]))
}

fn any_of(choices: impl IntoIterator<Item = Json>) -> Json {
    let mut choices: Vec<Json> = choices.into_iter().collect();
    match choices.len() {
        0 => Json::Bool(false),
        1 => choices.remove(0),
        _ => Json::object([("anyOf", Json::Array(choices))]),
    }
}

fn intervals(set: &IntSet) -> impl Iterator<Item = &Interval> {
    set.intervals().iter()
}

/// The two bounds of an interval under the keywords given, where there are any and they say something.
fn bounds<'k>(low: &'k str, high: &'k str, interval: &Interval) -> impl Iterator<Item = (&'k str, Json)> {
    let counts = low != "minimum";
    let least = interval.low.clone().filter(|n| !counts || *n > BigInt::ZERO);
    let least = least.map(|n| (low, Json::number(n)));
    let most = interval.high.as_ref().map(|n| (high, Json::number(n)));
    least.into_iter().chain(most)
}
