//! Folders for what can be made again, which nobody but the user can write to.
//!
//! What is found in a cache is believed (a verdict, native code), so a folder that others can write to is none.

use std::path::{Path, PathBuf};

/// The user's folder for one kind of thing: in `$XDG_CACHE_HOME/lift`, or in `~/.cache/lift`. `None` when there is no
/// such place or others could write to it.
pub fn of_user(kind: &str) -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let caches = set("XDG_CACHE_HOME").or_else(|| Some(set("HOME")?.join(".cache")))?;
    let folder = caches.join("lift").join(kind);
    make_private(&folder)?;
    Some(folder)
}

/// Makes the folder, for this user alone; `None` when it cannot be or when others could write to it.
#[cfg(unix)]
pub fn make_private(folder: &Path) -> Option<()> {
    use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).ok()?;
    // A file made here is owned by whoever runs this, which tells us who that is.
    let probe = tempfile::NamedTempFile::new_in(folder).ok()?;
    let me = probe.as_file().metadata().ok()?.uid();
    let found = std::fs::symlink_metadata(folder).ok()?;
    (found.is_dir() && found.uid() == me && found.mode() & 0o022 == 0).then_some(())
}

/// Without owners and modes to look at there is no telling, so there is no cache.
#[cfg(not(unix))]
pub fn make_private(_: &Path) -> Option<()> {
    None
}
