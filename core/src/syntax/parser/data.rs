//! Declarations of data: abbreviations, sums, entities, and the parameters of types.

use super::Parser;
use crate::syntax::codes;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::lexer::Kind;
use crate::syntax::tree::{AliasDecl, CtorDecl, DeclKind, EntityDecl, Param, SumDecl};

impl Parser<'_> {
    /// `"type" Name {tparam} "=" (type | ctors)`
    pub(super) fn type_declaration(&mut self) -> Option<DeclKind> {
        let name = self.capital_name("the name of a type")?;
        let params = self.type_parameters();
        if !self.eat_equals() {
            self.unexpected("`=` and what the type stands for");
            self.eat(Kind::Colon);
        }
        if self.at_constructors() {
            let ctors = self.constructors();
            return Some(DeclKind::Sum(SumDecl { name, params, ctors }));
        }
        let body = self.ty();
        if self.kind() == Kind::Bar {
            let message = "the cases of a sum type are constructors, each with a name of its own";
            let hint = "write `type Shape = Circle(radius: Int) | Square(side: Int)`; for a value that may be missing use `Option Int`";
            self.report(Diagnostic::error(codes::FOREIGN_TYPE, self.span(), message).hint(hint));
        }
        Some(DeclKind::Alias(AliasDecl { name, params, body }))
    }

    /// `{ Name | "(" name ":" type ")" }`
    pub(super) fn type_parameters(&mut self) -> Vec<Param> {
        let from = self.span();
        let mut params = Vec::new();
        loop {
            let opener = self.token(0);
            match opener.kind {
                Kind::Capital | Kind::Small | Kind::Foreign => {
                    params.extend(self.capital_name("a type parameter").map(|name| Param { name, ty: None }));
                }
                Kind::LeftParen => {
                    self.bump();
                    // `(T: Type)` is `T`, spelled out.
                    let names_type = self.kind() == Kind::Capital && self.kind_at(1) == Kind::Colon;
                    let field = if names_type && self.token(2).span.slice(self.text) == "Type" {
                        self.capital_name("a type parameter").map(|name| {
                            self.bump();
                            (name, self.ty())
                        })
                    } else {
                        self.field("a parameter")
                    };
                    self.close(opener, Kind::RightParen);
                    params.extend(field.map(|(name, ty)| Param { name, ty: Some(ty) }));
                }
                _ => return self.at_most(params, from, "parameters"),
            }
        }
    }

    /// `"[" Name {"," Name} "]"`, if there.
    pub(super) fn bracketed_parameters(&mut self) -> Vec<Param> {
        let opener = self.token(0);
        if opener.kind != Kind::LeftBracket {
            return Vec::new();
        }
        self.bump();
        let names = self.list(opener, Kind::RightBracket, "another type parameter", |parser| {
            let name = parser.capital_name("a type parameter");
            if name.is_none() {
                parser.skip_in_brackets();
            }
            name
        });
        let params = names.into_iter().flatten().map(|name| Param { name, ty: None }).collect();
        self.at_most(params, opener.span, "type parameters")
    }

    /// Whether constructors follow and not a type: a bar first, a bar after the first name and its parentheses,
    /// or parentheses that touch the name or begin with a named field.
    pub(super) fn at_constructors(&self) -> bool {
        if self.kind() == Kind::Bar {
            return true;
        }
        if self.kind() != Kind::Capital {
            return false;
        }
        if self.kind_at(1) != Kind::LeftParen {
            return self.kind_at(1) == Kind::Bar;
        }
        let named = self.kind_at(3) == Kind::Colon && self.kind_at(2) != Kind::LeftParen;
        let touching = self.token(0).span.end == self.token(1).span.start;
        let (mut ahead, mut open) = (2, 1u32);
        while open > 0 && self.kind_at(ahead) != Kind::End {
            match self.kind_at(ahead) {
                Kind::LeftParen => open += 1,
                Kind::RightParen => open -= 1,
                _ => {}
            }
            ahead += 1;
        }
        match self.kind_at(ahead) {
            Kind::Bar => true,
            Kind::End => named || touching,
            // `Pi (x: A). B`
            Kind::Dot | Kind::Arrow => false,
            _ => named,
        }
    }

    /// `["|"] ctor {"|" ctor}`
    pub(super) fn constructors(&mut self) -> Vec<CtorDecl> {
        self.eat(Kind::Bar);
        let mut ctors = Vec::new();
        loop {
            let Some(name) = self.capital_name("a constructor") else { return ctors };
            let opener = self.token(0);
            let mut fields = Vec::new();
            if opener.kind == Kind::LeftParen {
                self.bump();
                fields = self.list(opener, Kind::RightParen, "another field", |parser| {
                    // No type is a small name before another type: `radius Int` lacks its colon.
                    let named = match parser.kind_at(1) {
                        Kind::Colon => true,
                        Kind::Capital => parser.kind() == Kind::Small,
                        _ => false,
                    };
                    let name = if named { parser.small_name("a field") } else { None };
                    if named {
                        parser.expect(Kind::Colon, "`:` and a type");
                    }
                    (name, parser.ty())
                });
                fields = self.at_most(fields, name.span, "fields");
            }
            ctors.push(CtorDecl { name, fields });
            if !self.eat(Kind::Bar) {
                return ctors;
            }
        }
    }

    /// Whether the parentheses behind the name of an entity are all there is.
    fn fields_in_parentheses(&self) -> bool {
        self.tokens.iter().skip(self.at).all(|token| token.kind != Kind::LeftBrace)
    }

    /// `"entity" Name {tparam} "{" { name ":" type | "invariant" [label ":"] term } "}"`
    pub(super) fn entity(&mut self) -> Option<DeclKind> {
        let name = self.capital_name("the name of an entity")?;
        if self.kind() == Kind::LeftParen && self.kind_at(1) == Kind::Small && self.fields_in_parentheses() {
            let wrong = Diagnostic::error(
                codes::FOREIGN_FORM,
                self.span(),
                "the fields of an entity stand in braces",
            )
            .hint("write `entity Point { x: Int, y: Int }`");
            self.report(wrong);
            self.at = self.tokens.len();
            let (params, fields, invariants) = (Vec::new(), Vec::new(), Vec::new());
            return Some(DeclKind::Entity(EntityDecl { name, params, fields, invariants }));
        }
        let params = self.type_parameters();
        let mut entity = EntityDecl { name, params, fields: Vec::new(), invariants: Vec::new() };
        let opener = self.token(0);
        if self.kind() == Kind::Equals {
            self.unexpected("`{` and the fields of the entity");
            self.bump();
        }
        if self.expect(Kind::LeftBrace, "`{` and the fields of the entity") {
            let opener = if opener.kind == Kind::Equals { self.previous().unwrap_or(opener) } else { opener };
            self.block(opener, "a field or an invariant", |parser| {
                if parser.at_word("invariant") && parser.kind_at(1) != Kind::Colon {
                    entity.invariants.push(parser.clause());
                } else {
                    entity.fields.extend(parser.field("a field"));
                }
            });
        }
        entity.fields = self.at_most(entity.fields, entity.name.span, "fields");
        Some(DeclKind::Entity(entity))
    }
}
