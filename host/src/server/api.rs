//! The API: JSON in, the reports of the command line out.

use super::documents::Document;
use super::problem::Problem;
use super::{LONGEST_BODY, Shared, health};
use crate::engine::Engine;
use crate::forward::ForwardOptions;
use crate::store::{Draft, DraftId, DraftSummary, StoreError};
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Path, Query, Request, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use lift_core::report::{CheckFile, ExampleReport, ForwardReport, VerifyFile, check_file, verify_file};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// The routes of the API.
pub(super) fn routes(shared: Shared) -> Router {
    let v1 = Router::new()
        .route("/", get(index))
        .route("/check", post(check))
        .route("/verify", post(verify))
        .route("/forward", post(forward))
        .route("/run", post(run))
        .route("/solve", post(solve))
        .route("/drafts", get(list_drafts))
        .route("/drafts/{id}", get(one_draft).put(change_draft).delete(remove_draft))
        .method_not_allowed_fallback(not_allowed);
    Router::new()
        .route("/health", get(health::health))
        .nest("/api/v1", v1)
        .method_not_allowed_fallback(not_allowed)
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .with_state(shared)
}

/// How long a client may take to send a body.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a request waits for a thread that may compute.
const QUEUE: Duration = Duration::from_secs(2);

/// A JSON body, or a problem that says what is wrong with it.
struct Body<T>(T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match timeout(PATIENCE, Json::from_request(request, state)).await {
            Ok(Ok(Json(body))) => Ok(Body(body)),
            Ok(Err(rejection)) => Err(rejection.into()),
            Err(_) => {
                let detail =
                    format!("the body did not arrive within {} s; send it again", PATIENCE.as_secs());
                Err(Problem::new(
                    StatusCode::REQUEST_TIMEOUT,
                    "too-slow",
                    "The request took too long",
                    detail,
                ))
            }
        }
    }
}

/// Query parameters, or a problem.
#[derive(FromRequestParts)]
#[from_request(via(Query), rejection(Problem))]
struct Asked<T>(T);

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        let detail = rejection.body_text();
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                "The request is too large",
                format!("a request may have {} KiB; split the document", LONGEST_BODY >> 10),
            ),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "media-type",
                "The request is not JSON",
                "send `content-type: application/json`",
            ),
            StatusCode::UNPROCESSABLE_ENTITY => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "fields",
                "A field is missing or wrong",
                detail,
            ),
            _ => Problem::bad_request(detail),
        }
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Problem::bad_request(rejection.body_text())
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Missing => Problem::missing("there is no draft of that name"),
            other => {
                eprintln!("lift serve: {other}");
                Problem::internal()
            }
        }
    }
}

/// Runs `work` on a thread that may compute, when one is free.
async fn compute<T: Send + 'static>(
    shared: &Shared,
    work: impl FnOnce(&Engine) -> T + Send + 'static,
) -> Result<T, Problem> {
    let permit = timeout(QUEUE, Arc::clone(&shared.workers).acquire_owned()).await;
    let Ok(Ok(permit)) = permit else { return Err(Problem::busy()) };
    let engine = Arc::clone(&shared.engine);
    let done = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        work(&engine)
    });
    done.await.map_err(|error| {
        eprintln!("lift serve: {error}");
        Problem::internal()
    })
}

/// Runs a short database call on a thread that may block.
async fn stored<T: Send + 'static>(
    shared: &Shared,
    work: impl FnOnce(&crate::store::Store) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Problem> {
    let store = Arc::clone(&shared.store);
    match tokio::task::spawn_blocking(move || work(&store)).await {
        Ok(result) => Ok(result?),
        Err(error) => {
            eprintln!("lift serve: {error}");
            Err(Problem::internal())
        }
    }
}

#[derive(Serialize)]
struct Index {
    name: &'static str,
    version: &'static str,
    routes: &'static [&'static str],
}

async fn index() -> Json<Index> {
    Json(Index {
        name: "lift",
        version: env!("CARGO_PKG_VERSION"),
        routes: &[
            "GET /health",
            "POST /api/v1/check {document, path?, documents?}",
            "POST /api/v1/verify {document, path?, documents?}",
            "POST /api/v1/forward {words, accept_defaults?}",
            "POST /api/v1/run {document, path?, documents?}",
            "POST /api/v1/solve {query}",
            "GET /api/v1/drafts",
            "GET, PUT, DELETE /api/v1/drafts/{id}",
        ],
    })
}

async fn not_allowed() -> Problem {
    Problem::not_allowed()
}

