//! Which idiom a request asks for.
//!
//! A saying fits when everything it requires is said. A placement stands when, in addition, everything that is
//! said is *explained*: required, optional, a kind of value the definition takes, words a slot reads, or the name
//! of a thing. What carries meaning and is not explained speaks against the placement: placing a request in the
//! wrong place is worse than not placing it. Among placements, the one whose required words are rarer in the
//! library wins (inverse document frequency); when two explain a request equally well neither is chosen.

use super::idiom::{Decides, Idiom, Item, Need, Saying, SlotKind};
use super::lexicon::{Meaning, Sort, Unit};
use super::library::Library;
use super::mention::{Fallback, Feature};
use super::predicate::Predicate;
use super::reading::Reading;

/// How well an idiom explains a request.
#[derive(Debug, Clone)]
pub struct Placement {
    /// Index into the library.
    pub idiom: usize,
    /// Tokens that the saying required.
    pub required: Vec<usize>,
    /// For each slot of the idiom, the mention that fills it.
    pub slots: Vec<Option<usize>>,
    /// For each parameter that words may fix, the mention that fixes it.
    pub fixes: Vec<Option<usize>>,
    /// The choices that the words make, with the tokens that make them.
    pub choices: Vec<(usize, Vec<usize>)>,
    /// Units that name things.
    pub things: Vec<usize>,
    /// Units that carry meaning and are not explained.
    pub unexplained: Vec<usize>,
    /// Weight of what was required, less what is awkward.
    pub score: f64,
}

/// What a search found.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// One idiom explains everything.
    Placed(Placement),
    /// Several explain everything equally well.
    Tied(Vec<Placement>),
    /// None explains everything; those that fit best, best first.
    None(Vec<Placement>),
}

/// Two scores nearer than this are a tie.
const MARGIN: f64 = 0.05;

/// Finds the idiom for a request or a part of one.
pub fn place(reading: &Reading, library: &Library) -> Outcome {
    let mut complete: Vec<Placement> = Vec::new();
    let mut partial: Vec<Placement> = Vec::new();
    for (index, idiom) in library.idioms.iter().enumerate() {
        let best = idiom.says.iter().filter_map(|saying| fit(reading, library, index, idiom, saying)).max_by(
            |left, right| {
                let left_key = (left.unexplained.is_empty(), left.score);
                let right_key = (right.unexplained.is_empty(), right.score);
                left_key.partial_cmp(&right_key).unwrap_or(std::cmp::Ordering::Equal)
            },
        );
        match best {
            Some(found) if found.unexplained.is_empty() => complete.push(found),
            Some(found) => partial.push(found),
            None => {}
        }
    }
    let by_score = |left: &Placement, right: &Placement| right.score.total_cmp(&left.score);
    complete.sort_by(by_score);
    partial.sort_by(by_score);
    let Some(first) = complete.first() else { return Outcome::None(partial) };
    let tied = complete.iter().take_while(|other| first.score - other.score < MARGIN).count();
    if tied > 1 {
        complete.truncate(tied);
        return Outcome::Tied(complete);
    }
    Outcome::Placed(complete.swap_remove(0))
}

