//! Predicates that nobody wrote: what a hole in a contract must be, and which clause is missing where a proof fails.
//!
//! What is looked for is made of *qualifiers*: comparisons of what is in scope, what the document says elsewhere, and
//! what the failing proof itself asks for. Running the definitions on small inputs sorts out those that are wrong; what
//! is left is proved. For a precondition the *weakest* predicate is taken that the proofs need, for a postcondition
//! all that can be proved together (the Houdini algorithm: Flanagan and Leino, FME 2001), less what follows from the
//! rest.
//!
//! Promises: with what is found the document checks, and the obligations it was looked for are proved. Must not:
//! write anything into the document; call a predicate weakest or strongest among more than the qualifiers tried.

mod qualifiers;
mod samples;
mod site;
mod weakest;

use crate::check::Checked;
use crate::holes::fill;
use crate::ir::{DeclId, TermKind};
use crate::logic::dependencies::Dependencies;
use crate::logic::{Report, Settled, Verdict};
use crate::syntax::edit::{apply, clause_more};
use crate::syntax::span::Span;
use crate::syntax::tree::{Decl, DeclKind};
use qualifiers::Qualifier;
use serde::{Deserialize, Serialize};
use site::Site;

/// How often verdicts are asked for at most, for one document.
const MOST_ASKED: usize = 120;
/// How many predicates are offered to the prover for one precondition.
const MOST_OFFERED: usize = 6;
/// How many qualifiers take part in the search for a postcondition.
const MOST_TOGETHER: usize = 40;
/// How many missing clauses are looked for in one document.
const MOST_MISSING: usize = 8;

/// Verdicts on these declarations and all they lean on.
pub type Verify<'v> = dyn FnMut(&Checked, &[DeclId]) -> Report + 'v;

/// Who owes the predicate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Whoever calls.
    Precondition,
    /// Whoever is called.
    Postcondition,
}

/// A predicate that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inferred {
    /// The hole, or the declaration that lacks a clause.
    pub about: String,
    /// Where that is.
    pub span: Span,
    /// Who owes it.
    pub role: Role,
    /// As an author would write it.
    pub predicate: String,
    /// What it is good for, in words.
    pub because: String,
    /// The document with it.
    pub document: String,
}

/// A predicate that was not found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsolved {
    /// The hole or the declaration.
    pub about: String,
    /// Where that is.
    pub span: Span,
    /// Why.
    pub why: String,
}

/// What was found of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inference {
    /// Each on its own: of the document as it is, not with the others.
    pub found: Vec<Inferred>,
    /// What is still looked for.
    pub unsolved: Vec<Unsolved>,
}

/// Looks for the predicates that are open in a document, and for clauses without which its proofs fail.
pub fn infer(checked: &Checked, verify: &mut Verify<'_>) -> Inference {
    let mut inference = Inference::default();
    if checked.has_errors() {
        return inference;
    }
    let mut prover = Prover { verify, left: MOST_ASKED };
    for hole in open_predicates(checked) {
        match of_hole(checked, &hole.0, &mut prover) {
            Ok(found) => inference.found.push(found),
            Err(why) => {
                inference.unsolved.push(Unsolved { about: format!("?{}", hole.0), span: hole.1, why })
            }
        }
    }
    missing(checked, &mut prover, &mut inference);
    inference
}

/// Whoever is asked for verdicts, and how often that may still be.
struct Prover<'a, 'v> {
    verify: &'a mut Verify<'v>,
    left: usize,
}

impl Prover<'_, '_> {
    /// What is not proved of these declarations; `None` when nobody may be asked any more.
    fn failing(&mut self, checked: &Checked, names: &[String]) -> Option<Vec<Settled>> {
        self.left = self.left.checked_sub(1)?;
        let judged: Vec<DeclId> = names.iter().filter_map(|name| checked.program.lookup(name)).collect();
        let report = (self.verify)(checked, &judged);
        let rows = report.obligations.into_iter();
        Some(rows.filter(|row| judged.contains(&row.declaration) && row.verdict != Verdict::Proved).collect())
    }
}

