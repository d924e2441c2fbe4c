//! Calls of the prelude as a Python programmer would write them. Each row means exactly what the prelude says; the
//! differential test runs both on the same inputs.

use super::helpers::Helper;
use super::lower::{Beyond, Dest, Lowered, Lowerer, Slot, open};
use super::matching::assignment;
use super::outline::OptionStyle;
use super::reading::names_read;
use super::syntax::{Binary, Block, Brackets, Comparison, Comprehension, Expr, For, Stmt};
use crate::ir::{DeclId, Icit, PrimType, Term, TermKind};

impl Lowerer<'_> {
    /// A call of a prelude definition with all its arguments.
    pub(super) fn prelude_call(
        &mut self,
        id: DeclId,
        types: &[&Term],
        args: &[&Term],
        out: &mut Block,
    ) -> Lowered<Expr> {
        let program = self.outline.program;
        let name = program.decl(id).map(|decl| decl.name.clone()).unwrap_or_default();
        match (&*name, args) {
            ("map", [list, function]) => return self.map(list, function, out),
            ("filter", [list, keep]) => {
                let clause = self.for_each(list, out)?;
                let (clause, element) = self.filtered(clause, keep, out)?;
                return Ok(comprehension(Brackets::List, element, vec![clause]));
            }
            ("all" | "any", [list, predicate]) => {
                let clause = self.for_each(list, out)?;
                let (target, body) = self.each(predicate, &["item"], out)?;
                let clause = For { target: Expr::Name(target), ..clause };
                return Ok(Expr::call(&name, vec![comprehension(Brackets::Generator, body, vec![clause])]));
            }
            ("fold", [list, initial, step]) => {
                return self.fold(types.get(1).copied(), [list, initial, step], out);
            }
            ("sum", [list]) => {
                let numbers = self.iterable(list, out)?;
                return Ok(Expr::call("sum", vec![numbers.iterated()]));
            }
            ("product", [list]) => {
                self.import("math");
                let numbers = self.iterable(list, out)?;
                return Ok(Expr::name("math").method("prod", vec![numbers.iterated()]));
            }
            ("join", [texts, separator]) => {
                let texts = self.iterable(texts, out)?;
                let separator = self.expr(separator, out)?;
                return Ok(separator.method("join", vec![texts.iterated()]));
            }
            ("sort", [list]) => {
                let numbers = self.iterable(list, out)?;
                return Ok(Expr::call("sorted", vec![numbers.iterated()]));
            }
            ("concat", [lists]) => {
                let clause = self.for_each(lists, out)?;
                let (outer, inner) = (self.locals.fresh("items"), self.locals.fresh("item"));
                self.locals.release(&outer);
                self.locals.release(&inner);
                let clauses = vec![
                    For { target: Expr::name(outer.clone()), ..clause },
                    For {
                        target: Expr::name(inner.clone()),
                        iter: Expr::Name(outer),
                        conditions: Vec::new(),
                    },
                ];
                return Ok(comprehension(Brackets::List, Expr::Name(inner), clauses));
            }
            ("distinct", [list]) => {
                let hashable = types.first().is_some_and(|ty| self.is_hashable(ty));
                let list = self.expr(list, out)?;
                if hashable {
                    let keys = Expr::name("dict").method("fromkeys", vec![list]);
                    return Ok(Expr::call("list", vec![keys]));
                }
                return Ok(self.helper(Helper::Distinct, vec![list]));
            }
            ("get_or", [option, default]) => {
                let option = self.expr(option, out)?;
                let option = self.atom(option, "found", out);
                let default = self.expr(default, out)?;
                let value = self.value_of(option.clone());
                return Ok(Expr::choose(option.present(), value, default));
            }
            _ => {}
        }
        let values = self.exprs(args.iter().copied(), out)?;
        self.simple_call(&name, values, out)
    }

    /// Calls whose arguments are plain values.
    fn simple_call(&mut self, name: &str, values: Vec<Expr>, out: &mut Block) -> Lowered<Expr> {
        let proved = self.proved;
        let mut values = values.into_iter();
        let mut next = || values.next().unwrap_or(Expr::None);
        let (a, b, c) = (next(), next(), next());
        let zero = || Expr::int(0);
        Ok(match name {
            "abs" => Expr::call("abs", vec![a]),
            "min" | "max" => {
                let mut args = Vec::new();
                for side in [a, b] {
                    match side {
                        // `max(a, max(b, c))` is `max(a, b, c)`.
                        Expr::Call(function, inner, named)
                            if *function == Expr::name(name) && named.is_empty() && inner.len() > 1 =>
                        {
                            args.extend(inner);
                        }
                        side => args.push(side),
                    }
                }
                Expr::call(name, args)
            }
            "real_abs" => Expr::call("abs", vec![a]),
            "real_min" => Expr::call("min", vec![a, b]),
            "real_max" => Expr::call("max", vec![a, b]),
            "to_real" => {
                self.import("Fraction");
                Expr::call("Fraction", vec![a])
            }
            "floor" => self.math("floor", vec![a]),
            "ceiling" => self.math("ceil", vec![a]),
            "is_nan" => self.math("isnan", vec![a]),
            "is_finite" => self.math("isfinite", vec![a]),
            "nan" => Expr::call("float", vec![Expr::Str("nan".to_owned())]),
            "infinity" => Expr::call("float", vec![Expr::Str("inf".to_owned())]),
            "to_float" => self.helper(Helper::ToFloat, vec![a]),
            "real_of" => self.helper(Helper::RealOf, vec![a]),
            "clamp" => Expr::call("max", vec![b, Expr::call("min", vec![a, c])]),
            "sign" => {
                let n = self.atom(a, "number", out);
                let above = Expr::compare(Comparison::Gt, n.clone(), zero());
                Expr::binary(Binary::Sub, above, Expr::compare(Comparison::Lt, n, zero()))
            }
            "is_even" => is_multiple(a, Expr::int(2)),
            "is_odd" => is_multiple(a, Expr::int(2)).negated(),
            "divides" => is_multiple(b, a),
            "pow" if proved || is_natural(&b) => Expr::binary(Binary::Pow, a, b),
            "pow" => self.helper(Helper::Power, vec![a, b]),
            "is_some" => a.present(),
            "is_none" => a.absent(),
            "length" | "str_length" => Expr::call("len", vec![a]),
            "is_empty" => Expr::compare(Comparison::Eq, Expr::call("len", vec![a]), zero()),
            "str_is_empty" => Expr::compare(Comparison::Eq, a, Expr::Str(String::new())),
            "append" => match (a, b) {
                (Expr::List(mut items), Expr::List(more)) => {
                    items.extend(more);
                    Expr::List(items)
                }
                (Expr::List(mut items), rest) => {
                    items.push(Expr::Starred(Box::new(rest)));
                    Expr::List(items)
                }
                (first, Expr::List(more)) => {
                    let mut items = vec![Expr::Starred(Box::new(first))];
                    items.extend(more);
                    Expr::List(items)
                }
                (first, second) => Expr::joined(Binary::Concat, first, second),
            },
            "reverse" | "str_reverse" => {
                Expr::Slice(Box::new(a), None, None, Some(Box::new(Expr::Int((-1).into()))))
            }
            "contains" => Expr::compare(Comparison::In, b, a),
            "str_contains" => Expr::compare(Comparison::In, b, a),
            "count" => a.method("count", vec![b]),
            "set_of" => self.helper(Helper::Set, made_of(a)),
            "map_of" => self.helper(Helper::Map, made_of(a)),
            "elements" => Expr::call("list", vec![a]),
            "set_has" | "has" => Expr::compare(Comparison::In, b, a),
            "set_size" | "size" => Expr::call("len", vec![a]),
            "set_is_empty" | "map_is_empty" => {
                Expr::compare(Comparison::Eq, Expr::call("len", vec![a]), zero())
            }
            "add" => a.method("with_item", vec![b]),
            "set_remove" | "remove" => a.method("without", vec![b]),
            "union" | "intersection" | "difference" | "is_subset" => a.method(name, vec![b]),
            "get" => a.method("get", vec![b]),
            "put" => a.method("with_entry", vec![b, c]),
            "keys" => Expr::call("list", vec![a]),
            "values" => a.method("values", Vec::new()),
            "entries" => a.method("entries", Vec::new()),
            "bytes_of" => Expr::call("bytes", made_of(a)),
            "byte_list" => Expr::call("list", vec![a]),
            "bytes_length" => Expr::call("len", vec![a]),
            "bytes_is_empty" => Expr::compare(Comparison::Eq, Expr::call("len", vec![a]), zero()),
            "bytes_append" => Expr::joined(Binary::Concat, a, b),
            "bytes_take" => a.slice(None, Some(at_least_zero(b))),
            "bytes_drop" => a.slice(Some(at_least_zero(b)), None),
            "utf8" => a.method("encode", Vec::new()),
            "text_of" => self.helper(Helper::TextOf, vec![a]),
            "last_of" => self.helper(Helper::Map, made_of(a)).method("get", vec![b]),
            "index_of" => self.helper(Helper::IndexOf, vec![a, b]),
            "take" | "str_take" => a.slice(None, Some(at_least_zero(b))),
            "drop" | "str_drop" => a.slice(Some(at_least_zero(b)), None),
            "range" => Expr::call("list", vec![Expr::call("range", vec![a, b])]),
            "replicate" => Expr::binary(Binary::Mul, Expr::List(vec![b]), a),
            "zip" => Expr::call("list", vec![Expr::call("zip", vec![a, b])]),
            "head" => self.optional(Helper::First, a, |items| items.index(Expr::int(0))),
            "last" => self.optional(Helper::Last, a, |items| items.index(Expr::int(-1))),
            "maximum" => self.extreme("max", Helper::Maximum, a),
            "minimum" => self.extreme("min", Helper::Minimum, a),
            "sorted" => {
                self.import("pairwise");
                let (left, right) = (self.locals.fresh("a"), self.locals.fresh("b"));
                self.locals.release(&left);
                self.locals.release(&right);
                let target = Expr::Tuple(vec![Expr::name(left.clone()), Expr::name(right.clone())]);
                let clause = For { target, iter: Expr::call("pairwise", vec![a]), conditions: Vec::new() };
                let ordered = Expr::compare(Comparison::Le, Expr::Name(left), Expr::Name(right));
                Expr::call("all", vec![comprehension(Brackets::Generator, ordered, vec![clause])])
            }
            "insert" => self.helper(Helper::Insert, vec![a, b]),
            "starts_with" => a.method("startswith", vec![b]),
            "ends_with" => a.method("endswith", vec![b]),
            "substring" if proved || (is_natural(&b) && is_natural(&c)) => {
                let start = self.atom(b, "start", out);
                let stop = Expr::binary(Binary::Add, start.clone(), c);
                a.slice(Some(start), Some(stop))
            }
            "substring" => self.helper(Helper::Substring, vec![a, b, c]),
            "str_index_of" => self.helper(Helper::Find, vec![a, b]),
            "replace" if proved || matches!(&b, Expr::Str(part) if !part.is_empty()) => {
                a.method("replace", vec![b, c])
            }
            "replace" => self.helper(Helper::Replace, vec![a, b, c]),
            "to_str" => Expr::call("str", vec![a]),
            "parse_int" => self.helper(Helper::ParseInt, vec![a]),
            "split" => a.method("split", vec![b]),
            "words" => a.method("split", Vec::new()),
            "lines" => a.method("split", vec![Expr::Str("\n".to_owned())]),
            "trim" => a.method("strip", Vec::new()),
            "upper" => a.method("upper", Vec::new()),
            "lower" => a.method("lower", Vec::new()),
            "chars" => Expr::call("list", vec![a]),
            "is_digits" => {
                let text = self.atom(a, "text", out);
                text.clone().method("isascii", Vec::new()).and(text.method("isdigit", Vec::new()))
            }
            _ => return Err(Beyond(format!("`{name}` has no Python yet"))),
        })
    }

    /// A prelude definition as a function value, when Python has it under one name.
    pub(super) fn builtin_function(&self, id: DeclId) -> Option<Expr> {
        if !self.outline.is_prelude(id) {
            return None;
        }
        let name = match &*self.outline.program.decl(id)?.name {
            "abs" => "abs",
            "length" | "str_length" => "len",
            "to_str" => "str",
            "sum" => "sum",
            "sort" => "sorted",
            _ => return None,
        };
        Some(Expr::name(name))
    }

    /// A function of the module `math`.
    fn math(&mut self, name: &str, args: Vec<Expr>) -> Expr {
        self.import("math");
        Expr::name("math").method(name, args)
    }

    fn optional(&mut self, helper: Helper, list: Expr, element: impl FnOnce(Expr) -> Expr) -> Expr {
        if !list.is_atom() {
            return self.helper(helper, vec![list]);
        }
        let found = self.some(element(list.clone()));
        Expr::choose(list, found, Expr::None)
    }

    fn extreme(&mut self, function: &str, helper: Helper, list: Expr) -> Expr {
        match self.outline.option_style {
            OptionStyle::Bare => {
                let none = vec![("default".to_owned(), Expr::None)];
                Expr::Call(Box::new(Expr::name(function)), vec![list.iterated()], none)
            }
            OptionStyle::Boxed => self.helper(helper, vec![list]),
        }
    }

    /// The value inside an option that is there.
    fn value_of(&self, option: Expr) -> Expr {
        match self.outline.option_style {
            OptionStyle::Bare => option,
            OptionStyle::Boxed => option.attribute("value"),
        }
    }

    /// A list as something to go through once.
    pub(super) fn iterable(&mut self, list: &Term, out: &mut Block) -> Lowered<Expr> {
        let (head, args) = list.spine();
        let explicit: Vec<&Term> =
            args.iter().filter(|arg| arg.icit == Icit::Explicit).map(|arg| &arg.term).collect();
        if let TermKind::Global(id) = &*head.kind
            && self.outline.is_prelude(*id)
        {
            let name = self.outline.program.decl(*id).map(|decl| decl.name.clone()).unwrap_or_default();
            match (&*name, explicit.as_slice()) {
                ("range", [start, end]) => {
                    let (start, end) = (self.expr(start, out)?, self.expr(end, out)?);
                    let args = if start == Expr::int(0) { vec![end] } else { vec![start, end] };
                    return Ok(Expr::call("range", args));
                }
                ("zip", [left, right]) => {
                    let pair = vec![self.expr(left, out)?, self.expr(right, out)?];
                    return Ok(Expr::call("zip", pair));
                }
                ("chars", [text]) => return self.expr(text, out),
                ("reverse", [list]) => {
                    let list = self.expr(list, out)?;
                    return Ok(Expr::call("reversed", vec![list]));
                }
                _ => {}
            }
        }
        self.expr(list, out)
    }

    /// `for _ in list`, taking over the conditions of a filter that the list is.
    fn for_each(&mut self, list: &Term, out: &mut Block) -> Lowered<For> {
        let iter = self.iterable(list, out)?;
        Ok(For { target: Expr::name("_"), iter, conditions: Vec::new() })
    }

    fn map(&mut self, list: &Term, function: &Term, out: &mut Block) -> Lowered<Expr> {
        // `map(filter(xs, p), f)` is one comprehension when both are expressions over the same variable.
        if let Some((inner, keep)) = self.as_filter(list)
            && !has_escaping_function(&open(&keep, 1, &[]).1, self)
            && !has_escaping_function(&open(function, 1, &[]).1, self)
        {
            let before = self.locals.clone();
            let mut scratch = Block::new();
            let clause = self.for_each(&inner, &mut scratch)?;
            let (names, kept) = open(&keep, 1, &["item"]);
            let target = self.locals.fresh(names.first().map_or("item", |name| name));
            let slot = Slot::Value(Expr::name(target.clone()));
            let mut block = Block::new();
            let condition = self.under([slot.clone()], |this| this.expr(&kept, &mut block))?;
            let (_, body) = open(function, 1, &["item"]);
            let element = self.under([slot], |this| this.expr(&body, &mut block))?;
            if block.is_empty() {
                self.locals.release(&target);
                out.extend(scratch);
                let clause = For { target: Expr::Name(target), conditions: vec![condition], ..clause };
                return Ok(comprehension(Brackets::List, element, vec![clause]));
            }
            self.locals = before;
        }
        let clause = self.for_each(list, out)?;
        let (target, element) = self.each(function, &["item"], out)?;
        let clause = For { target: Expr::Name(target), ..clause };
        Ok(comprehension(Brackets::List, element, vec![clause]))
    }

    fn filtered(&mut self, clause: For, keep: &Term, out: &mut Block) -> Lowered<(For, Expr)> {
        let (target, condition) = self.each(keep, &["item"], out)?;
        let target = Expr::Name(target);
        Ok((For { target: target.clone(), conditions: vec![condition], ..clause }, target))
    }

    /// The list and predicate of `filter(list, predicate)`.
    fn as_filter(&self, term: &Term) -> Option<(Term, Term)> {
        let (head, args) = term.spine();
        let TermKind::Global(id) = &*head.kind else { return None };
        let is_filter = self.outline.is_prelude(*id)
            && self.outline.program.decl(*id).is_some_and(|decl| &*decl.name == "filter");
        let mut explicit = args.iter().filter(|arg| arg.icit == Icit::Explicit).map(|arg| arg.term.clone());
        is_filter.then(|| Some((explicit.next()?, explicit.next()?))).flatten()
    }

    /// A function of one argument as a variable and an expression over it. What needs statements, or makes a
    /// function that outlives its turn, becomes a function of its own.
    fn each(&mut self, function: &Term, default: &[&str], out: &mut Block) -> Lowered<(String, Expr)> {
        let (names, body) = open(function, 1, default);
        // An assumed function says what it calls its argument.
        let assumed = match &*function.kind {
            TermKind::Hole(id) => self.outline.program.hole(*id).and_then(|hole| hole.default.as_ref()),
            _ => None,
        };
        let wanted = match assumed.map(|default| &*default.kind) {
            Some(TermKind::Lam(_, name, _, _)) => Some(name),
            _ => names.first(),
        };
        let target = self.locals.fresh(wanted.map_or("item", |name| name));
        if has_escaping_function(&body, self) {
            let function = self.expr(function, out)?;
            self.locals.release(&target);
            return Ok((target.clone(), function.called(vec![Expr::Name(target)])));
        }
        let mut block = Block::new();
        let slot = Slot::Value(Expr::name(target.clone()));
        let result = self.under([slot], |this| this.expr(&body, &mut block))?;
        if block.is_empty() {
            self.locals.release(&target);
            return Ok((target, result));
        }
        let function = self.local_function("each", vec![target.clone()], block, result, out);
        self.locals.release(&target);
        Ok((target.clone(), function.called(vec![Expr::Name(target)])))
    }

    /// A fold from the left is a loop.
    fn fold(
        &mut self,
        ty: Option<&Term>,
        [list, initial, step]: [&Term; 3],
        out: &mut Block,
    ) -> Lowered<Expr> {
        let initial = self.expr(initial, out)?;
        let iter = self.iterable(list, out)?;
        let (names, body) = open(step, 2, &["result", "item"]);
        let (Some(result), Some(item)) = (names.first(), names.get(1)) else {
            return Err(Beyond("it folds with no function".to_owned()));
        };
        let (result, target) = (self.locals.fresh(result), self.locals.fresh(item));
        match ty.map(|ty| self.annotation(ty)).filter(|ty| !["int", "str", "bool"].contains(&ty.as_str())) {
            Some(annotation) => out.push(Stmt::Declare(result.clone(), annotation, initial)),
            None => out.extend(assignment(&result, initial)),
        }
        let mut turn = Block::new();
        if has_escaping_function(&body, self) {
            let function = self.expr(step, out)?;
            let next =
                function.called(vec![Expr::name(result.clone())]).called(vec![Expr::name(target.clone())]);
            turn.extend(assignment(&result, next));
        } else {
            let slots = [&result, &target].map(|name| Slot::Value(Expr::name(name.clone())));
            let dest = Dest::Assign(result.clone());
            self.under(slots, |this| this.tail(&body, &dest, &mut turn))?;
        }
        let (target, turn) = spread_target(target, turn);
        out.push(Stmt::For(target, iter, turn, Block::new()));
        Ok(Expr::Name(result))
    }

    /// Whether every value of the type can be the key of a dictionary.
    fn is_hashable(&self, ty: &Term) -> bool {
        let program = self.outline.program;
        let mut seen = Vec::new();
        let mut todo = vec![ty.clone()];
        while let Some(ty) = todo.pop() {
            let ty = ty.erase_head(program);
            let (head, args) = ty.spine();
            match &*head.kind {
                TermKind::Prim(
                    PrimType::Int | PrimType::Real | PrimType::Str | PrimType::Bool | PrimType::Unit,
                ) => {}
                TermKind::Product(items) => todo.extend(items.iter().cloned()),
                TermKind::Data(decl) if Some(*decl) == program.list() => return false,
                TermKind::Data(decl) => {
                    todo.extend(args.iter().map(|arg| arg.term.clone()));
                    if !seen.contains(decl) {
                        seen.push(*decl);
                        let Some(data) = program.data(*decl) else { return false };
                        let fields = data.ctors.iter().flat_map(|ctor| &ctor.fields);
                        // A field of a parameter's type is looked at where the parameter is given.
                        let own = fields.map(|(_, ty)| ty.clone());
                        todo.extend(own.filter(|ty| !matches!(&*ty.kind, TermKind::Var(_))));
                    }
                }
                _ => return false,
            }
        }
        true
    }
}

