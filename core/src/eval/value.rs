//! Values: what evaluation ends in.
//!
//! A value is data all the way down: functions keep their environment, and what a hole stops is kept as a
//! [`Stuck`] operation on values, so that a result can be printed, compared, stored and one day resumed.
//! Cloning is cheap (composites are shared). No operation here recurses natively on the depth of a value: a list
//! of a million elements is a chain of a million cells, and it is compared and dropped by a loop.

use crate::ir::{DeclId, Float, HoleId, Op, Rational, Term, TermKind};
use crate::syntax::span::Span;
use num_bigint::BigInt;
use std::mem;
use std::sync::Arc;

/// A final result: a value proper, or one that a hole keeps open ([`Value::Stuck`]).
#[derive(Clone)]
pub enum Value {
    /// An unbounded integer.
    Int(BigInt),
    /// An exact fraction.
    Real(Arc<Rational>),
    /// A floating-point number.
    Float(Float),
    /// `true` or `false`.
    Bool(bool),
    /// A sequence of code points.
    Str(Arc<str>),
    /// `()`.
    Unit,
    /// Two or more components.
    Tuple(Arc<Tuple>),
    /// A constructor with its fields; lists, options and entities are data too.
    Data(Arc<Data>),
    /// A `\x. e` and the environment it was made in.
    Closure(Arc<Closure>),
    /// A definition or constructor that still waits for arguments.
    Partial(Arc<Partial>),
    /// A type given as an argument; never looked at except to check contracts.
    Type(Arc<TypeClosure>),
    /// What cannot go on before a hole is filled (or a quantifier is decided).
    Stuck(Arc<Stuck>),
}

/// The components of a tuple, two or more.
pub struct Tuple {
    /// Left to right.
    pub items: Vec<Value>,
}

/// A constructor applied to all its fields.
pub struct Data {
    /// The data type.
    pub decl: DeclId,
    /// The constructor's number.
    pub ctor: usize,
    /// Its fields, without the data type's parameters.
    pub fields: Vec<Value>,
}

/// A function value: `term` is a [`crate::ir::TermKind::Lam`] under `env`.
pub struct Closure {
    /// The lambda.
    pub term: Term,
    /// What its free variables stand for.
    pub env: Env,
}

/// A head applied to fewer arguments than it takes; type arguments are among `args`.
pub struct Partial {
    /// What waits.
    pub head: Head,
    /// What it has.
    pub args: Vec<Value>,
}

/// A thing that takes arguments by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Head {
    /// A definition.
    Def(DeclId),
    /// A constructor.
    Con(DeclId, usize),
}

/// A type and the environment it is read in.
pub struct TypeClosure {
    /// The type.
    pub term: Term,
    /// What its free variables stand for.
    pub env: Env,
}

/// An operation that waits for a value it does not have.
pub enum Stuck {
    /// A hole, with the values of its context, outermost first.
    Hole(HoleId, Vec<Value>),
    /// A strict operator (the compared type left out); at least one operand is stuck.
    Op(Op, Vec<Value>),
    /// `&&`, `||`, `==>` whose left side is stuck; the right side waits.
    Lazy(Op, Value, Term, Env),
    /// A stuck function and its arguments.
    Apply(Value, Vec<Value>),
    /// A definition that needs a stuck argument before it can do anything.
    Call(DeclId, Vec<Value>),
    /// `if` on a stuck condition: condition, then, else.
    If(Value, Term, Term, Env),
    /// `match` on a value not known well enough to choose an arm; the term is the whole match.
    Match(Value, Term, Env),
    /// A field of a stuck entity.
    Field(DeclId, usize, Value),
    /// A quantifier over a domain that cannot be enumerated, and why.
    Undecidable(Term, Env, Arc<str>),
    /// A term the checker rejected.
    Broken(Span),
}

/// The values of the variables in scope: index 0 is the innermost. Extending is cheap and shares the rest.
#[derive(Clone, Default)]
pub struct Env {
    node: Option<Arc<EnvNode>>,
    trusted: bool,
}

struct EnvNode {
    value: Value,
    parent: Env,
}

/// What a structural comparison finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sameness {
    /// Equal everywhere, nothing open.
    Same,
    /// They differ in a place both know.
    Different,
    /// No difference in what is known; a hole (or a function) decides the rest.
    Unknown,
}

impl Value {
    /// A machine integer as a value.
    pub fn int(n: impl Into<BigInt>) -> Self {
        Value::Int(n.into())
    }

    /// A fraction.
    pub fn real(number: impl Into<Rational>) -> Self {
        Value::Real(Arc::new(number.into()))
    }

    /// A floating-point number.
    pub fn float(number: f64) -> Self {
        Value::Float(Float::new(number))
    }

