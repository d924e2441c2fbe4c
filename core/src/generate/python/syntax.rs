//! The part of Python that is generated, as data. Text is made from it in one place, [`super::print`], so that
//! precedence and escaping are decided once.

use crate::ir::{Float, Rational};
use num_bigint::BigInt;

/// Expressions.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expr {
    Name(String),
    Int(BigInt),
    /// A `float` that is not negative, as written.
    Decimal(String),
    Str(String),
    Bool(bool),
    None,
    Call(Box<Expr>, Vec<Expr>, Vec<(String, Expr)>),
    Attribute(Box<Expr>, String),
    Index(Box<Expr>, Box<Expr>),
    /// `value[start:stop:step]`
    Slice(Box<Expr>, Option<Box<Expr>>, Option<Box<Expr>>, Option<Box<Expr>>),
    Negative(Box<Expr>),
    Not(Box<Expr>),
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// `a < b <= c`
    Compare(Box<Expr>, Vec<(Comparison, Expr)>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    /// `yes if cond else no`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    Lambda(Vec<String>, Box<Expr>),
    List(Vec<Expr>),
    Tuple(Vec<Expr>),
    Starred(Box<Expr>),
    Comprehension(Box<Comprehension>),
    /// An f-string.
    Format(Vec<Piece>),
}

/// `[element for target in iter if condition ...]`
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Comprehension {
    pub brackets: Brackets,
    pub element: Expr,
    pub clauses: Vec<For>,
}

/// One `for` of a comprehension with its conditions.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct For {
    pub target: Expr,
    pub iter: Expr,
    pub conditions: Vec<Expr>,
}

/// What a comprehension makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Brackets {
    List,
    Generator,
}

/// A piece of an f-string: text, or the `repr` of a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    Text(String),
    Repr(Expr),
}

/// Arithmetic operators. `Concat` is `+` on lists, which must never become `+=`: that changes a list in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binary {
    Add,
    Concat,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
}

/// Comparison operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    /// `<` and `<=` on `float`: neither is the opposite of the other way round.
    FloatLt,
    FloatLe,
    In,
    NotIn,
    Is,
    IsNot,
}

/// Statements in order.
pub(super) type Block = Vec<Stmt>;

/// Statements.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Stmt {
    Assign(Expr, Expr),
    /// `name: annotation = value`
    Declare(String, String, Expr),
    Augment(Expr, Binary, Expr),
    Return(Expr),
    /// `if`, then `elif` and `else` as a nested block.
    If(Expr, Block, Block),
    While(Expr, Block),
    /// Target, iterable, body, `else`.
    For(Expr, Expr, Block, Block),
    Match(Expr, Vec<Case>),
    /// Exception class and message.
    Raise(String, Expr),
    Assert(Expr, Expr),
    Expr(Expr),
    Break,
    Continue,
    Function(Function),
}

/// A `def` inside another.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Function {
    pub name: String,
    /// Names with annotations.
    pub params: Vec<(String, Option<String>)>,
    pub result: Option<String>,
    pub docstring: Option<String>,
    pub body: Block,
}

/// One `case`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Case {
    pub pattern: Pattern,
    pub guard: Option<Expr>,
    pub body: Block,
}

/// Patterns.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Pattern {
    Wildcard,
    Capture(String),
    /// A literal or a dotted name.
    Value(Expr),
    /// Class, patterns by position, patterns by name.
    Class(String, Vec<Pattern>, Vec<(String, Pattern)>),
    List(Vec<Pattern>),
    Tuple(Vec<Pattern>),
    /// `*rest` or `*_`.
    Star(Option<String>),
}

impl Expr {
    pub(super) fn name(name: impl Into<String>) -> Self {
        Expr::Name(name.into())
    }

    pub(super) fn int(n: impl Into<BigInt>) -> Self {
        Expr::Int(n.into())
    }

