//! What is known of the symbols in a formula: contracts, unfoldings, and instances of quantified facts.
//!
//! Facts are about ground terms only and are stated breadth first: a term that turns up in a fact about a term of
//! generation *n* is of generation *n + 1*, and the fuel says which generations are looked at. Nothing is ever
//! unfolded under a quantifier, so a query is finite whatever the definitions are.
//!
//! Every fact is true of all values of the symbols' arguments, guarded by whatever it takes: a contract holds where
//! the precondition does; inside a knot of recursion it holds for smaller arguments. A fact that leans on another
//! declaration says so ([`Rest`]), and a proof stands only if what its facts lean on does.

use crate::ir::{DeclId, DefDecl, Icit, Program};
use crate::logic::data::{CONS, NIL};
use crate::logic::formula::{Calls, Id, Node, Scope, Symbol};
use crate::logic::meaning::{Env, Meaning};
use crate::logic::pattern::{self, Match};
use crate::logic::remainders::{self, Divided};
use crate::logic::sort::{Abstract, Sort, SortKind};
use crate::logic::termination::{Order, Orders, Size, size};
use crate::logic::translate::Translator;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::Arc;

/// Facts in one query at most.
const MOST_FACTS: usize = 900;
/// New nodes for one query at most.
const MOST_NODES: usize = 60_000;
/// Instances of one quantified formula at most.
const MOST_INSTANCES: usize = 40;

/// What a fact leans on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rest {
    /// The definition keeps one of its promises: number 0 is its result type, the others its postconditions.
    Promise(DeclId, usize),
    /// The definition owes nothing any more.
    Everything(DeclId),
    /// The definition's recursion ends.
    Ends(DeclId),
}

impl Rest {
    /// Whose it is.
    pub fn declaration(self) -> DeclId {
        match self {
            Rest::Promise(id, _) | Rest::Everything(id) | Rest::Ends(id) => id,
        }
    }
}

/// A formula that is true whatever its symbols' arguments are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fact {
    /// What is true.
    pub formula: Id,
    /// What must stand for it to be true.
    pub rest: Option<Rest>,
}

/// The facts about some formulas.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// In the order they were found.
    pub facts: Vec<Fact>,
    /// Whether more fuel would find more.
    pub cut: bool,
    /// Whether quantified formulas or opaque values take part, so that a model may be none.
    pub partial: bool,
}

/// Where facts come from, for one declaration under proof.
pub struct Theory {
    /// Why recursive definitions end.
    pub orders: Arc<Orders>,
    /// The declaration under proof.
    pub current: DeclId,
    /// Its value parameters, when it is a definition.
    pub params: Vec<Id>,
    /// Their environment.
    pub env: Env,
    contracts: HashMap<(DeclId, Vec<Meaning>), Contract>,
    bodies: HashMap<(DeclId, Vec<Sort>), Option<Scope>>,
}

/// A definition's contract for any arguments: the variables are the parameters, then the result. The bodies are
/// the domain; the same with where functions may be applied; the result type with that; then the promises.
#[derive(Clone)]
struct Contract {
    scope: Scope,
}

impl Theory {
    /// The facts for proving what `current` owes.
    pub fn new(orders: Arc<Orders>, current: DeclId, params: Vec<Id>, env: Env) -> Self {
        Theory { orders, current, params, env, contracts: HashMap::new(), bodies: HashMap::new() }
    }

    /// The facts about the ground terms of `roots`, with this much fuel.
    pub fn facts(&mut self, translator: &mut Translator<'_>, roots: &[Id], fuel: usize) -> Facts {
        let mut search = Search {
            seen: HashMap::new(),
            queue: VecDeque::new(),
            found: Facts::default(),
            known: HashSet::new(),
            respects: BTreeMap::new(),
            unfolded: BTreeMap::new(),
            conforming: BTreeMap::new(),
            elements: BTreeMap::new(),
            divided: Divided::new(),
            applied: BTreeMap::new(),
            quantified: Vec::new(),
            instances: BTreeMap::new(),
            fuel,
            ceiling: translator.formulas.len() + MOST_NODES,
        };
        roots.iter().for_each(|root| search.visit(translator, *root, 0));
        loop {
            while let Some((id, generation)) = search.queue.pop_front() {
                if search.exhausted(translator) {
                    search.found.cut = true;
                    return search.found;
                }
                self.about(translator, &mut search, id, generation);
            }
            if !search.instantiate(translator) {
                return search.found;
            }
        }
    }

