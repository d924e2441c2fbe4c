//! The order in which declarations are looked at: what a signature mentions comes before it.
//!
//! The graph is over-approximated from names alone (of what shadows them only parameters and the variables of
//! refinements are seen), so an edge too many only changes the order; a circle is an error only where it goes through an
//! abbreviation.

use crate::syntax::tree::{Decl, DeclKind, Expr, ExprKind, Param, Pattern, PatternKind};
use std::collections::HashMap;

/// One thing to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Node {
    /// The signature of the declaration at this place of the document.
    Signature(usize),
    /// The constructors of the data type at this place.
    Constructors(usize),
}

impl Node {
    /// The place of its declaration.
    pub fn place(&self) -> usize {
        let (Node::Signature(place) | Node::Constructors(place)) = *self;
        place
    }
}

/// Groups of nodes, each before those that need it; a group of several is a circle. Only the `wanted` places of the
/// document take part: the others are known already.
pub(super) fn order(decls: &[Decl], wanted: impl Fn(usize) -> bool) -> Vec<Vec<Node>> {
    let mut nodes = Vec::new();
    let mut types: HashMap<&str, usize> = HashMap::new();
    let mut ctors: HashMap<&str, usize> = HashMap::new();
    let mut holes: HashMap<&str, usize> = HashMap::new();
    for (place, decl) in decls.iter().enumerate().filter(|(place, _)| wanted(*place)) {
        let signature = nodes.len();
        nodes.push(Node::Signature(place));
        match &decl.kind {
            DeclKind::Alias(alias) => {
                types.entry(&alias.name.name).or_insert(signature);
            }
            DeclKind::Def(def) => {
                types.entry(&def.name.name).or_insert(signature);
            }
            DeclKind::Sum(sum) => {
                types.entry(&sum.name.name).or_insert(signature);
                for ctor in &sum.ctors {
                    ctors.entry(&ctor.name.name).or_insert(nodes.len());
                }
                nodes.push(Node::Constructors(place));
            }
            DeclKind::Entity(entity) => {
                types.entry(&entity.name.name).or_insert(signature);
                ctors.entry(&entity.name.name).or_insert(nodes.len());
                nodes.push(Node::Constructors(place));
            }
            DeclKind::Hole(hole) => {
                holes.entry(&hole.name.name).or_insert(signature);
            }
            _ => {}
        }
    }
    let edges: Vec<Vec<usize>> = nodes
        .iter()
        .map(|node| {
            let mut mentions = Mentions {
                types: &types,
                ctors: &ctors,
                holes: &holes,
                bound: Vec::new(),
                edges: Vec::new(),
            };
            mentions.node(node, decls);
            mentions.edges
        })
        .collect();
    components(&edges)
        .into_iter()
        .map(|mut group| {
            group.sort_unstable();
            group.into_iter().filter_map(|index| nodes.get(index).copied()).collect()
        })
        .collect()
}

struct Mentions<'a> {
    types: &'a HashMap<&'a str, usize>,
    ctors: &'a HashMap<&'a str, usize>,
    holes: &'a HashMap<&'a str, usize>,
    /// Names that stand for something nearer here.
    bound: Vec<&'a str>,
    edges: Vec<usize>,
}

impl<'a> Mentions<'a> {
    fn node(&mut self, node: &Node, decls: &'a [Decl]) {
        let Some(decl) = decls.get(node.place()) else { return };
        match (&decl.kind, node) {
            (DeclKind::Alias(alias), _) => {
                self.params(&alias.params);
                self.expr(&alias.body, false);
            }
            (DeclKind::Sum(sum), Node::Signature(_)) => self.params(&sum.params),
            (DeclKind::Sum(sum), Node::Constructors(_)) => {
                self.bound.extend(sum.params.iter().map(|param| param.name.name.as_str()));
                for (_, ty) in sum.ctors.iter().flat_map(|ctor| &ctor.fields) {
                    self.expr(ty, false);
                }
            }
            (DeclKind::Entity(entity), Node::Signature(_)) => self.params(&entity.params),
            (DeclKind::Entity(entity), Node::Constructors(_)) => {
                self.bound.extend(entity.params.iter().map(|param| param.name.name.as_str()));
                for (_, ty) in &entity.fields {
                    self.expr(ty, false);
                }
            }
            (DeclKind::Def(def), _) => {
                self.params(&def.type_params);
                self.params(&def.params);
                if let Some(result) = &def.result {
                    self.expr(result, false);
                }
            }
            (DeclKind::Hole(hole), _) => {
                if let Some(ty) = &hole.ty {
                    self.expr(ty, false);
                }
            }
            _ => {}
        }
    }

    /// Each parameter is known from behind its type on.
    fn params(&mut self, params: &'a [Param]) {
        for param in params {
            if let Some(ty) = &param.ty {
                self.expr(ty, false);
            }
            self.bound.push(&param.name.name);
        }
    }

