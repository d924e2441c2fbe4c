//! What answers an intent: a spec with the definitions that implement it, or a definition with clauses of its own.

use super::measure::Bounded;
use super::words::words;
use super::{ClauseAtom, ClauseKind, one_line};
use crate::syntax::span::Span;
use crate::syntax::tree::{
    Clause, DeclKind, DefDecl, Document, Expr, Ident, IntentDecl, Measure, Param, SpecDecl,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

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
    pub text: String,
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
    let mut specs: HashMap<&str, usize> = HashMap::new();
    for decl in &document.decls {
        if let DeclKind::Spec(spec) = &decl.kind {
            specs.entry(&spec.name.name).or_insert(found.len());
            found.push(of_spec(text, spec, decl.span.start));
        }
    }
    for decl in &document.decls {
        let DeclKind::Def(def) = &decl.kind else { continue };
        let spec = def
            .implements
            .as_ref()
            .and_then(|name| specs.get(name.name.as_str()))
            .and_then(|place| found.get_mut(*place));
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
    let index = Index::new(text, contracts);
    let mut scores: Vec<(usize, usize, usize, bool)> = Vec::new();
    for (i, intent) in intents.iter().enumerate() {
        let mut found = index.scores(text, intent);
        if intents.len() == 1 && contracts.len() == 1 {
            found.entry(0).or_insert(0);
        }
        let after =
            |c: usize| contracts.get(c).is_some_and(|contract| contract.start > intent.title_span.start);
        scores.extend(found.into_iter().map(|(c, score)| (i, c, score, after(c))));
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

/// A thing that many contracts share says little about which of them is meant, and is passed over.
const MOST_SHARED: usize = 64;

/// Which contracts have a label, a word in their name, the inputs: found without comparing each with each.
struct Index {
    labels: BTreeMap<String, BTreeSet<usize>>,
    names: BTreeMap<String, BTreeSet<usize>>,
    inputs: BTreeMap<String, BTreeSet<usize>>,
}

impl Index {
    fn new(text: &str, contracts: &[Contract<'_>]) -> Self {
        let mut index = Index { labels: BTreeMap::new(), names: BTreeMap::new(), inputs: BTreeMap::new() };
        for (place, contract) in contracts.iter().enumerate() {
            for label in contract.clauses.iter().filter_map(|clause| clause.label) {
                index.labels.entry(label.to_owned()).or_default().insert(place);
            }
            for word in words(contract.name) {
                index.names.entry(word).or_default().insert(place);
            }
            let params = contract.params.iter().map(|param| (&param.name, param.ty.as_ref()));
            index.inputs.entry(signature(text, params)).or_default().insert(place);
        }
        index
    }

    /// What speaks for each contract that shares something with an intent.
    fn scores(&self, text: &str, intent: &IntentDecl) -> BTreeMap<usize, usize> {
        let mut scores = BTreeMap::new();
        let mut speak = |places: Option<&BTreeSet<usize>>, weight: usize| {
            for place in places.into_iter().filter(|places| places.len() <= MOST_SHARED).flatten() {
                *scores.entry(*place).or_insert(0) += weight;
            }
        };
        for (goal, _, _) in &intent.goals {
            speak(self.labels.get(&goal.name), 3);
        }
        if !intent.inputs.is_empty() {
            let inputs = intent.inputs.iter().map(|(name, ty)| (name, Some(ty)));
            speak(self.inputs.get(&signature(text, inputs)), 4);
        }
        for word in words(&intent.title) {
            speak(self.names.get(&word), 1);
        }
        scores
    }
}

/// Names and types of parameters as one text.
fn signature<'e>(text: &str, params: impl Iterator<Item = (&'e Ident, Option<&'e Expr>)>) -> String {
    let params = params.map(|(name, ty)| {
        format!("{}: {}", name.name, ty.map(|ty| one_line(text, ty.span)).unwrap_or_default())
    });
    params.collect::<Vec<_>>().join(", ")
}
