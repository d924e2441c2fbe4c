//! The document as the worker knows it, and the answers about it.

use crate::describe;
use crate::library;
use crate::places::Places;
use crate::proof::prove;
use crate::solver::{Reach, Solver};
use lift_core::check::{self, Checked, check_term};
use lift_core::draft::{Library, draft};
use lift_core::eval::{Env, Limits, Options, evaluate, run_examples};
use lift_core::explain::explain;
use lift_core::generate::{self, python::python};
use lift_core::holes::{Decision, DecisionError, FitOptions, assume, fill, fits, reopen};
use lift_core::ir::{DeclId, HoleId};
use lift_core::syntax::parse_term;
use lift_web::protocol::{self, Edited, Evaluated, Fitted, Generated, Ran, Reply, Request, Revision};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;

/// Why a declared hole has the answer it has, when it was taken on the page.
const CHOSEN: &str = "chosen in the workbench";

/// Steps one example may take here: about a tenth of a second.
const EXAMPLE_STEPS: u64 = 500_000;

/// One document and what was made of it.
pub struct Session {
    say: fn(&Reply),
    /// The number of the document.
    pub revision: Revision,
    /// What checking made of it.
    pub checked: Checked,
    /// What was learnt of it, so that the next state is checked faster.
    increment: check::Session,
    /// Where its parts stand.
    pub places: Places,
    /// Who is asked for proofs.
    pub solver: Rc<Solver>,
    /// Counts the proofs begun: an older one gives way.
    pub proof: u32,
    library: OnceCell<Library>,
}

impl Session {
    /// An empty document; answers go to `say`.
    pub fn new(say: fn(&Reply)) -> Self {
        Session {
            say,
            revision: Revision::default(),
            checked: check::check(""),
            increment: check::Session::new(),
            places: Places::new(""),
            solver: Rc::default(),
            proof: 0,
            library: OnceCell::new(),
        }
    }

    /// Answers one request, now or in steps.
    pub fn answer(session: &Rc<RefCell<Self>>, request: Request) {
        let reply = match request {
            Request::Verify { solver } => {
                let reach = if solver { Reach::Server } else { Reach::Memory };
                return spawn_local(prove(Rc::clone(session), reach));
            }
            Request::Ping(number) => Reply::Pong(number),
            Request::Check { revision, text, path, beside } => {
                let beside = beside.into_iter().map(|(path, text)| (path, text.into())).collect();
                Reply::Checked(session.borrow_mut().check(revision, &text, &path, &beside))
            }
            other => session.borrow().about(other),
        };
        let say = session.borrow().say;
        say(&reply);
    }

    fn check(
        &mut self,
        revision: Revision,
        text: &str,
        path: &str,
        beside: &BTreeMap<String, Arc<str>>,
    ) -> protocol::Checked {
        let began = now();
        self.revision = revision;
        self.checked = self.increment.check_with(path, text, beside);
        self.places = Places::new(text);
        let mut report = describe::checked(&self.checked, &self.places);
        report.revision = revision;
        report.micros = ((now() - began) * 1000.0) as u32;
        report
    }

    /// What changes nothing here.
    fn about(&self, request: Request) -> Reply {
        match request {
            Request::Check { .. } | Request::Verify { .. } | Request::Ping(_) => {
                Reply::Unable("It is answered elsewhere.".to_owned())
            }
            Request::Fits { hole } => Reply::Fitted(self.fits(hole)),
            Request::Decide { hole, term } => {
                let declared = self
                    .hole(&hole)
                    .and_then(|id| self.checked.program.hole(id))
                    .is_some_and(|hole| hole.declared.is_some());
                let decision = match declared {
                    true => assume(&self.checked, &hole, &term, CHOSEN),
                    false => fill(&self.checked, &hole, &term),
                };
                Reply::Edited(self.edited(hole, decision))
            }
            Request::Reopen { hole } => {
                let decision = reopen(&self.checked, &hole);
                Reply::Edited(self.edited(hole, decision))
            }
            Request::Evaluate { expression } => Reply::Evaluated(self.evaluate(expression)),
            Request::Examples => Reply::Ran(self.examples()),
            Request::Python => Reply::Generated(self.python(HashSet::new())),
            Request::Explain { code } => match explain(&code) {
                Some(entry) => Reply::Explained(describe::explained(entry)),
                None => Reply::Unable(format!("There is no long form of {code}.")),
            },
            Request::Draft { words } => {
                if self.library.get().is_none() {
                    library::now().into_iter().for_each(|library| self.keep(library));
                }
                match self.library.get() {
                    Some(library) => Reply::Drafted(describe::drafted(words.clone(), draft(&words, library))),
                    None => Reply::Unable(
                        "The idioms that drafts are made of could not be fetched: try again when the server can be \
                         reached."
                            .to_owned(),
                    ),
                }
            }
        }
    }

