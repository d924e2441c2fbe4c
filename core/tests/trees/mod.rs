//! Random surface trees, as the parser makes them: no names but those it would accept, no `Error` nodes.

use lift_core::syntax::span::Span;
use lift_core::syntax::tree::*;
use num_bigint::BigInt;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// Deep enough for every rule to meet every other.
const DEPTH: u32 = 4;
const NODES: u32 = 24;

fn expr(kind: ExprKind) -> Expr {
    Expr { span: Span::default(), kind }
}

fn ident(name: impl Into<String>) -> Ident {
    Ident { name: name.into(), span: Span::default() }
}

/// Names with a small first letter. Clause words are ordinary names in terms.
fn small() -> impl Strategy<Value = String> {
    select(vec!["x", "y", "xs", "n", "total", "is_ok", "_tmp", "a1", "hint", "requires", "cost", "pure"])
        .prop_map(str::to_owned)
}

fn capital() -> impl Strategy<Value = String> {
    select(vec!["Foo", "Int", "Some", "None", "P", "List", "Pair2"]).prop_map(str::to_owned)
}

fn small_ident() -> impl Strategy<Value = Ident> {
    small().prop_map(ident)
}

fn capital_ident() -> impl Strategy<Value = Ident> {
    capital().prop_map(ident)
}

fn number() -> impl Strategy<Value = BigInt> {
    prop_oneof![(0u32..20).prop_map(BigInt::from), any::<u128>().prop_map(BigInt::from)]
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec![
            "",
            "hello",
            "a \"b\" \\ c",
            "// no comment",
            "```",
            "tab\tline\nend\r\0",
            "é–😀\u{1b}",
            "{ [ ("
        ])
        .prop_map(str::to_owned),
        vec(any::<char>(), 0..6).prop_map(|letters| letters.into_iter().collect()),
    ]
}

fn binary_op() -> impl Strategy<Value = BinaryOp> {
    use BinaryOp::*;
    select(vec![Iff, Implies, Or, And, Eq, Ne, Lt, Le, Gt, Ge, Cons, Append, Add, Sub, Mul, Div, Mod])
}

fn quantifier() -> impl Strategy<Value = Quantifier> {
    select(vec![Quantifier::Forall, Quantifier::Exists])
}

/// A hole with what is known of it.
fn hole_here() -> impl Strategy<Value = ExprKind> {
    let link = (select(vec![LinkKind::Uses, LinkKind::Blocks]), small_ident());
    let kinds = select(vec![HoleKind::Term, HoleKind::Function, HoleKind::Spec]);
    (small_ident(), kinds, option::of(ty()), option::of(words()), vec(link, 0..3)).prop_map(
        |(name, kind, ty, hint, links)| {
            let (default, because, answers) = (None, None, Vec::new());
            ExprKind::HoleHere(Box::new(HoleDecl { name, kind, ty, default, because, hint, answers, links }))
        },
    )
}

/// A term.
pub fn term() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        4 => small().prop_map(ExprKind::Name),
        2 => capital().prop_map(ExprKind::Name),
        2 => number().prop_map(ExprKind::Int),
        1 => words().prop_map(ExprKind::Str),
        1 => any::<bool>().prop_map(ExprKind::Bool),
        1 => Just(ExprKind::Unit),
        1 => small().prop_map(ExprKind::Hole),
        1 => hole_here(),
        1 => Just(ExprKind::Infer),
    ];
    leaf.prop_map(expr).prop_recursive(DEPTH, NODES, 4, |inner| compound_term(inner.boxed())).boxed()
}

