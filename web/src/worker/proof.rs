//! Proving what can be proved, a declaration at a time, so that an edit is never kept waiting.
//!
//! The built-in tiers work here; what they leave goes to a server's Z3 when there is one, and is otherwise settled by
//! what Z3 said before. A newer document ends it.

use crate::describe;
use crate::session::Session;
use crate::solver::Reach;
use lift_core::logic::{Discharge, Options, Verdict};
use lift_web::protocol::{Proving, Reply};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// Questions that are under way at the same time: the server has a few workers, and shares them.
const AT_ONCE: usize = 4;

/// Proves the document as it is and says how it went.
pub async fn prove(session: Rc<RefCell<Session>>, reach: Reach) {
    let (checked, revision, solver) = {
        let mut session = session.borrow_mut();
        session.proof += 1;
        (session.checked.clone(), session.revision, Rc::clone(&session.solver))
    };
    let number = session.borrow().proof;
    let overtaken = || session.borrow().revision != revision || session.borrow().proof != number;
    let program = Arc::clone(&checked.program);
    let asks = reach == Reach::Server || solver.remembers();
    let options = Options { solver: asks, ..Options::default() };
    let mut discharge = Discharge::new(&program, options);
    let all = program.own().count();
    let mut done = 0;
    while discharge.step() {
        done += 1;
        session.borrow().say(&Reply::Proving(Proving { revision, done, all }));
        pause().await;
        if overtaken() {
            return;
        }
    }
    loop {
        let questions: Vec<_> = std::iter::from_fn(|| discharge.next_query()).take(AT_ONCE).collect();
        if questions.is_empty() {
            break;
        }
        let answers = solver.ask(&questions, reach).await;
        if overtaken() {
            return;
        }
        for (question, answer) in questions.iter().zip(&answers) {
            discharge.answer(&question.key, answer);
            pause().await;
        }
    }
    let report = discharge.report();
    let session = session.borrow();
    session.say(&Reply::Verified(describe::verified(revision, &checked, &session.places, &report)));
    let proved = report.declarations.iter().filter(|standing| standing.verdict == Verdict::Proved);
    session.say(&Reply::Generated(session.python(proved.map(|standing| standing.declaration).collect())));
}

/// Lets messages in that have arrived meanwhile.
async fn pause() {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let scope = js_sys::global();
        let timer = js_sys::Reflect::get(&scope, &"setTimeout".into()).ok().map(js_sys::Function::from);
        // Without timers there is nothing to wait for.
        let _ = timer.map(|timer| timer.call2(&scope, &resolve, &0.into()));
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}
