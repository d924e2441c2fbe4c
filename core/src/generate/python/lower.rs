//! Terms as Python expressions and statements.
//!
//! An expression may need statements before it (a `match`, a loop); they go to the block it is given. What stands
//! in a branch that may not run gets a block of its own, so laziness is kept: when that block stays empty the
//! branch is an expression (`a if c else b`, `a and b`), otherwise an `if` statement.

use super::descent::Descent;
use super::helpers::Helper;
use super::loops::Loop;
use super::names::Names;
use super::outline::{OptionStyle, Outline, Shape};
use super::syntax::{Binary, Block, Comparison, Expr, Function, Stmt};
use crate::eval::value::{CONS, SOME};
use crate::ir::{Arg, DeclId, HoleId, Icit, Literal, Name, Op, Term, TermKind};
use std::collections::BTreeSet;
use std::rc::Rc;

/// A term that has no Python, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Beyond(pub String);

pub(super) type Lowered<T> = Result<T, Beyond>;

/// What a variable in scope is in Python.
#[derive(Debug, Clone)]
pub(super) enum Slot {
    /// An expression that is cheap and cannot fail.
    Value(Expr),
    /// A type parameter, by the name of its `TypeVar`.
    Type(String),
    /// The elements of `list` from `index + offset` on: a list that a loop walks through.
    Cursor { list: String, index: String, offset: usize },
}

/// Where the value of a term goes.
#[derive(Debug, Clone)]
pub(super) enum Dest {
    Return,
    Assign(String),
    /// The end of one turn of a loop that stands for a recursion.
    Loop(Rc<Loop>),
    /// The bottom of a recursion that comes back up.
    Down(Rc<Descent>),
}

/// What a module needs besides its own definitions.
#[derive(Debug, Default, Clone)]
pub(super) struct Uses {
    pub helpers: BTreeSet<Helper>,
    pub imports: BTreeSet<&'static str>,
    /// Assumptions that are constants.
    pub constants: BTreeSet<HoleId>,
}

/// Lowers the terms of one function.
pub(super) struct Lowerer<'o> {
    pub outline: &'o Outline<'o>,
    pub uses: &'o mut Uses,
    pub scope: Vec<Slot>,
    pub locals: Names,
    /// The obligations of the definition are proved.
    pub proved: bool,
    /// The definition being generated, and what a call of itself becomes.
    pub own: Option<(DeclId, OwnCall)>,
    /// The annotation of its result.
    pub result: String,
}

/// What a recursive call becomes.
#[derive(Debug, Clone)]
pub(super) enum OwnCall {
    /// A call of this function.
    Function(String),
    /// A variable that holds its value already.
    Variable(String),
}

impl<'o> Lowerer<'o> {
    pub(super) fn new(outline: &'o Outline<'o>, uses: &'o mut Uses) -> Self {
        Lowerer {
            outline,
            uses,
            scope: Vec::new(),
            locals: outline.names.clone(),
            proved: false,
            own: None,
            result: String::new(),
        }
    }

    /// Runs `f` with more variables in scope.
    pub(super) fn under<R>(
        &mut self,
        slots: impl IntoIterator<Item = Slot>,
        f: impl FnOnce(&mut Self) -> R,
    ) -> R {
        let outer = self.scope.len();
        self.scope.extend(slots);
        let result = f(self);
        self.scope.truncate(outer);
        result
    }

    pub(super) fn slot(&self, index: usize) -> Option<&Slot> {
        self.scope.iter().rev().nth(index)
    }

    pub(super) fn import(&mut self, name: &'static str) {
        self.uses.imports.insert(name);
    }

    /// The name of the class of sets or of maps.
    pub(super) fn collection(&mut self, id: DeclId) -> String {
        let helper = if self.outline.program.set() == Some(id) { Helper::Set } else { Helper::Map };
        self.uses.helpers.insert(helper);
        self.outline.helpers.get(&helper).cloned().unwrap_or_default()
    }

    pub(super) fn helper(&mut self, helper: Helper, args: Vec<Expr>) -> Expr {
        self.uses.helpers.insert(helper);
        let name = self.outline.helpers.get(&helper).cloned().unwrap_or_default();
        Expr::call(&name, args)
    }

