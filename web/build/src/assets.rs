//! What each instruction of the page becomes in the output folder.

use std::fs;
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::page::{Instruction, instructions};

/// Reads `index`, whose paths are relative to its own folder, and the modules in `wasm`; replaces the folder `out`.
pub fn build(index: &Path, wasm: &Path, out: &Path) -> Result<(), String> {
    let page = fs::read_to_string(index).map_err(|error| error.to_string())?;
    let here = index.parent().unwrap_or(Path::new(""));
    if out.exists() {
        fs::remove_dir_all(out).map_err(|error| at(out, &error))?;
    }
    fs::create_dir_all(out).map_err(|error| at(out, &error))?;

    let mut html = String::with_capacity(page.len());
    let mut copied = 0;
    for instruction in instructions(&page)? {
        html.push_str(page.get(copied..instruction.span.start).unwrap_or_default());
        html.push_str(&carry_out(&instruction, here, wasm, out)?);
        copied = instruction.span.end;
    }
    html.push_str(page.get(copied..).unwrap_or_default());
    write(&out.join("index.html"), &html)
}

/// Does what the instruction asks; answers the HTML that takes its place.
fn carry_out(instruction: &Instruction, here: &Path, wasm: &Path, out: &Path) -> Result<String, String> {
    let source = || instruction.required("href").map(|href| here.join(href));
    match instruction.required("rel")? {
        "rust" => rust(instruction, wasm, out),
        "css" => {
            let name = copy_file(&source()?, out)?;
            Ok(format!(r#"<link rel="stylesheet" href="/{name}">"#))
        }
        "icon" => {
            let name = copy_file(&source()?, out)?;
            Ok(format!(r#"<link rel="icon" href="/{name}">"#))
        }
        "copy-file" => copy_file(&source()?, out).map(|_| String::new()),
        "copy-dir" => {
            let from = source()?;
            copy_folder(&from, &out.join(file_name(&from)?)).map(|()| String::new())
        }
        other => Err(format!("rel=\"{other}\" is not one of rust, css, icon, copy-file, copy-dir")),
    }
}

/// A compiled binary: its JavaScript and wasm, started by the page or loadable as a worker.
fn rust(instruction: &Instruction, wasm: &Path, out: &Path) -> Result<String, String> {
    let name = instruction.required("bin")?;
    let attribute = |name: &str| instruction.attributes.get(name).map(String::as_str);
    let worker = match attribute("type") {
        None | Some("main") => false,
        Some("worker") => true,
        Some(other) => return Err(format!("{name}: data-type=\"{other}\" is not main or worker")),
    };
    let target = attribute("bindgen-target").unwrap_or(if worker { "no-modules" } else { "web" });

    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm.join(name).with_extension("wasm")).out_name(name).typescript(false);
    // The name wasm-bindgen's own command gives the module, so that a loader need not say it again.
    bindgen.omit_default_module_path(false);
    match target {
        "web" => bindgen.web(true),
        "no-modules" => bindgen.no_modules(true),
        other => return Err(format!("{name}: data-bindgen-target=\"{other}\" is not web or no-modules")),
    }
    .and_then(|bindgen| bindgen.generate(out))
    .map_err(|error| format!("{name}: {error:#}"))?;

    if worker {
        if attribute("loader-shim").is_some() {
            let shim = match target {
                "web" => format!(
                    "import init from '/{name}.js';await init({{ module_or_path: '/{name}_bg.wasm' }});"
                ),
                _ => format!(
                    "importScripts('/{name}.js');wasm_bindgen({{ module_or_path: '/{name}_bg.wasm' }});"
                ),
            };
            write(&out.join(format!("{name}_loader.js")), &shim)?;
        }
        return Ok(String::new());
    }
    // A file, not a script in the page: the server's content security policy lets only files run.
    let loader =
        format!("import init from '/{name}.js';\nawait init({{ module_or_path: '/{name}_bg.wasm' }});\n");
    write(&out.join(format!("{name}_loader.js")), &loader)?;
    Ok(format!(
        r#"<link rel="modulepreload" href="/{name}.js">
<link rel="preload" href="/{name}_bg.wasm" as="fetch" type="application/wasm" crossorigin="anonymous">
<script type="module" src="/{name}_loader.js"></script>"#
    ))
}

/// Copies a file into the folder under its own name, which it answers.
fn copy_file(from: &Path, folder: &Path) -> Result<String, String> {
    let name = file_name(from)?;
    fs::copy(from, folder.join(&name)).map_err(|error| at(from, &error))?;
    Ok(name)
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), String> {
    fs::create_dir_all(to).map_err(|error| at(to, &error))?;
    for entry in fs::read_dir(from).map_err(|error| at(from, &error))? {
        let path: PathBuf = entry.map_err(|error| at(from, &error))?.path();
        if path.is_dir() {
            copy_folder(&path, &to.join(file_name(&path)?))?;
        } else {
            copy_file(&path, to)?;
        }
    }
    Ok(())
}

fn file_name(path: &Path) -> Result<String, String> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.map(str::to_owned).ok_or_else(|| format!("{} does not name a file", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| at(path, &error))
}

fn at(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
