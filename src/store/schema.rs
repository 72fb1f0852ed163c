//! The tables. `entry` is the journal and the only truth; `store` has one row: the origin, where the
//! file lies on its disk, and the version of the read models. All other tables are read models,
//! derived from the journal and derived again by a rebuild.
//!
//! A file is used only if every object in it is one of these, letter for letter: then no trigger and
//! no view can run but our own.

use super::error::{ErrorContext, StoreError};
use rusqlite::Connection;
use std::path::Path;
use uuid::Uuid;

/// `BLog` in the file's header: the file is a Bridgelog store.
pub(super) const APPLICATION_ID: i64 = 0x424c_6f67;
/// The version of the tables. A change to [`SCHEMA_OBJECTS`] raises it and adds a migration.
pub(super) const SCHEMA_VERSION: i64 = 3;
/// The version of what the read models hold, kept in `store.model`. Whatever makes the same journal
/// give other rows (the fold, a flag, the searchable text) raises it; files with a lower number are
/// rebuilt, files with a higher one are only read.
pub(super) const READ_MODEL_VERSION: i64 = 8;

/// The objects of the current schema, in the order of their creation: name and text.
///
/// - `entry.about`: the `no` of the first entry here that named the same subject; null in that entry.
/// - `subject.no`: the `no` of the first entry here that named the subject. `name`: the full handle of
///   a subject with an id, else its key. `first`, `shown`: the `no` of the first version and of the
///   shown one. `others`: those of the other current versions; `versions`: those of all versions if
///   there are several; both as JSON. `at`: when an event occurred, in µs. `letters`: the length of
///   the shortest unique prefix of the handle. `incident`: the one that shows the subject, see
///   `merged.rs`. `flags`: see `row.rs`.
/// - `search`: the full-text index over every entry that still has its body
///   ([`searchable_text`](super::search_index::searchable_text)). The view that its `content` names
///   exists only during a check or a rebuild. With prefixes of up to eight letters each key of a
///   search costs the same, 0.3 ms in a million entries, and the file is a tenth larger.
/// - `hub`, `hub_cursor`: what is remembered of the hubs that this journal meets others at. No truth and no read
///   model: see `hubs.rs`.
/// - `incident.standing`: 0 withdrawn, 1 merged into another, 2 closed, 3 open. `low`, `high`: the
///   `no` of its first and last entry.
pub(super) const SCHEMA_OBJECTS: [(&str, &str); 17] = [
    (
        "store",
        "CREATE TABLE store(origin BLOB NOT NULL,device INTEGER NOT NULL,inode INTEGER NOT NULL,model INTEGER NOT NULL)STRICT",
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
        "subject_sharing",
        "CREATE INDEX subject_sharing ON subject(name)WHERE flags&768",
    ),
    (
        "subject_renamed",
        "CREATE INDEX subject_renamed ON subject(incident)WHERE flags&32",
    ),
    (
        "hub",
        "CREATE TABLE hub(key TEXT PRIMARY KEY,sent INTEGER NOT NULL,notes TEXT NOT NULL)STRICT,WITHOUT ROWID",
    ),
    (
        "hub_cursor",
        "CREATE TABLE hub_cursor(hub TEXT NOT NULL,source TEXT NOT NULL,position INTEGER NOT NULL,mark TEXT NOT NULL,PRIMARY KEY(hub,source))STRICT,WITHOUT ROWID",
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

/// Objects that an earlier schema version had with another text: that version, name and text.
const EARLIER_OBJECTS: [(i64, &str, &str); 2] = [
    (
        1,
        "store",
        "CREATE TABLE store(origin BLOB NOT NULL,device INTEGER NOT NULL,inode INTEGER NOT NULL)STRICT",
    ),
    (
        1,
        "incident",
        "CREATE TABLE incident(id BLOB PRIMARY KEY,number INTEGER,title TEXT NOT NULL,zone TEXT NOT NULL,severity INTEGER,state TEXT,commander TEXT,services TEXT NOT NULL,declared INTEGER,resolved INTEGER,merged BLOB,standing INTEGER NOT NULL,events INTEGER NOT NULL,entries INTEGER NOT NULL,newest INTEGER NOT NULL,low INTEGER NOT NULL,high INTEGER NOT NULL)STRICT,WITHOUT ROWID",
    ),
];

/// The schema version that an object came with, if that is not the first.
const ADDED_IN: [(&str, i64); 4] = [
    ("subject_sharing", 3),
    ("subject_renamed", 3),
    ("hub", 3),
    ("hub_cursor", 3),
];

/// What SQLite adds by itself: FTS5's own tables, and the indexes of the UNIQUE constraints. Their
/// text is SQLite's, and may differ in another version of it: they are known by name and kind alone.
const IMPLICIT_OBJECTS: [(&str, &str); 5] = [
    ("search_data", "table"),
    ("search_idx", "table"),
    ("search_config", "table"),
    ("sqlite_autoindex_entry_1", "index"),
    ("sqlite_autoindex_subject_1", "index"),
];
/// Further tables that FTS5 may have for an index, depending on its version and options.
const OPTIONAL_OBJECTS: [(&str, &str); 2] =
    [("search_content", "table"), ("search_docsize", "table")];

/// What the file turned out to be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SchemaStatus {
    /// A database with nothing in it.
    Empty,
    /// A store of this schema version.
    Current,
    /// A store of an earlier schema version.
    Earlier(i64),
}

/// The text of `name` in schema `version`.
fn object_text(version: i64, name: &str) -> Option<&'static str> {
    let earlier = EARLIER_OBJECTS
        .iter()
        .find(|(last, object, _)| *last >= version && *object == name)
        .map(|(_, _, text)| *text);
    earlier.or_else(|| {
        let current = SCHEMA_OBJECTS.iter().find(|(object, _)| *object == name);
        current.map(|(_, text)| *text)
    })
}

