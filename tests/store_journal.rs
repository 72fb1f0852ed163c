//! Entries, read models, handles and search return what was appended.

#![allow(clippy::unwrap_used, reason = "this is a test")]

mod store_fixtures;

use bridgelog::{
    domain::{
        handle,
        subject::Subject,
        value::{Body, Operation, Value},
        words::{Kind, State},
    },
    store::{SearchOptions, StoreError},
};
use std::collections::HashMap;
use store_fixtures::{StoreFixture, event_at_minute, minute};
use uuid::Uuid;

#[test]
fn gap_search_works_in_both_directions() {
    let fixture = StoreFixture::new();
    let mut store = fixture.open();
    let changes: Vec<_> = [0, 5, 10, 40, 45, 90]
        .map(|minute| fixture.log_change(None, event_at_minute(minute, Kind::Note, "x")))
        .into();
    store.append(&changes).unwrap();
    let gap = |from: i64, forward| {
        let found =
            store
                .read()
                .find_gap(None, minute(from), forward, chrono::Duration::minutes(20));
        found.unwrap()
    };
    assert_eq!(gap(0, true), Some((minute(10), minute(40))));
    assert_eq!(gap(10, true), Some((minute(10), minute(40))));
    assert_eq!(gap(40, true), Some((minute(45), minute(90))));
    assert_eq!(gap(90, true), None);
    assert_eq!(gap(90, false), Some((minute(10), minute(40))));
    assert_eq!(gap(45, false), Some((minute(10), minute(40))));
    // Minute 40 is already the end of that gap.
    assert_eq!(gap(40, false), None);
    assert_eq!(gap(0, false), None);
}

#[test]
fn entries_persist_after_reopening() {
    let fixture = StoreFixture::new();
    let mut store = fixture.open();
    let declared = fixture.declare_change(1, "AVR Online outage");
    let incident = declared.id;
    let first = store.append(std::slice::from_ref(&declared)).unwrap();
    assert_eq!(first[0].header().seq, 1);
    assert_eq!(first[0].header().prev, None);
    let note = fixture.log_change(
        Some(incident),
        event_at_minute(10, Kind::Fault, "disk controller halted"),
    );
    let second = store.append(std::slice::from_ref(&note)).unwrap();
    assert_eq!(second[0].header().seq, 2);
    assert_eq!(second[0].header().prev, Some(first[0].hash()));
    assert!(store.verify().unwrap().is_clean());
    drop(store);

    let store = fixture.open();
    let reader = store.read();
    let incident_read = reader.incident(incident).unwrap().unwrap();
    assert_eq!(incident_read.title(), "AVR Online outage");
    assert_eq!(incident_read.events.len(), 2);
    assert_eq!(incident_read.entry_count, 2);
    let row = &reader.open_incidents().unwrap()[0];
    assert_eq!(
        (row.number, row.event_count, row.is_open),
        (Some(1), 2, true)
    );
    assert_eq!(row.handle, incident_read.handle);
    assert_eq!(reader.next_number().unwrap(), 2);
    let found = reader
        .find_by_handle(&incident_read.events[1].handle)
        .unwrap();
    assert_eq!(found[0].id, note.id);
    let hits = reader
        .search("controller ha", &SearchOptions::default())
        .unwrap();
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0].handle, incident_read.events[1].handle);
}

#[test]
fn append_same_id_is_idempotent_or_rejected() {
    let fixture = StoreFixture::new();
    let mut store = fixture.open();
    let change = fixture.log_change(None, event_at_minute(1, Kind::Note, "once"));
    let first = store.append(std::slice::from_ref(&change)).unwrap();
    let retried = store.append(std::slice::from_ref(&change)).unwrap();
    assert_eq!(first, retried);
    let mut other = change.clone();
    other.body = Body::new(
        Operation::Log,
        Value::Event(Box::new(event_at_minute(1, Kind::Note, "twice"))),
    );
    assert!(matches!(store.append(&[other]), Err(StoreError::IdTaken(id)) if id == change.id));
    assert_eq!(store.read().unfiled_events(None, 10).unwrap().len(), 1);
}

