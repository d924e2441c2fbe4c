//! What a client accepts and what it has already (RFC 9110, sections 12.5.3 and 13.1.2).

use axum::http::{HeaderMap, header};

/// A compressed form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// Brotli.
    Brotli,
    /// Gzip.
    Gzip,
}

impl Coding {
    /// Smallest first.
    pub(super) const ALL: [Coding; 2] = [Coding::Brotli, Coding::Gzip];

    /// Its name in headers.
    pub(super) fn name(self) -> &'static str {
        match self {
            Coding::Brotli => "br",
            Coding::Gzip => "gzip",
        }
    }

    /// What files of this form end in.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Coding::Brotli => ".br",
            Coding::Gzip => ".gz",
        }
    }
}

/// The coding to send, of those offered: the one the client likes best, the earlier one when it likes two the same.
/// `None` is the plain form, which is sent when nothing else is asked for.
pub(super) fn accepted(headers: &HeaderMap, offered: &[Coding]) -> Option<Coding> {
    let lists = headers.get_all(header::ACCEPT_ENCODING);
    let wishes: Vec<(&str, f32)> = lists
        .iter()
        .filter_map(|list| list.to_str().ok())
        .flat_map(|list| list.split(',').map(wish))
        .collect();
    let weight = |name: &str| {
        let named = |name: &str| wishes.iter().find(|(wish, _)| wish.eq_ignore_ascii_case(name));
        named(name).or_else(|| named("*")).map(|(_, weight)| *weight)
    };
    let plain = wishes.iter().find(|(wish, _)| wish.eq_ignore_ascii_case("identity"));
    let mut best = (None, plain.map_or(0.0, |(_, weight)| *weight));
    for coding in offered.iter().rev() {
        match weight(coding.name()) {
            Some(weight) if weight > 0.0 && weight >= best.1 => best = (Some(*coding), weight),
            _ => {}
        }
    }
    best.0
}

/// `gzip;q=0.5` as name and weight; what cannot be read weighs nothing.
fn wish(text: &str) -> (&str, f32) {
    let (name, parameters) = text.split_once(';').unwrap_or((text, ""));
    let weight = match parameters.trim().split_once('=') {
        Some((q, weight)) if q.trim().eq_ignore_ascii_case("q") => weight.trim().parse().unwrap_or(0.0),
        _ => 1.0,
    };
    (name.trim(), weight)
}

/// Whether the client has the bytes of this tag.
pub(super) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let lists = headers.get_all(header::IF_NONE_MATCH);
    let mut known = lists.iter().filter_map(|list| list.to_str().ok()).flat_map(|list| list.split(','));
    known.any(|it| {
        let it = it.trim();
        it == "*" || it.strip_prefix("W/").unwrap_or(it) == tag
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn the_client_decides_and_brotli_wins_a_tie() {
        for (wish, expected) in [
            ("gzip, deflate, br, zstd", Some(Coding::Brotli)),
            ("gzip, deflate", Some(Coding::Gzip)),
            ("br;q=0.5, gzip;q=0.8", Some(Coding::Gzip)),
            ("BR", Some(Coding::Brotli)),
            ("*", Some(Coding::Brotli)),
            ("br;q=0, *", Some(Coding::Gzip)),
            ("*;q=0", None),
            ("identity;q=1, gzip;q=0.5", None),
            ("br;q=nonsense", None),
            ("zstd", None),
            ("", None),
        ] {
            let headers = headers(header::ACCEPT_ENCODING, wish);
            assert_eq!(accepted(&headers, &Coding::ALL), expected, "{wish}");
        }
        assert_eq!(accepted(&headers(header::ACCEPT_ENCODING, "br"), &[]), None);
        assert_eq!(accepted(&HeaderMap::new(), &Coding::ALL), None);
    }

    #[test]
    fn a_tag_is_known_alone_in_a_list_weakly_or_by_a_star() {
        for known in ["\"a\"", "\"b\", \"a\"", "W/\"a\"", "*"] {
            assert!(is_known(&headers(header::IF_NONE_MATCH, known), "\"a\""), "{known}");
        }
        for other in ["\"b\"", "a", ""] {
            assert!(!is_known(&headers(header::IF_NONE_MATCH, other), "\"a\""), "{other}");
        }
    }
}