    /// States what is known of one term.
    fn about(&mut self, translator: &mut Translator<'_>, search: &mut Search, id: Id, generation: usize) {
        match translator.formulas.node(id).clone() {
            Node::App(sym, args) => match translator.formulas.symbol(sym).clone() {
                Symbol::Def(decl, sorts) => {
                    self.definition(translator, search, (id, generation), decl, &sorts, &args);
                }
                Symbol::Run(decl, sorts, _) => {
                    // What a definition promises holds of every run; which value it is, nobody knows.
                    search.found.partial = true;
                    let Some(def) = translator.program.def(decl) else { return };
                    let takes = def.params.iter().filter(|param| param.icit == Icit::Explicit).count();
                    let args = args.get(..takes).unwrap_or_default();
                    if !translator.dependencies.is_broken(decl) {
                        self.promised(translator, search, (id, generation), def, decl, &sorts, args);
                    }
                }
                Symbol::Conforms(sort, scope) => {
                    let (value, decl) = match (args.as_slice(), translator.formulas.kind(sort).clone()) {
                        ([value], SortKind::Data(decl, _)) => (value, decl),
                        ([value], SortKind::Abstract(Abstract::Data(decl))) => {
                            // Types that differ in their indices alone are the same where those are equal.
                            if translator.differs_in_indices(decl, &scope) {
                                search.compare(translator, (id, generation), *value, scope);
                            }
                            return;
                        }
                        _ => return,
                    };
                    if translator.dependencies.is_circular(decl) {
                        // Which values it has, its conditions do not say.
                        search.found.partial = true;
                        return;
                    }
                    let types = translator.types_of_scope(&scope);
                    let value = *value;
                    if translator.program.list() == Some(decl) {
                        search.elements.entry(value).or_default().0.push((id, scope.clone()));
                        search.tell_of_elements(translator, value, generation);
                    }
                    if !translator.varies(sort) {
                        search.compare(translator, (id, generation), value, scope);
                    }
                    search.unfold(translator, generation, Some(value), |translator| {
                        let inside = translator.conforms_unfolded(decl, &types, value);
                        Some(Fact { formula: translator.formulas.iff(id, inside), rest: None })
                    });
                }
                Symbol::Respects(calls, scope) => {
                    let [function] = args.as_slice() else { return };
                    let domain = scope.vars.first().map(|var| translator.formulas.sort_of(*var));
                    let Some(domain) = domain else { return };
                    search.respects.entry(*function).or_default().push((id, calls, scope.clone()));
                    let witness = Symbol::Witness(calls, scope.clone());
                    let witness = translator.formulas.app(witness, vec![*function], domain);
                    let there = translator.formulas.respected_at(calls, &scope, *function, witness);
                    let formula = translator.formulas.implies(there, id);
                    search.state(translator, generation, Fact { formula, rest: None });
                    search.pair(translator, *function, generation);
                }
                Symbol::Safe(_) => {
                    let [function, argument] = args.as_slice() else { return };
                    search.applied.entry(*function).or_default().insert(*argument);
                    search.pair(translator, *function, generation);
                }
                Symbol::At(_) => {
                    let [list, index] = args.as_slice() else { return };
                    let (list, index) = (*list, *index);
                    search.unfold(translator, generation, Some(list), |translator| {
                        Some(Fact { formula: element(translator, id, list, index), rest: None })
                    });
                    if let Some(formula) = contained(translator, id, list, index) {
                        search.state(translator, generation, Fact { formula, rest: None });
                    }
                }
                Symbol::Hole(_) => {
                    if let Some(known) = translator.hole_facts.get(&id).copied() {
                        search.state(translator, generation, Fact { formula: known, rest: None });
                    }
                }
                Symbol::Opaque(_) => search.found.partial = true,
                _ => {}
            },
            Node::Div(dividend, divisor) | Node::Mod(dividend, divisor) => {
                for formula in
                    remainders::facts(&mut translator.formulas, dividend, divisor, &mut search.divided)
                {
                    search.state(translator, generation, Fact { formula, rest: None });
                }
            }
            Node::Eq(left, right) => {
                if let Some(formula) = translator.same_inside(id, left, right) {
                    search.state(translator, generation, Fact { formula, rest: None });
                }
            }
            Node::Is(NIL, list) => {
                if let Some(formula) = first_contained(translator, id, list) {
                    search.state(translator, generation, Fact { formula, rest: None });
                }
            }
            Node::Apply(function, argument) => {
                search.applied.entry(function).or_default().insert(argument);
                search.pair(translator, function, generation);
            }
            Node::Forall(scope) => {
                search.found.partial = true;
                search.quantified.push((id, generation));
                // Where it is false, it is false of something.
                let sorts: Vec<Sort> =
                    scope.vars.iter().map(|var| translator.formulas.sort_of(*var)).collect();
                let skolems: Vec<Id> = sorts
                    .into_iter()
                    .enumerate()
                    .map(|(number, sort)| {
                        translator.formulas.app(Symbol::Skolem(scope.clone(), number), Vec::new(), sort)
                    })
                    .collect();
                let body = translator.formulas.instantiate(&scope, &skolems);
                if let Some(body) = body.first() {
                    let formula = translator.formulas.implies(*body, id);
                    search.state(translator, generation, Fact { formula, rest: None });
                }
            }
            _ => {}
        }
    }

