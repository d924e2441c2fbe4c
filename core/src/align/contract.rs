//! What answers an intent: a spec with the definitions that implement it, or a definition with clauses of its own.

use super::measure::Bounded;
use super::words::words;
use super::{ClauseAtom, ClauseKind, one_line};
use crate::syntax::span::Span;
use crate::syntax::tree::{Clause, DeclKind, DefDecl, Document, Expr, IntentDecl, Measure, Param, SpecDecl};

/// A contract and its clauses.
pub(super) struct Contract<'d> {
    pub name: &'d str,
    pub name_span: Span,
    /// Value parameters, without the result.
    pub params: Vec<&'d Param>,
    pub clauses: Vec<ContractClause<'d>>,
    /// Where the declaration begins.
    start: u32,
}

/// One clause with where it comes from.
pub(super) struct ContractClause<'d> {
    /// The spec or definition it stands in.
    owner: &'d str,
    pub kind: ClauseKind,
    pub label: Option<&'d str>,
    pub label_span: Option<Span>,
    /// The condition; of a bound the whole measure.
    pub body: &'d Expr,
    pub bound: Option<Bounded<'d>>,
    text: String,
    pub span: Span,
}

impl<'d> Contract<'d> {
    pub fn atoms(&self) -> Vec<ClauseAtom> {
        let atoms = self.clauses.iter().map(|clause| {
            let own = match (clause.label, &clause.bound) {
                (Some(label), _) => label.to_owned(),
                (None, Some(bound)) => bound.subject.to_owned(),
                (None, None) => clause.text.clone(),
            };
            ClauseAtom {
                name: format!("{}.{own}", clause.owner),
                kind: clause.kind,
                text: clause.text.clone(),
                span: clause.span,
            }
        });
        atoms.collect()
    }

    fn add(&mut self, text: &str, owner: &'d str, kind: ClauseKind, clauses: &'d [Clause]) {
        self.clauses.extend(clauses.iter().map(|clause| ContractClause {
            owner,
            kind,
            label: clause.label.as_ref().map(|label| label.name.as_str()),
            label_span: clause.label.as_ref().map(|label| label.span),
            body: &clause.body,
            bound: None,
            text: one_line(text, clause.body.span),
            span: clause.span,
        }));
    }

    fn bounds(&mut self, text: &'d str, owner: &'d str, bounds: &'d [Measure]) {
        self.clauses.extend(bounds.iter().map(|bound| ContractClause {
            owner,
            kind: ClauseKind::Bound,
            label: None,
            label_span: None,
            body: &bound.body,
            bound: Some(Bounded::read(text, bound)),
            text: one_line(text, bound.span),
            span: bound.span,
        }));
    }
}

/// Every contract of the document, in its order.
pub(super) fn contracts<'d>(text: &'d str, document: &'d Document) -> Vec<Contract<'d>> {
    let mut found: Vec<Contract<'d>> = Vec::new();
    for decl in &document.decls {
        if let DeclKind::Spec(spec) = &decl.kind {
            found.push(of_spec(text, spec, decl.span.start));
        }
    }
    for decl in &document.decls {
        let DeclKind::Def(def) = &decl.kind else { continue };
        let spec = def
            .implements
            .as_ref()
            .and_then(|name| found.iter_mut().find(|contract| contract.name == name.name));
        match spec {
            Some(contract) => of_def(text, def, contract),
            None if def.requires.is_empty() && def.ensures.is_empty() => {}
            None => {
                let mut contract = Contract {
                    name: &def.name.name,
                    name_span: def.name.span,
                    params: def.params.iter().collect(),
                    clauses: Vec::new(),
                    start: decl.span.start,
                };
                of_def(text, def, &mut contract);
                found.push(contract);
            }
        }
    }
    found.sort_by_key(|contract| contract.start);
    found
}

fn of_spec<'d>(text: &'d str, spec: &'d SpecDecl, start: u32) -> Contract<'d> {
    let mut contract = Contract {
        name: &spec.name.name,
        name_span: spec.name.span,
        params: spec.params.iter().filter(|param| param.name.name != "result").collect(),
        clauses: Vec::new(),
        start,
    };
    contract.add(text, &spec.name.name, ClauseKind::Requires, &spec.requires);
    contract.add(text, &spec.name.name, ClauseKind::Ensures, &spec.ensures);
    contract.bounds(text, &spec.name.name, &spec.bounds);
    contract
}

fn of_def<'d>(text: &'d str, def: &'d DefDecl, contract: &mut Contract<'d>) {
    contract.add(text, &def.name.name, ClauseKind::Requires, &def.requires);
    contract.add(text, &def.name.name, ClauseKind::Ensures, &def.ensures);
}

/// For each intent the place of the contract that answers it: the one that shares most labels, inputs and words with
/// it, each contract for one intent; a lone intent and a lone contract belong together.
pub(super) fn partners(
    text: &str,
    intents: &[&IntentDecl],
    contracts: &[Contract<'_>],
) -> Vec<Option<usize>> {
    let mut scores: Vec<(usize, usize, usize, bool)> = Vec::new();
    for (i, intent) in intents.iter().enumerate() {
        for (c, contract) in contracts.iter().enumerate() {
            let score = score(text, intent, contract);
            let after = contract.start > intent.title_span.start;
            if score > 0 || (intents.len() == 1 && contracts.len() == 1) {
                scores.push((i, c, score, after));
            }
        }
    }
    // Best first; then the one behind the intent, then the earlier one.
    scores.sort_by_key(|&(i, c, score, after)| (std::cmp::Reverse(score), !after, i, c));
    let mut partners = vec![None; intents.len()];
    let mut taken = vec![false; contracts.len()];
    for (i, c, _, _) in scores {
        if let (Some(partner @ None), Some(used @ false)) = (partners.get_mut(i), taken.get_mut(c)) {
            *partner = Some(c);
            *used = true;
        }
    }
    partners
}

fn score(text: &str, intent: &IntentDecl, contract: &Contract<'_>) -> usize {
    let labels = contract.clauses.iter().filter_map(|clause| clause.label);
    let shared = labels.filter(|label| intent.goals.iter().any(|(goal, _, _)| goal.name == *label)).count();
    let same_inputs = !intent.inputs.is_empty()
        && intent.inputs.len() == contract.params.len()
        && intent.inputs.iter().zip(&contract.params).all(|((name, ty), param)| {
            let typed = param.ty.as_ref().map(|ty| one_line(text, ty.span));
            name.name == param.name.name && typed == Some(one_line(text, ty.span))
        });
    let title = words(&intent.title);
    let named = words(contract.name).intersection(&title).count();
    shared * 3 + usize::from(same_inputs) * 4 + named
}
