//! The hole graph: which hole must be decided before which.

use crate::ir::{HoleId, Program, Term, TermKind};
use crate::syntax::tree::LinkKind;
use serde::{Deserialize, Serialize};

/// Holes and what each waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoleGraph {
    /// In order of first appearance.
    pub holes: Vec<HoleNode>,
    /// The longest chain of undecided holes, each waiting for the one before it; names, first to decide first.
    pub critical_path: Vec<String>,
    /// Chains of holes that wait for each other, each closing on itself.
    pub circles: Vec<Vec<String>>,
}

/// One hole and its links.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoleNode {
    /// Its name.
    pub name: String,
    /// Whether it still must be decided: it has no default.
    pub open: bool,
    /// Undecided holes it waits for, and how we know.
    pub waits_for: Vec<(String, LinkOrigin)>,
    /// Holes that wait for it.
    pub unlocks: Vec<String>,
}

/// How a dependency is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkOrigin {
    /// Written by the author in `links`.
    Declared,
    /// Its type or context mentions the other hole.
    Type,
}

/// The graph of a document's own holes, in their order. A link to a hole that does not exist is left out; `check` reports those.
pub fn graph(program: &Program) -> HoleGraph {
    // What is open in imported documents is decided there.
    let own = program.holes.get(program.first_own_hole..).unwrap_or_default();
    let count = own.len();
    let place = |name: &str| own.iter().position(|hole| &*hole.name == name);
    let mut waits: Vec<Vec<(usize, LinkOrigin)>> = vec![Vec::new(); count];
    let add = |waits: &mut Vec<Vec<(usize, LinkOrigin)>>, waiting: usize, on: usize, origin| {
        if let Some(list) = waits.get_mut(waiting)
            && waiting != on
            && !list.iter().any(|(other, _)| *other == on)
        {
            list.push((on, origin));
        }
    };
    for (index, hole) in own.iter().enumerate() {
        for (kind, target) in &hole.links {
            match (kind, place(target)) {
                (LinkKind::Uses, Some(target)) => add(&mut waits, index, target, LinkOrigin::Declared),
                (LinkKind::Blocks, Some(target)) => add(&mut waits, target, index, LinkOrigin::Declared),
                (_, None) => {}
            }
        }
        for ty in hole.context.iter().map(|(_, ty)| ty).chain([&hole.ty]) {
            for HoleId(on) in mentioned(ty) {
                if let Some(on) = (on as usize).checked_sub(program.first_own_hole) {
                    add(&mut waits, index, on, LinkOrigin::Type);
                }
            }
        }
    }
    let name = |index: usize| own.get(index).map_or_else(String::new, |hole| hole.name.to_string());
    let open = |index: usize| own.get(index).is_some_and(|hole| hole.default.is_none());
    let waiting_on = |index: usize| waits.get(index).map(Vec::as_slice).unwrap_or_default();
    let (order, circles) = sort(count, &|index| waiting_on(index).iter().map(|(on, _)| *on).collect());
    let holes = (0..count)
        .map(|index| HoleNode {
            name: name(index),
            open: open(index),
            waits_for: waiting_on(index)
                .iter()
                .filter(|(on, _)| open(*on))
                .map(|(on, origin)| (name(*on), *origin))
                .collect(),
            unlocks: (0..count)
                .filter(|other| waiting_on(*other).iter().any(|(on, _)| *on == index))
                .map(name)
                .collect(),
        })
        .collect();
    // The longest path over the holes in order of dependency; assumptions have been decided and do not count.
    let mut longest: Vec<(usize, Option<usize>)> = vec![(0, None); count];
    for &index in &order {
        let before = waiting_on(index)
            .iter()
            .filter(|(on, _)| open(*on))
            .filter_map(|(on, _)| longest.get(*on).map(|(length, _)| (*length, *on)))
            .max_by_key(|(length, on)| (*length, std::cmp::Reverse(*on)));
        if let Some(entry) = longest.get_mut(index)
            && open(index)
        {
            *entry = (before.map_or(0, |(length, _)| length) + 1, before.map(|(_, on)| on));
        }
    }
    let mut critical_path = Vec::new();
    let mut at = (0..count)
        .max_by_key(|index| (longest.get(*index).map_or(0, |(l, _)| *l), std::cmp::Reverse(*index)));
    while let Some(index) = at {
        if critical_path.len() > count || longest.get(index).is_none_or(|(length, _)| *length == 0) {
            break;
        }
        critical_path.push(name(index));
        at = longest.get(index).and_then(|(_, before)| *before);
    }
    critical_path.reverse();
    let circles = circles.into_iter().map(|circle| circle.into_iter().map(name).collect()).collect();
    HoleGraph { holes, critical_path, circles }
}

/// Depth first: an order in which each comes after what it waits for, and the circles found on the way.
fn sort(count: usize, waits: &dyn Fn(usize) -> Vec<usize>) -> (Vec<usize>, Vec<Vec<usize>>) {
    let (mut order, mut circles, mut state) = (Vec::new(), Vec::new(), vec![0u8; count]);
    for root in 0..count {
        let mut path: Vec<(usize, Vec<usize>)> = Vec::new();
        if state.get(root) == Some(&0) {
            path.push((root, waits(root)));
        }
        if let (Some(cell), false) = (state.get_mut(root), path.is_empty()) {
            *cell = 1;
        }
        while let Some((index, rest)) = path.last_mut() {
            let index = *index;
            match rest.pop() {
                Some(next) => match state.get(next) {
                    Some(0) => {
                        if let Some(cell) = state.get_mut(next) {
                            *cell = 1;
                        }
                        path.push((next, waits(next)));
                    }
                    Some(1) => {
                        let from = path.iter().position(|(on, _)| *on == next).unwrap_or(0);
                        circles.push(path.iter().skip(from).map(|(on, _)| *on).collect());
                    }
                    _ => {}
                },
                None => {
                    if let Some(cell) = state.get_mut(index) {
                        *cell = 2;
                    }
                    order.push(index);
                    path.pop();
                }
            }
        }
    }
    (order, circles)
}

fn mentioned(term: &Term) -> Vec<HoleId> {
    let mut found = Vec::new();
    term.walk(&mut |part| {
        if let TermKind::Hole(id) = &*part.kind {
            found.push(*id);
        }
    });
    found
}
