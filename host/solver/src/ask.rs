//! One query, one fresh Z3 context.
//!
//! The verdict is Z3's check result and nothing else: no text of Z3's is read to find it. A script counts as taken
//! only when Z3 holds exactly the assertions the outline promised, because its text interface drops a script with
//! a parse error without a word, and an empty solver answers *sat*.
//!
//! Z3's core procedure goes first: it starts fast, settles nearly everything, and can say which assertions conflict.
//! What it leaves open goes to Z3's tactics, which take longer to start and reach further. There is no timer here:
//! units bound the work, and the host's kill bounds the time.

use crate::script::{self, Command, Kind};
use lift_solver_protocol::{Core, Outcome, Request, Why};
use z3::ast::{Ast, Bool, Dynamic};
use z3::{Config, Context, SatResult, Solver, StatisticsValue, with_z3_config};

/// An outcome and the resource units it took.
pub type Found = (Outcome, u64);

/// Settings that hold for every query of this process.
pub fn prepare(memory_mib: u64) {
    z3::set_global_param("memory_max_size", &memory_mib.to_string());
    z3::set_global_param("smt.random_seed", "0");
    z3::set_global_param("sat.random_seed", "0");
    z3::set_global_param("parallel.enable", "false");
    z3::set_global_param("smt.core.minimize", "true");
    // Values are read by a parser that knows no abbreviations and no ellipsis.
    z3::set_global_param("pp.max_depth", "4294967295");
    z3::set_global_param("pp.min_alias_size", "4294967295");
    z3::set_global_param("pp.single_line", "true");
}

/// A Z3 context in which nothing was asked yet.
pub struct Fresh(());

/// Runs `with` in a new context. Making one takes Z3 a millisecond, so make it before the request is there.
pub fn in_fresh_context<R: Send + Sync>(with: impl FnOnce(Fresh) -> R + Send + Sync) -> R {
    with_z3_config(&Config::new(), || with(Fresh(())))
}

/// Answers one request, and uses the context up.
pub fn answer(_context: Fresh, request: &Request) -> Found {
    match well_formed(request) {
        Ok(commands) => decide(request, &commands),
        Err(refused) => (malformed(refused.to_string()), 0),
    }
}

fn well_formed(request: &Request) -> Result<Vec<Command<'_>>, script::Refused> {
    request.values.iter().try_for_each(|term| script::one_term(term))?;
    script::outline(&request.script)
}

fn malformed(detail: String) -> Outcome {
    Outcome::Unknown { why: Why::Malformed { detail } }
}

/// The first run's share of the units, as a divisor.
const FIRST_SHARE: u32 = 4;

fn decide(request: &Request, commands: &[Command<'_>]) -> Found {
    let Some(Parsed { formulas, terms }) = parse(commands, &request.values) else {
        return (malformed(first_refused(commands, &request.values)), 0);
    };
    let first = Solver::new();
    // Labels or a scope: either keeps Z3 from preparing its tactics.
    let labels = match request.core {
        Core::Names => track(&first, &formulas, commands),
        Core::Skip => {
            first.push();
            formulas.iter().for_each(|formula| first.assert(formula));
            Vec::new()
        }
    };
    let (result, units) = check(&first, request.units / FIRST_SHARE);
    match result {
        SatResult::Unsat => return (Outcome::Unsat { core: conflict(&first, &labels) }, units),
        SatResult::Sat => return (evaluate(&first, request, &terms), units),
        SatResult::Unknown => {}
    }
    let left = u64::from(request.units).saturating_sub(units);
    let Ok(left @ 1..) = u32::try_from(left) else {
        return (Outcome::Unknown { why: why(&first, request.units, units) }, units);
    };
    let second = Solver::new();
    formulas.iter().for_each(|formula| second.assert(formula));
    let (result, units) = check(&second, left);
    let outcome = match result {
        SatResult::Unsat => Outcome::Unsat { core: Vec::new() },
        SatResult::Sat => evaluate(&second, request, &terms),
        SatResult::Unknown => Outcome::Unknown { why: why(&second, request.units, units) },
    };
    (outcome, units)
}

/// A script as Z3 read it.
struct Parsed {
    /// What is asserted, in order, without names.
    formulas: Vec<Bool>,
    /// The terms to evaluate, in order.
    terms: Vec<Dynamic>,
}

/// Z3's reading of the commands, then of an assertion `(= t t)` for each value, then of `true`; nothing unless it
/// took all of them.
fn parse(commands: &[Command<'_>], values: &[String]) -> Option<Parsed> {
    let mut text = String::new();
    for command in commands {
        text.push_str(command.text);
        text.push('\n');
    }
    for term in values {
        text.push_str(&format!("(assert (= {term} {term}))\n"));
    }
    // Without it, a script of declarations alone would look the same read and dropped.
    text.push_str("(assert true)");
    let reader = Solver::new();
    reader.from_string(text);
    let mut formulas = reader.get_assertions();
    let asserted = commands.iter().filter(|command| matches!(command.kind, Kind::Assertion(_))).count();
    if formulas.len() != asserted + values.len() + 1 {
        return None;
    }
    let equations = formulas.split_off(asserted);
    let terms = equations.iter().take(values.len()).map(both_sides).collect::<Option<_>>()?;
    Some(Parsed { formulas, terms })
}

/// `t` of `(= t t)`.
fn both_sides(equation: &Bool) -> Option<Dynamic> {
    let [term, same] = <[Dynamic; 2]>::try_from(equation.children()).ok()?;
    (term == same).then_some(term)
}

/// Asserts named formulas under a label each, the others as they are; says which label stands for which name.
fn track<'a>(solver: &Solver, formulas: &[Bool], commands: &[Command<'a>]) -> Vec<(Bool, &'a str)> {
    let names = commands.iter().filter_map(|command| match command.kind {
        Kind::Assertion(name) => Some(name),
        Kind::Declaration => None,
    });
    let mut labels = Vec::new();
    for (formula, name) in formulas.iter().zip(names) {
        match name {
            Some(name) => {
                let label = Bool::fresh_const("name");
                solver.assert_and_track(formula, &label);
                labels.push((label, name));
            }
            None => solver.assert(formula),
        }
    }
    labels
}

