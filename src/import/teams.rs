//! Microsoft Teams: the messages of an export, and pages of messages of Microsoft Graph.
//!
//! Both have the same members, in an export with a capital (`CreatedDateTime`). Bodies are HTML; messages come
//! in any order, and from no one if Teams wrote them itself.

use super::{
    files::Files,
    format::{Format, Notices, ReadOptions, Sample, Source},
    html::html_to_text,
    json::{array_at, first_text, text_at},
    json_items::Items,
    json_rows::{Item, hash_of, json_files, json_rows},
    row::{Action, Row, RowError, Speaker},
};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

pub(super) const TEAMS: Format = Format {
    name: "teams",
    about: "a Microsoft Teams export (folder, zip, or a file of messages), or messages of Microsoft Graph",
    detect,
    open,
};

const KEYS: &[&str] = &["value", "messages"];

fn base_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn is_messages(name: &str) -> bool {
    base_name(name).to_ascii_lowercase().starts_with("messages")
}

fn detect(sample: &Sample) -> bool {
    let is_list = |name: &String| ["teamsList.json", "usersList.json"].contains(&base_name(name));
    if sample.names.iter().any(is_list) && sample.names.iter().any(|name| is_messages(name)) {
        return true;
    }
    match sample.first_item(KEYS).map(|item| uncapitalized(&item)) {
        Some(item) => ["createdDateTime", "body", "messageType"]
            .iter()
            .all(|key| item.get(key).is_some()),
        None => {
            sample.mentions_keys(&["CreatedDateTime", "MessageType"])
                || sample.mentions_keys(&["createdDateTime", "messageType"])
        }
    }
}

/// Returns the value with the first letter of every key in lower case.
fn uncapitalized(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members: Map<String, Value> = members
                .iter()
                .map(|(key, value)| {
                    let mut chars = key.chars();
                    let first = chars.next().map(|c| c.to_ascii_lowercase());
                    (
                        first.into_iter().chain(chars).collect(),
                        uncapitalized(value),
                    )
                })
                .collect();
            Value::Object(members)
        }
        Value::Array(items) => Value::Array(items.iter().map(uncapitalized).collect()),
        other => other.clone(),
    }
}

fn open(mut files: Files, _: &ReadOptions) -> Result<Source, RowError> {
    let mut indexes = json_files(&files)?;
    let names = files.names();
    let is_messages = |index: &usize| names.get(*index).is_some_and(|name| is_messages(name));
    if indexes.iter().any(is_messages) {
        indexes.retain(is_messages);
    }
    let people = read_people(&mut files)?;
    let notices = Notices::default();
    let said = notices.clone();
    let rows = json_rows(files, indexes, KEYS, "message", &notices, move |item| {
        let message = uncapitalized(item.value);
        // Graph puts the replies into their message, if it is asked to.
        let replies = array_at(&message, "replies");
        if message.get("replies@odata.nextLink").is_some() {
            said.borrow_mut().push(format!(
                "{}: only {} of its replies are in the input: download the others too",
                item.place,
                replies.len()
            ));
        }
        std::iter::once(&message)
            .chain(replies)
            .map(|message| row_of(item, message, &people))
            .collect()
    });
    Ok(Source {
        instance: String::new(),
        rows,
        notices,
    })
}

/// The names in the export's list of users, by their ids.
fn read_people(files: &mut Files) -> Result<BTreeMap<String, String>, RowError> {
    let is_list = |name: &String| base_name(name) == "usersList.json";
    let Some(index) = files.names().iter().position(is_list) else {
        return Ok(BTreeMap::new());
    };
    let items = Items::new(files.read(index)?, KEYS, "user")
        .map_err(|error| RowError::input(format!("usersList.json cannot be read: {error}")))?;
    let mut people = BTreeMap::new();
    for item in items {
        let user = uncapitalized(&item?.1);
        if let (Some(id), Some(name)) = (text_at(&user, "id"), text_at(&user, "displayName")) {
            people.insert(id, name);
        }
    }
    Ok(people)
}

fn row_of(
    item: &Item,
    message: &Value,
    people: &BTreeMap<String, String>,
) -> Result<Row, RowError> {
    let id = text_at(message, "id").ok_or_else(|| item.error("it has no `id`"))?;
    let chat = first_text(message, &["channelIdentity.channelId", "chatId"]);
    let id = match chat {
        Some(chat) => format!("{chat}/{id}"),
        None => id,
    };
    let at = item.time(message, &["createdDateTime"])?;
    let is_deleted = text_at(message, "deletedDateTime").is_some();
    let kind = text_at(message, "messageType").unwrap_or_default();
    let (action, text) = if is_deleted {
        (Action::Deleted, "[deleted message]".to_owned())
    } else {
        match text_of(message) {
            text if !text.is_empty() => (Action::Message, text),
            _ if kind == "message" => (Action::Message, "[message without text]".to_owned()),
            _ => system_event(&message["eventDetail"], people),
        }
    };
    let content = [
        "body.content",
        "subject",
        "deletedDateTime",
        "lastEditedDateTime",
    ];
    let mut row = item.row(id, at, action, &text, hash_of(message, &content));
    row.speaker = speaker(&message["from"], people)
        .or_else(|| speaker(&message["eventDetail"]["initiator"], people));
    Ok(row)
}

