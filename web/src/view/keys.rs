//! Keys that work everywhere on the page; `help` lists them.

use crate::browser;
use crate::view::help;
use crate::workbench::{View, Workbench};
use leptos::ev;
use leptos::prelude::*;

/// Listens for as long as the page is there.
pub fn listen(workbench: Workbench) {
    let handle = window_event_listener(ev::keydown, move |event| {
        let command = event.ctrl_key() || event.meta_key();
        // Caps Lock changes letters, not what is meant.
        match (event.key().to_lowercase().as_str(), command) {
            ("f6", false) => next_panel(workbench, !event.shift_key()),
            ("f8", false) => workbench.step_problem(!event.shift_key()),
            ("f9", false) => workbench.step_hole(!event.shift_key()),
            ("k", true) => focus("prompt"),
            (".", true) => to_offers(workbench),
            ("s", true) => workbench.download(),
            ("?", false) if workbench.single_keys.get_untracked() && !browser::typing() => help::show(),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || handle.remove());
}

fn focus(id: &str) {
    // Every id asked for is on the page; were one missing, the focus stays where it is.
    let _ = browser::focus(id);
}

/// The panels in reading order; the document is where the focus goes from anywhere else.
fn next_panel(workbench: Workbench, forward: bool) {
    let order = [View::Document, View::Holes, View::Proof, View::Python];
    let here = browser::panel_with_focus().and_then(|key| order.iter().position(|view| view.key() == key));
    let next = match (here, forward) {
        (None, _) => 0,
        (Some(at), true) => (at + 1) % order.len(),
        (Some(at), false) => (at + order.len() - 1) % order.len(),
    };
    let Some(view) = order.get(next).copied() else { return };
    workbench.view.set(view);
    match view {
        View::Document => workbench.focus_editor(),
        // The panel must be shown before it can take the focus.
        _ => request_animation_frame(move || focus(&format!("{}-title", view.key()))),
    }
}

/// To what could stand in the chosen hole: at once, so that the next key finds it; a panel that must first be shown
/// takes the focus when it is.
fn to_offers(workbench: Workbench) {
    workbench.view.set(View::Holes);
    let offers = || {
        if browser::focus_first(".card.hole.chosen .fit").is_none() {
            focus("holes-title");
        }
    };
    offers();
    if browser::panel_with_focus().as_deref() != Some(View::Holes.key()) {
        request_animation_frame(offers);
    }
}
