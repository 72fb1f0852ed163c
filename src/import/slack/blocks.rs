//! The text of a message that has none but in its blocks or attachments, as alert bots post.

use super::{
    directory::Directory,
    markup::{mention, plain_text},
};
use crate::import::json::{array_at, first_text, text_at};
use serde_json::Value;

/// The text of the blocks of a message, one line or more for each.
pub(super) fn blocks_text(blocks: &[Value], directory: &Directory) -> String {
    let lines = blocks.iter().map(|block| block_text(block, directory));
    join_lines(lines)
}

fn join_lines(lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = lines
        .map(|line| line.trim_end().to_owned())
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines.join("\n")
}

fn block_text(block: &Value, directory: &Directory) -> String {
    match text_at(block, "type").as_deref() {
        Some("rich_text") => join_lines(
            array_at(block, "elements")
                .iter()
                .map(|element| rich_text(element, directory)),
        ),
        // Buttons say what could have been done.
        Some("actions" | "divider" | "input") => String::new(),
        Some("image") => match first_text(block, &["alt_text", "title.text", "title"]) {
            Some(alt) => format!("[image: {alt}]"),
            None => "[image]".to_owned(),
        },
        Some("context") => {
            let parts: Vec<String> = array_at(block, "elements")
                .iter()
                .map(|element| block_text(element, directory))
                .filter(|text| !text.is_empty())
                .collect();
            parts.join(" ")
        }
        _ => {
            let fields = array_at(block, "fields").iter().map(|field| {
                // A field has its label and its value on lines of their own.
                text_object(field, directory).replace('\n', " ")
            });
            let text = text_object(block, directory);
            let title = first_text(block, &["title.text"]).unwrap_or_default();
            join_lines([title, text].into_iter().chain(fields))
        }
    }
}

/// The text of `{"text": "..."}`, or of `{"text": {"text": "..."}}`.
fn text_object(value: &Value, directory: &Directory) -> String {
    let text = first_text(value, &["text", "text.text"]).unwrap_or_default();
    plain_text(&text, directory)
}

/// The text of an element of a rich text, and of those inside it.
fn rich_text(element: &Value, directory: &Directory) -> String {
    let text = |path: &str| text_at(element, path).unwrap_or_default();
    let inside = || -> String {
        let elements = array_at(element, "elements").iter();
        elements
            .map(|element| rich_text(element, directory))
            .collect()
    };
    match text("type").as_str() {
        "user" => mention(&text("user_id"), None, directory),
        "channel" => {
            let id = text("channel_id");
            format!("#{}", directory.channel(&id).unwrap_or(&id))
        }
        "usergroup" => format!("@{}", text("usergroup_id")),
        "broadcast" => format!("@{}", text("range")),
        "emoji" => format!(":{}:", text("name")),
        "date" => text("fallback"),
        "link" => match (text("text"), text("url")) {
            (label, url) if label.is_empty() || label == url => url,
            (label, url) => format!("{label} ({url})"),
        },
        "rich_text_list" => {
            let indent = element.get("indent").and_then(Value::as_u64).unwrap_or(0);
            let indent = "  ".repeat(usize::try_from(indent.min(8)).unwrap_or_default());
            let is_ordered = text("style") == "ordered";
            let items = array_at(element, "elements").iter().enumerate();
            join_lines(items.map(|(number, item)| {
                let text = rich_text(item, directory);
                match is_ordered {
                    true => format!("{indent}{}. {text}", number + 1),
                    false => format!("{indent}- {text}"),
                }
            }))
        }
        "rich_text_quote" => inside().lines().map(|line| format!("> {line}\n")).collect(),
        _ => text("text") + &inside(),
    }
}

/// The text of the attachments of a message. Previews of linked pages are left out where the message has
/// a text of its own.
pub(super) fn attachments_text(
    attachments: &[Value],
    has_text: bool,
    directory: &Directory,
) -> String {
    let is_preview = |attachment: &Value| {
        let is = |key: &str| attachment.get(key).is_some_and(|v| !v.is_null());
        (is("from_url") || is("original_url")) && !(is("is_share") || is("is_msg_unfurl"))
    };
    join_lines(
        attachments
            .iter()
            .filter(|attachment| !(has_text && is_preview(attachment)))
            .map(|attachment| attachment_text(attachment, directory)),
    )
}

fn attachment_text(attachment: &Value, directory: &Directory) -> String {
    let plain = |path: &str| plain_text(&text_at(attachment, path).unwrap_or_default(), directory);
    let title = match (plain("title"), text_at(attachment, "title_link")) {
        (title, Some(link)) if !title.is_empty() => format!("{title} ({link})"),
        (title, _) => title,
    };
    let fields = array_at(attachment, "fields").iter().map(|field| {
        let plain = |path: &str| plain_text(&text_at(field, path).unwrap_or_default(), directory);
        match (plain("title"), plain("value")) {
            (title, value) if title.is_empty() => value,
            (title, value) => format!("{title}: {value}"),
        }
    });
    let blocks = blocks_text(array_at(attachment, "blocks"), directory);
    let shared = array_at(attachment, "message_blocks")
        .iter()
        .map(|message| {
            let blocks = array_at(message, "message.blocks");
            blocks_text(blocks, directory)
        });
    let parts = [plain("pretext"), title, plain("text")];
    let text = join_lines(parts.into_iter().chain(fields).chain([blocks]));
    let text = match text.is_empty() {
        true => join_lines(shared),
        false => text,
    };
    match text.is_empty() {
        true => plain("fallback"),
        false => text,
    }
}
