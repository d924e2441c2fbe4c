//! Formulas: typed first-order terms, hash-consed in an arena.
//!
//! Every node is built by a smart constructor (here and in `connective`, `arithmetic`, `data`, `text`) that
//! normalises: equal nodes have equal ids, so a hypothesis that is the goal is found by comparing numbers. A
//! child's id is always smaller than its parent's.
//!
//! Binders ([`Scope`]) are canonical: a bound variable is named by a number above every other bound number in its
//! bodies, so two formulas that differ in names of bound variables alone are one node. While a body is being
//! worked on its variables are fresh constants; nothing but [`Formulas::bind`] makes bound variables, and
//! nothing but [`Formulas::replace`] and [`Formulas::instantiate`] takes them apart, so nothing is captured.

use crate::ir::{DeclId, Float, HoleId, Rational};
use crate::logic::sort::{Abstract, Sort, SortKind};
use num_bigint::BigInt;
use std::collections::HashMap;
use std::sync::Arc;

/// A node of an arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub(super) u32);

/// A function symbol of an arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sym(pub(super) u32);

impl Id {
    /// Truth; the same in every arena.
    pub const TRUE: Id = Id(0);
    /// Falsehood; the same in every arena.
    pub const FALSE: Id = Id(1);
}

/// Forms of formulas and terms.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Node {
    /// A truth value.
    Bool(bool),
    /// A text.
    Text(Arc<str>),
    /// A constant plus multiples of integer terms that are not themselves linear, by ascending id.
    Linear(BigInt, Vec<(Id, BigInt)>),
    /// A product of two or more terms, ascending.
    Mul(Vec<Id>),
    /// Floor division by a divisor that is positive, or of which it does not matter.
    Div(Id, Id),
    /// The remainder of [`Node::Div`].
    Mod(Id, Id),
    /// An integer term that is at most 0.
    Le(Id),
    /// An integer term that is 0.
    Zero(Id),
    /// A constant plus multiples of fractions that are not themselves sums, by ascending id.
    RealSum(Rational, Vec<(Id, Rational)>),
    /// A product of two or more fractions, ascending.
    RealMul(Vec<Id>),
    /// Division of fractions by one that is not known; unspecified for 0.
    RealDiv(Id, Id),
    /// A fraction that is at most 0.
    RealLe(Id),
    /// A fraction that is 0.
    RealZero(Id),
    /// A whole number as a fraction.
    ToReal(Id),
    /// The greatest whole number that is not above a fraction.
    Floor(Id),
    /// A floating-point number.
    Float(Float),
    /// An operation on floating-point numbers.
    FloatOp(FloatOp, Vec<Id>),
    /// Equality at a sort that is neither `Int`, `Real` nor `Bool`; smaller id first.
    Eq(Id, Id),
    /// Negation of an atom.
    Not(Id),
    /// Two or more, ascending.
    And(Vec<Id>),
    /// Two or more, ascending.
    Or(Vec<Id>),
    /// Equality of truth values.
    Iff(Id, Id),
    /// Condition, then, else.
    Ite(Id, Id, Id),
    /// A value of a tuple or data sort: sort, constructor, fields.
    Construct(Sort, usize, Vec<Id>),
    /// Field number `1` of a value made by constructor number `0`; unspecified for other values.
    Select(usize, usize, Id),
    /// Whether a value was made by that constructor.
    Is(usize, Id),
    /// A function value and its argument.
    Apply(Id, Id),
    /// A symbol and its arguments; constants have none.
    App(Sym, Vec<Id>),
    /// An operation on texts.
    Str(StrOp, Vec<Id>),
    /// A variable of an enclosing [`Scope`].
    Bound(u32, Sort),
    /// True when the one body is true for all values of the variables.
    Forall(Scope),
}

/// Variables ([`Node::Bound`]) and what they are bound in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scope {
    /// What is bound.
    pub vars: Vec<Id>,
    /// Where.
    pub bodies: Vec<Id>,
}

