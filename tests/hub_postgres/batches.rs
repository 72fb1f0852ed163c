//! What goes to a hub comes from it, in whatever order it is committed.

use super::*;
use bridgelog::hub::{HubErrorKind, MAX_BATCH_BYTES, Presence};
use std::{collections::BTreeSet, thread, time::Duration};

fn ids(entries: &[Entry]) -> BTreeSet<Uuid> {
    entries.iter().map(|entry| entry.header().id).collect()
}

#[test]
fn entries_come_back_as_the_same_bytes() {
    let database = hub();
    let (mut here, mut there) = (Machine::new(&database), Machine::new(&database));
    assert!(!here.hub.look(&[]).unwrap().has_new);
    let mut sent = here.write(&["it broke", "“ü” \u{202e} \\u0000 'x' \t{}"]);
    let look = there.hub.look(&[]).unwrap();
    assert!(look.has_new && look.replaced.is_empty());
    assert!(look.clock_offset.unwrap().num_seconds().abs() < 2);
    assert_eq!(there.read(), sent);
    sent.extend(here.write(&["second batch"]));
    assert_eq!(there.read(), sent[2..]);
    let look = there.hub.look(&there.known).unwrap();
    assert!(!look.has_new && look.replaced.is_empty());
    assert_eq!(there.page(), Page::default());
}

#[test]
fn batch_that_commits_late_is_not_passed_over() {
    let database = hub();
    let (mut slow, mut fast) = (Machine::new(&database), Machine::new(&database));
    let mut reader = Machine::new(&database);
    // What a hub of the program's does, with the transaction held open before its commit.
    let late = slow.entry("late", &[]);
    let mut admin = database.admin();
    let mut transaction = admin.transaction().unwrap();
    let insert = format!(
        "INSERT INTO bridgelog.writer VALUES ('{0}');
         INSERT INTO bridgelog.batch VALUES ('{0}', 1, '{1}', 1, 1);
         INSERT INTO bridgelog.entry VALUES ('{2}', '{0}', 1, 1, '\\x{3}', '{4}', '{5}')",
        slow.id,
        Uuid::new_v4(),
        late.header().id,
        late.hash(),
        late.header_bytes().replace('\'', "''"),
        late.body_bytes().unwrap().replace('\'', "''"),
    );
    transaction.batch_execute(&insert).unwrap();
    for text in ["a", "b", "c"] {
        let sent = fast.write(&[text]);
        assert!(reader.hub.look(&reader.known).unwrap().has_new);
        assert_eq!(reader.read(), sent);
    }
    assert!(!reader.hub.look(&reader.known).unwrap().has_new);
    transaction.commit().unwrap();
    assert!(reader.hub.look(&reader.known).unwrap().has_new);
    assert_eq!(reader.read(), [late]);
}

#[test]
fn batch_sent_again_after_a_lost_reply_is_there_once() {
    let database = hub();
    let (mut here, mut there) = (Machine::new(&database), Machine::new(&database));
    let first = here.write(&["first"]);
    let before = here.last.clone();
    let second = here.write(&["second"]);
    // The answer to it was lost: the machine knows its batch before.
    here.last = before;
    let error = here.try_write(&second).unwrap_err();
    assert_eq!(error.kind, HubErrorKind::Behind);
    // It reads on from what it knows, and finds its own.
    here.known = here.last.iter().cloned().collect();
    assert_eq!(here.read(), second);
    here.last = here.known.first().cloned();
    assert_eq!(here.try_write(&second).unwrap(), 1);
    assert_eq!(there.read(), [first, second].concat());
}

#[test]
fn equal_id_with_other_bytes_is_returned_and_left() {
    let database = hub();
    let (mut here, mut there) = (Machine::new(&database), Machine::new(&database));
    let sent = here.write(&["it broke"]);
    let header = sent[0].header_bytes().replace("\"jw\"", "\"xy\"");
    let body = sent[0].body_bytes().map(str::to_owned);
    let other = Entry::from_stored(header, body).unwrap();
    let written = there.hub.write(there.id, None, &[other]).unwrap();
    assert_eq!(written.already.len(), 1);
    assert_eq!(written.already[0].id, sent[0].header().id);
    assert_eq!(written.already[0].hash, sent[0].hash());
    assert!(written.already[0].has_body);
    assert_eq!(there.read(), sent);
    let held = there.hub.held(&[sent[0].header().id, Uuid::new_v4()]);
    assert_eq!(held.unwrap(), written.already);
}

