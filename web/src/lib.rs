//! What the page and its engine worker say to each other.

pub mod protocol;
