//! From what is owed to what a hole must meet.

use super::way::{Read, Way};
use super::{Carriers, Fact, LARGEST, LONGEST_CHAIN, LONGEST_QUOTE, Step};
use crate::ir::distill::{show, show_type};
use crate::ir::overload::surface_name;
use crate::ir::{DeclId, HoleId, Name, Op, Program, Term, TermKind};
use crate::logic::obligation::{Claim, Frame, Obligation, Reason};
use crate::syntax::span::Span;

/// Something a hole must meet, and what it would have to be, when that says so.
pub(super) struct Demand {
    pub hole: HoleId,
    pub fact: Fact,
    pub solution: Option<Answer>,
}

/// What an equation says that a hole is: in the hole's own context.
pub(super) struct Answer {
    pub term: Term,
    pub because: Vec<Step>,
}

/// What one obligation asks of holes.
pub(super) fn demands(
    program: &Program,
    carriers: &Carriers,
    quote: &dyn Fn(Span) -> Option<String>,
    obligation: &Obligation,
) -> Vec<Demand> {
    let Some(asks) = asks(program, obligation) else { return Vec::new() };
    let source = Step { what: asks, span: obligation.source.unwrap_or(obligation.span) };
    let reading = Reading { program, carriers, quote, obligation, source };
    if !reading.may_speak_of_holes() {
        return Vec::new();
    }
    let mut ways = vec![Way::new(program)];
    // Postconditions are shown one after the other; that those before hold is nothing to mention.
    let earlier = obligation.promise.map_or(0, |promise| promise.saturating_sub(1));
    let result = match obligation.promise {
        Some(1..) => obligation
            .frames
            .iter()
            .rposition(|frame| matches!(&**frame, Frame::Let(name, _) if &**name == "result")),
        _ => None,
    };
    for (place, frame) in obligation.frames.iter().enumerate() {
        if result.is_some_and(|result| place > result && place <= result + earlier) {
            continue;
        }
        ways = ways.into_iter().flat_map(|way| way.past(frame, quote)).collect();
    }
    let mut found = Vec::new();
    for way in ways {
        match &obligation.claim {
            Claim::Holds(condition) => reading.condition(&way, way.read(condition), &[], &mut found),
            Claim::Has(term, ty) => {
                let (term, ty) = (way.read(term), way.read(ty));
                for (inner, value) in way.branches(&term.term, quote) {
                    let ty = ty.term.shift(inner.names.len() - way.names.len());
                    reading.typed(&inner, &value, &ty, &way.all_steps(&term), &mut found);
                }
                // A type may speak of a hole that the value knows nothing of.
                if way.holes(&term).is_empty() {
                    reading.typed(&way, &term.term, &ty.term, &way.all_steps(&ty), &mut found);
                }
            }
            Claim::Runs(..) | Claim::Matched(..) | Claim::Whole(_) | Claim::Silent => {}
        }
    }
    found
}

struct Reading<'a> {
    program: &'a Program,
    carriers: &'a Carriers,
    quote: &'a dyn Fn(Span) -> Option<String>,
    obligation: &'a Obligation,
    /// What asks, and where that is written.
    source: Step,
}