#[test]
fn hub_that_was_wiped_or_restored_says_so() {
    let database = hub();
    let (mut here, mut there) = (Machine::new(&database), Machine::new(&database));
    here.write(&["one"]);
    here.write(&["two"]);
    there.read();
    let mut admin = database.admin();
    // Restored: cut back, and another batch written under the same number.
    admin
        .batch_execute("DELETE FROM bridgelog.batch WHERE number = 2; DELETE FROM bridgelog.entry WHERE batch = 2")
        .unwrap();
    let own = here.id.to_string();
    assert_eq!(
        there.hub.look(&there.known).unwrap().replaced,
        std::slice::from_ref(&own)
    );
    let error = here.try_write(&[]).unwrap_err();
    assert_eq!(error.kind, HubErrorKind::Behind);
    here.last.as_mut().unwrap().position = 1;
    here.last.as_mut().unwrap().mark = {
        let row = admin.query_one("SELECT id::text FROM bridgelog.batch", &[]);
        row.unwrap().get(0)
    };
    let other = here.write(&["another two"]);
    assert_eq!(
        there.hub.look(&there.known).unwrap().replaced,
        std::slice::from_ref(&own)
    );
    // A cursor of which the batch is gone hides nothing.
    let read = there.read();
    assert_eq!(read.len(), 2);
    assert_eq!(read[1..], other);
    assert_eq!(there.hub.look(&there.known).unwrap().replaced, [""; 0]);
    // Wiped.
    admin
        .batch_execute("TRUNCATE bridgelog.batch, bridgelog.entry, bridgelog.writer")
        .unwrap();
    assert_eq!(there.hub.look(&there.known).unwrap().replaced, [own]);
    // Cursors of another kind of hub are none of this one's.
    let foreign = Cursor {
        source: "notes.jsonl".into(),
        position: 5,
        mark: String::new(),
    };
    let look = there.hub.look(&[foreign]).unwrap();
    assert_eq!(look.replaced, ["notes.jsonl"]);
}

#[test]
fn database_made_a_hub_again_has_another_key() {
    let database = hub();
    let mut here = Machine::new(&database);
    here.write(&["one"]);
    let key = here.hub.key().to_owned();
    let mut admin = database.admin();
    admin
        .batch_execute("DROP SCHEMA bridgelog CASCADE")
        .unwrap();
    let error = here.hub.look(&[]).unwrap_err();
    assert_eq!(error.kind, HubErrorKind::Missing);
    assert!(
        error
            .hint
            .unwrap()
            .contains("bridgelog hub init 'postgres://")
    );
    PostgresHub::init(&database.url(), &no_variables, None).unwrap();
    // The connection is cut: the next call makes another one.
    cut(&mut admin);
    let look = here.hub.look(here.last.as_slice()).unwrap();
    assert_eq!(look.replaced, [here.id.to_string()]);
    assert_ne!(here.hub.key(), key);
}

/// Ends all other connections to the database.
fn cut(admin: &mut postgres::Client) {
    admin
        .execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
            &[],
        )
        .unwrap();
}

#[test]
fn row_that_is_no_entry_is_named_and_passed_over() {
    let database = hub();
    let (mut here, mut there) = (Machine::new(&database), Machine::new(&database));
    let sent = here.write(&["one", "two", "three", "four"]);
    let mut admin = database.admin();
    for (place, change) in [
        (1, "header = '{\"v\": 1'"),
        (2, "body = replace(body, 'two', 'too')"),
        (3, "header = replace(header, 'jw', 'xy')"),
    ] {
        let update = format!("UPDATE bridgelog.entry SET {change} WHERE place = {place}");
        assert_eq!(admin.execute(&update, &[]).unwrap(), 1);
    }
    let page = there.page();
    assert_eq!(page.entries, sent[3..]);
    assert_eq!(page.unreadable.len(), 3);
    let place = format!("batch 1 of {}, entry ", here.id);
    for (number, unreadable) in (1..).zip(&page.unreadable) {
        let begin = format!("{place}{number}: ");
        assert!(unreadable.starts_with(&begin), "{unreadable}");
    }
    assert!(!there.hub.look(&there.known).unwrap().has_new);
}

#[test]
fn kinds_of_newer_versions_pass_as_bytes() {
    let database = hub();
    let (mut here, mut there) = (Machine::new(&database), Machine::new(&database));
    let known = here.entry("x", &[]);
    let body = known.body_bytes().unwrap();
    let body = body.replace("\"type\":\"event\"", "\"type\":\"poem\"");
    let old_hash = known.header().body.to_string();
    let new_hash = bridgelog::domain::hash::Hash::digest(body.as_bytes());
    let header = known
        .header_bytes()
        .replace(&old_hash, &new_hash.to_string())
        .replace("\"v\":1", "\"v\":9,\"later\": [ 1.0 ]");
    let unknown = Entry::from_stored(header, Some(body)).unwrap();
    assert_eq!(here.try_write(std::slice::from_ref(&unknown)).unwrap(), 0);
    assert_eq!(there.read(), [unknown]);
}

