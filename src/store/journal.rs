//! Queries for the journal itself: entries, chains and chain heads.
//!
//! An incident of `None` means the chain of unfiled entries. The number `no` of an entry is its
//! position in the order in which entries came to this store, from 1.

use super::{
    error::{ErrorContext, StoreError},
    read::{Reader, sql_limit},
    row::{IS_FILE, entry_from_row, read_seq},
    tx::entry_by_id,
};
use crate::domain::{
    entry::{ChainHead, Entry},
    hash::Hash,
};
use uuid::Uuid;

/// After so many bytes of bodies a batch of entries ends: a file is one entry.
const MAX_BATCH_BYTES: usize = 4 << 20;

impl Reader<'_> {
    pub fn entry(&self, id: Uuid) -> Result<Option<Entry>, StoreError> {
        entry_by_id(self.conn, id).with_path(self.path)
    }

    pub fn entry_count(&self) -> Result<u64, StoreError> {
        Ok(self.last_number()?.cast_unsigned())
    }

    /// Returns the number of the newest entry; 0 if there is none.
    pub fn last_number(&self) -> Result<i64, StoreError> {
        let last = self.query_first("SELECT max(no) FROM entry", &[], |row| row.get(0))?;
        Ok(last.flatten().unwrap_or_default())
    }

    /// Returns at most `limit` entries that this store wrote in the chain of `incident`, newest first,
    /// only those before sequence number `before` if it is given. Undo uses it. Files, which no undo takes
    /// back, are left out here and below.
    pub fn own_entries_before(
        &self,
        incident: Option<Uuid>,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        let before = before.map_or(i64::MAX, |seq| i64::try_from(seq).unwrap_or(i64::MAX));
        self.query_all(
            &format!(
                "SELECT header,body FROM entry WHERE incident IS ?1 AND origin=?2 AND seq<?3 AND NOT {IS_FILE} ORDER BY seq DESC LIMIT ?4"
            ),
            &[&incident.map(Uuid::into_bytes), self.origin.as_bytes(), &before, &sql_limit(limit)],
            |row| entry_from_row(row, 0),
        )
    }

    /// Returns at most `limit` entries that this store wrote, newest first.
    pub fn newest_own_entries(&self, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.query_all(
            &format!(
                "SELECT header,body FROM entry WHERE origin=?1 AND NOT {IS_FILE} ORDER BY no DESC LIMIT ?2"
            ),
            &[self.origin.as_bytes(), &sql_limit(limit)],
            |row| entry_from_row(row, 0),
        )
    }

    /// Returns the entries that this store wrote after number `no`, oldest first.
    pub fn own_entries_after(&self, no: u64) -> Result<Vec<Entry>, StoreError> {
        self.query_all(
            &format!(
                "SELECT header,body FROM entry WHERE no>?1 AND origin=?2 AND NOT {IS_FILE} ORDER BY no"
            ),
            &[&no.cast_signed(), self.origin.as_bytes()],
            |row| entry_from_row(row, 0),
        )
    }

    /// Returns at most `limit` entries that this store wrote for `author`, newest first, each with a
    /// position: only those in the chain of `incident` if it is given, and only those before the position
    /// `before` if it is. Undo uses it.
    pub fn own_entries_of(
        &self,
        author: &str,
        incident: Option<Uuid>,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<(i64, Entry)>, StoreError> {
        let before = before.unwrap_or(i64::MAX);
        let incident = incident.map(Uuid::into_bytes);
        let (position, chain) = match incident {
            Some(_) => ("seq", "incident=?5"),
            None => ("no", "?5 IS NULL"),
        };
        self.query_all(
            &format!(
                "SELECT {position},header,body FROM entry WHERE {chain} AND {position}<?1 AND origin=?2 AND author=?3 AND NOT {IS_FILE} ORDER BY {position} DESC LIMIT ?4"
            ),
            &[&before, self.origin.as_bytes(), &author, &sql_limit(limit), &incident],
            |row| Ok((row.get(0)?, entry_from_row(row, 1)?)),
        )
    }

    /// Returns the entries that this store wrote as one act, of which `group` is the first, oldest first.
    /// Those whose body was destroyed are left out.
    pub fn group_entries(&self, group: Uuid) -> Result<Vec<Entry>, StoreError> {
        let in_body = format!("\"group\":\"{group}\"");
        let entries = self.query_all(
            &format!(
                "SELECT header,body FROM entry WHERE no>=(SELECT no FROM entry WHERE id=?1) AND origin=?2 AND NOT {IS_FILE} AND instr(body,?3) ORDER BY no"
            ),
            &[group.as_bytes(), self.origin.as_bytes(), &in_body],
            |row| entry_from_row(row, 0),
        )?;
        let is_member =
            |entry: &Entry| matches!(entry.body(), Ok(Some(body)) if body.group == Some(group));
        Ok(entries.into_iter().filter(is_member).collect())
    }

    /// Returns how many entries the chains of `incident` have together, without files.
    pub fn entry_count_in(&self, incident: Uuid) -> Result<u64, StoreError> {
        let count = self.query_first(
            &format!("SELECT count(*) FROM entry WHERE incident=?1 AND NOT {IS_FILE}"),
            &[incident.as_bytes()],
            |row| row.get::<_, i64>(0),
        )?;
        Ok(count.map_or(0, i64::cast_unsigned))
    }

    /// Returns at most `limit` entries with a number greater than `after`, in the order of their
    /// numbers, each with its number. 0 begins with the first. Less than `limit` come where they are long, but
    /// none only where there are no more. Export and sync use it.
    pub fn entries_after(&self, after: i64, limit: usize) -> Result<Vec<(i64, Entry)>, StoreError> {
        self.entries_after_within(after, limit, MAX_BATCH_BYTES)
    }

    /// As [`Reader::entries_after`]; the batch ends once its bodies have `max_bytes`.
    pub fn entries_after_within(
        &self,
        after: i64,
        limit: usize,
        max_bytes: usize,
    ) -> Result<Vec<(i64, Entry)>, StoreError> {
        let read = || {
            let mut statement = self.conn.prepare_cached(
                "SELECT no,header,body FROM entry WHERE no>?1 ORDER BY no LIMIT ?2",
            )?;
            let mut rows = statement.query((after, sql_limit(limit)))?;
            let (mut entries, mut bytes) = (Vec::new(), 0);
            while let Some(row) = rows.next()?.filter(|_| bytes < max_bytes) {
                let entry = entry_from_row(row, 1)?;
                bytes += entry.body_bytes().map_or(0, str::len);
                entries.push((row.get(0)?, entry));
            }
            Ok(entries)
        };
        let entries: rusqlite::Result<Vec<(i64, Entry)>> = read();
        entries.with_path(self.path)
    }

    /// Returns the last entry of each chain of `incident`, in the order of their origins.
    pub fn chain_heads(&self, incident: Option<Uuid>) -> Result<Vec<ChainHead>, StoreError> {
        self.in_read_tx(|| self.load_chain_heads(incident))
    }

    pub(super) fn load_chain_heads(
        &self,
        incident: Option<Uuid>,
    ) -> Result<Vec<ChainHead>, StoreError> {
        let incident = incident.map(Uuid::into_bytes);
        let mut heads = Vec::new();
        let mut after: Vec<u8> = Vec::new();
        // One index lookup for each origin, instead of a scan of all entries.
        while let Some(head) = self.query_first(
            "SELECT origin,seq,header FROM entry WHERE incident IS ?1 AND origin=(SELECT min(origin) FROM entry WHERE incident IS ?1 AND origin>?2) ORDER BY seq DESC LIMIT 1",
            &[&incident, &after],
            |row| {
                Ok(ChainHead {
                    origin: Uuid::from_bytes(row.get(0)?),
                    seq: read_seq(row, 1)?,
                    hash: Some(Hash::digest(row.get_ref(2)?.as_bytes()?)),
                })
            },
        )? {
            after = head.origin.into_bytes().to_vec();
            heads.push(head);
        }
        Ok(heads)
    }
}
