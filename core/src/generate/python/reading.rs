//! Which names a piece of Python reads.

use super::syntax::{Expr, Piece, Stmt};
use std::collections::BTreeSet;

/// Every name that a block mentions other than to give it a value.
pub(super) fn names_read(block: &[Stmt]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    statements(block, &mut names);
    names
}

fn statements(block: &[Stmt], names: &mut BTreeSet<String>) {
    for statement in block {
        match statement {
            Stmt::Assign(target, value) => {
                if !matches!(target, Expr::Name(_) | Expr::Tuple(_)) {
                    expression(target, names);
                }
                expression(value, names);
            }
            Stmt::Augment(target, _, value) => {
                expression(target, names);
                expression(value, names);
            }
            Stmt::Declare(_, _, value) | Stmt::Return(value) | Stmt::Expr(value) | Stmt::Raise(_, value) => {
                expression(value, names)
            }
            Stmt::If(cond, yes, no) => {
                expression(cond, names);
                statements(yes, names);
                statements(no, names);
            }
            Stmt::While(cond, body) => {
                expression(cond, names);
                statements(body, names);
            }
            Stmt::For(_, iter, body, after) => {
                expression(iter, names);
                statements(body, names);
                statements(after, names);
            }
            Stmt::Match(subject, cases) => {
                expression(subject, names);
                for case in cases {
                    case.guard.iter().for_each(|guard| expression(guard, names));
                    statements(&case.body, names);
                }
            }
            Stmt::Assert(cond, message) => {
                expression(cond, names);
                expression(message, names);
            }
            Stmt::Function(function) => statements(&function.body, names),
            Stmt::Break | Stmt::Continue => {}
        }
    }
}

fn expression(expr: &Expr, names: &mut BTreeSet<String>) {
    let mut all = |parts: &[Expr]| parts.iter().for_each(|part| expression(part, names));
    match expr {
        Expr::Name(name) => {
            names.insert(name.clone());
        }
        Expr::Int(_) | Expr::Decimal(_) | Expr::Str(_) | Expr::Bool(_) | Expr::None => {}
        Expr::Call(function, args, named) => {
            all(args);
            named.iter().for_each(|(_, value)| expression(value, names));
            expression(function, names);
        }
        Expr::Attribute(value, _) | Expr::Negative(value) | Expr::Not(value) | Expr::Starred(value) => {
            expression(value, names);
        }
        Expr::Index(value, index) | Expr::Binary(_, value, index) => {
            expression(value, names);
            expression(index, names);
        }
        Expr::Slice(value, start, stop, step) => {
            expression(value, names);
            [start, stop, step].into_iter().flatten().for_each(|part| expression(part, names));
        }
        Expr::Compare(first, rest) => {
            expression(first, names);
            rest.iter().for_each(|(_, operand)| expression(operand, names));
        }
        Expr::And(parts) | Expr::Or(parts) | Expr::List(parts) | Expr::Tuple(parts) => all(parts),
        Expr::If(cond, yes, no) => {
            expression(cond, names);
            expression(yes, names);
            expression(no, names);
        }
        Expr::Lambda(_, body) => expression(body, names),
        Expr::Comprehension(inner) => {
            expression(&inner.element, names);
            for clause in &inner.clauses {
                expression(&clause.iter, names);
                clause.conditions.iter().for_each(|condition| expression(condition, names));
            }
        }
        Expr::Format(pieces) => {
            for piece in pieces {
                if let Piece::Repr(value) = piece {
                    expression(value, names);
                }
            }
        }
    }
}
