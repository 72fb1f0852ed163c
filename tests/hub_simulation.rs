//! A simulation of machines that meet at a hub, where anything may fail at any moment: replies are lost, commits
//! come late, processes are killed between two steps, machines are copied and restored, hubs wiped and restored.
//! In the end, once all works, every journal holds every entry that any of them held.
//!
//! `BRIDGELOG_SIMULATIONS=100000 cargo test --release --test hub_simulation` runs as many seeds.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

mod common;

use bridgelog::{
    domain::{
        entry::Entry,
        time::{UtcTime, parse_utc},
    },
    hub::{
        Cursor, Held, Hub, HubError, HubErrorKind, Look, Page, Presence, Redaction, Written,
        replica::{Accepted, Memory, Outgoing, Replica},
        sync::sync,
    },
};
use common::entries::{empty_chain, note};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};
use uuid::Uuid;

const SEEDS: u64 = 2_000;
const STEPS: u64 = 60;
const MACHINES: u64 = 3;
/// A batch of the simulation ends after so many entries, so that there are several.
const BATCH: usize = 3;

/// A small generator (xorshift64*), so that a seed is a run.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 33) % n
    }

    fn uuid(&mut self) -> Uuid {
        Uuid::from_u64_pair(self.next(), self.next())
    }
}

/// What may go wrong, and how often: once in so many calls; 0 is never.
struct Faults {
    random: Random,
    once_in: u64,
}

impl Faults {
    fn strike(&mut self) -> bool {
        self.once_in > 0 && self.random.below(self.once_in) == 0
    }
}

#[derive(Debug)]
struct Killed;

impl std::fmt::Display for Killed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("killed")
    }
}

impl std::error::Error for Killed {}

/// The entries of a batch, with the id of the batch.
type Batch = (Uuid, Vec<Uuid>);

/// What is committed at the hub, and what will be.
#[derive(Clone, Default)]
struct HubState {
    entries: BTreeMap<Uuid, Entry>,
    batches: BTreeMap<(Uuid, u64), Batch>,
    destroyed: BTreeSet<Uuid>,
    /// A transaction that is open: its writer does not know whether it will be committed.
    open: Option<(Uuid, u64, Uuid, Vec<Entry>)>,
}

impl HubState {
    fn commit(&mut self, writer: Uuid, number: u64, id: Uuid, entries: Vec<Entry>) -> Vec<Held> {
        let mut already = Vec::new();
        let mut new = Vec::new();
        for entry in entries {
            if let Some(there) = self.entries.get(&entry.header().id) {
                already.push(held(there));
                continue;
            }
            new.push(entry.header().id);
            self.destroyed.extend(entry.destroys());
            self.entries.insert(entry.header().id, entry);
        }
        self.batches.insert((writer, number), (id, new));
        self.destroy();
        already
    }

    fn destroy(&mut self) {
        for id in &self.destroyed {
            if let Some(entry) = self.entries.get_mut(id) {
                *entry = without_body(entry);
            }
        }
    }

    /// Ends the open transaction one way or the other.
    fn end_open(&mut self, committed: bool) {
        if let Some((writer, number, id, entries)) = self.open.take()
            && committed
        {
            self.commit(writer, number, id, entries);
        }
    }

    fn last(&self, writer: Uuid) -> u64 {
        let mut batches = self.batches.range((writer, 0)..=(writer, u64::MAX));
        batches.next_back().map_or(0, |((_, number), _)| *number)
    }
}

fn held(entry: &Entry) -> Held {
    Held {
        id: entry.header().id,
        hash: entry.hash(),
        has_body: entry.body_bytes().is_some(),
    }
}

fn without_body(entry: &Entry) -> Entry {
    Entry::from_stored(entry.header_bytes().to_owned(), None).unwrap()
}

struct SimulatedHub<'a> {
    state: Rc<RefCell<HubState>>,
    faults: &'a mut Faults,
}

impl SimulatedHub<'_> {
    fn reach(&mut self) -> Result<(), HubError> {
        match self.faults.strike() {
            true => Err(HubError::new(HubErrorKind::Unreachable, "no reply")),
            false => Ok(()),
        }
    }
}

