//! Channels of Discord as `DiscordChatExporter` writes them in JSON.

use super::{
    files::Files,
    format::{Format, Notices, ReadOptions, Source},
    json::{array_at, first_text, text_at},
    json_rows::{Item, json_files, json_rows},
    row::{Action, Row, RowError, Speaker},
    time::parse_moment,
};
use crate::domain::hash::Hash;
use serde_json::Value;

pub(super) const FORMAT: Format = Format {
    name: "discord",
    about: "a channel of Discord, from DiscordChatExporter in JSON",
    detect: |sample| sample.has_json_keys(&["guild", "channel"]),
    open,
};

/// Every file of a folder is read: a long channel is exported in parts, a server in channels.
fn open(files: Files, _: &ReadOptions) -> Result<Source, RowError> {
    let indexes = json_files(&files)?;
    let notices = Notices::default();
    let rows = json_rows(files, indexes, &["messages"], "message", &notices, |item| {
        vec![row(item)]
    });
    // Ids of Discord are unique everywhere.
    Ok(Source::new("", rows).with_notices(notices))
}

fn row(item: &Item) -> Result<Row, RowError> {
    let value = item.value;
    let id = text_at(value, "id").ok_or_else(|| item.error("it has no `id`"))?;
    let at = item.time(value, &["timestamp"])?;
    let action = match text_at(value, "type").unwrap_or_default().as_str() {
        "GuildMemberJoin" | "RecipientAdd" | "RecipientRemove" => Action::Join,
        "ChannelPinnedMessage" | "ChannelNameChange" | "ChannelIconChange" | "ThreadCreated" => {
            Action::Housekeeping
        }
        "Call" => Action::Notify,
        _ => Action::Message,
    };
    let text = match text_of(value) {
        text if text.is_empty() => "[message without text]".to_owned(),
        text => text,
    };
    // Reactions and pins change without an edit.
    let edited = text_at(value, "timestampEdited").unwrap_or_default();
    let hash = Hash::digest(format!("{id}\n{edited}\n{text}").as_bytes());
    let mut row = item.row(id, at, action, &text, hash);
    row.recorded = parse_moment(&edited);
    row.speaker = value.get("author").map(|author| Speaker {
        id: text_at(author, "id").unwrap_or_default(),
        name: first_text(author, &["nickname", "name"]).unwrap_or_default(),
    });
    Ok(row)
}

/// Returns the content with the names of attachments below it; of alerts by bots, which have no content, the
/// text of the embeds; of a message that was passed on, what stood in it.
fn text_of(value: &Value) -> String {
    let mut lines = Vec::new();
    lines.extend(text_at(value, "content"));
    for embed in array_at(value, "embeds") {
        let before = lines.len();
        lines.extend(
            ["author.name", "title", "description"]
                .iter()
                .filter_map(|name| text_at(embed, name)),
        );
        for field in array_at(embed, "fields") {
            let (name, text) = (text_at(field, "name"), text_at(field, "value"));
            lines.extend(name.zip(text).map(|(name, text)| format!("{name}: {text}")));
        }
        if lines.len() == before {
            lines.extend(first_text(embed, &["footer.text", "url"]));
        }
    }
    for attachment in array_at(value, "attachments") {
        lines.extend(first_text(attachment, &["fileName", "url"]).map(|name| format!("[{name}]")));
    }
    for sticker in array_at(value, "stickers") {
        lines.extend(text_at(sticker, "name").map(|name| format!("[sticker: {name}]")));
    }
    if let Some(forwarded) = value.get("forwardedMessage").filter(|v| v.is_object()) {
        lines.push(format!("[forwarded] {}", text_of(forwarded)));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CHANNEL: &str = include_str!("../../tests/import/discord/channel.json");

    #[test]
    fn messages_embeds_and_joins() {
        let found: Vec<String> = FORMAT
            .read_all(CHANNEL.as_bytes())
            .into_iter()
            .map(|row| match row {
                Ok(row) => format!(
                    "{} {} {}: {}",
                    row.id,
                    row.action.rule().word,
                    row.speaker.map_or_else(|| "-".to_owned(), |s| s.name),
                    row.text
                ),
                Err(error) => error.to_string(),
            })
            .collect();
        assert_eq!(
            found,
            [
                "900 join bob: Joined the server.",
                "901 message Ann Lee: checkout is down\n[graph.png]",
                "902 message alerts: orders-db\npool exhausted\nhost: web1",
                "904 message bob: [sticker: On fire]",
                "905 message bob: [forwarded] the vendor restarts it",
                "906 message alerts: orders-db is up",
                "907 message bob: [message without text]",
                "message 8: it has no time: `timestamp` is missing",
            ]
        );
    }

    proptest! {
        #[test]
        fn damaged_channels_are_read(cut in 0..1500_usize, insert in prop::collection::vec(any::<u8>(), 0..8)) {
            let bytes = CHANNEL.as_bytes();
            let at = cut % bytes.len();
            for input in [[&bytes[..at], &insert, &bytes[at..]].concat(), bytes[..at].to_vec()] {
                prop_assert!(FORMAT.read_all(&input).len() <= input.len());
            }
        }
    }
}
