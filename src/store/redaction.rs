//! What a redaction destroys.

use super::{
    error::{ErrorContext, StoreError},
    projection::recompute_subject,
    search_index,
    subjects::SubjectKey,
    tx::{WriteTx, destroyed_ids, entry_by_id},
};
use uuid::Uuid;

/// Destroys the bodies of the entries `named`, and records that those that are not here yet are to be
/// destroyed when they arrive. An entry that itself destroys others keeps its body.
pub(super) fn destroy_bodies(tx: &WriteTx<'_>, named: &[Uuid]) -> Result<(), StoreError> {
    let conn = tx.conn;
    for id in named {
        conn.prepare_cached("INSERT INTO destroyed(id)VALUES(?1)ON CONFLICT DO NOTHING")
            .and_then(|mut statement| statement.execute([id.as_bytes()]))
            .with_path(tx.store_path)?;
        let Some(victim) = entry_by_id(conn, *id).with_path(tx.store_path)? else {
            continue;
        };
        if victim.body_bytes().is_none() || !destroyed_ids(&victim).is_empty() {
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
