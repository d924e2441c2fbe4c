//! Finding plugins: those inside the binary, and folders of `NAME.wasm` with an optional `NAME.json` beside each.
//!
//! A file is read once; its hash, its pin and its code all come from those bytes, so nothing can change between
//! the check and the use. A plugin is compiled when it is first asked for.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::error::{Phase, PluginError, Reason};
use super::sandbox::{Plugin, Sandbox};

// `SHIPPED: &[(&str, &[u8])]`: what `make plugins` had built when this binary was built.
include!(concat!(env!("OUT_DIR"), "/shipped_plugins.rs"));

/// The plugins there are, by name.
pub struct Plugins {
    sandbox: Sandbox,
    entries: BTreeMap<String, Entry>,
    problems: Vec<PluginError>,
}

struct Entry {
    origin: Origin,
    bytes: Vec<u8>,
    hash: String,
    about: String,
    loaded: OnceLock<Result<Plugin, PluginError>>,
}

/// Where a plugin comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// It is inside the binary.
    Shipped,
    /// It was found in a folder of the user's.
    File(PathBuf),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Origin::Shipped => f.write_str("the one shipped with lift"),
            Origin::File(path) => write!(f, "{}", path.display()),
        }
    }
}

/// What is known of a plugin without running it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Its name.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The BLAKE3 hash of its component, in hexadecimal.
    pub blake3: String,
    /// The size of its component in bytes.
    pub size: usize,
    /// What its manifest says of it.
    pub about: String,
}

/// The file beside a component.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    /// One line for `lift plugin list`.
    #[serde(default)]
    about: String,
    /// If given, the component must have this hash.
    blake3: Option<String>,
}

impl Plugins {
    /// Finds the shipped plugins and those in `folders`. What could not be taken is in [`Plugins::problems`]; the
    /// others stand.
    pub fn find(sandbox: Sandbox, folders: &[PathBuf]) -> Self {
        let mut plugins = Plugins { sandbox, entries: BTreeMap::new(), problems: Vec::new() };
        for (name, bytes) in SHIPPED {
            plugins.add((*name).to_owned(), Origin::Shipped, bytes.to_vec(), None);
        }
        for folder in folders {
            plugins.add_folder(folder);
        }
        plugins
    }

    /// What could not be taken, and why.
    pub fn problems(&self) -> &[PluginError] {
        &self.problems
    }

    /// What there is, by name.
    pub fn list(&self) -> Vec<Summary> {
        let summary = |(name, entry): (&String, &Entry)| Summary {
            name: name.clone(),
            origin: entry.origin.clone(),
            blake3: entry.hash.clone(),
            size: entry.bytes.len(),
            about: entry.about.clone(),
        };
        self.entries.iter().map(summary).collect()
    }

    /// The plugin of that name, compiled.
    ///
    /// # Errors
    /// When there is none, or it cannot be loaded.
    pub fn get(&self, name: &str) -> Result<&Plugin, PluginError> {
        let Some(entry) = self.entries.get(name) else {
            let known = self.entries.keys().cloned().collect();
            return Err(loading(name, Reason::Unknown { known }));
        };
        entry.loaded.get_or_init(|| self.sandbox.load(name, &entry.bytes)).as_ref().map_err(Clone::clone)
    }

    fn add_folder(&mut self, folder: &Path) {
        let listing = std::fs::read_dir(folder).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
        let mut paths: Vec<PathBuf> = match listing {
            Ok(entries) => entries.into_iter().map(|entry| entry.path()).collect(),
            Err(error) => {
                let reason = Reason::Unreadable { what: error.to_string() };
                return self.problems.push(loading(&folder.display().to_string(), reason));
            }
        };
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "wasm"));
        paths.sort();
        for path in paths {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            match self.read(&path) {
                Ok((bytes, manifest)) => self.add(name, Origin::File(path), bytes, manifest),
                Err(reason) => self.problems.push(loading(&name, reason)),
            }
        }
    }

    fn read(&self, path: &Path) -> Result<(Vec<u8>, Option<Manifest>), Reason> {
        let cap = self.sandbox.limits().component;
        let bytes = read_capped(path, cap)?.ok_or(Reason::TooLarge { what: "component", cap })?;
        let beside = path.with_extension("json");
        if !beside.exists() {
            return Ok((bytes, None));
        }
        let text =
            read_capped(&beside, 64 << 10)?.ok_or(Reason::TooLarge { what: "manifest", cap: 64 << 10 })?;
        let manifest =
            serde_json::from_slice(&text).map_err(|error| Reason::BadManifest { what: error.to_string() })?;
        Ok((bytes, Some(manifest)))
    }

    fn add(&mut self, name: String, origin: Origin, bytes: Vec<u8>, manifest: Option<Manifest>) {
        let hash = blake3::hash(&bytes).to_hex().to_string();
        let (about, pinned) = manifest.map(|it| (it.about, it.blake3)).unwrap_or_default();
        let reason = if !is_name(&name) {
            Some(Reason::BadName)
        } else if let Some(first) = self.entries.get(&name) {
            Some(Reason::NameTaken { by: first.origin.to_string() })
        } else {
            pinned
                .filter(|pinned| !pinned.eq_ignore_ascii_case(&hash))
                .map(|pinned| Reason::HashMismatch { pinned, found: hash.clone() })
        };
        match reason {
            Some(reason) => self.problems.push(loading(&name, reason)),
            None => {
                self.entries.insert(name, Entry { origin, bytes, hash, about, loaded: OnceLock::new() });
            }
        }
    }
}

fn loading(plugin: &str, reason: Reason) -> PluginError {
    PluginError { plugin: plugin.to_owned(), during: Phase::Loading, reason }
}

fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// The whole file, or nothing when it is larger than `cap`.
fn read_capped(path: &Path, cap: usize) -> Result<Option<Vec<u8>>, Reason> {
    let unreadable = |error: std::io::Error| Reason::Unreadable { what: error.to_string() };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(cap as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok((bytes.len() <= cap).then_some(bytes))
}