    fn definition(
        &mut self,
        translator: &mut Translator<'_>,
        search: &mut Search,
        (id, generation): (Id, usize),
        decl: DeclId,
        sorts: &[Sort],
        args: &[Id],
    ) {
        let program = translator.program;
        let Some(def) = program.def(decl) else { return };
        if translator.dependencies.is_broken(decl) {
            return;
        }
        if let [list, element] = args
            && translator.prelude_def("contains") == Some(decl)
        {
            search.elements.entry(*list).or_default().1.push((id, *element));
            search.tell_of_elements(translator, *list, generation);
        }
        let smaller = self.promised(translator, search, (id, generation), def, decl, sorts, args);
        let knotted = translator.dependencies.knotted(self.current, decl);
        let recurring = translator.dependencies.recur_together(self.current, decl);
        let natural = natural(translator, sorts);
        let with_result: Vec<Id> = args.iter().copied().chain([id]).collect();
        let recursive = translator.dependencies.is_recursive(decl);
        if recursive && self.orders.get(decl).is_none_or(|order| matches!(order, Order::Endless(_))) {
            return;
        }
        // The equation of a definition that does not recur holds of whatever it means; of one that recurs, where
        // it is known to end.
        let guard = match (recursive, recurring) {
            (true, true) => smaller,
            // In a knot without calling each other: who is called may be leaned on by who calls, never both ways.
            (true, false) if knotted && !translator.dependencies.reaches(self.current, decl) => None,
            _ => Some(Id::TRUE),
        };
        let Some(guard) = guard else { return };
        let Some(scope) = self.body(translator, def, decl, sorts) else { return };
        let shrinking = match self.orders.get(decl) {
            Some(Order::Structural { places, .. }) => {
                places.first().and_then(|place| args.get(*place)).copied()
            }
            _ => None,
        };
        let domain = match recursive {
            true => {
                let contract = self.contract(translator, def, decl, natural);
                let bodies = translator.formulas.instantiate(&contract.scope, &with_result);
                bodies.first().copied().unwrap_or(Id::FALSE)
            }
            false => Id::TRUE,
        };
        let rest = recursive.then_some(Rest::Ends(decl));
        if matches!(translator.formulas.kind(translator.formulas.sort_of(id)), SortKind::Fun(..))
            && generation < search.fuel
            && let Some(value) = translator.formulas.instantiate(&scope, args).first().copied()
        {
            let premise = translator.formulas.and2(guard, domain);
            search.unfolded.entry(id).or_default().push((premise, value, rest));
            search.pair(translator, id, generation);
        }
        search.unfold(translator, generation, shrinking, |translator| {
            let value = translator.formulas.instantiate(&scope, args).first().copied()?;
            if translator.formulas.sort_of(value) != translator.formulas.sort_of(id) {
                return None;
            }
            let equation = translator.formulas.eq(id, value);
            let premise = translator.formulas.and2(guard, domain);
            Some(Fact { formula: translator.formulas.implies(premise, equation), rest })
        });
    }

