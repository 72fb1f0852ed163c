//! Customer emails as they are kept: saved, approved, sent.
//!
//! An approval is for the saved text only. A sent message cannot be undone.

mod find;

use super::{
    OpsError, Result, Session,
    amend::write_version,
    context::{self, LineOptions},
    document,
    person::TypedPerson,
    resolve::{Target, short_ref},
};
use crate::{
    documents::{CustomerView, Format, Stage, lint::unfilled_placeholders},
    domain::{
        incident::Incident,
        states::States,
        subject::Subject,
        value::{Message, Operation, Value},
    },
    store::IncidentRow,
};
pub(super) use find::free_number;
pub use find::{find, letter_number};
use find::{find_unsent, next_number};

/// How a message can be sent: values of `--via`.
pub const CHANNELS: [&str; 3] = ["email", "statuspage", "phone"];

/// A message with its incident.
#[derive(Clone, Debug)]
pub struct SavedMessage {
    pub handle: String,
    pub message: Message,
    pub incident: IncidentRow,
    /// Remarks for the user, one sentence each.
    pub notices: Vec<String>,
}

/// How a message was sent.
#[derive(Clone, Debug, Default)]
pub struct SendDetails<'a> {
    /// One of [`CHANNELS`].
    pub via: &'a str,
    /// Which customers got it.
    pub to_group: Option<&'a str>,
    /// The text that went out, if it is not the saved one.
    pub text: Option<&'a str>,
    /// When, as typed; `None` means now.
    pub at: Option<&'a str>,
}

/// Saves the email of `stage` (or of the one that is due), with `text` in place of the drafted text
/// if given. With `over`, it replaces the text of that message, and its approval ends.
///
/// # Errors
/// No incident, an empty text, `over` was sent or is the same already, a template that fails.
pub fn save(
    session: &mut Session,
    given: Option<&str>,
    stage: Option<Stage>,
    over: Option<&str>,
    text: Option<&str>,
) -> Result<SavedMessage> {
    session.transact(|session| {
        let row = session.resolve_to_change(given)?;
        let incident = session.load_incident_for_document(&row)?;
        let before = over
            .map(|over| find_unsent(&incident, over, "changed"))
            .transpose()?;
        let stage = match (stage, &before) {
            (None, Some(before)) => before.value.stage.parse().ok(),
            (stage, _) => stage,
        };
        let (stage, drafted) = document::email(session, &incident, stage, Format::Text)?;
        let is_own_text = text.is_some();
        let (subject, text) = match text {
            Some(text) => split_subject(text, &drafted.subject)?,
            None => (drafted.subject, drafted.body),
        };
        let facts = match is_own_text {
            true => Vec::new(),
            false => {
                CustomerView::from_incident(&incident, &States::from_incident(&incident)).facts()
            }
        };
        let message = Message {
            number: match &before {
                Some(before) => before.value.number,
                None => next_number(&incident.messages),
            },
            stage: stage.as_str().to_owned(),
            subject,
            text,
            approved_by: None,
            sent_at: None,
            via: None,
            to_group: None,
            unsent: None,
            facts,
            unknown: before
                .as_ref()
                .map(|before| before.value.unknown.clone())
                .unwrap_or_default(),
        };
        let mut notices = Vec::new();
        if let Some(what) = &incident.unverified {
            notices.push(format!(
                "this email is made from entries that are not as they were written: {what}"
            ));
        }
        if let Some(missing) = missing_parts(&message, &incident) {
            notices.push(format!("something is missing still: {missing}"));
        }
        let handle = match before {
            Some(before) => {
                if before.value.text == message.text && before.value.subject == message.subject {
                    return Err(
                        OpsError::failed(format!("m{} is unchanged", message.number))
                            .with_hint("it stays approved"),
                    );
                }
                if let Some(by) = &before.value.approved_by {
                    notices.push(format!(
                        "{by} approved another text: this one needs a new approval"
                    ));
                }
                amend_message(session, &before.handle, message.clone())?
            }
            None => {
                let id = session.write_context.ids.new_id(session.now());
                let value = Value::Message(Box::new(message.clone()));
                let change = session.write_context.new_value(
                    Some(row.id),
                    Subject::Message(id),
                    vec![],
                    value,
                );
                session.append(&[change])?;
                session.read().handle_of(id)?
            }
        };
        Ok(SavedMessage {
            handle,
            message,
            incident: row,
            notices,
        })
    })
}

