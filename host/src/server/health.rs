//! `GET /health`: whether the server is well, which is that its store can be read, and what it can do.
//!
//! Answers however busy the server is. What is installed is looked for at most once in [`KEPT`].

use super::Shared;
use super::problem::Problem;
use crate::engine::Engine;
use crate::python::Python;
use crate::solver::SolverHealth;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long what was found is believed: a solver may be installed, or go, while the server runs.
const KEPT: Duration = Duration::from_secs(30);

/// What was found installed, and when.
#[derive(Debug, Default)]
pub(super) struct Found(Mutex<Option<(Instant, Abilities)>>);

#[derive(Debug, Clone, Serialize)]
struct Abilities {
    solver: SolverHealth,
    python: Option<String>,
}

impl Found {
    /// What is installed. Whoever comes while somebody looks waits for what that one finds.
    fn abilities(&self, engine: &Engine) -> Abilities {
        let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*found {
            Some((when, abilities)) if when.elapsed() < KEPT => abilities.clone(),
            _ => {
                let python = Python::find().ok().map(|python| python.version);
                let abilities = Abilities { solver: engine.solver_health(), python };
                *found = Some((Instant::now(), abilities.clone()));
                abilities
            }
        }
    }
}

#[derive(Serialize)]
pub(super) struct Health {
    status: &'static str,
    version: &'static str,
    #[serde(flatten)]
    abilities: Abilities,
}

pub(super) async fn health(State(shared): State<Shared>) -> Result<Json<Health>, Problem> {
    let (engine, found) = (Arc::clone(&shared.engine), Arc::clone(&shared.found));
    let store = Arc::clone(&shared.store);
    let looked = tokio::task::spawn_blocking(move || store.look().map(|()| found.abilities(&engine))).await;
    let abilities = looked.map_err(|_| Problem::internal())??;
    Ok(Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION"), abilities }))
}
