//! Operators, and the types at which each is defined.

use crate::check::elaborator::{Elaborator, Scope};
use crate::check::mismatch;
use crate::check::value::{Const, V, Value, prim};
use crate::ir::distill::prim_name;
use crate::ir::{Arg, Float, Literal, Op, PrimType, Term, TermKind};
use crate::syntax::span::Span;
use crate::syntax::tree::{BinaryOp, Expr, ExprKind, UnaryOp};

impl Elaborator {
    pub(super) fn unary(&mut self, scope: &Scope, span: Span, op: UnaryOp, value: &Expr) -> (Term, V) {
        let (value, ty) = match op {
            UnaryOp::Neg => self.number(scope, value),
            UnaryOp::Not => (self.check(scope, value, &prim(PrimType::Bool)), PrimType::Bool),
        };
        let kind = match (&*value.kind, ty) {
            (_, PrimType::Bool) => TermKind::Op(Op::Not, vec![value]),
            (TermKind::Lit(Literal::Int(number)), _) => TermKind::Lit(Literal::Int(-number.clone())),
            (TermKind::Lit(Literal::Real(number)), _) => {
                TermKind::Lit(Literal::Real(number.negated().into()))
            }
            (TermKind::Lit(Literal::Float(number)), _) => {
                TermKind::Lit(Literal::Float(Float::new(-number.get())))
            }
            (_, PrimType::Real) => TermKind::Op(Op::RealNeg, vec![value]),
            (_, PrimType::Float) => TermKind::Op(Op::FloatNeg, vec![value]),
            _ => TermKind::Op(Op::Neg, vec![value]),
        };
        (Term::new(span, kind), prim(ty))
    }

    /// An operand of arithmetic and the numbers it is one of: whole ones unless it is known to be another.
    fn number(&mut self, scope: &Scope, expr: &Expr) -> (Term, PrimType) {
        if is_vague(expr) {
            return (self.check(scope, expr, &prim(PrimType::Int)), PrimType::Int);
        }
        let mark = self.diagnostics.len();
        let (term, found) = self.infer(scope, expr);
        let ty = self.numbers_of(&found).unwrap_or(PrimType::Int);
        (self.concluded(scope, expr, term, &found, &prim(ty), mark), ty)
    }

    /// The numbers that a type is, whole ones when it is none; `None` when nobody knows yet.
    fn numbers_of(&self, ty: &V) -> Option<PrimType> {
        match &*self.erase(ty) {
            Value::Prim(ty @ (PrimType::Real | PrimType::Float)) => Some(*ty),
            Value::Flex(..) => None,
            _ => Some(PrimType::Int),
        }
    }

    /// `a + b`: both are numbers of one type. The one that says more is looked at first.
    fn arithmetic(
        &mut self,
        scope: &Scope,
        span: Span,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
    ) -> (Term, V) {
        let (first, second, ty) = match is_vague(left) && is_told(right) {
            true => {
                let (right, ty) = self.number(scope, right);
                (self.check(scope, left, &prim(ty)), right, ty)
            }
            false if is_vague(left) => {
                let (left, ty) = self.number(scope, left);
                (left, self.check(scope, right, &prim(ty)), ty)
            }
            false => {
                let mark = self.diagnostics.len();
                let (term, found) = self.infer(scope, left);
                match self.numbers_of(&found) {
                    Some(ty) => {
                        let term = self.concluded(scope, left, term, &found, &prim(ty), mark);
                        (term, self.check(scope, right, &prim(ty)), ty)
                    }
                    None => {
                        let (right, ty) = self.number(scope, right);
                        (self.concluded(scope, left, term, &found, &prim(ty), mark), right, ty)
                    }
                }
            }
        };
        let core = match (op, ty) {
            (BinaryOp::Add, PrimType::Real) => Op::RealAdd,
            (BinaryOp::Sub, PrimType::Real) => Op::RealSub,
            (BinaryOp::Mul, PrimType::Real) => Op::RealMul,
            (BinaryOp::Div, PrimType::Real) => Op::RealDiv,
            (BinaryOp::Add, PrimType::Float) => Op::FloatAdd,
            (BinaryOp::Sub, PrimType::Float) => Op::FloatSub,
            (BinaryOp::Mul, PrimType::Float) => Op::FloatMul,
            (BinaryOp::Div, PrimType::Float) => Op::FloatDiv,
            (BinaryOp::Add, _) => Op::Add,
            (BinaryOp::Sub, _) => Op::Sub,
            (BinaryOp::Mul, _) => Op::Mul,
            (BinaryOp::Div, _) => Op::Div,
            _ if ty == PrimType::Int => Op::Mod,
            _ => {
                self.report(mismatch::no_remainder(span, prim_name(ty)));
                return self.error(span);
            }
        };
        (Term::new(span, TermKind::Op(core, vec![first, second])), prim(ty))
    }

