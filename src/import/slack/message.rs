//! One message of Slack as a row.

use super::{
    blocks::{attachments_text, blocks_text},
    directory::{Directory, profile_name},
    markup::plain_text,
};
use crate::import::{
    json::{array_at, first_text, text_at},
    json_rows::{Item, hash_of, shortened},
    row::{Action, Row, RowError, SourceTime, Speaker},
    time::parse_epoch,
};
use serde_json::{Value, json};

/// What Slack writes where the text is in the blocks alone.
const NO_TEXT: &str = "This content can't be displayed.";

/// Returns the rows of a message of this channel (an id, or empty), and of the replies that some tools put
/// inside it.
pub(super) fn rows_of(
    item: &Item,
    channel: &str,
    directory: &Directory,
) -> Vec<Result<Row, RowError>> {
    let replies = array_at(item.value, "slackdump_thread_replies").iter();
    let repeats_parent = |reply: &&Value| text_at(reply, "ts") != text_at(item.value, "ts");
    std::iter::once(item.value)
        .chain(replies.filter(repeats_parent))
        .map(|message| row_of(item, message, channel, directory))
        .collect()
}

fn row_of(
    item: &Item,
    message: &Value,
    channel: &str,
    directory: &Directory,
) -> Result<Row, RowError> {
    let Some(ts) = message.get("ts").filter(|ts| !ts.is_null()) else {
        return Err(item.error("it has no `ts`, as every message of Slack has"));
    };
    // As a number it has lost its last digits, which are the id.
    let at = ts
        .as_str()
        .and_then(|ts| Some((ts, parse_epoch(ts)?)))
        .ok_or_else(|| {
            item.error(format!(
                "`ts` is not a time of Slack, \"1763632800.000200\": {}",
                shortened(&ts.to_string())
            ))
        });
    let (ts, at) = at?;
    let subtype = text_at(message, "subtype").unwrap_or_default();
    let action = action_of(&subtype);
    let text = match action {
        Action::Deleted => "[deleted message]".to_owned(),
        _ => text_of(message, &subtype, directory),
    };
    let id = match channel {
        "" => ts.to_owned(),
        channel => format!("{channel}/{ts}"),
    };
    let at = SourceTime::Exact(at.fixed_offset());
    let mut row = item.row(id, at, action, &text, hash(message));
    row.speaker = speaker_of(message, directory);
    Ok(row)
}

/// Of what an edit changes. Addresses of files carry a token that is another in each export; profiles,
/// reactions and counts of replies change without an edit.
fn hash(message: &Value) -> crate::domain::hash::Hash {
    let files: Vec<Value> = array_at(message, "files")
        .iter()
        .map(|file| json!([file.get("id"), file.get("name"), file.get("mode")]))
        .collect();
    let content = json!({"message": message, "files": files});
    hash_of(
        &content,
        &[
            "message.subtype",
            "message.user",
            "message.bot_id",
            "message.username",
            "message.text",
            "message.edited.ts",
            "message.blocks",
            "message.attachments",
            "files",
        ],
    )
}

fn action_of(subtype: &str) -> Action {
    match subtype {
        "tombstone" | "message_deleted" => Action::Deleted,
        "channel_join" | "channel_leave" | "group_join" | "group_leave" | "bot_add"
        | "bot_remove" => Action::Join,
        "channel_topic"
        | "channel_purpose"
        | "channel_name"
        | "channel_archive"
        | "channel_unarchive"
        | "channel_convert_to_private"
        | "channel_posting_permissions"
        | "group_topic"
        | "group_purpose"
        | "group_name"
        | "group_archive"
        | "group_unarchive"
        | "pinned_item"
        | "unpinned_item"
        | "reminder_add"
        | "reminder_delete"
        | "bookmark_added" => Action::Housekeeping,
        _ => Action::Message,
    }
}

fn text_of(message: &Value, subtype: &str, directory: &Directory) -> String {
    let text = text_at(message, "text").filter(|text| text.trim() != NO_TEXT);
    let mut text = plain_text(text.as_deref().unwrap_or_default(), directory);
    if text.trim().is_empty() {
        text = blocks_text(array_at(message, "blocks"), directory);
    }
    let attachments = array_at(message, "attachments");
    let attached = attachments_text(attachments, !text.is_empty(), directory);
    let files = array_at(message, "files").iter().map(file_text);
    let mut parts: Vec<String> = [text, attached].into_iter().chain(files).collect();
    parts.retain(|part| !part.trim().is_empty());
    if parts.is_empty() {
        return match subtype {
            "" => "[message without text]".to_owned(),
            subtype => format!("[{subtype}]"),
        };
    }
    parts.join("\n")
}

fn file_text(file: &Value) -> String {
    let name = first_text(file, &["name", "title"]);
    match (text_at(file, "mode").as_deref(), name) {
        (Some("tombstone"), _) => "[file: deleted]".to_owned(),
        (_, Some(name)) => format!("[file: {name}]"),
        _ => "[file without a name]".to_owned(),
    }
}

/// Who posted it: a user by the export's list, else by the profile in the message; a bot by the name that it
/// posted under.
fn speaker_of(message: &Value, directory: &Directory) -> Option<Speaker> {
    let user = text_at(message, "user");
    let bot = first_text(message, &["bot_id", "bot_profile.id"]);
    let known = user.as_deref().and_then(|id| directory.person(id));
    let profile = message.get("user_profile").and_then(profile_name);
    let username = first_text(message, &["username", "bot_profile.name"]);
    // A bot may post under any name, and is listed under its own.
    let name = match bot.is_some() {
        true => username.or(known.map(str::to_owned)).or(profile),
        false => known.map(str::to_owned).or(profile).or(username),
    };
    let id = user.or(bot).unwrap_or_default();
    let name = name.unwrap_or_default();
    (!id.is_empty() || !name.is_empty()).then_some(Speaker { id, name })
}
