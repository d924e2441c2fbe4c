//! What comes back from the engine, and what follows from it.

use super::{EngineState, Freshness, Origin, View, Workbench};
use crate::engine::Heard;
use crate::server::Server;
use leptos::prelude::*;
use lift_web::protocol::{Drafted, Edited, Hole, Reply, Request, Revision, Standing, Verified};
use std::time::Duration;

/// After the last keystroke, before proofs are tried: people pause longer than they type.
const BEFORE_PROOF: Duration = Duration::from_millis(250);

impl Workbench {
    pub(super) fn hear(self, heard: Heard) {
        match heard {
            Heard::Replaced(why) => {
                self.drafting.set(false);
                self.proving.set(None);
                self.tell(&why);
                let current = self.revision.get_untracked();
                let was_checked =
                    self.checked.with_untracked(|it| it.as_ref().is_some_and(|it| it.revision == current));
                // Reading it was not the trouble: what follows was, and is not tried again.
                if was_checked && self.troubled.get_value() != Some(current) {
                    let text = self.text.get_untracked();
                    self.check(text);
                    self.troubled.set_value(Some(self.revision.get_untracked()));
                }
                // Until the document changes.
                self.engine_state.set(EngineState::Down(why));
            }
            Heard::Reply(reply) => self.take_in(*reply),
        }
    }

    fn take_in(self, reply: Reply) {
        let current = self.revision.get_untracked();
        match reply {
            Reply::Ready { prelude, .. } => {
                self.prelude.set(prelude);
                if self.engine_state.with_untracked(|state| *state == EngineState::Starting) {
                    self.engine_state.set(EngineState::Ready);
                }
            }
            Reply::Checked(checked) => {
                if checked.revision == current && self.troubled.get_value() != Some(current) {
                    self.engine_state.set(EngineState::Ready);
                    self.after(self.proof_timer, BEFORE_PROOF, move || self.verify());
                }
                self.keep_chosen(&checked.holes);
                if checked.revision == current
                    && self.new_draft.try_update_value(std::mem::take) == Some(true)
                {
                    let decided = checked.holes.iter().all(|hole| hole.standing == Standing::Assumption);
                    self.view.set(if decided && checked.findings.is_empty() {
                        View::Proof
                    } else {
                        View::Holes
                    });
                }
                self.checked.set(Some(checked));
            }
            Reply::Proving(proving) => {
                if proving.revision == current {
                    self.proving.set(Some(proving));
                    if self.freshness.get_untracked() == Freshness::Stale {
                        self.freshness.set(Freshness::Proving);
                    }
                }
            }
            Reply::Verified(verified) => {
                if verified.revision == current {
                    self.announce_verdicts(&verified);
                    self.cancel(self.stale_timer);
                    self.proving.set(None);
                    self.freshness.set(Freshness::Current);
                    self.verified.set(Some(verified));
                }
            }
            Reply::Fitted(fitted) => {
                if fitted.revision == current && self.chosen.get_untracked().as_ref() == Some(&fitted.hole) {
                    self.fitted.set(Some(fitted));
                }
            }
            Reply::Edited(edited) => self.apply(edited, current),
            Reply::Evaluated(evaluated) => self.evaluated.set(Some(evaluated)),
            Reply::Ran(ran) => {
                if ran.revision == current {
                    self.ran.set(Some(ran));
                }
            }
            Reply::Generated(generated) => {
                if generated.revision == current {
                    self.generated.set(Some(generated));
                }
            }
            Reply::Explained(explained) => self.explained.set(Some(explained)),
            Reply::Drafted(drafted) => self.take_draft(drafted),
            Reply::Unable(why) => {
                self.drafting.set(false);
                self.tell(&why);
            }
            // The engine's own affairs.
            Reply::Pong(_) | Reply::Lost(_) => {}
        }
    }

    pub(super) fn verify(self) {
        let solver = self.server.with_untracked(Server::solves);
        self.ask(Request::Verify { solver });
        self.ask(Request::Examples);
        // After the proof it comes by itself, with fewer checks; the first time nobody waits for that.
        if self.generated.with_untracked(|it| it.as_ref().is_none_or(|it| it.text.is_empty())) {
            self.ask(Request::Python);
        }
        if let Some(hole) = self.chosen.get_untracked() {
            self.ask(Request::Fits { hole });
        }
    }

    fn apply(self, edited: Edited, current: Revision) {
        match edited.outcome {
            Err(why) => self.tell(&why),
            Ok(_) if edited.revision != current => {
                self.tell("The document changed meanwhile; nothing was decided. Try again.");
            }
            Ok(changes) => {
                // What is still open comes next.
                self.choose(None);
                self.edit(&changes, None);
                self.announcement.set(format!("?{} is decided.", edited.hole));
            }
        }
    }

    fn take_draft(self, drafted: Drafted) {
        self.drafting.set(false);
        self.forget();
        self.leave();
        self.replace_all(&drafted.document);
        let title = drafted.document.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        self.origin.set(Some(Origin {
            title: title.to_owned(),
            words: drafted.words,
            provenance: drafted.provenance,
            notes: drafted.notes,
        }));
        // What is open is shown, or what is proved when nothing is.
        self.new_draft.set_value(true);
        self.announcement.set("The draft is in the editor. Undo brings back what was there.".to_owned());
    }

    /// The hole looked at, while it is there; otherwise the first that must be decided.
    fn keep_chosen(self, holes: &[Hole]) {
        let chosen = self.chosen.get_untracked();
        if chosen.as_ref().is_some_and(|name| holes.iter().any(|hole| hole.name == *name)) {
            return;
        }
        let first = holes
            .iter()
            .filter(|hole| hole.standing != Standing::Assumption)
            .min_by_key(|hole| hole.standing);
        self.chosen.set(first.map(|hole| hole.name.clone()));
        self.fitted.set(None);
    }

    fn announce_verdicts(self, verified: &Verified) {
        let before = self.verified.with_untracked(|before| {
            let known = before.as_ref().map(|before| before.declarations.as_slice()).unwrap_or_default();
            known.iter().map(|it| (it.name.clone(), it.verdict)).collect::<Vec<_>>()
        });
        let news: Vec<_> = verified
            .declarations
            .iter()
            .filter(|it| it.owed > 0 && !before.contains(&(it.name.clone(), it.verdict)))
            .map(|it| format!("{}: {}", it.name, crate::view::word(it.verdict)))
            .collect();
        if !news.is_empty() {
            self.announcement.set(news.join(", "));
        }
    }
}
