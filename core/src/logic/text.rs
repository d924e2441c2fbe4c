//! Operations on texts, worked out when their arguments are known.
//!
//! SMT-LIB's characters end at U+2FFFF and include surrogates; ours are Unicode scalar values. The two have the
//! same first-order properties as far as order and equality can tell as long as no literal comes near the end, so
//! a text with a character above [`LAST_CHARACTER`] is opaque: nothing is proved of its letters.

use crate::logic::formula::{Formulas, Id, Node, StrOp};
use crate::logic::sort::Sort;
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};
use std::sync::Arc;

/// The last character a literal may hold to be known to a solver.
pub(super) const LAST_CHARACTER: char = '\u{1FFFF}';

/// Texts longer than this are not worked out but left to the solver.
const LONGEST_FOLD: usize = 10_000;

impl Formulas {
    /// A literal text.
    pub fn text(&mut self, text: &str) -> Id {
        if text.chars().any(|c| c > LAST_CHARACTER) {
            return self.opaque(Sort::STR, Vec::new());
        }
        self.intern(Node::Text(Arc::from(text)), Sort::STR)
    }

    fn as_text(&self, id: Id) -> Option<Arc<str>> {
        match self.node(id) {
            Node::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// `op` on `args`, which are as many and of the sorts that it takes.
    pub fn text_op(&mut self, op: StrOp, args: Vec<Id>) -> Id {
        if let Some(known) = self.fold_text(op, &args) {
            return known;
        }
        let sort = match op {
            StrOp::Length | StrOp::IndexOf | StrOp::ToInt => Sort::INT,
            StrOp::Contains | StrOp::IsPrefix | StrOp::IsSuffix | StrOp::Less | StrOp::AtMost => Sort::BOOL,
            StrOp::Append | StrOp::Substring | StrOp::ReplaceAll | StrOp::FromInt | StrOp::At => Sort::STR,
        };
        self.intern(Node::Str(op, args), sort)
    }

    fn fold_text(&mut self, op: StrOp, args: &[Id]) -> Option<Id> {
        if op == StrOp::Append {
            return Some(self.append_texts(args));
        }
        if let (StrOp::Length, [only]) = (op, args)
            && let Node::Str(StrOp::Append, parts) = self.node(*only).clone()
        {
            let zero = self.int(0);
            return Some(parts.into_iter().fold(zero, |sum, part| {
                let length = self.text_op(StrOp::Length, vec![part]);
                self.add(sum, length)
            }));
        }
        if matches!(op, StrOp::AtMost | StrOp::Contains | StrOp::IsPrefix | StrOp::IsSuffix)
            && args.first() == args.get(1)
        {
            return Some(Id::TRUE);
        }
        if op == StrOp::Less && args.first() == args.get(1) {
            return Some(Id::FALSE);
        }
        let texts: Vec<Option<Arc<str>>> = args.iter().map(|arg| self.as_text(*arg)).collect();
        let text = |n: usize| texts.get(n).cloned().flatten().filter(|text| text.len() <= LONGEST_FOLD);
        let number = |n: usize| args.get(n).and_then(|arg| self.as_int(*arg)).cloned();
        let folded = match op {
            StrOp::Length => Folded::Int(BigInt::from(text(0)?.chars().count())),
            StrOp::Contains => Folded::Bool(text(0)?.contains(&*text(1)?)),
            StrOp::IsPrefix => Folded::Bool(text(1)?.starts_with(&*text(0)?)),
            StrOp::IsSuffix => Folded::Bool(text(1)?.ends_with(&*text(0)?)),
            StrOp::Less => Folded::Bool(text(0)? < text(1)?),
            StrOp::AtMost => Folded::Bool(text(0)? <= text(1)?),
            StrOp::Substring => Folded::Text(substring(&text(0)?, &number(1)?, &number(2)?)),
            StrOp::At => Folded::Text(substring(&text(0)?, &number(1)?, &BigInt::from(1))),
            StrOp::FromInt => {
                let value = number(0)?;
                Folded::Text(if value.is_negative() { String::new() } else { value.to_string() })
            }
            StrOp::ToInt => {
                let text = text(0)?;
                let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                Folded::Int(if digits { text.parse().ok()? } else { BigInt::from(-1) })
            }
            StrOp::IndexOf => {
                let (whole, part) = (text(0)?, text(1)?);
                let start = number(2)?.to_usize().filter(|start| *start == 0)?;
                let place =
                    whole.find(&*part).map(|byte| whole.get(..byte).unwrap_or("").chars().count() + start);
                Folded::Int(place.map_or(BigInt::from(-1), BigInt::from))
            }
            StrOp::ReplaceAll => {
                let part = text(1)?;
                if part.is_empty() {
                    return None;
                }
                Folded::Text(text(0)?.replace(&*part, &text(2)?))
            }
            StrOp::Append => return None,
        };
        Some(match folded {
            Folded::Int(value) => self.int(value),
            Folded::Bool(value) => Formulas::truth(value),
            Folded::Text(value) => self.text(&value),
        })
    }

    fn append_texts(&mut self, args: &[Id]) -> Id {
        let mut parts: Vec<Id> = Vec::new();
        for arg in args {
            match self.node(*arg).clone() {
                Node::Str(StrOp::Append, inner) => parts.extend(inner),
                _ => parts.push(*arg),
            }
        }
        let mut joined: Vec<Id> = Vec::new();
        for part in parts {
            let Some(text) = self.as_text(part) else {
                joined.push(part);
                continue;
            };
            match joined.last().and_then(|last| self.as_text(*last)) {
                _ if text.is_empty() => {}
                Some(before) if before.len() + text.len() <= LONGEST_FOLD => {
                    joined.pop();
                    let both = self.text(&format!("{before}{text}"));
                    joined.push(both);
                }
                _ => joined.push(part),
            }
        }
        match joined.as_slice() {
            [] => self.text(""),
            [only] => *only,
            _ => self.intern(Node::Str(StrOp::Append, joined), Sort::STR),
        }
    }
}

enum Folded {
    Int(BigInt),
    Bool(bool),
    Text(String),
}

/// SMT-LIB's `str.substr`: empty out of range, as much as there is inside.
fn substring(text: &str, start: &BigInt, count: &BigInt) -> String {
    let length = text.chars().count();
    if start.is_negative() || !count.is_positive() || *start >= BigInt::from(length) {
        return String::new();
    }
    let start = start.to_usize().unwrap_or(length);
    let count = count.to_usize().unwrap_or(length);
    text.chars().skip(start).take(count).collect()
}
