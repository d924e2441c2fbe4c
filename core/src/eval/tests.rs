//! What running means, document by document.

use super::shortcuts::Shortcuts;
use super::*;
use crate::check::{check, check_term, prelude};
use crate::ir::Program;
use crate::syntax::parse_term;
use std::sync::Arc;

/// The program of a document with this body; it must have no errors.
fn program(body: &str) -> Arc<Program> {
    let checked = check(&format!("```spec-ir\n{body}\n```\n"));
    assert!(!checked.has_errors(), "{:#?}", checked.diagnostics);
    checked.program
}

fn term(program: &Program, text: &str) -> Term {
    let (expr, diagnostics) = parse_term(text);
    assert!(diagnostics.is_empty(), "{text}: {diagnostics:?}");
    check_term(program, &expr, None).unwrap_or_else(|findings| panic!("{text}: {findings:#?}")).0
}

fn run_with(body: &str, text: &str, options: &Options) -> (Arc<Program>, Evaluation) {
    let program = program(body);
    let evaluation = evaluate(&program, &term(&program, text), &Env::new(), options);
    (program, evaluation)
}

/// The result as text: the value, `open: ...`, or `error: ...`.
fn run(body: &str, text: &str) -> String {
    told(&run_with(body, text, &Options::default()))
}

fn checked(body: &str, text: &str) -> String {
    told(&run_with(body, text, &Options::checking()))
}

fn told((program, evaluation): &(Arc<Program>, Evaluation)) -> String {
    match &evaluation.outcome {
        Outcome::Value(value) => print_value(program, value),
        Outcome::Indeterminate(value) => format!("open: {}", print_value(program, value)),
        Outcome::Error(error) => format!("error: {error}"),
    }
}

#[track_caller]
fn table(body: &str, rows: &[(&str, &str)]) {
    for (text, expected) in rows {
        assert_eq!(run(body, text), *expected, "{text}");
    }
}

#[test]
fn division_floors_and_modulo_takes_the_sign_of_the_divisor() {
    table(
        "",
        &[
            ("-7 / 2", "-4"),
            ("7 / -2", "-4"),
            ("-7 / -2", "3"),
            ("-7 % 2", "1"),
            ("7 % -2", "-1"),
            ("-7 % -2", "-1"),
            ("6 % -2", "0"),
            ("1 / 0", "error: division by zero"),
            ("1 % 0", "error: division by zero"),
            ("100000000000000000000 * 100000000000000000000", "10000000000000000000000000000000000000000"),
        ],
    );
}

#[test]
fn the_left_side_decides_before_the_right_is_reached() {
    table(
        "",
        &[
            ("false && 1 / 0 == 1", "false"),
            ("true || 1 / 0 == 1", "true"),
            ("false ==> 1 / 0 == 1", "true"),
            ("if true then 1 else 1 / 0", "1"),
            ("true && 1 / 0 == 1", "error: division by zero"),
            ("(false <=> false) && (true <=> true)", "true"),
        ],
    );
}

#[test]
fn lists_and_texts_are_indexed_from_zero_by_element_and_code_point() {
    table(
        "",
        &[
            ("[10, 20, 30][2]", "30"),
            ("[10][1]", "error: the index 1 is out of range: there are 1 elements, counted from 0"),
            ("[10][-1]", "error: the index -1 is out of range: there are 1 elements, counted from 0"),
            ("\"aé😀z\"[2]", "\"😀\""),
            ("length(\"aé😀z\")", "4"),
            ("\"a\"[1]", "error: the index 1 is out of range: there are 1 elements, counted from 0"),
        ],
    );
}

