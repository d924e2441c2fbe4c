//! What the author is told when something else stands where a part should: what was expected, after what, and what
//! was probably meant. Tables of words and signs; [`super::slips`] recognises whole forms.

use super::Parser;
use super::declaration::is_clause_word;
use super::slips::{END, is_reserved};
use crate::syntax::codes;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::lexer::{Kind, Token};
use crate::syntax::span::Span;

/// Words that begin something this language says differently, and how it says it.
const FOREIGN_FORMS: &[(&str, &str)] = &[
    ("lambda", "a function without a name is written `\\x. x + 1`"),
    ("fun", "a function without a name is written `\\x. x + 1`"),
    ("fn", "a function without a name is written `\\x. x + 1`"),
    ("for", "there are no loops; use `map`, `filter`, `fold`, or a definition that calls itself"),
    ("foreach", "there are no loops; use `map`, `filter`, `fold`, or a definition that calls itself"),
    ("while", "there are no loops; use `map`, `filter`, `fold`, or a definition that calls itself"),
    ("loop", "there are no loops; use `map`, `filter`, `fold`, or a definition that calls itself"),
    ("var", "values do not change; write `let x = 1 in x + 1`"),
    ("const", "write `let x = 1 in x + 1`"),
    ("case", "write `match x { None => 0, Some(n) => n }`"),
    ("switch", "write `match x { None => 0, Some(n) => n }`"),
    ("when", "write `if x < 0 then -x else x`"),
    ("unless", "write `if x < 0 then -x else x`"),
    ("where", "a part gets a name with `let y = 1 in x + y`; a type with a condition is `{x: Int | x < 10}`"),
    ("do", "there are no statements; a part gets a name with `let y = 1 in x + y`"),
    ("begin", "there are no statements; a part gets a name with `let y = 1 in x + y`"),
    ("throw", "what may fail results in an `Option`; what must not happen is excluded by `requires`"),
    ("raise", "what may fail results in an `Option`; what must not happen is excluded by `requires`"),
    ("try", "what may fail results in an `Option`; take it apart with `match`"),
    ("new", "leave the word out: `Person { name = \"Ada\" }`"),
    ("assert", "leave the word out: every line of `examples` must hold"),
    ("await", "leave the word out: a definition only says its effects, as in `effects { net }`"),
    ("between", "write `1 <= x && x <= 9`"),
];

/// What each word means that other languages begin a declaration with.
fn hint_for_declaration(word: &str) -> Option<&'static str> {
    Some(match word {
        "function" | "fn" | "func" | "fun" | "let" | "const" | "var" | "val" | "define" | "async"
        | "public" | "private" | "static" | "export" | "sub" | "proc" | "method" | "lambda" => {
            "a function is declared by `def name(x: Int): Int = x + 1`"
        }
        "struct" | "class" | "record" | "interface" | "table" => {
            "a record is declared by `entity Person { name: Str }`"
        }
        "enum" | "data" | "union" | "newtype" | "sealed" => {
            "a choice is declared by `type Shape = Circle(radius: Int) | Square(side: Int)`"
        }
        "typedef" | "alias" => "a name for a type is declared by `type Age = {n: Int | 0 <= n}`",
        "theorem" | "lemma" | "axiom" | "assert" | "property" | "invariant" => {
            "what must hold is a clause: `ensures result >= 0`"
        }
        "example" | "test" | "examples" | "tests" => "examples are declared by `examples { double(2) == 4 }`",
        "from" | "use" | "include" | "using" | "require" => {
            "another document is imported by its path: `import \"ages.spec.md\" as ages`"
        }
        "requires" | "ensures" => "clauses stand in a `spec` or before the body of a `def`",
        "goal" | "goals" | "inputs" | "outputs" => {
            "wishes stand in an intent: `intent \"Read an age\" { goals { exact: \"...\" } }`"
        }
        "#" | "/" => "a comment starts with `//`; prose stands outside the block",
        "@" => "what a definition must satisfy stands behind its head: `requires`, `ensures`, `effects`",
        _ => return None,
    })
}