    /// What a definition promises of its result `id`; when it may be leaned on at all.
    #[allow(clippy::too_many_arguments, reason = "a definition and one application of it")]
    fn promised(
        &mut self,
        translator: &mut Translator<'_>,
        search: &mut Search,
        (id, generation): (Id, usize),
        def: &DefDecl,
        decl: DeclId,
        sorts: &[Sort],
        args: &[Id],
    ) -> Option<Id> {
        // Inside the knot of what is under proof, only what is smaller may be leaned on.
        let knotted = translator.dependencies.knotted(self.current, decl);
        let smaller = if knotted { self.smaller(translator, decl, sorts, args) } else { Some(Id::TRUE) };
        let guard = smaller?;
        let natural = natural(translator, sorts);
        let with_result: Vec<Id> = args.iter().copied().chain([id]).collect();
        let instances = translator.instances.get(&id).cloned().unwrap_or_default();
        for types in [natural.clone()].into_iter().chain(instances) {
            let contract = self.contract(translator, def, decl, types);
            let bodies = translator.formulas.instantiate(&contract.scope, &with_result);
            let [domain, full, result, promises @ ..] = bodies.as_slice() else { continue };
            let premise = translator.formulas.and2(guard, *domain);
            for (number, promise) in promises.iter().enumerate() {
                let formula = translator.formulas.implies(premise, *promise);
                let rest = Some(Rest::Promise(decl, number));
                search.state(translator, generation, Fact { formula, rest });
            }
            if promises.first() != Some(result) {
                let premise = translator.formulas.and2(guard, *full);
                let formula = translator.formulas.implies(premise, *result);
                search.state(translator, generation, Fact { formula, rest: Some(Rest::Everything(decl)) });
            }
        }
        smaller
    }

    /// When these arguments of a definition in the knot are smaller than the parameters under proof; `None` when
    /// nothing says so.
    fn smaller(
        &mut self,
        translator: &mut Translator<'_>,
        decl: DeclId,
        sorts: &[Sort],
        args: &[Id],
    ) -> Option<Id> {
        if !translator.dependencies.recur_together(self.current, decl) {
            return None;
        }
        match (self.orders.get(self.current)?, self.orders.get(decl)?) {
            (
                Order::Structural { places: own, rank: own_rank },
                Order::Structural { places: theirs, rank: their_rank },
            ) => {
                for (own, theirs) in own.iter().zip(theirs) {
                    let (param, arg) = (self.params.get(*own)?, args.get(*theirs)?);
                    match size(&mut translator.formulas, *arg, *param)? {
                        Size::Same => {}
                        Size::Part(guard) => return Some(guard),
                    }
                }
                (their_rank < own_rank).then_some(Id::TRUE)
            }
            (Order::Measure, Order::Measure) => {
                let program: &Program = translator.program;
                let own = program.def(self.current)?.decreases.as_ref()?;
                let theirs = program.def(decl)?.decreases.as_ref()?;
                let types: Vec<Meaning> = sorts.iter().map(|sort| translator.natural(*sort)).collect();
                let env = self.env.clone();
                let callee = args.iter().fold(Env::of_types(&types), |env, arg| env.with(*arg));
                let (here, there) = (translator.term(&env, own), translator.term(&callee, theirs));
                let zero = translator.formulas.int(0);
                let not_negative = translator.formulas.le(zero, here);
                let less = translator.formulas.lt(there, here);
                Some(translator.formulas.and2(not_negative, less))
            }
            _ => None,
        }
    }

    fn contract(
        &mut self,
        translator: &mut Translator<'_>,
        def: &DefDecl,
        decl: DeclId,
        types: Vec<Meaning>,
    ) -> Contract {
        let key = (decl, types);
        if let Some(known) = self.contracts.get(&key) {
            return known.clone();
        }
        let made = make_contract(translator, def, &key.1);
        self.contracts.insert(key, made.clone());
        made
    }