    /// A text.
    pub fn text(s: &str) -> Self {
        Value::Str(Arc::from(s))
    }

    /// A constructor applied to its fields.
    pub fn data(decl: DeclId, ctor: usize, fields: Vec<Value>) -> Self {
        Value::Data(Arc::new(Data { decl, ctor, fields }))
    }

    /// A tuple of two or more.
    pub fn tuple(items: Vec<Value>) -> Self {
        Value::Tuple(Arc::new(Tuple { items }))
    }

    /// A list of the prelude; `list` is [`crate::ir::Program::list`].
    pub fn list<I>(list: DeclId, items: I) -> Self
    where
        I: IntoIterator<Item = Value>,
        I::IntoIter: DoubleEndedIterator,
    {
        let nil = Value::data(list, NIL, Vec::new());
        items.into_iter().rev().fold(nil, |tail, head| Value::data(list, CONS, vec![head, tail]))
    }

    /// An option of the prelude; `option` is [`crate::ir::Program::option`].
    pub fn option(option: DeclId, value: Option<Value>) -> Self {
        match value {
            None => Value::data(option, NONE, Vec::new()),
            Some(value) => Value::data(option, SOME, vec![value]),
        }
    }

    /// What is stuck, as a value.
    pub fn stuck(stuck: Stuck) -> Self {
        Value::Stuck(Arc::new(stuck))
    }

    /// The elements of a list whose spine is known to the end; `None` for anything else.
    pub fn elements(&self, list: DeclId) -> Option<Vec<&Value>> {
        let (elements, rest) = self.spine(list);
        rest.is_none().then_some(elements)
    }

    /// The known elements of a list, and what follows them when that is not the empty list.
    pub fn spine(&self, list: DeclId) -> (Vec<&Value>, Option<&Value>) {
        let mut elements = Vec::new();
        let mut rest = self;
        loop {
            match rest {
                Value::Data(data) if data.decl == list => match data.fields.as_slice() {
                    [head, tail] if data.ctor == CONS => {
                        elements.push(head);
                        rest = tail;
                    }
                    _ => return (elements, None),
                },
                _ => return (elements, Some(rest)),
            }
        }
    }

    /// Whether nothing in it waits for a hole. Functions count as known.
    pub fn is_known(&self) -> bool {
        let mut todo = vec![self];
        while let Some(value) = todo.pop() {
            match value {
                Value::Stuck(_) => return false,
                Value::Tuple(tuple) => todo.extend(&tuple.items),
                Value::Data(data) => todo.extend(&data.fields),
                Value::Partial(partial) => todo.extend(&partial.args),
                Value::Int(_) | Value::Real(_) | Value::Float(_) => {}
                Value::Bool(_) | Value::Str(_) | Value::Unit => {}
                Value::Closure(_) | Value::Type(_) => {}
            }
        }
        true
    }

    /// Structural comparison, left to right; a known difference wins over what is open.
    pub fn same(&self, other: &Value) -> Sameness {
        let mut result = Sameness::Same;
        let mut todo = vec![(self, other)];
        while let Some(pair) = todo.pop() {
            let equal = match pair {
                (Value::Int(a), Value::Int(b)) => a == b,
                (Value::Real(a), Value::Real(b)) => a == b,
                (Value::Float(a), Value::Float(b)) => a == b,
                (Value::Bool(a), Value::Bool(b)) => a == b,
                (Value::Str(a), Value::Str(b)) => a == b,
                (Value::Unit, Value::Unit) => true,
                (Value::Tuple(a), Value::Tuple(b)) => {
                    todo.extend(a.items.iter().zip(&b.items).rev());
                    a.items.len() == b.items.len()
                }
                (Value::Data(a), Value::Data(b)) => {
                    todo.extend(a.fields.iter().zip(&b.fields).rev());
                    (a.decl, a.ctor, a.fields.len()) == (b.decl, b.ctor, b.fields.len())
                }
                (Value::Stuck(_) | Value::Closure(_) | Value::Partial(_) | Value::Type(_), _)
                | (_, Value::Stuck(_) | Value::Closure(_) | Value::Partial(_) | Value::Type(_)) => {
                    result = Sameness::Unknown;
                    true
                }
                _ => false,
            };
            if !equal {
                return Sameness::Different;
            }
        }
        result
    }

    /// Whether dropping it can reach another value.
    fn is_composite(&self) -> bool {
        !matches!(
            self,
            Value::Int(_) | Value::Real(_) | Value::Float(_) | Value::Bool(_) | Value::Str(_) | Value::Unit
        )
    }
}

/// A type argument of which nothing is known: no refinement hides in it.
pub(super) fn unknown_type() -> Value {
    Value::Type(Arc::new(TypeClosure { term: TermKind::Universe.into_term(), env: Env::new() }))
}

