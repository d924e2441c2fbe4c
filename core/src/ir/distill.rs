//! From core terms back to surface syntax, as an author would have written it.
//!
//! Implicit arguments disappear, list and record literals come back, binders keep their names unless two that are
//! visible at once would clash. Messages, reports, fits and fills all print through here, so nothing internal shows.

use crate::ir::{
    Arg, DeclId, DeclKind, Float, HoleId, INDICES, Icit, Literal, Name, Op, Pattern, PatternKind, PrimType,
    Program, Rational, Term, TermKind,
};
use crate::syntax::span::Span;
use crate::syntax::tree::{self, BinaryOp, Expr, ExprKind, Ident, UnaryOp};
use num_bigint::{BigInt, Sign};

/// What distillation asks of whoever holds the declarations.
pub trait Names {
    /// The name of a declaration as an author writes it.
    fn decl_name(&self, id: DeclId) -> Name;
    /// What is declared, when it is known.
    fn decl_kind(&self, id: DeclId) -> Option<&DeclKind>;
    /// The name of a hole, without question mark.
    fn hole_name(&self, id: HoleId) -> Name;
}

impl Names for Program {
    fn decl_name(&self, id: DeclId) -> Name {
        self.decl(id).map_or_else(|| "?".into(), |decl| decl.name.clone())
    }

    fn decl_kind(&self, id: DeclId) -> Option<&DeclKind> {
        self.decl(id).map(|decl| &decl.kind)
    }

    fn hole_name(&self, id: HoleId) -> Name {
        self.hole(id).map_or_else(|| "?".into(), |hole| hole.name.clone())
    }
}

/// The surface form of a term whose free variables are named by `context`, outermost first.
pub fn surface(names: &dyn Names, context: &[Name], term: &Term) -> Expr {
    Distiller { names, scope: context.to_vec(), depth: 0 }.expr(term)
}

/// The text of a term.
pub fn show(names: &dyn Names, context: &[Name], term: &Term) -> String {
    crate::syntax::print_expr(&surface(names, context, term))
}

/// The text of a type.
pub fn show_type(names: &dyn Names, context: &[Name], ty: &Term) -> String {
    crate::syntax::print_type(&surface(names, context, ty))
}

struct Distiller<'a> {
    names: &'a dyn Names,
    scope: Vec<Name>,
    depth: usize,
}

fn at_nowhere(kind: ExprKind) -> Expr {
    Expr { span: Span::default(), kind }
}

fn ident(name: &str) -> Ident {
    Ident { name: name.to_owned(), span: Span::default() }
}

/// What nests deeper than this is shown as `_`: nobody reads it, and showing it takes more stack than there is.
const DEEPEST: usize = 100;

