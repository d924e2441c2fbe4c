//! The programs: Church encodings, in Spec-IR as the laboratory reads it. `%` stands for the number of a copy.

/// `id` applied to itself this many times.
pub fn applied_to_itself(times: usize) -> String {
    let call = (1..times).fold("id".to_owned(), |call, _| format!("{call}(id)"));
    document(&format!("def id[A](x: A): A = x\ndef test[A](): A -> A = {call}"))
}

/// Nested pairs: each `let` doubles the inferred type.
pub fn doubling(times: usize) -> String {
    let lets: String = (1..=times).map(|n| format!("  let x{n} = dup(x{}) in\n", n - 1)).collect();
    document(&format!(
        "type Pair A B = (p: Type) -> (A -> B -> p) -> p\n\
         def dup[A](a: A): Pair A A = \\p f. f(a, a)\n\
         def test(): Int =\n  let x0 = dup(Int) in\n{lets}  0"
    ))
}

/// A vector that carries its length, of this many elements. In pieces of 60: a text nests at most 200 levels deep.
pub fn vector(elements: usize) -> String {
    const PIECE: usize = 60;
    let pieces = elements / PIECE;
    let lets: String = (1..=pieces)
        .map(|n| {
            let inner = format!("v{}", n - 1);
            let conses = (0..PIECE).fold(inner, |tail, _| format!("cons(Int, {tail})"));
            format!("  let v{n} = {conses} in\n")
        })
        .collect();
    document(&format!(
        "{NUMERALS}\n\
         type Vec A (n: Num) = (v: Num -> Type) -> ((_n: _) -> A -> v _n -> v (suc(_n))) -> v (zero()) -> v n\n\
         def empty[A](): Vec A (zero()) = \\v c n. n\n\
         def cons[A](_n: Num, a: A, rest: Vec A _n): Vec A (suc(_n)) = \\v c n. c(a, rest(v, c, n))\n\
         def test(): Int =\n  let v0: Vec Type (zero()) = empty() in\n{lets}  0"
    ))
}

/// Numbers and trees, each built two ways, and what is asked of them.
pub fn conversion(asked: &str) -> String {
    document(&format!("{NUMERALS}\n{NUMBERS}\n{TREES}\n{asked}"))
}

/// About this many lines of one of the calculi, renamed from copy to copy.
pub fn copies(template: &str, lines: usize) -> String {
    let each = template.lines().count() + 1;
    let copies = (lines / each).max(1);
    let parts: Vec<String> = (0..copies).map(|n| template.replace('%', &n.to_string())).collect();
    document(&parts.join("\n"))
}

/// [`FULL`] with every argument of an algebra passed explicitly, as `_`: *stlcLessImpl*.
pub fn less_implicit() -> String {
    let algebras = ["type Var%", "type Tm%"];
    let parts = FULL.split("\n\n").map(|part| match algebras.iter().any(|start| part.starts_with(start)) {
        true => ["g", "a", "b", "c"]
            .iter()
            .fold(part.to_owned(), |part, name| part.replace(&format!("_{name}"), name)),
        false => spelt_out(part).unwrap_or_else(|| part.to_owned()),
    });
    parts.collect::<Vec<_>>().join("\n\n")
}

/// An operation of an algebra that is defined as what the algebra has under its name, with arguments for what it leaves
/// implicit.
fn spelt_out(part: &str) -> Option<String> {
    const IMPLICIT: &[(&str, usize)] = &[
        ("vz", 2),
        ("vs", 3),
        ("var", 2),
        ("lam", 3),
        ("app", 3),
        ("tt", 1),
        ("pair", 3),
        ("fst", 3),
        ("snd", 3),
        ("left", 3),
        ("right", 3),
        ("split", 4),
        ("zero", 1),
        ("suc", 1),
        ("rec", 2),
    ];
    let (name, count) = IMPLICIT.iter().find(|(name, _)| part.starts_with(&format!("def {name}%(")))?;
    let (signature, body) = part.split_once('\\')?;
    let (binders, call) = body.split_once('.')?;
    let holes = vec!["_"; *count].join(", ");
    let call = match call.trim().strip_prefix(name)?.strip_prefix('(') {
        Some(given) => format!("{name}({holes}, {given}"),
        None => format!("{name}({holes})"),
    };
    Some(format!("{signature}\\{binders}.\n    {call}"))
}

