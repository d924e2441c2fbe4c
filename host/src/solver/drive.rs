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
        let deadline = Instant::now().checked_add(within);
        let ahead = 2 * self.config().workers.max(1);
        let (answers, answered) = async_channel::bounded(ahead);
        // A clock of our own: who calls may have none, or be one of another's threads that may block.
        let Ok(clock) = tokio::runtime::Builder::new_current_thread().enable_time().build() else {
            return false;
        };
        let mut asked = 0;
        loop {
            while asked < ahead {
                // Questions under way are nobody's any more: dropping the channel calls them off.
                if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
                    return false;
                }
                if let Some(query) = discharge.ready_query() {
                    if clock.block_on(until(deadline, self.ask(&query, &answers))).is_none() {
                        return false;
                    }
                    asked += 1;
                } else if !discharge.advance() {
                    break;
                }
            }
            if asked == 0 {
                return true;
            }
            // Every question is answered, if only by saying that the pool is gone; and we hold a sender.
            match clock.block_on(until(deadline, answered.recv())) {
                None => return false,
                Some(Err(_)) => return true,
                Some(Ok((key, answer))) => discharge.answer(&key, &answer),
            }
            asked -= 1;
        }
    }
}

/// What comes of `wait`, if it comes before the deadline.
async fn until<T>(deadline: Option<Instant>, wait: impl Future<Output = T>) -> Option<T> {
    match deadline {
        Some(deadline) => tokio::time::timeout_at(deadline.into(), wait).await.ok(),
        None => Some(wait.await),
    }
}
