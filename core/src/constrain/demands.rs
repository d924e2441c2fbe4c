//! What the places where a hole stands ask of it, besides its type.
//!
//! ```text
//!   def f(…) ensures p = ?h     p[?h]        the outcome, and what it is made of: ensures p = ?h + 1 asks p[?h + 1]
//!   g(?h)                       what g requires, and what its parameters' types say
//!   Person { age = ?h }         the invariants of Person
//!   a / ?h, xs[?h]              ?h != 0, 0 <= ?h && ?h < length(xs)
//! ```
//!
//! Conditions stand in the scope of their place, with the hole in them. What is known on the way there is not taken
//! off. Must not: ask for less than that place does; a proof, after the answer is in place, has the last word.

use crate::ir::{Arg, DeclId, DefDecl, HoleId, Literal, Name, Op, PrimType};
use crate::ir::{Program, Term, TermKind};

/// A term that names put in place of `let` make larger than this, in nodes, is looked at as it is written.
const LARGEST: usize = 10_000;

/// A condition on a hole.
#[derive(Debug)]
pub(super) struct Demand {
    /// A `Bool` that mentions the hole.
    pub(super) predicate: Term,
    /// The variables in scope there, outermost first.
    pub(super) names: Vec<Name>,
}

/// The demands of all places where the hole stands, in the order of the document.
pub(super) fn demands(program: &Program, hole: HoleId) -> Vec<Demand> {
    let mut walk = Walk { program, hole, names: Vec::new(), found: Vec::new() };
    for def in program.own().filter_map(|id| program.def(id)) {
        if let Some(body) = def.body.as_ref().filter(|body| walk.mentions(body)) {
            walk.names = def.params.iter().map(|param| param.name.clone()).collect();
            walk.outcome(body, def, 0);
        }
    }
    walk.found
}

struct Walk<'p> {
    program: &'p Program,
    hole: HoleId,
    names: Vec<Name>,
    found: Vec<Demand>,
}

