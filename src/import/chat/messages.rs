//! Puts the messages of a chat together.

use super::{
    super::{
        row::{Action, Place, RowError},
        stamp::{Day, Stamp, parse_day, parse_leading_stamp},
    },
    head::{Head, Lines},
    names::is_likely_text,
    noise::{noise_lines, reply_mark, without_edit_mark},
};
use chrono::{NaiveTime, TimeDelta};

/// How far a message may be after the one before under the same name: a time alone on a line that is further
/// away is text.
const MAX_CONTINUED: TimeDelta = TimeDelta::hours(6);

/// A message.
#[derive(Clone, Debug)]
pub(super) struct Message {
    /// The number of its first line, from 1.
    pub line: usize,
    /// The day line before it, if it is the first below one.
    pub day_line: Option<Day>,
    pub stamp: Stamp,
    pub name: Option<String>,
    pub text: String,
    pub action: Action,
}

/// Returns the messages, and the indexes of the lines before the first one, which are of no message.
pub(super) fn read_messages(text: &[&str]) -> (Vec<Message>, Vec<usize>) {
    let lines = Lines::new(text);
    let mut reading = Reading::default();
    let mut at = 0;
    while at < lines.len() {
        at += reading.take(&lines, at, text[at]);
    }
    reading.finish();
    if lines.is_dated() {
        // It puts a dash behind the time. In a log without one, `we added a node` is what a person did.
        let has_dash = |message: &Message| text[message.line - 1].contains(" - ");
        let unnamed = |message: &&mut Message| message.name.is_none() && has_dash(message);
        for message in reading.messages.iter_mut().filter(unnamed) {
            message.action = group_action(&message.text).unwrap_or(message.action);
        }
    }
    (reading.messages, reading.lines_before)
}

/// Refuses the line with this index, which is before the first message.
pub(super) fn text_before_error(at: usize) -> RowError {
    let place = Place::new("line", at as u64 + 1);
    RowError::row(place, "it is text before the first message")
        .with_hint("copy from the name and the time of a message on, or --skip-bad leaves it out")
}

#[derive(Default)]
struct Reading {
    messages: Vec<Message>,
    /// Indexes of the lines before the first message.
    lines_before: Vec<usize>,
    current: Option<Message>,
    day_line: Option<Day>,
    /// The author above the messages that go on without a name.
    author: Option<String>,
    /// The last time, to tell whether `10:07` below it is before or after noon.
    last_time: Option<(NaiveTime, bool)>,
}

impl Reading {
    /// Takes the line at `at`, and perhaps the next ones; returns how many.
    fn take(&mut self, lines: &Lines<'_>, at: usize, raw: &str) -> usize {
        let line = lines.line(at);
        let has_text = self.current.as_ref().is_some_and(|m| !m.text.is_empty());
        if (has_text || self.current.is_none())
            && let Some(day) = day_line(line)
            && (line.starts_with('-') || Self::is_before_head(lines, at))
        {
            self.finish();
            self.day_line = Some(day);
            return 1;
        }
        if is_log_frame(line) {
            return 1;
        }
        let is_first_text = self.current.is_some() && !has_text;
        if let Some(head) = lines.head(at)
            // Directly below a head, a text above the time of the next message.
            && !(is_first_text && head.lines > 1 && head.name.is_some_and(is_likely_text))
            && let Some(stamp) = self.stamp_of(&head, has_text)
        {
            self.begin(&head, stamp, at);
            return head.lines;
        }
        let is_new = line.eq_ignore_ascii_case("new")
            && (self.current.is_none() || Self::is_before_head(lines, at));
        let noise = match is_new {
            true => 1,
            false => noise_lines(line, lines.line(at + 1)),
        };
        // With no text before it, a reaction may be what was said.
        if noise > 0
            && (has_text || self.current.is_none() || line.contains(' ') || line == "Edited")
        {
            return noise;
        }
        match &mut self.current {
            Some(message) => {
                let line = raw.trim_end();
                let line = reply_mark(line.trim()).unwrap_or(line);
                let line = without_edit_mark(line);
                if has_text || !line.is_empty() {
                    message.text.push_str(line);
                    message.text.push('\n');
                }
            }
            None if line.is_empty() => {}
            None => self.lines_before.push(at),
        }
        1
    }

    /// True if the next line with something in it begins a message or a day, or there is none. Else `Today`
    /// and `New` are what somebody wrote.
    fn is_before_head(lines: &Lines<'_>, at: usize) -> bool {
        let next = (at + 1..lines.len()).find(|at| !lines.line(*at).is_empty());
        next.is_none_or(|at| {
            let line = lines.line(at);
            line.eq_ignore_ascii_case("new")
                || day_line(line).is_some()
                || noise_lines(line, "") > 0
                || lines.head(at).is_some_and(|head| !head.is_continued)
        })
    }

