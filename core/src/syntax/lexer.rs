//! Text to tokens, by the pest grammar in `lexical.pest`.
//!
//! Promises: never fails; every byte of the input is white space, a comment or part of exactly one token; spans
//! are absolute. Must not: know the grammar above single words. The grammar is free of recursion and read by one
//! pest call per fence, so depth of nesting costs no stack here.
//!
//! Lexing takes three quarters of the time of parsing: about 1.6 ms of 2.3 ms for 1,000 lines, 18 ms of 23 ms for
//! 10,000 (`cargo bench -p lift-core --bench syntax`). How the grammar came to its shape stands in the grammar.

use crate::syntax::span::Span;
use pest::Parser as _;

#[derive(pest_derive::Parser)]
#[grammar = "syntax/lexical.pest"]
struct Lexical;

/// What a token is. Both spellings of a symbol give the same kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// A name with a small first letter.
    Small,
    /// A name with a capital first letter.
    Capital,
    /// A name with letters outside ASCII; reported where it is used.
    Foreign,
    /// `?name`
    Hole,
    Number,
    Text,
    /// A text without its closing quote.
    OpenText,
    /// A text in other quotes than `"`.
    Quoted,
    Underscore,
    // Reserved words.
    Type,
    Def,
    Spec,
    Intent,
    Entity,
    HoleWord,
    Examples,
    Import,
    Let,
    In,
    If,
    Then,
    Else,
    Match,
    Forall,
    Exists,
    True,
    False,
    // Brackets and separators.
    LeftParen,
    RightParen,
    LeftBrace,
    RightBrace,
    LeftBracket,
    RightBracket,
    Comma,
    Semicolon,
    Colon,
    Dot,
    Bar,
    // Operators.
    Lambda,
    Pi,
    Arrow,
    FatArrow,
    Equals,
    Iff,
    Implies,
    Or,
    And,
    Not,
    EqualEqual,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    ColonColon,
    PlusPlus,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    // Spellings of other languages: `===`, `!==`, `<>`, `:=`, `&`, `**`.
    TripleEqual,
    NotDoubleEqual,
    LessGreater,
    ColonEqual,
    Ampersand,
    StarStar,
    /// Characters that belong to nothing.
    Stray,
    /// After the last token.
    End,
}

/// A token and its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its text.
    pub span: Span,
    /// Whether it is the first token on its line.
    pub first_on_line: bool,
}

/// The tokens and comments of one stretch of text.
#[derive(Debug, Default)]
pub(crate) struct Lexed {
    /// All tokens, in order.
    pub tokens: Vec<Token>,
    /// Spans of the comments, from `//` to before the line break, in order.
    pub comments: Vec<Span>,
}

/// Reads `text[range]`; spans are offsets into `text`.
pub(crate) fn lex(text: &str, range: Span) -> Lexed {
    let part = range.slice(text);
    let mut lexed = Lexed::default();
    // The grammar accepts every text; were it ever to refuse one, the whole of it is a stray token.
    let Ok(pairs) = Lexical::parse(Rule::tokens, part) else {
        lexed.tokens.push(Token { kind: Kind::Stray, span: range, first_on_line: true });
        return lexed;
    };
    lexed.tokens.reserve(part.len() / 5);
    let mut seen = 0;
    for pair in pairs {
        let piece = pair.as_span();
        let word = piece.as_str();
        let kind = match pair.as_rule() {
            Rule::comment => {
                let word = word.trim_end_matches('\r');
                let start = range.start + piece.start() as u32;
                lexed.comments.push(Span::new(start, start + word.len() as u32));
                continue;
            }
            Rule::token => match word.bytes().next() {
                Some(b'a'..=b'z' | b'A'..=b'Z' | b'_') => word_kind(word),
                Some(b'0'..=b'9') => Kind::Number,
                _ => symbol_kind(word),
            },
            Rule::text => Kind::Text,
            Rule::open_text => Kind::OpenText,
            Rule::hole => Kind::Hole,
            Rule::quote => Kind::Quoted,
            Rule::stray if word.chars().all(char::is_alphanumeric) => Kind::Foreign,
            Rule::stray => Kind::Stray,
            _ => continue,
        };
        let gap = part.get(seen..piece.start()).unwrap_or("");
        let first_on_line = lexed.tokens.is_empty() || gap.contains('\n');
        let span = Span::new(range.start + piece.start() as u32, range.start + piece.end() as u32);
        seen = piece.end();
        match lexed.tokens.last_mut() {
            Some(last) if last.span.end == span.start && joins(last.kind, kind) => {
                last.span.end = span.end;
                last.kind = if kind == Kind::Stray { Kind::Stray } else { Kind::Foreign };
            }
            _ => lexed.tokens.push(Token { kind, span, first_on_line }),
        }
    }
    lexed
}

