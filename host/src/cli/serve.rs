//! `lift serve`.

use super::output::{Exit, Failure, Output};
use crate::engine::{Engine, EngineConfig};
use crate::server::{Shared, serve};
use crate::store::Store;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Serves until it is asked to stop.
pub(super) fn run(
    host: IpAddr,
    port: u16,
    data: Option<&Path>,
    config: EngineConfig,
    output: &Output,
) -> Result<Exit, Failure> {
    let folder = data.map_or_else(default_folder, |folder| Ok(folder.to_owned()))?;
    let path = folder.join("lift.db");
    let store = Store::open(&path).map_err(|error| {
        Failure::usage(format!("cannot open {}: {error}", path.display()))
            .hint("choose another folder with --data")
    })?;
    let shared = Shared::new(Arc::new(Engine::new(config)), Arc::new(store));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(super::STACK).build();
    let runtime = runtime.map_err(|error| Failure::internal(format!("cannot start the runtime: {error}")))?;
    runtime.block_on(async {
        let asked = SocketAddr::new(host, port);
        let listener = tokio::net::TcpListener::bind(asked).await.map_err(|error| {
            let failure = Failure::usage(format!("cannot listen on {asked}: {error}"));
            match error.kind() {
                std::io::ErrorKind::AddrInUse => {
                    failure.hint("another program has the port; choose one with --port")
                }
                _ => failure,
            }
        })?;
        let address = listener.local_addr().unwrap_or(asked);
        if !address.ip().is_loopback() {
            output
                .say(&format!("lift: {address} can be reached from other machines, and there is no sign-in"));
        }
        output.say(&format!("lift: serving http://{address}  (drafts in {}; Ctrl-C stops)", path.display()));
        serve(listener, shared)
            .await
            .map_err(|error| Failure::internal(format!("the server failed: {error}")))
    })?;
    // What still computes answers nobody any more.
    runtime.shutdown_background();
    Ok(Exit::Fine)
}

/// Where drafts are kept when nothing is said.
fn default_folder() -> Result<PathBuf, Failure> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("LIFT_DATA")
        .or_else(|| set("XDG_DATA_HOME").map(|folder| folder.join("lift")))
        .or_else(|| set("HOME").map(|folder| folder.join(".local/share/lift")))
        .ok_or_else(|| Failure::usage("no folder to keep drafts in").hint("name one with --data DIR"))
}
