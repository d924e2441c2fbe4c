//! Moving finished declarations to another place of a document: what they say stays, where they stand and how
//! declarations are numbered changes.

use crate::ir::program::{
    Bound, Clause, Ctor, DataDecl, DeclId, DeclKind, Declaration, DefDecl, HoleInfo, IntentDecl, Param,
    SpecDecl,
};
use crate::ir::term::{Arg, Arm, Pattern, PatternKind, Term, TermKind};
use crate::syntax::span::Span;

/// Where texts have gone and what numbers declarations have now.
pub trait Relocation {
    /// Where a text stands now.
    fn span(&self, old: Span) -> Span;
    /// The number of a declaration now.
    fn decl(&self, old: DeclId) -> DeclId;
}

impl Term {
    /// The term at its new place.
    pub fn relocated(&self, to: &dyn Relocation) -> Term {
        let at = |term: &Term| term.relocated(to);
        let all = |terms: &[Term]| terms.iter().map(at).collect::<Vec<_>>();
        let kind = match &*self.kind {
            TermKind::Var(_)
            | TermKind::Hole(_)
            | TermKind::Meta(_)
            | TermKind::Universe
            | TermKind::Prim(_)
            | TermKind::Lit(_)
            | TermKind::Error => return self.at(to.span(self.span)),
            TermKind::Global(id) => TermKind::Global(to.decl(*id)),
            TermKind::Data(id) => TermKind::Data(to.decl(*id)),
            TermKind::Con(id, index) => TermKind::Con(to.decl(*id), *index),
            TermKind::Pi(icit, name, a, b) => TermKind::Pi(*icit, name.clone(), at(a), at(b)),
            TermKind::Lam(icit, name, a, b) => TermKind::Lam(*icit, name.clone(), at(a), at(b)),
            TermKind::App(head, args) => {
                let args = args.iter().map(|arg| Arg { icit: arg.icit, term: at(&arg.term) });
                TermKind::App(at(head), args.collect())
            }
            TermKind::Let(name, a, b, c) => TermKind::Let(name.clone(), at(a), at(b), at(c)),
            TermKind::Refine(name, a, b) => TermKind::Refine(name.clone(), at(a), at(b)),
            TermKind::Product(items) => TermKind::Product(all(items)),
            TermKind::Tuple(items) => TermKind::Tuple(all(items)),
            TermKind::List(element, items) => TermKind::List(at(element), all(items)),
            TermKind::Field(id, index, value) => TermKind::Field(to.decl(*id), *index, at(value)),
            TermKind::Eff(names, ty) => TermKind::Eff(names.clone(), at(ty)),
            TermKind::Op(op, args) => TermKind::Op(*op, all(args)),
            TermKind::If(a, b, c) => TermKind::If(at(a), at(b), at(c)),
            TermKind::Match(scrutinee, ty, arms) => {
                let arms =
                    arms.iter().map(|arm| Arm { pattern: arm.pattern.relocated(to), body: at(&arm.body) });
                TermKind::Match(at(scrutinee), at(ty), arms.collect())
            }
            TermKind::Quant(quantifier, name, a, b) => {
                TermKind::Quant(*quantifier, name.clone(), at(a), at(b))
            }
        };
        Term::new(to.span(self.span), kind)
    }
}

impl Pattern {
    fn relocated(&self, to: &dyn Relocation) -> Pattern {
        let all = |parts: &[Pattern]| parts.iter().map(|part| part.relocated(to)).collect();
        let kind = match &self.kind {
            PatternKind::Wildcard | PatternKind::Lit(_) => self.kind.clone(),
            PatternKind::Var(name, ty) => PatternKind::Var(name.clone(), ty.relocated(to)),
            PatternKind::Con(id, index, fields) => PatternKind::Con(to.decl(*id), *index, all(fields)),
            PatternKind::Tuple(items) => PatternKind::Tuple(all(items)),
        };
        Pattern { span: to.span(self.span), kind }
    }
}

