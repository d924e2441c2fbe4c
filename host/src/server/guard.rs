//! Who may ask: requests from other sites, and names that only pretend to be ours, are refused.
//!
//! On loopback a page of any site in the user's browser could otherwise reach the server: directly (its `Origin`
//! gives it away) or through a name of its own that resolves to 127.0.0.1 (its `Host` does).

use super::problem::Problem;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::{IpAddr, SocketAddr};

/// What the server is reached as.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guard {
    address: SocketAddr,
}

impl Guard {
    pub(super) fn new(address: SocketAddr) -> Self {
        Guard { address }
    }

    /// Whether `authority` (`host[:port]`) names this server. Beyond loopback the operator's names are not known
    /// here, so any is accepted and only `Origin` is compared with it.
    fn is_ours(&self, authority: &str) -> bool {
        if !self.address.ip().is_loopback() {
            return true;
        }
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => {
                (host, port.parse().ok())
            }
            _ => (authority, Some(80)),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let loopback = host.eq_ignore_ascii_case("localhost")
            || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        loopback && port == Some(self.address.port())
    }

    fn refusal(&self, headers: &HeaderMap) -> Option<Problem> {
        let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        let host = text(header::HOST).unwrap_or("");
        if !self.is_ours(host) {
            let detail = format!("this server is http://{}; the request asked for `{host}`", self.address);
            let status = StatusCode::MISDIRECTED_REQUEST;
            return Some(Problem::new(status, "wrong-host", "The request is for another host", detail));
        }
        let origin = text(header::ORIGIN)?;
        let same =
            origin.split_once("://").is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host));
        (!same).then(|| {
            let detail = format!("the page at `{origin}` may not use this server");
            Problem::new(StatusCode::FORBIDDEN, "other-site", "The request comes from another site", detail)
        })
    }
}

/// Refuses strangers and sets the headers that keep the page to itself.
pub(super) async fn protect(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let mut response = match guard.refusal(request.headers()) {
        Some(problem) => problem.into_response(),
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    // These are never a page nor a worker of their own, whose rules the others are.
    let is_part = ["application/wasm", "text/css"].iter().any(|part| kind.starts_with(part));
    let of_parts = [("x-content-type-options", "nosniff"), ("cross-origin-resource-policy", "same-origin")];
    let of_pages = [
        ("content-security-policy", CONTENT_SECURITY_POLICY),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
    ];
    for (name, value) in of_parts.into_iter().chain(of_pages.into_iter().filter(|_| !is_part)) {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

/// Scripts and workers from here only; WebAssembly may be compiled; the editor sets styles from script; the page
/// names the folder of its release as its base.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'self'; \
    form-action 'none'; frame-ancestors 'none'";

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(host: &str, origin: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        headers
    }

    #[test]
    fn only_loopback_names_on_the_right_port_are_ours() {
        let guard = Guard::new("127.0.0.1:8000".parse().unwrap());
        for ours in ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "LOCALHOST:8000"] {
            assert!(guard.refusal(&headers(ours, None)).is_none(), "{ours}");
        }
        for other in [
            "evil.example:8000",
            "127.0.0.1:8001",
            "127.0.0.1.evil.example:8000",
            "localhost",
            "",
            "10.0.0.1:8000",
        ] {
            assert!(guard.refusal(&headers(other, None)).is_some(), "{other}");
        }
    }

    #[test]
    fn pages_of_other_sites_are_refused() {
        let guard = Guard::new("127.0.0.1:8000".parse().unwrap());
        let refused = |origin| guard.refusal(&headers("localhost:8000", Some(origin))).is_some();
        assert!(!refused("http://localhost:8000"));
        for origin in
            ["http://evil.example", "http://localhost:8001", "null", "http://127.0.0.1:8000.evil.example"]
        {
            assert!(refused(origin), "{origin}");
        }
    }
}
