//! Transcripts of calls in `WebVTT`: Teams, Zoom, Meet.

use super::{
    files::Files,
    format::{Format, ReadOptions, Sample, Source},
    lines::Lines,
    row::{Place, Row, RowError, SourceTime, Speaker},
    row_ids::content_id,
};
use crate::domain::hash::Hash;
use chrono::TimeDelta;

pub(super) const FORMAT: Format = Format {
    name: "vtt",
    about: "a transcript in WebVTT: Teams, Zoom, Meet",
    detect: |sample: &Sample| {
        let line = sample.start.lines().next().unwrap_or_default();
        line == "WEBVTT" || line.starts_with("WEBVTT ") || line.starts_with("WEBVTT\t")
    },
    open,
};

fn open(mut files: Files, _: &ReadOptions) -> Result<Source, RowError> {
    let lines = files.lines(&[".vtt"])?;
    let rows = Cues {
        lines,
        ended: false,
    };
    Ok(Source::new("", Box::new(rows)))
}

/// What is said between two times.
struct Cues {
    lines: Lines,
    ended: bool,
}

impl Iterator for Cues {
    type Item = Result<Row, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            match self.block() {
                Ok(block) => {
                    if let Some(row) = self.cue(&block) {
                        return Some(row);
                    }
                }
                Err(error) => {
                    self.ended = error.is_fatal;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

impl Cues {
    /// Reads up to the next blank line.
    fn block(&mut self) -> Result<Vec<(u64, String)>, RowError> {
        let mut block = Vec::new();
        loop {
            let Some(line) = self.lines.next() else {
                self.ended = true;
                return Ok(block);
            };
            let (number, line) = line?;
            if line.trim().is_empty() {
                return Ok(block);
            }
            block.push((number, line));
        }
    }

    /// Makes the row of a block; `None` for comments, styles and the head of the file.
    fn cue(&mut self, block: &[(u64, String)]) -> Option<Result<Row, RowError>> {
        let (first_number, first) = block.first()?;
        let skipped = ["WEBVTT", "NOTE", "STYLE", "REGION"];
        let word = first.split_whitespace().next().unwrap_or_default();
        let at = block
            .iter()
            .take(2)
            .position(|(_, line)| line.contains("-->"));
        let Some(at) = at else {
            if skipped.contains(&word) {
                return None;
            }
            let place = Place::new("line", *first_number);
            return Some(Err(RowError::row(
                place,
                "it is text without a time: `00:00:01.000 --> 00:00:02.000`",
            )));
        };
        let (number, times) = &block[at];
        let place = Place::new("line", *number);
        let Some((start, end)) = parse_times(times) else {
            return Some(Err(RowError::row(
                place,
                "its times are not understood: `00:00:01.000 --> 00:00:02.000`",
            )));
        };
        let lines: Vec<&str> = block[at + 1..]
            .iter()
            .map(|(_, line)| line.trim())
            .collect();
        let (speaker, text) = split_speaker(&lines.join("\n"));
        let at = SourceTime::SinceStart(start);
        let author = speaker.clone().unwrap_or_default();
        let id = content_id(at, &author, &text);
        let hash = Hash::digest(format!("{times}\n{}", lines.join("\n")).as_bytes());
        Some(Ok(Row {
            end: Some(SourceTime::SinceStart(end)),
            speaker: speaker.map(|name| Speaker {
                id: String::new(),
                name,
            }),
            is_id_of_content: true,
            ..Row::message(place, id, at, &text, hash)
        }))
    }
}

/// Parses `00:00:01.000 --> 00:00:04.000 align:start`.
fn parse_times(line: &str) -> Option<(TimeDelta, TimeDelta)> {
    let (start, end) = line.split_once("-->")?;
    let end = end.split_whitespace().next()?;
    Some((parse_offset(start.trim())?, parse_offset(end)?))
}

/// Parses `01:02:03.004` or `02:03.004`; hours may have more digits.
pub(super) fn parse_offset(text: &str) -> Option<TimeDelta> {
    let (clock, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let is_number = |part: &str| {
        !part.is_empty() && part.len() <= 6 && part.bytes().all(|b| b.is_ascii_digit())
    };
    let parts: Vec<&str> = clock.split(':').collect();
    if !(2..=3).contains(&parts.len())
        || !parts.iter().all(|part| is_number(part))
        || !is_number(fraction)
    {
        return None;
    }
    let seconds = parts.iter().try_fold(0_i64, |sum, part| {
        Some(sum * 60 + part.parse::<i64>().ok()?)
    })?;
    let micros: i64 = format!("{fraction:0<6}").parse().ok()?;
    Some(TimeDelta::seconds(seconds) + TimeDelta::microseconds(micros))
}

/// Returns the speaker, of `<v Ann Lee>text</v>` or `Ann Lee: text`, and the text without marks.
fn split_speaker(text: &str) -> (Option<String>, String) {
    let voice = text
        .strip_prefix("<v")
        .and_then(|rest| rest.split_once('>'));
    if let Some((name, rest)) = voice {
        // `<v.loud Ann Lee>` has classes before the name.
        let name = match name.strip_prefix('.') {
            Some(classes) => classes.split_once(' ').map_or("", |(_, name)| name),
            None => name,
        };
        let name = decoded(name.trim());
        return ((!name.is_empty()).then_some(name), without_tags(rest));
    }
    let text = without_tags(text);
    let named = text.split_once(": ").filter(|(name, _)| {
        let words = name.split_whitespace().count();
        (1..=5).contains(&words)
            && name.len() <= 60
            && name.chars().next().is_some_and(char::is_uppercase)
    });
    match named {
        Some((name, rest)) => (Some(name.trim().to_owned()), rest.trim().to_owned()),
        None => (None, text),
    }
}

/// Takes tags (`</v>`, `<i>`, `<00:00:01.000>`) out, and decodes what stands for characters.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // False once no `>` follows: to look for it after each of many `<` would take for ever.
    let mut can_end = true;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let is_tag = tag[1..].starts_with(|c: char| c == '/' || c.is_ascii_alphanumeric());
        let end = (is_tag && can_end).then(|| tag.find('>'));
        can_end &= end != Some(None);
        match end.flatten() {
            Some(end) => rest = &tag[end + 1..],
            None => {
                out.push('<');
                rest = &tag[1..];
            }
        }
    }
    out.push_str(rest);
    decoded(&out).trim().to_owned()
}

fn decoded(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", " ")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lrm;", "")
        .replace("&rlm;", "")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    const CALL: &str = include_str!("../../tests/import/vtt/call.vtt");

    fn read(bytes: &[u8]) -> Vec<Result<Row, RowError>> {
        let files = Files::once(Box::new(std::io::Cursor::new(bytes.to_vec())));
        open(files, &ReadOptions::default()).unwrap().rows.collect()
    }

    #[test]
    fn long_text_of_tags_that_never_end_is_read_in_little_time() {
        let text = "<b".repeat(2_000_000);
        assert_eq!(without_tags(&text), text);
    }

    #[test]
    fn cues_have_speakers_and_times_since_the_start() {
        let found: Vec<String> = read(CALL.as_bytes())
            .into_iter()
            .map(|row| match row {
                Ok(row) => {
                    let SourceTime::SinceStart(at) = row.at else {
                        panic!()
                    };
                    let Some(SourceTime::SinceStart(end)) = row.end else {
                        panic!()
                    };
                    let name = row.speaker.map_or_else(|| "-".to_owned(), |s| s.name);
                    format!(
                        "{}-{} {name}: {}",
                        at.num_milliseconds(),
                        end.num_milliseconds(),
                        row.text
                    )
                }
                Err(error) => error.to_string(),
            })
            .collect();
        assert_eq!(
            found,
            [
                "1000-4500 Ann Lee: the pool is < 10 & full",
                "61000-62000 Bob: looking\nat it",
                "3600000-3601000 -: so it is: the pool",
                "line 19: its times are not understood: `00:00:01.000 --> 00:00:02.000`",
                "360000000-360001000 Ann Lee: a long call",
            ]
        );
    }

    #[rstest]
    #[case("01:02:03.004", Some(3_723_004))]
    #[case("02:03,5", Some(123_500))]
    #[case("x:03", None)]
    #[case("03", None)]
    fn offsets(#[case] text: &str, #[case] expected: Option<i64>) {
        assert_eq!(parse_offset(text).map(|at| at.num_milliseconds()), expected);
    }

    proptest! {
        #[test]
        fn damaged_transcripts_are_read(cut in 0..600_usize, insert in prop::collection::vec(any::<u8>(), 0..8)) {
            let bytes = CALL.as_bytes();
            let at = cut % bytes.len();
            for input in [[&bytes[..at], &insert, &bytes[at..]].concat(), bytes[at..].to_vec()] {
                let lines = input.split(|byte| *byte == b'\n').count();
                prop_assert!(read(&input).len() <= lines);
            }
        }
    }
}
