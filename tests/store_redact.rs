//! After a redaction the bytes of the secret are in no file, and the store verifies.
#![allow(clippy::unwrap_used, reason = "this is a test")]

mod store_fixtures;

use bridgelog::{
    domain::{
        entry::Entry,
        subject::Subject,
        value::{Change, Operation, Value},
        words::Kind,
    },
    store::{SearchOptions, Store, VerifyFinding},
};
use std::fs;
use store_fixtures::{StoreFixture, event_at_minute};
use uuid::Uuid;

const SECRET: &str = "Zebrafish9 hunterpassword";

/// Asserts that no part of the secret is in any file of the folder: not as typed, and not in the search
/// index, which stores words in lower case and without the prefix they share with the word before.
fn assert_secret_destroyed(fixture: &StoreFixture) {
    for file in fs::read_dir(fixture.dir.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = fs::read(&path).unwrap().to_ascii_lowercase();
        for part in ["zebra", "brafish9", "hunterp", "erpassword"] {
            let found = bytes.windows(part.len()).any(|w| w == part.as_bytes());
            assert!(!found, "`{part}` is still in {}", path.display());
        }
    }
}

fn redact_change(fixture: &StoreFixture, store: &Store, of: &Change) -> Change {
    let reader = store.read();
    let (current, _) = reader.subject_state(&of.subject, None).unwrap().unwrap();
    let heads = reader.subject_heads(&of.subject, None).unwrap();
    let mut redact = fixture.new_change(
        of.incident,
        of.subject.clone(),
        heads,
        Operation::Redact,
        current.value.redact("a password"),
    );
    redact.body.destroys = reader
        .subject_versions(&of.subject, None)
        .unwrap()
        .iter()
        .map(|v| v.header().id)
        .collect();
    redact
}

#[test]
fn redacted_text_is_erased_from_disk_and_verifies() {
    let fixture = StoreFixture::new();
    let mut store = fixture.open();
    let mut secret = None;
    // Among many other events, so that the index has merged segments and split pages.
    for n in 0..400_u32 {
        let text = format!(
            "note {n} word{} other{}",
            n.wrapping_mul(2_654_435_761),
            n.wrapping_mul(40_503)
        );
        store
            .append(&[fixture.log_change(None, event_at_minute(i64::from(n), Kind::Note, &text))])
            .unwrap();
        if n == 200 {
            let change = fixture.log_change(None, event_at_minute(1, Kind::Note, SECRET));
            store.append(std::slice::from_ref(&change)).unwrap();
            let heads = store.read().subject_heads(&change.subject, None).unwrap();
            let amended = fixture.amend_change(
                &change,
                heads,
                event_at_minute(
                    2,
                    Kind::Note,
                    &format!("{SECRET} again {}", "long ".repeat(2000)),
                ),
            );
            store.append(&[amended]).unwrap();
            secret = Some(change);
        }
    }
    let all = SearchOptions {
        include_inactive: true,
        ..SearchOptions::default()
    };
    assert_eq!(store.read().search("zebrafish9", &all).unwrap().len(), 2);
    let redact = redact_change(&fixture, &store, &secret.unwrap());
    store.append(std::slice::from_ref(&redact)).unwrap();
    assert_secret_destroyed(&fixture);
    assert!(store.read().search("zebrafish9", &all).unwrap().is_empty());
    let (current, _) = store
        .read()
        .subject_state(&redact.subject, None)
        .unwrap()
        .unwrap();
    assert_eq!(
        current.value.event().unwrap().redacted.as_deref(),
        Some("a password")
    );
    let report = store.verify().unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
    assert_eq!(report.destroyed, 2);
    store.rebuild().unwrap();
    assert!(store.verify().unwrap().is_clean());
    // A retry returns the same entry.
    let retried = store.append(std::slice::from_ref(&redact)).unwrap();
    assert_eq!(retried[0].header().id, redact.id);
    drop(store);
    assert_secret_destroyed(&fixture);
    assert!(fixture.open().verify().unwrap().is_clean());
}