/// Records that `who` approves the saved text of a message.
///
/// # Errors
/// No such message; it was sent; `who` approved it already; a placeholder is left in its text.
pub fn approve(
    session: &mut Session,
    given: Option<&str>,
    who: &str,
    typed: &str,
) -> Result<SavedMessage> {
    change(session, given, |session, _, incident| {
        let TypedPerson {
            name: who, notice, ..
        } = session.typed_person(who, "person who approves")?;
        let before = find_unsent(incident, typed, "approved")?;
        let number = before.value.number;
        if before.value.approved_by.as_deref() == Some(&who) {
            return Err(
                OpsError::failed(format!("{who} has approved m{number} already"))
                    .with_hint("the approval is for the text as it is"),
            );
        }
        if let Some(missing) = missing_parts(&before.value, incident) {
            return Err(OpsError::failed(format!(
                "something is missing in m{number} still: {missing}"
            ))
            .with_hint(format!(
                "fill it in, or take `[[` out of the record, then `bridgelog email --save=m{number}`"
            )));
        }
        let message = Message {
            approved_by: Some(who),
            ..before.value.clone()
        };
        Ok((before.handle, message, notice.into_iter().collect()))
    })
}

/// Records that a message was sent.
///
/// # Errors
/// No such message; it was sent before; an unknown channel; an invalid time or an empty text.
pub fn mark_sent(
    session: &mut Session,
    given: Option<&str>,
    typed: &str,
    details: &SendDetails<'_>,
) -> Result<SavedMessage> {
    change(session, given, |session, row, incident| {
        let before = find_unsent(incident, typed, "sent")?;
        let number = before.value.number;
        let via = details.via.to_lowercase();
        if !CHANNELS.contains(&via.as_str()) {
            return Err(
                OpsError::usage(format!("`{}` is not a channel", details.via))
                    .with_hint(format!("one of: {}", CHANNELS.join(", "))),
            );
        }
        let mut message = before.value.clone();
        let mut notices = Vec::new();
        if incident.is_drill() {
            notices.push("this incident is a drill".to_owned());
        }
        if let Some(text) = details.text {
            let (mut subject, text) = split_subject(text, &message.subject)?;
            let is_other_text = text.trim_end() != message.text.trim_end();
            let differs = is_other_text || subject != message.subject;
            // That of the draft went out with no other text, unless it was a mail.
            if is_other_text && via != "email" && subject == message.subject {
                subject.clear();
            }
            (message.subject, message.text) = (subject, text);
            if differs {
                message.facts.clear();
            }
            if let Some(by) = message.approved_by.take_if(|_| differs) {
                notices.push(format!(
                    "{by} approved another text than the one that was sent"
                ));
            }
        }
        if message.approved_by.is_none() && before.value.approved_by.is_none() {
            notices.push(format!("m{number} was sent without an approval"));
        }
        if let Some(missing) = missing_parts(&message, incident) {
            notices.push(format!("it was sent with something missing: {missing}"));
        }
        let context = session.line_context(Some(row), &LineOptions::for_typed_line(None))?;
        let when = context.parse_time(details.at)?;
        notices.extend(when.notices(&context.time_context()));
        message.sent_at = Some(when.at);
        message.via = Some(via);
        message.unsent = None;
        message.to_group = match details.to_group {
            Some(group) => Some(context::validate_text(group, "group")?),
            None => None,
        };
        Ok((before.handle, message, notices))
    })
}

