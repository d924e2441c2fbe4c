//! Names that serve both lists and texts.

/// The list's own name, and the name of the same thing for texts.
pub const OVERLOADED: [(&str, &str); 7] = [
    ("length", "str_length"),
    ("contains", "str_contains"),
    ("reverse", "str_reverse"),
    ("take", "str_take"),
    ("drop", "str_drop"),
    ("index_of", "str_index_of"),
    ("is_empty", "str_is_empty"),
];

/// The name an author writes for a definition.
pub fn surface_name(name: &str) -> &str {
    OVERLOADED.iter().find(|(_, text)| *text == name).map_or(name, |(list, _)| list)
}
