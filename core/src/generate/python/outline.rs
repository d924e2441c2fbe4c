//! What a module will hold: which declarations, under which names, and how options are represented.

use super::helpers::Helper;
use super::names::{Names, constant_case, member};
use crate::eval::value::CONS;
use crate::generate::Options;
use crate::ir::{DeclId, DeclKind, HoleId, Icit, Name, Program, Term, TermKind};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Terms nested deeper than this are left out: writing them would take more stack than a browser has, and Python's own
/// parser gives up soon after.
const DEEPEST: usize = 64;

/// How values of `Option T` look in Python.
///
/// `T | None` is what a reader expects, but it collapses when a `T` can itself be `None`: for `Option (Option T)`
/// and `Option Unit`. One such type anywhere, also through a type parameter, and the whole module uses a class
/// `Some` instead, so that generic code never sees two representations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OptionStyle {
    /// `None` or the value itself.
    Bare,
    /// `None` or `Some(value)`.
    Boxed,
}

/// How values of a declared type look in Python.
#[derive(Debug, Clone)]
pub(super) struct Class {
    /// The name of the class, or of the alias over the classes of several constructors.
    pub name: String,
    pub shape: Shape,
    pub ctors: Vec<CtorClass>,
}

/// What a data type becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// No constructor has a field: an `Enum`.
    Enumeration,
    /// Written with `entity`: one data class, built and matched by field names.
    Entity,
    /// One data class for each constructor.
    Sum,
}

/// A constructor's class (or member) and the names of its fields.
#[derive(Debug, Clone)]
pub(super) struct CtorClass {
    pub name: String,
    pub fields: Vec<String>,
}

/// The plan of a module.
#[derive(Debug)]
pub(super) struct Outline<'p> {
    pub program: &'p Program,
    pub options: &'p Options,
    /// Own definitions, types and abbreviations that get no code, and why.
    pub left_out: BTreeMap<DeclId, String>,
    pub functions: HashMap<DeclId, String>,
    pub classes: HashMap<DeclId, Class>,
    /// Abbreviations without parameters.
    pub aliases: HashMap<DeclId, String>,
    /// Assumptions that depend on nothing: constants, and functions of one argument.
    pub constants: BTreeMap<HoleId, String>,
    pub option_style: OptionStyle,
    /// Type parameters to the names of their `TypeVar`s.
    pub type_variables: BTreeMap<Name, String>,
    /// What each helper would be called.
    pub helpers: BTreeMap<Helper, String>,
    /// What the part of a recursive definition without checks would be called.
    pub inner: HashMap<DeclId, String>,
    /// Every name of the module so far.
    pub names: Names,
    telling_apart: OnceCell<BTreeSet<DeclId>>,
}

impl<'p> Outline<'p> {
    /// Plans the module; `failed` are definitions found earlier to be beyond generation, with the reason.
    pub(super) fn of(program: &'p Program, options: &'p Options, failed: &BTreeMap<DeclId, String>) -> Self {
        let mut outline = Outline {
            program,
            options,
            left_out: failed.clone(),
            functions: HashMap::new(),
            classes: HashMap::new(),
            aliases: HashMap::new(),
            constants: BTreeMap::new(),
            option_style: option_style(program),
            type_variables: BTreeMap::new(),
            helpers: BTreeMap::new(),
            inner: HashMap::new(),
            names: Names::default(),
            telling_apart: OnceCell::new(),
        };
        outline.leave_out_what_is_open();
        outline.name_everything();
        outline
    }

    /// Whether a declaration of the document is generated.
    pub(super) fn has(&self, id: DeclId) -> bool {
        !self.left_out.contains_key(&id)
    }

    /// Whether a definition tells values of a type parameter apart.
    pub(super) fn tells_apart(&self, id: DeclId) -> bool {
        self.telling_apart.get_or_init(|| self.program.telling_apart()).contains(&id)
    }

    pub(super) fn is_prelude(&self, id: DeclId) -> bool {
        (id.0 as usize) < self.program.prelude_len
    }

