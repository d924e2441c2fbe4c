//! Laws of the choices on random instances, against all assignments and against a SAT solver; and plans of documents.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use super::clauses::{Choices, Clause, Event, Literal, Origin, Settled};
use super::{Choice, Found, Judgement, Plan, PlanError, PlanOptions, Proposal, RuledOut, judge, responsible};
use crate::check::{Checked, check};
use crate::dice::Dice;
use crate::eval::Limits;
use crate::logic::{Discharge, Options};
use batsat::{BasicSolver, Lit, SolverInterface, Var, lbool};

/// Combinations that fail: up to `most` choices of different decisions each; those of one choice alone are few, for
/// they leave nothing to learn.
fn failures(dice: &mut Dice, options: &[usize], count: usize, most: usize) -> Vec<Vec<Literal>> {
    let one = |dice: &mut Dice| {
        let mut combination: Vec<Literal> = Vec::new();
        let size = if dice.roll(20) == 0 { 1 } else { 2 + dice.roll(most - 1) };
        for _ in 0..size {
            let decision = dice.roll(options.len());
            if combination.iter().all(|literal| literal.decision != decision) {
                combination.push(Literal::takes(decision, dice.roll(options[decision])));
            }
        }
        combination
    };
    (0..count).map(|_| one(dice)).collect()
}

fn every_assignment(options: &[usize]) -> Vec<Vec<usize>> {
    options.iter().fold(vec![Vec::new()], |all, count| {
        all.iter()
            .flat_map(|start| (0..*count).map(|option| [start.as_slice(), &[option]].concat()))
            .collect()
    })
}

fn allowed(assignment: &[usize], failures: &[Vec<Literal>]) -> bool {
    failures.iter().all(|combination| combination.iter().any(|literal| !holds(assignment, *literal)))
}

fn holds(assignment: &[usize], literal: Literal) -> bool {
    (assignment[literal.decision] == literal.option) == literal.taken
}

fn way(choices: &Choices, decisions: usize) -> Vec<usize> {
    (0..decisions).map(|decision| choices.option(decision).unwrap()).collect()
}

#[test]
fn a_way_is_found_exactly_when_there_is_one_and_what_is_learned_follows() {
    let mut dice = Dice(1);
    let (mut ways, mut none, mut learned) = (0, 0, 0);
    for _ in 0..10_000 {
        let options: Vec<usize> = (0..1 + dice.roll(5)).map(|_| 1 + dice.roll(4)).collect();
        let count = dice.roll(8 * options.len() + 2);
        let failures = failures(&mut dice, &options, count, 3);
        let mut choices = Choices::new(options.clone());
        for combination in &failures {
            choices.fail(combination, "it does not work");
        }
        let possible: Vec<Vec<usize>> =
            every_assignment(&options).into_iter().filter(|it| allowed(it, &failures)).collect();
        match choices.settled() {
            Settled::Open => {
                ways += 1;
                assert!(allowed(&way(&choices, options.len()), &failures), "{options:?} {failures:?}");
            }
            Settled::Exhausted { failures: because, fixed } => {
                none += 1;
                assert!(possible.is_empty(), "{options:?} {failures:?} allow {possible:?}");
                assert!(fixed.is_empty());
                // The failures named are enough.
                let named: Vec<Vec<Literal>> = because
                    .iter()
                    .map(|number| choices.clauses()[*number].literals.iter().map(|it| !*it).collect())
                    .collect();
                assert!(!every_assignment(&options).iter().any(|it| allowed(it, &named)));
            }
        }
        for clause in choices.clauses().iter().filter(|it| matches!(it.origin, Origin::Learned { .. })) {
            learned += 1;
            let follows = |it: &&Vec<usize>| clause.literals.iter().any(|literal| holds(it, *literal));
            assert_eq!(possible.iter().find(|it| !follows(it)), None, "{clause:?}");
        }
    }
    assert!(ways > 1_000 && none > 1_000 && learned > 500, "{ways} {none} {learned}");
}

