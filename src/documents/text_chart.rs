//! The state over time as text, for Markdown, terminals and mail.
//!
//! ```text
//!  online-db  ░░░░░░░░░░░░░████████████████████▒▒▒▒▒▒·
//!             a            b,c                d     e
//! ```

use super::{
    markdown_escape::{one_line, strip_sigils},
    midnight::{later_midnight, midnight_before},
    time_format::{TimeFormatter, push_time},
};
use crate::domain::{
    event::Event,
    incident::{Incident, Record},
    states::{StateSpan, States},
    time::UtcTime,
    words::{Kind, State},
};
use chrono::Duration;
use std::collections::HashSet;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;
use uuid::Uuid;

/// The chart's width.
pub const COLUMNS: usize = 80;
/// The width at which service names are truncated.
const MAX_NAME_COLUMNS: usize = 16;
const MAX_MILESTONES: usize = 26;
/// The most milestone letters below one column.
const MAX_STACKED_LETTERS: usize = 4;
/// The rank of events that changed no state.
const LOWEST_RANK: u8 = 3;

/// Maps times from `from` to `to` to columns.
struct ColumnScale {
    from: UtcTime,
    to: UtcTime,
    columns: usize,
}

impl ColumnScale {
    /// Returns the column of `at`, clamped to the chart.
    fn column_at(&self, at: UtcTime) -> usize {
        let whole = (self.to - self.from).num_seconds().max(1);
        let part = (at - self.from).num_seconds().clamp(0, whole);
        let columns = i64::try_from(self.columns).unwrap_or(i64::MAX);
        let column = usize::try_from(part * columns / whole).unwrap_or(0);
        column.min(self.columns.saturating_sub(1))
    }
}

