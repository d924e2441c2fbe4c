//! Sets of effects with constraints between them, and their least solution.
//!
//! A variable is a set. `a -> b` says that `b` has everything `a` has. A *closed* variable is what an author wrote: it
//! has what it was written with, and whatever else arrives there is a breach. `Given(f)` is whatever the function
//! given for the parameter `f` does; where the definition with that parameter is used, it is replaced by what was
//! given there ([`Graph::instance`]).

use crate::ir::{DeclId, Name};
use crate::syntax::span::Span;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

/// A set of effects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Var(usize);

/// What is in a set.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Element {
    /// A capability: `net`.
    Named(Name),
    /// Whatever the function given for a parameter does; the variable of the parameter's type.
    Given(Var),
}

/// Where an effect comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// A definition that has it.
    Def(DeclId),
    /// A parameter whose function may have it.
    Given(Name),
}

/// Why one set is in another.
#[derive(Debug, Clone, Default)]
pub(super) struct Label {
    /// The declaration that says so.
    pub owner: Option<DeclId>,
    /// Where.
    pub span: Span,
    /// What brings the effects, when the place itself says so; otherwise what brought them to where they come from.
    pub origin: Option<Origin>,
}

/// Something at a closed variable that was not written there.
#[derive(Debug, Clone)]
pub(super) struct Arrival {
    pub at: Var,
    pub element: Element,
    pub label: Label,
}

/// What the parameters of a definition stand for at one of its uses.
pub(super) type Given = Rc<HashMap<Var, Var>>;

#[derive(Debug, Clone)]
struct Edge {
    to: Var,
    label: Label,
    given: Option<Given>,
}

#[derive(Debug, Default)]
struct Set {
    elements: BTreeMap<Element, Option<Origin>>,
    edges: Vec<Edge>,
    /// What may arrive.
    closed: Option<Closed>,
}

/// What a closed variable lets in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Closed {
    /// These, and what they contain.
    pub names: Vec<Name>,
    /// Also whatever is given.
    pub given: bool,
}

/// The constraints.
#[derive(Debug, Default)]
pub(super) struct Graph {
    sets: Vec<Set>,
    rows: HashMap<Vec<Name>, Var>,
    known: HashSet<(Var, Var, u32)>,
}

impl Graph {
    /// A set of which nothing is known yet.
    pub fn open(&mut self) -> Var {
        self.sets.push(Set::default());
        Var(self.sets.len() - 1)
    }

    /// A set that has these names and lets nothing else in.
    pub fn closed(&mut self, closed: Closed) -> Var {
        let var = self.open();
        if let Some(set) = self.sets.get_mut(var.0) {
            set.elements = closed.names.iter().map(|name| (Element::Named(name.clone()), None)).collect();
            set.closed = Some(closed);
        }
        var
    }

    /// The set that a type writes down.
    pub fn row(&mut self, names: &[Name]) -> Var {
        if let Some(var) = self.rows.get(names) {
            return *var;
        }
        let var = self.closed(Closed { names: names.to_vec(), given: false });
        self.rows.insert(names.to_vec(), var);
        var
    }

    /// The set of whatever is given for a parameter: inside its definition nothing is known of it.
    pub fn given(&mut self, name: &Name) -> Var {
        let var = self.closed(Closed { names: Vec::new(), given: false });
        if let Some(set) = self.sets.get_mut(var.0) {
            set.elements.insert(Element::Given(var), Some(Origin::Given(name.clone())));
        }
        var
    }

    /// `from` is in `to`.
    pub fn flow(&mut self, from: Var, to: Var, label: Label) {
        if from != to {
            self.edge(from, Edge { to, label, given: None });
        }
    }

    /// `from`, with what is given at a use in place of the parameters', is in `to`.
    pub fn instance(&mut self, from: Var, to: Var, label: Label, given: &Given) {
        self.edge(from, Edge { to, label, given: Some(Rc::clone(given)) });
    }

    fn edge(&mut self, from: Var, edge: Edge) {
        let place = edge.label.span.start;
        if (edge.given.is_some() || self.known.insert((from, edge.to, place)))
            && let Some(set) = self.sets.get_mut(from.0)
        {
            set.edges.push(edge);
        }
    }

    /// Grows the sets until all constraints hold; what arrives at closed ones and was not written there.
    pub fn solve(&mut self) -> Vec<Arrival> {
        let mut arrivals = Vec::new();
        let mut reported: HashSet<(Var, Element, u32)> = HashSet::new();
        let mut todo: Vec<(Edge, Element, Option<Origin>)> = Vec::new();
        let starts: Vec<Var> = (0..self.sets.len()).map(Var).collect();
        for var in starts {
            self.spread(var, None, &mut todo);
        }
        while let Some((edge, element, origin)) = todo.pop() {
            if let (Element::Given(of), Some(given)) = (&element, &edge.given)
                && let Some(here) = given.get(of)
            {
                let direct = Edge { to: edge.to, label: edge.label.clone(), given: None };
                if self.known.insert((*here, edge.to, edge.label.span.start))
                    && let Some(set) = self.sets.get_mut(here.0)
                {
                    for (element, origin) in &set.elements {
                        todo.push((direct.clone(), element.clone(), origin.clone()));
                    }
                    set.edges.push(direct);
                }
                continue;
            }
            let origin = edge.label.origin.clone().or(origin);
            let Some(set) = self.sets.get_mut(edge.to.0) else { continue };
            if let Some(closed) = &set.closed {
                let allowed = match &element {
                    Element::Named(name) => super::covered(&closed.names, name),
                    Element::Given(var) => closed.given || *var == edge.to,
                };
                if !allowed {
                    if reported.insert((edge.to, element.clone(), edge.label.span.start)) {
                        let label = Label { origin, ..edge.label };
                        arrivals.push(Arrival { at: edge.to, element, label });
                    }
                    continue;
                }
            }
            if !set.elements.contains_key(&element) {
                set.elements.insert(element.clone(), origin);
                self.spread(edge.to, Some(&element), &mut todo);
            }
        }
        arrivals
    }

    fn spread(&self, var: Var, only: Option<&Element>, todo: &mut Vec<(Edge, Element, Option<Origin>)>) {
        let Some(set) = self.sets.get(var.0) else { return };
        for edge in &set.edges {
            for (element, origin) in &set.elements {
                if only.is_none_or(|only| only == element) {
                    todo.push((edge.clone(), element.clone(), origin.clone()));
                }
            }
        }
    }

    /// What is in a set.
    pub fn elements(&self, var: Var) -> impl Iterator<Item = &Element> {
        self.sets.get(var.0).into_iter().flat_map(|set| set.elements.keys())
    }

    /// The parameter whose function's effects a set stands for.
    pub fn parameter(&self, var: Var) -> Option<Name> {
        match self.sets.get(var.0)?.elements.get(&Element::Given(var))? {
            Some(Origin::Given(name)) => Some(name.clone()),
            _ => None,
        }
    }
}
