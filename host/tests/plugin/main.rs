//! Plugins that misbehave in every way we could think of. Each is stopped with an error that names it and says why,
//! and a good plugin of the same sandbox goes on working.

// A test may stop at the first surprise, in its helpers too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod cache;
mod folder;
mod wat;

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use lift::plugin::{Answer, Limits, Phase, Plan, Plugin, PluginError, Reading, Reason, Sandbox, Spec};
use lift_core::constrain::Dialect;
use wat::{ANSWER, Controller, Grammar, Spoken};

const DOCUMENT: &str = "# A document\n";

/// One sandbox for all tests, as a server has: a plugin that harms it would fail them all.
fn sandbox() -> &'static Sandbox {
    static SANDBOX: OnceLock<Sandbox> = OnceLock::new();
    SANDBOX.get_or_init(|| {
        Sandbox::new(Limits { deadline: Duration::from_millis(300), ..Limits::default() }, None).unwrap()
    })
}

fn compile(plugin: &Plugin) -> Result<Answer<Plan>, PluginError> {
    plugin.compile(&Spec::alone(DOCUMENT), "?h", &[Dialect::JsonSchema, Dialect::Lark])
}

/// A good plugin works, now.
fn good_plugin_works() {
    static GOOD: OnceLock<Plugin> = OnceLock::new();
    let good = GOOD.get_or_init(|| sandbox().load("good", &Controller::default().component()).unwrap());
    let answer = compile(good).unwrap();
    assert_eq!(answer.value.prompt, "Give a number.");
    assert_eq!(answer.value.constraint.dialect, Dialect::JsonSchema);
}

/// Loads and calls the controller; it must fail for the reason given, and be named.
#[track_caller]
fn refused(controller: &Controller, during: Phase, reason: impl Fn(&Reason) -> bool) {
    let error = match sandbox().load("hostile", &controller.component()) {
        Ok(plugin) => compile(&plugin).map(|answer| answer.value).unwrap_err(),
        Err(error) => error,
    };
    assert!(reason(&error.reason), "{error}");
    assert_eq!(error.during, during, "{error}");
    assert!(error.to_string().starts_with("plugin `hostile`"), "{error}");
    good_plugin_works();
}

fn doing(compile: &str) -> Controller {
    Controller { compile: compile.into(), ..Controller::default() }
}

fn saying(spoken: &Spoken) -> Controller {
    Controller { data: spoken.lay_out(), ..Controller::default() }
}

fn grammar(case: u8, text: &str) -> Spoken {
    Spoken { constraint: Grammar { case, text: text.into(), ..Grammar::default() }, ..Spoken::default() }
}

#[track_caller]
fn not_believed(spoken: &Spoken, because: &str) {
    refused(
        &saying(spoken),
        Phase::Compile,
        |reason| matches!(reason, Reason::BadAnswer { what } if what.contains(because)),
    );
}

#[test]
fn a_good_plugin_answers() {
    good_plugin_works();
}

#[test]
fn a_loop_without_end_is_stopped_at_the_deadline() {
    let started = Instant::now();
    refused(&doing("(loop $again (br $again)) unreachable"), Phase::Compile, |reason| {
        *reason == Reason::Deadline { after: Duration::from_millis(300) }
    });
    assert!(started.elapsed() >= Duration::from_millis(300), "stopped before its time");
}

#[test]
fn a_loop_in_the_start_function_is_stopped() {
    let controller = Controller {
        extra: "(func $start (loop $again (br $again))) (start $start)".into(),
        ..Controller::default()
    };
    refused(&controller, Phase::Compile, |reason| matches!(reason, Reason::Deadline { .. }));
}

#[test]
fn a_loop_in_the_allocator_is_stopped() {
    let controller = Controller { allocator: "(loop $again (br $again))".into(), ..Controller::default() };
    refused(&controller, Phase::Compile, |reason| matches!(reason, Reason::Deadline { .. }));
}

#[test]
fn an_allocator_that_lies_is_refused() {
    let controller = Controller { allocator: "(return (i32.const -16))".into(), ..Controller::default() };
    refused(&controller, Phase::Compile, |reason| matches!(reason, Reason::BadAnswer { .. }));
}

#[test]
fn a_loop_in_post_process_is_stopped() {
    let controller =
        Controller { post_process: "(loop $again (br $again)) unreachable".into(), ..Controller::default() };
    let plugin = sandbox().load("hostile", &controller.component()).unwrap();
    let error = plugin.post_process(&Spec::alone(DOCUMENT), "?h", Dialect::Lark, "1").unwrap_err();
    assert_eq!(error.during, Phase::PostProcess);
    assert!(matches!(error.reason, Reason::Deadline { .. }), "{error}");
    good_plugin_works();
}

