//! Where in a value something applies, as a path a reader understands: `order.lines[].amount`.

use std::fmt;

/// A path into the value that a constraint describes. Inside a declared type it starts at that type, because the
/// type's rule is one for all its uses: `Person.age`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place(String);

impl Place {
    /// The whole value.
    pub(super) fn root() -> Self {
        Place(String::new())
    }

    /// A value of the declared type of that name.
    pub(super) fn of_type(name: &str) -> Self {
        Place(name.to_owned())
    }

    /// The values that constructor `name` of a declared type makes; an entity has but one and goes by its own name.
    pub(super) fn constructor(&self, name: &str, entity: bool) -> Self {
        if entity { self.clone() } else { self.field(name) }
    }

    /// A field or parameter.
    pub(super) fn field(&self, name: &str) -> Self {
        Place(if self.0.is_empty() { name.to_owned() } else { format!("{}.{name}", self.0) })
    }

    /// A component of a tuple or an unnamed field, counted from 0.
    pub(super) fn component(&self, index: usize) -> Self {
        self.field(&index.to_string())
    }

    /// The elements of a list.
    pub(super) fn elements(&self) -> Self {
        Place(format!("{}[]", self.0))
    }

    /// What is inside `Some`.
    pub(super) fn some(&self) -> Self {
        self.field("value")
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
