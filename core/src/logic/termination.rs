//! Why recursion ends: which parameters shrink, found by looking at the calls.
//!
//! A definition without a `decreases` clause ends if its parameters can be ordered so that every recursive call
//! makes them smaller, first one first (foetus; Abel and Altenkirch, *A predicative analysis of structural
//! recursion*): `merge(xs, ys)` may shrink either list. Definitions that call each other need one parameter each,
//! which no call makes larger and no circle of calls leaves the same.
//!
//! What is smaller is a part of a value that is known, where the call stands, to have been made with that part.

use crate::ir::{DeclId, DeclKind, Icit, Name, Program, TermKind};
use crate::logic::dependencies::Dependencies;
use crate::logic::formula::{Formulas, Id, Node};
use crate::logic::meaning::Env;
use crate::logic::obligation::Call;
use crate::logic::sort::{Abstract, Sort, SortKind};
use crate::logic::tableau;
use crate::logic::translate::{Cursor, Translator};
use crate::syntax::span::Span;
use std::collections::HashMap;
use std::sync::Arc;

/// Assignments of parameters to try for definitions that call each other.
const MOST_ASSIGNMENTS: usize = 4_096;

/// For each recursive definition of a program, why it ends.
#[derive(Debug, Clone, Default)]
pub struct Orders {
    orders: HashMap<DeclId, Order>,
}

/// Why a recursive definition ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// These value parameters shrink, the first one first. Calls that leave them the same go to a lower rank.
    Structural {
        /// Places among the value parameters.
        places: Vec<usize>,
        /// Among definitions that call each other.
        rank: usize,
    },
    /// Its `decreases` clause, which is owed.
    Measure,
    /// Nothing says so.
    Endless(Why),
}

/// Why nothing says that a definition ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// No parameter shrinks at every call, and there is no `decreases`. A parameter that would do as a measure.
    NoMeasure(Option<Name>),
    /// It has a `decreases` clause, but this one, which it calls and which calls it, has none.
    MissingMeasure(DeclId),
    /// It is used as a value inside its own recursion, so its calls cannot be seen.
    UsedAsValue,
    /// It ranges over this type, whose conditions mention it.
    ThroughType(DeclId),
}

/// How an argument stands to a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// The same value.
    Same,
    /// A part of it, where this holds.
    Part(Id),
}

impl Orders {
    /// Looks at every recursive definition.
    pub fn new(program: &Program, dependencies: &Arc<Dependencies>) -> Self {
        let mut orders = Orders::default();
        let ids = (0..program.decls.len()).map(|index| DeclId(index as u32));
        for id in ids {
            if orders.orders.contains_key(&id) || !dependencies.is_recursive(id) {
                continue;
            }
            let members: Vec<DeclId> = (0..program.decls.len())
                .map(|index| DeclId(index as u32))
                .filter(|other| dependencies.recur_together(id, *other))
                .collect();
            for (member, order) in members.iter().zip(find(program, dependencies, &members)) {
                orders.orders.insert(*member, order);
            }
        }
        orders
    }

    /// Why a recursive definition ends; `None` for one that does not recur.
    pub fn get(&self, id: DeclId) -> Option<&Order> {
        self.orders.get(&id)
    }

    /// Why nothing says that it ends.
    pub fn why_not(&self, id: DeclId) -> Option<&Why> {
        match self.orders.get(&id) {
            Some(Order::Endless(why)) => Some(why),
            _ => None,
        }
    }
}

/// Why each of the definitions that call each other ends.
fn find(program: &Program, dependencies: &Arc<Dependencies>, members: &[DeclId]) -> Vec<Order> {
    let all = |order: Order| vec![order; members.len()];
    if let Some(ty) = members.iter().find(|id| program.def(**id).is_none()) {
        return all(Order::Endless(Why::ThroughType(*ty)));
    }
    let measured = |id: &DeclId| program.def(*id).is_some_and(|def| def.decreases.is_some());
    let walks: Vec<Calls> = members.iter().map(|id| Calls::of(program, dependencies, *id)).collect();
    if walks.iter().any(|walk| !walk.escapes.is_empty() || walk.broken) {
        return all(Order::Endless(Why::UsedAsValue));
    }
    if members.iter().all(measured) {
        return all(Order::Measure);
    }
    if members.iter().any(measured) {
        let missing = members.iter().find(|id| !measured(id)).copied().unwrap_or(DeclId(0));
        return all(Order::Endless(Why::MissingMeasure(missing)));
    }
    let found = match (members, walks.as_slice()) {
        ([_], [walk]) => lexicographic(walk).map(|places| vec![Order::Structural { places, rank: 0 }]),
        _ => together(members, &walks),
    };
    found.unwrap_or_else(|| all(Order::Endless(Why::NoMeasure(measure(program, members, &walks)))))
}

