//! Reads the outline of an SMT-LIB script before Z3 sees it.
//!
//! Z3's interface for text says nothing about parse errors to a safe caller, and its language holds commands that
//! change options, print, or leave. So the outline is read here: every command must be a declaration, a definition
//! or an assertion, and the assertions are counted, so that the caller can see that Z3 took all of them.
//!
//! The lexer accepts less than Z3's. What the two could read differently (block comments, escapes in quoted
//! symbols, control characters) is refused, so both see the same commands.

use std::fmt;

/// The commands a script may hold besides `assert`: none of them can weaken, drop or answer anything.
const DECLARATIONS: [&str; 10] = [
    "declare-const",
    "declare-datatype",
    "declare-datatypes",
    "declare-fun",
    "declare-sort",
    "define-const",
    "define-fun",
    "define-fun-rec",
    "define-funs-rec",
    "define-sort",
];

/// One command of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Command<'a> {
    /// What it does.
    pub kind: Kind<'a>,
    /// Its text, from parenthesis to parenthesis.
    pub text: &'a str,
    /// The line it begins on, from 1.
    pub line: usize,
}

/// What a command does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind<'a> {
    /// Declares or defines.
    Declaration,
    /// Asserts, perhaps under a name: `(assert (! p :named name))`.
    Assertion(Option<&'a str>),
}

/// Why a script is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// A byte that does not belong: `(assert \x07)`.
    Stray {
        /// The character.
        found: char,
        /// Where, from 1.
        line: usize,
    },
    /// A string, quoted symbol or parenthesis that is not closed, or one parenthesis too many.
    Unbalanced {
        /// Where it was noticed, from 1.
        line: usize,
    },
    /// A command other than declarations, definitions and assertions: `(exit)`.
    Forbidden {
        /// Its name.
        command: String,
        /// Where, from 1.
        line: usize,
    },
    /// A value to read that is not exactly one term: `v0 v1`.
    NotOneTerm {
        /// The text.
        text: String,
    },
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Stray { found, line } => write!(f, "line {line}: {found:?} does not belong in a script"),
            Refused::Unbalanced { line } => write!(f, "line {line}: parentheses or quotes do not match"),
            Refused::Forbidden { command, line } => {
                write!(
                    f,
                    "line {line}: only declarations, definitions and assertions are allowed, not `{command}`"
                )
            }
            Refused::NotOneTerm { text } => write!(f, "`{text}` is not one term"),
        }
    }
}

/// The commands of `text`, in order.
pub fn outline(text: &str) -> Result<Vec<Command<'_>>, Refused> {
    let mut tokens = Tokens::new(text);
    let mut commands = Vec::new();
    while let Some(token) = tokens.next()? {
        if token.kind != TokenKind::Open {
            return Err(Refused::Unbalanced { line: token.line });
        }
        commands.push(command(text, token, &mut tokens)?);
    }
    Ok(commands)
}

/// Checks that `text` is one term and nothing else.
pub fn one_term(text: &str) -> Result<(), Refused> {
    let not_one = || Refused::NotOneTerm { text: text.chars().take(80).collect() };
    let mut tokens = Tokens::new(text);
    let mut depth = 0usize;
    let mut terms = 0;
    while let Some(token) = tokens.next()? {
        terms += usize::from(depth == 0);
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.checked_sub(1).ok_or_else(not_one)?,
            TokenKind::Atom => {}
        }
        // `;` would hide what is put behind the term.
        if terms > 1 {
            return Err(not_one());
        }
    }
    if terms == 1 && depth == 0 && !tokens.commented { Ok(()) } else { Err(not_one()) }
}

