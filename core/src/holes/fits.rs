//! Valid fits: terms that type-check where a hole stands, best first.
//!
//! Candidates come from the usual answers, the variables in scope (innermost first), constructors, the document's
//! definitions and the prelude; arguments come from scope, and where nothing in scope fits, a new hole is left.
//! What type-checks is tried on the document's examples with contracts on, in a copy of the program that nobody
//! else sees. Ranking: examples first, then what is nearer and smaller. The number of trials is bounded.
//!
//! GHC's valid hole fits (Gissurarson, Haskell 2018) set the order of sources and the limit of six.

use super::known_of;
use crate::check::{Checked, check_in_context};
use crate::eval::{ExampleOutcome, Options, run_examples};
use crate::ir::distill::{self, show_type};
use crate::ir::{DeclId, DeclKind, HoleId, HoleInfo, Icit, Name, Param, PrimType, Program, Term, TermKind};
use crate::syntax::parse_term;
use crate::syntax::parse_type;
use crate::syntax::tree::{Expr, ExprKind, HoleKind};
use serde::{Deserialize, Serialize};

/// How much work a search may do and how much it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FitOptions {
    /// How many fits are returned at most.
    pub limit: usize,
    /// How many candidates are type-checked at most.
    pub trials: usize,
    /// How many fits are tried on the examples at most.
    pub evaluated: usize,
    /// Steps each example may take.
    pub steps: u64,
}

impl Default for FitOptions {
    fn default() -> Self {
        FitOptions { limit: 6, trials: 400, evaluated: 48, steps: 20_000 }
    }
}

/// Where a fit comes from, nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FitSource {
    /// One of the usual answers written with the hole.
    Answer,
    /// What the hole's uses ask it to be.
    Use,
    /// A variable in scope, or a field of one.
    Local,
    /// A literal or a constructor.
    Constructor,
    /// A definition or type of the document.
    Module,
    /// An operator on what is in scope.
    Operator,
    /// The prelude.
    Library,
}

/// What taking a fit changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// Examples that hold with it.
    pub examples_passed: usize,
    /// Examples that fail with it.
    pub examples_failed: usize,
    /// Examples that stay open with it.
    pub examples_open: usize,
    /// Holes it leaves, without question marks.
    pub opens: Vec<String>,
}

/// A term that fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fit {
    /// Its text: what `fill` takes.
    pub term: String,
    /// Its type, as an author would write it.
    #[serde(rename = "type")]
    pub ty: String,
    /// Where it comes from.
    pub source: FitSource,
    /// The higher the better; only differences within one list mean something.
    pub score: i64,
    /// What taking it changes.
    pub effect: Effect,
}

/// The fits of a hole, best first; empty when nothing fits or the hole does not exist.
pub fn fits(checked: &Checked, hole: HoleId, options: &FitOptions) -> Vec<Fit> {
    let program = &checked.program;
    let Some(info) = program.hole(hole) else { return Vec::new() };
    let mut search = Search { program, info, candidates: Vec::new() };
    if let Some(solution) = known_of(checked, hole).solution {
        search.add(solution.term, FitSource::Use, 0);
    }
    match info.kind {
        HoleKind::Type | HoleKind::Entity => search.types(),
        HoleKind::Term | HoleKind::Function => search.terms(),
        // A spec or module cannot be guessed from a type.
        HoleKind::Spec | HoleKind::Module => search.answers(),
    }
    let mut found = search.admitted(options);
    found.sort_by_key(|(_, rank, _)| *rank);
    let examples = !program.examples.is_empty();
    let mut fits: Vec<Fit> = Vec::new();
    for (position, (candidate, rank, term)) in found.into_iter().enumerate() {
        let tried = examples && position < options.evaluated;
        let mut effect = if tried { effect(program, hole, &term, options) } else { Effect::default() };
        effect.opens = candidate.opens.clone();
        let score = 1_000 * effect.examples_passed as i64
            - 10_000 * effect.examples_failed as i64
            - 200 * effect.opens.len() as i64
            - rank;
        fits.push(Fit {
            term: candidate.text,
            ty: show_type(&**program, &search.names(), &info.ty),
            source: candidate.source,
            score,
            effect,
        });
    }
    fits.sort_by_key(|fit| std::cmp::Reverse(fit.score));
    fits.truncate(options.limit);
    fits
}