    /// `Fraction(3, 2)`
    pub(super) fn fraction(number: &Rational) -> Self {
        let mut args = vec![Expr::Int(number.numerator().clone())];
        if *number.denominator() != BigInt::from(1) {
            args.push(Expr::Int(number.denominator().clone()));
        }
        Expr::call("Fraction", args)
    }

    /// `1.5`, `-0.0`, `float("inf")`
    pub(super) fn float(number: Float) -> Self {
        let (value, size) = (number.get(), Float::new(number.get().abs()));
        let size = match value {
            _ if value.is_nan() => return Expr::call("float", vec![Expr::Str("nan".to_owned())]),
            _ if value.is_infinite() => Expr::call("float", vec![Expr::Str("inf".to_owned())]),
            _ => Expr::Decimal(size.decimal().trim_end_matches('f').to_owned()),
        };
        if value.is_sign_negative() { Expr::Negative(Box::new(size)) } else { size }
    }

    /// `name(args)`
    pub(super) fn call(name: &str, args: Vec<Expr>) -> Self {
        Expr::name(name).called(args)
    }

    pub(super) fn called(self, args: Vec<Expr>) -> Self {
        Expr::Call(Box::new(self), args, Vec::new())
    }

    /// `self.name(args)`
    pub(super) fn method(self, name: &str, args: Vec<Expr>) -> Self {
        self.attribute(name).called(args)
    }

    pub(super) fn attribute(self, name: &str) -> Self {
        Expr::Attribute(Box::new(self), name.to_owned())
    }

    pub(super) fn index(self, index: Expr) -> Self {
        Expr::Index(Box::new(self), Box::new(index))
    }

    pub(super) fn slice(self, start: Option<Expr>, stop: Option<Expr>) -> Self {
        Expr::Slice(Box::new(self), start.map(Box::new), stop.map(Box::new), None)
    }

    pub(super) fn binary(op: Binary, left: Expr, right: Expr) -> Self {
        Expr::Binary(op, Box::new(left), Box::new(right))
    }

    /// `left + right` on texts or lists (`op` says which), grouped to the left as people write it.
    pub(super) fn joined(op: Binary, left: Expr, right: Expr) -> Self {
        match right {
            Expr::Binary(inner, first, second) if inner == op => {
                Expr::binary(op, Expr::joined(op, left, *first), *second)
            }
            right => Expr::binary(op, left, right),
        }
    }

    pub(super) fn compare(op: Comparison, left: Expr, right: Expr) -> Self {
        Expr::Compare(Box::new(left), vec![(op, right)])
    }

    pub(super) fn choose(cond: Expr, yes: Expr, no: Expr) -> Self {
        Expr::If(Box::new(cond), Box::new(yes), Box::new(no))
    }

    pub(super) fn absent(self) -> Self {
        Expr::compare(Comparison::Is, self, Expr::None)
    }

    pub(super) fn present(self) -> Self {
        Expr::compare(Comparison::IsNot, self, Expr::None)
    }

    /// Its negation, written as people do.
    pub(super) fn negated(self) -> Self {
        match self {
            Expr::Not(inner) => *inner,
            Expr::Bool(b) => Expr::Bool(!b),
            Expr::Compare(left, rest) => match (&*left, rest.as_slice()) {
                // `n < 0` for the opposite of `0 <= n`.
                (_, [(Comparison::FloatLt | Comparison::FloatLe, _)]) => {
                    Expr::Not(Box::new(Expr::Compare(left, rest)))
                }
                (Expr::Int(_), [(op, right)]) if !matches!(right, Expr::Int(_)) => {
                    match op.opposite().mirrored() {
                        Some(op) => Expr::compare(op, right.clone(), *left),
                        None => Expr::compare(op.opposite(), *left, right.clone()),
                    }
                }
                (_, [(op, right)]) => Expr::compare(op.opposite(), *left, right.clone()),
                _ => Expr::Not(Box::new(Expr::Compare(left, rest))),
            },
            other => Expr::Not(Box::new(other)),
        }
    }

