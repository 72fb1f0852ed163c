//! The state over time as a band of text: it shows in any Markdown, in a terminal and in mail.
//!
//! ```text
//!  online-db  ░░░░░░░░░░░░░████████████████████▒▒▒▒▒▒·
//!             a            b,c                d     e
//! ```

use super::{
    markdown_escape::{one_line, strip_sigils},
    time_format::{TimeFormatter, push_time},
};
use crate::domain::{
    event::Event,
    incident::{Incident, Record},
    states::{StateSpan, States},
    time::UtcTime,
    words::{Kind, State},
};
use chrono::{Duration, Timelike};
use std::collections::HashSet;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;
use uuid::Uuid;

/// How wide the picture is, in columns.
pub const COLUMNS: usize = 80;
/// The longest name of a service that is shown whole.
const MAX_NAME_COLUMNS: usize = 16;
/// The most milestones that get a letter.
const MAX_MILESTONES: usize = 26;
/// The most letters under one column.
const MAX_STACKED_LETTERS: usize = 4;
/// The rank of what turned nothing.
const LOWEST_RANK: u8 = 3;

/// A piece of time, laid out on columns.
struct ColumnScale {
    from: UtcTime,
    to: UtcTime,
    columns: usize,
}

impl ColumnScale {
    /// The column of `at`, within the picture.
    fn column_at(&self, at: UtcTime) -> usize {
        let whole = (self.to - self.from).num_seconds().max(1);
        let part = (at - self.from).num_seconds().clamp(0, whole);
        let columns = i64::try_from(self.columns).unwrap_or(i64::MAX);
        let column = usize::try_from(part * columns / whole).unwrap_or(0);
        column.min(self.columns.saturating_sub(1))
    }
}

/// The picture of `states`, as the lines of a code block without its fence; empty where no state was
/// ever given. `until` is where a span that lasts is drawn to.
#[must_use]
pub fn text_chart(
    incident: &Incident,
    states: &States,
    clock: &TimeFormatter,
    until: UtcTime,
) -> String {
    let Some(first) = states.overall.first() else {
        return String::new();
    };
    let mut milestones = milestones(incident, states);
    let begins = |at: UtcTime| milestones.first().map_or(at, |m| m.at.min(at));
    let last = states.overall.last().map_or(first.from, |last| {
        if last.state == State::Ok {
            last.from
        } else {
            until.max(last.from)
        }
    });
    let ends = milestones.last().map_or(last, |m| m.at.max(last));
    let from = begins(first.from);
    // A little of what came after is drawn, so that the end can be seen.
    let whole = (ends - from).max(Duration::minutes(1));
    let to = ends + whole / 24;

    let mut rows: Vec<(String, &[StateSpan])> = states
        .services
        .iter()
        .filter(|(name, spans)| !name.is_empty() && !spans.is_empty())
        .map(|(name, spans)| (truncate(name, MAX_NAME_COLUMNS), spans.as_slice()))
        .collect();
    if rows.len() != 1 {
        rows.push(("overall".to_owned(), &states.overall));
    }
    let name = rows.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    let scale = ColumnScale {
        from,
        to,
        columns: COLUMNS - name - 3,
    };

    select_milestones(&mut milestones, &scale);

    let mut out = String::new();
    let mut row = |label: &str, text: &str| {
        let pad = " ".repeat(name.saturating_sub(label.width()));
        let line = format!(" {label}{pad}  {text}");
        out.push_str(line.trim_end());
        out.push('\n');
    };
    let (labels, ticks) = axis(&scale, clock);
    row("", &labels);
    row("", &ticks);
    for (name, spans) in &rows {
        row(name, &state_bar(spans, &scale));
    }
    for letters in milestone_rows(&milestones, &scale) {
        row("", &letters);
    }
    out.push('\n');
    out.push_str(" · ok   ░ at-risk   ▒ degraded   █ down");
    if states.has_unknown_span() {
        out.push_str("   ? unknown");
    }
    out.push('\n');
    push_legend(&mut out, &milestones, clock, from);
    out
}

/// `text` in at most `columns` columns.
fn truncate(text: &str, columns: usize) -> String {
    let text = one_line(text).replace('`', "'");
    if text.width() <= columns {
        return text;
    }
    let mut out = String::new();
    for piece in text.graphemes(true) {
        if out.width() + piece.width() + 1 > columns {
            break;
        }
        out.push_str(piece);
    }
    out.trim_end().to_owned() + "…"
}

fn state_bar(spans: &[StateSpan], scale: &ColumnScale) -> String {
    let mut cells = vec![' '; scale.columns];
    // The worst of a column wins, so that the shortest outage is seen.
    let mut worst: Vec<Option<State>> = vec![None; scale.columns];
    for span in spans {
        let begin = scale.column_at(span.from);
        let end = span.to.map_or(scale.columns, |to| scale.column_at(to));
        for cell in &mut worst[begin..end.max(begin + 1)] {
            *cell = (*cell).max(Some(span.state));
        }
    }
    for (cell, state) in cells.iter_mut().zip(worst) {
        *cell = match state {
            None => ' ',
            Some(State::Ok) => '·',
            Some(State::AtRisk) => '░',
            Some(State::Degraded) => '▒',
            Some(State::Unknown) => '?',
            Some(State::Down) => '█',
        };
    }
    cells.into_iter().collect()
}

/// The steps an axis may have, in minutes.
const STEP_MINUTES: [i64; 18] = [
    1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 20_160, 43_200, 129_600,
    525_600,
];

