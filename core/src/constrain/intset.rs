//! Sets of integers, exactly: finite unions of intervals, each end of which may be open to infinity.

use std::fmt;

use num_bigint::BigInt;
use num_traits::{One, ToPrimitive};

/// A set of integers: intervals in ascending order, with a gap between any two.
#[derive(Clone, PartialEq, Eq)]
pub struct IntSet {
    intervals: Vec<Interval>,
}

/// The integers from `low` to `high`, both included; `None` is infinity. Never empty.
#[derive(Clone, PartialEq, Eq)]
pub struct Interval {
    /// The least element, if there is one.
    pub low: Option<BigInt>,
    /// The greatest element, if there is one.
    pub high: Option<BigInt>,
}

impl IntSet {
    /// No integer.
    pub const fn empty() -> Self {
        IntSet { intervals: Vec::new() }
    }

    /// Every integer.
    pub fn all() -> Self {
        IntSet { intervals: vec![Interval { low: None, high: None }] }
    }

    /// The integers from `low` to `high`, both included; `None` is infinity.
    pub fn range(low: Option<BigInt>, high: Option<BigInt>) -> Self {
        match (&low, &high) {
            (Some(low), Some(high)) if low > high => IntSet::empty(),
            _ => IntSet { intervals: vec![Interval { low, high }] },
        }
    }

    /// The integers from `low` on.
    pub fn at_least(low: impl Into<BigInt>) -> Self {
        IntSet::range(Some(low.into()), None)
    }

    /// The integers up to `high`.
    pub fn at_most(high: impl Into<BigInt>) -> Self {
        IntSet::range(None, Some(high.into()))
    }

    /// One integer.
    pub fn just(n: impl Into<BigInt>) -> Self {
        let n = n.into();
        IntSet::range(Some(n.clone()), Some(n))
    }

    /// Its intervals in ascending order, with a gap between any two.
    pub fn intervals(&self) -> &[Interval] {
        &self.intervals
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.intervals.is_empty()
    }

    /// Whether `n` is an element.
    pub fn contains(&self, n: &BigInt) -> bool {
        self.intervals.iter().any(|interval| interval.contains(n))
    }

    /// All elements in ascending order, when there are at most `limit`.
    pub fn elements(&self, limit: usize) -> Option<Vec<BigInt>> {
        let mut elements = Vec::new();
        for interval in &self.intervals {
            let (Some(low), Some(high)) = (&interval.low, &interval.high) else { return None };
            let count = (high - low + 1u32).to_usize()?;
            if count > limit - elements.len() {
                return None;
            }
            elements.extend((0..count).map(|offset| low + offset));
        }
        Some(elements)
    }

    /// What is in either.
    pub fn union(&self, other: &IntSet) -> IntSet {
        IntSet::normal(self.intervals.iter().chain(&other.intervals).cloned().collect())
    }

    /// What is in both.
    pub fn intersection(&self, other: &IntSet) -> IntSet {
        let mut both = Vec::new();
        for a in &self.intervals {
            for b in &other.intervals {
                // Of two lower ends the greater, where `None` is the least; of two upper ends the lesser.
                let low = a.low.clone().max(b.low.clone());
                let high = match (&a.high, &b.high) {
                    (Some(x), Some(y)) => Some(x.min(y).clone()),
                    (x, y) => x.as_ref().or(y.as_ref()).cloned(),
                };
                both.extend(IntSet::range(low, high).intervals);
            }
        }
        IntSet::normal(both)
    }

    /// What is not in it.
    pub fn complement(&self) -> IntSet {
        let mut gaps = Vec::new();
        // The least integer not yet placed; `None` before the first interval stands for minus infinity.
        let mut low = None;
        for interval in &self.intervals {
            if let Some(start) = &interval.low {
                gaps.extend(IntSet::range(low, Some(start - 1u32)).intervals);
            }
            match &interval.high {
                Some(end) => low = Some(end + 1u32),
                None => return IntSet { intervals: gaps },
            }
        }
        gaps.push(Interval { low, high: None });
        IntSet { intervals: gaps }
    }

