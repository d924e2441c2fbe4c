//! Numbers that look random and are the same every time (SplitMix64).

use std::time::{Duration, Instant};

pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn roll(&mut self, sides: usize) -> usize {
        (self.next() % sides.max(1) as u64) as usize
    }

    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.roll(items.len())]
    }
}

/// A few rounds, or as many as go into `LIFT_FUZZ_SECONDS`.
pub fn rounds(few: usize) -> impl Iterator<Item = usize> {
    let seconds = std::env::var("LIFT_FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    let until = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    (0..).take_while(move |round| until.map_or(*round < few, |until| Instant::now() < until))
}

/// Where to start: `LIFT_FUZZ_SEED`, so that a long run sees what the usual one does not.
pub fn seed(usual: u64) -> u64 {
    std::env::var("LIFT_FUZZ_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(usual)
}
