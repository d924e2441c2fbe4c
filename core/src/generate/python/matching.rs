//! Statements: where values go, and `match`.
//!
//! A `match` becomes what a Python programmer would write for it: `if` on a boolean or an option, an assignment
//! that takes a tuple apart, otherwise a `match` statement.

use super::lower::{Beyond, Dest, Lowered, Lowerer, Slot, plus};
use super::outline::{OptionStyle, Shape};
use super::syntax::{Binary, Block, Case, Comparison, Expr, Pattern, Stmt};
use crate::eval::value::{CONS, NIL, NONE, SOME};
use crate::ir::Pattern as IrPattern;
use crate::ir::{Arm, Literal, PatternKind, Term, TermKind};
use std::cell::Cell;

/// The two arms of a match on an option: the value's pattern and body, the body without one.
struct OptionArms<'t> {
    some: (Option<&'t IrPattern>, &'t Arm),
    none: &'t Arm,
    some_first: bool,
}

impl Lowerer<'_> {
    /// Statements that bring the value of a term to its destination.
    pub(super) fn tail(&mut self, term: &Term, dest: &Dest, out: &mut Block) -> Lowered<()> {
        if let Dest::Loop(turn) = dest
            && let Some(done) = self.turn(term, &turn.clone(), dest, out)?
        {
            return Ok(done);
        }
        if let Dest::Down(descent) = dest
            && let Some(done) = self.descend(term, &descent.clone(), out)?
        {
            return Ok(done);
        }
        match &*term.kind {
            TermKind::If(cond, yes, no) => {
                let cond = self.expr(cond, out)?;
                let (mut if_yes, mut if_no) = (Block::new(), Block::new());
                self.tail(yes, dest, &mut if_yes)?;
                self.tail(no, dest, &mut if_no)?;
                push_if(cond, if_yes, if_no, out);
                Ok(())
            }
            TermKind::Let(_, _, value, body) if matches!(&*body.kind, TermKind::Var(0)) => {
                self.tail(value, dest, out)
            }
            TermKind::Let(name, _, value, body) => {
                let value = self.named(value, name, out)?;
                let value = self.atom(value, name, out);
                self.under([Slot::Value(value)], |this| this.tail(body, dest, out))
            }
            TermKind::Match(scrutinee, ty, arms) => self.match_statement(scrutinee, ty, arms, dest, out),
            _ => {
                let value = self.expr(term, out)?;
                self.deliver(value, dest, out);
                Ok(())
            }
        }
    }

    /// Brings a value to its destination.
    pub(super) fn deliver(&mut self, value: Expr, dest: &Dest, out: &mut Block) {
        match dest {
            Dest::Return => out.push(Stmt::Return(value)),
            Dest::Assign(name) => out.extend(assignment(name, value)),
            Dest::Loop(turn) => turn.finish(value, out),
            Dest::Down(descent) => descent.finish(value, out),
        }
    }

    fn match_statement(
        &mut self,
        scrutinee: &Term,
        ty: &Term,
        arms: &[Arm],
        dest: &Dest,
        out: &mut Block,
    ) -> Lowered<()> {
        if let TermKind::Var(index) = &*scrutinee.kind
            && let Some(Slot::Cursor { list, index, offset }) = self.slot(*index).cloned()
            && arms.iter().all(|arm| walks_list(&arm.pattern))
        {
            return self.match_cursor(&list, &index, offset, arms, dest, out);
        }
        if let Some(options) = self.option_arms(ty, arms) {
            let subject = self.option_subject(scrutinee, &options, out)?;
            let (mut some, mut none) = (Block::new(), Block::new());
            let slots = self.bind_some(&subject, &options, &mut some);
            self.under(slots, |this| this.tail(&options.some.1.body, dest, &mut some))?;
            let slots = self.bind_whole(&subject, &options.none.pattern);
            self.under(slots, |this| this.tail(&options.none.body, dest, &mut none))?;
            if options.some_first {
                push_if(subject.present(), some, none, out);
            } else {
                push_if(subject.absent(), none, some, out);
            }
            return Ok(());
        }
        if let Some((yes, no)) = boolean_arms(arms) {
            let cond = self.expr(scrutinee, out)?;
            let (mut if_yes, mut if_no) = (Block::new(), Block::new());
            self.tail(yes, dest, &mut if_yes)?;
            self.tail(no, dest, &mut if_no)?;
            push_if(cond, if_yes, if_no, out);
            return Ok(());
        }
        if let Some(arm) = arms.first()
            && self.is_irrefutable(&arm.pattern)
        {
            let value = self.expr(scrutinee, out)?;
            let slots = self.take_apart(&arm.pattern, value, &arm.body, out);
            return self.under(slots, |this| this.tail(&arm.body, dest, out));
        }
        let subject = self.expr(scrutinee, out)?;
        let mut cases = Vec::new();
        for arm in arms {
            let mut bound = Bound { names: Vec::new(), guards: Vec::new() };
            let binders = arm.pattern.binders();
            let pattern = self.pattern(&arm.pattern, &arm.body, binders, &mut bound)?;
            let slots: Vec<Slot> = bound.names.into_iter().map(Slot::Value).collect();
            let mut body = Block::new();
            self.under(slots, |this| this.tail(&arm.body, dest, &mut body))?;
            let guard = bound.guards.into_iter().reduce(Expr::and);
            let last = guard.is_none() && matches!(pattern, Pattern::Wildcard | Pattern::Capture(_));
            cases.push(Case { pattern, guard, body });
            if last {
                break;
            }
        }
        if !self.covers(arms) {
            let message = Expr::Str("no arm of the match fits".to_owned());
            let body = vec![Stmt::Raise("AssertionError".to_owned(), message)];
            cases.push(Case { pattern: Pattern::Wildcard, guard: None, body });
        }
        out.push(Stmt::Match(subject, cases));
        Ok(())
    }

    /// A match that can be one expression: on an option or a boolean, when the arms need no statements.
    pub(super) fn match_expression(
        &mut self,
        scrutinee: &Term,
        ty: &Term,
        arms: &[Arm],
        out: &mut Block,
    ) -> Lowered<Option<Expr>> {
        let (mut first, mut second) = (Block::new(), Block::new());
        let before = self.locals.clone();
        if let Some(options) = self.option_arms(ty, arms) {
            let mut prelude = Block::new();
            let subject = self.option_subject(scrutinee, &options, &mut prelude)?;
            let slots = self.bind_some(&subject, &options, &mut first);
            let some = self.under(slots, |this| this.expr(&options.some.1.body, &mut first))?;
            let slots = self.bind_whole(&subject, &options.none.pattern);
            let none = self.under(slots, |this| this.expr(&options.none.body, &mut second))?;
            if first.is_empty() && second.is_empty() {
                out.extend(prelude);
                return Ok(Some(if options.some_first {
                    Expr::choose(subject.present(), some, none)
                } else {
                    Expr::choose(subject.absent(), none, some)
                }));
            }
        } else if let Some((yes, no)) = boolean_arms(arms) {
            let mut prelude = Block::new();
            let cond = self.expr(scrutinee, &mut prelude)?;
            let yes = self.expr(yes, &mut first)?;
            let no = self.expr(no, &mut second)?;
            if first.is_empty() && second.is_empty() {
                out.extend(prelude);
                return Ok(Some(Expr::choose(cond, yes, no)));
            }
        }
        // What was tried is thrown away, its names too.
        self.locals = before;
        Ok(None)
    }

    /// The arms of a match on an option when they only ask whether there is a value.
    fn option_arms<'t>(&self, ty: &Term, arms: &'t [Arm]) -> Option<OptionArms<'t>> {
        let ty = ty.erase_head(self.outline.program);
        let option = self.outline.program.option()?;
        if !matches!(&*ty.spine().0.kind, TermKind::Data(decl) if *decl == option) {
            return None;
        }
        let (mut some, mut none) = (None, None);
        for (position, arm) in arms.iter().enumerate() {
            match &arm.pattern.kind {
                PatternKind::Con(_, SOME, fields) => match fields.as_slice() {
                    [field] if self.is_irrefutable(field) => {
                        some = some.or(Some(((Some(field), arm), position)));
                    }
                    _ if some.is_some() => {}
                    _ => return None,
                },
                PatternKind::Con(_, NONE, _) => none = none.or(Some((arm, position))),
                PatternKind::Wildcard | PatternKind::Var(..) => {
                    some = some.or(Some(((None, arm), position)));
                    none = none.or(Some((arm, position)));
                }
                _ => return None,
            }
        }
        let ((some, some_at), (none, none_at)) = (some?, none?);
        Some(OptionArms { some, none, some_first: some_at <= none_at })
    }

    /// The option as something that can be written twice; a new variable is called as the author calls the value.
    fn option_subject(&mut self, scrutinee: &Term, arms: &OptionArms<'_>, out: &mut Block) -> Lowered<Expr> {
        let wanted = match arms.some.0.map(|pattern| &pattern.kind) {
            Some(PatternKind::Var(name, _)) if self.outline.option_style == OptionStyle::Bare => name.clone(),
            _ => "found".into(),
        };
        let subject = self.named(scrutinee, &wanted, out)?;
        Ok(self.atom(subject, &wanted, out))
    }

    /// The variables of the arm with a value.
    fn bind_some(&mut self, subject: &Expr, arms: &OptionArms<'_>, out: &mut Block) -> Vec<Slot> {
        let (field, arm) = &arms.some;
        match field {
            None => self.bind_whole(subject, &arm.pattern),
            Some(field) => {
                let value = match self.outline.option_style {
                    OptionStyle::Bare => subject.clone(),
                    OptionStyle::Boxed => subject.clone().attribute("value"),
                };
                self.take_apart(field, value, &arm.body, out)
            }
        }
    }

    /// The variable of a pattern that is a variable.
    fn bind_whole(&mut self, subject: &Expr, pattern: &IrPattern) -> Vec<Slot> {
        match &pattern.kind {
            PatternKind::Var(..) => vec![Slot::Value(subject.clone())],
            _ => Vec::new(),
        }
    }

    fn is_irrefutable(&self, pattern: &IrPattern) -> bool {
        match &pattern.kind {
            PatternKind::Wildcard | PatternKind::Var(..) => true,
            PatternKind::Lit(literal) => *literal == Literal::Unit,
            PatternKind::Tuple(items) => items.iter().all(|item| self.is_irrefutable(item)),
            PatternKind::Con(decl, _, fields) => {
                let single = self.outline.program.data(*decl).is_some_and(|data| data.ctors.len() == 1);
                single && fields.iter().all(|field| self.is_irrefutable(field))
            }
        }
    }

    /// Binds the variables of an irrefutable pattern, left to right.
    fn take_apart(&mut self, pattern: &IrPattern, value: Expr, body: &Term, out: &mut Block) -> Vec<Slot> {
        let mut left = pattern.binders();
        self.take_apart_inner(pattern, value, body, &mut left, out)
    }

    fn take_apart_inner(
        &mut self,
        pattern: &IrPattern,
        value: Expr,
        body: &Term,
        left: &mut usize,
        out: &mut Block,
    ) -> Vec<Slot> {
        match &pattern.kind {
            PatternKind::Wildcard | PatternKind::Lit(_) => Vec::new(),
            PatternKind::Var(name, _) => {
                *left -= 1;
                vec![Slot::Value(self.atom(value, name, out))]
            }
            PatternKind::Tuple(items) => {
                let simple =
                    |item: &IrPattern| matches!(item.kind, PatternKind::Var(..) | PatternKind::Wildcard);
                if items.iter().all(simple) {
                    let mut slots = Vec::new();
                    let mut targets = Vec::new();
                    for item in items {
                        match &item.kind {
                            PatternKind::Var(name, _) => {
                                *left -= 1;
                                let name = if mentions(body, *left) {
                                    Expr::Name(self.locals.fresh(name))
                                } else {
                                    Expr::name("_")
                                };
                                slots.push(Slot::Value(name.clone()));
                                targets.push(name);
                            }
                            _ => targets.push(Expr::name("_")),
                        }
                    }
                    if targets.iter().any(|target| *target != Expr::name("_")) {
                        out.push(Stmt::Assign(Expr::Tuple(targets), value));
                    }
                    return slots;
                }
                let value = self.atom(value, "pair", out);
                let parts = items.iter().enumerate();
                parts
                    .flat_map(|(position, item)| {
                        let part = value.clone().index(Expr::int(position));
                        self.take_apart_inner(item, part, body, left, out)
                    })
                    .collect()
            }
            PatternKind::Con(decl, ctor, fields) => {
                let names = self.outline.classes.get(decl).and_then(|class| class.ctors.get(*ctor));
                let names = names.map(|ctor| ctor.fields.clone()).unwrap_or_default();
                let value = self.atom(value, "item", out);
                let parts = fields.iter().zip(names);
                parts
                    .flat_map(|(field, name)| {
                        let part = value.clone().attribute(&name);
                        self.take_apart_inner(field, part, body, left, out)
                    })
                    .collect()
            }
        }
    }

    /// A pattern with the variables it binds. `left` counts the variables from here on: the next one is variable
    /// `left - 1` of the body.
    fn pattern(
        &mut self,
        pattern: &IrPattern,
        body: &Term,
        left: usize,
        bound: &mut Bound,
    ) -> Lowered<Pattern> {
        let program = self.outline.program;
        match &pattern.kind {
            PatternKind::Wildcard => Ok(Pattern::Wildcard),
            PatternKind::Lit(Literal::Unit) => Ok(Pattern::Wildcard),
            PatternKind::Lit(Literal::Int(n)) => Ok(Pattern::Value(Expr::Int(n.clone()))),
            PatternKind::Lit(Literal::Bool(b)) => Ok(Pattern::Value(Expr::Bool(*b))),
            PatternKind::Lit(Literal::Str(s)) => Ok(Pattern::Value(Expr::Str(s.to_string()))),
            PatternKind::Var(name, _) => {
                let index = left - bound.names.len() - 1;
                if mentions(body, index) {
                    let name = self.locals.fresh(name);
                    bound.names.push(Expr::name(name.clone()));
                    Ok(Pattern::Capture(name))
                } else {
                    bound.names.push(Expr::None);
                    Ok(Pattern::Wildcard)
                }
            }
            PatternKind::Tuple(items) => {
                let items: Lowered<Vec<_>> =
                    items.iter().map(|item| self.pattern(item, body, left, bound)).collect();
                Ok(Pattern::Tuple(items?))
            }
            PatternKind::Con(decl, ctor, fields) if Some(*decl) == program.list() => {
                let mut items = Vec::new();
                let (mut ctor, mut fields) = (*ctor, fields.as_slice());
                loop {
                    let (CONS, [head, tail]) = (ctor, fields) else { return Ok(Pattern::List(items)) };
                    items.push(self.pattern(head, body, left, bound)?);
                    match &tail.kind {
                        PatternKind::Con(_, next, more) => (ctor, fields) = (*next, more.as_slice()),
                        _ => {
                            let rest = match self.pattern(tail, body, left, bound)? {
                                Pattern::Capture(name) => Some(name),
                                _ => None,
                            };
                            items.push(Pattern::Star(rest));
                            return Ok(Pattern::List(items));
                        }
                    }
                }
            }
            PatternKind::Con(decl, ctor, fields) if Some(*decl) == program.option() => {
                let (SOME, [field]) = (*ctor, fields.as_slice()) else {
                    return Ok(Pattern::Value(Expr::None));
                };
                let inner = self.pattern(field, body, left, bound)?;
                match (self.outline.option_style, inner) {
                    (OptionStyle::Boxed, inner) => {
                        Ok(Pattern::Class("Some".to_owned(), vec![inner], Vec::new()))
                    }
                    (OptionStyle::Bare, Pattern::Wildcard) => {
                        let name = self.locals.fresh("found");
                        bound.guards.push(Expr::name(name.clone()).present());
                        Ok(Pattern::Capture(name))
                    }
                    (OptionStyle::Bare, Pattern::Capture(name)) => {
                        bound.guards.push(Expr::name(name.clone()).present());
                        Ok(Pattern::Capture(name))
                    }
                    // These match no `None`.
                    (OptionStyle::Bare, inner) => Ok(inner),
                }
            }
            PatternKind::Con(decl, ctor, fields) => {
                let class = self.outline.classes.get(decl);
                let class = class.ok_or_else(|| Beyond("its type is left out".to_owned()))?;
                let shape = class.shape;
                let type_name = class.name.clone();
                let Some(constructor) = class.ctors.get(*ctor).cloned() else {
                    return Err(Beyond("no such constructor".to_owned()));
                };
                let fields: Lowered<Vec<_>> =
                    fields.iter().map(|field| self.pattern(field, body, left, bound)).collect();
                let fields = fields?;
                Ok(match shape {
                    Shape::Enumeration => Pattern::Value(Expr::name(type_name).attribute(&constructor.name)),
                    Shape::Entity => {
                        let named = constructor.fields.into_iter().zip(fields);
                        let named = named.filter(|(_, pattern)| *pattern != Pattern::Wildcard).collect();
                        Pattern::Class(constructor.name, Vec::new(), named)
                    }
                    Shape::Sum if fields.iter().all(|field| *field == Pattern::Wildcard) => {
                        Pattern::Class(constructor.name, Vec::new(), Vec::new())
                    }
                    Shape::Sum => Pattern::Class(constructor.name, fields, Vec::new()),
                })
            }
        }
    }

    /// Whether the arms match every value.
    fn covers(&self, arms: &[Arm]) -> bool {
        let rows = arms.iter().map(|arm| vec![&arm.pattern]).collect();
        self.rows_cover(rows, 1, &Cell::new(10_000))
    }

    /// Maranget's test for exhaustiveness: columns are values, rows are patterns for all of them. Gives up (with
    /// "no") when it takes too long.
    fn rows_cover(&self, rows: Vec<Vec<&IrPattern>>, columns: usize, fuel: &Cell<usize>) -> bool {
        let Some(left) = fuel.get().checked_sub(1) else { return false };
        fuel.set(left);
        if columns == 0 {
            return !rows.is_empty();
        }
        let any = |pattern: &IrPattern| matches!(pattern.kind, PatternKind::Wildcard | PatternKind::Var(..));
        let firsts: Vec<&IrPattern> = rows.iter().filter_map(|row| row.last().copied()).collect();
        let first = firsts.iter().find(|pattern| !any(pattern));
        // What the first column can be: constructor number and arity, for each of them.
        let heads: Option<Vec<(usize, usize)>> = match first.map(|pattern| &pattern.kind) {
            None => None,
            Some(PatternKind::Con(decl, ..)) => self.outline.program.data(*decl).map(|data| {
                data.ctors.iter().enumerate().map(|(ctor, shape)| (ctor, shape.fields.len())).collect()
            }),
            Some(PatternKind::Tuple(items)) => Some(vec![(0, items.len())]),
            Some(PatternKind::Lit(Literal::Bool(_))) => Some(vec![(0, 0), (1, 0)]),
            Some(PatternKind::Lit(Literal::Unit)) => Some(vec![(0, 0)]),
            Some(_) => None,
        };
        let Some(heads) = heads else {
            let rest = rows.into_iter().filter(|row| row.last().is_some_and(|pattern| any(pattern)));
            let rest = rest.map(|mut row| {
                row.pop();
                row
            });
            return self.rows_cover(rest.collect(), columns - 1, fuel);
        };
        const WILDCARD: &IrPattern =
            &IrPattern { span: crate::syntax::span::Span::new(0, 0), kind: PatternKind::Wildcard };
        heads.into_iter().all(|(head, arity)| {
            let specialised = rows.iter().filter_map(|row| {
                let (first, rest) = row.split_last()?;
                let inner: Vec<&IrPattern> = match &first.kind {
                    PatternKind::Wildcard | PatternKind::Var(..) => vec![WILDCARD; arity],
                    PatternKind::Con(_, ctor, fields) if *ctor == head => fields.iter().collect(),
                    PatternKind::Tuple(items) => items.iter().collect(),
                    PatternKind::Lit(Literal::Bool(b)) if usize::from(*b) == head => Vec::new(),
                    PatternKind::Lit(Literal::Unit) => Vec::new(),
                    _ => return None,
                };
                Some(rest.iter().copied().chain(inner.into_iter().rev()).collect())
            });
            self.rows_cover(specialised.collect(), columns - 1 + arity, fuel)
        })
    }

    /// A match on a list that a loop walks through by index.
    fn match_cursor(
        &mut self,
        list: &str,
        index: &str,
        offset: usize,
        arms: &[Arm],
        dest: &Dest,
        out: &mut Block,
    ) -> Lowered<()> {
        let mut branches: Vec<(Option<Expr>, Block)> = Vec::new();
        let mut decided = Decided::default();
        for arm in arms {
            let (count, exact) = measure(&arm.pattern);
            let length = Expr::call("len", vec![Expr::name(list)]);
            let place = plus(Expr::name(index), offset + count);
            let condition = if decided.implies(count, exact) {
                None
            } else if exact {
                Some(Expr::compare(Comparison::Eq, place, length))
            } else {
                let last = plus(Expr::name(index), (offset + count).saturating_sub(1));
                Some(Expr::compare(Comparison::Lt, last, length))
            };
            decided.add(count, exact);
            let mut body = Block::new();
            let slots = self.bind_cursor(list, index, offset, &arm.pattern, &arm.body, &mut body);
            self.under(slots, |this| this.tail(&arm.body, dest, &mut body))?;
            let last = condition.is_none();
            branches.push((condition, body));
            if last {
                break;
            }
        }
        let mut rest = match branches.last() {
            Some((None, _)) => branches.pop().map(|(_, body)| body).unwrap_or_default(),
            _ => vec![Stmt::Raise(
                "AssertionError".to_owned(),
                Expr::Str("no arm of the match fits".to_owned()),
            )],
        };
        for (condition, body) in branches.into_iter().rev() {
            let mut outer = Block::new();
            push_if(condition.unwrap_or(Expr::Bool(true)), body, rest, &mut outer);
            rest = outer;
        }
        out.extend(rest);
        Ok(())
    }

    fn bind_cursor(
        &mut self,
        list: &str,
        index: &str,
        offset: usize,
        pattern: &IrPattern,
        body: &Term,
        out: &mut Block,
    ) -> Vec<Slot> {
        let mut slots = Vec::new();
        let mut left = pattern.binders();
        let (mut pattern, mut offset) = (pattern, offset);
        loop {
            match &pattern.kind {
                PatternKind::Con(_, CONS, fields) => {
                    let [head, tail] = fields.as_slice() else { return slots };
                    let bound = head.binders();
                    let used = (0..bound).any(|nth| mentions(body, left - 1 - nth));
                    let item = Expr::name(list).index(plus(Expr::name(index), offset));
                    if used {
                        slots.extend(self.take_apart_inner(head, item, body, &mut left, out));
                    } else {
                        left -= bound;
                        slots.extend((0..bound).map(|_| Slot::Value(Expr::None)));
                    }
                    (pattern, offset) = (tail, offset + 1);
                }
                PatternKind::Var(..) => {
                    slots.push(Slot::Cursor { list: list.to_owned(), index: index.to_owned(), offset });
                    return slots;
                }
                _ => return slots,
            }
        }
    }
}