#[test]
fn many_changes_at_once_are_appended_as_one_by_one() {
    let fixture = StoreFixture::new();
    let mut store = fixture.open();
    let declared = [1, 2].map(|number| fixture.declare_change(number, "x"));
    store.append(&declared).unwrap();
    let changes: Vec<_> = (0..2_500_i64)
        .map(|n| {
            let incident = [Some(declared[0].id), Some(declared[1].id), None][n as usize % 3];
            fixture.log_change(
                incident,
                event_at_minute(n, Kind::Note, &format!("word{n}")),
            )
        })
        .collect();
    let entries = store.append(&changes).unwrap();
    assert_eq!(entries.len(), changes.len());
    for (change, entry) in changes.iter().zip(&entries) {
        assert_eq!(
            (entry.header().id, entry.header().incident),
            (change.id, change.incident)
        );
    }
    assert_eq!(entries[3].header().prev, Some(entries[0].hash()));
    assert!(store.verify().unwrap().is_clean());
    let found = |text: &str| {
        store
            .read()
            .search(text, &SearchOptions::default())
            .unwrap()
            .len()
    };
    assert_eq!((found("word2499"), found("word2500")), (1, 0));

    // A retry gives what is there.
    assert_eq!(store.append(&changes).unwrap(), entries);
    // One that is refused takes all of them back.
    let mut refused: Vec<_> = (0..1_500)
        .map(|n| fixture.log_change(None, event_at_minute(n, Kind::Note, "refused")))
        .collect();
    refused[700].recorded = chrono::DateTime::from_timestamp(-1, 0).unwrap();
    assert!(store.append(&refused).is_err());
    refused[700] = refused[3].clone();
    refused[700].body.terminal_session = Some("0".repeat(32));
    assert!(matches!(
        store.append(&refused),
        Err(StoreError::IdTaken(_))
    ));
    assert_eq!(store.read().entry_count().unwrap(), 2_502);
    assert!(store.verify().unwrap().is_clean());
}

#[test]
fn amended_text_found_only_with_search_all() {
    let fixture = StoreFixture::new();
    let mut store = fixture.open();
    let change = fixture.log_change(None, event_at_minute(1, Kind::Note, "brown"));
    store.append(std::slice::from_ref(&change)).unwrap();
    let subject = Subject::Event(change.id);
    let heads = store.read().subject_heads(&subject, None).unwrap();
    assert_eq!(heads, [change.id]);
    let amended = fixture.amend_change(&change, heads, event_at_minute(1, Kind::Note, "green"));
    store.append(std::slice::from_ref(&amended)).unwrap();
    let reader = store.read();
    let (current, handle) = reader.subject_state(&subject, None).unwrap().unwrap();
    assert!(current.amended && current.shown == amended.id && handle.len() >= 6);
    assert_eq!(reader.subject_versions(&subject, None).unwrap().len(), 2);
    let search = |query: &str, all: bool| {
        let options = SearchOptions {
            include_inactive: all,
            ..SearchOptions::default()
        };
        reader.search(query, &options).unwrap().len()
    };
    assert_eq!((search("brown", false), search("brown", true)), (0, 1));
    assert_eq!((search("green", false), search("gr", true)), (1, 1));
    assert!(store.verify().unwrap().is_clean());
}

#[test]
fn incident_row_tracks_state_and_resolution() {
    let fixture = StoreFixture::new();
    let mut store = fixture.open();
    let declared = fixture.declare_change(4, "disk shelf");
    let incident = Some(declared.id);
    let mut down = event_at_minute(3, Kind::Fault, "gone");
    down.state = Some(State::Down.into());
    down.services = vec!["online-db".into()];
    store
        .append(&[
            declared.clone(),
            fixture.log_change(incident, down),
            fixture.log_change(incident, event_at_minute(5, Kind::Mitigate, "cache")),
        ])
        .unwrap();
    let row =
        |store: &bridgelog::store::Store| store.read().incident_row(declared.id).unwrap().unwrap();
    assert_eq!(row(&store).state, Some(State::Degraded));
    let outline = store
        .read()
        .incident_milestones(declared.id)
        .unwrap()
        .unwrap();
    assert_eq!(outline.service_names(), ["online-db"]);
    // Only documents name the heads of the chains.
    assert!(outline.chain_heads.is_empty());
    assert!(row(&store).is_open && row(&store).resolved.is_none());
    store
        .append(&[fixture.log_change(incident, event_at_minute(9, Kind::Resolve, ""))])
        .unwrap();
    assert_eq!(row(&store).state, Some(State::Ok));
    assert_eq!(row(&store).resolved, Some(minute(9)));
    assert!(store.read().open_incidents().unwrap().is_empty());
    assert_eq!(
        store.read().last_added_incident().unwrap().unwrap().id,
        declared.id
    );
    assert_eq!(store.read().incidents_by_number(4).unwrap().len(), 1);
    assert!(store.verify().unwrap().is_clean());
}

