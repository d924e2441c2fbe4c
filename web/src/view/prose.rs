//! Sentences of the engine, in which what is written in the language stands between backticks, as in diagnostics on a
//! terminal. Here it is shown as code.

use leptos::prelude::*;

/// The sentence.
#[component]
pub fn Prose(#[prop(into)] text: String) -> impl IntoView {
    let parts: Vec<&str> = text.split('`').collect();
    let last = parts.len() - 1;
    let part = |(index, part): (usize, &str)| {
        let part = part.to_owned();
        match index % 2 {
            0 => part.into_any(),
            // A backtick without a partner is one.
            _ if index == last => format!("`{part}").into_any(),
            _ => view! { <code>{part}</code> }.into_any(),
        }
    };
    parts.into_iter().enumerate().map(part).collect_view()
}
