//! The operations that the prelude leaves to us, as docs/language.md defines them: those on texts here, those on sets
//! and maps in `collections`.
//!
//! They agree with Python's `str` methods of the same meaning, because generated code uses those: white space is
//! what `str.split()` and `str.strip()` take for it, which is a little more than Unicode's `White_Space`.

use super::collections;
use super::error::EvalErrorKind;
use super::limits::Meter;
use super::value::Value;
use crate::ir::{DeclId, Native, Program};
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

/// Why a native gives no value.
pub(super) enum Refusal {
    /// An argument breaks the native's precondition.
    Precondition,
    /// A function would have to be compared.
    Stuck,
    /// Some other error.
    Error(EvalErrorKind),
}

impl From<EvalErrorKind> for Refusal {
    fn from(kind: EvalErrorKind) -> Self {
        Refusal::Error(kind)
    }
}

/// White space as Python's `str.isspace` sees a single code point.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// Runs a native on known arguments.
pub(super) fn run(
    program: &Program,
    native: Native,
    args: &[Value],
    meter: &mut Meter,
) -> Result<Value, Refusal> {
    let ill_typed = || Refusal::Error(EvalErrorKind::IllTyped);
    if let Some(value) = collections::run(program, native, args, meter)? {
        return Ok(value);
    }
    let list = program.list().ok_or_else(ill_typed)?;
    let option = program.option().ok_or_else(ill_typed)?;
    let texts = Texts { list, meter };
    match (native, args) {
        (Native::StrLength, [Value::Str(s)]) => {
            texts.meter.work(s.len())?;
            Ok(Value::int(s.chars().count()))
        }
        (Native::StrContains, [Value::Str(s), Value::Str(part)]) => {
            texts.meter.work(s.len())?;
            Ok(Value::Bool(s.contains(&**part)))
        }
        (Native::StartsWith, [Value::Str(s), Value::Str(prefix)]) => {
            Ok(Value::Bool(s.starts_with(&**prefix)))
        }
        (Native::EndsWith, [Value::Str(s), Value::Str(suffix)]) => Ok(Value::Bool(s.ends_with(&**suffix))),
        (Native::Substring, [Value::Str(s), Value::Int(start), Value::Int(count)]) => {
            if start.is_negative() || count.is_negative() {
                return Err(Refusal::Precondition);
            }
            let far = |n: &BigInt| n.to_usize().unwrap_or(usize::MAX);
            texts.text(&s.chars().skip(far(start)).take(far(count)).collect::<String>())
        }
        (Native::StrIndexOf, [Value::Str(s), Value::Str(part)]) => {
            texts.meter.work(s.len())?;
            let before = s.find(&**part).and_then(|at| s.get(..at));
            Ok(Value::option(option, before.map(|before| Value::int(before.chars().count()))))
        }
        (Native::Replace, [Value::Str(s), Value::Str(part), Value::Str(by)]) => {
            if part.is_empty() {
                return Err(Refusal::Precondition);
            }
            texts.meter.work(s.len())?;
            let found = s.matches(&**part).count();
            texts
                .meter
                .text((s.len() - found * part.len()).saturating_add(found.saturating_mul(by.len())))?;
            Ok(Value::text(&s.replace(&**part, by)))
        }
        (Native::ToStr, [Value::Int(n)]) => {
            // Decimal conversion of a large number is quadratic.
            let words = (n.bits() / 64) as usize;
            texts.meter.work(words.saturating_mul(words).saturating_mul(8))?;
            texts.text(&n.to_string())
        }
        (Native::ToReal, [Value::Int(n)]) => Ok(Value::real(n.clone())),
        (Native::Floor, [Value::Real(x)]) => {
            let words = (x.bits() / 64) as usize;
            texts.meter.work(words.saturating_mul(words).saturating_mul(8))?;
            Ok(Value::Int(x.floor()))
        }
        (Native::ToFloat, [Value::Real(x)]) => {
            let words = (x.bits() / 64) as usize;
            texts.meter.work(words.saturating_mul(words).saturating_mul(8))?;
            Ok(Value::Float(x.to_float()))
        }
        (Native::RealOf, [Value::Float(x)]) => Ok(Value::option(option, x.to_rational().map(Value::real))),
        (Native::ParseInt, [Value::Str(s)]) => Ok(Value::option(option, parse_int(s, texts.meter)?)),
        (Native::Split, [Value::Str(s), Value::Str(separator)]) => {
            if separator.is_empty() {
                return Err(Refusal::Precondition);
            }
            texts.pieces(s, s.split(&**separator))
        }
        (Native::Words, [Value::Str(s)]) => {
            texts.pieces(s, s.split(is_space).filter(|word| !word.is_empty()))
        }
        (Native::Trim, [Value::Str(s)]) => texts.text(s.trim_matches(is_space)),
        (Native::Upper, [Value::Str(s)]) => texts.text(&s.to_uppercase()),
        (Native::Lower, [Value::Str(s)]) => texts.text(&s.to_lowercase()),
        (Native::Chars, [Value::Str(s)]) => {
            let ends = s.char_indices().map(|(start, char)| (start, start + char.len_utf8()));
            texts.pieces(s, ends.filter_map(|(start, end)| s.get(start..end)))
        }
        (Native::Join, [texts_list, Value::Str(separator)]) => {
            let pieces = texts_list.elements(list).ok_or_else(ill_typed)?;
            let pieces: Option<Vec<&str>> = pieces
                .into_iter()
                .map(|piece| match piece {
                    Value::Str(s) => Some(&**s),
                    _ => None,
                })
                .collect();
            let pieces = pieces.ok_or_else(ill_typed)?;
            let separators = pieces.len().saturating_sub(1).saturating_mul(separator.len());
            let letters: usize = pieces.iter().map(|piece| piece.len()).sum();
            texts.meter.text(letters.saturating_add(separators))?;
            Ok(Value::text(&pieces.join(separator)))
        }
        _ => Err(ill_typed()),
    }
}

/// Makes texts and lists of texts, and counts them.
struct Texts<'m> {
    list: DeclId,
    meter: &'m mut Meter,
}

impl Texts<'_> {
    fn text(self, s: &str) -> Result<Value, Refusal> {
        self.meter.text(s.len())?;
        Ok(Value::text(s))
    }

    fn pieces<'a>(self, whole: &str, pieces: impl Iterator<Item = &'a str>) -> Result<Value, Refusal> {
        self.meter.work(whole.len())?;
        let mut values = Vec::new();
        for piece in pieces {
            self.meter.take(120 + piece.len())?;
            values.push(Value::text(piece));
        }
        Ok(Value::list(self.list, values))
    }
}

/// `-?[0-9]+` in ASCII and nothing else.
fn parse_int(s: &str, meter: &mut Meter) -> Result<Option<Value>, EvalErrorKind> {
    let digits = s.strip_prefix('-').unwrap_or(s);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    // A decimal digit is under 4 bits; reading many of them is quadratic.
    meter.number(digits.len() as u64 * 4)?;
    meter.work((digits.len() / 16).saturating_mul(digits.len() / 16).saturating_mul(8))?;
    Ok(s.parse::<BigInt>().ok().map(Value::Int))
}
