//! Where declarations start; specs, definitions, examples, and the clauses they are made of.

use super::{Ends, Parser, Surrounding};
use crate::syntax::codes;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::lexer::{Kind, Token};
use crate::syntax::tree::{
    Clause, Decl, DeclKind, DefDecl, ExamplesDecl, Expr, ExprKind, Ident, Measure, Param, SpecDecl,
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
            Kind::Import => (true, matches!(next, Kind::Text | Kind::OpenText | Kind::Quoted | Kind::Hole)),
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
        let is_kind = at > 1
            && kind(at - 1) == Kind::Colon
            && (!token.first_on_line
                || kind(at - 2) == Kind::Hole
                    && matches!(token.kind, Kind::Type | Kind::Spec | Kind::Entity)
                    && next != Kind::Capital);
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
            Kind::Import => self.import(),
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

    /// A clause from its keyword on: `requires [label ":"] term`.
    pub(super) fn clause(&mut self) -> Clause {
        let keyword = self.bump();
        self.no_colon_after(keyword);
        let labelled = self.kind_at(1) == Kind::Colon
            && (matches!(self.kind(), Kind::Small | Kind::Capital | Kind::Foreign)
                || self.reserved_word_as_name());
        let label = if labelled { self.small_name("a label") } else { None };
        if labelled {
            self.eat(Kind::Colon);
        }
        self.want("a condition");
        let body = self.term();
        Clause { span: self.span_from(keyword.span.start), label, body }
    }

    pub(super) fn no_colon_after(&mut self, keyword: Token) {
        if self.kind() == Kind::Colon {
            let word = keyword.span.slice(self.text);
            let message = format!("no `:` follows `{word}`");
            let hint = format!("write `{word} x > 0`, or with a label `{word} positive: x > 0`");
            self.report(Diagnostic::error(codes::UNEXPECTED, self.span(), message).hint(hint));
            self.bump();
        }
    }

    pub(super) fn expect_text(&mut self, expected: &str) -> Option<String> {
        if matches!(self.kind(), Kind::Text | Kind::OpenText | Kind::Quoted) {
            return Some(self.text_value());
        }
        self.unexpected(expected);
        None
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
            if parser.at_type_before_name() {
                parser.report_type_before_name();
                parser.skip_in_brackets();
                return None;
            }
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
        let params = match self.kind() {
            Kind::Colon => {
                self.report_unnamed_parameters(&name.name);
                Vec::new()
            }
            _ => self.parameters("`(` and the parameters of the definition"),
        };
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
            def.body = Some(self.body());
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
                    clauses.implements = match self.at_qualified() {
                        true => Some(self.qualified()),
                        false => self.capital_name("the name of a spec"),
                    };
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
    pub(super) fn once(&mut self, present: bool, keyword: Token) {
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
        let names = self.list(opener, Kind::RightBrace, "another effect", Self::effect);
        Some(names.into_iter().flatten().collect())
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