#[test]
fn texts_behave_as_in_python() {
    table(
        "",
        &[
            ("words(\" a\\u{1c}b\\u{3000}c  \")", "[\"a\", \"b\", \"c\"]"),
            ("words(\"a\\u{200B}b\")", "[\"a\u{200b}b\"]"),
            ("trim(\"\\u{85} x \\n\")", "\"x\""),
            ("split(\"\", \",\")", "[\"\"]"),
            ("split(\"a,,b\", \",\")", "[\"a\", \"\", \"b\"]"),
            ("split(\"a\", \"\")", "error: the precondition does not hold"),
            ("parse_int(\"-012\")", "Some(-12)"),
            ("parse_int(\"+1\")", "None"),
            ("parse_int(\"\")", "None"),
            ("parse_int(\"-\")", "None"),
            ("parse_int(\" 1\")", "None"),
            ("parse_int(\"١\")", "None"),
            ("substring(\"héllo\", 1, 3)", "\"éll\""),
            ("substring(\"abc\", 2, 9)", "\"c\""),
            ("take(\"abc\", -1)", "\"\""),
            ("drop(\"abc\", 1)", "\"bc\""),
            ("index_of(\"aéb\", \"b\")", "Some(2)"),
            ("index_of(\"a\", \"x\")", "None"),
            ("replace(\"aaa\", \"aa\", \"b\")", "\"ba\""),
            ("upper(\"straße\")", "\"STRASSE\""),
            ("join([\"a\", \"b\"], \", \")", "\"a, b\""),
            ("chars(\"né\")", "[\"n\", \"é\"]"),
            ("reverse(\"abc\")", "\"cba\""),
            ("\"Z\" < \"a\" && \"a\" <= \"a\"", "true"),
            ("is_digits(\"\") || is_digits(\"1a\")", "false"),
        ],
    );
}

#[test]
fn values_print_as_they_are_written() {
    let body = "entity Person { name: Str, age: Nat }
        type Shape = Circle(radius: Int) | Dot
        type Box T = | Box(T)";
    table(
        body,
        &[
            ("Person { name = \"Ada\", age = 36 }", "Person { name = \"Ada\", age = 36 }"),
            ("Person { name = \"Ada\", age = 36 }.age", "36"),
            ("[Circle(-1), Dot]", "[Circle(-1), Dot]"),
            ("Box((1, ()))", "Box((1, ()))"),
            ("\"q\\\" \\\\ \\n \\t \\u{1}\"", "\"q\\\" \\\\ \\n \\t \\u{1}\""),
            ("Some([1])", "Some([1])"),
        ],
    );
}

#[test]
fn what_is_printed_reads_back() {
    let body = "entity P { name: Str, at: Int * Int }  type S = A | B(Int, List Str)";
    let program = program(body);
    for text in ["P { name = \"\\u{7}\\\"\", at = (-1, 2) }", "[B(3, [\"x\"]), A]", "[Some((1, true)), None]"]
    {
        let first = evaluate(&program, &term(&program, text), &Env::new(), &Options::default());
        let printed = print_value(&program, first.value().unwrap());
        let second = evaluate(&program, &term(&program, &printed), &Env::new(), &Options::default());
        assert_eq!(first.value(), second.value(), "{printed}");
    }
}

#[test]
fn functions_are_values_and_curried() {
    table(
        "def twice[T](f: T -> T, x: T): T = f(f(x))
         def plus(a: Int, b: Int): Int = a + b
         def add(a: Int): Int -> Int = \\b. a + b",
        &[
            ("twice(\\x. x * x, 3)", "81"),
            ("fold([1, 2, 3], 0, plus)", "6"),
            ("fold([1, 2, 3], 10, \\acc x. acc - x)", "4"),
            ("map([1, 2], \\b. add(5, b))", "[6, 7]"),
            ("add(1, 2)", "3"),
            ("map([1, 2], Some)", "[Some(1), Some(2)]"),
        ],
    );
}

#[test]
fn evaluation_goes_around_holes() {
    let body = "def f(x: Int): Int = x + ?n";
    table(
        body,
        &[
            ("[1 + 1, f(2), 3 * 3]", "open: [2, 2 + ?n, 9]"),
            ("length([f(1), f(2)])", "2"),
            ("[1, f(1)] == [2, 5]", "false"),
            ("[1, f(1)] == [1, 5]", "open: [1, 1 + ?n] == [1, 5]"),
            ("if f(1) > 0 then \"a\" else \"b\"", "open: if 1 + ?n > 0 then \"a\" else \"b\""),
            ("false && f(1) == 1", "false"),
            ("f(1) / 0", "error: division by zero"),
            ("head([f(1)])", "open: Some(1 + ?n)"),
        ],
    );
}

