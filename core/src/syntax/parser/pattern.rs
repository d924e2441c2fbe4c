//! Patterns of `match`.

use super::Parser;
use crate::syntax::codes;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::lexer::Kind;
use crate::syntax::tree::{Pattern, PatternKind};

impl Parser<'_> {
    /// `pattern = catom ["::" pattern]`
    pub(super) fn pattern(&mut self) -> Pattern {
        self.nested(
            |parser| {
                let start = parser.span().start;
                let head = parser.pattern_atom();
                if !parser.eat(Kind::ColonColon) {
                    return head;
                }
                let tail = parser.pattern();
                let kind = PatternKind::Cons(Box::new(head), Box::new(tail));
                Pattern { span: parser.span_from(start), kind }
            },
            Self::error_pattern,
        )
    }

    fn error_pattern(&mut self) -> Pattern {
        Pattern { span: self.error_here().span, kind: PatternKind::Error }
    }

    fn pattern_atom(&mut self) -> Pattern {
        let opener = self.token(0);
        let start = opener.span.start;
        let kind = match opener.kind {
            Kind::Underscore => {
                self.bump();
                PatternKind::Wildcard
            }
            Kind::True | Kind::False => {
                self.bump();
                PatternKind::Bool(opener.kind == Kind::True)
            }
            Kind::Number => self.number().map_or(PatternKind::Error, PatternKind::Int),
            Kind::Minus if self.kind_at(1) == Kind::Number => {
                self.bump();
                self.number().map_or(PatternKind::Error, |number| PatternKind::Int(-number))
            }
            Kind::Text | Kind::OpenText | Kind::Quoted => PatternKind::Str(self.text_value()),
            Kind::LeftParen => {
                self.bump();
                let mut patterns = self.list(opener, Kind::RightParen, "another pattern", Self::pattern);
                match patterns.pop() {
                    None => PatternKind::Unit,
                    Some(only) if patterns.is_empty() => return only,
                    Some(last) => {
                        patterns.push(last);
                        PatternKind::Tuple(patterns)
                    }
                }
            }
            Kind::LeftBracket => {
                self.bump();
                let outside = self.depth;
                let items = self.list(opener, Kind::RightBracket, "another pattern", |parser| {
                    let item = parser.pattern();
                    // It stands for `item :: rest`.
                    parser.depth += 1;
                    item
                });
                self.depth = outside;
                PatternKind::List(items)
            }
            Kind::Small if self.at_qualified() => self.constructor_pattern(),
            Kind::Capital => self.constructor_pattern(),
            Kind::Small | Kind::Foreign => self.variable_pattern(),
            _ if self.reserved_word_as_name() => self.variable_pattern(),
            _ => {
                self.unexpected("a pattern");
                return self.error_pattern();
            }
        };
        Pattern { span: self.span_from(start), kind }
    }

    /// `Name ["(" pattern {"," pattern} ")"]`
    fn constructor_pattern(&mut self) -> PatternKind {
        let name = self.qualified();
        if let "True" | "False" = name.name.as_str() {
            self.report_python_constant(name.span);
            return PatternKind::Bool(name.name == "True");
        }
        let mut fields = Vec::new();
        let opener = self.token(0);
        if opener.kind == Kind::LeftParen {
            self.bump();
            fields = self.list(opener, Kind::RightParen, "another pattern", Self::pattern);
        } else {
            // `Some n`, which is reported and read as `Some(n)`.
            while let Some(wrong) = self.describe_juxtaposition() {
                if fields.is_empty() {
                    self.report(wrong);
                }
                let before = self.at;
                fields.push(self.nested(Self::pattern_atom, Self::error_pattern));
                // What is no pattern is left where it stands.
                if self.at == before {
                    break;
                }
            }
        }
        PatternKind::Ctor(name, fields)
    }

    fn variable_pattern(&mut self) -> PatternKind {
        if self.word() == "case"
            && !matches!(self.kind_at(1), Kind::FatArrow | Kind::ColonColon | Kind::Comma)
        {
            self.unexpected("a pattern");
            self.bump();
            return self.nested(Self::pattern_atom, Self::error_pattern).kind;
        }
        let Some(name) = self.small_name("a variable") else { return PatternKind::Error };
        if self.kind() == Kind::LeftParen {
            let message = format!("`{}` cannot take a pattern apart", name.name);
            let diagnostic = Diagnostic::error(codes::UNEXPECTED, name.span, message)
                .hint("only constructors do, and their names start with a capital, as in `Some(x)`");
            self.report(diagnostic);
            let opener = self.bump();
            self.list(opener, Kind::RightParen, "another pattern", Self::pattern);
            return PatternKind::Error;
        }
        PatternKind::Var(name.name)
    }
}