    fn body(
        &mut self,
        translator: &mut Translator<'_>,
        def: &DefDecl,
        decl: DeclId,
        sorts: &[Sort],
    ) -> Option<Scope> {
        let key = (decl, sorts.to_vec());
        if let Some(known) = self.bodies.get(&key) {
            return known.clone();
        }
        let made = def.body.as_ref().map(|body| {
            let types: Vec<Meaning> = sorts.iter().map(|sort| translator.natural(*sort)).collect();
            let (env, params) = parameters(translator, def, &types);
            let value = translator.quietly(|translator| translator.term(&env, body));
            translator.formulas.bind(&params, &[value])
        });
        self.bodies.insert(key, made.clone());
        made
    }
}

/// What values of these sorts meet because their types were checked.
fn natural(translator: &mut Translator<'_>, sorts: &[Sort]) -> Vec<Meaning> {
    translator.of_outcomes(|translator| sorts.iter().map(|sort| translator.natural(*sort)).collect())
}

/// Constants for the value parameters of a definition, and their environment.
fn parameters(translator: &mut Translator<'_>, def: &DefDecl, types: &[Meaning]) -> (Env, Vec<Id>) {
    let (mut env, mut params) = (Env::of_types(types), Vec::new());
    for param in def.params.iter().filter(|param| param.icit == Icit::Explicit) {
        let sort = translator.sort(&env, &param.ty);
        let constant = translator.formulas.fresh(sort);
        env = env.with(constant);
        params.push(constant);
    }
    (env, params)
}

/// What a definition asks for and promises: the types of its parameters and its preconditions; the type of its
/// result and its postconditions.
fn make_contract(translator: &mut Translator<'_>, def: &DefDecl, types: &[Meaning]) -> Contract {
    let (env, params) = parameters(translator, def, types);
    translator.quietly(|translator| {
        let meaning = translator.of_outcomes(|translator| translator.meaning(&env, &def.result));
        let result = translator.formulas.fresh(meaning.sort);
        let full_domain = translator.domain(def, types, &params);
        let full_meaning = translator.meaning(&env, &def.result);
        let full_result = translator.meets(&full_meaning, result);
        let bodies = translator.of_outcomes(|translator| {
            let domain = translator.domain(def, types, &params);
            let mut bodies = vec![domain, full_domain, full_result, translator.meets(&meaning, result)];
            let inner = env.with(result);
            for clause in &def.ensures {
                bodies.push(translator.condition(&inner, &clause.body));
            }
            bodies
        });
        let constants: Vec<Id> = params.iter().copied().chain([result]).collect();
        Contract { scope: translator.formulas.bind(&constants, &bodies) }
    })
}

/// `list[index]` by what the list is made of.
fn element(translator: &mut Translator<'_>, at: Id, list: Id, index: Id) -> Id {
    let f = &mut translator.formulas;
    let (head, tail) = (f.select(CONS, 0, list), f.select(CONS, 1, list));
    let (first, one) = (f.is_zero(index), f.int(1));
    let before = f.sub(index, one);
    let later = f.list_at(tail, before);
    let value = f.ite(first, head, later);
    let equation = f.eq(at, value);
    let empty = f.is(NIL, list);
    f.or(vec![empty, equation])
}

/// A list that a definition made, and that is not empty, contains its first element: contracts speak of what is
/// contained.
fn first_contained(translator: &mut Translator<'_>, empty: Id, list: Id) -> Option<Id> {
    let program = translator.program;
    let is_list = matches!(
        translator.formulas.kind(translator.formulas.sort_of(list)),
        SortKind::Data(decl, _) if program.list() == Some(*decl)
    );
    if !is_list || !matches!(translator.formulas.as_app(list), Some((Symbol::Def(..), _))) {
        return None;
    }
    let contains = translator.prelude_def("contains")?;
    let head = translator.formulas.select(CONS, 0, list);
    let element = vec![translator.every(translator.formulas.sort_of(head))];
    let found = translator.call(contains, program.def(contains)?, &element, vec![list, head]);
    Some(translator.formulas.or(vec![empty, found]))
}

/// What stands at an index inside is contained: by induction on the list.
fn contained(translator: &mut Translator<'_>, at: Id, list: Id, index: Id) -> Option<Id> {
    let program = translator.program;
    let (length, contains) = (translator.prelude_def("length")?, translator.prelude_def("contains")?);
    let element = vec![translator.every(translator.formulas.sort_of(at))];
    let length = translator.call(length, program.def(length)?, &element, vec![list]);
    let found = translator.call(contains, program.def(contains)?, &element, vec![list, at]);
    let f = &mut translator.formulas;
    if f.sort_of(length) != Sort::INT || f.sort_of(found) != Sort::BOOL {
        return None;
    }
    let zero = f.int(0);
    let (low, high) = (f.le(zero, index), f.lt(index, length));
    let inside = f.and2(low, high);
    Some(f.implies(inside, found))
}

