//! Two outcomes for one input that both satisfy every clause.

use super::contract::Contract;
use super::{Answer, Doubt, Question, Unasked, with_clause};
use crate::check::Checked;
use crate::eval::{Env, Sameness, Value, print_value};
use crate::ir::{Clause, DeclId, Icit, Op, Program, Term, TermKind};
use crate::logic::replay::{Runner, some_type};
use crate::logic::search::{Hints, small_values};
use num_bigint::BigInt;

/// Steps of evaluation for one contract.
const STEPS: u64 = 2_000_000;
/// Inputs tried for one contract.
const MOST_INPUTS: usize = 130;
/// Values of a parameter, when there are 0, 1, 2, ... of them: about as many inputs whatever their number.
const WIDTHS: [usize; 5] = [1, 24, 11, 5, 3];
/// Outcomes tried for one input.
const OUTCOMES: usize = 40;

/// An input that the contract allows, with the outcomes among those tried that it allows then, the simplest first.
pub(super) struct Tried {
    pub input: Vec<Value>,
    pub allowed: Vec<Value>,
}

/// What trying small inputs showed.
pub(super) struct Looked {
    /// Inputs that the contract allows.
    pub tried: Vec<Tried>,
    /// Whether running did not decide some precondition.
    doubtful_inputs: bool,
    /// Whether running did not decide some clause on an outcome.
    doubtful_outcomes: bool,
}

impl Looked {
    /// Why nothing is asked about a contract that may be open for all that was seen.
    pub fn silent(&self, contract: &Contract<'_>, spent: bool) -> Option<Unasked> {
        if !contract.open || contract.ensures.is_empty() {
            return None;
        }
        let stuck = self.tried.iter().all(|one| one.allowed.is_empty());
        let why = match (self.tried.is_empty(), stuck) {
            (true, _) if self.doubtful_inputs => "running it does not decide what it requires",
            (true, _) => "none of the small inputs that were tried is one it allows",
            _ if self.doubtful_outcomes => "running it does not decide its clauses for every outcome tried",
            (_, true) => "none of the small outcomes that were tried is one it allows",
            _ => return None,
        };
        let spent = if stuck && spent { "; the prover has been asked as often as it may be" } else { "" };
        Some(Unasked {
            about: contract.name.to_owned(),
            span: contract.span,
            why: format!("may be open: {why}{spent}"),
        })
    }
}

/// Small inputs that the contract allows, each with what it allows for them.
pub(super) fn look(checked: &Checked, contract: &Contract<'_>) -> Looked {
    let nothing = || Looked { tried: Vec::new(), doubtful_inputs: false, doubtful_outcomes: false };
    let program = &checked.program;
    let Some(decl) = program.decl(contract.id) else { return nothing() };
    let mut search = Search {
        runner: Runner::new(program),
        hints: Hints::of(program, &decl.kind),
        width: WIDTHS.get(contract.names().count()).copied().unwrap_or(2),
        contract,
        examples: examples(program, contract.id),
        looked: nothing(),
    };
    search.from(0, &Env::new(), &mut Vec::new());
    search.looked
}

struct Search<'a, 'p> {
    runner: Runner<'p>,
    hints: Hints,
    width: usize,
    contract: &'a Contract<'a>,
    /// What the document says of single inputs: arguments and outcome.
    examples: Vec<(Vec<Value>, Value)>,
    looked: Looked,
}

impl Search<'_, '_> {
    fn is_over(&self) -> bool {
        self.runner.steps >= STEPS || self.looked.tried.len() >= MOST_INPUTS
    }

    fn from(&mut self, place: usize, env: &Env, input: &mut Vec<Value>) {
        let Some(param) = self.contract.params.get(place) else {
            match holds(&mut self.runner, self.contract.requires, env) {
                Some(true) => {
                    let allowed = self.allowed(env, input);
                    self.looked.tried.push(Tried { input: input.clone(), allowed });
                }
                Some(false) => {}
                None => self.looked.doubtful_inputs = true,
            }
            return;
        };
        if param.icit == Icit::Implicit {
            return self.from(place + 1, &env.with(some_type()), input);
        }
        for value in small_values(&mut self.runner, &self.hints, &param.ty, env, self.width) {
            if self.is_over() {
                return;
            }
            input.push(value.clone());
            self.from(place + 1, &env.with(value), input);
            input.pop();
        }
    }

    fn allowed(&mut self, env: &Env, input: &[Value]) -> Vec<Value> {
        let said = self.examples.iter().find(|(args, _)| {
            args.len() == input.len() && args.iter().zip(input).all(|(a, b)| a.same(b) == Sameness::Same)
        });
        let outcomes = match said {
            Some((_, outcome)) => vec![outcome.clone()],
            None => self.outcomes(env, input),
        };
        let mut allowed: Vec<Value> = Vec::new();
        for outcome in outcomes {
            if self.runner.steps >= STEPS {
                break;
            }
            let holds = holds(&mut self.runner, self.contract.ensures, &env.with(outcome.clone()));
            self.looked.doubtful_outcomes |= holds.is_none();
            if holds == Some(true) && allowed.iter().all(|other| other.same(&outcome) == Sameness::Different)
            {
                allowed.push(outcome);
            }
        }
        allowed
    }

