//! The laws of checking, on programs that are well-typed because of how they are made: nobody asks the checker.
//!
//! A writer makes terms of a wanted type; asked to, it puts one value of another type in the place of one part. What
//! is then expected is known without looking.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

#[path = "../src/dice.rs"]
mod dice;

use dice::Dice;
use lift_core::check::{Checked, check, check_term};
use lift_core::eval::{self, Limits, Outcome, print_value};
use lift_core::ir::{DeclKind, Term, TermKind, distill};
use lift_core::syntax::span::Span;
use lift_core::syntax::tree::{self, Arm, Expr, ExprKind};
use lift_core::syntax::{parse_term, print_expr};

/// The types the writer knows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Ty {
    Int,
    Bool,
    Str,
    Shape,
    Point,
    List(Box<Ty>),
    Option(Box<Ty>),
    Pair(Box<Ty>, Box<Ty>),
    Function(Box<Ty>, Box<Ty>),
}

/// What every program begins with.
const DECLARED: &str = "type Shape = Round(radius: Int) | Flat | Named(name: Str, inner: Option Int)
entity Point { x: Int, y: Int }
def same[A](a: A): A = a
def first[A, B](p: A * B): A = match p { (a, b) => a }
def second[A, B](p: A * B): B = match p { (a, b) => b }
def both[A, B](a: A, b: B): A * B = (a, b)
def twice[A](f: A -> A, a: A): A = f(f(a))
def after[A, B, C](f: A -> B, g: B -> C): A -> C = \\a. g(f(a))
def choose[A](which: Bool, a: A, b: A): A = if which then a else b
def or_else[A](o: Option A, a: A): A = match o { Some(v) => v  None => a }";

impl Ty {
    fn roll(dice: &mut Dice, depth: usize) -> Ty {
        let inner = |dice: &mut Dice| Box::new(Ty::roll(dice, depth.saturating_sub(1)));
        match dice.roll(if depth == 0 { 5 } else { 9 }) {
            0 => Ty::Int,
            1 => Ty::Bool,
            2 => Ty::Str,
            3 => Ty::Shape,
            4 => Ty::Point,
            5 => Ty::List(inner(dice)),
            6 => Ty::Option(inner(dice)),
            7 => Ty::Pair(inner(dice), inner(dice)),
            _ => Ty::Function(inner(dice), inner(dice)),
        }
    }

    fn is_plain(&self) -> bool {
        match self {
            Ty::Function(..) => false,
            Ty::List(of) | Ty::Option(of) => of.is_plain(),
            Ty::Pair(a, b) => a.is_plain() && b.is_plain(),
            _ => true,
        }
    }

    fn text(&self) -> String {
        match self {
            Ty::Int => "Int".into(),
            Ty::Bool => "Bool".into(),
            Ty::Str => "Str".into(),
            Ty::Shape => "Shape".into(),
            Ty::Point => "Point".into(),
            Ty::List(of) => format!("List ({})", of.text()),
            Ty::Option(of) => format!("Option ({})", of.text()),
            Ty::Pair(a, b) => format!("(({}) * ({}))", a.text(), b.text()),
            Ty::Function(a, b) => format!("(({}) -> ({}))", a.text(), b.text()),
        }
    }
}

struct Writer {
    dice: Dice,
    scope: Vec<(String, Ty)>,
    /// Names bound so far.
    names: usize,
    /// Whether few names are used, so that some hide others.
    hiding: bool,
    /// Parts written so far.
    parts: usize,
    /// The part that is written as something of another type.
    wrong: Option<usize>,
}

impl Writer {
    fn fresh(&mut self) -> String {
        let few = ["a", "b", "f", "it", "x1"][self.dice.roll(5)].to_owned();
        self.names += 1;
        match self.hiding {
            true => few,
            false => format!("v{}", self.names),
        }
    }

    /// A term where nothing around it says what it is: it says so itself.
    fn stated(&mut self, ty: &Ty, depth: usize) -> String {
        format!("({} : {})", self.term(ty, depth), ty.text())
    }

    fn with(&mut self, bound: &[(&str, &Ty)], depth: usize, ty: &Ty) -> String {
        let before = self.scope.len();
        self.scope.extend(bound.iter().map(|(name, ty)| ((*name).to_owned(), (*ty).clone())));
        let text = self.term(ty, depth);
        self.scope.truncate(before);
        text
    }