#[test]
fn a_definition_waits_for_the_argument_it_matches_on() {
    let body = "def numbers(): List Int = ?rest  def g(): List Int = 1 :: numbers()";
    assert_eq!(run(body, "length(g())"), "open: 1 + length(?rest)");
    assert_eq!(run(body, "map(g(), \\x. x + 1)"), "open: 2 :: map(?rest, \\x. x + 1)");
    assert_eq!(run(body, "g()[0]"), "1");
    assert_eq!(run(body, "g()"), "open: 1 :: ?rest");
}

#[test]
fn examples_pass_fail_or_stay_open() {
    let program = program(
        "def f(x: Int): Int = x + 1
         def g(x: Int): Int = x + ?n
         examples { f(1) == 2, f(1) == 3, g(1) == 2, f(2) > 2, 1 / 0 == 1 }",
    );
    let results = run_examples(&program, &Options::default());
    let outcomes: Vec<_> = results.iter().map(|result| result.outcome).collect();
    use ExampleOutcome::{Failed, Open, Passed};
    assert_eq!(outcomes, [Passed, Failed, Open, Passed, Failed]);
    let sides: Vec<_> = results.iter().map(|r| (r.expected.as_str(), r.got.as_str())).collect();
    assert_eq!(sides[0], ("2", "2"));
    assert_eq!(sides[1], ("3", "2"));
    assert_eq!(sides[2], ("2", "1 + ?n (it depends on ?n)"));
    assert_eq!(sides[3], ("true", "true"));
    assert_eq!(sides[4], ("1", "division by zero"));
}

#[test]
fn an_assumption_is_evaluated_and_leaves_evidence() {
    let body = "hole ?separator: term Str = \",\" because \"usual\"
        def joined(xs: List Str): Str = join(xs, ?separator)
        def scaled(x: Int): Int = let y = x * 2 in y + ?offset";
    let (_, evaluation) = run_with(body, "joined([\"a\", \"b\"])", &Options::default());
    assert_eq!(evaluation.value(), Some(&Value::text("a,b")));
    assert_eq!(evaluation.evidence.len(), 1);
    let (_, evaluation) = run_with(body, "map([1, 2, 1], scaled)", &Options::default());
    let seen: Vec<_> = evaluation.evidence.iter().map(|e| (e.environment.clone(), e.times)).collect();
    let environment = |x: &str, y: &str| vec![("x".into(), x.to_owned()), ("y".into(), y.to_owned())];
    assert_eq!(seen, [(environment("1", "2"), 2), (environment("2", "4"), 1)]);
}

#[test]
fn a_run_always_ends() {
    let body = "def forever(n: Int): Int = forever(n + 1)
        def deep(n: Int): Int = 1 + deep(n + 1)
        def bomb(n: Int): Int = if n == 0 then 2 else bomb(n - 1) * bomb(n - 1)
        def long(n: Int): Str = if n == 0 then \"ab\" else (let s = long(n - 1) in s ++ s)
        def grow(xs: List Int): List Int = grow(append(xs, xs))";
    for (text, reason) in [
        ("forever(0)", "steps"),
        ("deep(0)", "nested calls"),
        ("pow(2, 1000000000)", ""),
        ("long(60)", "a text grew beyond"),
        ("replicate(1000000000000, 1)", ""),
        ("grow([1])", ""),
        ("pow(pow(pow(10, 100), 100), 100)", "a number grew beyond"),
        ("join(replicate(100000, pow_text()), \"\")", "a text grew beyond"),
    ] {
        let body = format!("{body}\ndef pow_text(): Str = long(10)");
        let limits = Limits { steps: 400_000, depth: 60_000, text_bytes: 1 << 20, ..Limits::default() };
        let got = told(&run_with(&body, text, &Options { limits, contracts: Contracts::Off }));
        assert!(got.starts_with("error: ") && got.contains(reason), "{text}: {got}");
    }
}

