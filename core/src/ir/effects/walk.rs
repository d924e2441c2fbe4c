//! From a program to constraints on sets of effects: one walk over every body and every condition.
//!
//! ```text
//!   Γ ⊢ e : A ! s        evaluating `e` gives an `A` and does what is in `s`
//!
//!   Γ, x: A ⊢ e : B ! s            Γ ⊢ f : A -s-> B ! t    Γ ⊢ e : A' ! t    A' ≤ A    s ⊆ t
//!   ───────────────────────        ─────────────────────────────────────────────────────────
//!   Γ ⊢ \x. e : A -s-> B ! t       Γ ⊢ f(e) : B ! t
//! ```
//!
//! A definition that is mentioned is used at sets of its own for what it is given: `map` does what the function does
//! that it is given, here (effect polymorphism; Talpin and Jouvelot, *The type and effect discipline*).

use super::graph::{Closed, Given, Graph, Label, Origin, Var};
use super::shape::{Reading, Shape, Unnamed};
use crate::ir::{
    Arg, Arm, Clause, DeclId, DeclKind, DefDecl, HoleId, Icit, Op, Param, Pattern, PatternKind, Program,
    Term, TermKind,
};
use crate::syntax::span::Span;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The state of the walk.
pub(super) struct Walk<'p> {
    pub program: &'p Program,
    pub graph: Graph,
    /// The shapes of the variables in scope, outermost first.
    pub scope: Vec<Shape>,
    /// The applications that were seen and what each may do, by the address of the term.
    pub calls: Vec<(usize, Var)>,
    /// The sets that definitions declare, and those of conditions.
    pub places: HashMap<Var, Place>,
    pub(super) functional: HashMap<DeclId, bool>,
    signatures: HashMap<DeclId, Rc<Signature>>,
    owner: Option<DeclId>,
    current: Var,
    /// Holes whose defaults are being walked.
    standing: HashSet<HoleId>,
}

/// Whose a closed set is, when it is not just written in a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// What a definition declares.
    Declared,
    /// A condition or a type: nothing may happen there.
    Condition,
}

/// A definition as its users see it.
struct Signature {
    params: Vec<Shape>,
    result: Shape,
    effects: Var,
    unnamed: Unnamed,
}

impl<'p> Walk<'p> {
    pub fn new(program: &'p Program) -> Self {
        let mut graph = Graph::default();
        let current = graph.row(&[]);
        Walk {
            program,
            graph,
            scope: Vec::new(),
            calls: Vec::new(),
            places: HashMap::new(),
            functional: HashMap::new(),
            signatures: HashMap::new(),
            owner: None,
            current,
            standing: HashSet::new(),
        }
    }

    /// The set of what a definition does.
    pub fn effects(&mut self, id: DeclId) -> Option<Var> {
        self.signature(id).map(|signature| signature.effects)
    }

    /// Walks a declaration.
    pub fn declaration(&mut self, id: DeclId) {
        let program = self.program;
        let Some(decl) = program.decl(id) else { return };
        self.owner = Some(id);
        match &decl.kind {
            DeclKind::Def(def) => self.def(id, def),
            DeclKind::Spec(spec) => {
                self.params(&spec.params);
                self.types_inside(&spec.result);
                self.clauses(&spec.requires);
                let result = self.written(&spec.result);
                self.scope.push(result);
                self.clauses(&spec.ensures);
            }
            DeclKind::Data(data) => {
                self.params(&data.params);
                let outer = self.scope.len();
                for ctor in &data.ctors {
                    for (_, ty) in &ctor.fields {
                        self.types_inside(ty);
                        let shape = self.written(ty);
                        self.scope.push(shape);
                    }
                    self.clauses(&data.invariants);
                    self.scope.truncate(outer);
                }
            }
            DeclKind::Alias(params, body) => {
                self.params(params);
                self.types_inside(body);
            }
            DeclKind::Intent(_) => {}
        }
        self.scope.clear();
    }

