//! Why a hole has its type: what stands around it, or around the variable that it is given to.

use super::{Carriers, Fact, Known, LONGEST_CHAIN, MOST_FACTS, Step};
use crate::check::Checked;
use crate::ir::overload::surface_name;
use crate::ir::{DeclKind, HoleId, Icit, Name, Op, Program, Term, TermKind};
use crate::syntax::span::Span;
use crate::syntax::tree;

/// What is wanted where a term stands.
type Wanted = Option<Step>;

/// Writes down for each hole why it has its type, and for a hole in a type which open definitions
/// must be able to take it.
pub(super) fn why(
    checked: &Checked,
    carriers: &Carriers,
    quote: &dyn Fn(Span) -> Option<String>,
    found: &mut [Known],
) {
    let program = &*checked.program;
    let reading = Reading { program, quote };
    let first = program.first_own_hole;
    for (known, id) in found.iter_mut().zip(program.own_holes()) {
        known.typed.extend(declared(checked, id));
    }
    let mut keep = |hole: HoleId, steps: Vec<Step>| {
        let known = (hole.0 as usize).checked_sub(first).and_then(|place| found.get_mut(place));
        if let Some(known) = known.filter(|known| known.typed.is_empty() && !steps.is_empty()) {
            known.typed = steps;
        }
    };
    for id in program.own().filter(|id| !carriers.holes(*id).is_empty()) {
        let Some(decl) = program.decl(id) else { continue };
        let mut parts: Vec<(&Term, Wanted)> = Vec::new();
        if let DeclKind::Def(def) = &decl.kind
            && let Some(body) = &def.body
        {
            let what = format!("the result of `{}` is declared so", decl.name);
            parts.push((body, Some(Step { what, span: def.result.span })));
        }
        let mut whole: Vec<Term> = Vec::new();
        decl.each_term(&mut |term| whole.push(term.clone()));
        parts.extend(whole.iter().map(|term| (term, None)));
        for (term, wanted) in parts {
            reading.each(term, wanted, &mut |hole, steps| keep(hole, steps));
        }
    }
    for id in program.own() {
        let Some(DeclKind::Def(def)) = program.decl(id).map(|decl| &decl.kind) else { continue };
        let Some(decl) = program.decl(id) else { continue };
        // What is written says itself what it needs of the type.
        if !matches!(def.body.as_ref().map(|body| &*body.kind), Some(TermKind::Hole(_))) {
            continue;
        }
        for param in &def.params {
            let TermKind::Hole(hole) = &*param.ty.kind else { continue };
            let place = (hole.0 as usize).checked_sub(first);
            if let Some(known) = place.and_then(|place| found.get_mut(place))
                && known.facts.len() < MOST_FACTS
            {
                let what = format!("`{}` takes it for `{}`", decl.name, param.name);
                let says = format!("`{}` can be applied to it", decl.name);
                let because = vec![Step { what, span: param.ty.span }];
                known.facts.push(Fact { says, when: Vec::new(), because });
            }
        }
    }
}

/// A hole that is declared with a type says so itself.
fn declared(checked: &Checked, id: HoleId) -> Option<Step> {
    let span = checked.program.hole(id)?.declared?;
    let decl = checked.tree.decls.iter().find(|decl| decl.span == span)?;
    let tree::DeclKind::Hole(hole) = &decl.kind else { return None };
    let ty = hole.ty.as_ref()?;
    Some(Step { what: "it is declared so".to_owned(), span: ty.span })
}

struct Reading<'a> {
    program: &'a Program,
    quote: &'a dyn Fn(Span) -> Option<String>,
}

