//! Looking for a counterexample by trying small inputs.
//!
//! Small means: numbers around 0 and around those written in the declaration, short texts and lists, each
//! constructor. Smaller inputs come first, so what is found is close to the smallest there is. The search is bounded
//! by evaluation steps and finds the same thing every time.

use crate::eval::{Env, Value};
use crate::ir::{
    DeclKind, Float, Literal, Name, Native, Pattern, PatternKind, PrimType, Program, Rational, Term, TermKind,
};
use crate::logic::dependencies::each_subterm;
use crate::logic::formula::Id;
use crate::logic::obligation::{Frame, Obligation};
use crate::logic::replay::{Choose, Runner, Seen};
use num_bigint::BigInt;
use num_traits::Signed;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// How far to look.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Evaluation steps.
    pub steps: u64,
    /// Values per variable, from narrow to wide.
    pub widths: &'static [usize],
}

/// A glance, before anyone is asked.
pub const GLANCE: Effort = Effort { steps: 40_000, widths: &[3, 7] };
/// A glance after a counterexample was found: is there a smaller one?
pub const SHRINK: Effort = Effort { steps: 100_000, widths: &[3, 7, 12] };
/// A proper look, when the solver has no proof.
pub const LOOK: Effort = Effort { steps: 600_000, widths: &[4, 9, 16, 30, 60] };

/// Values for the variables on the way, by the names they have there.
pub type Inputs = Vec<(Name, Value)>;

/// Tries small inputs; the first under which the obligation fails.
pub fn search(
    runner: &mut Runner<'_>,
    hints: &Hints,
    obligation: &Obligation,
    effort: Effort,
) -> Option<Inputs> {
    let end = runner.steps.saturating_add(effort.steps);
    effort.widths.iter().find_map(|width| {
        let mut inputs = Vec::new();
        let mut walk =
            Walk { runner, hints, obligation, width: *width, end, inputs: &mut inputs, undecided: 0 };
        let found = walk.from(0, &Env::new());
        found.then_some(inputs)
    })
}

/// Small values of a type, smaller ones first, each of which belongs to it.
pub fn small_values(
    runner: &mut Runner<'_>,
    hints: &Hints,
    ty: &Term,
    env: &Env,
    width: usize,
) -> Vec<Value> {
    let found = Values { runner, hints, depth: 0 }.of(ty, env, width);
    found.into_iter().filter(|value| runner.belongs(value, ty, env) == Some(true)).collect()
}

struct Walk<'a, 'p> {
    runner: &'a mut Runner<'p>,
    hints: &'a Hints,
    obligation: &'a Obligation,
    width: usize,
    end: u64,
    inputs: &'a mut Inputs,
    /// Times in a row that running showed nothing.
    undecided: usize,
}

/// After so many runs in a row that showed nothing, the next would not either.
const FUTILE: usize = 60;

impl Walk<'_, '_> {
    /// Whether some choice from frame `place` on makes the obligation fail; the choices are left in `inputs`.
    fn from(&mut self, place: usize, env: &Env) -> bool {
        let (mut place, mut env) = (place, env.clone());
        loop {
            if self.runner.steps >= self.end || self.undecided >= FUTILE {
                return false;
            }
            let Some(frame) = self.obligation.frames.get(place) else {
                return self.see(|runner, obligation| runner.claim(&obligation.claim, &env));
            };
            if let Frame::Any(name, ty, _) = &**frame {
                let mut values = Values { runner: self.runner, hints: self.hints, depth: 0 };
                for value in values.of(ty, &env, self.width) {
                    if self.runner.belongs(&value, ty, &env) != Some(true) {
                        continue;
                    }
                    self.inputs.push((name.clone(), value.clone()));
                    if self.from(place + 1, &env.with(value)) {
                        return true;
                    }
                    self.inputs.pop();
                }
                return false;
            }
            match self.runner.passed(frame, &env) {
                Ok(next) => (place, env) = (place + 1, next),
                Err(seen) => return self.see(|_, _| seen),
            }
        }
    }

