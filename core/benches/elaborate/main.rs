//! The published stress tests of elaborators, and how long they take here: `cargo bench -p lift-core --bench elaborate`.
//!
//! The tests are those of András Kovács' *smalltt*: Church encodings whose inferred types double from line to line,
//! whose conversion takes millions of steps, and files of a calculus inside the calculus. They are written in Spec-IR
//! as [`lift_core::check::laboratory`] reads it. The figures beside ours are the published ones (smalltt's README),
//! in seconds, measured in 2021 on an Intel i7-1165G7; ours are time on the processor of whatever machine this runs
//! on. Words after `--` choose tests by a part of their name; `--most` also runs the largest.

mod texts;

use lift_core::check::laboratory::{Elaborated, elaborate};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// A test with what others needed for it: smalltt, Agda, Coq, Lean, Idris 2; empty where nobody says.
struct Row {
    name: &'static str,
    published: [&'static str; 5],
    run: fn() -> Duration,
}

/// Time on the processor where the system tells it, so that what else runs on the machine does not count; otherwise
/// time that passed.
enum Clock {
    Processor(Duration),
    Wall(Instant),
}

impl Clock {
    fn start() -> Self {
        Clock::processor().map_or_else(|| Clock::Wall(Instant::now()), Clock::Processor)
    }

    fn elapsed(&self) -> Duration {
        match self {
            Clock::Processor(began) => Clock::processor().unwrap_or(*began).saturating_sub(*began),
            Clock::Wall(began) => began.elapsed(),
        }
    }

    /// What this thread has used so far.
    fn processor() -> Option<Duration> {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
    }
}

/// What is asked of the numbers and trees, and which definition to normalise.
fn asked(question: &str) -> Duration {
    let with = texts::conversion(question);
    let without = texts::conversion("");
    let all = elaborated(&with);
    let base = elaborated(&without);
    all.saturating_sub(base)
}

/// The median of a few runs of a text without findings, from parsing on.
fn elaborated(text: &str) -> Duration {
    let once = || {
        let began = Clock::start();
        let outcome = black_box(elaborate(black_box(text)));
        let took = began.elapsed();
        assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.diagnostics.first());
        took
    };
    let first = once();
    // What takes long is measured once.
    let runs = if first > Duration::from_millis(500) { 0 } else { 4 };
    let mut times: Vec<Duration> = (0..runs).map(|_| once()).chain([first]).collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or(first)
}

/// Reads the normal form of `test` back.
fn normalised(question: &str) -> Duration {
    let outcome: Elaborated = elaborate(&texts::conversion(question));
    assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.diagnostics.first());
    let began = Clock::start();
    let parts = black_box(outcome.normal_form("test"));
    let took = began.elapsed();
    assert!(parts.is_some_and(|parts| parts > 0));
    took
}

macro_rules! numbers {
    ($name:literal, $one:literal, $other:literal, $published:expr) => {
        Row {
            name: $name,
            published: $published,
            run: || asked(concat!("def test(): Eq Num (", $one, ") (", $other, ") = refl()")),
        }
    };
}

macro_rules! trees {
    ($name:literal, $one:literal, $other:literal, $published:expr) => {
        Row {
            name: $name,
            published: $published,
            run: || asked(concat!("def test(): Eq Tree (", $one, ") (", $other, ") = refl()")),
        }
    };
}

macro_rules! forms {
    ($name:literal, $text:literal, $published:expr) => {
        Row { name: $name, published: $published, run: || normalised($text) }
    };
}

macro_rules! files {
    ($name:literal, $template:expr, $lines:literal, $published:expr) => {
        Row { name: $name, published: $published, run: || elaborated(&texts::copies($template, $lines)) }
    };
}

