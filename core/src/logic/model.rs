//! What a solver says a model is, read back into values.
//!
//! The text comes from outside: anything unexpected in it makes the model unreadable, nothing more. A model that
//! was read is a candidate for a counterexample, not one.

use crate::eval::Value;
use crate::ir::{Float, Rational};
use crate::logic::formula::Formulas;
use crate::logic::smtlib::Script;
use crate::logic::sort::{Abstract, Sort, SortKind};
use num_bigint::BigInt;
use std::collections::HashMap;

/// Nesting beyond which a reply is not read.
const DEEPEST: usize = 400;
/// Bytes beyond which a reply is not read.
const LONGEST: usize = 1_000_000;

/// A parsed reply.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Expr {
    Symbol(String),
    Text(String),
    List(Vec<Expr>),
}

/// The values of the terms that were asked for, in order; `None` where one cannot be read (a function, say).
pub fn values(formulas: &Formulas, script: &Script, sorts: &[Sort], reply: &str) -> Vec<Option<Value>> {
    let nothing = || sorts.iter().map(|_| None).collect();
    let Some(Expr::List(pairs)) = parse(reply) else { return nothing() };
    if pairs.len() != sorts.len() {
        return nothing();
    }
    let mut reader = Reader { formulas, script, elements: HashMap::new() };
    let read = pairs.iter().zip(sorts).map(|(pair, sort)| match pair {
        Expr::List(pair) => pair.get(1).and_then(|value| reader.value(value, *sort, &HashMap::new(), 0)),
        _ => None,
    });
    read.collect()
}

struct Reader<'a> {
    formulas: &'a Formulas,
    script: &'a Script,
    /// Values of type parameters: any different numbers do.
    elements: HashMap<String, i64>,
}

impl Reader<'_> {
    fn value(
        &mut self,
        expr: &Expr,
        sort: Sort,
        bound: &HashMap<String, Expr>,
        depth: usize,
    ) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        match expr {
            Expr::Text(text) => (sort == Sort::STR).then(|| Value::text(text)),
            Expr::Symbol(name) => {
                if let Some(inner) = bound.get(name) {
                    return self.value(&inner.clone(), sort, bound, depth + 1);
                }
                self.atom(name, sort)
            }
            Expr::List(items) => match items.as_slice() {
                [Expr::Symbol(minus), Expr::Symbol(digits)] if minus == "-" && sort == Sort::INT => {
                    Some(Value::Int(-digits.parse::<BigInt>().ok()?))
                }
                _ if sort == Sort::REAL && !matches!(items.first(), Some(Expr::Symbol(w)) if w == "let") => {
                    fraction(expr).map(Value::real)
                }
                _ if sort == Sort::FLOAT && !matches!(items.first(), Some(Expr::Symbol(w)) if w == "let") => {
                    floating(items).map(Value::Float)
                }
                [Expr::Symbol(word), Expr::List(bindings), body] if word == "let" => {
                    let mut inner = bound.clone();
                    for binding in bindings {
                        let Expr::List(pair) = binding else { return None };
                        let [Expr::Symbol(name), value] = pair.as_slice() else { return None };
                        inner.insert(name.clone(), resolved(value, bound));
                    }
                    self.value(body, sort, &inner, depth + 1)
                }
                [Expr::Symbol(word), inner, _] if word == "as" => self.value(inner, sort, bound, depth + 1),
                [Expr::Symbol(name), fields @ ..] => self.made(name, fields, sort, bound, depth),
                // A constructor with its sort written out: `((as c0 D0) ...)`.
                [Expr::List(head), fields @ ..] => match head.as_slice() {
                    [Expr::Symbol(word), Expr::Symbol(name), _] if word == "as" => {
                        self.made(name, fields, sort, bound, depth)
                    }
                    _ => None,
                },
                _ => None,
            },
        }
    }

    fn atom(&mut self, name: &str, sort: Sort) -> Option<Value> {
        match (self.formulas.kind(sort), name) {
            (SortKind::Bool, "true") => Some(Value::Bool(true)),
            (SortKind::Bool, "false") => Some(Value::Bool(false)),
            (SortKind::Int, _) => name.parse().ok().map(Value::Int),
            (SortKind::Real, _) => fraction(&Expr::Symbol(name.to_owned())).map(Value::real),
            (SortKind::Abstract(Abstract::Param(_)), _) => {
                let next = self.elements.len() as i64;
                Some(Value::int(*self.elements.entry(name.to_owned()).or_insert(next)))
            }
            _ => self.made(name, &[], sort, &HashMap::new(), 0),
        }
    }

    fn made(
        &mut self,
        name: &str,
        fields: &[Expr],
        sort: Sort,
        bound: &HashMap<String, Expr>,
        depth: usize,
    ) -> Option<Value> {
        let (of, ctor) = self.script.constructors.get(name).copied()?;
        let sorts = self.formulas.fields(sort)?.get(ctor)?.clone();
        if of != sort || sorts.len() != fields.len() {
            return None;
        }
        let mut values = Vec::new();
        for (field, sort) in fields.iter().zip(sorts) {
            values.push(self.value(field, sort, bound, depth + 1)?);
        }
        match self.formulas.kind(sort) {
            SortKind::Tuple(items) if items.is_empty() => Some(Value::Unit),
            SortKind::Tuple(_) => Some(Value::tuple(values)),
            SortKind::Data(decl, _) => Some(Value::data(*decl, ctor, values)),
            _ => None,
        }
    }
}