/// What the pattern of an arm binds so far.
struct Bound {
    names: Vec<Expr>,
    guards: Vec<Expr>,
}

/// Which lengths earlier arms have taken.
#[derive(Default)]
struct Decided {
    exact: Vec<usize>,
}

impl Decided {
    /// Whether every length left fits a pattern for exactly (or at least) `count` elements.
    fn implies(&self, count: usize, exact: bool) -> bool {
        !exact && (0..count).all(|shorter| self.exact.contains(&shorter))
    }

    fn add(&mut self, count: usize, exact: bool) {
        if exact {
            self.exact.push(count);
        }
    }
}

/// How many elements a list pattern asks for, and whether it allows no more.
fn measure(pattern: &IrPattern) -> (usize, bool) {
    let (mut pattern, mut count) = (pattern, 0);
    loop {
        match &pattern.kind {
            PatternKind::Con(_, CONS, fields) => {
                let Some(tail) = fields.get(1) else { return (count, false) };
                (pattern, count) = (tail, count + 1);
            }
            PatternKind::Con(_, NIL, _) => return (count, true),
            _ => return (count, false),
        }
    }
}

/// Whether a pattern on a list asks only how many elements there are, and names them.
pub(super) fn walks_list(pattern: &IrPattern) -> bool {
    let mut pattern = pattern;
    loop {
        match &pattern.kind {
            PatternKind::Wildcard | PatternKind::Var(..) | PatternKind::Con(_, NIL, _) => return true,
            PatternKind::Con(_, CONS, fields) => {
                let [head, tail] = fields.as_slice() else { return false };
                if !names_only(head) {
                    return false;
                }
                pattern = tail;
            }
            _ => return false,
        }
    }
}

