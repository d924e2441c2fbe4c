//! Declarations and what they are made of.

use super::{Ends, Parser, Surrounding};
use crate::syntax::codes;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::lexer::{Kind, Token};
use crate::syntax::span::Span;
use crate::syntax::tree::{
    AliasDecl, BinaryOp, Clause, CtorDecl, Decl, DeclKind, DefDecl, EntityDecl, ExamplesDecl, Expr, ExprKind,
    HoleDecl, HoleKind, Ident, IntentDecl, LinkKind, Measure, Param, SpecDecl, SumDecl,
};

/// Words that begin a part of a declaration. They are ordinary names elsewhere, but never arguments of a type.
const CLAUSE_WORDS: [&str; 12] = [
    "requires",
    "ensures",
    "effects",
    "implements",
    "decreases",
    "invariant",
    "cost",
    "latency",
    "because",
    "hint",
    "answers",
    "links",
];

pub(super) fn is_clause_word(word: &str) -> bool {
    CLAUSE_WORDS.contains(&word)
}

pub(super) fn is_section_word(word: &str) -> bool {
    matches!(word, "inputs" | "outputs" | "goals" | "roles" | "constraints" | "metrics")
}

/// The tokens at which declarations start. Brackets are not trusted at the start of a line, so that an unclosed
/// one spoils only the declaration it stands in.
pub(super) fn starts(tokens: &[Token]) -> Vec<usize> {
    let kind = |at: usize| tokens.get(at).map_or(Kind::End, |token| token.kind);
    let mut starts = Vec::new();
    let mut open = 0u32;
    for (at, token) in tokens.iter().enumerate() {
        let next = kind(at + 1);
        let (declares, named) = match token.kind {
            Kind::Type | Kind::Def | Kind::Spec | Kind::Entity => {
                (true, matches!(next, Kind::Small | Kind::Capital | Kind::Foreign))
            }
            Kind::Intent => (true, matches!(next, Kind::Text | Kind::OpenText | Kind::Quoted)),
            Kind::HoleWord => (true, next == Kind::Hole),
            Kind::Examples => (true, next == Kind::LeftBrace),
            Kind::LeftParen | Kind::LeftBracket | Kind::LeftBrace => {
                open += 1;
                (false, false)
            }
            Kind::RightParen | Kind::RightBracket | Kind::RightBrace => {
                open = open.saturating_sub(1);
                (false, false)
            }
            _ => (false, false),
        };
        // After `:` stands a kind, as in `hole ?x: type`; before `:`, `,`, `)` and `=` a name was meant.
        let is_kind = at > 0 && kind(at - 1) == Kind::Colon;
        let is_name = matches!(next, Kind::Colon | Kind::Comma | Kind::RightParen | Kind::Equals);
        if declares && !is_kind && !is_name && (token.first_on_line || (named && open == 0)) {
            starts.push(at);
            open = 0;
        }
    }
    starts
}

/// The parts that `def` and `spec` share while they are read.
#[derive(Default)]
struct Clauses {
    implements: Option<Ident>,
    requires: Vec<Clause>,
    ensures: Vec<Clause>,
    effects: Option<Vec<Ident>>,
    decreases: Option<Expr>,
    bounds: Vec<Measure>,
}

