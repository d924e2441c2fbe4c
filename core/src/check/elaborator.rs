//! The state of one check: declarations so far, unknowns, holes, diagnostics.

use super::effort::Effort;
use super::evaluate::Machine;
use super::extent::Extent;
use super::laboratory::Laws;
use super::link::Ground;
use super::value::{Env, Spine, V, Value, rigid};
use super::waiting::Waiting;
use crate::ir::{
    Ctor, DeclId, DeclKind, Declaration, HoleId, HoleInfo, Icit, Name, PrimType, Program, Term, TermKind,
    subst,
};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

/// A declaration on its way into the program.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant, reason = "one for each declaration: the large ones are the most")]
pub(super) enum Slot {
    /// Finished earlier: the prelude, or a program that is being extended.
    Ready(Arc<Declaration>),
    /// Announced; its signature is not known yet.
    Announced,
    /// Its signature is known, perhaps also the rest.
    Signed(Declaration),
    /// Its signature makes no sense and has been reported: uses of it are not reported again.
    Broken,
}

/// One unknown of inference.
#[derive(Debug)]
struct Meta {
    /// The unknown without arguments: always the same value, so that its solution is looked up once.
    value: V,
    solution: Option<V>,
    /// The unknowns the solution mentions.
    mentions: Vec<u32>,
    /// Whether nothing that the solution mentions is open, found out by looking.
    settled: Cell<bool>,
    /// Whether it stands for a type argument, which is never `Type` itself.
    small: bool,
    /// What asked for it, for the message when nothing decides it.
    origin: Span,
    what: String,
    /// The place in the document of the declaration it belongs to.
    owner: Option<usize>,
}

/// What a hole in a type was asked to be.
#[derive(Debug, Clone)]
pub(super) struct Demand {
    pub hole: HoleId,
    /// A closed type, or nothing when it mentions variables.
    pub ty: Option<Term>,
    /// Where; the default span when nobody compared what an author wrote.
    pub span: Span,
}

/// Everything a check knows. Rooms of `check` add their part with an `impl` of their own.
#[derive(Debug, Default)]
pub(super) struct Elaborator {
    pub slots: Vec<Slot>,
    pub names: HashMap<Name, DeclId>,
    pub ctors: HashMap<Name, (DeclId, usize)>,
    /// Specs of the document, known as such before anything is known of them.
    pub specs: HashSet<DeclId>,
    /// Where the document announces a constructor.
    pub ctors_at: HashMap<Name, Span>,
    pub prelude_len: usize,
    /// Where the declarations and holes of the document itself begin: behind the prelude and what it imports.
    pub first_own: usize,
    pub first_own_hole: usize,
    /// The names of imported documents.
    pub documents: HashSet<Name>,
    /// Names that an import asks for in vain.
    pub missing: HashSet<Name>,
    /// Names, of declarations and of documents, for which a hole stands: that of the document.
    pub open_documents: HashMap<Name, Name>,
    /// Where the document gives the names of documents.
    pub documents_at: HashMap<Name, Span>,
    /// Names as the prelude declares them: a document may give them another meaning for itself.
    pub prelude_names: HashMap<Name, DeclId>,
    /// Where the document announces a name.
    pub announced_at: HashMap<DeclId, Span>,
    pub holes: Vec<HoleInfo>,
    pub hole_names: HashMap<Name, HoleId>,
    /// The type of every hole as a value, in its own context.
    pub hole_types: Vec<V>,
    /// What links that stand with their holes, and not in a declaration, lead to.
    pub links_here: Vec<crate::syntax::tree::Ident>,
    pub demands: Vec<Demand>,
    pub diagnostics: Vec<Diagnostic>,
    /// The declaration being checked, for the owner of new holes.
    pub current: Option<DeclId>,
    /// The place in the document of the declaration being checked: holes and examples have no other name.
    pub place: Option<usize>,
    /// Declarations, by place, in which something was reported: what stays undecided there is a consequence.
    troubled: HashSet<Option<usize>>,
    metas: Vec<Meta>,
    /// What is compared and solved, when somebody wants to know.
    pub record: Option<Box<super::store::Record>>,
    /// The place of the comparison that is being worked on.
    pub at: Option<Span>,
    /// How many unknowns were solved.
    solved: u64,
    /// How many unknowns there were when somebody last asked for new ones.
    seen: usize,
    /// Problems that only later answers can decide.
    pub waiting: Waiting,
    /// What the question being answered has used.
    pub effort: Effort,
    /// What holds here: for documents, always the same.
    pub laws: Laws,
    /// The memory evaluation works in.
    pub machine: RefCell<Machine>,
    /// Variables as terms, by index.
    variables: RefCell<Vec<Term>>,
    /// Declarations without arguments, as values.
    pub globals: RefCell<Vec<Option<V>>>,
    /// Whether abbreviations stand for something without refinements.
    pub plain: RefCell<HashMap<DeclId, bool>>,
    /// How many arguments names take, and which of them they tell.
    pub told: RefCell<HashMap<DeclId, super::injective::Told>>,
    /// Elements of the list literals around the one being checked that are written as chains of constructors.
    pub chained: usize,
    types: RefCell<HashMap<DeclId, V>>,
    /// Where two types may have indices that differ as they are written: what has to be proved then.
    pub equations: Option<Equations>,
    /// How large abbreviations are.
    pub extents: RefCell<HashMap<DeclId, Extent>>,
}

