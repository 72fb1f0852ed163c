//! Turns a copied chat into lines as a person would type them, for a paste and for standard input.

use crate::{
    domain::{
        capture::{self, LineType, escape_markers},
        time::UtcTime,
        when::{self, TimeContext},
        words::is_capture_kind,
        zone::Zone,
    },
    import::{self, ChatDay, ChatMessage, ChatTime, Place, RowError},
};
use chrono::{NaiveDate, NaiveTime, TimeDelta, Timelike as _};

/// A leap year: a day without a year is one of it.
const LEAP_YEAR: i32 = 2000;

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
    /// False for a line before the first message.
    pub is_message: bool,
    /// False for a message that is only a name, such as one with a picture.
    pub has_text: bool,
}

/// Says how many of the messages to log have no text, as the end of a sentence; empty if each has one.
#[must_use]
pub fn say_without_text(lines: &[ChatLine]) -> String {
    let is_empty = |line: &&ChatLine| line.included && line.is_message && !line.has_text;
    match lines.iter().filter(is_empty).count() {
        0 => String::new(),
        1 => "; 1 of them has no text".to_owned(),
        n => format!("; {n} of them have no text"),
    }
}

/// Returns one line for each message of `text`, if it is surely a copy of a chat: with the time and the name of
/// its author before it, its own line breaks as ` / `, and without reactions and the like. A day that is written as
/// `Yesterday` or `Monday` is so before the time, and is read as in any line. A day, the zone of the times and lines
/// with a time before the first message are lines as they are. `None` if it is not a chat.
///
/// # Errors
/// It is a chat, and a line of it cannot be read, such as text before the first message; the reason names the line.
pub fn chat_lines(text: &str) -> Result<Option<Vec<ChatLine>>, RowError> {
    if !import::looks_like_chat(text) {
        return Ok(None);
    }
    let chat = import::read_copied_chat(text)?;
    let before = chat.lines_before.iter().map(|(at, line)| {
        let refused = || {
            let place = Place::new("line", *at as u64 + 1);
            RowError::row(place, "it is text before the first message")
        };
        is_line_of_block(line)
            .then(|| ChatLine {
                text: (*line).to_owned(),
                included: true,
                is_message: false,
                has_text: true,
            })
            .ok_or_else(refused)
    });
    let messages = chat.messages.iter().map(|message| Ok(line_of(message)));
    before.chain(messages).collect::<Result<_, _>>().map(Some)
}

/// True if a line above a chat is one to log, or says when the lines below it are.
fn is_line_of_block(line: &str) -> bool {
    let zone = Zone::utc();
    let context = form_context(&zone);
    when::parse_leading(&capture::unmarked_time(line, &context), &context).is_some()
        || when::parse_date_line(line, &context).is_some()
        || capture::zone_note(line, &context).is_some()
}

/// A context for what only depends on the form of a text; the time in it is any that events can have.
fn form_context(zone: &Zone) -> TimeContext<'_> {
    TimeContext::new(UtcTime::UNIX_EPOCH + TimeDelta::weeks(52 * 50), zone)
}

fn line_of(message: &ChatMessage) -> ChatLine {
    let time = match message.at {
        ChatTime::Exact(at) => at.format("%Y-%m-%d %H:%M:%S%:z").to_string(),
        ChatTime::Local(day, time) => format!("{}{}", day_words(day), clock(time)),
    };
    let text: Vec<&str> = message
        .text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let text = text.join(" / ");
    let has_text = !text.is_empty();
    let text = match message.name.trim() {
        "" => text,
        name => format!("{name}: {text}"),
    };
    let text = escape_markers(&text, LineType::Event);
    let is_escaped = begins_with_kind(&text) || begins_like_part_of_time(&text);
    let escape = if is_escaped { "\\" } else { "" };
    ChatLine {
        text: format!("{time} {escape}{text}"),
        included: message.action.rule().kind.is_some(),
        is_message: true,
        has_text,
    }
}

