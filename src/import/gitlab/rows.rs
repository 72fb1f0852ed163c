//! The rows of single issues, notes and events.

use crate::import::{
    json::{array_at, first_text, host_at, text_at},
    json_rows::{Item, hash_of},
    row::{Action, Row, RowError, Speaker},
    time::parse_moment,
};
use serde_json::Value;

pub(super) const OCCURRED: [&str; 2] = ["occurred_at", "occurredAt"];
pub(super) const CREATED: [&str; 2] = ["created_at", "createdAt"];

pub(super) fn is_timeline_event(value: &Value) -> bool {
    value.get("note").is_some() && OCCURRED.iter().any(|key| value.get(key).is_some())
}

/// The notes in an issue or a discussion; `glab` writes the name with a capital.
pub(super) fn notes_of(value: &Value) -> Option<&[Value]> {
    let notes = value.get("notes").or_else(|| value.get("Notes"))?;
    notes.as_array().map(Vec::as_slice)
}

fn speaker(author: &Value) -> Option<Speaker> {
    let id = text_at(author, "username").unwrap_or_default();
    let name = text_at(author, "name").unwrap_or_default();
    (!id.is_empty() || !name.is_empty()).then_some(Speaker { id, name })
}

/// Returns the id of a row: with the server, as far as the value names it, because every server counts from 1.
fn id_of(item: &Item, value: &Value, kind: &str) -> Result<String, RowError> {
    let id = text_at(value, "id").ok_or_else(|| item.error("it has no `id`"))?;
    // GraphQL answers ids as `gid://gitlab/Note/302`.
    let number = id.rsplit('/').next().unwrap_or(&id);
    let addresses = [
        "web_url",
        "webUrl",
        "author.web_url",
        "author.webUrl",
        "user.web_url",
        "user.webUrl",
    ];
    Ok(match host_at(value, &addresses) {
        Some(host) => format!("{host}/{kind}/{number}"),
        None => format!("{kind}/{number}"),
    })
}

/// An event that the responders put on the incident's timeline: it has its own time and when it was entered.
pub(super) fn timeline_row(item: &Item, event: &Value) -> Result<Row, RowError> {
    let tags: Vec<String> = ["tags", "timeline_event_tags", "timelineEventTags.nodes"]
        .iter()
        .flat_map(|path| array_at(event, path))
        .filter_map(|tag| text_at(tag, "name").or_else(|| tag.as_str().map(str::to_owned)))
        .collect();
    let note = first_text(event, &["note"]).unwrap_or_else(|| "[event without text]".to_owned());
    let text = match tags.is_empty() {
        true => note,
        false => format!("{note} ({})", tags.join(", ")),
    };
    let hash = hash_of(event, &["note", "occurred_at", "occurredAt"]);
    let id = id_of(item, event, "timeline")?;
    let at = item.time(event, &OCCURRED)?;
    let mut row = item.row(id, at, Action::Message, &text, hash);
    row.recorded = first_text(event, &CREATED).and_then(|time| parse_moment(&time));
    row.speaker = speaker(&event["author"]);
    Ok(row)
}

/// What is counted by a number of its own: the word in ids, and the sign before the number.
fn sort_of(issue: &Value) -> (&'static str, char) {
    let address = first_text(issue, &["web_url", "webUrl"]).unwrap_or_default();
    if issue.get("source_branch").is_some() || address.contains("/merge_requests/") {
        ("merge_request", '!')
    } else if address.contains("/epics/") {
        ("epic", '&')
    } else {
        ("issue", '#')
    }
}

