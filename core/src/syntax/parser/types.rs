//! Types. They share their nodes with terms; what differs is application (`List Int`) and `*`.

use super::Parser;
use super::declaration::{is_clause_word, is_section_word};
use crate::syntax::codes;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::lexer::Kind;
use crate::syntax::tree::{Expr, ExprKind, Ident};

impl Parser<'_> {
    /// `arrow = product ["->" arrow] | "(" name ":" type ")" "->" arrow | "Pi" "(" name ":" type ")" "." arrow`
    pub(super) fn ty(&mut self) -> Expr {
        self.nested(Self::arrow, |parser| parser.error_here())
    }

    fn arrow(&mut self) -> Expr {
        let start = self.span().start;
        if let Some(expr) = self.dependent_arrow() {
            return expr;
        }
        let mut chain = self.begin_chain();
        let from = self.product();
        self.first_of_chain(&mut chain);
        let mut expr = from;
        let fat_arrow = self.kind() == Kind::FatArrow && !self.fat_arrow_ends_term();
        if fat_arrow {
            let wrong =
                Diagnostic::error(codes::FOREIGN_SPELLING, self.span(), "`=>` is written `->` in types");
            self.report(wrong);
        }
        if fat_arrow || self.kind() == Kind::Arrow {
            self.bump();
            let to = self.ty();
            let kind = ExprKind::Arrow(None, Box::new(expr), Box::new(to));
            expr = Expr { span: self.span_from(start), kind };
            if !self.link(&mut chain) {
                expr = self.error_here();
            }
        }
        self.end_chain(&chain);
        expr
    }

    /// `(x: A) -> B` and `Pi (x: A). B`
    fn dependent_arrow(&mut self) -> Option<Expr> {
        let start = self.span().start;
        let pi = self.kind() == Kind::Pi || (self.kind() == Kind::Capital && self.word() == "Pi");
        let at = usize::from(pi);
        let names = matches!(self.kind_at(at + 1), Kind::Small | Kind::Capital | Kind::Foreign);
        if self.kind_at(at) != Kind::LeftParen || !names || self.kind_at(at + 2) != Kind::Colon {
            return None;
        }
        if pi {
            self.bump();
        }
        let opener = self.bump();
        let name = self.small_name("a parameter").unwrap_or_else(|| self.missing_name());
        self.bump();
        let from = self.ty();
        if self.kind() == Kind::Comma {
            self.report(
                Diagnostic::error(
                    codes::UNEXPECTED,
                    self.span(),
                    "a function type names one parameter at a time",
                )
                .hint("write `(x: A) -> (y: B) -> C`"),
            );
        }
        self.close(opener, Kind::RightParen);
        if pi {
            self.expect(Kind::Dot, "`.` and the result type");
        } else {
            self.expect(Kind::Arrow, "`->` and the result type");
        }
        let to = self.ty();
        let kind = ExprKind::Arrow(Some(name), Box::new(from), Box::new(to));
        Some(Expr { span: self.span_from(start), kind })
    }

    /// `product = applied {"*" applied} | "Eff" ["[" [effect {"," effect}] "]"] product`
    fn product(&mut self) -> Expr {
        if self.kind() == Kind::Capital && self.word() == "Eff" {
            return self.nested(Self::with_effects, |parser| parser.error_here());
        }
        let start = self.span().start;
        let mut chain = self.begin_chain();
        let first = self.applied();
        self.first_of_chain(&mut chain);
        if self.kind() != Kind::Star {
            self.end_chain(&chain);
            return first;
        }
        let mut factors = vec![first];
        while self.eat(Kind::Star) {
            factors.push(self.nested(Self::applied, |parser| parser.error_here()));
        }
        let mut expr = Expr { span: self.span_from(start), kind: ExprKind::Product(factors) };
        if !self.link(&mut chain) {
            expr = self.error_here();
        }
        self.end_chain(&chain);
        expr
    }

    /// A type behind `Eff`.
    fn with_effects(&mut self) -> Expr {
        let start = self.bump().span.start;
        let opener = self.token(0);
        let names = (opener.kind == Kind::LeftBracket && !opener.first_on_line).then(|| {
            self.bump();
            let names = self.list(opener, Kind::RightBracket, "another effect", Self::effect);
            names.into_iter().flatten().collect()
        });
        let ty = self.product();
        Expr { span: self.span_from(start), kind: ExprKind::Eff(names, Box::new(ty)) }
    }

    /// `effect = name {"." name} | "raises" Name`
    pub(super) fn effect(&mut self) -> Option<Ident> {
        let start = self.span().start;
        let raises = self.at_word("raises");
        self.small_name("an effect")?;
        if raises && self.kind() == Kind::Capital {
            let what = self.bump().span.slice(self.text);
            return Some(Ident { name: format!("raises {what}"), span: self.span_from(start) });
        }
        while self.kind() == Kind::Dot {
            self.bump();
            self.small_name("an effect")?;
        }
        let span = self.span_from(start);
        let written = span.slice(self.text);
        Some(Ident { name: written.chars().filter(|letter| !letter.is_whitespace()).collect(), span })
    }

    /// `applied = tatom {targ}`
    fn applied(&mut self) -> Expr {
        let start = self.span().start;
        let mut chain = self.begin_chain();
        let mut expr = self.type_atom();
        self.first_of_chain(&mut chain);
        let mut args = Vec::new();
        while self.at_type_argument() {
            args.push(self.nested(Self::type_argument, |parser| parser.error_here()));
        }
        self.type_suffix(&mut args);
        if !args.is_empty() {
            expr = Expr { span: self.span_from(start), kind: ExprKind::TypeApp(Box::new(expr), args) };
            if !self.link(&mut chain) {
                expr = self.error_here();
            }
        }
        self.end_chain(&chain);
        expr
    }

    /// Whether a type starts here.
    pub(super) fn at_type(&self) -> bool {
        match self.kind() {
            Kind::Capital | Kind::Foreign | Kind::Hole | Kind::Underscore | Kind::LeftParen | Kind::Pi => {
                true
            }
            Kind::Small => !is_clause_word(self.word()),
            Kind::LeftBrace => self.at_refinement(),
            _ => false,
        }
    }

    /// Whether an argument of a type starts here. A name before `:` is the next field or label, a clause word
    /// begins a clause.
    fn at_type_argument(&self) -> bool {
        match self.kind() {
            Kind::Number => true,
            Kind::Small | Kind::Capital | Kind::Foreign if self.kind_at(1) == Kind::Colon => false,
            Kind::Small if is_section_word(self.word()) && self.kind_at(1) == Kind::LeftBrace => false,
            // `Int where x < 10`, as other languages write a condition.
            Kind::Small if self.word() == "where" && super::slips::continues_term(self.kind_at(2)) => false,
            // In a block a small name at the start of a line begins the next item, be it without its colon.
            Kind::Small if self.first_on_line() && self.item_ends_term() => false,
            Kind::Pi => false,
            _ => self.at_type(),
        }
    }

    fn at_refinement(&self) -> bool {
        self.kind() == Kind::LeftBrace
            && matches!(self.kind_at(1), Kind::Small | Kind::Capital | Kind::Foreign)
            && self.kind_at(2) == Kind::Colon
    }

    /// `targ = tatom | number | "(" term ")"`
    fn type_argument(&mut self) -> Expr {
        let token = self.token(0);
        match token.kind {
            Kind::Number => {
                let kind = self.number().map_or(ExprKind::Error, ExprKind::Int);
                Expr { span: self.span_from(token.span.start), kind }
            }
            Kind::LeftParen if self.group_is_term() => self.parenthesised(token),
            _ => self.type_atom(),
        }
    }

    /// Whether the parenthesis under the cursor, an argument of a type, holds a term (`Vec (n + 1)`) and not a
    /// type (`List (A * B)`). Decided by its own level only: an arrow or a capital first makes a type, an
    /// operator that types do not have or any other start a term.
    fn group_is_term(&self) -> bool {
        let mut ahead = 1;
        while self.kind_at(ahead) == Kind::LeftParen {
            ahead += 1;
        }
        let starts_as_type = match self.kind_at(ahead) {
            Kind::Capital | Kind::Foreign | Kind::Hole | Kind::Underscore | Kind::LeftBrace | Kind::Pi => {
                true
            }
            // `(x: A) -> B`, and `()`
            Kind::Small => self.kind_at(ahead + 1) == Kind::Colon,
            Kind::RightParen | Kind::End => true,
            _ => false,
        };
        let mut open = 0u32;
        let mut ahead = 1;
        loop {
            match self.kind_at(ahead) {
                Kind::LeftParen | Kind::LeftBracket | Kind::LeftBrace => open += 1,
                Kind::RightParen | Kind::RightBracket | Kind::RightBrace if open == 0 => break,
                Kind::RightParen | Kind::RightBracket | Kind::RightBrace => open -= 1,
                Kind::End => break,
                Kind::Arrow if open == 0 => return false,
                kind if open == 0 && is_term_operator(kind) => return true,
                _ => {}
            }
            ahead += 1;
        }
        !starts_as_type
    }

    pub(super) fn type_atom(&mut self) -> Expr {
        let token = self.token(0);
        let kind = match token.kind {
            // The next field: what is missing is the type of this one.
            Kind::Small if token.first_on_line && self.kind_at(1) == Kind::Colon => {
                self.unexpected("a type");
                return self.error_here();
            }
            Kind::Small if self.at_qualified() => ExprKind::Name(self.qualified().name),
            Kind::Capital | Kind::Small | Kind::Foreign => {
                if token.kind == Kind::Foreign {
                    self.small_name("a type");
                } else {
                    self.bump();
                }
                ExprKind::Name(token.span.slice(self.text).to_owned())
            }
            Kind::Hole => self.hole_here(),
            Kind::Underscore => {
                self.bump();
                ExprKind::Infer
            }
            Kind::LeftParen => return self.parenthesised_type(),
            Kind::LeftBrace if self.at_refinement() => self.refinement(),
            Kind::LeftBracket => return self.bracketed_type(),
            _ => {
                self.unexpected("a type");
                return self.error_here();
            }
        };
        Expr { span: self.span_from(token.span.start), kind }
    }

    /// `{x: A | p}`
    fn refinement(&mut self) -> ExprKind {
        let opener = self.bump();
        let surrounding = std::mem::take(&mut self.surrounding);
        let name = self.small_name("a variable").unwrap_or_else(|| self.missing_name());
        self.bump();
        let ty = self.ty();
        let condition = if self.eat(Kind::Bar) {
            self.want("a condition");
            self.term()
        } else {
            self.report_missing_condition();
            self.error_here()
        };
        self.surrounding = surrounding;
        self.close(opener, Kind::RightBrace);
        ExprKind::Refine(name, Box::new(ty), Box::new(condition))
    }

    fn report_missing_condition(&mut self) {
        let separated = matches!(self.kind(), Kind::Comma | Kind::Semicolon);
        if separated || matches!(self.kind(), Kind::Small | Kind::RightBrace) {
            let message = "this is neither a refinement `{x: Int | 0 <= x}` nor the name of a type";
            let hint = match separated && self.kind_at(2) != Kind::Colon {
                true => "the condition of a type follows `|`: `{x: Int | 0 <= x && x < 10}`",
                false => {
                    "a record with fields is declared by `entity Name { field: Type }` and then used by its name"
                }
            };
            self.report(Diagnostic::error(codes::FOREIGN_TYPE, self.span(), message).hint(hint));
        } else {
            self.unexpected("`|` and a condition");
        }
    }

    /// `()`, `(A)`; and `(A, B)`, which is reported and read as `A * B`.
    fn parenthesised_type(&mut self) -> Expr {
        let opener = self.bump();
        if self.eat(Kind::RightParen) {
            return Expr { span: self.span_from(opener.span.start), kind: ExprKind::Unit };
        }
        let first = self.ty();
        if self.kind() != Kind::Comma {
            self.close(opener, Kind::RightParen);
            return first;
        }
        self.report(
            Diagnostic::error(codes::FOREIGN_TYPE, self.span(), "the type of a pair is written with `*`")
                .hint("write `(A * B)`; only the pair itself has a comma"),
        );
        self.bump();
        let mut factors = vec![first];
        factors.extend(self.list(opener, Kind::RightParen, "another type", Self::ty));
        Expr { span: self.span_from(opener.span.start), kind: ExprKind::Product(factors) }
    }

    /// `[A]`, which is reported and read as `List A`.
    fn bracketed_type(&mut self) -> Expr {
        let opener = self.token(0);
        self.report(
            Diagnostic::error(codes::FOREIGN_TYPE, opener.span, "the type of a list is written `List`")
                .hint("write `List Int` for a list of whole numbers"),
        );
        self.bump();
        let item = self.ty();
        self.close(opener, Kind::RightBracket);
        let head = Expr { span: opener.span, kind: ExprKind::Name("List".to_owned()) };
        let kind = ExprKind::TypeApp(Box::new(head), vec![item]);
        Expr { span: self.span_from(opener.span.start), kind }
    }

    /// After a type: `List[Int]`, which is reported and read as `List Int`, and `Int?`.
    fn type_suffix(&mut self, args: &mut Vec<Expr>) {
        let token = self.token(0);
        let touches = self.previous_end() == token.span.start;
        let (message, hint) = match token.kind {
            Kind::LeftBracket if !token.first_on_line => {
                ("arguments of a type follow it without brackets", "write `List Int`, `Option (List Str)`")
            }
            Kind::Less if touches => {
                ("arguments of a type follow it without brackets", "write `List Int`, `Option (List Str)`")
            }
            Kind::Stray if touches && token.span.slice(self.text).starts_with('?') => {
                ("a value that may be missing has the type `Option`", "write `Option Int`")
            }
            _ => return,
        };
        self.report(Diagnostic::error(codes::FOREIGN_TYPE, token.span, message).hint(hint));
        self.bump();
        if token.kind == Kind::Less {
            args.extend(self.nested(Self::angle_arguments, |_| Vec::new()));
        }
        if token.kind == Kind::LeftBracket {
            let written = self.nested(
                |parser| parser.list(token, Kind::RightBracket, "another type", Self::ty),
                |_| Vec::new(),
            );
            args.extend(written);
        }
    }

    /// `Int, Str>` of `Map<Int, Str>`, which was reported.
    fn angle_arguments(&mut self) -> Vec<Expr> {
        let mut args = Vec::new();
        while self.at_type() {
            args.push(self.type_atom());
            self.type_suffix(&mut Vec::new());
            self.eat(Kind::Comma);
        }
        self.eat(Kind::Greater);
        self.reported_at = Some(self.at);
        args
    }

    /// `name: type`, the name with a small first letter.
    pub(super) fn field(&mut self, what: &str) -> Option<(Ident, Expr)> {
        if self.at_type_before_name() {
            self.report_type_before_name();
            return None;
        }
        let name = self.small_name(what)?;
        let ty = if self.expect(Kind::Colon, "`:` and a type") { self.ty() } else { self.error_here() };
        Some((name, ty))
    }
}

/// Operators that terms have and types do not.
fn is_term_operator(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Plus
            | Kind::Minus
            | Kind::Slash
            | Kind::Percent
            | Kind::PlusPlus
            | Kind::ColonColon
            | Kind::And
            | Kind::Or
            | Kind::Not
            | Kind::Implies
            | Kind::Iff
            | Kind::EqualEqual
            | Kind::NotEqual
            | Kind::Less
            | Kind::LessEqual
            | Kind::Greater
            | Kind::GreaterEqual
            | Kind::Colon
            | Kind::Dot
            | Kind::If
            | Kind::Match
            | Kind::Let
            | Kind::Forall
            | Kind::Exists
            | Kind::Lambda
    )
}
