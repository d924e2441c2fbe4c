//! The sheet of keys.

use crate::browser::{self, Kept};
use crate::workbench::Workbench;
use leptos::prelude::*;

const KEYS: [(&str, &str); 12] = [
    ("Ctrl K", "What do you want: to the prompt"),
    ("F6 / Shift F6", "Next panel, panel before"),
    ("F8 / Shift F8", "Next problem, problem before"),
    ("F9 / Shift F9", "Next hole, hole before"),
    ("Ctrl .", "From the text to what could fill the chosen hole"),
    ("1 to 6", "With the focus in the open panel: take that fit"),
    ("Ctrl Z / Ctrl Y", "Undo, redo"),
    ("Ctrl F", "Find in the document"),
    ("Ctrl Space", "Complete a name"),
    ("Ctrl S", "Download the document"),
    ("Tab", "Leave the editor for the next control"),
    ("?", "This sheet"),
];

const ID: &str = "keys";

/// The dialog; [`show`] opens it.
#[component]
pub fn Help() -> impl IntoView {
    let workbench = Workbench::here();
    let toggle = move |event| {
        let on = event_target_checked(&event);
        workbench.single_keys.set(on);
        browser::keep(Kept::Keys, (!on).then_some("off"));
    };
    view! {
        <dialog id=ID class="sheet keys" aria-labelledby="keys-title">
            <form method="dialog">
                <h2 id="keys-title">"Keys"</h2>
                <dl>
                    {KEYS.map(|(keys, does)| view! {
                        <div><dt>{keys.split(" / ").map(|key| view! { <kbd>{key}</kbd> }).collect_view()}</dt><dd>{does}</dd></div>
                    })}
                </dl>
                <label class="option">
                    <input type="checkbox" prop:checked=move || workbench.single_keys.get() on:change=toggle/>
                    "Keys without Ctrl or a function key (1 to 6, ?) act"
                </label>
                <button type="submit" class="primary">"Close"</button>
            </form>
        </dialog>
    }
}

/// Opens the sheet.
pub fn show() {
    browser::show_dialog(ID);
}
