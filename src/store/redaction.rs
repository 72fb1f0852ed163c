//! What a redaction destroys.

use super::{
    error::{ErrorContext, StoreError},
    projection::recompute_subject,
    read::Reader,
    row::{entry_from_row, parse_rowids},
    search_index,
    subjects::SubjectKey,
    tx::{WriteTx, entry_by_id},
};
use crate::domain::{
    entry::Entry,
    value::{Operation, Value},
};
use rusqlite::Connection;
use std::collections::HashSet;
use uuid::Uuid;

/// Destroys the bodies of the entries `named` by one redaction, and records that those that are not here
/// yet are to be destroyed when they arrive. An entry that itself destroys others keeps its body, unless
/// `named` has all of those too: so nothing that was to be destroyed is forgotten.
pub(super) fn destroy_bodies(tx: &WriteTx<'_>, named: &[Uuid]) -> Result<(), StoreError> {
    let conn = tx.conn;
    for id in named {
        conn.prepare_cached("INSERT INTO destroyed(id)VALUES(?1)ON CONFLICT DO NOTHING")
            .and_then(|mut statement| statement.execute([id.as_bytes()]))
            .with_path(tx.store_path)?;
        let Some(victim) = entry_by_id(conn, *id).with_path(tx.store_path)? else {
            continue;
        };
        let covered = victim.destroys().iter().all(|id| named.contains(id));
        if victim.body_bytes().is_none() || !covered {
            continue;
        }
        tx.needs_vacuum.set(true);
        let header = victim.header();
        conn.query_row("SELECT no FROM entry WHERE id=?1", [id.as_bytes()], |row| {
            row.get(0)
        })
        .and_then(|no| search_index::unindex_entry(conn, no, &victim))
        .and_then(|()| conn.execute("UPDATE entry SET body=NULL WHERE id=?1", [id.as_bytes()]))
        .and_then(|_| {
            recompute_subject(
                tx,
                &header.subject,
                &SubjectKey::new(&header.subject, header.incident),
            )
        })
        .with_path(tx.store_path)?;
    }
    Ok(())
}

/// Returns true if a redaction that is here destroys the body of `entry`, which has just arrived. The
/// answer is the one that [`destroy_bodies`] gives where the redaction arrives second.
pub(super) fn is_destroyed(conn: &Connection, entry: &Entry) -> rusqlite::Result<bool> {
    let id = entry.header().id;
    let named = conn
        .prepare_cached("SELECT 1 FROM destroyed WHERE id=?1")?
        .exists([id.as_bytes()])?;
    let own = entry.destroys();
    if !named || own.is_empty() {
        return Ok(named);
    }
    let mut statement =
        conn.prepare("SELECT header,body FROM entry WHERE body LIKE '%\"destroys\":%'")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let names = entry_from_row(row, 0)?.destroys();
        if names.contains(&id) && own.iter().all(|own| names.contains(own)) {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Reader<'_> {
    /// Returns a version of each redacted subject that was written without knowing of the redaction and is not
    /// destroyed: its text may be what had to go.
    pub fn outlived_redactions(&self) -> Result<Vec<Entry>, StoreError> {
        // Many are destroyed together; each subject is read once.
        let subjects: Vec<Vec<i64>> = self.query_all(
            "SELECT s.no,s.versions FROM subject s WHERE s.versions NOT NULL AND s.no IN\
             (SELECT coalesce(e.about,e.no) FROM destroyed d JOIN entry e ON e.id=d.id)",
            &[],
            |row| Ok(parse_rowids(row.get_ref(1)?.as_str()?)),
        )?;
        let mut found = Vec::new();
        for numbers in subjects {
            let mut versions = Vec::with_capacity(numbers.len());
            for number in numbers {
                versions.extend(self.query_first(
                    "SELECT header,body FROM entry WHERE no=?1",
                    &[&number],
                    |row| entry_from_row(row, 0),
                )?);
            }
            found.extend(outlives_redaction(&versions).cloned());
        }
        Ok(found)
    }
}

/// Returns the last of `versions`, those of one subject, that was written without knowing of a redaction of it,
/// and still has a text.
fn outlives_redaction(versions: &[Entry]) -> Option<&Entry> {
    let is_redaction = |entry: &&Entry| {
        let body = entry.body().ok().flatten();
        body.is_some_and(|body| body.operation == Operation::Redact)
    };
    let mut found: Option<&Entry> = None;
    for redaction in versions.iter().filter(is_redaction) {
        let mut aware = HashSet::from([redaction.header().id]);
        loop {
            let before = aware.len();
            for version in versions.iter().map(Entry::header) {
                if version.replaces.iter().any(|id| aware.contains(id)) {
                    aware.insert(version.id);
                }
            }
            if aware.len() == before {
                break;
            }
        }
        let unaware = versions.iter().filter(|version| {
            !aware.contains(&version.header().id)
                && version.body_bytes().is_some()
                && Value::from_body(version.body_bytes()).is_visible()
                && !is_redaction(version)
        });
        found = found
            .into_iter()
            .chain(unaware)
            .max_by_key(|version| version.order());
    }
    found
}
