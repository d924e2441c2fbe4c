//! What each instruction of the page becomes in the output folder.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::page::{Instruction, instructions};

/// Reads `index`, whose paths are relative to its own folder, and the modules in `wasm`; makes the folder `out`.
///
/// A page that came out the same is left alone, so that the host, which takes the files in, is not built again.
pub fn build(index: &Path, wasm: &Path, out: &Path) -> Result<(), String> {
    let fresh = out.with_extension("new");
    remove_folder(&fresh)?;
    fs::create_dir_all(&fresh).map_err(|error| at(&fresh, &error))?;
    write_page(index, wasm, &fresh)?;
    if same(&fresh, out) {
        return remove_folder(&fresh);
    }
    remove_folder(out)?;
    fs::rename(&fresh, out).map_err(|error| at(out, &error))
}

fn write_page(index: &Path, wasm: &Path, out: &Path) -> Result<(), String> {
    let page = fs::read_to_string(index).map_err(|error| error.to_string())?;
    let here = index.parent().unwrap_or(Path::new(""));
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
            Ok(format!(r#"<link rel="stylesheet" href="{name}">"#))
        }
        "icon" => {
            let name = copy_file(&source()?, out)?;
            Ok(format!(r#"<link rel="icon" href="{name}">"#))
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
    // Kept by the compiler for the sake of the section that says which features the module uses.
    bindgen.remove_name_section(true).remove_producers_section(true);
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
                    "import init from './{name}.js';await init({{ module_or_path: './{name}_bg.wasm' }});"
                ),
                _ => format!(
                    "importScripts('{name}.js');wasm_bindgen({{ module_or_path: '{name}_bg.wasm' }});"
                ),
            };
            write(&out.join(format!("{name}_loader.js")), &shim)?;
        }
        return Ok(String::new());
    }
    // A file, not a script in the page: the server's content security policy lets only files run.
    let loader = format!("import init from './{name}.js';\nawait init();\n");
    write(&out.join(format!("{name}_loader.js")), &loader)?;
    Ok(format!(
        r#"<link rel="modulepreload" href="{name}.js">
<link rel="preload" href="{name}_bg.wasm" as="fetch" type="application/wasm" crossorigin="anonymous">
<script type="module" src="{name}_loader.js"></script>"#
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

fn remove_folder(folder: &Path) -> Result<(), String> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(at(folder, &error)),
        _ => Ok(()),
    }
}

/// Do two folders, or two files, hold the same names and bytes? What cannot be read is like nothing else.
fn same(one: &Path, other: &Path) -> bool {
    let (Some(names), Some(other_names)) = (names(one), names(other)) else {
        return fs::read(one).is_ok_and(|bytes| fs::read(other).is_ok_and(|others| bytes == others));
    };
    names == other_names && names.iter().all(|name| same(&one.join(name), &other.join(name)))
}

/// What a folder holds, in order; nothing when it is no folder. The compressed forms of a file, put beside it later,
/// are part of the file.
fn names(folder: &Path) -> Option<Vec<OsString>> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .ok()?
        .map(|entry| entry.map(|it| it.file_name()))
        .collect::<Result<_, _>>()
        .ok()?;
    names.retain(|name| {
        let name = Path::new(name);
        let form = name.extension().is_some_and(|extension| extension == "br" || extension == "gz");
        !(form && folder.join(name.with_extension("")).is_file())
    });
    names.sort();
    Some(names)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A page that names a style sheet and an icon in a folder, built twice into `out`.
    #[test]
    fn a_page_that_came_out_the_same_is_not_written_again() {
        let folder = std::env::temp_dir().join(format!("lift-web-build-{}", std::process::id()));
        let (index, out) = (folder.join("index.html"), folder.join("dist"));
        fs::create_dir_all(folder.join("icons")).unwrap();
        fs::write(folder.join("icons/one.svg"), "<svg/>").unwrap();
        fs::write(folder.join("a.css"), "b{}").unwrap();
        fs::write(
            &index,
            r#"<p><link data-trunk rel="css" href="a.css"><link data-trunk rel="copy-dir" href="icons">"#,
        )
        .unwrap();
        let written = || fs::metadata(out.join("a.css")).unwrap().modified().unwrap();

        build(&index, &folder, &out).unwrap();
        assert_eq!(
            fs::read_to_string(out.join("index.html")).unwrap(),
            r#"<p><link rel="stylesheet" href="a.css">"#
        );
        assert_eq!(fs::read_to_string(out.join("icons/one.svg")).unwrap(), "<svg/>");
        let first = written();
        fs::write(out.join("a.css.br"), "squeezed").unwrap();
        build(&index, &folder, &out).unwrap();
        assert_eq!(written(), first);

        fs::write(folder.join("icons/one.svg"), "<svg></svg>").unwrap();
        build(&index, &folder, &out).unwrap();
        assert_eq!(fs::read_to_string(out.join("icons/one.svg")).unwrap(), "<svg></svg>");
        assert!(!out.join("a.css.br").exists());
        assert!(!folder.join("dist.new").exists());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn an_instruction_it_does_not_know_is_named_and_leaves_the_old_page() {
        let folder = std::env::temp_dir().join(format!("lift-web-build-unknown-{}", std::process::id()));
        let (index, out) = (folder.join("index.html"), folder.join("dist"));
        fs::create_dir_all(&out).unwrap();
        fs::write(out.join("index.html"), "old").unwrap();
        fs::write(&index, r#"<link data-trunk rel="sass" href="a.scss">"#).unwrap();
        assert!(build(&index, &folder, &out).unwrap_err().contains("sass"));
        assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "old");
        fs::remove_dir_all(folder).unwrap();
    }
}
