//! The picture as a block of text, one letter per step of time.
//!
//! ```text
//!            Mon 3 May       Tue 4 May
//!                21          00          03
//! Builds     ·······????█████████████████████▒▒▒▒▒▒▒▒▒····
//!
//! █ down  ▒ degraded  ? unknown  · ok   one letter: 15 min
//! ```

use super::{
    Picture,
    axis::TickUnit,
    day_names::{self, Ruler},
    rows::Row,
};
use crate::{
    documents::time_format::TimeFormatter,
    domain::{
        time::{UtcTime, format_duration},
        words::State,
    },
};
use chrono::Duration;
use unicode_width::UnicodeWidthStr;

/// The most letters of a row.
const MAX_LETTERS: i64 = 72;
/// A longer name is on a line of its own.
const MAX_NAME: usize = 20;
/// The most rows; the table has all of them.
const MAX_ROWS: usize = 24;
/// The possible minutes of one letter.
const STEP_MINUTES: [i64; 15] = [
    1,
    5,
    15,
    30,
    60,
    180,
    360,
    720,
    1440,
    2880,
    10_080,
    43_200,
    525_600,
    5_256_000,
    105_120_000,
];
/// A name of a day may be longer than what is left of the axis.
const BEYOND_END: usize = 12;

/// From this many minutes on, letters are steps of the local clock: each day has the same letters, also where
/// its clock is changed. An hour that comes twice lies in one letter.
const CLOCK_STEP_MINUTES: i64 = 180;

/// The letters of the block: what each one stands for.
struct Letters<'p> {
    /// Where the letters follow the local clock.
    clock: Option<&'p TimeFormatter>,
    /// As [`place`] has it.
    start: UtcTime,
    step: Duration,
    count: usize,
}

impl<'p> Letters<'p> {
    fn new(picture: &'p Picture) -> Self {
        let scale = &picture.scale;
        let time_format = &picture.moments.time_format;
        let midnight = super::midnight::midnight_before(time_format, scale.from);
        let fitting = STEP_MINUTES.into_iter().find_map(|minutes| {
            let clock = Some(time_format).filter(|_| minutes >= CLOCK_STEP_MINUTES);
            let step = Duration::minutes(minutes);
            let (midnight, from, to) = (
                place(clock, midnight),
                place(clock, scale.from),
                place(clock, scale.to),
            );
            let since_midnight = (from - midnight).num_minutes();
            let start = midnight + Duration::minutes(since_midnight / minutes * minutes);
            let count = steps(to - start, step).max(1);
            (count <= MAX_LETTERS).then_some((clock, start, step, count))
        });
        let whole = (None, scale.from, scale.to - scale.from, 1);
        let (clock, start, step, count) = fitting.unwrap_or(whole);
        Self {
            clock,
            start,
            step,
            count: usize::try_from(count).unwrap_or(1),
        }
    }

    /// The letter of `at`.
    fn index(&self, at: UtcTime) -> usize {
        let whole = (place(self.clock, at) - self.start)
            .num_milliseconds()
            .max(0);
        let index = whole / self.step.num_milliseconds().max(1);
        usize::try_from(index).unwrap_or(0)
    }

    /// The number of letters from the start to `at`, a begun one included.
    fn end_index(&self, at: UtcTime) -> usize {
        let length = place(self.clock, at) - self.start;
        usize::try_from(steps(length, self.step)).unwrap_or(0)
    }

    fn bar(&self, row: &Row, picture: &Picture) -> String {
        // A letter shows its worst state, so that the shortest outage is visible.
        let mut worst: Vec<Option<State>> = vec![None; self.count];
        for spell in &row.spells {
            let end = match (spell.to, spell.state) {
                (Some(to), _) => to,
                (None, State::Ok) => picture.scale.to,
                (None, _) => picture.until.max(spell.from),
            };
            if end < picture.scale.from || spell.from > picture.scale.to {
                continue;
            }
            let first = self.index(spell.from).min(self.count - 1);
            let last = self.end_index(end).clamp(first + 1, self.count);
            for letter in &mut worst[first..last] {
                *letter = (*letter).max(Some(spell.state));
            }
        }
        worst
            .into_iter()
            .map(|state| state.map_or(' ', letter))
            .collect()
    }
}

/// Where `at` is on the axis: with `clock`, at its local time, as if that were UTC.
fn place(clock: Option<&TimeFormatter>, at: UtcTime) -> UtcTime {
    clock.map_or(at, |clock| clock.to_local(at).naive_local().and_utc())
}

fn steps(length: Duration, step: Duration) -> i64 {
    let step = step.num_milliseconds().max(1);
    (length.num_milliseconds().max(0) + step - 1) / step
}

fn letter(state: State) -> char {
    match state {
        State::Ok => '·',
        State::AtRisk => '░',
        State::Degraded => '▒',
        State::Unknown => '?',
        State::Down => '█',
    }
}