impl Walk<'_> {
    fn mentions(&self, term: &Term) -> bool {
        let mut mentions = false;
        term.walk(&mut |term| mentions |= self.is_hole(term));
        mentions
    }

    fn is_hole(&self, term: &Term) -> bool {
        matches!(&*term.kind, TermKind::Hole(id) if *id == self.hole)
    }

    fn demand(&mut self, predicate: Term) {
        if self.mentions(&predicate) {
            self.found.push(Demand { predicate, names: self.names.clone() });
        }
    }

    /// What `e : {x: A | p}` asks when `e` is more than the hole: the type of the hole itself says the rest.
    fn typed(&mut self, term: &Term, ty: &Term) {
        if self.is_hole(term) || !self.mentions(term) {
            return;
        }
        let mut ty = ty.unfold(self.program);
        while let TermKind::Refine(_, base, predicate) = &*ty.kind {
            self.demand(predicate.instantiate(std::slice::from_ref(term)));
            ty = base.unfold(self.program);
        }
    }

    fn under(&mut self, names: impl IntoIterator<Item = Name>, go: impl FnOnce(&mut Self)) {
        let outside = self.names.len();
        self.names.extend(names);
        go(self);
        self.names.truncate(outside);
    }

    /// `body` with the value of a `let` put in, when that is how the hole gets further.
    fn opened(&self, value: &Term, body: &Term) -> Option<Term> {
        let opened = self.mentions(value).then(|| body.instantiate(std::slice::from_ref(value)))?;
        (!opened.is_larger_than(LARGEST)).then_some(opened)
    }

    /// A term whose value is the outcome of a definition, `binders` variables inside its body.
    fn outcome(&mut self, term: &Term, def: &DefDecl, binders: usize) {
        match &*term.kind {
            TermKind::Let(name, ty, value, body) => {
                self.term(value);
                self.typed(value, ty);
                match self.opened(value, body) {
                    Some(opened) => self.outcome(&opened, def, binders),
                    None => self.under([name.clone()], |walk| walk.outcome(body, def, binders + 1)),
                }
            }
            TermKind::If(condition, yes, no) => {
                self.term(condition);
                self.outcome(yes, def, binders);
                self.outcome(no, def, binders);
            }
            TermKind::Match(scrutinee, _, arms) => {
                self.term(scrutinee);
                for arm in arms {
                    let bound = arm.pattern.bound();
                    let count = bound.len();
                    let bound = bound.into_iter().map(|(name, _)| name);
                    self.under(bound, |walk| walk.outcome(&arm.body, def, binders + count));
                }
            }
            _ => {
                self.term(term);
                self.typed(term, &def.result.shift(binders));
                for clause in &def.ensures {
                    let clause = clause.body.shift_above(binders, 1);
                    self.demand(clause.instantiate(std::slice::from_ref(term)));
                }
            }
        }
    }

    fn term(&mut self, term: &Term) {
        match &*term.kind {
            TermKind::Let(name, ty, value, body) => {
                self.term(value);
                self.typed(value, ty);
                match self.opened(value, body) {
                    Some(opened) => self.term(&opened),
                    None => self.under([name.clone()], |walk| walk.term(body)),
                }
            }
            TermKind::Match(scrutinee, _, arms) => {
                self.term(scrutinee);
                for arm in arms {
                    let bound = arm.pattern.bound().into_iter().map(|(name, _)| name);
                    self.under(bound, |walk| walk.term(&arm.body));
                }
            }
            TermKind::Lam(_, name, _, body) | TermKind::Quant(_, name, _, body) => {
                self.under([name.clone()], |walk| walk.term(body));
            }
            // What stands in types is not run.
            TermKind::Pi(..) | TermKind::Refine(..) => {}
            TermKind::App(head, args) => {
                self.term(head);
                args.iter().for_each(|arg| self.term(&arg.term));
                self.call(head, args);
            }
            TermKind::Op(op, args) => {
                args.iter().for_each(|arg| self.term(arg));
                self.operator(*op, args);
            }
            _ => term.each_child(&mut |child| self.term(child)),
        }
    }

    fn call(&mut self, head: &Term, args: &[Arg]) {
        let program = self.program;
        let given: Vec<Term> = args.iter().map(|arg| arg.term.clone()).collect();
        let (types, conditions): (Vec<&Term>, _) = match &*head.kind {
            TermKind::Global(id) => match program.def(*id) {
                Some(def) => (def.params.iter().map(|param| &param.ty).collect(), &def.requires),
                None => return,
            },
            TermKind::Con(id, number) => match program.data(*id) {
                Some(data) => {
                    let params = data.params.iter().map(|param| &param.ty);
                    let fields = data.ctors.get(*number).into_iter().flat_map(|ctor| &ctor.fields);
                    (params.chain(fields.map(|(_, ty)| ty)).collect(), &data.invariants)
                }
                None => return,
            },
            _ => return,
        };
        for (number, (term, ty)) in given.iter().zip(&types).enumerate() {
            self.typed(term, &ty.instantiate(given.get(..number).unwrap_or_default()));
        }
        if let Some(given) = given.get(..types.len()) {
            conditions.iter().for_each(|clause| self.demand(clause.body.instantiate(given)));
        }
    }

    fn operator(&mut self, op: Op, args: &[Term]) {
        match (op, args) {
            (Op::Div | Op::Mod, [_, divisor]) => {
                let int = TermKind::Prim(PrimType::Int).into_term();
                self.demand(TermKind::Op(Op::Ne, vec![int, divisor.clone(), zero()]).into_term());
            }
            (Op::StrAt, [text, index]) => self.index("str_length", None, text, index),
            (Op::ListAt, [element, list, index]) => self.index("length", Some(element), list, index),
            _ => {}
        }
    }

    /// `0 <= index` and `index < length(of)`.
    fn index(&mut self, length: &str, element: Option<&Term>, of: &Term, index: &Term) {
        let prelude = self.program.decls.iter().take(self.program.prelude_len);
        let Some(place) = prelude.into_iter().position(|decl| &*decl.name == length) else { return };
        let args = element.cloned().map(Arg::implicit).into_iter().chain([Arg::explicit(of.clone())]);
        let length = TermKind::Global(DeclId(place as u32)).into_term().apply(of.span, args);
        self.demand(TermKind::Op(Op::Le, vec![zero(), index.clone()]).into_term());
        self.demand(TermKind::Op(Op::Lt, vec![index.clone(), length]).into_term());
    }
}

fn zero() -> Term {
    TermKind::Lit(Literal::Int(0.into())).into_term()
}