async fn check(State(shared): State<Shared>, Body(body): Body<Document>) -> Result<Json<CheckFile>, Problem> {
    let (name, body) = (body.name(), body.admitted()?);
    compute(&shared, move |_| check_file(&name, &body.checked())).await.map(Json)
}

async fn verify(
    State(shared): State<Shared>,
    Body(body): Body<Document>,
) -> Result<Json<VerifyFile>, Problem> {
    let (name, body) = (body.name(), body.admitted()?);
    let work = move |engine: &Engine| {
        let checked = body.checked();
        verify_file(&name, &checked, &engine.verify(&checked))
    };
    compute(&shared, work).await.map(Json)
}

#[derive(Deserialize)]
struct Wish {
    words: String,
    #[serde(default)]
    accept_defaults: bool,
}

/// A request that went forward, and the draft it was kept as.
#[derive(Serialize)]
struct Forwarded {
    draft: DraftId,
    revision: i64,
    #[serde(flatten)]
    report: ForwardReport,
}

async fn forward(State(shared): State<Shared>, Body(wish): Body<Wish>) -> Result<Json<Forwarded>, Problem> {
    if wish.words.trim().is_empty() {
        return Err(Problem::bad_request("`words` is empty: say what you want"));
    }
    let options = ForwardOptions { accept_defaults: wish.accept_defaults, stubs: false };
    let words = wish.words.clone();
    let made =
        compute(&shared, move |engine| crate::forward::forward(engine, &words, options, &mut |_| {})).await?;
    let (words, document) = (wish.words, made.report.document.clone());
    let draft = stored(&shared, move |store| store.add_draft(&words, &document)).await?;
    Ok(Json(Forwarded { draft: draft.id, revision: draft.revision, report: made.report }))
}

/// The examples of a document, run as Python.
#[derive(Serialize)]
struct Ran {
    schema: &'static str,
    examples: Vec<ExampleReport>,
    ran: String,
}

async fn run(State(shared): State<Shared>, Body(body): Body<Document>) -> Result<Json<Ran>, Problem> {
    let body = body.admitted()?;
    let work = move |_: &Engine| crate::forward::run_document(&body.checked());
    let (examples, ran) = compute(&shared, work).await?;
    Ok(Json(Ran { schema: "lift.run/1", examples, ran }))
}

/// A query takes none of the threads that compute: it waits in the solver's own queue, and is dropped, even in the
/// middle, when the client goes away. It gets what an obligation of a document gets and no more, and so many at once
/// that those of documents find their turn.
async fn solve(
    State(shared): State<Shared>,
    Body(query): Body<lift_core::logic::Query>,
) -> Result<Json<lift_core::logic::Answer>, Problem> {
    let permit = timeout(QUEUE, shared.queries.acquire()).await;
    let Ok(Ok(_permit)) = permit else { return Err(Problem::busy()) };
    let most = lift_core::logic::Options::default();
    let (rlimit, wall_ms) = (query.rlimit.min(most.rlimit), query.wall_ms.min(most.wall_ms));
    let query = lift_core::logic::Query { rlimit, wall_ms, ..query };
    Ok(Json(shared.engine.solve_async(&query).await))
}

#[derive(Deserialize)]
struct Page {
    limit: Option<u32>,
}

async fn list_drafts(
    State(shared): State<Shared>,
    Asked(page): Asked<Page>,
) -> Result<Json<Vec<DraftSummary>>, Problem> {
    let limit = page.limit.unwrap_or(50).min(500);
    stored(&shared, move |store| store.drafts(limit)).await.map(Json)
}

async fn one_draft(State(shared): State<Shared>, Path(id): Path<String>) -> Result<Json<Draft>, Problem> {
    let id: DraftId = id.parse()?;
    stored(&shared, move |store| store.draft(&id)).await.map(Json)
}

#[derive(Deserialize)]
struct Change {
    revision: i64,
    document: String,
}

async fn change_draft(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    Body(change): Body<Change>,
) -> Result<Json<Draft>, Problem> {
    let id: DraftId = id.parse()?;
    let changed =
        stored(&shared, move |store| store.change_draft(&id, change.revision, &change.document)).await?;
    changed.map(Json).ok_or_else(|| {
        let detail = "the draft has changed since; fetch it and try again";
        Problem::new(StatusCode::CONFLICT, "stale", "Somebody else was faster", detail)
    })
}

async fn remove_draft(State(shared): State<Shared>, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let id: DraftId = id.parse()?;
    stored(&shared, move |store| store.remove_draft(&id)).await.map(|()| StatusCode::NO_CONTENT)
}
