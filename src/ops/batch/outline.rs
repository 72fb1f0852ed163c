//! What the lines of a block are, before they are read one by one: where the first bare time is, whether most lines
//! have a time, and which times stand on lines of their own, beside their text.

use super::stamps::{is_stamp, stamp_time};
use crate::{
    domain::{
        capture::{self, PrintedLine},
        parse_error::ParseError,
        when::{self, TimeContext, When},
    },
    ops::{OpsError, Result},
};
use chrono::NaiveTime;
use std::collections::HashMap;

/// What a line is to the lines beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    /// The time on the line of that number is its time: the two as one line.
    Text { line: String, stamp: usize },
    /// It is the time of the line above or below it.
    Stamp,
    /// It is a time alone, or a text beside one, and it is not clear which belong together.
    Unclear,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Blank,
    /// Begins with a time, and goes on.
    Timed,
    /// A time alone.
    Stamp,
    Text,
    /// A heading, a day line, a part of a table.
    Other,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Outline {
    /// The numbers of the first and the last line that begin with a bare time.
    bare: Option<(usize, usize)>,
    /// The number of the last line that has a time.
    last_time: Option<usize>,
    /// True if a line above the first bare time sets its day.
    has_day: bool,
    /// True if as many lines have a time or more as have none.
    has_mostly_times: bool,
    /// True if nearly all lines have a time that is not read, as it is behind a name or other text.
    has_mostly_unread_times: bool,
    beside: HashMap<usize, Beside>,
    /// The bare times of the lines; `None` where a line with a date is between them.
    pub times: Vec<Option<NaiveTime>>,
}

impl Outline {
    pub fn new(lines: &[(usize, &str)], context: &TimeContext<'_>) -> Self {
        let mut outline = Self::default();
        let (mut timed, mut untimed, mut unread) = (0_usize, 0_usize, 0_usize);
        let mut forms = Vec::new();
        for &(number, line) in lines {
            let form = outline.add(number, line, context);
            if matches!(form, Form::Timed | Form::Stamp) || when::has_clock_time(line) {
                outline.last_time = Some(number);
            }
            match form {
                Form::Timed => timed += 1,
                Form::Stamp => {
                    timed += 1;
                    // `Alert fired - 09:12`
                    unread += usize::from(stamp_time(line, context).is_none());
                }
                Form::Text if begins_with_age(line).is_some() => timed += 1,
                Form::Text => {
                    untimed += 1;
                    unread += usize::from(has_clock(line));
                }
                Form::Blank | Form::Other => {}
            }
            forms.push((number, line, form));
        }
        outline.pair_stamps(&mut forms, context);
        let is_joined = |beside: &&Beside| matches!(beside, Beside::Text { .. });
        let joined = outline.beside.values().filter(is_joined).count();
        outline.has_mostly_times = timed > 0 && timed + joined >= untimed - joined;
        outline.has_mostly_unread_times = unread > 1 && unread * 4 >= (timed + untimed) * 3;
        outline
    }

    fn add(&mut self, number: usize, line: &str, context: &TimeContext<'_>) -> Form {
        // A rule, or nothing.
        if !line.contains(char::is_alphanumeric) || is_fence(line) {
            return match line.trim().is_empty() {
                true => Form::Blank,
                false => Form::Other,
            };
        }
        let has_digit = line.contains(char::is_numeric);
        let unmarked = capture::unmarked_time(line, context);
        if has_digit && when::parse_leading(&unmarked, context).is_some() {
            if let Some(time) = when::bare_time_of_day(&unmarked, context) {
                self.add_bare(number);
                self.times.push(Some(time));
            } else if when::is_dated(&unmarked, context) {
                self.has_day |= self.bare.is_none();
                self.add_dated(when::parse_leading(&unmarked, context), context);
            }
            return match is_stamp(line, context) {
                true => Form::Stamp,
                false => Form::Timed,
            };
        }
        let cells = capture::table_cells(line.trim()).filter(|_| has_digit);
        if let Some(cells) = cells.filter(|_| when::has_clock_time(line)) {
            let is_dated = line.split(['|', '\t', ' ', '*']).any(when::is_date_word);
            let mut times = cells.iter().copied();
            if is_dated {
                self.has_day |= self.bare.is_none();
                self.add_dated(
                    times.find_map(|cell| when::parse_leading(cell, context)),
                    context,
                );
            } else if let Some(time) = times.find_map(|cell| when::bare_time_of_day(cell, context))
            {
                self.add_bare(number);
                self.times.push(Some(time));
            } else if line.trim_start().starts_with('|') {
                self.add_bare(number);
            }
        }
        if has_digit && is_stamp(line, context) {
            return Form::Stamp;
        }
        let is_day_line = when::parse_day_line(line, context).is_some();
        if is_day_line && !self.times.is_empty() {
            self.times.push(None);
        }
        if self.bare.is_none() && !self.has_day {
            let sets_day = || matches!(when::named_day(line, context), Some(Ok(_)));
            self.has_day = is_day_line || sets_day();
        }
        Form::Text
    }

