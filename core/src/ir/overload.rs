//! Names that serve several types: the first argument decides.

/// A name an author writes, and the definitions it stands for.
#[derive(Debug, Clone, Copy)]
pub struct Overload {
    /// What an author writes.
    pub name: &'static str,
    /// By type of the first argument: the type's name and the definition's. When none fits, the definition of the
    /// name itself is meant.
    pub by_type: &'static [(&'static str, &'static str)],
}

/// Every such name of the prelude. Where a definition has two names, its own comes first.
pub const OVERLOADED: [Overload; 13] = [
    Overload { name: "abs", by_type: &[("Real", "real_abs")] },
    Overload { name: "min", by_type: &[("Real", "real_min")] },
    Overload { name: "max", by_type: &[("Real", "real_max")] },
    Overload { name: "has", by_type: &[("Set", "set_has")] },
    Overload { name: "size", by_type: &[("Set", "set_size")] },
    Overload { name: "remove", by_type: &[("Set", "set_remove")] },
    Overload {
        name: "length",
        by_type: &[("Str", "str_length"), ("Set", "set_size"), ("Map", "size"), ("Bytes", "bytes_length")],
    },
    Overload { name: "contains", by_type: &[("Str", "str_contains"), ("Set", "set_has"), ("Map", "has")] },
    Overload { name: "reverse", by_type: &[("Str", "str_reverse")] },
    Overload { name: "take", by_type: &[("Str", "str_take"), ("Bytes", "bytes_take")] },
    Overload { name: "drop", by_type: &[("Str", "str_drop"), ("Bytes", "bytes_drop")] },
    Overload { name: "index_of", by_type: &[("Str", "str_index_of")] },
    Overload {
        name: "is_empty",
        by_type: &[
            ("Str", "str_is_empty"),
            ("Set", "set_is_empty"),
            ("Map", "map_is_empty"),
            ("Bytes", "bytes_is_empty"),
        ],
    },
];

/// The name an author writes for a definition.
pub fn surface_name(name: &str) -> &str {
    let own = OVERLOADED.iter().any(|overload| overload.name == name);
    let of = |overload: &&Overload| overload.by_type.iter().any(|(_, definition)| *definition == name);
    if own { name } else { OVERLOADED.iter().find(of).map_or(name, |overload| overload.name) }
}

/// What names that serve several types mean besides.
pub fn overload(name: &str) -> Option<&'static Overload> {
    OVERLOADED.iter().find(|overload| overload.name == name)
}