fn document(declarations: &str) -> String {
    format!("```spec-ir\n{declarations}\n```\n")
}

const NUMERALS: &str = "
type Num = (n: Type) -> (n -> n) -> n -> n
def zero(): Num = \\n s z. z
def suc(a: Num): Num = \\n s z. s(a(n, s, z))
";

const NUMBERS: &str = "
type Truth = (b: Type) -> b -> b -> b
def yes(): Truth = \\b t f. t
def both(a: Truth, c: Truth): Truth = \\b t f. a(b, c(b, t, f), f)

def add(a: Num, b: Num): Num = \\n s z. a(n, s, b(n, s, z))
def mul(a: Num, b: Num): Num = \\n s. a(n, b(n, s))

type Eq A (x: A) (y: A) = (p: A -> Type) -> p x -> p y
def refl[A](_x: A): Eq A _x _x = \\p px. px

def n2(): Num = \\n s z. s(s(z))
def n3(): Num = \\n s z. s(s(s(z)))
def n4(): Num = \\n s z. s(s(s(s(z))))
def n5(): Num = \\n s z. s(s(s(s(s(z)))))
def n10(): Num = mul(n2(), n5())
def n10b(): Num = mul(n5(), n2())
def n15(): Num = add(n10(), n5())
def n15b(): Num = add(n10b(), n5())
def n18(): Num = add(n15(), n3())
def n18b(): Num = add(n15b(), n3())
def n19(): Num = add(n15(), n4())
def n19b(): Num = add(n15b(), n4())
def n20(): Num = mul(n2(), n10())
def n20b(): Num = mul(n2(), n10b())
def n21(): Num = suc(n20())
def n21b(): Num = suc(n20b())
def n22(): Num = suc(n21())
def n22b(): Num = suc(n21b())
def n23(): Num = suc(n22())
def n23b(): Num = suc(n22b())
def n100(): Num = mul(n10(), n10())
def n100b(): Num = mul(n10b(), n10b())
def n10k(): Num = mul(n100(), n100())
def n10kb(): Num = mul(n100b(), n100b())
def n100k(): Num = mul(n10k(), n10())
def n100kb(): Num = mul(n10kb(), n10b())
def n1M(): Num = mul(n10k(), n100())
def n1Mb(): Num = mul(n10kb(), n100b())
def n5M(): Num = mul(n1M(), n5())
def n5Mb(): Num = mul(n1Mb(), n5())
def n10M(): Num = mul(n5M(), n2())
def n10Mb(): Num = mul(n5Mb(), n2())
";

const TREES: &str = "
type Tree = (t: Type) -> (t -> t -> t) -> t -> t
def leaf(): Tree = \\t n l. l
def node(a: Tree, b: Tree): Tree = \\t n l. n(a(t, n, l), b(t, n, l))
def full(n: Num): Tree = n(Tree, \\t. node(t, t), leaf())
def full_on(bottom: Tree, n: Num): Tree = n(Tree, \\t. node(t, t), bottom)
def all_yes(t: Tree): Truth = t(Truth, both, yes())
";

/// The simply typed lambda calculus with naturals, products and sums.
pub const FULL: &str = "
type Ty% =
  (ty: Type)
  -> (nat: ty) -> (top: ty) -> (bot: ty)
  -> (arr: ty -> ty -> ty) -> (prod: ty -> ty -> ty) -> (sum: ty -> ty -> ty)
  -> ty

def nat%(): Ty% = \\_ nat _ _ _ _ _. nat
def top%(): Ty% = \\_ _ top _ _ _ _. top
def bot%(): Ty% = \\_ _ _ bot _ _ _. bot

def arr%(a: Ty%, b: Ty%): Ty% =
  \\ty nat top bot arr prod sum.
    arr(a(ty, nat, top, bot, arr, prod, sum), b(ty, nat, top, bot, arr, prod, sum))

def prod%(a: Ty%, b: Ty%): Ty% =
  \\ty nat top bot arr prod sum.
    prod(a(ty, nat, top, bot, arr, prod, sum), b(ty, nat, top, bot, arr, prod, sum))

def sum%(a: Ty%, b: Ty%): Ty% =
  \\ty nat top bot arr prod sum.
    sum(a(ty, nat, top, bot, arr, prod, sum), b(ty, nat, top, bot, arr, prod, sum))

