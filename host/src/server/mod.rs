//! `lift serve`: the API and the workbench over HTTP, on loopback unless told otherwise.
//!
//! Every answer to a mistake is a problem document (RFC 9457). Bodies are bounded in size and in time; work that
//! computes runs on a bounded number of threads and a request that finds them all taken is told to come back, so that
//! one heavy document never stops the others. Requests from other sites are refused by `Host` and `Origin`.

mod api;
mod assets;
mod connections;
mod documents;
mod guard;
mod health;
mod negotiate;
mod problem;

use crate::engine::Engine;
use crate::store::Store;
use axum::Router;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

pub use problem::Problem;

/// Documents over the API are at most this long, in bytes.
pub const LONGEST_BODY: usize = 1 << 20;

/// How many queries of clients wait for the solver at most: fewer than it has room for, so that there is some for those
/// of documents.
const MOST_QUERIES: usize = 64;

/// What requests share.
#[derive(Clone)]
pub struct Shared {
    engine: Arc<Engine>,
    store: Arc<Store>,
    /// One permit for each request that computes.
    workers: Arc<Semaphore>,
    /// One permit for each query of the solver's that a client asks by itself.
    queries: Arc<Semaphore>,
    /// What was found installed when somebody last asked.
    found: Arc<health::Found>,
}

impl Shared {
    /// State for a router.
    pub fn new(engine: Arc<Engine>, store: Arc<Store>) -> Self {
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        Shared {
            engine,
            store,
            workers: Arc::new(Semaphore::new(threads * 4)),
            queries: Arc::new(Semaphore::new(MOST_QUERIES)),
            found: Arc::default(),
        }
    }
}

/// All routes. `address` decides which `Host` headers are ours.
pub fn router(shared: Shared, address: SocketAddr) -> Router {
    api::routes(shared)
        .merge(assets::routes())
        .layer(axum::middleware::from_fn_with_state(guard::Guard::new(address), guard::protect))
}

/// Serves until the process is asked to stop (interrupt or terminate), then lets running requests finish.
pub async fn serve(listener: TcpListener, shared: Shared) -> std::io::Result<()> {
    let address = listener.local_addr()?;
    connections::serve(listener, router(shared, address), stopped()).await;
    Ok(())
}

async fn stopped() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}