/// Draws `states` as the lines of a code block without its fence; empty if there are no states.
/// Ongoing spans are drawn to `until`.
#[must_use]
pub fn text_chart(
    incident: &Incident,
    states: &States,
    time_format: &TimeFormatter,
    until: UtcTime,
) -> String {
    let Some(first) = states.overall.first() else {
        return String::new();
    };
    let mut milestones = milestones(incident, states);
    let earliest = |at: UtcTime| milestones.first().map_or(at, |m| m.at.min(at));
    let last = states.overall.last().map_or(first.from, |last| {
        if last.state == State::Ok {
            last.from
        } else {
            until.max(last.from)
        }
    });
    let end = milestones.last().map_or(last, |m| m.at.max(last));
    let from = earliest(first.from);
    // Extends the time scale a little, so that the last state's end is visible.
    let whole = (end - from).max(Duration::minutes(1));
    let to = end + whole / 24;

    let mut rows: Vec<(String, &[StateSpan])> = states
        .services
        .iter()
        .filter(|(name, spans)| !name.is_empty() && !spans.is_empty())
        .map(|(name, spans)| (truncate(name, MAX_NAME_COLUMNS), spans.as_slice()))
        .collect();
    if rows.len() != 1 || states.has_several_services() {
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
    let (labels, ticks) = axis(&scale, time_format);
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
    push_legend(&mut out, &milestones, time_format, from);
    out
}

/// Truncates `text` to `columns` columns, with an ellipsis.
fn truncate(text: &str, columns: usize) -> String {
    let text = one_line(text).replace('`', "'");
    if text.width() <= columns {
        return text;
    }
    let mut out = String::new();
    for grapheme in text.graphemes(true) {
        if out.width() + grapheme.width() + 1 > columns {
            break;
        }
        out.push_str(grapheme);
    }
    out.trim_end().to_owned() + "…"
}

fn state_bar(spans: &[StateSpan], scale: &ColumnScale) -> String {
    let mut cells = vec![' '; scale.columns];
    // A column shows its worst state, so that the shortest outage is visible.
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

const MINUTES_PER_DAY: i64 = 1440;

/// The possible steps between the labels of the axis, in minutes.
const STEP_MINUTES: [i64; 18] = [
    1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 20_160, 43_200, 129_600,
    525_600,
];

/// Returns the labels of the time axis, and the line of ticks below them.
fn axis(scale: &ColumnScale, time_format: &TimeFormatter) -> (String, String) {
    let minutes = (scale.to - scale.from).num_minutes().max(1);
    let columns = i64::try_from(scale.columns).unwrap_or(1).max(1);
    let step = STEP_MINUTES
        .into_iter()
        .find(|step| step * columns / minutes >= 9)
        .unwrap_or(minutes);
    let mut labels = vec![' '; scale.columns];
    let mut ticks = vec!['─'; scale.columns];
    let mut day = None;
    for at in tick_times(scale, time_format, step) {
        let stamp = time_format.to_local(at);
        let label = if step >= MINUTES_PER_DAY || (day.is_some() && day != Some(stamp.date_naive()))
        {
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

/// Returns the times of the ticks: every `step` minutes from each local midnight.
fn tick_times(scale: &ColumnScale, time_format: &TimeFormatter, step: i64) -> Vec<UtcTime> {
    let days = (step / MINUTES_PER_DAY).max(1);
    let mut times = Vec::new();
    let mut midnight = midnight_before(time_format, scale.from);
    while midnight <= scale.to {
        let Some(next) = later_midnight(time_format, midnight, days) else {
            break;
        };
        times.push(midnight);
        // Of a step of days there is one tick a step.
        let within_day = (1..MINUTES_PER_DAY / step.max(1) + 1)
            .map(|i| midnight + Duration::minutes(step * i))
            .take_while(|at| *at < next);
        times.extend(within_day.filter(|_| step < MINUTES_PER_DAY));
        midnight = next;
    }
    times.retain(|at| (scale.from..=scale.to).contains(at));
    times
}

struct Milestone {
    at: UtcTime,
    approximate: bool,
    kind: &'static str,
    text: String,
    /// 0 is the most important: events that changed the overall state.
    rank: u8,
}

/// Returns the events that can get a letter: those of the milestone kinds, in time order.
fn milestones(incident: &Incident, states: &States) -> Vec<Milestone> {
    let spans = |spans: &[StateSpan]| -> HashSet<Uuid> {
        spans.iter().map(|span| span.started_by).collect()
    };
    let overall_changes = spans(&states.overall);
    let service_changes: HashSet<Uuid> =
        states.services.iter().flat_map(|(_, s)| spans(s)).collect();
    let rank = |e: &Record<Event>| match e.value.kind {
        _ if overall_changes.contains(&e.id) => 0,
        Kind::Declare | Kind::Resolve | Kind::Reopen => 0,
        Kind::Detect | Kind::Mitigate | Kind::Restore => 1,
        _ if service_changes.contains(&e.id) => 1,
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

/// Retains the milestones that fit: at most one for each letter, at most [`MAX_STACKED_LETTERS`] in a
/// column, by rank. If any is dropped, all of the lowest rank are.
fn select_milestones(milestones: &mut Vec<Milestone>, scale: &ColumnScale) {
    let mut selected = vec![false; milestones.len()];
    let mut stacked = vec![0; scale.columns];
    let mut letters = 0;
    let mut any_dropped = false;
    for rank in 0..=LOWEST_RANK {
        for (i, milestone) in milestones.iter().enumerate() {
            let column = scale.column_at(milestone.at);
            if milestone.rank != rank {
                continue;
            }
            selected[i] = letters < MAX_MILESTONES && stacked[column] < MAX_STACKED_LETTERS;
            any_dropped |= !selected[i];
            if selected[i] {
                letters += 1;
                stacked[column] += 1;
            }
        }
    }
    let mut selected = selected.into_iter();
    milestones
        .retain(|m| selected.next().unwrap_or(false) && !(any_dropped && m.rank == LOWEST_RANK));
}

fn letter(i: usize) -> char {
    u8::try_from(i).map_or('*', |i| char::from(b'a' + i))
}

/// Returns the lines of milestone letters below the bars; letters of one column are stacked.
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

/// Writes the legend: a line for each letter, with the date if it differs from the line before.
fn push_legend(
    out: &mut String,
    milestones: &[Milestone],
    time_format: &TimeFormatter,
    from: UtcTime,
) {
    let mut previous = Some(from);
    for (i, milestone) in milestones.iter().enumerate() {
        let about = if milestone.approximate { "~" } else { "" };
        let line = format!(
            " {} {about}{} {}",
            letter(i),
            time_format.time_with_date(milestone.at, previous),
            milestone.kind
        );
        previous = Some(milestone.at);
        let columns_left = COLUMNS.saturating_sub(line.width() + 2);
        let text = truncate(&milestone.text, columns_left);
        out.push_str(format!("{line}  {text}").trim_end());
        out.push('\n');
    }
}
