//! For any changes on several machines, in any order of arrival: a rebuild from the journal gives the
//! same rows, all machines show the same, and it equals what the domain computes from all entries.
#![allow(clippy::unwrap_used, reason = "this is a test")]

mod store_fixtures;

use bridgelog::{
    config::Settings,
    domain::{
        entry::{Entry, heads},
        event::Event,
        incident::{Incident, Record, current_state},
        subject::Subject,
        value::{
            Body, Change, NameChange, NameFields, Operation, Person, Service, TextValue,
            UnknownValue, Value,
        },
        words::{Kind, Severity, State},
    },
    ops::{Session, SessionOptions, journal_lines, write_context::Clock},
    store::{OpenOptions, Store},
};
use proptest::prelude::*;
use std::{collections::BTreeMap, path::Path};
use store_fixtures::{StoreFixture, XorShift, dump_read_models, event_at_minute, minute};
use uuid::Uuid;

/// An operation on a machine; the last two numbers select its target from what exists.
type Step = (u8, u8, u16, u16);

const MACHINES: usize = 3;

fn all_entries(store: &Store) -> Vec<Entry> {
    let found = store.read().entries_after(0, usize::MAX).unwrap();
    found.into_iter().map(|(_, entry)| entry).collect()
}

fn pick<T: Clone>(from: &[T], n: u16) -> Option<T> {
    let at = usize::from(n).checked_rem(from.len())?;
    from.get(at).cloned()
}

fn some_event(a: u16, b: u16) -> Event {
    let kinds = [
        Kind::Note,
        Kind::Fault,
        Kind::Mitigate,
        Kind::Restore,
        Kind::Decision,
        Kind::Absorbed,
    ];
    let mut event = event_at_minute(
        i64::from(a % 50),
        pick(&kinds, b).unwrap(),
        &format!("text{a} word{b}"),
    );
    if b.is_multiple_of(3) {
        event.state = pick(&State::ALL, a).map(Into::into);
    }
    if b.is_multiple_of(5) {
        event.services = vec![format!("db{}", a % 3)];
    }
    if b.is_multiple_of(7) {
        event.severity = (Severity::new(u8::try_from(a % 5).unwrap() + 1)).map(Into::into);
    }
    event
}

