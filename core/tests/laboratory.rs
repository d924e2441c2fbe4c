//! The laws of the laboratory hold there and nowhere else: a text that leans on them elaborates there, and as a document
//! it has findings.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
#![allow(dead_code, reason = "the programs are those of the benchmark, which uses all of them")]

#[path = "../benches/elaborate/texts.rs"]
mod texts;

use lift_core::check::{check, laboratory};
use std::path::Path;

fn fence(declarations: &str) -> String {
    format!("```spec-ir\n{declarations}\n```\n")
}

/// What the laboratory finds.
fn found(text: &str) -> Vec<String> {
    laboratory::elaborate(text).diagnostics.into_iter().map(|finding| finding.message).collect()
}

#[test]
fn every_program_of_the_benchmark_elaborates() {
    for text in [
        texts::applied_to_itself(40),
        texts::doubling(30),
        texts::vector(120),
        texts::conversion("def test(): Eq Num (n10k()) (n10kb()) = refl()"),
        texts::conversion("def test(): Eq Tree (full(n23())) (full(n23b())) = refl()"),
        texts::conversion("def test(): Eq Tree (full(n22())) (full_on(_, n22())) = refl()"),
        texts::conversion("def test(): Eq Truth (all_yes(full(n15()))) (yes()) = refl()"),
        texts::copies(texts::FULL, 165),
        texts::copies(&texts::less_implicit(), 165),
        texts::copies(texts::SMALL, 70),
    ] {
        assert_eq!(found(&text), Vec::<String>::new(), "{}", &text[..text.len().min(2_000)]);
    }
}

#[test]
fn what_is_not_equal_stays_not_equal() {
    for question in [
        "def test(): Eq Num (n10()) (n15()) = refl()",
        "def test(): Eq Num (n10k()) (suc(n10kb())) = refl()",
        "def test(): Eq Num (suc(n10k())) (n10kb()) = refl()",
        "def test(): Eq Num (mul(n100(), n10())) (mul(n100b(), n15())) = refl()",
        "def test(): Eq Num (mul(n100(), n15())) (mul(n10b(), n100b())) = refl()",
        "def test(): Eq Tree (full(n20())) (full(n21b())) = refl()",
        "def test(): Eq Tree (full(n20())) (node(full(n19()), full(n18()))) = refl()",
        "def test(): Eq Tree (full(n20())) (node(full(n18()), full(n19()))) = refl()",
        // Leaves that would have to be two trees at once, and a leaf in which the tree itself would be.
        "def test(): Eq Tree (node(leaf(), node(leaf(), leaf()))) (node(full_on(_, n2()), full_on(_, n2()))) = refl()",
        "def test(): (t: Tree) -> Eq Tree (node(t, leaf())) (node(leaf(), t)) = \\t. refl()",
        "def test(): Truth = n10()",
        "def test(a: Num): Eq Num (add(a, n2())) (add(n2(), a)) = refl()",
    ] {
        assert_ne!(found(&texts::conversion(question)), Vec::<String>::new(), "{question}");
    }
    // A vector one longer than it says.
    let longer = texts::vector(60).replace("def test(): Int =", "def test(): Vec Type (zero()) =");
    let longer = longer.replace("in\n  0", "in\n  v1");
    assert_ne!(found(&longer), Vec::<String>::new());
    // Each line of the calculus, with two arguments exchanged.
    for calculus in [texts::FULL, &texts::less_implicit()] {
        let swapped = texts::copies(calculus, 165).replace("app0(v10(), v00())", "app0(v00(), v10())");
        assert_ne!(found(&swapped), Vec::<String>::new());
    }
}

#[test]
fn numbers_built_two_ways_nest_a_million_deep_without_a_stack() {
    let text = texts::conversion(
        "def test(): Eq Num (n1M()) (add(mul(n2(), n100k()), mul(n2(), mul(n4(), n100kb())))) = refl()",
    );
    let browser = std::thread::Builder::new().stack_size(1024 * 1024);
    let outcome = browser.spawn(move || found(&text)).unwrap().join().unwrap();
    assert_eq!(outcome, Vec::<String>::new());
}

/// One law at a time, and what a document says to it.
const ONLY_HERE: &[&str] = &[
    // Types are terms, and `Type` is a type among others.
    "def id[A](x: A): A = x\ndef test(): Type = id(Type)",
    "def id[A](x: A): A = x\ndef test(): Type = id(Int)",
    "def id[A](x: A): A = x\ndef test(t: Type): Type = id(t)",
    // Families of types.
    "type Eq A (x: A) (y: A) = (p: A -> Type) -> p x -> p y",
    // Definitions are unfolded: here two types are one only because of a body. (Outside of functions a document may say
    // so: that `two() == 2` is then owed.)
    "type Box (n: Int) = |Box(Int)\ndef two(): Int = 2\ndef test(b: Int -> Box (two())): Int -> Box 2 = b",
    // Implicit arguments by name.
    "def id(_t: Type, x: _t): _t = x\ndef test(): Int = id(3)",
];

#[test]
fn no_document_can_turn_the_laws_of_the_laboratory_on() {
    for declarations in ONLY_HERE {
        let text = fence(declarations);
        assert_eq!(found(&text), Vec::<String>::new(), "the laboratory takes {declarations}");
        assert!(check(&text).has_errors(), "no document may say {declarations}");
    }
    for text in [texts::doubling(3), texts::vector(60), texts::copies(texts::FULL, 165)] {
        assert!(check(&text).has_errors());
    }
}

#[test]
fn nothing_but_benches_and_tests_goes_to_the_laboratory() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut named = Vec::new();
    for room in ["core/src", "host", "web", "plugins"] {
        visit(&root.join(room), &mut |path, text| {
            if text.contains("laboratory") {
                named.push(path.strip_prefix(root).unwrap().display().to_string());
            }
        });
    }
    named.sort();
    assert!(named.contains(&"core/src/check/laboratory.rs".to_owned()), "{named:?}");
    // Inside the checker the laws are asked for in one way; `laboratory::elaborate` is called by nobody.
    for path in &named {
        assert!(path.starts_with("core/src/check/"), "{path} names the laboratory");
        let text = std::fs::read_to_string(root.join(path)).unwrap();
        assert!(path.ends_with("laboratory.rs") || !text.contains("laboratory::elaborate"), "{path}");
    }
}

fn visit(folder: &Path, each: &mut impl FnMut(&Path, &str)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("target") && !path.ends_with("node_modules") {
                visit(&path, each);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            each(&path, &std::fs::read_to_string(&path).unwrap());
        }
    }
}