/// Fits one saying; `None` when something required is not said.
fn fit(
    reading: &Reading,
    library: &Library,
    index: usize,
    idiom: &Idiom,
    saying: &Saying,
) -> Option<Placement> {
    let mut explained = vec![false; reading.tokens.len()];
    let mut required = Vec::new();
    let mut score = 0.0;
    let mut last = None;
    for item in &saying.items {
        let after = item.after.then_some(last).flatten();
        match find(reading, item, after) {
            Some(found) => {
                last = found.tokens.first().copied();
                if !item.optional {
                    score += library.weight(&found.need);
                    required.extend(found.tokens.iter().copied());
                }
                mark(&mut explained, &found.tokens);
            }
            None if item.optional => {}
            None => return None,
        }
    }
    // A concept that explains one occurrence explains all of them.
    let wanted: Vec<&str> = saying.items.iter().flat_map(|item| &item.any).filter_map(word).collect();
    for unit in &reading.units {
        // `and show it on a chart` asks for more; `show the sum` does not.
        let further = unit.meaning == Meaning::Noted && reading.follows_and(unit);
        let silent = matches!(unit.meaning, Meaning::Silent | Meaning::Noted) && !further;
        let by_types = match &unit.meaning {
            Meaning::Concept(concept) => idiom.kinds.explains(concept) || wanted.contains(&concept.as_str()),
            _ => false,
        };
        if silent || by_types {
            (unit.start..unit.end).for_each(|at| set(&mut explained, at));
        }
    }
    // `sum only the odd ones`
    if idiom.slots.iter().any(|slot| matches!(slot.kind, SlotKind::Predicate | SlotKind::TextPredicate)) {
        mark_all(reading, &Need::Word("only".to_owned()), &mut explained);
    }
    for need in &idiom.also {
        mark_all(reading, need, &mut explained);
    }
    let kinds: Vec<&SlotKind> = idiom.slots.iter().map(|slot| &slot.kind).collect();
    let slots = fill_slots(reading, &kinds, &required, &mut explained);
    let mut used: Vec<usize> = required.clone();
    for mention in slots.iter().flatten().filter_map(|at| reading.mentions.get(*at)) {
        used.extend(mention.tokens.iter().copied());
    }
    let kinds: Vec<&SlotKind> = idiom.fixes.iter().map(|fix| &fix.kind).collect();
    let fixes = fill_slots(reading, &kinds, &used, &mut explained);
    let choices = make_choices(reading, idiom, &mut explained);
    for mention in &reading.mentions {
        if matches!(mention.feature, Feature::Given | Feature::Name(_)) {
            mark(&mut explained, &mention.tokens);
        }
        if idiom.kinds.truth && matches!(mention.feature, Feature::Otherwise(Fallback::Truth(_))) {
            mark(&mut explained, &mention.tokens);
        }
    }
    let mut things = Vec::new();
    let mut unexplained = Vec::new();
    for (at, unit) in reading.units.iter().enumerate() {
        let open = (unit.start..unit.end).any(|token| !explained.get(token).copied().unwrap_or(false));
        let noun = match unit.meaning {
            Meaning::Noun(sort) => idiom.kinds.accepts(sort) && !reading.acts(at),
            Meaning::Unknown => reading.names_thing(at),
            _ => false,
        };
        if noun {
            things.push(at);
        } else if open && !reading.is_mark(unit.start) {
            unexplained.push(at);
        }
    }
    let unknown_things = things
        .iter()
        .filter_map(|at| reading.units.get(*at))
        .filter(|unit| unit.meaning == Meaning::Unknown && unit.plain.len() > 1)
        .count();
    // One familiar word and an unfamiliar thing (`trim the hedge`) are not enough to go by.
    if unknown_things > 0 && anchors(reading, idiom, &required, &wanted) < 2 {
        unexplained.extend(things.iter().copied());
    }
    score -= 0.15 * unknown_things as f64;
    score -= 0.5 * unexplained.len() as f64;
    score -= 0.1 * given_as_condition(reading, idiom, &slots);
    Some(Placement { idiom: index, required, slots, fixes, choices, things, unexplained, score })
}

/// How many words tie the request to the idiom: those required, and those for the kinds of values it takes.
fn anchors(reading: &Reading, idiom: &Idiom, required: &[usize], wanted: &[&str]) -> usize {
    let units = reading.units.iter().filter(|unit| match &unit.meaning {
        _ if required.contains(&unit.start) => true,
        Meaning::Concept(concept) => wanted.contains(&concept.as_str()) || idiom.kinds.explains(concept),
        Meaning::Noun(sort) => idiom.kinds.accepts(*sort),
        _ => false,
    });
    units.count()
}

