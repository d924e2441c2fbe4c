//! Two outcomes for one input that both satisfy every clause.

use super::contract::Contract;
use super::{Answer, Doubt, Question, with_clause};
use crate::check::Checked;
use crate::eval::{Env, Sameness, Value, print_value};
use crate::ir::{DeclId, Icit, Op, Program, Term, TermKind};
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

/// Small inputs that the contract allows, each with what it allows for them. What running cannot decide is left out.
pub(super) fn tried(checked: &Checked, contract: &Contract<'_>) -> Vec<Tried> {
    let program = &checked.program;
    let Some(decl) = program.decl(contract.id) else { return Vec::new() };
    let mut search = Search {
        runner: Runner::new(program),
        hints: Hints::of(program, &decl.kind),
        width: WIDTHS.get(contract.names().count()).copied().unwrap_or(2),
        contract,
        examples: examples(program, contract.id),
        tried: Vec::new(),
    };
    search.from(0, &Env::new(), &mut Vec::new());
    search.tried
}

struct Search<'a, 'p> {
    runner: Runner<'p>,
    hints: Hints,
    width: usize,
    contract: &'a Contract<'a>,
    /// What the document says of single inputs: arguments and outcome.
    examples: Vec<(Vec<Value>, Value)>,
    tried: Vec<Tried>,
}

impl Search<'_, '_> {
    fn is_over(&self) -> bool {
        self.runner.steps >= STEPS || self.tried.len() >= MOST_INPUTS
    }

    fn from(&mut self, place: usize, env: &Env, input: &mut Vec<Value>) {
        let Some(param) = self.contract.params.get(place) else {
            if self.contract.requires.iter().all(|clause| self.runner.truth(&clause.body, env) == Some(true))
            {
                let allowed = self.allowed(env, input);
                self.tried.push(Tried { input: input.clone(), allowed });
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
            let scope = env.with(outcome.clone());
            let is_allowed = self
                .contract
                .ensures
                .iter()
                .all(|clause| self.runner.truth(&clause.body, &scope) == Some(true));
            if is_allowed && allowed.iter().all(|other| other.same(&outcome) == Sameness::Different) {
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
        for value in input {
            if self.runner.belongs(value, ty, env) == Some(true) {
                outcomes.push(value.clone());
            }
        }
        outcomes
    }
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
    let answers: Vec<Answer> = simplest
        .allowed
        .iter()
        .take(2)
        .filter_map(|outcome| {
            let text = print_value(program, outcome);
            let document = with_clause(checked, contract, &settled(&input, &text))?;
            Some(Answer { text, document })
        })
        .collect();
    let [one, other] = answers.as_slice() else { return None };
    let (one, other) = (&one.text, &other.text);
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