/// Operations on texts with the meaning SMT-LIB gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StrOp {
    /// Number of code points.
    Length,
    /// Two or more texts in order.
    Append,
    /// Whole, part.
    Contains,
    /// Prefix, whole.
    IsPrefix,
    /// Suffix, whole.
    IsSuffix,
    /// Text, start, count.
    Substring,
    /// Text, part, start; -1 when there is none.
    IndexOf,
    /// Text, part, by; part is not empty.
    ReplaceAll,
    /// Decimal digits of a number that is not negative; empty for a negative one.
    FromInt,
    /// The number whose decimal digits these are; -1 when it is not one or more digits.
    ToInt,
    /// Text of one code point, or empty out of range.
    At,
    /// By code points.
    Less,
    /// By code points.
    AtMost,
}

/// Operations of IEEE 754 on 64 bits, rounding to the nearest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum FloatOp {
    Add,
    Sub,
    Mul,
    Div,
    Neg,
    /// NaN equals nothing, `-0.0` equals `0.0`.
    Equal,
    Less,
    AtMost,
}

/// What a function symbol means.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Symbol {
    /// A constant: a parameter, or a variable while its scope is being worked on.
    Free(u32),
    /// The value of something the logic does not know, as a function of everything it may depend on.
    Opaque(u32),
    /// A definition at these sorts for its type parameters.
    Def(DeclId, Vec<Sort>),
    /// One run of a definition with effects at these sorts: the number tells runs apart. Its arguments are the
    /// definition's and everything in scope.
    Run(DeclId, Vec<Sort>, u32),
    /// A hole, as a function of its context.
    Hole(HoleId),
    /// `xs[i]` on lists of this sort.
    At(Sort),
    /// Whether a value of this data sort consists of values that meet the predicates, one body and one variable
    /// for each type parameter.
    Conforms(Sort, Scope),
    /// Whether a function value takes every `x` that meets the first body to an `r` that meets the second; the
    /// variables are `x` and `r`.
    Respects(Calls, Scope),
    /// Whether a function value of this sort may be applied to an argument: whether that runs into no error.
    Safe(Sort),
    /// A function value of this sort: its variable, the outcome, and whether it may be applied. Two functions with
    /// the same outcomes are not the same value when one may be applied where the other may not.
    Closure(Sort, Scope),
    /// An argument at which a function value breaks [`Symbol::Respects`], if there is one.
    Witness(Calls, Scope),
    /// A value that meets predicate `2` of the first scope and not that of the second, if there is one.
    Between(Scope, Scope, usize),
    /// A value for variable `1` at which the body is false, if there is one: a function of the body, never of
    /// whether it is true everywhere, which is replaced by a truth value once that is known.
    Skolem(Scope, usize),
}

/// What is asked of a function value besides its outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Calls {
    /// That it may be applied to whatever meets the domain.
    Allowed,
    /// Nothing: formulas are about outcomes, and those of a call that may not be made are arbitrary.
    Any,
}

#[derive(Debug, Clone)]
struct Entry {
    node: Node,
    sort: Sort,
    /// The highest number of a bound variable in it.
    height: u32,
}

#[derive(Debug, Clone)]
struct SymbolEntry {
    symbol: Symbol,
    args: Vec<Sort>,
    result: Sort,
}

/// The arena.
#[derive(Debug, Clone)]
pub struct Formulas {
    nodes: Vec<Entry>,
    index: HashMap<Node, Id>,
    symbols: Vec<SymbolEntry>,
    symbol_index: HashMap<Symbol, Sym>,
    sorts: Vec<SortKind>,
    sort_index: HashMap<SortKind, Sort>,
    /// The sorts of the fields of each constructor, for tuples and data.
    fields: HashMap<Sort, Vec<Vec<Sort>>>,
    pub(super) negations: HashMap<Id, Id>,
    fresh: u32,
}

impl Default for Formulas {
    fn default() -> Self {
        Formulas::new()
    }
}

impl Formulas {
    /// An empty arena.
    pub fn new() -> Self {
        let mut arena = Formulas {
            nodes: Vec::new(),
            index: HashMap::new(),
            symbols: Vec::new(),
            symbol_index: HashMap::new(),
            sorts: Vec::new(),
            sort_index: HashMap::new(),
            fields: HashMap::new(),
            negations: HashMap::new(),
            fresh: 0,
        };
        for kind in [SortKind::Int, SortKind::Bool, SortKind::Str, SortKind::Real, SortKind::Float] {
            arena.sort(kind);
        }
        arena.intern(Node::Bool(true), Sort::BOOL);
        arena.intern(Node::Bool(false), Sort::BOOL);
        arena
    }

