//! The shape of a type's values: the type with its refinements worked into exact sets where they can be, and into
//! residuals where they cannot. Every dialect is printed from a shape, so all of them mean the same values.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};

use num_traits::Zero;

use super::demands::{Demand, demands};
use super::error::ConstrainError;
use super::intset::IntSet;
use super::place::Place;
use super::refine::{BoolSet, Domain, Question, TextSet, Unknown, conjuncts};
use super::{Deviation, Residual};
use crate::ir::distill;
use crate::ir::{
    Clause, Ctor, DataDecl, DeclId, DeclKind, HoleId, Icit, Name, Param, PrimType, Program, Term, TermKind,
};

/// Types inside each other that are written out: the stack of a browser is small.
const DEEPEST: usize = 64;

/// How many declared types one constraint may unfold into.
const MOST: usize = 256;
/// How many parts all its types may have together.
const PARTS: usize = 20_000;

/// How large a type may be written out, in nodes.
const LARGEST: usize = 100_000;

/// The values of a type.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    Int(IntSet),
    Bool(BoolSet),
    Text(TextSet),
    Unit,
    /// The elements, and how many there may be.
    List(Box<Shape>, IntSet),
    /// A set, a map or bytes: the definition that makes it of a list, the list's elements, and how many are written.
    /// Elements of sets and keys of maps may be written twice.
    Made(&'static str, Box<Shape>, IntSet),
    /// `None`, and `Some` of these; `None` for the inner when only `None` is possible.
    Option {
        none: bool,
        some: Option<Box<Shape>>,
    },
    Tuple(Vec<Shape>),
    /// A declared type, by its place in [`Shapes::data`].
    Data(usize),
}

/// A declared type with its arguments.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DataShape {
    /// As it is written, `Tree Int`.
    pub(super) name: String,
    /// Written `Name { field = value }`.
    pub(super) entity: bool,
    /// In order of declaration. A constructor without values is left out.
    pub(super) ctors: Vec<CtorShape>,
}

/// A constructor and its fields.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct CtorShape {
    pub(super) name: Name,
    pub(super) fields: Vec<(Option<Name>, Shape)>,
}

/// What is to be written.
#[derive(Clone, Debug)]
pub(super) enum Subject {
    /// One value.
    Value(Shape),
    /// Arguments for these parameters: of a call of a definition when it is named, else alone (a spec is no
    /// function): as one value when there is one, as a tuple when there are more.
    Arguments(Option<Name>, Vec<(Name, Shape)>),
}

impl Subject {
    pub(super) fn shapes(&self) -> impl Iterator<Item = &Shape> {
        let (value, fields) = match self {
            Subject::Value(shape) => (Some(shape), &[][..]),
            Subject::Arguments(_, fields) => (None, fields.as_slice()),
        };
        value.into_iter().chain(fields.iter().map(|(_, shape)| shape))
    }
}

impl Shape {
    /// Every mention of a declared type, not looking inside it.
    pub(super) fn each_data(&self, visit: &mut dyn FnMut(usize)) {
        match self {
            Shape::Data(number) => visit(*number),
            Shape::List(inner, _) | Shape::Made(_, inner, _) | Shape::Option { some: Some(inner), .. } => {
                inner.each_data(visit);
            }
            Shape::Tuple(items) => items.iter().for_each(|item| item.each_data(visit)),
            Shape::Int(_)
            | Shape::Bool(_)
            | Shape::Text(_)
            | Shape::Unit
            | Shape::Option { some: None, .. } => {}
        }
    }
}

/// What is to be written, the declared types it mentions, and what no grammar can say of it.
#[derive(Clone, Debug)]
pub(super) struct Shapes {
    pub(super) subject: Subject,
    pub(super) data: Vec<DataShape>,
    pub(super) residuals: Vec<Residual>,
    /// What of the type is left out.
    pub(super) narrowed: Vec<Deviation>,
    /// Whether the subject is a hole, into which terms could be written that are not values.
    pub(super) hole: bool,
}

