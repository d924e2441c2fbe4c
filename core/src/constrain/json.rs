//! JSON (RFC 8259) that keeps what a map of doubles would lose: the order of members, because a model writes them
//! in the order of the schema, and every digit of a number, because `Int` is unbounded.

use std::fmt::{self, Write as _};

/// How deep arrays and objects may nest in a text that is read.
const DEEPEST: usize = 200;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    Bool(bool),
    Null,
    /// A number as it is spelt.
    Number(String),
    Text(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Json::Text(text.into())
    }

    /// Reads one value and nothing after it.
    ///
    /// # Errors
    /// What is wrong, with the line and column of the place, for whoever wrote the text.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(DEEPEST).and_then(|value| {
            reader.space();
            if reader.at == text.len() {
                Ok(value)
            } else {
                Err("something follows the JSON value".to_owned())
            }
        });
        value.map_err(|what| {
            let before = text.get(..reader.at).unwrap_or(text);
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
            format!("not JSON: {what} (line {line}, column {column})")
        })
    }

    /// What kind of value it is, in words.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(_) => "a truth value",
            Json::Number(_) => "a number",
            Json::Text(_) => "a text",
            Json::Array(_) => "an array",
            Json::Object(_) => "an object",
        }
    }

    pub(super) fn number(n: impl ToString) -> Self {
        Json::Number(n.to_string())
    }

    pub(super) fn object<K: Into<String>>(members: impl IntoIterator<Item = (K, Json)>) -> Self {
        Json::Object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Json::Null => f.write_str("null"),
            Json::Bool(truth) => write!(f, "{truth}"),
            Json::Number(digits) => f.write_str(digits),
            Json::Text(text) => string(f, text),
            Json::Array(items) => {
                f.write_char('[')?;
                for (index, item) in items.iter().enumerate() {
                    f.write_str(if index > 0 { "," } else { "" })?;
                    item.fmt(f)?;
                }
                f.write_char(']')
            }
            Json::Object(members) => {
                f.write_char('{')?;
                for (index, (key, value)) in members.iter().enumerate() {
                    f.write_str(if index > 0 { "," } else { "" })?;
                    string(f, key)?;
                    f.write_char(':')?;
                    value.fmt(f)?;
                }
                f.write_char('}')
            }
        }
    }
}