fn compound_term(inner: BoxedStrategy<Expr>) -> impl Strategy<Value = Expr> {
    let one = || inner.clone().prop_map(Box::new);
    let many = |from: usize| vec(inner.clone(), from..4);
    let field = (small_ident(), inner.clone());
    let arm = (pattern(), inner.clone()).prop_map(|(pattern, body)| Arm { pattern, body });
    let typed = (small_ident(), ty()).prop_map(|(name, ty)| Param { name, ty: Some(ty) });
    let maybe_typed = (small_ident(), option::of(ty())).prop_map(|(name, ty)| Param { name, ty });
    prop_oneof![
        8 => (binary_op(), one(), one()).prop_map(|(op, left, right)| ExprKind::Binary(op, left, right)),
        2 => (select(vec![UnaryOp::Neg, UnaryOp::Not]), one()).prop_map(|(op, inner)| ExprKind::Unary(op, inner)),
        2 => (one(), many(0)).prop_map(|(head, args)| ExprKind::Call(head, args)),
        1 => many(2).prop_map(ExprKind::Tuple),
        1 => many(0).prop_map(ExprKind::List),
        1 => (one(), small_ident()).prop_map(|(record, field)| ExprKind::Field(record, field)),
        1 => (one(), one()).prop_map(|(list, index)| ExprKind::Index(list, index)),
        1 => (capital_ident(), vec(field, 1..3)).prop_map(|(name, fields)| ExprKind::Record(name, fields)),
        2 => (one(), one(), one()).prop_map(|(condition, yes, no)| ExprKind::If(condition, yes, no)),
        1 => (one(), vec(arm, 1..4)).prop_map(|(subject, arms)| ExprKind::Match(subject, arms)),
        1 => (small_ident(), option::of(ty().prop_map(Box::new)), one(), one())
            .prop_map(|(name, ty, value, body)| ExprKind::Let(name, ty, value, body)),
        1 => (vec(maybe_typed, 1..3), one()).prop_map(|(params, body)| ExprKind::Lambda(params, body)),
        1 => (quantifier(), vec(typed, 1..3), one())
            .prop_map(|(quantifier, params, body)| ExprKind::Quantified(quantifier, params, body)),
        1 => (quantifier(), small_ident(), one(), one())
            .prop_map(|(quantifier, name, list, body)| ExprKind::Bounded(quantifier, name, list, body)),
        1 => (one(), ty().prop_map(Box::new)).prop_map(|(inner, ty)| ExprKind::Ascribe(inner, ty)),
    ]
    .prop_map(expr)
}

/// A type. Conditions of refinements and indices are small, so that terms and types do not multiply.
pub fn ty() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        6 => capital().prop_map(ExprKind::Name),
        1 => small().prop_map(ExprKind::Hole),
        1 => Just(ExprKind::Infer),
        1 => Just(ExprKind::Unit),
    ];
    leaf.prop_map(expr).prop_recursive(3, 12, 3, |inner| compound_type(inner.boxed())).boxed()
}

fn compound_type(inner: BoxedStrategy<Expr>) -> impl Strategy<Value = Expr> {
    let one = || inner.clone().prop_map(Box::new);
    let arg = prop_oneof![inner.clone(), index_term()];
    prop_oneof![
        (one(), vec(arg, 1..3)).prop_map(|(head, args)| ExprKind::TypeApp(head, args)),
        (option::of(small_ident()), one(), one())
            .prop_map(|(name, from, to)| ExprKind::Arrow(name, from, to)),
        vec(inner.clone(), 2..4).prop_map(ExprKind::Product),
        (effects(), one()).prop_map(|(names, ty)| ExprKind::Eff(names, ty)),
        (small_ident(), one(), condition())
            .prop_map(|(name, ty, condition)| ExprKind::Refine(name, ty, condition)),
    ]
    .prop_map(expr)
}

fn simple_term() -> impl Strategy<Value = Expr> {
    prop_oneof![small().prop_map(ExprKind::Name), number().prop_map(ExprKind::Int)].prop_map(expr)
}

/// A value argument of a type, such as `n + 1`.
fn index_term() -> impl Strategy<Value = Expr> {
    let name = select(vec!["n", "x", "xs"]).prop_map(|name| expr(ExprKind::Name(name.to_owned())));
    let operation = (name.clone(), select(vec![BinaryOp::Add, BinaryOp::Mul, BinaryOp::Eq]), simple_term());
    prop_oneof![
        name.clone(),
        number().prop_map(|number| expr(ExprKind::Int(number))),
        operation.prop_map(|(left, op, right)| expr(ExprKind::Binary(op, Box::new(left), Box::new(right)))),
        (name, simple_term()).prop_map(|(head, arg)| expr(ExprKind::Call(Box::new(head), vec![arg]))),
    ]
}

