//! A few workers behind one queue.
//!
//! Each worker belongs to a thread of the pool, which starts it when it is first needed, kills it when a query
//! misses its deadline, and replaces it when it was lost or has answered enough. A query is asked once: when its
//! worker is lost, it is *unknown*, never asked again behind the caller's back. The queue is bounded, and a full
//! queue makes the caller wait, so that load costs time and not verdicts. A query nobody waits for any more is
//! dropped, even in the middle.

use super::archive::Archive;
use super::cache::Cache;
use super::locate::Program;
use super::stopped::{Stopped, Unavailable};
use super::worker::{Condition, Decided, Undecided, Worker};
use async_channel::{Receiver, Sender};
use lift_core::logic::{Answer, Query, Satisfiability};
use serde::Serialize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// For how long a solver that could not be started is not tried again.
const BACKOFF: Duration = Duration::from_secs(2);

/// How a pool is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolConfig {
    /// The worker's program.
    pub program: Program,
    /// How many workers at most; at least 1.
    pub workers: usize,
    /// What Z3 may allocate in each worker, in MiB.
    pub memory_mib: u64,
    /// How many queries may wait before callers do.
    pub waiting: usize,
    /// After how many queries a worker is replaced.
    pub queries_per_worker: u64,
    /// No query gets more time than this, whatever it asks for.
    pub longest_wall: Duration,
    /// How many bytes of answers to remember.
    pub cache_bytes: usize,
    /// A file that remembers them between runs, in a folder that only the user can write to.
    pub archive: Option<PathBuf>,
}

impl Default for PoolConfig {
    fn default() -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        PoolConfig {
            program: Program::Search,
            workers: cores.min(4),
            memory_mib: 1024,
            waiting: 256,
            queries_per_worker: 1000,
            longest_wall: Duration::from_secs(60),
            cache_bytes: 64 << 20,
            archive: None,
        }
    }
}

/// What a pool has done so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counters {
    /// Queries answered, cached ones among them.
    pub answered: u64,
    /// Of these, from memory or from the archive.
    pub cached: u64,
    /// Workers started.
    pub started: u64,
    /// Workers lost: killed, crashed, or not to be believed.
    pub lost: u64,
    /// Workers replaced after enough queries.
    pub recycled: u64,
}

/// Workers to ask. Dropping it ends them; queries still waiting come back *unknown*.
#[derive(Debug)]
pub struct SolverPool {
    shared: Arc<Shared>,
    queue: Sender<Job>,
    jobs: Receiver<Job>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

#[derive(Debug)]
struct Shared {
    config: PoolConfig,
    cache: Mutex<Cache>,
    /// The engine of the worker started last, once there is one.
    engine: Mutex<Option<Arc<str>>>,
    /// The last failure to start, and when.
    unavailable: Mutex<Option<(Instant, Unavailable)>>,
    /// Processes of the workers that run.
    processes: Mutex<Vec<u32>>,
    /// Queries handed in and not yet answered.
    pending: AtomicUsize,
    stopping: AtomicBool,
    answered: AtomicU64,
    cached: AtomicU64,
    started: AtomicU64,
    lost: AtomicU64,
    recycled: AtomicU64,
}

/// A query on its way, with who waits for it.
#[derive(Debug)]
struct Job {
    query: Query,
    reply: Reply,
    pending: Pending,
}

/// An answer with the key of its query.
type Answered = (String, Answer);

/// Where one answer goes. If nobody ever gives one, it says so when it is dropped: whoever waits does not wait for
/// ever.
#[derive(Debug)]
struct Reply {
    key: String,
    to: Option<Sender<Answered>>,
}

impl Reply {
    fn is_unwanted(&self) -> bool {
        self.to.as_ref().is_none_or(Sender::is_closed)
    }

    fn give(mut self, answer: Answer) {
        self.send(answer);
    }

    fn send(&mut self, answer: Answer) {
        if let Some(to) = self.to.take() {
            // There is room for every answer that is due; a receiver that is gone wants none.
            let _ = to.try_send((std::mem::take(&mut self.key), answer));
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        self.send(unanswered());
    }
}

/// Counts one query as pending for as long as it lives.
#[derive(Debug)]
struct Pending(Arc<Shared>);

impl Drop for Pending {
    fn drop(&mut self) {
        self.0.pending.fetch_sub(1, Ordering::SeqCst);
    }
}

impl SolverPool {
    /// A pool without workers yet: the first query starts one.
    pub fn new(config: PoolConfig) -> SolverPool {
        let (queue, jobs) = async_channel::bounded(config.waiting.max(1));
        let shared = Shared {
            cache: Mutex::new(Cache::new(
                config.cache_bytes,
                config.archive.as_deref().and_then(Archive::open),
            )),
            config,
            engine: Mutex::default(),
            unavailable: Mutex::default(),
            processes: Mutex::default(),
            pending: AtomicUsize::default(),
            stopping: AtomicBool::default(),
            answered: AtomicU64::default(),
            cached: AtomicU64::default(),
            started: AtomicU64::default(),
            lost: AtomicU64::default(),
            recycled: AtomicU64::default(),
        };
        SolverPool { shared: Arc::new(shared), queue, jobs, threads: Mutex::default() }
    }

