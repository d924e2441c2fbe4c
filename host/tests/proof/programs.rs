//! Random programs with random contracts: what is proved of them must hold on every input of a small domain.
//!
//! Most contracts are false, some are true by chance or because they repeat the body, a few are true because of what
//! a callee promises: whatever a prover says yes to is run. The provers are asked without the search for
//! counterexamples in front of them, which would hide what they claim.

use crate::dice::{Dice, rounds, seed};
use crate::judge::tried;
use crate::{pool, verify};
use lift_core::check::check;
use lift_core::logic::{Options, Report, Verdict};

/// The types of the language that the generator knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ty {
    Int,
    Bool,
    Str,
    List,
    Option,
    Pair,
    Shape,
    /// `Int -> Int`
    Function,
    /// `Int -> Bool`
    Test,
}

const VALUES: &[Ty] =
    &[Ty::Int, Ty::Int, Ty::Int, Ty::Bool, Ty::List, Ty::List, Ty::Option, Ty::Str, Ty::Pair, Ty::Shape];

/// Types as they are written for parameters and results: plain ones and refined ones.
fn spellings(ty: Ty) -> &'static [&'static str] {
    match ty {
        Ty::Int => &["Int", "Int", "Nat", "{n: Int | n != 0}", "{n: Int | n > 0 && n < 4}"],
        Ty::Bool => &["Bool"],
        Ty::Str => &["Str", "{s: Str | length(s) > 0}"],
        Ty::List => {
            &["List Int", "List Int", "List Nat", "{l: List Int | l != []}", "List {n: Int | n != 0}"]
        }
        Ty::Option => &["Option Int", "Option Nat", "Option {n: Int | n != 0}"],
        Ty::Pair => &["Int * Int", "Nat * Int", "{p: Int * Int | p.0 <= p.1}"],
        Ty::Shape => &["Shape"],
        Ty::Function => &["Int -> Int", "{n: Int | n != 0} -> Int", "Nat -> Nat", "Int -> {n: Int | n != 0}"],
        Ty::Test => &["Int -> Bool"],
    }
}

struct Def {
    name: String,
    params: Vec<Ty>,
    result: Ty,
}

struct Writer<'d> {
    dice: &'d mut Dice,
    scope: Vec<(String, Ty)>,
    defs: Vec<Def>,
    names: usize,
}