/// How much a condition that describes the input was read as one that selects.
fn given_as_condition(reading: &Reading, idiom: &Idiom, slots: &[Option<usize>]) -> f64 {
    let mut found = 0.0;
    for (slot, mention) in idiom.slots.iter().zip(slots) {
        let (SlotKind::Predicate, Some(mention)) = (&slot.kind, mention) else { continue };
        let tokens = reading.mentions.get(*mention).map(|mention| &mention.tokens);
        let given = reading
            .mentions
            .iter()
            .any(|other| other.feature == Feature::Given && Some(&other.tokens) == tokens);
        if given {
            found += 20.0;
        }
    }
    found
}

fn word(need: &Need) -> Option<&str> {
    match need {
        Need::Word(word) => Some(word),
        _ => None,
    }
}

fn set(explained: &mut [bool], at: usize) {
    if let Some(flag) = explained.get_mut(at) {
        *flag = true;
    }
}

fn mark(explained: &mut [bool], tokens: &[usize]) {
    tokens.iter().for_each(|at| set(explained, *at));
}

struct Found {
    need: Need,
    tokens: Vec<usize>,
}

/// The first place, after token `after`, where one of the alternatives of `item` is said.
fn find(reading: &Reading, item: &Item, after: Option<usize>) -> Option<Found> {
    let later = |start: usize| after.is_none_or(|after| start > after);
    for need in &item.any {
        let tokens = match need {
            Need::Word(word) => reading
                .units
                .iter()
                .filter(|unit| later(unit.start))
                .find(|unit| says(reading, unit, word))
                .map(|unit| (unit.start..unit.end).collect()),
            Need::Number(number) => reading
                .mentions
                .iter()
                .filter(|mention| mention.tokens.first().is_some_and(|at| later(*at)))
                .find(|mention| mention.feature == Feature::Number((*number).into()))
                .map(|mention| mention.tokens.clone()),
            Need::Many => {
                many(reading).filter(|unit| later(unit.start)).map(|unit| (unit.start..unit.end).collect())
            }
            Need::Feature(kind) => reading
                .mentions
                .iter()
                .filter(|mention| mention.tokens.first().is_some_and(|at| later(*at)))
                .find(|mention| reads(kind, &mention.feature))
                .map(|mention| mention.tokens.clone()),
        };
        if let Some(tokens) = tokens {
            return Some(Found { need: need.clone(), tokens });
        }
    }
    None
}

/// Whether a unit says `word`: by its concept, by standing for such a value, or as it stands.
fn says(reading: &Reading, unit: &Unit, word: &str) -> bool {
    let meant = match &unit.meaning {
        Meaning::Concept(concept) => concept == word || (word == "check" && concept == "boolean"),
        Meaning::Noun(Sort::Number) => word == if unit.plural { "numbers" } else { "number" },
        Meaning::Noun(Sort::Text) => word == if unit.plural { "texts" } else { "text" },
        Meaning::Silent if word == "check" => reading.asks(unit),
        _ => false,
    };
    meant || (unit.plain == word && unit.concept().is_none())
}

/// A word for several values.
fn many(reading: &Reading) -> Option<&Unit> {
    reading.units.iter().find(|unit| match &unit.meaning {
        Meaning::Concept(concept) => match concept.as_str() {
            "list" | "lists" | "numbers" | "texts" => true,
            "element" | "digit" | "word" => unit.plural,
            _ => false,
        },
        Meaning::Noun(_) => unit.plural,
        _ => false,
    })
}