    /// The names that the local names of a definition must keep away from: those it uses, its own, and those that
    /// only the module itself knows.
    pub(super) fn local_names(&self, id: DeclId, def: &crate::ir::DefDecl) -> Names {
        let mut names = Names::default();
        let clauses = def.requires.iter().chain(&def.ensures).map(|clause| &clause.body);
        let types = def.params.iter().map(|param| &param.ty).chain([&def.result]);
        let mut take = |name: Option<&String>| name.into_iter().for_each(|name| names.take(name));
        for term in clauses.chain(types).chain(&def.body) {
            term.walk(&mut |inner| match &*inner.kind {
                TermKind::Global(id) => take(self.functions.get(id)),
                TermKind::Hole(id) => take(self.constants.get(id)),
                _ => {}
            });
        }
        take(self.functions.get(&id));
        for class in self.classes.values() {
            take(Some(&class.name));
            class.ctors.iter().for_each(|ctor| take(Some(&ctor.name)));
        }
        self.helpers.values().chain(self.inner.values()).for_each(|name| take(Some(name)));
        self.aliases.values().chain(self.type_variables.values()).for_each(|name| take(Some(name)));
        names
    }

    /// The data classes of the module: those of one type stand together, in the order of its constructors.
    pub(super) fn data_classes(&self) -> Vec<String> {
        let mut types: Vec<(&DeclId, &Class)> =
            self.classes.iter().filter(|(_, class)| class.shape != Shape::Enumeration).collect();
        types.sort_by_key(|(id, _)| **id);
        let names = types.into_iter().flat_map(|(_, class)| class.ctors.iter().map(|ctor| ctor.name.clone()));
        let boxed = (self.option_style == OptionStyle::Boxed).then(|| "Some".to_owned());
        boxed.into_iter().chain(names).collect()
    }

    /// Whether the module defines this name.
    pub(super) fn provides(&self, name: &str) -> bool {
        let is = |known: &String| known == name;
        self.functions.values().any(is)
            || self.constants.values().any(is)
            || self.helpers.values().any(is)
            || self
                .classes
                .values()
                .any(|class| is(&class.name) || class.ctors.iter().any(|ctor| is(&ctor.name)))
            || (self.option_style == OptionStyle::Boxed && name == "Some")
    }

    /// Why this term cannot become code, if so.
    pub(super) fn obstacle(&self, term: &Term) -> Option<String> {
        let mut found = None;
        let mut holes = HashSet::new();
        let mut todo = vec![term.clone()];
        while let Some(term) = todo.pop() {
            if found.is_none() && self.is_too_deep(&term) {
                found = Some(format!("it nests more than {DEEPEST} levels deep"));
            }
            term.walk(&mut |inner| match &*inner.kind {
                _ if found.is_some() => {}
                TermKind::Hole(id) => match self.program.hole(*id) {
                    Some(hole) => match &hole.default {
                        Some(default) if holes.insert(*id) => todo.push(default.clone()),
                        Some(_) => {}
                        None => found = Some(format!("?{} is undecided", hole.name)),
                    },
                    None => found = Some("a hole is undecided".to_owned()),
                },
                TermKind::Error | TermKind::Meta(_) => found = Some("it does not type-check".to_owned()),
                TermKind::Global(id) | TermKind::Data(id) | TermKind::Con(id, _)
                    if self.left_out.contains_key(id) =>
                {
                    let name = self.program.decl(*id).map(|decl| decl.name.to_string()).unwrap_or_default();
                    found = Some(format!("it uses `{name}`, which is left out"));
                }
                _ => {}
            });
        }
        found
    }

    /// Whether a term nests deeper than [`DEEPEST`]. The rest of a list is no deeper than the list: chains are
    /// written by a loop.
    fn is_too_deep(&self, term: &Term) -> bool {
        let mut todo = vec![(term.clone(), 1)];
        while let Some((term, depth)) = todo.pop() {
            if depth > DEEPEST {
                return true;
            }
            match &*term.kind {
                TermKind::App(head, args) if matches!(&*head.kind, TermKind::Con(decl, CONS) if self.program.list() == Some(*decl)) =>
                {
                    let last = args.len().saturating_sub(1);
                    let below = |place| if place == last { depth } else { depth + 1 };
                    todo.extend(args.iter().enumerate().map(|(place, arg)| (arg.term.clone(), below(place))));
                }
                _ => term.each_child(&mut |child| todo.push((child.clone(), depth + 1))),
            }
        }
        false
    }