/// Returns the changes of a step; none if there is no target for it.
fn changes_for_step(
    fixture: &StoreFixture,
    store: &Store,
    (operation, _, a, b): Step,
) -> Vec<Change> {
    let reader = store.read();
    let incidents: Vec<Uuid> = reader
        .incidents()
        .unwrap()
        .iter()
        .map(|row| row.id)
        .collect();
    let incident = if a % 4 == 0 {
        None
    } else {
        pick(&incidents, b)
    };
    let known: Vec<(Subject, Option<Uuid>)> = {
        let mut known: Vec<_> = all_entries(store)
            .iter()
            .filter(|e| matches!(e.header().subject, Subject::Event(_)))
            .map(|e| (e.header().subject.clone(), e.header().incident))
            .collect();
        known.sort();
        known.dedup_by(|a, b| a.0 == b.0);
        known
    };
    let target = pick(&known, a);
    // Changes the target and replaces the heads that this machine knows.
    let change = |operation: Operation,
                  make: &dyn Fn(&Value) -> Value,
                  incident: &dyn Fn(Option<Uuid>) -> Option<Uuid>| {
        let (subject, _) = target.clone()?;
        let (now, _) = reader.subject_state(&subject, None).unwrap()?;
        if matches!(now.value, Value::Unknown(_) | Value::Unreadable(_)) {
            return None;
        }
        let heads = reader.subject_heads(&subject, None).unwrap();
        Some(fixture.new_change(
            incident(now.incident),
            subject,
            heads,
            operation,
            make(&now.value),
        ))
    };
    let stay = |incident: Option<Uuid>| incident;
    match operation % 12 {
        0 => vec![fixture.declare_change(u32::from(a % 9), &format!("outage{b}"))],
        1..=4 => vec![fixture.log_change(incident, some_event(a, b))],
        5 => change(
            Operation::Amend,
            &|_| Value::Event(Box::new(some_event(b, a))),
            &stay,
        )
        .into_iter()
        .collect(),
        6 => change(
            Operation::Retract,
            &|value| match value.event() {
                Some(event) => Value::Event(Box::new(Event {
                    retracted: Some("wrong".into()),
                    ..event.clone()
                })),
                None => Value::Gone,
            },
            &stay,
        )
        .into_iter()
        .collect(),
        // Removed, as by an undo of its first version.
        7 => change(Operation::Undo, &|_| Value::Gone, &stay)
            .into_iter()
            .collect(),
        8 => {
            let to = pick(&incidents, b);
            let goes = change(Operation::Move, &|_| Value::Moved(to), &stay);
            let comes = change(Operation::Move, &Value::clone, &|_| to);
            goes.zip(comes)
                .map(|(goes, mut comes)| {
                    comes.replaces.push(goes.id);
                    vec![goes, comes]
                })
                .unwrap_or_default()
        }
        9 => {
            let names = ["db0", "db1", "db2"];
            let subject = match b % 6 {
                0 => Subject::Section("summary".into()),
                1 => Subject::Field("zone".into()),
                2 | 3 => Subject::Service(names[usize::from(a % 3)].into()),
                4 => Subject::Person("ann".into()),
                _ => Subject::Other("poem/7".into()),
            };
            let text = TextValue {
                text: format!("UTC{a}"),
                ..Default::default()
            };
            let value = match &subject {
                Subject::Section(_) => Value::Section(text),
                Subject::Service(_) | Subject::Person(_) => {
                    let to = names[usize::from(a / 3 % 3)].to_owned();
                    let name_change = match a / 9 % 3 {
                        0 => NameFields::default(),
                        1 => NameFields::from(NameChange::Renamed(to)),
                        _ => NameFields::from(NameChange::Removed(minute(i64::from(b % 60)))),
                    };
                    match &subject {
                        Subject::Person(_) => Value::Person(Person {
                            name_change,
                            ..Person::default()
                        }),
                        _ => Value::Service(Service {
                            name_change,
                            ..Service::default()
                        }),
                    }
                }
                _ => Value::Field(text),
            };
            let heads = reader.subject_heads(&subject, incident).unwrap();
            vec![fixture.new_change(incident, subject, heads, Operation::Amend, value)]
        }
        10 => vec![fixture.log_change(
            incident,
            event_at_minute(
                i64::from(a % 60),
                if b % 2 == 0 {
                    Kind::Resolve
                } else {
                    Kind::Reopen
                },
                "",
            ),
        )],
        _ => {
            let Some((subject, _)) = &target else {
                return vec![];
            };
            let versions = reader.subject_versions(subject, None).unwrap();
            let mut redact = change(Operation::Redact, &|value| value.redact("a secret"), &stay);
            if let Some(redact) = &mut redact {
                redact.body.destroys = versions.iter().map(|v| v.header().id).collect();
            }
            redact.into_iter().collect()
        }
    }
}

/// Sends entries from one store to another, all or only some, in random order.
fn send_entries(from: &Store, to: &mut Store, only_some: bool, rng: &mut XorShift) {
    let mut entries = all_entries(from);
    for at in (1..entries.len()).rev() {
        entries.swap(at, rng.below(at + 1));
    }
    if only_some {
        entries.truncate(entries.len() / 2);
    }
    to.accept(&entries).unwrap();
}

/// Returns the incident that a version of the declaration of `incident`, the one shown before all others, is in or
/// goes to, if that is another one and any of it is here.
fn declared_in(entries: &[Entry], incident: Uuid) -> Option<Uuid> {
    let declaration: Vec<Entry> = entries
        .iter()
        .filter(|entry| entry.header().subject == Subject::Event(incident))
        .cloned()
        .collect();
    let of_head = |index: usize| {
        let head = &declaration[index];
        match Value::from_body(head.body_bytes()) {
            Value::Event(_) => head.header().incident,
            Value::Moved(to) => to,
            _ => None,
        }
    };
    let into = heads(&declaration)
        .into_iter()
        .filter_map(of_head)
        .find(|into| *into != incident)?;
    let is_known = entries.iter().any(|e| e.header().incident == Some(into));
    is_known.then_some(into)
}

