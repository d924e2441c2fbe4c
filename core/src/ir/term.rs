//! Core terms.

use crate::ir::number::{Float, Rational};
use crate::ir::program::{DeclId, HoleId};
use crate::syntax::span::Span;
use crate::syntax::tree::Quantifier;
use num_bigint::BigInt;
use std::sync::Arc;

/// The name of a binder, kept for people only: equality of terms ignores it.
pub type Name = Arc<str>;

/// The name of a `let` that no author wrote: `let the indices: {_: Unit | a == b} = () in e` is `e`, and owes that two
/// indices of a declared type are equal, where one type was wanted and the other was found.
pub const INDICES: &str = "the indices";

/// A term with the place it came from. Cheap to clone: the form is shared.
#[derive(Debug, Clone)]
pub struct Term {
    /// The source text this was made from; the default span for what has none.
    pub span: Span,
    /// What it is.
    pub kind: Arc<TermKind>,
}

/// Whether an argument is written or worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Icit {
    /// Written by the author.
    Explicit,
    /// Found by unification: type arguments.
    Implicit,
}

/// One argument of a spine.
#[derive(Debug, Clone)]
pub struct Arg {
    /// Written or worked out.
    pub icit: Icit,
    /// The argument.
    pub term: Term,
}

/// Forms of core terms. `under n` says how many binders a child is under.
#[derive(Debug, Clone)]
pub enum TermKind {
    /// A bound variable: 0 is the innermost binder.
    Var(usize),
    /// A definition ([`crate::ir::DeclKind::Def`]) as a function; in types also an abbreviation
    /// ([`crate::ir::DeclKind::Alias`]) with its arguments in the spine: see [`Term::unfold`].
    Global(DeclId),
    /// A hole a person wrote: one unknown term. Its [`HoleInfo::context`] is either empty (it was declared) or
    /// the whole context of this place.
    ///
    /// [`HoleInfo::context`]: crate::ir::HoleInfo::context
    Hole(HoleId),
    /// An unknown of inference, solved before anyone outside `check` sees the term.
    Meta(u32),
    /// The type of types.
    Universe,
    /// `(x: A) -> B`, B under 1.
    Pi(Icit, Name, Term, Term),
    /// `\x: A. e`, e under 1.
    Lam(Icit, Name, Term, Term),
    /// A head and its arguments, never empty; the head is never itself an `App`.
    App(Term, Vec<Arg>),
    /// `let x: A = e in b`: name, A, e, b under 1.
    Let(Name, Term, Term, Term),
    /// `{x: A | p}`, p under 1. Erases to `A`.
    Refine(Name, Term, Term),
    /// A primitive type.
    Prim(PrimType),
    /// `Eff[...] A`, the result of a function: its effects, `None` for whatever they are. Erases to `A`; only
    /// [`crate::ir::effects`] looks at it.
    Eff(Option<Vec<Name>>, Term),
    /// `A * B * ...`: two or more.
    Product(Vec<Term>),
    /// `(a, b, ...)`: two or more.
    Tuple(Vec<Term>),
    /// `[a, b, ...]` with more elements than a chain of constructors may be deep: the type of an element, and the
    /// elements. What it means is what that chain means.
    List(Term, Vec<Term>),
    /// A declared data type as a type constructor, applied with `App`.
    Data(DeclId),
    /// The constructor number `1` of a data type, a function of its type arguments (implicit) and fields.
    Con(DeclId, usize),
    /// A field of an entity: the entity's declaration, the field's number, the value.
    Field(DeclId, usize, Term),
    /// A literal.
    Lit(Literal),
    /// A primitive operator, fully applied. For `Eq`/`Ne` the first argument is the (erased) type compared at.
    Op(Op, Vec<Term>),
    /// `if c then a else b`
    If(Term, Term, Term),
    /// Scrutinee, its type, arms. The first arm that matches wins.
    Match(Term, Term, Vec<Arm>),
    /// `forall x: A. p`, p under 1.
    Quant(Quantifier, Name, Term, Term),
    /// A term that could not be checked; reported already. Evaluates to an indeterminate result.
    Error,
}

/// One arm of a match; `body` is under [`Pattern::binders`].
#[derive(Debug, Clone)]
pub struct Arm {
    /// What it matches.
    pub pattern: Pattern,
    /// Its outcome.
    pub body: Term,
}

/// A checked pattern.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// Its text.
    pub span: Span,
    /// What it is.
    pub kind: PatternKind,
}

/// Forms of patterns. Variables bind left to right; the last one is index 0 in the arm's body.
#[derive(Debug, Clone)]
pub enum PatternKind {
    /// Matches anything, binds nothing.
    Wildcard,
    /// Matches anything; its type lives in the context of the match extended by the variables to its left.
    Var(Name, Term),
    /// Matches one literal.
    Lit(Literal),
    /// Matches one constructor; as many patterns as it has fields.
    Con(DeclId, usize, Vec<Pattern>),
    /// Matches a tuple.
    Tuple(Vec<Pattern>),
}

