//! What a document depends on beside the subjects of its incident: what it is as of, and what was recorded
//! since it was reviewed.

use super::{
    error::{ErrorContext, StoreError},
    merged::merged_incidents,
    read::Reader,
    row::{IS_FILE, entry_from_row, subject_name},
};
use crate::domain::{
    entry::Entry,
    incident::Incident,
    review::{Approval, ReviewStage, ReviewedHead},
    subject::Subject,
    time::{UtcTime, from_micros},
    value::{Value, changes_document},
};
use uuid::Uuid;

impl Reader<'_> {
    /// Sets what `incident` is as of, which neither messages nor reviews move, and how many records are
    /// newer than its review.
    pub(super) fn complete_for_document(&self, incident: &mut Incident) -> Result<(), StoreError> {
        let parts = self.parts(incident.id)?;
        let mut has_review = false;
        for part in &parts {
            has_review |= self.has_subject(&review_subjects(*part))?;
        }
        if !incident.messages.is_empty() || has_review {
            let mut newest = None;
            for part in &parts {
                newest = newest.max(self.last_recorded_of_document(*part)?);
            }
            incident.last_recorded_at = newest.unwrap_or(incident.last_recorded_at);
        }
        if let Some(approval) = incident.status.approval_mut() {
            approval.changed_since = self.changes_since(incident.id, approval)?;
        }
        Ok(())
    }

    /// Returns the ends of all chains that incident `id` is made of, as a review remembers them.
    pub fn reviewed_heads(&self, id: Uuid) -> Result<Vec<ReviewedHead>, StoreError> {
        let mut heads = Vec::new();
        for part in self.parts(id)? {
            let of_part = self.load_chain_heads(Some(part))?.into_iter();
            heads.extend(of_part.map(|head| ReviewedHead {
                incident: (part != id).then_some(part),
                origin: head.origin,
                seq: head.seq,
                hash: head.hash,
            }));
        }
        Ok(heads)
    }

    /// The incident itself and those that were merged into it.
    fn parts(&self, id: Uuid) -> Result<Vec<Uuid>, StoreError> {
        let merged = merged_incidents(self.conn, id).with_path(self.path)?;
        Ok(std::iter::once(id).chain(merged).collect())
    }

    /// Returns true if there is a subject with one of `names`.
    fn has_subject(&self, names: &[String; 2]) -> Result<bool, StoreError> {
        let found = self.query_first(
            "SELECT 1 FROM subject WHERE name IN (?1,?2) LIMIT 1",
            &[&names[0], &names[1]],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// Counts the entries of incident `id` that came after a review and change the document.
    fn changes_since(&self, id: Uuid, approval: &Approval) -> Result<u64, StoreError> {
        let mut count = 0;
        for head in self.reviewed_heads(id)? {
            let reviewed = approval.reviewed_up_to(head.incident, head.origin);
            if head.seq <= reviewed {
                continue;
            }
            let part = head.incident.unwrap_or(id);
            for entry in self.chain_after(part, head.origin, reviewed)? {
                let before = entry.header().replaces.first().copied();
                let before = before.map(|id| self.entry(id)).transpose()?.flatten();
                let before = before.map(|entry| Value::from_body(entry.body_bytes()));
                let value = Value::from_body(entry.body_bytes());
                let subject = &entry.header().subject;
                count += u64::from(changes_document(subject, &value, before.as_ref()));
            }
        }
        Ok(count)
    }

    /// Returns the entries of a chain after number `seq`, in order.
    fn chain_after(&self, id: Uuid, origin: Uuid, seq: u64) -> Result<Vec<Entry>, StoreError> {
        let read = || {
            self.conn
                .prepare_cached(
                    &format!("SELECT header,body FROM entry WHERE incident=?1 AND origin=?2 AND seq>?3 AND NOT {IS_FILE} ORDER BY seq"),
                )?
                .query_map(
                    (
                        id.as_bytes(),
                        origin.as_bytes(),
                        i64::try_from(seq).unwrap_or(i64::MAX),
                    ),
                    |row| entry_from_row(row, 0),
                )?
                .collect::<rusqlite::Result<Vec<Entry>>>()
        };
        read().with_path(self.path)
    }

    /// Returns when the newest entry in the chains of `id` was recorded that is a version of neither a message
    /// nor a review.
    fn last_recorded_of_document(&self, id: Uuid) -> Result<Option<UtcTime>, StoreError> {
        let reviews = review_subjects(id);
        let newest: Option<Option<i64>> = self.query_first(
            "SELECT max(e.recorded) FROM entry e JOIN subject s ON s.no=coalesce(e.about,e.no) WHERE e.incident=?1 AND s.sort<>3 AND s.name NOT IN (?2,?3)",
            &[id.as_bytes(), &reviews[0], &reviews[1]],
            |row| row.get(0),
        )?;
        Ok(newest.flatten().map(from_micros))
    }
}

/// The names of the subjects that hold the reviews of incident `id`.
fn review_subjects(id: Uuid) -> [String; 2] {
    [ReviewStage::Reviewed, ReviewStage::Final].map(|stage| {
        let field = Subject::Field(stage.field().to_owned());
        subject_name(&field, Some(id))
    })
}
