//! Values made by constructors, and functions as values.

use crate::logic::formula::{Calls, Formulas, Id, Node, Scope, Symbol};
use crate::logic::sort::{Sort, SortKind};
use num_traits::{One, Signed, Zero};

/// `Nil` and `Cons`, by their places in the prelude's `List`.
pub(super) const NIL: usize = 0;
pub(super) const CONS: usize = 1;
/// `None` and `Some`, by their places in the prelude's `Option`.
pub(super) const NONE: usize = 0;
pub(super) const SOME: usize = 1;

impl Formulas {
    /// A value of a tuple or data sort; the fields have the sorts the constructor says, or it is an opaque value.
    pub fn construct(&mut self, sort: Sort, ctor: usize, fields: Vec<Id>) -> Id {
        let fits = self.fields(sort).and_then(|ctors| ctors.get(ctor)).is_some_and(|sorts| {
            sorts.len() == fields.len()
                && sorts.iter().zip(&fields).all(|(sort, field)| self.sort_of(*field) == *sort)
        });
        if !fits {
            return self.opaque(sort, fields);
        }
        self.intern(Node::Construct(sort, ctor, fields), sort)
    }

    /// `()`
    pub fn unit(&mut self) -> Id {
        let sort = self.unit_sort();
        self.construct(sort, 0, Vec::new())
    }

    /// A tuple of these.
    pub fn tuple(&mut self, items: Vec<Id>) -> Id {
        let sorts = items.iter().map(|item| self.sort_of(*item)).collect();
        let sort = self.sort(SortKind::Tuple(sorts));
        self.construct(sort, 0, items)
    }

    /// How many constructors a sort has; 0 when it is not made by constructors.
    pub fn constructors(&self, sort: Sort) -> usize {
        self.fields(sort).map_or(0, Vec::len)
    }

    /// Whether `value` was made by constructor number `ctor`.
    pub fn is(&mut self, ctor: usize, value: Id) -> Id {
        let sort = self.sort_of(value);
        match self.node(value).clone() {
            Node::Construct(_, made, _) => return Formulas::truth(made == ctor),
            Node::Ite(c, a, b)
                if matches!(self.node(a), Node::Construct(..))
                    || matches!(self.node(b), Node::Construct(..)) =>
            {
                let (a, b) = (self.is(ctor, a), self.is(ctor, b));
                return self.ite(c, a, b);
            }
            _ => {}
        }
        match (self.constructors(sort), ctor) {
            // Nothing is known of values without constructors.
            (0, _) => self.opaque(Sort::BOOL, vec![value]),
            (1, 0) => Id::TRUE,
            // One of two: a single atom and its negation.
            (2, 1) => {
                let first = self.intern(Node::Is(0, value), Sort::BOOL);
                self.not(first)
            }
            (count, _) if ctor < count => self.intern(Node::Is(ctor, value), Sort::BOOL),
            _ => Id::FALSE,
        }
    }

    /// Field number `field` of a value made by `ctor`.
    pub fn select(&mut self, ctor: usize, field: usize, value: Id) -> Id {
        let sort = self.sort_of(value);
        match self.node(value).clone() {
            Node::Construct(_, made, fields) if made == ctor => {
                if let Some(id) = fields.get(field) {
                    return *id;
                }
            }
            Node::Ite(c, a, b) if self.made_by(a, ctor) || self.made_by(b, ctor) => {
                let (a, b) = (self.select(ctor, field, a), self.select(ctor, field, b));
                return self.ite(c, a, b);
            }
            _ => {}
        }
        let result = self.fields(sort).and_then(|ctors| ctors.get(ctor)).and_then(|fields| fields.get(field));
        match result.copied() {
            Some(result) => self.intern(Node::Select(ctor, field, value), result),
            None => {
                let unknown = self.unknown_sort();
                self.opaque(unknown, vec![value])
            }
        }
    }

    fn made_by(&self, id: Id, ctor: usize) -> bool {
        matches!(self.node(id), Node::Construct(_, made, _) if *made == ctor)
    }

    /// The function that takes the constant `param` to `body`, and may be applied where it is `safe`.
    pub fn closure(&mut self, param: Id, body: Id, safe: Id) -> Id {
        let sort = self.sort(SortKind::Fun(self.sort_of(param), self.sort_of(body)));
        let scope = self.bind(&[param], &[body, safe]);
        self.app(Symbol::Closure(sort, scope), Vec::new(), sort)
    }