    fn see(&mut self, look: impl FnOnce(&mut Runner<'_>, &Obligation) -> Seen) -> bool {
        let seen = look(self.runner, self.obligation);
        self.undecided = if seen == Seen::Undecided { self.undecided + 1 } else { 0 };
        seen == Seen::Fails
    }
}

/// Numbers and texts worth trying because the declaration mentions them.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    numbers: Vec<BigInt>,
    fractions: Vec<Rational>,
    texts: Vec<Arc<str>>,
}

impl Hints {
    /// What a declaration and whatever it mentions directly has for literals, and their neighbours.
    pub fn of(program: &Program, decl: &DeclKind) -> Self {
        let (mut numbers, mut texts, mut fractions) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut read = |term: &Term, aliases: &mut Vec<Term>| {
            each_subterm(term, &mut |part| match &*part.kind {
                TermKind::Lit(Literal::Real(value)) => {
                    fractions.extend([-1, 0, 1].map(|by: i64| value.plus(&by.into())));
                }
                TermKind::Lit(Literal::Float(value)) => fractions.extend(value.to_rational()),
                TermKind::Lit(literal) => hint(literal, &mut numbers, &mut texts),
                TermKind::Match(_, _, arms) => {
                    arms.iter().for_each(|arm| pattern_hints(&arm.pattern, &mut numbers, &mut texts));
                }
                TermKind::Global(id) | TermKind::Data(id) => match program.decl(*id).map(|decl| &decl.kind) {
                    Some(DeclKind::Alias(_, body)) => aliases.push(body.clone()),
                    Some(DeclKind::Data(data)) => {
                        aliases.extend(data.invariants.iter().map(|clause| clause.body.clone()));
                        aliases.extend(
                            data.ctors
                                .iter()
                                .flat_map(|ctor| &ctor.fields)
                                .map(|(_, ty)| ty.clone())
                                .take(20),
                        );
                    }
                    _ => {}
                },
                _ => {}
            });
        };
        let mut more: Vec<Term> = Vec::new();
        for term in terms_of(decl) {
            read(term, &mut more);
        }
        // Abbreviations and data one step away; no further, they may be recursive.
        let mut further = Vec::new();
        for term in more.iter().take(100) {
            read(term, &mut further);
        }
        let mut numbers: Vec<BigInt> = numbers.into_iter().collect();
        numbers.sort_by_key(|number| (number.abs(), number.is_negative()));
        let mut fractions: Vec<Rational> = fractions.into_iter().collect();
        fractions.sort_by_key(Rational::bits);
        Hints { numbers, fractions, texts: texts.into_iter().collect() }
    }

    /// More numbers to try: a model's.
    pub fn with_numbers(&self, more: impl IntoIterator<Item = BigInt>) -> Self {
        let mut hints = self.clone();
        hints.numbers.extend(more);
        hints
    }
}

fn hint(literal: &Literal, numbers: &mut BTreeSet<BigInt>, texts: &mut BTreeSet<Arc<str>>) {
    match literal {
        Literal::Int(value) => numbers.extend([value - 1, value.clone(), value + 1]),
        Literal::Str(text) => {
            texts.insert(text.clone());
        }
        _ => {}
    }
}

fn pattern_hints(pattern: &Pattern, numbers: &mut BTreeSet<BigInt>, texts: &mut BTreeSet<Arc<str>>) {
    let mut todo = vec![pattern];
    while let Some(pattern) = todo.pop() {
        match &pattern.kind {
            PatternKind::Lit(literal) => hint(literal, numbers, texts),
            PatternKind::Con(_, _, parts) | PatternKind::Tuple(parts) => todo.extend(parts),
            PatternKind::Wildcard | PatternKind::Var(..) => {}
        }
    }
}

