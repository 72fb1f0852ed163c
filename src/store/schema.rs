//! The tables. `entry` is the journal and the only truth; `store` says whose file this is; all the
//! others are read models, made from the journal and made again by a rebuild.
//!
//! A file is used only where every object in it is one of these, to the letter: then no trigger and
//! no view can run but our own.

use super::error::{ErrorContext, StoreError};
use rusqlite::{Connection, functions::FunctionFlags};
use std::path::Path;
use uuid::Uuid;

/// `BLog`: says in the file's header that it is ours.
pub(super) const APPLICATION_ID: i64 = 0x424c_6f67;
/// The version of this schema.
pub(super) const SCHEMA_VERSION: i64 = 1;

/// What is created, in this order: name and text.
///
/// - `entry.about`: the `no` of the first entry here that named the same subject; null for that entry.
/// - `subject.no`: the `no` of the first entry here that named it. `name`: the whole handle of what
///   bears an id, else the key. `first`, `shown`: `no` of the entries whose version was first and is
///   shown; `others` those that conflict, `versions` all of them where there are several, both as
///   JSON. `at`: of an event, when it occurred, in µs. `letters`: how many of the handle tell it from
///   all others. `flags`: see `project.rs`.
/// - `search` has the words of each entry that still has its body ([`super::search::searchable_text`]); the view
///   that its `content` names is made only while it is checked or made anew, see [`with_entry_text_view`]. The
///   beginnings of up to eight letters are kept: then each key of a search costs the same, 0.3 ms in
///   a million, and the file is a tenth larger.
/// - `incident.standing`: 0 taken back, 1 merged into another, 2 over, 3 open. `low`, `high`: between
///   which entries all of its own are.
pub(super) const SCHEMA_OBJECTS: [(&str, &str); 13] = [
    (
        "store",
        "CREATE TABLE store(origin BLOB NOT NULL,device INTEGER NOT NULL,inode INTEGER NOT NULL)STRICT",
    ),
    (
        "entry",
        "CREATE TABLE entry(no INTEGER PRIMARY KEY,id BLOB NOT NULL UNIQUE,incident BLOB,origin BLOB NOT NULL,seq INTEGER NOT NULL,recorded INTEGER NOT NULL,author TEXT NOT NULL,about INTEGER,header TEXT NOT NULL,body TEXT)STRICT",
    ),
    (
        "entry_chain",
        "CREATE INDEX entry_chain ON entry(incident,origin,seq)",
    ),
    (
        "entry_stays",
        "CREATE TRIGGER entry_stays BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT,'the journal only grows');END",
    ),
    (
        "entry_holds",
        "CREATE TRIGGER entry_holds BEFORE UPDATE OF id,incident,origin,seq,recorded,author,about,header ON entry BEGIN SELECT RAISE(ABORT,'an entry never changes');END",
    ),
    (
        "entry_fades",
        "CREATE TRIGGER entry_fades BEFORE UPDATE ON entry WHEN NEW.body NOT NULL OR NEW.no<>OLD.no BEGIN SELECT RAISE(ABORT,'a text is destroyed or stays');END",
    ),
    (
        "search",
        "CREATE VIRTUAL TABLE search USING fts5(text,content='entry_text',content_rowid='rowid',columnsize=0,prefix='1 2 3 4 5 6 7 8',tokenize='unicode61 remove_diacritics 2')",
    ),
    (
        "subject",
        "CREATE TABLE subject(no INTEGER PRIMARY KEY,name TEXT NOT NULL,sort INTEGER NOT NULL,id BLOB,incident BLOB,first INTEGER NOT NULL,shown INTEGER NOT NULL,others TEXT,versions TEXT,at INTEGER,flags INTEGER NOT NULL,letters INTEGER NOT NULL,UNIQUE(name,sort))STRICT",
    ),
    (
        "subject_time",
        "CREATE INDEX subject_time ON subject(incident,at)",
    ),
    (
        "subject_turn",
        "CREATE INDEX subject_turn ON subject(incident)WHERE flags&1",
    ),
    (
        "incident",
        "CREATE TABLE incident(id BLOB PRIMARY KEY,number INTEGER,title TEXT NOT NULL,zone TEXT NOT NULL,severity TEXT,state TEXT,commander TEXT,services TEXT NOT NULL,declared INTEGER,resolved INTEGER,merged BLOB,standing INTEGER NOT NULL,events INTEGER NOT NULL,entries INTEGER NOT NULL,newest INTEGER NOT NULL,low INTEGER NOT NULL,high INTEGER NOT NULL)STRICT,WITHOUT ROWID",
    ),
    (
        "incident_standing",
        "CREATE INDEX incident_standing ON incident(standing,low)",
    ),
    (
        "destroyed",
        "CREATE TABLE destroyed(id BLOB PRIMARY KEY)STRICT,WITHOUT ROWID",
    ),
];