impl Parser<'_> {
    /// What the author sees of a token.
    pub(super) fn found(&self, token: Token) -> String {
        let written = token.span.slice(self.text);
        match token.kind {
            Kind::End => "the end of the text before it".to_owned(),
            Kind::Text | Kind::OpenText | Kind::Quoted if written.chars().count() > 24 => "a text".to_owned(),
            Kind::Text => format!("the text {written}"),
            Kind::Number if written.len() <= 24 => format!("the number {written}"),
            Kind::Number => "a number".to_owned(),
            Kind::Stray if written.starts_with('`') => "a backquote".to_owned(),
            kind if is_reserved(kind) => format!("the reserved word `{written}`"),
            _ => format!("`{}`", written.chars().take(40).collect::<String>()),
        }
    }

    /// What can only follow the word or sign under the cursor: "a condition" after `requires`.
    pub(super) fn want(&mut self, what: &'static str) {
        self.wanted = Some((self.at, what));
    }

    /// What a term should be where one should begin.
    pub(super) fn wanted_term(&self) -> &'static str {
        self.wanted.filter(|(at, _)| *at == self.at).map_or("a value", |(_, what)| what)
    }

    /// Something else stands where `expected` should; with a hint when the slip is a known one.
    pub(super) fn describe_unexpected(&self, expected: &str) -> Diagnostic {
        let token = self.token(0);
        let written = token.span.slice(self.text);
        if let Some((word, hint)) =
            FOREIGN_FORMS.iter().find(|(word, _)| token.kind == Kind::Small && *word == written)
        {
            let message = format!("`{word}` has no meaning here");
            return Diagnostic::error(codes::FOREIGN_FORM, token.span, message).hint(*hint);
        }
        if token.kind == Kind::Stray {
            return self.describe_stray(token, expected);
        }
        // What is missing at the end of a line is missing there, and not where the next line begins.
        let begins_item = self.item_at == Some(self.at) || self.nothing_opened();
        let line_ends = token.kind == Kind::End
            || token.first_on_line && expected != END && self.previous().is_some() && !begins_item;
        let touching = self.previous_end() == token.span.start;
        let (message, span) = match token.kind {
            Kind::Dot if expected == END && touching && self.token(1).first_on_line => {
                let at = token.span.end;
                ("expected the name of a field after `.`".to_owned(), Span::new(at, at))
            }
            _ if line_ends => {
                let at = self.previous_end();
                let ends = if token.kind == Kind::End { "but nothing follows" } else { "but the line ends" };
                (format!("expected {expected}{}, {ends}", self.after(expected)), Span::new(at, at))
            }
            _ => (format!("expected {expected}, found {}", self.found(token)), token.span),
        };
        let wrong = Diagnostic::error(codes::UNEXPECTED, span, message);
        match self.hint_for(token, expected) {
            Some(hint) => wrong.hint(hint),
            None => wrong,
        }
    }

    /// Whether what stands before the cursor is complete and more may follow on the next line.
    fn nothing_opened(&self) -> bool {
        matches!(
            self.previous().map(|token| token.kind),
            Some(Kind::Comma | Kind::LeftBrace | Kind::Semicolon)
        )
    }

    /// `" after `==`"`, when what stands before the cursor is short.
    fn after(&self, expected: &str) -> String {
        if expected.contains(" after ") {
            return String::new();
        }
        let before = self.previous().map(|token| token.span.slice(self.text));
        let before = before.filter(|written| written.len() <= 24 && !written.contains('`'));
        before.map_or_else(String::new, |written| format!(" after `{written}`"))
    }

    fn describe_stray(&self, token: Token, expected: &str) -> Diagnostic {
        let written = token.span.slice(self.text);
        let term = expected == self.wanted_term();
        if written == "?" && (term || expected.contains("hole")) {
            return Diagnostic::error(codes::STRAY, token.span, "this hole has no name")
                .hint("write `?name`");
        }
        let sign = self.found(token);
        match self.hint_for_stray(written) {
            Some(hint) => {
                Diagnostic::error(codes::STRAY, token.span, format!("{sign} has no meaning here")).hint(hint)
            }
            None => {
                let message = format!("{sign} has no meaning here, expected {expected}");
                Diagnostic::error(codes::STRAY, token.span, message)
            }
        }
    }

    fn hint_for(&self, token: Token, expected: &str) -> Option<&'static str> {
        let before = self.previous();
        let touching = before.is_some_and(|before| before.span.end == token.span.start);
        let (before, next) = (before.map(|token| token.kind), self.kind_at(1));
        let term = expected == self.wanted_term();
        Some(match token.kind {
            _ if before == Some(Kind::Percent) && term => {
                "`%` is the remainder of a division; a percentage has the unit `percent`, as in `99 percent`"
            }
            _ if before == Some(Kind::PlusPlus) && term => {
                "`++` joins two texts or two lists; one more is written `x + 1`"
            }
            Kind::LeftParen | Kind::LeftBracket if token.first_on_line => {
                "the `(` of a call stands on the same line as what it calls; between two items put a comma"
            }
            Kind::FatArrow => {
                "`=>` stands between a pattern and its outcome; put a comma between the cases of a `match`"
            }
            Kind::Arrow => "`->` stands in types; a case of a `match` has `=>`",
            Kind::In => "that a list holds a value is written `contains(xs, x)`",
            Kind::If if expected == END => "the condition comes first: `if x < 0 then -x else x`",
            Kind::If if expected.starts_with("`=>`") => {
                "a case has no condition of its own: write `Some(n) => if n > 0 then n else 0`"
            }
            Kind::RightParen | Kind::RightBracket | Kind::RightBrace if expected == END => {
                "there is no opening bracket for this one"
            }
            Kind::Dot if expected.starts_with("`=>`") && next == Kind::Dot => {
                "a range is asked for in the outcome: `n => if 1 <= n && n <= 3 then 1 else 0`"
            }
            Kind::Dot if term => "what is still open is written as a hole, `?name`",
            Kind::Dot if next == Kind::Dot => "the numbers from 1 to 10 are written `range(1, 11)`",
            Kind::Dot if next == Kind::Number => "a pair is taken apart by `match p { (a, b) => a }`",
            Kind::Dot if before == Some(Kind::Capital) => {
                "constructors are written without their type, as in `Some(x)`"
            }
            Kind::Small if expected == END && before == Some(Kind::Number) => "a product is written `2 * x`",
            Kind::Small if expected.starts_with("`requires`") => match self.word() {
                "require" | "pre" | "precondition" | "given" | "assume" => "write `requires`",
                "ensure" | "post" | "postcondition" | "returns" | "invariant" => "write `ensures`",
                "effect" => "write `effects`",
                _ => return None,
            },
            Kind::Small if expected.starts_with("`inputs`") => match self.word() {
                "input" | "in" | "given" | "takes" => "write `inputs`",
                "output" | "out" | "returns" => "write `outputs`",
                "goal" | "wants" => "write `goals`",
                "constraint" | "limits" => "write `constraints`",
                "metric" => "write `metrics`",
                "role" | "users" => "write `roles`",
                _ => return None,
            },
            Kind::Dot if expected == END && touching => {
                "behind `.` stands the name of a field, as in `p.name`"
            }
            Kind::Dot if expected == END => {
                "a field is written without spaces, `p.name`; functions are joined by calls, `f(g(x))`"
            }
            Kind::Comma if touching && before == Some(Kind::Number) && next == Kind::Number => {
                "the digits of a long number are grouped with `_`, as in `1_000`"
            }
            Kind::Colon if expected.contains('[') || expected.contains(']') => {
                "a part of a list is written `take(drop(xs, 1), 2)`"
            }
            Kind::Equals if matches!(before, Some(Kind::Plus | Kind::Minus | Kind::Star | Kind::Slash)) => {
                "values do not change; write `x + 1`"
            }
            Kind::Equals if expected.contains("another parameter") => {
                "there are no default values: every call gives all arguments"
            }
            Kind::Equals if expected.starts_with("a field") => "fields have no default values",
            Kind::Equals if expected.contains("the spec requires") => {
                "the clauses of a spec stand in braces: `spec S(x: Int, result: Int) { ensures result > x }`"
            }
            Kind::Colon if expected.contains("the spec requires") => {
                "what comes out is the last parameter: `spec S(x: Int, result: Int) { ... }`"
            }
            Kind::Star if expected.contains("a parameter") => "take a list: `xs: List Int`",
            Kind::Less if expected.contains("the parameters of the definition") => {
                "type parameters stand in brackets: `def first[T](xs: List T): Option T`"
            }
            Kind::Less if expected.contains("the type stands for") => {
                "the parameters of a type follow its name: `type Pair A B = A * B`"
            }
            Kind::LeftBrace if expected.contains("the type stands for") => {
                "a choice is `type Shape = Circle | Square`; a record is `entity Point { x: Int, y: Int }`"
            }
            Kind::LeftBrace if expected == END && before == Some(Kind::Capital) => {
                "a record gives each field its value: `Person { name = \"Ada\" }`"
            }
            Kind::LeftBrace if expected == END => {
                "a record is written anew, with all its fields: `Person { name = p.name, age = 1 }`"
            }
            Kind::LeftBrace if before == Some(Kind::Match) => {
                "say first what is taken apart: `match x { None => 0, Some(n) => n }`"
            }
            Kind::LeftBrace if term => {
                "a record begins with its name, `Person { name = \"Ada\" }`; what belongs together stands in `(` and `)`"
            }
            Kind::LeftBrace if expected == "a type" => {
                "a type with a condition is `{x: Int | 0 <= x}`; a record is declared by `entity Person { name: Str }`"
            }
            _ if expected.contains("the cases of the `match`") => {
                "the cases stand in braces: `match x { 0 => 1, _ => 2 }`"
            }
            Kind::Semicolon if expected == END => "nothing separates declarations; leave it out",
            Kind::Bar if expected.starts_with("`=>`") => "a case has one pattern: write a case for each",
            Kind::Bar if next == Kind::Greater => "a function is called with parentheses: `f(x)`",
            Kind::Bar if expected.contains("parameter") => {
                "what may be of several types has a type of its own: `type Id = Number(n: Int) | Text(s: Str)`"
            }
            Kind::Bar if !term && expected != "a type" => {
                "`|` stands between constructors and in `{x: Int | 0 <= x}`; in conditions write `||`"
            }
            Kind::Then | Kind::Else => "write `if x < 0 then -x else x`; all three parts are needed",
            Kind::Lambda if expected.contains("type") => "a function type is written `Int -> Int`",
            Kind::Hole if expected == "the name of a definition" => {
                "a definition that is still open has a name and no body: `def f(x: Int): Int`"
            }
            Kind::Hole if expected == "a parameter" => {
                "a parameter has a name; a type that is still open is written `x: ?t`"
            }
            Kind::Hole if expected == "the name of a spec" => {
                "a spec that is still open is declared without clauses: `spec S(x: Int, result: Int) { }`"
            }
            Kind::Hole if expected.contains("`uses`") => "write `uses ?a` or `blocks ?a`",
            _ if expected.starts_with("`=>`") => {
                "a pattern only takes apart; what is computed stands behind `=>`"
            }
            kind if is_reserved(kind) && term => "a reserved word cannot be a name; choose another",
            _ => return None,
        })
    }

    fn hint_for_stray(&self, written: &str) -> Option<&'static str> {
        Some(match written.chars().next()? {
            '#' => "a comment starts with `//`",
            '?' => "a hole is written `?name`; a choice is written `if a then b else c`",
            '^' => "powers are written `pow(b, e)`",
            '~' => "`not` is written `!`",
            '$' => "a function is called with parentheses: `f(x)`",
            '`' => "a text stands in double quotes `\"`, and texts are joined by `++`",
            '…' => "write what is left open as a hole, `?name`",
            '–' | '—' | '−' => "this dash is not the minus sign `-`",
            '⊤' => "write `true`",
            '⊥' => "write `false`",
            _ => return None,
        })
    }

    /// Whether the word is one of another language that has its own answer here.
    pub(super) fn is_foreign_form(word: &str) -> bool {
        FOREIGN_FORMS.iter().any(|(form, _)| *form == word)
    }

    /// `f x`: behind a name, on the same line, a term without anything between. The message for it.
    pub(super) fn describe_juxtaposition(&self) -> Option<Diagnostic> {
        let (before, token) = (self.previous()?, self.token(0));
        let (head, written) = (before.span.slice(self.text), token.span.slice(self.text));
        let word = is_clause_word(written)
            || written == "elif"
            || self.foreign_operator().is_some()
            || Self::is_foreign_form(written);
        if token.first_on_line || !is_lone_term(token.kind) || word || head.len() + written.len() > 60 {
            return None;
        }
        let touching = before.span.end == token.span.start;
        if before.kind == Kind::Number && touching && token.kind == Kind::Small && !head.contains('_') {
            let number = format!("{head}{written}");
            let digits = number.trim_start_matches("0x").trim_start_matches("0b");
            if number.starts_with("0x") || number.starts_with("0b") || is_power_of_ten(digits) {
                let message = format!("`{number}` is not a number here");
                let hint = "numbers are written with the digits 0 to 9, as in `255` or `1_000_000`";
                let span = before.span.to(token.span);
                return Some(Diagnostic::error(codes::JUXTAPOSITION, span, message).hint(hint));
            }
        }
        let hint = match before.kind {
            Kind::Small if touching && token.kind == Kind::Text => {
                "a text is written without a letter before it; texts are joined by `++`, as in `\"Hello \" ++ name`"
                    .to_owned()
            }
            Kind::Small | Kind::Capital => {
                let what = match before.kind {
                    Kind::Small => "a function is called",
                    _ => "a constructor is applied",
                };
                format!("{what} with parentheses: `{head}({})`", self.arguments_ahead())
            }
            Kind::Number if token.kind == Kind::Small && touching => {
                format!("a product is written `{head} * {written}`")
            }
            _ => return None,
        };
        let message = format!("expected nothing more after `{head}`, found {}", self.found(token));
        Some(Diagnostic::error(codes::JUXTAPOSITION, token.span, message).hint(hint))
    }

    /// The lone terms from the cursor on, on its line, as the arguments of a call.
    fn arguments_ahead(&self) -> String {
        let mut arguments = vec![self.token(0).span.slice(self.text)];
        for ahead in 1..6 {
            let token = self.token(ahead);
            if token.first_on_line || !is_lone_term(token.kind) {
                break;
            }
            arguments.push(token.span.slice(self.text));
        }
        arguments.join(", ")
    }

    /// Tokens where a declaration should start.
    pub(super) fn describe_no_declaration(&self) -> Diagnostic {
        let (token, next) = (self.token(0), self.token(1));
        let written = token.span.slice(self.text);
        let called = next.kind == Kind::LeftParen && next.span.start == token.span.end;
        let hint = match hint_for_declaration(written) {
            Some(hint) => hint,
            None if token.kind == Kind::Hole => "a hole is declared by `hole ?name: term Int`",
            None if token.kind == Kind::Small && called => {
                "a definition begins with `def`; what must hold stands in `examples { double(2) == 4 }`"
            }
            None if token.kind == Kind::Small && matches!(next.kind, Kind::Equals | Kind::ColonColon) => {
                "a definition begins with `def`: `def name(x: Int): Int = x + 1`"
            }
            None => {
                "declarations start with `type`, `entity`, `intent`, `spec`, `def`, `hole` or `examples`; prose stands outside the block"
            }
        };
        let message = match token.kind {
            Kind::Examples => "the examples have no braces around them".to_owned(),
            _ => format!("expected a declaration, found {}", self.found(token)),
        };
        Diagnostic::error(codes::NO_DECLARATION, token.span, message).hint(hint)
    }
}

/// Whether a token is a term by itself.
pub(super) fn is_lone_term(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Small | Kind::Capital | Kind::Hole | Kind::Number | Kind::Text | Kind::True | Kind::False
    )
}

/// `1e6`
fn is_power_of_ten(number: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    number.split_once(['e', 'E']).is_some_and(|(mantissa, exponent)| digits(mantissa) && digits(exponent))
}
