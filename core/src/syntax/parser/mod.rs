//! Tokens to a tree: recursive descent, with precedence climbing for infix operators.
//!
//! Promises: never fails, always ends, and never nests deeper than [`DEEPEST`], whatever the input, so that every
//! later stage may recurse over the tree. What cannot be read becomes an `Error` node and exactly one diagnostic;
//! reading goes on at the next item, clause or declaration. Must not: know what a name means.
//!
//! * here: the cursor, what is expected, brackets, the bound on depth;
//! * [`declaration`] (specs, definitions, examples), [`data`], [`intent`], [`hole`], [`import`], [`types`], [`term`],
//!   [`binding`], [`literal`], [`pattern`]: the grammar of `docs/language.md`, a function per rule;
//! * [`slips`]: habits from other languages, recognised and answered.

mod binding;
mod data;
mod declaration;
mod hints;
mod hole;
mod import;
mod intent;
mod literal;
mod pattern;
mod slips;
mod term;
mod types;

pub(in crate::syntax) use term::{Grouping, Level};

use crate::syntax::codes;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::document;
use crate::syntax::lexer::{Kind, Token, lex};
use crate::syntax::memory::Memory;
use crate::syntax::span::Span;
use crate::syntax::tree::{Decl, Document, Expr, ExprKind, Ident, Param};

/// The deepest tree the parser makes, in nodes from the root of a term, parentheses counted. Every link of a
/// chain (`a && b && ...`, `x :: y :: ...`, `let ... in let ...`) is one level. Chosen so that parsing and walking
/// such a tree fits a browser's stack of 1 MiB several times over.
pub const DEEPEST: u32 = 200;

/// The most parameters of a declaration and the most fields of a constructor or an entity that are read: each is in
/// scope of the next, so later stages nest them.
pub(in crate::syntax) const WIDEST: usize = 100;

/// Diagnostics beyond these are counted, not listed.
const MOST_DIAGNOSTICS: usize = 200;

/// Parses a document. Never fails: what is wrong is among its diagnostics.
///
/// ```
/// let document = lift_core::syntax::parse("```spec-ir\ndef one(): Int = 1\n```\n");
/// assert_eq!(document.decls.len(), 1);
/// assert!(document.diagnostics.is_empty());
/// ```
pub fn parse(text: &str) -> Document {
    parse_lexed(text, |body| lex(text, body).tokens)
}

/// Parses the next state of a document: [`parse`], faster when most blocks are those of the state before.
pub fn parse_again(text: &str, memory: &mut Memory) -> Document {
    let document = parse_lexed(text, |body| memory.tokens(text, body));
    memory.turn();
    document
}

fn parse_lexed(text: &str, mut tokens: impl FnMut(Span) -> Vec<Token>) -> Document {
    let (sections, mut diagnostics) = document::cut(text);
    let mut decls = Vec::new();
    let mut fences = Vec::with_capacity(sections.len());
    for section in sections {
        let (found, wrong) = parse_tokens(text, section.fence.body, &tokens(section.fence.body));
        let first = decls.len();
        decls.extend(found);
        if let Some(decl) = decls.get_mut(first) {
            decl.prose = section.prose;
        }
        diagnostics.extend(wrong);
        fences.push(section.fence);
    }
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    shorten(&mut diagnostics);
    Document { decls, fences, diagnostics }
}

/// Parses the declarations between two fence lines, `body` of `text`.
pub(crate) fn parse_fence(text: &str, body: Span) -> (Vec<Decl>, Vec<Diagnostic>) {
    parse_tokens(text, body, &lex(text, body).tokens)
}

fn parse_tokens(text: &str, body: Span, tokens: &[Token]) -> (Vec<Decl>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut decls = Vec::new();
    let starts = declaration::starts(tokens);
    let first = starts.first().copied().unwrap_or(tokens.len());
    if let Some(before) = tokens.get(..first).filter(|before| !before.is_empty()) {
        let mut parser = Parser::new(text, before, body.end);
        decls.push(parser.no_declaration());
        diagnostics.append(&mut parser.diagnostics);
    }
    for (number, start) in starts.iter().enumerate() {
        let end = starts.get(number + 1).copied().unwrap_or(tokens.len());
        let mut parser = Parser::new(text, tokens.get(*start..end).unwrap_or(&[]), body.end);
        decls.push(parser.declaration());
        diagnostics.append(&mut parser.diagnostics);
    }
    (decls, diagnostics)
}

