//! Floating-point numbers: worked out when they are known, otherwise left to a solver that knows IEEE 754.
//!
//! No law of arithmetic is used: not `x == x`, which NaN breaks, and none about the order of a sum. Equality of
//! formulas ([`Node::Eq`]) is identity, with one NaN and two zeros, as the evaluator compares what holds such numbers.

use crate::ir::Float;
use crate::logic::formula::{FloatOp, Formulas, Id, Node};
use crate::logic::sort::Sort;

impl Formulas {
    /// A floating-point number.
    pub fn float(&mut self, value: Float) -> Id {
        self.intern(Node::Float(value), Sort::FLOAT)
    }

    pub(super) fn as_float(&self, id: Id) -> Option<Float> {
        match self.node(id) {
            Node::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// `op` on `args`, as many as it takes.
    pub fn float_op(&mut self, op: FloatOp, args: Vec<Id>) -> Id {
        let known: Option<Vec<f64>> = args.iter().map(|arg| self.as_float(*arg).map(Float::get)).collect();
        let made = |this: &mut Self, value: f64| Some(this.float(Float::new(value)));
        let folded = match (op, known.as_deref()) {
            (FloatOp::Add, Some([a, b])) => made(self, a + b),
            (FloatOp::Sub, Some([a, b])) => made(self, a - b),
            (FloatOp::Mul, Some([a, b])) => made(self, a * b),
            (FloatOp::Div, Some([a, b])) => made(self, a / b),
            (FloatOp::Neg, Some([a])) => made(self, -a),
            (FloatOp::Equal, Some([a, b])) => Some(Formulas::truth(a == b)),
            (FloatOp::Less, Some([a, b])) => Some(Formulas::truth(a < b)),
            (FloatOp::AtMost, Some([a, b])) => Some(Formulas::truth(a <= b)),
            _ => None,
        };
        let sort = match op {
            FloatOp::Add | FloatOp::Sub | FloatOp::Mul | FloatOp::Div | FloatOp::Neg => Sort::FLOAT,
            FloatOp::Equal | FloatOp::Less | FloatOp::AtMost => Sort::BOOL,
        };
        folded.unwrap_or_else(|| self.intern(Node::FloatOp(op, args), sort))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logic::tableau;

    #[test]
    fn no_law_of_fractions_is_one_of_floats() {
        let mut f = Formulas::new();
        let (x, y) = (f.fresh(Sort::FLOAT), f.fresh(Sort::FLOAT));
        let op = |f: &mut Formulas, op, a, b| f.float_op(op, vec![a, b]);
        let equal = op(&mut f, FloatOp::Equal, x, x);
        let (less, at_most) = (op(&mut f, FloatOp::Less, x, y), op(&mut f, FloatOp::AtMost, y, x));
        let either = f.or(vec![less, at_most]);
        let (one, other) = (op(&mut f, FloatOp::Add, x, y), op(&mut f, FloatOp::Sub, x, x));
        let zero = f.float(Float::new(0.0));
        let nothing = op(&mut f, FloatOp::Equal, other, zero);
        let back = op(&mut f, FloatOp::Sub, one, y);
        let round = op(&mut f, FloatOp::Equal, back, x);
        for claim in [equal, either, nothing, round] {
            assert!(!tableau::follows(&mut f, &[], claim));
        }
        // Identity is no comparison of numbers.
        let (minus, nan) = (f.float(Float::new(-0.0)), f.float(Float::new(f64::NAN)));
        assert_eq!(f.eq(zero, minus), Id::FALSE);
        assert_eq!(op(&mut f, FloatOp::Equal, zero, minus), Id::TRUE);
        assert_eq!(f.eq(nan, nan), Id::TRUE);
        assert_eq!(op(&mut f, FloatOp::Equal, nan, nan), Id::FALSE);
        let same = f.eq(x, nan);
        assert!(!tableau::follows(&mut f, &[same], equal));
    }
}
