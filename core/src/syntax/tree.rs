//! The surface tree: what the author wrote, with spans, before any name has a meaning.
//!
//! Types and terms are one kind of node, [`Expr`]: the language is dependent, so either may contain the other.
//! Every node keeps the span of its own text. Broken input becomes [`ExprKind::Error`] or [`DeclKind::Error`],
//! never a missing node.

use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;
use num_bigint::BigInt;

/// A parsed document: its declarations in order, the prose before each, and what was wrong.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// Declarations in document order, whatever fence they came from.
    pub decls: Vec<Decl>,
    /// The fences that were read, for tools that map positions.
    pub fences: Vec<Fence>,
    /// What was wrong with the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// One fenced block of declarations.
#[derive(Debug, Clone, PartialEq)]
pub struct Fence {
    /// The tag after the backquotes, such as `spec-ir`.
    pub tag: String,
    /// The text between the fence lines.
    pub body: Span,
    /// The whole block with its fence lines.
    pub span: Span,
}

/// A name and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ident {
    /// The name as written (holes: without the question mark).
    pub name: String,
    /// Its place.
    pub span: Span,
}

/// One declaration.
#[derive(Debug, Clone, PartialEq)]
pub struct Decl {
    /// From its first keyword to its last token.
    pub span: Span,
    /// The Markdown prose between the previous fence and this one; only the first declaration of a fence has it.
    pub prose: Option<Span>,
    /// What it declares.
    pub kind: DeclKind,
}

/// What a declaration declares.
#[derive(Debug, Clone, PartialEq)]
pub enum DeclKind {
    /// `type Age = {x: Int | x >= 0}`, `type NonEmpty T = ...`
    Alias(AliasDecl),
    /// `type Shape = Circle(radius: Nat) | Square(side: Nat)`
    Sum(SumDecl),
    /// `entity Person { name: Str, age: Age, invariant adult: age >= 18 }`
    Entity(EntityDecl),
    /// `intent "Read an age" { ... }`
    Intent(IntentDecl),
    /// `spec ReadAge(text: Str, result: Option Age) { ... }`
    Spec(SpecDecl),
    /// `def read_age(text: Str): Option Age implements ReadAge = ...`
    Def(DefDecl),
    /// `hole ?separator: term Str = " " hint "what separates words"`
    Hole(HoleDecl),
    /// `examples { abs(-3) == 3 }`
    Examples(ExamplesDecl),
    /// `import "ages.spec.md" as ages`, `import "ages.spec.md" { Age, read_age }`
    Import(ImportDecl),
    /// Text in which no declaration could be recognised; a diagnostic says why.
    Error,
}

/// `[T]`, `T` after a type's name, or `(n: Nat)`: a parameter of a declaration. `ty` is `None` for a plain type
/// parameter (its sort is `Type`).
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Its name.
    pub name: Ident,
    /// Its type; `None` means `Type`.
    pub ty: Option<Expr>,
}

/// `type Name params = body`.
#[derive(Debug, Clone, PartialEq)]
pub struct AliasDecl {
    /// Its name.
    pub name: Ident,
    /// Type parameters and value indices.
    pub params: Vec<Param>,
    /// What it stands for.
    pub body: Expr,
}

/// `type Name params = Ctor(fields) | ...`. A sum of one constructor is written with a leading bar.
#[derive(Debug, Clone, PartialEq)]
pub struct SumDecl {
    /// Its name.
    pub name: Ident,
    /// Type parameters and value indices.
    pub params: Vec<Param>,
    /// Its constructors, in order.
    pub ctors: Vec<CtorDecl>,
}

/// One constructor. Fields may be named or not.
#[derive(Debug, Clone, PartialEq)]
pub struct CtorDecl {
    /// Its name, starting with a capital.
    pub name: Ident,
    /// Its fields.
    pub fields: Vec<(Option<Ident>, Expr)>,
}

/// `entity Name params { field: T, ..., invariant label: p }`.
#[derive(Debug, Clone, PartialEq)]
pub struct EntityDecl {
    /// Its name.
    pub name: Ident,
    /// Type parameters.
    pub params: Vec<Param>,
    /// Its fields in order.
    pub fields: Vec<(Ident, Expr)>,
    /// What holds of every value; fields are in scope by name.
    pub invariants: Vec<Clause>,
}

/// A named or unnamed condition: `requires p`, `ensures g1: p`.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// Keyword to last token.
    pub span: Span,
    /// The label before the colon.
    pub label: Option<Ident>,
    /// The condition.
    pub body: Expr,
}

