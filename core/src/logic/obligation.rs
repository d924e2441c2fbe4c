//! What is owed: a goal under hypotheses, why, and how to run it.
//!
//! An obligation says the same thing twice. As a formula it is for provers. As frames and a claim it is for the
//! evaluator: the frames lead from the parameters of the declaration to the place where it is owed, and the claim
//! is what must hold there. Whoever looks for a counterexample follows the frames with values.

use crate::ir::distill::{show, show_type};
use crate::ir::{Arm, DeclId, HoleId, INDICES, Name, Pattern, Program, Term, TermKind};
use crate::logic::formula::Id;
use crate::logic::meaning::Meaning;
use crate::syntax::span::Span;
use std::sync::Arc;

/// One thing that must hold wherever its place is reached.
#[derive(Debug, Clone)]
pub struct Obligation {
    /// Who owes it.
    pub declaration: DeclId,
    /// Why.
    pub reason: Reason,
    /// Where it is owed.
    pub span: Span,
    /// Where the condition is written, when that is elsewhere.
    pub source: Option<Span>,
    /// Which promise of the contract it shows: 0 for the result type, then the postconditions.
    pub promise: Option<usize>,
    /// What is known there.
    pub hypotheses: Vec<Id>,
    /// Calls on the way to it, for what they promise.
    pub noticed: Vec<Id>,
    /// What must follow.
    pub goal: Id,
    /// The way there, outermost first.
    pub frames: Vec<Arc<Frame>>,
    /// What must hold there, for the evaluator.
    pub claim: Claim,
    /// Who says that the place is ever reached.
    pub reached: Reached,
}

/// Whether a place is reached whenever its frames let values through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// It is.
    Always,
    /// It stands in a function: only if that is applied to such an argument, which the frames do not say.
    WhenApplied,
}

/// Why something is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// A postcondition of the definition, by label.
    Ensures(Option<Name>),
    /// The result has the declared type.
    Result,
    /// A precondition of the definition's own asks no more than its spec does: spec, label.
    NoStronger(Name, Option<Name>),
    /// A precondition of a definition that is called: callee, label.
    Requires(Name, Option<Name>),
    /// An argument has the parameter's type: callee, parameter.
    Argument(Name, Name),
    /// A function value may be applied to this argument.
    Applicable,
    /// What a `let` names has the written type.
    Let(Name),
    /// A field of a constructor has its type: constructor, field.
    Field(Name, Name),
    /// An invariant of an entity: entity, label.
    Invariant(Name, Option<Name>),
    /// A divisor is not 0.
    Division,
    /// An index is inside.
    Index,
    /// Every value has an arm.
    Exhaustive,
    /// The measure is not negative where the definition calls itself.
    MeasureNonNegative,
    /// The measure is smaller in this call: callee.
    MeasureSmaller(Name),
    /// The recursion ends: nothing says why it should.
    Termination,
    /// The default of a hole has its type.
    Default(HoleId),
    /// Nothing below this place can fail; it is nested too deeply to be looked at.
    Depth,
    /// The declaration makes sense; it does not when `check` found errors in it.
    Sense,
    /// Everything the declaration owes; nobody has looked yet at what that is.
    Everything,
    /// A bound on cost or latency that the spec states, as written: nothing here measures it.
    Bound(Arc<str>),
}

/// One step of the way from a declaration's parameters to an obligation. Terms stand in the context made by the
/// steps before.
#[derive(Debug, Clone)]
pub enum Frame {
    /// A type parameter.
    Type(Name),
    /// Any value of this type: a parameter, or a bound variable. The constant stands for it in formulas.
    Any(Name, Term, Id),
    /// A value with a name.
    Let(Name, Term),
    /// Goes on only where this is true.
    When(Term),
    /// Goes on only where this is false.
    Unless(Term),
    /// Goes on only in this arm (scrutinee, arms, number), with the variables of its pattern.
    Arm(Term, Arc<Vec<Arm>>, usize),
}

/// What must hold at the end of the frames.
#[derive(Debug, Clone)]
pub enum Claim {
    /// The term is true.
    Holds(Term),
    /// The first term is a value of the type that is the second.
    Has(Term, Term),
    /// The term, a call of a function that is passed on, runs into no error and gives a value of the type, if one
    /// is asked for.
    Runs(Term, Option<Term>),
    /// Some pattern matches the value of the term.
    Matched(Term, Vec<Pattern>),
    /// The definition, given its parameters, runs into no error.
    Whole(DeclId),
    /// Nothing that can be run.
    Silent,
}

/// A recursive call, for the proof that recursion ends.
#[derive(Debug, Clone)]
pub struct Call {
    /// Who is called.
    pub callee: DeclId,
    /// The arguments that are values.
    pub args: Vec<Id>,
    /// The type arguments.
    pub types: Vec<Meaning>,
    /// All arguments as terms, type arguments first.
    pub terms: Vec<Term>,
    /// Where.
    pub span: Span,
    /// What is known there.
    pub hypotheses: Vec<Id>,
    /// The way there.
    pub frames: Vec<Arc<Frame>>,
    /// Who says that it is ever reached.
    pub reached: Reached,
}

