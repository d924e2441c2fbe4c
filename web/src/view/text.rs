//! The editor, and what stands in it while it is empty.

use crate::editor::{EditorPort, Told, element};
use crate::view::welcome::Welcome;
use crate::workbench::Workbench;
use leptos::html;
use leptos::prelude::*;
use serde::Serialize;

/// The document.
#[component]
pub fn Text() -> impl IntoView {
    let workbench = Workbench::here();
    let place = NodeRef::<html::Div>::new();
    Effect::new(move || {
        if let Some(parent) = element(place) {
            workbench.attach(EditorPort::new(&parent, "Document in Spec-IR", told(workbench)));
        }
    });
    let empty = move || workbench.text.with(|text| text.trim().is_empty());
    view! {
        <div class="editor" id="editor" node_ref=place></div>
        <Show when=empty>
            <Welcome/>
        </Show>
    }
}

fn told(workbench: Workbench) -> Told {
    Told {
        change: Box::new(move |text, _| workbench.changed(text)),
        cursor: Box::new(move |offset| {
            let under = workbench.checked.with_untracked(|checked| {
                let holes = checked.as_ref()?.holes.iter();
                let mut at = holes
                    .filter(|hole| hole.uses.iter().any(|place| place.from <= offset && offset <= place.to));
                at.next().map(|hole| hole.name.clone())
            });
            if under.is_some() {
                workbench.choose(under);
            }
        }),
        hole: Box::new(move |name| workbench.choose(Some(name))),
        verdict: Box::new(move |line| workbench.show_proof_of_line(line)),
        explain: Box::new(move |code| workbench.explain(code)),
        complete: Box::new(move |_, _| completions(workbench)),
    }
}

#[derive(Serialize)]
struct Completion<'a> {
    label: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    detail: &'a str,
}

/// The document's own names; the engine's fits are in the panel of holes.
fn completions(workbench: Workbench) -> String {
    workbench.checked.with_untracked(|checked| {
        let declarations =
            checked.as_ref().map(|checked| checked.declarations.as_slice()).unwrap_or_default();
        let own: Vec<_> = declarations
            .iter()
            .filter(|declaration| declaration.kind != "intent")
            .map(|it| Completion { label: &it.name, kind: &it.kind, detail: &it.ty })
            .collect();
        serde_json::to_string(&own).unwrap_or_else(|_| "[]".to_owned())
    })
}