/// An issue or a merge request: that it was opened, merged and closed, and the notes in it.
pub(super) fn issue_rows(item: &Item, issue: &Value) -> Vec<Result<Row, RowError>> {
    let (sort, sign) = sort_of(issue);
    let number = format!("{sign}{}", text_at(issue, "iid").unwrap_or_default());
    let opened = || {
        let title = text_at(issue, "title").unwrap_or_default();
        let description = text_at(issue, "description").unwrap_or_default();
        let mut row = item.row(
            id_of(item, issue, sort)?,
            item.time(issue, &CREATED)?,
            Action::Message,
            &format!("{number} opened: {title}\n{description}"),
            hash_of(issue, &["title", "description"]),
        );
        row.speaker = speaker(&issue["author"]);
        Ok(row)
    };
    let ended = |verb: &str, times: &[&str], by: &[&str]| {
        let time = first_text(issue, times)?;
        let row = || {
            let mut row = item.row(
                format!("{}/{verb}-{time}", id_of(item, issue, sort)?),
                item.time(issue, times)?,
                Action::Change,
                &format!("{number} {verb}"),
                hash_of(issue, times),
            );
            row.speaker = by.iter().find_map(|path| speaker(&issue[*path]));
            Ok(row)
        };
        Some(row())
    };
    let merged = ["merged_at", "mergedAt"];
    let closed = ["closed_at", "closedAt"];
    let notes = notes_of(issue).unwrap_or_default().iter();
    std::iter::once(opened())
        .chain(ended("merged", &merged, &["merge_user", "merged_by"]))
        .chain(ended("closed", &closed, &["closed_by"]))
        .chain(notes.map(|note| note_row(item, note)))
        .collect()
}

/// A note that a person wrote, or one that GitLab wrote about a change.
pub(super) fn note_row(item: &Item, note: &Value) -> Result<Row, RowError> {
    let Some(body) = note.get("body") else {
        return Err(item.error("it is no issue, note or event of GitLab"));
    };
    let body = body.as_str().filter(|body| !body.is_empty());
    let is_system = note.get("system") == Some(&Value::Bool(true));
    let action = match is_system {
        true => Action::Change,
        false => Action::Message,
    };
    let text = match (body.unwrap_or("[note without text]"), line_of(note)) {
        (body, Some(line)) => format!("{line}: {body}"),
        (body, None) => body.to_owned(),
    };
    let mut row = item.row(
        id_of(item, note, "note")?,
        item.time(note, &CREATED)?,
        action,
        &text,
        hash_of(note, &["body"]),
    );
    row.speaker = speaker(&note["author"]);
    Ok(row)
}

/// The line of code that a note is about: `src/pool.rs:12`.
fn line_of(note: &Value) -> Option<String> {
    let position = note.get("position")?;
    let path = first_text(position, &["new_path", "old_path", "newPath", "oldPath"])?;
    let line = first_text(position, &["new_line", "old_line", "newLine", "oldLine"]);
    Some(line.map_or_else(|| path.clone(), |line| format!("{path}:{line}")))
}

/// A change of state, label, milestone, iteration or weight. Each of these has ids of its own.
pub(super) fn event_row(item: &Item, event: &Value) -> Result<Row, RowError> {
    let sorts = ["label", "milestone", "iteration", "weight", "state"];
    let sort = sorts.into_iter().find(|key| event.get(key).is_some());
    let sort = sort.unwrap_or("other");
    let name = match sort {
        "weight" => text_at(event, "weight").map_or("weight removed".to_owned(), |weight| {
            format!("weight {weight}")
        }),
        "state" => text_at(event, "state").unwrap_or_default(),
        _ => first_text(event, &["label.name", "milestone.title", "iteration.title"])
            .unwrap_or_else(|| format!("[a {sort} that was deleted]")),
    };
    let text = match text_at(event, "action") {
        Some(action) => format!("{action} {name}"),
        None => name,
    };
    let mut row = item.row(
        id_of(item, event, &format!("{sort}-event"))?,
        item.time(event, &CREATED)?,
        Action::Change,
        &text,
        hash_of(event, &["action", "state", "label.name"]),
    );
    row.speaker = speaker(&event["user"]);
    Ok(row)
}