/// What is said of the elements of a list: predicates, and elements; each with the atom that says so.
type Elements = (Vec<(Id, Scope)>, Vec<(Id, Id)>);

/// The state of one search for facts.
struct Search {
    seen: HashMap<Id, usize>,
    queue: VecDeque<(Id, usize)>,
    found: Facts,
    known: HashSet<Id>,
    /// By function value: what it is said to respect, and what it is applied to.
    respects: BTreeMap<Id, Vec<(Id, Calls, Scope)>>,
    /// By function value: when it is which other one, and what that leans on.
    unfolded: BTreeMap<Id, Vec<(Id, Id, Option<Rest>)>>,
    /// By value: what its parts are said to meet.
    conforming: BTreeMap<Id, Vec<(Id, Scope)>>,
    /// By list: what its elements are said to meet, and what it is said to contain.
    elements: BTreeMap<Id, Elements>,
    /// By dividend: the numbers it is divided by.
    divided: Divided,
    applied: BTreeMap<Id, BTreeSet<Id>>,
    quantified: Vec<(Id, usize)>,
    instances: BTreeMap<Id, BTreeSet<Vec<Id>>>,
    fuel: usize,
    ceiling: usize,
}

impl Search {
    /// Notes the terms inside a formula, behind no binder.
    fn visit(&mut self, translator: &Translator<'_>, root: Id, generation: usize) {
        let mut todo = vec![root];
        while let Some(id) = todo.pop() {
            if self.seen.contains_key(&id) {
                continue;
            }
            self.seen.insert(id, generation);
            todo.extend(translator.formulas.children(id));
            let told = matches!(
                translator.formulas.node(id),
                Node::App(..)
                    | Node::Apply(..)
                    | Node::Is(..)
                    | Node::Eq(..)
                    | Node::Forall(_)
                    | Node::Div(..)
                    | Node::Mod(..)
            );
            if told {
                self.queue.push_back((id, generation));
            }
        }
    }

    fn exhausted(&self, translator: &Translator<'_>) -> bool {
        self.found.facts.len() >= MOST_FACTS || translator.formulas.len() > self.ceiling
    }

    /// States a fact about a term of some generation.
    fn state(&mut self, translator: &Translator<'_>, generation: usize, fact: Fact) {
        if generation > self.fuel {
            self.found.cut = true;
            return;
        }
        self.state_at(translator, generation + 1, fact);
    }

    fn state_at(&mut self, translator: &Translator<'_>, generation: usize, fact: Fact) {
        if fact.formula != Id::TRUE && self.known.insert(fact.formula) {
            self.found.facts.push(fact);
            self.visit(translator, fact.formula, generation);
        }
    }

    /// States what a symbol unfolds to, if there is fuel. Unfolding along a value that is known to the next
    /// constructor costs none: it comes to an end by itself.
    fn unfold<'p>(
        &mut self,
        translator: &mut Translator<'p>,
        generation: usize,
        along: Option<Id>,
        fact: impl FnOnce(&mut Translator<'p>) -> Option<Fact>,
    ) {
        let free = along.is_some_and(|value| matches!(translator.formulas.node(value), Node::Construct(..)));
        if !free && generation >= self.fuel {
            self.found.cut = true;
            return;
        }
        if let Some(fact) = fact(translator) {
            self.state_at(translator, if free { generation } else { generation + 1 }, fact);
        }
    }

    /// What a list contains meets what its elements meet.
    fn tell_of_elements(&mut self, translator: &mut Translator<'_>, list: Id, generation: usize) {
        let Some((predicates, contained)) = self.elements.get(&list).cloned() else { return };
        for (conforms, scope) in &predicates {
            for (contains, element) in &contained {
                let Some(met) = translator.formulas.instantiate(scope, &[*element]).first().copied() else {
                    continue;
                };
                let both = translator.formulas.and2(*conforms, *contains);
                let formula = translator.formulas.implies(both, met);
                self.state(translator, generation, Fact { formula, rest: None });
            }
        }
    }

