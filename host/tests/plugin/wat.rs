//! Small controllers written in WebAssembly text and made into real components.

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// A controller whose `compile` and `post-process` have the given bodies, beside whatever else `extra` declares.
/// Both return the address of their answer; [`ANSWER`] is where `data` lies.
pub struct Controller {
    pub compile: String,
    pub post_process: String,
    /// Returns the address of an `option<string>`; where nothing lies there is none.
    pub engine: String,
    pub extra: String,
    /// Runs at the start of `cabi_realloc`, which the host calls to pass the arguments.
    pub allocator: String,
    pub data: Vec<u8>,
    /// More segments of memory.
    pub extra_data: String,
    pub memory_pages: u32,
    /// The version of the world it speaks, and the one of `wit/` put in its place.
    pub version: &'static str,
    /// WIT items to add to the world, as `import wasi:random/random@0.2.3;`.
    pub world_items: String,
    /// A WIT package to find those items in.
    pub package: String,
}

/// Where a controller's data lies in its memory, and where the host's arguments go after it.
pub const ANSWER: usize = 1024;
const ARGUMENTS: usize = 40 << 10;

impl Default for Controller {
    fn default() -> Self {
        Controller {
            compile: format!("i32.const {ANSWER}"),
            post_process: "unreachable".into(),
            engine: "i32.const 8".into(),
            extra: String::new(),
            allocator: String::new(),
            data: Spoken::default().lay_out(),
            extra_data: String::new(),
            memory_pages: 2,
            version: "0.2.0",
            world_items: String::new(),
            package: String::new(),
        }
    }
}

impl Controller {
    pub fn component(&self) -> Vec<u8> {
        let mut module = wat::parse_str(self.text()).unwrap();
        let mut resolve = Resolve::default();
        let wit = include_str!("../../../wit/controller.wit");
        let version = format!("@{};", self.version);
        resolve.push_str("controller.wit", &wit.replace("@0.2.0;", &version)).unwrap();
        if !self.package.is_empty() {
            resolve.push_str("wasi.wit", &self.package).unwrap();
        }
        let world = format!(
            "package test:controller;\nworld controller {{ include lift:controller/controller@{}; {} }}",
            self.version, self.world_items
        );
        let package = resolve.push_str("world.wit", &world).unwrap();
        let world = resolve.select_world(&[package], Some("controller")).unwrap();
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
        ComponentEncoder::default().module(&module).unwrap().validate(true).encode().unwrap()
    }

    fn text(&self) -> String {
        let Controller {
            compile,
            post_process,
            engine,
            extra,
            allocator,
            data,
            extra_data,
            memory_pages,
            version,
            ..
        } = self;
        let data: String = data.iter().map(|byte| format!("\\{byte:02x}")).collect();
        format!(
            r#"(module
  (import "lift:controller/host@{version}" "log" (func $log (param i32 i32)))
  {extra}
  (memory (export "memory") {memory_pages})
  (data (i32.const {ANSWER}) "{data}")
  {extra_data}
  (global $free (mut i32) (i32.const {ARGUMENTS}))
  (func (export "cabi_realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
    (local $at i32)
    {allocator}
    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (global.set $free (i32.add (local.get $at) (local.get $new)))
    (local.get $at))
  (func (export "engine") (result i32) {engine})
  (func (export "compile") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) {compile})
  (func (export "post-process") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) {post_process}))"#
        )
    }
}

/// A `result<plan, string>` as it lies in a guest's memory.
#[derive(Clone)]
pub struct Spoken {
    pub prompt: Vec<u8>,
    pub constraint: Grammar,
    pub fallbacks: Vec<Grammar>,
    pub max_tokens: u32,
}

#[derive(Clone)]
pub struct Grammar {
    /// The case of `variant grammar`: 0 is `json-schema`, 1 is `lark`, and so on.
    pub case: u8,
    pub text: String,
    pub residuals: Vec<[String; 3]>,
}

impl Default for Grammar {
    fn default() -> Self {
        Grammar { case: 0, text: r#"{"type":"integer"}"#.into(), residuals: Vec::new() }
    }
}

impl Default for Spoken {
    fn default() -> Self {
        Spoken {
            prompt: b"Give a number.".to_vec(),
            constraint: Grammar::default(),
            fallbacks: Vec::new(),
            max_tokens: 16,
        }
    }
}

impl Spoken {
    pub fn lay_out(&self) -> Vec<u8> {
        let mut heap = Heap { bytes: vec![0; 60] };
        let prompt = heap.put(&self.prompt);
        heap.set(4, &prompt);
        let constraint = heap.grammar(&self.constraint);
        heap.set(12, &constraint);
        let fallbacks: Vec<u8> = self.fallbacks.iter().flat_map(|it| heap.grammar(it)).collect();
        let fallbacks = heap.list(&fallbacks, self.fallbacks.len());
        heap.set(48, &fallbacks);
        heap.set(56, &self.max_tokens.to_le_bytes());
        heap.bytes
    }

    /// `err(because)`.
    pub fn declined(because: &str) -> Vec<u8> {
        let mut heap = Heap { bytes: vec![0; 60] };
        heap.set(0, &[1]);
        let because = heap.put(because.as_bytes());
        heap.set(4, &because);
        heap.bytes
    }
}

struct Heap {
    bytes: Vec<u8>,
}

impl Heap {
    fn set(&mut self, at: usize, bytes: &[u8]) {
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
    }

    /// Puts bytes at the end; the pointer and length to find them by.
    fn put(&mut self, bytes: &[u8]) -> [u8; 8] {
        self.list(bytes, bytes.len())
    }

    fn list(&mut self, bytes: &[u8], length: usize) -> [u8; 8] {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
        let at = u32::try_from(ANSWER + self.bytes.len()).unwrap();
        self.bytes.extend(bytes);
        let mut found = [0; 8];
        found[..4].copy_from_slice(&at.to_le_bytes());
        found[4..].copy_from_slice(&u32::try_from(length).unwrap().to_le_bytes());
        found
    }

    fn grammar(&mut self, grammar: &Grammar) -> Vec<u8> {
        let text = self.put(grammar.text.as_bytes());
        let residuals: Vec<u8> =
            grammar.residuals.iter().flatten().flat_map(|part| self.put(part.as_bytes())).collect();
        let residuals = self.list(&residuals, grammar.residuals.len());
        let mut record = vec![grammar.case, 0, 0, 0];
        record.extend(text);
        record.extend(residuals);
        record.extend([0; 16]);
        record
    }
}
