//! The conditions that predicates are made of: comparisons of what is in scope, and what the document says elsewhere.
//!
//! They are written as an author would write them and checked where they would stand; what does not check there is
//! left out.

use super::site::Site;
use crate::check::{Checked, check_in_context};
use crate::ir::distill::show;
use crate::ir::{
    Clause, DeclKind, Literal, Name, Op, Pattern, PatternKind, PrimType, Program, Term, TermKind,
};
use crate::syntax::parse_term;
use num_bigint::BigInt;
use std::collections::BTreeSet;

/// How many are tried for one predicate.
const MOST: usize = 400;
/// How many numbers of the document take part.
const MOST_NUMBERS: usize = 5;

/// A condition on what is in scope.
#[derive(Debug, Clone)]
pub(super) struct Qualifier {
    /// As an author would write it where the predicate stands.
    pub text: String,
    /// The same as a clause of the contract, where the outcome is called `result`.
    pub outcome: String,
    /// Under the variables in scope.
    pub term: Term,
}

/// Conditions on inputs; `asked` are those that the proof itself asks for.
pub(super) fn preconditions(checked: &Checked, site: &Site, asked: &[String]) -> Vec<Qualifier> {
    let names: Vec<String> = site.names().iter().map(ToString::to_string).collect();
    let scope = Scope::new(checked, site, names);
    let mut texts = asked.to_vec();
    texts.extend(mined(checked, site, &scope.names));
    texts.extend(scope.atoms(&scope.all()));
    checked_texts(checked, site, texts.iter().map(|text| (text.clone(), text.clone())))
}

/// Conditions that mention the outcome.
pub(super) fn postconditions(checked: &Checked, site: &Site) -> Vec<Qualifier> {
    let here: Vec<String> = site.names().iter().map(ToString::to_string).collect();
    let mut clause = here.clone();
    if let Some(outcome) = clause.last_mut() {
        *outcome = "result".to_owned();
    }
    let texts = |names: Vec<String>| {
        let mut texts = mined(checked, site, &names);
        texts.extend(Scope::new(checked, site, names).of_outcome());
        texts
    };
    let (here, clause) = (texts(here), texts(clause));
    let mut found = checked_texts(checked, site, here.into_iter().zip(clause));
    found.retain(|qualifier| crate::ir::distill::mentions_innermost(&qualifier.term));
    found
}

/// What is left when everything is left out that follows from the rest, as far as small values show.
pub(super) fn without_consequences(mut all: Vec<Qualifier>, holds: &mut Holds<'_>) -> Vec<Qualifier> {
    // What says most comes first: that it is the same as something, then what is short.
    let says = |qualifier: &Qualifier| {
        let equal = qualifier.text.contains(" == ") || qualifier.text.contains(" <=> ");
        (!equal || qualifier.text.contains(" || "), qualifier.text.len())
    };
    all.sort_by_key(says);
    let rows: Vec<(Qualifier, Vec<bool>)> =
        all.into_iter().map(|qualifier| (qualifier.clone(), holds(&qualifier.term))).collect();
    let mut kept: Vec<(Qualifier, Vec<bool>)> = Vec::new();
    let follows = |row: &[bool], from: &[&[bool]]| {
        (0..row.len()).all(|place| {
            let given = from.iter().all(|other| other.get(place) == Some(&true));
            !given || row.get(place) == Some(&true)
        })
    };
    for (qualifier, row) in rows {
        let from: Vec<&[bool]> = kept.iter().map(|(_, row)| row.as_slice()).collect();
        if !follows(&row, &from) {
            kept.push((qualifier, row));
        }
    }
    for place in (0..kept.len()).rev() {
        let others = kept.iter().enumerate().filter(|(other, _)| *other != place);
        let from: Vec<&[bool]> = others.map(|(_, (_, row))| row.as_slice()).collect();
        if kept.get(place).is_some_and(|(_, row)| follows(row, &from)) {
            kept.remove(place);
        }
    }
    kept.into_iter().map(|(qualifier, _)| qualifier).collect()
}

/// Of which of some values of the variables a condition holds.
pub(super) type Holds<'h> = dyn FnMut(&Term) -> Vec<bool> + 'h;

