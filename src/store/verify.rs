//! Verifies every hash, every chain and every read model.
//!
//! The journal is tamper-*evident*, not tamper-proof: compared with a chain head that was kept
//! elsewhere, a chain shows what was edited, deleted or reordered in it. It does not show that times
//! are true, that everything was logged, or that the owner of the file did not rewrite all of it.

use super::{
    Reader, Store, VerifyFinding, VerifyReport,
    connection::copy_to,
    error::{ErrorContext, StoreError},
    row::{
        entry_from_row, optional_uuid, parse_rowids, subject_from_columns, subject_name,
        subject_type_code,
    },
    schema::{READ_MODEL_VERSION, StoreRow},
    search_index::with_entry_text_view,
    subjects::{SubjectKey, SubjectProjection, SubjectRow, find_subject_row, load_versions},
    summary,
};
use crate::domain::{
    entry::{Entry, Header},
    handle,
    hash::Hash,
    incident::Incident,
    value::Body,
    words::{State, Word},
};
use rusqlite::{Connection, Row, Transaction, TransactionBehavior};
use std::{collections::HashSet, path::Path, sync::mpsc};
use uuid::Uuid;

impl Store {
    /// Verifies the whole file. Other processes can write meanwhile, except during the last part, the
    /// check of the search index, which takes about ten seconds for a million entries.
    ///
    /// # Errors
    /// A file that cannot be read at all. Damage is not an error: it is in the report.
    pub fn verify(&self) -> Result<VerifyReport, StoreError> {
        if !self.read_only || self.private_copy.is_some() {
            return verify_connection(&self.conn, &self.path);
        }
        // The check of the search index is a write to SQLite.
        let folder = tempfile::tempdir().with_path(&self.path)?;
        let copy = folder.path().join("copy.db");
        std::fs::File::create_new(&copy).with_path(&self.path)?;
        let copy = copy_to(&self.conn, &copy, &self.path)?;
        verify_connection(&copy, &self.path)
    }
}

/// Verifies the file that `conn` has open, as [`Store::verify`] does; `path` names it in errors.
pub(super) fn verify_connection(
    conn: &Connection,
    path: &Path,
) -> Result<VerifyReport, StoreError> {
    let mut report = VerifyReport::default();
    match run_checks(conn, path, &mut report) {
        Err(StoreError::Corrupt { source, .. }) => {
            report.add(VerifyFinding::File(source.to_string()));
        }
        Err(error) => return Err(error),
        Ok(()) => {}
    }
    Ok(report)
}

impl Reader<'_> {
    /// Verifies the entries that `incident` is made from: its own chains, and what was moved to it out
    /// of others. Costs as much as reading them.
    ///
    /// # Errors
    /// A file that cannot be read. Damage is in the report.
    pub fn verify_incident(&self, incident: Uuid) -> Result<VerifyReport, StoreError> {
        Ok(self.verify_incident_while(incident, || Ok(()))?.1)
    }

    /// Returns incident `id` in full as [`Reader::incident`] does, `None` if the store has no entry of it, and
    /// what [`Reader::verify_incident`] finds of the same snapshot of the store.
    pub fn verified_incident(
        &self,
        id: Uuid,
    ) -> Result<(Option<Incident>, VerifyReport), StoreError> {
        self.verify_incident_while(id, || self.incident(id))
    }

    /// Verifies an incident, and runs `meanwhile` while the entries that were read are still being hashed.
    fn verify_incident_while<T>(
        &self,
        incident: Uuid,
        meanwhile: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<(T, VerifyReport), StoreError> {
        let mut report = VerifyReport::default();
        self.with_snapshot(|| {
            let result = check_own_chains(self.conn, incident, &mut report, meanwhile)
                .with_path(self.path)??;
            check_moved_entries(self.conn, incident, &mut report).with_path(self.path)?;
            Ok((result, report))
        })
    }
}

/// How many entries are read before they are checked, and how many times as many may wait for it.
const BATCH: usize = 256;
const BATCHES_AHEAD: usize = 64;

const CHAIN_COLUMNS: &str = "no,id,incident,origin,seq,recorded,author,about,header,body";

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

