//! Runs a module's initialisation once, at build time.
//!
//! A plugin gets a new instance for every call, and the engine has things to do before its first question (it
//! checks the prelude). A module that exports `prepare` has that function run here, and is written again as it
//! stands afterwards: memory and globals, without the function. What it prepares may depend on nothing, because
//! there is nothing: calling an import in `prepare` is an error.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use wasmtime::{Engine, Instance, Linker, Module, Store, Val};
use wasmtime_wizer::{InstanceState, SnapshotVal, ValType, Wizer};

/// The export that is run and taken away.
const PREPARE: &str = "prepare";

/// The module after its initialisation, or as it is when it has none.
pub fn prepared(bytes: Vec<u8>) -> wasmtime::Result<Vec<u8>> {
    let engine = Engine::default();
    if Module::new(&engine, &bytes)?.get_export(PREPARE).is_none() {
        return Ok(bytes);
    }
    let mut wizer = Wizer::new();
    wizer.init_func(PREPARE);
    let (context, instrumented) = wizer.instrument(&bytes)?;
    let module = Module::new(&engine, &instrumented)?;
    let mut linker = Linker::new(&engine);
    linker.define_unknown_imports_as_traps(&module)?;
    let mut store = Store::new(&engine, ());
    let instance = linker.instantiate(&mut store, &module)?;
    instance.get_typed_func::<(), ()>(&mut store, PREPARE)?.call(&mut store, ())?;
    now(wizer.snapshot(&context, &mut Stopped { store, instance }))
}

/// An instance that has run its initialisation.
struct Stopped {
    store: Store<()>,
    instance: Instance,
}

impl InstanceState for Stopped {
    async fn global_get(&mut self, name: &str, _: ValType) -> SnapshotVal {
        // The names are those that the instrumentation gave, so they are there.
        match self.instance.get_global(&mut self.store, name).map(|global| global.get(&mut self.store)) {
            Some(Val::I32(value)) => SnapshotVal::I32(value),
            Some(Val::I64(value)) => SnapshotVal::I64(value),
            Some(Val::F32(value)) => SnapshotVal::F32(value),
            Some(Val::F64(value)) => SnapshotVal::F64(value),
            Some(Val::V128(value)) => SnapshotVal::V128(value.as_u128()),
            _ => unreachable!("instrumented globals are numbers"),
        }
    }

    async fn memory_contents(&mut self, name: &str, contents: impl FnOnce(&[u8]) + Send) {
        if let Some(memory) = self.instance.get_memory(&mut self.store, name) {
            contents(memory.data(&self.store));
        }
    }
}

/// The outcome of a future that waits for nothing.
fn now<T>(future: impl Future<Output = T>) -> T {
    let mut context = Context::from_waker(Waker::noop());
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}