    /// The expression of a term; statements it needs first go to `out`.
    pub(super) fn expr(&mut self, term: &Term, out: &mut Block) -> Lowered<Expr> {
        match &*term.kind {
            TermKind::Var(index) => match self.slot(*index) {
                Some(Slot::Value(expr)) => Ok(expr.clone()),
                Some(Slot::Cursor { list, index, offset }) => {
                    let from = plus(Expr::name(index.clone()), *offset);
                    Ok(Expr::name(list.clone()).slice(Some(from), None))
                }
                Some(Slot::Type(_)) | None => Err(Beyond("it computes with types".to_owned())),
            },
            TermKind::Lit(literal) => Ok(self.literal(literal)),
            TermKind::Hole(id) => self.assumption(*id, out),
            TermKind::Global(_) | TermKind::Con(..) | TermKind::App(..) => {
                let (head, args) = term.spine();
                self.application(head, args, out)
            }
            TermKind::Lam(_, name, _, body) => self.lambda(&"function".into(), name, body, out),
            TermKind::Let(_, _, value, body) if matches!(&*body.kind, TermKind::Var(0)) => {
                self.expr(value, out)
            }
            TermKind::Let(name, _, value, body) => {
                let value = self.named(value, name, out)?;
                let value = self.atom(value, name, out);
                self.under([Slot::Value(value)], |this| this.expr(body, out))
            }
            TermKind::Tuple(items) => Ok(Expr::Tuple(self.exprs(items, out)?)),
            TermKind::List(_, items) => Ok(Expr::List(self.exprs(items, out)?)),
            TermKind::Field(decl, field, value) => {
                let value = self.expr(value, out)?;
                let class = self.outline.classes.get(decl);
                let name =
                    class.and_then(|class| class.ctors.first()).and_then(|ctor| ctor.fields.get(*field));
                let name = name.ok_or_else(|| Beyond("it reads a field of no entity".to_owned()))?;
                Ok(value.attribute(name))
            }
            TermKind::Op(op, args) => self.operator(*op, args, out),
            TermKind::If(cond, yes, no) => {
                let (mut if_yes, mut if_no) = (Block::new(), Block::new());
                let condition = self.expr(cond, out)?;
                let yes_value = self.expr(yes, &mut if_yes)?;
                let no_value = self.expr(no, &mut if_no)?;
                if if_yes.is_empty() && if_no.is_empty() {
                    return Ok(Expr::choose(condition, yes_value, no_value));
                }
                let name = self.locals.fresh("value");
                if_yes.push(Stmt::Assign(Expr::name(name.clone()), yes_value));
                if_no.push(Stmt::Assign(Expr::name(name.clone()), no_value));
                out.push(Stmt::If(condition, if_yes, if_no));
                Ok(Expr::Name(name))
            }
            TermKind::Match(scrutinee, ty, arms) => {
                if let Some(expr) = self.match_expression(scrutinee, ty, arms, out)? {
                    return Ok(expr);
                }
                self.named(term, &"value".into(), out)
            }
            TermKind::Quant(quantifier, name, ty, body) => self.quantifier(*quantifier, name, ty, body, out),
            TermKind::Error | TermKind::Meta(_) => Err(Beyond("it does not type-check".to_owned())),
            _ => Err(Beyond("it computes with types".to_owned())),
        }
    }

    /// Like [`Self::expr`]; when the value needs a variable, it is called `wanted`.
    pub(super) fn named(&mut self, term: &Term, wanted: &Name, out: &mut Block) -> Lowered<Expr> {
        if let TermKind::Lam(_, param, _, body) = &*term.kind {
            return self.lambda(wanted, param, body, out);
        }
        if let TermKind::Match(scrutinee, ty, arms) = &*term.kind {
            if let Some(expr) = self.match_expression(scrutinee, ty, arms, out)? {
                return Ok(expr);
            }
            let name = self.locals.fresh(wanted);
            self.tail(term, &Dest::Assign(name.clone()), out)?;
            return Ok(Expr::Name(name));
        }
        self.expr(term, out)
    }

    /// An expression that may be written more than once: itself, or a new variable that holds it.
    pub(super) fn atom(&mut self, expr: Expr, wanted: &str, out: &mut Block) -> Expr {
        if expr.is_atom() {
            return expr;
        }
        let name = Expr::Name(self.locals.fresh(wanted));
        out.push(Stmt::Assign(name.clone(), expr));
        name
    }