#[test]
fn deep_recursion_and_long_lists_are_ordinary() {
    let body = "def total(xs: List Int): Int = match xs { [] => 0  x :: rest => x + total(rest) }
        def count_down(n: Int): List Int = if n <= 0 then [] else n :: count_down(n - 1)
        type Chain = End | Link(Chain)
        def chain(n: Int): Chain = if n <= 0 then End else Link(chain(n - 1))
        def depth(c: Chain): Int = match c { End => 0  Link(inner) => 1 + depth(inner) }";
    table(
        body,
        &[
            ("total(range(0, 100000))", "4999950000"),
            ("length(count_down(100000))", "100000"),
            ("depth(chain(100000))", "100000"),
            ("chain(50000) == chain(50000)", "true"),
            ("length(sort(reverse(range(0, 20000))))", "20000"),
        ],
    );
    assert!(run(body, "chain(20000)").starts_with("Link(Link("));
}

#[test]
fn a_match_without_a_fitting_arm_says_the_value() {
    let got = run("def f(n: Int): Int = match n { 0 => 1  1 => 2 }", "f(7)");
    assert_eq!(got, "error: no arm of this match fits the value 7");
}

#[test]
fn contracts_are_checked_where_values_cross_them() {
    let body = "def half(n: Int): Int requires even: n % 2 == 0 ensures result * 2 == n = n / 2
        def wrong(n: Int): Int ensures low: result < n = n + 1
        def nat(n: Nat): Nat = n - 1
        def outer(n: Int): Int = half(n)
        def to_nat(n: Int): Int = let m: Nat = n in m
        entity Span { low: Int, high: Int, invariant ordered: low <= high }
        def span(a: Int, b: Int): Span = Span { low = a, high = b }
        def ages(xs: List Nat): Int = length(xs)";
    for (text, expected) in [
        ("half(4)", "2"),
        ("half(3)", "error: the precondition `even` does not hold"),
        ("outer(3)", "error: the precondition `even` does not hold"),
        ("wrong(1)", "error: the postcondition `low` does not hold"),
        ("nat(5)", "4"),
        ("nat(0)", "error: the result is outside its type"),
        ("nat(-1)", "error: the argument `n` is outside its type"),
        ("to_nat(-1)", "error: the value of `m` is outside its type"),
        ("span(1, 2).high", "2"),
        ("span(2, 1)", "error: the invariant `ordered` does not hold"),
        ("ages([1, 2])", "2"),
        ("ages([1, -2])", "error: the argument `xs` is outside its type"),
        ("clamp(1, 5, 2)", "error: the precondition does not hold"),
    ] {
        assert_eq!(checked(body, text), expected, "{text}");
    }
    assert_eq!(run(body, "half(3)"), "1", "without contracts it just runs");
}

#[test]
fn a_violation_says_whose_and_where_and_whether_the_call_itself_is_to_blame() {
    let body = "def inner(n: Int): Int requires n > 0 = n
        def outer(n: Int): Int requires n >= 0 = inner(n)";
    let program = program(body);
    let outer = program.lookup("outer").unwrap();
    let violation = |n: i32| match call(&program, outer, &[Value::int(n)], &Options::checking()).outcome {
        Outcome::Error(EvalError { kind: EvalErrorKind::Contract(violation), span }) => (violation, span),
        other => panic!("{other:?}"),
    };
    let (own, _) = violation(-1);
    assert!(own.outermost && own.declaration == Some(outer));
    let (other, span) = violation(0);
    assert!(!other.outermost && other.declaration == program.lookup("inner"));
    assert!(span.start > 0 && other.clause_span.start > 0);
}

#[test]
fn a_measure_that_does_not_shrink_is_a_violation() {
    let body = "def up(n: Int): Int decreases n = if n > 10 then n else up(n + 1)
        def down(n: Int): Int decreases n = if n <= 0 then 0 else down(n - 1)
        def below(n: Int): Int decreases n = if n < -5 then 0 else below(n - 1)";
    assert_eq!(checked(body, "up(0)"), "error: the measure does not shrink, or is negative");
    assert_eq!(checked(body, "below(0)"), "error: the measure does not shrink, or is negative");
    assert_eq!(checked(body, "down(5)"), "0");
}

