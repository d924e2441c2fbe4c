//! The examples, run as Python by the server: what the generated code does, beside what the engine says it does.

use crate::view::{capitalised, counted};
use crate::workbench::{Testing, Workbench};
use leptos::prelude::*;
use lift_web::protocol::{Tested, TestedExample};

/// How they went, in a sentence.
pub fn summary(tested: &Tested) -> String {
    let hold = tested.examples.iter().filter(|example| example.ok == Some(true)).count();
    let all = counted(tested.examples.len(), "example holds", "examples hold");
    let who = match tested.ran.as_str() {
        "evaluator" => "the evaluator: not all of it is complete enough for Python".to_owned(),
        who => capitalised(who),
    };
    format!("{hold} of {all}, run by {who}.")
}

/// Asks the server to run them.
#[component]
pub fn RunExamples() -> impl IntoView {
    let workbench = Workbench::here();
    let some = move || workbench.ran.with(|ran| ran.as_ref().is_some_and(|ran| !ran.examples.is_empty()));
    let reason = move || match (workbench.server.with(|server| server.runs()), some()) {
        (false, _) => Some("No server is there to run Python"),
        (true, false) => Some("The document has no examples to run"),
        (true, true) => None,
    };
    let running = move || workbench.testing.with(|testing| *testing == Testing::Running);
    view! {
        <button
            type="button"
            class="run"
            title=move || reason().unwrap_or("Run the examples of the document as Python, on the server")
            disabled=move || reason().is_some() || running()
            on:click=move |_| workbench.test()
        >
            {move || if running() { "Running" } else { "Run examples" }}
        </button>
    }
}

/// What came of it.
#[component]
pub fn Outcome() -> impl IntoView {
    let workbench = Workbench::here();
    move || {
        let view = match workbench.testing.get() {
            Testing::Idle | Testing::Running => return None,
            Testing::Failed(why) => view! { <p class="is-unknown">{why}</p> }.into_any(),
            Testing::Ended(revision, tested) => {
                let earlier = move || {
                    (workbench.revision.get() != revision).then_some(" The document has changed since.")
                };
                let wrong = tested.examples.iter().filter(|example| example.ok != Some(true)).cloned();
                let wrong: Vec<_> = wrong.map(|example| view! { <Row example/> }).collect();
                let name = if wrong.is_empty() { "is-proved" } else { "is-refuted" };
                let shape = if wrong.is_empty() { "✓" } else { "✗" };
                view! {
                    <p>
                        <span class=format!("verdict-shape {name}") aria-hidden="true">{shape}</span>
                        " " {summary(&tested)} {earlier}
                    </p>
                    {(!wrong.is_empty()).then(|| view! { <ul class="examples">{wrong}</ul> })}
                }
                .into_any()
            }
        };
        Some(view! { <div class="tested">{view}</div> })
    }
}

#[component]
fn Row(example: TestedExample) -> impl IntoView {
    let (name, word) = match example.ok {
        Some(false) => ("is-refuted", "fails"),
        _ => ("is-unknown", "open"),
    };
    let expected = (example.ok == Some(false)).then(|| format!(", expected {}", example.expected));
    view! {
        <li class=format!("example {name}")>
            <code>{example.call}</code>
            <span class="gives">{word} ": gives " <code>{example.got}</code> {expected}</span>
        </li>
    }
}