impl Distiller<'_> {
    fn expr(&mut self, term: &Term) -> Expr {
        if self.depth >= DEEPEST {
            return at_nowhere(ExprKind::Infer);
        }
        self.depth += 1;
        let expr = self.expr_inside(term);
        self.depth -= 1;
        expr
    }

    fn expr_inside(&mut self, term: &Term) -> Expr {
        let kind = match &*term.kind {
            TermKind::Var(index) => {
                let position = self.scope.len().checked_sub(index + 1);
                let name = position.and_then(|position| self.scope.get(position));
                ExprKind::Name(name.map_or_else(|| "_".to_owned(), |name| name.to_string()))
            }
            TermKind::Global(_) | TermKind::Data(_) | TermKind::Con(..) | TermKind::App(..) => {
                let (head, args) = term.spine();
                return self.application(head, args);
            }
            TermKind::Hole(id) => ExprKind::Hole(self.names.hole_name(*id).to_string()),
            TermKind::Meta(_) | TermKind::Error => ExprKind::Infer,
            TermKind::Universe => ExprKind::Name("Type".to_owned()),
            TermKind::Prim(ty) => ExprKind::Name(prim_name(*ty).to_owned()),
            TermKind::Pi(Icit::Implicit, name, _, codomain) => {
                return self.under(name, |this, _| this.expr(codomain));
            }
            TermKind::Pi(Icit::Explicit, name, domain, codomain) => {
                let domain = self.expr(domain);
                let used = mentions_innermost(codomain);
                let (name, codomain) = self.under(name, |this, name| (name, this.expr(codomain)));
                ExprKind::Arrow(used.then(|| ident(&name)), Box::new(domain), Box::new(codomain))
            }
            TermKind::Lam(..) => {
                let (mut params, mut body, outer) = (Vec::new(), term, self.scope.len());
                while let TermKind::Lam(_, name, _, inner) = &*body.kind {
                    let name = self.visible(name);
                    params.push(tree::Param { name: ident(&name), ty: None });
                    self.scope.push(name);
                    body = inner;
                }
                let body = self.expr(body);
                self.scope.truncate(outer);
                ExprKind::Lambda(params, Box::new(body))
            }
            // Nobody wrote it.
            TermKind::Let(name, _, _, body) if &**name == INDICES => {
                return self.under(name, |this, _| this.expr(body));
            }
            TermKind::Let(_, ty, value, body) if matches!(&*body.kind, TermKind::Var(0)) => {
                ExprKind::Ascribe(Box::new(self.expr(value)), Box::new(self.expr(ty)))
            }
            TermKind::Let(name, _, value, body) => {
                let value = self.expr(value);
                let (name, body) = self.under(name, |this, name| (name, this.expr(body)));
                ExprKind::Let(ident(&name), None, Box::new(value), Box::new(body))
            }
            TermKind::Refine(name, base, predicate) => {
                let base = self.expr(base);
                let (name, predicate) = self.under(name, |this, name| (name, this.expr(predicate)));
                ExprKind::Refine(ident(&name), Box::new(base), Box::new(predicate))
            }
            TermKind::Eff(names, ty) => {
                let names = names.as_ref().map(|names| names.iter().map(|name| ident(name)).collect());
                ExprKind::Eff(names, Box::new(self.expr(ty)))
            }
            TermKind::Product(items) => ExprKind::Product(self.exprs(items)),
            TermKind::Tuple(items) => ExprKind::Tuple(self.exprs(items)),
            TermKind::List(_, items) => ExprKind::List(self.exprs(items)),
            TermKind::Field(decl, index, value) => {
                let value = self.expr(value);
                let field = match self.names.decl_kind(*decl) {
                    Some(DeclKind::Data(data)) => data
                        .ctors
                        .first()
                        .and_then(|ctor| ctor.fields.get(*index))
                        .and_then(|(name, _)| name.clone()),
                    _ => None,
                };
                ExprKind::Field(Box::new(value), ident(field.as_deref().unwrap_or("_")))
            }
            TermKind::Lit(literal) => return literal_expr(literal),
            TermKind::Op(Op::Run | Op::RunGiven, args) => {
                return args.first().map_or_else(|| at_nowhere(ExprKind::Infer), |inner| self.expr(inner));
            }
            TermKind::Op(op, args) => return self.operator(*op, args),
            TermKind::If(cond, yes, no) => {
                ExprKind::If(Box::new(self.expr(cond)), Box::new(self.expr(yes)), Box::new(self.expr(no)))
            }
            TermKind::Match(scrutinee, _, arms) => {
                let scrutinee = self.expr(scrutinee);
                let arms = arms.iter().map(|arm| {
                    let outer = self.scope.len();
                    let pattern = self.pattern(&arm.pattern);
                    let body = self.expr(&arm.body);
                    self.scope.truncate(outer);
                    tree::Arm { pattern, body }
                });
                let arms = arms.collect();
                ExprKind::Match(Box::new(scrutinee), arms)
            }
            TermKind::Quant(quantifier, name, ty, body) => {
                let ty = self.expr(ty);
                let (name, body) = self.under(name, |this, name| (name, this.expr(body)));
                let mut params = vec![tree::Param { name: ident(&name), ty: Some(ty) }];
                let body = match body.kind {
                    ExprKind::Quantified(inner, more, body) if inner == *quantifier => {
                        params.extend(more);
                        body
                    }
                    _ => Box::new(body),
                };
                ExprKind::Quantified(*quantifier, params, body)
            }
        };
        at_nowhere(kind)
    }

    fn exprs(&mut self, terms: &[Term]) -> Vec<Expr> {
        terms.iter().map(|term| self.expr(term)).collect()
    }

    fn application(&mut self, head: &Term, args: &[Arg]) -> Expr {
        let explicit: Vec<&Term> =
            args.iter().filter(|a| a.icit == Icit::Explicit).map(|a| &a.term).collect();
        match &*head.kind {
            TermKind::Global(id) if matches!(self.names.decl_kind(*id), Some(DeclKind::Alias(..))) => {
                let name = self.names.decl_name(*id);
                self.type_application(&name, args)
            }
            TermKind::Data(id) => {
                let name = self.names.decl_name(*id);
                self.type_application(&name, args)
            }
            TermKind::Con(id, index) => self.construction(*id, *index, &explicit),
            TermKind::Global(id) => {
                let name = self.names.decl_name(*id);
                match (&*name, explicit.as_slice()) {
                    ("append" | "bytes_append", [left, right]) => {
                        let (left, right) = (self.expr(left), self.expr(right));
                        at_nowhere(ExprKind::Binary(BinaryOp::Append, Box::new(left), Box::new(right)))
                    }
                    _ => {
                        let callee =
                            at_nowhere(ExprKind::Name(crate::ir::overload::surface_name(&name).to_owned()));
                        self.call(callee, &explicit)
                    }
                }
            }
            // An unknown is shown as such, whatever it is applied to.
            TermKind::Meta(_) => at_nowhere(ExprKind::Infer),
            _ => {
                let callee = self.expr(head);
                self.call(callee, &explicit)
            }
        }
    }

    fn call(&mut self, callee: Expr, args: &[&Term]) -> Expr {
        if args.is_empty() {
            return callee;
        }
        let args = args.iter().map(|arg| self.expr(arg)).collect();
        at_nowhere(ExprKind::Call(Box::new(callee), args))
    }

    fn type_application(&mut self, name: &str, args: &[Arg]) -> Expr {
        let head = at_nowhere(ExprKind::Name(name.to_owned()));
        if args.is_empty() {
            return head;
        }
        let args = args.iter().map(|arg| self.expr(&arg.term)).collect();
        at_nowhere(ExprKind::TypeApp(Box::new(head), args))
    }

    fn construction(&mut self, id: DeclId, index: usize, fields: &[&Term]) -> Expr {
        let Some(DeclKind::Data(data)) = self.names.decl_kind(id) else { return at_nowhere(ExprKind::Infer) };
        let (entity, ctor) = (data.entity, data.ctors.get(index).cloned());
        let Some(ctor) = ctor else { return at_nowhere(ExprKind::Infer) };
        match (&*ctor.name, fields) {
            ("Nil", []) => at_nowhere(ExprKind::List(Vec::new())),
            ("Cons", [head, tail]) => {
                // A chain that ends in `[]` is a literal; it is walked without recursion, lists can be long.
                let (mut items, mut rest) = (vec![self.expr(head)], *tail);
                loop {
                    let (head, args) = rest.spine();
                    let TermKind::Con(other, index) = &*head.kind else { break };
                    let mut explicit = args.iter().filter(|a| a.icit == Icit::Explicit).map(|a| &a.term);
                    match (*other == id, index, explicit.next(), explicit.next()) {
                        (true, 0, None, None) => return at_nowhere(ExprKind::List(items)),
                        (true, 1, Some(head), Some(tail)) => {
                            items.push(self.expr(head));
                            rest = tail;
                        }
                        _ => break,
                    }
                }
                let end = self.expr(rest);
                items.into_iter().rev().fold(end, |tail, head| {
                    at_nowhere(ExprKind::Binary(BinaryOp::Cons, Box::new(head), Box::new(tail)))
                })
            }
            _ if entity && fields.len() == ctor.fields.len() => {
                let fields = ctor
                    .fields
                    .iter()
                    .zip(fields)
                    .map(|((name, _), value)| (ident(name.as_deref().unwrap_or("_")), self.expr(value)));
                let fields = fields.collect();
                at_nowhere(ExprKind::Record(ident(&ctor.name), fields))
            }
            _ => {
                let callee = at_nowhere(ExprKind::Name(ctor.name.to_string()));
                self.call(callee, fields)
            }
        }
    }

    fn operator(&mut self, op: Op, args: &[Term]) -> Expr {
        let infix = |op: BinaryOp| Some(op);
        let binary = match op {
            Op::Eq | Op::FloatEq => infix(BinaryOp::Eq),
            Op::Ne => infix(BinaryOp::Ne),
            Op::Lt | Op::StrLt | Op::RealLt | Op::FloatLt => infix(BinaryOp::Lt),
            Op::Le | Op::StrLe | Op::RealLe | Op::FloatLe => infix(BinaryOp::Le),
            Op::Gt => infix(BinaryOp::Gt),
            Op::Ge => infix(BinaryOp::Ge),
            Op::Add | Op::RealAdd | Op::FloatAdd => infix(BinaryOp::Add),
            Op::Sub | Op::RealSub | Op::FloatSub => infix(BinaryOp::Sub),
            Op::Mul | Op::RealMul | Op::FloatMul => infix(BinaryOp::Mul),
            Op::Div | Op::RealDiv | Op::FloatDiv => infix(BinaryOp::Div),
            Op::Mod => infix(BinaryOp::Mod),
            Op::And => infix(BinaryOp::And),
            Op::Or => infix(BinaryOp::Or),
            Op::Implies => infix(BinaryOp::Implies),
            Op::Iff => infix(BinaryOp::Iff),
            Op::StrAppend => infix(BinaryOp::Append),
            Op::Neg | Op::RealNeg | Op::FloatNeg => None,
            Op::Not | Op::StrAt | Op::ListAt | Op::Run | Op::RunGiven => None,
        };
        let operands: Vec<Expr> = match op {
            Op::Eq | Op::Ne | Op::ListAt => args.iter().skip(1).map(|arg| self.expr(arg)).collect(),
            _ => self.exprs(args),
        };
        let mut operands = operands.into_iter();
        let kind = match (operands.next(), operands.next(), binary, op) {
            (Some(left), Some(right), Some(binary), _) => {
                ExprKind::Binary(binary, Box::new(left), Box::new(right))
            }
            (Some(value), Some(index), None, _) => ExprKind::Index(Box::new(value), Box::new(index)),
            (Some(value), None, _, Op::Neg | Op::RealNeg | Op::FloatNeg) => {
                ExprKind::Unary(UnaryOp::Neg, Box::new(value))
            }
            (Some(value), None, _, _) => ExprKind::Unary(UnaryOp::Not, Box::new(value)),
            (None, ..) => ExprKind::Infer,
        };
        at_nowhere(kind)
    }

    fn pattern(&mut self, pattern: &Pattern) -> tree::Pattern {
        let kind = match &pattern.kind {
            PatternKind::Wildcard => tree::PatternKind::Wildcard,
            PatternKind::Var(name, _) => {
                let name = self.visible(name);
                self.scope.push(name.clone());
                tree::PatternKind::Var(name.to_string())
            }
            PatternKind::Lit(literal) => match literal {
                Literal::Int(value) => tree::PatternKind::Int(value.clone()),
                Literal::Bool(value) => tree::PatternKind::Bool(*value),
                Literal::Str(text) => tree::PatternKind::Str(text.to_string()),
                Literal::Unit => tree::PatternKind::Unit,
                // No pattern is one.
                Literal::Real(_) | Literal::Float(_) => tree::PatternKind::Error,
            },
            PatternKind::Tuple(items) => {
                tree::PatternKind::Tuple(items.iter().map(|item| self.pattern(item)).collect())
            }
            PatternKind::Con(id, index, fields) => {
                let name = match self.names.decl_kind(*id) {
                    Some(DeclKind::Data(data)) => data.ctors.get(*index).map(|ctor| ctor.name.clone()),
                    _ => None,
                };
                let name = name.unwrap_or_else(|| "_".into());
                let mut fields: Vec<tree::Pattern> = fields.iter().map(|field| self.pattern(field)).collect();
                match (&*name, fields.len()) {
                    ("Nil", 0) => tree::PatternKind::List(Vec::new()),
                    ("Cons", 2) => {
                        let tail = fields.pop();
                        let head = fields.pop();
                        match (head, tail) {
                            (Some(head), Some(tail)) => {
                                tree::PatternKind::Cons(Box::new(head), Box::new(tail))
                            }
                            _ => tree::PatternKind::Error,
                        }
                    }
                    _ => tree::PatternKind::Ctor(ident(&name), fields),
                }
            }
        };
        tree::Pattern { span: pattern.span, kind }
    }

    fn under<R>(&mut self, name: &Name, f: impl FnOnce(&mut Self, Name) -> R) -> R {
        let name = self.visible(name);
        self.scope.push(name.clone());
        let result = f(self, name);
        self.scope.pop();
        result
    }

    /// `name`, or with a number when a visible variable is called the same.
    fn visible(&self, name: &Name) -> Name {
        let base: Name = if &**name == "_" { "x".into() } else { name.clone() };
        if !self.scope.contains(&base) {
            return base;
        }
        let numbered = (1..).map(|number| Name::from(format!("{base}{number}")));
        numbered.into_iter().find(|candidate| !self.scope.contains(candidate)).unwrap_or(base)
    }
}