#[test]
fn redaction_destroys_entries_received_later() {
    let (here, there) = (StoreFixture::new(), StoreFixture::new());
    let mut ours = here.open();
    let change = here.log_change(None, event_at_minute(1, Kind::Note, SECRET));
    let written = ours.append(std::slice::from_ref(&change)).unwrap();
    let redaction = redact_change(&here, &ours, &change);
    let redaction = ours.append(&[redaction]).unwrap();

    let mut theirs = there.open();
    theirs.accept(&redaction).unwrap();
    assert_eq!(theirs.accept(&written).unwrap(), 1);
    assert_secret_destroyed(&there);
    let versions = theirs
        .read()
        .subject_versions(&Subject::Event(change.id), None)
        .unwrap();
    assert_eq!(versions.len(), 2);
    assert!(versions.iter().any(|v| v.body_bytes().is_none()));
    let (current, _) = theirs
        .read()
        .subject_state(&change.subject, None)
        .unwrap()
        .unwrap();
    assert!(matches!(current.value, Value::Event(event) if event.text.is_empty()));
    let report = theirs.verify().unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
    // A body destroyed there does not come back when it arrives again, and this is no finding.
    assert_eq!(theirs.accept(&written).unwrap(), 0);
    assert_eq!(
        theirs
            .read()
            .entry(change.id)
            .unwrap()
            .unwrap()
            .body_bytes(),
        None
    );
}

#[test]
fn destroyed_version_is_not_counted_while_amendment_missing() {
    let (here, there) = (StoreFixture::new(), StoreFixture::new());
    let mut ours = here.open();
    let declared = here.declare_change(1, "outage");
    let mut change = here.log_change(Some(declared.id), event_at_minute(1, Kind::Note, SECRET));
    // The clock was far ahead.
    change.recorded = store_fixtures::minute(900);
    let mut written = ours.append(&[declared.clone(), change.clone()]).unwrap();
    let heads = ours.read().subject_heads(&change.subject, None).unwrap();
    let amended = here.amend_change(
        &change,
        heads,
        event_at_minute(1, Kind::Note, "it is in the vault"),
    );
    let late = ours.append(&[amended]).unwrap();
    let redaction = redact_change(&here, &ours, &change);
    written.extend(ours.append(&[redaction]).unwrap());

    // The amendment, which the redaction replaces, has not arrived yet.
    let mut theirs = there.open();
    theirs.accept(&written).unwrap();
    let events = |store: &Store| {
        store
            .read()
            .incident_row(declared.id)
            .unwrap()
            .unwrap()
            .event_count
    };
    assert_eq!(events(&theirs), 1, "the declaration");
    let findings = theirs.verify().unwrap().findings;
    assert!(
        matches!(
            findings.as_slice(),
            [VerifyFinding::Gap { from: 3, to: 3, .. }]
        ),
        "{findings:#?}"
    );
    theirs.accept(&late).unwrap();
    assert_eq!(events(&theirs), 2);
    assert!(theirs.verify().unwrap().is_clean());
    assert_secret_destroyed(&there);
}

/// The bodies that a machine holds after it received `entries` in this order, one at a time.
fn bodies_after(entries: &[&Entry]) -> Vec<(Uuid, bool)> {
    let there = StoreFixture::new();
    let mut theirs = there.open();
    for entry in entries {
        theirs.accept(std::slice::from_ref(*entry)).unwrap();
    }
    let report = theirs.verify().unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
    let mut bodies = Vec::new();
    for entry in entries {
        let id = entry.header().id;
        let stored = theirs.read().entry(id).unwrap().unwrap();
        bodies.push((id, stored.body_bytes().is_some()));
    }
    bodies.sort();
    drop(theirs);
    assert_secret_destroyed(&there);
    bodies
}