impl Reading<'_> {
    /// Every hole in a term with what is wanted where it stands.
    fn each(&self, term: &Term, wanted: Wanted, found: &mut dyn FnMut(HoleId, Vec<Step>)) {
        let mut todo = vec![(term.clone(), wanted)];
        while let Some((term, wanted)) = todo.pop() {
            match &*term.kind {
                TermKind::Hole(id) => found(*id, wanted.into_iter().collect()),
                // What a variable is used as says what the hole is that it stands for.
                TermKind::Let(name, ty, value, body) if !is_written(&term, ty, value) => {
                    if let TermKind::Hole(id) = &*value.kind {
                        let steps = self.first_use(name, value.span, body);
                        found(*id, steps);
                    }
                    todo.push((body.clone(), wanted));
                    todo.push((value.clone(), None));
                }
                _ => self.inside(&term, wanted, &mut |child, _, wanted| todo.push((child, wanted))),
            }
        }
    }

    /// The first use of a variable that says something of its type, and that the variable is the hole.
    fn first_use(&self, name: &Name, value: Span, body: &Term) -> Vec<Step> {
        let mut first: Wanted = None;
        let mut todo = vec![(body.clone(), 0, None)];
        while let Some((term, variable, wanted)) = todo.pop() {
            match &*term.kind {
                TermKind::Var(index) if *index == variable => {
                    let earlier = |one: &Step| first.as_ref().is_none_or(|first| one.span < first.span);
                    first = wanted.filter(earlier).or(first);
                }
                _ => self.inside(&term, wanted, &mut |child, binders, wanted| {
                    todo.push((child, variable + binders, wanted));
                }),
            }
        }
        let stands = (self.quote)(value).unwrap_or_else(|| "it".to_owned());
        let mut steps: Vec<Step> = first.into_iter().collect();
        if !steps.is_empty() {
            steps.push(Step { what: format!("`{name}` is `{stands}`"), span: value });
        }
        steps.truncate(LONGEST_CHAIN);
        steps
    }

    /// The terms directly inside a term: below how many binders, and what is wanted of each.
    fn inside(&self, term: &Term, wanted: Wanted, found: &mut dyn FnMut(Term, usize, Wanted)) {
        let stands = || (self.quote)(term.span).map(|it| format!("it stands in `{it}`"));
        let here = |what: Option<String>| what.map(|what| Step { what, span: term.span });
        match &*term.kind {
            TermKind::If(condition, yes, no) => {
                let asked = Step { what: "it is the condition of an `if`".to_owned(), span: condition.span };
                found(no.clone(), 0, wanted.clone());
                found(yes.clone(), 0, wanted);
                found(condition.clone(), 0, Some(asked));
            }
            TermKind::Let(name, ty, value, body) => {
                let declared = Step { what: format!("`{name}` is declared so"), span: ty.span };
                found(body.clone(), 1, wanted);
                found(value.clone(), 0, is_written(term, ty, value).then_some(declared));
                found(ty.clone(), 0, None);
            }
            TermKind::Match(scrutinee, _, arms) => {
                for arm in arms.iter().rev() {
                    found(arm.body.clone(), arm.pattern.binders(), wanted.clone());
                }
                let pattern =
                    arms.first().and_then(|arm| Some((arm.pattern.span, (self.quote)(arm.pattern.span)?)));
                let matched =
                    pattern.map(|(span, shape)| Step { what: format!("it is matched with `{shape}`"), span });
                found(scrutinee.clone(), 0, matched);
            }
            TermKind::App(head, args) => {
                let wants = self.parameters(head, args.len());
                for (place, arg) in args.iter().enumerate().rev() {
                    let wanted = wants
                        .get(place)
                        .cloned()
                        .flatten()
                        .map(|what| Step { what: what.0, span: what.1.unwrap_or(arg.term.span) });
                    found(arg.term.clone(), 0, if arg.icit == Icit::Implicit { None } else { wanted });
                }
                let called = matches!(&*head.kind, TermKind::Hole(_) | TermKind::Var(_));
                let called = called
                    .then(|| (self.quote)(term.span))
                    .flatten()
                    .map(|it| format!("it is called in `{it}`"));
                found(head.clone(), 0, here(called));
            }
            TermKind::Op(Op::Run | Op::RunGiven, items) => {
                items.iter().for_each(|item| found(item.clone(), 0, wanted.clone()));
            }
            TermKind::Op(_, items) | TermKind::List(_, items) | TermKind::Tuple(items) => {
                items.iter().rev().for_each(|item| found(item.clone(), 0, here(stands())));
            }
            TermKind::Lam(_, _, ty, body)
            | TermKind::Quant(_, _, ty, body)
            | TermKind::Pi(_, _, ty, body) => {
                found(body.clone(), 1, None);
                found(ty.clone(), 0, None);
            }
            TermKind::Refine(_, ty, body) => {
                let what = "a condition stands there".to_owned();
                found(body.clone(), 1, Some(Step { what, span: body.span }));
                found(ty.clone(), 0, None);
            }
            _ => term.each_child(&mut |child| found(child.clone(), 0, None)),
        }
    }

    /// What the parameters of what is called say, and where: types that the call decides say nothing.
    #[allow(clippy::type_complexity)]
    fn parameters(&self, head: &Term, count: usize) -> Vec<Option<(String, Option<Span>)>> {
        let place = |id: crate::ir::DeclId, span: Span| self.program.is_declared(id).then_some(span);
        match &*head.kind {
            TermKind::Global(id) => {
                let decl = self.program.decl(*id);
                let name = decl.map_or("", |decl| surface_name(&decl.name));
                let params = self.program.def(*id).map(|def| def.params.as_slice()).unwrap_or_default();
                let param = |param: &crate::ir::Param| {
                    let fixed = !matches!(&*param.ty.kind, TermKind::Var(_));
                    fixed.then(|| {
                        (format!("`{name}` takes it for `{}`", param.name), place(*id, param.ty.span))
                    })
                };
                params.iter().map(param).collect()
            }
            TermKind::Con(id, index) => {
                let Some(data) = self.program.data(*id) else { return vec![None; count] };
                let ctor = data.ctors.get(*index);
                let name = ctor.map(|ctor| ctor.name.clone()).unwrap_or_default();
                let field = |(field, ty): &(Option<Name>, Term)| {
                    let field =
                        field.as_ref().map_or_else(|| name.clone(), |field| format!("{name}.{field}").into());
                    let fixed = !matches!(&*ty.kind, TermKind::Var(_));
                    fixed.then(|| (format!("`{field}` is declared so"), place(*id, ty.span)))
                };
                let fields = ctor.map(|ctor| ctor.fields.as_slice()).unwrap_or_default();
                std::iter::repeat_n(None, data.params.len()).chain(fields.iter().map(field)).collect()
            }
            _ => vec![None; count],
        }
    }
}

/// Whether the author wrote the type of what a `let` names.
fn is_written(term: &Term, ty: &Term, value: &Term) -> bool {
    ty.span != Span::default() && term.span.start <= ty.span.start && ty.span.end <= value.span.start
        || ty.span.start >= value.span.end && ty.span.end <= term.span.end
}
