//! Documents for requests that no idiom explains: an intent and holes, and no code.
//!
//! Promises: everything in them is a question; what the words do say (the things they name) is used for names.
//! Must not: invent a definition.

use super::adapt::capitalised;
use super::lexicon::Meaning;
use super::library::Library;
use super::place::Placement;
use super::prose::{escaped, heading, name_from, plural, quotation, text_literal};
use super::reading::Reading;

/// The most things that get a type of their own.
const MOST_THINGS: usize = 4;
/// The most idioms named as near.
const MOST_NEAR: usize = 3;

/// Writes the document; `near` are idioms that explain the request only in part, or equally well when `tied`.
pub fn open_document(reading: &Reading, library: &Library, near: &[Placement], tied: bool) -> String {
    let title = heading(&reading.words, 80);
    let things = things(reading);
    let task = name_from(&heading(&reading.words, 32)).unwrap_or_else(|| "task".to_owned());
    let mut document = format!("# {}\n\n{}\n\n", escaped(&title), quotation(&reading.words));
    document.push_str(&explanation(library, near, tied));
    document.push_str("\n```spec-ir\n");
    document.push_str(&format!("intent {} {{\n", text_literal(&title)));
    if !things.is_empty() {
        document.push_str("  inputs {\n");
        for thing in &things {
            document.push_str(&format!("    {}: ?{}\n", thing.parameter, thing.ty));
        }
        document.push_str("  }\n");
    }
    document.push_str("  outputs {\n    outcome: ?Outcome\n  }\n");
    document.push_str(&format!("  goals {{\n    asked: {}\n  }}\n}}\n", text_literal(&reading.words)));
    document.push_str("```\n\nWhat the words leave open:\n\n```spec-ir\n");
    for thing in &things {
        let ask =
            format!("What is known about {}: a number, a text, a list, a record with fields?", thing.words);
        document.push_str(&format!("hole ?{}: type\n  hint {}\n\n", thing.ty, text_literal(&ask)));
    }
    document.push_str(
        "hole ?Outcome: type\n  hint \"What is there when it is done: a number, a text, a list, yes or no?\"\n\n",
    );
    document.push_str(&format!(
        "hole ?done: spec\n  hint {}\n  links {{ uses ?Outcome }}\n\n",
        text_literal("How would you tell that it is done: what must hold of the outcome?")
    ));
    document.push_str(&format!(
        "hole ?{task}: function\n  hint {}\n  links {{ uses ?done }}\n",
        text_literal(
            "Which steps lead there? Say one of them as a small task, such as \"count the words in a text\"."
        )
    ));
    document.push_str("```\n");
    document
}

fn explanation(library: &Library, near: &[Placement], tied: bool) -> String {
    let names: Vec<String> = near
        .iter()
        .take(MOST_NEAR)
        .filter_map(|placement| library.idioms.get(placement.idiom))
        .map(|idiom| format!("* {} (`{}`)\n", escaped(&idiom.title.replace('?', "")), idiom.path))
        .collect();
    match (tied, names.is_empty()) {
        (true, _) => format!(
            "The words fit several idioms equally well, so none was chosen. Say which is meant:\n\n{}",
            names.concat()
        ),
        (false, true) => {
            "No idiom of the library explains these words, so nothing is decided yet.\n".to_owned()
        }
        (false, false) => format!(
            "No idiom of the library explains all of these words, so nothing is decided yet. The nearest:\n\n{}",
            names.concat()
        ),
    }
}

struct Thing {
    words: String,
    parameter: String,
    ty: String,
}

/// The things a request names: nouns, known or not.
fn things(reading: &Reading) -> Vec<Thing> {
    let mut things: Vec<Thing> = Vec::new();
    for (at, unit) in reading.units.iter().enumerate() {
        let noun = matches!(unit.meaning, Meaning::Noun(_)) || reading.names_thing(at);
        if !noun || things.len() == MOST_THINGS {
            continue;
        }
        let Some(singular) = name_from(&unit.plain) else { continue };
        let parameter = if unit.plural { plural(&singular) } else { singular };
        let ty = capitalised(&parameter);
        if parameter == "outcome" || things.iter().any(|thing| thing.parameter == parameter) {
            continue;
        }
        things.push(Thing { words: format!("the {}", parameter.replace('_', " ")), parameter, ty });
    }
    things
}
