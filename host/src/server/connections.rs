//! Connections: how many there may be, how long one may take to ask, and what happens to them at the end.
//!
//! A client that opens many connections, sends its request a byte at a time, or stops reading the answer, costs a
//! bounded number of sockets for a bounded time; the others are served meanwhile. Must not: know what is asked.

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

/// Connections served at the same time; more wait in the system's queue.
const MOST: usize = 256;

/// How long a client may take to send the head of a request, from when the connection is there or the last answer
/// was sent.
const HEAD: Duration = Duration::from_secs(10);

/// How long a client may take none of an answer that is there for it.
const STALL: Duration = Duration::from_secs(15);

/// How long running requests may take to finish once the server was asked to stop.
const GOODBYE: Duration = Duration::from_secs(5);

/// After a connection could not be accepted (the process has too many files open), before the next is tried.
const BREATH: Duration = Duration::from_millis(200);

/// Serves connections until `stopped`, then lets running requests finish.
pub(super) async fn serve(listener: TcpListener, router: Router, stopped: impl Future<Output = ()>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD);
    let slots = Arc::new(Semaphore::new(MOST));
    let open = GracefulShutdown::new();
    let mut stopped = pin!(stopped);
    loop {
        let next = async {
            let slot = Arc::clone(&slots).acquire_owned().await;
            (slot, listener.accept().await)
        };
        let (slot, accepted) = tokio::select! { next = next => next, () = &mut stopped => break };
        let Ok((stream, _)) = accepted else {
            sleep(BREATH).await;
            continue;
        };
        // Answers are small and waited for.
        let _ = stream.set_nodelay(true);
        let_go_when_stalled(&stream);
        let connection =
            http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router.clone()));
        let connection = open.watch(connection);
        tokio::spawn(async move {
            // A connection that breaks concerns nobody but the client, who knows.
            let _ = connection.await;
            drop(slot);
        });
    }
    drop(listener);
    let _ = timeout(GOODBYE, open.shutdown()).await;
}

/// Has the system end the connection when what was sent is not taken for [`STALL`]: it sees that where we only see a
/// full buffer. Other systems than Linux have limits of their own.
fn let_go_when_stalled(stream: &TcpStream) {
    #[cfg(target_os = "linux")]
    {
        use nix::sys::socket::{setsockopt, sockopt::TcpUserTimeout};
        let stall = u32::try_from(STALL.as_millis()).unwrap_or(u32::MAX);
        // Without it, such a client keeps its socket until it goes.
        let _ = setsockopt(stream, TcpUserTimeout, &stall);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (stream, STALL);
}