/// Returns the incidents that `own` was merged into, one after the other from `own` on, and the one that shows
/// what it has: the last. Those in a circle are merged into the one with the smallest id.
fn follow_merges(entries: &[Entry], own: Uuid) -> (Vec<Uuid>, Uuid) {
    let mut path = vec![own];
    let mut circle = vec![];
    while let Some(next) = declared_in(entries, path[path.len() - 1]) {
        if let Some(at) = path.iter().position(|id| *id == next) {
            circle = path[at..].to_vec();
            break;
        }
        path.push(next);
    }
    if let Some(first) = circle.iter().min().copied() {
        // Into the circle, and on in it up to the first.
        let begin = path.len() - circle.len();
        path.extend(circle);
        let end = (begin..path.len()).find(|at| path[*at] == first).unwrap();
        path.truncate(end + 1);
    }
    let last = path[path.len() - 1];
    (path, last)
}

/// Computes an incident from all entries with [`Incident::assemble`] and [`current`].
fn assemble_incident(entries: &[Entry], id: Uuid, store: &Store) -> Incident {
    let mut subjects: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    let merges: BTreeMap<Uuid, (Vec<Uuid>, Uuid)> = entries
        .iter()
        .filter_map(|entry| entry.header().incident)
        .map(|incident| (incident, follow_merges(entries, incident)))
        .collect();
    for entry in entries {
        let header = entry.header();
        let incident = header.incident.map(|incident| merges[&incident].1);
        subjects
            .entry(header.subject.key(incident))
            .or_default()
            .push(entry.clone());
    }
    let reader = store.read();
    let pieces = subjects
        .values()
        .filter_map(|versions| {
            let mut current = current_state(versions)?;
            current.incident = current.incident.map(|incident| merges[&incident].1);
            // Services of other incidents are left out.
            if current.incident.is_some_and(|incident| incident != id) {
                return None;
            }
            let handle = match current.subject.id() {
                Some(id) => reader.handle_of(id).unwrap(),
                None => String::new(),
            };
            Some((current, handle))
        })
        .collect();
    let heads = reader.chain_heads(Some(id)).unwrap();
    let newest = |with_messages: bool| {
        let own = entries.iter().map(Entry::header).filter(|header| {
            let is_message = matches!(header.subject, Subject::Message(_));
            let passes = |incident: Uuid| merges[&incident].0.contains(&id);
            header.incident.is_some_and(passes) && (with_messages || !is_message)
        });
        own.map(|header| header.recorded).max()
    };
    let all = newest(true).unwrap();
    let mut incident = Incident::assemble(id, reader.handle_of(id).unwrap(), pieces, heads, all);
    // A message changes nothing of what a document is as of; an event of later does.
    let recorded = newest(incident.messages.is_empty()).unwrap_or(all);
    let occurred = incident.active_events().map(|e| e.value.at_utc()).max();
    incident.last_recorded_at = occurred.map_or(recorded, |at| at.max(recorded));
    incident
}

fn assert_machines_equal(kits: &[(StoreFixture, Store)]) {
    let reference = &kits[0].1;
    let entries = all_entries(reference);
    let ids: Vec<Uuid> = {
        let mut ids: Vec<_> = entries.iter().filter_map(|e| e.header().incident).collect();
        ids.sort();
        ids.dedup();
        ids
    };
    for (_, store) in kits {
        let reader = store.read();
        let mine: BTreeMap<Uuid, Entry> = all_entries(store)
            .into_iter()
            .map(|e| (e.header().id, e))
            .collect();
        let theirs: BTreeMap<Uuid, Entry> =
            entries.iter().map(|e| (e.header().id, e.clone())).collect();
        assert_eq!(mine, theirs, "equal journals");
        assert_eq!(
            reader.incidents().unwrap(),
            reference.read().incidents().unwrap()
        );
        assert_eq!(
            reader.unfiled_events(None, 1000).unwrap(),
            reference.read().unfiled_events(None, 1000).unwrap()
        );
        for id in &ids {
            let stored = reader.incident(*id).unwrap().unwrap();
            assert_eq!(stored, assemble_incident(&entries, *id, store), "the fold");
            let mut page = reader.oldest_events(Some(*id), 1000, None).unwrap();
            assert_eq!(page, stored.events, "the timeline");
            page.retain(Record::is_active);
            let row = reader.incident_row(*id).unwrap().unwrap();
            assert_eq!(row.event_count, page.len() as u64);
            assert_eq!(row.severity, stored.severity());
            assert_eq!(row.zone, stored.zone(), "zone");
        }
        let report = store.verify().unwrap();
        assert!(report.is_clean(), "{:#?}", report.findings);
    }
}

