//! Values in surface syntax.

use super::quote::quote;
use super::value::{Head, Stuck, Value};
use crate::ir::{Op, Program, distill};
use crate::syntax::print_expr;
use crate::syntax::tree::{Expr, ExprKind};

/// A value as an author would write it: what is printed parses back to the same value, unless it is a function or
/// open. Entities print as records, lists in brackets.
pub fn print_value(program: &Program, value: &Value) -> String {
    print(program, value, usize::MAX)
}

/// The value on one line of a message or a table: cut when it is long.
pub(super) fn brief(program: &Program, value: &Value) -> String {
    const LONGEST: usize = 200;
    let mut text = print(program, value, LONGEST);
    if let Some((cut, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(cut);
        text.push('…');
    }
    text
}

/// What a stuck value waits for, in words.
pub(super) fn why_stuck(program: &Program, value: &Value) -> String {
    let mut todo = vec![value];
    let mut fallback = None;
    while let Some(value) = todo.pop() {
        match value {
            Value::Tuple(tuple) => todo.extend(&tuple.items),
            Value::Data(data) => todo.extend(&data.fields),
            Value::Partial(partial) => todo.extend(&partial.args),
            Value::Stuck(stuck) => match &**stuck {
                Stuck::Hole(id, _) => {
                    let name = program.hole(*id).map(|hole| &*hole.name).unwrap_or_default();
                    return format!("it depends on ?{name}");
                }
                Stuck::Undecidable(_, _, because) => {
                    fallback =
                        Some(format!("{} cannot be decided by running: {because}", brief(program, value)));
                }
                Stuck::Broken(_) => fallback = Some("it depends on text that does not type-check".to_owned()),
                Stuck::Op(_, values) | Stuck::Call(_, values) => todo.extend(values),
                Stuck::Apply(function, args) => {
                    todo.extend(args);
                    todo.push(function);
                }
                Stuck::Lazy(_, value, _, _) | Stuck::If(value, ..) | Stuck::Match(value, ..) => {
                    todo.push(value)
                }
                Stuck::Field(_, _, value) => todo.push(value),
            },
            _ => {}
        }
    }
    fallback.unwrap_or_else(|| "it compares functions".to_owned())
}

enum Part<'a> {
    Value(&'a Value),
    /// A value that stands between infix operators.
    Operand(&'a Value),
    Text(String),
}

/// Prints with a list of what is still to be written; stops soon after `longest` bytes.
fn print(program: &Program, value: &Value, longest: usize) -> String {
    let mut text = String::new();
    let mut todo = vec![Part::Value(value)];
    while let Some(part) = todo.pop() {
        if text.len() > longest.saturating_mul(4) {
            break;
        }
        match part {
            Part::Text(piece) => text.push_str(&piece),
            Part::Value(value) => write(program, value, &mut text, &mut todo, longest),
            Part::Operand(value) if is_loose(value) => {
                text.push_str(&format!("({})", shown(program, value)));
            }
            Part::Operand(value) => write(program, value, &mut text, &mut todo, longest),
        }
    }
    text
}

fn write<'a>(
    program: &Program,
    value: &'a Value,
    text: &mut String,
    todo: &mut Vec<Part<'a>>,
    longest: usize,
) {
    match value {
        Value::Int(n) => text.push_str(&n.to_string()),
        Value::Real(n) => text.push_str(&n.to_string()),
        Value::Float(n) => text.push_str(&n.to_string()),
        Value::Bool(b) => text.push_str(if *b { "true" } else { "false" }),
        Value::Str(s) => {
            let short = s.char_indices().nth(longest).and_then(|(cut, _)| s.get(..cut)).unwrap_or(s);
            text.push_str(&print_text(short));
        }
        Value::Unit => text.push_str("()"),
        Value::Tuple(tuple) => {
            text.push('(');
            group(todo, tuple.items.iter(), ")");
        }
        Value::Data(data) if Some(data.decl) == program.list() => {
            let (elements, rest) = value.spine(data.decl);
            let elements = elements.into_iter().take(longest);
            match rest {
                None => {
                    text.push('[');
                    group(todo, elements.collect::<Vec<_>>().into_iter(), "]");
                }
                Some(rest) => {
                    todo.push(Part::Operand(rest));
                    for element in elements.rev() {
                        todo.push(Part::Text(" :: ".to_owned()));
                        todo.push(Part::Operand(element));
                    }
                }
            }
        }
        Value::Data(data) if program.is_collection(data.decl) => {
            text.push_str(program.maker(data.decl).unwrap_or_default());
            text.push_str("([");
            let fields: Vec<&Value> = data.fields.iter().take(longest).collect();
            group(todo, fields.into_iter(), "])");
        }
        Value::Data(data) => {
            let Some((declared, ctor)) = program
                .data(data.decl)
                .and_then(|declared| declared.ctors.get(data.ctor).map(|ctor| (declared, ctor)))
            else {
                text.push('_');
                return;
            };
            text.push_str(&ctor.name);
            if declared.entity {
                text.push_str(" { ");
                todo.push(Part::Text(" }".to_owned()));
                for (position, ((name, _), field)) in ctor.fields.iter().zip(&data.fields).enumerate().rev() {
                    let comma = if position == 0 { "" } else { ", " };
                    todo.push(Part::Value(field));
                    todo.push(Part::Text(format!("{comma}{} = ", name.as_deref().unwrap_or("_"))));
                }
            } else if !data.fields.is_empty() {
                text.push('(');
                group(todo, data.fields.iter(), ")");
            }
        }
        Value::Partial(partial) if partial.args.iter().all(|arg| matches!(arg, Value::Type(_))) => {
            let name = match partial.head {
                Head::Def(id) => program.decl(id).map(|decl| decl.name.clone()),
                Head::Con(decl, ctor) => {
                    program.data(decl).and_then(|data| data.ctors.get(ctor)).map(|ctor| ctor.name.clone())
                }
            };
            text.push_str(name.as_deref().unwrap_or("_"));
        }
        Value::Partial(_) | Value::Closure(_) | Value::Type(_) | Value::Stuck(_) => {
            text.push_str(&shown(program, value));
        }
    }
}

/// `first, second, third` and what closes them.
fn group<'a>(
    todo: &mut Vec<Part<'a>>,
    items: impl DoubleEndedIterator<Item = &'a Value> + ExactSizeIterator,
    close: &str,
) {
    todo.push(Part::Text(close.to_owned()));
    for (position, item) in items.enumerate().rev() {
        todo.push(Part::Value(item));
        if position > 0 {
            todo.push(Part::Text(", ".to_owned()));
        }
    }
}

