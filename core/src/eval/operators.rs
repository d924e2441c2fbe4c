//! The strict primitive operators on known values.

use super::error::EvalErrorKind;
use super::limits::Meter;
use super::value::{Sameness, Stuck, Value};
use crate::ir::{DeclId, Op, Rational};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{ToPrimitive, Zero};

type Outcome = Result<Value, EvalErrorKind>;

/// Applies a strict operator; the compared or element type is not among `operands`. Operands that are stuck make
/// the result stuck, unless what is known already decides it.
pub(super) fn apply(op: Op, operands: Vec<Value>, list: Option<DeclId>, meter: &mut Meter) -> Outcome {
    match (op, operands.as_slice()) {
        (Op::Eq, [a, b]) => match a.same(b) {
            Sameness::Same => Ok(Value::Bool(true)),
            Sameness::Different => Ok(Value::Bool(false)),
            Sameness::Unknown => Ok(Value::stuck(Stuck::Op(op, operands))),
        },
        (Op::Ne, [a, b]) => match a.same(b) {
            Sameness::Same => Ok(Value::Bool(false)),
            Sameness::Different => Ok(Value::Bool(true)),
            Sameness::Unknown => Ok(Value::stuck(Stuck::Op(op, operands))),
        },
        (Op::Div | Op::Mod, [_, Value::Int(divisor)]) if divisor.is_zero() => {
            Err(EvalErrorKind::DivisionByZero)
        }
        (Op::ListAt, [xs, Value::Int(index)]) => match element(xs, index, list, meter) {
            Some(found) => found,
            None => stuck(op, operands),
        },
        (_, [Value::Int(a), Value::Int(b)]) => integers(op, a, b, meter),
        (_, [Value::Real(a), Value::Real(b)]) => fractions(op, a, b, meter),
        (_, [Value::Float(a), Value::Float(b)]) => floats(op, a.get(), b.get()),
        (Op::RealNeg, [Value::Real(n)]) => Ok(Value::real(n.negated())),
        (Op::FloatNeg, [Value::Float(n)]) => Ok(Value::float(-n.get())),
        (Op::Neg, [Value::Int(n)]) => Ok(Value::Int(-n)),
        (Op::Not, [Value::Bool(b)]) => Ok(Value::Bool(!b)),
        (Op::Iff, [Value::Bool(a), Value::Bool(b)]) => Ok(Value::Bool(a == b)),
        // UTF-8 keeps the order of code points.
        (Op::StrLt, [Value::Str(a), Value::Str(b)]) => Ok(Value::Bool(a < b)),
        (Op::StrLe, [Value::Str(a), Value::Str(b)]) => Ok(Value::Bool(a <= b)),
        (Op::StrAppend, [Value::Str(a), Value::Str(b)]) => {
            meter.text(a.len() + b.len())?;
            Ok(Value::text(&format!("{a}{b}")))
        }
        (Op::StrAt, [Value::Str(text), Value::Int(index)]) => {
            meter.work(text.len())?;
            let found = index.to_usize().and_then(|index| text.chars().nth(index));
            match found {
                Some(char) => Ok(Value::text(char.encode_utf8(&mut [0; 4]))),
                None => {
                    Err(EvalErrorKind::IndexOutOfRange { index: index.clone(), length: text.chars().count() })
                }
            }
        }
        _ => stuck(op, operands),
    }
}

/// The operator waits for an operand that is stuck; without one the term is ill-typed.
fn stuck(op: Op, operands: Vec<Value>) -> Outcome {
    let waits = operands.iter().any(|operand| match operand {
        Value::Stuck(_) => true,
        Value::Data(_) => op == Op::ListAt,
        _ => false,
    });
    if waits { Ok(Value::stuck(Stuck::Op(op, operands))) } else { Err(EvalErrorKind::IllTyped) }
}

fn integers(op: Op, a: &BigInt, b: &BigInt, meter: &mut Meter) -> Outcome {
    let number = |n: BigInt| Ok(Value::Int(n));
    match op {
        Op::Lt => Ok(Value::Bool(a < b)),
        Op::Le => Ok(Value::Bool(a <= b)),
        Op::Gt => Ok(Value::Bool(a > b)),
        Op::Ge => Ok(Value::Bool(a >= b)),
        Op::Add => {
            meter.number(a.bits().max(b.bits()) + 1)?;
            number(a + b)
        }
        Op::Sub => {
            meter.number(a.bits().max(b.bits()) + 1)?;
            number(a - b)
        }
        Op::Mul => {
            meter.number(a.bits() + b.bits())?;
            meter.work(product_work(a, b))?;
            number(a * b)
        }
        Op::Div => {
            meter.number(a.bits())?;
            meter.work(product_work(a, b))?;
            number(a.div_floor(b))
        }
        Op::Mod => {
            meter.number(b.bits())?;
            meter.work(product_work(a, b))?;
            number(a.mod_floor(b))
        }
        _ => Err(EvalErrorKind::IllTyped),
    }
}

fn fractions(op: Op, a: &Rational, b: &Rational, meter: &mut Meter) -> Outcome {
    // Before anything is multiplied: how large the parts of the result can be, and what their common divisor costs.
    let bits = a.bits() + b.bits();
    meter.number(bits + 1)?;
    let words = (bits / 64) as usize;
    meter.work(words.saturating_mul(words).saturating_mul(8))?;
    match op {
        Op::RealLt => Ok(Value::Bool(a < b)),
        Op::RealLe => Ok(Value::Bool(a <= b)),
        Op::RealAdd => Ok(Value::real(a.plus(b))),
        Op::RealSub => Ok(Value::real(a.minus(b))),
        Op::RealMul => Ok(Value::real(a.times(b))),
        Op::RealDiv => a.over(b).map(Value::real).ok_or(EvalErrorKind::DivisionByZero),
        _ => Err(EvalErrorKind::IllTyped),
    }
}

/// What IEEE 754 says, rounding to the nearest.
fn floats(op: Op, a: f64, b: f64) -> Outcome {
    match op {
        Op::FloatEq => Ok(Value::Bool(a == b)),
        Op::FloatLt => Ok(Value::Bool(a < b)),
        Op::FloatLe => Ok(Value::Bool(a <= b)),
        Op::FloatAdd => Ok(Value::float(a + b)),
        Op::FloatSub => Ok(Value::float(a - b)),
        Op::FloatMul => Ok(Value::float(a * b)),
        Op::FloatDiv => Ok(Value::float(a / b)),
        _ => Err(EvalErrorKind::IllTyped),
    }
}

/// About how many bytes a schoolbook product or division passes over.
fn product_work(a: &BigInt, b: &BigInt) -> usize {
    let words = |n: &BigInt| (n.bits() / 64) as usize;
    words(a).saturating_mul(words(b)).saturating_mul(8)
}

/// `xs[i]`: `None` when the list is not known that far.
fn element(xs: &Value, index: &BigInt, list: Option<DeclId>, meter: &mut Meter) -> Option<Outcome> {
    let (mut rest, mut length) = (xs, 0);
    loop {
        match rest {
            Value::Data(data) if Some(data.decl) == list => match data.fields.as_slice() {
                [head, _] if index.to_usize() == Some(length) => return Some(Ok(head.clone())),
                [_, tail] => {
                    if let Err(error) = meter.work(64) {
                        return Some(Err(error));
                    }
                    (rest, length) = (tail, length + 1);
                }
                _ => return Some(Err(EvalErrorKind::IndexOutOfRange { index: index.clone(), length })),
            },
            Value::Stuck(_) => return None,
            _ => return Some(Err(EvalErrorKind::IllTyped)),
        }
    }
}
