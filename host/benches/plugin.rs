//! What plugins cost: loading, an instance, a plan, a reading. Printed beside the budgets of the design and, where
//! they exist, the figures AICI published for the same steps.

// A benchmark may stop at the first surprise.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use lift::plugin::{DEFAULT_CONTROLLER, Limits, Plugins, Sandbox, Spec};
use lift_core::constrain::{Dialect, constrain};

const DOCUMENT: &str = r#"
# Orders

```spec-ir
type Age = {x: Int | 0 <= x && x <= 150}
entity Person {
  name: {s: Str | 1 <= length(s) && length(s) <= 40}
  age: Age
  boss: Option Age
}
type Line = Item(code: Str, count: {n: Int | 1 <= n && n <= 99}) | Note(Str)

def total(who: Person, lines: {xs: List Line | length(xs) <= 20}, discount: {n: Nat | n <= 100}): Int
  requires discount < 50
  = ?total
```
"#;

fn main() {
    let sandbox = Sandbox::new(Limits::default(), None).expect("a sandbox");
    let plugins = Plugins::find(sandbox, &[]);
    let size = plugins.list().iter().find(|it| it.name == DEFAULT_CONTROLLER).map(|it| it.size);
    let Some(size) = size else {
        println!("the signature controller is not in this binary: run `make plugins` and build again");
        return;
    };
    let started = Instant::now();
    let plugin = plugins.get(DEFAULT_CONTROLLER).expect("it loads");
    println!(
        "{:<44}{:>12.1?}   component of {} KiB",
        "load (Cranelift, once)",
        started.elapsed(),
        size / 1024
    );

    print("instantiate", sample(2000, || plugin.instantiate().unwrap()), "budget 50 µs");
    print(
        "compile a plan, one dialect",
        sample(200, || {
            drop(black_box(plugin.compile(&Spec::alone(DOCUMENT), "total", &[Dialect::Lark]).unwrap()))
        }),
        "budget 5 ms; AICI allows its init_prompt 1 s",
    );
    print(
        "compile a plan, all dialects",
        sample(200, || {
            drop(black_box(plugin.compile(&Spec::alone(DOCUMENT), "total", &Dialect::ALL).unwrap()))
        }),
        "",
    );
    let json = r#"{"who":{"name":"Ada","age":36,"boss":null},"lines":[{"Note":"x"}],"discount":3}"#;
    print(
        "post-process an answer",
        sample(200, || {
            drop(black_box(
                plugin.post_process(&Spec::alone(DOCUMENT), "total", Dialect::JsonSchema, json).unwrap(),
            ))
        }),
        "",
    );
    print(
        "the same plan natively: check",
        sample(200, || drop(black_box(lift_core::check::check(DOCUMENT)))),
        "",
    );
    let checked = lift_core::check::check(DOCUMENT);
    print(
        "the same plan natively: constrain",
        sample(200, || drop(black_box(constrain(&checked.program, "total", Dialect::Lark).unwrap()))),
        "",
    );
}

/// Sorted times of `count` runs, after a few to warm up.
fn sample(count: usize, mut run: impl FnMut()) -> Vec<Duration> {
    (0..5).for_each(|_| run());
    let mut times: Vec<Duration> = (0..count)
        .map(|_| {
            let started = Instant::now();
            run();
            started.elapsed()
        })
        .collect();
    times.sort();
    times
}

fn print(what: &str, times: Vec<Duration>, beside: &str) {
    let at = |share: usize| {
        times.get((times.len() * share / 100).min(times.len() - 1)).copied().unwrap_or_default()
    };
    println!("{what:<44}{:>12.1?}   p99 {:<12.1?}{beside}", at(50), at(99));
}
