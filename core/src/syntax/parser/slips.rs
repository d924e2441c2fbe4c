//! Habits from other languages and slips of the pen: how they are recognised, and what the author is told.
//!
//! Wherever the meaning is plain the parser goes on with it after the report, so that one slip costs one message.

use super::Parser;
use super::declaration::is_clause_word;
use crate::syntax::codes;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::lexer::{Kind, Token};
use crate::syntax::tree::BinaryOp;

/// How a closing bracket is called in a message.
pub(super) fn describe(kind: Kind) -> &'static str {
    match kind {
        Kind::RightParen => "`)`",
        Kind::RightBracket => "`]`",
        Kind::RightBrace => "`}`",
        _ => "the end",
    }
}

pub(super) fn is_reserved(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Type
            | Kind::Def
            | Kind::Spec
            | Kind::Intent
            | Kind::Entity
            | Kind::HoleWord
            | Kind::Examples
            | Kind::Let
            | Kind::In
            | Kind::If
            | Kind::Then
            | Kind::Else
            | Kind::Match
            | Kind::Forall
            | Kind::Exists
            | Kind::True
            | Kind::False
    )
}

/// Whether a token joins what is before it to what is after it.
pub(super) fn continues_term(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Iff
            | Kind::Implies
            | Kind::Or
            | Kind::And
            | Kind::EqualEqual
            | Kind::NotEqual
            | Kind::Less
            | Kind::LessEqual
            | Kind::Greater
            | Kind::GreaterEqual
            | Kind::ColonColon
            | Kind::PlusPlus
            | Kind::Plus
            | Kind::Minus
            | Kind::Star
            | Kind::Slash
            | Kind::Percent
            | Kind::TripleEqual
            | Kind::NotDoubleEqual
            | Kind::LessGreater
            | Kind::Equals
            | Kind::ColonEqual
            | Kind::Ampersand
            | Kind::StarStar
    )
}

/// What is expected after a complete declaration.
pub(super) const END: &str = "the end of the declaration";

/// Words that begin something this language says differently, and how it says it.
const FOREIGN_FORMS: [(&str, &str); 9] = [
    ("lambda", "a function without a name is written `\\x. x + 1`"),
    ("fun", "a function without a name is written `\\x. x + 1`"),
    ("fn", "a function without a name is written `\\x. x + 1`"),
    ("for", "there are no loops; use `map`, `filter`, `fold`, or a definition that calls itself"),
    ("while", "there are no loops; use `map`, `filter`, `fold`, or a definition that calls itself"),
    ("var", "values do not change; write `let x = 1 in x + 1`"),
    ("const", "write `let x = 1 in x + 1`"),
    ("case", "write `match x { None => 0, Some(n) => n }`"),
    ("switch", "write `match x { None => 0, Some(n) => n }`"),
];