/// Works out the shape of what `target` names.
pub(super) fn shapes(program: &Program, target: &str) -> Result<Shapes, ConstrainError> {
    let mut lowering = Lowering {
        program,
        data: Vec::new(),
        keys: Vec::new(),
        residuals: Vec::new(),
        narrowed: Vec::new(),
        hidden: HashSet::new(),
        depth: 0,
        parts: 0,
    };
    let (subject, hole) = match target.strip_prefix('?') {
        Some(name) => (lowering.hole(target, name)?, true),
        None => match program.lookup(target) {
            Some(id) => (lowering.declaration(target, id)?, false),
            None => return Err(unknown(program, target)),
        },
    };
    let Lowering { data, residuals, narrowed, .. } = lowering;
    prune(Shapes { subject, data: data.into_iter().flatten().collect(), residuals, narrowed, hole })
}

fn unknown(program: &Program, target: &str) -> ConstrainError {
    let holes = program.own_holes().filter_map(|id| program.hole(id));
    let holes = holes.map(|hole| format!("`?{}`", hole.name));
    let own = program.own().filter_map(|id| program.decl(id));
    let declarations =
        own.filter(|decl| !matches!(decl.kind, DeclKind::Intent(_))).map(|decl| format!("`{}`", decl.name));
    let known = holes.chain(declarations).collect();
    ConstrainError::UnknownTarget { target: target.to_owned(), known }
}

struct Lowering<'p> {
    program: &'p Program,
    /// `None` while the type is being worked out: recursion finds its number, not its shape.
    data: Vec<Option<DataShape>>,
    /// The type behind each number, and how many variables were in scope; 0 when it mentions none.
    keys: Vec<(Term, usize)>,
    residuals: Vec<Residual>,
    narrowed: Vec<Deviation>,
    /// Names that mean a variable where the answer will stand.
    hidden: HashSet<Name>,
    depth: usize,
    parts: usize,
}

/// The variables in scope, outermost first.
type Names = Vec<Name>;

