//! Controller plugins: WebAssembly components that turn a hole into a prompt and a decoding constraint.
//!
//! A plugin is someone else's code. It runs in wasmtime and imports nothing but the host interface of
//! `wit/controller.wit`: no WASI, no clock, no files. Each call gets a fresh instance with a deadline, a memory cap
//! and a cap on what it may answer, and its answer is checked before anyone sees it. A plugin that loops, traps,
//! allocates without end or answers nonsense fails that one call, with an error that names it.
//!
//! - [`Sandbox`] owns the engine and the limits, and turns bytes into a [`Plugin`];
//! - [`Plugins`] finds them: those shipped inside the binary, and folders of the user's;
//! - [`constrain`] and [`read`] are what the faces call.
//!
//! The design follows AICI's division of labour (a controller decides, the host enforces), with wasmtime's epochs
//! and resource limiter in the place of AICI's process per sequence.

mod admit;
mod cache;
mod constrain;
mod error;
mod folder;
mod limits;
mod request;
mod sandbox;
mod ticker;
mod world;

pub use admit::Plan;
pub use cache::CompiledCache;
pub use constrain::{
    ConstrainReport, Constrained, Controller, DEFAULT_CONTROLLER, Question, Read, ReadReport, constrain, read,
};
pub use error::{Phase, PluginError, Reason};
pub use folder::{Origin, Plugins, Summary};
pub use limits::Limits;
pub use request::{Imported, Spec};

pub use sandbox::{Answer, Plugin, Reading, Sandbox};

/// The world a plugin exports, with its version.
pub const WORLD: &str = "lift:controller/controller@0.2.0";
/// The interface a plugin may import, with its version.
pub const HOST_INTERFACE: &str = "lift:controller/host@0.2.0";
/// The interface of types alone, which a component may name among its imports.
const TYPES_INTERFACE: &str = "lift:controller/types@0.2.0";