impl Hub for SimulatedHub<'_> {
    fn key(&self) -> &'static str {
        "hub"
    }

    fn name(&self) -> &'static str {
        "the hub"
    }

    fn look(&mut self, known: &[Cursor]) -> Result<Look, HubError> {
        self.reach()?;
        let state = self.state.borrow();
        let mut look = Look::default();
        for cursor in known {
            let batch = state
                .batches
                .get(&(cursor.source.parse().unwrap(), cursor.position));
            if batch.is_none_or(|(id, _)| id.to_string() != cursor.mark) {
                look.replaced.push(cursor.source.clone());
            }
        }
        look.has_new = state
            .batches
            .keys()
            .any(|(writer, number)| *number > position(known, *writer));
        Ok(look)
    }

    fn read(&mut self, known: &[Cursor]) -> Result<Page, HubError> {
        self.reach()?;
        let state = self.state.borrow();
        let mut new = state
            .batches
            .iter()
            .filter(|((writer, number), _)| *number > position(known, *writer));
        let mut page = Page::default();
        if let Some(((writer, number), (id, entries))) = new.next() {
            page.entries = entries.iter().map(|id| state.entries[id].clone()).collect();
            page.cursors.push(Cursor {
                source: writer.to_string(),
                position: *number,
                mark: id.to_string(),
            });
            page.more = new.next().is_some();
        }
        Ok(page)
    }

    fn held(&mut self, ids: &[Uuid]) -> Result<Vec<Held>, HubError> {
        self.reach()?;
        let state = self.state.borrow();
        Ok(ids
            .iter()
            .filter_map(|id| state.entries.get(id).map(held))
            .collect())
    }

    fn write(
        &mut self,
        writer: Uuid,
        after: Option<&Cursor>,
        entries: &[Entry],
    ) -> Result<Written, HubError> {
        self.reach()?;
        let mut state = self.state.borrow_mut();
        let number = after.map_or(0, |cursor| cursor.position) + 1;
        let known = after.is_none_or(|cursor| {
            state
                .batches
                .get(&(writer, cursor.position))
                .is_some_and(|(id, _)| id.to_string() == cursor.mark)
        });
        if !known || state.last(writer) >= number {
            return Err(HubError::new(HubErrorKind::Behind, "behind"));
        }
        if let Some((open, open_number, ..)) = &state.open
            && (*open, *open_number) == (writer, number)
        {
            // It would wait for the open transaction.
            return Err(HubError::new(HubErrorKind::Unreachable, "timeout"));
        }
        let id = self.faults.random.uuid();
        if state.open.is_none() && self.faults.strike() {
            // The reply is lost, and the commit comes late.
            state.open = Some((writer, number, id, entries.to_vec()));
            return Err(HubError::new(HubErrorKind::Unreachable, "no reply"));
        }
        let already = state.commit(writer, number, id, entries.to_vec());
        drop(state);
        // Committed, and the reply is lost.
        self.reach()?;
        Ok(Written {
            cursor: Cursor {
                source: writer.to_string(),
                position: number,
                mark: id.to_string(),
            },
            already,
        })
    }

    fn redact(&mut self, _: Uuid, redactions: &[Redaction]) -> Result<Vec<String>, HubError> {
        self.reach()?;
        let mut state = self.state.borrow_mut();
        for redaction in redactions {
            state.destroyed.extend(&redaction.destroys);
        }
        state.destroy();
        Ok(Vec::new())
    }

    fn announce(&mut self, _: &Presence) -> Result<(), HubError> {
        Ok(())
    }

    fn present(&mut self, _: UtcTime, _: u32) -> Result<Vec<Presence>, HubError> {
        Ok(Vec::new())
    }
}

fn position(known: &[Cursor], writer: Uuid) -> u64 {
    let source = writer.to_string();
    known
        .iter()
        .find(|cursor| cursor.source == source)
        .map_or(0, |cursor| cursor.position)
}

/// The database of a machine.
#[derive(Clone)]
struct Database {
    writer: Uuid,
    /// In the order in which they came.
    entries: Vec<Entry>,
    destroyed: BTreeSet<Uuid>,
    memory: Memory,
}

impl Database {
    fn new(writer: Uuid) -> Self {
        Self {
            writer,
            entries: Vec::new(),
            destroyed: BTreeSet::new(),
            memory: Memory::default(),
        }
    }

    fn ids(&self) -> BTreeSet<Uuid> {
        self.entries.iter().map(|entry| entry.header().id).collect()
    }

    fn find(&self, id: Uuid) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.header().id == id)
    }

    fn append(&mut self, random: &mut Random) -> Uuid {
        let own = self
            .entries
            .iter()
            .filter(|entry| entry.header().origin == self.writer);
        let head = own
            .max_by_key(|entry| entry.header().seq)
            .map_or(empty_chain(self.writer), Entry::head);
        let id = random.uuid();
        let mut destroys = Vec::new();
        if !self.entries.is_empty() && random.below(6) == 0 {
            let victim = usize::try_from(random.below(self.entries.len() as u64)).unwrap();
            let victim = &self.entries[victim];
            if victim.destroys().is_empty() && victim.body_bytes().is_some() {
                destroys = vec![victim.header().id];
            }
        }
        self.insert(&note(id, head, "x", destroys));
        id
    }

    fn insert(&mut self, entry: &Entry) {
        self.destroyed.extend(entry.destroys());
        self.entries.push(entry.clone());
        for entry in &mut self.entries {
            if self.destroyed.contains(&entry.header().id) && entry.body_bytes().is_some() {
                *entry = without_body(entry);
            }
        }
    }
}