    fn leave_out_what_is_open(&mut self) {
        loop {
            let before = self.left_out.len();
            for id in self.program.reached() {
                if self.left_out.contains_key(&id) {
                    continue;
                }
                let obstacle = self.program.decl(id).and_then(|decl| match &decl.kind {
                    DeclKind::Def(def) => {
                        let signature = def.params.iter().map(|param| &param.ty).chain([&def.result]);
                        let missing = def.body.is_none().then(|| "it has no body".to_owned());
                        let clauses = def.requires.iter().chain(&def.ensures).map(|clause| &clause.body);
                        let deep = || {
                            clauses
                                .chain(&def.decreases)
                                .any(|term| self.is_too_deep(term))
                                .then(|| format!("a clause of it nests more than {DEEPEST} levels deep"))
                        };
                        let obstacle = signature.chain(&def.body).find_map(|term| self.obstacle(term));
                        obstacle.or(missing).or_else(deep)
                    }
                    DeclKind::Data(data) => {
                        data.ctors.iter().flat_map(|ctor| &ctor.fields).find_map(|(_, ty)| self.obstacle(ty))
                    }
                    DeclKind::Alias(_, body) => self.obstacle(body),
                    DeclKind::Spec(_) | DeclKind::Intent(_) => None,
                });
                if let Some(reason) = obstacle {
                    self.left_out.insert(id, reason);
                }
            }
            if self.left_out.len() == before {
                return;
            }
        }
    }

    fn name_everything(&mut self) {
        let program = self.program;
        ["_T", "_K", "_V"].into_iter().for_each(|name| self.names.take(name));
        if self.option_style == OptionStyle::Boxed {
            self.names.take("Some");
        }
        // The document's own names come first: what it imports makes room for them.
        let (own, imported): (Vec<DeclId>, Vec<DeclId>) = program
            .reached()
            .into_iter()
            .filter(|id| self.has(*id))
            .partition(|id| id.0 as usize >= program.first_own);
        let own: Vec<DeclId> = own.into_iter().chain(imported).collect();
        for id in &own {
            let Some(decl) = program.decl(*id) else { continue };
            match &decl.kind {
                DeclKind::Data(data) => {
                    let shape = if data.entity {
                        Shape::Entity
                    } else if data.ctors.iter().all(|ctor| ctor.fields.is_empty()) {
                        Shape::Enumeration
                    } else {
                        Shape::Sum
                    };
                    let name = self.names.fresh_member(&decl.name);
                    let mut members = Names::default();
                    let ctors = data.ctors.iter().map(|ctor| {
                        let name = match shape {
                            Shape::Enumeration => members.fresh(&constant_case(member(&ctor.name))),
                            Shape::Entity => name.clone(),
                            // The only constructor is the type.
                            Shape::Sum if data.ctors.len() == 1 && ctor.name == decl.name => name.clone(),
                            Shape::Sum => self.names.fresh_member(&ctor.name),
                        };
                        CtorClass { name, fields: field_names(&ctor.fields) }
                    });
                    let ctors = ctors.collect();
                    self.classes.insert(*id, Class { name, shape, ctors });
                }
                DeclKind::Alias(params, _) if params.is_empty() => {
                    let name = self.names.fresh_member(&decl.name);
                    self.aliases.insert(*id, name);
                }
                _ => {}
            }
        }
        for id in &own {
            let Some(decl) = program.decl(*id) else { continue };
            let params = match &decl.kind {
                DeclKind::Def(def) => def.params.as_slice(),
                DeclKind::Data(data) => data.params.as_slice(),
                _ => &[],
            };
            for param in params.iter().filter(|param| matches!(&*param.ty.kind, TermKind::Universe)) {
                if !self.type_variables.contains_key(&param.name) {
                    let name = self.names.fresh(&param.name);
                    self.type_variables.insert(param.name.clone(), name);
                }
            }
        }
        for helper in Helper::ALL {
            let name = self.names.fresh(helper.wanted_name());
            self.helpers.insert(helper, name);
        }
        for (number, hole) in program.holes.iter().enumerate() {
            let Some(default) = &hole.default else { continue };
            if !hole.context.is_empty() || self.obstacle(default).is_some() {
                continue;
            }
            let wanted = if is_constant(program, default) {
                constant_case(&hole.name)
            } else if is_function(default) {
                hole.name.to_string()
            } else {
                continue;
            };
            let name = self.names.fresh(&wanted);
            self.constants.insert(HoleId(number as u32), name);
        }
        for id in &own {
            if let Some(decl) = program.decl(*id)
                && let DeclKind::Def(_) = &decl.kind
            {
                let name = self.names.fresh_member(&decl.name);
                self.functions.insert(*id, name);
            }
        }
        for id in &own {
            if let Some(name) = self.functions.get(id).cloned() {
                self.inner.insert(*id, self.names.fresh(&format!("_{name}")));
            }
        }
        if self.options.stubs {
            for id in self.left_out.keys() {
                if let Some(decl) = program.decl(*id)
                    && let DeclKind::Def(_) = &decl.kind
                {
                    let name = self.names.fresh_member(&decl.name);
                    self.functions.insert(*id, name);
                }
            }
        }
    }
}

