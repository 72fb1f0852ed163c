//! Derives the read models from the journal again.

use super::{
    Store,
    error::{ErrorContext, StoreError},
    options::UpgradeEvent,
    projection::{SubjectPlace, update_read_models},
    row::{entry_from_row, read_seq},
    schema::READ_MODEL_VERSION,
    search_index::with_entry_text_view,
    subjects::{Neighbours, SubjectKey, find_subject_row},
    tx::WriteTx,
};
use crate::domain::{entry::Entry, value::Value};

/// After how many entries a rebuild says how far it is.
const PROGRESS_STEP: u64 = 10_000;

impl Store {
    /// Rebuilds all read models from the journal, in one transaction; the remedy for a
    /// [`VerifyFinding::ReadModel`](super::VerifyFinding::ReadModel).
    ///
    /// # Errors
    /// An entry that cannot be read, or an error of the file or the disk.
    pub fn rebuild(&mut self) -> Result<(), StoreError> {
        let on_upgrade = self.options.on_upgrade;
        self.write(|tx| rebuild_read_models(tx, true, on_upgrade).with_path(tx.store_path))
    }
}

/// Derives all read models from the journal, and notes that they are of this version. Tells
/// `on_upgrade` how far it is every [`PROGRESS_STEP`] entries, and whether the user `asked` for it.
pub(super) fn rebuild_read_models(
    tx: &WriteTx<'_>,
    asked: bool,
    on_upgrade: fn(&UpgradeEvent<'_>),
) -> rusqlite::Result<()> {
    let conn = tx.conn;
    let total = conn.query_row("SELECT count(*) FROM entry", [], |row| read_seq(row, 0))?;
    tx.reserve_cache(usize::try_from(total).unwrap_or(usize::MAX));
    let mut done = 0;
    on_upgrade(&UpgradeEvent::Rebuilding { asked, done, total });
    conn.execute_batch("DELETE FROM subject;DELETE FROM incident;DELETE FROM destroyed")?;
    let mut statement = conn.prepare("SELECT no,header,body FROM entry ORDER BY no")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let entry = entry_from_row(row, 1)?;
        derive_rows(tx, row.get(0)?, &entry)?;
        done += 1;
        if done % PROGRESS_STEP == 0 {
            on_upgrade(&UpgradeEvent::Rebuilding { asked, done, total });
        }
    }
    conn.execute("UPDATE store SET model=?1", [READ_MODEL_VERSION])?;
    with_entry_text_view(conn, || {
        conn.execute_batch("INSERT INTO search(search)VALUES('rebuild')")
    })
}

/// Derives the rows of `entry`, number `no` of the journal, and returns the number of its subject. Entries are
/// derived in the order of their numbers.
pub(super) fn derive_rows(tx: &WriteTx<'_>, no: i64, entry: &Entry) -> rusqlite::Result<i64> {
    let header = entry.header();
    let key = SubjectKey::new(&header.subject, header.incident);
    let row = find_subject_row(tx.conn, &key)?;
    let neighbours = match (&row, header.subject.id()) {
        (None, Some(_)) => Some(Neighbours::find(tx.conn, &key.name)?),
        _ => None,
    };
    let place = match &row {
        Some(row) => SubjectPlace::Row(row),
        None => SubjectPlace::New(neighbours.as_ref()),
    };
    let value = Value::from_body(entry.body_bytes());
    update_read_models(tx, no, entry, &value, &key, place)?;
    for victim in entry.destroys() {
        tx.conn
            .prepare_cached("INSERT INTO destroyed(id)VALUES(?1)ON CONFLICT DO NOTHING")?
            .execute([victim.as_bytes()])?;
    }
    Ok(row.map_or(no, |row| row.rowid))
}
