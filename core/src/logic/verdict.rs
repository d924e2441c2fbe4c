//! What stands in the end: a proof stands only as long as everything it leans on stands.
//!
//! A proof may use that another definition meets its contract, or that its recursion ends. Where that is refuted
//! or unknown the proof falls, and with it whatever leaned on it. What is left is the largest set of claims that
//! hold each other up; circles among them are only ever through smaller arguments (see `theory`).

use crate::ir::overload::surface_name;
use crate::ir::{DeclId, DeclKind, HoleId, Name, Program};
use crate::logic::dependencies::Dependencies;
use crate::logic::discharge::{JudgedDeclaration, Outcome};
use crate::logic::obligation::Reason;
use crate::logic::report::{Counterexample, DeclarationVerdict, Report, Settled, Tier, Verdict, Warning};
use crate::logic::termination::{Orders, Why};
use crate::logic::theory::Rest;
use std::collections::{BTreeSet, HashMap};

/// The report on judged declarations. Without `prelude`, the prelude's declarations count as proved, and only the
/// document's own are reported.
pub fn report(
    program: &Program,
    dependencies: &Dependencies,
    orders: &Orders,
    prelude: bool,
    declarations: Vec<JudgedDeclaration>,
) -> Report {
    let mut standing =
        Standing { program, dependencies, orders, prelude, rows: Vec::new(), proved: HashMap::new() };
    // What is imported is judged for what leans on it; its own document reports it.
    let asked = |id: DeclId| prelude || id.0 as usize >= program.first_own;
    let mut warnings = Vec::new();
    for declaration in &declarations {
        if declaration.vacuous
            && asked(declaration.id)
            && let Some(decl) = program.decl(declaration.id)
        {
            let message = format!(
                "nothing meets the preconditions of `{}`: whatever is proved of it says nothing",
                surface_name(&decl.name)
            );
            let name = standing.name(declaration.id);
            warnings.push(Warning { declaration: declaration.id, name, span: decl.name_span, message });
        }
        standing.add(declaration);
    }
    standing.settle();
    let declarations = declarations.iter().filter(|declaration| asked(declaration.id));
    let declarations = declarations.filter_map(|declaration| standing.verdict(declaration.id)).collect();
    let settled = standing.rows.into_iter().map(|row| row.settled);
    let obligations = settled.filter(|settled| asked(settled.declaration)).collect();
    Report { obligations, declarations, warnings }
}

struct Row {
    settled: Settled,
    rests: BTreeSet<Rest>,
    termination: bool,
    /// It stands for all that its declaration owes, which nobody has taken apart: every promise is among it.
    unread: bool,
    promise: Option<usize>,
}

struct Standing<'p> {
    program: &'p Program,
    dependencies: &'p Dependencies,
    orders: &'p Orders,
    prelude: bool,
    rows: Vec<Row>,
    /// Whether a declaration stands, of those that were judged.
    proved: HashMap<DeclId, bool>,
}