/// How the examples go when the hole is this term. The program is copied; nothing of the trial remains.
fn effect(program: &Program, hole: HoleId, term: &Term, options: &FitOptions) -> Effect {
    let mut trial = program.clone();
    if let Some(info) = trial.holes.get_mut(hole.0 as usize) {
        info.default = Some(term.clone());
    }
    let mut limits = Options::checking();
    limits.limits.steps = options.steps;
    let mut effect = Effect::default();
    for result in run_examples(&trial, &limits) {
        match result.outcome {
            ExampleOutcome::Passed => effect.examples_passed += 1,
            ExampleOutcome::Failed => effect.examples_failed += 1,
            ExampleOutcome::Open => effect.examples_open += 1,
        }
    }
    effect
}

#[derive(Debug)]
struct Candidate {
    text: String,
    source: FitSource,
    /// Nearer is smaller.
    distance: i64,
    opens: Vec<String>,
}

/// The outermost form of a type: enough to skip most candidates without type-checking them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Prim(PrimType),
    Data(DeclId),
    Function,
    Product,
    /// A type parameter, a hole or an unknown: may agree with anything.
    Any,
}

impl Shape {
    fn agrees(self, other: Shape) -> bool {
        self == Shape::Any || other == Shape::Any || self == other
    }
}

struct Search<'a> {
    program: &'a Program,
    info: &'a HoleInfo,
    candidates: Vec<Candidate>,
}

