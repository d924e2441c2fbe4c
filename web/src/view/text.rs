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
        cursor: Box::new(move |offset| workbench.cursor(offset)),
        hole: Box::new(move |name| workbench.choose(Some(name))),
        verdict: Box::new(move |line| workbench.show_proof_of_line(line)),
        explain: Box::new(move |code| workbench.explain(code)),
        names: Box::new(move || names(workbench)),
    }
}

#[derive(Serialize)]
struct Name<'a> {
    label: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    detail: &'a str,
}

/// What can be named in the document: its own declarations and holes, then the prelude.
fn names(workbench: Workbench) -> String {
    workbench.checked.with_untracked(|checked| {
        workbench.prelude.with_untracked(|prelude| {
            let declarations = checked.iter().flat_map(|checked| &checked.declarations);
            let own = declarations.filter(|it| it.kind != "intent");
            let own = own.map(|it| Name { label: &it.name, kind: &it.kind, detail: &it.ty });
            let known = prelude.iter().map(|it| Name { label: &it.name, kind: &it.kind, detail: &it.ty });
            let all: Vec<_> = own.chain(known).collect();
            serde_json::to_string(&all).unwrap_or_else(|_| "[]".to_owned())
        })
    })
}