    /// `inside`: within a refinement, where values of a type may be taken apart.
    fn expr(&mut self, expr: &'a Expr, inside: bool) {
        let mut name = |name: &str| {
            if self.bound.contains(&name) {
                return;
            }
            self.edges.extend(self.types.get(name));
            if inside {
                // The fields of an entity are needed to read them; its constructor node is next to its signature.
                self.edges.extend(self.ctors.get(name));
            }
        };
        match &expr.kind {
            ExprKind::Name(text) => name(text),
            ExprKind::Record(text, _) => name(&text.name),
            // A declared hole is one value wherever it stands, also before its declaration.
            ExprKind::Hole(text) => self.edges.extend(self.holes.get(text.as_str())),
            ExprKind::HoleHere(hole) => self.edges.extend(self.holes.get(hole.name.name.as_str())),
            ExprKind::Refine(name, base, predicate) => {
                self.expr(base, true);
                self.bound.push(&name.name);
                self.expr(predicate, true);
                self.bound.pop();
                return;
            }
            ExprKind::Match(_, arms) => arms.iter().for_each(|arm| self.pattern(&arm.pattern)),
            _ => {}
        }
        expr.for_each_child(&mut |child| self.expr(child, inside));
    }

    fn pattern(&mut self, pattern: &Pattern) {
        match &pattern.kind {
            PatternKind::Ctor(name, fields) => {
                self.edges.extend(self.ctors.get(name.name.as_str()));
                fields.iter().for_each(|field| self.pattern(field));
            }
            PatternKind::Tuple(items) | PatternKind::List(items) => {
                items.iter().for_each(|item| self.pattern(item));
            }
            PatternKind::Cons(head, tail) => {
                self.pattern(head);
                self.pattern(tail);
            }
            _ => {}
        }
    }
}

/// The name by which others mention a declaration; empty when they cannot.
pub(super) fn name(decl: &Decl) -> &str {
    match &decl.kind {
        DeclKind::Alias(alias) => &alias.name.name,
        DeclKind::Sum(sum) => &sum.name.name,
        DeclKind::Entity(entity) => &entity.name.name,
        DeclKind::Spec(spec) => &spec.name.name,
        DeclKind::Def(def) => &def.name.name,
        DeclKind::Intent(_)
        | DeclKind::Hole(_)
        | DeclKind::Examples(_)
        | DeclKind::Import(_)
        | DeclKind::Error => "",
    }
}

/// Strongly connected components, each before those that point to it (Tarjan 1972, with an explicit stack).
pub(super) fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let count = edges.len();
    let (mut index, mut low, mut on_stack) = (vec![UNSEEN; count], vec![0; count], vec![false; count]);
    let (mut stack, mut groups, mut next) = (Vec::new(), Vec::new(), 0);
    let get = |cells: &[usize], at: usize| cells.get(at).copied().unwrap_or(UNSEEN);
    let set = |cells: &mut [usize], at: usize, value: usize| {
        if let Some(cell) = cells.get_mut(at) {
            *cell = value;
        }
    };
    let mark = |cells: &mut [bool], at: usize, value: bool| {
        if let Some(cell) = cells.get_mut(at) {
            *cell = value;
        }
    };
    for root in 0..count {
        if get(&index, root) != UNSEEN {
            continue;
        }
        let mut work = vec![(root, 0)];
        while let Some((node, edge)) = work.pop() {
            if edge == 0 {
                set(&mut index, node, next);
                set(&mut low, node, next);
                next += 1;
                stack.push(node);
                mark(&mut on_stack, node, true);
            }
            match edges.get(node).and_then(|out| out.get(edge)) {
                Some(&target) => {
                    work.push((node, edge + 1));
                    if get(&index, target) == UNSEEN {
                        work.push((target, 0));
                    } else if on_stack.get(target).copied().unwrap_or(false) {
                        let lowest = get(&low, node).min(get(&index, target));
                        set(&mut low, node, lowest);
                    }
                }
                None => {
                    if get(&low, node) == get(&index, node) {
                        let mut group = Vec::new();
                        while let Some(member) = stack.pop() {
                            mark(&mut on_stack, member, false);
                            group.push(member);
                            if member == node {
                                break;
                            }
                        }
                        groups.push(group);
                    }
                    if let Some(&(parent, _)) = work.last() {
                        let lowest = get(&low, parent).min(get(&low, node));
                        set(&mut low, parent, lowest);
                    }
                }
            }
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn what_is_needed_comes_first_and_circles_stay_together() {
        let edges = vec![vec![1], vec![2], vec![1], vec![0, 2]];
        let mut groups = components(&edges);
        groups.iter_mut().for_each(|group| group.sort_unstable());
        assert_eq!(groups, vec![vec![1, 2], vec![0], vec![3]]);
    }

    #[test]
    fn a_chain_of_a_hundred_thousand_is_no_deeper_than_one() {
        let edges: Vec<Vec<usize>> =
            (0..100_000).map(|n| if n + 1 < 100_000 { vec![n + 1] } else { vec![] }).collect();
        assert_eq!(components(&edges).len(), 100_000);
    }
}
