//! What a quantifier ranges over.
//!
//! A type parameter may be given a type without values, or one that lets in less than what is there when a program is
//! run, where types are gone. So a quantifier over a type parameter means something only when it speaks of values that
//! are somewhere: the elements of a list or set, the keys of a map. Then it makes no difference which others there are.
//!
//! ```text
//!   absent(φ): φ is false of every x that is nowhere      present(φ): φ is true of every x that is nowhere
//!   contains(e, x)   [x] == e   φ && ψ with one absent      !φ, φ ==> ψ with φ absent   φ || ψ with one present
//!   ────────────────────────────────────────────────────────────
//!   exists x: T. φ with φ absent, forall x: T. φ with φ present
//! ```

use super::Translator;
use crate::ir::{DeclId, Op, Term, TermKind};
use crate::logic::meaning::{Binding, Env};
use crate::syntax::tree::Quantifier;
use std::cell::Cell;

/// Definitions of the prelude that are false, or `None`, of what is nowhere: with the place of what is looked for.
const HOLDS: [&str; 3] = ["contains", "set_has", "has"];
const FINDS: [&str; 2] = ["get", "last_of"];

impl Translator<'_> {
    /// Whether a quantifier means the same whatever its type turns out to be. The body is under the variable.
    pub(super) fn ranges(&self, env: &Env, quantifier: Quantifier, ty: &Term, body: &Term) -> bool {
        if !self.is_inhabited(ty, &mut Vec::new()) {
            return false;
        }
        if !mentions_type(env, ty) {
            return true;
        }
        match quantifier {
            Quantifier::Forall => self.present(body, 0),
            Quantifier::Exists => self.absent(body, 0),
        }
    }

    /// Whether a type has a value, refinements aside, as far as can be seen. Of parameters and functions others ask.
    fn is_inhabited(&self, ty: &Term, inside: &mut Vec<DeclId>) -> bool {
        let (head, args) = ty.spine();
        match &*head.kind {
            TermKind::Data(id) => {
                if inside.contains(id) || inside.len() > 20 {
                    return false;
                }
                let Some(data) = self.program.data(*id) else { return false };
                inside.push(*id);
                let made = data
                    .ctors
                    .iter()
                    .any(|ctor| ctor.fields.iter().all(|(_, field)| self.is_inhabited(field, inside)));
                inside.pop();
                // A field of a parameter's type is as good as what is given for it.
                let of_params =
                    args.iter().all(|arg| !is_type(&arg.term) || self.is_inhabited(&arg.term, inside));
                made && (of_params || data.ctors.iter().any(|ctor| ctor.fields.is_empty()))
            }
            TermKind::Global(_) => {
                let unfolded = ty.unfold(self.program);
                !matches!(&*unfolded.spine().0.kind, TermKind::Global(_))
                    && self.is_inhabited(&unfolded, inside)
            }
            TermKind::Refine(_, base, _) => self.is_inhabited(base, inside),
            TermKind::Product(items) => items.iter().all(|item| self.is_inhabited(item, inside)),
            TermKind::Pi(_, _, _, codomain) => self.is_inhabited(codomain, inside),
            TermKind::Eff(_, inner) => self.is_inhabited(inner, inside),
            TermKind::Prim(_) | TermKind::Var(_) | TermKind::Hole(_) => true,
            _ => false,
        }
    }

    /// Whether a condition is false of every value that is nowhere; `x` is the variable.
    fn absent(&self, body: &Term, x: usize) -> bool {
        match &*body.kind {
            TermKind::Lit(crate::ir::Literal::Bool(false)) => true,
            TermKind::Op(Op::And, items) => items.iter().any(|item| self.absent(item, x)),
            TermKind::Op(Op::Or, items) => items.iter().all(|item| self.absent(item, x)),
            TermKind::Op(Op::Not, items) => items.iter().all(|item| self.present(item, x)),
            TermKind::Op(Op::Eq, items) => match items.as_slice() {
                // What is the same as a value that is there is there.
                [_, a, b] if holds(a, x) => !mentions(b, x),
                [_, a, b] if holds(b, x) => !mentions(a, x),
                [_, a, b] => self.finds(a, x) && is_some(self, b) || self.finds(b, x) && is_some(self, a),
                _ => false,
            },
            // Of a value that is nowhere it can be false only for want of inner ones, not true.
            TermKind::Quant(Quantifier::Exists, _, ty, inner) => {
                self.ranges_alone(ty) && self.absent(inner, x + 1)
            }
            _ => self.looks(body, x, &HOLDS),
        }
    }

    /// Whether a condition is true of every value that is nowhere.
    fn present(&self, body: &Term, x: usize) -> bool {
        match &*body.kind {
            TermKind::Lit(crate::ir::Literal::Bool(true)) => true,
            TermKind::Op(Op::And, items) => items.iter().all(|item| self.present(item, x)),
            TermKind::Op(Op::Or, items) => items.iter().any(|item| self.present(item, x)),
            TermKind::Op(Op::Not, items) => items.iter().all(|item| self.absent(item, x)),
            TermKind::Op(Op::Implies, items) => match items.as_slice() {
                [premise, conclusion] => self.absent(premise, x) || self.present(conclusion, x),
                _ => false,
            },
            TermKind::Op(Op::Iff, items) => {
                items.iter().all(|item| self.absent(item, x))
                    || items.iter().all(|item| self.present(item, x))
            }
            TermKind::Op(Op::Ne, items) => match items.as_slice() {
                [_, a, b] if holds(a, x) => !mentions(b, x),
                [_, a, b] if holds(b, x) => !mentions(a, x),
                _ => false,
            },
            // Neither finds it.
            TermKind::Op(Op::Eq, items) => match items.as_slice() {
                [_, a, b] => self.finds(a, x) && self.finds(b, x),
                _ => false,
            },
            TermKind::Quant(Quantifier::Forall, _, ty, inner) => {
                self.ranges_alone(ty) && self.present(inner, x + 1)
            }
            _ => false,
        }
    }

    /// Whether no value of a type is one of a type parameter's, whichever is given: then it is no value that is nowhere.
    fn ranges_alone(&self, ty: &Term) -> bool {
        let (head, args) = ty.spine();
        match &*head.kind {
            TermKind::Prim(_) => true,
            TermKind::Refine(_, base, _) => self.ranges_alone(base),
            TermKind::Product(items) => items.iter().all(|item| self.ranges_alone(item)),
            TermKind::Data(_) => args.iter().all(|arg| self.ranges_alone(&arg.term)),
            TermKind::Global(_) => !any_variable(ty, &|_| true),
            _ => false,
        }
    }

    fn finds(&self, term: &Term, x: usize) -> bool {
        self.looks(term, x, &FINDS)
    }

    /// Whether a term is a call of one of these, of the prelude, that looks for the variable in something else.
    fn looks(&self, term: &Term, x: usize, names: &[&str]) -> bool {
        let (head, args) = term.spine();
        let TermKind::Global(id) = &*head.kind else { return false };
        let known = !self.program.is_declared(*id)
            && self.program.decl(*id).is_some_and(|decl| names.contains(&&*decl.name));
        let explicit: Vec<&Term> =
            args.iter().filter(|arg| arg.icit == crate::ir::Icit::Explicit).map(|arg| &arg.term).collect();
        let [place, wanted] = explicit.as_slice() else { return false };
        known && holds(wanted, x) && !mentions(place, x)
    }
}

