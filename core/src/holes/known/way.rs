//! The way from the parameters of a declaration to a place in it, with what holds a hole on the way.
//!
//! Conditions are read at the end of a way. A variable that stands for something with a hole in it is replaced by what
//! it stands for, so that the condition speaks of the hole; a variable that is a part of such a value keeps its name.

use super::{LARGEST, Step, holes_in};
use crate::ir::distill::show;
use crate::ir::{HoleId, Name, Op, Pattern, PatternKind, Program, Term, TermKind};
use crate::logic::obligation::Frame;
use crate::syntax::span::Span;

/// Branches inside each other are followed at most this deep, and so many of them.
const DEEPEST: usize = 24;
const MOST_BRANCHES: usize = 12;

/// A variable that holds a hole.
#[derive(Debug, Clone)]
struct Flow {
    /// What it stands for, in the context before it; `None` for a part of a value that is taken apart.
    term: Option<Term>,
    /// The holes in that.
    holes: Vec<HoleId>,
    /// "`y` is `?n + 1`".
    step: Step,
}

/// A way, grown step by step.
#[derive(Clone)]
pub(super) struct Way<'p> {
    program: &'p Program,
    /// Names of the variables on it, outermost first.
    pub names: Vec<Name>,
    flows: Vec<Option<Flow>>,
    /// Where the variables of the obligation stand: branches that were followed have variables of their own.
    places: Vec<usize>,
    /// What holds from the first hole on.
    when: Vec<String>,
    /// What holds from the beginning: a declared hole is one value wherever it stands.
    always: Vec<String>,
}

/// A term at the end of a way, and the variables in it that were followed back to holes.
pub(super) struct Read {
    pub term: Term,
    flows: Vec<usize>,
}

impl<'p> Way<'p> {
    pub fn new(program: &'p Program) -> Self {
        let (names, flows, places) = (Vec::new(), Vec::new(), Vec::new());
        Way { program, names, flows, places, when: Vec::new(), always: Vec::new() }
    }

    /// A term of the obligation, where this way has led so far.
    pub fn read(&self, term: &Term) -> Read {
        let own = self.places.len();
        self.followed(term, &|index| own.checked_sub(index + 1).and_then(|at| self.places.get(at)).copied())
    }

    /// A term that stands here already.
    pub fn here(&self, term: &Term) -> Read {
        let own = self.names.len();
        self.followed(term, &|index| own.checked_sub(index + 1))
    }

    fn followed(&self, term: &Term, place: &dyn Fn(usize) -> Option<usize>) -> Read {
        let flows = std::cell::RefCell::new(Vec::new());
        let count = self.names.len();
        let term = term.map_vars(0, &|index, depth| {
            let Some(free) = index.checked_sub(depth) else { return TermKind::Var(index).into_term() };
            let Some(at) = place(free) else { return TermKind::Error.into_term() };
            let back = count.saturating_sub(at);
            match self.flows.get(at).and_then(Option::as_ref) {
                Some(flow) => {
                    let mut flows = flows.borrow_mut();
                    if !flows.contains(&at) {
                        flows.push(at);
                    }
                    match &flow.term {
                        Some(term) => term.shift(back + depth),
                        None => TermKind::Var(back.saturating_sub(1) + depth).into_term(),
                    }
                }
                None => TermKind::Var(back.saturating_sub(1) + depth).into_term(),
            }
        });
        Read { term, flows: flows.into_inner() }
    }