/// Names and places of the holes that stand for conditions.
fn open_predicates(checked: &Checked) -> Vec<(String, Span)> {
    let holes = checked.program.own_holes().filter_map(|id| checked.program.hole(id));
    let open = holes.filter(|hole| {
        let is_condition = matches!(&*hole.ty.kind, TermKind::Prim(crate::ir::PrimType::Bool));
        is_condition && hole.default.is_none() && !hole.uses.is_empty()
    });
    open.map(|hole| (hole.name.to_string(), hole.uses.first().copied().unwrap_or_default())).collect()
}

/// What the hole of that name must be.
fn of_hole(checked: &Checked, name: &str, prover: &mut Prover<'_, '_>) -> Result<Inferred, String> {
    let here = undeclared(checked, name);
    let checked = here.as_ref().unwrap_or(checked);
    let site = site::site(checked, name)?;
    let solved = match site.role {
        Role::Precondition => precondition(checked, &site, prover)?,
        Role::Postcondition => postcondition(checked, &site, prover)?,
    };
    let decision =
        fill(checked, name, &solved.predicate).map_err(|_| "what was found does not fit".to_owned())?;
    Ok(Inferred {
        about: format!("?{name}"),
        span: site.span,
        role: site.role,
        predicate: solved.predicate,
        because: solved.because,
        document: decision.text,
    })
}

/// The document without the declaration of this hole, which knows nothing of the variables where it is used.
fn undeclared(checked: &Checked, name: &str) -> Option<Checked> {
    let hole = checked.program.holes.iter().find(|hole| &*hole.name == name)?;
    let declared =
        hole.declared.filter(|declared| hole.uses.iter().all(|place| !within(*place, *declared)))?;
    let mut text = checked.text.to_string();
    text.replace_range(declared.start as usize..declared.end as usize, "");
    let without = checked.again(&text);
    (!without.has_errors()).then_some(without)
}

fn within(inner: Span, outer: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

struct Solved {
    predicate: String,
    because: String,
}

/// The document with nothing said there.
fn opened(checked: &Checked, site: &Site) -> Result<Checked, String> {
    let open = fill(checked, &site.hole, "true").map_err(|_| "the document does not check without it")?;
    Ok(checked.again(&open.text))
}

/// The weakest predicate found under which everything is proved that the bodies owe.
fn precondition(checked: &Checked, site: &Site, prover: &mut Prover<'_, '_>) -> Result<Solved, String> {
    let spent = || "the prover has been asked as often as it may be".to_owned();
    let with = |predicate: &str| Some(checked.again(&fill(checked, &site.hole, predicate).ok()?.text));
    let open = opened(checked, site)?;
    let before = prover.failing(&open, &site.judges).ok_or_else(spent)?;
    let whom = site.judges.join("`, `");
    if before.is_empty() {
        let because = format!("`{whom}` is proved for every input: nothing needs to be asked");
        return Ok(Solved { predicate: "true".to_owned(), because });
    }
    let samples = samples::inputs(&open, site);
    if samples.good.is_empty() && !samples.bad.is_empty() {
        return Err(format!("`{whom}` fails for every input that was tried"));
    }
    let asked = weakest::asked_for(&open, site);
    let qualifiers = qualifiers::preconditions(checked, site, &asked);
    let offers = samples.separating(qualifiers);
    let mut best: Option<(usize, String)> = None;
    for offer in offers.into_iter().take(MOST_OFFERED) {
        let Some(trial) = with(&offer).filter(|trial| !trial.has_errors()) else { continue };
        let after = prover.failing(&trial, &site.judges).ok_or_else(spent)?.len();
        if after < before.len() && best.as_ref().is_none_or(|(least, _)| after < *least) {
            best = Some((after, offer));
        }
        if after == 0 {
            break;
        }
    }
    let Some((after, predicate)) = best else {
        return Err("no combination of the conditions tried makes the proof go through".to_owned());
    };
    let because = match after {
        0 => format!("with it `{whom}` is proved"),
        _ => format!(
            "with it {} of the {} open obligations of `{whom}` are proved",
            before.len() - after,
            before.len()
        ),
    };
    Ok(Solved { predicate, because })
}

/// All that can be proved of the outcome, of what was tried, less what follows from the rest.
fn postcondition(checked: &Checked, site: &Site, prover: &mut Prover<'_, '_>) -> Result<Solved, String> {
    let kept = promises(checked, site, prover)?;
    let anything = samples::anything(&opened(checked, site)?, site);
    let kept = qualifiers::without_consequences(kept, &mut |term| anything.holds(term));
    let predicate = conjunction(kept.iter().map(|qualifier| qualifier.text.as_str()));
    let whom = site.judges.join("`, `");
    Ok(Solved {
        predicate,
        because: format!("proved of `{whom}`: the most that was found to hold of its outcome"),
    })
}

fn conjunction<'t>(parts: impl Iterator<Item = &'t str>) -> String {
    parts.collect::<Vec<_>>().join(" && ")
}

