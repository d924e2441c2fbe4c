//! What can be done. Each action ends in an edit of the document, or in a look at it.

use super::{EngineState, Freshness, Testing, View, Workbench};
use crate::browser::{self, Kept};
use crate::editor::{self, EditorPort, LinkError};
use crate::server;
use leptos::prelude::*;
use leptos::task::spawn_local;
use lift_web::protocol::{Change, Place, Request, Revision};
use std::time::Duration;

/// Verdicts of the text before an edit stay as they are this long, so that quick answers do not flicker.
const BEFORE_STALE: Duration = Duration::from_millis(400);

/// A longer file is not opened, in bytes. The server takes no longer documents either.
const LONGEST_FILE: u32 = 1 << 20;

impl Workbench {
    /// The editor is there: opens what the last visit left, then what the address holds.
    pub fn attach(self, port: EditorPort) {
        self.editor.set_value(Some(port));
        self.remember_documents();
        if let Some(text) = browser::kept(Kept::Document).filter(|text| !text.is_empty()) {
            self.with_editor(|editor| editor.open(&text));
        }
        self.open_address();
        browser::on_address(move || self.open_address());
    }

    /// Opens the document in the address, if there is one. Whatever is wrong with it, the one shown stays.
    fn open_address(self) {
        let Some(letters) = browser::packed_in_address() else { return };
        browser::clear_address();
        spawn_local(async move {
            match editor::unpack(&letters).await {
                Ok(text) => self.open(&text),
                Err(why) => {
                    self.tell(&format!("The link holds no document that can be opened: {}", said(why)))
                }
            }
        });
    }

    /// The text is now this. Called by the editor.
    pub fn changed(self, text: String) {
        if self.text.with_untracked(|before| *before == text) {
            return;
        }
        let kept = self.keep(&text);
        if !kept && self.keeps.try_update_value(|keeps| std::mem::replace(keeps, false)) == Some(true) {
            self.tell(
                "This browser does not keep the document between visits. Download it before you leave.",
            );
        }
        let origin = self.origin.with_untracked(|it| it.as_ref().map(|it| text.contains(&it.title)));
        if origin == Some(false) {
            self.origin.set(None);
        }
        self.text.set(text.clone());
        self.check(text);
    }

    /// Shows another document, without a name; undo brings back the one before.
    pub fn open(self, text: &str) {
        if self.text.with_untracked(|before| before == text) {
            return;
        }
        self.leave();
        self.replace_shown(text);
    }

    /// The document is this now; undo brings back what it was.
    pub(super) fn replace_shown(self, text: &str) {
        let replaced = self.text.with_untracked(|before| !before.trim().is_empty());
        self.origin.set(None);
        self.forget();
        self.replace_all(text);
        if replaced {
            self.tell("Opened. Undo brings back the document before.");
        }
    }

    /// Opens a file of that size, read by `read`.
    pub async fn open_file(self, name: &str, bytes: f64, read: impl Future<Output = Option<String>>) {
        if bytes > f64::from(LONGEST_FILE) {
            return self.tell("The file is longer than a document may be: one mebibyte.");
        }
        match read.await {
            Some(text) => self.open_named(name, &text),
            None => self.tell("The file could not be read."),
        }
    }

    /// Another document comes: nothing that is known of this one is shown for it.
    pub(super) fn forget(self) {
        self.chosen.set(None);
        self.verified.set(None);
        self.ran.set(None);
        self.testing.set(Testing::Idle);
        self.generated.set(None);
        self.evaluated.set(None);
    }

    /// Makes changes that one undo takes back.
    pub fn edit(self, changes: &[Change], cursor: Option<u32>) {
        self.with_editor(|editor| editor.edit(changes, cursor));
    }

    pub(super) fn replace_all(self, text: &str) {
        let length = self.text.with_untracked(|before| before.encode_utf16().count()) as u32;
        self.edit(&[Change { from: 0, to: length, insert: text.to_owned() }], Some(0));
    }