/// The clauses for the other solver; a literal is a variable of its own.
fn other_solver(options: &[usize], clauses: &[Clause]) -> (BasicSolver, Vec<Vec<Var>>) {
    let mut solver = BasicSolver::default();
    let variables: Vec<Vec<Var>> =
        options.iter().map(|count| (0..*count).map(|_| solver.new_var_default()).collect()).collect();
    for clause in clauses {
        let mut literals = lits(&variables, &clause.literals);
        solver.add_clause_reuse(&mut literals);
    }
    (solver, variables)
}

fn lits(variables: &[Vec<Var>], literals: &[Literal]) -> Vec<Lit> {
    literals.iter().map(|it| Lit::new(variables[it.decision][it.option], it.taken)).collect()
}

#[test]
fn a_sat_solver_agrees_on_larger_instances() {
    let mut dice = Dice(2);
    let (mut ways, mut none, mut learned) = (0, 0, 0);
    for _ in 0..300 {
        let options: Vec<usize> = (0..6 + dice.roll(10)).map(|_| 2 + dice.roll(5)).collect();
        let count = options.len() * (4 + dice.roll(16));
        let failures = failures(&mut dice, &options, count, 4);
        let mut choices = Choices::new(options.clone());
        failures.iter().for_each(|combination| choices.fail(combination, ""));
        let given: Vec<Clause> = choices
            .clauses()
            .iter()
            .filter(|clause| !matches!(clause.origin, Origin::Learned { .. }))
            .cloned()
            .collect();
        let (mut solver, variables) = other_solver(&options, &given);
        let open = *choices.settled() == Settled::Open;
        assert_eq!(solver.solve_limited(&[]) == lbool::TRUE, open);
        if open {
            ways += 1
        } else {
            none += 1
        }
        for clause in choices.clauses().iter().filter(|it| matches!(it.origin, Origin::Learned { .. })) {
            learned += 1;
            let denied: Vec<Lit> = lits(&variables, &clause.literals).into_iter().map(|lit| !lit).collect();
            assert_eq!(solver.solve_limited(&denied), lbool::FALSE, "{clause:?} does not follow");
        }
    }
    assert!(ways > 20 && none > 20 && learned > 100, "{ways} {none} {learned}");
}

#[test]
fn propagation_does_not_depend_on_the_order_of_clauses() {
    let mut dice = Dice(3);
    for _ in 0..2_000 {
        let options: Vec<usize> = (0..2 + dice.roll(5)).map(|_| 1 + dice.roll(4)).collect();
        let count = dice.roll(12);
        let mut failures = failures(&mut dice, &options, count, 3);
        let left = |failures: &[Vec<Literal>]| {
            let mut choices = Choices::new(options.clone());
            failures.iter().for_each(|combination| choices.fail(combination, ""));
            let open = *choices.settled() == Settled::Open;
            let first = Literal::takes(0, 0);
            // What was learned on the way may tell more; what was given must not tell less in another order.
            let learned = choices.clauses().iter().any(|it| matches!(it.origin, Origin::Learned { .. }));
            open.then(|| (learned, choices.left_with(&[first])))
        };
        let one = left(&failures);
        failures.reverse();
        let other = left(&failures);
        match (one, other) {
            (Some((false, one)), Some((false, other))) => assert_eq!(one, other, "{options:?} {failures:?}"),
            (one, other) => assert_eq!(one.is_some(), other.is_some()),
        }
    }
}

