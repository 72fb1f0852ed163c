//! GitHub: an issue or pull request by `gh issue view --json`, and issues, comments and timeline events of
//! the REST API. A comment has the same id by both: its address.

use super::{
    files::Files,
    format::{Format, Notices, ReadOptions, Sample, Source},
    json::{array_at, first_text, text_at},
    json_rows::{Item, hash_of, json_files, json_rows},
    row::{Action, Row, RowError, Speaker},
};
use serde_json::Value;

pub(super) const GITHUB: Format = Format {
    name: "github",
    about: "a GitHub issue (gh issue view --json ...), or its comments or timeline (REST API)",
    detect,
    open,
};

/// Fields that are named otherwise by `gh` and by the REST API.
const CREATED: [&str; 4] = ["createdAt", "created_at", "submittedAt", "submitted_at"];
const AUTHOR: [&str; 3] = ["author", "user", "actor"];

fn detect(sample: &Sample) -> bool {
    let Some(item) = sample.first_item(&[]) else {
        return sample.mentions_keys(&["login", "createdAt", "body"])
            || sample.mentions_keys(&["login", "created_at"]);
    };
    let is_github = |value: &Value| {
        let address = first_text(value, &["html_url", "url"]).unwrap_or_default();
        let has_login = AUTHOR.iter().any(|key| {
            value
                .get(key)
                .is_some_and(|author| author.get("login").is_some())
        });
        let is_ghost = AUTHOR
            .iter()
            .any(|key| value.get(key) == Some(&Value::Null));
        has_login || (is_ghost && address.contains("github"))
    };
    let has_time = CREATED.iter().any(|key| item.get(key).is_some());
    let has_comments = array_at(&item, "comments").iter().any(is_github);
    (has_time && is_github(&item)) || has_comments
}

fn open(files: Files, _: &ReadOptions) -> Result<Source, RowError> {
    let indexes = json_files(&files)?;
    let notices = Notices::default();
    let rows = json_rows(files, indexes, &[], "item", &notices, |item| {
        let value = item.value;
        let event = text_at(value, "event").filter(|event| event != "commented");
        match event.as_deref() {
            // Comments on lines of code, or on a commit: the event around them has no time.
            Some("line-commented" | "commit-commented") => {
                let comments = array_at(value, "comments").iter();
                return comments.map(|comment| comment_row(item, comment)).collect();
            }
            Some(_) => return vec![event_row(item, value)],
            None => {}
        }
        let mut rows = Vec::new();
        if value.get("title").is_some() {
            rows.push(opened_row(item, value));
            rows.extend(closed_row(item, value));
        }
        let parts = array_at(value, "comments")
            .iter()
            .chain(array_at(value, "reviews"));
        rows.extend(parts.map(|comment| comment_row(item, comment)));
        match rows.is_empty() {
            true => vec![comment_row(item, value)],
            false => rows,
        }
    });
    Ok(Source::new("", rows).with_notices(notices))
}

/// The address without its scheme; the id that GitHub uses inside if there is no address.
fn id_of(item: &Item, value: &Value) -> Result<String, RowError> {
    let address = text_at(value, "html_url").or_else(|| {
        let url = text_at(value, "url")?;
        (!url.contains("//api.")).then_some(url)
    });
    let id = address
        .map(|address| address.trim_start_matches("https://").to_owned())
        .or_else(|| first_text(value, &["node_id", "id"]));
    id.ok_or_else(|| item.error("it has neither `url` nor `id`"))
}

/// A person or an app. GitHub shows people who deleted their account as `ghost`.
fn speaker(value: &Value) -> Option<Speaker> {
    let author = AUTHOR.iter().find_map(|key| value.get(key))?;
    // Who wrote a commit has no login, but a name and an address.
    let id = first_text(author, &["login", "email", "name"]).unwrap_or_else(|| "ghost".to_owned());
    let name = text_at(author, "name").unwrap_or_else(|| id.clone());
    Some(Speaker { id, name })
}

