//! Where the worker's program is.

use super::stopped::Unavailable;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Names another `lift-solver` than the one that would be found.
const OVERRIDE: &str = "LIFT_SOLVER";

const NAME: &str = "lift-solver";

/// Which program to run as a worker.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Program {
    /// The one in `LIFT_SOLVER`; otherwise the one beside this program; otherwise the first in `PATH`.
    #[default]
    Search,
    /// This one.
    At(PathBuf),
}

impl Program {
    /// Whether the environment names the program that a search would take.
    pub fn is_overridden() -> bool {
        env::var_os(OVERRIDE).is_some()
    }

    /// The program's absolute path.
    pub(super) fn locate(&self) -> Result<PathBuf, Unavailable> {
        match self {
            Program::At(path) => first(vec![path.clone()]),
            Program::Search => {
                first(candidates(env::var_os(OVERRIDE), env::current_exe().ok(), env::var_os("PATH")))
            }
        }
    }
}

/// Where to look, in order. An override is the only place: a wrong one is an error, not a reason to take another.
fn candidates(overridden: Option<OsString>, this: Option<PathBuf>, path: Option<OsString>) -> Vec<PathBuf> {
    if let Some(overridden) = overridden {
        return vec![PathBuf::from(overridden)];
    }
    let mut folders = Vec::new();
    if let Some(folder) = this.as_deref().and_then(Path::parent) {
        folders.push(folder.to_owned());
        // Test binaries lie one folder below what they test.
        if folder.ends_with("deps") {
            folders.extend(folder.parent().map(Path::to_owned));
        }
    }
    // An empty entry in PATH means the current folder; a solver is not taken from wherever somebody stands.
    folders.extend(path.iter().flat_map(env::split_paths).filter(|folder| folder.is_absolute()));
    folders.into_iter().map(|folder| folder.join(NAME)).collect()
}

fn first(candidates: Vec<PathBuf>) -> Result<PathBuf, Unavailable> {
    let found = candidates.iter().find(|candidate| candidate.is_file());
    // The worker runs in another folder, so a relative path would mean another file there.
    match found.and_then(|found| found.canonicalize().ok()) {
        Some(program) => Ok(program),
        None => Err(Unavailable::NotFound { looked: candidates }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_override_is_the_only_place() {
        let found =
            candidates(Some("/elsewhere/solver".into()), Some("/opt/lift/lift".into()), Some("/bin".into()));
        assert_eq!(found, [PathBuf::from("/elsewhere/solver")]);
    }

    #[test]
    fn beside_this_program_then_in_the_path() {
        let found = candidates(None, Some("/opt/lift/lift".into()), Some("/usr/bin::relative:/bin".into()));
        assert_eq!(
            found,
            ["/opt/lift/lift-solver", "/usr/bin/lift-solver", "/bin/lift-solver"].map(PathBuf::from)
        );
        let in_tests = candidates(None, Some("/target/debug/deps/solver-12ab".into()), None);
        assert_eq!(
            in_tests,
            ["/target/debug/deps/lift-solver", "/target/debug/lift-solver"].map(PathBuf::from)
        );
    }

    #[test]
    fn a_missing_program_is_named() {
        let missing = Program::At("/nowhere/lift-solver".into()).locate().unwrap_err();
        assert!(missing.to_string().contains("/nowhere/lift-solver"), "{missing}");
        assert!(missing.to_string().contains("LIFT_SOLVER"), "{missing}");
    }
}