    /// Starts every worker now and in the background, so that no query waits for it.
    pub fn warm_up(&self) {
        while self.start_thread(Start::Warm) {}
    }

    /// Answers a query; waits for room in the queue and then for the answer. Not for async code: it blocks.
    pub fn solve(&self, query: &Query) -> Answer {
        if let Some(answer) = self.remembered(query) {
            return answer;
        }
        let (answers, answered) = async_channel::bounded(1);
        let _ = self.queue.send_blocking(self.job(query, answers));
        answered.recv_blocking().map_or_else(|_| unanswered(), |(_, answer)| answer)
    }

    /// Answers a query without blocking the thread. Dropping the future abandons the query.
    pub async fn solve_async(&self, query: &Query) -> Answer {
        if let Some(answer) = self.remembered(query) {
            return answer;
        }
        let (answers, answered) = async_channel::bounded(1);
        let _ = self.queue.send(self.job(query, answers)).await;
        answered.recv().await.map_or_else(|_| unanswered(), |(_, answer)| answer)
    }

    /// Has the answer to a query sent to `answers`, which must have room for it; waits for room in the queue. Dropping
    /// the future before there is room abandons the query.
    pub(super) async fn ask(&self, query: &Query, answers: &Sender<Answered>) {
        match self.remembered(query) {
            Some(answer) => Reply { key: query.key.clone(), to: Some(answers.clone()) }.give(answer),
            None => {
                // What the queue refuses because the pool is going away is dropped, and says so.
                let _ = self.queue.send(self.job(query, answers.clone())).await;
            }
        }
    }

    /// What was done so far.
    pub fn counters(&self) -> Counters {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counters {
            answered: read(&self.shared.answered),
            cached: read(&self.shared.cached),
            started: read(&self.shared.started),
            lost: read(&self.shared.lost),
            recycled: read(&self.shared.recycled),
        }
    }

    /// The worker processes that run now, by the system's numbers.
    pub fn processes(&self) -> Vec<u32> {
        lock(&self.shared.processes).clone()
    }

    /// How the pool is set up.
    pub fn config(&self) -> &PoolConfig {
        &self.shared.config
    }

    fn remembered(&self, query: &Query) -> Option<Answer> {
        // Before the first worker is there, nothing was answered.
        let engine = lock(&self.shared.engine).clone()?;
        let answer = lock(&self.shared.cache).get(query, &engine)?;
        self.shared.count_cached();
        Some(answer)
    }

    /// A job for this query, and a thread for it if all others have one.
    fn job(&self, query: &Query, answers: Sender<Answered>) -> Job {
        let reply = Reply { key: query.key.clone(), to: Some(answers) };
        let waiting = self.shared.pending.fetch_add(1, Ordering::SeqCst) + 1;
        let pending = Pending(Arc::clone(&self.shared));
        if waiting > lock(&self.threads).len() {
            self.start_thread(Start::WhenNeeded);
        }
        let mut query = query.clone();
        let longest = u64::try_from(self.shared.config.longest_wall.as_millis()).unwrap_or(u64::MAX);
        query.wall_ms = query.wall_ms.min(longest);
        Job { query, reply, pending }
    }

    /// Starts one more thread if there may be one more.
    fn start_thread(&self, start: Start) -> bool {
        let mut threads = lock(&self.threads);
        if threads.len() >= self.shared.config.workers.max(1) {
            return false;
        }
        let (shared, jobs) = (Arc::clone(&self.shared), self.jobs.clone());
        let thread = thread::Builder::new()
            .name(format!("solver-{}", threads.len()))
            .spawn(move || attend(&shared, &jobs, start));
        match thread {
            Ok(thread) => {
                threads.push(thread);
                true
            }
            Err(_) => {
                if threads.is_empty() {
                    // Nobody would ever answer: let callers go.
                    self.queue.close();
                }
                false
            }
        }
    }
}

impl Drop for SolverPool {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        self.queue.close();
        for thread in lock(&self.threads).drain(..) {
            let _ = thread.join();
        }
    }
}

/// When a thread starts its worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    Warm,
    WhenNeeded,
}