/// Primitive types. `Nat` is declared in the prelude as a refinement of `Int`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum PrimType {
    /// Unbounded.
    Int,
    /// Exact fractions.
    Real,
    /// Floating-point numbers of 64 bits.
    Float,
    Bool,
    /// A sequence of Unicode code points.
    Str,
    Unit,
}

/// Literals.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Literal {
    Int(BigInt),
    Real(Arc<Rational>),
    Float(Float),
    Bool(bool),
    Str(Arc<str>),
    Unit,
}

/// Primitive operators: everything else is a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Op {
    /// Type, left, right.
    Eq,
    /// Type, left, right.
    Ne,
    /// On Int.
    Lt,
    Le,
    Gt,
    Ge,
    /// On Str, by code points.
    StrLt,
    StrLe,
    Add,
    Sub,
    Mul,
    /// Floor division; the divisor must not be 0.
    Div,
    /// The sign of the divisor; the divisor must not be 0.
    Mod,
    Neg,
    /// On Real; `==` is [`Op::Eq`].
    RealLt,
    RealLe,
    RealAdd,
    RealSub,
    RealMul,
    /// Exact; the divisor must not be 0.
    RealDiv,
    RealNeg,
    /// `==` on Float as IEEE 754 has it: NaN equals nothing, `-0.0` equals `0.0`. [`Op::Eq`] is identity on them.
    FloatEq,
    FloatLt,
    FloatLe,
    /// Rounded to the nearest, as all arithmetic on Float.
    FloatAdd,
    FloatSub,
    FloatMul,
    /// Always defined.
    FloatDiv,
    FloatNeg,
    Not,
    /// Both sides short-circuit from the left: the right one is only reached when the left does not decide.
    And,
    Or,
    Implies,
    Iff,
    /// `++` on Str.
    StrAppend,
    /// `s[i]` on Str: a text of one code point; `0 <= i < length(s)` is owed.
    StrAt,
    /// `xs[i]`: element type, list, index; `0 <= i < length(xs)` is owed.
    ListAt,
    /// The operand has effects: it is run, and running it again may give something else. Written by
    /// [`crate::ir::effects`] alone; its value is that of the operand.
    Run,
    /// The operand has the effects that functions given to the definition around it have: none where those have none.
    RunGiven,
}

impl Term {
    /// A term at a place.
    pub fn new(span: Span, kind: TermKind) -> Self {
        Term { span, kind: Arc::new(kind) }
    }

    /// A term that has no text of its own.
    pub fn synthetic(kind: TermKind) -> Self {
        Term::new(Span::default(), kind)
    }

    /// The same term at another place.
    pub fn at(&self, span: Span) -> Self {
        Term { span, kind: Arc::clone(&self.kind) }
    }

    /// Head and arguments; no arguments when it is not an application.
    pub fn spine(&self) -> (&Term, &[Arg]) {
        match &*self.kind {
            TermKind::App(head, args) => (head, args),
            _ => (self, &[]),
        }
    }

    /// `self` applied to `args`, keeping spines flat; `self` when there are none.
    pub fn apply(self, span: Span, args: impl IntoIterator<Item = Arg>) -> Term {
        let mut args = args.into_iter().peekable();
        if args.peek().is_none() {
            return self;
        }
        match &*self.kind {
            TermKind::App(head, earlier) => {
                let spine = earlier.iter().cloned().chain(args).collect();
                Term::new(span, TermKind::App(head.clone(), spine))
            }
            _ => Term::new(span, TermKind::App(self, args.collect())),
        }
    }
}

impl Arg {
    /// An argument the author wrote.
    pub fn explicit(term: Term) -> Self {
        Arg { icit: Icit::Explicit, term }
    }

    /// An argument found by unification.
    pub fn implicit(term: Term) -> Self {
        Arg { icit: Icit::Implicit, term }
    }
}

impl Pattern {
    /// The variables it binds with their types, left to right.
    pub fn bound(&self) -> Vec<(Name, Term)> {
        let mut bound = Vec::new();
        let mut stack = vec![self];
        while let Some(pattern) = stack.pop() {
            match &pattern.kind {
                PatternKind::Var(name, ty) => bound.push((name.clone(), ty.clone())),
                PatternKind::Con(_, _, fields) | PatternKind::Tuple(fields) => {
                    stack.extend(fields.iter().rev())
                }
                PatternKind::Wildcard | PatternKind::Lit(_) => {}
            }
        }
        bound
    }

    /// How many variables it binds.
    pub fn binders(&self) -> usize {
        self.bound().len()
    }
}