fn run_checks(conn: &Connection, path: &Path, report: &mut VerifyReport) -> Result<(), StoreError> {
    let tx = Transaction::new_unchecked(conn, TransactionBehavior::Deferred).with_path(path)?;
    // Read models of another version differ from those of this one without being damaged.
    let model = StoreRow::load(&tx).with_path(path)?.model;
    report.newer_read_models = model > READ_MODEL_VERSION;
    quick_check(&tx, report).with_path(path)?;
    check_entries(&tx, report).with_path(path)?;
    if !report.newer_read_models {
        check_subjects(&tx, report).with_path(path)?;
        check_incidents(&tx, report).with_path(path)?;
    }
    check_redactions(&tx, report).with_path(path)?;
    drop(tx);
    if report.newer_read_models {
        return Ok(());
    }
    let tx = Transaction::new_unchecked(conn, TransactionBehavior::Immediate).with_path(path)?;
    let checked = with_entry_text_view(&tx, || {
        tx.execute_batch("INSERT INTO search(search,rank)VALUES('integrity-check',1)")
    });
    match checked.with_path(path) {
        Ok(_) => Ok(()),
        Err(StoreError::Corrupt { .. }) => {
            report.add(VerifyFinding::ReadModel("the search index".into()));
            Ok(())
        }
        Err(error) => Err(error),
    }
}

fn quick_check(conn: &Connection, report: &mut VerifyReport) -> rusqlite::Result<()> {
    let mut statement = conn.prepare("PRAGMA quick_check(50)")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let said = row.get_ref(0)?.as_str().unwrap_or("unreadable");
        if said != "ok" {
            report.add(VerifyFinding::File(said.to_owned()));
        }
    }
    Ok(())
}

/// The position in a chain that was checked last.
#[derive(Default)]
struct ChainCursor {
    chain: Option<(Option<Uuid>, Uuid)>,
    seq: u64,
    /// The entries with number `seq`, with their hashes; more than one is a fork.
    at_seq: Vec<(Uuid, Hash)>,
    /// The hashes of the entries with the number before.
    previous_hashes: Vec<Hash>,
}

fn check_entries(conn: &Connection, report: &mut VerifyReport) -> rusqlite::Result<()> {
    let mut statement = conn.prepare(&format!(
        "SELECT {CHAIN_COLUMNS} FROM entry ORDER BY incident,origin,seq,no"
    ))?;
    let mut rows = statement.query([])?;
    let mut place = ChainCursor::default();
    while let Some(row) = rows.next()? {
        let Some(entry) = check_entry(read_entry(row)?, report) else {
            continue;
        };
        let header = entry.header();
        let no: i64 = row.get(0)?;
        let kept = find_subject_row(conn, &SubjectKey::new(&header.subject, header.incident))?;
        let about: Option<i64> = row.get(7)?;
        let listed = kept.is_some_and(|kept| {
            let all = kept.projection.versions.as_deref().map(parse_rowids);
            about.unwrap_or(no) == kept.rowid
                && all.map_or(kept.rowid == no, |all| all.contains(&no))
        });
        if !listed && !report.newer_read_models {
            report.add(VerifyFinding::ReadModel(format!(
                "the subject of entry {} {}",
                header.id,
                shown_handle(header)
            )));
        }
        check_chain(report, &mut place, &entry);
    }
    report_fork(report, &mut place);
    let rows: u64 = conn.query_row("SELECT count(*) FROM entry NOT INDEXED", [], |row| {
        super::row::read_seq(row, 0)
    })?;
    if rows != report.entries {
        report.add(VerifyFinding::ReadModel("the order of the chains".into()));
    }
    Ok(())
}

/// The handle of what an entry is about; empty if that has none.
fn shown_handle(header: &Header) -> String {
    header.subject.id().map_or_else(String::new, |id| {
        handle::from_id(id)[..handle::MIN_SHOWN_LEN].to_owned()
    })
}