/// Equal means known to be equal: a value that waits for a hole equals nothing.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.same(other) == Sameness::Same
    }
}

/// The prelude's constructor numbers.
pub const NIL: usize = 0;
/// See [`NIL`].
pub const CONS: usize = 1;
/// See [`NIL`].
pub const NONE: usize = 0;
/// See [`NIL`].
pub const SOME: usize = 1;

impl Env {
    /// The empty environment.
    pub fn new() -> Self {
        Env::default()
    }

    /// An environment of these values, outermost first.
    pub fn of(values: impl IntoIterator<Item = Value>) -> Self {
        values.into_iter().fold(Env::new(), |env, value| env.with(value))
    }

    /// This environment with one more variable inside.
    pub fn with(&self, value: Value) -> Self {
        Env { node: Some(Arc::new(EnvNode { value, parent: self.clone() })), trusted: self.trusted }
    }

    /// The empty environment for terms of the prelude, whose calls of itself are proved and not checked again.
    pub(super) fn trusted() -> Self {
        Env { node: None, trusted: true }
    }

    /// Whether the term read in it was written in the prelude.
    pub(super) fn is_trusted(&self) -> bool {
        self.trusted
    }

    /// The value of variable `index`.
    pub fn get(&self, index: usize) -> Option<&Value> {
        self.iter().nth(index)
    }

    /// The values, innermost first.
    pub fn iter(&self) -> impl Iterator<Item = &Value> {
        let mut next = self.node.as_deref();
        std::iter::from_fn(move || {
            let node = next?;
            next = node.parent.node.as_deref();
            Some(&node.value)
        })
    }

    /// The innermost `count` values, outermost of them first.
    pub fn innermost(&self, count: usize) -> Vec<Value> {
        let mut values: Vec<Value> = self.iter().take(count).cloned().collect();
        values.reverse();
        values
    }
}

/// A part of something being taken apart.
enum Piece {
    Value(Value),
    Env(Env),
}

/// Drops a structure of any depth with a loop: whoever holds the last reference to a node gives its children to
/// the list before the node itself goes.
fn dismantle(mut pieces: Vec<Piece>) {
    while let Some(piece) = pieces.pop() {
        match piece {
            Piece::Env(mut env) => {
                if let Some(mut node) = env.node.take().and_then(Arc::into_inner) {
                    node.release(&mut pieces);
                }
            }
            Piece::Value(Value::Tuple(node)) => release_last(node, &mut pieces),
            Piece::Value(Value::Data(node)) => release_last(node, &mut pieces),
            Piece::Value(Value::Closure(node)) => release_last(node, &mut pieces),
            Piece::Value(Value::Partial(node)) => release_last(node, &mut pieces),
            Piece::Value(Value::Type(node)) => release_last(node, &mut pieces),
            Piece::Value(Value::Stuck(node)) => release_last(node, &mut pieces),
            Piece::Value(_) => {}
        }
    }
}

/// A node that owns values or environments.
trait Release {
    /// Moves what it owns to `pieces`, leaving something trivial behind.
    fn release(&mut self, pieces: &mut Vec<Piece>);
}

fn release_last<T: Release>(node: Arc<T>, pieces: &mut Vec<Piece>) {
    if let Some(mut node) = Arc::into_inner(node) {
        node.release(pieces);
    }
}

fn release_values(values: &mut Vec<Value>, pieces: &mut Vec<Piece>) {
    pieces.extend(mem::take(values).into_iter().filter(Value::is_composite).map(Piece::Value));
}

fn release_value(value: &mut Value, pieces: &mut Vec<Piece>) {
    if value.is_composite() {
        pieces.push(Piece::Value(mem::replace(value, Value::Unit)));
    }
}

fn release_env(env: &mut Env, pieces: &mut Vec<Piece>) {
    if env.node.is_some() {
        pieces.push(Piece::Env(mem::take(env)));
    }
}

macro_rules! drop_by_dismantling {
    ($($node:ty),*) => {$(
        impl Drop for $node {
            fn drop(&mut self) {
                let mut pieces = Vec::new();
                self.release(&mut pieces);
                dismantle(pieces);
            }
        }
    )*};
}
drop_by_dismantling!(Tuple, Data, Closure, Partial, TypeClosure, Stuck, EnvNode);

impl Release for Tuple {
    fn release(&mut self, pieces: &mut Vec<Piece>) {
        release_values(&mut self.items, pieces);
    }
}

impl Release for Data {
    fn release(&mut self, pieces: &mut Vec<Piece>) {
        release_values(&mut self.fields, pieces);
    }
}

impl Release for Closure {
    fn release(&mut self, pieces: &mut Vec<Piece>) {
        release_env(&mut self.env, pieces);
    }
}