/// Whether a slot of that kind can read that feature.
pub fn reads(kind: &SlotKind, feature: &Feature) -> bool {
    match (kind, feature) {
        (SlotKind::Number, Feature::Number(_))
        | (SlotKind::Percent, Feature::Percent(_))
        | (SlotKind::Text, Feature::Quoted(_))
        | (SlotKind::Separator, Feature::Separator(..))
        | (SlotKind::Predicate | SlotKind::TextPredicate, Feature::Undecided(_))
        | (SlotKind::Nothing, Feature::Otherwise(Fallback::Nothing))
        | (SlotKind::Otherwise, Feature::Otherwise(Fallback::Number(_)))
        | (SlotKind::OtherwiseText, Feature::Otherwise(Fallback::Text(_))) => true,
        (SlotKind::Predicate, Feature::Predicate(predicate)) => !predicate.is_of_texts(),
        (SlotKind::TextPredicate, Feature::Predicate(predicate)) => predicate.is_of_texts(),
        (SlotKind::Low, Feature::Predicate(predicate)) => !predicate.is_of_texts() && has_low(predicate),
        (SlotKind::High, Feature::Predicate(predicate)) => !predicate.is_of_texts() && has_high(predicate),
        (SlotKind::Shortest, Feature::Predicate(predicate)) => has_low(predicate),
        (SlotKind::Longest, Feature::Predicate(predicate)) => has_high(predicate),
        _ => false,
    }
}

fn has_low(predicate: &Predicate) -> bool {
    predicate.bounds().is_some_and(|(low, _)| low.is_some())
}

fn has_high(predicate: &Predicate) -> bool {
    predicate.bounds().is_some_and(|(_, high)| high.is_some())
}

/// Marks every place where `need` is said.
fn mark_all(reading: &Reading, need: &Need, explained: &mut [bool]) {
    for unit in &reading.units {
        if matches!(need, Need::Word(word) if says(reading, unit, word)) {
            (unit.start..unit.end).for_each(|token| set(explained, token));
        }
    }
    for mention in &reading.mentions {
        let said = match need {
            Need::Feature(kind) => reads(kind, &mention.feature),
            Need::Number(number) => mention.feature == Feature::Number((*number).into()),
            _ => false,
        };
        if said {
            mark(explained, &mention.tokens);
        }
    }
}

/// Gives each kind the first mention it can read that none of the same kind has taken. A number that was required
/// or stands inside another reading (`at least 3`) is not free.
fn fill_slots(
    reading: &Reading,
    kinds: &[&SlotKind],
    used: &[usize],
    explained: &mut [bool],
) -> Vec<Option<usize>> {
    let mut taken: Vec<(&SlotKind, usize)> = Vec::new();
    let mut slots = Vec::new();
    for kind in kinds {
        let found = reading.mentions.iter().enumerate().find(|(at, mention)| {
            let free = !taken.iter().any(|(other, taken)| other == kind && taken == at);
            let loose = **kind != SlotKind::Number
                || !mention.tokens.iter().any(|token| used.contains(token))
                    && !reading.mentions.iter().any(|other| {
                        matches!(other.feature, Feature::Percent(_) | Feature::Otherwise(_))
                            && mention.tokens.iter().all(|token| other.tokens.contains(token))
                    });
            free && loose && reads(kind, &mention.feature)
        });
        if let Some((at, mention)) = found {
            taken.push((kind, at));
            mark(explained, &mention.tokens);
        }
        slots.push(found.map(|(at, _)| at));
    }
    slots
}

fn make_choices(reading: &Reading, idiom: &Idiom, explained: &mut [bool]) -> Vec<(usize, Vec<usize>)> {
    let mut made = Vec::new();
    let mut decided: Vec<&Decides> = Vec::new();
    for (at, choice) in idiom.choices.iter().enumerate() {
        if decided.contains(&&choice.decides) {
            continue;
        }
        let mut last = None;
        let mut tokens = Vec::new();
        let all = choice.items.iter().all(|item| {
            let found = find(reading, item, item.after.then_some(last).flatten());
            let said = found.is_some();
            if let Some(found) = found {
                last = found.tokens.first().copied();
                tokens.extend(found.tokens);
            }
            said || item.optional
        });
        if all {
            mark(explained, &tokens);
            decided.push(&choice.decides);
            made.push((at, tokens));
        }
    }
    made
}
