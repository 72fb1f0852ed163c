//! Redacts a secret that was pasted: its bytes are destroyed, its hash stays.

use super::{OpsError, Result, Session, context::validate_text, resolve::Target};
use crate::domain::value::{Body, Operation, Value};

/// Destroys the text of all versions of what `typed` names. Time and state stay, and so does the
/// hash of each version, so the chain still verifies.
///
/// # Errors
/// An unknown handle, an empty reason, a sent message; or a store that appended it but could not
/// wipe old bytes.
pub fn redact(session: &mut Session, typed: &str, reason: &str) -> Result<Target> {
    session.transact(|session| {
        let reason = validate_text(reason, "reason")?;
        let target = session.resolve_including_undone(typed)?;
        if matches!(&target.current.value, Value::Message(m) if m.sent_at.is_some()) {
            return Err(OpsError::failed(format!(
                "`{typed}` is a message that was sent: its text is kept"
            )));
        }
        let mut value = target.current.value.redact(&reason);
        if let (Value::Event(event), true) = (&mut value, target.is_declaration()) {
            event.text = "[redacted]".to_owned();
        }
        let destroys = session
            .read()
            .subject_versions(&target.subject, target.current.incident)?
            .iter()
            .map(|version| version.header().id)
            .collect();
        let change = session.write_context.new_change(
            target.current.incident,
            target.subject.clone(),
            target.current.head_ids(),
            Body {
                destroys,
                ..Body::new(Operation::Redact, value)
            },
        );
        session.append(&[change])?;
        Ok(target)
    })
}