    /// Takes the time of a line with its date; that of the first one counts for the order of the bare times below it.
    fn add_dated(
        &mut self,
        read: Option<Result<(When, usize), ParseError>>,
        context: &TimeContext<'_>,
    ) {
        let is_first = self.times.is_empty();
        self.times.push(None);
        if let Some(Ok((when, _))) = read.filter(|_| is_first) {
            let local = context.zone.to_local(when.at.to_utc());
            self.times.push(Some(local.time()));
        }
    }

    fn add_bare(&mut self, number: usize) {
        let first = self.bare.map_or(number, |(first, _)| first);
        self.bare = Some((first, number));
    }

    /// True if a bare time follows line `number`.
    pub fn has_bare_below(&self, number: usize) -> bool {
        self.bare.is_some_and(|(_, last)| last > number)
    }

    /// True if bare times are above line `number`, and no time is below it.
    pub fn is_below_all_times(&self, number: usize) -> bool {
        self.last_time.is_some_and(|last| last < number) && self.bare.is_some()
    }

    /// True if line `number` is above the first bare time, and no line above that sets its day.
    pub fn is_above_dayless(&self, number: usize) -> bool {
        !self.has_day && self.bare.is_some_and(|(first, _)| first > number)
    }

    pub fn has_mostly_times(&self) -> bool {
        self.has_mostly_times
    }

    pub fn has_mostly_unread_times(&self) -> bool {
        self.has_mostly_unread_times
    }

    /// Returns the line to read for line `number`; `None` if it is a time that is read with its text.
    ///
    /// # Errors
    /// It is a time alone or a text beside one, and it is not clear which belong together.
    pub fn joined(&self, number: usize) -> Option<Result<Option<(&str, usize)>>> {
        Some(match self.beside.get(&number)? {
            Beside::Text { line, stamp } => Ok(Some((line, *stamp))),
            Beside::Stamp => Ok(None),
            Beside::Unclear => Err(OpsError::usage(
                "a time and its text are on lines of their own, and it is not clear which belong together",
            )
            .with_hint("write each time before its text, as in `10:06 TEXT`")),
        })
    }

