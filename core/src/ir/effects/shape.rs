//! Types with a set of effects at every arrow.
//!
//! ```text
//!   A -> B             no effects
//!   A -> Eff[net] B    these
//!   A -> Eff B         of a parameter: those of the function that is given
//!                      of a result: those it turns out to have
//! ```
//!
//! What the checker inferred (type arguments, types of bound variables) says nothing of effects: there every arrow has
//! a set of its own, found by what flows there.

use super::graph::{Label, Var};
use super::walk::Walk;
use crate::ir::{DeclId, DeclKind, Icit, Name, Term, TermKind};
use std::rc::Rc;

/// A type, as far as functions may hide in its values.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    /// A function: what it takes, what calling it does, what it gives.
    Function(Rc<Shape>, Var, Rc<Shape>),
    /// A declared data type at these type arguments.
    Data(DeclId, Rc<Vec<Shape>>),
    /// A product.
    Product(Rc<Vec<Shape>>),
    /// A type parameter of the definition around, by its place.
    Param(usize),
    /// Nothing that could be called.
    Atom,
    /// Nobody knows: what stands here must have no effects.
    Unknown,
}

/// How arrows are read.
#[derive(Debug, Clone)]
pub(super) enum Reading {
    /// As they are written in the type of a parameter of this name.
    Parameter(Name),
    /// As they are written in the type of a result.
    Result,
    /// As they are written elsewhere.
    Written,
    /// As whatever flows there.
    Inferred,
}

/// The sets that a signature leaves open.
#[derive(Debug, Clone, Default)]
pub(super) struct Unnamed {
    /// Those of functions that are given.
    pub given: Vec<Var>,
    /// Those of functions that are handed out.
    pub found: Vec<Var>,
}

