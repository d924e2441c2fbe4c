//! Generated Python: read by eye and kept (`tests/python`), and run against the evaluator on the same inputs.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use lift_core::check::{Checked, check_with};
use lift_core::draft::accept_defaults;
use lift_core::eval::{EvalErrorKind, Limits, Options as Running, Outcome, Value, call};
use lift_core::generate::python::{Literals, python};
use lift_core::generate::{Contracts, Options};
use lift_core::ir::{DeclId, DefDecl, Icit, PrimType, Program, Rational, Term, TermKind};
use std::collections::BTreeMap;
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

/// The documents of `tests/python`.
fn documents() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/python");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(".spec.md"));
    paths.sort();
    assert!(paths.len() >= 12, "the documents are gone");
    paths
}

/// The idioms of the library: documents nobody wrote with the generator in mind.
fn idioms() -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../library")];
    let mut paths = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(".spec.md") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    assert!(paths.len() >= 60, "the library is gone");
    paths
}

/// A document; of an idiom, with the usual answers to its questions.
fn read(path: &Path) -> Checked {
    let text = fs::read_to_string(path).unwrap();
    let is_idiom = path.components().any(|part| part.as_os_str() == "library");
    let text = if is_idiom { accept_defaults(&text).0 } else { text };
    // Documents import others of their folder.
    let name = path.file_name().unwrap().to_str().unwrap();
    let beside = fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path());
    let beside = beside.filter(|other| other.is_file() && other.to_string_lossy().ends_with(".spec.md"));
    let beside: BTreeMap<String, Arc<str>> = beside
        .map(|other| {
            let text = fs::read_to_string(&other).unwrap();
            (other.file_name().unwrap().to_str().unwrap().to_owned(), text.into())
        })
        .collect();
    let checked = check_with(name, &text, &beside);
    assert!(!checked.has_errors(), "{}: {:#?}", path.display(), checked.diagnostics);
    checked
}

fn stem(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().trim_end_matches(".spec.md").to_owned()
}

fn options(path: &Path) -> Options {
    Options { document: format!("{}.spec.md", stem(path)), module: stem(path), ..Options::default() }
}

/// Set `UPDATE=1` to take what is generated now; then read the difference.
#[test]
fn each_document_gives_the_python_beside_it() {
    let mut differing = Vec::new();
    for path in documents() {
        let checked = read(&path);
        let generated = python(&checked.program, &options(&path));
        let again = python(&checked.again(&checked.text).program, &options(&path));
        assert_eq!((&generated.module, &generated.tests), (&again.module, &again.tests), "same in, same out");
        for (name, text) in [
            (format!("{}.py", stem(&path)), generated.module),
            (format!("test_{}.py", stem(&path)), generated.tests),
        ] {
            let kept = path.with_file_name(&name);
            if std::env::var_os("UPDATE").is_some() {
                fs::write(&kept, &text).unwrap();
            } else if fs::read_to_string(&kept).ok().as_deref() != Some(text.as_str()) {
                differing.push(name);
            }
        }
    }
    assert!(differing.is_empty(), "UPDATE=1 takes the new text of {differing:?}; then read the difference");
}