/// Whether a term is `Some(...)`.
fn is_some(translator: &Translator<'_>, term: &Term) -> bool {
    let (head, _) = term.spine();
    matches!(&*head.kind, TermKind::Con(id, ctor)
        if translator.program.option() == Some(*id) && *ctor == crate::logic::data::SOME)
}

fn is_type(term: &Term) -> bool {
    matches!(
        &*term.spine().0.kind,
        TermKind::Data(_)
            | TermKind::Prim(_)
            | TermKind::Product(_)
            | TermKind::Refine(..)
            | TermKind::Pi(..)
    )
}

/// Whether a term is variable `x`, or something made with it: two of those are the same only with the same `x`.
fn holds(term: &Term, x: usize) -> bool {
    match &*term.kind {
        TermKind::Var(index) => *index == x,
        TermKind::Tuple(items) | TermKind::List(_, items) => items.iter().any(|item| holds(item, x)),
        TermKind::App(head, args) if matches!(&*head.kind, TermKind::Con(..)) => {
            args.iter().any(|arg| arg.icit == crate::ir::Icit::Explicit && holds(&arg.term, x))
        }
        _ => false,
    }
}

/// Whether variable `x` occurs in a term.
fn mentions(term: &Term, x: usize) -> bool {
    any_variable(term, &|index| index == x)
}

/// Whether a variable that stands for a type occurs in a term.
fn mentions_type(env: &Env, term: &Term) -> bool {
    any_variable(term, &|index| !matches!(env.get(index), Some(Binding::Value(_))))
}

fn any_variable(term: &Term, is_it: &dyn Fn(usize) -> bool) -> bool {
    let found = Cell::new(false);
    term.map_vars(0, &|index, depth| {
        if index.checked_sub(depth).is_some_and(is_it) {
            found.set(true);
        }
        TermKind::Var(index).into_term()
    });
    found.get()
}