impl HoleInfo {
    /// The hole at its new place.
    pub fn relocated(&self, to: &dyn Relocation) -> HoleInfo {
        let all = |terms: &[Term]| terms.iter().map(|term| term.relocated(to)).collect::<Vec<_>>();
        HoleInfo {
            name: self.name.clone(),
            kind: self.kind,
            context: self.context.iter().map(|(name, ty)| (name.clone(), ty.relocated(to))).collect(),
            ty: self.ty.relocated(to),
            default: self.default.as_ref().map(|default| default.relocated(to)),
            because: self.because.clone(),
            hint: self.hint.clone(),
            answers: all(&self.answers),
            links: self.links.clone(),
            owner: self.owner.map(|owner| to.decl(owner)),
            demands: all(&self.demands),
            declared: self.declared.map(|span| to.span(span)),
            uses: self.uses.iter().map(|span| to.span(*span)).collect(),
        }
    }
}

impl Declaration {
    /// The declaration at its new place.
    pub fn relocated(&self, to: &dyn Relocation) -> Declaration {
        let at = |term: &Term| term.relocated(to);
        let params = |params: &[Param]| {
            let moved = |param: &Param| Param {
                name: param.name.clone(),
                icit: param.icit,
                ty: at(&param.ty),
                span: to.span(param.span),
            };
            params.iter().map(moved).collect::<Vec<_>>()
        };
        let clauses = |clauses: &[Clause]| {
            let moved = |clause: &Clause| Clause {
                label: clause.label.clone(),
                body: at(&clause.body),
                span: to.span(clause.span),
            };
            clauses.iter().map(moved).collect::<Vec<_>>()
        };
        let kind = match &self.kind {
            DeclKind::Alias(own, body) => DeclKind::Alias(params(own), at(body)),
            DeclKind::Data(data) => DeclKind::Data(DataDecl {
                params: params(&data.params),
                ctors: data
                    .ctors
                    .iter()
                    .map(|ctor| Ctor {
                        name: ctor.name.clone(),
                        fields: ctor.fields.iter().map(|(name, ty)| (name.clone(), at(ty))).collect(),
                        span: to.span(ctor.span),
                    })
                    .collect(),
                entity: data.entity,
                invariants: clauses(&data.invariants),
            }),
            DeclKind::Spec(spec) => DeclKind::Spec(SpecDecl {
                params: params(&spec.params),
                result: at(&spec.result),
                requires: clauses(&spec.requires),
                ensures: clauses(&spec.ensures),
                effects: spec.effects.clone(),
                bounds: spec
                    .bounds
                    .iter()
                    .map(|bound| Bound { text: bound.text.clone(), span: to.span(bound.span) })
                    .collect(),
            }),
            DeclKind::Def(def) => DeclKind::Def(DefDecl {
                params: params(&def.params),
                result: at(&def.result),
                implements: def.implements.map(|id| to.decl(id)),
                requires: clauses(&def.requires),
                ensures: clauses(&def.ensures),
                decreases: def.decreases.as_ref().map(at),
                effects: def.effects.clone(),
                body: def.body.as_ref().map(at),
                native: def.native,
            }),
            DeclKind::Intent(intent) => {
                let types = |items: &[(crate::ir::Name, Term)]| {
                    items.iter().map(|(name, ty)| (name.clone(), at(ty))).collect::<Vec<_>>()
                };
                DeclKind::Intent(IntentDecl {
                    inputs: types(&intent.inputs),
                    outputs: types(&intent.outputs),
                    goals: intent
                        .goals
                        .iter()
                        .map(|(name, words, span)| (name.clone(), words.clone(), to.span(*span)))
                        .collect(),
                })
            }
        };
        Declaration {
            name: self.name.clone(),
            name_span: to.span(self.name_span),
            span: to.span(self.span),
            prose: self.prose.clone(),
            kind,
            faulty: self.faulty,
        }
    }
}
