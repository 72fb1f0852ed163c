//! Alertmanager: webhooks of version 4 and the alerts of the API v2.
//!
//! The same alert comes again with each repeat, from each of several Alertmanagers and from the API: its
//! fingerprint, start and state are its id.

use super::{
    files::Files,
    format::{Format, Notices, ReadOptions, Sample, Source},
    json::{array_at, first_text, text_at},
    json_rows::{Item, hash_of, json_files, json_rows},
    row::{Action, Place, Row, RowError, SourceTime},
    time::is_zero_time,
};
use crate::domain::{hash::Hash, time::format_utc};
use serde_json::Value;

pub(super) const ALERTMANAGER: Format = Format {
    name: "alertmanager",
    about: "Alertmanager webhooks (version 4) or alerts of its API (v2)",
    detect,
    open: |files, _: &ReadOptions| open_alerts(files),
};

fn detect(sample: &Sample) -> bool {
    is_alerts(sample) && !is_grafana(sample)
}

/// True for alerts as Alertmanager and Grafana send them.
pub(super) fn is_alerts(sample: &Sample) -> bool {
    let is_alert = |value: &Value| value.get("labels").is_some() && value.get("startsAt").is_some();
    match sample.first_item(&[]) {
        Some(item) => is_alert(&item) || array_at(&item, "alerts").iter().any(is_alert),
        None => sample.mentions_keys(&["labels", "startsAt", "annotations"]),
    }
}

/// True for what Grafana adds to the alerts, and to the webhook around them.
pub(super) fn is_grafana(sample: &Sample) -> bool {
    match sample.first_item(&[]) {
        Some(item) => {
            item.get("orgId").is_some()
                || item.get("valueString").is_some()
                || array_at(&item, "alerts").iter().any(|alert| {
                    alert.get("valueString").is_some() || alert.get("silenceURL").is_some()
                })
        }
        None => ["orgId", "valueString", "silenceURL", "grafana_folder"]
            .iter()
            .any(|key| sample.mentions_keys(&[key])),
    }
}

/// Opens webhooks, one or one per line, or an array of alerts.
///
/// # Errors
/// There is no JSON file.
pub(super) fn open_alerts(files: Files) -> Result<Source, RowError> {
    let indexes = json_files(&files)?;
    let notices = Notices::default();
    let said = notices.clone();
    let mut number = 0;
    let rows = json_rows(files, indexes, &[], "payload", &notices, move |item| {
        item_rows(item, &mut number, &said)
    });
    Ok(Source {
        instance: String::new(),
        rows,
        notices,
    })
}

/// Returns the rows of a webhook or of one alert. `number` counts the alerts of the input.
pub(super) fn item_rows(
    item: &Item,
    number: &mut u64,
    notices: &Notices,
) -> Vec<Result<Row, RowError>> {
    let Some(alerts) = item.value.get("alerts") else {
        return alert_rows(item, item.value, number, notices);
    };
    let Some(alerts) = alerts.as_array() else {
        return vec![Err(item.error("`alerts` is not an array"))];
    };
    let missing =
        text_at(item.value, "truncatedAlerts").and_then(|count| count.parse::<u64>().ok());
    if let Some(count) = missing.filter(|count| *count > 0) {
        let group = text_at(item.value, "groupKey").unwrap_or_else(|| "without a key".to_owned());
        notices.borrow_mut().push(format!(
            "{}: {count} more alerts of the group {group} were left out by Alertmanager (truncatedAlerts)",
            item.place
        ));
    }
    alerts
        .iter()
        .flat_map(|alert| alert_rows(item, alert, number, notices))
        .collect()
}

/// An alert began; a resolved one also ended.
fn alert_rows(
    item: &Item,
    alert: &Value,
    number: &mut u64,
    notices: &Notices,
) -> Vec<Result<Row, RowError>> {
    *number += 1;
    let place = Place {
        unit: "alert",
        number: *number,
        file: item.place.file.clone(),
    };
    let item = Item {
        place: &place,
        ..*item
    };
    if !alert.is_object() {
        return vec![Err(item.error("it is not an object"))];
    }
    let starts_at = text_at(alert, "startsAt").filter(|time| !is_zero_time(time));
    let Some(starts_at) = starts_at else {
        return vec![Err(item.error("it has no `startsAt`"))];
    };
    let started = match item.time(alert, &["startsAt"]) {
        Ok(started) => started,
        Err(error) => return vec![Err(error)],
    };
    let start_key = match started {
        SourceTime::Exact(at) => format_utc(at.to_utc()),
        _ => starts_at,
    };
    let fingerprint = text_at(alert, "fingerprint").unwrap_or_else(|| {
        let hash = hash_of(alert, &["labels"]).to_string();
        hash.chars().take(16).collect()
    });
    // What a repeat may write in other words (values in annotations, the end of a firing alert) is no edit.
    let hash = hash_of(alert, &["labels", "startsAt"]);
    let row = |state: &str, at, action| {
        let id = format!("{fingerprint}/{start_key}/{state}");
        alert_row(&item, alert, id, at, action, hash)
    };
    let mut rows = vec![Ok(row("firing", started, Action::Trigger))];
    if text_at(alert, "status").as_deref() == Some("resolved") {
        match text_at(alert, "endsAt").filter(|time| !is_zero_time(time)) {
            Some(_) => rows.push(
                item.time(alert, &["endsAt"])
                    .map(|at| row("resolved", at, Action::Resolve)),
            ),
            None => notices.borrow_mut().push(format!(
                "{place}: {} is resolved, and the input does not say since when; its end was left out",
                name_of(alert)
            )),
        }
    }
    rows
}

fn alert_row(
    item: &Item,
    alert: &Value,
    id: String,
    at: SourceTime,
    action: Action,
    hash: Hash,
) -> Row {
    let state = match (action, text_at(alert, "status.state").as_deref()) {
        (Action::Resolve, _) => "resolved",
        (_, Some("suppressed")) => "firing (suppressed)",
        _ => "firing",
    };
    let summary = first_text(
        alert,
        &[
            "annotations.summary",
            "annotations.message",
            "annotations.title",
            "annotations.description",
        ],
    );
    let labels: Vec<String> = ["instance", "severity"]
        .iter()
        .filter_map(|label| {
            let value = text_at(&alert["labels"], label)?;
            Some(format!("{label} {value}"))
        })
        .collect();
    let mut text = format!("{} {state}", name_of(alert));
    if let Some(summary) = summary {
        text.push_str(&format!(": {summary}"));
    }
    if !labels.is_empty() {
        text.push_str(&format!(" ({})", labels.join(", ")));
    }
    let mut row = item.row(id, at, action, &text, hash);
    row.services = text_at(&alert["labels"], "service").into_iter().collect();
    row
}

/// The alert's name; all its labels if it has none.
fn name_of(alert: &Value) -> String {
    if let Some(name) = first_text(alert, &["labels.alertname", "labels.rulename"]) {
        return name;
    }
    let labels: Vec<String> = alert["labels"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(label, value)| match value.as_str() {
            Some(text) => format!("{label}={text}"),
            None => format!("{label}={value}"),
        })
        .collect();
    match labels.is_empty() {
        true => "Alert without labels".to_owned(),
        false => format!("Alert {}", labels.join(" ")),
    }
}