/// Equations between indices that a comparison in a context of `level` variables takes for granted.
#[derive(Debug)]
pub(super) struct Equations {
    pub level: usize,
    /// What the index is one of, and both sides.
    pub found: Vec<(PrimType, V, V)>,
}

/// Whether nothing is known of a declaration but that it is there.
fn is_broken(decl: &Declaration) -> bool {
    decl.span == Span::default()
        && matches!(&decl.kind, DeclKind::Alias(params, body) if params.is_empty() && matches!(&*body.kind, TermKind::Error))
}

/// The variables in scope at a place.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    pub env: Env,
    /// Outermost first: name, type.
    pub vars: Vec<(Name, V)>,
}

impl Scope {
    pub fn level(&self) -> usize {
        self.vars.len()
    }

    /// The scope with one more unknown variable.
    pub fn bind(&self, name: &Name, ty: V) -> Scope {
        let env = self.env.push(rigid(self.level()));
        self.extended(env, name, ty)
    }

    /// The scope with one more variable whose value is known.
    pub fn define(&self, name: &Name, ty: V, value: V) -> Scope {
        let env = self.env.push(value);
        self.extended(env, name, ty)
    }

    fn extended(&self, env: Env, name: &Name, ty: V) -> Scope {
        let mut vars = self.vars.clone();
        vars.push((name.clone(), ty));
        Scope { env, vars }
    }

    /// The innermost variable of that name: its index and type.
    pub fn find(&self, name: &str) -> Option<(usize, V)> {
        self.vars
            .iter()
            .rev()
            .enumerate()
            .find(|(_, (n, _))| &**n == name)
            .map(|(index, (_, ty))| (index, ty.clone()))
    }
}

impl Elaborator {
    /// Starts from a finished program: its declarations are known and cannot be changed.
    pub(super) fn extending(program: &Program) -> Self {
        let mut prelude_names: HashMap<Name, DeclId> = HashMap::new();
        for (index, decl) in program.decls.iter().enumerate().take(program.prelude_len) {
            prelude_names.insert(decl.name.clone(), DeclId(index as u32));
        }
        let slot = |decl: &Arc<Declaration>| match is_broken(decl) {
            true => Slot::Broken,
            false => Slot::Ready(Arc::clone(decl)),
        };
        Elaborator {
            prelude_names,
            slots: program.decls.iter().map(slot).collect(),
            documents: program.names.keys().filter_map(|name| Some(name.split_once('.')?.0.into())).collect(),
            first_own: program.decls.len(),
            first_own_hole: program.holes.len(),
            names: program.names.clone(),
            ctors: program.ctors.clone(),
            prelude_len: program.prelude_len,
            holes: program.holes.clone(),
            ..Elaborator::default()
        }
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.troubled.insert(self.place);
        self.diagnostics.push(diagnostic);
    }

