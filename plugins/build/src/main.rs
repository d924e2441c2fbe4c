//! Makes components out of the plugins' core modules.
//!
//! `lift-plugin-build OUT_FOLDER MODULE.wasm...` writes `lift_plugin_NAME.wasm` as the component `OUT_FOLDER/NAME.wasm`.
//!
//! Promises: a module that imports anything its world does not give it (WASI, a clock, `env`) is an error that names
//! the module, so no such plugin can be shipped; a module's `prepare` has run when it is shipped; a component that
//! came out the same is not written again, so the host is not built again. Must not: compile Rust; `make plugins`
//! does that first.

mod prepare;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use wit_component::ComponentEncoder;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let out = arguments.next();
    let modules: Vec<_> = arguments.collect();
    let Some(out) = out.filter(|_| !modules.is_empty()) else {
        eprintln!("usage: lift-plugin-build OUT_FOLDER MODULE.wasm...");
        return ExitCode::from(2);
    };
    for module in modules {
        match componentize(&module, &out) {
            Ok(component) => eprintln!("{}", component.display()),
            Err(problem) => {
                eprintln!("{}: {problem}", module.display());
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

/// Encodes one module; answers the component's path.
fn componentize(module: &Path, out: &Path) -> Result<PathBuf, String> {
    let name = plugin_name(module).ok_or("expected a file called lift_plugin_NAME.wasm")?;
    let bytes = std::fs::read(module).map_err(|error| error.to_string())?;
    let bytes = prepare::prepared(bytes).map_err(|error| format!("its `prepare` failed: {error:#}"))?;
    let component = ComponentEncoder::default()
        .module(&bytes)
        .and_then(|encoder| encoder.validate(true).encode())
        .map_err(|error| format!("not a plugin of the world in wit/: {error:#}"))?;
    let path = out.join(name).with_extension("wasm");
    if std::fs::read(&path).is_ok_and(|there| there == component) {
        return Ok(path);
    }
    std::fs::create_dir_all(out)
        .and_then(|()| std::fs::write(&path, component))
        .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    Ok(path)
}

/// `lift_plugin_signature.wasm` is the plugin `signature`.
fn plugin_name(module: &Path) -> Option<&str> {
    module.file_stem()?.to_str()?.strip_prefix("lift_plugin_").filter(|name| !name.is_empty())
}
