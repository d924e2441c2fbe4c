//! The API: JSON in, the reports of the command line out.

use super::problem::Problem;
use super::{LONGEST_BODY, Shared};
use crate::engine::Engine;
use crate::forward::ForwardOptions;
use crate::python::Python;
use crate::solver::SolverHealth;
use crate::store::{Draft, DraftId, DraftSummary, StoreError};
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use lift_core::report::{CheckFile, ExampleReport, ForwardReport, VerifyFile, check_file, verify_file};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

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
        .route("/health", get(health))
        .nest("/api/v1", v1)
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .with_state(shared)
}

/// A JSON body, or a problem that says what is wrong with it.
#[derive(FromRequest)]
#[from_request(via(Json), rejection(Problem))]
struct Body<T>(T);

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
    let permit = Arc::clone(&shared.workers).try_acquire_owned().map_err(|_| Problem::busy())?;
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
            "POST /api/v1/check {document}",
            "POST /api/v1/verify {document}",
            "POST /api/v1/forward {words, accept_defaults?}",
            "POST /api/v1/run {document}",
            "POST /api/v1/solve {query}",
            "GET /api/v1/drafts",
            "GET, PUT, DELETE /api/v1/drafts/{id}",
        ],
    })
}

async fn not_allowed() -> impl IntoResponse {
    let detail = "this address takes another method; see /api/v1";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", "The method is not allowed here", detail)
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
    version: &'static str,
    solver: SolverHealth,
    python: Option<String>,
}

/// What the server can do. The solver is only started once to find out.
async fn health(State(shared): State<Shared>) -> Result<Json<Health>, Problem> {
    let found = Arc::clone(&shared.health);
    let abilities = compute(&shared, move |engine| {
        found
            .get_or_init(|| (engine.solver_health(), Python::find().ok().map(|python| python.version)))
            .clone()
    });
    let (solver, python) = abilities.await?;
    Ok(Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION"), solver, python }))
}

#[derive(Deserialize)]
struct Document {
    document: String,
}

async fn check(State(shared): State<Shared>, Body(body): Body<Document>) -> Result<Json<CheckFile>, Problem> {
    compute(&shared, move |_| check_file("document", &lift_core::check::check(&body.document)))
        .await
        .map(Json)
}

async fn verify(
    State(shared): State<Shared>,
    Body(body): Body<Document>,
) -> Result<Json<VerifyFile>, Problem> {
    let work = move |engine: &Engine| {
        let checked = lift_core::check::check(&body.document);
        verify_file("document", &checked, &engine.verify(&checked))
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
    let work = move |_: &Engine| crate::forward::run_document(&lift_core::check::check(&body.document));
    let (examples, ran) = compute(&shared, work).await?;
    Ok(Json(Ran { schema: "lift.run/1", examples, ran }))
}

async fn solve(
    State(shared): State<Shared>,
    Body(query): Body<lift_core::logic::Query>,
) -> Result<Json<lift_core::logic::Answer>, Problem> {
    compute(&shared, move |engine| engine.solve(&query)).await.map(Json)
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