/// Whether the innermost variable occurs in a term.
pub fn mentions_innermost(term: &Term) -> bool {
    let found = std::cell::Cell::new(false);
    term.map_vars(0, &|index, depth| {
        if index == depth {
            found.set(true);
        }
        TermKind::Var(index).into_term()
    });
    found.get()
}

/// How a primitive type is written.
pub fn prim_name(ty: PrimType) -> &'static str {
    match ty {
        PrimType::Int => "Int",
        PrimType::Real => "Real",
        PrimType::Float => "Float",
        PrimType::Bool => "Bool",
        PrimType::Str => "Str",
        PrimType::Unit => "Unit",
    }
}

/// A literal as an author writes it; negative numbers are a minus and a number.
pub fn literal_expr(literal: &Literal) -> Expr {
    at_nowhere(match literal {
        Literal::Int(value) if value.sign() == Sign::Minus => {
            ExprKind::Unary(UnaryOp::Neg, Box::new(at_nowhere(ExprKind::Int(-value.clone()))))
        }
        Literal::Int(value) => ExprKind::Int(value.clone()),
        Literal::Real(value) => return real_expr(value),
        Literal::Float(value) => return float_expr(*value),
        Literal::Bool(value) => ExprKind::Bool(*value),
        Literal::Str(text) => ExprKind::Str(text.to_string()),
        Literal::Unit => ExprKind::Unit,
    })
}

