//! What stays on this machine of incidents that are or were private.
//!
//! The field `private` of an incident says so. An undo of it is not a decision to share what was written
//! meanwhile: that stays here until the field says `no`.

use crate::domain::{
    entry::Entry,
    incident::is_private,
    value::{Body, Value},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What was written to an incident while it was private, where that was undone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrivateSpans {
    /// The numbers of the entries that began and ended it.
    spans: Vec<(i64, i64)>,
    /// The acts that made it private, by their first entries: a merge writes the field `private` among others.
    pub(super) acts: BTreeSet<Uuid>,
}

impl PrivateSpans {
    /// Reads them from all `versions` of the field `private` of an incident, with their `nos`.
    pub(super) fn of(versions: &[Entry], nos: &[i64]) -> Self {
        let mut found = Self::default();
        let mut began = None;
        let mut ordered: Vec<(&i64, &Entry)> = nos.iter().zip(versions).collect();
        ordered.sort_by_key(|(no, _)| **no);
        for (no, entry) in ordered {
            let body = entry.body().ok().flatten();
            let act = body.as_ref().and_then(|body| body.group);
            match body.map(|body| body.value) {
                Some(Value::Field(text)) if is_private(&text.text) => {
                    began.get_or_insert(*no);
                    found.acts.extend(act);
                }
                Some(Value::Field(_)) => (found, began) = (Self::default(), None),
                _ => found.spans.extend(began.take().map(|began| (began, *no))),
            }
        }
        found
    }

    /// True if it never was.
    pub(super) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// True if `entry`, number `no` of the journal and of the same incident, was written while it was private.
    #[must_use]
    pub fn contains(&self, no: i64, entry: &Entry) -> bool {
        let in_span = |(from, to): &(i64, i64)| (*from..=*to).contains(&no);
        let act = || {
            let body = entry.body_bytes().map(Body::decode)?.ok()?;
            body.group
        };
        self.spans.iter().any(in_span) || act().is_some_and(|act| self.acts.contains(&act))
    }
}

/// What the incidents say of whether they may go to other machines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrivacyMarks {
    /// Those that are private, and those whose private declaration was undone.
    pub private: BTreeSet<Uuid>,
    /// Those that say that they are not.
    pub shared: BTreeSet<Uuid>,
    /// Those that were private for a time, which was undone.
    pub formerly: BTreeMap<Uuid, PrivateSpans>,
}
