//! Grafana: webhooks of its alerting, and of the legacy alerting up to version 7, which have no time.

use super::{
    alertmanager::{is_alerts, is_grafana, item_rows},
    files::Files,
    format::{Format, Notices, ReadOptions, Sample, Source},
    json::{array_at, text_at},
    json_rows::{Item, hash_of, json_files, json_rows},
    row::{Action, Row, RowError, SourceTime},
};
use serde_json::Value;
use std::collections::BTreeMap;

pub(super) const GRAFANA: Format = Format {
    name: "grafana",
    about: "Grafana alerting webhooks, also those of the legacy alerting",
    detect,
    open,
};

fn detect(sample: &Sample) -> bool {
    let is_legacy = sample.first_item(&[]).is_some_and(|item| is_legacy(&item));
    is_legacy || (is_alerts(sample) && is_grafana(sample))
}

fn is_legacy(item: &Value) -> bool {
    ["ruleName", "state"]
        .iter()
        .all(|key| item.get(key).is_some())
        && ["ruleId", "ruleUrl", "evalMatches"]
            .iter()
            .any(|key| item.get(key).is_some())
}

fn open(files: Files, _: &ReadOptions) -> Result<Source, RowError> {
    let indexes = json_files(&files)?;
    let notices = Notices::default();
    let said = notices.clone();
    let mut number = 0;
    let mut equal = BTreeMap::new();
    let rows = json_rows(
        files,
        indexes,
        &[],
        "payload",
        &notices,
        move |item| match is_legacy(item.value) {
            true => vec![Ok(legacy_row(item, &mut equal))],
            false => item_rows(item, &mut number, &said),
        },
    );
    Ok(Source {
        instance: String::new(),
        rows,
        notices,
    })
}

/// A webhook of the legacy alerting: it has neither a time nor an id, so its content is its id.
fn legacy_row(item: &Item, equal: &mut BTreeMap<String, u64>) -> Row {
    let value = item.value;
    let state = text_at(value, "state").unwrap_or_default();
    let action = match state.as_str() {
        "alerting" => Action::Trigger,
        "ok" => Action::Resolve,
        _ => Action::Change,
    };
    let name = text_at(value, "ruleName").unwrap_or_default();
    let mut text = format!("{name} {state}");
    if let Some(message) = text_at(value, "message") {
        text.push_str(&format!(": {message}"));
    }
    let matches: Vec<String> = array_at(value, "evalMatches")
        .iter()
        .filter_map(|found| {
            let metric = text_at(found, "metric")?;
            let value = text_at(found, "value").unwrap_or_else(|| "no value".to_owned());
            Some(format!("{metric} {value}"))
        })
        .collect();
    if !matches.is_empty() {
        text.push_str(&format!(" ({})", matches.join(", ")));
    }
    let hash = hash_of(
        value,
        &[
            "ruleId",
            "ruleName",
            "state",
            "title",
            "message",
            "evalMatches",
        ],
    );
    let mut id: String = hash.to_string().chars().take(24).collect();
    let count = equal.entry(id.clone()).or_default();
    *count += 1;
    if *count > 1 {
        id.push_str(&format!("/{count}"));
    }
    item.row(id, SourceTime::Missing, action, &text, hash)
}