const ROWS: &[Row] = &[
    Row {
        name: "idTest (40)",
        published: ["0.000", "TL", "TL", "TL", "TL"],
        run: || elaborated(&texts::applied_to_itself(40)),
    },
    Row {
        name: "pairTest (30)",
        published: ["0.000", "TL", "TL", "TL", "TL"],
        run: || elaborated(&texts::doubling(30)),
    },
    Row {
        name: "vecTest (960)",
        published: ["0.078", "1.128", "0.769", "0.244", "4.465"],
        run: || elaborated(&texts::vector(960)),
    },
    numbers!("NatConv1M", "n1M()", "n1Mb()", ["0.045", "1.8", "SO", "16.4", "3.22"]),
    numbers!("NatConv5M", "n5M()", "n5Mb()", ["0.188", "9.6", "SO", "34.6", "29.65"]),
    numbers!("NatConv10M", "n10M()", "n10Mb()", ["0.712", "19.7", "SO", "61.1", "173.88"]),
    // Ours: the sum is not built from the same parts, so that each side is counted to the end.
    numbers!(
        "NatSum1M",
        "n1M()",
        "add(mul(n2(), n100k()), mul(n2(), mul(n4(), n100kb())))",
        ["0.045", "1.8", "SO", "16.4", "3.22"]
    ),
    numbers!("NatSum10M", "n10M()", "add(n5Mb(), n5M())", ["0.712", "19.7", "SO", "61.1", "173.88"]),
    trees!("TreeConv15", "full(n15())", "full(n15b())", ["0.055", "0.016", "0.005", "0.001", "0.105"]),
    trees!("TreeConv18", "full(n18())", "full(n18b())", ["0.088", "0.02", "0.007", "0.001", "3.75"]),
    trees!("TreeConv19", "full(n19())", "full(n19b())", ["0.161", "0.03", "0.009", "0.001", "4"]),
    trees!("TreeConv20", "full(n20())", "full(n20b())", ["0.408", "1.7", "0.618", "0.001", "16.65"]),
    trees!("TreeConv21", "full(n21())", "full(n21b())", ["0.834", "3.4", "1.161", "0.001", "5.8"]),
    trees!("TreeConv22", "full(n22())", "full(n22b())", ["1.722", "6.4", "2.315", "0.001", "12.1"]),
    trees!("TreeConv23", "full(n23())", "full(n23b())", ["3.325", "13.7", "4.699", "0.001", "25.38"]),
    trees!("TreeConvM15", "full(n15())", "full_on(_, n15())", ["0.010", "0.770", "0.003", "0.001", "0.1"]),
    trees!("TreeConvM18", "full(n18())", "full_on(_, n18())", ["0.092", "6.35", "0.003", "0.001", "2"]),
    trees!("TreeConvM19", "full(n19())", "full_on(_, n19())", ["0.169", "12.8", "0.004", "0.001", "2.67"]),
    trees!("TreeConvM20", "full(n20())", "full_on(_, n20())", ["0.361", "26.6", "0.605", "0.001", "8.9"]),
    trees!("TreeConvM21", "full(n21())", "full_on(_, n21())", ["0.835", "50.8", "1.273", "0.001", "10.83"]),
    trees!("TreeConvM22", "full(n22())", "full_on(_, n22())", ["1.694", "TL", "2.703", "0.001", "22.23"]),
    trees!("TreeConvM23", "full(n23())", "full_on(_, n23())", ["3.453", "TL", "5.472", "0.001", "45.9"]),
    // Of Coq `vm_compute`, of Lean `eval`: the fastest each has.
    forms!(
        "ForceTree15",
        "def test(): Truth = all_yes(full(n15()))",
        ["0.011", "0.070", "0.002", "0.022", "0.3"]
    ),
    forms!(
        "ForceTree20",
        "def test(): Truth = all_yes(full(n20()))",
        ["0.487", "1.8", "0.076", "0.695", "17.8"]
    ),
    forms!(
        "ForceTree23",
        "def test(): Truth = all_yes(full(n23()))",
        ["4.372", "15.93", "0.731", "5.52", "OOM"]
    ),
    forms!("NfTree15", "def test(): Tree = full(n15())", ["0.005", "", "0.018", "", ""]),
    forms!("NfTree20", "def test(): Tree = full(n20())", ["0.259", "", "0.716", "", ""]),
    forms!("NfTree23", "def test(): Tree = full(n23())", ["3.023", "", "5.996", "", ""]),
    files!("stlc", texts::FULL, 165, ["0.014", "0.573", "", "0.194", "1.18"]),
    files!("stlc5k", texts::FULL, 5_000, ["0.179", "4.127", "", "6.049", "43.698"]),
    files!("stlc10k", texts::FULL, 10_000, ["0.306", "16.160", "", "12.982", "129.635"]),
    files!("stlcLessImpl", &texts::less_implicit(), 165, ["0.008", "0.358", "0.145", "0.166", "0.907"]),
    files!("stlcLessImpl5k", &texts::less_implicit(), 5_000, ["0.140", "4.169", "0.905", "4.508", "20.386"]),
    files!(
        "stlcLessImpl10k",
        &texts::less_implicit(),
        10_000,
        ["0.275", "17.426", "1.685", "8.861", "52.026"]
    ),
    files!("stlcSmall", texts::SMALL, 70, ["0.003", "0.106", "0.128", "0.073", "0.542"]),
    files!("stlcSmall5k", texts::SMALL, 5_000, ["0.037", "4.445", "0.762", "2.649", "6.397"]),
    files!("stlcSmall10k", texts::SMALL, 10_000, ["0.072", "22.8", "1.388", "5.244", "13.496"]),
    files!("stlcSmall100k", texts::SMALL, 100_000, ["", "", "", "", ""]),
];

const MOST: &[Row] = &[files!("stlcSmall1M", texts::SMALL, 1_000_000, ["8.725", "TL", "149", "615", "OOM"])];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let most = words.iter().any(|word| word == "--most");
    let chosen: Vec<&String> = words.iter().filter(|word| !word.starts_with("--")).collect();
    println!(
        "{:<16}{:>10}   {:>8}{:>9}{:>9}{:>9}{:>9}   to smalltt",
        "seconds", "lift", "smalltt", "Agda", "Coq", "Lean", "Idris"
    );
    for row in ROWS.iter().chain(MOST.iter().filter(|_| most)) {
        if !chosen.is_empty() && !chosen.iter().any(|word| row.name.contains(word.as_str())) {
            continue;
        }
        let took = (row.run)().as_secs_f64();
        let [smalltt, agda, coq, lean, idris] = row.published;
        let times = smalltt.parse::<f64>().ok().filter(|other| *other > 0.0);
        let times = times.map_or_else(String::new, |other| format!("{:.2}x", took / other));
        println!("{:<16}{took:>10.3}   {smalltt:>8}{agda:>9}{coq:>9}{lean:>9}{idris:>9}   {times}", row.name);
    }
    println!("TL: too long, SO: stack overflow, OOM: out of memory.");
    println!(
        "The others' figures were measured in 2021 on an Intel i7-1165G7 (smalltt's README), ours on this machine: \
         what is a little faster or slower than another says nothing."
    );
    println!(
        "smalltt's are of files loaded again. Agda and Idris also write what they checked, Lean also compiles; what \
         that takes is counted for large files, and is not for vecTest."
    );
}