/// Parses one term, as a person types it for a hole or an evaluation. Spans are offsets into `text`.
///
/// ```
/// let (term, diagnostics) = lift_core::syntax::parse_term("1 + 2 * x");
/// assert!(diagnostics.is_empty());
/// assert_eq!((term.span.start, term.span.end), (0, 9));
/// ```
pub fn parse_term(text: &str) -> (Expr, Vec<Diagnostic>) {
    parse_alone(text, |parser| parser.term())
}

/// Parses one type, like [`parse_term`].
pub fn parse_type(text: &str) -> (Expr, Vec<Diagnostic>) {
    parse_alone(text, |parser| parser.ty())
}

fn parse_alone(text: &str, read: fn(&mut Parser<'_>) -> Expr) -> (Expr, Vec<Diagnostic>) {
    if text.len() > document::LONGEST_DOCUMENT {
        let span = Span::new(0, 0);
        let wrong = Diagnostic::error(codes::DOCUMENT_TOO_LONG, span, "this is too long to be read");
        return (Expr { span, kind: ExprKind::Error }, vec![wrong]);
    }
    let whole = Span::new(0, text.len() as u32);
    let lexed = lex(text, whole);
    let mut parser = Parser::new(text, &lexed.tokens, whole.end);
    let expr = read(&mut parser);
    if !parser.at_end() {
        parser.unexpected("the end of the text");
    }
    shorten(&mut parser.diagnostics);
    (expr, parser.diagnostics)
}

/// Keeps the first diagnostics and says how many there were, so that garbage does not produce more of itself.
fn shorten(diagnostics: &mut Vec<Diagnostic>) {
    let more = diagnostics.len().saturating_sub(MOST_DIAGNOSTICS);
    if more > 0 {
        diagnostics.truncate(MOST_DIAGNOSTICS);
        if let Some(last) = diagnostics.last().map(|last| last.span) {
            let message = format!("{more} more mistakes follow that are not listed");
            diagnostics.push(Diagnostic::error(codes::TOO_MANY, last, message));
        }
    }
}

/// What may follow a term that would otherwise read as a slip. Inside brackets nothing of this may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Surrounding {
    /// `=`, which begins the body after a clause of a `def`.
    equals: Ends,
    /// `=>`, which follows the next pattern after a case of a `match`.
    fat_arrow: Ends,
    /// Another term, which is the next item of a block.
    item: Ends,
}