/// Whether evaluating the term makes a function that could be called later, when variables of the loop around it
/// have moved on: a lambda that is not an argument of `map`, `filter`, `all`, `any` or `fold`.
pub(super) fn has_escaping_function(term: &Term, lowerer: &Lowerer<'_>) -> bool {
    let mut todo = vec![term.clone()];
    while let Some(term) = todo.pop() {
        if matches!(&*term.kind, TermKind::Lam(..)) {
            return true;
        }
        let (head, args) = term.spine();
        let consumes = match &*head.kind {
            TermKind::Global(id) if lowerer.outline.is_prelude(*id) => {
                let name = lowerer.outline.program.decl(*id).map(|decl| decl.name.clone());
                matches!(name.as_deref(), Some("map" | "filter" | "all" | "any" | "fold"))
            }
            _ => false,
        };
        if consumes {
            for arg in args {
                let mut inner = arg.term.clone();
                while let TermKind::Lam(_, _, _, body) = &*inner.kind {
                    inner = body.clone();
                }
                todo.push(inner);
            }
        } else {
            term.each_child(&mut |child| todo.push(child.clone()));
        }
    }
    false
}

/// `for pair in pairs: a, b = pair` is `for a, b in pairs`, when nothing else reads the pair.
fn spread_target(target: String, mut turn: Block) -> (Expr, Block) {
    let name = Expr::Name(target);
    if let Some((Stmt::Assign(parts @ Expr::Tuple(_), value), rest)) = turn.split_first()
        && *value == name
        && let Expr::Name(target) = &name
        && !names_read(rest).contains(target)
    {
        let parts = parts.clone();
        turn.remove(0);
        return (parts, turn);
    }
    (name, turn)
}

