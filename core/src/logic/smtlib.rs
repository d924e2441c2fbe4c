//! Formulas as SMT-LIB 2.6 text, in canonical names and order.
//!
//! Symbols are numbered as they turn up (`D0`, `f3`, `v1`): no name of the document is ever written, so renaming
//! changes nothing and nothing can be smuggled in. Literals are escaped. Shared nodes are defined once.
//!
//! Without quantifiers (see [`Quantifiers::Opaque`]) a quantified formula is a truth value of its own, about
//! which `theory` has stated instances and a witness; the query is then decidable as far as its theories are.

use crate::ir::Rational;
use crate::logic::formula::{FloatOp, Formulas, Id, Node, Scope, StrOp, Sym, Symbol};
use crate::logic::sort::{Sort, SortKind};
use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write;

/// A script longer than this is not sent.
const LONGEST_SCRIPT: usize = 2_000_000;
/// A quantified body longer than this becomes opaque.
const LONGEST_BODY: usize = 20_000;
/// Texts of inner nodes up to this length are repeated instead of defined.
const INLINE: usize = 120;

/// What becomes of quantified formulas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifiers {
    /// Truth values of their own.
    Opaque,
    /// Written out, with triggers where there are obvious ones.
    Written,
}

/// A script and what its names mean.
#[derive(Debug, Clone, Default)]
pub struct Script {
    /// Declarations and assertions.
    pub text: String,
    /// The names of the assertions, in order.
    pub names: Vec<String>,
    /// The names of the constants that were asked for.
    pub values: Vec<String>,
    /// What the constructors are called: sort and number.
    pub constructors: HashMap<String, (Sort, usize)>,
}

/// The script that asserts `assertions`, and can tell the values of `constants`. `None` when it would be too long.
pub fn script(
    formulas: &Formulas,
    assertions: &[Id],
    constants: &[Id],
    quantifiers: Quantifiers,
) -> Option<Script> {
    let mut printer = Printer {
        formulas,
        quantifiers,
        sorts: HashMap::new(),
        datatypes: Vec::new(),
        symbols: HashMap::new(),
        opaque: HashMap::new(),
        applies: HashMap::new(),
        constructors: HashMap::new(),
        sort_lines: String::new(),
        lines: String::new(),
        texts: HashMap::new(),
        uses: HashMap::new(),
        definitions: 0,
    };
    let roots: Vec<Id> = assertions.iter().chain(constants).copied().collect();
    let inside = printer.in_order(&roots);
    for id in &inside {
        for child in formulas.children(*id) {
            *printer.uses.entry(child).or_default() += 1;
        }
    }
    for id in &inside {
        printer.node(*id);
        if printer.lines.len() > LONGEST_SCRIPT {
            return None;
        }
    }
    let values = constants.iter().map(|id| printer.text(*id)).collect();
    let mut names = Vec::new();
    let mut asserts = String::new();
    for (number, assertion) in assertions.iter().enumerate() {
        let _ = writeln!(asserts, "(assert (! {} :named a{number}))", printer.text(*assertion));
        names.push(format!("a{number}"));
    }
    let mut text = printer.sort_lines.clone();
    text.push_str(&printer.datatype_lines());
    text.push_str(&printer.lines);
    text.push_str(&asserts);
    (text.len() <= LONGEST_SCRIPT).then_some(Script {
        text,
        names,
        values,
        constructors: printer.constructors,
    })
}

struct Printer<'f> {
    formulas: &'f Formulas,
    quantifiers: Quantifiers,
    sorts: HashMap<Sort, String>,
    /// Tuples and data, in the order they turned up.
    datatypes: Vec<Sort>,
    symbols: HashMap<Sym, String>,
    /// Quantified formulas that are truth values of their own.
    opaque: HashMap<Id, String>,
    applies: HashMap<Sort, String>,
    constructors: HashMap<String, (Sort, usize)>,
    sort_lines: String,
    lines: String,
    texts: HashMap<Id, String>,
    uses: HashMap<Id, usize>,
    definitions: usize,
}