/// A folder of its own for one test's Python files.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("lift-python-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    /// Runs a file with the machine's Python; gives back its output.
    fn run(&self, args: &[&str]) -> (bool, String) {
        let output = Command::new("python3").arg("-B").args(args).current_dir(&self.0).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_generated_tests_pass() {
    let folder = Folder::new("tests");
    for path in documents() {
        let generated = python(&read(&path).program, &options(&path));
        fs::write(folder.0.join(format!("{}.py", stem(&path))), &generated.module).unwrap();
        let file = format!("test_{}.py", stem(&path));
        fs::write(folder.0.join(&file), &generated.tests).unwrap();
        let (passed, output) = folder.run(&["-m", "unittest", &file]);
        assert!(passed, "{}\n{output}", path.display());
        assert!(!generated.examples.is_empty(), "{}", path.display());
    }
}

#[test]
fn stubs_say_what_is_undecided() {
    let path = documents().into_iter().find(|path| stem(path) == "holes").unwrap();
    let program = read(&path).program;
    let plain = python(&program, &options(&path));
    let left_out: Vec<&str> = plain.left_out.iter().map(|(name, _)| &**name).collect();
    assert_eq!(left_out, ["charged", "charged_twice", "greet", "open_one", "first"]);
    assert!(!plain.module.contains("def greet"));
    let stubs = python(&program, &Options { stubs: true, ..options(&path) });
    let folder = Folder::new("stubs");
    fs::write(folder.0.join("holes.py"), &stubs.module).unwrap();
    let (_, output) = folder.run(&["-c", "import holes\nholes.greet('x')"]);
    assert!(output.contains("NotImplementedError: greet: ?ending is undecided"), "{output}");
}

/// The same numbers on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % bound
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

const NUMBERS: [i64; 16] = [0, 1, -1, 2, -2, 3, 4, 5, 7, -7, 10, 12, 99, 100, -100, 1_000_003];
const FLOATS: [f64; 20] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.1,
    0.5,
    -2.5,
    3.0,
    10.0,
    1e16,
    1e22,
    1e23,
    123456789.125,
    f64::MAX,
    f64::MIN_POSITIVE,
    5e-324,
    -1e300,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
];
const LETTERS: [&str; 24] = [
    "a", "b", "A", "1", "0", "-", " ", "  ", ",", "\n", "\r\n", "\t", "\"", "\\", "{", "\u{1c}", "\u{85}",
    "é", "ß", "😀", "e\u{301}", "\u{2028}", "\u{3000}", "Σ",
];

/// A random value of a type; `types` are what type parameters stand for.
fn value(program: &Program, random: &mut Random, ty: &Term, types: &[Term], depth: usize) -> Option<Value> {
    let ty = ty.erase_head(program);
    let (head, args) = ty.spine();
    let length = if depth > 2 { 0 } else { random.below(6) };
    match &*head.kind {
        TermKind::Prim(PrimType::Int) => Some(match random.below(8) {
            0 => Value::int(num_bigint::BigInt::from(random.below(1 << 30)).pow(3)),
            _ => Value::int(random.pick(&NUMBERS)),
        }),
        TermKind::Prim(PrimType::Real) => {
            let below = random.pick(&[1, 1, 2, 3, 4, 10, 1_000_003]);
            let above = num_bigint::BigInt::from(random.pick(&NUMBERS));
            let above = if random.below(8) == 0 { above.pow(60) } else { above };
            Rational::new(above, below.into()).map(Value::real)
        }
        TermKind::Prim(PrimType::Float) => Some(Value::float(random.pick(&FLOATS))),
        TermKind::Prim(PrimType::Bool) => Some(Value::Bool(random.below(2) == 0)),
        TermKind::Prim(PrimType::Unit) => Some(Value::Unit),
        TermKind::Prim(PrimType::Str) => {
            let text: String = (0..random.below(7)).map(|_| random.pick(&LETTERS)).collect();
            Some(Value::text(&text))
        }
        TermKind::Product(items) => {
            let items: Option<Vec<Value>> =
                items.iter().map(|item| value(program, random, item, types, depth)).collect();
            items.map(Value::tuple)
        }
        TermKind::Data(decl) if Some(*decl) == program.list() => {
            let items: Option<Vec<Value>> =
                (0..length).map(|_| value(program, random, &args[0].term, types, depth + 1)).collect();
            items.map(|items| Value::list(*decl, items))
        }
        TermKind::Data(decl) if program.is_collection(*decl) => {
            let maker = program.maker(*decl)?;
            let mut items = Vec::new();
            for _ in 0..length {
                if args.is_empty() {
                    items.push(Value::int(random.pick(&[0, 65, 97, 0xC3, 0xA9, 0xF0, 255])));
                    continue;
                }
                let parts = args.iter().map(|arg| value(program, random, &arg.term, types, depth + 1));
                let mut parts: Vec<Value> = parts.collect::<Option<_>>()?;
                items.push(if parts.len() == 1 { parts.remove(0) } else { Value::tuple(parts) });
            }
            let items = Value::list(program.list()?, items);
            let made = call(program, program.lookup(maker)?, &[items], &Running::default());
            made.value().cloned()
        }
        TermKind::Data(decl) => {
            let data = program.data(*decl)?;
            // The first constructor ends what would grow for ever.
            let ctor = if depth > 3 { 0 } else { random.below(data.ctors.len()) };
            let mut inside: Vec<Term> = args.iter().map(|arg| arg.term.instantiate(types)).collect();
            let mut fields = Vec::new();
            for (_, ty) in &data.ctors[ctor].fields {
                fields.push(value(program, random, &ty.instantiate(&inside), &[], depth + 1)?);
                inside.push(TermKind::Error.into_term());
            }
            Some(Value::data(*decl, ctor, fields))
        }
        TermKind::Var(index) => {
            let ty = types.iter().rev().nth(*index)?.clone();
            value(program, random, &ty, &[], depth)
        }
        _ => None,
    }
}