    /// Goes on past a frame of the obligation, one way for each branch of what it names.
    pub fn past(self, frame: &Frame, quote: &dyn Fn(Span) -> Option<String>) -> Vec<Way<'p>> {
        let mut way = self;
        match frame {
            Frame::Type(name) | Frame::Any(name, _, _) => way.bind(name, None),
            Frame::Let(name, value) => {
                let read = way.read(value);
                if way.holes(&read).is_empty() {
                    way.bind(name, None);
                } else {
                    return way
                        .branches(&read.term, quote)
                        .into_iter()
                        .map(|(way, value)| way.named(name, value))
                        .collect();
                }
            }
            Frame::When(condition) => way.assume(way.read(condition), true),
            Frame::Unless(condition) => way.assume(way.read(condition), false),
            Frame::Arm(scrutinee, arms, number) => {
                let read = way.read(scrutinee);
                if let Some(arm) = arms.get(*number) {
                    way.arm(&read, &arm.pattern, quote);
                    let first = way.names.len() - arm.pattern.binders();
                    way.places.extend(first..way.names.len());
                }
                return vec![way];
            }
        }
        vec![way]
    }

    /// A variable of the obligation.
    fn bind(&mut self, name: &Name, flow: Option<Flow>) {
        self.places.push(self.names.len());
        self.push(name, flow);
    }

    fn push(&mut self, name: &Name, flow: Option<Flow>) {
        self.names.push(name.clone());
        self.flows.push(flow);
    }

    /// `name` is `value`, which stands here.
    fn named(mut self, name: &Name, value: Term) -> Self {
        // Branches may have variables that the obligation knows nothing of; they stand before this one.
        let flow = self.flow(name, &value);
        self.bind(name, flow);
        self
    }

    fn flow(&self, name: &Name, value: &Term) -> Option<Flow> {
        let read = self.here(value);
        let holes = self.holes(&read);
        let what = format!("`{name}` is `{}`", self.shown(&read.term));
        let step = Step { what, span: value.span };
        (!holes.is_empty()).then_some(Flow { term: Some(read.term), holes, step })
    }

    fn assume(&mut self, condition: Read, holds: bool) {
        let term = match holds {
            true => condition.term,
            false => TermKind::Op(Op::Not, vec![condition.term]).into_term(),
        };
        let said = self.shown(&term);
        self.say(said);
    }

    /// What stands here as an author would write it, unless it is too large to be read.
    fn shown(&self, term: &Term) -> String {
        match term.is_larger_than(LARGEST) {
            true => "...".to_owned(),
            false => show(self.program, &self.names, term),
        }
    }

    fn say(&mut self, said: String) {
        if self.flows.iter().any(Option::is_some) && !self.when.contains(&said) {
            self.when.push(said.clone());
        }
        if !self.always.contains(&said) {
            self.always.push(said);
        }
    }

    /// Into an arm. What the pattern names is a part of what is matched.
    fn arm(&mut self, scrutinee: &Read, pattern: &Pattern, quote: &dyn Fn(Span) -> Option<String>) {
        let matched = self.shown(&scrutinee.term);
        let holes = self.holes(scrutinee);
        let shape = quote(pattern.span);
        for (name, _) in pattern.bound() {
            let flow = (!holes.is_empty()).then(|| match &pattern.kind {
                PatternKind::Var(..) => Flow {
                    term: Some(scrutinee.term.clone()),
                    holes: holes.clone(),
                    step: Step { what: format!("`{name}` is `{matched}`"), span: pattern.span },
                },
                _ => Flow {
                    term: None,
                    holes: holes.clone(),
                    step: Step { what: format!("`{name}` is a part of `{matched}`"), span: pattern.span },
                },
            });
            self.push(&name, flow);
        }
        if let (Some(shape), false) =
            (&shape, matches!(pattern.kind, PatternKind::Wildcard | PatternKind::Var(..)))
        {
            self.say(format!("`{matched}` is `{shape}`"));
        }
    }

    /// The values that a term which stands here may have, by branch, each with the way there. Only those with a hole,
    /// unless that is too many: then the term itself.
    pub fn branches(&self, whole: &Term, quote: &dyn Fn(Span) -> Option<String>) -> Vec<(Way<'p>, Term)> {
        let (mut found, mut todo) = (Vec::new(), vec![(self.clone(), whole.clone(), 0)]);
        while let Some((mut way, term, depth)) = todo.pop() {
            if depth > DEEPEST || found.len() + todo.len() > MOST_BRANCHES {
                return vec![(self.clone(), whole.clone())];
            }
            match &*term.kind {
                TermKind::If(condition, yes, no) => {
                    let condition = |way: &Way<'p>| way.here(condition);
                    let mut other = way.clone();
                    other.assume(condition(&way), false);
                    way.assume(condition(&way), true);
                    todo.push((other, no.clone(), depth + 1));
                    todo.push((way, yes.clone(), depth + 1));
                }
                TermKind::Let(name, _, value, body) => {
                    let flow = way.flow(name, value);
                    way.push(name, flow);
                    todo.push((way, body.clone(), depth + 1));
                }
                TermKind::Match(scrutinee, _, arms) => {
                    let scrutinee = way.here(scrutinee);
                    for arm in arms.iter().rev() {
                        let mut inner = way.clone();
                        inner.arm(&scrutinee, &arm.pattern, quote);
                        todo.push((inner, arm.body.clone(), depth + 1));
                    }
                }
                _ if way.holes(&way.here(&term)).is_empty() => {}
                _ => found.push((way, term)),
            }
        }
        found
    }

    /// The holes that a term speaks of, itself or through parts of values.
    pub fn holes(&self, read: &Read) -> Vec<HoleId> {
        let mut holes = holes_in(&read.term);
        for flow in read.flows.iter().filter_map(|at| self.flows.get(*at)?.as_ref()) {
            holes.extend(flow.holes.iter().filter(|hole| !holes.contains(hole)).copied().collect::<Vec<_>>());
        }
        holes
    }

    /// How a hole comes to be in what was read: what the variables in it are.
    pub fn steps(&self, read: &Read, hole: HoleId) -> Vec<Step> {
        let flows = read.flows.iter().filter_map(|at| self.flows.get(*at)?.as_ref());
        flows.filter(|flow| flow.holes.contains(&hole)).map(|flow| flow.step.clone()).collect()
    }

    /// The same for all holes in what was read.
    pub fn all_steps(&self, read: &Read) -> Vec<(HoleId, Step)> {
        let holes = self.holes(read).into_iter();
        holes.flat_map(|hole| self.steps(read, hole).into_iter().map(move |step| (hole, step))).collect()
    }

    /// The conditions under which this way is taken: all of them for a declared hole, those behind it for another.
    pub fn when(&self, hole: HoleId) -> Vec<String> {
        let declared = self.program.hole(hole).is_some_and(|info| info.declared.is_some());
        if declared { self.always.clone() } else { self.when.clone() }
    }
}
