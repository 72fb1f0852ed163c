//! Entries made without a store.

#![allow(clippy::unwrap_used)]

use bridgelog::domain::{
    entry::{ChainHead, Entry},
    event::Event,
    subject::Subject,
    time::parse_utc,
    value::{Body, Change, Operation, Value},
    words::Kind,
};
use uuid::Uuid;

/// The head of the chain of `origin` before its first entry.
pub fn empty_chain(origin: Uuid) -> ChainHead {
    ChainHead {
        origin,
        seq: 0,
        hash: None,
    }
}

/// Makes the entry `id`, which follows `head`: a note, unassigned, that destroys the bodies of `destroys`.
pub fn note(id: Uuid, head: ChainHead, text: &str, destroys: Vec<Uuid>) -> Entry {
    let at = parse_utc("2012-08-16T14:06:00Z").unwrap();
    let event = Event::new(at.fixed_offset(), Kind::Note, text);
    let change = Change {
        id,
        incident: None,
        subject: Subject::Event(id),
        replaces: vec![],
        recorded: at,
        author: "jw".into(),
        salt: "00".repeat(16),
        body: Body {
            destroys,
            ..Body::new(Operation::Log, Value::Event(Box::new(event)))
        },
    };
    Entry::from_change(&change, head).unwrap()
}
