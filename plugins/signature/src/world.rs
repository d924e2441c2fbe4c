//! The guest's side of `wit/controller.wit`, generated. The glue moves values across the component boundary with
//! `unsafe` of its own.

#![allow(unsafe_code, missing_docs, clippy::all)]

wit_bindgen::generate!({ path: "../../wit", world: "controller", pub_export_macro: true });