fn command<'a>(text: &'a str, open: Token<'a>, tokens: &mut Tokens<'a>) -> Result<Command<'a>, Refused> {
    let forbidden = |found: Token<'_>| Refused::Forbidden {
        command: found.text.chars().take(40).collect(),
        line: found.line,
    };
    let head = tokens.next()?.ok_or(Refused::Unbalanced { line: open.line })?;
    let is_assertion = head.text == "assert";
    if head.kind != TokenKind::Atom || !(is_assertion || DECLARATIONS.contains(&head.text)) {
        return Err(forbidden(head));
    }
    let mut depth = 1;
    let mut name = None;
    // The tokens since the head that a named assertion must begin with, and whether `:named` is next.
    let mut seen = 0;
    let mut annotated = false;
    let mut naming = false;
    loop {
        let token = tokens.next()?.ok_or(Refused::Unbalanced { line: open.line })?;
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth -= 1,
            TokenKind::Atom => {
                if seen == 1 && depth == 2 && token.text == "!" {
                    annotated = true;
                } else if naming && depth == 2 {
                    name = Some(token.text);
                }
            }
        }
        naming = annotated && depth == 2 && token.text == ":named";
        seen += 1;
        if depth == 0 {
            let kind = if is_assertion { Kind::Assertion(name) } else { Kind::Declaration };
            let text = text.get(open.start..token.end).unwrap_or_default();
            return Ok(Command { kind, text, line: open.line });
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TokenKind {
    Open,
    Close,
    Atom,
}

#[derive(Debug, Clone, Copy)]
struct Token<'a> {
    kind: TokenKind,
    text: &'a str,
    start: usize,
    end: usize,
    line: usize,
}

/// The lexer. No token spans another; comments and blanks lie between.
struct Tokens<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    commented: bool,
}

