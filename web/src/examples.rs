//! Sentences to begin with.

/// Each ends in proved code, or asks what the words leave open.
pub const SENTENCES: [&str; 6] = [
    "Clamp a number between a lower and an upper bound",
    "Count the words in a sentence",
    "A function that validates ages between 0 and 150",
    "Merge two sorted lists into one sorted list",
    "Turn a score from 0 to 100 into a letter grade",
    "Apply a discount to a price",
];