impl Reading<'_> {
    /// A glance: whether there is a hole, or a call of what holds one, anywhere on the way.
    fn may_speak_of_holes(&self) -> bool {
        let mut speaks = false;
        let mut look = |term: &Term| {
            term.walk(&mut |part| {
                speaks |= match &*part.kind {
                    TermKind::Hole(id) => id.0 as usize >= self.program.first_own_hole,
                    TermKind::Global(id) => !self.carriers.holes(*id).is_empty(),
                    _ => false,
                };
            });
        };
        match &self.obligation.claim {
            Claim::Holds(term) => look(term),
            Claim::Has(term, ty) => {
                look(term);
                look(ty);
            }
            _ => return false,
        }
        for frame in &self.obligation.frames {
            match &**frame {
                Frame::Let(_, term) | Frame::Arm(term, ..) => look(term),
                _ => {}
            }
        }
        speaks
    }

    /// What a type says of a value.
    fn typed(
        &self,
        way: &Way<'_>,
        value: &Term,
        ty: &Term,
        steps: &[(HoleId, Step)],
        found: &mut Vec<Demand>,
    ) {
        let mut todo = vec![(value.clone(), ty.clone())];
        let mut conditions = Vec::new();
        while let Some((value, ty)) = todo.pop() {
            let ty = ty.unfold(self.program);
            match (&*ty.kind, &*value.kind) {
                (TermKind::Refine(_, base, predicate), _) => {
                    conditions.push(predicate.instantiate(std::slice::from_ref(&value)));
                    todo.push((value, base.clone()));
                }
                (TermKind::Product(types), TermKind::Tuple(items)) => {
                    todo.extend(items.iter().cloned().zip(types.iter().cloned()).rev());
                }
                _ => {}
            }
        }
        for condition in conditions.iter().rev() {
            self.condition(way, way.here(condition), steps, found);
        }
    }

    /// A condition at the end of a way: one fact for each hole that it speaks of.
    fn condition(&self, way: &Way<'_>, read: Read, steps: &[(HoleId, Step)], found: &mut Vec<Demand>) {
        if read.term.is_larger_than(LARGEST) {
            return;
        }
        let says = || show(self.program, &way.names, &read.term);
        for hole in way.holes(&read).into_iter().filter(|hole| self.is_own(*hole)) {
            let mut flows = way.steps(&read, hole);
            let others = steps.iter().filter(|(of, step)| *of == hole && !flows.contains(step));
            flows.extend(others.map(|(_, step)| step.clone()).collect::<Vec<_>>());
            let because = self.chain(hole, flows);
            let when = way.when(hole);
            let solution = match when.is_empty() {
                true => {
                    self.solution(hole, way, &read.term).map(|term| Answer { term, because: because.clone() })
                }
                false => None,
            };
            found.push(Demand { hole, fact: Fact { says: says(), when, because }, solution });
        }
        // What is owed of a call of the definition that the hole stands in.
        let mut called: Vec<DeclId> = Vec::new();
        read.term.walk(&mut |part| {
            if let TermKind::Global(id) = &*part.kind
                && *id != self.obligation.declaration
                && !called.contains(id)
            {
                called.push(*id);
            }
        });
        for id in called {
            for hole in self.carriers.holes(id).iter().copied().filter(|hole| self.results_in(id, *hole)) {
                let name = self.program.decl(id).map_or_else(Name::default, |decl| decl.name.clone());
                let span = self.program.hole(hole).and_then(|hole| hole.uses.first().copied());
                let Some(span) = span else { continue };
                let hole_name = self.program.hole(hole).map_or_else(Name::default, |hole| hole.name.clone());
                let step = Step { what: format!("`?{hole_name}` stands in what `{name}` results in"), span };
                let because = self.chain(hole, vec![step]);
                let fact = Fact { says: says(), when: way.when(hole), because };
                found.push(Demand { hole, fact, solution: None });
            }
        }
    }

    fn is_own(&self, hole: HoleId) -> bool {
        hole.0 as usize >= self.program.first_own_hole
    }

    /// Whether a hole stands in the body of a definition, and not only in what it promises.
    fn results_in(&self, id: DeclId, hole: HoleId) -> bool {
        let body = self.program.def(id).and_then(|def| def.body.as_ref());
        body.is_some_and(|body| super::holes_in(body).contains(&hole))
    }

    /// What asks for it; how what is asked comes to be the hole; and, where there is room, what stands there.
    fn chain(&self, hole: HoleId, flows: Vec<Step>) -> Vec<Step> {
        let mut chain = vec![self.source.clone()];
        let mut flows = flows;
        flows.truncate(LONGEST_CHAIN - 1);
        if flows.len() + 2 <= LONGEST_CHAIN {
            chain.extend(self.given(hole));
        }
        chain.extend(flows);
        chain
    }

    /// What is given to what asks.
    fn given(&self, hole: HoleId) -> Option<Step> {
        let span = self.obligation.span;
        self.obligation.source.filter(|source| *source != span)?;
        let stands = (self.quote)(span)?;
        let info = self.program.hole(hole)?;
        // An open definition is a hole without a place of its own.
        info.uses.first()?;
        let name = &info.name;
        let given = match stands.strip_prefix('?') == Some(&**name) {
            true => "it".to_owned(),
            false => format!("`{stands}`"),
        };
        let to = |name: &Name| format!("{given} is given to `{}`", surface_name(name));
        let what = match &self.obligation.reason {
            Reason::Argument(callee, _) => to(callee),
            Reason::Field(ctor, _) => to(ctor),
            Reason::Requires(..) | Reason::Invariant(..) => format!("it is owed of `{stands}`"),
            Reason::Result => format!("{given} is what comes out"),
            _ => return None,
        };
        Some(Step { what, span })
    }

    /// `?h == e` or `e == ?h`, in the hole's own context.
    fn solution(&self, hole: HoleId, way: &Way<'_>, condition: &Term) -> Option<Term> {
        let (left, right) = match &*condition.kind {
            TermKind::Op(Op::Eq, items) => (items.get(1)?, items.get(2)?),
            TermKind::Op(Op::Iff, items) => (items.first()?, items.get(1)?),
            _ => return None,
        };
        let is_hole = |term: &Term| matches!(&*term.kind, TermKind::Hole(id) if *id == hole);
        let answer = if is_hole(left) { right } else { Some(left).filter(|_| is_hole(right))? };
        if super::holes_in(answer).contains(&hole) {
            return None;
        }
        let beyond = way.names.len().checked_sub(self.program.hole(hole)?.context.len())?;
        let escapes = std::cell::Cell::new(false);
        let lowered = answer.map_vars(0, &|index, depth| match index.checked_sub(depth) {
            None => TermKind::Var(index).into_term(),
            Some(free) => {
                escapes.set(escapes.get() || free < beyond);
                TermKind::Var(index.saturating_sub(beyond)).into_term()
            }
        });
        (!escapes.get()).then_some(lowered)
    }
}