#[test]
fn pages_end_at_batches() {
    let database = hub();
    let (mut here, mut there) = (Machine::new(&database), Machine::new(&database));
    let long = "x".repeat(MAX_BATCH_BYTES / 2);
    here.write(&[&long]);
    here.write(&["short"]);
    here.write(&[&long]);
    here.write(&[&long, &long, &long]);
    here.write(&["last"]);
    let mut pages = Vec::new();
    loop {
        let page = there.page();
        pages.push(page.entries.len());
        if !page.more {
            break;
        }
    }
    assert_eq!(pages, [2, 1, 3, 1]);
}

#[test]
fn many_small_batches_come_in_pages() {
    let database = hub();
    let mut there = Machine::new(&database);
    let writer = Uuid::new_v4();
    let mut admin = database.admin();
    // Batches of which each entry was there before.
    admin
        .batch_execute(&format!(
            "INSERT INTO bridgelog.writer VALUES ('{writer}');
             INSERT INTO bridgelog.batch SELECT '{writer}', n, gen_random_uuid(), 1, 100 FROM generate_series(1, 2500) n"
        ))
        .unwrap();
    let positions: Vec<(u64, bool)> = (0..3)
        .map(|_| there.page())
        .map(|page| (page.cursors[0].position, page.more))
        .collect();
    assert_eq!(positions, [(1024, true), (2048, true), (2500, false)]);
}

#[test]
fn machines_that_write_the_same_entries_at_once_lose_nothing() {
    let database = hub();
    let mut machines: Vec<Machine> = (0..4).map(|_| Machine::new(&database)).collect();
    let shared = machines[0].entries(&["s"; 50]);
    let mut all = ids(&shared);
    let threads: Vec<_> = machines
        .into_iter()
        .map(|mut machine| {
            let mut shared = shared.clone();
            thread::spawn(move || {
                let mut own = BTreeSet::new();
                for _ in 0..10 {
                    // In another order each time.
                    shared.rotate_left(7);
                    let mut batch = machine.entries(&["own"; 5]);
                    own.extend(ids(&batch));
                    batch.extend(shared.iter().cloned());
                    machine.try_write(&batch).unwrap();
                }
                own
            })
        })
        .collect();
    for thread in threads {
        all.extend(thread.join().unwrap());
    }
    let mut reader = Machine::new(&database);
    let read = reader.read();
    assert_eq!(read.len(), 250);
    assert_eq!(ids(&read), all);
}

#[test]
fn others_are_seen_at_work() {
    let database = hub();
    let (mut here, mut there) = (Machine::new(&database), Machine::new(&database));
    let mut presence = Presence {
        writer: here.id,
        incident: Some(Uuid::new_v4()),
        author: "jw".into(),
        machine: "laptop-3".into(),
        seen: parse_utc("2012-08-16T14:06:00Z").unwrap(),
    };
    here.hub.announce(&presence).unwrap();
    presence.incident = None;
    here.hub.announce(&presence).unwrap();
    let present = there.hub.present(chrono::Utc::now(), 60).unwrap();
    assert_eq!(present.len(), 1);
    // The time is the hub's own.
    assert!(present[0].seen > presence.seen);
    presence.seen = present[0].seen;
    assert_eq!(present, [presence]);
    let mut admin = database.admin();
    let later = "UPDATE bridgelog.presence SET seen = seen - interval '2 minutes'";
    admin.execute(later, &[]).unwrap();
    assert_eq!(there.hub.present(chrono::Utc::now(), 60).unwrap(), []);
}

#[test]
fn who_listens_is_woken_by_others_only() {
    let database = hub();
    let (mut here, mut there) = (Machine::new(&database), Machine::new(&database));
    assert!(there.hub.listen());
    assert!(!there.hub.wait(Duration::ZERO).unwrap());
    there.write(&["own"]);
    assert!(!there.hub.wait(Duration::from_millis(200)).unwrap());
    let other = thread::spawn(move || {
        here.write(&["other"]);
        here.write(&["other again"]);
    });
    assert!(there.hub.wait(Duration::from_secs(60)).unwrap());
    other.join().unwrap();
    // A connection that was lost is said, then made again, and what was missed counts as written.
    let mut admin = database.admin();
    cut(&mut admin);
    let lost = (0..600).find_map(|_| there.hub.wait(Duration::from_millis(100)).err());
    assert_eq!(lost.unwrap().kind, HubErrorKind::Unreachable);
    assert!(there.hub.wait(Duration::ZERO).unwrap());
    assert!(!there.hub.wait(Duration::ZERO).unwrap());
    let mut here = Machine::new(&database);
    here.write(&["after it"]);
    assert!(there.hub.wait(Duration::from_secs(60)).unwrap());
}
