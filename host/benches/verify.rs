//! What it takes to verify a document of 1,000 lines and 100 definitions, from nothing and with every answer known.
//!
//! Prints figures beside the budgets of the design; asserts nothing about time. It needs the worker beside it:
//! `cargo build --release -p lift-solver && cargo bench -p lift --bench verify`, which is what `make bench` does.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark is a test with figures")]

use lift::solver::{PoolConfig, Program, SolverHealth, SolverPool, diagnose};
use lift_core::check::check;
use lift_core::logic::{Discharge, Options, Tier, Verdict};
use std::time::Instant;

/// Five definitions as people write them, under names of their own; 50 lines with prose.
fn chapter(number: usize) -> String {
    format!(
        r"## Chapter {number}

What is asked of an order before it leaves the house, and what it costs.

```spec-ir
type Amount{number} = {{n: Int | 0 <= n && n <= 1000 + {number}}}

entity Order{number} {{
  amount: Amount{number}
  price: Nat
  discount: Nat
  invariant affordable: discount <= price
}}

def to_pay{number}(order: Order{number}): Nat
  ensures bounded: result <= order.amount * order.price
= order.amount * (order.price - order.discount)
```

Orders are put together from lines.

```spec-ir
def merged{number}(a: Order{number}, b: Order{number}): Order{number}
  requires a.amount + b.amount <= 1000
  ensures amounts: result.amount == a.amount + b.amount
= Order{number} {{
    amount = a.amount + b.amount,
    price = max(a.price, b.price),
    discount = min(a.discount, b.discount)
  }}

def total{number}(xs: List Nat): Nat
  ensures whole: result == sum(xs)
= match xs {{
    [] => 0
    x :: rest => x + total{number}(rest)
  }}
```

Shares are even, and nothing is lost on the way.

```spec-ir
def share{number}(n: Nat, parts: {{p: Int | p > {number}}}): Nat
  ensures fair: result * parts <= n && n < (result + 1) * parts
= n / parts

def kept{number}(xs: List Int, floor: Int): List Int
  ensures all(xs, \x. x >= floor) ==> result == xs
  ensures length(result) <= length(xs)
= match xs {{ [] => [], x :: rest => if x >= floor then x :: kept{number}(rest, floor) else kept{number}(rest, floor) }}
```

"
    )
}

fn main() {
    if let SolverHealth::Missing { reason, .. } = diagnose(&Program::Search, 1024) {
        println!("verify: nothing measured: {reason}");
        return;
    }
    let text: String = (1..=20).map(chapter).collect();
    let pool = SolverPool::new(PoolConfig { workers: 2, program: Program::Search, ..PoolConfig::default() });
    println!("a document of {} lines", text.lines().count());
    for what in ["from nothing, two workers (budget 5 s)", "again, every answer known"] {
        let began = Instant::now();
        let checked = check(&text);
        let mut discharge = Discharge::new(&checked.program, Options::default());
        pool.discharge(&mut discharge);
        let report = discharge.report();
        let seconds = began.elapsed().as_secs_f64();
        let proved = report.declarations.iter().filter(|one| one.verdict == Verdict::Proved).count();
        let by = |tier: Tier| report.obligations.iter().filter(|settled| settled.tier == tier).count();
        println!("{what:<44} {seconds:>8.2} s");
        println!(
            "  {proved} of {} declarations proved; {} obligations: {} simplified, {} by running, {} by the solver",
            report.declarations.len(),
            report.obligations.len(),
            by(Tier::Simplifier),
            by(Tier::Search),
            by(Tier::Smt),
        );
    }
}
