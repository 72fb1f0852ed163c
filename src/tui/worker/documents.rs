//! Jobs about documents, and about all incidents together.

use super::{Worker, queries::list_item};
use crate::{
    domain::{
        incident::{Incident, Record},
        value::Message,
        zone::Zone,
    },
    ops::{Result, Session, document, export, ledger, lint, resolve::short_ref, stats, status},
    tui::msg::{Document, ExportFormat, Job, LedgerLine, Letter, Reply, TrendLine, Trends},
};
use chrono::Months;
use uuid::Uuid;

/// So far back trends go.
const TREND_MONTHS: u32 = 12;

impl Worker {
    pub(super) fn run_background_job(&self, job: &Job) -> Result<Reply> {
        let book = &self.book;
        Ok(match *job {
            Job::IncidentHistory(id) => {
                Reply::IncidentHistory(id, book.incident_history(id)?.unwrap_or_default())
            }
            Job::Document(id, Document::Postmortem) => {
                let (_, incident) = load_for_document(book, id)?;
                let text = document::postmortem_markdown(book, &incident)?;
                let missing = lint::postmortem(book, &incident, &text)
                    .iter()
                    .map(format_finding)
                    .collect();
                Reply::Postmortem(text, missing)
            }
            Job::Document(id, Document::Email(stage)) => load_letter(book, id, stage)?,
            Job::Export(id, which, form) => {
                let (row, incident) = load_for_document(book, id)?;
                let path = export::write_document(book, &row, &incident, export_kind(which, form))?;
                Reply::Exported(path.display().to_string())
            }
            Job::Ledger => {
                let mut lines = ledger::ledger(book, None, None)?;
                lines.reverse();
                let here = book.zone_for_new_incident(None)?.name().to_owned();
                let line = |line: ledger::LedgerRow| LedgerLine {
                    zone: line
                        .incident
                        .as_ref()
                        .map_or_else(|| here.clone(), |row| row.zone.clone()),
                    incident: line
                        .incident
                        .map(|row| (row.handle.clone(), short_ref(&row))),
                    fault: line.fault,
                };
                Reply::Ledger(lines.into_iter().map(line).collect())
            }
            Job::Trends => Reply::Trends(load_trends(book)?),
            _ => Reply::StoreChanged,
        })
    }
}

/// All of incident `id`, with its row.
pub(super) fn load_incident(
    book: &Session,
    id: Uuid,
) -> Result<(crate::ops::IncidentRow, Incident)> {
    let handle = book.read().handle_of(id)?;
    let row = book.resolve_for_read(Some(&handle))?;
    let incident = book.load_incident(&row)?;
    Ok((row, incident))
}

/// The same, with its entries verified.
fn load_for_document(book: &Session, id: Uuid) -> Result<(crate::ops::IncidentRow, Incident)> {
    let handle = book.read().handle_of(id)?;
    let row = book.resolve_for_read(Some(&handle))?;
    let incident = book.load_incident_for_document(&row)?;
    Ok((row, incident))
}

fn stage_from_index(at: Option<usize>) -> Option<document::Stage> {
    at.and_then(|at| document::Stage::ALL.get(at).copied())
}

/// What is to be written, in the words of the use case.
fn export_kind(which: Document, form: ExportFormat) -> export::ExportKind {
    match (which, form) {
        (Document::Postmortem, ExportFormat::Html) => export::ExportKind::PostmortemHtml,
        (Document::Postmortem, ExportFormat::Json) => export::ExportKind::PostmortemJson,
        (Document::Postmortem, _) => export::ExportKind::PostmortemMarkdown,
        (Document::Email(stage), ExportFormat::Eml) => {
            export::ExportKind::EmailDraft(stage_from_index(stage))
        }
        (Document::Email(stage), ExportFormat::Markdown) => {
            export::ExportKind::Email(stage_from_index(stage), document::Format::Markdown)
        }
        (Document::Email(stage), _) => {
            export::ExportKind::Email(stage_from_index(stage), document::Format::Text)
        }
    }
}

