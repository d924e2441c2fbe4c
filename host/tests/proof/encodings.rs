//! Every encoding rule against the evaluator: an operation at random arguments has the value that running it has,
//! and no prover may show that it has another. Once the arguments are literals, which are worked out by the arena;
//! once they are parameters known only through the precondition, which a solver has to reason about.

use crate::dice::{Dice, rounds, seed};
use crate::{pool, verify};
use lift_core::check::check;
use lift_core::eval::{Options as Running, Outcome, call, print_value};
use lift_core::logic::{Options, Verdict};

/// An operation: its parameters' types, its result type, and how it is written with `{0}`, `{1}`, ... for them.
const OPERATIONS: &[(&[&str], &str, &str)] = &[
    (&["Int", "Int"], "Int", "{0} + {1}"),
    (&["Int", "Int"], "Int", "{0} - {1}"),
    (&["Int", "Int"], "Int", "{0} * {1}"),
    (&["Int", "Divisor"], "Int", "{0} / {1}"),
    (&["Int", "Divisor"], "Int", "{0} % {1}"),
    (&["Int", "Int", "Divisor"], "Int", "({0} * {1}) % {2}"),
    (&["Int", "Int", "Divisor"], "Int", "({0} * 6 + {1}) / {2}"),
    (&["Int"], "Int", "-{0}"),
    (&["Int"], "Int", "abs({0})"),
    (&["Int", "Int"], "Int", "min({0}, {1})"),
    (&["Int", "Int"], "Int", "max({0}, {1})"),
    (&["Int"], "Int", "sign({0})"),
    (&["Int", "Small"], "Int", "pow({0}, {1})"),
    (&["Int"], "Bool", "is_even({0})"),
    (&["Int"], "Bool", "is_odd({0})"),
    (&["Divisor", "Int"], "Bool", "divides({0}, {1})"),
    (&["Int", "Int"], "Bool", "{0} < {1}"),
    (&["Int", "Int"], "Bool", "{0} <= {1}"),
    (&["Int", "Int"], "Bool", "{0} == {1}"),
    (&["Bool", "Bool"], "Bool", "{0} ==> {1}"),
    (&["Bool", "Bool"], "Bool", "({0} <=> {1}) || !{0} && {1}"),
    (&["Str"], "Int", "length({0})"),
    (&["Str", "Str"], "Str", "{0} ++ {1}"),
    (&["Str", "Str"], "Bool", "{0} == {1}"),
    (&["Str", "Str"], "Bool", "{0} < {1}"),
    (&["Str", "Str"], "Bool", "{0} <= {1}"),
    (&["Str", "Str"], "Bool", "contains({0}, {1})"),
    (&["Str", "Str"], "Bool", "starts_with({0}, {1})"),
    (&["Str", "Str"], "Bool", "ends_with({0}, {1})"),
    (&["Str", "Small", "Small"], "Str", "substring({0}, {1}, {2})"),
    (&["Str", "Int"], "Str", "take({0}, {1})"),
    (&["Str", "Int"], "Str", "drop({0}, {1})"),
    (&["Str", "Str"], "Option Int", "index_of({0}, {1})"),
    (&["Str", "Part", "Str"], "Str", "replace({0}, {1}, {2})"),
    (&["Int"], "Str", "to_str({0})"),
    (&["Str"], "Option Int", "parse_int({0})"),
    (&["Str"], "Bool", "is_empty({0})"),
    (&["Str", "Part"], "List Str", "split({0}, {1})"),
    (&["Str"], "Str", "trim({0})"),
    (&["Str"], "Str", "upper({0})"),
    (&["Str"], "Str", "lower({0})"),
    (&["Str"], "List Str", "chars({0})"),
    (&["Str"], "Str", "reverse({0})"),
    (&["Str"], "Bool", "is_digits({0})"),
    (&["Str", "Small"], "Str", "if {1} < length({0}) then {0}[{1}] else \"none\""),
    (&["List", "Small"], "Int", "if {1} < length({0}) then {0}[{1}] else 0 - 7"),
    (&["List"], "Int", "length({0})"),
    (&["List"], "Int", "sum({0})"),
    (&["List"], "Int", "product({0})"),
    (&["List", "List"], "List Int", "{0} ++ {1}"),
    (&["List"], "List Int", "reverse({0})"),
    (&["List", "Int"], "Bool", "contains({0}, {1})"),
    (&["List", "Int"], "Int", "count({0}, {1})"),
    (&["List", "Int"], "Option Int", "index_of({0}, {1})"),
    (&["List", "Int"], "List Int", "take({0}, {1})"),
    (&["List", "Int"], "List Int", "drop({0}, {1})"),
    (&["List"], "Option Int", "maximum({0})"),
    (&["List"], "Option Int", "minimum({0})"),
    (&["List"], "Option Int", "last({0})"),
    (&["List"], "Bool", "sorted({0})"),
    (&["List"], "List Int", "sort({0})"),
    (&["List"], "List Int", "distinct({0})"),
    (&["List", "Int"], "List Int", "map({0}, \\x. x * {1})"),
    (&["List", "Int"], "List Int", "filter({0}, \\x. x < {1})"),
    (&["List", "Int"], "Bool", "forall x in {0}. x <= {1}"),
    (&["List", "Int"], "Bool", "exists x in {0}. x == {1}"),
    (&["List"], "Int", "fold({0}, 1, \\a x. a - x)"),
    (&["Int", "Small"], "List Int", "range({0}, {0} + {1})"),
    (&["Small", "Int"], "List Int", "replicate({0}, {1})"),
];

