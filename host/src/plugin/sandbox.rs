//! Running one plugin: compiling it once, then an instance per call, within limits.

use std::sync::Arc;

use lift_core::constrain::Dialect;
use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Config, Engine, Store, Trap};

use super::admit::{self, Plan};
use super::cache::CompiledCache;
use super::error::{Phase, PluginError, Reason};
use super::limits::{Limits, Meter};
use super::request::Spec;
use super::ticker::Ticker;
use super::world::{Controller, ControllerPre, lift::controller as wit};
use super::{HOST_INTERFACE, TYPES_INTERFACE};

/// The engine in which plugins run, and the limits they run under. Cheap to clone: clones share the engine.
#[derive(Clone)]
pub struct Sandbox {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    linker: Linker<Guest>,
    ticker: Ticker,
    limits: Limits,
    cache: Option<CompiledCache>,
}

impl Sandbox {
    /// Starts an engine. What it compiles is kept in `cache`, if there is one.
    ///
    /// # Errors
    /// When the machine cannot run one (no supported instruction set, no thread to be had), in the runtime's words.
    pub fn new(limits: Limits, cache: Option<CompiledCache>) -> Result<Self, String> {
        let mut config = Config::new();
        config
            .epoch_interruption(true)
            .max_wasm_stack(limits.stack)
            // A trap's backtrace is for a plugin's author; names are stripped from what is shipped, and walking
            // the stack of a runaway recursion is not free.
            .wasm_backtrace_max_frames(None);
        let engine = Engine::new(&config).map_err(words)?;
        let mut linker = Linker::new(&engine);
        Controller::add_to_linker::<_, HasSelf<_>>(&mut linker, |guest| guest).map_err(words)?;
        let ticker = Ticker::start(engine.clone()).map_err(|error| error.to_string())?;
        Ok(Sandbox { inner: Arc::new(Inner { engine, linker, ticker, limits, cache }) })
    }

    /// The limits every plugin of this sandbox runs under.
    pub fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    /// Compiles a component, after making sure that it is a controller and asks for nothing it may not have.
    ///
    /// # Errors
    /// [`Phase::Loading`], with the reason.
    pub fn load(&self, name: &str, bytes: &[u8]) -> Result<Plugin, PluginError> {
        let inner = &*self.inner;
        let fail = |reason| PluginError { plugin: name.to_owned(), during: Phase::Loading, reason };
        if bytes.len() > inner.limits.component {
            return Err(fail(Reason::TooLarge { what: "component", cap: inner.limits.component }));
        }
        let component = match &inner.cache {
            Some(cache) => cache.component(&inner.engine, bytes),
            None => Component::from_binary(&inner.engine, bytes),
        };
        let component = component.map_err(|error| fail(Reason::NotAComponent { what: words(error) }))?;
        let foreign = component
            .component_type()
            .imports(&inner.engine)
            .map(|(import, _)| import)
            .find(|import| ![HOST_INTERFACE, TYPES_INTERFACE].contains(import))
            .map(printable);
        if let Some(import) = foreign {
            let ours = |of: &str| of.split('@').next().map(str::to_owned);
            let other = [HOST_INTERFACE, TYPES_INTERFACE].iter().any(|known| ours(known) == ours(&import));
            let reason =
                if other { Reason::OtherWorld { speaks: import } } else { Reason::ForeignImport { import } };
            return Err(fail(reason));
        }
        let ready = inner
            .linker
            .instantiate_pre(&component)
            .and_then(ControllerPre::new)
            .map_err(|error| fail(Reason::NotAController { what: words(error) }))?;
        Ok(Plugin { name: name.to_owned(), ready, sandbox: self.clone() })
    }
}

/// A compiled controller, ready to be called any number of times, from any thread.
#[derive(Clone)]
pub struct Plugin {
    name: String,
    ready: ControllerPre<Guest>,
    sandbox: Sandbox,
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugin").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What a call gave, and what it logged on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<T> {
    /// The answer itself.
    pub value: T,
    /// The lines it logged, with control characters taken out.
    pub log: Vec<String>,
    /// How many more lines it logged than are kept.
    pub log_dropped: usize,
}

/// How a controller read a model's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// As this term, in surface syntax. It still has to be type-checked and its residuals checked.
    Term(String),
    /// Not at all, for these reasons, each fit to be sent back to the model.
    Rejected(Vec<String>),
}

impl Plugin {
    /// The plugin's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The engine it was built with, if it has lift's.
    ///
    /// # Errors
    /// When the plugin fails.
    pub fn engine(&self) -> Result<Option<String>, PluginError> {
        let (engine, _) = self.call(Phase::Loading, |controller, store| controller.call_engine(store))?;
        Ok(engine.map(|engine| self.sentence(&engine)))
    }

    /// Why its answers may not be those of this lift, in words: it was built with another engine.
    ///
    /// # Errors
    /// When the plugin fails.
    pub fn other_engine(&self) -> Result<Option<String>, PluginError> {
        let other = self.engine()?.filter(|engine| engine != lift_core::ENGINE);
        Ok(other.map(|engine| {
            format!(
                "it was built with the engine {engine}, and this lift has {}: it may not know what this lift knows; \
                 build it again (`make plugins build` for the shipped ones)",
                lift_core::ENGINE
            )
        }))
    }

