//! The generated code beside the document.

use crate::browser;
use crate::editor::{ReaderPort, element};
use crate::view::icon;
use crate::view::testing::{Outcome, RunExamples};
use crate::workbench::Workbench;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The document as Python, and what is left out of it.
#[component]
pub fn Python() -> impl IntoView {
    let workbench = Workbench::here();
    let place = NodeRef::<html::Div>::new();
    let reader = StoredValue::new_local(None::<ReaderPort>);
    let text = Memo::new(move |_| {
        workbench.generated.with(|generated| generated.as_ref().map(|it| it.text.clone()).unwrap_or_default())
    });
    let functions = move || {
        workbench
            .generated
            .with_untracked(|it| it.as_ref().map(|it| it.functions.clone()).unwrap_or_default())
    };
    Effect::new(move || {
        if let Some(parent) = element(place) {
            let picked = move |function: String| {
                let name = functions().into_iter().find(|(_, it)| *it == function).map(|(name, _)| name);
                workbench.go_to_declaration(&name.unwrap_or(function));
            };
            reader.set_value(Some(ReaderPort::new(&parent, "Generated Python, to read and copy", picked)));
        }
    });
    Effect::new(move || {
        let text = text.get();
        reader.with_value(|reader| {
            if let Some(reader) = reader {
                reader.show(&text);
            }
        });
    });
    // The function that the declaration at the cursor became.
    Effect::new(move || {
        let current = workbench.current.get();
        let _ = text.get();
        let named = functions().into_iter().find(|(name, _)| Some(name) == current.as_ref());
        let function = named.map(|(_, function)| function).unwrap_or_default();
        reader.with_value(|reader| {
            if let Some(reader) = reader {
                reader.point(&function);
            }
        });
    });
    let left_out =
        move || workbench.generated.with(|it| it.as_ref().map(|it| it.left_out.clone()).unwrap_or_default());
    let none = move || text.with(String::is_empty);
    let copy = move |_| {
        let text = text.get_untracked();
        spawn_local(async move {
            let copied = browser::copy(&text).await;
            workbench.tell(if copied { "Python copied." } else { "The browser did not allow copying." });
        });
    };
    let save = move |_| {
        let name = format!("{}.py", workbench.file_stem());
        if browser::download(&name, &text.get_untracked()).is_none() {
            workbench.tell("The browser did not save the file.");
        }
    };
    view! {
        <section class="panel python" aria-labelledby="python-title">
            <div class="panel-head">
                <h2 class="panel-title" id="python-title" tabindex="-1">"Python"</h2>
                <div class="tools">
                    <RunExamples/>
                    <button type="button" class="tool" title="Copy" aria-label="Copy the Python" disabled=none on:click=copy>
                        {icon::copy()}
                    </button>
                    <button type="button" class="tool" title="Download" aria-label="Download the Python" disabled=none on:click=save>
                        {icon::download()}
                    </button>
                </div>
            </div>
            <div class="panel-body">
                <Outcome/>
                <Show when=move || !left_out().is_empty()>
                    <ul class="left-out">
                        {move || left_out().into_iter().map(|(name, why)| view! {
                            <li><code>{name}</code> " is left out: " {why}</li>
                        }).collect_view()}
                    </ul>
                </Show>
                <div class="reader" class:empty=none node_ref=place></div>
                <Show when=move || none() && left_out().is_empty()>
                    <p class="quiet">"What is complete stands here as Python, with its contracts checked at the boundary."</p>
                </Show>
            </div>
        </section>
    }
}