impl<'a> Tokens<'a> {
    fn new(text: &'a str) -> Self {
        Tokens { text, at: 0, line: 1, commented: false }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn step(&mut self) {
        self.line += usize::from(self.peek() == Some(b'\n'));
        self.at += 1;
    }

    fn stray(&self) -> Refused {
        let found = self.text.get(self.at..).and_then(|rest| rest.chars().next()).unwrap_or('\u{FFFD}');
        Refused::Stray { found, line: self.line }
    }

    fn next(&mut self) -> Result<Option<Token<'a>>, Refused> {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.step(),
                b';' => {
                    self.commented = true;
                    while self.peek().is_some_and(|byte| byte != b'\n') {
                        self.refuse_control()?;
                        self.step();
                    }
                }
                _ => return self.token(byte).map(Some),
            }
        }
        Ok(None)
    }

    fn token(&mut self, first: u8) -> Result<Token<'a>, Refused> {
        let (start, line) = (self.at, self.line);
        let kind = match first {
            b'(' => {
                self.step();
                TokenKind::Open
            }
            b')' => {
                self.step();
                TokenKind::Close
            }
            b'"' => {
                // A doubled quote is a quote within the string.
                loop {
                    self.quoted(b'"')?;
                    if self.peek() != Some(b'"') {
                        break;
                    }
                }
                TokenKind::Atom
            }
            b'|' => {
                self.quoted(b'|')?;
                TokenKind::Atom
            }
            _ => {
                while let Some(byte) = self.peek() {
                    match byte {
                        b'(' | b')' | b'"' | b';' | b' ' | b'\t' | b'\r' | b'\n' => break,
                        // `a|b|` and `#|` are read in different ways; so is `\`.
                        b'|' | b'\\' | 0x00..=0x1f | 0x7f.. => return Err(self.stray()),
                        _ => self.step(),
                    }
                }
                TokenKind::Atom
            }
        };
        let text = self.text.get(start..self.at).unwrap_or_default();
        Ok(Token { kind, text, start, end: self.at, line })
    }

    /// From an opening quote to just behind the closing one.
    fn quoted(&mut self, quote: u8) -> Result<(), Refused> {
        let line = self.line;
        self.step();
        loop {
            match self.peek() {
                None => return Err(Refused::Unbalanced { line }),
                Some(byte) if byte == quote => {
                    self.step();
                    return Ok(());
                }
                Some(b'\\') if quote == b'|' => return Err(self.stray()),
                Some(_) => {
                    self.refuse_control()?;
                    self.step();
                }
            }
        }
    }

    fn refuse_control(&self) -> Result<(), Refused> {
        match self.peek() {
            Some(b'\t' | b'\r' | b'\n') => Ok(()),
            Some(0x00..=0x1f | 0x7f) => Err(self.stray()),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind<'_>> {
        outline(text).unwrap().into_iter().map(|command| command.kind).collect()
    }

    #[test]
    fn declarations_and_assertions_are_told_apart() {
        use Kind::{Assertion, Declaration};
        assert_eq!(kinds(""), []);
        assert_eq!(kinds(" ; only a comment"), []);
        assert_eq!(
            kinds("(declare-const x Int)\n(assert (> x 0)) ; )\n(assert (! (> x 1) :named a0))"),
            [Declaration, Assertion(None), Assertion(Some("a0"))]
        );
        let commands = outline("\n\n(assert\n  true)(assert false)").unwrap();
        assert_eq!((commands[0].text, commands[0].line), ("(assert\n  true)", 3));
        assert_eq!((commands[1].text, commands[1].line), ("(assert false)", 4));
    }

    #[test]
    fn only_the_name_of_the_whole_assertion_counts() {
        use Kind::Assertion;
        assert_eq!(kinds("(assert (and (! p :named inner) q))"), [Assertion(None)]);
        assert_eq!(kinds("(assert (! (f (! p :named inner)) :named |a b|))"), [Assertion(Some("|a b|"))]);
        assert_eq!(kinds("(assert (! (g :named) :named a))"), [Assertion(Some("a"))]);
        assert_eq!(kinds(r#"(assert (= s " :named x "))"#), [Assertion(None)]);
        assert_eq!(kinds("(assert (forall ((x Int)) (! (p x) :pattern ((p x)))))"), [Assertion(None)]);
    }

    #[test]
    fn strings_symbols_and_comments_hide_parentheses() {
        assert_eq!(kinds(r#"(assert (= s "a "" ) ("))(assert (= |)| 1)) ; (("#).len(), 2);
        assert_eq!(kinds("(assert (= s \"\"))").len(), 1);
    }

    #[test]
    fn every_other_command_is_refused() {
        for command in [
            "check-sat",
            "exit",
            "reset",
            "reset-assertions",
            "push 1",
            "pop 1",
            "set-option :timeout 1",
            "set-logic ALL",
            "set-info :a b",
            "get-model",
            "eval x",
            "echo \"unsat\"",
            "include \"f\"",
            "simplify x",
            "apply smt",
            "check-sat-using smt",
            "declare-tactic t smt",
            "assert-soft p",
            "minimize x",
            "declare-rel r",
            "rule x",
            "query r",
            "define-funs-recx",
            "(assert true)",
            "",
            "|assert| true",
            "set-option :regular-output-channel \"/tmp/x\"",
            "labels",
            "dbg-is-true x",
            "help",
        ] {
            let text = format!("(declare-const x Int)\n({command})");
            let refused = outline(&text);
            assert!(matches!(refused, Err(Refused::Forbidden { line: 2, .. })), "{command}: {refused:?}");
        }
    }

    #[test]
    fn what_two_lexers_might_read_differently_is_refused() {
        for text in [
            "#| (exit) |# (assert true)",
            r"(assert |a\|b|)",
            "(assert a|b c|)",
            "(assert \u{7})",
            "\u{feff}(assert true)",
            "(assert \u{a0}true)",
            "(assert \"\u{0}\")",
            "(assert true) \u{1b}",
            "(assert x\\)",
        ] {
            let refused = outline(text);
            assert!(matches!(refused, Err(Refused::Stray { .. })), "{text:?}: {refused:?}");
        }
        for text in [
            "(assert true",
            "(assert true))",
            "assert",
            "(assert \"true)",
            "(assert |a)",
            "p cnf 1 1",
            "(",
            ")",
        ] {
            let refused = outline(text);
            assert!(matches!(refused, Err(Refused::Unbalanced { .. })), "{text:?}: {refused:?}");
        }
    }

    #[test]
    fn a_value_is_one_term() {
        for text in ["x", "(f x (g y))", "\"a b\"", "|a b|", " (as nil (List Int)) "] {
            assert_eq!(one_term(text), Ok(()), "{text}");
        }
        for text in ["", " ", "x y", "x)", "(x", ")(", "x))(exit", "(f x) y", "x ; (", "; x"] {
            assert!(one_term(text).is_err(), "{text}");
        }
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = format!("(assert {}true{})", "(not ".repeat(200_000), ")".repeat(200_000));
        assert_eq!(outline(&deep).unwrap().len(), 1);
    }
}