/// Those that check, each once.
fn checked_texts(
    checked: &Checked,
    site: &Site,
    texts: impl Iterator<Item = (String, String)>,
) -> Vec<Qualifier> {
    let mut seen = BTreeSet::new();
    let bool = TermKind::Prim(PrimType::Bool).into_term();
    texts
        .filter(|(text, _)| seen.insert(text.clone()))
        .take(MOST)
        .filter_map(|(text, outcome)| {
            let (expr, findings) = parse_term(&text);
            if !findings.is_empty() || text.contains('?') {
                return None;
            }
            let (term, _) = check_in_context(&checked.program, &site.context, &expr, Some(&bool)).ok()?;
            Some(Qualifier { text, outcome, term })
        })
        .collect()
}

/// What a variable is, as far as qualifiers care.
#[derive(Debug, Clone)]
enum Shape {
    Int,
    Bool,
    Str,
    List(Box<Shape>),
    Option,
    Sized,
    /// Constructors without fields.
    Choice(Vec<String>),
    /// Fields that are numbers.
    Record(Vec<String>),
    Other,
}

struct Scope {
    names: Vec<String>,
    shapes: Vec<Shape>,
    /// For each variable, its type without refinements.
    types: Vec<Term>,
    numbers: Vec<String>,
}

impl Scope {
    fn new(checked: &Checked, site: &Site, names: Vec<String>) -> Scope {
        let program = &*checked.program;
        let count = site.context.len();
        let types: Vec<Term> = site
            .context
            .iter()
            .enumerate()
            .map(|(place, (_, ty))| ty.shift(count - place).erase_head(program))
            .collect();
        let shapes = types.iter().map(|ty| shape(program, ty)).collect();
        Scope { names, shapes, types, numbers: numbers(checked, site) }
    }

    fn all(&self) -> Vec<usize> {
        (0..self.names.len()).collect()
    }

    fn name(&self, place: usize) -> &str {
        self.names.get(place).map_or("", String::as_str)
    }

