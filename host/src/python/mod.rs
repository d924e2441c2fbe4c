//! Running generated Python: a child process with limits, and nothing it needs to know of us.
//!
//! `python3` gets a folder of its own, an empty environment, no standard input, and sets its own memory, time and
//! file limits before it reads generated code ([`DRIVER`]); beyond a deadline its process group is killed. Only the
//! module and its own tests run. Without Python everything else of lift works.

use lift_core::generate::Generated;
use lift_core::report::ExampleReport;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The program that runs in the child.
const DRIVER: &str = include_str!("driver.py");

/// How long an interpreter may take to say what it is.
const LONGEST_LOOK: Duration = Duration::from_secs(5);

/// What one run may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunLimits {
    /// On the wall clock; then the process group is killed.
    pub wall: Duration,
    /// Seconds of processor time; the system kills beyond.
    pub processor_seconds: u64,
    /// Address space.
    pub memory_mib: u64,
    /// Bytes of output that are read; the rest is dropped.
    pub output_bytes: u64,
}

impl Default for RunLimits {
    fn default() -> Self {
        RunLimits {
            wall: Duration::from_secs(15),
            processor_seconds: 10,
            memory_mib: 1024,
            output_bytes: 4 << 20,
        }
    }
}

/// Why nothing ran, or not all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PythonError {
    /// There is no Python 3.10 or later.
    Missing {
        /// What was looked for and found.
        reason: String,
    },
    /// The folder of the run could not be made or written.
    Folder(String),
    /// The run was killed when it had taken this long.
    Deadline(Duration),
    /// It ended before the last example.
    Ended {
        /// What it wrote to standard error, cut.
        stderr: String,
    },
}

impl std::fmt::Display for PythonError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PythonError::Missing { reason } => {
                write!(out, "no Python to run the code with ({reason}); install python3, 3.10 or later")
            }
            PythonError::Folder(error) => write!(out, "no folder to run Python in: {error}"),
            PythonError::Deadline(wall) => write!(out, "Python was stopped after {} s", wall.as_secs()),
            PythonError::Ended { stderr } if stderr.is_empty() => {
                write!(out, "Python ended before the last example")
            }
            PythonError::Ended { stderr } => write!(out, "Python ended before the last example: {stderr}"),
        }
    }
}

impl std::error::Error for PythonError {}

/// An interpreter that can run generated code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Python {
    /// The program.
    pub program: PathBuf,
    /// Its version, as `3.11.7`.
    pub version: String,
}

#[derive(Serialize)]
struct Example<'a> {
    test: &'a str,
    setup: &'a str,
    call: &'a str,
    expected: &'a str,
}

#[derive(Deserialize)]
struct Line {
    call: Option<String>,
    expected: Option<String>,
    got: Option<String>,
    ok: Option<bool>,
    done: Option<usize>,
}

