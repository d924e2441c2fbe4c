//! What `lift explain` says about the codes of this room.

use crate::explain::Explanation;

/// One entry for each code of scope and types.
pub const EXPLANATIONS: &[Explanation] = &[
    super::effects::UNDECLARED,
    super::effects::BEYOND_SPEC,
    super::effects::IN_CONDITION,
    super::effects::PASSED,
    super::effects::MISPLACED,
    Explanation::new(
        "E0101",
        "declared twice",
        "Types, specs and definitions of a document share one space of names, constructors have one of their own, and \
         each name is declared once. A definition may take a name of the prelude and then hides it.",
        "def f(x: Int): Int = x\ndef f(x: Int): Int = x + 1",
        "def f(x: Int): Int = x\ndef g(x: Int): Int = x + 1",
    ),
    Explanation::new(
        "E0102",
        "an unknown name",
        "Nothing of this name is in scope here: no variable, no declaration of this document, nothing in the prelude. \
         If it is still to be decided, leave it open: `?name` is a hole and the rest goes on without it.",
        "def f(x: Int): Int = y",
        "def f(x: Int): Int = x",
    ),
    Explanation::new(
        "E0103",
        "a value where a type is expected",
        "Behind `:` and in other places of types stand types; this name is a value.",
        "def g(): Int = 1\ndef f(x: g): Int = 1",
        "def f(x: Int): Int = 1",
    ),
    Explanation::new(
        "E0104",
        "a type where a value is expected",
        "In terms stand values; this name is a type. A value of a sum type is made by one of its constructors, a value \
         of an entity by `Name { field = e }`.",
        "def f(x: Int): Int = Int",
        "def f(x: Int): Int = x",
    ),
    Explanation::new(
        "E0105",
        "a type that is defined by itself",
        "`type A = ...` without constructors is an abbreviation and is replaced by what it stands for, which would \
         never end here. A type that contains itself is a sum, whose constructors end it.",
        "type Chain = List Chain",
        "type Chain = End | Link(value: Int, next: Chain)",
    ),
    Explanation::new(
        "E0106",
        "the same name twice in one place",
        "Two parameters of a definition, two fields of a record or two variables of one pattern have the same name, so \
         that one of them could not be reached.",
        "def f(x: Int, x: Int): Int = x",
        "def f(x: Int, y: Int): Int = x + y",
    ),
    Explanation::new(
        "E0107",
        "one hole in two places",
        "A hole may stand in several places only if the same variables are visible there: it is one value. Give the \
         two places two names, or declare the hole on its own: `hole ?h: term Int`. The types of one signature may \
         share a hole: `def f(x: ?T, y: ?T): ?T`.",
        "def f(x: Int): Int = ?h + (\\y. ?h)(1)",
        "hole ?h: term Int\ndef f(x: Int): Int = ?h + (\\y. ?h)(1)",
    ),
    Explanation::new(
        "E0108",
        "a hole where its kind does not fit",
        "A hole of kind `term`, `function` or `spec` stands for a value, a function or a condition; one of kind `type` or \
         `entity` for a type; one of kind `module` for a document, and so only in an import.",
        "hole ?storage: module\ndef f(x: ?storage): Int = 1",
        "import ?storage as storage\nhole ?storage: module\ndef f(x: storage.Key): Int = 1",
    ),
    Explanation::new(
        "E0201",
        "a value of another type",
        "Here a value of one type is needed and one of another stands. There is no silent conversion: `to_str(n)` \
         makes a text of a number, `parse_int(s)` an optional number of a text, `Some(x)` an option of a value.",
        "def f(x: Int): Str = x",
        "def f(x: Int): Str = to_str(x)",
    ),
    Explanation::new(
        "E0202",
        "nothing decides the type",
        "The type of this part appears nowhere else, so nothing says which one is meant. Say it: `(e : T)`, or give a \
         parameter a type.",
        "def f(): Bool = [] == []",
        "def f(): Bool = ([] : List Int) == []",
    ),
    Explanation::new(
        "E0203",
        "a type that contains itself",
        "For this to make sense a type would have to be a part of itself, and no finite type is. Most often a function \
         is applied to itself, or a list is put into itself.",
        "def f(): Int = let g = \\x. x(x) in 1",
        "def f(): Int = let g = \\(x: Int). x + 1 in g(1)",
    ),
    Explanation::new(
        "E0204",
        "a call of what is no function",
        "Only functions are called with parentheses. A `(` on the same line as a term always reads as a call; put an \
         operator or a comma between.",
        "def f(x: Int): Int = x(1)",
        "def f(x: Int): Int = x * 1",
    ),
    Explanation::new(
        "E0205",
        "too many or too few arguments",
        "The function takes another number of arguments: those that a definition names are given all at once. To leave \
         some open, write a function of them: `\\x. f(1, x)`. A function that a definition results in is called by its \
         own parentheses: `adder(1)(2)`.",
        "def f(x: Int): Int = clamp(x)",
        "def f(x: Int): Int = clamp(x, 0, 10)",
    ),
    Explanation::new(
        "E0206",
        "a missing type",
        "Parameters and the result of a definition say their types: they are what callers rely on, and what the body is \
         checked against.",
        "def f(x): Int = 1",
        "def f(x: Int): Int = 1",
    ),
    Explanation::new(
        "E0207",
        "a spec without `result`",
        "A spec relates what goes in to what comes out. Its last parameter is called `result` and is what comes out.",
        "spec Next(x: Int) { ensures x > 0 }",
        "spec Next(x: Int, result: Int) { ensures result > x }",
    ),
    Explanation::new(
        "E0208",
        "no such field",
        "The value has no field of this name. Only entities have fields; the values of a sum are taken apart by \
         `match`.",
        "entity Person { name: Str }\ndef f(p: Person): Str = p.surname",
        "entity Person { name: Str }\ndef f(p: Person): Str = p.name",
    ),
    Explanation::new(
        "E0209",
        "a record without all its fields",
        "A record gives a value to every field of its entity. What is still open can be a hole: `field = ?later`.",
        "entity Point { x: Int, y: Int }\ndef origin(): Point = Point { x = 0 }",
        "entity Point { x: Int, y: Int }\ndef origin(): Point = Point { x = 0, y = 0 }",
    ),
    Explanation::new(
        "E0210",
        "a pattern that cannot match",
        "The value has a type of which this pattern describes no value.",
        "def f(xs: List Int): Int = match xs { None => 1, _ => 2 }",
        "def f(xs: List Int): Int = match xs { [] => 1, _ => 2 }",
    ),
    Explanation::new(
        "E0211",
        "values that cannot be compared",
        "`==` and `!=` compare values part by part. Functions have no parts: two of them may differ on an argument \
         nobody tried. Compare their results instead.",
        "def same(f: Int -> Int, g: Int -> Int): Bool = f == g",
        "def same(f: Int -> Int, g: Int -> Int): Bool = f(0) == g(0)",
    ),
    Explanation::new(
        "E0212",
        "values without an order",
        "`<`, `<=`, `>` and `>=` work on numbers and, by code points, on texts. Other values have no order of their \
         own.",
        "def before(a: Bool, b: Bool): Bool = a < b",
        "def before(a: Bool, b: Bool): Bool = !a && b",
    ),
    Explanation::new(
        "E0213",
        "another number of parameters than the spec",
        "`implements S` matches the parameters of the definition with those of the spec by position, all but `result`.",
        "spec Next(x: Int, result: Int) { ensures result > x }\ndef next(): Int implements Next = 1",
        "spec Next(x: Int, result: Int) { ensures result > x }\ndef next(x: Int): Int implements Next = x + 1",
    ),
    Explanation::new(
        "E0214",
        "another type than in the spec",
        "`implements S` takes over the clauses of `S`, so the types of the parameters and of the result must be those \
         of `S`. Names may differ.",
        "spec Next(x: Int, result: Int) { ensures result > x }\ndef next(x: Nat): Int implements Next = x + 1",
        "spec Next(x: Int, result: Int) { ensures result > x }\ndef next(n: Int): Int implements Next = n + 1",
    ),
    Explanation::new(
        "E0215",
        "a type that eats itself",
        "A constructor takes a function whose argument is the type being declared. With such a type a function could \
         call itself without any recursion being seen, and then anything could be proved.",
        "type Bad = | Bad(f: Bad -> Int)",
        "type Good = | Good(f: Int -> Int)",
    ),
    Explanation::new(
        "E0216",
        "another number of type arguments",
        "Each type takes a fixed number of arguments: `List` one, `Int` none. They follow it without brackets; an \
         argument that has arguments itself stands in parentheses, as in `List (Option Int)`.",
        "def f(x: List): Int = 1",
        "def f(x: List Int): Int = 1",
    ),
    Explanation::new(
        "E0217",
        "a hole that would need two types",
        "The open part is used as two different things at once, so nothing could be put there. Use two holes, or \
         change one of the uses.",
        "def f(x: ?M): Bool = x + 1 == 2 && x == \"a\"",
        "def f(x: ?M): Bool = x + 1 == 2 && x == 1",
    ),
    Explanation::new(
        "E0218",
        "a type that depends on itself",
        "The type of a definition is needed to check its own type. State what holds of the result in `ensures`: \
         clauses may mention any definition, also the one they belong to.",
        "def f(x: f): Int = 1",
        "def f(x: Int): Int = 1",
    ),
    Explanation::new(
        "E0219",
        "`result` before there is one",
        "`requires` is what a caller owes before the call; `result` exists only after it. What the outcome must \
         satisfy belongs to `ensures`.",
        "spec Next(x: Int, result: Int) { requires result > x }",
        "spec Next(x: Int, result: Int) { ensures result > x }",
    ),
    Explanation::new(
        "E0220",
        "`implements` of what is no spec",
        "Only a spec can be implemented. A spec is declared by `spec Name(x: Int, result: Int) { ... }`.",
        "type Goal = Int\ndef f(x: Int): Int implements Goal = x",
        "spec Goal(x: Int, result: Int) { ensures result == x }\ndef f(x: Int): Int implements Goal = x",
    ),
    Explanation::new(
        "E0221",
        "a type too large to be worked out",
        "A short text can stand for a huge type: abbreviations that use the one before twice, or a `let` that pairs \
         the last value with itself, double it line by line. What takes too many steps or goes too deep is given up, \
         here and in the browser alike. A declared `entity` or sum type is as small as its name, whatever it holds.",
        "type A = Int * Int * Int * Int * Int * Int * Int * Int\n\
         type B = A * A * A * A * A * A * A * A\n\
         type C = B * B * B * B * B * B * B * B\n\
         type D = C * C * C * C * C * C * C * C\n\
         type E = D * D * D * D * D * D * D * D\n\
         type F = E * E * E * E * E * E * E * E",
        "entity Point { x: Int, y: Int, z: Int }\n\
         entity Line { from: Point, to: Point }\n\
         type F = List (Line * Line)",
    ),
    Explanation::new(
        "E0222",
        "a function that results in a type",
        "A type can have parameters (`List T`, `Vec n T`), and a definition can be given types. What it cannot be given is \
         `List` itself, a function from types to types, since nothing could say what holds of the types that it makes. \
         Take the type that it would make.",
        "type Wrap (F: Type -> Type) = Int",
        "type Wrap (T: Type) = Option T\ntype Lists = Wrap (List Int)",
    ),
    Explanation::new(
        "W0101",
        "holes that wait for each other",
        "`uses ?b` says that the hole is decided after `?b`, `blocks ?b` that it is decided before. Links in a circle \
         leave none of their holes to begin with. Take one of them out.",
        "hole ?price: term Int links { uses ?tax }\nhole ?tax: term Int links { uses ?price }",
        "hole ?price: term Int links { uses ?tax }\nhole ?tax: term Int",
    ),
    Explanation::new(
        "W0201",
        "a case that is never reached",
        "The cases of a `match` are tried from the top, and those above this one take everything it matches. A name \
         that starts with a small letter is no constructor: it takes whatever is matched.",
        "def f(x: Option Int): Int = match x { none => 0, Some(n) => n }",
        "def f(x: Option Int): Int = match x { None => 0, Some(n) => n }",
    ),
];