/// A variable, a wildcard, or a tuple of them.
pub(super) fn names_only(pattern: &IrPattern) -> bool {
    match &pattern.kind {
        PatternKind::Wildcard | PatternKind::Var(..) => true,
        PatternKind::Tuple(items) => items.iter().all(names_only),
        _ => false,
    }
}

/// `true => a, false => b` in any order, also with a wildcard last.
fn boolean_arms(arms: &[Arm]) -> Option<(&Term, &Term)> {
    let [first, second, ..] = arms else { return None };
    let literal = |arm: &Arm| match &arm.pattern.kind {
        PatternKind::Lit(Literal::Bool(b)) => Some(*b),
        _ => None,
    };
    let other = |arm: &Arm, expected: bool| {
        literal(arm) == Some(expected) || matches!(arm.pattern.kind, PatternKind::Wildcard)
    };
    match literal(first)? {
        true if other(second, false) => Some((&first.body, &second.body)),
        false if other(second, true) => Some((&second.body, &first.body)),
        _ => None,
    }
}

/// Whether a term mentions variable `index`.
pub(super) fn mentions(term: &Term, index: usize) -> bool {
    let found = Cell::new(false);
    term.map_vars(0, &|variable, depth| {
        if variable.checked_sub(depth) == Some(index) {
            found.set(true);
        }
        TermKind::Var(variable).into_term()
    });
    found.get()
}

