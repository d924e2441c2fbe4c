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

/// Makes the folder, for this user alone; `None` when it cannot be or when others could write to it, or could put
/// another in its place: whoever can write to a folder above it can.
#[cfg(unix)]
pub fn make_private(folder: &Path) -> Option<()> {
    use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).ok()?;
    if !std::fs::symlink_metadata(folder).ok()?.is_dir() {
        return None;
    }
    // A file made here is owned by whoever runs this, which tells us who that is.
    let probe = tempfile::NamedTempFile::new_in(folder).ok()?;
    let me = probe.as_file().metadata().ok()?.uid();
    let folder = folder.canonicalize().ok()?;
    let found = folder.metadata().ok()?;
    let is_ours = found.uid() == me && found.mode() & 0o022 == 0;
    let is_out_of_reach = folder.ancestors().skip(1).all(|above| {
        above.metadata().is_ok_and(|found| {
            // Where everybody may write but nobody may rename what is another's, as in `/tmp`, it stays in its place.
            let others_cannot = found.mode() & 0o022 == 0 || found.mode() & 0o1000 != 0;
            (found.uid() == me || found.uid() == 0) && others_cannot
        })
    });
    (is_ours && is_out_of_reach).then_some(())
}

/// Whether a file in such a folder is this user's own: another's may have come in before the folder was closed.
#[cfg(unix)]
pub fn is_own(file: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let Some(folder) = file.parent().and_then(|folder| folder.metadata().ok()) else { return false };
    std::fs::symlink_metadata(file)
        .is_ok_and(|found| found.is_file() && found.uid() == folder.uid() && found.mode() & 0o022 == 0)
}

/// Without owners there is no cache either.
#[cfg(not(unix))]
pub fn is_own(_: &Path) -> bool {
    false
}

/// Without owners and modes to look at there is no telling, so there is no cache.
#[cfg(not(unix))]
pub fn make_private(_: &Path) -> Option<()> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn set(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_folder_that_others_reach_is_none() {
        let root = tempfile::tempdir().unwrap();
        let above = root.path().join("above");
        let folder = above.join("lift").join("solver");
        assert_eq!(make_private(&folder), Some(()));
        for (path, mode, private) in [
            (&folder, 0o770, false),
            (&folder, 0o700, true),
            (&above, 0o777, false),
            (&above, 0o1777, true),
            (&above, 0o755, true),
        ] {
            set(path, mode);
            assert_eq!(make_private(&folder).is_some(), private, "{mode:o} for {}", path.display());
        }
        let elsewhere = root.path().join("link");
        std::os::unix::fs::symlink(&folder, &elsewhere).unwrap();
        assert_eq!(make_private(&elsewhere), None);
    }

    #[test]
    fn only_plain_files_of_the_user_count() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("entry");
        assert!(!is_own(&file));
        std::fs::write(&file, "x").unwrap();
        set(&file, 0o600);
        assert!(is_own(&file));
        set(&file, 0o666);
        assert!(!is_own(&file));
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert!(!is_own(&link));
    }
}
