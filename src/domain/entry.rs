//! An entry: one immutable record of the journal, one line of UTF-8 JSON.
//!
//! ```text
//! {"header":{"v":1,"id":…,"incident":…,"origin":…,"seq":…,"prev":…,"recorded":…,"author":…,
//!            "subject":…,"replaces":[…],"body":SHA-256 of the body's bytes},"body":{…}}
//! ```
//!
//! These bytes are stored, hashed, exported and synced unchanged and are never encoded a second
//! time. An entry's hash is the SHA-256 of its header's bytes only, so that the chain still
//! verifies after a body was destroyed (`"body":null`).

use super::{
    hash::Hash,
    subject::Subject,
    time::{UtcTime, serde_utc},
    value::{Body, BodyError, Change},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::HashSet;
use uuid::Uuid;

/// The format version that this code writes.
pub const FORMAT_VERSION: u32 = 1;

/// The part of an entry that its hash covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The format version.
    pub v: u32,
    /// A UUIDv7. Entries are never ordered by it, because clocks can go backwards.
    pub id: Uuid,
    /// The incident to whose chain it belongs; `None` outside any incident.
    pub incident: Option<Uuid>,
    /// The store that wrote it.
    pub origin: Uuid,
    /// Position in the chain of (origin, incident): 1, 2, 3, … without gaps.
    pub seq: u64,
    /// Hash of the entry before it in that chain; `None` for the first.
    pub prev: Option<Hash>,
    #[serde(with = "serde_utc")]
    pub recorded: UtcTime,
    pub author: String,
    pub subject: Subject,
    /// The versions of the subject that its author saw, which it supersedes.
    pub replaces: Vec<Uuid>,
    /// Hash of the body's bytes, which begin with a salt.
    pub body: Hash,
}

/// An entry, with the exact bytes that were hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    header: Header,
    header_bytes: String,
    body_bytes: Option<String>,
}

/// The end of a chain: what the next entry of (origin, incident) continues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainHead {
    pub origin: Uuid,
    /// Position of its last entry; 0 for an empty chain.
    pub seq: u64,
    /// Hash of its last entry; `None` for an empty chain.
    pub hash: Option<Hash>,
}

#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    #[error("not an entry: {0}")]
    Json(#[from] serde_json::Error),
    /// The body is not the one that the header was written for.
    #[error("the body of entry {id} is not what was written: its hash is {found}, not {written}")]
    BodyHash {
        id: Uuid,
        written: Hash,
        found: Hash,
    },
}

#[derive(Deserialize)]
struct RawEntry<'a> {
    #[serde(borrow)]
    header: &'a RawValue,
    #[serde(borrow)]
    body: Option<&'a RawValue>,
}

impl Entry {
    /// Makes `change` the entry that follows `head`.
    ///
    /// The result is decoded again before it is returned, so that nothing is written that would be
    /// read back differently.
    ///
    /// # Errors
    /// If the body cannot be written as JSON or does not decode to an equal one, or if the time of
    /// recording is out of range.
    pub fn from_change(change: &Change, head: ChainHead) -> Result<Self, BodyError> {
        let recorded = super::time::to_micros(change.recorded);
        if !super::time::is_in_range(recorded) {
            return Err(BodyError::TimeOutOfRange(super::time::format_utc(recorded)));
        }
        let body = change.body.encode(&change.salt)?;
        let header = Header {
            v: FORMAT_VERSION,
            id: change.id,
            incident: change.incident,
            origin: head.origin,
            seq: head.seq + 1,
            prev: head.hash,
            recorded,
            author: change.author.clone(),
            subject: change.subject.clone(),
            replaces: change.replaces.clone(),
            body: Hash::digest(body.as_bytes()),
        };
        let header_bytes = serde_json::to_string(&header)?;
        let read = Body::decode(&body).is_ok_and(|read| read == change.body);
        let named = serde_json::from_str::<Header>(&header_bytes).is_ok_and(|read| read == header);
        if !read || !named {
            return Err(BodyError::RoundTripMismatch);
        }
        Ok(Self {
            header,
            header_bytes,
            body_bytes: Some(body),
        })
    }

