//! From values back to terms, so that what is stuck can be read (normalisation by evaluation calls this quoting).
//!
//! The term is for people: type arguments that played no part are left out, and what is nested or long beyond
//! reason is cut and shown as `_`.

use super::value::{Env, Head, Stuck, Value};
use crate::ir::{Arg, Literal, Op, PrimType, Program, Term, TermKind};
use std::cell::Cell;

/// Nodes a quoted value may have, and how deep they may nest.
const MOST_NODES: usize = 2_000;
const DEEPEST: usize = 100;

/// The closed term of a value.
pub(super) fn quote(program: &Program, value: &Value) -> Term {
    Quoter { program, left: Cell::new(MOST_NODES) }.value(value, 0)
}

struct Quoter<'p> {
    program: &'p Program,
    left: Cell<usize>,
}

impl Quoter<'_> {
    fn value(&self, value: &Value, depth: usize) -> Term {
        let Some(left) = self.left.get().checked_sub(1).filter(|_| depth < DEEPEST) else {
            return TermKind::Error.into_term();
        };
        self.left.set(left);
        let depth = depth + 1;
        match value {
            Value::Int(n) => literal(Literal::Int(n.clone())),
            Value::Real(n) => literal(Literal::Real(n.clone())),
            Value::Float(n) => literal(Literal::Float(*n)),
            Value::Bool(b) => literal(Literal::Bool(*b)),
            Value::Str(s) => literal(Literal::Str(s.clone())),
            Value::Unit => literal(Literal::Unit),
            Value::Tuple(tuple) => TermKind::Tuple(self.values(&tuple.items, depth)).into_term(),
            Value::Data(data) if self.program.is_collection(data.decl) => {
                let maker = self.program.maker(data.decl).and_then(|maker| self.program.lookup(maker));
                let Some(maker) = maker else { return TermKind::Error.into_term() };
                let params = self.program.data(data.decl).map_or(0, |data| data.params.len());
                let unknown = TermKind::Error.into_term();
                let items = TermKind::List(unknown.clone(), self.values(&data.fields, depth)).into_term();
                let types = (0..params).map(|_| Arg::implicit(unknown.clone()));
                let args: Vec<Arg> = types.chain([Arg::explicit(items)]).collect();
                TermKind::Global(maker).into_term().apply(Default::default(), args)
            }
            Value::Data(data) => {
                let head = TermKind::Con(data.decl, data.ctor).into_term();
                let params = self.program.data(data.decl).map_or(0, |data| data.params.len());
                let params = (0..params).map(|_| Arg::implicit(TermKind::Error.into_term()));
                let fields = self.values(&data.fields, depth).into_iter().map(Arg::explicit);
                head.apply(Default::default(), params.chain(fields).collect::<Vec<_>>())
            }
            Value::Closure(closure) => self.close(&closure.term, &closure.env, depth),
            Value::Type(ty) => self.close(&ty.term, &ty.env, depth),
            Value::Partial(partial) => {
                let head = match partial.head {
                    Head::Def(id) => TermKind::Global(id),
                    Head::Con(decl, ctor) => TermKind::Con(decl, ctor),
                };
                self.applied(head.into_term(), &partial.args, depth)
            }
            Value::Stuck(stuck) => self.stuck(stuck, depth),
        }
    }

    fn stuck(&self, stuck: &Stuck, depth: usize) -> Term {
        match stuck {
            Stuck::Hole(id, _) => TermKind::Hole(*id).into_term(),
            Stuck::Op(op, operands) => {
                // The type that these carry is not printed.
                let ty = matches!(op, Op::Eq | Op::Ne | Op::ListAt)
                    .then(|| TermKind::Prim(PrimType::Unit).into_term());
                let operands = ty.into_iter().chain(self.values(operands, depth)).collect();
                TermKind::Op(*op, operands).into_term()
            }
            Stuck::Lazy(op, left, right, env) => {
                let sides = vec![self.value(left, depth), self.close(right, env, depth)];
                TermKind::Op(*op, sides).into_term()
            }
            Stuck::Apply(function, args) => self.applied(self.value(function, depth), args, depth),
            Stuck::Call(id, args) => self.applied(TermKind::Global(*id).into_term(), args, depth),
            Stuck::If(cond, yes, no, env) => {
                let (yes, no) = (self.close(yes, env, depth), self.close(no, env, depth));
                TermKind::If(self.value(cond, depth), yes, no).into_term()
            }
            Stuck::Match(scrutinee, term, env) => match &*self.close(term, env, depth).kind {
                TermKind::Match(_, ty, arms) => {
                    TermKind::Match(self.value(scrutinee, depth), ty.clone(), arms.clone()).into_term()
                }
                _ => TermKind::Error.into_term(),
            },
            Stuck::Field(decl, field, value) => {
                TermKind::Field(*decl, *field, self.value(value, depth)).into_term()
            }
            Stuck::Undecidable(term, env, _) => self.close(term, env, depth),
            Stuck::Broken(_) => TermKind::Error.into_term(),
        }
    }

    fn values(&self, values: &[Value], depth: usize) -> Vec<Term> {
        values.iter().map(|value| self.value(value, depth)).collect()
    }

    fn applied(&self, head: Term, args: &[Value], depth: usize) -> Term {
        let args = args.iter().map(|arg| {
            let term = self.value(arg, depth);
            if matches!(arg, Value::Type(_)) { Arg::implicit(term) } else { Arg::explicit(term) }
        });
        head.apply(Default::default(), args.collect::<Vec<_>>())
    }

    /// The term with its free variables replaced by what they stand for.
    fn close(&self, term: &Term, env: &Env, depth: usize) -> Term {
        term.map_vars(0, &|index, bound| match index.checked_sub(bound) {
            None => TermKind::Var(index).into_term(),
            Some(free) => match env.get(free) {
                Some(value) => self.value(value, depth),
                None => TermKind::Error.into_term(),
            },
        })
    }
}

fn literal(literal: Literal) -> Term {
    TermKind::Lit(literal).into_term()
}
