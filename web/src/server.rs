//! The server, when there is one: it asks Z3 and runs Python. Everything else works without it.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Request, RequestInit, Response};

/// Whether a server is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Server {
    /// Nobody has answered yet.
    #[default]
    Asking,
    /// It is there, with this solver if it has one.
    Here {
        /// As `z3 5.4.0`.
        solver: Option<String>,
    },
    /// It is not there.
    Away,
}

impl Server {
    /// Whether Z3 can be asked.
    pub fn solves(&self) -> bool {
        matches!(self, Server::Here { solver: Some(_) })
    }
}

#[derive(Deserialize)]
struct Health {
    #[serde(default)]
    solver: Option<serde_json::Value>,
}

/// Looks whether it is there.
pub async fn look() -> Server {
    match get::<Health>("/health", 4_000).await {
        Some(health) => Server::Here { solver: health.solver.and_then(solver_name) },
        None => Server::Away,
    }
}

/// `"z3 5.4.0"`, or an object that says so in `engine` or `version`.
fn solver_name(value: serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(name) => Some(name),
        serde_json::Value::Object(map) => ["engine", "version"]
            .iter()
            .find_map(|key| map.get(*key))
            .and_then(|name| name.as_str().map(str::to_owned)),
        _ => None,
    }
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