impl Parser<'_> {
    /// The declaration whose keyword is under the cursor, with everything up to the next one.
    pub(super) fn declaration(&mut self) -> Decl {
        let start = self.span().start;
        let keyword = self.bump();
        let kind = match keyword.kind {
            Kind::Type => self.type_declaration(),
            Kind::Entity => self.entity(),
            Kind::Intent => self.intent(),
            Kind::Spec => self.spec(),
            Kind::Def => self.def(),
            Kind::HoleWord => self.hole(),
            _ => self.examples(),
        };
        let span = self.span_from(start);
        if !self.at_end() && !self.diagnostics.iter().any(|wrong| wrong.span.end >= self.previous_end()) {
            self.trailing();
        }
        Decl { span, prose: None, kind: kind.unwrap_or(DeclKind::Error) }
    }

    /// Tokens before the first declaration of a fence.
    pub(super) fn no_declaration(&mut self) -> Decl {
        let start = self.span().start;
        let diagnostic = self.describe_no_declaration();
        self.report(diagnostic);
        self.at = self.tokens.len();
        Decl { span: self.span_from(start), prose: None, kind: DeclKind::Error }
    }

    /// Tokens after a complete declaration.
    fn trailing(&mut self) {
        let goes_on = super::slips::continues_term(self.kind())
            || matches!(self.kind(), Kind::LeftParen | Kind::LeftBracket)
            || is_clause_word(self.word());
        if self.first_on_line() && !goes_on {
            let diagnostic = self.describe_no_declaration();
            self.report(diagnostic);
        } else {
            self.unexpected(super::slips::END);
        }
    }

    /// `"type" Name {tparam} "=" (type | ctors)`
    fn type_declaration(&mut self) -> Option<DeclKind> {
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
    fn type_parameters(&mut self) -> Vec<Param> {
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
    fn bracketed_parameters(&mut self) -> Vec<Param> {
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
    fn at_constructors(&self) -> bool {
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
    fn constructors(&mut self) -> Vec<CtorDecl> {
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

    /// `"entity" Name {tparam} "{" { name ":" type | "invariant" [label ":"] term } "}"`
    fn entity(&mut self) -> Option<DeclKind> {
        let name = self.capital_name("the name of an entity")?;
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

    /// A clause from its keyword on: `requires [label ":"] term`.
    fn clause(&mut self) -> Clause {
        let keyword = self.bump();
        self.no_colon_after(keyword);
        let labelled = self.kind_at(1) == Kind::Colon
            && (matches!(self.kind(), Kind::Small | Kind::Capital | Kind::Foreign)
                || self.reserved_word_as_name());
        let label = if labelled { self.small_name("a label") } else { None };
        if labelled {
            self.eat(Kind::Colon);
        }
        let body = self.term();
        Clause { span: self.span_from(keyword.span.start), label, body }
    }

    fn no_colon_after(&mut self, keyword: Token) {
        if self.kind() == Kind::Colon {
            let word = keyword.span.slice(self.text);
            let message = format!("no `:` follows `{word}`");
            let hint = format!("write `{word} x > 0`, or with a label `{word} positive: x > 0`");
            self.report(Diagnostic::error(codes::UNEXPECTED, self.span(), message).hint(hint));
            self.bump();
        }
    }

    /// `"intent" text "{" { section } "}"`
    fn intent(&mut self) -> Option<DeclKind> {
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

    fn intent_section(&mut self, intent: &mut IntentDecl) {
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
    fn worded(&mut self, what: &str) -> Option<(Ident, String, Span)> {
        let name = self.small_name(what)?;
        self.expect(Kind::Colon, "`:` and a text");
        let span = self.span();
        Some((name, self.expect_text("a text in quotes")?, span))
    }

    fn expect_text(&mut self, expected: &str) -> Option<String> {
        if matches!(self.kind(), Kind::Text | Kind::OpenText | Kind::Quoted) {
            return Some(self.text_value());
        }
        self.unexpected(expected);
        None
    }

    /// `term [unit]`
    fn measure(&mut self) -> Measure {
        let start = self.span().start;
        let body = self.measured();
        let unit = self.unit();
        Measure { body, unit, span: self.span_from(start) }
    }

    /// A term that is measured and not computed.
    fn measured(&mut self) -> Expr {
        let outside = std::mem::replace(&mut self.measuring, true);
        let body = self.term();
        self.measuring = outside;
        body
    }

    /// A word after a term that does not begin the next condition.
    fn unit(&mut self) -> Option<Ident> {
        if self.kind() != Kind::Small || is_clause_word(self.word()) {
            return None;
        }
        let begins_next = super::slips::continues_term(self.kind_at(1))
            || matches!(self.kind_at(1), Kind::LeftParen | Kind::LeftBracket | Kind::Colon | Kind::Dot);
        if begins_next { None } else { self.small_name("a unit") }
    }

    /// `("cost" | "latency") term [unit]`: kept as the comparison it means, `latency <= term`. Another comparison
    /// may be written out.
    fn bound(&mut self) -> Measure {
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
        let right = self.nested(Self::measured, |parser| parser.error_here());
        let kind = ExprKind::Binary(BinaryOp::Le, Box::new(left), Box::new(right));
        let body = Expr { span: self.span_from(start), kind };
        let unit = self.unit();
        Measure { body, unit, span: self.span_from(start) }
    }

    /// `"spec" Name [tparams] "(" params ")" "{" { clause | effects | bound } "}"`
    fn spec(&mut self) -> Option<DeclKind> {
        let name = self.capital_name("the name of a spec")?;
        let type_params = self.bracketed_parameters();
        let params = self.parameters("`(` and the parameters of the spec");
        for param in &params {
            if param.ty.is_none() {
                let message = format!("the parameter `{}` has no type", param.name.name);
                let hint = format!("write `{}: Int`, or whatever its type is", param.name.name);
                self.diagnostics
                    .push(Diagnostic::error(codes::UNEXPECTED, param.name.span, message).hint(hint));
            }
        }
        let params = params.into_iter().map(|param| self.with_some_type(param)).collect();
        let mut clauses = Clauses::default();
        let opener = self.token(0);
        if self.expect(Kind::LeftBrace, "`{` and what the spec requires and ensures") {
            self.block(
                opener,
                "`requires`, `ensures`, `effects`, `cost` or `latency`",
                |parser| match parser.word() {
                    "cost" | "latency" => clauses.bounds.push(parser.bound()),
                    "requires" | "ensures" | "effects" => parser.spec_clause(&mut clauses),
                    _ => parser.unexpected("`requires`, `ensures`, `effects`, `cost` or `latency`"),
                },
            );
        }
        let Clauses { requires, ensures, effects, bounds, .. } = clauses;
        Some(DeclKind::Spec(SpecDecl { name, type_params, params, requires, ensures, effects, bounds }))
    }

    fn with_some_type(&self, param: Param) -> Param {
        let missing = Expr { span: param.name.span, kind: ExprKind::Error };
        Param { ty: Some(param.ty.unwrap_or(missing)), name: param.name }
    }

    /// `"(" [name ":" type {"," name ":" type}] ")"`. A type may be missing: that is for the checker to say.
    fn parameters(&mut self, expected: &str) -> Vec<Param> {
        let opener = self.token(0);
        if !self.expect(Kind::LeftParen, expected) {
            return Vec::new();
        }
        let params = self.list(opener, Kind::RightParen, "another parameter", |parser| {
            let Some(name) = parser.binder("a parameter") else {
                parser.skip_in_brackets();
                return None;
            };
            let ty = parser.eat(Kind::Colon).then(|| parser.ty());
            Some(Param { name, ty })
        });
        let params = params.into_iter().flatten().collect();
        self.at_most(params, opener.span, "parameters")
    }

    /// `"def" name [tparams] "(" params ")" [":" type] { clause } ["=" term]`
    fn def(&mut self) -> Option<DeclKind> {
        let name = self.small_name("the name of a definition")?;
        let type_params = self.bracketed_parameters();
        let params = self.parameters("`(` and the parameters of the definition");
        let mut def = DefDecl {
            name,
            type_params,
            params,
            result: None,
            implements: None,
            requires: Vec::new(),
            ensures: Vec::new(),
            effects: None,
            decreases: None,
            body: None,
        };
        if self.eat(Kind::Colon) {
            if self.at_python_body() {
                return Some(DeclKind::Def(self.python_body(def)));
            }
            // `=>` would begin the body here.
            self.surrounding.fat_arrow = Ends::Term;
            def.result = Some(self.ty());
            self.surrounding.fat_arrow = Ends::Nothing;
        } else if self.kind() == Kind::Arrow {
            self.report_arrow_before_result();
            self.bump();
            def.result = Some(self.ty());
            if self.kind() == Kind::Colon {
                self.reported_at = Some(self.at);
                return Some(DeclKind::Def(self.python_body(def)));
            }
        }
        let mut clauses = Clauses::default();
        self.def_clauses(&mut clauses);
        if self.eat_equals() {
            def.body = Some(self.term());
            if is_clause_word(self.word()) {
                let message = format!("`{}` stands after the body", self.word());
                self.report(
                    Diagnostic::error(codes::UNEXPECTED, self.span(), message)
                        .hint("clauses come between the result type and the `=` of the body"),
                );
                self.def_clauses(&mut clauses);
            }
        } else if !self.at_end() {
            self.report_no_body();
            def.body = Some(self.error_here());
            self.at = self.tokens.len();
        }
        let Clauses { implements, requires, ensures, effects, decreases, .. } = clauses;
        Some(DeclKind::Def(DefDecl { implements, requires, ensures, effects, decreases, ..def }))
    }

    /// The clauses of a `def`, as many as there are. After their terms `=` is no slip: the body follows.
    fn def_clauses(&mut self, clauses: &mut Clauses) {
        let outside = std::mem::replace(&mut self.surrounding, Surrounding::CLAUSES);
        loop {
            let keyword = self.token(0);
            match self.word() {
                "implements" => {
                    self.once(clauses.implements.is_some(), keyword);
                    self.bump();
                    clauses.implements = self.capital_name("the name of a spec");
                }
                "decreases" => {
                    self.once(clauses.decreases.is_some(), keyword);
                    self.bump();
                    self.no_colon_after(keyword);
                    clauses.decreases = Some(self.term());
                }
                "requires" | "ensures" | "effects" => self.spec_clause(clauses),
                _ => break,
            }
        }
        self.surrounding = outside;
    }

    /// `requires`, `ensures` or `effects`, whichever is under the cursor.
    fn spec_clause(&mut self, clauses: &mut Clauses) {
        let keyword = self.token(0);
        match self.word() {
            "requires" => clauses.requires.push(self.clause()),
            "ensures" => clauses.ensures.push(self.clause()),
            _ => {
                self.once(clauses.effects.is_some(), keyword);
                self.bump();
                self.no_colon_after(keyword);
                clauses.effects = self.effects();
            }
        }
    }

    /// Reports the second of two parts of which there can be one.
    fn once(&mut self, present: bool, keyword: Token) {
        if present {
            let message = format!("there is a second `{}`", keyword.span.slice(self.text));
            let diagnostic =
                Diagnostic::error(codes::DUPLICATE, keyword.span, message).hint("keep one of them");
            self.report(diagnostic);
        }
    }

    /// `"pure" | "{" name {"." name} {"," ...} "}"`
    fn effects(&mut self) -> Option<Vec<Ident>> {
        let opener = self.token(0);
        if self.at_word("pure") {
            self.bump();
            return Some(Vec::new());
        }
        if !self.expect(Kind::LeftBrace, "`pure` or `{` and the names of effects") {
            return None;
        }
        let names = self.list(opener, Kind::RightBrace, "another effect", |parser| {
            let start = parser.span().start;
            parser.small_name("an effect")?;
            while parser.kind() == Kind::Dot {
                parser.bump();
                parser.small_name("an effect")?;
            }
            let span = parser.span_from(start);
            let written = span.slice(parser.text);
            Some(Ident { name: written.chars().filter(|letter| !letter.is_whitespace()).collect(), span })
        });
        Some(names.into_iter().flatten().collect())
    }

    /// `"hole" "?"name [":" kind [type]] { part }`
    fn hole(&mut self) -> Option<DeclKind> {
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
            if kind.is_none() && !self.at_type() {
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

    fn hole_ident(&mut self, expected: &str) -> Option<Ident> {
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

    fn hole_kind(&mut self) -> Option<HoleKind> {
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
    fn hole_part(&mut self, hole: &mut HoleDecl) {
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

    fn link_to_hole(&mut self) -> Option<(LinkKind, Ident)> {
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

    /// `"examples" "{" { term [","] } "}"`
    fn examples(&mut self) -> Option<DeclKind> {
        let opener = self.token(0);
        if !self.expect(Kind::LeftBrace, "`{` and the examples") {
            return None;
        }
        let mut examples = Vec::new();
        self.block(opener, "an example", |parser| {
            let example = parser.term();
            // No example is a lone name: `f x` was meant as a call.
            if matches!(example.kind, ExprKind::Name(_))
                && let Some(wrong) = parser.describe_juxtaposition()
            {
                parser.report(wrong);
            }
            examples.push(example);
        });
        Some(DeclKind::Examples(ExamplesDecl { examples }))
    }
}

const SECTIONS: &str = "`inputs`, `outputs`, `goals`, `constraints`, `metrics` or `roles`";
