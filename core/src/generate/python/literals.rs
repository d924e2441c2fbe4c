//! Values as Python literals.

use super::helpers::Helper;
use super::outline::{OptionStyle, Outline, Shape};
use super::print::expression;
use super::syntax::Expr;
use crate::eval::Value;
use crate::eval::value::SOME;
use crate::generate::Options;
use crate::ir::Program;
use std::collections::BTreeMap;

/// How deep a value may nest; Python's own parser gives up at about 200.
const DEEPEST: usize = 90;

/// Writes values over the names of the module that [`super::python`] generates with the same options.
#[derive(Debug)]
pub struct Literals<'p> {
    outline: Outline<'p>,
}

impl<'p> Literals<'p> {
    /// Works out the names once.
    pub fn new(program: &'p Program, options: &'p Options) -> Self {
        Literals { outline: Outline::of(program, options, &BTreeMap::new()) }
    }

    /// The expression that makes a value. `None` for functions, for what is open, and for what nests too deeply.
    pub fn text(&self, value: &Value) -> Option<String> {
        literal(&self.outline, value, 0).map(|literal| expression(&literal))
    }
}

fn literal(outline: &Outline<'_>, value: &Value, depth: usize) -> Option<Expr> {
    if depth > DEEPEST {
        return None;
    }
    let all = |values: &[Value]| -> Option<Vec<Expr>> {
        values.iter().map(|value| literal(outline, value, depth + 1)).collect()
    };
    match value {
        Value::Int(n) => Some(Expr::Int(n.clone())),
        Value::Real(n) => Some(Expr::fraction(n)),
        Value::Float(n) => Some(Expr::float(*n)),
        Value::Bool(b) => Some(Expr::Bool(*b)),
        Value::Str(s) => Some(Expr::Str(s.to_string())),
        Value::Unit => Some(Expr::None),
        Value::Tuple(tuple) => all(&tuple.items).map(Expr::Tuple),
        Value::Data(data) if Some(data.decl) == outline.program.list() => {
            let elements = value.elements(data.decl)?;
            let items: Option<Vec<Expr>> =
                elements.into_iter().map(|element| literal(outline, element, depth + 1)).collect();
            items.map(Expr::List)
        }
        Value::Data(data) if outline.program.bytes() == Some(data.decl) => {
            let numbers = all(&data.fields)?;
            Some(Expr::call("bytes", if numbers.is_empty() { Vec::new() } else { vec![Expr::List(numbers)] }))
        }
        Value::Data(data) if outline.program.is_collection(data.decl) => {
            let is_set = outline.program.set() == Some(data.decl);
            let name = outline.helpers.get(if is_set { &Helper::Set } else { &Helper::Map })?;
            let items = all(&data.fields)?;
            Some(Expr::call(name, if items.is_empty() { Vec::new() } else { vec![Expr::List(items)] }))
        }
        Value::Data(data) if Some(data.decl) == outline.program.option() => {
            match (data.ctor, data.fields.as_slice()) {
                (SOME, [inner]) => {
                    let inner = literal(outline, inner, depth + 1)?;
                    Some(match outline.option_style {
                        OptionStyle::Bare => inner,
                        OptionStyle::Boxed => Expr::call("Some", vec![inner]),
                    })
                }
                _ => Some(Expr::None),
            }
        }
        Value::Data(data) => {
            let class = outline.classes.get(&data.decl)?;
            let ctor = class.ctors.get(data.ctor)?;
            let fields = all(&data.fields)?;
            Some(match class.shape {
                Shape::Enumeration => Expr::name(class.name.clone()).attribute(&ctor.name),
                Shape::Sum => Expr::call(&ctor.name, fields),
                Shape::Entity => {
                    let named = ctor.fields.iter().cloned().zip(fields).collect();
                    Expr::Call(Box::new(Expr::name(ctor.name.clone())), Vec::new(), named)
                }
            })
        }
        Value::Closure(_) | Value::Partial(_) | Value::Type(_) | Value::Stuck(_) => None,
    }
}