impl Release for Partial {
    fn release(&mut self, pieces: &mut Vec<Piece>) {
        release_values(&mut self.args, pieces);
    }
}

impl Release for TypeClosure {
    fn release(&mut self, pieces: &mut Vec<Piece>) {
        release_env(&mut self.env, pieces);
    }
}

impl Release for EnvNode {
    fn release(&mut self, pieces: &mut Vec<Piece>) {
        release_value(&mut self.value, pieces);
        release_env(&mut self.parent, pieces);
    }
}

impl Release for Stuck {
    fn release(&mut self, pieces: &mut Vec<Piece>) {
        match self {
            Stuck::Hole(_, values) | Stuck::Op(_, values) | Stuck::Call(_, values) => {
                release_values(values, pieces);
            }
            Stuck::Apply(function, arguments) => {
                release_value(function, pieces);
                release_values(arguments, pieces);
            }
            Stuck::Lazy(_, value, _, env) | Stuck::If(value, _, _, env) | Stuck::Match(value, _, env) => {
                release_value(value, pieces);
                release_env(env, pieces);
            }
            Stuck::Field(_, _, value) => release_value(value, pieces),
            Stuck::Undecidable(_, env, _) => release_env(env, pieces),
            Stuck::Broken(_) => {}
        }
    }
}

/// A part of an outline being written.
enum Part<'a> {
    Value(&'a Value),
    Text(&'static str),
}

fn group<'a>(todo: &mut Vec<Part<'a>>, items: &'a [Value]) {
    todo.push(Part::Text(")"));
    todo.extend(items.iter().rev().flat_map(|item| [Part::Text(" "), Part::Value(item)]));
    todo.push(Part::Text("("));
}

/// For failing tests: the outline only, cut short; people read [`crate::eval::print_value`].
impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const LONGEST: usize = 2_000;
        let mut text = String::new();
        let mut todo = vec![Part::Value(self)];
        while let Some(part) = todo.pop() {
            if text.len() > LONGEST {
                text.push_str("...");
                break;
            }
            match part {
                Part::Text(piece) => text.push_str(piece),
                Part::Value(Value::Int(n)) => text.push_str(&n.to_string()),
                Part::Value(Value::Real(n)) => text.push_str(&n.to_string()),
                Part::Value(Value::Float(n)) => text.push_str(&n.to_string()),
                Part::Value(Value::Bool(b)) => text.push_str(&b.to_string()),
                Part::Value(Value::Str(s)) => text.push_str(&format!("{s:?}")),
                Part::Value(Value::Unit) => text.push_str("()"),
                Part::Value(Value::Tuple(tuple)) => group(&mut todo, &tuple.items),
                Part::Value(Value::Data(data)) => {
                    text.push_str(&format!("{}.{}", data.decl.0, data.ctor));
                    group(&mut todo, &data.fields);
                }
                Part::Value(Value::Closure(_)) => text.push_str("<closure>"),
                Part::Value(Value::Partial(partial)) => text.push_str(&format!("<{:?}>", partial.head)),
                Part::Value(Value::Type(_)) => text.push_str("<type>"),
                Part::Value(Value::Stuck(_)) => text.push_str("<stuck>"),
            }
        }
        f.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: DeclId = DeclId(0);
    const MANY: usize = 1_000_000;

    fn long_list() -> Value {
        Value::list(LIST, (0..MANY).map(Value::int))
    }

    #[test]
    fn a_long_list_is_compared_copied_read_and_dropped_without_deep_recursion() {
        let (one, two) = (long_list(), long_list());
        assert_eq!(one.same(&two), Sameness::Same);
        assert!(one.is_known());
        assert_eq!(one.clone().elements(LIST).map(|elements| elements.len()), Some(MANY));
        assert!(format!("{one:?}").len() < 3_000);
    }

    #[test]
    fn a_long_chain_of_environments_is_dropped_without_deep_recursion() {
        let env = Env::of((0..MANY).map(Value::int));
        let stuck = (0..MANY).fold(Value::Unit, |inner, _| Value::stuck(Stuck::Field(LIST, 0, inner)));
        let closed = env.with(stuck);
        assert!(closed.get(1) == Some(&Value::int(MANY - 1)));
    }

    #[test]
    fn a_known_difference_wins_over_a_hole() {
        let hole = || Value::stuck(Stuck::Hole(HoleId(0), Vec::new()));
        let pair = |a: Value, b: Value| Value::tuple(vec![a, b]);
        assert_eq!(pair(hole(), Value::int(1)).same(&pair(hole(), Value::int(2))), Sameness::Different);
        assert_eq!(pair(hole(), Value::int(1)).same(&pair(hole(), Value::int(1))), Sameness::Unknown);
        assert!(hole() != hole());
    }
}