    fn def(&mut self, id: DeclId, def: &DefDecl) {
        let Some(signature) = self.signature(id) else { return };
        let mut explicit = signature.params.iter();
        for (place, param) in def.params.iter().enumerate() {
            self.types_inside(&param.ty);
            self.scope.push(match param.icit {
                Icit::Implicit => Shape::Param(place),
                Icit::Explicit => explicit.next().cloned().unwrap_or(Shape::Unknown),
            });
        }
        self.types_inside(&def.result);
        self.clauses(&def.requires);
        def.decreases.iter().for_each(|measure| self.condition(measure));
        if let Some(body) = &def.body {
            self.current = signature.effects;
            let found = self.term(body);
            let label = self.label(body.span);
            self.flow(&found, &signature.result, &label);
        }
        self.scope.push(signature.result.clone());
        self.clauses(&def.ensures);
    }

    fn signature(&mut self, id: DeclId) -> Option<Rc<Signature>> {
        if let Some(known) = self.signatures.get(&id) {
            return Some(Rc::clone(known));
        }
        let program = self.program;
        let def = program.def(id)?;
        let outer = std::mem::take(&mut self.scope);
        let (mut params, mut unnamed) = (Vec::new(), Unnamed::default());
        for (place, param) in def.params.iter().enumerate() {
            let shape = match param.icit {
                Icit::Implicit => Shape::Param(place),
                Icit::Explicit => {
                    let reading = Reading::Parameter(param.name.clone());
                    let shape = self.shape(&param.ty, &reading, &mut unnamed);
                    params.push(shape.clone());
                    shape
                }
            };
            self.scope.push(shape);
        }
        let result = self.shape(&def.result, &Reading::Result, &mut unnamed);
        self.scope = outer;
        let effects = match super::declared(program, def) {
            Some(names) => {
                let var = self.graph.closed(Closed { names: names.to_vec(), given: true });
                self.places.insert(var, Place::Declared);
                var
            }
            None => self.graph.open(),
        };
        let signature = Rc::new(Signature { params, result, effects, unnamed });
        self.signatures.insert(id, Rc::clone(&signature));
        Some(signature)
    }

    /// A definition at one of its uses: its parameters, its result, what calling it does.
    fn instance(&mut self, id: DeclId, types: &[Shape], span: Span) -> Option<(Vec<Shape>, Shape, Var)> {
        let signature = self.signature(id)?;
        let given: HashMap<Var, Var> =
            signature.unnamed.given.iter().map(|var| (*var, self.graph.open())).collect();
        let given: Given = Rc::new(given);
        let label = Label { owner: self.owner, span, origin: Some(Origin::Def(id)) };
        let mut here: HashMap<Var, Var> = given.as_ref().clone();
        for var in &signature.unnamed.found {
            let found = self.graph.open();
            self.graph.instance(*var, found, label.clone(), &given);
            here.insert(*var, found);
        }
        let effects = self.graph.open();
        self.graph.instance(signature.effects, effects, label, &given);
        let param = |place: usize| types.get(place).cloned();
        let mut set = |_: &mut Self, var: Var| here.get(&var).copied().unwrap_or(var);
        let params = signature.params.iter().map(|shape| self.rebuilt(shape, &param, &mut set)).collect();
        let result = self.rebuilt(&signature.result, &param, &mut set);
        Some((params, result, effects))
    }

    fn label(&self, span: Span) -> Label {
        Label { owner: self.owner, span, origin: None }
    }

    fn params(&mut self, params: &[Param]) {
        for (place, param) in params.iter().enumerate() {
            self.types_inside(&param.ty);
            let shape = match &*param.ty.kind {
                TermKind::Universe => Shape::Param(place),
                _ => self.written_for(param),
            };
            self.scope.push(shape);
        }
    }

    fn written_for(&mut self, param: &Param) -> Shape {
        self.shape(&param.ty, &Reading::Parameter(param.name.clone()), &mut Unnamed::default())
    }

    fn written(&mut self, ty: &Term) -> Shape {
        self.shape(ty, &Reading::Written, &mut Unnamed::default())
    }