/// True for a table or index of SQLite's own. A view or a virtual table under such a name is not:
/// it has no root page.
fn is_implicit(name: &str, kind: &str, root_page: i64) -> bool {
    let mut known = IMPLICIT_OBJECTS.iter().chain(&OPTIONAL_OBJECTS);
    root_page > 0 && known.any(|object| *object == (name, kind))
}

/// The schema version of the file, as its header says now.
pub(super) fn stored_version(conn: &Connection) -> rusqlite::Result<i64> {
    conn.prepare_cached("PRAGMA user_version")?
        .query_row([], |row| row.get(0))
}

/// Checks the schema before anything else is run: every object must be one of ours, letter for
/// letter, or one of SQLite's own.
///
/// # Errors
/// [`StoreError::NewerFormat`], [`StoreError::NotBridgelog`], [`StoreError::SchemaIncomplete`].
pub(super) fn check(conn: &Connection, path: &Path) -> Result<SchemaStatus, StoreError> {
    let not_ours = |why: String| {
        Err(StoreError::NotBridgelog {
            path: path.to_owned(),
            why,
        })
    };
    let application: i64 = conn
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .with_path(path)?;
    let version = stored_version(conn).with_path(path)?;
    if application == APPLICATION_ID && version > SCHEMA_VERSION {
        return Err(StoreError::NewerFormat {
            path: path.to_owned(),
            found: version,
            known: SCHEMA_VERSION,
        });
    }
    let mut statement = conn
        .prepare("SELECT name,sql,type,rootpage FROM sqlite_master")
        .with_path(path)?;
    let mut rows = statement.query([]).with_path(path)?;
    let mut there = Vec::new();
    while let Some(row) = rows.next().with_path(path)? {
        let text = |column| row.get_ref(column).map(|v| v.as_str().unwrap_or_default());
        let name = text(0).with_path(path)?;
        let sql = row.get_ref(1).with_path(path)?.as_str().ok();
        let kind = text(2).with_path(path)?;
        let root_page = row.get(3).with_path(path)?;
        if application != APPLICATION_ID {
            return not_ours("it belongs to another program".into());
        }
        let ours = sql.is_some() && sql == object_text(version, name);
        if !ours && !is_implicit(name, kind, root_page) {
            return not_ours(format!("`{name}` in it is not as we make it"));
        }
        there.push(name.to_owned());
    }
    let is_expected = |name: &str| {
        let added = ADDED_IN.iter().find(|(object, _)| *object == name);
        added.is_none_or(|(_, added)| *added <= version)
    };
    let expected = SCHEMA_OBJECTS.iter().map(|(name, _)| name);
    let expected = expected.filter(|name| is_expected(name));
    let missing: Vec<&str> = expected
        .chain(IMPLICIT_OBJECTS.iter().map(|(name, _)| name))
        .copied()
        .filter(|name| !there.iter().any(|t| t == name))
        .collect();
    match (there.len(), application, version) {
        (0, 0, 0) => Ok(SchemaStatus::Empty),
        (1.., APPLICATION_ID, 1..=SCHEMA_VERSION) if !missing.is_empty() => {
            Err(StoreError::SchemaIncomplete {
                path: path.to_owned(),
                missing: missing.join(", "),
            })
        }
        (1.., APPLICATION_ID, SCHEMA_VERSION) => Ok(SchemaStatus::Current),
        (1.., APPLICATION_ID, 1..SCHEMA_VERSION) => Ok(SchemaStatus::Earlier(version)),
        (_, APPLICATION_ID, _) => not_ours("some of its tables are missing".into()),
        _ => not_ours("it belongs to another program".into()),
    }
}

