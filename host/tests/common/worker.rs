//! The solver's worker of this build.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// Its program. Tests of one package do not build the programs of another, so it is built when it is missing.
pub fn worker_program() -> PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    let program = PROGRAM.get_or_init(|| {
        let mut folder = std::env::current_exe().unwrap();
        folder.pop();
        if folder.ends_with("deps") {
            folder.pop();
        }
        let program = folder.join("lift-solver");
        if !program.is_file() {
            // From the top, as everything else is built: else the dependencies have other features, and build again.
            let built = Command::new(env!("CARGO"))
                .args(["build", "--quiet", "--bin", "lift-solver"])
                .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
                .status()
                .unwrap();
            assert!(built.success(), "cargo build --bin lift-solver failed");
        }
        program
    });
    program.clone()
}
