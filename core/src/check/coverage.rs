//! Cases of a `match` that are never reached.
//!
//! A case is useful when some value matches it and none of the cases before it (Maranget 2007, *Warnings for pattern
//! matching*, section 3): columns of patterns are taken apart from the left by the constructors that stand in them.
//! That every value has a case is not decided here but owed, since refinements and preconditions rule values out.
//!
//! Promises: what is reported is never reached. Must not: take long; a `match` too wide or deep to be sure of is not
//! reported.

use super::elaborator::Elaborator;
use crate::ir::{Arm, DeclId, DeclKind, Literal, Pattern, PatternKind};
use crate::syntax::diagnostic::Diagnostic;

/// Patterns looked at for one `match` before the rest counts as reached.
const MOST_STEPS: usize = 20_000;

/// Patterns inside each other that are taken apart.
const DEEPEST: usize = 120;

impl Elaborator {
    /// Warns of cases that those before them leave nothing to.
    pub(super) fn unreachable_cases(&mut self, arms: &[Arm]) {
        let mut steps = MOST_STEPS;
        for (position, arm) in arms.iter().enumerate().skip(1) {
            let before = arms.get(..position).unwrap_or_default();
            let rows = before.iter().map(|arm| vec![&arm.pattern]).collect();
            if steps == 0 || self.useful(rows, vec![&arm.pattern], &mut steps, DEEPEST) {
                continue;
            }
            let mut wrong = Diagnostic::warning("W0201", arm.pattern.span, "this case is never reached");
            let catches_all = before.iter().rev().find_map(|arm| match &arm.pattern.kind {
                PatternKind::Var(name, _) => Some((arm.pattern.span, Some(name.clone()))),
                PatternKind::Wildcard => Some((arm.pattern.span, None)),
                _ => None,
            });
            wrong = match catches_all.clone() {
                Some((span, Some(name))) => {
                    wrong = wrong.label(span, "this takes everything");
                    wrong.hint(format!(
                        "`{name}` is a name for whatever is matched; constructors start with a capital"
                    ))
                }
                Some((span, None)) => {
                    wrong.label(span, "this takes everything").hint("put the case that takes everything last")
                }
                None => wrong.hint("the cases before it take everything it matches; leave it out"),
            };
            // A warning: what stays undecided here is no consequence of it.
            self.diagnostics.push(wrong);
            // So is every case below; one word is enough.
            if catches_all.is_some() {
                break;
            }
        }
    }

    /// Whether some value matches `case` and no row. The column looked at is the last.
    fn useful<'p>(
        &self,
        mut rows: Vec<Vec<&'p Pattern>>,
        mut case: Vec<&'p Pattern>,
        steps: &mut usize,
        depth: usize,
    ) -> bool {
        loop {
            if *steps <= rows.len() || depth == 0 {
                *steps = 0;
                return true;
            }
            *steps -= rows.len() + 1;
            let Some(head) = case.last().copied() else { return rows.is_empty() };
            let heads: Vec<&Pattern> = rows.iter().filter_map(|row| row.last().copied()).collect();
            let taken_apart = match &head.kind {
                PatternKind::Wildcard | PatternKind::Var(..) => {
                    let Some(shapes) = self.all_shapes(&heads) else {
                        // Some value has none of the shapes that the rows ask for here.
                        rows.retain(|row| row.last().is_some_and(|pattern| takes_everything(pattern)));
                        for row in &mut rows {
                            row.pop();
                        }
                        case.pop();
                        continue;
                    };
                    return shapes.into_iter().any(|shape| {
                        let rows = rows.iter().filter_map(|row| specialised(row, shape)).collect();
                        let Some(case) = specialised(&case, shape) else { return true };
                        self.useful(rows, case, steps, depth - 1)
                    });
                }
                _ => Shape::of(head),
            };
            let Some(shape) = taken_apart else { return true };
            rows = rows.iter().filter_map(|row| specialised(row, shape)).collect();
            match specialised(&case, shape) {
                Some(inside) => case = inside,
                None => return true,
            }
        }
    }

    /// The shapes in a column when every value has one of them.
    fn all_shapes<'p>(&self, heads: &[&'p Pattern]) -> Option<Vec<Shape<'p>>> {
        let mut shapes: Vec<Shape<'p>> = Vec::new();
        for shape in heads.iter().filter_map(|head| Shape::of(head)) {
            if !shapes.iter().any(|known| known.is(&shape)) {
                shapes.push(shape);
            }
        }
        let all = match shapes.first()? {
            Shape::Tuple(_) => 1,
            Shape::Literal(Literal::Bool(_)) => 2,
            Shape::Literal(Literal::Unit) => 1,
            Shape::Literal(_) => return None,
            Shape::Constructor(id, ..) => match self.kind(*id) {
                Some(DeclKind::Data(data)) => data.ctors.len(),
                _ => return None,
            },
        };
        (shapes.len() >= all).then_some(shapes)
    }
}

/// What a pattern takes apart, with the number of parts.
#[derive(Debug, Clone, Copy)]
enum Shape<'p> {
    Constructor(DeclId, usize, usize),
    Tuple(usize),
    Literal(&'p Literal),
}

impl<'p> Shape<'p> {
    fn of(pattern: &'p Pattern) -> Option<Shape<'p>> {
        match &pattern.kind {
            PatternKind::Wildcard | PatternKind::Var(..) => None,
            PatternKind::Lit(literal) => Some(Shape::Literal(literal)),
            PatternKind::Con(id, index, fields) => Some(Shape::Constructor(*id, *index, fields.len())),
            PatternKind::Tuple(items) => Some(Shape::Tuple(items.len())),
        }
    }

    fn is(&self, other: &Shape<'_>) -> bool {
        match (self, other) {
            (Shape::Constructor(id, index, _), Shape::Constructor(other, place, _)) => {
                id == other && index == place
            }
            (Shape::Tuple(_), Shape::Tuple(_)) => true,
            (Shape::Literal(one), Shape::Literal(other)) => one == other,
            _ => false,
        }
    }

    fn parts(&self) -> usize {
        match self {
            Shape::Constructor(_, _, parts) | Shape::Tuple(parts) => *parts,
            Shape::Literal(_) => 0,
        }
    }
}

/// The row for values of that shape, its last column replaced by one for each part; nothing when it matches none.
fn specialised<'p>(row: &[&'p Pattern], shape: Shape<'_>) -> Option<Vec<&'p Pattern>> {
    let (head, rest) = row.split_last()?;
    let mut row = rest.to_vec();
    match &head.kind {
        PatternKind::Wildcard | PatternKind::Var(..) => row.extend(std::iter::repeat_n(*head, shape.parts())),
        PatternKind::Con(_, _, parts) | PatternKind::Tuple(parts) => {
            Shape::of(head).filter(|own| own.is(&shape) && own.parts() == shape.parts())?;
            row.extend(parts.iter().rev());
        }
        PatternKind::Lit(_) => {
            Shape::of(head).filter(|own| own.is(&shape))?;
        }
    }
    Some(row)
}

fn takes_everything(pattern: &Pattern) -> bool {
    matches!(pattern.kind, PatternKind::Wildcard | PatternKind::Var(..))
}
