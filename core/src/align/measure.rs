//! What is measured and not computed: `latency <= 5 ms`, `readability >= 0.8`.
//!
//! Numbers are compared exactly, as fractions of powers of ten; units of one family are brought to the same one.

use super::contract::Contract;
use super::words::words;
use super::{ClauseKind, How, MOST_COMPARED, Pair, one_line};
use crate::syntax::tree::{BinaryOp, Expr, ExprKind, IntentDecl, Measure, UnaryOp};
use num_bigint::BigInt;
use std::cmp::Ordering;

/// More digits than anybody measures; longer numbers are compared as text only.
const MOST_DIGITS: usize = 400;

/// A measure taken apart.
pub(super) struct Bounded<'d> {
    /// What is measured; the whole condition where it is not of the usual form.
    pub subject: &'d str,
    /// How it is bounded; `None` when it is not, or in no way that can be compared.
    pub bound: Option<Bound<'d>>,
    /// Whether there is any condition at all.
    pub conditional: bool,
}

/// A comparison with a number.
pub(super) struct Bound<'d> {
    pub op: BinaryOp,
    number: Number,
    unit: Option<&'d str>,
}

/// `digits * 10 ^ -scale`.
struct Number {
    digits: BigInt,
    scale: usize,
}

impl<'d> Bounded<'d> {
    /// Reads `subject op number [unit]`, either way round.
    pub fn read(text: &'d str, measure: &'d Measure) -> Self {
        let unit = measure.unit.as_ref().map(|unit| unit.name.as_str());
        let whole = Bounded { subject: measure.body.span.slice(text), bound: None, conditional: true };
        match &measure.body.kind {
            ExprKind::Name(name) => Bounded { subject: name, bound: None, conditional: false },
            ExprKind::Binary(op, left, right) => {
                let (name, number, op) = match (&left.kind, &right.kind) {
                    (ExprKind::Name(name), _) => (name, right, *op),
                    (_, ExprKind::Name(name)) => (name, left, turned(*op)),
                    _ => return whole,
                };
                let bound = Number::read(number).map(|number| Bound { op, number, unit });
                Bounded { subject: name, bound, conditional: true }
            }
            _ => whole,
        }
    }
}

fn turned(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Lt => BinaryOp::Gt,
        BinaryOp::Le => BinaryOp::Ge,
        BinaryOp::Gt => BinaryOp::Lt,
        BinaryOp::Ge => BinaryOp::Le,
        other => other,
    }
}

impl Number {
    fn read(expr: &Expr) -> Option<Number> {
        match &expr.kind {
            ExprKind::Int(digits) => Some(Number { digits: digits.clone(), scale: 0 }),
            ExprKind::Decimal(text) => {
                let (whole, fraction) = text.trim_end_matches('f').split_once('.')?;
                if text.len() > MOST_DIGITS {
                    return None;
                }
                let digits = format!("{whole}{fraction}").parse().ok()?;
                Some(Number { digits, scale: fraction.len() })
            }
            ExprKind::Unary(UnaryOp::Neg, inner) => {
                Number::read(inner).map(|number| Number { digits: -number.digits, ..number })
            }
            _ => None,
        }
    }

    /// This number, multiplied, as a whole number of `10 ^ -scale`.
    fn scaled(&self, factor: u64, scale: usize) -> BigInt {
        let power = u32::try_from(scale.saturating_sub(self.scale)).unwrap_or(u32::MAX);
        &self.digits * factor * BigInt::from(10).pow(power)
    }
}

/// How many of the smallest unit of its family a unit is.
fn family(unit: &str) -> Option<(&'static str, u64)> {
    Some(match unit {
        "ns" => ("time", 1),
        "us" => ("time", 1_000),
        "ms" => ("time", 1_000_000),
        "s" | "sec" | "second" | "seconds" => ("time", 1_000_000_000),
        "min" | "minute" | "minutes" => ("time", 60_000_000_000),
        "h" | "hour" | "hours" => ("time", 3_600_000_000_000),
        "cent" | "cents" => ("dollars", 1),
        "dollar" | "dollars" | "usd" => ("dollars", 100),
        "b" | "byte" | "bytes" => ("size", 1),
        "kb" => ("size", 1_000),
        "mb" => ("size", 1_000_000),
        "gb" => ("size", 1_000_000_000),
        "percent" => ("share", 1),
        _ => return None,
    })
}

/// How a bound of a spec relates to the one that is wished for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// What meets the spec meets the wish.
    Implies,
    /// The spec allows more.
    Weaker,
    /// They are of different units or forms.
    Incomparable,
}

