//! Primitive definitions of the prelude, as the operations SMT-LIB has for them.
//!
//! Each encoding means exactly what the evaluator does wherever the precondition holds; a test compares the two on
//! random arguments. A native without an encoding stays a symbol of which only its contract is known.

use crate::ir::Native;
use crate::logic::data::{NONE, SOME};
use crate::logic::formula::{Formulas, Id, StrOp};
use crate::logic::translate::Translator;

impl Translator<'_> {
    /// The value of a primitive definition at these arguments, when it has an encoding.
    pub(super) fn native(&mut self, native: Native, args: &[Id]) -> Option<Id> {
        let f = &mut self.formulas;
        match (native, args) {
            (Native::StrLength, [text]) => Some(f.text_op(StrOp::Length, vec![*text])),
            (Native::StrContains, [text, part]) => Some(f.text_op(StrOp::Contains, vec![*text, *part])),
            (Native::StartsWith, [text, prefix]) => Some(f.text_op(StrOp::IsPrefix, vec![*prefix, *text])),
            (Native::EndsWith, [text, suffix]) => Some(f.text_op(StrOp::IsSuffix, vec![*suffix, *text])),
            (Native::Substring, [text, start, count]) => {
                Some(f.text_op(StrOp::Substring, vec![*text, *start, *count]))
            }
            (Native::Replace, [text, part, by]) => {
                Some(f.text_op(StrOp::ReplaceAll, vec![*text, *part, *by]))
            }
            (Native::StrIndexOf, [text, part]) => {
                let zero = f.int(0);
                let place = f.text_op(StrOp::IndexOf, vec![*text, *part, zero]);
                let missing = f.lt(place, zero);
                self.optional(missing, place)
            }
            (Native::ToStr, [number]) => {
                let (zero, minus) = (f.int(0), f.neg(*number));
                let negative = f.lt(*number, zero);
                let sign = f.text("-");
                let (digits, others) =
                    (f.text_op(StrOp::FromInt, vec![*number]), f.text_op(StrOp::FromInt, vec![minus]));
                let signed = f.text_op(StrOp::Append, vec![sign, others]);
                Some(f.ite(negative, signed, digits))
            }
            (Native::ParseInt, [text]) => {
                let (zero, one, minus_one) = (f.int(0), f.int(1), f.int(-1));
                let plain = f.text_op(StrOp::ToInt, vec![*text]);
                let sign = f.text("-");
                let signed = f.text_op(StrOp::IsPrefix, vec![sign, *text]);
                let length = f.text_op(StrOp::Length, vec![*text]);
                let count = f.add(length, minus_one);
                let rest = f.text_op(StrOp::Substring, vec![*text, one, count]);
                let rest = f.text_op(StrOp::ToInt, vec![rest]);
                let (no_plain, no_rest) = (f.lt(plain, zero), f.lt(rest, zero));
                let (is_plain, negated) = (f.not(no_plain), f.neg(rest));
                let value = f.ite(is_plain, plain, negated);
                let unsigned = f.not(signed);
                let no_signed = f.or(vec![unsigned, no_rest]);
                let missing = f.and2(no_plain, no_signed);
                self.optional(missing, value)
            }
            (Native::ToReal, [number]) => Some(f.to_real(*number)),
            (Native::Floor, [number]) => Some(f.floor(*number)),
            // Of numbers that are not known, only that a function says so: solvers are slow between the two.
            (Native::ToFloat, [number]) => {
                let value = f.as_real(*number)?.to_float();
                Some(f.float(value))
            }
            (Native::RealOf, [number]) => {
                let value = f.as_float(*number)?.to_rational();
                let missing = Formulas::truth(value.is_none());
                let value = f.real(value.unwrap_or_else(|| 0.into()));
                self.optional(missing, value)
            }
            _ => None,
        }
    }

    /// `None` when `missing`, otherwise `Some(value)`.
    fn optional(&mut self, missing: Id, value: Id) -> Option<Id> {
        let option = self.program.option()?;
        let held = self.formulas.sort_of(value);
        let sort = self.data_sort(option, vec![held]);
        let nothing = self.formulas.construct(sort, NONE, Vec::new());
        let something = self.formulas.construct(sort, SOME, vec![value]);
        Some(self.formulas.ite(missing, nothing, something))
    }
}