    fn as_closure(&self, id: Id) -> Option<Scope> {
        match self.as_app(id) {
            Some((Symbol::Closure(_, scope), _)) => Some(scope.clone()),
            _ => None,
        }
    }

    /// `function(argument)`; a known function is applied at once.
    pub fn apply(&mut self, function: Id, argument: Id) -> Id {
        if let Some(scope) = self.as_closure(function) {
            let bodies = self.instantiate(&scope, &[argument]);
            if let Some(outcome) = bodies.first() {
                return *outcome;
            }
        }
        if let Node::Ite(c, f, g) = self.node(function).clone() {
            let (f, g) = (self.apply(f, argument), self.apply(g, argument));
            return self.ite(c, f, g);
        }
        match self.kind(self.sort_of(function)).clone() {
            SortKind::Fun(domain, result) if domain == self.sort_of(argument) => {
                self.intern(Node::Apply(function, argument), result)
            }
            _ => {
                let unknown = self.unknown_sort();
                self.opaque(unknown, vec![function, argument])
            }
        }
    }

    /// Whether `function` may be applied to `argument`.
    pub fn safe(&mut self, function: Id, argument: Id) -> Id {
        if let Some(scope) = self.as_closure(function)
            && let Some(safe) = self.instantiate(&scope, &[argument]).get(1)
        {
            return *safe;
        }
        if let Node::Ite(c, f, g) = self.node(function).clone() {
            let (f, g) = (self.safe(f, argument), self.safe(g, argument));
            return self.ite(c, f, g);
        }
        let sort = self.sort_of(function);
        self.app(Symbol::Safe(sort), vec![function, argument], Sort::BOOL)
    }

    /// Whether `function` takes what meets `domain` to what meets `codomain`; see [`Symbol::Respects`].
    pub fn respects(&mut self, calls: Calls, scope: Scope, function: Id) -> Id {
        if calls == Calls::Any && scope.bodies.get(1) == Some(&Id::TRUE) {
            return Id::TRUE;
        }
        if let Some(argument) = scope.vars.first().map(|var| self.sort_of(*var))
            && self.as_closure(function).is_some()
        {
            let argument = self.fresh(argument);
            if self.respected_at(calls, &scope, function, argument) == Id::TRUE {
                return Id::TRUE;
            }
        }
        self.app(Symbol::Respects(calls, scope), vec![function], Sort::BOOL)
    }

    /// What [`Symbol::Respects`] says of one argument.
    pub fn respected_at(&mut self, calls: Calls, scope: &Scope, function: Id, argument: Id) -> Id {
        let outcome = self.apply(function, argument);
        let safe = match calls {
            Calls::Allowed => self.safe(function, argument),
            Calls::Any => Id::TRUE,
        };
        let bodies = self.instantiate(scope, &[argument, outcome]);
        match bodies.as_slice() {
            [domain, codomain] => {
                let held = self.and2(safe, *codomain);
                self.implies(*domain, held)
            }
            _ => self.opaque(Sort::BOOL, vec![function, argument]),
        }
    }

    /// Whether what a value is made of meets the predicates of `scope`; see [`Symbol::Conforms`].
    pub fn conforms(&mut self, sort: Sort, scope: Scope, value: Id) -> Id {
        if let Node::Ite(c, a, b) = self.node(value).clone() {
            let (a, b) = (self.conforms(sort, scope.clone(), a), self.conforms(sort, scope, b));
            return self.ite(c, a, b);
        }
        self.app(Symbol::Conforms(sort, scope), vec![value], Sort::BOOL)
    }

    /// `list[index]` for a list of this sort.
    pub fn list_at(&mut self, list: Id, index: Id) -> Id {
        let sort = self.sort_of(list);
        let element =
            self.fields(sort).and_then(|ctors| ctors.get(CONS)).and_then(|fields| fields.first()).copied();
        let Some(element) = element else {
            let unknown = self.unknown_sort();
            return self.opaque(unknown, vec![list, index]);
        };
        let (mut list, mut index) = (list, index);
        while let (Some(at), Node::Construct(_, CONS, fields)) = (self.as_int(index), self.node(list))
            && let [head, tail] = fields.as_slice()
        {
            if at.is_zero() {
                return *head;
            }
            if at.is_negative() {
                break;
            }
            list = *tail;
            let one = num_bigint::BigInt::one();
            index = self.int(at - one);
        }
        self.app(Symbol::At(sort), vec![list, index], element)
    }
}