    fn variables<'s>(&'s self, places: &'s [usize]) -> impl Iterator<Item = (usize, &'s str, &'s Shape)> {
        places.iter().filter_map(|place| Some((*place, self.name(*place), self.shapes.get(*place)?)))
    }

    /// What is a number, of these variables.
    fn quantities(&self, places: &[usize]) -> Vec<String> {
        self.variables(places)
            .flat_map(|(_, name, shape)| match shape {
                Shape::Int => vec![name.to_owned()],
                Shape::List(_) | Shape::Str => vec![format!("length({name})")],
                Shape::Sized => vec![format!("size({name})"), format!("set_size({name})")],
                Shape::Record(fields) => fields.iter().map(|field| format!("{name}.{field}")).collect(),
                _ => Vec::new(),
            })
            .collect()
    }

    /// Conditions on these variables alone, simple ones first.
    fn atoms(&self, places: &[usize]) -> Vec<String> {
        let mut atoms = Vec::new();
        for (_, name, shape) in self.variables(places) {
            match shape {
                Shape::Bool => atoms.extend([name.to_owned(), format!("!{name}")]),
                Shape::Str => atoms.push(format!("{name} != \"\"")),
                Shape::Option => atoms.extend([format!("is_some({name})"), format!("is_none({name})")]),
                Shape::List(element) => {
                    atoms.push(format!("{name} != []"));
                    if matches!(**element, Shape::Int) {
                        let each = ["!= 0", "> 0", ">= 0"];
                        atoms.extend(each.map(|is| format!("(forall each in {name}. each {is})")));
                    }
                }
                Shape::Choice(names) => {
                    atoms.extend(
                        names
                            .iter()
                            .flat_map(|ctor| [format!("{name} != {ctor}"), format!("{name} == {ctor}")]),
                    );
                }
                _ => {}
            }
        }
        let quantities = self.quantities(places);
        for (place, one) in quantities.iter().enumerate() {
            for number in &self.numbers {
                atoms.extend(["!=", ">=", ">", "<=", "<"].map(|is| format!("{one} {is} {number}")));
            }
            for other in quantities.iter().skip(place + 1) {
                atoms.extend(["!=", "<=", "<", ">=", ">", "=="].map(|is| format!("{one} {is} {other}")));
            }
        }
        for (list, name, _) in self.variables(places).filter(|(.., shape)| matches!(shape, Shape::List(_))) {
            for (place, other, _) in self.variables(places) {
                if self.is_element(list, place) {
                    atoms.extend([
                        format!("contains({name}, {other})"),
                        format!("!contains({name}, {other})"),
                    ]);
                }
            }
        }
        for (place, (one, ty)) in self.names.iter().zip(&self.types).enumerate() {
            for (other, theirs) in self.names.iter().zip(&self.types).skip(place + 1) {
                let compares = !matches!(&*ty.kind, TermKind::Prim(PrimType::Int) | TermKind::Universe);
                if compares && ty.same(theirs) {
                    atoms.extend([format!("{one} == {other}"), format!("{one} != {other}")]);
                }
            }
        }
        atoms
    }

    /// Whether a variable may be among the elements of another, a list.
    fn is_element(&self, list: usize, of: usize) -> bool {
        let element = self.types.get(list).and_then(|ty| ty.spine().1.first());
        self.types.get(of).zip(element).is_some_and(|(ty, element)| ty.same(&element.term))
    }

    /// Conditions on the last variable, with those before it.
    fn of_outcome(&self) -> Vec<String> {
        let Some(last) = self.names.len().checked_sub(1) else { return Vec::new() };
        let (outcome, inputs): (Vec<usize>, Vec<usize>) = (vec![last], (0..last).collect());
        let result = self.name(last);
        let mut found = Vec::new();
        // The same value as an input, first of all.
        for (place, name) in self.names.iter().enumerate().take(last) {
            if self.types.get(place).zip(self.types.get(last)).is_some_and(|(one, other)| one.same(other)) {
                found.push(format!("{result} == {name}"));
            }
        }
        let given = self.quantities(&inputs);
        for own in self.quantities(&outcome) {
            for other in &given {
                found.push(format!("{own} == {other}"));
            }
            let sums = given.iter().enumerate().flat_map(|(place, one)| {
                let pairs = given.iter().skip(place + 1).flat_map(move |other| {
                    [
                        format!("{one} + {other}"),
                        format!("{one} - {other}"),
                        format!("{other} - {one}"),
                        format!("{one} * {other}"),
                    ]
                });
                [format!("{one} + 1"), format!("{one} - 1"), format!("-{one}"), format!("2 * {one}")]
                    .into_iter()
                    .chain(pairs)
            });
            found.extend(sums.map(|sum| format!("{own} == {sum}")));
            for number in &self.numbers {
                found.extend([">=", ">", "<=", "<", "==", "!="].map(|is| format!("{own} {is} {number}")));
            }
            for other in &given {
                found.extend([">=", ">", "<=", "<", "!="].map(|is| format!("{own} {is} {other}")));
            }
            let ends: Vec<String> =
                given.iter().cloned().chain(given.iter().map(|one| format!("-{one}"))).collect();
            for (place, one) in ends.iter().enumerate() {
                let others = ends.iter().skip(place + 1).chain(&self.numbers);
                found.extend(others.map(|other| format!("({own} == {one} || {own} == {other})")));
            }
        }
        // What the outcome says of the inputs.
        let saying = match self.shapes.get(last) {
            Some(Shape::Bool) => Some(result.to_owned()),
            Some(Shape::Option) => Some(format!("is_some({result})")),
            _ => None,
        };
        if let Some(saying) = saying {
            found.extend(self.atoms(&inputs).into_iter().map(|atom| format!("({saying} <=> ({atom}))")));
        }
        found.extend(self.atoms(&outcome));
        found
    }
}

fn shape(program: &Program, ty: &Term) -> Shape {
    let (head, args) = ty.spine();
    match &*head.kind {
        TermKind::Prim(PrimType::Int) => Shape::Int,
        TermKind::Prim(PrimType::Bool) => Shape::Bool,
        TermKind::Prim(PrimType::Str) => Shape::Str,
        TermKind::Data(decl) if program.list() == Some(*decl) => {
            let element = args.first().map(|arg| shape(program, &arg.term.erase_head(program)));
            Shape::List(Box::new(element.unwrap_or(Shape::Other)))
        }
        TermKind::Data(decl) if program.option() == Some(*decl) => Shape::Option,
        TermKind::Data(decl) if program.is_collection(*decl) => Shape::Sized,
        TermKind::Data(decl) => {
            let Some(data) = program.data(*decl) else { return Shape::Other };
            if data.entity {
                let fields = data.ctors.iter().flat_map(|ctor| &ctor.fields);
                let numbers = fields
                    .filter(|(_, ty)| matches!(&*ty.erase_head(program).kind, TermKind::Prim(PrimType::Int)));
                return Shape::Record(
                    numbers.filter_map(|(name, _)| Some(name.as_ref()?.to_string())).collect(),
                );
            }
            let plain = data.ctors.iter().filter(|ctor| ctor.fields.is_empty());
            Shape::Choice(plain.map(|ctor| ctor.name.to_string()).take(6).collect())
        }
        _ => Shape::Other,
    }
}

