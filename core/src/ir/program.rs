//! Declarations, holes, programs.

use crate::ir::term::{Icit, Name, Term};
use crate::syntax::span::Span;
use crate::syntax::tree::{HoleKind, LinkKind};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

/// A declaration of a [`Program`]: an index into [`Program::decls`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DeclId(pub u32);

/// A hole of a [`Program`]: an index into [`Program::holes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HoleId(pub u32);

/// Everything that is declared: the prelude first, then the document.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// In order of dependency where there is one, otherwise of the document.
    pub decls: Vec<Arc<Declaration>>,
    /// Name to declaration. Types, specs and definitions share one space; constructors are in `ctors`.
    pub names: HashMap<Name, DeclId>,
    /// Constructor name to its data type and number.
    pub ctors: HashMap<Name, (DeclId, usize)>,
    /// Holes in order of first appearance.
    pub holes: Vec<HoleInfo>,
    /// How many of `decls` belong to the prelude.
    pub prelude_len: usize,
    /// Where the document's own declarations begin in `decls`: behind the prelude and what it imports.
    pub first_own: usize,
    /// Where its own holes begin in `holes`: behind those of what it imports.
    pub first_own_hole: usize,
    /// What must evaluate to `true`.
    pub examples: Vec<Example>,
}

/// A declaration that made sense.
#[derive(Debug, Clone)]
pub struct Declaration {
    /// Its name.
    pub name: Name,
    /// The name's place (for intents: the title's).
    pub name_span: Span,
    /// All its text.
    pub span: Span,
    /// The prose before it in the document, trimmed.
    pub prose: Option<Arc<str>>,
    /// What it declares.
    pub kind: DeclKind,
    /// Whether something in it is wrong, so that nothing can be proved of it.
    pub faulty: bool,
}

/// Kinds of declarations.
#[derive(Debug, Clone)]
pub enum DeclKind {
    /// A transparent abbreviation: parameters and what it stands for (under as many binders).
    Alias(Vec<Param>, Term),
    /// A sum or an entity.
    Data(DataDecl),
    /// A specification.
    Spec(SpecDecl),
    /// A definition.
    Def(DefDecl),
    /// A wish.
    Intent(IntentDecl),
}

/// A parameter. Each parameter's type is under the parameters before it.
#[derive(Debug, Clone)]
pub struct Param {
    /// Its name.
    pub name: Name,
    /// Implicit for type parameters.
    pub icit: Icit,
    /// Its type.
    pub ty: Term,
    /// The name's place.
    pub span: Span,
}

/// A sum type, or an entity when `entity` is set: then there is exactly one constructor, of the type's name.
#[derive(Debug, Clone)]
pub struct DataDecl {
    /// Type parameters and value indices.
    pub params: Vec<Param>,
    /// Constructors.
    pub ctors: Vec<Ctor>,
    /// Written with `entity`: fields are read with a dot, values written `Name { field = e }`.
    pub entity: bool,
    /// What holds of every value of an entity; under `params` and then its fields, in order.
    pub invariants: Vec<Clause>,
}

/// A constructor: each field's type is under the data type's parameters and the fields before it.
#[derive(Debug, Clone)]
pub struct Ctor {
    /// Its name.
    pub name: Name,
    /// Its fields; names are for people, `None` when not given.
    pub fields: Vec<(Option<Name>, Term)>,
    /// Its place.
    pub span: Span,
}

/// A condition with a name.
#[derive(Debug, Clone)]
pub struct Clause {
    /// The label, when there is one.
    pub label: Option<Name>,
    /// The condition, a `Bool`.
    pub body: Term,
    /// All its text.
    pub span: Span,
}

/// A specification. `requires` are under `params`; `ensures` are under `params` and then the result.
#[derive(Debug, Clone)]
pub struct SpecDecl {
    /// Type parameters (implicit) first, then value parameters.
    pub params: Vec<Param>,
    /// The type of the result, under `params`.
    pub result: Term,
    /// What the caller owes.
    pub requires: Vec<Clause>,
    /// What the implementation owes.
    pub ensures: Vec<Clause>,
    /// Declared effects: `None` when nothing is said, empty for `pure`.
    pub effects: Option<Vec<Name>>,
    /// Bounds on cost and latency: kept and never proved, since nothing here measures them.
    pub bounds: Vec<Bound>,
}

