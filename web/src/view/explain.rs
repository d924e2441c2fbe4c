//! The long form of a code, in a dialog.

use crate::browser;
use crate::view::prose::Prose;
use crate::workbench::Workbench;
use leptos::prelude::*;

const ID: &str = "explained";

/// Opens when an explanation arrives.
#[component]
pub fn Explain() -> impl IntoView {
    let workbench = Workbench::here();
    Effect::new(move |_| {
        if workbench.explained.with(Option::is_some) {
            browser::show_dialog(ID);
        }
    });
    let title =
        move || workbench.explained.with(|it| it.as_ref().map(|it| format!("{}: {}", it.code, it.title)));
    let text = move || workbench.explained.with(|it| it.as_ref().map(|it| it.text.clone()));
    let example = move || {
        let (wrong, right) = workbench.explained.with(|it| it.as_ref()?.example.clone())?;
        Some(view! {
            <h3>"Reported"</h3>
            <pre>{wrong}</pre>
            <h3>"Instead"</h3>
            <pre>{right}</pre>
        })
    };
    view! {
        <dialog id=ID class="sheet" aria-labelledby="explained-title" on:close=move |_| workbench.explained.set(None)>
            <form method="dialog">
                <h2 id="explained-title">{title}</h2>
                <p>{move || text().map(|text| view! { <Prose text/> })}</p>
                {example}
                <button type="submit" class="primary">"Close"</button>
            </form>
        </dialog>
    }
}
