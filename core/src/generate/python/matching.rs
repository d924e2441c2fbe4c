//! Statements: where values go, and `match`.
//!
//! A `match` becomes what a Python programmer would write for it: `if` on a boolean or an option, an assignment
//! that takes a tuple apart, otherwise a `match` statement.

use super::lower::{Dest, Lowered, Lowerer, Slot, plus};
use super::outline::OptionStyle;
use super::patterns::{Bound, mentions, names_only};
use super::recursion::list_arms;
use super::syntax::{Binary, Block, Case, Comparison, Expr, Pattern, Stmt};
use crate::eval::value::{CONS, NIL, NONE, SOME};
use crate::ir::Pattern as IrPattern;
use crate::ir::{Arm, Literal, PatternKind, Term, TermKind};

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
                let if_yes = self.branch(yes, Vec::new(), dest, Block::new())?;
                let if_no = self.branch(no, Vec::new(), dest, Block::new())?;
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

    /// The statements of one branch, after those in `block`. Its names can be used again in the next one.
    fn branch(&mut self, body: &Term, slots: Vec<Slot>, dest: &Dest, mut block: Block) -> Lowered<Block> {
        let outer = self.locals.clone();
        self.under(slots, |this| this.tail(body, dest, &mut block))?;
        self.locals = outer;
        Ok(block)
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
            let outer = self.locals.clone();
            let mut some = Block::new();
            let slots = self.bind_some(&subject, &options, &mut some);
            let some = self.branch(&options.some.1.body, slots, dest, some)?;
            self.locals = outer;
            let slots = self.bind_whole(&subject, &options.none.pattern);
            let none = self.branch(&options.none.body, slots, dest, Block::new())?;
            if options.some_first {
                push_if(subject.present(), some, none, out);
            } else {
                push_if(subject.absent(), none, some, out);
            }
            return Ok(());
        }
        if let Some((yes, no)) = boolean_arms(arms) {
            let cond = self.expr(scrutinee, out)?;
            let if_yes = self.branch(yes, Vec::new(), dest, Block::new())?;
            let if_no = self.branch(no, Vec::new(), dest, Block::new())?;
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
        if let Some((nil, head, cons)) = list_arms(arms)
            && matches!(head.kind, PatternKind::Var(..) | PatternKind::Wildcard)
        {
            return self.match_list(subject, (nil, cons), dest, out);
        }
        let mut cases = Vec::new();
        let outer = self.locals.clone();
        let exhaustive = self.covers(arms);
        for arm in arms {
            self.locals = outer.clone();
            let mut bound = Bound { names: Vec::new(), guards: Vec::new() };
            let binders = arm.pattern.binders();
            let pattern = self.pattern(&arm.pattern, &arm.body, binders, &mut bound)?;
            let slots: Vec<Slot> = bound.names.into_iter().map(Slot::Value).collect();
            let body = self.branch(&arm.body, slots, dest, Block::new())?;
            let guard = bound.guards.into_iter().reduce(Expr::and);
            // Type checkers do not see that sequences are covered; where nothing is bound, the last case says so.
            let plain = matches!(pattern, Pattern::List(_) | Pattern::Tuple(_)) && binders == 0;
            let is_last = cases.len() + 1 == arms.len();
            let pattern = if plain && is_last && exhaustive { Pattern::Wildcard } else { pattern };
            let last = guard.is_none() && matches!(pattern, Pattern::Wildcard | Pattern::Capture(_));
            cases.push(Case { pattern, guard, body });
            if last {
                break;
            }
        }
        self.locals = outer;
        if !exhaustive {
            let message = Expr::Str("no arm of the match fits".to_owned());
            let body = vec![Stmt::Raise("AssertionError".to_owned(), message)];
            cases.push(Case { pattern: Pattern::Wildcard, guard: None, body });
        }
        out.push(Stmt::Match(subject, cases));
        Ok(())
    }

    /// `[] => ...` and `x :: rest => ...`: the empty list is asked for first.
    fn match_list(
        &mut self,
        list: Expr,
        (nil, cons): (&Arm, &Arm),
        dest: &Dest,
        out: &mut Block,
    ) -> Lowered<()> {
        let list = self.atom(list, "items", out);
        let slots = self.bind_whole(&list, &nil.pattern);
        let empty = self.branch(&nil.body, slots, dest, Block::new())?;
        let outer = self.locals.clone();
        let PatternKind::Con(_, _, fields) = &cons.pattern.kind else { return Ok(()) };
        let names: Vec<Option<&str>> = fields
            .iter()
            .map(|field| match &field.kind {
                PatternKind::Var(name, _) => Some(&**name),
                _ => None,
            })
            .collect();
        // Both, the head, or the rest may have a name; the rest's variable is the inner one.
        let binders = cons.pattern.binders();
        let mut slots = Vec::new();
        let mut targets = Vec::new();
        for name in names {
            let used = name.is_some_and(|_| mentions(&cons.body, binders - 1 - slots.len()));
            let target = match name {
                Some(name) if used => Expr::Name(self.locals.fresh(name)),
                _ => Expr::name("_"),
            };
            if name.is_some() {
                slots.push(Slot::Value(target.clone()));
            }
            targets.push(target);
        }
        let mut full = Block::new();
        if let [head, rest] = targets.as_slice() {
            let unused = Expr::name("_");
            match (*head == unused, *rest == unused) {
                (true, true) => {}
                (false, true) => full.push(Stmt::Assign(head.clone(), list.clone().index(Expr::int(0)))),
                (true, false) => {
                    full.push(Stmt::Assign(rest.clone(), list.clone().slice(Some(Expr::int(1)), None)));
                }
                (false, false) => {
                    let targets = vec![head.clone(), Expr::Starred(Box::new(rest.clone()))];
                    full.push(Stmt::Assign(Expr::Tuple(targets), list.clone()));
                }
            }
        }
        let full = self.branch(&cons.body, slots, dest, full)?;
        self.locals = outer;
        push_if(Expr::Not(Box::new(list)), empty, full, out);
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
        if let Some(arm) = arms.first()
            && self.is_irrefutable(&arm.pattern)
        {
            let value = self.expr(scrutinee, out)?;
            let slots = self.take_apart(&arm.pattern, value, &arm.body, out);
            return self.under(slots, |this| this.expr(&arm.body, out)).map(Some);
        }
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
        let outer = self.locals.clone();
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
            self.locals = outer.clone();
            let slots = self.bind_cursor(list, index, offset, &arm.pattern, &arm.body, &mut body);
            let body = self.branch(&arm.body, slots, dest, body)?;
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