/// A process of a machine, which may be killed before or after any commit.
struct Process<'a> {
    database: &'a mut Database,
    faults: &'a RefCell<Faults>,
    new_origins: &'a mut Random,
}

impl Process<'_> {
    fn live(&self) -> Result<(), Killed> {
        match self.faults.borrow_mut().strike() {
            true => Err(Killed),
            false => Ok(()),
        }
    }
}

impl Replica for Process<'_> {
    type Error = Killed;

    fn writer(&mut self) -> Result<Uuid, Killed> {
        Ok(self.database.writer)
    }

    fn memory(&self, _: &str) -> Result<Memory, Killed> {
        Ok(self.database.memory.clone())
    }

    fn remember(&mut self, _: &str, memory: &Memory) -> Result<(), Killed> {
        self.live()?;
        self.database.memory = memory.clone();
        self.live()
    }

    fn accept(&mut self, _: &str, memory: &mut Memory, page: &Page) -> Result<Accepted, Killed> {
        self.live()?;
        let before = self.database.entries.len();
        let mut accepted = Accepted::default();
        for entry in &page.entries {
            let header = entry.header();
            if self.database.find(header.id).is_some() {
                continue;
            }
            accepted.new += 1;
            accepted.own += usize::from(header.origin == self.database.writer);
            if entry.body_bytes().is_some() && self.database.destroyed.contains(&header.id) {
                accepted.destroyed.insert(header.id);
            }
            let destroys = entry.destroys();
            if !destroys.is_empty() {
                accepted.redactions.push(Redaction {
                    id: header.id,
                    destroys,
                });
            }
            self.database.insert(entry);
        }
        memory.move_cursors(&page.cursors);
        if memory.sent == i64::try_from(before).unwrap() {
            memory.sent = i64::try_from(self.database.entries.len()).unwrap();
        }
        self.database.memory = memory.clone();
        self.live()?;
        Ok(accepted)
    }

    fn count_new(&self, entries: &[Entry]) -> Result<usize, Killed> {
        Ok(entries
            .iter()
            .filter(|entry| self.database.find(entry.header().id).is_none())
            .count())
    }

    fn outgoing(&self, after: i64, _: usize) -> Result<Outgoing, Killed> {
        let start = usize::try_from(after).unwrap();
        let end = (start + BATCH).min(self.database.entries.len());
        Ok(Outgoing {
            entries: self.database.entries[start..end].to_vec(),
            up_to: i64::try_from(end).unwrap(),
            is_last: end == self.database.entries.len(),
            ..Outgoing::default()
        })
    }

    fn private_incidents(&self) -> Result<BTreeSet<Uuid>, Killed> {
        Ok(BTreeSet::new())
    }

    fn before_incident(&self, _: Uuid) -> Result<i64, Killed> {
        Ok(0)
    }

    fn redactions_of(&self, ids: &BTreeSet<Uuid>) -> Result<Vec<Redaction>, Killed> {
        let all = self.database.entries.iter().map(|entry| Redaction {
            id: entry.header().id,
            destroys: entry.destroys(),
        });
        Ok(all
            .filter(|redaction| redaction.destroys.iter().any(|id| ids.contains(id)))
            .collect())
    }

    fn redactions(&self, redactions: &BTreeSet<Uuid>) -> Result<Vec<Redaction>, Killed> {
        let entries = redactions.iter().filter_map(|id| self.database.find(*id));
        Ok(entries
            .map(|entry| Redaction {
                id: entry.header().id,
                destroys: entry.destroys(),
            })
            .collect())
    }

    fn begin_new_origin(&mut self) -> Result<Uuid, Killed> {
        self.live()?;
        self.database.writer = self.new_origins.uuid();
        self.live()?;
        Ok(self.database.writer)
    }
}

/// How often each thing happened in all seeds.
#[derive(Default, Debug)]
struct Counts {
    syncs: u64,
    failed: u64,
    new_origins: u64,
    went_back: u64,
    redactions: u64,
}

struct World {
    random: Random,
    hub: Rc<RefCell<HubState>>,
    machines: Vec<Database>,
}

