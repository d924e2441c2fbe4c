//! A hole whose uses leave one answer.

use super::conditions::Answer;
use super::{Solution, Step};
use crate::check::check_for_hole;
use crate::eval::{Env, Options, Outcome, evaluate, print_value};
use crate::ir::distill::{show, show_type};
use crate::ir::{HoleId, Name, Program, Term, TermKind};
use crate::syntax::span::Span;
use crate::syntax::{parse_term, parse_type};

/// A closed answer is worked out in at most this many steps; one that takes more stays as it is written.
const MOST_STEPS: u64 = 2_000;

/// The answer that all equations and uses agree on, when it can stand there.
pub(super) fn solution(
    program: &Program,
    hole: HoleId,
    equations: Vec<Answer>,
    quote: &dyn Fn(Span) -> Option<String>,
) -> Option<Solution> {
    let info = program.hole(hole)?;
    if info.default.is_some() {
        return None;
    }
    let names: Vec<Name> = info.context.iter().map(|(name, _)| name.clone()).collect();
    let is_type = matches!(&*info.ty.kind, TermKind::Universe);
    let demands = info.demands.iter().map(|demand| {
        let stands =
            quote(demand.span).map_or_else(|| "what stands there".to_owned(), |it| format!("`{it}`"));
        let what = match is_type {
            true => format!("it is the type of {stands}"),
            false => format!("{stands} makes it that"),
        };
        // Demands are closed.
        Answer { term: demand.shift(names.len()), because: vec![Step { what, span: demand.span }] }
    });
    let text = |term: &Term| match is_type {
        true => show_type(program, &names, term),
        false => worked_out(program, term).unwrap_or_else(|| show(program, &names, term)),
    };
    let mut found: Option<Solution> = None;
    for Answer { term, because } in demands.chain(equations) {
        let term = text(&term);
        match &found {
            Some(one) if one.term != term => return None,
            Some(_) => {}
            None => found = Some(Solution { term, because }),
        }
    }
    let found = found?;
    let (expr, findings) = if is_type { parse_type(&found.term) } else { parse_term(&found.term) };
    (findings.is_empty() && check_for_hole(program, hole, &expr).is_ok()).then_some(found)
}

/// The value of a term without variables and holes.
fn worked_out(program: &Program, term: &Term) -> Option<String> {
    let open = std::cell::Cell::new(!super::holes_in(term).is_empty());
    term.map_vars(0, &|index, depth| {
        open.set(open.get() || index >= depth);
        TermKind::Var(index).into_term()
    });
    if open.get() {
        return None;
    }
    let mut options = Options::checking();
    options.limits.steps = MOST_STEPS;
    match evaluate(program, term, &Env::default(), &options).outcome {
        Outcome::Value(value) => Some(print_value(program, &value)),
        Outcome::Indeterminate(_) | Outcome::Error(_) => None,
    }
}