/// What a person wants, in words, with names to hang clauses on.
#[derive(Debug, Clone, PartialEq)]
pub struct IntentDecl {
    /// The quoted title.
    pub title: String,
    /// Where the title stands.
    pub title_span: Span,
    /// `inputs { text: Str }`
    pub inputs: Vec<(Ident, Expr)>,
    /// `outputs { age: Option Age }`
    pub outputs: Vec<(Ident, Expr)>,
    /// `goals { g1: "accept exactly ..." }`
    pub goals: Vec<(Ident, String, Span)>,
    /// `constraints { latency <= 5 ms }`
    pub constraints: Vec<Measure>,
    /// `metrics { accuracy >= 99 percent }`
    pub metrics: Vec<Measure>,
    /// `roles { clerk: "who types the ages" }`
    pub roles: Vec<(Ident, String, Span)>,
}

/// A bound on something measured outside the language: `latency <= 5 ms`.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// The condition; names in it are free words.
    pub body: Expr,
    /// The unit written after it, if any.
    pub unit: Option<Ident>,
    /// All of it.
    pub span: Span,
}

/// `spec Name[T](x: A, result: B) { requires ...  ensures ...  effects ... }`
#[derive(Debug, Clone, PartialEq)]
pub struct SpecDecl {
    /// Its name.
    pub name: Ident,
    /// Type parameters in square brackets.
    pub type_params: Vec<Param>,
    /// Parameters; the one called `result` is the outcome and comes last.
    pub params: Vec<Param>,
    /// What the caller owes.
    pub requires: Vec<Clause>,
    /// What the implementation owes.
    pub ensures: Vec<Clause>,
    /// Declared effects: `None` when nothing is said, an empty list for `pure`.
    pub effects: Option<Vec<Ident>>,
    /// `cost` and `latency` bounds, kept as written.
    pub bounds: Vec<Measure>,
}

/// `def name[T](x: A): B clauses = body`
#[derive(Debug, Clone, PartialEq)]
pub struct DefDecl {
    /// Its name, starting with a small letter.
    pub name: Ident,
    /// Type parameters in square brackets.
    pub type_params: Vec<Param>,
    /// Value parameters. A missing type is an error found later.
    pub params: Vec<Param>,
    /// Result type; in scope: the parameters.
    pub result: Option<Expr>,
    /// The spec named after `implements`.
    pub implements: Option<Ident>,
    /// Own preconditions.
    pub requires: Vec<Clause>,
    /// Own postconditions; `result` is in scope.
    pub ensures: Vec<Clause>,
    /// Declared effects, as in [`SpecDecl::effects`].
    pub effects: Option<Vec<Ident>>,
    /// The measure that shrinks at each recursive call.
    pub decreases: Option<Expr>,
    /// The definition. `None` when `= body` is missing: an open definition, treated as a hole of the same name.
    pub body: Option<Expr>,
}

/// `hole ?name: kind Type = default because "..." hint "..." answers { a, b } links { uses ?x, blocks ?y }`;
/// everything after the name is optional, in any order after the type.
#[derive(Debug, Clone, PartialEq)]
pub struct HoleDecl {
    /// Its name without the question mark.
    pub name: Ident,
    /// Its kind; `term` when nothing is said.
    pub kind: HoleKind,
    /// Its type, for the kinds that have one.
    pub ty: Option<Expr>,
    /// A default: then the hole is an assumption and blocks nothing.
    pub default: Option<Expr>,
    /// Why the default.
    pub because: Option<String>,
    /// What to ask, in words.
    pub hint: Option<String>,
    /// The usual answers, best first.
    pub answers: Vec<Expr>,
    /// `uses` and `blocks`.
    pub links: Vec<(LinkKind, Ident)>,
}

/// `examples { e, e }`: each must evaluate to `true`.
#[derive(Debug, Clone, PartialEq)]
pub struct ExamplesDecl {
    /// The conditions.
    pub examples: Vec<Expr>,
}

/// `import "ages.spec.md" as ages`, `import ?ages { Age }`: what is used of another document.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportDecl {
    /// Which document.
    pub from: ImportFrom,
    /// What of it.
    pub take: ImportTake,
}

/// Where an import finds its declarations.
#[derive(Debug, Clone, PartialEq)]
pub enum ImportFrom {
    /// A path in quotes, from the folder of the importing document.
    Document(String, Span),
    /// A hole of kind `module`: the document is still to be chosen or written. Without the question mark.
    Hole(Ident),
}

/// What an import makes known.
#[derive(Debug, Clone, PartialEq)]
pub enum ImportTake {
    /// Everything, under a name: `ages.Age`.
    As(Ident),
    /// These declarations, as if they stood here. A type brings its constructors.
    Names(Vec<Ident>),
}

impl ImportFrom {
    /// The place of the path or hole.
    pub fn span(&self) -> Span {
        match self {
            ImportFrom::Document(_, span) => *span,
            ImportFrom::Hole(name) => name.span,
        }
    }
}