    /// Keeps the idioms that were fetched.
    pub fn keep(&self, library: Library) {
        // The first ones are as good as any.
        let _ = self.library.set(library);
    }

    /// Sends a reply.
    pub fn say(&self, reply: &Reply) {
        (self.say)(reply);
    }

    fn fits(&self, hole: String) -> Fitted {
        let found = self.hole(&hole).map(|id| fits(&self.checked, id, &FitOptions::default()));
        let fits = found.unwrap_or_default().into_iter().map(describe::fit).collect();
        Fitted { revision: self.revision, hole, fits }
    }

    fn hole(&self, name: &str) -> Option<HoleId> {
        let index = self.checked.program.holes.iter().position(|hole| &*hole.name == name)?;
        Some(HoleId(index as u32))
    }

    fn edited(&self, hole: String, decision: Result<Decision, DecisionError>) -> Edited {
        let outcome = match decision {
            Ok(decision) => Ok(decision.edits.iter().map(|edit| self.places.change(edit)).collect()),
            Err(error) => Err(describe::refusal(&hole, &error)),
        };
        Edited { revision: self.revision, hole, outcome }
    }

    fn examples(&self) -> Ran {
        let program = &self.checked.program;
        // A page waits less than a command line: what takes longer is left to `lift`.
        let options = Options { limits: Limits::steps(EXAMPLE_STEPS), ..Options::checking() };
        let at = |span| self.places.place(&self.checked.text, span);
        let ran = run_examples(program, &options);
        let evidence =
            program.examples.iter().map(|it| evaluate(program, &it.term, &Env::new(), &options).evidence);
        let mut seen: Vec<_> = evidence.flat_map(|evidence| describe::seen(program, &evidence)).collect();
        let mut known = HashSet::new();
        seen.retain(|it| known.insert(it.clone()));
        Ran {
            revision: self.revision,
            examples: ran.into_iter().map(|it| describe::example(it, at)).collect(),
            seen,
            known: describe::known(&self.checked),
        }
    }

    /// The document as Python; what is proved is written without the checks that proof makes needless.
    pub fn python(&self, proved: HashSet<DeclId>) -> Generated {
        let program = &self.checked.program;
        let first = program.own().filter_map(|id| program.def(id).and(program.decl(id))).next();
        let name = first.map_or_else(|| "module".to_owned(), |declaration| declaration.name.to_string());
        let document = format!("{name}.spec.md");
        let options = generate::Options { document, module: name, proved, ..generate::Options::default() };
        describe::generated(self.revision, python(program, &options))
    }

    fn evaluate(&self, expression: String) -> Evaluated {
        let program = &self.checked.program;
        let (term, mut problems) = parse_term(&expression);
        let checked = match problems.is_empty() {
            true => check_term(program, &term, None).map_err(|found| problems.extend(found)).ok(),
            false => None,
        };
        let Some((term, _)) = checked else {
            let result = problems.first().map(|problem| problem.message.clone()).unwrap_or_default();
            let status = protocol::Outcome::Error;
            return Evaluated { revision: self.revision, expression, status, result, seen: Vec::new() };
        };
        let run = evaluate(program, &term, &Env::new(), &Options::checking());
        describe::evaluated(self.revision, expression, program, &run)
    }
}

/// Milliseconds since the worker began, in fractions.
fn now() -> f64 {
    let scope = js_sys::global().unchecked_into::<web_sys::WorkerGlobalScope>();
    scope.performance().map(|clock| clock.now()).unwrap_or_default()
}