impl World {
    fn sync(&mut self, machine: usize, once_in: u64, is_last: bool, counts: &mut Counts) {
        let mut hub_faults = Faults {
            random: Random::new(self.random.next()),
            once_in,
        };
        let faults = RefCell::new(Faults {
            random: Random::new(self.random.next()),
            once_in: once_in * 2,
        });
        let mut hub = SimulatedHub {
            state: Rc::clone(&self.hub),
            faults: &mut hub_faults,
        };
        let before = self.machines[machine].ids();
        let mut process = Process {
            database: &mut self.machines[machine],
            faults: &faults,
            new_origins: &mut self.random,
        };
        let now = parse_utc("2012-08-16T15:00:00Z").unwrap();
        counts.syncs += 1;
        match sync(&mut process, &mut hub, now) {
            Ok(report) => {
                counts.new_origins += u64::from(report.new_origin.is_some());
                counts.went_back += u64::from(report.hub_went_back);
                counts.redactions += report.received.redactions as u64;
                let done = report.receiving.and(report.sending);
                if let (true, Err(error)) = (is_last, done) {
                    panic!("a sync fails where nothing fails: {error}");
                }
            }
            Err(error) => {
                assert!(!is_last, "a sync fails where nothing fails: {error}");
                counts.failed += 1;
            }
        }
        assert!(
            before.is_subset(&self.machines[machine].ids()),
            "an entry was lost"
        );
    }
}

fn run(seed: u64, counts: &mut Counts) {
    let mut random = Random::new(seed);
    let machines = (0..MACHINES)
        .map(|_| Database::new(random.uuid()))
        .collect();
    let mut world = World {
        random,
        hub: Rc::default(),
        machines,
    };
    let mut hub_backup = HubState::default();
    let mut backups: Vec<Database> = world.machines.clone();
    for _ in 0..STEPS {
        let machine = usize::try_from(world.random.below(MACHINES)).unwrap();
        match world.random.below(40) {
            0 => {
                let id = world.random.uuid();
                // A copy is another file, and so another writer.
                let source = usize::try_from(world.random.below(MACHINES)).unwrap();
                world.machines[machine] = Database {
                    writer: id,
                    ..world.machines[source].clone()
                };
            }
            1 | 2 => backups[machine] = world.machines[machine].clone(),
            3 => world.machines[machine] = backups[machine].clone(),
            4 => hub_backup = world.hub.borrow().clone(),
            5 => {
                let mut state = hub_backup.clone();
                state.open = None;
                *world.hub.borrow_mut() = state;
            }
            6 => *world.hub.borrow_mut() = HubState::default(),
            7..=9 => {
                let committed = world.random.below(3) > 0;
                world.hub.borrow_mut().end_open(committed);
            }
            10..=24 => {
                let database = &mut world.machines[machine];
                database.append(&mut world.random);
            }
            _ => {
                let once_in = [0, 4, 8, 20][usize::try_from(world.random.below(4)).unwrap()];
                world.sync(machine, once_in, false, counts);
            }
        }
    }
    let committed = world.random.below(2) == 0;
    world.hub.borrow_mut().end_open(committed);
    let mut all: BTreeSet<Uuid> = world.hub.borrow().entries.keys().copied().collect();
    let mut destroyed: BTreeSet<Uuid> = BTreeSet::new();
    for machine in &world.machines {
        all.extend(machine.ids());
        destroyed.extend(&machine.destroyed);
    }
    for _ in 0..3 {
        for machine in 0..world.machines.len() {
            world.sync(machine, 0, true, counts);
        }
    }
    for (number, machine) in world.machines.iter().enumerate() {
        assert_eq!(
            machine.ids(),
            all,
            "seed {seed}: machine {number} lacks entries"
        );
        for id in &destroyed {
            if let Some(entry) = machine.find(*id) {
                assert!(
                    entry.body_bytes().is_none(),
                    "seed {seed}: a redacted text came back"
                );
            }
        }
    }
    let hub = world.hub.borrow();
    assert_eq!(
        hub.entries.keys().copied().collect::<BTreeSet<_>>(),
        all,
        "seed {seed}: the hub lacks entries"
    );
    for id in &destroyed {
        if let Some(entry) = hub.entries.get(id) {
            assert!(
                entry.body_bytes().is_none(),
                "seed {seed}: the hub holds a redacted text"
            );
        }
    }
}

#[test]
fn journals_become_equal_whatever_fails() {
    let seeds = std::env::var("BRIDGELOG_SIMULATIONS")
        .ok()
        .and_then(|seeds| seeds.parse().ok())
        .unwrap_or(SEEDS);
    let mut counts = Counts::default();
    for seed in 1..=seeds {
        run(seed, &mut counts);
    }
    eprintln!("{seeds} seeds: {counts:?}");
    // A simulation in which nothing happens proves nothing.
    assert!(
        counts.failed > 0
            && counts.new_origins > 0
            && counts.went_back > 0
            && counts.redactions > 0
    );
}
