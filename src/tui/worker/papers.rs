//! Jobs about documents.

use super::Worker;
use crate::{
    domain::{incident::Incident, value::Message, zone::Zone},
    ops::{OpsError, Result, document, export, lint},
    tui::msg::{Document, Job, Letter, Reply},
};

impl Worker {
    pub(super) fn paper(&mut self, job: Job) -> Result<Reply> {
        let id = self
            .looked
            .ok_or_else(|| OpsError::failed("there is no incident yet"))?;
        let handle = self.book.read().handle_of(id)?;
        let row = self.book.reading(Some(&handle))?;
        let incident = self.book.incident(&row)?;
        Ok(match job {
            Job::Document(Document::Postmortem) => {
                Reply::Postmortem(document::postmortem_markdown(&self.book, &incident)?)
            }
            Job::Document(Document::Email(stage)) => {
                let due = document::Stage::of(&incident);
                let stage = stage
                    .and_then(|at| document::Stage::ALL.get(at).copied())
                    .unwrap_or(due);
                let (_, email) =
                    document::email(&self.book, &incident, Some(stage), document::Format::Text)?;
                Reply::Letter(Letter {
                    stage: document::Stage::ALL
                        .iter()
                        .position(|s| *s == stage)
                        .unwrap_or(0),
                    stages: document::Stage::ALL
                        .iter()
                        .map(ToString::to_string)
                        .collect(),
                    due: stage == due,
                    lint: self.lint(&incident, stage, &email),
                    kept: incident
                        .messages
                        .iter()
                        .map(|m| kept(&m.value, &self.zone))
                        .collect(),
                    unsent: incident
                        .messages
                        .iter()
                        .rev()
                        .find(|m| m.value.sent_at.is_none())
                        .map(|m| format!("m{}", m.value.number)),
                    subject: email.subject,
                    body: email.body,
                    trace: email.trace,
                })
            }
            Job::Export(which) => {
                let (name, text) = match which {
                    Document::Postmortem => (
                        "postmortem.md".to_owned(),
                        document::postmortem_markdown(&self.book, &incident)?,
                    ),
                    Document::Email(stage) => {
                        let stage = stage.and_then(|at| document::Stage::ALL.get(at).copied());
                        let (stage, email) =
                            document::email(&self.book, &incident, stage, document::Format::Text)?;
                        (
                            format!("email-{stage}.txt"),
                            format!("Subject: {}\n\n{}", email.subject, email.body),
                        )
                    }
                };
                let path = export::beside(&row, &name, &text)?;
                Reply::Exported(path.display().to_string())
            }
            Job::Section(name) => {
                let text = incident.sections.get(&name).cloned().unwrap_or_default();
                Reply::Section(name, text)
            }
            _ => Reply::Changed,
        })
    }
}

impl Worker {
    /// What the checks find in the letter; where they fail, what it leaves open.
    fn lint(
        &self,
        incident: &Incident,
        stage: document::Stage,
        email: &document::Email,
    ) -> Vec<String> {
        match lint::lint(&self.book, incident, Some(stage)) {
            Ok(found) => found
                .into_iter()
                .filter(|finding| finding.document == "email")
                .map(|finding| format!("{}: {}", finding.reason, finding.command))
                .collect(),
            Err(_) => missing(&format!("{}\n{}", email.subject, email.body)),
        }
    }
}

/// A kept letter in words.
fn kept(message: &Message, zone: &Zone) -> String {
    let mut text = format!("m{} {}", message.number, message.stage);
    if let Some(who) = &message.approved_by {
        text.push_str(&format!(" · approved by {who}"));
    }
    match message.sent_at {
        Some(at) => {
            let at = zone.stamp(at.into()).format("%-d %b %H:%M");
            let via = message.via.as_deref().unwrap_or("some way");
            text.push_str(&format!(" · went out {at} by {via}"));
        }
        None => text.push_str(" · not sent"),
    }
    text
}

/// What a person must still fill in: the `[[...]]` of a letter.
fn missing(text: &str) -> Vec<String> {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out: Vec<String> = Vec::new();
    let mut rest = flat.as_str();
    while let Some(at) = rest.find("[[") {
        rest = &rest[at + 2..];
        let Some(end) = rest.find("]]") else {
            break;
        };
        let item = rest[..end].to_owned();
        if !out.contains(&item) {
            out.push(item);
        }
        rest = &rest[end..];
    }
    out
}
