//! One worker process, from greeting to kill.
//!
//! The worker's standard input and output are one socket, so that every read and write of ours has a deadline. A
//! worker that misses it, or says anything but the reply that is due, is finished: the caller drops it, which kills
//! its process group and collects it.

use super::locate::Program;
use super::stopped::{OLDEST_Z3, Stopped, Unavailable};
use lift_core::logic::{Query, Satisfiability};
use lift_solver_protocol::{
    Core, EXIT_OUT_OF_MEMORY, FrameError, Hello, LONGEST_REPLY, LONGEST_REQUEST, Outcome, PROTOCOL, Reply,
    Request, read_frame, write_frame,
};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How long a worker may take to load Z3 and greet.
const GREETING: Duration = Duration::from_secs(10);

/// How often a waiting thread looks whether anybody still wants the answer.
const LOOK: Duration = Duration::from_millis(50);

/// How long the exit status of a worker that hung up is waited for.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// A running worker that greeted and answered the two questions we know the answers of.
#[derive(Debug)]
pub(super) struct Worker {
    process: Process,
    program: PathBuf,
    engine: String,
    memory_mib: u64,
    asked: u64,
}

/// A verdict with what it cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decided {
    pub(super) verdict: Satisfiability,
    pub(super) units: u64,
}

/// No verdict, and what that cost.
#[derive(Debug)]
pub(super) struct Undecided {
    pub(super) why: Stopped,
    pub(super) units: u64,
    /// Whether the worker can go on.
    pub(super) worker: Condition,
}

/// What a query without a verdict left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    /// As good as before.
    Sound,
    /// To be replaced.
    Lost,
}

impl Worker {
    /// Starts a worker and sees that it is one. `unwanted` is asked now and then; when it says so, this ends early.
    pub(super) fn start(
        program: &Program,
        memory_mib: u64,
        unwanted: &dyn Fn() -> bool,
    ) -> Result<Worker, Unavailable> {
        let program = program.locate()?;
        let mut process = Process::spawn(&program, memory_mib).map_err(|error| {
            Unavailable::DoesNotStart { program: program.clone(), detail: error.to_string() }
        })?;
        let hello = process.until(Instant::now() + GREETING, unwanted).read::<Hello>();
        let hello = hello.map_err(|error| Unavailable::DoesNotStart {
            program: program.clone(),
            detail: process.complaint(&error),
        })?;
        // From here on the worker says nothing there.
        process.errors = None;
        if hello.protocol != PROTOCOL {
            return Err(Unavailable::OtherProtocol { program, theirs: hello.protocol });
        }
        if hello.engine != "z3" {
            return Err(Unavailable::Untrustworthy {
                program,
                detail: format!("it is {:?}, not Z3", hello.engine),
            });
        }
        if !is_recent(&hello.version) {
            return Err(Unavailable::TooOld { program, version: hello.version });
        }
        let engine = format!("{} {}", hello.engine, hello.version);
        let mut worker = Worker { process, program, engine, memory_mib, asked: 0 };
        worker.prove_itself(unwanted)?;
        Ok(worker)
    }

    /// The solver and its version: `z3 5.4.0.0`.
    pub(super) fn engine(&self) -> &str {
        &self.engine
    }

    /// The program that runs.
    pub(super) fn program(&self) -> &Path {
        &self.program
    }

    /// How many queries it was asked.
    pub(super) fn asked(&self) -> u64 {
        self.asked
    }

