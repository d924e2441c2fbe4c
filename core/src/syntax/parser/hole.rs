//! Declarations of holes.

use super::Parser;
use crate::syntax::codes;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::lexer::Kind;
use crate::syntax::tree::{DeclKind, ExprKind, HoleDecl, HoleKind, Ident, LinkKind};

impl Parser<'_> {
    /// `"hole" "?"name [":" kind [type]] { part }`
    pub(super) fn hole(&mut self) -> Option<DeclKind> {
        let name = self.hole_ident("`?` and the name of the hole")?;
        let mut hole = HoleDecl {
            name,
            kind: HoleKind::Term,
            ty: None,
            default: None,
            because: None,
            hint: None,
            answers: Vec::new(),
            links: Vec::new(),
        };
        if self.eat(Kind::Colon) {
            let kind = self.hole_kind();
            if kind.is_none() && self.kind() == Kind::Small && super::hints::is_lone_term(self.kind_at(1)) {
                let message = format!("`{}` is not a kind of hole", self.word());
                let wrong = Diagnostic::error(codes::UNEXPECTED, self.span(), message)
                    .hint("the kinds are `term`, `type`, `spec`, `entity`, `function` and `module`");
                self.report(wrong);
                self.bump();
            } else if kind.is_none() && !self.at_type() {
                self.unexpected("`term`, `type`, `spec`, `entity`, `function`, `module` or a type");
            }
            hole.kind = kind.unwrap_or(HoleKind::Term);
            hole.ty = self.at_type().then(|| self.ty());
        }
        while !self.at_end() {
            let before = self.at;
            self.hole_part(&mut hole);
            if self.at == before {
                break;
            }
        }
        Some(DeclKind::Hole(hole))
    }

    /// `"?"name [":" kind [tatom] { "links" "{" ... "}" | "hint" text }]`, where a term or type stands.
    pub(super) fn hole_here(&mut self) -> ExprKind {
        let token = self.bump();
        let name = Ident { name: self.hole_name(token), span: token.span };
        let is_kind = matches!(
            self.token(1).span.slice(self.text),
            "term" | "type" | "spec" | "entity" | "function" | "module"
        );
        if self.kind() != Kind::Colon || !is_kind {
            return ExprKind::Hole(name.name);
        }
        self.bump();
        let kind = self.hole_kind().unwrap_or(HoleKind::Term);
        let mut hole = HoleDecl {
            name,
            kind,
            ty: None,
            default: None,
            because: None,
            hint: None,
            answers: Vec::new(),
            links: Vec::new(),
        };
        if matches!(kind, HoleKind::Term | HoleKind::Function | HoleKind::Spec)
            && !self.first_on_line()
            && !matches!(self.kind(), Kind::Small | Kind::LeftBracket)
            && self.at_type()
        {
            hole.ty = Some(self.nested(Self::type_atom, |parser| parser.error_here()));
        }
        loop {
            let known = match self.word() {
                "links" => self.kind_at(1) == Kind::LeftBrace,
                "hint" => matches!(self.kind_at(1), Kind::Text | Kind::OpenText | Kind::Quoted),
                _ => false,
            };
            if !known {
                return ExprKind::HoleHere(Box::new(hole));
            }
            self.hole_part(&mut hole);
        }
    }

    pub(super) fn hole_ident(&mut self, expected: &str) -> Option<Ident> {
        let token = self.token(0);
        if token.kind == Kind::Hole {
            self.bump();
            return Some(Ident { name: self.hole_name(token), span: token.span });
        }
        if matches!(token.kind, Kind::Small | Kind::Capital) {
            let word = self.word();
            let message = format!("the name of a hole starts with `?`, found `{word}`");
            let hint = format!("write `?{word}`");
            self.report(Diagnostic::error(codes::UNEXPECTED, token.span, message).hint(hint));
            self.bump();
            return Some(Ident { name: token.span.slice(self.text).to_owned(), span: token.span });
        }
        self.unexpected(expected);
        None
    }

    pub(super) fn hole_kind(&mut self) -> Option<HoleKind> {
        let kind = match self.word() {
            "term" => HoleKind::Term,
            "type" => HoleKind::Type,
            "spec" => HoleKind::Spec,
            "entity" => HoleKind::Entity,
            "function" => HoleKind::Function,
            "module" => HoleKind::Module,
            _ => return None,
        };
        self.bump();
        Some(kind)
    }

    /// `"=" term | "because" text | "hint" text | "answers" "{" ... "}" | "links" "{" ... "}"`
    pub(super) fn hole_part(&mut self, hole: &mut HoleDecl) {
        let keyword = self.token(0);
        match self.word() {
            "because" => {
                self.once(hole.because.is_some(), keyword);
                self.bump();
                hole.because = self.expect_text("the reason in quotes");
            }
            "hint" => {
                self.once(hole.hint.is_some(), keyword);
                self.bump();
                hole.hint = self.expect_text("the question in quotes");
            }
            "answers" => {
                self.once(!hole.answers.is_empty(), keyword);
                self.bump();
                let opener = self.token(0);
                if self.expect(Kind::LeftBrace, "`{` and the usual answers") {
                    hole.answers = self.list(opener, Kind::RightBrace, "another answer", Self::term);
                }
            }
            "links" => {
                self.bump();
                let opener = self.token(0);
                if self.expect(Kind::LeftBrace, "`{` and `uses` or `blocks`") {
                    let links = self.list(opener, Kind::RightBrace, "another link", Self::link_to_hole);
                    hole.links.extend(links.into_iter().flatten());
                }
            }
            _ if matches!(keyword.kind, Kind::Equals | Kind::ColonEqual) => {
                self.once(hole.default.is_some(), keyword);
                self.eat_equals();
                hole.default = Some(self.term());
            }
            _ => {}
        }
    }

    pub(super) fn link_to_hole(&mut self) -> Option<(LinkKind, Ident)> {
        let kind = match self.word() {
            "uses" => LinkKind::Uses,
            "blocks" => LinkKind::Blocks,
            _ => {
                self.unexpected("`uses` or `blocks`");
                self.skip_in_brackets();
                return None;
            }
        };
        self.bump();
        Some((kind, self.hole_ident("`?` and the name of a hole")?))
    }
}
