//! What `lift explain` says about the codes of this room.

use super::codes;
use crate::explain::Explanation;

/// One entry for each of [`codes`].
pub const EXPLANATIONS: &[Explanation] = &[
    Explanation::new(
        codes::UNEXPECTED,
        "something else was expected",
        "The text cannot be read on from here. The message names what may stand here and what was found. Often \
         something is missing just before: a comma, a bracket, an operator. The rest of the declaration may have \
         been skipped; other declarations are not affected.",
        "def double(x: Int): = x + x",
        "def double(x: Int): Int = x + x",
    ),
    Explanation::new(
        codes::UNCLOSED_BRACKET,
        "a bracket is never closed",
        "Every `(`, `[` and `{` has a partner. The message points at the one that is still open, and at the place \
         where its partner was missed at the latest; it often belongs further up.",
        "def f(x: Int): Int = (x + 1",
        "def f(x: Int): Int = (x + 1)",
    ),
    Explanation::new(
        codes::STRAY,
        "a character that means nothing here",
        "This character is not part of the language outside of texts and comments. Comments begin with `//`, holes \
         with `?`.",
        "def f(x: Int): Int = x # the same",
        "def f(x: Int): Int = x // the same",
    ),
    Explanation::new(
        codes::OPEN_TEXT,
        "a text is not closed on its line",
        "A text starts and ends with `\"` on one line. A line break in a text is written `\\n`, a quote `\\\"`.",
        "def greeting(): Str = \"hello",
        "def greeting(): Str = \"hello\"",
    ),
    Explanation::new(
        codes::BAD_ESCAPE,
        "an escape that does not exist",
        "In a text a backslash starts one of `\\\"` `\\\\` `\\n` `\\r` `\\t` `\\0` and `\\u{1F600}`, the last with one to six \
         hexadecimal digits that name a character. A backslash itself is written `\\\\`.",
        "def path(): Str = \"C:\\dir\"",
        "def path(): Str = \"C:\\\\dir\"",
    ),
    Explanation::plain(
        codes::TOO_DEEP,
        "nested too deep",
        "Brackets, branches, binders and chains of operators may nest 200 levels deep. Deeper ones are not read, so \
         that checking never exhausts the memory of a small machine or a browser. Give an inner part a name with \
         `def` or `let`, or turn a long chain into a list: `all([...], \\p. p)` for `&&`, `sum([...])` for `+`, \
         `concat([...])` for `++`.",
    ),
    Explanation::plain(
        codes::DOCUMENT_TOO_LONG,
        "a document that is too long",
        "A document may have 4 MiB. This one was not read at all. Split it into several.",
    ),
    Explanation::new(
        codes::UNCLOSED_FENCE,
        "a block is never closed",
        "A block that starts with three or more backquotes or tildes ends with a line of at least as many of them and \
         nothing else. Without it the block would swallow the prose that follows; it is read up to the next block of \
         declarations or the end of the document.",
        "```spec-ir\ndef one(): Int = 1\n",
        "```spec-ir\ndef one(): Int = 1\n```\n",
    ),
    Explanation::new(
        codes::NO_DECLARATION,
        "no declaration where one should start",
        "Inside a block stand declarations, each beginning with `type`, `entity`, `intent`, `spec`, `def`, `hole` or \
         `examples`. Prose stands outside the block, comments begin with `//`.",
        "double(2) == 4",
        "examples { 2 + 2 == 4 }",
    ),
    Explanation::new(
        codes::EQUALS,
        "`=` where values are compared",
        "`=` defines: what is left of it stands for what is right of it. `==` compares two values and is `true` or \
         `false`.",
        "def is_one(x: Int): Bool = if x = 1 then true else false",
        "def is_one(x: Int): Bool = if x == 1 then true else false",
    ),
    Explanation::new(
        codes::CHAINED_COMPARISON,
        "comparisons do not chain",
        "`0 <= x <= 9` would compare the outcome of `0 <= x`, a truth value, with 9. Compare twice and join with `&&`. \
         `<=>` does not chain either: say with parentheses which is meant.",
        "def digit(x: Int): Bool = 0 <= x <= 9",
        "def digit(x: Int): Bool = 0 <= x && x <= 9",
    ),
    Explanation::new(
        codes::FOREIGN_SPELLING,
        "a spelling of another language",
        "What was meant is clear, but it is written differently here: `&&` `||` `!` for and, or, not; `==` and `!=`; \
         `=` to define; `=>` between a pattern and its outcome; `->` in types; `true` and `false` small; `None` for \
         what is missing; `pow(b, e)` for powers.",
        "def both(a: Bool, b: Bool): Bool = a and b",
        "def both(a: Bool, b: Bool): Bool = a && b",
    ),
    Explanation::new(
        codes::RESERVED_WORD,
        "a reserved word as a name",
        "The words `type def spec intent entity hole examples let in if then else match forall exists true false` \
         have a fixed meaning everywhere and cannot be names. All other words can.",
        "entity Room { type: Str }",
        "entity Room { kind: Str }",
    ),
    Explanation::new(
        codes::NAME_CASE,
        "a name with the wrong first letter",
        "Types, specs, entities, constructors and type parameters start with a capital letter; definitions, \
         variables, fields and labels with a small one. In a pattern the first letter decides between a constructor \
         and a variable.",
        "type age = Int",
        "type Age = Int",
    ),
    Explanation::new(
        codes::JUXTAPOSITION,
        "a call without parentheses",
        "Functions and constructors are applied with parentheses, `f(x)`; two terms next to each other mean nothing. \
         Only types are applied without: `List Int`.",
        "def f(x: Int): Int = abs x",
        "def f(x: Int): Int = abs(x)",
    ),
    Explanation::new(
        codes::QUOTES,
        "a text in other quotes",
        "Texts stand in straight double quotes. Word processors and chat programs like to turn them into curly ones.",
        "def greeting(): Str = 'hello'",
        "def greeting(): Str = \"hello\"",
    ),
    Explanation::new(
        codes::MISSING_PART,
        "a part of `if` or `let` is missing",
        "`if` is a value and needs all of `if c then a else b`: there is no branch that does nothing. `let` needs all \
         of `let x = e in body`.",
        "def f(x: Int): Int = if x < 0 then -x",
        "def f(x: Int): Int = if x < 0 then -x else x",
    ),
    Explanation::new(
        codes::FOREIGN_FORM,
        "a form of another language",
        "There are no statements: no `return`, no loops, no assignment, no braces around a body. The body of a \
         definition is one term after `=`; repetition is `map`, `filter`, `fold` or a definition that calls itself.",
        "def double(x: Int): Int = return x + x",
        "def double(x: Int): Int = x + x",
    ),
    Explanation::new(
        codes::BAD_NUMBER,
        "a number that cannot be read",
        "Numbers are written with decimal digits, as in `1_000_000`, `1.5` or `2.5e3`, at most 1000 of them. In patterns \
         and in types only whole numbers can stand.",
        "def is_half(x: Real): Bool = match x { 0.5 => true, _ => false }",
        "def is_half(x: Real): Bool = x == 0.5",
    ),
    Explanation::new(
        codes::DUPLICATE,
        "a part that can be given only once",
        "A definition implements one spec and has one `effects` and one `decreases`; a hole has one default, one \
         `because`, one `hint` and one list of `answers`.",
        "hole ?sep: term Str = \",\" because \"usual\" because \"short\"",
        "hole ?sep: term Str = \",\" because \"usual and short\"",
    ),
    Explanation::new(
        codes::FOREIGN_TYPE,
        "a type written the way of another language",
        "Type arguments follow without brackets: `List Int`, `Option (List Str)`. A pair has the type `A * B`, a \
         function `A -> B`, a value that may be missing `Option A`. Records are declared by `entity`, choices by \
         `type` with constructors.",
        "def f(xs: List[Int]): Int = 1",
        "def f(xs: List Int): Int = 1",
    ),
    Explanation::new(
        codes::FOREIGN_NAME,
        "a name with letters outside a to z",
        "Names are made of the letters a to z and A to Z, digits and `_`, and do not start with a digit. Texts, \
         comments and prose may hold any character.",
        "def größe(x: Int): Int = x",
        "def groesse(x: Int): Int = x",
    ),
    Explanation::plain(
        codes::TOO_MANY,
        "more mistakes than are listed",
        "Only the first 200 mistakes of syntax are listed. Repair some and check again.",
    ),
    Explanation::plain(
        codes::TOO_WIDE,
        "more parameters or fields than can be read",
        "A declaration has at most 100 parameters, and a constructor or an entity at most 100 fields. Gather what \
         belongs together in an entity of its own; many things of one kind are a list.",
    ),
    Explanation::new(
        codes::SIMILAR_TAG,
        "a block whose tag is nearly `spec-ir`",
        "Only blocks tagged `spec-ir`, `type`, `entity`, `intent`, `spec`, `def`, `hole` or `examples` are read; all \
         others are prose. This tag looks like one of them.",
        "```Spec-IR\ndef one(): Int = 1\n```\n",
        "```spec-ir\ndef one(): Int = 1\n```\n",
    ),
    Explanation::new(
        codes::OUTSIDE_FENCE,
        "a declaration in the prose",
        "The document has no block of declarations, but a line of its prose looks like one. Declarations are read only \
         between a line ```spec-ir and a line ```.",
        "def one(): Int = 1\n\n```text\n```\n",
        "```spec-ir\ndef one(): Int = 1\n```\n",
    ),
];