/// Whether a stated bound implies a wished one.
pub(super) fn relation(stated: &Bound<'_>, wished: &Bound<'_>) -> Relation {
    let factors = match (stated.unit, wished.unit) {
        (a, b) if a == b => Some((1, 1)),
        (Some(a), Some(b)) => match (family(a), family(b)) {
            (Some((one, a)), Some((other, b))) if one == other => Some((a, b)),
            _ => None,
        },
        // 0.99 is 99 percent.
        (Some("percent"), None) => Some((1, 100)),
        (None, Some("percent")) => Some((100, 1)),
        _ => None,
    };
    let Some((here, there)) = factors else { return Relation::Incomparable };
    let scale = stated.number.scale.max(wished.number.scale);
    let order = stated.number.scaled(here, scale).cmp(&wished.number.scaled(there, scale));
    let implied = match (stated.op, wished.op) {
        (BinaryOp::Lt | BinaryOp::Eq, BinaryOp::Le)
        | (BinaryOp::Lt, BinaryOp::Lt)
        | (BinaryOp::Le, BinaryOp::Le) => order != Ordering::Greater,
        (BinaryOp::Le | BinaryOp::Eq, BinaryOp::Lt) => order == Ordering::Less,
        (BinaryOp::Gt | BinaryOp::Eq, BinaryOp::Ge)
        | (BinaryOp::Gt, BinaryOp::Gt)
        | (BinaryOp::Ge, BinaryOp::Ge) => order != Ordering::Less,
        (BinaryOp::Ge | BinaryOp::Eq, BinaryOp::Gt) => order == Ordering::Greater,
        (BinaryOp::Eq, BinaryOp::Eq) => order == Ordering::Equal,
        _ => return Relation::Incomparable,
    };
    if implied { Relation::Implies } else { Relation::Weaker }
}

/// The measures of an intent and the clauses that bound them, numbered behind its goals.
pub(super) fn pairs(text: &str, intent: &IntentDecl, contract: &Contract<'_>) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let measures = intent.constraints.iter().chain(&intent.metrics);
    let few = (intent.constraints.len() + intent.metrics.len()) * contract.clauses.len() <= MOST_COMPARED;
    for (number, measure) in measures.enumerate() {
        let atom = intent.goals.len() + number;
        let wished = Bounded::read(text, measure);
        for (clause, stated) in contract.clauses.iter().enumerate() {
            let found = if let Some(bound) = &stated.bound {
                (bound.subject == wished.subject)
                    .then(|| (How::Name, 100, format!("both bound `{}`", wished.subject)))
            } else if stated.label == Some(wished.subject) {
                Some((How::Name, 100, format!("the clause is called `{}`", wished.subject)))
            } else if !few {
                None
            } else if stated.kind == ClauseKind::Ensures && bound_on(stated.body, wished.subject).is_some() {
                Some((How::Structure, 90, format!("the clause bounds `{}`", wished.subject)))
            } else if mentions(stated.body, wished.subject) {
                Some((How::Suggested, 60, format!("the clause mentions `{}`", wished.subject)))
            } else {
                let (asked, said) = (words(wished.subject), words(&one_line(text, stated.body.span)));
                let common: Vec<&String> = asked.intersection(&said).collect();
                common.first().map(|word| (How::Suggested, 40, format!("both speak of `{word}`")))
            };
            pairs.extend(found.map(|(how, confidence, because)| Pair {
                atom,
                clause,
                how,
                confidence,
                because,
            }));
        }
    }
    pairs
}

/// The comparison with a number that a condition, or one of its conjuncts, is for what a name stands in.
pub(super) fn bound_on<'d>(condition: &Expr, name: &str) -> Option<Bound<'d>> {
    let mut todo = vec![condition];
    while let Some(expr) = todo.pop() {
        let ExprKind::Binary(op, left, right) = &expr.kind else { continue };
        let (number, op) = match op {
            BinaryOp::And => {
                todo.extend([&**right, &**left]);
                continue;
            }
            op if mentions(left, name) => (right, *op),
            op if mentions(right, name) => (left, turned(*op)),
            _ => continue,
        };
        if let Some(number) = Number::read(number) {
            return Some(Bound { op, number, unit: None });
        }
    }
    None
}

/// Whether a name stands anywhere in an expression.
pub(super) fn mentions(expr: &Expr, name: &str) -> bool {
    let mut todo = vec![expr];
    while let Some(expr) = todo.pop() {
        if matches!(&expr.kind, ExprKind::Name(other) if other == name) {
            return true;
        }
        expr.for_each_child(&mut |child| todo.push(child));
    }
    false
}