    /// A value whose parts meet one predicate meets every weaker one, unless it holds functions that take what meets
    /// the predicate.
    fn compare(
        &mut self,
        translator: &mut Translator<'_>,
        (id, generation): (Id, usize),
        value: Id,
        scope: Scope,
    ) {
        let others = self.conforming.entry(value).or_default();
        let before = others.clone();
        others.push((id, scope.clone()));
        let sorts = |scope: &Scope| -> Vec<Sort> {
            scope.vars.iter().map(|var| translator.formulas.sort_of(*var)).collect()
        };
        let own = sorts(&scope);
        let before: Vec<_> = before.into_iter().filter(|(_, other)| sorts(other) == own).collect();
        for (other, other_scope) in before {
            for (from, from_scope, to, to_scope) in
                [(other, &other_scope, id, &scope), (id, &scope, other, &other_scope)]
            {
                let sorts: Vec<Sort> =
                    from_scope.vars.iter().map(|var| translator.formulas.sort_of(*var)).collect();
                let values: Vec<Id> = sorts
                    .into_iter()
                    .enumerate()
                    .map(|(number, sort)| {
                        let between = Symbol::Between(from_scope.clone(), to_scope.clone(), number);
                        translator.formulas.app(between, Vec::new(), sort)
                    })
                    .collect();
                let stronger = translator.formulas.instantiate(from_scope, &values);
                let weaker = translator.formulas.instantiate(to_scope, &values);
                let mut premises = vec![from];
                for (stronger, weaker) in stronger.into_iter().zip(weaker) {
                    premises.push(translator.formulas.implies(stronger, weaker));
                }
                let premise = translator.formulas.and(premises);
                let formula = translator.formulas.implies(premise, to);
                self.state(translator, generation, Fact { formula, rest: None });
            }
        }
    }

    /// What a function value respects, at everything it is applied to.
    fn pair(&mut self, translator: &mut Translator<'_>, function: Id, generation: usize) {
        let said = self.respects.get(&function).cloned().unwrap_or_default();
        let arguments: Vec<Id> = self.applied.get(&function).into_iter().flatten().copied().collect();
        for (premise, value, rest) in self.unfolded.get(&function).cloned().unwrap_or_default() {
            for argument in &arguments {
                let here = translator.formulas.apply(function, *argument);
                let there = translator.formulas.apply(value, *argument);
                let equation = translator.formulas.eq(here, there);
                let formula = translator.formulas.implies(premise, equation);
                self.state(translator, generation, Fact { formula, rest });
            }
        }
        for (atom, calls, scope) in &said {
            for argument in &arguments {
                let there = translator.formulas.respected_at(*calls, scope, function, *argument);
                let formula = translator.formulas.implies(*atom, there);
                self.state(translator, generation, Fact { formula, rest: None });
            }
        }
    }

    /// Instances of the quantified formulas at ground terms that match; whether there was a new one.
    fn instantiate(&mut self, translator: &mut Translator<'_>) -> bool {
        let before = self.found.facts.len();
        let ground: Vec<Id> = {
            let mut ids: Vec<Id> = self.seen.keys().copied().collect();
            ids.sort_unstable();
            ids
        };
        for (id, generation) in self.quantified.clone() {
            let Node::Forall(scope) = translator.formulas.node(id).clone() else { continue };
            let matches: Vec<Match> = pattern::matches(&mut translator.formulas, &scope, &ground);
            for values in matches {
                let done = self.instances.entry(id).or_default();
                if done.len() >= MOST_INSTANCES {
                    self.found.cut = true;
                    break;
                }
                if !done.insert(values.clone()) {
                    continue;
                }
                // An instance is no older than what it is made of.
                let age = values.iter().filter_map(|value| self.seen.get(value)).max().copied().unwrap_or(0);
                let body = translator.formulas.instantiate(&scope, &values);
                if let Some(body) = body.first() {
                    let formula = translator.formulas.implies(id, *body);
                    self.state(translator, generation.max(age), Fact { formula, rest: None });
                }
            }
        }
        self.found.facts.len() > before && !self.exhausted(translator)
    }
}
