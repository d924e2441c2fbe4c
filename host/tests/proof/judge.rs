//! The judge of verdicts: the evaluator, on every input of a small domain, with every contract checked.

use lift_core::eval::{
    ClauseKind, Contracts, Env, EvalErrorKind, Limits, Options, Outcome, Value, call, evaluate, print_value,
};
use lift_core::ir::{DeclId, Icit, Literal, Op, PrimType, Program, Term, TermKind};

/// Inputs tried for one definition at most.
pub const MOST_INPUTS: usize = 4_000;

fn options() -> Options {
    let limits = Limits { steps: 30_000, depth: 3_000, memory: 8 << 20, ..Limits::default() };
    Options { limits, contracts: Contracts::Check }
}

/// What running a definition showed.
#[derive(Default)]
pub struct Tried {
    /// An input that the precondition allows and under which a promise is broken or an operation fails.
    pub fault: Option<String>,
    /// How many inputs gave a value: without any, that there is no fault says nothing.
    pub runs: usize,
}

/// Runs a definition on small inputs, up to the first fault.
pub fn tried(program: &Program, id: DeclId, most: usize) -> Tried {
    let mut tried = Tried::default();
    tried.fault = run(program, id, most, &mut tried.runs);
    tried
}

fn run(program: &Program, id: DeclId, most: usize, runs: &mut usize) -> Option<String> {
    let def = program.def(id)?;
    let implicit = def.params.iter().filter(|param| param.icit == Icit::Implicit).count();
    let plain: Vec<Term> = vec![int(); implicit];
    // A type may mention earlier parameters: where it does, the values are filtered.
    let columns: Option<Vec<Vec<Value>>> = def
        .params
        .iter()
        .skip(implicit)
        .enumerate()
        .map(|(place, param)| {
            let unknown = vec![TermKind::Error.into_term(); place];
            let ty = param.ty.instantiate(&plain.iter().cloned().chain(unknown).collect::<Vec<_>>());
            values(program, &ty, 0).filter(|values| !values.is_empty())
        })
        .collect();
    let columns = columns?;
    let total: usize = columns.iter().map(Vec::len).product();
    let step = (total / most).max(1) | 1;
    for number in (0..total).step_by(step) {
        let mut rest = number;
        let args: Vec<Value> = columns
            .iter()
            .map(|column| {
                let value = column[rest % column.len()].clone();
                rest /= column.len();
                value
            })
            .collect();
        if implicit == 0 && !are_inputs(program, id, &args) {
            continue;
        }
        let shown = || args.iter().map(|arg| print_value(program, arg)).collect::<Vec<_>>().join(", ");
        match call(program, id, &args, &options()).outcome {
            Outcome::Value(_) => *runs += 1,
            Outcome::Indeterminate(_) => {}
            Outcome::Error(error) if error.is_limit() => {}
            Outcome::Error(error) => {
                if let EvalErrorKind::Contract(found) = &error.kind
                    && found.outermost
                    && matches!(found.clause, ClauseKind::Requires | ClauseKind::Parameter)
                {
                    continue;
                }
                return Some(format!("({}): {error}", shown()));
            }
        }
    }
    None
}

/// Whether values are of the parameters' types: invariants inside them hold too.
fn are_inputs(program: &Program, id: DeclId, args: &[Value]) -> bool {
    let Some(def) = program.def(id) else { return false };
    (0..args.len()).all(|place| {
        if is_function(program, &def.params[place].ty) {
            return true;
        }
        // `let it: T = v in it`, with contracts checked.
        let var = TermKind::Var(0).into_term();
        let ty = def.params[place].ty.shift(1);
        let question = TermKind::Let("it".into(), ty, var.clone(), var).into_term();
        let env = Env::of(args[..=place].iter().cloned());
        matches!(evaluate(program, &question, &env, &options()).outcome, Outcome::Value(_))
    })
}

fn is_function(program: &Program, ty: &Term) -> bool {
    matches!(&*ty.unfold(program).kind, TermKind::Pi(..))
}

fn int() -> Term {
    TermKind::Prim(PrimType::Int).into_term()
}

fn number(value: i64) -> Term {
    TermKind::Lit(Literal::Int(value.into())).into_term()
}

