//! The bottom line: what works at this moment, and the numbers.

use crate::server::Server;
use crate::view::{capitalised, counted};
use crate::workbench::{EngineState, Freshness, Workbench};
use leptos::prelude::*;
use lift_web::protocol::{Severity, Standing, Verdict};

/// One line, always there.
#[component]
pub fn Status() -> impl IntoView {
    let workbench = Workbench::here();
    view! {
        <footer class="status" aria-label="Status">
            {move || engine(workbench.engine_state.get())}
            {move || server(workbench.server.get())}
            <span class="space"></span>
            <button type="button" class="status-item problems" title="Next problem (F8)" on:click=move |_| workbench.step_problem(true)>
                {move || problems(workbench)}
            </button>
            <button type="button" class="status-item" title="Next hole (F9)" on:click=move |_| workbench.step_hole(true)>
                {move || open(workbench)}
            </button>
            <span class="status-item verdicts">{move || verdicts(workbench)}</span>
            <span class="status-item micros" title="How long the last check took">
                {move || workbench.checked.with(|it| it.as_ref().map(|it| format!("{:.1} ms", f64::from(it.micros) / 1000.0)))}
            </span>
        </footer>
    }
}

fn engine(state: EngineState) -> impl IntoView {
    let (name, words) = match state {
        EngineState::Starting => ("is-running", "Engine starting".to_owned()),
        EngineState::Ready | EngineState::Busy => ("is-proved", "Engine ready".to_owned()),
        EngineState::Down(why) => ("is-refuted", why),
    };
    view! { <span class=format!("status-item engine {name}")><span class="dot" aria-hidden="true"></span>{words}</span> }
}

fn server(server: Server) -> impl IntoView {
    let (name, words) = match server {
        Server::Asking => ("is-running", "Looking for a server".to_owned()),
        Server::With { solver: Some(solver), python: Some(python) } => {
            ("is-proved", format!("{} and Python {python} via server", capitalised(&solver)))
        }
        Server::With { solver: Some(solver), python: None } => {
            ("is-unknown", format!("{} via server, which has no Python to run", capitalised(&solver)))
        }
        Server::With { solver: None, .. } => {
            ("is-unknown", "Server without Z3: built-in tiers only".to_owned())
        }
        Server::Away => {
            ("is-unknown", "No server: built-in tiers only; Z3 and Python runs are unavailable".to_owned())
        }
    };
    view! { <span class=format!("status-item server {name}")><span class="dot" aria-hidden="true"></span>{words}</span> }
}

fn problems(workbench: Workbench) -> String {
    workbench.checked.with(|checked| {
        let findings = checked.as_ref().map(|checked| checked.findings.as_slice()).unwrap_or_default();
        let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        // What is only worth knowing is told where it stands.
        let (errors, warnings) = (counted(of(Severity::Error), "error", "errors"), of(Severity::Warning));
        match warnings {
            0 => errors,
            _ => format!("{errors}, {}", counted(warnings, "warning", "warnings")),
        }
    })
}

fn open(workbench: Workbench) -> String {
    workbench.checked.with(|checked| {
        let holes = checked.as_ref().map(|checked| checked.holes.as_slice()).unwrap_or_default();
        let assumed = holes.iter().filter(|hole| hole.standing == Standing::Assumption).count();
        match assumed {
            0 => format!("{} open", holes.len()),
            _ => format!("{} open, {assumed} assumed", holes.len() - assumed),
        }
    })
}

fn verdicts(workbench: Workbench) -> String {
    if let Some(proving) = workbench.proving.get().filter(|_| workbench.freshness.get() == Freshness::Proving)
    {
        return format!("proving {} of {}", proving.done, proving.all);
    }
    workbench.verified.with(|verified| {
        let owed = verified.as_ref().map(|verified| verified.obligations.as_slice()).unwrap_or_default();
        let count = |verdict| owed.iter().filter(|owed| owed.verdict == verdict).count();
        let kinds = [Verdict::Proved, Verdict::Refuted, Verdict::Unknown];
        let counts = kinds.map(|verdict| (count(verdict), crate::view::word(verdict)));
        let shown: Vec<_> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        match shown.is_empty() {
            true => "nothing owed".to_owned(),
            false => shown.join(", "),
        }
    })
}
