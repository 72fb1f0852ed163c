//! Makes the journal of this machine and a hub equal: what each lacks comes from the other.

use super::{
    Cursor, Held, Hub, HubError, HubErrorKind, MAX_BATCH_BYTES, Page,
    replica::{Memory, Outgoing, Replica},
    report::{Difference, Received, Report, Sent, SyncError},
};
use crate::domain::{entry::Entry, time::UtcTime};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// How often a batch is tried again because another process of this machine sent one meanwhile.
const MAX_RETRIES: usize = 5;

/// Receives what the hub has and this machine lacks, then sends what the hub lacks. `now` is when it began.
///
/// # Errors
/// The hub does not answer, or the journal cannot be read: then nothing was done. What fails later is in the
/// report, beside what was done before it.
pub fn sync<R: Replica>(
    replica: &mut R,
    hub: &mut dyn Hub,
    now: UtcTime,
) -> Result<Report<R::Error>, SyncError<R::Error>> {
    let mut run = Run::begin(replica, hub)?;
    let receiving = run.receive();
    if receiving.is_ok() {
        run.memory.notes.received = Some(now);
    }
    let sending = run.send();
    if sending.is_ok() {
        run.memory.notes.sent = Some(now);
    }
    let redacting = run.redact();
    let saved = run.save();
    let sending = sending.and(redacting).and(saved);
    Ok(Report {
        received: run.received,
        receiving,
        sent: run.sent,
        sending,
        replaced: run.replaced,
        hub_went_back: run.hub_went_back,
        new_origin: run.new_origin,
        still_held: run.still_held,
        memory: run.memory,
    })
}

/// Says what a sync would move, without moving anything.
///
/// # Errors
/// The hub cannot be read, or the journal.
pub fn compare<R: Replica>(
    replica: &mut R,
    hub: &mut dyn Hub,
) -> Result<Difference, SyncError<R::Error>> {
    let mut run = Run::begin(replica, hub)?;
    let mut difference = Difference::default();
    let mut cursors = run.memory.clone();
    while run.has_new {
        let page = run.hub.read(&cursors.cursors)?;
        difference.to_receive += run
            .replica
            .count_new(&page.entries)
            .map_err(SyncError::Local)?;
        let before = cursors.cursors.clone();
        cursors.move_cursors(&page.cursors);
        run.has_new = page.more && cursors.cursors != before;
    }
    let mut after = run.memory.sent;
    loop {
        let outgoing = run
            .replica
            .outgoing(after, MAX_BATCH_BYTES)
            .map_err(SyncError::Local)?;
        let ids: Vec<Uuid> = outgoing
            .entries
            .iter()
            .map(|entry| entry.header().id)
            .collect();
        let held = match ids.is_empty() {
            true => Vec::new(),
            false => run.hub.held(&ids)?,
        };
        difference.to_send += ids.len() - held.len();
        difference.held_back += outgoing.held_back;
        after = outgoing.up_to;
        if outgoing.is_last {
            return Ok(difference);
        }
    }
}

struct Run<'a, R> {
    replica: &'a mut R,
    hub: &'a mut dyn Hub,
    key: String,
    writer: Uuid,
    /// As it is saved: `remember` is called only where it changed.
    saved: Memory,
    memory: Memory,
    /// True if the hub has something after the cursors.
    has_new: bool,
    /// True if the hub may have entries that count as not sent.
    must_compare: bool,
    replaced: Vec<String>,
    hub_went_back: bool,
    new_origin: Option<Uuid>,
    received: Received,
    sent: Sent,
    still_held: Vec<String>,
}

type Done<T, R> = Result<T, SyncError<<R as Replica>::Error>>;

