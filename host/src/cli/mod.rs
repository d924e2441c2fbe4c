//! The command line: one module per command, each a thin face over the engine.
//!
//! Data goes to stdout, everything else to stderr. `--format json` prints one JSON value. The exit status is 0
//! when there is nothing to complain of, 1 when errors were found or something was refuted, 2 for usage, 3 when
//! something that was asked for is undecided, 4 for drift, 70 when lift itself failed.

mod ask;
mod check;
mod constrain;
mod constraints;
mod convert;
mod doctor;
mod eval;
mod explain;
mod fmt;
mod folder;
mod forward;
mod gen_code;
mod holes;
mod infer;
mod output;
mod plan;
mod plugin;
mod serve;
mod snippet;
mod source;
mod verify;

use crate::engine::{Engine, EngineConfig};
use crate::forward::ForwardOptions;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

pub use output::{Exit, Failure, Format, Output};

/// From intent to proven code and back.
#[derive(Debug, Parser)]
#[command(name = "lift", version, about, max_term_width = 100, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Args)]
struct Global {
    /// How to print: for people, or one JSON value.
    #[arg(long, global = true, value_enum, default_value = "human")]
    format: Format,
    /// When to use colour.
    #[arg(long, global = true, value_enum, default_value = "auto")]
    color: output::ColorWhen,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Parse and check documents: diagnostics, declarations, holes.
    Check {
        /// Documents (`.spec.md`); `-` is standard input.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Exit with 3 when a hole is open.
        #[arg(long)]
        strict: bool,
        /// Show what the check rested on: what had to agree, what was worked out, what waits, what is owed.
        #[arg(long)]
        explain_constraints: bool,
    },
    /// Prove or refute everything documents owe.
    Verify {
        /// Documents (`.spec.md`); `-` is standard input.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Ask the solver everything, and leave its answers of earlier runs aside.
        #[arg(long)]
        fresh: bool,
        /// Seconds for each document; what is not settled by then is unknown.
        #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=86_400))]
        within: u64,
    },
    /// From words to a specification, to a proof or a counterexample, to Python that runs.
    Forward {
        /// What you want, in a sentence.
        words: String,
        /// Where to write the document, the code and its tests.
        #[arg(long)]
        out: Option<PathBuf>,
        /// Take the first of the usual answers to every question; they are listed as assumptions.
        #[arg(long)]
        accept_defaults: bool,
        /// Also write what is not complete, as functions that raise.
        #[arg(long)]
        stubs: bool,
        /// A folder of idioms of your own, in the form of `library/`.
        #[arg(long)]
        library: Option<PathBuf>,
    },
    /// Write code for the complete definitions of a document.
    Gen {
        /// A document; `-` is standard input.
        file: PathBuf,
        /// The language.
        #[arg(long, value_enum, default_value = "python")]
        lang: gen_code::Language,
        /// Where to write the module and its tests; without, the module is printed.
        #[arg(long)]
        out: Option<PathBuf>,
        /// What becomes of contracts.
        #[arg(long, value_enum, default_value = "raise")]
        contracts: gen_code::ContractMode,
        /// Also write what is not complete, as functions that raise.
        #[arg(long)]
        stubs: bool,
    },
    /// Say what is installed, what is missing, and what that costs.
    Doctor,
    /// Rewrite documents in the canonical form.
    Fmt {
        /// Documents to rewrite; `-` prints standard input formatted.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Write nothing; exit with 1 when a file would change.
        #[arg(long)]
        check: bool,
    },
    /// Explain a diagnostic's code, with an example.
    Explain {
        /// A code such as `E0201`.
        code: String,
    },
    /// Evaluate an expression in the scope of a document, around its holes.
    Eval {
        /// A document; `-` is standard input.
        file: PathBuf,
        /// The expression, such as `clamp(5, 0, 3)`.
        expression: String,
    },
    /// Show what is open, what waits for what, and the longest chain of decisions.
    Holes {
        /// A document; `-` is standard input.
        file: PathBuf,
    },
    /// Suggest terms that fit a hole, best first.
    Fits {
        /// A document; `-` is standard input.
        file: PathBuf,
        /// The hole, as `?name`.
        hole: String,
        /// How many to show at most.
        #[arg(long, default_value_t = 6)]
        limit: usize,
    },
    /// Decide a hole: put a term where it stands.
    Fill {
        /// The document to edit; `-` prints the result.
        file: PathBuf,
        /// The hole, as `?name`.
        hole: String,
        /// The term, as written in the document.
        term: String,
        /// Show what would change, write nothing.
        #[arg(long)]
        dry_run: bool,
        /// Print the change as a unified diff, write nothing.
        #[arg(long)]
        diff: bool,
    },
    /// Serve the API and the workbench.
    Serve {
        /// The address to listen on; loopback unless you know what you do.
        #[arg(long, default_value = "127.0.0.1")]
        host: std::net::IpAddr,
        /// The port; 0 takes a free one.
        #[arg(long, default_value_t = 8000)]
        port: u16,
        /// Where drafts are kept.
        #[arg(long)]
        data: Option<PathBuf>,
    },
    /// Ask what a document leaves open, with two concrete answers where there are two; exits with 3 when there is anything.
    Ask(ask::Asked),
    /// Find choices for the open holes that stand together, in the order in which to take them.
    Plan(plan::Asked),
    /// Look for predicates that nobody wrote: conditions left open, and clauses without which proofs fail.
    Infer(infer::Asked),
    /// Turn the older textual IR (`ir name { ... }`) into a document; exits with 3 when something is not carried over.
    Convert {
        /// A file in the older form; `-` is standard input.
        file: PathBuf,
        /// Where to write the document; without, it is printed.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Make a decoding constraint for a hole or declaration, or read a model's answer back.
    Constrain(constrain::Asked),
    /// Controller plugins: what there are, and whether one works.
    Plugin {
        #[command(subcommand)]
        command: plugin::Command,
    },
}

/// Documents are checked by recursion on their depth, which the parser bounds; the stack of a thread that checks has
/// room for it, in bytes.
const STACK: usize = 64 << 20;

/// An engine for commands that ask for verdicts many times.
fn asked_often() -> Engine {
    Engine::new(EngineConfig { within: Duration::from_secs(10), ..EngineConfig::of_user() })
}

/// Runs the command the arguments ask for.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let output = Output::new(cli.global.format, cli.global.color);
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(move || run(cli.command, &output));
    let result = worker.map(std::thread::JoinHandle::join);
    match result {
        Ok(Ok(Ok(exit))) => exit.into(),
        Ok(Ok(Err(failure))) => {
            failure.print();
            failure.exit.into()
        }
        Ok(Err(_)) | Err(_) => {
            eprintln!(
                "lift: something inside lift failed; this is a defect, please report it with the document"
            );
            Exit::Internal.into()
        }
    }
}