/// Functions of a type: the same outcome everywhere, the argument itself, and such as fail outside their domain.
fn functions(program: &Program, domain: &Term, codomain: &Term) -> Option<Vec<Value>> {
    let var = || TermKind::Var(0).into_term();
    let op = |op, args: Vec<Term>| TermKind::Op(op, args).into_term();
    let mut bodies: Vec<Term> = Vec::new();
    let (from, to) = (domain.erase_head(program), codomain.erase_head(program));
    let is = |ty: &Term, prim: PrimType| matches!(&*ty.kind, TermKind::Prim(found) if *found == prim);
    // What is not allowed to fail anywhere a refinement lets in.
    let guard = match &*domain.unfold(program).kind {
        TermKind::Refine(_, _, predicate) => Some(predicate.clone()),
        _ => None,
    };
    if is(&to, PrimType::Int) {
        bodies.extend([0, 1, 3, -2].map(number));
        let refined = matches!(&*codomain.unfold(program).kind, TermKind::Refine(..));
        if refined && codomain.same(domain) {
            bodies.push(var());
        }
        // Of a refined outcome, only what is right everywhere.
        if is(&from, PrimType::Int) && !refined {
            bodies.push(var());
            bodies.push(op(Op::Add, vec![var(), number(1)]));
            bodies.push(op(Op::Neg, vec![var()]));
            bodies.push(op(Op::Mul, vec![var(), var()]));
        }
    } else if is(&to, PrimType::Bool) {
        bodies.extend([true, false].map(|value| TermKind::Lit(Literal::Bool(value)).into_term()));
        if is(&from, PrimType::Int) {
            bodies.push(op(Op::Gt, vec![var(), number(0)]));
            bodies.push(op(Op::Ne, vec![int(), var(), number(1)]));
        }
    } else if let TermKind::Pi(Icit::Explicit, name, inner, result) = &*to.kind
        && is(&inner.erase_head(program), PrimType::Int)
        && is(&result.erase_head(program), PrimType::Int)
    {
        // A function of two.
        let (a, b) = (TermKind::Var(1).into_term(), var());
        for body in [a.clone(), b.clone(), op(Op::Add, vec![a.clone(), b.clone()]), op(Op::Sub, vec![a, b])] {
            bodies.push(TermKind::Lam(Icit::Explicit, name.clone(), int(), body).into_term());
        }
    } else {
        return None;
    }
    let allowed =
        |body: &Term| TermKind::Lam(Icit::Explicit, "x".into(), from.clone(), body.clone()).into_term();
    let mut terms: Vec<Term> = bodies.iter().map(allowed).collect();
    if let Some(guard) = guard {
        let fault = op(Op::Div, vec![number(1), number(0)]);
        for body in bodies.iter().take(2) {
            let partial = TermKind::If(guard.clone(), body.clone(), fault.clone()).into_term();
            terms.push(allowed(&partial));
        }
    }
    let fits = |value: &Value| {
        let Some(samples) = values(program, domain, 1) else { return false };
        let var = TermKind::Var(0).into_term();
        samples.into_iter().all(|sample| {
            // let x = sample in let it: codomain = f(x) in it
            let call = TermKind::Var(1)
                .into_term()
                .apply(Default::default(), [lift_core::ir::Arg::explicit(var.clone())]);
            let ty = codomain.map_vars(0, &|index, depth| {
                TermKind::Var(if index > depth { index + 1 } else { index }).into_term()
            });
            let question = TermKind::Let("it".into(), ty, call, var.clone()).into_term();
            let env = Env::of([value.clone(), sample]);
            matches!(evaluate(program, &question, &env, &options()).outcome, Outcome::Value(_))
        })
    };
    let made = terms.into_iter().filter_map(|term| {
        match evaluate(program, &term, &Env::new(), &options()).outcome {
            Outcome::Value(value) => Some(value),
            _ => None,
        }
    });
    Some(made.filter(fits).collect())
}