/// The terms of a declaration.
fn terms_of(decl: &DeclKind) -> Vec<&Term> {
    match decl {
        DeclKind::Def(def) => {
            let clauses = def.requires.iter().chain(&def.ensures).map(|clause| &clause.body);
            let params = def.params.iter().map(|param| &param.ty);
            params.chain([&def.result]).chain(clauses).chain(&def.body).chain(&def.decreases).collect()
        }
        DeclKind::Spec(spec) => {
            let clauses = spec.requires.iter().chain(&spec.ensures).map(|clause| &clause.body);
            spec.params.iter().map(|param| &param.ty).chain([&spec.result]).chain(clauses).collect()
        }
        DeclKind::Data(data) => {
            let fields = data.ctors.iter().flat_map(|ctor| &ctor.fields).map(|(_, ty)| ty);
            fields.chain(data.invariants.iter().map(|clause| &clause.body)).collect()
        }
        DeclKind::Alias(params, body) => params.iter().map(|param| &param.ty).chain([body]).collect(),
        DeclKind::Intent(_) => Vec::new(),
    }
}

/// Small values of types.
struct Values<'a, 'p> {
    runner: &'a mut Runner<'p>,
    hints: &'a Hints,
    depth: usize,
}

/// Data nest this deep at most.
const DEEPEST: usize = 4;

impl Values<'_, '_> {
    /// Up to `width` values, smaller ones first. They may be outside a refinement: the caller looks.
    fn of(&mut self, ty: &Term, env: &Env, width: usize) -> Vec<Value> {
        if width == 0 || self.depth > DEEPEST + 4 {
            return Vec::new();
        }
        self.depth += 1;
        let mut values = self.inside(ty, env, width);
        self.depth -= 1;
        values.truncate(width);
        values
    }

    fn inside(&mut self, ty: &Term, env: &Env, width: usize) -> Vec<Value> {
        let program = self.runner.program;
        let ty = ty.unfold(program);
        let (head, args) = ty.spine();
        match &*head.kind {
            TermKind::Prim(PrimType::Int) => self.numbers(width),
            TermKind::Prim(PrimType::Real) => self.fractions(width),
            TermKind::Prim(PrimType::Float) => self.floats(width),
            TermKind::Prim(PrimType::Bool) => vec![Value::Bool(false), Value::Bool(true)],
            TermKind::Prim(PrimType::Unit) => vec![Value::Unit],
            TermKind::Prim(PrimType::Str) => self.texts(width),
            TermKind::Refine(_, base, _) => {
                // Look further for values that belong; their order stays.
                let all = self.of(base, env, width * 4 + 8);
                all.into_iter().filter(|value| self.runner.belongs(value, &ty, env) == Some(true)).collect()
            }
            TermKind::Product(items) => {
                let columns = items.iter().map(|item| self.of(item, env, width)).collect();
                rows(columns, width * 2).into_iter().map(Value::tuple).collect()
            }
            TermKind::Data(decl) if program.list() == Some(*decl) => {
                let Some(element) = args.first() else { return Vec::new() };
                let elements = self.of(&element.term, env, width.min(5));
                let hinted = self.hinted(&element.term, width);
                let lists = with_hinted(lists(&elements, width), hinted, width);
                lists.into_iter().map(|items| Value::list(*decl, items)).collect()
            }
            TermKind::Data(decl) if program.is_collection(*decl) => {
                let columns: Vec<Vec<Value>> =
                    args.iter().map(|arg| self.of(&arg.term, env, width.min(5))).collect();
                let (by, rows): (Native, Vec<Value>) = match columns.len() {
                    0 => (Native::BytesOf, [0, 65, 255].into_iter().map(Value::int).collect()),
                    1 => (Native::SetOf, columns.into_iter().flatten().collect()),
                    _ => {
                        let rows = rows(columns, width.min(8));
                        (Native::MapOf, rows.into_iter().map(Value::tuple).collect())
                    }
                };
                let Some(list) = program.list() else { return Vec::new() };
                let hinted = match args {
                    [element] => self.hinted(&element.term, width),
                    _ => Vec::new(),
                };
                let mut found: Vec<Value> = Vec::new();
                for items in with_hinted(lists(&rows, width * 2), hinted, width * 2) {
                    let made = crate::eval::native(program, by, &[Value::list(list, items)]);
                    found.extend(made.filter(|made| !found.contains(made)));
                }
                found
            }
            TermKind::Data(decl) => {
                let Some(data) = program.data(*decl) else { return Vec::new() };
                let inner = args.iter().zip(&data.params).fold(Env::new(), |inner, (arg, param)| {
                    if !matches!(&*param.ty.kind, TermKind::Universe)
                        && let Some(index) = self.runner.value(&arg.term, env)
                    {
                        return inner.with(index);
                    }
                    let ty = crate::eval::TypeClosure { term: arg.term.clone(), env: env.clone() };
                    inner.with(Value::Type(Arc::new(ty)))
                });
                let mut each: Vec<Vec<Value>> = Vec::new();
                for (number, ctor) in data.ctors.iter().enumerate() {
                    if self.depth > DEEPEST && !ctor.fields.is_empty() {
                        continue;
                    }
                    // Fields whose types mention earlier fields are read with the first value of those.
                    let (mut columns, mut scope) = (Vec::new(), inner.clone());
                    for (_, ty) in &ctor.fields {
                        let column = self.of(ty, &scope, width.min(6));
                        let Some(first) = column.first().cloned() else { break };
                        scope = scope.with(first);
                        columns.push(column);
                    }
                    if columns.len() == ctor.fields.len() {
                        let made = rows(columns, width * 2);
                        each.push(made.into_iter().map(|row| Value::data(*decl, number, row)).collect());
                    }
                }
                interleaved(each, width * 2)
            }
            TermKind::Var(index) => match env.get(*index).cloned() {
                Some(Value::Type(closure)) => self.of(&closure.term, &closure.env, width),
                _ => Vec::new(),
            },
            TermKind::Pi(_, name, domain, codomain) => self.functions(name, domain, codomain, env, width),
            _ => Vec::new(),
        }
    }

