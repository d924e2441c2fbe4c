//! What a refinement says of one unknown, as an exact set, when it says it in a form that a grammar can repeat.
//!
//! A predicate is *understood* when it is a combination by `&&`, `||`, `!`, `==>`, `<=>` of atoms, each of which
//! compares a linear expression in the unknown with a constant. Understanding is exact in both directions or
//! there is none: what is not understood becomes a residual, whole.

use std::collections::BTreeSet;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, Zero};

use super::intset::IntSet;
use crate::ir::{DeclId, HoleId, Literal, Op, Program, Term, TermKind};

/// The longest number, in bits, that a grammar spells out; it is about 60 digits.
const LONGEST: u64 = 200;
/// How deep a predicate may nest to be understood.
const DEEPEST: usize = 200;

/// What the prelude calls the number of elements, by type.
const LENGTH: [&str; 5] = ["length", "str_length", "set_size", "size", "bytes_length"];
/// Whether that is 0.
const EMPTY: [&str; 5] = ["is_empty", "str_is_empty", "set_is_empty", "map_is_empty", "bytes_is_empty"];

/// Sets closed under the connectives, as far as each is.
pub(super) trait Domain: Sized {
    fn all() -> Self;
    fn none() -> Self;
    fn and(&self, other: &Self) -> Option<Self>;
    fn or(&self, other: &Self) -> Option<Self>;
    fn not(&self) -> Option<Self>;
}

impl Domain for IntSet {
    fn all() -> Self {
        IntSet::all()
    }

    fn none() -> Self {
        IntSet::empty()
    }

    fn and(&self, other: &Self) -> Option<Self> {
        Some(self.intersection(other))
    }

    fn or(&self, other: &Self) -> Option<Self> {
        Some(self.union(other))
    }

    fn not(&self) -> Option<Self> {
        Some(self.complement())
    }
}

/// A set of truth values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BoolSet {
    pub(super) with_true: bool,
    pub(super) with_false: bool,
}

impl Domain for BoolSet {
    fn all() -> Self {
        BoolSet { with_true: true, with_false: true }
    }

    fn none() -> Self {
        BoolSet { with_true: false, with_false: false }
    }

    fn and(&self, other: &Self) -> Option<Self> {
        Some(BoolSet {
            with_true: self.with_true && other.with_true,
            with_false: self.with_false && other.with_false,
        })
    }

    fn or(&self, other: &Self) -> Option<Self> {
        Some(BoolSet {
            with_true: self.with_true || other.with_true,
            with_false: self.with_false || other.with_false,
        })
    }

    fn not(&self) -> Option<Self> {
        Some(BoolSet { with_true: !self.with_true, with_false: !self.with_false })
    }
}

/// A set of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TextSet {
    /// Exactly these.
    Choice(BTreeSet<String>),
    /// All whose number of code points is in the set, which has no negative element.
    Length(IntSet),
}

impl TextSet {
    pub(super) fn length(lengths: &IntSet) -> Self {
        TextSet::Length(lengths.intersection(&IntSet::at_least(0)))
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            TextSet::Choice(texts) => texts.is_empty(),
            TextSet::Length(lengths) => lengths.is_empty(),
        }
    }
}

/// The number of code points.
pub(super) fn code_points(text: &str) -> BigInt {
    text.chars().count().into()
}

impl Domain for TextSet {
    fn all() -> Self {
        TextSet::length(&IntSet::all())
    }

    fn none() -> Self {
        TextSet::Choice(BTreeSet::new())
    }

    fn and(&self, other: &Self) -> Option<Self> {
        Some(match (self, other) {
            (TextSet::Choice(a), TextSet::Choice(b)) => TextSet::Choice(a & b),
            (TextSet::Length(a), TextSet::Length(b)) => TextSet::Length(a.intersection(b)),
            (TextSet::Choice(texts), TextSet::Length(lengths))
            | (TextSet::Length(lengths), TextSet::Choice(texts)) => TextSet::Choice(
                texts.iter().filter(|text| lengths.contains(&code_points(text))).cloned().collect(),
            ),
        })
    }

    fn or(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (TextSet::Choice(a), TextSet::Choice(b)) => Some(TextSet::Choice(a | b)),
            (TextSet::Length(a), TextSet::Length(b)) => Some(TextSet::Length(a.union(b))),
            (TextSet::Choice(texts), TextSet::Length(lengths))
            | (TextSet::Length(lengths), TextSet::Choice(texts)) => {
                let more = |text: &&String| !lengths.contains(&code_points(text));
                if texts.iter().any(|text| more(&text) && !text.is_empty()) {
                    return None;
                }
                // The empty text is the one text known by its length.
                let empty = if texts.contains("") { IntSet::just(0) } else { IntSet::empty() };
                Some(TextSet::Length(lengths.union(&empty)))
            }
        }
    }

    fn not(&self) -> Option<Self> {
        match self {
            TextSet::Length(lengths) => Some(TextSet::length(&lengths.complement())),
            TextSet::Choice(texts) if texts.is_empty() => Some(TextSet::all()),
            TextSet::Choice(texts) if texts.iter().all(String::is_empty) => {
                Some(TextSet::Length(IntSet::at_least(1)))
            }
            TextSet::Choice(_) => None,
        }
    }
}

