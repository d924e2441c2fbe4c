//! Intents, and the measures that intents and specs share.

use super::Parser;
use super::declaration::{is_clause_word, is_section_word};
use crate::syntax::lexer::Kind;
use crate::syntax::span::Span;
use crate::syntax::tree::{BinaryOp, DeclKind, Expr, ExprKind, Ident, IntentDecl, Measure};

impl Parser<'_> {
    /// `"intent" text "{" { section } "}"`
    pub(super) fn intent(&mut self) -> Option<DeclKind> {
        let title_span = self.span();
        if !matches!(self.kind(), Kind::Text | Kind::OpenText | Kind::Quoted) {
            self.unexpected("the title of the intent in quotes");
            return None;
        }
        let title = self.text_value();
        let mut intent = IntentDecl {
            title,
            title_span,
            inputs: Vec::new(),
            outputs: Vec::new(),
            goals: Vec::new(),
            constraints: Vec::new(),
            metrics: Vec::new(),
            roles: Vec::new(),
        };
        let opener = self.token(0);
        if self.expect(Kind::LeftBrace, "`{` and the sections of the intent") {
            self.block(opener, SECTIONS, |parser| parser.intent_section(&mut intent));
        }
        Some(DeclKind::Intent(intent))
    }

    pub(super) fn intent_section(&mut self, intent: &mut IntentDecl) {
        let name = self.word();
        if !is_section_word(name) {
            self.unexpected(SECTIONS);
            return;
        }
        self.bump();
        if self.kind() == Kind::Colon {
            self.unexpected(&format!("`{{` after `{name}`"));
            self.bump();
        }
        let opener = self.token(0);
        if !self.expect(Kind::LeftBrace, &format!("`{{` after `{name}`")) {
            return;
        }
        match name {
            "inputs" => self.block(opener, "an input", |parser| {
                intent.inputs.extend(parser.field("the name of an input"))
            }),
            "outputs" => self.block(opener, "an output", |parser| {
                intent.outputs.extend(parser.field("the name of an output"))
            }),
            "goals" => self
                .block(opener, "a goal", |parser| intent.goals.extend(parser.worded("the name of a goal"))),
            "roles" => self
                .block(opener, "a role", |parser| intent.roles.extend(parser.worded("the name of a role"))),
            "constraints" => {
                self.block(opener, "a condition", |parser| intent.constraints.push(parser.measure()))
            }
            _ => self.block(opener, "a condition", |parser| intent.metrics.push(parser.measure())),
        }
    }

    /// `name ":" text`
    pub(super) fn worded(&mut self, what: &str) -> Option<(Ident, String, Span)> {
        let name = self.small_name(what)?;
        self.expect(Kind::Colon, "`:` and a text");
        let span = self.span();
        Some((name, self.expect_text("a text in quotes")?, span))
    }

    /// `term [unit]`
    pub(super) fn measure(&mut self) -> Measure {
        let start = self.span().start;
        let body = self.term();
        let unit = self.unit();
        Measure { body, unit, span: self.span_from(start) }
    }

    /// A word after a term that does not begin the next condition.
    pub(super) fn unit(&mut self) -> Option<Ident> {
        if self.kind() != Kind::Small || is_clause_word(self.word()) {
            return None;
        }
        let begins_next = super::slips::continues_term(self.kind_at(1))
            || matches!(self.kind_at(1), Kind::LeftParen | Kind::LeftBracket | Kind::Colon | Kind::Dot);
        if begins_next { None } else { self.small_name("a unit") }
    }

    /// `("cost" | "latency") term [unit]`: kept as the comparison it means, `latency <= term`. Another comparison
    /// may be written out.
    pub(super) fn bound(&mut self) -> Measure {
        let keyword = self.token(0);
        let start = keyword.span.start;
        let written_out = matches!(
            self.kind_at(1),
            Kind::Less
                | Kind::LessEqual
                | Kind::Greater
                | Kind::GreaterEqual
                | Kind::EqualEqual
                | Kind::NotEqual
        );
        if written_out {
            return self.measure();
        }
        self.bump();
        self.no_colon_after(keyword);
        let name = ExprKind::Name(keyword.span.slice(self.text).to_owned());
        let left = Expr { span: keyword.span, kind: name };
        // One level for the comparison that is made here.
        let right = self.nested(Self::term, |parser| parser.error_here());
        let kind = ExprKind::Binary(BinaryOp::Le, Box::new(left), Box::new(right));
        let body = Expr { span: self.span_from(start), kind };
        let unit = self.unit();
        Measure { body, unit, span: self.span_from(start) }
    }
}

const SECTIONS: &str = "`inputs`, `outputs`, `goals`, `constraints`, `metrics` or `roles`";
