//! The workbench as files inside the binary.
//!
//! They are taken from `dist/` when the host is built, each beside its compressed forms (`NAME.br`, `NAME.gz`) where
//! the build made them; what is sent is what the client accepts. Without `dist/` the server still answers, and its
//! page says how to build the workbench.
//!
//! Everything but the page itself is addressed below `/release/HASH/`, where the hash is that of all files: such an
//! answer is good for ever, and a page never mixes files of two builds. The page names that folder as its base.
//! Under its plain name a file is sent with a validator.

use super::negotiate::{Coding, accepted, is_known};
use super::problem::Problem;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::Embed;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Embed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Dist;

const PAGE: &str = "index.html";

/// What keeps the page usable offline must be asked for under the same name by every release.
const UNRELEASED: [&str; 2] = [PAGE, "offline.js"];

const WITHOUT_WORKBENCH: &str = "<!doctype html><meta charset=utf-8><title>lift</title>\
    <p>This lift was built without its workbench. <code>make run</code> builds both; the API is at \
    <a href=/api/v1>/api/v1</a>.";

static WORKBENCH: LazyLock<Workbench> = LazyLock::new(Workbench::embedded);

/// The files, and the name of the release they are.
struct Workbench {
    release: String,
    files: BTreeMap<String, File>,
}

/// A file in the forms it can be sent in.
struct File {
    kind: &'static str,
    hash: String,
    plain: Bytes,
    coded: Vec<(Coding, Bytes)>,
}

impl Workbench {
    fn embedded() -> Workbench {
        let mut files: BTreeMap<String, File> = BTreeMap::new();
        let names: Vec<String> = Dist::iter().map(Cow::into_owned).collect();
        let is_coded = |name: &str| {
            let plain = Coding::ALL.iter().find_map(|coding| name.strip_suffix(coding.suffix()));
            plain.is_some_and(|plain| names.iter().any(|it| it == plain))
        };
        for name in names.iter().filter(|name| !is_coded(name)) {
            let Some(plain) = bytes(name) else { continue };
            let coded = |coding: &Coding| Some((*coding, bytes(&format!("{name}{}", coding.suffix()))?));
            let file = File {
                kind: kind(name),
                hash: short_hash(&plain),
                coded: Coding::ALL.iter().filter_map(coded).collect(),
                plain,
            };
            files.insert(name.clone(), file);
        }
        let all: String = files.iter().map(|(name, file)| format!("{name} {}\n", file.hash)).collect();
        let release = short_hash(all.as_bytes());
        if let Some(page) = files.get_mut(PAGE) {
            page.plain = based(&page.plain, &release);
            page.coded.clear();
            page.hash = short_hash(&page.plain);
        }
        Workbench { release, files }
    }
}

/// The page with the folder that its relative addresses mean.
fn based(page: &[u8], release: &str) -> Bytes {
    let base = format!("<head>\n    <base href=\"/release/{release}/\">");
    String::from_utf8_lossy(page).replacen("<head>", &base, 1).into()
}

fn bytes(name: &str) -> Option<Bytes> {
    Dist::get(name).map(|file| match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes.into(),
    })
}

fn short_hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().as_str().get(..16).unwrap_or_default().to_owned()
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("json" | "webmanifest") => "application/json",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

pub(super) fn routes() -> Router {
    Router::new().fallback(get(file).fallback(async || Problem::not_allowed()))
}

async fn file(uri: Uri, headers: HeaderMap) -> Response {
    answer(&WORKBENCH, uri.path(), &headers)
}

fn answer(workbench: &Workbench, asked: &str, headers: &HeaderMap) -> Response {
    let path = asked.trim_start_matches('/');
    if path.starts_with("api/") {
        return Problem::missing(format!("there is no `{asked}`; see /api/v1")).into_response();
    }
    let (released, name) = match path.strip_prefix("release/").and_then(|rest| rest.split_once('/')) {
        Some((release, _)) if release != workbench.release => {
            let detail = "this page belongs to another build of lift; load it again";
            return Problem::missing(detail).into_response();
        }
        Some((_, name)) => (true, name),
        None if path.is_empty() => (false, PAGE),
        None => (false, path),
    };
    match workbench.files.get(name) {
        Some(file) if !released || !UNRELEASED.contains(&name) => send(file, released, headers),
        None if name == PAGE => {
            ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], WITHOUT_WORKBENCH).into_response()
        }
        _ => Problem::missing(format!("there is no `{asked}`")).into_response(),
    }
}

