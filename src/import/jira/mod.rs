//! Jira and Jira Service Management: issues with their comments and changes, and requests.
//!
//! Only raw fields are read: rendered ones say "2 days ago".

mod reader;
mod text;
mod webhook;

use self::{reader::Reader, text::Names};
use super::{
    files::Files,
    format::{Format, Notices, ReadOptions, Sample, Source},
    json::{first_text, host_at, text_at},
    json_rows::{json_files, json_rows},
    row::RowError,
};
use serde_json::Value;

pub(super) const JIRA: Format = Format {
    name: "jira",
    about: "Jira issues with comments and changelog, requests of Jira Service Management, or webhooks",
    detect,
    open,
};

const KEYS: &[&str] = &["issues", "comments", "histories", "values"];

fn detect(sample: &Sample) -> bool {
    let Some(item) = sample.first_item(KEYS) else {
        return sample.mentions_keys(&["self", "key", "fields"])
            || sample.start.contains("/rest/api/") && sample.mentions_keys(&["self"]);
    };
    let has = |key: &str| item.get(key).is_some();
    let is_issue = has("fields") && (has("key") || has("self"));
    let is_request = has("issueKey") && has("createdDate");
    let is_history = has("items") && has("created") && has("id");
    is_issue || is_request || is_history || is_comment(&item) || webhook::is_webhook(&item)
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
    let rows = json_rows(files, indexes, KEYS, "issue", &notices, move |item| {
        let value = item.value;
        let mut names = Names::new();
        collect_names(value, &mut names);
        let reader = Reader {
            item,
            host: host_of(value),
            names,
        };
        if webhook::is_webhook(value) {
            reader.webhook_rows()
        } else if value.get("fields").is_some_and(Value::is_object) {
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
    Ok(Source::new("", rows).with_notices(notices))
}

/// The site, which makes the numbers of issues and comments unique.
fn host_of(value: &Value) -> String {
    let addresses = [
        "self",
        "_links.self",
        "_links.web",
        "author.self",
        "issue.self",
        "comment.self",
    ];
    host_at(value, &addresses).unwrap_or_default()
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
