//! What stays on this machine of incidents that are or were private.
//!
//! The field `private` of an incident says so. An undo of it is not a decision to share what was written
//! meanwhile: that stays here until the field says `no`.

use super::{
    error::{ErrorContext, StoreError},
    read::Reader,
    row::{PRIVATE, SHARED, optional_uuid},
    subjects::{SubjectKey, find_subject_row, load_versions},
};
use crate::domain::{
    entry::Entry,
    incident::is_private,
    subject::Subject,
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
    acts: BTreeSet<Uuid>,
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

impl Reader<'_> {
    /// Returns which incidents are marked private or shared.
    pub fn privacy_marks(&self) -> Result<PrivacyMarks, StoreError> {
        let rows = self.query_all(
            "SELECT name,flags&768 FROM subject WHERE flags&768",
            &[],
            |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)),
        )?;
        let mut marks = PrivacyMarks::default();
        for (name, flags) in rows {
            // The name is the incident's id, a slash and the field.
            let Some(id) = name.split('/').next().and_then(|id| id.parse().ok()) else {
                continue;
            };
            match flags {
                PRIVATE => _ = marks.private.insert(id),
                SHARED => _ = marks.shared.insert(id),
                _ => match self.private_spans(id)? {
                    Some(spans) => _ = marks.formerly.insert(id, spans),
                    None => _ = marks.private.insert(id),
                },
            }
        }
        Ok(marks)
    }

    /// Returns what was written to `incident` while it was private, which was undone; `None` if it was declared
    /// private: then that is all of it.
    pub(super) fn private_spans(&self, incident: Uuid) -> Result<Option<PrivateSpans>, StoreError> {
        let field = Subject::Field("private".to_owned());
        let key = SubjectKey::new(&field, Some(incident));
        let Some(row) = find_subject_row(self.conn, &key).with_path(self.path)? else {
            return Ok(Some(PrivateSpans::default()));
        };
        let (versions, nos) = load_versions(self.conn, &row).with_path(self.path)?;
        let spans = PrivateSpans::of(&versions, &nos);
        for act in &spans.acts {
            let first = self.entry(*act)?;
            if first.is_some_and(|first| first.header().subject == Subject::Event(incident)) {
                return Ok(None);
            }
        }
        Ok(Some(spans))
    }

    /// Returns the incident that shows the subject of entry number `no`; `None` if it is in none.
    pub fn shown_incident_of(&self, no: i64) -> Result<Option<Uuid>, StoreError> {
        let incident = self.query_first(
            "SELECT s.incident FROM entry c JOIN subject s ON s.no=coalesce(c.about,c.no) WHERE c.no=?1",
            &[&no],
            |row| optional_uuid(row, 0),
        )?;
        Ok(incident.flatten())
    }
}