/// A decimal, or a division of two where it has no end.
fn real_expr(value: &Rational) -> Expr {
    if value.is_negative() {
        return match real_expr(&value.negated()) {
            Expr { kind: ExprKind::Binary(op, above, below), .. } => {
                let above = at_nowhere(ExprKind::Unary(UnaryOp::Neg, above));
                at_nowhere(ExprKind::Binary(op, Box::new(above), below))
            }
            size => at_nowhere(ExprKind::Unary(UnaryOp::Neg, Box::new(size))),
        };
    }
    let whole = |n: &BigInt| Box::new(at_nowhere(ExprKind::Decimal(format!("{n}.0"))));
    match value.decimal() {
        Some(decimal) => at_nowhere(ExprKind::Decimal(decimal)),
        None => {
            let (above, below) = (whole(value.numerator()), whole(value.denominator()));
            at_nowhere(ExprKind::Binary(BinaryOp::Div, above, below))
        }
    }
}

fn float_expr(value: Float) -> Expr {
    let number = value.get();
    let named = |name: &str| {
        let name = Box::new(at_nowhere(ExprKind::Name(name.to_owned())));
        at_nowhere(ExprKind::Call(name, Vec::new()))
    };
    if number.is_nan() {
        return named("nan");
    }
    let size = match number.is_infinite() {
        true => named("infinity"),
        false => at_nowhere(ExprKind::Decimal(Float::new(number.abs()).decimal())),
    };
    match number.is_sign_negative() {
        true => at_nowhere(ExprKind::Unary(UnaryOp::Neg, Box::new(size))),
        false => size,
    }
}