#[test]
fn timeline_pages_continue_without_gaps_or_overlap() {
    let fixture = StoreFixture::new();
    let mut store = fixture.open();
    let changes: Vec<_> = (0..25)
        .map(|n| fixture.log_change(None, event_at_minute(n / 7, Kind::Note, &format!("n{n}"))))
        .collect();
    store.append(&changes).unwrap();
    let reader = store.read();
    let mut all = Vec::new();
    let mut before = None;
    loop {
        let page = reader.newest_events(None, 4, before).unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.sort_key());
        all.extend(page);
    }
    assert_eq!(all.len(), 25);
    assert!(all.windows(2).all(|w| w[0].sort_key() > w[1].sort_key()));
    let mut forward = reader.oldest_events(None, 30, None).unwrap();
    forward.reverse();
    assert_eq!(forward, all);
    let after = reader
        .oldest_events(None, 3, Some(all[10].sort_key()))
        .unwrap();
    assert_eq!(after, [all[9].clone(), all[8].clone(), all[7].clone()]);
}

#[test]
fn events_containing_a_text_are_each_given_once_however_many_have_one_time() {
    let fixture = StoreFixture::new();
    let mut store = fixture.open();
    let declared = fixture.declare_change(1, "it broke");
    let id = declared.id;
    let mut changes = vec![declared];
    for n in 0..1700 {
        // 1,100 of them have the same time, which is more than a page.
        let minute = 1 + (n - 1100).max(0);
        let text = format!("{} {n}", if n % 2 == 0 { "even" } else { "odd" });
        changes.push(fixture.log_change(Some(id), event_at_minute(minute, Kind::Note, &text)));
    }
    store.append(&changes).unwrap();
    let texts = |among: usize| {
        let mut texts = Vec::new();
        let read = store.read();
        read.for_newest_events_containing(id, among, &["even "], |events| {
            texts.extend(events.into_iter().map(|event| event.value.text));
        })
        .unwrap();
        texts.sort();
        texts
    };
    let even = |numbers: std::ops::Range<i64>| {
        let mut texts: Vec<String> = numbers
            .filter(|n| n % 2 == 0)
            .map(|n| format!("even {n}"))
            .collect();
        texts.sort();
        texts
    };
    assert_eq!(texts(usize::MAX), even(0..1700));
    // 599 events are later than all others.
    assert_eq!(texts(599), even(1101..1700));
    assert_eq!(texts(0), even(0..0));
}

#[test]
fn transact_reads_and_writes_without_a_race() {
    let fixture = StoreFixture::new();
    let mut store = fixture.open();
    for _ in 0..3 {
        let number = store
            .transact::<_, StoreError>(|store| {
                let number = store.read().next_number()?;
                store.append(&[fixture.declare_change(number, "again")])?;
                assert_eq!(
                    store.read().next_number()?,
                    number + 1,
                    "it sees its own appends"
                );
                Ok(number)
            })
            .unwrap();
        assert!(number > 0);
    }
    assert_eq!(store.read().next_number().unwrap(), 4);
    let failed: Result<(), _> = store.transact(|store| {
        store.append(&[fixture.declare_change(4, "taken back")])?;
        Err(StoreError::IdTaken(fixture.next_id()))
    });
    assert!(failed.is_err());
    assert_eq!(store.read().incidents().unwrap().len(), 3);
    assert!(store.verify().unwrap().is_clean());
}

#[test]
fn transaction_is_not_committed_after_one_of_its_appends_failed() {
    let kit = StoreFixture::new();
    let mut store = kit.open();
    let first = kit.declare_change(1, "first");
    let mut other = kit.declare_change(1, "says something else");
    other.id = first.id;
    let done = store.transact::<_, StoreError>(|store| {
        store.append(&[first])?;
        assert!(store.append(&[other]).is_err());
        let later = store.append(&[kit.declare_change(2, "later")]);
        assert!(later.is_err(), "it would be committed alone");
        Ok(())
    });
    assert!(done.is_err());
    assert_eq!(store.read().incidents().unwrap(), []);
    store.append(&[kit.declare_change(1, "anew")]).unwrap();
    assert!(store.verify().unwrap().is_clean());
}