fn condition() -> impl Strategy<Value = Box<Expr>> {
    (simple_term(), binary_op(), simple_term())
        .prop_map(|(left, op, right)| Box::new(expr(ExprKind::Binary(op, Box::new(left), Box::new(right)))))
}

/// A pattern.
pub fn pattern() -> impl Strategy<Value = Pattern> {
    let pattern = |kind| Pattern { span: Span::default(), kind };
    let leaf = prop_oneof![
        Just(PatternKind::Wildcard),
        small().prop_map(PatternKind::Var),
        number().prop_map(PatternKind::Int),
        number().prop_map(|number| PatternKind::Int(-number)),
        words().prop_map(PatternKind::Str),
        any::<bool>().prop_map(PatternKind::Bool),
        Just(PatternKind::Unit),
        capital_ident().prop_map(|name| PatternKind::Ctor(name, Vec::new())),
    ];
    leaf.prop_map(pattern)
        .prop_recursive(2, 8, 3, move |inner| {
            let one = || inner.clone().prop_map(Box::new);
            prop_oneof![
                (capital_ident(), vec(inner.clone(), 1..3))
                    .prop_map(|(name, fields)| PatternKind::Ctor(name, fields)),
                vec(inner.clone(), 2..4).prop_map(PatternKind::Tuple),
                vec(inner.clone(), 0..3).prop_map(PatternKind::List),
                (one(), one()).prop_map(|(head, tail)| PatternKind::Cons(head, tail)),
            ]
            .prop_map(pattern)
        })
        .boxed()
}

fn clause() -> impl Strategy<Value = Clause> {
    (option::of(small_ident()), term()).prop_map(|(label, body)| Clause {
        span: Span::default(),
        label,
        body,
    })
}

fn clauses() -> impl Strategy<Value = Vec<Clause>> {
    vec(clause(), 0..3)
}

fn effects() -> impl Strategy<Value = Option<Vec<Ident>>> {
    option::of(vec(select(vec!["net", "fs.read", "llm"]).prop_map(ident), 0..3))
}

fn typed_params() -> impl Strategy<Value = Vec<Param>> {
    vec((small_ident(), ty()).prop_map(|(name, ty)| Param { name, ty: Some(ty) }), 0..3)
}

fn type_params() -> impl Strategy<Value = Vec<Param>> {
    vec(capital_ident().prop_map(|name| Param { name, ty: None }), 0..3)
}

/// Parameters of a type: names and indices.
fn indices() -> impl Strategy<Value = Vec<Param>> {
    let index = (small_ident(), ty()).prop_map(|(name, ty)| Param { name, ty: Some(ty) });
    vec(prop_oneof![capital_ident().prop_map(|name| Param { name, ty: None }), index], 0..3)
}

fn unit() -> impl Strategy<Value = Option<Ident>> {
    option::of(select(vec!["ms", "percent"]).prop_map(ident))
}

fn measures() -> impl Strategy<Value = Vec<Measure>> {
    vec((term(), unit()).prop_map(|(body, unit)| Measure { body, unit, span: Span::default() }), 0..3)
}

fn bounds() -> impl Strategy<Value = Vec<Measure>> {
    let bound = (select(vec!["cost", "latency"]), term(), unit()).prop_map(|(name, limit, unit)| {
        let name = expr(ExprKind::Name(name.to_owned()));
        let body = expr(ExprKind::Binary(BinaryOp::Le, Box::new(name), Box::new(limit)));
        Measure { body, unit, span: Span::default() }
    });
    vec(bound, 0..2)
}

fn fields() -> impl Strategy<Value = Vec<(Ident, Expr)>> {
    vec((small_ident(), ty()), 0..3)
}

fn worded() -> impl Strategy<Value = Vec<(Ident, String, Span)>> {
    vec((small_ident(), words()).prop_map(|(name, text)| (name, text, Span::default())), 0..3)
}

