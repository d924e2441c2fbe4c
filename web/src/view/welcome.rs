//! What an empty page says.

use crate::examples::SENTENCES;
use crate::workbench::Workbench;
use leptos::prelude::*;

/// How to begin, over the empty editor; it goes when something is typed and nothing moves.
#[component]
pub fn Welcome() -> impl IntoView {
    let workbench = Workbench::here();
    let sentences = SENTENCES.map(|sentence| {
        view! {
            <li>
                <button type="button" class="sentence" on:click=move |_| workbench.draft(sentence.to_owned())>
                    {sentence}
                </button>
            </li>
        }
    });
    view! {
        <div class="welcome">
            <h2>"Say what you want."</h2>
            <p>
                "lift writes it down as a specification that runs, shows what your words leave open, "
                "proves the rest or gives a counterexample, and turns it into Python."
            </p>
            <h3 id="sentences">"For example"</h3>
            <ul aria-labelledby="sentences">{sentences}</ul>
        </div>
    }
}