/// Whether two touching tokens are one to the reader: `gr` and `öße`, `@` and `@`.
fn joins(left: Kind, right: Kind) -> bool {
    let named = matches!(left, Kind::Small | Kind::Capital | Kind::Foreign) && right == Kind::Foreign;
    let goes_on = left == Kind::Foreign && matches!(right, Kind::Small | Kind::Capital | Kind::Number);
    named || goes_on || (left == Kind::Stray && right == Kind::Stray)
}

fn word_kind(word: &str) -> Kind {
    match word {
        "_" => Kind::Underscore,
        "type" => Kind::Type,
        "def" => Kind::Def,
        "spec" => Kind::Spec,
        "intent" => Kind::Intent,
        "entity" => Kind::Entity,
        "hole" => Kind::HoleWord,
        "examples" => Kind::Examples,
        "import" => Kind::Import,
        "let" => Kind::Let,
        "in" => Kind::In,
        "if" => Kind::If,
        "then" => Kind::Then,
        "else" => Kind::Else,
        "match" => Kind::Match,
        "forall" => Kind::Forall,
        "exists" => Kind::Exists,
        "true" => Kind::True,
        "false" => Kind::False,
        _ if word.starts_with(|first: char| first.is_ascii_uppercase()) => Kind::Capital,
        _ => Kind::Small,
    }
}

fn symbol_kind(symbol: &str) -> Kind {
    match symbol {
        "(" => Kind::LeftParen,
        ")" => Kind::RightParen,
        "{" => Kind::LeftBrace,
        "}" => Kind::RightBrace,
        "[" => Kind::LeftBracket,
        "]" => Kind::RightBracket,
        "," => Kind::Comma,
        ";" => Kind::Semicolon,
        ":" => Kind::Colon,
        "." => Kind::Dot,
        "|" => Kind::Bar,
        "\\" | "λ" => Kind::Lambda,
        "Π" => Kind::Pi,
        "->" | "→" => Kind::Arrow,
        "=>" | "↦" => Kind::FatArrow,
        "=" => Kind::Equals,
        "<=>" | "⇔" => Kind::Iff,
        "==>" | "⇒" => Kind::Implies,
        "||" | "∨" => Kind::Or,
        "&&" | "∧" => Kind::And,
        "!" | "¬" => Kind::Not,
        "==" => Kind::EqualEqual,
        "!=" | "≠" => Kind::NotEqual,
        "<" => Kind::Less,
        "<=" | "≤" => Kind::LessEqual,
        ">" => Kind::Greater,
        ">=" | "≥" => Kind::GreaterEqual,
        "::" => Kind::ColonColon,
        "++" => Kind::PlusPlus,
        "+" => Kind::Plus,
        "-" => Kind::Minus,
        "*" | "×" => Kind::Star,
        "/" => Kind::Slash,
        "%" => Kind::Percent,
        "∀" => Kind::Forall,
        "∃" => Kind::Exists,
        "∈" => Kind::In,
        "===" => Kind::TripleEqual,
        "!==" => Kind::NotDoubleEqual,
        "<>" => Kind::LessGreater,
        ":=" => Kind::ColonEqual,
        "&" => Kind::Ampersand,
        "**" => Kind::StarStar,
        _ => Kind::Stray,
    }
}

/// Whether `name` could be written as a name: the lexical rule, reserved words excluded.
pub fn is_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && matches!(word_kind(name), Kind::Small | Kind::Capital)
}
