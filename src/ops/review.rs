//! Records that a person reviewed a postmortem, or that it is final.

use super::{OpsError, Result, Session, field, resolve::label};
use crate::{
    domain::{
        review::{DocumentStatus, ReviewStage, ReviewedRecords},
        subject::Subject,
        time::{UtcTime, to_micros},
        value::{TextValue, Value},
    },
    store::IncidentRow,
};

/// A review that was recorded.
#[derive(Clone, Debug)]
pub struct Reviewed {
    pub incident: IncidentRow,
    pub stage: ReviewStage,
    pub by: String,
    /// The number of entries that the postmortem is made of.
    pub entries: u64,
    /// What the postmortem is as of.
    pub records_to: UtcTime,
}

/// Records that `by` reviewed the postmortem of the incident `given` (else the open one, else the latest)
/// as its records are now.
///
/// # Errors
/// An empty name; `by` reviewed these very records already; a review of what is final.
pub fn record(
    session: &mut Session,
    given: Option<&str>,
    stage: ReviewStage,
    by: &str,
) -> Result<Reviewed> {
    session.transact(|session| {
        let row = session.resolve_to_change(given)?;
        let incident = session.load_incident(&row)?;
        let by = session.typed_person(by, "person who reviews")?.name;
        if let Some(approval) = incident.status.approval() {
            let is_same = incident.status.as_str() == stage.field() && approval.by == by;
            if is_same && approval.changed_since == 0 {
                return Err(OpsError::failed(format!(
                    "{by} recorded that already, and nothing changed since"
                ))
                .with_hint("`bridgelog undo` undoes it, right after it was recorded"));
            }
            let is_final = matches!(incident.status, DocumentStatus::Final(_));
            if is_final && stage == ReviewStage::Reviewed {
                return Err(OpsError::failed(format!(
                    "the postmortem of incident {} is final, by {}",
                    label(&row),
                    approval.by
                ))
                .with_hint("--final BY records that it is final with what changed since"));
            }
        }
        let review = ReviewedRecords {
            at: to_micros(session.now()),
            heads: session.read().reviewed_heads(row.id)?,
        };
        field::write_subject(
            session,
            &row,
            Subject::Field(stage.field().to_owned()),
            Value::Field(TextValue {
                review: Some(review),
                ..TextValue::from(by.clone())
            }),
        )?;
        Ok(Reviewed {
            incident: row,
            stage,
            by,
            entries: incident.entry_count,
            records_to: incident.last_recorded_at,
        })
    })
}