fn opened_row(item: &Item, issue: &Value) -> Result<Row, RowError> {
    let number = text_at(issue, "number").map_or(String::new(), |number| format!("#{number} "));
    let title = text_at(issue, "title").unwrap_or_default();
    let body = text_at(issue, "body").unwrap_or_default();
    let mut row = item.row(
        id_of(item, issue)?,
        item.time(issue, &CREATED)?,
        Action::Message,
        &format!("{number}opened: {title}\n{body}"),
        hash_of(issue, &["title", "body"]),
    );
    row.speaker = speaker(issue);
    Ok(row)
}

/// That the issue was closed, if it says when; only its timeline says by whom.
fn closed_row(item: &Item, issue: &Value) -> Option<Result<Row, RowError>> {
    let closed = ["closedAt", "closed_at"];
    let time = first_text(issue, &closed)?;
    Some((|| {
        let id = format!("{}#closed-{time}", id_of(item, issue)?);
        let number = text_at(issue, "number").map_or(String::new(), |number| format!("#{number} "));
        let reason = first_text(issue, &["stateReason", "state_reason"]);
        let reason = reason.map_or(String::new(), |reason| {
            format!(" ({})", reason.to_lowercase().replace('_', " "))
        });
        let at = item.time(issue, &closed)?;
        let text = format!("{number}closed{reason}");
        Ok(item.row(id, at, Action::Change, &text, hash_of(issue, &closed)))
    })())
}

fn comment_row(item: &Item, comment: &Value) -> Result<Row, RowError> {
    let body = text_at(comment, "body");
    let state = text_at(comment, "state").map(|state| state.to_lowercase().replace('_', " "));
    let (action, text) = match (body, state) {
        (Some(body), _) => (Action::Message, body),
        (None, Some(state)) => (Action::Change, format!("Review: {state}")),
        (None, None) => (Action::Message, "[comment without text]".to_owned()),
    };
    let mut row = item.row(
        id_of(item, comment)?,
        item.time(comment, &CREATED)?,
        action,
        &text,
        hash_of(comment, &["body", "state"]),
    );
    row.speaker = speaker(comment);
    Ok(row)
}

/// An event of a timeline that is no comment.
fn event_row(item: &Item, event: &Value) -> Result<Row, RowError> {
    let name = text_at(event, "event").unwrap_or_default();
    let detail = match (text_at(event, "rename.from"), text_at(event, "rename.to")) {
        (Some(from), Some(to)) => Some(format!("{from} → {to}")),
        _ => first_text(
            event,
            &[
                "label.name",
                "assignee.login",
                "requested_reviewer.login",
                "requested_team.name",
                "milestone.title",
                "source.issue.title",
                "commit_id",
                "state_reason",
                "dismissed_review.dismissal_message",
                "lock_reason",
                "body",
                "message",
                "state",
            ],
        ),
    };
    let action = match name.as_str() {
        "assigned" | "unassigned" => Action::Assign,
        "mentioned" | "subscribed" | "unsubscribed" | "pinned" | "unpinned" => Action::Housekeeping,
        "reviewed" => Action::Message,
        _ => Action::Change,
    };
    let words = name.replace(['_', '-'], " ");
    let text = match detail {
        Some(detail) => format!("{words}: {detail}"),
        None => words,
    };
    let mut times = CREATED.to_vec();
    // A commit has only the times of its author and its committer.
    times.extend(["committer.date", "author.date"]);
    let at = item.time(event, &times)?;
    let id = match first_text(event, &["node_id", "id", "sha"]) {
        Some(id) => id,
        // That another issue names this one has no id.
        None => {
            let who = text_at(event, "actor.login").unwrap_or_default();
            let time = first_text(event, &times).unwrap_or_default();
            let from = text_at(event, "source.issue.html_url").unwrap_or_default();
            format!("{name}/{time}/{who}/{from}")
        }
    };
    let hash = hash_of(event, &["event", "rename", "body"]);
    let mut row = item.row(id, at, action, &text, hash);
    row.speaker = speaker(event);
    Ok(row)
}
