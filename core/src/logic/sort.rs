//! Sorts: the types of formulas, monomorphic and without refinements.

use crate::ir::{DeclId, HoleId};

/// A sort of a [`crate::logic::formula::Formulas`] arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sort(pub(super) u32);

impl Sort {
    /// Unbounded integers; present in every arena.
    pub const INT: Sort = Sort(0);
    /// Truth values; present in every arena.
    pub const BOOL: Sort = Sort(1);
    /// Texts; present in every arena.
    pub const STR: Sort = Sort(2);
    /// Fractions; present in every arena.
    pub const REAL: Sort = Sort(3);
    /// Floating-point numbers; present in every arena.
    pub const FLOAT: Sort = Sort(4);
}

/// What a sort is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SortKind {
    /// Unbounded integers.
    Int,
    /// Truth values.
    Bool,
    /// Sequences of code points.
    Str,
    /// Exact fractions.
    Real,
    /// Floating-point numbers of 64 bits.
    Float,
    /// Tuples; the empty one is `Unit`.
    Tuple(Vec<Sort>),
    /// A declared data type at these sorts.
    Data(DeclId, Vec<Sort>),
    /// Function values, one argument at a time.
    Fun(Sort, Sort),
    /// Something of which nothing is known but that it is not empty.
    Abstract(Abstract),
}

/// Where a sort of which nothing is known comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Abstract {
    /// A type parameter, by its place among the parameters.
    Param(usize),
    /// A type hole.
    Hole(HoleId),
    /// A data type the logic has no sound encoding for.
    Data(DeclId),
    /// A construct the logic does not know; each one is different.
    Unknown(u32),
}
