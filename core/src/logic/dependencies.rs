//! Who mentions whom: which definitions are recursive, and which contracts may not lean on each other.
//!
//! Two graphs. *Calls*: the body of one definition mentions another, or a quantifier in it ranges over a type whose
//! conditions do. A definition that reaches itself this way is recursive; the equation it defines may be used only once
//! it is known to end. A type whose conditions range over itself this way is *circular*: nothing says which values it
//! has. *Mentions*: anything in one declaration (body, clauses, types) mentions another. Two declarations that reach
//! each other this way are in one knot, and inside a knot a contract is used only for arguments that are smaller.

use crate::ir::effects::Effects;
use crate::ir::{Ctor, DeclId, DeclKind, DefDecl, HoleId, Icit, Param, Program, Term, TermKind};
use std::collections::{HashMap, HashSet};

/// The graphs of a program.
#[derive(Debug, Clone)]
pub struct Dependencies {
    calls: Vec<Vec<DeclId>>,
    mentions: Vec<Vec<DeclId>>,
    /// Component number by declaration, in the call graph.
    recursion: Vec<usize>,
    /// Component number by declaration, in the mention graph.
    knots: Vec<usize>,
    recursive: Vec<bool>,
    broken: Vec<bool>,
    holes: Vec<Vec<HoleId>>,
    recursive_data: HashSet<DeclId>,
    /// Data types that hold themselves behind a function type.
    paradoxical: HashSet<DeclId>,
    /// Data types in which a function type is reached.
    functional: HashSet<DeclId>,
    /// Types whose conditions range over the type itself.
    circular: HashSet<DeclId>,
    /// Data types with a value to begin with.
    grounded: HashSet<DeclId>,
}

impl Dependencies {
    /// Reads the whole program once.
    pub fn new(program: &Program) -> Self {
        let count = program.decls.len();
        let (mut calls, mut mentions, mut broken, mut holes) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let generic = ranging_over_parameters(program);
        let mut meanings: Vec<Meanings> = Vec::new();
        for decl in &program.decls {
            let (mut called, mut mentioned) = (Mentions::default(), Mentions::default());
            let mut meant = Meanings::default();
            match &decl.kind {
                DeclKind::Def(def) => {
                    def.body.iter().for_each(|body| called.read(body));
                    def.body.iter().for_each(|body| meant.read(&generic, body));
                    mentioned.params(&def.params);
                    mentioned.read(&def.result);
                    def.requires.iter().chain(&def.ensures).for_each(|clause| mentioned.read(&clause.body));
                    def.decreases.iter().for_each(|measure| mentioned.read(measure));
                    mentioned.decls.extend(def.implements);
                }
                DeclKind::Spec(spec) => {
                    mentioned.params(&spec.params);
                    mentioned.read(&spec.result);
                    spec.requires.iter().chain(&spec.ensures).for_each(|clause| mentioned.read(&clause.body));
                }
                DeclKind::Data(data) => {
                    mentioned.params(&data.params);
                    let fields = data.ctors.iter().flat_map(|ctor| &ctor.fields);
                    fields.for_each(|(_, ty)| {
                        mentioned.read(ty);
                        meant.read_type(&generic, ty);
                    });
                    data.invariants.iter().for_each(|clause| {
                        mentioned.read(&clause.body);
                        meant.read(&generic, &clause.body);
                    });
                }
                DeclKind::Alias(params, body) => {
                    mentioned.params(params);
                    mentioned.read(body);
                    meant.read_type(&generic, body);
                }
                DeclKind::Intent(_) => {}
            }
            called.close(program);
            mentioned.close(program);
            broken.push(called.broken || mentioned.broken || decl.faulty);
            mentioned.decls.extend(called.decls.iter().copied());
            let mut all: Vec<HoleId> = called.holes.union(&mentioned.holes).copied().collect();
            all.sort_unstable();
            holes.push(all.clone());
            calls.push(in_order(called.decls));
            mentions.push(in_order(mentioned.decls));
            // The default of a hole stands for it.
            for default in all.iter().filter_map(|hole| program.hole(*hole)?.default.as_ref()) {
                meant.read(&generic, default);
            }
            meanings.push(meant);
        }
        let circular = through_types(program, &mut calls, meanings);
        // What does more than it says is wrong as a whole.
        for breach in Effects::new(program).breaches() {
            if let Some(broken) = broken.get_mut(breach.declaration.0 as usize) {
                *broken = true;
            }
        }
        let recursion = components(count, &calls);
        let knots = components(count, &mentions);
        let recursive = (0..count)
            .map(|index| {
                let id = DeclId(index as u32);
                let own = recursion.get(index);
                calls.get(index).is_some_and(|callees| {
                    callees.iter().any(|callee| *callee == id || recursion.get(callee.0 as usize) == own)
                })
            })
            .collect();
        let (recursive_data, paradoxical, functional) = data_recursion(program);
        Dependencies {
            mentions,
            calls,
            recursion,
            knots,
            recursive,
            broken,
            holes,
            recursive_data,
            paradoxical,
            functional,
            circular,
            grounded: grounded(program),
        }
    }

