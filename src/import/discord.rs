//! Channels of Discord as `DiscordChatExporter` writes them in JSON.

use super::{
    files::Files,
    format::{Format, ReadOptions, Source},
    json::{array_at, first_text, text_at},
    json_items::Items,
    row::{Action, Place, Row, RowError, Speaker},
    time::{parse_moment, parse_time},
};
use crate::domain::hash::Hash;
use serde_json::Value;

pub(super) const FORMAT: Format = Format {
    name: "discord",
    about: "a channel of Discord, from DiscordChatExporter in JSON",
    detect: |sample| sample.has_json_keys(&["guild", "channel"]),
    open,
};

fn open(mut files: Files, _: &ReadOptions) -> Result<Source, RowError> {
    let items = Items::new(files.read(0)?, &["messages"], "message")
        .map_err(|e| RowError::input(format!("it cannot be read: {e}")))?;
    let rows = items.map(|item| {
        let (place, value, _) = item?;
        row(&place, &value)
    });
    // Ids of Discord are unique everywhere.
    Ok(Source::new("", Box::new(rows)))
}

fn row(place: &Place, value: &Value) -> Result<Row, RowError> {
    let missing = |name: &str| RowError::row(place.clone(), format!("it has no `{name}`"));
    let id = text_at(value, "id").ok_or_else(|| missing("id"))?;
    let at = text_at(value, "timestamp")
        .and_then(|text| parse_time(&text))
        .ok_or_else(|| missing("timestamp"))?;
    let action = match text_at(value, "type").unwrap_or_default().as_str() {
        "GuildMemberJoin" | "RecipientAdd" | "RecipientRemove" => Action::Join,
        "ChannelPinnedMessage" | "ChannelNameChange" | "ChannelIconChange" | "ThreadCreated" => {
            Action::Housekeeping
        }
        "Call" => Action::Notify,
        _ => Action::Message,
    };
    let text = text_of(value);
    let speaker = value.get("author").map(|author| Speaker {
        id: text_at(author, "id").unwrap_or_default(),
        name: first_text(author, &["nickname", "name"]).unwrap_or_default(),
    });
    // Reactions and pins change without an edit.
    let edited = text_at(value, "timestampEdited").unwrap_or_default();
    let hash = Hash::digest(format!("{id}\n{edited}\n{text}").as_bytes());
    Ok(Row {
        recorded: parse_moment(&edited),
        speaker,
        action,
        ..Row::message(place.clone(), id, at, &text, hash)
    })
}

/// Returns the content with the names of attachments below it; of alerts by bots, which have no content, the
/// text of the embeds.
fn text_of(value: &Value) -> String {
    let mut lines = Vec::new();
    lines.extend(text_at(value, "content"));
    for embed in array_at(value, "embeds") {
        let before = lines.len();
        lines.extend(
            ["title", "description"]
                .iter()
                .filter_map(|name| text_at(embed, name)),
        );
        for field in array_at(embed, "fields") {
            let (name, text) = (text_at(field, "name"), text_at(field, "value"));
            lines.extend(name.zip(text).map(|(name, text)| format!("{name}: {text}")));
        }
        if lines.len() == before {
            lines.extend(text_at(embed, "url"));
        }
    }
    for attachment in array_at(value, "attachments") {
        lines.extend(first_text(attachment, &["fileName", "url"]).map(|name| format!("[{name}]")));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CHANNEL: &str = include_str!("../../tests/import/discord/channel.json");

    fn read(bytes: &[u8]) -> Vec<Result<Row, RowError>> {
        let files = Files::once(Box::new(std::io::Cursor::new(bytes.to_vec())));
        open(files, &ReadOptions::default()).unwrap().rows.collect()
    }

    #[test]
    fn messages_embeds_and_joins() {
        let found: Vec<String> = read(CHANNEL.as_bytes())
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
                "message 4: it has no `timestamp`",
            ]
        );
    }

    proptest! {
        #[test]
        fn damaged_channels_are_read(cut in 0..1500_usize, insert in prop::collection::vec(any::<u8>(), 0..8)) {
            let bytes = CHANNEL.as_bytes();
            let at = cut % bytes.len();
            for input in [[&bytes[..at], &insert, &bytes[at..]].concat(), bytes[..at].to_vec()] {
                prop_assert!(read(&input).len() <= input.len());
            }
        }
    }
}