    /// Parses a line (without the line break) and checks the body against the header's hash.
    ///
    /// # Errors
    /// If `line` is not an entry, or its body does not match the header.
    pub fn parse(line: &str) -> Result<Self, EntryError> {
        let line: RawEntry<'_> = serde_json::from_str(line)?;
        let entry = Self::from_stored(
            line.header.get().to_owned(),
            line.body.map(|b| b.get().to_owned()),
        )?;
        entry.check_body()?;
        Ok(entry)
    }

    /// Builds an entry from the two stored parts, without checking the hash of the body.
    ///
    /// # Errors
    /// If `header` is not the JSON of a header.
    pub fn from_stored(header: String, body: Option<String>) -> Result<Self, serde_json::Error> {
        Ok(Self {
            header: serde_json::from_str(&header)?,
            header_bytes: header,
            body_bytes: body,
        })
    }

    /// Checks the body against the hash in the header. A destroyed body passes.
    pub fn check_body(&self) -> Result<(), EntryError> {
        let Some(body) = &self.body_bytes else {
            return Ok(());
        };
        let found = Hash::digest(body.as_bytes());
        if found == self.header.body {
            return Ok(());
        }
        Err(EntryError::BodyHash {
            id: self.header.id,
            written: self.header.body,
            found,
        })
    }

    /// Returns the line, without the line break.
    #[must_use]
    pub fn to_line(&self) -> String {
        let body = self.body_bytes.as_deref().unwrap_or("null");
        format!("{{\"header\":{},\"body\":{body}}}", self.header_bytes)
    }

    /// SHA-256 of the header's bytes.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::digest(self.header_bytes.as_bytes())
    }

    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    #[must_use]
    pub fn header_bytes(&self) -> &str {
        &self.header_bytes
    }

    /// `None` if the body was destroyed.
    #[must_use]
    pub fn body_bytes(&self) -> Option<&str> {
        self.body_bytes.as_deref()
    }

    /// Decodes the body; `None` if it was destroyed.
    pub fn body(&self) -> Result<Option<Body>, BodyError> {
        self.body_bytes.as_deref().map(Body::decode).transpose()
    }

    /// Returns the entries whose bodies it destroys; itself is never among them.
    #[must_use]
    pub fn destroys(&self) -> Vec<Uuid> {
        // The substring test saves decoding nearly every body.
        let decoded = match &self.body_bytes {
            Some(body) if body.contains("\"destroys\":") => self.body().ok().flatten(),
            _ => None,
        };
        let mut destroys = decoded.map(|body| body.destroys).unwrap_or_default();
        destroys.retain(|id| *id != self.header.id);
        destroys
    }

    /// When it was recorded, where, and as which of its chain; the id breaks ties. Of versions that were written
    /// without knowing of each other, the greatest is shown.
    #[must_use]
    pub fn order(&self) -> (UtcTime, Uuid, u64, Uuid) {
        let header = &self.header;
        (header.recorded, header.origin, header.seq, header.id)
    }

    /// The head of its chain while this is the last entry.
    #[must_use]
    pub fn head(&self) -> ChainHead {
        ChainHead {
            origin: self.header.origin,
            seq: self.header.seq,
            hash: Some(self.hash()),
        }
    }
}