/// What asks for something, in words; `None` where that is nothing a hole could be measured by.
fn asks(program: &Program, obligation: &Obligation) -> Option<String> {
    let own = program.decl(obligation.declaration).map_or_else(Name::default, |decl| decl.name.clone());
    let it =
        |label: &Option<Name>| label.as_ref().map_or_else(|| "it".to_owned(), |label| format!("`{label}`"));
    Some(match &obligation.reason {
        Reason::Ensures(label) => format!("`{own}` ensures {}", it(label)),
        Reason::Result => match &obligation.claim {
            Claim::Has(_, ty) => {
                let names: Vec<Name> = obligation.frames.iter().flat_map(|frame| frame.names()).collect();
                let ty = show_type(program, &names, ty);
                match ty.chars().count() <= LONGEST_QUOTE {
                    true => format!("the result of `{own}` is `{ty}`"),
                    false => format!("the result of `{own}` is declared so"),
                }
            }
            _ => format!("the result of `{own}` is declared so"),
        },
        Reason::Requires(callee, label) => format!("`{}` requires {}", surface_name(callee), it(label)),
        Reason::Argument(callee, param) => format!("`{}` asks for it of `{param}`", surface_name(callee)),
        Reason::Let(name) if &**name == "it" => "its type is written there".to_owned(),
        Reason::Let(name) => format!("`{name}` is declared so"),
        Reason::Field(ctor, field) => format!("the field `{field}` of `{ctor}` is declared so"),
        Reason::Invariant(entity, label) => format!("every `{entity}` keeps {}", it(label)),
        Reason::NoStronger(spec, _) => format!("`{spec}` requires no more"),
        Reason::Applicable => "the function asks for it".to_owned(),
        Reason::Division => "nothing can be divided by 0".to_owned(),
        Reason::Index => "an index lies inside".to_owned(),
        Reason::MeasureNonNegative | Reason::MeasureSmaller(_) => "the recursion must end".to_owned(),
        Reason::Exhaustive
        | Reason::Termination
        | Reason::Default(_)
        | Reason::Depth
        | Reason::Sense
        | Reason::Everything
        | Reason::Bound(_) => return None,
    })
}