    /// Lists of the numbers that are written in the declaration: each alone, neighbours together, all of them.
    fn hinted(&self, element: &Term, width: usize) -> Vec<Vec<Value>> {
        let is_number =
            matches!(&*element.erase_head(self.runner.program).kind, TermKind::Prim(PrimType::Int));
        if !is_number || width < WIDE {
            return Vec::new();
        }
        let numbers: Vec<Value> = self.hints.numbers.iter().take(8).cloned().map(Value::Int).collect();
        let alone = numbers.iter().map(|number| vec![number.clone()]);
        let together = numbers.windows(2).map(<[Value]>::to_vec);
        alone.chain(together).chain([numbers.clone()]).collect()
    }

    fn numbers(&self, width: usize) -> Vec<Value> {
        let near = [0, 1, -1, 2, -2, 3];
        let far =
            [-3, 4, 5, -5, 7, 10, -10, 12, 100, -100, 1000, 6, 8, 9, 11, 13, 14, 15, 16, 17, -7, -16, 31];
        let farther = [32, 24, 20, 63, 64, -64, 255, 256, 365, 10_000, -1000, 1_000_000];
        let mut seen = BTreeSet::new();
        near.into_iter()
            .map(BigInt::from)
            .chain(self.hints.numbers.iter().cloned())
            .chain(far.into_iter().chain(farther).map(BigInt::from))
            .filter(|number| seen.insert(number.clone()))
            .take(width)
            .map(Value::Int)
            .collect()
    }