/// The labels of the axis and the line under them.
fn axis(scale: &ColumnScale, clock: &TimeFormatter) -> (String, String) {
    let minutes = (scale.to - scale.from).num_minutes().max(1);
    let columns = i64::try_from(scale.columns).unwrap_or(1).max(1);
    let step = STEP_MINUTES
        .into_iter()
        .find(|step| step * columns / minutes >= 9)
        .unwrap_or(minutes);
    let local = clock.to_local(scale.from);
    // From a round time of the local day, so that the labels are round.
    let midnight = scale.from
        - Duration::seconds(i64::from(local.time().num_seconds_from_midnight()))
        - Duration::nanoseconds(i64::from(local.nanosecond()));
    let mut labels = vec![' '; scale.columns];
    let mut ticks = vec!['─'; scale.columns];
    let skipped = (scale.from - midnight).num_minutes() / step;
    let mut day = None;
    for i in skipped..=skipped + 2 * columns {
        let Some(at) = Duration::try_minutes(step * i).and_then(|d| midnight.checked_add_signed(d))
        else {
            break;
        };
        if at < scale.from {
            continue;
        }
        if at > scale.to {
            break;
        }
        let stamp = clock.to_local(at);
        let label = if step >= 1440 || (day.is_some() && day != Some(stamp.date_naive())) {
            stamp.format("%-d %b").to_string()
        } else {
            let mut label = String::new();
            push_time(&mut label, stamp);
            label
        };
        day = Some(stamp.date_naive());
        let column = scale.column_at(at);
        if column + label.len() <= scale.columns {
            for (cell, c) in labels[column..].iter_mut().zip(label.chars()) {
                *cell = c;
            }
        }
        ticks[column] = '┬';
    }
    (labels.into_iter().collect(), ticks.into_iter().collect())
}

struct Milestone {
    at: UtcTime,
    approximate: bool,
    kind: &'static str,
    text: String,
    /// How little the picture would lose without it: 0 for what turned the state.
    rank: u8,
}

/// The events that turned the story.
fn milestones(incident: &Incident, states: &States) -> Vec<Milestone> {
    let spans = |spans: &[StateSpan]| -> HashSet<Uuid> {
        spans.iter().map(|span| span.started_by).collect()
    };
    let turns = spans(&states.overall);
    let services: HashSet<Uuid> = states.services.iter().flat_map(|(_, s)| spans(s)).collect();
    let rank = |e: &Record<Event>| match e.value.kind {
        _ if turns.contains(&e.id) => 0,
        Kind::Declare | Kind::Resolve | Kind::Reopen => 0,
        Kind::Detect | Kind::Mitigate | Kind::Restore => 1,
        _ if services.contains(&e.id) => 1,
        Kind::Decision => 2,
        _ => LOWEST_RANK,
    };
    let kind = |kind: &Kind| {
        Some(match kind {
            Kind::Absorbed => "absorbed",
            Kind::Fault => "fault",
            Kind::Detect => "detect",
            Kind::Ack => "ack",
            Kind::Declare => "declare",
            Kind::Decision => "decision",
            Kind::Mitigate => "mitigate",
            Kind::Restore => "restore",
            Kind::Resolve => "resolve",
            Kind::Reopen => "reopen",
            _ => return None,
        })
    };
    incident
        .active_events()
        .filter_map(|e| {
            Some(Milestone {
                at: e.value.at_utc(),
                approximate: e.value.approximate,
                kind: kind(&e.value.kind)?,
                text: strip_sigils(&e.value).into_owned(),
                rank: rank(e),
            })
        })
        .collect()
}

/// Keeps as many as there are letters for, and no more in a column than can be read there: what
/// turned the state first. Where not all fit, what turned nothing is left out.
fn select_milestones(milestones: &mut Vec<Milestone>, scale: &ColumnScale) {
    let mut kept = vec![false; milestones.len()];
    let mut stacked = vec![0; scale.columns];
    let mut letters = 0;
    let mut left_out = false;
    for rank in 0..=LOWEST_RANK {
        for (i, milestone) in milestones.iter().enumerate() {
            let column = scale.column_at(milestone.at);
            if milestone.rank != rank {
                continue;
            }
            kept[i] = letters < MAX_MILESTONES && stacked[column] < MAX_STACKED_LETTERS;
            left_out |= !kept[i];
            if kept[i] {
                letters += 1;
                stacked[column] += 1;
            }
        }
    }
    let mut kept = kept.into_iter();
    milestones.retain(|m| kept.next().unwrap_or(false) && !(left_out && m.rank == LOWEST_RANK));
}

fn letter(i: usize) -> char {
    u8::try_from(i).map_or('*', |i| char::from(b'a' + i))
}

/// The letters of the milestones under their columns, on as many lines as it takes.
fn milestone_rows(milestones: &[Milestone], scale: &ColumnScale) -> Vec<String> {
    let mut rows: Vec<Vec<char>> = Vec::new();
    for (i, milestone) in milestones.iter().enumerate() {
        let column = scale.column_at(milestone.at);
        let row = rows.iter().position(|row| row[column] == ' ');
        let row = row.unwrap_or_else(|| {
            rows.push(vec![' '; scale.columns]);
            rows.len() - 1
        });
        rows[row][column] = letter(i);
    }
    rows.into_iter()
        .map(|row| row.into_iter().collect())
        .collect()
}

/// What the letters stand for.
fn push_legend(out: &mut String, milestones: &[Milestone], clock: &TimeFormatter, from: UtcTime) {
    let mut near = Some(from);
    for (i, milestone) in milestones.iter().enumerate() {
        let about = if milestone.approximate { "~" } else { "" };
        let line = format!(
            " {} {about}{} {}",
            letter(i),
            clock.time_with_date(milestone.at, near),
            milestone.kind
        );
        near = Some(milestone.at);
        let room = COLUMNS.saturating_sub(line.width() + 2);
        let text = truncate(&milestone.text, room);
        out.push_str(format!("{line}  {text}").trim_end());
        out.push('\n');
    }
}