    pub(super) fn exprs<'t>(
        &mut self,
        terms: impl IntoIterator<Item = &'t Term>,
        out: &mut Block,
    ) -> Lowered<Vec<Expr>> {
        terms.into_iter().map(|term| self.expr(term, out)).collect()
    }

    /// An assumption is what it assumes: a constant of the module when it depends on nothing.
    fn assumption(&mut self, id: HoleId, out: &mut Block) -> Lowered<Expr> {
        if let Some(constant) = self.outline.constants.get(&id) {
            self.uses.constants.insert(id);
            return Ok(Expr::name(constant.clone()));
        }
        let hole = self.outline.program.hole(id).ok_or_else(|| Beyond("a hole is undecided".to_owned()))?;
        let default = hole.default.as_ref().ok_or_else(|| Beyond(format!("?{} is undecided", hole.name)))?;
        if hole.context.is_empty() {
            let outer = std::mem::take(&mut self.scope);
            let value = self.expr(default, out);
            self.scope = outer;
            value
        } else {
            self.expr(default, out)
        }
    }

    fn application(&mut self, head: &Term, args: &[Arg], out: &mut Block) -> Lowered<Expr> {
        let explicit: Vec<&Term> =
            args.iter().filter(|arg| arg.icit == Icit::Explicit).map(|arg| &arg.term).collect();
        match &*head.kind {
            TermKind::Global(id) => {
                let params =
                    self.outline.program.def(*id).map(|def| def.params.as_slice()).unwrap_or_default();
                let arity = params.iter().filter(|param| param.icit == Icit::Explicit).count();
                let Some((own, extra)) = explicit.split_at_checked(arity) else {
                    return self.function_value(head, args, arity, out);
                };
                let types: Vec<&Term> =
                    args.iter().filter(|arg| arg.icit == Icit::Implicit).map(|arg| &arg.term).collect();
                let called = self.call(*id, &types, own, out)?;
                self.applied(called, extra, out)
            }
            TermKind::Con(decl, ctor) => {
                let fields = self
                    .outline
                    .program
                    .data(*decl)
                    .and_then(|data| data.ctors.get(*ctor))
                    .map_or(0, |ctor| ctor.fields.len());
                // Value parameters of the data type are written as arguments too; fields come last.
                match explicit.len().checked_sub(fields).and_then(|skip| explicit.get(skip..)) {
                    Some(own) if fields > 0 || args.is_empty() || explicit.is_empty() => {
                        self.constructor(*decl, *ctor, own, out)
                    }
                    _ => self.function_value(head, args, fields, out),
                }
            }
            // `(\x. e)(a)` is `e` with `a` for `x`.
            TermKind::Lam(_, name, _, body) if !explicit.is_empty() => {
                let Some(first) = args.first() else { return Err(Beyond("it applies nothing".to_owned())) };
                let value = self.named(&first.term, name, out)?;
                let value = self.atom(value, name, out);
                let rest: Vec<Arg> =
                    args.iter().skip(1).map(|arg| Arg { icit: arg.icit, term: arg.term.shift(1) }).collect();
                let applied = body.clone().apply(body.span, rest);
                self.under([Slot::Value(value)], |this| this.expr(&applied, out))
            }
            _ => {
                let function = self.expr(head, out)?;
                self.applied(function, &explicit, out)
            }
        }
    }

    /// Function values take one argument at a time.
    fn applied(&mut self, function: Expr, args: &[&Term], out: &mut Block) -> Lowered<Expr> {
        args.iter().try_fold(function, |function, arg| Ok(function.called(vec![self.expr(arg, out)?])))
    }

    /// A call of a definition with all its arguments.
    fn call(&mut self, id: DeclId, types: &[&Term], args: &[&Term], out: &mut Block) -> Lowered<Expr> {
        if types.iter().any(|ty| self.outline.program.holds_floats(ty)) && self.outline.tells_apart(id) {
            let name = self.outline.program.decl(id).map(|decl| decl.name.clone()).unwrap_or_default();
            return Err(Beyond(format!(
                "`{name}` compares values that hold a `Float`, of which Python's `==` says otherwise"
            )));
        }
        if self.outline.is_prelude(id) {
            return self.prelude_call(id, types, args, out);
        }
        let own = self.own.clone().filter(|(own, _)| *own == id).map(|(_, call)| call);
        let name = match own {
            Some(OwnCall::Variable(name)) => return Ok(Expr::Name(name)),
            Some(OwnCall::Function(name)) => name,
            None => self.function_name(id)?,
        };
        let args = self.exprs(args.iter().copied(), out)?;
        Ok(Expr::call(&name, args))
    }

    fn function_name(&self, id: DeclId) -> Lowered<String> {
        self.outline.functions.get(&id).cloned().ok_or_else(|| {
            let name = self.outline.program.decl(id).map(|decl| decl.name.to_string()).unwrap_or_default();
            Beyond(format!("it uses `{name}`, which is left out"))
        })
    }

    /// A definition or constructor that is not applied: itself when it takes one argument, otherwise a chain of
    /// lambdas.
    fn function_value(&mut self, head: &Term, args: &[Arg], arity: usize, out: &mut Block) -> Lowered<Expr> {
        let types = args.iter().filter(|arg| arg.icit == Icit::Implicit);
        if let TermKind::Global(id) = &*head.kind
            && types.clone().any(|ty| self.outline.program.holds_floats(&ty.term))
            && self.outline.tells_apart(*id)
        {
            return Err(Beyond("it compares values that hold a `Float`".to_owned()));
        }
        if let (TermKind::Global(id), 1) = (&*head.kind, arity) {
            if let Some(name) = self.builtin_function(*id) {
                return Ok(name);
            }
            if !self.outline.is_prelude(*id) {
                return Ok(Expr::Name(self.function_name(*id)?));
            }
        }
        let params: Vec<Name> = match &*head.kind {
            TermKind::Global(id) => self.outline.program.def(*id).map_or_else(Vec::new, |def| {
                let explicit = def.params.iter().filter(|param| param.icit == Icit::Explicit);
                explicit.map(|param| param.name.clone()).collect()
            }),
            _ => Vec::new(),
        };
        let wanted = |position: usize| params.get(position).map_or("value", |name| name);
        let names: Vec<String> = (0..arity).map(|position| self.locals.fresh(wanted(position))).collect();
        let slots: Vec<Slot> = names.iter().map(|name| Slot::Value(Expr::name(name.clone()))).collect();
        let applied = eta(head.clone().apply(head.span, args.to_vec()), arity);
        let mut block = Block::new();
        let body = self.under(slots, |this| this.expr(&applied, &mut block))?;
        if block.is_empty() {
            names.iter().for_each(|name| self.locals.release(name));
            return Ok(names
                .into_iter()
                .rev()
                .fold(body, |body, name| Expr::Lambda(vec![name], Box::new(body))));
        }
        let Some((last, outer)) = names.split_last() else {
            return Err(Beyond("it is no function".to_owned()));
        };
        let name = self.local_function("function", vec![last.clone()], block, body, out);
        if outer.is_empty() {
            Ok(name)
        } else {
            Err(Beyond("it passes a function of several arguments".to_owned()))
        }
    }

    /// A constructor with all its fields.
    fn constructor(&mut self, decl: DeclId, ctor: usize, args: &[&Term], out: &mut Block) -> Lowered<Expr> {
        let program = self.outline.program;
        if Some(decl) == program.list() {
            return self.list_literal(ctor, args, out);
        }
        if Some(decl) == program.option() {
            return match (ctor, args) {
                (SOME, [value]) => {
                    let value = self.expr(value, out)?;
                    Ok(self.some(value))
                }
                _ => Ok(Expr::None),
            };
        }
        let class =
            self.outline.classes.get(&decl).ok_or_else(|| Beyond("its type is left out".to_owned()))?;
        let shape = class.shape;
        let Some(constructor) = class.ctors.get(ctor) else {
            return Err(Beyond("no such constructor".to_owned()));
        };
        let values = self.exprs(args.iter().copied(), out)?;
        Ok(match shape {
            Shape::Enumeration => Expr::name(class.name.clone()).attribute(&constructor.name),
            Shape::Sum => Expr::call(&constructor.name, values),
            Shape::Entity => {
                let named = constructor.fields.iter().cloned().zip(values).collect();
                Expr::Call(Box::new(Expr::name(constructor.name.clone())), Vec::new(), named)
            }
        })
    }

    /// `[a, b, *rest]` from a chain of `::`.
    fn list_literal(&mut self, ctor: usize, args: &[&Term], out: &mut Block) -> Lowered<Expr> {
        let list = self.outline.program.list();
        let mut items = Vec::new();
        let (mut ctor, mut args): (usize, Vec<Term>) =
            (ctor, args.iter().map(|arg| (*arg).clone()).collect());
        loop {
            let (CONS, [head, tail]) = (ctor, args.as_slice()) else { return Ok(Expr::List(items)) };
            items.push(self.expr(head, out)?);
            let tail = tail.clone();
            let (next, next_args) = tail.spine();
            match &*next.kind {
                TermKind::Con(decl, next) if Some(*decl) == list => {
                    let fields = next_args.iter().filter(|arg| arg.icit == Icit::Explicit);
                    (ctor, args) = (*next, fields.map(|arg| arg.term.clone()).collect());
                }
                _ => {
                    let rest = self.expr(&tail, out)?;
                    match rest {
                        Expr::List(more) => items.extend(more),
                        rest => items.push(Expr::Starred(Box::new(rest))),
                    }
                    return Ok(Expr::List(items));
                }
            }
        }
    }

    /// `Some(value)`.
    pub(super) fn some(&mut self, value: Expr) -> Expr {
        match self.outline.option_style {
            OptionStyle::Bare => value,
            OptionStyle::Boxed => Expr::call("Some", vec![value]),
        }
    }

    /// A function value; one that needs statements is called `wanted`.
    fn lambda(&mut self, wanted: &Name, name: &Name, body: &Term, out: &mut Block) -> Lowered<Expr> {
        let param = self.locals.fresh(name);
        let mut block = Block::new();
        let body =
            self.under([Slot::Value(Expr::name(param.clone()))], |this| this.expr(body, &mut block))?;
        if block.is_empty() {
            self.locals.release(&param);
            return Ok(Expr::Lambda(vec![param], Box::new(body)));
        }
        Ok(self.local_function(wanted, vec![param], block, body, out))
    }

    /// Defines a function for what does not fit into a lambda.
    pub(super) fn local_function(
        &mut self,
        wanted: &str,
        params: Vec<String>,
        mut body: Block,
        result: Expr,
        out: &mut Block,
    ) -> Expr {
        let name = self.locals.fresh(wanted);
        body.push(Stmt::Return(result));
        let params = params.into_iter().map(|param| (param, None)).collect();
        out.push(Stmt::Function(Function {
            name: name.clone(),
            params,
            result: None,
            docstring: None,
            body,
        }));
        Expr::Name(name)
    }

    fn literal(&mut self, literal: &Literal) -> Expr {
        match literal {
            Literal::Int(n) => Expr::Int(n.clone()),
            Literal::Real(n) => {
                self.import("Fraction");
                Expr::fraction(n)
            }
            Literal::Float(n) => Expr::float(*n),
            Literal::Bool(b) => Expr::Bool(*b),
            Literal::Str(s) => Expr::Str(s.to_string()),
            Literal::Unit => Expr::None,
        }
    }

    fn operator(&mut self, op: Op, args: &[Term], out: &mut Block) -> Lowered<Expr> {
        match (op, args) {
            (Op::Eq | Op::Ne, [_, left, right]) => {
                let (left, right) = (self.expr(left, out)?, self.expr(right, out)?);
                let none = left == Expr::None || right == Expr::None;
                let comparison = match (op, none) {
                    (Op::Eq, false) => Comparison::Eq,
                    (Op::Eq, true) => Comparison::Is,
                    (_, false) => Comparison::Ne,
                    (_, true) => Comparison::IsNot,
                };
                let (left, right) = if left == Expr::None { (right, left) } else { (left, right) };
                Ok(Expr::compare(comparison, left, right))
            }
            (Op::And | Op::Or | Op::Implies, [left, right]) => self.lazy(op, left, right, out),
            (Op::ListAt, [_, list, index]) => {
                let (list, index_value) = (self.expr(list, out)?, self.expr(index, out)?);
                Ok(self.indexed(list, index_value))
            }
            (Op::StrAt, [text, index]) => {
                let (text, index_value) = (self.expr(text, out)?, self.expr(index, out)?);
                Ok(self.indexed(text, index_value))
            }
            (Op::Neg | Op::RealNeg | Op::FloatNeg, [value]) => Ok(match self.expr(value, out)? {
                Expr::Int(n) => Expr::Int(-n),
                value => Expr::Negative(Box::new(value)),
            }),
            (Op::Not, [value]) => Ok(self.expr(value, out)?.negated()),
            (_, [left, right]) => {
                let (left, right) = (self.expr(left, out)?, self.expr(right, out)?);
                let compare = |comparison, left, right| Ok(Expr::compare(comparison, left, right));
                let binary = |op, left, right| Ok(Expr::binary(op, left, right));
                match op {
                    Op::Lt | Op::StrLt | Op::RealLt => compare(Comparison::Lt, left, right),
                    Op::Le | Op::StrLe | Op::RealLe => compare(Comparison::Le, left, right),
                    Op::FloatEq => compare(Comparison::Eq, left, right),
                    Op::FloatLt => compare(Comparison::FloatLt, left, right),
                    Op::FloatLe => compare(Comparison::FloatLe, left, right),
                    Op::Gt => compare(Comparison::Gt, left, right),
                    Op::Ge => compare(Comparison::Ge, left, right),
                    Op::Iff => compare(Comparison::Eq, left, right),
                    Op::Add | Op::RealAdd | Op::FloatAdd => binary(Binary::Add, left, right),
                    Op::StrAppend => Ok(Expr::joined(Binary::Add, left, right)),
                    Op::Sub | Op::RealSub | Op::FloatSub => binary(Binary::Sub, left, right),
                    Op::Mul | Op::RealMul | Op::FloatMul => binary(Binary::Mul, left, right),
                    Op::RealDiv => binary(Binary::Div, left, right),
                    // Python has no division of a `float` by zero.
                    Op::FloatDiv if matches!(&right, Expr::Decimal(digits) if digits != "0.0") => {
                        binary(Binary::Div, left, right)
                    }
                    Op::FloatDiv => Ok(self.helper(Helper::Quotient, vec![left, right])),
                    Op::Div => binary(Binary::FloorDiv, left, right),
                    Op::Mod => binary(Binary::Mod, left, right),
                    _ => Err(Beyond("an operator has the wrong number of operands".to_owned())),
                }
            }
            _ => Err(Beyond("an operator has the wrong number of operands".to_owned())),
        }
    }

    /// `a and b`, `a or b`, `not a or b`; when `b` needs statements they run only if `a` does not decide.
    fn lazy(&mut self, op: Op, left: &Term, right: &Term, out: &mut Block) -> Lowered<Expr> {
        let left = self.expr(left, out)?;
        let mut then = Block::new();
        let right = self.expr(right, &mut then)?;
        if then.is_empty() {
            return Ok(match op {
                Op::And => left.and(right),
                Op::Or => left.or(right),
                _ => left.negated().or(right),
            });
        }
        let name = Expr::Name(self.locals.fresh("holds"));
        then.push(Stmt::Assign(name.clone(), right));
        let (first, goes_on) = match op {
            Op::And => (left, name.clone()),
            Op::Or => (left, name.clone().negated()),
            _ => (left.negated(), name.clone().negated()),
        };
        out.push(Stmt::Assign(name.clone(), first));
        out.push(Stmt::If(goes_on, then, Vec::new()));
        Ok(name)
    }

    /// `items[index]`: Python counts negative indexes from the end, so an index that is not known to be in range
    /// is checked.
    fn indexed(&mut self, items: Expr, index: Expr) -> Expr {
        if self.proved || matches!(&index, Expr::Int(n) if n.sign() != num_bigint::Sign::Minus) {
            return items.index(index);
        }
        self.helper(Helper::At, vec![items, index])
    }
}

/// `expr + offset`, nothing for 0.
pub(super) fn plus(expr: Expr, offset: usize) -> Expr {
    if offset == 0 { expr } else { Expr::binary(Binary::Add, expr, Expr::int(offset)) }
}

/// `function` applied to `count` new variables, under as many binders.
pub(super) fn eta(function: Term, count: usize) -> Term {
    let span = function.span;
    let variables = (0..count).rev().map(|index| Arg::explicit(TermKind::Var(index).into_term()));
    function.shift(count).apply(span, variables.collect::<Vec<_>>())
}

/// The body of a function value under `count` binders, with names for them: lambdas are opened, anything else is
/// applied.
pub(super) fn open(function: &Term, count: usize, default: &[&str]) -> (Vec<Name>, Term) {
    let mut names = Vec::new();
    let mut body = function.clone();
    while names.len() < count {
        let TermKind::Lam(_, name, _, inner) = &*body.kind else { break };
        names.push(name.clone());
        body = inner.clone();
    }
    let missing = count - names.len();
    names.extend(default.iter().skip(names.len()).take(missing).map(|name| Name::from(*name)));
    (names, eta(body, missing))
}
