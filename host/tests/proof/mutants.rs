//! Right definitions made wrong, one word at a time: none of them may stay *proved* when running it shows a fault.

use crate::dice::{Dice, rounds, seed};
use crate::judge::{MOST_INPUTS, tried};
use crate::{pool, verify};
use lift_core::check::check;
use lift_core::logic::{Options, Verdict};
use std::path::Path;

/// What a word may become.
fn mutations(word: &str) -> Vec<String> {
    let others: &[&str] = match word {
        "<" => &["<=", ">", "=="],
        "<=" => &["<", ">="],
        ">" => &[">=", "<"],
        ">=" => &[">", "<="],
        "==" => &["!=", "<=", ">="],
        "!=" => &["==", "<"],
        "+" => &["-", "*"],
        "-" => &["+"],
        "*" => &["+", "-"],
        "/" => &["%", "*"],
        "%" => &["/"],
        "&&" => &["||", "==>"],
        "||" => &["&&"],
        "==>" => &["<=>", "&&"],
        "<=>" => &["==>"],
        "true" => &["false"],
        "false" => &["true"],
        "max" => &["min"],
        "min" => &["max"],
        "all" => &["any"],
        "any" => &["all"],
        "take" => &["drop"],
        "drop" => &["take"],
        "forall" => &["exists"],
        "exists" => &["forall"],
        "x" => &["y", "n", "a"],
        "y" => &["x"],
        "a" => &["b", "c"],
        "b" => &["a"],
        "rest" => &["xs", "more"],
        "xs" => &["ys"],
        "ys" => &["xs"],
        "more" => &["xs"],
        "others" => &["ys"],
        "Nat" => &["Int"],
        "low" => &["high"],
        "high" => &["low"],
        _ => &[],
    };
    let mut all: Vec<String> = others.iter().map(|other| (*other).to_owned()).collect();
    if let Ok(number) = word.parse::<i64>() {
        all.extend([(number + 1).to_string(), (number - 1).max(0).to_string(), "0".to_owned()]);
    }
    all
}

/// The words of a text with their places.
fn words(text: &str) -> Vec<(usize, &str)> {
    let kind = |c: char| {
        if c.is_alphanumeric() || c == '_' {
            1
        } else if "<>=!&|+-*/%".contains(c) {
            2
        } else {
            0
        }
    };
    let mut found = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let mut end = start + c.len_utf8();
        if kind(c) == 0 {
            continue;
        }
        while let Some((at, next)) = chars.next_if(|(_, next)| kind(*next) == kind(c)) {
            end = at + next.len_utf8();
        }
        found.push((start, &text[start..end]));
    }
    found
}

/// The text with one word changed in about every second definition.
fn mutated(text: &str, dice: &mut Dice) -> String {
    let mut result = String::new();
    for (number, part) in text.split("\ndef ").enumerate() {
        if number > 0 {
            result.push_str("\ndef ");
        }
        // The head keeps its name; comments say nothing any more.
        let part: String =
            part.lines().map(|line| line.split("//!").next().unwrap_or("")).collect::<Vec<_>>().join("\n");
        let places: Vec<(usize, &str)> =
            words(&part).into_iter().skip(1).filter(|(_, word)| !mutations(word).is_empty()).collect();
        if number == 0 || places.is_empty() || dice.roll(2) == 0 {
            result.push_str(&part);
            continue;
        }
        let (place, word) = *dice.pick(&places);
        let options = mutations(word);
        result.push_str(&part[..place]);
        result.push_str(dice.pick::<String>(&options));
        result.push_str(&part[place + word.len()..]);
    }
    result
}

#[test]
fn a_mutant_that_fails_is_never_proved() {
    let pool = pool();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/spec/proof");
    let mut documents: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    documents.sort();
    let first = seed(1);
    let (mut lies, mut proved, mut killed, mut unseen) = (Vec::new(), 0, 0, 0);
    for round in rounds(7) {
        let mut dice = Dice(first.wrapping_add(round as u64).wrapping_mul(0x1_0001));
        let text = mutated(dice.pick::<String>(&documents), &mut dice);
        let checked = check(&text);
        let options = Options { search: false, wall_ms: 2_000, rlimit: 400_000, ..Options::default() };
        let report = verify(&pool, &checked, options);
        for declared in &report.declarations {
            let tried = tried(&checked.program, declared.declaration, MOST_INPUTS);
            match (declared.verdict, tried.fault) {
                (Verdict::Proved, Some(fault)) => {
                    let at = text.find(&format!("def {}", declared.name)).unwrap_or(0);
                    let end = text[at + 4..].find("\ndef ").map_or(text.len(), |end| at + 4 + end);
                    lies.push(format!("round {round}: {} {fault}\n{}", declared.name, &text[at..end]));
                }
                (Verdict::Proved, None) if tried.runs > 0 => proved += 1,
                (Verdict::Proved, None) => unseen += 1,
                (_, Some(_)) => killed += 1,
                (_, None) => {}
            }
        }
    }
    println!("{proved} proved and run, {unseen} proved and not run, {killed} with a fault and not proved");
    assert!(lies.is_empty(), "{}", lies.join("\n\n"));
    assert!(proved > 20 && killed > 20, "{proved} proved, {killed} killed");
    assert!(proved > 4 * unseen, "{unseen} proved ones could not be run, and {proved} could");
}