    /// What the body of a definition mentions.
    pub fn calls(&self, id: DeclId) -> &[DeclId] {
        self.calls.get(id.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// What anything in a declaration mentions: its body, its clauses, its types.
    pub fn mentions(&self, id: DeclId) -> &[DeclId] {
        self.mentions.get(id.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// Whether a definition reaches itself through bodies.
    pub fn is_recursive(&self, id: DeclId) -> bool {
        self.recursive.get(id.0 as usize).copied().unwrap_or(true)
    }

    /// Whether each of two definitions reaches the other through bodies; true of a definition and itself.
    pub fn recur_together(&self, a: DeclId, b: DeclId) -> bool {
        a == b || same(&self.recursion, a, b)
    }

    /// Whether each of two declarations reaches the other through anything they mention; true of one and itself.
    pub fn knotted(&self, a: DeclId, b: DeclId) -> bool {
        a == b || same(&self.knots, a, b)
    }

    /// Whether the body of one definition leads to another through bodies.
    pub fn reaches(&self, from: DeclId, to: DeclId) -> bool {
        let (mut seen, mut todo) = (HashSet::new(), vec![from]);
        while let Some(id) = todo.pop() {
            for callee in self.calls(id) {
                if *callee == to {
                    return true;
                }
                if seen.insert(*callee) {
                    todo.push(*callee);
                }
            }
        }
        false
    }

    /// These declarations and whatever they mention, directly or not, in the order of the program.
    pub fn needed(&self, by: &[DeclId]) -> Vec<DeclId> {
        let mut seen: HashSet<DeclId> = by.iter().copied().collect();
        let mut todo = by.to_vec();
        while let Some(id) = todo.pop() {
            todo.extend(self.mentions(id).iter().filter(|other| seen.insert(**other)));
        }
        in_order(seen)
    }

    /// Whether `check` left an error in it, so that nothing can be said of it.
    pub fn is_broken(&self, id: DeclId) -> bool {
        self.broken.get(id.0 as usize).copied().unwrap_or(true)
    }

    /// The holes in a declaration that nothing stands for yet.
    pub fn open_holes(&self, program: &Program, id: DeclId) -> Vec<HoleId> {
        let all = self.holes.get(id.0 as usize).map_or(&[][..], Vec::as_slice);
        let open = |hole: &&HoleId| program.hole(**hole).is_none_or(|info| info.default.is_none());
        all.iter().filter(open).copied().collect()
    }

    /// Whether values of a data type can hold values of the same type.
    pub fn is_recursive_data(&self, id: DeclId) -> bool {
        self.recursive_data.contains(&id)
    }

    /// Whether the conditions on the values of a type range over the same type: there may be no such type, as there is
    /// none of the numbers that differ from each of its own.
    pub fn is_circular(&self, id: DeclId) -> bool {
        self.circular.contains(&id)
    }

    /// Whether a data type has a value that is made of no other of its own: without one it has none at all.
    pub fn is_grounded(&self, id: DeclId) -> bool {
        self.grounded.contains(&id)
    }

    /// Whether values of a data type can hold functions, whatever its type arguments are.
    pub fn holds_functions(&self, id: DeclId) -> bool {
        self.functional.contains(&id)
    }

    /// Whether a data type holds itself behind a function type: then terms without recursion can run for ever,
    /// and equations about them can contradict each other.
    pub fn is_paradoxical(&self, id: DeclId) -> bool {
        self.paradoxical.contains(&id)
    }
}

fn same(components: &[usize], a: DeclId, b: DeclId) -> bool {
    match (components.get(a.0 as usize), components.get(b.0 as usize)) {
        (Some(x), Some(y)) => x == y,
        _ => false,
    }
}

fn in_order(set: HashSet<DeclId>) -> Vec<DeclId> {
    let mut list: Vec<DeclId> = set.into_iter().collect();
    list.sort_unstable();
    list
}

/// What a term mentions.
#[derive(Default)]
struct Mentions {
    decls: HashSet<DeclId>,
    holes: HashSet<HoleId>,
    functions: bool,
    broken: bool,
}

impl Mentions {
    fn params(&mut self, params: &[Param]) {
        params.iter().for_each(|param| self.read(&param.ty));
    }

    fn read(&mut self, term: &Term) {
        each_subterm(term, &mut |part| match &*part.kind {
            TermKind::Global(id) | TermKind::Data(id) | TermKind::Con(id, _) | TermKind::Field(id, _, _) => {
                self.decls.insert(*id);
            }
            TermKind::Hole(id) => {
                self.holes.insert(*id);
            }
            TermKind::Pi(..) => self.functions = true,
            TermKind::Error | TermKind::Meta(_) => self.broken = true,
            _ => {}
        });
    }

    /// Follows the defaults of holes, which stand for them.
    fn close(&mut self, program: &Program) {
        let mut seen: HashSet<HoleId> = HashSet::new();
        while let Some(id) = self.holes.iter().find(|id| !seen.contains(id)).copied() {
            seen.insert(id);
            if let Some(hole) = program.hole(id) {
                self.read(&hole.ty);
                hole.default.iter().for_each(|default| self.read(default));
            }
        }
    }
}

/// What decides of which values a condition holds: the definitions it is made of, and the types it ranges over. Whatever
/// else it says of a type changes nothing: values of it are what they are.
#[derive(Default)]
struct Meanings {
    defs: HashSet<DeclId>,
    /// Types that values are fields of: part of what a value is.
    held: HashSet<DeclId>,
    /// Types that a quantifier ranges over.
    ranged: HashSet<DeclId>,
}

impl Meanings {
    /// A condition, or a body.
    fn read(&mut self, generic: &HashSet<DeclId>, term: &Term) {
        each_subterm(term, &mut |part| match &*part.kind {
            TermKind::Global(id) => {
                self.defs.insert(*id);
            }
            TermKind::Quant(_, _, ty, _) => self.range(ty),
            TermKind::App(head, args) => {
                if matches!(&*head.kind, TermKind::Global(id) if generic.contains(id)) {
                    args.iter()
                        .filter(|arg| arg.icit == Icit::Implicit)
                        .for_each(|arg| self.range(&arg.term));
                }
            }
            _ => {}
        });
    }

    /// A type whose values are asked for: what it holds, and the conditions inside it.
    fn read_type(&mut self, generic: &HashSet<DeclId>, ty: &Term) {
        each_subterm(ty, &mut |part| {
            if let TermKind::Global(id) | TermKind::Data(id) = &*part.kind {
                self.held.insert(*id);
            }
        });
        self.read(generic, ty);
    }

    fn range(&mut self, ty: &Term) {
        each_subterm(ty, &mut |part| {
            if let TermKind::Global(id) | TermKind::Data(id) = &*part.kind {
                self.ranged.insert(*id);
            }
        });
    }
}

/// Definitions with a quantifier that ranges over a type parameter, and all that call one: the type arguments of their
/// calls are ranged over.
fn ranging_over_parameters(program: &Program) -> HashSet<DeclId> {
    let mut found: HashSet<DeclId> = HashSet::new();
    let mut callers: HashMap<DeclId, Vec<DeclId>> = HashMap::new();
    for (index, decl) in program.decls.iter().enumerate() {
        let DeclKind::Def(DefDecl { body: Some(body), .. }) = &decl.kind else { continue };
        let id = DeclId(index as u32);
        each_subterm(body, &mut |part| match &*part.kind {
            TermKind::Quant(_, _, ty, _) => {
                let mut open = false;
                each_subterm(ty, &mut |part| open |= matches!(&*part.kind, TermKind::Var(_)));
                if open {
                    found.insert(id);
                }
            }
            TermKind::Global(callee) => callers.entry(*callee).or_default().push(id),
            _ => {}
        });
    }
    let mut todo: Vec<DeclId> = found.iter().copied().collect();
    while let Some(id) = todo.pop() {
        let more = callers.get(&id).map_or(&[][..], Vec::as_slice);
        todo.extend(more.iter().filter(|caller| found.insert(**caller)));
    }
    found
}

/// Adds to the calls those that go through types, and gives back the types that range over themselves.
fn through_types(program: &Program, calls: &mut [Vec<DeclId>], meanings: Vec<Meanings>) -> HashSet<DeclId> {
    let is_type = |id: &DeclId| {
        matches!(program.decl(*id).map(|decl| &decl.kind), Some(DeclKind::Data(_) | DeclKind::Alias(..)))
    };
    let edges: Vec<Vec<DeclId>> = meanings
        .iter()
        .map(|meant| {
            let defs = meant.defs.iter().filter(|id| !is_type(id));
            let types = meant.held.union(&meant.ranged).filter(|id| is_type(id));
            in_order(defs.chain(types).copied().collect())
        })
        .collect();
    let component = components(edges.len(), &edges);
    let together = |one: usize, other: DeclId| component.get(one) == component.get(other.0 as usize);
    // A circle through a type is one that something in it ranges over: fields alone make data that is merely recursive.
    let mut wrong: HashSet<usize> = HashSet::new();
    for (index, meant) in meanings.iter().enumerate() {
        if meant.ranged.iter().any(|ty| is_type(ty) && together(index, *ty)) {
            wrong.extend(component.get(index));
        }
    }
    let mut circular = HashSet::new();
    for (index, (calls, edges)) in calls.iter_mut().zip(edges).enumerate() {
        if component.get(index).is_some_and(|component| wrong.contains(component)) {
            let id = DeclId(index as u32);
            if is_type(&id) {
                circular.insert(id);
            }
            let circle = edges.into_iter().filter(|other| together(index, *other));
            calls.extend(circle.collect::<Vec<_>>());
            calls.sort_unstable();
            calls.dedup();
        }
    }
    circular
}

/// Calls `f` on `term` and everything inside it, types included.
pub fn each_subterm<'a>(term: &'a Term, f: &mut impl FnMut(&'a Term)) {
    let mut todo = vec![term];
    while let Some(term) = todo.pop() {
        f(term);
        match &*term.kind {
            TermKind::Var(_)
            | TermKind::Global(_)
            | TermKind::Hole(_)
            | TermKind::Meta(_)
            | TermKind::Universe
            | TermKind::Prim(_)
            | TermKind::Data(_)
            | TermKind::Con(..)
            | TermKind::Lit(_)
            | TermKind::Error => {}
            TermKind::Pi(_, _, a, b)
            | TermKind::Lam(_, _, a, b)
            | TermKind::Refine(_, a, b)
            | TermKind::Quant(_, _, a, b) => todo.extend([a, b]),
            TermKind::App(head, args) => {
                todo.push(head);
                todo.extend(args.iter().map(|arg| &arg.term));
            }
            TermKind::Let(_, a, b, c) | TermKind::If(a, b, c) => todo.extend([a, b, c]),
            TermKind::Product(items) | TermKind::Tuple(items) | TermKind::Op(_, items) => todo.extend(items),
            TermKind::List(element, items) => {
                todo.push(element);
                todo.extend(items);
            }
            TermKind::Field(_, _, value) | TermKind::Eff(_, value) => todo.push(value),
            TermKind::Match(scrutinee, ty, arms) => {
                todo.extend([scrutinee, ty]);
                todo.extend(arms.iter().map(|arm| &arm.body));
            }
        }
    }
}

/// Data types that reach themselves through fields; those that do so past a function type; and those that reach a
/// function type at all. A data type used
/// with itself as an argument of another type counts as reaching whatever that type holds.
fn data_recursion(program: &Program) -> (HashSet<DeclId>, HashSet<DeclId>, HashSet<DeclId>) {
    let mut held: HashMap<DeclId, (HashSet<DeclId>, bool)> = HashMap::new();
    for (index, decl) in program.decls.iter().enumerate() {
        let mut mentions = Mentions::default();
        match &decl.kind {
            DeclKind::Data(data) => {
                data.ctors.iter().flat_map(|ctor| &ctor.fields).for_each(|(_, ty)| mentions.read(ty));
            }
            DeclKind::Alias(_, body) => mentions.read(body),
            _ => continue,
        }
        held.insert(DeclId(index as u32), (mentions.decls, mentions.functions));
    }
    let mut recursive = HashSet::new();
    let mut paradoxical = HashSet::new();
    let mut functional = HashSet::new();
    for id in held.keys() {
        let mut seen: HashSet<DeclId> = HashSet::new();
        let mut todo = vec![*id];
        let (mut itself, mut functions) = (false, false);
        while let Some(next) = todo.pop() {
            let Some((decls, holds_functions)) = held.get(&next) else { continue };
            functions |= holds_functions;
            itself |= decls.contains(id);
            todo.extend(decls.iter().filter(|decl| seen.insert(**decl)));
        }
        if itself {
            recursive.insert(*id);
        }
        if functions {
            functional.insert(*id);
        }
        if itself && functions {
            paradoxical.insert(*id);
        }
    }
    (recursive, paradoxical, functional)
}

/// Data types with a constructor all of whose fields have values, refinements aside.
fn grounded(program: &Program) -> HashSet<DeclId> {
    fn has_value(program: &Program, grounded: &HashSet<DeclId>, ty: &Term) -> bool {
        let ty = ty.unfold(program);
        let (head, args) = ty.spine();
        match &*head.kind {
            TermKind::Data(id) => {
                let plain = |ctor: &Ctor| ctor.fields.is_empty();
                grounded.contains(id)
                    && (program.data(*id).is_some_and(|data| data.ctors.iter().any(plain))
                        || args.iter().all(|arg| has_value(program, grounded, &arg.term)))
            }
            TermKind::Refine(_, base, _) => has_value(program, grounded, base),
            TermKind::Product(items) => items.iter().all(|item| has_value(program, grounded, item)),
            _ => true,
        }
    }
    let mut found = HashSet::new();
    loop {
        let before = found.len();
        for (index, decl) in program.decls.iter().enumerate() {
            let DeclKind::Data(data) = &decl.kind else { continue };
            let id = DeclId(index as u32);
            let made = |ctor: &Ctor| ctor.fields.iter().all(|(_, ty)| has_value(program, &found, ty));
            if !found.contains(&id) && data.ctors.iter().any(made) {
                found.insert(id);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

/// Tarjan's strongly connected components, with a stack of its own: the component number of each node.
fn components(count: usize, edges: &[Vec<DeclId>]) -> Vec<usize> {
    const NEW: usize = usize::MAX;
    let mut state = Tarjan { order: vec![NEW; count], low: vec![NEW; count], component: vec![NEW; count] };
    let (mut next_order, mut next_component) = (0, 0);
    let mut open: Vec<usize> = Vec::new();
    for root in 0..count {
        if get(&state.order, root) != NEW {
            continue;
        }
        let mut path: Vec<(usize, usize)> = vec![(root, 0)];
        while let Some((node, edge)) = path.pop() {
            if edge == 0 {
                set(&mut state.order, node, next_order);
                set(&mut state.low, node, next_order);
                next_order += 1;
                open.push(node);
            }
            let target =
                edges.get(node).and_then(|targets| targets.get(edge)).map(|target| target.0 as usize);
            if let Some(target) = target.filter(|target| *target < count) {
                path.push((node, edge + 1));
                if get(&state.order, target) == NEW {
                    path.push((target, 0));
                } else if get(&state.component, target) == NEW {
                    let low = get(&state.low, node).min(get(&state.order, target));
                    set(&mut state.low, node, low);
                }
                continue;
            }
            if get(&state.low, node) == get(&state.order, node) {
                while let Some(member) = open.pop() {
                    set(&mut state.component, member, next_component);
                    if member == node {
                        break;
                    }
                }
                next_component += 1;
            }
            if let Some((parent, _)) = path.last() {
                let low = get(&state.low, *parent).min(get(&state.low, node));
                set(&mut state.low, *parent, low);
            }
        }
    }
    state.component
}

struct Tarjan {
    order: Vec<usize>,
    low: Vec<usize>,
    component: Vec<usize>,
}

fn get(list: &[usize], index: usize) -> usize {
    list.get(index).copied().unwrap_or(usize::MAX)
}

fn set(list: &mut [usize], index: usize, value: usize) {
    if let Some(slot) = list.get_mut(index) {
        *slot = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[&[u32]]) -> Vec<usize> {
        let edges: Vec<Vec<DeclId>> =
            edges.iter().map(|targets| targets.iter().map(|t| DeclId(*t)).collect()).collect();
        components(edges.len(), &edges)
    }

    #[test]
    fn components_are_the_cycles() {
        let found = graph(&[&[1], &[2], &[0, 3], &[4], &[], &[5]]);
        assert_eq!(found[0], found[1]);
        assert_eq!(found[1], found[2]);
        assert_ne!(found[2], found[3]);
        assert_ne!(found[3], found[4]);
        assert!(found.iter().all(|component| *component != usize::MAX));
    }

    #[test]
    fn two_cycles_that_share_a_node_are_one_component() {
        let found = graph(&[&[1, 2], &[0], &[0], &[0]]);
        assert_eq!(found[0], found[1]);
        assert_eq!(found[0], found[2]);
        assert_ne!(found[0], found[3]);
    }
}