/// Returns the indices of the versions of one subject that no other replaces, the one to display first. More than
/// one is a conflict, unless they say the same. Empty if there are no versions.
///
/// The result does not depend on the order of `versions`. The greatest by (recorded, origin, sequence) is
/// displayed; the id breaks ties.
#[must_use]
pub fn heads(versions: &[Entry]) -> Vec<usize> {
    let replaced: HashSet<Uuid> = versions
        .iter()
        .flat_map(|entry| {
            let header = &entry.header;
            header
                .replaces
                .iter()
                .copied()
                .filter(|id| *id != header.id)
        })
        .collect();
    let mut heads: Vec<usize> = (0..versions.len())
        .filter(|&i| !replaced.contains(&versions[i].header.id))
        .collect();
    // Versions can replace one another in a circle only if they are forged; then all are current.
    if heads.is_empty() {
        heads = (0..versions.len()).collect();
    }
    heads.sort_by_key(|&i| std::cmp::Reverse(versions[i].order()));
    heads
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        event::Event,
        time::parse_utc,
        value::{Operation, UnknownValue, Value},
        words::Kind,
    };

    fn change(text: &str) -> Change {
        let at = parse_utc("2012-08-16T14:06:00Z").unwrap();
        Change {
            id: Uuid::from_u128(7),
            incident: None,
            subject: Subject::Event(Uuid::from_u128(7)),
            replaces: vec![],
            recorded: at,
            author: "jw".into(),
            salt: "00".repeat(16),
            body: Body::new(
                Operation::Log,
                Value::Event(Box::new(Event::new(at.fixed_offset(), Kind::Fault, text))),
            ),
        }
    }

    const EMPTY_HEAD: ChainHead = ChainHead {
        origin: Uuid::nil(),
        seq: 0,
        hash: None,
    };

    /// The version `id` of a subject, recorded so many µs after 1970.
    fn version(id: u128, replaces: &[u128], recorded: i64) -> Entry {
        let mut entry = Entry::from_change(&change("x"), EMPTY_HEAD).unwrap();
        entry.header.id = Uuid::from_u128(id);
        entry.header.replaces = replaces.iter().copied().map(Uuid::from_u128).collect();
        entry.header.recorded = crate::domain::time::from_micros(recorded);
        entry
    }

    #[test]
    fn replacement_with_earlier_clock_still_wins() {
        assert_eq!(heads(&[version(1, &[], 100), version(2, &[1], 50)]), [1]);
    }

    #[test]
    fn concurrent_versions_are_both_heads_until_both_are_replaced() {
        let mut versions = vec![version(1, &[], 1), version(3, &[1], 9), version(2, &[1], 5)];
        assert_eq!(heads(&versions), [1, 2]);
        versions.push(version(4, &[2, 3], 2));
        assert_eq!(heads(&versions), [3]);
    }

    #[test]
    fn entry_line_parses_to_equal_entry() {
        let entry = Entry::from_change(&change("it \"broke\"\n\u{202e}"), EMPTY_HEAD).unwrap();
        assert!(!entry.to_line().contains('\n'));
        let read = Entry::parse(&entry.to_line()).unwrap();
        assert_eq!(read, entry);
        assert_eq!(
            read.body().unwrap().unwrap(),
            change("it \"broke\"\n\u{202e}").body
        );
    }

    #[test]
    fn entry_rejects_times_that_cannot_be_stored() {
        let east = chrono::FixedOffset::east_opt(14 * 3600).unwrap();
        let last = parse_utc("9999-12-31T23:59:59Z").unwrap();
        let mut at_the_edge = change("x");
        at_the_edge.recorded = last;
        assert!(matches!(
            Entry::from_change(&at_the_edge, EMPTY_HEAD),
            Err(BodyError::TimeOutOfRange(_))
        ));
        at_the_edge.recorded = parse_utc("1969-12-31T23:59:59Z").unwrap();
        assert!(Entry::from_change(&at_the_edge, EMPTY_HEAD).is_err());
        // The local time falls in the year 10000.
        let mut beyond = change("x");
        beyond.body.value = Value::Event(Box::new(Event::new(
            last.with_timezone(&east),
            Kind::Note,
            "x",
        )));
        assert!(matches!(
            Entry::from_change(&beyond, EMPTY_HEAD),
            Err(BodyError::RoundTripMismatch)
        ));
    }

    #[test]
    fn parse_rejects_changed_body_but_accepts_destroyed() {
        let entry = Entry::from_change(&change("it broke"), EMPTY_HEAD).unwrap();
        let forged = entry.to_line().replace("it broke", "it held!");
        assert!(matches!(
            Entry::parse(&forged),
            Err(EntryError::BodyHash { .. })
        ));
        let end = entry.to_line().find(",\"body\":{").unwrap();
        let destroyed =
            Entry::parse(&format!("{},\"body\":null}}", &entry.to_line()[..end])).unwrap();
        assert_eq!(destroyed.hash(), entry.hash());
        assert_eq!(destroyed.body().unwrap(), None);
    }

    #[test]
    fn unknown_value_type_decodes_as_unknown() {
        let entry = Entry::from_change(&change("it broke"), EMPTY_HEAD).unwrap();
        let body = entry
            .body_bytes()
            .unwrap()
            .replace("\"type\":\"event\"", "\"type\":\"poem\"");
        assert_eq!(
            Body::decode(&body).unwrap().value,
            Value::Unknown(UnknownValue {
                type_: "poem".into(),
                json: body[body.find("\"value\":").unwrap() + 8..body.len() - 1].into(),
            })
        );
    }
}