type Con% =
  (con: Type)
  -> (empty: con)
  -> (snoc: con -> Ty% -> con)
  -> con

def empty%(): Con% =
  \\con empty snoc. empty

def snoc%(g: Con%, a: Ty%): Con% =
  \\con empty snoc. snoc(g(con, empty, snoc), a)

type Var% (g: Con%) (a: Ty%) =
  (var: Con% -> Ty% -> Type)
  -> (vz: (_g: _) -> (_a: _) -> var (snoc%(_g, _a)) _a)
  -> (vs: (_g: _) -> (_b: _) -> (_a: _) -> var _g _a -> var (snoc%(_g, _b)) _a)
  -> var g a

def vz%(_g: _, _a: _): Var% (snoc%(_g, _a)) _a =
  \\var vz vs. vz

def vs%(_g: _, _b: _, _a: _, x: Var% _g _a): Var% (snoc%(_g, _b)) _a =
  \\var vz vs. vs(x(var, vz, vs))

type Tm% (g: Con%) (a: Ty%) =
  (tm: Con% -> Ty% -> Type)
  -> (var: (_g: _) -> (_a: _) -> Var% _g _a -> tm _g _a)
  -> (lam: (_g: _) -> (_a: _) -> (_b: _) -> tm (snoc%(_g, _a)) _b -> tm _g (arr%(_a, _b)))
  -> (app: (_g: _) -> (_a: _) -> (_b: _) -> tm _g (arr%(_a, _b)) -> tm _g _a -> tm _g _b)
  -> (tt: (_g: _) -> tm _g (top%()))
  -> (pair: (_g: _) -> (_a: _) -> (_b: _) -> tm _g _a -> tm _g _b -> tm _g (prod%(_a, _b)))
  -> (fst: (_g: _) -> (_a: _) -> (_b: _) -> tm _g (prod%(_a, _b)) -> tm _g _a)
  -> (snd: (_g: _) -> (_a: _) -> (_b: _) -> tm _g (prod%(_a, _b)) -> tm _g _b)
  -> (left: (_g: _) -> (_a: _) -> (_b: _) -> tm _g _a -> tm _g (sum%(_a, _b)))
  -> (right: (_g: _) -> (_a: _) -> (_b: _) -> tm _g _b -> tm _g (sum%(_a, _b)))
  -> (split: (_g: _) -> (_a: _) -> (_b: _) -> (_c: _)
      -> tm _g (sum%(_a, _b)) -> tm _g (arr%(_a, _c)) -> tm _g (arr%(_b, _c)) -> tm _g _c)
  -> (zero: (_g: _) -> tm _g (nat%()))
  -> (suc: (_g: _) -> tm _g (nat%()) -> tm _g (nat%()))
  -> (rec: (_g: _) -> (_a: _)
      -> tm _g (nat%()) -> tm _g (arr%(nat%(), arr%(_a, _a))) -> tm _g _a -> tm _g _a)
  -> tm g a

def var%(_g: _, _a: _, x: Var% _g _a): Tm% _g _a =
  \\tm var lam app tt pair fst snd left right split zero suc rec.
    var(x)

def lam%(_g: _, _a: _, _b: _, t: Tm% (snoc%(_g, _a)) _b): Tm% _g (arr%(_a, _b)) =
  \\tm var lam app tt pair fst snd left right split zero suc rec.
    lam(t(tm, var, lam, app, tt, pair, fst, snd, left, right, split, zero, suc, rec))

def app%(_g: _, _a: _, _b: _, t: Tm% _g (arr%(_a, _b)), u: Tm% _g _a): Tm% _g _b =
  \\tm var lam app tt pair fst snd left right split zero suc rec.
    app(t(tm, var, lam, app, tt, pair, fst, snd, left, right, split, zero, suc, rec),
        u(tm, var, lam, app, tt, pair, fst, snd, left, right, split, zero, suc, rec))

def tt%(_g: _): Tm% _g (top%()) =
  \\tm var lam app tt pair fst snd left right split zero suc rec.
    tt