/// An entry as it was read, not parsed and not checked yet.
struct ReadEntry {
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
            seq: super::row::read_seq(row, 4)?,
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
fn read_entry(row: &Row<'_>) -> rusqlite::Result<ReadEntry> {
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
fn check_entry(read: ReadEntry, report: &mut VerifyReport) -> Option<Entry> {
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

fn check_chain(report: &mut VerifyReport, place: &mut ChainCursor, entry: &Entry) {
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

fn report_fork(report: &mut VerifyReport, place: &mut ChainCursor) {
    if let (Some((incident, origin)), true) = (place.chain, place.at_seq.len() > 1) {
        report.add(VerifyFinding::Fork {
            incident,
            origin,
            seq: place.seq,
            entries: place.at_seq.iter().map(|(id, _)| *id).collect(),
        });
    }
}

fn check_subjects(conn: &Connection, report: &mut VerifyReport) -> rusqlite::Result<()> {
    let mut statement =
        conn.prepare("SELECT no,name,sort,id,letters FROM subject ORDER BY name,sort")?;
    let mut rows = statement.query([])?;
    let mut listed = 0;
    // The prefix length of a handle depends on both neighbours: it is checked once the next is known.
    let mut last: Option<(String, i64, usize)> = None;
    while let Some(row) = rows.next()? {
        report.subjects += 1;
        let (no, name): (i64, String) = (row.get(0)?, row.get(1)?);
        let (sort, id) = (row.get(2)?, optional_uuid(row, 3)?);
        let subject = subject_from_columns(sort, id, &name);
        let stands = conn
            .prepare_cached(
                "SELECT incident,first,shown,others,versions,at,flags FROM subject WHERE no=?1",
            )?
            .query_row([no], |row| {
                Ok(SubjectProjection {
                    incident: optional_uuid(row, 0)?,
                    first: row.get(1)?,
                    shown: row.get(2)?,
                    others: row.get(3)?,
                    versions: row.get(4)?,
                    at: row.get(5)?,
                    flags: row.get(6)?,
                })
            })?;
        let kept = SubjectRow {
            rowid: no,
            projection: stands,
        };
        let wrong = match load_versions(conn, &kept) {
            Ok((versions, nos)) => {
                listed += nos.len() as u64;
                let named = versions.iter().all(|v| {
                    let h = v.header();
                    h.subject == subject
                        && subject_name(&h.subject, h.incident) == name
                        && subject_type_code(&h.subject) == sort
                });
                let right = SubjectProjection::from_versions(&versions, &nos)
                    .map(|right| right.shown_in(conn))
                    .transpose()?;
                match right {
                    Some(right) if named && nos.first() == Some(&no) => {
                        right.differences(&kept.projection)
                    }
                    _ => vec!["its versions"],
                }
            }
            Err(_) => vec!["its versions"],
        };
        if !wrong.is_empty() {
            let wrong = wrong.join(", ");
            report.add(VerifyFinding::ReadModel(format!(
                "the row of {subject} ({wrong})"
            )));
        }
        let telling = last.as_ref().map_or(handle::MIN_SHOWN_LEN, |(before, ..)| {
            handle::unique_prefix_len(&name, before)
        });
        check_prefix_len(report, last.take(), telling);
        last = Some((name, if id.is_some() { row.get(4)? } else { -1 }, telling));
    }
    check_prefix_len(report, last, handle::MIN_SHOWN_LEN);
    if listed != report.entries {
        report.add(VerifyFinding::ReadModel("the list of subjects".into()));
    }
    Ok(())
}

fn check_prefix_len(report: &mut VerifyReport, row: Option<(String, i64, usize)>, after: usize) {
    if let Some((name, letters, before)) = row
        && letters >= 0
        && usize::try_from(letters) != Ok(before.max(after))
    {
        report.add(VerifyFinding::ReadModel(format!(
            "the length of handle {name}"
        )));
    }
}

fn check_incidents(conn: &Connection, report: &mut VerifyReport) -> rusqlite::Result<()> {
    let mut statement = conn.prepare(
        "SELECT id,number,title,zone,severity,state,declared,resolved,merged,standing,events,entries,newest,low,high,commander,services FROM incident",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        report.incidents += 1;
        let id = Uuid::from_bytes(row.get(0)?);
        let state: Option<String> = row.get(5)?;
        let stored = summary::SummaryColumns {
            number: row.get(1)?,
            title: row.get(2)?,
            zone: row.get(3)?,
            severity: row.get_ref(4)?.as_str_or_null()?.map(Word::stored),
            state: state.as_deref().map(State::of_summary),
            commander: row.get(15)?,
            services: row.get(16)?,
            declared: row.get(6)?,
            resolved: row.get(7)?,
            merged_into: optional_uuid(row, 8)?,
            status: row.get(9)?,
        };
        let events: i64 = conn
            .prepare_cached(
                "SELECT count(*) FROM subject WHERE incident=?1 AND at IS NOT NULL AND flags&2=0",
            )?
            .query_row([id.as_bytes()], |row| row.get(0))?;
        let counts: (i64, Option<i64>, Option<i64>, Option<i64>) = conn
            .prepare_cached(
                "SELECT count(*),max(recorded),min(no),max(no) FROM entry WHERE incident=?1",
            )?
            .query_row([id.as_bytes()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?;
        let kept = (row.get(11)?, row.get(12)?, row.get(13)?, row.get(14)?);
        let mut wrong = summary::compute_summary(conn, id)?.differences(&stored);
        if events != row.get::<_, i64>(10)? || counts != kept {
            wrong.push("its counts");
        }
        if !wrong.is_empty() {
            let wrong = wrong.join(", ");
            report.add(VerifyFinding::ReadModel(format!(
                "the row of incident {id} ({wrong})"
            )));
        }
    }
    let named: u64 = conn.query_row("SELECT count(DISTINCT incident) FROM entry", [], |row| {
        super::row::read_seq(row, 0)
    })?;
    if named != report.incidents {
        report.add(VerifyFinding::ReadModel("the list of incidents".into()));
    }
    Ok(())
}

fn check_redactions(conn: &Connection, report: &mut VerifyReport) -> rusqlite::Result<()> {
    let mut redactions: Vec<HashSet<Uuid>> = Vec::new();
    let mut statement =
        conn.prepare("SELECT id,body FROM entry WHERE body LIKE '%\"destroys\":%'")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id = Uuid::from_bytes(row.get(0)?);
        if let Ok(body) = Body::decode(row.get_ref(1)?.as_str()?) {
            let victims = body.destroys.into_iter().filter(|victim| *victim != id);
            redactions.push(victims.collect());
        }
    }
    let named: HashSet<Uuid> = redactions.iter().flatten().copied().collect();
    let mut statement = conn.prepare("SELECT id,header,body FROM entry WHERE body IS NULL")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id = Uuid::from_bytes(row.get(0)?);
        if named.contains(&id) {
            continue;
        }
        let entry = entry_from_row(row, 1).ok();
        let handle = entry.map_or_else(String::new, |entry| shown_handle(entry.header()));
        report.add(VerifyFinding::Entry {
            id,
            handle,
            what: "its text was destroyed with no redaction".into(),
        });
    }
    let mut statement =
        conn.prepare("SELECT d.id,e.body FROM destroyed d LEFT JOIN entry e ON e.id=d.id")?;
    let mut rows = statement.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        count += 1;
        let id = Uuid::from_bytes(row.get(0)?);
        let body = row.get_ref(1)?.as_str_or_null()?.map(Body::decode);
        if !named.contains(&id) && !report.newer_read_models {
            report.add(VerifyFinding::ReadModel(format!("the redaction of {id}")));
        }
        // An entry that itself destroys others keeps its body, unless one redaction has all of those too.
        let is_destroyed = |own: &[Uuid]| {
            redactions.iter().any(|victims| {
                victims.contains(&id) && own.iter().all(|own| *own == id || victims.contains(own))
            })
        };
        if body.is_some_and(|body| body.is_ok_and(|body| is_destroyed(&body.destroys))) {
            report.add(VerifyFinding::Entry {
                id,
                handle: String::new(),
                what: "it was redacted, and its text is still there".into(),
            });
        }
    }
    if count != named.len() && !report.newer_read_models {
        report.add(VerifyFinding::ReadModel("the list of redactions".into()));
    }
    Ok(())
}