impl Obligation {
    /// What must hold, as an author would write it, when it is a condition.
    pub fn condition(&self, program: &Program) -> Option<String> {
        let names: Vec<Name> = self.frames.iter().flat_map(|frame| frame.names()).collect();
        match &self.claim {
            // The callee's parameters have the names of the caller's: what they are here says more.
            Claim::Holds(term) if matches!(self.reason, Reason::MeasureSmaller(_)) => {
                let mut frames = self.frames.iter().rev();
                let mut term = term.clone();
                let mut left = names.len();
                while let Some(Frame::Let(_, value)) = frames.next().map(|frame| &**frame) {
                    term = term.instantiate(std::slice::from_ref(value));
                    left -= 1;
                }
                Some(show(program, names.get(..left).unwrap_or_default(), &term))
            }
            Claim::Holds(term) => Some(show(program, &names, term)),
            Claim::Has(_, ty) if matches!(&self.reason, Reason::Let(name) if &**name == INDICES) => {
                let TermKind::Refine(value, _, equation) = &*ty.kind else { return None };
                let inner: Vec<Name> = names.iter().chain([value]).cloned().collect();
                Some(show(program, &inner, equation))
            }
            Claim::Has(term, ty) | Claim::Runs(term, Some(ty)) => {
                Some(format!("{}: {}", show(program, &names, term), show_type(program, &names, ty)))
            }
            Claim::Runs(_, None) | Claim::Matched(..) | Claim::Whole(_) | Claim::Silent => None,
        }
    }
}

impl Frame {
    /// The names of the variables it adds to the context.
    pub fn names(&self) -> Vec<Name> {
        match self {
            Frame::Type(name) | Frame::Any(name, _, _) | Frame::Let(name, _) => vec![name.clone()],
            Frame::When(_) | Frame::Unless(_) => Vec::new(),
            Frame::Arm(_, arms, number) => {
                let bound = arms.get(*number).map(|arm| arm.pattern.bound()).unwrap_or_default();
                bound.into_iter().map(|(name, _)| name).collect()
            }
        }
    }

    /// How many variables it adds to the context.
    pub fn binders(&self) -> usize {
        match self {
            Frame::Type(_) | Frame::Any(..) | Frame::Let(..) => 1,
            Frame::When(_) | Frame::Unless(_) => 0,
            Frame::Arm(_, arms, number) => arms.get(*number).map_or(0, |arm| arm.pattern.binders()),
        }
    }
}

impl Reason {
    /// What is owed, in words for people.
    pub fn words(&self) -> String {
        let of = |label: &Option<Name>, what: &str| match label {
            Some(label) => format!("{what} `{label}`"),
            None => what.to_owned(),
        };
        match self {
            Reason::Ensures(label) => format!("{} holds", of(label, "the postcondition")),
            Reason::NoStronger(spec, label) => {
                format!("{} follows from what `{spec}` requires", of(label, "the precondition"))
            }
            Reason::Result => "the result has the declared type".to_owned(),
            Reason::Requires(callee, label) => {
                format!("{} of `{callee}` holds at this call", of(label, "the precondition"))
            }
            Reason::Argument(callee, param) => {
                format!("the argument for `{param}` of `{callee}` has the parameter's type")
            }
            Reason::Applicable => "the function may be applied to this argument".to_owned(),
            Reason::Let(name) if &**name == INDICES => "the indices of the two types are equal".to_owned(),
            Reason::Let(name) if &**name == "it" => "the value has the written type".to_owned(),
            Reason::Let(name) => format!("the value of `{name}` has the written type"),
            Reason::Field(ctor, field) => format!("the field `{field}` of `{ctor}` has its type"),
            Reason::Invariant(entity, label) => format!("{} of `{entity}` holds", of(label, "the invariant")),
            Reason::Division => "the divisor is not 0".to_owned(),
            Reason::Index => "the index is inside".to_owned(),
            Reason::Exhaustive => "every value has an arm".to_owned(),
            Reason::MeasureNonNegative => "the measure is not negative where it recurs".to_owned(),
            Reason::MeasureSmaller(callee) => format!("the measure is smaller in this call of `{callee}`"),
            Reason::Termination => "the recursion ends".to_owned(),
            Reason::Default(_) => "the default has the hole's type".to_owned(),
            Reason::Depth => "what is nested this deeply runs into no error".to_owned(),
            Reason::Sense => "the declaration has no errors".to_owned(),
            Reason::Everything => "everything that is owed holds".to_owned(),
            Reason::Bound(text) => format!("`{text}` holds"),
        }
    }

    /// Whether it is part of the proof that the definition ends.
    pub fn is_termination(&self) -> bool {
        matches!(self, Reason::MeasureNonNegative | Reason::MeasureSmaller(_) | Reason::Termination)
    }
}
