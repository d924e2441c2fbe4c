//! Habits from other languages and slips of the pen: how they are recognised, and what the author is told.
//!
//! Wherever the meaning is plain the parser goes on with it after the report, so that one slip costs one message.

use super::Parser;
use super::hints::is_lone_term;
use crate::syntax::codes;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::lexer::{Kind, Token};
use crate::syntax::tree::{BinaryOp, Expr, ExprKind, Ident};

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
            | Kind::Import
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

impl Parser<'_> {
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
            Kind::Equals if self.at_less_or_equal() => BinaryOp::Le,
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

    /// `=<`
    fn at_less_or_equal(&self) -> bool {
        self.kind_at(1) == Kind::Less && self.span().end == self.token(1).span.start
    }

    /// Whether there is no space before the token under the cursor and none after it.
    fn touches_both_sides(&self) -> bool {
        self.previous_end() == self.span().start && self.span().end == self.token(1).span.start
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
            Kind::Equals if op == BinaryOp::Le => {
                // Two tokens; the second is passed with every other operator.
                self.bump();
                (codes::FOREIGN_SPELLING, "`=<` is written `<=` here".to_owned(), "")
            }
            Kind::Equals => (codes::EQUALS, "`=` defines; equality is `==`".to_owned(), "write `==`"),
            Kind::StarStar => (
                codes::FOREIGN_SPELLING,
                "`**` is not an operator".to_owned(),
                "powers are written `pow(b, e)`",
            ),
            Kind::Arrow if self.touches_both_sides() => (
                codes::FOREIGN_SPELLING,
                "`->` is not an operator on values".to_owned(),
                "a field is written `p.name`",
            ),
            Kind::Arrow => (
                codes::FOREIGN_SPELLING,
                "`->` is not an operator on values".to_owned(),
                "`==` compares, `==>` is \"implies\", and a function is written `\\x. x + 1`",
            ),
            Kind::FatArrow => (
                codes::FOREIGN_SPELLING,
                "`=>` is not an operator on values".to_owned(),
                "\"at least\" is written `>=`, \"implies\" `==>`, and a function `\\x. x + 1`",
            ),
            _ => (codes::FOREIGN_SPELLING, format!("`{written}` is written `{}` here", op.symbol()), ""),
        };
        let span = if op == BinaryOp::Le { token.span.to(self.span()) } else { token.span };
        let wrong = Diagnostic::error(code, span, message);
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
        Self::is_foreign_form(self.word())
            && !next.first_on_line
            && (matches!(next.kind, Kind::Underscore | Kind::Colon | Kind::LeftBrace)
                || is_lone_term(next.kind))
    }

    /// Passes a form of another language: to the end of its bracket or item, or of its line.
    pub(super) fn skip_form(&mut self) {
        let from = self.at;
        self.skip_in_brackets();
        if !self.at_end() && self.kind() == Kind::Semicolon && !self.item_ends_term() {
            while !self.at_end() && (self.at == from || !self.first_on_line()) {
                self.bump();
            }
        }
        if self.at_end() {
            self.reported_at = Some(self.at);
        }
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
        let (message, hint) = match token.kind {
            Kind::Small if self.word() == "elif" => {
                ("`elif` is written `else if` here".to_owned(), format!("write `{example}`"))
            }
            Kind::Comma if of == "`let`" => {
                ("one `let` gives one name".to_owned(), "write `let x = 1 in let y = 2 in x + y`".to_owned())
            }
            Kind::End => {
                (format!("this {of} needs {part}, but nothing follows"), format!("write `{example}`"))
            }
            _ => {
                (format!("this {of} needs {part} before {}", self.found(token)), format!("write `{example}`"))
            }
        };
        self.report(Diagnostic::error(codes::MISSING_PART, token.span, message).hint(hint));
    }

    /// `=>` between a pattern and its outcome.
    pub(super) fn arm_arrow(&mut self) {
        if matches!(self.kind(), Kind::Arrow | Kind::Colon | Kind::Equals | Kind::Implies) {
            let message = format!("a case of a `match` has `=>` here, not `{}`", self.word());
            let wrong =
                Diagnostic::error(codes::FOREIGN_SPELLING, self.span(), message).hint("write `None => 0`");
            self.report(wrong);
            self.bump();
        } else if !self.expect(Kind::FatArrow, "`=>` and the outcome of this case") {
            self.skip_to_outcome();
        }
    }

    /// What stands before the `=>` of the case and is no pattern is passed, on this line.
    fn skip_to_outcome(&mut self) {
        let (from, mut open) = (self.at, 0u32);
        while !self.at_end() && (self.at == from || !self.first_on_line()) {
            match self.kind() {
                Kind::FatArrow if open == 0 => {
                    self.bump();
                    return;
                }
                Kind::LeftParen | Kind::LeftBracket | Kind::LeftBrace => open += 1,
                Kind::RightBrace | Kind::Comma | Kind::Semicolon if open == 0 => break,
                Kind::RightParen | Kind::RightBracket | Kind::RightBrace => open = open.saturating_sub(1),
                _ => {}
            }
            self.bump();
        }
        self.at = from;
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

    /// `def f: Int -> Int`: the type of the definition without names for what it takes.
    pub(super) fn report_unnamed_parameters(&mut self, name: &str) {
        let mark = (self.at, self.reported_at, self.diagnostics.len());
        self.bump();
        let mut ty = self.ty();
        (self.at, self.reported_at) = (mark.0, mark.1);
        self.diagnostics.truncate(mark.2);
        let mut params = Vec::new();
        while let ExprKind::Arrow(given, domain, codomain) = ty.kind {
            let given = given.map(|given| given.name);
            let usual = ["x", "y", "z"]
                .get(params.len())
                .map_or_else(|| format!("x{}", params.len()), |it| (*it).to_owned());
            params.push(format!("{}: {}", given.unwrap_or(usual), domain.span.slice(self.text)));
            ty = *codomain;
        }
        let result = ty.span.slice(self.text);
        let wrong = self.describe_unexpected("`(` and the parameters of the definition");
        self.report(wrong.hint(format!(
            "a definition names what it takes: `def {name}({}): {result}`",
            params.join(", ")
        )));
    }

    pub(super) fn report_arrow_before_result(&mut self) {
        let wrong =
            Diagnostic::error(codes::FOREIGN_SPELLING, self.span(), "the result type follows `:`, not `->`")
                .hint("write `def double(x: Int): Int = x + x`");
        self.report(wrong);
    }

    /// `Int x`, as other languages write a parameter or a field.
    pub(super) fn at_type_before_name(&self) -> bool {
        self.kind() == Kind::Capital && self.kind_at(1) == Kind::Small && !self.token(1).first_on_line
    }

    pub(super) fn report_type_before_name(&mut self) {
        let (ty, name) = (self.word(), self.token(1).span.slice(self.text));
        let wrong = Diagnostic::error(
            codes::FOREIGN_SPELLING,
            self.span().to(self.token(1).span),
            "the name comes first, and its type behind `:`",
        );
        let short = ty.len() + name.len() <= 60;
        self.report(if short { wrong.hint(format!("write `{name}: {ty}`")) } else { wrong });
        self.bump();
        self.bump();
    }

    /// The body of a definition. `y = 1` at its beginning, a statement of other languages, is reported and read as
    /// the `let` it means.
    pub(super) fn body(&mut self) -> Expr {
        let statement = self.kind() == Kind::Small
            && self.kind_at(1) == Kind::Equals
            && self.first_on_line()
            && self.statement_is_followed();
        if !statement {
            return self.term();
        }
        let start = self.span().start;
        let name = self.word();
        let wrong = Diagnostic::error(
            codes::FOREIGN_FORM,
            self.span().to(self.token(1).span),
            "there are no statements: a body is one value",
        );
        self.report(match name.len() <= 40 {
            true => wrong.hint(format!("a part gets a name with `let {name} = ... in ...`")),
            false => wrong,
        });
        let name = Ident { name: name.to_owned(), span: self.span() };
        self.bump();
        self.bump();
        let value = self.inner_term();
        self.eat(Kind::Semicolon);
        let body = self.nested(Self::body, |parser| parser.error_here());
        Expr { span: self.span_from(start), kind: ExprKind::Let(name, None, Box::new(value), Box::new(body)) }
    }

    /// Whether another line begins behind the one under the cursor.
    fn statement_is_followed(&self) -> bool {
        self.tokens.iter().skip(self.at + 1).any(|token| token.first_on_line)
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
                    .hint("write `def double(x: Int): Int = x + x`: the body follows `=`");
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
