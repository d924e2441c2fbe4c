//! The clock behind plugin deadlines.
//!
//! Guest code checks the engine's epoch at every loop head and call; this thread advances the epoch while some
//! call is running and sleeps otherwise. A deadline is therefore kept to within one tick.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use wasmtime::Engine;

/// How often the epoch advances while a call runs.
const TICK: Duration = Duration::from_millis(5);

/// Advances an engine's epoch while there is a reason to.
pub(super) struct Ticker {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    running: usize,
    stopping: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// While it lives, time passes for the guest.
pub(super) struct Running<'a>(&'a Shared);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.lock().running -= 1;
    }
}

impl Ticker {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub(super) fn start(engine: Engine) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let thread =
            thread::Builder::new().name("plugin-ticker".into()).spawn(move || tick(&engine, &theirs))?;
        Ok(Ticker { shared, thread: Some(thread) })
    }

    /// Lets time pass until the result is dropped.
    pub(super) fn run(&self) -> Running<'_> {
        let mut state = self.shared.lock();
        state.running += 1;
        if state.running == 1 {
            self.shared.changed.notify_one();
        }
        Running(&self.shared)
    }

    /// The number of ticks that a deadline is worth: never fewer milliseconds than asked for.
    pub(super) fn ticks(deadline: Duration) -> u64 {
        let ticks = deadline.as_micros().div_ceil(TICK.as_micros()).saturating_add(1);
        u64::try_from(ticks).unwrap_or(u64::MAX)
    }
}

fn tick(engine: &Engine, shared: &Shared) {
    let mut state = shared.lock();
    while !state.stopping {
        if state.running == 0 {
            state = shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            continue;
        }
        drop(state);
        thread::sleep(TICK);
        engine.increment_epoch();
        state = shared.lock();
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.lock().stopping = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // The thread neither panics nor blocks for longer than a tick; nothing is left to do if it did.
            let _ = thread.join();
        }
    }
}
