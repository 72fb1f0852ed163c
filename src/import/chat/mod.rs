//! Chat as it is copied from a window: Slack, Teams, Discord, `WhatsApp`, irssi, weechat, and anything else in
//! which each message has its time.
//!
//! What clients put on the clipboard differs by client and version, so nothing depends on one of them: `head.rs`
//! finds the lines at which messages begin, `noise.rs` what clients put around texts, and `messages.rs` puts
//! the rest together. A line that is neither is text. `copied.rs` is for a copy that is logged, with its days as
//! they are written.

mod copied;
mod head;
mod messages;
mod names;
mod noise;

use self::{
    head::{Lines, stamp_line},
    messages::read_messages,
    names::{is_kind_or_level, is_likely_text},
};
use super::{
    days::{DayTracker, find_date_order},
    files::Files,
    format::{Format, ReadOptions, Sample, Source},
    row::{Place, Row, RowError, Speaker},
    row_ids::content_id,
    stamp::DateOrder,
};
use crate::domain::hash::Hash;
use messages::{Message, text_before_error};
use std::borrow::Cow;

pub use copied::{ChatMessage, ChatTime, CopiedChat, read_copied_chat};

pub(super) const FORMAT: Format = Format {
    name: "chat",
    about: "text copied from a chat: Slack, Teams, Discord, WhatsApp, irssi, weechat, `[10:06] Ann: text`",
    detect,
    open,
};

/// How many bytes of chat are read: dates at its end may say how those at its beginning are to be read.
const MAX_BYTES: usize = 256 * 1024 * 1024;
/// How many heads of messages a chat has at least.
const MIN_HEADS: usize = 2;

/// Says whether `text` is surely a copy of a chat, so that it may be offered to import it where lines of a
/// timeline are expected: at least two heads of messages that nobody types as a line of a timeline, and no times alone
/// on their lines of which the line between two may be the text of the one or the name above the other.
#[must_use]
pub fn looks_like_chat(text: &str) -> bool {
    count_heads(text, |head| head.is_sure) >= MIN_HEADS && !has_texts_like_names(text)
}

/// True if a line between two times, each alone on its line, may be the name of the second or the text of the first: no
/// other message is of that name. So it is as well where there is never another line between the times.
fn has_texts_like_names(text: &str) -> bool {
    let lines: Vec<Cow<'_, str>> = text.lines().map(without_direction_marks).collect();
    let lines: Vec<&str> = lines.iter().map(AsRef::as_ref).collect();
    let lines = Lines::new(&lines);
    let named = (0..lines.len()).filter_map(|at| {
        let head = lines.head(at).filter(|head| head.lines > 1)?;
        let is_above = !lines.line(at).starts_with('[');
        Some((at, head.name?)).filter(|_| is_above)
    });
    let is_below_time = |at: usize| {
        at.checked_sub(1)
            .is_some_and(|above| stamp_line(lines.line(above)).is_some())
    };
    let (between, others): (Vec<_>, Vec<_>) = named.partition(|(at, _)| is_below_time(*at));
    let mut unknown = between
        .iter()
        .map(|(_, name)| *name)
        .filter(|name| !others.iter().any(|(_, other)| other == name))
        .peekable();
    let is_list = others.len() <= 1 && unknown.peek().is_some();
    is_list || unknown.any(|name| !is_likely_text(name))
}

fn detect(sample: &Sample) -> bool {
    let text = sample.start.trim_start();
    if text.starts_with(['{', '[']) && sample.first_json().is_some() {
        return false;
    }
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    let sure = count_heads(text, |head| head.is_sure);
    let named = count_heads(text, |head| {
        head.name.is_some_and(|name| !is_kind_or_level(name))
    });
    sure >= MIN_HEADS || (named >= MIN_HEADS && named * 3 >= lines)
}