    /// Whether an import asks for this name in vain, so that nothing more is to be said where it is used.
    pub(super) fn is_missing(&mut self, name: &str) -> bool {
        let first = name.split('.').next().unwrap_or(name);
        let missing = self.missing.contains(first) || self.open_documents.contains_key(first);
        if missing {
            self.troubled.insert(self.place);
        }
        missing
    }

    /// Ends the check of a part of a declaration: what was given up silently in it is reported.
    pub(super) fn settle_effort(&mut self, span: Span) {
        if self.effort.was_too_much() {
            self.too_large(span);
        }
    }

    /// Takes in what the imports of the document give it.
    pub(super) fn stand_on(&mut self, ground: Ground) {
        self.announced_at = ground.named_at;
        self.documents.extend(ground.documents.keys().cloned());
        self.documents_at = ground.documents;
        self.documents.extend(ground.missing.iter().cloned());
        self.documents.extend(ground.open.keys().cloned());
        self.missing = ground.missing;
        self.open_documents = ground.open;
        for (name, span) in ground.open_at {
            self.open_document(&name, span);
        }
        self.diagnostics.extend(ground.findings);
    }

    /// Starts on what a document stands on.
    pub(super) fn on(ground: Ground) -> Self {
        let mut elaborator = Elaborator::extending(&ground.program);
        elaborator.adopt_holes();
        elaborator.stand_on(ground);
        elaborator
    }

    /// Makes the holes of the program being extended known by name, with their types.
    pub(super) fn adopt_holes(&mut self) {
        for (index, hole) in self.holes.clone().into_iter().enumerate() {
            let scope = hole.context.iter().fold(Scope::default(), |scope, (name, ty)| {
                let ty = self.eval(&scope.env, ty);
                scope.bind(name, ty)
            });
            self.hole_types.push(self.eval(&scope.env, &hole.ty));
            self.hole_names.insert(hole.name, HoleId(index as u32));
        }
    }

    /// A declaration the language itself relies on, such as `List` or `append`.
    pub(super) fn builtin(&self, name: &str) -> Option<DeclId> {
        self.prelude_names.get(name).or_else(|| self.names.get(name)).copied()
    }

    /// What a declaration is, once its signature is known.
    pub(super) fn kind(&self, id: DeclId) -> Option<&DeclKind> {
        match self.slots.get(id.0 as usize)? {
            Slot::Ready(decl) => Some(&decl.kind),
            Slot::Signed(decl) => Some(&decl.kind),
            Slot::Announced | Slot::Broken => None,
        }
    }

    /// A declaration that is being built, to be completed.
    pub(super) fn signed(&mut self, id: DeclId) -> Option<&mut Declaration> {
        match self.slots.get_mut(id.0 as usize) {
            Some(Slot::Signed(decl)) => Some(decl),
            _ => None,
        }
    }

    /// The name of a declaration.
    pub(super) fn name_of(&self, id: DeclId) -> Name {
        match self.slots.get(id.0 as usize) {
            Some(Slot::Ready(decl)) => decl.name.clone(),
            Some(Slot::Signed(decl)) => decl.name.clone(),
            _ => self
                .names
                .iter()
                .find(|(_, other)| **other == id)
                .map_or_else(|| "?".into(), |(n, _)| n.clone()),
        }
    }

    /// Where the document declares it; nothing for the prelude.
    pub(super) fn span_of(&self, id: DeclId) -> Option<Span> {
        match self.slots.get(id.0 as usize) {
            Some(Slot::Signed(decl)) => Some(decl.name_span),
            Some(Slot::Ready(decl)) if id.0 as usize >= self.prelude_len => Some(decl.name_span),
            _ => None,
        }
    }

    /// The constructor number `index` of a data type.
    pub(super) fn ctor(&self, id: DeclId, index: usize) -> Option<&Ctor> {
        match self.kind(id)? {
            DeclKind::Data(data) => data.ctors.get(index),
            _ => None,
        }
    }

