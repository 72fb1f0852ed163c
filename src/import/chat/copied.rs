//! A copied chat that is logged as lines: its messages keep the days that are written, such as `Yesterday`.

use super::{
    super::{
        days::is_next_day,
        row::{Action, Place, RowError},
        stamp::Day,
        text::strip_url_secrets,
    },
    date_order,
    messages::read_messages,
    no_message_error, without_direction_marks,
};
use crate::domain::time::OffsetTime;
use chrono::NaiveTime;
use std::borrow::Cow;

/// When a message was sent, as far as the copy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChatTime {
    Exact(OffsetTime),
    /// A time on the day that the message, one before it or a day line names.
    Local(Day, NaiveTime),
}

/// A message of a copied chat.
#[derive(Clone, Debug)]
pub struct ChatMessage {
    pub at: ChatTime,
    /// Empty if it has no author.
    pub name: String,
    pub text: String,
    pub action: Action,
}

/// A copied chat.
#[derive(Clone, Debug)]
pub struct CopiedChat<'t> {
    /// The lines before the first message, with their index.
    pub lines_before: Vec<(usize, &'t str)>,
    pub messages: Vec<ChatMessage>,
}

/// Reads `text` as a copied chat.
///
/// # Errors
/// No message is found in it, or a day is none in the calendar or may be of two.
pub fn read_copied_chat(text: &str) -> Result<CopiedChat<'_>, RowError> {
    let originals: Vec<&str> = text.lines().collect();
    let lines: Vec<Cow<'_, str>> = originals
        .iter()
        .map(|line| without_direction_marks(line))
        .collect();
    let lines: Vec<&str> = lines.iter().map(AsRef::as_ref).collect();
    let (found, before) = read_messages(&lines);
    if found.is_empty() {
        return Err(no_message_error());
    }
    let order = date_order(&found, &lines, None)?;
    let mut day = Day::Unnamed;
    let mut last_time = None;
    let mut messages = Vec::with_capacity(found.len());
    for message in found {
        let time = message.stamp.time;
        let named = match message.stamp.day {
            Day::Unnamed => message.day_line.unwrap_or(Day::Unnamed),
            day => day,
        };
        day = match named {
            Day::Unnamed if is_next_day(last_time, time) => day.next(),
            Day::Unnamed => day,
            named => named.in_order(order).ok_or_else(|| {
                let place = Place::new("line", message.line as u64);
                RowError::row(place, "there is no such day in the calendar")
            })?,
        };
        last_time = Some(time);
        messages.push(ChatMessage {
            at: match message.stamp.exact {
                Some(at) => ChatTime::Exact(at),
                None => ChatTime::Local(day, time),
            },
            name: message.name.unwrap_or_default(),
            text: strip_url_secrets(&message.text),
            action: message.action,
        });
    }
    let before = before.into_iter();
    Ok(CopiedChat {
        lines_before: before
            .filter_map(|at| Some((at, *originals.get(at)?)))
            .collect(),
        messages,
    })
}
