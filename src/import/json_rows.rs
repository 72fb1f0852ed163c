//! Rows from JSON: every item of every file of an input becomes rows by one function.

use super::{
    files::Files,
    format::{Notices, Rows},
    json::member,
    json_items::Items,
    pages::Pages,
    row::{Action, Place, Row, RowError, SourceTime},
    text::strip_url_secrets,
    time::parse_time,
};
use crate::domain::hash::Hash;
use serde_json::{Map, Value};
use std::{collections::VecDeque, sync::Arc};

/// One item of an input.
pub(super) struct Item<'i> {
    /// The name of its file, with `/` between folders.
    pub file: &'i str,
    pub place: &'i Place,
    pub value: &'i Value,
    /// The members of the object around the array that stand before it.
    pub around: &'i Map<String, Value>,
}

impl Item<'_> {
    /// An error about this item.
    pub fn error(&self, reason: impl Into<String>) -> RowError {
        RowError::row(self.place.clone(), reason)
    }

    /// Returns the time under the first of `paths` that has one, or an error that names the first.
    pub fn time(&self, value: &Value, paths: &[&str]) -> Result<SourceTime, RowError> {
        let first = paths.first().copied().unwrap_or_default();
        let found = paths.iter().find_map(|path| {
            member(value, path).filter(|v| !v.is_null() && v.as_str() != Some(""))
        });
        let text = match found {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(_) => return Err(self.error(format!("`{first}` is not a time"))),
            None => return Err(self.error(format!("it has no time: `{first}` is missing"))),
        };
        parse_time(&text)
            .ok_or_else(|| self.error(format!("`{first}` is not a time: `{}`", shortened(&text))))
    }

    /// A row of this item; what is not named here is empty.
    pub fn row(&self, id: String, at: SourceTime, action: Action, text: &str, hash: Hash) -> Row {
        Row {
            place: self.place.clone(),
            id,
            is_id_of_content: false,
            may_share_id: false,
            at,
            end: None,
            recorded: None,
            speaker: None,
            action,
            kind: None,
            text: clean_text(text),
            customer: None,
            services: Vec::new(),
            hash,
        }
    }
}

/// What an error shows of a text from the input.
pub(super) fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(40).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown.escape_debug().to_string()
}

/// Takes secrets and control characters out of a text, and the blank lines around it.
pub(super) fn clean_text(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    strip_url_secrets(text.trim())
}

/// Returns the indexes of the JSON files of an input that has several files; of one file, its own.
///
/// # Errors
/// None of the files is JSON.
pub(super) fn json_files(files: &Files) -> Result<Vec<usize>, RowError> {
    if !files.is_several() {
        return Ok(vec![0]);
    }
    let is_json = |name: &&String| {
        [".json", ".jsonl", ".ndjson"]
            .iter()
            .any(|end| name.to_ascii_lowercase().ends_with(end))
    };
    let indexes: Vec<usize> = (0..files.names().len())
        .filter(|index| files.names().get(*index).as_ref().is_some_and(is_json))
        .collect();
    match indexes.is_empty() {
        true => Err(RowError::input("there is no JSON file in it")),
        false => Ok(indexes),
    }
}

/// Returns the rows that `read` makes of the items of these files, one file after the other. `keys` and
/// `unit` are as for [`Items::new`]. After the last one `notices` says if pages are missing.
pub(super) fn json_rows(
    files: Files,
    indexes: Vec<usize>,
    keys: &'static [&'static str],
    unit: &'static str,
    notices: &Notices,
    read: impl FnMut(&Item) -> Vec<Result<Row, RowError>> + 'static,
) -> Rows {
    Box::new(JsonRows {
        is_several: files.is_several(),
        files,
        indexes: indexes.into(),
        keys,
        unit,
        pages: Pages::default(),
        notices: notices.clone(),
        read: Box::new(read),
        open: None,
        ready: VecDeque::new(),
        is_ended: false,
    })
}

struct JsonRows {
    files: Files,
    is_several: bool,
    /// The files that were not opened yet.
    indexes: VecDeque<usize>,
    keys: &'static [&'static str],
    unit: &'static str,
    pages: Pages,
    notices: Notices,
    read: ReadItem,
    /// The file that is being read, and its items.
    open: Option<(Arc<str>, Items)>,
    /// The rows of the last item that were not given yet.
    ready: VecDeque<Result<Row, RowError>>,
    is_ended: bool,
}

type ReadItem = Box<dyn FnMut(&Item) -> Vec<Result<Row, RowError>>>;

impl JsonRows {
    /// An error that ends a file does not end a folder: its other files are read.
    fn error(&mut self, mut error: RowError, file: &Arc<str>) -> RowError {
        if error.is_fatal {
            self.open = None;
            match self.is_several {
                true => {
                    error.is_fatal = false;
                    error.reason.push_str("; the rest of this file is left out");
                }
                false => self.is_ended = true,
            }
        }
        match self.is_several {
            true => error.in_file(file),
            false => error,
        }
    }

    fn open_next(&mut self) -> Option<Result<(), RowError>> {
        let index = self.indexes.pop_front()?;
        let name: Arc<str> = self
            .files
            .names()
            .get(index)
            .map_or("", String::as_str)
            .into();
        let opened = self.files.read(index).and_then(|input| {
            Items::new(input, self.keys, self.unit)
                .map_err(|error| RowError::input(format!("it cannot be read: {error}")))
        });
        Some(match opened {
            Ok(items) => {
                self.open = Some((name, items.with_pages(&self.pages)));
                Ok(())
            }
            Err(error) => Err(self.error(error, &name)),
        })
    }
}

impl Iterator for JsonRows {
    type Item = Result<Row, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.ready.pop_front() {
                return Some(row);
            }
            if self.is_ended {
                return None;
            }
            let Some((file, items)) = &mut self.open else {
                match self.open_next() {
                    Some(Ok(())) => continue,
                    Some(Err(error)) => return Some(Err(error)),
                    None => {
                        self.notices.borrow_mut().extend(self.pages.missing());
                        return None;
                    }
                }
            };
            match items.next() {
                None => self.open = None,
                Some(Err(error)) => {
                    let file = Arc::clone(file);
                    return Some(Err(self.error(error, &file)));
                }
                Some(Ok((mut place, value, _))) => {
                    if self.is_several {
                        place.file = Some(Arc::clone(file));
                    }
                    let item = Item {
                        file,
                        place: &place,
                        value: &value,
                        around: items.around(),
                    };
                    self.ready = match value.is_object() {
                        true => (self.read)(&item).into(),
                        false => [Err(item.error("it is not an object"))].into(),
                    };
                }
            }
        }
    }
}

/// Returns the hash of the values under `paths`: what of an item counts as its content.
pub(super) fn hash_of(value: &Value, paths: &[&str]) -> Hash {
    let values = paths
        .iter()
        .map(|path| member(value, path).map_or(Value::Null, canonical))
        .collect();
    Hash::digest(Value::Array(values).to_string().as_bytes())
}

/// Returns the value with its keys sorted at every depth.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by_key(|(key, _)| key.as_str());
            let members = sorted
                .into_iter()
                .map(|(key, value)| (key.clone(), canonical(value)));
            Value::Object(members.collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(canonical).collect()),
        other => other.clone(),
    }
}
