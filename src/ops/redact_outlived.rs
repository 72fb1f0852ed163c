//! Versions that another machine wrote of something without knowing that it was redacted: they came later, and hold
//! what had to go.

use super::{Result, Session, resolve::short_ref};
use crate::domain::subject::Subject;
use uuid::Uuid;

/// A version that a redaction did not reach.
#[derive(Clone, Debug)]
pub struct Outlived {
    /// The incident that shows it.
    pub incident: Option<Uuid>,
    /// Its handle, or `field/NAME`.
    pub name: String,
    pub author: String,
    /// The command that destroys it.
    pub command: String,
}

impl Outlived {
    /// Says what it is and how it is destroyed.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!(
            "{} was redacted, but {} wrote a version of it without knowing of that, and it may hold the same text: `{}` destroys it too",
            self.name, self.author, self.command
        )
    }
}

/// Returns all of them in the journal, one of each subject.
///
/// # Errors
/// Those of the store.
pub fn outlived(session: &Session) -> Result<Vec<Outlived>> {
    let read = session.read();
    let mut all = Vec::new();
    for entry in read.outlived_redactions()? {
        let header = entry.header();
        let state = read.subject_state(&header.subject, header.incident)?;
        let Some((current, handle)) = state else {
            continue;
        };
        let mut flag = String::new();
        if let (true, Some(incident)) = (handle.is_empty(), current.incident)
            && let Some(row) = read.incident_row(incident)?
        {
            flag = format!(" --incident {}", short_ref(&row));
        }
        let is_file = matches!(header.subject, Subject::File(_));
        let name = match is_file || handle.is_empty() {
            true => header.subject.to_string(),
            false => handle,
        };
        all.push(Outlived {
            incident: current.incident,
            command: format!("bridgelog redact {name}{flag} --reason TEXT"),
            name,
            author: header.author.clone(),
        });
    }
    Ok(all)
}
