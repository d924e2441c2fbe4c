//! The idioms that drafts are made of: fetched a while after the page is there, or when the first draft is asked for.
//! Who only looks at a document does not wait for them.

use crate::session::Session;
use lift_core::draft::Library;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DedicatedWorkerGlobalScope, Response, XmlHttpRequest};

/// Where they are, beside the worker.
const ADDRESS: &str = "library.json";
/// When the page has what it needs first, in milliseconds.
const LATER: i32 = 2_000;

/// The library, now: a worker may wait for it, nobody looks at a worker.
pub fn now() -> Option<Library> {
    let request = XmlHttpRequest::new().ok()?;
    request.open_with_async("GET", ADDRESS, false).ok()?;
    request.send().ok()?;
    let text = request.response_text().ok()??;
    Library::fetched(&text)
}

/// Fetches the library when the page has come to rest, so that it is there when the server is not.
pub fn later(scope: &DedicatedWorkerGlobalScope, session: &Rc<RefCell<Session>>) {
    let session = Rc::clone(session);
    let fetch = Closure::once_into_js(move || {
        spawn_local(async move {
            if let Some(library) = in_time().await {
                session.borrow().keep(library);
            }
        });
    });
    // Without a timer it is fetched when it is asked for.
    let _ = scope.set_timeout_with_callback_and_timeout_and_arguments_0(fetch.unchecked_ref(), LATER);
}

async fn in_time() -> Option<Library> {
    let scope = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>().ok()?;
    let answer: Response = JsFuture::from(scope.fetch_with_str(ADDRESS)).await.ok()?.dyn_into().ok()?;
    let text = JsFuture::from(answer.text().ok()?).await.ok()?.as_string()?;
    Library::fetched(&text)
}