    fn inferred(&mut self, ty: &Term) -> Shape {
        self.shape(ty, &Reading::Inferred, &mut Unnamed::default())
    }

    fn clauses(&mut self, clauses: &[Clause]) {
        clauses.iter().for_each(|clause| self.condition(&clause.body));
    }

    /// A term that is asked for its value and must do nothing.
    fn condition(&mut self, term: &Term) {
        let inside = self.graph.closed(Closed { names: Vec::new(), given: false });
        self.places.insert(inside, Place::Condition);
        let outside = std::mem::replace(&mut self.current, inside);
        self.term(term);
        self.current = outside;
    }

    /// The conditions and values written inside a type.
    fn types_inside(&mut self, ty: &Term) {
        match &*ty.kind {
            TermKind::Refine(_, base, predicate) => {
                self.types_inside(base);
                let shape = self.written(base);
                self.scope.push(shape);
                self.condition(predicate);
                self.scope.pop();
            }
            TermKind::Pi(_, _, domain, codomain) => {
                self.types_inside(domain);
                let shape = self.written(domain);
                self.scope.push(shape);
                self.types_inside(codomain);
                self.scope.pop();
            }
            TermKind::Eff(_, ty) => self.types_inside(ty),
            TermKind::Product(items) => items.iter().for_each(|item| self.types_inside(item)),
            TermKind::App(_, args) => args.iter().for_each(|arg| self.types_inside(&arg.term)),
            TermKind::Prim(_)
            | TermKind::Data(_)
            | TermKind::Universe
            | TermKind::Var(_)
            | TermKind::Hole(_)
            | TermKind::Meta(_)
            | TermKind::Error => {}
            TermKind::Global(id) if self.program.def(*id).is_none() => {}
            // An index.
            _ => self.condition(ty),
        }
    }

    /// What a term's value may hide; what evaluating it does goes to `self.current`.
    ///
    /// Only a way to the rules, so that its frame is small: every level of a term passes through here.
    fn term(&mut self, term: &Term) -> Shape {
        match &*term.kind {
            TermKind::Var(index) => self.variable(*index),
            TermKind::Global(_) | TermKind::Con(..) => self.application(term, term, &[]),
            TermKind::App(head, args) => self.application(term, head, args),
            TermKind::Hole(id) => self.hole(*id),
            TermKind::Lam(_, _, ty, body) => self.lambda(ty, body),
            TermKind::Let(_, ty, value, body) => self.binding(ty, value, body),
            TermKind::If(condition, yes, no) => self.choice(term, condition, yes, no),
            TermKind::Match(scrutinee, ty, arms) => self.cases(term, scrutinee, ty, arms),
            TermKind::Tuple(items) => self.tuple(items),
            TermKind::List(element, items) => self.list(element, items),
            TermKind::Field(id, field, value) => self.field(*id, *field, value),
            TermKind::Op(op, args) => self.operation(*op, args),
            TermKind::Quant(_, _, ty, body) => self.quantified(ty, body),
            TermKind::Meta(_) => Shape::Unknown,
            TermKind::Universe
            | TermKind::Pi(..)
            | TermKind::Refine(..)
            | TermKind::Prim(_)
            | TermKind::Eff(..)
            | TermKind::Product(_)
            | TermKind::Data(_)
            | TermKind::Lit(_)
            | TermKind::Error => Shape::Atom,
        }
    }

    fn variable(&self, index: usize) -> Shape {
        let place = self.scope.len().checked_sub(index + 1);
        place.and_then(|place| self.scope.get(place)).cloned().unwrap_or(Shape::Unknown)
    }

    fn lambda(&mut self, ty: &Term, body: &Term) -> Shape {
        self.types_inside(ty);
        let domain = self.inferred(ty);
        let inside = self.graph.open();
        let outside = std::mem::replace(&mut self.current, inside);
        self.scope.push(domain.clone());
        let codomain = self.term(body);
        self.scope.pop();
        self.current = outside;
        Shape::Function(Rc::new(domain), inside, Rc::new(codomain))
    }