    fn variable(&mut self, ty: &Ty) -> Option<String> {
        let visible = |place: &usize| {
            let (name, own) = &self.scope[*place];
            own == ty && !self.scope[place + 1..].iter().any(|(later, _)| later == name)
        };
        let found: Vec<usize> = (0..self.scope.len()).filter(visible).collect();
        (!found.is_empty()).then(|| self.scope[found[self.dice.roll(found.len())]].0.clone())
    }

    /// A term of type `ty`, in brackets where they might matter.
    fn term(&mut self, ty: &Ty, depth: usize) -> String {
        let part = self.parts;
        self.parts += 1;
        if self.wrong == Some(part) {
            return match ty {
                Ty::Int | Ty::Shape | Ty::Point => "\"no\"".into(),
                Ty::List(_) | Ty::Option(_) | Ty::Pair(..) | Ty::Str => "true".into(),
                Ty::Bool | Ty::Function(..) => "0".into(),
            };
        }
        if (depth == 0 || self.dice.roll(3) == 0)
            && let Some(name) = self.variable(ty)
        {
            return name;
        }
        if depth == 0 {
            return self.form(ty, 0);
        }
        let d = depth - 1;
        match self.dice.roll(12) {
            0 => format!(
                "(if {} then {} else {})",
                self.term(&Ty::Bool, d),
                self.term(ty, d),
                self.term(ty, d)
            ),
            1 => {
                let (name, bound) = (self.fresh(), Ty::roll(&mut self.dice, 1));
                let value = self.term(&bound, d);
                let body = self.with(&[(&name, &bound)], d, ty);
                format!("(let {name}: {} = {value} in {body})", bound.text())
            }
            2 => format!("same({})", self.term(ty, d)),
            3 => {
                let other = Ty::roll(&mut self.dice, 1);
                let pair = Ty::Pair(Box::new(ty.clone()), Box::new(other));
                format!("first({})", self.stated(&pair, d))
            }
            4 => format!("choose({}, {}, {})", self.term(&Ty::Bool, d), self.term(ty, d), self.term(ty, d)),
            5 => {
                let option = Ty::Option(Box::new(ty.clone()));
                format!("or_else({}, {})", self.term(&option, d), self.term(ty, d))
            }
            6 => {
                let shape = self.term(&Ty::Shape, d);
                let (radius, name, mut inner) = (self.fresh(), self.fresh(), self.fresh());
                if inner == name {
                    inner.push('2');
                }
                let round = self.with(&[(&radius, &Ty::Int)], d, ty);
                let flat = self.term(ty, d);
                let option = Ty::Option(Box::new(Ty::Int));
                let named = self.with(&[(&name, &Ty::Str), (&inner, &option)], d, ty);
                format!(
                    "(match {shape} {{ Round({radius}) => {round}  Flat => {flat}  Named({name}, {inner}) => {named} }})"
                )
            }
            7 => {
                let of = Ty::roll(&mut self.dice, 1);
                let of_list = Ty::List(Box::new(of.clone()));
                let list = self.stated(&of_list, d);
                let empty = self.term(ty, d);
                let (head, mut rest) = (self.fresh(), self.fresh());
                if rest == head {
                    rest.push('2');
                }
                let more = self.with(&[(&head, &of), (&rest, &of_list)], d, ty);
                format!("(match {list} {{ [] => {empty}  {head} :: {rest} => {more} }})")
            }
            8 => {
                let from = Ty::roll(&mut self.dice, 1);
                let function = Ty::Function(Box::new(from.clone()), Box::new(ty.clone()));
                match self.variable(&function) {
                    Some(name) => format!("{name}({})", self.term(&from, d)),
                    None => self.form(ty, d),
                }
            }
            9 => format!(
                "twice({}, {})",
                self.term(&Ty::Function(Box::new(ty.clone()), Box::new(ty.clone())), d),
                self.term(ty, d)
            ),
            _ => self.form(ty, d),
        }
    }