const TEXTS: &[&str] = &[
    "",
    "a",
    "b",
    "ab",
    "ba",
    "aa",
    "aaa",
    "aba",
    "abab",
    " ",
    " a ",
    "A",
    "Ab",
    "0",
    "7",
    "-5",
    "-05",
    "007",
    "-",
    "--5",
    "+5",
    "5-",
    " 5",
    "12345678901234567890",
    "é",
    "É",
    "ß",
    "ǅ",
    "𝄞",
    "a𝄞b",
    "e\u{301}",
    "٣",
    "\u{FFFF}",
    "\u{10FFFF}",
    "\u{E000}",
    "\u{D7FF}",
    "\\",
    "\"",
    "\\u{41}",
    "\n",
    "a\nb",
    "a,b",
    ",",
    ",,",
    "\t",
    "\u{a0}x",
];

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "5",
    "7",
    "10",
    "12",
    "100",
    "-1",
    "-2",
    "-3",
    "-7",
    "-8",
    "-10",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "170141183460469231731687303715884105728",
    "4294967296",
];

fn literal(kind: &str, dice: &mut Dice) -> String {
    match kind {
        "Int" => (*dice.pick(NUMBERS)).to_owned(),
        "Divisor" => (*dice.pick(&NUMBERS[1..])).to_owned(),
        "Small" => dice.roll(5).to_string(),
        "Bool" => (*dice.pick(&["true", "false"])).to_owned(),
        "Str" => written(dice.pick::<&str>(TEXTS)),
        "Part" => written(dice.pick::<&str>(&TEXTS[1..])),
        _ => {
            let items: Vec<&str> = (0..dice.roll(4)).map(|_| *dice.pick(&NUMBERS[..14])).collect();
            format!("[{}] : List Int", items.join(", "))
        }
    }
}

fn written(text: &str) -> String {
    lift_core::eval::print_value(&check("").program, &lift_core::eval::Value::text(text))
}

fn surface(kind: &str) -> &str {
    match kind {
        "Divisor" | "Small" => "Int",
        "Part" => "Str",
        "List" => "List Int",
        other => other,
    }
}

/// One definition that returns the operation's value, and the arguments it was given.
struct Question {
    params: Vec<&'static str>,
    args: Vec<String>,
    result: &'static str,
    literal: String,
    symbolic: String,
}

