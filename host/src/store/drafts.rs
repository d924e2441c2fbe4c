//! Drafts: what somebody asked for, and the document it became.

use super::{Store, StoreError, journal, now_ms};
use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

pub(super) const TABLE: &str = "
    CREATE TABLE drafts (
        id         TEXT PRIMARY KEY,
        words      TEXT NOT NULL,
        document   TEXT NOT NULL,
        revision   INTEGER NOT NULL,
        made_ms    INTEGER NOT NULL,
        changed_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX drafts_by_change ON drafts (changed_ms DESC, id);";

/// The name of a draft: 26 characters of Crockford's base 32.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DraftId(String);

impl DraftId {
    fn fresh() -> Self {
        DraftId(ulid::Ulid::new().to_string())
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DraftId {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        ulid::Ulid::from_string(text).map(|id| DraftId(id.to_string())).map_err(|_| StoreError::Missing)
    }
}

/// A stored draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its name.
    pub id: DraftId,
    /// What was asked for.
    pub words: String,
    /// The document as it stands.
    pub document: String,
    /// How often it changed; the first text is 1. Send it back with a change: a stale one is refused.
    pub revision: i64,
    /// When it was made, in milliseconds since 1970 UTC.
    pub made_ms: i64,
    /// When it last changed.
    pub changed_ms: i64,
}

/// A draft without its document, for lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftSummary {
    /// Its name.
    pub id: DraftId,
    /// What was asked for.
    pub words: String,
    /// How often it changed.
    pub revision: i64,
    /// When it last changed, in milliseconds since 1970 UTC.
    pub changed_ms: i64,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Draft> {
    Ok(Draft {
        id: DraftId(row.get(0)?),
        words: row.get(1)?,
        document: row.get(2)?,
        revision: row.get(3)?,
        made_ms: row.get(4)?,
        changed_ms: row.get(5)?,
    })
}

impl Store {
    /// Keeps a new draft.
    pub fn add_draft(&self, words: &str, document: &str) -> Result<Draft, StoreError> {
        let now = now_ms();
        let draft = Draft {
            id: DraftId::fresh(),
            words: words.to_owned(),
            document: document.to_owned(),
            revision: 1,
            made_ms: now,
            changed_ms: now,
        };
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        journal::append(&transaction, now, "draft.made", &serde_json::json!(draft))?;
        transaction.execute(
            "INSERT INTO drafts (id, words, document, revision, made_ms, changed_ms) VALUES (?1, ?2, ?3, 1, ?4, ?4)",
            params![draft.id.as_str(), words, document, now],
        )?;
        transaction.commit()?;
        Ok(draft)
    }

    /// A draft by name.
    pub fn draft(&self, id: &DraftId) -> Result<Draft, StoreError> {
        let sql = "SELECT id, words, document, revision, made_ms, changed_ms FROM drafts WHERE id = ?1";
        self.lock().query_row(sql, [id.as_str()], read).optional()?.ok_or(StoreError::Missing)
    }

    /// The drafts that changed last, newest first.
    pub fn drafts(&self, limit: u32) -> Result<Vec<DraftSummary>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare(
            "SELECT id, words, revision, changed_ms FROM drafts ORDER BY changed_ms DESC, id DESC LIMIT ?1",
        )?;
        let rows = statement.query_map([limit], |row| {
            Ok(DraftSummary {
                id: DraftId(row.get(0)?),
                words: row.get(1)?,
                revision: row.get(2)?,
                changed_ms: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Replaces the document of a draft whose revision is still `revision`; `None` when it is not.
    pub fn change_draft(
        &self,
        id: &DraftId,
        revision: i64,
        document: &str,
    ) -> Result<Option<Draft>, StoreError> {
        let now = now_ms();
        {
            let mut connection = self.lock();
            let transaction = connection.transaction()?;
            let changed = transaction.execute(
                "UPDATE drafts SET document = ?3, revision = revision + 1, changed_ms = ?4
                 WHERE id = ?1 AND revision = ?2",
                params![id.as_str(), revision, document, now],
            )?;
            if changed == 1 {
                let event = serde_json::json!({ "id": id, "revision": revision + 1, "document": document });
                journal::append(&transaction, now, "draft.changed", &event)?;
                transaction.commit()?;
            } else {
                drop(transaction);
                drop(connection);
                // Either it never existed, or somebody was faster.
                return self.draft(id).map(|_| None);
            }
        }
        self.draft(id).map(Some)
    }

    /// Takes a draft out of the list; the journal keeps its history.
    pub fn remove_draft(&self, id: &DraftId) -> Result<(), StoreError> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        if transaction.execute("DELETE FROM drafts WHERE id = ?1", [id.as_str()])? == 0 {
            return Err(StoreError::Missing);
        }
        journal::append(&transaction, now_ms(), "draft.removed", &serde_json::json!({ "id": id }))?;
        transaction.commit()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_survives_a_restart_with_its_history() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/lift.db");
        let draft =
            Store::open(&path).unwrap().add_draft("words '; DROP TABLE drafts; --", "# Title").unwrap();
        let store = Store::open(&path).unwrap();
        assert_eq!(store.draft(&draft.id).unwrap(), draft);
        let changed = store.change_draft(&draft.id, 1, "# Other").unwrap().unwrap();
        assert_eq!((changed.revision, changed.document.as_str()), (2, "# Other"));
        assert_eq!(store.verify_journal().unwrap(), Ok(2));
    }

    #[test]
    fn a_change_to_a_stale_revision_loses_nothing() {
        let store = Store::in_memory().unwrap();
        let draft = store.add_draft("w", "one").unwrap();
        assert!(store.change_draft(&draft.id, 1, "two").unwrap().is_some());
        assert_eq!(store.change_draft(&draft.id, 1, "three").unwrap(), None);
        assert_eq!(store.draft(&draft.id).unwrap().document, "two");
    }

    #[test]
    fn what_was_removed_is_missing_and_remembered() {
        let store = Store::in_memory().unwrap();
        let draft = store.add_draft("w", "one").unwrap();
        store.remove_draft(&draft.id).unwrap();
        assert!(matches!(store.draft(&draft.id), Err(StoreError::Missing)));
        assert!(matches!(store.remove_draft(&draft.id), Err(StoreError::Missing)));
        assert!(store.drafts(10).unwrap().is_empty());
        assert_eq!(store.verify_journal().unwrap(), Ok(2));
    }

    #[test]
    fn a_database_of_a_newer_lift_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lift.db");
        drop(Store::open(&path).unwrap());
        rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
        assert!(matches!(Store::open(&path), Err(StoreError::Newer { found: 99 })));
    }
}