/// The qualifiers that hold of the outcome together, proved.
fn promises(checked: &Checked, site: &Site, prover: &mut Prover<'_, '_>) -> Result<Vec<Qualifier>, String> {
    if site.judges.is_empty() {
        return Err(format!(
            "no definition with a body implements `{}`: nothing says what must hold",
            site.owner
        ));
    }
    let open = opened(checked, site)?;
    let samples = samples::inputs_and_outcomes(&open, site);
    if samples.good.is_empty() {
        return Err("no small input was found for which it gives an outcome".to_owned());
    }
    let mut kept = samples.always(qualifiers::postconditions(checked, site));
    kept.truncate(MOST_TOGETHER);
    while !kept.is_empty() {
        let Some((trial, places)) = with_clauses(&open, site, &kept) else {
            return Err("the clauses that were tried cannot be written there".to_owned());
        };
        let failing =
            prover.failing(&trial, &site.judges).ok_or("the prover has been asked as often as it may be")?;
        let falls = |place: &Span| {
            failing
                .iter()
                .any(|row| within(row.span, *place) || row.source.is_some_and(|span| within(span, *place)))
        };
        let before = kept.len();
        let stands: Vec<bool> = places.iter().map(|place| !falls(place)).collect();
        let mut stands = stands.into_iter();
        kept.retain(|_| stands.next().unwrap_or(false));
        if kept.len() == before {
            return Ok(kept);
        }
    }
    Err("none of the conditions tried could be shown to hold of every outcome".to_owned())
}

/// The document with these as postconditions of the owner, and where each stands in it.
fn with_clauses(open: &Checked, site: &Site, clauses: &[Qualifier]) -> Option<(Checked, Vec<Span>)> {
    let decl = declaration(open, &site.owner)?;
    let lines: Vec<String> = clauses.iter().map(|clause| format!("ensures ({})", clause.outcome)).collect();
    let edit = clause_more(&open.text, decl, &lines.join("\n  "), String::new())?;
    let text = apply(&open.text, std::slice::from_ref(&edit)).ok()?;
    let mut from = edit.span.start as usize;
    let places = lines.iter().map(|line| {
        let start = from + text.get(from..)?.find(line.as_str())?;
        from = start + line.len();
        Some(Span::new(start as u32, from as u32))
    });
    let places: Vec<Span> = places.collect::<Option<_>>()?;
    let trial = open.again(&text);
    (!trial.has_errors()).then_some((trial, places))
}

fn declaration<'c>(checked: &'c Checked, name: &str) -> Option<&'c Decl> {
    checked.tree.decls.iter().find(|decl| match &decl.kind {
        DeclKind::Def(def) => def.name.name == name,
        DeclKind::Spec(spec) => spec.name.name == name,
        _ => false,
    })
}

/// Clauses without which proofs fail: a precondition where running shows that some inputs cannot be meant, a
/// postcondition of what is called where too little is known of it.
fn missing(checked: &Checked, prover: &mut Prover<'_, '_>, inference: &mut Inference) {
    let dependencies = Dependencies::new(&checked.program);
    let defs = checked.tree.decls.iter().filter_map(|decl| match &decl.kind {
        DeclKind::Def(def) if def.body.is_some() => Some((def, decl)),
        _ => None,
    });
    let mut looked = 0;
    for (def, decl) in defs {
        let name = def.name.name.clone();
        let Some(id) = checked.program.lookup(&name) else { continue };
        if !dependencies.open_holes(&checked.program, id).is_empty() || looked >= MOST_MISSING {
            continue;
        }
        let Some(failing) = prover.failing(checked, std::slice::from_ref(&name)) else { return };
        if failing.is_empty() {
            continue;
        }
        looked += 1;
        let owner = match &def.implements {
            Some(spec) => declaration(checked, &spec.name).unwrap_or(decl),
            None => decl,
        };
        let mut found = clause(checked, owner, Role::Precondition, prover, &[]);
        if found.is_err() {
            let callees = dependencies
                .mentions(id)
                .iter()
                .chain([&id])
                .filter(|callee| callee.0 as usize >= checked.program.first_own);
            for callee in callees {
                let Some(callee) = checked.program.decl(*callee) else { continue };
                let Some(lacking) = declaration(checked, &callee.name) else { continue };
                let better =
                    clause(checked, lacking, Role::Postcondition, prover, std::slice::from_ref(&name));
                if better.is_ok() {
                    found = better;
                    break;
                }
            }
        }
        match found {
            Ok(found) if inference.found.iter().all(|known| known.document != found.document) => {
                inference.found.push(found);
            }
            Ok(_) => {}
            Err(why) => inference.unsolved.push(Unsolved { about: name, span: def.name.span, why }),
        }
    }
}

