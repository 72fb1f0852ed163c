//! The timelines of incident tools: objects of their APIs, whose members are where a preset says.

use super::{
    super::{
        format::{Format, Sample},
        json::{array_at, first_text, member, text_at},
        time::is_zero_time,
    },
    json_lines::{ARRAYS, open_as, text_of},
};
use serde_json::Value;

pub const INCIDENT_IO: Format = Format {
    name: "incident-io",
    about: "the incident updates of incident.io, from its API",
    detect: |sample| {
        detect_key(
            sample,
            "incident_updates",
            &["message", "created_at", "new_incident_status"],
        )
    },
    open: |files, options| {
        let map = [
            ("time", "created_at"),
            // Of an update without a text it says what it changed.
            ("text", "message|new_incident_status.name|new_severity.name"),
            (
                "author",
                "updater.user.name|updater.workflow.name|updater.api_key.name",
            ),
            ("id", "id"),
        ];
        open_as(files, options, ARRAYS, &map, Some)
    },
};
pub const ROOTLY: Format = Format {
    name: "rootly",
    about: "the events of a Rootly incident, or the incident with them, from its API",
    detect: |sample| {
        sample.start.contains("\"incident_events\"")
            && (detect_key(sample, "data", &["type", "attributes"])
                || sample.mentions_keys(&["data", "included"]))
    },
    open: |files, options| {
        let map = [
            ("time", "attributes.occurred_at|attributes.created_at"),
            ("recorded", "attributes.created_at"),
            ("text", "attributes.event|text"),
            (
                "author",
                "attributes.user.full_name|attributes.user.name|attributes.user.email",
            ),
            ("id", "id"),
        ];
        open_as(files, options, &["data", "included"], &map, rootly_event)
    },
};
pub const FIREHYDRANT: Format = Format {
    name: "firehydrant",
    about: "the events of a FireHydrant incident, from its API",
    detect: |sample| {
        detect_key(
            sample,
            "data",
            &["incident_id", "occurred_at", "author", "type"],
        )
    },
    open: |files, options| {
        let map = [
            ("time", "occurred_at"),
            ("recorded", "created_at"),
            ("text", "text"),
            ("author", "author.name|author.email"),
            ("id", "id"),
        ];
        open_as(files, options, ARRAYS, &map, firehydrant_event)
    },
};
pub const GRAFANA_INCIDENT: Format = Format {
    name: "grafana-incident",
    about: "the activity of a Grafana Incident, from its API",
    detect: |sample| detect_key(sample, "activityItems", &["activityItemID", "eventTime"]),
    open: |files, options| {
        let map = [
            ("time", "eventTime|createdTime"),
            ("recorded", "createdTime"),
            ("text", "body"),
            ("author", "user.name"),
            ("id", "activityItemID"),
        ];
        open_as(files, options, ARRAYS, &map, grafana_item)
    },
};

/// True if the array under `key`, or at the top, has objects with all of `members`.
fn detect_key(sample: &Sample, key: &str, members: &[&str]) -> bool {
    let has_all = |value: &Value| members.iter().all(|name| value.get(name).is_some());
    let whole = sample.first_json().is_some_and(|value| {
        let first = value.get(key).and_then(|items| items.get(0));
        first.is_some_and(has_all) || has_all(&value)
    });
    whole || cut_off_item(sample, key).is_some_and(|value| has_all(&value))
}

/// The first item of an array that the sample does not have whole.
fn cut_off_item(sample: &Sample, key: &str) -> Option<Value> {
    let (_, rest) = sample.start.split_once(&format!("\"{key}\""))?;
    let array = &rest[rest.find('[')?..];
    Sample {
        names: Vec::new(),
        start: array.to_owned(),
    }
    .first_json()
}