    pub(super) fn binary(
        &mut self,
        scope: &Scope,
        span: Span,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
    ) -> (Term, V) {
        let boolean = prim(PrimType::Bool);
        let mut simple = |core: Op, operands: &V, result: &V| {
            let left = self.check(scope, left, operands);
            let right = self.check(scope, right, operands);
            (Term::new(span, TermKind::Op(core, vec![left, right])), result.clone())
        };
        match op {
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Mod => {
                self.arithmetic(scope, span, op, left, right)
            }
            BinaryOp::And => simple(Op::And, &boolean, &boolean),
            BinaryOp::Or => simple(Op::Or, &boolean, &boolean),
            BinaryOp::Implies => simple(Op::Implies, &boolean, &boolean),
            BinaryOp::Iff => simple(Op::Iff, &boolean, &boolean),
            BinaryOp::Eq => self.equation(scope, span, Op::Eq, left, right),
            BinaryOp::Ne => self.equation(scope, span, Op::Ne, left, right),
            BinaryOp::Lt => self.comparison(scope, span, op, left, right),
            BinaryOp::Le => self.comparison(scope, span, op, left, right),
            BinaryOp::Gt => self.comparison(scope, span, op, left, right),
            BinaryOp::Ge => self.comparison(scope, span, op, left, right),
            BinaryOp::Cons => {
                let (head, element) = self.infer(scope, left);
                let list = self.list_of(self.stripped(&element));
                let tail = self.check(scope, right, &list);
                let element = self.reify(scope.level(), &self.stripped(&element));
                let Some(id) = self.builtin("List") else { return self.error(span) };
                let args = [Arg::implicit(element), Arg::explicit(head), Arg::explicit(tail)];
                (Term::new(span, TermKind::Con(id, 1)).apply(span, args), list)
            }
            BinaryOp::Append => self.append(scope, span, left, right),
        }
    }

    /// Both operands have one type. The one that says more is looked at first.
    pub(super) fn operands(&mut self, scope: &Scope, left: &Expr, right: &Expr) -> (Term, Term, V) {
        if is_vague(left) && !is_vague(right) {
            let (right, ty) = self.infer(scope, right);
            let ty = self.stripped(&ty);
            (self.check(scope, left, &ty), right, ty)
        } else {
            let (left, ty) = self.infer(scope, left);
            let ty = self.stripped(&ty);
            (left, self.check(scope, right, &ty), ty)
        }
    }

    pub(super) fn equation(
        &mut self,
        scope: &Scope,
        span: Span,
        op: Op,
        left: &Expr,
        right: &Expr,
    ) -> (Term, V) {
        let (left, right, ty) = self.operands(scope, left, right);
        if matches!(&*self.erase(&ty), Value::Pi(..) | Value::Universe) {
            let shown = self.show(scope, &ty);
            self.report(mismatch::not_comparable(span, &shown));
            return (Term::new(span, TermKind::Error), prim(PrimType::Bool));
        }
        if let Value::Prim(PrimType::Float) = &*self.erase(&ty) {
            let same = Term::new(span, TermKind::Op(Op::FloatEq, vec![left, right]));
            let term = match op {
                Op::Eq => same,
                _ => Term::new(span, TermKind::Op(Op::Not, vec![same])),
            };
            return (term, prim(PrimType::Bool));
        }
        let ty = self.reify(scope.level(), &ty);
        (Term::new(span, TermKind::Op(op, vec![ty, left, right])), prim(PrimType::Bool))
    }

    pub(super) fn comparison(
        &mut self,
        scope: &Scope,
        span: Span,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
    ) -> (Term, V) {
        let (left, right, ty) = self.operands(scope, left, right);
        let erased = self.erase(&ty);
        let strict = matches!(op, BinaryOp::Lt | BinaryOp::Gt);
        // Of all but whole numbers there are `<` and `<=` only: `a > b` is `b < a`.
        let (less, at_most) = match &*erased {
            Value::Prim(PrimType::Int) | Value::Error | Value::Flex(..) | Value::Const(Const::Hole(_), _) => {
                // Nothing else said what they are.
                let _ = self.unify(scope.level(), &erased, &prim(PrimType::Int));
                let op = match op {
                    BinaryOp::Lt => Op::Lt,
                    BinaryOp::Le => Op::Le,
                    BinaryOp::Gt => Op::Gt,
                    _ => Op::Ge,
                };
                return (Term::new(span, TermKind::Op(op, vec![left, right])), prim(PrimType::Bool));
            }
            Value::Prim(PrimType::Str) => (Op::StrLt, Op::StrLe),
            Value::Prim(PrimType::Real) => (Op::RealLt, Op::RealLe),
            Value::Prim(PrimType::Float) => (Op::FloatLt, Op::FloatLe),
            _ => {
                let shown = self.show(scope, &ty);
                self.report(mismatch::not_ordered(span, &shown));
                return (Term::new(span, TermKind::Error), prim(PrimType::Bool));
            }
        };
        let operands = match op {
            BinaryOp::Gt | BinaryOp::Ge => vec![right, left],
            _ => vec![left, right],
        };
        let op = if strict { less } else { at_most };
        (Term::new(span, TermKind::Op(op, operands)), prim(PrimType::Bool))
    }

