//! What the page knows and what can be done on it.
//!
//! The document lives in the editor; the signals here hold what the engine and the server last said about it. Every
//! action ends in an edit of the document, and everything shown follows from the document again.

mod actions;
mod documents;
mod hearing;
mod marks;

use crate::browser::{self, Kept};
use crate::editor::EditorPort;
use crate::engine::Engine;
use crate::server::{self, Server};
use leptos::prelude::*;
use leptos::task::spawn_local;
use lift_web::protocol::{
    Checked, Evaluated, Explained, Fitted, Generated, Hole, Named, Proving, Ran, Request, Revision, Tested,
    Verified,
};
use std::time::Duration;

/// Between two looks for a server, at first and at most.
const LOOK_AGAIN: (Duration, Duration) = (Duration::from_secs(3), Duration::from_secs(15));

/// A server that was there and does not answer is looked for once more, this much later, before it counts as away.
const LOOK_TWICE: Duration = Duration::from_millis(500);

/// The panel shown where there is no room for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The editor.
    Document,
    /// What is open.
    Holes,
    /// What is owed.
    Proof,
    /// The generated code.
    Python,
}

impl View {
    /// Its name in markup.
    pub fn key(self) -> &'static str {
        match self {
            View::Document => "document",
            View::Holes => "holes",
            View::Proof => "proof",
            View::Python => "python",
        }
    }
}

/// What the verdicts shown are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// The document as it is.
    Current,
    /// The document as it was; a proof of it as it is, is under way.
    Proving,
    /// The document as it was.
    Stale,
}

impl Freshness {
    /// Its name in markup; empty when nothing is to be said.
    pub fn key(self) -> &'static str {
        match self {
            Freshness::Current => "",
            Freshness::Proving => "running",
            Freshness::Stale => "stale",
        }
    }
}

/// How the engine is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineState {
    /// Its worker is loading.
    Starting,
    /// It has answered for this document.
    Ready,
    /// It is reading this document.
    Busy,
    /// It broke down on this document; why.
    Down(String),
}

/// The examples, run as Python by the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Testing {
    /// Nobody asked.
    Idle,
    /// They are running.
    Running,
    /// How they went, in which document.
    Ended(Revision, Tested),
    /// Why they did not run.
    Failed(String),
}

/// Where a drafted document came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The words it was drafted from.
    pub words: String,
    /// The first line of the document: while it is there, this is where the document came from.
    pub title: String,
    /// Its parts and where each came from.
    pub provenance: Vec<(String, String)>,
    /// Remarks, such as words that were not used.
    pub notes: Vec<String>,
}

/// Everything on the page, as signals. A handle: copying it copies nothing else.
#[derive(Clone, Copy)]
pub struct Workbench {
    /// The document.
    pub text: RwSignal<String>,
    /// Its name among those that this browser keeps; empty when it has none.
    pub name: RwSignal<String>,
    /// The names of all that this browser keeps.
    pub documents: RwSignal<Vec<String>>,
    /// Its number.
    pub revision: RwSignal<Revision>,
    /// What every document can use.
    pub prelude: RwSignal<Vec<Named>>,
    /// What checking said last.
    pub checked: RwSignal<Option<Checked>>,
    /// What verification said last.
    pub verified: RwSignal<Option<Verified>>,
    /// Whether `verified` is about the document as it is.
    pub freshness: RwSignal<Freshness>,
    /// How far the proof of the document is, while one is under way.
    pub proving: RwSignal<Option<Proving>>,
    /// How the examples went last.
    pub ran: RwSignal<Option<Ran>>,
    /// How the examples went in Python.
    pub testing: RwSignal<Testing>,
    /// The last Python.
    pub generated: RwSignal<Option<Generated>>,
    /// Fits for the chosen hole.
    pub fitted: RwSignal<Option<Fitted>>,
    /// The last value asked for.
    pub evaluated: RwSignal<Option<Evaluated>>,
    /// The explanation asked for.
    pub explained: RwSignal<Option<Explained>>,
    /// Where the document was drafted from, if it was.
    pub origin: RwSignal<Option<Origin>>,
    /// Whether a draft is being made.
    pub drafting: RwSignal<bool>,
    /// The declaration the cursor is in.
    pub current: RwSignal<Option<String>>,
    /// The hole looked at.
    pub chosen: RwSignal<Option<String>>,
    /// The panel shown where there is no room for all.
    pub view: RwSignal<View>,
    /// How the engine is.
    pub engine_state: RwSignal<EngineState>,
    /// Whether a server is there.
    pub server: RwSignal<Server>,
    /// What a screen reader is told next.
    pub announcement: RwSignal<String>,
    /// A short message for everyone, such as what came of sharing.
    pub notice: RwSignal<Option<String>>,
    /// Whether single keys act.
    pub single_keys: RwSignal<bool>,
    /// The document the engine broke down on, if it did: it is checked again, but nothing more is asked about it.
    troubled: StoredValue<Option<Revision>>,
    /// Whether the server, which was there, did not answer the last time.
    doubted: StoredValue<bool>,
    /// Whether the browser keeps the document, as far as is known.
    keeps: StoredValue<bool>,
    /// The document that a draft or a link took the place of, by name, for when undo brings it back.
    before: StoredValue<Option<(String, String)>>,
    /// The next document to be checked was drafted just now.
    new_draft: StoredValue<bool>,
    editor: StoredValue<Option<EditorPort>, LocalStorage>,
    engine: StoredValue<Option<Engine>, LocalStorage>,
    proof_timer: StoredValue<Option<TimeoutHandle>, LocalStorage>,
    stale_timer: StoredValue<Option<TimeoutHandle>, LocalStorage>,
    notice_timer: StoredValue<Option<TimeoutHandle>, LocalStorage>,
    look_timer: StoredValue<Option<TimeoutHandle>, LocalStorage>,
}