    /// How many nodes it holds: a measure of the work done.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Never: truth and falsehood are always there.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    // Sorts.

    /// The sort of that kind. The fields of data sorts are given with [`Formulas::set_fields`].
    pub fn sort(&mut self, kind: SortKind) -> Sort {
        if let Some(sort) = self.sort_index.get(&kind) {
            return *sort;
        }
        let sort = Sort(self.sorts.len() as u32);
        if let SortKind::Tuple(items) = &kind {
            self.fields.insert(sort, vec![items.clone()]);
        }
        self.sorts.push(kind.clone());
        self.sort_index.insert(kind, sort);
        sort
    }

    /// Whether the sort was made before.
    pub fn known_sort(&self, kind: &SortKind) -> Option<Sort> {
        self.sort_index.get(kind).copied()
    }

    /// How many sorts there are.
    pub fn sort_count(&self) -> usize {
        self.sorts.len()
    }

    /// What a sort is.
    pub fn kind(&self, sort: Sort) -> &SortKind {
        // Ids come from this arena; a foreign one reads as Bool.
        self.sorts.get(sort.0 as usize).unwrap_or(&SortKind::Bool)
    }

    /// The sort of `()`.
    pub fn unit_sort(&mut self) -> Sort {
        self.sort(SortKind::Tuple(Vec::new()))
    }

    /// A sort unlike every other.
    pub fn unknown_sort(&mut self) -> Sort {
        self.fresh += 1;
        self.sort(SortKind::Abstract(Abstract::Unknown(self.fresh)))
    }

    /// Says what the constructors of a data sort hold.
    pub fn set_fields(&mut self, sort: Sort, fields: Vec<Vec<Sort>>) {
        self.fields.insert(sort, fields);
    }

    /// The sorts of the fields of each constructor; `None` for sorts without constructors.
    pub fn fields(&self, sort: Sort) -> Option<&Vec<Vec<Sort>>> {
        self.fields.get(&sort)
    }

    // Nodes.

    pub(super) fn intern(&mut self, node: Node, sort: Sort) -> Id {
        if let Some(id) = self.index.get(&node) {
            return *id;
        }
        let height = self.height_of(&node);
        let id = Id(self.nodes.len() as u32);
        self.nodes.push(Entry { node: node.clone(), sort, height });
        self.index.insert(node, id);
        id
    }

    fn height_of(&self, node: &Node) -> u32 {
        match node {
            Node::Bound(number, _) => *number,
            _ => self.parts(node).into_iter().map(|child| self.height(child)).max().unwrap_or(0),
        }
    }

    /// Every node directly inside, also behind binders.
    fn parts(&self, node: &Node) -> Vec<Id> {
        let mut parts = children_of(node);
        let scope = match node {
            Node::Forall(scope) => Some(scope),
            Node::App(sym, _) => match self.symbol(*sym) {
                Symbol::Conforms(_, scope)
                | Symbol::Respects(_, scope)
                | Symbol::Closure(_, scope)
                | Symbol::Witness(_, scope)
                | Symbol::Skolem(scope, _) => Some(scope),
                _ => None,
            },
            _ => None,
        };
        if let Some(scope) = scope {
            parts.extend(scope.vars.iter().chain(&scope.bodies));
        }
        parts
    }

    /// What a node is.
    pub fn node(&self, id: Id) -> &Node {
        match self.nodes.get(id.0 as usize) {
            Some(entry) => &entry.node,
            None => &Node::Bool(false),
        }
    }

    /// The sort of a node.
    pub fn sort_of(&self, id: Id) -> Sort {
        self.nodes.get(id.0 as usize).map_or(Sort::BOOL, |entry| entry.sort)
    }

    /// The highest number of a bound variable in it, bound there or not; 0 when there is none.
    pub fn height(&self, id: Id) -> u32 {
        self.nodes.get(id.0 as usize).map_or(0, |entry| entry.height)
    }

