//! Which column of a table, or member of a JSON object, holds what.

use super::super::{
    json_rows::shortened,
    row::{Need, RowError},
};
use std::collections::BTreeMap;

/// What a column may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    Time,
    /// A day, beside a column with the time of day.
    Date,
    End,
    /// When the source recorded it.
    Recorded,
    /// A short text, which stands before the long one if there are both.
    Title,
    Text,
    Author,
    /// A word for what was done: an action or a kind.
    Event,
    Id,
    Services,
}

/// The names of columns by what they hold, the better ones first, in lower case without spaces, `_` and `-`.
/// `Created at (UTC)` is `createdat`, and its times are UTC.
const NAMES: [(Field, &str, &[&str]); 10] = [
    (
        Field::Time,
        "time",
        &[
            "occurredat",
            "time",
            "timestamp",
            "datetime",
            "dateandtime",
            "eventtime",
            "at",
            "when",
            "startedat",
            "starttime",
            "start",
            "ts",
            "@timestamp",
            "loggedat",
            "sentat",
            "postedat",
            "createdat",
            "created",
            "createdon",
            "createdtime",
            "createddate",
            "date",
        ],
    ),
    (Field::Date, "date", &["date", "day"]),
    (
        Field::End,
        "end",
        &["end", "endedat", "endtime", "endsat", "until", "finishedat"],
    ),
    (
        Field::Recorded,
        "recorded",
        &[
            "recordedat",
            "createdat",
            "created",
            "createdon",
            "createdtime",
        ],
    ),
    (Field::Title, "title", &["summary", "title", "subject"]),
    (
        Field::Text,
        "text",
        &[
            "text",
            "message",
            "msg",
            "body",
            "content",
            "description",
            "comment",
            "comments",
            "note",
            "notes",
            "details",
            "entry",
            "update",
            "what",
            "event",
            "action",
        ],
    ),
    (
        Field::Author,
        "author",
        &[
            "author",
            "user",
            "who",
            "owner",
            "by",
            "actor",
            "agent",
            "username",
            "createdby",
            "reporter",
            "sender",
            "from",
            "person",
            "name",
            "assignee",
        ],
    ),
    (
        Field::Event,
        "event",
        &["kind", "event", "eventtype", "type", "action", "category"],
    ),
    (
        Field::Id,
        "id",
        &[
            "id",
            "eventid",
            "messageid",
            "uuid",
            "uid",
            "key",
            "issuekey",
        ],
    ),
    (
        Field::Services,
        "services",
        &[
            "services",
            "service",
            "servicename",
            "component",
            "components",
            "system",
        ],
    ),
];

/// The columns that were found, by their indexes; several of one name are all there.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    columns: BTreeMap<Field, Vec<usize>>,
    /// True if the header of the times says UTC.
    pub is_utc: bool,
}

impl Columns {
    /// Finds the columns with these headers. `mapped` is from `--map FIELD=COLUMN` and goes first; `unit` is
    /// what a column is called: `column`, `field`.
    ///
    /// # Errors
    /// There is no column with the time or the text, or one that was named.
    pub fn find(
        headers: &[&str],
        mapped: &BTreeMap<String, String>,
        unit: &str,
    ) -> Result<Self, RowError> {
        let mut found = Self::default();
        let listed = || listed(headers);
        let normalized: Vec<(String, bool)> = headers.iter().map(|h| normalized(h)).collect();
        for (field, word, names) in NAMES {
            if let Some(wanted) = mapped.get(word) {
                let indexes = positions(headers, |header| {
                    header.trim().eq_ignore_ascii_case(wanted.trim())
                });
                if indexes.is_empty() {
                    return Err(RowError::input(format!("there is no {unit} `{wanted}`"))
                        .with_hint(format!("the {unit}s are {}", listed())));
                }
                found.columns.insert(field, indexes);
                continue;
            }
            let indexes = names
                .iter()
                .map(|name| positions(&normalized, |(header, _)| header == name))
                .find(|indexes| !indexes.is_empty());
            if let Some(indexes) = indexes {
                found.columns.insert(field, indexes);
            }
        }
        found.settle(mapped);
        let has_text = found.has(Field::Text) || found.has(Field::Title);
        for (is_there, word) in [(found.has(Field::Time), "time"), (has_text, "text")] {
            if !is_there {
                let columns = headers.iter().map(|&header| header.to_owned());
                return Err(
                    RowError::input(format!("no {unit} is known to hold the {word}"))
                        .with_hint(format!(
                            "name it: --map {word}=COLUMN; the {unit}s are {}",
                            listed()
                        ))
                        .with_need(Need::Column(word, columns.collect())),
                );
            }
        }
        let time = found
            .columns
            .get(&Field::Time)
            .and_then(|indexes| indexes.first());
        found.is_utc = time
            .and_then(|index| normalized.get(*index))
            .is_some_and(|(_, is_utc)| *is_utc);
        Ok(found)
    }