    /// Returns the time of a message that begins here; `None` if the line is text after all.
    fn stamp_of(&self, head: &Head<'_>, has_text: bool) -> Option<Stamp> {
        if !head.is_continued {
            return Some(head.stamp);
        }
        let (last, is_twelve_hours) = self.last_time.filter(|_| has_text)?;
        let mut stamp = head.stamp;
        if stamp.day != Day::Unnamed || stamp.has_meridiem {
            return Some(stamp);
        }
        let forward = |time: NaiveTime| {
            let step = time - last;
            // Seconds are shown by some clients only for some messages.
            match step < -TimeDelta::minutes(1) {
                true => step + TimeDelta::days(1),
                false => step,
            }
        };
        if is_twelve_hours {
            let half_day = stamp.time.overflowing_add_signed(TimeDelta::hours(12)).0;
            if forward(half_day) < forward(stamp.time) {
                stamp.time = half_day;
            }
        }
        (forward(stamp.time) <= MAX_CONTINUED).then_some(stamp)
    }

    fn begin(&mut self, head: &Head<'_>, stamp: Stamp, at: usize) {
        self.finish();
        let name = match head.is_continued {
            true => self.author.clone(),
            false => head.name.map(str::to_owned),
        };
        self.author.clone_from(&name);
        let is_twelve_hours = match head.is_continued {
            true => self.last_time.is_some_and(|(_, twelve)| twelve),
            false => stamp.has_meridiem,
        };
        self.last_time = Some((stamp.time, is_twelve_hours));
        let mut text = String::new();
        if !head.text.is_empty() {
            text.push_str(without_edit_mark(head.text));
            text.push('\n');
        }
        self.current = Some(Message {
            line: at + 1,
            day_line: self.day_line.take(),
            stamp,
            name,
            text,
            action: head.action,
        });
    }

    fn finish(&mut self) {
        let Some(mut message) = self.current.take() else {
            return;
        };
        let text = message.text.trim_matches('\n').trim_end();
        message.text = text.to_owned();
        if message.action == Action::Message {
            message.action = action_of(&message.text);
        }
        self.messages.push(message);
    }
}

/// What a client wrote under a name by itself.
fn action_of(text: &str) -> Action {
    let is_line = !text.contains('\n') && text.len() < 200;
    let begins = |words: &[&str]| is_line && words.iter().any(|word| text.starts_with(word));
    if is_line && DELETED.contains(&text.trim_end_matches('.')) {
        return Action::Deleted;
    }
    if begins(&[
        "joined #",
        "left #",
        "was added to #",
        "has joined the ",
        "has left the ",
        "joined the channel",
    ]) {
        Action::Join
    } else if begins(&[
        "Messages and calls are end-to-end encrypted",
        "set the channel ",
        "pinned a message",
        "renamed the channel",
        "archived the channel",
    ]) {
        Action::Housekeeping
    } else {
        Action::Message
    }
}

/// What `WhatsApp` shows in the place of a message that was deleted.
const DELETED: [&str; 2] = ["This message was deleted", "You deleted this message"];

/// What `WhatsApp` wrote by itself, in the place of a name and a text; `None` for anything else.
fn group_action(text: &str) -> Option<Action> {
    const MOVES: [&str; 5] = [
        " added ",
        " removed ",
        " was added",
        " joined using ",
        " requested to join",
    ];
    const NOTICES: [&str; 8] = [
        " end-to-end encrypted",
        " created group ",
        " created this group",
        " changed the group ",
        " changed this group's ",
        " changed the subject ",
        " security code ",
        " pinned a message",
    ];
    let has = |words: &[&str]| words.iter().any(|words| text.contains(words));
    // Perhaps a name that was not recognized.
    if text.contains(": ") {
        return None;
    }
    if has(&MOVES) || text.ends_with(" left") {
        return Some(Action::Join);
    }
    has(&NOTICES).then_some(Action::Housekeeping)
}

/// Parses a line that is only a day, behind what logs put before it.
fn day_line(line: &str) -> Option<Day> {
    let inner = line.trim_matches(|c: char| c.is_whitespace() || "-—–=*".contains(c));
    for words in ["Day changed to ", "Day changed ", "Log opened "] {
        if let Some(day) = inner.strip_prefix(words) {
            return parse_day(day).or_else(|| log_opened_day(day));
        }
    }
    parse_day(inner)
}

/// Parses the day of `Fri Nov 20 09:58:12 2026`.
fn log_opened_day(text: &str) -> Option<Day> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        [_, month, day, clock, year] => {
            parse_leading_stamp(clock)?;
            parse_day(&format!("{month} {day} {year}"))
        }
        _ => None,
    }
}

/// The lines at which irssi begins and ends a log.
fn is_log_frame(line: &str) -> bool {
    line.starts_with("--- Log closed ") || line.starts_with("--- Log opened ")
}
