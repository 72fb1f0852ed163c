//! The journal of a session as a sync sees it.

use super::super::{OpsError, Result, Session};
use crate::{
    config::Share,
    domain::{entry::Entry, value::Value},
    hub::{
        Cursor, Page, Redaction,
        replica::{Accepted, Memory, Notes, Outgoing, Replica},
    },
    store::{Arrival, HubRow, PrivateSpans, Reader},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// How many entries are read for one batch.
const MAX_BATCH_ENTRIES: usize = 10_000;
/// Stands for the unassigned events among incidents.
pub(super) const UNASSIGNED: Uuid = Uuid::nil();

/// The journal of a session.
pub(super) struct SessionReplica<'a>(pub &'a mut Session);

/// Returns what is remembered of a hub as the store keeps it.
fn row_of(memory: &Memory) -> Result<HubRow> {
    let notes = serde_json::to_string(&memory.notes)
        .map_err(|e| OpsError::failed("what is known of the hub cannot be saved").with_source(e))?;
    let cursors = memory.cursors.iter();
    Ok(HubRow {
        sent: memory.sent,
        notes,
        cursors: cursors
            .map(|cursor| (cursor.source.clone(), cursor.position, cursor.mark.clone()))
            .collect(),
    })
}

/// Reads the notes of a hub; those that another version wrote differently are forgotten.
pub(super) fn parse_notes(json: &str) -> Notes {
    serde_json::from_str(json).unwrap_or_default()
}

/// Returns what is remembered of the hub with `key`.
pub(super) fn memory(session: &Session, key: &str) -> Result<Memory> {
    let Some(row) = session.read().hub(key)? else {
        return Ok(Memory::default());
    };
    let cursors = row.cursors.into_iter();
    Ok(Memory {
        cursors: cursors
            .map(|(source, position, mark)| Cursor {
                source,
                position,
                mark,
            })
            .collect(),
        sent: row.sent,
        notes: parse_notes(&row.notes),
    })
}

/// What stays on this machine.
pub(super) struct HeldBack {
    /// The incidents of which nothing leaves; [`UNASSIGNED`] among them if such events stay here.
    pub incidents: BTreeSet<Uuid>,
    /// Those of which a part does not leave.
    pub in_part: BTreeMap<Uuid, PrivateSpans>,
}

impl HeldBack {
    pub fn of(session: &Session) -> Result<Self> {
        let marks = session.read().privacy_marks()?;
        let incidents = match session.settings.share {
            Share::All => marks.private,
            _ => {
                let mut held = session.read().incident_ids()?;
                held.retain(|id| !marks.shared.contains(id));
                held.insert(UNASSIGNED);
                held
            }
        };
        Ok(Self {
            incidents,
            in_part: marks.formerly,
        })
    }

    /// Returns the incident for whose sake `entry`, number `no` of the journal, stays here; `None` if it leaves.
    fn reason(&self, read: &Reader<'_>, no: i64, entry: &Entry) -> Result<Option<Uuid>> {
        let own = entry.header().incident.unwrap_or(UNASSIGNED);
        let in_part = self.in_part.get(&own);
        if self.incidents.contains(&own) || in_part.is_some_and(|part| part.contains(no, entry)) {
            return Ok(Some(own));
        }
        if self.incidents.is_empty() {
            return Ok(None);
        }
        // What was moved into a private incident has its text in another chain too. That it went leaves.
        let shown_in = read.shown_incident_of(no)?.unwrap_or(UNASSIGNED);
        let stays =
            self.incidents.contains(&shown_in) && Value::from_body(entry.body_bytes()).is_visible();
        Ok(stays.then_some(shown_in))
    }
}

fn redaction_of(entry: &Entry) -> Option<Redaction> {
    let destroys = entry.destroys();
    (!destroys.is_empty()).then(|| Redaction {
        id: entry.header().id,
        destroys,
    })
}

