//! The floor: the least work with the same durability. One row, an index and an external-content
//! full-text index in SQLite with WAL and synchronous=FULL, by the sqlite3 shell or by rusqlite.

use super::generate::XorShift;
use bridgelog::domain::hash::Hash;
use rusqlite::Connection;
use std::path::{Path, PathBuf};

pub const SCHEMA: &str = "
    PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
    CREATE TABLE event(no INTEGER PRIMARY KEY, incident INTEGER NOT NULL, at INTEGER NOT NULL,
        recorded INTEGER NOT NULL, author TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL);
    CREATE INDEX event_time ON event(incident, at);
    CREATE VIRTUAL TABLE search USING fts5(text, content='event', content_rowid='no', prefix='1 2 3');";

/// The statements by which the sqlite3 shell logs one event.
pub const INSERT: &str = "PRAGMA synchronous=FULL; BEGIN IMMEDIATE; \
    INSERT INTO event(incident, at, recorded, author, kind, text) \
    VALUES(1, 1500000000000000, 1500000000000000, 'jw', 'fault', 'replica lag is rising again'); \
    INSERT INTO search(rowid, text) VALUES(last_insert_rowid(), 'replica lag is rising again'); COMMIT;";

/// Returns a database with at least `count` rows, which is kept between runs.
pub fn cached_db(folder: &Path, count: u64) -> PathBuf {
    let path = folder.join(format!("floor-{count}.db"));
    let is_usable = Connection::open(&path).ok().is_some_and(|conn| {
        conn.query_row("SELECT count(*) FROM event", [], |row| row.get::<_, i64>(0))
            .is_ok_and(|rows| rows >= count as i64)
    });
    if !is_usable {
        let _ = std::fs::remove_file(&path);
        let conn = Connection::open(&path).expect("a floor");
        conn.execute_batch(SCHEMA).expect("its schema");
        let mut numbers = XorShift::new(count);
        conn.execute_batch("BEGIN").expect("begun");
        for n in 0..count as i64 {
            let text = numbers.random_text();
            conn.prepare_cached("INSERT INTO event VALUES(?1,?2,?3,?3,'jw','note',?4)")
                .and_then(|mut s| s.execute((n, n / 500, n * 17_000_000, &text)))
                .expect("a row");
            conn.prepare_cached("INSERT INTO search(rowid,text) VALUES(?1,?2)")
                .and_then(|mut s| s.execute((n, &text)))
                .expect("its words");
        }
        conn.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)")
            .expect("committed");
    }
    path
}

pub fn newest_rows_len(conn: &Connection) -> usize {
    newest_rows(conn).iter().map(String::len).sum()
}

/// Formats the newest 50 rows.
pub fn newest_rows(conn: &Connection) -> Vec<String> {
    let mut statement = conn
        .prepare_cached(
            "SELECT at,kind,author,text FROM event ORDER BY incident DESC, at DESC LIMIT 50",
        )
        .expect("a statement");
    let rows = statement
        .query_map([], |row| {
            Ok(format!(
                "{} {} {} {}",
                row.get::<_, i64>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
                row.get::<_, String>(3)?
            ))
        })
        .expect("rows");
    rows.map(|row| row.expect("a row")).collect()
}

/// Formats all rows as a Markdown table, and hashes the stored entries of `journal`, header and body: a
/// document verifies what it shows.
pub fn markdown_table(conn: &Connection, journal: &Connection) -> String {
    let mut entries = journal
        .prepare_cached("SELECT header,body FROM entry ORDER BY incident,origin,seq")
        .expect("a statement");
    let mut rows = entries.query([]).expect("rows");
    while let Some(row) = rows.next().expect("a row") {
        for column in 0..2 {
            let bytes = row.get_ref(column).expect("a column").as_bytes();
            std::hint::black_box(Hash::digest(bytes.expect("text")));
        }
    }
    let mut table = String::new();
    let mut statement = conn
        .prepare_cached("SELECT at,kind,author,text FROM event ORDER BY incident, at")
        .expect("a statement");
    let mut rows = statement.query([]).expect("rows");
    while let Some(row) = rows.next().expect("a row") {
        let (at, kind, author, text): (i64, String, String, String) = (
            row.get(0).expect("at"),
            row.get(1).expect("kind"),
            row.get(2).expect("author"),
            row.get(3).expect("text"),
        );
        use std::fmt::Write;
        let _ = writeln!(table, "| {at} | {kind} | {text} | {author} |");
    }
    table
}