def pair%(_g: _, _a: _, _b: _, t: Tm% _g _a, u: Tm% _g _b): Tm% _g (prod%(_a, _b)) =
  \\tm var lam app tt pair fst snd left right split zero suc rec.
    pair(t(tm, var, lam, app, tt, pair, fst, snd, left, right, split, zero, suc, rec),
         u(tm, var, lam, app, tt, pair, fst, snd, left, right, split, zero, suc, rec))

def fst%(_g: _, _a: _, _b: _, t: Tm% _g (prod%(_a, _b))): Tm% _g _a =
  \\tm var lam app tt pair fst snd left right split zero suc rec.
    fst(t(tm, var, lam, app, tt, pair, fst, snd, left, right, split, zero, suc, rec))

def snd%(_g: _, _a: _, _b: _, t: Tm% _g (prod%(_a, _b))): Tm% _g _b =
  \\tm var lam app tt pair fst snd left right split zero suc rec.
    snd(t(tm, var, lam, app, tt, pair, fst, snd, left, right, split, zero, suc, rec))

def left%(_g: _, _a: _, _b: _, t: Tm% _g _a): Tm% _g (sum%(_a, _b)) =
  \\tm var lam app tt pair fst snd left right split zero suc rec.
    left(t(tm, var, lam, app, tt, pair, fst, snd, left, right, split, zero, suc, rec))

def right%(_g: _, _a: _, _b: _, t: Tm% _g _b): Tm% _g (sum%(_a, _b)) =
  \\tm var lam app tt pair fst snd left right split zero suc rec.
    right(t(tm, var, lam, app, tt, pair, fst, snd, left, right, split, zero, suc, rec))

def split%(_g: _, _a: _, _b: _, _c: _,
           t: Tm% _g (sum%(_a, _b)), u: Tm% _g (arr%(_a, _c)), v: Tm% _g (arr%(_b, _c))): Tm% _g _c =
  \\tm var lam app tt pair fst snd left right split zero suc rec.
    split(t(tm, var, lam, app, tt, pair, fst, snd, left, right, split, zero, suc, rec),
          u(tm, var, lam, app, tt, pair, fst, snd, left, right, split, zero, suc, rec),
          v(tm, var, lam, app, tt, pair, fst, snd, left, right, split, zero, suc, rec))

def zero%(_g: _): Tm% _g (nat%()) =
  \\tm var lam app tt pair fst snd left right split zero suc rec.
    zero

def suc%(_g: _, t: Tm% _g (nat%())): Tm% _g (nat%()) =
  \\tm var lam app tt pair fst snd left right split zero suc rec.
    suc(t(tm, var, lam, app, tt, pair, fst, snd, left, right, split, zero, suc, rec))

def rec%(_g: _, _a: _,
         t: Tm% _g (nat%()), u: Tm% _g (arr%(nat%(), arr%(_a, _a))), v: Tm% _g _a): Tm% _g _a =
  \\tm var lam app tt pair fst snd left right split zero suc rec.
    rec(t(tm, var, lam, app, tt, pair, fst, snd, left, right, split, zero, suc, rec),
        u(tm, var, lam, app, tt, pair, fst, snd, left, right, split, zero, suc, rec),
        v(tm, var, lam, app, tt, pair, fst, snd, left, right, split, zero, suc, rec))

def v0%(_g: _, _a: _): Tm% (snoc%(_g, _a)) _a =
  var%(vz%())

def v1%(_g: _, _a: _, _b: _): Tm% (snoc%(snoc%(_g, _a), _b)) _a =
  var%(vs%(vz%()))

def v2%(_g: _, _a: _, _b: _, _c: _): Tm% (snoc%(snoc%(snoc%(_g, _a), _b), _c)) _a =
  var%(vs%(vs%(vz%())))

def v3%(_g: _, _a: _, _b: _, _c: _, _d: _): Tm% (snoc%(snoc%(snoc%(snoc%(_g, _a), _b), _c), _d)) _a =
  var%(vs%(vs%(vs%(vz%()))))

def truth%(): Ty% =
  sum%(top%(), top%())

def yes%(_g: _): Tm% _g (truth%()) =
  left%(tt%())

def no%(_g: _): Tm% _g (truth%()) =
  right%(tt%())

def choose%(_g: _, _a: _): Tm% _g (arr%(truth%(), arr%(_a, arr%(_a, _a)))) =
  lam%(lam%(lam%(split%(v2%(), lam%(v2%()), lam%(v1%())))))