/// Runs the migration from schema `version` to the next one, inside a transaction. It leaves the
/// read models to be rebuilt.
pub(super) fn migrate_from(version: i64, conn: &Connection) -> rusqlite::Result<()> {
    // 1 to 2: the read models get a version of their own, and a severity is a word, as others may
    // come.
    if version == 1 {
        let row: ([u8; 16], i64, i64) =
            conn.query_row("SELECT origin,device,inode FROM store", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
        conn.execute_batch("DROP TABLE store;DROP TABLE incident")?;
        for name in ["store", "incident", "incident_standing"] {
            conn.execute_batch(object_text(2, name).unwrap_or_default())?;
        }
        conn.execute(
            "INSERT INTO store(origin,device,inode,model)VALUES(?1,?2,?3,0)",
            row,
        )?;
    }
    // 2 to 3: hubs, which incidents are private, and an index of the names that were renamed. An incident may have
    // been marked by a newer program.
    if version == 2 {
        for (name, _) in ADDED_IN {
            conn.execute_batch(object_text(3, name).unwrap_or_default())?;
        }
        conn.execute_batch(
            "UPDATE store SET model=0 WHERE EXISTS(SELECT 1 FROM subject WHERE sort=4 AND name LIKE '%/field/private')",
        )?;
    }
    conn.pragma_update(None, "user_version", version + 1)
}

/// Creates the tables of a new store with `origin`, inside a transaction.
pub(super) fn create(
    conn: &Connection,
    origin: Uuid,
    (device, inode): (i64, i64),
) -> rusqlite::Result<()> {
    for (_, sql) in SCHEMA_OBJECTS {
        conn.execute_batch(sql)?;
    }
    // Words of a destroyed text leave the index at once, not at some later merge of its segments.
    conn.execute_batch("INSERT INTO search(search,rank)VALUES('secure-delete',1)")?;
    conn.execute(
        "INSERT INTO store(origin,device,inode,model)VALUES(?1,?2,?3,?4)",
        (origin.as_bytes(), device, inode, READ_MODEL_VERSION),
    )?;
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    conn.pragma_update(None, "user_version", SCHEMA_VERSION)
}

/// The one row of the table `store`.
pub(super) struct StoreRow {
    /// The origin that the file was written by last.
    pub origin: Uuid,
    /// The device and inode that it lay at then.
    pub file: (i64, i64),
    /// The version of its read models.
    pub model: i64,
}

impl StoreRow {
    /// Reads it.
    pub fn load(conn: &Connection) -> rusqlite::Result<Self> {
        conn.prepare_cached("SELECT origin,device,inode,model FROM store")?
            .query_row([], |row| {
                Ok(Self {
                    origin: Uuid::from_bytes(row.get(0)?),
                    file: (row.get(1)?, row.get(2)?),
                    model: row.get(3)?,
                })
            })
    }
}