#[test]
fn a_flood_of_log_lines_is_stopped_and_not_kept() {
    let controller = doing("(loop $again (call $log (i32.const 0) (i32.const 8)) (br $again)) unreachable");
    refused(&controller, Phase::Compile, |reason| matches!(reason, Reason::Deadline { .. }));
}

#[test]
fn log_lines_are_cut_counted_and_harmless() {
    let mut data = Spoken::default().lay_out();
    let at = ANSWER + data.len();
    data.extend(b"\x1b[2Jgone");
    let log = format!("(call $log (i32.const {at}) (i32.const 8))").repeat(100);
    let controller = Controller { data, ..doing(&format!("{log} i32.const {ANSWER}")) };
    let answer = compile(&sandbox().load("chatty", &controller.component()).unwrap()).unwrap();
    assert_eq!((answer.log.len(), answer.log_dropped), (64, 36));
    assert_eq!(answer.log[0], "\\u{1b}[2Jgone");
}

#[test]
fn memory_without_end_is_refused() {
    let grow = "(loop $again (drop (memory.grow (i32.const 1))) (br $again)) unreachable";
    refused(
        &doing(grow),
        Phase::Compile,
        |reason| matches!(reason, Reason::OutOfMemory { what } if what.contains("67108864 bytes")),
    );
}

#[test]
fn memory_in_one_bite_is_refused() {
    refused(&doing("(drop (memory.grow (i32.const 60000))) unreachable"), Phase::Compile, |reason| {
        matches!(reason, Reason::OutOfMemory { .. })
    });
}

#[test]
fn a_large_initial_memory_is_refused() {
    let controller = Controller { memory_pages: 2000, ..Controller::default() };
    refused(&controller, Phase::Compile, |reason| matches!(reason, Reason::OutOfMemory { .. }));
}

#[test]
fn a_table_without_end_is_refused() {
    let controller = Controller {
        extra: "(table $t 1 funcref)".into(),
        ..doing(
            "(loop $again (drop (table.grow $t (ref.null func) (i32.const 1000))) (br $again)) unreachable",
        )
    };
    refused(
        &controller,
        Phase::Compile,
        |reason| matches!(reason, Reason::OutOfMemory { what } if what.contains("table")),
    );
}

#[test]
fn recursion_without_end_overflows_the_guests_own_stack() {
    let controller = Controller {
        extra: "(func $deeper (param i64) (result i64) (i64.add (i64.const 1) (call $deeper (local.get 0))))"
            .into(),
        ..doing("(drop (call $deeper (i64.const 0))) unreachable")
    };
    refused(&controller, Phase::Compile, |reason| *reason == Reason::StackOverflow);
}

#[test]
fn a_trap_is_told_with_the_last_words() {
    let mut data = Spoken::default().lay_out();
    let at = ANSWER + data.len();
    data.extend(b"I give up");
    let controller =
        Controller { data, ..doing(&format!("(call $log (i32.const {at}) (i32.const 9)) unreachable")) };
    refused(
        &controller,
        Phase::Compile,
        |reason| matches!(reason, Reason::Trap { last_words: Some(words), .. } if words == "I give up"),
    );
}

#[test]
fn reading_outside_its_memory_traps() {
    refused(&doing("(i32.load (i32.const -4))"), Phase::Compile, |reason| {
        matches!(reason, Reason::Trap { .. })
    });
}

#[test]
fn dividing_by_zero_traps() {
    refused(&doing("(i32.div_s (i32.const 1) (i32.const 0))"), Phase::Compile, |reason| {
        matches!(reason, Reason::Trap { .. })
    });
}

#[test]
fn an_answer_outside_its_memory_is_refused() {
    refused(&doing("i32.const -8"), Phase::Compile, |reason| matches!(reason, Reason::BadAnswer { .. }));
}

#[test]
fn an_answer_larger_than_the_cap_is_refused() {
    // The prompt is 32 MiB of zeros, all of it in the guest's own memory.
    let mut data = Spoken::default().lay_out();
    data[8..12].copy_from_slice(&(32u32 << 20).to_le_bytes());
    let controller = Controller { data, memory_pages: 600, ..Controller::default() };
    refused(&controller, Phase::Compile, |reason| {
        *reason == Reason::TooLarge { what: "answer", cap: Limits::default().answer }
    });
}