    /// A term in a form of its type's own.
    fn form(&mut self, ty: &Ty, d: usize) -> String {
        let deep = d > 0;
        match ty {
            Ty::Int => match self.dice.roll(if deep { 5 } else { 1 }) {
                0 => self.dice.roll(100).to_string(),
                1 => format!("({} + {})", self.term(&Ty::Int, d - 1), self.term(&Ty::Int, d - 1)),
                2 => format!("({} * {})", self.term(&Ty::Int, d - 1), self.term(&Ty::Int, d - 1)),
                3 => format!("same({}).x", self.term(&Ty::Point, d - 1)),
                _ => format!("length({})", self.stated(&Ty::List(Box::new(Ty::Bool)), d - 1)),
            },
            Ty::Bool => match self.dice.roll(if deep { 5 } else { 1 }) {
                0 => ["true", "false"][self.dice.roll(2)].into(),
                1 => format!("({} < {})", self.term(&Ty::Int, d - 1), self.term(&Ty::Int, d - 1)),
                2 => format!("({} && {})", self.term(&Ty::Bool, d - 1), self.term(&Ty::Bool, d - 1)),
                3 => format!("!{}", self.term(&Ty::Bool, d - 1)),
                _ => {
                    let of =
                        [Ty::Int, Ty::Str, Ty::Shape, Ty::List(Box::new(Ty::Int))][self.dice.roll(4)].clone();
                    format!("({} == {})", self.term(&of, d - 1), self.term(&of, d - 1))
                }
            },
            Ty::Str => match self.dice.roll(if deep { 3 } else { 1 }) {
                0 => format!("\"{}\"", ["", "a", "bc"][self.dice.roll(3)]),
                1 => format!("({} ++ {})", self.term(&Ty::Str, d - 1), self.term(&Ty::Str, d - 1)),
                _ => format!("to_str({})", self.term(&Ty::Int, d - 1)),
            },
            Ty::Shape => match self.dice.roll(if deep { 3 } else { 1 }) {
                0 => "Flat".into(),
                1 => format!("Round({})", self.term(&Ty::Int, d - 1)),
                _ => {
                    let option = Ty::Option(Box::new(Ty::Int));
                    format!("Named({}, {})", self.term(&Ty::Str, d - 1), self.term(&option, d - 1))
                }
            },
            Ty::Point => {
                let d = d.saturating_sub(1);
                format!("Point {{ x = {}, y = {} }}", self.term(&Ty::Int, d), self.term(&Ty::Int, d))
            }
            Ty::List(of) => match self.dice.roll(if deep { 4 } else { 1 }) {
                0 => format!("([] : {})", ty.text()),
                1 => format!("[{}, {}]", self.term(of, d - 1), self.term(of, d - 1)),
                2 => format!("({} :: {})", self.term(of, d - 1), self.term(ty, d - 1)),
                _ => {
                    let from = Ty::roll(&mut self.dice, 1);
                    let function = Ty::Function(Box::new(from.clone()), of.clone());
                    let list = self.term(&Ty::List(Box::new(from)), d - 1);
                    format!("map({list}, {})", self.term(&function, d - 1))
                }
            },
            Ty::Option(of) => match self.dice.roll(if deep { 2 } else { 1 }) {
                0 => format!("(None : {})", ty.text()),
                _ => format!("Some({})", self.term(of, d - 1)),
            },
            Ty::Pair(a, b) => {
                let d = d.saturating_sub(1);
                let (a, b) = (self.term(a, d), self.term(b, d));
                if self.dice.roll(3) == 0 { format!("both({a}, {b})") } else { format!("({a}, {b})") }
            }
            Ty::Function(from, to) => {
                if deep && self.dice.roll(4) == 0 {
                    let middle = Ty::roll(&mut self.dice, 1);
                    let first = Ty::Function(from.clone(), Box::new(middle.clone()));
                    let then = Ty::Function(Box::new(middle), to.clone());
                    return format!("after({}, {})", self.term(&first, d - 1), self.term(&then, d - 1));
                }
                let name = self.fresh();
                let body = self.with(&[(&name, from)], d.saturating_sub(1), to);
                format!("(\\({name}: {}). {body})", from.text())
            }
        }
    }
}

