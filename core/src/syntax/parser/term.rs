//! Terms, by precedence climbing.

use super::{Chain, Ends, Parser};
use crate::syntax::codes;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::lexer::{Kind, Token};
use crate::syntax::span::Span;
use crate::syntax::tree::{BinaryOp, Expr, ExprKind, Quantifier, UnaryOp};

/// Binding strength, loosest first. The levels of the grammar in `docs/language.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::syntax) enum Level {
    Iff,
    Implies,
    Or,
    And,
    Not,
    Comparison,
    Cons,
    Append,
    Sum,
    Product,
    Prefix,
    /// What calls, fields and indices apply to. Only the printer asks for it.
    Postfix,
}

/// To which side operators of one level group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::syntax) enum Grouping {
    Left,
    Right,
    /// `a < b < c` is an error.
    None,
}

impl Level {
    /// The next tighter level.
    pub(in crate::syntax) fn tighter(self) -> Level {
        match self {
            Level::Iff => Level::Implies,
            Level::Implies => Level::Or,
            Level::Or => Level::And,
            Level::And => Level::Not,
            Level::Not => Level::Comparison,
            Level::Comparison => Level::Cons,
            Level::Cons => Level::Append,
            Level::Append => Level::Sum,
            Level::Sum => Level::Product,
            Level::Product => Level::Prefix,
            Level::Prefix | Level::Postfix => Level::Postfix,
        }
    }

    pub(in crate::syntax) fn grouping(self) -> Grouping {
        match self {
            Level::Implies | Level::Cons | Level::Append => Grouping::Right,
            Level::Iff | Level::Comparison => Grouping::None,
            _ => Grouping::Left,
        }
    }

    /// The level of an infix operator.
    pub(in crate::syntax) fn of(op: BinaryOp) -> Level {
        match op {
            BinaryOp::Iff => Level::Iff,
            BinaryOp::Implies => Level::Implies,
            BinaryOp::Or => Level::Or,
            BinaryOp::And => Level::And,
            BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
                Level::Comparison
            }
            BinaryOp::Cons => Level::Cons,
            BinaryOp::Append => Level::Append,
            BinaryOp::Add | BinaryOp::Sub => Level::Sum,
            BinaryOp::Mul | BinaryOp::Div | BinaryOp::Mod => Level::Product,
        }
    }
}

fn infix(kind: Kind) -> Option<BinaryOp> {
    Some(match kind {
        Kind::Iff => BinaryOp::Iff,
        Kind::Implies => BinaryOp::Implies,
        Kind::Or => BinaryOp::Or,
        Kind::And => BinaryOp::And,
        Kind::EqualEqual => BinaryOp::Eq,
        Kind::NotEqual => BinaryOp::Ne,
        Kind::Less => BinaryOp::Lt,
        Kind::LessEqual => BinaryOp::Le,
        Kind::Greater => BinaryOp::Gt,
        Kind::GreaterEqual => BinaryOp::Ge,
        Kind::ColonColon => BinaryOp::Cons,
        Kind::PlusPlus => BinaryOp::Append,
        Kind::Plus => BinaryOp::Add,
        Kind::Minus => BinaryOp::Sub,
        Kind::Star => BinaryOp::Mul,
        Kind::Slash => BinaryOp::Div,
        Kind::Percent => BinaryOp::Mod,
        _ => return None,
    })
}

