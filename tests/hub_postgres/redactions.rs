//! A hub destroys what redactions name, and keeps it destroyed.

use super::*;
use bridgelog::hub::Redaction;

fn id(entry: &Entry) -> Uuid {
    entry.header().id
}

/// Returns which of `entries` have a body at the hub.
fn bodies(machine: &mut Machine, entries: &[&Entry]) -> Vec<bool> {
    let ids: Vec<Uuid> = entries.iter().map(|entry| id(entry)).collect();
    let held = machine.hub.held(&ids).unwrap();
    let has_body = |id: &Uuid| held.iter().find(|held| held.id == *id).unwrap().has_body;
    ids.iter().map(has_body).collect()
}

#[test]
fn redaction_destroys_what_was_there_and_what_comes_later() {
    let database = hub();
    let (mut here, mut there) = (Machine::new(&database), Machine::new(&database));
    let secret = here.write(&["the password is hunter2"]).remove(0);
    let late = here.entry("it is hunter2, as said", &[]);
    let other = here.entry("another one", &[]);
    let redaction = here.entry("redacted", &[id(&secret), id(&late)]);
    here.try_write(std::slice::from_ref(&redaction)).unwrap();
    here.try_write(&[late.clone(), other.clone()]).unwrap();
    assert_eq!(
        bodies(&mut here, &[&secret, &late, &other, &redaction]),
        [false, false, true, true]
    );
    let read = there.read();
    assert_eq!(read.len(), 4);
    let secrets = read
        .iter()
        .filter(|entry| [id(&secret), id(&late)].contains(&id(entry)));
    assert!(secrets.clone().all(|entry| entry.body_bytes().is_none()));
    assert_eq!(secrets.count(), 2);
    // An old machine brings it again.
    assert_eq!(there.try_write(std::slice::from_ref(&secret)).unwrap(), 1);
    assert_eq!(bodies(&mut here, &[&secret]), [false]);
    let mut admin = database.admin();
    let rows = admin.query(
        "SELECT 1 FROM bridgelog.entry WHERE body LIKE '%hunter2%'",
        &[],
    );
    assert_eq!(rows.unwrap().len(), 0);
}

#[test]
fn redaction_in_the_batch_of_what_it_destroys() {
    let database = hub();
    let mut here = Machine::new(&database);
    let secret = here.entry("hunter2", &[]);
    let redaction = here.entry("redacted", &[id(&secret)]);
    here.try_write(&[secret.clone(), redaction]).unwrap();
    assert_eq!(bodies(&mut here, &[&secret]), [false]);
}

#[test]
fn redaction_keeps_its_body_unless_another_names_all_that_it_names() {
    let database = hub();
    let mut here = Machine::new(&database);
    let (one, two) = (here.entry("one", &[]), here.entry("two", &[]));
    let first = here.entry("first", &[id(&one), id(&two)]);
    let partly = here.entry("partly", &[id(&first), id(&one)]);
    here.try_write(&[first.clone(), partly]).unwrap();
    assert_eq!(bodies(&mut here, &[&first]), [true]);
    let wholly = here.entry("wholly", &[id(&first), id(&one), id(&two)]);
    here.try_write(std::slice::from_ref(&wholly)).unwrap();
    assert_eq!(bodies(&mut here, &[&first, &wholly]), [false, true]);
    here.try_write(&[one.clone(), two.clone()]).unwrap();
    assert_eq!(bodies(&mut here, &[&one, &two]), [false, false]);
}

#[test]
fn redaction_can_be_asked_for_again() {
    let database = hub();
    let mut here = Machine::new(&database);
    let secret = here.entry("hunter2", &[]);
    let redaction = here.entry("redacted", &[id(&secret)]);
    here.try_write(&[secret.clone(), redaction.clone()])
        .unwrap();
    let mut admin = database.admin();
    // As after a restore from a backup, or where both came at the same moment.
    let body = secret.body_bytes().unwrap();
    let restore = "UPDATE bridgelog.entry SET body = $1 WHERE id::text = $2";
    let done = admin.execute(restore, &[&body, &id(&secret).to_string()]);
    assert_eq!(done.unwrap(), 1);
    assert_eq!(bodies(&mut here, &[&secret]), [true]);
    let asked = [Redaction {
        id: id(&redaction),
        destroys: redaction.destroys(),
    }];
    for _ in 0..2 {
        let still_held = here.hub.redact(here.id, &asked).unwrap();
        assert_eq!(still_held, Vec::<String>::new());
        assert_eq!(bodies(&mut here, &[&secret, &redaction]), [false, true]);
    }
}

#[test]
fn body_that_is_no_json_for_the_server_is_destroyed_too() {
    let database = hub();
    let mut here = Machine::new(&database);
    // PostgreSQL has no text with U+0000: it cannot read this body as JSON.
    let odd = here.entry("\"destroys\":", &[]);
    let body = odd
        .body_bytes()
        .unwrap()
        .replace("\\\"destroys\\\":", "\\u0000");
    let body = body.replacen('{', "{\"destroys\":[\"x\"],", 1);
    let redaction = here.entry("redacted", &[id(&odd)]);
    here.try_write(std::slice::from_ref(&odd)).unwrap();
    let mut admin = database.admin();
    let change = "UPDATE bridgelog.entry SET body = $1 WHERE id::text = $2";
    admin
        .execute(change, &[&body, &id(&odd).to_string()])
        .unwrap();
    here.try_write(&[redaction]).unwrap();
    assert_eq!(bodies(&mut here, &[&odd]), [false]);
}