/// The names of assertions that conflict, in the script's order.
fn conflict(solver: &Solver, labels: &[(Bool, &str)]) -> Vec<String> {
    let found = solver.get_unsat_core();
    labels.iter().filter(|(label, _)| found.contains(label)).map(|(_, name)| (*name).to_owned()).collect()
}

/// Z3's verdict within so many units from now, and the units of this context so far.
fn check(solver: &Solver, units: u32) -> (SatResult, u64) {
    // Zero would be no limit.
    Context::thread_local().update_param_value("rlimit", &units.max(1).to_string());
    let result = solver.check();
    let units = match solver.get_statistics().value("rlimit count") {
        Some(StatisticsValue::UInt(units)) => u64::from(units),
        _ => 0,
    };
    (result, units)
}

fn why(solver: &Solver, allowed: u32, used: u64) -> Why {
    let reason = solver.get_reason_unknown().unwrap_or_default();
    match reason.as_str() {
        reason if reason.contains("memory") || reason == "memout" => Why::Memory,
        reason if reason.contains("resource limit") => Why::Units,
        // The word for every interruption, and only units interrupt here.
        "canceled" if used >= u64::from(allowed) => Why::Units,
        reason => Why::Incomplete { detail: reason.to_owned() },
    }
}

fn evaluate(solver: &Solver, request: &Request, terms: &[Dynamic]) -> Outcome {
    let Some(model) = solver.get_model() else {
        return Outcome::Unknown {
            why: Why::Incomplete { detail: "satisfiable, but no model was kept".into() },
        };
    };
    let mut values = Vec::new();
    for (term, text) in terms.iter().zip(&request.values) {
        match model.eval(term, true) {
            Some(value) => values.push(value.to_string()),
            None => {
                let detail = format!("satisfiable, but the model has no value for `{text}`");
                return Outcome::Unknown { why: Why::Incomplete { detail } };
            }
        }
    }
    Outcome::Sat { values }
}

/// Which command Z3 refuses first, found by halving: its own message is out of reach without `unsafe`.
fn first_refused(commands: &[Command<'_>], values: &[String]) -> String {
    let accepts =
        |commands: &[Command<'_>], values: &[String]| in_fresh_context(|_| parse(commands, values).is_some());
    if accepts(commands, &[]) {
        return match values.iter().find(|term| !accepts(commands, std::slice::from_ref(*term))) {
            Some(term) => format!("Z3 does not accept the value `{}`", shortened(term)),
            None => "Z3 does not accept the values together".into(),
        };
    }
    // All of the first `good` commands are accepted; not all of the first `bad` are.
    let (mut good, mut bad) = (0, commands.len());
    while bad - good > 1 {
        let middle = good + (bad - good) / 2;
        match commands.get(..middle) {
            Some(prefix) if accepts(prefix, &[]) => good = middle,
            _ => bad = middle,
        }
    }
    match commands.get(good) {
        Some(command) => format!("line {}: Z3 does not accept `{}`", command.line, shortened(command.text)),
        None => "Z3 does not accept the script".into(),
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 160;
    let mut short: String = text.chars().take(MOST).collect();
    if short.len() < text.len() {
        short.push_str("...");
    }
    short
}