impl Python {
    /// The interpreter named by `LIFT_PYTHON`, otherwise `python3` in `PATH`.
    pub fn find() -> Result<Python, PythonError> {
        let asked = std::env::var_os("LIFT_PYTHON").filter(|value| !value.is_empty());
        let program = PathBuf::from(asked.unwrap_or_else(|| "python3".into()));
        let missing = |reason: String| PythonError::Missing { reason };
        // The interpreter behind a launcher: launchers may need the environment that the run does not get.
        let script = "import sys; print(sys.executable); print('%d.%d.%d' % sys.version_info[:3])";
        let asked = Command::new(&program)
            .args(["-I", "-S", "-c", script])
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| missing(format!("{}: {error}", program.display())))?;
        let limits = RunLimits { wall: LONGEST_LOOK, output_bytes: 4 << 10, ..RunLimits::default() };
        let (text, _) = wait(asked, &limits).map_err(|_| {
            let seconds = LONGEST_LOOK.as_secs();
            missing(format!("{} did not say its version in {seconds} s", program.display()))
        })?;
        let mut lines = text.lines();
        let (Some(executable), Some(version)) = (lines.next(), lines.next()) else {
            return Err(missing(format!("{} did not say its version", program.display())));
        };
        let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
        if (parts.next(), parts.next()) < (Some(3), Some(10)) {
            return Err(missing(format!("{} is {version}", program.display())));
        }
        Ok(Python { program: PathBuf::from(executable), version: version.to_owned() })
    }

    /// Runs the examples of generated code, in order. `module` is the name the tests import the module by.
    pub fn run_examples(
        &self,
        generated: &Generated,
        module: &str,
    ) -> Result<Vec<ExampleReport>, PythonError> {
        self.run_examples_within(generated, module, &RunLimits::default())
    }

    /// The same with other limits.
    pub fn run_examples_within(
        &self,
        generated: &Generated,
        module: &str,
        limits: &RunLimits,
    ) -> Result<Vec<ExampleReport>, PythonError> {
        let folder = tempfile::tempdir().map_err(|error| PythonError::Folder(error.to_string()))?;
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text)
                .map_err(|error| PythonError::Folder(error.to_string()))
        };
        let examples: Vec<Example<'_>> = generated
            .examples
            .iter()
            .map(|example| Example {
                test: &example.test,
                setup: &example.setup,
                call: &example.call,
                expected: &example.expected,
            })
            .collect();
        let examples =
            serde_json::to_string(&examples).map_err(|error| PythonError::Folder(error.to_string()))?;
        let tests = format!("test_{module}");
        write("driver.py", DRIVER)?;
        write(&format!("{module}.py"), &generated.module)?;
        write(&format!("{tests}.py"), &generated.tests)?;
        write("examples.json", &examples)?;
        let child = Command::new(&self.program)
            .args(["-I", "-S", "-B"])
            .arg(folder.path().join("driver.py"))
            .arg(folder.path())
            .args([&tests, &limits.memory_mib.to_string(), &limits.processor_seconds.to_string()])
            .current_dir(folder.path())
            .env_clear()
            .env("PYTHONHASHSEED", "0")
            // A Ctrl-C in the terminal is for us, and what the child starts is killed with it.
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| PythonError::Missing { reason: error.to_string() })?;
        let (stdout, stderr) = wait(child, limits)?;
        let mut results = Vec::new();
        let mut done = false;
        for line in stdout.lines() {
            let Ok(line) = serde_json::from_str::<Line>(line) else { continue };
            done |= line.done == Some(generated.examples.len());
            if let (Some(call), Some(expected), Some(got)) = (line.call, line.expected, line.got) {
                results.push(ExampleReport { call, expected, got, ok: line.ok });
            }
        }
        if done && results.len() == generated.examples.len() {
            Ok(results)
        } else {
            let last = stderr.trim().lines().last().unwrap_or("");
            Err(PythonError::Ended { stderr: last.chars().take(500).collect() })
        }
    }
}

/// A child that does not outlive this value.
struct Running(Child);

impl Running {
    /// Kills the child with whatever it started. Once it is collected its number may belong to somebody else.
    fn kill(&mut self) {
        if let Ok(None) = self.0.try_wait() {
            if let Ok(id) = i32::try_from(self.0.id()) {
                let _ = killpg(Pid::from_raw(id), Signal::SIGKILL);
            }
            let _ = self.0.kill();
        }
        let _ = self.0.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Waits until the child ends or its time is over; what it wrote, cut.
fn wait(child: Child, limits: &RunLimits) -> Result<(String, String), PythonError> {
    let mut running = Running(child);
    let stdout = gather(running.0.stdout.take(), limits.output_bytes);
    let stderr = gather(running.0.stderr.take(), limits.output_bytes);
    let began = Instant::now();
    let ended = loop {
        match running.0.try_wait() {
            Ok(Some(_)) | Err(_) => break true,
            Ok(None) if began.elapsed() > limits.wall => break false,
            Ok(None) => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    running.kill();
    let text = |reader: std::thread::JoinHandle<String>| reader.join().unwrap_or_default();
    let (stdout, stderr) = (text(stdout), text(stderr));
    if ended { Ok((stdout, stderr)) } else { Err(PythonError::Deadline(limits.wall)) }
}

/// Reads a stream on a thread of its own.
fn gather(stream: Option<impl Read + Send + 'static>, most: u64) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            let _ = stream.by_ref().take(most).read_to_end(&mut bytes);
            // The rest is read and dropped, so that the child is not kept waiting for a full pipe.
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