fn question(dice: &mut Dice) -> Question {
    let (params, result, text) = *dice.pick(OPERATIONS);
    let args: Vec<String> = params.iter().map(|kind| literal(kind, dice)).collect();
    let put = |names: &[String]| {
        names.iter().enumerate().fold(text.to_owned(), |text, (place, name)| {
            text.replace(&format!("{{{place}}}"), &format!("({name})"))
        })
    };
    let names: Vec<String> = (0..params.len()).map(|place| format!("p{place}")).collect();
    Question { params: params.to_vec(), result, literal: put(&args), symbolic: put(&names), args }
}

#[test]
fn operations_have_the_values_that_running_them_has() {
    let pool = pool();
    let first = seed(1);
    let (mut lies, mut right, mut asked) = (Vec::new(), 0, 0);
    for round in rounds(6) {
        let mut dice = Dice(first.wrapping_add(round as u64).wrapping_mul(0x2_0003));
        let questions: Vec<Question> = (0..20).map(|_| question(&mut dice)).collect();
        let mut text = String::from("```spec-ir\n");
        for (number, question) in questions.iter().enumerate() {
            text.push_str(&format!(
                "def value_{number}(u: Int): {} = {}\n\n",
                question.result, question.literal
            ));
        }
        text.push_str("```\n");
        let checked = check(&text);
        assert!(!checked.has_errors(), "{:?}\n{text}", checked.diagnostics);
        let mut document = String::from("```spec-ir\n");
        let mut values = Vec::new();
        for (number, question) in questions.iter().enumerate() {
            let id = checked.program.lookup(&format!("value_{number}")).unwrap();
            let zero = lift_core::eval::Value::int(0);
            let Outcome::Value(value) = call(&checked.program, id, &[zero], &Running::default()).outcome
            else {
                panic!("{} has no value", question.literal)
            };
            let value = print_value(&checked.program, &value);
            values.push(value.clone());
            let params: Vec<String> = question
                .params
                .iter()
                .enumerate()
                .map(|(place, kind)| format!("p{place}: {}", surface(kind)))
                .collect();
            let given: String = question
                .args
                .iter()
                .enumerate()
                .map(|(place, arg)| format!("  requires p{place} == ({arg})\n"))
                .collect();
            let (literal, symbolic, result) = (&question.literal, &question.symbolic, question.result);
            document.push_str(&format!(
                "def literal_is_{number}(u: Int): Bool\n  ensures result\n= ({literal} : {result}) == ({value} : {result})\n\n\
                 def literal_is_not_{number}(u: Int): Bool\n  ensures !result\n= ({literal} : {result}) == ({value} : {result})\n\n\
                 def symbolic_is_{number}({0}): Bool\n{given}  ensures result\n= ({symbolic} : {result}) == ({value} : {result})\n\n\
                 def symbolic_is_not_{number}({0}): Bool\n{given}  ensures !result\n= ({symbolic} : {result}) == ({value} : {result})\n\n",
                params.join(", ")
            ));
        }
        document.push_str("```\n");
        let checked = check(&document);
        assert!(!checked.has_errors(), "{:?}\n{document}", checked.diagnostics);
        let options = Options { search: false, wall_ms: 1_000, rlimit: 200_000, ..Options::default() };
        let report = verify(&pool, &checked, options);
        for declared in &report.declarations {
            let (kind, number) = declared.name.rsplit_once('_').unwrap();
            let number: usize = number.parse().unwrap();
            asked += 1;
            let wrong = match (kind, declared.verdict) {
                ("literal_is_not" | "symbolic_is_not", Verdict::Proved) => true,
                ("literal_is" | "symbolic_is", Verdict::Refuted) => true,
                (_, Verdict::Proved) => {
                    right += 1;
                    false
                }
                _ => false,
            };
            if wrong {
                let question = &questions[number];
                lies.push(format!(
                    "{kind}: {} is {}, {:?}",
                    question.literal, values[number], declared.verdict
                ));
            }
        }
    }
    println!("{right} of {} values shown", asked / 2);
    assert!(lies.is_empty(), "{}", lies.join("\n"));
    assert!(right * 4 > asked, "only {right} of {}", asked / 2);
}