    /// Outcomes to try: small ones, the inputs themselves, and numbers near theirs.
    fn outcomes(&mut self, env: &Env, input: &[Value]) -> Vec<Value> {
        let numbers: Vec<BigInt> = input.iter().flat_map(numbers_in).take(6).collect();
        let pairs = numbers.iter().flat_map(|a| numbers.iter().flat_map(move |b| [a + b, a - b, a * b]));
        let near = numbers.iter().flat_map(|n| [n.clone(), n + 1, n - 1, -n]).chain(pairs);
        let hints = self.hints.with_numbers(near.take(60));
        let ty = self.contract.result;
        let mut outcomes = small_values(&mut self.runner, &hints, ty, env, OUTCOMES);
        let explicit = (0..).zip(self.contract.params).filter(|(_, param)| param.icit == Icit::Explicit);
        let program = self.runner.program;
        let plain = ty.erase_head(program);
        for ((place, param), value) in explicit.zip(input) {
            let further = self.contract.params.len() - place;
            if param.ty.shift(further).erase_head(program).same(&plain)
                && self.runner.belongs(value, ty, env) == Some(true)
            {
                outcomes.push(value.clone());
            }
        }
        outcomes
    }
}

/// Whether all of these conditions hold, when running them shows it.
fn holds(runner: &mut Runner<'_>, clauses: &[Clause], env: &Env) -> Option<bool> {
    let mut seen = Some(true);
    for clause in clauses {
        match runner.truth(&clause.body, env) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => seen = None,
        }
    }
    seen
}

fn numbers_in(value: &Value) -> Vec<BigInt> {
    match value {
        Value::Int(number) => vec![number.clone()],
        Value::Tuple(tuple) => tuple.items.iter().flat_map(numbers_in).collect(),
        Value::Data(data) => data.fields.iter().flat_map(numbers_in).collect(),
        _ => Vec::new(),
    }
}

/// The examples `f(a, b) == c` of a definition.
fn examples(program: &Program, id: DeclId) -> Vec<(Vec<Value>, Value)> {
    let mut runner = Runner::new(program);
    let mut value = |term: &Term| runner.value(term, &Env::new());
    let found = program.examples.iter().filter_map(|example| {
        let TermKind::Op(Op::Eq, parts) = &*example.term.kind else { return None };
        let [_, left, right] = parts.as_slice() else { return None };
        let (head, args) = left.spine();
        if !matches!(&*head.kind, TermKind::Global(called) if *called == id) {
            return None;
        }
        let args = args.iter().filter(|arg| arg.icit == Icit::Explicit).map(|arg| value(&arg.term));
        let args: Vec<Value> = args.collect::<Option<_>>()?;
        Some((args, value(right)?))
    });
    found.collect()
}

/// The question which of two outcomes is meant, for the simplest input that leaves it open.
pub(super) fn question(checked: &Checked, contract: &Contract<'_>, tried: &[Tried]) -> Option<Question> {
    if !contract.open || contract.ensures.is_empty() {
        return None;
    }
    let program = &checked.program;
    let open = || tried.iter().filter(|one| one.allowed.len() >= 2);
    let simplest = open().next()?;
    let input: Vec<(&str, String)> =
        contract.names().zip(simplest.input.iter().map(|value| print_value(program, value))).collect();
    let mut outcomes = simplest.allowed.iter().map(|outcome| print_value(program, outcome));
    let (one, other) = (outcomes.next()?, outcomes.next()?);
    let answer = |text: &String| {
        let document = with_clause(checked, contract, &settled(&input, text))?;
        Some(Answer { text: text.clone(), document })
    };
    // What cannot be written as a clause, as a value of a type parameter, is asked without answers to take.
    let answers =
        answer(&one).into_iter().zip(answer(&other)).flat_map(|(one, other)| [one, other]).collect();
    let given: Vec<String> = input.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let given = if given.is_empty() { String::new() } else { format!(", for {}", given.join(", ")) };
    Some(Question {
        about: contract.name.to_owned(),
        doubt: Doubt::Behaviour,
        text: format!("{}{given}: `{one}` or `{other}`? Both satisfy every clause.", contract.name),
        span: contract.span,
        share: u8::try_from(100 * open().count() / tried.len().max(1)).unwrap_or(100),
        answers,
    })
}

/// The clause that settles one input.
fn settled(input: &[(&str, String)], outcome: &str) -> String {
    let given: Vec<String> = input.iter().map(|(name, value)| format!("{name} == {value}")).collect();
    match given.is_empty() {
        true => format!("ensures result == {outcome}"),
        false => format!("ensures {} ==> result == {outcome}", given.join(" && ")),
    }
}
