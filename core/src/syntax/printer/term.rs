//! Terms, types and patterns, with as few parentheses as the grammar allows.

use super::declaration::{kind_word, links};
use super::layout::Doc;
use super::{Item, Lines, Printer};
use crate::syntax::parser::{Grouping, Level};
use crate::syntax::tree::{
    Arm, BinaryOp, Expr, ExprKind, HoleDecl, Ident, Param, Pattern, PatternKind, Quantifier, UnaryOp,
};
use num_bigint::Sign;

/// Whether something follows a term inside its parentheses. `forall`, `\`, `let` and `if` swallow what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    /// Nothing that could be swallowed.
    Free,
    /// An operator.
    Taken,
}

/// Binding strength of types, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TypeLevel {
    Arrow,
    Product,
    Applied,
    Atom,
}

impl Printer<'_> {
    /// A whole term.
    pub(super) fn term(&mut self, expr: &Expr) -> Doc {
        self.operand(expr, Level::Iff, Edge::Free)
    }

    /// A term as an operand of something of level `loosest`, in parentheses if it binds more loosely.
    fn operand(&mut self, expr: &Expr, loosest: Level, edge: Edge) -> Doc {
        let comments = self.comments.before(expr.span.start);
        let doc = match strength(expr) {
            Strength::Level(level) if level < loosest => self.parenthesised(expr),
            Strength::Open if edge == Edge::Taken => self.parenthesised(expr),
            Strength::Type => self.type_at(expr, TypeLevel::Arrow),
            _ => self.bare(expr, edge),
        };
        comments.then(doc)
    }

    fn parenthesised(&mut self, expr: &Expr) -> Doc {
        Doc::text("(").then(self.bare(expr, Edge::Free).indent()).then_text(")")
    }

    fn bare(&mut self, expr: &Expr, edge: Edge) -> Doc {
        match &expr.kind {
            ExprKind::Name(name) => Doc::text(name.as_str()),
            ExprKind::Int(number) => Doc::text(number.to_string()),
            ExprKind::Decimal(number) => Doc::text(number.as_str()),
            ExprKind::Str(text) => Doc::text(quoted(text)),
            ExprKind::Bool(value) => Doc::text(if *value { "true" } else { "false" }),
            ExprKind::Unit => Doc::text("()"),
            ExprKind::Hole(name) => Doc::text(format!("?{name}")),
            ExprKind::HoleHere(hole) => self.hole_here(hole, expr.span.end),
            ExprKind::Infer => Doc::text("_"),
            ExprKind::Error => Doc::text("…"),
            ExprKind::Tuple(items) => self.bracketed("(", items, ")"),
            ExprKind::List(items) => self.bracketed("[", items, "]"),
            ExprKind::Call(head, args) => {
                let head = self.operand(head, Level::Postfix, Edge::Taken);
                head.then(self.bracketed("(", args, ")"))
            }
            ExprKind::Index(list, index) => {
                let list = self.operand(list, Level::Postfix, Edge::Taken);
                list.then(self.bracketed("[", [&**index], "]"))
            }
            ExprKind::Field(record, field) => {
                let record = self.operand(record, Level::Postfix, Edge::Taken);
                record.then_text(format!(".{}", field.name))
            }
            ExprKind::Record(name, fields) => self.record(name, fields),
            ExprKind::Unary(UnaryOp::Neg, inner) => {
                Doc::text("-").then(self.operand(inner, Level::Prefix, edge))
            }
            ExprKind::Unary(UnaryOp::Not, inner) => {
                Doc::text("!").then(self.operand(inner, Level::Not, edge))
            }
            ExprKind::Binary(op, ..) => self.chain(expr, Level::of(*op), edge),
            ExprKind::If(..) => self.conditional(expr),
            ExprKind::Match(subject, arms) => self.match_arms(subject, arms, expr.span.end),
            ExprKind::Let(..) => self.lets(expr),
            ExprKind::Lambda(params, body) => {
                let params: Vec<Doc> = params.iter().map(|param| self.lambda_param(param)).collect();
                let head = Doc::text("\\").then(separated(params, &Doc::text(" "))).then_text(".");
                self.with_body(head, body)
            }
            ExprKind::Quantified(quantifier, params, body) => {
                let params: Vec<Doc> = params.iter().map(|param| self.param(param)).collect();
                let head = Doc::text(format!("{} ", word(*quantifier)));
                let head = head.then(separated(params, &Doc::text(", "))).then_text(".");
                self.with_body(head, body)
            }
            ExprKind::Bounded(quantifier, name, list, body) => {
                let head = Doc::text(format!("{} {} in ", word(*quantifier), name.name));
                let head = head.then(self.term(list)).then_text(".");
                self.with_body(head, body)
            }
            ExprKind::Ascribe(inner, ty) => {
                let inner = Doc::text("(").then(self.term(inner)).then_text(": ");
                inner.then(self.ty(ty)).then_text(")")
            }
            ExprKind::TypeApp(..)
            | ExprKind::Refine(..)
            | ExprKind::Arrow(..)
            | ExprKind::Product(_)
            | ExprKind::Eff(..) => self.type_at(expr, TypeLevel::Arrow),
        }
    }

    /// `?name: term Int links { uses ?other } hint "..."`
    fn hole_here(&mut self, hole: &HoleDecl, end: u32) -> Doc {
        // A line of its own would end it.
        let comments = self.comments.before(end);
        let mut doc = comments.then_text(format!("?{}: {}", hole.name.name, kind_word(hole.kind)));
        if let Some(ty) = &hole.ty {
            // A small name behind the kind would be the next word.
            let bare = match &ty.kind {
                ExprKind::Name(name) => name.starts_with(|first: char| first.is_ascii_uppercase()),
                _ => true,
            };
            let ty = self.type_at(ty, TypeLevel::Atom);
            doc = doc.then_text(" ").then(if bare { ty } else { Doc::text("(").then(ty).then_text(")") });
        }
        if !hole.links.is_empty() {
            doc = doc.then_text(" ").then(links(&hole.links));
        }
        if let Some(hint) = &hole.hint {
            doc = doc.then_text(format!(" hint {}", quoted(hint)));
        }
        doc
    }

    fn with_body(&mut self, head: Doc, body: &Expr) -> Doc {
        head.then(Doc::Line.then(self.term(body)).indent()).group()
    }

    /// `open item, item close`, or one item a line.
    fn bracketed<'e>(&mut self, open: &str, items: impl IntoIterator<Item = &'e Expr>, close: &str) -> Doc {
        let items: Vec<Doc> = items.into_iter().map(|item| self.item(item)).collect();
        enclosed(open, items, close)
    }

    /// A term as an item of a list, with the comment behind it.
    fn item(&mut self, expr: &Expr) -> Doc {
        let doc = self.term(expr);
        doc.then(self.comments.after(expr.span.end))
    }

    fn record(&mut self, name: &Ident, fields: &[(Ident, Expr)]) -> Doc {
        let fields = fields.iter().map(|(field, value)| {
            let comments = self.comments.before(field.span.start);
            comments.then_text(format!("{} = ", field.name)).then(self.item(value))
        });
        let fields: Vec<Doc> = fields.collect();
        let inner = separated(fields, &Doc::text(",").then(Doc::Line));
        Doc::text(format!("{} {{", name.name))
            .then(Doc::Line.then(inner).indent())
            .then(Doc::Line)
            .then_text("}")
            .group()
    }

    /// Operands of one level: `a + b - c`, `p ==> q ==> r`. Long ones break before each operator.
    fn chain(&mut self, expr: &Expr, level: Level, edge: Edge) -> Doc {
        let mut operands: Vec<(Option<BinaryOp>, &Expr)> = Vec::new();
        let mut rest = expr;
        match level.grouping() {
            Grouping::Left => {
                while let ExprKind::Binary(op, left, right) = &rest.kind
                    && Level::of(*op) == level
                {
                    operands.push((Some(*op), right));
                    rest = left;
                }
                operands.push((None, rest));
                operands.reverse();
            }
            Grouping::Right | Grouping::None => {
                let mut before = None;
                while let ExprKind::Binary(op, left, right) = &rest.kind
                    && Level::of(*op) == level
                {
                    operands.push((before, left));
                    before = Some(*op);
                    rest = right;
                    if level.grouping() == Grouping::None {
                        break;
                    }
                }
                operands.push((before, rest));
            }
        }
        let last = operands.len() - 1;
        let mut first = Doc::nothing();
        let mut others = Doc::nothing();
        for (number, (op, operand)) in operands.into_iter().enumerate() {
            let comments = self.comments.before(operand.span.start);
            let edge = if number == last { edge } else { Edge::Taken };
            // The last operand of a right-grouping chain may be of the same level only if it is no chain.
            let doc = self.operand(operand, level.tighter(), edge);
            match op {
                None => first = comments.then(doc),
                Some(op) => {
                    others = others
                        .then(Doc::Line)
                        .then(comments)
                        .then_text(format!("{} ", op.symbol()))
                        .then(doc)
                        .then(self.comments.after(operand.span.end));
                }
            }
        }
        first.then(others.indent()).group()
    }

    /// `if a then b else if c then d else e`; when it is long each `else` begins a line.
    fn conditional(&mut self, expr: &Expr) -> Doc {
        let mut doc = Doc::nothing();
        let mut rest = expr;
        while let ExprKind::If(condition, yes, no) = &rest.kind {
            doc = doc.then_text("if ").then(self.term(condition).indent()).then_text(" then");
            doc = doc.then(self.comments.after(condition.span.end)).then(self.outcome(yes));
            doc = doc.then(self.comments.after(yes.span.end)).then(Doc::Line).then_text("else");
            rest = no;
            if matches!(rest.kind, ExprKind::If(..)) {
                doc = doc.then_text(" ").then(self.comments.before(rest.span.start));
            }
        }
        doc.then(self.outcome(rest)).group()
    }

    /// A branch or the outcome of a case: on the same line, or further in on the next. The cases of a `match`
    /// need no such line.
    fn outcome(&mut self, expr: &Expr) -> Doc {
        let comments = self.comments.before(expr.span.start);
        if matches!(expr.kind, ExprKind::Match(..)) && comments.is_nothing() {
            return Doc::text(" ").then(self.term(expr));
        }
        Doc::Line.then(comments).then(self.term(expr)).indent().group()
    }

    /// `let x = 1 in let y = 2 in x + y`, each on its line when it is long.
    fn lets(&mut self, expr: &Expr) -> Doc {
        let mut doc = Doc::nothing();
        let mut rest = expr;
        while let ExprKind::Let(name, ty, value, body) = &rest.kind {
            doc = doc.then(self.comments.before(rest.span.start)).then_text(format!("let {}", name.name));
            if let Some(ty) = ty {
                doc = doc.then_text(": ").then(self.ty(ty));
            }
            let value = Doc::Line.then(self.item(value)).indent();
            doc = doc.then_text(" =").then(value.group()).then_text(" in").then(Doc::Line);
            rest = body;
        }
        doc.then(self.term(rest)).group()
    }

    fn match_arms(&mut self, subject: &Expr, arms: &[Arm], end: u32) -> Doc {
        let mut head = Doc::text("match ").then(self.term(subject)).then_text(" {");
        if let Some(first) = arms.first() {
            head = head.then(self.comments.behind_opening(first.pattern.span.start));
        }
        let items = arms.iter().map(|arm| {
            let before = self.comments.before(arm.pattern.span.start);
            let doc = self.whole_pattern(&arm.pattern).then_text(" =>").then(self.outcome(&arm.body));
            Item { before, doc, behind: self.comments.after(arm.body.span.end), comma: false }
        });
        let items = items.collect();
        self.block(head, items, end, Lines::Always)
    }

    /// A whole type.
    pub(super) fn ty(&mut self, expr: &Expr) -> Doc {
        let comments = self.comments.before(expr.span.start);
        let doc = match strength(expr) {
            Strength::Type | Strength::Atom => self.type_at(expr, TypeLevel::Arrow),
            _ => self.operand(expr, Level::Iff, Edge::Free),
        };
        comments.then(doc)
    }

    fn type_at(&mut self, expr: &Expr, loosest: TypeLevel) -> Doc {
        let (level, doc) = match &expr.kind {
            ExprKind::Arrow(name, from, to) => {
                let from = match name {
                    None => self.type_at(from, TypeLevel::Product),
                    Some(name) => Doc::text(format!("({}: ", name.name)).then(self.ty(from)).then_text(")"),
                };
                let to = Doc::Line.then_text("-> ").then(self.type_at(to, TypeLevel::Arrow));
                (TypeLevel::Arrow, from.then(to.indent()).group())
            }
            ExprKind::Product(factors) => {
                let factors = factors.iter().map(|factor| self.type_at(factor, TypeLevel::Applied));
                (TypeLevel::Product, separated(factors.collect(), &Doc::text(" * ")))
            }
            ExprKind::Eff(names, ty) => {
                let names = names.iter().map(|names| {
                    let names = names
                        .iter()
                        .map(|name| self.comments.before(name.span.start).then_text(name.name.as_str()));
                    Doc::text("[").then(separated(names.collect(), &Doc::text(", "))).then_text("]")
                });
                let head = Doc::text("Eff").then(Doc::Concat(names.collect())).then_text(" ");
                (TypeLevel::Product, head.then(self.type_at(ty, TypeLevel::Product)))
            }
            ExprKind::TypeApp(head, args) => {
                let head = self.type_at(head, TypeLevel::Atom);
                let args = args.iter().map(|arg| Doc::text(" ").then(self.type_argument(arg)));
                let args = args.collect();
                (TypeLevel::Applied, head.then(Doc::Concat(args)))
            }
            ExprKind::Refine(name, ty, condition) => {
                let head = Doc::text(format!("{{{}: ", name.name)).then(self.ty(ty)).then_text(" |");
                let condition = Doc::Line.then(self.term(condition)).indent();
                (TypeLevel::Atom, head.then(condition).then_text("}").group())
            }
            _ => (TypeLevel::Atom, self.operand(expr, Level::Prefix, Edge::Taken)),
        };
        if level < loosest { Doc::text("(").then(doc).then_text(")") } else { doc }
    }

    /// An argument of a type: a type, a number, or a term in parentheses.
    fn type_argument(&mut self, expr: &Expr) -> Doc {
        match &expr.kind {
            ExprKind::Name(_) | ExprKind::Hole(_) | ExprKind::Infer | ExprKind::Unit | ExprKind::Error => {
                self.operand(expr, Level::Prefix, Edge::Taken)
            }
            ExprKind::Int(number) if number.sign() != Sign::Minus => {
                self.operand(expr, Level::Prefix, Edge::Taken)
            }
            ExprKind::TypeApp(..)
            | ExprKind::Refine(..)
            | ExprKind::Arrow(..)
            | ExprKind::Product(_)
            | ExprKind::Eff(..) => self.type_at(expr, TypeLevel::Atom),
            // These bring their own parentheses.
            ExprKind::Tuple(_) | ExprKind::Ascribe(..) => self.term(expr),
            _ => Doc::text("(").then(self.term(expr)).then_text(")"),
        }
    }

    /// `name: type`, or the name alone.
    pub(super) fn param(&mut self, param: &Param) -> Doc {
        let comments = self.comments.before(param.name.span.start);
        let name = comments.then_text(param.name.name.as_str());
        match &param.ty {
            None => name,
            Some(ty) => {
                let doc = name.then_text(": ").then(self.ty(ty));
                doc.then(self.comments.after(ty.span.end))
            }
        }
    }

    fn lambda_param(&mut self, param: &Param) -> Doc {
        let doc = self.param(param);
        if param.ty.is_some() { Doc::text("(").then(doc).then_text(")") } else { doc }
    }

    /// A pattern that stands alone.
    pub(super) fn whole_pattern(&mut self, pattern: &Pattern) -> Doc {
        self.pattern(pattern, PatternLevel::Cons)
    }

    fn pattern(&mut self, pattern: &Pattern, loosest: PatternLevel) -> Doc {
        let comments = self.comments.before(pattern.span.start);
        let doc = match &pattern.kind {
            PatternKind::Wildcard => Doc::text("_"),
            PatternKind::Var(name) => Doc::text(name.as_str()),
            PatternKind::Int(number) => Doc::text(number.to_string()),
            PatternKind::Str(text) => Doc::text(quoted(text)),
            PatternKind::Bool(value) => Doc::text(if *value { "true" } else { "false" }),
            PatternKind::Unit => Doc::text("()"),
            PatternKind::Error => Doc::text("…"),
            PatternKind::Ctor(name, fields) if fields.is_empty() => Doc::text(name.name.as_str()),
            PatternKind::Ctor(name, fields) => {
                Doc::text(name.name.as_str()).then(self.patterns("(", fields, ")"))
            }
            PatternKind::Tuple(items) => self.patterns("(", items, ")"),
            PatternKind::List(items) => self.patterns("[", items, "]"),
            PatternKind::Cons(head, tail) => {
                let doc = self.pattern(head, PatternLevel::Atom).then_text(" :: ");
                let doc = doc.then(self.pattern(tail, PatternLevel::Cons));
                match loosest {
                    PatternLevel::Cons => doc,
                    PatternLevel::Atom => Doc::text("(").then(doc).then_text(")"),
                }
            }
        };
        comments.then(doc)
    }

    fn patterns(&mut self, open: &str, items: &[Pattern], close: &str) -> Doc {
        let items = items.iter().map(|item| self.pattern(item, PatternLevel::Cons)).collect();
        enclosed(open, items, close)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PatternLevel {
    Cons,
    Atom,
}

/// How tightly a node holds together.
enum Strength {
    Level(Level),
    /// Extends as far to the right as possible.
    Open,
    Atom,
    /// Printed as a type.
    Type,
}

fn strength(expr: &Expr) -> Strength {
    match &expr.kind {
        ExprKind::Binary(op, ..) => Strength::Level(Level::of(*op)),
        ExprKind::Unary(UnaryOp::Not, _) => Strength::Level(Level::Not),
        // `-x` is an operand of every operator, but not what a call or a field applies to.
        ExprKind::Unary(UnaryOp::Neg, _) => Strength::Level(Level::Prefix),
        ExprKind::Int(number) if number.sign() == Sign::Minus => Strength::Level(Level::Prefix),
        ExprKind::If(..)
        | ExprKind::Let(..)
        | ExprKind::Lambda(..)
        | ExprKind::Quantified(..)
        | ExprKind::Bounded(..)
        // Its type would take what follows.
        | ExprKind::HoleHere(_) => Strength::Open,
        ExprKind::TypeApp(..)
        | ExprKind::Refine(..)
        | ExprKind::Arrow(..)
        | ExprKind::Product(_)
        | ExprKind::Eff(..) => Strength::Type,
        _ => Strength::Atom,
    }
}

fn word(quantifier: Quantifier) -> &'static str {
    match quantifier {
        Quantifier::Forall => "forall",
        Quantifier::Exists => "exists",
    }
}

/// `docs` with `separator` between them.
pub(super) fn separated(docs: Vec<Doc>, separator: &Doc) -> Doc {
    let mut all = Vec::with_capacity(docs.len() * 2);
    for doc in docs {
        if !all.is_empty() {
            all.push(separator.clone());
        }
        all.push(doc);
    }
    Doc::Concat(all)
}

/// `open item, item close`, or one item a line.
pub(super) fn enclosed(open: &str, items: Vec<Doc>, close: &str) -> Doc {
    if items.is_empty() {
        return Doc::text(format!("{open}{close}"));
    }
    let inner = separated(items, &Doc::text(",").then(Doc::Line));
    Doc::text(open).then(Doc::SoftLine.then(inner).indent()).then(Doc::SoftLine).then_text(close).group()
}

/// A text as it is written, with the escapes it needs.
pub(super) fn quoted(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    for letter in text.chars() {
        match letter {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            '\0' => written.push_str("\\0"),
            letter if letter.is_control() => written.push_str(&format!("\\u{{{:X}}}", u32::from(letter))),
            letter => written.push(letter),
        }
    }
    written.push('"');
    written
}