    /// One column is not two things, but for an `event` that is also the only text.
    fn settle(&mut self, mapped: &BTreeMap<String, String>) {
        let time = self.columns.get(&Field::Time).cloned();
        for (field, word) in [(Field::Date, "date"), (Field::Recorded, "recorded")] {
            if self.columns.get(&field).cloned() == time && !mapped.contains_key(word) {
                self.columns.remove(&field);
            }
        }
        if self.has(Field::Title) && !mapped.contains_key("text") {
            let text = self.columns.get(&Field::Text).cloned();
            // With a title, `event` and `action` say what was done.
            if text.is_some() && text == self.columns.get(&Field::Event).cloned() {
                self.columns.remove(&Field::Text);
            }
        }
    }

    pub fn has(&self, field: Field) -> bool {
        self.columns.contains_key(&field)
    }

    /// Returns the indexes of all columns that hold something.
    pub fn indexes(&self) -> impl Iterator<Item = usize> {
        self.columns.values().flatten().copied()
    }

    /// Returns the values of a field, joined by line breaks where its column is repeated.
    pub fn value(&self, field: Field, cell: impl Fn(usize) -> String) -> String {
        let mut values: Vec<String> = Vec::new();
        for index in self.columns.get(&field).into_iter().flatten() {
            let value = cell(*index);
            if !value.trim().is_empty() {
                values.push(value.trim().to_owned());
            }
        }
        values.join("\n")
    }
}

/// The headers for a hint; of many or of long ones only so much that the hint can be read.
fn listed(headers: &[&str]) -> String {
    first_of(headers, 40)
}

/// The first `count` headers, and how many more there are.
pub(super) fn first_of(headers: &[&str], count: usize) -> String {
    let mut shown: Vec<String> = headers
        .iter()
        .take(count)
        .map(|header| format!("`{}`", shortened(header)))
        .collect();
    if headers.len() > count {
        shown.push(format!("and {} more", headers.len() - count));
    }
    shown.join(", ")
}

fn positions<H>(headers: &[H], is_wanted: impl Fn(&H) -> bool) -> Vec<usize> {
    let wanted = headers
        .iter()
        .enumerate()
        .filter(|(_, header)| is_wanted(header));
    wanted.map(|(index, _)| index).collect()
}

/// Returns the header as in [`NAMES`], and whether it says UTC.
pub(super) fn normalized(header: &str) -> (String, bool) {
    let lower = header.trim().trim_start_matches('\u{feff}').to_lowercase();
    let (name, note) = match lower.split_once(['(', '[']) {
        Some((name, note)) => (name.to_owned(), note.to_owned()),
        None => (lower, String::new()),
    };
    let mut name: String = name
        .chars()
        .filter(|c| !c.is_whitespace() && !"_-".contains(*c))
        .collect();
    let mut is_utc = note.contains("utc") || note.contains("gmt");
    if let Some(before) = name.strip_suffix("utc").filter(|before| !before.is_empty()) {
        name = before.trim_end_matches("in").to_owned();
        is_utc = true;
    }
    (name, is_utc)
}

/// True if these headers have a time and a text by common names.
pub(super) fn are_known(headers: &[&str]) -> bool {
    Columns::find(headers, &BTreeMap::new(), "column").is_ok()
}
