//! The chat of a Zoom meeting: `08:02:35 From Ann Lee to Everyone: text` as it is saved on a computer, with
//! times of the clock, and `00:02:35⇥Ann Lee:⇥text` as it is recorded in the cloud, since the start.

use super::{
    days::DayTracker,
    files::Files,
    format::{Format, ReadOptions, Sample, Source},
    lines::Lines,
    row::{Place, Row, RowError, SourceTime, Speaker},
    row_ids::content_id,
    stamp::{DateOrder, Stamp, parse_leading_stamp},
    vtt::parse_offset,
};
use crate::domain::hash::Hash;

pub(super) const FORMAT: Format = Format {
    name: "zoom",
    about: "the chat of a Zoom meeting",
    detect,
    open,
};

fn detect(sample: &Sample) -> bool {
    let lines = sample.first_lines(50);
    let heads = lines
        .iter()
        .filter(|line| parse_head(line).is_some())
        .count();
    heads > 0
        && heads * 4 >= lines.len()
        && lines.first().is_some_and(|line| parse_head(line).is_some())
}

fn open(mut files: Files, options: &ReadOptions) -> Result<Source, RowError> {
    let lines = files.lines(&[".txt"])?;
    let rows = Messages {
        lines,
        has_date: options.date.is_some(),
        days: DayTracker::new(options.date, DateOrder::DayFirst),
        next: None,
        ended: false,
    };
    Ok(Source::new("", Box::new(rows)))
}

/// Where a message begins.
struct Head<'l> {
    stamp: Stamp,
    /// Set if the time is since the start of the meeting, as far as the form of the line says.
    offset: Option<chrono::TimeDelta>,
    name: &'l str,
    /// Whom it was for, if not everyone.
    to: Option<&'l str>,
    text: &'l str,
}

struct Message {
    place: Place,
    at: SourceTime,
    name: String,
    text: String,
}

struct Messages {
    lines: Lines,
    /// With `--date` times are of the clock in every form.
    has_date: bool,
    days: DayTracker,
    /// The message that was begun: lines below it belong to it.
    next: Option<Message>,
    ended: bool,
}

impl Iterator for Messages {
    type Item = Result<Row, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let Some(line) = self.lines.next() else {
                self.ended = true;
                break;
            };
            let (number, line) = match line {
                Ok(line) => line,
                Err(error) => {
                    self.ended = error.is_fatal;
                    return Some(Err(error));
                }
            };
            let place = Place::new("line", number);
            let Some(head) = parse_head(&line) else {
                match &mut self.next {
                    Some(message) => {
                        message.text.push('\n');
                        message.text.push_str(line.trim());
                    }
                    None if line.trim().is_empty() => {}
                    None => {
                        return Some(Err(RowError::row(
                            place,
                            "it is text before the first message",
                        )));
                    }
                }
                continue;
            };
            let at = match head.offset.filter(|_| !self.has_date) {
                Some(offset) => Ok(SourceTime::SinceStart(offset)),
                None => self.days.place(&head.stamp, &place),
            };
            let at = match at {
                Ok(at) => at,
                Err(error) => return Some(Err(error)),
            };
            let to = head.to.map(|to| format!("(to {to}) ")).unwrap_or_default();
            let message = Message {
                place,
                at,
                name: head.name.to_owned(),
                text: format!("{to}{}", head.text),
            };
            if let Some(done) = self.next.replace(message) {
                return Some(Ok(self.row(&done)));
            }
        }
        let done = self.next.take()?;
        Some(Ok(self.row(&done)))
    }
}

impl Messages {
    fn row(&mut self, message: &Message) -> Row {
        let text = message.text.trim();
        let id = content_id(message.at, &message.name, text);
        let hash = Hash::digest(format!("{}\n{text}", message.name).as_bytes());
        Row {
            speaker: Some(Speaker {
                id: String::new(),
                name: message.name.clone(),
            }),
            is_id_of_content: true,
            ..Row::message(message.place.clone(), id, message.at, text, hash)
        }
    }
}

fn parse_head(line: &str) -> Option<Head<'_>> {
    if !line.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (stamp, rest) = parse_leading_stamp(line)?;
    if let Some(from) = rest.trim_start().strip_prefix("From ") {
        let (names, text) = from.split_once(':')?;
        let (name, to) = match names.rsplit_once(" to ") {
            Some((name, to)) => (name, Some(to.trim())),
            None => (names, None),
        };
        return Some(Head {
            stamp,
            offset: None,
            name: name.trim(),
            to: to.filter(|to| *to != "Everyone" && !to.is_empty()),
            text: text.trim(),
        });
    }
    let (clock, rest) = line.split_once('\t')?;
    let (name, text) = rest.split_once(":\t")?;
    (!name.trim().is_empty()).then_some(Head {
        stamp,
        offset: Some(parse_offset(clock.trim())?),
        name: name.trim(),
        to: None,
        text: text.trim(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SAVED: &str = include_str!("../../tests/import/zoom/meeting_saved_chat.txt");
    const CLOUD: &str = include_str!("../../tests/import/zoom/cloud_chat.txt");

    fn read(bytes: &[u8], date: Option<&str>) -> Vec<Result<Row, RowError>> {
        let options = ReadOptions {
            date: date.map(|date| date.parse().unwrap()),
            ..ReadOptions::default()
        };
        FORMAT.read_with(bytes, &options).unwrap()
    }

    fn shown(text: &str, date: Option<&str>) -> Vec<String> {
        read(text.as_bytes(), date)
            .into_iter()
            .map(|row| match row {
                Ok(row) => format!("{:?} {}: {}", row.at, row.speaker.unwrap().name, row.text),
                Err(error) => error.to_string(),
            })
            .collect()
    }

    #[test]
    fn saved_chat_has_times_of_the_clock_that_cross_midnight() {
        assert_eq!(
            shown(SAVED, Some("2026-11-20")),
            [
                "Local(2026-11-20T23:58:35) Ann Lee: checkout is down",
                "Local(2026-11-20T23:59:01) Bob to be sure: (to Ann Lee(Direct Message)) call me",
                "Local(2026-11-21T00:01:10) Ann Lee: two\nlines: here",
            ]
        );
        assert!(shown(SAVED, None)[0].starts_with("TimeOfDay(23:58:35)"));
    }

    #[test]
    fn cloud_chat_counts_from_the_start_unless_a_date_is_named() {
        assert!(matches!(
            read(CLOUD.as_bytes(), None)[0].as_ref().unwrap().at,
            SourceTime::SinceStart(at) if at.num_seconds() == 155
        ));
        assert_eq!(
            shown(CLOUD, Some("2026-11-20"))[1],
            "Local(2026-11-20T01:03:00) Bob: looking"
        );
    }

    proptest! {
        #[test]
        fn damaged_chats_are_read(saved in any::<bool>(), cut in 0..600_usize, insert in prop::collection::vec(any::<u8>(), 0..8)) {
            let bytes = if saved { SAVED.as_bytes() } else { CLOUD.as_bytes() };
            let at = cut % bytes.len();
            for input in [[&bytes[..at], &insert, &bytes[at..]].concat(), bytes[at..].to_vec()] {
                let lines = input.split(|byte| *byte == b'\n').count();
                prop_assert!(read(&input, None).len() <= lines);
            }
        }
    }
}
