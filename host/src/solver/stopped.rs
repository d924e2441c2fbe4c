//! Why there is no verdict, as data, and the one place where it becomes words.

use lift_solver_protocol::{PROTOCOL, Why};
use std::fmt;
use std::path::PathBuf;

/// The oldest Z3 that keeps the limits it is given.
pub(super) const OLDEST_Z3: [u32; 3] = [4, 13, 3];

/// Why no solver can be asked. Shown as one line that says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unavailable {
    /// There is no `lift-solver`.
    NotFound {
        /// Where it was looked for, in order.
        looked: Vec<PathBuf>,
    },
    /// The program is there but does not get as far as greeting, e.g. because `libz3.so` is gone.
    DoesNotStart {
        /// The program.
        program: PathBuf,
        /// What the system or the program said.
        detail: String,
    },
    /// The worker is from another version of lift.
    OtherProtocol {
        /// The program.
        program: PathBuf,
        /// The version it speaks.
        theirs: u32,
    },
    /// The worker runs a Z3 that ignores limits.
    TooOld {
        /// The program.
        program: PathBuf,
        /// Its Z3.
        version: String,
    },
    /// The worker answered a question wrongly whose answer is known.
    Untrustworthy {
        /// The program.
        program: PathBuf,
        /// What it was asked and said.
        detail: String,
    },
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unavailable::NotFound { looked } => {
                let places: Vec<String> = looked.iter().map(|place| place.display().to_string()).collect();
                write!(
                    f,
                    "no solver: lift-solver is not in {}; install it beside lift, or set LIFT_SOLVER to it",
                    if places.is_empty() { "any place".into() } else { places.join(", ") }
                )
            }
            Unavailable::DoesNotStart { program, detail } => {
                write!(f, "no solver: {} does not start: {detail}", program.display())
            }
            Unavailable::OtherProtocol { program, theirs } => write!(
                f,
                "no solver: {} speaks version {theirs} of the protocol and this lift version {PROTOCOL}; install both \
                 from one build",
                program.display()
            ),
            Unavailable::TooOld { program, version } => {
                let oldest = OLDEST_Z3.map(|number| number.to_string()).join(".");
                write!(
                    f,
                    "no solver: {} runs Z3 {version}, and {oldest} or newer is needed; update Z3 and rebuild",
                    program.display()
                )
            }
            Unavailable::Untrustworthy { program, detail } => {
                write!(
                    f,
                    "no solver: {} cannot be trusted: {detail}; rebuild it or update Z3",
                    program.display()
                )
            }
        }
    }
}

impl std::error::Error for Unavailable {}

/// Why one query has no verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stopped {
    /// The resource units are used up.
    Units {
        /// How many were allowed.
        allowed: u32,
    },
    /// The time is used up, and the worker was killed.
    Time {
        /// Milliseconds allowed.
        allowed: u64,
    },
    /// The memory is used up.
    Memory {
        /// MiB allowed.
        allowed: u64,
    },
    /// The solver gave up in these words.
    GaveUp(String),
    /// The query is not what it should be.
    Malformed(String),
    /// There is a model whose values are too long.
    TooLong,
    /// Somebody killed the process, or it crashed.
    Signal(i32),
    /// The process ended in the middle of the query.
    Ended {
        /// Its exit status, if it said one.
        status: Option<i32>,
    },
    /// What came back is not a reply to the query.
    Nonsense(String),
    /// Nobody waits for the answer any more.
    Abandoned,
    /// No solver can be asked.
    Unavailable(Unavailable),
}

impl Stopped {
    /// Whether the same query under the same units stops in the same way, whatever else the machine does.
    pub(super) fn repeats(&self) -> bool {
        match self {
            Stopped::Units { .. } | Stopped::GaveUp(_) | Stopped::Malformed(_) | Stopped::TooLong => true,
            Stopped::Time { .. }
            | Stopped::Memory { .. }
            | Stopped::Signal(_)
            | Stopped::Ended { .. }
            | Stopped::Nonsense(_)
            | Stopped::Abandoned
            | Stopped::Unavailable(_) => false,
        }
    }

    /// A worker's own reason, with the limits it was given.
    pub(super) fn from_worker(why: Why, units: u32, memory_mib: u64) -> Stopped {
        match why {
            Why::Units => Stopped::Units { allowed: units },
            Why::Memory => Stopped::Memory { allowed: memory_mib },
            Why::Incomplete { detail } => Stopped::GaveUp(detail),
            Why::Malformed { detail } => Stopped::Malformed(detail),
            Why::TooLong => Stopped::TooLong,
        }
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SIGXCPU: i32 = 24;
        match self {
            Stopped::Units { allowed } => write!(f, "the solver used up its {allowed} resource units"),
            Stopped::Time { allowed } => write!(f, "the solver took longer than {allowed} ms"),
            Stopped::Memory { allowed } => write!(f, "the solver needed more than {allowed} MiB of memory"),
            Stopped::GaveUp(words) => write!(f, "the solver gave up: {words}"),
            Stopped::Malformed(detail) => write!(f, "error: the query is malformed: {detail}"),
            Stopped::TooLong => write!(f, "the solver's model is too long to read"),
            Stopped::Signal(SIGXCPU) => write!(f, "the solver process used up its processor time"),
            Stopped::Signal(signal) => write!(f, "the solver process was killed (signal {signal})"),
            Stopped::Ended { status: Some(status) } => {
                write!(f, "the solver process ended (exit status {status})")
            }
            Stopped::Ended { status: None } => write!(f, "the solver process closed its connection"),
            Stopped::Nonsense(detail) => write!(f, "error: the solver's reply makes no sense: {detail}"),
            Stopped::Abandoned => write!(f, "the query was abandoned"),
            Stopped::Unavailable(unavailable) => write!(f, "{unavailable}"),
        }
    }
}