/// What SQLite makes by itself for these.
const IMPLICIT_OBJECTS: [(&str, Option<&str>); 5] = [
    (
        "search_data",
        Some("CREATE TABLE 'search_data'(id INTEGER PRIMARY KEY, block BLOB)"),
    ),
    (
        "search_idx",
        Some(
            "CREATE TABLE 'search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID",
        ),
    ),
    (
        "search_config",
        Some("CREATE TABLE 'search_config'(k PRIMARY KEY, v) WITHOUT ROWID"),
    ),
    ("sqlite_autoindex_entry_1", None),
    ("sqlite_autoindex_subject_1", None),
];

/// What the file at `path` turned out to be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SchemaStatus {
    /// A database with nothing in it.
    Empty,
    /// Ours, of this version.
    Current,
}

/// Looks at the schema before anything else is run.
pub(super) fn check(conn: &Connection, path: &Path) -> Result<SchemaStatus, StoreError> {
    let pragma = |name: &str| -> Result<i64, StoreError> {
        conn.pragma_query_value(None, name, |row| row.get(0))
            .with_path(path)
    };
    let not_ours = |why: String| {
        Err(StoreError::NotBridgelog {
            path: path.to_owned(),
            why,
        })
    };
    let application = pragma("application_id")?;
    let version = pragma("user_version")?;
    if application == APPLICATION_ID && version > SCHEMA_VERSION {
        return Err(StoreError::NewerFormat {
            path: path.to_owned(),
            found: version,
            known: SCHEMA_VERSION,
        });
    }
    let mut statement = conn
        .prepare("SELECT name,sql FROM sqlite_master")
        .with_path(path)?;
    let mut rows = statement.query([]).with_path(path)?;
    let mut there = Vec::new();
    while let Some(row) = rows.next().with_path(path)? {
        let name = row.get_ref(0).with_path(path)?.as_str().unwrap_or_default();
        let sql = row.get_ref(1).with_path(path)?.as_str().ok();
        if application != APPLICATION_ID {
            return not_ours("it belongs to another program".into());
        }
        let known = SCHEMA_OBJECTS
            .iter()
            .any(|(n, s)| *n == name && Some(*s) == sql)
            || IMPLICIT_OBJECTS
                .iter()
                .any(|(n, s)| *n == name && *s == sql);
        if !known {
            return not_ours(format!("`{name}` in it is not as we make it"));
        }
        there.push(name.to_owned());
    }
    let expected = SCHEMA_OBJECTS.iter().map(|(name, _)| name);
    let missing: Vec<&str> = expected
        .chain(IMPLICIT_OBJECTS.iter().map(|(name, _)| name))
        .copied()
        .filter(|name| !there.iter().any(|t| t == name))
        .collect();
    match (there.len(), application, version) {
        (0, 0, 0) => Ok(SchemaStatus::Empty),
        (1.., APPLICATION_ID, SCHEMA_VERSION) if missing.is_empty() => Ok(SchemaStatus::Current),
        (1.., APPLICATION_ID, SCHEMA_VERSION) => Err(StoreError::SchemaIncomplete {
            path: path.to_owned(),
            missing: missing.join(", "),
        }),
        (_, APPLICATION_ID, _) => not_ours("some of its tables are missing".into()),
        _ => not_ours("it belongs to another program".into()),
    }
}

/// Makes the tables, and `origin` the store's; inside a transaction.
pub(super) fn create(
    conn: &Connection,
    origin: Uuid,
    (device, inode): (i64, i64),
) -> rusqlite::Result<()> {
    for (_, sql) in SCHEMA_OBJECTS {
        conn.execute_batch(sql)?;
    }
    // Words of a destroyed text leave the index at once, not with some later merge.
    conn.execute_batch("INSERT INTO search(search,rank)VALUES('secure-delete',1)")?;
    conn.execute(
        "INSERT INTO store(origin,device,inode)VALUES(?1,?2,?3)",
        (origin.as_bytes(), device, inode),
    )?;
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    conn.pragma_update(None, "user_version", SCHEMA_VERSION)
}

/// Runs `work` while the view `entry_text` is there, which the search index is compared with and made
/// from; inside a transaction.
///
/// It is not kept in the file: every process would pay for reading its definition.
pub(super) fn with_entry_text_view(
    conn: &Connection,
    work: impl FnOnce() -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    conn.create_scalar_function("entry_text", 1, flags, |context| {
        Ok(context.get_raw(0).as_str_or_null()?.map(|body| {
            super::search::searchable_text(&crate::domain::value::Value::from_body(Some(body)))
        }))
    })?;
    conn.execute_batch(
        "CREATE VIEW entry_text(rowid,text)AS SELECT no,entry_text(body)FROM entry",
    )?;
    let done = work();
    conn.execute_batch("DROP VIEW entry_text")?;
    conn.remove_function("entry_text", 1)?;
    done
}