impl Lowering<'_> {
    fn hole(&mut self, target: &str, name: &str) -> Result<Subject, ConstrainError> {
        let program = self.program;
        let known = |id: &HoleId| program.hole(*id).is_some_and(|hole| &*hole.name == name);
        let id = program.own_holes().find(known).ok_or_else(|| unknown(program, target))?;
        let hole = program.hole(id).ok_or_else(|| unknown(program, target))?;
        if matches!(&*hole.ty.kind, TermKind::Universe) {
            let what = "a hole for a type";
            return Err(ConstrainError::NoValues { target: target.to_owned(), what });
        }
        let mut names: Names = hole.context.iter().map(|(name, _)| name.clone()).collect();
        self.hidden = names.iter().cloned().collect();
        let mut shape = self.shape(&hole.ty, &Place::root(), &mut names)?;
        for Demand { predicate, names } in demands(program, id) {
            for conjunct in conjuncts(&predicate) {
                self.take(&mut shape, &conjunct, Unknown::Hole(id), &Place::root(), &names);
            }
        }
        Ok(Subject::Value(shape))
    }

    fn declaration(&mut self, target: &str, id: DeclId) -> Result<Subject, ConstrainError> {
        let no_values = |what| Err(ConstrainError::NoValues { target: target.to_owned(), what });
        let Some(decl) = self.program.decl(id) else { return Err(unknown(self.program, target)) };
        let closed = |params: &[Param]| match params.iter().find(|param| is_type_parameter(param)) {
            Some(param) => Err(ConstrainError::Parametric {
                target: target.to_owned(),
                parameter: param.name.to_string(),
            }),
            None => Ok(()),
        };
        match &decl.kind {
            DeclKind::Intent(_) => no_values("an intent"),
            DeclKind::Alias(params, _) | DeclKind::Data(DataDecl { params, .. }) => {
                if let Some(param) = params.first() {
                    let parameter = param.name.to_string();
                    return Err(ConstrainError::Parametric { target: target.to_owned(), parameter });
                }
                let kind = match &decl.kind {
                    DeclKind::Alias(..) => TermKind::Global(id),
                    _ => TermKind::Data(id),
                };
                self.shape(&kind.into_term(), &Place::root(), &mut Vec::new()).map(Subject::Value)
            }
            DeclKind::Spec(spec) => {
                closed(&spec.params)?;
                self.arguments(None, &spec.params, &spec.requires)
            }
            DeclKind::Def(def) => {
                closed(&def.params)?;
                self.arguments(Some(&decl.name), &def.params, &def.requires)
            }
        }
    }

    fn arguments(
        &mut self,
        callee: Option<&Name>,
        params: &[Param],
        requires: &[Clause],
    ) -> Result<Subject, ConstrainError> {
        let mut names = Vec::new();
        let mut fields = Vec::new();
        for param in params {
            let shape = self.shape(&param.ty, &Place::root().field(&param.name), &mut names)?;
            fields.push((param.name.clone(), shape));
            names.push(param.name.clone());
        }
        self.clauses(requires, &mut fields, &Place::root(), &names);
        Ok(Subject::Arguments(callee.cloned(), fields))
    }

    /// Works conditions on several named shapes, the innermost variables in scope, into the shape they speak of.
    fn clauses(&mut self, clauses: &[Clause], fields: &mut [(Name, Shape)], place: &Place, names: &Names) {
        for conjunct in clauses.iter().flat_map(|clause| conjuncts(&clause.body)) {
            let count = fields.len();
            let taken = fields.iter_mut().enumerate().find_map(|(position, (_, shape))| {
                self.narrow(shape, &conjunct, Unknown::Var(count - 1 - position))
            });
            self.left(taken, place, &conjunct, names);
        }
    }

    /// `Γ ⊢ ty type`, with `names` for Γ, gives the shape of its values.
    fn shape(&mut self, ty: &Term, place: &Place, names: &mut Names) -> Result<Shape, ConstrainError> {
        if self.depth == DEEPEST {
            return Err(ConstrainError::TooLarge { path: place.to_string(), cap: DEEPEST });
        }
        if self.parts == PARTS {
            return Err(ConstrainError::TooLarge { path: place.to_string(), cap: PARTS });
        }
        self.parts += 1;
        self.depth += 1;
        let shape = self.shape_inside(ty, place, names);
        self.depth -= 1;
        shape
    }

    fn shape_inside(&mut self, ty: &Term, place: &Place, names: &mut Names) -> Result<Shape, ConstrainError> {
        let ty = ty.unfold(self.program);
        let path = || place.to_string();
        match &*ty.kind {
            TermKind::Prim(PrimType::Int) => Ok(Shape::Int(IntSet::all())),
            TermKind::Prim(ty @ (PrimType::Real | PrimType::Float)) => {
                Err(ConstrainError::NotWhole { path: path(), ty: distill::prim_name(*ty) })
            }
            TermKind::Prim(PrimType::Bool) => Ok(Shape::Bool(BoolSet::all())),
            TermKind::Prim(PrimType::Str) => Ok(Shape::Text(TextSet::all())),
            TermKind::Prim(PrimType::Unit) => Ok(Shape::Unit),
            TermKind::Refine(name, base, predicate) => {
                let mut shape = self.shape(base, place, names)?;
                names.push(name.clone());
                for conjunct in conjuncts(predicate) {
                    self.take(&mut shape, &conjunct, Unknown::Var(0), place, names);
                }
                names.pop();
                Ok(shape)
            }
            TermKind::Product(items) => {
                let items = items.iter().enumerate();
                items
                    .map(|(index, item)| self.shape(item, &place.component(index), names))
                    .collect::<Result<_, _>>()
                    .map(Shape::Tuple)
            }
            TermKind::Pi(..) => Err(ConstrainError::Function { path: path() }),
            // What a definition does on the way is no part of its outcome.
            TermKind::Eff(_, outcome) => self.shape(outcome, place, names),
            TermKind::Var(index) => {
                let name = names.len().checked_sub(index + 1).and_then(|place| names.get(place));
                let parameter = name.map(Name::to_string).unwrap_or_default();
                Err(ConstrainError::Generic { path: path(), parameter })
            }
            _ => {
                let (head, args) = ty.spine();
                match &*head.kind {
                    TermKind::Data(id) => {
                        let args: Vec<Term> = args.iter().map(|arg| arg.term.clone()).collect();
                        self.data(*id, &args, &ty, place, names)
                    }
                    TermKind::Hole(id) => Err(self.open(*id, path())),
                    _ => Err(ConstrainError::OpenType { path: path(), hole: None }),
                }
            }
        }
    }

    fn open(&self, id: HoleId, path: String) -> ConstrainError {
        let hole = self.program.hole(id).map(|hole| hole.name.to_string());
        ConstrainError::OpenType { path, hole }
    }

    fn data(
        &mut self,
        id: DeclId,
        args: &[Term],
        ty: &Term,
        place: &Place,
        names: &mut Names,
    ) -> Result<Shape, ConstrainError> {
        if Some(id) == self.program.list()
            && let [element] = args
        {
            let element = self.shape(element, &place.elements(), names)?;
            return Ok(Shape::List(Box::new(element), IntSet::at_least(0)));
        }
        if let Some(maker) = self.program.maker(id) {
            return self.made(maker, args, place, names);
        }
        if Some(id) == self.program.option()
            && let [value] = args
        {
            self.in_scope(id, "None", place)?;
            self.in_scope(id, "Some", place)?;
            let some = self.shape(value, &place.some(), names)?;
            return Ok(Shape::Option { none: true, some: Some(Box::new(some)) });
        }
        let too_large = || Err(ConstrainError::TooLarge { path: place.to_string(), cap: LARGEST });
        if ty.is_larger_than(LARGEST) {
            return too_large();
        }
        // A closed type is the same under any variables; an open one only under as many.
        let scope = if variables(ty).is_empty() { 0 } else { names.len() };
        let same = |(key, under): &(Term, usize)| *under == scope && key.same(ty);
        if let Some(number) = self.keys.iter().position(same) {
            return Ok(Shape::Data(number));
        }
        let number = self.keys.len();
        if number == MOST {
            return Err(ConstrainError::TooLarge { path: place.to_string(), cap: MOST });
        }
        self.keys.push((ty.clone(), scope));
        self.data.push(None);
        let program = self.program;
        let Some(data) = program.data(id) else {
            return Err(ConstrainError::OpenType { path: place.to_string(), hole: None });
        };
        // What the arguments are put into grows by as much as they are large.
        let mut size = 1;
        args.iter().for_each(|arg| arg.walk(&mut |_| size += 1));
        let fields = data.ctors.iter().flat_map(|ctor| ctor.fields.iter().map(|(_, ty)| ty));
        let mut parts = fields.chain(data.invariants.iter().map(|clause| &clause.body));
        if parts.any(|part| part.is_larger_than(LARGEST / size)) {
            return too_large();
        }
        let name = distill::show_type(program, names, ty);
        let mut ctors = Vec::new();
        for ctor in &data.ctors {
            self.in_scope(id, &ctor.name, place)?;
            let place = Place::of_type(&name).constructor(&ctor.name, data.entity);
            let scope = names.len();
            let known = (self.keys.len(), self.residuals.len(), self.narrowed.len(), self.depth);
            let mut fields = match self.fields(ctor, args, &place, names) {
                Ok(fields) => fields,
                Err(ConstrainError::Function { path }) if !data.entity => {
                    names.truncate(scope);
                    self.leave_out(&ctor.name, &name, &path, known);
                    continue;
                }
                Err(error) => return Err(error),
            };
            if data.entity {
                let invariants: Vec<Clause> = data
                    .invariants
                    .iter()
                    .map(|clause| Clause {
                        body: under_fields(&clause.body, args, fields.len()),
                        ..clause.clone()
                    })
                    .collect();
                let mut named: Vec<(Name, Shape)> = fields
                    .into_iter()
                    .zip(names.iter().skip(scope))
                    .map(|((_, shape), name)| (name.clone(), shape))
                    .collect();
                self.clauses(&invariants, &mut named, &place, names);
                fields = named.into_iter().map(|(name, shape)| (Some(name), shape)).collect();
            }
            names.truncate(scope);
            ctors.push(CtorShape { name: ctor.name.clone(), fields });
        }
        let shape = DataShape { name, entity: data.entity, ctors };
        if let Some(slot) = self.data.get_mut(number) {
            *slot = Some(shape);
        }
        Ok(Shape::Data(number))
    }

    /// The fields of a constructor, whose names are in scope afterwards.
    fn fields(
        &mut self,
        ctor: &Ctor,
        args: &[Term],
        place: &Place,
        names: &mut Names,
    ) -> Result<Vec<(Option<Name>, Shape)>, ConstrainError> {
        let mut fields = Vec::new();
        for (index, (field, ty)) in ctor.fields.iter().enumerate() {
            let ty = under_fields(ty, args, index);
            let place = match field {
                Some(name) => place.field(name),
                None => place.component(index),
            };
            let shape = self.shape(&ty, &place, names)?;
            fields.push((field.clone(), shape));
            names.push(field.clone().unwrap_or_else(|| "_".into()));
        }
        Ok(fields)
    }

    /// Goes on without a constructor that has a function in it, as if it had not been looked at.
    fn leave_out(&mut self, ctor: &str, of: &str, function: &str, known: (usize, usize, usize, usize)) {
        let (types, residuals, narrowed, depth) = known;
        self.keys.truncate(types);
        self.data.truncate(types);
        self.residuals.truncate(residuals);
        self.narrowed.truncate(narrowed);
        self.depth = depth;
        let left_out = Deviation {
            path: of.to_owned(),
            what: format!("no `{ctor}`"),
            because: format!("`{function}` is a function, which a grammar of values cannot write"),
        };
        if !self.narrowed.contains(&left_out) {
            self.narrowed.push(left_out);
        }
    }

    /// Whether `name` means this declaration, or a constructor of it, where the answer will stand. What another
    /// document declares has a name here only if it is imported.
    fn in_scope(&self, id: DeclId, name: &str, place: &Place) -> Result<(), ConstrainError> {
        let program = self.program;
        let here = program.ctors.get(name).map(|(of, _)| *of).or_else(|| program.lookup(name)) == Some(id);
        match here && !self.hidden.contains(name) {
            true => Ok(()),
            false => {
                let name = name.rsplit('.').next().unwrap_or(name).to_owned();
                Err(ConstrainError::OutOfScope { path: place.to_string(), name })
            }
        }
    }

    /// Sets, maps and bytes are written as what they are made of: `set_of([1, 2])`.
    fn made(
        &mut self,
        maker: &'static str,
        args: &[Term],
        place: &Place,
        names: &mut Names,
    ) -> Result<Shape, ConstrainError> {
        match self.program.lookup(maker) {
            Some(id) if !self.program.is_declared(id) => self.in_scope(id, maker, place)?,
            _ => {
                let name = maker.to_owned();
                return Err(ConstrainError::OutOfScope { path: place.to_string(), name });
            }
        }
        let elements = place.elements();
        let mut parts = Vec::new();
        for (index, arg) in args.iter().enumerate() {
            let place = if args.len() == 1 { elements.clone() } else { elements.component(index) };
            parts.push(self.shape(arg, &place, names)?);
        }
        let bytes = IntSet::range(Some(0.into()), Some(255.into()));
        let element = match (parts.pop(), parts.pop()) {
            (Some(value), Some(key)) => Shape::Tuple(vec![key, value]),
            (Some(element), None) => element,
            (None, _) => Shape::Int(bytes),
        };
        Ok(Shape::Made(maker, Box::new(element), IntSet::at_least(0)))
    }

    /// Takes a condition on `subject` into its shape, or leaves it over.
    fn take(&mut self, shape: &mut Shape, predicate: &Term, subject: Unknown, place: &Place, names: &Names) {
        let taken = self.narrow(shape, predicate, subject);
        self.left(taken, place, predicate, names);
    }

    /// Lists a condition, unless all of it was taken into a shape.
    fn left(&mut self, taken: Option<Taken>, place: &Place, predicate: &Term, names: &Names) {
        match taken {
            Some(Taken::All) => {}
            Some(Taken::Part) => {
                self.residual(
                    place,
                    predicate,
                    names,
                    "what is written twice counts once, which no grammar sees",
                );
            }
            None => {
                let because = match unknowns(predicate) {
                    0 | 1 => {
                        "a grammar repeats comparisons with constants, and combinations of them, and no more"
                    }
                    _ => "it relates values in different places, which no grammar can",
                };
                self.residual(place, predicate, names, because);
            }
        }
    }

    /// Takes a condition on `subject` into its shape; how much of it, if any.
    fn narrow(&self, shape: &mut Shape, predicate: &Term, subject: Unknown) -> Option<Taken> {
        let question = Question { program: self.program, subject };
        let taken = match shape {
            Shape::Made(maker, _, written) => {
                let sizes = question.lengths(predicate)?.intersection(&IntSet::at_least(0));
                *written = written.intersection(&sizes);
                // Each element of bytes counts. Of a set or map, `n` that are written may be any number from 1 to `n`,
                // so that number is right exactly where no smaller one but 0 is wrong.
                let any = *maker == "bytes_of"
                    || match sizes.intervals() {
                        [] => true,
                        [one] => one.low.as_ref().is_none_or(|low| *low <= 1.into()),
                        _ => false,
                    };
                return Some(if any { Taken::All } else { Taken::Part });
            }
            Shape::Int(set) => question.integers(predicate).map(|more| *set = set.intersection(&more)),
            Shape::Bool(set) => {
                question.booleans(predicate).and_then(|more| set.and(&more)).map(|both| *set = both)
            }
            Shape::Text(set) => {
                question.texts(predicate).and_then(|more| set.and(&more)).map(|both| *set = both)
            }
            Shape::List(_, lengths) => {
                question.lengths(predicate).map(|more| *lengths = lengths.intersection(&more))
            }
            Shape::Unit | Shape::Option { .. } | Shape::Tuple(_) | Shape::Data(_) => None,
        };
        taken.map(|()| Taken::All)
    }

    fn residual(&mut self, place: &Place, predicate: &Term, names: &Names, because: &str) {
        let predicate = distill::show(self.program, names, predicate);
        let residual = Residual { path: place.to_string(), predicate, because: because.to_owned() };
        if !self.residuals.contains(&residual) {
            self.residuals.push(residual);
        }
    }
}