fn run(command: Command, output: &Output) -> Result<Exit, Failure> {
    match command {
        Command::Check { files, explain_constraints: true, .. } => constraints::run(&files, output),
        Command::Check { files, strict, .. } => check::run(&files, strict, output),
        Command::Verify { files, fresh, within } => {
            let config = if fresh { EngineConfig::default() } else { EngineConfig::of_user() };
            let config = EngineConfig { within: Duration::from_secs(within), ..config };
            verify::run(&files, &Engine::new(config), output)
        }
        Command::Forward { words, out, accept_defaults, stubs, library } => {
            let idioms = library.as_deref().map(source::idioms).transpose()?.unwrap_or_default();
            let engine = Engine::new(EngineConfig { idioms, ..EngineConfig::of_user() });
            source::say_problems(engine.library(), output);
            let options = ForwardOptions { accept_defaults, stubs };
            forward::run(&words, out.as_deref(), options, &engine, output)
        }
        Command::Gen { file, lang, out, contracts, stubs } => {
            gen_code::run(&file, lang, out.as_deref(), contracts, stubs, output)
        }
        Command::Doctor => doctor::run(&Engine::new(EngineConfig::default()), output),
        Command::Fmt { files, check } => fmt::run(&files, check, output),
        Command::Explain { code } => explain::run(&code, output),
        Command::Eval { file, expression } => eval::run(&file, &expression, output),
        Command::Holes { file } => holes::list(&file, output),
        Command::Fits { file, hole, limit } => holes::suggest(&file, &hole, limit, output),
        Command::Fill { file, hole, term, dry_run, diff } => {
            holes::decide(&file, &hole, &term, holes::Writing { dry_run, diff }, output)
        }
        Command::Serve { host, port, data } => {
            // Others are waiting.
            let config = EngineConfig { within: Duration::from_secs(30), ..EngineConfig::of_user() };
            serve::run(host, port, data.as_deref(), config, output)
        }
        Command::Ask(asked) => ask::run(&asked, &asked_often(), output),
        Command::Infer(asked) => infer::run(&asked, &asked_often(), output),
        Command::Plan(asked) => plan::run(&asked, &Engine::new(EngineConfig::of_user()), output),
        Command::Convert { file, out } => convert::run(&file, out.as_deref(), output),
        Command::Constrain(asked) => constrain::run(&asked, output),
        Command::Plugin { command } => plugin::run(&command, output),
    }
}
