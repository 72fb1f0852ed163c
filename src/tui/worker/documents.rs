//! Jobs of the background worker: documents, and lists that need all incidents.

use super::{Worker, check_records::via_text, findings::finding_rows, incidents::list_item};
use crate::{
    domain::{
        incident::{Incident, Record},
        value::Message,
        zone::Zone,
    },
    ops::{Result, Session, document, export, ledger, lint, resolve::short_ref, stats, status},
    tui::msg::{Document, ExportFormat, LedgerLine, Letter, Reply, TrendLine, Trends},
};
use chrono::Months;
use std::{env, ffi::OsStr, path::Path};
use uuid::Uuid;

/// How many months the trends go back.
const TREND_MONTHS: u32 = 12;

impl Worker {
    pub(super) fn postmortem(&self, id: Uuid) -> Result<Reply> {
        let session = &self.session;
        let (_, incident) = load_for_document(session, id)?;
        let text = document::postmortem_markdown(session, &incident)?;
        let findings = lint::postmortem(session, &incident, &text);
        let zone = Zone::find(incident.zone())?;
        Ok(Reply::Postmortem(
            text,
            finding_rows(findings, &incident, &zone),
        ))
    }

    pub(super) fn letter(&self, id: Uuid, stage: Option<usize>) -> Result<Reply> {
        load_letter(&self.session, id, stage)
    }

    pub(super) fn export(&self, id: Uuid, kind: Document, format: ExportFormat) -> Result<Reply> {
        let session = &self.session;
        let (row, incident) = load_for_document(session, id)?;
        let path = export::write_document(session, &row, &incident, export_kind(kind, format))?;
        Ok(Reply::Exported {
            shown: shorten_home(&path, env::var_os("HOME").as_deref()),
            path: path.display().to_string(),
        })
    }

    pub(super) fn ledger(&self) -> Result<Reply> {
        let session = &self.session;
        let mut lines = ledger::ledger(session, None, None, false)?;
        lines.reverse();
        let local_zone = session.zone_for_new_incident(None)?.name().to_owned();
        let line = |line: ledger::LedgerRow| LedgerLine {
            zone: line
                .incident
                .as_ref()
                .map_or_else(|| local_zone.clone(), |row| row.zone.clone()),
            incident: line
                .incident
                .map(|row| (row.handle.clone(), short_ref(&row))),
            fault: line.fault,
        };
        Ok(Reply::Ledger(lines.into_iter().map(line).collect()))
    }

    pub(super) fn trends(&self) -> Result<Reply> {
        Ok(Reply::Trends(load_trends(&self.session)?))
    }
}

/// Returns `path` with `~` for the folder `home`.
pub(super) fn shorten_home(path: &Path, home: Option<&OsStr>) -> String {
    let below = home
        .filter(|home| home.len() > 1)
        .and_then(|home| path.strip_prefix(home).ok());
    match below {
        Some(below) => format!("~/{}", below.display()),
        None => path.display().to_string(),
    }
}

/// Returns incident `id` with its row, its entries verified.
fn load_for_document(session: &Session, id: Uuid) -> Result<(crate::ops::IncidentRow, Incident)> {
    let handle = session.read().handle_of(id)?;
    let row = session.resolve_for_read(Some(&handle))?;
    let incident = session.load_incident_for_document(&row)?;
    Ok((row, incident))
}

fn stage_from_index(at: Option<usize>) -> Option<document::Stage> {
    at.and_then(|at| document::Stage::ALL.get(at).copied())
}

/// Converts document and format to those of the export.
fn export_kind(kind: Document, format: ExportFormat) -> export::ExportKind {
    match (kind, format) {
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

fn load_letter(session: &Session, id: Uuid, stage: Option<usize>) -> Result<Reply> {
    let (row, incident) = load_for_document(session, id)?;
    let zone = Zone::find(&row.zone)?;
    let due = document::Stage::next_for(&incident);
    let stage = stage_from_index(stage).unwrap_or(due);
    let (_, email) = document::email(session, &incident, Some(stage), document::Format::Text)?;
    let sources = |handles: Vec<String>| {
        handles
            .into_iter()
            .map(|handle| {
                let event = incident.events.iter().find(|e| e.handle == handle);
                let text = event.map_or_else(String::new, |event| {
                    let at = status::format_time_of_day(&event.value, &zone);
                    let text = status::event_text(&event.value);
                    format!("{at} {}: {text}", event.value.kind)
                });
                (handle, text)
            })
            .collect()
    };
    let (findings, unchecked) = match lint::check_letter(session, &incident, stage) {
        Ok(findings) => (finding_rows(findings, &incident, &zone), None),
        Err(error) => (vec![], Some(error.to_string())),
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
        findings,
        unchecked,
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

/// Loads the incidents of the last [`TREND_MONTHS`] months with their metrics.
fn load_trends(session: &Session) -> Result<Trends> {
    let since = session.now().checked_sub_months(Months::new(TREND_MONTHS));
    let mut rows = stats::stats(session, since, None, false)?;
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
    let ledger_rows = ledger::ledger(session, since, None, false)?;
    Ok(Trends {
        lines: lines.collect(),
        absorbed: ledger_rows
            .iter()
            .filter(|line| line.fault.defeated_by.is_none())
            .map(|line| line.fault.at)
            .collect(),
    })
}

/// Describes a saved message in words.
fn describe_message(message: &Message, zone: &Zone) -> String {
    let mut text = format!("m{} {}", message.number, message.stage);
    if let Some(approver) = &message.approved_by {
        text.push_str(&format!(" · approved by {approver}"));
    }
    match message.sent_at {
        Some(at) => {
            let at = zone.to_local(at.into()).format("%-d %b %H:%M");
            text.push_str(&format!(" · sent {at} {}", via_text(message)));
        }
        None if message.unsent.is_some() => text.push_str(" · not sent after all"),
        None => text.push_str(" · not sent"),
    }
    text
}
