//! Documents that import documents: what a change of one means for the other, and what bounds hold.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use lift_core::check::{Alone, Checked, Session, check_with};
use lift_core::holes::fill;
use lift_core::report::check_file;
use std::collections::BTreeMap;
use std::sync::Arc;

type Documents = BTreeMap<String, Arc<str>>;

fn block(declarations: &str) -> String {
    format!("# Title\n\n```spec-ir\n{declarations}\n```\n")
}

fn documents(texts: &[(&str, &str)]) -> Documents {
    texts.iter().map(|(path, text)| ((*path).to_owned(), block(text).into())).collect()
}

fn codes(checked: &Checked) -> Vec<&str> {
    checked.diagnostics.iter().map(|found| found.code.as_str()).collect()
}

fn everything(checked: &Checked) -> String {
    format!("{:?} {:?} {:?}", checked.diagnostics, checked.program.decls, checked.program.holes)
}

#[test]
fn a_session_sees_every_change_of_what_is_imported() {
    let main = block(
        "import \"a.spec.md\" { Age }\nimport \"b.spec.md\" as b\ndef next(age: Age): Age = b.up(age)\ndef own(): Int = 1",
    );
    let states = [
        documents(&[("a.spec.md", "type Age = Int"), ("b.spec.md", "def up(x: Int): Int = x + 1")]),
        documents(&[("a.spec.md", "type Age = Int"), ("b.spec.md", "def up(x: Int): Int = x + 2")]),
        documents(&[("a.spec.md", "type Age = Str"), ("b.spec.md", "def up(x: Int): Int = x + 2")]),
        documents(&[("a.spec.md", "type Age = Int"), ("b.spec.md", "def down(x: Int): Int = x")]),
        documents(&[("b.spec.md", "def up(x: Int): Int = x + 1")]),
        // What is imported imports something itself.
        documents(&[
            ("a.spec.md", "import \"c.spec.md\" as c\ntype Age = c.Years"),
            ("b.spec.md", "def up(x: Int): Int = x + 1"),
            ("c.spec.md", "type Years = Int"),
        ]),
        documents(&[
            ("a.spec.md", "import \"c.spec.md\" as c\ntype Age = c.Years"),
            ("b.spec.md", "def up(x: Int): Int = x + 1"),
            ("c.spec.md", "type Years = Bool"),
        ]),
    ];
    let mut session = Session::new();
    let mut seen = Vec::new();
    // Forth and back, so that every state follows two others.
    for state in states.iter().chain(states.iter().rev()) {
        let (again, fresh) =
            (session.check_with("main.spec.md", &main, state), check_with("main.spec.md", &main, state));
        assert_eq!(everything(&again), everything(&fresh));
        seen.push(codes(&fresh).join(" "));
    }
    assert_eq!(seen[..7], ["", "", "E0201", "E0102", "E0142", "", "E0201"], "{seen:?}");
}

#[test]
fn what_an_edit_cannot_have_changed_is_kept_beside_imports() {
    let beside = documents(&[("a.spec.md", "type Age = Int\ndef up(age: Age): Age = age + 1")]);
    let text = |body: &str| {
        block(&format!(
            "import \"a.spec.md\" {{ Age, up }}\ndef f(age: Age): Age = {body}\ndef g(age: Age): Age = up(age)"
        ))
    };
    let mut session = Session::new();
    let before = session.check_with("m.spec.md", &text("up(age)"), &beside);
    let after = session.check_with("m.spec.md", &text("age + 9"), &beside);
    let last = |checked: &Checked| checked.program.decls.last().cloned().unwrap();
    assert!(Arc::ptr_eq(&last(&before), &last(&after)));
    assert_eq!(everything(&after), everything(&check_with("m.spec.md", &text("age + 9"), &beside)));
}