/// The numbers of a pattern.
fn read(pattern: &Pattern, found: &mut BTreeSet<BigInt>) {
    match &pattern.kind {
        PatternKind::Lit(Literal::Int(number)) => {
            found.insert(number.clone());
        }
        PatternKind::Con(_, _, parts) | PatternKind::Tuple(parts) => {
            parts.iter().for_each(|part| read(part, found));
        }
        _ => {}
    }
}

/// 0, 1, and the numbers that the owner and its judges are written with.
fn numbers(checked: &Checked, site: &Site) -> Vec<String> {
    let mut found: BTreeSet<BigInt> = BTreeSet::new();
    for name in site.judges.iter().chain([&site.owner]) {
        let Some(decl) = checked.program.lookup(name).and_then(|id| checked.program.decl(id)) else {
            continue;
        };
        for term in terms(&decl.kind) {
            term.walk(&mut |part| match &*part.kind {
                TermKind::Lit(Literal::Int(number)) => {
                    found.insert(number.clone());
                }
                TermKind::Match(_, _, arms) => arms.iter().for_each(|arm| read(&arm.pattern, &mut found)),
                _ => {}
            });
        }
    }
    let usual = [0, 1].map(BigInt::from);
    let others = found.into_iter().filter(|number| !usual.contains(number)).take(MOST_NUMBERS);
    usual.iter().cloned().chain(others).map(|number| number.to_string()).collect()
}

fn terms(decl: &DeclKind) -> Vec<&Term> {
    match decl {
        DeclKind::Def(def) => def.body.iter().chain(clauses(decl)).collect(),
        _ => clauses(decl).collect(),
    }
}

/// The conditions of a contract.
fn clauses(decl: &DeclKind) -> impl Iterator<Item = &Term> {
    let (requires, ensures): (&[Clause], &[Clause]) = match decl {
        DeclKind::Def(def) => (&def.requires, &def.ensures),
        DeclKind::Spec(spec) => (&spec.requires, &spec.ensures),
        DeclKind::Data(data) => (&data.invariants, &[]),
        _ => (&[], &[]),
    };
    requires.iter().chain(ensures).map(|clause| &clause.body)
}

/// What the document says elsewhere of variables of these names, and what its refinements say of single values.
fn mined(checked: &Checked, site: &Site, names: &[String]) -> Vec<String> {
    let program = &*checked.program;
    let mut found = Vec::new();
    for decl in program.own().filter_map(|id| program.decl(id)) {
        let params: Vec<Name> = match &decl.kind {
            DeclKind::Def(def) => def.params.iter().map(|param| param.name.clone()).collect(),
            DeclKind::Spec(spec) => spec.params.iter().map(|param| param.name.clone()).collect(),
            DeclKind::Alias(params, body) if params.is_empty() => {
                if let TermKind::Refine(_, base, predicate) = &*body.kind {
                    let base = base.erase_head(program);
                    let alike = site.context.iter().zip(names);
                    let alike = alike.filter(|((_, ty), _)| ty.erase_head(program).same(&base));
                    for (_, name) in alike {
                        let context: [Name; 1] = [name.as_str().into()];
                        found.extend(conjuncts(predicate).iter().map(|part| show(program, &context, part)));
                    }
                }
                continue;
            }
            _ => continue,
        };
        let outcome = names.last().map_or("result", String::as_str);
        let context: Vec<Name> = params.into_iter().chain([outcome.into()]).collect();
        let of_inputs = context.split_last().map_or(&[][..], |(_, inputs)| inputs);
        let (requires, ensures): (&[Clause], &[Clause]) = match &decl.kind {
            DeclKind::Def(def) => (&def.requires, &def.ensures),
            DeclKind::Spec(spec) => (&spec.requires, &spec.ensures),
            _ => continue,
        };
        for clause in requires {
            found.extend(conjuncts(&clause.body).iter().map(|part| show(program, of_inputs, part)));
        }
        for clause in ensures {
            found.extend(conjuncts(&clause.body).iter().map(|part| show(program, &context, part)));
        }
    }
    found
}

fn conjuncts(term: &Term) -> Vec<Term> {
    match &*term.kind {
        TermKind::Op(Op::And, items) => items.iter().flat_map(conjuncts).collect(),
        _ => vec![term.clone()],
    }
}
