//! What is wrong with the document, as a list: the same that is underlined in the text.

use crate::view::counted;
use crate::view::prose::Prose;
use crate::workbench::Workbench;
use leptos::prelude::*;
use lift_web::protocol::{Finding, Severity};

/// The list, when there is anything to list.
#[component]
pub fn Problems() -> impl IntoView {
    let workbench = Workbench::here();
    let findings = Memo::new(move |_| {
        workbench
            .checked
            .with(|checked| checked.as_ref().map(|checked| checked.findings.clone()).unwrap_or_default())
    });
    view! {
        <Show when=move || findings.with(|findings| !findings.is_empty())>
            <h3 class="group">{move || counted(findings.with(Vec::len), "problem", "problems")}</h3>
            <ul class="cards">
                <For each=move || findings.get().into_iter().enumerate() key=|it| it.clone() let:it>
                    <ProblemCard finding=it.1/>
                </For>
            </ul>
        </Show>
    }
}

#[component]
fn ProblemCard(finding: Finding) -> impl IntoView {
    let workbench = Workbench::here();
    let (name, word) = match finding.severity {
        Severity::Error => ("is-refuted", "error"),
        Severity::Warning => ("is-unknown", "warning"),
        Severity::Info => ("is-stale", "note"),
    };
    let (place, code) = (finding.place, finding.code.clone());
    view! {
        <li class=format!("card problem-card {name}")>
            <div class="card-head">
                <span class="severity">{word}</span>
                {(!code.is_empty()).then(|| {
                    let asked = code.clone();
                    view! {
                        <button type="button" class="code" title="What does this mean?" on:click=move |_| workbench.explain(asked.clone())>
                            {code.clone()}
                        </button>
                    }
                })}
                <button type="button" class="go" on:click=move |_| workbench.goto(place)>"line " {place.line}</button>
            </div>
            <p class="said"><Prose text=finding.message/></p>
            {finding.hint.map(|hint| view! { <p><Prose text=hint/></p> })}
        </li>
    }
}
