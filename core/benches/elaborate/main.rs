//! The published stress tests of elaborators, and how long they take here: `cargo bench -p lift-core --bench elaborate`.
//!
//! The tests are those of András Kovács' *smalltt*: Church encodings whose inferred types double from line to line,
//! whose conversion takes millions of steps, and files of a calculus inside the calculus. They are written in Spec-IR
//! as [`lift_core::check::laboratory`] reads it. The figures beside ours are the published ones (smalltt's README),
//! in seconds, measured in 2021 on an Intel i7-1165G7; ours are time on the processor of whatever machine this runs on. Words after `--`
//! choose tests by a part of their name; `--most` also runs the largest.

mod texts;

use lift_core::check::laboratory::{Elaborated, elaborate};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// A test with what others needed for it: smalltt, Agda, Coq, Lean; `None` where it was not measured or not possible.
struct Row {
    name: &'static str,
    published: [&'static str; 4],
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

const ROWS: &[Row] = &[
    Row {
        name: "idTest (40)",
        published: ["0.000", "TL", "TL", "TL"],
        run: || elaborated(&texts::applied_to_itself(40)),
    },
    Row {
        name: "pairTest (30)",
        published: ["0.000", "TL", "TL", "TL"],
        run: || elaborated(&texts::doubling(30)),
    },
    Row {
        name: "vecTest (960)",
        published: ["0.078", "1.128", "0.769", "0.244"],
        run: || elaborated(&texts::vector(960)),
    },
    numbers!("NatConv1M", "n1M()", "n1Mb()", ["0.045", "1.8", "SO", "126"]),
    numbers!("NatConv5M", "n5M()", "n5Mb()", ["0.188", "9.6", "SO", "OOM"]),
    numbers!("NatConv10M", "n10M()", "n10Mb()", ["0.712", "19.7", "SO", "OOM"]),
    // Ours: the sum is not built from the same parts, so that each side is counted to the end.
    numbers!(
        "NatSum1M",
        "n1M()",
        "add(mul(n2(), n100k()), mul(n2(), mul(n4(), n100kb())))",
        ["0.045", "1.8", "SO", "126"]
    ),
    numbers!("NatSum10M", "n10M()", "add(n5Mb(), n5M())", ["0.712", "19.7", "SO", "OOM"]),
    trees!("TreeConv15", "full(n15())", "full(n15b())", ["0.055", "0.016", "0.005", "0.020"]),
    trees!("TreeConv18", "full(n18())", "full(n18b())", ["0.088", "0.02", "0.007", "0.020"]),
    trees!("TreeConv19", "full(n19())", "full(n19b())", ["0.161", "0.03", "0.009", "0.020"]),
    trees!("TreeConv20", "full(n20())", "full(n20b())", ["0.408", "1.7", "0.618", "21.5"]),
    trees!("TreeConv21", "full(n21())", "full(n21b())", ["0.834", "3.4", "1.161", "43.5"]),
    trees!("TreeConv22", "full(n22())", "full(n22b())", ["1.722", "6.4", "2.315", "88.8"]),
    trees!("TreeConv23", "full(n23())", "full(n23b())", ["3.325", "13.7", "4.699", "177"]),
    trees!("TreeConvM15", "full(n15())", "full_on(_, n15())", ["0.010", "0.770", "0.003", "0.020"]),
    trees!("TreeConvM18", "full(n18())", "full_on(_, n18())", ["0.092", "6.35", "0.003", "0.020"]),
    trees!("TreeConvM20", "full(n20())", "full_on(_, n20())", ["0.361", "26.6", "0.605", "20.2"]),
    trees!("TreeConvM22", "full(n22())", "full_on(_, n22())", ["1.694", "TL", "2.703", "39.6"]),
    trees!("TreeConvM23", "full(n23())", "full_on(_, n23())", ["3.453", "TL", "5.472", "81.8"]),
    forms!("ForceTree15", "def test(): Truth = all_yes(full(n15()))", ["0.011", "0.070", "0.002", "0.022"]),
    forms!("ForceTree20", "def test(): Truth = all_yes(full(n20()))", ["0.487", "1.8", "0.076", "0.681"]),
    forms!("ForceTree23", "def test(): Truth = all_yes(full(n23()))", ["4.372", "15.93", "0.731", "5.76"]),
    forms!("NfTree15", "def test(): Tree = full(n15())", ["0.005", "", "0.018", ""]),
    forms!("NfTree20", "def test(): Tree = full(n20())", ["0.259", "", "0.716", ""]),
    forms!("NfTree23", "def test(): Tree = full(n23())", ["3.023", "", "5.996", ""]),
    Row {
        name: "stlc (165)",
        published: ["0.014", "0.573", "", "0.194"],
        run: || elaborated(&texts::copies(texts::FULL, 165)),
    },
    Row {
        name: "stlc5k",
        published: ["0.179", "4.127", "", "6.049"],
        run: || elaborated(&texts::copies(texts::FULL, 5_000)),
    },
    Row {
        name: "stlc10k",
        published: ["0.306", "16.160", "", "12.982"],
        run: || elaborated(&texts::copies(texts::FULL, 10_000)),
    },
    Row {
        name: "stlcSmall",
        published: ["0.003", "0.106", "0.128", "0.073"],
        run: || elaborated(&texts::copies(texts::SMALL, 70)),
    },
    Row {
        name: "stlcSmall5k",
        published: ["0.037", "4.445", "0.762", "2.649"],
        run: || elaborated(&texts::copies(texts::SMALL, 5_000)),
    },
    Row {
        name: "stlcSmall10k",
        published: ["0.072", "22.8", "1.388", "5.244"],
        run: || elaborated(&texts::copies(texts::SMALL, 10_000)),
    },
    Row {
        name: "stlcSmall100k",
        published: ["", "", "", ""],
        run: || elaborated(&texts::copies(texts::SMALL, 100_000)),
    },
];

const MOST: &[Row] = &[Row {
    name: "stlcSmall1M",
    published: ["8.725", "TL", "149", "615"],
    run: || elaborated(&texts::copies(texts::SMALL, 1_000_000)),
}];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let most = words.iter().any(|word| word == "--most");
    let chosen: Vec<&String> = words.iter().filter(|word| !word.starts_with("--")).collect();
    println!(
        "{:<16}{:>10}   {:>8}{:>9}{:>9}{:>9}   to smalltt",
        "seconds", "lift", "smalltt", "Agda", "Coq", "Lean"
    );
    for row in ROWS.iter().chain(MOST.iter().filter(|_| most)) {
        if !chosen.is_empty() && !chosen.iter().any(|word| row.name.contains(word.as_str())) {
            continue;
        }
        let took = (row.run)().as_secs_f64();
        let [smalltt, agda, coq, lean] = row.published;
        let times = smalltt.parse::<f64>().ok().filter(|other| *other > 0.0);
        let times = times.map_or_else(String::new, |other| format!("{:.2}x", took / other));
        println!("{:<16}{took:>10.3}   {smalltt:>8}{agda:>9}{coq:>9}{lean:>9}   {times}", row.name);
    }
    println!(
        "Others: 2021, Intel i7-1165G7 (smalltt's README). TL too long, SO stack overflow, OOM out of memory."
    );
}
