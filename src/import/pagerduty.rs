//! PagerDuty: log entries and notes of the REST API, and webhooks of version 3.
//!
//! Log entries come newest first. Their text says who did what; the text of a note is in the channel.

use super::{
    files::Files,
    format::{Format, Notices, ReadOptions, Sample, Source},
    json::{array_at, first_text, member, text_at},
    json_rows::{Item, hash_of, json_files, json_rows},
    row::{Action, Row, RowError, Speaker},
};
use serde_json::Value;

pub(super) const PAGERDUTY: Format = Format {
    name: "pagerduty",
    about: "PagerDuty log entries or notes (REST API), or webhooks of version 3",
    detect,
    open,
};

const KEYS: &[&str] = &["log_entries", "notes"];

/// How webhooks of versions 1 and 2 are told: both have `messages`, and version 2 has log entries in them.
const OLD_WEBHOOK: &str = "it looks like a PagerDuty webhook of version";

fn detect(sample: &Sample) -> bool {
    let Some(item) = sample.first_item(KEYS) else {
        return sample.mentions_keys(&["log_entries"])
            || sample.mentions_keys(&["created_at"]) && sample.start.contains("_log_entry\"");
    };
    let first = [&item, &item["log_entry"], &item["note"], &item["event"]];
    let is_log_entry = first
        .iter()
        .any(|entry| text_at(entry, "type").is_some_and(|kind| entry_kind(&kind).is_some()));
    let is_note = first
        .iter()
        .any(|note| note.get("content").is_some() && has_pagerduty_user(note));
    let is_event =
        text_at(&item, "event.event_type").is_some() && item["event"].get("data").is_some();
    is_log_entry || is_note || is_event || old_webhook(&item).is_some()
}

/// True for `"user": {"type": "user_reference", "summary": ...}`.
fn has_pagerduty_user(note: &Value) -> bool {
    let kind = text_at(note, "user.type").unwrap_or_default();
    kind.starts_with("user") || kind.starts_with("bot_user")
}

/// Returns the version of a webhook that was replaced by version 3.
fn old_webhook(item: &Value) -> Option<u8> {
    let message = array_at(item, "messages").first()?;
    let is_incident =
        |path: &str| text_at(message, path).is_some_and(|event| event.starts_with("incident."));
    if is_incident("event") {
        return Some(2);
    }
    (is_incident("type") && member(message, "data.incident").is_some()).then_some(1)
}

fn open(files: Files, _: &ReadOptions) -> Result<Source, RowError> {
    let indexes = json_files(&files)?;
    let notices = Notices::default();
    let rows = json_rows(files, indexes, KEYS, "entry", &notices, |item| {
        vec![row_of(item)]
    });
    Ok(Source::new("", rows).with_notices(notices))
}

fn row_of(item: &Item) -> Result<Row, RowError> {
    let value = item.value;
    if let Some(version) = old_webhook(value) {
        return Err(item
            .error(format!("{OLD_WEBHOOK} {version}, which PagerDuty ended"))
            .with_hint(
                "download the log entries of the incident: GET /incidents/ID/log_entries?include[]=channels",
            ));
    }
    if let Some(event) = value.get("event").filter(|event| event.is_object()) {
        return webhook_row(item, event);
    }
    let entry = ["log_entry", "note"]
        .iter()
        .find_map(|key| value.get(key))
        .unwrap_or(value);
    match text_at(entry, "type").as_deref().and_then(entry_kind) {
        Some(kind) => log_entry_row(item, entry, kind),
        None if entry.get("content").is_some() => note_row(item, entry),
        None => Err(item.error("it is no log entry, note or webhook of PagerDuty")),
    }
}

/// Returns `trigger` for `trigger_log_entry`, and for the `..._log_entry_reference` of older versions.
fn entry_kind(kind: &str) -> Option<&str> {
    kind.trim_end_matches("_reference")
        .strip_suffix("_log_entry")
}

fn id_of(item: &Item, value: &Value) -> Result<String, RowError> {
    text_at(value, "id").ok_or_else(|| item.error("it has no `id`"))
}

fn log_entry_row(item: &Item, entry: &Value, kind: &str) -> Result<Row, RowError> {
    let action = match kind {
        "trigger" => Action::Trigger,
        "acknowledge" => Action::Acknowledge,
        "resolve" => Action::Resolve,
        "annotate" => Action::Message,
        "assign" => Action::Assign,
        "escalate" => Action::Escalate,
        "notify" => Action::Notify,
        "snooze" => Action::Snooze,
        _ => Action::Change,
    };
    let summary = first_text(entry, &["summary", "event_details.description"]);
    let summary = summary.unwrap_or_else(|| words(kind));
    let text = match action {
        Action::Message => {
            first_text(entry, &["channel.summary", "channel.content", "note"]).unwrap_or(summary)
        }
        // "Triggered through the API" does not say what was wrong.
        Action::Trigger => {
            let paths = [
                "incident.summary",
                "channel.summary",
                "channel.description",
                "channel.subject",
                "event_details.description",
            ];
            match first_text(entry, &paths) {
                Some(title) if title != summary => format!("{summary}: {title}"),
                _ => summary,
            }
        }
        _ => summary,
    };
    let content = [
        "type",
        "summary",
        "created_at",
        "agent.id",
        "channel.summary",
    ];
    let mut row = item.row(
        id_of(item, entry)?,
        item.time(entry, &["created_at"])?,
        action,
        &text,
        hash_of(entry, &content),
    );
    row.speaker = speaker(&entry["agent"]);
    row.services = text_at(entry, "service.summary").into_iter().collect();
    Ok(row)
}