    pub(super) fn check(self, text: String) {
        let revision = Revision(self.revision.get_untracked().0 + 1);
        self.revision.set(revision);
        if self.engine_state.with_untracked(|state| *state != EngineState::Starting) {
            self.engine_state.set(EngineState::Busy);
        }
        self.proving.set(None);
        self.after(self.stale_timer, BEFORE_STALE, move || {
            let underway = self.proving.with_untracked(Option::is_some);
            self.freshness.set(if underway { Freshness::Proving } else { Freshness::Stale });
        });
        self.cancel(self.proof_timer);
        let (path, beside) = (self.name.get_untracked(), self.beside(&text));
        self.ask(Request::Check { revision, text, path, beside });
    }

    /// Drafts a document from words.
    pub fn draft(self, words: String) {
        let words = words.trim().to_owned();
        if words.is_empty() {
            return;
        }
        self.drafting.set(true);
        self.ask(Request::Draft { words });
    }

    /// Has the server run the examples of the document as Python.
    pub fn test(self) {
        let (text, revision) = (self.text.get_untracked(), self.revision.get_untracked());
        let (path, beside) = (self.name.get_untracked(), self.beside(&text));
        self.testing.set(Testing::Running);
        spawn_local(async move {
            let ended = match server::run(&text, &path, &beside).await {
                Ok(tested) => Testing::Ended(revision, tested),
                Err(why) => Testing::Failed(why),
            };
            let told = match &ended {
                Testing::Ended(_, tested) => crate::view::tested(tested),
                Testing::Failed(why) => why.clone(),
                _ => String::new(),
            };
            self.announcement.set(told);
            self.testing.set(ended);
        });
    }

    /// Decides a hole.
    pub fn decide(self, hole: String, term: String) {
        self.ask(Request::Decide { hole, term });
    }

    /// Makes an assumption a question again.
    pub fn reopen(self, hole: String) {
        self.ask(Request::Reopen { hole });
    }

    /// Asks for the value of an expression.
    pub fn evaluate(self, expression: String) {
        if !expression.trim().is_empty() {
            self.ask(Request::Evaluate { expression });
        }
    }

    /// Asks for the long form of a code.
    pub fn explain(self, code: String) {
        self.ask(Request::Explain { code });
    }

    /// Looks at a hole: its fits are asked for.
    pub fn choose(self, hole: Option<String>) {
        if self.chosen.get_untracked() == hole {
            return;
        }
        self.preview(None);
        self.chosen.set(hole.clone());
        self.fitted.set(None);
        if let Some(hole) = hole {
            self.ask(Request::Fits { hole });
        }
    }

    /// Looks at a hole, and shows it in the text.
    pub fn go_to_hole(self, name: &str) {
        self.choose(Some(name.to_owned()));
        let place = self.checked.with_untracked(|checked| {
            let hole = checked.as_ref()?.holes.iter().find(|hole| hole.name == name)?;
            hole.uses.first().copied().or(hole.declared)
        });
        if let Some(place) = place {
            self.goto(place);
        }
    }

    /// The next hole behind the cursor's, or the one before; round in a circle.
    pub fn step_hole(self, forward: bool) {
        let names = self.checked.with_untracked(|checked| {
            let holes = checked.as_ref().map(|checked| checked.holes.as_slice()).unwrap_or_default();
            holes.iter().map(|hole| hole.name.clone()).collect::<Vec<_>>()
        });
        let chosen = self.chosen.get_untracked();
        let at = names.iter().position(|name| Some(name) == chosen.as_ref());
        let next = match (at, forward) {
            (None, true) => 0,
            (None, false) => names.len().saturating_sub(1),
            (Some(at), true) => (at + 1) % names.len(),
            (Some(at), false) => (at + names.len() - 1) % names.len(),
        };
        match names.get(next) {
            Some(name) => self.go_to_hole(name),
            None => self.tell("No holes: nothing is open."),
        }
    }

    /// Shows a place in the text.
    pub fn goto(self, place: Place) {
        self.view.set(View::Document);
        self.with_editor(|editor| editor.goto(place));
    }

    /// The cursor is here: its declaration is the current one, and a hole under it is looked at.
    pub fn cursor(self, offset: u32) {
        let at = |place: &Place| place.from <= offset && offset <= place.to;
        let (declaration, hole) = self.checked.with_untracked(|checked| {
            let Some(checked) = checked else { return (None, None) };
            let declaration = checked.declarations.iter().find(|declaration| at(&declaration.whole));
            let hole = checked.holes.iter().find(|hole| hole.uses.iter().any(at));
            (declaration.map(|it| it.name.clone()), hole.map(|it| it.name.clone()))
        });
        if self.current.get_untracked() != declaration {
            self.current.set(declaration);
        }
        if hole.is_some() {
            self.choose(hole);
        }
    }

