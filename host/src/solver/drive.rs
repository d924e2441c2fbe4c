//! A discharge and the pool that answers it.

use super::pool::SolverPool;
use lift_core::logic::Discharge;

impl SolverPool {
    /// Has every question of `discharge` answered, so that its report is due.
    ///
    /// The engine works out the next questions while the workers are at the last ones; it is never further ahead
    /// than there are workers to keep busy. Answers arrive in any order, and the report does not depend on it.
    pub fn discharge(&self, discharge: &mut Discharge<'_>) {
        let ahead = 2 * self.config().workers.max(1);
        let (answers, answered) = async_channel::bounded(ahead);
        let mut asked = 0;
        loop {
            while asked < ahead {
                let Some(query) = discharge.next_query() else { break };
                self.ask(&query, &answers);
                asked += 1;
            }
            if asked == 0 {
                return;
            }
            // Every question is answered, if only by saying that the pool is gone; and we hold a sender.
            let Ok((key, answer)) = answered.recv_blocking() else { return };
            discharge.answer(&key, &answer);
            asked -= 1;
        }
    }
}
