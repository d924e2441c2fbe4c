//! The faces, tried as a user would: the binary is started, its words and exit status are read.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod ask;
mod commands;
mod forward;
mod infer;
mod plan;
mod server;
mod tour;
mod verdicts;
#[path = "../common/worker.rs"]
mod worker;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use worker::worker_program;

/// The `lift` binary.
const LIFT: &str = env!("CARGO_BIN_EXE_lift");

/// Runs `lift`, with its solver beside it and no memory of earlier runs.
fn lift(arguments: &[&str]) -> Output {
    worker_program();
    let caches = tempfile::tempdir().unwrap();
    let mut command = Command::new(LIFT);
    command.args(arguments).env_remove("LIFT_SOLVER").env("XDG_CACHE_HOME", caches.path());
    command.output().unwrap()
}

/// The exit status and the JSON value that `lift ... --format json` prints.
fn lift_json(arguments: &[&str]) -> (i32, serde_json::Value) {
    let output = lift(&[arguments, &["--format", "json"]].concat());
    let text = String::from_utf8(output.stdout).unwrap();
    let value = serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{error}: {text}\n{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code().unwrap(), value)
}

/// A file of the repository.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}
