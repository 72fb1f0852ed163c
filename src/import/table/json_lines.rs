//! JSON objects whose members are named like columns: JSON Lines, arrays, and the timelines of products.

use super::{
    super::{
        files::Files,
        format::{Format, ReadOptions, Sample, Source},
        json::{member, text_at},
        json_objects::json_objects,
        row::{Place, RowError},
    },
    fields::Columns,
    record::{Record, RecordRows},
};
use crate::domain::hash::Hash;
use serde_json::Value;
use std::collections::BTreeMap;

pub const FORMAT: Format = Format {
    name: "jsonl",
    about: "JSON objects, one a line or in an array, with a time and a text",
    detect: |sample| sample.first_json().is_some_and(|value| is_known(&value)),
    open: |files, options| open_as(files, options, &[]),
};
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
        open_as(files, options, &map)
    },
};
pub const ROOTLY: Format = Format {
    name: "rootly",
    about: "the events of a Rootly incident, from its API",
    detect: |sample| {
        detect_key(sample, "data", &["type", "attributes"])
            && sample.start.contains("\"incident_events\"")
    },
    open: |files, options| {
        let map = [
            ("time", "attributes.occurred_at"),
            ("recorded", "attributes.created_at"),
            ("text", "attributes.event"),
            ("author", "attributes.user.full_name"),
            ("id", "id"),
        ];
        open_as(files, options, &map)
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
            ("text", "data.body|data.message|data.text|data.summary|data"),
            ("author", "author.name"),
            ("id", "id"),
            ("event", "type"),
        ];
        open_as(files, options, &map)
    },
};
pub const GRAFANA_INCIDENT: Format = Format {
    name: "grafana-incident",
    about: "the activity of a Grafana Incident, from its API",
    detect: |sample| detect_key(sample, "activityItems", &["activityItemID", "eventTime"]),
    open: |files, options| {
        let map = [
            ("time", "eventTime"),
            ("recorded", "createdTime"),
            ("text", "body"),
            ("author", "user.name"),
            ("id", "activityItemID"),
            ("event", "activityKind"),
        ];
        open_as(files, options, &map)
    },
};

/// The keys under which objects around the rows have their array.
const ARRAYS: &[&str] = &[
    "activityItems",
    "incident_updates",
    "timeline_events",
    "timeline",
    "events",
    "items",
    "entries",
    "messages",
    "data",
    "results",
];
/// The members that say in one text what an object is: a person, a service.
const NAMING: [&str; 11] = [
    "display_name",
    "displayName",
    "full_name",
    "name",
    "summary",
    "title",
    "login",
    "username",
    "email",
    "text",
    "id",
];

/// True if the array under `key`, or at the top, has objects with all of `members`.
fn detect_key(sample: &Sample, key: &str, members: &[&str]) -> bool {
    let Some(value) = sample.first_json() else {
        return false;
    };
    let has_all = |value: &Value| members.iter().all(|name| value.get(name).is_some());
    let first = value.get(key).and_then(|items| items.get(0));
    first.is_some_and(has_all)
        || has_all(&value)
        || cut_off_item(sample, key).is_some_and(|v| has_all(&v))
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

fn is_known(value: &Value) -> bool {
    let items = ARRAYS
        .iter()
        .find_map(|key| value.get(key)?.as_array()?.first());
    let object = items.unwrap_or(value).as_object();
    object.is_some_and(|object| {
        let headers: Vec<&str> = object.keys().map(String::as_str).collect();
        Columns::find(&headers, &BTreeMap::new(), "field").is_ok()
    })
}

/// Opens objects. `preset` says where the fields are, unless `--map` does.
fn open_as(
    mut files: Files,
    options: &ReadOptions,
    preset: &[(&str, &'static str)],
) -> Result<Source, RowError> {
    let index = files.only_file(&[".jsonl", ".ndjson", ".json"])?;
    let input = files.read(index)?;
    let items = json_objects(input, ARRAYS, "object")?;
    let mut map: BTreeMap<String, String> = preset
        .iter()
        .map(|(field, path)| ((*field).to_owned(), (*path).to_owned()))
        .collect();
    map.extend(options.columns.clone());
    let mut known = KnownColumns::default();
    let records = items.map(move |item| {
        let (place, value, bytes) = item?;
        record(place, &value, &bytes, &map, &mut known)
    });
    Ok(Source::new("", Box::new(RecordRows::new(records, options))))
}

/// The columns of the last object: most objects of an input have the same members, and to find what each
/// holds takes longer than to read the object.
#[derive(Default)]
struct KnownColumns {
    headers: Vec<String>,
    columns: Option<Columns>,
}

impl KnownColumns {
    /// As [`Columns::find`].
    fn find(
        &mut self,
        headers: &[&str],
        map: &BTreeMap<String, String>,
    ) -> Result<&Columns, RowError> {
        let is_same = self.headers == headers;
        let columns = match self.columns.take().filter(|_| is_same) {
            Some(columns) => columns,
            None => {
                let found = Columns::find(headers, map, "field")?;
                self.headers = headers.iter().map(|&header| header.to_owned()).collect();
                found
            }
        };
        Ok(self.columns.insert(columns))
    }
}

fn record(
    place: Place,
    value: &Value,
    bytes: &[u8],
    map: &BTreeMap<String, String>,
    known: &mut KnownColumns,
) -> Result<Record, RowError> {
    let Some(object) = value.as_object() else {
        return Err(RowError::row(place, "it is not an object"));
    };
    // Paths into an object are columns too.
    let paths = map
        .values()
        .filter(|path| !object.contains_key(path.as_str()));
    let headers: Vec<&str> = object
        .keys()
        .map(String::as_str)
        .chain(paths.map(String::as_str))
        .collect();
    let columns = known.find(&headers, map).map_err(|error| RowError {
        place: Some(place.clone()),
        is_fatal: false,
        ..error
    })?;
    let cell = |index: usize| {
        let paths = headers.get(index).copied().unwrap_or_default();
        let found = object.get(paths).map(text_of).unwrap_or_default();
        match found.is_empty() {
            true => paths
                .split('|')
                .find_map(|path| {
                    member(value, path)
                        .map(text_of)
                        .filter(|text| !text.is_empty())
                })
                .unwrap_or_default(),
            false => found,
        }
    };
    Ok(Record::new(place, columns, Hash::digest(bytes), cell))
}

/// Returns the text of a value: of an object the member that names it, else all of it.
fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text_of).collect::<Vec<_>>().join(", "),
        Value::Object(object) if object.is_empty() => String::new(),
        Value::Object(_) => {
            let name = NAMING.iter().find_map(|name| text_at(value, name));
            name.unwrap_or_else(|| value.to_string())
        }
        other => other.to_string(),
    }
}