impl Parser<'_> {
    /// What the author sees of a token.
    fn found(&self, token: Token) -> String {
        let written = token.span.slice(self.text);
        match token.kind {
            Kind::End => "the end of the text before it".to_owned(),
            Kind::Text | Kind::OpenText | Kind::Quoted if written.chars().count() > 24 => "a text".to_owned(),
            Kind::Text => format!("the text {written}"),
            Kind::Number if written.len() <= 24 => format!("the number {written}"),
            Kind::Number => "a number".to_owned(),
            kind if is_reserved(kind) => format!("the reserved word `{written}`"),
            _ => format!("`{}`", written.chars().take(40).collect::<String>()),
        }
    }

    /// Something else stands where `expected` should; with a hint when the slip is a known one.
    pub(super) fn describe_unexpected(&self, expected: &str) -> Diagnostic {
        let token = self.token(0);
        let written = token.span.slice(self.text);
        if let Some((word, hint)) =
            FOREIGN_FORMS.iter().find(|(word, _)| token.kind == Kind::Small && *word == written)
        {
            return Diagnostic::error(
                codes::FOREIGN_FORM,
                token.span,
                format!("`{word}` has no meaning here"),
            )
            .hint(*hint);
        }
        if token.kind == Kind::Stray {
            let message = format!("`{}` has no meaning here", written.chars().take(10).collect::<String>());
            let wrong = Diagnostic::error(codes::STRAY, token.span, message);
            return match self.hint_for_stray(written) {
                Some(hint) => wrong.hint(hint),
                None => wrong.hint(format!("expected {expected}")),
            };
        }
        let message = match token.kind {
            Kind::End => format!("expected {expected}, but nothing follows"),
            _ => format!("expected {expected}, found {}", self.found(token)),
        };
        let wrong = Diagnostic::error(codes::UNEXPECTED, token.span, message);
        match self.hint_for(token, expected) {
            Some(hint) => wrong.hint(hint),
            None => wrong,
        }
    }

    fn hint_for(&self, token: Token, expected: &str) -> Option<&'static str> {
        let before = self.previous().map(|token| token.kind);
        Some(match token.kind {
            _ if before == Some(Kind::Percent) && expected == "a value" => {
                "`%` is the remainder of a division; a percentage has the unit `percent`, as in `99 percent`"
            }
            Kind::LeftParen | Kind::LeftBracket if token.first_on_line => {
                "the `(` of a call stands on the same line as what it calls; between two items put a comma"
            }
            Kind::FatArrow => {
                "`=>` stands between a pattern and its outcome; put a comma between the cases of a `match`"
            }
            Kind::Arrow => "`->` stands in types; a case of a `match` has `=>`",
            Kind::In => "that a list holds a value is written `contains(xs, x)`",
            Kind::RightParen | Kind::RightBracket | Kind::RightBrace if expected == END => {
                "there is no opening bracket for this one"
            }
            Kind::Dot if self.kind_at(1) == Kind::Number => {
                "a pair is taken apart by `match p { (a, b) => a }`"
            }
            Kind::Semicolon if expected == END => "nothing separates declarations; leave it out",
            Kind::Dot if expected == "a value" => "what is still open is written as a hole, `?name`",
            Kind::Bar if expected != "a value" => {
                "`|` stands between constructors and in `{x: Int | 0 <= x}`; in conditions write `||`"
            }
            Kind::Then | Kind::Else => "write `if x < 0 then -x else x`; all three parts are needed",
            Kind::Lambda if expected.contains("type") => "a function type is written `Int -> Int`",
            kind if is_reserved(kind) && expected == "a value" && !matches!(kind, Kind::In) => {
                "a reserved word cannot be a name; choose another"
            }
            _ => return None,
        })
    }

    fn hint_for_stray(&self, written: &str) -> Option<&'static str> {
        Some(match written.chars().next()? {
            '#' => "a comment starts with `//`",
            '?' => "a hole is written `?name`; a choice is written `if a then b else c`",
            '^' => "powers are written `pow(b, e)`",
            '~' => "`not` is written `!`",
            '`' => "a block ends with a line of at least as many backquotes as it began with",
            '…' => "write what is left open as a hole, `?name`",
            '–' | '—' | '−' => "this dash is not the minus sign `-`",
            _ => return None,
        })
    }

    /// `f x`: behind a name, on the same line, a term without anything between. The message for it.
    pub(super) fn describe_juxtaposition(&self) -> Option<Diagnostic> {
        let (before, token) = (self.previous()?, self.token(0));
        let term = matches!(
            token.kind,
            Kind::Small | Kind::Capital | Kind::Hole | Kind::Number | Kind::Text | Kind::True | Kind::False
        );
        let (head, written) = (before.span.slice(self.text), token.span.slice(self.text));
        let word = is_clause_word(written)
            || written == "elif"
            || self.foreign_operator().is_some()
            || FOREIGN_FORMS.iter().any(|(form, _)| *form == written);
        if token.first_on_line || !term || word || head.len() + written.len() > 60 {
            return None;
        }
        let hint = match before.kind {
            Kind::Small => format!("a function is called with parentheses: `{head}({written})`"),
            Kind::Capital => format!("a constructor is applied with parentheses: `{head}({written})`"),
            Kind::Number if token.kind == Kind::Small && before.span.end == token.span.start => {
                format!("a product is written `{head} * {written}`")
            }
            _ => return None,
        };
        let message = format!("expected nothing more after `{head}`, found {}", self.found(token));
        Some(Diagnostic::error(codes::JUXTAPOSITION, token.span, message).hint(hint))
    }

    /// Tokens where a declaration should start.
    pub(super) fn describe_no_declaration(&self) -> Diagnostic {
        let token = self.token(0);
        let written = token.span.slice(self.text);
        let message = format!("expected a declaration, found {}", self.found(token));
        let wrong = Diagnostic::error(codes::NO_DECLARATION, token.span, message);
        let hint = match written {
            "function" | "fn" | "func" | "fun" | "let" | "const" | "var" | "val" | "define" => {
                "a function is declared by `def name(x: Int): Int = x + 1`"
            }
            "struct" | "class" | "record" | "interface" => {
                "a record is declared by `entity Person { name: Str }`"
            }
            "enum" | "data" | "union" => {
                "a choice is declared by `type Shape = Circle(radius: Int) | Square(side: Int)`"
            }
            "theorem" | "lemma" | "axiom" | "assert" => "what must hold is a clause: `ensures result >= 0`",
            "example" | "test" => "examples are declared by `examples { double(2) == 4 }`",
            "import" | "from" | "use" | "include" => "a document needs no imports",
            "requires" | "ensures" => "clauses stand in a `spec` or before the body of a `def`",
            "#" => "a comment starts with `//`; prose stands outside the block",
            _ if token.kind == Kind::Hole => "a hole is declared by `hole ?name: term Int`",
            _ => {
                "declarations start with `type`, `entity`, `intent`, `spec`, `def`, `hole` or `examples`; prose stands outside the block"
            }
        };
        wrong.hint(hint)
    }

    /// No name of the `wanted` kind stands where `what` should.
    pub(super) fn describe_bad_name(&self, wanted: Kind, what: &str) -> Diagnostic {
        let token = self.token(0);
        let written = token.span.slice(self.text);
        let short = written.len() <= 60;
        match token.kind {
            Kind::Small | Kind::Capital => {
                let (size, other) = match wanted {
                    Kind::Capital => ("a capital", capitalised(written)),
                    _ => ("a small", uncapitalised(written)),
                };
                let message = format!("{what} starts with {size} letter, `{written}` does not");
                let wrong = Diagnostic::error(codes::NAME_CASE, token.span, message);
                if short && other != written { wrong.hint(format!("write `{other}`")) } else { wrong }
            }
            Kind::Foreign => {
                let message = format!("`{written}` is not a name");
                Diagnostic::error(codes::FOREIGN_NAME, token.span, message)
                    .hint("names are made of the letters a to z and A to Z, digits and `_`")
            }
            kind if is_reserved(kind) => {
                let message = format!("`{written}` is a reserved word and cannot be {what}");
                Diagnostic::error(codes::RESERVED_WORD, token.span, message)
                    .hint(format!("choose another name, such as `{written}_` or `the_{written}`"))
            }
            _ => self.describe_unexpected(what),
        }
    }

    pub(super) fn report_python_constant(&mut self, span: crate::syntax::span::Span) {
        let written = span.slice(self.text);
        let message = format!("`{written}` is written `{}` here", uncapitalised(written));
        self.diagnostics.push(Diagnostic::error(codes::FOREIGN_SPELLING, span, message));
    }

    pub(super) fn report_null(&mut self) {
        let message = format!("there is no `{}`", self.word());
        self.report(
            Diagnostic::error(codes::FOREIGN_SPELLING, self.span(), message)
                .hint("a value that may be missing has the type `Option T`; it is `None` or `Some(x)`"),
        );
    }

    pub(super) fn report_quotes(&mut self, token: Token) {
        let message = "a text stands in double quotes `\"`";
        let inner = token.span.slice(self.text).trim_matches(['\'', '‘', '’', '“', '”', '„']);
        let wrong = Diagnostic::error(codes::QUOTES, token.span, message);
        let wrong = if inner.len() <= 40 { wrong.hint(format!("write `\"{inner}\"`")) } else { wrong };
        self.report(wrong);
    }

    /// The operator that a spelling from another language stands for, where it can only be one.
    pub(super) fn foreign_operator(&self) -> Option<BinaryOp> {
        let token = self.token(0);
        Some(match token.kind {
            Kind::Equals if !self.equals_ends_term() => BinaryOp::Eq,
            Kind::TripleEqual | Kind::ColonEqual => BinaryOp::Eq,
            Kind::NotDoubleEqual | Kind::LessGreater => BinaryOp::Ne,
            Kind::Ampersand => BinaryOp::And,
            Kind::StarStar => BinaryOp::Mul,
            Kind::FatArrow | Kind::Arrow if !self.fat_arrow_ends_term() => BinaryOp::Implies,
            Kind::Small if self.word_is_operator() => match self.word() {
                "and" => BinaryOp::And,
                "or" => BinaryOp::Or,
                "implies" => BinaryOp::Implies,
                "iff" => BinaryOp::Iff,
                "mod" => BinaryOp::Mod,
                "div" => BinaryOp::Div,
                "is" | "equals" => BinaryOp::Eq,
                _ => return None,
            },
            _ => return None,
        })
    }

    /// Whether the word under the cursor stands between two terms, and is not called.
    fn word_is_operator(&self) -> bool {
        let (word, next) = (self.token(0), self.token(1));
        let called = next.kind == Kind::LeftParen && next.span.start == word.span.end;
        let connects = matches!(self.word(), "and" | "or");
        !called && (connects || !word.first_on_line) && starts_operand(next.kind)
    }

    pub(super) fn report_foreign_operator(&mut self, op: BinaryOp) {
        let token = self.token(0);
        let written = token.span.slice(self.text);
        let (code, message, hint) = match token.kind {
            Kind::Equals => (codes::EQUALS, "`=` defines; equality is `==`".to_owned(), "write `==`"),
            Kind::StarStar => (
                codes::FOREIGN_SPELLING,
                "`**` is not an operator".to_owned(),
                "powers are written `pow(b, e)`",
            ),
            Kind::FatArrow | Kind::Arrow => (
                codes::FOREIGN_SPELLING,
                format!("`{written}` is not an operator on terms"),
                "\"implies\" is written `==>`; a function is written `\\x. x + 1`",
            ),
            _ => (codes::FOREIGN_SPELLING, format!("`{written}` is written `{}` here", op.symbol()), ""),
        };
        let wrong = Diagnostic::error(code, token.span, message);
        self.report(if hint.is_empty() { wrong } else { wrong.hint(hint) });
    }

    /// Whether the cursor is on `not`, meant as an operator.
    pub(super) fn at_not_word(&self) -> bool {
        let (word, next) = (self.token(0), self.token(1));
        let called = next.kind == Kind::LeftParen && next.span.start == word.span.end;
        self.word() == "not" && !called && !next.first_on_line && starts_operand(next.kind)
    }

    pub(super) fn report_not_word(&mut self) {
        let wrong = Diagnostic::error(codes::FOREIGN_SPELLING, self.span(), "`not` is written `!` here");
        self.report(wrong);
    }

    /// Whether the cursor is on `return`, meant as a statement.
    pub(super) fn at_return_word(&self) -> bool {
        let (word, next) = (self.token(0), self.token(1));
        let called = next.kind == Kind::LeftParen && next.span.start == word.span.end;
        self.word() == "return" && !called && starts_operand(next.kind)
    }

    pub(super) fn report_return_word(&mut self) {
        let wrong = Diagnostic::error(codes::FOREIGN_FORM, self.span(), "there is no `return`")
            .hint("leave the word out: the body of a definition is its result");
        self.report(wrong);
    }

    /// Whether a value is missing at the end of a line and the next clause begins under the cursor: its word is a
    /// name elsewhere, but then it is not followed by more than one word on its line.
    pub(super) fn at_next_clause(&self) -> bool {
        let (next, after) = (self.token(1), self.token(2));
        let goes_on =
            continues_term(after.kind) || matches!(after.kind, Kind::LeftParen | Kind::Colon | Kind::Dot);
        self.first_on_line()
            && matches!(self.word(), "requires" | "ensures" | "decreases" | "invariant")
            && matches!(next.kind, Kind::Small | Kind::Number)
            && !next.first_on_line
            && !after.first_on_line
            && goes_on
    }

    /// A form of another language at the cursor, such as `for x in xs`.
    pub(super) fn at_foreign_form(&self) -> bool {
        let next = self.token(1);
        FOREIGN_FORMS.iter().any(|(word, _)| *word == self.word())
            && !next.first_on_line
            && matches!(next.kind, Kind::Small | Kind::Capital | Kind::Underscore | Kind::Colon)
    }

    /// `=`; other spellings of it are reported and accepted.
    pub(super) fn eat_equals(&mut self) -> bool {
        if matches!(self.kind(), Kind::ColonEqual | Kind::EqualEqual | Kind::FatArrow | Kind::TripleEqual) {
            let message = format!("`{}` should be `=`", self.word());
            self.report(
                Diagnostic::error(codes::FOREIGN_SPELLING, self.span(), message)
                    .hint("`=` defines, `==` compares"),
            );
            self.bump();
            return true;
        }
        self.eat(Kind::Equals)
    }

    pub(super) fn report_field_colon(&mut self) {
        if self.kind() == Kind::Colon {
            let wrong = Diagnostic::error(
                codes::FOREIGN_SPELLING,
                self.span(),
                "a field is given its value with `=`",
            )
            .hint("write `Person { name = \"Ada\" }`");
            self.report(wrong);
        } else {
            self.unexpected("`=` and the field's value");
        }
    }

    /// A missing `then`, `else` or `in`.
    pub(super) fn report_missing_part(&mut self, part: &str, of: &str, example: &str) {
        let token = self.token(0);
        let message = match token.kind {
            Kind::Small if self.word() == "elif" => "`elif` is written `else if` here".to_owned(),
            Kind::End => format!("this {of} needs {part}, but nothing follows"),
            _ => format!("this {of} needs {part} before {}", self.found(token)),
        };
        let wrong = Diagnostic::error(codes::MISSING_PART, token.span, message);
        self.report(wrong.hint(format!("write `{example}`")));
    }

    /// `=>` between a pattern and its outcome.
    pub(super) fn arm_arrow(&mut self) {
        if matches!(self.kind(), Kind::Arrow | Kind::Colon | Kind::Equals | Kind::Implies) {
            let message = format!("a case of a `match` has `=>` here, not `{}`", self.word());
            let wrong =
                Diagnostic::error(codes::FOREIGN_SPELLING, self.span(), message).hint("write `None => 0`");
            self.report(wrong);
            self.bump();
        } else if self.kind() == Kind::Small && self.word() == "if" {
            self.unexpected("`=>`");
        } else {
            self.expect(Kind::FatArrow, "`=>` and the outcome of this case");
        }
    }

    /// After the outcome of a case.
    pub(super) fn after_arm(&mut self) {
        if matches!(self.kind(), Kind::FatArrow | Kind::Arrow) || continues_term(self.kind()) {
            self.unexpected("`,` or the next case");
        }
    }

    /// Whether a term right behind another is a slip here, and not the next item or case.
    pub(super) fn nothing_follows_a_term(&self) -> bool {
        let next_case = match self.kind_at(1) {
            Kind::FatArrow | Kind::Arrow | Kind::ColonColon => true,
            Kind::LeftParen => self.kind() == Kind::Capital,
            _ => false,
        };
        !self.item_ends_term() || (self.fat_arrow_ends_term() && !next_case)
    }

    pub(super) fn report_arrow_before_result(&mut self) {
        let wrong =
            Diagnostic::error(codes::FOREIGN_SPELLING, self.span(), "the result type follows `:`, not `->`")
                .hint("write `def double(x: Int): Int = x + x`");
        self.report(wrong);
    }

    /// Whether after the `:` of a `def` no type but a body follows, as in Python.
    pub(super) fn at_python_body(&self) -> bool {
        // A type may begin a line, but none begins with a small letter but a value's name.
        let on_next_line = self.first_on_line() && !self.at_end();
        self.at_return_word() || (on_next_line && (!self.at_type() || self.kind() == Kind::Small))
    }

    /// Reports a body after `:` and skips it.
    pub(super) fn python_body(&mut self, def: crate::syntax::tree::DefDecl) -> crate::syntax::tree::DefDecl {
        let span = self.previous().map_or_else(|| self.span(), |token| token.span);
        let span = if self.kind() == Kind::Colon { self.span() } else { span };
        if self.diagnostics.is_empty() {
            let wrong = Diagnostic::error(
                codes::FOREIGN_FORM,
                span,
                "a `:` is followed by the result type, and the body by `=`",
            )
            .hint(format!("write `def {}(...): Int = ...`", def.name.name));
            self.diagnostics.push(wrong);
        }
        let body = Some(self.error_here());
        self.at = self.tokens.len();
        self.reported_at = Some(self.at);
        crate::syntax::tree::DefDecl { body, ..def }
    }

    /// After the head and clauses of a `def` something stands that is no body.
    pub(super) fn report_no_body(&mut self) {
        let token = self.token(0);
        if token.kind == Kind::LeftBrace {
            let wrong =
                Diagnostic::error(codes::FOREIGN_FORM, token.span, "a definition has no braces around it")
                    .hint("its clauses follow its head, and its body follows `=`");
            self.report(wrong);
        } else if token.first_on_line && !continues_term(token.kind) {
            let wrong = self.describe_no_declaration();
            self.report(wrong);
        } else {
            let wrong = self.describe_unexpected("`=` and the body, or a clause");
            let is_type =
                token.kind == Kind::Capital && self.previous().is_some_and(|t| t.kind == Kind::RightParen);
            self.report(if is_type { wrong.hint("the result type follows `:`") } else { wrong });
        }
    }
}

/// Whether a term can start with this token.
fn starts_operand(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Small
            | Kind::Capital
            | Kind::Foreign
            | Kind::Hole
            | Kind::Number
            | Kind::Text
            | Kind::OpenText
            | Kind::Quoted
            | Kind::Underscore
            | Kind::True
            | Kind::False
            | Kind::LeftParen
            | Kind::LeftBracket
            | Kind::Match
            | Kind::If
            | Kind::Let
            | Kind::Forall
            | Kind::Exists
            | Kind::Lambda
            | Kind::Not
            | Kind::Minus
    )
}

fn capitalised(name: &str) -> String {
    let mut letters = name.trim_start_matches('_').chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

fn uncapitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}