/// The file in the best form the client accepts; `released` when the address says which bytes these are.
fn send(file: &File, released: bool, headers: &HeaderMap) -> Response {
    let offered: Vec<Coding> = file.coded.iter().map(|(coding, _)| *coding).collect();
    let coding = accepted(headers, &offered);
    let coded = file.coded.iter().find(|(offered, _)| Some(*offered) == coding);
    let tag = match coding {
        Some(coding) => format!("\"{}-{}\"", file.hash, coding.name()),
        None => format!("\"{}\"", file.hash),
    };
    let mut response = match is_known(headers, &tag) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => Response::new(Body::from(coded.map_or(&file.plain, |(_, bytes)| bytes).clone())),
    };
    let caching = if released { "public, max-age=31536000, immutable" } else { "no-cache" };
    let sent = response.headers_mut();
    sent.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
    sent.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    sent.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let (Some(coding), false) = (coding, response.status() == StatusCode::NOT_MODIFIED) {
        let name = HeaderValue::from_static(coding.name());
        response.headers_mut().insert(header::CONTENT_ENCODING, name);
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workbench() -> Workbench {
        let file = |kind: &str, plain: &'static str, coded: &[(Coding, &'static str)]| File {
            kind: super::kind(kind),
            hash: short_hash(plain.as_bytes()),
            plain: Bytes::from_static(plain.as_bytes()),
            coded: coded
                .iter()
                .map(|(coding, bytes)| (*coding, Bytes::from_static(bytes.as_bytes())))
                .collect(),
        };
        let files = [
            (PAGE.to_owned(), file("a.html", "<p>", &[])),
            ("offline.js".to_owned(), file("a.js", "1", &[])),
            ("a.wasm".to_owned(), file("a.wasm", "asm", &[(Coding::Brotli, "b"), (Coding::Gzip, "g")])),
        ];
        Workbench { release: "r1".to_owned(), files: files.into() }
    }

    fn get(path: &str, headers: &[(header::HeaderName, &str)]) -> Response {
        let headers = headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        answer(&workbench(), path, &headers)
    }

    fn text(response: &Response, name: header::HeaderName) -> &str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[test]
    fn a_released_file_is_good_for_ever_and_a_plain_one_is_asked_about() {
        let released = get("/release/r1/a.wasm", &[(header::ACCEPT_ENCODING, "gzip, br")]);
        assert_eq!(text(&released, header::CONTENT_ENCODING), "br");
        assert_eq!(text(&released, header::CONTENT_TYPE), "application/wasm");
        assert!(text(&released, header::CACHE_CONTROL).contains("immutable"));
        let plain = get("/a.wasm", &[]);
        assert_eq!(text(&plain, header::CONTENT_ENCODING), "");
        assert_eq!(text(&plain, header::CACHE_CONTROL), "no-cache");
        assert_ne!(text(&plain, header::ETAG), text(&released, header::ETAG));
        let again = get("/a.wasm", &[(header::IF_NONE_MATCH, text(&plain, header::ETAG))]);
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        let coded = (header::ACCEPT_ENCODING, "gzip");
        let other = get("/a.wasm", &[(header::IF_NONE_MATCH, text(&plain, header::ETAG)), coded]);
        assert_eq!((other.status(), text(&other, header::CONTENT_ENCODING)), (StatusCode::OK, "gzip"));
    }

    #[test]
    fn another_release_is_not_mixed_with_this_one() {
        for missing in ["/release/r0/a.wasm", "/release/r1/b.wasm", "/release/r1/offline.js", "/b.wasm"] {
            assert_eq!(get(missing, &[]).status(), StatusCode::NOT_FOUND, "{missing}");
        }
        assert_eq!(get("/", &[]).status(), StatusCode::OK);
    }

    #[test]
    fn the_page_names_the_release_as_its_base() {
        let page = based(b"<html><head><link></head>", "r1");
        assert!(page.starts_with(b"<html><head>\n    <base href=\"/release/r1/\"><link>"));
    }
}