#[test]
fn number_length_and_size_of_imports_are_bounded() {
    let chain = |length: usize| -> Documents {
        let text = |n: usize| match n + 1 < length {
            true => format!("import \"d{}.spec.md\" as next\ndef f(): Int = next.f()", n + 1),
            false => "def f(): Int = 1".to_owned(),
        };
        (0..length).map(|n| (format!("d{n}.spec.md"), block(&text(n)).into())).collect()
    };
    let main = block("import \"d0.spec.md\" as first\ndef f(): Int = first.f()");
    assert_eq!(codes(&check_with("main.spec.md", &main, &chain(16))), Vec::<&str>::new());
    assert_eq!(codes(&check_with("main.spec.md", &main, &chain(17))), ["E0146"]);

    let wide = |count: usize| {
        let imports = (0..count).map(|n| format!("import \"w{n}.spec.md\" as w{n}\n")).collect::<String>();
        let beside: Documents =
            (0..count).map(|n| (format!("w{n}.spec.md"), block("def f(): Int = 1").into())).collect();
        codes(&check_with("main.spec.md", &block(&imports), &beside)).len()
    };
    assert_eq!((wide(64), wide(70)), (0, 1));

    let long: Arc<str> = block(&"// a line that says nothing\n".repeat(140_000)).into();
    let beside: Documents = (0..5).map(|n| (format!("l{n}.spec.md"), Arc::clone(&long))).collect();
    let imports = (0..5).map(|n| format!("import \"l{n}.spec.md\" as l{n}\n")).collect::<String>();
    assert_eq!(codes(&check_with("main.spec.md", &block(&imports), &beside)), ["E0146"]);
}

#[test]
fn findings_name_the_document_they_point_to() {
    let beside = documents(&[
        ("below/a.spec.md", "import \"b.spec.md\" as b\ndef fine(): Int = 1\ndef wrong(): Int = b.text()"),
        ("below/b.spec.md", "def text(): Str = \"é\""),
    ]);
    let checked = check_with("main.spec.md", &block("import \"below/a.spec.md\" as a"), &beside);
    let report = check_file("main.spec.md", &checked);
    assert_eq!(report.diagnostics[0].code, "E0145");
    assert_eq!(report.diagnostics[0].span.start.line, 4);
    let label = &report.diagnostics[0].labels[0];
    assert_eq!((label.path.as_deref(), label.span.start.line), (Some("below/a.spec.md"), 6));
    assert!(label.message.contains("expected `Int`"), "{}", label.message);
}

#[test]
fn a_document_that_stands_alone_says_so() {
    let checked = check_with("main.spec.md", &block("import \"a.spec.md\" as a"), &Alone);
    assert_eq!(codes(&checked), ["E0142"]);
    assert!(checked.diagnostics[0].message.contains("alone"), "{}", checked.diagnostics[0].message);
}

#[test]
fn a_hole_is_filled_with_what_another_document_declares() {
    let beside = documents(&[(
        "a.spec.md",
        "type Age = Int\ndef up(age: Age): Age = age + ?step\nhole ?step: term Int",
    )]);
    let text = block("import \"a.spec.md\" as a\ndef f(age: a.Age): a.Age = ?body");
    let checked = check_with("main.spec.md", &text, &beside);
    assert_eq!(check_file("m", &checked).holes.len(), 1, "holes of other documents are decided there");
    let decided = fill(&checked, "body", "a.up(age)").unwrap();
    assert!(decided.text.contains("= a.up(age)"), "{}", decided.text);
    assert_eq!(codes(&checked.again(&decided.text)), Vec::<&str>::new());
    assert!(fill(&checked, "a.step", "1").is_err());
}

#[test]
fn a_hole_for_a_document_is_filled_with_the_path_of_one() {
    let beside = documents(&[("mail.spec.md", "def send(n: Int): Int = n")]);
    let text = block(
        "import ?post as post\nhole ?post: module hint \"who sends it?\"\nhole ?stamp: term Int links { uses ?post }\n\
         def f(): Int = post.send(?stamp)",
    );
    let checked = check_with("main.spec.md", &text, &beside);
    assert_eq!(codes(&checked), Vec::<&str>::new());
    let filled = |term: &str| lift_core::holes::fill_beside(&checked, "post", term, &beside);
    for term in ["mail.spec.md", "\"mail.spec.md\""] {
        let after = filled(term).unwrap().text;
        let expected =
            "import \"mail.spec.md\" as post\nhole ?stamp: term Int\ndef f(): Int = post.send(?stamp)";
        assert_eq!(after, block(expected));
        assert_eq!(codes(&check_with("main.spec.md", &after, &beside)), Vec::<&str>::new());
    }
    for term in ["male.spec.md", "mail", "a\"b.spec.md", ""] {
        assert!(filled(term).is_err(), "{term}");
    }
    // What is named of it must be there.
    let other = documents(&[("mail.spec.md", "def receive(n: Int): Int = n")]);
    assert!(lift_core::holes::fill_beside(&checked, "post", "mail.spec.md", &other).is_err());
    // Nobody imports it.
    let unused = check_with("main.spec.md", &block("hole ?post: module"), &beside);
    assert!(lift_core::holes::fill_beside(&unused, "post", "mail.spec.md", &beside).is_err());
}

