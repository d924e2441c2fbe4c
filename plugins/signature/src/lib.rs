//! Controller plugin: signatures.