/// Whether a default can be written down once, before any function: literals, constructors and operators on them.
fn is_constant(program: &Program, term: &Term) -> bool {
    let mut constant = true;
    term.walk(&mut |inner| {
        constant &= match &*inner.kind {
            TermKind::Lit(_)
            | TermKind::Con(..)
            | TermKind::App(..)
            | TermKind::Tuple(_)
            | TermKind::List(..)
            | TermKind::Op(..) => true,
            TermKind::Prim(_) | TermKind::Data(_) | TermKind::Product(_) => true,
            TermKind::Global(id) => (id.0 as usize) < program.prelude_len && program.def(*id).is_none(),
            _ => false,
        };
    });
    constant
}

/// Whether a default is a function of one argument.
fn is_function(default: &Term) -> bool {
    match &*default.kind {
        TermKind::Lam(Icit::Explicit, _, _, body) => !matches!(&*body.kind, TermKind::Lam(..)),
        _ => false,
    }
}

/// Names of a constructor's fields; those without one are `value`, or `value_1`, `value_2`, ...
fn field_names(fields: &[(Option<Name>, Term)]) -> Vec<String> {
    let mut names = Names::default();
    let unnamed = fields.iter().filter(|(name, _)| name.is_none()).count();
    let mut number = 0;
    fields
        .iter()
        .map(|(name, _)| match name {
            Some(name) => names.fresh(name),
            None if unnamed == 1 => names.fresh("value"),
            None => {
                number += 1;
                names.fresh(&format!("value_{number}"))
            }
        })
        .collect()
}

/// A type parameter: the declaration and the parameter's number.
type TypeParameter = (DeclId, usize);

/// Decides between [`OptionStyle::Bare`] and [`OptionStyle::Boxed`] for a whole program.
fn option_style(program: &Program) -> OptionStyle {
    let Some(option) = program.option() else { return OptionStyle::Bare };
    let mut census = Census { program, option, inside_options: HashSet::new(), nested: false };
    loop {
        let before = census.inside_options.len();
        for id in (0..program.decls.len() as u32).map(DeclId) {
            census.declaration(id);
        }
        for hole in &program.holes {
            for term in hole.default.iter().chain([&hole.ty]) {
                census.term(term, &[], None);
            }
        }
        for example in &program.examples {
            census.term(&example.term, &[], None);
        }
        if census.nested {
            return OptionStyle::Boxed;
        }
        if census.inside_options.len() == before {
            return OptionStyle::Bare;
        }
    }
}

/// Looks for options of what can be `None`: follows type parameters that end up inside an `Option`.
struct Census<'p> {
    program: &'p Program,
    option: DeclId,
    /// Type parameters that somewhere become the argument of `Option`.
    inside_options: HashSet<TypeParameter>,
    /// An option of an option or of `Unit` was found.
    nested: bool,
}

