//! Why a plugin was refused, stopped or not believed.

use std::fmt;
use std::time::Duration;

/// What went wrong with one plugin. It never brings the host down, and never another plugin's call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginError {
    /// The plugin's name.
    pub plugin: String,
    /// What it was doing.
    pub during: Phase,
    /// What went wrong.
    pub reason: Reason,
}

/// The stage of a plugin's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Reading, checking and compiling the component.
    Loading,
    /// The `compile` call: a document and a target become a plan.
    Compile,
    /// The `post-process` call: a model's text becomes a term.
    PostProcess,
}

/// What went wrong with a plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The file could not be read. Example: permission denied.
    Unreadable {
        /// The system's words.
        what: String,
    },
    /// No plugin goes by this name. Example: `--plugin sigature`.
    Unknown {
        /// The names there are.
        known: Vec<String>,
    },
    /// The file's name cannot name a plugin: lower-case letters, digits and hyphens, at most 64.
    BadName,
    /// Two files bear the name; the one loaded first stands.
    NameTaken {
        /// Where the first one came from.
        by: String,
    },
    /// Something handed over is larger than allowed.
    TooLarge {
        /// What is too large: `component`, `request`, `answer`.
        what: &'static str,
        /// The most there may be, in bytes.
        cap: usize,
    },
    /// The manifest beside the component cannot be read, or does not fit it.
    BadManifest {
        /// What is wrong with it.
        what: String,
    },
    /// The bytes are not what the manifest pins.
    HashMismatch {
        /// The BLAKE3 hash in the manifest, in hexadecimal.
        pinned: String,
        /// The one of the bytes found.
        found: String,
    },
    /// The bytes are not a component. Example: a core module that was never encoded as one.
    NotAComponent {
        /// The runtime's words.
        what: String,
    },
    /// The component wants something the controller world does not give. Example: `wasi:filesystem/types@0.2.3`.
    ForeignImport {
        /// The import, as the component names it.
        import: String,
    },
    /// The component speaks another version of the controller world. Example: `lift:controller/host@0.1.0`.
    OtherWorld {
        /// The import that says so, as the component names it.
        speaks: String,
    },
    /// The component does not export the controller world. Example: an export with other parameters.
    NotAController {
        /// The runtime's words.
        what: String,
    },
    /// The call ran past its deadline. Example: a loop without end.
    Deadline {
        /// The deadline.
        after: Duration,
    },
    /// The instance asked for more memory or table space than allowed.
    OutOfMemory {
        /// What it asked for.
        what: String,
    },
    /// The guest's call stack ran out. Example: recursion without end.
    StackOverflow,
    /// The guest trapped. Example: `unreachable`, which is how a Rust panic ends.
    Trap {
        /// Which trap.
        what: String,
        /// The last line the guest logged, which is often the panic's message.
        last_words: Option<String>,
    },
    /// The answer is not one that may be believed. Example: a JSON Schema that is not JSON.
    BadAnswer {
        /// What is wrong with it.
        what: String,
    },
    /// The plugin says that the request cannot be served. Example: the document has no such hole.
    Declined {
        /// The plugin's words, with control characters taken out.
        because: String,
    },
}

impl Reason {
    /// A stable name for the kind of failure, for reports and metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Reason::Unreadable { .. } => "unreadable",
            Reason::Unknown { .. } => "unknown-plugin",
            Reason::BadName => "bad-name",
            Reason::NameTaken { .. } => "name-taken",
            Reason::TooLarge { .. } => "too-large",
            Reason::BadManifest { .. } => "bad-manifest",
            Reason::HashMismatch { .. } => "hash-mismatch",
            Reason::NotAComponent { .. } => "not-a-component",
            Reason::ForeignImport { .. } => "foreign-import",
            Reason::OtherWorld { .. } => "other-world",
            Reason::NotAController { .. } => "not-a-controller",
            Reason::Deadline { .. } => "deadline",
            Reason::OutOfMemory { .. } => "out-of-memory",
            Reason::StackOverflow => "stack-overflow",
            Reason::Trap { .. } => "trap",
            Reason::BadAnswer { .. } => "bad-answer",
            Reason::Declined { .. } => "declined",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Phase::Loading => "loading",
            Phase::Compile => "compile",
            Phase::PostProcess => "post-process",
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Unreadable { what } => write!(f, "cannot be read: {what}"),
            Reason::Unknown { known } if known.is_empty() => {
                f.write_str("there is no plugin at all; build the shipped ones with `make plugins`, or name a folder of plugins")
            }
            Reason::Unknown { known } => write!(f, "there is no such plugin; there are {}", known.join(", ")),
            Reason::BadName => f.write_str(
                "the file's name cannot name a plugin; use lower-case letters, digits and hyphens, at most 64",
            ),
            Reason::NameTaken { by } => write!(f, "the name is taken by {by}; rename one of the two"),
            Reason::TooLarge { what, cap } => write!(f, "the {what} is larger than {cap} bytes"),
            Reason::BadManifest { what } => write!(f, "the manifest is no good: {what}"),
            Reason::HashMismatch { pinned, found } => {
                write!(f, "the manifest pins BLAKE3 {pinned}, the file has {found}; look at what changed it")
            }
            Reason::NotAComponent { what } => write!(f, "not a WebAssembly component: {what}"),
            Reason::ForeignImport { import } => write!(
                f,
                "it imports `{import}`, and a controller is given nothing but `{}`; build it for wasm32-unknown-unknown, without WASI",
                super::HOST_INTERFACE
            ),
            Reason::OtherWorld { speaks } => write!(
                f,
                "it speaks `{speaks}` and this lift `{}`: they are of different versions; build it again \
                 (`make plugins build` for the shipped ones)",
                super::HOST_INTERFACE
            ),
            Reason::NotAController { what } => {
                write!(f, "it does not export the world `{}`: {what}", super::WORLD)
            }
            Reason::Deadline { after } => write!(f, "stopped: no answer after {} ms", after.as_millis()),
            Reason::OutOfMemory { what } => write!(f, "stopped: it asked for {what}"),
            Reason::StackOverflow => f.write_str("stopped: its call stack ran out"),
            Reason::Trap { what, last_words: None } => write!(f, "trapped: {what}"),
            Reason::Trap { what, last_words: Some(words) } => write!(f, "trapped: {what} (it last said: {words})"),
            Reason::BadAnswer { what } => write!(f, "its answer cannot be used: {what}"),
            Reason::Declined { because } => f.write_str(because),
        }
    }
}

impl fmt::Display for PluginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "plugin `{}`, {}: {}", self.plugin, self.during, self.reason)
    }
}

impl std::error::Error for PluginError {}