fn run_history(steps: &[Step], seed: u64) {
    let mut rng = XorShift(seed | 1);
    // One source of ids for all machines, so that ids never collide.
    let source = StoreFixture::new();
    let mut machines: Vec<(StoreFixture, Store)> = (0..MACHINES)
        .map(|_| {
            let fixture = StoreFixture::new();
            let store = fixture.open();
            (fixture, store)
        })
        .collect();
    for step in steps {
        let machine = usize::from(step.1) % MACHINES;
        let mut changes = changes_for_step(&source, &machines[machine].1, *step);
        // The machines' clocks are wrong.
        for change in &mut changes {
            change.recorded = minute(i64::try_from(rng.below(60)).unwrap());
        }
        machines[machine].1.append(&changes).unwrap();
        if step.3 % 6 == 0 {
            let to = (machine + 1 + usize::from(step.2) % (MACHINES - 1)) % MACHINES;
            let (from, to) = if machine < to {
                let (low, high) = machines.split_at_mut(to);
                (&low[machine].1, &mut high[0].1)
            } else {
                let (low, high) = machines.split_at_mut(machine);
                (&high[0].1, &mut low[to].1)
            };
            send_entries(from, to, step.3 % 12 == 0, &mut rng);
        }
    }
    for _ in 0..2 {
        for from in 0..MACHINES {
            let to = (from + 1) % MACHINES;
            let entries = all_entries(&machines[from].1);
            let mut shuffled = entries.clone();
            for at in (1..shuffled.len()).rev() {
                shuffled.swap(at, rng.below(at + 1));
            }
            machines[to].1.accept(&shuffled).unwrap();
        }
    }
    assert_machines_equal(&machines);
    for (fixture, store) in &mut machines {
        let before = dump_read_models(&fixture.path());
        store.rebuild().unwrap();
        assert_eq!(dump_read_models(&fixture.path()), before, "a rebuild");
    }
    assert_machines_equal(&machines);
    assert_export_is_lossless(&machines[0].0.path());
}

fn open_session(path: &Path) -> Session {
    Session::open(SessionOptions {
        path: path.to_owned(),
        store: OpenOptions::default(),
        author: "jw".into(),
        terminal_session: None,
        clock: Clock::System,
        seed: None,
        default_zone: None,
        default_incident: None,
        settings: Settings::default(),
    })
    .unwrap()
}

fn export(path: &Path) -> String {
    let mut lines = String::new();
    let count = journal_lines::export(&open_session(path), &[], &mut |line| {
        lines += line;
        lines.push('\n');
        Ok(())
    })
    .unwrap();
    assert_eq!(count.written, lines.lines().count());
    lines
}

/// The journal, exported and imported into an empty store, gives the same lines, hashes and rows.
fn assert_export_is_lossless(path: &Path) {
    let lines = export(path);
    let copy = StoreFixture::new();
    let mut session = open_session(&copy.path());
    let count = lines.lines().count();
    for new in [count, 0] {
        let imported = journal_lines::import(&mut session, &mut lines.as_bytes()).unwrap();
        assert_eq!((imported.read, imported.new), (count, new));
    }
    assert!(session.store.verify().unwrap().is_clean());
    assert_eq!(export(&copy.path()), lines);
    let (original, heads) = (open_session(path), |session: &Session| {
        let read = session.store.read();
        let mut heads = read.chain_heads(None).unwrap();
        for row in read.incidents().unwrap() {
            heads.extend(read.chain_heads(Some(row.id)).unwrap());
        }
        heads
    });
    assert_eq!(heads(&session), heads(&original));
    assert_eq!(dump_read_models(&copy.path()), dump_read_models(path));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn machines_converge_for_any_history_and_order(
        steps in proptest::collection::vec(any::<Step>(), 1..40),
        seed in any::<u64>(),
    ) {
        run_history(&steps, seed);
    }
}

