//! What types mean: a sort, and a predicate that says which of its values belong.
//!
//! ```text
//! [[Int]](v)            = true
//! [[{x: A | p}]](v)     = [[A]](v) && p[v/x]
//! [[A * B]](v)          = [[A]](v.0) && [[B]](v.1)
//! [[D A]](v)            = for each constructor c: v made by c ==> fields and invariants hold
//! [[(x: A) -> B]](f)    = for all x: [[A]](x) ==> f may be applied to x && [[B]](f(x))
//! ```
//!
//! For recursive data the predicate is a symbol that `theory` unfolds value by value; for functions it is a symbol
//! that `theory` applies to arguments as they turn up.

use crate::ir::{DeclId, Icit, PrimType, Term, TermKind};
use crate::logic::data::SOME;
use crate::logic::dependencies::each_subterm;
use crate::logic::formula::{Calls, Id, Scope};
use crate::logic::sort::{Abstract, Sort, SortKind};
use crate::logic::translate::Translator;
use std::collections::HashSet;

/// An arena never holds more sorts than this: types that grow as they recur have no end.
const MOST_SORTS: usize = 300;

/// Types inside each other whose meaning is written out: functions and data in functions and data take twice as long
/// with every level.
const DEEPEST_MEANING: usize = 8;

/// A sort, and a predicate over its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Meaning {
    /// The sort.
    pub sort: Sort,
    /// The variable of the predicate; a bound variable.
    pub var: Id,
    /// The predicate: [`Id::TRUE`] when every value of the sort belongs.
    pub pred: Id,
}

/// What a variable in scope stands for.
#[derive(Debug, Clone, Copy)]
pub enum Binding {
    /// A value.
    Value(Id),
    /// A type.
    Type(Meaning),
    /// Something that does not matter here.
    Erased,
}

/// The variables in scope, outermost first.
#[derive(Debug, Clone, Default)]
pub struct Env {
    bindings: Vec<Binding>,
}

impl Env {
    /// An environment of types alone.
    pub fn of_types(types: &[Meaning]) -> Self {
        Env { bindings: types.iter().map(|ty| Binding::Type(*ty)).collect() }
    }

    /// One more value inside.
    pub fn with(&self, value: Id) -> Self {
        self.extended(Binding::Value(value))
    }

    /// One more type inside.
    pub fn with_type(&self, ty: Meaning) -> Self {
        self.extended(Binding::Type(ty))
    }

    fn extended(&self, binding: Binding) -> Self {
        let mut bindings = self.bindings.clone();
        bindings.push(binding);
        Env { bindings }
    }

    /// Variable `index`, 0 being the innermost.
    pub fn get(&self, index: usize) -> Option<&Binding> {
        let place = self.bindings.len().checked_sub(index + 1)?;
        self.bindings.get(place)
    }

    /// The innermost `count` variables.
    pub fn innermost(&self, count: usize) -> Self {
        let from = self.bindings.len().saturating_sub(count);
        Env { bindings: self.bindings.get(from..).unwrap_or_default().to_vec() }
    }

    /// All values in it.
    pub fn values(&self) -> Vec<Id> {
        let values = self.bindings.iter().filter_map(|binding| match binding {
            Binding::Value(id) => Some(*id),
            _ => None,
        });
        values.collect()
    }
}