/// The six kinds of holes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum HoleKind {
    Term,
    Type,
    Spec,
    Entity,
    Function,
    Module,
}

/// How one hole depends on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkKind {
    /// Deciding this one needs the other.
    Uses,
    /// The other cannot be decided before this one.
    Blocks,
}

/// A node of the surface tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// Its text.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// Forms of expressions. Types share the forms of terms where they can.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A name: variable, definition, constructor or type.
    Name(String),
    /// `42`; negative numbers are [`UnaryOp::Neg`] of one.
    Int(BigInt),
    /// `0.8`, `1.5e3`, `0.8f`: as written, without `_`.
    Decimal(String),
    /// `"text"`, unescaped.
    Str(String),
    /// `true`, `false`
    Bool(bool),
    /// `()`: the value in a term; in a type position the author meant `Unit`.
    Unit,
    /// `(a, b)`
    Tuple(Vec<Expr>),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `?name`
    Hole(String),
    /// `?name: term Int links { uses ?other } hint "..."`: a hole and what is known of it, where it stands. There is no
    /// default, no reason and no answer in it: those need a declaration.
    HoleHere(Box<HoleDecl>),
    /// `_` in a term or type: work it out.
    Infer,
    /// `f(a, b)`
    Call(Box<Expr>, Vec<Expr>),
    /// `List Int`, `Vec (n + 1) T`: application in types.
    TypeApp(Box<Expr>, Vec<Expr>),
    /// `Person { name = "Ada", age = 36 }`
    Record(Ident, Vec<(Ident, Expr)>),
    /// `p.name`
    Field(Box<Expr>, Ident),
    /// `xs[i]`
    Index(Box<Expr>, Box<Expr>),
    /// `-x`, `!p`
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`. In types `A * B` is [`ExprKind::Product`].
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `if c then a else b`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `match e { p => a  q => b }`
    Match(Box<Expr>, Vec<Arm>),
    /// `let x: T = e in body`
    Let(Ident, Option<Box<Expr>>, Box<Expr>, Box<Expr>),
    /// `\x y. e`, `\(x: Int). e`: one or more parameters.
    Lambda(Vec<Param>, Box<Expr>),
    /// `forall x: Int, y: Int. p` and `exists`
    Quantified(Quantifier, Vec<Param>, Box<Expr>),
    /// `forall x in xs. p`: bounded by a list.
    Bounded(Quantifier, Ident, Box<Expr>, Box<Expr>),
    /// `(e : T)`
    Ascribe(Box<Expr>, Box<Expr>),
    /// `{x: A | p}`
    Refine(Ident, Box<Expr>, Box<Expr>),
    /// `A -> B`, `(x: A) -> B`
    Arrow(Option<Ident>, Box<Expr>, Box<Expr>),
    /// `A * B`
    Product(Vec<Expr>),
    /// `Eff[db, raises NotFound] A`: an `A` that is come by with these effects; `Eff A`: with whatever effects.
    Eff(Option<Vec<Ident>>, Box<Expr>),
    /// Something that could not be read; already reported.
    Error,
}

/// `pattern => body`
#[derive(Debug, Clone, PartialEq)]
pub struct Arm {
    /// What it matches.
    pub pattern: Pattern,
    /// The outcome.
    pub body: Expr,
}

/// A pattern and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// Its text.
    pub span: Span,
    /// What it is.
    pub kind: PatternKind,
}

/// Forms of patterns.
#[derive(Debug, Clone, PartialEq)]
pub enum PatternKind {
    /// `_`
    Wildcard,
    /// `x`: a small letter first.
    Var(String),
    /// `-3`, `42`
    Int(BigInt),
    /// `"text"`
    Str(String),
    /// `true`
    Bool(bool),
    /// `()`
    Unit,
    /// `Some(x)`, `None`: a capital first.
    Ctor(Ident, Vec<Pattern>),
    /// `(a, b)`
    Tuple(Vec<Pattern>),
    /// `[]`, `[a, b]`
    List(Vec<Pattern>),
    /// `x :: rest`
    Cons(Box<Pattern>, Box<Pattern>),
    /// Could not be read; already reported.
    Error,
}

/// Prefix operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `-`
    Neg,
    /// `!`, `¬`
    Not,
}

/// Infix operators, from the loosest to the tightest family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum BinaryOp {
    /// `<=>`, `⇔`
    Iff,
    /// `==>`, `⇒`; groups to the right
    Implies,
    /// `||`, `∨`
    Or,
    /// `&&`, `∧`
    And,
    /// `==`
    Eq,
    /// `!=`, `≠`
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    /// `::`; groups to the right
    Cons,
    /// `++` on texts and lists; groups to the right
    Append,
    Add,
    Sub,
    Mul,
    /// `/`: floor division
    Div,
    /// `%`: the sign of the divisor
    Mod,
}

impl BinaryOp {
    /// The canonical spelling.
    pub const fn symbol(self) -> &'static str {
        match self {
            BinaryOp::Iff => "<=>",
            BinaryOp::Implies => "==>",
            BinaryOp::Or => "||",
            BinaryOp::And => "&&",
            BinaryOp::Eq => "==",
            BinaryOp::Ne => "!=",
            BinaryOp::Lt => "<",
            BinaryOp::Le => "<=",
            BinaryOp::Gt => ">",
            BinaryOp::Ge => ">=",
            BinaryOp::Cons => "::",
            BinaryOp::Append => "++",
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Mul => "*",
            BinaryOp::Div => "/",
            BinaryOp::Mod => "%",
        }
    }
}

/// `forall` or `exists`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Quantifier {
    Forall,
    Exists,
}

impl Decl {
    /// Calls `f` on every type and term that stands directly in it.
    pub fn for_each_expr<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        let types = |params: &'a [Param]| params.iter().filter_map(|param| param.ty.as_ref());
        let clauses = |clauses: &'a [Clause]| clauses.iter().map(|clause| &clause.body);
        match &self.kind {
            DeclKind::Alias(alias) => types(&alias.params).chain([&alias.body]).for_each(f),
            DeclKind::Sum(sum) => {
                let fields = sum.ctors.iter().flat_map(|ctor| &ctor.fields).map(|(_, ty)| ty);
                types(&sum.params).chain(fields).for_each(f);
            }
            DeclKind::Entity(entity) => {
                let fields = entity.fields.iter().map(|(_, ty)| ty);
                types(&entity.params).chain(fields).chain(clauses(&entity.invariants)).for_each(f);
            }
            DeclKind::Intent(intent) => {
                intent.inputs.iter().chain(&intent.outputs).map(|(_, ty)| ty).for_each(f);
            }
            DeclKind::Spec(spec) => types(&spec.type_params)
                .chain(types(&spec.params))
                .chain(clauses(&spec.requires))
                .chain(clauses(&spec.ensures))
                .for_each(f),
            DeclKind::Def(def) => types(&def.type_params)
                .chain(types(&def.params))
                .chain(&def.result)
                .chain(clauses(&def.requires))
                .chain(clauses(&def.ensures))
                .chain(&def.decreases)
                .chain(&def.body)
                .for_each(f),
            DeclKind::Hole(hole) => {
                hole.ty.iter().chain(&hole.default).chain(&hole.answers).for_each(f);
            }
            DeclKind::Examples(examples) => examples.examples.iter().for_each(f),
            DeclKind::Import(_) | DeclKind::Error => {}
        }
    }
}

impl Expr {
    /// Calls `f` on every expression directly inside this one, in the order of the text.
    pub fn for_each_child<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        match &self.kind {
            ExprKind::Name(_)
            | ExprKind::Int(_)
            | ExprKind::Decimal(_)
            | ExprKind::Str(_)
            | ExprKind::Bool(_)
            | ExprKind::Unit
            | ExprKind::Hole(_)
            | ExprKind::Infer
            | ExprKind::Error => {}
            ExprKind::Tuple(items) | ExprKind::List(items) | ExprKind::Product(items) => {
                items.iter().for_each(f)
            }
            ExprKind::Call(head, args) | ExprKind::TypeApp(head, args) => {
                f(head);
                args.iter().for_each(f);
            }
            ExprKind::HoleHere(hole) => hole.ty.iter().for_each(f),
            ExprKind::Record(_, fields) => fields.iter().for_each(|(_, value)| f(value)),
            ExprKind::Field(value, _) | ExprKind::Unary(_, value) | ExprKind::Eff(_, value) => f(value),
            ExprKind::Index(left, right)
            | ExprKind::Binary(_, left, right)
            | ExprKind::Bounded(_, _, left, right)
            | ExprKind::Ascribe(left, right)
            | ExprKind::Refine(_, left, right)
            | ExprKind::Arrow(_, left, right) => {
                f(left);
                f(right);
            }
            ExprKind::If(cond, yes, no) => {
                f(cond);
                f(yes);
                f(no);
            }
            ExprKind::Match(scrutinee, arms) => {
                f(scrutinee);
                arms.iter().for_each(|arm| f(&arm.body));
            }
            ExprKind::Let(_, ty, value, body) => {
                if let Some(ty) = ty {
                    f(ty);
                }
                f(value);
                f(body);
            }
            ExprKind::Lambda(params, body) | ExprKind::Quantified(_, params, body) => {
                params.iter().filter_map(|param| param.ty.as_ref()).for_each(&mut *f);
                f(body);
            }
        }
    }
}
