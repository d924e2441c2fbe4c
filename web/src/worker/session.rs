//! The document as the worker knows it, and the answers about it.

use crate::describe;
use crate::places::Places;
use lift_core::check::{Checked, check};
use lift_web::protocol::{self, Reply, Request, Revision};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;

/// One document and what was made of it.
pub struct Session {
    say: fn(&Reply),
    revision: Revision,
    checked: Checked,
    places: Places,
}

impl Session {
    /// An empty document; answers go to `say`.
    pub fn new(say: fn(&Reply)) -> Self {
        Session { say, revision: Revision::default(), checked: check(""), places: Places::new("") }
    }

    /// Answers one request, now or in steps.
    pub fn answer(session: &Rc<RefCell<Self>>, request: Request) {
        let mut this = session.borrow_mut();
        match request {
            Request::Check { revision, text } => {
                let reply = this.check(revision, &text);
                (this.say)(&Reply::Checked(reply));
            }
            Request::Draft { .. } => (this.say)(&Reply::Unable("This engine does not draft yet.".to_owned())),
            Request::Evaluate { .. } => {
                (this.say)(&Reply::Unable("This engine does not evaluate yet.".to_owned()))
            }
            Request::Fill { .. } | Request::Reopen { .. } => {
                (this.say)(&Reply::Unable("This engine does not fill holes yet.".to_owned()));
            }
            // Their panels stay empty.
            Request::Verify { .. } | Request::Fits { .. } | Request::Python => {}
        }
    }

    fn check(&mut self, revision: Revision, text: &str) -> protocol::Checked {
        let began = now();
        self.revision = revision;
        self.checked = check(text);
        self.places = Places::new(text);
        let mut report = describe::checked(&self.checked, &self.places);
        report.revision = revision;
        report.micros = ((now() - began) * 1000.0) as u32;
        report
    }
}

/// Milliseconds since the worker began, in fractions.
fn now() -> f64 {
    let scope = js_sys::global().unchecked_into::<web_sys::WorkerGlobalScope>();
    scope.performance().map(|clock| clock.now()).unwrap_or_default()
}