#[test]
fn what_failed_is_never_proposed_again_and_it_ends() {
    let mut dice = Dice(4);
    for _ in 0..500 {
        let options: Vec<usize> = (0..1 + dice.roll(4)).map(|_| 1 + dice.roll(4)).collect();
        let all = every_assignment(&options);
        let stands = (dice.roll(3) > 0).then(|| all[dice.roll(all.len())].clone());
        let mut choices = Choices::new(options.clone());
        let mut tried: Vec<Vec<usize>> = Vec::new();
        while *choices.settled() == Settled::Open {
            let way = way(&choices, options.len());
            assert!(!tried.contains(&way));
            if Some(&way) == stands.as_ref() {
                break;
            }
            let whole: Vec<Literal> =
                way.iter().enumerate().map(|(decision, option)| Literal::takes(decision, *option)).collect();
            choices.fail(&whole, "");
            tried.push(way);
        }
        assert_eq!(*choices.settled() == Settled::Open, stands.is_some());
    }
}

#[test]
fn what_is_fixed_stays_and_takes_the_blame() {
    let mut dice = Dice(5);
    let mut blamed = 0;
    for _ in 0..3_000 {
        let options: Vec<usize> = (0..2 + dice.roll(4)).map(|_| 1 + dice.roll(3)).collect();
        let count = dice.roll(3 * options.len());
        let failures = failures(&mut dice, &options, count, 3);
        let mut choices = Choices::new(options.clone());
        failures.iter().for_each(|combination| choices.fail(combination, ""));
        let open = *choices.settled() == Settled::Open;
        let fixed: Vec<Literal> = (0..options.len())
            .filter(|_| dice.roll(2) == 0)
            .collect::<Vec<_>>()
            .into_iter()
            .map(|decision| Literal::takes(decision, dice.roll(options[decision])))
            .collect();
        fixed.iter().for_each(|literal| choices.fix(literal.decision, literal.option));
        let possible = |fixed: &[Literal]| {
            every_assignment(&options)
                .iter()
                .any(|it| allowed(it, &failures) && fixed.iter().all(|literal| holds(it, *literal)))
        };
        match choices.settled() {
            Settled::Open => {
                let way = way(&choices, options.len());
                assert!(allowed(&way, &failures) && fixed.iter().all(|literal| holds(&way, *literal)));
            }
            Settled::Exhausted { fixed: blame, .. } => {
                assert!(!possible(&fixed));
                assert!(!possible(blame), "{blame:?} are not enough");
                blamed += usize::from(open);
            }
        }
        fixed.iter().for_each(|literal| choices.release(literal.decision));
        assert_eq!(*choices.settled() == Settled::Open, open);
    }
    assert!(blamed > 100, "{blamed}");
}

#[test]
fn a_plan_survives_being_written_down_and_lies_in_it_are_refused() {
    let mut choices = Choices::new(vec![2, 3]);
    choices.fail(&[Literal::takes(0, 0), Literal::takes(1, 0)], "they clash");
    choices.fix(1, 2);
    let text = serde_json::to_string(&choices).unwrap();
    let again: Choices = serde_json::from_str(&text).unwrap();
    assert_eq!(again.option(1), Some(2));
    assert_eq!(again.clauses(), choices.clauses());
    let mut dice = Dice(7);
    for _ in 0..200 {
        let options: Vec<usize> = (0..4).map(|_| 2 + dice.roll(3)).collect();
        let mut choices = Choices::new(options.clone());
        for combination in failures(&mut dice, &options, 25, 3) {
            choices.fail(&combination, "it does not work");
        }
        let again: Choices = serde_json::from_str(&serde_json::to_string(&choices).unwrap()).unwrap();
        assert_eq!(again.clauses(), choices.clauses());
    }
    let lie = text.replace("\"options\":[2,3]", "\"options\":[2,1]");
    assert!(serde_json::from_str::<Choices>(&lie).is_err());
    // What was not learned is not believed, only what failed.
    let forged = Clause {
        literals: vec![Literal::avoids(0, 1), Literal::avoids(1, 1)],
        origin: Origin::Learned { from: vec![0] },
    };
    let mut forgery: serde_json::Value = serde_json::from_str(&text).unwrap();
    forgery["clauses"].as_array_mut().unwrap().push(serde_json::to_value(forged).unwrap());
    assert!(serde_json::from_value::<Choices>(forgery).is_err());
    let flood = text.replace("\"options\":[2,3]", "\"options\":[2,4000000000]");
    assert!(serde_json::from_str::<Choices>(&flood).is_err());
}

