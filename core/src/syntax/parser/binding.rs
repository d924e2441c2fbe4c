//! Terms that bind variables, and choices: quantifiers, functions, `let`, `if`, `match`.

use super::{Parser, Surrounding};
use crate::syntax::codes;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::lexer::Kind;
use crate::syntax::tree::{Arm, Expr, ExprKind, Param, Quantifier};

impl Parser<'_> {
    /// `forall x y: A, z: B. p` or `forall x in xs. p`
    pub(super) fn quantified(&mut self, quantifier: Quantifier) -> ExprKind {
        self.bump();
        if self.kind_at(1) == Kind::In {
            let name = self.binder("a variable").unwrap_or_else(|| self.missing_name());
            self.bump();
            self.want("a list");
            let list = self.inner_term();
            self.expect(Kind::Dot, "`.` and what holds of each");
            self.want("a condition");
            let body = self.term();
            return ExprKind::Bounded(quantifier, name, Box::new(list), Box::new(body));
        }
        let mut params = Vec::new();
        loop {
            let first = params.len();
            self.binder_names(&mut params);
            let ty = self.binder_type();
            for param in params.iter_mut().skip(first) {
                param.ty = Some(ty.clone());
            }
            if !self.eat(Kind::Comma) {
                break;
            }
        }
        self.expect(Kind::Dot, "`.` and a condition");
        self.want("a condition");
        let body = self.term_below(&mut params);
        ExprKind::Quantified(quantifier, params, Box::new(body))
    }

    pub(super) fn binder_names(&mut self, params: &mut Vec<Param>) {
        while let Some(name) = self.binder("a variable") {
            params.push(Param { name, ty: None });
            if !matches!(self.kind(), Kind::Small | Kind::Foreign | Kind::Capital | Kind::Underscore) {
                break;
            }
        }
    }

    pub(super) fn binder_type(&mut self) -> Expr {
        if self.eat(Kind::Colon) {
            return self.ty();
        }
        self.unexpected("`:` and a type or `in` and a list");
        self.error_here()
    }

    /// `\x (y: Int). e`
    pub(super) fn lambda(&mut self) -> ExprKind {
        self.bump();
        let mut params = Vec::new();
        loop {
            if self.eat(Kind::LeftParen) {
                let name = self.binder("a parameter").unwrap_or_else(|| self.missing_name());
                let ty = if self.expect(Kind::Colon, "`:` and the parameter's type") {
                    self.ty()
                } else {
                    self.error_here()
                };
                self.expect(Kind::RightParen, "`)`");
                params.push(Param { name, ty: Some(ty) });
            } else if let Some(name) = self.binder("a parameter") {
                params.push(Param { name, ty: None });
                self.eat(Kind::Comma);
            } else {
                break;
            }
            if matches!(self.kind(), Kind::Dot | Kind::End) || !self.at_lambda_parameter() {
                break;
            }
        }
        if matches!(self.kind(), Kind::FatArrow | Kind::Arrow | Kind::Colon) {
            let message = format!("the parameters of a function end with `.`, not `{}`", self.word());
            let wrong = Diagnostic::error(codes::FOREIGN_SPELLING, self.span(), message);
            self.report(wrong.hint("write `\\x. x + 1`"));
            self.bump();
        } else {
            self.expect(Kind::Dot, "`.` and the result");
        }
        let body = self.term_below(&mut params);
        ExprKind::Lambda(params, Box::new(body))
    }

    pub(super) fn at_lambda_parameter(&self) -> bool {
        matches!(self.kind(), Kind::Small | Kind::Foreign | Kind::Underscore | Kind::LeftParen)
    }

    /// `let x: T = e in body`
    pub(super) fn let_in(&mut self) -> ExprKind {
        self.bump();
        let name = self.binder("a variable").unwrap_or_else(|| self.missing_name());
        let ty = self.eat(Kind::Colon).then(|| Box::new(self.ty()));
        if !self.eat_equals() {
            self.unexpected("`=` and a value");
        }
        let value = self.inner_term();
        if !self.eat(Kind::In) {
            self.report_missing_part("`in`", "`let`", "let x = 1 in x + 1");
            if !self.at_atom() {
                let body = Box::new(self.error_here());
                return ExprKind::Let(name, ty, Box::new(value), body);
            }
        }
        ExprKind::Let(name, ty, Box::new(value), Box::new(self.term()))
    }

    /// `if c then a else b`
    pub(super) fn if_then_else(&mut self) -> ExprKind {
        self.bump();
        self.want("a condition");
        let condition = self.inner_term();
        if !self.eat(Kind::Then) {
            self.report_missing_part("`then`", "`if`", "if x < 0 then -x else x");
            self.eat(Kind::Colon);
        }
        let yes = self.inner_term();
        let no = if self.eat(Kind::Else) {
            self.eat(Kind::Colon);
            self.term()
        } else {
            self.report_missing_part("`else`", "`if`", "if x < 0 then -x else x");
            if self.at_word("elif") {
                self.nested(|parser| parser.spanned(Self::if_then_else), |parser| parser.error_here())
            } else {
                self.error_here()
            }
        };
        ExprKind::If(Box::new(condition), Box::new(yes), Box::new(no))
    }

    /// `match e { p => a  q => b }`
    pub(super) fn match_arms(&mut self) -> ExprKind {
        self.bump();
        // What follows the subject without a brace are cases, not arguments.
        let outside = std::mem::replace(&mut self.surrounding, Surrounding::BLOCK);
        let subject = self.term();
        self.surrounding = outside;
        let opener = self.token(0);
        let mut arms = Vec::new();
        if self.expect(Kind::LeftBrace, "`{` and the cases of the `match`") {
            self.block(opener, "a pattern", |parser| {
                parser.eat(Kind::Bar);
                let pattern = parser.pattern();
                parser.arm_arrow();
                let outside = std::mem::replace(&mut parser.surrounding, Surrounding::CASES);
                let body = parser.term();
                parser.surrounding = outside;
                arms.push(Arm { pattern, body });
                parser.after_arm();
            });
        }
        ExprKind::Match(Box::new(subject), arms)
    }
}
