//! Icons, drawn in the current colour. They repeat words that stand beside them or in a label, so they are hidden
//! from screen readers.

use leptos::prelude::*;

/// The mark of lift: a line raised over another.
pub fn mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
            <path d="M4 19h16" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" opacity=".45"/>
            <path d="M5 12.5 12 5.5l7 7" fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/>
        </svg>
    }
}

fn line(path: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
            <path d=path fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/>
        </svg>
    }
}

/// A link.
pub fn link() -> impl IntoView {
    line(
        "M10 14a4.5 4.5 0 0 0 6.4.4l3-3a4.5 4.5 0 0 0-6.4-6.4l-1.5 1.5M14 10a4.5 4.5 0 0 0-6.4-.4l-3 3a4.5 4.5 0 0 0 6.4 6.4l1.5-1.5",
    )
}

/// Down into a tray.
pub fn download() -> impl IntoView {
    line("M12 4v11m0 0 4.5-4.5M12 15l-4.5-4.5M5 19.5h14")
}

/// A folder that opens.
pub fn open() -> impl IntoView {
    line("M3.5 18.5v-12h6l2 2.5h8v2.5M3.5 18.5l3-7h14.5l-3 7z")
}

/// Half light, half dark.
pub fn theme() -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
            <circle cx="12" cy="12" r="8" fill="none" stroke="currentColor" stroke-width="1.8"/>
            <path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor"/>
        </svg>
    }
}

/// A keyboard.
pub fn keyboard() -> impl IntoView {
    line("M3.5 7h17v10h-17zM7 10.5h.01M10.5 10.5h.01M14 10.5h.01M17.5 10.5h.01M8 14h8")
}

/// Two sheets.
pub fn copy() -> impl IntoView {
    line("M9 9h10.5v10.5H9zM15 9V4.5H4.5V15H9")
}

/// Back.
pub fn undo() -> impl IntoView {
    line("M8.5 5 4.5 9l4 4M5 9h9a5 5 0 0 1 0 10h-4")
}

/// Forward again.
pub fn redo() -> impl IntoView {
    line("M15.5 5l4 4-4 4M19 9h-9a5 5 0 0 0 0 10h4")
}
