//! JSON Schemas, held against values made independently and against the reader.

use serde_json::Value as JsonValue;

use super::super::grammar::quoted;
use super::*;

/// Random values of a shape: the JSON that the schema asks for and the term it stands for.
fn pair(shapes: &Shapes, shape: &Shape, dice: &mut Dice, depth: usize) -> (JsonValue, String) {
    match shape {
        Shape::Int(set) => {
            let n = member(set, dice);
            (serde_json::from_str(&n.to_string()).unwrap(), n.to_string())
        }
        Shape::Bool(set) => {
            let truth = if set.with_true && set.with_false { dice.below(2) == 0 } else { set.with_true };
            (truth.into(), truth.to_string())
        }
        Shape::Text(TextSet::Choice(texts)) => {
            let text = texts.iter().nth(dice.below(texts.len())).unwrap();
            (text.as_str().into(), quoted(text))
        }
        Shape::Text(TextSet::Length(lengths)) => {
            let count = usize::try_from(member(lengths, dice)).unwrap();
            let text: String = (0..count).map(|_| dice.char('\0', char::MAX)).collect();
            (text.as_str().into(), quoted(&text))
        }
        Shape::Unit => (JsonValue::Array(Vec::new()), "()".into()),
        Shape::List(element, lengths) => {
            let count = if depth == 0 { 0 } else { usize::try_from(member(lengths, dice)).unwrap() };
            let items: Vec<_> = (0..count).map(|_| pair(shapes, element, dice, depth - 1)).collect();
            let terms: Vec<_> = items.iter().map(|(_, term)| term.as_str()).collect();
            let term = format!("[{}]", terms.join(", "));
            (items.into_iter().map(|(json, _)| json).collect(), term)
        }
        Shape::Made(maker, element, lengths) => {
            let list = Shape::List(element.clone(), lengths.clone());
            let (json, term) = pair(shapes, &list, dice, depth);
            (json, format!("{maker}({term})"))
        }
        Shape::Option { some: Some(some), .. } if depth > 0 && dice.below(2) == 0 => {
            let (json, term) = pair(shapes, some, dice, depth - 1);
            let json = if matches!(**some, Shape::Option { .. }) {
                serde_json::json!({ "Some": json })
            } else {
                json
            };
            (json, format!("Some({term})"))
        }
        Shape::Option { .. } => (JsonValue::Null, "None".into()),
        Shape::Tuple(items) => {
            let items: Vec<_> = items.iter().map(|item| pair(shapes, item, dice, depth)).collect();
            let terms: Vec<_> = items.iter().map(|(_, term)| term.as_str()).collect();
            let term = format!("({})", terms.join(", "));
            (items.into_iter().map(|(json, _)| json).collect(), term)
        }
        Shape::Data(number) => {
            let data = &shapes.data[*number];
            let leaf = data.ctors.iter().find(|ctor| ctor.fields.is_empty()).filter(|_| depth == 0);
            let ctor = leaf.unwrap_or_else(|| &data.ctors[dice.below(data.ctors.len())]);
            let depth = depth.saturating_sub(1);
            let fields: Vec<_> =
                ctor.fields.iter().map(|(_, shape)| pair(shapes, shape, dice, depth)).collect();
            let named: Vec<(String, &(JsonValue, String))> = ctor
                .fields
                .iter()
                .zip(&fields)
                .map(|((name, _), field)| (name.as_deref().unwrap_or("").to_owned(), field))
                .collect();
            let object: serde_json::Map<_, _> =
                named.iter().map(|(name, (json, _))| (name.clone(), json.clone())).collect();
            if data.entity {
                let terms: Vec<_> =
                    named.iter().map(|(name, (_, term))| format!("{name} = {term}")).collect();
                return (object.into(), format!("{} {{ {} }}", ctor.name, terms.join(", ")));
            }
            let terms: Vec<_> = fields.iter().map(|(_, term)| term.as_str()).collect();
            let term = format!("{}({})", ctor.name, terms.join(", "));
            match ctor.fields.as_slice() {
                [] => (ctor.name.to_string().into(), ctor.name.to_string()),
                [(Some(_), _), ..] => (serde_json::json!({ &*ctor.name: object }), term),
                [_] => (serde_json::json!({ &*ctor.name: fields[0].0 }), term),
                _ => {
                    let items: Vec<_> = fields.iter().map(|(json, _)| json.clone()).collect();
                    (serde_json::json!({ &*ctor.name: items }), term)
                }
            }
        }
    }
}