#[test]
fn redactions_of_redactions_leave_the_same_in_every_order_of_arrival() {
    // If the second redaction names all that the first one destroyed, the first one's body goes too.
    for (covers, keeps) in [(true, false), (false, true)] {
        let here = StoreFixture::new();
        let mut ours = here.open();
        let change = here.log_change(None, event_at_minute(1, Kind::Note, SECRET));
        let logged = ours.append(std::slice::from_ref(&change)).unwrap();
        let first = redact_change(&here, &ours, &change);
        let first_entry = ours.append(std::slice::from_ref(&first)).unwrap();
        let mut second = redact_change(&here, &ours, &change);
        if !covers {
            second.body.destroys.retain(|id| *id == first.id);
        }
        let second_entry = ours.append(std::slice::from_ref(&second)).unwrap();
        let all = [&logged[0], &first_entry[0], &second_entry[0]];
        let mut expected = vec![(change.id, false), (first.id, keeps), (second.id, true)];
        expected.sort();
        for order in [
            [0, 1, 2],
            [0, 2, 1],
            [1, 0, 2],
            [1, 2, 0],
            [2, 0, 1],
            [2, 1, 0],
        ] {
            let entries = order.map(|n| all[n]);
            assert_eq!(bodies_after(&entries), expected, "order {order:?}");
        }
    }
}

/// Puts a destroyed body back, as a copy of the file made halfway through the redaction would have it.
fn put_body_back(fixture: &StoreFixture, entry: &Entry) {
    let db = rusqlite::Connection::open(fixture.path()).unwrap();
    let trigger = "SELECT sql FROM sqlite_master WHERE name='entry_fades'";
    let trigger: String = db.query_row(trigger, [], |row| row.get(0)).unwrap();
    db.execute_batch("DROP TRIGGER entry_fades").unwrap();
    let changed = db
        .execute(
            "UPDATE entry SET body=?1 WHERE id=?2",
            rusqlite::params![entry.body_bytes().unwrap(), entry.header().id.as_bytes()],
        )
        .unwrap();
    assert_eq!(changed, 1);
    db.execute_batch(&trigger).unwrap();
}

#[test]
fn verify_names_a_redacted_text_and_a_redacted_redaction_that_are_still_there() {
    // The second redaction names all that the first one destroyed, and the first one itself.
    for (put_back, is_redaction) in [(0, false), (1, true)] {
        let fixture = StoreFixture::new();
        let mut store = fixture.open();
        let change = fixture.log_change(None, event_at_minute(1, Kind::Note, SECRET));
        let mut written = store.append(std::slice::from_ref(&change)).unwrap();
        let first = redact_change(&fixture, &store, &change);
        written.extend(store.append(&[first]).unwrap());
        let second = redact_change(&fixture, &store, &change);
        store.append(&[second]).unwrap();
        drop(store);
        assert!(fixture.open().verify().unwrap().is_clean());
        let entry: &Entry = &written[put_back];
        assert_eq!(
            entry.body_bytes().unwrap().contains("\"destroys\":"),
            is_redaction
        );
        put_body_back(&fixture, entry);
        let findings = fixture.open().verify().unwrap().findings;
        let named = |finding: &VerifyFinding| {
            matches!(finding, VerifyFinding::Entry { id, what, .. }
                if *id == entry.header().id && what.contains("its text is still there"))
        };
        assert!(findings.iter().any(named), "{findings:#?}");
    }
}

#[test]
fn verify_passes_a_redaction_that_keeps_its_text_for_what_only_it_destroyed() {
    let fixture = StoreFixture::new();
    let mut store = fixture.open();
    let change = fixture.log_change(None, event_at_minute(1, Kind::Note, SECRET));
    store.append(std::slice::from_ref(&change)).unwrap();
    let first = redact_change(&fixture, &store, &change);
    store.append(std::slice::from_ref(&first)).unwrap();
    let mut second = redact_change(&fixture, &store, &change);
    second.body.destroys.retain(|id| *id == first.id);
    store.append(&[second]).unwrap();
    let report = store.verify().unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
    let kept = store.read().entry(first.id).unwrap().unwrap();
    assert!(kept.body_bytes().is_some());
}
