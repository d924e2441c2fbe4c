//! The sheet of documents: what this one is called, and the others that this browser keeps.

use crate::browser;
use crate::view::icon;
use crate::workbench::Workbench;
use leptos::prelude::*;

const ID: &str = "documents";

/// The button that says which document this is, and opens the sheet.
#[component]
pub fn Current() -> impl IntoView {
    let workbench = Workbench::here();
    let shown = move || workbench.name.with(|name| name.rsplit('/').next().unwrap_or_default().to_owned());
    let label = move || match workbench.name.get() {
        name if name.is_empty() => "Documents".to_owned(),
        name => format!("Documents: this is {name}"),
    };
    view! {
        <button type="button" class="tool documents-button" title=label aria-label=label aria-haspopup="dialog"
            on:click=|_| browser::show_dialog(ID)>
            {icon::copy()}
            <span>{shown}</span>
        </button>
    }
}

/// The sheet.
#[component]
pub fn Documents() -> impl IntoView {
    let workbench = Workbench::here();
    let written = RwSignal::new(String::new());
    Effect::new(move || written.set(workbench.name.get()));
    let others = move || {
        let mut names = workbench.documents.get();
        workbench.name.with(|shown| names.retain(|name| name != shown));
        names
    };
    let other = move |name: String| {
        let (opened, removed) = (name.clone(), name.clone());
        let remove = format!("Remove {name}");
        view! {
            <li>
                <button type="button" class="kept" on:click=move |_| {
                    workbench.open_kept(&opened);
                    browser::close_dialog(ID);
                }>{name}</button>
                <button type="button" class="run" aria-label=remove on:click=move |_| workbench.discard(&removed)>"Remove"</button>
            </li>
        }
    };
    view! {
        <dialog id=ID class="sheet documents" aria-labelledby="documents-title">
            <h2 id="documents-title">"Documents"</h2>
            <form class="naming" on:submit=move |event| {
                event.prevent_default();
                workbench.rename(&written.get_untracked());
            }>
                <label for="document-name">"This document is called"</label>
                <input id="document-name" type="text" autocomplete="off" spellcheck="false" placeholder="ages.spec.md"
                    prop:value=move || written.get() on:input=move |event| written.set(event_target_value(&event))/>
                <button type="submit" class="run">"Name it"</button>
            </form>
            <p>"This browser keeps documents by name. One finds another with "<code>"import \"ages.spec.md\" as ages"</code>"."</p>
            <ul aria-label="Other documents">{move || others().into_iter().map(other).collect_view()}</ul>
            <form method="dialog">
                <button type="submit" class="run" on:click=move |_| workbench.begin()>"New document"</button>
                <button type="submit" class="primary">"Close"</button>
            </form>
        </dialog>
    }
}
