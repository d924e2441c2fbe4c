//! The parts of the page. Each reads the [`Workbench`] and acts through it; none talks to another.

mod documents;
mod evaluate;
mod examples;
mod explain;
mod header;
mod help;
mod holes;
mod icon;
mod keys;
mod problems;
mod proof;
mod prose;
mod python;
mod status;
mod testing;
mod text;
mod welcome;

use crate::workbench::{View, Workbench};
use leptos::prelude::*;
use lift_web::protocol::{Standing, Verdict};

pub use testing::summary as tested;

/// The word for a verdict, the same everywhere on the page.
pub fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Proved => "proved",
        Verdict::Refuted => "refuted",
        Verdict::Unknown => "unknown",
    }
}

/// `1 hole`, `2 holes`.
fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// `n = 3, text = "a"`
fn values(values: &[(String, String)]) -> String {
    let pairs: Vec<_> = values.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    pairs.join(", ")
}

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let workbench = Workbench::new();
    provide_context(workbench);
    keys::listen(workbench);
    // Which document each part of the page is about, for whoever drives the page and must know when to look.
    let checked = move || workbench.checked.with(|it| it.as_ref().map(|it| it.revision.0.to_string()));
    let verified = move || workbench.verified.with(|it| it.as_ref().map(|it| it.revision.0.to_string()));
    view! {
        <a class="skip" href="#editor" on:click=move |event| {
            event.prevent_default();
            workbench.focus_editor();
        }>"Skip to the editor"</a>
        <header::Header/>
        <main
            class="workbench"
            data-view=move || workbench.view.get().key()
            data-revision=move || workbench.revision.get().0.to_string()
            data-checked=checked
            data-verified=verified
        >
            <section class="document" aria-label="Document">
                <text::Text/>
                <evaluate::Evaluate/>
            </section>
            <Panels/>
            <holes::Holes/>
            <proof::Proof/>
            <python::Python/>
        </main>
        <status::Status/>
        <help::Help/>
        <documents::Documents/>
        <explain::Explain/>
        <div class="sr-only" role="status" aria-live="polite">{move || workbench.announcement.get()}</div>
        <div class="notice" class:shown=move || workbench.notice.with(Option::is_some)>
            {move || workbench.notice.get()}
        </div>
    }
}

/// Which panel is shown where there is no room for all; the numbers are worth seeing everywhere.
#[component]
fn Panels() -> impl IntoView {
    let workbench = Workbench::here();
    let open = move || {
        workbench.checked.with(|checked| {
            let holes = checked.as_ref().map(|checked| checked.holes.as_slice()).unwrap_or_default();
            holes.iter().filter(|hole| hole.standing != Standing::Assumption).count()
        })
    };
    let proved = move || {
        workbench.verified.with(|verified| {
            let all = verified.as_ref().map(|verified| verified.declarations.as_slice()).unwrap_or_default();
            let owing = all.iter().filter(|declaration| declaration.owed > 0);
            let done = owing.clone().filter(|declaration| declaration.verdict == Verdict::Proved).count();
            (done, owing.count())
        })
    };
    let button = move |view: View, name: &'static str, count: Option<Signal<String>>| {
        view! {
            <button
                type="button"
                class=format!("panel-button for-{}", view.key())
                aria-pressed=move || (workbench.view.get() == view).to_string()
                on:click=move |_| workbench.view.set(view)
            >
                {name}
                {count.map(|count| view! { <span class="count">{move || count.get()}</span> })}
            </button>
        }
    };
    let open = Signal::derive(move || open().to_string());
    let proved = Signal::derive(move || {
        let (done, all) = proved();
        format!("{done}/{all}")
    });
    view! {
        <nav class="panels" aria-label="Panels">
            {button(View::Document, "Document", None)}
            {button(View::Holes, "Open", Some(open))}
            {button(View::Proof, "Proof", Some(proved))}
            {button(View::Python, "Python", None)}
        </nav>
    }
}
