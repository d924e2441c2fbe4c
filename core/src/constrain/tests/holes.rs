//! Holes as data: a document, and beside each hole what its constraint must be and must leave over.
//!
//! Each line of the table: the hole, its regular expression (or `refused:` and a part of why), then, after ` | `, each
//! residual and each part that is left out (`no Name`).

use super::*;
use crate::check::check_with;
use std::collections::BTreeMap;

/// Holds every hole of a table against the document.
#[track_caller]
fn holds(program: &Program, table: &str) {
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut parts = line.split(" | ").map(str::trim);
        let (hole, expected) = parts.next().and_then(|first| first.split_once(' ')).unwrap();
        let left: Vec<&str> = parts.collect();
        match (constrain(program, hole, Dialect::Regex), expected.strip_prefix("refused:")) {
            (Err(error), Some(part)) => assert!(error.to_string().contains(part.trim()), "{line}\n{error}"),
            (Ok(found), None) => {
                assert_eq!(found.text, expected, "{line}");
                let residuals = found.residuals.iter().map(|it| it.predicate.clone());
                let narrowed = found.narrowed.iter().skip(1).map(|it| it.what.clone());
                assert_eq!(residuals.chain(narrowed).collect::<Vec<_>>(), left, "{line}");
                for dialect in Dialect::ALL {
                    let other = constrain(program, hole, dialect).unwrap();
                    assert_eq!(
                        (other.residuals, other.narrowed),
                        (found.residuals.clone(), found.narrowed.clone())
                    );
                }
            }
            (found, _) => panic!("{line}\n{found:?}"),
        }
    }
}

#[test]
fn of_every_kind_of_type() {
    let program = program(
        "type Age = {x: Int | 0 <= x && x <= 9}\n\
         type Color = Red | Green\n\
         entity Person { name: {s: Str | s == \"a\"}, age: Age, invariant adult: age >= 8 }\n\
         type Shape = Circle(radius: Age) | Fun(Int -> Int) | Many(List (Bool -> Bool)) | Dot\n\
         entity Runner { run: Int -> Int }\n\
         def set(): Set Age = ?set\n\
         def few(): {s: Set Bool | set_size(s) <= 2} = ?few\n\
         def pair(): {s: Set Bool | set_size(s) == 2} = ?pair\n\
         def table(): Map Color Bool = ?table\n\
         def small(): {m: Map Age Bool | !map_is_empty(m) && size(m) < 2} = ?small\n\
         def raw(): {b: Bytes | bytes_length(b) == 2} = ?raw\n\
         def both(s: Set Int): {t: Set Bool | set_size(t) <= 1 && set_size(t) <= set_size(s)} = ?both\n\
         def never(): Set {x: Int | false} = ?never\n\
         def someone(): Person = ?someone\n\
         def shape(): Shape = ?shape\n\
         def run(): Runner = ?run\n\
         def f(): Int -> Int = ?f\n\
         def io(): Eff[net] Age = ?io\n\
         def same[T](x: T): T = ?same\n\
         def maybe[T](x: T): Option T = ?maybe\n\
         def lam(): Int -> Age = \\x. ?lam\n\
         def below(n: Nat): {x: Int | x < n && x >= 0} = ?below\n\
         hole ?type: type\n\
         def typed(x: ?type): Int = 1\n\
         hole ?what: term Color hint \"which\"\n\
         def color(): Color = ?what",
    );
    holds(
        &program,
        r"
        ?set set_of\((\[\]|\[(0|[1-9])(, (0|[1-9]))*\])\)
        ?few set_of\((\[\]|\[(true|false)(, (true|false))?\])\)
        ?pair set_of\(\[(true|false), (true|false)\]\) | size(s) == 2
        ?table map_of\((\[\]|\[\((Red|Green), (true|false)\)(, \((Red|Green), (true|false)\))*\])\)
        ?small map_of\(\[\((0|[1-9]), (true|false)\)\]\)
        ?raw bytes_of\(\[(0|[1-9][0-9]?|1[0-9]{2}|2([0-4][0-9]|5[0-5])), (0|[1-9][0-9]?|1[0-9]{2}|2([0-4][0-9]|5[0-5]))\]\)
        ?both set_of\((\[\]|\[(true|false)\])\) | size(t) <= size(s)
        ?never set_of\(\[\]\)
        ?someone Person \{ name = \x22a\x22, age = [8-9] \}
        ?shape Circle\((0|[1-9])\)|Dot | no `Fun` | no `Many`
        ?run refused: `Runner.run` is a function
        ?f refused: a function
        ?io 0|[1-9]
        ?same refused: `T`, which stands for every type
        ?maybe refused: `T`, which stands for every type
        ?lam 0|[1-9]
        ?below 0|[1-9][0-9]* | x < n
        ?type refused: a hole for a type
        ?what Red|Green
        "
        .replace("\\x22", "\"")
        .as_str(),
    );
}

