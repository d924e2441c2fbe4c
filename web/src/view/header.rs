//! The top: what do you want, and what can be done with the document.

use crate::browser::{self, Kept};
use crate::view::{documents, icon};
use crate::workbench::{EngineState, Workbench};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

/// The first thing to do on the page, and the things to do with all of it.
#[component]
pub fn Header() -> impl IntoView {
    view! {
        <header class="header">
            <h1 class="brand">{icon::mark()}"lift"</h1>
            <Prompt/>
            <Tools/>
        </header>
    }
}

#[component]
fn Prompt() -> impl IntoView {
    let workbench = Workbench::here();
    let words = RwSignal::new(String::new());
    let unable = move || workbench.engine_state.with(|state| *state == EngineState::Starting);
    // A draft shows the words it came from, wherever they were typed or picked.
    Effect::new(move || {
        if let Some(origin) = workbench.origin.get() {
            words.set(origin.words);
        }
    });
    view! {
        <form class="prompt" role="search" aria-label="Draft" on:submit=move |event| {
            event.prevent_default();
            workbench.draft(words.get_untracked());
        }>
            <label class="sr-only" for="prompt">"What do you want?"</label>
            <input
                id="prompt"
                type="text"
                autocomplete="off"
                placeholder="What do you want? Say it in a sentence."
                aria-keyshortcuts="Control+K"
                prop:value=move || words.get()
                on:input=move |event| words.set(event_target_value(&event))
            />
            <button type="submit" class="primary" disabled=unable>
                {move || if workbench.drafting.get() { "Drafting" } else { "Draft" }}
            </button>
        </form>
    }
}

#[component]
fn Tools() -> impl IntoView {
    let workbench = Workbench::here();
    let file = NodeRef::<html::Input>::new();
    let pick = move |_| {
        if let Some(file) = file.get_untracked() {
            file.click();
        }
    };
    let read = move |_| {
        let Some(input) = file.get_untracked() else { return };
        let Some(chosen) = input.files().and_then(|files| files.get(0)) else { return };
        spawn_local(async move {
            let text = async { JsFuture::from(chosen.text()).await.ok()?.as_string() };
            workbench.open_file(&chosen.name(), chosen.size(), text).await;
            input.set_value("");
        });
    };
    let turn_theme = move |_| {
        let shown = browser::kept(Kept::Theme);
        let dark = shown.as_deref().map_or_else(browser::prefers_dark, |theme| theme == "dark");
        let next = if dark { "light" } else { "dark" };
        browser::keep(Kept::Theme, Some(next));
        browser::set_theme(Some(next));
        workbench.announcement.set(format!("The page is {next} now."));
    };
    view! {
        <div class="tools" role="group" aria-label="Document">
            <button type="button" class="tool" title="Undo (Ctrl+Z)" aria-label="Undo" on:click=move |_| workbench.undo()>
                {icon::undo()}
            </button>
            <button type="button" class="tool" title="Redo (Ctrl+Y)" aria-label="Redo" on:click=move |_| workbench.redo()>
                {icon::redo()}
            </button>
            <span class="rule" aria-hidden="true"></span>
            <documents::Current/>
            <button type="button" class="tool" title="Open a document" aria-label="Open a document" on:click=pick>
                {icon::open()}
            </button>
            <input node_ref=file type="file" accept=".md,.spec.md,text/markdown,text/plain" hidden on:change=read/>
            <button type="button" class="tool" title="Download the document (Ctrl+S)" aria-label="Download the document"
                on:click=move |_| workbench.download()>
                {icon::download()}
            </button>
            <button type="button" class="tool" title="Copy a link that holds the document" aria-label="Copy a link that holds the document"
                on:click=move |_| workbench.share()>
                {icon::link()}
            </button>
            <span class="rule" aria-hidden="true"></span>
            <button type="button" class="tool" title="Light or dark" aria-label="Light or dark" on:click=turn_theme>
                {icon::theme()}
            </button>
            <button type="button" class="tool" title="Keys (?)" aria-label="Keys" on:click=|_| crate::view::help::show()>
                {icon::keyboard()}
            </button>
        </div>
    }
}