/// A person, an app or a device; the kind of each is a member.
fn speaker(from: &Value, people: &BTreeMap<String, String>) -> Option<Speaker> {
    let who = ["user", "application", "device"]
        .iter()
        .find_map(|kind| from.get(kind).filter(|who| who.is_object()))?;
    let id = text_at(who, "id").unwrap_or_default();
    let name = text_at(who, "displayName").or_else(|| people.get(&id).cloned());
    let name = name.unwrap_or_default();
    (!id.is_empty() || !name.is_empty()).then_some(Speaker { id, name })
}

fn text_of(message: &Value) -> String {
    let content = text_at(message, "body.content").unwrap_or_default();
    let is_plain = text_at(message, "body.contentType").as_deref() == Some("text");
    let body = match is_plain {
        true => content,
        false => html_to_text(&content),
    };
    let subject = text_at(message, "subject").unwrap_or_default();
    let attachments = array_at(message, "attachments").iter().map(attachment_text);
    let mut parts: Vec<String> = [subject, body].into_iter().chain(attachments).collect();
    parts.retain(|part| !part.trim().is_empty());
    parts.join("\n")
}

/// A file by its name; of a card, as alert bots post, its texts. A quoted message has a row of its own.
fn attachment_text(attachment: &Value) -> String {
    let kind = text_at(attachment, "contentType").unwrap_or_default();
    if kind == "messageReference" {
        return String::new();
    }
    let card = text_at(attachment, "content")
        .and_then(|content| serde_json::from_str::<Value>(&content).ok());
    if let Some(card) = card {
        let mut texts = Vec::new();
        collect_texts(&card, &mut texts);
        if !texts.is_empty() {
            return html_to_text(&texts.join("<br>"));
        }
    }
    match text_at(attachment, "name") {
        Some(name) => format!("[file: {name}]"),
        None => "[attachment]".to_owned(),
    }
}

/// Collects what a card shows; what its buttons do is left out.
fn collect_texts(card: &Value, texts: &mut Vec<String>) {
    match card {
        Value::Object(members) => {
            if let (Some(title), Some(value)) = (text_at(card, "title"), text_at(card, "value")) {
                texts.push(format!("{title}: {value}"));
                return;
            }
            for (key, value) in members {
                match value {
                    Value::String(text)
                        if ["title", "subtitle", "text", "summary"].contains(&key.as_str()) =>
                    {
                        texts.push(text.clone());
                    }
                    Value::Array(_) | Value::Object(_)
                        if ![
                            "actions",
                            "buttons",
                            "potentialAction",
                            "tap",
                            "selectAction",
                        ]
                        .contains(&key.as_str()) =>
                    {
                        collect_texts(value, texts);
                    }
                    _ => {}
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_texts(item, texts)),
        _ => {}
    }
}

/// What Teams wrote itself: an export has a member for each kind of event, Graph names the kind.
fn system_event(detail: &Value, people: &BTreeMap<String, String>) -> (Action, String) {
    const NOT_KINDS: [&str; 3] = ["initiator", "eventType", "@odata.type"];
    // The name has a dot, which would be a path.
    let odata = detail.get("@odata.type").and_then(Value::as_str);
    let kind = odata
        .map(str::to_owned)
        .or_else(|| text_at(detail, "eventType"));
    let named = kind.map(|kind| {
        let kind = kind.rsplit('.').next().unwrap_or_default();
        kind.trim_end_matches("EventMessageDetail").to_owned()
    });
    let member = detail.as_object().and_then(|members| {
        members
            .iter()
            .find(|(key, value)| value.is_object() && !NOT_KINDS.contains(&key.as_str()))
            .map(|(key, _)| key.clone())
    });
    let Some(kind) = named.or(member) else {
        return (Action::Housekeeping, "[system message]".to_owned());
    };
    let action = if kind.starts_with("members") {
        Action::Join
    } else if kind.starts_with("call") {
        Action::Message
    } else {
        Action::Housekeeping
    };
    // `membersAdded` becomes `members added`.
    let mut words = String::new();
    for c in kind.chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    let members = [detail, &detail[kind.as_str()]]
        .into_iter()
        .find_map(|value| value.get("members"));
    let members: Vec<String> = members
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|member| {
            let id = text_at(member, "id");
            let known = id.as_ref().and_then(|id| people.get(id).cloned());
            known.or_else(|| text_at(member, "displayName")).or(id)
        })
        .collect();
    match members.is_empty() {
        true => (action, format!("[{words}]")),
        false => (action, format!("[{words}: {}]", members.join(", "))),
    }
}