#[test]
fn forked_chain_keeps_both_branches_and_is_reported() {
    let fixture = StoreFixture::new();
    let mut store = fixture.open();
    store
        .append(&[fixture.log_change(None, event_at_minute(1, Kind::Note, "before"))])
        .unwrap();
    // The same origin writes in two places: possible only if the file is copied under a running program.
    let twin_fixture = StoreFixture::new();
    let mut twin = twin_fixture.open();
    let first = all_entries(&store)[0].clone();
    twin.accept(std::slice::from_ref(&first)).unwrap();
    let ours = fixture.log_change(None, event_at_minute(2, Kind::Note, "here"));
    let theirs = fixture.log_change(None, event_at_minute(3, Kind::Note, "there"));
    store.append(&[ours]).unwrap();
    let forked = Entry::from_change(&theirs, first.head()).unwrap();
    assert_eq!(store.accept(&[forked]).unwrap(), 1);
    assert_eq!(store.read().unfiled_events(None, 9).unwrap().len(), 3);
    let report = store.verify().unwrap();
    assert_eq!(report.total_findings, 1);
    assert!(report.findings[0].to_string().contains("all bear number 2"));
    // The store accepts further entries.
    store
        .append(&[fixture.log_change(None, event_at_minute(4, Kind::Note, "after"))])
        .unwrap();
    assert_eq!(store.verify().unwrap().total_findings, 1);
}

#[test]
fn accept_rejects_same_id_with_different_bytes() {
    let fixture = StoreFixture::new();
    let mut store = fixture.open();
    let change = fixture.log_change(None, event_at_minute(1, Kind::Note, "true"));
    let entry = store
        .append(std::slice::from_ref(&change))
        .unwrap()
        .remove(0);
    let mut forged = change;
    forged.body = Body::new(
        Operation::Log,
        Value::Event(Box::new(event_at_minute(1, Kind::Note, "false"))),
    );
    let forged = Entry::from_change(
        &forged,
        bridgelog::domain::entry::ChainHead {
            origin: store.origin(),
            seq: 0,
            hash: None,
        },
    )
    .unwrap();
    assert!(matches!(
        store.accept(&[forged]),
        Err(bridgelog::store::StoreError::EntryMismatch(id)) if id == entry.header().id
    ));
    assert_eq!(store.accept(&[entry]).unwrap(), 0);
}

#[test]
fn entries_of_newer_versions_are_preserved_unchanged() {
    let fixture = StoreFixture::new();
    let mut store = fixture.open();
    let line = {
        let change = fixture.new_change(
            None,
            Subject::Other("poem/7".into()),
            vec![],
            Operation::Other("recite".into()),
            Value::Gone,
        );
        let origin = Uuid::from_u128(77);
        let entry = Entry::from_change(
            &change,
            bridgelog::domain::entry::ChainHead {
                origin,
                seq: 0,
                hash: None,
            },
        )
        .unwrap();
        let body = entry
            .body_bytes()
            .unwrap()
            .replace("\"type\":\"gone\"", "\"type\":\"poem\",\"metre\":[[[5]]]");
        let header = entry.header_bytes().replace("\"v\":1", "\"v\":9").replace(
            &entry.header().body.to_string(),
            &bridgelog::domain::hash::Hash::digest(body.as_bytes()).to_string(),
        );
        format!("{{\"header\":{header},\"body\":{body}}}")
    };
    let entry = Entry::parse(&line).unwrap();
    store.accept(&[entry]).unwrap();
    assert_eq!(all_entries(&store)[0].to_line(), line);
    let (current, _) = store
        .read()
        .subject_state(&Subject::Other("poem/7".into()), None)
        .unwrap()
        .unwrap();
    assert_eq!(
        current.value,
        Value::Unknown(UnknownValue {
            type_: "poem".into(),
            json: "{}".into()
        })
    );
    assert_eq!(current.recorded, minute(2));
    assert!(store.verify().unwrap().is_clean());
}

#[test]
fn incremental_summary_matches_full_rebuild() {
    for seed in 1..6 {
        let (fixture, mut rng) = (StoreFixture::new(), XorShift(seed * 7919));
        let mut store = fixture.open();
        let declared = fixture.declare_change(1, "it broke");
        let id = declared.id;
        store.append(&[declared]).unwrap();
        for step in 0..60 {
            let roll = |n: usize, rng: &mut XorShift| u16::try_from(rng.below(n)).unwrap();
            let (a, b) = (roll(60, &mut rng), roll(420, &mut rng));
            let mut event = some_event(a, b);
            // Mostly the newest, sometimes at the same time as another or earlier.
            let number = match rng.below(12) {
                0 => step - i64::from(a % 9),
                _ => step,
            };
            event.at = minute(number + 1).fixed_offset();
            if b % 4 == 1 {
                event.services.push(format!("web{}", a % 2));
            }
            if b % 11 == 0 {
                event.commander = Some(format!("w{a}"));
            }
            store
                .append(&[fixture.log_change(Some(id), event)])
                .unwrap();
            let report = store.verify().unwrap();
            assert!(report.is_clean(), "{step}: {:#?}", report.findings);
        }
    }
}

