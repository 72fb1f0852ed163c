//! What an undo or redo did, in words.

use crate::{
    ops::{
        Result,
        entry_body::decode_body,
        resolve::{label, short_ref},
    },
    {
        domain::{
            entry::Entry,
            subject::Subject,
            value::{Change, Operation, Value},
            words::Kind,
        },
        store::{IncidentRow, Reader},
    },
};

/// What an undo or redo did.
#[derive(Clone, Debug)]
pub struct Undone {
    /// The operation that was undone or redone.
    pub act: Operation,
    /// The value that operation had written.
    pub value: Value,
    /// The subject's handle, if it has one.
    pub handle: Option<String>,
    pub subject: Subject,
    /// `None` if it was unfiled.
    pub incident: Option<IncidentRow>,
    /// Number of subjects in the act.
    pub count: usize,
    /// The handles of all events, tasks and messages in it.
    pub handles: Vec<String>,
    /// True if it took back what was created: nothing but `restore-event` and a redo shows it again.
    pub gone: bool,
    /// Remarks on what was passed over, one sentence each.
    pub notices: Vec<String>,
}

/// Describes what `reported`, an entry of the act, did; `changes` take it back or do it again.
pub(super) fn describe(read: &Reader<'_>, reported: &Entry, changes: &[Change]) -> Result<Undone> {
    let header = reported.header();
    let body = decode_body(reported)?;
    let written = changes
        .iter()
        .rev()
        .find(|change| change.subject == header.subject)
        .map(|change| &change.body.value);
    let gone = matches!(written, Some(Value::Gone));
    // A message may have got another number on its way back.
    let renumbered = written.filter(|value| matches!(value, Value::Message(_)));
    Ok(Undone {
        act: body.operation,
        value: renumbered.cloned().unwrap_or(body.value),
        handle: header
            .subject
            .id()
            .map(|id| read.handle_of(id))
            .transpose()?,
        subject: header.subject.clone(),
        incident: match header.incident {
            Some(id) => read.incident_row(id)?,
            None => None,
        },
        count: 1,
        handles: vec![],
        gone,
        notices: vec![],
    })
}

/// Says of each incident that `changes`, which were written, made no longer private, that what was written to it
/// meanwhile stays here.
pub(super) fn formerly_private(read: &Reader<'_>, changes: &[Change]) -> Result<Vec<String>> {
    let mut notices = Vec::new();
    let ended = changes.iter().filter(|change| {
        change.subject == Subject::Field("private".to_owned()) && change.body.value == Value::Gone
    });
    for id in ended.filter_map(|change| change.incident) {
        let row = read.incident_row(id)?;
        if let Some(row) = row.filter(|row| !row.withdrawn && !row.is_private) {
            notices.push(format!(
                "what was written to {} while it was private stays on this machine, unless `set private no` shares all of it",
                label(&row)
            ));
        }
    }
    Ok(notices)
}

impl Undone {
    /// Names the act and its value in words: ``log kvnqrs `disk full` and 2 more of the same act (in 1)``.
    #[must_use]
    pub fn summary(&self) -> String {
        let text = match &self.value {
            Value::Event(event) if event.text.is_empty() => format!(" `{}`", event.kind),
            Value::Event(event) => format!(" `{}`", event.text),
            Value::Task(task) => format!(" `{}`", task.text),
            Value::Message(message) => format!(" m{}", message.number),
            _ => String::new(),
        };
        self.describe_act(&text)
    }

    /// Names the act in words, without its value: `log kvnqrs and 2 more of the same act (in 1)`.
    #[must_use]
    pub fn act_summary(&self) -> String {
        self.describe_act("")
    }

    fn describe_act(&self, text: &str) -> String {
        let what = self
            .handle
            .clone()
            .unwrap_or_else(|| self.subject.to_string());
        let others = match self.count {
            0 | 1 => String::new(),
            n => format!(" and {} more of the same act", n - 1),
        };
        let place = self.incident.as_ref().map_or_else(
            || "unassigned".to_owned(),
            |row| format!("in {}", short_ref(row)),
        );
        let verb = match self.act == Operation::Move && is_declaration(&self.value) {
            true => "merge",
            false => self.act.verb(&self.subject),
        };
        format!("{verb} {what}{text}{others} ({place})")
    }
}

/// True if `entry` moved the declaration of an incident, which only a merge does.
pub(super) fn is_merge(entry: &Entry) -> bool {
    let body = entry.body().ok().flatten();
    body.is_some_and(|body| body.operation == Operation::Move && is_declaration(&body.value))
}

fn is_declaration(value: &Value) -> bool {
    value
        .event()
        .is_some_and(|event| event.kind == Kind::Declare)
}