impl Writer<'_> {
    fn fresh(&mut self) -> String {
        // Few names, so that some hide others.
        self.names += 1;
        (*self.dice.pick(&["x", "y", "n", "v", "it"])).to_owned()
    }

    fn variable(&mut self, ty: Ty) -> Option<String> {
        // The innermost of a name is what the name means.
        let mut seen: Vec<&str> = Vec::new();
        let mut found: Vec<String> = Vec::new();
        for (name, kind) in self.scope.iter().rev() {
            if !seen.contains(&name.as_str()) {
                seen.push(name);
                if *kind == ty {
                    found.push(name.clone());
                }
            }
        }
        (!found.is_empty()).then(|| self.dice.pick(&found).clone())
    }

    fn with<T>(&mut self, name: &str, ty: Ty, f: impl FnOnce(&mut Self) -> T) -> T {
        self.scope.push((name.to_owned(), ty));
        let result = f(self);
        self.scope.pop();
        result
    }

    fn call(&mut self, ty: Ty, depth: usize) -> Option<String> {
        let fitting: Vec<usize> =
            (0..self.defs.len()).filter(|place| self.defs[*place].result == ty).collect();
        if fitting.is_empty() {
            return None;
        }
        let place = *self.dice.pick(&fitting);
        let (name, params) = (self.defs[place].name.clone(), self.defs[place].params.clone());
        let args: Vec<String> = params.into_iter().map(|ty| self.term(ty, depth)).collect();
        Some(format!("{name}({})", args.join(", ")))
    }

    /// A term of a type, in brackets where they might matter.
    fn term(&mut self, ty: Ty, depth: usize) -> String {
        if (self.dice.roll(3) == 0 || depth == 0)
            && let Some(name) = self.variable(ty)
        {
            return name;
        }
        if depth == 0 {
            return self.leaf(ty);
        }
        let d = depth - 1;
        match self.dice.roll(12) {
            0 => {
                let (c, a, b) = (self.term(Ty::Bool, d), self.term(ty, d), self.term(ty, d));
                return format!("(if {c} then {a} else {b})");
            }
            1 => {
                let bound = *self.dice.pick(VALUES);
                let (name, value) = (self.fresh(), self.term(bound, d));
                let body = self.with(&name, bound, |this| this.term(ty, d));
                return format!("(let {name} = {value} in {body})");
            }
            2 | 3 => {
                if let Some(call) = self.call(ty, d) {
                    return call;
                }
            }
            4 => return self.matching(ty, d),
            _ => {}
        }
        match ty {
            Ty::Int => self.int(d),
            Ty::Bool => self.truth(d),
            Ty::Str => match self.dice.roll(6) {
                0 => format!("({} ++ {})", self.term(Ty::Str, d), self.term(Ty::Str, d)),
                1 => format!("to_str({})", self.term(Ty::Int, d)),
                2 => format!("take({}, {})", self.term(Ty::Str, d), self.term(Ty::Int, d)),
                3 => format!("drop({}, {})", self.term(Ty::Str, d), self.term(Ty::Int, d)),
                4 => format!("replace({}, \"a\", {})", self.term(Ty::Str, d), self.term(Ty::Str, d)),
                _ => self.leaf(ty),
            },
            Ty::List => self.list(d),
            Ty::Option => match self.dice.roll(6) {
                0 => format!("head({})", self.term(Ty::List, d)),
                1 => format!("index_of({}, {})", self.term(Ty::List, d), self.term(Ty::Int, d)),
                2 => format!("parse_int({})", self.term(Ty::Str, d)),
                3 => format!("maximum({})", self.term(Ty::List, d)),
                _ => format!("Some({})", self.term(Ty::Int, d)),
            },
            Ty::Pair => format!("({}, {})", self.term(Ty::Int, d), self.term(Ty::Int, d)),
            Ty::Shape => match self.dice.roll(3) {
                0 => format!("Circle({})", self.term(Ty::Int, d)),
                1 => format!("Box({}, {})", self.term(Ty::Int, d), self.term(Ty::Int, d)),
                _ => "Dot".into(),
            },
            Ty::Function | Ty::Test => {
                let name = self.fresh();
                let result = if ty == Ty::Function { Ty::Int } else { Ty::Bool };
                let body = self.with(&name, Ty::Int, |this| this.term(result, d));
                format!("(\\({name}: Int). {body})")
            }
        }
    }

    fn leaf(&mut self, ty: Ty) -> String {
        let pick = |this: &mut Self, items: &[&str]| (*this.dice.pick::<&str>(items)).to_owned();
        match ty {
            Ty::Int => pick(self, &["0", "1", "2", "3", "(-1)", "(-2)", "7", "100"]),
            Ty::Bool => pick(self, &["true", "false"]),
            Ty::Str => pick(self, &["\"\"", "\"a\"", "\"ab\"", "\"-5\"", "\"é\""]),
            Ty::List => pick(self, &["([] : List Int)", "[0]", "[1, 2]", "[-1]"]),
            Ty::Option => pick(self, &["(None : Option Int)", "Some(0)", "Some(-1)"]),
            Ty::Pair => pick(self, &["(0, 1)", "(2, -1)"]),
            Ty::Shape => pick(self, &["Dot", "Circle(1)", "Box(0, 2)"]),
            Ty::Function => {
                pick(self, &["(\\(a: Int). a + 1)", "(\\(a: Int). 0)", "abs", "(\\(a: Int). 10 / a)"])
            }
            Ty::Test => pick(self, &["(\\(a: Int). a > 0)", "(\\(a: Int). true)", "is_even"]),
        }
    }

    fn int(&mut self, d: usize) -> String {
        let two = |this: &mut Self| (this.term(Ty::Int, d), this.term(Ty::Int, d));
        match self.dice.roll(18) {
            0..=3 => {
                let (a, b) = two(self);
                format!("({a} {} {b})", self.dice.pick(&["+", "-", "+", "*"]))
            }
            4 | 5 => {
                let a = self.term(Ty::Int, d);
                format!(
                    "({a} {} {})",
                    self.dice.pick(&["/", "%"]),
                    self.dice.pick(&["2", "3", "(-2)", "(-3)", "10"])
                )
            }
            6 => {
                let (a, b) = two(self);
                let op = *self.dice.pick(&["/", "%"]);
                match self.dice.roll(2) {
                    0 => format!("(if {b} == 0 then 0 else {a} {op} {b})"),
                    _ => format!("({a} {op} {b})"),
                }
            }
            7 => format!("length({})", self.term(Ty::List, d)),
            8 => format!("length({})", self.term(Ty::Str, d)),
            9 => {
                let (a, b) = two(self);
                format!("{}({a}, {b})", self.dice.pick(&["min", "max"]))
            }
            10 => format!("{}({})", self.dice.pick(&["abs", "sign"]).to_owned(), self.term(Ty::Int, d)),
            11 => format!("{}({})", self.dice.pick(&["sum", "length"]).to_owned(), self.term(Ty::List, d)),
            12 => {
                let f = self.variable(Ty::Function);
                let a = self.term(Ty::Int, d);
                f.map_or_else(|| self.leaf(Ty::Int), |f| format!("{f}({a})"))
            }
            13 => {
                let (xs, i) = (self.term(Ty::List, d), self.term(Ty::Int, d));
                match self.dice.roll(2) {
                    0 => format!("(if 0 <= {i} && {i} < length({xs}) then {xs}[{i}] else 0)"),
                    _ => format!("{xs}[{i}]"),
                }
            }
            14 => format!("get_or({}, {})", self.term(Ty::Option, d), self.term(Ty::Int, d)),
            15 => format!("{}.{}", self.term(Ty::Pair, d), self.dice.roll(2)),
            16 => format!("count({}, {})", self.term(Ty::List, d), self.term(Ty::Int, d)),
            _ => {
                let (xs, a) = (self.term(Ty::List, d), self.term(Ty::Int, d));
                format!("fold({xs}, {a}, \\p q. {})", self.dice.pick(&["p + q", "max(p, q)", "q", "p - q"]))
            }
        }
    }

    fn truth(&mut self, d: usize) -> String {
        match self.dice.roll(13) {
            0..=3 => {
                let (a, b) = (self.term(Ty::Int, d), self.term(Ty::Int, d));
                format!("({a} {} {b})", self.dice.pick(&["<", "<=", ">", ">=", "==", "!="]))
            }
            4 | 5 => {
                let (a, b) = (self.term(Ty::Bool, d), self.term(Ty::Bool, d));
                format!("({a} {} {b})", self.dice.pick(&["&&", "||", "==>", "<=>"]))
            }
            6 => format!("!{}", self.term(Ty::Bool, d)),
            7 => format!("contains({}, {})", self.term(Ty::List, d), self.term(Ty::Int, d)),
            8 => {
                let ty = *self.dice.pick(&[Ty::List, Ty::Option, Ty::Str, Ty::Pair, Ty::Shape]);
                let (a, b) = (self.term(ty, d), self.term(ty, d));
                format!("({a} {} {b})", self.dice.pick(&["==", "!="]))
            }
            9 | 10 => {
                let (quantifier, name) = (*self.dice.pick(&["forall", "exists"]), self.fresh());
                let xs = self.term(Ty::List, d);
                let body = self.with(&name, Ty::Int, |this| this.term(Ty::Bool, d));
                format!("({quantifier} {name} in {xs}. {body})")
            }
            11 => {
                let (xs, p) = (self.term(Ty::List, d), self.term(Ty::Test, d));
                format!("{}({xs}, {p})", self.dice.pick(&["all", "any"]))
            }
            _ => {
                let (a, b) = (self.term(Ty::Str, d), self.term(Ty::Str, d));
                format!("{}({a}, {b})", self.dice.pick(&["contains", "starts_with", "ends_with"]))
            }
        }
    }

    fn list(&mut self, d: usize) -> String {
        match self.dice.roll(11) {
            0 => format!("({} :: {})", self.term(Ty::Int, d), self.term(Ty::List, d)),
            1 => format!("({} ++ {})", self.term(Ty::List, d), self.term(Ty::List, d)),
            2 => format!("map({}, {})", self.term(Ty::List, d), self.term(Ty::Function, d)),
            3 => format!("filter({}, {})", self.term(Ty::List, d), self.term(Ty::Test, d)),
            4 => format!("take({}, {})", self.term(Ty::List, d), self.term(Ty::Int, d)),
            5 => format!("drop({}, {})", self.term(Ty::List, d), self.term(Ty::Int, d)),
            6 => format!(
                "{}({})",
                self.dice.pick(&["reverse", "sort", "distinct"]).to_owned(),
                self.term(Ty::List, d)
            ),
            7 => format!("range({}, {})", self.leaf(Ty::Int), self.dice.roll(5)),
            8 => format!("replicate({}, {})", self.dice.roll(3), self.term(Ty::Int, d)),
            _ => self.leaf(Ty::List),
        }
    }

    fn matching(&mut self, ty: Ty, d: usize) -> String {
        match self.dice.roll(5) {
            0 | 1 => {
                let xs = self.term(Ty::List, d);
                let (head, tail) = (self.fresh(), "tail".to_owned());
                let empty = self.term(ty, d);
                let more =
                    self.with(&head, Ty::Int, |this| this.with(&tail, Ty::List, |this| this.term(ty, d)));
                match self.dice.roll(3) {
                    0 => {
                        let one = self.with("only", Ty::Int, |this| this.term(ty, d));
                        format!(
                            "(match {xs} {{ [] => {empty}, [only] => {one}, {head} :: {tail} => {more} }})"
                        )
                    }
                    1 => format!("(match {xs} {{ {head} :: {tail} => {more}, _ => {empty} }})"),
                    _ => format!("(match {xs} {{ [] => {empty}, {head} :: {tail} => {more} }})"),
                }
            }
            2 => {
                let value = self.term(Ty::Option, d);
                let name = self.fresh();
                let (some, none) = (self.with(&name, Ty::Int, |this| this.term(ty, d)), self.term(ty, d));
                match self.dice.roll(2) {
                    0 => format!("(match {value} {{ Some({name}) => {some}, None => {none} }})"),
                    _ => {
                        let zero = self.term(ty, d);
                        format!(
                            "(match {value} {{ Some(0) => {zero}, Some({name}) => {some}, _ => {none} }})"
                        )
                    }
                }
            }
            3 => {
                let value = self.term(Ty::Shape, d);
                let (r, w) = (self.fresh(), self.fresh());
                let circle = self.with(&r, Ty::Int, |this| this.term(ty, d));
                let boxed =
                    self.with(&w, Ty::Int, |this| this.with("high", Ty::Int, |this| this.term(ty, d)));
                let dot = self.term(ty, d);
                format!(
                    "(match {value} {{ Circle({r}) => {circle}, Box({w}, high) => {boxed}, Dot => {dot} }})"
                )
            }
            _ => {
                let value = self.term(Ty::Int, d);
                let name = self.fresh();
                let (zero, other) = (self.term(ty, d), self.with(&name, Ty::Int, |this| this.term(ty, d)));
                format!("(match {value} {{ 0 => {zero}, {name} => {other} }})")
            }
        }
    }

    fn def(&mut self) -> String {
        let name = format!("f{}", self.defs.len());
        let result = *self.dice.pick(VALUES);
        let mut params: Vec<Ty> = (0..1 + self.dice.roll(3)).map(|_| *self.dice.pick(VALUES)).collect();
        if self.dice.roll(4) == 0 {
            params.push(*self.dice.pick(&[Ty::Function, Ty::Test]));
        }
        let recursive = self.dice.roll(4) == 0;
        if recursive {
            params.insert(0, Ty::List);
        }
        self.scope = params.iter().enumerate().map(|(place, ty)| (format!("p{place}"), *ty)).collect();
        let refined = |this: &mut Self, ty: Ty| match this.dice.roll(2) {
            0 => spellings(ty)[0].to_owned(),
            _ => (*this.dice.pick::<&str>(spellings(ty))).to_owned(),
        };
        let heads: Vec<String> = params
            .clone()
            .into_iter()
            .enumerate()
            .map(|(place, ty)| {
                let spelled = if recursive && place == 0 { "List Int".to_owned() } else { refined(self, ty) };
                format!("p{place}: {spelled}")
            })
            .collect();
        let requires: Vec<String> =
            (0..self.dice.roll(3) / 2).map(|_| format!("  requires {}\n", self.term(Ty::Bool, 2))).collect();
        let body = if recursive {
            let base = self.term(result, 1);
            let again: Vec<String> = (1..params.len()).map(|place| format!("p{place}")).collect();
            let again = [vec!["tail".to_owned()], again].concat().join(", ");
            let step = self.with("x", Ty::Int, |this| {
                this.with("tail", Ty::List, |this| this.with("again", result, |this| this.term(result, 2)))
            });
            format!("match p0 {{ [] => {base}, x :: tail => let again = {name}({again}) in {step} }}")
        } else {
            self.term(result, 3)
        };
        let depth = 1 + self.dice.roll(2);
        let mut ensures = Vec::new();
        let whole = self.scope.clone();
        self.scope.push(("result".into(), result));
        for _ in 0..self.dice.roll(3) {
            let clause = match self.dice.roll(4) {
                // What the body says, which is true if it makes sense.
                0 if !recursive && !matches!(result, Ty::Function | Ty::Test) => format!("result == {body}"),
                1 => format!("{} ==> {}", self.term(Ty::Bool, depth), self.term(Ty::Bool, depth)),
                _ => self.term(Ty::Bool, depth),
            };
            ensures.push(format!("  ensures {clause}\n"));
        }
        self.scope = whole;
        let result_type = refined(self, result);
        self.defs.push(Def { name: name.clone(), params, result });
        format!(
            "def {name}({}): {result_type}\n{}{}= {body}\n\n",
            heads.join(", "),
            requires.concat(),
            ensures.concat()
        )
    }
}

