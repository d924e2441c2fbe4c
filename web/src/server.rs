//! The server, when there is one: it asks Z3 and runs Python. Everything else works without it.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Request, RequestInit, Response};

/// How long a look may take.
const PATIENCE_MS: u32 = 4_000;

/// Whether a server is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Server {
    /// Nobody has answered yet.
    #[default]
    Asking,
    /// It is there; its solver is being asked for its name.
    Here,
    /// It is there, with this solver if it has one.
    With {
        /// As `Z3 5.4.0`.
        solver: Option<String>,
    },
    /// It is not there.
    Away,
}

impl Server {
    /// Whether Z3 can be asked.
    pub fn solves(&self) -> bool {
        matches!(self, Server::With { solver: Some(_) })
    }
}

#[derive(Deserialize)]
struct Health {
    status: String,
}

/// Whether somebody is there and well. Without a server, what keeps the page usable answers `away`.
pub async fn is_here() -> bool {
    get::<Health>("/health", PATIENCE_MS).await.is_some_and(|health| health.status == "ok")
}

async fn get<T: DeserializeOwned>(path: &str, patience_ms: u32) -> Option<T> {
    let options = RequestInit::new();
    options.set_method("GET");
    options.set_signal(Some(&AbortSignal::timeout_with_u32(patience_ms)));
    fetch(path, &options).await
}

async fn fetch<T: DeserializeOwned>(path: &str, options: &RequestInit) -> Option<T> {
    let request = Request::new_with_str_and_init(path, options).ok()?;
    let answer = JsFuture::from(web_sys::window()?.fetch_with_request(&request)).await.ok()?;
    let answer: Response = answer.dyn_into().ok()?;
    if !answer.ok() {
        return None;
    }
    let text = JsFuture::from(answer.text().ok()?).await.ok()?.as_string()?;
    serde_json::from_str(&text).ok()
}