impl Picture {
    /// Returns the lines of a code block, without its fence: days, hours, a row for each service, and a
    /// legend.
    pub(in crate::documents) fn text(&self) -> String {
        let letters = Letters::new(self);
        let rows = &self.rows[..self.rows.len().min(MAX_ROWS)];
        let names: Vec<String> = rows.iter().map(name).collect();
        let indent = names
            .iter()
            .map(|name| name.width())
            .filter(|width| *width <= MAX_NAME)
            .max()
            .map_or(0, |width| width + 2);
        let mut out = String::new();
        let mut push = |name: &str, text: &str| {
            let pad = " ".repeat(indent.saturating_sub(name.width()));
            out.push_str(format!("{name}{pad}{text}").trim_end());
            out.push('\n');
        };
        for line in self.axis_lines(&letters) {
            push("", &line);
        }
        for (row, name) in rows.iter().zip(&names) {
            let bar = letters.bar(row, self);
            if name.width() > MAX_NAME {
                push(name, "");
                push("", &bar);
            } else {
                push(name, &bar);
            }
        }
        let left_out: usize = self.rows[rows.len()..]
            .iter()
            .map(|row| row.names.len())
            .sum();
        if left_out > 0 {
            push(&format!("{left_out} more in the table"), "");
        }
        push("", "");
        push(&legend(rows, &letters), "");
        out
    }

    /// Returns the milestones, a line per day: `Mon 3 May: 21:46 detected · 21:58 declared`.
    pub(in crate::documents) fn milestone_lines(&self) -> Vec<String> {
        let mut lines: Vec<(String, Vec<String>)> = Vec::new();
        for milestone in &self.milestones {
            let about = if milestone.approximate { "about " } else { "" };
            let time = self.moments.time(milestone.at);
            let text = format!("{about}{time} {}", milestone.names.join(", "));
            let day = self.moments.day(milestone.at);
            match lines.last_mut() {
                Some((known, texts)) if *known == day => texts.push(text),
                _ => lines.push((day, vec![text])),
            }
        }
        lines
            .into_iter()
            .map(|(day, texts)| format!("{day}: {}", texts.join(" · ")))
            .collect()
    }

    /// Returns the names of the days, and the hours or the numbers of the days.
    fn axis_lines(&self, letters: &Letters<'_>) -> Vec<String> {
        let columns = letters.count + BEYOND_END;
        #[expect(clippy::cast_precision_loss, reason = "less than a hundred letters")]
        let column = |index: usize| index as f64;
        let ruler = Ruler {
            width: column(columns),
            beyond: 0.0,
            inset: 0.0,
            gap: 1.0,
            measure: |text| text.len() as f64,
        };
        let mut lines = vec![TextLine::default()];
        let fraction = |at| column(letters.index(at).min(columns)) / ruler.width;
        for name in day_names::place(&self.axis.stretches, fraction, &ruler) {
            let left = if name.at_right_end {
                ruler.width - (ruler.measure)(&name.text)
            } else {
                name.fraction * ruler.width + name.offset
            };
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a place within the line"
            )]
            lines[0].put((left + 0.001).max(0.0) as usize, &name.text);
        }
        match self.axis.unit {
            TickUnit::Minutes(step) => {
                let mut hours = TextLine::default();
                for tick in &self.axis.ticks {
                    let text = if step % 60 == 0 {
                        &tick.hour[..2]
                    } else {
                        tick.hour.as_str()
                    };
                    hours.put(letters.index(tick.at), text);
                }
                lines.push(hours);
            }
            TickUnit::Dates => {
                // Two lines where a day has fewer letters than its number needs.
                let mut dates = [TextLine::default(), TextLine::default()];
                for day in &self.axis.days {
                    let number = day.date.format("%-d").to_string();
                    let at = letters.index(day.from);
                    if !dates[0].put(at, &number) {
                        dates[1].put(at, &number);
                    }
                }
                lines.extend(dates.into_iter().filter(|line| !line.text.is_empty()));
            }
            TickUnit::Days | TickUnit::Months(_) => {}
        }
        lines.into_iter().map(|line| line.text).collect()
    }
}

/// A line that is written from left to right, in ASCII.
#[derive(Default)]
struct TextLine {
    text: String,
}

impl TextLine {
    /// Writes `text` at `column` if a space is between it and what is there. Returns whether it did.
    fn put(&mut self, column: usize, text: &str) -> bool {
        let free = if self.text.is_empty() {
            0
        } else {
            self.text.len() + 1
        };
        if column < free {
            return false;
        }
        let pad = column - self.text.len();
        self.text.push_str(&" ".repeat(pad));
        self.text.push_str(text);
        true
    }
}

fn name(row: &Row) -> String {
    let name = row.names.join(", ");
    // A line of backticks alone would end the code block.
    if name.chars().all(|c| c == '`') {
        return name.replace('`', "'");
    }
    name
}

fn legend(rows: &[Row], letters: &Letters<'_>) -> String {
    let states = [
        State::Down,
        State::Degraded,
        State::AtRisk,
        State::Unknown,
        State::Ok,
    ];
    let occurs = |state: &State| {
        rows.iter()
            .any(|row| row.spells.iter().any(|spell| spell.state == *state))
    };
    let signs: Vec<String> = states
        .into_iter()
        .filter(occurs)
        .map(|state| format!("{} {state}", letter(state)))
        .collect();
    let minutes = letters.step.num_minutes();
    let step = if minutes % 1440 == 0 {
        format!("{} d", minutes / 1440)
    } else {
        format_duration(minutes * 60)
    };
    format!("{}   one letter: {step}", signs.join("  "))
}
