//! Answers of GitLab's GraphQL: timeline events, notes and issues wherever they stand in it.

use super::rows::{is_timeline_event, issue_rows, note_row, timeline_row};
use crate::import::{
    format::Notices,
    json::{member, text_at},
    json_rows::Item,
    row::{Row, RowError},
};
use serde_json::Value;

/// How ids begin: `gid://gitlab/Note/302`.
const ID_START: &str = "gid://gitlab/";

/// True for an answer with anything in it that [`graphql_rows`] reads.
pub(super) fn is_answer(value: &Value) -> bool {
    fn has_any(value: &Value) -> bool {
        match value {
            Value::Object(members) => kind_of(value).is_some() || members.values().any(has_any),
            Value::Array(items) => items.iter().any(has_any),
            _ => false,
        }
    }
    value.get("data").is_some_and(has_any)
}

enum Kind {
    TimelineEvent,
    Note,
    Issue,
}

fn kind_of(value: &Value) -> Option<Kind> {
    if is_timeline_event(value) {
        return Some(Kind::TimelineEvent);
    }
    let is_of_gitlab = text_at(value, "id").is_some_and(|id| id.starts_with(ID_START));
    if !is_of_gitlab || value.get("createdAt").is_none() {
        return None;
    }
    if value.get("body").is_some_and(Value::is_string) {
        return Some(Kind::Note);
    }
    (value.get("title").is_some() && value.get("iid").is_some()).then_some(Kind::Issue)
}

/// Returns the rows of all parts of an answer; `notices` says which lists have more pages.
pub(super) fn graphql_rows(
    item: &Item,
    data: &Value,
    notices: &Notices,
) -> Vec<Result<Row, RowError>> {
    let mut rows = Vec::new();
    push_rows(item, "data", data, notices, &mut rows);
    match rows.is_empty() {
        true => vec![Err(item.error(
            "there is no issue, note or timeline event of GitLab with its `id` and `createdAt` in it",
        ))],
        false => rows,
    }
}

fn push_rows(
    item: &Item,
    name: &str,
    value: &Value,
    notices: &Notices,
    rows: &mut Vec<Result<Row, RowError>>,
) {
    match value {
        Value::Object(members) => {
            match kind_of(value) {
                Some(Kind::TimelineEvent) => return rows.push(timeline_row(item, value)),
                Some(Kind::Note) => return rows.push(note_row(item, value)),
                Some(Kind::Issue) => rows.extend(issue_rows(item, value)),
                None => {}
            }
            if member(value, "pageInfo.hasNextPage") == Some(&Value::Bool(true)) {
                notices.borrow_mut().push(format!(
                    "{}: `{name}` has more pages than this one: download the next ones too",
                    item.place
                ));
            }
            for (name, value) in members {
                push_rows(item, name, value, notices, rows);
            }
        }
        Value::Array(items) => {
            for value in items {
                push_rows(item, name, value, notices, rows);
            }
        }
        _ => {}
    }
}
