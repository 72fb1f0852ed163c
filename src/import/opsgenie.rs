//! Opsgenie: alerts, their logs and notes (REST API), and webhooks.
//!
//! Times are texts, milliseconds or nanoseconds, also in one object: the number of digits tells.

use super::{
    files::Files,
    format::{Format, Notices, ReadOptions, Sample, Source},
    json::{first_text, member, text_at},
    json_rows::{Item, hash_of, json_files, json_rows},
    row::{Action, Row, RowError, SourceTime, Speaker},
};
use chrono::TimeDelta;
use serde_json::Value;
use std::collections::BTreeMap;

pub(super) const OPSGENIE: Format = Format {
    name: "opsgenie",
    about: "Opsgenie alerts, alert logs or notes (REST API), or webhooks",
    detect,
    open,
};

const KEYS: &[&str] = &["data"];

fn detect(sample: &Sample) -> bool {
    let Some(item) = sample.first_item(KEYS) else {
        return sample.mentions_keys(&["tinyId", "createdAt"]);
    };
    let item = inner(&item);
    is_alert(item) || is_log(item) || is_note(item) || is_webhook(item)
}

fn is_alert(value: &Value) -> bool {
    value.get("tinyId").is_some() && value.get("createdAt").is_some()
}

fn is_log(value: &Value) -> bool {
    value.get("log").is_some_and(Value::is_string) && value.get("createdAt").is_some()
}

fn is_note(value: &Value) -> bool {
    ["note", "owner", "createdAt"]
        .iter()
        .all(|key| value.get(key).is_some())
}

fn is_webhook(value: &Value) -> bool {
    value.get("action").is_some_and(Value::is_string) && member(value, "alert.alertId").is_some()
}

/// The alert in `{"data": {...}}`, as one alert is answered.
fn inner(value: &Value) -> &Value {
    value
        .get("data")
        .filter(|data| data.is_object())
        .unwrap_or(value)
}

fn open(files: Files, _: &ReadOptions) -> Result<Source, RowError> {
    let indexes = json_files(&files)?;
    let mut equal = BTreeMap::new();
    let notices = Notices::default();
    let rows = json_rows(files, indexes, KEYS, "alert", &notices, move |item| {
        let value = inner(item.value);
        if is_webhook(value) {
            vec![webhook_row(item, value)]
        } else if is_log(value) {
            vec![prose_row(item, value, "log", &mut equal)]
        } else if is_alert(value) {
            alert_rows(item, value)
        } else if is_note(value) {
            vec![prose_row(item, value, "note", &mut equal)]
        } else {
            vec![Err(
                item.error("it is no alert, log, note or webhook of Opsgenie")
            )]
        }
    });
    Ok(Source::new("", rows).with_notices(notices))
}

fn person(name: Option<String>) -> Option<Speaker> {
    let name = name.filter(|name| !name.eq_ignore_ascii_case("system"))?;
    let id = name.clone();
    Some(Speaker { id, name })
}

/// `Alert #12 (P1)`.
fn label(alert: &Value) -> String {
    let mut label = "Alert".to_owned();
    if let Some(number) = text_at(alert, "tinyId") {
        label.push_str(&format!(" #{number}"));
    }
    if let Some(priority) = text_at(alert, "priority") {
        label.push_str(&format!(" ({priority})"));
    }
    label
}

/// An alert that was created, and by its report acknowledged and closed so many milliseconds later.
fn alert_rows(item: &Item, alert: &Value) -> Vec<Result<Row, RowError>> {
    let id = first_text(alert, &["id", "alertId"]);
    let (id, at) = match (id, item.time(alert, &["createdAt"])) {
        (None, _) => return vec![Err(item.error("the alert has no `id`"))],
        (_, Err(error)) => return vec![Err(error)],
        (Some(id), Ok(at)) => (id, at),
    };
    let message = text_at(alert, "message").unwrap_or_default();
    let label = label(alert);
    let row = |name: &str, at, action, verb: &str| {
        let text = format!("{label} {verb}: {message}");
        let text = text.trim_end_matches([':', ' ']);
        item.row(
            format!("{id}/{name}"),
            at,
            action,
            text,
            hash_of(alert, &["message"]),
        )
    };
    let mut rows = vec![Ok(row("Create", at, Action::Trigger, "created"))];
    let later = [
        (
            "Acknowledge",
            "acknowledged",
            Action::Acknowledge,
            "report.ackTime",
            "report.acknowledgedBy",
        ),
        (
            "Close",
            "closed",
            Action::Resolve,
            "report.closeTime",
            "report.closedBy",
        ),
    ];
    for (name, verb, action, time, by) in later {
        let Some(millis) = member(alert, time).filter(|v| !v.is_null()) else {
            continue;
        };
        let delay = millis.as_i64().and_then(TimeDelta::try_milliseconds);
        let SourceTime::Exact(created) = at else {
            rows.push(Err(item.error("`createdAt` has no offset")));
            continue;
        };
        match delay.and_then(|delay| created.checked_add_signed(delay)) {
            Some(at) => {
                let mut row = row(name, SourceTime::Exact(at), action, verb);
                row.speaker = person(text_at(alert, by));
                rows.push(Ok(row));
            }
            None => rows.push(Err(
                item.error(format!("`{time}` is not a number of milliseconds"))
            )),
        }
    }
    rows
}

