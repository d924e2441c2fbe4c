//! What is open: questions, holes and assumptions, and what could stand in them.

use crate::view::counted;
use crate::workbench::{Origin, Workbench};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use lift_web::protocol::{Fit, Hole, Standing};

/// The home panel. With the focus in it, the keys 1 to 6 take a fit of the chosen hole.
#[component]
pub fn Holes() -> impl IntoView {
    let workbench = Workbench::here();
    // Cards are kept by name: an edit elsewhere moves no focus and folds nothing.
    let with = move |standing: fn(Standing) -> bool| {
        Memo::new(move |_| {
            workbench.checked.with(|checked| {
                let holes = checked.as_ref().map(|checked| checked.holes.as_slice()).unwrap_or_default();
                let named = holes.iter().filter(|hole| standing(hole.standing)).map(|hole| hole.name.clone());
                named.collect::<Vec<_>>()
            })
        })
    };
    let open = with(|standing| standing != Standing::Assumption);
    let assumed = with(|standing| standing == Standing::Assumption);
    let nothing = move || open.with(Vec::is_empty) && workbench.text.with(|text| !text.trim().is_empty());
    let by_key = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() || !workbench.single_keys.get_untracked() {
            return;
        }
        let Some(number) = event.key().parse::<usize>().ok().filter(|number| (1..=6).contains(number)) else {
            return;
        };
        let term = offered(workbench).get(number - 1).map(|fit| fit.term.clone());
        if let (Some(term), Some(hole)) = (term, workbench.chosen.get_untracked()) {
            event.prevent_default();
            workbench.decide(hole, term);
        }
    };
    view! {
        <section class="panel holes" aria-labelledby="holes-title" on:keydown=by_key>
            <h2 class="panel-title" id="holes-title" tabindex="-1">"Open"</h2>
            <div class="panel-body">
                {move || workbench.origin.get().map(|origin| view! { <Provenance origin/> })}
                <ul class="cards">
                    <For each=move || open.get() key=|name| name.clone() let:name>
                        <HoleCard name/>
                    </For>
                </ul>
                <Show when=nothing>
                    <p class="quiet">"Nothing must be decided."</p>
                </Show>
                <Show when=move || workbench.text.with(|text| text.trim().is_empty())>
                    <p class="quiet">
                        "What your words leave open stands here: each hole with its type, what is in scope, "
                        "and what could fill it."
                    </p>
                </Show>
                <Show when=move || assumed.with(|assumed| !assumed.is_empty())>
                    <h3 class="group">{move || counted(assumed.with(Vec::len), "assumption", "assumptions")}</h3>
                    <ul class="cards">
                        <For each=move || assumed.get() key=|name| name.clone() let:name>
                            <AssumptionCard name/>
                        </For>
                    </ul>
                </Show>
            </div>
        </section>
    }
}

/// What can be taken for the chosen hole: its usual answers, then its fits; at most six.
fn offered(workbench: Workbench) -> Vec<Fit> {
    let answers = workbench.chosen_hole().map(|hole| hole.answers).unwrap_or_default();
    let answers = answers.into_iter().map(|term| Fit {
        term,
        ty: String::new(),
        source: "usual answer".to_owned(),
        effect: String::new(),
    });
    let fits = workbench.fitted.get().map(|fitted| fitted.fits).unwrap_or_default();
    let mut offered: Vec<Fit> = Vec::new();
    for fit in answers.chain(fits) {
        if !offered.iter().any(|earlier| earlier.term == fit.term) {
            offered.push(fit);
        }
    }
    offered.truncate(6);
    offered
}

#[component]
fn Provenance(origin: Origin) -> impl IntoView {
    let notes = origin.notes.into_iter().map(|note| view! { <p>{note}</p> }).collect_view();
    let parts = origin.provenance.into_iter().map(|(part, from)| {
        view! { <li><span class="part">{part}</span> " from " {from}</li> }
    });
    let parts = parts.collect_view();
    view! {
        <div class="origin">
            <p>"Drafted from " <q>{origin.words}</q></p>
            {notes}
            {(!parts.is_empty()).then(|| view! {
                <details>
                    <summary>"Where each part came from"</summary>
                    <ul>{parts}</ul>
                </details>
            })}
        </div>
    }
}

#[component]
fn HoleCard(name: String) -> impl IntoView {
    let workbench = Workbench::here();
    let name = StoredValue::new(name);
    let hole = Memo::new(move |_| workbench.hole(&name.get_value()));
    let chosen =
        Memo::new(move |_| workbench.chosen.with(|chosen| chosen.as_ref() == Some(&name.get_value())));
    let question =
        move || hole.with(|hole| hole.as_ref().is_some_and(|it| it.standing == Standing::Question));
    let kind = move || match question() {
        true => "question".to_owned(),
        false => hole.with(|hole| hole.as_ref().map(|hole| hole.kind.clone()).unwrap_or_default()),
    };
    view! {
        <li class="card hole" class:chosen=chosen class:question=question>
            <div class="card-head">
                <button
                    type="button"
                    class="hole-name"
                    aria-expanded=move || chosen.get().to_string()
                    on:click=move |_| workbench.choose(Some(name.get_value()))
                >"?" {name.get_value()}</button>
                <span class="kind">{kind}</span>
                <button type="button" class="go" on:click=move |_| workbench.go_to_hole(&name.get_value())>
                    {move || hole.with(|hole| hole.as_ref().map(place_words))}
                </button>
            </div>
            {move || hole.get().map(|hole| view! { <Asked hole/> })}
            <Show when=move || chosen.get()>
                <Offers/>
            </Show>
            {move || hole.get().map(|hole| view! { <Surroundings hole/> })}
        </li>
    }
}

