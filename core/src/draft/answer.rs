//! Answers to the questions of a document: each makes its hole an assumption with a reason.
//!
//! Promises: only the declaration of the hole changes, and only to a term that fits it. Must not: decide a hole
//! that has no answers.

use crate::check::check;
use crate::holes::{DecisionError, assume};
use serde::{Deserialize, Serialize};

/// A question that was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The hole.
    pub hole: String,
    /// The answer, a term.
    pub answer: String,
}

/// Takes the first answer of every open question. An answer that does not fit its hole leaves the question open.
///
/// ```
/// let document = "```spec-ir\nhole ?n: term Int\n  answers { 1, 2 }\n```\n";
/// let (decided, accepted) = lift_core::draft::accept_defaults(document);
/// assert!(decided.contains("?n: term Int = 1"));
/// assert_eq!(accepted.len(), 1);
/// ```
pub fn accept_defaults(document: &str) -> (String, Vec<Accepted>) {
    let (_, questions) = super::open_parts(document);
    let mut text = document.to_owned();
    let mut accepted = Vec::new();
    for question in questions {
        let Some(answer) = question.answers.into_iter().next() else { continue };
        let decided = assume(&check(&text), &question.hole, &answer, "the usual answer, accepted");
        if let Ok(decision) = decided {
            text = decision.text;
            accepted.push(Accepted { hole: question.hole, answer });
        }
    }
    (text, accepted)
}

/// Decides a declared hole, or decides it again. `hole` is with or without its question mark.
pub fn answer(document: &str, hole: &str, term: &str) -> Result<String, DecisionError> {
    assume(&check(document), hole, term, "answered").map(|decision| decision.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "Prose ?n stays.\n\n```spec-ir\nhole ?n: term Int\n  hint \"how many\"\n  answers { 3, 4 }\n\n\
                            hole ?s: term Str = \" \"\n  because \"white space\"\n\ndef f(x:   Int): Int = x + ?n\n```\n";

    #[test]
    fn the_first_answer_is_taken_and_nothing_else_changes() {
        let (decided, accepted) = accept_defaults(DOCUMENT);
        assert_eq!(accepted, [Accepted { hole: "n".into(), answer: "3".into() }]);
        assert!(decided.starts_with("Prose ?n stays.\n\n```spec-ir\nhole ?n: term Int = 3"), "{decided}");
        assert!(decided.contains("because \"the usual answer, accepted\""));
        assert!(decided.ends_with(DOCUMENT.split_once("hole ?s").unwrap().1));
        assert_eq!(accept_defaults(&decided), (decided.clone(), vec![]));
    }

    #[test]
    fn an_answer_decides_and_decides_again() {
        let decided = answer(DOCUMENT, "?n", "7").unwrap();
        assert!(decided.contains("hole ?n: term Int = 7"));
        let again = answer(&decided, "n", "8").unwrap();
        assert!(again.contains("hole ?n: term Int = 8"));
        assert_eq!(again.matches("\"answered\"").count(), 1);
    }

    #[test]
    fn an_answer_that_does_not_fit_changes_nothing() {
        assert!(matches!(answer(DOCUMENT, "x", "1"), Err(DecisionError::NoSuchHole { .. })));
        assert!(matches!(answer(DOCUMENT, "n", "1 +"), Err(DecisionError::DoesNotFit { .. })));
        assert!(matches!(answer(DOCUMENT, "n", "\"one\""), Err(DecisionError::DoesNotFit { .. })));
    }
}