impl Workbench {
    /// An empty page with its engine starting.
    pub fn new() -> Self {
        let workbench = Workbench {
            text: RwSignal::new(String::new()),
            name: RwSignal::new(String::new()),
            documents: RwSignal::new(Vec::new()),
            revision: RwSignal::new(Revision::default()),
            prelude: RwSignal::new(Vec::new()),
            checked: RwSignal::new(None),
            verified: RwSignal::new(None),
            freshness: RwSignal::new(Freshness::Current),
            proving: RwSignal::new(None),
            ran: RwSignal::new(None),
            testing: RwSignal::new(Testing::Idle),
            generated: RwSignal::new(None),
            fitted: RwSignal::new(None),
            evaluated: RwSignal::new(None),
            explained: RwSignal::new(None),
            origin: RwSignal::new(None),
            drafting: RwSignal::new(false),
            current: RwSignal::new(None),
            chosen: RwSignal::new(None),
            view: RwSignal::new(View::Document),
            engine_state: RwSignal::new(EngineState::Starting),
            server: RwSignal::new(Server::Asking),
            announcement: RwSignal::new(String::new()),
            notice: RwSignal::new(None),
            single_keys: RwSignal::new(browser::kept(Kept::Keys).as_deref() != Some("off")),
            troubled: StoredValue::new(None),
            doubted: StoredValue::new(false),
            keeps: StoredValue::new(true),
            before: StoredValue::new(None),
            new_draft: StoredValue::new(false),
            editor: StoredValue::new_local(None),
            engine: StoredValue::new_local(None),
            proof_timer: StoredValue::new_local(None),
            stale_timer: StoredValue::new_local(None),
            notice_timer: StoredValue::new_local(None),
            look_timer: StoredValue::new_local(None),
        };
        workbench.engine.set_value(Some(Engine::start(move |heard| workbench.hear(heard))));
        workbench.look_for_server(LOOK_AGAIN.0);
        browser::on_return(move || workbench.look_for_server(LOOK_AGAIN.0));
        workbench.show_on_text();
        workbench
    }

    /// The page's own, put there by [`crate::view::App`].
    pub fn here() -> Self {
        expect_context()
    }

    /// The hole of that name, if it is still there.
    pub fn hole(self, name: &str) -> Option<Hole> {
        self.checked.with(|checked| checked.as_ref()?.holes.iter().find(|hole| hole.name == name).cloned())
    }

    /// Whether `verified` speaks of the document as it is.
    pub fn proof_is_current(self) -> bool {
        self.verified.with(|verified| verified.as_ref().is_some_and(|it| it.revision == self.revision.get()))
    }

    fn look_for_server(self, again: Duration) {
        spawn_local(async move {
            let found = server::look().await;
            let was_there = self.server.with_untracked(|before| matches!(before, Server::With { .. }));
            let doubted = self.doubted.try_update_value(|doubted| std::mem::replace(doubted, false));
            // Somebody who was there is missed soon; somebody who was not is looked for ever less often.
            let next = match &found {
                Server::With { .. } => LOOK_AGAIN.0,
                _ if was_there && doubted == Some(false) => {
                    self.doubted.set_value(true);
                    return self.after(self.look_timer, LOOK_TWICE, move || self.look_for_server(again));
                }
                _ => (again * 2).min(LOOK_AGAIN.1),
            };
            self.meet(found);
            self.after(self.look_timer, next, move || self.look_for_server(next));
        });
    }

    /// The server is like this now. What Z3 said stays said when it goes; when it comes, what is open is asked.
    fn meet(self, server: Server) {
        let before = self.server.get_untracked();
        if server == before {
            return;
        }
        match (&before, &server) {
            (Server::With { .. }, Server::Away) => self.announcement.set("The server is away.".to_owned()),
            (Server::Away, Server::With { .. }) => self.announcement.set("The server is back.".to_owned()),
            _ => {}
        }
        let asks = !before.solves() && server.solves();
        self.server.set(server);
        if asks && self.checked.with_untracked(Option::is_some) {
            self.verify();
        }
    }

    fn ask(self, request: Request) {
        self.engine.with_value(|engine| {
            if let Some(engine) = engine {
                engine.ask(request);
            }
        });
    }

    fn with_editor<T>(self, act: impl FnOnce(&EditorPort) -> T) -> Option<T> {
        self.editor.with_value(|editor| editor.as_ref().map(act))
    }

    fn after(
        self,
        timer: StoredValue<Option<TimeoutHandle>, LocalStorage>,
        wait: Duration,
        act: impl FnOnce() + 'static,
    ) {
        self.cancel(timer);
        timer.set_value(set_timeout_with_handle(act, wait).ok());
    }

    fn cancel(self, timer: StoredValue<Option<TimeoutHandle>, LocalStorage>) {
        if let Some(handle) = timer.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    }
}
