//! The solver worker: the one process linked to Z3.
//!
//! It answers queries that the host writes to its standard input (see `lift-solver-protocol`), each in a Z3 context
//! of its own, so that nothing of one query reaches the next. It holds no state worth keeping: the host may kill it
//! at any moment, and Z3 may crash it. It opens no file, writes nowhere but to its replies, and ends with its host.

mod ask;
mod confine;
mod script;

use ask::Fresh;
use lift_solver_protocol::{
    EXIT_DEFECT, FrameError, Hello, LONGEST_REPLY, LONGEST_REQUEST, Outcome, PROTOCOL, Reply, Request, Why,
    read_frame, write_frame,
};
use std::fs::File;
use std::io::{self, IsTerminal};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Instant;

const USAGE: &str = "usage: lift-solver [--memory-mib N]\n\
    `lift` starts this program and talks to it over its standard streams; there is nothing here to use by hand.";

fn main() -> ExitCode {
    let memory_mib = match arguments(std::env::args().skip(1)) {
        Ok(memory_mib) => memory_mib,
        Err(Leave::Version) => {
            println!("lift-solver {} (z3 {})", env!("CARGO_PKG_VERSION"), z3::full_version());
            return ExitCode::SUCCESS;
        }
        Err(Leave::Usage) => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    if io::stdin().is_terminal() {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    }
    if let Err(error) = confine::confine(memory_mib) {
        eprintln!("lift-solver: {error}");
        return ExitCode::FAILURE;
    }
    // Z3's bindings panic where Z3 fails to give them an object.
    match catch_unwind(AssertUnwindSafe(|| serve(memory_mib))) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            eprintln!("lift-solver: {error}");
            ExitCode::FAILURE
        }
        Err(_) => ExitCode::from(EXIT_DEFECT as u8),
    }
}

/// Why the worker does not serve.
enum Leave {
    Version,
    Usage,
}

fn arguments(mut arguments: impl Iterator<Item = String>) -> Result<u64, Leave> {
    let mut memory_mib = confine::DEFAULT_MEMORY_MIB;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--version" => return Err(Leave::Version),
            "--memory-mib" => {
                memory_mib = arguments.next().and_then(|number| number.parse().ok()).ok_or(Leave::Usage)?;
            }
            _ => return Err(Leave::Usage),
        }
    }
    Ok(memory_mib)
}

/// Greets, then answers until the input ends.
fn serve(memory_mib: u64) -> Result<(), FrameError> {
    let (mut requests, mut replies) = confine::only_channel()?;
    ask::prepare(memory_mib);
    let hello = Hello { protocol: PROTOCOL, engine: "z3".into(), version: z3::full_version().into() };
    write_frame(&mut replies, &hello, LONGEST_REPLY)?;
    confine::silence_errors()?;
    loop {
        // The context is made while nobody waits for it, and taken down after the reply.
        let served = ask::in_fresh_context(|context| serve_one(context, &mut requests, &mut replies));
        match served {
            Ok(()) => {}
            Err(FrameError::Closed) => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

fn serve_one(context: Fresh, requests: &mut File, replies: &mut File) -> Result<(), FrameError> {
    let request: Request = read_frame(requests, LONGEST_REQUEST)?;
    let began = Instant::now();
    confine::limit_processor_time(request.processor_s)
        .map_err(|error| FrameError::Io(io::Error::other(error.to_string())))?;
    let (outcome, units) = ask::answer(context, &request);
    let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    let mut reply = Reply { id: request.id, outcome, units, micros };
    match write_frame(replies, &reply, LONGEST_REPLY) {
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
            reply.outcome = Outcome::Unknown { why: Why::TooLong };
            write_frame(replies, &reply, LONGEST_REPLY)?;
        }
        written => written?,
    }
    Ok(())
}