/// A clause that a declaration lacks. A postcondition is for the sake of others: it must settle what `users` owe.
fn clause(
    checked: &Checked,
    owner: &Decl,
    role: Role,
    prover: &mut Prover<'_, '_>,
    users: &[String],
) -> Result<Inferred, String> {
    let (name, span) = match &owner.kind {
        DeclKind::Def(def) => (&def.name.name, def.name.span),
        DeclKind::Spec(spec) => (&spec.name.name, spec.name.span),
        _ => return Err("it is no contract".to_owned()),
    };
    let word = match role {
        Role::Precondition => "requires",
        Role::Postcondition => "ensures",
    };
    let hole = fresh(checked, "needed");
    let with = |predicate: &str| {
        let edit =
            clause_more(&checked.text, owner, &format!("{word} {predicate}"), format!("{name} needs it"))?;
        apply(&checked.text, &[edit]).ok()
    };
    let trial =
        with(&format!("?{hole}")).map(|text| checked.again(&text)).filter(|trial| !trial.has_errors());
    let trial = trial.ok_or("a clause more does not check there")?;
    let site = site::site(&trial, &hole)?;
    let solved = match role {
        Role::Precondition => precondition(&trial, &site, prover)?,
        Role::Postcondition => enough(&trial, &site, prover, users)?,
    };
    if solved.predicate == "true" {
        return Err("nothing that was tried helps".to_owned());
    }
    let document = with(&solved.predicate).ok_or("the clause cannot be written")?;
    Ok(Inferred {
        about: name.clone(),
        span,
        role,
        predicate: solved.predicate,
        because: solved.because,
        document,
    })
}

/// The fewest of the promises that can be proved with which everything is proved that the users owe.
fn enough(
    checked: &Checked,
    site: &Site,
    prover: &mut Prover<'_, '_>,
    users: &[String],
) -> Result<Solved, String> {
    let spent = "the prover has been asked as often as it may be";
    let mut kept = promises(checked, site, prover)?;
    let mut failing = |kept: &[Qualifier]| {
        let predicate = match kept {
            [] => "true".to_owned(),
            _ => conjunction(kept.iter().map(|qualifier| qualifier.text.as_str())),
        };
        let text =
            fill(checked, &site.hole, &predicate).map_err(|_| "the clauses cannot be written together")?.text;
        prover.failing(&checked.again(&text), users).map(|failing| failing.len()).ok_or(spent)
    };
    let (before, after) = (failing(&[])?, failing(&kept)?);
    if after >= before {
        return Err(format!("nothing that could be proved of `{}` helps", site.owner));
    }
    for place in (0..kept.len()).rev() {
        let mut without = kept.clone();
        without.remove(place);
        if failing(&without)? <= after {
            kept = without;
        }
    }
    let predicate = conjunction(kept.iter().map(|qualifier| qualifier.text.as_str()));
    let whom = users.join("`, `");
    let because = match after {
        0 => format!("it is proved of `{}`, and with it `{whom}` is proved", site.owner),
        _ => format!(
            "it is proved of `{}`, and with it {} of the {before} open obligations of `{whom}` are",
            site.owner,
            before - after
        ),
    };
    Ok(Solved { predicate, because })
}

/// A name for a hole that the document has not.
fn fresh(checked: &Checked, stem: &str) -> String {
    let mut name = stem.to_owned();
    while checked.text.contains(&format!("?{name}")) {
        name.push('_');
    }
    name
}