/// Returns a day as it stands before the time of a line, with a space after it; empty for one that is not named.
fn day_words(day: ChatDay) -> String {
    match day {
        ChatDay::Relative(0) => "today ".to_owned(),
        ChatDay::Relative(_) => "yesterday ".to_owned(),
        ChatDay::Weekday(weekday) => format!("{weekday} "),
        ChatDay::Date(date) => format!("{date} "),
        ChatDay::WithoutYear { month, day } => NaiveDate::from_ymd_opt(LEAP_YEAR, month, day)
            .map(|date| date.format("%b %d ").to_string())
            .unwrap_or_default(),
        ChatDay::Unnamed | ChatDay::Slashes { .. } => String::new(),
    }
}

fn clock(time: NaiveTime) -> String {
    let form = if time.second() == 0 {
        "%H:%M"
    } else {
        "%H:%M:%S"
    };
    time.format(form).to_string()
}

/// True if what the text begins with would be read as part of the time before it: `UTC`, `PM`, `(CET)`.
fn begins_like_part_of_time(text: &str) -> bool {
    const TIME: &str = "10:06";
    let zone = Zone::utc();
    let context = form_context(&zone);
    let start = &text[..text.floor_char_boundary(40)];
    match when::parse_leading(&format!("{TIME} {start}"), &context) {
        Some(Ok((_, length))) => length > TIME.len(),
        Some(Err(_)) => true,
        None => false,
    }
}

/// True if the first word would be read as the kind of a line.
fn begins_with_kind(text: &str) -> bool {
    let Some((word, _)) = text.split_once([':', '/']) else {
        return false;
    };
    is_capture_kind(word.trim())
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
    fn messages_keep_the_day_that_is_written() {
        for (chat, expected) in [
            (
                "[Yesterday 13:50] Ann Lee\ndown\n\n[Yesterday 13:52] Raj\nup\n",
                ["yesterday 13:50 Ann Lee: down", "yesterday 13:52 Raj: up"],
            ),
            (
                "[Monday 1:50 PM] Ann Lee\ndown\n\n[Montag 13:52] Raj\nup\n",
                ["Mon 13:50 Ann Lee: down", "Mon 13:52 Raj: up"],
            ),
            (
                "Ann Lee — Yesterday at 11:50 PM\ndown\n\nRaj — Today at 12:10 AM\nup\n",
                ["yesterday 23:50 Ann Lee: down", "today 00:10 Raj: up"],
            ),
            (
                "Tuesday\n23:50 <ann> down\n00:10 <raj> up\n",
                ["Tue 23:50 ann: down", "Wed 00:10 raj: up"],
            ),
            (
                "Nov 24 13:50:10 <ann> down\nNov 24 13:52:00 <raj> up\n",
                ["Nov 24 13:50:10 ann: down", "Nov 24 13:52 raj: up"],
            ),
            (
                "[yesterday 10:00] Web: down\n[yesterday 10:05] Db: up\n",
                ["yesterday 10:00 Web: down", "yesterday 10:05 Db: up"],
            ),
        ] {
            let lines = chat_lines(chat).unwrap().unwrap();
            let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
            assert_eq!(texts, expected, "{chat}");
        }
    }

    #[test]
    fn name_that_reads_as_part_of_the_time_is_text() {
        let chat = "UTC Bot  10:06 AM\na\nNOC Bot  10:07 AM\nb\n";
        let lines = chat_lines(chat).unwrap().unwrap();
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts[..2], ["10:06 \\UTC Bot: a", "10:07 NOC Bot: b"]);
    }

    #[test]
    fn lines_above_a_chat_are_read_as_lines() {
        let chat =
            "Times in UTC\n10:01 fault: mine !down\nAnn Lee  10:06 AM\na\nRaj  10:07 AM\nb\n";
        let lines = chat_lines(chat).unwrap().unwrap();
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts[..2], ["Times in UTC", "10:01 fault: mine !down"]);
        let refused = chat_lines(&chat.replace("10:01", "then")).unwrap_err();
        assert!(refused.to_string().starts_with("line 2: "), "{refused}");
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