fn comprehension(brackets: Brackets, element: Expr, clauses: Vec<For>) -> Expr {
    // `[x for x in xs]` says nothing.
    if let ([only], Brackets::List) = (clauses.as_slice(), brackets)
        && only.target == element
        && only.conditions.is_empty()
    {
        return Expr::call("list", vec![only.iter.clone()]);
    }
    Expr::Comprehension(Box::new(Comprehension { brackets, element, clauses }))
}

fn is_multiple(n: Expr, of: Expr) -> Expr {
    Expr::compare(Comparison::Eq, Expr::binary(Binary::Mod, n, of), Expr::int(0))
}

/// What a set or map is made of; nothing for an empty one.
fn made_of(items: Expr) -> Vec<Expr> {
    match items {
        Expr::List(items) if items.is_empty() => Vec::new(),
        items => vec![items],
    }
}

/// Whether an expression is plainly not negative.
fn is_natural(expr: &Expr) -> bool {
    match expr {
        Expr::Int(n) => n.sign() != num_bigint::Sign::Minus,
        Expr::Call(function, _, _) => **function == Expr::name("len"),
        _ => false,
    }
}

/// `max(n, 0)`, or `n` when that is plain: Python counts negative bounds of a slice from the end.
fn at_least_zero(n: Expr) -> Expr {
    if is_natural(&n) { n } else { Expr::call("max", vec![n, Expr::int(0)]) }
}
