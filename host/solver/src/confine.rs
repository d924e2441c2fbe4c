//! What this process gives up before it reads its first query.
//!
//! A query is text from a document, and Z3 is a large program: limits are set here, in the process they bind, so
//! that they hold even if the host is gone. Unix only, like the worker.

use nix::sys::resource::{Resource, UsageWho, getrlimit, getrusage, setrlimit};
use nix::unistd::{close, dup, dup2_stderr, dup2_stdin, dup2_stdout};
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io;

const NOWHERE: &str = "/dev/null";
const MIB: u64 = 1 << 20;
/// Address space beyond Z3's own memory: code, stacks, the allocator's arenas, the text of a query.
const BESIDE_Z3: u64 = 512;
/// Room for the recursion of Z3's procedures on deep terms.
const STACK_MIB: u64 = 64;

/// How much memory a worker may have when the host does not say, in MiB.
pub const DEFAULT_MEMORY_MIB: u64 = 1024;

/// A limit that could not be set.
#[derive(Debug)]
pub struct NotConfined {
    /// Which.
    limit: &'static str,
    /// What the system said.
    error: String,
}

impl fmt::Display for NotConfined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot limit {}: {}", self.limit, self.error)
    }
}

fn limit(what: &'static str, resource: Resource, most: u64) -> Result<(), NotConfined> {
    let failed = |error: nix::Error| NotConfined { limit: what, error: error.to_string() };
    let (_, hard) = getrlimit(resource).map_err(failed)?;
    let most = most.min(hard);
    setrlimit(resource, most, most).map_err(failed)
}

/// Gives up everything a solver does not need. `memory_mib` is what Z3 itself may allocate.
pub fn confine(memory_mib: u64) -> Result<(), NotConfined> {
    close_inherited();
    limit("address space", Resource::RLIMIT_AS, (memory_mib + BESIDE_Z3) * MIB)?;
    limit("core dumps", Resource::RLIMIT_CORE, 0)?;
    limit("files written", Resource::RLIMIT_FSIZE, 0)?;
    limit("open files", Resource::RLIMIT_NOFILE, 16)?;
    if let Ok((_, hard)) = getrlimit(Resource::RLIMIT_STACK) {
        // More stack is a wish: without it a deep term ends the process sooner, which is an *unknown* either way.
        let _ = setrlimit(Resource::RLIMIT_STACK, (STACK_MIB * MIB).min(hard), hard);
    }
    #[cfg(target_os = "linux")]
    {
        use nix::sys::prctl;
        use nix::sys::signal::Signal;
        let failed = |limit| move |error: nix::Error| NotConfined { limit, error: error.to_string() };
        prctl::set_pdeathsig(Signal::SIGKILL).map_err(failed("life to the host's"))?;
        prctl::set_no_new_privs().map_err(failed("privileges"))?;
        prctl::set_dumpable(false).map_err(failed("tracing"))?;
    }
    let _ = std::env::set_current_dir("/");
    Ok(())
}

/// Closes what an ancestor forgot to close; only the three standard streams stay.
fn close_inherited() {
    let Ok(folder) = std::fs::read_dir("/dev/fd") else { return };
    let open: Vec<i32> =
        folder.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    for descriptor in open.into_iter().filter(|&descriptor| descriptor > 2) {
        // The folder itself was among them and is closed already.
        let _ = close(descriptor);
    }
}

/// Allows `seconds` of processor time from now on; the system ends the process after that. It is the limit
/// behind the host's: a worker whose host hangs does not spin for ever.
pub fn limit_processor_time(seconds: u32) -> Result<(), NotConfined> {
    let failed = |error: nix::Error| NotConfined { limit: "processor time", error: error.to_string() };
    let used = getrusage(UsageWho::RUSAGE_SELF).map_err(failed)?;
    let used = used.user_time().tv_sec() + used.system_time().tv_sec();
    let (_, hard) = getrlimit(Resource::RLIMIT_CPU).map_err(failed)?;
    let soft = u64::try_from(used).unwrap_or(0).saturating_add(u64::from(seconds)).saturating_add(1);
    setrlimit(Resource::RLIMIT_CPU, soft.min(hard), hard).map_err(failed)
}

/// Takes standard input and output for requests and replies alone: whatever else writes there (Z3 can) writes to
/// nowhere.
pub fn only_channel() -> io::Result<(File, File)> {
    let (requests, replies) = (dup(io::stdin())?, dup(io::stdout())?);
    let nowhere = OpenOptions::new().read(true).write(true).open(NOWHERE)?;
    dup2_stdin(&nowhere)?;
    dup2_stdout(&nowhere)?;
    Ok((File::from(requests), File::from(replies)))
}

/// From now on errors go nowhere. Until the greeting the host reads them, to say why a worker did not start.
pub fn silence_errors() -> io::Result<()> {
    Ok(dup2_stderr(OpenOptions::new().write(true).open(NOWHERE)?)?)
}
