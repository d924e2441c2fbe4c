//! Numbers and texts.

use super::Parser;
use crate::syntax::codes;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::lexer::Kind;
use crate::syntax::span::Span;
use crate::syntax::tree::ExprKind;
use num_bigint::BigInt;

/// Numbers with more digits are not read: their value would take longer to compute than anyone waits.
const MOST_DIGITS: usize = 1_000;

impl Parser<'_> {
    /// A number as a term: whole, a fraction (`1.5`), or with `f` behind it a floating-point number.
    pub(super) fn number_literal(&mut self) -> ExprKind {
        let span = self.token(0).span;
        let written = span.slice(self.text).replace('_', "");
        if !written.contains('.') {
            return self.number().map_or(ExprKind::Error, ExprKind::Int);
        }
        let (digits, exponent) = written.split_once(['e', 'E']).unwrap_or((&written, ""));
        let exponent = exponent.trim_start_matches(['+', '-']).trim_end_matches('f');
        let far = !exponent.is_empty() && exponent.parse::<usize>().is_ok_and(|far| far > MOST_DIGITS);
        if digits.len() > MOST_DIGITS || exponent.len() > 4 || far {
            let message =
                format!("this number has more than {MOST_DIGITS} digits, which is as many as can be read");
            self.report(Diagnostic::error(codes::BAD_NUMBER, span, message));
            self.bump();
            return ExprKind::Error;
        }
        self.bump();
        ExprKind::Decimal(written)
    }

    /// The value of a number token where a whole one is wanted; `None` when it is none, which is reported.
    pub(super) fn number(&mut self) -> Option<BigInt> {
        let token = self.token(0);
        let written = token.span.slice(self.text);
        if written.contains('.') {
            let message = format!("`{written}` is not a whole number");
            let hint = "only a whole number can stand here; other numbers are compared with `if x == 1.5`";
            self.report(Diagnostic::error(codes::BAD_NUMBER, token.span, message).hint(hint));
            self.bump();
            return None;
        }
        let digits: String = written.chars().filter(char::is_ascii_digit).collect();
        if digits.len() > MOST_DIGITS {
            let message =
                format!("this number has {} digits; at most {MOST_DIGITS} can be read", digits.len());
            self.report(Diagnostic::error(codes::BAD_NUMBER, token.span, message));
            self.bump();
            return None;
        }
        self.bump();
        digits.parse().ok()
    }

    /// The text a text token stands for; mistakes in it are reported and kept as written.
    pub(super) fn text_value(&mut self) -> String {
        let token = self.token(0);
        let written = token.span.slice(self.text);
        let inner = match token.kind {
            Kind::Text => written.get(1..written.len().saturating_sub(1)).unwrap_or(""),
            Kind::OpenText => {
                self.report(
                    Diagnostic::error(codes::OPEN_TEXT, token.span, "this text is not closed on its line")
                        .hint("put `\"` where it ends; a line break inside a text is written `\\n`"),
                );
                written.get(1..).unwrap_or("").trim_end()
            }
            _ => {
                self.report_quotes(token);
                self.bump();
                return written.trim_matches(['\'', '‘', '’', '“', '”', '„']).to_owned();
            }
        };
        let value = self.unescape(inner, token.span.start + 1);
        self.bump();
        value
    }

    pub(super) fn unescape(&mut self, written: &str, start: u32) -> String {
        if !written.contains('\\') {
            return written.to_owned();
        }
        let mut value = String::with_capacity(written.len());
        let mut rest = written;
        while let Some((before, after)) = rest.split_once('\\') {
            value.push_str(before);
            rest = after;
            if let Some((meant, length)) = unescape_one(after) {
                value.push(meant);
                rest = after.get(length..).unwrap_or("");
                continue;
            }
            let escape: String = after.chars().take(1).collect();
            let from = start + (written.len() - after.len()) as u32 - 1;
            let span = Span::new(from, from + 1 + escape.len() as u32);
            let message = format!("a text knows no escape `\\{escape}`");
            let hint = "the escapes are \\\" \\\\ \\n \\r \\t \\0 and \\u{1F600}; a backslash itself is \\\\";
            self.diagnostics.push(Diagnostic::error(codes::BAD_ESCAPE, span, message).hint(hint));
            value.push('\\');
        }
        value.push_str(rest);
        value
    }
}

/// The character that the escape after a backslash means, and how many bytes it takes.
fn unescape_one(rest: &str) -> Option<(char, usize)> {
    let simple = match rest.chars().next()? {
        '"' => '"',
        '\\' => '\\',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '0' => '\0',
        'u' => {
            let digits = rest.get(1..)?.strip_prefix('{')?;
            let digits = digits.get(..digits.find('}')?)?;
            let hexadecimal =
                (1..=6).contains(&digits.len()) && digits.chars().all(|digit| digit.is_ascii_hexdigit());
            let value = u32::from_str_radix(digits, 16).ok().filter(|_| hexadecimal)?;
            return Some((char::from_u32(value)?, digits.len() + 3));
        }
        _ => return None,
    };
    Some((simple, 1))
}
