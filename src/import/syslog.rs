//! Lines of syslog: RFC 3164 (`Nov 20 10:06:12 web1 sshd[812]: text`), RFC 5424
//! (`<34>1 2026-11-20T10:06:12Z web1 sshd 812 - - text`), and the files that daemons write of them.

use super::{
    files::Files,
    format::{Format, Notices, ReadOptions, Sample, Source},
    lines::Lines,
    row::{Action, Place, Row, RowError, SourceTime, Speaker},
    row_ids::content_id,
    stamp::{NO_YEAR, month},
    time::parse_time,
};
use crate::domain::hash::Hash;
use chrono::{NaiveDate, NaiveTime, Weekday};

pub(super) const FORMAT: Format = Format {
    name: "syslog",
    about: "lines of syslog, RFC 3164 or RFC 5424",
    detect,
    open,
};

fn detect(sample: &Sample) -> bool {
    let lines = sample.first_lines(50);
    let known = lines
        .iter()
        .filter(|line| parse_line(line).is_some())
        .count();
    known > 0 && known * 2 > lines.len()
}

fn open(mut files: Files, _: &ReadOptions) -> Result<Source, RowError> {
    let lines = files.lines(&[".log", ".txt"])?;
    let notices = Notices::default();
    let rows = SyslogRows {
        lines,
        next: None,
        error: None,
        notices: notices.clone(),
        ended: false,
    };
    Ok(Source {
        instance: String::new(),
        rows: Box::new(rows),
        notices,
    })
}

/// A line that has a head.
#[derive(Debug)]
struct Entry {
    at: SourceTime,
    host: String,
    text: String,
}

struct SyslogRows {
    lines: Lines,
    /// The entry that was begun, whose text may go on with indented lines.
    next: Option<(Place, Entry, String)>,
    /// What is said after the entry that was begun.
    error: Option<RowError>,
    notices: Notices,
    ended: bool,
}

impl Iterator for SyslogRows {
    type Item = Result<Row, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.error.take() {
            return Some(Err(error));
        }
        while !self.ended {
            let Some(line) = self.lines.next() else {
                self.ended = true;
                break;
            };
            let (number, line) = match line {
                Ok(line) => line,
                Err(error) => return Some(Err(error)),
            };
            let place = Place::new("line", number);
            if line.trim().is_empty() {
                continue;
            }
            if is_journal_frame(&line) {
                let notice = format!("{place}: `{}` is no entry, and was left out", line.trim());
                self.notices.borrow_mut().push(notice);
                continue;
            }
            match (parse_line(&line), &mut self.next) {
                (Some(entry), _) => {
                    if let Some(done) = self.next.replace((place, entry, line)) {
                        return Some(Ok(self.row(done)));
                    }
                }
                // A stack trace below its message.
                (None, Some((_, entry, raw))) if line.starts_with(char::is_whitespace) => {
                    for (text, more) in [(&mut entry.text, line.trim_end()), (raw, &line)] {
                        text.push('\n');
                        text.push_str(more);
                    }
                }
                _ => {
                    let error = RowError::row(place, "it does not begin as a line of syslog does");
                    let Some(done) = self.next.take() else {
                        return Some(Err(error));
                    };
                    self.error = Some(error);
                    return Some(Ok(self.row(done)));
                }
            }
        }
        let done = self.next.take()?;
        Some(Ok(self.row(done)))
    }
}

impl SyslogRows {
    fn row(&mut self, (place, entry, raw): (Place, Entry, String)) -> Row {
        let id = content_id(entry.at, &entry.host, &entry.text);
        Row {
            speaker: (!entry.host.is_empty()).then(|| Speaker {
                id: String::new(),
                name: entry.host.clone(),
            }),
            action: Action::LogLine,
            is_id_of_content: true,
            ..Row::message(
                place,
                id,
                entry.at,
                &entry.text,
                Hash::digest(raw.as_bytes()),
            )
        }
    }
}

fn parse_line(line: &str) -> Option<Entry> {
    let (priority, rest) = match line.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
        Some((priority, rest)) if is_number(priority, 3) => (Some(priority), rest),
        _ => (None, line),
    };
    match priority.and_then(|_| rest.split_once(' ')) {
        Some((version, rest)) if is_number(version, 2) => parse_5424(rest),
        _ => parse_3164(rest)
            .or_else(|| parse_iso(rest))
            .or_else(|| parse_full(rest)),
    }
}

/// What `journalctl` prints around entries: `-- Boot 5f2a --`, `-- Logs begin at ..., end at .... --`.
fn is_journal_frame(line: &str) -> bool {
    line.starts_with("-- ") && line.trim_end().ends_with(" --")
}