    /// The nodes directly inside, not looking behind binders.
    pub fn children(&self, id: Id) -> Vec<Id> {
        children_of(self.node(id))
    }

    /// Every node reachable from `roots` without going behind binders, ascending: children before parents.
    pub fn reachable(&self, roots: impl IntoIterator<Item = Id>) -> Vec<Id> {
        let mut seen = std::collections::BTreeSet::new();
        let mut todo: Vec<Id> = roots.into_iter().collect();
        while let Some(id) = todo.pop() {
            if seen.insert(id) {
                todo.extend(self.children(id));
            }
        }
        seen.into_iter().collect()
    }

    // Symbols.

    /// The symbol with these argument sorts and result; one symbol always has the same.
    pub fn symbol_id(&mut self, symbol: Symbol, args: Vec<Sort>, result: Sort) -> Sym {
        if let Some(sym) = self.symbol_index.get(&symbol) {
            return *sym;
        }
        let sym = Sym(self.symbols.len() as u32);
        self.symbols.push(SymbolEntry { symbol: symbol.clone(), args, result });
        self.symbol_index.insert(symbol, sym);
        sym
    }

    /// What a symbol means.
    pub fn symbol(&self, sym: Sym) -> &Symbol {
        self.symbols.get(sym.0 as usize).map_or(&Symbol::Free(u32::MAX), |entry| &entry.symbol)
    }

    /// Argument sorts and result.
    pub fn signature(&self, sym: Sym) -> (&[Sort], Sort) {
        self.symbols.get(sym.0 as usize).map_or((&[], Sort::BOOL), |entry| (&entry.args, entry.result))
    }

    /// A symbol applied; the sorts of the arguments are the symbol's.
    pub fn app(&mut self, symbol: Symbol, args: Vec<Id>, result: Sort) -> Id {
        let sorts: Vec<Sort> = args.iter().map(|arg| self.sort_of(*arg)).collect();
        let sym = self.symbol_id(symbol, sorts, result);
        self.intern(Node::App(sym, args), result)
    }

    /// The symbol and arguments of an application.
    pub fn as_app(&self, id: Id) -> Option<(&Symbol, &[Id])> {
        match self.node(id) {
            Node::App(sym, args) => Some((self.symbol(*sym), args)),
            _ => None,
        }
    }

    /// A new constant.
    pub fn fresh(&mut self, sort: Sort) -> Id {
        self.fresh += 1;
        self.app(Symbol::Free(self.fresh), Vec::new(), sort)
    }

    /// A value of which nothing is known but that it depends on `on` alone.
    pub fn opaque(&mut self, sort: Sort, on: Vec<Id>) -> Id {
        self.fresh += 1;
        self.app(Symbol::Opaque(self.fresh), on, sort)
    }
}

fn children_of(node: &Node) -> Vec<Id> {
    match node {
        Node::Bool(_) | Node::Text(_) | Node::Float(_) | Node::Bound(..) | Node::Forall(_) => Vec::new(),
        Node::RealSum(_, terms) => terms.iter().map(|(id, _)| *id).collect(),
        Node::Linear(_, terms) => terms.iter().map(|(id, _)| *id).collect(),
        Node::Mul(ids) | Node::RealMul(ids) | Node::And(ids) | Node::Or(ids) => ids.clone(),
        Node::Construct(_, _, ids) | Node::App(_, ids) | Node::Str(_, ids) | Node::FloatOp(_, ids) => {
            ids.clone()
        }
        Node::RealDiv(a, b) => vec![*a, *b],
        Node::RealLe(a) | Node::RealZero(a) | Node::ToReal(a) | Node::Floor(a) => vec![*a],
        Node::Div(a, b) | Node::Mod(a, b) | Node::Eq(a, b) | Node::Iff(a, b) | Node::Apply(a, b) => {
            vec![*a, *b]
        }
        Node::Le(a) | Node::Zero(a) | Node::Not(a) | Node::Select(_, _, a) | Node::Is(_, a) => vec![*a],
        Node::Ite(a, b, c) => vec![*a, *b, *c],
    }
}
