//! What lift keeps: one SQLite file.
//!
//! Every durable change is first an entry of the [`journal`], in the same transaction as the rows it changes; the
//! rest of the tables could be rebuilt from it. The database runs with a write-ahead log, full synchronisation
//! and foreign keys, and has one writer: this type, behind a lock.

mod drafts;
mod journal;

pub use drafts::{Draft, DraftId, DraftSummary};
pub use journal::{Entry, JournalFault};

use rusqlite::Connection;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The version of the tables; a file of a newer one is refused.
const VERSION: i64 = 1;

/// The store could not do what was asked.
#[derive(Debug)]
pub enum StoreError {
    /// The database said no.
    Database(rusqlite::Error),
    /// The folder of the database cannot be made.
    Folder(std::io::Error),
    /// Written by a newer lift.
    Newer {
        /// Its version of the tables.
        found: i64,
    },
    /// There is nothing of that name.
    Missing,
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            StoreError::Database(error) => write!(out, "the database failed: {error}"),
            StoreError::Folder(error) => write!(out, "the folder of the database cannot be made: {error}"),
            StoreError::Newer { found } => {
                write!(
                    out,
                    "the database was written by a newer lift (tables {found}, this one knows {VERSION})"
                )
            }
            StoreError::Missing => write!(out, "there is nothing of that name"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::Database(error)
    }
}

/// An open store.
#[derive(Debug)]
pub struct Store {
    connection: Mutex<Connection>,
}

impl Store {
    /// Opens or makes the database at `path`.
    pub fn open(path: &Path) -> Result<Store, StoreError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(StoreError::Folder)?;
        }
        Store::with(Connection::open(path)?)
    }

    /// A store that is gone when it is dropped.
    pub fn in_memory() -> Result<Store, StoreError> {
        Store::with(Connection::open_in_memory()?)
    }

    fn with(connection: Connection) -> Result<Store, StoreError> {
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if found > VERSION {
            return Err(StoreError::Newer { found });
        }
        if found < VERSION {
            connection.execute_batch(&format!(
                "BEGIN IMMEDIATE; {} {} PRAGMA user_version = {VERSION}; COMMIT;",
                journal::TABLE,
                drafts::TABLE
            ))?;
        }
        Ok(Store { connection: Mutex::new(connection) })
    }

    /// The connection. A panic elsewhere cannot have left a transaction open: they roll back when dropped.
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the database can be read.
    ///
    /// # Errors
    /// When it cannot.
    pub fn look(&self) -> Result<(), StoreError> {
        Ok(self
            .lock()
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))
            .map(drop)?)
    }

    /// Checks the chain of the journal from the first entry to the last.
    pub fn verify_journal(&self) -> Result<Result<u64, JournalFault>, StoreError> {
        Ok(journal::verify(&self.lock())?)
    }
}

/// Milliseconds since 1970, UTC.
fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