impl Census<'_> {
    fn declaration(&mut self, id: DeclId) {
        let program = self.program;
        let Some(decl) = program.decl(id) else { return };
        let mut scope = Vec::new();
        match &decl.kind {
            DeclKind::Def(def) => {
                for (number, param) in def.params.iter().enumerate() {
                    self.term(&param.ty, &scope, Some(id));
                    scope.push((param.icit == Icit::Implicit).then_some(number));
                }
                for term in [Some(&def.result), def.body.as_ref()].into_iter().flatten() {
                    self.term(term, &scope, Some(id));
                }
            }
            DeclKind::Data(data) => {
                scope.extend((0..data.params.len()).map(Some));
                for ctor in &data.ctors {
                    let outer = scope.len();
                    for (_, ty) in &ctor.fields {
                        self.term(ty, &scope, Some(id));
                        scope.push(None);
                    }
                    scope.truncate(outer);
                }
            }
            DeclKind::Alias(params, body) => {
                scope.extend((0..params.len()).map(Some));
                self.term(body, &scope, Some(id));
            }
            DeclKind::Spec(_) | DeclKind::Intent(_) => {}
        }
    }

    /// `scope` says which variables are type parameters of `owner`, outermost first; deeper ones are not. Types of
    /// pattern variables are left away: they repeat what the scrutinee's type says.
    fn term(&mut self, term: &Term, scope: &[Option<usize>], owner: Option<DeclId>) {
        let mut todo = vec![(term.clone(), 0)];
        while let Some((term, bound)) = todo.pop() {
            self.arguments(&term, scope, owner, bound);
            match &*term.kind {
                TermKind::Lam(_, _, ty, body)
                | TermKind::Pi(_, _, ty, body)
                | TermKind::Refine(_, ty, body)
                | TermKind::Quant(_, _, ty, body) => {
                    todo.extend([(ty.clone(), bound), (body.clone(), bound + 1)]);
                }
                TermKind::Let(_, ty, value, body) => {
                    todo.extend([(ty.clone(), bound), (value.clone(), bound), (body.clone(), bound + 1)]);
                }
                TermKind::Match(scrutinee, ty, arms) => {
                    todo.extend([(scrutinee.clone(), bound), (ty.clone(), bound)]);
                    todo.extend(arms.iter().map(|arm| (arm.body.clone(), bound + arm.pattern.binders())));
                }
                _ => term.each_child(&mut |child| todo.push((child.clone(), bound))),
            }
        }
    }

    /// Type arguments in the places that end up inside an `Option`.
    fn arguments(&mut self, term: &Term, scope: &[Option<usize>], owner: Option<DeclId>, bound: usize) {
        let (head, args) = term.spine();
        let (target, is_type) = match &*head.kind {
            TermKind::Data(id) => (*id, true),
            TermKind::Global(id) | TermKind::Con(id, _) => (*id, false),
            _ => return,
        };
        for (number, arg) in args.iter().enumerate() {
            let inside = target == self.option || self.inside_options.contains(&(target, number));
            if inside && (is_type || arg.icit == Icit::Implicit) {
                self.inside_option(&arg.term, scope, owner, bound);
            }
        }
    }

    /// A type that stands as the argument of an `Option`.
    fn inside_option(&mut self, ty: &Term, scope: &[Option<usize>], owner: Option<DeclId>, bound: usize) {
        let ty = ty.erase_head(self.program);
        let (head, _) = ty.spine();
        match &*head.kind {
            TermKind::Data(id) if *id == self.option => self.nested = true,
            TermKind::Prim(crate::ir::PrimType::Unit) => self.nested = true,
            TermKind::Var(index) => {
                let parameter = index.checked_sub(bound).and_then(|free| scope.iter().rev().nth(free));
                if let (Some(Some(number)), Some(owner)) = (parameter, owner) {
                    self.inside_options.insert((owner, *number));
                }
            }
            _ => {}
        }
    }
}
