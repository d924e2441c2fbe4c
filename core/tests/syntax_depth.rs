//! Nothing that is nested or chained can exhaust the stack: it is read, or there is one diagnostic.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use lift_core::syntax::tree::Document;
use lift_core::syntax::{DEEPEST, format_document, parse, parse_term, parse_type, print_decl};

/// The stack of a browser's thread. Unoptimised code takes several times what it takes there.
const BROWSER_STACK: usize = 1024 * 1024;

/// Runs `work` on a thread with a small stack.
fn on_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new().stack_size(BROWSER_STACK).spawn(work).unwrap().join().unwrap()
}

fn body(term: &str) -> String {
    format!("```spec-ir\ndef f(x: Int): Int = {term}\ndef g(): Int = 1\n```\n")
}

/// Parses and prints on a small stack.
fn read(document: String) -> Document {
    on_small_stack(move || {
        let parsed = parse(&document);
        for decl in &parsed.decls {
            print_decl(decl);
        }
        parsed
    })
}

fn nested(times: usize, open: &str, inner: &str, close: &str) -> String {
    format!("{}{inner}{}", open.repeat(times), close.repeat(times))
}

/// Things that nest: what opens, what is innermost, what closes.
const TERMS: &[(&str, &str, &str)] = &[
    ("(", "x", ")"),
    ("[", "x", "]"),
    ("f(", "x", ")"),
    ("x[", "x", "]"),
    ("P { a = ", "x", " }"),
    ("-", "x", ""),
    ("!", "x", ""),
    ("\\y. ", "x", ""),
    ("forall y: Int. ", "x", ""),
    ("exists y in xs. ", "x", ""),
    ("forall y in ", "xs", ". p"),
    ("let y = ", "x", " in y"),
    ("let y = 1 in ", "x", ""),
    ("if x then x else ", "x", ""),
    ("if x then ", "x", " else x"),
    ("if ", "x", " then x else x"),
    ("match x { y => ", "x", " }"),
    ("match ", "x", " { y => x }"),
    ("(1, ", "x", ")"),
    ("(", "x", ": Int)"),
    ("x + (", "x", ")"),
    ("(", "x", ") + x"),
    ("(", "x", ")(x)"),
    ("x :: ", "x", ""),
    ("x ++ ", "x", ""),
    ("x ==> ", "x", ""),
    ("x && ", "x", ""),
    ("x + ", "x", ""),
    ("", "x", " * x"),
    ("", "x", "(x)"),
    ("", "x", ".y"),
    ("", "x", "[0]"),
    ("(x < ", "x", ") < x"),
];

const PATTERNS: &[(&str, &str, &str)] = &[
    ("Some(", "y", ")"),
    ("(", "y", ")"),
    ("[", "y", "]"),
    ("(1, ", "y", ")"),
    ("y :: ", "y", ""),
    ("(", "y", " :: y)"),
];

const TYPES: &[(&str, &str, &str)] = &[
    ("(", "Int", ")"),
    ("List (", "Int", ")"),
    ("Int -> ", "Int", ""),
    ("(", "Int", " -> Int)"),
    ("(x: Int) -> ", "Int", ""),
    ("(x: ", "Int", ") -> Int"),
    ("Pi (x: Int). ", "Int", ""),
    ("{x: ", "Int", " | true}"),
    ("(Int * ", "Int", ")"),
    ("(", "Int", " * Int)"),
    ("((", "Int", ") Int * Int -> Int)"),
    ("Vec (", "n", " + 1)"),
];

#[test]
fn ten_thousand_levels_give_one_diagnostic_and_spare_the_next_declaration() {
    for (open, inner, close) in TERMS {
        let parsed = read(body(&nested(10_000, open, inner, close)));
        let codes: Vec<_> = parsed.diagnostics.iter().map(|finding| finding.code.as_str()).collect();
        let too_deep = codes.iter().filter(|code| **code == "E0006").count();
        assert_eq!(too_deep, 1, "{open}{inner}{close}: {codes:?}");
        assert!(codes.len() <= DEEPEST as usize + 1, "{open}{inner}{close}: {} findings", codes.len());
        assert_eq!(parsed.decls.len(), 2, "{open}{inner}{close}");
    }
    for (open, inner, close) in PATTERNS {
        let pattern = nested(10_000, open, inner, close);
        let parsed = read(body(&format!("match x {{ {pattern} => 1 }}")));
        let codes: Vec<_> = parsed.diagnostics.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(codes, ["E0006"], "{open}{inner}{close}");
    }
    for (open, inner, close) in TYPES {
        let ty = nested(10_000, open, inner, close);
        let parsed = read(format!("```spec-ir\ntype A = {ty}\ntype B = Int\n```\n"));
        let too_deep = parsed.diagnostics.iter().filter(|finding| finding.code == "E0006").count();
        assert_eq!(too_deep, 1, "{open}{inner}{close}: {:?}", parsed.diagnostics.first());
        assert_eq!(parsed.decls.len(), 2, "{open}{inner}{close}");
    }
}

#[test]
fn thirty_levels_of_everything_are_read() {
    let slips = ["(x < ", "[", "List["];
    for (open, inner, close) in TERMS.iter().filter(|(open, ..)| !slips.contains(open) || *open == "[") {
        let document = body(&nested(30, open, inner, close));
        let parsed = read(document.clone());
        let formatted = on_small_stack(move || format_document(&document));
        assert_eq!(formatted.untouched, [], "{open}{inner}{close}");
        assert_eq!(parsed.diagnostics.first(), None, "{open}{inner}{close}");
    }
    for (open, inner, close) in TYPES.iter().filter(|(open, ..)| !slips.contains(open)) {
        let ty = nested(30, open, inner, close);
        let (_, findings) = on_small_stack(move || parse_type(&ty));
        assert_eq!(findings.first(), None, "{open}{inner}{close}");
    }
}

#[test]
fn brackets_that_never_close_give_few_diagnostics() {
    for open in [
        "(",
        "[",
        "{",
        "f(",
        "match x {",
        "P { a = ",
        "{x: Int | ",
        "\\",
        "let ",
        "if ",
        "forall ",
        "?",
        "\"",
        "::",
    ] {
        let parsed = read(body(&open.repeat(10_000)));
        assert!(!parsed.diagnostics.is_empty(), "{open}");
        assert!(parsed.diagnostics.len() <= 201, "{open}: {}", parsed.diagnostics.len());
        assert_eq!(parsed.decls.len(), 2, "{open}");
    }
}

#[test]
fn wide_things_are_read() {
    let list = format!("[{}]", vec!["1"; 10_000].join(", "));
    let arms: String = (0..5_000).map(|number| format!("{number} => {number}\n")).collect();
    let matching = format!("match x {{ {arms} _ => 0 }}");
    for term in [list, matching, format!("f({})", vec!["x"; 10_000].join(", "))] {
        let (_, findings) = on_small_stack(move || parse_term(&term));
        assert_eq!(findings, []);
    }
}

#[test]
fn a_document_beyond_the_limit_is_refused_with_one_diagnostic() {
    let parsed = parse(&"x".repeat(4 * 1024 * 1024 + 1));
    let codes: Vec<_> = parsed.diagnostics.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["E0007"]);
}
