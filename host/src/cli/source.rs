//! Reading documents: bounded, UTF-8, with errors that say what to do.

use super::output::Failure;
use std::io::Read;
use std::path::Path;

/// The longest document that is read, in bytes.
const LONGEST: u64 = 8 << 20;

/// A document and the path it is called by.
#[derive(Debug)]
pub(super) struct Source {
    pub path: String,
    pub text: String,
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
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(fail)?;
    std::io::Write::write_all(&mut file, text.as_bytes()).map_err(fail)?;
    file.as_file().sync_all().map_err(fail)?;
    if let Ok(metadata) = std::fs::metadata(path) {
        std::fs::set_permissions(file.path(), metadata.permissions()).map_err(fail)?;
    }
    file.persist(path).map_err(|error| fail(error.error))?;
    Ok(())
}