/// `1.0`, `(- 1.0)`, `(/ 1.0 3.0)`; `None` for what is no fraction, such as a root.
fn fraction(expr: &Expr) -> Option<Rational> {
    match expr {
        Expr::Symbol(digits) => match digits.contains('.') {
            true => Rational::read(digits),
            false => digits.parse::<BigInt>().ok().map(Rational::from),
        },
        Expr::List(items) => match items.as_slice() {
            [Expr::Symbol(op), inner] if op == "-" => fraction(inner).map(|number| number.negated()),
            [Expr::Symbol(op), Expr::Symbol(above), Expr::Symbol(below)] if op == "/" => {
                let number = |digits: &String| fraction(&Expr::Symbol(digits.clone()));
                number(above)?.over(&number(below)?)
            }
            _ => None,
        },
        Expr::Text(_) => None,
    }
}

/// `(fp #b0 #b01111111111 #x0000000000000)`, `(_ NaN 11 53)`, `(_ +oo 11 53)`, `(_ -zero 11 53)`.
fn floating(items: &[Expr]) -> Option<Float> {
    let bits = |expr: &Expr| match expr {
        Expr::Symbol(digits) => match digits.strip_prefix("#x") {
            Some(digits) => u64::from_str_radix(digits, 16).ok(),
            None => u64::from_str_radix(digits.strip_prefix("#b")?, 2).ok(),
        },
        _ => None,
    };
    match items {
        [Expr::Symbol(word), sign, exponent, mantissa] if word == "fp" => {
            let (sign, exponent, mantissa) = (bits(sign)?, bits(exponent)?, bits(mantissa)?);
            let fits = sign < 2 && exponent < 1 << 11 && mantissa < 1 << 52;
            fits.then(|| Float::new(f64::from_bits(sign << 63 | exponent << 52 | mantissa)))
        }
        [Expr::Symbol(word), Expr::Symbol(name), _, _] if word == "_" => {
            Some(Float::new(match name.as_str() {
                "NaN" => f64::NAN,
                "+oo" => f64::INFINITY,
                "-oo" => f64::NEG_INFINITY,
                "+zero" => 0.0,
                "-zero" => -0.0,
                _ => return None,
            }))
        }
        _ => None,
    }
}

/// A binding's value with the names around it written out, so that it means the same further in.
fn resolved(value: &Expr, bound: &HashMap<String, Expr>) -> Expr {
    if bound.is_empty() {
        return value.clone();
    }
    let bindings = bound
        .iter()
        .map(|(name, value)| Expr::List(vec![Expr::Symbol(name.clone()), value.clone()]))
        .collect();
    match value {
        Expr::Symbol(name) => bound.get(name).cloned().unwrap_or_else(|| value.clone()),
        Expr::Text(_) => value.clone(),
        Expr::List(_) => Expr::List(vec![Expr::Symbol("let".into()), Expr::List(bindings), value.clone()]),
    }
}

