//! Nothing that is deep, long or wide exhausts the stack: from the text to the generated code, every stage gives an
//! answer or a diagnostic, on the stack a browser has.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use lift_core::check::{Checked, check};
use lift_core::eval::{self, Limits};
use lift_core::holes::{FitOptions, fits, graph};
use lift_core::ir::HoleId;
use lift_core::logic::{self, Discharge};
use lift_core::{generate, report, syntax};

/// The stack of a browser's thread. Unoptimised code takes several times what it takes there.
const BROWSER_STACK: usize = 1024 * 1024;

/// A shape and the document that has it so many times over.
type Shape = (&'static str, fn(usize) -> String);

fn document(body: impl std::fmt::Display) -> String {
    format!("```spec-ir\n{body}\n```\n")
}

/// `begin`, `part` for each number joined by `between`, `end`.
fn joined(count: usize, between: &str, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().join(between)
}

fn def(ty: &str, body: impl std::fmt::Display) -> String {
    // With effects somewhere, every body is asked for its own.
    let effects = "def noted(x: Int): Eff[log] Int = x";
    document(format!(
        "{effects}\ndef f(x: Int): {ty} = {body}\ndef g(): Int = ?later\nexamples {{ f(1) == f(1) }}"
    ))
}

fn nested(times: usize, open: &str, inner: &str, close: &str) -> String {
    format!("{}{inner}{}", open.repeat(times), close.repeat(times))
}

const SHAPES: &[Shape] = &[
    ("a list", |n| def("List Int", format!("[{}]", joined(n, ", ", |i| i.to_string())))),
    ("a list of texts", |n| def("List Str", format!("[{}]", joined(n, ", ", |i| format!("\"{i}\""))))),
    ("a list with holes", |n| def("List Int", format!("[{}]", joined(n, ", ", |i| format!("?h{}", i % 50))))),
    ("a list of unknown type", |n| {
        def("Bool", format!("[{}] == []", joined(n, ", ", |i| format!("({i}, x)"))))
    }),
    ("a list in a contract", |n| {
        document(format!(
            "def f(x: Int): Int\n  ensures contains([{}], result) = x\nexamples {{ f(1) == 1 }}",
            joined(n, ", ", |i| i.to_string())
        ))
    }),
    ("a list in an example", |n| {
        let list = joined(n, ", ", |i| i.to_string());
        document(format!("def f(xs: List Int): List Int = xs\nexamples {{ f([{list}]) == [{list}] }}"))
    }),
    ("a list in a type", |n| {
        let list = joined(n, ", ", |i| i.to_string());
        document(format!("def f(x: {{n: Int | contains([{list}], n)}}): Int = x\nexamples {{ f(1) == 1 }}"))
    }),
    ("a list in a list", |n| def(&nested(n, "List (", "Int", ")"), nested(n, "[", "1", "]"))),
    ("a list pattern", |n| {
        let names = joined(n, ", ", |i| format!("x{i}"));
        document(format!("def f(xs: List Int): Int = match xs {{ [{names}] => x0  _ => 0 }}"))
    }),
    ("a sum", |n| def("Int", joined(n, " + ", |_| "x".to_owned()))),
    ("a sum to the right", |n| def("Int", nested(n, "x + (", "x", ")"))),
    ("texts joined", |n| def("Str", joined(n, " ++ ", |_| "\"a\"".to_owned()))),
    ("a conjunction", |n| def("Bool", joined(n, " && ", |i| format!("x != {i}")))),
    ("implications", |n| def("Bool", joined(n, " ==> ", |i| format!("x != {i}")))),
    ("negations", |n| def("Bool", nested(n, "!", "true", ""))),
    ("cons", |n| def("List Int", nested(n, "x :: ", "[]", ""))),
    ("lets", |n| def("Int", format!("{} x", joined(n, " ", |i| format!("let y{i} = x in"))))),
    ("lets that use the last", |n| {
        def(
            "Int",
            format!("let y0 = x in {} x", joined(n, " ", |i| format!("let y{} = y{i} + y{i} in", i + 1))),
        )
    }),
    ("lets that double the type", |n| {
        def(
            "Int",
            format!("let y0 = x in {} x", joined(n, " ", |i| format!("let y{} = (y{i}, y{i}) in", i + 1))),
        )
    }),
    ("ifs", |n| def("Int", format!("{} x", joined(n, " ", |i| format!("if x == {i} then {i} else"))))),
    ("cases", |n| def("Int", format!("match x {{ {} _ => 0 }}", joined(n, " ", |i| format!("{i} => {i}"))))),
    ("matches", |n| def("Int", nested(n, "match x { 0 => 1  _ => ", "x", " }"))),
    ("applications in each other", |n| {
        document(format!("def f(x: Int): Int = x\ndef g(x: Int): Int = {}", nested(n, "f(", "x", ")")))
    }),
    ("applications of results", |n| {
        document(format!("def g(h: Int -> Int): Int = {}", nested(n, "h(", "1", ")")))
    }),
    ("arguments", |n| {
        let params = joined(n, ", ", |i| format!("x{i}: Int"));
        let args = joined(n, ", ", |_| "x".to_owned());
        document(format!("def g({params}): Int = x0\ndef f(x: Int): Int = g({args})"))
    }),
    ("parameters", |n| {
        let params = joined(n, ", ", |i| format!("x{i}: Int"));
        let args = joined(n, ", ", |_| "1".to_owned());
        document(format!("def f({params}): Int = x0\nexamples {{ f({args}) == 1 }}"))
    }),
    ("parameters of a function", |n| {
        let (names, args) = (joined(n, " ", |i| format!("(x{i}: Int)")), joined(n, ", ", |_| "1".to_owned()));
        document(format!("def f(): Int = (\\{names}. 1)({args})"))
    }),
    ("type parameters", |n| {
        document(format!("def f[{}](x: Int): Int = x", joined(n, ", ", |i| format!("T{i}"))))
    }),
    ("quantified variables", |n| {
        def("Bool", format!("forall {}. true", joined(n, ", ", |i| format!("x{i}: Int"))))
    }),
    ("quantifiers", |n| def("Bool", nested(n, "forall y: Bool. ", "true", ""))),
    ("functions", |n| {
        let (ty, body) = (nested(n, "Int -> ", "Int", ""), nested(n, "\\y. ", "x", ""));
        document(format!("def f(x: Int): {ty} = {body}"))
    }),
    ("a function type", |n| {
        document(format!("type F = {}\ndef f(x: F): F = x", nested(n, "Int -> ", "Int", "")))
    }),
    ("a type of types", |n| {
        document(format!("type F = {}\ndef f(x: F): F = x", nested(n, "List (", "Int", ")")))
    }),
    ("refinements of refinements", |n| {
        document(format!("type F = {}\ndef f(x: F): F = x", nested(n, "{x: ", "Int", " | x > 0}")))
    }),
    ("abbreviations", |n| {
        let chain = |letter: &str| joined(n, "\n", |i| format!("type {letter}{} = List {letter}{i}", i + 1));
        let (one, other) = (chain("A"), chain("B"));
        document(format!("type A0 = Int\ntype B0 = Int\n{one}\n{other}\ndef f(x: A{n}): B{n} = x"))
    }),
    ("abbreviations that double", |n| {
        let chain =
            |letter: &str| joined(n, "\n", |i| format!("type {letter}{} = {letter}{i} * {letter}{i}", i + 1));
        let (one, other) = (chain("A"), chain("B"));
        document(format!("type A0 = Int\ntype B0 = Int\n{one}\n{other}\ndef f(x: A{n}): B{n} = x"))
    }),
    ("refined abbreviations", |n| {
        let chain = joined(n, "\n", |i| format!("type A{} = {{x: A{i} | x != {i}}}", i + 1));
        document(format!("type A0 = Int\n{chain}\ndef f(x: A{n}): A{n} = x\nexamples {{ f(-1) == -1 }}"))
    }),
    ("a tuple", |n| {
        let (types, items) = (joined(n, " * ", |_| "Int".to_owned()), joined(n, ", ", |i| i.to_string()));
        def(&format!("({types})"), format!("({items})"))
    }),
    ("an entity", |n| {
        let fields = joined(n, ", ", |i| format!("f{i}: Int"));
        let values = joined(n, ", ", |i| format!("f{i} = {i}"));
        document(format!("entity E {{ {fields} }}\ndef f(): E = E {{ {values} }}\nexamples {{ f() == f() }}"))
    }),
    ("constructors", |n| {
        let ctors = joined(n, " | ", |i| format!("C{i}"));
        let arms = joined(n, " ", |i| format!("C{i} => {i}"));
        document(format!(
            "type S = {ctors}\ndef f(s: S): Int = match s {{ {arms} }}\nexamples {{ f(C0) == 0 }}"
        ))
    }),
    ("data types in each other", |n| {
        let types = joined(n, "\n", |i| format!("type T{} = Leaf{i} | Node{i}(T{i})", i + 1));
        document(format!("type T0 = |Leaf\n{types}\ndef f(t: T{n}): T{n} = t"))
    }),
    ("definitions that call the next", |n| {
        let defs = joined(n, "\n", |i| format!("def f{}(x: Int): Int = f{i}(x) + 1", i + 1));
        document(format!("def f0(x: Int): Int = x\n{defs}\nexamples {{ f{n}(1) == {} }}", n + 1))
    }),
    ("clauses", |n| {
        let clauses = joined(n, "\n", |i| format!("ensures result != {}", -1 - i as i64));
        document(format!("def f(x: Int): Int requires x >= 0 {clauses} = x"))
    }),
    ("examples", |n| {
        document(format!(
            "def f(x: Int): Int = x\nexamples {{ {} }}",
            joined(n, ", ", |i| format!("f({i}) == {i}"))
        ))
    }),
    ("holes", |n| def("List Int", format!("append([], {})", nested(n, "append([?a], ", "[?a]", ")")))),
    ("hole links", |n| {
        let holes = joined(n, "\n", |i| format!("hole ?h{}: term Int links {{ uses ?h{i} }}", i + 1));
        document(format!("hole ?h0: term Int\n{holes}\ndef f(): Int = ?h{n}"))
    }),
];

/// Everything that is done with a document, by its faces. An overflow ends the process: the last line says where.
fn whole_chain(what: &str, text: &str) -> Checked {
    let stage = |name: &str| eprintln!("{what}: {name}");
    stage("format");
    syntax::format_document(text);
    stage("check");
    let checked = check(text);
    let program = &checked.program;
    report::check_file("test.spec.md", &checked);
    stage("evaluate");
    eval::run_examples(
        program,
        &eval::Options { limits: Limits::steps(200_000), ..eval::Options::checking() },
    );
    stage("holes");
    graph(program);
    report::holes_report("test.spec.md", &checked);
    if !program.holes.is_empty() {
        fits(&checked, HoleId(program.holes.len() as u32 - 1), &FitOptions::default());
    }
    stage("verify");
    let options = logic::Options { solver: false, ..logic::Options::default() };
    let mut discharge = Discharge::new(program, options);
    while discharge.step() {}
    report::verify_file("test.spec.md", &checked, &discharge.report());
    stage("generate");
    generate::python::python(program, &generate::Options { stubs: true, ..generate::Options::default() });
    stage("drop");
    checked
}

/// Runs everything on a small stack and gives back the codes of what was found.
fn on_small_stack(shape: &'static str, size: usize, text: String) -> Vec<String> {
    let work = move || {
        let began = std::time::Instant::now();
        let checked = whole_chain(&format!("{shape}, {size}"), &text);
        let codes: Vec<String> = checked.diagnostics.iter().map(|found| found.code.to_string()).collect();
        drop(checked);
        eprintln!("{shape}, {size} done: {:?} {:.1?}", codes.first(), began.elapsed());
        codes
    };
    std::thread::Builder::new().stack_size(BROWSER_STACK).spawn(work).unwrap().join().unwrap()
}

/// What nests in a definition with an `x: Int`, some `xs`, a condition `p`, a record `q` and something `deep`.
struct Nested {
    open: &'static str,
    inner: &'static str,
    close: &'static str,
    /// The type of it all, so many times over, and that of `deep`.
    types: fn(usize) -> (String, String),
}

fn of(ty: &str) -> (String, String) {
    (ty.to_owned(), "Int".to_owned())
}

fn int(_: usize) -> (String, String) {
    of("Int")
}

fn condition(_: usize) -> (String, String) {
    of("Bool")
}

const fn nest(
    open: &'static str,
    inner: &'static str,
    close: &'static str,
    types: fn(usize) -> (String, String),
) -> Nested {
    Nested { open, inner, close, types }
}

const NESTED: &[Nested] = &[
    nest("f(", "x", ", xs, p, q, deep)", int),
    nest("xs[", "x", "]", int),
    nest("P { a = ", "x", " }.a", int),
    nest("-", "x", "", int),
    nest("exists y in xs. ", "true", "", condition),
    nest("forall y in (if ", "p", " then xs else [x]). p", condition),
    nest("let y = ", "x", " in y", int),
    nest("if x == 0 then ", "x", " else x", int),
    nest("if ", "true", " then true else false", condition),
    nest("match x { y => ", "x", " }", int),
    nest("match ", "x", " { y => x }", int),
    nest("(1, ", "x", ")", |n| of(&nested(n, "Int * (", "Int", ")"))),
    nest("(", "x", ": Int)", int),
    nest("(\\y. ", "x", ")(x)", int),
    nest("x == (if ", "p", " then 1 else 2)", condition),
    nest("", "q", ".next", |_| of("Q")),
    nest("", "deep", "[0]", |n| ("Int".to_owned(), nested(n, "List (", "Int", ")"))),
    nest("", "deep", "(1)", |n| ("Int".to_owned(), nested(n, "Int -> ", "Int", ""))),
    nest("Some(", "x", ")", |n| of(&nested(n, "Option (", "Int", ")"))),
    nest("[[], [], [], [], [], [], [], [], ", "[]", "]", |n| of(&nested(n + 1, "List (", "Int", ")"))),
    nest("id(", "x", ")", int),
    nest("all(xs, \\y. ", "true", ")", condition),
];

/// Shapes whose proofs or runs end by their own bounds only after long, unoptimised: they are made no larger.
const SLOW: &[(&str, usize)] = &[
    ("xs[", 40),
    ("applications of results", 40),
    ("(1)", 5),
    ("holes", 40),
    ("quantifiers", 190),
    ("parameters of a function", 100),
    ("clauses", 200),
    ("cases", 1_000),
    ("constructors", 500),
    ("definitions that call the next", 500),
];

/// Makes every shape of this size and runs everything on it; `SHAPE=name` chooses one.
fn every_shape(size: usize, mut told: impl FnMut(&str, Vec<String>)) {
    let only = std::env::var("SHAPE").ok();
    let wanted = |shape: &str| only.as_deref().is_none_or(|only| only == shape);
    let sized =
        |shape: &str| SLOW.iter().find(|(slow, _)| *slow == shape).map_or(size, |(_, most)| size.min(*most));
    for (shape, make) in SHAPES.iter().filter(|(shape, _)| wanted(shape)) {
        told(shape, on_small_stack(shape, sized(shape), make(sized(shape))));
    }
    // What opens nothing is called by what closes it.
    let name = |shape: &Nested| if shape.open.is_empty() { shape.close } else { shape.open };
    for shape in NESTED.iter().filter(|shape| wanted(name(shape))) {
        let (Nested { open, inner, close, types }, name) = (shape, name(shape));
        let size = sized(name);
        let term = nested(size, open, inner, close);
        let (result, deep) = types(size);
        let text = document(format!(
            "entity P {{ a: Int }}\nentity Q {{ next: Q }}\ndef id[T](x: T): T = x\n\
             def f(x: Int, xs: List Int, p: Bool, q: Q, deep: {deep}): {result} = {term}\ndef g(): Int = ?later"
        ));
        told(name, on_small_stack(name, size, text));
    }
}

#[test]
fn twenty_of_everything() {
    // So that every stage has something to do: what is not here is in order.
    let expected = [("lets that double the type", "E0221"), ("abbreviations that double", "E0221")];
    let mut wrong = Vec::new();
    every_shape(20, |name, mut codes| {
        codes.dedup();
        let known: Vec<&str> =
            expected.iter().filter(|(shape, _)| *shape == name).map(|(_, code)| *code).collect();
        if codes != known {
            wrong.push(format!("{name}: {codes:?}"));
        }
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn as_deep_as_can_be_read() {
    every_shape(syntax::DEEPEST as usize - 10, |_, _| ());
}

#[test]
fn a_thousand_of_everything() {
    every_shape(1_000, |_, _| ());
}

/// What is wide is read whatever its width.
#[test]
fn a_list_of_a_hundred_thousand_is_read_checked_run_and_generated() {
    let shapes = ["a list", "a list of texts", "a list in a contract", "a list in an example"];
    for (shape, make) in SHAPES.iter().filter(|(shape, _)| shapes.contains(shape)) {
        let checked = on_small_stack(shape, 100_000, make(100_000));
        assert_eq!(checked, Vec::<String>::new(), "{shape}");
    }
}

#[test]
fn what_is_too_deep_or_too_wide_is_said() {
    let expected = [
        ("a sum", "E0006"),
        ("a list pattern", "E0006"),
        ("quantified variables", "E0006"),
        ("parameters of a function", "E0006"),
        ("parameters", "E0024"),
        ("type parameters", "E0024"),
        ("an entity", "E0024"),
        ("abbreviations", "E0221"),
        ("abbreviations that double", "E0221"),
    ];
    let expected = expected.iter().map(|(shape, code)| (*shape, 300, *code));
    // Small enough to be read.
    for (shape, size, code) in expected.chain([("lets that double the type", 150, "E0221")]) {
        let (_, make) = SHAPES.iter().find(|(name, _)| *name == shape).unwrap();
        let codes = on_small_stack(shape, size, make(size));
        assert!(codes.contains(&code.to_owned()), "{shape}: {codes:?}");
    }
}
