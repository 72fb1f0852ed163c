//! Webhooks of Jira: each says what was done once, with the time beside the issue.

use super::reader::{Reader, speaker};
use crate::import::{
    json::{array_at, text_at},
    row::{Row, RowError},
};
use serde_json::{Value, json};

pub(super) fn is_webhook(value: &Value) -> bool {
    value.get("webhookEvent").is_some() && value.get("timestamp").is_some()
}

impl Reader<'_> {
    /// Returns the rows of a webhook: the comment, the change, or that an issue was created.
    pub fn webhook_rows(&self) -> Vec<Result<Row, RowError>> {
        let value = self.item.value;
        let event = text_at(value, "webhookEvent").unwrap_or_default();
        let mut rows = Vec::new();
        if event == "jira:issue_created" {
            rows.push(self.created_row(&value["issue"]));
        }
        // Of a comment that was deleted only the old text is there.
        if value.get("comment").is_some_and(Value::is_object) && event != "comment_deleted" {
            rows.push(self.comment_row(&value["comment"]));
        }
        if !array_at(value, "changelog.items").is_empty() {
            rows.push(self.webhook_change(value));
        }
        match rows.is_empty() {
            true => vec![Err(self.item.error(format!(
                "a webhook `{event}` of Jira is not read: only issues, their changes and comments are"
            )))],
            false => rows,
        }
    }

    /// The change of a webhook as the API gives it: with its author and time in it.
    fn webhook_change(&self, value: &Value) -> Result<Row, RowError> {
        let history = json!({
            "id": value["changelog"]["id"],
            "author": value["user"],
            "created": value["timestamp"],
            "items": value["changelog"]["items"],
        });
        let mut row = self.history_row(&history)?;
        row.speaker = speaker(&value["user"]);
        Ok(row)
    }
}