/// More incidents than the store keeps in memory until the end of a stream, whatever the order: each entry
/// arrives after those that follow it.
#[test]
fn journal_of_very_many_incidents_gives_the_same_store_in_any_order() {
    const INCIDENTS: u32 = 10_050;
    let kit = StoreFixture::new();
    let mut changes = Vec::new();
    for number in 1..=INCIDENTS {
        let declared = kit.declare_change(number, &format!("outage {number}"));
        let minute = i64::from(number % 500);
        let mut down = event_at_minute(minute, Kind::Fault, "it is down @db");
        (down.state, down.services) = (Some(State::Down.into()), vec!["db".into()]);
        let down = kit.log_change(declared.incident, down);
        let amended = (number % 10 == 0).then(|| {
            let event = event_at_minute(minute + 1, Kind::Fault, "it was down earlier");
            kit.amend_change(&down, vec![down.id], event)
        });
        changes.extend([declared, down].into_iter().chain(amended));
    }
    let mut store = kit.open();
    store.append(&changes).unwrap();
    let lines = export(&kit.path());
    let (ordinary, reversed) = (StoreFixture::new(), StoreFixture::new());
    let mut in_order = ordinary.open();
    for piece in all_entries(&store).chunks(1000) {
        in_order.accept(piece).unwrap();
    }
    let (mut declarations, mut others) = (Vec::new(), Vec::new());
    for line in lines.lines().rev() {
        match line.contains("\"kind\":\"declare\"") {
            true => declarations.push(line),
            false => others.push(line),
        }
    }
    assert_eq!(declarations.len(), INCIDENTS as usize);
    let text = [others, declarations].concat().join("\n");
    let mut session = open_session(&reversed.path());
    let imported = journal_lines::import(&mut session, &mut text.as_bytes()).unwrap();
    assert_eq!(
        (imported.read, imported.new),
        (changes.len(), changes.len())
    );
    let rows = session.store.read().incidents().unwrap();
    assert_eq!(rows.len(), INCIDENTS as usize);
    assert_eq!(rows, in_order.read().incidents().unwrap());
    // An export has the order of arrival.
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort_unstable();
        lines
    };
    assert!(sorted(&export(&reversed.path())) == sorted(&lines));
    assert!(session.store.verify().unwrap().is_clean());
    let before = dump_read_models(&reversed.path());
    session.store.rebuild().unwrap();
    assert!(dump_read_models(&reversed.path()) == before, "a rebuild");
}

#[test]
fn import_takes_every_line_or_none() {
    let kit = StoreFixture::new();
    let mut store = kit.open();
    let declared = kit.declare_change(1, "outage");
    store.append(std::slice::from_ref(&declared)).unwrap();
    for n in 0..3 {
        let event = event_at_minute(n, Kind::Note, &format!("event {n}"));
        store
            .append(&[kit.log_change(declared.incident, event)])
            .unwrap();
    }
    drop(store);
    let lines = export(&kit.path());
    let import = |text: &[u8]| {
        let copy = StoreFixture::new();
        let mut session = open_session(&copy.path());
        let result = journal_lines::import(&mut session, &mut &*text).map_err(|e| e.full_message());
        (result, session.store.read().entry_count().unwrap())
    };
    for (broken, place) in [
        (lines.replace("event 1", "event !"), "line 3:"),
        (lines.replacen("{\"header\"", "{\"hedaer\"", 1), "line 1:"),
        (format!("{lines}\n\n{{"), "line 7:"),
        (lines.replace("\"seq\":2", "\"seq\":0"), "line 2:"),
    ] {
        let (result, count) = import(broken.as_bytes());
        let error = result.unwrap_err();
        assert!(error.starts_with(place), "{error}");
        assert_eq!(count, 0, "{error}");
    }
    let (result, _) = import(b"\xff\xfe");
    assert!(result.unwrap_err().starts_with("line 1: it is not UTF-8"));
    // A byte order mark, empty lines and the line ends of Windows are no matter.
    let foreign = format!("\u{feff}{}\r\n", lines.replace('\n', "\r\n\r\n"));
    let (result, count) = import(foreign.as_bytes());
    assert_eq!((result.unwrap().new, count), (4, 4));
}
