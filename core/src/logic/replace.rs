//! Moving formulas between scopes: the only place that binds, opens and substitutes.

use crate::logic::formula::{Formulas, Id, Node, Scope, Symbol};
use num_bigint::BigInt;
use num_traits::Zero;
use std::collections::HashMap;

impl Formulas {
    /// Binds `constants` (made by [`Formulas::fresh`]) in `bodies`.
    pub fn bind(&mut self, constants: &[Id], bodies: &[Id]) -> Scope {
        let above = bodies.iter().map(|body| self.height(*body)).max().unwrap_or(0);
        let vars: Vec<Id> = constants
            .iter()
            .zip(above + 1..)
            .map(|(constant, number)| {
                let sort = self.sort_of(*constant);
                self.intern(Node::Bound(number, sort), sort)
            })
            .collect();
        let map: HashMap<Id, Id> = constants.iter().copied().zip(vars.iter().copied()).collect();
        let bodies = bodies.iter().map(|body| self.replace(*body, &map)).collect();
        Scope { vars, bodies }
    }

    /// The bodies with `args` for the variables.
    pub fn instantiate(&mut self, scope: &Scope, args: &[Id]) -> Vec<Id> {
        let map: HashMap<Id, Id> = scope.vars.iter().copied().zip(args.iter().copied()).collect();
        scope.bodies.iter().map(|body| self.replace(*body, &map)).collect()
    }

    /// `root` with each key of `map` (a constant or an unbound variable) replaced, normalising on the way up.
    pub fn replace(&mut self, root: Id, map: &HashMap<Id, Id>) -> Id {
        let mut done = map.clone();
        let mut todo = vec![root];
        while let Some(id) = todo.last().copied() {
            if done.contains_key(&id) {
                todo.pop();
                continue;
            }
            let before = todo.len();
            todo.extend(self.children(id).into_iter().filter(|child| !done.contains_key(child)));
            if todo.len() == before {
                let new = self.rebuild(id, &done, map);
                done.insert(id, new);
                todo.pop();
            }
        }
        done.get(&root).copied().unwrap_or(root)
    }

    /// Whether a constant stands in a formula, also behind binders.
    pub(super) fn mentions(&mut self, id: Id, constant: Id) -> bool {
        let other = self.fresh(self.sort_of(constant));
        self.replace(id, &HashMap::from([(constant, other)])) != id
    }

    fn replace_scope(&mut self, scope: &Scope, map: &HashMap<Id, Id>) -> Scope {
        let constants: Vec<Id> = scope.vars.iter().map(|var| self.fresh(self.sort_of(*var))).collect();
        let mut inner = map.clone();
        inner.extend(scope.vars.iter().copied().zip(constants.iter().copied()));
        let bodies: Vec<Id> = scope.bodies.iter().map(|body| self.replace(*body, &inner)).collect();
        self.bind(&constants, &bodies)
    }

    /// The node with its children replaced as `done` says and its scopes as `map` says.
    fn rebuild(&mut self, id: Id, done: &HashMap<Id, Id>, map: &HashMap<Id, Id>) -> Id {
        let new = |id: Id| done.get(&id).copied().unwrap_or(id);
        let all = |ids: &[Id]| ids.iter().map(|id| new(*id)).collect::<Vec<_>>();
        let node = self.node(id).clone();
        match &node {
            Node::Bool(_) | Node::Text(_) | Node::Float(_) | Node::Bound(..) => id,
            Node::App(sym, args) => {
                let (symbol, args) = (self.symbol(*sym).clone(), all(args));
                let result = self.signature(*sym).1;
                let symbol = match symbol {
                    Symbol::Conforms(sort, scope) => Symbol::Conforms(sort, self.replace_scope(&scope, map)),
                    Symbol::Respects(calls, scope) => {
                        Symbol::Respects(calls, self.replace_scope(&scope, map))
                    }
                    Symbol::Closure(sort, scope) => Symbol::Closure(sort, self.replace_scope(&scope, map)),
                    Symbol::Witness(calls, scope) => Symbol::Witness(calls, self.replace_scope(&scope, map)),
                    Symbol::Skolem(scope, number) => Symbol::Skolem(self.replace_scope(&scope, map), number),
                    other => other,
                };
                match (symbol, args.as_slice()) {
                    (Symbol::Conforms(sort, scope), [value]) => self.conforms(sort, scope, *value),
                    (Symbol::At(_), [list, index]) => self.list_at(*list, *index),
                    (Symbol::Respects(calls, scope), [function]) => self.respects(calls, scope, *function),
                    (Symbol::Safe(_), [function, argument]) => self.safe(*function, *argument),
                    (symbol, _) => self.app(symbol, args, result),
                }
            }
            Node::Forall(scope) => {
                let scope = self.replace_scope(scope, map);
                self.forall_scope(scope)
            }
            _ if self.children(id).iter().all(|child| new(*child) == *child) => id,
            Node::Linear(constant, terms) => {
                let mut sum = self.int(constant.clone());
                let mut flat: Vec<(Id, BigInt)> = Vec::new();
                for (term, factor) in terms {
                    let (constant, parts) = self.linear_parts(new(*term));
                    if !constant.is_zero() {
                        let constant = self.int(constant * factor);
                        sum = self.add(sum, constant);
                    }
                    flat.extend(parts.into_iter().map(|(id, times)| (id, times * factor)));
                }
                let rest = self.linear(BigInt::zero(), flat);
                self.add(sum, rest)
            }
            Node::Mul(factors) => {
                let one = self.int(1);
                all(factors).into_iter().fold(one, |product, factor| self.mul(product, factor))
            }
            Node::Div(a, b) => self.floor_div_positive(new(*a), new(*b)),
            Node::Mod(a, b) => self.floor_mod_positive(new(*a), new(*b)),
            Node::Le(a) => self.at_most_zero(new(*a)),
            Node::Zero(a) => self.is_zero(new(*a)),
            Node::RealSum(constant, terms) => {
                let sum = self.real(constant.clone());
                terms.iter().fold(sum, |sum, (term, factor)| {
                    let term = self.real_scale(new(*term), factor);
                    self.real_add(sum, term)
                })
            }
            Node::RealMul(factors) => {
                let one = self.real(1);
                all(factors).into_iter().fold(one, |product, factor| self.real_mul(product, factor))
            }
            Node::RealDiv(a, b) => self.real_div(new(*a), new(*b)),
            Node::RealLe(a) => self.real_at_most_zero(new(*a)),
            Node::RealZero(a) => self.real_is_zero(new(*a)),
            Node::ToReal(a) => self.to_real(new(*a)),
            Node::Floor(a) => self.floor(new(*a)),
            Node::FloatOp(op, args) => self.float_op(*op, all(args)),
            Node::Eq(a, b) => self.eq(new(*a), new(*b)),
            Node::Not(a) => self.not(new(*a)),
            Node::And(items) => self.and(all(items)),
            Node::Or(items) => self.or(all(items)),
            Node::Iff(a, b) => self.iff(new(*a), new(*b)),
            Node::Ite(c, a, b) => self.ite(new(*c), new(*a), new(*b)),
            Node::Construct(sort, ctor, fields) => self.construct(*sort, *ctor, all(fields)),
            Node::Select(ctor, field, value) => self.select(*ctor, *field, new(*value)),
            Node::Is(ctor, value) => self.is(*ctor, new(*value)),
            Node::Apply(function, argument) => self.apply(new(*function), new(*argument)),
            Node::Str(op, args) => self.text_op(*op, all(args)),
        }
    }
}