/// What a predicate is about.
#[derive(Clone, Copy)]
pub(super) enum Unknown {
    /// A variable, by index.
    Var(usize),
    /// A hole.
    Hole(HoleId),
}

/// A predicate about one unknown, the subject.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    pub(super) program: &'a Program,
    pub(super) subject: Unknown,
}

impl Question<'_> {
    /// The integers for which the predicate is true.
    pub(super) fn integers(self, predicate: &Term) -> Option<IntSet> {
        understand(predicate, &|atom| self.linear_atom(atom, &|term| self.is_subject(term)))
    }

    /// The lengths for which the predicate about a list, or the sizes for which one about a collection, is true.
    pub(super) fn lengths(self, predicate: &Term) -> Option<IntSet> {
        understand(predicate, &|atom| self.length_atom(atom))
    }

    /// The truth values for which the predicate is true.
    pub(super) fn booleans(self, predicate: &Term) -> Option<BoolSet> {
        let only = |truth: bool| BoolSet { with_true: truth, with_false: !truth };
        understand(predicate, &|atom| match &*atom.kind {
            _ if self.is_subject(atom) => Some(only(true)),
            TermKind::Op(op @ (Op::Eq | Op::Ne), args) => match args.as_slice() {
                [_, a, b] => {
                    let (constant, other) = match (truth(a), truth(b)) {
                        (Some(constant), None) => (constant, b),
                        (None, Some(constant)) => (constant, a),
                        _ => return None,
                    };
                    self.is_subject(other).then(|| only(constant == (*op == Op::Eq)))
                }
                _ => None,
            },
            _ => None,
        })
    }

    /// The texts for which the predicate is true.
    pub(super) fn texts(self, predicate: &Term) -> Option<TextSet> {
        understand(predicate, &|atom| {
            if let Some(lengths) = self.length_atom(atom) {
                return Some(TextSet::length(&lengths));
            }
            let TermKind::Op(op @ (Op::Eq | Op::Ne), args) = &*atom.kind else { return None };
            let [_, a, b] = args.as_slice() else { return None };
            let text = match (text(a), text(b)) {
                (Some(text), None) if self.is_subject(b) => text,
                (None, Some(text)) if self.is_subject(a) => text,
                _ => return None,
            };
            let choice = TextSet::Choice(BTreeSet::from([text]));
            if *op == Op::Eq { Some(choice) } else { choice.not() }
        })
    }

    fn is_subject(self, term: &Term) -> bool {
        match (&*term.kind, self.subject) {
            (TermKind::Var(index), Unknown::Var(subject)) => *index == subject,
            (TermKind::Hole(id), Unknown::Hole(subject)) => *id == subject,
            _ => false,
        }
    }

    /// `length(subject) < 5`, `is_empty(subject)`; for sets, maps and bytes too.
    fn length_atom(self, atom: &Term) -> Option<IntSet> {
        if self.is_call(atom, &EMPTY) {
            return Some(IntSet::just(0));
        }
        self.linear_atom(atom, &|term| self.is_call(term, &LENGTH))
    }

    /// Whether the term calls one of these definitions of the prelude on the subject alone.
    fn is_call(self, term: &Term, names: &[&str]) -> bool {
        let (head, args) = term.spine();
        let TermKind::Global(id @ DeclId(place)) = &*head.kind else { return false };
        let named = self.program.decl(*id).is_some_and(|decl| names.contains(&&*decl.name));
        let from_prelude = usize::try_from(*place).is_ok_and(|place| place < self.program.prelude_len);
        let mut explicit = args.iter().filter(|arg| arg.icit == crate::ir::Icit::Explicit);
        let on_subject = explicit.next().is_some_and(|arg| self.is_subject(&arg.term));
        named && from_prelude && on_subject && explicit.next().is_none()
    }

    /// A comparison of two linear expressions in one unknown.
    fn linear_atom(self, atom: &Term, is_unknown: &dyn Fn(&Term) -> bool) -> Option<IntSet> {
        let TermKind::Op(op, args) = &*atom.kind else { return None };
        let (left, right) = match (op, args.as_slice()) {
            (Op::Eq | Op::Ne, [_, left, right]) => (left, right),
            (Op::Lt | Op::Le | Op::Gt | Op::Ge, [left, right]) => (left, right),
            _ => return None,
        };
        let (left, right) = (linear(left, is_unknown)?, linear(right, is_unknown)?);
        // `slope * unknown + offset  op  0`
        let slope = left.slope - right.slope;
        let offset = left.offset - right.offset;
        if slope.bits().max(offset.bits()) > LONGEST {
            return None;
        }
        Some(match op {
            Op::Le => at_most_zero(&slope, &offset),
            Op::Lt => at_most_zero(&slope, &(offset + 1)),
            Op::Ge => at_most_zero(&-slope, &-offset),
            Op::Gt => at_most_zero(&-slope, &(-offset + 1)),
            Op::Ne => zero(&slope, &offset).complement(),
            _ => zero(&slope, &offset),
        })
    }
}