fn string(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' | '\\' => write!(f, "\\{c}")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            c if c.is_control() => write!(f, "\\u{:04x}", u32::from(c))?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('"')
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\n', '\r', '\t']).len();
    }

    /// Goes over `word` if it comes next.
    fn take(&mut self, word: &str) -> bool {
        let comes = self.rest().starts_with(word);
        self.at += if comes { word.len() } else { 0 };
        comes
    }

    fn value(&mut self, depth: usize) -> Result<Json, String> {
        let depth = depth.checked_sub(1).ok_or("it nests too deeply")?;
        self.space();
        for (word, value) in [("null", Json::Null), ("true", Json::Bool(true)), ("false", Json::Bool(false))]
        {
            if self.take(word) {
                return Ok(value);
            }
        }
        if self.take("[") {
            return self.items("]", |reader| reader.value(depth)).map(Json::Array);
        }
        if self.take("{") {
            let members: Vec<(String, Json)> = self.items("}", |reader| {
                reader.space();
                let key =
                    if reader.take("\"") { reader.string()? } else { return Err("a key is missing".into()) };
                reader.space();
                if !reader.take(":") {
                    return Err("`:` is missing after a key".into());
                }
                Ok((key, reader.value(depth)?))
            })?;
            for (index, (key, _)) in members.iter().enumerate() {
                if members.iter().take(index).any(|(earlier, _)| earlier == key) {
                    return Err(format!("the key `{key}` comes twice"));
                }
            }
            return Ok(Json::Object(members));
        }
        if self.take("\"") {
            return self.string().map(Json::Text);
        }
        self.digits()
    }

    fn items<T>(
        &mut self,
        close: &str,
        mut item: impl FnMut(&mut Self) -> Result<T, String>,
    ) -> Result<Vec<T>, String> {
        let mut items = Vec::new();
        self.space();
        if self.take(close) {
            return Ok(items);
        }
        loop {
            items.push(item(self)?);
            self.space();
            if self.take(close) {
                return Ok(items);
            }
            if !self.take(",") {
                return Err(format!("`,` or `{close}` is missing"));
            }
        }
    }

    /// The rest of a string whose opening quote has been read.
    fn string(&mut self) -> Result<String, String> {
        let mut string = String::new();
        loop {
            let Some(c) = self.rest().chars().next() else { return Err("a string does not end".into()) };
            self.at += c.len_utf8();
            match c {
                '"' => return Ok(string),
                '\\' => string.push(self.escape()?),
                c if c < ' ' => return Err("a string contains a control character".into()),
                c => string.push(c),
            }
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        for (word, c) in [("n", '\n'), ("t", '\t'), ("r", '\r'), ("b", '\u{8}'), ("f", '\u{c}')] {
            if self.take(word) {
                return Ok(c);
            }
        }
        for (word, c) in [("\"", '"'), ("\\", '\\'), ("/", '/')] {
            if self.take(word) {
                return Ok(c);
            }
        }
        let bad = "an escape in a string is not one of JSON's";
        let unit = |reader: &mut Self| -> Result<u32, String> {
            let digits =
                reader.rest().get(..4).filter(|it| it.bytes().all(|b| b.is_ascii_hexdigit())).ok_or(bad)?;
            let unit = u32::from_str_radix(digits, 16).map_err(|_| bad)?;
            reader.at += 4;
            Ok(unit)
        };
        if !self.take("u") {
            return Err(bad.into());
        }
        let mut code = unit(self)?;
        if (0xd800..0xdc00).contains(&code) && self.take("\\u") {
            let low = unit(self)?;
            if !(0xdc00..0xe000).contains(&low) {
                return Err("a string contains half a character".into());
            }
            code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
        char::from_u32(code).ok_or_else(|| "a string contains half a character".to_owned())
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
    fn digits(&mut self) -> Result<Json, String> {
        let start = self.at;
        let run = |reader: &mut Self| -> usize {
            let rest = reader.rest();
            let count = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            reader.at += count;
            count
        };
        self.take("-");
        let zero = self.rest().starts_with('0');
        let count = run(self);
        if count == 0 {
            self.at = start;
            return Err("a value is missing".into());
        }
        if zero && count > 1 {
            return Err("a number starts with 0".into());
        }
        if self.take(".") && run(self) == 0 {
            return Err("a digit is missing after `.`".into());
        }
        if self.take("e") || self.take("E") {
            let _ = self.take("+") || self.take("-");
            if run(self) == 0 {
                return Err("a digit is missing in an exponent".into());
            }
        }
        Ok(Json::Number(self.text.get(start..self.at).unwrap_or("").to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_in_order() {
        let odd: String = (0..0x300u32).filter_map(char::from_u32).chain(['\u{1f600}', '"', '\\']).collect();
        let value = Json::object([
            ("z", Json::text(odd.clone())),
            ("a", Json::Array(vec![Json::Null, Json::Bool(true), Json::number(-12)])),
            ("", Json::object::<&str>([])),
        ]);
        let text = value.to_string();
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["z"], odd);
        assert_eq!(read["a"], serde_json::json!([null, true, -12]));
        assert!(text.find("\"z\"") < text.find("\"a\""));
    }

    #[test]
    fn what_is_read_is_what_another_reader_reads() {
        let texts = [
            r#" {"a" : [1, -0.5e+10, 12345678901234567890123], "b":{"c":null}, "":[[],{}]} "#,
            r#""\u00e9\ud83d\ude00\n\/\b""#,
            "[true,false , null]\n",
            "0",
            "-0",
            r#"["é", "😀"]"#,
        ];
        for text in texts {
            let ours: serde_json::Value =
                serde_json::from_str(&Json::parse(text).unwrap().to_string()).unwrap();
            assert_eq!(ours, serde_json::from_str::<serde_json::Value>(text).unwrap(), "{text}");
        }
    }

    #[test]
    fn what_another_reader_refuses_is_refused() {
        let texts = [
            "",
            " ",
            "[",
            "[1",
            "[1,]",
            "[,1]",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "01",
            "-",
            "1.",
            ".5",
            "1e",
            "+1",
            "nul",
            "\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\ud800\"",
            "\"\\ud800\\u0041\"",
            "\"\n\"",
            "1 2",
            "[1}",
            "'a'",
            "NaN",
        ];
        for text in texts {
            assert!(Json::parse(text).is_err(), "{text}");
            assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_keep_every_digit_and_keys_come_once() {
        let digits = "123456789012345678901234567890";
        assert_eq!(Json::parse(digits), Ok(Json::Number(digits.into())));
        assert!(Json::parse(r#"{"a":1,"a":2}"#).unwrap_err().contains("comes twice"));
    }

    #[test]
    fn depth_is_bounded() {
        assert!(Json::parse(&"[".repeat(100_000)).unwrap_err().contains("too deeply"));
    }

    #[test]
    fn a_mistake_is_placed() {
        assert_eq!(
            Json::parse("{\n  \"é\": ?}").unwrap_err(),
            "not JSON: a value is missing (line 2, column 8)"
        );
    }
}