/// A program whose `main` is of a plain type, and how many parts it has; the part `wrong` is of another type.
fn program(seed: u64, wrong: Option<usize>) -> (String, Ty, usize) {
    written(seed, wrong, seed.is_multiple_of(2))
}

fn written(seed: u64, wrong: Option<usize>, hiding: bool) -> (String, Ty, usize) {
    let mut writer = Writer { dice: Dice(seed), scope: Vec::new(), names: 0, hiding, parts: 0, wrong };
    let ty = loop {
        let ty = Ty::roll(&mut writer.dice, 2);
        if ty.is_plain() {
            break ty;
        }
    };
    let depth = 2 + writer.dice.roll(4);
    let body = writer.term(&ty, depth);
    let text = format!("```spec-ir\n{DECLARED}\ndef main(): {} = {body}\n```\n", ty.text());
    (text, ty, writer.parts)
}

fn errors(checked: &Checked) -> Vec<String> {
    let errors = checked.diagnostics.iter().filter(|found| found.code.starts_with('E'));
    errors.map(|found| format!("{}: {}", found.code, found.message)).collect()
}

/// The elaborated body of `main`, and its text's.
fn bodies(checked: &Checked) -> (Term, Expr) {
    let id = checked.program.names["main"];
    let body = match &checked.program.decl(id).unwrap().kind {
        DeclKind::Def(def) => def.body.clone().unwrap(),
        other => panic!("{other:?}"),
    };
    let source = checked.tree.decls.iter().find_map(|decl| match &decl.kind {
        tree::DeclKind::Def(def) if def.name.name == "main" => def.body.clone(),
        _ => None,
    });
    (body, source.unwrap())
}

/// Places of what could not be checked.
fn marks(term: &Term) -> Vec<Span> {
    let mut found = Vec::new();
    term.walk(&mut |part| {
        if matches!(&*part.kind, TermKind::Error) {
            found.push(part.span);
        }
    });
    found
}

const SEEDS: u64 = 400;

#[test]
fn a_well_typed_program_gets_no_mark() {
    for seed in 0..SEEDS {
        let (text, _, _) = program(seed, None);
        let checked = check(&text);
        assert_eq!(errors(&checked), Vec::<String>::new(), "seed {seed}:\n{text}");
        assert_eq!(marks(&bodies(&checked).0), [], "seed {seed}:\n{text}");
    }
}

#[test]
fn an_ill_typed_program_gets_a_mark_and_a_finding() {
    let mut tried = 0;
    for seed in 0..SEEDS {
        let (_, _, parts) = program(seed, None);
        let mut dice = Dice(seed);
        for wrong in [0, dice.roll(parts), dice.roll(parts), parts - 1] {
            let (text, _, _) = program(seed, Some(wrong));
            let checked = check(&text);
            assert_ne!(errors(&checked), Vec::<String>::new(), "seed {seed}, part {wrong}:\n{text}");
            assert_ne!(marks(&bodies(&checked).0), [], "seed {seed}, part {wrong}:\n{text}");
            tried += 1;
        }
    }
    assert_eq!(tried, SEEDS * 4);
}