impl<'a, R: Replica> Run<'a, R> {
    /// Looks at the hub, and forgets of it what is no longer so.
    fn begin(replica: &'a mut R, hub: &'a mut dyn Hub) -> Done<Self, R> {
        let key = hub.key().to_owned();
        let writer = replica.writer().map_err(SyncError::Local)?;
        let saved = replica.memory(&key).map_err(SyncError::Local)?;
        let mut memory = saved.clone();
        let look = hub.look(&memory.cursors)?;
        let own = hub.source_of(writer);
        let is_replaced = |cursor: &Cursor| look.replaced.contains(&cursor.source);
        let hub_went_back = memory
            .cursors
            .iter()
            .any(|cursor| cursor.source == own && is_replaced(cursor));
        memory.cursors.retain(|cursor| !is_replaced(cursor));
        let mut must_compare = memory.sent == 0;
        if !look.replaced.is_empty() {
            // What is lost may have come from here by way of another machine.
            memory.sent = 0;
            must_compare = true;
        }
        memory.notes.name = hub.name().to_owned();
        memory.notes.clock_offset_micros = look
            .clock_offset
            .and_then(|offset| offset.num_microseconds());
        let mut run = Self {
            has_new: look.has_new || !look.replaced.is_empty(),
            key,
            writer,
            saved,
            memory,
            must_compare,
            replaced: look.replaced,
            hub_went_back,
            new_origin: None,
            received: Received::default(),
            sent: Sent::default(),
            still_held: Vec::new(),
            replica,
            hub,
        };
        run.include_shared_again()?;
        Ok(run)
    }

    /// Goes back to the first entry of an incident that is no longer private.
    fn include_shared_again(&mut self) -> Done<(), R> {
        let private = self.replica.private_incidents().map_err(SyncError::Local)?;
        for shared in self.memory.notes.private.difference(&private) {
            let before = self
                .replica
                .before_incident(*shared)
                .map_err(SyncError::Local)?;
            self.memory.sent = self.memory.sent.min(before);
            self.must_compare = true;
        }
        self.memory.notes.private = private;
        Ok(())
    }

    fn receive(&mut self) -> Done<(), R> {
        while self.has_new {
            let page = self.hub.read(&self.memory.cursors)?;
            self.has_new = page.more;
            let progress = self.progress(&page);
            self.take(page)?;
            if !progress && self.has_new {
                return Err(HubError::new(
                    HubErrorKind::Failed,
                    format!(
                        "{} says that it has more, but gives nothing",
                        self.hub.name()
                    ),
                )
                .into());
            }
        }
        Ok(())
    }

    /// True if `page` moves a cursor.
    fn progress(&self, page: &Page) -> bool {
        page.cursors
            .iter()
            .any(|cursor| !self.memory.cursors.contains(cursor))
    }

    fn take(&mut self, page: Page) -> Done<(), R> {
        let own = self.hub.source_of(self.writer);
        // A batch of this machine that it does not remember: the answer to its sending was lost, or this is an
        // older copy of its journal.
        self.must_compare |= page.cursors.iter().any(|cursor| cursor.source == own);
        let accepted = self
            .replica
            .accept(&self.key, &mut self.memory, &page)
            .map_err(SyncError::Local)?;
        self.saved = self.memory.clone();
        self.received.entries += accepted.new;
        self.received.unknown += accepted.unknown;
        self.received.forks.extend(accepted.forks);
        self.received.unreadable.extend(page.unreadable);
        self.received.unreadable.extend(accepted.invalid);
        self.received.redactions += accepted.redactions.len();
        let notes = &mut self.memory.notes;
        notes.altered.extend(accepted.altered);
        let ids = accepted.redactions.iter().map(|redaction| redaction.id);
        notes.redactions.extend(ids);
        self.redact_again(&accepted.destroyed)?;
        if accepted.own > 0 && self.new_origin.is_none() {
            let origin = self.replica.begin_new_origin().map_err(SyncError::Local)?;
            (self.writer, self.new_origin) = (origin, Some(origin));
        }
        Ok(())
    }

    fn send(&mut self) -> Done<(), R> {
        loop {
            let outgoing = self
                .replica
                .outgoing(self.memory.sent, MAX_BATCH_BYTES)
                .map_err(SyncError::Local)?;
            self.sent.held_back += outgoing.held_back;
            // Some may have become private since the sync began.
            self.memory.notes.private.extend(&outgoing.private);
            let is_last = outgoing.is_last;
            self.send_batch(outgoing)?;
            if is_last {
                return Ok(());
            }
        }
    }

