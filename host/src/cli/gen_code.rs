//! `lift gen`.

use super::check::print_findings;
use super::output::{Exit, Failure, Output};
use super::source;
use lift_core::generate::{Contracts, Options, python};
use lift_core::report::{FileKind, FileReport, LeftOut};
use serde::Serialize;
use std::path::Path;

/// Languages code is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Language {
    /// Python 3.10 and later.
    Python,
}

/// What becomes of contracts in the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ContractMode {
    /// A broken precondition raises; postconditions are asserted.
    Raise,
    /// Both are asserted.
    Assert,
    /// They are only written down.
    Comment,
}

#[derive(Serialize)]
struct Report {
    schema: &'static str,
    path: String,
    files: Vec<FileReport>,
    left_out: Vec<LeftOut>,
    code: String,
}

pub(super) fn run(
    file: &Path,
    Language::Python: Language,
    out: Option<&Path>,
    contracts: ContractMode,
    stubs: bool,
    output: &Output,
) -> Result<Exit, Failure> {
    let source = source::read(file)?;
    let checked = source.checked();
    if checked.has_errors() {
        if !output.is_json() {
            print_findings(&source.path, &checked, output);
        }
        return Err(Failure {
            exit: Exit::Findings,
            ..Failure::usage(format!("{} has errors; no code was written", source.path))
        }
        .hint("lift check says what is wrong"));
    }
    let module = module_name(&source.path);
    let contracts = match contracts {
        ContractMode::Raise => Contracts::Raise,
        ContractMode::Assert => Contracts::Assert,
        ContractMode::Comment => Contracts::Comment,
    };
    let document =
        Path::new(&source.path).file_name().map_or_else(|| "document".into(), |name| name.to_string_lossy());
    let options = Options {
        document: document.into_owned(),
        module: module.clone(),
        contracts,
        stubs,
        ..Options::default()
    };
    let generated = python::python(&checked.program, &options);
    let left_out: Vec<LeftOut> = generated
        .left_out
        .iter()
        .map(|(name, why)| LeftOut { name: name.to_string(), why: why.clone() })
        .collect();
    let mut files = Vec::new();
    if let Some(folder) = out {
        std::fs::create_dir_all(folder)
            .map_err(|error| Failure::usage(format!("cannot make {}: {error}", folder.display())))?;
        let code = (format!("{module}.py"), FileKind::Code, &generated.module);
        let tests = (format!("test_{module}.py"), FileKind::Test, &generated.tests);
        for (name, kind, text) in [code, tests] {
            let path = folder.join(name);
            source::write(&path, text)?;
            files.push(FileReport { path: path.display().to_string(), kind });
        }
    }
    let exit = if left_out.is_empty() || stubs { Exit::Fine } else { Exit::Undecided };
    if output.is_json() {
        let report =
            Report { schema: "lift.gen/1", path: source.path, files, left_out, code: generated.module };
        output.json(&report)?;
        return Ok(exit);
    }
    if out.is_none() {
        output.line(generated.module.trim_end());
    }
    for file in &files {
        output.line(&format!("wrote {}", file.path));
    }
    for one in &left_out {
        output.say(&format!("no code for {}: {}", one.name, one.why));
    }
    Ok(exit)
}

/// A module name from a document's path: what a Python import accepts.
fn module_name(path: &str) -> String {
    let name =
        Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = name.strip_suffix(".spec.md").or_else(|| name.strip_suffix(".md")).unwrap_or(&name);
    python::module_name(stem)
}