    /// The type of a definition.
    pub(super) fn def_type(&self, id: DeclId) -> Option<V> {
        if let Some(known) = self.types.borrow().get(&id) {
            return Some(known.clone());
        }
        let DeclKind::Def(def) = self.kind(id)? else { return None };
        let ty = self.eval(&Env::default(), &subst::function_type(&def.params, &def.result));
        self.types.borrow_mut().insert(id, ty.clone());
        Some(ty)
    }

    /// The type of a constructor: implicit parameters of its data type, fields, the data type applied.
    pub(super) fn ctor_type(&self, id: DeclId, index: usize) -> Option<V> {
        let DeclKind::Data(data) = self.kind(id)? else { return None };
        let ctor = data.ctors.get(index)?;
        let (params, fields) = (data.params.len(), ctor.fields.len());
        let args = (0..params).map(|position| {
            crate::ir::Arg::explicit(TermKind::Var(fields + params - 1 - position).into_term())
        });
        let result = TermKind::Data(id).into_term().apply(Span::default(), args.collect::<Vec<_>>());
        let with_fields = ctor.fields.iter().rev().fold(result, |codomain, (name, ty)| {
            let name = name.clone().unwrap_or_else(|| "_".into());
            TermKind::Pi(Icit::Explicit, name, ty.clone(), codomain).into_term()
        });
        let whole = data.params.iter().rev().fold(with_fields, |codomain, param| {
            TermKind::Pi(Icit::Implicit, param.name.clone(), param.ty.clone(), codomain).into_term()
        });
        Some(self.eval(&Env::default(), &whole))
    }

    /// A new unknown in `scope`.
    pub(super) fn fresh(&mut self, scope: &Scope, origin: Span, what: impl Into<String>) -> Term {
        let id = self.new_meta(origin, what.into(), self.place);
        // Applied to every variable whose value is unknown; known ones are seen through.
        let level = scope.level();
        let args = (0..level).filter_map(|l| {
            let index = level - 1 - l;
            match scope.env.get(index).map(|value| &**value) {
                Some(Value::Rigid(own, spine)) if *own == l && spine.is_empty() => {
                    Some(crate::ir::Arg::explicit(self.variable_term(index)))
                }
                _ => None,
            }
        });
        TermKind::Meta(id).into_term().apply(origin, args.collect::<Vec<_>>())
    }

    /// A new unknown argument of type `ty`. One that stands for a type is no kind: a document has types of values,
    /// and nothing that all types, itself among them, belong to.
    pub(super) fn fresh_argument(
        &mut self,
        scope: &Scope,
        origin: Span,
        what: impl Into<String>,
        ty: &V,
    ) -> Term {
        let small = !self.laws.has_type_in_type() && matches!(&*self.unfold(ty), Value::Universe);
        let term = self.fresh(scope, origin, what);
        if small && let Some(meta) = self.metas.last_mut() {
            meta.small = true;
        }
        term
    }

    /// A variable as a term. They are needed all the time and always the same.
    fn variable_term(&self, index: usize) -> Term {
        let mut known = self.variables.borrow_mut();
        while known.len() <= index {
            let next = TermKind::Var(known.len()).into_term();
            known.push(next);
        }
        known.get(index).cloned().unwrap_or_else(|| TermKind::Var(index).into_term())
    }

    fn new_meta(&mut self, origin: Span, what: String, owner: Option<usize>) -> u32 {
        let id = self.metas.len() as u32;
        self.metas.push(Meta {
            value: Rc::new(Value::Flex(id, Spine::Empty, OnceCell::new())),
            solution: None,
            mentions: Vec::new(),
            settled: Cell::new(false),
            small: false,
            origin,
            what,
            owner,
        });
        id
    }

    /// Another unknown with the same origin, to stand for `meta` with fewer arguments.
    pub(super) fn narrower(&mut self, meta: u32) -> u32 {
        let (origin, what, owner, small) = match self.metas.get(meta as usize) {
            Some(meta) => (meta.origin, meta.what.clone(), meta.owner, meta.small),
            None => (Span::default(), String::new(), None, false),
        };
        let id = self.new_meta(origin, what, owner);
        if small {
            self.set_small(id);
        }
        id
    }

