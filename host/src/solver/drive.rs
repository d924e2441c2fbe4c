//! A discharge and the pool that answers it.

use super::pool::SolverPool;
use lift_core::logic::Discharge;
use std::time::{Duration, Instant};

impl SolverPool {
    /// Has every question of `discharge` answered, so that its report is due.
    pub fn discharge(&self, discharge: &mut Discharge<'_>) {
        self.discharge_within(discharge, Duration::MAX);
    }

    /// The same, for so long; `false` when the time was used up before everything was settled.
    ///
    /// The engine works out the next questions while the workers are at the last ones; it is never further ahead
    /// than there are workers to keep busy. Answers arrive in any order, and the report does not depend on it.
    pub fn discharge_within(&self, discharge: &mut Discharge<'_>, within: Duration) -> bool {
        let began = Instant::now();
        let ahead = 2 * self.config().workers.max(1);
        let (answers, answered) = async_channel::bounded(ahead);
        let mut asked = 0;
        loop {
            while asked < ahead {
                if began.elapsed() >= within {
                    // Questions under way are nobody's any more: dropping the channel calls them off.
                    return false;
                }
                if let Some(query) = discharge.ready_query() {
                    self.ask(&query, &answers);
                    asked += 1;
                } else if !discharge.advance() {
                    break;
                }
            }
            if asked == 0 {
                return true;
            }
            // Every question is answered, if only by saying that the pool is gone; and we hold a sender.
            let Ok((key, answer)) = answered.recv_blocking() else { return true };
            discharge.answer(&key, &answer);
            asked -= 1;
        }
    }
}