impl Translator<'_> {
    /// The meaning that lets in every value.
    pub fn every(&mut self, sort: Sort) -> Meaning {
        let scope = {
            let constant = self.formulas.fresh(sort);
            self.formulas.bind(&[constant], &[Id::TRUE])
        };
        self.meaning_of_scope(sort, &scope)
    }

    fn meaning_of_scope(&self, sort: Sort, scope: &Scope) -> Meaning {
        let var = scope.vars.first().copied().unwrap_or(Id::TRUE);
        let pred = scope.bodies.first().copied().unwrap_or(Id::TRUE);
        Meaning { sort, var, pred }
    }

    /// Runs `f` with meanings that say nothing of where functions may be applied: those of facts.
    pub fn of_outcomes<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.calls, Calls::Any);
        let result = f(self);
        self.calls = before;
        result
    }

    /// The meaning whose predicate is `f` of a value.
    fn meaning_where(&mut self, sort: Sort, f: impl FnOnce(&mut Self, Id) -> Id) -> Meaning {
        let value = self.formulas.fresh(sort);
        self.open += 1;
        let pred = f(self, value);
        self.open -= 1;
        let scope = self.formulas.bind(&[value], &[pred]);
        self.meaning_of_scope(sort, &scope)
    }

    /// Whether `value` belongs.
    pub fn meets(&mut self, meaning: &Meaning, value: Id) -> Id {
        if meaning.pred == Id::TRUE {
            return Id::TRUE;
        }
        if self.formulas.sort_of(value) != meaning.sort {
            return self.formulas.opaque(Sort::BOOL, vec![value]);
        }
        let scope = Scope { vars: vec![meaning.var], bodies: vec![meaning.pred] };
        self.formulas.instantiate(&scope, &[value]).first().copied().unwrap_or(Id::FALSE)
    }

    /// The sort of a type.
    pub fn sort(&mut self, env: &Env, ty: &Term) -> Sort {
        let ty = ty.unfold(self.program);
        let (head, args) = ty.spine();
        match &*head.kind {
            TermKind::Prim(PrimType::Int) => Sort::INT,
            TermKind::Prim(PrimType::Bool) => Sort::BOOL,
            TermKind::Prim(PrimType::Str) => Sort::STR,
            TermKind::Prim(PrimType::Real) => Sort::REAL,
            TermKind::Prim(PrimType::Float) => Sort::FLOAT,
            TermKind::Prim(PrimType::Unit) => self.formulas.unit_sort(),
            TermKind::Refine(_, base, _) => self.sort(env, base),
            TermKind::Product(items) => {
                let items = items.iter().map(|item| self.sort(env, item)).collect();
                self.formulas.sort(SortKind::Tuple(items))
            }
            TermKind::Data(decl) => {
                let types = (0..).zip(args).filter(|(place, _)| !self.is_index(*decl, *place));
                let types: Vec<&Term> = types.map(|(_, arg)| &arg.term).collect();
                let sorts = types.into_iter().map(|ty| self.sort(env, ty)).collect();
                self.data_sort(*decl, sorts)
            }
            TermKind::Pi(Icit::Explicit, _, domain, codomain) => {
                let domain = self.sort(env, domain);
                let inner = env.extended(Binding::Erased);
                let codomain = self.sort(&inner, codomain);
                self.formulas.sort(SortKind::Fun(domain, codomain))
            }
            TermKind::Var(index) => match env.get(*index) {
                Some(Binding::Type(meaning)) => meaning.sort,
                _ => self.formulas.unknown_sort(),
            },
            TermKind::Hole(id) => match self.program.hole(*id).and_then(|hole| hole.default.clone()) {
                Some(default) => self.sort(&Env::default(), &default),
                None => self.formulas.sort(SortKind::Abstract(Abstract::Hole(*id))),
            },
            _ => self.formulas.unknown_sort(),
        }
    }

    /// The sort of a data type at these sorts; abstract when it has no sound encoding.
    pub fn data_sort(&mut self, decl: DeclId, sorts: Vec<Sort>) -> Sort {
        let program = self.program;
        let kind = SortKind::Data(decl, sorts.clone());
        if let Some(sort) = self.formulas.known_sort(&kind) {
            return sort;
        }
        // Values of which only definitions tell: sets and maps.
        if program.is_collection(decl) {
            return self.formulas.sort(kind);
        }
        let nothing = SortKind::Abstract(Abstract::Data(decl));
        let Some(data) = program.data(decl) else { return self.formulas.sort(nothing) };
        let by_values = data.params.iter().any(|param| !matches!(&*param.ty.kind, TermKind::Universe));
        if by_values
            || data.params.len() != sorts.len()
            || data.ctors.is_empty()
            || self.dependencies.is_paradoxical(decl)
            || self.dependencies.is_broken(decl)
            || !self.dependencies.is_grounded(decl)
        {
            return self.formulas.sort(nothing);
        }
        if self.formulas.sort_count() > MOST_SORTS {
            return self.formulas.unknown_sort();
        }
        let sort = self.formulas.sort(kind);
        let types: Vec<Meaning> = sorts.iter().map(|sort| self.every(*sort)).collect();
        let mut ctors = Vec::new();
        for ctor in &data.ctors {
            let mut env = Env::of_types(&types);
            let mut fields = Vec::new();
            for (_, ty) in &ctor.fields {
                fields.push(self.sort(&env, ty));
                env = env.extended(Binding::Erased);
            }
            ctors.push(fields);
        }
        self.formulas.set_fields(sort, ctors);
        sort
    }

    /// The meaning of a type; opaque where it is nested so deep that writing it down takes too long.
    pub fn meaning(&mut self, env: &Env, ty: &Term) -> Meaning {
        if self.nesting >= DEEPEST_MEANING {
            let sort = self.sort(env, ty);
            // What a variable stands for may be refined: only a closed type is known to let in every value.
            let mut closed = true;
            each_subterm(ty, &mut |part| closed &= !matches!(&*part.kind, TermKind::Var(_)));
            return match closed && self.is_plain_type(ty, &mut HashSet::new()) {
                true => self.every(sort),
                false => self.opaque_meaning(env, sort),
            };
        }
        self.nesting += 1;
        let meaning = self.meaning_inside(env, ty);
        self.nesting -= 1;
        meaning
    }

    fn meaning_inside(&mut self, env: &Env, ty: &Term) -> Meaning {
        let ty = ty.unfold(self.program);
        let (head, args) = ty.spine();
        match &*head.kind {
            TermKind::Prim(_) => {
                let sort = self.sort(env, &ty);
                self.every(sort)
            }
            TermKind::Refine(_, base, predicate) => {
                let base = self.meaning(env, base);
                self.meaning_where(base.sort, |this, value| {
                    let known = this.meets(&base, value);
                    let inner = env.with(value);
                    let condition = this.condition(&inner, predicate);
                    this.formulas.and2(known, condition)
                })
            }
            TermKind::Product(items) => {
                let parts: Vec<Meaning> = items.iter().map(|item| self.meaning(env, item)).collect();
                let sort = self.formulas.sort(SortKind::Tuple(parts.iter().map(|part| part.sort).collect()));
                self.product_meaning(sort, &parts)
            }
            TermKind::Data(decl) => {
                let types: Vec<Meaning> = (0..)
                    .zip(args)
                    .map(|(place, arg)| match self.is_index(*decl, place) {
                        true => self.only(env, &arg.term),
                        false => self.meaning(env, &arg.term),
                    })
                    .collect();
                self.data_meaning(*decl, &types)
            }
            TermKind::Pi(Icit::Explicit, _, domain, codomain) => {
                let domain = self.meaning(env, domain);
                let sort = self.sort(env, &ty);
                let argument = self.formulas.fresh(domain.sort);
                self.open += 1;
                let codomain = self.meaning(&env.with(argument), codomain);
                self.open -= 1;
                self.function_meaning(sort, domain, argument, codomain)
            }
            TermKind::Var(index) => match env.get(*index) {
                Some(Binding::Type(meaning)) => *meaning,
                _ => self.unknown_meaning(env),
            },
            TermKind::Hole(id) => match self.program.hole(*id).and_then(|hole| hole.default.clone()) {
                Some(default) => self.meaning(&Env::default(), &default),
                None => {
                    let sort = self.sort(env, &ty);
                    self.every(sort)
                }
            },
            _ => self.unknown_meaning(env),
        }
    }

    /// Of a type the logic does not know, nobody can say which values belong.
    fn unknown_meaning(&mut self, env: &Env) -> Meaning {
        let sort = self.formulas.unknown_sort();
        self.opaque_meaning(env, sort)
    }

    /// Whether a parameter of a declared type takes values.
    fn is_index(&self, decl: DeclId, place: usize) -> bool {
        let param = self.program.data(decl).and_then(|data| data.params.get(place));
        param.is_some_and(|param| !matches!(&*param.ty.kind, TermKind::Universe))
    }

    /// Whether the type arguments of a declared type let in everything, so that only its indices tell.
    pub(super) fn differs_in_indices(&self, decl: DeclId, scope: &Scope) -> bool {
        let mut bodies = scope.bodies.iter().enumerate();
        bodies.all(|(place, body)| self.is_index(decl, place) || *body == Id::TRUE)
    }

    /// The meaning that lets in one value: of an index.
    fn only(&mut self, env: &Env, index: &Term) -> Meaning {
        let index = self.quietly(|this| this.term(env, index));
        let sort = self.formulas.sort_of(index);
        self.meaning_where(sort, |this, value| this.formulas.eq(value, index))
    }

    fn opaque_meaning(&mut self, env: &Env, sort: Sort) -> Meaning {
        let mut on = env.values();
        self.meaning_where(sort, |this, value| {
            on.push(value);
            this.formulas.opaque(Sort::BOOL, on)
        })
    }

    fn product_meaning(&mut self, sort: Sort, parts: &[Meaning]) -> Meaning {
        if parts.iter().all(|part| part.pred == Id::TRUE) {
            return self.every(sort);
        }
        self.meaning_where(sort, |this, value| {
            let mut conditions = Vec::new();
            for (number, part) in parts.iter().enumerate() {
                let item = this.formulas.select(0, number, value);
                conditions.push(this.meets(part, item));
            }
            this.formulas.and(conditions)
        })
    }

    fn function_meaning(&mut self, sort: Sort, domain: Meaning, argument: Id, codomain: Meaning) -> Meaning {
        let known = self.meets(&domain, argument);
        let outcome = self.formulas.fresh(codomain.sort);
        let promised = self.meets(&codomain, outcome);
        let scope = self.formulas.bind(&[argument, outcome], &[known, promised]);
        let calls = self.calls;
        self.meaning_where(sort, |this, function| this.formulas.respects(calls, scope, function))
    }

    fn data_meaning(&mut self, decl: DeclId, types: &[Meaning]) -> Meaning {
        let sort = self.data_sort(decl, types.iter().map(|ty| ty.sort).collect());
        if self.program.is_collection(decl) {
            return self.collection_meaning(sort, types);
        }
        // Without an encoding nobody can look inside: what was promised can be passed on, not shown.
        let encoded = self.formulas.fields(sort).is_some();
        if encoded && self.lets_in_all(decl, types) {
            return self.every(sort);
        }
        let folded = self.dependencies.is_recursive_data(decl) || self.dependencies.is_circular(decl);
        if encoded && !folded {
            return self.meaning_where(sort, |this, value| this.conforms_unfolded(decl, types, value));
        }
        let scope = self.param_scope(types);
        self.meaning_where(sort, |this, value| this.formulas.conforms(sort, scope, value))
    }

    /// ```text
    /// [[Set T]](s)    = for all x: s has x ==> [[T]](x)
    /// [[Map K V]](m)  = for all k, v: get(m, k) == Some(v) ==> [[K]](k) && [[V]](v)
    /// ```
    fn collection_meaning(&mut self, sort: Sort, types: &[Meaning]) -> Meaning {
        if types.iter().all(|ty| ty.pred == Id::TRUE) {
            return self.every(sort);
        }
        self.meaning_where(sort, |this, value| {
            let Some(first) = types.first() else { return Id::FALSE };
            let key = this.formulas.fresh(first.sort);
            let mut known = vec![this.meets(first, key)];
            let found = match (this.found_in(value, key), types.get(1)) {
                (Some(found), None) => found,
                (Some(found), Some(second)) => {
                    let stored = this.formulas.select(SOME, 0, found);
                    known.push(this.meets(second, stored));
                    this.formulas.is(SOME, found)
                }
                (None, _) => return this.formulas.opaque(Sort::BOOL, vec![value]),
            };
            let known = this.formulas.and(known);
            let body = this.formulas.implies(found, known);
            this.formulas.forall(&[key], body)
        })
    }

    /// Whether a set has an element; what a map has at a key.
    pub(super) fn found_in(&mut self, collection: Id, key: Id) -> Option<Id> {
        let SortKind::Data(decl, sorts) = self.formulas.kind(self.formulas.sort_of(collection)).clone()
        else {
            return None;
        };
        let is_set = self.program.set() == Some(decl);
        let id = self.prelude_def(if is_set { "set_has" } else { "get" })?;
        let types: Vec<Meaning> = sorts.iter().map(|sort| self.every(*sort)).collect();
        let def = self.program.def(id)?;
        Some(self.quietly(|this| this.call(id, def, &types, vec![collection, key])))
    }

    /// Equality of sets and maps, by what is in them.
    pub(super) fn same_inside(&mut self, equation: Id, left: Id, right: Id) -> Option<Id> {
        let sort = self.formulas.sort_of(left);
        let SortKind::Data(decl, sorts) = self.formulas.kind(sort).clone() else { return None };
        if self.program.set() != Some(decl) && self.program.map() != Some(decl) {
            return None;
        }
        let key = self.formulas.fresh(*sorts.first()?);
        let (here, there) = (self.found_in(left, key)?, self.found_in(right, key)?);
        let same = self.formulas.eq(here, there);
        let everywhere = self.formulas.forall(&[key], same);
        Some(self.formulas.implies(everywhere, equation))
    }

    /// The predicates of type arguments as one scope.
    fn param_scope(&mut self, types: &[Meaning]) -> Scope {
        let constants: Vec<Id> = types.iter().map(|ty| self.formulas.fresh(ty.sort)).collect();
        let bodies: Vec<Id> =
            types.iter().zip(&constants).map(|(ty, constant)| self.meets(ty, *constant)).collect();
        self.formulas.bind(&constants, &bodies)
    }

    /// The type arguments of [`Symbol::Conforms`].
    pub fn types_of_scope(&self, scope: &Scope) -> Vec<Meaning> {
        let pairs = scope.vars.iter().zip(&scope.bodies);
        pairs
            .map(|(var, pred)| Meaning { sort: self.formulas.sort_of(*var), var: *var, pred: *pred })
            .collect()
    }

    /// What it means that a value conforms: by its constructor, the fields have their types and the invariants
    /// hold.
    pub fn conforms_unfolded(&mut self, decl: DeclId, types: &[Meaning], value: Id) -> Id {
        let program = self.program;
        let Some(data) = program.data(decl) else { return self.formulas.opaque(Sort::BOOL, vec![value]) };
        let mut conditions = Vec::new();
        for (number, ctor) in data.ctors.iter().enumerate() {
            let made = self.formulas.is(number, value);
            if made == Id::FALSE {
                continue;
            }
            let mut env = Env::of_types(types);
            let mut parts = Vec::new();
            for (place, (_, ty)) in ctor.fields.iter().enumerate() {
                let field = self.formulas.select(number, place, value);
                let meaning = self.meaning(&env, ty);
                parts.push(self.meets(&meaning, field));
                env = env.with(field);
            }
            for clause in &data.invariants {
                parts.push(self.condition(&env, &clause.body));
            }
            let held = self.formulas.and(parts);
            conditions.push(self.formulas.implies(made, held));
        }
        self.formulas.and(conditions)
    }

    /// Whether a data type at these types has every value of its sort: no refinement, invariant or function can
    /// be reached.
    fn lets_in_all(&self, decl: DeclId, types: &[Meaning]) -> bool {
        let mut seen = HashSet::new();
        types.iter().all(|ty| ty.pred == Id::TRUE) && self.is_plain(decl, &mut seen)
    }

    pub(super) fn is_plain(&self, decl: DeclId, seen: &mut HashSet<DeclId>) -> bool {
        if !seen.insert(decl) {
            return true;
        }
        let Some(data) = self.program.data(decl) else { return false };
        data.invariants.is_empty()
            && data.ctors.iter().flat_map(|ctor| &ctor.fields).all(|(_, ty)| self.is_plain_type(ty, seen))
    }

    pub(super) fn is_plain_type(&self, ty: &Term, seen: &mut HashSet<DeclId>) -> bool {
        let ty = ty.unfold(self.program);
        let (head, args) = ty.spine();
        match &*head.kind {
            TermKind::Prim(_) | TermKind::Var(_) => true,
            TermKind::Product(items) => items.iter().all(|item| self.is_plain_type(item, seen)),
            TermKind::Data(decl) => {
                self.is_plain(*decl, seen) && args.iter().all(|arg| self.is_plain_type(&arg.term, seen))
            }
            _ => false,
        }
    }

    /// Whether what a value of this sort meets depends on what its type arguments let in: it holds functions
    /// because of them, or functions that take such values. An `Option` of partial functions has the same sort as
    /// one of total ones.
    pub(super) fn varies(&self, sort: Sort) -> bool {
        let SortKind::Data(decl, args) = self.formulas.kind(sort) else { return false };
        if !args.is_empty() && self.dependencies.holds_functions(*decl) {
            return true;
        }
        let mut todo = args.clone();
        while let Some(sort) = todo.pop() {
            match self.formulas.kind(sort) {
                SortKind::Fun(..) => return true,
                SortKind::Tuple(items) => todo.extend(items),
                SortKind::Data(..) if self.varies(sort) => return true,
                _ => {}
            }
        }
        false
    }

    /// What every value of a sort meets because its type was checked: invariants, and that functions may be
    /// applied.
    pub fn natural(&mut self, sort: Sort) -> Meaning {
        match self.formulas.kind(sort).clone() {
            SortKind::Tuple(items) => {
                let parts: Vec<Meaning> = items.iter().map(|item| self.natural(*item)).collect();
                self.product_meaning(sort, &parts)
            }
            SortKind::Data(decl, args) => {
                let types: Vec<Meaning> = args.iter().map(|arg| self.natural(*arg)).collect();
                self.data_meaning(decl, &types)
            }
            SortKind::Fun(domain, codomain) => {
                let (domain, codomain) = (self.natural(domain), self.natural(codomain));
                let argument = self.formulas.fresh(domain.sort);
                self.function_meaning(sort, domain, argument, codomain)
            }
            SortKind::Int
            | SortKind::Bool
            | SortKind::Str
            | SortKind::Real
            | SortKind::Float
            | SortKind::Abstract(_) => self.every(sort),
        }
    }
}