impl Walk<'_> {
    /// The shape of a type whose variables have the shapes in `self.scope`.
    pub(super) fn shape(&mut self, ty: &Term, reading: &Reading, unnamed: &mut Unnamed) -> Shape {
        let ty = ty.erase_head(self.program);
        let (head, args) = ty.spine();
        match &*head.kind {
            TermKind::Pi(Icit::Explicit, _, domain, codomain) => {
                let inside = match reading {
                    Reading::Inferred => Reading::Inferred,
                    _ => Reading::Written,
                };
                let domain = self.shape(domain, &inside, unnamed);
                self.scope.push(Shape::Atom);
                let (effects, codomain) = self.codomain(codomain, reading, unnamed);
                self.scope.pop();
                Shape::Function(Rc::new(domain), effects, Rc::new(codomain))
            }
            TermKind::Data(id) => {
                let args: Vec<Shape> =
                    args.iter().map(|arg| self.shape(&arg.term, reading, unnamed)).collect();
                Shape::Data(*id, Rc::new(args))
            }
            TermKind::Product(items) => {
                let items = items.iter().map(|item| self.shape(item, reading, unnamed)).collect();
                Shape::Product(Rc::new(items))
            }
            TermKind::Var(index) => {
                let place = self.scope.len().checked_sub(index + 1);
                place.and_then(|place| self.scope.get(place)).cloned().unwrap_or(Shape::Unknown)
            }
            TermKind::Hole(id) => match self.program.hole(*id).and_then(|hole| hole.default.clone()) {
                Some(default) => {
                    let scope = std::mem::take(&mut self.scope);
                    let shape = self.shape(&default, reading, unnamed);
                    self.scope = scope;
                    shape
                }
                None => Shape::Unknown,
            },
            TermKind::Meta(_) | TermKind::Error => Shape::Unknown,
            _ => Shape::Atom,
        }
    }

    fn codomain(&mut self, ty: &Term, reading: &Reading, unnamed: &mut Unnamed) -> (Var, Shape) {
        let (written, ty) = match &*ty.kind {
            TermKind::Eff(names, ty) => (Some(names.clone()), ty.clone()),
            _ => (None, ty.clone()),
        };
        let effects = match (reading, written) {
            (Reading::Inferred, _) => self.graph.open(),
            (_, Some(Some(names))) => self.graph.row(&names),
            (Reading::Parameter(name), Some(None)) => {
                let var = self.graph.given(name);
                unnamed.given.push(var);
                var
            }
            (Reading::Result, Some(None)) => {
                let var = self.graph.open();
                unnamed.found.push(var);
                var
            }
            (_, None | Some(None)) => self.graph.row(&[]),
        };
        (effects, self.shape(&ty, reading, unnamed))
    }

    /// Rebuilds a shape: type parameters by `param`, sets by `set`.
    pub(super) fn rebuilt(
        &mut self,
        shape: &Shape,
        param: &dyn Fn(usize) -> Option<Shape>,
        set: &mut dyn FnMut(&mut Self, Var) -> Var,
    ) -> Shape {
        match shape {
            Shape::Function(domain, effects, codomain) => {
                let domain = self.rebuilt(domain, param, set);
                let effects = set(self, *effects);
                let codomain = self.rebuilt(codomain, param, set);
                Shape::Function(Rc::new(domain), effects, Rc::new(codomain))
            }
            Shape::Data(id, args) => {
                let args = args.iter().map(|arg| self.rebuilt(arg, param, set)).collect();
                Shape::Data(*id, Rc::new(args))
            }
            Shape::Product(items) => {
                let items = items.iter().map(|item| self.rebuilt(item, param, set)).collect();
                Shape::Product(Rc::new(items))
            }
            Shape::Param(place) => param(*place).unwrap_or(Shape::Param(*place)),
            Shape::Atom => Shape::Atom,
            Shape::Unknown => Shape::Unknown,
        }
    }

    /// The shapes of a constructor's fields at these type arguments.
    pub(super) fn fields(&mut self, id: DeclId, ctor: usize, args: &[Shape]) -> Vec<Shape> {
        let program = self.program;
        let Some(DeclKind::Data(data)) = program.decl(id).map(|decl| &decl.kind) else { return Vec::new() };
        let Some(ctor) = data.ctors.get(ctor) else { return Vec::new() };
        let outer = std::mem::take(&mut self.scope);
        self.scope =
            (0..data.params.len()).map(|place| args.get(place).cloned().unwrap_or(Shape::Unknown)).collect();
        let mut shapes = Vec::new();
        for (_, ty) in &ctor.fields {
            shapes.push(self.shape(ty, &Reading::Written, &mut Unnamed::default()));
            self.scope.push(Shape::Atom);
        }
        self.scope = outer;
        shapes
    }

    /// What is found stands where something is expected.
    ///
    /// ```text
    ///   A' ≤ A    e ⊆ e'    B ≤ B'
    ///   ───────────────────────────
    ///   A -e-> B  ≤  A' -e'-> B'
    /// ```
    pub(super) fn flow(&mut self, found: &Shape, expected: &Shape, label: &Label) {
        match (found, expected) {
            (Shape::Function(a, e, b), Shape::Function(c, f, d)) => {
                self.flow(c, a, label);
                self.graph.flow(*e, *f, label.clone());
                self.flow(b, d, label);
            }
            (Shape::Data(a, xs), Shape::Data(b, ys)) if a == b => {
                let one_way = !self.declares_functions(*a);
                for (x, y) in xs.iter().zip(ys.iter()) {
                    self.flow(x, y, label);
                    if !one_way {
                        self.flow(y, x, label);
                    }
                }
            }
            (Shape::Product(xs), Shape::Product(ys)) => {
                xs.iter().zip(ys.iter()).for_each(|(x, y)| self.flow(x, y, label));
            }
            // Where nobody knows what happens to it, nothing with effects may go; and what comes from there has none.
            (known, Shape::Unknown) => self.pure(known, label),
            (Shape::Unknown, known) => self.pure(known, label),
            _ => {}
        }
    }

    /// No function in it has effects.
    fn pure(&mut self, shape: &Shape, label: &Label) {
        match shape {
            Shape::Function(domain, effects, codomain) => {
                let none = self.graph.row(&[]);
                self.graph.flow(*effects, none, label.clone());
                self.pure(domain, label);
                self.pure(codomain, label);
            }
            Shape::Data(_, parts) | Shape::Product(parts) => {
                parts.iter().for_each(|part| self.pure(part, label));
            }
            Shape::Param(_) | Shape::Atom | Shape::Unknown => {}
        }
    }

    /// One shape for values from several places.
    pub(super) fn joined(&mut self, shapes: &[Shape], label: &Label) -> Shape {
        let known = shapes.iter().find(|shape| !matches!(shape, Shape::Unknown));
        let Some(known) = known.cloned() else { return Shape::Unknown };
        if shapes.len() == 1 {
            return known;
        }
        let joined = self.rebuilt(&known, &|_| None, &mut |walk, _| walk.graph.open());
        shapes.iter().for_each(|shape| self.flow(shape, &joined, label));
        joined
    }

    /// Whether a data type, or one that its fields mention, says `->` itself: its parameters may stand left of it.
    fn declares_functions(&mut self, id: DeclId) -> bool {
        if let Some(known) = self.functional.get(&id) {
            return *known;
        }
        let (mut seen, mut todo, mut found) = (vec![id], vec![id], false);
        while let Some(next) = todo.pop() {
            let types: Vec<&Term> = match self.program.decl(next).map(|decl| &decl.kind) {
                Some(DeclKind::Data(data)) => {
                    data.ctors.iter().flat_map(|ctor| &ctor.fields).map(|(_, ty)| ty).collect()
                }
                Some(DeclKind::Alias(_, body)) => vec![body],
                _ => continue,
            };
            for ty in types {
                ty.walk(&mut |part| match &*part.kind {
                    TermKind::Pi(..) => found = true,
                    TermKind::Data(id) | TermKind::Global(id) if !seen.contains(id) => {
                        seen.push(*id);
                        todo.push(*id);
                    }
                    _ => {}
                });
            }
        }
        self.functional.insert(id, found);
        found
    }
}
