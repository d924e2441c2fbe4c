//! Z3, as far as a worker in a browser can reach it: through the server that served the page.
//!
//! What it said is remembered, so that a verdict stays when the server goes. Fails closed: only what the server says in so many words is an answer; anything else is *unknown* with the reason.

use lift_core::logic::{Answer, Query, Satisfiability};
use serde::Deserialize;
use std::cell::RefCell;
use std::collections::HashMap;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, Request, RequestInit, Response, WorkerGlobalScope};

const PATH: &str = "/api/v1/solve";

/// Answers kept at most; beyond, all are forgotten and asked again.
const KEPT: usize = 4096;

/// Over the wall clock of a question, for the way there and back and for a queue, in milliseconds.
const GRACE_MS: u64 = 4_000;

/// How far a question goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// To the server.
    Server,
    /// No further than to what the server said before.
    Memory,
}

/// Asks the server, and remembers what it said.
#[derive(Default)]
pub struct Solver {
    known: RefCell<HashMap<String, Answer>>,
}

impl Solver {
    /// The answers, in the order of the questions, which are under way at the same time.
    pub async fn ask(&self, questions: &[Query], reach: Reach) -> Vec<Answer> {
        let sent: Vec<_> = questions
            .iter()
            .map(|question| match self.known.borrow().get(&question.key) {
                Some(answer) => Sent::Known(answer.clone()),
                None if reach == Reach::Memory => Sent::Not("its server is away"),
                None => {
                    send(question).map_or(Sent::Not("this browser could not ask the server"), Sent::Underway)
                }
            })
            .collect();
        let mut answers = Vec::with_capacity(sent.len());
        for (question, sent) in questions.iter().zip(sent) {
            let answer = match sent {
                Sent::Known(answer) => answer,
                Sent::Underway(promise) => match receive(promise).await {
                    Ok(answer) => self.keep(question, answer),
                    Err(why) => Answer::unknown("none", why),
                },
                Sent::Not(why) => Answer::unknown("none", why),
            };
            answers.push(answer);
        }
        answers
    }

    /// Whether anything was said before.
    pub fn remembers(&self) -> bool {
        !self.known.borrow().is_empty()
    }

    /// Remembers what will be the same next time; a limit may be reached later.
    fn keep(&self, question: &Query, answer: Answer) -> Answer {
        let mut known = self.known.borrow_mut();
        if known.len() >= KEPT {
            known.clear();
        }
        if !matches!(answer.verdict, Satisfiability::Unknown { .. }) {
            known.insert(question.key.clone(), answer.clone());
        }
        answer
    }
}

enum Sent {
    Known(Answer),
    Underway(js_sys::Promise),
    Not(&'static str),
}

fn send(question: &Query) -> Option<js_sys::Promise> {
    let options = RequestInit::new();
    options.set_method("POST");
    let patience = u32::try_from(question.wall_ms + GRACE_MS).unwrap_or(u32::MAX);
    options.set_signal(Some(&AbortSignal::timeout_with_u32(patience)));
    options.set_body(&JsValue::from_str(&serde_json::to_string(question).ok()?));
    let headers = Headers::new().ok()?;
    headers.set("content-type", "application/json").ok()?;
    options.set_headers(&headers);
    let request = Request::new_with_str_and_init(PATH, &options).ok()?;
    let scope: WorkerGlobalScope = js_sys::global().dyn_into().ok()?;
    Some(scope.fetch_with_request(&request))
}

/// The answer, or why there is none.
async fn receive(promise: js_sys::Promise) -> Result<Answer, String> {
    let lost = "the server did not answer";
    let response: Response =
        JsFuture::from(promise).await.ok().and_then(|it| it.dyn_into().ok()).ok_or(lost)?;
    let text = JsFuture::from(response.text().map_err(|_| lost)?).await.map_err(|_| lost)?;
    let text = text.as_string().ok_or(lost)?;
    if !response.ok() {
        // A problem document says what to do; anything else is named by its number.
        let detail = serde_json::from_str::<Problem>(&text).map(|problem| problem.detail);
        return Err(
            detail.unwrap_or_else(|_| format!("the server answered with status {}", response.status()))
        );
    }
    serde_json::from_str(&text).map_err(|_| "the server's answer cannot be read".to_owned())
}

#[derive(Deserialize)]
struct Problem {
    detail: String,
}