/// A parameter of a definition that is a number, not negative where it recurs and smaller in every call.
fn measure(program: &Program, members: &[DeclId], walks: &[Calls]) -> Option<Name> {
    let ([id], [walk]) = (members, walks) else { return None };
    let params: Vec<_> =
        program.def(*id)?.params.iter().filter(|param| param.icit == Icit::Explicit).collect();
    let place =
        (0..walk.params).find(|place| walk.falls.iter().all(|call| call.get(*place) == Some(&true)))?;
    params.get(place).map(|param| param.name.clone())
}

/// The recursive calls of one body, each with how its arguments stand to the parameters.
struct Calls {
    params: usize,
    calls: Vec<(DeclId, Vec<Vec<Option<bool>>>)>,
    /// For each call and parameter, whether it is a number that falls and is not negative.
    falls: Vec<Vec<bool>>,
    escapes: Vec<Span>,
    broken: bool,
}

impl Calls {
    fn of(program: &Program, dependencies: &Arc<Dependencies>, id: DeclId) -> Self {
        let mut found =
            Calls { params: 0, calls: Vec::new(), falls: Vec::new(), escapes: Vec::new(), broken: true };
        let Some(DeclKind::Def(def)) = program.decl(id).map(|decl| &decl.kind) else { return found };
        let Some(body) = &def.body else { return found };
        if dependencies.is_broken(id) {
            return found;
        }
        let mut translator = Translator::new(program, dependencies);
        let (mut env, mut params, mut known) = (Env::default(), Vec::new(), Vec::new());
        for (number, param) in def.params.iter().enumerate() {
            if param.icit == Icit::Implicit || matches!(&*param.ty.kind, TermKind::Universe) {
                let sort = translator.formulas.sort(SortKind::Abstract(Abstract::Param(number)));
                let meaning = translator.every(sort);
                env = env.with_type(meaning);
            } else {
                let (value, holds) = translator.any(&env, &param.ty);
                env = env.with(value);
                params.push(value);
                known.push(holds);
            }
        }
        for clause in &def.requires {
            known.push(translator.condition(&env, &clause.body));
        }
        translator.current = Some(id);
        translator.cursor = Some(Cursor::default());
        translator.rooted = true;
        translator.term(&env, body);
        let cursor = translator.cursor.take().unwrap_or_default();
        found.broken = false;
        found.params = params.len();
        found.escapes = cursor.escapes;
        for call in cursor.calls {
            let sizes = params
                .iter()
                .map(|param| {
                    call.args
                        .iter()
                        .map(|arg| shrinks(&mut translator.formulas, &call, *arg, *param))
                        .collect()
                })
                .collect();
            found.calls.push((call.callee, sizes));
            let hypotheses: Vec<Id> = known.iter().chain(&call.hypotheses).copied().collect();
            let falls = params.iter().zip(&call.args).map(|(param, arg)| {
                translator.formulas.sort_of(*param) == Sort::INT
                    && falls(&mut translator.formulas, &hypotheses, *arg, *param)
            });
            found.falls.push(falls.collect());
        }
        found
    }
}

fn falls(formulas: &mut Formulas, hypotheses: &[Id], arg: Id, param: Id) -> bool {
    let zero = formulas.int(0);
    let (not_negative, smaller) = (formulas.le(zero, param), formulas.lt(arg, param));
    let both = formulas.and2(not_negative, smaller);
    tableau::follows(formulas, hypotheses, both)
}

/// Whether an argument of a call is a part of a parameter (true) or the same (false).
fn shrinks(formulas: &mut Formulas, call: &Call, arg: Id, param: Id) -> Option<bool> {
    match size(formulas, arg, param)? {
        Size::Same => Some(false),
        Size::Part(guard) => tableau::follows(formulas, &call.hypotheses, guard).then_some(true),
    }
}