impl Search<'_> {
    fn names(&self) -> Vec<Name> {
        self.info.context.iter().map(|(name, _)| name.clone()).collect()
    }

    fn shape(&self, ty: &Term) -> Shape {
        let ty = ty.erase_head(self.program);
        match &*ty.spine().0.kind {
            TermKind::Prim(prim) => Shape::Prim(*prim),
            TermKind::Data(id) => Shape::Data(*id),
            TermKind::Pi(..) => Shape::Function,
            TermKind::Product(_) => Shape::Product,
            _ => Shape::Any,
        }
    }

    fn add(&mut self, text: String, source: FitSource, distance: i64) {
        self.add_open(text, source, distance, Vec::new());
    }

    fn add_open(&mut self, text: String, source: FitSource, distance: i64, opens: Vec<String>) {
        if !self.candidates.iter().any(|known| known.text == text) {
            self.candidates.push(Candidate { text, source, distance, opens });
        }
    }

    /// Candidates that type-check, with their static rank (smaller is better) and term.
    fn admitted(&mut self, options: &FitOptions) -> Vec<(Candidate, i64, Term)> {
        let mut candidates = std::mem::take(&mut self.candidates);
        candidates.sort_by_key(|candidate| (candidate.source, candidate.opens.len(), candidate.distance));
        candidates
            .into_iter()
            .take(options.trials)
            .filter_map(|candidate| {
                let (expr, findings) = match self.info.kind {
                    HoleKind::Type | HoleKind::Entity => parse_type(&candidate.text),
                    _ => parse_term(&candidate.text),
                };
                if !findings.is_empty() {
                    return None;
                }
                let (term, _) =
                    check_in_context(self.program, &self.info.context, &expr, Some(&self.info.ty)).ok()?;
                let rank = 40 * candidate.source as i64 + candidate.distance + 4 * size(&expr);
                Some((candidate, rank, term))
            })
            .collect()
    }

    fn answers(&mut self) {
        let names = self.names();
        for (position, answer) in self.info.answers.iter().enumerate() {
            let text = match self.info.kind {
                HoleKind::Type | HoleKind::Entity => show_type(self.program, &names, answer),
                _ => distill::show(self.program, &names, answer),
            };
            self.add(text, FitSource::Answer, position as i64);
        }
    }

    fn types(&mut self) {
        self.answers();
        for demand in &self.info.demands {
            let text = show_type(self.program, &[], demand);
            self.add(text, FitSource::Use, 0);
        }
        let fresh = self.fresh("element");
        for index in (0..self.program.decls.len()).rev() {
            let id = DeclId(index as u32);
            let Some(decl) = self.program.decl(id) else { continue };
            let own = index >= self.program.prelude_len;
            let source = if own { FitSource::Module } else { FitSource::Library };
            let entity_only = self.info.kind == HoleKind::Entity;
            let params = match &decl.kind {
                DeclKind::Data(data) if !entity_only || data.entity => data.params.len(),
                DeclKind::Alias(params, body) if !entity_only && !matches!(&*body.kind, TermKind::Error) => {
                    params.len()
                }
                _ => continue,
            };
            match params {
                0 => self.add(decl.name.to_string(), source, (self.program.decls.len() - index) as i64 / 8),
                1 => {
                    self.add_open(format!("{} ?{fresh}", decl.name), source, 20, vec![fresh.clone()]);
                }
                _ => {}
            }
        }
        if self.info.kind == HoleKind::Type {
            for (position, name) in ["Int", "Str", "Bool", "Real"].into_iter().enumerate() {
                self.add(name.to_owned(), FitSource::Constructor, position as i64);
            }
        }
    }

    fn terms(&mut self) {
        let wanted = self.shape(&self.info.ty);
        self.answers();
        let locals = self.locals();
        for (distance, (text, shape)) in locals.iter().enumerate() {
            if shape.agrees(wanted) {
                self.add(text.clone(), FitSource::Local, distance as i64);
            }
        }
        self.literals(wanted);
        self.constructors(wanted, &locals);
        self.operators(wanted, &locals);
        self.definitions(wanted, &locals);
    }

    /// Variables in scope and fields of entities in scope, innermost first; hidden ones are left out.
    fn locals(&self) -> Vec<(String, Shape)> {
        let (mut found, count): (Vec<(String, Shape)>, usize) = (Vec::new(), self.info.context.len());
        for (index, (name, ty)) in self.info.context.iter().enumerate().rev() {
            if found.iter().any(|(known, _)| known == &**name) || &**name == "_" {
                continue;
            }
            if matches!(&*ty.kind, TermKind::Universe) {
                continue;
            }
            let ty = ty.shift(count - index);
            let shape = self.shape(&ty);
            found.push((name.to_string(), shape));
        }
        let fields: Vec<(String, Shape)> = found
            .iter()
            .filter_map(|(name, shape)| match shape {
                Shape::Data(id) => self.program.data(*id).filter(|data| data.entity).map(|data| (name, data)),
                _ => None,
            })
            .flat_map(|(name, data)| {
                let fields = data.ctors.first().map(|ctor| ctor.fields.as_slice()).unwrap_or_default();
                fields
                    .iter()
                    .filter_map(move |(field, ty)| {
                        field.as_ref().map(|field| (format!("{name}.{field}"), ty))
                    })
                    .map(|(text, ty)| (text, self.shape(ty)))
            })
            .collect();
        found.extend(fields);
        found
    }

    fn literals(&mut self, wanted: Shape) {
        let texts: &[&str] = match wanted {
            Shape::Prim(PrimType::Bool) => &["true", "false"],
            Shape::Prim(PrimType::Int) => &["0", "1"],
            Shape::Prim(PrimType::Real) => &["0.0", "1.0"],
            Shape::Prim(PrimType::Float) => &["0.0f", "1.0f"],
            Shape::Prim(PrimType::Str) => &["\"\""],
            Shape::Prim(PrimType::Unit) => &["()"],
            Shape::Data(id) if Some(id) == self.program.list() => &["[]"],
            _ => &[],
        };
        for (distance, text) in texts.iter().enumerate() {
            self.add((*text).to_owned(), FitSource::Constructor, distance as i64);
        }
    }

    fn constructors(&mut self, wanted: Shape, locals: &[(String, Shape)]) {
        let Shape::Data(id) = wanted else { return };
        let Some(data) = self.program.data(id).cloned() else { return };
        for (position, ctor) in data.ctors.iter().enumerate() {
            let distance = position as i64;
            if Some(id) == self.program.list() {
                if &*ctor.name == "Cons" {
                    for (head, _) in locals.iter().take(4) {
                        for (tail, _) in locals.iter().filter(|(_, shape)| *shape == wanted).take(3) {
                            self.add(format!("{head} :: {tail}"), FitSource::Constructor, distance);
                        }
                        self.add(format!("[{head}]"), FitSource::Constructor, distance + 1);
                    }
                }
                continue;
            }
            let fields: Vec<(String, Shape)> = ctor
                .fields
                .iter()
                .map(|(name, ty)| (name.as_deref().unwrap_or("value").to_owned(), self.shape(ty)))
                .collect();
            for (args, opens) in self.arguments(&fields, locals) {
                let text = if data.entity {
                    let fields = fields.iter().zip(&args).map(|((name, _), arg)| format!("{name} = {arg}"));
                    format!("{} {{ {} }}", ctor.name, fields.collect::<Vec<_>>().join(", "))
                } else if args.is_empty() {
                    ctor.name.to_string()
                } else {
                    format!("{}({})", ctor.name, args.join(", "))
                };
                self.add_open(text, FitSource::Constructor, distance, opens);
            }
        }
    }

    fn operators(&mut self, wanted: Shape, locals: &[(String, Shape)]) {
        for (numbers, one) in [(PrimType::Real, "1.0"), (PrimType::Float, "1.0f"), (PrimType::Int, "1")] {
            self.arithmetic(wanted, &of_shape(locals, Shape::Prim(numbers)), numbers, one);
        }
        let texts: Vec<&str> = of_shape(locals, Shape::Prim(PrimType::Str));
        if wanted == Shape::Prim(PrimType::Str) {
            for left in &texts {
                for right in texts.iter().filter(|right| *right != left) {
                    self.add(format!("{left} ++ {right}"), FitSource::Operator, 1);
                }
            }
        }
        if wanted == Shape::Prim(PrimType::Bool) {
            for value in of_shape(locals, Shape::Prim(PrimType::Bool)) {
                self.add(format!("!{value}"), FitSource::Operator, 1);
            }
        }
    }

    /// Operators on numbers of one type.
    fn arithmetic(&mut self, wanted: Shape, values: &[&str], numbers: PrimType, one: &str) {
        let own = wanted == Shape::Prim(numbers);
        let operators: &[&str] = match wanted {
            _ if own => &["+", "-", "*"],
            Shape::Prim(PrimType::Bool) => &["==", "<", "<="],
            _ => &[],
        };
        for (distance, operator) in (0..).zip(operators) {
            for (position, left) in values.iter().enumerate() {
                if own && *operator != "*" {
                    self.add(format!("{left} {operator} {one}"), FitSource::Operator, distance);
                }
                for (other, right) in values.iter().enumerate() {
                    let symmetric = matches!(*operator, "+" | "*" | "==");
                    if position != other && (!symmetric || position < other) {
                        self.add(format!("{left} {operator} {right}"), FitSource::Operator, distance + 1);
                    }
                }
            }
        }
        if own {
            for value in values {
                self.add(format!("-{value}"), FitSource::Operator, 2);
            }
        }
    }

    fn definitions(&mut self, wanted: Shape, locals: &[(String, Shape)]) {
        for index in (0..self.program.decls.len()).rev() {
            let id = DeclId(index as u32);
            let Some(decl) = self.program.decl(id).cloned() else { continue };
            let DeclKind::Def(def) = &decl.kind else { continue };
            if self.program.lookup(&decl.name) != Some(id) || !self.shape(&def.result).agrees(wanted) {
                continue;
            }
            let own = index >= self.program.prelude_len;
            let source = if own { FitSource::Module } else { FitSource::Library };
            let explicit: Vec<&Param> =
                def.params.iter().filter(|param| param.icit == Icit::Explicit).collect();
            let params: Vec<(String, Shape)> =
                explicit.iter().map(|param| (param.name.to_string(), self.shape(&param.ty))).collect();
            // Something that returns any type fits everywhere and says little.
            let vague = i64::from(self.shape(&def.result) == Shape::Any) * 30;
            for (args, opens) in self.arguments(&params, locals) {
                let itself = self.info.owner == Some(id)
                    && args.iter().zip(&explicit).all(|(arg, param)| *arg == *param.name);
                if itself {
                    continue;
                }
                let name = crate::ir::overload::surface_name(&decl.name);
                let text = format!("{name}({})", args.join(", "));
                self.add_open(text, source, vague, opens);
            }
        }
    }

    /// Ways to call something with these parameters: from scope where the shape agrees, else with new holes.
    fn arguments(
        &self,
        params: &[(String, Shape)],
        locals: &[(String, Shape)],
    ) -> Vec<(Vec<String>, Vec<String>)> {
        const WAYS: usize = 12;
        let mut ways: Vec<(Vec<String>, Vec<String>)> = vec![(Vec::new(), Vec::new())];
        for (name, shape) in params {
            let choices: Vec<&String> = locals
                .iter()
                .filter(
                    |(_, local)| {
                        if *shape == Shape::Any { *local != Shape::Function } else { local == shape }
                    },
                )
                .map(|(text, _)| text)
                .take(4)
                .collect();
            let mut longer = Vec::new();
            for (args, opens) in &ways {
                for choice in &choices {
                    let mut args = args.clone();
                    args.push((*choice).clone());
                    longer.push((args, opens.clone()));
                }
                if choices.is_empty() {
                    let fresh = self.fresh(name);
                    let taken = opens.iter().filter(|open| open.starts_with(&fresh)).count();
                    let fresh = if taken == 0 { fresh } else { format!("{fresh}_{}", taken + 1) };
                    let (mut args, mut opens) = (args.clone(), opens.clone());
                    args.push(format!("?{fresh}"));
                    opens.push(fresh);
                    longer.push((args, opens));
                }
            }
            // Distinct arguments are likelier than the same one twice.
            longer.sort_by_key(|(args, _)| args.len() - distinct(args));
            longer.truncate(WAYS);
            ways = longer;
        }
        ways.retain(|(_, opens)| {
            opens.len() <= 2 && (opens.len() < params.len().max(1) || params.len() == 1)
        });
        ways
    }

    /// A hole name that is not taken.
    fn fresh(&self, base: &str) -> String {
        let taken = |name: &str| self.program.holes.iter().any(|hole| &*hole.name == name);
        if !taken(base) {
            return base.to_owned();
        }
        (2..)
            .map(|number| format!("{base}_{number}"))
            .find(|name| !taken(name))
            .unwrap_or_else(|| base.to_owned())
    }
}

fn of_shape(locals: &[(String, Shape)], wanted: Shape) -> Vec<&str> {
    locals.iter().filter(|(_, shape)| *shape == wanted).map(|(text, _)| text.as_str()).take(5).collect()
}

fn distinct(args: &[String]) -> usize {
    args.iter()
        .enumerate()
        .filter(|(index, arg)| !args.iter().take(*index).any(|other| other == *arg))
        .count()
}

/// How many nodes a term has.
fn size(expr: &Expr) -> i64 {
    let mut total = i64::from(!matches!(expr.kind, ExprKind::Error));
    expr.for_each_child(&mut |child| total += size(child));
    total
}