    /// Asks for a plan: `target` names a hole or a declaration of `spec`; `accepts` are the dialects that can
    /// be enforced, in order of preference.
    ///
    /// # Errors
    /// When the plugin fails, declines, or gives an answer that cannot be believed.
    pub fn compile(
        &self,
        spec: &Spec,
        target: &str,
        accepts: &[Dialect],
    ) -> Result<Answer<Plan>, PluginError> {
        self.check_request(Phase::Compile, spec.size().max(target.len()))?;
        let capabilities: Vec<String> = accepts.iter().map(Dialect::to_string).collect();
        let (plan, guest) = self.call(Phase::Compile, |controller, store| {
            controller.call_compile(store, &spec.handed(), target, &capabilities)
        })?;
        let plan = match plan {
            Ok(plan) => admit::plan(plan, accepts, self.sandbox.limits()),
            Err(because) => Err(Reason::Declined { because: self.sentence(&because) }),
        };
        plan.map(|plan| guest.answer(plan)).map_err(|reason| self.error(Phase::Compile, reason))
    }

    /// Asks how to read `text`, which a model wrote under a constraint of `dialect`.
    ///
    /// # Errors
    /// When the plugin fails or gives an answer that cannot be believed. Text that it rejects is not an error but
    /// a [`Reading::Rejected`].
    pub fn post_process(
        &self,
        spec: &Spec,
        target: &str,
        dialect: Dialect,
        text: &str,
    ) -> Result<Answer<Reading>, PluginError> {
        self.check_request(Phase::PostProcess, spec.size().max(target.len()).max(text.len()))?;
        let (reading, guest) = self.call(Phase::PostProcess, |controller, store| {
            controller.call_post_process(store, &spec.handed(), target, dialect.name(), text)
        })?;
        let reading = match reading {
            Ok(term) => Reading::Term(term),
            Err(complaints) if complaints.is_empty() => {
                let what = "it rejected the text without saying why".to_owned();
                return Err(self.error(Phase::PostProcess, Reason::BadAnswer { what }));
            }
            Err(complaints) => Reading::Rejected(
                complaints.iter().take(self.sandbox.limits().items).map(|it| self.sentence(it)).collect(),
            ),
        };
        Ok(guest.answer(reading))
    }

    /// Makes an instance and drops it: what a call costs before it does anything.
    ///
    /// # Errors
    /// When the component's own start-up fails.
    pub fn instantiate(&self) -> Result<(), PluginError> {
        self.call(Phase::Loading, |_, _| Ok(())).map(|_| ())
    }

    /// One call in an instance of its own.
    fn call<T>(
        &self,
        during: Phase,
        run: impl FnOnce(&Controller, &mut Store<Guest>) -> wasmtime::Result<T>,
    ) -> Result<(T, Guest), PluginError> {
        let inner = &*self.sandbox.inner;
        let mut store = Store::new(&inner.engine, Guest::new(&inner.limits));
        store.limiter(|guest| &mut guest.meter);
        store.set_hostcall_fuel(inner.limits.answer);
        store.set_epoch_deadline(Ticker::ticks(inner.limits.deadline));
        let running = inner.ticker.run();
        let outcome = self.ready.instantiate(&mut store).and_then(|controller| run(&controller, &mut store));
        drop(running);
        let guest = store.into_data();
        match outcome {
            Ok(value) => Ok((value, guest)),
            Err(error) => Err(self.error(during, why(&error, &guest, &inner.limits))),
        }
    }

    fn check_request(&self, during: Phase, size: usize) -> Result<(), PluginError> {
        let cap = self.sandbox.limits().request;
        match size > cap {
            true => Err(self.error(during, Reason::TooLarge { what: "request", cap })),
            false => Ok(()),
        }
    }

    fn error(&self, during: Phase, reason: Reason) -> PluginError {
        PluginError { plugin: self.name.clone(), during, reason }
    }

    /// A plugin's words, made fit to show: one piece of text of bounded length without control characters.
    fn sentence(&self, text: &str) -> String {
        printable(cut(text, self.sandbox.limits().line))
    }
}

/// The host's side of one instance.
struct Guest {
    meter: Meter,
    log: Vec<String>,
    log_dropped: usize,
    log_lines: usize,
    line: usize,
}

impl Guest {
    fn new(limits: &Limits) -> Self {
        Guest {
            meter: Meter::new(limits),
            log: Vec::new(),
            log_dropped: 0,
            log_lines: limits.log_lines,
            line: limits.line,
        }
    }

    fn answer<T>(self, value: T) -> Answer<T> {
        Answer { value, log: self.log, log_dropped: self.log_dropped }
    }
}

impl wit::host::Host for Guest {
    fn log(&mut self, message: String) {
        if self.log.len() < self.log_lines {
            self.log.push(printable(cut(&message, self.line)));
        } else {
            self.log_dropped += 1;
        }
    }
}

impl wit::types::Host for Guest {}

/// What an error of the runtime means for the plugin.
fn why(error: &wasmtime::Error, guest: &Guest, limits: &Limits) -> Reason {
    if let Some(refusal) = guest.meter.refused {
        return Reason::OutOfMemory { what: refusal.to_string() };
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => Reason::Deadline { after: limits.deadline },
        Some(Trap::StackOverflow) => Reason::StackOverflow,
        Some(trap) => Reason::Trap { what: trap.to_string(), last_words: guest.log.last().cloned() },
        // The runtime keeps the type of this error to itself, so it is known by its words; a test holds them.
        None if error.to_string().contains("fuel allocated for hostcalls") => {
            Reason::TooLarge { what: "answer", cap: limits.answer }
        }
        None => Reason::BadAnswer { what: printable(cut(&format!("{error:#}"), limits.line)) },
    }
}

fn words(error: wasmtime::Error) -> String {
    printable(cut(&format!("{error:#}"), 1 << 10))
}

/// The longest prefix of at most `cap` bytes.
fn cut(text: &str, cap: usize) -> &str {
    text.get(..text.floor_char_boundary(cap)).unwrap_or(text)
}

/// Text from a plugin with its control characters made visible, so that it cannot steer a terminal or forge lines.
fn printable(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}