/// A bound on something measured outside the language.
#[derive(Debug, Clone)]
pub struct Bound {
    /// As written: `latency <= 5 ms`.
    pub text: Arc<str>,
    /// Its text.
    pub span: Span,
}

/// A definition. `requires` and `decreases` are under `params`; `ensures` under `params` and then the result.
#[derive(Debug, Clone)]
pub struct DefDecl {
    /// Type parameters (implicit) first, then value parameters.
    pub params: Vec<Param>,
    /// The type of the result, under `params`.
    pub result: Term,
    /// The spec it claims to meet; its parameters have been matched with `params` by position.
    pub implements: Option<DeclId>,
    /// Own preconditions, and those of the spec it implements.
    pub requires: Vec<Clause>,
    /// Own postconditions, and those of the spec it implements.
    pub ensures: Vec<Clause>,
    /// The measure that must shrink.
    pub decreases: Option<Term>,
    /// Declared effects: `None` when nothing is said, empty for `pure`.
    pub effects: Option<Vec<Name>>,
    /// The body, under `params`. `None` for a primitive that only `native` describes.
    pub body: Option<Term>,
    /// Implemented by the evaluator and known to the solver and the generators under this name.
    pub native: Option<Native>,
}

/// Definitions of the prelude the stages know by name. Those that also have a body mean the same thing by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Native {
    StrLength,
    /// text, part: whether part occurs in text
    StrContains,
    /// text, prefix
    StartsWith,
    /// text, suffix
    EndsWith,
    /// text, start, count: `0 <= start && 0 <= count`; as much as there is
    Substring,
    /// text, part: the first place, as `Option Int`
    StrIndexOf,
    /// text, part, by: every occurrence; `part != ""`
    Replace,
    /// Decimal, with `-` for negative numbers.
    ToStr,
    /// `-?[0-9]+` (ASCII) as `Option Int`, nothing else
    ParseInt,
    /// text, separator: `separator != ""`
    Split,
    /// The pieces between runs of white space, without empty ones.
    Words,
    /// Without white space at both ends.
    Trim,
    Upper,
    Lower,
    /// One text per code point.
    Chars,
    /// texts, separator
    Join,
    /// list
    SetOf,
    /// A set's elements in order.
    Elements,
    /// set, element
    SetHas,
    SetSize,
    /// set, element
    SetAdd,
    /// set, element
    SetRemove,
    Union,
    Intersection,
    /// set, what is taken out of it
    Difference,
    /// Pairs of key and value: the last one of a key counts.
    MapOf,
    /// A map's pairs in the order of their keys.
    Entries,
    /// Keys in order.
    Keys,
    /// In the order of the keys.
    MapValues,
    MapSize,
    /// map, key: as `Option V`
    MapGet,
    /// map, key, value
    MapPut,
    /// map, key
    MapRemove,
    /// Numbers from 0 to 255.
    BytesOf,
    ByteList,
    /// A text's bytes in UTF-8.
    Utf8,
    /// The text whose UTF-8 this is, as `Option Str`.
    TextOf,
    /// A whole number as a fraction.
    ToReal,
    /// The greatest whole number not above a fraction.
    Floor,
    /// The nearest floating-point number, the even one of two.
    ToFloat,
    /// The fraction that a floating-point number is, as `Option Real`.
    RealOf,
}

impl Native {
    /// Whether it is an operation on sets or maps: its first type argument is told apart and put in order.
    pub fn is_of_collections(self) -> bool {
        (Native::SetOf..=Native::MapRemove).contains(&self)
    }
}

/// A wish, as data for alignment and drafting.
#[derive(Debug, Clone)]
pub struct IntentDecl {
    /// Name and type (closed).
    pub inputs: Vec<(Name, Term)>,
    /// Name and type (closed).
    pub outputs: Vec<(Name, Term)>,
    /// Label and words.
    pub goals: Vec<(Name, Arc<str>, Span)>,
}

/// Something that must evaluate to `true`.
#[derive(Debug, Clone)]
pub struct Example {
    /// A closed term of type `Bool`.
    pub term: Term,
    /// Its text.
    pub span: Span,
}

