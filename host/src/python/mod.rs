//! Running generated Python: a child process with limits, and nothing it needs to know of us.
//!
//! `python3` gets a folder of its own, an empty environment, no standard input, and sets its own memory, time and
//! file limits before it reads generated code ([`DRIVER`]); beyond a deadline it is killed. Only the module and
//! the document's own examples run. Without Python everything else of lift works.

use lift_core::generate::Generated;
use lift_core::report::ExampleReport;
use serde::{Deserialize, Serialize};
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The program that runs in the child.
const DRIVER: &str = include_str!("driver.py");

/// How long a run may take on the wall clock.
const DEADLINE: Duration = Duration::from_secs(15);

/// The longest output that is read, in bytes.
const LONGEST_OUTPUT: u64 = 4 << 20;

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
    /// The run was killed at its deadline.
    Deadline,
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
            PythonError::Deadline => write!(out, "Python was stopped after {} s", DEADLINE.as_secs()),
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
        let asked = Command::new(&program).args(["-I", "-S", "-c", script]).stdin(Stdio::null()).output();
        let output = asked.map_err(|error| missing(format!("{}: {error}", program.display())))?;
        let text = String::from_utf8_lossy(&output.stdout);
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

    /// Runs the examples of generated code.
    pub fn run_examples(
        &self,
        generated: &Generated,
        module: &str,
    ) -> Result<Vec<ExampleReport>, PythonError> {
        let folder = tempfile::tempdir().map_err(|error| PythonError::Folder(error.to_string()))?;
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text)
                .map_err(|error| PythonError::Folder(error.to_string()))
        };
        let examples: Vec<Example<'_>> = generated
            .examples
            .iter()
            .map(|example| Example { call: &example.call, expected: &example.expected })
            .collect();
        let examples =
            serde_json::to_string(&examples).map_err(|error| PythonError::Folder(error.to_string()))?;
        write("driver.py", DRIVER)?;
        write(&format!("{module}.py"), &generated.module)?;
        write("examples.json", &examples)?;
        let child = Command::new(&self.program)
            .args(["-I", "-S", "-B"])
            .arg(folder.path().join("driver.py"))
            .arg(folder.path())
            .arg(module)
            .current_dir(folder.path())
            .env_clear()
            .env("PYTHONHASHSEED", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| PythonError::Missing { reason: error.to_string() })?;
        let (stdout, stderr) = wait(child)?;
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

/// Waits until the child ends or its deadline passes; what it wrote, cut.
fn wait(mut child: Child) -> Result<(String, String), PythonError> {
    let read = |stream: Option<Box<dyn Read + Send>>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            if let Some(mut stream) = stream {
                let _ = stream.by_ref().take(LONGEST_OUTPUT).read_to_end(&mut bytes);
                // The rest is read and dropped, so that the child is not kept waiting for a full pipe.
                let _ = std::io::copy(&mut stream, &mut std::io::sink());
            }
            String::from_utf8_lossy(&bytes).into_owned()
        })
    };
    let stdout = read(child.stdout.take().map(|stream| Box::new(stream) as Box<dyn Read + Send>));
    let stderr = read(child.stderr.take().map(|stream| Box::new(stream) as Box<dyn Read + Send>));
    let began = Instant::now();
    let mut killed = false;
    loop {
        match child.try_wait() {
            Ok(Some(_)) | Err(_) => break,
            Ok(None) if began.elapsed() > DEADLINE => {
                killed = true;
                let _ = child.kill();
                let _ = child.wait();
                break;
            }
            Ok(None) => std::thread::sleep(Duration::from_millis(2)),
        }
    }
    let text = |reader: std::thread::JoinHandle<String>| reader.join().unwrap_or_default();
    let (stdout, stderr) = (text(stdout), text(stderr));
    if killed { Err(PythonError::Deadline) } else { Ok((stdout, stderr)) }
}
