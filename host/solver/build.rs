//! Finds Z3 and leaves its folder in the worker's run path, so that it starts with an empty environment.
//!
//! Fails with one sentence when Z3 is missing or too old: Z3 before 4.13.3 links, but ignores time limits.

use std::process::ExitCode;

const OLDEST: &str = "4.13.3";

fn main() -> ExitCode {
    println!("cargo:rerun-if-changed=build.rs");
    let found = pkg_config::Config::new().atleast_version(OLDEST).cargo_metadata(false).probe("z3");
    let z3 = match found {
        Ok(z3) => z3,
        Err(error) => {
            eprintln!(
                "lift-solver needs Z3 {OLDEST} or newer, found through pkg-config.\n\
                 Type `.ci/provision z3` at the top of the checkout (it fetches Z3's own build into .deps/z3), or \
                 install your system's libz3-dev if it is new enough, or set PKG_CONFIG_PATH to the folder of a z3.pc.\n\
                 \n{error}"
            );
            return ExitCode::FAILURE;
        }
    };
    // A Z3 that is shipped beside the worker comes first.
    let origin = if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("macos") {
        "@loader_path"
    } else {
        "$ORIGIN"
    };
    println!("cargo:rustc-link-arg-bins=-Wl,-rpath,{origin}");
    for folder in &z3.link_paths {
        println!("cargo:rustc-link-arg-bins=-Wl,-rpath,{}", folder.display());
    }
    ExitCode::SUCCESS
}