fn document(declarations: &str) -> Checked {
    let checked = check(&format!("```spec-ir\n{declarations}\n```\n"));
    assert!(!checked.has_errors(), "{:?}", checked.diagnostics);
    checked
}

/// The judge without a solver.
fn judging(checked: &Checked, choices: &[Choice]) -> Judgement {
    let options = Options { solver: false, ..Options::default() };
    let mut verify = |checked: &Checked| Discharge::new(&checked.program, options.clone()).report();
    judge(checked, choices, &Limits::default(), &mut verify)
}

fn found(checked: &Checked) -> (Plan, Found) {
    let mut plan = Plan::new(checked, &PlanOptions::default());
    let found = plan.find(&mut |choices| judging(checked, choices), 200);
    (plan, found)
}

fn choice(hole: &str, term: &str) -> Choice {
    Choice { hole: hole.to_owned(), term: term.to_owned() }
}

/// Neither hole alone can be told from its examples; together they can.
const LINKED: &str = "def shifted(x: Int, y: Int): Int = ?first - ?second
";

#[test]
fn holes_that_hang_together_are_decided_together() {
    let checked = document(
        "def low(x: Int, y: Int): Int = if x < y then ?then else ?else
examples { low(1, 2) == 1, low(5, 3) == 3, low(4, 4) == 4 }",
    );
    let (plan, found) = found(&checked);
    assert_eq!(found, Found::Plan);
    assert_eq!(plan.way(), [choice("then", "x"), choice("else", "y")]);
    assert!(matches!(plan.next(), Proposal::Decide { choice: next, .. } if next == choice("then", "x")));
}

#[test]
fn promises_decide_where_there_is_no_example() {
    let checked = document(
        "def larger(x: Int, y: Int): Int
  ensures result >= x && result >= y
= if x > y then ?then else ?else",
    );
    let (plan, found) = found(&checked);
    assert_eq!(found, Found::Plan);
    assert_eq!(plan.way(), [choice("then", "x"), choice("else", "y")]);
}

#[test]
fn a_document_that_fails_by_itself_is_nobodys_choice() {
    let checked = document(
        "def wrong(x: Int): Int ensures result > x = x
def other(x: Int): Int = ?free",
    );
    let (_, found) = found(&checked);
    assert!(matches!(&found, Found::Broken { reason } if reason.contains("`wrong`")), "{found:?}");
}

#[test]
fn a_failure_teaches_the_combination_responsible_and_nothing_else() {
    let all = [choice("a", "1"), choice("b", "2"), choice("c", "3")];
    let mut asked = 0;
    let mut judge = |choices: &[Choice]| {
        asked += 1;
        let has = |hole: &str| choices.iter().any(|choice| choice.hole == hole);
        match has("a") && has("c") {
            true => Judgement::Fails { reason: "a and c clash".to_owned() },
            false => Judgement::Stands,
        }
    };
    let found = responsible(&all, &mut judge, usize::MAX);
    assert_eq!(found.unwrap().choices, [choice("a", "1"), choice("c", "3")]);
    // With less time, what was not left out stays in.
    let found = responsible(&all, &mut judge, 2);
    assert_eq!(found.unwrap().choices, all);
    assert_eq!(asked, 4 + 2);
}

#[test]
fn when_nothing_is_left_the_plan_says_what_ruled_it_out() {
    let checked = document(
        "def same(flag: Bool): Bool = ?answer
examples { same(true) == true, same(true) == false }",
    );
    let (plan, found) = found(&checked);
    assert_eq!(found, Found::Nothing);
    let Proposal::Exhausted { failures, .. } = plan.next() else { panic!("{:?}", plan.next()) };
    assert_eq!(failures.len(), plan.decisions()[0].candidates.len());
    assert!(failures.iter().all(|it| it.contains("?answer") && it.contains("the example")), "{failures:?}");
}