/// The imports in every order give the same findings at the same imports.
#[track_caller]
fn in_every_order(imports: &[&str], beside: &Documents) -> Vec<String> {
    let found = |order: &[&str]| -> Vec<String> {
        let main = block(&order.join("\n"));
        let checked = check_with("main.spec.md", &main, beside);
        let said = |found: &lift_core::syntax::diagnostic::Diagnostic| {
            format!("{} {}: {}", found.code, found.span.slice(&main), found.message)
        };
        let mut found: Vec<String> = checked.diagnostics.iter().map(said).collect();
        found.sort();
        found
    };
    let first = found(imports);
    for turn in 0..imports.len() {
        let mut order = imports.to_vec();
        order.rotate_left(turn);
        assert_eq!(found(&order), first, "{order:?}");
        order.reverse();
        assert_eq!(found(&order), first, "{order:?}");
    }
    first
}

#[test]
fn findings_do_not_depend_on_the_order_of_imports() {
    let text = |n: usize| match n {
        19 => "def f(): Int = 1".to_owned(),
        _ => format!("import \"d{}.spec.md\" as next\ndef f(): Int = next.f()", n + 1),
    };
    let mut beside: Documents = (0..20).map(|n| (format!("d{n}.spec.md"), block(&text(n)).into())).collect();
    // `d3` begins a chain of 17, so that `d2` has an error of its own, and everything that leans on it.
    let found = in_every_order(
        &[
            "import \"d0.spec.md\" as a",
            "import \"d1.spec.md\" as b",
            "import \"d3.spec.md\" as c",
            "import \"d4.spec.md\" as d",
            "import \"d19.spec.md\" as e",
        ],
        &beside,
    );
    let codes: Vec<&str> = found.iter().map(|found| &found[..18]).collect();
    assert_eq!(codes, ["E0145 \"d0.spec.md\"", "E0145 \"d1.spec.md\"", "E0146 \"d3.spec.md\""]);

    // A circle of three, one document beside it that leans on it, and one that imports itself.
    beside.extend(documents(&[
        ("x.spec.md", "import \"y.spec.md\" as y\ntype X = Int"),
        ("y.spec.md", "import \"z.spec.md\" as z\nimport \"free.spec.md\" as free\ntype Y = Int"),
        ("z.spec.md", "import \"x.spec.md\" as x\ntype Z = Int"),
        ("free.spec.md", "type Free = Int"),
        ("leans.spec.md", "import \"y.spec.md\" as y\ntype L = y.Y"),
        ("self.spec.md", "import \"self.spec.md\" as me\ntype S = Int"),
    ]));
    let found = in_every_order(
        &[
            "import \"x.spec.md\" as x",
            "import \"y.spec.md\" as y",
            "import \"z.spec.md\" as z",
            "import \"leans.spec.md\" as l",
            "import \"self.spec.md\" as s",
            "import \"free.spec.md\" as f",
        ],
        &beside,
    );
    let circle = "documents import each other in a circle: `x.spec.md`, `y.spec.md`, `z.spec.md`";
    assert_eq!(found.iter().filter(|found| found.ends_with(circle)).count(), 3, "{found:#?}");
    assert!(
        found.contains(&"E0144 \"self.spec.md\": `self.spec.md` imports itself".to_owned()),
        "{found:#?}"
    );
    assert_eq!(found.len(), 5, "{found:#?}");
}

#[test]
fn what_is_said_about_imports_is_bounded() {
    let many = |line: &dyn Fn(usize) -> String| (0..10_000).map(line).collect::<String>();
    let beside = documents(&[("a.spec.md", "type A = Int")]);
    for (imports, code) in [
        (many(&|n| format!("import \"none{n}.spec.md\" as n{n}\n")), "E0146"),
        (many(&|n| format!("import \"../out{n}.spec.md\" as n{n}\n")), "E0141"),
        (many(&|_| "import \"a.spec.md\" { A }\n".to_owned()), "E0147"),
        (format!("import \"a.spec.md\" {{ {} }}", many(&|n| format!("B{n}, "))), "E0143"),
    ] {
        let checked = check_with("main.spec.md", &block(&imports), &beside);
        assert!(checked.diagnostics.len() <= 21, "{}", checked.diagnostics.len());
        assert_eq!(checked.diagnostics[0].code, code);
        if checked.diagnostics.len() > 1 {
            let last = checked.diagnostics.last().unwrap();
            assert!(last.message.contains("99") && last.message.contains("more"), "{}", last.message);
        }
    }
}