impl Standing<'_> {
    fn name(&self, id: DeclId) -> Name {
        self.program.decl(id).map_or_else(|| "?".into(), |decl| surface_name(&decl.name).into())
    }

    fn add(&mut self, declaration: &JudgedDeclaration) {
        let name = self.name(declaration.id);
        for judged in &declaration.judged {
            let (verdict, because, counterexample, rests) = match &judged.outcome {
                Outcome::Proved { rests } => (Verdict::Proved, String::new(), None, rests.clone()),
                Outcome::Refuted { counterexample, contradicted } => {
                    let because = failing(counterexample, *contradicted);
                    (Verdict::Refuted, because, Some(counterexample.clone()), BTreeSet::new())
                }
                Outcome::Unknown { because, candidate } => {
                    (Verdict::Unknown, because.clone(), candidate.clone(), BTreeSet::new())
                }
            };
            let obligation = &judged.obligation;
            self.rows.push(Row {
                settled: Settled {
                    declaration: declaration.id,
                    name: name.clone(),
                    reason: obligation.reason.words(),
                    condition: obligation.condition(self.program),
                    span: obligation.span,
                    source: obligation.source,
                    verdict,
                    because,
                    counterexample,
                    tier: judged.tier,
                    engine: judged.engine.clone(),
                    units: judged.units,
                },
                rests,
                termination: obligation.reason.is_termination(),
                unread: matches!(obligation.reason, Reason::Everything | Reason::Sense),
                promise: obligation.promise,
            });
        }
        self.proved.insert(declaration.id, true);
    }

    /// Takes down what leans on something that does not stand, until nothing more falls.
    fn settle(&mut self) {
        loop {
            let mut changed = false;
            for id in self.proved.keys().copied().collect::<Vec<_>>() {
                let stands = self
                    .rows
                    .iter()
                    .all(|row| row.settled.declaration != id || row.settled.verdict == Verdict::Proved)
                    && self.leaning(id).iter().all(|callee| self.stands(*callee))
                    && self.dependencies.open_holes(self.program, id).is_empty();
                if !stands && self.proved.insert(id, false) == Some(true) {
                    changed = true;
                }
            }
            let fallen: Vec<(usize, Rest)> = self
                .rows
                .iter()
                .enumerate()
                .filter(|(_, row)| row.settled.verdict == Verdict::Proved)
                .filter_map(|(place, row)| {
                    row.rests.iter().find(|rest| !self.holds(**rest)).map(|rest| (place, *rest))
                })
                .collect();
            for (place, rest) in fallen {
                let own = self.rows.get(place).map(|row| row.settled.declaration);
                let because = self.leans_on(rest, own);
                if let Some(row) = self.rows.get_mut(place) {
                    row.settled.verdict = Verdict::Unknown;
                    row.settled.because = because;
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// What a declaration needs besides its own obligations: whatever it mentions. What a clause says means nothing
    /// where the clause runs into an error.
    fn leaning(&self, id: DeclId) -> &[DeclId] {
        self.dependencies.mentions(id)
    }

    /// Whether a declaration may be leaned on.
    fn stands(&self, id: DeclId) -> bool {
        if self.is_trusted(id) {
            return true;
        }
        self.proved.get(&id).copied().unwrap_or(false)
    }

    fn is_trusted(&self, id: DeclId) -> bool {
        !self.prelude && (id.0 as usize) < self.program.prelude_len
    }

    /// Whether everything of this kind that a judged declaration owes is proved.
    fn kept(&self, id: DeclId, kind: impl Fn(&Row) -> bool) -> bool {
        let proved = |row: &Row| row.settled.verdict == Verdict::Proved;
        self.proved.contains_key(&id)
            && self
                .rows
                .iter()
                .all(|row| row.settled.declaration != id || !(row.unread || kind(row)) || proved(row))
    }

    fn holds(&self, rest: Rest) -> bool {
        match rest {
            // A promise of the definition under proof, for smaller arguments, stands if what shows it does: that
            // is the induction.
            Rest::Promise(id, promise) => {
                let shown = self.kept(id, |row| row.promise == Some(promise));
                self.is_trusted(id) || shown && self.holds(Rest::Ends(id))
            }
            Rest::Everything(id) => self.is_trusted(id) || self.kept(id, |_| true),
            Rest::Ends(id) => {
                if self.is_trusted(id) {
                    return true;
                }
                // Those that call each other end together.
                self.orders.why_not(id).is_none()
                    && self.proved.contains_key(&id)
                    && self.rows.iter().all(|row| {
                        !(row.termination || row.unread)
                            || !self.dependencies.recur_together(row.settled.declaration, id)
                            || row.settled.verdict == Verdict::Proved
                    })
                    && self.proved_members(id)
            }
        }
    }

    /// Whether everything that recurs with a definition was judged.
    fn proved_members(&self, id: DeclId) -> bool {
        (0..self.program.decls.len())
            .map(|index| DeclId(index as u32))
            .filter(|other| self.dependencies.recur_together(id, *other))
            .all(|other| self.proved.contains_key(&other))
    }

    fn leans_on(&self, rest: Rest, own: Option<DeclId>) -> String {
        let id = rest.declaration();
        let name = self.name(id);
        let of = |verdict: Verdict| {
            self.rows.iter().any(|row| row.settled.declaration == id && row.settled.verdict == verdict)
        };
        match rest {
            Rest::Ends(_) => format!("the proof needs that `{name}` ends, which is not proved"),
            _ if own == Some(id) => {
                format!("the proof is by induction on something else that `{name}` owes, which is not proved")
            }
            _ if of(Verdict::Refuted) => format!("the proof leans on `{name}`, which is refuted"),
            _ => format!("the proof leans on `{name}`, which is not proved"),
        }
    }

    fn verdict(&self, id: DeclId) -> Option<DeclarationVerdict> {
        let decl = self.program.decl(id)?;
        let rows: Vec<&Row> = self.rows.iter().filter(|row| row.settled.declaration == id).collect();
        if rows.is_empty() && !matches!(decl.kind, DeclKind::Def(_)) {
            return None;
        }
        let first = |verdict: Verdict| rows.iter().find(|row| row.settled.verdict == verdict);
        let fallen = self.leaning(id).iter().copied().find(|callee| !self.stands(*callee));
        let holes = self.dependencies.open_holes(self.program, id);
        let (verdict, because) = match (first(Verdict::Refuted), first(Verdict::Unknown), fallen) {
            (Some(row), _, _) => {
                (Verdict::Refuted, format!("{}: {}", row.settled.reason, row.settled.because))
            }
            (None, Some(row), _) => {
                (Verdict::Unknown, format!("{}: {}", row.settled.reason, row.settled.because))
            }
            (None, None, _) if !holes.is_empty() => {
                (Verdict::Unknown, why_unknown(self.program, &holes, "", false))
            }
            (None, None, Some(callee)) => {
                (Verdict::Unknown, format!("it uses `{}`, which is not proved", self.name(callee)))
            }
            (None, None, None) if rows.is_empty() => (Verdict::Proved, "nothing is owed".to_owned()),
            (None, None, None) => (Verdict::Proved, String::new()),
        };
        let ends = matches!(decl.kind, DeclKind::Def(_))
            && verdict != Verdict::Refuted
            && self.holds(Rest::Ends(id))
            && self.leaning(id).iter().all(|callee| self.stands(*callee) || *callee == id);
        Some(DeclarationVerdict {
            declaration: id,
            name: self.name(id),
            span: decl.name_span,
            verdict,
            owed: rows.len(),
            total: ends && verdict == Verdict::Proved,
            because,
        })
    }
}

fn failing(counterexample: &Counterexample, contradicted: bool) -> String {
    let values: Vec<String> =
        counterexample.values.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let mut words = match values.is_empty() {
        true => "it fails when run".to_owned(),
        false => format!("it fails for {}", values.join(", ")),
    };
    if contradicted {
        words.push_str(
            " (a prover claimed the opposite: this is a defect of lift, please report the document)",
        );
    }
    words
}

/// Why an obligation that is false as it stands cannot be proved.
pub(super) fn hopeless(program: &Program, reason: &Reason, endless: Option<&Why>) -> Option<String> {
    match reason {
        Reason::Sense => Some("it has errors that `check` reports".to_owned()),
        Reason::Bound(_) => {
            Some("lift measures neither time nor cost: measure it where the program runs".to_owned())
        }
        Reason::Termination => Some(match endless {
            Some(Why::MissingMeasure(id)) => {
                let name = program.decl(*id).map_or("?", |decl| surface_name(&decl.name));
                format!("nothing shows that the recursion ends: `{name}` takes part in it and has no `decreases`")
            }
            Some(Why::UsedAsValue) => {
                "nothing shows that the recursion ends: the definition is passed on as a value inside itself".to_owned()
            }
            Some(Why::ThroughType(id)) => {
                let name = program.decl(*id).map_or("?", |decl| surface_name(&decl.name));
                format!(
                    "nothing shows that it means anything: it ranges over `{name}`, whose conditions are made with it"
                )
            }
            Some(Why::NoMeasure(Some(name))) => {
                format!("nothing says that the recursion ends: add `decreases {name}`, which shows it")
            }
            Some(Why::NoMeasure(None)) | None => {
                "nothing shows that the recursion ends: no parameter shrinks by a match at every recursive call; \
                 add `decreases` with a measure that does"
                    .to_owned()
            }
        }),
        _ => None,
    }
}

/// Why an obligation is neither proved nor refuted, and what to try.
pub(super) fn why_unknown(program: &Program, holes: &[HoleId], because: &str, candidate: bool) -> String {
    let names: Vec<String> =
        holes.iter().filter_map(|id| program.hole(*id)).map(|hole| format!("?{}", hole.name)).collect();
    if !names.is_empty() {
        return format!("waits for {}", names.join(", "));
    }
    match (because, candidate) {
        ("", _) => {
            "the simplifier found no proof, small inputs no counterexample, and there is no solver to ask"
                .to_owned()
        }
        (_, true) => {
            format!("{because}, and its candidate for a counterexample could not be confirmed by running it")
        }
        (_, false) => format!("{because}, and small inputs show no counterexample"),
    }
}

/// The tier's name in words, for faces.
impl Tier {
    /// One word.
    pub fn word(self) -> &'static str {
        match self {
            Tier::Simplifier => "simplifier",
            Tier::Search => "search",
            Tier::Smt => "smt",
            Tier::None => "none",
        }
    }
}
