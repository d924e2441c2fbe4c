//! One line to try things: an expression in, its value out, going around holes.

use crate::view::{counted, values};
use crate::workbench::Workbench;
use leptos::prelude::*;
use lift_web::protocol::{Evaluated, Outcome};

/// The line under the editor. Its answer has a place of its own, so nothing moves when it comes.
#[component]
pub fn Evaluate() -> impl IntoView {
    let workbench = Workbench::here();
    let expression = RwSignal::new(String::new());
    view! {
        <form class="evaluate" aria-label="Evaluate" on:submit=move |event| {
            event.prevent_default();
            workbench.evaluate(expression.get_untracked());
        }>
            <label for="expression">"Try"</label>
            <input
                id="expression"
                type="text"
                class="mono"
                autocomplete="off"
                spellcheck="false"
                placeholder="an expression, such as max(2, 3)"
                prop:value=move || expression.get()
                on:input=move |event| expression.set(event_target_value(&event))
            />
            <output for="expression" class="value" aria-live="polite">
                {move || workbench.evaluated.get().map(|evaluated| view! { <Answer evaluated/> })}
            </output>
        </form>
    }
}

#[component]
fn Answer(evaluated: Evaluated) -> impl IntoView {
    let (name, word) = match evaluated.status {
        Outcome::Value => ("is-value", "="),
        Outcome::Indeterminate => ("is-indeterminate", "waits for a hole:"),
        Outcome::Error => ("is-error", "error:"),
    };
    let reached = evaluated.seen.len();
    let evidence: Vec<_> =
        evaluated.seen.iter().map(|seen| format!("?{} with {}", seen.hole, values(&seen.values))).collect();
    let evidence = evidence.join("\n");
    view! {
        <span class=format!("answer-value {name}") title=evaluated.result.clone()>
            <span class="answer-word">{word}</span>
            <code>{evaluated.result.clone()}</code>
        </span>
        {(reached > 0).then(|| view! {
            <span class="evidence" title=evidence>{counted(reached, "hole reached", "holes reached")}</span>
        })}
    }
}
