//! Grafana `OnCall`: alert groups of its API, and its webhooks.
//!
//! An alert group has a time for each of its states: it becomes a row for each of those that it was in.

use super::{
    files::Files,
    format::{Format, Notices, ReadOptions, Sample, Source},
    json::{first_text, member, text_at},
    json_rows::{Item, hash_of, json_files, json_rows},
    row::{Action, Row, RowError, SourceTime, Speaker},
};
use crate::domain::time::format_utc;
use serde_json::Value;

pub(super) const ONCALL: Format = Format {
    name: "grafana-oncall",
    about: "the alert groups of Grafana OnCall, from its API or webhooks",
    detect,
    open,
};

const KEYS: &[&str] = &["results"];

fn detect(sample: &Sample) -> bool {
    match sample.first_item(KEYS) {
        Some(item) => is_webhook(&item) || is_group(&item),
        None => sample.mentions_keys(&["alerts_count", "route_id", "acknowledged_at"]),
    }
}

fn is_group(value: &Value) -> bool {
    ["alerts_count", "created_at", "state"]
        .iter()
        .all(|key| value.get(key).is_some())
}

fn is_webhook(value: &Value) -> bool {
    value.get("alert_group").is_some_and(is_group) && member(value, "event.type").is_some()
}

fn open(files: Files, _: &ReadOptions) -> Result<Source, RowError> {
    let indexes = json_files(&files)?;
    let notices = Notices::default();
    let rows = json_rows(files, indexes, KEYS, "alert group", &notices, |item| {
        let value = item.value;
        if is_webhook(value) {
            vec![webhook_row(item)]
        } else if is_group(value) {
            group_rows(item)
        } else {
            vec![Err(
                item.error("it is no alert group or webhook of Grafana OnCall")
            )]
        }
    });
    // Ids of alert groups are random, and unique everywhere.
    Ok(Source::new("", rows).with_notices(notices))
}

/// The states of an alert group: the word in ids and texts, the times, and who did it.
const STATES: [(&str, Action, &str, &str); 4] = [
    ("created", Action::Trigger, "created_at", ""),
    (
        "acknowledged",
        Action::Acknowledge,
        "acknowledged_at",
        "acknowledged_by",
    ),
    ("silenced", Action::Snooze, "silenced_at", "silenced_by"),
    ("resolved", Action::Resolve, "resolved_at", "resolved_by"),
];

fn group_rows(item: &Item) -> Vec<Result<Row, RowError>> {
    let group = item.value;
    let row = |(state, action, time, by): (&str, Action, &str, &str)| {
        let mut row = state_row(item, group, state, action, group, time)?;
        row.speaker = text_at(group, by).map(|id| Speaker {
            id,
            name: String::new(),
        });
        Ok(row)
    };
    STATES
        .into_iter()
        .filter(|(state, _, time, _)| *state == "created" || text_at(group, time).is_some())
        .map(row)
        .collect()
}

/// The row of one state of a group, at the time that `timed` has under `time`.
fn state_row(
    item: &Item,
    group: &Value,
    state: &str,
    action: Action,
    timed: &Value,
    time: &str,
) -> Result<Row, RowError> {
    let id = text_at(group, "id").ok_or_else(|| item.error("the alert group has no `id`"))?;
    let title = first_text(group, &["title", "render_for_web.title"]).unwrap_or_default();
    let number = text_at(group, "alert_group_number").map(|number| format!(" #{number}"));
    let text = format!("Alert{} {state}: {title}", number.unwrap_or_default());
    let at = item.time(timed, &[time])?;
    // A group that is open again and acknowledged once more has another time for it.
    let id = match at {
        SourceTime::Exact(at) if state != "created" => {
            format!("{id}/{state}-{}", format_utc(at.to_utc()))
        }
        _ => format!("{id}/{state}"),
    };
    let text = text.trim_end_matches([':', ' ']);
    Ok(item.row(id, at, action, text, hash_of(group, &["title"])))
}

/// A webhook says what was done to a group, when and by whom.
fn webhook_row(item: &Item) -> Result<Row, RowError> {
    let value = item.value;
    let group = &value["alert_group"];
    let event = text_at(value, "event.type").unwrap_or_default();
    let (state, action) = match event.as_str() {
        "alert group created" => ("created", Action::Trigger),
        "acknowledge" => ("acknowledged", Action::Acknowledge),
        "resolve" => ("resolved", Action::Resolve),
        "silence" => ("silenced", Action::Snooze),
        "escalation" => ("escalated", Action::Escalate),
        other => (other, Action::Change),
    };
    let known = STATES.iter().find(|(word, ..)| *word == state);
    let mut row = match (text_at(value, "event.time"), known) {
        (Some(_), _) => state_row(item, group, state, action, &value["event"], "time")?,
        (None, Some((.., time, _))) => state_row(item, group, state, action, group, time)?,
        (None, None) => {
            return Err(item.error(format!(
                "a webhook `{event}` of Grafana OnCall has no time in it"
            )));
        }
    };
    row.speaker = value
        .get("user")
        .filter(|user| user.is_object())
        .map(|user| Speaker {
            id: text_at(user, "id").unwrap_or_default(),
            name: first_text(user, &["username", "email"]).unwrap_or_default(),
        });
    Ok(row)
}
