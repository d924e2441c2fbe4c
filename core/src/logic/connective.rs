//! Truth values: connectives, equality, choice, quantifiers.

use crate::logic::formula::{Formulas, Id, Node, Scope};
use crate::logic::sort::Sort;

impl Formulas {
    /// A truth value.
    pub fn truth(value: bool) -> Id {
        if value { Id::TRUE } else { Id::FALSE }
    }

    /// `!p`. Negation is pushed to the atoms; the negation of a quantified formula stays where it is.
    pub fn not(&mut self, p: Id) -> Id {
        if let Some(known) = self.negations.get(&p) {
            return *known;
        }
        let negated = match self.node(p).clone() {
            Node::Bool(value) => Formulas::truth(!value),
            Node::Not(inner) => inner,
            Node::Le(term) => {
                // !(t <= 0) is 1 - t <= 0.
                let minus = self.neg(term);
                let one = self.int(1);
                let bound = self.add(one, minus);
                self.at_most_zero(bound)
            }
            Node::And(items) => {
                let items = items.into_iter().map(|item| self.not(item)).collect();
                self.or(items)
            }
            Node::Or(items) => {
                let items = items.into_iter().map(|item| self.not(item)).collect();
                self.and(items)
            }
            Node::Iff(a, b) => {
                let a = self.not(a);
                self.iff(a, b)
            }
            Node::Ite(c, a, b) => {
                let (a, b) = (self.not(a), self.not(b));
                self.ite(c, a, b)
            }
            _ => self.intern(Node::Not(p), Sort::BOOL),
        };
        self.negations.insert(p, negated);
        self.negations.insert(negated, p);
        negated
    }

    /// All of them.
    pub fn and(&mut self, items: Vec<Id>) -> Id {
        self.junction(items, true)
    }

    /// At least one of them.
    pub fn or(&mut self, items: Vec<Id>) -> Id {
        self.junction(items, false)
    }

    /// `p && q`
    pub fn and2(&mut self, p: Id, q: Id) -> Id {
        self.and(vec![p, q])
    }

    fn junction(&mut self, items: Vec<Id>, conjunction: bool) -> Id {
        let (unit, zero) = (Formulas::truth(conjunction), Formulas::truth(!conjunction));
        let mut flat = Vec::with_capacity(items.len());
        for item in items {
            match self.node(item) {
                Node::And(inner) if conjunction => flat.extend_from_slice(inner),
                Node::Or(inner) if !conjunction => flat.extend_from_slice(inner),
                _ => flat.push(item),
            }
        }
        flat.sort_unstable();
        flat.dedup();
        flat.retain(|item| *item != unit);
        let clash = flat.iter().any(|item| match self.node(*item) {
            Node::Not(inner) => flat.binary_search(inner).is_ok(),
            _ => self.negations.get(item).is_some_and(|other| flat.binary_search(other).is_ok()),
        });
        if clash || flat.contains(&zero) {
            return zero;
        }
        match (flat.as_slice(), conjunction) {
            ([], _) => unit,
            ([only], _) => *only,
            (_, true) => self.intern(Node::And(flat), Sort::BOOL),
            (_, false) => self.intern(Node::Or(flat), Sort::BOOL),
        }
    }

    /// `p ==> q`
    pub fn implies(&mut self, p: Id, q: Id) -> Id {
        let premise = self.not(p);
        self.or(vec![premise, q])
    }

    /// `p <=> q`
    pub fn iff(&mut self, p: Id, q: Id) -> Id {
        if p == q {
            return Id::TRUE;
        }
        match (self.node(p), self.node(q)) {
            (Node::Bool(true), _) => return q,
            (_, Node::Bool(true)) => return p,
            (Node::Bool(false), _) => return self.not(q),
            (_, Node::Bool(false)) => return self.not(p),
            _ => {}
        }
        if self.not(p) == q {
            return Id::FALSE;
        }
        // One polarity for each side, so that `p <=> !q` and `!p <=> q` are one node.
        let (np, nq) = (self.not(p), self.not(q));
        let flip = (np < p) != (nq < q);
        let (p, q) = (p.min(np), q.min(nq));
        let (p, q) = (p.min(q), p.max(q));
        let node = self.intern(Node::Iff(p, q), Sort::BOOL);
        if !flip {
            return node;
        }
        // `not` of an Iff would come back here.
        self.intern(Node::Not(node), Sort::BOOL)
    }