/// Small values of a type; `None` for what cannot be listed. Those of a refined type that can be told apart meet it.
fn values(program: &Program, ty: &Term, depth: usize) -> Option<Vec<Value>> {
    let whole = ty.unfold(program);
    if let TermKind::Refine(_, base, predicate) = &*whole.kind {
        let plain = values(program, base, depth)?;
        return Some(
            plain
                .into_iter()
                .filter(|value| {
                    let env = Env::of([value.clone()]);
                    !matches!(
                        evaluate(program, predicate, &env, &options()).outcome,
                        Outcome::Value(Value::Bool(false)) | Outcome::Error(_)
                    )
                })
                .collect(),
        );
    }
    let (head, args) = whole.spine();
    Some(match &*head.kind {
        TermKind::Prim(PrimType::Int) => {
            let few: &[i64] = if depth == 0 {
                &[0, 1, -1, 2, -2, 3, -3, 4, 5, 7, 10, -10, 15, 100, 101, 150, 151]
            } else {
                &[0, 1, -1, 2, 4]
            };
            few.iter().map(|n| Value::int(*n)).collect()
        }
        TermKind::Prim(PrimType::Bool) => vec![Value::Bool(false), Value::Bool(true)],
        TermKind::Prim(PrimType::Unit) => vec![Value::Unit],
        TermKind::Prim(PrimType::Str) => {
            ["", "a", "b", "ab", "Hello, ", "hello, x", "-5", "7", "aa", "\u{10FFFF}", " ", "-05", "-", "aé𝄞"]
                .iter()
                .map(|text| Value::text(text))
                .collect()
        }
        TermKind::Pi(Icit::Explicit, _, domain, codomain) => functions(program, domain, codomain)?,
        TermKind::Product(items) => {
            let columns: Option<Vec<Vec<Value>>> =
                items.iter().map(|item| values(program, item, depth + 1)).collect();
            rows(columns?).into_iter().map(Value::tuple).collect()
        }
        TermKind::Data(decl) if program.list() == Some(*decl) => {
            let elements = values(program, &args.first()?.term, depth + 1)?;
            let few: Vec<Value> = elements.into_iter().take(4).collect();
            let mut lists: Vec<Vec<Value>> = vec![Vec::new()];
            let mut last = lists.clone();
            for _ in 0..if depth == 0 { 3 } else { 2 } {
                last = last
                    .iter()
                    .flat_map(|list| {
                        few.iter()
                            .map(|value| list.iter().cloned().chain([value.clone()]).collect::<Vec<_>>())
                    })
                    .collect();
                lists.extend(last.iter().cloned());
            }
            lists.into_iter().map(|items| Value::list(*decl, items)).collect()
        }
        TermKind::Data(decl) if program.is_collection(*decl) => {
            let element = match args {
                [] => values(program, &int(), depth + 1)?,
                [element] => values(program, &element.term, depth + 1)?,
                _ => {
                    let columns: Option<Vec<Vec<Value>>> =
                        args.iter().map(|arg| values(program, &arg.term, depth + 1)).collect();
                    rows(columns?).into_iter().map(Value::tuple).collect()
                }
            };
            let few: Vec<Value> = element.into_iter().take(5).collect();
            let one = few.iter().map(|item| vec![item.clone()]);
            let two = few.iter().zip(few.iter().skip(1)).map(|(a, b)| vec![a.clone(), b.clone()]);
            let lists = [Vec::new()].into_iter().chain(one).chain(two).chain([few.clone()]);
            let (list, maker) = (program.list()?, program.lookup(program.maker(*decl)?)?);
            // What cannot be made of these (a number that is no byte) is left out.
            lists
                .filter_map(|items| {
                    call(program, maker, &[Value::list(list, items)], &options()).value().cloned()
                })
                .collect()
        }
        TermKind::Data(decl) => {
            if depth > 2 {
                let data = program.data(*decl)?;
                let plain = data.ctors.iter().position(|ctor| ctor.fields.is_empty())?;
                return Some(vec![Value::data(*decl, plain, Vec::new())]);
            }
            let data = program.data(*decl)?;
            let types: Vec<Term> = args.iter().map(|arg| arg.term.clone()).collect();
            let mut all = Vec::new();
            for (number, ctor) in data.ctors.iter().enumerate() {
                let columns: Option<Vec<Vec<Value>>> = ctor
                    .fields
                    .iter()
                    .enumerate()
                    .map(|(place, (_, ty))| {
                        let earlier = vec![TermKind::Error.into_term(); place];
                        let all: Vec<Term> = types.iter().cloned().chain(earlier).collect();
                        values(program, &ty.instantiate(&all), depth + 1)
                    })
                    .collect();
                all.extend(rows(columns?).into_iter().take(60).map(|row| Value::data(*decl, number, row)));
            }
            all
        }
        _ => return None,
    })
}

fn rows(columns: Vec<Vec<Value>>) -> Vec<Vec<Value>> {
    columns.into_iter().fold(vec![Vec::new()], |rows, column| {
        rows.iter()
            .flat_map(|row| column.iter().map(|value| row.iter().cloned().chain([value.clone()]).collect()))
            .take(400)
            .collect()
    })
}