const SHAPE: &str = "type Shape = Circle(radius: Int) | Box(width: Int, height: Int) | Dot\n\n";

/// A document of so many definitions.
pub fn document(dice: &mut Dice, count: usize) -> String {
    let mut writer = Writer { dice, scope: Vec::new(), defs: Vec::new(), names: 0 };
    let defs: String = (0..count).map(|_| writer.def()).collect();
    format!("```spec-ir\n{SHAPE}{defs}```\n")
}

/// What was proved and is not so; `run` counts the proved ones that gave a value.
fn lies(text: &str, report: &Report, inputs: usize, run: &mut usize) -> Vec<String> {
    let checked = check(text);
    let proved = report.declarations.iter().filter(|declared| declared.verdict == Verdict::Proved);
    proved
        .filter_map(|declared| {
            let tried = tried(&checked.program, declared.declaration, inputs);
            *run += usize::from(tried.runs > 0);
            let fault = tried.fault?;
            let at = text.find(&format!("def {}(", declared.name)).unwrap_or(0);
            let end = text[at + 4..].find("\ndef ").map_or(text.len(), |end| at + 4 + end);
            Some(format!("{}: {fault}\n{}", declared.name, &text[at..end]))
        })
        .collect()
}

fn hunt(options: &Options, few: usize, from: u64) {
    let pool = pool();
    let first = seed(from);
    let (mut found, mut proved, mut judged, mut run) = (Vec::new(), 0, 0, 0);
    for round in rounds(few) {
        let start = first.wrapping_add(round as u64);
        let mut dice = Dice(start.wrapping_mul(0x3_0005));
        let text = document(&mut dice, 8);
        let checked = check(&text);
        let report = verify(&pool, &checked, options.clone());
        judged += report.declarations.len();
        proved += report.declarations.iter().filter(|declared| declared.verdict == Verdict::Proved).count();
        for lie in lies(&text, &report, 300, &mut run) {
            if let Ok(folder) = std::env::var("LIFT_SOUNDNESS_KEEP") {
                std::fs::write(
                    format!("{folder}/lie-{start}.spec.md"),
                    format!("{text}\n<!--\n{lie}\n-->\n"),
                )
                .unwrap();
            }
            found.push(format!("seed {start}: {lie}"));
        }
    }
    println!("{judged} definitions, {proved} proved, {run} of them run, {} lies", found.len());
    assert!(found.is_empty(), "{}", found.join("\n\n"));
    assert!(run * 2 > proved, "only {run} of {proved} proved ones gave a value: the judge saw nothing");
    assert!(proved * 20 > judged, "only {proved} of {judged} proved: the programs say nothing");
}

#[test]
fn nothing_false_is_proved_without_a_solver() {
    hunt(&Options { search: false, solver: false, ..Options::default() }, 40, 1);
}

#[test]
fn nothing_false_is_proved_with_a_solver() {
    hunt(&Options { search: false, wall_ms: 1_000, rlimit: 150_000, ..Options::default() }, 12, 10_000_000);
}
