//! The rows of the timeline tab.

use crate::tui::{content::unsaved::late_lines, model::Model};
use chrono::{FixedOffset, NaiveDate};

/// A row of the timeline tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimelineRow {
    /// The heading of a day in the zone of the screen, or of a part of it with one offset from UTC.
    Day(NaiveDate),
    /// The event at this index of the loaded events.
    Event(usize),
    /// The line at this index of those that are not saved yet.
    Unsaved(usize),
}

fn local_day(model: &Model, at: usize) -> Option<(NaiveDate, FixedOffset)> {
    let event = model.timeline.events.get(at)?;
    let local = model.zone.to_local(event.value.at_utc());
    Some((local.date_naive(), *local.offset()))
}

/// Returns the rows from event `top` on that fit in `rows` rows. A day heading is not the last
/// row: where there is but one row, it is that of the event.
fn rows_from(model: &Model, top: usize, rows: usize) -> Vec<TimelineRow> {
    let mut visible = Vec::with_capacity(rows);
    let mut last = None;
    for at in top..model.timeline.events.len() {
        let day = local_day(model, at);
        if day != last {
            if visible.len() + 1 >= rows && !visible.is_empty() {
                break;
            }
            if rows > 1 {
                visible.extend(day.map(|(day, _)| TimelineRow::Day(day)));
            }
            last = day;
        }
        if visible.len() >= rows {
            break;
        }
        visible.push(TimelineRow::Event(at));
    }
    visible
}

/// Returns the index of the first event in view when event `end` is the last row of `rows`.
#[must_use]
pub fn top_showing_last(model: &Model, end: usize, rows: usize) -> usize {
    let mut top = end;
    let is_newest = end + 1 == model.timeline.events.len();
    let unsaved = if is_newest {
        late_lines(model).0.len()
    } else {
        0
    };
    let rows = rows.saturating_sub(unsaved).max(2);
    // The last event and the heading of its day.
    let mut used = 2;
    while top > 0 {
        let more = if local_day(model, top - 1) == local_day(model, top) {
            1
        } else {
            2
        };
        if used + more > rows {
            break;
        }
        used += more;
        top -= 1;
    }
    top
}

/// Returns the rows in view of a page of `rows` rows.
#[must_use]
pub fn visible_rows(model: &Model, rows: usize) -> Vec<TimelineRow> {
    let mut visible = rows_from(model, model.timeline.top, rows);
    let newest = model.timeline.events.len().saturating_sub(1);
    if visible.contains(&TimelineRow::Event(newest)) {
        let room = rows.saturating_sub(visible.len());
        let unsaved = late_lines(model).0.len();
        let first = unsaved.saturating_sub(room);
        visible.extend((first..unsaved).map(TimelineRow::Unsaved));
    }
    visible
}
