//! Specs, intents and definitions: their signatures, their clauses, what a definition owes the spec it implements,
//! and bodies.

use super::elaborator::{Elaborator, Scope, Slot};
use super::mismatch;
use super::value::prim;
use crate::ir::{
    Bound, Clause, DeclId, DeclKind, Declaration, DefDecl, HoleInfo, Icit, IntentDecl, Name, Native, Param,
    PrimType, SpecDecl, Term, TermKind,
};
use crate::syntax::span::Span;
use crate::syntax::tree::{self, Decl, HoleKind};

impl Elaborator {
    pub(super) fn clauses(&mut self, scope: &Scope, clauses: &[tree::Clause]) -> Vec<Clause> {
        clauses
            .iter()
            .map(|clause| Clause {
                label: clause.label.as_ref().map(|label| label.name.as_str().into()),
                body: self.check(scope, &clause.body, &prim(PrimType::Bool)),
                span: clause.span,
            })
            .collect()
    }

    /// The type of a result without its `Eff`, and the effects that it or a clause declares.
    fn result_effects<'t>(
        &mut self,
        result: Option<&'t tree::Expr>,
        clause: &Option<Vec<tree::Ident>>,
    ) -> (Option<&'t tree::Expr>, Option<Vec<Name>>) {
        let (result, written) = match result.map(|ty| &ty.kind) {
            Some(tree::ExprKind::Eff(names, ty)) => {
                if let (Some(_), Some(ty)) = (clause, result) {
                    self.report(super::effects::said_twice(ty.span));
                }
                (Some(&**ty), names)
            }
            _ => (result, clause),
        };
        let names = |names: &Vec<tree::Ident>| names.iter().map(|name| name.name.as_str().into()).collect();
        (result, written.as_ref().map(names))
    }

    pub(super) fn spec(&mut self, text: &str, id: DeclId, decl: &Decl, spec: &tree::SpecDecl) {
        let Some((result, values)) = spec.params.split_last().filter(|(last, _)| last.name.name == "result")
        else {
            self.report(mismatch::result_last(spec.name.span, &spec.name.name));
            self.set_slot(id, Slot::Broken);
            return;
        };
        let (scope, params) = self.parameters(&spec.type_params, values);
        let (result_ty, effects) = self.result_effects(result.ty.as_ref(), &spec.effects);
        let result_type = match result_ty {
            Some(ty) => self.ty(&scope, ty),
            None => {
                self.report(mismatch::missing_type(result.name.span, "`result`"));
                Term::new(result.name.span, TermKind::Error)
            }
        };
        let requires = self.requires(&scope, &spec.requires);
        let after = scope.bind(&"result".into(), self.eval(&scope.env, &result_type));
        let ensures = self.clauses(&after, &spec.ensures);
        let bounds = spec.bounds.iter().map(|bound| Bound {
            text: bound.span.slice(text).split_whitespace().collect::<Vec<_>>().join(" ").into(),
            span: bound.span,
        });
        let bounds = bounds.collect();
        let kind =
            DeclKind::Spec(SpecDecl { params, result: result_type, requires, ensures, effects, bounds });
        self.sign(text, id, decl, &spec.name, kind);
    }

    /// Preconditions; `result` in one of them gets its own explanation.
    pub(super) fn requires(&mut self, scope: &Scope, clauses: &[tree::Clause]) -> Vec<Clause> {
        let mark = self.diagnostics.len();
        let checked = self.clauses(scope, clauses);
        if scope.find("result").is_none() {
            for finding in self.diagnostics.iter_mut().skip(mark) {
                if finding.code == "E0102" && finding.message.ends_with("`result`") {
                    *finding = mismatch::refinement_hidden(finding.span);
                }
            }
        }
        checked
    }

    pub(super) fn intent(&mut self, text: &str, id: DeclId, decl: &Decl, intent: &tree::IntentDecl) {
        let mut types = |items: &[(tree::Ident, tree::Expr)]| -> Vec<(Name, Term)> {
            items
                .iter()
                .map(|(name, ty)| (Name::from(name.name.as_str()), self.ty(&Scope::default(), ty)))
                .collect()
        };
        let inputs = types(&intent.inputs);
        let outputs = types(&intent.outputs);
        let goals = intent
            .goals
            .iter()
            .map(|(name, words, span)| (name.name.as_str().into(), words.as_str().into(), *span));
        let kind = DeclKind::Intent(IntentDecl { inputs, outputs, goals: goals.collect() });
        self.sign_named(text, id, decl, intent.title.as_str().into(), intent.title_span, kind);
    }

    pub(super) fn def_signature(&mut self, text: &str, id: DeclId, decl: &Decl, def: &tree::DefDecl) {
        let (scope, params) = self.parameters(&def.type_params, &def.params);
        let (result, effects) = self.result_effects(def.result.as_ref(), &def.effects);
        let result = match result {
            Some(ty) => self.ty(&scope, ty),
            None => {
                let what = format!("the result of `{}`", def.name.name);
                self.report(mismatch::missing_type(def.name.span, &what).hint(format!(
                    "write it after the parameters: `def {}(...): Type = ...`",
                    def.name.name
                )));
                Term::new(def.name.span, TermKind::Error)
            }
        };
        let native = if self.prelude_len == 0 { native(&def.name.name) } else { None };
        let kind = DeclKind::Def(DefDecl {
            params,
            result,
            implements: None,
            requires: Vec::new(),
            ensures: Vec::new(),
            decreases: None,
            effects,
            body: None,
            native,
        });
        self.sign(text, id, decl, &def.name, kind);
    }

    /// The scope of a definition's parameters, from its signature.
    pub(super) fn scope_of(&self, params: &[Param]) -> Scope {
        params.iter().fold(Scope::default(), |scope, param| {
            let ty = self.eval(&scope.env, &param.ty);
            scope.bind(&param.name, ty)
        })
    }

    pub(super) fn def_clauses(&mut self, id: DeclId, def: &tree::DefDecl) {
        let Some(DeclKind::Def(signature)) = self.kind(id).cloned() else { return };
        let scope = self.scope_of(&signature.params);
        let after = scope.bind(&"result".into(), self.eval(&scope.env, &signature.result));
        let (mut requires, mut ensures, mut implements) = (Vec::new(), Vec::new(), None);
        if let Some(name) = &def.implements
            && let Some((spec_id, spec)) = self.spec_named(name)
            && let Some(args) = self.implements(&scope, name, &signature, &spec, def)
        {
            implements = Some(spec_id);
            let with_result: Vec<Term> =
                args.iter().map(|arg| arg.shift(1)).chain([TermKind::Var(0).into_term()]).collect();
            let (before, after) = (spec.params.len(), spec.params.len() + 1);
            // What the spec's own unknowns stand for keeps the places it has in the spec.
            let moved = |this: &Self, level: usize, clause: &Clause, args: &[Term]| Clause {
                label: clause.label.clone(),
                body: this.zonk(level, &clause.body).instantiate(args),
                span: clause.span,
            };
            requires.extend(spec.requires.iter().map(|clause| moved(self, before, clause, &args)));
            ensures.extend(spec.ensures.iter().map(|clause| moved(self, after, clause, &with_result)));
        }
        requires.extend(self.requires(&scope, &def.requires));
        ensures.extend(self.clauses(&after, &def.ensures));
        if let (Some(name), None) = (&def.implements, implements) {
            // What it promises to meet is not known: nothing may be said of it, least of all that it is proved.
            let body = Term::new(name.span, TermKind::Error);
            ensures.push(Clause { label: None, body, span: name.span });
        }
        let decreases =
            def.decreases.as_ref().map(|measure| self.check(&scope, measure, &prim(PrimType::Int)));
        if let Some(Declaration { kind: DeclKind::Def(def), .. }) = self.signed(id) {
            (def.requires, def.ensures, def.decreases, def.implements) =
                (requires, ensures, decreases, implements);
        }
    }

    pub(super) fn spec_named(&mut self, name: &tree::Ident) -> Option<(DeclId, SpecDecl)> {
        let Some(id) = self.names.get(name.name.as_str()).copied() else {
            if self.is_missing(&name.name) {
                return None;
            }
            self.report(self.unknown_spec(name));
            return None;
        };
        match self.kind(id) {
            Some(DeclKind::Spec(spec)) => Some((id, spec.clone())),
            Some(_) => {
                self.report(mismatch::not_a_spec(name.span, &name.name));
                None
            }
            None => None,
        }
    }

    /// Matches a definition with the spec it implements: what stands for each of the spec's parameters, in the
    /// scope of the definition's.
    pub(super) fn implements(
        &mut self,
        scope: &Scope,
        name: &tree::Ident,
        signature: &DefDecl,
        spec: &SpecDecl,
        def: &tree::DefDecl,
    ) -> Option<Vec<Term>> {
        let explicit = |params: &[Param]| params.iter().filter(|param| param.icit == Icit::Explicit).count();
        let (wants, has) = (explicit(&spec.params), explicit(&signature.params));
        if wants != has {
            self.report(mismatch::implements_count(name.span, &name.name, wants, has));
            return None;
        }
        let level = scope.level();
        let mut args: Vec<Term> = Vec::new();
        let mut own = signature.params.iter().enumerate().filter(|(_, param)| param.icit == Icit::Explicit);
        let mut agreed = true;
        for param in &spec.params {
            if param.icit == Icit::Implicit {
                args.push(self.fresh(scope, name.span, format!("the type `{}` of the spec", param.name)));
                continue;
            }
            let (position, mine) = own.next()?;
            let here = self.eval(&scope.env, &mine.ty.shift(level - position));
            let there = self.eval(&scope.env, &param.ty.instantiate(&args));
            agreed &= self.same_in_spec(
                scope,
                mine.span,
                &format!("the parameter `{}`", mine.name),
                &here,
                &there,
                name,
            );
            args.push(TermKind::Var(level - 1 - position).into_term());
        }
        let here = self.eval(&scope.env, &signature.result);
        let there = self.eval(&scope.env, &spec.result.instantiate(&args));
        let at = def.result.as_ref().map_or(def.name.span, |ty| ty.span);
        agreed &= self.same_in_spec(scope, at, "the result", &here, &there, name);
        agreed.then_some(args)
    }

    /// A definition and its spec speak of the same type, refinements included: clauses of the one are then
    /// meaningful for the other as they stand.
    pub(super) fn same_in_spec(
        &mut self,
        scope: &Scope,
        span: Span,
        what: &str,
        here: &super::value::V,
        there: &super::value::V,
        spec: &tree::Ident,
    ) -> bool {
        let unified = self.unify(scope.level(), here, there).is_ok();
        let plain = |this: &Self, ty| this.unfolded(scope.level(), ty);
        if unified && plain(self, here).same(&plain(self, there)) {
            return true;
        }
        let (here, there) = (self.show(scope, here), self.show(scope, there));
        self.report(mismatch::implements_type(span, what, &here, &spec.name, &there));
        false
    }

    pub(super) fn def_body(&mut self, id: DeclId, def: &tree::DefDecl) {
        let Some(DeclKind::Def(signature)) = self.kind(id).cloned() else { return };
        let scope = self.scope_of(&signature.params);
        let result = self.eval(&scope.env, &signature.result);
        let body = match &def.body {
            Some(body) => {
                let mark = self.diagnostics.len();
                let term = self.check(&scope, body, &result);
                if let (Some(ty), Some(found)) = (&def.result, self.diagnostics.get_mut(mark..)) {
                    mismatch::explain(found, &outcomes(body), ty.span, "the result is declared here");
                }
                Some(term)
            }
            None if signature.native.is_some() => None,
            None => Some(self.open_definition(&scope, def, &signature)),
        };
        if let Some(Declaration { kind: DeclKind::Def(def), .. }) = self.signed(id) {
            def.body = body;
        }
    }

    /// A definition without a body is a hole of its name.
    pub(super) fn open_definition(
        &mut self,
        scope: &Scope,
        def: &tree::DefDecl,
        signature: &DefDecl,
    ) -> Term {
        let ty = self.eval(&scope.env, &signature.result);
        let context = signature.params.iter().map(|param| (param.name.clone(), param.ty.clone())).collect();
        let hole = self.new_hole(
            HoleInfo {
                name: def.name.name.as_str().into(),
                kind: HoleKind::Function,
                context,
                ty: signature.result.clone(),
                default: None,
                because: None,
                hint: None,
                answers: Vec::new(),
                links: Vec::new(),
                owner: self.current,
                demands: Vec::new(),
                declared: None,
                uses: Vec::new(),
            },
            ty,
        );
        Term::new(def.name.span, TermKind::Hole(hole))
    }
}