impl Printer<'_> {
    /// Everything reachable, children before parents, in an order that depends on shape alone.
    fn in_order(&self, roots: &[Id]) -> Vec<Id> {
        let (mut order, mut done) = (Vec::new(), HashSet::new());
        let mut todo: Vec<(Id, bool)> = roots.iter().rev().map(|id| (*id, false)).collect();
        while let Some((id, ready)) = todo.pop() {
            if ready {
                order.push(id);
            } else if done.insert(id) {
                todo.push((id, true));
                todo.extend(self.formulas.children(id).into_iter().rev().map(|child| (child, false)));
            }
        }
        order
    }

    fn text(&self, id: Id) -> String {
        self.texts.get(&id).cloned().unwrap_or_else(|| "false".to_owned())
    }

    /// Writes down the text of a node whose children have theirs; a definition when it is used often.
    fn node(&mut self, id: Id) {
        let sort = self.sort(self.formulas.sort_of(id));
        let text = self.written(id);
        let often = self.uses.get(&id).copied().unwrap_or(0) > 1;
        let compound = text.starts_with('(');
        let text = if compound && (text.len() > INLINE || (often && text.len() > 12)) {
            let name = format!("d{}", self.definitions);
            self.definitions += 1;
            let _ = writeln!(self.lines, "(define-fun {name} () {sort} {text})");
            name
        } else {
            text
        };
        self.texts.insert(id, text);
    }

    fn written(&mut self, id: Id) -> String {
        let formulas = self.formulas;
        match formulas.node(id) {
            Node::Forall(scope) => {
                if self.quantifiers == Quantifiers::Written
                    && let Some(text) = self.quantified(scope)
                {
                    return text;
                }
                self.proposition(id)
            }
            Node::Bound(number, _) => format!("b{number}"),
            _ => self.shallow(id, &|this, child| this.text(child)),
        }
    }

    fn proposition(&mut self, id: Id) -> String {
        if let Some(name) = self.opaque.get(&id) {
            return name.clone();
        }
        let name = format!("q{}", self.opaque.len());
        let _ = writeln!(self.lines, "(declare-const {name} Bool)");
        self.opaque.insert(id, name.clone());
        name
    }

    /// The text of a node from its children's.
    fn shallow(&mut self, id: Id, text: &dyn Fn(&Self, Id) -> String) -> String {
        let formulas = self.formulas;
        let join = |this: &Self, head: &str, ids: &[Id]| {
            let parts: Vec<String> = ids.iter().map(|id| text(this, *id)).collect();
            if parts.is_empty() { head.to_owned() } else { format!("({head} {})", parts.join(" ")) }
        };
        match formulas.node(id) {
            Node::Bool(value) => value.to_string(),
            Node::Text(value) => literal(value),
            Node::Linear(constant, terms) => {
                let mut parts: Vec<String> = Vec::new();
                for (term, factor) in terms {
                    let term = text(self, *term);
                    parts.push(if factor.is_one() { term } else { format!("(* {} {term})", number(factor)) });
                }
                if !constant.is_zero() || parts.is_empty() {
                    parts.push(number(constant));
                }
                match parts.as_slice() {
                    [only] => only.clone(),
                    _ => format!("(+ {})", parts.join(" ")),
                }
            }
            Node::Mul(factors) => join(self, "*", factors),
            Node::Div(a, b) => join(self, "div", &[*a, *b]),
            Node::Mod(a, b) => join(self, "mod", &[*a, *b]),
            Node::Le(term) => format!("(<= {} 0)", text(self, *term)),
            Node::Zero(term) => format!("(= {} 0)", text(self, *term)),
            Node::RealSum(constant, terms) => {
                let mut parts: Vec<String> = Vec::new();
                for (term, factor) in terms {
                    let term = text(self, *term);
                    parts.push(match *factor == 1.into() {
                        true => term,
                        false => format!("(* {} {term})", fraction(factor)),
                    });
                }
                if !constant.is_zero() || parts.is_empty() {
                    parts.push(fraction(constant));
                }
                match parts.as_slice() {
                    [only] => only.clone(),
                    _ => format!("(+ {})", parts.join(" ")),
                }
            }
            Node::RealMul(factors) => join(self, "*", factors),
            Node::RealDiv(a, b) => join(self, "/", &[*a, *b]),
            Node::RealLe(term) => format!("(<= {} 0.0)", text(self, *term)),
            Node::RealZero(term) => format!("(= {} 0.0)", text(self, *term)),
            Node::ToReal(term) => join(self, "to_real", &[*term]),
            Node::Floor(term) => join(self, "to_int", &[*term]),
            Node::Float(value) => match value.get().is_nan() {
                true => "(_ NaN 11 53)".to_owned(),
                false => format!("((_ to_fp 11 53) #x{:016x})", value.bits()),
            },
            Node::FloatOp(op, args) => join(self, float_operator(*op), args),
            Node::Eq(a, b) | Node::Iff(a, b) => join(self, "=", &[*a, *b]),
            Node::Not(a) => join(self, "not", &[*a]),
            Node::And(items) => join(self, "and", items),
            Node::Or(items) => join(self, "or", items),
            Node::Ite(c, a, b) => join(self, "ite", &[*c, *a, *b]),
            Node::Construct(sort, ctor, fields) => {
                let head = format!("c{}_{ctor}", self.datatype(*sort));
                join(self, &head, fields)
            }
            Node::Select(ctor, field, value) => {
                let head = format!("s{}_{ctor}_{field}", self.datatype(formulas.sort_of(*value)));
                join(self, &head, &[*value])
            }
            Node::Is(ctor, value) => {
                let head = format!("(_ is c{}_{ctor})", self.datatype(formulas.sort_of(*value)));
                join(self, &head, &[*value])
            }
            Node::Apply(function, argument) => {
                let head = self.apply(formulas.sort_of(*function));
                join(self, &head, &[*function, *argument])
            }
            Node::App(sym, args) => {
                let head = self.symbol(*sym);
                join(self, &head, args)
            }
            Node::Str(op, args) => join(self, operator(*op), args),
            Node::Bound(number, _) => format!("b{number}"),
            // Written by the caller.
            Node::Forall(_) => "false".to_owned(),
        }
    }

    /// A quantified formula written out; `None` when it cannot be.
    fn quantified(&mut self, scope: &Scope) -> Option<String> {
        let body = *scope.bodies.first()?;
        let mut texts: HashMap<Id, String> = HashMap::new();
        let inside = self.in_order(&[body]);
        for id in inside {
            let text = match self.formulas.node(id).clone() {
                Node::Forall(inner) => self.quantified(&inner)?,
                Node::App(sym, _) if self.depends_on_bound(sym) => return None,
                _ => self.shallow(id, &|_, child| texts.get(&child).cloned().unwrap_or_default()),
            };
            if text.len() > LONGEST_BODY {
                return None;
            }
            texts.insert(id, text);
        }
        let mut vars = Vec::new();
        for var in &scope.vars {
            let Node::Bound(number, sort) = self.formulas.node(*var) else { return None };
            let (number, sort) = (*number, *sort);
            let sort = self.sort(sort);
            vars.push(format!("(b{number} {sort})"));
        }
        let patterns: Vec<String> = crate::logic::pattern::whole_triggers(self.formulas, scope)
            .into_iter()
            .filter_map(|trigger| texts.get(&trigger).map(|text| format!(":pattern ({text})")))
            .collect();
        let body = texts.get(&body)?;
        Some(match patterns.is_empty() {
            true => format!("(forall ({}) {body})", vars.join(" ")),
            false => format!("(forall ({}) (! {body} {}))", vars.join(" "), patterns.join(" ")),
        })
    }

    /// Whether what a symbol means mentions a variable bound further out.
    fn depends_on_bound(&self, sym: Sym) -> bool {
        match self.formulas.symbol(sym) {
            Symbol::Conforms(_, scope)
            | Symbol::Respects(_, scope)
            | Symbol::Closure(_, scope)
            | Symbol::Witness(_, scope)
            | Symbol::Skolem(scope, _) => !free_in_scope(self.formulas, scope).is_empty(),
            _ => false,
        }
    }

    fn symbol(&mut self, sym: Sym) -> String {
        if let Some(name) = self.symbols.get(&sym) {
            return name.clone();
        }
        let (args, result) = self.formulas.signature(sym);
        let args: Vec<Sort> = args.to_vec();
        let args: Vec<String> = args.into_iter().map(|sort| self.sort(sort)).collect();
        let result = self.sort(result);
        let name = if args.is_empty() {
            format!("v{}", self.symbols.len())
        } else {
            format!("f{}", self.symbols.len())
        };
        let _ = writeln!(self.lines, "(declare-fun {name} ({}) {result})", args.join(" "));
        self.symbols.insert(sym, name.clone());
        name
    }

    fn apply(&mut self, function: Sort) -> String {
        if let Some(name) = self.applies.get(&function) {
            return name.clone();
        }
        let name = format!("ap{}", self.applies.len());
        if let SortKind::Fun(domain, codomain) = self.formulas.kind(function).clone() {
            let (function, domain, codomain) = (self.sort(function), self.sort(domain), self.sort(codomain));
            let _ = writeln!(self.lines, "(declare-fun {name} ({function} {domain}) {codomain})");
        }
        self.applies.insert(function, name.clone());
        name
    }

    fn sort(&mut self, sort: Sort) -> String {
        if let Some(name) = self.sorts.get(&sort) {
            return name.clone();
        }
        let name = match self.formulas.kind(sort) {
            SortKind::Int => "Int".to_owned(),
            SortKind::Bool => "Bool".to_owned(),
            SortKind::Str => "String".to_owned(),
            SortKind::Real => "Real".to_owned(),
            SortKind::Float => "(_ FloatingPoint 11 53)".to_owned(),
            SortKind::Tuple(_) | SortKind::Data(..) if self.formulas.fields(sort).is_some() => {
                let name = format!("D{}", self.datatypes.len());
                self.sorts.insert(sort, name.clone());
                self.datatypes.push(sort);
                let fields: Vec<Sort> =
                    self.formulas.fields(sort).into_iter().flatten().flatten().copied().collect();
                fields.into_iter().for_each(|field| {
                    self.sort(field);
                });
                return name;
            }
            _ => {
                let name = format!("U{}", self.sorts.len());
                let _ = writeln!(self.sort_lines, "(declare-sort {name} 0)");
                name
            }
        };
        self.sorts.insert(sort, name.clone());
        name
    }

    /// The number of a tuple or data sort.
    fn datatype(&mut self, sort: Sort) -> usize {
        self.sort(sort);
        self.datatypes.iter().position(|other| *other == sort).unwrap_or(usize::MAX)
    }

    fn datatype_lines(&mut self) -> String {
        if self.datatypes.is_empty() {
            return String::new();
        }
        let (mut heads, mut bodies) = (String::new(), String::new());
        let datatypes = self.datatypes.clone();
        for (number, sort) in datatypes.into_iter().enumerate() {
            let _ = write!(heads, "(D{number} 0)");
            bodies.push('(');
            let ctors = self.formulas.fields(sort).cloned().unwrap_or_default();
            for (ctor, fields) in ctors.iter().enumerate() {
                let name = format!("c{number}_{ctor}");
                let _ = write!(bodies, "({name}");
                for (field, sort) in fields.iter().enumerate() {
                    let _ = write!(bodies, " (s{number}_{ctor}_{field} {})", self.sort(*sort));
                }
                bodies.push(')');
                self.constructors.insert(name, (sort, ctor));
            }
            bodies.push(')');
        }
        format!("(declare-datatypes ({heads}) ({bodies}))\n")
    }
}