    fn fractions(&self, width: usize) -> Vec<Value> {
        let near = [(0, 1), (1, 1), (-1, 1), (1, 2), (2, 1), (-1, 2), (3, 1), (1, 3)];
        let far =
            [(-2, 1), (3, 2), (-3, 2), (10, 1), (-1, 3), (1, 10), (-10, 1), (100, 1), (2, 3), (-100, 1)];
        let small = |(above, below): (i64, i64)| Rational::new(above.into(), below.into());
        let whole = self.hints.numbers.iter().cloned().map(Rational::from);
        let mut seen = HashSet::new();
        let near = near.into_iter().filter_map(small).chain(self.hints.fractions.iter().cloned());
        near.chain(whole)
            .chain(far.into_iter().filter_map(small))
            .filter(|number| seen.insert(number.clone()))
            .take(width)
            .map(Value::real)
            .collect()
    }

    fn floats(&self, width: usize) -> Vec<Value> {
        let near = [0.0, 1.0, f64::NAN, -1.0, -0.0, f64::INFINITY, 0.5];
        let far =
            [f64::NEG_INFINITY, 2.0, 0.1, 0.2, 3.0, -0.5, 1e16, f64::MAX, f64::MIN, 5e-324, 1e300, 1.0 / 3.0];
        let hinted = self.hints.fractions.iter().map(|number| number.to_float());
        let mut seen = HashSet::new();
        near.into_iter()
            .map(Float::new)
            .chain(hinted)
            .chain(far.into_iter().map(Float::new))
            .filter(|number| seen.insert(*number))
            .take(width)
            .map(Value::Float)
            .collect()
    }

    fn texts(&self, width: usize) -> Vec<Value> {
        let near = ["", "a", "b", "ab", " "];
        let far =
            ["aa", "0", "-1", "ba", "a b", "abc", "aba", "A", " a ", "12", "a,b", "é", "\n", "\u{10FFFF}"];
        let mut seen = BTreeSet::new();
        let hinted = self.hints.texts.iter().map(|text| text.to_string());
        let twice = self.hints.texts.iter().map(|text| format!("{text}{text}"));
        near.into_iter()
            .map(str::to_owned)
            .chain(hinted)
            .chain(twice)
            .chain(far.into_iter().map(str::to_owned))
            .filter(|text| seen.insert(text.clone()))
            .take(width)
            .map(|text| Value::text(&text))
            .collect()
    }

    /// Functions that ignore their argument, and the one that gives it back where the types allow.
    fn functions(
        &mut self,
        name: &Name,
        domain: &Term,
        codomain: &Term,
        env: &Env,
        width: usize,
    ) -> Vec<Value> {
        let lam = |body: Term| {
            TermKind::Lam(crate::ir::Icit::Explicit, name.clone(), domain.clone(), body).into_term()
        };
        let mut found: Vec<Value> = Vec::new();
        let var = TermKind::Var(0).into_term();
        let (from, to) = (domain.erase_head(self.runner.program), codomain.unfold(self.runner.program));
        if from.shift(1).same(&to) && matches!(&*to.kind, TermKind::Prim(_) | TermKind::Var(_)) {
            found.extend(self.runner.value(&lam(var.clone()), env));
        }
        let is_int = |ty: &Term| matches!(&*ty.kind, TermKind::Prim(PrimType::Int));
        let int = |value: i64| TermKind::Lit(Literal::Int(value.into())).into_term();
        let op = |op, args| TermKind::Op(op, args).into_term();
        if is_int(&from) && is_int(&to) {
            found.extend(self.runner.value(&lam(op(crate::ir::Op::Add, vec![var.clone(), int(1)])), env));
            found.extend(self.runner.value(&lam(op(crate::ir::Op::Neg, vec![var.clone()])), env));
        }
        if is_int(&from) && matches!(&*to.kind, TermKind::Prim(PrimType::Bool)) {
            found.extend(self.runner.value(&lam(op(crate::ir::Op::Lt, vec![int(0), var.clone()])), env));
            found.extend(self.runner.value(&lam(op(crate::ir::Op::Lt, vec![var.clone(), int(0)])), env));
        }
        // Constant functions: the value waits outside, one variable further out than the argument. They belong
        // to the type only when its codomain does not mention the argument.
        if !codomain.instantiate(&[TermKind::Lit(Literal::Unit).into_term()]).shift(1).same(codomain) {
            return found;
        }
        let outcomes = self.of(codomain, &env.with(Value::Unit), width.min(4));
        for outcome in outcomes {
            let inner = env.with(outcome);
            let body = TermKind::Var(1).into_term();
            let shifted =
                TermKind::Lam(crate::ir::Icit::Explicit, name.clone(), domain.shift(1), body).into_term();
            found.extend(self.runner.value(&shifted, &inner));
        }
        found
    }
}