/// What is known of a hole.
#[derive(Debug, Clone)]
pub struct HoleInfo {
    /// Its name, without the question mark.
    pub name: Name,
    /// Its kind.
    pub kind: HoleKind,
    /// The variables in scope, outermost first: name and type, each type under those before it. Empty for
    /// declared holes.
    pub context: Vec<(Name, Term)>,
    /// Its type, under `context`. [`crate::ir::TermKind::Universe`] for `type` holes.
    pub ty: Term,
    /// A default makes it an assumption: it blocks nothing and is evaluated as this. Under `context`.
    pub default: Option<Term>,
    /// Why the default.
    pub because: Option<Arc<str>>,
    /// What to ask.
    pub hint: Option<Arc<str>>,
    /// The usual answers, best first; under `context`.
    pub answers: Vec<Term>,
    /// Declared links: kind and the other hole's name.
    pub links: Vec<(LinkKind, Name)>,
    /// The declaration whose text contains its first use, if any.
    pub owner: Option<DeclId>,
    /// What its uses ask it to be, closed and each once: types for a `type` hole. Each at the place that asks.
    pub demands: Vec<Term>,
    /// The `hole` declaration, if there is one.
    pub declared: Option<Span>,
    /// Every place where it is written as `?name` in a type or term.
    pub uses: Vec<Span>,
}

impl Program {
    /// The declaration behind an id; ids come from the same program, so this is `None` only for foreign ones.
    pub fn decl(&self, id: DeclId) -> Option<&Arc<Declaration>> {
        self.decls.get(id.0 as usize)
    }

    /// The declaration of that name.
    pub fn lookup(&self, name: &str) -> Option<DeclId> {
        self.names.get(name).copied()
    }

    /// The definition behind an id.
    pub fn def(&self, id: DeclId) -> Option<&DefDecl> {
        match &self.decl(id)?.kind {
            DeclKind::Def(def) => Some(def),
            _ => None,
        }
    }

    /// The data type behind an id.
    pub fn data(&self, id: DeclId) -> Option<&DataDecl> {
        match &self.decl(id)?.kind {
            DeclKind::Data(data) => Some(data),
            _ => None,
        }
    }

    /// The hole behind an id.
    pub fn hole(&self, id: HoleId) -> Option<&HoleInfo> {
        self.holes.get(id.0 as usize)
    }

    /// Ids of the declarations of the document, without the prelude and what it imports.
    pub fn own(&self) -> impl Iterator<Item = DeclId> + '_ {
        (self.first_own..self.decls.len()).map(|index| DeclId(index as u32))
    }

    /// Ids of the holes of the document, without those of what it imports.
    pub fn own_holes(&self) -> impl Iterator<Item = HoleId> + '_ {
        (self.first_own_hole..self.holes.len()).map(|index| HoleId(index as u32))
    }

    /// Whether a declaration is one of a document, its own or imported, and not of the prelude.
    pub fn is_declared(&self, id: DeclId) -> bool {
        id.0 as usize >= self.prelude_len
    }

    /// The ids of a list type's declaration and its constructors `Nil` and `Cons`, as the prelude declares them.
    pub fn list(&self) -> Option<DeclId> {
        self.lookup("List")
    }

    /// The id of `Set`, which has no constructors.
    pub fn set(&self) -> Option<DeclId> {
        self.lookup("Set")
    }

    /// The id of `Map`, which has no constructors.
    pub fn map(&self) -> Option<DeclId> {
        self.lookup("Map")
    }

    /// The id of `Bytes`, which has no constructors.
    pub fn bytes(&self) -> Option<DeclId> {
        self.lookup("Bytes")
    }

    /// For a type whose values are made by definitions alone, the one that makes them from a list.
    pub fn maker(&self, id: DeclId) -> Option<&'static str> {
        let is = |known: Option<DeclId>| known == Some(id);
        if is(self.set()) {
            Some("set_of")
        } else if is(self.map()) {
            Some("map_of")
        } else {
            is(self.bytes()).then_some("bytes_of")
        }
    }

    /// Whether values of a data type are made by definitions alone, and told apart by them.
    pub fn is_collection(&self, id: DeclId) -> bool {
        self.maker(id).is_some()
    }

    /// The id of `Option`, whose constructors are `None` and `Some`, in this order.
    pub fn option(&self) -> Option<DeclId> {
        self.lookup("Option")
    }
}
