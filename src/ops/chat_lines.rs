//! Turns a copied chat into lines as a person would type them, for a paste and for standard input.

use crate::{
    domain::{
        capture::{LineType, escape_markers},
        words::CAPTURE_KINDS,
    },
    import::{self, Files, ReadOptions, RowError, SourceTime},
};
use chrono::Timelike as _;
use std::io;

/// True if `text` is surely a copy of a chat.
#[must_use]
pub fn is_copied_chat(text: &str) -> bool {
    import::looks_like_chat(text)
}

/// A message of a chat as one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatLine {
    /// Time, name and text. Nothing in it is a marker.
    pub text: String,
    /// False for what says nothing about the incident: that a person joined, or set a topic.
    pub included: bool,
}

/// Returns one line for each message of `text`, if it is surely a copy of a chat: with the time and the name of
/// its author before it, its own line breaks as ` / `, and without reactions and the like. `None` if it is not a
/// chat.
///
/// # Errors
/// It is a chat, and a line of it cannot be read, such as `Today` without a day; the reason names the line.
pub fn chat_lines(text: &str) -> Result<Option<Vec<ChatLine>>, RowError> {
    let Some(chat) = import::find_format("chat").filter(|_| import::looks_like_chat(text)) else {
        return Ok(None);
    };
    let files = Files::once(Box::new(io::Cursor::new(text.to_owned().into_bytes())));
    let source = (chat.open)(files, &ReadOptions::default())?;
    let lines = source.rows.map(|row| {
        let row = row?;
        line_of(&row).ok_or_else(|| RowError::row(row.place, "its time is not known"))
    });
    lines.collect::<Result<_, _>>().map(Some)
}

fn line_of(row: &import::Row) -> Option<ChatLine> {
    let time = match row.at {
        SourceTime::Exact(at) => at.format("%Y-%m-%d %H:%M:%S%:z").to_string(),
        SourceTime::Local(at) if at.second() == 0 => at.format("%Y-%m-%d %H:%M").to_string(),
        SourceTime::Local(at) => at.format("%Y-%m-%d %H:%M:%S").to_string(),
        SourceTime::TimeOfDay(at) if at.second() == 0 => at.format("%H:%M").to_string(),
        SourceTime::TimeOfDay(at) => at.format("%H:%M:%S").to_string(),
        _ => return None,
    };
    let text: Vec<&str> = row
        .text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let text = text.join(" / ");
    let text = match row.speaker.as_ref().map(|speaker| speaker.name.trim()) {
        Some(name) if !name.is_empty() => format!("{name}: {text}"),
        _ => text,
    };
    let text = escape_markers(&text, LineType::Event);
    let escape = if begins_with_kind(&text) { "\\" } else { "" };
    Some(ChatLine {
        text: format!("{time} {escape}{text}"),
        included: row.action.rule().kind.is_some(),
    })
}

/// True if the first word would be read as the kind of a line.
fn begins_with_kind(text: &str) -> bool {
    let Some((word, _)) = text.split_once([':', '/']) else {
        return false;
    };
    let word = word.trim().to_lowercase();
    let is_short_for = |kind: &str| word.len() >= 3 && kind.starts_with(&word);
    word == "done" || CAPTURE_KINDS.iter().any(|kind| is_short_for(kind.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chat_gives_one_line_for_each_message() {
        let chat = "Ann Lee  10:06 AM\ncheckout fails !down\nfor all of @web\n:eyes: 2\nBob  10:07 AM\nrolling back (edited)\nFault  10:08 AM\nis it tell: better?\n";
        let lines = chat_lines(chat).unwrap().unwrap();
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "10:06 Ann Lee: checkout fails \\!down / for all of \\@web",
                "10:07 Bob: rolling back",
                "10:08 \\Fault: is it \\tell: better?",
            ]
        );
    }

    #[test]
    fn what_is_no_chat_stays_as_it_is() {
        for text in [
            "10:06 fault: db halted\n10:12 mitigate: moved",
            "one\ntwo",
            "",
        ] {
            assert_eq!(chat_lines(text).unwrap(), None, "{text}");
        }
    }
}