/// A log or a note: it has no id and does not name its alert, so its content is its id.
fn prose_row(
    item: &Item,
    value: &Value,
    key: &str,
    equal: &mut BTreeMap<String, u64>,
) -> Result<Row, RowError> {
    let text = text_at(value, key).unwrap_or_else(|| format!("[{key} without text]"));
    let action = match key {
        "note" => Action::Message,
        _ => log_action(&text, text_at(value, "type").as_deref()),
    };
    let hash = hash_of(value, &["createdAt", "offset", "owner", key]);
    let mut id = hash.to_string().chars().take(24).collect::<String>();
    let count = equal.entry(id.clone()).or_default();
    *count += 1;
    if *count > 1 {
        id.push_str(&format!("/{count}"));
    }
    let at = item.time(value, &["createdAt"])?;
    let mut row = item.row(id, at, action, &text, hash);
    row.speaker = person(text_at(value, "owner"));
    Ok(row)
}

/// What a log says in prose; only the openings that are sure, everything else is a change.
fn log_action(text: &str, kind: Option<&str>) -> Action {
    let openings = [
        ("Alert created", Action::Trigger),
        ("Alert acknowledged", Action::Acknowledge),
        ("Alert closed", Action::Resolve),
        ("Alert snoozed", Action::Snooze),
        ("Alert escalated", Action::Escalate),
        ("Note added", Action::Message),
        ("Added note", Action::Message),
    ];
    let known = openings
        .iter()
        .find(|(opening, _)| text.starts_with(opening));
    match known {
        Some((_, action)) => *action,
        None if kind == Some("alertRecipient") => Action::Notify,
        None => Action::Change,
    }
}

/// A webhook says what was done, and has its time only as the alert's last change.
fn webhook_row(item: &Item, value: &Value) -> Result<Row, RowError> {
    let alert = &value["alert"];
    let name = text_at(value, "action").unwrap_or_default();
    let id = text_at(alert, "alertId").ok_or_else(|| item.error("the alert has no `alertId`"))?;
    let action = match name.as_str() {
        "Create" => Action::Trigger,
        "Acknowledge" => Action::Acknowledge,
        "Close" => Action::Resolve,
        "Escalate" | "EscalateToNext" | "EscalateNext" => Action::Escalate,
        "AssignOwnership" | "TakeOwnership" => Action::Assign,
        "Snooze" => Action::Snooze,
        "AddNote" => Action::Message,
        "AddRecipient" | "AddResponder" | "AddTeam" => Action::Notify,
        _ => Action::Change,
    };
    let at = match action {
        Action::Trigger => item.time(alert, &["createdAt", "insertedAt"])?,
        _ => item.time(alert, &["updatedAt", "createdAt"])?,
    };
    let message = text_at(alert, "message").unwrap_or_default();
    let detail = first_text(
        alert,
        &[
            "note",
            "escalationNotify.name",
            "owner",
            "addedTags",
            "removedTags",
            "recipient",
            "team",
        ],
    );
    let label = label(alert);
    let text = match (action, detail) {
        (Action::Message, Some(note)) => note,
        (Action::Trigger, _) => format!("{label} created: {message}"),
        (Action::Acknowledge, _) => format!("{label} acknowledged: {message}"),
        (Action::Resolve, _) => format!("{label} closed: {message}"),
        (_, Some(detail)) => format!("{label} {name} {detail}: {message}"),
        (_, None) => format!("{label} {name}: {message}"),
    };
    let id = match action {
        Action::Trigger => format!("{id}/Create"),
        _ => {
            let time = first_text(alert, &["updatedAt", "createdAt"]).unwrap_or_default();
            format!("{id}/{name}/{time}")
        }
    };
    let hash = hash_of(alert, &["message", "note"]);
    let mut row = item.row(id, at, action, &text, hash);
    if action != Action::Trigger {
        row.speaker = person(text_at(alert, "username"));
    }
    Ok(row)
}