/// How one value stands to another, from the way it was taken out of it.
pub fn size(formulas: &mut Formulas, value: Id, whole: Id) -> Option<Size> {
    if value == whole {
        return Some(Size::Same);
    }
    let mut guards = Vec::new();
    let (mut at, mut part) = (value, false);
    loop {
        at = match formulas.node(at).clone() {
            Node::Select(ctor, _, inner) => {
                guards.push(formulas.is(ctor, inner));
                part = true;
                inner
            }
            // Put together again from its own parts: the same.
            Node::Construct(_, ctor, fields) => {
                let same = fields.first().and_then(|first| match formulas.node(*first) {
                    Node::Select(made, 0, inner) if *made == ctor => Some(*inner),
                    _ => None,
                })?;
                for (number, field) in fields.iter().enumerate() {
                    if *formulas.node(*field) != Node::Select(ctor, number, same) {
                        return None;
                    }
                }
                guards.push(formulas.is(ctor, same));
                same
            }
            _ => return None,
        };
        if at == whole && part {
            return Some(Size::Part(formulas.and(guards)));
        }
    }
}

/// An order of parameters in which every call shrinks the first one it does not leave the same.
fn lexicographic(walk: &Calls) -> Option<Vec<usize>> {
    let mut open: Vec<&Vec<Vec<Option<bool>>>> = walk.calls.iter().map(|(_, sizes)| sizes).collect();
    let mut places = Vec::new();
    let at = |sizes: &Vec<Vec<Option<bool>>>, place: usize| {
        sizes.get(place).and_then(|row| row.get(place)).copied().flatten()
    };
    while !open.is_empty() {
        let place = (0..walk.params).find(|place| {
            !places.contains(place)
                && open.iter().all(|sizes| at(sizes, *place).is_some())
                && open.iter().any(|sizes| at(sizes, *place) == Some(true))
        })?;
        places.push(place);
        open.retain(|sizes| at(sizes, place) == Some(false));
    }
    Some(places)
}

/// One parameter for each of several definitions that call each other.
fn together(members: &[DeclId], walks: &[Calls]) -> Option<Vec<Order>> {
    let choices: usize = walks.iter().map(|walk| walk.params.max(1)).product();
    if choices > MOST_ASSIGNMENTS || walks.iter().any(|walk| walk.params == 0) {
        return None;
    }
    (0..choices).find_map(|choice| {
        let mut rest = choice;
        let places: Vec<usize> = walks
            .iter()
            .map(|walk| {
                let place = rest % walk.params;
                rest /= walk.params;
                place
            })
            .collect();
        // Calls that leave the parameter the same, from and to.
        let mut level: Vec<(usize, usize)> = Vec::new();
        for (from, walk) in walks.iter().enumerate() {
            for (callee, sizes) in &walk.calls {
                let to = members.iter().position(|member| member == callee)?;
                let (row, column) = (places.get(from)?, places.get(to)?);
                match sizes.get(*row).and_then(|row| row.get(*column)).copied().flatten() {
                    Some(true) => {}
                    Some(false) => level.push((from, to)),
                    None => return None,
                }
            }
        }
        let ranks = ranks(members.len(), &level)?;
        Some(
            places
                .into_iter()
                .zip(ranks)
                .map(|(place, rank)| Order::Structural { places: vec![place], rank })
                .collect(),
        )
    })
}

/// A rank for each node so that every edge goes down; `None` when there is a circle.
fn ranks(count: usize, edges: &[(usize, usize)]) -> Option<Vec<usize>> {
    let mut ranks = vec![0; count];
    for _ in 0..=count {
        let mut changed = false;
        for (from, to) in edges {
            let below = ranks.get(*to).copied().unwrap_or(0);
            if let Some(rank) = ranks.get_mut(*from)
                && *rank <= below
            {
                *rank = below + 1;
                changed = true;
            }
        }
        if !changed {
            return Some(ranks);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_go_down_along_every_edge_and_circles_have_none() {
        assert_eq!(ranks(3, &[(0, 1), (1, 2)]), Some(vec![2, 1, 0]));
        assert_eq!(ranks(2, &[(0, 1), (1, 0)]), None);
        assert_eq!(ranks(1, &[(0, 0)]), None);
    }
}
