//! Sentences of grammars, held against the parser, the checker and the reader.

use std::collections::BTreeSet;

use super::super::grammar::{Expr, Grammar, grammar};
use super::super::json::Json;
use super::super::regular::{Regular, tests::ends as regular_ends};
use super::*;
use crate::check::check_term;
use crate::ir::TermKind;
use crate::syntax::parse_term;

/// A random sentence; beyond `fuel` the shortest way out.
fn sample(grammar: &Grammar, expr: &Expr, dice: &mut Dice, fuel: &mut usize, out: &mut String) {
    *fuel = fuel.saturating_sub(1);
    match expr {
        Expr::Terminal(set) => sample_regular(set, dice, out),
        Expr::Rule(rule) => sample(grammar, &grammar.rules[*rule].body, dice, fuel, out),
        Expr::Seq(parts) => parts.iter().for_each(|part| sample(grammar, part, dice, fuel, out)),
        Expr::Alt(choices) => {
            let choice = if *fuel == 0 {
                choices.iter().min_by_key(|choice| usize::from(!matches!(choice, Expr::Terminal(_)))).unwrap()
            } else {
                &choices[dice.below(choices.len())]
            };
            sample(grammar, choice, dice, fuel, out);
        }
        Expr::Repeat(inner, min, max) => {
            let extra = max.unwrap_or(min + 3).min(min + 3) - min;
            let count = min + u32::try_from(dice.below(usize::try_from(extra + 1).unwrap())).unwrap();
            (0..count).for_each(|_| sample(grammar, inner, dice, fuel, out));
        }
    }
}

fn sample_regular(set: &Regular, dice: &mut Dice, out: &mut String) {
    match set {
        Regular::Text(text) => out.push_str(text),
        Regular::Class(ranges) => {
            let (from, to) = ranges[dice.below(ranges.len())];
            out.push(dice.char(from, to));
        }
        Regular::Seq(parts) => parts.iter().for_each(|part| sample_regular(part, dice, out)),
        Regular::Alt(choices) => sample_regular(&choices[dice.below(choices.len())], dice, out),
        Regular::Repeat(inner, min, max) => {
            let extra = max.unwrap_or(min + 4).min(min + 4) - min;
            let count = min + u32::try_from(dice.below(usize::try_from(extra + 1).unwrap())).unwrap();
            (0..count).for_each(|_| sample_regular(inner, dice, out));
        }
    }
}

/// The meaning of a grammar, spelt out: where a match of `expr` that starts at `start` may end.
fn ends(grammar: &Grammar, expr: &Expr, text: &[char], start: usize) -> BTreeSet<usize> {
    match expr {
        Expr::Terminal(set) => regular_ends(set, text, start),
        Expr::Rule(rule) => ends(grammar, &grammar.rules[*rule].body, text, start),
        Expr::Seq(parts) => parts.iter().fold(BTreeSet::from([start]), |at, part| {
            at.into_iter().flat_map(|start| ends(grammar, part, text, start)).collect()
        }),
        Expr::Alt(choices) => choices.iter().flat_map(|choice| ends(grammar, choice, text, start)).collect(),
        Expr::Repeat(inner, min, max) => {
            let mut found = BTreeSet::new();
            let mut at = BTreeSet::from([start]);
            let mut count = 0;
            while !at.is_empty() && max.is_none_or(|max| count <= max) {
                if count >= *min {
                    at.retain(|place| found.insert(*place));
                }
                at = at.into_iter().flat_map(|start| ends(grammar, inner, text, start)).collect();
                count += 1;
            }
            found
        }
    }
}

fn is_sentence(grammar: &Grammar, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    ends(grammar, &grammar.rules[0].body, &text, 0).contains(&text.len())
}

fn sentences(program: &Program, target: &str, count: usize, mut each: impl FnMut(&Grammar, &str, &mut Dice)) {
    let (grammar, relaxed) = grammar(&shapes(program, target).unwrap());
    assert!(relaxed.is_empty());
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for _ in 0..count {
        let mut sentence = String::new();
        sample(&grammar, &grammar.rules[0].body, &mut dice, &mut 60, &mut sentence);
        each(&grammar, &sentence, &mut dice);
    }
}

#[test]
fn every_sentence_is_a_well_typed_term() {
    let program = program(RICH);
    for target in TARGETS {
        let id = program.lookup(target).unwrap();
        let ty = match program.decl(id).unwrap().kind {
            crate::ir::DeclKind::Def(_) => None,
            crate::ir::DeclKind::Data(_) => Some(TermKind::Data(id).into_term()),
            _ => Some(TermKind::Global(id).into_term()),
        };
        sentences(&program, target, 300, |_, sentence, _| {
            let (term, diagnostics) = parse_term(sentence);
            assert!(diagnostics.is_empty(), "{sentence}: {diagnostics:?}");
            let checked = check_term(&program, &term, ty.as_ref());
            assert!(checked.is_ok(), "{sentence}: {checked:?}");
        });
    }
}