    /// `a == b` at any sort; false negatives never: equal values make it true.
    pub fn eq(&mut self, a: Id, b: Id) -> Id {
        if a == b {
            return Id::TRUE;
        }
        let sort = self.sort_of(a);
        if sort != self.sort_of(b) {
            // Ill-sorted: nothing is known of it.
            return self.opaque(Sort::BOOL, vec![a, b]);
        }
        match sort {
            Sort::INT => {
                let difference = self.sub(a, b);
                return self.is_zero(difference);
            }
            Sort::BOOL => return self.iff(a, b),
            Sort::REAL => {
                let difference = self.real_sub(a, b);
                return self.real_is_zero(difference);
            }
            _ => {}
        }
        match (self.node(a).clone(), self.node(b).clone()) {
            (Node::Text(_), Node::Text(_)) | (Node::Float(_), Node::Float(_)) => return Id::FALSE,
            (Node::Construct(_, i, xs), Node::Construct(_, j, ys)) => {
                if i != j {
                    return Id::FALSE;
                }
                let parts = xs.into_iter().zip(ys).map(|(x, y)| self.eq(x, y)).collect();
                return self.and(parts);
            }
            (Node::Construct(_, i, xs), _) if xs.is_empty() => return self.is(i, b),
            (_, Node::Construct(_, i, xs)) if xs.is_empty() => return self.is(i, a),
            (Node::Ite(c, x, y), _) if self.is_literal_value(b) && self.is_value(x) && self.is_value(y) => {
                let (x, y) = (self.eq(x, b), self.eq(y, b));
                return self.ite(c, x, y);
            }
            (_, Node::Ite(c, x, y)) if self.is_literal_value(a) && self.is_value(x) && self.is_value(y) => {
                let (x, y) = (self.eq(a, x), self.eq(a, y));
                return self.ite(c, x, y);
            }
            _ => {}
        }
        self.intern(Node::Eq(a.min(b), a.max(b)), Sort::BOOL)
    }

    /// A text, or something made by a known constructor.
    fn is_literal_value(&self, id: Id) -> bool {
        matches!(self.node(id), Node::Text(_) | Node::Construct(..))
    }

    /// As above, or a choice between two such.
    fn is_value(&self, id: Id) -> bool {
        match self.node(id) {
            Node::Ite(_, x, y) => self.is_literal_value(*x) || self.is_literal_value(*y),
            _ => self.is_literal_value(id),
        }
    }

    /// `if c then a else b`, the branches of one sort.
    pub fn ite(&mut self, c: Id, a: Id, b: Id) -> Id {
        if c == Id::TRUE || a == b {
            return a;
        }
        if c == Id::FALSE {
            return b;
        }
        let sort = self.sort_of(a);
        if sort != self.sort_of(b) {
            return self.opaque(sort, vec![c, a, b]);
        }
        let negated = self.not(c);
        let (c, a, b) = if negated < c { (negated, b, a) } else { (c, a, b) };
        let a = match self.node(a) {
            Node::Ite(d, then, _) if *d == c => *then,
            _ => a,
        };
        let b = match self.node(b) {
            Node::Ite(d, _, other) if *d == c => *other,
            _ => b,
        };
        if a == b {
            return a;
        }
        if sort == Sort::BOOL {
            let not_c = self.not(c);
            match (self.node(a), self.node(b)) {
                (Node::Bool(true), _) => return self.or(vec![c, b]),
                (Node::Bool(false), _) => return self.and(vec![not_c, b]),
                (_, Node::Bool(true)) => return self.or(vec![not_c, a]),
                (_, Node::Bool(false)) => return self.and(vec![c, a]),
                _ => {}
            }
            if self.not(a) == b {
                return self.iff(c, a);
            }
        }
        self.intern(Node::Ite(c, a, b), sort)
    }

    /// `forall xs. p` for constants `xs`, which `p` is bound over.
    pub fn forall(&mut self, vars: &[Id], p: Id) -> Id {
        if matches!(self.node(p), Node::Bool(_)) || vars.is_empty() {
            // Sorts are never empty.
            return p;
        }
        // Directly nested quantifiers become one, which makes better triggers.
        if let Node::Forall(inner) = self.node(p).clone() {
            let more: Vec<Id> = inner.vars.iter().map(|var| self.fresh(self.sort_of(*var))).collect();
            let body = self.instantiate(&inner, &more).first().copied().unwrap_or(Id::TRUE);
            let all: Vec<Id> = vars.iter().copied().chain(more).collect();
            let scope = self.bind(&all, &[body]);
            return self.intern(Node::Forall(scope), Sort::BOOL);
        }
        let scope = self.bind(vars, &[p]);
        self.intern(Node::Forall(scope), Sort::BOOL)
    }

    /// `exists xs. p`, as `!(forall xs. !p)`.
    pub fn exists(&mut self, vars: &[Id], p: Id) -> Id {
        let negated = self.not(p);
        let all = self.forall(vars, negated);
        self.not(all)
    }

    pub(super) fn forall_scope(&mut self, scope: Scope) -> Id {
        match scope.bodies.first() {
            Some(body) if matches!(self.node(*body), Node::Bool(_)) => *body,
            _ => self.intern(Node::Forall(scope), Sort::BOOL),
        }
    }
}
