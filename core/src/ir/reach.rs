//! What a document leans on of all that is known.

use crate::ir::{
    Clause, DeclId, DeclKind, Declaration, HoleInfo, Icit, Native, Op, Param, PrimType, Program, Term,
    TermKind,
};
use std::collections::BTreeSet;

impl Program {
    /// The document's own declarations, and the imported ones that they reach through anything they mention; in order
    /// of their numbers, so that what is leaned on comes first.
    pub fn reached(&self) -> BTreeSet<DeclId> {
        let mut reached: BTreeSet<DeclId> = self.own().collect();
        let mut todo: Vec<DeclId> = reached.iter().copied().collect();
        let mut found = Vec::new();
        let holes = self.holes.iter().skip(self.first_own_hole);
        holes.for_each(|hole| each_term_of(hole, &mut |term| mentioned(term, &mut found)));
        self.examples.iter().for_each(|example| mentioned(&example.term, &mut found));
        loop {
            todo.extend(found.drain(..).filter(|id| self.is_declared(*id) && reached.insert(*id)));
            let Some(id) = todo.pop() else { return reached };
            let Some(decl) = self.decl(id) else { continue };
            decl.each_term(&mut |term| {
                mentioned(term, &mut found);
                // What a hole stands for counts as said where it stands.
                term.walk(&mut |part| {
                    if let TermKind::Hole(hole) = &*part.kind
                        && (hole.0 as usize) < self.first_own_hole
                        && let Some(info) = self.hole(*hole)
                    {
                        each_term_of(info, &mut |term| mentioned(term, &mut found));
                    }
                });
            });
            if let DeclKind::Def(def) = &decl.kind {
                found.extend(def.implements);
            }
        }
    }
}

fn mentioned(term: &Term, found: &mut Vec<DeclId>) {
    term.walk(&mut |part| match &*part.kind {
        TermKind::Global(id) | TermKind::Data(id) | TermKind::Con(id, _) | TermKind::Field(id, _, _) => {
            found.push(*id);
        }
        _ => {}
    });
}

fn each_term_of(hole: &HoleInfo, f: &mut dyn FnMut(&Term)) {
    hole.context.iter().for_each(|(_, ty)| f(ty));
    f(&hole.ty);
    hole.default.iter().chain(&hole.answers).for_each(f);
}

impl Program {
    /// Whether values of a closed type, or of one whose variables do not matter, hold floating-point numbers.
    pub fn holds_floats(&self, ty: &Term) -> bool {
        let (mut seen, mut todo) = (BTreeSet::new(), vec![ty.clone()]);
        while let Some(ty) = todo.pop() {
            let ty = ty.erase_head(self);
            let (head, args) = ty.spine();
            todo.extend(args.iter().map(|arg| arg.term.clone()));
            match &*head.kind {
                TermKind::Prim(PrimType::Float) => return true,
                TermKind::Product(items) => todo.extend(items.iter().cloned()),
                TermKind::Data(id) if seen.insert(*id) => {
                    let ctors = self.data(*id).into_iter().flat_map(|data| &data.ctors);
                    todo.extend(ctors.flat_map(|ctor| &ctor.fields).map(|(_, ty)| ty.clone()));
                }
                _ => {}
            }
        }
        false
    }

    /// The definitions that tell values of a type parameter apart, themselves or by what they call.
    pub fn telling_apart(&self) -> BTreeSet<DeclId> {
        let generic = |ty: &Term| {
            let mut found = false;
            ty.walk(&mut |part| found |= matches!(&*part.kind, TermKind::Var(_)));
            found
        };
        let mut telling = BTreeSet::new();
        loop {
            let before = telling.len();
            for (index, decl) in self.decls.iter().enumerate() {
                let id = DeclId(index as u32);
                let Some(def) = self.def(id).filter(|_| !telling.contains(&id)) else { continue };
                let mut tells = def.native.is_some_and(Native::is_of_collections);
                decl.each_term(&mut |term| {
                    term.walk(&mut |part| {
                        tells |= match &*part.kind {
                            TermKind::Op(Op::Eq | Op::Ne, args) => args.first().is_some_and(generic),
                            TermKind::App(head, args) => match &*head.kind {
                                TermKind::Global(called) if telling.contains(called) => {
                                    let types = args.iter().filter(|arg| arg.icit == Icit::Implicit);
                                    types.into_iter().any(|ty| generic(&ty.term))
                                }
                                _ => false,
                            },
                            _ => false,
                        };
                    });
                });
                if tells {
                    telling.insert(id);
                }
            }
            if telling.len() == before {
                return telling;
            }
        }
    }
}

impl Declaration {
    /// Calls `f` on every term that stands in it, types included.
    pub fn each_term(&self, f: &mut dyn FnMut(&Term)) {
        fn params(params: &[Param], f: &mut dyn FnMut(&Term)) {
            params.iter().for_each(|param| f(&param.ty));
        }
        fn clauses(clauses: &[Clause], f: &mut dyn FnMut(&Term)) {
            clauses.iter().for_each(|clause| f(&clause.body));
        }
        match &self.kind {
            DeclKind::Alias(own, body) => {
                params(own, f);
                f(body);
            }
            DeclKind::Data(data) => {
                params(&data.params, f);
                data.ctors.iter().flat_map(|ctor| &ctor.fields).for_each(|(_, ty)| f(ty));
                clauses(&data.invariants, f);
            }
            DeclKind::Spec(spec) => {
                params(&spec.params, f);
                f(&spec.result);
                clauses(&spec.requires, f);
                clauses(&spec.ensures, f);
            }
            DeclKind::Def(def) => {
                params(&def.params, f);
                f(&def.result);
                clauses(&def.requires, f);
                clauses(&def.ensures, f);
                def.decreases.iter().chain(&def.body).for_each(f);
            }
            DeclKind::Intent(intent) => intent.inputs.iter().chain(&intent.outputs).for_each(|(_, ty)| f(ty)),
        }
    }
}