#[test]
fn every_sentence_reads_back_as_itself() {
    let program = program(RICH);
    for target in TARGETS {
        sentences(&program, target, 300, |grammar, sentence, _| {
            assert!(is_sentence(grammar, sentence), "{sentence}");
            assert_eq!(read(&program, target, Dialect::Lark, sentence), Ok(sentence.to_owned()));
        });
    }
}

#[test]
fn a_text_is_a_sentence_exactly_when_it_reads_back_as_itself() {
    let program = program(RICH);
    let pieces = [
        "0", "-", "9", "\"", "\\", ")", "(", ", ", " ", "None", "Some(", "[", "]", "true", "Dot", "1000",
        "00",
    ];
    let (mut kept, mut broken) = (0, 0);
    for target in TARGETS {
        sentences(&program, target, 300, |grammar, sentence, dice| {
            let mut mutated: Vec<char> = sentence.chars().collect();
            let at = dice.below(mutated.len());
            let cut = dice.below(3).min(mutated.len() - at);
            let piece = if dice.below(3) > 0 { pieces[dice.below(pieces.len())] } else { "" };
            mutated.splice(at..at + cut, piece.chars());
            let mutated: String = mutated.into_iter().collect();
            let reads = read(&program, target, Dialect::Ebnf, &mutated).is_ok_and(|term| term == mutated);
            assert_eq!(is_sentence(grammar, &mutated), reads, "{target}: {mutated}");
            if reads { kept += 1 } else { broken += 1 }
        });
    }
    assert!(kept > 100 && broken > 500, "{kept} {broken}");
}

#[test]
fn a_bound_that_engines_do_not_count_to_is_relaxed_and_told() {
    let program = program("type T = {s: Str | length(s) <= 5000}");
    let schema = constrain(&program, "T", Dialect::JsonSchema).unwrap();
    assert!(schema.text.contains("\"maxLength\":5000") && schema.relaxed.is_empty());
    for dialect in [Dialect::Lark, Dialect::Ebnf, Dialect::Gbnf, Dialect::Regex] {
        let constraint = constrain(&program, "T", dialect).unwrap();
        assert_eq!(constraint.relaxed[0].what, "accepts more than 5000 code points");
    }
    let long = format!("\"{}\"", "x".repeat(5001));
    assert!(matches!(read(&program, "T", Dialect::Lark, &long), Err(Unread::Complaints(_))));
}

#[test]
fn the_dialects_look_as_their_servers_expect() {
    let program = program(RICH);
    let text = |target, dialect| constrain(&program, target, dialect).unwrap().text;
    assert_eq!(
        text("Tree", Dialect::Lark),
        "start: t_tree_0\n\
         t_tree_0: \"Leaf\" | \"Node(\" t_tree_0 \", \" T0 \", \" t_tree_0 \")\"\n\
         T0: /0|[1-9][0-9]?|1([0-4][0-9]|50)/\n"
    );
    assert_eq!(
        text("Tree", Dialect::Gbnf),
        "root ::= t-tree-0\n\
         t-tree-0 ::= \"Leaf\" | \"Node(\" t-tree-0 \", \" (\"0\" | [1-9] [0-9]? | \"1\" ([0-4] [0-9] | \"50\")) \
         \", \" t-tree-0 \")\"\n"
    );
    assert_eq!(text("Color", Dialect::Regex), r#"""|"a \\"b\\" \\\\c"|"red""#);
    assert_eq!(
        text("Tree", Dialect::JsonSchema),
        "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$ref\":\"#/$defs/Tree_0\",\"$defs\":{\
         \"Tree_0\":{\"anyOf\":[{\"type\":\"string\",\"enum\":[\"Leaf\"]},{\"type\":\"object\",\"properties\":{\
         \"Node\":{\"type\":\"object\",\"properties\":{\"left\":{\"$ref\":\"#/$defs/Tree_0\"},\"value\":{\"type\":\
         \"integer\",\"minimum\":0,\"maximum\":150},\"right\":{\"$ref\":\"#/$defs/Tree_0\"}},\"required\":[\"left\",\
         \"value\",\"right\"],\"additionalProperties\":false}},\"required\":[\"Node\"],\"additionalProperties\":\
         false}]}}}"
    );
    for target in TARGETS {
        // How vLLM tells the two apart.
        assert!(!text(target, Dialect::Lark).contains("::="));
        assert!(text(target, Dialect::Ebnf).lines().all(|line| line.contains("::=")));
        assert!(Json::parse(&text(target, Dialect::JsonSchema)).is_ok());
    }
}