fn load_letter(book: &Session, id: Uuid, stage: Option<usize>) -> Result<Reply> {
    let (row, incident) = load_for_document(book, id)?;
    let zone = Zone::find(&row.zone)?;
    let due = document::Stage::next_for(&incident);
    let stage = stage_from_index(stage).unwrap_or(due);
    let (_, email) = document::email(book, &incident, Some(stage), document::Format::Text)?;
    let sources = |handles: Vec<String>| {
        handles
            .into_iter()
            .map(|handle| {
                let event = incident.events.iter().find(|e| e.handle == handle);
                event.map_or_else(
                    || handle.clone(),
                    |event| {
                        let at = status::format_time_of_day(&event.value, &zone);
                        let text = status::event_text(&event.value);
                        format!("{handle} {at} {}: {text}", event.value.kind)
                    },
                )
            })
            .collect()
    };
    Ok(Reply::Letter(Letter {
        stage: document::Stage::ALL
            .iter()
            .position(|s| *s == stage)
            .unwrap_or(0),
        stages: document::Stage::ALL
            .iter()
            .map(ToString::to_string)
            .collect(),
        is_due: stage == due,
        findings: findings(book, &incident, stage, &email),
        saved_messages: incident
            .messages
            .iter()
            .map(|m: &Record<Message>| describe_message(&m.value, &zone))
            .collect(),
        unsent_message: incident
            .messages
            .iter()
            .rev()
            .find(|m| m.value.sent_at.is_none())
            .map(|m| format!("m{}", m.value.number)),
        subject: email.subject,
        body: email.body,
        sources: email
            .trace
            .into_iter()
            .map(|(line, handles)| (line, sources(handles)))
            .collect(),
    }))
}

/// What the checks find in the letter; where they fail, what it leaves open.
fn findings(
    book: &Session,
    incident: &Incident,
    stage: document::Stage,
    email: &document::Email,
) -> Vec<String> {
    match lint::letter(book, incident, stage) {
        Ok(found) => found.iter().map(format_finding).collect(),
        Err(_) => unfilled_placeholders(&format!("{}\n{}", email.subject, email.body)),
    }
}

/// What is wrong, and what mends it.
fn format_finding(finding: &lint::Finding) -> String {
    match &finding.handle {
        Some(handle) => format!("{handle} {}: {}", finding.reason, finding.command),
        None => format!("{}: {}", finding.reason, finding.command),
    }
}

/// The incidents of the last [`TREND_MONTHS`] months with their figures.
fn load_trends(book: &Session) -> Result<Trends> {
    let since = book.now().checked_sub_months(Months::new(TREND_MONTHS));
    let mut rows = stats::stats(book, since, None)?;
    rows.reverse();
    let lines = rows.into_iter().map(|row| TrendLine {
        figures: stats::TABLE_METRICS
            .iter()
            .map(|(name, head)| {
                let figure = row.figures.iter().find(|figure| figure.name == *name);
                let seconds = figure.and_then(|figure| figure.seconds);
                (*head, seconds, figure.is_some_and(|figure| figure.ongoing))
            })
            .collect(),
        open: (row.open_follow_ups.len(), row.overdue_follow_ups.len()),
        incident: list_item(row.incident),
    });
    let held = ledger::ledger(book, since, None)?;
    Ok(Trends {
        lines: lines.collect(),
        absorbed: held
            .iter()
            .filter(|line| line.fault.defeated_by.is_none())
            .map(|line| line.fault.at)
            .collect(),
    })
}

/// A kept letter in words.
fn describe_message(message: &Message, zone: &Zone) -> String {
    let mut text = format!("m{} {}", message.number, message.stage);
    if let Some(who) = &message.approved_by {
        text.push_str(&format!(" · approved by {who}"));
    }
    match message.sent_at {
        Some(at) => {
            let at = zone.to_local(at.into()).format("%-d %b %H:%M");
            let via = message.via.as_deref().unwrap_or("some way");
            text.push_str(&format!(" · went out {at} by {via}"));
        }
        None => text.push_str(" · not sent"),
    }
    text
}

/// What a person must still fill in: the `[[...]]` of a letter.
fn unfilled_placeholders(text: &str) -> Vec<String> {
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