    /// Whether the process still runs, as far as the system knows.
    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.process.child.try_wait(), Ok(None))
    }

    /// The process, for tests that kill it.
    pub(super) fn id(&self) -> u32 {
        self.process.child.id()
    }

    /// A question whose answer is known, and its twin with the other answer.
    fn prove_itself(&mut self, unwanted: &dyn Fn() -> bool) -> Result<(), Unavailable> {
        const UNSAT: &str = "(declare-const x Int)(assert (! (< 2 x) :named a))(assert (! (< x 3) :named b))";
        const SAT: &str = "(declare-const x Int)(assert (! (< 2 x) :named a))(assert (! (< x 4) :named b))";
        let mut expect = |script: &str, expected: Satisfiability| {
            let query = Query::new(script.into(), vec!["x".into()], vec![], 1_000_000, 10_000);
            let said = match self.ask(&query, unwanted) {
                Ok(Decided { verdict, .. }) if verdict == expected => return Ok(()),
                Ok(Decided { verdict, .. }) => format!("{verdict:?}"),
                Err(Undecided { why, .. }) => why.to_string(),
            };
            let detail = format!("asked {script} it says {said}");
            Err(Unavailable::Untrustworthy { program: self.program.clone(), detail })
        };
        expect(UNSAT, Satisfiability::Unsat { core: vec![] })?;
        expect(SAT, Satisfiability::Sat { values: "((x 3))".into() })
    }

    /// Asks one query. When it comes back with [`Condition::Lost`], drop the worker.
    pub(super) fn ask(&mut self, query: &Query, unwanted: &dyn Fn() -> bool) -> Result<Decided, Undecided> {
        if query.script.len() > LONGEST_REQUEST {
            // Seen before it is copied about.
            return Err(too_long());
        }
        self.asked += 1;
        let request = Request {
            id: self.asked,
            script: query.script.clone(),
            values: query.values.clone(),
            core: if query.names.is_empty() { Core::Skip } else { Core::Names },
            units: u32::try_from(query.rlimit).unwrap_or(u32::MAX).max(1),
            // The system counts whole seconds.
            processor_s: u32::try_from(query.wall_ms / 1000).unwrap_or(u32::MAX).saturating_add(2),
        };
        // A hundred years is long enough, and a time that can be added to any other.
        let wall = Duration::from_millis(query.wall_ms).min(Duration::from_secs(3_000_000_000));
        let deadline = Instant::now() + wall;
        let lost = |why| Undecided { why, units: 0, worker: Condition::Lost };

        let mut connection = self.process.until(deadline, unwanted);
        match write_frame(&mut connection, &request, LONGEST_REQUEST) {
            // Nothing was written, so the worker knows nothing of it.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => return Err(too_long()),
            Err(error) => return Err(lost(self.why_lost(FrameError::Io(error), query))),
            Ok(()) => {}
        }
        let reply = match connection.read::<Reply>() {
            Ok(reply) => reply,
            Err(error) => return Err(lost(self.why_lost(error, query))),
        };
        if reply.id != request.id {
            return Err(lost(Stopped::Nonsense(format!("it answers query {} of {}", reply.id, request.id))));
        }
        let units = reply.units;
        let verdict = match reply.outcome {
            Outcome::Unsat { core } => match core.iter().find(|name| !query.names.contains(name)) {
                None => Satisfiability::Unsat { core },
                Some(name) => return Err(lost(Stopped::Nonsense(format!("no assertion is named {name:?}")))),
            },
            Outcome::Sat { values } if values.len() == query.values.len() => {
                Satisfiability::Sat { values: as_get_value(&query.values, &values) }
            }
            Outcome::Sat { values } => {
                let detail = format!("{} values for {} terms", values.len(), query.values.len());
                return Err(lost(Stopped::Nonsense(detail)));
            }
            Outcome::Unknown { why } => {
                let why = Stopped::from_worker(why, request.units, self.memory_mib);
                // Z3 that ran out of memory once is not asked again.
                let worker = match why {
                    Stopped::Memory { .. } => Condition::Lost,
                    _ => Condition::Sound,
                };
                return Err(Undecided { why, units, worker });
            }
        };
        Ok(Decided { verdict, units })
    }

    /// What became of a worker that did not reply.
    fn why_lost(&mut self, error: FrameError, query: &Query) -> Stopped {
        match error {
            FrameError::Io(error) if error.kind() == io::ErrorKind::TimedOut => {
                Stopped::Time { allowed: query.wall_ms }
            }
            FrameError::Io(error) if error.kind() == io::ErrorKind::ConnectionAborted => Stopped::Abandoned,
            FrameError::Closed | FrameError::Io(_) => match self.process.exit_status() {
                Some(status) => match (status.signal(), status.code()) {
                    (Some(signal), _) => Stopped::Signal(signal),
                    (None, Some(EXIT_OUT_OF_MEMORY)) => Stopped::Memory { allowed: self.memory_mib },
                    (None, status) => Stopped::Ended { status },
                },
                None => Stopped::Ended { status: None },
            },
            FrameError::TooLong { .. } | FrameError::Garbled(_) => Stopped::Nonsense(error.to_string()),
        }
    }
}

fn too_long() -> Undecided {
    let why = Stopped::Malformed(format!("it is longer than {} MiB", LONGEST_REQUEST >> 20));
    Undecided { why, units: 0, worker: Condition::Sound }
}

/// The reply to `(get-value (...))`, as Z3 would print it.
fn as_get_value(terms: &[String], values: &[String]) -> String {
    if terms.is_empty() {
        return String::new();
    }
    let pairs: Vec<String> =
        terms.iter().zip(values).map(|(term, value)| format!("({term} {value})")).collect();
    format!("({})", pairs.join("\n "))
}

fn is_recent(version: &str) -> bool {
    let numbers: Option<Vec<u32>> = version.split('.').map(|number| number.parse().ok()).collect();
    numbers.is_some_and(|numbers| numbers.as_slice() >= OLDEST_Z3.as_slice())
}

/// A child process and the socket to it. Dropping it kills the process group and collects the child.
#[derive(Debug)]
struct Process {
    child: Child,
    socket: UnixStream,
    errors: Option<UnixStream>,
}

