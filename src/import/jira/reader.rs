//! The rows of issues, requests, comments and changes.

use super::text::{Names, body_text};
use crate::import::{
    format::Notices,
    json::{array_at, first_text, member, text_at},
    json_rows::{Item, hash_of},
    row::{Action, Row, RowError, SourceTime, Speaker},
    time::{parse_moment, parse_time},
};
use serde_json::Value;

/// Fields whose values are whole texts: that they changed is enough.
const LONG_VALUE: usize = 200;

pub(super) fn speaker(person: &Value) -> Option<Speaker> {
    let id = first_text(person, &["accountId", "name", "key", "emailAddress"]).unwrap_or_default();
    let name = text_at(person, "displayName").unwrap_or_default();
    (!id.is_empty() || !name.is_empty()).then_some(Speaker { id, name })
}

/// Makes the rows of one item.
pub(super) struct Reader<'i> {
    pub item: &'i Item<'i>,
    /// The site; empty if the item does not name it.
    pub host: String,
    pub names: Names,
}

impl Reader<'_> {
    /// The time of a field: a text, or an object of Jira Service Management.
    fn time(&self, value: &Value, key: &str) -> Result<SourceTime, RowError> {
        if value.get(key).is_some_and(Value::is_object) {
            let text = first_text(&value[key], &["epochMillis", "iso8601"]);
            return text
                .and_then(|text| parse_time(&text))
                .ok_or_else(|| self.item.error(format!("`{key}` has no time in it")));
        }
        self.item.time(value, &[key])
    }

    pub fn id(&self, kind: &str, value: &Value, path: &str) -> Result<String, RowError> {
        let id = text_at(value, path)
            .ok_or_else(|| self.item.error(format!("a {kind} has no `{path}`")))?;
        Ok(format!("{}/{kind}/{id}", self.host))
    }

    pub fn issue_rows(&self, notices: &Notices) -> Vec<Result<Row, RowError>> {
        let issue = self.item.value;
        let fields = &issue["fields"];
        let comments = array_at(fields, "comment.comments");
        let histories = array_at(issue, "changelog.histories");
        let worklogs = array_at(fields, "worklog.worklogs");
        let counts = [
            ("comments", member(fields, "comment.total"), comments.len()),
            ("changes", member(issue, "changelog.total"), histories.len()),
            ("work logs", member(fields, "worklog.total"), worklogs.len()),
        ];
        for (what, total, found) in counts {
            let total = total.and_then(Value::as_u64).unwrap_or_default();
            let found = found as u64;
            if total > found {
                let key = text_at(issue, "key").unwrap_or_default();
                notices.borrow_mut().push(format!(
                    "{}: {found} of {total} {what} of {key} are in the input: download the others too",
                    self.item.place
                ));
            }
        }
        // A change says who attached a file, too.
        let is_in_a_change = |file: &Value| {
            let id = text_at(file, "id");
            let mut items = histories
                .iter()
                .flat_map(|history| array_at(history, "items"));
            items.any(|item| {
                text_at(item, "field").as_deref() == Some("Attachment") && text_at(item, "to") == id
            })
        };
        let files = array_at(fields, "attachment").iter();
        let files = files.filter(|file| !is_in_a_change(file));
        std::iter::once(self.created_row(issue))
            .chain(comments.iter().map(|comment| self.comment_row(comment)))
            .chain(worklogs.iter().map(|worklog| self.worklog_row(worklog)))
            .chain(files.map(|file| self.file_row(file)))
            .chain(histories.iter().map(|history| self.history_row(history)))
            .collect()
    }

    /// Recorded work: when it began, how long it took, and what it was.
    fn worklog_row(&self, worklog: &Value) -> Result<Row, RowError> {
        let spent = text_at(worklog, "timeSpent").unwrap_or_default();
        let comment = body_text(&worklog["comment"], &self.names);
        let text = format!("worked {spent}: {comment}");
        let mut row = self.item.row(
            self.id("worklog", worklog, "id")?,
            self.item.time(worklog, &["started", "created"])?,
            Action::Message,
            text.trim_end_matches([':', ' ']),
            hash_of(worklog, &["comment", "started", "timeSpent"]),
        );
        row.recorded = text_at(worklog, "created").and_then(|time| parse_moment(&time));
        row.speaker = speaker(&worklog["author"]);
        Ok(row)
    }

    fn file_row(&self, file: &Value) -> Result<Row, RowError> {
        let name = text_at(file, "filename").unwrap_or_else(|| "without a name".to_owned());
        let mut row = self.item.row(
            self.id("attachment", file, "id")?,
            self.time(file, "created")?,
            Action::Message,
            &format!("[file: {name}]"),
            hash_of(file, &["filename"]),
        );
        row.speaker = speaker(&file["author"]);
        Ok(row)
    }

    pub fn created_row(&self, issue: &Value) -> Result<Row, RowError> {
        let fields = &issue["fields"];
        let key = text_at(issue, "key").unwrap_or_default();
        let summary = text_at(fields, "summary").unwrap_or_default();
        let description = body_text(&fields["description"], &self.names);
        let text = format!("{key} created: {summary}\n{description}");
        let mut row = self.item.row(
            self.id("issue", issue, "id")?,
            self.time(fields, "created")?,
            Action::Message,
            &text,
            hash_of(fields, &["summary", "description"]),
        );
        row.speaker = speaker(&fields["reporter"]).or_else(|| speaker(&fields["creator"]));
        row.services = array_at(fields, "components")
            .iter()
            .filter_map(|component| text_at(component, "name"))
            .collect();
        Ok(row)
    }

    pub fn comment_row(&self, comment: &Value) -> Result<Row, RowError> {
        let body = body_text(&comment["body"], &self.names);
        let text = match body.is_empty() {
            true => "[comment without text]".to_owned(),
            false => body,
        };
        let at = self.time(comment, "created")?;
        let id = self.id("comment", comment, "id")?;
        let hash = hash_of(comment, &["body"]);
        let mut row = self.item.row(id, at, Action::Message, &text, hash);
        row.speaker = speaker(&comment["author"]);
        Ok(row)
    }

    /// A change of one or more fields at one time.
    pub fn history_row(&self, history: &Value) -> Result<Row, RowError> {
        let items = array_at(history, "items");
        let field = |item: &Value| text_at(item, "field").unwrap_or_else(|| "a field".to_owned());
        let changes: Vec<String> = items
            .iter()
            .map(|item| {
                let value = |path: &str, or: &str| {
                    first_text(item, &[path, or]).unwrap_or_else(|| "none".to_owned())
                };
                let (from, to) = (value("fromString", "from"), value("toString", "to"));
                match from.len() + to.len() > LONG_VALUE {
                    true => format!("{} changed", field(item)),
                    false => format!("{}: {from} → {to}", field(item)),
                }
            })
            .collect();
        let is_only = |names: &[&str]| {
            !items.is_empty()
                && items
                    .iter()
                    .all(|item| names.contains(&field(item).as_str()))
        };
        let action = if is_only(&["assignee"]) {
            Action::Assign
        } else if is_only(&["Rank", "RemoteIssueLink", "WorklogId", "Sprint"]) {
            Action::Housekeeping
        } else {
            Action::Change
        };
        let text = match changes.is_empty() {
            true => "[change without fields]".to_owned(),
            false => changes.join("; "),
        };
        let at = self.time(history, "created")?;
        let id = self.id("history", history, "id")?;
        let mut row = self
            .item
            .row(id, at, action, &text, hash_of(history, &["items"]));
        row.speaker = speaker(&history["author"]);
        Ok(row)
    }

    pub fn request_rows(&self, notices: &Notices) -> Vec<Result<Row, RowError>> {
        let request = self.item.value;
        let key = text_at(request, "issueKey").unwrap_or_default();
        if request
            .get("comments")
            .and_then(|comments| comments.get("isLastPage"))
            == Some(&Value::Bool(false))
        {
            notices.borrow_mut().push(format!(
                "{}: not all comments of {key} are in the input: download the others too",
                self.item.place
            ));
        }
        let comments = array_at(request, "comments.values").iter();
        std::iter::once(self.request_row(&key))
            .chain(comments.map(|comment| self.comment_row(comment)))
            .collect()
    }

    fn request_row(&self, key: &str) -> Result<Row, RowError> {
        let request = self.item.value;
        let fields: Vec<String> = array_at(request, "requestFieldValues")
            .iter()
            .filter(|field| {
                let id = text_at(field, "fieldId").unwrap_or_default();
                id == "summary" || id == "description"
            })
            .map(|field| body_text(&field["value"], &self.names))
            .collect();
        let text = format!("{key} created: {}", fields.join("\n"));
        let mut row = self.item.row(
            self.id("issue", request, "issueId")?,
            self.time(request, "createdDate")?,
            Action::Message,
            text.trim_end_matches([':', ' ']),
            hash_of(request, &["requestFieldValues"]),
        );
        row.speaker = speaker(&request["reporter"]);
        Ok(row)
    }
}
