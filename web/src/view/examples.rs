//! The examples of the document, run by the engine.

use crate::view::counted;
use crate::workbench::Workbench;
use leptos::prelude::*;
use lift_web::protocol::Example;

/// How they went; each failing one with what came out instead.
#[component]
pub fn Examples() -> impl IntoView {
    let workbench = Workbench::here();
    let examples = Memo::new(move |_| {
        workbench.ran.with(|ran| ran.as_ref().map(|ran| ran.examples.clone()).unwrap_or_default())
    });
    let summary = move || {
        examples.with(|examples| {
            let count = |holds| examples.iter().filter(|example| example.holds == holds).count();
            let (hold, fail, open) = (count(Some(true)), count(Some(false)), count(None));
            let mut parts =
                vec![format!("{hold} of {} hold", counted(examples.len(), "example", "examples"))];
            parts.extend((fail > 0).then(|| format!("{fail} fail")));
            parts.extend((open > 0).then(|| format!("{open} wait for a hole")));
            parts.join(", ")
        })
    };
    view! {
        <Show when=move || examples.with(|examples| !examples.is_empty())>
            <h3 class="group">{summary}</h3>
            <ul class="examples">
                <For each=move || examples.get().into_iter().enumerate() key=|it| it.clone() let:it>
                    <ExampleRow example=it.1/>
                </For>
            </ul>
        </Show>
    }
}

#[component]
fn ExampleRow(example: Example) -> impl IntoView {
    let workbench = Workbench::here();
    let place = example.place;
    let (name, shape, word) = match example.holds {
        Some(true) => ("is-proved", "✓", "holds"),
        Some(false) => ("is-refuted", "✗", "fails"),
        None => ("is-unknown", "?", "open"),
    };
    let instead = (example.holds == Some(false)).then(|| format!("expected {}", example.expected));
    view! {
        <li class=format!("example {name}")>
            <span class=format!("verdict-shape {name}") aria-hidden="true">{shape}</span>
            <span class="sr-only">{word}": "</span>
            <button type="button" class="reason" on:click=move |_| workbench.goto(place)><code>{example.call}</code></button>
            <span class="gives">"gives " <code>{example.got}</code> {instead.map(|instead| view! { ", " {instead} })}</span>
        </li>
    }
}