/// How much of a condition a shape took.
enum Taken {
    /// What is left cannot break it.
    All,
    /// What is left can.
    Part,
}

/// How many variables and holes a predicate speaks of.
fn unknowns(predicate: &Term) -> usize {
    let mut holes = HashSet::new();
    predicate.walk(&mut |term| {
        if let TermKind::Hole(id) = &*term.kind {
            holes.insert(*id);
        }
    });
    variables(predicate).len() + holes.len()
}

/// The free variables of a term, by index.
fn variables(term: &Term) -> BTreeSet<usize> {
    let found = RefCell::new(BTreeSet::new());
    // What is rebuilt is thrown away; the walk is what is wanted.
    let _ = term.map_vars(0, &|index, depth| {
        if let Some(free) = index.checked_sub(depth) {
            found.borrow_mut().insert(free);
        }
        TermKind::Var(index).into_term()
    });
    found.into_inner()
}

fn is_type_parameter(param: &Param) -> bool {
    param.icit == Icit::Implicit || matches!(&*param.ty.kind, TermKind::Universe)
}

/// A term under a data type's parameters and `fields` fields, with the arguments put in for the parameters and
/// the fields left as the innermost variables.
fn under_fields(term: &Term, args: &[Term], fields: usize) -> Term {
    let mut all: Vec<Term> = args.iter().map(|arg| arg.shift(fields)).collect();
    all.extend((0..fields).rev().map(|index| TermKind::Var(index).into_term()));
    term.instantiate(&all)
}

