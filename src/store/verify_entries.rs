//! Checks entries and chains: that each entry is what was written, and follows the one before it.

use super::{
    VerifyFinding, VerifyReport,
    row::{optional_uuid, read_seq},
};
use crate::domain::{
    entry::{Entry, Header},
    handle,
    hash::Hash,
};
use rusqlite::Row;
use uuid::Uuid;

pub(super) const CHAIN_COLUMNS: &str =
    "no,id,incident,origin,seq,recorded,author,about,header,body";

/// The handle of what an entry is about; empty if that has none.
pub(super) fn shown_handle(header: &Header) -> String {
    header.subject.id().map_or_else(String::new, handle::shown)
}

/// An entry as it was read, not parsed and not checked yet.
pub(super) struct ReadEntry {
    id: Uuid,
    /// `None` if a column cannot be read.
    columns: Option<EntryColumns>,
    /// Header and body; `None` if one of them cannot be read.
    bytes: Option<(String, ReadBody)>,
}

/// The body of an entry as it was read.
enum ReadBody {
    Destroyed,
    Bytes(String),
    /// Of a long one: many wait to be checked, and files of some MiB each would take the memory.
    Hash(Hash),
}

/// From so many bytes on a body is hashed as it is read.
const LONG_BODY_BYTES: usize = 1 << 16;

/// What the columns of an entry say of its header.
struct EntryColumns {
    id: Uuid,
    incident: Option<Uuid>,
    origin: Uuid,
    seq: u64,
    /// In µs.
    recorded: i64,
    author: String,
}

impl EntryColumns {
    /// Reads them from a row with [`CHAIN_COLUMNS`].
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: Uuid::from_bytes(row.get(1)?),
            incident: optional_uuid(row, 2)?,
            origin: Uuid::from_bytes(row.get(3)?),
            seq: read_seq(row, 4)?,
            recorded: row.get(5)?,
            author: row.get(6)?,
        })
    }

    fn match_header(&self, header: &Header) -> bool {
        (self.id, self.incident, self.origin) == (header.id, header.incident, header.origin)
            && (self.seq, self.recorded) == (header.seq, header.recorded.timestamp_micros())
            && self.author == header.author
    }
}

/// Reads an entry from a row with [`CHAIN_COLUMNS`].
pub(super) fn read_entry(row: &Row<'_>) -> rusqlite::Result<ReadEntry> {
    let read_bytes = || -> rusqlite::Result<_> {
        let body = match row.get_ref(9)?.as_str_or_null()? {
            None => ReadBody::Destroyed,
            Some(body) if body.len() < LONG_BODY_BYTES => ReadBody::Bytes(body.to_owned()),
            Some(body) => ReadBody::Hash(Hash::digest(body.as_bytes())),
        };
        Ok((row.get(8)?, body))
    };
    Ok(ReadEntry {
        id: Uuid::from_bytes(row.get(1)?),
        columns: EntryColumns::read(row).ok(),
        bytes: read_bytes().ok(),
    })
}

/// Checks one entry by itself. Returns it, a long one without its body; `None` if it cannot be read.
pub(super) fn check_entry(read: ReadEntry, report: &mut VerifyReport) -> Option<Entry> {
    report.entries += 1;
    let id = read.id;
    let wrong = |handle: String, what: &str| VerifyFinding::Entry {
        id,
        handle,
        what: what.to_owned(),
    };
    let parse = |(header, body)| {
        let (bytes, hash) = match body {
            ReadBody::Bytes(bytes) => (Some(bytes), None),
            ReadBody::Hash(hash) => (None, Some(hash)),
            ReadBody::Destroyed => (None, None),
        };
        Some((Entry::from_stored(header, bytes).ok()?, hash))
    };
    let Some((entry, hash)) = read.bytes.and_then(parse) else {
        report.add(wrong(String::new(), "its header cannot be read"));
        return None;
    };
    let header = entry.header();
    let is_as_written = match hash {
        Some(hash) => hash == header.body,
        None => entry.check_body().is_ok(),
    };
    if entry.body_bytes().is_none() && hash.is_none() {
        report.destroyed += 1;
    }
    if !is_as_written {
        report.add(wrong(
            shown_handle(header),
            "its text is not what was written",
        ));
    }
    let columns = read.columns;
    if !columns.is_some_and(|columns| columns.match_header(header)) {
        report.add(wrong(
            shown_handle(header),
            "its columns do not match its header",
        ));
    }
    Some(entry)
}

/// The position in a chain that was checked last.
#[derive(Default)]
pub(super) struct ChainCursor {
    chain: Option<(Option<Uuid>, Uuid)>,
    seq: u64,
    /// The entries with number `seq`, with their hashes; more than one is a fork.
    at_seq: Vec<(Uuid, Hash)>,
    /// The hashes of the entries with the number before.
    previous_hashes: Vec<Hash>,
}

pub(super) fn check_chain(report: &mut VerifyReport, place: &mut ChainCursor, entry: &Entry) {
    let header = entry.header();
    let this = Some((header.incident, header.origin));
    if place.chain != this {
        report_fork(report, place);
        report.chains += 1;
        *place = ChainCursor {
            chain: this,
            ..ChainCursor::default()
        };
    }
    if header.seq != place.seq {
        report_fork(report, place);
        let next = place.seq + 1;
        place.previous_hashes = place.at_seq.drain(..).map(|(_, hash)| hash).collect();
        if header.seq > next {
            report.add(VerifyFinding::Gap {
                incident: header.incident,
                origin: header.origin,
                from: next,
                to: header.seq - 1,
            });
            place.previous_hashes.clear();
        }
        place.seq = header.seq;
    }
    // After a gap there is no previous entry to compare with.
    let follows = match header.prev {
        None => header.seq == 1,
        Some(prev) => {
            header.seq > 1
                && (place.previous_hashes.is_empty() || place.previous_hashes.contains(&prev))
        }
    };
    if !follows {
        report.add(VerifyFinding::BrokenChain {
            id: header.id,
            handle: shown_handle(header),
        });
    }
    place.at_seq.push((header.id, entry.hash()));
}

pub(super) fn report_fork(report: &mut VerifyReport, place: &mut ChainCursor) {
    if let (Some((incident, origin)), true) = (place.chain, place.at_seq.len() > 1) {
        report.add(VerifyFinding::Fork {
            incident,
            origin,
            seq: place.seq,
            entries: place.at_seq.iter().map(|(id, _)| *id).collect(),
        });
    }
}
