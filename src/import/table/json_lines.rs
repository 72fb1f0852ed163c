//! JSON objects whose members are named like columns: JSON Lines, arrays, and the timelines of products.

use super::{
    super::{
        files::Files,
        format::{Format, Notices, ReadOptions, Source, with_end},
        json::{member, text_at},
        json_objects::json_objects,
        row::{Place, RowError},
    },
    fields::Columns,
    record::{Record, RecordRows},
};
use crate::domain::hash::Hash;
use serde_json::Value;
use std::{cell::Cell, collections::BTreeMap, rc::Rc};

pub const FORMAT: Format = Format {
    name: "jsonl",
    about: "JSON objects, one a line or in an array, with a time and a text",
    detect: |sample| sample.first_json().is_some_and(|value| is_known(&value)),
    open: |files, options| open_as(files, options, ARRAYS, &[], Some),
};
/// The keys under which objects around the rows have their array.
pub(super) const ARRAYS: &[&str] = &[
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

/// What is done with an object before its members are read; `None` leaves it out.
type Prepare = fn(Value) -> Option<Value>;

/// Opens the objects of the arrays under `keys`. `preset` says where the fields are, unless `--map` does.
pub(super) fn open_as(
    mut files: Files,
    options: &ReadOptions,
    keys: &'static [&'static str],
    preset: &[(&str, &'static str)],
    prepare: Prepare,
) -> Result<Source, RowError> {
    let index = files.only_file(&[".jsonl", ".ndjson", ".json"])?;
    let input = files.read(index)?;
    let notices = Notices::default();
    let items = json_objects(input, keys, "object", &notices)?;
    let mut map: BTreeMap<String, String> = preset
        .iter()
        .map(|(field, path)| ((*field).to_owned(), (*path).to_owned()))
        .collect();
    map.extend(options.columns.clone());
    let mut known = KnownColumns::default();
    let left_out = Rc::new(Cell::new(0_u64));
    let count = Rc::clone(&left_out);
    let records = items.filter_map(move |item| {
        let (place, value, bytes) = match item {
            Ok(item) => item,
            Err(error) => return Some(Err(error)),
        };
        let Some(value) = prepare(value) else {
            count.set(count.get() + 1);
            return None;
        };
        Some(record(place, &value, &bytes, &map, &mut known))
    });
    let said = notices.clone();
    let rows = with_end(RecordRows::new(records, options), move || {
        let objects = left_out.take();
        if objects > 0 {
            said.borrow_mut().push(format!(
                "left out, because they are no events of a timeline: {objects} of the objects in the input"
            ));
        }
    });
    Ok(Source::new("", Box::new(rows)).with_notices(notices))
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
pub(super) fn text_of(value: &Value) -> String {
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