/// One S-expression; `None` for anything else, also for more than one.
fn parse(text: &str) -> Option<Expr> {
    if text.len() > LONGEST {
        return None;
    }
    let mut stack: Vec<Vec<Expr>> = vec![Vec::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => {}
            ';' => while chars.next_if(|c| *c != '\n').is_some() {},
            '(' => {
                if stack.len() > DEEPEST {
                    return None;
                }
                stack.push(Vec::new());
            }
            ')' => {
                let done = stack.pop()?;
                stack.last_mut()?.push(Expr::List(done));
            }
            '"' => {
                let mut raw = String::new();
                loop {
                    match chars.next()? {
                        '"' if chars.peek() == Some(&'"') => {
                            chars.next();
                            raw.push('"');
                        }
                        '"' => break,
                        c => raw.push(c),
                    }
                }
                stack.last_mut()?.push(Expr::Text(unescaped(&raw)?));
            }
            '|' => {
                let mut name = String::new();
                loop {
                    match chars.next()? {
                        '|' => break,
                        c => name.push(c),
                    }
                }
                stack.last_mut()?.push(Expr::Symbol(name));
            }
            first => {
                let mut name = String::from(first);
                while let Some(c) = chars.next_if(|c| !c.is_whitespace() && !"()\";|".contains(*c)) {
                    name.push(c);
                }
                stack.last_mut()?.push(Expr::Symbol(name));
            }
        }
    }
    let [top] = stack.as_slice() else { return None };
    match top.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

/// `\u{..}` and `\ud₃d₂d₁d₀` become characters; `None` for what is no character of ours.
fn unescaped(raw: &str) -> Option<String> {
    let mut text = String::new();
    let mut rest = raw;
    while let Some(place) = rest.find("\\u") {
        text.push_str(rest.get(..place)?);
        let after = rest.get(place + 2..)?;
        let (digits, next) = match after.strip_prefix('{') {
            Some(inner) => {
                let end = inner.find('}')?;
                (inner.get(..end)?, inner.get(end + 1..)?)
            }
            None => match after.get(..4) {
                Some(digits) => (digits, after.get(4..)?),
                None => {
                    text.push_str("\\u");
                    rest = after;
                    continue;
                }
            },
        };
        match u32::from_str_radix(digits, 16) {
            Ok(code) => text.push(char::from_u32(code)?),
            Err(_) => {
                text.push_str("\\u");
                rest = after;
                continue;
            }
        }
        rest = next;
    }
    text.push_str(rest);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logic::smtlib::{Quantifiers, script};

    #[test]
    fn replies_are_read_and_anything_else_is_not() {
        let mut f = Formulas::new();
        let pair = f.sort(SortKind::Tuple(vec![Sort::INT, Sort::STR]));
        let (x, p) = (f.fresh(Sort::INT), f.fresh(pair));
        let zero = f.int(0);
        let first = f.select(0, 0, p);
        let claim = f.lt(zero, first);
        let script = script(&f, &[claim], &[x, p], Quantifiers::Opaque).unwrap();
        let ctor = script.constructors.keys().next().unwrap().clone();
        let reply = format!("((v1 (- 12))\n (v0 (let ((a!1 \"x\\u{{e9}}\"\"\")) ({ctor} 3 a!1))))");
        let read = values(&f, &script, &[Sort::INT, pair], &reply);
        assert_eq!(read[0], Some(Value::int(-12)));
        assert_eq!(read[1], Some(Value::tuple(vec![Value::int(3), Value::text("xé\"")])));
        for bad in ["", "((v1 1)", "((v1 1))", "(error \"no\")", "((v1 x) (v0 y))"] {
            assert!(values(&f, &script, &[Sort::INT, pair], bad).iter().all(Option::is_none), "{bad}");
        }
    }
}
