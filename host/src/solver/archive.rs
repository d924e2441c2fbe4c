//! Answers on disk, so that what was proved once is not asked again after a restart.
//!
//! A table from the key of a question to its answer, sealed with a hash of both: what is not to the last byte what was
//! written is not there. The file is only a memory; when it cannot be used, or is damaged, it is made again or done
//! without, and no verdict depends on it.

use super::cache::Key;
use crate::caches;
use lift_core::logic::Answer;
use rusqlite::{Connection, OptionalExtension as _, params};
use std::cell::Cell;
use std::path::Path;
use std::time::Duration;

/// Of other tables than these, the file is made again.
const VERSION: i64 = 1;

const TABLE: &str = "
    DROP TABLE IF EXISTS answers;
    CREATE TABLE answers (key BLOB PRIMARY KEY, answer TEXT NOT NULL, seal BLOB NOT NULL) STRICT;
    PRAGMA user_version = 1;";

/// How many answers a file keeps; a quarter of them, the oldest, make room when there are more.
const MOST: i64 = 200_000;

/// Longer answers are not kept, in bytes.
const LONGEST: usize = 64 << 10;

/// How many bytes of answers a file keeps; the oldest make room here too.
const MOST_BYTES: i64 = 256 << 20;

/// After how many answers it is looked at whether there is room.
const BETWEEN: u64 = 2_000;

/// A file of answers.
#[derive(Debug)]
pub(super) struct Archive {
    connection: Connection,
    /// How many answers this process has put in.
    put: Cell<u64>,
}

impl Archive {
    /// Opens or makes the file; `None` when there is no using it.
    pub(super) fn open(file: &Path) -> Option<Archive> {
        if file.symlink_metadata().is_ok() && !caches::is_own(file) {
            return None;
        }
        Archive::try_open(file)
            .or_else(|error| match error.sqlite_error_code() {
                Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
                    // Damaged: it can be made again. A process that has it open goes on with the old one.
                    let _ = std::fs::remove_file(file);
                    ["-wal", "-shm"].into_iter().for_each(|end| {
                        let mut beside = file.as_os_str().to_owned();
                        beside.push(end);
                        let _ = std::fs::remove_file(beside);
                    });
                    Archive::try_open(file)
                }
                _ => Err(error),
            })
            .ok()
    }

    fn try_open(file: &Path) -> rusqlite::Result<Archive> {
        let connection = Connection::open(file)?;
        connection.busy_timeout(Duration::from_millis(200))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // What the last moments before a power cut brought may be lost: it is found again.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if version != VERSION {
            connection.execute_batch(&format!("BEGIN IMMEDIATE; {TABLE} COMMIT;"))?;
        }
        let archive = Archive { connection, put: Cell::default() };
        archive.make_room(MOST, MOST_BYTES)?;
        Ok(archive)
    }

    /// What was said to this question, if it is there and whole.
    pub(super) fn get(&self, key: &Key) -> Option<Answer> {
        let mut statement =
            self.connection.prepare_cached("SELECT answer, seal FROM answers WHERE key = ?1").ok()?;
        let found: Option<(String, Vec<u8>)> =
            statement.query_row([key], |row| Ok((row.get(0)?, row.get(1)?))).optional().ok()?;
        let (answer, found) = found?;
        if seal(key, &answer).as_slice() != found {
            return None;
        }
        serde_json::from_str(&answer).ok()
    }

    /// Keeps an answer. Best effort: what is not kept is asked again.
    pub(super) fn put(&self, key: &Key, answer: &Answer) {
        let Ok(text) = serde_json::to_string(answer) else { return };
        if text.len() > LONGEST {
            return;
        }
        let sql = "INSERT OR REPLACE INTO answers (key, answer, seal) VALUES (?1, ?2, ?3)";
        if let Ok(mut statement) = self.connection.prepare_cached(sql) {
            let _ = statement.execute(params![key, text, seal(key, &text).as_slice()]);
        }
        self.put.set(self.put.get() + 1);
        if self.put.get().is_multiple_of(BETWEEN) {
            let _ = self.make_room(MOST, MOST_BYTES);
        }
    }

    /// Lets the oldest go, a quarter more than has to.
    fn make_room(&self, most: i64, most_bytes: i64) -> rusqlite::Result<()> {
        let sizes = "SELECT count(*), coalesce(sum(length(answer)), 0) FROM answers";
        let (count, bytes): (i64, i64) =
            self.connection.query_row(sizes, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let surplus = (count - most).max(if bytes > most_bytes { count / 4 } else { 0 });
        if surplus > 0 {
            let old = surplus + most.min(count) / 4;
            let sql =
                "DELETE FROM answers WHERE rowid IN (SELECT rowid FROM answers ORDER BY rowid LIMIT ?1)";
            self.connection.execute(sql, [old])?;
        }
        Ok(())
    }
}

fn seal(key: &Key, answer: &str) -> Key {
    *blake3::keyed_hash(key, answer.as_bytes()).as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lift_core::logic::Satisfiability;

    fn answer(units: u64) -> Answer {
        let verdict = Satisfiability::Unsat { core: vec!["a1".into()] };
        Answer { verdict, units, engine: "z3 5.4.0.0".into() }
    }

    fn key(number: u8) -> Key {
        *blake3::hash(&[number]).as_bytes()
    }

    #[test]
    fn what_was_put_is_there_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("answers.sqlite");
        let archive = Archive::open(&file).unwrap();
        archive.put(&key(1), &answer(7));
        assert_eq!(archive.get(&key(2)), None);
        drop(archive);
        assert_eq!(Archive::open(&file).unwrap().get(&key(1)), Some(answer(7)));
    }

    #[test]
    fn a_changed_answer_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::open(&folder.path().join("answers.sqlite")).unwrap();
        archive.put(&key(1), &answer(1));
        archive.put(&key(2), &answer(2));
        let forge = "UPDATE answers SET answer = replace(answer, '\"units\":1', '\"units\":3')";
        archive.connection.execute(forge, []).unwrap();
        assert_eq!(archive.get(&key(1)), None);
        assert_eq!(archive.get(&key(2)), Some(answer(2)));
        // Nor is one that belongs to another question.
        let swap = "UPDATE answers SET key = ?1 WHERE key = ?2";
        archive.connection.execute(swap, params![key(3), key(2)]).unwrap();
        assert_eq!(archive.get(&key(3)), None);
    }

    #[test]
    fn a_damaged_file_is_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("answers.sqlite");
        std::fs::write(&file, "this is no database, and long enough to be looked at as one".repeat(40))
            .unwrap();
        let archive = Archive::open(&file).unwrap();
        archive.put(&key(1), &answer(1));
        assert_eq!(archive.get(&key(1)), Some(answer(1)));
    }

    #[test]
    fn the_oldest_make_room() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::open(&folder.path().join("answers.sqlite")).unwrap();
        (0..20).for_each(|number| archive.put(&key(number), &answer(1)));
        archive.make_room(8, MOST_BYTES).unwrap();
        assert_eq!(archive.get(&key(0)), None);
        assert_eq!(archive.get(&key(19)), Some(answer(1)));
        // By size as well.
        (0..20).for_each(|number| archive.put(&key(number), &answer(1)));
        archive.make_room(MOST, 100).unwrap();
        assert_eq!(archive.get(&key(0)), None);
        assert_eq!(archive.get(&key(19)), Some(answer(1)));
    }
}