/// The bound variables of a formula that no scope inside it binds.
fn free_in(formulas: &Formulas, roots: &[Id]) -> BTreeSet<Id> {
    let mut free = BTreeSet::new();
    for id in formulas.reachable(roots.iter().copied()) {
        match formulas.node(id) {
            Node::Bound(..) => {
                free.insert(id);
            }
            Node::Forall(scope) => free.extend(free_in_scope(formulas, scope)),
            Node::App(sym, _) => match formulas.symbol(*sym) {
                Symbol::Conforms(_, scope)
                | Symbol::Respects(_, scope)
                | Symbol::Closure(_, scope)
                | Symbol::Witness(_, scope)
                | Symbol::Skolem(scope, _) => free.extend(free_in_scope(formulas, scope)),
                _ => {}
            },
            _ => {}
        }
    }
    free
}

fn free_in_scope(formulas: &Formulas, scope: &Scope) -> BTreeSet<Id> {
    let mut free = free_in(formulas, &scope.bodies);
    scope.vars.iter().for_each(|var| {
        free.remove(var);
    });
    free
}

fn number(value: &BigInt) -> String {
    if value.is_negative() { format!("(- {})", -value) } else { value.to_string() }
}

fn fraction(value: &Rational) -> String {
    let size = |n: &BigInt| format!("{}.0", n.abs());
    let (above, below) = (size(value.numerator()), size(value.denominator()));
    let size = if value.denominator().is_one() { above } else { format!("(/ {above} {below})") };
    if value.is_negative() { format!("(- {size})") } else { size }
}

