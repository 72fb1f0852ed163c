//! Transcripts of calls in `WebVTT`: Teams, Zoom, Meet.

mod voices;

use self::voices::{Names, split_voices};
use super::{
    files::Files,
    format::{Format, ReadOptions, Sample, Source},
    lines::Lines,
    row::{Place, Row, RowError, SourceTime, Speaker},
    row_ids::content_id,
};
use crate::domain::hash::Hash;
use chrono::TimeDelta;
use std::collections::VecDeque;

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
        next: None,
        ready: VecDeque::new(),
        rows: VecDeque::new(),
        names: None,
        ended: false,
    };
    Ok(Source::new("", Box::new(rows)))
}

/// How many cues are read before the first is given, to decide whether their texts begin with names.
const CUES_LOOKED_AT: usize = 200;

/// What is said between two times.
struct Cues {
    lines: Lines,
    /// The line that ended the last block without being of it.
    next: Option<(u64, String)>,
    /// The cues that were read and not given yet; the first ones are held until they have shown what they are.
    ready: VecDeque<Result<Cue, RowError>>,
    /// The rows of the cue that was given last: one for each voice in it.
    rows: VecDeque<Row>,
    /// `None` until the first cues were read.
    names: Option<Names>,
    ended: bool,
}

struct Cue {
    place: Place,
    /// The line with the times.
    times: String,
    start: TimeDelta,
    end: TimeDelta,
    text: String,
}

impl Iterator for Cues {
    type Item = Result<Row, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.rows.pop_front() {
                return Some(Ok(row));
            }
            let names = match &self.names {
                Some(names) => names,
                None => {
                    while self.ready.len() < CUES_LOOKED_AT
                        && let Some(cue) = self.read()
                    {
                        self.ready.push_back(cue);
                    }
                    let cues = self.ready.iter().filter_map(|cue| cue.as_ref().ok());
                    self.names
                        .insert(Names::of(cues.map(|cue| cue.text.as_str())))
                }
            };
            match self.ready.pop_front() {
                Some(Ok(cue)) => self.rows = rows_of(&cue, names).into(),
                Some(Err(error)) => return Some(Err(error)),
                None => {
                    let cue = self.read()?;
                    self.ready.push_back(cue);
                }
            }
        }
    }
}

impl Cues {
    /// Reads the next cue or error.
    fn read(&mut self) -> Option<Result<Cue, RowError>> {
        while !self.ended {
            match self.block() {
                Ok(block) => {
                    if let Some(cue) = cue_of(&block) {
                        return Some(cue);
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

    /// Reads up to the next blank line, or to the times of another cue: some tools leave the blank line out.
    fn block(&mut self) -> Result<Vec<(u64, String)>, RowError> {
        let mut block: Vec<(u64, String)> = self.next.take().into_iter().collect();
        loop {
            let Some(line) = self.lines.next() else {
                self.ended = true;
                return Ok(block);
            };
            let (number, line) = line?;
            if line.trim().is_empty() {
                return Ok(block);
            }
            let has_times = |line: &str| parse_times(line).is_some();
            if has_times(&line) && block.iter().any(|(_, line)| has_times(line)) {
                self.next = Some((number, line));
                return Ok(block);
            }
            block.push((number, line));
        }
    }
}

/// Makes the cue of a block; `None` for comments, styles and the head of the file.
fn cue_of(block: &[(u64, String)]) -> Option<Result<Cue, RowError>> {
    let (first_number, first) = block.first()?;
    let skipped = ["WEBVTT", "NOTE", "STYLE", "REGION"];
    let word = first.split_whitespace().next().unwrap_or_default();
    let at = block
        .iter()
        .take(2)
        .position(|(_, line)| line.contains("-->"))
        // After a head of several lines, or a comment, without a blank line.
        .or_else(|| {
            block
                .iter()
                .position(|(_, line)| parse_times(line).is_some())
        });
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
    Some(Ok(Cue {
        place,
        times: times.clone(),
        start,
        end,
        text: lines.join("\n"),
    }))
}

/// Returns a row for each voice in a cue.
fn rows_of(cue: &Cue, names: &Names) -> Vec<Row> {
    let voices = split_voices(&cue.text, names);
    let at = SourceTime::SinceStart(cue.start);
    let rows = voices.into_iter().map(|(speaker, text)| {
        let author = speaker.clone().unwrap_or_default();
        let content = format!("{}\n{author}\n{text}", cue.times);
        Row {
            end: Some(SourceTime::SinceStart(cue.end)),
            speaker: speaker.map(|name| Speaker {
                id: String::new(),
                name,
            }),
            is_id_of_content: true,
            ..Row::message(
                cue.place.clone(),
                content_id(at, &author, &text),
                at,
                &text,
                Hash::digest(content.as_bytes()),
            )
        }
    });
    rows.collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    const CALL: &str = include_str!("../../../tests/import/vtt/call.vtt");

    fn shown(text: &str) -> Vec<String> {
        FORMAT
            .read_all(text.as_bytes())
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
            .collect()
    }

    #[test]
    fn cues_have_speakers_and_times_since_the_start() {
        assert_eq!(
            shown(CALL),
            [
                "1000-4500 Ann Lee: the pool is < 10 & full",
                "61000-62000 -: Bob: looking\nat it",
                "3600000-3601000 -: so it is: the pool",
                "line 19: its times are not understood: `00:00:01.000 --> 00:00:02.000`",
                "360000000-360001000 Ann Lee: a long call",
            ]
        );
    }

    #[test]
    fn each_voice_of_a_cue_is_a_row_and_times_end_the_cue_before() {
        let teams = include_str!("../../../tests/import/vtt/teams.vtt");
        assert_eq!(
            shown(teams),
            [
                "3919-8100 Nora Lind: The checkout\nis slow.",
                "8500-10000 Okafor, Sam (EXT): Note: the pool is full, it's < 10.",
                "8500-10000 Nora Lind: Restart it.",
                "11000-12000 Nora Lind: Now?",
                "12500-13000 Okafor, Sam (EXT): Done.",
            ]
        );
    }

    #[test]
    fn names_before_the_text_are_speakers_in_a_transcript_of_zoom_and_not_in_captions() {
        let zoom = include_str!("../../../tests/import/vtt/zoom.vtt");
        assert_eq!(
            shown(zoom),
            [
                "16239-27079 Nora Lind: So we see errors: 502 at checkout.",
                "27329-30000 sam's iPhone: On it.",
                "75000-77500 李雷: 重启",
                "78000-79000 sam's iPhone: The cause is: the pool.",
                "80000-81000 -: and it is back: all of it",
            ]
        );
        let captions = include_str!("../../../tests/import/vtt/captions.vtt");
        assert_eq!(
            shown(captions),
            [
                "0-2000 -: we look at the graph",
                "2000-4000 -: Note: the pool is full",
                "4000-6000 -: and now it is better",
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
                prop_assert!(FORMAT.read_all(&input).len() <= lines);
            }
        }
    }
}