/// Takes back that a message was sent, which was recorded by mistake, for `reason`. It is again what it was
/// before: its saved text, with the approval of that.
///
/// # Errors
/// No such message; it was not sent; an empty reason.
pub fn mark_unsent(
    session: &mut Session,
    given: Option<&str>,
    typed: &str,
    reason: &str,
) -> Result<SavedMessage> {
    change(session, given, |session, _, incident| {
        let reason = context::validate_text(reason, "reason")?;
        let found = find(incident, typed)?;
        let number = found.value.number;
        if found.value.sent_at.is_none() {
            return Err(OpsError::failed(format!("m{number} was not sent"))
                .with_hint("`bridgelog email --list` shows which were"));
        }
        let target = session.resolve_target(&found.handle)?;
        let before = before_sending(session, &target)?;
        let message = Message {
            number,
            sent_at: None,
            via: None,
            to_group: None,
            unsent: Some(reason),
            ..before.unwrap_or_else(|| found.value.clone())
        };
        let notice = "if it did go out: `bridgelog undo`, or --sent again";
        Ok((found.handle.clone(), message, vec![notice.to_owned()]))
    })
}

/// Writes a new version of a message of the incident `given`. `change` returns the handle of the message, the
/// version, and notices.
fn change(
    session: &mut Session,
    given: Option<&str>,
    change: impl FnOnce(&mut Session, &IncidentRow, &Incident) -> Result<(String, Message, Vec<String>)>,
) -> Result<SavedMessage> {
    session.transact(|session| {
        let row = session.resolve_to_change(given)?;
        let incident = session.load_incident(&row)?;
        let (handle, message, notices) = change(session, &row, &incident)?;
        Ok(SavedMessage {
            handle: amend_message(session, &handle, message.clone())?,
            message,
            incident: row,
            notices,
        })
    })
}

/// The message as it was before it was sent; `None` if that is not in this store.
fn before_sending(session: &Session, target: &Target) -> Result<Option<Message>> {
    let versions = session
        .read()
        .subject_versions(&target.subject, target.current.incident)?;
    let mut id = target.current.shown;
    for _ in 0..versions.len() {
        let Some(version) = versions.iter().find(|v| v.header().id == id) else {
            break;
        };
        match Value::from_body(version.body_bytes()) {
            Value::Message(message) if message.sent_at.is_none() => return Ok(Some(*message)),
            _ => {}
        }
        match version.header().replaces.first() {
            Some(before) => id = *before,
            None => break,
        }
    }
    Ok(None)
}

/// Returns what is missing in the subject or text of a letter of `incident`: the first, and how many more.
fn missing_parts(message: &Message, incident: &Incident) -> Option<String> {
    let letter = format!("{}\n{}", message.subject, message.text);
    let missing = unfilled_placeholders(&letter, incident);
    match missing.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        [first, rest @ ..] => Some(format!("{first}, and {} more", rest.len())),
    }
}

/// Splits a text written by hand into subject and body. It may begin with a `Subject:` line; else
/// `subject` is kept.
fn split_subject(text: &str, subject: &str) -> Result<(String, String)> {
    let text = text.trim_start_matches(['\u{feff}', '\n', '\r']);
    let (subject, body) = match text.strip_prefix("Subject:") {
        Some(rest) => {
            let (line, body) = rest.split_once('\n').unwrap_or((rest, ""));
            (context::validate_text(line, "subject")?, body)
        }
        None => (subject.to_owned(), text),
    };
    // What customers have read already is kept word for word, whatever is in it.
    let body = context::validate_length(body, "text of the email")?;
    Ok((subject, body + "\n"))
}

fn amend_message(session: &mut Session, handle: &str, message: Message) -> Result<String> {
    let target: Target = session.resolve_target(handle)?;
    write_version(
        session,
        &target,
        Operation::Amend,
        Value::Message(Box::new(message)),
    )?;
    Ok(target.handle)
}

/// Returns `m1 of incident 7`, for messages to the user.
#[must_use]
pub fn label(saved: &SavedMessage) -> String {
    format!(
        "m{} of incident {}",
        saved.message.number,
        short_ref(&saved.incident)
    )
}