    /// Whether this is the prelude's `Bytes`.
    pub(super) fn is_bytes(&self, ty: &V) -> bool {
        matches!(&*self.erase(ty), Value::Const(Const::Data(id), _) if Some(*id) == self.builtin("Bytes"))
    }

    /// What joins and how is left to others, so that the frame is small: chains of `++` are deep.
    pub(super) fn append(&mut self, scope: &Scope, span: Span, left: &Expr, right: &Expr) -> (Term, V) {
        // The left side alone is at fault when it is neither: the right one is not measured by it.
        let mark = self.diagnostics.len();
        let (first, ty) = self.infer(scope, left);
        if !self.can_be_joined(scope, left.span, &ty) {
            self.infer(scope, right);
            return self.error(span);
        }
        if matches!(&*self.erase(&ty), Value::Flex(..)) {
            self.diagnostics.truncate(mark);
            let (left, right, ty) = self.operands(scope, left, right);
            return self.appended(scope, span, left, right, &ty);
        }
        let ty = self.stripped(&ty);
        let right = self.check(scope, right, &ty);
        self.appended(scope, span, first, right, &ty)
    }

    fn can_be_joined(&mut self, scope: &Scope, span: Span, ty: &V) -> bool {
        let joins = match &*self.erase(ty) {
            Value::Prim(PrimType::Str) | Value::Flex(..) | Value::Error | Value::Const(Const::Hole(_), _) => {
                true
            }
            Value::Const(Const::Data(id), _) => Some(*id) == self.builtin("List") || self.is_bytes(ty),
            _ => false,
        };
        if !joins {
            let shown = self.show(scope, ty);
            let found = mismatch::mismatch(span, "Str", &shown);
            self.report(found.hint("`++` joins two texts, two lists or bytes"));
        }
        joins
    }

    fn appended(&mut self, scope: &Scope, span: Span, left: Term, right: Term, ty: &V) -> (Term, V) {
        let erased = self.erase(ty);
        if let Value::Prim(PrimType::Str) = &*erased {
            return (Term::new(span, TermKind::Op(Op::StrAppend, vec![left, right])), erased);
        }
        if self.is_bytes(&erased)
            && let Some(id) = self.builtin("bytes_append")
        {
            let args = [Arg::explicit(left), Arg::explicit(right)];
            return (Term::new(span, TermKind::Global(id)).apply(span, args), erased);
        }
        let element = self.fresh(scope, span, "what the lists hold");
        let list = self.list_of(self.eval(&scope.env, &element));
        if self.unify(scope.level(), &list, &erased).is_err() {
            return self.error(span);
        }
        let Some(id) = self.builtin("append") else { return self.error(span) };
        let args = [Arg::implicit(element), Arg::explicit(left), Arg::explicit(right)];
        (Term::new(span, TermKind::Global(id)).apply(span, args), list)
    }
}

impl Elaborator {
    /// [`Elaborator::binary`], and a word for those who add texts or lists.
    pub(super) fn joined(
        &mut self,
        scope: &Scope,
        span: Span,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
    ) -> (Term, V) {
        let mark = self.diagnostics.len();
        let result = self.binary(scope, span, op, left, right);
        let found = self.diagnostics.get(mark..).unwrap_or_default();
        let joins = |finding: &crate::syntax::diagnostic::Diagnostic| {
            let text = ["found `Str`", "found `List ", "found a list"];
            let own = finding.span == left.span || finding.span == right.span;
            own && finding.code == "E0201" && text.iter().any(|words| finding.message.contains(words))
        };
        if op == BinaryOp::Cons {
            if let Some(wrong) = self.diagnostics.iter_mut().skip(mark).find(|wrong| wrong.span == right.span)
            {
                wrong.hint = Some("`::` puts one element before a list, as in `x :: xs`".to_owned());
            }
            return result;
        }
        let first = found.iter().find(|finding| joins(finding)).map(|finding| finding.span);
        let (BinaryOp::Add, Some(first)) = (op, first) else { return result };
        let number = |side: &Expr| matches!(side.kind, ExprKind::Int(_) | ExprKind::Decimal(_));
        if !number(left) && !number(right) {
            self.diagnostics.truncate(mark);
            self.report(mismatch::sum_of_texts(first));
        }
        self.error(span)
    }
}

/// What says of itself, plainly, which numbers it is one of.
fn is_told(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Name(_) | ExprKind::Int(_) | ExprKind::Decimal(_) | ExprKind::Field(..) => true,
        ExprKind::Call(head, _) => matches!(head.kind, ExprKind::Name(_)),
        ExprKind::Unary(UnaryOp::Neg, inner) => is_told(inner),
        ExprKind::Binary(_, left, right) => is_told(left) || is_told(right),
        _ => false,
    }
}

/// What says nothing of its own type.
fn is_vague(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Hole(_) | ExprKind::HoleHere(_) | ExprKind::Infer => true,
        ExprKind::List(items) => items.is_empty(),
        ExprKind::Name(name) => name == "None" || name == "Nil",
        _ => false,
    }
}
