//! Turns the compiled workbench into the files a browser loads.
//!
//! `lift-web-build INDEX.html WASM_FOLDER OUT_FOLDER` reads the same `index.html` that Trunk reads and writes the same
//! files, so that a fresh machine need not build Trunk first; `trunk serve` stays the better tool while working on the
//! page. The page's Rust and its bundled JavaScript are compiled before (`make web` does).
//!
//! Promises: plain names, relative to the page (the server addresses them by release), the same input gives the same
//! bytes, and an instruction it does not know is an error, never skipped. Must not: fetch anything.

mod assets;
mod page;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [index, wasm, out] = arguments.as_slice() else {
        eprintln!("usage: lift-web-build INDEX.html WASM_FOLDER OUT_FOLDER");
        return ExitCode::from(2);
    };
    match assets::build(index, wasm, out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{}: {problem}", index.display());
            ExitCode::FAILURE
        }
    }
}