/// Returns an event of Rootly. An incident has its events among other things that belong to it, which are not
/// of the timeline: services, people, the incident itself.
fn rootly_event(value: Value) -> Option<Value> {
    let event = match value.get("data") {
        Some(data) if data.is_object() => data.clone(),
        _ => value,
    };
    let is_other = text_at(&event, "type").is_some_and(|kind| kind != "incident_events");
    if is_other {
        return None;
    }
    // Events that Rootly made itself have a kind, and may have no text.
    let text = first_text(&event, &["attributes.event"]);
    let kind = text_at(&event, "attributes.kind").map(|kind| words(&kind));
    Some(match (text, kind) {
        (None, Some(kind)) => with(event, "text", kind),
        _ => event,
    })
}

/// The types of FireHydrant's events that a person wrote; the others say what changed.
const WRITTEN: [&str; 3] = ["note", "chat_message", "general_update"];

/// Puts the text of an event of FireHydrant where the preset says: what stands under `data` has another form
/// for each type.
fn firehydrant_event(value: Value) -> Option<Value> {
    let kind = text_at(&value, "type").unwrap_or_default();
    let paths = ["data.body", "data.message", "data.text", "data.summary"];
    let is_written = WRITTEN.contains(&kind.as_str());
    let text = match first_text(&value, &paths).filter(|_| is_written) {
        Some(text) => text,
        None => {
            let parts = parts_of(&value["data"]);
            match parts.is_empty() {
                true => words(&kind),
                false => format!("{}: {}", words(&kind), parts.join("; ")),
            }
        }
    };
    Some(with(value, "text", text))
}

/// Puts what an item of Grafana Incident says beside its body into the body: whom it is about, fields, and files.
fn grafana_item(mut value: Value) -> Option<Value> {
    let kind = text_at(&value, "activityKind").unwrap_or_default();
    let body = text_at(&value, "body").unwrap_or_default();
    let mut text = body.clone();
    if body.trim().is_empty() {
        let mut parts = parts_of(&value["fieldValues"]);
        parts.extend(text_at(&value, "subjectUser.name"));
        text = words(&kind);
        if !parts.is_empty() {
            text.push_str(&format!(": {}", parts.join("; ")));
        }
    }
    for file in array_at(&value, "attachments") {
        let path = first_text(file, &["path", "sourceURL"]).unwrap_or_default();
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default();
        text.push_str(&format!("\n[file: {name}]"));
    }
    let is_unset = text_at(&value, "eventTime").is_some_and(|time| is_zero_time(&time));
    if let Some(members) = value.as_object_mut().filter(|_| is_unset) {
        members.remove("eventTime");
    }
    Some(with(value, "body", text))
}

/// Sets a member of an object.
fn with(mut value: Value, name: &str, text: String) -> Value {
    if let Some(members) = value.as_object_mut() {
        members.insert(name.to_owned(), Value::String(text));
    }
    value
}

/// Returns `role update` for `role_update`, and `role assigned` for `roleAssigned`.
fn words(name: &str) -> String {
    let mut words = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '_' | '-' | '.' => words.push(' '),
            c if c.is_uppercase() => {
                words.push(' ');
                words.extend(c.to_lowercase());
            }
            c => words.push(c),
        }
    }
    words.trim().to_owned()
}

/// Returns the members of an object as `name: value`, without ids, times and addresses, which say nothing to
/// a reader; of the objects in it their names.
fn parts_of(value: &Value) -> Vec<String> {
    let Some(members) = value.as_object() else {
        let text = text_of(value);
        return (!text.is_empty()).then_some(text).into_iter().collect();
    };
    let is_shown = |name: &str| {
        name != "id"
            && !["_id", "_at", "_url", "ID"]
                .iter()
                .any(|end| name.ends_with(end))
    };
    members
        .iter()
        .filter(|(name, _)| is_shown(name))
        .filter_map(|(name, value)| {
            let text = match value {
                Value::Object(_) if member(value, "name").is_none() => parts_of(value).join(", "),
                other => text_of(other),
            };
            (!text.is_empty()).then(|| format!("{}: {text}", words(name)))
        })
        .collect()
}