    fn binding(&mut self, ty: &Term, value: &Term, body: &Term) -> Shape {
        self.types_inside(ty);
        let mut shape = self.term(value);
        if matches!(shape, Shape::Unknown) {
            shape = self.inferred(ty);
        }
        self.scope.push(shape);
        let found = self.term(body);
        self.scope.pop();
        found
    }

    fn choice(&mut self, term: &Term, condition: &Term, yes: &Term, no: &Term) -> Shape {
        self.term(condition);
        let shapes = [self.term(yes), self.term(no)];
        let label = self.label(term.span);
        self.joined(&shapes, &label)
    }

    fn cases(&mut self, term: &Term, scrutinee: &Term, ty: &Term, arms: &[Arm]) -> Shape {
        let mut shape = self.term(scrutinee);
        if matches!(shape, Shape::Unknown) {
            shape = self.inferred(ty);
        }
        let outer = self.scope.len();
        let mut shapes = Vec::new();
        for arm in arms {
            self.pattern(&arm.pattern, &shape);
            shapes.push(self.term(&arm.body));
            self.scope.truncate(outer);
        }
        let label = self.label(term.span);
        self.joined(&shapes, &label)
    }

    fn tuple(&mut self, items: &[Term]) -> Shape {
        let mut shapes = Vec::with_capacity(items.len());
        for item in items {
            shapes.push(self.term(item));
        }
        Shape::Product(Rc::new(shapes))
    }

    fn list(&mut self, element: &Term, items: &[Term]) -> Shape {
        let element = self.inferred(element);
        for item in items {
            let (found, label) = (self.term(item), self.label(item.span));
            self.flow(&found, &element, &label);
        }
        self.program.list().map_or(Shape::Unknown, |list| Shape::Data(list, Rc::new(vec![element])))
    }

    fn field(&mut self, id: DeclId, field: usize, value: &Term) -> Shape {
        match self.term(value) {
            Shape::Data(found, args) if found == id => {
                self.fields(id, 0, &args).into_iter().nth(field).unwrap_or(Shape::Unknown)
            }
            _ => Shape::Unknown,
        }
    }

    fn operation(&mut self, op: Op, args: &[Term]) -> Shape {
        let skip = usize::from(matches!(op, Op::Eq | Op::Ne | Op::ListAt));
        let mut first = None;
        for arg in args.iter().skip(skip) {
            let shape = self.term(arg);
            first = first.or(Some(shape));
        }
        match (op, first) {
            (Op::ListAt, Some(Shape::Data(_, args))) => args.first().cloned().unwrap_or(Shape::Unknown),
            (Op::ListAt, _) => Shape::Unknown,
            (Op::Run | Op::RunGiven, Some(shape)) => shape,
            _ => Shape::Atom,
        }
    }

    fn quantified(&mut self, ty: &Term, body: &Term) -> Shape {
        self.types_inside(ty);
        let shape = self.written(ty);
        self.scope.push(shape);
        self.term(body);
        self.scope.pop();
        Shape::Atom
    }

    fn hole(&mut self, id: HoleId) -> Shape {
        let Some(info) = self.program.hole(id) else { return Shape::Unknown };
        // Declared holes are closed; others are over the whole context of their place.
        let from = self.scope.len().saturating_sub(info.context.len());
        let inner: Vec<Shape> = self.scope.get(from..).unwrap_or_default().to_vec();
        let outer = std::mem::replace(&mut self.scope, inner);
        let written = self.written(&info.ty);
        let found = match &info.default {
            // A default stands for its hole.
            Some(default) if self.standing.insert(id) => {
                let found = self.term(default);
                self.standing.remove(&id);
                found
            }
            _ => written,
        };
        self.scope = outer;
        found
    }