#[test]
fn quantifiers_with_finitely_many_candidates_are_decided() {
    table(
        "type Day = Mon | Tue | Wed
         def next(d: Day): Day = match d { Mon => Tue  Tue => Wed  Wed => Mon }",
        &[
            ("forall b: Bool. b || !b", "true"),
            ("forall d: Day. next(next(next(d))) == d", "true"),
            ("exists d: Day. next(d) == d", "false"),
            ("forall i: Int. 0 <= i && i < 3 ==> [5, 6, 7][i] >= 5", "true"),
            ("forall i: Int. 0 <= i && i < 3 ==> [5, 6, 7][i] > 5", "false"),
            ("forall i: Nat. i + 1 < 4 ==> [5, 6, 7][i] >= 5", "true"),
            ("forall i: Nat, j: Nat. i < j && j < 3 ==> [5, 6, 7][i] < [5, 6, 7][j]", "true"),
            ("forall i: Nat, j: Nat. i < j && j < 3 ==> [5, 7, 6][i] < [5, 7, 6][j]", "false"),
            ("exists i: Int. 0 <= i && i < 3 && [5, 6, 7][i] == 6", "true"),
            ("forall n: Int. parse_int(\"12\") == Some(n) ==> n == 12", "true"),
            ("forall n: Int. parse_int(\"x\") == Some(n) ==> false", "true"),
            ("forall a: Int, b: Str. (1, \"x\") == (a, b) ==> a == 1 && b == \"x\"", "true"),
            ("forall x: Int. contains([1, 2], x) ==> x > 0", "true"),
            ("exists x: Int. contains([1, 2], x) && x > 5", "false"),
            ("forall i in [1, 2]. i > 0", "true"),
        ],
    );
}

#[test]
fn an_endless_quantifier_can_be_refuted_but_not_proved_by_running() {
    let body = "def sorted_copy(xs: List Int): List Int
          ensures forall v: Int. count(result, v) == count(xs, v)
        = sort(xs)
        def lossy(xs: List Int): List Int
          ensures forall v: Int. count(result, v) == count(xs, v)
        = distinct(xs)";
    assert_eq!(checked(body, "lossy([7, 7])"), "error: the postcondition does not hold");
    let (_, evaluation) = run_with(body, "sorted_copy([7, 7])", &Options::checking());
    assert!(evaluation.value().is_some());
    assert_eq!(evaluation.undecided.len(), 1);
    assert!(evaluation.undecided[0].because.contains("endlessly many"), "{:?}", evaluation.undecided);
    assert!(run("", "forall x: Int. x + 0 == x").starts_with("open: "));
    assert_eq!(run("", "forall x: Int. x * x > 0"), "false");
    assert_eq!(run("", "exists x: Int. x * x == 4"), "true");
    assert!(run("", "forall x: Int. 0 <= x && x < 10000000 ==> x >= 0").starts_with("open: "));
}

#[test]
fn an_error_in_the_bounds_of_a_quantifier_leaves_it_undecided() {
    assert!(run("", "forall i: Int. 0 <= i && i < 1 / 0 ==> true").starts_with("open: "));
}

/// A small generator of numbers: the same ones on every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % bound
    }

    fn list(&mut self) -> String {
        let items: Vec<String> = (0..self.below(7)).map(|_| (self.below(9) as i64 - 4).to_string()).collect();
        format!("([{}] : List Int)", items.join(", "))
    }
}

#[test]
fn shortcuts_give_what_the_prelude_says() {
    let program = prelude();
    let mut numbers = Numbers(7);
    for _ in 0..300 {
        let (xs, ys) = (numbers.list(), numbers.list());
        let n = numbers.below(12) as i64 - 4;
        for text in [
            format!("length({xs})"),
            format!("append({xs}, {ys})"),
            format!("reverse({xs})"),
            format!("contains({xs}, {n})"),
            format!("count({xs}, {n})"),
            format!("take({xs}, {n})"),
            format!("drop({xs}, {n})"),
            format!("range({n}, {})", numbers.below(9)),
            format!("replicate({n}, {xs})"),
            format!("concat([{xs}, {ys}, {xs}])"),
            format!("sum({xs})"),
            format!("sort({xs})"),
            format!("distinct({xs})"),
        ] {
            let term = term(program, &text);
            let mut plain = machine::Machine::new(program, Limits::default(), Contracts::Off);
            plain.shortcuts = Shortcuts::none();
            let by_body = plain.run(machine::Control::Eval(term.clone(), Env::new())).unwrap();
            let quick = evaluate(program, &term, &Env::new(), &Options::default());
            assert_eq!(quick.value(), Some(&by_body), "{text}");
        }
    }
}
