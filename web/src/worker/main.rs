//! The engine in a worker: reads requests, computes, answers. One instance of its own, so the page never waits for it.
//!
//! Promises: an answer names the document it is about; a new document ends what was under way for the one before.
//! Must not: touch the page, or keep anything that does not follow from the document.

mod describe;
mod library;
mod places;
mod proof;
mod session;
mod solver;

use lift_web::protocol::{Reply, Request};
use session::Session;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn main() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let session = Rc::new(RefCell::new(Session::new(say)));
    library::later(&scope, &session);
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let message = event.data().as_string().unwrap_or_default();
        match serde_json::from_str::<Request>(&message) {
            Ok(request) => Session::answer(&session, request),
            Err(error) => {
                say(&Reply::Lost(format!("The page sent something the engine does not read: {error}")))
            }
        }
    });
    scope.set_onmessage(Some(on_message.into_js_value().unchecked_ref()));
    // What breaks down between two messages is nobody's error otherwise, and the page would wait for nothing.
    let on_rejection = Closure::<dyn Fn()>::new(|| {
        say(&Reply::Lost("The engine broke down on this document and was started again.".to_owned()));
    });
    let on_rejection = on_rejection.into_js_value();
    // A worker takes any listener.
    let _ = scope.add_event_listener_with_callback("unhandledrejection", on_rejection.unchecked_ref());
    // Made now, so that the first document does not wait for it.
    let prelude = describe::prelude(lift_core::check::prelude());
    say(&Reply::Ready { version: env!("CARGO_PKG_VERSION").to_owned(), prelude });
}

/// Sends a reply to the page.
fn say(reply: &Reply) {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    if let Ok(message) = serde_json::to_string(reply) {
        // A page takes any text.
        let _ = scope.post_message(&JsValue::from_str(&message));
    }
}