/// `name = value`, or `name += ...` for what cannot be shared.
pub(super) fn assignment(name: &str, value: Expr) -> Option<Stmt> {
    let target = Expr::name(name);
    match value {
        value if value == target => None,
        Expr::Binary(op, left, right) if *left == target && op != Binary::Concat => {
            Some(Stmt::Augment(target, op, *right))
        }
        value => Some(Stmt::Assign(target, value)),
    }
}

/// `if cond: yes` and what follows: without `else` when `yes` never falls through.
pub(super) fn push_if(cond: Expr, yes: Block, no: Block, out: &mut Block) {
    if yes.is_empty() {
        if !no.is_empty() {
            out.push(Stmt::If(cond.negated(), no, Block::new()));
        }
    } else if terminates(&yes) {
        out.push(Stmt::If(cond, yes, Block::new()));
        out.extend(no);
    } else {
        out.push(Stmt::If(cond, yes, no));
    }
}

/// Whether control never reaches the end of a block.
pub(super) fn terminates(block: &[Stmt]) -> bool {
    match block.last() {
        Some(Stmt::Return(_) | Stmt::Raise(..) | Stmt::Break | Stmt::Continue) => true,
        Some(Stmt::If(_, yes, no)) => !no.is_empty() && terminates(yes) && terminates(no),
        Some(Stmt::Match(_, cases)) => cases.iter().all(|case| terminates(&case.body)),
        _ => false,
    }
}