/// People are named as speakers; services and integrations, which act too, are named in the text.
fn speaker(agent: &Value) -> Option<Speaker> {
    let kind = text_at(agent, "type").unwrap_or_default();
    let speaker = Speaker {
        id: text_at(agent, "id").unwrap_or_default(),
        name: first_text(agent, &["summary", "name"]).unwrap_or_default(),
    };
    let is_named = !speaker.id.is_empty() || !speaker.name.is_empty();
    (is_named && kind.contains("user")).then_some(speaker)
}

fn note_row(item: &Item, note: &Value) -> Result<Row, RowError> {
    let content = text_at(note, "content").unwrap_or_else(|| "[note without text]".to_owned());
    let mut row = item.row(
        id_of(item, note)?,
        item.time(note, &["created_at"])?,
        Action::Message,
        &content,
        hash_of(note, &["content", "user.id"]),
    );
    row.speaker = speaker(&note["user"]);
    Ok(row)
}

fn webhook_row(item: &Item, event: &Value) -> Result<Row, RowError> {
    let event_type = text_at(event, "event_type").unwrap_or_default();
    let data = &event["data"];
    let title = first_text(data, &["title", "incident.summary", "summary", "name"]);
    let title = title.unwrap_or_default();
    let named = |label: &str, paths: &[&str]| {
        let name = first_text(data, paths).unwrap_or_default();
        format!("{label} {name}: {title}")
    };
    let assignees: Vec<String> = array_at(data, "assignees")
        .iter()
        .filter_map(|assignee| text_at(assignee, "summary"))
        .collect();
    let assignees = assignees.join(", ");
    let (action, text) = match event_type.as_str() {
        "incident.triggered" => (Action::Trigger, format!("Triggered: {title}")),
        "incident.acknowledged" => (Action::Acknowledge, format!("Acknowledged: {title}")),
        "incident.resolved" => (Action::Resolve, format!("Resolved: {title}")),
        "incident.escalated" => (
            Action::Escalate,
            format!("Escalated to {assignees}: {title}"),
        ),
        "incident.reassigned" | "incident.delegated" => {
            (Action::Assign, format!("Assigned to {assignees}: {title}"))
        }
        "incident.annotated" => (
            Action::Message,
            text_at(data, "content").unwrap_or_else(|| "[note without text]".to_owned()),
        ),
        "incident.status_update_published" => (
            Action::Message,
            text_at(data, "message").map_or(title, |message| format!("Status update: {message}")),
        ),
        "incident.priority_updated" => (Action::Change, named("Priority", &["priority.summary"])),
        "incident.responder.added" => (
            Action::Notify,
            named(
                "Responder asked:",
                &["user.summary", "escalation_policy.summary"],
            ),
        ),
        "incident.responder.replied" => {
            let reply = named(
                "Responder replied:",
                &["user.summary", "escalation_policy.summary"],
            );
            (Action::Message, with_message(reply, data))
        }
        other => {
            // Which bridge, which workflow.
            let paths = [
                "conference_url",
                "conference_numbers.0.number",
                "incident_workflow.summary",
            ];
            let what = first_text(data, &paths).map(|what| format!(" ({what})"));
            let text = format!("{}{}: {title}", words(other), what.unwrap_or_default());
            (Action::Change, with_message(text, data))
        }
    };
    // The webhook has only the beginning of a long text.
    let text = match data.get("trimmed") == Some(&Value::Bool(true)) {
        true => format!("{text} [cut off by PagerDuty]"),
        false => text,
    };
    let mut row = item.row(
        id_of(item, event)?,
        item.time(event, &["occurred_at"])?,
        action,
        text.trim_end_matches([':', ' ']),
        hash_of(
            event,
            &["event_type", "occurred_at", "data.content", "data.message"],
        ),
    );
    row.speaker = speaker(&event["agent"]);
    row.services = text_at(data, "service.summary").into_iter().collect();
    Ok(row)
}

fn with_message(text: String, data: &Value) -> String {
    match text_at(data, "message") {
        Some(message) => format!("{text}: {message}"),
        None => text,
    }
}

/// Returns `Conference bridge updated` for `incident.conference_bridge.updated`.
fn words(name: &str) -> String {
    let words = name
        .trim_start_matches("incident.")
        .replace(['_', '.'], " ");
    let mut chars = words.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}