    pub(super) fn fresh_type(&mut self, scope: &Scope, origin: Span, what: impl Into<String>) -> V {
        let term = self.fresh(scope, origin, what);
        self.eval(&scope.env, &term)
    }

    /// The value of an unknown.
    pub(super) fn unknown(&self, meta: u32) -> V {
        self.metas.get(meta as usize).map_or_else(|| Rc::new(Value::Error), |meta| meta.value.clone())
    }

    pub(super) fn solution(&self, meta: u32) -> Option<V> {
        self.metas.get(meta as usize).and_then(|meta| meta.solution.clone())
    }

    /// Solves an unknown with a closed value that mentions these unknowns.
    pub(super) fn set_solution(&mut self, meta: u32, value: V, mentions: Vec<u32>) {
        self.solved += 1;
        if let Some(record) = &mut self.record {
            record.solves(meta, self.at);
        }
        if let Some(meta) = self.metas.get_mut(meta as usize) {
            meta.solution = Some(value);
            meta.mentions = mentions;
        }
    }

    /// How many unknowns there are.
    pub(super) fn unknowns(&self) -> u32 {
        self.metas.len() as u32
    }

    /// What asked for an unknown, what it stands for, and its value when it is decided.
    pub(super) fn origin(&self, meta: u32) -> Option<(Span, String, Option<V>)> {
        let meta = self.metas.get(meta as usize)?;
        Some((meta.origin, meta.what.clone(), meta.solution.clone()))
    }

    /// Whether there are unknowns that were not there when this was last asked.
    pub(super) fn has_new_unknowns(&mut self) -> bool {
        std::mem::replace(&mut self.seen, self.metas.len()) < self.metas.len()
    }

    /// How many unknowns were solved so far.
    pub(super) fn solved(&self) -> u64 {
        self.solved
    }

    pub(super) fn is_small(&self, meta: u32) -> bool {
        self.metas.get(meta as usize).is_some_and(|meta| meta.small)
    }

    pub(super) fn set_small(&mut self, meta: u32) {
        if let Some(meta) = self.metas.get_mut(meta as usize) {
            meta.small = true;
        }
    }

    /// Whether the open unknown `sought` is part of what the solved unknown `meta` stands for.
    pub(super) fn occurs(&self, sought: u32, meta: u32) -> bool {
        let (mut seen, mut todo, mut open) = (HashSet::new(), vec![meta], false);
        while let Some(id) = todo.pop() {
            if id == sought {
                return true;
            }
            let Some(meta) = self.metas.get(id as usize) else { continue };
            if meta.settled.get() || !seen.insert(id) {
                continue;
            }
            open = open || meta.solution.is_none();
            todo.extend(&meta.mentions);
        }
        if !open {
            // That stays so: nobody needs to look here again.
            for meta in seen.iter().filter_map(|id| self.metas.get(*id as usize)) {
                meta.settled.set(true);
            }
        }
        false
    }

    /// Reports the unknowns that nothing decided, once per place.
    pub(super) fn report_open(&mut self) {
        self.give_up_waiting();
        let mut places: Vec<(Span, String)> = Vec::new();
        self.solved += 1;
        for meta in self.metas.iter_mut().filter(|meta| meta.solution.is_none()) {
            meta.solution = Some(Rc::new(Value::Error));
            if !self.troubled.contains(&meta.owner) && !places.iter().any(|(span, _)| *span == meta.origin) {
                places.push((meta.origin, meta.what.clone()));
            }
        }
        for (span, what) in places {
            self.report(super::mismatch::undecided(span, &what));
        }
    }

    /// A hole in a type was compared with `ty`.
    pub(super) fn demand(&mut self, hole: HoleId, level: usize, ty: &V) {
        let term = self.quote(level, ty);
        let closed = std::cell::Cell::new(true);
        term.map_vars(0, &|index, depth| {
            if index >= depth {
                closed.set(false);
            }
            TermKind::Var(index).into_term()
        });
        let span = self.at.unwrap_or_default();
        self.demands.push(Demand { hole, ty: closed.get().then_some(term), span });
    }
}
