//! Compiled components, kept between runs: Cranelift takes seconds where loading its result takes milliseconds.
//!
//! An entry is named by what decides it: the component's bytes, the runtime's version and its settings. It holds
//! native code, so it is only taken from a folder that nobody else can write to, and only when it is what was
//! written, to the last byte. A cache that cannot be used is no error: the component is compiled again.

use std::fs;
use std::hash::{Hash, Hasher};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::caches;
use wasmtime::Engine;
use wasmtime::component::Component;

/// How many entries are kept; the least recently written go first.
const KEPT: usize = 24;
/// Length of a BLAKE3 hash.
const SEAL: usize = blake3::OUT_LEN;

/// A folder of compiled components.
#[derive(Clone, Debug)]
pub struct CompiledCache {
    folder: PathBuf,
}

impl CompiledCache {
    /// The cache in `folder`, which is made if it is not there; `None` when others could write to it.
    pub fn open(folder: &Path) -> Option<Self> {
        caches::make_private(folder)?;
        Some(CompiledCache { folder: folder.to_path_buf() })
    }

    /// The user's own: `plugins` in `$XDG_CACHE_HOME/lift`, or in `~/.cache/lift`.
    pub fn of_user() -> Option<Self> {
        Some(CompiledCache { folder: caches::of_user("plugins")? })
    }

    /// The component compiled for this engine, from the cache when it is there.
    pub(super) fn component(&self, engine: &Engine, bytes: &[u8]) -> wasmtime::Result<Component> {
        let path = self.folder.join(key(engine, bytes)).with_extension("cwasm");
        if let Some(component) = read_sealed(&path).and_then(|code| load(engine, &code)) {
            return Ok(component);
        }
        let component = Component::from_binary(engine, bytes)?;
        if let Ok(code) = component.serialize() {
            // Best effort: without an entry the next run compiles again.
            let _ = self.write_sealed(&path, &code);
        }
        Ok(component)
    }

    /// Writes beside the place and renames, so that a reader finds a whole entry or none.
    fn write_sealed(&self, path: &Path, code: &[u8]) -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(blake3::hash(code).as_bytes())?;
        file.write_all(code)?;
        file.persist(path).map_err(|error| error.error)?;
        self.prune()
    }

    fn prune(&self) -> std::io::Result<()> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.path().extension().is_some_and(|extension| extension == "cwasm") {
                entries.push((entry.metadata()?.modified()?, entry.path()));
            }
        }
        entries.sort();
        let surplus = entries.len().saturating_sub(KEPT);
        entries.iter().take(surplus).try_for_each(|(_, path)| fs::remove_file(path))
    }
}

/// What decides how a component compiles.
fn key(engine: &Engine, bytes: &[u8]) -> String {
    struct Blake3(blake3::Hasher);
    impl Hasher for Blake3 {
        fn finish(&self) -> u64 {
            0 // Only what was written is used.
        }

        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
    }
    let mut hasher = Blake3(blake3::Hasher::new());
    engine.precompile_compatibility_hash().hash(&mut hasher);
    hasher.write(blake3::hash(bytes).as_bytes());
    hasher.0.finalize().to_hex().to_string()
}

/// The content of an entry without its seal, if the seal is right.
fn read_sealed(path: &Path) -> Option<Vec<u8>> {
    let mut seal = caches::is_own(path).then(|| fs::read(path).ok())??;
    if seal.len() < SEAL {
        return None;
    }
    let code = seal.split_off(SEAL);
    (blake3::hash(&code).as_bytes().as_slice() == seal).then_some(code)
}

#[allow(unsafe_code)]
fn load(engine: &Engine, code: &[u8]) -> Option<Component> {
    // SAFETY: `deserialize` runs whatever native code it is given, so the bytes must come from
    // `Component::serialize`. They do: they were read from a folder that only this user can write to
    // (`caches::make_private`), under a name that stands for this component and this runtime (`key`), and their seal shows
    // that they are what was written. Whoever can write there as this user can already run code as this user. The
    // runtime itself refuses code of another version or with other settings.
    unsafe { Component::deserialize(engine, code) }.ok()
}