/// The conjuncts of a predicate, left to right.
pub(super) fn conjuncts(predicate: &Term) -> Vec<Term> {
    let mut found = Vec::new();
    let mut rest = vec![predicate.clone()];
    while let Some(term) = rest.pop() {
        match &*term.kind {
            TermKind::Op(Op::And, args) => rest.extend(args.iter().rev().cloned()),
            _ => found.push(term),
        }
    }
    found
}

fn understand<S: Domain>(predicate: &Term, atom: &dyn Fn(&Term) -> Option<S>) -> Option<S> {
    combine(predicate, atom, DEEPEST)
}

fn combine<S: Domain>(predicate: &Term, atom: &dyn Fn(&Term) -> Option<S>, depth: usize) -> Option<S> {
    let depth = depth.checked_sub(1)?;
    let one = |term: &Term| combine(term, atom, depth);
    let both = |args: &[Term]| match args {
        [a, b] => Some((one(a)?, one(b)?)),
        _ => None,
    };
    match &*predicate.kind {
        TermKind::Lit(Literal::Bool(true)) => Some(S::all()),
        TermKind::Lit(Literal::Bool(false)) => Some(S::none()),
        TermKind::Op(op, args) => match op {
            Op::And => both(args).and_then(|(a, b)| a.and(&b)),
            Op::Or => both(args).and_then(|(a, b)| a.or(&b)),
            Op::Implies => both(args).and_then(|(a, b)| a.not()?.or(&b)),
            Op::Iff => both(args).and_then(|(a, b)| a.and(&b)?.or(&a.not()?.and(&b.not()?)?)),
            Op::Not => one(args.first()?)?.not(),
            _ => atom(predicate),
        },
        _ => atom(predicate),
    }
}

/// `slope * unknown + offset`
struct Linear {
    slope: BigInt,
    offset: BigInt,
}

fn linear(term: &Term, is_unknown: &dyn Fn(&Term) -> bool) -> Option<Linear> {
    linear_within(term, is_unknown, DEEPEST)
}

fn linear_within(term: &Term, is_unknown: &dyn Fn(&Term) -> bool, depth: usize) -> Option<Linear> {
    let depth = depth.checked_sub(1)?;
    if is_unknown(term) {
        return Some(Linear { slope: 1.into(), offset: BigInt::zero() });
    }
    match &*term.kind {
        TermKind::Lit(Literal::Int(n)) => Some(Linear { slope: BigInt::zero(), offset: n.clone() }),
        TermKind::Op(op, args) => {
            let a = linear_within(args.first()?, is_unknown, depth)?;
            if *op == Op::Neg {
                return Some(Linear { slope: -a.slope, offset: -a.offset });
            }
            let b = linear_within(args.get(1)?, is_unknown, depth)?;
            match op {
                Op::Add => Some(Linear { slope: a.slope + b.slope, offset: a.offset + b.offset }),
                Op::Sub => Some(Linear { slope: a.slope - b.slope, offset: a.offset - b.offset }),
                Op::Mul if a.slope.is_zero() => {
                    Some(Linear { slope: &a.offset * b.slope, offset: a.offset * b.offset })
                }
                Op::Mul if b.slope.is_zero() => {
                    Some(Linear { slope: a.slope * &b.offset, offset: a.offset * b.offset })
                }
                _ => None,
            }
        }
        _ => None,
    }
    .filter(|linear| linear.slope.bits().max(linear.offset.bits()) <= LONGEST)
}

/// Where `slope * n + offset <= 0`.
fn at_most_zero(slope: &BigInt, offset: &BigInt) -> IntSet {
    if slope.is_zero() {
        return if offset.is_positive() { IntSet::empty() } else { IntSet::all() };
    }
    // `n <= -offset / slope` rounded down, or `n >=` it rounded up when the slope is negative.
    if slope.is_positive() {
        IntSet::at_most((-offset).div_floor(slope))
    } else {
        IntSet::at_least(Integer::div_ceil(&-offset, slope))
    }
}

/// Where `slope * n + offset == 0`.
fn zero(slope: &BigInt, offset: &BigInt) -> IntSet {
    if slope.is_zero() {
        return if offset.is_zero() { IntSet::all() } else { IntSet::empty() };
    }
    let (n, rest) = (-offset).div_rem(slope);
    if rest.is_zero() { IntSet::just(n) } else { IntSet::empty() }
}

fn truth(term: &Term) -> Option<bool> {
    match &*term.kind {
        TermKind::Lit(Literal::Bool(truth)) => Some(*truth),
        _ => None,
    }
}

fn text(term: &Term) -> Option<String> {
    match &*term.kind {
        TermKind::Lit(Literal::Str(text)) => Some(text.to_string()),
        _ => None,
    }
}
