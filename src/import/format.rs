//! What a format is: how to tell it from the others, and how to open it.

use super::{
    files::Files,
    json_items,
    row::{Row, RowError},
};
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

/// What an import sets that readers need.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// Which column or JSON field holds what, from `--map FIELD=COLUMN`: `time`, `text`, `author`, ...
    pub columns: BTreeMap<String, String>,
    /// Only these channels, by name; empty means all.
    pub channels: Vec<String>,
    /// `--date`: the day of the first row, if rows have only times of day. It also says how `03/04/2026` is
    /// read, where no date of the input does.
    pub date: Option<chrono::NaiveDate>,
}

/// The rows of one source.
pub type Rows = Box<dyn Iterator<Item = Result<Row, RowError>>>;

/// What a reader has to say besides rows: what the source says is missing from it, what cannot be told from it.
/// It grows while rows are read and is whole after the last one. Each is a sentence without a full stop.
pub type Notices = Rc<RefCell<Vec<String>>>;

/// An input that a reader accepted.
pub struct Source {
    /// Which workspace, account or file the rows come from: with the format's name and a row's id it names
    /// the row for ever, so that a second import adds nothing. Empty if the format's ids are unique everywhere.
    pub instance: String,
    pub rows: Rows,
    pub notices: Notices,
}

impl Source {
    /// A source whose reader has nothing to say besides its rows.
    #[must_use]
    pub fn new(instance: impl Into<String>, rows: Rows) -> Self {
        Self {
            instance: instance.into(),
            rows,
            notices: Notices::default(),
        }
    }

    /// The same source, whose reader says what is in `notices`.
    #[must_use]
    pub(super) fn with_notices(self, notices: Notices) -> Self {
        Self { notices, ..self }
    }
}

/// Returns `rows`; `finish` is called once behind the last one, to say what only the end shows.
pub(super) fn with_end<T>(
    rows: impl Iterator<Item = T>,
    finish: impl FnOnce(),
) -> impl Iterator<Item = T> {
    let mut finish = Some(finish);
    rows.chain(std::iter::from_fn(move || {
        if let Some(finish) = finish.take() {
            finish();
        }
        None
    }))
}

/// A format that can be imported.
#[derive(Clone, Copy)]
pub struct Format {
    /// As typed: `slack`, `pagerduty`.
    pub name: &'static str,
    /// What has such files, for help and errors: `a Slack export (zip, folder) or conversations.history`.
    pub about: &'static str,
    /// Says whether the input looks like this format. Formats are asked in the order of [`FORMATS`](crate::import::FORMATS).
    pub detect: fn(&Sample) -> bool,
    /// Opens the input. An error here means that nothing of it can be read.
    pub open: fn(Files, &ReadOptions) -> Result<Source, RowError>,
}

/// How many names of files a sample has.
pub(super) const MAX_NAMES: usize = 1000;

/// What is looked at to tell the format of an input.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// The names of the first files, with `/` between folders.
    pub names: Vec<String>,
    /// The first 64 KiB of the first file, as UTF-8; what is not UTF-8 is replaced.
    pub start: String,
}

impl Sample {
    /// Looks at `files`, which can be read afterwards all the same.
    ///
    /// # Errors
    /// The first file cannot be read.
    pub fn of(files: &mut Files) -> Result<Self, RowError> {
        let start = files.peek()?;
        let names = files.names().iter().take(MAX_NAMES).cloned().collect();
        Ok(Self { names, start })
    }

    /// Returns the first `count` lines that are not blank.
    #[must_use]
    pub fn first_lines(&self, count: usize) -> Vec<&str> {
        let lines = self.start.lines();
        lines
            .filter(|line| !line.trim().is_empty())
            .take(count)
            .collect()
    }

    /// The start as JSON: the first complete value, or the first element of the array that it begins.
    #[must_use]
    pub fn first_json(&self) -> Option<serde_json::Value> {
        json_items::first_value(&self.start)
    }

    /// The first item of the JSON that the input begins with: of the array under one of `keys`, of the array
    /// at the top, or the whole value. `None` if none is complete in the sample.
    pub(super) fn first_item(&self, keys: &'static [&'static str]) -> Option<serde_json::Value> {
        json_items::first_item(&self.start, keys)
    }

    /// True if the input begins as JSON does and every one of `keys` is written somewhere in the sample as a
    /// key or a text. Also tells an input of which the first item is longer than the sample.
    pub(super) fn mentions_keys(&self, keys: &[&str]) -> bool {
        let start = self.start.trim_start_matches('\u{feff}').trim_start();
        start.starts_with(['{', '['])
            && keys.iter().all(|key| start.contains(&format!("\"{key}\"")))
    }

    /// True if the JSON that the input begins with has every one of `keys`.
    #[must_use]
    pub fn has_json_keys(&self, keys: &[&str]) -> bool {
        let value = self.first_json();
        keys.iter()
            .all(|key| value.as_ref().is_some_and(|value| value.get(key).is_some()))
    }
}
