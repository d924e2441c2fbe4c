//! Compiles the folder `library/` in, so that the core draws on it without reading files, and names the state of the
//! engine, so that two builds of it know whether they are the same.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?).join("../library");
    let root = root.canonicalize()?;
    // Relative, so that a build folder shared by two checkouts looks at the files of each.
    println!("cargo::rerun-if-changed=../library");
    let mut documents = Vec::new();
    collect(&root, &root, &mut documents)?;
    documents.sort();
    let mut table =
        String::from("/// Path inside `library/` and text.\nstatic IDIOMS: &[(&str, &str)] = &[\n");
    for (name, path) in &documents {
        table.push_str(&format!("    ({name:?}, include_str!({:?})),\n", path.display().to_string()));
    }
    table.push_str("];\n\n/// `library/lexicon.txt`.\n");
    let lexicon = root.join("lexicon.txt").display().to_string();
    table.push_str(&format!("static LEXICON: &str = include_str!({lexicon:?});\n"));
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(out.join("library.rs"), table)?;
    println!("cargo::rerun-if-changed=src");
    println!(
        "cargo::rustc-env=LIFT_ENGINE={}+{:016x}",
        env!("CARGO_PKG_VERSION"),
        sources(Path::new("src"))?
    );
    Ok(())
}

/// What the engine is made of, tests left out, as one number (64-bit FNV-1a: it tells builds apart and guards nothing).
fn sources(root: &Path) -> io::Result<u64> {
    let (mut found, mut folders) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            match path.file_name().is_some_and(|name| name == "tests" || name == "tests.rs") {
                true => {}
                false if path.is_dir() => folders.push(path),
                false => found.push(path),
            }
        }
    }
    found.sort();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for path in found {
        let name = path.to_string_lossy().replace('\\', "/");
        for byte in name.bytes().chain([0]).chain(fs::read(&path)?).chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    Ok(hash)
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, found)?;
        } else if path.to_string_lossy().ends_with(".spec.md") {
            let name = path.strip_prefix(root).map_err(io::Error::other)?.components();
            let name = name
                .map(|part| part.as_os_str().to_string_lossy().into_owned())
                .collect::<Vec<_>>()
                .join("/");
            found.push((name, path));
        }
    }
    Ok(())
}