fn count_heads(text: &str, is_counted: impl Fn(&head::Head<'_>) -> bool) -> usize {
    let lines: Vec<Cow<'_, str>> = text.lines().map(without_direction_marks).collect();
    let lines: Vec<&str> = lines.iter().map(AsRef::as_ref).collect();
    let lines = Lines::new(&lines);
    (0..lines.len())
        .filter_map(|at| lines.head(at))
        .filter(is_counted)
        .count()
}

fn open(mut files: Files, options: &ReadOptions) -> Result<Source, RowError> {
    let mut text = Vec::new();
    let mut unreadable = Vec::new();
    let mut size = 0;
    let input = files.lines(&[".txt", ".log"])?;
    for line in input {
        match line {
            Ok((_, line)) => {
                size += line.len();
                text.push(line);
            }
            Err(error) if error.is_fatal => return Err(error),
            Err(error) => {
                unreadable.push(error);
                text.push(String::new());
            }
        }
        if size > MAX_BYTES {
            return Err(RowError::input("it is longer than 256 MiB")
                .with_hint("split it by days: `split -l 1000000 FILE`"));
        }
    }
    let text: Vec<&str> = text.iter().map(String::as_str).collect();
    let mut rows = read_rows(&text, options)?;
    rows.extend(unreadable.into_iter().map(Err));
    Ok(Source::new("", Box::new(rows.into_iter())))
}

/// Takes out the invisible marks of the direction of writing: `WhatsApp` puts them before times, names and what
/// it wrote itself.
fn without_direction_marks(line: &str) -> Cow<'_, str> {
    const MARKS: [char; 9] = [
        '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{2066}', '\u{2067}',
        '\u{2069}', '\u{feff}',
    ];
    match line.contains(MARKS) {
        true => Cow::Owned(line.replace(MARKS, "")),
        false => Cow::Borrowed(line),
    }
}

/// Makes rows of the messages. The id of a message is of what it says, so that the same message is the same
/// row in every copy; marks of edits and reactions, which change later, are not part of it.
fn read_rows(text: &[&str], options: &ReadOptions) -> Result<Vec<Result<Row, RowError>>, RowError> {
    let text: Vec<Cow<'_, str>> = text
        .iter()
        .map(|line| without_direction_marks(line))
        .collect();
    let text: Vec<&str> = text.iter().map(AsRef::as_ref).collect();
    let (messages, before) = read_messages(&text);
    let order = date_order(&messages, &text, options.date)?;
    let mut days = DayTracker::new(options.date, order);
    let mut rows: Vec<_> = before
        .into_iter()
        .map(|at| Err(text_before_error(at)))
        .collect();
    for message in messages {
        let place = Place::new("line", message.line as u64);
        if let Some(day) = message.day_line {
            days.set_day_line(day);
        }
        let at = match days.place(&message.stamp, &place) {
            Ok(at) => at,
            Err(error) => {
                let is_fatal = error.is_fatal;
                rows.push(Err(error));
                if is_fatal {
                    break;
                }
                continue;
            }
        };
        let author = message.name.as_deref().unwrap_or_default();
        let id = content_id(at, author, &message.text);
        let hash = Hash::digest(format!("{author}\n{}", message.text).as_bytes());
        rows.push(Ok(Row {
            speaker: message.name.as_ref().map(|name| Speaker {
                id: String::new(),
                name: name.clone(),
            }),
            action: message.action,
            is_id_of_content: true,
            ..Row::message(place, id, at, &message.text, hash)
        }));
    }
    if rows.is_empty() {
        return Err(no_message_error());
    }
    Ok(rows)
}

/// Finds out which of two numbers is the day in the dates of the messages.
fn date_order(
    messages: &[Message],
    text: &[&str],
    date: Option<chrono::NaiveDate>,
) -> Result<DateOrder, RowError> {
    let dates = messages.iter().flat_map(|message| {
        let days = [message.day_line, Some(message.stamp.day)];
        let line = text.get(message.line - 1).copied().unwrap_or_default();
        days.into_iter()
            .flatten()
            .map(move |day| (message.line as u64, line.trim(), day))
    });
    find_date_order(dates, date, "line")
}

fn no_message_error() -> RowError {
    RowError::input("no message is found in it").with_hint(
        "each message needs its time: `[10:06] Ann: text`, or the name and the time above it",
    )
}

#[cfg(test)]
mod tests;