/// What was written, without the annotations that elaboration turns into types, and with a blank for each mark.
fn erased(expr: &Expr, marks: &[Span]) -> Expr {
    let at = |expr: &Expr| erased(expr, marks);
    let boxed = |expr: &Expr| Box::new(erased(expr, marks));
    let all = |items: &[Expr]| items.iter().map(|item| erased(item, marks)).collect::<Vec<_>>();
    if marks.contains(&expr.span) || matches!(expr.kind, ExprKind::Error) {
        return Expr { span: expr.span, kind: ExprKind::Infer };
    }
    let kind = match &expr.kind {
        ExprKind::Ascribe(value, _) => return at(value),
        // That is what an ascription is made of.
        ExprKind::Let(name, _, value, body) if matches!(&body.kind, ExprKind::Name(it) if *it == name.name) =>
        {
            return at(value);
        }
        ExprKind::Tuple(items) => ExprKind::Tuple(all(items)),
        ExprKind::List(items) => ExprKind::List(all(items)),
        ExprKind::Call(head, args) => ExprKind::Call(boxed(head), all(args)),
        ExprKind::Record(name, fields) => ExprKind::Record(
            name.clone(),
            fields.iter().map(|(name, value)| (name.clone(), at(value))).collect(),
        ),
        ExprKind::Field(value, name) => ExprKind::Field(boxed(value), name.clone()),
        ExprKind::Unary(op, value) => ExprKind::Unary(*op, boxed(value)),
        ExprKind::Binary(tree::BinaryOp::Cons, a, b) => match at(b).kind {
            ExprKind::List(items) => ExprKind::List(std::iter::once(at(a)).chain(items).collect()),
            kind => {
                let rest = Expr { span: b.span, kind };
                ExprKind::Binary(tree::BinaryOp::Cons, boxed(a), Box::new(rest))
            }
        },
        ExprKind::Binary(op, a, b) => ExprKind::Binary(*op, boxed(a), boxed(b)),
        ExprKind::If(a, b, c) => ExprKind::If(boxed(a), boxed(b), boxed(c)),
        ExprKind::Match(value, arms) => {
            let arms = arms.iter().map(|arm| {
                let (mut pattern, body) = (arm.pattern.clone(), at(&arm.body));
                // What stands behind a pattern that makes no sense is marked with it.
                if matches!(body.kind, ExprKind::Infer) {
                    pattern.kind = tree::PatternKind::Wildcard;
                }
                Arm { pattern, body }
            });
            ExprKind::Match(boxed(value), arms.collect())
        }
        ExprKind::Let(name, _, value, body) => ExprKind::Let(name.clone(), None, boxed(value), boxed(body)),
        ExprKind::Lambda(params, body) => {
            let params = params.iter().map(|param| tree::Param { name: param.name.clone(), ty: None });
            ExprKind::Lambda(params.collect(), boxed(body))
        }
        other => other.clone(),
    };
    Expr { span: expr.span, kind }
}

fn assert_erases(text: &str, what: &str) {
    let checked = check(text);
    let (body, source) = bodies(&checked);
    let marks = marks(&body);
    let made = distill::surface(&*checked.program, &[], &body);
    // Through text: lists, numbers and calls have one spelling there.
    let spelled = |expr: &Expr, marks: &[Span]| print_expr(&erased(expr, marks));
    let (made, source) = (spelled(&made, &[]), spelled(&source, &marks));
    let again = |text: &str| print_expr(&erased(&parse_term(text).0, &[]));
    assert_eq!(again(&made), again(&source), "{what}:\n{text}");
}

#[test]
fn marking_erases_to_the_source() {
    for seed in 0..SEEDS {
        // A name that hides another is spelled anew when it is written from what was made.
        let (text, _, parts) = written(seed, None, false);
        assert_erases(&text, &format!("seed {seed}"));
        let wrong = Dice(seed).roll(parts);
        assert_erases(&written(seed, Some(wrong), false).0, &format!("seed {seed}, part {wrong}"));
    }
}

#[test]
fn evaluation_preserves_types() {
    let mut values = 0;
    for seed in 0..SEEDS {
        let (text, ty, _) = program(seed, None);
        let checked = check(&text);
        let program = &checked.program;
        let (body, _) = bodies(&checked);
        let options = eval::Options { limits: Limits::steps(200_000), ..eval::Options::checking() };
        let run = eval::evaluate(program, &body, &eval::Env::new(), &options);
        match &run.outcome {
            Outcome::Value(value) => {
                let (printed, expected) = (print_value(program, value), parse_type(&ty));
                let (expr, findings) = parse_term(&format!("({printed} : {expected})"));
                assert_eq!(findings, [], "seed {seed}: {printed}");
                let checked = check_term(program, &expr, None);
                assert!(checked.is_ok(), "seed {seed}: {printed} is no {expected}: {checked:?}\n{text}");
                values += 1;
            }
            // Numbers may grow beyond what a run may hold; nothing else stops a program like these.
            Outcome::Error(error) => {
                assert!(!format!("{error:?}").contains("Stuck"), "seed {seed}: {error:?}\n{text}");
            }
            Outcome::Indeterminate(_) => panic!("seed {seed}: nothing is open here\n{text}"),
        }
    }
    assert!(values > SEEDS * 9 / 10, "{values} of {SEEDS} programs had a value");
}

fn parse_type(ty: &Ty) -> String {
    ty.text()
}