impl Surrounding {
    /// Of the items of a block.
    const BLOCK: Surrounding =
        Surrounding { equals: Ends::Nothing, fat_arrow: Ends::Nothing, item: Ends::Term };
    /// Of the cases of a `match`.
    const CASES: Surrounding = Surrounding { equals: Ends::Nothing, fat_arrow: Ends::Term, item: Ends::Term };
    /// Of the clauses of a `def`.
    const CLAUSES: Surrounding =
        Surrounding { equals: Ends::Term, fat_arrow: Ends::Nothing, item: Ends::Nothing };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Ends {
    #[default]
    Nothing,
    Term,
}

/// A cursor over the tokens of one declaration.
struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Token],
    at: usize,
    /// Where the text ends, for what is missing there.
    end: u32,
    diagnostics: Vec<Diagnostic>,
    /// Position of the last report: a token is complained about once.
    reported_at: Option<usize>,
    /// Where the last item of a block began.
    item_at: Option<usize>,
    /// What the term that begins at a position is wanted as, in words.
    wanted: Option<(usize, &'static str)>,
    surrounding: Surrounding,
    /// Levels of nesting around the cursor.
    depth: u32,
    /// The deepest level of the node last read, counted from the root.
    deepest: u32,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, tokens: &'a [Token], end: u32) -> Self {
        Parser {
            text,
            tokens,
            at: 0,
            end,
            diagnostics: Vec::new(),
            reported_at: None,
            item_at: None,
            wanted: None,
            surrounding: Surrounding::default(),
            depth: 0,
            deepest: 0,
        }
    }

    // The cursor.

    fn token(&self, ahead: usize) -> Token {
        let end = Token { kind: Kind::End, span: self.end_span(), first_on_line: true };
        self.tokens.get(self.at + ahead).copied().unwrap_or(end)
    }

    fn kind(&self) -> Kind {
        self.tokens.get(self.at).map_or(Kind::End, |token| token.kind)
    }

    fn kind_at(&self, ahead: usize) -> Kind {
        self.tokens.get(self.at + ahead).map_or(Kind::End, |token| token.kind)
    }

    fn span(&self) -> Span {
        self.token(0).span
    }

    fn word(&self) -> &'a str {
        self.span().slice(self.text)
    }

    fn at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    fn at_word(&self, word: &str) -> bool {
        self.kind() == Kind::Small && self.word() == word
    }

    fn first_on_line(&self) -> bool {
        self.token(0).first_on_line
    }

    fn bump(&mut self) -> Token {
        let token = self.token(0);
        self.at = (self.at + 1).min(self.tokens.len());
        token
    }

    fn eat(&mut self, kind: Kind) -> bool {
        let found = self.kind() == kind;
        if found {
            self.bump();
        }
        found
    }

    /// The end of the token before the cursor.
    fn previous_end(&self) -> u32 {
        self.previous().map_or_else(|| self.span().start, |token| token.span.end)
    }

    fn previous(&self) -> Option<Token> {
        self.at.checked_sub(1).and_then(|before| self.tokens.get(before)).copied()
    }

    /// From `start` to the end of the token before the cursor.
    fn span_from(&self, start: u32) -> Span {
        Span::new(start, self.previous_end().max(start))
    }

    /// The place after the last token: empty, at the end of its line.
    fn end_span(&self) -> Span {
        let at = self.tokens.last().map_or(self.end, |token| token.span.end);
        Span::new(at, at)
    }

    // Reports.

    /// Reports `diagnostic` unless the token under the cursor was complained about before.
    fn report(&mut self, diagnostic: Diagnostic) {
        if self.reported_at != Some(self.at) {
            self.reported_at = Some(self.at);
            self.diagnostics.push(diagnostic);
        }
    }

    /// Reports that something else stands where `expected` should, and what was probably meant.
    fn unexpected(&mut self, expected: &str) {
        let diagnostic = self.describe_unexpected(expected);
        self.report(diagnostic);
    }

    fn error_here(&self) -> Expr {
        let at = self.previous_end().min(self.span().start);
        Expr { span: Span::new(at, at), kind: ExprKind::Error }
    }

    fn expect(&mut self, kind: Kind, expected: &str) -> bool {
        let found = self.eat(kind);
        if !found {
            self.unexpected(expected);
        }
        found
    }

    /// Whether anything was reported since `before`, a former length of the diagnostics.
    fn failed_since(&self, before: usize) -> bool {
        self.diagnostics.len() > before
    }

    // Depth.

    /// Runs `read` one level deeper, unless that is too deep: then reports it and gives up on the declaration.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> T, otherwise: impl FnOnce(&mut Self) -> T) -> T {
        if self.depth >= DEEPEST {
            self.too_deep();
            return otherwise(self);
        }
        let outside = self.depth;
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        let value = read(self);
        self.depth = outside;
        value
    }

    /// Reports the depth and moves past all tokens, so that every open rule ends without another word.
    fn too_deep(&mut self) {
        let message =
            format!("this is nested more than {DEEPEST} levels deep, which is more than can be read");
        let diagnostic = Diagnostic::error(codes::TOO_DEEP, self.span(), message).hint(
            "give a part of it a name with `def` or `let`; a long chain can become a list with `all`, `any`, `sum` or `concat`",
        );
        self.report(diagnostic);
        self.at = self.tokens.len();
        self.reported_at = Some(self.at);
    }

    /// `items` without those that are too many, which are reported: `what` says what they are.
    fn at_most<T>(&mut self, mut items: Vec<T>, from: Span, what: &str) -> Vec<T> {
        if items.len() > WIDEST {
            let message = format!("there are {} {what} here, and at most {WIDEST} can be read", items.len());
            let wrong = Diagnostic::error(codes::TOO_WIDE, from, message)
                .hint("gather what belongs together in an entity, or make it a list");
            self.diagnostics.push(wrong);
            items.truncate(WIDEST);
        }
        items
    }

    /// Reads a term below some variables, each of which is a level of the terms made later. Those that are too many
    /// are dropped.
    fn term_below(&mut self, binders: &mut Vec<Param>) -> Expr {
        let outside = self.depth;
        let more = u32::try_from(binders.len().saturating_sub(1)).unwrap_or(DEEPEST);
        self.depth = outside.saturating_add(more).min(DEEPEST);
        let body = self.term();
        self.depth = outside;
        binders.truncate(DEEPEST.saturating_sub(outside) as usize + 1);
        body
    }

    /// Starts measuring a chain that grows to the left (`a + b + c`, `f(x)(y)`), whose first operand moves one
    /// level down with every link. Gives back what [`Parser::link`] and [`Parser::end_chain`] need.
    fn begin_chain(&mut self) -> Chain {
        Chain { outside: std::mem::replace(&mut self.deepest, self.depth), reach: 0 }
    }

    /// Call after the first operand.
    fn first_of_chain(&mut self, chain: &mut Chain) {
        chain.reach = std::mem::replace(&mut self.deepest, self.depth);
    }

    /// Call after each link; false when the chain is too long, which is reported: then it must be dropped.
    fn link(&mut self, chain: &mut Chain) -> bool {
        let right = std::mem::replace(&mut self.deepest, self.depth);
        chain.reach = right.max(chain.reach + 1);
        let fits = chain.reach <= DEEPEST;
        if !fits {
            self.too_deep();
            chain.reach = self.depth;
        }
        fits
    }

    fn end_chain(&mut self, chain: &Chain) {
        self.deepest = chain.outside.max(chain.reach);
    }

    // Names.

    /// A name with a small first letter; `what` says what it names, as in "the name of a field".
    fn small_name(&mut self, what: &str) -> Option<Ident> {
        self.name(Kind::Small, what)
    }

    /// The name of a variable being bound; `_` binds nothing.
    fn binder(&mut self, what: &str) -> Option<Ident> {
        if self.kind() == Kind::Underscore {
            let token = self.bump();
            return Some(Ident { name: "_".to_owned(), span: token.span });
        }
        self.small_name(what)
    }

    /// A name with a capital first letter.
    fn capital_name(&mut self, what: &str) -> Option<Ident> {
        self.name(Kind::Capital, what)
    }

    fn name(&mut self, wanted: Kind, what: &str) -> Option<Ident> {
        let kind = self.kind();
        if kind != wanted {
            let diagnostic = self.describe_bad_name(wanted, what);
            self.report(diagnostic);
        }
        if matches!(kind, Kind::Small | Kind::Capital | Kind::Foreign) || self.reserved_word_as_name() {
            let token = self.bump();
            return Some(Ident { name: token.span.slice(self.text).to_owned(), span: token.span });
        }
        None
    }

    /// Whether the cursor is on a reserved word that can only be meant as a name, as in `type: Str`.
    fn reserved_word_as_name(&self) -> bool {
        slips::is_reserved(self.kind())
            && matches!(
                self.kind_at(1),
                Kind::Colon | Kind::Comma | Kind::RightParen | Kind::Equals | Kind::LeftParen
            )
    }

    fn missing_name(&self) -> Ident {
        Ident { name: String::new(), span: self.error_here().span }
    }

    // Brackets.

    /// Reads `item {"," item} close` after the opening bracket `opener`, with reports and recovery. Items are
    /// described by `what`, as in "an argument".
    fn list<T>(
        &mut self,
        opener: Token,
        close: Kind,
        what: &str,
        mut item: impl FnMut(&mut Self) -> T,
    ) -> Vec<T> {
        let surrounding = std::mem::take(&mut self.surrounding);
        let mut items = Vec::new();
        let mut complained = false;
        while self.kind() != close && !self.at_end() {
            let before = self.at;
            items.push(item(self));
            if self.eat(Kind::Comma) {
                continue;
            }
            if self.kind() == close {
                break;
            }
            self.unexpected_in_brackets(opener, close, &format!("`,` and {what}, or"));
            complained = true;
            self.skip_in_brackets();
            if !self.eat(Kind::Comma) || self.at == before {
                break;
            }
        }
        self.surrounding = surrounding;
        if complained && self.kind() != close {
            self.reported_at = Some(self.at);
        }
        self.close(opener, close);
        items
    }

    /// The closing bracket for `opener`.
    fn close(&mut self, opener: Token, close: Kind) {
        if self.kind() != close {
            self.unexpected_in_brackets(opener, close, "");
            self.skip_in_brackets();
            while self.kind() == Kind::Comma || self.kind() == Kind::Semicolon {
                self.bump();
                self.skip_in_brackets();
            }
        }
        self.eat(close);
    }

    fn unexpected_in_brackets(&mut self, opener: Token, close: Kind, or: &str) {
        let wanted = slips::describe(close);
        let expected = if or.is_empty() { wanted.to_owned() } else { format!("{or} {wanted}") };
        let here = self.token(0);
        let mismatched =
            matches!(here.kind, Kind::RightParen | Kind::RightBracket | Kind::RightBrace | Kind::End);
        let opening = opener.span.slice(self.text);
        if mismatched || (here.first_on_line && declaration::is_clause_word(self.word())) {
            let message = format!("this `{opening}` is never closed");
            let mut diagnostic = Diagnostic::error(codes::UNCLOSED_BRACKET, opener.span, message);
            diagnostic = match here.kind {
                Kind::End => diagnostic.hint(format!("put {wanted} where it ends")),
                _ => diagnostic.label(here.span, format!("expected {wanted} before this")),
            };
            self.report(diagnostic);
        } else {
            let diagnostic = self.describe_unexpected(&expected);
            let label = format!("to close this `{opening}`");
            self.report(diagnostic.label(opener.span, label));
        }
    }

    /// Moves to the next `,`, `;` or closing bracket of the bracket the cursor is in, over balanced ones; stops
    /// before a clause word that begins a line, since there an unclosed bracket is likelier than a name.
    fn skip_in_brackets(&mut self) {
        let mut open = 0u32;
        while !self.at_end() {
            match self.kind() {
                Kind::LeftParen | Kind::LeftBracket | Kind::LeftBrace => open += 1,
                Kind::RightParen | Kind::RightBracket | Kind::RightBrace if open == 0 => return,
                Kind::RightParen | Kind::RightBracket | Kind::RightBrace => open -= 1,
                Kind::Comma | Kind::Semicolon if open == 0 => return,
                Kind::Small if self.first_on_line() && declaration::is_clause_word(self.word()) => return,
                _ => {}
            }
            self.bump();
        }
    }

    /// Reads `{ item [separator] ... }` after the opening brace. An item that fails is skipped up to a separator,
    /// the closing brace, or a new line.
    fn block(&mut self, opener: Token, what: &str, mut item: impl FnMut(&mut Self)) {
        let surrounding = std::mem::replace(&mut self.surrounding, Surrounding::BLOCK);
        while self.kind() != Kind::RightBrace && !self.at_end() {
            if matches!(self.kind(), Kind::Comma | Kind::Semicolon) {
                self.unexpected(what);
                self.bump();
                continue;
            }
            let (before, errors) = (self.at, self.diagnostics.len());
            self.item_at = Some(before);
            item(self);
            if self.failed_since(errors) || self.at == before {
                self.skip_item(before);
            }
            if matches!(self.kind(), Kind::Comma | Kind::Semicolon) {
                self.bump();
            } else if matches!(self.kind(), Kind::RightParen | Kind::RightBracket) {
                break;
            }
        }
        self.surrounding = surrounding;
        self.close(opener, Kind::RightBrace);
    }

    /// After a failed item that began at token `began`: moves on to where the next one may begin.
    fn skip_item(&mut self, began: usize) {
        let mut open = 0u32;
        while !self.at_end() {
            match self.kind() {
                Kind::LeftParen | Kind::LeftBracket | Kind::LeftBrace => open += 1,
                Kind::RightBrace if open == 0 => return,
                Kind::RightParen | Kind::RightBracket | Kind::RightBrace => open = open.saturating_sub(1),
                Kind::Comma | Kind::Semicolon if open == 0 => return,
                _ if open == 0 && self.first_on_line() && self.at > began => return,
                _ => {}
            }
            self.bump();
        }
    }
}

/// See [`Parser::begin_chain`].
struct Chain {
    outside: u32,
    reach: u32,
}

#[cfg(test)]
mod tests;
