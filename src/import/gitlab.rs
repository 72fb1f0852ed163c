//! GitLab: issues, notes, discussions and resource events of the REST API, and the timeline events of
//! incidents, also as GraphQL answers them.

use super::{
    files::Files,
    format::{Format, ReadOptions, Sample, Source},
    json::{array_at, first_text, text_at},
    json_rows::{Item, hash_of, json_files, json_rows},
    row::{Action, Row, RowError, Speaker},
    time::parse_moment,
};
use serde_json::Value;

pub(super) const GITLAB: Format = Format {
    name: "gitlab",
    about: "a GitLab issue, its notes, discussions or events (REST API), or timeline events of an incident",
    detect,
    open,
};

const OCCURRED: [&str; 2] = ["occurred_at", "occurredAt"];
const CREATED: [&str; 2] = ["created_at", "createdAt"];

fn detect(sample: &Sample) -> bool {
    let Some(item) = sample.first_item(&[]) else {
        let marks: [&[&str]; 5] = [
            &["noteable_type"],
            &["web_url", "iid"],
            &["resource_type", "resource_id"],
            &["note", "occurred_at"],
            &["note", "occurredAt"],
        ];
        return marks.iter().any(|keys| sample.mentions_keys(keys));
    };
    let is_by_gitlab = ["author", "user"].iter().any(|key| {
        item.get(key)
            .is_some_and(|author| author.get("username").is_some())
    });
    is_timeline_event(&item)
        || !graphql_events(&item).is_empty()
        || item.get("noteable_type").is_some()
        || (is_by_gitlab && CREATED.iter().any(|key| item.get(key).is_some()))
        || array_at(&item, "notes")
            .iter()
            .any(|note| note.get("noteable_type").is_some())
}

fn is_timeline_event(value: &Value) -> bool {
    value.get("note").is_some() && OCCURRED.iter().any(|key| value.get(key).is_some())
}

/// The timeline events anywhere in an answer of GraphQL.
fn graphql_events(value: &Value) -> Vec<&Value> {
    fn collect<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
        match value {
            Value::Object(_) if is_timeline_event(value) => found.push(value),
            Value::Object(members) => members.values().for_each(|value| collect(value, found)),
            Value::Array(items) => items.iter().for_each(|value| collect(value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    if let Some(data) = value.get("data") {
        collect(data, &mut found);
    }
    found
}

fn open(files: Files, _: &ReadOptions) -> Result<Source, RowError> {
    let indexes = json_files(&files)?;
    let rows = json_rows(files, indexes, &[], "item", |item| {
        let value = item.value;
        if is_timeline_event(value) {
            return vec![timeline_row(item, value)];
        }
        let events = graphql_events(value);
        if !events.is_empty() {
            return events
                .into_iter()
                .map(|event| timeline_row(item, event))
                .collect();
        }
        if value.get("title").is_some() && value.get("iid").is_some() {
            return issue_rows(item, value);
        }
        if value.get("resource_type").is_some() {
            return vec![event_row(item, value)];
        }
        match value.get("notes").and_then(Value::as_array) {
            // A discussion.
            Some(notes) => notes.iter().map(|note| one_note(item, note)).collect(),
            None => vec![one_note(item, value)],
        }
    });
    Ok(Source::new("", rows))
}

fn speaker(author: &Value) -> Option<Speaker> {
    let id = text_at(author, "username").unwrap_or_default();
    let name = text_at(author, "name").unwrap_or_default();
    (!id.is_empty() || !name.is_empty()).then_some(Speaker { id, name })
}

fn id_of(item: &Item, value: &Value) -> Result<String, RowError> {
    text_at(value, "id").ok_or_else(|| item.error("it has no `id`"))
}

/// An event that the responders put on the incident's timeline: it has its own time and when it was entered.
fn timeline_row(item: &Item, event: &Value) -> Result<Row, RowError> {
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
    // GraphQL answers ids as `gid://gitlab/IncidentManagement::TimelineEvent/12`.
    let id = id_of(item, event)?;
    let number = id.rsplit('/').next().unwrap_or(&id);
    let id = format!("timeline/{number}");
    let at = item.time(event, &OCCURRED)?;
    let mut row = item.row(id, at, Action::Message, &text, hash);
    row.recorded = first_text(event, &CREATED).and_then(|time| parse_moment(&time));
    row.speaker = speaker(&event["author"]);
    Ok(row)
}

fn issue_rows(item: &Item, issue: &Value) -> Vec<Result<Row, RowError>> {
    let opened = || {
        let number = text_at(issue, "iid").unwrap_or_default();
        let title = text_at(issue, "title").unwrap_or_default();
        let description = text_at(issue, "description").unwrap_or_default();
        let mut row = item.row(
            format!("issue/{}", id_of(item, issue)?),
            item.time(issue, &CREATED)?,
            Action::Message,
            &format!("#{number} opened: {title}\n{description}"),
            hash_of(issue, &["title", "description"]),
        );
        row.speaker = speaker(&issue["author"]);
        Ok(row)
    };
    let closed = |time: String| {
        let mut row = item.row(
            format!("issue/{}/closed-{time}", id_of(item, issue)?),
            item.time(issue, &["closed_at"])?,
            Action::Change,
            &format!("#{} closed", text_at(issue, "iid").unwrap_or_default()),
            hash_of(issue, &["closed_at"]),
        );
        row.speaker = speaker(&issue["closed_by"]);
        Ok(row)
    };
    let notes = array_at(issue, "notes").iter();
    std::iter::once(opened())
        .chain(text_at(issue, "closed_at").map(closed))
        .chain(notes.map(|note| one_note(item, note)))
        .collect()
}

/// A note that a person wrote, or one that GitLab wrote about a change.
fn one_note(item: &Item, note: &Value) -> Result<Row, RowError> {
    let Some(body) = note.get("body") else {
        return Err(item.error("it is no issue, note or event of GitLab"));
    };
    let body = body.as_str().filter(|body| !body.is_empty());
    let is_system = note.get("system") == Some(&Value::Bool(true));
    let action = match is_system {
        true => Action::Change,
        false => Action::Message,
    };
    let mut row = item.row(
        format!("note/{}", id_of(item, note)?),
        item.time(note, &CREATED)?,
        action,
        body.unwrap_or("[note without text]"),
        hash_of(note, &["body"]),
    );
    row.speaker = speaker(&note["author"]);
    Ok(row)
}

/// A change of state, label or milestone.
fn event_row(item: &Item, event: &Value) -> Result<Row, RowError> {
    let parts = ["action", "state", "label.name", "milestone.title"];
    let parts: Vec<String> = parts
        .iter()
        .filter_map(|path| text_at(event, path))
        .collect();
    let mut row = item.row(
        format!("event/{}", id_of(item, event)?),
        item.time(event, &CREATED)?,
        Action::Change,
        &parts.join(" "),
        hash_of(event, &["action", "state", "label.name"]),
    );
    row.speaker = speaker(&event["user"]);
    Ok(row)
}
