//! The server, when there is one: it asks Z3 and runs Python. Everything else works without it.

use lift_web::protocol::Tested;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, Request, RequestInit, Response};

/// How long a look may take, in milliseconds.
const LOOK_MS: u32 = 4_000;

/// How long Python may take with the examples; the server stops it earlier.
const RUN_MS: u32 = 30_000;

/// Whether a server is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Server {
    /// Nobody has answered yet.
    #[default]
    Asking,
    /// It is there.
    With {
        /// The solver it asks, as `z3 5.4.0`, if it has one.
        solver: Option<String>,
        /// The version of the Python it runs, if it has one.
        python: Option<String>,
    },
    /// It is not there.
    Away,
}

impl Server {
    /// Whether Z3 can be asked.
    pub fn solves(&self) -> bool {
        matches!(self, Server::With { solver: Some(_), .. })
    }

    /// Whether Python can be run.
    pub fn runs(&self) -> bool {
        matches!(self, Server::With { python: Some(_), .. })
    }
}

#[derive(Deserialize)]
struct Health {
    status: String,
    solver: Option<Solver>,
    python: Option<String>,
}

#[derive(Deserialize)]
struct Solver {
    engine: Option<String>,
}

#[derive(Deserialize)]
struct Problem {
    detail: String,
}

#[derive(Serialize)]
struct Document<'a> {
    document: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    documents: &'a BTreeMap<String, String>,
}

/// Looks for somebody who is there and well. Without a server, what keeps the page usable answers `away`.
pub async fn look() -> Server {
    let options = RequestInit::new();
    options.set_method("GET");
    options.set_signal(Some(&AbortSignal::timeout_with_u32(LOOK_MS)));
    match fetch::<Health>("/health", &options).await {
        Ok(health) if health.status == "ok" => {
            Server::With { solver: health.solver.and_then(|it| it.engine), python: health.python }
        }
        _ => Server::Away,
    }
}

/// Has the examples of a document run as Python; otherwise why not, in words.
pub async fn run(document: &str, path: &str, documents: &BTreeMap<String, String>) -> Result<Tested, String> {
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_signal(Some(&AbortSignal::timeout_with_u32(RUN_MS)));
    let body = Document { document, path: (!path.is_empty()).then_some(path), documents };
    let body = serde_json::to_string(&body).map_err(|error| error.to_string())?;
    options.set_body(&JsValue::from_str(&body));
    let json = Headers::new().and_then(|headers| {
        headers.set("content-type", "application/json")?;
        Ok(headers)
    });
    if let Ok(headers) = json {
        options.set_headers(&headers);
    }
    fetch("/api/v1/run", &options).await
}

async fn fetch<T: DeserializeOwned>(path: &str, options: &RequestInit) -> Result<T, String> {
    let lost = || "The server did not answer.".to_owned();
    let request = Request::new_with_str_and_init(path, options).map_err(|_| lost())?;
    let window = web_sys::window().ok_or_else(lost)?;
    let answer = JsFuture::from(window.fetch_with_request(&request)).await.map_err(|_| lost())?;
    let answer: Response = answer.dyn_into().map_err(|_| lost())?;
    let text = JsFuture::from(answer.text().map_err(|_| lost())?).await.map_err(|_| lost())?;
    let text = text.as_string().ok_or_else(lost)?;
    if !answer.ok() {
        // A problem document says what to do; anything else is named by its number.
        let detail = serde_json::from_str::<Problem>(&text).map(|problem| problem.detail);
        let status = answer.status();
        return Err(detail.map_or_else(
            |_| format!("The server answered with status {status}."),
            |detail| format!("The server says: {detail}."),
        ));
    }
    serde_json::from_str(&text).map_err(|_| "The server's answer cannot be read.".to_owned())
}
