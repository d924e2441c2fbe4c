//! The `lift` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    lift::cli::main()
}