/// Random arguments for a definition; type parameters stand for `Int`.
fn arguments(program: &Program, random: &mut Random, def: &DefDecl) -> Option<Vec<Value>> {
    let int = TermKind::Prim(PrimType::Int).into_term();
    let mut scope = Vec::new();
    let mut values = Vec::new();
    for param in &def.params {
        if param.icit == Icit::Explicit {
            values.push(value(program, random, &param.ty, &scope, 0)?);
        }
        scope.push(int.clone());
    }
    Some(values)
}

/// What the evaluator makes of a call: text of a Python value, or that it is an error.
enum Expected {
    Value(String),
    Error,
    /// A broken precondition of the call itself.
    Refused,
}

fn expected(
    program: &Program,
    options: &Options,
    literals: &Literals<'_>,
    decl: DeclId,
    args: &[Value],
) -> Option<Expected> {
    use lift_core::eval::Contracts::{Check, Off};
    let run = |contracts| {
        let limits = Limits { steps: 20_000, ..Limits::default() };
        call(program, decl, args, &Running { limits, contracts }).outcome
    };
    let checked = run(Check);
    let outside =
        matches!(&checked, Outcome::Error(error) if matches!(error.kind, EvalErrorKind::Contract(_)));
    let outcome = match options.contracts {
        Contracts::Raise => checked,
        // What a broken contract leads to is nobody's promise.
        _ if outside => return None,
        _ => run(Off),
    };
    match outcome {
        Outcome::Value(value) => literals.text(&value).map(Expected::Value),
        Outcome::Indeterminate(_) => None,
        Outcome::Error(error) => match error.kind {
            _ if error.is_limit() => None,
            EvalErrorKind::Contract(violation) if violation.outermost => Some(Expected::Refused),
            EvalErrorKind::IllTyped => panic!("{error} at {:?}", error.span),
            _ => Some(Expected::Error),
        },
    }
}

const RUNNER: &str = r#"
import importlib, json, sys

problems, calls, refused, failed = [], 0, 0, 0
for name, cases in json.load(open("cases.json", encoding="utf-8")):
    names = vars(importlib.import_module(name))
    for call, expected in cases:
        calls += 1
        try:
            got = repr(eval(call, names))
        except (ArithmeticError, LookupError, ValueError, AssertionError) as error:
            got = "refused" if type(error) in (ValueError, AssertionError) else "error"
        wanted = expected if expected in ("error", "refused") else repr(eval(expected, names))
        refused += wanted == "refused"
        failed += wanted == "error"
        # A `match` without the case raises a ValueError too.
        if got != wanted and (wanted, got) != ("error", "refused"):
            problems.append(f"{name}: {call}\n  expected {wanted}\n  got      {got}")
print(json.dumps({"calls": calls, "refused": refused, "failed": failed}))
print("\n".join(problems[:20]))
sys.exit(1 if problems else 0)
"#;