#[test]
fn mistyped_handle_suggests_the_nearest_one() {
    let fixture = StoreFixture::new();
    let mut store = fixture.open();
    store
        .append(&[fixture.log_change(None, event_at_minute(1, Kind::Note, "x"))])
        .unwrap();
    let handle = store.read().unfiled_events(None, 1).unwrap()[0]
        .handle
        .clone();
    let mut letters: Vec<char> = handle.chars().collect();
    letters[3] = if letters[3] == 'k' { 'l' } else { 'k' };
    let slip: String = letters.into_iter().collect();
    assert!(store.read().find_by_handle(&slip).unwrap().is_empty());
    assert_eq!(store.read().suggest_handles(&slip).unwrap(), [handle]);
}

#[test]
fn colliding_handles_are_shown_longer() {
    let mut seen: HashMap<String, Uuid> = HashMap::new();
    let (one, other) = (1_u128..)
        .find_map(|n| {
            let id = Uuid::from_u128(n);
            let begins = handle::from_id(id)[..handle::MIN_SHOWN_LEN].to_owned();
            seen.insert(begins, id).map(|other| (id, other))
        })
        .unwrap();
    for (first, second) in [(one, other), (other, one)] {
        let fixture = StoreFixture::new();
        let mut store = fixture.open();
        for id in [first, Uuid::from_u128(0), second] {
            let mut change = fixture.log_change(None, event_at_minute(1, Kind::Note, "x"));
            (change.id, change.subject) = (id, Subject::Event(id));
            store.append(&[change]).unwrap();
        }
        let reader = store.read();
        for id in [first, second] {
            let handle = reader.handle_of(id).unwrap();
            assert!(handle.len() > handle::MIN_SHOWN_LEN);
            let found = reader.find_by_handle(&handle).unwrap();
            assert_eq!(found.iter().map(|f| f.id).collect::<Vec<_>>(), [id]);
            assert_eq!(
                reader
                    .find_by_handle(&handle[..handle::MIN_SHOWN_LEN])
                    .unwrap()
                    .len(),
                2
            );
        }
        let unfiled = reader.unfiled_events(None, 9).unwrap();
        assert!(
            unfiled
                .iter()
                .all(|e| reader.find_by_handle(&e.handle).unwrap().len() == 1)
        );
        assert!(store.verify().unwrap().is_clean());
    }
}

#[test]
fn merged_incident_is_closed_and_reopens_on_undo() {
    let fixture = StoreFixture::new();
    let mut store = fixture.open();
    let (one, other) = (
        fixture.declare_change(1, "disk shelf"),
        fixture.declare_change(2, "database slow"),
    );
    let note = fixture.log_change(Some(other.id), event_at_minute(3, Kind::Note, "lag"));
    store
        .append(&[one.clone(), other.clone(), note.clone()])
        .unwrap();
    let goes = |of: &bridgelog::domain::value::Change| {
        fixture.new_change(
            of.incident,
            of.subject.clone(),
            vec![of.id],
            Operation::Move,
            Value::Moved(Some(one.id)),
        )
    };
    let gone = [goes(&other), goes(&note)];
    let mut comes = fixture.log_change(Some(one.id), event_at_minute(3, Kind::Note, "lag"));
    (comes.subject, comes.replaces) = (note.subject.clone(), vec![note.id, gone[1].id]);
    store.append(&gone).unwrap();
    store.append(&[comes]).unwrap();
    let reader = store.read();
    let row = reader.incident_row(other.id).unwrap().unwrap();
    assert_eq!(
        (row.title.as_str(), row.number, row.event_count),
        ("database slow", Some(2), 0)
    );
    assert_eq!((row.merged_into, row.is_open), (Some(one.id), false));
    let open: Vec<Uuid> = reader
        .open_incidents()
        .unwrap()
        .iter()
        .map(|row| row.id)
        .collect();
    assert_eq!(open, [one.id]);
    assert_eq!(reader.last_added_incident().unwrap().unwrap().id, one.id);
    assert_eq!(reader.incident(one.id).unwrap().unwrap().events.len(), 2);
    assert!(store.verify().unwrap().is_clean());
    // The merge is undone.
    let mut back = other.clone();
    (back.id, back.replaces) = (fixture.next_id(), vec![gone[0].id]);
    store.append(&[back]).unwrap();
    let row = store.read().incident_row(other.id).unwrap().unwrap();
    assert_eq!(
        (row.merged_into, row.is_open, row.event_count),
        (None, true, 1)
    );
    assert!(store.verify().unwrap().is_clean());
}
