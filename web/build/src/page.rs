//! The instructions in a page: its `<link data-trunk ...>` elements.
//!
//! Only what Trunk needs of HTML is read: start tags of `link` elements, attributes with and without a value. The rest
//! of the page is kept byte for byte.

use std::collections::BTreeMap;
use std::ops::Range;

/// One `<link data-trunk ...>`: where it stands in the page and its attributes.
#[derive(Debug, PartialEq, Eq)]
pub struct Instruction {
    /// The element's bytes in the page, from `<` to `>`.
    pub span: Range<usize>,
    /// Names without `data-`, as `rel`, `href`, `type`, `bin`; an attribute without a value is the empty string.
    pub attributes: BTreeMap<String, String>,
}

impl Instruction {
    /// The value of an attribute that must be there.
    pub fn required(&self, name: &str) -> Result<&str, String> {
        self.attributes
            .get(name)
            .map(String::as_str)
            .ok_or_else(|| format!("the <link data-trunk> at byte {} has no {name}", self.span.start))
    }
}

/// Every instruction of a page, in order. Comments are skipped, as a browser does.
pub fn instructions(page: &str) -> Result<Vec<Instruction>, String> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = page.get(at..).and_then(|rest| rest.find('<')).map(|offset| at + offset) {
        let rest = page.get(start..).unwrap_or_default();
        if rest.starts_with("<!--") {
            at = start + rest.find("-->").ok_or("a comment that does not end")? + 3;
            continue;
        }
        let is_link = rest
            .strip_prefix("<link")
            .is_some_and(|tail| tail.starts_with(|next: char| next.is_ascii_whitespace()));
        if !is_link {
            at = start + 1;
            continue;
        }
        let (mut attributes, length) = attributes(rest.get(5..).unwrap_or_default())
            .ok_or_else(|| format!("the <link> at byte {start} does not end"))?;
        at = start + 5 + length;
        if attributes.remove("data-trunk").is_some() {
            let attributes = attributes
                .into_iter()
                .map(|(name, value)| (name.strip_prefix("data-").unwrap_or(&name).to_owned(), value))
                .collect();
            found.push(Instruction { span: start..at, attributes });
        }
    }
    Ok(found)
}

/// The attributes of a start tag, read up to and with its `>`; and how many bytes that was.
fn attributes(tag: &str) -> Option<(BTreeMap<String, String>, usize)> {
    let mut attributes = BTreeMap::new();
    let mut rest = tag;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return Some((attributes, tag.len() - after.len()));
        }
        let name_end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/'))?;
        let (name, after) = rest.split_at(name_end);
        let (value, after) = match after.strip_prefix('=') {
            None => ("", after),
            Some(after) => match after.chars().next()? {
                quote @ ('"' | '\'') => after.get(1..)?.split_once(quote)?,
                _ => after.split_at(after.find(|c: char| c.is_ascii_whitespace() || c == '>')?),
            },
        };
        // A lone `=` or quote: not HTML we could read without guessing.
        if name.is_empty() {
            return None;
        }
        attributes.insert(name.to_ascii_lowercase(), value.to_owned());
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(page: &str) -> Vec<(String, Vec<(String, String)>)> {
        instructions(page)
            .unwrap()
            .into_iter()
            .map(|found| (page[found.span].to_owned(), found.attributes.into_iter().collect()))
            .collect()
    }

    #[test]
    fn reads_attributes_in_every_quoting() {
        let page = r#"<head><link data-trunk rel="rust" href='web/Cargo.toml' data-type=main><b></head>"#;
        let attributes = [("href", "web/Cargo.toml"), ("rel", "rust"), ("type", "main")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(
            read(page),
            [(
                r#"<link data-trunk rel="rust" href='web/Cargo.toml' data-type=main>"#.to_owned(),
                attributes.to_vec()
            )]
        );
    }

    #[test]
    fn leaves_other_links_and_comments_alone() {
        assert_eq!(
            read(r#"<link rel="icon" href="x"> <!-- <link data-trunk rel="css"> --> <linkage data-trunk>"#),
            []
        );
    }

    #[test]
    fn an_element_that_does_not_end_is_an_error() {
        assert!(instructions(r#"<link data-trunk rel="css""#).is_err());
        assert!(instructions(r#"<link data-trunk rel="css>"#).is_err());
        assert!(instructions(r#"<link data-trunk ="css">"#).is_err());
        assert!(instructions("<!-- never closed").is_err());
    }
}