    /// Both hold; `a <= x and x < b` becomes one chain when `x` is a name.
    pub(super) fn and(self, other: Expr) -> Self {
        let mut parts = match self {
            Expr::And(parts) => parts,
            single => vec![single],
        };
        let more = match other {
            Expr::And(parts) => parts,
            single => vec![single],
        };
        for next in more {
            let chained = parts.last().and_then(|last| chain(last, &next));
            match chained {
                Some(chained) => {
                    parts.pop();
                    parts.push(chained);
                }
                None => parts.push(next),
            }
        }
        if parts.len() == 1 { parts.remove(0) } else { Expr::And(parts) }
    }

    /// Either holds.
    pub(super) fn or(self, other: Expr) -> Self {
        let mut parts = match self {
            Expr::Or(parts) => parts,
            single => vec![single],
        };
        match other {
            Expr::Or(more) => parts.extend(more),
            single => parts.push(single),
        }
        Expr::Or(parts)
    }

    /// Costs nothing to write twice and cannot fail.
    pub(super) fn is_atom(&self) -> bool {
        match self {
            Expr::Name(_) | Expr::Int(_) | Expr::Decimal(_) | Expr::Str(_) | Expr::Bool(_) | Expr::None => {
                true
            }
            Expr::Attribute(inner, _) => inner.is_atom(),
            _ => false,
        }
    }

    /// A list comprehension read once needs no list.
    pub(super) fn iterated(self) -> Self {
        match self {
            Expr::Comprehension(mut inner) => {
                inner.brackets = Brackets::Generator;
                Expr::Comprehension(inner)
            }
            other => other,
        }
    }
}

/// `a < x` and `x < b` as `a < x < b`, when `x` is a name and both point the same way.
fn chain(left: &Expr, right: &Expr) -> Option<Expr> {
    let (Expr::Compare(first, rest), Expr::Compare(middle, more)) = (left, right) else { return None };
    let (last_op, last) = rest.last()?;
    let (next_op, _) = more.first()?;
    let same_way = match last_op {
        Comparison::Lt | Comparison::Le => matches!(next_op, Comparison::Lt | Comparison::Le),
        Comparison::Gt | Comparison::Ge => matches!(next_op, Comparison::Gt | Comparison::Ge),
        Comparison::FloatLt | Comparison::FloatLe => {
            matches!(next_op, Comparison::FloatLt | Comparison::FloatLe)
        }
        _ => false,
    };
    if !same_way || last != &**middle || !last.is_atom() {
        return None;
    }
    Some(Expr::Compare(first.clone(), rest.iter().chain(more).cloned().collect()))
}

impl Comparison {
    /// The comparison with its sides exchanged.
    fn mirrored(self) -> Option<Self> {
        match self {
            Comparison::Eq | Comparison::Ne => Some(self),
            Comparison::Lt => Some(Comparison::Gt),
            Comparison::Le => Some(Comparison::Ge),
            Comparison::Gt => Some(Comparison::Lt),
            Comparison::Ge => Some(Comparison::Le),
            Comparison::FloatLt | Comparison::FloatLe => None,
            Comparison::In | Comparison::NotIn | Comparison::Is | Comparison::IsNot => None,
        }
    }

    fn opposite(self) -> Self {
        match self {
            Comparison::Eq => Comparison::Ne,
            Comparison::Ne => Comparison::Eq,
            Comparison::Lt => Comparison::Ge,
            Comparison::Le => Comparison::Gt,
            Comparison::Gt => Comparison::Le,
            Comparison::Ge => Comparison::Lt,
            // These have none; see [`Expr::negated`].
            Comparison::FloatLt | Comparison::FloatLe => self,
            Comparison::In => Comparison::NotIn,
            Comparison::NotIn => Comparison::In,
            Comparison::Is => Comparison::IsNot,
            Comparison::IsNot => Comparison::Is,
        }
    }
}
