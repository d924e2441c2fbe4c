//! Reading documents: bounded, UTF-8, with errors that say what to do.

use super::folder::Folder;
use super::output::{Exit, Failure, Output};
use lift_core::check::{Checked, check, check_with};
use lift_core::draft::{IdiomSource, Library};
use lift_core::holes::{Decision, DecisionError, fill, fill_beside};
use std::io::Read;
use std::path::Path;

/// The longest document that is read, in bytes.
pub(super) const LONGEST: u64 = 8 << 20;

/// A document and the path it is called by.
#[derive(Debug)]
pub(super) struct Source {
    pub path: String,
    pub text: String,
}

impl Source {
    /// The document, checked with those it imports. Standard input stands alone.
    pub(super) fn checked(&self) -> Checked {
        let around = if self.path == "-" { None } else { Folder::around(Path::new(&self.path)) };
        match around {
            Some((documents, name)) => check_with(&name, &self.text, &documents),
            None => check(&self.text),
        }
    }

    /// The document, checked, if no error is in it; otherwise those it has, and that for want of its sense `nothing`.
    pub(super) fn sound(&self, nothing: &str, output: &Output) -> Result<Checked, Failure> {
        let checked = self.checked();
        if !checked.has_errors() {
            return Ok(checked);
        }
        if !output.is_json() {
            super::check::print_findings(&self.path, &checked, output);
        }
        let failure = Failure::usage(format!("{} has errors, so {nothing}", self.path));
        Err(Failure { exit: Exit::Findings, ..failure }.hint("`lift check` lists them"))
    }

    /// The decision that puts `term` where a hole of it stands. A hole for a document takes one of those beside it.
    pub(super) fn filled(
        &self,
        checked: &Checked,
        hole: &str,
        term: &str,
    ) -> Result<Decision, DecisionError> {
        let around = if self.path == "-" { None } else { Folder::around(Path::new(&self.path)) };
        match around {
            Some((documents, _)) => fill_beside(checked, hole, term, &documents),
            None => fill(checked, hole, term),
        }
    }
}

/// Reads a file, or standard input for `-`.
pub(super) fn read(path: &Path) -> Result<Source, Failure> {
    let name = path.display().to_string();
    let mut bytes = Vec::new();
    let read = if name == "-" {
        std::io::stdin().lock().take(LONGEST + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| {
        let failure = Failure::usage(format!("cannot read {name}: {error}"));
        match error.kind() {
            std::io::ErrorKind::NotFound => failure.hint("check the path; documents end in .spec.md"),
            _ => failure,
        }
    })?;
    if bytes.len() as u64 > LONGEST {
        return Err(Failure::usage(format!("{name} is longer than {} MiB", LONGEST >> 20)).hint("split it"));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::usage(format!("{name} is not UTF-8 text (byte {at})")).hint("save it as UTF-8")
    })?;
    Ok(Source { path: name, text })
}

/// Replaces a file's content in one step: readers see the old text or the new one, never half.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let fail = |error: std::io::Error| Failure::usage(format!("cannot write {}: {error}", path.display()));
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = beside(folder).map_err(fail)?;
    std::io::Write::write_all(&mut file, text.as_bytes()).map_err(fail)?;
    file.as_file().sync_all().map_err(fail)?;
    if let Ok(metadata) = std::fs::metadata(path) {
        std::fs::set_permissions(file.path(), metadata.permissions()).map_err(fail)?;
    }
    file.persist(path).map_err(|error| fail(error.error))?;
    Ok(())
}

/// A new file with the rights that the user's files have (its own would be readable by nobody else).
fn beside(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // The system takes from this what the user's mask takes from every new file.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// Writes what a document becomes, unless it was changed meanwhile; `dry` prints it. `what` says what is written.
pub(super) fn accept(
    path: &Path,
    source: &Source,
    becomes: &str,
    dry: bool,
    what: &str,
    output: &Output,
) -> Result<Exit, Failure> {
    if dry || source.path == "-" {
        output.line(becomes.trim_end());
        return Ok(Exit::Fine);
    }
    if read(path)?.text != source.text {
        let failure = Failure::usage(format!("{} was changed meanwhile", source.path));
        return Err(failure.hint("nothing was written; run it again"));
    }
    write(path, becomes)?;
    output.say(&format!("{}: {what} written", source.path));
    Ok(Exit::Fine)
}

/// The idioms of a folder: every `.spec.md` in it and below, in order of path. Bounded in number.
pub(super) fn idioms(folder: &Path) -> Result<Vec<IdiomSource>, Failure> {
    const MOST: usize = 2_000;
    let fail = |error: std::io::Error| {
        Failure::usage(format!("cannot read the idioms in {}: {error}", folder.display()))
    };
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).map_err(fail)? {
            let entry = entry.map_err(fail)?;
            let (path, kind) = (entry.path(), entry.file_type().map_err(fail)?);
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() && path.to_string_lossy().ends_with(".spec.md") {
                found.push(path);
            }
            if found.len() + folders.len() > MOST {
                return Err(Failure::usage(format!("{} holds more than {MOST} documents", folder.display())));
            }
        }
    }
    found.sort();
    found
        .iter()
        .map(|path| read(path).map(|source| IdiomSource { path: source.path, text: source.text }))
        .collect()
}

/// Says which idioms of the user's own were left out, and why.
pub(super) fn say_problems(library: &Library, output: &Output) {
    for problem in &library.problems {
        output.say(&format!("lift: {}: {}", problem.path, problem.message));
    }
}