/// Takes out what has no values, so that every rule of a grammar is productive.
fn prune(mut shapes: Shapes) -> Result<Shapes, ConstrainError> {
    // The least fixpoint: a type has values when some constructor's fields all have.
    let mut inhabited = vec![false; shapes.data.len()];
    loop {
        let next: Vec<bool> = shapes
            .data
            .iter()
            .map(|data| {
                data.ctors.iter().any(|ctor| ctor.fields.iter().all(|(_, it)| has_values(it, &inhabited)))
            })
            .collect();
        if next == inhabited {
            break;
        }
        inhabited = next;
    }
    for data in &mut shapes.data {
        data.ctors.retain(|ctor| ctor.fields.iter().all(|(_, shape)| has_values(shape, &inhabited)));
        for (_, shape) in data.ctors.iter_mut().flat_map(|ctor| &mut ctor.fields) {
            without_the_empty(shape, &inhabited);
        }
    }
    let no_value = |path: &str| Err(ConstrainError::Uninhabited { path: path.to_owned() });
    match &mut shapes.subject {
        Subject::Value(shape) => {
            if !has_values(shape, &inhabited) {
                return no_value("");
            }
            without_the_empty(shape, &inhabited);
        }
        Subject::Arguments(_, fields) => {
            for (name, shape) in fields {
                if !has_values(shape, &inhabited) {
                    return no_value(name);
                }
                without_the_empty(shape, &inhabited);
            }
        }
    }
    Ok(shapes)
}