    /// Finds the text of each time that is alone on its line: the one line beside it, above each or below each.
    fn pair_stamps(&mut self, forms: &mut [(usize, &str, Form)], context: &TimeContext<'_>) {
        if !forms.iter().any(|(_, _, form)| *form == Form::Stamp) {
            return;
        }
        for (_, line, form) in forms.iter_mut() {
            if *form == Form::Text && is_other(line, context) {
                *form = Form::Other;
            }
        }
        if let Some(title) = forms.iter_mut().find(|line| line.2 != Form::Blank)
            && title.2 == Form::Text
            && when::is_title_word(title.1)
        {
            title.2 = Form::Other;
        }
        let lines: Vec<_> = forms
            .iter()
            .filter(|(_, _, form)| *form != Form::Blank)
            .collect();
        let close: Vec<Form> = forms.iter().map(|(_, _, form)| *form).collect();
        let without_blanks: Vec<Form> = lines.iter().map(|(_, _, form)| *form).collect();
        let mut stamps = lines.iter().filter(|line| line.2 == Form::Stamp);
        let is_mixed = close.contains(&Form::Timed)
            || stamps.any(|(_, line, _)| stamp_time(line, context).is_none());
        let side = side_of_texts(&close).or_else(|| side_of_texts(&without_blanks));
        for (at, (number, stamp, _)) in lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.2 == Form::Stamp)
        {
            let neighbours = [at.checked_sub(1), Some(at + 1)].map(|at| {
                let (number, text, form) = lines.get(at?)?;
                (*form == Form::Text).then_some((*number, *text))
            });
            match (side.filter(|_| !is_mixed), neighbours) {
                (_, [None, None]) => {}
                (Some(Side::Above), [Some((of, text)), _])
                | (Some(Side::Below), [_, Some((of, text))]) => {
                    let time = stamp_time(stamp, context).unwrap_or_default();
                    let line = format!("{time}: {}", text.trim());
                    self.beside.insert(
                        of,
                        Beside::Text {
                            line,
                            stamp: *number,
                        },
                    );
                    self.beside.insert(*number, Beside::Stamp);
                }
                _ => {
                    self.beside.insert(*number, Beside::Unclear);
                    let texts = |line: &&&(usize, &str, Form)| line.2 == Form::Text;
                    let above = lines[..at].iter().rev().take_while(texts);
                    let below = lines[at + 1..].iter().take_while(texts);
                    for (of, ..) in above.chain(below).copied() {
                        self.beside.entry(*of).or_insert(Beside::Unclear);
                    }
                }
            }
        }
    }
}

/// True if a part of `line` is a time of day: `Bob (15:30): x`, `down 9:12AM`, `ts=2012-08-16T15:30:00Z`, but not
/// `10.0.0.1:8080`.
pub(super) fn has_clock(line: &str) -> bool {
    let is_clock = |word: &str| {
        let is_mark = |c: char| !c.is_ascii_digit();
        let word = match word.trim_matches(|c: char| !c.is_alphanumeric()) {
            word if word.ends_with(['M', 'm', 'Z', 'z']) => {
                word.trim_end_matches(['A', 'a', 'P', 'p', 'M', 'm', 'Z', 'z'])
            }
            word => word,
        };
        let word = match word.split_once('.') {
            // `15:30:00.123`
            Some((time, fraction)) if time.contains(':') && !fraction.contains(is_mark) => time,
            _ => word,
        };
        let mut parts = word.split(':');
        let is_below = |part: Option<&str>, most: u8, length: usize| {
            part.is_some_and(|part| {
                (length..=2).contains(&part.len()) && part.parse::<u8>().is_ok_and(|n| n < most)
            })
        };
        is_below(parts.next(), 24, 1)
            && is_below(parts.next(), 60, 2)
            && parts
                .next()
                .is_none_or(|seconds| is_below(Some(seconds), 60, 2))
            && parts.next().is_none()
    };
    let is_between = |c: char| c.is_whitespace() || "-–—=\"'{}[](),;T+".contains(c);
    // `"time":"15:30"`
    let mut words = line.split(is_between);
    line.contains(':') && words.any(is_clock)
}

/// Where the text of each time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Above,
    Below,
}

/// Returns the side on which each time has exactly one line of text; `None` if there is none, or both are.
fn side_of_texts(forms: &[Form]) -> Option<Side> {
    let reversed: Vec<Form> = forms.iter().rev().copied().collect();
    match (has_texts_above(forms), has_texts_above(&reversed)) {
        (true, false) => Some(Side::Above),
        (false, true) => Some(Side::Below),
        _ => None,
    }
}

/// True if there is exactly one line of text above each time, and below it none that is not above another time.
fn has_texts_above(forms: &[Form]) -> bool {
    let at = |at: Option<usize>| at.and_then(|at| forms.get(at)).copied();
    let is_text = |place: Option<usize>| at(place) == Some(Form::Text);
    let is_stamp = |place: Option<usize>| at(place) == Some(Form::Stamp);
    let mut stamps = (0..forms.len()).filter(|place| is_stamp(Some(*place)));
    stamps.all(|place| {
        is_text(place.checked_sub(1))
            && !is_text(place.checked_sub(2))
            && (!is_text(Some(place + 1)) || is_stamp(Some(place + 2)))
    })
}