impl Replica for SessionReplica<'_> {
    type Error = OpsError;

    fn writer(&mut self) -> Result<Uuid> {
        Ok(self.0.store.claim_origin()?)
    }

    fn memory(&self, key: &str) -> Result<Memory> {
        memory(self.0, key)
    }

    fn remember(&mut self, key: &str, memory: &Memory) -> Result<()> {
        Ok(self.0.store.remember_hub(key, &row_of(memory)?)?)
    }

    fn accept(&mut self, key: &str, memory: &mut Memory, page: &Page) -> Result<Accepted> {
        let own = self.0.store.origin();
        let (accepted, after) = self.0.transact(|session| {
            let before = session.read().last_number()?;
            let arrivals = session.store.accept_each(&page.entries)?;
            let mut accepted = Accepted::default();
            for (entry, arrival) in page.entries.iter().zip(arrivals) {
                match arrival {
                    Ok(arrival) => accepted.count(entry, arrival, own),
                    Err(error) => accepted.invalid.push(error.to_string()),
                }
            }
            let mut next = memory.clone();
            if next.sent == before {
                next.sent = session.read().last_number()?;
            }
            next.move_cursors(&page.cursors);
            session.store.remember_hub(key, &row_of(&next)?)?;
            Ok((accepted, next))
        })?;
        *memory = after;
        Ok(accepted)
    }

    fn count_new(&self, entries: &[Entry]) -> Result<usize> {
        let mut new = 0;
        for entry in entries {
            new += usize::from(self.0.read().entry(entry.header().id)?.is_none());
        }
        Ok(new)
    }

    fn outgoing(&self, after: i64, max_bytes: usize) -> Result<Outgoing> {
        let read = self.0.read();
        // One snapshot: an incident that was private when its entries were written is known to be.
        read.with_snapshot(|| {
            let held_back = HeldBack::of(self.0)?;
            let entries = read.entries_after_within(after, MAX_BATCH_ENTRIES, max_bytes)?;
            let mut outgoing = Outgoing {
                up_to: entries.last().map_or(after, |(number, _)| *number),
                ..Outgoing::default()
            };
            for (number, entry) in entries {
                match held_back.reason(&read, number, &entry)? {
                    Some(incident) => {
                        outgoing.held_back += 1;
                        outgoing.private.insert(incident);
                    }
                    None => outgoing.entries.push(entry),
                }
            }
            outgoing.is_last = outgoing.up_to >= read.last_number()?;
            Ok(outgoing)
        })
    }

    fn private_incidents(&self) -> Result<BTreeSet<Uuid>> {
        let held_back = HeldBack::of(self.0)?;
        let in_part = held_back.in_part.into_keys();
        Ok(held_back.incidents.into_iter().chain(in_part).collect())
    }

    fn before_incident(&self, incident: Uuid) -> Result<i64> {
        let incident = (incident != UNASSIGNED).then_some(incident);
        let read = self.0.read();
        let first = [
            read.first_number_in(incident)?,
            read.first_number_shown_in(incident)?,
        ];
        let first = first.into_iter().flatten().min();
        Ok(first.map_or(i64::MAX, |first| first - 1))
    }

    fn redactions_of(&self, ids: &BTreeSet<Uuid>) -> Result<Vec<Redaction>> {
        let all = self.0.read().redactions()?;
        let all = all.iter().filter_map(redaction_of);
        Ok(all
            .filter(|redaction| redaction.destroys.iter().any(|id| ids.contains(id)))
            .collect())
    }

    fn redactions(&self, redactions: &BTreeSet<Uuid>) -> Result<Vec<Redaction>> {
        let mut found = Vec::new();
        for id in redactions {
            let entry = self.0.read().entry(*id)?;
            found.extend(entry.as_ref().and_then(redaction_of));
        }
        Ok(found)
    }

    fn begin_new_origin(&mut self) -> Result<Uuid> {
        let now = self.0.now();
        let origin = self.0.write_context.ids.new_id(now);
        self.0
            .transact(|session| Ok(session.store.begin_new_origin(origin)?))?;
        Ok(origin)
    }
}

impl Accepted {
    /// Counts what became of `entry`, for a machine that writes as `own`.
    fn count(&mut self, entry: &Entry, arrival: Arrival, own: Uuid) {
        let header = entry.header();
        match arrival {
            Arrival::Known => {}
            Arrival::Altered => self.altered.push(header.id),
            Arrival::New(found) => {
                self.new += 1;
                self.own += usize::from(header.origin == own);
                self.forks.extend(found.is_fork.then_some(header.id));
                self.destroyed
                    .extend(found.was_destroyed.then_some(header.id));
                self.redactions.extend(redaction_of(entry));
                self.unknown += usize::from(found.is_unknown);
            }
        }
    }
}
