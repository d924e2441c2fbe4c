//! The core language: what checking makes of the tree, and what every later stage reads.
//!
//! Terms are dependent: types are terms. Bound variables are de Bruijn indices, so substitution never captures
//! and printing chooses names. A [`Program`] is closed: it contains the prelude and every declaration of the
//! document that made sense, and no metavariable.

pub mod distill;
pub mod effects;
pub mod number;
pub mod overload;
pub mod program;
mod reach;
pub mod relocate;
pub mod subst;
pub mod term;

pub use number::{Float, Rational};
pub use program::{
    Bound, Clause, Ctor, DataDecl, DeclId, DeclKind, Declaration, DefDecl, Example, HoleId, HoleInfo,
    IntentDecl, Native, Param, Program, SpecDecl,
};
pub use term::{Arg, Arm, INDICES, Icit, Literal, Name, Op, Pattern, PatternKind, PrimType, Term, TermKind};
