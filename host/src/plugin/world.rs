//! The host's side of `wit/controller.wit`, generated.

// The generated impls of wasmtime's `Lift` and `Lower` are `unsafe impl`s: they say how a value lies in the guest's
// memory, and are derived from the WIT file, never written by hand.
#![allow(unsafe_code, missing_docs, clippy::all, clippy::indexing_slicing, clippy::unwrap_used)]

wasmtime::component::bindgen!({ path: "../wit", world: "controller" });
