//! The engine in its worker, as the page sees it: requests go in, replies come back, the page never waits.
//!
//! Latest wins. One check is under way at a time and at most one waits, the newest; what is asked about the document
//! waits until the document it means has arrived. A worker that traps, or says nothing for [`PATIENCE`], is replaced,
//! and the document that did it is not sent again until it changes. A worker that does not even start is tried a few
//! times, then again whenever the document changes.

use leptos::prelude::{set_timeout, set_timeout_with_handle};
use lift_web::protocol::{Reply, Request};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker};

/// How long one request may take. Everything in the engine is bounded well below; this catches what is not.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Below the folder of the page's files.
const SCRIPT: &str = "lift-engine_loader.js";

/// How often a worker that does not start is tried, and how long before the next time.
const STARTS: (u32, Duration) = (3, Duration::from_secs(1));

/// The engine. Cheap to clone.
#[derive(Clone)]
pub struct Engine(Rc<RefCell<Inner>>);

struct Inner {
    worker: Option<Worker>,
    hear: Rc<dyn Fn(Heard)>,
    /// Whether the worker has said that it is ready.
    ready: bool,
    /// Workers since the last one that was ready.
    starts: u32,
    /// Whether a check is under way.
    checking: bool,
    /// The newest document, when another check is under way.
    waiting: Option<Request>,
    /// What was asked about the document while it was on its way: one request of each kind, the newest.
    after: Vec<Request>,
    /// The last ping sent.
    ping: u32,
    /// Runs out when that ping is not answered for too long.
    watchdog: Option<leptos::prelude::TimeoutHandle>,
    /// Grows with every worker, so that a late word of a replaced one is not heard.
    generation: u32,
}

/// What comes from the engine.
pub enum Heard {
    /// A reply.
    Reply(Box<Reply>),
    /// The worker was replaced; why, in words. The document must change before it is checked again.
    Replaced(String),
}

impl Engine {
    /// Starts a worker; `hear` is called with whatever it says.
    pub fn start(hear: impl Fn(Heard) + 'static) -> Self {
        let engine = Engine(Rc::new(RefCell::new(Inner {
            worker: None,
            hear: Rc::new(hear),
            ready: false,
            starts: 0,
            checking: false,
            waiting: None,
            after: Vec::new(),
            ping: 0,
            watchdog: None,
            generation: 0,
        })));
        engine.spawn();
        engine
    }

    /// Asks. The answer comes to `hear`, or never when it has been overtaken.
    pub fn ask(&self, request: Request) {
        let mut inner = self.0.borrow_mut();
        if let Request::Check { .. } = request {
            inner.after.retain(|earlier| !earlier.is_about_document());
            inner.waiting = Some(request);
            if inner.starts > STARTS.0 {
                inner.starts = STARTS.0;
                drop(inner);
                return self.spawn();
            }
        } else {
            inner.after.retain(|earlier| std::mem::discriminant(earlier) != std::mem::discriminant(&request));
            inner.after.push(request);
        }
        drop(inner);
        self.flush();
    }

    /// Sends what may be sent now.
    fn flush(&self) {
        let mut inner = self.0.borrow_mut();
        if !inner.ready || inner.checking {
            return;
        }
        let requests = match inner.waiting.take() {
            Some(check) => {
                inner.checking = true;
                vec![check]
            }
            None => std::mem::take(&mut inner.after),
        };
        let Some(worker) = inner.worker.clone() else { return };
        drop(inner);
        requests.iter().for_each(|request| send(&worker, request));
        if !requests.is_empty() {
            self.be_patient(&worker);
        }
    }

    fn spawn(&self) {
        let generation = {
            let mut inner = self.0.borrow_mut();
            inner.generation += 1;
            inner.starts += 1;
            inner.ready = false;
            inner.checking = false;
            inner.generation
        };
        let worker = match Worker::new(SCRIPT) {
            Ok(worker) => worker,
            Err(_) => return self.say(Heard::Replaced("This browser does not start workers.".to_owned())),
        };
        let on_message = {
            let engine = self.clone();
            Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                if engine.0.borrow().generation == generation {
                    engine.heard(&event.data().as_string().unwrap_or_default());
                }
            })
        };
        let on_error = {
            let engine = self.clone();
            Closure::<dyn Fn(ErrorEvent)>::new(move |event: ErrorEvent| {
                // It is told on the page; the console need not repeat it.
                event.prevent_default();
                let (current, ready) = {
                    let inner = engine.0.borrow();
                    (inner.generation == generation, inner.ready)
                };
                match (current, ready) {
                    (true, true) => {
                        engine.replace("The engine broke down on this document and was started again.");
                    }
                    (true, false) => engine.start_again(),
                    (false, _) => {}
                }
            })
        };
        worker.set_onmessage(Some(on_message.into_js_value().unchecked_ref()));
        worker.set_onerror(Some(on_error.into_js_value().unchecked_ref()));
        self.0.borrow_mut().worker = Some(worker);
    }

    fn heard(&self, message: &str) {
        let Ok(reply) = serde_json::from_str::<Reply>(message) else { return };
        {
            let mut inner = self.0.borrow_mut();
            match reply {
                Reply::Ready { .. } => {
                    inner.ready = true;
                    inner.starts = 0;
                }
                Reply::Checked(_) => inner.checking = false,
                Reply::Pong(number) if number == inner.ping => inner.be_calm(),
                _ => {}
            }
        }
        if let Reply::Lost(why) = &reply {
            return self.replace(why);
        }
        self.say(Heard::Reply(Box::new(reply)));
        self.flush();
    }

    fn replace(&self, why: &str) {
        {
            let mut inner = self.0.borrow_mut();
            if let Some(worker) = inner.worker.take() {
                worker.terminate();
            }
            inner.be_calm();
            inner.after.clear();
        }
        self.spawn();
        self.say(Heard::Replaced(why.to_owned()));
    }

    /// A worker did not start: its files could not be had, or this browser does not take them.
    fn start_again(&self) {
        let starts = self.0.borrow().starts;
        if starts < STARTS.0 {
            let engine = self.clone();
            set_timeout(move || engine.spawn(), STARTS.1);
        } else {
            self.0.borrow_mut().starts += 1;
            let why = "The engine could not be loaded. Load the page again; the document is kept.";
            self.say(Heard::Replaced(why.to_owned()));
        }
    }

    fn be_patient(&self, worker: &Worker) {
        let engine = self.clone();
        let out_of_patience = move || {
            engine.0.borrow_mut().watchdog = None;
            engine.replace("The engine did not answer in time and was started again.");
        };
        let mut inner = self.0.borrow_mut();
        inner.be_calm();
        inner.ping += 1;
        inner.watchdog = set_timeout_with_handle(out_of_patience, PATIENCE).ok();
        send(worker, &Request::Ping(inner.ping));
    }

    fn say(&self, heard: Heard) {
        let hear = Rc::clone(&self.0.borrow().hear);
        hear(heard);
    }
}

impl Inner {
    fn be_calm(&mut self) {
        if let Some(watchdog) = self.watchdog.take() {
            watchdog.clear();
        }
    }
}

fn send(worker: &Worker, request: &Request) {
    if let Ok(message) = serde_json::to_string(request) {
        // A worker takes any text.
        let _ = worker.post_message(&JsValue::from_str(&message));
    }
}