/// The prelude's definitions that the stages know by name.
fn native(name: &str) -> Option<Native> {
    Some(match name {
        "str_length" => Native::StrLength,
        "str_contains" => Native::StrContains,
        "starts_with" => Native::StartsWith,
        "ends_with" => Native::EndsWith,
        "substring" => Native::Substring,
        "str_index_of" => Native::StrIndexOf,
        "replace" => Native::Replace,
        "to_str" => Native::ToStr,
        "parse_int" => Native::ParseInt,
        "split" => Native::Split,
        "words" => Native::Words,
        "trim" => Native::Trim,
        "upper" => Native::Upper,
        "lower" => Native::Lower,
        "chars" => Native::Chars,
        "join" => Native::Join,
        "set_of" => Native::SetOf,
        "elements" => Native::Elements,
        "set_has" => Native::SetHas,
        "set_size" => Native::SetSize,
        "add" => Native::SetAdd,
        "set_remove" => Native::SetRemove,
        "union" => Native::Union,
        "intersection" => Native::Intersection,
        "difference" => Native::Difference,
        "map_of" => Native::MapOf,
        "entries" => Native::Entries,
        "keys" => Native::Keys,
        "values" => Native::MapValues,
        "size" => Native::MapSize,
        "get" => Native::MapGet,
        "put" => Native::MapPut,
        "remove" => Native::MapRemove,
        "bytes_of" => Native::BytesOf,
        "byte_list" => Native::ByteList,
        "utf8" => Native::Utf8,
        "text_of" => Native::TextOf,
        "to_real" => Native::ToReal,
        "floor" => Native::Floor,
        "to_float" => Native::ToFloat,
        "real_of" => Native::RealOf,
        _ => return None,
    })
}

/// The places of the values that a body results in: its own, or those of its branches.
fn outcomes(body: &tree::Expr) -> Vec<Span> {
    let (mut found, mut left) = (Vec::new(), vec![body]);
    while let Some(expr) = left.pop() {
        match &expr.kind {
            tree::ExprKind::If(_, yes, no) => left.extend([&**yes, &**no]),
            tree::ExprKind::Let(.., inner) => left.push(inner),
            tree::ExprKind::Match(_, arms) => left.extend(arms.iter().map(|arm| &arm.body)),
            _ => found.push(expr.span),
        }
    }
    found
}
