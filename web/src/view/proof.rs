//! What is owed, how it stands and why; a counterexample in full when there is one.

use crate::view::examples::Examples;
use crate::view::prose::Prose;
use crate::view::{counted, word};
use crate::workbench::{Freshness, Workbench};
use leptos::prelude::*;
use lift_web::protocol::{Counterexample, Obligation, Verdict, Verified};

/// Declarations with their verdicts; what a declaration owes stands under it.
#[component]
pub fn Proof() -> impl IntoView {
    let workbench = Workbench::here();
    let declarations = Memo::new(move |_| {
        workbench.verified.with(|verified| {
            let all = verified.as_ref().map(|it| it.declarations.as_slice()).unwrap_or_default();
            let owing = all.iter().filter(|declaration| declaration.owed > 0);
            owing.map(|declaration| declaration.name.clone()).collect::<Vec<_>>()
        })
    });
    let nothing = move || declarations.with(Vec::is_empty);
    let empty_words = move || {
        let empty = workbench.text.with(|text| text.trim().is_empty());
        match (empty, workbench.proving.get(), workbench.verified.with(Option::is_some)) {
            (false, Some(proving), _) => format!("Proving: {} of {} declarations.", proving.done, proving.all),
            (false, None, true) => "Nothing is owed: no contract, no division, no index.".to_owned(),
            _ => "What the document promises stands here, with a verdict: proved, refuted with a counterexample, \
                  or unknown with the reason."
                .to_owned(),
        }
    };
    view! {
        <section class="panel proof" aria-labelledby="proof-title">
            <h2 class="panel-title" id="proof-title" tabindex="-1">"Proof"</h2>
            <div class="panel-body">
                <ul class="cards">
                    <For each=move || declarations.get() key=|name| name.clone() let:name>
                        <DeclarationCard name/>
                    </For>
                </ul>
                <Show when=nothing><p class="quiet">{empty_words}</p></Show>
                <Examples/>
            </div>
        </section>
    }
}

/// A verdict as shape, colour and word; of an earlier text, as running or stale.
#[component]
fn Badge(verdict: Verdict) -> impl IntoView {
    let workbench = Workbench::here();
    let shown = Memo::new(move |_| match workbench.freshness.get() {
        Freshness::Current => word(verdict),
        older => older.key(),
    });
    let shape = move || match shown.get() {
        "proved" => "✓",
        "refuted" => "✗",
        "unknown" => "?",
        "running" => "…",
        _ => "◌",
    };
    view! {
        <span class=move || format!("badge is-{}", shown.get()) >
            <span class=move || format!("verdict-shape is-{}", shown.get()) aria-hidden="true">{shape}</span>
            {move || shown.get()}
        </span>
    }
}

#[component]
fn DeclarationCard(name: String) -> impl IntoView {
    let workbench = Workbench::here();
    let name = StoredValue::new(name);
    let standings = Memo::new(move |_| {
        workbench.verified.with(|verified| {
            let all = verified.as_ref().map(|it| it.declarations.as_slice()).unwrap_or_default();
            all.iter().find(|declaration| declaration.name == name.get_value()).cloned()
        })
    });
    let owed = Memo::new(move |_| {
        let owed =
            workbench.verified.with(|verified| verified.as_ref().map(|it| owed_by(it, &name.get_value())));
        owed.unwrap_or_default()
    });
    let line = move || standings.with(|it| it.as_ref().map(|it| it.place.line).unwrap_or_default());
    let go = move |_| {
        if let Some(place) = standings.with_untracked(|it| it.as_ref().map(|it| it.place)) {
            workbench.goto(place);
        }
    };
    let because =
        move || standings.with(|it| it.as_ref().map(|it| it.because.clone())).filter(|it| !it.is_empty());
    // What needs attention is open, what is proved is folded; a person's choice stays until the verdict changes.
    let unfolded =
        Memo::new(move |_| standings.with(|it| it.as_ref().is_some_and(|it| it.verdict != Verdict::Proved)));
    view! {
        <li class="card declaration" id=move || format!("proof-line-{}", line())>
            <div class="card-head">
                {move || standings.with(|it| it.as_ref().map(|it| it.verdict)).map(|verdict| view! { <Badge verdict/> })}
                <code class="declaration-name">{name.get_value()}</code>
                <button type="button" class="go" on:click=go>"line " {line}</button>
            </div>
            {move || because().map(|because| view! { <p class="because"><Prose text=because/></p> })}
            <details class="owed" prop:open=move || unfolded.get()>
                <summary>{move || counted(owed.with(Vec::len), "obligation", "obligations")}</summary>
                <ul>
                    <For each=move || owed.get().into_iter().enumerate() key=|it| it.clone() let:it>
                        <ObligationRow obligation=it.1/>
                    </For>
                </ul>
            </details>
        </li>
    }
}

fn owed_by(verified: &Verified, name: &str) -> Vec<Obligation> {
    verified.obligations.iter().filter(|owed| owed.declaration == name).cloned().collect()
}

/// The engine of an answer that nobody could be asked for.
const NOBODY: &str = "none";

#[component]
fn ObligationRow(obligation: Obligation) -> impl IntoView {
    let workbench = Workbench::here();
    let place = obligation.place;
    let settled = match (&obligation.engine, obligation.units) {
        (Some(engine), _) if engine == NOBODY => String::new(),
        (Some(engine), 0) => format!("{}, {engine}", obligation.tier),
        (Some(engine), units) => format!("{}, {engine}, {units} units", obligation.tier),
        (None, _) => obligation.tier.clone(),
    };
    let source = obligation.source;
    // The table of the counterexample says it already.
    let told = obligation.counterexample.as_ref().is_some_and(|example| {
        let said =
            |(name, value): &(String, String)| obligation.because.contains(&format!("{name} = {value}"));
        !example.values.is_empty() && example.values.iter().all(said)
    });
    view! {
        <li class="obligation">
            <div class="obligation-head">
                <Badge verdict=obligation.verdict/>
                <button type="button" class="reason" on:click=move |_| workbench.goto(place)>{obligation.reason.clone()}</button>
            </div>
            {(!told && !obligation.because.is_empty())
                .then(|| view! { <p class="because"><Prose text=obligation.because.clone()/></p> })}
            {obligation.counterexample.clone().map(|example| view! { <Example example/> })}
            <p class="settled">
                {settled}
                {source.map(|source| view! {
                    " · "
                    <button type="button" class="go" on:click=move |_| workbench.goto(source)>"stated on line " {source.line}</button>
                })}
            </p>
        </li>
    }
}

#[component]
fn Example(example: Counterexample) -> impl IntoView {
    let words = if example.confirmed { "Confirmed by running it." } else { "Not confirmed: it was not run." };
    view! {
        <table class="counterexample" class:unconfirmed=!example.confirmed>
            <caption>"Counterexample. " {words}</caption>
            <thead class="sr-only"><tr><th scope="col">"Name"</th><th scope="col">"Value"</th></tr></thead>
            <tbody>
                {example.values.into_iter().map(|(name, value)| view! {
                    <tr><th scope="row"><code>{name}</code></th><td><code>{value}</code></td></tr>
                }).collect_view()}
            </tbody>
        </table>
    }
}