    fn application(&mut self, term: &Term, head: &Term, args: &[Arg]) -> Shape {
        let implicit = args.iter().filter(|arg| arg.icit == Icit::Implicit);
        let explicit: Vec<&Term> =
            args.iter().filter(|arg| arg.icit == Icit::Explicit).map(|arg| &arg.term).collect();
        let at = if head.span == Span::default() { term.span } else { head.span };
        match &*head.kind {
            TermKind::Global(id) if self.program.def(*id).is_some() => {
                let types: Vec<Shape> = implicit.map(|arg| self.inferred(&arg.term)).collect();
                let Some((params, result, effects)) = self.instance(*id, &types, at) else {
                    return Shape::Unknown;
                };
                if explicit.len() < params.len() {
                    return self.waiting(&params, &explicit, effects, result);
                }
                let (given, rest) = explicit.split_at(params.len());
                self.give(&params, given);
                self.perform(term, effects, at);
                self.apply(term, result, rest, at)
            }
            TermKind::Con(id, ctor) => {
                let types: Vec<Shape> = implicit.map(|arg| self.inferred(&arg.term)).collect();
                let params = self.fields(*id, *ctor, &types);
                let result = Shape::Data(*id, Rc::new(types));
                if explicit.len() < params.len() {
                    let nothing = self.graph.row(&[]);
                    return self.waiting(&params, &explicit, nothing, result);
                }
                self.give(&params, &explicit);
                result
            }
            _ => {
                let function = self.term(head);
                self.apply(term, function, &explicit, at)
            }
        }
    }

    fn give(&mut self, params: &[Shape], args: &[&Term]) {
        for (param, arg) in params.iter().zip(args) {
            let (found, label) = (self.term(arg), self.label(arg.span));
            self.flow(&found, param, &label);
        }
    }

    /// A definition or constructor that is handed on before it has all its arguments.
    fn waiting(&mut self, params: &[Shape], args: &[&Term], effects: Var, result: Shape) -> Shape {
        self.give(params, args);
        let missing = params.get(args.len()..).unwrap_or_default();
        let nothing = self.graph.row(&[]);
        let (mut shape, mut does) = (result, effects);
        for param in missing.iter().rev() {
            shape = Shape::Function(Rc::new(param.clone()), does, Rc::new(shape));
            does = nothing;
        }
        shape
    }

    fn apply(&mut self, term: &Term, function: Shape, args: &[&Term], at: Span) -> Shape {
        let mut function = function;
        for arg in args {
            let found = self.term(arg);
            function = match function {
                Shape::Function(domain, effects, codomain) => {
                    let label = self.label(arg.span);
                    self.flow(&found, &domain, &label);
                    self.perform(term, effects, at);
                    codomain.as_ref().clone()
                }
                _ => {
                    let label = self.label(arg.span);
                    self.flow(&found, &Shape::Unknown, &label);
                    Shape::Unknown
                }
            };
        }
        function
    }

    /// Evaluating `term` does what is in `effects`.
    fn perform(&mut self, term: &Term, effects: Var, at: Span) {
        self.calls.push((super::address(term), effects));
        let label = self.label(at);
        self.graph.flow(effects, self.current, label);
    }

    /// Brings the variables of a pattern into scope.
    fn pattern(&mut self, pattern: &Pattern, shape: &Shape) {
        match (&pattern.kind, shape) {
            (PatternKind::Var(..), _) => self.scope.push(shape.clone()),
            (PatternKind::Con(id, ctor, fields), Shape::Data(found, args)) if found == id => {
                let shapes = self.fields(*id, *ctor, args);
                for (place, field) in fields.iter().enumerate() {
                    self.pattern(field, shapes.get(place).unwrap_or(&Shape::Unknown));
                }
            }
            (PatternKind::Tuple(items), Shape::Product(shapes)) => {
                for (place, item) in items.iter().enumerate() {
                    self.pattern(item, shapes.get(place).unwrap_or(&Shape::Unknown));
                }
            }
            (PatternKind::Con(_, _, parts) | PatternKind::Tuple(parts), _) => {
                parts.iter().for_each(|part| self.pattern(part, &Shape::Unknown));
            }
            (PatternKind::Wildcard | PatternKind::Lit(_), _) => {}
        }
    }
}
