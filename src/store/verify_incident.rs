//! Verifies the entries of one incident.

use super::{
    Reader, VerifyFinding, VerifyReport,
    error::{ErrorContext, StoreError},
    row::entry_from_row,
    verify_entries::{
        CHAIN_COLUMNS, ChainCursor, ReadEntry, check_chain, check_entry, read_entry, report_fork,
        shown_handle,
    },
};
use crate::domain::{entry::Entry, incident::Incident};
use rusqlite::Connection;
use std::sync::mpsc;
use uuid::Uuid;

/// How many entries are read before they are checked, and how many times as many may wait for it.
const BATCH: usize = 256;
const BATCHES_AHEAD: usize = 64;

impl Reader<'_> {
    /// Returns incident `id` in full as [`Reader::incident`] does, `None` if the store has no entry of it, and
    /// what is found of the entries that it is made from: its own chains, and what was moved to it out of
    /// others. Costs as much as reading them; the incident is read while they are still being hashed.
    ///
    /// # Errors
    /// A file that cannot be read. Damage is in the report.
    pub fn verified_incident(
        &self,
        id: Uuid,
    ) -> Result<(Option<Incident>, VerifyReport), StoreError> {
        let mut report = VerifyReport::default();
        self.with_snapshot(|| {
            let incident = check_own_chains(self.conn, id, &mut report, || self.incident(id))
                .with_path(self.path)??;
            check_moved_entries(self.conn, id, &mut report).with_path(self.path)?;
            Ok((incident, report))
        })
    }
}

/// Checks the chains of `incident` and returns what `meanwhile` returns, which runs once all entries are read.
fn check_own_chains<T>(
    conn: &Connection,
    incident: Uuid,
    report: &mut VerifyReport,
    meanwhile: impl FnOnce() -> T,
) -> rusqlite::Result<T> {
    let mut statement = conn.prepare(&format!(
        "SELECT {CHAIN_COLUMNS} FROM entry WHERE incident=?1 ORDER BY origin,seq,no"
    ))?;
    let mut rows = statement.query([incident.as_bytes()])?;
    let mut place = ChainCursor::default();
    let mut check = |entries: Vec<ReadEntry>| {
        for read in entries {
            if let Some(entry) = check_entry(read, report) {
                check_chain(report, &mut place, &entry);
            }
        }
    };
    let mut next = || -> rusqlite::Result<Vec<ReadEntry>> {
        let mut entries = Vec::new();
        while entries.len() < BATCH {
            match rows.next()? {
                Some(row) => entries.push(read_entry(row)?),
                None => break,
            }
        }
        Ok(entries)
    };
    let first = next()?;
    let result = if first.len() < BATCH {
        check(first);
        meanwhile()
    } else {
        // Hashing takes about as long as reading: both at once, where it is worth a thread.
        std::thread::scope(|scope| -> rusqlite::Result<T> {
            let (send, receive) = mpsc::sync_channel(BATCHES_AHEAD);
            let check = &mut check;
            scope.spawn(move || receive.into_iter().for_each(check));
            let mut entries = first;
            while !entries.is_empty() && send.send(entries).is_ok() {
                entries = next()?;
            }
            drop(send);
            Ok(meanwhile())
        })?
    };
    report_fork(report, &mut place);
    Ok(result)
}

/// Checks the entries of other chains that are about subjects of `incident`, each with its neighbours.
fn check_moved_entries(
    conn: &Connection,
    incident: Uuid,
    report: &mut VerifyReport,
) -> rusqlite::Result<()> {
    let mut statement = conn.prepare(
        "SELECT e.no,e.id,e.incident,e.origin,e.seq,e.recorded,e.author,e.about,e.header,e.body \
         FROM subject s JOIN json_each(coalesce(s.versions,json_array(s.no))) v \
         JOIN entry e ON e.no=v.value WHERE s.incident=?1 AND e.incident IS NOT ?1",
    )?;
    let mut rows = statement.query([incident.as_bytes()])?;
    while let Some(row) = rows.next()? {
        let Some(entry) = check_entry(read_entry(row)?, report) else {
            continue;
        };
        let header = entry.header();
        let neighbours = |seq: u64| -> rusqlite::Result<Vec<Entry>> {
            conn.prepare_cached(
                "SELECT header,body FROM entry WHERE incident IS ?1 AND origin=?2 AND seq=?3",
            )?
            .query_map(
                (
                    header.incident.map(Uuid::into_bytes),
                    header.origin.as_bytes(),
                    i64::try_from(seq).unwrap_or(i64::MAX),
                ),
                |row| entry_from_row(row, 0),
            )?
            .collect()
        };
        let before = match header.seq {
            0 | 1 => Vec::new(),
            seq => neighbours(seq - 1)?,
        };
        let after = neighbours(header.seq + 1)?;
        let follows = match header.prev {
            None => header.seq == 1,
            Some(prev) => before.iter().any(|entry| entry.hash() == prev),
        };
        let is_followed = after.is_empty()
            || after
                .iter()
                .any(|next| next.header().prev == Some(entry.hash()));
        if !follows || !is_followed {
            report.add(VerifyFinding::BrokenChain {
                id: header.id,
                handle: shown_handle(header),
            });
        }
    }
    Ok(())
}