fn has_values(shape: &Shape, inhabited: &[bool]) -> bool {
    match shape {
        Shape::Int(set) => !set.is_empty(),
        Shape::Bool(set) => set.with_true || set.with_false,
        Shape::Text(set) => !set.is_empty(),
        Shape::Unit => true,
        Shape::List(element, lengths) | Shape::Made(_, element, lengths) => {
            lengths.contains(&Zero::zero()) || (!lengths.is_empty() && has_values(element, inhabited))
        }
        Shape::Option { none, some } => *none || some.as_ref().is_some_and(|it| has_values(it, inhabited)),
        Shape::Tuple(items) => items.iter().all(|item| has_values(item, inhabited)),
        Shape::Data(number) => inhabited.get(*number).copied().unwrap_or(false),
    }
}

/// Inside a shape that has values: lists of nothing become empty lists, options of nothing `None`.
fn without_the_empty(shape: &mut Shape, inhabited: &[bool]) {
    match shape {
        Shape::List(element, lengths) | Shape::Made(_, element, lengths)
            if !has_values(element, inhabited) =>
        {
            *lengths = IntSet::just(0);
            **element = Shape::Unit;
        }
        Shape::List(element, _) | Shape::Made(_, element, _) => without_the_empty(element, inhabited),
        Shape::Option { some, .. } => match some {
            Some(value) if has_values(value, inhabited) => without_the_empty(value, inhabited),
            _ => *some = None,
        },
        Shape::Tuple(items) => items.iter_mut().for_each(|item| without_the_empty(item, inhabited)),
        Shape::Int(_) | Shape::Bool(_) | Shape::Text(_) | Shape::Unit | Shape::Data(_) => {}
    }
}
