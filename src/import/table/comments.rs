//! The comments in a table of issues of Jira: each has a cell of its own, `27/Nov/26 1:50 PM;ann;text`, in one
//! of several columns with the name `Comment`.

use super::{
    super::{
        row::Place,
        stamp::{Day, parse_stamp},
        time::parse_time,
    },
    fields::{Columns, Field},
    record::Record,
};
use crate::domain::hash::Hash;
use std::collections::BTreeMap;

/// The columns with comments.
#[derive(Debug, Default)]
pub(super) struct CommentColumns {
    columns: Vec<usize>,
    /// The column with the key of the issue.
    key: usize,
}

impl CommentColumns {
    /// Finds them by the names that Jira gives them; there are none in other tables.
    pub fn find(headers: &[&str]) -> Self {
        let is = |header: &str, name: &str| header.trim().eq_ignore_ascii_case(name);
        let Some(key) = headers.iter().position(|header| is(header, "issue key")) else {
            return Self::default();
        };
        let columns = headers.iter().enumerate();
        let columns = columns.filter(|(_, header)| is(header, "comment") || is(header, "comments"));
        Self {
            columns: columns.map(|(index, _)| index).collect(),
            key,
        }
    }

    /// Returns the indexes of the columns that are read.
    pub fn indexes(&self) -> &[usize] {
        &self.columns
    }

    /// Returns the comments of a record, each with the index of its cell. Its id is of the issue, the time and
    /// the author, so that it stays when the text is edited.
    pub fn records(
        &self,
        place: &Place,
        columns: &Columns,
        cell: impl Fn(usize) -> String,
    ) -> Vec<(usize, Record)> {
        let key = cell(self.key);
        let mut equal = BTreeMap::<String, u64>::new();
        let mut found = Vec::new();
        for index in &self.columns {
            let cell = cell(*index);
            let Some((time, author, text)) = split_comment(&cell) else {
                continue;
            };
            let mut id = format!("{key}/comment/{time}/{author}");
            let count = equal.entry(id.clone()).or_default();
            *count += 1;
            if *count > 1 {
                id.push_str(&format!("/{count}"));
            }
            let text = match text {
                "" => "[comment without text]",
                text => text,
            };
            let values = [
                (Field::Time, time),
                (Field::Author, author),
                (Field::Text, text),
                (Field::Id, &id),
            ];
            let values = values
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(field, value)| (field, value.to_owned()));
            let hash = Hash::digest(cell.as_bytes());
            let record = Record::of_values(place.clone(), values.collect(), columns, hash);
            found.push((*index, record));
        }
        found
    }
}

/// Splits `27/Nov/26 1:50 PM;ann;text`; `None` for any other text.
fn split_comment(cell: &str) -> Option<(&str, &str, &str)> {
    let mut parts = cell.splitn(3, ';');
    let (time, author, text) = (parts.next()?.trim(), parts.next()?, parts.next()?);
    let has_day = parse_stamp(time).is_some_and(|stamp| stamp.day != Day::Unnamed);
    (has_day || parse_time(time).is_some()).then_some((time, author.trim(), text.trim()))
}
