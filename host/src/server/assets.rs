//! The workbench as files inside the binary.
//!
//! They are taken from `dist/` when the host is built. Without it the server still answers, and its page says how
//! to build the workbench.

use super::problem::Problem;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::Embed;

#[derive(Embed)]
#[folder = "$CARGO_MANIFEST_DIR/../dist"]
#[allow_missing = true]
struct Workbench;

const WITHOUT_WORKBENCH: &str = "<!doctype html><meta charset=utf-8><title>lift</title>\
    <p>This lift was built without its workbench. <code>make run</code> builds both; the API is at \
    <a href=/api/v1>/api/v1</a>.";

pub(super) fn routes() -> Router {
    Router::new().fallback(get(file))
}

async fn file(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.starts_with("api/") {
        return Problem::missing(format!("there is no `{}`; see /api/v1", uri.path())).into_response();
    }
    let path = if path.is_empty() { "index.html" } else { path };
    let Some(file) = Workbench::get(path) else {
        if path == "index.html" {
            return ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], WITHOUT_WORKBENCH).into_response();
        }
        return Problem::missing(format!("there is no `{}`", uri.path())).into_response();
    };
    let tag = format!("\"{}\"", blake3::hash(&file.data).to_hex());
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let mut response = Response::new(Body::from(file.data.into_owned()));
    let kind = match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("json" | "webmanifest") => "application/json",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}