    /// Sorts, and joins what overlaps or touches.
    fn normal(mut intervals: Vec<Interval>) -> IntSet {
        intervals.sort_by(|a, b| a.low.cmp(&b.low));
        let mut joined: Vec<Interval> = Vec::with_capacity(intervals.len());
        for next in intervals {
            match joined.last_mut() {
                Some(last) if last.reaches(&next) => {
                    last.high = match (last.high.take(), next.high) {
                        (Some(x), Some(y)) => Some(x.max(y)),
                        _ => None,
                    };
                }
                _ => joined.push(next),
            }
        }
        IntSet { intervals: joined }
    }
}

impl Interval {
    fn contains(&self, n: &BigInt) -> bool {
        self.low.as_ref().is_none_or(|low| low <= n) && self.high.as_ref().is_none_or(|high| n <= high)
    }

    /// Whether `next`, which starts no earlier, overlaps or touches this one.
    fn reaches(&self, next: &Interval) -> bool {
        match (&self.high, &next.low) {
            (Some(high), Some(low)) => *low <= high + BigInt::one(),
            _ => true,
        }
    }
}

impl fmt::Debug for IntSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(&self.intervals).finish()
    }
}

impl fmt::Debug for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |n: &Option<BigInt>| n.as_ref().map(BigInt::to_string).unwrap_or_default();
        write!(f, "{}..{}", end(&self.low), end(&self.high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every union of up to two intervals with ends in -3..=3 or at infinity.
    fn sets() -> Vec<IntSet> {
        let ends = |infinite: bool| (-3..=3).map(|n| Some(BigInt::from(n))).chain(infinite.then_some(None));
        let mut single = vec![IntSet::empty()];
        for low in ends(true) {
            for high in ends(true) {
                single.push(IntSet::range(low.clone(), high));
            }
        }
        let mut all = Vec::new();
        for a in single.iter().step_by(2) {
            for b in single.iter().step_by(3) {
                all.push(a.union(b));
            }
        }
        all
    }

    fn window() -> impl Iterator<Item = BigInt> {
        (-6..=6).map(BigInt::from)
    }

    fn is_normal(set: &IntSet) -> bool {
        IntSet::normal(set.intervals.clone()) == *set
            && set.intervals.iter().all(|it| it.low.is_none() || it.high.is_none() || it.low <= it.high)
    }

    #[test]
    fn complement_holds_exactly_what_is_missing() {
        for set in sets() {
            let rest = set.complement();
            assert!(is_normal(&rest), "{set:?} {rest:?}");
            assert!(window().all(|n| set.contains(&n) != rest.contains(&n)), "{set:?} {rest:?}");
            assert_eq!(rest.complement(), set);
        }
    }

    #[test]
    fn union_and_intersection_agree_with_membership() {
        let sets = sets();
        for a in &sets {
            for b in sets.iter().step_by(11) {
                let (union, both) = (a.union(b), a.intersection(b));
                assert!(is_normal(&union) && is_normal(&both));
                for n in window() {
                    assert_eq!(union.contains(&n), a.contains(&n) || b.contains(&n), "{a:?} {b:?} {n}");
                    assert_eq!(both.contains(&n), a.contains(&n) && b.contains(&n), "{a:?} {b:?} {n}");
                }
            }
        }
    }

    #[test]
    fn elements_lists_small_sets_and_no_others() {
        let set = [3, 1, 9, 2].into_iter().fold(IntSet::empty(), |set, n| set.union(&IntSet::just(n)));
        assert_eq!(set.intervals().len(), 2);
        assert_eq!(set.elements(4), Some([1, 2, 3, 9].map(BigInt::from).to_vec()));
        assert_eq!(set.elements(3), None);
        assert_eq!(IntSet::at_least(0).elements(9), None);
    }
}