#[test]
fn an_own_choice_becomes_a_candidate_and_what_contradicts_it_is_told() {
    let checked = document(
        "def low(x: Int, y: Int): Int = if x < y then ?then else ?else
examples { low(1, 2) == 1, low(5, 3) == 3 }",
    );
    let mut plan = Plan::new(&checked, &PlanOptions::default());
    plan.fix(&choice("?then", "x * 7")).unwrap();
    let mut asked = |choices: &[Choice]| judging(&checked, choices);
    assert_eq!(plan.find(&mut asked, 200), Found::Nothing);
    let Proposal::Exhausted { fixed, failures } = plan.next() else { panic!("{:?}", plan.next()) };
    assert_eq!(fixed, [choice("then", "x * 7")]);
    assert!(failures[0].contains("low(1, 2)"), "{failures:?}");
    plan.fix(&choice("?then", "x")).unwrap();
    assert_eq!(plan.find(&mut asked, 200), Found::Plan);
    assert_eq!(plan.why("then").unwrap(), ["you chose it"]);
}

#[test]
fn a_choice_says_beforehand_what_it_rules_out() {
    let checked = document(LINKED);
    let mut plan = Plan::new(&checked, &PlanOptions::default());
    plan.fail(&[choice("first", "x"), choice("second", "x")], "they are the same").unwrap();
    let ruled_out = plan.assist(&choice("first", "x")).unwrap().unwrap();
    assert_eq!(ruled_out, [RuledOut { hole: "second".to_owned(), terms: vec!["x".to_owned()] }]);
    plan.fail(&[choice("first", "x")], "it is wrong").unwrap();
    assert_eq!(plan.assist(&choice("first", "x")).unwrap(), None);
    assert!(matches!(plan.assist(&choice("third", "x")), Err(PlanError::NoSuchDecision { .. })));
    let unknown = plan.assist(&choice("first", "x * x * x")).unwrap_err();
    assert_eq!(unknown.to_string(), "`x * x * x` for ?first is not among its candidates");
}

#[test]
fn a_plan_is_renewed_after_an_edit_and_keeps_what_still_holds() {
    let checked = document(&format!("{LINKED}examples {{ shifted(9, 2) == 7 }}"));
    let (plan, _) = found(&checked);
    let failed = |plan: &Plan| {
        plan.choices().clauses().iter().filter(|it| matches!(it.origin, Origin::Failure { .. })).count()
    };
    assert!(failed(&plan) > 0);
    // Another example: everything that failed still fails.
    let edited = document(&format!("{LINKED}examples {{ shifted(9, 2) == 7, shifted(1, 1) == 0 }}"));
    let mut asked = |choices: &[Choice]| judging(&edited, choices);
    let renewed = plan.renewed(&edited, &PlanOptions::default(), &mut asked);
    assert_eq!(failed(&renewed), failed(&plan));
    // No example: nothing fails any more.
    let edited = document(LINKED);
    let mut asked = |choices: &[Choice]| judging(&edited, choices);
    assert_eq!(failed(&plan.renewed(&edited, &PlanOptions::default(), &mut asked)), 0);
}

#[test]
fn what_happens_is_told_and_the_telling_is_bounded() {
    let mut choices = Choices::new(vec![3; 6]);
    for code in 0..700 {
        let digits: Vec<Literal> =
            (0..6u32).map(|place| Literal::takes(place as usize, code / 3usize.pow(place) % 3)).collect();
        choices.fail(&digits, "");
    }
    assert!(choices.events().any(|event| matches!(event, Event::Backjumped { .. })));
    assert!(choices.events().any(|event| matches!(event, Event::Learned { .. })));
    assert!(choices.events().count() <= 2_000);
}
