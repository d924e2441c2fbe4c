//! Writing down, in the terms themselves, which applications have effects.
//!
//! Whoever reasons about terms needs to know: `now() == now()` is true of a function and false of a clock. The mark
//! is an operator around the application, so that no substitution can lose it.

use super::{Effects, address};
use crate::ir::{DeclKind, Declaration, Op, Program, Term, TermKind};
use std::sync::Arc;

impl Effects {
    /// Puts a mark ([`Op::Run`], [`Op::RunGiven`]) around every application in the document's own bodies that has
    /// effects. The program is the one these are the effects of.
    pub fn mark(&self, program: &mut Program) {
        if self.runs.is_empty() {
            return;
        }
        // What is imported carries its marks already.
        let (from, from_hole) = (program.first_own, program.first_own_hole);
        let mut mark = |part: &Term| self.runs.get(&address(part)).copied();
        for decl in program.decls.iter_mut().skip(from) {
            rewrite(decl, &mut |body| with(body, &mut mark));
        }
        for hole in program.holes.iter_mut().skip(from_hole) {
            hole.default = hole.default.as_ref().map(|default| with(default, &mut mark));
        }
    }
}

/// The program without marks, for whom they are in the way.
pub fn unmarked(program: &Program) -> Program {
    let mut program = program.clone();
    for decl in &mut program.decls {
        rewrite(decl, &mut without);
    }
    for hole in &mut program.holes {
        hole.default = hole.default.as_ref().map(without);
    }
    program
}

fn rewrite(decl: &mut Arc<Declaration>, f: &mut dyn FnMut(&Term) -> Term) {
    let DeclKind::Def(def) = &decl.kind else { return };
    let Some(body) = def.body.as_ref().map(&mut *f) else { return };
    if def.body.as_ref().is_some_and(|old| Arc::ptr_eq(&old.kind, &body.kind)) {
        return;
    }
    if let DeclKind::Def(def) = &mut Arc::make_mut(decl).kind {
        def.body = Some(body);
    }
}

fn with(term: &Term, mark: &mut dyn FnMut(&Term) -> Option<Op>) -> Term {
    let found = mark(term);
    let rebuilt = term.map_children(&mut |child| with(child, mark));
    match found {
        Some(op) => Term::new(rebuilt.span, TermKind::Op(op, vec![rebuilt])),
        None => rebuilt,
    }
}

fn without(term: &Term) -> Term {
    match &*term.kind {
        TermKind::Op(Op::Run | Op::RunGiven, inner) => inner.first().map_or_else(|| term.clone(), without),
        _ => term.map_children(&mut without),
    }
}
