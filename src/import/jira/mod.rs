//! Jira and Jira Service Management: issues with their comments and changes, and requests.
//!
//! Only raw fields are read: rendered ones say "2 days ago".

mod text;

use self::text::{Names, body_text};
use super::{
    files::Files,
    format::{Format, Notices, ReadOptions, Sample, Source},
    json::{array_at, first_text, member, text_at},
    json_rows::{Item, hash_of, json_files, json_rows},
    row::{Action, Row, RowError, SourceTime, Speaker},
    time::parse_time,
};
use serde_json::Value;

pub(super) const JIRA: Format = Format {
    name: "jira",
    about: "Jira issues with comments and changelog, or Jira Service Management requests (REST API)",
    detect,
    open,
};

const KEYS: &[&str] = &["issues", "comments", "histories", "values"];
/// Fields whose values are whole texts: that they changed is enough.
const LONG_VALUE: usize = 200;

fn detect(sample: &Sample) -> bool {
    let Some(item) = sample.first_item(KEYS) else {
        return sample.mentions_keys(&["self", "key", "fields"])
            || sample.start.contains("/rest/api/") && sample.mentions_keys(&["self"]);
    };
    let has = |key: &str| item.get(key).is_some();
    let is_issue = has("fields") && (has("key") || has("self"));
    let is_request = has("issueKey") && has("createdDate");
    let is_history = has("items") && has("created") && has("id");
    is_issue || is_request || is_history || is_comment(&item)
}

fn is_comment(value: &Value) -> bool {
    let author = value.get("author").or_else(|| value.get("updateAuthor"));
    let is_jira = author.is_some_and(|author| {
        ["displayName", "accountId", "emailAddress"]
            .iter()
            .any(|key| author.get(key).is_some())
    });
    value.get("body").is_some() && value.get("created").is_some() && is_jira
}

fn open(files: Files, _: &ReadOptions) -> Result<Source, RowError> {
    let indexes = json_files(&files)?;
    let notices = Notices::default();
    let said = notices.clone();
    let rows = json_rows(files, indexes, KEYS, "issue", move |item| {
        let value = item.value;
        let mut names = Names::new();
        collect_names(value, &mut names);
        let reader = Reader {
            item,
            host: host_of(value),
            names,
        };
        if value.get("fields").is_some_and(Value::is_object) {
            reader.issue_rows(&said)
        } else if value.get("issueKey").is_some() {
            reader.request_rows(&said)
        } else if value.get("items").is_some() {
            vec![reader.history_row(value)]
        } else if value.get("body").is_some() {
            vec![reader.comment_row(value)]
        } else {
            vec![Err(
                item.error("it is no issue, request, comment or change of Jira")
            )]
        }
    });
    Ok(Source {
        instance: String::new(),
        rows,
        notices,
    })
}

/// The site, which makes the numbers of issues and comments unique.
fn host_of(value: &Value) -> String {
    let address = first_text(value, &["self", "_links.self", "_links.web", "author.self"]);
    address
        .as_deref()
        .and_then(|address| address.split_once("://"))
        .and_then(|(_, after)| after.split('/').next())
        .unwrap_or_default()
        .to_owned()
}

/// Collects names by account ids from everywhere in the issue.
fn collect_names(value: &Value, names: &mut Names) {
    match value {
        Value::Object(members) => {
            let id = first_text(value, &["accountId", "name", "key"]);
            if let (Some(id), Some(name)) = (id, text_at(value, "displayName")) {
                names.insert(id, name);
            }
            for value in members.values() {
                collect_names(value, names);
            }
        }
        Value::Array(items) => items.iter().for_each(|value| collect_names(value, names)),
        _ => {}
    }
}

fn speaker(person: &Value) -> Option<Speaker> {
    let id = first_text(person, &["accountId", "name", "key", "emailAddress"]).unwrap_or_default();
    let name = text_at(person, "displayName").unwrap_or_default();
    (!id.is_empty() || !name.is_empty()).then_some(Speaker { id, name })
}

struct Reader<'i> {
    item: &'i Item<'i>,
    host: String,
    names: Names,
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

    fn id(&self, kind: &str, value: &Value, path: &str) -> Result<String, RowError> {
        let id = text_at(value, path)
            .ok_or_else(|| self.item.error(format!("a {kind} has no `{path}`")))?;
        Ok(format!("{}/{kind}/{id}", self.host))
    }

    fn issue_rows(&self, notices: &Notices) -> Vec<Result<Row, RowError>> {
        let issue = self.item.value;
        let fields = &issue["fields"];
        let comments = array_at(fields, "comment.comments");
        let histories = array_at(issue, "changelog.histories");
        let counts = [
            ("comments", member(fields, "comment.total"), comments.len()),
            ("changes", member(issue, "changelog.total"), histories.len()),
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
        std::iter::once(self.created_row(fields))
            .chain(comments.iter().map(|comment| self.comment_row(comment)))
            .chain(histories.iter().map(|history| self.history_row(history)))
            .collect()
    }

    fn created_row(&self, fields: &Value) -> Result<Row, RowError> {
        let issue = self.item.value;
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

    fn comment_row(&self, comment: &Value) -> Result<Row, RowError> {
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
    fn history_row(&self, history: &Value) -> Result<Row, RowError> {
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

    fn request_rows(&self, notices: &Notices) -> Vec<Result<Row, RowError>> {
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