/// What a hole asks for.
#[component]
fn Asked(hole: Hole) -> impl IntoView {
    view! {
        {hole.hint.map(|said| view! { <p class="said">{said}</p> })}
        {(!hole.ty.is_empty()).then(|| view! {
            <p class="type"><span class="sr-only">"Type: "</span><code>{hole.ty}</code></p>
        })}
    }
}

/// What a hole depends on and what is in scope there.
#[component]
fn Surroundings(hole: Hole) -> impl IntoView {
    let links =
        hole.links.into_iter().map(|(kind, other)| view! { <span>{kind} " ?" {other}</span> }).collect_view();
    let count = hole.context.len();
    let names = hole.context.into_iter().map(|(name, ty)| {
        view! { <div><dt><code>{name}</code></dt><dd><code>{ty}</code></dd></div> }
    });
    let names = names.collect_view();
    view! {
        {(!links.is_empty()).then(|| view! { <p class="links">{links}</p> })}
        {(count > 0).then(|| view! {
            <details class="context">
                <summary>{counted(count, "name in scope", "names in scope")}</summary>
                <dl>{names}</dl>
            </details>
        })}
    }
}

/// What could stand in the chosen hole. A look at one shows it in the text; a click takes it.
#[component]
fn Offers() -> impl IntoView {
    let workbench = Workbench::here();
    let fits = Memo::new(move |_| offered(workbench));
    let waiting = move || workbench.fitted.with(Option::is_none) && fits.with(Vec::is_empty);
    let none = move || workbench.fitted.with(Option::is_some) && fits.with(Vec::is_empty);
    let row = move |(index, fit): (usize, Fit)| {
        let (term, shown) = (fit.term.clone(), fit.term.clone());
        let focused = shown.clone();
        let take = move |_| {
            if let Some(hole) = workbench.chosen.get_untracked() {
                workbench.decide(hole, term.clone());
            }
        };
        view! {
            <li>
                <button
                    type="button"
                    class="fit"
                    on:click=take
                    on:mouseenter=move |_| workbench.preview(Some(&shown))
                    on:mouseleave=move |_| workbench.preview(None)
                    on:focus=move |_| workbench.preview(Some(&focused))
                    on:blur=move |_| workbench.preview(None)
                >
                    <kbd>{index + 1}</kbd>
                    <code class="term">{fit.term.clone()}</code>
                    <span class="source">{fit.source.clone()}</span>
                    {(!fit.effect.is_empty()).then(|| view! { <span class="effect">{fit.effect.clone()}</span> })}
                </button>
            </li>
        }
    };
    view! {
        <div class="offers">
            <ol>
                <For each=move || fits.get().into_iter().enumerate() key=|(index, fit)| (*index, fit.clone()) children=row/>
            </ol>
            <Show when=waiting><p class="quiet skeleton">"Looking for what fits"</p></Show>
            <Show when=none><p class="quiet">"Nothing in scope or in the library fits. Write it in the text."</p></Show>
        </div>
    }
}

#[component]
fn AssumptionCard(name: String) -> impl IntoView {
    let workbench = Workbench::here();
    let name = StoredValue::new(name);
    let hole = Memo::new(move |_| workbench.hole(&name.get_value()));
    let others = move || {
        let hole = hole.get()?;
        let others = hole.answers.into_iter().filter(move |answer| Some(answer) != hole.default.as_ref());
        let answer = |term: String| {
            let shown = term.clone();
            view! {
                <button type="button" class="answer" on:click=move |_| workbench.decide(name.get_value(), term.clone())>
                    <code>{shown}</code>
                </button>
            }
        };
        Some(others.map(answer).collect_view())
    };
    let default = move || hole.with(|hole| hole.as_ref().and_then(|hole| hole.default.clone()));
    view! {
        <li class="card assumption">
            <div class="card-head">
                <code class="hole-name">"?" {name.get_value()} " = " {default}</code>
                <span class="kind">"assumed"</span>
                <button type="button" class="go" on:click=move |_| workbench.go_to_hole(&name.get_value())>
                    {move || hole.with(|hole| hole.as_ref().map(place_words))}
                </button>
            </div>
            {move || hole.get().map(|hole| view! {
                {hole.hint.map(|said| view! { <p class="said">{said}</p> })}
                {hole.because.map(|because| view! { <p class="because">"Because " {because}</p> })}
            })}
            <p class="answers">
                {others}
                <button type="button" class="answer reopen" on:click=move |_| workbench.reopen(name.get_value())>"Reopen"</button>
            </p>
        </li>
    }
}

/// `line 12 in clamp`
fn place_words(hole: &Hole) -> String {
    let line = hole.uses.first().or(hole.declared.as_ref()).map(|place| place.line).unwrap_or_default();
    match &hole.declaration {
        Some(declaration) => format!("line {line}, {declaration}"),
        None => format!("line {line}"),
    }
}