/// Returns how long ago something was, as tools print it at the beginning of `line`: `5m12s`, `5 min:`.
pub(super) fn begins_with_age(line: &str) -> Option<&str> {
    let line = line.trim_start();
    if !line.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let first = line.split_whitespace().next()?;
    let before_colon = line.split_once(':').map(|(age, _)| age);
    let is_age = |age: &&str| age.len() <= 12 && when::parse_time_box(age).is_some();
    Some(first).filter(is_age).or(before_colon.filter(is_age))
}

/// True for the line of three backticks, perhaps with the name of a language, that begins or ends a code block.
pub(super) fn is_fence(line: &str) -> bool {
    let after = line.trim().strip_prefix("```");
    after.is_some_and(|after| {
        after
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+#-".contains(c))
    })
}

/// True for a line without a time that is no text: a heading, a day, a zone, a part of a table.
fn is_other(line: &str, context: &TimeContext<'_>) -> bool {
    let text = line.trim();
    text.starts_with('|')
        || is_fence(text)
        || capture::is_heading(text)
        || capture::printed_line(text, context) == Some(PrintedLine::Frame)
        || when::parse_day_line(text, context).is_some()
        || capture::zone_note(text, context).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{time::parse_utc, zone::Zone};
    use rstest::rstest;

    fn outline(block: &str) -> Outline {
        let zone = Zone::utc();
        let now = parse_utc("2026-11-26T20:00:00Z").unwrap();
        let lines = block
            .split('/')
            .enumerate()
            .map(|(at, line)| (at + 1, line));
        let lines: Vec<_> = lines.collect();
        Outline::new(&lines, &TimeContext::new(now, &zone))
    }

    #[rstest]
    #[case("a/Nov 25, 15:02 UTC/b/Nov 25, 14:32 UTC", "1<2 3<4")]
    #[case("a/15:02/ /b/14:32", "1<2 4<5")]
    #[case("title/ /a/15:02/ /b/14:32", "3<4 6<7")]
    #[case("15:02/a/ /14:32/b", "2<1 5<4")]
    #[case("Timeline:/15:02/a/14:32/b", "3<2 5<4")]
    #[case(
        "a/ /Posted Nov 25, 2026 - 12:00 PST/b/Posted Nov 25, 2026 - 11:45 PST",
        "1<3 4<5"
    )]
    fn times_beside_their_texts_are_joined(#[case] block: &str, #[case] expected: &str) {
        let mut joined: Vec<(usize, usize)> = outline(block)
            .beside
            .into_iter()
            .filter_map(|(text, beside)| match beside {
                Beside::Text { stamp, .. } => Some((text, stamp)),
                Beside::Stamp => None,
                Beside::Unclear => Some((0, 0)),
            })
            .collect();
        joined.sort_unstable();
        let joined: Vec<String> = joined
            .iter()
            .map(|(text, stamp)| format!("{text}<{stamp}"))
            .collect();
        assert_eq!(joined.join(" "), expected, "{block}");
    }

    #[rstest]
    #[case("15:02/a/more/14:32/b")]
    #[case("a/15:02/b/14:32/c")]
    #[case("a/b/15:02/c/14:32")]
    #[case("10:00 x/a/15:02")]
    #[case("a/Resolved Nov 25 at 01:00am/b")]
    fn times_whose_text_is_not_clear_are_refused_with_it(#[case] block: &str) {
        let outline = outline(block);
        let mut beside = outline.beside.values();
        assert!(
            beside.all(|b| *b == Beside::Unclear),
            "{block}: {:?}",
            outline.beside
        );
        assert!(outline.beside.len() > 1, "{block}: {:?}", outline.beside);
    }

    #[rstest]
    #[case("10:00 a/b/10:05 c", true)]
    #[case("a/b/10:05 c", false)]
    #[case("LAST SEEN/5m12s Warning/3m Normal", true)]
    #[case("5 nodes are lost/3 of 5 are back", false)]
    fn most_lines_have_times(#[case] block: &str, #[case] expected: bool) {
        assert_eq!(outline(block).has_mostly_times(), expected, "{block}");
    }
}