impl Parser<'_> {
    /// A whole term, as far to the right as it goes.
    pub(super) fn term(&mut self) -> Expr {
        self.climb(Level::Iff)
    }

    /// A term inside a construct of its own, where `=` and `=>` have no other use.
    pub(super) fn inner_term(&mut self) -> Expr {
        let surrounding = std::mem::take(&mut self.surrounding);
        let term = self.term();
        self.surrounding = surrounding;
        term
    }

    /// Operands joined by infix operators of level `loosest` and tighter.
    fn climb(&mut self, loosest: Level) -> Expr {
        self.nested(|parser| parser.climb_from(loosest), |parser| parser.error_here())
    }

    fn climb_from(&mut self, loosest: Level) -> Expr {
        let start = self.span().start;
        let mut chain = self.begin_chain();
        let mut left = self.operand(loosest);
        self.first_of_chain(&mut chain);
        while let Some(op) = self.infix_operator(loosest) {
            let level = Level::of(op);
            left = match level.grouping() {
                _ if level == Level::Comparison => self.comparison(left, op, start, &mut chain),
                Grouping::Right => {
                    let right = self.climb(level);
                    self.binary(op, left, right, start)
                }
                Grouping::Left | Grouping::None => {
                    let right = self.climb(level.tighter());
                    self.binary(op, left, right, start)
                }
            };
            if level == Level::Iff && self.kind() == Kind::Iff {
                self.report_chained("`<=>`", "say which is meant with parentheses, as in `(a <=> b) <=> c`");
            }
            if !self.link(&mut chain) {
                left = self.error_here();
                break;
            }
        }
        self.end_chain(&chain);
        left
    }

    fn binary(&self, op: BinaryOp, left: Expr, right: Expr, start: u32) -> Expr {
        let kind = ExprKind::Binary(op, Box::new(left), Box::new(right));
        Expr { span: self.span_from(start), kind }
    }

    /// `left op right`. When another comparison follows (`0 <= x <= 9`) that is reported and read as it is meant,
    /// `0 <= x && x <= 9`.
    fn comparison(&mut self, left: Expr, op: BinaryOp, start: u32, chain: &mut Chain) -> Expr {
        let (mut left, mut op) = (left, op);
        let mut joined: Option<Expr> = None;
        loop {
            let on_next_line = self.first_on_line();
            let right = self.climb(Level::Comparison.tighter());
            let next = infix(self.kind()).filter(|next| Level::of(*next) == Level::Comparison);
            let middle = next.map(|_| right.clone());
            let from = if joined.is_some() { left.span.start } else { start };
            let mut compared = self.binary(op, left, right, from);
            if let Some(before) = joined {
                if !self.link(chain) {
                    return self.error_here();
                }
                compared = self.binary(BinaryOp::And, before, compared, start);
            }
            let (Some(next), Some(middle)) = (next, middle) else { return compared };
            let first = Span::new(from, middle.span.end).slice(self.text);
            let between = middle.span.slice(self.text);
            let hint = match first.len() <= 60 && !first.contains('\n') {
                _ if on_next_line => {
                    format!(
                        "if these are two conditions, a value is missing after the first `{}`",
                        op.symbol()
                    )
                }
                true => format!("write `{first} && {between} {} ...`", next.symbol()),
                false => "compare twice and join with `&&`, as in `0 <= x && x <= 9`".to_owned(),
            };
            self.report_chained("comparisons", &hint);
            self.bump();
            (joined, left, op) = (Some(compared), middle, next);
        }
    }

    fn report_chained(&mut self, what: &str, hint: &str) {
        let verb = if what.starts_with('`') { "does" } else { "do" };
        let diagnostic =
            Diagnostic::error(codes::CHAINED_COMPARISON, self.span(), format!("{what} {verb} not chain"))
                .hint(hint);
        self.report(diagnostic);
    }

    /// Moves past an infix operator that binds at least as tightly as `loosest`. Spellings of other languages
    /// are reported and taken for what they mean.
    fn infix_operator(&mut self, loosest: Level) -> Option<BinaryOp> {
        let kind = self.kind();
        if let Some(op) = infix(kind) {
            if Level::of(op) < loosest {
                return None;
            }
            self.bump();
            return Some(op);
        }
        let op = self.foreign_operator()?;
        if Level::of(op) < loosest {
            return None;
        }
        self.report_foreign_operator(op);
        self.bump();
        Some(op)
    }

    pub(super) fn equals_ends_term(&self) -> bool {
        self.surrounding.equals == Ends::Term
    }

    pub(super) fn item_ends_term(&self) -> bool {
        self.surrounding.item == Ends::Term
    }

    pub(super) fn fat_arrow_ends_term(&self) -> bool {
        self.surrounding.fat_arrow == Ends::Term
    }

    /// What stands left or right of an operator: prefix operators and the forms that extend to the right.
    fn operand(&mut self, loosest: Level) -> Expr {
        while self.at_return_word() {
            self.report_return_word();
            self.bump();
        }
        let start = self.span().start;
        let kind = match self.kind() {
            Kind::Not => {
                self.bump();
                self.negation(loosest)
            }
            Kind::Minus => {
                self.bump();
                ExprKind::Unary(UnaryOp::Neg, Box::new(self.climb(Level::Prefix)))
            }
            Kind::Forall => self.quantified(Quantifier::Forall),
            Kind::Exists => self.quantified(Quantifier::Exists),
            Kind::Lambda => self.lambda(),
            Kind::Let => self.let_in(),
            Kind::If => self.if_then_else(),
            Kind::Small if self.at_not_word() => {
                self.report_not_word();
                self.bump();
                self.negation(loosest)
            }
            _ => return self.postfix(),
        };
        Expr { span: self.span_from(start), kind }
    }

    /// After `!`: it is looser than comparison, `!a == b` is `!(a == b)`; but as an operand of something tighter
    /// (`a == !b`) it can only mean the next operand.
    fn negation(&mut self, loosest: Level) -> ExprKind {
        let level = if loosest <= Level::Not { Level::Not } else { Level::Prefix };
        ExprKind::Unary(UnaryOp::Not, Box::new(self.climb(level)))
    }

    /// `atom { "(" ... ")" | "." name | "[" term "]" }`
    fn postfix(&mut self) -> Expr {
        let start = self.span().start;
        let mut chain = self.begin_chain();
        let mut expr = self.atom();
        self.first_of_chain(&mut chain);
        if self.nothing_follows_a_term() {
            expr = self.juxtaposed(expr, start);
        }
        loop {
            let token = self.token(0);
            let kind = match token.kind {
                Kind::LeftParen if !token.first_on_line && !matches!(expr.kind, ExprKind::Error) => {
                    self.bump();
                    let args = self.list(token, Kind::RightParen, "another argument", Self::term);
                    ExprKind::Call(Box::new(expr), args)
                }
                Kind::LeftBracket if !token.first_on_line && !matches!(expr.kind, ExprKind::Error) => {
                    self.bump();
                    let index = self.inner_term();
                    self.close(token, Kind::RightBracket);
                    ExprKind::Index(Box::new(expr), Box::new(index))
                }
                Kind::Dot if self.at_field() => {
                    self.bump();
                    let Some(name) = self.small_name("a field") else { break };
                    ExprKind::Field(Box::new(expr), name)
                }
                _ => break,
            };
            expr = Expr { span: self.span_from(start), kind };
            if !self.link(&mut chain) {
                expr = self.error_here();
                break;
            }
        }
        self.end_chain(&chain);
        expr
    }

    pub(super) fn spanned(&mut self, read: impl FnOnce(&mut Self) -> ExprKind) -> Expr {
        let start = self.span().start;
        let kind = read(self);
        Expr { span: self.span_from(start), kind }
    }

    /// `f x y`, which is reported and read as `f(x, y)`; `2 x`, which is reported and read as `2 * x`.
    fn juxtaposed(&mut self, head: Expr, start: u32) -> Expr {
        let number = matches!(head.kind, ExprKind::Int(_));
        if !number && !matches!(head.kind, ExprKind::Name(_)) {
            return head;
        }
        let mut args = Vec::new();
        while let Some(wrong) = self.describe_juxtaposition() {
            if args.is_empty() {
                self.report(wrong);
            }
            args.push(self.nested(Self::atom, |parser| parser.error_here()));
        }
        match args.pop() {
            None => head,
            Some(factor) if number => self.binary(BinaryOp::Mul, head, factor, start),
            Some(last) => {
                args.push(last);
                Expr { span: self.span_from(start), kind: ExprKind::Call(Box::new(head), args) }
            }
        }
    }

    /// Whether the `.` under the cursor stands directly before a name; the one after a binder does not.
    fn at_field(&self) -> bool {
        let name = self.token(1);
        self.span().end == name.span.start && matches!(name.kind, Kind::Small | Kind::Capital | Kind::Foreign)
    }

    /// Whether a term may start here that needs no operator before it.
    pub(super) fn at_atom(&self) -> bool {
        matches!(
            self.kind(),
            Kind::Small
                | Kind::Capital
                | Kind::Foreign
                | Kind::Hole
                | Kind::Number
                | Kind::Text
                | Kind::OpenText
                | Kind::Quoted
                | Kind::True
                | Kind::False
                | Kind::LeftParen
                | Kind::LeftBracket
                | Kind::Match
                | Kind::If
                | Kind::Let
        )
    }

    fn atom(&mut self) -> Expr {
        let token = self.token(0);
        let kind = match token.kind {
            Kind::Small if self.at_qualified() => self.capital(),
            Kind::Small | Kind::Foreign => self.variable(),
            Kind::Capital => self.capital(),
            Kind::Number => self.number_literal(),
            Kind::Text | Kind::OpenText | Kind::Quoted => ExprKind::Str(self.text_value()),
            Kind::True | Kind::False => {
                self.bump();
                ExprKind::Bool(token.kind == Kind::True)
            }
            Kind::Hole => self.hole_here(),
            Kind::Underscore => {
                self.bump();
                ExprKind::Infer
            }
            Kind::LeftParen => return self.parenthesised(token),
            Kind::LeftBracket => {
                self.bump();
                ExprKind::List(self.list(token, Kind::RightBracket, "another item", Self::term))
            }
            Kind::Match => self.match_arms(),
            _ => {
                self.unexpected(self.wanted_term());
                return self.error_here();
            }
        };
        Expr { span: self.span_from(token.span.start), kind }
    }

    pub(super) fn hole_name(&self, token: Token) -> String {
        token.span.slice(self.text).trim_start_matches('?').to_owned()
    }

    fn variable(&mut self) -> ExprKind {
        if let "null" | "nil" | "undefined" = self.word() {
            self.report_null();
            self.bump();
            return ExprKind::Error;
        }
        if self.at_next_clause() {
            self.unexpected(self.wanted_term());
            return ExprKind::Error;
        }
        if self.at_foreign_form() {
            self.unexpected("a value");
            self.skip_form();
            return ExprKind::Error;
        }
        match self.small_name("a variable") {
            Some(name) => ExprKind::Name(name.name),
            None => ExprKind::Error,
        }
    }

    /// A constructor, or a record `Name { field = e }`; perhaps of another document, `ages.Name`.
    fn capital(&mut self) -> ExprKind {
        let name = self.qualified();
        if let "True" | "False" = name.name.as_str() {
            self.report_python_constant(name.span);
            return ExprKind::Bool(name.name == "True");
        }
        let opener = self.token(0);
        let record = opener.kind == Kind::LeftBrace
            && matches!(self.kind_at(1), Kind::Small | Kind::Capital | Kind::Foreign)
            && matches!(self.kind_at(2), Kind::Equals | Kind::ColonEqual | Kind::Colon);
        if !record {
            return ExprKind::Name(name.name);
        }
        self.bump();
        let fields = self.list(opener, Kind::RightBrace, "another field", |parser| {
            let name = parser.small_name("a field").unwrap_or_else(|| parser.missing_name());
            if !parser.eat_equals() {
                parser.report_field_colon();
                parser.eat(Kind::Colon);
            }
            (name, parser.term())
        });
        ExprKind::Record(name, fields)
    }

    /// `()`, `(e)`, `(e : T)`, `(a, b)`. A parenthesised term keeps its own span.
    pub(super) fn parenthesised(&mut self, opener: Token) -> Expr {
        self.bump();
        if self.eat(Kind::RightParen) {
            return Expr { span: self.span_from(opener.span.start), kind: ExprKind::Unit };
        }
        let first = self.inner_term();
        if self.eat(Kind::Colon) {
            let ty = self.ty();
            self.close(opener, Kind::RightParen);
            let kind = ExprKind::Ascribe(Box::new(first), Box::new(ty));
            return Expr { span: self.span_from(opener.span.start), kind };
        }
        if !self.eat(Kind::Comma) {
            self.close(opener, Kind::RightParen);
            return first;
        }
        if self.kind() == Kind::RightParen {
            self.unexpected("the second item of the pair");
            self.bump();
            return first;
        }
        let mut items = vec![first];
        items.extend(self.list(opener, Kind::RightParen, "another item", Self::term));
        Expr { span: self.span_from(opener.span.start), kind: ExprKind::Tuple(items) }
    }
}