#[test]
fn by_what_their_places_ask() {
    let program = program(
        "type Digit = {x: Int | 0 <= x && x <= 9}\n\
         entity Person { name: Str, age: Digit, invariant adult: age >= 8 }\n\
         def small(x: Int): Int requires x > 0 && x < 4 = x\n\
         def digit(x: Digit, y: Int): Int requires x <= y = x\n\
         def argument(): Int = small(?argument)\n\
         def inside(): Int = small(?inside * 2 + 1)\n\
         def two(a: Int): Int = digit(3, ?two) + digit(?first - 2, a)\n\
         def named(): Int = let x = ?named in let y = x - 1 in small(y)\n\
         def field(): Person = Person { name = \"x\", age = ?field }\n\
         def part(): Digit = ?part + 1\n\
         def divided(a: Int): Int = a / ?divisor + a % ?modulus\n\
         def at(xs: List Int, s: Str): Int = xs[?index]\n\
         def passed(): List Int = map([1], \\x. small(?passed))\n\
         def ensured(a: Int): Int ensures result > a ensures result < 10 = if a > 0 then ?one else ?other + 1\n\
         hole ?declared: term Digit\n\
         def uses(a: Int): Int requires a < 3 ensures result > a = ?declared\n\
         def again(): Int = small(?declared)",
    );
    holds(
        &program,
        r"
        ?argument [1-3]
        ?inside 0|1
        ?two [3-9]|[1-9][0-9]+
        ?first [2-9]|1[0-1] | ?first - 2 <= a
        ?named [2-4]
        ?field [8-9]
        ?part -1|0|[1-8]
        ?divisor -[1-9][0-9]*|[1-9][0-9]*
        ?modulus -[1-9][0-9]*|[1-9][0-9]*
        ?index 0|[1-9][0-9]* | ?index < length(xs)
        ?passed [1-3]
        ?one -[1-9][0-9]*|0|[1-9] | ?one > a
        ?other -[1-9][0-9]*|0|[1-8] | ?other + 1 > a
        ?declared [1-3] | ?declared > a
        ",
    );
}

#[test]
fn of_types_from_other_documents() {
    let document = |text: &str| -> Arc<str> { format!("```spec-ir\n{text}\n```\n").into() };
    let beside = BTreeMap::from([
        ("colors.spec.md".to_owned(), document("type Color = Red | Green\ntype Way = Up | Down")),
        (
            "people.spec.md".to_owned(),
            document(
                "import \"colors.spec.md\" { Color }\nentity Person { likes: Color }\nhole ?theirs: term Int\n\
                 type Kind = Child | Adult(Bool)",
            ),
        ),
    ]);
    let main = document(
        "import \"people.spec.md\" as people\nimport \"people.spec.md\" { Kind }\nimport \"colors.spec.md\" as c\n\
         def person(): people.Person = ?person\ndef kind(): Kind = ?kind\ndef way(): c.Way = ?way",
    );
    let checked = check_with("main.spec.md", &main, &beside);
    assert!(!checked.has_errors(), "{:#?}", checked.diagnostics);
    holds(
        &checked.program,
        r"
        ?person people\.Person \{ likes = (c\.Red|c\.Green) \}
        ?kind Child|Adult\((true|false)\)
        ?way c\.Up|c\.Down
        ?people.theirs refused: nothing here is called
        ?theirs refused: there are `?person`, `?kind`, `?way`
        ",
    );
    for (target, json, term) in [
        ("?person", r#"{"likes": "c.Red"}"#, "people.Person { likes = c.Red }"),
        ("?way", r#""c.Up""#, "c.Up"),
        ("?kind", r#"{"Adult": true}"#, "Adult(true)"),
    ] {
        assert_eq!(read(&checked.program, target, Dialect::JsonSchema, json).as_deref(), Ok(term));
        assert_eq!(read(&checked.program, target, Dialect::Lark, term).as_deref(), Ok(term));
    }
    // A type that only the imported document imports has no name here.
    let main = document("import \"people.spec.md\" { Person }\ndef person(): Person = ?person");
    let checked = check_with("main.spec.md", &main, &beside);
    holds(&checked.program, "?person refused: `Person.likes` takes `Red` to write");
}

#[test]
fn names_that_mean_something_else_are_not_written() {
    let hidden = program("def f(set_of: Int): Set Int = ?h\ndef g(): Set Int = ?free");
    holds(
        &hidden,
        "?h refused: takes `set_of` to write\n?free set_of\\((\\[\\]|\\[(-[1-9][0-9]*|0|[1-9][0-9]*)(, (-[1-9][0-9]*|0|[1-9][0-9]*))*\\])\\)",
    );
    let own = program("def map_of(x: Int): Int = x\ndef f(): Map Int Int = ?h");
    holds(&own, "?h refused: takes `map_of` to write");
}
