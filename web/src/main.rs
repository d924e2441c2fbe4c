//! The workbench: the page around an engine that runs in a worker of its own.
//!
//! Say what you want, see what is still open, take a fit, watch the verdict change, read the Python. The document is
//! the state; every panel shows what the engine last said about it, and every change is an edit that undo takes back.
//!
//! Promises: the page never computes, so it never blocks; without a server all but Z3 and Python runs works, and the
//! page says so. Must not: know the language (that is the engine's) or keep anything the document does not hold,
//! except how the reader likes the page.
//!
//! * `workbench`: what is known, and what can be done.
//! * `engine`, `server`, `editor`, `browser`: the four things outside, each behind a small interface.
//! * `view`: one file per part of the page.

mod browser;
mod editor;
mod engine;
mod examples;
mod server;
mod view;
mod workbench;

fn main() {
    browser::set_theme(browser::kept(browser::Kept::Theme).as_deref());
    browser::remove("boot");
    leptos::mount::mount_to_body(view::App);
    browser::keep_offline();
}
