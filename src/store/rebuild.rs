//! The read models made anew from the journal.

use super::{
    Store,
    append::WriteTx,
    error::{ErrorContext, StoreError},
    projection::{SubjectKey, find_subject_row, update_read_models},
    row::entry_from_row as entry_of,
    schema::with_entry_text_view,
};
use crate::domain::entry::Entry;
use uuid::Uuid;

impl Store {
    /// Makes all read models anew from the journal, in one transaction. For after a
    /// [`Finding::Model`](super::VerifyFinding::ReadModel).
    ///
    /// # Errors
    /// Where an entry cannot be read, or what the file or the disk gave.
    pub fn rebuild(&mut self) -> Result<(), StoreError> {
        self.write(|tx| rebuild_read_models(tx).with_path(tx.store_path))
    }
}

fn rebuild_read_models(tx: &WriteTx<'_>) -> rusqlite::Result<()> {
    let conn = tx.conn;
    conn.execute_batch("DELETE FROM subject;DELETE FROM incident;DELETE FROM destroyed")?;
    let mut statement = conn.prepare("SELECT no,header,body FROM entry ORDER BY no")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let entry = entry_of(row, 1)?;
        let header = entry.header();
        let key = SubjectKey::new(&header.subject, header.incident);
        let kept = find_subject_row(conn, &key)?;
        update_read_models(tx, row.get(0)?, &entry, &key, kept.as_ref())?;
        for victim in destroyed_ids(&entry) {
            conn.prepare_cached("INSERT INTO destroyed(id)VALUES(?1)ON CONFLICT DO NOTHING")?
                .execute([victim.as_bytes()])?;
        }
    }
    with_entry_text_view(conn, || {
        conn.execute_batch("INSERT INTO search(search)VALUES('rebuild')")
    })
}

/// The entries whose bodies `entry` destroys. Never itself.
pub(super) fn destroyed_ids(entry: &Entry) -> Vec<Uuid> {
    // Nearly all entries are spared the decoding.
    let named = match entry.body_bytes() {
        Some(body) if body.contains("\"destroys\":") => entry.body().ok().flatten(),
        _ => None,
    };
    let mut destroys = named.map(|body| body.destroys).unwrap_or_default();
    destroys.retain(|id| *id != entry.header().id);
    destroys
}
