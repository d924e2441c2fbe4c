//! Calls of generic definitions at refined types.
//!
//! `check` gives type parameters without refinements: in `all(range(2, n), \d. n % d != 0)` the elements are `Int`.
//! But a generic definition treats all values of a type parameter alike: called with a list of numbers from 2
//! to `n`, it hands its function nothing else (parametricity; Wadler, *Theorems for free*). So where the lists that
//! are passed for a parameter `T` are known to hold values that meet a predicate, the call is one at that predicate:
//! functions that are passed may rely on it, and the contract holds with it.

use crate::ir::{Arg, DefDecl, Icit, Param, Term, TermKind};
use crate::logic::data::CONS;
use crate::logic::formula::{Id, Node, Symbol};
use crate::logic::meaning::{Env, Meaning};
use crate::logic::obligation::Frame;
use crate::logic::translate::{Translator, holds_hole};

/// Calls inside each other whose declared element types are looked at.
const FARTHEST_LOOK: usize = 2;

/// A type argument.
#[derive(Debug, Clone)]
pub(super) struct Refined {
    /// What it means.
    pub meaning: Meaning,
    /// The refined type as a term of the place of the call; `None` when there is none or nothing changed.
    pub term: Option<Term>,
    /// Whether it says more than `check` said.
    pub changed: bool,
}

/// What a parameter of a definition does with a type parameter.
enum Use {
    /// Nothing.
    None,
    /// It is the element type of this list.
    List,
    /// It stands inside a function's type.
    Function,
    /// Something else.
    Other,
}

impl<'p> Translator<'p> {
    /// The type arguments of a call, refined where the lists that are passed say more.
    pub(super) fn refined_types(
        &mut self,
        env: &Env,
        def: &'p DefDecl,
        types: &[Meaning],
        given: &[&Arg],
        values: &[Id],
    ) -> Vec<Refined> {
        let mut refined: Vec<Refined> =
            types.iter().map(|ty| Refined { meaning: *ty, term: None, changed: false }).collect();
        for (number, ty) in types.iter().enumerate() {
            let mut found: Vec<Option<Refined>> = Vec::new();
            let params: Vec<&Param> = def.params.iter().skip(types.len()).collect();
            for (place, param) in params.iter().enumerate() {
                // The type parameter as this parameter's type sees it.
                let index = types.len() + place - 1 - number;
                match self.use_of(&param.ty, index) {
                    Use::None | Use::Function => {}
                    Use::List => {
                        let known = match (given.get(place), values.get(place)) {
                            (Some(arg), Some(value)) => self.elements(env, &arg.term, *value, ty),
                            _ => None,
                        };
                        found.push(known);
                    }
                    Use::Other => found.push(None),
                }
            }
            if let Some(Some(first)) = found.first().cloned()
                && found.iter().flatten().filter(|other| other.meaning == first.meaning).count()
                    == found.len()
                && let Some(slot) = refined.get_mut(number)
            {
                *slot = first;
            }
        }
        refined
    }

    fn use_of(&self, ty: &Term, index: usize) -> Use {
        let ty = ty.unfold(self.program);
        if !mentions(&ty, index) {
            return Use::None;
        }
        let (head, args) = ty.spine();
        match (&*head.kind, args) {
            (TermKind::Pi(..), _) => Use::Function,
            (TermKind::Data(decl), [element])
                if self.program.list() == Some(*decl)
                    && matches!(&*element.term.kind, TermKind::Var(found) if *found == index) =>
            {
                Use::List
            }
            _ => Use::Other,
        }
    }

    /// What is known of the elements of a list beyond their sort.
    fn elements(&mut self, env: &Env, term: &Term, value: Id, plain: &Meaning) -> Option<Refined> {
        let more = |meaning: Meaning, term: Option<Term>| {
            let changed = meaning.sort == plain.sort && meaning != *plain;
            changed.then_some(Refined { meaning, term, changed })
        };
        let mut base = value;
        loop {
            if let Some(known) = self.assumed_of(base) {
                return more(known, self.element_type_of(base));
            }
            // The rest of a list holds nothing else than the list.
            match self.formulas.node(base).clone() {
                Node::Select(CONS, 1, list) => base = list,
                _ => break,
            }
        }
        // Looking at a call translates its arguments anew, in which there may be another: without a bound, calls in
        // each other would double the work at every level.
        if self.looking >= FARTHEST_LOOK {
            return None;
        }
        self.looking += 1;
        let found = self.quietly(|this| this.declared_elements(env, term));
        self.looking -= 1;
        let (declared, element) = found?;
        more(declared, element)
    }

    /// The element type with which the walk met a list that may be any.
    fn element_type_of(&self, list: Id) -> Option<Term> {
        let mut inside = 0;
        for frame in self.cursor.as_ref()?.frames.iter().rev() {
            inside += frame.binders();
            if let Frame::Any(_, ty, id) = &**frame
                && *id == list
            {
                let ty = ty.shift(inside).erase_head(self.program);
                return ty.spine().1.first().map(|element| element.term.clone());
            }
        }
        None
    }

    /// The predicate that a hypothesis says the elements of this list meet.
    fn assumed_of(&self, list: Id) -> Option<Meaning> {
        let formulas = &self.formulas;
        let path = &self.cursor.as_ref()?.path;
        path.iter()
            .flat_map(|known| match formulas.node(*known) {
                Node::And(items) => items.clone(),
                _ => vec![*known],
            })
            .find_map(|known| match formulas.as_app(known) {
                Some((Symbol::Conforms(_, scope), [about])) if *about == list => {
                    self.types_of_scope(scope).first().copied()
                }
                _ => None,
            })
    }

    /// The element type that the result type of a called definition declares.
    fn declared_elements(&mut self, env: &Env, term: &Term) -> Option<(Meaning, Option<Term>)> {
        let program = self.program;
        let (head, args) = term.spine();
        let TermKind::Global(id) = &*head.kind else { return None };
        let def = program.def(*id)?;
        let result = def.result.unfold(program);
        let (shape, elements) = result.spine();
        let [element] = elements else { return None };
        if !matches!(&*shape.kind, TermKind::Data(decl) if program.list() == Some(*decl))
            || args.len() != def.params.len()
        {
            return None;
        }
        let mut callee = Env::default();
        for arg in args {
            callee = match arg.icit {
                Icit::Implicit => {
                    let ty = self.meaning(env, &arg.term);
                    callee.with_type(ty)
                }
                Icit::Explicit => {
                    let value = self.term(env, &arg.term);
                    callee.with(value)
                }
            };
        }
        let terms: Vec<Term> = args.iter().map(|arg| arg.term.clone()).collect();
        let here = (!holds_hole(&element.term)).then(|| element.term.instantiate(&terms));
        Some((self.meaning(&callee, &element.term), here))
    }
}

/// Whether a type mentions a variable.
fn mentions(ty: &Term, index: usize) -> bool {
    // A variable that is mentioned changes with what is put for it.
    let marked = ty.map_vars(0, &|found, depth| {
        if found == index + depth { TermKind::Universe.into_term() } else { TermKind::Var(found).into_term() }
    });
    !marked.same(ty)
}