/// One thread's life: take a job, answer it, see to the worker.
fn attend(shared: &Shared, jobs: &Receiver<Job>, start: Start) {
    let mut desk = Desk { shared, worker: None };
    if start == Start::Warm {
        let _ = desk.worker(&|| shared.stopping());
    }
    while let Ok(Job { query, reply, pending }) = jobs.recv_blocking() {
        if shared.stopping() || reply.is_unwanted() {
            continue;
        }
        let before = desk.worker.is_some();
        let answer = desk.answer(&query, &|| shared.stopping() || reply.is_unwanted());
        // First free, then answered: whoever gets the answer finds this thread ready for the next query.
        drop(pending);
        reply.give(answer);
        desk.recycle();
        if before && desk.worker.is_none() && !shared.stopping() {
            let _ = desk.worker(&|| shared.stopping());
        }
    }
}

/// A thread's place for a worker. Lists the worker's process for as long as it is there.
struct Desk<'a> {
    shared: &'a Shared,
    worker: Option<Worker>,
}

impl Desk<'_> {
    /// The worker, started if there is none.
    fn worker(&mut self, unwanted: &dyn Fn() -> bool) -> Result<&mut Worker, Unavailable> {
        // One that somebody killed while it was idle has lost nothing.
        if self.worker.as_mut().is_some_and(|worker| !worker.is_alive()) {
            self.lose();
        }
        match &mut self.worker {
            Some(worker) => Ok(worker),
            empty => {
                let worker = self.shared.start_worker(unwanted)?;
                lock(&self.shared.processes).push(worker.id());
                Ok(empty.insert(worker))
            }
        }
    }

    fn answer(&mut self, query: &Query, unwanted: &dyn Fn() -> bool) -> Answer {
        let shared = self.shared;
        let worker = match self.worker(unwanted) {
            Ok(worker) => worker,
            Err(unavailable) => {
                return Answer::unknown("none", Stopped::Unavailable(unavailable).to_string());
            }
        };
        let engine = worker.engine().to_owned();
        // Only now is it known who would answer, and others may have asked the same meanwhile.
        if let Some(answer) = lock(&shared.cache).get(query, &engine) {
            shared.count_cached();
            return answer;
        }
        let asked = worker.ask(query, unwanted);
        let (answer, stopped) = match asked {
            Ok(Decided { verdict, units }) => (Answer { verdict, units, engine }, None),
            Err(Undecided { why, units, worker }) => {
                if worker == Condition::Lost {
                    self.lose();
                }
                let verdict = Satisfiability::Unknown { reason: why.to_string() };
                (Answer { verdict, units, engine }, Some(why))
            }
        };
        shared.answered.fetch_add(1, Ordering::Relaxed);
        lock(&shared.cache).put(query, &answer, stopped.as_ref());
        answer
    }

    /// Lets the worker go: dropping it kills it.
    fn release(&mut self) {
        if let Some(worker) = self.worker.take() {
            let id = worker.id();
            lock(&self.shared.processes).retain(|&process| process != id);
        }
    }

    fn lose(&mut self) {
        self.shared.lost.fetch_add(1, Ordering::Relaxed);
        self.release();
    }

    /// Lets a worker go that has answered enough: what Z3 leaks or fragments goes with it.
    fn recycle(&mut self) {
        if self.worker.as_ref().is_some_and(|worker| worker.asked() >= self.shared.config.queries_per_worker)
        {
            self.shared.recycled.fetch_add(1, Ordering::Relaxed);
            self.release();
        }
    }
}

impl Drop for Desk<'_> {
    fn drop(&mut self) {
        self.release();
    }
}

impl Shared {
    fn count_cached(&self) {
        self.answered.fetch_add(1, Ordering::Relaxed);
        self.cached.fetch_add(1, Ordering::Relaxed);
    }

    fn stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    fn start_worker(&self, unwanted: &dyn Fn() -> bool) -> Result<Worker, Unavailable> {
        if let Some((when, unavailable)) = lock(&self.unavailable).as_ref()
            && when.elapsed() < BACKOFF
        {
            return Err(unavailable.clone());
        }
        match Worker::start(&self.config.program, self.config.memory_mib, unwanted) {
            Ok(worker) => {
                self.started.fetch_add(1, Ordering::Relaxed);
                *lock(&self.engine) = Some(Arc::from(worker.engine()));
                *lock(&self.unavailable) = None;
                Ok(worker)
            }
            Err(unavailable) => {
                // A start that was called off says nothing about the solver.
                if !unwanted() {
                    *lock(&self.unavailable) = Some((Instant::now(), unavailable.clone()));
                }
                Err(unavailable)
            }
        }
    }
}

fn unanswered() -> Answer {
    Answer::unknown("none", "the solver pool was shut down before it answered")
}

/// What is behind these locks is whole after every statement, so a panic elsewhere does not spoil it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
