//! What a redaction destroys.

use super::{
    error::{ErrorContext, StoreError},
    projection::recompute_subject,
    row::entry_from_row,
    search_index,
    subjects::SubjectKey,
    tx::{WriteTx, entry_by_id},
};
use crate::domain::entry::Entry;
use rusqlite::Connection;
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
