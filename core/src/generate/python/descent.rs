//! A recursion with one call in each branch, as two loops: one goes down and notes what the way back needs, the
//! other comes back up.

use super::loops::{State, drop_last_continue, while_loop};
use super::lower::{Beyond, Dest, Lowered, Lowerer, OwnCall, Slot};
use super::matching::assignment;
use super::reading::names_read;
use super::recursion::{Movement, Recursion};
use super::syntax::{Binary, Block, Case, Expr, Pattern, Stmt};
use crate::eval::domain::lift_out;
use crate::ir::{DeclId, Term, TermKind};
use std::cell::RefCell;
use std::rc::Rc;

/// A recursion on its way down, and what has been noted for the way up.
#[derive(Debug)]
pub(super) struct Descent {
    decl: DeclId,
    params: Vec<State>,
    result: String,
    notes: String,
    /// There is more than one branch to come back to.
    several: bool,
    /// For each branch: the variables it needs and what it does.
    branches: RefCell<Vec<(Vec<String>, Block)>>,
}

impl Lowerer<'_> {
    /// The statements of a body with one recursive call in each branch.
    pub(super) fn down_and_up(
        &mut self,
        decl: DeclId,
        body: &Term,
        names: &[(usize, String)],
        (dest, keep): (Dest, bool),
        out: &mut Block,
    ) -> Lowered<()> {
        let recursion = Recursion { program: self.outline.program, decl, params: names.len() };
        let movements: Vec<Movement> = recursion
            .movements(body)
            .into_iter()
            .map(|movement| if movement == Movement::Each { Movement::Cursor } else { movement })
            .collect();
        let several = recursion.branches(body) > 1;
        let (params, _) = self.states(names, &movements, keep, out);
        let result = match &dest {
            Dest::Assign(name) => name.clone(),
            _ => self.locals.fresh("result"),
        };
        let notes = self.locals.fresh("pending");
        let branches = RefCell::default();
        let descent = Rc::new(Descent {
            decl,
            params,
            result: result.clone(),
            notes: notes.clone(),
            several,
            branches,
        });
        let mut down = Block::new();
        self.tail(body, &Dest::Down(descent.clone()), &mut down)?;
        drop_last_continue(&mut down);
        let counts = descent.branches.borrow().iter().all(|(names, _)| names.is_empty()) && !several;
        let nothing = if counts { Expr::int(0) } else { Expr::List(Vec::new()) };
        out.push(Stmt::Assign(Expr::name(notes), nothing));
        out.extend(while_loop(down, &Dest::Assign(result.clone())));
        out.push(self.way_up(&descent));
        if matches!(dest, Dest::Return) {
            out.push(Stmt::Return(Expr::Name(result)));
        }
        Ok(())
    }

    fn way_up(&mut self, descent: &Descent) -> Stmt {
        let mut branches = descent.branches.take();
        let pending = Expr::call("reversed", vec![Expr::name(descent.notes.clone())]);
        if !descent.several {
            let (names, block) = branches.pop().unwrap_or_default();
            let turns = Expr::call("range", vec![Expr::name(descent.notes.clone())]);
            let iter = if names.is_empty() { turns } else { pending };
            return Stmt::For(noted(&names), iter, block, Vec::new());
        }
        let (branch, saved) = (self.locals.fresh("branch"), self.locals.fresh("saved"));
        let cases = branches.into_iter().enumerate().map(|(number, (names, mut block))| {
            if !names.is_empty() {
                block.insert(0, Stmt::Assign(noted(&names), Expr::name(saved.clone())));
            }
            Case { pattern: Pattern::Value(Expr::int(number)), guard: None, body: block }
        });
        let body = vec![Stmt::Match(Expr::name(branch.clone()), cases.collect())];
        let target = Expr::Tuple(vec![Expr::Name(branch), Expr::name(saved.clone())]);
        Stmt::For(target, pending, body, Vec::new())
    }

    /// One step down, when the term is a branch with a recursive call.
    pub(super) fn descend(
        &mut self,
        term: &Term,
        descent: &Rc<Descent>,
        out: &mut Block,
    ) -> Lowered<Option<()>> {
        let recursion =
            Recursion { program: self.outline.program, decl: descent.decl, params: descent.params.len() };
        if !recursion.occurs(term) || recursion.is_inner_node(term) {
            return Ok(None);
        }
        let Some((args, binders)) = recursion.only_call(term) else { return Ok(None) };
        let mut up = Block::new();
        let outer = self.own.replace((descent.decl, OwnCall::Variable(descent.result.clone())));
        let lowered = self.tail(term, &Dest::Assign(descent.result.clone()), &mut up);
        self.own = outer;
        lowered?;
        let fixed = descent.params.iter().zip(&args).filter_map(|(state, arg)| match (state, &*arg.kind) {
            (State::Fixed, TermKind::Var(index)) => match self.slot(index.checked_sub(binders)?)? {
                Slot::Value(Expr::Name(name)) => Some(name.clone()),
                _ => None,
            },
            _ => None,
        });
        let fixed: Vec<String> = fixed.collect();
        let mut scoped = Vec::new();
        for slot in &self.scope {
            match slot {
                Slot::Value(expr) => scoped.extend(names_read(&[Stmt::Expr(expr.clone())])),
                Slot::Cursor { index, .. } => scoped.push(index.clone()),
                Slot::Type(_) => {}
            }
        }
        let needed: Vec<String> = names_read(&up)
            .into_iter()
            .filter(|name| scoped.contains(name) && !fixed.contains(name) && *name != descent.result)
            .collect();
        let number = descent.branches.borrow().len();
        let notes = Expr::name(descent.notes.clone());
        let saved = if needed.is_empty() { Expr::None } else { noted(&needed) };
        out.push(if descent.several {
            Stmt::Expr(notes.method("append", vec![Expr::Tuple(vec![Expr::int(number), saved])]))
        } else if needed.is_empty() {
            Stmt::Augment(notes, Binary::Add, Expr::int(1))
        } else {
            Stmt::Expr(notes.method("append", vec![saved]))
        });
        descent.branches.borrow_mut().push((needed, up));
        // The arguments are read outside the binders between the branch and its call, which they do not mention.
        let args: Option<Vec<Term>> = args.iter().map(|arg| lift_out(arg, binders)).collect();
        let Some(args) = args else {
            return Err(Beyond("its recursive call depends on a variable of its own branch".to_owned()));
        };
        self.next_values(&args, &descent.params, out)?;
        Ok(Some(()))
    }
}

impl Descent {
    /// The way down ends with this value.
    pub(super) fn finish(&self, value: Expr, out: &mut Block) {
        out.extend(assignment(&self.result, value));
        out.push(Stmt::Break);
    }
}

/// The variables that are noted, as a target and as a value.
fn noted(names: &[String]) -> Expr {
    match names {
        [] => Expr::name("_"),
        [only] => Expr::name(only.clone()),
        names => Expr::Tuple(names.iter().map(|name| Expr::name(name.clone())).collect()),
    }
}