fn shown(program: &Program, value: &Value) -> String {
    distill::show(program, &[], &quote(program, value))
}

/// A text as a literal.
fn print_text(text: &str) -> String {
    print_expr(&Expr { span: Default::default(), kind: ExprKind::Str(text.to_owned()) })
}

/// Whether the value is printed as something looser than `::`.
fn is_loose(value: &Value) -> bool {
    match value {
        Value::Closure(_) => true,
        Value::Stuck(stuck) => match &**stuck {
            Stuck::Op(op, _) => !matches!(
                op,
                Op::Add
                    | Op::Sub
                    | Op::Mul
                    | Op::Div
                    | Op::Mod
                    | Op::Neg
                    | Op::RealAdd
                    | Op::RealSub
                    | Op::RealMul
                    | Op::RealDiv
                    | Op::RealNeg
                    | Op::FloatAdd
                    | Op::FloatSub
                    | Op::FloatMul
                    | Op::FloatDiv
                    | Op::FloatNeg
                    | Op::StrAppend
                    | Op::StrAt
                    | Op::ListAt
            ),
            Stuck::Lazy(..) | Stuck::If(..) | Stuck::Undecidable(..) => true,
            Stuck::Hole(..) | Stuck::Apply(..) | Stuck::Call(..) => false,
            Stuck::Match(..) | Stuck::Field(..) | Stuck::Broken(_) => false,
        },
        _ => false,
    }
}
