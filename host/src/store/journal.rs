//! The journal: an append-only list of events, each carrying the hash of the one before.
//!
//! A changed, removed or reordered entry breaks the chain at its place. Truncation at the end cannot be seen from
//! the chain alone; keep the last hash elsewhere to notice it.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

pub(super) const TABLE: &str = "
    CREATE TABLE journal (
        seq      INTEGER PRIMARY KEY AUTOINCREMENT,
        at_ms    INTEGER NOT NULL,
        kind     TEXT NOT NULL,
        payload  TEXT NOT NULL,
        previous BLOB NOT NULL,
        hash     BLOB NOT NULL UNIQUE
    ) STRICT;";

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place, from 1.
    pub seq: i64,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// What happened, as `draft.made`.
    pub kind: String,
    /// The event as JSON.
    pub payload: String,
}

/// Where the chain is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JournalFault {
    /// The first entry that does not continue the one before it, or whose content does not match its hash.
    pub seq: i64,
}

fn hash(previous: &[u8], seq: i64, at_ms: i64, kind: &str, payload: &str) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(previous);
    hasher.update(&seq.to_le_bytes());
    hasher.update(&at_ms.to_le_bytes());
    for field in [kind, payload] {
        hasher.update(&(field.len() as u64).to_le_bytes());
        hasher.update(field.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

/// Appends an event within the transaction of the change it describes.
pub(super) fn append(
    transaction: &Transaction<'_>,
    at_ms: i64,
    kind: &str,
    payload: &serde_json::Value,
) -> rusqlite::Result<i64> {
    let last: Option<(i64, Vec<u8>)> = transaction
        .query_row("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let (seq, previous) = last.map_or((1, Vec::new()), |(seq, hash)| (seq + 1, hash));
    let payload = payload.to_string();
    let hash = hash(&previous, seq, at_ms, kind, &payload);
    transaction.execute(
        "INSERT INTO journal (seq, at_ms, kind, payload, previous, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![seq, at_ms, kind, payload, previous, hash.as_slice()],
    )?;
    Ok(seq)
}

/// Walks the chain: how many entries there are, or where it breaks.
pub(super) fn verify(connection: &Connection) -> rusqlite::Result<Result<u64, JournalFault>> {
    let mut statement =
        connection.prepare("SELECT seq, at_ms, kind, payload, previous, hash FROM journal ORDER BY seq")?;
    let mut rows = statement.query([])?;
    let (mut before, mut count): (Vec<u8>, u64) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        let (kind, payload): (String, String) = (row.get(2)?, row.get(3)?);
        let (previous, stored): (Vec<u8>, Vec<u8>) = (row.get(4)?, row.get(5)?);
        count += 1;
        let continues = previous == before && i64::try_from(count) == Ok(seq);
        if !continues || hash(&previous, seq, row.get(1)?, &kind, &payload).as_slice() != stored {
            return Ok(Err(JournalFault { seq }));
        }
        before = stored;
    }
    Ok(Ok(count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    fn store_with(entries: u32) -> Store {
        let store = Store::in_memory().unwrap();
        {
            let mut connection = store.lock();
            let transaction = connection.transaction().unwrap();
            for number in 0..entries {
                append(&transaction, 7, "test", &serde_json::json!({ "number": number })).unwrap();
            }
            transaction.commit().unwrap();
        }
        store
    }

    #[test]
    fn an_untouched_chain_verifies() {
        assert_eq!(store_with(20).verify_journal().unwrap(), Ok(20));
    }

    #[test]
    fn every_change_to_an_entry_breaks_the_chain_there() {
        for change in [
            "UPDATE journal SET payload = '{}' WHERE seq = 5",
            "UPDATE journal SET at_ms = 8 WHERE seq = 5",
            "UPDATE journal SET kind = 'other' WHERE seq = 5",
            "UPDATE journal SET previous = x'00' WHERE seq = 5",
        ] {
            let store = store_with(9);
            assert_eq!(store.lock().execute(change, []).unwrap(), 1);
            assert_eq!(store.verify_journal().unwrap(), Err(JournalFault { seq: 5 }), "{change}");
        }
        let store = store_with(9);
        store.lock().execute("DELETE FROM journal WHERE seq = 5", []).unwrap();
        assert_eq!(store.verify_journal().unwrap(), Err(JournalFault { seq: 6 }));
    }
}