impl Process {
    fn spawn(program: &Path, memory_mib: u64) -> io::Result<Process> {
        let (socket, theirs) = UnixStream::pair()?;
        let (errors, their_errors) = UnixStream::pair()?;
        // Z3 may be where only the dynamic linker's variable finds it; nothing else is passed on.
        let linker = ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"];
        let passed_on = linker.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
        let child = Command::new(program)
            .args(["--memory-mib", &memory_mib.to_string()])
            .env_clear()
            .envs(passed_on)
            .current_dir("/")
            // A Ctrl-C in the terminal is for us.
            .process_group(0)
            .stdin(Stdio::from(OwnedFd::from(theirs.try_clone()?)))
            .stdout(Stdio::from(OwnedFd::from(theirs)))
            .stderr(Stdio::from(OwnedFd::from(their_errors)))
            .spawn()?;
        Ok(Process { child, socket, errors: Some(errors) })
    }

    fn until<'a>(&'a self, deadline: Instant, unwanted: &'a dyn Fn() -> bool) -> Connection<'a> {
        Connection { socket: &self.socket, deadline, unwanted }
    }

    /// Why a worker did not greet: its own words if it has any.
    fn complaint(&mut self, error: &FrameError) -> String {
        const MOST: u64 = 2000;
        let status = match error {
            FrameError::Closed => self.exit_status(),
            _ => None,
        };
        self.kill();
        let mut words = Vec::new();
        if let Some(errors) = self.errors.take() {
            // A descendant may still hold the other end; what came until now will do.
            let _ = errors.set_read_timeout(Some(LOOK));
            let _ = errors.take(MOST).read_to_end(&mut words);
        }
        let words = String::from_utf8_lossy(&words);
        match (words.split_whitespace().collect::<Vec<_>>().join(" "), status, error) {
            (words, _, _) if !words.is_empty() => words,
            (_, Some(status), _) => format!("it ends with {status}"),
            (_, None, FrameError::Io(error)) if error.kind() == io::ErrorKind::TimedOut => {
                format!("it does not greet within {} s", GREETING.as_secs())
            }
            (_, None, error) => error.to_string(),
        }
    }

    /// The status of a child that ends by itself soon.
    fn exit_status(&mut self) -> Option<ExitStatus> {
        let deadline = Instant::now() + LAST_WORDS;
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(1)),
                Ok(None) | Err(_) => return None,
            }
        }
    }

    /// Kills what the program started along with it.
    fn kill(&mut self) {
        // Once the child is collected its number may belong to somebody else.
        if let Ok(None) = self.child.try_wait() {
            if let Ok(id) = i32::try_from(self.child.id()) {
                let _ = killpg(Pid::from_raw(id), Signal::SIGKILL);
            }
            let _ = self.child.kill();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        let _ = self.child.wait();
    }
}

/// The socket with a deadline over everything that is read and written through it. Past the deadline, `TimedOut`;
/// when nobody wants the answer, `ConnectionAborted`.
struct Connection<'a> {
    socket: &'a UnixStream,
    deadline: Instant,
    unwanted: &'a dyn Fn() -> bool,
}

impl Connection<'_> {
    fn read<T: serde::de::DeserializeOwned>(&mut self) -> Result<T, FrameError> {
        read_frame(self, LONGEST_REPLY)
    }

    /// Tries until it works, the deadline passes, or nobody cares.
    fn patiently(&self, mut attempt: impl FnMut(Duration) -> io::Result<usize>) -> io::Result<usize> {
        loop {
            if (self.unwanted)() {
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            let left = self.deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            match attempt(left.min(LOOK)) {
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
                    ) => {}
                // Our own words for something else.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {
                    return Err(io::ErrorKind::BrokenPipe.into());
                }
                done => return done,
            }
        }
    }
}

impl Read for Connection<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut socket = self.socket;
        self.patiently(|patience| {
            socket.set_read_timeout(Some(patience))?;
            socket.read(buffer)
        })
    }
}

impl Write for Connection<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let mut socket = self.socket;
        self.patiently(|patience| {
            socket.set_write_timeout(Some(patience))?;
            socket.write(buffer)
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        for recent in ["4.13.3.0", "4.13.3", "4.13.10.0", "5.0.0.0", "5.4.0.0"] {
            assert!(is_recent(recent), "{recent}");
        }
        for old in ["4.8.12.0", "4.13.2.9", "4.13", "4.9.99", "", "new", "5.x"] {
            assert!(!is_recent(old), "{old}");
        }
    }

    #[test]
    fn values_read_as_get_value_prints_them() {
        assert_eq!(as_get_value(&[], &[]), "");
        let terms = ["v0".to_owned(), "(f v0)".to_owned()];
        let values = ["(- 4)".to_owned(), "\"a\"".to_owned()];
        assert_eq!(as_get_value(&terms, &values), "((v0 (- 4))\n ((f v0) \"a\"))");
    }
}