/// `2026-11-20T10:06:12Z web1 sshd 812 ID47 [data] text`.
fn parse_5424(rest: &str) -> Option<Entry> {
    let mut words = rest.splitn(6, ' ');
    let at = match words.next()? {
        "-" => SourceTime::Missing,
        time => parse_time(time)?,
    };
    let mut word = || words.next().map(|word| if word == "-" { "" } else { word });
    let (host, program, _process, _id) = (word()?, word()?, word()?, word()?);
    let message = after_structured_data(words.next()?)?;
    let message = message.strip_prefix('\u{feff}').unwrap_or(message);
    Some(Entry {
        at,
        host: host.to_owned(),
        text: match program.is_empty() {
            true => message.to_owned(),
            false => format!("{program}: {message}"),
        },
    })
}

/// Returns what follows `-` or `[id name="value"]...`; a `]` in a value has a backslash before it.
fn after_structured_data(rest: &str) -> Option<&str> {
    if let Some(message) = rest.strip_prefix('-') {
        return message
            .strip_prefix(' ')
            .or_else(|| message.is_empty().then_some(""));
    }
    let mut rest = rest;
    while rest.starts_with('[') {
        let mut is_escaped = false;
        let mut in_quotes = false;
        let end = rest.char_indices().find(|(_, c)| {
            let is_end = *c == ']' && !in_quotes && !is_escaped;
            in_quotes ^= *c == '"' && !is_escaped;
            is_escaped = *c == '\\' && !is_escaped;
            is_end
        });
        rest = &rest[end?.0 + 1..];
    }
    rest.strip_prefix(' ')
        .or_else(|| rest.is_empty().then_some(""))
}

/// `Nov 20 10:06:12 web1 sshd[812]: text`; days below 10 have a blank before them.
fn parse_3164(rest: &str) -> Option<Entry> {
    let (name, after) = rest.split_at_checked(3)?;
    let month = month(name)?;
    let after = after.strip_prefix(' ')?.trim_start();
    let (day, after) = after.split_once(' ')?;
    if !is_number(day, 2) {
        return None;
    }
    let (clock, after) = after.split_once(' ')?;
    // Some devices put the year after the day.
    let (year, clock, after) = match is_number(clock, 4) && clock.len() == 4 {
        true => {
            let (next, rest) = after.split_once(' ')?;
            (clock.parse().ok(), next, rest)
        }
        false => (None, clock, after),
    };
    let time = NaiveTime::parse_from_str(clock.trim_end_matches(':'), "%H:%M:%S%.f").ok()?;
    let date = NaiveDate::from_ymd_opt(year.unwrap_or(NO_YEAR), month, day.parse().ok()?)?;
    let (host, text) = after.split_once(' ')?;
    Some(Entry {
        at: match year {
            Some(_) => SourceTime::Local(date.and_time(time)),
            None => SourceTime::WithoutYear(date.and_time(time)),
        },
        host: host.to_owned(),
        text: without_process(text),
    })
}

/// `2026-11-20T10:06:12.5+01:00 web1 sshd[812]: text`, as rsyslog writes it by default.
fn parse_iso(rest: &str) -> Option<Entry> {
    let (time, after) = rest.split_once(' ')?;
    let at = time.contains('T').then(|| parse_time(time)).flatten()?;
    let (host, text) = after.split_once(' ')?;
    let (tag, _) = text.split_once(':')?;
    let is_tag = !tag.is_empty() && !tag.contains(' ') && !host.contains(['<', '[', ':', '=']);
    is_tag.then(|| Entry {
        at,
        host: host.to_owned(),
        text: without_process(text),
    })
}

/// `Fri 2026-11-20 10:06:12 CET web1 sshd[812]: text`, as `journalctl -o short-full` prints it. Letters name no
/// zone by themselves, but for UTC.
fn parse_full(rest: &str) -> Option<Entry> {
    let mut words = rest.splitn(6, ' ');
    let mut word = || words.next();
    let (weekday, date, clock, zone) = (word()?, word()?, word()?, word()?);
    let (host, text) = (word()?, word()?);
    weekday
        .parse::<Weekday>()
        .ok()
        .filter(|_| weekday.len() == 3)?;
    let at = match zone.starts_with(['+', '-']) {
        true => format!("{date}T{clock}{zone}:00"),
        false if zone == "UTC" => format!("{date}T{clock}Z"),
        false => format!("{date}T{clock}"),
    };
    Some(Entry {
        at: parse_time(&at)?,
        host: host.to_owned(),
        text: without_process(text),
    })
}

/// `sshd[812]: text` without the number of the process, which says nothing in a timeline.
fn without_process(text: &str) -> String {
    match text.split_once("]: ") {
        Some((tag, rest)) => match tag.split_once('[') {
            Some((program, number)) if is_number(number, 10) && !program.contains(' ') => {
                format!("{program}: {rest}")
            }
            _ => text.to_owned(),
        },
        None => text.to_owned(),
    }
}