/// A declaration.
pub fn decl() -> impl Strategy<Value = Decl> {
    let ctor_field = (option::of(small_ident()), ty());
    let ctor = (capital_ident(), vec(ctor_field, 0..3)).prop_map(|(name, fields)| CtorDecl { name, fields });
    let hole_kind = select(vec![
        HoleKind::Term,
        HoleKind::Type,
        HoleKind::Spec,
        HoleKind::Entity,
        HoleKind::Function,
        HoleKind::Module,
    ]);
    let link = (select(vec![LinkKind::Uses, LinkKind::Blocks]), small_ident());
    prop_oneof![
        (capital_ident(), indices(), ty()).prop_map(|(name, params, body)| DeclKind::Alias(AliasDecl {
            name,
            params,
            body
        })),
        (capital_ident(), indices(), vec(ctor, 1..4))
            .prop_map(|(name, params, ctors)| DeclKind::Sum(SumDecl { name, params, ctors })),
        (capital_ident(), indices(), fields(), clauses()).prop_map(|(name, params, fields, invariants)| {
            DeclKind::Entity(EntityDecl { name, params, fields, invariants })
        }),
        (words(), fields(), fields(), worded(), measures(), measures(), worded()).prop_map(
            |(title, inputs, outputs, goals, constraints, metrics, roles)| {
                let title_span = Span::default();
                DeclKind::Intent(IntentDecl {
                    title,
                    title_span,
                    inputs,
                    outputs,
                    goals,
                    constraints,
                    metrics,
                    roles,
                })
            }
        ),
        (capital_ident(), type_params(), typed_params(), clauses(), clauses(), effects(), bounds()).prop_map(
            |(name, type_params, params, requires, ensures, effects, bounds)| {
                DeclKind::Spec(SpecDecl { name, type_params, params, requires, ensures, effects, bounds })
            }
        ),
        (
            (small_ident(), type_params(), typed_params(), option::of(ty()), option::of(capital_ident())),
            (clauses(), clauses(), effects(), option::of(term()), option::of(term())),
        )
            .prop_map(|(head, rest)| {
                let (name, type_params, params, result, implements) = head;
                let (requires, ensures, effects, decreases, body) = rest;
                DeclKind::Def(DefDecl {
                    name,
                    type_params,
                    params,
                    result,
                    implements,
                    requires,
                    ensures,
                    effects,
                    decreases,
                    body,
                })
            }),
        (
            (small_ident(), hole_kind, option::of(ty()), option::of(term())),
            (option::of(words()), option::of(words()), vec(term(), 0..3), vec(link, 0..3)),
        )
            .prop_map(|(head, rest)| {
                let (name, kind, ty, default) = head;
                let (because, hint, answers, links) = rest;
                DeclKind::Hole(HoleDecl { name, kind, ty, default, because, hint, answers, links })
            }),
        vec(term(), 0..4).prop_map(|examples| DeclKind::Examples(ExamplesDecl { examples })),
        (
            words(),
            small_ident(),
            vec(prop_oneof![small_ident(), capital_ident()], 1..4),
            any::<(bool, bool)>()
        )
            .prop_map(|(path, name, names, (is_hole, chosen))| {
                let from = match is_hole {
                    true => ImportFrom::Hole(name.clone()),
                    false => ImportFrom::Document(path, Span::default()),
                };
                let take = if chosen { ImportTake::Names(names) } else { ImportTake::As(name) };
                DeclKind::Import(ImportDecl { from, take })
            }),
    ]
    .prop_map(|kind| Decl { span: Span::default(), prose: None, kind })
}

/// The tree as text without places, to compare trees from different texts.
pub fn shape(tree: &impl std::fmt::Debug) -> String {
    let full = format!("{tree:?}");
    let mut shape = String::with_capacity(full.len());
    let mut parts = full.split("Span { start: ");
    shape.push_str(parts.next().unwrap_or(""));
    for part in parts {
        shape.push_str(part.split_once('}').map_or("", |(_, rest)| rest));
    }
    shape
}