fn float_operator(op: FloatOp) -> &'static str {
    match op {
        FloatOp::Add => "fp.add RNE",
        FloatOp::Sub => "fp.sub RNE",
        FloatOp::Mul => "fp.mul RNE",
        FloatOp::Div => "fp.div RNE",
        FloatOp::Neg => "fp.neg",
        FloatOp::Equal => "fp.eq",
        FloatOp::Less => "fp.lt",
        FloatOp::AtMost => "fp.leq",
    }
}

/// A text as SMT-LIB writes it: printable ASCII as it is, everything else by number.
fn literal(text: &str) -> String {
    let mut written = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => written.push_str("\"\""),
            ' '..='~' if c != '\\' => written.push(c),
            _ => {
                let _ = write!(written, "\\u{{{:x}}}", u32::from(c));
            }
        }
    }
    written.push('"');
    written
}

fn operator(op: StrOp) -> &'static str {
    match op {
        StrOp::Length => "str.len",
        StrOp::Append => "str.++",
        StrOp::Contains => "str.contains",
        StrOp::IsPrefix => "str.prefixof",
        StrOp::IsSuffix => "str.suffixof",
        StrOp::Substring => "str.substr",
        StrOp::IndexOf => "str.indexof",
        StrOp::ReplaceAll => "str.replace_all",
        StrOp::FromInt => "str.from_int",
        StrOp::ToInt => "str.to_int",
        StrOp::At => "str.at",
        StrOp::Less => "str.<",
        StrOp::AtMost => "str.<=",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_end_its_literal_or_begin_an_escape() {
        assert_eq!(literal("a\"b"), "\"a\"\"b\"");
        assert_eq!(literal("\\u{41}"), "\"\\u{5c}u{41}\"");
        assert_eq!(literal("é\n"), "\"\\u{e9}\\u{a}\"");
    }

    #[test]
    fn shared_nodes_are_written_once() {
        let mut f = Formulas::new();
        let mut sum = f.fresh(Sort::INT);
        for _ in 0..60 {
            // Not a normal form on purpose: each level mentions the one below twice.
            let condition = f.fresh(Sort::BOOL);
            let one = f.int(1);
            let more = f.add(sum, one);
            sum = f.ite(condition, more, sum);
        }
        let zero = f.int(0);
        let goal = f.le(sum, zero);
        let script = script(&f, &[goal], &[], Quantifiers::Opaque).unwrap();
        assert!(script.text.len() < 20_000, "{}", script.text.len());
    }
}
