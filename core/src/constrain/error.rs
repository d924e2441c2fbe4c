//! Why there is no constraint for a target.

use std::fmt;

use super::dialect::Dialect;

/// Why there is no constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstrainError {
    /// Nothing in the document has that name. Example: `?missng`.
    UnknownTarget {
        /// What was asked for.
        target: String,
        /// The holes and declarations there are.
        known: Vec<String>,
    },
    /// The name's meaning has no values to constrain. Example: an intent.
    NoValues {
        /// What was asked for.
        target: String,
        /// What it is.
        what: &'static str,
    },
    /// The declaration has parameters that only a use of it decides. Example: `def first[T](xs: List T): Option T`.
    Parametric {
        /// What was asked for.
        target: String,
        /// The open parameter.
        parameter: String,
    },
    /// The type is a parameter of the definition around the hole. Example: `def first[T](xs: List T): T = ?h`.
    Generic {
        /// Where.
        path: String,
        /// The parameter.
        parameter: String,
    },
    /// A value here cannot be written where the answer will stand: its name is not imported, or means something else
    /// there. Example: a field of a type from a document that only an imported document imports.
    OutOfScope {
        /// Where.
        path: String,
        /// The constructor, or the definition that makes such values.
        name: String,
    },
    /// A value here would be a function, which no grammar of values has.
    Function {
        /// Where.
        path: String,
    },
    /// A value here would be a fraction or a floating-point number, which no dialect here writes.
    NotWhole {
        /// Where.
        path: String,
        /// The type.
        ty: &'static str,
    },
    /// The type here is not known yet. Example: `x: ?T`.
    OpenType {
        /// Where.
        path: String,
        /// The hole that stands for it, when one does.
        hole: Option<String>,
    },
    /// No value satisfies the type. Example: `{x: Int | x < 0 && x > 0}`.
    Uninhabited {
        /// Where.
        path: String,
    },
    /// The type contains itself, and the dialect has no recursion. Example: a tree as a regular expression.
    Recursive {
        /// The type.
        name: String,
        /// The dialect.
        dialect: Dialect,
    },
    /// The type unfolds into more types, or deeper, than a grammar may. Example: `type Odd T = Stop | Go(Odd (T * T))`.
    TooLarge {
        /// Where.
        path: String,
        /// The most there may be, in types, levels or parts.
        cap: usize,
    },
}

impl fmt::Display for ConstrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConstrainError::UnknownTarget { target, known } if known.is_empty() => {
                write!(f, "nothing here is called `{target}`: the document declares nothing and has no holes")
            }
            ConstrainError::UnknownTarget { target, known } => {
                write!(f, "nothing here is called `{target}`; there are {}", known.join(", "))
            }
            ConstrainError::NoValues { target, what } => {
                write!(
                    f,
                    "`{target}` is {what}: it has no values; name a hole, a definition, a spec or a type"
                )
            }
            ConstrainError::Parametric { target, parameter } => write!(
                f,
                "`{target}` works for every `{parameter}`, so its values are not known; name a hole or a type that says which"
            ),
            ConstrainError::Generic { path, parameter } => write!(
                f,
                "the type of {} is `{parameter}`, which stands for every type, so its values are not known",
                Place(path)
            ),
            ConstrainError::OutOfScope { path, name } => write!(
                f,
                "{} takes `{name}` to write, which has no name or another meaning there; import what declares it, or \
                 rename what hides it",
                Place(path)
            ),
            ConstrainError::Function { path } => {
                write!(f, "{} is a function; a grammar of values cannot write one", Place(path))
            }
            ConstrainError::NotWhole { path, ty } => {
                write!(
                    f,
                    "{} is a `{ty}`; what can be constrained so far is made of whole numbers",
                    Place(path)
                )
            }
            ConstrainError::OpenType { path, hole: Some(hole) } => {
                write!(f, "the type of {} waits for the hole `?{hole}`; fill that first", Place(path))
            }
            ConstrainError::OpenType { path, hole: None } => {
                write!(
                    f,
                    "the type of {} is not known; correct the errors of the document first",
                    Place(path)
                )
            }
            ConstrainError::Uninhabited { path } => {
                write!(
                    f,
                    "no value satisfies the type of {}; its conditions contradict one another",
                    Place(path)
                )
            }
            ConstrainError::Recursive { name, dialect } => {
                write!(
                    f,
                    "`{name}` contains itself, which {dialect} cannot say; use a grammar or a JSON Schema"
                )
            }
            ConstrainError::TooLarge { path, cap } => {
                write!(f, "the type of {} unfolds into more than {cap} parts", Place(path))
            }
        }
    }
}

impl std::error::Error for ConstrainError {}

/// A path in a sentence.
struct Place<'a>(&'a str);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { f.write_str("the value") } else { write!(f, "`{}`", self.0) }
    }
}