/// Calls every definition with random arguments, in the evaluator and in Python.
fn agrees(paths: Vec<PathBuf>, contracts: Contracts, rounds: usize, failing: RangeInclusive<u64>) {
    let mut random = Random(20261120);
    let folder = Folder::new(&format!("{}-{contracts:?}", stem(&paths[0])));
    let mut cases: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for (number, path) in paths.iter().enumerate() {
        let module = format!("{}_{number}", stem(path));
        let program = read(path).program;
        let options = Options { contracts, ..options(path) };
        let generated = python(&program, &options);
        let literals = Literals::new(&program, &options);
        let mut own = Vec::new();
        for id in program.own() {
            let Some(def) = program.def(id) else { continue };
            let name = program.decl(id).unwrap().name.clone();
            let Some(function) = generated.definitions.get(&name) else { continue };
            for _ in 0..rounds {
                let Some(args) = arguments(&program, &mut random, def) else { break };
                let given: Option<Vec<String>> = args.iter().map(|arg| literals.text(arg)).collect();
                let Some(given) = given else { continue };
                let wanted = match expected(&program, &options, &literals, id, &args) {
                    Some(Expected::Value(value)) => value,
                    Some(Expected::Error) => "error".to_owned(),
                    Some(Expected::Refused) => "refused".to_owned(),
                    None => continue,
                };
                own.push((format!("{function}({})", given.join(", ")), wanted));
            }
        }
        fs::write(folder.0.join(format!("{module}.py")), &generated.module).unwrap();
        cases.push((module, own));
    }
    fs::write(folder.0.join("cases.json"), serde_json::to_string(&cases).unwrap()).unwrap();
    fs::write(folder.0.join("run_cases.py"), RUNNER).unwrap();
    let (passed, output) = folder.run(&["run_cases.py"]);
    assert!(passed, "{output}");
    let counts =
        output.lines().find_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()).unwrap();
    println!("{counts}");
    assert!(counts["calls"].as_u64() > Some(1_000), "{counts}");
    assert!(failing.contains(&counts["failed"].as_u64().unwrap()), "{counts}");
    assert_eq!(contracts == Contracts::Raise, counts["refused"].as_u64() > Some(50), "{counts}");
}

#[test]
fn generated_python_agrees_with_the_evaluator() {
    agrees(documents(), Contracts::Comment, 40, 11..=u64::MAX);
}

#[test]
fn generated_python_refuses_what_the_contracts_refuse() {
    agrees(documents(), Contracts::Raise, 40, 11..=u64::MAX);
}

#[test]
fn recursion_on_thousands_of_elements_ends_in_python_too() {
    let path = documents().into_iter().find(|path| stem(path) == "loops").unwrap();
    let program = read(&path).program;
    let options = Options { module: "module".to_owned(), ..options(&path) };
    let generated = python(&program, &options);
    let mut lines = vec!["import module".to_owned()];
    let large = |ty: &Term| {
        let ty = ty.erase_head(&program);
        let (head, args) = ty.spine();
        match &*head.kind {
            TermKind::Prim(PrimType::Int) => Some("5000".to_owned()),
            TermKind::Prim(PrimType::Str) => Some("\"ab\" * 2500".to_owned()),
            TermKind::Data(_) => {
                let element = args[0].term.erase_head(&program);
                Some(match &*element.kind {
                    TermKind::Prim(PrimType::Str) => "[str(n) for n in range(5000)]".to_owned(),
                    TermKind::Product(_) => "[(n, str(n)) for n in range(5000)]".to_owned(),
                    _ => "list(range(5000))".to_owned(),
                })
            }
            _ => None,
        }
    };
    let mut called = 0;
    for id in program.own() {
        let Some(def) = program.def(id) else { continue };
        let name = program.decl(id).unwrap().name.clone();
        let args: Option<Vec<String>> = def
            .params
            .iter()
            .filter(|param| param.icit == Icit::Explicit)
            .map(|param| large(&param.ty))
            .collect();
        let Some(args) = args else { continue };
        lines.push(format!("module.{}({})", generated.definitions[&name], args.join(", ")));
        called += 1;
    }
    assert!(called > 20);
    let folder = Folder::new("deep");
    fs::write(folder.0.join("module.py"), &generated.module).unwrap();
    fs::write(folder.0.join("run.py"), lines.join("\n")).unwrap();
    let (passed, output) = folder.run(&["run.py"]);
    assert!(passed, "{output}");
}

#[test]
fn the_python_of_every_idiom_agrees_with_the_evaluator() {
    // They are proved: what their contracts let in runs into no error.
    agrees(idioms(), Contracts::Raise, 8, 0..=0);
}