def four_times%(_g: _, _a: _): Tm% _g (arr%(arr%(_a, _a), arr%(_a, _a))) =
  lam%(lam%(app%(v1%(), app%(v1%(), app%(v1%(), app%(v1%(), v0%()))))))

def add%(_g: _): Tm% _g (arr%(nat%(), arr%(nat%(), nat%()))) =
  lam%(rec%(v0%(),
            lam%(lam%(lam%(suc%(app%(v1%(), v0%()))))),
            lam%(v0%())))

def mul%(_g: _): Tm% _g (arr%(nat%(), arr%(nat%(), nat%()))) =
  lam%(rec%(v0%(),
            lam%(lam%(lam%(app%(app%(add%(), app%(v1%(), v0%())), v0%())))),
            lam%(zero%())))

def fact%(_g: _): Tm% _g (arr%(nat%(), nat%())) =
  lam%(rec%(v0%(),
            lam%(lam%(app%(app%(mul%(), suc%(v1%())), v0%()))),
            suc%(zero%())))
";

/// Variables, functions and applications only, with every argument of an algebra passed explicitly.
pub const SMALL: &str = "
type Ty% =
  (ty: Type)
  -> (base: ty)
  -> (arr: ty -> ty -> ty)
  -> ty

def base%(): Ty% = \\_ base _. base
def arr%(a: Ty%, b: Ty%): Ty% = \\ty base arr. arr(a(ty, base, arr), b(ty, base, arr))

type Con% =
  (con: Type)
  -> (empty: con)
  -> (snoc: con -> Ty% -> con)
  -> con

def empty%(): Con% =
  \\con empty snoc. empty

def snoc%(g: Con%, a: Ty%): Con% =
  \\con empty snoc. snoc(g(con, empty, snoc), a)

type Var% (g: Con%) (a: Ty%) =
  (var: Con% -> Ty% -> Type)
  -> (vz: (g: _) -> (a: _) -> var (snoc%(g, a)) a)
  -> (vs: (g: _) -> (b: _) -> (a: _) -> var g a -> var (snoc%(g, b)) a)
  -> var g a

def vz%(_g: _, _a: _): Var% (snoc%(_g, _a)) _a =
  \\var vz vs. vz(_, _)

def vs%(_g: _, _b: _, _a: _, x: Var% _g _a): Var% (snoc%(_g, _b)) _a =
  \\var vz vs. vs(_, _, _, x(var, vz, vs))

type Tm% (g: Con%) (a: Ty%) =
  (tm: Con% -> Ty% -> Type)
  -> (var: (g: _) -> (a: _) -> Var% g a -> tm g a)
  -> (lam: (g: _) -> (a: _) -> (b: _) -> tm (snoc%(g, a)) b -> tm g (arr%(a, b)))
  -> (app: (g: _) -> (a: _) -> (b: _) -> tm g (arr%(a, b)) -> tm g a -> tm g b)
  -> tm g a

def var%(_g: _, _a: _, x: Var% _g _a): Tm% _g _a =
  \\tm var lam app. var(_, _, x)

def lam%(_g: _, _a: _, _b: _, t: Tm% (snoc%(_g, _a)) _b): Tm% _g (arr%(_a, _b)) =
  \\tm var lam app. lam(_, _, _, t(tm, var, lam, app))

def app%(_g: _, _a: _, _b: _, t: Tm% _g (arr%(_a, _b)), u: Tm% _g _a): Tm% _g _b =
  \\tm var lam app.
    app(_, _, _, t(tm, var, lam, app), u(tm, var, lam, app))

def v0%(_g: _, _a: _): Tm% (snoc%(_g, _a)) _a =
  var%(vz%())

def v1%(_g: _, _a: _, _b: _): Tm% (snoc%(snoc%(_g, _a), _b)) _a =
  var%(vs%(vz%()))

def v2%(_g: _, _a: _, _b: _, _c: _): Tm% (snoc%(snoc%(snoc%(_g, _a), _b), _c)) _a =
  var%(vs%(vs%(vz%())))

def test%(_g: _, _a: _): Tm% _g (arr%(arr%(_a, _a), arr%(_a, _a))) =
  lam%(lam%(app%(v1%(), app%(v1%(), app%(v1%(), app%(v1%(), app%(v1%(), app%(v1%(), v0%()))))))))
";