#[test]
fn a_list_of_millions_is_refused_before_it_is_read() {
    let mut data = Spoken::default().lay_out();
    data[52..56].copy_from_slice(&1_000_000u32.to_le_bytes());
    let controller = Controller { data, memory_pages: 900, ..Controller::default() };
    refused(&controller, Phase::Compile, |reason| {
        *reason == Reason::TooLarge { what: "answer", cap: Limits::default().answer }
    });
}

#[test]
fn text_that_is_not_utf8_is_refused() {
    not_believed(&Spoken { prompt: vec![0xff, 0xfe, 0x80], ..Spoken::default() }, "utf-8");
}

#[test]
fn a_case_that_does_not_exist_is_refused() {
    not_believed(&grammar(77, "{}"), "discriminant");
}

#[test]
fn a_schema_that_is_not_json_is_refused() {
    not_believed(&grammar(0, "{\"type\": \"integ"), "JSON Schema is not JSON");
    not_believed(&grammar(0, ""), "JSON Schema is not JSON");
    not_believed(&grammar(0, &"[".repeat(20_000)), "JSON Schema is not JSON");
    not_believed(&grammar(0, "[]"), "not an object");
}

#[test]
fn a_schema_that_reaches_outside_is_refused() {
    not_believed(&grammar(0, r#"{"allOf":[{"$ref":"https://example.org/s.json"}]}"#), "outside itself");
    not_believed(&grammar(0, r#"{"allOf":[{"$ref":"file:///etc/passwd"}]}"#), "outside itself");
}

#[test]
fn a_lark_grammar_without_a_start_is_refused() {
    not_believed(&grammar(1, "begin: \"x\""), "no rule `start`");
    not_believed(&grammar(1, ""), "no rule `start`");
    not_believed(&grammar(1, "start: x\nx ::= \"y\""), "::=");
    not_believed(&grammar(1, "start: \"\u{0}\""), "control character");
}

#[test]
fn a_dialect_nobody_asked_for_is_refused() {
    not_believed(&grammar(3, "root ::= \"x\""), "which the server does not take");
}

#[test]
fn a_fallback_is_checked_like_the_first() {
    let fallback = Grammar { case: 1, text: "begin: \"x\"".into(), ..Grammar::default() };
    not_believed(&Spoken { fallbacks: vec![fallback], ..Spoken::default() }, "no rule `start`");
    not_believed(&Spoken { fallbacks: vec![Grammar::default()], ..Spoken::default() }, "json-schema twice");
}

#[test]
fn absurd_residuals_are_refused() {
    let residual = |path: &str, predicate: &str| {
        let residuals = vec![[path.into(), predicate.into(), String::new()]];
        Spoken { constraint: Grammar { residuals, ..Grammar::default() }, ..Spoken::default() }
    };
    not_believed(&residual("a\n\u{1b}[31mb", "x > 0"), "control character");
    not_believed(&residual("a", "  "), "says nothing");
    not_believed(&residual(&"a.".repeat(5000), "x > 0"), "residual's path has size 10000");
    let residuals = vec![["a".into(), "x > 0".into(), String::new()]; 1000];
    let many = Spoken { constraint: Grammar { residuals, ..Grammar::default() }, ..Spoken::default() };
    not_believed(&many, "list of residuals has size 1000");
}

#[test]
fn absurd_token_counts_are_refused() {
    for max_tokens in [0, u32::MAX] {
        not_believed(&Spoken { max_tokens, ..Spoken::default() }, "tokens");
    }
}

#[test]
fn a_plugin_may_decline_but_not_steer_the_terminal() {
    let controller =
        Controller { data: Spoken::declined("no hole \u{1b}]0;owned\u{7}"), ..Controller::default() };
    refused(
        &controller,
        Phase::Compile,
        |reason| matches!(reason, Reason::Declined { because } if because == "no hole \\u{1b}]0;owned\\u{7}"),
    );
}

#[test]
fn wasi_is_refused_by_name() {
    let controller = Controller {
        package: "package wasi:random@0.2.3; interface random { get-random-u64: func() -> u64; }".into(),
        world_items: "import wasi:random/random@0.2.3;".into(),
        extra: r#"(import "wasi:random/random@0.2.3" "get-random-u64" (func $random (result i64)))"#.into(),
        ..doing(&format!("(drop (call $random)) i32.const {ANSWER}"))
    };
    refused(
        &controller,
        Phase::Loading,
        |reason| matches!(reason, Reason::ForeignImport { import } if import == "wasi:random/random@0.2.3"),
    );
}

#[test]
fn what_is_not_a_controller_is_refused() {
    let core_module = ::wat::parse_str("(module)").unwrap();
    let empty = ::wat::parse_str("(component)").unwrap();
    let mut cut_short = Controller::default().component();
    cut_short.truncate(cut_short.len() / 2);
    let not_wasm = b"#!/bin/sh\n".to_vec();
    for bytes in [core_module, cut_short, not_wasm, Vec::new()] {
        let error = sandbox().load("hostile", &bytes).unwrap_err();
        assert!(matches!(error.reason, Reason::NotAComponent { .. }), "{error}");
    }
    let error = sandbox().load("hostile", &empty).unwrap_err();
    assert!(matches!(error.reason, Reason::NotAController { .. }), "{error}");
    let error = sandbox().load("hostile", &vec![0; Limits::default().component + 1]).unwrap_err();
    assert!(matches!(error.reason, Reason::TooLarge { what: "component", .. }), "{error}");
    good_plugin_works();
}

#[test]
fn a_request_larger_than_the_cap_never_reaches_the_plugin() {
    let plugin = sandbox().load("good", &Controller::default().component()).unwrap();
    let document = "x".repeat(Limits::default().request + 1);
    let error = plugin.compile(&Spec::alone(&document), "?h", &Dialect::ALL).unwrap_err();
    assert!(matches!(error.reason, Reason::TooLarge { what: "request", .. }), "{error}");
}

#[test]
fn a_reading_comes_back_whole() {
    let mut controller = Controller { post_process: format!("i32.const {ANSWER}"), ..Controller::default() };
    // `ok("Some(3)")`, then `err([])`.
    let mut data = vec![0; 12];
    data[4..8].copy_from_slice(&u32::try_from(ANSWER + 12).unwrap().to_le_bytes());
    data[8..12].copy_from_slice(&7u32.to_le_bytes());
    data.extend(b"Some(3)");
    controller.data = data.clone();
    let plugin = sandbox().load("reader", &controller.component()).unwrap();
    let answer = plugin.post_process(&Spec::alone(DOCUMENT), "?h", Dialect::Lark, "Some(3)").unwrap();
    assert_eq!(answer.value, Reading::Term("Some(3)".into()));
    data[0] = 1;
    data[8..12].copy_from_slice(&0u32.to_le_bytes());
    controller.data = data;
    let plugin = sandbox().load("reader", &controller.component()).unwrap();
    let error = plugin.post_process(&Spec::alone(DOCUMENT), "?h", Dialect::Lark, "Some(3)").unwrap_err();
    assert!(matches!(error.reason, Reason::BadAnswer { .. }), "{error}");
}

#[test]
fn the_good_are_served_while_the_bad_are_running() {
    let spin =
        sandbox().load("hostile", &doing("(loop $again (br $again)) unreachable").component()).unwrap();
    std::thread::scope(|scope| {
        let stuck: Vec<_> = (0..4).map(|_| scope.spawn(|| compile(&spin))).collect();
        let started = Instant::now();
        let mut served = 0;
        while started.elapsed() < Duration::from_millis(200) {
            good_plugin_works();
            served += 1;
        }
        assert!(served > 0);
        for call in stuck {
            assert!(matches!(call.join().unwrap().unwrap_err().reason, Reason::Deadline { .. }));
        }
    });
}

#[test]
fn a_plugin_of_another_world_says_which() {
    let older = Controller { version: "0.1.0", ..Controller::default() };
    refused(
        &older,
        Phase::Loading,
        |reason| matches!(reason, Reason::OtherWorld { speaks } if speaks == "lift:controller/host@0.1.0"),
    );
}

#[test]
fn a_plugin_says_which_engine_it_was_built_with() {
    let engine = |said: &str| {
        // `some` at 64, the text's place and length, the text.
        let bytes: String = said.bytes().map(|byte| format!("\\{byte:02x}")).collect();
        let length: String = (said.len() as u32).to_le_bytes().map(|byte| format!("\\{byte:02x}")).concat();
        Controller {
            engine: "i32.const 64".into(),
            extra_data: format!(
                "(data (i32.const 64) \"\\01\\00\\00\\00\\50\\00\\00\\00{length}\\00\\00\\00\\00{bytes}\")"
            ),
            ..Controller::default()
        }
    };
    let loaded = |controller: Controller| sandbox().load("told", &controller.component()).unwrap();
    let stale = loaded(engine("0.0.1+old"));
    assert_eq!(stale.engine().unwrap().as_deref(), Some("0.0.1+old"));
    let other = stale.other_engine().unwrap().unwrap();
    assert!(other.contains("0.0.1+old") && other.contains(lift_core::ENGINE), "{other}");
    assert_eq!(loaded(engine(lift_core::ENGINE)).other_engine(), Ok(None));
    assert_eq!(loaded(Controller::default()).other_engine(), Ok(None));
}