fn member(set: &IntSet, dice: &mut Dice) -> BigInt {
    let Interval { low, high } = &set.intervals()[dice.below(set.intervals().len())];
    let offset = BigInt::from(dice.below(7));
    match (low, high) {
        (Some(low), Some(high)) => (low + offset).min(high.clone()),
        (Some(low), None) => low + offset,
        (None, Some(high)) => high - offset,
        (None, None) => offset - 3,
    }
}

fn json_pairs(shapes: &Shapes, count: usize, mut each: impl FnMut(JsonValue, String, &mut Dice)) {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    for _ in 0..count {
        let (json, term) = match &shapes.subject {
            Subject::Value(shape) => pair(shapes, shape, &mut dice, 4),
            Subject::Arguments(callee, params) => {
                let params: Vec<_> =
                    params.iter().map(|(name, shape)| (name, pair(shapes, shape, &mut dice, 4))).collect();
                let terms: Vec<_> = params.iter().map(|(_, (_, term))| term.as_str()).collect();
                let term = format!("{}({})", callee.as_deref().unwrap(), terms.join(", "));
                let object = params.into_iter().map(|(name, (json, _))| (name.to_string(), json)).collect();
                (JsonValue::Object(object), term)
            }
        };
        each(json, term, &mut dice);
    }
}

/// Whether a value satisfies a schema: the keywords we print, read as draft 2020-12 defines them.
fn satisfies(root: &JsonValue, schema: &JsonValue, value: &JsonValue) -> bool {
    let Some(keywords) = schema.as_object() else { return schema == &JsonValue::Bool(true) };
    let known = [
        "$schema",
        "$defs",
        "$ref",
        "type",
        "const",
        "enum",
        "anyOf",
        "minimum",
        "maximum",
        "minLength",
        "maxLength",
        "items",
        "prefixItems",
        "minItems",
        "maxItems",
        "properties",
        "required",
        "additionalProperties",
    ];
    assert!(keywords.keys().all(|key| known.contains(&key.as_str())), "{schema}");
    let whole = |value: &JsonValue| value.to_string().parse::<BigInt>().ok();
    let count = |n: usize| BigInt::from(n);
    let within = |n: BigInt, low: &str, high: &str| {
        keywords.get(low).and_then(whole).is_none_or(|low| low <= n)
            && keywords.get(high).and_then(whole).is_none_or(|high| n <= high)
    };
    let keyword = |name: &str, holds: &dyn Fn(&JsonValue) -> bool| keywords.get(name).is_none_or(holds);
    keyword("$ref", &|target| {
        let path = target.as_str().unwrap().strip_prefix('#').unwrap();
        satisfies(root, root.pointer(path).unwrap(), value)
    }) && keyword("type", &|ty| match ty.as_str().unwrap() {
        "integer" => whole(value).is_some(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other}"),
    }) && keyword("const", &|wanted| value == wanted)
        && keyword("enum", &|wanted| wanted.as_array().unwrap().contains(value))
        && keyword("anyOf", &|choices| {
            choices.as_array().unwrap().iter().any(|choice| satisfies(root, choice, value))
        })
        && whole(value).is_none_or(|n| within(n, "minimum", "maximum"))
        && value.as_str().is_none_or(|text| within(count(text.chars().count()), "minLength", "maxLength"))
        && value.as_array().is_none_or(|items| {
            let prefix =
                keywords.get("prefixItems").and_then(JsonValue::as_array).map_or(&[][..], Vec::as_slice);
            within(count(items.len()), "minItems", "maxItems")
                && items.iter().zip(prefix).all(|(item, schema)| satisfies(root, schema, item))
                && keyword("items", &|schema| {
                    items.iter().skip(prefix.len()).all(|item| satisfies(root, schema, item))
                })
        })
        && value.as_object().is_none_or(|members| {
            let properties = keywords.get("properties").and_then(JsonValue::as_object);
            let property = |key: &str| properties.and_then(|properties| properties.get(key));
            members.iter().all(|(key, value)| match property(key) {
                Some(schema) => satisfies(root, schema, value),
                None => keyword("additionalProperties", &|schema| satisfies(root, schema, value)),
            }) && keyword("required", &|keys| {
                keys.as_array().unwrap().iter().all(|key| members.contains_key(key.as_str().unwrap()))
            })
        })
}