    /// Shows a declaration in the text.
    pub fn go_to_declaration(self, name: &str) {
        let place = self.checked.with_untracked(|checked| {
            let declarations = checked.as_ref()?.declarations.iter();
            declarations.filter(|it| it.kind == "def").find(|it| it.name == name).map(|it| it.place)
        });
        if let Some(place) = place {
            self.goto(place);
        }
    }

    /// Shows what the declaration on a line of the text owes.
    pub fn show_proof_of_line(self, line: u32) {
        self.view.set(View::Proof);
        // The panel must be shown before it can take the focus.
        request_animation_frame(move || {
            let _ = browser::focus_first(&format!("#proof-line-{line} summary"));
        });
    }

    /// Shows the next problem, or the one before.
    pub fn step_problem(self, forward: bool) {
        self.view.set(View::Document);
        let found = self.with_editor(|editor| match forward {
            true => editor.next_problem(),
            false => editor.previous_problem(),
        });
        if found != Some(true) {
            self.tell("No problems.");
        }
    }

    /// Shows a term at the places of a hole, without changing the document; takes it away with `None`.
    pub fn preview(self, of: Option<(&str, &str)>) {
        let (places, term) = match of {
            Some((hole, term)) => {
                (untrack(|| self.hole(hole)).map(|hole| hole.uses).unwrap_or_default(), term)
            }
            None => (Vec::new(), ""),
        };
        self.with_editor(|editor| editor.preview(&places, term));
    }

    /// Takes the last change back.
    pub fn undo(self) {
        self.with_editor(EditorPort::undo);
    }

    /// Makes it again.
    pub fn redo(self) {
        self.with_editor(EditorPort::redo);
    }

    /// Puts the focus into the editor.
    pub fn focus_editor(self) {
        self.view.set(View::Document);
        self.with_editor(EditorPort::focus);
    }

    /// Tells everyone something short.
    pub fn tell(self, message: &str) {
        self.announcement.set(message.to_owned());
        self.notice.set(Some(message.to_owned()));
        self.after(self.notice_timer, Duration::from_secs(6), move || self.notice.set(None));
    }

    /// Puts an address that holds the document on the clipboard.
    pub fn share(self) {
        let text = self.text.get_untracked();
        let alone = self.beside(&text).is_empty();
        spawn_local(async move {
            let address = editor::pack(&text).await.map(|letters| browser::address_with(&letters));
            let message = match address {
                Ok(Some(address)) if browser::copy(&address).await => match alone {
                    true => "Link copied. It holds the whole document; no server keeps it.",
                    false => "Link copied. It holds this document, and not those it imports.",
                },
                Ok(_) => "The browser did not allow copying. Download the document instead.",
                Err(LinkError::Large) => "The document is too long for a link. Download it instead.",
                Err(_) => "This browser cannot pack the document. Download it instead.",
            };
            self.tell(message);
        });
    }

    /// Hands the document to the reader as a file.
    pub fn download(self) {
        let name = self.name.with_untracked(|name| name.rsplit('/').next().unwrap_or_default().to_owned());
        let name = if name.is_empty() { format!("{}.spec.md", self.file_stem()) } else { name };
        if browser::download(&name, &self.text.get_untracked()).is_none() {
            self.tell("The browser did not save the file.");
        }
    }

    /// A name for files of this document: that of its first definition.
    pub fn file_stem(self) -> String {
        self.checked.with_untracked(|checked| {
            let declarations =
                checked.as_ref().map(|checked| checked.declarations.as_slice()).unwrap_or_default();
            let named = declarations.iter().find(|declaration| declaration.kind == "def");
            named.map_or_else(|| "document".to_owned(), |declaration| declaration.name.clone())
        })
    }
}

fn said(why: LinkError) -> &'static str {
    match why {
        LinkError::Version => "it was made by another version of lift. Ask for a new link.",
        LinkError::Large => "it is longer than a document may be.",
        LinkError::Broken => "it was cut short or changed. Copy all of it.",
        LinkError::Unable => "this browser cannot read it.",
    }
}