fn is_number(text: &str, max_digits: usize) -> bool {
    (1..=max_digits).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OLD: &str = include_str!("../../tests/import/syslog/messages");
    const NEW: &str = include_str!("../../tests/import/syslog/rfc5424.log");

    fn shown(text: &str) -> Vec<String> {
        FORMAT
            .read_all(text.as_bytes())
            .into_iter()
            .map(|row| match row {
                Ok(row) => format!(
                    "{:?} {}: {}",
                    row.at,
                    row.speaker.map_or_else(String::new, |s| s.name),
                    row.text
                ),
                Err(error) => error.to_string(),
            })
            .collect()
    }

    #[test]
    fn lines_of_rfc_3164_have_no_year() {
        assert_eq!(
            shown(OLD),
            [
                "WithoutYear(0004-12-31T23:59:58) web1: checkout: pool exhausted",
                "WithoutYear(0004-01-01T00:00:03) web1: kernel: oom-killer\n  at Pool.take\n  at Main",
                "line 5: it does not begin as a line of syslog does",
                "WithoutYear(0004-01-01T00:00:04) web1: last message repeated 2 times",
                "WithoutYear(0004-01-01T00:00:05) web2: with a priority",
                "Local(2027-01-01T00:00:06) fw1: deny tcp",
                "Exact(2027-01-01T00:00:07.500+01:00) web1: sshd: closed",
            ]
        );
    }

    #[test]
    fn lines_of_rfc_5424_have_structured_data() {
        assert_eq!(
            shown(NEW),
            [
                "Exact(2026-11-20T10:06:12.000003+00:00) web1: checkout: pool exhausted",
                "Exact(2026-11-20T10:06:13+01:00) web1: checkout: after data",
                "Missing : no time and no host",
                "Exact(2026-11-20T10:06:14+00:00) web1: checkout: ",
            ]
        );
    }

    #[test]
    fn what_journalctl_prints_is_read_and_its_frame_is_named() {
        let text = "-- Logs begin at Mon 2026-11-16 09:12:01 CET, end at Fri 2026-11-20 10:10:01 CET. --\n\
             2026-11-20T10:06:12+0100 web1 checkout[812]: pool exhausted\n\
             2026-11-20T10:06:13+01:00 web1 kernel: oom\n\
             -- Boot 5f2a8c --\n\
             Nov 20 10:06:14.000250 web1 systemd[1]: Started checkout.\n\
             Fri 2026-11-20 10:06:15 CET web1 checkout[812]: ready\n\
             Fri 2026-11-20 09:06:16 UTC web1 checkout[812]: serving\n";
        assert_eq!(
            shown(text),
            [
                "Exact(2026-11-20T10:06:12+01:00) web1: checkout: pool exhausted",
                "Exact(2026-11-20T10:06:13+01:00) web1: kernel: oom",
                "WithoutYear(0004-11-20T10:06:14.000250) web1: systemd: Started checkout.",
                "Local(2026-11-20T10:06:15) web1: checkout: ready",
                "Exact(2026-11-20T09:06:16+00:00) web1: checkout: serving",
            ]
        );
        let files = Files::once(Box::new(std::io::Cursor::new(text.to_owned().into_bytes())));
        let source = open(files, &ReadOptions::default()).unwrap();
        source.rows.for_each(drop);
        let notices = source.notices.take();
        assert_eq!(notices.len(), 2);
        assert_eq!(
            notices[1],
            "line 4: `-- Boot 5f2a8c --` is no entry, and was left out"
        );
    }

    #[test]
    fn year_is_not_part_of_what_makes_equal_lines_equal() {
        let line = OLD.lines().next().unwrap();
        let rows = FORMAT.read_all(format!("{line}\n{line}\n").as_bytes());
        let ids: Vec<String> = rows.into_iter().map(|row| row.unwrap().id).collect();
        assert_eq!(ids[1], ids[0]);
    }

    proptest! {
        #[test]
        fn damaged_logs_are_read(
            old in any::<bool>(),
            cut in 0..800_usize,
            insert in prop::collection::vec(any::<u8>(), 0..8),
        ) {
            let bytes = if old { OLD.as_bytes() } else { NEW.as_bytes() };
            let at = cut % bytes.len();
            for input in [[&bytes[..at], &insert, &bytes[at..]].concat(), bytes[at..].to_vec()] {
                let lines = input.split(|byte| *byte == b'\n').count();
                prop_assert!(FORMAT.read_all(&input).len() <= lines);
            }
        }
    }
}
