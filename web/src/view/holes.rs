//! What is open: questions, holes and assumptions, and what could stand in them.

use crate::view::problems::Problems;
use crate::view::prose::Prose;
use crate::view::{counted, values};
use crate::workbench::{Origin, Workbench};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use lift_web::protocol::{Fit, Hole, Known, Standing};

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
        let Some(hole) = workbench.chosen.get_untracked() else { return };
        let term = untrack(|| offered(workbench, &hole)).get(number - 1).map(|(_, _, fit)| fit.term.clone());
        if let Some(term) = term {
            event.prevent_default();
            workbench.decide(hole, term);
        }
    };
    view! {
        <section class="panel holes" aria-labelledby="holes-title" on:keydown=by_key>
            <h2 class="panel-title" id="holes-title" tabindex="-1">"Open"</h2>
            <div class="panel-body">
                {move || workbench.origin.get().map(|origin| view! { <Provenance origin/> })}
                <Problems/>
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

/// What is known of a hole.
fn known(workbench: Workbench, name: &str) -> Option<Known> {
    workbench.ran.with(|ran| ran.as_ref()?.known.iter().find(|known| known.hole == name).cloned())
}

/// What can be taken for a hole, with its number: its usual answers, then, when it is looked at, its fits; at most
/// six.
fn offered(workbench: Workbench, name: &str) -> Vec<(usize, bool, Fit)> {
    let mut answers = workbench.hole(name).map(|hole| hole.answers).unwrap_or_default();
    if let Some((solution, _)) = known(workbench, name).and_then(|known| known.solved) {
        answers.retain(|answer| *answer != solution);
        answers.insert(0, solution);
    }
    let answer = |term| Fit { term, ty: String::new(), source: String::new(), effect: String::new() };
    let mut offered: Vec<(usize, bool, Fit)> =
        answers.into_iter().map(answer).enumerate().map(|(index, fit)| (index + 1, true, fit)).collect();
    let fitted = workbench.fitted.get().filter(|fitted| fitted.hole == name);
    for fit in fitted.map(|fitted| fitted.fits).unwrap_or_default() {
        match offered.iter_mut().find(|(_, _, earlier)| earlier.term == fit.term) {
            // The same term with what taking it changes.
            Some((_, _, answer)) => *answer = fit,
            None => offered.push((offered.len() + 1, false, fit)),
        }
    }
    offered.truncate(6);
    offered
}

#[component]
fn Provenance(origin: Origin) -> impl IntoView {
    let notes = origin.notes.into_iter().map(|note| view! { <p><Prose text=note/></p> }).collect_view();
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
    let learnt = Memo::new(move |_| name.with_value(|name| known(workbench, name)));
    let solved = move || learnt.with(|known| known.as_ref().is_some_and(|known| known.solved.is_some()));
    let kind = move || match question() {
        true => "question".to_owned(),
        false if solved() => "solved".to_owned(),
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
            {move || learnt.get().map(|known| view! { <Learnt known/> })}
            <Show when=move || chosen.get() || question() || solved()>
                <Offers name chosen/>
            </Show>
            <SeenHere name/>
            {move || hole.get().map(|hole| view! { <Surroundings hole/> })}
        </li>
    }
}

/// What a hole asks for.
#[component]
fn Asked(hole: Hole) -> impl IntoView {
    view! {
        {hole.hint.map(|said| view! { <p class="said"><Prose text=said/></p> })}
        {(!hole.ty.is_empty()).then(|| view! {
            <p class="type"><span class="sr-only">"Type: "</span><code>{hole.ty}</code></p>
        })}
    }
}

/// What is known of a hole, and why.
#[component]
fn Learnt(known: Known) -> impl IntoView {
    let item = |said| view! { <li><Prose text=said/></li> };
    let items = known.says.into_iter().map(item).collect_view();
    let count = items.len();
    view! {
        {known.solved.map(|(_, said)| view! { <p class="said">"It can only be " <Prose text=said/></p> })}
        {(count > 0).then(|| view! {
            <details class="seen">
                <summary>{counted(count, "thing known", "things known")}</summary>
                <ul>{items}</ul>
            </details>
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

/// What could stand in a hole: usual answers side by side, fits one below the other. A look at one shows it
/// in the text; a click takes it.
#[component]
fn Offers(name: StoredValue<String>, chosen: Memo<bool>) -> impl IntoView {
    let workbench = Workbench::here();
    let all = Memo::new(move |_| name.with_value(|name| offered(workbench, name)));
    // Kept by term: what is learnt of one meanwhile moves no focus.
    let some = move |usual: bool| {
        let offered = all.get().into_iter().filter(move |(_, is_usual, _)| *is_usual == usual);
        offered.map(|(number, _, fit)| (number, fit.term)).collect::<Vec<_>>()
    };
    let has = move |usual: bool| all.with(|all| all.iter().any(|(_, is_usual, _)| *is_usual == usual));
    let waiting = move || workbench.fitted.with(Option::is_none) && all.with(Vec::is_empty);
    let none = move || workbench.fitted.with(Option::is_some) && all.with(Vec::is_empty);
    view! {
        <div class="offers">
            <Show when=move || has(true)>
                <ol class="usual" aria-label="Usual answers">
                    <For each=move || some(true) key=|it| it.clone() let:it>
                        <Offer hole=name chosen all number=it.0 term=it.1/>
                    </For>
                </ol>
            </Show>
            <Show when=move || has(false)>
                <ol class="fits" aria-label="What fits">
                    <For each=move || some(false) key=|it| it.clone() let:it>
                        <Offer hole=name chosen all number=it.0 term=it.1/>
                    </For>
                </ol>
            </Show>
            <Show when=waiting><p class="quiet">"Looking for what fits"</p></Show>
            <Show when=none><p class="quiet">"Nothing in scope or in the library fits. Write it in the text."</p></Show>
        </div>
    }
}

#[component]
fn Offer(
    hole: StoredValue<String>,
    chosen: Memo<bool>,
    all: Memo<Vec<(usize, bool, Fit)>>,
    number: usize,
    term: String,
) -> impl IntoView {
    let workbench = Workbench::here();
    let shown = term.clone();
    let term = StoredValue::new(term);
    let of = move |part: fn(&Fit) -> &String| {
        all.with(|all| {
            let known = all.iter().find(|(_, _, fit)| term.with_value(|term| fit.term == *term));
            known.map(|(_, _, fit)| part(fit).clone()).unwrap_or_default()
        })
    };
    let effect = move || Some(of(|fit| &fit.effect)).filter(|effect| !effect.is_empty());
    let take = move |_| workbench.decide(hole.get_value(), term.get_value());
    let look = move || hole.with_value(|hole| term.with_value(|term| workbench.preview(Some((hole, term)))));
    view! {
        <li>
            <button
                type="button"
                class="fit"
                title=move || of(|fit| &fit.ty)
                on:click=take
                on:mouseenter=move |_| look()
                on:mouseleave=move |_| workbench.preview(None)
                on:focus=move |_| look()
                on:blur=move |_| workbench.preview(None)
            >
                // The number is its key, and only the chosen hole has keys.
                <Show when=move || chosen.get()><kbd>{number}</kbd></Show>
                <code class="term">{shown}</code>
                <span class="source">{move || of(|fit| &fit.source)}</span>
                {move || effect().map(|effect| view! { <span class="effect">{effect}</span> })}
            </button>
        </li>
    }
}

/// Values that reached a hole while the examples ran.
#[component]
fn SeenHere(name: StoredValue<String>) -> impl IntoView {
    let workbench = Workbench::here();
    let seen = Memo::new(move |_| {
        workbench.ran.with(|ran| {
            let seen = ran.as_ref().map(|ran| ran.seen.as_slice()).unwrap_or_default();
            let here = seen
                .iter()
                .filter(|seen| name.with_value(|name| seen.hole == *name) && !seen.values.is_empty());
            here.map(|seen| values(&seen.values)).collect::<Vec<_>>()
        })
    });
    view! {
        <Show when=move || seen.with(|seen| !seen.is_empty())>
            <details class="seen">
                <summary>{move || counted(seen.with(Vec::len), "time reached by the examples", "times reached by the examples")}</summary>
                <ul>{move || seen.get().into_iter().map(|values| view! { <li><code>{values}</code></li> }).collect_view()}</ul>
            </details>
        </Show>
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
                {hole.hint.map(|said| view! { <p class="said"><Prose text=said/></p> })}
                {hole.because.map(|because| view! { <p class="because">"Why: " <Prose text=because/></p> })}
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