    fn send_batch(&mut self, outgoing: Outgoing) -> Done<(), R> {
        let is_foreign = |entry: &Entry| entry.header().origin != self.writer;
        let must_compare = self.must_compare || outgoing.entries.iter().any(is_foreign);
        let mut entries = outgoing.entries;
        let mut is_compared = false;
        if must_compare && !entries.is_empty() {
            let ids: Vec<Uuid> = entries.iter().map(|entry| entry.header().id).collect();
            let held = self.hub.held(&ids)?;
            self.compare(&entries, &held)?;
            is_compared |= !held.is_empty();
            let held: BTreeSet<Uuid> = held.iter().map(|held| held.id).collect();
            entries.retain(|entry| !held.contains(&entry.header().id));
        }
        if !entries.is_empty() {
            let written = self.write(&entries)?;
            self.compare(&entries, &written.already)?;
            is_compared |= !written.already.is_empty();
            self.sent.entries += entries.len() - written.already.len();
            self.memory.move_cursors(&[written.cursor]);
            let redactions = entries.iter().filter(|entry| !entry.destroys().is_empty());
            let ids = redactions.map(|entry| entry.header().id);
            self.memory.notes.redactions.extend(ids);
        }
        if is_compared {
            self.catch_up()?;
        }
        if outgoing.up_to > self.memory.sent {
            self.memory.sent = outgoing.up_to;
            self.save()?;
        }
        Ok(())
    }

    /// Reads the batches with entries that the hub turned out to have. An entry counts as sent only if a cursor
    /// is behind its batch: where that batch is lost, the cursor shows it.
    fn catch_up(&mut self) -> Done<(), R> {
        let look = self.hub.look(&self.memory.cursors)?;
        if !look.replaced.is_empty() {
            return Err(HubError::new(
                HubErrorKind::Behind,
                format!("the content of {} was replaced just now", self.hub.name()),
            )
            .into());
        }
        self.has_new = look.has_new;
        self.receive()
    }

    /// Writes a batch behind those of this machine, also behind one that another process of it sent just now.
    fn write(&mut self, entries: &[Entry]) -> Done<super::Written, R> {
        let own = self.hub.source_of(self.writer);
        let mut tries = 0;
        loop {
            let after = self
                .memory
                .cursors
                .iter()
                .find(|cursor| cursor.source == own);
            match self.hub.write(self.writer, after, entries) {
                Err(error) if error.kind == HubErrorKind::Behind && tries < MAX_RETRIES => {
                    tries += 1;
                    self.has_new = true;
                    self.receive()?;
                }
                written => return Ok(written?),
            }
        }
    }

    /// Notes which of `entries` the hub has with other bytes, and which with a body that was destroyed here.
    fn compare(&mut self, entries: &[Entry], held: &[Held]) -> Done<(), R> {
        let entries: BTreeMap<Uuid, &Entry> = entries
            .iter()
            .map(|entry| (entry.header().id, entry))
            .collect();
        let mut destroyed = BTreeSet::new();
        for held in held {
            let Some(entry) = entries.get(&held.id) else {
                continue;
            };
            if entry.hash() != held.hash {
                self.memory.notes.altered.insert(held.id);
            }
            if entry.body_bytes().is_none() && held.has_body {
                destroyed.insert(held.id);
            }
        }
        self.redact_again(&destroyed)
    }

    /// Notes the redactions of the entries `destroyed`, of which the hub still has the body.
    fn redact_again(&mut self, destroyed: &BTreeSet<Uuid>) -> Done<(), R> {
        if destroyed.is_empty() {
            return Ok(());
        }
        let redactions = self
            .replica
            .redactions_of(destroyed)
            .map_err(SyncError::Local)?;
        let ids = redactions.into_iter().map(|redaction| redaction.id);
        self.memory.notes.redactions.extend(ids);
        Ok(())
    }

    /// Has the hub destroy what redactions destroy, which it may have received again meanwhile.
    fn redact(&mut self) -> Done<(), R> {
        if self.memory.notes.redactions.is_empty() {
            return Ok(());
        }
        let redactions = self
            .replica
            .redactions(&self.memory.notes.redactions)
            .map_err(SyncError::Local)?;
        self.still_held = self.hub.redact(self.writer, &redactions)?;
        if self.still_held.is_empty() {
            self.memory.notes.redactions.clear();
        }
        Ok(())
    }

    fn save(&mut self) -> Done<(), R> {
        if self.memory.is_worth_saving(&self.saved) {
            self.replica
                .remember(&self.key, &self.memory)
                .map_err(SyncError::Local)?;
            self.saved = self.memory.clone();
        }
        Ok(())
    }
}