fn schema_of(program: &Program, target: &str) -> JsonValue {
    let constraint = constrain(program, target, Dialect::JsonSchema).unwrap();
    assert!(constraint.relaxed.is_empty());
    serde_json::from_str(&constraint.text).unwrap()
}

#[test]
fn json_that_satisfies_the_schema_reads_as_the_term_it_stands_for() {
    let program = program(RICH);
    for target in TARGETS {
        let schema = schema_of(&program, target);
        json_pairs(&shapes(&program, target).unwrap(), 300, |json, term, _| {
            assert!(satisfies(&schema, &schema, &json), "{target}: {json}");
            assert_eq!(read(&program, target, Dialect::JsonSchema, &json.to_string()), Ok(term));
        });
    }
}

#[test]
fn json_reads_exactly_when_it_satisfies_the_schema() {
    let program = program(RICH);
    let (mut good, mut bad) = (0, 0);
    for target in TARGETS {
        let schema = schema_of(&program, target);
        json_pairs(&shapes(&program, target).unwrap(), 400, |mut json, _, dice| {
            mutate(&mut json, dice);
            let reads = read(&program, target, Dialect::JsonSchema, &json.to_string());
            assert!(!matches!(reads, Err(Unread::NoConstraint(_))));
            assert_eq!(satisfies(&schema, &schema, &json), reads.is_ok(), "{target}: {json} {reads:?}");
            if reads.is_ok() { good += 1 } else { bad += 1 }
        });
    }
    assert!(good > 100 && bad > 500, "{good} {bad}");
}

/// Changes one place of a value, somewhere inside it.
fn mutate(json: &mut JsonValue, dice: &mut Dice) {
    let into = match json {
        JsonValue::Array(items) if !items.is_empty() && dice.below(4) > 0 => {
            let index = dice.below(items.len());
            items.get_mut(index)
        }
        JsonValue::Object(members) if !members.is_empty() && dice.below(5) > 0 => {
            let index = dice.below(members.len());
            members.values_mut().nth(index)
        }
        _ => None,
    };
    if let Some(inner) = into {
        return mutate(inner, dice);
    }
    match (dice.below(10), &mut *json) {
        (0..3, JsonValue::Array(items)) => items.push(JsonValue::Null),
        (3..6, JsonValue::Array(items)) => drop(items.pop()),
        (0..3, JsonValue::Object(members)) => drop(members.insert("extra".into(), JsonValue::Null)),
        (3..6, JsonValue::Object(members)) => {
            let key = members.keys().next().cloned();
            key.map(|key| members.remove(&key));
        }
        (choice, _) => {
            let values = [
                serde_json::json!(null),
                serde_json::json!(true),
                serde_json::json!(0),
                serde_json::json!(-7),
                serde_json::json!(151),
                serde_json::json!("Dot"),
                serde_json::json!(""),
                serde_json::json!([]),
                serde_json::json!({}),
                serde_json::json!({ "Some": null }),
            ];
            *json = values[choice].clone();
        }
    }
}

#[test]
fn whole_numbers_may_be_spelt_as_json_spells_them() {
    let program = program("type T = {x: Int | -1000 <= x && x <= 100000000000000000000000}");
    let number = |text: &str| read(&program, "T", Dialect::JsonSchema, text);
    for (text, n) in [("3.0", "3"), ("-2.5e1", "-25"), ("1E3", "1000"), ("-0", "0"), ("0.0", "0")] {
        assert_eq!(number(text), Ok(n.to_owned()), "{text}");
    }
    let exact = "99999999999999999999999";
    assert_eq!(number(exact), Ok(exact.to_owned()));
    for text in ["2.5", "1e-1", "1e999999999", "100000000000000000000001", "-1001", "1e24"] {
        assert!(matches!(number(text), Err(Unread::Complaints(_))), "{text}");
    }
}

#[test]
fn complaints_are_sentences_with_places() {
    let program = program(RICH);
    let json = r#"{"name": "", "age": 17, "tags": ["green"], "boss": 200, "more": 1}"#;
    let Err(Unread::Complaints(complaints)) = read(&program, "Person", Dialect::JsonSchema, json) else {
        panic!()
    };
    assert_eq!(
        complaints,
        [
            "`Person`: there is no `more` here",
            "`Person.name`: it has 0 code points; there must be from 1 to 4",
            "`Person.age`: 17 is not from 18 to 150",
            "`Person.tags[]`: \"green\" is not one of \"\", \"a \\\"b\\\" \\\\c\", \"red\"",
            "`Person.boss.value`: 200 is not from 0 to 150",
        ]
    );
}