/// From this width on a third of the room is for what the declaration hints at.
const WIDE: usize = 9;

/// Values, the last of which make room for those that are hinted at.
fn with_hinted(mut found: Vec<Vec<Value>>, hinted: Vec<Vec<Value>>, width: usize) -> Vec<Vec<Value>> {
    let room = hinted.len().min(width / 3);
    found.truncate(width - room);
    // Spread over all of them: what comes last is as telling as what comes first.
    let step = (hinted.len() / room.max(1)).max(1);
    found.extend(hinted.into_iter().rev().step_by(step).take(room));
    found
}

/// Lists of these elements: the empty one, then by length.
fn lists(elements: &[Value], width: usize) -> Vec<Vec<Value>> {
    let mut found: Vec<Vec<Value>> = vec![Vec::new()];
    let mut last: Vec<Vec<Value>> = vec![Vec::new()];
    let few = elements.iter().take(if width < 8 { 3 } else { 4 });
    let few: Vec<&Value> = few.collect();
    while found.len() < width && !few.is_empty() && last.first().is_some_and(|list| list.len() < 4) {
        let longer: Vec<Vec<Value>> = last
            .iter()
            .flat_map(|list| {
                few.iter().map(|element| list.iter().cloned().chain([(*element).clone()]).collect::<Vec<_>>())
            })
            .collect();
        // All lists of a length are tried before longer ones as long as there is room; then a few of each.
        let room = (width - found.len()).max(1);
        let step = (longer.len() / room).max(1);
        found.extend(longer.iter().step_by(step).take(room).cloned());
        last = longer.into_iter().take(64).collect();
    }
    found
}

/// Combinations of one value from each column, small ones first.
fn rows(columns: Vec<Vec<Value>>, most: usize) -> Vec<Vec<Value>> {
    let mut found: Vec<(usize, Vec<Value>)> = vec![(0, Vec::new())];
    for column in columns {
        let mut next: Vec<(usize, Vec<Value>)> = Vec::new();
        for (cost, row) in &found {
            for (extra, value) in column.iter().enumerate() {
                next.push((cost + extra, row.iter().cloned().chain([value.clone()]).collect()));
            }
        }
        next.sort_by_key(|(cost, _)| *cost);
        next.truncate(most.max(1) * 2);
        found = next;
    }
    found.into_iter().map(|(_, row)| row).take(most).collect()
}

/// The first of each, then the second of each, and so on.
fn interleaved(each: Vec<Vec<Value>>, most: usize) -> Vec<Value> {
    let longest = each.iter().map(Vec::len).max().unwrap_or(0);
    (0..longest)
        .flat_map(|place| each.iter().filter_map(move |list| list.get(place).cloned()))
        .take(most)
        .collect()
}

/// Gives back fixed values by constant.
pub struct Fixed<'a> {
    /// What each constant is.
    pub values: &'a [(Id, Value)],
    /// What was given, in order.
    pub given: Inputs,
}

impl Choose for Fixed<'_> {
    fn choose(&mut self, name: &Name, _: &Term, _: &Env, constant: Id) -> Option<Value> {
        let value = self.values.iter().find(|(id, _)| *id == constant).map(|(_, value)| value.clone())?;
        self.given.push((name.clone(), value.clone()));
        Some(value)
    }
}
